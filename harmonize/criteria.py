"""Which criteria of several payers are one, by the evidence that measures are matched by."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from harmonize import crosswalk
from harmonize.concepts import Pair
from harmonize.knowledge import Knowledge, words
from harmonize.measures import Measure
from harmonize.rulings import Rulings
from harmonize.sets import MeasureSet
from harmonize.spelling import spelled
from harmonize.terms import Term


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that are one, with why; `name` stays when other payers join, as a concept's does."""

    name: str
    label: str
    terms: tuple[Term, ...]
    links: tuple[Pair, ...] = ()


def matched(
    criteria: Iterable[Term],
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    match_at: float,
    rulings: Rulings,
) -> tuple[tuple[Group, ...], tuple[Pair, ...]]:
    """Criteria by what is one, and the pairs of which nobody knows whether they are.

    How a criterion is asked for, its detail and whether it is a condition, is no evidence.  Titles
    are spelled out first: what would be a way of collecting in a measure is a word here.
    """
    known = knowledge.of_criteria
    by_ref = {one.ref: one for one in criteria}
    items = {ref: _as_item(one) for ref, one in by_ref.items()}
    spelled_out = {
        ref: replace(item, title=" ".join(spelled(words(item.title), known)) or item.title)
        for ref, item in items.items()
    }
    lists = tuple(
        replace(
            one, measures=tuple(m for m in spelled_out.values() if m.payer == one.payer) or None
        )
        for one in sets
    )
    crossed = crosswalk.build(lists, known, match_at, rulings=rulings)

    def printed(pair: Pair) -> Pair:
        return replace(pair, left=items[pair.left.ref], right=items[pair.right.ref])

    groups = tuple(
        Group(
            f"participation/{concept.id}",
            _label([items[m.ref].title for m in concept.members], known),
            tuple(by_ref[m.ref] for m in concept.members),
            tuple(map(printed, concept.links)),
        )
        for concept in crossed.concepts
    )
    possible = (p for p in crossed.possible if p.left.payer != p.right.payer)
    return groups, tuple(map(printed, possible))


def _label(titles: list[str], known: Knowledge) -> str:
    """What all titles name, in the field's words if it has any for it; else the shortest title."""
    said = [f" {' '.join(spelled(words(title), known))} " for title in titles]
    named = {" ".join(phrase) for phrase in known.criteria_synonyms.values()}
    common = [name for name in named if all(f" {name} " in text for text in said)]
    return max(common, key=lambda n: (len(n), n), default=min(titles, key=lambda t: (len(t), t)))


def _as_item(one: Term) -> Measure:
    """A criterion as evidence hears it."""
    return Measure(
        payer=one.payer,
        id=one.id,
        title=one.title,
        measure_type=one.record.kind,
        where=one.record.where,
    )
