"""Concepts as rows: who holds them, who could, where they differ, in the order of reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harmonize.concepts import Concept, Crosswalk, Family
from harmonize.divergence import Compared, Divergence
from harmonize.measures import Measure
from harmonize.rulings import NO_RULINGS, Rulings, Standing
from harmonize.sets import MeasureSet
from harmonize.settling import dispositions, rests_on
from harmonize.slots import inferred_ages
from harmonize.values import Ages


@dataclass(frozen=True, slots=True)
class Row:
    """A concept with what a committee wants to know of it.

    `held` maps a payer to its items in the concept.  `used_by` and `could_use` count only payers
    that count; `outside` are payers out of whose scope it is.  `dispositions` are what has been
    decided about it in the set, `rests_on` the judgements by which its members are one.
    """

    concept: Concept
    family: Family
    held: Mapping[str, tuple[Measure, ...]]
    used_by: int
    could_use: int
    outside: frozenset[str]
    differences: tuple[Divergence, ...]
    dispositions: tuple[Standing, ...] = ()
    rests_on: tuple[Standing, ...] = ()

    @property
    def open(self) -> tuple[Divergence, ...]:
        """Differences among payers that count which change what is asked, justified ones aside."""
        return tuple(d for d in self.differences if d.open)


def rows(
    found: Crosswalk,
    compared: Compared,
    sets: tuple[MeasureSet, ...],
    rulings: Rulings = NO_RULINGS,
) -> tuple[Row, ...]:
    """A row for each concept: by domain, families together, the most used first."""
    differences: dict[str, list[Divergence]] = {}
    for one in compared.divergences:
        differences.setdefault(one.concept, []).append(one)
    counted = {
        s.payer for s in sets if s.counted and s.measures
    }  # others ask for none, or tell none
    decided = dispositions(found, rulings)
    made = []
    for family in found.families:
        for concept in family.concepts:
            held: dict[str, tuple[Measure, ...]] = {}
            for item in concept.members:
                held[item.payer] = (*held.get(item.payer, ()), item)
            users = counted & held.keys()
            outside = _outside(concept, sets) - held.keys()
            made.append(
                Row(
                    concept=concept,
                    family=family,
                    held=held,
                    used_by=len(users),
                    could_use=len(counted - outside),
                    outside=frozenset(outside),
                    differences=tuple(differences.get(concept.id, ())),
                    dispositions=decided.get(concept.id, ()),
                    rests_on=rests_on(concept, rulings),
                )
            )
    return ordered(made, found)


def ordered(made: Iterable[Row], found: Crosswalk) -> tuple[Row, ...]:
    """Rows in the order of reading."""
    rows = tuple(made)
    place = found.order_of_domains
    most: dict[str, int] = {}
    domain: dict[str, int] = {}
    for row in rows:
        key = row.family.id
        most[key] = max(most.get(key, 0), row.used_by)
        here = place.get(row.concept.domain, len(place))
        domain[key] = min(domain.get(key, here), here)
    return tuple(
        sorted(
            rows,
            key=lambda r: (
                domain[r.family.id],
                -most[r.family.id],
                r.family.label,
                r.family.id,
                bool(r.concept.entry and r.concept.entry.whole),
                -r.used_by,
                r.concept.label,
                r.concept.id,
            ),
        )
    )


def _outside(concept: Concept, sets: tuple[MeasureSet, ...]) -> set[str]:
    """Payers whose scope holds nobody that the concept could be about."""
    counted = {s.payer for s in sets if s.counted}
    members = [m for m in concept.members if m.payer in counted] or list(concept.members)
    stated = [m.ages for m in members if isinstance(m.ages, Ages)]
    ages = stated or [a for m in members if (a := inferred_ages(m))]
    if not ages:
        return set()
    return {
        s.payer
        for s in sets
        if s.scope
        and isinstance(s.scope.ages, Ages)
        and not any(a.overlaps(s.scope.ages) for a in ages)
    }
