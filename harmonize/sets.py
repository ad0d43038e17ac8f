"""A payer's measure set: the measures and the other areas of one programme and year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from harmonize.areas import NONE_WITHHELD, Convening, Criterion, Feedback, Payment
from harmonize.fields import Kind, Role, declared, said
from harmonize.measures import Measure
from harmonize.problems import NOWHERE, Place
from harmonize.values import Ages, Count, Text

SLUG: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*"
# Columns of the CSV views: a payer may not be called by one of them.
RESERVED: Final = (
    "agrees", "area", "attribute", "cause", "concept", "confidence", "conflict", "could_use",
    "counted", "decision", "differs", "dimension", "domain", "family", "figure", "label",
    "measure", "measure_a", "measure_b", "not_stated", "note", "of", "payer", "payer_a", "payer_b",
    "payers", "pull", "question", "rank", "reason", "relation", "role", "severity", "signal",
    "silent", "source", "sources", "title", "title_a", "title_b", "unit", "used_by", "value",
    "verdict",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A span of days, both included."""

    from_: str | None = said(Kind.DATE, "First day, YYYY-MM-DD.")
    to: str | None = said(Kind.DATE, "Last day, YYYY-MM-DD.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom a measure set could be about."""

    ages: Ages | Text | None = said(Kind.AGES, "Ages that the set covers.", text=True)
    sex: str | None = said(Kind.LINE, "Sex that the set covers.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that was read."""

    title: str | None = said(Kind.LINE, "Title of the document.")
    url: str | None = said(Kind.LINE, "Where it can be found.")
    retrieved: str | None = said(Kind.DATE, "When it was read, YYYY-MM-DD.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSet:
    """What one payer asks for in one programme and year; a *spec* is the file that it stands in."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    withheld: frozenset[str] = NONE_WITHHELD

    harmonize: str = said(Kind.LINE, "Format version: 1.", required=True)
    payer: str = said(Kind.SLUG, "Slug, unique in a comparison.", Role.IDENTITY, required=True)
    name: str | None = said(Kind.LINE, "Name of the payer programme.")
    short: str | None = said(Kind.LINE, "Column head.")
    organization: str | None = said(Kind.LINE, "Who stands behind several payers.")
    role: str | None = said(
        Kind.CHOICE,
        "References and internal lists are shown and never counted.",
        choices=("contract", "reference", "internal"),
    )
    payer_type: str | None = said(
        Kind.CHOICE,
        "Type of payer.",
        choices=(
            "medicare", "medicaid", "commercial", "employer", "marketplace", "state",
            "multi-payer",
        ),
    )  # fmt: skip
    line_of_business: str | None = said(Kind.LINE, "Line of business, such as medicaid mco.")
    contract_type: str | None = said(Kind.LINE, "Type of contract, such as primary care.")
    program: str | None = said(Kind.LINE, "Programme.")
    measurement_year: str | None = said(Kind.YEAR, "The year in which the care happens.")
    reporting_year: str | None = said(Kind.YEAR, "The year in which it is reported.")
    effective: Period | None = said(Kind.RECORD, "When it holds.", record=Period)
    region: str | None = said(Kind.LINE, "Where it holds.")
    scope: Scope | None = said(Kind.RECORD, "Whom the set could be about.", record=Scope)
    complete: str | None = said(Kind.FLAG, "false: absence from the list proves nothing.")
    status: str | None = said(
        Kind.CHOICE, "State of the list.", choices=("draft", "final", "retired")
    )
    follows: str | None = said(Kind.LINE, "The specification that holds where no more is said.")
    members: Count | Text | None = said(Kind.COUNT, "Members covered.")
    sources: tuple[Source, ...] | None = said(
        Kind.RECORDS, "Documents that were read.", record=Source
    )
    visibility: Mapping[str, str] | None = said(
        Kind.VISIBILITY,
        "Field (weight, payment.streams.amount), area (payment) or everything -> public, "
        "participants or withheld; or one of these for the whole file.",
    )
    extends: str | None = said(Kind.LINE, "Base that this file changes.")
    locked: tuple[str, ...] | None = said(Kind.FIELDS, "In a base: what no overlay may change.")
    notes: str | None = said(Kind.TEXT, "Anything else.")
    measures: tuple[Measure, ...] | None = said(
        Kind.RECORDS, "The measures.", Role.IDENTITY, record=Measure
    )
    convening: Convening | None = said(Kind.RECORD, "Who convenes, and how.", record=Convening)
    participation: tuple[Criterion, ...] | None = said(
        Kind.RECORDS, "What a practice must be or do.", record=Criterion
    )
    payment: Payment | None = said(Kind.RECORD, "How it pays.", record=Payment, sensitive=True)
    feedback: tuple[Feedback, ...] | None = said(
        Kind.RECORDS, "What data it gives back.", record=Feedback
    )

    @property
    def counted(self) -> bool:
        """Whether it is in the figures: references and internal lists are not."""
        return self.stands_as == "contract"

    @property
    def stands_as(self) -> str:
        """Its role; a list that states none is a contract."""
        return self.role or "contract"

    @property
    def is_partial(self) -> bool:
        """Whether it says that it is not the whole list; silence does not say so.

        A list that is withheld is not seen as a whole either.
        """
        return self.complete == "false" or "measures" in self.withheld

    @property
    def is_open(self) -> bool:
        """Whether it may ask for what is not seen: it is partial, or states no measures."""
        return self.is_partial or not self.measures

    @property
    def head(self) -> str:
        """Column head."""
        return self.short or self.payer

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.where.get("", NOWHERE)


AREAS: Final = ("measures", "convening", "participation", "payment", "feedback")
EVERYTHING: Final = "everything"  # what a mark names that holds wherever no nearer one does


def _within(cls: type, path: str) -> Iterator[tuple[str, str]]:
    """Each field of an area and of its records: its key, and the key behind those around it."""
    for name, info in declared(cls).items():
        if name not in ("id", "title"):
            yield name, f"{path}.{name}"
        if info.record:
            yield from _within(info.record, f"{path}.{name}")


_INSIDE: Final = tuple(
    pair
    for area in AREAS[1:]
    for pair in _within(declared(MeasureSet)[area].record or object, area)
)
HIDEABLE: Final = tuple(
    dict.fromkeys(
        (
            *(k for k in declared(Measure) if k not in ("id", "title", "visibility")),
            *AREAS,
            *("members", "notes", "sources"),
            *(name for name, _ in _INSIDE),
            *(path for _, path in _INSIDE),
            EVERYTHING,
        )
    )
)
