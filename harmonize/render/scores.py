"""The sheet on which a work group marks candidates, as separated text and as a workbook."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from harmonize.candidates import Candidate
from harmonize.fields import declared
from harmonize.render.sheets import (
    letter,
    named_styles,
    new_sheet,
    packed,
    put,
    set_choices,
    set_height,
    set_widths,
    told,
)
from harmonize.render.text import guarded
from harmonize.scores import MARKS, PRINCIPLES, Scored

# What stands beside each candidate, so that people know what they mark.
BESIDE: Final[Mapping[str, tuple[str, Callable[[Candidate], str]]]] = {
    "label": ("What it is called.", lambda one: one.label),
    "domain": ("Its domain.", lambda one: one.domain),
    "measure_type": ("Its type, as most state it.", lambda one: " or ".join(one.types)),
    "asked_by": ("How many payers ask for it, of how many could.",
                 lambda one: f"{len(one.has)} of {len(one.could)}"),
    "to_settle": ("Differences that are open among those who ask for it.",
                  lambda one: str(len(one.changes))),
    "topped_out": ("That its rates leave no room, as far as payers state them.",
                   lambda one: one.topped_out),
}  # fmt: skip
_FILLED: Final = tuple(name for name in declared(Scored) if name != "concept")
COLUMNS: Final[Mapping[str, str]] = {
    "concept": declared(Scored)["concept"].help,
    **{name: help_ for name, (help_, _) in BESIDE.items()},
    **{name: declared(Scored)[name].help for name in _FILLED},
}
_WIDTHS: Final[Mapping[str, int]] = {"concept": 16, "label": 44, "domain": 22, "note": 40}
_HELD: Final = 3  # columns that stay in sight


def rows(able: Iterable[Candidate]) -> list[dict[str, str]]:
    """A row for each candidate that may come in, its marks left open."""
    return [
        {"concept": one.id, **{name: made(one) for name, (_, made) in BESIDE.items()}}
        for one in able
    ]


def as_csv(able: Iterable[Candidate]) -> str:
    """A row a candidate; nothing in a cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(able):
        writer.writerow([guarded(row.get(name, "")) for name in COLUMNS])
    return out.getvalue()


def as_workbook(able: Iterable[Candidate]) -> bytes:
    """The same with marks to choose from, and a second sheet that says what they mean."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    named_styles(book)
    made = rows(able)
    sheet = new_sheet(book, "marks", 1, _HELD)
    widths = [_WIDTHS.get(name, 13) for name in COLUMNS]
    for place, name in enumerate(COLUMNS, start=1):
        put(sheet, 1, place, name, "head")
    for at, row in enumerate(made, start=2):
        for place, name in enumerate(COLUMNS, start=1):
            put(sheet, at, place, told(guarded(row.get(name, ""))))
            if name in _FILLED:
                sheet.cell(at, place).style = "harmonize fill"
        cells = (row.get(name, "") for name in COLUMNS)
        set_height(sheet, at, zip(cells, widths, strict=True))
    for place, name in enumerate(COLUMNS, start=1):
        if name in PRINCIPLES and made:
            set_choices(sheet, place, MARKS, [(2, len(made) + 1)])
    set_widths(sheet, widths)
    sheet.auto_filter.ref = f"A1:{letter(len(COLUMNS))}{len(made) + 1}"
    help_ = new_sheet(book, "columns", 1, 1)
    for at, cells_of in enumerate([("column", "what it holds"), *COLUMNS.items()], start=1):
        for place, text in enumerate(cells_of, start=1):
            put(help_, at, place, told(text), "head" if at == 1 else "text")
    set_widths(help_, (22, 100))
    return packed(book)


SHEETS: Final[Mapping[str, Callable[[Iterable[Candidate]], str | bytes]]] = {
    ".csv": as_csv,
    ".xlsx": as_workbook,
}
