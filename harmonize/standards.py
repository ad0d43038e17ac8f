"""What the standard says, edition by edition and year by year, and for whom it holds.

A standard fact fills a silent cell in print and nothing else: it is never a statement of the payer.
Where years, editions or identifiers leave a choice, nothing is said.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final, TypeVar

from harmonize.knowledge import Entry, Knowledge
from harmonize.measures import Measure
from harmonize.sets import MeasureSet
from harmonize.values import Nothing
from harmonize.wording import Wording, base_id, take_apart

# Fields about which a standard may speak, in the order in which they are told.
ATTRIBUTES: Final = (
    "ages", "sex", "threshold", "improvement_notation", "follow_up", "lookback", "events",
    "data_source",
)  # fmt: skip
KINDS: Final = ("renamed", "replaced", "retired")
# What a part does not have from its whole: it is by these that parts are told apart.
_OF_THE_PART: Final = frozenset(["threshold", "improvement_notation", "follow_up", "events"])
# Systems whose numbers name an edition; the others only number measures.
_EDITIONS: Final = frozenset(["hedis", "cms", "mips", "star"])
_SPECS: Final = (  # whose edition a text names; the first that fits
    ("medicaid adult", r"\badult core\b"),
    ("medicaid child", r"\bchild core\b"),
    ("hedis", r"\b(?:hedis|ncqa)\b"),
    ("star", r"\bstars?\b"),
    ("mips", r"\b(?:mips|qpp|quality id|quality payment program)\b"),
    ("cms", r"\b(?:cms\s?[0-9]+|ecqms?)"),
    ("cbe", r"\b(?:cbe|nqf)\b"),
    ("pqa", r"\bpqa\b"),
    ("ahrq", r"\bahrq\b"),
)
# Years from the care to the year by which an edition is called.
_LATER: Final = {"medicaid adult": 1, "medicaid child": 1, "star": 2}
_LONG: Final = frozenset(["medicaid adult", "medicaid child", "star"])  # no abbreviations
_MY: Final = 2020  # HEDIS before this was called by the year after the care


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one edition says of a measure, in the measurement years for which it is known to hold.

    `spec` is whose edition; `None` means every edition.  `values` are those of a spec's fields.
    """

    measure: str
    spec: str | None = None
    first: int
    last: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    rates: tuple[str, ...] = ()
    source: str

    def holds(self, year: int) -> bool:
        """Whether it is known to hold in a measurement year."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """That a measure was renamed, replaced by another, or retired, and from which year."""

    measure: str
    kind: str
    year: int
    was: str | None = None
    was_code: str | None = None
    now: str | None = None
    now_code: str | None = None
    by: str | None = None
    source: str


_Row = TypeVar("_Row", Fact, Change)


@dataclass(frozen=True, eq=False, kw_only=True)
class Standards:
    """All dated facts and all changes that are known."""

    facts: tuple[Fact, ...] = ()
    history: tuple[Change, ...] = ()

    @cached_property
    def facts_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """Facts by key of the measure."""
        return _by_measure(self.facts)

    @cached_property
    def changes_of(self) -> Mapping[str, tuple[Change, ...]]:
        """Changes by key of the measure, in the order of time."""
        return _by_measure(sorted(self.history, key=lambda c: c.year))


NO_STANDARDS: Final = Standards()


def _by_measure(rows: Iterable[_Row]) -> dict[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.measure, []).append(row)
    return {key: tuple(own) for key, own in found.items()}


@dataclass(frozen=True, slots=True)
class Standard:
    """What the standard says of one attribute of one item: whose edition, of which year."""

    attribute: str
    value: Any
    spec: str
    year: int
    source: str

    @property
    def edition(self) -> str:
        """`HEDIS 2024`, or the year alone where every edition says so."""
        return f"{called(self.spec)} {self.year}".strip()


def called(spec: str | None) -> str:
    """An edition as people call it."""
    return spec.title() if spec in _LONG else (spec or "").upper()


@dataclass(frozen=True, slots=True)
class Edition:
    """A specification as a `follows` names it; `pinned` says that it is a version without a year.

    `year` is that of the care; `ids` are the identifiers of measures that it names.
    """

    spec: str
    year: int | None
    ids: tuple[tuple[str, str], ...]
    pinned: bool


def edition_of(text: str) -> Edition | None:
    """`HEDIS MY2024`, `CMS165v13`, `MIPS 2025`, `Adult Core Set 2025`; else `None`."""
    plain = " ".join(text.lower().split())
    spec = next((name for name, pattern in _SPECS if re.search(pattern, plain)), None)
    if spec is None:
        return None
    said = re.search(r"(?<![0-9])(my\s?)?(20[0-9]{2})(?![0-9])", plain)
    year = int(said[2]) if said else None
    if said and year and not said[1]:
        year -= 1 if spec == "hedis" and year < _MY else _LATER.get(spec, 0)
    pinned = year is None and bool(re.search(r"\bcms\s?[0-9]+(?:fhir)?v[0-9]", plain))
    return Edition(spec, year, take_apart(text).ids, pinned)


def year_of(payer: MeasureSet) -> int | None:
    """The year of the care that a list is about: stated, or the one before it is reported."""
    if payer.measurement_year:
        return int(payer.measurement_year)
    if payer.reporting_year:
        return int(payer.reporting_year) - 1
    span = payer.effective
    if span and span.from_ and span.to and span.from_[:4] == span.to[:4]:
        return int(span.from_[:4])
    return None


@lru_cache(maxsize=20_000)
def _read(title: str, context: str = "") -> Wording:
    return take_apart(title, context)


def cited(item: Measure) -> dict[str, frozenset[str]]:
    """Identifiers that the payer itself gives, beside the title or in it, as they are compared."""
    ours = set(item.assigned or ())
    found: dict[str, frozenset[str]] = {}
    given = [(s, v) for s, values in (item.ids or {}).items() for v in values]
    for system, value in given:
        if not ours & {"ids", f"ids.{system}"}:
            found[system] = found.get(system, frozenset()) | {base_id(system, value)}
    for system, value in _read(item.title).ids:
        found[system] = found.get(system, frozenset()) | {value}
    return found


def named_by(ids: Mapping[str, Iterable[str]], knowledge: Knowledge) -> Entry | None:
    """The entry that identifiers name together; a number of a whole family names the whole."""
    found: dict[str, Entry] = {}
    for system, values in ids.items():
        for value in values:
            entries = knowledge.by_id.get((system, value), ())
            one = _one_of(entries, knowledge)
            if one is not None:
                found[one.key] = one
            elif entries:
                return None
    if len({knowledge.family(e) for e in found.values()}) != 1:
        return None
    parts = [e for e in found.values() if e.whole]
    if len(parts) == 1:
        return parts[0]
    return knowledge.by_key[knowledge.family(next(iter(found.values())))]


def _one_of(entries: tuple[Entry, ...], knowledge: Knowledge) -> Entry | None:
    wholes = [e for e in entries if e.whole is None]
    if len(wholes) == 1:
        return wholes[0]
    families = {knowledge.family(e) for e in entries}
    if len(entries) == 1 or len(families) != 1:
        return entries[0] if len(entries) == 1 else None
    return knowledge.by_key[families.pop()]


def standard_of(
    item: Measure,
    payer: MeasureSet,
    entry: Entry | None,
    standards: Standards,
    knowledge: Knowledge,
) -> tuple[Standard, ...]:
    """What holds for an item where its payer is silent; `entry` is what its words single out.

    Through `follows` of the measure or of its list, in the year that it names; else through an
    identifier that the payer gives itself, in the year of the list.  A measure that the payer has
    changed, that may be either of two, or whose number says another measure than its title has
    no standard.
    """
    changed = item.modified is not None and not isinstance(item.modified, Nothing)
    if changed or item.any_of:
        return ()
    ids = cited(item)
    followed = _followed(item, payer)
    edition = edition_of(followed) if followed else None
    if followed and edition is None:
        return ()
    for system, value in edition.ids if edition else ():
        ids[system] = ids.get(system, frozenset()) | {value}
    if _contradicts(ids, entry, knowledge):
        return ()
    found = named_by(ids, knowledge)
    if edition and (not ids or (found and entry and entry.whole == found.key)):
        found = entry
    if found is None:
        return ()
    year = (edition.year if edition else None) or year_of(payer)
    whose = edition or _own_edition(payer)
    specs = {whose.spec} - {"cbe"} if whose else _EDITIONS & ids.keys()
    told = {
        one.attribute: one
        for key in filter(None, (found.whole, found.key))
        for one in _told(standards.facts_of.get(key, ()), specs, year, edition)
        if not (key == found.whole and one.attribute in _apart(found))
    }
    kept = [told[name] for name in ATTRIBUTES if name in told]
    part = entry if entry and entry.whole else None
    barred = _barred(item, found, part)
    return tuple(one for one in kept if one.attribute not in barred and silent(item, one.attribute))


def _followed(item: Measure, payer: MeasureSet) -> str | None:
    return item.follows if item.states("follows") else payer.follows


def _own_edition(payer: MeasureSet) -> Edition | None:
    """The edition that a list itself is, such as a Core Set, whatever numbers it gives."""
    found = edition_of(payer.program or "")
    return found if found and found.spec in _LATER else None


def _contradicts(
    ids: Mapping[str, Iterable[str]], entry: Entry | None, knowledge: Knowledge
) -> bool:
    """Whether the identifiers name measures, and the words another one."""
    families = {
        knowledge.family(e)
        for system, values in ids.items()
        for value in values
        for e in knowledge.by_id.get((system, value), ())
    }
    return bool(families and entry and knowledge.family(entry) not in families)


def _apart(part: Entry) -> frozenset[str]:
    """What a part does not have from its whole."""
    aged = part.part == "stratum" or part.axis == "age"
    return _OF_THE_PART | {"ages", "sex"} if aged else _OF_THE_PART


def _barred(item: Measure, found: Entry, part: Entry | None) -> frozenset[str]:
    """What the whole's facts cannot tell of an item that is only a part of it."""
    if found.whole:
        return frozenset()
    if item.part == "stratum":
        return _OF_THE_PART | {"ages", "sex"}
    if part:
        return _apart(part)
    is_part = item.rate_of is not None or item.part_of is not None
    return _OF_THE_PART if is_part or item.part == "component" else frozenset()


def silent(item: Measure, attribute: str) -> bool:
    """Whether neither the payer nor the title says anything of an attribute."""
    if getattr(item, attribute) is not None:
        return False
    read = _read(item.title, item.context or "")
    if attribute == "ages":
        return read.ages is None
    return attribute not in {name for name, _ in read.shown}


def _told(
    facts: tuple[Fact, ...], specs: AbstractSet[str], year: int | None, edition: Edition | None
) -> list[Standard]:
    """What these editions agree on in a year; of a pinned version, what has never changed."""
    if year is None:
        return []
    pinned = edition is not None and edition.pinned
    known = [f for f in facts if pinned or f.holds(year)]
    found = []
    for name in ATTRIBUTES:
        chosen = _stating(known, name, specs)
        if chosen and all(f.values[name] == chosen[0].values[name] for f in chosen):
            one = max(chosen, key=lambda f: (f.first, f.source))
            spec = one.spec if len({f.spec for f in chosen}) == 1 else None
            found.append(Standard(name, one.values[name], spec or "", year, one.source))
    return found


def _stating(known: list[Fact], name: str, specs: AbstractSet[str]) -> list[Fact]:
    """The facts that speak for the editions; for a registry's number, those of all editions."""
    stating = [f for f in known if name in f.values]
    every = [f for f in stating if f.spec is None]
    if specs:
        own = [f for f in stating if f.spec in specs]
        if not own and "mips" in specs:  # its measures from records are those of CMS
            own = [f for f in stating if f.spec == "cms"]
        return own or every
    editions = {f.spec for f in known} - {None}
    return stating if every or editions <= {f.spec for f in stating} else []
