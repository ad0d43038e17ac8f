"""Which measure of the catalogue an item is, if its words or identifiers single one out."""

from typing import Final

from harmonize.knowledge import Entry, Knowledge
from harmonize.likeness import dice, letters
from harmonize.slots import Profile, name_profile, name_words, names, weight, wholes
from harmonize.values import Ages, ages_between
from harmonize.vetoes import vetoes

SURE: Final = 0.97  # likeness to a name from which an item is that measure
ALIKE: Final = 0.8  # likeness to a name from which an item may be that measure
SAME_PEOPLE: Final = 0.7  # share of years of age that a title and the standard must have in common
TIE: Final = 0.005  # nearer than that, two names fit an item alike
BY_ID: Final = 0.25  # what an identifier of the measure adds to that likeness


def entry_of(one: Profile, knowledge: Knowledge) -> tuple[Entry, float] | None:
    """The catalogue's entry that words or identifiers single out, and how like its name is."""
    by_id = {
        entry.key
        for system, values in one.ids.items()
        for value in values
        for entry in knowledge.by_id.get((system, value), ())
    }
    families = {knowledge.family(knowledge.by_key[key]) for key in _numbered(one, knowledge)}
    numbered = frozenset(k for family in families for k in knowledge.with_parts[family])
    for code in (acronym.removesuffix("-E") for acronym in one.acronyms):
        if code in knowledge.by_acronym:  # an acronym names a whole with all its parts
            by_id |= knowledge.with_parts[knowledge.by_acronym[code].key]
    best: list[tuple[float, float, int]] = []
    rivals: list[int] = []
    for place in _near(one, by_id, knowledge):
        entry, _ = names(knowledge)[place]
        other = name_profile(place, knowledge)
        if not _may_be(one, entry, other, knowledge):
            continue
        likeness = dice(one, other, knowledge)
        if numbered and entry.key not in numbered and likeness < SURE:
            continue  # its number is that of another measure, and its words do not say otherwise
        bonus = BY_ID if entry.key in by_id else 0.0
        rivals.append(place)
        if likeness + bonus >= ALIKE:
            best.append((likeness + bonus + _fit(one, other), likeness, place))
    if not best:
        return _by_id_alone(one, by_id, knowledge)
    score, likeness, place = max(best, key=lambda b: (b[0], -b[2]))
    found = names(knowledge)[place][0]
    tied = {names(knowledge)[p][0].key for s, _, p in best if s > score - TIE}
    if len(tied) > 1 or (not by_id and _unclear(one, place, rivals, knowledge)):
        return None
    return found, likeness


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


def _unclear(one: Profile, place: int, rivals: list[int], knowledge: Knowledge) -> bool:
    """Whether an item leaves out the very thing that tells two measures of one topic apart."""
    entry, _ = names(knowledge)[place]
    best = name_profile(place, knowledge)
    for rival in rivals:
        other, _ = names(knowledge)[rival]
        if entry.topic is None or other.topic != entry.topic or other.key == entry.key:
            continue
        apart = vetoes(best, name_profile(rival, knowledge), knowledge)
        if apart and all(v.name in knowledge.slot and v.name not in one.named for v in apart):
            return True
    return False


def other_people(one: Profile, entry: Entry) -> bool:
    """Whether a title names other ages than those that the standard is about."""
    return bool(one.ages and entry.ages and one.ages.share(_ages(entry)) < SAME_PEOPLE)


def _ages(entry: Entry) -> Ages:
    low, high = entry.ages or (None, None)
    return ages_between(str(low or 0), None if high is None else str(high))


def _near(one: Profile, keys: set[str], knowledge: Knowledge) -> list[int]:
    """Names of the catalogue that share enough telling words to be worth a closer look."""
    if not any(word.isalpha() and len(word) > 1 for word in one.bag):
        return []  # a title of numbers and single letters names nothing
    shared: dict[int, float] = {}
    mass = 0.0
    for word in one.bag:
        worth = weight(word, knowledge)
        mass += worth
        for place in name_words(knowledge).get(word, ()):
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
