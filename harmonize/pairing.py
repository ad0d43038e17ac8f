"""Which items are worth comparing, and which pairs win between each two lists."""

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from math import fsum
from typing import Final

from harmonize.evidence import PRECISE, Scene, Verdict, Weighed, scene, weigh
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure, MeasureSet
from harmonize.slots import Profile, profile, weight

NAMED: Final = 9.0  # what an identifier, acronym or entry in common is worth beside words
TELLING, COMMON = 1.5, 40  # a word that tells less, in more items, brings no pair together
WORTH: Final = 0.3  # share of two items' telling words from which they are weighed
# Fields in which two lines of one list may not differ if only the collecting tells them apart.
TOLD_APART: Final = (
    *("ages", "sex", "threshold", "follow_up", "lookback", "combination", "improvement_notation"),
    *("steward", "description", "denominator", "numerator", "part"),
)

Link = tuple[str, str]
"""Two items as `payer/id`, in the order of `Lists`."""


class Lists:
    """All items, in an order that no payer and no file decides, weighed on demand."""

    def __init__(self, sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        items = [m for one in sets for m in one.measures or ()]
        self.profiles = {m.ref: profile(m, knowledge) for m in items}
        # An order that renaming a payer or a file does not touch, except among perfect equals.
        self.items = sorted(items, key=lambda m: (content(m, self.profiles[m.ref]), m.ref))
        self.rank = {m.ref: place for place, m in enumerate(self.items)}
        self.scene: Scene = scene(self.profiles.values(), knowledge)
        self.measures = {m.ref: m for m in items}
        self.counted = {s.payer for s in sets if s.counted}
        self.weighed: dict[tuple[str, str], Weighed] = {}

    def pair(self, one: str, other: str) -> tuple[str, str]:
        return (one, other) if self.rank[one] < self.rank[other] else (other, one)

    def weigh(self, one: str, other: str) -> Weighed:
        """The evidence of a pair, told in the order of payers."""
        first = (self.measures[one].payer, one) < (self.measures[other].payer, other)
        key = (one, other) if first else (other, one)
        found = self.weighed.get(key)
        if found is None:
            found = weigh(self.profiles[key[0]], self.profiles[key[1]], self.scene)
            self.weighed[key] = found
        return found

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
    """Pairs worth weighing: those that share a telling word, an identifier or an entry."""
    index: dict[tuple[str, str], list[str]] = {}
    for item in lists.items:
        one = lists.profiles[item.ref]
        keys = {("word", w) for w in one.bag}
        keys |= {(f"id {s}", v) for s, values in one.ids.items() for v in values}
        keys |= {("acronym", a.removesuffix("-E")) for a in one.acronyms}
        if entry := lists.scene.entries[item.ref]:
            keys.add(("entry", entry.key))
        for key in sorted(keys):
            index.setdefault(key, []).append(item.ref)
    shared: dict[tuple[str, str], float] = {}
    for key, refs in index.items():
        worth = weight(key[1], lists.knowledge) if key[0] == "word" else NAMED
        if worth < TELLING and len(refs) > COMMON:
            continue
        for left, right in combinations(refs, 2):
            if lists.measures[left].payer != lists.measures[right].payer:
                shared[left, right] = shared.get((left, right), 0.0) + worth
    mass = {
        ref: fsum(weight(w, lists.knowledge) for w in p.bag) for ref, p in lists.profiles.items()
    }
    return [
        pair
        for pair, worth in sorted(shared.items(), key=lambda s: lists.ranks(s[0]))
        if 2 * worth >= WORTH * (mass[pair[0]] + mass[pair[1]])
    ]


def assigned(lists: Lists, found: list[Link]) -> tuple[list[Link], dict[Link, str]]:
    """The pairs that win between each two lists, surest first, and why others did not.

    Equals that would take each other's place are a tie: none of them wins.
    """
    sure = [p for p in found if lists.weigh(*p).verdict is Verdict.MATCH]
    levels: dict[float, list[tuple[str, str]]] = {}
    for pair in sure:
        levels.setdefault(lists.weigh(*pair).confidence, []).append(pair)
    taken: dict[tuple[str, str], str] = {}  # (item, other payer) -> partner
    chosen: list[tuple[str, str]] = []
    lost: dict[Link, str] = {}
    for _, level in sorted(levels.items(), reverse=True):
        free = []
        for one, other in level:
            rival = _rival(lists, taken, one, other)
            if rival:
                lost[one, other] = f"a closer fit is {rival}"
            else:
                free.append((one, other))
        wanted: dict[tuple[str, str], set[str]] = {}
        for one, other in free:
            wanted.setdefault((one, lists.measures[other].payer), set()).add(other)
            wanted.setdefault((other, lists.measures[one].payer), set()).add(one)
        for one, other in free:
            mine = wanted[one, lists.measures[other].payer]
            theirs = wanted[other, lists.measures[one].payer]
            if lists.twins(mine) and lists.twins(theirs):
                chosen.append((one, other))
                for here, there in ((one, other), (other, one)):
                    taken.setdefault((here, lists.measures[there].payer), there)
            else:
                rivals = sorted((mine | theirs) - {one, other})
                lost[one, other] = f"a tie with {', '.join(rivals)}"
    return chosen, lost


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
