"""What the field knows, as a value: vocabulary, slots, standard measures and how telling words are.

Nothing here is code's opinion: every entry comes from a data file that says where it was read.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

Phrase = tuple[str, ...]

Rule = tuple[str, Phrase, Phrase]
"""An entry by its sort, the words that it is about, and what it makes of them."""

DEFAULT_DOMAIN: Final = "other"

_SPELLINGS: Final = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u2264": "<=", "\u2265": ">=", "\u00ae": " ", "\u2122": " "}
)
_SINGULAR: Final = frozenset(
    ["diabetes", "caries", "herpes", "rabies", "series", "species", "hers"]
)
_WORD: Final = re.compile(r"[^\W_]+(?:'[a-z]+)?")


def words(text: str) -> Phrase:
    """The words of a text: lower case, without accents and marks, a plural's s taken off."""
    plain = text.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", text.translate(_SPELLINGS)).lower()
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(map(stem, _WORD.findall(plain)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without possessive and plural endings: `visits` and `visit` are one."""
    word = word.removesuffix("'s").replace("'", "")
    if word in _SINGULAR:
        return word
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


class Source(NamedTuple):
    """Where an entry was read; `place` is where a user's own file has it, empty of what ships."""

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One measure of the catalogue, or a rate, stratum or component of it (`whole` is then set)."""

    key: str
    name: str
    acronym: str | None = None
    whole: str | None = None
    part: str | None = None
    axis: str | None = None
    topic: str | None = None
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steward: str | None = None
    domain: str = DEFAULT_DOMAIN
    measure_type: str | None = None
    ages: tuple[int | None, int | None] | None = None
    also: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing that a title may name; `broader` maps a value to all that contain it.

    `veto` says what a difference means: `title` parts two measures whose titles both name a value,
    `text` those of which a description names it, too, `none` parts nobody.  `about` says whether
    it names the `population` or the `focus`.
    """

    name: str
    help: str
    veto: str
    about: str
    phrases: Mapping[Phrase, str]
    broader: Mapping[str, frozenset[str]]

    def compatible(self, left: str, right: str) -> bool:
        """Whether one value is the other, or contains it."""
        return (
            left == right
            or left in self.broader.get(right, ())
            or right in self.broader.get(left, ())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviation:
    """A token and what it stands for, everywhere or only beside one of the words in `when`."""

    long: Phrase
    when: frozenset[str] = frozenset()

    def fits(self, present: set[str]) -> bool:
        """Whether it stands for that among these words."""
        return not self.when or bool(self.when & present)


@dataclass(frozen=True, eq=False, kw_only=True)
class Knowledge:
    """All of it; phrases are tuples of words as `words` makes them, before any rewriting."""

    entries: tuple[Entry, ...]
    domains: tuple[tuple[str, int, tuple[str, ...]], ...]  # name, rank when guessing, its words
    abbreviations: Mapping[str, tuple[Abbreviation, ...]]
    synonyms: Mapping[Phrase, Phrase]
    boilerplate: tuple[Phrase, ...]
    stop: frozenset[str]
    slots: tuple[Slot, ...]
    counts: Mapping[str, int]  # word -> titles that hold it
    titles: int  # titles that were counted
    plain: frozenset[str]  # words that are words, and no slips of the pen
    coefficients: Mapping[str, float]  # feature -> log-odds for each unit of it
    sources: Mapping[Rule, Source]  # for `explain` alone: nothing is decided by them
    criteria_synonyms: Mapping[Phrase, Phrase] = field(default_factory=dict)
    criteria_stop: frozenset[str] = frozenset()
    # The telling words of each name of the catalogue, worked out beforehand; whoever changes what
    # is known loses them, and they are worked out anew.
    bags: tuple[Phrase, ...] = field(default=(), init=False, compare=False)

    @cached_property
    def of_criteria(self) -> "Knowledge":
        """What is known of criteria for taking part: they are no measures of the catalogue."""
        return replace(
            self,
            entries=(),
            synonyms={**self.synonyms, **self.criteria_synonyms},
            stop=self.stop | self.criteria_stop,
        )

    @cached_property
    def by_key(self) -> Mapping[str, Entry]:
        """Entries by key."""
        return {e.key: e for e in self.entries}

    @cached_property
    def order_of_domains(self) -> Mapping[str, int]:
        """The order in which a committee reads the domains."""
        names = [name for name, _, _ in self.domains]
        return {name: place for place, name in enumerate([*names, DEFAULT_DOMAIN])}

    @cached_property
    def slot(self) -> Mapping[str, Slot]:
        """Slots by name, those that part nobody left out."""
        return {s.name: s for s in self.slots if s.veto != "none"}

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        return {name: rank for rank, name in enumerate(self.slot)}

    def in_order(self, names: Iterable[str]) -> list[str]:
        """The slots of these names in the order of the file, those that part nobody left out."""
        return sorted((n for n in names if n in self._rank), key=self._rank.__getitem__)

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
        """Entries by (system, identifier)."""
        found: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries:
            for system, values in entry.ids.items():
                for value in values:
                    found.setdefault((system, value), []).append(entry)
        return {k: tuple(v) for k, v in found.items()}

    @cached_property
    def by_acronym(self) -> Mapping[str, Entry]:
        """Whole measures by an acronym or HEDIS code that is theirs alone."""
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            if entry.whole is None:
                for code in {entry.acronym, *entry.ids.get("hedis", ())} - {None}:
                    found.setdefault(str(code).removesuffix("-E"), set()).add(entry.key)
        return {code: self.by_key[min(keys)] for code, keys in found.items() if len(keys) == 1}

    @cached_property
    def with_parts(self) -> Mapping[str, frozenset[str]]:
        """Keys of each whole measure and its parts, by the key of the whole."""
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            found.setdefault(self.family(entry), set()).add(entry.key)
        return {key: frozenset(keys) for key, keys in found.items()}

    def family(self, entry: Entry) -> str:
        """Key of the measure that an entry belongs to: its own, or that of its whole."""
        seen = {entry.key}
        while entry.whole and entry.whole in self.by_key and entry.whole not in seen:
            seen.add(entry.whole)
            entry = self.by_key[entry.whole]
        return entry.key
