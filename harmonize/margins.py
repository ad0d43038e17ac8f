"""What people wrote into a workbook of ours, and where it stands in the next one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

Key = tuple[str, ...]
"""What the key columns of a row say."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A cell that somebody wrote: its value, how it is shown, and whether it is a formula."""

    value: Any
    shown: str = "General"
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody wrote beside one row; `label` names the row to a person."""

    key: Key
    label: str
    cells: tuple[Noted | None, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """The columns that people put beside those of a sheet, with their widths."""

    heads: tuple[str, ...]
    widths: tuple[float, ...]
    lines: tuple[Line, ...]

    def beside(self, rows: Iterable[Key]) -> tuple[dict[int, Line], tuple[Line, ...]]:
        """What stands beside each row, by its place; and what was written beside rows now gone.

        Of rows with one and the same key the first gets what stood beside the first.
        """
        waiting: dict[Key, list[Line]] = {}
        for line in self.lines:
            waiting.setdefault(_bare(line.key), []).append(line)
        bare = map(_bare, rows)
        found = {i: waiting[key].pop(0) for i, key in enumerate(bare) if waiting.get(key)}
        left = {id(line) for lines in waiting.values() for line in lines}
        return found, tuple(line for line in self.lines if id(line) in left)


def _bare(key: Key) -> Key:
    """A key whoever read it: some programs take the escapes of the format off, some do not."""
    return tuple(text.replace("x005F_", "") for text in key)


NO_MARGIN: Final = Margin((), (), ())


@dataclass(frozen=True, slots=True)
class Added:
    """A sheet that people added: plain cells and the widths of its columns."""

    name: str
    rows: tuple[tuple[Noted | None, ...], ...]
    widths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Margins:
    """All that people wrote into a workbook for some audience, by sheet.

    `lost` says what is not kept as it was.
    """

    sheets: Mapping[str, Margin] = field(default_factory=lambda: MappingProxyType({}))
    added: tuple[Added, ...] = ()
    lost: tuple[str, ...] = ()
    audience: str = "public"

    def of(self, sheet: str) -> Margin:
        """What stands beside the columns of one sheet."""
        return self.sheets.get(sheet, NO_MARGIN)


NO_MARGINS: Final = Margins()
