"""What a practice is told by whom: what pulls apart, how hard, and that no name decides it."""

from itertools import permutations
from pathlib import Path
from typing import Any, Final

import pytest
from building import drawn, figures, published, reported, spec, table
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.document import document
from harmonize.fields import declared
from harmonize.measures import Measure
from harmonize.pulls import (
    AGAINST,
    CUT,
    MIRRORED,
    PULLS,
    RETIRED,
    STANDINGS,
    TARGET,
    TELLERS,
    UNPAID,
    USES,
    WEIGHT,
    Pull,
)
from harmonize.sets import MeasureSet
from harmonize.signals import Signal, signals, subjects

CBP: Final = "Controlling High Blood Pressure"
POOR: Final = {
    "title": "Diabetes: Hemoglobin A1c (HbA1c) Poor Control (>9%)",
    "threshold": "> 9%",
    "improvement_notation": "decrease",
}
GOOD: Final = {
    "title": "Diabetes: Hemoglobin A1c (HbA1c) Control (<=9%)",
    "threshold": "<= 9%",
    "improvement_notation": "increase",
}
UNDER_8: Final = {
    "title": "Comprehensive Diabetes Care: HbA1c Control (<8.0%)",
    "threshold": "< 8.0%",
    "improvement_notation": "increase",
}

Fields = dict[str, Any]


def _lists(*lines: Fields, **about: Any) -> tuple[MeasureSet, ...]:
    """A list of one blood pressure measure each."""
    return tuple(
        spec(f"p{i}", {"id": "m", "title": CBP, **line}, **about) for i, line in enumerate(lines)
    )


def _told(*sets: MeasureSet) -> tuple[Signal, ...]:
    return reported(*sets).signals


def _pulls(*sets: MeasureSet) -> dict[str, Pull]:
    return {s.about: s.conflict.pull for s in _told(*sets) if s.conflict}


# --- what pulls apart -----------------------------------------------------------------------------

BP: Final = {"threshold": "< 140/90 mm Hg"}
PAID: Final = {"use": ["payment"]}
CASES: Final[list[tuple[list[Fields], dict[str, Pull]]]] = [
    ([{"improvement_notation": "increase"}, {"improvement_notation": "decrease"}],
     {"direction": AGAINST}),
    ([{"improvement_notation": "increase"}, {"improvement_notation": "increase"}], {}),
    ([{"improvement_notation": "increase"}, {}], {}),
    ([BP, {"threshold": "< 130/80 mm Hg"}], {"threshold": CUT}),
    ([BP, {"threshold": "< 140/90"}], {}),
    ([BP, {"threshold": "none"}], {"threshold": CUT}),
    ([{"threshold": "> 9%", "improvement_notation": "decrease"},
      {"threshold": "<= 9%", "improvement_notation": "increase"}], {}),
    ([{"threshold": "> 9%", "improvement_notation": "decrease"},
      {"threshold": "<= 9%", "improvement_notation": "decrease"}],
     {"threshold": CUT}),
    ([{"threshold": "> 9%", "improvement_notation": "decrease"},
      {"threshold": "> 9%", "improvement_notation": "increase"}], {"direction": AGAINST}),
    ([{"threshold": "> 9%", "improvement_notation": "decrease"},
      {"threshold": "< 8%", "improvement_notation": "increase"}],
     {"direction": MIRRORED, "threshold": CUT}),
    ([PAID, {"status": "retired"}], {"use": RETIRED}),
    ([PAID, {"use": ["payment"], "status": "retired"}], {"use": RETIRED}),
    ([PAID, {"use": ["reporting"]}], {"use": UNPAID}),
    ([PAID, {"use": ["care gap"]}], {"use": UNPAID}),
    ([PAID, {"status": "monitoring"}], {"use": UNPAID}),
    ([PAID, {"use": ["gate"]}], {}),
    ([PAID, {"use": ["payment", "public reporting"]}], {}),
    ([{"use": ["reporting"]}, {"status": "retired"}], {}),
    ([PAID, {"status": "core"}], {}),
    ([{"target": "65%"}, {"target": "70%"}], {"target": TARGET}),
    ([{"target": "65%"}, {"target": "65.0%"}], {}),
    ([{"target": "65%"}, {"target": {"value": "65%", "basis": "improvement"}}], {}),
    ([{"target": {"value": "65%", "basis": "attainment"}},
      {"target": {"value": "65%", "basis": "improvement"}}], {"target": TARGET}),
    ([{"target": "65%"}, {"target": "better than last year"}], {"target": TARGET}),
    ([{"weight": "10%"}, {"weight": "20%"}], {"weight": WEIGHT}),
    ([{"weight": "10%"}, {"weight": "10.0%"}], {}),
    ([{"weight": "10%"}, {"weight": "3x"}], {}),
    ([{"weight": "10%"}, {}], {}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "pulls"), CASES)
def test_what_pulls_apart(lines: list[Fields], pulls: dict[str, Pull]) -> None:
    for ordered in permutations(lines):
        assert _pulls(*_lists(*ordered)) == pulls


def test_targets_of_one_cut_told_from_two_sides_are_one() -> None:
    def pulls(target: str) -> dict[str, Pull]:
        return _pulls(spec("p0", {**POOR, "target": "30%"}), spec("p1", {**GOOD, "target": target}))

    assert pulls("70%") == {}
    assert pulls("30%") == {"target": TARGET}


def test_what_stands_on_one_cut_is_no_conflict_with_a_third_in_it() -> None:
    sets = (spec("p0", POOR), spec("p1", GOOD), spec("p2", {**POOR, "threshold": "> 9.0%"}))
    assert _pulls(*sets) == {}
    told = {s.about: s for s in _told(*sets)}
    assert [t.text for t in told["direction"].told] == [
        "lower is better", "higher is better", "lower is better",
    ]  # fmt: skip


def test_a_complement_among_others_hides_no_conflict() -> None:
    odd = {"title": "Diabetes: HbA1c Poor Control", "improvement_notation": "increase"}
    sets = (spec("p0", POOR), spec("p1", GOOD), spec("p2", odd))
    (row,) = reported(*sets).rows
    assert row.used_by == 3
    assert _pulls(*sets) == {"direction": AGAINST}


def test_siblings_of_a_family_that_pull_apart_are_a_conflict_and_no_match() -> None:
    silent = {key: value for key, value in UNDER_8.items() if key != "improvement_notation"}
    for line, way in ((UNDER_8, "higher is better"), (silent, "higher is better (by its cut)")):
        report = reported(spec("p0", POOR), spec("p1", line))
        assert [len(row.concept.payers) for row in report.rows] == [1, 1]
        first, second = report.signals
        assert (first.about, first.rank, second.about, second.rank) == (
            "direction", 1, "threshold", 2,
        )  # fmt: skip
        assert first.conflict
        assert second.conflict
        assert (first.conflict.pull, second.conflict.pull) == (MIRRORED, CUT)
        assert first.conflict.words == (
            f"scores run against each other: {way}: p1 | lower is better: p0; "
            "measures of one family, not a match"
        )
        assert "< 8.0%: p1 | > 9%: p0; the numbers 11.1% apart" in second.conflict.words
        assert first.concepts == ("hba1c_lt8", "hba1c_poor")


def test_what_means_the_same_is_said_once() -> None:
    silent = {"title": UNDER_8["title"], "threshold": "< 8%"}
    sets = (spec("p0", POOR), spec("p1", UNDER_8), spec("p2", silent),
            spec("p3", {**POOR, "threshold": "> 9.0%"}))  # fmt: skip
    words = {s.about: s.conflict.words for s in _told(*sets) if s.conflict}
    assert (
        "higher is better: p1, p2 (by its cut) | lower is better: p0, p3; 4 of 4"
        in (words["direction"])
    )
    assert "< 8%: p1, p2 | > 9%: p0, p3; 4 of 4 pairs of payers" in words["threshold"]


def test_a_cut_that_only_a_title_prints_is_one() -> None:
    report = reported(spec("p0", POOR["title"]), spec("p1", UNDER_8["title"]))
    (one,) = report.signals
    assert [t.text for t in one.told] == [">9 (title)", "<8.0 (title)"]
    assert one.conflict


def test_who_asks_for_both_siblings_pulls_against_nobody() -> None:
    both = spec("p2", {**POOR, "id": "a"}, {**UNDER_8, "id": "b"})
    assert _pulls(both, spec("p0", POOR)) == {}
    assert _pulls(both, spec("p1", UNDER_8)) == {}
    found = [s for s in _told(both, spec("p0", POOR), spec("p1", UNDER_8)) if s.conflict]
    assert [t.payer for s in found for t in s.told] == ["p0", "p1"] * 2


def test_rates_do_not_tell_again_what_their_measure_tells() -> None:
    def fuh(payer: str, **rate: Any) -> MeasureSet:
        rates = [{"id": "7", "title": "Within 7 days", "follow_up": "7 days", **rate}]
        whole = {"id": "FUH", "title": "Follow-Up After Hospitalization for Mental Illness"}
        return spec(payer, {**whole, "weight": rate.get("weight", "5%"), "rates": rates})

    told = _told(fuh("p0"), fuh("p1", weight="10%"))
    assert [(s.about, s.concepts) for s in told] == [("weight", ("fuh",))]
    assert figures(fuh("p0"), fuh("p1", weight="10%"))["signal_conflicts"] == (1, 1)


# --- the order ------------------------------------------------------------------------------------


def test_the_hardest_pull_comes_first_and_equal_pulls_share_a_rank() -> None:
    titles = [CBP, "Breast Cancer Screening", "Colorectal Cancer Screening",
              "Cervical Cancer Screening", "Chlamydia Screening"]  # fmt: skip
    told: list[list[Fields]] = [
        [{"weight": "10%"}, {"weight": "20%"}, {"weight": "20%"}],
        [{"weight": "10%"}, {"weight": "20%"}, {}],
        [{"weight": "5%"}, {"weight": "10%"}, {}],
        [{"weight": "10%"}, {"weight": "11%"}, {}],
        [PAID, {"use": ["reporting"]}, {}],
    ]
    sets = [
        spec(f"p{n}", *({"id": str(i), "title": t, **told[i][n]} for i, t in enumerate(titles)))
        for n in range(3)
    ]
    ranks = {s.label: s.rank for s in _told(*sets)}
    assert [ranks[title] for title in sorted(ranks, key=lambda t: titles.index(_plain(t)))] == [
        2, 3, 3, 5, 1,
    ]  # fmt: skip


def _plain(label: str) -> str:
    return label.removesuffix(" in Women")


def test_what_pulls_nobody_apart_is_told_without_a_rank_behind_the_rest() -> None:
    sets = _lists({"weight": "10%", **PAID}, {"weight": "20%", **PAID})
    assert [(s.about, s.rank) for s in _told(*sets)] == [("weight", 1), ("use", None)]
    assert table("signals", *sets).rows[1][0] is None


LINES: Final = st.fixed_dictionaries(
    {"title": st.sampled_from([str(one["title"]) for one in (POOR, GOOD, UNDER_8)] + [CBP])},
    optional={
        "threshold": st.sampled_from(["> 9%", "<= 9%", "< 8%", "< 140/90", "as agreed"]),
        "improvement_notation": st.sampled_from(["increase", "decrease"]),
        "target": st.sampled_from(["30%", "70%", "none", "more"]),
        "weight": st.sampled_from(["10%", "20%", "2x"]),
        "use": st.sampled_from([["payment"], ["reporting"], ["gate", "monitoring"]]),
        "status": st.sampled_from(["core", "retired", "monitoring"]),
    },
)
LISTS: Final = st.lists(st.lists(LINES, min_size=1, max_size=3), min_size=2, max_size=4)


@settings(max_examples=40, deadline=None)
@given(LISTS, st.randoms(use_true_random=False))
def test_other_names_and_another_order_change_no_rank(
    lists: list[list[Fields]], random: Any
) -> None:
    names = [f"n{i}" for i in range(len(lists))]
    random.shuffle(names)
    ours = [spec(f"n{i}", *own) for i, own in enumerate(lists)]
    theirs = [spec(names[i], *own) for i, own in enumerate(lists)]
    random.shuffle(theirs)
    one, other = _told(*ours), _told(*theirs)
    back = {names[i]: f"n{i}" for i in range(len(lists))}
    assert sorted(_plainly(one, {})) == sorted(_plainly(other, back))
    assert [s.rank for s in one] == [s.rank for s in other]
    same = [spec(f"n{i}", *own) for i, own in enumerate(lists)]
    random.shuffle(same)
    assert _told(*same) == one


def _plainly(found: tuple[Signal, ...], names: dict[str, str]) -> list[Any]:
    """Signals without the words that name payers."""
    return [
        (
            s.rank or 0, s.label, s.about,
            s.conflict.order if s.conflict else (),
            sorted((names.get(t.payer, t.payer), t.text) for t in s.told),
        )
        for s in found
    ]  # fmt: skip


# --- who is told of, and who may see it -----------------------------------------------------------


def test_references_are_shown_and_pull_nobody() -> None:
    reference = spec("r", {"title": CBP, "weight": "90%"}, role="reference")
    assert _told(*_lists({"weight": "10%"}), reference) == ()
    (one,) = _told(*_lists({"weight": "10%"}, {"weight": "10%"}), reference)
    assert one.conflict is None
    assert [t.payer for t in one.told] == ["p0", "p1", "r"]


@pytest.mark.parametrize("name", ["weight", "target", "use", "threshold", "improvement_notation"])
def test_what_is_withheld_pulls_nobody_and_is_in_no_figure(name: str) -> None:
    values = {"weight": ("17%", "71%"), "target": ("17%", "71%"),
              "use": (["payment"], ["reporting"]), "threshold": ("< 17/71", "< 18/72"),
              "improvement_notation": ("increase", "decrease")}  # fmt: skip
    mine, theirs = ({name: value} for value in values[name])
    sets = _lists(mine, theirs, visibility={name: "withheld"})
    seen = document(published(*sets, audience="public"))
    assert seen["signals"] == []
    assert not any(text in str(seen) for text in ("17%", "71", "payment"))
    assert document(published(*sets))["signals"] != []


def test_the_figure_counts_measures_once() -> None:
    sets = _lists({"weight": "10%", "target": "60%", **PAID}, {"weight": "20%", "target": "70%"})
    assert figures(*sets)["signal_conflicts"] == (1, 1)
    assert figures(*_lists({}, {}))["signal_conflicts"] == (0, 0)
    assert figures(spec("p0", POOR), spec("p1", UNDER_8))["signal_conflicts"] == (1, 1)
    assert [*subjects(_told(*sets)).values()] == [TARGET]


def test_nothing_is_told_of_nothing() -> None:
    assert _told() == ()
    report = reported(spec("p0", POOR))
    assert signals(report.crosswalk, report.rows, report.units, report.payers) == ()


def test_programs_get_the_same_at_the_end_of_the_object() -> None:
    made = document(published(spec("p0", POOR), spec("p1", UNDER_8)))
    assert list(made)[-3:] == ["signals", "addable", "adherence"]
    assert [(s["rank"], s["signal"], s["pull"], s["pairs"]) for s in made["signals"]] == [
        (1, "direction", 6, 1), (2, "threshold", 4, 1),
    ]  # fmt: skip
    assert made["signals"][0]["told"][1] == {
        "payer": "p1", "value": "higher is better", "sources": ["p1.yaml:4"],
    }  # fmt: skip


def test_the_page_points_to_signals_that_pull_apart() -> None:
    told = drawn("markdown", spec("p0", POOR), spec("p1", UNDER_8))
    assert "Signals pull apart in 1 of 1 measures" in told
    assert "see the signals view" in told
    assert "Signals pull" not in drawn("markdown", spec("p0", POOR), spec("p1", GOOD))


# --- the tables -----------------------------------------------------------------------------------


def test_every_use_that_a_spec_may_state_tells_something() -> None:
    assert set(USES) == set(declared(Measure)["use"].choices)
    assert set(STANDINGS) <= set(declared(Measure)["status"].choices)


def test_every_pull_is_explained_in_the_docs() -> None:
    page = " ".join((Path(__file__).parent.parent / "docs" / "signals.md").read_text().split())
    assert [pull.number for pull in PULLS] == list(range(len(PULLS), 0, -1))
    for pull in PULLS:
        assert f"| {pull.number} | {pull.name} | {pull.because} |" in page
    for use, told in (USES | STANDINGS).items():
        assert f"| `{use}` | {told} |" in page
    assert all(f"`{name}`" in page for name in TELLERS)
