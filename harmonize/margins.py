"""What people wrote into a workbook of ours, and where it stands in the next one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

Key = tuple[str, ...]
"""What the key columns of a row say."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell that somebody wrote: its value, how it is shown, whether it is a formula, a remark.

    A remark is a comment on the cell: what it says, and who wrote it.
    """

    value: Any
    shown: str = "General"
    formula: bool = False
    remark: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody wrote beside one row; `label` names the row to a person.

    Of the rows with that very key it stood beside the `nth`, counted from 0.
    """

    key: Key
    label: str
    cells: tuple[Noted | None, ...]
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Margin:
    """The columns that people put beside those of a sheet, with their widths."""

    heads: tuple[str, ...]
    widths: tuple[float, ...]
    lines: tuple[Line, ...]

    def beside(self, rows: Iterable[Key]) -> tuple[dict[int, Line], tuple[Line, ...]]:
        """What stands beside each row, by its place; and what was written beside rows now gone."""
        waiting = {(_bare(line.key), line.nth): line for line in self.lines}
        found = {i: waiting.pop(one) for i, one in enumerate(numbered(rows)) if one in waiting}
        return found, tuple(waiting.values())


def numbered(rows: Iterable[Key]) -> Iterator[tuple[Key, int]]:
    """Each key, bare, with how many rows before it have the same."""
    seen: Counter[Key] = Counter()
    for key in map(_bare, rows):
        yield key, seen[key]
        seen[key] += 1


def _bare(key: Key) -> Key:
    """A key whoever read it: some programs take the escapes of the format off, some do not."""
    return tuple(text.replace("x005F_", "") for text in key)


NO_MARGIN: Final = Margin((), (), ())


@dataclass(frozen=True, slots=True)
class Added:
    """A sheet that people added: plain cells by row and column, and the widths of its columns."""

    name: str
    cells: Mapping[tuple[int, int], Noted]
    widths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Margins:
    """All that people wrote into a workbook for some audience, by sheet.

    `lost` says what is not kept as it was; `hidden` are sheets, ours too, that people hid.
    """

    sheets: Mapping[str, Margin] = field(default_factory=lambda: MappingProxyType({}))
    added: tuple[Added, ...] = ()
    lost: tuple[str, ...] = ()
    audience: str = "public"
    hidden: frozenset[str] = frozenset()

    def of(self, sheet: str) -> Margin:
        """What stands beside the columns of one sheet."""
        return self.sheets.get(sheet, NO_MARGIN)


NO_MARGINS: Final = Margins()
