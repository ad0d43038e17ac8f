"""Tables into specs: one list, a list for each payer named, a matrix; every row accounted for."""

import io
import re
from csv import writer
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import csv, measures, packed, refused, sets, workbook, xlsx

from harmonize.composing import composed
from harmonize.merging import with_ids
from harmonize.problems import SpecError
from harmonize.reading.nodes import parse
from harmonize.reading.specs import read_root
from harmonize.trees import Scalar
from harmonize.values import Ages, Text

MATRIX = """\
"Aligned set, draft",,,,,
,,,,,
Quality measure,NQF #,Medicaid,Medicare,QHP,Votes
BEHAVIORAL HEALTH,,,,,
Follow-Up After ED Visit (HEDIS FUM),3489,30 day,,7d,5
Initiation and Engagement (IET),4,X,\u2713,,3
Prevention,,,,,
"Colorectal Cancer Screening (Quality ID# 113, HEDIS COL)",34,x,Yes,X*,
Experience of care survey,0005 & 0006,,65%,core,
Glycemic Status Above 9%,59,,<8%,18+,
Asked by nobody,,n/a,-,no,
Total,,3,4,4,
"""
TICKS = ("Medicaid", "Medicare", "QHP")


def test_a_list_with_plain_headings() -> None:
    found = csv(
        "Measure Name,NQF #,Steward,Age Range,Measure type,Weight,Comments\n"
        "Controlling High Blood Pressure,18,NCQA,18-85,Intermediate Clinical Outcome,10%,as is\n"
    )
    (one,) = measures(found)
    assert (one.title, one.ids, one.steward, one.notes) == (
        "Controlling High Blood Pressure",
        {"cbe": ("0018",)},
        "NCQA",
        "as is",
    )
    assert one.measure_type == "intermediate outcome"
    assert isinstance(one.ages, Ages)
    assert str(one.place_of("ages")) == "list.csv:2"
    assert one.place_of("ages").column == 41
    assert found.counts == ("1 row in; 1 measure out, 1 file; 0 dropped",)
    assert found.warnings == ()
    assert "  NQF #        -> ids.cbe" in found.notes


def test_a_matrix_is_a_spec_for_each_payer() -> None:
    found = csv(MATRIX, ticks=TICKS)
    medicaid, medicare, qhp = sets(found)
    assert [s.payer for s in (medicaid, medicare, qhp)] == ["medicaid", "medicare", "qhp"]
    assert medicare.name == "Medicare"
    held = {s.payer: {m.title[:7]: m for m in s.measures or ()} for s in (medicaid, medicare, qhp)}
    assert [sorted(own) for own in held.values()] == [
        ["Colorec", "Follow-", "Initiat"],
        ["Colorec", "Experie", "Glycemi", "Initiat"],
        ["Colorec", "Experie", "Follow-", "Glycemi"],
    ]
    follow_up = held["medicaid"]["Follow-"].follow_up
    assert getattr(follow_up, "days", None) == 30
    assert held["qhp"]["Glycemi"].ages is not None
    assert held["medicare"]["Glycemi"].threshold is not None
    assert held["qhp"]["Experie"].status == "core"
    assert held["medicare"]["Experie"].notes == "Medicare: 65%"
    assert held["qhp"]["Colorec"].notes == "QHP: X*"
    assert held["qhp"]["Follow-"].domain == "BEHAVIORAL HEALTH"
    assert held["medicaid"]["Colorec"].domain == "Prevention"
    assert found.counts == (
        (
            "list.csv: besides the headings: 1 above the headings, 1 of totals ('Total'), "
            "2 of sections ('BEHAVIORAL HEALTH', 'Prevention')"
        ),
        (
            "6 rows, 11 ticks in; 11 measures out, 3 files; ids in titles: HEDIS 2, MIPS 1; "
            "1 row without a tick ('Asked by nobody'); 0 dropped"
        ),
    )
    assert [(w.code, w.place.line) for w in found.warnings] == [("HZ311", 8), ("HZ311", 9)]


def test_a_matrix_without_a_word_on_its_payers_is_refused() -> None:
    assert refused(lambda: csv(MATRIX)) == ["list.csv:3:23: HZ413"]
    assert refused(lambda: csv(MATRIX, ticks=("Medicaid", "Comercial"))) == ["list.csv:3:1: HZ411"]
    kept = csv(MATRIX, mapping={"Medicaid": "notes", "Medicare": "notes"})
    assert len(measures(kept)) == 6


@given(
    st.lists(
        st.tuples(st.sampled_from(["X", "x", "", "yes", "no", "-", "30 days", "18+", "core"]),
                  st.sampled_from(["X", "", "n/a", "1", "0", "65%", "whatever"])),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_rows_in_are_rows_out(rows: list[tuple[str, str]]) -> None:
    text = "Title,A,B\n" + "".join(f"Measure {n},{a},{b}\n" for n, (a, b) in enumerate(rows))
    absent = ("", "no", "-", "n/a", "0")
    ticks = sum(cell not in absent for row in rows for cell in row)
    if not ticks:
        assert refused(lambda: csv(text, ticks=("A", "B"))) == ["list.csv:1:1: HZ002"]
        return
    found = csv(text, ticks=("A", "B"))
    assert sum(len(s.measures or ()) for s in sets(found)) == ticks
    match = re.match(r"(\d+) rows?, (\d+) ticks? in; (\d+) measures? out", found.counts[-1])
    assert match
    assert match.groups() == (str(len(rows)), str(ticks), str(ticks))
    assert found.counts[-1].endswith("; 0 dropped")


def test_a_list_for_each_value_of_a_column() -> None:
    text = (
        "Plan,Measure,Year\nNorth Plan,Falls,2025\nSouth,Falls,2024\nNorth Plan,Flu shots,2025\n"
        "South,Flu shots,2025\n"
    )
    found = csv(text, payer_column="Plan")
    north, south = sets(found)
    assert (north.payer, north.name, len(north.measures or ())) == ("north-plan", "North Plan", 2)
    assert (north.measurement_year, south.measurement_year) == ("2025", None)
    assert found.counts == ("4 rows in; 4 measures out, 2 files; 0 dropped",)
    assert [(w.code, w.place.line) for w in found.warnings] == [("HZ311", 3)]
    assert refused(lambda: csv(text, payer_column="Payor")) == ["list.csv:1:1: HZ411"]
    several = text.replace("Plan,", "Payer,", 1)
    assert refused(lambda: csv(several)) == ["list.csv:1:1: HZ413"]
    assert refused(lambda: csv("Payer,Measure\nA,Falls\n,Flu\n", payer_column="Payer")) == [
        "list.csv:3:1: HZ403"
    ]


def test_identifiers_in_titles_stay_there_and_are_added() -> None:
    text = (
        "Measure,NQF,HEDIS,id_source\n"
        "Blood Pressure (NQF 0018),,,\n"
        "Readmission (NQF#1768),1768,,assigned\n"
        "\u201cUse\u201d of Statins (CMS347v5),,SPC,assigned\n"
        "Aspirin (MIPS 204),,,\n"
    )
    blood, readmission, statins, aspirin = measures(csv(text))
    assert (blood.title, blood.ids) == ("Blood Pressure (NQF 0018)", {"cbe": ("0018",)})
    assert (readmission.ids, readmission.assigned) == ({"cbe": ("1768",)}, None)
    assert statins.title == "\u201cUse\u201d of Statins (CMS347v5)"
    assert statins.ids == {"cms": ("CMS347v5",), "hedis": ("SPC",)}
    assert statins.assigned == ("ids.hedis",)
    assert aspirin.ids == {"mips": ("204",)}


def test_an_id_on_several_rows_is_no_rows_own() -> None:
    text = "ID,Title\nIET,Initiation\nIET,Engagement\nCBP,Blood pressure\n"
    one, two, three = measures(csv(text))
    assert (one.ids, two.ids, three.id) == ({"x-list": ("IET",)}, {"x-list": ("IET",)}, "CBP")
    assert one.minted
    assert two.minted


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",NCQA,x", "HZ403"),
        ("Falls,NCQA,85-18", "HZ206"),
    ],
)
def test_what_cannot_be_is_refused_with_its_cell(row: str, code: str) -> None:
    text = f"Title,Steward,Ages\n{row}\n"
    (problem,) = refused(lambda: sets(csv(text)))
    column = 1 if code == "HZ403" else row.index("85") + 1
    assert problem == f"list.csv:2:{column}: {code}"


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "Title\n", "Title,Steward\n,\n"])
def test_what_is_no_list_is_refused(text: str) -> None:
    assert len(refused(lambda: csv(text))) == 1


def test_words_that_no_field_can_hold_are_noted_once_for_a_column() -> None:
    found = csv(
        "Title,Data source,Weight,Lower is better\n"
        'Falls,BRFSS,10,yes\nFlu,"claims, EHR",5%,perhaps\nBP,state file,,no\n'
    )
    falls, flu, pressure = measures(found)
    assert (falls.data_source, falls.weight) == (None, None)
    assert falls.notes == "Data source: BRFSS\nWeight: 10"
    assert flu.data_source == ("claims", "ehr")
    assert [m.improvement_notation for m in (falls, flu, pressure)] == [
        "decrease",
        None,
        "increase",
    ]
    assert [(w.code, w.place.line, w.place.column) for w in found.warnings] == [
        ("HZ311", 2, 7),
        ("HZ311", 2, 13),
        ("HZ311", 3, 22),
    ]
    assert "'BRFSS', 'state file' (2 cells: lines 2, 4)" in found.warnings[0].message


def test_unknown_columns_are_kept_or_left_out() -> None:
    text = "Title,Votes,\nFalls,5,odd\n"
    (kept,) = measures(csv(text))
    assert kept.notes == "Votes: 5\nColumn C: odd"
    dropped = csv(text, drop_unmapped=True)
    assert measures(dropped)[0].notes is None
    assert dropped.counts[-1].endswith("columns left out: 'Votes', ''")
    (mapped,) = measures(csv(text, mapping={"votes": "ids.x-votes"}))
    assert mapped.ids == {"x-votes": ("5",)}
    assert refused(lambda: csv(text, mapping={"Voices": "notes"})) == ["list.csv:1:1: HZ411"]


def test_what_is_the_same_in_every_row_is_the_lists_own() -> None:
    found = csv("Program,Payer type,Title\nBest Start,Medicaid,Falls\nBest Start,Medicaid,Flu\n")
    (one,) = sets(found)
    assert (one.payer, one.program, one.payer_type) == ("list", "Best Start", "medicaid")


def test_ages_from_two_columns() -> None:
    text = "Title,age_min,age_max\nA,18,85\nB,18.0,\nC,,17\n"
    assert [m.ages and getattr(m.ages, "text", "") for m in measures(csv(text))] == [
        "18-85",
        "18+",
        "0-17",
    ]


def test_a_grammar_that_reads_nothing_keeps_the_text() -> None:
    (one,) = measures(csv("Title,Ages\nFalls,everybody\n"))
    assert one.ages == Text("everybody")


def test_rows_that_are_no_measures_are_told_apart() -> None:
    text = (
        "List of 2025,,\nMeasure,NQF,Steward\nDiabetes,,\nA1c control,0575,NCQA\n,,\n"
        "Measure,NQF,Steward\n,,The rest is new\nTotal Cost of Care,,HealthPartners\n"
        "Grand total:,2,\n"
    )
    found = csv(text)
    one, two = measures(found)
    assert (one.title, one.domain, one.notes) == ("A1c control", "Diabetes", None)
    assert (two.title, two.domain, two.notes) == (
        "Total Cost of Care",
        None,
        "Section: The rest is new",
    )
    assert found.counts[0] == (
        "list.csv: besides the headings: 1 above the headings, 1 with the headings again, 1 blank, "
        "1 of totals ('Grand total:'), 2 of sections ('Diabetes', 'The rest is new')"
    )


FIRST: Final = "Measure,CBE,Ages\nFalls,0101,65+\n"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (FIRST + "Ages,Measure,CBE\n18+,Flu,0041\n", ["list.csv:3:1: HZ413"]),
        (FIRST + ",,\nSecond list,,\n,CBE,Measure\n,0041,Flu\n", ["list.csv:5:2: HZ413"]),
        (FIRST + "Steward,CBE,Measure,Ages\nNCQA,0041,Flu,18+\n", ["list.csv:3:1: HZ413"]),
    ],
)
def test_a_second_table_headed_otherwise_is_refused(text: str, places: list[str]) -> None:
    assert refused(lambda: csv(text)) == places


def test_a_second_table_of_the_same_columns_goes_on() -> None:
    again = "NAME OF MEASURE,NQF #,Age\nFlu,0041,6+\n,,\nMeasure,CBE,Ages\nCOL,0034,\n"
    found = csv(FIRST.replace("Ages", "Age") + again)
    assert [m.title for m in measures(found)] == ["Falls", "Flu", "COL"]
    assert "2 with the headings again" in found.counts[0]
    steward = csv("Measure,Steward\nFalls,Measure\nCost,CBE\n")
    assert [m.title for m in measures(steward)] == ["Falls", "Cost"]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("heading", ["", "#"])
def test_a_column_that_only_counts_is_left_aside(first: int, heading: str) -> None:
    rows = ("Falls,18", ",", "Flu,34")
    lines = (f"{n},{row}" for n, row in enumerate(rows, start=first))
    found = csv("\n".join((f"{heading},Measure,NQF", *lines)))
    assert [(m.title, m.notes) for m in measures(found)] == [("Falls", None), ("Flu", None)]
    name = heading or "Column A"
    assert f"  {name:{max(len(name), 7)}} -> drop (it only counts the rows)" in found.notes
    assert found.counts[0] == "list.csv: besides the headings: 1 blank"


@pytest.mark.parametrize(
    "total",
    ["Total measures: 3", "3 measures", "Total: 3", "1 measure", "Number of measures = 3", "n=3",
     "A total of 3 measures", "3 measures in total"],
)  # fmt: skip
def test_a_line_that_adds_up_is_no_measure(total: str) -> None:
    for row in (f"{total},", f"{total},3", f",{total}"):
        found = csv(f"Measure,Weight\nFalls,5%\n{row}\n")
        assert [m.title for m in measures(found)] == ["Falls"], row
        assert "1 of totals" in found.counts[0]


@pytest.mark.parametrize("title", ["3 measures of falls", "Total knee replacement", "Sum of 3"])
def test_a_title_with_a_word_of_sums_is_a_measure(title: str) -> None:
    assert len(measures(csv(f"Measure,Weight\nFalls,5%\n{title},5%\n"))) == 2


def test_words_that_no_field_holds_are_told_with_every_place() -> None:
    rows = ["2372 (retired)", "CMS165 v?", "18", "1.8E+01", "what?"]
    listed = [(f"Measure {chr(65 + n)} of many", text) for n, text in enumerate(rows)]
    text = "Measure,CBE\n" + "".join(f"{title},{own}\n" for title, own in listed)
    (told,) = csv(text).warnings
    assert "and 1 more (4 cells: lines 2-3, 5-6), wanted" in told.message
    book = packed(workbook(("S", [("Measure", "CBE"), *listed])))
    (told,) = xlsx(book).warnings
    assert "and 1 more (4 cells: B2-B3, B5-B6), wanted" in told.message


def test_a_column_of_other_numbers_is_kept() -> None:
    found = csv(",Measure,NQF\n4,Falls,18\n2,Flu,34\n")
    assert [m.notes for m in measures(found)] == ["Column A: 4", "Column A: 2"]


def test_capitals_and_footnotes_beside_titles() -> None:
    text = (
        "Measure,NQF\nPEDIATRIC MEASURES,\nWell-Child Visits,1392\nFor adults:,\nFalls,0101\n"
        "Just a title,\n* new in 2025,\nSource: the web,\n"
    )
    found = csv(text)
    assert [(m.title, m.notes) for m in measures(found)] == [
        ("Well-Child Visits", "Section: PEDIATRIC MEASURES"),
        ("Falls", "Section: For adults:"),
        ("Just a title", "Section: For adults:"),
    ]
    assert found.counts[0].endswith(
        "2 of sections ('PEDIATRIC MEASURES', 'For adults:'), "
        "2 of footnotes ('* new in 2025', 'Source: the web')"
    )
    assert [(w.code, w.place.line, w.place.column) for w in found.warnings] == [("HZ416", 4, 1)]
    assert len(measures(csv("Measure,NQF\nFALL RISK,\nWELL VISITS,1392\n"))) == 2
    beside = "No,Measure,NQF\n1,Falls,0101\n,BREAST CANCER SCREENING,\nSource: the web,,\nTotal,,\n"
    assert len(measures(csv(beside))) == 2


@pytest.mark.parametrize("title", ["BREAST CANCER SCREENING", "Breast cancer screening:"])
def test_a_title_alone_in_its_row_is_no_measure_lost(title: str) -> None:
    found = csv(f"Measure,NQF,Steward\nFalls,0101,NCQA\n{title},,\nStatin Use,,ACC\nA1c,59,\n")
    assert [m.title for m in measures(found)] == ["Falls", title, "Statin Use", "A1c"]
    (told,) = found.warnings
    assert (told.code, told.place.line, "taken for a measure" in told.message) == ("HZ416", 3, True)


@pytest.mark.parametrize(
    ("cells", "lake", "hill", "told"),
    [
        (("\u2713", "\u2717", "\u2717", "\u2714\ufe0f"), ["Falls"], ["Statin Use"], "read as no"),
        (("\u2717", "", "\u274c", "\u2718"), ["Falls", "Statin Use"], ["Statin Use"], "as ticks"),
        (("x", "", "", "\u2713"), ["Falls"], ["Statin Use"], ""),
    ],
)
def test_a_cross_beside_check_marks_means_no(
    cells: tuple[str, ...], lake: list[str], hill: list[str], told: str
) -> None:
    text = "Measure,Lake,Hill\nFalls,{},{}\nStatin Use,{},{}\n".format(*cells)
    found = csv(text, ticks=("Lake", "Hill"))
    own = {one.payer: [m.title for m in one.measures or ()] for one in sets(found)}
    assert own == {"lake": lake, "hill": hill}
    assert [(w.code, told in w.message) for w in found.warnings] == [("HZ415", True)] * bool(told)


STYLES = """\
Measure ID|Measure Name|NQF #|CMS eCQM ID|HEDIS|MIPS #|Measure Steward|Type|Min Age|Max Age|Status
#ID|Quality Measure|CBE ID|eCQM|HEDIS|Quality ID|Steward|Measure Type|Age (min)|Age (max)|Use
CODE|MEASURE|NQF NUMBER|CMS #|HEDIS MEASURE|QPP ID|OWNER|MEASURE TYPE|FROM AGE|TO AGE|REQUIREMENT
Code|Metric|NQF/CBE No|e-Measure ID|NCQA code|Quality #|Owner|Type of measure|Age from|Age to|Use
Item|Name of Measure|NQF No.|CMS #|HEDIS ID|PQRS #|Steward|Measure type|Lower age|Upper age|Purpose
"""


@pytest.mark.parametrize("headings", STYLES.splitlines())
def test_five_ways_to_head_one_list(headings: str) -> None:
    row = "CBP|Controlling High Blood Pressure|18|165v13|CBP|236|NCQA|Outcome|18|85|payment"
    (one,) = measures(csv(f"{headings}\n{row}\n"))
    assert one.id == "CBP"
    assert one.ids == {"cbe": ("0018",), "cms": ("CMS165v13",), "hedis": ("CBP",), "mips": ("236",)}
    assert (one.steward, one.measure_type) == ("NCQA", "outcome")
    assert getattr(one.ages, "text", "") == "18-85"
    assert (one.use, one.status, one.notes) == (("payment",), None, None)


def test_a_list_of_titles_has_no_sections() -> None:
    assert len(measures(csv("Measures\nDiabetes\nPrevention\n"))) == 2


def test_what_was_inferred_is_remarked() -> None:
    (root,) = csv("Title,NQF\nBP (HEDIS CBP),18\n").specs
    listed = root.get("measures")
    texts = repr(listed)
    assert "a spreadsheet had dropped the zeros" in texts
    assert "CBP from the title" in texts
    assert isinstance(root.get("payer"), Scalar)


CELLS = st.sampled_from(
    (
        *("", "X", "yes", "n/a", "-", "18", "18-85", "85-18", "30 days", "<8%", "65%", "none"),
        *("0005 & 0006", "Title", "NQF #", "Total", "Prevention", "core", "claims", "a\nb", 'q"q'),
        *("11-May", "#N/A", "Diabetes: A1c (>9%)", "x" * 300, "MY2025", "null", "~", "payment"),
        *("=1+1", "CMS165v13", "\u202e"),
    )
)
HEADINGS = st.lists(
    st.sampled_from(
        (
            *("Title", "Measure Name", "ID", "NQF #", "HEDIS", "MIPS #", "Age Range", "age_min"),
            *("age_max", "Data Source", "Status", "Weight", "Target", "Notes", "Payer", "Year"),
            *("Votes", "", "#", "Lower is better", "Exclusions", "Benchmark", "Follow-up"),
            *("Threshold", "id source"),
        )
    ),
    min_size=1,
    max_size=6,
)


@given(HEADINGS, st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=5), st.booleans())
def test_any_table_is_read_or_refused_with_its_cells(
    headings: list[str], rows: list[list[str]], drop: bool
) -> None:
    out = io.StringIO()
    writer(out).writerows([headings, *(row[: len(headings)] for row in rows)])
    try:
        found = csv(out.getvalue(), drop_unmapped=drop)
        before = sets(found)
    except SpecError as error:
        told = error.problems
        assert all(p.place.file == "list.csv" and p.place.line for p in told)
        return
    (root,) = found.specs
    written = parse(composed(with_ids(root, before[0])), "list.yaml")
    (after, _) = read_root(written)
    assert [replace(m, minted=True) for m in after.measures or ()] == [
        replace(m, minted=True) for m in before[0].measures or ()
    ]
    assert replace(after, measures=None) == replace(before[0], measures=None)
    counted = re.match(r"(\d+) rows? in; (\d+) measures? out", found.counts[-1])
    assert counted
    assert counted[1] == counted[2] == str(len(after.measures or ()))


def test_the_surer_of_two_headings_is_the_title() -> None:
    (one,) = measures(csv("Measure,Measure Name\nCBP,Controlling High Blood Pressure\n"))
    assert (one.title, one.notes) == ("Controlling High Blood Pressure", "Measure: CBP")


def test_numbers_of_rows_are_left_out_and_others_are_kept() -> None:
    first, second = measures(csv("#,Title\n1,Falls\n2,Flu\n"))
    assert (first.notes, second.notes) == (None, None)
    first, second = measures(csv("Number,Title\n18,Falls\n34,Flu\n"))
    assert (first.notes, second.notes) == ("Number: 18", "Number: 34")


def test_what_a_spreadsheet_has_spoilt_is_named() -> None:
    text = "Title,Ages,Steward\nFalls,11-May,CMS\nFlu,18+,#REF!\nBP,Nov-17,11-May\n"
    assert refused(lambda: csv(text)) == [
        "list.csv:2:7: HZ412",
        "list.csv:3:9: HZ412",
        "list.csv:4:4: HZ412",
    ]


def test_words_for_no_identifier_yet_are_kept_and_told() -> None:
    found = csv("Measure,Quality ID,CMS ID\nFalls,Pending,NQF 0101\nStatin Use,438,CMS347v8\n")
    first, second = measures(found)
    assert (dict(first.ids or {}), first.notes) == ({"cbe": ("0101",)}, "Quality ID: Pending")
    assert dict(second.ids or {}) == {"mips": ("438",), "cms": ("CMS347v8",)}
    assert ["'Pending'" in str(one) for one in found.warnings] == [True]
