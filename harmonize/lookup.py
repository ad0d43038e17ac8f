"""The catalogue looked up: by number, acronym or words, as cards to read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from harmonize.knowledge import Entry, Knowledge, words
from harmonize.measures import SYSTEMS
from harmonize.slots import names
from harmonize.spelling import spelled, telling
from harmonize.standards import ATTRIBUTES, Change, Fact, Standards, called
from harmonize.values import stated
from harmonize.wording import base_id

_NAMES: Final = {"nqf": "cbe", "ecqm": "cms", "qpp": "mips", "quality id": "mips"}
_ASKED: Final = re.compile(
    rf"(?:(?P<system>{'|'.join((*SYSTEMS, *_NAMES))})\b)?\s*[:#]?\s*(?P<value>[A-Za-z0-9.-]+)",
    re.IGNORECASE,
)
_DIRECTIONS: Final = {"increase": "higher is better", "decrease": "lower is better"}


@dataclass(frozen=True, slots=True)
class Known:
    """A fact as it is read: whose edition, which years, what it says field by field."""

    edition: str
    first: int
    last: int | None
    values: tuple[tuple[str, str], ...]
    rates: tuple[str, ...]
    source: str

    @property
    def years(self) -> str:
        """`2018-2021`, or `2018-` where it still holds."""
        return f"{self.first}-{self.last or ''}"

    @property
    def told(self) -> str:
        """All that it says, in one line."""
        parts = [_as_read(name, text) for name, text in self.values]
        return "; ".join([*parts, *([f"rates: {', '.join(self.rates)}"] if self.rates else [])])


def _as_read(name: str, text: str) -> str:
    if name == "events":
        return "once" if text == "1" else f"{text} times"
    before = {"ages": "ages ", "lookback": "look-back "}
    return _DIRECTIONS.get(text, f"{before.get(name, '')}{text}")


@dataclass(frozen=True, slots=True)
class Card:
    """One measure of the catalogue with all that is known of it."""

    key: str
    name: str
    acronym: str
    ids: Mapping[str, tuple[str, ...]]
    steward: str
    domain: str
    measure_type: str
    whole: str
    also: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]  # key and name
    facts: tuple[Known, ...]
    history: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]  # key and name
    source: str

    @property
    def numbers(self) -> str:
        """All identifiers in one line."""
        return ", ".join(f"{_called(s)} {' '.join(v)}".strip() for s, v in self.ids.items())


def _called(system: str) -> str:
    return "" if system == "cms" else called(system) or system


def cards(text: str, knowledge: Knowledge, standards: Standards) -> tuple[Card, ...]:
    """The measures that a text names; all wholes if it is empty, none if nothing fits."""
    found = _found(text, knowledge) if text.strip() else knowledge.entries
    keys = {e.key for e in found}
    wholes = [e for e in found if e.whole is None or e.whole not in keys]
    order = _order(knowledge)
    return tuple(_card(e, knowledge, standards) for e in sorted(wholes, key=order))


def _order(knowledge: Knowledge) -> Any:
    place = knowledge.order_of_domains
    return lambda e: (place.get(e.domain, len(place)), e.name.lower(), e.key)


def nearest(text: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Names of the catalogue that a text comes near to."""
    known: dict[str, str] = {}
    for entry, name in names(knowledge):
        for way in (name, entry.key, entry.acronym or ""):
            known.setdefault(way.lower(), knowledge.by_key[knowledge.family(entry)].name)
    near = get_close_matches(text.lower(), [w for w in known if w], 6, 0.5)
    return tuple(dict.fromkeys(known[way] for way in near))[:3]


def _found(text: str, knowledge: Knowledge) -> tuple[Entry, ...]:
    plain = " ".join(text.split())
    code = plain.upper().removesuffix("-E")
    asked = _ASKED.fullmatch(plain)
    if asked and (by_number := _numbered(asked, knowledge)):
        return by_number
    by_name = [
        e
        for e in knowledge.entries
        if code in (e.key.upper(), (e.acronym or "").upper().removesuffix("-E"))
    ]
    return tuple(by_name) or _worded(plain, knowledge)


def _numbered(asked: re.Match[str], knowledge: Knowledge) -> tuple[Entry, ...]:
    """By an identifier of the system that is named, or of any."""
    system = (asked["system"] or "").lower()
    value = asked["value"]
    if system == "cms" and value.isdigit():
        value = f"CMS{value}"
    systems = [_NAMES.get(system, system)] if system else [*SYSTEMS]
    if not system and not value[-1].isdigit():
        systems = ["cms", "hedis", "cbe"]
    if not system and value.isdigit():  # a bare number has the digits that its system writes
        systems = {4: ["cbe"], 3: ["mips", "cmit"]}.get(len(value), ["cmit"])
    return _each(e for s in systems for e in knowledge.by_id.get((s, base_id(s, value)), ()))


def _worded(text: str, knowledge: Knowledge) -> tuple[Entry, ...]:
    """By all its telling words; those that it names exactly go alone."""
    wanted = telling(spelled(words(text), knowledge), knowledge) or words(text)
    if not wanted:
        return ()
    exact: list[Entry] = []
    some: list[Entry] = []
    for entry, name in names(knowledge):
        phrase = spelled(words(name), knowledge)
        if telling(phrase, knowledge) == wanted:
            exact.append(entry)
        elif set(wanted) <= {*phrase, *words(name)}:
            some.append(entry)
    return _each(exact) or _each(some)


def _each(found: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple({e.key: e for e in found}.values())


def _card(entry: Entry, knowledge: Knowledge, standards: Standards) -> Card:
    parts = [e for e in knowledge.entries if e.whole == entry.key]
    alike = [
        e
        for e in knowledge.entries
        if entry.topic and e.topic == entry.topic and e.whole is None and e.key != entry.key
    ]
    facts = sorted(standards.facts_of.get(entry.key, ()), key=lambda f: (f.spec or "", f.first))
    return Card(
        key=entry.key,
        name=entry.name,
        acronym=entry.acronym or "",
        ids={s: entry.ids[s] for s in SYSTEMS if s in entry.ids},
        steward=entry.steward or "",
        domain=entry.domain,
        measure_type=entry.measure_type or "",
        whole=knowledge.by_key[entry.whole].name if entry.whole else "",
        also=entry.also,
        parts=tuple((e.key, e.name.removeprefix(f"{entry.name}: ")) for e in parts),
        facts=tuple(map(_known, facts)),
        history=tuple(_told(c, knowledge) for c in standards.changes_of.get(entry.key, ())),
        alike=tuple((e.key, e.name) for e in alike),
        source=entry.source,
    )


def _known(fact: Fact) -> Known:
    return Known(
        edition=called(fact.spec) or "every edition",
        first=fact.first,
        last=fact.last,
        values=tuple((n, stated(fact.values[n])) for n in ATTRIBUTES if n in fact.values),
        rates=fact.rates,
        source=fact.source,
    )


def _told(change: Change, knowledge: Knowledge) -> str:
    same = change.was_code == change.now_code
    was = _name(change.was, None if same else change.was_code)
    now = _name(change.now, None if same else change.now_code)
    by = knowledge.by_key.get(change.by or "")
    what = {
        "renamed": f"renamed from {was} to {now}",
        "replaced": f"replaced by {by.name if by else now or 'another measure'}",
        "retired": "retired",
    }[change.kind]
    return f"{change.year} {what} ({change.source})"


def _name(name: str | None, code: str | None) -> str:
    return f"{name} ({code})" if name and code else name or code or ""
