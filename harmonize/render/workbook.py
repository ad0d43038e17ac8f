"""Workbooks: the page and every view as a sheet, with what people wrote into the last one."""

import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from harmonize.audience import Published
from harmonize.columns import ASKED, COMMITTEE, DEFINITIONS, SHEETS, Column, Holds, column, keys
from harmonize.figures import MEANINGS
from harmonize.margins import Added, Key, Line, Margin, Margins, Noted
from harmonize.page import Head, Page, page
from harmonize.render.text import FORMULA, visible
from harmonize.views import VIEWS, Cell, view

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST: Final = 32_767  # characters of a cell
MOST: Final = 1_048_576  # rows of a sheet
TALLEST: Final = 27  # lines of a row at most
LINE: Final = 15  # points of a line of text
WIDEST, NARROWEST = 48, 9  # columns as wide as so many characters
GONE: Final = "no longer in the comparison"
_BORN: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - of every workbook: the clock has no part in it
_ZIPPED: Final = (1980, 1, 1, 0, 0, 0)
NAMES: Final = frozenset(["concept", "family", "measure", "measure_a", "measure_b", "domain"])
NAME: Final = 20  # the same of a column of ids
MANY: Final = 12  # lines of a row; more would be too tall to read
RED, AMBER, GREEN, GREY = "F8CBAD", "FFE699", "C6E0B4", "E7E6E6"
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
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

Styles = Mapping[str, "NamedStyle"]
"""How cells look, by what they are."""

Meant = tuple[str, str]
"""The head of a column, and what the column means."""


def workbook(
    published: Published, layout: str, kind: str | None, first: str | None, margins: Margins
) -> bytes:
    """The whole workbook; `first` is the view on which it opens."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    styles = _styles(book)
    shown = page(published, kind or "ask")
    told_of = {"committee": _committee(book, shown, margins.of("committee"))}
    payers = {p.payer: f"{p.name or p.payer}: " for p in published.report.payers}
    for name in VIEWS:
        table = view(published, name, layout, kind or "id")
        _flat(book, styles, name, table.columns, table.rows, margins.of(name))
        told_of[name] = [(h, payers.get(h, "") + column(name, h).means) for h in table.columns]
    _definitions(book, styles, told_of, margins.of("definitions"))
    for added in margins.added:
        _copied(book, added)
    opened = 1 + list(VIEWS).index(first) if first else 0
    book.active = opened
    for i, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = i == opened
    return _packed(book)


def _packed(book: "Workbook") -> bytes:
    """The same workbook as the same bytes: no clock and no user stands in them."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = book.properties.title = "harmonize"
    book.properties.created = book.properties.modified = _BORN
    loose, packed = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, ZipFile(loose, "w", ZIP_STORED)).save()
    with ZipFile(loose) as parts, ZipFile(packed, "w", ZIP_DEFLATED) as out:
        for part in parts.namelist():
            entry = ZipInfo(part, _ZIPPED)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            out.writestr(entry, parts.read(part))
    return packed.getvalue()


# --- cells --------------------------------------------------------------------------------------


def _styles(book: "Workbook") -> Styles:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    top = Alignment(vertical="top", wrap_text=True)
    bold, rule = Font(bold=True), Border(bottom=Side("thin", "808080"))
    shade = PatternFill("solid", "E7ECF2")
    made: dict[str, dict[str, Any]] = {
        "text": {"alignment": top},
        "number": {"number_format": "General", "alignment": Alignment(vertical="top")},
        "head": {"alignment": top, "font": bold, "fill": shade, "border": rule},
        "title": {"font": Font(bold=True, size=14)},
        "section": {"font": bold, "fill": shade},
        "strong": {"font": bold, "alignment": top},
        "own": {"number_format": "General", "alignment": top},
    }
    styles = {
        name: NamedStyle(_style(name), **{"number_format": "@", **parts})
        for name, parts in made.items()
    }
    for style in styles.values():
        book.add_named_style(style)
    return styles


def _style(name: str) -> str:
    return f"harmonize {name}"


def told(*lines: str) -> str:
    """Lines as one cell can hold them: nothing hides, no escape of the format is read, a cut is
    said."""
    shown = _ESCAPE.sub("_x005F_", "\n".join(map(visible, lines)))
    if len(shown) <= LONGEST:
        return shown
    end = f" [cut here: {len(shown):,} characters]"
    return shown[: LONGEST - len(end)] + end


def _put(sheet: "Worksheet", row: int, place: int, value: Cell, style: str = "text") -> None:
    """One cell; a number is a number, and a text a text whatever it begins with."""
    if value is None or value == "":
        return
    cell: Any = sheet.cell(row, place)
    if isinstance(value, str):
        cell.style = _style(style)
        _as_text(cell, value)
    else:
        cell.style = _style("number")
        cell.value = value


def _as_text(cell: Any, text: str) -> None:
    cell.value = text
    cell.data_type = "s"  # whatever it begins with
    if text.lstrip().startswith(FORMULA):
        cell.quotePrefix = True


def _note(sheet: "Worksheet", row: int, place: int, noted: Noted) -> None:
    """A cell that somebody wrote, as it was."""
    cell: Any = sheet.cell(row, place)
    cell.style = _style("own")
    if isinstance(noted.value, str) and not noted.formula:
        _as_text(cell, noted.value)
    else:
        cell.value = noted.value
    cell.number_format = noted.shown


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)


def _tall(
    sheet: "Worksheet", row: int, cells: Iterable[tuple[str, float]], most: int = TALLEST
) -> None:
    """A row as tall as its texts in columns of these widths: not every program finds out itself."""
    lines = (
        sum(ceil((len(line) + 1) / (width - 1)) for line in text.split("\n"))
        for text, width in cells
        if len(text) >= width - 1 or "\n" in text
    )
    sheet.row_dimensions[row].height = LINE * min(most, max((1, *lines)))


def _widths(sheet: "Worksheet", widths: Iterable[float], first: int = 1) -> None:
    for place, width in enumerate(widths, start=first):
        sheet.column_dimensions[_letter(place)].width = width


# --- sheets -------------------------------------------------------------------------------------


def _sheet(book: "Workbook", name: str, head: int, frozen: int) -> "Worksheet":
    """A sheet that prints in landscape, as wide as the paper, its head on every page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet: Worksheet = book.create_sheet(name.capitalize())
    sheet.freeze_panes = f"{_letter(frozen)}{head + 1}"
    sheet.page_setup.orientation = "landscape"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = 0.5
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"
    sheet.HeaderFooter.oddFooter.center.text = f"{sheet.title}, page &P of &N"  # type: ignore[union-attr]
    return sheet


def _flat(
    book: "Workbook",
    styles: Styles,
    name: str,
    heads: tuple[str, ...],
    rows: Iterable[tuple[Cell, ...]],
    margin: Margin,
) -> None:
    """A table from the first row on; a number that a view gives as text is a number here."""
    sheet = _sheet(book, name, 1, 1 + len(keys(name, heads)))
    numbers = {i for i, h in enumerate(heads) if SHEETS[name].get(h, _TEXT).holds is Holds.NUMBER}
    named = [i for i, head in enumerate(heads) if head in keys(name, heads)]
    drawn = [
        [
            (float(c) if i in numbers else told(c)) if isinstance(c, str) else c
            for i, c in enumerate(row)
        ]
        for row in rows
    ]
    over = len(drawn) - (MOST - 4 - len(margin.lines))
    drawn = drawn[: len(drawn) - max(0, over)]
    widths = _fitting(name, heads, drawn)
    for place, head in enumerate(heads, start=1):
        _put(sheet, 1, place, told(head), "head")
    for at, cells in enumerate([heads, *drawn], start=1):
        _tall(sheet, at, zip((str(c or "") for c in cells), widths, strict=True), MANY)
    _append(sheet, styles, drawn)
    _widths(sheet, widths)
    names = [tuple(str(cells[i] or "") for i in named) for cells in drawn]
    last = 1 + len(drawn)
    if over > 0:
        told_so = f"cut here: {over:,} more rows than a sheet can hold; CSV has them all"
        _put(sheet, last + 1, 1, told_so, "strong")
    _beside(sheet, 1, dict(enumerate(names, start=2)), margin, [i + 1 for i in named], len(heads))
    sheet.auto_filter.ref = f"A1:{_letter(len(heads) + len(margin.heads))}{last}"
    for place, head in enumerate(heads, start=1):
        _coloured(sheet, _SIGNALS.get(head, ()), place, 2, max(last, 2))


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
                    _as_text(cells[-1], value)
            else:
                cells.append(Made(sheet, row=1, column=1, value=value, style_array=number))
        sheet.append(cells)


def _beside(
    sheet: "Worksheet",
    head: int,
    rows: Mapping[int, Key],
    margin: Margin,
    keyed: list[int],
    ours: int,
    label: int | None = None,
) -> None:
    """What people wrote, beside the rows that it is about; what is about none stands below."""
    for i, text in enumerate(margin.heads, start=ours + 1):
        _put(sheet, head, i, text or " ", "head")
    _widths(sheet, margin.widths, ours + 1)
    found, left = margin.beside(rows.values())
    places = list(rows)
    for i, line in found.items():
        _noted(sheet, places[i], ours, line)
    if not left:
        return
    at = max((head, *places, sheet.max_row)) + 2
    _put(sheet, at, label or 1, GONE, "section")
    for at_line, line in enumerate(left, start=at + 1):
        for place, text in zip(keyed, line.key, strict=False):
            _put(sheet, at_line, place, text)
        if label or len(keyed) == 1:
            _put(sheet, at_line, label or keyed[0] + 1, line.label)
        _noted(sheet, at_line, ours, line)


def _noted(sheet: "Worksheet", row: int, ours: int, line: Line) -> None:
    for place, noted in enumerate(line.cells, start=ours + 1):
        if noted:
            _note(sheet, row, place, noted)


def _coloured(
    sheet: "Worksheet", signals: tuple[tuple[str, str], ...], place: int, first: int, last: int
) -> None:
    """Colours by what a cell says; the words say it without them."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill

    for test, colour in signals:
        rule = FormulaRule(  # type: ignore[no-untyped-call]
            formula=[test.format(f"${_letter(place)}{first}")],
            fill=PatternFill(bgColor=colour, fill_type="solid"),
            font=Font(bold=colour == RED),
        )
        sheet.conditional_formatting.add(f"{_letter(place)}{first}:{_letter(place)}{last}", rule)


def _copied(book: "Workbook", added: Added) -> None:
    """A sheet that people added, at the end."""
    sheet: Worksheet = book.create_sheet(added.name)
    for at, row in enumerate(added.rows, start=1):
        for place, noted in enumerate(row, start=1):
            if noted:
                _note(sheet, at, place, noted)
    for letter, width in added.widths.items():
        sheet.column_dimensions[letter].width = width


# --- the page -----------------------------------------------------------------------------------


def _committee(book: "Workbook", found: Page, margin: Margin) -> list[Meant]:
    """First figures, the table by domain, what to settle, what to ask: the page, wide."""
    order = _in_order(found.heads)
    meant = _meant(order)
    last, head = len(meant), len(found.figures) + 4
    sheet = _sheet(book, "committee", head, _MEASURE + 1)
    widths = [NARROWEST, 11, WIDEST, 24, *(12 for _ in order), 26]
    _widths(sheet, widths)
    sheet.column_dimensions["A"].hidden = True
    _put(sheet, 1, _SHORT, told(found.title), "title")
    _plainly(sheet, 2, found.figures, sum(widths[1:]), last)
    groups = ["" if one is None else one.group for one in order]
    for i, group in enumerate(groups):
        if group and group not in groups[:i]:
            _put(sheet, head - 1, _CITED + 1 + i, group, "strong")
    for place, (text, _) in enumerate(meant, start=1):
        _put(sheet, head, place, told(text), "head")
    rows = _blocks(sheet, found, order, head, widths)
    end = max((head + 1, *rows))
    people = (f"{h.text}: {h.name} ({h.group})" for h in found.heads)
    below = _plainly(sheet, end + 2, (*found.notes, *people), sum(widths[1:]), last)
    rows |= _sections(sheet, found, below, sum(widths[_CITED - 1 :]), last)
    _plainly(sheet, max((below, *rows)) + 2, found.endings, sum(widths[1:]), last)
    _beside(sheet, head, rows, margin, [1], last, _MEASURE)
    sheet.auto_filter.ref = f"A{head}:{_letter(last + len(margin.heads))}{end}"
    _coloured(sheet, _MARKS, last, head + 1, end)
    return meant


def _blocks(
    sheet: "Worksheet", found: Page, order: list[Head | None], head: int, widths: list[int]
) -> dict[int, Key]:
    """The rows of the table below the bands of their domains, and what they are about."""
    rows: dict[int, Key] = {}
    at = head
    for domain, lines in found.blocks:
        at += 1
        _band(sheet, at, domain, _CITED + len(order) + 1)
        for line in lines:
            at += 1
            asked = dict(zip(found.heads, line.cells, strict=True))
            of = line.used.replace("/", " of ")
            seen = _SEEN.get(line.mark, f"{line.mark} {line.differs}".strip())
            cells = [line.concept, line.acronym, line.label, line.cited]
            cells += [of if one is None else asked[one] for one in order]
            cells = [told(text) for text in (*cells, seen)]
            for place, text in enumerate(cells, start=1):
                _put(sheet, at, place, text, "strong" if place == _SHORT else "text")
            _tall(sheet, at, [*zip(cells, widths, strict=True)][1:])
            rows[at] = (told(line.concept),)
    return rows


def _sections(sheet: "Worksheet", found: Page, at: int, across: int, last: int) -> dict[int, Key]:
    """What to settle, to know and to ask, an item a row, and what the rows are about."""
    rows: dict[int, Key] = {}
    for title, items in found.sections:
        if not items:
            continue
        at += 2
        _band(sheet, at - 1, title, last)
        for at, item in enumerate(items, start=at):  # noqa: B020 - goes on below
            rows[at] = (told(f"{title.split(':')[0]}: {item.heading}"),)
            _put(sheet, at, 1, rows[at][0])
            _put(sheet, at, _SHORT, told(item.mark), "strong")
            _put(sheet, at, _MEASURE, told(item.heading), "strong")
            _put(sheet, at, _CITED, told(*(line.strip() for line in item.lines)))
            sheet.merge_cells(start_row=at, end_row=at, start_column=_CITED, end_column=last)
            _tall(sheet, at, ((item.heading, WIDEST - 4), ("\n".join(item.lines), across)))
        at += 1
    return rows


def _plainly(sheet: "Worksheet", at: int, lines: Iterable[str], across: int, last: int) -> int:
    """A line a row, as wide as the table; the row below them."""
    for line in lines:
        _put(sheet, at, _SHORT, told(line))
        sheet.merge_cells(start_row=at, end_row=at, start_column=_SHORT, end_column=last)
        _tall(sheet, at, [(line, across)])
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
    return [*means[:_CITED], *payers, means[-1]]


def _band(sheet: "Worksheet", row: int, text: str, last: int) -> None:
    for place in range(_SHORT, last + 1):
        sheet.cell(row, place).style = _style("section")
    _put(sheet, row, _SHORT, told(text), "section")


# --- what everything means ----------------------------------------------------------------------


def _definitions(
    book: "Workbook", styles: Styles, told_of: Mapping[str, Iterable[Meant]], margin: Margin
) -> None:
    """What every column and figure means; by it the next run knows which columns are ours."""
    rows = [
        (name.capitalize(), told(head), told(means))
        for name, columns in told_of.items()
        for head, means in columns
    ]
    rows += [("Definitions", name, one.means) for name, one in DEFINITIONS.items()]
    rows += [("figures", name, means) for name, means in MEANINGS.items()]
    _flat(book, styles, "definitions", tuple(DEFINITIONS), rows, margin)
