"""What a core of measures is to be: how large, asked by how many, about what and whom, by when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from harmonize.fields import Kind, declared, said
from harmonize.measures import Measure
from harmonize.problems import NOWHERE, Place
from harmonize.sets import MeasureSet
from harmonize.values import Duration, Share

POPULATIONS: Final = ("children", "adults", "older adults", "women")
TYPES: Final = declared(Measure)["measure_type"].choices
PAYER_TYPES: Final = declared(MeasureSet)["payer_type"].choices
ASKED_BY: Final = 2  # without a wish, a core is what two payers already share
TOPPED_OUT_AT: Final = Fraction(95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain that the core is to hold measures of."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    domain: str | None = said(Kind.LINE, "A domain, as the report names it.", required=True)
    at_least: int | None = said(Kind.LIMIT, "So many measures of it. Default: 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """People whom measures of the core are to be about."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    population: str | None = said(
        Kind.CHOICE, "Whom the measures count.", choices=POPULATIONS, required=True
    )
    at_least: int | None = said(Kind.LIMIT, "So many measures about them. Default: 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """Types of which the core is to hold measures; of several, any will do."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    type: tuple[str, ...] | None = said(
        Kind.CHOICES, "A type of measure, or several of which any will do.", choices=TYPES,
        required=True,
    )  # fmt: skip
    at_least: int | None = said(Kind.LIMIT, "So many measures of it. Default: 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A measure that has to be in the core."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    measure: str | None = said(
        Kind.LINE, "A concept by its id, payer/id, or system:number such as cbe:0018.",
        required=True,
    )  # fmt: skip
    because: str | None = said(Kind.LINE, "Why, such as the law that asks for it.", required=True)
    asked_by: int | None = said(
        Kind.LIMIT, "For this measure, so many payers are enough. Default: as for the others."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A measure that may not be in the core."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    measure: str | None = said(
        Kind.LINE, "A concept by its id, payer/id, or system:number.", required=True
    )
    because: str | None = said(Kind.LINE, "Why not.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """How long before payers have to be told what changes: one, those of a type, or all."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    time: Duration | None = said(Kind.DURATION, "How long, such as 12 months.", required=True)
    payer: str | None = said(Kind.LINE, "Only for this payer.")
    payer_type: str | None = said(Kind.CHOICE, "Only for payers of this type.", choices=PAYER_TYPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What makes our score of a measure, in points; what is not stated is as we have it."""

    payer: int | None = said(Kind.LIMIT, "For each payer that asks. Default: 10.")
    major: int | None = said(Kind.LIMIT, "Less for each open major difference. Default: 2.")
    minor: int | None = said(Kind.LIMIT, "Less for each open minor difference. Default: 1.")
    topped_out: Share | None = said(
        Kind.RATE, "What a topped-out measure counts of its points. Default: 50%."
    )
    marks: int | None = said(
        Kind.LIMIT, "For each point of a work group's mean mark, 0 to 3. Default: 0."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """All that is wished of a core; `from_` is the day from which it is to hold."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    at_most: int | None = said(Kind.LIMIT, "At most so many measures.")
    asked_by: int | None = said(Kind.LIMIT, "So many payers ask for each. Default: 2.")
    smallest: str | None = said(
        Kind.FLAG, "true: as few measures as meet the rest, and only then the highest score."
    )
    domains: tuple[Domain, ...] | None = said(
        Kind.RECORDS, "Domains of which there are to be measures.", record=Domain,
        shorthand="domain",
    )  # fmt: skip
    populations: tuple[Population, ...] | None = said(
        Kind.RECORDS, "People whom measures are to be about.", record=Population,
        shorthand="population",
    )  # fmt: skip
    types: tuple[Type, ...] | None = said(
        Kind.RECORDS, "Types of which there are to be measures.", record=Type, shorthand="type"
    )
    required: tuple[Required, ...] | None = said(
        Kind.RECORDS, "Measures that have to be in it.", record=Required
    )
    excluded: tuple[Excluded, ...] | None = said(
        Kind.RECORDS, "Measures that may not be in it.", record=Excluded
    )
    from_: str | None = said(Kind.DATE, "The day from which it is to hold, YYYY-MM-DD.")
    notice: tuple[Notice, ...] | None = said(
        Kind.RECORDS, "How long before payers have to be told.", record=Notice, shorthand="time"
    )
    topped_out_at: Share | None = said(
        Kind.RATE, "The rate at which a measure is topped out. Default: 95%."
    )
    weights: Weights | None = said(Kind.RECORD, "What makes the score.", record=Weights)

    def place_of(self, key: str, own: Mapping[str, Place], name: str = "") -> Place:
        """Where a part of a wish stands; where its list does, if it is a word alone."""
        return own.get(name) or own.get("") or self.where.get(key) or self.where.get("", NOWHERE)


NO_WISH: Final = Wish()


@dataclass(frozen=True, slots=True)
class Points:
    """What makes our score, every part of it as a number."""

    payer: int
    major: int
    minor: int
    topped_out: Fraction
    marks: int


def points(wish: Wish) -> Points:
    """The weights as they hold: those that are stated, else ours."""
    own = wish.weights or Weights()
    share = own.topped_out.number / 100 if own.topped_out else Fraction(1, 2)
    return Points(
        payer=10 if own.payer is None else own.payer,
        major=2 if own.major is None else own.major,
        minor=1 if own.minor is None else own.minor,
        topped_out=share,
        marks=own.marks or 0,
    )


def notice_of(wish: Wish, one: MeasureSet) -> Duration | None:
    """How long before a payer has to be told: said of it, else of its type, else of all."""
    own = wish.notice or ()
    ways = (
        [n for n in own if n.payer == one.payer],
        [n for n in own if n.payer is None and n.payer_type and n.payer_type == one.payer_type],
        [n for n in own if n.payer is None and n.payer_type is None],
    )
    times = next(([n.time for n in way if n.time] for way in ways if way), [])
    return max(times, key=lambda t: (t.days, t.text), default=None)
