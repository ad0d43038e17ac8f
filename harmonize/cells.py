"""What too few payers hold, taken out of all lists, so that no figure can tell of it.

A report is made, what fewer payers hold than the smallest cell is taken out of the lists, and a
report is made of what is left, until nothing more has to go.  Whatever is shown is made of lists
that never had it: there is no total from which it could be computed back.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final

from harmonize.measures import Measure
from harmonize.report import Report
from harmonize.sets import MeasureSet

Compiled = Callable[[tuple[MeasureSet, ...], AbstractSet[str]], Report]


@dataclass(frozen=True, slots=True)
class Unshown:
    """How many measures, and terms of other areas, fewer payers hold than `fewest`.

    `gone` are the items as `payer/id`, and the ids of their concepts.
    """

    fewest: int
    measures: int = 0
    terms: int = 0
    gone: frozenset[str] = frozenset()

    @property
    def told(self) -> tuple[str, ...]:
        """A line each."""
        lines = []
        if self.measures:
            many = _many(self.measures, "measure")
            lines.append(f"{many} asked by fewer than {self.fewest} payers not shown")
        if self.terms:
            many = _many(self.terms, "term")
            lines.append(f"{many} of other areas stated by fewer than {self.fewest} not shown")
        return tuple(lines)


NOTHING_UNSHOWN: Final = Unshown(0)


def _many(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number} {word}s"


def shown(
    sets: tuple[MeasureSet, ...], fewest: int, compiled: Compiled
) -> tuple[tuple[MeasureSet, ...], Unshown]:
    """The lists without what fewer payers that count hold, and how much that is."""
    gone = Unshown(fewest)
    while True:
        report = compiled(sets, gone.gone)
        rows = [row for row in report.rows if row.used_by < fewest]
        matters = [m for m in report.matters.matters if m.used_by < fewest]
        if not rows and not matters:
            return sets, gone
        items = [m for row in rows for m in row.concept.members]
        asked = (r for r in rows if r.used_by and any(m.rate_of is None for m in r.concept.members))
        gone = Unshown(
            fewest,
            gone.measures + sum(1 for _ in asked),
            gone.terms + sum(1 for m in matters if m.used_by and not m.is_whole),
            gone.gone.union((m.ref for m in items), (row.concept.id for row in rows)),
        )
        records = [t.record for m in matters for t in m.terms if not m.is_whole]
        areas = [m.area for m in matters if m.is_whole]
        refs = {m.ref for m in items}
        sets = tuple(_without(one, refs, areas, records) for one in sets)


def _without(
    one: MeasureSet, refs: set[str], areas: Iterable[str], records: list[Any]
) -> MeasureSet:
    kept = tuple(_rates_without(m, refs) for m in one.measures or () if not _goes(m, refs))
    closed: dict[str, Any] = dict.fromkeys(areas)
    for area in ("participation", "feedback"):
        closed.setdefault(area, _left(getattr(one, area), records))
    if one.payment and "payment" not in closed:
        closed["payment"] = replace(one.payment, streams=_left(one.payment.streams, records))
    withheld = one.withheld - {*areas}
    return replace(one, measures=kept or None, withheld=withheld, **closed)


def _goes(item: Measure, refs: set[str]) -> bool:
    return item.ref in refs or f"{item.payer}/{item.rate_of}" in refs


def _rates_without(item: Measure, refs: set[str]) -> Measure:
    rates = tuple(rate for rate in item.rates or () if rate.ref not in refs)
    return replace(item, rates=rates or None) if item.rates else item


def _left(told: tuple[Any, ...] | None, records: list[Any]) -> tuple[Any, ...] | None:
    return tuple(r for r in told or () if not any(r is gone for gone in records)) or None
