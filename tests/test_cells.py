"""One cell under one heading: the value, and what is said beside it; or words that are none."""

from typing import Any

import pytest
from importing import KNOWN

from harmonize.grids import Cell
from harmonize.importers.cells import (
    has_tick,
    identified,
    is_silent,
    looks_ticked,
    said,
    spoilt,
    ticked,
)
from harmonize.problems import Place
from harmonize.trees import Items, Scalar

HERE = Place("a.csv", 2, 3)
ZEROS = "read as {}: a spreadsheet had dropped the zeros"


def _shown(node: Any) -> Any:
    if isinstance(node, Scalar):
        assert node.place == HERE
        return (node.text, node.remark) if node.remark else node.text
    return [_shown(one) for one in node.items] if isinstance(node, Items) else node


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("title", "  Two\n blanks  in \u201cit\u201d ", "Two blanks in \u201cit\u201d"),
        ("id", "236.0", "236"),
        ("id", "0018", "0018"),
        ("ids.cbe", "0018", "0018"),
        ("ids.cbe", "18", ("0018", ZEROS.format("0018"))),
        ("ids.cbe", "18.0", ("0018", ZEROS.format("0018"))),
        ("ids.cbe", "NQF 0018", "0018"),
        ("ids.cbe", "#0418e", "0418e"),
        ("ids.cbe", "0005 & 0006", ["0005", "0006"]),
        ("ids.cbe", "5, 6", [("0005", ZEROS.format("0005")), ("0006", ZEROS.format("0006"))]),
        ("ids.cbe", "0018 and 0018", "0018"),
        ("ids.cbe", "Not endorsed", None),
        ("ids.cbe", "No. 18", ("0018", ZEROS.format("0018"))),
        ("ids.cbe", "NQF0018", "0018"),
        ("ids.cbe", "NQF-0018", "0018"),
        ("ids.cbe", "NQF #: 0018", "0018"),
        ("ids.cbe", "MIPS 236", None),
        ("ids.mips", "Pending", None),
        ("ids.mips", "New", None),
        ("ids.mips", "NQF0018", None),
        ("ids.mips", "CMS165v13", None),
        ("ids.mips", "ACEP21", "ACEP21"),
        ("ids.mips", "IA_BE_14", "IA_BE_14"),
        ("ids.mips", "1", ("001", ZEROS.format("001"))),
        ("ids.mips", "236.0", "236"),
        ("ids.mips", "Quality ID# 236", "236"),
        ("ids.mips", "001SSP", "001SSP"),
        ("ids.cms", "CMS165v13", "CMS165v13"),
        ("ids.cms", "CMS 165", "CMS165"),
        ("ids.cms", "165v13", ("CMS165v13", "read from '165v13'")),
        ("ids.cms", "cms165v13", "CMS165v13"),
        ("ids.cms", "NQF 0018", None),
        ("ids.cms", "CMS", None),
        ("ids.cmit", "CMIT 0139-01", "0139-01"),
        ("ids.hedis", "NEW", None),
        ("ids.hedis", "0018", None),
        ("ids.x-state", "Retired", None),
        ("ids.hedis", "CBP", "CBP"),
        ("ids.hedis", "HEDIS CBP", "CBP"),
        ("ids.hedis", "HEDIS-like", None),
        ("ids.x-state", "A1/B2", ["A1", "B2"]),
        ("ages", "18-85", "18-85"),
        ("ages", "Ages 18-85 years", ("18-85 years", "read from 'Ages 18-85 years'")),
        ("ages", "\u2265 18", ("18+", "read from '\u2265 18'")),
        ("ages", "all", "all"),
        ("ages", "85-18", "85-18"),
        ("measure_type", "Process", "Process".lower()),
        ("measure_type", "PRO-PM", ("patient reported", "read from 'PRO-PM'")),
        ("measure_type", "wishful", None),
        ("status", "Core (required in contracts)",
         ("core", "read from 'Core (required in contracts)'")),
        ("data_source", "Claims; EHR", ["claims", "ehr"]),
        ("data_source", "Admin/Hybrid", [("claims", "read from 'Admin/Hybrid'"), "hybrid"]),
        ("data_source", "claims or tea leaves", None),
        ("risk_adjusted", "Yes", ("true", "read from 'Yes'")),
        ("risk_adjusted", "somewhat", None),
        ("improvement_notation", "Lower is better", ("decrease", "read from 'Lower is better'")),
        ("inverse", "Yes", ("decrease", "read from 'Yes'")),
        ("inverse", "maybe", None),
        ("weight", "10%", "10%"),
        ("weight", "3x", "3x"),
        ("weight", "10", None),
        ("target.value", "65%", "65%"),
        ("target.value", "improve", "improve"),
        ("target.value", "\u2265 70%", ("70%", "read from '\u2265 70%'")),
        ("target.value", "0.65", "0.65"),
        ("benchmark.value", "\u2265 70%", "\u2265 70%"),
        ("minimum_denominator", "30.0", "30"),
        ("minimum_denominator", "some", None),
        ("events", "two or so", "two or so"),
        ("measurement_year", "MY 2025", ("2025", "read from 'MY 2025'")),
        ("measurement_year", "2025.0", ("2025", "read from '2025.0'")),
        ("measurement_year", "soon", None),
        ("denominator_exclusions", "none", "none"),
        ("denominator_exclusions", "hospice; A, B", ["hospice", "A, B"]),
        ("description", "One\n\n two  three", "One\ntwo three"),
    ],
)  # fmt: skip
def test_a_cell_says(field: str, text: str, shown: Any) -> None:
    assert _shown(said(field, Cell(text, HERE), KNOWN)) == shown


@pytest.mark.parametrize(
    ("field", "text", "fields"),
    [
        ("ids.cms", "NQF 0018", {"ids.cbe": "0018"}),
        ("ids.cbe", "MIPS 236", {"ids.mips": "236"}),
        ("ids.mips", "CMS165v13", {"ids.cms": "CMS165v13"}),
        ("ids.mips", "236 / NQF0018", {"ids.mips": "236", "ids.cbe": "0018"}),
        ("ids.hedis", "CBP, pending", {}),
        ("ids.cbe", "HEDIS new", {}),
    ],
)
def test_an_identifier_is_of_the_system_in_front_of_it(
    field: str, text: str, fields: dict[str, str]
) -> None:
    found = identified(field, Cell(text, HERE))
    assert {key: node.text for key, node in found.items() if isinstance(node, Scalar)} == fields
    told = [node.remark for key, node in found.items() if key != field and isinstance(node, Scalar)]
    assert all("under another system" in remark for remark in told)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("X", ""),
        ("x", ""),
        ("Yes", ""),
        ("\u2713", ""),
        ("1", ""),
        ("", None),
        ("No", None),
        ("n/a", None),
        ("-", None),
        ("0", None),
        ("18+", ("ages", "18+")),
        ("<18", ("ages", "<18")),
        ("30 day", ("follow_up", "30 day")),
        ("7d", ("follow_up", "7d")),
        ("30-day", ("follow_up", "30-day")),
        ("<8%", ("threshold", "<8%")),
        ("> 9%", ("threshold", "> 9%")),
        ("Menu", ("status", "menu")),
        ("required", ("status", "mandatory")),
        ("payment", ("use", "payment")),
        ("65%", "65%"),
        ("X*", "X*"),
        ("18 years", "18 years"),
        ("see contract", "see contract"),
    ],
)
def test_a_cell_below_a_payer_says(text: str, found: Any) -> None:
    got = ticked(Cell(text, HERE), KNOWN)
    assert (got[0], got[1].text) == found if isinstance(got, tuple) else got == found


def test_a_column_of_ticks_is_seen() -> None:
    def looks(*texts: str) -> bool:
        return looks_ticked([Cell(t, HERE) for t in texts], KNOWN)

    assert looks("X", "", "x", "n/a")
    assert looks("X", "30 day", "18+", "65%")
    assert not looks("5", "3", "1")
    assert not looks("", "")
    assert looks("core", "menu")
    assert has_tick([Cell("x", HERE)])
    assert not has_tick([Cell("core", HERE), Cell("", HERE)])


def test_a_date_is_no_age() -> None:
    problem = spoilt(Cell("2025-05-11", HERE, "date"), "ages")
    assert problem is not None
    assert (problem.code, problem.place) == ("HZ412", HERE)
    assert spoilt(Cell("2025-05-11", HERE, "date"), "notes") is None
    assert spoilt(Cell("5-11", HERE), "ages") is None


def test_silence() -> None:
    assert is_silent(Cell(" N/A ", HERE))
    assert is_silent(Cell("None", HERE), "ids.cbe")
    assert not is_silent(Cell("none", HERE), "denominator_exclusions")
