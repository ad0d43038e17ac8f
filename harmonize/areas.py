"""What a payer states beside its measures: how it convenes, admits, pays and reports back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from harmonize.fields import DATA_SOURCES, Kind, said
from harmonize.problems import Place
from harmonize.values import Count, Duration, Nothing, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody at the table."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Convening:
    """Who brings the payers together, and how they decide."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    convener: str | None = said(Kind.LINE, "Who convenes.")
    convener_is_payer: str | None = said(Kind.FLAG, "Whether the convener pays too.")
    roles: tuple[Participant, ...] | None = said(
        Kind.RECORDS, "Who sits at the table.", record=Participant
    )
    authority: str | None = said(
        Kind.CHOICE,
        "By what right.",
        choices=("voluntary", "statute", "regulation", "contract"),
    )
    antitrust_protection: str | Nothing | None = said(
        Kind.LINE, "Protection under antitrust law.", none=True
    )
    decision_rule: str | None = said(
        Kind.CHOICE,
        "How decisions are taken.",
        choices=("consensus", "majority", "supermajority", "convener"),
    )
    facilitator: str | Nothing | None = said(Kind.LINE, "Who facilitates.", none=True)
    practice_input: str | Nothing | None = said(Kind.LINE, "How practices are heard.", none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What a practice must be or do to take part."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    id: str | None = said(Kind.LINE, "The payer's own id.")
    title: str | None = said(Kind.LINE, "The criterion as printed.", required=True)
    kind: str | None = said(
        Kind.CHOICE,
        "What it is about.",
        choices=(
            "recognition", "practice type", "panel size", "ehr", "reporting", "staffing",
            "services", "other",
        ),
    )  # fmt: skip
    required: str | None = said(Kind.FLAG, "Whether it is a condition.")
    detail: str | None = said(Kind.TEXT, "What exactly.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One way in which money flows."""

    kind: str | None = said(
        Kind.CHOICE,
        "Form of payment.",
        required=True,
        choices=(
            "fee for service", "care management fee", "pay for reporting", "pay for performance",
            "shared savings", "downside risk", "bundle", "population-based", "other",
        ),
    )  # fmt: skip
    amount: str | None = said(Kind.LINE, "Amount, with its unit.", sensitive=True, hidden=True)
    risk_adjusted: str | None = said(Kind.FLAG, "Whether it is risk adjusted.")
    quality_link: str | Nothing | None = said(Kind.LINE, "How it hangs on quality.", none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How a payer pays; categories are those of the HCP-LAN APM framework, and 1."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    lan_categories: tuple[str, ...] | None = said(
        Kind.CHOICES,
        "HCP-LAN categories of the contract.",
        choices=("1", "2A", "2B", "2C", "3A", "3B", "3N", "4A", "4B", "4C", "4N"),
    )
    streams: tuple[Stream, ...] | None = said(Kind.RECORDS, "How money flows.", record=Stream)
    attribution: str | None = said(Kind.LINE, "How patients are attributed.")
    minimum_panel: Count | Text | None = said(Kind.COUNT, "Fewest attributed patients.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What data a payer gives back."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    level: str | None = said(Kind.LINE, "Patient, practice, ...", required=True)
    cadence: str | None = said(Kind.LINE, "How often.")
    format: str | None = said(Kind.LINE, "In what form.")
    lag: Duration | Text | None = said(Kind.DURATION, "How old the data are.", text=True)
    data_source: tuple[str, ...] | None = said(
        Kind.CHOICES,
        "What they are made from.",
        choices=DATA_SOURCES,
        synonyms=(("administrative", "claims"),),
    )
    attribution: str | None = said(Kind.LINE, "How patients are attributed.")
