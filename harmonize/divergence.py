"""Where payers that mean the same thing ask for it differently, attribute by attribute.

Positions group payers by what they state, so that four payers make one row; the silent are listed
as silent, and silence neither agrees nor differs.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

from harmonize.concepts import Concept, Crosswalk
from harmonize.fields import Info, Kind, declared
from harmonize.knowledge import Knowledge, words
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.problems import Place
from harmonize.rewording import reworded
from harmonize.rulings import Standing
from harmonize.sets import MeasureSet
from harmonize.spelling import spelled
from harmonize.values import Nothing, Text, Threshold, stated
from harmonize.wording import base_id

OUR_DIMENSIONS: Final = ("identification", "programme")  # not among those of CMS
RELATIONS: Final = ("identical", "harmonized", "modified", "undetermined")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """One stance: what is stated, by whom, and where.

    `value` is the commonest way to say it; `said` is what each payer wrote.
    """

    value: str
    payers: tuple[str, ...]
    places: tuple[tuple[str, Place], ...]  # (payer, place), by payer
    said: tuple[tuple[str, str], ...] = ()  # (payer, value), by payer

    @property
    def words(self) -> str:
        """All ways in which it is said, the commonest first."""
        others = sorted({text for _, text in self.said} - {self.value})
        return " = ".join((self.value, *others))

    def of(self, payer: str) -> str:
        """What a payer wrote."""
        own = dict.fromkeys(text for who, text in self.said if who == payer)
        return "; ".join(own) or self.value


@dataclass(frozen=True, slots=True)
class Divergence:
    """One attribute of one concept in which two or more different values are stated.

    `counted` says whether payers that count differ among themselves, references left aside.
    `note` says in plain words what kind of difference it is, where more can be said than that.
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


Key = Hashable


@dataclass(frozen=True, slots=True)
class _Held:
    """One member's stated value of one attribute."""

    item: Measure
    value: Any
    key: Key


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
                compared[key] = _compare(key, by_ref.get(left.ref), by_ref.get(right.ref))
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
) -> tuple[_Held, ...]:
    found = []
    for item in concept.members:
        value = _value(item, key)
        if value is not None:
            found.append(_Held(item, value, _key(key, value, home, knowledge)))
    return tuple(_with_units(found) if key == "threshold" else found)


def _value(item: Measure, key: str) -> Any:
    """What the payer itself states; what we attached is not its statement."""
    if key.startswith("ids."):
        system = key.removeprefix("ids.")
        assigned = set(item.assigned or ())
        return None if assigned & {"ids", key} else (item.ids or {}).get(system)
    return getattr(item, declared(Measure)[key].name) if item.states(key) else None


def _key(name: str, value: Any, home: Mapping[str, str], knowledge: Knowledge) -> Key:
    """What has to be equal for two values to be the same."""
    if isinstance(value, Nothing):
        return "none"
    if name.startswith("ids."):
        return _id_key(name.removeprefix("ids."), value)
    if name == "rates":
        return frozenset(home[rate.ref] for rate in value)
    return _KEYS.get(_info(name).kind, _exact)(value, knowledge)


def _exact(value: Any, _: Knowledge) -> Key:
    return ("text", words(value.text)) if isinstance(value, Text) else value


def _by_words(value: Any, knowledge: Knowledge) -> Key:
    return spelled(words(stated(value)), knowledge)


def _by_lines(value: Any, knowledge: Knowledge) -> Key:
    return frozenset(spelled(words(line), knowledge) for line in value)


def _by_record(value: Any, _: Knowledge) -> Key:
    return words(value.text)


_KEYS: Final[Mapping[Kind, Callable[[Any, Knowledge], Key]]] = {
    Kind.LINE: _by_words,
    Kind.TEXT: _by_words,
    Kind.LINES: _by_lines,
    Kind.CHOICES: lambda value, _: frozenset(value),
    Kind.RECORD: _by_record,
}


def _id_key(system: str, values: Iterable[str]) -> Key:
    """Identifiers as (number, version); the version is empty where none is stated."""
    found = set()
    for value in values:
        plain = value.upper().replace(" ", "")
        version = re.search(r"V([0-9.]+)$", plain) if system == "cms" else None
        found.add((base_id(system, value), version[1] if version else ""))
    return frozenset(found)


def _with_units(held: list[_Held]) -> list[_Held]:
    """A threshold without its unit is the one with a unit, if only one has these numbers."""

    def bare(value: Threshold) -> Key:
        return tuple((c.operator, c.numbers, c.people) for c in value.cuts)

    units: dict[Key, set[Key]] = {}
    for one in held:
        if isinstance(one.value, Threshold) and all(c.unit for c in one.value.cuts):
            units.setdefault(bare(one.value), set()).add(one.key)
    found = []
    for one in held:
        known = units.get(bare(one.value), set()) if isinstance(one.value, Threshold) else set()
        lacking = isinstance(one.value, Threshold) and not all(c.unit for c in one.value.cuts)
        key = next(iter(known)) if lacking and len(known) == 1 else one.key
        found.append(_Held(one.item, one.value, key))
    return found


# --- two values ---------------------------------------------------------------------------------


def _same(name: str, left: Key, right: Key) -> bool:
    """Whether two values are compatible; lists of alternatives are, when they share one."""
    kind = None if name.startswith("ids.") else _info(name).kind
    if kind is Kind.CHOICES and isinstance(left, frozenset) and isinstance(right, frozenset):
        return bool(left & right)
    if name.startswith("ids.") and isinstance(left, frozenset) and isinstance(right, frozenset):
        return any(
            a == b and (not old or not new or old == new) for a, old in left for b, new in right
        )
    return left == right


def _compare(name: str, left: _Held | None, right: _Held | None) -> bool | None:
    """Whether two items agree in an attribute; `None` when one is silent.

    Words that no grammar covers are compared as text and are never agreement.
    """
    if left is None or right is None:
        return None
    same = _same(name, left.key, right.key)
    return None if same and isinstance(left.value, Text) else same


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
    concept: Concept, key: str, held: tuple[_Held, ...], sets: Mapping[str, MeasureSet]
) -> Divergence | None:
    held = _pooled(held) if _pools(key) else held
    pairs = [
        (a, b)
        for a, b in combinations(held, 2)
        if a.item.payer != b.item.payer and not _same(key, a.key, b.key)
    ]
    if not pairs:
        return None
    severity, cause, note = _severity(key), "", ""
    if key in ("threshold", "improvement_notation") and all(
        _turned(a.item, b.item) for a, b in pairs
    ):
        severity, cause, note = "info", "rate", _other_way(held)
    elif key == "improvement_notation":
        note = "opposite directions"
    return Divergence(
        concept=concept.id,
        label=concept.label,
        dimension="identification" if key.startswith("ids.") else _info(key).dimension,
        attribute=key,
        severity=severity,
        cause=cause or _cause(key, held, sets),
        positions=_positions(key, held),
        silent=tuple(sorted(set(concept.payers) - {h.item.payer for h in held})),
        counted=any(sets[a.item.payer].counted and sets[b.item.payer].counted for a, b in pairs),
        note=note or _wording(key, held),
        differing=_two_by_two((a.item.payer, b.item.payer) for a, b in pairs),
    )


def _two_by_two(payers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(min(two), max(two)) for two in payers}))


def _pools(key: str) -> bool:
    return not key.startswith("ids.") and _info(key).kind is Kind.CHOICES


def _pooled(held: tuple[_Held, ...]) -> tuple[_Held, ...]:
    """One value a payer: what several lines of it offer are alternatives."""
    found: dict[str, _Held] = {}
    for one in held:
        before = found.get(one.item.payer)
        if before:
            value = tuple(sorted({*before.value, *one.value}))
            one = _Held(before.item, value, frozenset(value))  # noqa: PLW2901
        found[one.item.payer] = one
    return tuple(found[payer] for payer in sorted(found))


def _positions(key: str, held: tuple[_Held, ...]) -> tuple[Position, ...]:
    groups: dict[Key, list[_Held]] = {}
    for one in held:
        groups.setdefault(one.key, []).append(one)
    found = []
    for group in groups.values():
        said = sorted({(h.item.payer, _shown(key, h.value)) for h in group})
        texts = [text for _, text in said]
        value = min(texts, key=lambda t: (-texts.count(t), -len(t), t))
        places = {(h.item.payer, h.item.place_of(key.split(".", maxsplit=1)[0])) for h in group}
        payers = tuple(sorted({h.item.payer for h in group}))
        found.append(Position(value, payers, tuple(sorted(places)), tuple(said)))
    return tuple(sorted(found, key=lambda p: (p.value, p.payers)))


def _shown(key: str, value: Any) -> str:
    if key == "rates":
        return "; ".join(sorted(rate.title for rate in value))
    return stated(value)


def _other_way(held: tuple[_Held, ...]) -> str:
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


def _wording(key: str, held: tuple[_Held, ...]) -> str:
    """For free text: the words that differ between the two commonest texts."""
    if key.startswith("ids.") or _info(key).kind is not Kind.TEXT:
        return ""
    texts = sorted({stated(h.value) for h in held if not isinstance(h.value, Nothing)})
    return word_diff(texts[0], texts[1]) if len(texts) > 1 else ""


def word_diff(old: str, new: str) -> str:
    """The words that differ: `[-out-]` and `{+in+}`, with two words of context."""
    out = []
    for piece in reworded(old, new):
        if piece.fate == "out":
            out.append(f"[-{piece.text}-]")
        elif piece.fate == "in":
            out.append("{+" + piece.text + "+}")
        else:
            same = piece.words
            out.append(
                piece.text if len(same) <= 5 else f"{' '.join(same[:2])} ... {' '.join(same[-2:])}"
            )
    return " ".join(out)


def _cause(key: str, held: tuple[_Held, ...], sets: Mapping[str, MeasureSet]) -> str:
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
