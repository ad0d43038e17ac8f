"""A portfolio, drawn: a page, one view as a table or as CSV, JSON, and its definitions."""

import csv
import io
from textwrap import wrap
from typing import Any, Final

from harmonize.audience import Surveyed
from harmonize.holdings import document, view
from harmonize.panorama import Section, page
from harmonize.render.console import _draw, _grid, _hanging, _text, flat
from harmonize.render.text import _dumped, _md_table, guarded, md
from harmonize.sharing import DEFINITIONS

_NAME: Final = 28  # columns of a first column that no other takes away
_WORD: Final = 12  # columns of a word that is not broken
SUFFIXES: Final = {".txt": "table", ".csv": "csv", ".json": "json", ".md": "markdown"}


def as_json(found: Surveyed) -> str:
    """Everything as one object, `harmonize.portfolio/1`."""
    return _dumped(document(found))


def as_csv(found: Surveyed, name: str) -> str:
    """One view: UTF-8, LF, header first."""
    table = view(found, name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([guarded(value) for value in row] for row in table.rows)
    return out.getvalue()


def as_table(found: Surveyed, name: str | None, width: int | None, *, color: bool) -> str:
    """The page, or one view."""
    if name:
        return flat(view(found, name), width)
    made = page(found)
    parts: list[Any] = [_text(made.title, "bold"), *(_hanging(note, "  ") for note in made.notes)]
    for section in made.sections:
        parts += ["", _text(section.title, "bold")]
        parts += [_text(section.note)] if section.note else []
        grids = [_section(section, columns, width) for columns in _fitting(section, width)]
        parts += [part for grid in grids for part in (grid, "")][:-1]
    return _draw(parts, width, color=color)


def _fitting(section: Section, width: int | None) -> tuple[tuple[int, ...], ...]:
    """The columns of each grid: the first in every one, the others as far as there is room."""
    every = range(len(section.columns))
    if width is None:
        return (tuple(every),)
    needs = [_least(section, at) + 2 for at in every]
    found: list[list[int]] = [[0]]
    for at in every[1:]:
        if len(found[-1]) > 1 and sum(needs[n] for n in (*found[-1], at)) - 2 > width:
            found.append([0])
        found[-1].append(at)
    return tuple(map(tuple, found))


def _least(section: Section, at: int) -> int:
    """Columns of the screen below which a column breaks numbers or words."""
    cells = [row[at] for row in section.rows]
    words = [word for text in (section.columns[at], *cells) for word in text.split()]
    if at in section.numbers:
        heads = (len(word) for word in section.columns[at].split())
        return max((*map(len, cells), *heads), default=0)
    return min(max(map(len, words), default=0), _NAME if at == 0 else _WORD)


def _section(section: Section, columns: tuple[int, ...], width: int | None) -> Any:
    from rich.text import Text

    grid = _grid()
    for at in columns:
        right = at in section.numbers
        head = wrap(section.columns[at], _least(section, at)) if right else [section.columns[at]]
        grid.add_column(
            Text("\n").join(map(_text, head)),
            justify="right" if right else "left",
            no_wrap=right or width is None,
            overflow="fold",
        )
    for row in section.rows:
        grid.add_row(*(_text(row[at]) for at in columns))
    return grid


def as_markdown(found: Surveyed, name: str | None) -> str:
    """The page for minutes, or one view."""
    if name:
        table = view(found, name)
        rows = [tuple("" if c is None else str(c) for c in row) for row in table.rows]
        return "\n".join(_md_table(table.columns, rows)) + "\n"
    made = page(found)
    out = [f"# {md(made.title)}", "", *(f"- {md(note)}" for note in made.notes)]
    for section in made.sections:
        out += ["", f"## {md(section.title)}", ""]
        out += [md(section.note), ""] if section.note else []
        out += _md_table(section.columns, list(section.rows))
    return "\n".join(out) + "\n"


def definitions() -> str:
    """What every figure of a portfolio counts, as a Markdown table."""
    rows = [
        (f"`{one.figure}{'N' * one.figure.endswith(':')}`", one.counts, one.of)
        for one in DEFINITIONS
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(("| figure | counts | of |", "|---|---|---|", *lines)) + "\n"
