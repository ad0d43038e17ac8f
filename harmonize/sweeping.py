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
    given = [s for s in standings if s.decision.about == "match" and s.state not in _OVER]
    judged = {frozenset(s.refs) for s in given}
    asked = [
        pair
        for pair in crosswalk.possible
        if pair.confidence >= at_least and frozenset((pair.left.ref, pair.right.ref)) not in judged
    ]
    members = [tuple(m.ref for m in concept.members) for concept in crosswalk.concepts]
    members += [s.refs for s in given if s.decision.one]
    now = _joined(members)
    then = _joined([*members, *((pair.left.ref, pair.right.ref) for pair in asked)])
    doubled = _doubled(now, then)
    refused = {then.top(s.refs[0]) for s in given if s.decision.apart and _is_one(then, s.refs)}
    accepted, left = [], []
    for pair in sorted(asked, key=lambda p: (-p.confidence, p.left.ref, p.right.ref)):
        top = then.top(pair.left.ref)
        if top in refused:
            left.append((pair, "somebody judged two of these measures not to be one"))
        elif top in doubled:
            left.append((pair, f"two measures of {' and of '.join(doubled[top])} would be one"))
        else:
            accepted.append(pair)
    return Swept(tuple(accepted), tuple(left))


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


def _doubled(now: Groups, then: Groups) -> dict[str, tuple[str, ...]]:
    """Payers that would have two groups in one, by the group that they would be in."""
    there: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ref in now.above:
        there[then.top(ref), ref.split("/", 1)[0]].add(now.top(ref))
    found: dict[str, tuple[str, ...]] = {}
    for (top, payer), parts in sorted(there.items()):
        if len(parts) > 1:
            found[top] = (*found.get(top, ()), payer)
    return found
