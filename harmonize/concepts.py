"""Pairs, concepts and families: what a crosswalk is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from harmonize.evidence import Verdict
from harmonize.knowledge import Entry
from harmonize.measures import Measure


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
class Step:
    """What made a pair as sure as it is in the crosswalk: its confidence from here on, and why."""

    name: str
    confidence: float
    detail: str


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


def by_refs(pair: Pair) -> tuple[str, str, str, str]:
    """The order of pairs: by the one payer and measure, then by the other."""
    return pair.left.payer, pair.left.id, pair.right.payer, pair.right.id
