"""Everything a reader is told, decided and in order, before any of it is drawn."""

from dataclasses import dataclass
from typing import Final

from harmonize import crosswalk, divergence, figures, units
from harmonize import rows as row_maker
from harmonize.concepts import Crosswalk, Pair
from harmonize.divergence import Compared, Divergence
from harmonize.evidence import Verdict
from harmonize.figures import Figure
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure, MeasureSet
from harmonize.rows import Row
from harmonize.slots import profile
from harmonize.units import Unit
from harmonize.values import Threshold


@dataclass(frozen=True, slots=True)
class Question:
    """What is not stated and would decide."""

    payer: str
    measure: str
    attribute: str
    question: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer; every tuple is in the order in which it is to be read."""

    payers: tuple[MeasureSet, ...]
    crosswalk: Crosswalk
    compared: Compared
    rows: tuple[Row, ...]
    units: tuple[Unit, ...]
    summary: tuple[Figure, ...]
    questions: tuple[Question, ...]

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
        return self.compared.relations.get(refs) or self.compared.relations[refs[::-1]]


def compile_report(sets: tuple[MeasureSet, ...], knowledge: Knowledge) -> Report:
    """The whole way from specs to a report."""
    found = crosswalk.build(sets, knowledge)
    counted_as = units.units(found, sets)
    compared = divergence.diverge(found, sets, knowledge)
    compared = compared.beside(units.rates_asked(counted_as, found, sets))
    rows = row_maker.rows(found, compared, sets, knowledge)
    return Report(
        payers=sets,
        crosswalk=found,
        compared=compared,
        rows=rows,
        units=counted_as,
        summary=figures.summary(sets, found, compared, rows, counted_as),
        questions=_questions(rows, sets, knowledge),
    )


_WORDS: Final = {
    "ages": "Which ages are counted?",
    "threshold": "What is the cut?",
    "improvement_notation": "Is a higher or a lower score better?",
    "follow_up": "Within what time does it have to happen?",
    "lookback": "How far back does it count?",
    "events": "How often does it have to happen?",
    "combination": "Which combination is asked for?",
    "data_source": "From which data is it taken?",
    "denominator_exclusions": "Who is taken out?",
    "denominator_exceptions": "Who may be taken out?",
    "rates": "Which of the rates is asked for?",
}


def _questions(
    rows: tuple[Row, ...], sets: tuple[MeasureSet, ...], knowledge: Knowledge
) -> tuple[Question, ...]:
    """Silence where others differ, and directions that contradict their cut."""
    found: set[tuple[str, str, str, str]] = set()
    known = {s.payer for s in sets}
    for row in rows:
        for one in row.differences:
            if one.severity == "info" or one.attribute.startswith("ids."):
                continue
            others = " / ".join(p.value for p in one.positions)
            asked = _WORDS.get(one.attribute, f"What is its {one.attribute.replace('_', ' ')}?")
            for payer in one.silent:
                for item in row.held[payer]:
                    text = f"{asked} Others ask {_short(others)}."
                    found.add((payer, item.id, one.attribute, text))
        for item in row.concept.members:
            if item.payer in known and item.rate_of is None and _unclear(item, knowledge):
                text = (
                    f"{_WORDS['improvement_notation']} It says control, and counts what is above."
                )
                found.add((item.payer, item.id, "improvement_notation", text))
    return tuple(Question(*one) for one in sorted(found))


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}..."


def _unclear(item: Measure, knowledge: Knowledge) -> bool:
    """A title such as "Control (>9%)": its direction is a question, not a difference."""
    if item.improvement_notation or not profile(item, knowledge).cuts:
        return False
    title = item.title.lower()
    above = (
        ">" in title
        or "\u2265" in title
        or "greater than" in title
        or (
            isinstance(item.threshold, Threshold)
            and item.threshold.cuts[0].operator.startswith(">")
        )
    )
    poor = any(word in title for word in ("poor", "inadequate", "uncontrolled", "not "))
    return above and "control" in title and not poor


def matches(report: Report) -> tuple[Pair, ...]:
    """Every pair inside one concept, and every possible one, by payers and measures."""
    links = [link for c in report.crosswalk.concepts for link in c.links]
    both = (*links, *report.crosswalk.possible)
    return tuple(sorted(both, key=lambda p: (p.left.payer, p.right.payer, p.left.id, p.right.id)))


def is_match(pair: Pair) -> bool:
    """Whether a pair stands inside one concept."""
    return pair.verdict is Verdict.MATCH
