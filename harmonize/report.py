"""Everything a reader is told, decided and in order, before any of it is drawn."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from harmonize import crosswalk, divergence, figures, settling, units, unsaid
from harmonize import rows as row_maker
from harmonize.adding import Sum, adding
from harmonize.adherence import Kept, adherence
from harmonize.concepts import Crosswalk, Pair
from harmonize.decisions import WITHIN
from harmonize.divergence import Compared, Divergence
from harmonize.evidence import MATCH_AT, Verdict
from harmonize.figures import Figure
from harmonize.knowledge import Knowledge
from harmonize.matters import NO_MATTERS, Matters, compare
from harmonize.pace import Pace, unwatched
from harmonize.rows import Row
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import AREAS, MeasureSet
from harmonize.signals import Signal, signals
from harmonize.standards import NO_STANDARDS, Standards
from harmonize.tallies import Tally
from harmonize.terms import stating
from harmonize.units import Unit
from harmonize.unsaid import Known, Question

MEASURES: Final = ("measures",)
NOTHING_SEALED: Final[Mapping[str, AbstractSet[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer; every tuple is in the order in which it is to be read.

    `standard` is what the standard says of items whose payers are silent: for print alone.
    `areas` are those that it is about; without measures among them, nothing is said of any.
    `sums` say whose results could be added up, `adherence` what lists use of a core.
    `withheld` are fields that payers hold back from this reader.
    """

    payers: tuple[MeasureSet, ...]
    crosswalk: Crosswalk
    compared: Compared
    rows: tuple[Row, ...]
    units: tuple[Unit, ...]
    summary: tuple[Figure, ...]
    questions: tuple[Question, ...]
    standard: Known
    rulings: Rulings = NO_RULINGS
    areas: tuple[str, ...] = MEASURES
    matters: Matters = NO_MATTERS
    signals: tuple[Signal, ...] = ()
    sums: tuple[Sum, ...] = ()
    adherence: tuple[Kept, ...] = ()
    withheld: tuple[Tally, ...] = ()

    @property
    def counted(self) -> tuple[MeasureSet, ...]:
        """Payers that count."""
        return tuple(p for p in self.payers if p.counted)

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """All differences, of measures first."""
        return (*self.compared.divergences, *self.matters.divergences)

    @property
    def about_measures(self) -> bool:
        """Whether it is about measures; beside other areas, if anybody lists one."""
        listed = any(p.measures for p in self.payers)
        return self.areas == MEASURES or ("measures" in self.areas and listed)

    @property
    def beside(self) -> dict[str, int]:
        """Areas that are stated and that this report is not about, with how many state each."""
        others = (area for area in AREAS if area not in self.areas)
        counts = {a: sum(stating(p, a) for p in self.payers) for a in others}
        return {area: count for area, count in counts.items() if count}

    def relation(self, pair: Pair) -> str:
        """The relation of a matched pair."""
        refs = (pair.left.ref, pair.right.ref)
        if pair in self.matters.links:
            return self.matters.relation(pair)
        judged = self.rulings.of(*refs)
        if judged and judged.decision.relation in WITHIN:
            return judged.decision.relation
        return self.compared.relations.get(refs) or self.compared.relations[refs[::-1]]


def compile_report(
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    standards: Standards = NO_STANDARDS,
    sealed: Mapping[str, AbstractSet[str]] = NOTHING_SEALED,
    match_at: float = MATCH_AT,
    pace: Pace = unwatched,
    rulings: Rulings = NO_RULINGS,
    areas: tuple[str, ...] = MEASURES,
) -> Report:
    """The whole way from specs to a report; `sealed` are fields by item that nobody may fill in."""
    others = [a for a in AREAS[1:] if a in areas]
    matters = compare(sets, knowledge, others, match_at, rulings)
    if "measures" not in areas:
        return _without_measures(sets, knowledge, areas, matters, rulings)
    found = crosswalk.build(sets, knowledge, match_at, pace, rulings)
    rulings = settling.placed(rulings, found)
    counted_as = units.units(found, sets)
    compared = divergence.diverge(found, sets, knowledge)
    compared = compared.beside(units.rates_asked(counted_as, found, sets))
    home = {m.ref: c.id for c in found.concepts for m in c.members} | matters.homes
    rulings = settling.mooted(rulings, (*compared.divergences, *matters.divergences), home)
    compared = settling.settled(compared, found, rulings, sets)
    rows = row_maker.rows(found, compared, sets, rulings)
    told = signals(found, rows, counted_as, sets)
    sums = adding(rows, compared, sets, knowledge)
    kept = adherence(sets, rows, counted_as, sealed)
    known = unsaid.known_of(found, sets, standards, knowledge)
    open_ = {
        ref: tuple(s for s in own if s.attribute not in sealed.get(ref, ()))
        for ref, own in known.items()
    }
    return Report(
        payers=sets,
        crosswalk=found,
        compared=compared,
        rows=rows,
        units=counted_as,
        summary=(
            *figures.summary(sets, found, compared, rows, counted_as, rulings),
            *figures.beyond(told, sums, kept, counted_as),
            *figures.of_areas(matters, _counted(sets)),
        ),
        questions=unsaid.questions(rows, found, sets, known, standards, knowledge),
        standard=unsaid.filled(found, open_, sets),
        rulings=rulings,
        areas=areas,
        matters=matters,
        signals=told,
        sums=sums,
        adherence=kept,
    )


def _counted(sets: tuple[MeasureSet, ...]) -> frozenset[str]:
    return frozenset(s.payer for s in sets if s.counted)


def _without_measures(
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    areas: tuple[str, ...],
    matters: Matters,
    rulings: Rulings,
) -> Report:
    """A report on other areas alone, in which no figure is about measures."""
    nothing = crosswalk.build((), knowledge)
    alone = divergence.diverge(nothing, (), knowledge)
    return Report(
        payers=sets,
        crosswalk=nothing,
        compared=alone,
        rows=(),
        units=(),
        summary=figures.of_areas(matters, _counted(sets)),
        questions=(),
        standard={},
        rulings=settling.mooted(rulings, matters.divergences, matters.homes),
        sums=adding((), alone, sets, knowledge),
        areas=areas,
        matters=matters,
    )


def matches(report: Report) -> tuple[Pair, ...]:
    """Every pair inside one concept, and every possible one, by payers and measures."""
    links = [link for c in report.crosswalk.concepts for link in c.links]
    both = (*links, *report.crosswalk.possible)
    return tuple(sorted(both, key=lambda p: (p.left.payer, p.right.payer, p.left.id, p.right.id)))


def is_match(pair: Pair) -> bool:
    """Whether a pair stands inside one concept."""
    return pair.verdict is Verdict.MATCH
