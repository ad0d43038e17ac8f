"""Items grouped from the surest link down, as long as every two of a group may stand together."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from harmonize.pairing import Link, Lists

# Mean confidence over the pairs that a merger would bring together, for each 1 that a match needs.
COHESION: Final = 0.8


def partition(lists: Lists, chosen: list[Link]) -> tuple[list[frozenset[str]], dict[Link, str]]:
    """Items grouped from the surest link down; a link that would not hold is refused."""
    home = _beforehand(lists)
    refused: dict[Link, str] = {}
    order = sorted(chosen, key=lambda p: (-lists.sure(*p), lists.ranks(p)))
    for one, other in order:
        here, there = home[one], home[other]
        if here is there:
            continue
        why = _against(lists, here, there)
        if why:
            refused[one, other] = why
        else:
            merged = here | there
            home.update(dict.fromkeys(merged, merged))
    unique = {min(group, key=lambda r: lists.rank[r]): group for group in home.values()}
    return [unique[ref] for ref in sorted(unique, key=lambda r: lists.rank[r])], refused


def _beforehand(lists: Lists) -> dict[str, frozenset[str]]:
    """What is one without being compared: by decision, or by the way of collecting alone."""
    home: dict[str, frozenset[str]] = {m.ref: frozenset({m.ref}) for m in lists.items}
    for decided in lists.rulings.together:
        home.update(dict.fromkeys(decided, frozenset(decided)))
    by_payer: dict[str, list[str]] = {}
    for item in lists.items:
        by_payer.setdefault(item.payer, []).append(item.ref)
    for one, other in _twins(lists, by_payer.values()):
        if not _judged_apart(lists, home[one], home[other]):
            merged = home[one] | home[other]
            home.update(dict.fromkeys(merged, merged))
    return home


def _twins(lists: Lists, listed: Iterable[list[str]]) -> Iterator[Link]:
    """Lines of one list that are worded alike, or marked so, and that nothing tells apart."""
    for refs in listed:
        words: dict[object, list[str]] = {}
        for ref in refs:
            words.setdefault(lists.profiles[ref].words, []).append(ref)
        for group in (*words.values(), *_marked(lists, refs)):
            yield from (two for two in pairwise(group) if lists.twin(*two))


def _marked(lists: Lists, refs: list[str]) -> list[list[str]]:
    """Lines marked as another way of collecting, beside the line that they belong to."""
    groups: dict[str, list[str]] = {}
    for ref in refs:
        one = lists.measures[ref]
        if one.part == "collection type" and one.part_of:
            groups.setdefault(one.part_of, []).append(ref)
    for name, group in groups.items():
        printed = [r for r in refs if lists.measures[r].id == name]
        group[:0] = printed
    return list(groups.values())


def _judged_apart(lists: Lists, here: frozenset[str], there: frozenset[str]) -> str | None:
    """The judgement that an item of one group and one of another are not one, if there is one."""
    if not lists.rulings.judged:
        return None
    two = ((a, b) for a in sorted(here) for b in sorted(there))
    found = ((a, b, lists.rulings.apart(a, b)) for a, b in two)
    return next((f"{a} and {b}: {judged.reason}" for a, b, judged in found if judged), None)


def _against(lists: Lists, here: frozenset[str], there: frozenset[str]) -> str | None:
    """Why two groups may not become one, or `None`."""
    if judged := _judged_apart(lists, here, there):
        return judged
    total = 0.0
    pairs = 0
    for one in sorted(here, key=lambda r: lists.rank[r]):
        for other in sorted(there, key=lambda r: lists.rank[r]):
            if lists.measures[one].payer == lists.measures[other].payer:
                if not lists.twin(one, other):
                    return f"{one} and {other} are two measures of one payer"
                continue
            if found := lists.vetoes(one, other):
                return f"{one} stands on the one side, {other} on the other: {found[0]}"
            total += lists.sure(one, other)
            pairs += 1
    if pairs and total / pairs < COHESION * lists.match_at:
        return "too weak a bridge between two groups"
    return None


def surest(lists: Lists, refs: list[str]) -> tuple[dict[Link, float], dict[Link, str]]:
    """The confidence of the surest way from each item of a group to each other, and its last stop.

    A way through others is as sure as the product of its links, so that A and C which only B
    brings together are never surer than B with either.
    """
    best = {
        (a, b): 1.0 if lists.measures[a].payer == lists.measures[b].payer else lists.sure(a, b)
        for a in refs
        for b in refs
        if a != b
    }
    via: dict[Link, str] = {}
    weak = [pair for pair, confidence in best.items() if confidence < lists.match_at]
    longer = bool(weak)
    while longer:
        longer = False
        for a, b in weak:
            for middle in (m for m in refs if m not in (a, b)):
                through = best[a, middle] * best[middle, b]
                if through > best[a, b] + 1e-9:
                    best[a, b], via[a, b], longer = through, middle, True
    return best, via
