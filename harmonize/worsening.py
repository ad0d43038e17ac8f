"""What got worse between two reports: agreement that is lost, and measures that stand alone.

A change is held against what was there before it, never against the ideal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from harmonize.concepts import Concept
from harmonize.divergence import Divergence
from harmonize.fields import spoken
from harmonize.findings import Finding, ordered
from harmonize.measures import Measure
from harmonize.pinning import compared, identity, shown
from harmonize.problems import Place
from harmonize.report import Report
from harmonize.rows import Row

DIVERGES: Final = "HZ661"  # payers differ in what they did not differ in
LOST: Final = "HZ662"  # fewer payers ask for a measure
ALONE: Final = "HZ663"  # a measure came that nobody else asks for
LEVELS: Final = {"major": "error", "minor": "warning"}
SETTLED: Final = ("decline", "retire")  # dispositions by which fewer were meant to ask


def worse(before: Report, after: Report) -> tuple[Finding, ...]:
    """What a change makes worse, at its place in the new specs; nothing that somebody justified."""
    states = _States(before, after)
    return ordered((*states.diverging(), *states.lost(), *states.alone()))


@dataclass(frozen=True)
class _States:
    """Two reports, and which item of the later one is which of the earlier."""

    before: Report
    after: Report

    @cached_property
    def then(self) -> dict[str, Measure]:
        """The item that was, by the reference that it has now: by its name, else by its id.

        Ids may be the numbers of rows, that move when a line is put in.
        """
        old, new = ({m.ref: m for s in r.payers for m in s.measures or ()} for r in self._both)
        called: dict[tuple[object, ...], tuple[list[Measure], list[Measure]]] = {}
        for side, items in enumerate((old, new)):
            for item in items.values():
                name = (item.payer, identity(shown(item)))
                called.setdefault(name, ([], []))[side].append(item)
        alone = (two for two in called.values() if len(two[0]) == len(two[1]) == 1)
        found = {now.ref: was for (was,), (now,) in alone}
        taken = {was.ref for was in found.values()}
        left = (ref for ref in new if ref not in found and ref in old and ref not in taken)
        return found | {ref: old[ref] for ref in left}

    @property
    def _both(self) -> tuple[Report, Report]:
        return self.before, self.after

    @cached_property
    def home(self) -> Mapping[str, Concept]:
        """The concept of an item before."""
        return {m.ref: c for c in self.before.crosswalk.concepts for m in c.members}

    @cached_property
    def differed(self) -> Mapping[tuple[str, str, str, str], tuple[str, str]]:
        """What two payers wrote of all in which they differed before, decided or not.

        By (concept, attribute, payer, payer).
        """
        return {
            (d.concept, d.attribute, *two): _wrote(d, two)
            for d in self.before.divergences
            for two in d.differing
        }

    # --- differences ----------------------------------------------------------------------------

    def diverging(self) -> Iterator[Finding]:
        """Differences in which a value moved, or a payer came, and that nobody has justified."""
        concepts = {c.id: c for c in self.after.crosswalk.concepts}
        counted = {s.payer for s in self.after.counted}
        for one in self.after.divergences:
            if not one.open:
                continue
            held: dict[str, list[Measure]] = {}
            for item in concepts[one.concept].members:
                held.setdefault(item.payer, []).append(item)
            new = [
                two
                for two in one.differing
                if counted.issuperset(two)
                and not (one.decided and set(two).isdisjoint(one.uncovered))
                and self._is_new(one, two, held)
            ]
            if new:
                yield self._diverges(one, held, new)

    def _is_new(
        self, one: Divergence, two: tuple[str, str], held: Mapping[str, list[Measure]]
    ) -> bool:
        """Whether two payers differ as they did not: one is new here, or says another thing."""
        sides = [held.get(payer, []) for payer in two]
        if not all(sides):  # which rates of a measure are asked stands in several concepts
            return self.differed.get((one.concept, one.attribute, *two)) != _wrote(one, two)
        before = [[self.then[m.ref] for m in own if m.ref in self.then] for own in sides]
        homes = [{self.home[m.ref].id for m in own} for own in before]
        if any(
            compared(was, one.attribute) != compared(own, one.attribute)
            for was, own in zip(before, sides, strict=True)
        ):
            return True
        both = homes[0] & homes[1]
        return not any((home, one.attribute, *two) in self.differed for home in both)

    def _diverges(
        self, one: Divergence, held: Mapping[str, list[Measure]], new: list[tuple[str, str]]
    ) -> Finding:
        payers = sorted({payer for two in new for payer in two})
        items = [m for payer in payers for m in held.get(payer, ())]
        key = one.attribute.partition(".")[0]
        moved = [m for m in items if self._moved(m, one.attribute)]
        places = dict.fromkeys(m.place_of(key) for m in (*moved, *items) if _states(m, key))
        wrote = {p.value for p in one.positions}
        said = [
            f"{p.value} ({', '.join(x for x in p.payers if x in payers)})"
            for p in one.positions
            if set(p.payers) & set(payers)
        ]
        return Finding(
            code=DIVERGES,
            severity=LEVELS[one.severity],
            message=f"{one.label}: payers differ now in {spoken(one.attribute)}: "
            f"{' against '.join(said)}",
            measures=tuple(sorted(m.ref for m in items)),
            attribute=one.attribute,
            values=tuple(sorted({compared([m], one.attribute) for m in items} - {""} or wrote)),
            places=tuple(places) or tuple(place for p in one.positions for _, place in p.places),
            between=tuple(new),
        )

    def _moved(self, item: Measure, attribute: str) -> bool:
        """Whether what it says is another thing than before, or it was not there."""
        was = self.then.get(item.ref)
        return was is None or compared([was], attribute) != compared([item], attribute)

    # --- who asks -------------------------------------------------------------------------------

    def lost(self) -> Iterator[Finding]:
        """Measures of several payers that one of them does not ask for with the others any more."""
        now = {was.ref: ref for ref, was in self.then.items()}
        rows = {m.ref: row for row in self.after.rows for m in row.concept.members}
        counted = {s.payer for s in self.before.counted}
        for concept in self.before.crosswalk.concepts:
            asked = counted.intersection(concept.payers)
            if len(asked) < 2:
                continue
            here = [now[m.ref] for m in concept.members if m.ref in now and m.payer in counted]
            row = _best(tuple(rows[ref] for ref in here))
            gone = sorted(asked - set(row.concept.payers if row else ()))
            if not gone or (row and _settled(row)):
                continue
            left = [ref for ref in here if ref.partition("/")[0] in gone]
            were = [m for m in concept.members if m.payer in gone]
            yield Finding(
                code=LOST,
                severity="error",
                message=f"{concept.label}: {', '.join(gone)} {_does(gone)} not ask for it with the "
                f"others any more: {len(asked)} payers before, {len(asked) - len(gone)} now",
                measures=tuple(sorted(m.ref for m in were)),
                places=self._places(left, gone, here),
            )

    def _places(self, left: list[str], gone: list[str], here: list[str]) -> tuple[Place, ...]:
        """Where the measure stands apart, else the list that lacks it, else the others' lines."""
        items = {m.ref: m for s in self.after.payers for m in s.measures or ()}
        lists = [s.place for s in self.after.payers if s.payer in gone]
        return tuple([items[r].place for r in left] or lists or [items[r].place for r in here])

    def alone(self) -> Iterator[Finding]:
        """Measures that came and that nobody else asks for."""
        counted = {s.payer for s in self.after.counted}
        if len(counted) < 2:
            return
        for row in self.after.rows:
            for item in row.concept.members:
                new = item.ref not in self.then and item.payer in counted and not item.rate_of
                if new and row.used_by == 1 and not row.dispositions:
                    yield Finding(
                        code=ALONE,
                        severity="error",
                        message=f"{item.title}: nobody else asks for it",
                        measures=(item.ref,),
                        places=(item.place,),
                    )


def _wrote(one: Divergence, payers: tuple[str, str]) -> tuple[str, str]:
    """What each of two payers wrote."""
    found = {payer: p.of(payer) for p in one.positions for payer in p.payers}
    return found[payers[0]], found[payers[1]]


def _states(item: Measure, key: str) -> bool:
    return bool(item.ids) if key == "ids" else item.states(key)


def _does(payers: list[str]) -> str:
    return "does" if len(payers) == 1 else "do"


def _best(rows: tuple[Row, ...]) -> Row | None:
    """The row in which most of the items are."""
    return max(rows, key=lambda r: (rows.count(r), r.used_by, r.concept.id), default=None)


def _settled(row: Row) -> bool:
    return any(one.decision.disposition in SETTLED for one in row.dispositions)
