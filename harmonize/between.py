"""What stands between concepts: pairs that may be one measure, and pairs that only look so."""

from collections.abc import Iterable
from dataclasses import dataclass

from harmonize.audience import Published
from harmonize.concepts import Concept, Pair
from harmonize.report import Report


@dataclass(frozen=True, slots=True)
class End:
    """One of two concepts: its label and the lists whose lines are in the pairs."""

    label: str
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Two concepts that pairs stand between; `confidence` and `reason` are of the surest pair."""

    left: End
    right: End
    pairs: int
    confidence: float
    relation: str
    reason: str


def possible(published: Published) -> tuple[Between, ...]:
    """Concepts that may be one, the surest first; nobody has settled them."""
    report = published.report
    found = _between(report, ((pair, "") for pair in report.crosswalk.possible))
    return tuple(sorted(found, key=lambda b: (-b.confidence, b.left.label, b.right.label)))


def alike(published: Published) -> tuple[Between, ...]:
    """Concepts that look alike and are not one, by label."""
    found = _between(published.report, published.report.crosswalk.related)
    return tuple(sorted(found, key=lambda b: (b.left.label, b.right.label, b.relation)))


def _between(report: Report, told: Iterable[tuple[Pair, str]]) -> list[Between]:
    home: dict[str, Concept] = {m.ref: c for c in report.crosswalk.concepts for m in c.members}
    groups: dict[tuple[str, str, str], list[Pair]] = {}
    for pair, relation in told:
        first, second = sorted((home[pair.left.ref].id, home[pair.right.ref].id))
        groups.setdefault((first, second, relation), []).append(pair)
    labels = {c.id: c.label for c in report.crosswalk.concepts}
    made = []
    for (first, second, relation), pairs in groups.items():
        surest = min(pairs, key=lambda p: (-p.confidence, p.left.ref, p.right.ref))
        payers = {m.ref: m.payer for p in pairs for m in (p.left, p.right)}
        left, right = (
            End(labels[name], _heads(report, {payers[r] for r in payers if home[r].id == name}))
            for name in (first, second)
        )
        made.append(Between(left, right, len(pairs), surest.confidence, relation, surest.reason))
    return made


def _heads(report: Report, payers: set[str]) -> tuple[str, ...]:
    return tuple(p.head for p in report.payers if p.payer in payers)
