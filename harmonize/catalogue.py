"""Which measure of the catalogue an item is, if its words or identifiers single one out."""

from collections.abc import Iterable
from functools import cache
from math import fsum
from typing import Final

from harmonize.knowledge import Entry, Knowledge
from harmonize.likeness import dice, letters
from harmonize.slots import (
    Profile,
    name_bags,
    name_profile,
    name_words,
    names,
    weight,
    wholes,
)
from harmonize.values import Ages, ages_between
from harmonize.vetoes import vetoes

SURE: Final = 0.97  # likeness to a name from which an item is that measure
ALIKE: Final = 0.8  # likeness to a name from which an item may be that measure
SAME_PEOPLE: Final = 0.7  # share of years of age that a title and the standard must have in common
MISSPELT: Final = 0.3  # what misspellings may take from it at most
TIE: Final = 0.005  # nearer than that, two names fit an item alike
BY_ID: Final = 0.25  # what an identifier of the measure adds to that likeness


def entry_of(one: Profile, knowledge: Knowledge) -> tuple[Entry, float] | None:
    """The catalogue's entry that words or identifiers single out, and how like its name is."""
    by_id, numbered = _by_id(one, knowledge), _of_numbers(one, knowledge)
    near = _near(one, by_id, knowledge)
    best: list[tuple[float, float, int]] = []
    for place in (p for p, likely in near.items() if likely >= ALIKE - MISSPELT):
        entry, _ = names(knowledge)[place]
        other = name_profile(place, knowledge)
        if not _may_be(one, entry, other, knowledge):
            continue
        likeness = dice(one, other, knowledge)
        if _misnumbered(entry, likeness, numbered):
            continue
        bonus = BY_ID if entry.key in by_id else 0.0
        if likeness + bonus >= ALIKE:
            best.append((likeness + bonus + _fit(one, other), likeness, place))
    if not best:
        return _by_id_alone(one, by_id, knowledge)
    score, likeness, place = max(best, key=lambda b: (b[0], -b[2]))
    found = names(knowledge)[place][0]
    if len({names(knowledge)[p][0].key for s, _, p in best if s > score - TIE}) > 1:
        return None
    if not by_id:
        rivals = (p for p in near if _of_topic(names(knowledge)[p][0], found))
        if _unclear(one, place, rivals, numbered, knowledge):
            return None
    return found, likeness


def _by_id(one: Profile, knowledge: Knowledge) -> set[str]:
    """Keys of the entries that identifiers and acronyms name."""
    found = {
        entry.key
        for system, values in one.ids.items()
        for value in values
        for entry in knowledge.by_id.get((system, value), ())
    }
    for code in (acronym.removesuffix("-E") for acronym in one.acronyms):
        if code in knowledge.by_acronym:  # an acronym names a whole with all its parts
            found |= knowledge.with_parts[knowledge.by_acronym[code].key]
    return found


def _of_numbers(one: Profile, knowledge: Knowledge) -> frozenset[str]:
    """Keys of all of the families that CMS's own numbers name."""
    families = {knowledge.family(knowledge.by_key[key]) for key in _numbered(one, knowledge)}
    return frozenset(key for family in families for key in knowledge.with_parts[family])


def _misnumbered(entry: Entry, likeness: float, numbered: frozenset[str]) -> bool:
    """Whether an item's number is another measure's, and its words do not say otherwise."""
    return bool(numbered) and entry.key not in numbered and likeness < SURE


def _numbered(one: Profile, knowledge: Knowledge) -> set[str]:
    """Keys of the entries that CMS's own numbers name; composites cite the CBE numbers of parts."""
    return {
        entry.key
        for system in ("cms", "mips")
        for value in one.ids.get(system, ())
        for entry in knowledge.by_id.get((system, value), ())
    }


def _may_be(one: Profile, entry: Entry, other: Profile, knowledge: Knowledge) -> bool:
    """Whether nothing that an item names forbids that it is what a name of the catalogue says."""
    if one.is_rate and entry.key in wholes(knowledge):
        return False
    if one.own and not one.own & other.marks:
        return False  # what tells this rate from its siblings is not in that name
    if other_people(one, entry):
        return False
    return not vetoes(one, other, knowledge)


def _of_topic(entry: Entry, found: Entry) -> bool:
    return found.topic is not None and entry.topic == found.topic and entry.key != found.key


def _unclear(
    one: Profile,
    place: int,
    rivals: Iterable[int],
    numbered: frozenset[str],
    knowledge: Knowledge,
) -> bool:
    """Whether an item leaves out the very thing that tells two measures of one topic apart."""
    best = name_profile(place, knowledge)
    for rival in rivals:
        entry, other = names(knowledge)[rival][0], name_profile(rival, knowledge)
        apart = vetoes(best, other, knowledge)
        if not apart or not all(
            v.name in knowledge.slot and v.name not in one.named for v in apart
        ):
            continue
        fits = _may_be(one, entry, other, knowledge)
        if fits and not _misnumbered(entry, dice(one, other, knowledge), numbered):
            return True
    return False


def other_people(one: Profile, entry: Entry) -> bool:
    """Whether a title names other ages than those that the standard is about."""
    return bool(one.ages and entry.ages and one.ages.share(_ages(entry)) < SAME_PEOPLE)


def _ages(entry: Entry) -> Ages:
    low, high = entry.ages or (None, None)
    return ages_between(str(low or 0), None if high is None else str(high))


def _near(one: Profile, keys: set[str], knowledge: Knowledge) -> dict[int, float]:
    """Names of the catalogue that share enough telling words to be worth a closer look.

    With each, how alike it is at the letter, and what an identifier adds to that.
    """
    if not any(word.isalpha() and len(word) > 1 for word in one.bag):
        return {}  # a title of numbers and single letters names nothing
    shared: dict[int, float] = {}
    mass = 0.0
    for word in one.bag:
        worth = weight(word, knowledge)
        mass += worth
        for place in name_words(knowledge).get(word, ()):
            shared[place] = shared.get(place, 0.0) + worth
    entries, masses = names(knowledge), _masses(knowledge)
    found = {}
    for place, common in sorted(shared.items()):
        numbered = entries[place][0].key in keys
        if common >= (0.25 if numbered else 0.5) * mass:
            likeness = 2 * common / (mass + masses[place])
            found[place] = likeness + (BY_ID if numbered else 0.0)
    return found


@cache
def _masses(knowledge: Knowledge) -> tuple[float, ...]:
    """What the telling words of each name weigh."""
    return tuple(fsum(weight(w, knowledge) for w in bag) for bag in name_bags(knowledge))


def _by_id_alone(one: Profile, keys: set[str], knowledge: Knowledge) -> tuple[Entry, float] | None:
    """The one entry that an item's identifiers name, unless its title says otherwise."""
    if len(keys) != 1:
        return None
    entry = knowledge.by_key[next(iter(keys))]
    places = [place for place, (found, _) in enumerate(names(knowledge)) if found is entry]
    called = [name_profile(place, knowledge) for place in places]
    return None if any(vetoes(one, name, knowledge) for name in called) else (entry, 0.0)


def _fit(one: Profile, other: Profile) -> float:
    """A little more for an entry that names just what the item names, and in its very letters."""
    same = (one.windows == other.windows, one.cuts == other.cuts, one.ages == other.ages)
    spelling = letters(one.title.lower(), other.title.lower())
    return 0.05 * sum(same) + 0.1 * spelling
