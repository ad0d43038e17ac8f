"""What was judged: what a measure or a term says, as a decision pins it, and what changed since.

Only what tells whether and how measures are the same is pinned: title, identifiers and what is
asked; not weight, target or standing, which are each programme's own affair, nor versions, which
change every year.  Whoever calls hands in measures of which nothing is left that anybody may not
see: a hash of a withheld value would give it away, for the values are few.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from harmonize.decisions import Decision
from harmonize.fields import Info, Kind, Role, declared
from harmonize.measures import Measure
from harmonize.terms import OTHER_AREAS, Term, attributes, fields_of
from harmonize.values import Ages, Count, Duration, Nothing, Share, Text, Threshold, stated
from harmonize.wording import base_id

SCHEME: Final = "h1-"  # changes when the same content would get another hash
LENGTH: Final = 16
LONG: Final = 100  # characters from which a text is pinned by its hash

PINNED: Final = tuple(
    name
    for name, info in declared(Measure).items()
    if info.role is Role.ATTRIBUTE and info.severity != "info" and info.dimension != "programme"
)


Judged = Measure | Term
"""What can be judged: a measure or a rate, or a term of another area."""


PROSE: Final = frozenset(
    name
    for infos in (declared(Measure), *map(fields_of, OTHER_AREAS))
    for name, info in infos.items()
    if info.kind is Kind.TEXT
)


@dataclass(frozen=True, slots=True)
class Pin:
    """One field of a measure: as a person reads it, and as it is compared."""

    shown: str
    key: str


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What was judged and is otherwise now; `old` or `new` is empty where nothing is stated."""

    measure: str
    attribute: str
    old: str
    new: str


Pins = Mapping[str, Pin]
NO_PINS: Final[Pins] = MappingProxyType({})


def pins(item: Judged, attribute: str = "") -> Pins:
    """What a measure or a term says, by field; of a difference only its attribute is judged."""
    found = {"title": Pin(_short(item.title), _words(item.title))} if not attribute else {}
    ids = item.ids if isinstance(item, Measure) else None
    for system, values in sorted((ids or {}).items()):
        name = f"ids.{system}"
        if attribute in ("", name):
            key = "; ".join(sorted({base_id(system, value) for value in values}))
            found[name] = Pin("; ".join(values) if attribute else key, key)
    infos = fields_of(item.area) if isinstance(item, Term) else declared(Measure)
    for name in (attribute,) if attribute else _pinned(item):
        value = _value(item, infos[name]) if name in infos else None
        if value is not None:
            found[name] = Pin(_shown(name, value), _key(value))
    return found


def _pinned(item: Judged) -> tuple[str, ...]:
    if isinstance(item, Measure):
        return PINNED
    infos = fields_of(item.area)
    return tuple(name for name in attributes(item.area) if infos[name].severity != "info")


def _value(item: Judged, info: Info) -> Any:
    return item.value(info) if isinstance(item, Term) else getattr(item, info.name)


def compared(items: Iterable[Judged], attribute: str) -> str:
    """What items say of an attribute, as it is compared, whatever their words."""
    found = (pins(item, attribute).get(attribute) for item in items)
    return "; ".join(sorted({pin.key for pin in found if pin}))


def fingerprint(judged: Iterable[Pins]) -> str:
    """A hash of what was judged: of meanings, whatever the words, the ids or the order."""
    sums = sorted(_hash(*(f"{name}={pin.key}" for name, pin in sorted(p.items()))) for p in judged)
    return f"{SCHEME}{_hash(*sums)[:LENGTH]}"


def readable(found: str | None) -> bool:
    """Whether a fingerprint is one that this program makes."""
    return bool(found and found.startswith(SCHEME))


def changes(measure: str, old: Mapping[str, str], now: Pins) -> tuple[Change, ...]:
    """What is otherwise now, field by field, as a person reads it."""
    names = sorted(old.keys() | now.keys(), key=_order)
    found = (
        Change(measure, name, old.get(name, ""), now[name].shown if name in now else "")
        for name in names
    )
    return tuple(one for one in found if _words(one.old) != _words(one.new))


def identity(judged: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """By what a measure is found again under another id: its title and identifiers."""
    named = ((k, _words(v)) for k, v in judged.items() if k == "title" or k.startswith("ids."))
    return tuple(sorted(named))


def shown(item: Judged, attribute: str = "") -> dict[str, str]:
    """What was judged as it is written down, always with what the measure is found again by."""
    named = {k: p for k, p in pins(item).items() if k == "title" or k.startswith("ids.")}
    found = {**named, **pins(item, attribute)} if attribute else pins(item)
    return {name: pin.shown for name, pin in found.items()}


def pinned(one: Decision, judged: Mapping[str, Judged]) -> Decision:
    """A decision with what was judged: the measures by the names that it gives them.

    Of a concept they are its members.
    """
    return replace(
        one,
        fingerprint=fingerprint(pins(item, one.attribute) for item in judged.values()),
        judged={ref: shown(item, one.attribute) for ref, item in sorted(judged.items())},
    )


def _order(name: str) -> tuple[int, str]:
    names = ("title", *PINNED)
    return (names.index(name) if name in names else 1, name)


def _hash(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _short(text: str) -> str:
    """A text, or that it is a long one: what a steward wrote is not copied into other files."""
    return text if len(text) <= LONG else f"{text[:24].rstrip()}... ({_hash(_words(text))[:8]})"


def _shown(name: str, value: Any) -> str:
    if name == "rates":
        return _short("; ".join(sorted(rate.title for rate in value)))
    text = stated(value)
    return f"a text ({_hash(_words(text))[:8]})" if _is_prose(name) else _short(text)


def _is_prose(name: str) -> bool:
    return name in PROSE


def _key(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(sorted(map(_key, value)))
    if isinstance(value, Measure):
        own = pins(value)
        return ", ".join(f"{name}={own[name].key}" for name in sorted(own))
    return KEYS.get(type(value), lambda v: _words(stated(v)))(value)


# A row for each kind of value that means the same in other words.
KEYS: Final[Mapping[type, Callable[[Any], str]]] = {
    Ages: lambda v: f"{v.low} to {v.high} days",
    Count: lambda v: str(v.number),
    Duration: lambda v: f"{v.days} days",
    Nothing: lambda _: "none",
    Share: lambda v: f"{v.number}{v.unit}",
    Text: lambda v: _words(v.text),
    Threshold: lambda v: "; ".join(
        f"{c.people or ''} {c.operator}{'/'.join(map(str, c.numbers))} {c.unit or ''}".strip()
        for c in v.cuts
    ),
}
