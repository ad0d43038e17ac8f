"""What the catalogue contradicts: told as a warning, with its place, and only where it is sure."""

from pathlib import Path
from typing import Any, Final

import pytest
from building import EXAMPLES, KNOWN, ROOT, STANDARDS, harmonize, spec, text_of, written
from test_standards import facts

from harmonize.doubts import doubts
from harmonize.standards import Standards
from harmonize.workspace import doubtful, load

CBP: Final = "Controlling High Blood Pressure"
COL: Final = "Colorectal Cancer Screening"
SAMPLE: Final = facts(
    history=(
        {"measure": "DM_EYE", "kind": "renamed", "year": "2020", "was_code": "CDC",
         "was": "Comprehensive Diabetes Care: Eye Exam", "now": "Eye Exam", "now_code": "EYE"},
        {"measure": "DM_EYE", "kind": "renamed", "year": "2022", "was_code": "EYE",
         "was": "Eye Exam", "now": "Eye Exam for Patients With Diabetes", "now_code": "EED"},
        {"measure": "COL", "kind": "renamed", "year": "2022", "was_code": "COL",
         "now_code": "COL-E"},
        {"measure": "W34", "kind": "replaced", "year": "2020", "by": "WCV"},
        {"measure": "ABA", "kind": "retired", "year": "2020"},
    )
)  # fmt: skip
EYE: Final = "Comprehensive Diabetes Care: Eye Exam"
W34: Final = "Well-Child Visits in the Third, Fourth, Fifth and Sixth Years of Life"


def told(
    *lines: Any, standards: Standards = SAMPLE, year: str = "2024", **about: Any
) -> list[tuple[str, str]]:
    one = spec("alpha", *lines, measurement_year=year, **about)
    found = doubts([one], KNOWN, standards)
    assert {p.severity for p in found} <= {"warning"}
    assert all(p.place.line for p in found)
    return [(p.code, p.message) for p in found]


def codes(*lines: Any, **more: Any) -> list[str]:
    return [code for code, _ in told(*lines, **more)]


# --- numbers and labels -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ({"title": "Breast Cancer Screening", "ids": {"cbe": "0018"}}, ["HZ303"]),
        ({"title": CBP, "ids": {"mips": "113"}}, ["HZ303"]),
        ({"title": CBP, "ids": {"cbe": "0034", "cms": "CMS165v13"}}, ["HZ303"]),
        ({"title": CBP, "ids": {"cbe": "0018", "hedis": "CBP", "mips": "236"}}, []),
        ({"title": "Blood pressure, our way", "ids": {"cbe": "0034"}}, []),  # no sure title
        ({"title": CBP, "ids": {"cbe": "9999"}}, []),  # nobody's number
        ({"title": CBP, "ids": {"x-own": "0034"}}, []),
        ({"title": CBP, "ids": {"cbe": ["0018", "0034"]}}, []),  # a composite's parts
        ({"title": CBP, "ids": {"cbe": "0034"}, "any_of": ["CBP", "COL"]}, []),
        ({"title": CBP, "ids": {"cbe": "0034", "hedis": "CBP"}, "acronym": "CBP"}, ["HZ303"]),
        ({"title": CBP, "acronym": "COL", "ids": {"cbe": "0018"}}, ["HZ304"]),
        ({"title": "Blood pressure, our way", "acronym": "COL", "ids": {"cbe": "0018"}}, ["HZ304"]),
        ({"title": CBP, "acronym": "COL"}, ["HZ304"]),
        ({"title": CBP, "acronym": "CBP"}, []),
        ({"title": CBP, "acronym": "BP-1"}, []),
        ({"title": "Blood pressure, our way", "acronym": "COL"}, []),
        ({"title": W34, "ids": {"hedis": "WCV"}}, ["HZ305"]),  # the number of what came after
        ({"title": "Child and Adolescent Well-Care Visits", "ids": {"hedis": "W34"}}, []),
    ],
)
def test_numbers_and_labels_of_another_measure(line: dict[str, Any], wanted: list[str]) -> None:
    assert codes(line) == wanted


def test_a_doubt_says_what_both_sides_are() -> None:
    ((_, message),) = told({"title": CBP, "ids": {"cbe": "0034"}})
    assert message == (
        "ids.cbe is '0034', the number of Colorectal Cancer Screening (COL-E), and the title "
        f"is that of {CBP} (CBP): correct the one that is wrong"
    )


def test_rates_are_not_told_again() -> None:
    rates = [{"id": "a", "title": "Under 140/90"}]
    assert codes({"title": CBP, "ids": {"cbe": "0034"}, "rates": rates}) == ["HZ303"]


# --- names and measures of the past -------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "now"),
    [("2019", None), ("2020", "'Eye Exam', code EYE"), ("2021", "'Eye Exam', code EYE"),
     ("2022", "'Eye Exam for Patients With Diabetes', code EED"),
     ("2025", "'Eye Exam for Patients With Diabetes', code EED")],
)  # fmt: skip
def test_an_old_name_is_told_from_the_year_of_the_new(year: str, now: str | None) -> None:
    found = told(EYE, year=year)
    assert [code for code, _ in found] == (["HZ305"] if now else [])
    assert now is None or now in found[0][1]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Eye Exam for Patients With Diabetes", []),
        ({"title": "Eye Exam for Patients With Diabetes", "acronym": "CDC"}, ["HZ305"]),
        ({"title": "Eye Exam for Patients With Diabetes", "acronym": "EED"}, []),
        ({"title": COL, "acronym": "COL"}, []),  # the same measure, collected in another way
        ({"title": EYE, "steward": "NCQA"}, ["HZ305"]),
        ({"title": EYE, "steward": "National Committee for Quality Assurance"}, ["HZ305"]),
        ({"title": EYE, "steward": "IHS"}, []),  # keeps a measure of its own
        (W34, ["HZ305"]),
        ("Adult BMI Assessment", ["HZ305"]),
        ({"title": "Our visits", "ids": {"hedis": "W34"}}, ["HZ305"]),
    ],
)
def test_what_is_no_more(line: Any, wanted: list[str]) -> None:
    assert codes(line) == wanted


def test_it_says_what_came_of_it() -> None:
    assert told(W34)[0][1].startswith("replaced by Child and Adolescent Well-Care Visits (WCV) in")
    assert told("Adult BMI Assessment")[0][1].startswith("retired in 2020 (a list)")


def test_a_list_without_a_year_has_no_past() -> None:
    assert doubts([spec("alpha", W34, EYE)], KNOWN, SAMPLE) == ()


def test_without_history_nothing_is_past() -> None:
    assert codes(W34, EYE, standards=Standards()) == []


# --- validate -----------------------------------------------------------------------------------


def test_validate_tells_and_does_not_fail(tmp_path: Path) -> None:
    folder = written(tmp_path, text_of("alpha", {"title": CBP, "ids": {"cbe": "0034"}}))
    done = harmonize("validate", str(folder))
    assert done.code == 0
    assert ": HZ303 ids.cbe is '0034'" in done.out
    assert done.err == "1 file, 1 measure, no errors, 1 warning\n"
    assert harmonize("validate", str(folder), "--fail-on", "warning").code == 1
    assert '"severity": "warning"' in harmonize("validate", str(folder), "-f", "json").out


@pytest.mark.parametrize("mark", ["withheld", "participants"])
@pytest.mark.parametrize("field", ["ids", "acronym"])
def test_what_is_marked_is_not_quoted(tmp_path: Path, mark: str, field: str) -> None:
    line = {"title": CBP, field: {"ids": {"cbe": "0034"}, "acronym": "COL"}[field],
            "visibility": {field: mark}}  # fmt: skip
    done = harmonize("validate", str(written(tmp_path, text_of("alpha", line))))
    assert done.out == ""


@pytest.mark.parametrize(
    "folder", [str(p) for p in sorted(EXAMPLES.glob("*/specs")) if "cpcplus" not in str(p)]
)
def test_the_examples_contradict_nothing(folder: str) -> None:
    assert {p.code for p in doubtful(load([folder]))} <= {"HZ305"}


def test_the_shipped_specs_contradict_little() -> None:
    found = doubts(load([str(ROOT / "specs")]).sets, KNOWN, STANDARDS)
    assert len(found) < 10
    assert len([p for p in found if p.code != "HZ305"]) <= 1
