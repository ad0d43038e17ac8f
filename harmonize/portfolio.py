"""Many lists at once, of many programmes and years: how much they share, by group and over time.

What counts as one measure is decided once, over all lists; a part of them is told in the same
measures.  References and internal lists are shown and are in no figure.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Final

from harmonize import crosswalk
from harmonize.concepts import Concept
from harmonize.editions import key_of, keyed, latest, year_of
from harmonize.evidence import MATCH_AT
from harmonize.figures import Figure
from harmonize.knowledge import Entry, Knowledge
from harmonize.measures import SYSTEMS, Measure
from harmonize.pace import Pace, unwatched
from harmonize.parts import HOMEGROWN, STANDARD, UNKNOWN, Edition, Held, Line, Part
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import MeasureSet
from harmonize.sharing import LISTS, tell
from harmonize.units import Unit, units
from harmonize.values import Nothing

NOT_STATED: Final = "not stated"
# What the study of 2013 called standard: endorsed by NQF, whose numbers are now CBE's, or HEDIS.
OF_2013: Final = ("cbe", "hedis")
# The samples that every figure is told of.
SAMPLES: Final[Mapping[str, str]] = {
    "all": "every list",
    "latest": "the latest edition of each programme",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The lists that say the same of themselves, or the measures of one sort."""

    axis: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a matrix."""

    matrix: str
    row: str
    column: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of the lists, told whole: figures, groups and matrices."""

    name: str
    part: Part
    figures: tuple[Figure, ...]
    groups: tuple[Group, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The whole answer; lists by key, measures by how many lists ask for them."""

    editions: tuple[Edition, ...]
    whole: Part
    samples: tuple[Sample, ...]

    @property
    def is_of_one_time(self) -> bool:
        """Whether each programme is here with one edition, so that the samples are the same."""
        return all(one.latest for one in self.editions if one.counted)


def portfolio(
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    sealed: Mapping[str, AbstractSet[str]] | None = None,
    match_at: float = MATCH_AT,
    pace: Pace = unwatched,
    rulings: Rulings = NO_RULINGS,
) -> Portfolio:
    """The portfolio of lists that have a key each; items go by `key/id`, in `sealed` too.

    `sealed` are fields by item that are not to be seen: silence there is not known to be one.
    """
    last = latest((s.payer, year_of(s)) for s in sets if s.counted)
    editions = tuple(
        sorted(
            (
                Edition(key_of(s), s.payer, year_of(s), (s.payer, year_of(s)) in last, keyed(s))
                for s in sets
            ),
            key=lambda e: e.key,
        )
    )
    own = tuple(one.list for one in editions)
    found = crosswalk.build(own, knowledge, match_at, pace, rulings)
    concepts = {c.id: c for c in found.concepts}
    counted = {one.key for one in editions if one.counted}
    counted_as = units(found, own)
    held = [_held(unit, concepts, counted, knowledge, sealed or {}) for unit in counted_as]
    home = {
        m.ref: one
        for unit, one in zip(counted_as, held, strict=True)
        for name in unit.concepts
        for m in concepts[name].members
    }
    domains = {m.ref: c.domain for c in found.concepts for m in c.members}
    between = ((p.left.payer, p.right.payer) for p in found.possible)
    whole = Part(
        tuple(one for one in editions if one.counted),
        tuple(_line(item, home, domains) for s in own if s.counted for item in _printed(s)),
        tuple(sorted(held, key=lambda h: (-len(h.asks), h.label, h.concept))),
        tuple(sorted(two for two in between if counted >= {*two} and two[0] != two[1])),
    )
    parts = {
        "all": whole,
        "latest": whole.of({one.key for one in whole.lists if one.latest}),
    }
    return Portfolio(editions, whole, tuple(_sample(name, parts[name]) for name in SAMPLES))


def _sample(name: str, part: Part) -> Sample:
    return Sample(name, part, tell(part), tuple(_groups(part)), tuple(_cells(part)))


# --- measures and lines -------------------------------------------------------------------------


def _held(
    unit: Unit,
    concepts: Mapping[str, Concept],
    counted: AbstractSet[str],
    knowledge: Knowledge,
    sealed: Mapping[str, AbstractSet[str]],
) -> Held:
    own = [concepts[name] for name in unit.concepts]
    items = [m for c in own for m in c.members if m.payer in counted]
    entries = [e for c in own if c.entry for e in _with_whole(c.entry, knowledge)]
    ids = {system for m in items for system in m.ids or ()}
    ids |= {system for entry in entries for system in entry.ids}
    origin = STANDARD if not ids.isdisjoint(SYSTEMS) else HOMEGROWN
    if origin == HOMEGROWN and any("ids" in sealed.get(m.ref, ()) for m in items):
        origin = UNKNOWN
    asks = frozenset(unit.asks)
    return Held(
        unit.concepts[0],
        unit.label,
        own[0].domain,
        _kind(items),
        origin,
        bool(entries),
        not ids.isdisjoint(OF_2013),
        asks,
        frozenset(m.payer for m in items if _is_modified(m)) & asks,
    )


def _with_whole(entry: Entry, knowledge: Knowledge) -> Iterable[Entry]:
    """The catalogue's entry, and that of the measure that it is a part of."""
    whole = knowledge.by_key.get(entry.whole or "")
    return (entry, whole) if whole else (entry,)


def _kind(items: Iterable[Measure]) -> str:
    """The type that most lists state; empty where two are stated as often, or none is."""
    said = {(m.payer, m.measure_type) for m in items if m.measure_type}
    votes: dict[str, int] = {}
    for _, kind in said:
        votes[kind] = votes.get(kind, 0) + 1
    most = [kind for kind, number in votes.items() if number == max(votes.values())]
    return most[0] if len(most) == 1 else ""


def _is_modified(item: Measure) -> bool:
    return item.modified is not None and not isinstance(item.modified, Nothing)


def _printed(one: MeasureSet) -> Iterable[Measure]:
    """The lines of a list; rates are beside them."""
    return (item for item in one.measures or () if item.rate_of is None)


def _line(item: Measure, home: Mapping[str, Held], domains: Mapping[str, str]) -> Line:
    """A line; one that is a part of another that its list prints may be no measure by itself."""
    held = home.get(item.ref)
    attached = item.assigned or ()
    printed = {s for s in item.ids or () if s in SYSTEMS and f"ids.{s}" not in attached}
    return Line(
        item.payer,
        held.domain if held else domains[item.ref],
        held.kind if held else item.measure_type or "",
        bool(printed) and "ids" not in attached,
        _is_modified(item),
    )


# --- groups and matrices ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Axis:
    """By what lists are put into groups, and what a list says there: one value, several or none."""

    name: str
    help: str
    says: Callable[[Edition], Iterable[str]]


def _stated(name: str) -> Callable[[Edition], Iterable[str]]:
    return lambda one: filter(None, (getattr(one.list, name),))


def uses(one: Edition) -> Iterable[str]:
    """Every use that one of its measures states, in order."""
    return sorted({use for m in one.list.measures or () for use in m.use or ()})


AXES: Final = (
    Axis("payer_type", "The type of payer that the list states.", _stated("payer_type")),
    Axis("line_of_business", "Its line of business.", _stated("line_of_business")),
    Axis("contract_type", "The type of contract that it is for.", _stated("contract_type")),
    Axis("use", "What it is used for: every use that one of its measures states.", uses),
    Axis("region", "Where it holds.", _stated("region")),
    Axis("year", "The year by which it is keyed.", lambda one: filter(None, (one.year,))),
)
FACETS: Final[Mapping[str, str]] = {
    "domain": "Domain of care, by the catalogue or by the words of the title.",
    "measure_type": "The type that most of the lists state that ask for the measure.",
}
_FACET: Final[Mapping[str, str]] = {"domain": "domain", "measure_type": "kind"}


def grouped(lists: Iterable[Edition], axis: Axis) -> Mapping[str, frozenset[str]]:
    """The keys of the lists by what they say; capitals and blanks tell no two groups apart."""
    keys: dict[str, set[str]] = {}
    spelt: dict[str, set[str]] = {}
    for one in lists:
        said = [" ".join(text.split()) for text in axis.says(one)]
        for text in said or [NOT_STATED]:
            keys.setdefault(text.casefold(), set()).add(one.key)
            spelt.setdefault(text.casefold(), set()).add(text)
    found = {min(spelt[text]): frozenset(own) for text, own in keys.items()}
    return dict(sorted(found.items(), key=lambda g: (g[0] == NOT_STATED, g[0])))


def _groups(part: Part) -> Iterable[Group]:
    for axis in AXES:
        for name, keys in grouped(part.lists, axis).items():
            yield Group(axis.name, name, tell(part.of(keys)))
    for facet, field in _FACET.items():
        names = {getattr(one, field) for one in (*part.held, *part.lines)}
        for name in sorted(names, key=lambda n: (not n, n)):
            yield Group(facet, name or NOT_STATED, tell(part.about(partial(_is, field, name))))


def _is(field: str, name: str, one: Held | Line) -> bool:
    return bool(getattr(one, field) == name)


def _cells(part: Part) -> Iterable[Cell]:
    by = {axis.name: grouped(part.lists, axis) for axis in AXES}
    for region, here in by["region"].items():
        for kind, own in by["payer_type"].items():
            if keys := here & own:
                inner = part.of(keys)
                for figure in (
                    Figure("lists", len(inner.lists), None, LISTS),
                    Figure("measures_listed", len(inner.lines), None, "lines printed"),
                    Figure("distinct_measures", len(inner.held), len(inner.lines), "measures"),
                ):
                    yield Cell("region_by_payer_type", region, kind, figure)
    yield from _years(part)
    for axis, groups in by.items():
        for one, other in combinations((g for g in groups if g != NOT_STATED), 2):
            yield from _between(part, axis, (one, groups[one]), (other, groups[other]))


def _years(part: Part) -> Iterable[Cell]:
    """What each edition prints, and how much of the programme's edition before it kept."""
    before: dict[str, Edition] = {}
    for one in sorted(part.lists, key=lambda e: (e.payer, e.year)):
        printed = sum(line.key == one.key for line in part.lines)
        year = one.year or NOT_STATED
        figure = Figure("measures_listed", printed, None, "lines printed")
        yield Cell("payer_by_year", one.payer, year, figure)
        if not printed:
            continue  # what it asks for is not known, so nothing is known to be dropped
        if last := before.get(one.payer):
            old = [h for h in part.held if last.key in h.asks]
            kept = sum(one.key in h.asks for h in old)
            unit = f"measures asked for in {last.year or NOT_STATED}"
            unit += "; this list is not whole" if one.list.is_partial else ""
            yield Cell("payer_by_year", one.payer, year, Figure("kept", kept, len(old), unit))
        before[one.payer] = one


def _between(
    part: Part,
    axis: str,
    one: tuple[str, frozenset[str]],
    other: tuple[str, frozenset[str]],
) -> Iterable[Cell]:
    """What two groups have in common, in measures and in domains; a list may be in both."""
    sides = [[h for h in part.held if h.asks & keys] for _, keys in (one, other)]
    for name, of, unit in (
        ("measures_of_both", "concept", "measures of either"),
        ("domains_of_both", "domain", "domains of either"),
    ):
        left, right = ({getattr(h, of) for h in side} for side in sides)
        if left | right:
            figure = Figure(name, len(left & right), len(left | right), unit)
            yield Cell(f"overlap_by_{axis}", one[0], other[0], figure)
