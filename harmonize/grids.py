"""Rows of cells that know where they stand, and how separated text becomes them."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from harmonize.problems import Place, Problem, SpecError

_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Cell(NamedTuple):
    """A text in its place; `sort` is what a spreadsheet says it is: number, percent or date.

    A merged value stands in each of its cells; `origin` is where it was written.
    """

    text: str
    place: Place
    sort: str = ""
    origin: Place | None = None

    @property
    def written(self) -> Place:
        """Where it was written."""
        return self.origin or self.place


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it was drawn; `name` is the file, or file[sheet]; `notes` are its oddities.

    `spoilt` are cells whose value cannot be had, which is told of the table that is imported.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    spoilt: tuple[Problem, ...] = ()


@cache
def _field(separator: str) -> re.Pattern[str]:
    sep = re.escape(separator)
    plain = rf'([^"{sep}\r\n][^{sep}\r\n]*+)?'
    return re.compile(rf'(?:"((?:[^"]|"")*+)"|{plain})({sep}|\r\n|\r|\n|\Z)')


def split(text: str, file: str, separator: str = ",") -> list[list[Cell]]:
    """Cells by line (RFC 4180), lines of nothing included; raises `SpecError`."""
    found: list[list[Cell]] = []
    cells: list[Cell] = []
    field = _field(separator)
    at, line, start = 0, 1, 0  # where the next cell begins, its line, and where that begins
    while at < len(text) or cells:
        place = Place(file, line, at - start + 1)
        match = field.match(text, at)
        if match is None:
            message = (
                "a quotation mark that does not close, or stands inside a cell: "
                'put the cell in quotes and write "" for each quotation mark in it'
            )
            raise SpecError((Problem(place, "HZ401", message),))
        quoted, plain, end = match.groups()
        value = quoted.replace('""', '"') if quoted is not None else plain or ""
        cells.append(Cell(value, place))
        for one in _BREAK.finditer(match[0]):
            line, start = line + 1, at + one.end()
        at = match.end()
        if end == separator:
            continue
        found.append(cells)
        cells = []
    return found


def is_blank(row: tuple[Cell, ...] | list[Cell]) -> bool:
    """Whether nothing is written in any cell."""
    return not any(cell.text.strip() for cell in row)
