"""Whether two payers' results add up: yes only where every part is stated, no where one differs."""

from itertools import permutations
from typing import Any, Final

import pytest
from building import figures, published, reported, spec

from harmonize.adding import BOTH_LISTS, NEEDED, ORDER, PARTS
from harmonize.document import document
from harmonize.measures import ATTRIBUTES
from harmonize.sets import MeasureSet

CBP: Final = "Controlling High Blood Pressure"
LINE: Final[dict[str, Any]] = {
    "id": "m",
    "title": CBP,
    "numerator": "Most recent reading below the threshold.",
    "denominator": "Patients with hypertension.",
    "ages": "18-85",
    "measurement_period": "calendar year",
    "scoring": "proportion",
    "level": ["practice"],
}
LIST: Final[dict[str, Any]] = {
    "measurement_year": "2025",
    "line_of_business": "insured",
    "feedback": [{"level": "practice", "cadence": "quarterly", "attribution": "plurality"}],
}
SAME: Final = (
    "every part is stated and the same; neither states denominator exclusions, "
    "denominator exceptions, numerator exclusions"
)


def _made(payer: str, line: dict[str, Any], about: dict[str, Any]) -> MeasureSet:
    """A whole list with what differs; `None` leaves a key out."""
    lines = {k: v for k, v in {**LINE, **line}.items() if v is not None}
    own = {k: v for k, v in {**LIST, **about}.items() if v is not None}
    return spec(payer, lines, **own)


def _told(*sets: MeasureSet) -> dict[str, tuple[str, str]]:
    return {s.label: (s.addable, s.reason) for s in reported(*sets).sums}


Fields = dict[str, Any]
CASES: Final[list[tuple[Fields, Fields, str, str]]] = [
    ({}, {}, "yes", SAME),
    ({"ages": "18+"}, {}, "no", "not addable: denominator"),
    ({"ages": None}, {}, "unknown", "not known: denominator not stated by x"),
    ({"ages": "grown-ups"}, {}, "no", "not addable: denominator"),
    ({"threshold": "< 130/80"}, {}, "unknown", "not known: numerator not stated by lake"),
    ({"numerator": "A reading below it."}, {}, "no", "not addable: numerator (other words)"),
    ({"numerator": None}, {}, "unknown", "not known: numerator not stated by x"),
    ({"denominator_exclusions": "none"}, {}, "unknown",
     "not known: denominator not stated by lake"),
    ({"measurement_period": "July to June"}, {}, "no", "not addable: period"),
    ({}, {"measurement_year": "2024"}, "no", "not addable: period"),
    ({}, {"measurement_year": None}, "unknown", "not known: period not stated by x"),
    ({"scoring": "ratio"}, {}, "no", "not addable: unit"),
    ({"level": ["plan"]}, {}, "no", "not addable: level"),
    ({"level": ["plan", "practice"]}, {}, "yes", SAME),
    ({"level": None}, {}, "yes", SAME),  # both give feedback to practices
    ({"level": None}, {"feedback": [{"level": "plan", "attribution": "plurality"}]}, "no",
     "not addable: level"),
    ({"level": None}, {"feedback": None, "payment": {"attribution": "plurality"}}, "unknown",
     "not known: level not stated by x"),
    ({}, {"line_of_business": "medicaid mco"}, "no", "not addable: product line"),
    ({}, {"line_of_business": "Insured"}, "yes", SAME),
    ({}, {"feedback": [{"level": "practice", "attribution": "prospective"}]}, "no",
     "not addable: attribution"),
    ({}, {"feedback": [{"level": "practice"}], "payment": {"attribution": "plurality"}}, "yes",
     SAME),
    ({}, {"feedback": [{"level": "practice"}], "payment": {"attribution": "by hand"}}, "no",
     "not addable: attribution"),
    ({}, {"feedback": [{"level": "practice"}]}, "unknown",
     "not known: attribution not stated by x"),
    ({}, {"feedback": [{"level": "patient", "attribution": "by hand"},
                       {"level": "practice", "attribution": "plurality"}]}, "yes", SAME),
    ({"scoring": "ratio", "ages": "18+"}, {"measurement_year": "2024"}, "no",
     "not addable: denominator, period, unit"),
    ({"numerator": None}, {"measurement_year": None, "line_of_business": None}, "unknown",
     "not known: numerator, period, product line not stated by x"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "about", "addable", "reason"), CASES)
def test_what_stands_in_the_way(line: Fields, about: Fields, addable: str, reason: str) -> None:
    for sets in permutations((_made("lake", {}, {}), _made("x", line, about))):
        found = _told(*sets)
        assert found[CBP] == (addable, reason)


def test_what_is_silent_in_both_is_not_known() -> None:
    bare = (spec("lake", CBP), spec("x", CBP))
    parts = ", ".join(part for part in ORDER if part != "specification")
    assert _told(*bare)[CBP] == ("unknown", f"not known: {parts} not stated by lake and x")
    assert figures(*bare)["addable"] == (0, 1)


def test_words_that_no_grammar_covers_are_never_the_same() -> None:
    sets = (_made("lake", {"ages": "grown-ups"}, {}), _made("x", {"ages": "grown-ups"}, {}))
    told = "not known: denominator stated in words alone by lake and x"
    assert _told(*sets)[CBP] == ("unknown", told)


def test_one_cut_told_from_two_sides_does_not_add_up_as_it_stands() -> None:
    mine = {"threshold": "> 9%", "improvement_notation": "decrease"}
    theirs = {"threshold": "<= 9%", "improvement_notation": "increase"}
    assert _told(_made("lake", mine, {}), _made("x", theirs, {}))[CBP][1] == (
        "not addable: numerator"
    )


def test_two_lists_are_told_once_even_if_they_share_nothing() -> None:
    sets = (_made("lake", {}, {}), spec("x", "Breast Cancer Screening"))
    (one,) = reported(*sets).sums
    assert (one.payer_a, one.payer_b, one.concept, one.label) == ("lake", "x", "", BOTH_LISTS)
    told = "not known: period, attribution, product line not stated by x"
    assert (one.addable, one.reason) == ("unknown", told)
    assert figures(*sets)["addable"] == (0, 0)


def test_references_are_in_no_sum() -> None:
    reference = spec("r", LINE, role="reference", **LIST)
    assert _told(_made("lake", {}, {}), reference) == {}


def test_the_figure_counts_two_lists_and_a_measure() -> None:
    sets = (_made("lake", {}, {}), _made("x", {}, {}), _made("y", {"scoring": "ratio"}, {}))
    assert figures(*sets)["addable"] == (1, 3)


def test_other_names_change_no_answer() -> None:
    lists: list[tuple[Fields, Fields]] = [({}, {}), ({"ages": "18+"}, {}), ({"level": None}, {})]
    counts = {
        tuple(sorted((s.addable, s.concept) for s in reported(*sets).sums))
        for names in permutations(("a", "b", "c"))
        for sets in [[_made(n, *own) for n, own in zip(names, lists, strict=True)]]
    }
    assert len(counts) == 1


@pytest.mark.parametrize("area", ["payment", "feedback"])
def test_attribution_that_is_withheld_neither_agrees_nor_differs(area: str) -> None:
    stated = {"payment": {"attribution": "by zyzzyva"},
              "feedback": [{"level": "practice", "attribution": "by zyzzyva"}]}[area]  # fmt: skip
    hidden = _made("x", {}, {"feedback": None, area: stated, "visibility": {area: "withheld"}})
    seen = document(published(_made("lake", {}, {}), hidden, audience="public"))
    assert "zyzzyva" not in str(seen)
    reasons = {one["reason"] for one in seen["addable"]}
    assert all("attribution not stated, or withheld, by x" in reason for reason in reasons)


@pytest.mark.parametrize("mark", ["feedback.attribution", "feedback", "attribution"])
def test_what_holds_for_payment_fills_no_attribution_that_is_withheld(mark: str) -> None:
    own = [{"level": "practice", "attribution": "by zyzzyva"}]
    usual = {"payment": {"attribution": "plurality"}}
    hidden = _made("x", {}, {"feedback": own, "visibility": {mark: "withheld"}, **usual})
    seen = document(published(_made("lake", {}, usual), hidden, audience="public"))
    assert {one["addable"] for one in seen["addable"]} == {"unknown"}


def test_what_is_withheld_of_a_measure_is_told_as_if_it_were_unsaid() -> None:
    hidden = _made("x", {"numerator": "zyzzyva", "visibility": {"numerator": "withheld"}}, {})
    silent = _made("x", {"numerator": None}, {})
    told = [
        document(published(_made("lake", {}, {}), one, audience="public"))["addable"]
        for one in (hidden, silent)
    ]
    assert told[0] == told[1]


def test_every_field_that_changes_what_is_counted_belongs_to_a_part() -> None:
    named = {name for names in PARTS.values() for name in names}
    assert named <= set(ATTRIBUTES)
    assert NEEDED.keys() == PARTS.keys()
    assert all(set(NEEDED[part]) <= set(PARTS[part]) for part in PARTS)


@pytest.mark.parametrize("name", ["events", "risk_adjusted"])
def test_what_is_withheld_of_a_measure_adds_up_with_nothing(name: str) -> None:
    """All that is seen may be the same, and the whole is not known to be."""
    own = {name: {"events": "2", "risk_adjusted": "true"}[name]}
    lake, river = _made("lake", {}, {}), _made("x", own, {"visibility": {name: "withheld"}})
    shut = {(o["addable"], o["reason"]) for o in document(
        published(lake, river, audience="public"))["addable"] if o["concept"]}  # fmt: skip
    part = "numerator" if name == "events" else "specification"
    assert shut == {("unknown", f"not known: {part} withheld in part by x")}


@pytest.mark.parametrize("name", ["version", "risk_adjusted"])
def test_another_specification_is_another_thing(name: str) -> None:
    two = {"version": ("MY2024", "MY2025"), "risk_adjusted": ("true", "false")}[name]
    sides = tuple(_made(p, {name: v}, {}) for p, v in zip(("lake", "x"), two, strict=True))
    told = {(o["addable"], o["reason"]) for o in document(published(*sides))["addable"]
            if o["concept"]}  # fmt: skip
    assert told == {("no", "not addable: specification")}
