"""Where it hurts: in what payers that count differ most, and what they leave most unsaid."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from harmonize.audience import Published
from harmonize.divergence import Divergence
from harmonize.fields import spoken
from harmonize.report import Report

WORST: Final = 6  # spots of an axis that are told one by one


@dataclass(frozen=True, slots=True)
class Spot:
    """One attribute, domain or payer.

    `settle` are shared measures in which payers state what asks differently, `known` those in
    which something differs that does not; `unsaid` are the questions.
    """

    name: str
    settle: int
    known: int
    unsaid: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Spots of one kind, the sorest first; `more` is how many are not told one by one."""

    name: str
    spots: tuple[Spot, ...]
    more: int


@dataclass(frozen=True, slots=True)
class _Case:
    """A shared measure: its domain, who asks for it, and what differs in it."""

    domain: str
    asks: tuple[str, ...]
    differences: tuple[Divergence, ...]


_Names = Callable[[_Case, Divergence], Iterable[str]]


def friction(published: Published) -> tuple[Axis, ...]:
    """By attribute, by domain and by payer; what nothing is said of is left out."""
    report = published.report
    heads = {p.payer: p.head for p in report.counted}
    cases = _cases(report)
    asked = [q for q in report.questions if q.payer in heads]
    domains = {m.ref: r.concept.domain for r in report.rows for m in r.concept.members}
    return (
        _axis(
            "attribute",
            cases,
            lambda _, d: [spoken(d.attribute)],
            [spoken(q.attribute) for q in asked],
        ),
        _axis(
            "domain",
            cases,
            lambda case, _: [case.domain],
            [domains[f"{q.payer}/{q.measure}"] for q in asked],
        ),
        _axis(
            "payer",
            cases,
            lambda case, d: [heads[p] for at in d.positions for p in at.payers if p in case.asks],
            [heads[q.payer] for q in asked],
        ),
    )


def _cases(report: Report) -> list[_Case]:
    rows = {r.concept.id: r for r in report.rows}
    return [
        _Case(
            domain=rows[unit.concepts[0]].concept.domain,
            asks=unit.asks,
            differences=tuple(
                d for name in unit.concepts for d in rows[name].differences if not d.standing
            ),
        )
        for unit in report.units
        if len(unit.asks) >= 2
    ]


def _axis(name: str, cases: Iterable[_Case], names: _Names, asked: Iterable[str]) -> Axis:
    settle: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for case in cases:
        hard = {n for d in case.differences if d.open for n in names(case, d)}
        soft = {n for d in case.differences if not d.open for n in names(case, d)}
        settle.update(hard)
        known.update(soft - hard)
    unsaid = Counter(asked)
    spots = sorted(
        (
            Spot(n, settle[n], known[n], unsaid[n])
            for n in settle.keys() | known.keys() | unsaid.keys()
        ),
        key=lambda s: (-s.settle, -s.unsaid, -s.known, s.name),
    )
    return Axis(name, tuple(spots[:WORST]), len(spots[WORST:]))
