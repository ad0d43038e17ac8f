"""The nouns: what a payer asks for, each field declared once, and nothing about reading or showing.

A field's declaration (`Info`) is read by the reader, the JSON Schema, the divergence and the
redaction; nothing about a field is said anywhere else.  `None` always means *not stated*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from harmonize.problems import Place
from harmonize.values import Ages, Count, Duration, Nothing, Share, Text, Threshold


class Kind(StrEnum):
    """What sort of value a field holds; every reader, schema and comparison is a row per kind."""

    LINE = "line"  # one short text
    TEXT = "text"  # free text, compared by its words
    LINES = "lines"  # a list of texts; a single text is a list of one
    CHOICE = "choice"  # one word of a closed vocabulary
    CHOICES = "choices"  # alternatives from a closed vocabulary
    FLAG = "flag"  # true or false
    AGES = "ages"
    THRESHOLD = "threshold"
    DURATION = "duration"
    COUNT = "count"
    SHARE = "share"  # 10% or 3x
    RATE = "rate"  # a percentage, or text
    YEAR = "year"
    DATE = "date"
    IDS = "ids"  # identifier system -> identifiers
    FIELDS = "fields"  # names of fields of a measure
    VISIBILITY = "visibility"  # field or area -> who may see it
    SLUG = "slug"
    RECORD = "record"  # a map of its own fields
    RECORDS = "records"  # a list of such maps


class Role(StrEnum):
    """What a field is for."""

    IDENTITY = "identity"  # names the thing
    EVIDENCE = "evidence"  # helps to tell whether two things are the same
    ATTRIBUTE = "attribute"  # how the thing is asked for: compared, never a reason to part
    PROVENANCE = "provenance"  # where it comes from and who may see it


@dataclass(frozen=True, slots=True)
class Info:
    """One field as declared.

    `dimension` is the CMS harmonization dimension (MMS Hub, "Measure harmonization"), or our own
    word where CMS has none.  `severity` is that of a difference.  `none` says whether "there is
    none" makes sense.  `text` says whether words outside the grammar are kept as text.  A
    `sensitive` field is never quoted in a message; a `hidden` one is in no output.
    """

    kind: Kind
    help: str
    role: Role
    choices: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    dimension: str = ""
    severity: str = ""
    record: type | None = None
    shorthand: str = ""
    none: bool = False
    text: bool = False
    required: bool = False
    sensitive: bool = False
    hidden: bool = False
    name: str = ""


def said(kind: Kind, help: str, role: Role = Role.PROVENANCE, **more: Any) -> Any:  # noqa: A002
    """A declared field; its default is silence."""
    return field(default=None, metadata={"info": Info(kind=kind, help=help, role=role, **more)})


def asked(kind: Kind, help: str, dimension: str, severity: str, **more: Any) -> Any:  # noqa: A002
    """A declared field in which payers who mean the same measure may differ."""
    return said(kind, help, Role.ATTRIBUTE, dimension=dimension, severity=severity, **more)


@cache
def declared(cls: type) -> Mapping[str, Info]:
    """The declared fields of a record, by the key that the YAML uses."""
    found = {}
    for one in fields(cls):
        if "info" in one.metadata:
            info: Info = one.metadata["info"]
            name = one.name.rstrip("_")
            found[name] = Info(
                **{f.name: getattr(info, f.name) for f in fields(Info) if f.name != "name"},
                name=one.name,
            )
    return MappingProxyType(found)


NOWHERE: Final = Place("")
DATA_SOURCES: Final = (
    "claims", "ehr", "hybrid", "registry", "survey", "ecds", "chart", "hie", "vital records",
    "web interface",
)  # fmt: skip
LEVELS: Final = (
    "clinician", "practice", "aco", "health home", "plan", "hospital", "system", "state",
)  # fmt: skip
SYSTEMS: Final = ("cbe", "cms", "hedis", "mips", "cmit", "star")
AUDIENCES: Final = ("public", "participants", "withheld")
FREE: Final = ("id", "title", "notes", "source", "name", "payer")  # "none" is just a word here
SLUG: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*"
# Columns of the CSV views: a payer may not be called by one of them.
RESERVED: Final = (
    "attribute", "cause", "concept", "confidence", "could_use", "counted", "decision", "differs",
    "dimension", "domain", "family", "figure", "label", "measure", "measure_a", "measure_b", "note",
    "of", "payer", "payer_a", "payer_b", "payers", "question", "reason", "relation", "role",
    "severity", "silent", "source", "sources", "title", "title_a", "title_b", "unit", "used_by",
    "value", "verdict",
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
    field where it stands; it is no part of what is asked.
    """

    payer: str
    minted: bool = False
    rate_of: str | None = None
    context: str | None = None
    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

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
    incentive: Incentive | None = said(
        Kind.RECORD, "What is paid; in no output.", record=Incentive, sensitive=True, hidden=True
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSet:
    """What one payer asks for in one programme and year; a *spec* is the file that it stands in."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

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
        Kind.VISIBILITY, "Field or area -> public, participants or withheld."
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
        return self.role in (None, "contract")

    @property
    def head(self) -> str:
        """Column head."""
        return self.short or self.payer

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.where.get("", NOWHERE)


AREAS: Final = ("measures", "convening", "participation", "payment", "feedback")
ATTRIBUTES: Final = tuple(k for k, info in declared(Measure).items() if info.role is Role.ATTRIBUTE)
HIDEABLE: Final = (
    *(k for k, i in declared(Measure).items() if k not in ("id", "title", "visibility")),
    *(a for a in AREAS if a != "measures"),
    "members",
    "notes",
    "sources",
)
