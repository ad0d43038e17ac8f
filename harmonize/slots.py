"""What an item's words say: its telling words, the things that it names, its identifiers.

Read from text, so it may help to tell measures apart and is never taken for a statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from math import log
from typing import Final

from harmonize.knowledge import Entry, Knowledge, Phrase, stem, words
from harmonize.measures import Measure
from harmonize.spelling import spelled, telling
from harmonize.values import UNITS, Ages
from harmonize.wording import base_id, names_apart, take_apart, without_markup

NUMBER: Final = 2.0  # what a bare number tells: little, for many things are numbered
DESCRIBED: Final = 4000  # characters of a description that are read

_CHILD: Final = frozenset(
    ["child", "children", "childhood", "adolescent", "pediatric", "infant", "newborn", "youth"]
)
_ADULT: Final = frozenset(["adult", "adults", "older", "elderly", "senior", "women", "woman"])


@dataclass(frozen=True)
class Profile:
    """An item as evidence sees it; empty means that the words name nothing of the sort.

    `words` are the telling words of the title in order; `named` maps a slot to the values that the
    title names, `told` to those that the description names; `own` are the marks by which a rate
    is told from the measure that it belongs to, `beside` the telling words of that measure.
    """

    ref: str
    payer: str
    title: str
    words: Phrase
    description: Phrase
    named: Mapping[str, frozenset[str]]
    told: Mapping[str, frozenset[str]]
    ids: Mapping[str, frozenset[str]]
    acronyms: frozenset[str]
    ages: Ages | None
    windows: frozenset[Fraction]
    cuts: frozenset[tuple[Fraction, ...]]
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


def profile(measure: Measure, knowledge: Knowledge) -> Profile:
    """What an item's words say."""
    return _profile(
        knowledge,
        ref=measure.ref,
        payer=measure.payer,
        title=measure.title,
        context=measure.context or "",
        description=measure.description or "",
        ids=measure.ids or {},
        acronym=measure.acronym,
        steward=measure.steward,
        measure_type=measure.measure_type,
        is_rate=measure.rate_of is not None,
        is_part=measure.part in ("rate", "stratum", "component"),
        has_rates=bool(measure.rates),
    )


@cache
def names(knowledge: Knowledge) -> tuple[tuple[Entry, str], ...]:
    """Every name of every entry of the catalogue."""
    return tuple((e, name) for e in knowledge.entries for name in (e.name, *e.also))


@cache
def name_words(knowledge: Knowledge) -> Mapping[str, tuple[int, ...]]:
    """Where in `names` a word stands; rough, to find what is worth a closer look."""
    found: dict[str, list[int]] = {}
    for place, (_, name) in enumerate(names(knowledge)):
        for word in set(telling(spelled(words(name), knowledge), knowledge)):
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
    return _profile(
        knowledge,
        ref=entry.key,
        payer="",
        title=part,
        context=whole,
        ids=entry.ids,
        acronym=entry.acronym,
        steward=entry.steward,
        measure_type=entry.measure_type,
    )


def _profile(
    knowledge: Knowledge,
    *,
    ref: str,
    payer: str,
    title: str,
    ids: Mapping[str, Iterable[str]],
    acronym: str | None,
    steward: str | None,
    measure_type: str | None,
    context: str = "",
    description: str = "",
    is_rate: bool = False,
    is_part: bool = False,
    has_rates: bool = False,
) -> Profile:
    said = take_apart(title, context)
    rest, acronyms = said.rest, said.acronyms
    code = rest.strip(" .,:;()-").removesuffix("-E")
    if called := knowledge.by_acronym.get(code):  # a title that is nothing but an acronym
        rest, acronyms = called.name, (*acronyms, code)
    phrase = spelled(words(rest), knowledge)
    told: Phrase = ()
    if description:
        told = spelled(words(without_markup(description[:DESCRIBED])), knowledge)
    known = {s: frozenset(base_id(s, v) for v in values) for s, values in ids.items()}
    for system, value in said.ids:
        known[system] = known.get(system, frozenset()) | {value}
    own: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    named = _named(phrase, knowledge)
    if context:
        around = spelled(words(names_apart(context)[0]), knowledge)
        alone = spelled(words(take_apart(title).rest), knowledge)
        # What a rate names itself goes before what its measure names.
        named = _named(around, knowledge) | _named(alone, knowledge)
        beside = frozenset(telling(around, knowledge))
        marks = _marks(said.windows, said.cuts)
        own = (frozenset(telling(phrase, knowledge)) | marks) - beside
    return Profile(
        ref=ref,
        payer=payer,
        title=f"{context}: {title}" if context else title,
        words=telling(phrase, knowledge),
        description=telling(told, knowledge),
        named=named,
        told=_named(told, knowledge),
        ids=known,
        acronyms=frozenset({a.upper() for a in (*acronyms, *([acronym] if acronym else []))}),
        ages=said.ages,
        windows=said.windows,
        cuts=said.cuts,
        combination=said.combination,
        collection=said.collection,
        steward=steward and " ".join(words(steward)),
        measure_type=measure_type,
        is_rate=is_rate,
        is_part=is_part,
        has_rates=has_rates,
        own=own,
        beside=beside,
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


def _named(phrase: Phrase, knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """What a text names, by slot; a phrase inside a longer one of its slot does not count."""
    table = _phrases(knowledge)
    found: dict[str, set[str]] = {}
    ends: dict[str, int] = {}
    for at, word in enumerate(phrase):
        for one, slot, value in table.get(word, ()):
            if at < ends.get(slot, 0) or phrase[at : at + len(one)] != one:
                continue
            found.setdefault(slot, set()).add(value)
            ends[slot] = at + len(one)
    return {slot: frozenset(values) for slot, values in sorted(found.items())}


@lru_cache(maxsize=100_000)
def weight(word: str, knowledge: Knowledge) -> float:
    """How telling a word is in the field: the log of how rare it is among published titles."""
    if word.isdigit():
        return NUMBER
    return log((knowledge.titles + 1) / (knowledge.counts.get(word, 0) + 1))


def inferred_ages(measure: Measure, knowledge: Knowledge) -> Ages | None:
    """Ages as the title tells them; only to see whom a measure could be about."""
    text = f"{measure.context or ''} {measure.title}"
    found = profile(measure, knowledge).ages
    if found:
        return found
    said = set(words(text))
    if said & {stem(w) for w in _CHILD} and not said & {stem(w) for w in _ADULT}:
        return Ages(Fraction(0), 21 * UNITS["year"], "children, by the title")
    return None
