"""Workbooks (XLSX): their sheets as grids, and grids of texts as a workbook."""

import datetime as dt
import io
import re
from collections.abc import Iterable
from typing import Any, Final

from harmonize import books
from harmonize.books import CELLS, coded, decoded, opened, used
from harmonize.grids import Cell, Grid
from harmonize.problems import Place, Problem
from harmonize.trees import Source

LONGEST: Final = books.LONGEST


def read_workbook(source: Source) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The sheets of a workbook, and the names of the hidden ones; raises `SpecError`.

    Hidden sheets are among them.
    """
    written = opened(source.data, source.name, values=False)
    formulas = {sheet.title: _formulas(sheet, source.name) for sheet in written.worksheets}
    book = opened(source.data, source.name, values=True) if any(formulas.values()) else written
    # A program that reckons leaves results; where there is not one, none has reckoned.
    waiting = not any(
        book[title].cell(*at).value is not None for title, own in formulas.items() for at in own
    )
    grids = tuple(
        _grid(source.name, sheet, formulas[sheet.title] if waiting else frozenset())
        for sheet in book.worksheets
    )
    return grids, tuple(s.title for s in book.worksheets if s.sheet_state != "visible")


def _formulas(sheet: Any, file: str) -> frozenset[tuple[int, int]]:
    cells = (cell for row in used(sheet, file) for cell in row)
    return frozenset((cell.row, cell.column) for cell in cells if cell.data_type == "f")


def _grid(file: str, sheet: Any, waiting: frozenset[tuple[int, int]]) -> Grid:
    name = f"{file}[{sheet.title}]"
    origins = _merged(sheet)
    rows: list[tuple[Cell, ...]] = []
    spoilt: list[Problem] = []
    for row in used(sheet, file):
        cells = []
        for one in row:
            at = (one.row, one.column)
            top = origins.get(at, at)
            written = sheet.cell(*top)
            text, sort = _text(written)
            place = Place(name, *at)
            if written.data_type == "e" and at == top:
                spoilt.append(Problem(place, "HZ412", f"an error value, {text}"))
            if at in waiting:
                message = "a formula whose result is not in the file: open it and save it again"
                spoilt.append(Problem(place, "HZ412", message))
            cells.append(Cell(text, place, sort, Place(name, *top) if top != at else None))
        rows.append(tuple(cells))
    return Grid(name, tuple(rows), tuple(_hidden(sheet)), tuple(spoilt))


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Where the value of each merged cell was written."""
    found = {}
    for area in sheet.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > CELLS:
            continue
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                found[row, column] = (area.min_row, area.min_col)
    return found


def _hidden(sheet: Any) -> Iterable[str]:
    rows = sum(1 for one in sheet.row_dimensions.values() if one.hidden)
    columns = sum(
        (one.max or 0) - (one.min or 0) + 1
        for one in sheet.column_dimensions.values()
        if one.hidden
    )
    if rows or columns:
        yield f"hidden and imported like the others: rows {rows}, columns {columns}"


def _text(cell: Any) -> tuple[str, str]:
    """A value as a person sees it, and what sort it is."""
    value = cell.value
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return str(value).lower(), ""
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat(), "date"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat(), "date"
    if isinstance(value, dt.timedelta):
        return str(value), "date"
    return decoded(str(value)), ""


def _number(value: float, shape: str) -> tuple[str, str]:
    if "%" in shape:
        return f"{_short(round(value * 100, 9))}%", "percent"
    text = _short(value)
    if re.fullmatch(r"0+", shape) and text.isdigit():
        return text.zfill(len(shape)), "number"
    return text, "number"


def _short(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return f"{value:.15g}"


# --- out ----------------------------------------------------------------------------------------


def made(sheets: Iterable[tuple[str, list[list[str]]]]) -> bytes:
    """A workbook of texts, a frozen head on each sheet; nothing in it is a formula."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for at in range(max(map(len, rows), default=0)):
            longest = max(len(row[at]) for row in rows if at < len(row))
            name = get_column_letter(at + 1)
            sheet.column_dimensions[name].width = min(max(longest + 2, 10), 60)
        for number, row in enumerate(rows):
            cells = []
            for text in row:
                cell: Any = WriteOnlyCell(sheet, value=None)
                if text:
                    cell.value = coded(text)
                    cell.data_type = "s"
                    cell.number_format = "@"
                    cell.alignment = Alignment(vertical="top", wrap_text=len(text) > 60)
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
