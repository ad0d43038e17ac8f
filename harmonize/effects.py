"""What a core changes: measures and asks now, with it in place of the lists, and beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harmonize.candidates import Candidate
from harmonize.report import Report

Core = list[Candidate]


@dataclass(frozen=True, slots=True)
class Span:
    """A number that is not one where several sets are best, or where a list is not the whole."""

    least: int
    most: int

    @property
    def told(self) -> str:
        """`12`, or `11-12`."""
        return str(self.least) if self.least == self.most else f"{self.least}-{self.most}"


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


def effects(report: Report, every: Iterable[Candidate], cores: list[Core]) -> tuple[Effect, ...]:
    """All numbers, those of all payers first, then a practice's, each payer's and each domain's."""
    own = list(every)
    payers = [p.payer for p in report.counted]
    many = len(payers)
    whole = f"{many} payers together" if many > 1 else "1 payer"
    practice = f"a practice with all {many}" if many > 1 else "a practice with it"
    sizes = [len(core) for core in cores]
    ways = [_several(core) for core in cores]
    found = [
        Effect("all", whole, "distinct measures", len(own), _span(sizes), _same(len(own))),
        _asks("all", whole, own, cores, payers),
        Effect("practice", practice, "distinct measures", len(own), _span(sizes), _same(len(own))),
        _asks("practice", practice, own, cores, payers),
        Effect(
            "practice",
            practice,
            "measures asked in several ways",
            _several(own),
            _span(ways),
            _same(_several(own)),
        ),
        *(_asks("payer", payer, own, cores, [payer]) for payer in sorted(payers)),
        *_domains(report, own, cores),
    ]
    return tuple(found)


def _asks(kind: str, about: str, own: Core, cores: list[Core], payers: list[str]) -> Effect:
    """Asks of some payers; what a list that is not the whole asks already is not known."""
    who = {*payers}
    now = sum(len(who.intersection(c.has)) for c in own)
    more = [sum(len(who.intersection(c.adopt)) for c in core) for core in cores]
    unsure = [sum(len(who.intersection(c.unknown)) for c in core) for core in cores]
    instead = [sum(len(who.intersection(c.could)) for c in core) for core in cores]
    most = [one + other for one, other in zip(more, unsure, strict=True)]
    added = Span(now + min(more), now + max(most))
    return Effect(kind, about, "asks", now, _span(instead), added)


def _several(own: Iterable[Candidate]) -> int:
    return sum(bool(one.changes) for one in own)


def _domains(report: Report, own: Core, cores: list[Core]) -> Iterator[Effect]:
    order = report.crosswalk.order_of_domains
    for name in sorted({c.domain for c in own}, key=lambda d: (order.get(d, len(order)), d)):
        now = sum(c.domain == name for c in own)
        held = [sum(c.domain == name for c in core) for core in cores]
        yield Effect("domain", name, "distinct measures", now, _span(held), _same(now))


def _span(numbers: Iterable[int]) -> Span:
    found = list(numbers)
    return Span(min(found), max(found))


def _same(number: int) -> Span:
    return Span(number, number)
