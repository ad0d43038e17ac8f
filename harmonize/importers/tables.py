"""Tables read into the roots of specs: one list, a list for each payer named, or a matrix."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from harmonize.books import letters
from harmonize.flattening import nested
from harmonize.grids import Cell, Grid
from harmonize.headings import info_of
from harmonize.importers.asking import Wanted
from harmonize.importers.cells import (
    checked,
    crossed,
    has_tick,
    is_silent,
    looks_ticked,
    spoilt,
    ticked,
    undecided,
)
from harmonize.importers.columns import Column, Head, mapping_of, table_of, understood, unfound
from harmonize.importers.lines import Tally, read_line, text_of
from harmonize.importers.rows import Line, Sorted, named, sort_rows
from harmonize.problems import Place, Problem, SpecError
from harmonize.sets import RESERVED
from harmonize.trees import Imported, Items, Node, Pairs, Scalar

_SPOTS: Final = 60  # places that one message names
_NO_ROW: Final = "no row below the headings is a measure"
_OWN_ID: Final = "ids.x-list"  # where a payer's own id stands that is on several of its rows


@dataclass(slots=True)
class _List:
    """A spec that grows row by row; `about` are the values of its own fields, as they came."""

    slug: str
    name: Scalar
    place: Place
    measures: list[dict[str, Node]] = field(default_factory=list)
    about: dict[str, dict[str, Node]] = field(default_factory=dict)

    def add(self, values: dict[str, Node], about: dict[str, Node]) -> None:
        """Takes what a row says of its measure, and of the list."""
        self.measures.append(values)
        for key, node in about.items():
            self.about.setdefault(key, {})[text_of(node)] = node


def read_tables(grids: tuple[Grid, ...], wanted: Wanted) -> Imported:
    """The specs of all tables, as far as they can be read, and all that cannot be imported."""
    heads, problems = _heads(grids, wanted)
    lists: dict[str, _List] = {}
    tally = Tally()
    notes, told, bare = [], [], []
    rest = "left out" if wanted.drop_unmapped else "notes"
    for grid, head in zip(grids, heads, strict=True):
        if head is None:
            continue
        rows = sort_rows(grid, head, wanted)
        problems += rows.problems
        if not rows.lines and not rows.problems:
            bare.append(Problem(Place(grid.name, 1, 1), "HZ002", _NO_ROW, "warning"))
        _read(grid, head, rows, wanted, lists, tally)
        notes += [f"{grid.name}:", *understood(head, rest), *(f"  {n}" for n in grid.notes)]
        if len(grids) > 1:
            told.append(f"{grid.name}: {_many(len(rows.lines), 'row')} in")
        told += [f"{grid.name}: {line}" for line in (rows.told(),) if line]
    problems += tally.problems
    if not problems and not any(one.measures for one in lists.values()):
        problems += [Problem(Place(g.name, 1, 1), "HZ002", _NO_ROW) for g in grids]
        bare = []
    specs = tuple(_root(one, tally) for one in lists.values() if one.measures)
    empty = [repr(one.slug) for one in lists.values() if not one.measures]
    told += [f"no measure for {', '.join(empty)}: no file"] if empty else []
    return Imported(
        specs=specs,
        warnings=(*tally.warnings, *_oddities(tally), *bare),
        counts=(*told, _counts(tally, lists.values(), heads, wanted)),
        notes=tuple(notes),
        mapping=tuple(
            mapping_of((h for h in heads if h), "drop" if wanted.drop_unmapped else "notes").items()
        ),
        problems=tuple(problems),
    )


def _heads(
    grids: tuple[Grid, ...], wanted: Wanted
) -> tuple[tuple[Head | None, ...], list[Problem]]:
    problems: list[Problem] = []
    heads: list[Head | None] = []
    for grid in grids:
        problems.extend(grid.spoilt)
        try:
            heads.append(table_of(grid, wanted))
        except SpecError as error:
            problems.extend(error.problems)
            heads.append(None)
    start = Place(grids[0].name, 1, 1)
    missing = unfound(wanted.mapping, grids, heads)
    problems += [Problem(start, "HZ411", message) for message in missing]
    return tuple(heads), problems


def _read(
    grid: Grid,
    head: Head,
    rows: Sorted,
    wanted: Wanted,
    lists: dict[str, _List],
    tally: Tally,
) -> None:
    """Adds the rows of one table to the lists that they belong to."""
    ticks, payers = head.of("tick"), head.of("payer")
    for column in ticks:
        _list(lists, column.heading, column.place, tally)
    tally.problems += _doubled(ticks)
    marks = [line.under(column.at) for line in rows.lines for column in ticks]
    cross = not checked(marks)
    tally.warnings += [*rows.warnings, *_crosses(marks, cross=cross), *_undecided(marks)]
    own = None
    if not ticks:
        tally.problems.extend(_unsettled(grid, head, rows, wanted, lists))
        if not wanted.payer_column:
            start = Place(grid.name, 1, 1)
            own = _list(lists, "", start, tally, by=wanted.slug or stem(grid.name))
    for line in rows.lines:
        tally.rows += 1
        values, about = read_line(line, head, wanted, tally)
        if "title" not in values:
            continue
        if ticks:
            for one, ticked_values in _tick(line, ticks, values, lists, wanted, tally, cross=cross):
                one.add(ticked_values, about)
        elif target := own or _named(line, payers[0], lists, tally):
            target.add(values, about)
    if own is not None and payers:
        stated = (x.under(payers[0].at) for x in rows.lines)
        first = next((cell for cell in stated if cell.text.strip()), None)
        own.name = Scalar(" ".join(first.text.split()), first.place) if first else own.name


def _named(line: Line, column: Column, lists: dict[str, _List], tally: Tally) -> _List | None:
    """The list that a row says it belongs to."""
    cell = line.under(column.at)
    if is_silent(cell):
        message = f"nothing under {column.heading!r}: whose row is this?"
        tally.problems.append(Problem(cell.place, "HZ403", message))
        return None
    name = " ".join(cell.text.split())
    return _list(lists, name, cell.place, tally)


def _list(lists: dict[str, _List], name: str, place: Place, tally: Tally, *, by: str = "") -> _List:
    """The list of a payer; two names that come to one slug are nobody's to tell apart."""
    slug = slug_of(by or name)
    found = lists.setdefault(slug, _List(slug, Scalar(name, place), place))
    if found.name.text.casefold() != name.casefold() and not by:
        told = (
            f"{name!r} and {found.name.text!r} ({found.name.place}) would both be called {slug!r}"
        )
        tally.problems.append(Problem(place, "HZ011", f"{told}: rename one"))
    return found


def _doubled(ticks: tuple[Column, ...]) -> Iterable[Problem]:
    """Columns of one heading: nobody can tell which of them is the payer's."""
    first: dict[str, Column] = {}
    for column in ticks:
        other = first.setdefault(column.heading.casefold(), column)
        if other is not column:
            message = (
                f"a second column is called {column.heading!r}, as at {other.place}: rename one"
            )
            yield Problem(column.place, "HZ413", message)


def _unsettled(
    grid: Grid, head: Head, rows: Sorted, wanted: Wanted, lists: dict[str, _List]
) -> Iterable[Problem]:
    """Why nobody can tell whose list a table is."""
    if marked := _marked(head, rows, wanted):
        told = ",".join(c.heading for c in marked)
        message = (
            f"{len(marked)} columns hold ticks: if they are payers, harmonize import with "
            f"--tick {told!r}; if not, keep them with --map {marked[0].heading + '=notes'!r}"
        )
        yield Problem(marked[0].place, "HZ413", message)
    if wanted.payer_column:
        return
    for column in head.of("payer"):
        names = {" ".join(x.under(column.at).text.split()) for x in rows.lines} - {""}
        if len(names) > 1:
            message = (
                f"{len(names)} payers stand under {column.heading!r}: harmonize import with "
                f"--payer-column {column.heading!r} makes a list of each"
            )
            yield Problem(column.place, "HZ413", message)
    name = slug_of(stem(grid.name))
    if not wanted.slug and name in lists:
        message = f"a second list called {name!r}: rename one, or --as makes them one list"
        yield Problem(Place(grid.name, 1, 1), "HZ011", message)


def _marked(head: Head, rows: Sorted, wanted: Wanted) -> list[Column]:
    """Columns of nobody knows what that hold ticks, if there are several."""
    found, any_tick = [], False
    for column in head.columns:
        cells = [line.under(column.at) for line in rows.lines]
        if not column.field and column.heading and looks_ticked(cells, wanted.headings):
            found.append(column)
            any_tick = any_tick or has_tick(cells)
    if not any_tick or len(found) < 2:
        return []
    # A payer whose cells say ages and words is one, too, if it has a tick and stands among them.
    return [
        column
        for column in head.columns
        if column in found
        or (
            not column.field
            and column.heading
            and found[0].at - 1 <= column.at <= found[-1].at + 1
            and has_tick(line.under(column.at) for line in rows.lines)
        )
    ]


# --- a matrix -----------------------------------------------------------------------------------


def _tick(
    line: Line,
    ticks: tuple[Column, ...],
    values: dict[str, Node],
    lists: dict[str, _List],
    wanted: Wanted,
    tally: Tally,
    *,
    cross: bool,
) -> Iterable[tuple[_List, dict[str, Node]]]:
    """A row in the lists of the payers under which something stands; a cross may be a tick."""
    seen = False
    for column in ticks:
        cell = line.under(column.at)
        if problem := spoilt(cell, "tick"):
            tally.problems.append(problem)
            continue
        found = ticked(cell, wanted.headings, cross=cross)
        if found is None:
            continue
        own = dict(values)
        if isinstance(found, tuple):
            own[found[0]] = found[1]
        elif found:
            tally.odd.setdefault((column.heading, "tick"), []).append(cell)
            before = own.get("notes")
            text = f"{column.heading}: {found}"
            text = f"{before.text}\n{text}" if isinstance(before, Scalar) else text
            own["notes"] = Scalar(text, cell.place)
        seen = True
        tally.ticks += 1
        yield lists[slug_of(column.heading)], own
    if not seen:
        tally.unticked.append(text_of(values["title"]))


def _undecided(marks: list[Cell]) -> Iterable[Problem]:
    """A warning for each cell that has nothing decided."""
    for cell in marks:
        if undecided(cell):
            message = (
                f"{' '.join(cell.text.split())[:60]!r} was read as not in the list: "
                "put an X where it is to count"
            )
            yield Problem(cell.place, "HZ415", message, "warning")


def _crosses(marks: list[Cell], *, cross: bool) -> Iterable[Problem]:
    """A warning that tells how crosses were read."""
    found = [cell for cell in marks if crossed(cell)]
    if found:
        why = "ticks, for no check mark stands here" if cross else "no, beside check marks"
        message = f"{found[0].text.strip()!r} ({_many(len(found), 'cell')}) was read as {why}"
        yield Problem(found[0].place, "HZ415", message, "warning")


# --- a list -------------------------------------------------------------------------------------


def _root(one: _List, tally: Tally) -> Pairs:
    place = one.place
    pairs: list[tuple[Scalar, Node]] = [
        (Scalar("harmonize", place), Scalar("1", place)),
        (Scalar("payer", place), Scalar(one.slug, one.name.place)),
    ]
    if one.name.text and one.name.text != one.slug:
        pairs.append((Scalar("name", one.name.place), one.name))
    for key, nodes in one.about.items():
        if len(nodes) == 1:
            node = next(iter(nodes.values()))
            pairs.append((Scalar(key, node.place), node))
        else:
            odd = [Cell(text, node.place) for text, node in nodes.items()]
            tally.odd.setdefault((key, "the whole list"), []).extend(odd)
    counts = Counter(text_of(m["id"]) for m in one.measures if "id" in m)
    measures = tuple(_measure(m, counts) for m in one.measures)
    pairs.append((Scalar("measures", place), Items(measures, place)))
    return Pairs(tuple(pairs), place)


def _measure(values: dict[str, Node], counts: Counter[str]) -> Pairs:
    """A row as the map that a spec has; an id that stands on several rows is no row's own."""
    own = dict(values)
    stated = own.get("id")
    if isinstance(stated, Scalar) and counts[stated.text] > 1:
        del own["id"]
        own[_OWN_ID] = stated._replace(remark=f"stands on {counts[stated.text]} rows of the list")
    return nested(own, values["title"].place)


def _oddities(tally: Tally) -> Iterable[Problem]:
    """A warning for each column of each file with words that its field cannot hold."""
    files: dict[tuple[str, str, str], list[Cell]] = {}
    for (heading, name), found in tally.odd.items():
        for cell in found:
            files.setdefault((cell.place.file, heading, name), []).append(cell)
    for (_, heading, name), cells in files.items():
        words = list(dict.fromkeys(" ".join(c.text.split()) for c in cells))
        shown = ", ".join(repr(w[:60]) for w in words[:3])
        more = f" and {len(words) - 3} more" if len(words) > 3 else ""
        where = f"{len(cells)} cells: {_stand(c.place for c in cells)}" if cells[1:] else "1 cell"
        if name == "tick":
            wanted = "a tick, ages, a time, a cut or a status"
        elif name == "the whole list":
            wanted = "one value for the whole list: left out"
        else:
            choices = info_of(name).choices if name != "inverse" else ("yes", "no")
            wanted = f"one of {', '.join(choices)}" if choices else f"a value for {name!r}"
        kept = "" if name == "the whole list" else ": kept in notes"
        kept += ", and counted as asked" if name == "tick" else ""
        message = f"{heading!r} holds {shown}{more} ({where}), wanted {wanted}{kept}"
        yield Problem(cells[0].place, "HZ311", message, "warning")


def _stand(places: Iterable[Place]) -> str:
    """Where cells of one file stand: `C3-C5, D4` in a sheet, `lines 3-5, 9` in a text."""
    once = sorted({(p.column if p.file.endswith("]") else 0, p.line) for p in places})
    runs: list[tuple[int, int, int]] = []  # column, first line and last
    for column, line in once:
        if runs and (column, line - 1) == (runs[-1][0], runs[-1][2]):
            runs[-1] = (column, runs[-1][1], line)
        else:
            runs.append((column, line, line))
    names = [(letters(column - 1) if column else "", low, high) for column, low, high in runs]
    shown = [f"{c}{low}-{c}{high}" if high > low else f"{c}{low}" for c, low, high in names]
    more = f" and {len(shown) - _SPOTS} more" if len(shown) > _SPOTS else ""
    front = "" if once[0][0] else "line " if len(once) == 1 else "lines "
    return f"{front}{', '.join(shown[:_SPOTS])}{more}"


def _counts(
    tally: Tally, lists: Iterable[_List], heads: Iterable[Head | None], wanted: Wanted
) -> str:
    """`16 rows, 32 ticks in; 32 measures out, 5 files; ids in titles: HEDIS 9; 0 dropped`."""
    filled = [one for one in lists if one.measures]
    out = sum(len(one.measures) for one in filled)
    is_matrix = any(h.of("tick") for h in heads if h)
    came = _many(tally.rows, "row") + (f", {_many(tally.ticks, 'tick')}" if is_matrix else "")
    parts = [f"{came} in", f"{_many(out, 'measure')} out, {_many(len(filled), 'file')}"]
    if tally.in_titles:
        found = ", ".join(f"{name} {n}" for name, n in sorted(tally.in_titles.items()))
        parts.append(f"ids in titles: {found}")
    if tally.unticked:
        count = _many(len(tally.unticked), "row")
        parts.append(f"{count} without a tick{named(tally.unticked)}")
    came_in = tally.ticks if is_matrix else tally.rows
    parts.append(f"{came_in - out} dropped")
    if wanted.drop_unmapped:
        left = [repr(c.heading) for h in heads if h for c in h.columns if not c.field]
        parts += [f"columns left out: {', '.join(dict.fromkeys(left))}"] if left else []
    return "; ".join(parts)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def stem(name: str) -> str:
    """The file of a grid without folder, suffix and sheet."""
    return PurePath(re.sub(r"\[.*\]$", "", name)).stem


def slug_of(text: str) -> str:
    """A text as the slug of a payer."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9._]+", "-", bare).strip("-._") or "list"
    return f"{found}-list" if found in RESERVED else found
