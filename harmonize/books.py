"""Workbooks as they come, opened within bounds; and what a spreadsheet can hold."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from harmonize.problems import Place, Problem, SpecError

ROWS: Final = 1_048_576  # rows of a sheet
LONGEST: Final = 32_767  # characters that a cell of a workbook holds
UNPACKED: Final = 256 << 20  # bytes that a workbook may unpack to
CELLS: Final = 2_000_000  # cells of a sheet, empty ones between them included
# What a cell begins with that a spreadsheet would run.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_OLD: Final = b"\xd0\xcf\x11\xe0"
_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OPENS: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def letters(place: int) -> str:
    """What a spreadsheet calls a column, counted from 0: A to Z, AA and so on."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def coded(text: str) -> str:
    """A text of which no part is taken for an escape of the format: `_x0041_` is five letters."""
    return _OPENS.sub("_x005F_", text)


def decoded(text: str) -> str:
    """A text with the characters that the escapes of the format stand for."""
    return _CODED.sub(lambda m: chr(int(m[1], 16)), text)


def opened(data: bytes, name: str, *, values: bool) -> Any:
    """A workbook with its formulas, or with the values that they came to; raises `SpecError`."""
    import openpyxl

    _check(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that say no value
            return openpyxl.load_workbook(io.BytesIO(data), data_only=values)
    except Exception:  # noqa: BLE001 - what a broken workbook raises is of many kinds
        message = "a workbook that cannot be read: open it, and save it anew as .xlsx"
        raise SpecError((Problem(Place(name, 1, 1), "HZ414", message),)) from None


def _check(data: bytes, name: str) -> None:
    start = Place(name, 1, 1)
    if data.startswith(_OLD):
        message = "an old or an encrypted workbook: save it as .xlsx without a password"
        raise SpecError((Problem(start, "HZ414", message),))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        message = "no workbook: save it as .xlsx, or as CSV and import that"
        raise SpecError((Problem(start, "HZ414", message),)) from None
    if size > UNPACKED:
        message = f"unpacks to more than {UNPACKED >> 20} MiB, the most that a workbook may be"
        raise SpecError((Problem(start, "HZ008", message),))


def held(sheet: Any) -> list[Any]:
    """The cells that hold a value or a comment, in the order of reading."""
    cells = sheet._cells  # noqa: SLF001 - the public ways make every empty cell between
    own = (cells[at] for at in sorted(cells))
    return [cell for cell in own if cell.value is not None or cell.comment is not None]


def used(sheet: Any, file: str) -> Iterator[tuple[Any, ...]]:
    """The rows down to the last cell that holds a value; raises `SpecError`."""
    found = [cell for cell in held(sheet) if cell.value is not None]
    rows = max((cell.row for cell in found), default=0)
    columns = max((cell.column for cell in found), default=0)
    if rows * columns > CELLS:
        place = Place(f"{file}[{sheet.title}]", rows, columns)
        message = f"a table of more than {CELLS:,} cells: clear what stands far outside it"
        raise SpecError((Problem(place, "HZ008", message),))
    if found:
        yield from sheet.iter_rows(min_row=1, max_row=rows, min_col=1, max_col=columns)
