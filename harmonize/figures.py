"""The figures, each with what it is a part of; references and internal lists are in none."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from harmonize.adding import Sum, added
from harmonize.adherence import Kept
from harmonize.concepts import Crosswalk
from harmonize.divergence import Compared
from harmonize.matters import Matters
from harmonize.overlaps import meetings
from harmonize.rows import Row
from harmonize.rulings import AGAIN, NO_RULINGS, Rulings, State
from harmonize.sets import MeasureSet
from harmonize.signals import Signal, subjects
from harmonize.units import Unit
from harmonize.values import Nothing


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is a part of; `of` is `None` where there is no base."""

    figure: str
    value: int | float
    of: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure counts, and of what; one whose name ends with a colon stands for many."""

    figure: str
    counts: str
    of: str


_DISTINCT: Final = "distinct measures"
_SHARED: Final = "measures that two or more payers ask for"
_BOTH: Final = "attributes that two or more payers state for all to see"
_DECISIONS: Final = "decisions about what is here"
DEFINITIONS: Final = (
    Definition(
        "measures_listed",
        "lines that the lists print; rates beside a measure are not lines of their own",
        "",
    ),
    Definition("rates_listed", "rates that the lists state beside their measures", ""),
    Definition(
        "distinct_measures",
        "measures after lines that mean the same are joined; what one payer prints in parts is one",
        "lines printed",
    ),
    Definition("shared_by_two_or_more", _SHARED, _DISTINCT),
    Definition("shared_by_two_or_more_percent", "the same as a percentage", _DISTINCT),
    Definition(
        "shared_by_all_that_could",
        "measures that every payer asks for whose scope holds people that they are about",
        "measures that two or more payers could ask for",
    ),
    Definition(
        "asks",
        "a payer and a measure, once each: a measure that three payers ask for is three asks",
        "lines printed",
    ),
    Definition("asks_shared", f"asks for {_SHARED}", "asks"),
    Definition("asks_shared_percent", "the same as a percentage", "asks"),
    Definition(
        "same_ask",
        "shared measures in which nothing that is stated differs; what is unsaid cannot differ",
        _SHARED,
    ),
    Definition(
        "to_settle", "shared measures of which payers state things that ask differently", _SHARED
    ),
    Definition(
        "specification_agreement",
        "attributes in which both payers of a matched pair state the same",
        "attributes of matched pairs that both state",
    ),
    Definition(
        "specification_agreement_percent",
        "the same as a percentage",
        "attributes of matched pairs that both state",
    ),
    Definition(
        "not_comparable",
        "attributes of matched pairs that one payer or both leave unsaid",
        "attributes of matched pairs",
    ),
    Definition("sets_with_modified", "lists that say that they changed a measure", "lists"),
    Definition(
        "possible_matches",
        "pairs of lines that may be one measure; nobody has settled it, and none is counted",
        "",
    ),
    Definition(
        "families_met",
        "families (a measure with its rates and relatives) in which two or more payers meet",
        "families that some payer asks for",
    ),
    Definition(
        "justified",
        "shared measures in which payers differ and somebody has said why, for all that differ",
        _SHARED,
    ),
    Definition("decisions_in_force", "recorded decisions that hold", _DECISIONS),
    Definition(
        "decisions_to_look_at",
        "recorded decisions that are stale, overdue, orphaned or expired",
        _DECISIONS,
    ),
    Definition(
        "decisions_out_of_scope", "recorded decisions about payers that are not here", "decisions"
    ),
    Definition("stated:", "payers that state anything of an area, withheld or not", "payers"),
    Definition(
        "matters:",
        "things of an area (a criterion, a form of payment, a report, the area itself) of which "
        "two or more payers state terms",
        "things of which any payer does",
    ),
    Definition("agree:", "attributes of an area in which all payers that state one agree", _BOTH),
    Definition("differ:", "attributes of an area in which payers state different things", _BOTH),
    Definition(
        "one_sided:",
        "attributes of an area that one payer states and others that could do not",
        "attributes that any payer states",
    ),
    Definition(
        "withheld:",
        "attributes of an area that a payer states and withholds, once for each payer",
        "attributes that payers state, once for each payer",
    ),
    Definition("domain:", "measures of a domain", _DISTINCT),
    Definition("type:", "measures of a type, as most payers state that ask for them", _DISTINCT),
    Definition("jaccard:", "measures that both lists ask for", "measures that either asks for"),
    Definition(
        "containment:",
        "measures of the first list that the other asks for too",
        "measures of the first list",
    ),
    Definition(
        "signal_conflicts",
        "of these, those in which what two payers tell a practice pulls apart",
        "measures of which two or more payers tell a practice direction, threshold, target, weight "
        "or use, and families of whose measures payers ask for some with different cuts",
    ),
    Definition(
        "addable",
        "two payers and a measure of which every part is stated by both and the same",
        "two payers and a measure that both ask for",
    ),
    Definition("core_used:", "measures of the reference's core that the list asks for", "the core"),
    Definition(
        "off_set:",
        "measures that the list asks for beside core and menu of the reference",
        "measures of the list",
    ),
)


# What a committee asks for first, as a sentence that goes on after the number.
FIRST: Final[Mapping[str, str]] = {
    "shared_by_two_or_more": "measures are in two or more lists",
    "asks_shared": "asks (a payer and a measure) rest on those",
    "to_settle": "of the shared measures are to settle; in the others no difference is open",
}


def definition(figure: str) -> Definition:
    """What a figure of the summary counts."""
    kind, colon, _ = figure.partition(":")
    return next(d for d in DEFINITIONS if d.figure == kind + colon)


def percent(part: int, base: int) -> float:
    """A part of a base as a percentage, to one decimal."""
    return round(100 * part / base, 1) if base else 0.0


def summary(
    sets: tuple[MeasureSet, ...],
    found: Crosswalk,
    compared: Compared,
    rows: tuple[Row, ...],
    units: tuple[Unit, ...],
    rulings: Rulings = NO_RULINGS,
) -> tuple[Figure, ...]:
    """All figures, the first that a committee asks for first."""
    counted = [s for s in sets if s.counted and s.measures]
    printed = sum(listed(s) for s in counted)
    rates = sum(m.rate_of is not None for s in counted for m in s.measures or ())
    by_id = {r.concept.id: r for r in rows}
    shared = [u for u in units if len(u.asks) >= 2]
    settle = [u for u in shared if any(by_id[c].open for c in u.concepts)]
    differ = [u for u in shared if any(d.asks for c in u.concepts for d in by_id[c].differences)]
    could = [u for u in units if _could(u, by_id, counted) >= 2]
    full = [u for u in could if len(u.asks) == _could(u, by_id, counted)]
    asks = sum(len(u.asks) for u in units)
    resting = sum(len(u.asks) for u in shared)
    agreement = compared.agreement
    modified = [
        s
        for s in counted
        if any(m.modified and not isinstance(m.modified, Nothing) for m in s.measures or ())
    ]
    names = {s.payer for s in counted}
    between = [p for p in found.possible if p.left.payer != p.right.payer]
    possible = [p for p in between if {p.left.payer, p.right.payer} <= names]
    families = {r.family.id for r in rows if r.used_by}
    met = {
        f
        for f in families
        if len({p for r in rows if r.family.id == f for p in r.held if p in names}) >= 2
    }
    figures = [
        Figure("measures_listed", printed, None, f"lines printed in {len(counted)} lists"),
        Figure("rates_listed", rates, None, "rates beside the measures"),
        Figure("distinct_measures", len(units), printed, "measures"),
        Figure("shared_by_two_or_more", len(shared), len(units), "measures"),
        Figure(
            "shared_by_two_or_more_percent",
            percent(len(shared), len(units)),
            None,
            "percent of distinct measures",
        ),
        Figure("shared_by_all_that_could", len(full), len(could), "measures that two could use"),
        Figure("asks", asks, printed, "asks: a payer and a measure"),
        Figure("asks_shared", resting, asks, "asks that rest on shared measures"),
        Figure("asks_shared_percent", percent(resting, asks), None, "percent of asks"),
        Figure("same_ask", len(shared) - len(differ), len(shared), "shared measures"),
        Figure("to_settle", len(settle), len(shared), "shared measures"),
        Figure(
            "specification_agreement",
            agreement.agree,
            agreement.comparable,
            "attributes that both payers of a matched pair state",
        ),
        Figure(
            "specification_agreement_percent",
            percent(agreement.agree, agreement.comparable),
            None,
            "percent of attributes that both state",
        ),
        Figure(
            "not_comparable",
            agreement.all - agreement.comparable,
            agreement.all,
            "attributes of matched pairs",
        ),
        Figure("sets_with_modified", len(modified), len(counted), "lists"),
        Figure("possible_matches", len(possible), None, "pairs that nobody has settled"),
        Figure("families_met", len(met), len(families), "families in which two payers meet"),
        Figure("justified", len(differ) - len(settle), len(shared), "shared measures"),
        *_decisions(rulings),
    ]
    figures += _balance(units, by_id)
    figures += _overlaps(counted, units)
    return tuple(figures)


def of_areas(found: Matters, counted: AbstractSet[str]) -> tuple[Figure, ...]:
    """The figures of the other areas, payers that count alone."""
    figures: list[Figure] = []
    for area, payers in found.stated.items():
        here = [m for m in found.matters if m.area == area]
        held = [m for m in here if m.used_by]
        points = [p for m in here for p in m.points]
        said = [
            ({who for who, _ in p.told} & counted, set(p.withheld) & counted, p) for p in points
        ]
        both = [p for told, _, p in said if len(told) >= 2]
        differ = sum(bool(p.divergence and p.divergence.counted) for p in both)
        some = [p for told, away, p in said if told or away]
        alone = sum(len(told | away) == 1 for told, away, _ in said)
        shut = sum(len(m.shut & counted) for m in here if m.is_whole)
        away = sum(len(away) for _, away, _ in said) + shut
        every = sum(len(told | away) for told, away, _ in said) + shut
        unit = "attributes that two or more state"
        figures += [
            Figure(f"stated:{area}", len(counted & {*payers}), len(counted), "payers"),
            Figure(f"matters:{area}", sum(m.used_by >= 2 for m in held), len(held), "matters"),
            Figure(f"agree:{area}", sum(p.agree is True for p in both), len(both), unit),
            Figure(f"differ:{area}", differ, len(both), unit),
            Figure(f"one_sided:{area}", alone, len(some), "attributes that any payer states"),
            Figure(f"withheld:{area}", away, every, "attributes stated, once a payer"),
        ]
    return tuple(figures)


def beyond(
    signals: tuple[Signal, ...],
    sums: tuple[Sum, ...],
    kept: tuple[Kept, ...],
    units: tuple[Unit, ...],
) -> tuple[Figure, ...]:
    """What a practice is told, whether results add up, and what lists use of a core."""
    pulls = subjects(signals)
    adds, pairs = added(sums, units)
    figures = [
        Figure(
            "signal_conflicts",
            sum(pull is not None for pull in pulls.values()),
            len(pulls),
            "measures, or families cut in different places, of which two lists tell something",
        ),
        Figure("addable", adds, pairs, "two lists and a measure that both ask for"),
    ]
    for one in kept:
        names = f"{one.core}|{one.payer}"
        core, own = f"core measures of {one.core}", f"measures of {one.payer}"
        figures.append(Figure(f"core_used:{names}", len(one.used), one.size, core))
        figures.append(Figure(f"off_set:{names}", len(one.off), one.asked, own))
    return tuple(figures)


def _decisions(rulings: Rulings) -> tuple[Figure, ...]:
    """How many decisions are in force, and how many have to be looked at again."""
    told = [s for s in rulings.standings if s.state is not State.WITHDRAWN]
    here = [s for s in told if s.state is not State.OUT_OF_SCOPE]
    unit = "decisions about what is here"
    return (
        Figure("decisions_in_force", sum(s.in_force for s in here), len(here), unit),
        Figure("decisions_to_look_at", sum(s.state in AGAIN for s in here), len(here), unit),
        Figure("decisions_out_of_scope", len(told) - len(here), len(told), "decisions"),
    )


def listed(one: MeasureSet) -> int:
    """Lines that a payer prints; rates are beside them."""
    return sum(m.rate_of is None for m in one.measures or ())


def _could(unit: Unit, rows: Mapping[str, Row], counted: Iterable[MeasureSet]) -> int:
    outside = frozenset.intersection(*(rows[c].outside for c in unit.concepts))
    return sum(s.payer not in outside for s in counted)


def _balance(units: tuple[Unit, ...], rows: Mapping[str, Row]) -> list[Figure]:
    """Distinct measures by domain and by type."""
    domains: dict[str, int] = {}
    types: dict[str, int] = {}
    for unit in units:
        row = rows[unit.concepts[0]]
        domains[row.concept.domain] = domains.get(row.concept.domain, 0) + 1
        kind = _type_of(unit, rows)
        types[kind] = types.get(kind, 0) + 1
    return [
        Figure(f"{axis}:{name}", number, len(units), "measures")
        for axis, found in (("domain", domains), ("type", types))
        for name, number in sorted(found.items())
    ]


def _type_of(unit: Unit, rows: Mapping[str, Row]) -> str:
    """The type that most of those who ask for it state."""
    said: dict[str, int] = {}
    for name in unit.concepts:
        for item in rows[name].concept.members:
            if item.measure_type and item.payer in unit.asks:
                said[item.measure_type] = said.get(item.measure_type, 0) + 1
    return min(said, key=lambda t: (-said[t], t), default="not stated")


def _overlaps(counted: list[MeasureSet], units: tuple[Unit, ...]) -> list[Figure]:
    """Jaccard and containment of each two lists: Jaccard misleads where a core meets a long one."""
    found = []
    for one in meetings((s.payer for s in counted), units):
        a, b, both = one.left, one.right, one.both
        found.append(Figure(f"jaccard:{a}|{b}", both, one.either, "measures of either"))
        found.append(Figure(f"containment:{a}|{b}", both, one.of_left, f"measures of {a}"))
        found.append(Figure(f"containment:{b}|{a}", both, one.of_right, f"measures of {b}"))
    return found
