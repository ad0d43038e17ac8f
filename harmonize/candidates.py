"""Measures that may come into a core: who asks, who would have to change what, and our score.

A candidate is what is counted as one measure and some payer that counts asks for.  What is not
stated is not known: it covers nobody, agrees with nobody and tops out nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from statistics import median
from typing import Final

from harmonize.audience import Published
from harmonize.decided import decided
from harmonize.divergence import Divergence
from harmonize.fields import spoken
from harmonize.knowledge import words
from harmonize.measures import Measure
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.scores import Marked
from harmonize.slots import inferred_ages
from harmonize.units import Unit
from harmonize.values import UNITS, Ages, Share
from harmonize.wishes import TOPPED_OUT_AT, Points, Wish, points

# Words of a title by which a measure is about women.
_WOMEN: Final = frozenset(
    ["women", "woman", "female", "females", "maternal", "maternity", "pregnant", "pregnancy",
     "prenatal", "postpartum", "perinatal", "cervical"]
)  # fmt: skip
_YEAR: Final = UNITS["year"]
_OLDER: Final = Ages(65 * _YEAR, None, "65+")
_ADULTS: Final = Ages(18 * _YEAR, 65 * _YEAR, "18-64")
# Programmes for children go on to the age of 21 (42 CFR 440.40(b), EPSDT).
_GROWN: Final = 21 * _YEAR


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that is open: `payers` state something else than most who state anything.

    `to` is what most state; where as many stand for several, it holds those, and who would have to
    change is not said: `payers` are then all who differ.  Each payer comes with what it states.
    """

    attribute: str
    severity: str
    to: tuple[str, ...]
    payers: tuple[tuple[str, str], ...]

    @property
    def tied(self) -> bool:
        """Whether nobody can say who has to change."""
        return len(self.to) > 1


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score."""

    told: str
    points: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is counted as one measure, as a core could hold it.

    `has` are the payers that ask for it, `within` those that have it as a rate of another measure,
    `adopt` those that would have to take it up, `unknown` those whose list is not the whole,
    `outside` those out of whose scope it is; `perhaps` are measures of those that would have to
    adopt it which may be it already, for nobody has settled the match; `akin` are measures of
    theirs in the same family.  `justified` are differences that somebody has said to stay.
    """

    unit: Unit
    domain: str
    types: tuple[str, ...]
    populations: frozenset[str]
    has: tuple[str, ...]
    within: tuple[str, ...]
    adopt: tuple[str, ...]
    unknown: tuple[str, ...]
    outside: tuple[str, ...]
    perhaps: tuple[str, ...]
    akin: tuple[str, ...]
    changes: tuple[Change, ...]
    justified: tuple[str, ...]
    topped_out: str
    decision: str
    marked: Marked | None
    score: int
    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        """The first of its concepts, by which people and files name it."""
        return self.unit.concepts[0]

    @property
    def label(self) -> str:
        """What it is called."""
        return self.unit.label

    @property
    def could(self) -> tuple[str, ...]:
        """The payers that ask for it or could: all out of whose scope it is not."""
        return (*self.has, *self.within, *self.adopt, *self.unknown)

    @property
    def type(self) -> str:
        """The type that most state who ask for it; empty where none is or where several tie."""
        return self.types[0] if len(self.types) == 1 else ""


def candidates(
    published: Published, wish: Wish, marked: Mapping[str, Marked] | None = None
) -> tuple[Candidate, ...]:
    """Every measure that somebody asks for, by label; `marked` by the id of the candidate."""
    report = published.report
    rows = {row.concept.id: row for row in report.rows}
    perhaps = _perhaps(report)
    made = [
        _candidate(report, unit, [rows[name] for name in unit.concepts], perhaps, wish,
                   (marked or {}).get(unit.concepts[0]))
        for unit in report.units
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (one.label, one.id)))


def _candidate(
    report: Report,
    unit: Unit,
    rows: list[Row],
    perhaps: Mapping[str, tuple[str, ...]],
    wish: Wish,
    marked: Marked | None,
) -> Candidate:
    payers = report.counted
    outside = frozenset.intersection(*(row.outside for row in rows))
    members = [m for row in rows for m in row.concept.members]
    holding = {m.payer for m in members}
    within = tuple(p.payer for p in payers if p.payer in holding - {*unit.asks})
    without = [p for p in payers if p.payer not in holding | outside]
    adopt = tuple(p.payer for p in without if not p.is_open)
    own = [m for m in members if m.payer in unit.asks]
    found = [d for row in rows for d in row.differences]
    open_ = [d for d in found if d.open]
    topped_out = _topped_out(own, wish)
    parts = _parts(len(unit.asks), open_, topped_out, marked, points(wish))
    refs = {m.ref for m in members}
    also = {ref for mine in refs for ref in perhaps.get(mine, ())} - refs
    family = {m.ref for c in rows[0].family.concepts for m in c.members if m.rate_of is None}
    told = dict.fromkeys(text for row in rows if (text := decided(row)))
    return Candidate(
        unit=unit,
        domain=rows[0].concept.domain,
        types=_types(own),
        populations=_populations(own),
        has=unit.asks,
        within=within,
        adopt=adopt,
        unknown=tuple(p.payer for p in without if p.is_open),
        outside=tuple(p.payer for p in payers if p.payer in outside),
        perhaps=_of(adopt, also),
        akin=_of(adopt, family - also),
        changes=tuple(change for d in open_ if (change := _change(d, {*unit.asks, *within}))),
        justified=tuple(d.attribute for d in found if d.asks and d.justified),
        topped_out=topped_out,
        decision="; ".join(told),
        marked=marked,
        score=sum(part.points for part in parts),
        parts=parts,
    )


def _of(payers: Iterable[str], refs: Iterable[str]) -> tuple[str, ...]:
    """The measures of these payers."""
    who = {*payers}
    return tuple(sorted(ref for ref in refs if ref.partition("/")[0] in who))


def _perhaps(report: Report) -> dict[str, tuple[str, ...]]:
    """Of each item, those that may be the same measure."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in report.crosswalk.possible:
        for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
            found[one.ref] = (*found.get(one.ref, ()), other.ref)
    return found


# --- what it is about ---------------------------------------------------------------------------


def _types(own: Iterable[Measure]) -> tuple[str, ...]:
    """The types that most payers state; several where as many state each."""
    said: dict[str, set[str]] = {}
    for item in own:
        if item.measure_type:
            said.setdefault(item.measure_type, set()).add(item.payer)
    most = max(map(len, said.values()), default=0)
    return tuple(sorted(kind for kind, payers in said.items() if len(payers) == most))


def _populations(own: Iterable[Measure]) -> frozenset[str]:
    """Whom it is about for every payer that says so, by stated ages and sex or else the title."""
    by_payer: dict[str, set[str]] = {}
    women: dict[str, bool] = {}
    for item in own:
        ages = item.ages if isinstance(item.ages, Ages) else None
        if ages is None and item.ages is None:
            ages = inferred_ages(item)
        if ages:
            by_payer.setdefault(item.payer, set()).update(_of_ages(ages))
        if item.sex:
            women[item.payer] = bool({*words(item.sex)} & _WOMEN) or women.get(item.payer, False)
        elif {*words(f"{item.context or ''} {item.title}")} & _WOMEN:
            women[item.payer] = True
    found = frozenset.intersection(*map(frozenset, by_payer.values())) if by_payer else frozenset()
    return found | ({"women"} if women and all(women.values()) else set())


def _of_ages(ages: Ages) -> set[str]:
    """Ages that begin below 18 and end with those of children's programmes are children's."""
    grown = ages.low >= _ADULTS.low or ages.high is None or ages.high > _GROWN + _YEAR
    told = {
        "children": ages.low < _ADULTS.low,
        "adults": grown and ages.overlaps(_ADULTS),
        "older adults": ages.overlaps(_OLDER),
    }
    return {name for name, so in told.items() if so}


def _topped_out(own: Iterable[Measure], wish: Wish) -> str:
    """That the median of the rates which payers state leaves no room, in words; else nothing.

    Rates of one direction only are taken together, and none whose direction is not stated.
    """
    at = wish.topped_out_at.number if wish.topped_out_at else TOPPED_OUT_AT
    rates: dict[str, list[Fraction]] = {}
    for item in own:
        value = item.performance.value if item.performance else None
        if isinstance(value, Share) and item.improvement_notation:
            rates.setdefault(item.improvement_notation, []).append(value.number)
    if len(rates) != 1:
        return ""
    (direction, found) = rates.popitem()
    middle = median(sorted(found))
    if direction == "increase":
        full, side = middle >= at, f"at or above {_percent(at)}"
    else:
        full, side = middle <= 100 - at, f"at or below {_percent(100 - at)}, lower is better"
    told = "1 rate" if len(found) == 1 else f"the median of {len(found)} rates"
    return f"topped out: {told} is {_percent(middle)}, {side}" if full else ""


def _percent(number: Fraction) -> str:
    return f"{float(number):g}%"


# --- what would have to change ------------------------------------------------------------------


def _change(one: Divergence, asks: set[str]) -> Change | None:
    """Who would have to ask otherwise so that this difference is gone."""
    apart = {frozenset(two) for two in one.differing if asks.issuperset(two)}
    differ = {payer for two in apart for payer in two}
    if not differ:
        return None
    support = [len(asks.intersection(p.payers)) for p in one.positions]
    top = [p for p, n in zip(one.positions, support, strict=True) if n == max(support)]
    stay = asks.intersection(top[0].payers) if len(top) == 1 else set()
    moving = {p for p in differ - stay if any(frozenset((p, q)) in apart for q in stay)}
    said = tuple((payer, _said(one, payer)) for payer in sorted(moving or differ))
    return Change(one.attribute, one.severity, tuple(p.words for p in top), said)


def _said(one: Divergence, payer: str) -> str:
    return "; ".join(p.of(payer) for p in one.positions if payer in p.payers)


# --- the score ----------------------------------------------------------------------------------


def _parts(
    asks: int, open_: Iterable[Divergence], topped_out: str, marked: Marked | None, own: Points
) -> tuple[Part, ...]:
    """Our score, part by part: whole points, and never below 1."""
    many = "1 payer asks" if asks == 1 else f"{asks} payers ask"
    found = [Part(many, own.payer * asks)]
    for severity, less in (("major", own.major), ("minor", own.minor)):
        names = sorted({spoken(d.attribute) for d in open_ if d.severity == severity})
        number = sum(d.severity == severity for d in open_)
        if number and less:
            told = "difference" if number == 1 else "differences"
            found.append(Part(f"{number} {severity} {told}: {', '.join(names)}", -less * number))
    total = sum(part.points for part in found)
    if topped_out:
        found.append(Part(topped_out, floor(total * own.topped_out) - total))
    if marked and own.marks:
        found.append(Part("marks of the work group", floor(own.marks * marked.mean)))
    total = sum(part.points for part in found)
    return (*found, Part("no measure has less than 1", 1 - total)) if total < 1 else tuple(found)
