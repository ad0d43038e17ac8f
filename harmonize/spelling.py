"""Words as the field writes them: misspellings mended, abbreviations spelled out, synonyms one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from harmonize.knowledge import Knowledge, Phrase, stem, words

GLUED: Final = 6  # letters from which a word that nobody knows may be several without a blank
LONG: Final = 7  # letters from which a word that nobody knows may be a known one, one slip away

Rules = dict[str, tuple[tuple[Phrase, Phrase], ...]]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that read some words as others, or as naming something.

    `beside` are the words but for which it had not; `name` is the slot or measure that it names.
    """

    rule: str
    old: Phrase
    new: Phrase
    beside: Phrase = ()
    name: str = ""


Heard = Callable[[Fired], None]
"""Told of every rule that fires, by functions that take one; without it, results are remembered."""


def spelled(phrase: Phrase, knowledge: Knowledge, heard: Heard | None = None) -> Phrase:
    """Words with slips mended, abbreviations spelled out and synonyms made one."""
    return _spelled(phrase, knowledge) if heard is None else _rewritten(phrase, knowledge, heard)


@lru_cache(maxsize=50_000)
def _spelled(phrase: Phrase, knowledge: Knowledge) -> Phrase:
    return _rewritten(phrase, knowledge, None)


def _rewritten(phrase: Phrase, knowledge: Knowledge, heard: Heard | None) -> Phrase:
    mended: list[str] = []
    for word in phrase:
        parts = parted(mend(word, knowledge), knowledge)
        mended.extend(parts)
        if heard and parts != (word,):
            heard(Fired("glued" if len(parts) > 1 else "slip", (word,), parts))
    long = _spelled_out(tuple(mended), knowledge, heard)
    return _replaced(long, _synonyms(knowledge), "synonym", heard)


def telling(phrase: Phrase, knowledge: Knowledge, heard: Heard | None = None) -> Phrase:
    """Spelled words without what tells nothing: boilerplate and stop words.

    A phrase that is nothing else is left as it is.
    """
    return _telling(phrase, knowledge) if heard is None else _stripped(phrase, knowledge, heard)


@lru_cache(maxsize=50_000)
def _telling(phrase: Phrase, knowledge: Knowledge) -> Phrase:
    return _stripped(phrase, knowledge, None)


def _stripped(phrase: Phrase, knowledge: Knowledge, heard: Heard | None) -> Phrase:
    dropped: list[Fired] = []
    kept = _replaced(phrase, _boilerplate(knowledge), "boilerplate", dropped.append)
    if not kept:
        kept, dropped = phrase, []
    left = tuple(word for word in kept if word not in knowledge.stop)
    if heard:
        dropped += [Fired("stop", (w,), ()) for w in kept if left and w in knowledge.stop]
        for one in dropped:
            heard(one)
    return left or kept


@lru_cache(maxsize=50_000)
def mend(word: str, knowledge: Knowledge) -> str:
    """A long word that nobody knows, as the known word from which one slip parts it.

    A slip is a letter left out, put in, changed or swapped with its neighbour (optimal string
    alignment); two would take hypotension for hypertension.
    """
    known = known_words(knowledge)
    if len(word) < LONG or word in known or not word.isalpha():
        return word
    near = process.extractOne(word, _long(knowledge), scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else word


@lru_cache(maxsize=50_000)
def parted(word: str, knowledge: Knowledge) -> Phrase:
    """A word that nobody knows as the fewest known words of which it is glued: `hivscreening`.

    Machines' names for measures are written so.  A short one has to be glued of abbreviations
    (`pcsbmi`) and a long one to hold a long word; what cannot be parted is left whole.
    """
    known, short = known_words(knowledge), _short(knowledge)
    if len(word) < GLUED or word in known or not word.isalpha():
        return (word,)
    best: list[Phrase | None] = [(), *[None] * len(word)]  # the fewest words up to each letter
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - _longest(knowledge)), end - 1):
            before, piece = best[start], stem(word[start:end])
            fits = piece in (known if end - start > 3 else short)
            if before is None or not fits:
                continue
            found = best[end]
            if found is None or len(before) + 1 < len(found):
                best[end] = (*before, piece)
    parts = best[-1] or (word,)
    if parts[-1] in ("ed", "or"):  # an ending
        return (word,)
    abbreviated = all(p in knowledge.abbreviations for p in parts)
    if abbreviated or (len(word) >= LONG + 2 and max(map(len, parts)) >= LONG):
        return parts
    return (word,)


def _spelled_out(phrase: Phrase, knowledge: Knowledge, heard: Heard | None = None) -> Phrase:
    present = set(phrase)
    long: list[str] = []
    for word in phrase:
        found = next((a for a in knowledge.abbreviations.get(word, ()) if a.fits(present)), None)
        long.extend(found.long if found else (word,))
        if found and heard:
            heard(Fired("abbreviation", (word,), found.long, tuple(sorted(found.when & present))))
    return tuple(long)


@cache
def known_words(knowledge: Knowledge) -> frozenset[str]:
    """Every word that some knowledge file holds; another may be a slip of the pen, or glued."""
    found = set(knowledge.counts) | set(knowledge.abbreviations) | knowledge.stop | knowledge.plain
    for phrases in (knowledge.synonyms, knowledge.synonyms.values(), knowledge.boilerplate):
        found |= {word for phrase in phrases for word in phrase}
    for slot in knowledge.slots:
        found |= {word for phrase in slot.phrases for word in phrase}
    for entry in knowledge.entries:
        found |= {word for name in (entry.name, *entry.also) for word in words(name)}
    return frozenset(found)


@cache
def _short(knowledge: Knowledge) -> frozenset[str]:
    """The short words that may be part of a glued one: they stand for something, or for nothing."""
    named = {phrase[0] for slot in knowledge.slots for phrase in slot.phrases if len(phrase) == 1}
    return frozenset(named | knowledge.abbreviations.keys() | knowledge.stop)


@cache
def _longest(knowledge: Knowledge) -> int:
    """Letters that a known word may have; an ending that its stem lacks adds two (`ies`)."""
    return max(map(len, known_words(knowledge) | _short(knowledge)), default=0) + 2


@cache
def _long(knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(sorted(word for word in known_words(knowledge) if len(word) >= LONG))


@cache
def _synonyms(knowledge: Knowledge) -> Rules:
    """What is said for what; a phrase that is said already is left alone, with all its words."""
    said = {new: new for new in knowledge.synonyms.values()}
    long = {_spelled_out(old, knowledge): new for old, new in knowledge.synonyms.items()}
    return _by_first_word((long | said | dict(knowledge.synonyms)).items())


@cache
def _boilerplate(knowledge: Knowledge) -> Rules:
    both = {
        form
        for phrase in knowledge.boilerplate
        for form in (phrase, _replaced(phrase, _synonyms(knowledge)))
    }
    return _by_first_word((phrase, ()) for phrase in both)


def _by_first_word(rules: Iterable[tuple[Phrase, Phrase]]) -> Rules:
    """Replacements by the first word of what they replace, longest first."""
    found: dict[str, list[tuple[Phrase, Phrase]]] = {}
    for old, new in rules:
        found.setdefault(old[0], []).append((old, new))
    return {
        word: tuple(sorted(rows, key=lambda r: (-len(r[0]), r))) for word, rows in found.items()
    }


def _replaced(phrase: Phrase, rules: Rules, rule: str = "", heard: Heard | None = None) -> Phrase:
    found: list[str] = []
    at = 0
    while at < len(phrase):
        for old, new in rules.get(phrase[at], ()):
            if phrase[at : at + len(old)] == old:
                found.extend(new)
                at += len(old)
                if heard and old != new:
                    heard(Fired(rule, old, new))
                break
        else:
            found.append(phrase[at])
            at += 1
    return tuple(found)
