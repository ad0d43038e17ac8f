"""CMS measures data as lists, with made-up rows that have the traps of the published ones."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import KNOWN
from mutations import ANY_JSON, mutated

from harmonize.importers.qpp import QppWanted, read_qpp
from harmonize.measures import Measure
from harmonize.problems import SpecError
from harmonize.reading.specs import read_root
from harmonize.sets import MeasureSet
from harmonize.trees import Imported, Pairs, Source

REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "qpp" / "measures-data-2021.json"


def row(number: str = "901", **over: Any) -> dict[str, Any]:
    """A row of which only what matters differs."""
    return {
        "category": "quality",
        "measureId": number,
        "title": f"Asking about Sleep {number}",
        "description": "Percentage of people 30-60 years of age who were asked about sleep.",
        "eMeasureId": None,
        "nqfId": None,
        "nqfEMeasureId": None,
        "measureType": "process",
        "primarySteward": "Made-up Steward",
        "metricType": "singlePerformanceRate",
        "isInverse": False,
        "isRiskAdjusted": False,
        "firstPerformanceYear": 2017,
        "lastPerformanceYear": None,
        "allowedPrograms": ["mips", "pcf"],
        "measureSets": ["familyMedicine"],
        "submissionMethods": ["registry"],
        **over,
    }


def imported(*rows: Any, name: str = "data-2024.json", **wanted: Any) -> Imported:
    """What comes of one file."""
    files = (Source(name, json.dumps(list(rows), indent=1).encode()),)
    return read_qpp(files, QppWanted("qpp", KNOWN, **wanted))


def read(*rows: Any, **wanted: Any) -> MeasureSet:
    """The one list that comes of it, as the reader of specs reads it."""
    (root,) = imported(*rows, **wanted).specs
    found, problems = read_root(root)
    assert problems == ()
    return found


def one(number: str = "901", **over: Any) -> Measure:
    """The one measure that comes of a row."""
    return (read_root(imported(row(number, **over)).specs[0])[0].measures or ())[0]


def ids(*rows: Any, **wanted: Any) -> list[str]:
    """Which rows are taken."""
    return [measure.id for measure in read(*rows, **wanted).measures or ()]


def told(*files: Source, **wanted: Any) -> list[str]:
    """Errors as lines."""
    with pytest.raises(SpecError) as caught:
        read_qpp(files, QppWanted("qpp", KNOWN, **wanted))
    return [str(problem) for problem in caught.value.problems]


def refused(*rows: Any, **wanted: Any) -> list[str]:
    """The same of one file."""
    return told(Source("a.json", json.dumps(list(rows)).encode()), **wanted)


# --- one row ------------------------------------------------------------------------------------


def test_a_row_as_it_is_published() -> None:
    found = read(
        row("001", eMeasureId="CMS122v9", nqfId="0059", nqfEMeasureId="0059e", isInverse=True,
            measureType="intermediateOutcome", nationalQualityStrategyDomain="Care",
            submissionMethods=["claims", "electronicHealthRecord", "cmsWebInterface", "registry"])
    )  # fmt: skip
    assert (found.payer, found.organization, found.payer_type) == ("qpp", "cms", "medicare")
    assert (found.name, found.measurement_year) == (
        "CMS Quality Payment Program measures data 2024",
        "2024",
    )
    assert [one.title for one in found.sources or ()] == ["data-2024.json"]
    assert found.notes == "Rows taken: category quality."
    (measure,) = found.measures or ()
    assert (measure.id, measure.title) == ("001", "Asking about Sleep 001")
    assert measure.ids == {"cbe": ("0059", "0059e"), "cms": ("CMS122v9",), "mips": ("001",)}
    assert (measure.steward, measure.domain) == ("Made-up Steward", "Care")
    assert (measure.measure_type, measure.scoring) == ("intermediate outcome", "proportion")
    assert (measure.improvement_notation, measure.risk_adjusted) == ("decrease", "false")
    assert getattr(measure.ages, "text", "") == "30-60"
    assert measure.data_source == ("claims", "ehr", "registry", "web interface")
    assert (measure.part_of, measure.rates, measure.status) == (None, None, None)
    ages = imported(row()).specs[0].get("measures").items[0].get("ages")  # type: ignore[union-attr]
    assert ages.remark == 'read from the description: "30-60 years of age"'


@pytest.mark.parametrize(
    ("key", "value", "field", "wanted"),
    [
        ("nqfId", "N/A", "ids", {"mips": ("901",)}),
        ("nqfId", 18, "ids", {"cbe": ("0018",), "mips": ("901",)}),
        ("isInverse", None, "improvement_notation", None),
        ("isInverse", "true", "improvement_notation", "decrease"),
        ("measureType", "patientReportedOutcome", "measure_type", "patient reported"),
        ("measureType", "patientEngagementExperience", "measure_type", "experience"),
        ("measureType", "intermediateClinicalOutcome", "measure_type", "intermediate outcome"),
        ("measureType", "structural", "measure_type", "structure"),
        ("measureType", None, "measure_type", None),
        ("metricType", "nonProportion", "scoring", None),
        ("metricType", "cahps", "scoring", None),
        ("metricType", "registryMultiPerformanceRate", "scoring", "proportion"),
        ("submissionMethods", ["administrativeClaims"], "data_source", ("claims",)),
        ("submissionMethods", ["certifiedSurveyVendor"], "data_source", ("survey",)),
        ("submissionMethods", [], "data_source", None),
        ("isRiskAdjusted", True, "risk_adjusted", "true"),
        ("lastPerformanceYear", 2023, "status", "retired"),
        ("lastPerformanceYear", 2024, "status", None),
        ("description", "N/A", "ages", None),
        ("overallAlgorithm", "weightedAverage", "notes", "Overall rate: weighted average."),
    ],
)
def test_values(key: str, value: Any, field: str, wanted: Any) -> None:
    assert getattr(one(**{key: value}), field) == wanted


def test_a_word_that_the_format_has_no_word_for_is_left_out_and_told() -> None:
    result = imported(row(measureType="magic", submissionMethods=["smoke", "claims"]))
    assert [problem.code for problem in result.warnings] == ["HZ456", "HZ456"]
    (measure,) = read_root(result.specs[0])[0].measures or ()
    assert (measure.measure_type, measure.data_source) == (None, ("claims",))


def test_a_bare_number_gets_its_zeros_back() -> None:
    (measure,) = read(row(measureId=1)).measures or ()
    assert (measure.id, measure.ids) == ("001", {"mips": ("001",)})
    assert "HZ208 the measure '001'" in refused(row(measureId=1), row("001"))[0]


def test_a_medicare_cqm_is_the_collection_twin_of_its_measure() -> None:
    found = read(row("001"), row("001SSP"))
    first, twin = found.measures or ()
    assert (first.part_of, first.part) == (None, None)
    assert (twin.id, twin.part_of, twin.part) == ("001SSP", "001", "collection type")
    assert twin.ids == {"mips": ("001SSP",)}


def test_strata_are_rates_and_one_alone_is_the_measure() -> None:
    strata = [
        {"name": "30days", "description": "Asked within 30 days"},
        {"name": "overall", "description": "Adults 30-40 years of age"},
        {"description": "No name"},
        {"name": "overall"},
    ]
    result = imported(row(strata=strata), row("902", strata=strata[:1]))
    found, problems = read_root(result.specs[0])
    assert problems == ()
    assert {m.id: m.title for m in found.measures or () if m.rate_of} == {
        "901/30days": "Asked within 30 days",
        "901/overall": "Adults 30-40 years of age",
        "901/3": "No name",
        "901/overall-4": "overall",
    }
    ages = {m.id: getattr(m.ages, "text", "") for m in found.measures or ()}
    assert (ages["901/30days"], ages["901/overall"], ages["902"]) == ("30-60", "30-40", "30-60")
    assert "strata as rates: 4, strata that are the whole measure: 1" in result.counts


def test_without_texts_only_facts_come_along() -> None:
    strata = [{"name": "a", "description": "Long"}, {"name": "b", "description": "Longer"}]
    found = read(row(strata=strata), texts=False).measures or ()
    assert [(m.title, m.description) for m in found[1:]] == [("a", None), ("b", None)]
    assert getattr(found[0].ages, "text", "") == "30-60"


# --- which rows ---------------------------------------------------------------------------------


OTHERS = (
    row("IA_1", category="ia", measureType=None, metricType="boolean", allowedPrograms=None),
    row("PI_1", category="pi", measureType=None, metricType="boolean"),
    row("COST_1", category="cost", measureType=None, metricType="costScore", isInverse=True),
)


def test_other_categories_are_counted_and_left_out_unless_asked_for() -> None:
    result = imported(row(), *OTHERS)
    assert result.counts[:2] == (
        "data-2024.json: rows in: 4 (quality 1, ia 1, pi 1, cost 1)",
        "measures out: 1, rows of other categories: 3, rows outside the filters: 0",
    )
    assert ids(row(), *OTHERS) == ["901"]
    assert ids(row(), *OTHERS, categories=("quality", "cost")) == ["901", "COST_1"]
    cost = (read(*OTHERS, categories=("cost",)).measures or ())[0]
    assert (cost.measure_type, cost.improvement_notation, cost.scoring) == (
        "cost",
        "decrease",
        None,
    )


COLLECTIONS = "administrativeClaims, electronicHealthRecord, registry"
FILTERED = (
    row("101", allowedPrograms=["mips", "M0005"], measureSets=["familyMedicine", "urology"]),
    row("102", allowedPrograms=["pcf", "G0053"], submissionMethods=["electronicHealthRecord"]),
    row(
        "103", allowedPrograms=["mips"], measureSets=[], submissionMethods=["administrativeClaims"]
    ),
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"programs": ("mips",)}, ["101", "103"]),
        ({"programs": ("MIPS", "pcf")}, ["101", "102", "103"]),
        ({"mvps": ("m0005",)}, ["101"]),
        ({"mvps": ("M0005", "G0053")}, ["101", "102"]),
        ({"specialties": ("family medicine",)}, ["101", "102"]),
        ({"specialties": ("familyMedicine",), "programs": ("mips",)}, ["101"]),
        ({"collections": ("ehr",)}, ["102"]),
        ({"collections": ("eCQM",)}, ["102"]),
        ({"collections": ("MIPS CQM",)}, ["101"]),
        ({"collections": ("administrative-claims",)}, ["103"]),
        ({"collections": ("claims",)}, ["103"]),
    ],
)
def test_filters(wanted: dict[str, tuple[str, ...]], found: list[str]) -> None:
    assert ids(*FILTERED, **wanted) == found


def test_words_of_collection_are_those_of_spreadsheets() -> None:
    ways = ("claims", "administrativeClaims", "certifiedSurveyVendor", "cmsWebInterface", "ecqm")
    rows = [row(str(at), submissionMethods=[way]) for at, way in enumerate(ways, start=101)]
    found = [measure.data_source for measure in read(*rows).measures or ()]
    assert found == [("claims",), ("claims",), ("survey",), ("web interface",), ("ehr",)]
    assert ids(*rows, collections=("claims",)) == ["101"]
    assert ids(*rows, collections=("CAHPS survey", "web interface")) == ["103", "104"]


def test_what_was_taken_is_said() -> None:
    found = read(*FILTERED, programs=("mips",), specialties=("urology",))
    assert found.program == "mips"
    assert found.notes == "Rows taken: category quality; program mips; specialty set urology."
    counts = imported(*FILTERED, programs=("mips",), specialties=("urology",)).counts
    assert "measures out: 1, rows of other categories: 0, rows outside the filters: 2" in counts
    left = "allowedPrograms, firstPerformanceYear, measureSets"
    assert counts[-1] == f"keys not carried over: 3 ({left})"


def test_a_filter_that_fits_nothing_names_the_close_ones() -> None:
    assert refused(
        *FILTERED, programs=("mip",), mvps=("mips",), specialties=("familly medicine", "x"),
        collections=("fax",), categories=("qualty",),
    ) == [
        "a.json:1:1: HZ457 no MVP 'mips': the data name G0053, M0005",
        "a.json:1:1: HZ457 no category 'qualty': did you mean 'quality'?",
        f"a.json:1:1: HZ457 no collection type 'fax': the data name {COLLECTIONS}",
        "a.json:1:1: HZ457 no program 'mip': did you mean 'mips'?",
        "a.json:1:1: HZ457 no specialty set 'familly medicine': did you mean 'familyMedicine'?",
        "a.json:1:1: HZ457 no specialty set 'x': the data name familyMedicine, urology",
    ]  # fmt: skip
    assert refused(*FILTERED, programs=("pcf",), specialties=("urology",)) == [
        "a.json:1:1: HZ457 no row fits all filters at once: give fewer"
    ]
    assert refused(row(), mvps=("M0005",)) == [
        "a.json:1:1: HZ457 no MVP 'M0005': the data name none"
    ]


# --- the year -----------------------------------------------------------------------------------


CITED = {"registry": "https://example.org/docs/2023_Measure_901_MIPSCQM.pdf"}
ECQM = {"electronicHealthRecord": "https://example.org/ecqm/ec/2023/cms900v1"}


@pytest.mark.parametrize(
    ("name", "over", "wanted", "year", "remark", "warnings"),
    [
        ("data-2024.json", {}, "", "2024", "read from the name of the file, data-2024.json", 0),
        ("x/2021/data.json", {}, "", "2021", "read from the name of the file, data.json", 0),
        ("x\\2021\\a.json", {}, "", "2021", "read from the name of the file, a.json", 0),
        ("a.json", {"measureSpecification": CITED}, "", "2023",
         "read from the addresses of the specifications cited", 0),
        ("a.json", {"measureSpecification": ECQM}, "", "2023",
         "read from the addresses of the specifications cited", 0),
        ("2024.json", {"measureSpecification": CITED}, "", "2024",
         "read from the name of the file, 2024.json", 1),
        ("2024.json", {"measureSpecification": CITED}, "2022", "2022", "", 2),
        ("a.json", {}, "2022", "2022", "", 0),
        ("a.json", {}, "", None, None, 0),
    ],
)  # fmt: skip
def test_the_year(
    name: str, over: dict[str, Any], wanted: str, year: str | None, remark: str, warnings: int
) -> None:
    result = imported(row(**over), name=name, year=wanted)
    stated: Any = result.specs[0].get("measurement_year")
    assert (stated and stated.text, stated and stated.remark) == (year, remark)
    assert [problem.code for problem in result.warnings] == ["HZ458"] * warnings


def test_every_file_makes_a_list_of_its_own() -> None:
    files = [("2023.json", row()), ("2024.json", row()), ("b/2024.json", row()), ("a.json", row())]
    sources = tuple(Source(name, json.dumps([one]).encode()) for name, one in files)
    result = read_qpp(sources, QppWanted("qpp", KNOWN))
    slugs = [read_root(root)[0].payer for root in result.specs]
    assert slugs == ["qpp-2023", "qpp-2024", "qpp-2024-2", "qpp"]


# --- what is refused ----------------------------------------------------------------------------


def test_every_fault_of_every_file_is_told_in_one_pass() -> None:
    rows = [row("101"), "x", row(""), row("102", title=None), row("101"), {}]
    lines = ",\n".join(map(json.dumps, rows))
    assert told(
        Source("a.json", f"[{lines}]".encode()),
        Source("b.json", b'[{"measureId": Infinity, "measureId": 1}]'),
        Source("c.json", b'{"measures": {}}'),
        Source("d.json", b"[]"),
        Source("e.json", b"measureId,title"),
    ) == [
        "a.json:2:1: HZ452 a single value, where a measure is wanted",
        "a.json:3:1: HZ202 'measureId' is missing",
        "a.json:4:1: HZ202 'title' is missing",
        "a.json:5:1: HZ208 the measure '101' stands here again, first in line 1",
        "a.json:6:1: HZ202 'measureId' is missing",
        "a.json:6:1: HZ202 'title' is missing",
        "b.json:1:16: HZ451 Infinity is no number that JSON knows: write null, or quote it",
        "b.json:1:26: HZ105 the key 'measureId' stands here again, first in line 1",
        "c.json:1:1: HZ452 a map, where CMS measures data are a list of measures",
        "d.json:1:1: HZ452 an empty list, where CMS measures data are a list of measures",
        "e.json:1:1: HZ451 'measureId' stands here, wanted a value",
    ]


def test_nothing_and_too_much_are_told() -> None:
    assert told() == ["qpp:1:1: HZ452 no measures data were given"]
    lines = refused(*({} for _ in range(1500)))
    assert len(lines) < 2_100
    assert any("HZ113" in line for line in lines)


def test_hostile_text_is_carried_as_text() -> None:
    hostile = "=1+1\u202e<script>\x07: #" + "x" * 20_000
    measure = one("ABC\u202e1", title=hostile, primarySteward=hostile)
    line = " ".join(hostile.split())
    assert (measure.id, measure.title, measure.steward) == ("ABC-1", line, line)
    odd = row("902", category="a\u202eb", **{"k\x07": 1})
    counts = imported(row(), odd, categories=()).counts
    assert all(line.isprintable() for line in counts)


SOUND = [
    row("001", eMeasureId="CMS1v1", nqfId="0059", measureSpecification=CITED,
        strata=[{"name": "a", "description": "b"}, {"description": "c"}]),
    row("001SSP"),
]  # fmt: skip


@given(st.one_of(ANY_JSON, mutated(SOUND)))
def test_any_json_is_imported_or_refused(value: Any) -> None:
    specs: tuple[Pairs, ...] = ()
    with contextlib.suppress(SpecError):
        files = (Source("a.json", json.dumps(value).encode()),)
        specs = read_qpp(files, QppWanted("qpp", KNOWN)).specs
    for root in specs:
        read_root(root)


# --- the real one -------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL.is_file(), reason="the published data of 2021 are not here")
def test_the_published_data_of_2021() -> None:
    source = Source(REAL.name, REAL.read_bytes())
    result = read_qpp((source,), QppWanted("qpp", KNOWN))
    assert result.counts[:4] == (
        "measures-data-2021.json: rows in: 748 (quality 585, ia 105, pi 38, cost 20)",
        "measures out: 585, rows of other categories: 163, rows outside the filters: 0",
        "strata as rates: 218, strata that are the whole measure: 36",
        "ages read from the texts: 292, directions stated: 585",
    )
    assert [(p.code, p.message[:4]) for p in result.warnings] == [
        ("HZ455", "370:"),
        ("HZ455", "392:"),
    ]
    found, problems = read_root(result.specs[0])
    assert problems == ()
    assert len([m for m in found.measures or () if m.rate_of is None]) == 585
    assert len([m for m in found.measures or () if m.rate_of is not None]) == 218
    wanted = QppWanted("qpp", KNOWN, programs=("mips",), specialties=("family medicine",))
    counts = read_qpp((source,), wanted).counts
    assert counts[1] == (
        "measures out: 65, rows of other categories: 163, rows outside the filters: 520"
    )
