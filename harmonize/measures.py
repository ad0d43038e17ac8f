"""What a payer asks for: a measure and its rates, with every field that may be stated of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from harmonize.fields import DATA_SOURCES, Kind, Role, asked, declared, said
from harmonize.problems import NOWHERE, Place
from harmonize.values import Ages, Count, Duration, Nothing, Share, Text, Threshold

LEVELS: Final = (
    "clinician", "practice", "aco", "health home", "plan", "hospital", "system", "state",
)  # fmt: skip
SYSTEMS: Final = ("cbe", "cms", "hedis", "mips", "cmit", "star")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a payer wants to see reached."""

    value: Share | Text | Nothing | None = said(Kind.RATE, "The rate to reach.", text=True)
    basis: str | None = said(
        Kind.CHOICE, "How it is judged.", choices=("attainment", "improvement", "gap closure")
    )

    @property
    def text(self) -> str:
        """The target as one text."""
        return " ".join(filter(None, (getattr(self.value, "text", ""), self.basis)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Incentive:
    """What is paid for a measure."""

    amount: str | None = said(Kind.LINE, "Amount, with its currency.", sensitive=True)
    per: str | None = said(Kind.LINE, "What it is paid for.", sensitive=True)

    @property
    def text(self) -> str:
        """The incentive as one text."""
        return " per ".join(filter(None, (self.amount, self.per)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A published rate to be held against."""

    value: Share | Text | None = said(Kind.RATE, "The rate.", text=True)
    percentile: str | None = said(Kind.LINE, "Percentile of the distribution.")
    product: str | None = said(Kind.LINE, "Product line that it was taken from.")
    year: str | None = said(Kind.YEAR, "Year that it was taken from.")

    @property
    def text(self) -> str:
        """The benchmark as one text."""
        percentile = self.percentile and f"percentile {self.percentile}"
        parts = (getattr(self.value, "text", ""), percentile, self.product, self.year)
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """A rate that was reached; a result, never a difference in what is asked."""

    value: Share | Text | None = said(Kind.RATE, "The rate.", text=True)
    year: str | None = said(Kind.YEAR, "Year of the rate.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What one payer asks for: a printed measure, or one rate of it (`rate_of` is then set).

    `id` is what stands behind the payer's slug in `payer/id`; a rate's is `measure/rate`.
    `context` is the title of the measure that a rate belongs to.  `where` says for each stated
    field where it stands; it is no part of what is asked.  `withheld` names the fields that are
    stated and have been taken out for a reader who may not see them.
    """

    payer: str
    minted: bool = False
    rate_of: str | None = None
    context: str | None = None
    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    withheld: frozenset[str] = frozenset()

    id: str = said(Kind.LINE, "The payer's own id; minted from the title if absent.", Role.IDENTITY)
    title: str = said(
        Kind.LINE, "The title exactly as the payer prints it.", Role.IDENTITY, required=True
    )
    acronym: str | None = said(Kind.LINE, "Short name, such as CBP.", Role.IDENTITY)
    ids: Mapping[str, tuple[str, ...]] | None = said(
        Kind.IDS,
        "Identifiers by system (cbe, cms, hedis, mips, cmit, star, x-...).",
        Role.IDENTITY,
    )
    assigned: tuple[str, ...] | None = said(
        Kind.FIELDS, "Fields that we attached and the payer did not state."
    )
    follows: str | None = asked(
        Kind.LINE,
        "The specification that holds where the payer says no more.",
        "identification",
        "info",
    )
    part_of: str | None = said(
        Kind.LINE, "Measure that this is a part of: an id here, or an acronym.", Role.IDENTITY
    )
    part: str | None = said(
        Kind.CHOICE,
        "What kind of part this is.",
        Role.IDENTITY,
        choices=("rate", "stratum", "component", "collection type"),
    )
    any_of: tuple[str, ...] | None = said(
        Kind.LINES, "Measures of which the line accepts either.", Role.IDENTITY
    )
    steward: str | None = asked(Kind.LINE, "Who keeps the measure.", "identification", "info")
    version: str | None = asked(Kind.LINE, "Version of the measure.", "identification", "info")
    measure_type: str | None = asked(
        Kind.CHOICE,
        "Type of the measure.",
        "identification",
        "info",
        choices=(
            "structure", "process", "intermediate outcome", "outcome", "patient reported",
            "experience", "cost", "utilization", "efficiency", "composite",
        ),
    )  # fmt: skip
    domain: str | None = said(Kind.LINE, "Domain under which the payer lists it.", Role.EVIDENCE)
    condition: tuple[str, ...] | None = said(Kind.LINES, "Conditions.", Role.EVIDENCE)
    description: str | None = said(Kind.TEXT, "What the measure counts.", Role.EVIDENCE)
    scoring: str | None = asked(
        Kind.CHOICE,
        "How a score is made.",
        "calculation",
        "major",
        choices=("proportion", "ratio", "continuous variable", "cohort"),
    )
    scoring_unit: str | None = asked(
        Kind.LINE, "Unit of the score, such as per 100,000 member months.", "calculation", "major"
    )
    improvement_notation: str | None = asked(
        Kind.CHOICE,
        "Whether a higher or a lower score is better.",
        "direction",
        "major",
        choices=("increase", "decrease"),
    )
    ages: Ages | Text | None = asked(
        Kind.AGES, "Ages counted: 18-85, 18+, <18.", "denominator", "major", text=True
    )
    sex: str | None = asked(Kind.LINE, "Sex counted.", "denominator", "major")
    initial_population: str | None = asked(
        Kind.TEXT, "Who could be counted.", "denominator", "minor"
    )
    denominator: str | None = asked(Kind.TEXT, "Who is counted.", "denominator", "minor")
    denominator_exclusions: tuple[str, ...] | Nothing | None = asked(
        Kind.LINES, "Who is taken out.", "denominator exclusions", "major", none=True
    )
    denominator_exceptions: tuple[str, ...] | Nothing | None = asked(
        Kind.LINES, "Who may be taken out.", "denominator exceptions", "major", none=True
    )
    numerator: str | None = asked(Kind.TEXT, "What has to happen.", "numerator", "minor")
    numerator_exclusions: tuple[str, ...] | Nothing | None = asked(
        Kind.LINES, "Events that do not count.", "numerator exclusions", "major", none=True
    )
    events: Count | Text | None = asked(
        Kind.COUNT, "How often it has to happen.", "numerator", "major", text=True
    )
    combination: str | None = asked(
        Kind.LINE, "Which set of parts, such as a vaccine combination.", "numerator", "major"
    )
    threshold: Threshold | Text | Nothing | None = asked(
        Kind.THRESHOLD,
        "The cut: operator, value, unit.",
        "numerator",
        "major",
        none=True,
        text=True,
    )
    follow_up: Duration | Text | None = asked(
        Kind.DURATION, "Time in which the event has to happen.", "numerator", "major", text=True
    )
    lookback: Duration | Text | None = asked(
        Kind.DURATION, "Time before the period that counts.", "numerator", "major", text=True
    )
    measurement_period: str | None = asked(Kind.LINE, "The period measured.", "period", "minor")
    continuous_enrollment: Duration | Text | None = asked(
        Kind.DURATION, "How long a member has to be enrolled.", "denominator", "minor", text=True
    )
    data_source: tuple[str, ...] | None = asked(
        Kind.CHOICES,
        "Alternatives by which the data may be had.",
        "data source",
        "minor",
        choices=DATA_SOURCES,
        synonyms=(("administrative", "claims"),),
    )
    level: tuple[str, ...] | None = asked(
        Kind.CHOICES, "Who is measured.", "data source", "minor", choices=LEVELS
    )
    risk_adjusted: str | None = asked(
        Kind.FLAG, "Whether scores are risk adjusted.", "risk adjustment", "major"
    )
    stratified_by: tuple[str, ...] | Nothing | None = asked(
        Kind.LINES, "By what scores are stratified.", "calculation", "minor", none=True
    )
    minimum_denominator: Count | Text | None = asked(
        Kind.COUNT, "Fewest people for a score to count.", "calculation", "minor"
    )
    rates: "tuple[Measure, ...] | None" = asked(
        Kind.RECORDS, "Parts of the measure with what differs.", "calculation", "minor"
    )
    modified: str | Nothing | None = said(
        Kind.TEXT, "What the payer changed in the standard measure.", none=True
    )
    status: str | None = asked(
        Kind.CHOICE,
        "Standing of the measure in the set.",
        "programme",
        "info",
        choices=(
            "core", "menu", "mandatory", "voluntary", "provisional", "on deck", "monitoring",
            "retired",
        ),
    )  # fmt: skip
    use: tuple[str, ...] | None = asked(
        Kind.CHOICES,
        "What the score is used for.",
        "programme",
        "info",
        choices=("payment", "reporting", "public reporting", "monitoring", "gate", "care gap"),
    )
    weight: Share | None = asked(
        Kind.SHARE, "Share (10%) or multiplier (3x) in the score.", "programme", "info"
    )
    target: Target | Nothing | None = asked(
        Kind.RECORD,
        "What a payer wants to see reached.",
        "programme",
        "minor",
        record=Target,
        shorthand="value",
        none=True,
    )
    incentive: Incentive | None = asked(
        Kind.RECORD,
        "What is paid; in no output unless asked for.",
        "programme",
        "info",
        record=Incentive,
        sensitive=True,
        hidden=True,
    )
    benchmark: Benchmark | None = asked(
        Kind.RECORD,
        "A published rate to be held against.",
        "programme",
        "info",
        record=Benchmark,
        shorthand="value",
    )
    performance: Performance | None = said(
        Kind.RECORD, "A rate that was reached.", record=Performance, shorthand="value"
    )
    source: str | None = said(Kind.LINE, "Where this row was read.")
    visibility: Mapping[str, str] | None = said(Kind.VISIBILITY, "Who may see which field.")
    notes: str | None = said(Kind.TEXT, "Anything else.")

    @property
    def ref(self) -> str:
        """`payer/id`, by which people and files name it."""
        return f"{self.payer}/{self.id}"

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.where.get("", NOWHERE)

    def place_of(self, key: str) -> Place:
        """Where a field stands; the measure's own place if only it is known."""
        return self.where.get(key, self.place)

    def states(self, key: str) -> bool:
        """Whether the payer itself says something here, rather than we on its behalf."""
        assigned = self.assigned or ()
        return getattr(self, declared(Measure)[key].name) is not None and key not in assigned


def _measure_info() -> None:
    """A rate has a measure's fields: the record of `rates` is `Measure` itself."""
    one = next(f for f in fields(Measure) if f.name == "rates")
    info = one.metadata["info"]
    object.__setattr__(info, "record", Measure)


_measure_info()

ATTRIBUTES: Final = tuple(k for k, info in declared(Measure).items() if info.role is Role.ATTRIBUTE)
