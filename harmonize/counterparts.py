"""Which measure of an earlier list is which of a later one, and what took whose place.

By identifiers without versions, then by the crosswalk of the two lists as of any two payers, then
by the payer's own ids, where they have lasted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import Final

from harmonize import crosswalk
from harmonize.evidence import PRECISE, Verdict
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure
from harmonize.pairing import Lists
from harmonize.sets import MeasureSet
from harmonize.standards import Standards
from harmonize.wording import base_id

ALIKE: Final = 0.3  # likeness of titles from which a payer's own id names one measure
OLD: Final = "old."  # before the slug of a list that stands beside its later self
NEW: Final = "new."


class Sides:
    """A list before and after, laid side by side as if they were two payers.

    `own` is each item as its list has it, by the reference that it has here.
    """

    def __init__(self, old: MeasureSet, new: MeasureSet, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.old, self.new = _called(old, OLD), _called(new, NEW)
        self.own = {
            renamed.ref: plain
            for side, one in ((self.old, old), (self.new, new))
            for renamed, plain in zip(side.measures or (), one.measures or (), strict=True)
        }
        self.lists = Lists((self.old, self.new), knowledge)
        self.trail = crosswalk.trail(self.lists)
        self.lasting = False  # whether the payer's own ids are more than the numbers of rows

    def paired(self) -> list[tuple[Measure, Measure]]:
        """Old and new of what is one measure, printed ones before rates, under their new slugs."""
        taken: dict[str, str] = {}
        before, after = map(printed, self.both)
        for tell in (self._by_number, self._by_crosswalk, self._by_family, self._by_own_id):
            self._take(product(before, after), tell, taken)
            self.lasting = self._last(taken)
        rates = [
            (o, n)
            for o, n in product(*(s.measures or () for s in self.both))
            if o.rate_of and n.rate_of and taken.get(whole(o)) == whole(n)
        ]
        for tell in (self._by_rate_id, self._by_crosswalk):
            self._take(rates, tell, taken)
        items = self.lists.measures
        return [(items[o], items[n]) for o, n in taken.items() if o.startswith(OLD)]

    @property
    def both(self) -> tuple[MeasureSet, MeasureSet]:
        """The two lists under their new slugs."""
        return self.old, self.new

    def _take(
        self,
        pairs: Iterable[tuple[Measure, Measure]],
        tell: Callable[[Measure, Measure], float | None],
        taken: dict[str, str],
    ) -> None:
        """The surest pairs of those that are told to be one, each item once."""
        free = ((o, n) for o, n in pairs if o.ref not in taken and n.ref not in taken)
        told = ((tell(o, n), o.id.casefold() == n.id.casefold(), o, n) for o, n in free)
        found = [(sure, same, o, n) for sure, same, o, n in told if sure is not None]
        odds = {(o.ref, n.ref): self.lists.weigh(o.ref, n.ref).log_odds for _, _, o, n in found}
        found.sort(key=lambda f: (-f[0], -f[1], -odds[f[2].ref, f[3].ref], f[2].ref, f[3].ref))
        for _, _, o, n in found:
            if o.ref not in taken and n.ref not in taken:
                taken[o.ref], taken[n.ref] = n.ref, o.ref

    def _by_number(self, old: Measure, new: Measure) -> float | None:
        """How many systems number both alike, less those that number them differently."""
        alike = other = precise = 0
        for system in (old.ids or {}).keys() & (new.ids or {}).keys():
            two = [{base_id(system, v) for v in (m.ids or {})[system]} for m in (old, new)]
            if two[0] & two[1]:
                alike += 1
                family = (
                    self.lists.scene.names_family(system, v, old.payer, new.payer)
                    for v in two[0] & two[1]
                )
                precise += not all(family)
            else:
                other += system in PRECISE
        if alike <= other or (not precise and self.lists.apart(old.ref, new.ref)):
            return None
        return float(alike - other)

    def _by_own_id(self, old: Measure, new: Measure) -> float | None:
        """The payer's own id, unless what it names looks like another measure."""
        same = self.lasting and old.id.casefold() == new.id.casefold()
        if not same or self.lists.apart(old.ref, new.ref):
            return None
        weighed = self.lists.weigh(old.ref, new.ref)
        alike = weighed.likeness >= ALIKE or weighed.verdict is not Verdict.NONMATCH
        return weighed.confidence if alike else None

    def _last(self, taken: Mapping[str, str]) -> bool:
        """Whether most measures that are found again by other means keep the payer's own id."""
        two = [(o.partition("/")[2], n.partition("/")[2]) for o, n in taken.items()]
        return 2 * sum(o.casefold() == n.casefold() for o, n in two) >= len(two)

    def _by_family(self, old: Measure, new: Measure) -> float | None:
        """The only line of a family in each list, the one an age group of the other."""
        one, other = (self.lists.scene.entries[item.ref] for item in (old, new))
        if not one or not other or self.knowledge.family(one) != self.knowledge.family(other):
            return None
        parts = [entry for entry in (one, other) if entry.whole]
        strata = len(parts) == 1 and parts[0].axis == "age"
        return 1.0 if strata and self._alone(old) and self._alone(new) else None

    def _alone(self, item: Measure) -> bool:
        """Whether its list prints nothing else of its family."""
        return self._kin[item.payer].count(self._family(item.ref)) == 1

    def _family(self, ref: str) -> str:
        entry = self.lists.scene.entries[ref]
        return self.knowledge.family(entry) if entry else ""

    @cached_property
    def _kin(self) -> dict[str, list[str]]:
        return {s.payer: [self._family(m.ref) for m in printed(s)] for s in self.both}

    def _by_rate_id(self, old: Measure, new: Measure) -> float | None:
        return 1.0 if old.id.rpartition("/")[2] == new.id.rpartition("/")[2] else None

    def _by_crosswalk(self, old: Measure, new: Measure) -> float | None:
        home = self.trail.home
        return self.lists.sure(old.ref, new.ref) if home[old.ref] is home[new.ref] else None

    def successors(
        self, gone: list[Measure], come: list[Measure], standards: Standards
    ) -> list[tuple[Measure, Measure]]:
        """Of what went and what came: a known successor, one of its family, or one of its id."""
        here = {plain.ref: ref for ref, plain in self.own.items() if ref.startswith(OLD)}
        there = {plain.ref: ref for ref, plain in self.own.items() if ref.startswith(NEW)}
        return [
            (old, new)
            for old, new in product(gone, come)
            if self._follows(here[old.ref], there[new.ref], standards)
            or (self.lasting and old.id.casefold() == new.id.casefold() and not old.minted)
        ]

    def _follows(self, old: str, new: str, standards: Standards) -> bool:
        entries = self.lists.scene.entries
        was, now = entries[old], entries[new]
        if not was or not now:
            return False
        family = self.knowledge.family
        if family(was) == family(now):
            return self._alone(self.lists.measures[old]) and self._alone(self.lists.measures[new])
        return any(
            change.kind == "replaced" and change.by in (now.key, family(now))
            for key in (was.key, family(was))
            for change in standards.changes_of.get(key, ())
        )


def printed(one: MeasureSet) -> list[Measure]:
    """The lines of a list, without rates."""
    return [m for m in one.measures or () if m.rate_of is None]


def _called(one: MeasureSet, lead: str) -> MeasureSet:
    """A list under another slug, so that it can stand beside itself."""

    def called(item: Measure) -> Measure:
        rates = item.rates and tuple(called(rate) for rate in item.rates)
        return replace(item, payer=f"{lead}{one.payer}", rates=rates)

    measures = one.measures and tuple(called(m) for m in one.measures)
    return replace(one, payer=f"{lead}{one.payer}", measures=measures, role=None)


def whole(rate: Measure) -> str:
    """The measure that a rate belongs to, as `payer/id`."""
    return f"{rate.payer}/{rate.rate_of}"
