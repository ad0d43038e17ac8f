"""Everything a reader is told, decided and in order, before any of it is drawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from harmonize import crosswalk, divergence
from harmonize.concepts import Concept, Crosswalk, Family, Pair
from harmonize.divergence import Compared, Divergence
from harmonize.evidence import Verdict
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure, MeasureSet
from harmonize.slots import inferred_ages, profile
from harmonize.values import Ages, Threshold


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is a part of; `of` is `None` where there is no base."""

    figure: str
    value: int | float
    of: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is not stated and would decide."""

    payer: str
    measure: str
    attribute: str
    question: str


@dataclass(frozen=True, slots=True)
class Row:
    """A concept with what a committee wants to know of it.

    `held` maps a payer to its items in the concept.  `used_by` and `could_use` count only payers
    that count; `outside` are payers out of whose scope it is.
    """

    concept: Concept
    family: Family
    held: Mapping[str, tuple[Measure, ...]]
    used_by: int
    could_use: int
    outside: frozenset[str]
    differences: tuple[Divergence, ...]

    @property
    def open(self) -> tuple[Divergence, ...]:
        """Differences among payers that count which change what is asked."""
        return tuple(d for d in self.differences if d.counted and d.severity != "info")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted as one measure: a concept, or the concepts that some payer prints in parts.

    `asks` are the payers that count and ask for it.
    """

    label: str
    concepts: tuple[str, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer; every tuple is in the order in which it is to be read."""

    payers: tuple[MeasureSet, ...]
    crosswalk: Crosswalk
    compared: Compared
    rows: tuple[Row, ...]
    units: tuple[Unit, ...]
    summary: tuple[Figure, ...]
    questions: tuple[Question, ...]

    @property
    def counted(self) -> tuple[MeasureSet, ...]:
        """Payers that count."""
        return tuple(p for p in self.payers if p.counted)

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """All differences."""
        return self.compared.divergences

    def relation(self, pair: Pair) -> str:
        """The relation of a matched pair."""
        refs = (pair.left.ref, pair.right.ref)
        return self.compared.relations.get(refs) or self.compared.relations[refs[::-1]]


def compile_report(sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> Report:
    """The whole way from specs to a report."""
    found = crosswalk.build(sets, knowledge)
    units = _units(found, sets)
    compared = divergence.diverge(found, sets, knowledge)
    compared = compared.beside(_rates_asked(units, found, sets))
    rows = _rows(found, compared, sets, knowledge)
    return Report(
        payers=sets,
        crosswalk=found,
        compared=compared,
        rows=rows,
        units=units,
        summary=_summary(sets, found, compared, rows, units),
        questions=_questions(rows, sets, knowledge),
    )


# --- rows ---------------------------------------------------------------------------------------


def _rows(
    found: Crosswalk, compared: Compared, sets: tuple[MeasureSet, ...], knowledge: Knowledge
) -> tuple[Row, ...]:
    differences: dict[str, list[Divergence]] = {}
    for one in compared.divergences:
        differences.setdefault(one.concept, []).append(one)
    counted = {s.payer for s in sets if s.counted}
    rows = []
    for family in found.families:
        for concept in family.concepts:
            held: dict[str, tuple[Measure, ...]] = {}
            for item in concept.members:
                held[item.payer] = (*held.get(item.payer, ()), item)
            users = counted & held.keys()
            outside = _outside(concept, sets, knowledge) - held.keys()
            rows.append(
                Row(
                    concept=concept,
                    family=family,
                    held=held,
                    used_by=len(users),
                    could_use=len(counted - outside),
                    outside=frozenset(outside),
                    differences=tuple(differences.get(concept.id, ())),
                )
            )
    place = found.order_of_domains
    most: dict[str, int] = {}
    domain: dict[str, int] = {}
    for row in rows:
        key = row.family.id
        most[key] = max(most.get(key, 0), row.used_by)
        here = place.get(row.concept.domain, len(place))
        domain[key] = min(domain.get(key, here), here)
    return tuple(
        sorted(
            rows,
            key=lambda r: (
                domain[r.family.id],
                -most[r.family.id],
                r.family.label,
                r.family.id,
                bool(r.concept.entry and r.concept.entry.whole),
                -r.used_by,
                r.concept.label,
                r.concept.id,
            ),
        )
    )


def _outside(concept: Concept, sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> set[str]:
    """Payers whose scope holds nobody that the concept could be about."""
    counted = {s.payer for s in sets if s.counted}
    members = [m for m in concept.members if m.payer in counted] or list(concept.members)
    stated = [m.ages for m in members if isinstance(m.ages, Ages)]
    ages = stated or [a for m in members if (a := inferred_ages(m, knowledge))]
    if not ages:
        return set()
    return {
        s.payer
        for s in sets
        if s.scope
        and isinstance(s.scope.ages, Ages)
        and not any(a.overlaps(s.scope.ages) for a in ages)
    }


# --- what counts as one measure -----------------------------------------------------------------


def _asks(one: MeasureSet, home: Mapping[str, str]) -> dict[str, tuple[str | None, set[str]]]:
    """What a payer asks for: name of the measure -> (acronym if it is not printed, concepts).

    Lines that are parts of a printed measure are not asked again; rates and components of one that
    the list does not print are one ask together, strata are asks of their own; another way of
    collecting is the same ask.
    """
    measures = [m for m in one.measures or () if m.rate_of is None]
    printed: dict[str, Measure] = {}
    for item in measures:
        if item.part_of is None:
            names = {item.id, item.acronym, *(item.ids or {}).get("hedis", ())}
            printed.update(dict.fromkeys((n for n in names if n), item))
    printed |= {item.id: item for item in measures}
    asks: dict[str, tuple[str | None, set[str]]] = {}
    for item in measures:
        whole: str | None = None
        if item.part_of is not None:
            if item.part_of in printed and printed[item.part_of] is not item:
                continue
            whole = None if item.part == "stratum" else item.part_of
        name = f"part of {whole}" if whole else home[item.ref]
        asks.setdefault(name, (whole, set()))[1].add(home[item.ref])
    return asks


def _units(found: Crosswalk, sets: tuple[MeasureSet, ...]) -> tuple[Unit, ...]:
    home = {m.ref: c.id for c in found.concepts for m in c.members}
    concepts = {c.id: c for c in found.concepts}
    family = {c.id: f for f in found.families for c in f.concepts}
    asks = [(s.payer, *ask) for s in sets if s.counted for ask in _asks(s, home).values()]
    root = {name: name for _, _, names in asks for name in names}

    def top(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for _, whole, names in asks:
        if whole is None:
            continue
        first, *rest = sorted(names)
        wholes = [
            name
            for name in root
            if family[name] is family[first] and _is_whole(concepts[name], whole)
        ]
        for name in (*rest, *wholes):
            a, b = sorted((top(first), top(name)))
            root[b] = a
    groups: dict[str, set[str]] = {}
    users: dict[str, set[str]] = {}
    for payer, _, names in asks:
        for name in names:
            groups.setdefault(top(name), set()).add(name)
            users.setdefault(top(name), set()).add(payer)
    units = [
        Unit(
            label=concepts[min(names)].label if len(names) == 1 else family[name].label,
            concepts=tuple(sorted(names)),
            asks=tuple(sorted(users[name])),
        )
        for name, names in groups.items()
    ]
    return tuple(sorted(units, key=lambda u: u.concepts))


def _rates_asked(
    units: tuple[Unit, ...], found: Crosswalk, sets: tuple[MeasureSet, ...]
) -> tuple[Divergence, ...]:
    """Measures of which one payer asks other rates than another, told at their first concept."""
    concepts = {c.id: c for c in found.concepts}
    counted = {s.payer for s in sets if s.counted}
    divergences = []
    for unit in units:
        if len(unit.concepts) == 1:
            continue
        members = [m for name in unit.concepts for m in concepts[name].members]
        parts = {n for n in unit.concepts if not any(m.rates for m in concepts[n].members)}
        held: dict[str, set[str]] = {}
        for name in sorted(parts):
            for item in concepts[name].members:
                held.setdefault(item.payer, set()).add(name)
        positions = []
        for names in sorted({tuple(sorted(names)) for names in held.values()}):
            holders = tuple(sorted(p for p, own in held.items() if own == set(names)))
            places = [
                (m.payer, m.place) for n in names for m in concepts[n].members if m.payer in holders
            ]
            labels = [concepts[n].label.removeprefix(f"{unit.label}: ") for n in names]
            positions.append(divergence.Position("; ".join(labels), holders, tuple(sorted(places))))
        if len(positions) < 2:
            continue
        among = [p for p in positions if counted & set(p.payers)]
        divergences.append(
            Divergence(
                concept=unit.concepts[0],
                label=concepts[unit.concepts[0]].label,
                dimension="calculation",
                attribute="rates",
                severity="minor",
                cause="rate",
                positions=tuple(positions),
                silent=tuple(sorted({m.payer for m in members} - held.keys())),
                counted=len(among) >= 2,
                note=f"which rates of {unit.label} are asked",
            )
        )
    return tuple(divergences)


def _is_whole(concept: Concept, acronym: str) -> bool:
    names = {concept.acronym, *(m.acronym for m in concept.members)}
    names |= {value for m in concept.members for value in (m.ids or {}).get("hedis", ())}
    part = any(m.part_of or m.rate_of for m in concept.members)
    return not part and acronym in {(n or "").removesuffix("-E") for n in names} | names


# --- figures ------------------------------------------------------------------------------------


def _percent(part: int, base: int) -> float:
    return round(100 * part / base, 1) if base else 0.0


def _summary(
    sets: tuple[MeasureSet, ...],
    found: Crosswalk,
    compared: Compared,
    rows: tuple[Row, ...],
    units: tuple[Unit, ...],
) -> tuple[Figure, ...]:
    counted = [s for s in sets if s.counted]
    listed = sum(_listed(s) for s in counted)
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
        s for s in counted if any(m.modified and m.modified != "none" for m in s.measures or ())
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
        Figure("measures_listed", listed, None, f"lines printed in {len(counted)} lists"),
        Figure("rates_listed", rates, None, "rates beside the measures"),
        Figure("distinct_measures", len(units), listed, "measures"),
        Figure("shared_by_two_or_more", len(shared), len(units), "measures"),
        Figure(
            "shared_by_two_or_more_percent",
            _percent(len(shared), len(units)),
            None,
            "percent of distinct measures",
        ),
        Figure("shared_by_all_that_could", len(full), len(could), "measures that two could use"),
        Figure("asks", asks, listed, "asks: a payer and a measure"),
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


def _listed(one: MeasureSet) -> int:
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
    said: dict[str, int] = {}
    for name in unit.concepts:
        for item in rows[name].concept.members:
            if item.measure_type:
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


# --- questions ----------------------------------------------------------------------------------

_WORDS: Final = {
    "ages": "Which ages are counted?",
    "threshold": "What is the cut?",
    "improvement_notation": "Is a higher or a lower score better?",
    "follow_up": "Within what time does it have to happen?",
    "lookback": "How far back does it count?",
    "events": "How often does it have to happen?",
    "combination": "Which combination is asked for?",
    "data_source": "From which data is it taken?",
    "denominator_exclusions": "Who is taken out?",
    "denominator_exceptions": "Who may be taken out?",
    "rates": "Which of the rates is asked for?",
}


def _questions(
    rows: tuple[Row, ...], sets: tuple[MeasureSet, ...], knowledge: Knowledge
) -> tuple[Question, ...]:
    """Silence where others differ, and directions that contradict their cut."""
    found: set[tuple[str, str, str, str]] = set()
    known = {s.payer for s in sets}
    for row in rows:
        for one in row.differences:
            if one.severity == "info" or one.attribute.startswith("ids."):
                continue
            others = " / ".join(p.value for p in one.positions)
            asked = _WORDS.get(one.attribute, f"What is its {one.attribute.replace('_', ' ')}?")
            for payer in one.silent:
                for item in row.held[payer]:
                    text = f"{asked} Others ask {_short(others)}."
                    found.add((payer, item.id, one.attribute, text))
        for item in row.concept.members:
            if item.payer in known and item.rate_of is None and _unclear(item, knowledge):
                text = (
                    f"{_WORDS['improvement_notation']} It says control, and counts what is above."
                )
                found.add((item.payer, item.id, "improvement_notation", text))
    return tuple(Question(*one) for one in sorted(found))


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}..."


def _unclear(item: Measure, knowledge: Knowledge) -> bool:
    """A title such as "Control (>9%)": its direction is a question, not a difference."""
    if item.improvement_notation or not profile(item, knowledge).cuts:
        return False
    title = item.title.lower()
    above = (
        ">" in title
        or "\u2265" in title
        or "greater than" in title
        or (
            isinstance(item.threshold, Threshold)
            and item.threshold.cuts[0].operator.startswith(">")
        )
    )
    poor = any(word in title for word in ("poor", "inadequate", "uncontrolled", "not "))
    return above and "control" in title and not poor


def listed(one: MeasureSet) -> int:
    """Lines that a payer prints; rates are beside them."""
    return _listed(one)


def matches(report: Report) -> tuple[Pair, ...]:
    """Every pair inside one concept, and every possible one, by payers and measures."""
    links = [link for c in report.crosswalk.concepts for link in c.links]
    both = (*links, *report.crosswalk.possible)
    return tuple(sorted(both, key=lambda p: (p.left.payer, p.right.payer, p.left.id, p.right.id)))


def is_match(pair: Pair) -> bool:
    """Whether a pair stands inside one concept."""
    return pair.verdict is Verdict.MATCH
