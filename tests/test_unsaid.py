"""What is not stated: filled in print alone, asked once, and never counted."""

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

import pytest
from building import KNOWN, harmonize, spec, text_of, written
from hypothesis import given
from hypothesis import strategies as st
from test_standards import facts

from harmonize.agenda import Item
from harmonize.audience import Published, publish
from harmonize.document import document
from harmonize.page import page
from harmonize.render import RENDERERS, Wanted
from harmonize.report import compile_report
from harmonize.sets import MeasureSet
from harmonize.standards import NO_STANDARDS, Standards
from harmonize.views import VIEWS, view

CBP: Final = "Controlling High Blood Pressure"
PLAIN: Final = facts(
    {"measure": "CBP", "spec": "hedis", "ages": "18-85", "threshold": "< 140/90 mm Hg",
     "improvement_notation": "increase", "data_source": ["claims"], "source": "list one"},
    {"measure": "CBP", "spec": "mips", "ages": "18-75", "data_source": ["ehr"],
     "source": "list two"},
)  # fmt: skip
STATES: Final = spec("alpha", {"id": "a", "title": CBP, "ages": "18-80"})
CITES: Final = spec(
    "bravo", {"id": "b", "title": CBP, "ids": {"hedis": "CBP"}}, measurement_year="2024"
)
CLINIC: Final = spec(
    "charlie", {"id": "c", "title": CBP, "ids": {"mips": "236"}}, measurement_year="2024"
)
BARE: Final = spec("delta", {"id": "d", "title": CBP})


def seen(*sets: MeasureSet, standards: Standards = PLAIN, audience: str = "broker") -> Published:
    return publish(sets, KNOWN, audience, standards)


def filled(found: Published) -> set[tuple[str, str, str]]:
    """What the standard fills in: (payer/id, attribute, edition)."""
    return {
        (ref, one.attribute, one.edition)
        for ref, own in found.report.standard.items()
        for one in own
    }


def cells(found: Published) -> dict[str, str]:
    """The one row of the table, by payer."""
    made = page(found)
    ((_, (line,)),) = made.blocks
    return dict(zip((h.payer for h in made.heads), line.cells, strict=True))


def section(found: Published, title: str) -> tuple[Item, ...]:
    return next(items for name, items in page(found).sections if name.startswith(title))


def asked(*sets: MeasureSet, standards: Standards = PLAIN) -> dict[tuple[str, str], str]:
    found = compile_report(sets, KNOWN, standards)
    questions = {(q.payer, q.attribute): q.question for q in found.questions}
    assert len({(q.payer, q.measure, q.attribute) for q in found.questions}) == len(found.questions)
    return questions


# --- filled in ----------------------------------------------------------------------------------


def test_a_silent_cell_is_filled_where_another_states() -> None:
    found = seen(STATES, CITES)
    assert filled(found) == {("bravo/b", "ages", "HEDIS 2024")}
    assert cells(found) == {"alpha": "18-80", "bravo": "18-85 [std]"}
    first, last = section(found, "FROM THE STANDARD")
    assert first.lines == ("ages: 18-80: alpha | 18-85 [std]: bravo",)
    assert last.lines == ("HEDIS 2024: list one",)
    assert any(note.startswith("[std]") for note in page(found).notes)


def test_and_where_two_standards_differ() -> None:
    found = seen(CITES, CLINIC)
    assert filled(found) == {
        ("bravo/b", "ages", "HEDIS 2024"), ("charlie/c", "ages", "MIPS 2024"),
        ("bravo/b", "data_source", "HEDIS 2024"), ("charlie/c", "data_source", "MIPS 2024"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "sets",
    [
        (CITES, BARE),  # nobody states it
        (CITES, spec("zulu", {"title": CBP, "ages": "18-80"}, role="reference")),
        (CITES, spec("zulu", {"title": CBP, "ids": {"hedis": "CBP"}}, measurement_year="2023")),
        (STATES, BARE),
        (STATES, spec("zulu", {"title": CBP, "ids": {"hedis": "CBP"}, "ages": "18-85"},
                      measurement_year="2024")),
    ],
)  # fmt: skip
def test_where_it_would_not_help_nothing_is_filled(sets: tuple[MeasureSet, ...]) -> None:
    found = seen(*sets)
    assert filled(found) == set()
    assert "[std]" not in "".join(cells(found).values())
    assert section(found, "FROM THE STANDARD") == ()


def test_a_pair_that_may_be_one_measure_is_set_beside() -> None:
    found = publish(
        (
            spec("alpha", {"id": "a", "ages": "18+", "title": "Risk Standardized Hospital Admission"
                           " Rate for Patients with Multiple Chronic Conditions (18 and over)"}),
            spec("bravo", {"id": "b", "title": "Clinical and Clinician Group Risk-Standardized"
                           " Acute-Admission Rate for Patients with Multiple Chronic Conditions",
                           "ids": {"mips": "484"}}, measurement_year="2024"),
        ),
        KNOWN,
        "broker",
        facts({"measure": "MCC_ADM_CLIN", "spec": "mips", "ages": "65+"}),
    )  # fmt: skip
    assert len(found.report.crosswalk.possible) == 1
    assert filled(found) == {("bravo/b", "ages", "MIPS 2024")}
    first, _ = section(found, "FROM THE STANDARD")
    assert first.lines == ("ages: 18+: alpha | 65+ [std]: bravo",)
    questions = {(q.payer, q.attribute) for q in found.report.questions}
    assert questions == {("alpha", "ids")}  # whose number would tell


@pytest.mark.parametrize(("width", "mark"), [(None, "18-85 [std]"), (60, "18-85^")])
def test_a_narrow_page_has_a_short_mark(width: int | None, mark: str) -> None:
    names = spec("echo", *(f"{CBP} of all {n} people who live there" for n in ("old", "young")))
    text = RENDERERS["table"](seen(STATES, CITES, names), Wanted(width=width))
    assert mark in text.split("TO ASK")[0]


def test_what_is_to_settle_shows_the_standard_of_the_silent() -> None:
    other = spec("zulu", {"id": "z", "title": CBP, "ages": "21+"})
    (item,) = section(seen(STATES, CITES, BARE, other), "TO SETTLE")
    assert item.lines == (
        "ages [population]: 18-80: alpha | 21+: zulu | 18-85 [std]: bravo | silent: delta",
    )


# --- in print alone -----------------------------------------------------------------------------


def test_no_table_for_scripts_has_it() -> None:
    found = seen(STATES, CITES, CLINIC, BARE)
    for name in VIEWS:
        for layout in ("wide", "long"):
            for kind in ("ask", "id", "title", "status"):
                text = str(view(found, name, layout, kind))
                assert "std" not in text
                assert "18-85" not in text
        if name != "questions":
            without = seen(STATES, CITES, CLINIC, BARE, standards=NO_STANDARDS)
            assert view(found, name) == view(without, name)


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "ages": st.sampled_from(["18-85", "18-75", "40+"]),
                "threshold": st.sampled_from(["< 140/90", "< 130/80"]),
                "ids": st.sampled_from([{"hedis": "CBP"}, {"mips": "236"}, {"cbe": "0018"}]),
                "follows": st.sampled_from(["HEDIS MY2024", "MIPS 2024", "ours"]),
            },
        ),
        min_size=1,
        max_size=4,
    )
)
def test_it_changes_no_figure_and_no_difference(lines: list[Mapping[str, Any]]) -> None:
    sets = tuple(
        spec(f"p{i}", {"id": "m", "title": CBP, **line}, measurement_year="2024")
        for i, line in enumerate(lines)
    )
    told, untold = (document(seen(*sets, standards=s)) for s in (PLAIN, NO_STANDARDS))
    free = ("questions", "standard")
    assert {k: v for k, v in told.items() if k not in free} == {
        k: v for k, v in untold.items() if k not in free
    }
    assert untold["standard"] == []
    stating = {(f"p{i}", name) for i, line in enumerate(lines) for name in line}
    assert not {(one["payer"], one["attribute"]) for one in told["standard"]} & stating
    said = {(q["payer"], q["attribute"]) for q in told["questions"]}
    assert not {(one["payer"], one["attribute"]) for one in told["standard"]} & said


def test_json_tells_it_apart_from_what_is_stated() -> None:
    assert document(seen(STATES, CITES))["standard"] == [
        {"payer": "bravo", "measure": "b", "attribute": "ages", "value": "18-85",
         "edition": "HEDIS 2024", "year": 2024, "cited": "list one"}
    ]  # fmt: skip


# --- what somebody may not see ------------------------------------------------------------------


@pytest.mark.parametrize("where", ["measure", "file"])
@pytest.mark.parametrize("said", [{"ages": "47-53"}, {}])
def test_a_withheld_field_is_not_filled_in(where: str, said: dict[str, str]) -> None:
    marks = {"visibility": {"ages": "withheld"}}
    line = {"id": "b", "title": CBP, "ids": {"hedis": "CBP"}, **said}
    own = {**line, **marks} if where == "measure" else line
    about = marks if where == "file" else {}
    hides = spec("bravo", own, measurement_year="2024", **about)
    public = seen(STATES, hides, audience="public")
    assert filled(public) == set()
    assert cells(public)["bravo"] == ("ages stated (withheld)" if said else "yes")
    shown = seen(STATES, hides, audience="broker")
    assert cells(shown)["bravo"] == (said.get("ages") or "18-85 [std]")


def test_withheld_numbers_lead_to_no_standard() -> None:
    line = {"id": "b", "title": CBP, "ids": {"hedis": "CBP"}, "visibility": {"ids": "withheld"}}
    hides = spec("bravo", line, measurement_year="2024")
    assert filled(seen(STATES, hides, audience="public")) == set()
    assert filled(seen(STATES, hides, audience="broker")) != set()


# --- asked --------------------------------------------------------------------------------------


def test_silence_on_what_others_state_is_asked_about() -> None:
    assert asked(STATES, BARE) == {("delta", "ages"): "Which ages are counted? Others ask 18-80."}


def test_a_standard_answers() -> None:
    assert asked(STATES, CITES) == {}
    assert ("bravo", "ages") in asked(STATES, CITES, standards=NO_STANDARDS)


def test_where_standards_differ_the_silent_are_asked() -> None:
    found = asked(CITES, CLINIC, BARE)
    assert found["delta", "ages"] == (
        "Which ages are counted? The standards that others cite differ."
    )
    assert found["delta", "data_source"].startswith("From which data is it taken?")


@pytest.mark.parametrize(
    "line",
    [
        {"title": f"{CBP}, ages 18 to 85"},  # the title answers
        {"title": CBP, "rates": [{"id": "r", "title": "All", "ages": "18-85"}]},
        {"title": CBP, "ages": "18-80"},
    ],
)
def test_what_is_told_in_another_way_is_not_asked(line: dict[str, Any]) -> None:
    assert ("delta", "ages") not in asked(STATES, spec("delta", line))


def test_references_and_internal_lists_are_not_asked() -> None:
    for role in ("reference", "internal"):
        assert asked(STATES, spec("zulu", CBP, role=role)) == {}
        assert asked(BARE, spec("zulu", {"title": CBP, "ages": "18-80"}, role=role)) == {}


def test_lists_of_titles_alone_ask_nothing() -> None:
    titles = (CBP, "Breast Cancer Screening", "Colorectal Cancer Screening")
    assert asked(spec("alpha", *titles), spec("bravo", *titles)) == {}


def test_words_of_a_payer_are_no_reason_to_ask() -> None:
    assert asked(spec("alpha", {"title": CBP, "ages": "grown-ups"}), BARE) == {}


@pytest.mark.parametrize(("title", "wanted"), [("HbA1c below 8%", True), ("HbA1c Control (<8%)",
                                                                      False)])  # fmt: skip
def test_the_direction_is_asked_where_the_title_leaves_it_open(title: str, wanted: bool) -> None:
    named = {"ids": {"cbe": "0575"}}
    states = spec("alpha", {"title": title, "improvement_notation": "increase", **named})
    found = asked(states, spec("bravo", {"title": title, **named}))
    assert (("bravo", "improvement_notation") in found) is wanted


# --- another specification ----------------------------------------------------------------------

FUA: Final = "Follow-Up after ED Visit for Substance Use - 30-Day"
OLD: Final = "Follow-Up after discharge from the ED for Alcohol and Other Drug Dependence (30-Day)"
REPLACED: Final = facts(
    history=({"measure": "FUA_2605", "kind": "replaced", "year": "2016", "by": "FUA"},)
)


def test_an_older_measure_is_a_question_and_no_difference() -> None:
    sets = (
        spec("alpha", {"id": "a", "title": f"{FUA} (HEDIS FUA)"}),
        spec("bravo", {"id": "b", "title": f"{OLD} (NQF#2605)"}),
    )
    found = seen(*sets, standards=REPLACED)
    assert asked(*sets, standards=REPLACED) == {
        ("bravo", "follows"): "Which specification is calculated? It cites CBE 2605, "
        "replaced in 2016 by FUA; others cite HEDIS FUA."
    }
    assert cells(found) == {"alpha": "(30d)", "bravo": "(30d)*"}
    assert any(note.startswith("*") for note in page(found).notes)
    assert found.report.divergences == ()


@pytest.mark.parametrize(
    ("history", "told"),
    [
        ((), "another measure by its number"),
        (({"measure": "FUA_2605", "kind": "retired", "year": "2016"},), "retired in 2016"),
    ],
)
def test_what_else_became_of_an_older_measure(history: tuple[Any, ...], told: str) -> None:
    sets = spec("alpha", f"{FUA} (HEDIS FUA)"), spec("bravo", f"{OLD} (NQF#2605)")
    question = asked(*sets, standards=facts(history=history))["bravo", "follows"]
    assert f"It cites CBE 2605, {told}; others cite HEDIS FUA." in question


def test_a_cut_without_its_unit_is_the_same_standard() -> None:
    standards = facts(
        {"measure": "CBP", "spec": "hedis", "threshold": "< 140/90 mm Hg"},
        {"measure": "CBP", "spec": "mips", "threshold": "< 140/90"},
    )
    assert filled(seen(CITES, CLINIC, standards=standards)) == set()


def test_a_version_for_clinicians_is_a_question() -> None:
    line = "Initiation and Engagement of Substance Use Disorder Treatment"
    plan = spec("alpha", {"title": line, "ids": {"hedis": "IET"}})
    clinic = spec("bravo", {"title": line, "ids": {"mips": "305"}})
    both = spec("charlie", {"title": line, "ids": {"mips": "305", "hedis": "IET"}})
    told = asked(plan, clinic)
    assert told == {
        ("bravo", "follows"): "Which specification is calculated? It cites MIPS 305, "
        "the version for clinicians; others cite HEDIS IET."
    }
    assert asked(both, clinic) == {}
    assert asked(clinic, spec("delta", line)) == {}


def test_who_says_what_it_follows_is_not_asked() -> None:
    sets = (
        spec("alpha", {"title": f"{FUA} (HEDIS FUA)"}),
        spec("bravo", {"title": f"{OLD} (NQF#2605)", "follows": "HEDIS MY2024"}),
    )
    assert ("bravo", "follows") not in asked(*sets, standards=REPLACED)


# --- on the page --------------------------------------------------------------------------------

STATED: Final = {
    "Breast Cancer Screening": "50-74", "Colorectal Cancer Screening": "45-75",
    "Cervical Cancer Screening": "21-64", CBP: "18-85",
    "Plan All-Cause Readmissions": "18-64", "Lead Screening in Children": "<3",
}  # fmt: skip


@pytest.mark.parametrize("count", [3, 4])
def test_many_questions_of_a_list_are_one_on_the_page(count: int) -> None:
    titles = list(STATED)[:count]
    states = spec("alpha", *({"title": t, "ages": STATED[t]} for t in titles))
    found = seen(states, spec("bravo", *titles))
    (item,) = section(found, "TO ASK")
    assert item.heading == "bravo"
    if count == 3:
        assert len(item.lines) == 3
    else:
        (line,) = item.lines
        names, _, question = line.partition(": ")
        assert question == "Which specification do these lines follow? Others state their ages."
        assert names.split(", ") == [r.concept.acronym for r in found.report.rows]
    assert len(view(found, "questions").rows) == count


def test_the_view_has_a_row_for_each_question(tmp_path: Any) -> None:
    folder = written(
        tmp_path, text_of("alpha", {"title": CBP, "ages": "18-85"}), text_of("bravo", CBP)
    )
    done = harmonize("compare", str(folder), "--format", "csv", "--view", "questions")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert rows == [
        ["payer", "measure", "attribute", "question"],
        ["bravo", "controlling-high-blood-pressure", "ages",
         "Which ages are counted? Others ask 18-85."],
    ]  # fmt: skip


def test_payers_of_whom_the_same_is_asked_are_asked_together() -> None:
    found = seen(STATES, BARE, spec("echo", {"id": "d", "title": CBP}))
    (item,) = section(found, "TO ASK")
    assert item.heading == "delta, echo"
    assert item.lines == ("CBP: Which ages are counted? Others ask 18-80.",)


def test_every_value_in_a_cell_has_its_mark() -> None:
    full = {"ages": "18-80", "threshold": "< 130/80 mm Hg", "improvement_notation": "increase"}
    found = seen(spec("alpha", {"id": "a", "title": CBP, **full}), CITES)
    assert cells(found)["bravo"] == "<140/90 [std], higher [std], 18-85 [std]"
