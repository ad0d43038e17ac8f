"""Sheets of ours that somebody has filled: their rows by our columns, whatever was moved or added.

Columns may stand in any order, be left out, and stand among others; what is needed is said by
whoever asks.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harmonize.grids import Cell, Grid, is_blank
from harmonize.importers.separated import read_separated
from harmonize.importers.workbooks import read_workbook
from harmonize.problems import Place, Problem, SpecError
from harmonize.trees import Source

DEEPEST: Final = 40  # rows in which the headings are looked for
_BORN: Final = dt.date(1899, 12, 30)  # day 0 of a spreadsheet
_AMERICAN: Final = re.compile(r"([01]?[0-9])/([0-3]?[0-9])/((?:19|20|21)[0-9]{2})")
_MIDNIGHT: Final = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by our columns, those that hold nothing included."""

    cells: Mapping[str, Cell]
    place: Place

    def text(self, name: str) -> str:
        """What stands in a column, without blanks around it; nothing where there is no column."""
        cell = self.cells.get(name)
        return cell.text.strip() if cell else ""

    def at(self, name: str) -> Place:
        """The place of a column's cell, or of the row."""
        cell = self.cells.get(name)
        return cell.place if cell else self.place


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet that hold anything, and what is to be said of it."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_filled(
    source: Source, known: Iterable[str], needed: tuple[tuple[str, ...], ...]
) -> tuple[Table, ...]:
    """The sheets of a file that have our columns; raises `SpecError` where none has.

    `needed` are columns without which a row says nothing, each as alternatives.
    """
    own = tuple(known)
    if source.data.startswith(b"PK"):
        grids, warnings = read_workbook(source)[0], tuple[Problem, ...]()
    else:
        grid, warnings = read_separated(source)
        grids = (grid,)
    found = []
    for grid in grids:
        at = _head(grid, needed)
        if at is not None:
            found.append(_table(grid, at, own, warnings))
    if not found:
        told = ", ".join(" or ".join(map(repr, names)) for names in needed)
        message = f"no row of headings with the columns {told} in it"
        raise SpecError((Problem(Place(source.name, 1, 1), "HZ511", message),))
    return tuple(found)


def _named(cell: Cell) -> str:
    return re.sub(r"\s+", "_", cell.text.strip().lower())


def _head(grid: Grid, needed: tuple[tuple[str, ...], ...]) -> int | None:
    for at, row in enumerate(grid.rows[:DEEPEST]):
        names = {_named(cell) for cell in row}
        if all(names & {*some} for some in needed):
            return at
    return None


def _table(grid: Grid, at: int, known: tuple[str, ...], warnings: tuple[Problem, ...]) -> Table:
    heads = grid.rows[at]
    names = [_named(cell) for cell in heads]
    problems = list(grid.spoilt)
    for i, name in enumerate(names):
        if name in known and name in names[:i]:
            message = f"a second column {name!r}: which of them is meant?"
            problems.append(Problem(heads[i].place, "HZ511", message))
    if problems:
        raise SpecError(tuple(problems))
    rows = []
    for cells in grid.rows[at + 1 :]:
        if is_blank(cells):
            continue
        own = {n: c for n, c in zip(names, cells, strict=False) if n in known}
        if any(cell.text.strip() for cell in own.values()):
            rows.append(Row(own, cells[0].place))
    others = [c.text.strip() for c, n in zip(heads, names, strict=True) if n and n not in known]
    told = f"{grid.name}: left aside, no columns of ours: {', '.join(map(repr, others))}"
    return Table(tuple(rows), (told,) if others else (), warnings)


def day(cell: Cell) -> str:
    """A day as we write it, of what spreadsheets make of one; anything else as it is."""
    text = _MIDNIGHT.sub("", cell.text.strip())
    if found := _AMERICAN.fullmatch(text):
        month, number, year = found.groups()
        return f"{year}-{month:0>2}-{number:0>2}"
    if cell.sort == "number" and re.fullmatch(r"[1-9][0-9]{4}", text):
        return (_BORN + dt.timedelta(days=int(text))).isoformat()
    return text


def files_of(
    sources: Iterable[Source],
    known: Iterable[str],
    needed: tuple[tuple[str, ...], ...],
    problems: list[Problem],
) -> Iterator[Table]:
    """The same of several files; what cannot be read goes to the problems."""
    own = tuple(known)
    for source in sources:
        try:
            yield from read_filled(source, own, needed)
        except SpecError as error:
            problems.extend(error.problems)
