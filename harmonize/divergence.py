"""Where payers that mean the same thing ask for it differently, attribute by attribute.

Positions group payers by what they state, so that four payers make one row; the silent are listed
as silent, and silence neither agrees nor differs.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

from harmonize.concepts import Concept, Crosswalk
from harmonize.fields import Info, declared
from harmonize.knowledge import Knowledge
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.positions import (
    Held,
    Key,
    Position,
    agrees,
    apart,
    key_of,
    pooled,
    positions,
    two_by_two,
    with_units,
    wording,
)
from harmonize.rulings import Standing
from harmonize.sets import MeasureSet
from harmonize.values import Nothing, Threshold, stated

OUR_DIMENSIONS: Final = ("identification", "programme")  # not among those of CMS
RELATIONS: Final = ("identical", "harmonized", "modified", "undetermined")


@dataclass(frozen=True, slots=True)
class Divergence:
    """One attribute of one concept in which two or more different values are stated.

    `counted` says whether payers that count differ among themselves, references left aside.
    `note` says in plain words what kind of difference it is, where more can be said than that.
    `withheld` are payers that state something here which this reader may not see.
    `differing` holds every two payers, sorted, of whom each states another thing.  `decided` is
    what has been decided about it; `uncovered` are payers that differ and that no justification
    covers.
    """

    concept: str
    label: str
    dimension: str
    attribute: str
    severity: str
    cause: str
    positions: tuple[Position, ...]
    silent: tuple[str, ...]
    counted: bool
    note: str = ""
    differing: tuple[tuple[str, str], ...] = ()
    decided: tuple[Standing, ...] = ()
    uncovered: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def justified(self) -> bool:
        """Whether somebody has said why it stays, for every payer that differs."""
        given = any(one.decision.judgement == "justified" for one in self.decided)
        return given and not self.uncovered

    @property
    def asks(self) -> bool:
        """Whether payers that count differ in what they ask, decided or not."""
        return self.counted and self.severity != "info"

    @property
    def standing(self) -> bool:
        """Whether it is of standing, use or weight: each programme's own affair."""
        return self.dimension == "programme" and self.severity == "info"

    @property
    def open(self) -> bool:
        """Whether payers that count differ in what they ask, and nobody has justified it."""
        return self.asks and not self.justified


@dataclass(frozen=True, slots=True)
class Agreement:
    """Over pairs of payers that count: attributes that agree, that both state, and all."""

    agree: int
    comparable: int
    all: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The divergences of a crosswalk, the relation of each matched pair, and the agreement."""

    divergences: tuple[Divergence, ...]
    relations: Mapping[tuple[str, str], str]
    agreement: Agreement

    def beside(self, more: tuple[Divergence, ...]) -> "Compared":
        """The same with more divergences, each in its place."""
        return replace(self, divergences=_ordered((*self.divergences, *more)))


def diverge(crosswalk: Crosswalk, sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> Compared:
    """Every concept that two or more payers hold, compared in every attribute."""
    by_payer = {s.payer: s for s in sets}
    home = {m.ref: c.id for c in crosswalk.concepts for m in c.members}
    found: list[Divergence] = []
    relations: dict[tuple[str, str], str] = {}
    agree = comparable = total = 0
    for concept in crosswalk.concepts:
        if len(concept.payers) < 2:
            continue
        held = {key: _held(concept, key, home, knowledge) for key in _keys(concept)}
        for key, values in held.items():
            one = _divergence(concept, key, values, by_payer)
            if one:
                found.append(one)
        asked = [k for k in held if k in ATTRIBUTES and _info(k).dimension not in OUR_DIMENSIONS]
        weighty = [
            k for k in held if _severity(k) != "info" and _info(k).dimension not in OUR_DIMENSIONS
        ]
        told = {k: {h.item.ref: h for h in values} for k, values in held.items() if values}
        for left, right in combinations(concept.members, 2):
            if left.payer == right.payer:
                continue
            compared: dict[str, bool | None] = dict.fromkeys(held)
            for key, by_ref in told.items():
                compared[key] = agrees(_info(key), by_ref.get(left.ref), by_ref.get(right.ref))
            turned = _turned(left, right)
            if turned:  # one cut, told from its two sides
                sides = ("threshold", "improvement_notation")
                compared |= {k: True for k in sides if compared[k] is False}
            heard = [k for k in weighty if k in told and told[k].keys() & {left.ref, right.ref}]
            found_to_be = _relation(compared, heard, left.title == right.title)
            retold = turned and found_to_be == "identical"
            relations[left.ref, right.ref] = "harmonized" if retold else found_to_be
            if by_payer[left.payer].counted and by_payer[right.payer].counted:
                total += len(asked)
                comparable += sum(compared[k] is not None for k in asked)
                agree += sum(compared[k] is True for k in asked)
    return Compared(_ordered(found), relations, Agreement(agree, comparable, total))


def _ordered(found: Iterable[Divergence]) -> tuple[Divergence, ...]:
    return tuple(
        sorted(found, key=lambda d: (d.concept, _keys_order(d.attribute), d.attribute, d.positions))
    )


def _info(key: str) -> Info:
    return declared(Measure)[key.split(".", maxsplit=1)[0]]


def _keys_order(key: str) -> int:
    return list(declared(Measure)).index(key.split(".", maxsplit=1)[0])


def _keys(concept: Concept) -> tuple[str, ...]:
    """The attributes to compare: the declared ones, and each identifier system that is used."""
    systems = sorted({s for m in concept.members for s in m.ids or {}})
    return (*ATTRIBUTES, *(f"ids.{system}" for system in systems))


# --- what is held -------------------------------------------------------------------------------


def _held(
    concept: Concept, key: str, home: Mapping[str, str], knowledge: Knowledge
) -> tuple[Held[Measure], ...]:
    found = []
    for item in concept.members:
        value = _value(item, key)
        if value is not None:
            found.append(Held(item, value, _key(key, value, home, knowledge)))
    return with_units(tuple(found)) if key == "threshold" else tuple(found)


def _value(item: Measure, key: str) -> Any:
    """What the payer itself states; what we attached is not its statement."""
    if key.startswith("ids."):
        system = key.removeprefix("ids.")
        assigned = set(item.assigned or ())
        return None if assigned & {"ids", key} else (item.ids or {}).get(system)
    return getattr(item, declared(Measure)[key].name) if item.states(key) else None


def _key(name: str, value: Any, home: Mapping[str, str], knowledge: Knowledge) -> Key:
    """What has to be equal for two values to be the same; rates are, if they are one concept."""
    if name == "rates" and not isinstance(value, Nothing):
        return frozenset(home[rate.ref] for rate in value)
    return key_of(_info(name), name, value, knowledge)


# --- two values ---------------------------------------------------------------------------------


def _relation(compared: Mapping[str, bool | None], heard: Iterable[str], same_title: bool) -> str:
    """Identical, harmonized, modified or undetermined, after the CMS table of competing measures.

    `heard` are the weighty attributes that one side states or both.  One that differs makes it
    modified.  Where one side is silent on what the other states, or neither states anything,
    nothing is determined.  What is left differs at most in fields that do not change what is
    counted (harmonized), or in nothing at all.
    """
    answers = [compared[key] for key in heard]
    if False in answers:
        return "modified"
    if not answers or None in answers:
        return "undetermined"
    if not same_title or False in compared.values():
        return "harmonized"
    return "identical"


def _severity(key: str) -> str:
    return "info" if key.startswith("ids.") else _info(key).severity


# --- n values -----------------------------------------------------------------------------------


def _divergence(
    concept: Concept, key: str, held: tuple[Held[Measure], ...], sets: Mapping[str, MeasureSet]
) -> Divergence | None:
    info = _info(key)
    held = pooled(held) if info.alternatives else held
    pairs = apart(info, held)
    if not pairs:
        return None
    severity, cause, note = _severity(key), "", ""
    said = {h.item.payer for h in held}
    name = key.split(".", maxsplit=1)[0]
    withheld = {m.payer for m in concept.members if name in m.withheld} - said
    if key in ("threshold", "improvement_notation") and all(
        _turned(a.item, b.item) for a, b in pairs
    ):
        severity, cause, note = "info", "rate", _other_way(held)
    elif key == "improvement_notation":
        note = "opposite directions"
    return Divergence(
        concept=concept.id,
        label=concept.label,
        dimension="identification" if key.startswith("ids.") else info.dimension,
        attribute=key,
        severity=severity,
        cause=cause or _cause(key, held, sets),
        positions=positions(key, held, _titles if key == "rates" else stated),
        silent=tuple(sorted(set(concept.payers) - said - withheld)),
        counted=any(sets[a.item.payer].counted and sets[b.item.payer].counted for a, b in pairs),
        note=note or wording(info, held),
        differing=two_by_two(pairs),
        withheld=tuple(sorted(withheld)),
    )


def _titles(rates: Any) -> str:
    return "; ".join(sorted(rate.title for rate in rates))


def _other_way(held: tuple[Held[Measure], ...]) -> str:
    cuts = [h.value.cuts[0].operator for h in held if isinstance(h.value, Threshold)]
    tail = "; the cut itself counts on neither side" if {"<", ">"} <= set(cuts) else ""
    return f"same cut, reported the other way{tail}"


def _turned(left: Measure, right: Measure) -> bool:
    """Whether two measures are one cut counted from its two sides, each better its own way."""
    directions = {left.improvement_notation, right.improvement_notation}
    if isinstance(left.threshold, Threshold) and isinstance(right.threshold, Threshold):
        return left.threshold.complements(right.threshold) and directions in (
            {"increase", "decrease"},
            {"increase", None},
            {"decrease", None},
            {None},
        )
    sides = {_side(left), _side(right)}
    return sides == {"above", "below"} and directions == {"increase", "decrease"}


def _side(item: Measure) -> str | None:
    """On which side of its cut a measure counts, by its threshold or its title."""
    text = stated(item.threshold) if item.threshold else f"{item.context or ''} {item.title}"
    if re.search(r"[>\u2265]|greater than|poor|inadequate|uncontrolled", text, re.IGNORECASE):
        return "above"
    if re.search(r"[<\u2264]|less than|control", text, re.IGNORECASE):
        return "below"
    return None


def _cause(key: str, held: tuple[Held[Measure], ...], sets: Mapping[str, MeasureSet]) -> str:
    """The likeliest cause that the specs themselves tell of."""
    if key in ("version", "follows") or key.startswith("ids."):
        return "version"
    if key == "rates":
        return "rate"
    if any(h.item.modified and not isinstance(h.item.modified, Nothing) for h in held):
        return "modified"
    editions: dict[Key, set[str | None]] = {}
    for one in held:
        editions.setdefault(one.key, set()).add(_edition(one.item, sets[one.item.payer]))
    groups = list(editions.values())
    if all(None not in g for g in groups) and not any(a & b for a, b in combinations(groups, 2)):
        return "version"
    if key in ("ages", "sex", "initial_population", "denominator"):
        return "population"
    return "unknown"


def _edition(item: Measure, payer: MeasureSet) -> str | None:
    """Which edition of the standard a payer goes by, as far as it says."""
    return (
        item.version
        or item.follows
        or payer.follows
        or payer.measurement_year
        or payer.reporting_year
    )
