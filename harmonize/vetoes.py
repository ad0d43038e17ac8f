"""What forbids that two items are one measure: both name it, and name it differently."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from harmonize.knowledge import Knowledge, Slot
from harmonize.slots import Profile


@dataclass(frozen=True, slots=True)
class Veto:
    """What both items name, and name differently; `left` and `right` are the two values."""

    name: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.name}: {self.left} / {self.right}"


def vetoes(left: Profile, right: Profile, knowledge: Knowledge) -> tuple[Veto, ...]:
    """What both name and name differently; what one side does not name is no evidence."""
    found: list[Veto] = []
    for name in knowledge.in_order(left.named.keys() & right.named.keys()):
        mine, theirs = left.named[name], right.named[name]
        if apart(knowledge.slot[name], mine, theirs):
            found.append(Veto(name, join(mine), join(theirs)))
    if left.combination and right.combination and left.combination != right.combination:
        found.append(Veto("combination", left.combination, right.combination))
    if left.ages and right.ages and not left.ages.overlaps(right.ages):
        found.append(Veto("age stratum", left.ages.text.strip(), right.ages.text.strip()))
    if left.windows and right.windows and not left.windows & right.windows:
        found.append(Veto("time window", days(left.windows), days(right.windows)))
    if left.cuts and right.cuts and not left.cuts & right.cuts:
        found.append(Veto("cut", cut_texts(left.cuts), cut_texts(right.cuts)))
    if left.strata and right.strata and not left.strata & right.strata:
        found.append(Veto("people by a cut", join(left.strata), join(right.strata)))
    return tuple(found)


def by_description(left: Profile, right: Profile, knowledge: Knowledge) -> tuple[Veto, ...]:
    """What title or description of both name, and differently, where the titles alone do not."""
    found = []
    by_title = left.named.keys() & right.named.keys()
    for name in knowledge.in_order((left.told.keys() | right.told.keys()) - by_title):
        if knowledge.slot[name].veto != "text":
            continue
        mine = left.named.get(name) or left.told.get(name)
        theirs = right.named.get(name) or right.told.get(name)
        if mine and theirs and apart(knowledge.slot[name], mine, theirs):
            found.append(Veto(f"{name}, by the description", join(mine), join(theirs)))
    return tuple(found)


def apart(slot: Slot, mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return not mine & theirs and not any(slot.compatible(a, b) for a in mine for b in theirs)


def join(values: Iterable[str]) -> str:
    return " and ".join(sorted(values))


def days(windows: Iterable[Fraction]) -> str:
    return " and ".join(f"{float(w):g} days" for w in sorted(windows))


def cut_texts(cuts: Iterable[tuple[Fraction, ...]]) -> str:
    return " and ".join(sorted("/".join(f"{float(n):g}" for n in cut) for cut in cuts))
