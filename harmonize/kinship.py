"""Which concepts belong together, and which only look alike."""

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from harmonize.concepts import Concept, Family, Pair
from harmonize.evidence import Verdict
from harmonize.measures import Measure
from harmonize.pairing import Link, Lists
from harmonize.wording import base_id

NEAR: Final = 0.55  # likeness of titles from which a refused pair is worth a reader's look
# What both items name differently when they look at other things in the same people.
OTHER_FOCUS: Final = frozenset(
    {"step", "test", "drug class", "procedure", "instrument", "vaccine", "cut"}
)

Home = Mapping[str, Concept]
"""From an item to its concept."""


def families(lists: Lists, concepts: list[Concept], home: Home) -> tuple[Family, ...]:
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
        for key in _keys(lists, concept):
            join(concept.id, first.setdefault(key, concept.id))
    for item in lists.items:
        parent = item.rate_of or (item.part_of if item.part else None)
        whole = f"{item.payer}/{parent}" if parent else None
        if whole and whole in home:
            join(home[item.ref].id, home[whole].id)
    groups: dict[str, list[Concept]] = {}
    for concept in concepts:
        groups.setdefault(top(concept.id), []).append(concept)
    return tuple(
        sorted((_family(lists, group) for group in groups.values()), key=lambda f: (f.id, f.label))
    )


def _keys(lists: Lists, concept: Concept) -> set[object]:
    """By what a concept meets its family: entry, identifiers, and the whole it is a part of."""
    keys: set[object] = set()
    if concept.entry:
        keys.add(("entry", lists.knowledge.family(concept.entry)))
    for member in concept.members:
        one = lists.profiles[member.ref]
        for system, values in one.ids.items():
            if system != "star":
                keys |= {(system, v) for v in values}
        if member.part_of and member.part in ("rate", "stratum"):
            keys.add(("hedis", base_id("hedis", member.part_of)))
    return keys


def _family(lists: Lists, concepts: list[Concept]) -> Family:
    ordered = sorted(concepts, key=lambda c: (bool(c.entry and c.entry.whole), c.id))
    entries = [c.entry for c in ordered if c.entry]
    wholes = {lists.knowledge.family(e) for e in entries}
    if len(wholes) == 1:
        whole = lists.knowledge.by_key[wholes.pop()]
        return Family(whole.key.lower(), whole.name, tuple(sorted(concepts, key=_order)))
    return Family(ordered[0].id, ordered[0].label, tuple(sorted(concepts, key=_order)))


def related(
    lists: Lists,
    families: tuple[Family, ...],
    candidates: list[Link],
    home: Home,
    shown: set[Link],
) -> tuple[tuple[Pair, str], ...]:
    """Pairs that look alike or belong together and are not one measure, with the relation."""
    family = {c.id: f.id for f in families for c in f.concepts}
    found: dict[Link, tuple[Pair, str]] = {}
    for pair in _neighbours(lists, candidates, families):
        one, other = home[pair[0]], home[pair[1]]
        if one is other:
            continue
        relation = _relation(lists, pair, one, other, family)
        if relation is None:
            continue
        weighed = lists.weigh(*pair)
        why = _apart(lists, pair, one, other)
        seen = made(lists, *pair, Verdict.NONMATCH, weighed.confidence, why)
        key = (seen.left.ref, seen.right.ref)
        if key not in shown:
            found[key] = (seen, relation)
    return tuple(found[key] for key in sorted(found))


def _neighbours(lists: Lists, candidates: list[Link], families: tuple[Family, ...]) -> set[Link]:
    """Pairs refused, pairs of a topic, and pairs of a family."""
    pairs = {lists.pair(*p) for p in candidates if lists.weigh(*p).verdict is Verdict.NONMATCH}
    topics: dict[str, list[str]] = {}
    for ref, entry in lists.scene.entries.items():
        if entry and entry.topic and not lists.measures[ref].rate_of:
            topics.setdefault(entry.topic, []).append(ref)
    groups = [[m.ref for c in f.concepts for m in c.members] for f in families]
    for group in (*topics.values(), *groups):
        for one, other in combinations(group, 2):
            if lists.measures[one].payer != lists.measures[other].payer:
                pairs.add(lists.pair(one, other))
    return pairs


def _relation(
    lists: Lists, pair: Link, one: Concept, other: Concept, family: Mapping[str, str]
) -> str | None:
    """The relation between two concepts, by the CMS table of focus and population."""
    a, b = lists.measures[pair[0]], lists.measures[pair[1]]
    if family[one.id] == family[other.id]:
        if a.rate_of and b.rate_of:
            return None  # their measures stand beside each other already
        return "part-of" if _is_part(a, one) != _is_part(b, other) else "sibling"
    if a.rate_of or b.rate_of:
        return None
    entries = (one.entry, other.entry)
    if entries[0] and entries[1] and entries[0].topic and entries[0].topic == entries[1].topic:
        return "related-focus"
    weighed = lists.weigh(*pair)
    if not weighed.vetoes or weighed.likeness < NEAR:
        return None
    return "related-population" if weighed.vetoes[0].name in OTHER_FOCUS else "related-focus"


def _apart(lists: Lists, pair: Link, one: Concept, other: Concept) -> str:
    """What parts two concepts, in a few words."""
    weighed = lists.weigh(*pair)
    if weighed.vetoes:
        return f"differ in {weighed.vetoes[0]}"
    return f"{one.label} / {other.label}"


def made(lists: Lists, a: str, b: str, verdict: Verdict, confidence: float, reason: str) -> Pair:
    """A pair as a reader sees it, its sides in the order of payers."""
    left, right = (a, b) if (lists.measures[a].payer, a) < (lists.measures[b].payer, b) else (b, a)
    found = lists.weigh(a, b)
    return Pair(
        lists.measures[left],
        lists.measures[right],
        confidence,
        verdict,
        reason,
        found.likeness,
        tuple(map(str, found.vetoes)),
    )


def _is_part(item: Measure, concept: Concept) -> bool:
    return bool(
        item.rate_of
        or item.part in ("rate", "stratum", "component")
        or (concept.entry and concept.entry.whole)
    )


def _order(concept: Concept) -> tuple[bool, str]:
    """The whole before its parts, then by id."""
    return bool(concept.entry and concept.entry.whole), concept.id
