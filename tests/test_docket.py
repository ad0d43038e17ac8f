"""What is to be decided: which questions are asked, in which order, and for whom."""

from dataclasses import replace
from typing import Any

import pytest
from building import published, spec
from deciding import DAY, decided, match, pinned_to

from harmonize.comments import Comment
from harmonize.decisions import Decision
from harmonize.docket import Case, cases, row_of
from harmonize.marks import redact
from harmonize.render.ballots import BALLOTS
from harmonize.rulings import rulings
from harmonize.sets import MeasureSet

LAKE = spec(
    "lake",
    {"id": "bp", "title": "Controlling High Blood Pressure", "ages": "18-85"},
    {"id": "tob", "title": "Tobacco Cessation Counseling, Aid, or Quit"},
)
RIDGE = spec(
    "ridge",
    {"id": "bp", "title": "Controlling High Blood Pressure", "ages": "18-75"},
    {"id": "msc", "title": "Medical Assistance with Smoking and Tobacco Use Cessation"},
)
BOOK = spec("book", {"id": "bp", "title": "Controlling High Blood Pressure"}, role="reference")
TOBACCO = match("lake/tob", "ridge/msc", "unsure")
AGES = {
    "difference": {"measures": ["ridge/bp", "lake/bp"], "attribute": "ages"},
    "judgement": "to-resolve",
}


def listed(
    *sets: MeasureSet,
    decisions: tuple[Decision, ...] = (),
    comments: tuple[Comment, ...] = (),
    audience: str = "broker",
) -> tuple[Case, ...]:
    """The cases of sets and decisions."""
    found = published(*sets, audience=audience)
    public = tuple(redact(one, "public") for one in sets)
    ruled = rulings(decisions, public, DAY)
    report = replace(found.report, rulings=ruled)
    return cases(replace(found, report=report), public, comments)


def told(found: tuple[Case, ...]) -> list[tuple[str, ...]]:
    return [(c.asked.about, *c.asked.refs, c.asked.attribute, c.state) for c in found]


OPEN = [
    ("match", "lake/tob", "ridge/msc", "", "open"),
    ("difference", "lake/bp", "ridge/bp", "ages", "open"),
    ("measure", "cbp", "", "open"),
]


def test_what_is_asked() -> None:
    assert told(listed(LAKE, RIDGE, BOOK)) == OPEN
    assert told(listed(LAKE, BOOK)) == []


@pytest.mark.parametrize(
    ("entry", "gone"),
    [
        (TOBACCO, OPEN[0]),
        ({**TOBACCO, "expires": "2026-01-01"}, OPEN[0]),
        (AGES, OPEN[1]),
        ({"measure": "cbp", "disposition": "menu"}, OPEN[2]),
    ],
)
def test_a_question_that_is_answered_is_not_asked(entry: Any, gone: tuple[str, ...]) -> None:
    found = told(listed(LAKE, RIDGE, decisions=decided(entry)))
    assert gone not in found
    assert len(found) == len(OPEN)
    withdrawn = decided({**entry, "withdrawn": {"by": "Bo"}})
    assert gone in told(listed(LAKE, RIDGE, decisions=withdrawn))


def test_a_difference_that_grew_is_asked_again() -> None:
    third = spec("third", {"title": "Controlling High Blood Pressure", "ages": "18+"})
    found = told(listed(LAKE, RIDGE, third, decisions=decided(AGES)))
    assert [one[-1] for one in found if one[0] == "difference"] == ["not pinned", "open"]


def test_a_measure_under_another_id_is_not_asked_again() -> None:
    one = pinned_to(decided(TOBACCO)[0], LAKE, RIDGE)
    moved = spec("lake", {"id": "tobacco", "title": "Tobacco Cessation Counseling, Aid, or Quit"})
    found = told(listed(moved, RIDGE, decisions=(one,)))
    assert found == [("match", "lake/tob", "ridge/msc", "", "holds")]


def test_order_of_payers_and_measures_has_no_part() -> None:
    turned = tuple(
        replace(one, measures=tuple(reversed(one.measures or ()))) for one in (LAKE, RIDGE)
    )
    decisions = decided(TOBACCO, AGES)
    for suffix, made in BALLOTS.items():
        one = made(listed(LAKE, RIDGE, decisions=decisions), f"a{suffix}")
        assert made(listed(*turned, decisions=decisions[::-1]), f"a{suffix}") == one


def test_what_is_asked_is_pinned_to_what_everybody_may_see() -> None:
    marked = spec(
        "lake",
        {"id": "bp", "title": "Controlling High Blood Pressure", "ages": "18-85"},
        visibility={"ages": "withheld"},
    )
    for audience, differs in (("broker", True), ("public", False)):
        found = listed(marked, RIDGE, audience=audience)
        assert ("difference" in {c.asked.about for c in found}) == differs
        (whole,) = (c for c in found if c.asked.about == "measure")
        assert dict(whole.asked.judged or {})["lake/bp"] == {
            "title": "Controlling High Blood Pressure"
        }
        drawn = str(BALLOTS[".csv"](found, "a.csv"))
        assert ("18-85" in drawn) == differs
        assert "18-85" not in str([c.asked for c in found])


def test_comments_stand_beside_what_they_are_about_each_with_its_own_number() -> None:
    said = (
        Comment(measure="lake/bp", role="nurse", practice="Hill", feasibility="2", text="no staff"),
        Comment(measure="cbp", role="coder", feasibility="5"),
        Comment(measure="lake/tob", role="nurse", text="=later"),
    )
    tobacco, ages, whole = (row_of(c) for c in listed(LAKE, RIDGE, comments=said))
    nurse = "lake/bp: nurse, Hill: feasibility 2 of 5: no staff"
    assert tobacco["comments"] == "lake/tob: nurse: =later"
    assert ages["comments"] == nurse
    assert whole["comments"] == f"{nurse} | cbp: coder: feasibility 5 of 5"
    assert ages["values"] == "lake: 18-85 | ridge: 18-75"
