"""Gold crosswalks and bare lists, read from CSV with the place of every cell.

A cell becomes the same node as a value of a YAML spec, so that a list is read by the reader of
specs, and its problems have the line and column of the CSV.
"""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from harmonize.grids import Cell, is_blank, split
from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.reading.headings import shipped
from harmonize.reading.specs import read_root
from harmonize.sets import MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar

_COLUMNS: Final = {
    "list": "payer",
    "local_id": "id",
    "list_a": "payer_a",
    "id_a": "measure_a",
    "list_b": "payer_b",
    "id_b": "measure_b",
}
_PAIR: Final = ("payer_a", "measure_a", "payer_b", "measure_b")
_LIST: Final = ("payer", "id", "title")
_NOTES: Final = ("wording", "kind", "why")

Row = Mapping[str, Cell]


class Named(NamedTuple):
    """A row of a gold file: two items as `payer/id`, what is noted of them, and where they stand.

    `note` is the wording, the kind or the reason, whichever column there is.
    """

    left: str
    right: str
    note: str
    places: tuple[Place, Place]


def read_pairs(text: str, file: str) -> tuple[Named, ...]:
    """The pairs of a gold file; raises `SpecError` with all that is wrong with it."""
    problems: list[Problem] = []
    found = []
    for row in _rows(text, file, _PAIR):
        if _filled(row, _PAIR, problems):
            a, one, b, other = (row[name].text.strip() for name in _PAIR)
            note = next((row[n].text.strip() for n in _NOTES if n in row), "")
            places = (row["measure_a"].place, row["measure_b"].place)
            found.append(Named(f"{a}/{one}", f"{b}/{other}", note, places))
    if problems:
        raise SpecError(tuple(problems))
    return tuple(found)


def unknown(pairs: Iterable[Named], sets: tuple[MeasureSet, ...]) -> list[Problem]:
    """What of a gold file's pairs can be found in no list, or stands inside one."""
    ids = {s.payer: [m.id for m in s.measures or ()] for s in sets}
    refs = {f"{payer}/{one}" for payer, own in ids.items() for one in own}
    hints: dict[str, str] = {}
    problems: list[Problem] = []
    for pair in pairs:
        if len(problems) >= MOST:
            return [*problems, Problem(pair.places[0], "HZ113", TOO_MANY)]
        for ref, place in zip((pair.left, pair.right), pair.places, strict=True):
            if ref not in refs:
                hint = hints.get(ref) or hints.setdefault(ref, _hint(ref, ids))
                problems.append(Problem(place, "HZ010", f"no such measure: {hint}"))
        if pair.left.split("/", 1)[0] == pair.right.split("/", 1)[0]:
            message = f"both of {pair.left.split('/', 1)[0]!r}: a pair is of two lists"
            problems.append(Problem(pair.places[1], "HZ404", message))
    return problems


def _hint(ref: str, ids: Mapping[str, list[str]]) -> str:
    payer, one = ref.split("/", 1)
    if payer not in ids:
        near = get_close_matches(payer, ids, 1, 0.6)
        known = f"did you mean {near[0]!r}?" if near else f"here are {', '.join(sorted(ids))}"
        return f"{payer!r} is no list here; {known}"
    near = get_close_matches(one, ids[payer], 2, 0.5)
    known = f"did you mean {' or '.join(map(repr, near))}?" if near else "give the id of its list"
    return f"{payer!r} has no {one!r}; {known}"


def is_list(text: str, file: str) -> bool:
    """Whether a CSV file is meant as a list of measures: it has titles."""
    try:
        return any("title" in row for row in _table(text, file)[:1])
    except SpecError:
        return True  # whoever reads it says what is wrong


def read_lists(
    documents: Iterable[tuple[str, str]],
) -> tuple[tuple[MeasureSet, ...], tuple[Problem, ...]]:
    """The lists of CSV files, by payer, and warnings; or one `SpecError` for all files."""
    errors: list[Problem] = []
    warnings: list[Problem] = []
    sets: dict[str, MeasureSet] = {}
    for file, text in documents:
        try:
            roots = _roots(_rows(text, file, _LIST), errors)
        except SpecError as error:
            errors.extend(error.problems)
            continue
        for root in roots:
            try:
                one, noted = read_root(root)
            except SpecError as error:
                errors.extend(error.problems)
                continue
            warnings.extend(noted)
            other = sets.setdefault(one.payer.lower(), one)
            if other is not one:
                message = f"list {one.payer!r} stands here and in {other.place}: make it one file"
                errors.append(Problem(one.place, "HZ011", message))
    if errors:
        raise SpecError((*errors, *warnings))
    return tuple(sorted(sets.values(), key=lambda s: s.payer)), tuple(sorted(set(warnings)))


def _roots(rows: Iterable[Row], problems: list[Problem]) -> list[Node]:
    """A spec's root for each list that the rows name."""
    lists: dict[str, list[Row]] = {}
    for row in rows:
        if _filled(row, _LIST, problems):
            lists.setdefault(row["payer"].text.strip(), []).append(row)
    return [_root(own, problems) for own in lists.values()]


def _root(rows: list[Row], problems: list[Problem]) -> Node:
    payer = rows[0]["payer"]
    here = payer.place
    measures = Items(tuple(_measure(row, problems) for row in rows), here)
    pairs: tuple[tuple[Scalar, Node], ...] = (
        (Scalar("harmonize", here), Scalar("1", here)),
        (Scalar("payer", here), _plain(payer)),
        (Scalar("measures", here), measures),
    )
    return Pairs(pairs, here)


def _measure(row: Row, problems: list[Problem]) -> Node:
    """A row as the map that a spec would have; an empty cell is silence."""
    found = {name: _plain(row[name]) for name in ("id", "title")}
    for name in ("description", "steward", "measure_type"):
        if name in row and row[name].text.strip():
            found[name] = _plain(row[name])
    if "measure_type" in found:
        stated = found["measure_type"]
        found["measure_type"] = stated._replace(text=shipped().word("measure_type", stated.text))
    if "inverse" in row and row["inverse"].text.strip():
        stated = _plain(row["inverse"])
        way = shipped().word("inverse", stated.text)
        if way == stated.text:
            message = f"'inverse' is {stated.text[:60]!r}, wanted true, false or nothing"
            problems.append(Problem(stated.place, "HZ205", message))
        else:
            found["improvement_notation"] = stated._replace(text=way)
    place = row["id"].place
    return Pairs(tuple((Scalar(name, value.place), value) for name, value in found.items()), place)


def _plain(cell: Cell) -> Scalar:
    return Scalar(" ".join(cell.text.split()), cell.place)


# --- CSV ----------------------------------------------------------------------------------------


def _filled(row: Row, wanted: Collection[str], problems: list[Problem]) -> bool:
    """Whether no cell that is needed is empty."""
    empty = [name for name in wanted if not row[name].text.strip()]
    for name in empty:
        message = f"{name!r} is empty: every row needs {', '.join(wanted)}"
        problems.append(Problem(row[name].place, "HZ403", message))
    return not empty


def _rows(text: str, file: str, wanted: Collection[str]) -> list[Row]:
    """The rows below the header, by the names of their columns."""
    table = _table(text, file)
    head = [] if not table else list(table[0])
    missing = [name for name in wanted if name not in head]
    if missing:
        here = f"here are {', '.join(map(repr, head))}" if head else "the file is empty"
        others = {new: old for old, new in _COLUMNS.items()}
        names = ", ".join(f"{n!r} (or {others[n]!r})" if n in others else repr(n) for n in missing)
        raise SpecError((Problem(Place(file, 1, 1), "HZ402", f"no column {names}; {here}"),))
    return table[1:]


def _table(text: str, file: str) -> list[Row]:
    """Every row by column, the header first; columns go by one name, whatever they are called."""
    lines = [row for row in split(text.removeprefix("\ufeff"), file) if not is_blank(row)]
    if not lines:
        return []
    names = [_COLUMNS.get(c.text.strip().lower(), c.text.strip().lower()) for c in lines[0]]
    problems = []
    rows: list[Row] = []
    for cells in lines:
        if len(cells) > len(names):
            message = (
                f"{len(cells)} cells, where the header has {len(names)}: "
                "put a cell that holds a comma in quotes"
            )
            problems.append(Problem(cells[len(names)].place, "HZ401", message))
            continue
        last = cells[-1].place
        filled = [*cells, *(Cell("", last) for _ in names[len(cells) :])]
        rows.append(dict(reversed(list(zip(names, filled, strict=True)))))
    if problems:
        raise SpecError(tuple(problems))
    return [{name: rows[0][name] for name in dict.fromkeys(names)}, *rows[1:]]
