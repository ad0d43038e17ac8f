"""What people wrote into a workbook of ours, read from its bytes."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from harmonize.books import held, opened, used
from harmonize.columns import SHEETS, keys
from harmonize.margins import Added, Line, Margin, Margins, Noted, numbered
from harmonize.problems import Place, Problem, SpecError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

SEARCHED: Final = 100  # rows in which the head of a sheet is looked for
_LABELS: Final = ("measure", "label")  # columns by which a person knows a row


def read(raw: bytes, named: str) -> Margins:
    """What people added; raises `SpecError` for what is not a workbook of ours."""
    formulas = _opened(raw, named, values=False)
    ours, audience = _defined(formulas, named)
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
        lost += _unkept(sheet, added[-1] if name not in sheets else sheets[name])
    lost += [f"chart sheet {sheet.title!r} is not kept" for sheet in formulas.chartsheets]
    hidden = frozenset(s.title.lower() for s in formulas.worksheets if s.sheet_state != "visible")
    return Margins(sheets, tuple(added), tuple(lost), audience, hidden)


def refused(named: str, why: str) -> SpecError:
    """A file that stays as it is, and why."""
    advice = "nothing was written; move the file away, or name another with -o"
    return SpecError((Problem(Place(named), "HZ405", f"a file of another kind: {why}; {advice}"),))


def _opened(raw: bytes, named: str, *, values: bool) -> "Workbook":
    try:
        book: Workbook = opened(raw, named, values=values)
    except SpecError as found:
        if found.problems[0].code == "HZ008":
            raise
        raise refused(named, "it cannot be read as a workbook") from None
    return book


def _defined(book: "Workbook", named: str) -> tuple[dict[str, Counter[str]], str]:
    """Our own columns by sheet and whom it was made for, as the workbook itself says."""
    found: dict[str, Counter[str]] = {}
    audience = ""
    for sheet in book.worksheets:
        if sheet.title.lower() != "definitions":
            continue
        rows = (tuple(_text(cell.value) for cell in row[:2]) for row in used(sheet, named))
        if next(rows, ()) != ("sheet", "name"):
            continue
        for where, name in rows:
            if where in book.sheetnames:
                found.setdefault(where.lower(), Counter())[name] += 1
            elif where == "audience":
                audience = audience or name
    return found, audience or "broker"


def _margin(
    sheet: "Worksheet", values: "Worksheet", ours: Counter[str], named: str, lost: list[str]
) -> Margin:
    from openpyxl.utils import get_column_letter

    name = sheet.title.lower()
    rows = list(used(sheet, named))
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
        filled = any(row[i].value is not None for row in below)
        if left[head]:
            left[head] -= 1
        elif head or filled:
            own.append(i)
    where = [heads.index(key) for key in keyed]
    label = next((heads.index(one) for one in _LABELS if one in heads), where[0])
    names = [tuple(_text(row[i].value) for i in where) for row in below]
    lines = []
    for row, key, (_, nth) in zip(below, names, numbered(names), strict=True):
        cells = tuple(_noted(row[i], values, sheet.title, lost) for i in own)
        if any(cells):
            lines.append(Line(key, _text(row[label].value), cells, nth))
    widths = tuple(float(sheet.column_dimensions[get_column_letter(i + 1)].width) for i in own)
    return Margin(tuple(heads[i] for i in own), widths, tuple(lines))


def _noted(
    cell: "Cell | MergedCell", values: "Worksheet", sheet: str, lost: list[str]
) -> Noted | None:
    """A cell beside our rows; a formula, which may not move with its row, as what it came to."""
    value = cell.value
    if value is None and cell.comment is None:
        return None
    if cell.data_type != "f":
        return Noted(_plain(value), cell.number_format, remark=_remark(cell))
    came_to = values[cell.coordinate].value
    how = "its text" if came_to is None else "its value"
    lost.append(f"formula {sheet}!{cell.coordinate} is kept as {how}")
    kept = str(_plain(value)) if came_to is None else came_to
    return Noted(kept, cell.number_format, remark=_remark(cell))


def _remark(cell: "Cell | MergedCell") -> tuple[str, str] | None:
    return (cell.comment.text, cell.comment.author or "") if cell.comment else None


def _added(sheet: "Worksheet", lost: list[str]) -> Added:
    """A sheet of plain cells; its formulas stay, for its rows do not move."""
    cells = {
        (cell.row, cell.column): Noted(
            _plain(cell.value), cell.number_format, cell.data_type == "f", _remark(cell)
        )
        for cell in held(sheet)
    }
    drawn = [*getattr(sheet, "_charts", ()), *getattr(sheet, "_images", ())]
    if drawn or sheet.merged_cells.ranges or sheet.conditional_formatting:
        lost.append(f"of sheet {sheet.title!r} the cells are kept, not how they look")
    if any(noted.formula for noted in cells.values()):
        lost.append(f"formulas of sheet {sheet.title!r} are kept: columns that they name may move")
    widths = {
        letter: float(one.width)
        for letter, one in sorted(sheet.column_dimensions.items())
        if one.customWidth
    }
    return Added(sheet.title, cells, widths)


def _unkept(sheet: "Worksheet", kept: Margin | Added) -> Iterator[str]:
    """How many comments and links of a sheet are in none of the cells that are kept."""
    cells = (
        [*kept.cells.values()]
        if isinstance(kept, Added)
        else [noted for line in kept.lines for noted in line.cells]
    )
    comments = sum(cell.comment is not None for cell in held(sheet))
    comments -= sum(noted is not None and noted.remark is not None for noted in cells)
    links = sum(cell.hyperlink is not None for cell in held(sheet))
    for number, what in ((comments, "comments"), (links, "links")):
        if number:
            yield f"{what} of sheet {sheet.title!r} are not kept: {number}"


def _plain(value: Any) -> Any:
    """A value without what only openpyxl understands, such as an array formula's own text."""
    return getattr(value, "text", value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
