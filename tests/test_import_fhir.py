"""FHIR Measures as they are published, with the traps of the published ones, in made-up words."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import KNOWN
from mutations import ANY_JSON, mutated

from harmonize.importers.fhir import FhirWanted, read_fhir
from harmonize.measures import Measure
from harmonize.problems import SpecError
from harmonize.reading.specs import read_root
from harmonize.sets import MeasureSet
from harmonize.trees import Imported, Items, Pairs, Scalar, Source
from harmonize.values import NOTHING

REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "fhir"
BASE = "http://example.org/somewhere/StructureDefinition"
CMS_ID = "https://madie.example.org/measure/cmsId"
OTHERS = "the initial population says"
SCREENED = "People 30-60 years of age by the end of the measurement period with a visit"


def coded(name: str, code: str, display: str = "", base: str = BASE) -> dict[str, Any]:
    """An extension that holds a code."""
    coding = {"system": "urn:made-up", "code": code, "display": display or code}
    return {"url": f"{base}/cqfm-{name}", "valueCodeableConcept": {"coding": [coding]}}


def plain(name: str, code: str) -> dict[str, Any]:
    """An extension that holds a bare code."""
    return {"url": f"{BASE}/cqfm-{name}", "valueCode": code}


def people(code: str, told: str | None = None) -> dict[str, Any]:
    """A population; its criteria name a definition and are no logic."""
    found: dict[str, Any] = {
        "code": {"coding": [{"system": "urn:made-up", "code": code}]},
        "criteria": {"language": "text/cql-identifier", "expression": "Some Definition"},
    }
    return found if told is None else {**found, "description": told}


def identifier(value: str, system: str = CMS_ID, kind: str = "publisher") -> dict[str, Any]:
    """An identifier with its system and its type."""
    return {"system": system, "value": value, "type": {"coding": [{"code": kind}]}}


POPULATIONS = [
    people("initial-population", SCREENED),
    people("denominator", "Equals Initial Population"),
    people("denominator-exclusion", "In a hospice"),
    people("numerator", "Asked about sleep"),
]
EXTENSIONS = [
    coded("scoring", "proportion", "Proportion"),
    plain("populationBasis", "boolean"),
    coded("type", "process", "Process"),
    plain("rateAggregation", "None"),
    coded("improvementNotation", "increase", "Increased score indicates improvement"),
]


def group(*populations: dict[str, Any], **over: Any) -> dict[str, Any]:
    """A group as it is published."""
    given_ = list(populations) or POPULATIONS
    return {"id": "Group_1", "extension": EXTENSIONS, "population": given_, **over}


def made(**over: Any) -> dict[str, Any]:
    """A Measure of which only what matters differs."""
    return {
        "resourceType": "Measure",
        "identifier": [
            identifier("CMS900FHIR", "https://madie.example.org/measure/shortName", "short-name"),
            identifier("urn:uuid:0", "urn:ietf:rfc:3986", "version-independent"),
            identifier("900FHIR"),
        ],
        "name": "CMS900FHIRSleep",
        "title": "Asking about  SleepFHIR",
        "version": "0.1.000",
        "status": "active",
        "publisher": "Made-up Steward",
        "description": "Percentage of people 30-60 years of age who were asked about sleep",
        "effectivePeriod": {"start": "2026-01-01", "end": "2026-12-31"},
        "copyright": "(c) Made-up Steward. Noncommercial use.",
        "purpose": "UNKNOWN",
        "group": [group()],
        **over,
    }


def source(value: Any, name: str = "a.json") -> Source:
    """A file that holds a value."""
    return Source(name, json.dumps(value, indent=1).encode())


def imported(*values: Any, texts: bool = True) -> Imported:
    """What comes of the files `0.json`, `1.json` and so on."""
    files = tuple(source(value, f"{at}.json") for at, value in enumerate(values))
    return read_fhir(files, FhirWanted("ecqm", KNOWN, texts=texts))


def read(*values: Any, texts: bool = True) -> MeasureSet:
    """The one list that comes of it, as the reader of specs reads it."""
    (root,) = imported(*values, texts=texts).specs
    found, problems = read_root(root)
    assert problems == ()
    return found


def one(texts: bool = True, **over: Any) -> Measure:
    """The one measure that comes of a Measure."""
    measures = read(made(**over), texts=texts).measures
    assert measures is not None
    return measures[0]


def node(root: Pairs, *path: str | int) -> Any:
    """What stands at a path of a tree."""
    found: Any = root
    for step in path:
        found = found.items[step] if isinstance(found, Items) else found.get(step)
    return found


def warned(*values: Any) -> list[str]:
    """Warnings as `code message`."""
    return [f"{p.code} {p.message}" for p in imported(*values).warnings]


def told(*files: Source) -> list[str]:
    """Errors as lines."""
    with pytest.raises(SpecError) as caught:
        read_fhir(files, FhirWanted("ecqm", KNOWN))
    return [str(problem) for problem in caught.value.problems]


# --- one Measure --------------------------------------------------------------------------------


def test_a_measure_as_it_is_published() -> None:
    found = read(made())
    assert (found.payer, found.measurement_year, found.status) == ("ecqm", "2026", "final")
    assert found.effective is not None
    assert (found.effective.from_, found.effective.to) == ("2026-01-01", "2026-12-31")
    (measure,) = found.measures or ()
    assert (measure.id, measure.title) == ("CMS900", "Asking about Sleep")
    assert measure.ids == {"cms": ("CMS900",)}
    assert (measure.steward, measure.version) == ("Made-up Steward", "0.1.000")
    assert (measure.scoring, measure.scoring_unit) == ("proportion", "patients")
    assert (measure.measure_type, measure.improvement_notation) == ("process", "increase")
    assert measure.initial_population == SCREENED
    assert measure.denominator == SCREENED
    assert measure.denominator_exclusions == ("In a hospice",)
    assert measure.numerator == "Asked about sleep"
    assert measure.measurement_period == "calendar year"
    assert measure.source == "0.json"
    assert measure.rates is None


def test_the_published_title_and_the_notice_stay_beside_it() -> None:
    assert one().notes == (
        "Title as published: Asking about  SleepFHIR\nCopyright: (c) Made-up Steward. "
        "Noncommercial use."
    )
    assert one(title="Sleep", copyright=None).notes is None
    assert "Disclaimer: As is." in str(one(disclaimer="As is.").notes)


@pytest.mark.parametrize(
    ("published", "title"),
    [
        ("Asking about SleepFHIR", "Asking about Sleep"),
        ("Asking about Sleep FHIR ", "Asking about Sleep"),
        ("Asking  about\nSleep", "Asking about Sleep"),
        ("FHIR Readiness", "FHIR Readiness"),
        ("FHIR", "FHIR"),
    ],
)
def test_titles_are_cleaned(published: str, title: str) -> None:
    assert one(title=published).title == title


@pytest.mark.parametrize(
    ("value", "own", "cms"),
    [
        ("165FHIR", "CMS165", "CMS165"),
        ("CMS165FHIR", "CMS165", "CMS165"),
        ("2", "CMS2", "CMS2"),
        ("CMS0165v14", "CMS165", "CMS165v14"),
        ("sleep-7", "sleep-7", "sleep-7"),
    ],
)
def test_the_cms_number(value: str, own: str, cms: str) -> None:
    root = imported(made(identifier=[identifier(value)])).specs[0]
    assert node(root, "measures", 0, "id").text == own
    assert node(root, "measures", 0, "ids", "cms").text == cms


def test_identifiers_go_by_system_or_type_and_not_by_place() -> None:
    cbe = "https://madie.example.org/measure/cbeId"
    given_ = [
        identifier("0070e", cbe, "endorser"),
        identifier("3662e", "https://elsewhere.example.org/number", "endorser"),
        identifier("urn:uuid:1", "urn:ietf:rfc:3986", "version-specific"),
        identifier("900FHIR"),
    ]
    for order in (given_, given_[::-1]):
        assert one(identifier=order).ids == {"cbe": ("0070e", "3662e"), "cms": ("CMS900",)}


def test_a_measure_without_a_cms_number_goes_by_its_short_name() -> None:
    system = "https://madie.example.org/measure/shortName"
    nhsn = one(identifier=[identifier("NHSNSleep", system, "short-name")])
    assert (nhsn.id, nhsn.ids) == ("NHSNSleep", None)
    root = imported(made(identifier=[identifier("CMS9FHIR", system, "short-name")])).specs[0]
    assert node(root, "measures", 0, "ids", "cms") == Scalar(
        "CMS9", node(root, "measures", 0, "ids", "cms").place, remark="read from the short name "
        "CMS9FHIR"
    )  # fmt: skip
    assert one(identifier=None).id == "CMS900FHIRSleep"
    assert one(identifier=None, name="a\u202eb").id == "a-b"


@pytest.mark.parametrize(
    ("period", "year", "shown"),
    [
        (("2026-01-01", "2026-12-31"), "2026", "calendar year"),
        (("2026-01-01T00:00:00+00:00", "2026-12-31"), "2026", "calendar year"),
        (("2026-07-01", "2027-06-30"), None, "2026-07-01 to 2027-06-30"),
        (("2026-12-31", "2026-01-01"), None, None),
        (("2026-02-30", "2026-12-31"), None, None),
        (("2026", "2026"), None, None),
        ((None, "2026-12-31"), None, None),
    ],
)
def test_the_period(period: tuple[str, str], year: str | None, shown: str | None) -> None:
    found = read(made(effectivePeriod=dict(zip(("start", "end"), period, strict=True))))
    (measure,) = found.measures or ()
    assert (found.measurement_year, measure.measurement_period) == (year, shown)


def test_a_list_of_several_years_says_the_year_of_each() -> None:
    other = made(
        identifier=[identifier("901FHIR")],
        effectivePeriod={"start": "2025-01-01", "end": "2025-12-31"},
    )
    found = read(made(), other)
    assert (found.measurement_year, found.effective) == (None, None)
    assert [one.measurement_period for one in found.measures or ()] == [
        "2026-01-01 to 2026-12-31",
        "2025-01-01 to 2025-12-31",
    ]


def test_a_status_that_not_all_share_stays_with_each() -> None:
    other = made(status="draft", identifier=[identifier("901FHIR")])
    found = read(made(), other)
    assert found.status is None
    first, second = found.measures or ()
    assert "FHIR status: active" in str(first.notes)
    assert "FHIR status: draft" in str(second.notes)
    assert read(made(status="draft")).status == "draft"
    assert read(made(status="unknown")).status is None


# --- codes --------------------------------------------------------------------------------------


def test_the_scoring_of_the_group_wins_over_that_of_the_measure() -> None:
    whole = {"coding": [{"code": "ratio"}]}
    assert one(scoring=whole).scoring == "proportion"
    assert one(scoring=whole, group=[group(extension=[])]).scoring == "ratio"


def test_a_measure_without_groups_says_what_it_says_as_a_whole() -> None:
    whole = {"coding": [{"code": "decrease", "display": "Decreased score is better"}]}
    measure = one(group=None, scoring={"coding": [{"code": "ratio"}]}, improvementNotation=whole)
    assert (measure.scoring, measure.improvement_notation) == ("ratio", "decrease")
    assert (measure.rates, measure.numerator) == (None, None)


@pytest.mark.parametrize("base", ["http://a.example.org/x", "https://b.example.org/crmi/2.0"])
def test_extensions_are_known_by_the_end_of_their_address(base: str) -> None:
    given_ = [coded("scoring", "continuous-variable", base=base), coded("type", "outcome")]
    measure = one(group=[group(extension=given_)])
    assert (measure.scoring, measure.measure_type) == ("continuous variable", "outcome")


def test_the_elements_of_a_later_edition_are_read_too() -> None:
    later = group(
        extension=[],
        scoring={"coding": [{"code": "proportion"}]},
        type=[{"coding": [{"code": "patient-reported-outcome"}]}],
        improvementNotation={"coding": [{"code": "decrease"}]},
        populationBasis="Encounter",
    )
    measure = one(group=[later])
    assert (measure.scoring, measure.scoring_unit) == ("proportion", "encounters")
    assert (measure.measure_type, measure.improvement_notation) == ("patient reported", "decrease")


def test_a_basis_is_the_unit_of_a_share_and_a_note_of_other_scores() -> None:
    ratio = [coded("scoring", "ratio"), plain("populationBasis", "Encounter")]
    measure = one(group=[group(extension=ratio)])
    assert measure.scoring_unit is None
    assert "Population basis: Encounter" in str(measure.notes)


def test_an_aggregation_that_is_none_is_no_aggregation() -> None:
    assert "aggregation" not in str(one().notes)
    given_ = [*EXTENSIONS[:3], plain("rateAggregation", "Weighted")]
    assert "Rate aggregation: Weighted" in str(one(group=[group(extension=given_)]).notes)


def test_a_code_that_the_format_has_no_word_for_is_left_out_and_told() -> None:
    given_ = [coded("scoring", "magic"), coded("improvementNotation", "sideways")]
    value = made(group=[group(extension=given_)])
    measure = read(value).measures
    assert measure is not None
    assert (measure[0].scoring, measure[0].improvement_notation) == (None, None)
    first, second = warned(value)
    assert first.startswith("HZ456 CMS900: 'scoring' is 'magic', left out: the format knows prop")
    assert second.startswith("HZ456 CMS900: 'improvement_notation' is 'sideways'")


# --- direction ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "display", "conflict"),
    [
        ("increase", "increase", ""),
        ("increase", "Increased score indicates improvement", ""),
        ("decrease", "decrease", ""),
        ("decrease", "", ""),
        ("decrease", "increase", "'increase'"),
        ("decrease", "Increased score indicates improvement", "'increase'"),
        ("increase", "Decreased score indicates improvement", "'decrease'"),
        ("increase", "increase or decrease", ""),
    ],
)
def test_the_direction_is_the_code_and_never_guessed(
    code: str, display: str, conflict: str
) -> None:
    value = made(group=[group(extension=[coded("improvementNotation", code, display)])])
    measures = read(value).measures
    assert measures is not None
    assert measures[0].improvement_notation == code
    if conflict:
        (warning,) = warned(value)
        assert warning == (
            f"HZ453 CMS900: direction-conflict: the code says {code!r}, its words say {conflict}; "
            "the code was taken, the steward knows"
        )
        assert imported(value).warnings[0].place.line > 1
    else:
        assert warned(value) == []


def test_a_direction_that_only_words_state_is_not_stated() -> None:
    words = {"url": f"{BASE}/cqfm-improvementNotation", "valueCodeableConcept": {"text": "higher"}}
    assert one(group=[group(extension=[words])]).improvement_notation is None


def test_a_group_and_its_measure_may_contradict_each_other() -> None:
    value = made(improvementNotation={"coding": [{"code": "decrease"}]})
    (warning,) = warned(value)
    assert "the code says 'increase', the Measure as a whole says 'decrease'" in warning


def test_directions_are_checked_across_sources_that_share_an_id() -> None:
    down = [*EXTENSIONS[:4], coded("improvementNotation", "decrease")]
    later = made(
        version="0.2.000",
        group=[group(extension=down)],
        effectivePeriod={"start": "2027-01-01", "end": "2027-12-31"},
    )
    (warning,) = imported(made(), later).warnings
    assert (warning.code, warning.place.file) == ("HZ454", "1.json")
    assert "CMS900: direction-conflict: 'decrease' here, 'increase' in 0.json:" in warning.message
    assert warned(made(), made(version="0.2.000"))[0].startswith("HZ208")  # the same direction


# --- populations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    ["Equals Initial Population", "equals initial population ", "Equals\nInitial Population."],
)
def test_a_denominator_that_equals_the_initial_population_says_what_that_says(told: str) -> None:
    populations = [people("denominator", told), people("initial-population", SCREENED)]
    root = imported(made(group=[group(*populations)])).specs[0]
    denominator = node(root, "measures", 0, "denominator")
    assert denominator.text == SCREENED
    assert denominator.remark.startswith("stands there as: ")


def test_a_reference_to_nothing_is_nothing() -> None:
    circle = [
        people("denominator", "Equals Initial Population"),
        people("initial-population", "Equals Denominator"),
    ]
    assert (
        one(group=[group(people("denominator", "Equals Initial Population"))]).denominator is None
    )
    assert one(group=[group(*circle)]).denominator is None
    kept = "Equals Initial Population with a second visit"
    assert one(group=[group(people("denominator", kept))]).denominator == kept


@pytest.mark.parametrize("told", [None, "None", "none.", "N/A", "n/a ", "", "  ", "Not Applicable"])
def test_text_that_says_nothing_is_absent_and_not_the_word_none(told: str | None) -> None:
    codes = ("denominator-exclusion", "denominator-exception", "numerator-exclusion", "numerator")
    measure = one(group=[group(*(people(code, told) for code in codes))], description=told)
    assert measure.denominator_exclusions is None
    assert measure.denominator_exclusions is not NOTHING
    assert measure.denominator_exceptions is None
    assert measure.numerator_exclusions is None
    assert measure.numerator is None
    assert measure.description is None


def test_exclusions_exceptions_and_numerator_exclusions_are_three_things() -> None:
    populations = [
        people("denominator-exclusion", "Out"),
        people("denominator-exception", "May be out"),
        people("numerator-exclusion", "Does not count"),
        people("denominator-exclusion", "Out too"),
    ]
    measure = one(group=[group(*populations)])
    assert measure.denominator_exclusions == ("Out", "Out too")
    assert measure.denominator_exceptions == ("May be out",)
    assert measure.numerator_exclusions == ("Does not count",)


def test_a_measure_population_is_the_denominator_of_a_continuous_variable() -> None:
    populations = [
        people("measure-population", "Visits"),
        people("measure-population-exclusion", "Short visits"),
        people("measure-observation", "Minutes"),
    ]
    measure = one(group=[group(*populations)])
    assert (measure.denominator, measure.denominator_exclusions) == ("Visits", ("Short visits",))
    assert measure.numerator is None


def test_no_logic_is_claimed_and_value_sets_are_left_out() -> None:
    library = {
        "resourceType": "Library",
        "relatedArtifact": [{"type": "depends-on", "resource": "http://example.org/ValueSet/1"}],
    }
    tree = str(imported(made(contained=[library])).specs[0])
    assert "Some Definition" not in tree
    assert "ValueSet" not in tree
    assert "UNKNOWN" not in tree


def test_long_text_is_never_cut() -> None:
    assert one(description="word " * 4000).description == ("word " * 4000).strip()


def test_without_texts_only_facts_come_along() -> None:
    measure = one(texts=False)
    fields = ("description", "initial_population", "denominator", "numerator")
    assert [getattr(measure, name) for name in fields] == [None] * 4
    assert measure.denominator_exclusions is None
    assert measure.notes == "Title as published: Asking about  SleepFHIR"
    assert str(getattr(measure.ages, "text", "")) == "30-60"


# --- ages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "initial", "ages", "remark"),
    [
        (
            "Women 40-74 years of age",
            "Women 40-74 years of age by the end of the measurement period",
            "40-74",
            'read from the description: "40-74 years of age"',
        ),
        (
            "Women 40-74 years of age",
            "Women 42-74 years of age by the end of the measurement period",
            "40-74",
            f'read from the description: "40-74 years of age"; {OTHERS} "42-74 years of age"',
        ),
        (
            "People with a visit",
            "People aged 12 years and older",
            "12+",
            'read from the initial population: "aged 12 years and older"',
        ),
        (
            "Women 21-64 years of age: aged 21-64 by cytology, age 30-64 by test",
            "",
            "21-64",
            'read from the description: "21-64 years of age"',
        ),
        ("People of all ages", "Whoever had a visit within 30-60 days", "", ""),
    ],
)
def test_ages_are_inferred_and_marked(
    description: str, initial: str, ages: str, remark: str
) -> None:
    value = made(description=description, group=[group(people("initial-population", initial))])
    found = node(imported(value).specs[0], "measures", 0, "ages")
    assert (found.text if found else "", found.remark if found else "") == (ages, remark)


def test_ages_at_the_start_of_the_period_are_told_so() -> None:
    start = "People aged 12 years and older at the beginning of the measurement period"
    value = made(description="", group=[group(people("initial-population", start))])
    found = node(imported(value).specs[0], "measures", 0, "ages")
    assert (node(found, "min").text, node(found, "as_of").text) == ("12", "start")
    assert node(found, "min").remark == (
        'read from the initial population: "aged 12 years and older"'
    )
    beside = made(description="aged 12 years and older", group=value["group"])
    ages = node(imported(beside).specs[0], "measures", 0, "ages")
    assert ages.remark.endswith("the initial population counts it at the start of the period")


def test_ages_that_disagree_are_a_warning() -> None:
    value = made(description="People 30-61 years of age")
    (warning,) = warned(value)
    assert warning == (
        "HZ455 CMS900: the description says '30-61 years of age', the initial population "
        "'30-60 years of age'; the description's ages were taken"
    )
    several = made(description="Adolescents 12 to 17 years of age and adults 18 years or older")
    assert warned(several)[0].startswith(
        "HZ455 CMS900: the description names several ages, none was taken: 12 to 17 years of age"
    )
    assert node(imported(several).specs[0], "measures", 0, "ages") is None


# --- several groups -----------------------------------------------------------------------------


def test_groups_are_rates_and_what_all_state_alike_is_said_once() -> None:
    first = group(
        people("initial-population", SCREENED),
        people("denominator", "Equals Initial Population"),
        people("numerator", "Asked within 84 days"),
        description="84 days",
    )
    second = group(
        people("initial-population", "People 30-40 years of age with a visit"),
        people("denominator", "Equals Initial Population"),
        people("numerator", "Asked within 180 days"),
        extension=[*EXTENSIONS[:4], coded("improvementNotation", "decrease")],
    )
    result = imported(made(group=[first, second]))
    assert "measures out: 1, their rates: 2, lists: 1" in result.counts
    found, problems = read_root(result.specs[0])
    assert problems == ()
    whole, one_, two = found.measures or ()
    assert (whole.id, one_.id, two.id) == ("CMS900", "CMS900/1", "CMS900/2")
    assert (one_.title, two.title) == ("84 days", "Rate 2")
    assert (whole.scoring, one_.scoring, two.scoring) == ("proportion",) * 3
    assert (whole.numerator, whole.improvement_notation) == (None, None)
    assert one_.numerator == "Asked within 84 days"
    assert (one_.improvement_notation, two.improvement_notation) == ("increase", "decrease")
    assert two.denominator == "People 30-40 years of age with a visit"
    assert [getattr(m.ages, "text", "") for m in (whole, one_, two)] == ["30-60", "30-60", "30-40"]
    rates = node(result.specs[0], "measures", 0, "rates")
    assert node(rates, 0, "scoring") is None


def test_strata_are_named() -> None:
    strata = [
        {"description": "Stratum 1: 30-40", "criteria": {"expression": "Stratification 1"}},
        {"code": {"text": "by sex"}},
        {"criteria": {"expression": "Stratification 3"}},
    ]
    assert one(group=[group(stratifier=strata)]).stratified_by == ("Stratum 1: 30-40", "by sex")


# --- files --------------------------------------------------------------------------------------


def test_a_bundle_a_list_and_a_folder() -> None:
    second = made(identifier=[identifier("901FHIR")])
    third = made(identifier=[identifier("902FHIR")])
    inner = {"resourceType": "Bundle", "entry": [{"resource": third}, {"fullUrl": "urn:x"}]}
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Library"}},
            {"resource": second},
            {"resource": inner},
        ],
    }
    files = (
        source([made()], "folder/a.json"),
        source(bundle, "folder/b.json"),
        source({"name": "not-fhir"}, "folder/package.json"),
        Source("folder/.DS_Store", b"\x00\x00\x00\x01Bud1\xff"),
        Source("folder/readme.md", b"# Words"),
    )
    result = read_fhir(files, FhirWanted("ecqm", KNOWN))
    assert [node(result.specs[0], "measures", at, "id").text for at in range(3)] == [
        "CMS900", "CMS901", "CMS902",
    ]  # fmt: skip
    there = "1 JSON of another kind, 1 Library, 1 empty Bundle entry, 2 not JSON"
    assert result.counts == (
        f"files in: 5, Measures in them: 3; left aside: {there}",
        "Measures given twice, word for word: 0",
        "measures out: 3, their rates: 0, lists: 1",
        "ages read from the texts: 3, directions stated: 3",
    )


def test_a_measure_given_twice_word_for_word_is_one() -> None:
    result = imported(made(), made())
    assert len(node(result.specs[0], "measures").items) == 1
    assert "Measures given twice, word for word: 1" in result.counts


def test_two_versions_of_a_year_both_stay() -> None:
    result = imported(made(), made(version="0.2.000"), made(version="0.2.000", publisher="Other"))
    found, _ = read_root(result.specs[0])
    ids = [one.id for one in found.measures or ()]
    assert ids == ["CMS900", "CMS900-0.2.000", "CMS900-2"]
    assert [problem.code for problem in result.warnings] == ["HZ208", "HZ208"]


def test_an_id_of_several_years_makes_a_list_of_each() -> None:
    later = made(effectivePeriod={"start": "2027-01-01", "end": "2027-12-31"}, title="Sleep")
    fiscal = made(effectivePeriod={"start": "2026-07-01", "end": "2027-06-30"})
    undated = made(effectivePeriod=None)
    result = imported(later, made(), fiscal, undated)
    assert [node(root, "payer").text for root in result.specs] == [
        "ecqm-undated", "ecqm-2026", "ecqm-2026-2027", "ecqm-2027",
    ]  # fmt: skip
    years = [read_root(root)[0].measurement_year for root in result.specs]
    assert years == [None, "2026", None, "2027"]


def test_every_fault_of_every_file_is_told_in_one_pass() -> None:
    assert told(
        Source("a.json", b'{"resourceType": "Measure",\n "a": 1, "a": NaN}'),
        Source("b.json", b'{"resourceType": }'),
        Source("c.json", b"\xff\xfe{"),
        Source("d.json", b'{"title": "\xff"}'),
        source({"resourceType": "Measure", "group": []}, "e.json"),
        source(made(), "f.json"),
        Source("g.json", b"[" * 5000),
    ) == [
        "a.json:2:10: HZ105 the key 'a' stands here again, first in line 2",
        "a.json:2:15: HZ451 NaN is no number that JSON knows: write null, or quote it",
        "b.json:1:18: HZ451 '}' stands here, wanted a value",
        "c.json:1:1: HZ005 UTF-16, wanted UTF-8: save the file with the encoding UTF-8",
        "d.json:1:12: HZ005 not UTF-8: byte 0xff here; save the file as UTF-8",
        "e.json:1:1: HZ202 a Measure without title, name or id",
        "g.json:1:101: HZ110 nested more than 100 levels deep",
    ]


def test_files_without_a_measure_are_refused_by_what_is_in_them() -> None:
    assert told(source({"resourceType": "Library"}), Source(".DS_Store", b"\0")) == [
        "a.json:1:1: HZ452 no FHIR Measure in 2 files: 1 Library, 1 not JSON"
    ]
    assert told() == ["ecqm:1:1: HZ452 no FHIR Measure in 0 files"]


def test_hostile_text_is_carried_as_text() -> None:
    hostile = "=1+1\u202e<script>\x07: #" + "x" * 20_000
    assert one(title=hostile).title == " ".join(hostile.split())
    assert one(publisher=hostile).steward == " ".join(hostile.split())
    (line, *_) = imported(made(), {"resourceType": "a\u202eb\x07"}).counts
    assert line == "files in: 2, Measures in them: 1; left aside: 1 a-b-"


@given(st.one_of(ANY_JSON, mutated(made(group=[group(), group()])), mutated([made(), made()])))
def test_any_json_is_imported_or_refused(value: Any) -> None:
    specs: tuple[Pairs, ...] = ()
    with contextlib.suppress(SpecError):
        specs = imported(value, made(identifier=[identifier("1")])).specs
    for root in specs:
        read_root(root)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_imported_or_refused(data: bytes) -> None:
    for name in ("a.json", "a"):
        with pytest.raises(SpecError):
            read_fhir((Source(name, data),), FhirWanted("ecqm", KNOWN))


# --- the real ones ------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL.is_dir(), reason="the eleven published Measures are not here")
def test_the_eleven_published_measures() -> None:
    files = tuple(Source(path.name, path.read_bytes()) for path in sorted(REAL.glob("*.json")))
    result = read_fhir(files, FhirWanted("ecqm", KNOWN))
    assert result.counts == (
        "files in: 11, Measures in them: 11",
        "Measures given twice, word for word: 0",
        "measures out: 11, their rates: 0, lists: 1",
        "ages read from the texts: 10, directions stated: 10",
    )
    assert [(p.code, p.message.split(":")[0]) for p in result.warnings] == [
        ("HZ455", "CMS124"),
        ("HZ455", "CMS125"),
        ("HZ455", "CMS130"),
        ("HZ453", "CMS2"),
    ]
    found, problems = read_root(result.specs[0])
    assert problems == ()
    assert (found.measurement_year, found.status) == ("2026", "final")
    measures = {one.id: one for one in found.measures or ()}
    assert len(measures) == 11
    assert not [one.id for one in measures.values() if one.title.endswith("FHIR")]
    assert [one.id for one in measures.values() if not (one.ids or {}).get("cms")] == [
        "NHSNHypoglycemia"
    ]
    # What is known to have changed since the year before, as this year has it.
    assert getattr(measures["CMS125"].ages, "text", "") == "40-74"
    assert measures["CMS1017"].title == "Hospital Harm \u2013 Falls with Injury"
    assert measures["CMS506"].title == "Safe Use of Opioids - Concurrent Prescribing"
    for own in ("CMS122", "CMS124", "CMS125", "CMS130", "CMS165"):
        assert measures[own].improvement_notation == "increase"
    assert measures["CMS2"].improvement_notation == "decrease"  # its words say the contrary
    for own in ("CMS124", "CMS2", "CMS816", "CMS1017"):
        assert measures[own].numerator
    assert measures["CMS816"].denominator == measures["CMS816"].initial_population
