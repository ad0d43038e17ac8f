"""What a payer states beside its measures: how it convenes, admits, pays and reports back.

In every record `where` says where each field stands, and `withheld` names the fields that are
stated and have been taken out for a reader who may not see them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from harmonize.fields import DATA_SOURCES, Kind, Role, asked, said
from harmonize.problems import Place
from harmonize.values import Count, Duration, Nothing, Text


def _of(area: str) -> Any:
    """A declared field of an area; its dimension is the area."""

    def declare(kind: Kind, help: str, severity: str, **more: Any) -> Any:  # noqa: A002
        return asked(kind, help, area, severity, **more)

    return declare


# HCP-LAN APM framework, by the codes of the HL7 Da Vinci code system hcp-lan-apm-framework; the
# framework's category 1, fee for service without a link to quality, has no code there.
LAN: Final = ("1", "2A", "2B", "2C", "3A", "3B", "3N", "4A", "4B", "4C", "4N")


def step(category: str) -> int | None:
    """How far a HCP-LAN category is from fee for service, 1 to 4; `None` for those off the ladder.

    3N and 4N carry risk that hangs on no quality: they stand beside the steps, not on them.
    """
    return None if category.endswith("N") else int(category[0])


_convening, _participation, _payment, _feedback = map(
    _of, ("convening", "participation", "payment", "feedback")
)
_placed: Any = partial(field, default_factory=dict, compare=False, repr=False)
NONE_WITHHELD: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody at the table."""

    where: Mapping[str, Place] = _placed()
    withheld: frozenset[str] = NONE_WITHHELD
    who: str | None = said(Kind.LINE, "Name.", required=True)
    role: str | None = said(
        Kind.CHOICE,
        "As what.",
        choices=(
            "convener", "payer", "provider", "purchaser", "state", "federal", "consumer",
            "practice",
        ),
    )  # fmt: skip
    champion: str | None = said(Kind.FLAG, "Whether a champion of the initiative.")

    @property
    def text(self) -> str:
        """Who, as what, as one text."""
        champion = "champion" if self.champion == "true" else None
        told = ", ".join(filter(None, (self.role, champion)))
        return f"{self.who} ({told})" if told else str(self.who)


@dataclass(frozen=True, slots=True, kw_only=True)
class Convening:
    """Who brings the payers together, and how they decide."""

    where: Mapping[str, Place] = _placed()
    withheld: frozenset[str] = NONE_WITHHELD
    convener: str | None = _convening(Kind.LINE, "Who convenes.", "info")
    convener_is_payer: str | None = _convening(Kind.FLAG, "Whether the convener pays too.", "minor")
    roles: tuple[Participant, ...] | None = _convening(
        Kind.RECORDS, "Who sits at the table.", "info", record=Participant
    )
    authority: str | None = _convening(
        Kind.CHOICE,
        "By what right.",
        "minor",
        choices=("voluntary", "statute", "regulation", "contract"),
    )
    antitrust_protection: str | Nothing | None = _convening(
        Kind.LINE, "Protection under antitrust law.", "minor", none=True
    )
    decision_rule: str | None = _convening(
        Kind.CHOICE,
        "How decisions are taken.",
        "minor",
        choices=("consensus", "majority", "supermajority", "convener"),
    )
    facilitator: str | Nothing | None = _convening(Kind.LINE, "Who facilitates.", "info", none=True)
    practice_input: str | Nothing | None = _convening(
        Kind.LINE, "How practices are heard.", "minor", none=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What a practice must be or do to take part."""

    where: Mapping[str, Place] = _placed()
    withheld: frozenset[str] = NONE_WITHHELD
    id: str | None = said(Kind.LINE, "The payer's own id.")
    title: str | None = said(Kind.LINE, "The criterion as printed.", required=True)
    kind: str | None = said(
        Kind.CHOICE,
        "What it is about.",
        Role.EVIDENCE,
        choices=(
            "recognition", "practice type", "panel size", "ehr", "reporting", "staffing",
            "services", "other",
        ),
    )  # fmt: skip
    required: str | None = _participation(Kind.FLAG, "Whether it is a condition.", "major")
    detail: str | None = _participation(Kind.TEXT, "What exactly.", "minor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One way in which money flows."""

    where: Mapping[str, Place] = _placed()
    withheld: frozenset[str] = NONE_WITHHELD
    kind: str | None = said(
        Kind.CHOICE,
        "Form of payment.",
        required=True,
        choices=(
            "fee for service", "care management fee", "pay for reporting", "pay for performance",
            "shared savings", "downside risk", "bundle", "population-based", "other",
        ),
    )  # fmt: skip
    amount: str | None = _payment(
        Kind.LINE, "Amount, with its unit.", "info", sensitive=True, hidden=True
    )
    risk_adjusted: str | None = _payment(Kind.FLAG, "Whether it is risk adjusted.", "minor")
    quality_link: str | Nothing | None = _payment(
        Kind.LINE, "How it hangs on quality: gate, ladder, per gap, ...", "major", none=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How a payer pays; categories are those of the HCP-LAN APM framework, and 1."""

    where: Mapping[str, Place] = _placed()
    withheld: frozenset[str] = NONE_WITHHELD
    lan_categories: tuple[str, ...] | None = _payment(
        Kind.CHOICES,
        "HCP-LAN categories of the contract.",
        "major",
        choices=LAN,
        together=True,
    )
    streams: tuple[Stream, ...] | None = said(Kind.RECORDS, "How money flows.", record=Stream)
    attribution: str | None = _payment(Kind.LINE, "How patients are attributed.", "major")
    minimum_panel: Count | Text | None = _payment(
        Kind.COUNT, "Fewest attributed patients.", "minor"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What data a payer gives back."""

    where: Mapping[str, Place] = _placed()
    withheld: frozenset[str] = NONE_WITHHELD
    level: str | None = said(Kind.LINE, "Patient, practice, ...", required=True)
    cadence: str | None = _feedback(Kind.LINE, "How often.", "minor")
    format: str | None = _feedback(Kind.LINE, "In what form.", "info")
    lag: Duration | Text | None = _feedback(
        Kind.DURATION, "How old the data are.", "minor", text=True
    )
    data_source: tuple[str, ...] | None = _feedback(
        Kind.CHOICES,
        "What they are made from.",
        "minor",
        choices=DATA_SOURCES,
        synonyms=(("administrative", "claims"),),
    )
    attribution: str | None = _feedback(Kind.LINE, "How patients are attributed.", "major")
