"""Which measure of the catalogue an item is, if its words or identifiers single one out."""

from typing import Final

from harmonize.knowledge import Entry, Knowledge
from harmonize.likeness import dice, letters, spelt
from harmonize.slots import Profile, name_profile, name_words, names, weight, wholes
from harmonize.values import Ages, ages_between
from harmonize.vetoes import vetoes

ALIKE: Final = 0.8  # likeness to a name from which an item may be that measure
SAME_PEOPLE: Final = 0.7  # share of years of age that a title and the standard must have in common
BY_ID: Final = 0.25  # what an identifier of the measure adds to that likeness


def entry_of(one: Profile, knowledge: Knowledge) -> tuple[Entry, float] | None:
    """The catalogue's entry that words or identifiers single out, and how like its name is."""
    by_id = {
        entry.key
        for system, values in one.ids.items()
        for value in values
        for entry in knowledge.by_id.get((system, value), ())
    }
    best: list[tuple[float, float, str]] = []
    for place in _near(one, by_id, knowledge):
        entry, _ = names(knowledge)[place]
        if one.is_rate and entry.key in wholes(knowledge):
            continue
        other = name_profile(place, knowledge)
        if one.own and not one.own & other.marks:
            continue  # what tells this rate from its siblings is not in that name
        if one.ages and entry.ages and one.ages.share(_ages(entry)) < SAME_PEOPLE:
            continue  # the title names other people than those of the standard
        likeness = dice(one, other, knowledge)
        bonus = BY_ID if entry.key in by_id else 0.0
        if likeness + bonus >= ALIKE and not vetoes(one, other, knowledge):
            best.append((likeness + bonus + _fit(one, other), likeness, entry.key))
    if not best:
        return _by_id_alone(one, by_id, knowledge)
    top = max(best)
    keys = {key for score, _, key in best if score > top[0] - 0.005}
    return (knowledge.by_key[top[2]], top[1]) if len(keys) == 1 else None


def _ages(entry: Entry) -> Ages:
    low, high = entry.ages or (None, None)
    return ages_between(str(low or 0), None if high is None else str(high))


def _near(one: Profile, keys: set[str], knowledge: Knowledge) -> list[int]:
    """Names of the catalogue that share enough telling words to be worth a closer look."""
    shared: dict[int, float] = {}
    mass = 0.0
    for word in one.bag:
        worth = weight(word, knowledge)
        mass += worth
        for place in name_words(knowledge).get(spelt(word, knowledge), ()):
            shared[place] = shared.get(place, 0.0) + worth
    entries = names(knowledge)
    return sorted(
        place
        for place, common in shared.items()
        if common >= 0.5 * mass or (common >= 0.25 * mass and entries[place][0].key in keys)
    )


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
