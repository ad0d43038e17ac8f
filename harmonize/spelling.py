"""Words as the field writes them: misspellings mended, abbreviations spelled out, synonyms one."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from harmonize.knowledge import Knowledge, Phrase, words

LONG: Final = 7  # letters from which a word that nobody knows may be a known one, one slip away

Rules = dict[str, tuple[tuple[Phrase, Phrase], ...]]


@lru_cache(maxsize=50_000)
def spelled(phrase: Phrase, knowledge: Knowledge) -> Phrase:
    """Words with slips mended, abbreviations spelled out and synonyms made one."""
    mended = tuple(mend(word, knowledge) for word in phrase)
    return _replaced(_spelled_out(mended, knowledge), _synonyms(knowledge))


@lru_cache(maxsize=50_000)
def telling(phrase: Phrase, knowledge: Knowledge) -> Phrase:
    """Spelled words without what tells nothing: boilerplate and stop words.

    A phrase that is nothing else is left as it is.
    """
    kept = _replaced(phrase, _boilerplate(knowledge)) or phrase
    return tuple(word for word in kept if word not in knowledge.stop) or kept


@lru_cache(maxsize=50_000)
def mend(word: str, knowledge: Knowledge) -> str:
    """A long word that nobody knows, as the known word from which one slip parts it.

    A slip is a letter left out, put in, changed or swapped with its neighbour (optimal string
    alignment); two would take hypotension for hypertension.
    """
    known = _known(knowledge)
    if len(word) < LONG or word in known or not word.isalpha():
        return word
    near = process.extractOne(word, _long(knowledge), scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else word


def _spelled_out(phrase: Phrase, knowledge: Knowledge) -> Phrase:
    present = set(phrase)
    long: list[str] = []
    for word in phrase:
        found = (a.long for a in knowledge.abbreviations.get(word, ()) if a.fits(present))
        long.extend(next(found, (word,)))
    return tuple(long)


@cache
def _known(knowledge: Knowledge) -> frozenset[str]:
    found = set(knowledge.counts) | set(knowledge.abbreviations) | knowledge.stop
    for phrases in (knowledge.synonyms, knowledge.synonyms.values(), knowledge.boilerplate):
        found |= {word for phrase in phrases for word in phrase}
    for slot in knowledge.slots:
        found |= {word for phrase in slot.phrases for word in phrase}
    for entry in knowledge.entries:
        found |= {word for name in (entry.name, *entry.also) for word in words(name)}
    return frozenset(found)


@cache
def _long(knowledge: Knowledge) -> tuple[str, ...]:
    return tuple(sorted(word for word in _known(knowledge) if len(word) >= LONG))


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


def _replaced(phrase: Phrase, rules: Rules) -> Phrase:
    found: list[str] = []
    at = 0
    while at < len(phrase):
        for old, new in rules.get(phrase[at], ()):
            if phrase[at : at + len(old)] == old:
                found.extend(new)
                at += len(old)
                break
        else:
            found.append(phrase[at])
            at += 1
    return tuple(found)
