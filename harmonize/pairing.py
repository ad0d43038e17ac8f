"""Which items are worth comparing, and which pairs win between each two lists."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, permutations, product
from math import exp, fsum, inf, log1p
from typing import Final

from harmonize.evidence import (
    MATCH_AT,
    PRECISE,
    Scene,
    Verdict,
    Weighed,
    alike,
    forbidden,
    probability,
    scene,
    weigh,
)
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure
from harmonize.pace import Pace, unwatched
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import MeasureSet
from harmonize.slots import Profile, profile, weight
from harmonize.vetoes import Veto

NAMED: Final = 9.0  # what an identifier, acronym or entry in common is worth beside words
FAR: Final = -4.0  # log-odds below which a runner-up takes nothing worth telling
WORTH: Final = 0.3  # share of two items' telling words from which they are weighed
LITTLE: Final = 0.2  # the same where both titles name one thing
LIKE: Final = 0.5  # likeness from which two lines of one list are variants of one text
SAID: Final = (
    0.7  # likeness of two descriptions from which they are weighed, whatever the titles say
)
# Fields in which two lines of one list may not differ if only the collecting tells them apart.
TOLD_APART: Final = (
    *("ages", "sex", "threshold", "follow_up", "lookback", "combination", "improvement_notation"),
    *("steward", "description", "denominator", "numerator", "part"),
)

Link = tuple[str, str]
"""Two items as `payer/id`, in the order of `Lists`."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What runners-up take from a pair: log-odds, never positive, and the closest of them.

    An item is one measure of the other list or none of them.  Of alternatives with odds o1, o2, ...
    the first is then right with probability o1 / (1 + o1 + o2 + ...): as much as if its log-odds
    were less by log(1 + o2 + ...).  One that fits better elsewhere is no alternative.
    """

    weight: float
    rival: str | None


UNCONTESTED: Final = Contest(0.0, None)


class Lists:
    """All items, in an order that no payer and no file decides, weighed on demand.

    `match_at` is the probability from which on pairs may be matches; `pace` walks through what
    takes long.  `rulings` go before all evidence.
    """

    def __init__(
        self,
        sets: tuple[MeasureSet, ...],
        knowledge: Knowledge,
        match_at: float = MATCH_AT,
        pace: Pace = unwatched,
        rulings: Rulings = NO_RULINGS,
    ) -> None:
        self.pace = pace
        self.knowledge = knowledge
        self.match_at = match_at
        items = [m for one in sets for m in one.measures or ()]
        self.measures = {m.ref: m for m in items}
        # Decisions may be about terms of another area, or about what this reader does not see.
        self.rulings = rulings.among(self.measures.keys())
        self.profiles = {m.ref: profile(m, knowledge) for m in pace("reading titles", items)}
        # An order that renaming a payer or a file does not touch, except among perfect equals.
        self.items = sorted(items, key=lambda m: (content(m, self.profiles[m.ref]), m.ref))
        self.rank = {m.ref: place for place, m in enumerate(self.items)}
        seen = scene(self.profiles.values(), knowledge)
        self.scene: Scene = replace(seen, apart=_apart(self.profiles.values(), knowledge))
        self.counted = {s.payer for s in sets if s.counted}
        self.kinds: dict[tuple[object, ...], int] = {}
        self.kind = {m.ref: self._kind(m.ref) for m in self.items}
        self.weighed: dict[tuple[int, int], Weighed] = {}
        self.forbidden: dict[tuple[int, int], tuple[Veto, ...]] = {}
        self.contests: dict[Link, Contest] = {}

    def pair(self, one: str, other: str) -> tuple[str, str]:
        return (one, other) if self.rank[one] < self.rank[other] else (other, one)

    def _kind(self, ref: str) -> int:
        """A number that two items share if nothing that evidence asks for tells them apart."""
        shared = frozenset(
            (system, value)
            for system, values in self.profiles[ref].ids.items()
            for value in values
            if (self.measures[ref].payer, system, value) in self.scene.shared
        )
        whole = self.scene.wholes.get(ref)
        apart = self.scene.apart.get(ref)
        said = (self.profiles[ref].line, whole and whole.line, shared, apart)
        return self.kinds.setdefault(said, len(self.kinds))

    def weigh(self, one: str, other: str) -> Weighed:
        """The evidence of a pair; of pairs that say the same one is weighed, some side first."""
        here, there = self.kind[one], self.kind[other]
        if here > there:
            one, other, here, there = other, one, there, here
        found = self.weighed.get((here, there))
        if found is None:
            found = weigh(self.profiles[one], self.profiles[other], self.scene)
            self.weighed[here, there] = found
        return found

    def apart(self, one: str, other: str) -> bool:
        """Whether a pair may not be one: somebody judged so, or a veto does and nobody judged."""
        if self.rulings.judged and self.rulings.apart(one, other):
            return True
        return bool(self.barred(one, other))

    def barred(self, one: str, other: str) -> tuple[Veto, ...]:
        """The vetoes of a pair, some side first; cheaper than all of the evidence.

        Two that are one by decision have none.
        """
        if self.rulings.groups and self.rulings.bound(one, other):
            return ()
        here, there = self.kind[one], self.kind[other]
        if here > there:
            one, other, here, there = other, one, there, here
        found = self.forbidden.get((here, there))
        if found is None:
            found = forbidden(self.profiles[one], self.profiles[other], self.scene)
            self.forbidden[here, there] = found
        return found

    def vetoes(self, one: str, other: str) -> tuple[Veto, ...]:
        """The vetoes of a pair, each with what `one` names first."""
        found = self.barred(one, other)
        if self.kind[one] <= self.kind[other]:
            return found
        return tuple(Veto(v.name, v.right, v.left) for v in found)

    def likeness(self, one: str, other: str) -> float:
        """How alike two titles are by telling words, 0..1."""
        return alike(self.profiles[one], self.profiles[other], self.scene)

    def contest(self, one: str, other: str) -> Contest:
        """What the runners-up of a pair take from it; nothing before the lists are assigned."""
        return self.contests.get(self.pair(one, other), UNCONTESTED)

    def sure(self, one: str, other: str) -> float:
        """How sure a pair is beside its runners-up; a decision is sure."""
        if self.rulings.groups and self.rulings.bound(one, other):
            return 1.0
        found = self.weigh(one, other)
        taken = self.contest(one, other).weight
        return probability(found.log_odds + taken) if taken else found.confidence

    def ranks(self, pair: Link) -> tuple[int, int]:
        return self.rank[pair[0]], self.rank[pair[1]]

    def first(self, refs: Iterable[str]) -> list[str]:
        """Items of payers that count, or all where none does: references decide no name."""
        every = sorted(refs)
        return [r for r in every if self.measures[r].payer in self.counted] or every

    def twins(self, refs: Iterable[str]) -> bool:
        """Whether nothing but the way of collecting tells items of one list apart."""
        ordered = sorted(refs, key=lambda r: self.rank[r])
        return all(self.twin(a, b) for a, b in pairwise(ordered))

    def twin(self, one: str, other: str) -> bool:
        a, b = self.measures[one], self.measures[other]
        if a.payer != b.payer:
            return False
        if self.rulings.judged:
            if self.rulings.bound(one, other):
                return True
            if self.rulings.apart(one, other):
                return False
        marked = any(
            x.part == "collection type" and x.part_of in (y.id, y.part_of)
            for x, y in ((a, b), (b, a))
        )
        if marked:
            return True
        p, q = self.profiles[one], self.profiles[other]
        if a.rate_of or b.rate_of or p.words != q.words or p.named != q.named:
            return False
        differing = p.ages != q.ages or p.windows != q.windows or p.cuts != q.cuts
        told = any(
            None not in (mine := getattr(a, key), theirs := getattr(b, key)) and mine != theirs
            for key in TOLD_APART
        )
        ids = any(
            p.ids.get(s) and q.ids.get(s) and not p.ids[s] & q.ids[s] for s in (*PRECISE, "hedis")
        )
        other_way = a.data_source != b.data_source or p.collection != q.collection
        return other_way and not (differing or told or ids)


def candidates(lists: Lists) -> list[Link]:
    """Pairs worth weighing: those with enough telling words, identifiers or entries in common.

    Enough is `WORTH` of what the two hold, or `LITTLE` where both titles name one thing, or
    `SAID` of what their descriptions say.
    """
    same: dict[int, list[str]] = {}
    for item in lists.items:
        same.setdefault(lists.kind[item.ref], []).append(item.ref)
    keys = {kind: _keys(lists, refs[0]) for kind, refs in same.items()}
    near = {(kind, kind) for kind in keys}
    for here, there, share in _sharing(keys, LITTLE):
        if share >= WORTH or _agree(lists, same[here][0], same[there][0]):
            near.add((here, there))
    said = {kind: frozenset(lists.profiles[refs[0]].description) for kind, refs in same.items()}
    described = {
        kind: {("word", w): weight(w, lists.knowledge) for w in bag}
        for kind, bag in said.items()
        if bag
    }
    near.update((here, there) for here, there, _ in _sharing(described, SAID))
    found = [link for here, there in near for link in _across(lists, same[here], same[there])]
    return sorted(found, key=lists.ranks)


def _apart(profiles: Iterable[Profile], knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """The words by which an item differs from those of its list that are most like it."""
    lists: dict[str, list[Profile]] = {}
    for one in profiles:
        lists.setdefault(one.payer, []).append(one)
    found: dict[str, set[str]] = {}
    for listed in lists.values():
        bags = {
            place: {("word", w): weight(w, knowledge) for w in one.bag}
            for place, one in enumerate(listed)
        }
        for here, there, _ in _sharing(bags, LIKE):
            one, other = listed[here], listed[there]
            found.setdefault(one.ref, set()).update(one.bag - other.bag)
            found.setdefault(other.ref, set()).update(other.bag - one.bag)
    return {ref: frozenset(own) for ref, own in found.items() if own}


def _sharing(
    keys: Mapping[int, Mapping["Key", float]], least: float
) -> Iterator[tuple[int, int, float]]:
    """Every two that have at least this share of their weight in common, and the share.

    What is commonest in one, as long as it comes to less than that, brings nothing near it: two
    with enough in common share something rarer (the prefix filter of Chaudhuri, Ganti and Kaushik
    2006), so the filter leaves out no pair.
    """
    count: dict[Key, int] = {}
    for held in keys.values():
        for key in held:
            count[key] = count.get(key, 0) + 1
    masses = {kind: _mass(held) for kind, held in keys.items()}
    index: dict[Key, list[int]] = {}
    for kind, held in keys.items():
        near: set[int] = set()
        common = 0.0
        for key in sorted(held, key=lambda k: (-count[k], k)):
            common += held[key]
            if 2 * common >= least * masses[kind]:
                near.update(index.setdefault(key, []))
                index[key].append(kind)
        for other in sorted(near):
            whole = masses[kind] + masses[other]
            worth = 2 * fsum(held[key] for key in held.keys() & keys[other].keys())
            if worth >= least * whole:
                yield other, kind, worth / whole if whole else 1.0


Key = tuple[str, str]
"""What brings items together: a sort of thing, and which."""


def _keys(lists: Lists, ref: str) -> dict[Key, float]:
    """What may bring an item together with another, and what it is worth."""
    one = lists.profiles[ref]
    keys = {("word", w): weight(w, lists.knowledge) for w in one.bag}
    named = {(f"id {s}", v) for s, values in one.ids.items() for v in values}
    words = lists.knowledge.abbreviations  # what stands for a word brings together as a word
    named |= {("acronym", a.removesuffix("-E")) for a in one.acronyms if a.lower() not in words}
    if entry := lists.scene.entries[ref]:
        named.add(("entry", entry.key))
    return keys | dict.fromkeys(named, NAMED)


def _agree(lists: Lists, one: str, other: str) -> bool:
    """Whether both titles name one thing."""
    mine, theirs = lists.profiles[one].named, lists.profiles[other].named
    return any(mine[slot] & theirs[slot] for slot in mine.keys() & theirs.keys())


def _mass(keys: Mapping[Key, float]) -> float:
    """The weight of the words; what else is in common is beside it."""
    return fsum(worth for (sort, _), worth in keys.items() if sort == "word")


def _across(lists: Lists, here: list[str], there: list[str]) -> list[Link]:
    """Every pair of two groups, or of one, whose payers differ."""
    pairs = combinations(here, 2) if here is there else product(here, there)
    return [
        lists.pair(one, other)
        for one, other in pairs
        if lists.measures[one].payer != lists.measures[other].payer
    ]


def assigned(lists: Lists, found: list[Link]) -> tuple[list[Link], dict[Link, str]]:
    """The pairs that win between each two lists, surest first, and why others did not.

    Equals that would take each other's place are a tie: none of them wins.
    """
    levels: dict[float, list[Link]] = {}
    taken = _decided(lists)  # (item, other payer) -> partner
    for pair in lists.pace("weighing pairs", found):
        if lists.apart(*pair) or lists.rulings.bound(*pair):
            continue
        weighed = lists.weigh(*pair)
        if weighed.verdict_from(lists.match_at) is Verdict.MATCH:
            levels.setdefault(round(weighed.log_odds, 4), []).append(pair)
    chosen: list[Link] = []
    lost: dict[Link, str] = {}
    for _, level in sorted(levels.items(), reverse=True):
        rivals = {pair: _rival(lists, taken, *pair) for pair in level}
        lost |= {pair: f"a closer fit is {rival}" for pair, rival in rivals.items() if rival}
        won, tied = _won(lists, [pair for pair, rival in rivals.items() if not rival])
        lost |= tied
        for one, other in won:
            chosen.append((one, other))
            for here, there in ((one, other), (other, one)):
                taken.setdefault((here, lists.measures[there].payer), there)
    lists.contests = _contests(lists, found, taken)
    held = [pair for pair in chosen if lists.sure(*pair) >= lists.match_at]
    for pair in chosen:
        if lists.sure(*pair) < lists.match_at:
            lost[pair] = f"as close a fit is {lists.contest(*pair).rival}"
    return held, lost


def _decided(lists: Lists) -> dict[tuple[str, str], str]:
    """The partners that decisions give: (item, other payer) -> partner."""
    taken: dict[tuple[str, str], str] = {}
    for group in lists.rulings.together:
        for one, other in permutations(group, 2):
            if lists.measures[one].payer != lists.measures[other].payer:
                taken.setdefault((one, lists.measures[other].payer), other)
    return taken


def _won(lists: Lists, free: list[Link]) -> tuple[list[Link], dict[Link, str]]:
    """Of pairs that fit alike those that nobody contests, and why the others are a tie."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for one, other in free:
        wanted.setdefault((one, lists.measures[other].payer), set()).add(other)
        wanted.setdefault((other, lists.measures[one].payer), set()).add(one)
    won: list[Link] = []
    tied: dict[Link, str] = {}
    for one, other in free:
        mine = wanted[one, lists.measures[other].payer]
        theirs = wanted[other, lists.measures[one].payer]
        if lists.twins(mine) and lists.twins(theirs):
            won.append((one, other))
        else:
            tied[one, other] = f"a tie with {', '.join(sorted((mine | theirs) - {one, other}))}"
    return won, tied


def _contests(
    lists: Lists, found: list[Link], taken: Mapping[tuple[str, str], str]
) -> dict[Link, Contest]:
    """What the runners-up take from each pair that could be one measure."""
    odds: dict[Link, float] = {}
    beside: dict[tuple[str, str], list[Link]] = {}  # (item, other payer) -> its pairs there
    for one, other in found:
        if lists.apart(one, other) or lists.weigh(one, other).log_odds < FAR:
            continue
        odds[one, other] = lists.weigh(one, other).log_odds
        beside.setdefault((one, lists.measures[other].payer), []).append((one, other))
        beside.setdefault((other, lists.measures[one].payer), []).append((one, other))
    contests = {}
    for pair in odds:
        rivals = []
        for here, there in (pair, pair[::-1]):
            for rival in beside[here, lists.measures[there].payer]:
                third = rival[1] if rival[0] == here else rival[0]
                if rival == pair or lists.twin(third, there):
                    continue
                partner = taken.get((third, lists.measures[here].payer))
                if partner in (None, here) or _held(lists, odds, third, partner) < odds[rival]:
                    rivals.append((odds[rival], third))
        if rivals:
            closest = max(rivals, key=lambda r: (r[0], -lists.rank[r[1]]))[1]
            weight = -log1p(fsum(exp(min(30.0, o)) for o, _ in rivals))
            contests[pair] = Contest(weight, closest)
    return contests


def _held(lists: Lists, odds: Mapping[Link, float], item: str, partner: str | None) -> float:
    """How well an item fits the partner that it has; one by decision needs no odds."""
    return inf if partner is None else odds.get(lists.pair(item, partner), inf)


def _rival(lists: Lists, taken: Mapping[Link, str], one: str, other: str) -> str | None:
    """The better partner that an item of this pair already has, its twins aside."""
    for here, there in ((one, other), (other, one)):
        partner = taken.get((here, lists.measures[there].payer))
        if partner and not lists.twins({partner, there}):
            return partner
    return None


def content(item: Measure, one: Profile) -> tuple[str, ...]:
    """What an item says, in an order of its own: payers and files have no part in it."""
    ids = ";".join(f"{s}:{','.join(sorted(v))}" for s, v in sorted(one.ids.items()))
    title = f"{item.context or ''} {item.title}"
    return (" ".join(one.words), title, ids, item.id, item.description or "", repr(item.ages))
