"""Whether the results of two payers could be added up, and what stands in the way."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from harmonize.divergence import Compared
from harmonize.fields import Kind, declared, spoken
from harmonize.knowledge import Knowledge, words
from harmonize.measures import Measure
from harmonize.positions import Key
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.spelling import spelled
from harmonize.units import Unit
from harmonize.values import Text

# What has to be the same of a measure, and in which fields it is stated.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "numerator": (
        "numerator", "numerator_exclusions", "events", "combination", "threshold", "follow_up",
        "lookback", "improvement_notation",
    ),
    "denominator": (
        "initial_population", "denominator", "denominator_exclusions", "denominator_exceptions",
        "ages", "sex", "continuous_enrollment",
    ),
    "period": ("measurement_period",),
    "unit": ("scoring", "scoring_unit"),
    "level": ("level",),
    "specification": ("version", "risk_adjusted"),
}  # fmt: skip
# Of these a part needs one to be stated at all; what stands beside them only narrows it.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "numerator": ("numerator",),
    "denominator": ("denominator", "initial_population"),
    "period": ("measurement_period",),
    "unit": ("scoring",),
    "level": ("level",),
    "specification": (),  # where neither says more, they ask for the measure as it is
}
# What a reader has to know is unsaid, even where all that is said is the same.
TELLING: Final = ("denominator_exclusions", "denominator_exceptions", "numerator_exclusions")
ORDER: Final = (*PARTS, "attribution", "product line")
BOTH_LISTS: Final = "both lists"

Two = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sum:
    """Two payers' results of one measure, or, without a concept, of their lists as such.

    `addable` is yes, no or unknown; `reason` names every part that differs, else every part that
    is not known to be the same.
    """

    payer_a: str
    payer_b: str
    concept: str
    label: str
    addable: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of one part: whether it differs, and who does not state it, or in words only.

    `reworded` says that nothing differs but free texts, of which nobody knows what they come to.
    `closed` are payers that withhold something of it from this reader.
    """

    differs: bool = False
    reworded: bool = False
    silent: AbstractSet[str] = frozenset()
    vague: AbstractSet[str] = frozenset()
    closed: AbstractSet[str] = frozenset()

    @property
    def same(self) -> bool:
        return not (self.differs or self.silent or self.vague or self.closed)


def adding(
    rows: tuple[Row, ...], compared: Compared, sets: Iterable[MeasureSet], knowledge: Knowledge
) -> tuple[Sum, ...]:
    """Each two payers that count: their lists as such, then each measure that both ask for."""
    differing: dict[str, dict[Two, set[str]]] = {}
    for told in compared.divergences:
        for two in told.differing:
            differing.setdefault(told.concept, {}).setdefault(two, set()).add(told.attribute)
    lines = {
        row.concept.id: {payer: _line(payer, own, knowledge) for payer, own in row.held.items()}
        for row in sorted(rows, key=lambda r: r.concept.id)
    }
    names = {row.concept.id: row.concept.label for row in rows}
    counted = sorted((s for s in sets if s.counted), key=_payer)
    hiding = frozenset(s.payer for s in counted if _hides(s))
    levels = {s.payer: _keys(filter(None, _by_level(s)), knowledge) for s in counted}
    made = []
    for one, other in combinations(counted, 2):
        two = one.payer, other.payer
        lists = _of_lists(one, other, knowledge)
        whole = {k: v for k, v in lists.items() if k != "level"}
        made.append(_sum(two, "", BOTH_LISTS, whole, hiding))
        for name, held in lines.items():
            if one.payer in held and other.payer in held:
                both = held[one.payer], held[other.payer]
                apart = differing.get(name, {}).get(two, set())
                parts = _of_a_measure(both, apart, lists, levels)
                made.append(_sum(two, name, names[name], parts, hiding, _unsaid(both)))
    return tuple(made)


def added(found: Iterable[Sum], units: Iterable[Unit]) -> tuple[int, int]:
    """Of the pairs of payers and measures that both ask for: those that add up, and all."""
    home = {name: unit.concepts for unit in units for name in unit.concepts}
    told: dict[tuple[str, str, tuple[str, ...]], bool] = {}
    for one in found:
        if one.concept in home:
            key = one.payer_a, one.payer_b, home[one.concept]
            told[key] = told.get(key, True) and one.addable == "yes"
    return sum(told.values()), len(told)


def _hides(one: MeasureSet) -> bool:
    """Whether a payer states of its list or its areas what this reader may not see.

    Of a measure nobody tells whether what is hidden is stated at all.
    """
    areas = (one.payment, *(one.feedback or ()))
    return bool(one.withheld or any(area.withheld for area in areas if area))


def _payer(one: MeasureSet) -> str:
    return one.payer


# --- two lists ------------------------------------------------------------------------------------


def _of_lists(one: MeasureSet, other: MeasureSet, knowledge: Knowledge) -> dict[str, _Found]:
    two = one, other

    def held(values: Iterable[str | None]) -> _Found:
        return _texts(two, [{value} if value else set() for value in values], knowledge)

    return {
        "attribution": _attribution(two, knowledge),
        "period": held(s.measurement_year for s in two),
        "product line": held(s.line_of_business for s in two),
        "level": _texts(two, [{k for k in _by_level(s) if k} for s in two], knowledge),
    }


def _texts(
    two: Iterable[MeasureSet], values: Iterable[AbstractSet[str]], knowledge: Knowledge
) -> _Found:
    """What two lists state of one thing: the same where one has nothing that the other has not."""
    keys = [_keys(own, knowledge) for own in values]
    silent = {s.payer for s, own in zip(two, keys, strict=True) if not own}
    return _Found(differs=not silent and keys[0] != keys[1], silent=silent)


def _keys(values: Iterable[str], knowledge: Knowledge) -> frozenset[Key]:
    return frozenset(spelled(words(value), knowledge) for value in values)


def _attribution(two: tuple[MeasureSet, MeasureSet], knowledge: Knowledge) -> _Found:
    """How patients are attributed, level by level where both give feedback on one level.

    What a payer may state for another reader holds before what this one sees of it.
    """
    if unknown := frozenset(s.payer for s in two if _hides_attribution(s)):
        return _Found(silent=unknown)
    mine, theirs = (_by_level(s) for s in two)
    levels = sorted(mine.keys() & theirs.keys())
    if not levels:
        return _texts(two, [set().union(*own.values()) for own in (mine, theirs)], knowledge)
    found = [_texts(two, (mine[level], theirs[level]), knowledge) for level in levels]
    silent = {payer for one in found for payer in one.silent}
    return _Found(differs=any(one.differs for one in found), silent=silent)


def _hides_attribution(one: MeasureSet) -> bool:
    """Whether how patients are attributed is stated where this reader may not see it."""
    areas = (one.payment, *(one.feedback or ()))
    return not one.withheld.isdisjoint({"payment", "feedback"}) or any(
        area and "attribution" in area.withheld for area in areas
    )


def _by_level(one: MeasureSet) -> dict[str, set[str]]:
    """What feedback says of each level; where it says nothing, what holds for payment."""
    usual = one.payment.attribution if one.payment else None
    found: dict[str, set[str]] = {}
    for feedback in one.feedback or ():
        level = " ".join(words(feedback.level or ""))
        said = feedback.attribution or usual
        found.setdefault(level, set()).update([said] if said else [])
    return found or {"": {usual} if usual else set()}


# --- one measure ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """What a payer says of a measure: fields that all of its lines state, that some state, and that
    some state in words that no grammar covers.  `levels` are those that it states, `hides` fields
    that it states and withholds from this reader.
    """

    payer: str
    states: frozenset[str]
    mentions: frozenset[str]
    vague: frozenset[str]
    levels: frozenset[Key]
    hides: frozenset[str]


def _line(payer: str, own: tuple[Measure, ...], knowledge: Knowledge) -> _Line:
    said = [frozenset(name for name in _NAMES if item.states(name)) for item in own]
    vague = {name for item in own for name in _NAMES if isinstance(_value(item, name), Text)}
    mentions = frozenset[str]().union(*said)
    levels = _keys(
        (level for item in own if item.states("level") for level in item.level or ()), knowledge
    )
    hides = frozenset[str]().union(*(item.withheld for item in own))
    return _Line(payer, frozenset.intersection(*said), mentions, frozenset(vague), levels, hides)


_NAMES: Final = tuple(name for names in PARTS.values() for name in names)
_PROSE: Final = frozenset(name for name in _NAMES if declared(Measure)[name].kind is Kind.TEXT)


def _value(item: Measure, name: str) -> object:
    return getattr(item, declared(Measure)[name].name)


def _of_a_measure(
    both: tuple[_Line, _Line],
    apart: AbstractSet[str],
    lists: Mapping[str, _Found],
    levels: Mapping[str, AbstractSet[Key]],
) -> dict[str, _Found]:
    """The parts of a measure; what the lists say holds for it, where it says no more."""
    found = {name: lists[name] for name in ("attribution", "product line")}
    found |= {part: _stated(both, part, apart) for part in PARTS}
    if found["level"].silent:
        found["level"] = _level(both, lists["level"], levels)
    year, period = lists["period"], found["period"]
    found["period"] = _Found(
        year.differs or period.differs,
        silent=year.silent | period.silent,
        vague=period.vague,
        closed=period.closed,
    )
    return found


def _level(
    both: tuple[_Line, _Line], usual: _Found, levels: Mapping[str, AbstractSet[Key]]
) -> _Found:
    """That of the measure; of a payer that states none there, those of its feedback."""
    if not any("level" in line.mentions for line in both):
        return usual
    own = [line.levels if "level" in line.mentions else levels[line.payer] for line in both]
    silent = {line.payer for line, said in zip(both, own, strict=True) if not said}
    return _Found(differs=not silent and own[0].isdisjoint(own[1]), silent=silent)


def _stated(both: tuple[_Line, _Line], part: str, apart: AbstractSet[str]) -> _Found:
    """What two payers state of a part: what only one of them states is not known to be the same."""
    names, needed = PARTS[part], NEEDED[part]
    mentioned = [name for name in names if any(name in line.mentions for line in both)]
    silent = {
        line.payer
        for line in both
        if (needed and not line.states.intersection(needed))
        or not line.states.issuperset(mentioned)
    }
    vague = {
        line.payer for line in both if any(n in line.vague and n not in apart for n in mentioned)
    }
    differ = {name for name in names if name in apart}
    return _Found(
        bool(differ),
        reworded=_PROSE.issuperset(differ),
        silent=silent,
        vague=vague,
        closed={line.payer for line in both if line.hides.intersection(names)},
    )


def _unsaid(both: tuple[_Line, _Line]) -> tuple[str, ...]:
    return tuple(n for n in TELLING if not any(n in line.mentions for line in both))


# --- in words -------------------------------------------------------------------------------------


def _sum(
    two: Two,
    concept: str,
    label: str,
    parts: Mapping[str, _Found],
    hiding: AbstractSet[str],
    unsaid: tuple[str, ...] = (),
) -> Sum:
    named = [(name, parts[name]) for name in ORDER if name in parts]
    apart = [f"{n} (other words)" if p.reworded else n for n, p in named if p.differs]
    if apart:
        return Sum(*two, concept, label, "no", f"not addable: {', '.join(apart)}")
    if all(part.same for _, part in named):
        beside = f"; neither states {', '.join(map(spoken, unsaid))}" if unsaid else ""
        return Sum(*two, concept, label, "yes", f"every part is stated and the same{beside}")
    lacking: dict[str, list[str]] = {}
    for name, part in named:
        if part.silent:
            how = "not stated, or withheld," if part.silent & hiding else "not stated"
            lacking.setdefault(f"{how} by {_and(part.silent)}", []).append(name)
        elif part.vague:
            lacking.setdefault(f"stated in words alone by {_and(part.vague)}", []).append(name)
    if not lacking:  # all that this reader sees is the same, and it does not see all
        for name, part in named:
            if part.closed:
                lacking.setdefault(f"withheld in part by {_and(part.closed)}", []).append(name)
    told = (f"{', '.join(names)} {why}" for why, names in lacking.items())
    return Sum(*two, concept, label, "unknown", f"not known: {'; '.join(told)}")


def _and(payers: AbstractSet[str]) -> str:
    return " and ".join(sorted(payers))
