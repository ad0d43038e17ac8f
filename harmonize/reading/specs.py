"""A measure spec as a whole, read into a `MeasureSet`; and all specs of a run, one for each payer.

What a text means is decided by the field that it stands in, never by how YAML would read it.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from harmonize.areas import Criterion
from harmonize.editions import year_of
from harmonize.measures import Measure
from harmonize.problems import Problem, SpecError
from harmonize.reading.measures import read_measures
from harmonize.reading.nodes import parse
from harmonize.reading.overlays import OpenBase, is_unclear, overlaid
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.sets import AREAS, MeasureSet
from harmonize.trees import Node, Pairs


def read_spec(text: str, file: str, open_base: OpenBase) -> tuple[MeasureSet, tuple[Problem, ...]]:
    """One file's measure set and what deserves a warning; raises `SpecError` with all problems."""
    problems: list[Problem] = []
    return read_root(overlaid(parse(text, file), file, open_base, problems), problems)


def read_root(
    root: Node, problems: Iterable[Problem] = ()
) -> tuple[MeasureSet, tuple[Problem, ...]]:
    """The same for what has been parsed, with the problems that were seen on the way."""
    teller = Teller(problems)
    found = _measure_set(teller, root)
    if found is None or teller.errors:
        raise SpecError(tuple(teller.problems))
    return found, tuple(sorted(teller.problems))


def read_specs(
    documents: Iterable[tuple[str, str]],
    open_base: OpenBase,
    roots: Iterable[Node] = (),
    *,
    editions: bool = False,
) -> tuple[tuple[MeasureSet, ...], tuple[Problem, ...]]:
    """All files, given as (file, text): sets by payer, and warnings; or one `SpecError` for all.

    `roots` are specs that have been imported.  With `editions` a payer may have a list for each
    year.
    """
    sets: list[MeasureSet] = []
    warnings: list[Problem] = []
    errors: list[Problem] = []
    waiting: list[Callable[[], tuple[MeasureSet, tuple[Problem, ...]]]] = [
        *(partial(read_spec, text, file, open_base) for file, text in documents),
        *(partial(read_root, root) for root in roots),
    ]
    for read in waiting:
        try:
            found, noted = read()
        except SpecError as error:
            errors.extend(error.problems)
        else:
            sets.append(found)
            warnings.extend(noted)
    errors += _doubled(sets, editions=editions)
    if errors:
        raise SpecError((*errors, *warnings))
    in_order = sorted(sets, key=lambda s: (s.payer, year_of(s)))
    return tuple(in_order), tuple(sorted(set(warnings)))


def _doubled(sets: Iterable[MeasureSet], *, editions: bool) -> Iterator[Problem]:
    """Lists of which nobody can tell one from the other."""
    first: dict[tuple[str, str], MeasureSet] = {}
    for one in sets:
        year = year_of(one) if editions else ""
        other = first.setdefault((one.payer.lower(), year), one)
        if other is one:
            continue
        place = one.where["payer"]
        here = place if place.file == one.place.file else one.place
        if editions:
            told = f"payer {one.payer!r} in {year}" if year else f"payer {one.payer!r}, no year,"
            message = f"{told} stands here and in {other.place}: give each its own year"
            yield Problem(here, "HZ571", message)
        else:
            message = f"payer {one.payer!r} stands here and in {other.place}: give each its own"
            if year_of(one) != year_of(other):
                message += "; for several years of one payer there is harmonize portfolio"
            yield Problem(here, "HZ011", message)


# --- one file -----------------------------------------------------------------------------------


def _measure_set(teller: Teller, node: Node) -> MeasureSet | None:
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{node.kind}, where a spec is a map of keys")
        return None
    if is_unclear(teller.problems):
        teller.unquoted = None
    teller.hide(node.get("visibility"))
    areas = [area for area in AREAS if node.get(area) is not None]
    if node.get("harmonize") is None:
        message = "no 'harmonize: 1' in this file: a spec begins with it"
        teller.wrong(node.place, "HZ202", message)
        if not areas and node.get("payer") is None:
            return None  # no spec at all: its keys mean something else
    values, where = read_fields(teller, MeasureSet, node, skip=("measures",))
    if values.get("harmonize", "1") != "1":
        version = values["harmonize"][:20]
        teller.wrong(where["harmonize"], "HZ210", f"format {version!r}: this program reads 1")
    if not areas:
        message = f"none of the areas stands here: give {', '.join(AREAS[:-1])} or {AREAS[-1]}"
        teller.wrong(node.place, "HZ202", message)
    measures: tuple[Measure, ...] | None = None
    listed = node.get("measures")
    if listed is not None:
        measures = read_measures(
            teller, listed, values.get("payer") or "", values.get("visibility") or {}
        )
    _unique(teller, values.get("participation") or ())
    if values.get("payer") is None or teller.errors:
        return None
    return MeasureSet(where={"": node.place, **where}, measures=measures, **values)


def _unique(teller: Teller, criteria: Iterable[Criterion]) -> None:
    """Tells of criteria with one id, as of measures."""
    seen: dict[str, Criterion] = {}
    for one in criteria:
        other = seen.setdefault(one.id, one) if one.id else one
        if other is not one:
            where = f"first in line {other.where[''].line}"
            message = f"this criterion's id stands here again, {where}: give each its own"
            teller.wrong(one.where["id"], "HZ208", message)
