"""What a core changes: measures and asks now, with it in place of the lists, and beside them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from harmonize.candidates import Candidate
from harmonize.report import Report


@dataclass(frozen=True, slots=True)
class Span:
    """A number that is not one where several sets are best, or where a list is not the whole."""

    least: int
    most: int

    @property
    def told(self) -> str:
        """`12`, or `11-12`."""
        return str(self.least) if self.least == self.most else f"{self.least}-{self.most}"


Spanned = Callable[[Callable[[Candidate], int]], Span]
"""What the measures of a best set come to, each weighing so much: over all best sets."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One number now, with the core in place of the lists, and with the core added to the lists.

    `kind` is all, practice, payer or domain; `about` whom or what it is about; `unit` is what is
    counted.
    """

    kind: str
    about: str
    unit: str
    now: int
    instead: Span
    added: Span


def effects(report: Report, every: Iterable[Candidate], spanned: Spanned) -> tuple[Effect, ...]:
    """All numbers, those of all payers first, then a practice's, each payer's and each domain's."""
    own = list(every)
    payers = [p.payer for p in report.counted]
    many = len(payers)
    whole = f"{many} payers together" if many != 1 else "1 payer"
    practice = f"a practice with all {many}" if many != 1 else "a practice with it"
    size, several = spanned(each), sum(map(_is_several, own))
    found = [
        Effect("all", whole, "distinct measures", len(own), size, _same(len(own))),
        _asks("all", whole, own, spanned, payers),
        Effect("practice", practice, "distinct measures", len(own), size, _same(len(own))),
        _asks("practice", practice, own, spanned, payers),
        Effect(
            "practice",
            practice,
            "measures asked in several ways",
            several,
            spanned(_is_several),
            _same(several),
        ),
        *(_asks("payer", payer, own, spanned, [payer]) for payer in sorted(payers)),
        *_domains(report, own, spanned),
    ]
    return tuple(found)


def _asks(
    kind: str, about: str, own: Iterable[Candidate], spanned: Spanned, payers: list[str]
) -> Effect:
    """Asks of some payers; what a list that is not the whole asks already is not known."""
    who = {*payers}
    now = sum(len(who.intersection(c.has)) for c in own)
    instead = spanned(lambda one: len(who.intersection(one.could)))
    more = spanned(lambda one: len(who.intersection(one.adopt)))
    most = spanned(lambda one: len(who.intersection((*one.adopt, *one.unknown))))
    return Effect(kind, about, "asks", now, instead, Span(now + more.least, now + most.most))


def each(one: Candidate) -> int:  # noqa: ARG001 - whatever it is, it is one
    return 1


def _is_in(domain: str, one: Candidate) -> int:
    return int(one.domain == domain)


def _is_several(one: Candidate) -> int:
    return int(bool(one.changes))


def _domains(report: Report, own: list[Candidate], spanned: Spanned) -> Iterator[Effect]:
    order = report.crosswalk.order_of_domains
    for name in sorted({c.domain for c in own}, key=lambda d: (order.get(d, len(order)), d)):
        now = sum(c.domain == name for c in own)
        held = spanned(partial(_is_in, name))
        yield Effect("domain", name, "distinct measures", now, held, _same(now))


def _same(number: int) -> Span:
    return Span(number, number)
