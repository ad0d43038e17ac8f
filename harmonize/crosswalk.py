"""Which items are one concept and which concepts one family, across every payer at once.

Pairs are weighed first; then each two lists are assigned to each other, and concepts grow from the
surest link down, but only while every two members may stand together.  Nothing hangs on the order
or the names of files: where a choice would be arbitrary, none is made and the tie is said.
"""

import hashlib
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from harmonize.evidence import (
    MATCH_AT,
    POSSIBLE_AT,
    PRECISE,
    Scene,
    Verdict,
    Weighed,
    scene,
    weigh,
)
from harmonize.knowledge import Entry, Knowledge
from harmonize.measures import Measure, MeasureSet
from harmonize.slots import Profile, profile, weight
from harmonize.wording import base_id

COHESION: Final = 0.4  # mean confidence over the pairs that a merger would bring together
NAMED: Final = 9.0  # what an identifier, acronym or entry in common is worth beside words
TELLING, COMMON = 1.5, 40  # a word that tells less, in more items, brings no pair together
# Fields in which two lines of one list may not differ if only the collecting tells them apart.
TOLD_APART: Final = (
    *("ages", "sex", "threshold", "follow_up", "lookback", "combination", "improvement_notation"),
    *("steward", "description", "denominator", "numerator", "part"),
)
NEAR: Final = 0.55  # likeness of titles from which a refused pair is worth a reader's look


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items of different payers and what came of them; `left.ref` sorts before `right.ref`.

    `confidence` is the pair's own, or that of the best path through the concept if it is higher.
    `reason` says in plain words what decided.
    """

    left: Measure
    right: Measure
    confidence: float
    verdict: Verdict
    reason: str
    likeness: float
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """One measure as several payers hold it, with every link between its members."""

    id: str
    label: str
    domain: str
    acronym: str | None
    entry: Entry | None
    members: tuple[Measure, ...]
    links: tuple[Pair, ...]

    @property
    def weakest(self) -> Pair | None:
        """The link that most deserves doubt; `None` in a concept of one payer."""
        return min(self.links, key=lambda p: (p.confidence, p.left.ref, p.right.ref), default=None)

    @property
    def payers(self) -> tuple[str, ...]:
        """Who holds it."""
        return tuple(sorted({m.payer for m in self.members}))


@dataclass(frozen=True, slots=True)
class Family:
    """Concepts that belong together: a whole, its rates and strata."""

    id: str
    label: str
    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Every item in one concept, every concept in one family; and what was not merged."""

    families: tuple[Family, ...]
    possible: tuple[Pair, ...]
    related: tuple[tuple[Pair, str], ...]  # with the relation
    order_of_domains: Mapping[str, int]

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All concepts, by id."""
        found = [c for family in self.families for c in family.concepts]
        return tuple(sorted(found, key=lambda c: c.id))


def explain(
    sets: tuple[MeasureSet, ...], left: str, right: str, knowledge: Knowledge
) -> tuple[Profile, Profile, Weighed, tuple[tuple[str, Weighed], ...]]:
    """The evidence of any two items, and the runners-up of the first in the second's list."""
    items = {m.ref: m for s in sets for m in s.measures or ()}
    profiles = {ref: profile(m, knowledge) for ref, m in items.items()}
    at = scene(profiles.values(), knowledge)
    weighed = weigh(profiles[left], profiles[right], at)
    others = [
        (ref, weigh(profiles[left], profiles[ref], at))
        for ref, m in items.items()
        if m.payer == items[right].payer and ref not in (left, right)
    ]
    rivals = sorted(others, key=lambda o: (-o[1].confidence, -o[1].likeness, o[0]))[:2]
    return profiles[left], profiles[right], weighed, tuple(rivals)


def build(sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> Crosswalk:
    """The crosswalk of all lists."""
    return _Builder(sets, knowledge).crosswalk()


class _Builder:
    """The lists at hand while their crosswalk is made."""

    def __init__(self, sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        items = [m for one in sets for m in one.measures or ()]
        self.profiles = {m.ref: profile(m, knowledge) for m in items}
        # An order that renaming a payer or a file does not touch, except among perfect equals.
        self.items = sorted(items, key=lambda m: (_content(m, self.profiles[m.ref]), m.ref))
        self.rank = {m.ref: place for place, m in enumerate(self.items)}
        self.scene: Scene = scene(self.profiles.values(), knowledge)
        self.measures = {m.ref: m for m in items}
        self.weighed: dict[tuple[str, str], Weighed] = {}

    def pair(self, one: str, other: str) -> tuple[str, str]:
        return (one, other) if self.rank[one] < self.rank[other] else (other, one)

    def weigh(self, one: str, other: str) -> Weighed:
        key = self.pair(one, other)
        found = self.weighed.get(key)
        if found is None:
            found = weigh(self.profiles[key[0]], self.profiles[key[1]], self.scene)
            self.weighed[key] = found
        return found

    def crosswalk(self) -> Crosswalk:
        candidates = self.candidates()
        chosen, contested = self.assigned(candidates)
        clusters, refused = self.partition(chosen)
        concepts = self.concepts(clusters)
        home = {m.ref: c for c in concepts for m in c.members}
        families = self.families(concepts, home)
        possible = self.possible(candidates, home, contested | refused)
        shown = {(p.left.ref, p.right.ref) for p in possible}
        related = self.related(families, candidates, home, shown)
        return Crosswalk(families, possible, related, self.knowledge.order_of_domains)

    # --- pairs ---

    def candidates(self) -> list[tuple[str, str]]:
        """Pairs worth weighing: those that share a telling word, an identifier or an entry."""
        index: dict[tuple[str, str], list[str]] = {}
        for item in self.items:
            one = self.profiles[item.ref]
            keys = {("word", w) for w in one.bag}
            keys |= {(f"id {s}", v) for s, values in one.ids.items() for v in values}
            keys |= {("acronym", a.removesuffix("-E")) for a in one.acronyms}
            if entry := self.scene.entries[item.ref]:
                keys.add(("entry", entry.key))
            for key in keys:
                index.setdefault(key, []).append(item.ref)
        shared: dict[tuple[str, str], float] = {}
        for key, refs in index.items():
            worth = weight(key[1], self.knowledge) if key[0] == "word" else NAMED
            if worth < TELLING and len(refs) > COMMON:
                continue
            for left, right in combinations(refs, 2):
                if self.measures[left].payer != self.measures[right].payer:
                    shared[left, right] = shared.get((left, right), 0.0) + worth
        mass = {
            ref: sum(weight(w, self.knowledge) for w in p.bag) for ref, p in self.profiles.items()
        }
        return [
            pair
            for pair, worth in sorted(shared.items(), key=lambda s: self.ranks(s[0]))
            if 2 * worth >= 0.3 * (mass[pair[0]] + mass[pair[1]])
        ]

    def ranks(self, pair: tuple[str, str]) -> tuple[int, int]:
        return self.rank[pair[0]], self.rank[pair[1]]

    def assigned(
        self, candidates: list[tuple[str, str]]
    ) -> tuple[list[tuple[str, str]], dict[tuple[str, str], str]]:
        """The pairs that win between each two lists, surest first, and why others did not.

        Equals that would take each other's place are a tie: none of them wins.
        """
        sure = [p for p in candidates if self.weigh(*p).verdict is Verdict.MATCH]
        levels: dict[float, list[tuple[str, str]]] = {}
        for pair in sure:
            levels.setdefault(self.weigh(*pair).confidence, []).append(pair)
        taken: dict[tuple[str, str], str] = {}  # (item, other payer) -> partner
        chosen: list[tuple[str, str]] = []
        lost: dict[tuple[str, str], str] = {}
        for _, level in sorted(levels.items(), reverse=True):
            free = []
            for one, other in level:
                rival = self.rival(taken, one, other)
                if rival:
                    lost[one, other] = f"a closer fit is {rival}"
                else:
                    free.append((one, other))
            wanted: dict[tuple[str, str], set[str]] = {}
            for one, other in free:
                wanted.setdefault((one, self.measures[other].payer), set()).add(other)
                wanted.setdefault((other, self.measures[one].payer), set()).add(one)
            for one, other in free:
                mine = wanted[one, self.measures[other].payer]
                theirs = wanted[other, self.measures[one].payer]
                if self.twins(mine) and self.twins(theirs):
                    chosen.append((one, other))
                    for here, there in ((one, other), (other, one)):
                        taken.setdefault((here, self.measures[there].payer), there)
                else:
                    rivals = sorted((mine | theirs) - {one, other})
                    lost[one, other] = f"a tie with {', '.join(rivals)}"
        return chosen, lost

    def rival(self, taken: Mapping[tuple[str, str], str], one: str, other: str) -> str | None:
        """The better partner that an item of this pair already has, its twins aside."""
        for here, there in ((one, other), (other, one)):
            partner = taken.get((here, self.measures[there].payer))
            if partner and not self.twins({partner, there}):
                return partner
        return None

    def twins(self, refs: Iterable[str]) -> bool:
        """Whether nothing but the way of collecting tells items of one list apart."""
        ordered = sorted(refs, key=lambda r: self.rank[r])
        return all(self.twin(a, b) for a, b in itertools.pairwise(ordered))

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

    # --- concepts ---

    def partition(
        self, chosen: list[tuple[str, str]]
    ) -> tuple[list[frozenset[str]], dict[tuple[str, str], str]]:
        """Items grouped from the surest link down; a link that would not hold is refused."""
        home: dict[str, frozenset[str]] = {m.ref: frozenset({m.ref}) for m in self.items}
        by_payer: dict[str, list[str]] = {}
        for item in self.items:
            by_payer.setdefault(item.payer, []).append(item.ref)
        for refs in by_payer.values():
            words: dict[object, list[str]] = {}
            for ref in refs:
                words.setdefault(self.profiles[ref].words, []).append(ref)
            groups = [*words.values(), *self.marked(refs)]
            for group in groups:
                for one, other in itertools.pairwise(group):
                    if self.twin(one, other):
                        merged = home[one] | home[other]
                        home.update(dict.fromkeys(merged, merged))
        refused: dict[tuple[str, str], str] = {}
        order = sorted(chosen, key=lambda p: (-self.weigh(*p).confidence, self.ranks(p)))
        for one, other in order:
            here, there = home[one], home[other]
            if here is there:
                continue
            why = self.against(here, there)
            if why:
                refused[one, other] = why
            else:
                merged = here | there
                home.update(dict.fromkeys(merged, merged))
        unique = {min(group, key=lambda r: self.rank[r]): group for group in home.values()}
        return [unique[ref] for ref in sorted(unique, key=lambda r: self.rank[r])], refused

    def marked(self, refs: list[str]) -> list[list[str]]:
        """Lines marked as another way of collecting, beside the line that they belong to."""
        groups: dict[str, list[str]] = {}
        for ref in refs:
            one = self.measures[ref]
            if one.part == "collection type" and one.part_of:
                groups.setdefault(one.part_of, []).append(ref)
        for name, group in groups.items():
            printed = [r for r in refs if self.measures[r].id == name]
            group[:0] = printed
        return list(groups.values())

    def against(self, here: frozenset[str], there: frozenset[str]) -> str | None:
        """Why two groups may not become one, or `None`."""
        total = 0.0
        pairs = 0
        for one in sorted(here, key=lambda r: self.rank[r]):
            for other in sorted(there, key=lambda r: self.rank[r]):
                if self.measures[one].payer == self.measures[other].payer:
                    if not self.twin(one, other):
                        return f"{one} and {other} are two measures of one payer"
                    continue
                found = self.weigh(one, other)
                if found.vetoes:
                    return f"{one} stands on the one side, {other} on the other: {found.vetoes[0]}"
                total += found.confidence
                pairs += 1
        if pairs and total / pairs < COHESION:
            return "too weak a bridge between two groups"
        return None

    def concepts(self, clusters: list[frozenset[str]]) -> list[Concept]:
        best: dict[str, tuple[int, int]] = {}
        found = []
        for cluster in clusters:
            members = tuple(sorted((self.measures[r] for r in cluster), key=lambda m: m.ref))
            entry = self.entry(cluster)
            name = self.name(cluster, entry)
            claim = (-len(members), min(self.rank[r] for r in cluster))
            best[name] = min(best.get(name, claim), claim)
            found.append((name, entry, members, cluster, claim))
        concepts = []
        for name, entry, members, cluster, claim in found:
            first = claim == best[name]
            concepts.append(
                Concept(
                    id=name if first else f"{name}.{self.mark(cluster)}",
                    label=entry.name if entry and first else self.commonest_title(cluster),
                    domain=self.domain(cluster, entry),
                    acronym=self.acronym(cluster, entry) if first else None,
                    entry=entry,
                    members=members,
                    links=self.links(cluster),
                )
            )
        return concepts

    def entry(self, cluster: Iterable[str]) -> Entry | None:
        """The catalogue's measure that most members are; nothing when two are equally many."""
        counts: dict[str, int] = {}
        for ref in cluster:
            if entry := self.scene.entries[ref]:
                counts[entry.key] = counts.get(entry.key, 0) + 1
        top = [k for k, n in counts.items() if n == max(counts.values())]
        return self.knowledge.by_key[top[0]] if len(top) == 1 else None

    def commonest_title(self, cluster: Iterable[str]) -> str:
        titles: dict[str, int] = {}
        for ref in cluster:
            item = self.measures[ref]
            title = " ".join(
                (f"{item.context}: {item.title}" if item.context else item.title).split()
            )
            titles[title] = titles.get(title, 0) + 1
        return min(titles, key=lambda t: (-titles[t], len(t), t))

    def name(self, cluster: Iterable[str], entry: Entry | None) -> str:
        """An id that comes from what the members are and does not move when a payer joins."""
        if entry:
            return entry.key.lower()
        for system in (s for s in PRECISE if s != "star"):
            values = sorted({v for r in cluster for v in self.profiles[r].ids.get(system, ())})
            if len(values) == 1 and not self.scene.names_family(
                system, values[0], *(self.measures[r].payer for r in cluster)
            ):
                return f"{system}-{values[0].lower().removeprefix(system)}"
        return self.mark(cluster)

    def mark(self, cluster: Iterable[str]) -> str:
        """A mark of the member whose words come first, so that it outlasts most newcomers."""
        first = min(_content(self.measures[r], self.profiles[r]) for r in cluster)
        words = "-".join(first[0].split()[:4]) or "measure"
        return f"{words[:32]}-{hashlib.sha256(repr(first).encode()).hexdigest()[:6]}"

    def domain(self, cluster: Iterable[str], entry: Entry | None) -> str:
        if entry:
            return entry.domain
        said = f" {' '.join(self.commonest_title(cluster).lower().replace('-', ' ').split())} "
        for name, _, phrases in sorted(self.knowledge.domains, key=lambda d: d[1]):
            if any(f" {p} " in said.replace(":", " ").replace(",", " ") for p in phrases):
                return name
        return "other"

    def acronym(self, cluster: Iterable[str], entry: Entry | None) -> str | None:
        whole = entry and self.knowledge.by_key.get(entry.whole or "")
        if entry and (entry.acronym or (whole and whole.acronym)):
            return entry.acronym or (whole.acronym if whole else None)
        found: dict[str, int] = {}
        for ref in cluster:
            for acronym in self.profiles[ref].acronyms:
                found[acronym] = found.get(acronym, 0) + 1
        return min(found, key=lambda a: (-found[a], a), default=None)

    def links(self, cluster: frozenset[str]) -> tuple[Pair, ...]:
        """Every pair of a concept, with the confidence of the surest way from one to the other."""
        refs = sorted(cluster, key=lambda r: self.rank[r])
        best = {
            (a, b): 1.0
            if self.measures[a].payer == self.measures[b].payer
            else self.weigh(a, b).confidence
            for a in refs
            for b in refs
            if a != b
        }
        via: dict[tuple[str, str], str] = {}
        weak = [pair for pair, confidence in best.items() if confidence < MATCH_AT]
        for _ in refs if weak else ():  # each round lets a path be one link longer
            longer = False
            for a, b in weak:
                for middle in refs:
                    if middle in (a, b):
                        continue
                    through = best[a, middle] * best[middle, b]
                    if through > best[a, b] + 1e-9:
                        best[a, b] = through
                        via[a, b] = middle
                        longer = True
            if not longer:
                break
        pairs = []
        for i, a in enumerate(refs):
            for b in refs[i + 1 :]:
                if self.measures[a].payer == self.measures[b].payer:
                    continue
                reason = self.reason(a, b)
                if (a, b) in via and self.weigh(a, b).verdict is not Verdict.MATCH:
                    reason = f"through {via[a, b]}; {reason}"
                pairs.append(self.made(a, b, Verdict.MATCH, round(best[a, b], 4), reason))
        return tuple(sorted(pairs, key=_by_refs))

    def made(self, a: str, b: str, verdict: Verdict, confidence: float, reason: str) -> Pair:
        left, right = (
            (a, b) if (self.measures[a].payer, a) < (self.measures[b].payer, b) else (b, a)
        )
        found = self.weigh(a, b)
        return Pair(
            self.measures[left],
            self.measures[right],
            confidence,
            verdict,
            reason,
            found.likeness,
            tuple(map(str, found.vetoes)),
        )

    def reason(self, a: str, b: str) -> str:
        """The plain words for what decided, strongest first."""
        found = self.weigh(a, b)
        if found.vetoes:
            return f"differ in {found.vetoes[0]}"
        for_it = sorted(found.evidence[1:], key=lambda e: (-e.weight, e.name))
        told = [e.detail for e in for_it if e.weight > 0 and e.name != "spelling"]
        return "; ".join(told[:2]) or "little was heard"

    # --- beside the concepts ---

    def possible(
        self,
        candidates: list[tuple[str, str]],
        home: Mapping[str, Concept],
        why: Mapping[tuple[str, str], str],
    ) -> tuple[Pair, ...]:
        """Pairs that might be one measure and were not merged, with what stood in the way."""
        found = []
        for pair in candidates:
            if home[pair[0]] is home[pair[1]]:
                continue
            if self.measures[pair[0]].rate_of and self.measures[pair[1]].rate_of:
                continue  # what their measures are to each other is the question
            weighed = self.weigh(*pair)
            if weighed.verdict is Verdict.NONMATCH:
                continue
            stood = why.get(pair)
            confidence = min(weighed.confidence, MATCH_AT - 0.0001)
            reason = self.reason(*pair)
            closer = stood is not None and stood.startswith("a closer fit")
            if closer or (stood is None and self.settled(pair, home)):
                confidence = min(confidence, POSSIBLE_AT)
            found.append(
                self.made(
                    *pair,
                    Verdict.POSSIBLE,
                    round(confidence, 4),
                    stood or reason,
                )
            )
        return tuple(sorted((p for p in found if p.confidence > POSSIBLE_AT), key=_by_refs))

    def settled(self, pair: tuple[str, str], home: Mapping[str, Concept]) -> bool:
        """Whether either item already has a partner in the other's list."""
        one, other = pair
        return any(
            m.payer == self.measures[there].payer
            for here, there in ((one, other), (other, one))
            for m in home[here].members
        )

    def families(self, concepts: list[Concept], home: Mapping[str, Concept]) -> tuple[Family, ...]:
        """Concepts joined by a shared identifier, an entry's whole, a rate or a declared part."""
        root: dict[str, str] = {c.id: c.id for c in concepts}

        def top(name: str) -> str:
            while root[name] != name:
                name = root[name]
            return name

        def join(one: str, other: str) -> None:
            a, b = sorted((top(one), top(other)))
            root[b] = a

        first: dict[object, str] = {}
        for concept in concepts:
            for key in self.family_keys(concept):
                join(concept.id, first.setdefault(key, concept.id))
        for item in self.items:
            parent = item.rate_of or (item.part_of if item.part else None)
            whole = f"{item.payer}/{parent}" if parent else None
            if whole and whole in home:
                join(home[item.ref].id, home[whole].id)
        groups: dict[str, list[Concept]] = {}
        for concept in concepts:
            groups.setdefault(top(concept.id), []).append(concept)
        return tuple(sorted(map(self.family, groups.values()), key=lambda f: (f.id, f.label)))

    def family_keys(self, concept: Concept) -> set[object]:
        keys: set[object] = set()
        if concept.entry:
            keys.add(("entry", self.knowledge.family(concept.entry)))
        for member in concept.members:
            one = self.profiles[member.ref]
            for system, values in one.ids.items():
                if system != "star":
                    keys |= {(system, v) for v in values}
            if member.part_of and member.part in ("rate", "stratum"):
                keys.add(("hedis", base_id("hedis", member.part_of)))
        return keys

    def family(self, concepts: list[Concept]) -> Family:
        ordered = sorted(concepts, key=lambda c: (bool(c.entry and c.entry.whole), c.id))
        entries = [c.entry for c in ordered if c.entry]
        wholes = {self.knowledge.family(e) for e in entries}
        if len(wholes) == 1:
            whole = self.knowledge.by_key[wholes.pop()]
            return Family(whole.key.lower(), whole.name, tuple(sorted(concepts, key=_order)))
        return Family(ordered[0].id, ordered[0].label, tuple(sorted(concepts, key=_order)))

    def related(
        self,
        families: tuple[Family, ...],
        candidates: list[tuple[str, str]],
        home: Mapping[str, Concept],
        shown: set[tuple[str, str]],
    ) -> tuple[tuple[Pair, str], ...]:
        """Pairs that look alike or belong together and are not one measure, with the relation."""
        family = {c.id: f.id for f in families for c in f.concepts}
        found: dict[tuple[str, str], tuple[Pair, str]] = {}
        for pair in self.neighbours(candidates, families):
            one, other = home[pair[0]], home[pair[1]]
            if one is other:
                continue
            relation = self.relation(pair, one, other, family)
            if relation is None:
                continue
            weighed = self.weigh(*pair)
            made = self.made(
                *pair, Verdict.NONMATCH, weighed.confidence, self.apart(pair, one, other)
            )
            key = (made.left.ref, made.right.ref)
            if key not in shown:
                found[key] = (made, relation)
        return tuple(found[key] for key in sorted(found))

    def neighbours(
        self, candidates: list[tuple[str, str]], families: tuple[Family, ...]
    ) -> set[tuple[str, str]]:
        pairs = {self.pair(*p) for p in candidates if self.weigh(*p).verdict is Verdict.NONMATCH}
        topics: dict[str, list[str]] = {}
        for ref, entry in self.scene.entries.items():
            if entry and entry.topic and not self.measures[ref].rate_of:
                topics.setdefault(entry.topic, []).append(ref)
        groups = [[m.ref for c in f.concepts for m in c.members] for f in families]
        for group in (*topics.values(), *groups):
            for i, one in enumerate(group):
                for other in group[i + 1 :]:
                    if self.measures[one].payer != self.measures[other].payer:
                        pairs.add(self.pair(one, other))
        return pairs

    def relation(
        self, pair: tuple[str, str], one: Concept, other: Concept, family: Mapping[str, str]
    ) -> str | None:
        """The relation between two concepts, by the CMS table of focus and population."""
        a, b = self.measures[pair[0]], self.measures[pair[1]]
        if family[one.id] == family[other.id]:
            if a.rate_of and b.rate_of:
                return None  # their measures stand beside each other already
            return "part-of" if _is_part(a, one) != _is_part(b, other) else "sibling"
        if a.rate_of or b.rate_of:
            return None
        entries = (one.entry, other.entry)
        if entries[0] and entries[1] and entries[0].topic and entries[0].topic == entries[1].topic:
            return "related-focus"
        weighed = self.weigh(*pair)
        if not weighed.vetoes or weighed.likeness < NEAR:
            return None
        step = {"step", "test", "drug class", "procedure", "instrument", "vaccine", "cut"}
        return "related-population" if weighed.vetoes[0].name in step else "related-focus"

    def apart(self, pair: tuple[str, str], one: Concept, other: Concept) -> str:
        weighed = self.weigh(*pair)
        if weighed.vetoes:
            return f"differ in {weighed.vetoes[0]}"
        return f"{one.label} / {other.label}"


def _is_part(item: Measure, concept: Concept) -> bool:
    return bool(
        item.rate_of
        or item.part in ("rate", "stratum", "component")
        or (concept.entry and concept.entry.whole)
    )


def _order(concept: Concept) -> tuple[bool, str]:
    """The whole before its parts, then by id."""
    return bool(concept.entry and concept.entry.whole), concept.id


def _by_refs(pair: Pair) -> tuple[str, str, str, str]:
    return pair.left.payer, pair.left.id, pair.right.payer, pair.right.id


def _content(item: Measure, one: Profile) -> tuple[str, ...]:
    """What an item says, in an order of its own: payers and files have no part in it."""
    ids = ";".join(f"{s}:{','.join(sorted(v))}" for s, v in sorted(one.ids.items()))
    title = f"{item.context or ''} {item.title}"
    return (" ".join(one.words), title, ids, item.id, item.description or "", repr(item.ages))
