"""Which items are one concept and which concepts one family, across every payer at once.

Pairs are weighed first; then each two lists are assigned to each other, and concepts grow from the
surest link down, but only while every two members may stand together.  Nothing hangs on the order
or the names of files: where a choice would be arbitrary, none is made and the tie is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from harmonize.concepts import Concept, Crosswalk, Pair, Step, by_refs
from harmonize.evidence import MATCH_AT, POSSIBLE_AT, Verdict
from harmonize.grouping import partition, surest
from harmonize.kinship import families, in_payers_order, made, related
from harmonize.knowledge import Knowledge
from harmonize.naming import names
from harmonize.pace import Pace, unwatched
from harmonize.pairing import Link, Lists, assigned, candidates
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import MeasureSet


def build(
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    match_at: float = MATCH_AT,
    pace: Pace = unwatched,
    rulings: Rulings = NO_RULINGS,
) -> Crosswalk:
    """The crosswalk of all lists; pairs are matches from `match_at` on, or by decision."""
    return crossed(Lists(sets, knowledge, match_at, pace, rulings))


@dataclass(frozen=True, slots=True)
class Trail:
    """A crosswalk with what led to it, for those who ask why.

    `worth` are the pairs that were weighed, `home` is the concept of each item, and `stood` says
    what stood in the way of pairs that look like one measure.
    """

    crosswalk: Crosswalk
    lists: Lists
    worth: frozenset[Link]
    home: Mapping[str, Concept]
    stood: Mapping[Link, str]


def crossed(lists: Lists) -> Crosswalk:
    """The crosswalk of lists that somebody goes on weighing."""
    return trail(lists).crosswalk


def trail(lists: Lists) -> Trail:
    """The crosswalk of lists, and how it came about."""
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
    found = Crosswalk(together, possible, alike, lists.knowledge.order_of_domains)
    return Trail(found, lists, frozenset(worth), home, lost | refused)


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
    if judged := lists.rulings.of(a, b):
        return judged.reason
    if lists.rulings.bound(a, b):
        way = lists.rulings.through(min(a, b), max(a, b))
        return "; ".join(f"{' = '.join(one.refs)} {one.told}" for one in way)
    if found := lists.vetoes(*in_payers_order(lists, a, b)):
        return f"differ in {found[0]}"
    for_it = sorted(lists.weigh(a, b).evidence[1:], key=lambda e: (-e.weight, e.name))
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
    for pair, judged in lists.rulings.judged.items():
        if not judged.decision.apart and home[pair[0]] is not home[pair[1]]:  # left open
            confidence = min(lists.sure(*pair), round(lists.match_at - 0.0001, 4))
            found.append(made(lists, *pair, Verdict.POSSIBLE, confidence, judged.reason))
    left_open = {(p.left.ref, p.right.ref) for p in found}
    for pair in lists.pace("looking for possible matches", worth):
        if lists.rulings.judged and lists.rulings.of(*pair):
            continue
        if home[pair[0]] is home[pair[1]]:
            continue
        if lists.measures[pair[0]].rate_of and lists.measures[pair[1]].rate_of:
            continue  # what their measures are to each other is the question
        if lists.apart(*pair) or lists.weigh(*pair).verdict is Verdict.NONMATCH:
            continue
        stood = why.get(pair)
        confidence = apart(lists, pair, home, stood)[-1].confidence
        told = stood or reason(lists, *pair)
        found.append(made(lists, *pair, Verdict.POSSIBLE, confidence, told))
    shown = (
        p for p in found if p.confidence > POSSIBLE_AT or (p.left.ref, p.right.ref) in left_open
    )
    return tuple(sorted(shown, key=by_refs))


def beside_others(lists: Lists, pair: Link) -> tuple[Step, ...]:
    """How sure a pair is by itself, and beside its runners-up."""
    own, contest = lists.weigh(*pair), lists.contest(*pair)
    steps = [Step("by itself", own.confidence, f"log-odds {own.log_odds:+.4f}")]
    if contest.rival:
        detail = f"log-odds {contest.weight:+.4f}, for {contest.rival} could be it as well"
        steps.append(Step("runner-up", lists.sure(*pair), detail))
    return tuple(steps)


def apart(
    lists: Lists, pair: Link, home: Mapping[str, Concept], stood: str | None
) -> tuple[Step, ...]:
    """How sure a pair is that was not merged, step by step; the last one holds."""
    steps = beside_others(lists, pair)
    sure = steps[-1].confidence
    closer = stood is not None and stood.startswith("a closer fit")
    settled = stood if closer else _settled(lists, pair, home) if stood is None else None
    if settled and sure > POSSIBLE_AT:
        return (*steps, Step("settled elsewhere", POSSIBLE_AT, settled))
    if sure >= lists.match_at:
        below = round(lists.match_at - 0.0001, 4)
        return (*steps, Step("not merged", below, stood or "no match was made of it"))
    return steps


def _settled(lists: Lists, pair: Link, home: Mapping[str, Concept]) -> str | None:
    """The partner that either item already has in the other's list."""
    one, other = pair
    partners = (
        f"{here} is {m.ref} already"
        for here, there in ((one, other), (other, one))
        for m in home[here].members
        if m.payer == lists.measures[there].payer
    )
    return next(partners, None)
