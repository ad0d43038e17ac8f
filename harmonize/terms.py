"""What a payer states beside its measures, term by term: a criterion, a form of payment, a report.

A term is named as people would name it: `payer/payment`, `payer/payment/shared savings`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any, Final

from harmonize.areas import Convening, Criterion, Feedback, Payment
from harmonize.fields import Info, Kind, Role, declared
from harmonize.knowledge import words
from harmonize.problems import NOWHERE, Place
from harmonize.sets import AREAS, MeasureSet
from harmonize.values import stated

OTHER_AREAS: Final = tuple(area for area in AREAS if area != "measures")
WITHHELD: Final = "stated (withheld)"
CLOSED: Final = "(withheld)"  # all of it is: what of it is stated is not told


@dataclass(frozen=True, slots=True)
class Term:
    """One term of one payer; `record` is what it states, declared in `areas`.

    `id` stands behind the payer's slug; terms of two payers with one `matter` are about one thing.
    A criterion has none: which are one is told by evidence.
    """

    area: str
    payer: str
    id: str
    title: str
    record: Any
    matter: str | None = None
    at: Place = NOWHERE

    @property
    def ref(self) -> str:
        """`payer/id`, by which people and files name it."""
        return f"{self.payer}/{self.id}"

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.record.where.get("", self.at) if self.record else self.at

    def place_of(self, key: str) -> Place:
        """Where a field stands; the term's own place if only it is known."""
        return self.record.where.get(key, self.place) if self.record else self.place

    def value(self, info: Info) -> Any:
        """What it states of a field; `None` is not stated."""
        return getattr(self.record, info.name, None)

    @property
    def withheld(self) -> frozenset[str]:
        """Fields that it states and that are not for this reader."""
        return self.record.withheld if self.record else frozenset()


@cache
def fields_of(area: str) -> Mapping[str, Info]:
    """Every field of an area, those of its records included."""
    cls = declared(MeasureSet)[area].record or object
    inner = (info.record for info in declared(cls).values())
    records = (cls, *(one for one in inner if one))
    return {name: info for one in records for name, info in declared(one).items()}


@cache
def attributes(area: str) -> tuple[str, ...]:
    """The fields in which terms of an area may differ."""
    return tuple(n for n, info in fields_of(area).items() if info.role is Role.ATTRIBUTE)


def stating(one: MeasureSet, area: str) -> bool:
    """Whether a payer states an area, for whomever."""
    return getattr(one, area) is not None or area in one.withheld


def terms(one: MeasureSet, area: str) -> tuple[Term, ...]:
    """Its terms in an area, the area itself first; without a record where that is withheld."""
    if not stating(one, area):
        return ()
    told = getattr(one, area)
    at = one.where.get(area, one.place)
    whole = told if not isinstance(told, tuple) else None
    head = Term(area, one.payer, area, area, whole, area, at)
    return (head, *(_TERMS[area](one, told) if told is not None else ()))


def named_terms(sets: Iterable[MeasureSet]) -> dict[str, Term]:
    """Every term of every area, by `payer/id`."""
    found = (one for own in sets for area in OTHER_AREAS for one in terms(own, area))
    return {one.ref: one for one in found}


def _named(area: str, one: MeasureSet, found: Iterable[tuple[str, str, Any]]) -> Iterator[Term]:
    """Terms by their matter: of one that stands twice, each is numbered in the order given."""
    seen: dict[str, int] = {}
    for name, title, record in found:
        seen[name] = seen.get(name, 0) + 1
        number = f" {seen[name]}" if seen[name] > 1 else ""
        matter = f"{area}/{name}"
        own = f"{matter} of {one.payer}" if name == "other" else matter
        yield Term(area, one.payer, f"{matter}{number}", title, record, own)


def _payment(one: MeasureSet, told: Payment) -> Iterator[Term]:
    streams = sorted(told.streams or (), key=_saying)
    return _named("payment", one, ((str(s.kind), str(s.kind), s) for s in streams))


def _feedback(one: MeasureSet, told: tuple[Feedback, ...]) -> Iterator[Term]:
    found = sorted(told, key=_saying)
    return _named("feedback", one, ((_level(f), _level(f), f) for f in found))


def _saying(record: Any) -> tuple[str, ...]:
    """An order of records made of what is seen of them; no set has a part in it as it happens."""
    cls: type = type(record)
    said = (repr(getattr(record, info.name)) for info in declared(cls).values())
    return (*said, *sorted(record.withheld))


def _level(one: Feedback) -> str:
    return " ".join(str(one.level).lower().split())


def _convening(one: MeasureSet, told: Convening) -> Iterator[Term]:  # noqa: ARG001
    return iter(())


def _participation(one: MeasureSet, told: tuple[Criterion, ...]) -> Iterator[Term]:
    names = [c.id or "-".join(words(str(c.title)))[:60] or "criterion" for c in told]
    given: set[str] = set()
    for name, criterion in zip(names, told, strict=True):
        own = name
        if name in given:  # numbered, but for what is somebody's name already
            numbered = (f"{name} {number}" for number in count(2))
            own = next(one for one in numbered if one not in given and one not in names)
        given.add(own)
        yield Term(
            "participation", one.payer, f"participation/{own}", str(criterion.title), criterion
        )


_TERMS: Final[Mapping[str, Callable[[MeasureSet, Any], Iterator[Term]]]] = {
    "convening": _convening,
    "participation": _participation,
    "payment": _payment,
    "feedback": _feedback,
}


def shown(info: Info, value: Any) -> str:
    """A value as people read it: flags are yes or no."""
    if info.kind is Kind.FLAG:
        return {"true": "yes", "false": "no"}[value]
    return stated(value)
