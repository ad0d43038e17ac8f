"""Which differences and which measures have been decided, and whom a decision leaves out."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import combinations

from harmonize.concepts import Concept, Crosswalk
from harmonize.divergence import Compared, Divergence
from harmonize.pinning import Change
from harmonize.rulings import Rulings, Standing, State
from harmonize.sets import MeasureSet


def placed(rulings: Rulings, found: Crosswalk) -> Rulings:
    """Rulings with those about concepts laid on the concepts that there are.

    One whose concept is not here is orphaned; one whose members have parted is stale.
    """
    standings = tuple(
        _placed(one, found) if one.in_force and _is_of_a_concept(one) else one
        for one in rulings.standings
    )
    return replace(rulings, standings=standings)


def _is_of_a_concept(one: Standing) -> bool:
    return one.decision.about == "measure" and "/" not in (one.decision.measure or "")


def _placed(one: Standing, found: Crosswalk) -> Standing:
    homes = _homes(one, found)
    if not homes:
        return replace(one, state=State.ORPHANED, missing=one.decision.refs)
    if len(homes) == 1:
        return one
    told = Change(one.decision.refs[0], "members", "one concept", ", ".join(c.id for c in homes))
    return replace(one, state=State.STALE, changes=(*one.changes, told))


def _homes(one: Standing, found: Crosswalk) -> tuple[Concept, ...]:
    """The concepts that a decision about the set is about, by members or else by id."""
    concepts = found.concepts
    renamed = dict(one.moved)
    refs = {renamed.get(ref, ref) for ref in one.decision.judged or one.refs}
    refs |= set(one.refs)
    by_member = tuple(c for c in concepts if refs & {m.ref for m in c.members})
    return by_member or tuple(c for c in concepts if c.id == one.decision.measure)


def dispositions(found: Crosswalk, rulings: Rulings) -> dict[str, tuple[Standing, ...]]:
    """What has been decided about each concept in the set, by its id."""
    made: dict[str, tuple[Standing, ...]] = {}
    for one in rulings.dispositions:
        for concept in _homes(one, found):
            made[concept.id] = (*made.get(concept.id, ()), one)
    return made


def rests_on(concept: Concept, rulings: Rulings) -> tuple[Standing, ...]:
    """The judgements by which members of a concept are one."""
    if not rulings.groups:
        return ()
    two = combinations(sorted(m.ref for m in concept.members), 2)
    judged = (rulings.of(*pair) for pair in two)
    return tuple(one for one in judged if one and one.decision.one)


def settled(
    compared: Compared, found: Crosswalk, rulings: Rulings, sets: tuple[MeasureSet, ...]
) -> Compared:
    """The differences with what has been decided about each.

    One is justified where a justification covers every two payers that differ; of those that do
    not count it is not asked.
    """
    decided = rulings.differences
    if not decided:
        return compared
    members = {c.id: {m.ref: m.payer for m in c.members} for c in found.concepts}
    counted = {s.payer for s in sets if s.counted}
    divergences = tuple(
        settled_in(one, members[one.concept], decided, counted) for one in compared.divergences
    )
    return replace(compared, divergences=divergences)


def mooted(rulings: Rulings, divergences: Iterable[Divergence], home: Mapping[str, str]) -> Rulings:
    """Rulings, of which those about a difference are moot where nothing differs any more.

    What stands in several concepts now is not compared, so nothing is said of it; nor is of what
    has no `home` among the things that were compared, by `payer/id`.
    """
    if not rulings.differences:
        return rulings
    still = {(one.concept, one.attribute, two) for one in divergences for two in one.differing}

    def differs(one: Standing) -> bool:
        homes = {home.get(ref) for ref in one.refs}
        payers = sorted({ref.split("/", 1)[0] for ref in one.refs})
        return (
            None in homes
            or len(homes) > 1
            or any(
                (name, one.decision.attribute, two) in still
                for name in homes
                for two in combinations(payers, 2)
            )
        )

    standings = tuple(
        replace(one, state=State.MOOT)
        if one.in_force and one.decision.about == "difference" and not differs(one)
        else one
        for one in rulings.standings
    )
    return replace(rulings, standings=standings)


def settled_in(
    one: Divergence,
    members: Mapping[str, str],
    decided: Iterable[Standing],
    counted: AbstractSet[str],
) -> Divergence:
    """A difference with what has been decided about it; `members` are payers by `payer/id`."""
    own = []
    covered: set[tuple[str, str]] = set()
    for standing in decided:
        if standing.decision.attribute != one.attribute:
            continue
        payers = sorted({members[ref] for ref in standing.refs if ref in members})
        if len(payers) < 2:
            continue
        own.append(standing)
        if standing.decision.judgement == "justified":
            covered |= set(combinations(payers, 2))
    if not own:
        return one
    differing = [two for two in one.differing if not one.counted or counted >= {*two}]
    uncovered = sorted({payer for two in differing if two not in covered for payer in two})
    return replace(one, decided=tuple(own), uncovered=tuple(uncovered))
