"""Which items are one concept and which concepts one family, across every payer at once.

Pairs are weighed first; then each two lists are assigned to each other, and concepts grow from the
surest link down, but only while every two members may stand together.  Nothing hangs on the order
or the names of files: where a choice would be arbitrary, none is made and the tie is said.
"""

from collections.abc import Mapping
from itertools import combinations

from harmonize.concepts import Concept, Crosswalk, Pair, by_refs
from harmonize.evidence import MATCH_AT, POSSIBLE_AT, Verdict, Weighed, weigh
from harmonize.grouping import partition, surest
from harmonize.kinship import families, made, related
from harmonize.knowledge import Knowledge
from harmonize.measures import MeasureSet
from harmonize.naming import names
from harmonize.pairing import Link, Lists, assigned, candidates
from harmonize.slots import Profile


def build(sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> Crosswalk:
    """The crosswalk of all lists."""
    lists = Lists(sets, knowledge)
    worth = candidates(lists)
    chosen, lost = assigned(lists, worth)
    clusters, refused = partition(lists, chosen)
    concepts = [
        Concept(
            id=name.id,
            label=name.label,
            domain=name.domain,
            acronym=name.acronym,
            entry=name.entry,
            members=tuple(sorted((lists.measures[r] for r in group), key=lambda m: m.ref)),
            links=_links(lists, group),
        )
        for group, name in zip(clusters, names(lists, clusters), strict=True)
    ]
    home = {m.ref: c for c in concepts for m in c.members}
    together = families(lists, concepts, home)
    possible = _possible(lists, worth, home, lost | refused)
    shown = {(p.left.ref, p.right.ref) for p in possible}
    alike = related(lists, together, worth, home, shown)
    return Crosswalk(together, possible, alike, knowledge.order_of_domains)


def explain(
    sets: tuple[MeasureSet, ...], left: str, right: str, knowledge: Knowledge
) -> tuple[Profile, Profile, Weighed, tuple[tuple[str, Weighed], ...]]:
    """The evidence of any two items, and the runners-up of the first in the second's list."""
    lists = Lists(sets, knowledge)
    payer = lists.measures[right].payer
    others = [
        (m.ref, lists.weigh(left, m.ref))
        for m in lists.items
        if m.payer == payer and m.ref not in (left, right)
    ]
    rivals = sorted(others, key=lambda o: (-o[1].confidence, -o[1].likeness, o[0]))[:2]
    weighed = weigh(lists.profiles[left], lists.profiles[right], lists.scene)
    return lists.profiles[left], lists.profiles[right], weighed, tuple(rivals)


def _links(lists: Lists, group: frozenset[str]) -> tuple[Pair, ...]:
    """Every pair of a concept, with the confidence of the surest way from one to the other."""
    refs = sorted(group, key=lambda r: lists.rank[r])
    best, via = surest(lists, refs)
    pairs = []
    for a, b in combinations(refs, 2):
        if lists.measures[a].payer == lists.measures[b].payer:
            continue
        told = reason(lists, a, b)
        if (a, b) in via:
            told = f"through {via[a, b]}; {told}"
        pairs.append(made(lists, a, b, Verdict.MATCH, round(best[a, b], 4), told))
    return tuple(sorted(pairs, key=by_refs))


def reason(lists: Lists, a: str, b: str) -> str:
    """The plain words for what decided, strongest first."""
    found = lists.weigh(a, b)
    if found.vetoes:
        return f"differ in {found.vetoes[0]}"
    for_it = sorted(found.evidence[1:], key=lambda e: (-e.weight, e.name))
    told = [e.detail for e in for_it if e.weight > 0 and e.name != "spelling"]
    return "; ".join(told[:2]) or "little was heard"


def _possible(
    lists: Lists,
    worth: list[Link],
    home: Mapping[str, Concept],
    why: Mapping[Link, str],
) -> tuple[Pair, ...]:
    """Pairs that might be one measure and were not merged, with what stood in the way."""
    found = []
    for pair in worth:
        if home[pair[0]] is home[pair[1]]:
            continue
        if lists.measures[pair[0]].rate_of and lists.measures[pair[1]].rate_of:
            continue  # what their measures are to each other is the question
        weighed = lists.weigh(*pair)
        if weighed.verdict is Verdict.NONMATCH:
            continue
        stood = why.get(pair)
        confidence = min(weighed.confidence, MATCH_AT - 0.0001)
        closer = stood is not None and stood.startswith("a closer fit")
        if closer or (stood is None and _settled(lists, pair, home)):
            confidence = min(confidence, POSSIBLE_AT)
        found.append(
            made(
                lists,
                *pair,
                Verdict.POSSIBLE,
                round(confidence, 4),
                stood or reason(lists, *pair),
            )
        )
    return tuple(sorted((p for p in found if p.confidence > POSSIBLE_AT), key=by_refs))


def _settled(lists: Lists, pair: Link, home: Mapping[str, Concept]) -> bool:
    """Whether either item already has a partner in the other's list."""
    one, other = pair
    return any(
        m.payer == lists.measures[there].payer
        for here, there in ((one, other), (other, one))
        for m in home[here].members
    )
