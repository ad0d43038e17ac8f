"""Which concepts belong together, and which only look alike."""

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from harmonize.concepts import Concept, Family, Pair
from harmonize.decisions import BETWEEN, KIN
from harmonize.evidence import Verdict
from harmonize.joining import Groups
from harmonize.measures import Measure
from harmonize.pairing import Link, Lists
from harmonize.rulings import Standing
from harmonize.wording import base_id

NEAR: Final = 0.58  # likeness of titles from which a refused pair is worth a reader's look

Home = Mapping[str, Concept]
"""From an item to its concept."""


def families(lists: Lists, concepts: list[Concept], home: Home) -> tuple[Family, ...]:
    """Concepts joined by a shared identifier, an entry's whole, a rate or a declared part."""
    groups = Groups({c.id for c in concepts})
    first: dict[object, str] = {}
    # A reference joins a family and never makes one of two.
    shown_only = [c for c in concepts if not set(c.payers) & lists.counted]
    for concept in (c for c in concepts if set(c.payers) & lists.counted):
        for key in _keys(lists, concept):
            groups.join(concept.id, first.setdefault(key, concept.id))
    for concept in shown_only:
        known = sorted({groups.top(first[key]) for key in _keys(lists, concept) if key in first})
        if known:
            groups.join(concept.id, known[0])
        else:
            first |= dict.fromkeys(_keys(lists, concept), concept.id)
    for item in lists.items:
        parent = item.rate_of or (item.part_of if item.part else None)
        whole = f"{item.payer}/{parent}" if parent else None
        if whole and whole in home:
            groups.join(home[item.ref].id, home[whole].id)
    together: dict[str, list[Concept]] = {}
    for concept in concepts:
        together.setdefault(groups.top(concept.id), []).append(concept)
    made = (_family(lists, group) for group in together.values())
    return tuple(sorted(made, key=lambda f: (f.id, f.label)))


def _keys(lists: Lists, concept: Concept) -> set[object]:
    """By what a concept meets its family: entry, identifiers, and the whole it is a part of."""
    keys: set[object] = set()
    if concept.entry:
        keys.add(("entry", lists.knowledge.family(concept.entry)))
    for ref in lists.first(m.ref for m in concept.members):
        member, one = lists.measures[ref], lists.profiles[ref]
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
    for pair in lists.pace("telling look-alikes", _neighbours(lists, candidates, families)):
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
    pairs = {lists.pair(*p) for p in candidates if lists.barred(*p)}
    judged = lists.rulings.judged
    pairs |= {
        lists.pair(*p) for p, one in judged.items() if lists.rulings.refused(*p) and _kin(one)
    }
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
    judged = lists.rulings.refused(*pair)
    if judged and _kin(judged):
        return _kin(judged)
    if family[one.id] == family[other.id]:
        if a.rate_of and b.rate_of:
            return None  # their measures stand beside each other already
        return "part-of" if is_part(a, one) != is_part(b, other) else "sibling"
    if a.rate_of or b.rate_of:
        return None
    entries = (one.entry, other.entry)
    if entries[0] and entries[1] and entries[0].topic and entries[0].topic == entries[1].topic:
        return "related-focus"
    vetoes = lists.barred(*pair)
    if not vetoes or lists.likeness(*pair) < NEAR:
        return None
    veto = vetoes[0].name
    slot = lists.scene.knowledge.slot.get(veto)
    population = veto == "age stratum" or (slot is not None and slot.about == "population")
    return "related-focus" if population else "related-population"


def _kin(judged: Standing) -> str | None:
    """What two measures that are not one are to each other, as somebody judged."""
    decision = judged.decision
    if decision.relation in BETWEEN:
        return decision.relation
    if decision.mapping in KIN:
        return "related-focus" if decision.mapping == "related" else "part-of"
    return None


def _apart(lists: Lists, pair: Link, one: Concept, other: Concept) -> str:
    """What parts two concepts, in a few words."""
    if judged := lists.rulings.refused(*pair):
        return judged.reason
    if found := lists.vetoes(*in_payers_order(lists, *pair)):
        return f"differ in {found[0]}"
    return f"{one.label} / {other.label}"


def made(lists: Lists, a: str, b: str, verdict: Verdict, confidence: float, reason: str) -> Pair:
    """A pair as a reader sees it, its sides in the order of payers."""
    left, right = in_payers_order(lists, a, b)
    return Pair(
        lists.measures[left],
        lists.measures[right],
        confidence,
        verdict,
        reason,
        lists.likeness(left, right),
        tuple(map(str, lists.vetoes(left, right))),
    )


def in_payers_order(lists: Lists, a: str, b: str) -> Link:
    """A pair as it is told, by the names of the payers."""
    return (a, b) if (lists.measures[a].payer, a) < (lists.measures[b].payer, b) else (b, a)


def is_part(item: Measure, concept: Concept) -> bool:
    """Whether an item is a part of a measure, by its list or by the catalogue."""
    return bool(
        item.rate_of
        or item.part in ("rate", "stratum", "component")
        or (concept.entry and concept.entry.whole)
    )


def _order(concept: Concept) -> tuple[bool, str]:
    """The whole before its parts, then by id."""
    return bool(concept.entry and concept.entry.whole), concept.id
