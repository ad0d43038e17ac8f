"""The figures, each with what it is a part of; references and internal lists are in none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from harmonize.concepts import Crosswalk
from harmonize.divergence import Compared
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.units import Unit
from harmonize.values import Nothing

# What each figure counts, by its name or by what stands before the colon in it.
MEANINGS: Final[Mapping[str, str]] = {
    "measures_listed": "Lines that the payers print; rates below a line are not lines.",
    "rates_listed": "Rates that stand below the printed lines.",
    "distinct_measures": "Measures once the same ask under other names counts once.",
    "shared_by_two_or_more": "Measures that two or more payers ask for.",
    "shared_by_two_or_more_percent": "The same as a share of the distinct measures.",
    "shared_by_all_that_could": "Measures that every payer asks for in whose scope they lie.",
    "asks": "Payers times measures: how often a measure is asked for.",
    "asks_shared": "Asks that rest on a measure which two or more payers ask for.",
    "asks_shared_percent": "The same as a share of all asks.",
    "same_ask": "Shared measures without a stated difference that changes what is asked.",
    "to_settle": "Shared measures with a major or minor difference among payers that count.",
    "specification_agreement": "Attributes that both payers of a match state, and state alike.",
    "specification_agreement_percent": "The same as a share of the attributes that both state.",
    "not_comparable": "Attributes of matches that one side or both leave unsaid.",
    "sets_with_modified": "Lists that say of some measure that they changed the standard.",
    "possible_matches": "Pairs that may be one measure and that nobody has settled; not counted.",
    "families_met": "Families (a measure, its rates and relatives) where two payers meet.",
    "domain": "Distinct measures of one domain.",
    "type": "Distinct measures of one type, as most who ask for it state.",
    "jaccard": "Measures that both of two payers ask for, of those that either asks for.",
    "containment": "Measures that both of two payers ask for, of those of the first.",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is a part of; `of` is `None` where there is no base."""

    figure: str
    value: int | float
    of: int | None
    unit: str


def _percent(part: int, base: int) -> float:
    return round(100 * part / base, 1) if base else 0.0


def summary(
    sets: tuple[MeasureSet, ...],
    found: Crosswalk,
    compared: Compared,
    rows: tuple[Row, ...],
    units: tuple[Unit, ...],
) -> tuple[Figure, ...]:
    """All figures, the first that a committee asks for first."""
    counted = [s for s in sets if s.counted]
    printed = sum(listed(s) for s in counted)
    rates = sum(m.rate_of is not None for s in counted for m in s.measures or ())
    by_id = {r.concept.id: r for r in rows}
    shared = [u for u in units if len(u.asks) >= 2]
    settle = [u for u in shared if any(by_id[c].open for c in u.concepts)]
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
    possible = [p for p in found.possible if {p.left.payer, p.right.payer} <= names]
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
            _percent(len(shared), len(units)),
            None,
            "percent of distinct measures",
        ),
        Figure("shared_by_all_that_could", len(full), len(could), "measures that two could use"),
        Figure("asks", asks, printed, "asks: a payer and a measure"),
        Figure("asks_shared", resting, asks, "asks that rest on shared measures"),
        Figure("asks_shared_percent", _percent(resting, asks), None, "percent of asks"),
        Figure("same_ask", len(shared) - len(settle), len(shared), "shared measures"),
        Figure("to_settle", len(settle), len(shared), "shared measures"),
        Figure(
            "specification_agreement",
            agreement.agree,
            agreement.comparable,
            "attributes that both payers of a matched pair state",
        ),
        Figure(
            "specification_agreement_percent",
            _percent(agreement.agree, agreement.comparable),
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
    ]
    figures += _balance(units, by_id)
    figures += _overlaps(counted, units)
    return tuple(figures)


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
    sets = {s.payer: {u.concepts for u in units if s.payer in u.asks} for s in counted}
    found = []
    for a, b in combinations(sorted(sets), 2):
        both, either = len(sets[a] & sets[b]), len(sets[a] | sets[b])
        found.append(Figure(f"jaccard:{a}|{b}", both, either, "measures of either"))
        found.append(Figure(f"containment:{a}|{b}", both, len(sets[a]), f"measures of {a}"))
        found.append(Figure(f"containment:{b}|{a}", both, len(sets[b]), f"measures of {b}"))
    return found
