"""Workbooks (XLSX): their sheets as grids, and grids of texts as a workbook."""

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

from harmonize.grids import Cell, Grid
from harmonize.problems import Place, Problem, SpecError
from harmonize.trees import Source

UNPACKED: Final = 256 << 20  # bytes that a workbook may unpack to
CELLS: Final = 2_000_000  # cells of a sheet, empty ones between them included
LONGEST: Final = 32_767  # characters that a cell of a workbook holds
_OLD: Final = b"\xd0\xcf\x11\xe0"
_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_workbook(source: Source) -> tuple[tuple[Grid, ...], tuple[str, ...]]:
    """The sheets of a workbook, and the names of the hidden ones; raises `SpecError`.

    Hidden sheets are among them.
    """
    _checked(source)
    written = _opened(source, data_only=False)
    formulas = {sheet.title: _formulas(sheet, source.name) for sheet in written.worksheets}
    book = _opened(source, data_only=True) if any(formulas.values()) else written
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
    cells = (cell for row in _used(sheet, file) for cell in row)
    return frozenset((cell.row, cell.column) for cell in cells if cell.data_type == "f")


def _checked(source: Source) -> None:
    start = Place(source.name, 1, 1)
    if source.data.startswith(_OLD):
        message = "an old or an encrypted workbook: save it as .xlsx without a password"
        raise SpecError((Problem(start, "HZ414", message),))
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        message = "no workbook: save it as .xlsx, or as CSV and import that"
        raise SpecError((Problem(start, "HZ414", message),)) from None
    if size > UNPACKED:
        message = f"unpacks to more than {UNPACKED >> 20} MiB, the most that a workbook may be"
        raise SpecError((Problem(start, "HZ008", message),))


def _opened(source: Source, *, data_only: bool) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that say no value
            return openpyxl.load_workbook(io.BytesIO(source.data), data_only=data_only)
    except Exception:  # noqa: BLE001 - what a broken workbook raises is of many kinds
        message = "a workbook that cannot be read: open it, and save it anew as .xlsx"
        raise SpecError((Problem(Place(source.name, 1, 1), "HZ414", message),)) from None


def _used(sheet: Any, file: str) -> Iterator[tuple[Any, ...]]:
    """The rows down to the last cell that holds something."""
    held = [at for at, cell in sheet._cells.items() if cell.value is not None]  # noqa: SLF001 - the public ways make every empty cell between
    rows, columns = (max((at[i] for at in held), default=0) for i in (0, 1))
    if rows * columns > CELLS:
        place = Place(f"{file}[{sheet.title}]", rows, columns)
        message = f"a table of more than {CELLS:,} cells: clear what stands far outside it"
        raise SpecError((Problem(place, "HZ008", message),))
    if held:
        yield from sheet.iter_rows(min_row=1, max_row=rows, min_col=1, max_col=columns)


def _grid(file: str, sheet: Any, waiting: frozenset[tuple[int, int]]) -> Grid:
    name = f"{file}[{sheet.title}]"
    origins = _merged(sheet)
    rows: list[tuple[Cell, ...]] = []
    spoilt: list[Problem] = []
    for row in _used(sheet, file):
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
    return _CODED.sub(lambda m: chr(int(m[1], 16)), str(value)), ""


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
                    cell.value = _CODED.sub(lambda m: f"_x005F{m[0]}", text)
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
