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
from harmonize.pace import Pace, unwatched
from harmonize.rows import Row
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import MeasureSet
from harmonize.signals import Signal, signals
from harmonize.standards import NO_STANDARDS, Standards
from harmonize.units import Unit
from harmonize.unsaid import Known, Question

NOTHING_SEALED: Final[Mapping[str, AbstractSet[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer; every tuple is in the order in which it is to be read.

    `standard` is what the standard says of items whose payers are silent: for print alone.
    `sums` say whose results could be added up, `adherence` what lists use of a core.
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
    signals: tuple[Signal, ...] = ()
    sums: tuple[Sum, ...] = ()
    adherence: tuple[Kept, ...] = ()

    @property
    def counted(self) -> tuple[MeasureSet, ...]:
        """Payers that count."""
        return tuple(p for p in self.payers if p.counted)

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """All differences."""
        return self.compared.divergences

    def relation(self, pair: Pair) -> str:
        """The relation of a matched pair."""
        refs = (pair.left.ref, pair.right.ref)
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
) -> Report:
    """The whole way from specs to a report; `sealed` are fields by item that nobody may fill in."""
    found = crosswalk.build(sets, knowledge, match_at, pace, rulings)
    rulings = settling.placed(rulings, found)
    counted_as = units.units(found, sets)
    compared = divergence.diverge(found, sets, knowledge)
    compared = compared.beside(units.rates_asked(counted_as, found, sets))
    rulings = settling.mooted(rulings, compared, found)
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
        ),
        questions=unsaid.questions(rows, found, sets, known, standards, knowledge),
        standard=unsaid.filled(found, open_, sets),
        rulings=rulings,
        signals=told,
        sums=sums,
        adherence=kept,
    )


def matches(report: Report) -> tuple[Pair, ...]:
    """Every pair inside one concept, and every possible one, by payers and measures."""
    links = [link for c in report.crosswalk.concepts for link in c.links]
    both = (*links, *report.crosswalk.possible)
    return tuple(sorted(both, key=lambda p: (p.left.payer, p.right.payer, p.left.id, p.right.id)))


def is_match(pair: Pair) -> bool:
    """Whether a pair stands inside one concept."""
    return pair.verdict is Verdict.MATCH
