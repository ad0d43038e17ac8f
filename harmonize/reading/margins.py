"""What people wrote into a workbook of ours, read from its bytes."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from harmonize.columns import SHEETS, keys
from harmonize.margins import Added, Line, Margin, Margins, Noted
from harmonize.problems import Place, Problem, SpecError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

SEARCHED: Final = 100  # rows in which the head of a sheet is looked for
_LABELS: Final = ("measure", "label")  # columns by which a person knows a row
# What openpyxl raises for what is no workbook, or half of one.
_BROKEN: Final = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
                  SyntaxError, EOFError, NotImplementedError)  # fmt: skip


def read(raw: bytes, named: str) -> Margins:
    """What people added; raises `SpecError` for what is not a workbook of ours."""
    formulas = _opened(raw, named, values=False)
    ours = _columns(formulas)
    if not ours:
        raise refused(named, "it was not made by harmonize compare, or its definitions are gone")
    values = _opened(raw, named, values=True)
    sheets: dict[str, Margin] = {}
    added: list[Added] = []
    lost: list[str] = []
    for sheet in formulas.worksheets:
        name = sheet.title.lower()
        if name in SHEETS and name in ours:
            sheets[name] = _margin(sheet, values[sheet.title], ours[name], named, lost)
        else:
            added.append(_added(sheet, lost))
    lost += [f"chart sheet {sheet.title!r} is not kept" for sheet in formulas.chartsheets]
    return Margins(sheets, tuple(added), tuple(lost), _audience(formulas))


def refused(named: str, why: str) -> SpecError:
    """A file that stays as it is, and why."""
    advice = "nothing was written; move the file away, or name another with -o"
    return SpecError((Problem(Place(named), "HZ405", f"a file of another kind: {why}; {advice}"),))


def _opened(raw: bytes, named: str, *, values: bool) -> "Workbook":
    from warnings import catch_warnings, simplefilter

    from openpyxl import load_workbook

    with catch_warnings():
        simplefilter("ignore")  # of extensions that openpyxl does not know
        try:
            return load_workbook(io.BytesIO(raw), data_only=values)
        except _BROKEN:
            raise refused(named, "it cannot be read as a workbook") from None


def _columns(book: "Workbook") -> dict[str, Counter[str]]:
    """Our own columns by sheet, as the workbook itself defines them."""
    found: dict[str, Counter[str]] = {}
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_col=2, values_only=True)
        if sheet.title.lower() == "definitions" and next(rows, None) == ("sheet", "name"):
            for where, name in rows:
                if _text(where) in book.sheetnames:
                    found.setdefault(str(where).lower(), Counter())[_text(name)] += 1
    return found


def _audience(book: "Workbook") -> str:
    """Whom the workbook was made for, as it says itself."""
    rows = (row for sheet in book.worksheets if sheet.title.lower() == "definitions"
            for row in sheet.iter_rows(max_col=2, values_only=True))  # fmt: skip
    return next((_text(name) for where, name in rows if where == "audience"), "broker")


def _margin(
    sheet: "Worksheet", values: "Worksheet", ours: Counter[str], named: str, lost: list[str]
) -> Margin:
    name = sheet.title.lower()
    rows = list(sheet.iter_rows())
    keyed = keys(name, tuple(ours))
    texts = (tuple(_text(cell.value) for cell in row) for row in rows[:SEARCHED])
    found = next(
        ((at, own) for at, own in enumerate(texts, 1) if set(keys(name, own)) == set(keyed)), None
    )
    if found is None:
        raise refused(named, f"sheet {sheet.title!r} has lost its head, or a column of ours")
    at, heads = found
    below = rows[at:]
    left = ours.copy()
    own: list[int] = []
    for i, head in enumerate(heads):
        if left[head]:
            left[head] -= 1
        elif head or any(row[i].value is not None for row in below):
            own.append(i)
    where = [heads.index(key) for key in keyed]
    label = next((heads.index(one) for one in _LABELS if one in heads), where[0])
    lines = []
    for row in below:
        cells = tuple(_noted(row[i], values, sheet.title, lost) for i in own)
        if any(cells):
            key = tuple(_text(row[i].value) for i in where)
            lines.append(Line(key, _text(row[label].value), cells))
    widths = tuple(float(sheet.column_dimensions[row_letter(i)].width) for i in own)
    return Margin(tuple(heads[i] for i in own), widths, tuple(lines))


def row_letter(place: int) -> str:
    """The letters of a column, counted from 0."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(place + 1)


def _noted(
    cell: "Cell | MergedCell", values: "Worksheet", sheet: str, lost: list[str]
) -> Noted | None:
    """A cell beside our rows; a formula, which may not move with its row, as what it came to."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type != "f":
        return Noted(_plain(value), cell.number_format)
    came_to = values[cell.coordinate].value
    how = "its text" if came_to is None else "its value"
    lost.append(f"formula {sheet}!{cell.coordinate} is kept as {how}")
    return Noted(str(_plain(value)) if came_to is None else came_to, cell.number_format)


def _added(sheet: "Worksheet", lost: list[str]) -> Added:
    """A sheet of plain cells; its formulas stay, for its rows do not move."""
    rows = tuple(_row(row) for row in sheet.iter_rows())
    drawn = [*getattr(sheet, "_charts", ()), *getattr(sheet, "_images", ())]
    if drawn or sheet.merged_cells.ranges or sheet.conditional_formatting:
        lost.append(f"of sheet {sheet.title!r} the cells are kept, not how they look")
    if any(noted and noted.formula for row in rows for noted in row):
        lost.append(f"formulas of sheet {sheet.title!r} are kept: columns that they name may move")
    widths = {
        letter: float(one.width)
        for letter, one in sorted(sheet.column_dimensions.items())
        if one.customWidth
    }
    return Added(sheet.title, rows, widths)


def _row(row: "tuple[Cell | MergedCell, ...]") -> tuple[Noted | None, ...]:
    def cells() -> Iterator[Noted | None]:
        for cell in row:
            if cell.value is None:
                yield None
            else:
                formula = cell.data_type == "f"
                yield Noted(_plain(cell.value), cell.number_format, formula)

    return tuple(cells())


def _plain(value: Any) -> Any:
    """A value without what only openpyxl understands, such as an array formula's own text."""
    return getattr(value, "text", value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
