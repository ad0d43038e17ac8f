"""What an item's words say: its telling words, the things that it names, its identifiers.

Read from text, so it may help to tell measures apart and is never taken for a statement.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from math import log
from typing import Final

from harmonize.knowledge import Entry, Knowledge, Phrase, words
from harmonize.measures import Measure
from harmonize.spelling import Fired, Heard, spelled, telling
from harmonize.values import UNITS, Ages
from harmonize.wording import base_id, names_apart, take_apart, without_markup

NUMBER: Final = 2.0  # what a bare number tells: little, for many things are numbered
_LEFT_OUT: Final = frozenset({("except",), ("excluding",), ("other", "than"), ("except", "for")})
DESCRIBED: Final = 4000  # characters of a description that are read

_FIRST: Final = re.compile(r"^\W*([A-Z][A-Z0-9]{2,4}(?:-E)?)\b(?=.*[a-z])")
_LAST: Final = re.compile(r"^[^a-z]*[a-z].*\b([A-Z][A-Z0-9]{2,4}(?:-E)?)\W*$", re.DOTALL)

_NUMBERED: Final = re.compile(
    r"^\s*([A-Z]{2,6})[\s#-]*([0-9]{1,3})[a-z]?\s*(?::|\s-|\.)\s*(?=[A-Z])"
)

_CHILD: Final = frozenset(
    ["child", "children", "childhood", "adolescent", "pediatric", "infant", "newborn", "youth"]
)
_ADULT: Final = frozenset(["adult", "older", "elderly", "senior", "women", "woman"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What of an item evidence may hang on, and nothing else; empty is not stated."""

    title: str
    context: str = ""
    description: str = ""
    ids: tuple[tuple[str, tuple[str, ...]], ...] = ()
    acronym: str | None = None
    steward: str | None = None
    measure_type: str | None = None
    is_rate: bool = False
    is_part: bool = False
    has_rates: bool = False


@dataclass(frozen=True)
class Profile:
    """An item as evidence sees it; empty means that the words name nothing of the sort.

    `words` are the telling words of the title in order; `named` maps a slot to the values that the
    title names, `told` to those that the description names.  `codes` are the acronyms that are no
    abbreviation of a word (`HCV`, `CT`), HEDIS's own among them.  `own` are the marks by which a
    rate is told from its measure, `beside` the telling words of that measure.
    """

    ref: str
    payer: str
    line: Line
    title: str
    words: Phrase
    description: Phrase
    named: Mapping[str, frozenset[str]]
    told: Mapping[str, frozenset[str]]
    ids: Mapping[str, frozenset[str]]
    acronyms: frozenset[str]
    codes: frozenset[str]
    ages: Ages | None
    windows: frozenset[Fraction]
    cuts: frozenset[tuple[Fraction, ...]]
    strata: frozenset[str]
    combination: str | None
    collection: frozenset[str]
    steward: str | None
    measure_type: str | None
    is_rate: bool
    is_part: bool
    has_rates: bool
    own: frozenset[str]
    beside: frozenset[str]

    @cached_property
    def bag(self) -> frozenset[str]:
        """The telling words as a set."""
        return frozenset(self.words)

    @cached_property
    def marks(self) -> frozenset[str]:
        """Words, windows and cuts as marks of one sort."""
        return self.bag | _marks(self.windows, self.cuts)


def line(measure: Measure) -> Line:
    """What a profile is made of."""
    return Line(
        title=measure.title,
        context=measure.context or "",
        description=measure.description or "",
        ids=_frozen(measure.ids or {}),
        acronym=measure.acronym,
        steward=measure.steward,
        measure_type=measure.measure_type,
        is_rate=measure.rate_of is not None,
        is_part=measure.part in ("rate", "stratum", "component"),
        has_rates=bool(measure.rates),
    )


def profile(
    measure: Measure, knowledge: Knowledge, hear: Mapping[str, Heard] | None = None
) -> Profile:
    """What an item's words say; `hear` is told which rules fire in `title` and `description`.

    Items that say the same are read once, unless somebody listens.
    """
    said = line(measure)
    found = _read(said, knowledge, hear) if hear else _profile(said, knowledge)
    return replace(found, ref=measure.ref, payer=measure.payer)


def _frozen(ids: Mapping[str, Iterable[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((system, tuple(values)) for system, values in sorted(ids.items()))


@cache
def names(knowledge: Knowledge) -> tuple[tuple[Entry, str], ...]:
    """Every name of every entry of the catalogue."""
    return tuple((e, name) for e in knowledge.entries for name in (e.name, *e.also))


@cache
def name_bags(knowledge: Knowledge) -> tuple[frozenset[str], ...]:
    """The telling words of each of `names`, as they were worked out or as they are read now."""
    if knowledge.bags:
        return tuple(map(frozenset, knowledge.bags))
    return tuple(name_profile(place, knowledge).bag for place in range(len(names(knowledge))))


@cache
def name_words(knowledge: Knowledge) -> Mapping[str, tuple[int, ...]]:
    """Where in `names` a telling word stands."""
    found: dict[str, list[int]] = {}
    for place, bag in enumerate(name_bags(knowledge)):
        for word in bag:
            found.setdefault(word, []).append(place)
    return {word: tuple(places) for word, places in found.items()}


@cache
def wholes(knowledge: Knowledge) -> frozenset[str]:
    """Keys of entries that have parts of their own: no rate is one of them."""
    return frozenset(e.whole for e in knowledge.entries if e.whole)


@lru_cache(maxsize=5000)
def name_profile(place: int, knowledge: Knowledge) -> Profile:
    """What a name of the catalogue would look like in a list."""
    entry, name = names(knowledge)[place]
    whole, _, part = name.rpartition(": ") if entry.whole else ("", "", name)
    said = Line(
        title=part,
        context=whole,
        ids=_frozen(entry.ids),
        acronym=entry.acronym,
        steward=entry.steward,
        measure_type=entry.measure_type,
    )
    return replace(_profile(said, knowledge), ref=entry.key)


@lru_cache(maxsize=20_000)
def _profile(line: Line, knowledge: Knowledge) -> Profile:
    return _read(line, knowledge, None)


def _read(line: Line, knowledge: Knowledge, hear: Mapping[str, Heard] | None) -> Profile:
    title, context = line.title, line.context
    heard, beyond = (hear.get("title"), hear.get("description")) if hear else (None, None)
    said = take_apart(title, context)
    rest, codes = _called(said.rest, knowledge, heard)
    acronyms = (*said.acronyms, *codes, *([line.acronym] if line.acronym else []))
    phrase = _with_leads(words(rest), said.acronyms, knowledge, heard)
    told: Phrase = ()
    if line.description:
        plain = words(without_markup(line.description[:DESCRIBED]))
        told = spelled(plain, knowledge, beyond)
    known = {s: frozenset(base_id(s, v) for v in values) for s, values in line.ids}
    for system, value in said.ids:
        known[system] = known.get(system, frozenset()) | {value}
    own: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    if not context:
        named = _named(phrase, knowledge, heard)
    else:
        around = spelled(words(names_apart(context)[0]), knowledge)
        alone = spelled(words(take_apart(title).rest), knowledge)
        # What a rate names itself goes before what its measure names.
        named = _named(alone, knowledge, heard)
        named = _named(around, knowledge, heard and _unless(named, heard)) | named
        beside = frozenset(telling(around, knowledge))
        marks = _marks(said.windows, said.cuts)
        own = (frozenset(telling(phrase, knowledge)) | marks) - beside
    return Profile(
        ref="",
        payer="",
        line=line,
        title=f"{context}: {title}" if context else title,
        words=telling(phrase, knowledge, heard),
        description=telling(told, knowledge, beyond),
        named=named,
        told=_named(told, knowledge, beyond),
        ids=known,
        acronyms=frozenset(a.upper() for a in acronyms),
        codes=frozenset(
            a.upper().removesuffix("-E")
            for a in acronyms
            if a.lower() not in knowledge.abbreviations
        )
        | known.get("hedis", frozenset()),
        ages=said.ages,
        windows=said.windows,
        cuts=said.cuts,
        strata=said.strata,
        combination=said.combination,
        collection=said.collection,
        steward=line.steward and " ".join(words(line.steward)),
        measure_type=line.measure_type,
        is_rate=line.is_rate,
        is_part=line.is_part,
        has_rates=line.has_rates,
        own=own,
        beside=beside,
    )


def _with_leads(
    rest: Phrase, acronyms: Iterable[str], knowledge: Knowledge, heard: Heard | None
) -> Phrase:
    """The words spelled out, with those that an abbreviation beside them says: `COPD: Spirometry`.

    One that stands in brackets behind what it is short for adds nothing.
    """
    for word in (a.lower() for a in acronyms):
        if word in knowledge.abbreviations:
            longer = (word, *rest)
            if set(spelled(longer, knowledge)) != set(spelled(rest, knowledge)):
                rest = longer
    return spelled(rest, knowledge, heard)


def _called(
    rest: str, knowledge: Knowledge, heard: Heard | None = None
) -> tuple[str, tuple[str, ...]]:
    """A title without the acronym of a known measure that it begins or ends with.

    Of a title that is nothing else, the name that the acronym stands for.
    """
    rest = _numberless(rest, knowledge)
    code = rest.strip(" .,:;()-").removesuffix("-E")
    if called := knowledge.by_acronym.get(code):
        if heard:
            heard(Fired("acronym", (code,), words(called.name), name=called.key))
        return called.name, (code,)
    for pattern in (_FIRST, _LAST):
        found = pattern.search(rest)
        code = found[1].removesuffix("-E") if found else ""
        if code in knowledge.by_acronym and code.lower() not in knowledge.abbreviations:
            return f"{rest[: found.start(1)]} {rest[found.end(1) :]}" if found else rest, (code,)
    return rest, ()


def _numberless(rest: str, knowledge: Knowledge) -> str:
    """A title without a programme's own number before it: `ACO-13: ...`, `PREV-6 - ...`.

    What begins like the numbers of a known set (`PQI 05`) or says something (`PHQ-9`) is kept.
    """
    found = _NUMBERED.match(rest)
    if not found or f"{found[1].lower()} {int(found[2])}" in _numbered(knowledge):
        return rest
    sets = {code.partition("-")[0] for code in knowledge.by_acronym if "-" in code}
    return rest if found[1] in sets else rest[found.end() :]


@cache
def _numbered(knowledge: Knowledge) -> frozenset[str]:
    """Words with a number that say something."""
    phrases = {*knowledge.synonyms, *knowledge.synonyms.values()}
    phrases |= {phrase for slot in knowledge.slots for phrase in slot.phrases}
    return frozenset(
        f"{one} {int(two)}"
        for phrase in phrases
        for one, two in pairwise(phrase)
        if two.isdecimal() and two.isascii()
    )


def _marks(windows: Iterable[Fraction], cuts: Iterable[tuple[Fraction, ...]]) -> frozenset[str]:
    return frozenset({*(f"{w} days" for w in windows), *(f"cut {c}" for c in cuts)})


@cache
def _phrases(knowledge: Knowledge) -> dict[str, tuple[tuple[Phrase, str, str], ...]]:
    """Phrases that name something, by first word, longest first."""
    rows: dict[str, list[tuple[Phrase, str, str]]] = {}
    for slot in knowledge.slots:
        for phrase, value in slot.phrases.items():
            new = spelled(phrase, knowledge)
            for one in {phrase, new}:
                rows.setdefault(one[0], []).append((one, slot.name, value))
    return {w: tuple(sorted(r, key=lambda x: (-len(x[0]), x))) for w, r in rows.items()}


def _unless(named: Mapping[str, frozenset[str]], heard: Heard) -> Heard:
    """One that is told only of slots that are not named yet."""

    def told(fired: Fired) -> None:
        if fired.name not in named:
            heard(fired)

    return told


def _named(
    phrase: Phrase, knowledge: Knowledge, heard: Heard | None = None
) -> dict[str, frozenset[str]]:
    """What a text names, by slot; a phrase inside a longer one of its slot does not count.

    Nor does what is named as left out: `lower extremity except knee`.
    """
    table = _phrases(knowledge)
    found: dict[str, set[str]] = {}
    ends: dict[str, int] = {}
    for at, word in enumerate(phrase):
        for one, slot, value in table.get(word, ()):
            if at < ends.get(slot, 0) or phrase[at : at + len(one)] != one:
                continue
            ends[slot] = at + len(one)
            if phrase[at - 1 : at] in _LEFT_OUT or phrase[max(0, at - 2) : at] in _LEFT_OUT:
                continue
            found.setdefault(slot, set()).add(value)
            if heard:
                heard(Fired("slot", one, (value,), name=slot))
    return {slot: frozenset(values) for slot, values in sorted(found.items())}


@lru_cache(maxsize=100_000)
def weight(word: str, knowledge: Knowledge) -> float:
    """How telling a word is in the field: the log of how rare it is among published titles."""
    if word.isdigit():
        return NUMBER
    return log((knowledge.titles + 1) / (knowledge.counts.get(word, 0) + 1))


def inferred_ages(measure: Measure) -> Ages | None:
    """Ages as the title tells them; only to see whom a measure could be about."""
    if found := take_apart(measure.title, measure.context or "").ages:
        return found
    said = set(words(f"{measure.context or ''} {measure.title}"))
    if said & _CHILD and not said & _ADULT:
        return Ages(Fraction(0), 21 * UNITS["year"], "children, by the title")
    return None
