"""How alike two items look, one feature at a time, and what forbids that they are the same.

A field that says *how* a measure is asked for (ages, threshold, direction) is no feature: it would
part payers who mean the same thing and hide the difference that the tool exists to show.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import exp, fsum
from typing import Final

from harmonize.catalogue import SURE, entry_of, other_people
from harmonize.knowledge import Entry, Knowledge
from harmonize.likeness import dice, letters, overlap
from harmonize.slots import Profile, weight
from harmonize.vetoes import Veto, by_description, join, vetoes

MATCH_AT: Final = 0.5
POSSIBLE_AT: Final = 0.02
VETO: Final = -6.0  # log-odds of one veto: e**-6 leaves a quarter of a percent
RAREST: Final = 7.0  # what a word weighs that no published title has
PRECISE: Final = ("cms", "mips", "cbe", "cmit", "star")  # systems whose numbers name one measure


class Verdict(StrEnum):
    """Record linkage's own three words (Fellegi and Sunter 1969)."""

    MATCH = "match"
    POSSIBLE = "possible"
    NONMATCH = "nonmatch"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One feature of a pair: what was heard, and its log-odds for or against *the same*."""

    name: str
    weight: float
    detail: str


@dataclass(frozen=True)
class Weighed:
    """A pair with all that speaks for and against it; `likeness` is that of the titles, 0..1."""

    evidence: tuple[Evidence, ...]
    vetoes: tuple[Veto, ...]
    likeness: float

    @cached_property
    def log_odds(self) -> float:
        """The sum of the weights, vetoes included."""
        return sum(e.weight for e in self.evidence) + VETO * len(self.vetoes)

    @cached_property
    def confidence(self) -> float:
        """Probability that the two are one measure."""
        return probability(self.log_odds)

    @property
    def verdict(self) -> Verdict:
        """What the pair looks like by itself, before the rest of the lists is seen."""
        return self.verdict_from(MATCH_AT)

    def verdict_from(self, match_at: float) -> Verdict:
        """The verdict of somebody who takes pairs for matches from `match_at` on."""
        if self.vetoes:
            return Verdict.NONMATCH
        if self.confidence >= match_at:
            return Verdict.MATCH
        return Verdict.POSSIBLE if self.confidence >= POSSIBLE_AT else Verdict.NONMATCH


def probability(log_odds: float) -> float:
    """The logistic function, to the four decimals that are printed."""
    return round(1 / (1 + exp(-max(-30.0, min(30.0, log_odds)))), 4)


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """The lists at hand: what an item is in the catalogue, and which identifiers name a family.

    `sure` are the items that carry a name of their entry to the word; `wholes` are the measures of
    the rates; `shared` holds (payer, system, identifier) of what stands on several rows of a list;
    `apart` the words by which an item differs from those most like it in its own list.
    """

    knowledge: Knowledge
    entries: Mapping[str, Entry | None]
    sure: frozenset[str]
    wholes: Mapping[str, Profile]
    shared: frozenset[tuple[str, str, str]]
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def names_family(self, system: str, value: str, *payers: str) -> bool:
        """Whether an identifier stands for a family rather than for one measure."""
        several = len(self.knowledge.by_id.get((system, value), ())) > 1
        return (
            several
            or system not in PRECISE
            or any((payer, system, value) in self.shared for payer in payers)
        )


def scene(profiles: Iterable[Profile], knowledge: Knowledge) -> Scene:
    """The lists at hand."""
    listed = {p.ref: p for p in profiles}
    counts: dict[tuple[str, str, str], set[str]] = {}
    for one in listed.values():
        if one.is_rate:
            continue
        for system, values in one.ids.items():
            for value in values:
                counts.setdefault((one.payer, system, value), set()).add(" ".join(one.words))
    lines = {p.line: p for p in listed.values()}  # what says the same is the same
    called = {said: entry_of(p, knowledge) for said, p in lines.items()}
    known = {ref: called[p.line] for ref, p in listed.items()}
    return Scene(
        knowledge=knowledge,
        entries={ref: found[0] if found else None for ref, found in known.items()},
        sure=frozenset(ref for ref, found in known.items() if found and found[1] >= SURE),
        wholes={
            ref: listed[whole]
            for ref, p in listed.items()
            if p.is_rate and (whole := ref.rsplit("/", 1)[0]) in listed
        },
        shared=frozenset(key for key, titles in counts.items() if len(titles) > 1),
    )


def _packaging(left: Profile, right: Profile, at: Scene) -> tuple[Veto, ...]:
    """A whole and one of its parts, or parts of two wholes, as catalogue or lists declare them."""
    mine, theirs = at.entries.get(left.ref), at.entries.get(right.ref)
    if mine and theirs and mine.key != theirs.key:
        family = at.knowledge.family
        if family(mine) == family(theirs):
            axis = " or ".join(sorted({mine.axis or "rate", theirs.axis or "rate"}))
            return (Veto(f"part of one family ({axis})", mine.name, theirs.name),)
    if left.is_rate and right.is_rate:
        wholes = at.wholes.get(left.ref), at.wholes.get(right.ref)
        if wholes[0] and wholes[1]:
            return (
                *vetoes(wholes[0], wholes[1], at.knowledge),
                *_packaging(wholes[0], wholes[1], at),
            )
    if mine and theirs and mine.key == theirs.key and mine.whole:
        return ()  # both are the same part, whether printed as a line or as a rate
    for one, other in ((left, right), (right, left)):
        if other.is_rate or other.is_part or not (one.is_rate or one.is_part):
            continue
        alone = (
            other.has_rates
            or (one.own and not one.own & other.marks)
            or (one.is_rate and other.bag == one.beside and not one.own)
        )
        if alone:
            names = ("one rate", "the whole") if one is left else ("the whole", "one rate")
            return (Veto("rate and whole", *names),)
    return ()


def _called_apart(left: Profile, right: Profile, at: Scene) -> tuple[Veto, ...]:
    """Acronyms of different measures (`SPC`, `SPD`), unless their words are those of one."""
    mine, theirs = at.entries.get(left.ref), at.entries.get(right.ref)
    if mine and theirs and mine.key == theirs.key:
        return ()
    known, family = at.knowledge.by_acronym, at.knowledge.family
    here = {family(known[code]) for code in left.codes if code in known}
    there = {family(known[code]) for code in right.codes if code in known}
    if not here or not there or here & there:
        return ()
    return (Veto("acronym", join(left.codes), join(right.codes)),)


# --- features -----------------------------------------------------------------------------------


def _title(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    if not left.bag or not right.bag:
        return None
    likeness = alike(left, right, at)
    return likeness, f"titles {likeness:.0%} alike by telling words"


def _same_words(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:  # noqa: ARG001
    if not left.bag or left.bag != right.bag:
        return None
    return 1.0, f"the same telling words: {' '.join(sorted(left.bag))}"


def _left_over(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    share = overlap(left.bag, right.bag, at.knowledge)[1]
    if not share:
        return None
    mine, theirs = sorted(left.bag - right.bag), sorted(right.bag - left.bag)
    return share, f"only here: {' '.join(mine)}; only there: {' '.join(theirs)}"


def _added(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    _, less, more = overlap(left.bag, right.bag, at.knowledge)
    extra = sorted((left.bag - right.bag) | (right.bag - left.bag))
    return (more - less, f"said on one side: {' '.join(extra)}") if more > less else None


def _replaced(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    """The most telling word on each side that the other lacks; long titles do not hide it."""
    mine, theirs = (
        max(((weight(w, at.knowledge), w) for w in one - other), default=None)
        for one, other in ((left.bag, right.bag), (right.bag, left.bag))
    )
    if not mine or not theirs:
        return None
    return min(mine[0], theirs[0]) / RAREST, f"only here: {mine[1]}; only there: {theirs[1]}"


def _sibling(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    """What tells an item from its like in its own list is missing in the other list's."""
    worst: tuple[float, str] | None = None
    for one, other in ((left, right), (right, left)):
        own = at.apart.get(one.ref, frozenset())
        if not own or other.bag <= one.bag:
            continue
        lacking = sorted(own - other.bag)
        share = fsum(weight(w, at.knowledge) for w in lacking) / fsum(
            weight(w, at.knowledge) for w in own
        )
        if share and (worst is None or share > worst[0]):
            worst = share, f"tells it from its like in one list: {' '.join(lacking)}"
    return worst


def _spelling(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:  # noqa: ARG001
    ratio = letters(" ".join(left.words), " ".join(right.words))
    return ratio, f"titles {ratio:.0%} alike letter by letter"


def _described(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    if not left.description or not right.description:
        return None
    pair = (frozenset(left.description), frozenset(right.description))
    likeness = overlap(*pair, at.knowledge)[0]
    # Unlike descriptions take less than parts a nonmatch from a match, so that leaving one out
    # makes no match; what they name differently is a veto and told as one.
    return max(likeness - 0.5, -0.4), f"descriptions {likeness:.0%} alike"


def _identifiers(left: Profile, right: Profile) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {s: (left.ids[s], right.ids[s]) for s in sorted(left.ids.keys() & right.ids.keys())}


def _same_id(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    if not left.ids or not right.ids:
        return None
    found = [
        f"{system.upper()} {value}"
        for system, (mine, theirs) in _identifiers(left, right).items()
        for value in sorted(mine & theirs)
        if not at.names_family(system, value, left.payer, right.payer)
    ]
    return (1.0, f"same identifier: {', '.join(found)}") if found else None


def _family_id(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    if not left.ids or not right.ids:
        return None
    found = [
        f"{system.upper()} {value}"
        for system, (mine, theirs) in _identifiers(left, right).items()
        for value in sorted(mine & theirs)
        if at.names_family(system, value, left.payer, right.payer)
    ]
    return (1.0, f"same family by {', '.join(found)}") if found else None


def _other_id(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    if not left.ids or not right.ids:
        return None
    found = [
        f"{system.upper()} {join(mine)} / {join(theirs)}"
        for system, (mine, theirs) in _identifiers(left, right).items()
        if not mine & theirs and not _one_entry(system, mine, theirs, at)
    ]
    return (1.0, f"other identifier: {', '.join(found)}") if found else None


def _one_entry(system: str, mine: frozenset[str], theirs: frozenset[str], at: Scene) -> bool:
    """Whether the catalogue knows both identifiers as one measure's, such as a former code."""
    by_id = at.knowledge.by_id
    here = {e.key for value in mine for e in by_id.get((system, value), ())}
    there = {e.key for value in theirs for e in by_id.get((system, value), ())}
    return bool(here & there)


def _acronym(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:  # noqa: ARG001
    """Acronyms that the texts carry; that of an identifier is heard as an identifier."""
    both = left.codes & right.codes
    named = (left.ids.get("hedis", frozenset()), right.ids.get("hedis", frozenset()))
    if not both or named[0] & named[1]:
        return None
    return 1.0, f"same acronym: {', '.join(sorted(both))}"


def _named_surely(left: Profile, right: Profile, at: Scene) -> float:
    """Two, where both carry a name of the catalogue to the word; else one."""
    return 2.0 if {left.ref, right.ref} <= at.sure else 1.0


def _same_entry(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    mine, theirs = at.entries.get(left.ref), at.entries.get(right.ref)
    if mine and theirs and mine.key == theirs.key:
        return _named_surely(left, right, at), f"both are {mine.name}"
    return None


def _other_entry(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    mine, theirs = at.entries.get(left.ref), at.entries.get(right.ref)
    if mine and theirs and mine.key != theirs.key:
        return _named_surely(left, right, at), f"two known measures: {mine.name} / {theirs.name}"
    return None


def _half_entry(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    mine, theirs = at.entries.get(left.ref), at.entries.get(right.ref)
    known = mine or theirs
    return (
        (1.0, f"only one is a known measure: {known.name}")
        if known and (mine is None) != (theirs is None)
        else None
    )


def _other_people(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    """A stratum, or the same event in other people: not a band that moved by a few years."""
    for one, other in ((left, right), (right, left)):
        entry = at.entries.get(one.ref)
        if entry and not at.entries.get(other.ref) and other_people(other, entry):
            ages = other.ages.text.strip() if other.ages else ""
            return 1.0, f"{entry.name} is not about {ages}"
    return None


def _agreeing(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:  # noqa: ARG001
    both = [
        f"{slot} {join(left.named[slot] & right.named[slot])}"
        for slot in sorted(left.named.keys() & right.named.keys())
        if left.named[slot] & right.named[slot]
    ]
    return (min(len(both), 3), f"both name {', '.join(both)}") if both else None


def _lone(one: Profile, other: Profile, at: Scene) -> list[str]:
    """What a title names of which the other says nothing."""
    return [
        f"{name} {join(one.named[name])}"
        for name in sorted(one.named.keys() - other.named.keys())
        if name in at.knowledge.slot
    ]


def _each_alone(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    mine, theirs = _lone(left, right, at), _lone(right, left, at)
    if not mine or not theirs or _same_entry(left, right, at):
        return None  # two names of one measure say of it what they like
    return min(len(mine), len(theirs), 2), f"only here: {mine[0]}; only there: {theirs[0]}"


def _one_sided(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:
    lone = _lone(left, right, at) + _lone(right, left, at)
    lone += [
        name
        for name, mine, theirs in (
            ("time window", left.windows, right.windows),
            ("cut", left.cuts, right.cuts),
            ("people by a cut", left.strata, right.strata),
        )
        if bool(mine) != bool(theirs)
    ]
    return (min(len(lone), 3), f"named on one side only: {', '.join(lone)}") if lone else None


def _one_age(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:  # noqa: ARG001
    if bool(left.ages) == bool(right.ages):
        return None
    ages = left.ages or right.ages
    return 1.0, f"one title names ages: {ages.text.strip() if ages else ''}"


def _steward(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:  # noqa: ARG001
    if not left.steward or not right.steward:
        return None
    same = left.steward == right.steward
    return (1.0 if same else -1.0), f"steward {'the same' if same else 'another'}"


def _kind(left: Profile, right: Profile, at: Scene) -> tuple[float, str] | None:  # noqa: ARG001
    if not left.measure_type or not right.measure_type or left.measure_type == right.measure_type:
        return None
    return 1.0, f"{left.measure_type} / {right.measure_type}"


Compare = Callable[[Profile, Profile, Scene], tuple[float, str] | None]


@dataclass(frozen=True, slots=True)
class Feature:
    """One question to a pair; `None` is no answer and weighs nothing."""

    name: str
    help: str
    compare: Compare


# The weight of a feature is its answer times the coefficient under its name in `data/model.yaml`.
FEATURES: Final = (
    Feature("title", "Likeness of the titles by telling words.", _title),
    Feature("same words", "Titles that come to the same telling words.", _same_words),
    Feature("left over", "Telling words on both sides that the other lacks.", _left_over),
    Feature("added", "Telling words that only one side has.", _added),
    Feature("replaced", "The most telling words that each side has alone.", _replaced),
    Feature("sibling", "What tells an item from its like in its own list.", _sibling),
    Feature("spelling", "Likeness of the titles letter by letter.", _spelling),
    Feature("description", "Likeness of the descriptions, when both have one.", _described),
    Feature("same id", "An identifier of one measure that both carry.", _same_id),
    Feature("family id", "An identifier of a family that both carry.", _family_id),
    Feature("other id", "Identifiers of one system that differ.", _other_id),
    Feature("acronym", "An acronym that both carry.", _acronym),
    Feature("same measure", "Both are the same measure of the catalogue.", _same_entry),
    Feature("other measure", "They are different measures of the catalogue.", _other_entry),
    Feature("half known", "Only one is a measure of the catalogue.", _half_entry),
    Feature("other people", "One title names other ages than a known measure's.", _other_people),
    Feature("agreeing", "Things that both titles name alike.", _agreeing),
    Feature("one-sided", "Things that only one title names.", _one_sided),
    Feature("each alone", "Things that each title names and the other does not.", _each_alone),
    Feature("ages named", "Ages that only one title names.", _one_age),
    Feature("steward", "Who keeps the measure.", _steward),
    Feature("type", "Types of measure that differ.", _kind),
)


def forbidden(left: Profile, right: Profile, at: Scene) -> tuple[Veto, ...]:
    """What forbids that a pair is one measure."""
    return (
        *vetoes(left, right, at.knowledge),
        *by_description(left, right, at.knowledge),
        *_called_apart(left, right, at),
        *_packaging(left, right, at),
    )


def weigh(left: Profile, right: Profile, at: Scene) -> Weighed:
    """All that speaks for and against a pair; the same whichever side comes first.

    Only the words keep the order of the sides.
    """
    coefficients = at.knowledge.coefficients
    found = [Evidence("start", coefficients["start"], "before anything is heard")]
    for feature in FEATURES:
        if answer := feature.compare(left, right, at):
            told = round(answer[0] * coefficients[feature.name], 4)
            found.append(Evidence(feature.name, told, answer[1]))
    return Weighed(tuple(found), forbidden(left, right, at), alike(left, right, at))


def alike(left: Profile, right: Profile, at: Scene) -> float:
    """How alike two titles are by telling words, 0..1; 0 where one has none."""
    return dice(left, right, at.knowledge) if left.bag and right.bag else 0.0
