"""A spec as a workbook to edit, and such a workbook as a spec again."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from harmonize.fields import declared
from harmonize.flattening import Row, root_of, rows_of, steps_of
from harmonize.grids import Cell, Grid
from harmonize.headings import Headings
from harmonize.importers.cells import said
from harmonize.importers.workbooks import LONGEST, made
from harmonize.measures import Measure
from harmonize.problems import Problem, SpecError
from harmonize.sets import MeasureSet
from harmonize.trees import Imported, Pairs, Scalar

MEASURES: Final = "measures"  # names of the two sheets
ABOUT: Final = "payer"
_HEAD: Final = ("key", "value")
ROW: Final = "row"  # the column that tells a rate from a measure
_RATE: Final = "rate"
# What no cell shows, and what would be taken for it, stands as \u{202E}.
_UNSEEN: Final = re.compile(r"\\u\{([0-9A-F]{1,6})\}")


def workbook_of(root: Pairs) -> bytes:
    """A row for each measure and rate, a column for each field in use; the list's own facts aside.

    Raises `SpecError` for a text that no cell holds.
    """
    about, rows = rows_of(root)
    for path, one in (*about.items(), *(p for row in rows for p in row.values.items())):
        if len(_shown(one.text)) > LONGEST:
            message = f"{path!r} is longer than the {LONGEST:,} characters that a cell holds"
            raise SpecError((Problem(one.place, "HZ112", message),))
    paths = sorted({p for row in rows for p in row.values}, key=_order)
    marked = any(row.is_rate for row in rows)
    table = [[*((ROW,) if marked else ()), *paths]]
    for row, head in zip(rows, _parents(rows), strict=True):
        texts = {path: _shown(one.text) for path, one in row.values.items()}
        if row.is_rate:
            texts["id"] = f"{head}/{texts.get('id', '')}"
        kind = (_RATE if row.is_rate else "measure",) if marked else ()
        table.append([*kind, *(texts.get(path, "") for path in paths)])
    facts = [list(_HEAD), *([path, _shown(one.text)] for path, one in about.items())]
    return made(((MEASURES, table), (ABOUT, facts)) if rows else ((ABOUT, facts),))


def _parents(rows: Iterable[Row]) -> Iterable[str]:
    """The id of the measure that each row is or belongs to, as the sheet shows it."""
    parent = ""
    for row in rows:
        if not row.is_rate:
            parent = _shown(row.values["id"].text) if "id" in row.values else ""
        yield parent


def _order(path: str) -> tuple[int, list[tuple[int, str]]]:
    """Fields in the order of their declaration, one of a list by its number."""
    steps = steps_of(path) or (path,)
    order = list(declared(Measure))
    first = order.index(str(steps[0])) if steps[0] in order else len(order)
    return first, [(s, "") if isinstance(s, int) else (0, s) for s in steps[1:]]


def is_spec(grids: Iterable[Grid]) -> bool:
    """Whether a workbook is one that a spec was written to."""
    for grid in grids:
        if grid.name.endswith(f"[{ABOUT}]") and grid.rows:
            return tuple(c.text.strip().lower() for c in grid.rows[0][:2]) == _HEAD
    return False


def read_sheets(grids: Iterable[Grid], file: str, headings: Headings) -> Imported:
    """The spec of such a workbook, with the columns that somebody has added in the notes."""
    named = {grid.name.removeprefix(file).strip("[]"): grid for grid in grids}
    spoilt = tuple(p for title in (MEASURES, ABOUT) if title in named for p in named[title].spoilt)
    if spoilt:
        raise SpecError(spoilt)
    about = {
        row[0].text.strip(): _scalar(row[1])
        for row in named[ABOUT].rows[1:]
        if len(row) > 1 and row[0].text.strip() and row[1].text.strip()
    }
    rows, unknown = _rows(named[MEASURES], headings) if MEASURES in named else ([], ())
    known = declared(MeasureSet)
    wrong = [p for p in about if (steps_of(p) or ("",))[0] not in known]
    if wrong:
        raise SpecError(
            tuple(Problem(about[p].place, "HZ201", f"unknown key {p[:60]!r}") for p in wrong)
        )
    counted = sum(not row.is_rate for row in rows)
    rates = len(rows) - counted
    count = f"{len(rows)} rows in; {counted} measures and {rates} rates out, 1 file; 0 dropped"
    notes = [f"{file}: a spec written by harmonize sheet"]
    if unknown:
        notes.append(f"  kept in notes: {', '.join(map(repr, unknown))}")
    root = root_of(about, rows, named[ABOUT].rows[0][0].place)
    return Imported(specs=(root,), counts=(count,), notes=tuple(notes), whole=True)


def _rows(grid: Grid, headings: Headings) -> tuple[list[Row], tuple[str, ...]]:
    if not grid.rows:
        return [], ()
    paths = [cell.text.strip() for cell in grid.rows[0]]
    known = {p for p in paths if p == ROW or (steps_of(p) or ("",))[0] in declared(Measure)}
    rows: list[Row] = []
    for cells in grid.rows[1:]:
        values = {
            path: _cell(path, cell, headings)
            for path, cell in zip(paths, cells, strict=False)
            if path in known and cell.text.strip()
        }
        kind = values.pop(ROW, None)
        extra = [
            f"{path}: {_written(cell.text.strip())}"
            for path, cell in zip(paths, cells, strict=False)
            if path and path not in known and cell.text.strip()
        ]
        if extra:
            before = [values["notes"].text] if "notes" in values else []
            values["notes"] = Scalar("\n".join((*before, *extra)), cells[0].place)
        if values:
            is_rate = kind is not None and kind.text.strip().lower() == _RATE
            rows.append(Row(values, is_rate))
    return _grouped(rows), tuple(p for p in dict.fromkeys(paths) if p and p not in known)


def _grouped(rows: list[Row]) -> list[Row]:
    """Each rate behind its measure, wherever somebody has sorted it to, and called by its own id.

    Its measure is the one whose id it begins with, or that above it.
    """
    groups: list[list[Row]] = []
    by_id: dict[str, list[Row]] = {}
    rates: list[tuple[Row, list[Row]]] = []  # with the group above
    at: list[Row] = []
    for row in rows:
        if row.is_rate:
            rates.append((row, at))
            continue
        at = [row]
        groups.append(at)
        by_id.setdefault(_id_of(row), at)
    for row, above in rates:
        homes = [p for p in by_id if p and _id_of(row).startswith(f"{p}/")]
        group = above
        if homes and not (above and _id_of(above[0]) in homes):
            group = by_id[max(homes, key=len)]
        if not group:  # nobody's rate
            groups.append([Row(row.values)])
            continue
        group.append(Row(_without_parent(row.values, _id_of(group[0])), is_rate=True))
    return [row for group in groups for row in group]


def _id_of(row: Row) -> str:
    return row.values["id"].text if "id" in row.values else ""


def _without_parent(values: Mapping[str, Scalar], parent: str) -> dict[str, Scalar]:
    """A rate's own id, without that of its measure."""
    own = dict(values)
    if "id" in own:
        one = own["id"]
        own["id"] = one._replace(text=one.text.removeprefix(f"{parent}/"))
        if not own["id"].text:
            del own["id"]
    return own


def _cell(path: str, cell: Cell, headings: Headings) -> Scalar:
    """A cell's text; a number that somebody typed over an identifier has its zeros again."""
    if cell.sort == "number" and path.startswith("ids."):
        found = said(path, cell, headings)
        if isinstance(found, Scalar):
            return found
    return _scalar(cell)


def _scalar(cell: Cell) -> Scalar:
    return Scalar(_written(cell.text), cell.place)


def _shown(text: str) -> str:
    """A text with all that no cell shows written out."""
    out = text.replace("\\u{", "\\u{5C}u{")
    if out and (out[0].isspace() or out[-1].isspace()):
        out = "".join(_code(c) if c.isspace() else c for c in out)
    return "".join(c if c.isprintable() or c == "\n" else _code(c) for c in out)


def _code(character: str) -> str:
    return f"\\u{{{ord(character):X}}}"


def _written(text: str) -> str:
    return _UNSEEN.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) < 0x110000 else m[0], text)
