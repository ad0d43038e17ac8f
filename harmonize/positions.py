"""Values that are stated of one field: when two are the same, and who stands on which.

It knows no measure and no area: whatever states something is held by its payer and its place.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Generic, Protocol, TypeVar

from harmonize.fields import Info, Kind, declared
from harmonize.knowledge import Knowledge, words
from harmonize.problems import Place
from harmonize.rewording import reworded
from harmonize.spelling import spelled
from harmonize.values import Nothing, Share, Text, Threshold, stated
from harmonize.wording import base_id

Key = Hashable


class Stating(Protocol):
    """What a payer states something of: a measure, a criterion, a way to pay."""

    @property
    def payer(self) -> str: ...

    def place_of(self, key: str, /) -> Place:
        """Where a field stands."""
        ...


T = TypeVar("T", bound=Stating)


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
class Held(Generic[T]):
    """A stated value of one field; two with equal keys say the same."""

    item: T
    value: Any
    key: Key


# --- what has to be equal -----------------------------------------------------------------------


def key_of(info: Info, name: str, value: Any, knowledge: Knowledge) -> Key:
    """What has to be equal for two values to be the same; `name` tells an identifier's system."""
    if isinstance(value, Nothing):
        return "none"
    if info.kind is Kind.IDS:
        return _id_key(name.removeprefix("ids."), value)
    return _KEYS.get(info.kind, _exact)(value, knowledge)


def _exact(value: Any, _: Knowledge) -> Key:
    return ("text", words(value.text)) if isinstance(value, Text) else value


# Signs before a number that turn its meaning, of which words know nothing.
_SIGNS: Final = re.compile(r"([<>\u2264\u2265]=?)\s*(?=[0-9])")
_SPELT: Final = {"\u2264": "<=", "\u2265": ">="}


def _by_words(value: Any, knowledge: Knowledge) -> Key:
    text = stated(value)
    signs = tuple(_SPELT.get(sign, sign) for sign in _SIGNS.findall(text))
    return spelled(words(text), knowledge) or text, signs


def _by_lines(value: Any, knowledge: Knowledge) -> Key:
    return frozenset(_by_words(line, knowledge) for line in value)


def _by_record(value: Any, _: Knowledge) -> Key:
    """Each field that is stated, for what a record leaves out is silence too."""
    cls: type = type(value)
    told = ((name, getattr(value, info.name)) for name, info in declared(cls).items())
    return frozenset(
        (name, one if isinstance(one, Share) else words(stated(one)))
        for name, one in told
        if one is not None
    )


_KEYS: Final[Mapping[Kind, Callable[[Any, Knowledge], Key]]] = {
    Kind.LINE: _by_words,
    Kind.TEXT: _by_words,
    Kind.LINES: _by_lines,
    Kind.CHOICES: lambda value, _: frozenset(value),
    Kind.RECORD: _by_record,
    Kind.RECORDS: _by_lines,
}


def _id_key(system: str, values: Iterable[str]) -> Key:
    """Identifiers as (number, version); the version is empty where none is stated."""
    found = set()
    for value in values:
        plain = value.upper().replace(" ", "")
        version = re.search(r"V([0-9.]+)$", plain) if system == "cms" else None
        found.add((base_id(system, value), version[1] if version else ""))
    return frozenset(found)


def with_units(held: tuple[Held[T], ...]) -> tuple[Held[T], ...]:
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
        found.append(Held(one.item, one.value, key))
    return tuple(found)


# --- two values ---------------------------------------------------------------------------------


def same(info: Info, left: Key, right: Key) -> bool:
    """Whether two values are compatible: alternatives that share one, records that part in none."""
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        if info.alternatives:
            return bool(left & right)
        if info.kind is Kind.IDS:
            return any(
                a == b and (not old or not new or old == new) for a, old in left for b, new in right
            )
        if info.kind is Kind.RECORD:
            mine, theirs = dict(left), dict(right)
            return all(mine[name] == theirs[name] for name in mine.keys() & theirs.keys())
    return left == right


def agrees(info: Info, left: Held[T] | None, right: Held[T] | None) -> bool | None:
    """Whether two agree in a field; `None` when one is silent.

    Words that no grammar covers are compared as text and are never agreement.
    """
    if left is None or right is None:
        return None
    equal = same(info, left.key, right.key)
    return None if equal and isinstance(left.value, Text) else equal


# --- n values -----------------------------------------------------------------------------------


def apart(info: Info, held: Iterable[Held[T]]) -> list[tuple[Held[T], Held[T]]]:
    """Every two of different payers that state another thing."""
    return [
        (a, b)
        for a, b in combinations(held, 2)
        if a.item.payer != b.item.payer and not same(info, a.key, b.key)
    ]


def two_by_two(pairs: Iterable[tuple[Held[T], Held[T]]]) -> tuple[tuple[str, str], ...]:
    """Their payers, each two once, sorted."""
    two = ((a.item.payer, b.item.payer) for a, b in pairs)
    return tuple(sorted({(min(one), max(one)) for one in two}))


def pooled(held: Iterable[Held[T]]) -> tuple[Held[T], ...]:
    """One value a payer: what several lines of it offer are alternatives."""
    found: dict[str, Held[T]] = {}
    for one in held:
        before = found.get(one.item.payer)
        if before:
            value = tuple(sorted({*before.value, *one.value}))
            one = Held(before.item, value, frozenset(value))  # noqa: PLW2901
        found[one.item.payer] = one
    return tuple(found[payer] for payer in sorted(found))


def positions(
    name: str, held: Iterable[Held[T]], shown: Callable[[Any], str] = stated
) -> tuple[Position, ...]:
    """Who stands where; `name` is the field's key, `shown` says a value as its payer wrote it."""
    groups: dict[Key, list[Held[T]]] = {}
    for one in held:
        groups.setdefault(one.key, []).append(one)
    found = []
    for group in groups.values():
        said = sorted({(h.item.payer, shown(h.value)) for h in group})
        texts = [text for _, text in said]
        value = min(texts, key=lambda t: (-texts.count(t), -len(t), t))
        places = {(h.item.payer, h.item.place_of(name.split(".", maxsplit=1)[0])) for h in group}
        payers = tuple(sorted({h.item.payer for h in group}))
        found.append(Position(value, payers, tuple(sorted(places)), tuple(said)))
    return tuple(sorted(found, key=lambda p: (p.value, p.payers)))


def wording(info: Info, held: Iterable[Held[T]]) -> str:
    """For free text: the words that differ between the two commonest texts."""
    if info.kind is not Kind.TEXT:
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
