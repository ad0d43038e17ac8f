"""Possible matches that may be accepted at once: sure enough, and none against another."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harmonize.audience import Published
from harmonize.concepts import Pair
from harmonize.joining import Groups
from harmonize.rulings import Standing, State

_OVER: Final = (State.EXPIRED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Swept:
    """Pairs to accept, the surest first, and those that a person has to look at, each with why."""

    accepted: tuple[Pair, ...]
    left: tuple[tuple[Pair, str], ...]


def sweep(published: Published, at_least: float, standings: Iterable[Standing]) -> Swept:
    """What may be accepted of the possible matches that are at least so sure and nobody judged.

    `standings` are those of all decisions.  Where pairs would make one measure of two that a payer
    keeps apart, or that somebody judged not to be one, all of them are left: a choice would be
    arbitrary.
    """
    crosswalk = published.report.crosswalk
    judged = [s for s in standings if s.decision.about == "match"]
    given = [s for s in judged if s.state not in _OVER]
    settled = {frozenset(s.refs) for s in given}
    over = {frozenset(s.refs): s.state for s in judged if s.state in _OVER}
    open_ = sorted(
        (p for p in crosswalk.possible if p.confidence >= at_least and _two(p) not in settled),
        key=lambda p: (-p.confidence, p.left.ref, p.right.ref),
    )
    asked = [pair for pair in open_ if _two(pair) not in over]
    members = [tuple(m.ref for m in concept.members) for concept in crosswalk.concepts]
    members += [s.refs for s in given if s.decision.one]
    now = _joined(members)
    then = _joined([*members, *((pair.left.ref, pair.right.ref) for pair in asked)])
    why = _doubled(now, then)
    for one in given:
        if not one.decision.one and _is_one(then, one.refs):
            why[then.top(one.refs[0])] = f"{' and '.join(one.refs)} are {one.told}"
    accepted, left = [], []
    for pair in open_:
        state = over.get(_two(pair))
        reason = f"a decision about it is {state}" if state else why.get(then.top(pair.left.ref))
        if reason:
            left.append((pair, reason))
        else:
            accepted.append(pair)
    return Swept(tuple(accepted), tuple(left))


def _two(pair: Pair) -> frozenset[str]:
    return frozenset((pair.left.ref, pair.right.ref))


def _is_one(groups: Groups, refs: tuple[str, ...]) -> bool:
    known = all(ref in groups.above for ref in refs)
    return known and len({groups.top(ref) for ref in refs}) == 1


def _joined(groups: Iterable[tuple[str, ...]]) -> Groups:
    found = [*groups]
    joined = Groups({ref for group in found for ref in group})
    for first, *rest in found:
        for other in rest:
            joined.join(first, other)
    return joined


def _doubled(now: Groups, then: Groups) -> dict[str, str]:
    """Groups that would hold two of one payer that are not one now, and why that is no match."""
    there: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ref in now.above:
        there[then.top(ref), ref.split("/", 1)[0]].add(now.top(ref))
    doubled: dict[str, list[str]] = defaultdict(list)
    for (top, payer), parts in sorted(there.items()):
        if len(parts) > 1:
            doubled[top].append(payer)
    return {
        top: f"measures that {' and '.join(payers)} keeps apart would be one"
        for top, payers in doubled.items()
    }
