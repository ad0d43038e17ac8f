"""Workbooks: the page and every view as a sheet, with what people wrote into the last one."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from harmonize import figures
from harmonize.audience import Published
from harmonize.books import ROWS
from harmonize.columns import (
    ASKED,
    COMMITTEE,
    DEFINITIONS,
    SHEETS,
    Column,
    Holds,
    column,
    keys,
)
from harmonize.committee import Head
from harmonize.margins import Key, Margin, Margins
from harmonize.page import Page, page
from harmonize.render.sheets import (
    AMBER,
    GREEN,
    GREY,
    RED,
    Styles,
    as_text,
    copy_in,
    join,
    letter,
    named_styles,
    new_sheet,
    packed,
    put,
    put_band,
    put_beside,
    set_colours,
    set_height,
    set_widths,
    told,
)
from harmonize.views import VIEWS, Cell, view

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

WIDEST, NARROWEST = 48, 9  # columns as wide as so many characters
NAMES: Final = frozenset(["concept", "family", "measure", "measure_a", "measure_b", "domain"])
NAME: Final = 20  # the same of a column of ids
MANY: Final = 12  # lines of a row; more would be too tall to read
# What is coloured, by the head of its column: a formula of the cell, and its colour.
_SIGNALS: Final = {
    "severity": (('{0}="major"', RED), ('{0}="minor"', AMBER)),
    "differs": (("LEN({0})>0", AMBER),),
    "verdict": (('{0}="possible"', AMBER),),
}
_MARKS: Final = (('EXACT(LEFT({0},1),"D")', RED), ('EXACT(LEFT({0},1),"N")', GREY),
                 ('{0}="none seen"', GREEN))  # fmt: skip
_SEEN: Final = {"ok": "none seen", "": ""}
_SHORT, _MEASURE, _CITED = 2, 3, 4  # columns of the page, counted from 1
_TEXT: Final = Column("")

Meant = tuple[str, str]
"""The head of a column, and what the column means."""


def workbook(
    published: Published, layout: str, kind: str | None, first: str | None, margins: Margins
) -> bytes:
    """The whole workbook; `first` is the view on which it opens."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    styles = named_styles(book)
    shown = page(published, kind or "ask")
    told_of = {"committee": _committee(book, shown, margins.of("committee"))}
    payers = {p.payer: f"{p.name or p.payer}: " for p in published.report.payers}
    for name in VIEWS:
        table = view(published, name, layout, kind or "id")
        _flat(book, styles, name, table.columns, table.rows, margins.of(name))
        told_of[name] = [(h, payers.get(h, "") + column(name, h).means) for h in table.columns]
    _definitions(book, styles, told_of, published.audience, margins.of("definitions"))
    for added in margins.added:
        copy_in(book, added)
    opened = 1 + list(VIEWS).index(first) if first else 0
    book.active = opened
    for i, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = i == opened
        if sheet.title.lower() in margins.hidden and i != opened:
            sheet.sheet_state = "hidden"
    return packed(book)


# --- views ---------------------------------------------------------------------------------------


def _flat(
    book: "Workbook",
    styles: Styles,
    name: str,
    heads: tuple[str, ...],
    rows: Iterable[tuple[Cell, ...]],
    margin: Margin,
) -> None:
    """A table from the first row on; a number that a view gives as text is a number here."""
    sheet = new_sheet(book, name, 1, 1 + len(keys(name, heads)))
    numbers = {i for i, h in enumerate(heads) if SHEETS[name].get(h, _TEXT).holds is Holds.NUMBER}
    named = [i for i, head in enumerate(heads) if head in keys(name, heads)]
    drawn = [
        [
            (float(c) if i in numbers else told(c)) if isinstance(c, str) else c
            for i, c in enumerate(row)
        ]
        for row in rows
    ]
    over = len(drawn) - (ROWS - 4 - len(margin.lines))
    drawn = drawn[: len(drawn) - max(0, over)]
    widths = _fitting(name, heads, drawn)
    for place, head in enumerate(heads, start=1):
        put(sheet, 1, place, told(head), "head")
    for at, cells in enumerate([heads, *drawn], start=1):
        set_height(sheet, at, zip((str(c or "") for c in cells), widths, strict=True), MANY)
    _append(sheet, styles, drawn)
    set_widths(sheet, widths)
    names = [tuple(str(cells[i] or "") for i in named) for cells in drawn]
    last = 1 + len(drawn)
    if over > 0:
        told_so = f"cut here: {over:,} more rows than a sheet can hold; CSV has them all"
        put(sheet, last + 1, 1, told_so, "strong")
    at_rows = dict(enumerate(names, start=2))
    keyed = [i + 1 for i in named]
    end = put_beside(sheet, 1, at_rows, margin, keyed, len(heads))
    sheet.auto_filter.ref = f"A1:{letter(end)}{last}"
    for place, head in enumerate(heads, start=1):
        set_colours(sheet, _SIGNALS.get(head, ()), place, 2, max(last, 2))


def _fitting(name: str, heads: tuple[str, ...], rows: list[list[Cell]]) -> list[int]:
    """Widths of columns: of what is in them, within bounds."""
    widths = []
    for i, head in enumerate(heads):
        wanted = max((len(head) + 3, *(len(str(row[i])) + 1 for row in rows)))
        most = WIDEST if head in SHEETS[name] and head not in NAMES else NAME
        widths.append(min(most, max(NARROWEST, wanted)))
    return widths


def _append(sheet: "Worksheet", styles: Styles, rows: list[list[Cell]]) -> None:
    """Many rows, each cell made with its style: to look that up by name takes longest of all."""
    from openpyxl.cell.cell import Cell as Made

    text, number = (styles[name].as_tuple() for name in ("text", "number"))
    for row in rows:
        cells: list[Any] = []
        for value in row:
            if isinstance(value, str):
                cells.append(Made(sheet, row=1, column=1, style_array=text) if value else None)
                if value:
                    as_text(cells[-1], value)
            else:
                cells.append(Made(sheet, row=1, column=1, value=value, style_array=number))
        sheet.append(cells)


# --- the page -----------------------------------------------------------------------------------


def _committee(book: "Workbook", found: Page, margin: Margin) -> list[Meant]:
    """First figures, the table by domain, what to settle, what to ask: the page, wide."""
    order = _in_order(found.heads)
    meant = _meant(order)
    last, head = len(meant), len(found.figures) + 4
    sheet = new_sheet(book, "committee", head, _MEASURE + 1)
    widths = [NARROWEST, 11, WIDEST, 24, *(12 for _ in order), 26, 16]
    set_widths(sheet, widths)
    sheet.column_dimensions["A"].hidden = True
    put(sheet, 1, _SHORT, told(found.title), "title")
    _plainly(sheet, 2, found.figures, sum(widths[1:]), last)
    groups = ["" if one is None else one.group for one in order]
    for i, group in enumerate(groups):
        if group and group not in groups[:i]:
            put(sheet, head - 1, _CITED + 1 + i, group, "strong")
    for place, (text, _) in enumerate(meant, start=1):
        put(sheet, head, place, told(text), "head")
    rows = _blocks(sheet, found, order, head, widths)
    end = max((head + 1, *rows))
    people = (f"{h.text}: {h.name} ({h.group})" for h in found.heads)
    below = _plainly(sheet, end + 2, (*found.notes, *people), sum(widths[1:]), last)
    rows |= _sections(sheet, found, below, sum(widths[_CITED - 1 :]), last)
    _plainly(sheet, max((below, *rows)) + 2, found.endings, sum(widths[1:]), last)
    widest = put_beside(sheet, head, rows, margin, [1], last, _MEASURE)
    sheet.auto_filter.ref = f"A{head}:{letter(widest)}{end}"
    set_colours(sheet, _MARKS, last - 1, head + 1, end)
    return meant


def _blocks(
    sheet: "Worksheet", found: Page, order: list[Head | None], head: int, widths: list[int]
) -> dict[int, Key]:
    """The rows of the table below the bands of their domains, and what they are about."""
    rows: dict[int, Key] = {}
    at = head
    for domain, lines in found.blocks:
        at += 1
        put_band(sheet, at, _SHORT, _CITED + len(order) + 2, domain)
        for line in lines:
            at += 1
            asked = dict(zip(found.heads, line.cells, strict=True))
            of = line.used.replace("/", " of ")
            seen = _SEEN.get(line.mark, f"{line.mark} {line.differs}".strip())
            cells = [line.concept, line.acronym, line.label, line.cited]
            cells += [of if one is None else asked[one] for one in order]
            cells = [told(text) for text in (*cells, seen, line.decided)]
            for place, text in enumerate(cells, start=1):
                put(sheet, at, place, text, "strong" if place == _SHORT else "text")
            set_height(sheet, at, [*zip(cells, widths, strict=True)][1:])
            rows[at] = (told(line.concept),)
    return rows


def _sections(sheet: "Worksheet", found: Page, at: int, across: int, last: int) -> dict[int, Key]:
    """What to settle, to know and to ask, an item a row, and what the rows are about."""
    rows: dict[int, Key] = {}
    for title, items in found.sections:
        if not items:
            continue
        at += 2
        put_band(sheet, at - 1, _SHORT, last, title)
        for at, item in enumerate(items, start=at):  # noqa: B020 - goes on below
            rows[at] = (told(f"{title.split(':')[0]}: {item.heading}"),)
            put(sheet, at, 1, rows[at][0])
            put(sheet, at, _SHORT, told(item.mark), "strong")
            put(sheet, at, _MEASURE, told(item.heading), "strong")
            put(sheet, at, _CITED, told(*(line.strip() for line in item.lines)))
            join(sheet, at, _CITED, last)
            set_height(sheet, at, ((item.heading, WIDEST - 4), ("\n".join(item.lines), across)))
        at += 1
    return rows


def _plainly(sheet: "Worksheet", at: int, lines: Iterable[str], across: int, last: int) -> int:
    """A line a row, as wide as the table; the row below them."""
    for line in lines:
        put(sheet, at, _SHORT, told(line))
        join(sheet, at, _SHORT, last)
        set_height(sheet, at, [(line, across)])
        at += 1
    return at


def _in_order(heads: tuple[Head, ...]) -> list[Head | None]:
    """Payers that count, how many ask (`None`), and those that are only shown."""
    counted = [h for h in heads if h.group == "contracts"]
    return [*counted, None, *(h for h in heads if h not in counted)]


def _meant(order: list[Head | None]) -> list[Meant]:
    """The columns of the page with what they mean, payers by what they are called."""
    means = [(name, one.means) for name, one in COMMITTEE.items()]
    used = means.pop(_CITED)
    payers = [
        used if h is None else (f"{h.text}{'~' if h.partial else ''}", f"{h.name}: {ASKED}")
        for h in order
    ]
    return [*means[:_CITED], *payers, *means[_CITED:]]


# --- what everything means ----------------------------------------------------------------------


def _definitions(
    book: "Workbook",
    styles: Styles,
    told_of: Mapping[str, Iterable[Meant]],
    audience: str,
    margin: Margin,
) -> None:
    """What every column and figure means; by it the next run knows what is ours, and for whom."""
    rows = [
        (name.capitalize(), told(head), told(means))
        for name, columns in told_of.items()
        for head, means in columns
    ]
    rows += [("Definitions", name, one.means) for name, one in DEFINITIONS.items()]
    rows.append(("audience", audience, "Whom this is for; for others there is another file."))
    rows += [
        (
            "figures",
            one.figure.removesuffix(":"),
            f"{one.counts}, of {one.of}" if one.of else one.counts,
        )
        for one in figures.DEFINITIONS
    ]
    _flat(book, styles, "definitions", tuple(DEFINITIONS), rows, margin)
