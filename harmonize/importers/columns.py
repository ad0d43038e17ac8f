"""Where the table of a grid begins, and what each of its columns says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from harmonize.books import letters
from harmonize.grids import Cell, Grid, is_blank
from harmonize.headings import plain
from harmonize.importers.asking import Wanted
from harmonize.problems import Place, Problem, SpecError

DEEPEST: Final = 40  # rows in which the headings are looked for
_LONGEST: Final = 80  # characters of a heading that stands again further down
_FEW: Final = 20  # headings that a message names
_COUNTS: Final = "it only counts the rows"
_SEVERAL: Final = ("notes", "drop", "tick")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `field` is empty where nobody knows what it says, `how` is why it is known."""

    at: int
    heading: str
    place: Place
    field: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The row of the headings, counted from 0, and the columns under it."""

    row: int
    columns: tuple[Column, ...]

    def of(self, field: str) -> tuple[Column, ...]:
        """The columns that say one thing."""
        return tuple(c for c in self.columns if c.field == field)

    def counting(self) -> frozenset[int]:
        """Where the columns stand that only count the rows."""
        return frozenset(c.at for c in self.columns if c.how == _COUNTS)

    def score(self) -> int:
        """How many columns are understood."""
        return sum(bool(c.field) for c in self.columns)


def heads_again(row: tuple[Cell, ...], wanted: Wanted) -> tuple[Column, ...]:
    """What the columns under a row say, if it surely is a row of headings: two known, one a title.

    A heading that is only nearly a known one says nothing here, for cells of measures may be such.
    """
    known = {plain(k) for k in (*wanted.mapping, *wanted.ticks)} | wanted.headings.fields.keys()
    if sum(len(c.text) <= _LONGEST and plain(c.text) in known for c in row) < 2:
        return ()
    heard = (c for c in _columns(row, wanted) if c.field not in ("", "drop"))
    sure = tuple(c for c in heard if not c.how.startswith("like"))
    return sure if len(sure) > 1 and any(c.field == "title" for c in sure) else ()


def find_head(grid: Grid, wanted: Wanted) -> Head | None:
    """The row whose cells read as headings, a title among them; the first of equals."""
    heads = [
        Head(at, _columns(row, wanted))
        for at, row in enumerate(grid.rows[:DEEPEST])
        if not is_blank(row)
    ]
    found = [h for h in heads if h.of("title")]
    return max(found, key=lambda h: (h.score(), -h.row), default=None)


def table_of(grid: Grid, wanted: Wanted) -> Head:
    """The head of a grid that has one, everything asked of it settled; raises `SpecError`."""
    head = find_head(grid, wanted)
    if head is None:
        raise SpecError((_headless(grid),))
    known = [c.heading for c in head.columns]
    asked = (
        *(("--tick", name) for name in wanted.ticks),
        *((("--payer-column", wanted.payer_column),) if wanted.payer_column else ()),
    )
    problems = [
        Problem(Place(grid.name, head.columns[0].place.line, 1), "HZ411", _no_column(o, n, known))
        for o, n in asked
        if _named(n, known) is None
    ]
    if problems:
        raise SpecError(tuple(problems))
    columns = (*head.columns, *_beyond(grid, head))
    used = [c for c in columns if not _is_unused(grid, head, c)]
    return replace(head, columns=tuple(_counting(grid, head, c) for c in used))


def _beyond(grid: Grid, head: Head) -> Iterable[Column]:
    """Columns that rows have and the headings have not."""
    width = max((len(row) for row in grid.rows[head.row + 1 :]), default=0)
    row = grid.rows[head.row]
    return (Column(at, "", row[-1].place) for at in range(len(row), width))


def unfound(
    mapping: Iterable[str], grids: Iterable[Grid], heads: Iterable[Head | None]
) -> list[str]:
    """What is said of headings that were mapped and stand in no table.

    Where no row reads as headings, any of those in which they are looked for may hold them.
    """
    known: dict[str, None] = {}
    for grid, head in zip(grids, heads, strict=True):
        if head is not None:
            known |= dict.fromkeys(c.heading for c in head.columns)
        else:
            cells = (cell for row in grid.rows[:DEEPEST] for cell in row)
            known |= dict.fromkeys(" ".join(cell.text.split()) for cell in cells)
    here = [name for name in known if name]
    stated = set(map(plain, here))
    return [_no_column("--map", name, here) for name in mapping if plain(name) not in stated]


def _no_column(option: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1, 0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"here are {_listed(known)}"
    return f"{option}: no column {name!r}; {hint}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(repr(name[:40]) for name in names[:_FEW]) + more


def _headless(grid: Grid) -> Problem:
    first = next((row for row in grid.rows if not is_blank(row)), ())
    if not first:
        return Problem(Place(grid.name, 1, 1), "HZ007", "nothing stands here: a list has rows")
    shown = ", ".join(repr(c.text.strip()[:40]) for c in first[:12] if c.text.strip())
    message = (
        "no row of headings with one that means the title: "
        f'name it with --map "Their heading=title"; the first row has {shown}'
    )
    return Problem(first[0].place, "HZ402", message)


def _columns(row: tuple[Cell, ...], wanted: Wanted) -> tuple[Column, ...]:
    """The columns under a row, each field given once, to the heading that says it best."""
    texts = [" ".join(cell.text.split()) for cell in row]
    columns = [Column(at, t, row[at].place) for at, t in enumerate(texts)]
    asked: dict[str, str] = {plain(k): v for k, v in wanted.mapping.items()}
    ticks = {_named(name, texts) for name in wanted.ticks}
    payer = _named(wanted.payer_column, texts) if wanted.payer_column else None
    claims: list[tuple[int, int, int, str, str]] = []  # rank, place, column, field, how
    for column in columns:
        name = column.heading
        if not name:
            continue
        if name in ticks:
            claims.append((0, 0, column.at, "tick", "asked"))
        elif name == payer:
            claims.append((0, 0, column.at, "payer", "asked"))
        elif plain(name) in asked:
            claims.append((0, 0, column.at, asked[plain(name)], "asked"))
        elif heard := wanted.headings.hear(name):
            how = f"like {heard.like!r}" if heard.like else ""
            claims.append((2 if how else 1, heard.place, column.at, heard.field, how))
    taken: set[str] = set()
    for _, _, at, field, how in sorted(claims):
        several = field in _SEVERAL or field.startswith("ids.")
        if several or field not in taken:
            taken.add(field)
            columns[at] = replace(columns[at], field=field, how=how)
    return tuple(columns)


def _named(name: str, headings: list[str]) -> str | None:
    """The heading that somebody meant: the same, or the only one that begins so."""
    same = [h for h in headings if plain(h) == plain(name) and h]
    begun = [h for h in headings if plain(h).startswith(plain(name)) and h]
    if same:
        return same[0]
    return begun[0] if len(set(begun)) == 1 and plain(name) else None


def _counting(grid: Grid, head: Head, column: Column) -> Column:
    """A column headed as numbers, or not at all, is left out if it only counts the rows."""
    if column.how == "asked" or (column.heading and column.field != "drop"):
        return column
    below = (row[column.at].text for row in grid.rows[head.row + 1 :] if column.at < len(row))
    stated = (text.strip().removesuffix(".0") for text in below)
    numbers = [text for text in stated if text and plain(text) != plain(column.heading)]
    counts = any(numbers == [str(n + k) for n in range(len(numbers))] for k in (0, 1))
    return replace(column, field="drop", how=_COUNTS) if counts else replace(column, field="")


def _is_unused(grid: Grid, head: Head, column: Column) -> bool:
    """Whether nothing is written in a column that nobody asked for."""
    if column.field:
        return False
    below = (row for row in grid.rows[head.row + 1 :])
    return not any(column.at < len(row) and row[column.at].text.strip() for row in below)


def understood(head: Head, rest: str) -> list[str]:
    """A line for each column: their heading, our field, and why; `rest` is what befell others."""
    found = []
    names = [column.heading or letter(column.at) for column in head.columns]
    width = min(max(map(len, names)), 30)
    for name, column in zip(names, head.columns, strict=True):
        how = f" ({column.how})" if column.how else ""
        found.append(f"  {name:{width}} -> {column.field or rest}{how}")
    return found


def letter(at: int) -> str:
    """What a spreadsheet calls a column, counted from 0: Column A."""
    return f"Column {letters(at)}"


def mapping_of(heads: Iterable[Head], rest: str) -> Mapping[str, str]:
    """Heading -> field, as a mapping file holds it."""
    return {c.heading: c.field or rest for h in heads for c in h.columns if c.heading}
