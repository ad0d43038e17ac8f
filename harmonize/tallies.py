"""What is withheld, by whom; and, where a coalition has agreed on it, whether it is all the same.

From unredacted lists nothing is handed on but one word for each field, and only where so many
payers withhold it as was agreed and nobody's value is seen: with one value in view, agreement would
tell all the others.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from harmonize.fields import Info, Role, declared
from harmonize.knowledge import Knowledge
from harmonize.matters import Matter
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.positions import Held, agrees, key_of
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.terms import Term, terms

SAME: Final = {True: "agree", False: "differ"}


@dataclass(frozen=True, slots=True)
class Tally:
    """A field that payers that count withhold: of which concept or matter, and who they are.

    `agreement` is `agree`, `differ`, or empty where nothing is told.
    """

    concept: str
    label: str
    dimension: str
    attribute: str
    payers: tuple[str, ...]
    agreement: str = ""

    @property
    def told(self) -> str:
        """`3 withheld: agree`."""
        return f"{len(self.payers)} withheld: {self.agreement}" if self.agreement else ""


def tallies(
    rows: Iterable[Row],
    matters: Iterable[Matter],
    sets: Iterable[MeasureSet],
    knowledge: Knowledge,
    fewest: int | None = None,
) -> tuple[Tally, ...]:
    """Every field that payers that count withhold; `sets` are the same lists before redaction.

    Whether values agree is told from `fewest` payers on; `None`: never.
    """
    full = {one.payer: one for one in sets}
    counted = {one.payer for one in full.values() if one.counted}
    found = (*_of_measures(rows, full, counted), *_of_matters(matters, full, counted))
    return tuple(
        Tally(
            made.concept,
            made.label,
            made.dimension,
            made.attribute,
            made.payers,
            _agreement(info, made.attribute, held, knowledge)
            if fewest and not seen and len(made.payers) >= fewest
            else "",
        )
        for made, info, held, seen in found
    )


_Found = tuple[Tally, Info, tuple[tuple[Any, Any], ...], bool]


def _agreement(info: Info, name: str, told: Iterable[tuple[Any, Any]], knowledge: Knowledge) -> str:
    """Whether all agree; empty where that cannot be told of one of them."""
    held = [Held(who, value, key_of(info, name, value, knowledge)) for who, value in told]
    between = {agrees(info, a, b) for a, b in combinations(held, 2) if a.item.payer != b.item.payer}
    if None in between or any(h.value is None for h in held):
        return ""
    return SAME[False not in between]


def _of_measures(
    rows: Iterable[Row], full: Mapping[str, MeasureSet], counted: set[str]
) -> Iterator[_Found]:
    infos = declared(Measure)
    own = {m.ref: m for one in full.values() for m in one.measures or ()}
    for row in sorted(rows, key=lambda r: r.concept.id):
        members = row.concept.members
        held_back = frozenset().union(*(m.withheld for m in members))
        for name in (n for n in ATTRIBUTES if n in held_back):
            closed = [m for m in members if name in m.withheld and m.payer in counted]
            if not closed:
                continue
            seen = any(m.states(name) for m in members)
            tally = Tally(
                row.concept.id, row.concept.label, infos[name].dimension, name, _payers(closed)
            )
            told = tuple((own[m.ref], getattr(own[m.ref], infos[name].name)) for m in closed)
            yield tally, infos[name], told, seen or name == "rates"


def _of_matters(
    matters: Iterable[Matter], full: Mapping[str, MeasureSet], counted: set[str]
) -> Iterator[_Found]:
    for matter in matters:
        for point in matter.points:
            closed = [
                t for t in matter.terms if point.attribute in t.withheld and t.payer in counted
            ]
            if not closed:
                continue
            tally = Tally(matter.id, matter.label, matter.area, point.attribute, _payers(closed))
            told = tuple((t, _stated(t, matter, full[t.payer], point.info)) for t in closed)
            closed_to_us = point.info.role is not Role.ATTRIBUTE or matter.shut
            yield tally, point.info, told, bool(point.told or closed_to_us)


def _payers(closed: Iterable[Measure | Term]) -> tuple[str, ...]:
    return tuple(sorted({one.payer for one in closed}))


def _stated(term: Term, matter: Matter, one: MeasureSet, info: Info) -> Any:
    """What a payer states in a term that it has only one of; `None` where that is not so."""
    same = [
        t
        for t in terms(one, matter.area)
        if (t.matter == term.matter if term.matter else t.title == term.title)
    ]
    return same[0].value(info) if len(same) == 1 else None
