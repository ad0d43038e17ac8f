"""Rules about what payers ask differently: which may differ, by how much, and which never."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import product
from typing import Any, Final

from harmonize.divergence import Divergence
from harmonize.fields import Kind, declared, said, spoken
from harmonize.findings import Finding
from harmonize.measures import Measure
from harmonize.pinning import pins
from harmonize.policy import Setting
from harmonize.rules.case import Case
from harmonize.values import Ages, Count, Duration, Share, Threshold

WEIGHTS: Final = ("major", "minor", "info")  # weightiest first
Two = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A difference that a policy tolerates; what it does not say it does not ask.

    Without a bound any difference is tolerated.  `within` bounds ages and times, `points` the
    numbers of thresholds, counts and shares.
    """

    attribute: tuple[str, ...] | None = said(Kind.LINES, "Attributes that may differ, or globs.")
    measures: tuple[str, ...] | None = said(
        Kind.LINES, "For which measures: globs of payer/id or of concept ids."
    )
    payers: tuple[str, ...] | None = said(
        Kind.LINES, "For which payers: one of every two that differ has to fit a glob."
    )
    within: Duration | None = said(Kind.DURATION, "By how much ages and times may differ: 5 years.")
    points: int | None = said(Kind.LIMIT, "By how much numbers may differ: 10.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerated:
    """Which differences are looked at, and which are tolerated."""

    weight: str | None = said(
        Kind.CHOICE, "The lightest difference that is told. Default: major.", choices=WEIGHTS
    )
    allow: tuple[Allowance, ...] | None = said(
        Kind.RECORDS, "Differences that are tolerated.", record=Allowance
    )


def direction_conflict(case: Case, setting: Setting) -> Iterator[Finding]:
    """Payers of whom one wants more of what another wants less of; no reason allows it."""
    for one in case.report.divergences:
        if one.counted and _is_direction(one):
            yield _told(case, setting, one, set(one.differing))


def unjustified_difference(case: Case, setting: Setting) -> Iterator[Finding]:
    """Differences that nobody has justified and the policy does not tolerate."""
    wanted: Tolerated = setting.parameters or Tolerated()
    weights = WEIGHTS[: WEIGHTS.index(wanted.weight or "major") + 1]
    counted = {one.payer for one in case.report.counted}
    for one in case.report.divergences:
        if not one.counted or one.severity not in weights or one.justified or _is_direction(one):
            continue
        left = {two for two in one.differing if counted.issuperset(two)} - _justified(one)
        left = {
            two
            for two in left
            if not any(_tolerates(case, a, one, two) for a in wanted.allow or ())
        }
        if left:
            yield _told(case, setting, one, left)


def _is_direction(one: Divergence) -> bool:
    """Whether scores are better in opposite directions, and not one cut told from two sides."""
    return one.attribute == "improvement_notation" and one.severity == "major"


def _justified(one: Divergence) -> set[Two]:
    """Every two payers of whom somebody has said why they differ."""
    found: set[Two] = set()
    for standing in one.decided:
        if standing.decision.judgement == "justified":
            payers = sorted({ref.split("/", 1)[0] for ref in standing.refs})
            found |= {(a, b) for a, b in product(payers, payers) if a < b}
    return found


def _tolerates(case: Case, allowed: Allowance, one: Divergence, two: Two) -> bool:
    items = [_stating(case, one, payer) for payer in two]
    names = [one.concept, *(m.ref for own in items for m in own)]
    asked = (
        (allowed.attribute, [one.attribute]),
        (allowed.measures, names),
        (allowed.payers, two),
    )
    fits = all(
        globs is None or any(fnmatchcase(name, glob) for name in found for glob in globs)
        for globs, found in asked
    )
    if not fits or (allowed.within is None and allowed.points is None):
        return fits
    values = [[_value(m, one.attribute) for m in own] for own in items]
    return all(_is_within(allowed, a, b) for a, b in product(*values))


def _is_within(allowed: Allowance, one: Any, other: Any) -> bool:
    """Whether two values differ by no more than is tolerated; other kinds have no distance."""
    if type(one) is not type(other):
        return False
    if allowed.within and isinstance(one, Ages):
        tops = [one.high, other.high]
        if None in tops and tops != [None, None]:
            return False
        return _near(allowed.within.days, [one.low, one.high or 0], [other.low, other.high or 0])
    if allowed.within and isinstance(one, Duration):
        return _near(allowed.within.days, [one.days], [other.days])
    if allowed.points is None:
        return False
    if isinstance(one, Count):
        return _near(allowed.points, [one.number], [other.number])
    if isinstance(one, Share):
        return one.unit == other.unit and _near(allowed.points, [one.number], [other.number])
    if not isinstance(one, Threshold):
        return False
    shapes = [
        [(c.operator[0], c.unit, c.people, len(c.numbers)) for c in v.cuts] for v in (one, other)
    ]
    numbers = [[n for c in v.cuts for n in c.numbers] for v in (one, other)]
    return shapes[0] == shapes[1] and _near(allowed.points, *numbers)


def _near(most: Fraction | int, mine: list[Any], theirs: list[Any]) -> bool:
    return all(abs(a - b) <= most for a, b in zip(mine, theirs, strict=True))


def _value(item: Measure, attribute: str) -> Any:
    info = declared(Measure).get(attribute)
    return getattr(item, info.name) if info else None


def _stating(case: Case, one: Divergence, payer: str) -> list[Measure]:
    """The items of a payer that state the attribute; all of them where none does itself."""
    own = list(case.rows[one.concept].held.get(payer, ()))
    return [m for m in own if one.attribute in pins(m, one.attribute)] or own


def _told(case: Case, setting: Setting, one: Divergence, left: set[Two]) -> Finding:
    """The stances of those who differ; its values are what is compared, whatever the words."""
    payers = {payer for two in left for payer in two}
    stances = [(p, [who for who in p.payers if who in payers]) for p in one.positions]
    told = [f"{', '.join(own)}: {p.value}" for p, own in stances if own]
    items = [m for payer in sorted(payers) for m in _stating(case, one, payer)]
    keys = {
        f"{m.payer}={pin.key}" for m in items if (pin := pins(m, one.attribute).get(one.attribute))
    }
    return setting.found(
        f"{one.label}: payers differ in {spoken(one.attribute)}: {'; '.join(told)}",
        [m.ref for m in items],
        attribute=one.attribute,
        values=sorted(keys),
        places=[at for p, own in stances for who, at in p.places if who in own],
        between=sorted(left),
    )
