"""Sheets of a workbook: cells that are only what they say, and what people wrote beside them."""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from harmonize.books import FORMULA, LONGEST, coded
from harmonize.margins import Added, Key, Line, Margin, Noted
from harmonize.render.text import visible
from harmonize.views import Cell

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

TALLEST: Final = 27  # lines of a row at most
LINE: Final = 15  # points of a line of text
_BORN: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - of every workbook: the clock has no part in it
_ZIPPED: Final = (1980, 1, 1, 0, 0, 0)
GONE: Final = "no longer in the comparison"
RED, AMBER, GREEN, GREY = "F8CBAD", "FFE699", "C6E0B4", "E7E6E6"


Styles = Mapping[str, "NamedStyle"]
"""How cells look, by what they are."""

# --- cells --------------------------------------------------------------------------------------


def named_styles(book: "Workbook") -> Styles:
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
        "fill": {"alignment": top, "fill": PatternFill("solid", "FFF8E1")},
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
    """Lines as one cell can hold them: nothing hides, nothing is an escape, and a cut is said."""
    shown = coded("\n".join(map(visible, lines)))
    if len(shown) <= LONGEST:
        return shown
    end = f" [cut here: {len(shown):,} characters]"
    return shown[: LONGEST - len(end)] + end


def put(sheet: "Worksheet", row: int, place: int, value: Cell, style: str = "text") -> None:
    """One cell; a number is a number, and a text a text whatever it begins with."""
    if value is None or value == "":
        return
    cell: Any = sheet.cell(row, place)
    if isinstance(value, str):
        cell.style = _style(style)
        as_text(cell, value)
    else:
        cell.style = _style("number")
        cell.value = value


def as_text(cell: Any, text: str) -> None:
    cell.value = text
    cell.data_type = "s"  # whatever it begins with
    if text.lstrip().startswith(FORMULA):
        cell.quotePrefix = True


def _note(sheet: "Worksheet", row: int, place: int, noted: Noted) -> None:
    """A cell that somebody wrote, as it was."""
    from openpyxl.comments import Comment

    cell: Any = sheet.cell(row, place)
    cell.style = _style("own")
    if isinstance(noted.value, str) and not noted.formula:
        as_text(cell, noted.value)
    else:
        cell.value = noted.value
    cell.number_format = noted.shown
    if noted.remark:
        cell.comment = Comment(*noted.remark)


def letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)


def set_height(
    sheet: "Worksheet", row: int, cells: Iterable[tuple[str, float]], most: int = TALLEST
) -> None:
    """A row as tall as its texts in columns of these widths: not every program finds out itself."""
    lines = (
        sum(ceil((len(line) + 1) / (width - 1)) for line in text.split("\n"))
        for text, width in cells
        if len(text) >= width - 1 or "\n" in text
    )
    sheet.row_dimensions[row].height = LINE * min(most, max((1, *lines)))


def set_widths(sheet: "Worksheet", widths: Iterable[float], first: int = 1) -> None:
    for place, width in enumerate(widths, start=first):
        sheet.column_dimensions[letter(place)].width = width


# --- books ----------------------------------------------------------------------------------------


def packed(book: "Workbook") -> bytes:
    """The same workbook as the same bytes: no clock and no user stands in them."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = book.properties.title = "harmonize"
    book.properties.created = book.properties.modified = _BORN
    loose, made = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, ZipFile(loose, "w", ZIP_STORED)).save()
    with ZipFile(loose) as parts, ZipFile(made, "w", ZIP_DEFLATED) as out:
        for part in parts.namelist():
            entry = ZipInfo(part, _ZIPPED)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            out.writestr(entry, parts.read(part))
    return made.getvalue()


# --- sheets -------------------------------------------------------------------------------------


def new_sheet(book: "Workbook", name: str, head: int, frozen: int) -> "Worksheet":
    """A sheet that prints in landscape, as wide as the paper, its head on every page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet: Worksheet = book.create_sheet(name.capitalize())
    sheet.freeze_panes = f"{letter(frozen)}{head + 1}"
    sheet.page_setup.orientation = "landscape"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = 0.5
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"
    sheet.HeaderFooter.oddFooter.center.text = f"{sheet.title}, page &P of &N"  # type: ignore[union-attr]
    return sheet


def join(sheet: "Worksheet", row: int, first: int, last: int) -> None:
    """Cells of a row as one; `merge_cells` holds each against all others, which takes for ever."""
    from openpyxl.worksheet.cell_range import CellRange

    one = CellRange(min_col=first, min_row=row, max_col=last, max_row=row)
    sheet.merged_cells.ranges.add(one)


def put_band(sheet: "Worksheet", row: int, first: int, last: int, text: str) -> None:
    """A heading across the columns."""
    for place in range(first, last + 1):
        sheet.cell(row, place).style = _style("section")
    put(sheet, row, first, told(text), "section")


def put_beside(
    sheet: "Worksheet",
    head: int,
    rows: Mapping[int, Key],
    margin: Margin,
    keyed: list[int],
    ours: int,
    label: int | None = None,
) -> int:
    """What people wrote, beside the rows that it is about; what is about none stands below.

    Tells the last column.
    """
    places = [ours + i for i, _ in enumerate(margin.heads, start=1)]
    for place, text, width in zip(places, margin.heads, margin.widths, strict=True):
        put(sheet, head, place, text or " ", "head")
        set_widths(sheet, [width], place)
    found, left = margin.beside(rows.values())
    at_rows = list(rows)
    for i, line in found.items():
        _noted(sheet, at_rows[i], places, line)
    if left:
        at = max((head, *at_rows, sheet.max_row)) + 2
        put(sheet, at, label or 1, GONE, "section")
        for at_line, line in enumerate(left, start=at + 1):
            for place, text in zip(keyed, line.key, strict=False):
                put(sheet, at_line, place, text)
            if label or len(keyed) == 1:
                put(sheet, at_line, label or keyed[0] + 1, line.label)
            _noted(sheet, at_line, places, line)
    return max((ours, *places))


def _noted(sheet: "Worksheet", row: int, places: Iterable[int], line: Line) -> None:
    for place, noted in zip(places, line.cells, strict=True):
        if noted:
            _note(sheet, row, place, noted)


def set_colours(
    sheet: "Worksheet", signals: tuple[tuple[str, str], ...], place: int, first: int, last: int
) -> None:
    """Colours by what a cell says; the words say it without them."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill

    for test, colour in signals:
        rule = FormulaRule(  # type: ignore[no-untyped-call]
            formula=[test.format(f"${letter(place)}{first}")],
            fill=PatternFill(bgColor=colour, fill_type="solid"),
            font=Font(bold=colour == RED),
        )
        sheet.conditional_formatting.add(f"{letter(place)}{first}:{letter(place)}{last}", rule)


def set_choices(
    sheet: "Worksheet", place: int, words: Iterable[str], rows: Iterable[tuple[int, int]]
) -> None:
    """A list to choose from in a column, in these spans of rows."""
    from openpyxl.worksheet.datavalidation import DataValidation

    one = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    one.errorTitle, one.error = "Another word", f"One of {', '.join(words)}"
    one.showErrorMessage = True
    for first, last in rows:
        one.add(f"{letter(place)}{first}:{letter(place)}{last}")
    if one.sqref.ranges:
        sheet.add_data_validation(one)


def copy_in(book: "Workbook", added: Added) -> None:
    """A sheet that people added, at the end."""
    sheet: Worksheet = book.create_sheet(added.name)
    for (row, place), noted in added.cells.items():
        _note(sheet, row, place, noted)
    for letter, width in added.widths.items():
        sheet.column_dimensions[letter].width = width
