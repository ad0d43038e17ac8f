"""The sheet of what is to be decided, as separated text and as a workbook to fill."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from harmonize.ballot import COLUMNS, FILLED, ONLY, PINS, WORDS, Written
from harmonize.books import LONGEST, ROWS
from harmonize.docket import Case, row_of
from harmonize.fields import Kind
from harmonize.problems import Place, Problem, SpecError
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
from harmonize.render.text import guarded, visible

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEET: Final = "review"
_FROZEN: Final = list(COLUMNS).index("label")  # what names the question stays in sight
_MANY: Final = 8  # lines of a row
_WIDTH: Final = 14
_WIDTHS: Final[Mapping[str, int]] = {
    "about": 10, "a": 18, "title_a": 26, "b": 18, "title_b": 26, "label": 26, "attribute": 16,
    "values": 40, "reason": 44, "comments": 40, "because": 40, "dissent": 30,
    "convener_is_payer": 19, "withdrawn.because": 30,
}  # fmt: skip
# What few decisions say: folded away behind a + until a row of the sheet says it.
_SELDOM: Final = frozenset(
    {"relation", "contract_type", "effective", "effective.to", "votes.abstain", "votes.recused",
     "convener_is_payer", "withdrawn.by", "withdrawn.on", "withdrawn.because"}
)  # fmt: skip


def as_csv(cases: Iterable[Case]) -> str:
    """A row a question; nothing in a cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in cases:
        row = row_of(case)
        writer.writerow([_safe(_text(row.get(name, ""))) for name in COLUMNS])
    return out.getvalue()


def as_workbook(cases: Iterable[Case], named: str) -> bytes:
    """The same with lists to choose from; raises `SpecError` for what no cell holds."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    named_styles(book)
    rows = [row_of(case) for case in cases]
    _refuse(rows, named)
    sheet = new_sheet(book, SHEET, 1, _FROZEN + 1)
    widths = [_WIDTHS.get(name, _WIDTH) for name in COLUMNS]
    for place, name in enumerate(COLUMNS, start=1):
        put(sheet, 1, place, name, "head")
    for at, row in enumerate(rows, start=2):
        texts = {name: _text(row.get(name, "")) for name in COLUMNS}
        for place, name in enumerate(COLUMNS, start=1):
            put(sheet, at, place, told(*_safe(texts[name]).split("\n")))
        seen = [(t, w) for (n, t), w in zip(texts.items(), widths, strict=True) if n not in PINS]
        set_height(sheet, at, seen, _MANY)
    _to_fill(sheet, rows)
    set_widths(sheet, widths)
    folded = _folded(rows)
    for place, name in enumerate(COLUMNS, start=1):
        column = sheet.column_dimensions[letter(place)]
        column.hidden = name in PINS or name in folded
        column.outlineLevel = int(name in folded)
    sheet.auto_filter.ref = f"A1:{letter(len(COLUMNS))}{len(rows) + 1}"
    help_ = new_sheet(book, "columns", 1, 1)
    for at, cells in enumerate([("column", "what it holds"), *COLUMNS.items()], start=1):
        for place, text in enumerate(cells, start=1):
            put(help_, at, place, told(text), "head" if at == 1 else "text")
    set_widths(help_, (22, 100))
    return packed(book)


def _folded(rows: list[dict[str, Written]]) -> set[str]:
    """Columns in which no row says anything, and hardly one will."""
    abouts = {row["about"] for row in rows}
    unasked = {name for name in FILLED if not abouts & {*ONLY.get(name, WORDS)}}
    context = {name for name in COLUMNS if name not in FILLED and name not in PINS}
    empty = {name for name in COLUMNS if not any(row.get(name) for row in rows)}
    return empty & (_SELDOM | unasked | context) if rows else set()


def _to_fill(sheet: "Worksheet", rows: list[dict[str, Written]]) -> None:
    """Cells to fill are text, so that no day and no number is made of what is typed."""
    last = len(rows) + 1
    for place, name in enumerate(COLUMNS, start=1):
        if name not in FILLED:
            continue
        for at, row in enumerate(rows, start=2):
            wanted = row["about"] in ONLY.get(name, WORDS)
            sheet.cell(at, place).style = "harmonize fill" if wanted else "harmonize text"
        kind, words = FILLED[name].info.kind, FILLED[name].info.choices
        if name == "judgement":
            for about in ONLY[name]:
                spans = ((at, at) for at, row in enumerate(rows, 2) if row["about"] == about)
                set_choices(sheet, place, WORDS[about], _joined(spans))
        elif words or kind is Kind.FLAG:
            set_choices(sheet, place, words or ("true", "false"), [(2, last)] if rows else [])


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Rows that follow each other as one span."""
    found: list[tuple[int, int]] = []
    for first, last in spans:
        if found and found[-1][1] == first - 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _refuse(rows: list[dict[str, Written]], named: str) -> None:
    """Raises for texts that would be cut, where what is cut could not be read again."""
    problems = []
    if len(rows) >= ROWS:
        problems.append(Problem(Place(named), "HZ112", f"more than {ROWS:,} rows: write CSV"))
    for at, row in enumerate(rows, start=2):
        for place, name in enumerate(COLUMNS, start=1):
            cell = row.get(name, "")
            kept = name in FILLED or name in PINS or name in ("a", "b", "attribute")
            if kept and len(told(_text(cell)[: LONGEST + 1])) >= LONGEST:
                message = f"{name!r} is longer than the {LONGEST:,} characters of a cell: write CSV"
                problems.append(Problem(Place(named, at, place), "HZ112", message))
    if problems:
        raise SpecError(tuple(problems))


def _text(cell: Written) -> str:
    """A map as JSON in which every odd character is an escape."""
    return cell if isinstance(cell, str) else json.dumps(cell, separators=(",", ":"))


def _safe(text: str) -> str:
    """A text in which nothing hides and nothing runs; its lines stay lines."""
    first, *rest = text.split("\n")
    return "\n".join((guarded(first), *map(visible, rest)))


BALLOTS: Final[Mapping[str, Callable[[Iterable[Case], str], str | bytes]]] = {
    ".csv": lambda cases, _: as_csv(cases),
    ".xlsx": as_workbook,
}
