"""What is to be settled: which questions, in which order, what is in them, what answers come to."""

from dataclasses import replace
from typing import Any, Final

import pytest
from building import KNOWN, items, published, spec
from deciding import DAY, decided, match
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.audience import Published
from harmonize.concepts import Pair
from harmonize.decisions import MAPPINGS, OF_A_MATCH, Decision
from harmonize.evidence import Verdict
from harmonize.marks import redact
from harmonize.pairing import Lists
from harmonize.report import matches
from harmonize.review import (
    Question,
    Sought,
    answer,
    beside,
    is_called,
    question,
    settled,
    to_settle,
)
from harmonize.rulings import NO_RULINGS, Rulings, State, rulings
from harmonize.sets import MeasureSet

# Made-up payers; each two lines of one id may be one measure.
LAKE: Final = spec(
    "lake",
    {"id": "dep", "title": "Depression Screening", "ages": "18+", "weight": "3x"},
    {"id": "pcr", "title": "Plan All-Cause Readmissions (PCR)"},
    {"id": "spoons", "title": "Spoon Polishing Score", "data_source": "claims"},
    {"id": "tob", "title": "Tobacco Cessation Counseling, Aid, or Quit"},
    short="The Lake",
)
RIDGE: Final = spec(
    "ridge",
    {"id": "dep", "title": "Screening for Depression, Youth", "ages": "12-17", "weight": "1x"},
    {"id": "pcr", "title": "all-cause readmissions"},
    {"id": "spoons", "title": "Polished Spoons", "data_source": "claims"},
    {"id": "tob", "title": "Medical Assistance with Smoking and Tobacco Use Cessation"},
)
SETS: Final = (LAKE, RIDGE)
PUBLIC: Final = {m.ref: m for m in items(*SETS)}
SEEN: Final = published(*SETS)
REFS: Final = tuple(f"lake/{name}" for name in ("dep", "pcr", "spoons", "tob"))  # the surest first


def asked(
    judged: Rulings = NO_RULINGS, seen: Published = SEEN, at: float = 0.5, **sought: Any
) -> tuple[str, ...]:
    """The first side of each question, in the order of asking."""
    return tuple(p.left.ref for p in to_settle(seen, judged, PUBLIC, Sought(**sought), at))


def judged_by(*decisions: Decision, sets: tuple[MeasureSet, ...] = SETS) -> Rulings:
    return rulings(decisions, sets, DAY)


def posed(ref: str, *sets: MeasureSet, audience: str = "broker", **more: Any) -> Question:
    """The question about a measure of the first side."""
    seen = published(*sets or SETS, audience=audience)
    lists = Lists(seen.report.payers, KNOWN)
    pairs = (*seen.report.crosswalk.possible, *matches(seen.report))
    pair = next(p for p in pairs if p.left.ref == ref)
    return question(pair, seen, lists, more.pop("judged", NO_RULINGS), **more)


# --- which, and in which order ------------------------------------------------------------------


def test_what_is_closest_to_the_threshold_is_asked_first() -> None:
    assert asked() == REFS
    assert asked(at=0.01) == REFS[::-1]


@given(st.floats(0.01, 0.99))
def test_no_other_order_than_that_of_closeness(at: float) -> None:
    pairs = to_settle(SEEN, NO_RULINGS, PUBLIC, match_at=at)
    far = [round(abs(p.confidence - at), 4) for p in pairs]
    assert far == sorted(far)
    assert {p.left.ref for p in pairs} == {*REFS}


def test_the_order_of_lists_has_no_part() -> None:
    turned = tuple(replace(s, measures=(s.measures or ())[::-1]) for s in SETS[::-1])
    assert asked(seen=published(*turned)) == REFS


def test_a_blind_order_does_not_tell_how_sure_the_program_is() -> None:
    found = asked(blind=True)
    assert {*found} == {*REFS}
    assert all(asked(blind=True, at=at) == found for at in (0.1, 0.9))


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ({"payers": ("lake",)}, REFS),
        ({"payers": ("moon", "ri*")}, REFS),
        ({"payers": ("moon",)}, ()),
        ({"concept": "spoon"}, ("lake/spoons",)),
        ({"concept": "SPOONS polished"}, ("lake/spoons",)),
        ({"concept": "PCR"}, ("lake/pcr",)),
        ({"concept": "spoon readmissions"}, ()),
        ({"concept": "..."}, ()),
    ],
)
def test_only_what_is_sought(sought: dict[str, Any], found: tuple[str, ...]) -> None:
    assert asked(**sought) == found


def test_a_concept_is_called_by_its_id() -> None:
    one, other, *_ = SEEN.report.crosswalk.concepts
    assert is_called(one, one.id.upper())
    assert not is_called(one, other.id)


@pytest.mark.parametrize(
    ("entry", "once", "again"),
    [
        (match("lake/pcr", "ridge/pcr"), False, False),
        (match("ridge/pcr", "lake/pcr", "reject"), False, False),
        (match("lake/pcr", "ridge/pcr", mapping="broad"), False, False),
        (match("lake/pcr", "ridge/pcr", "unsure"), False, True),
        (match("lake/pcr", "ridge/pcr", expires="2026-11-23"), True, True),
        (match("lake/pcr", "ridge/pcr", withdrawn={"by": "Bo"}), True, True),
        (match("lake/pcr", "ridge/dep", "reject"), True, True),
    ],
)
def test_what_is_judged_is_not_asked_again(entry: dict[str, Any], once: bool, again: bool) -> None:
    judged = judged_by(*decided(entry))
    assert ("lake/pcr" in asked(judged)) is once
    assert ("lake/pcr" in asked(judged, again=True)) is again


def test_what_is_one_through_others_is_not_asked() -> None:
    sets = (*SETS, spec("moon", {"id": "m", "title": "Something Else"}))
    steps = (match("lake/pcr", "moon/m"), match("moon/m", "ridge/pcr"))
    assert settled("ridge/pcr", "lake/pcr", judged_by(*decided(*steps), sets=sets))
    assert not settled("ridge/pcr", "lake/pcr", judged_by(*decided(*steps[:1]), sets=sets))


def test_what_not_everybody_may_see_is_not_asked() -> None:
    """For it could not be written down what was judged."""
    some = {ref: item for ref, item in PUBLIC.items() if ref != "ridge/tob"}
    assert {p.left.ref for p in to_settle(SEEN, NO_RULINGS, some)} == {*REFS} - {"lake/tob"}


# --- what is in a question ----------------------------------------------------------------------


def test_a_question_tells_what_both_say_and_in_what_they_differ() -> None:
    one = posed("lake/dep")
    assert one.refs == ("lake/dep", "ridge/dep")
    assert one.heads == ("The Lake", "ridge")
    assert one.confidence == pytest.approx(0.3795)
    assert any("depression" in line for line in one.speaks_for)
    assert any("youth" in line for line in one.speaks_against)
    assert {line.attribute: line.means for line in one.lines} == {"ages": "differ"}


@pytest.mark.parametrize(
    ("mine", "theirs", "means"),
    [
        ({"ages": "18-85"}, {"ages": "18 - 85 years"}, {"ages": "agree"}),
        ({"ages": "grown people"}, {"ages": "grown people"}, {"ages": ""}),
        ({"ages": "18+"}, {}, {"ages": ""}),
        ({"data_source": ["claims"]}, {"data_source": ["ehr"]}, {"data_source": "differ"}),
        ({"ids": {"x-own": "7"}}, {"ids": {"x-own": "8"}}, {"ids.x-own": "differ"}),
        (
            {"ids": {"x-own": "7"}, "assigned": ["ids.x-own"]},
            {"ids": {"x-own": "7"}},
            {"ids.x-own": "attached"},
        ),
        ({"description": "Spoons."}, {"description": "spoons."}, {"description": "agree"}),
        ({"target": "65%"}, {"target": "75%"}, {}),
        (
            {"rates": [{"id": "r", "title": "Big spoons"}]},
            {"rates": [{"id": "r", "title": "Tea spoons"}]},
            {"rates": "differ"},
        ),
    ],
)
def test_what_an_attribute_means(
    mine: dict[str, Any], theirs: dict[str, Any], means: dict[str, str]
) -> None:
    one = posed(
        "lake/s",
        spec("lake", {"id": "s", "title": "Spoon Polishing Score", **mine}),
        spec("ridge", {"id": "s", "title": "Polished Spoons", **theirs}),
    )
    assert {line.attribute: line.means for line in one.lines} == means


def test_a_question_tells_what_came_close_and_what_is_one_already() -> None:
    moon = spec("moon", {"id": "p", "title": "Plan All-Cause Readmissions (PCR)"})
    stars = spec("stars", {"id": "a", "title": "all-cause readmissions"},
                 {"id": "b", "title": "all-cause readmission days"})  # fmt: skip
    one = posed("lake/pcr", LAKE, moon, stars)
    assert [m.ref for m in one.beside[0]] == ["moon/p"]
    assert one.beside[1] == ()
    assert [(r.of, r.item.ref) for r in one.rivals] == [("a", "stars/b"), ("b", "lake/spoons")]
    assert one.rivals[0].confidence > one.rivals[1].confidence


def test_two_lines_of_one_list_are_told_apart_as_well() -> None:
    """Somebody may have left open whether they are one."""
    seen = published(spec("lake", {"id": "a", "title": "Spoons", "ages": "18+", "sex": "female"},
                          {"id": "b", "title": "Spoons, shining", "ages": "12-17",
                           "sex": "female"}))  # fmt: skip
    one, other = items(*seen.report.payers)
    pair = Pair(one, other, 0.4, Verdict.POSSIBLE, "left open", 0.9)
    found = question(pair, seen, Lists(seen.report.payers, KNOWN), NO_RULINGS)
    assert {line.attribute: line.means for line in found.lines} == {
        "ages": "differ",
        "sex": "agree",
    }
    assert found.rivals == ()


def test_a_blind_question_tells_nothing_of_what_the_program_thinks() -> None:
    one = posed("lake/dep", blind=True)
    assert (one.confidence, one.reason, one.speaks_for, one.speaks_against) == (None, "", (), ())
    assert one.lines == posed("lake/dep").lines


def test_what_is_withheld_is_in_no_question() -> None:
    secret = {"id": "dep", "title": "Depression Screening", "ages": "18-77",
              "visibility": {"ages": "withheld"}}  # fmt: skip
    sets = (spec("lake", secret), RIDGE)
    assert "18-77" in str(posed("lake/dep", *sets))
    assert "18-77" not in str(posed("lake/dep", *sets, audience="public"))


def test_what_was_judged_before_is_told() -> None:
    left_open = judged_by(*decided(match("lake/pcr", "ridge/pcr", "unsure", "ask the actuary")))
    found = posed("lake/pcr", judged=left_open).before
    assert found
    assert found.reason == f"left open by Ana on {DAY}: ask the actuary"


# --- what an answer comes to --------------------------------------------------------------------

ASKED: Final = posed("lake/dep")


@settings(max_examples=50)
@given(
    st.sampled_from(OF_A_MATCH),
    st.text(min_size=1),
    st.one_of(st.none(), st.sampled_from(MAPPINGS)),
)
def test_an_answer_holds_and_is_not_asked_again(
    judgement: str, because: str, mapping: str | None
) -> None:
    mapping = mapping if judgement == "accept" else None
    one = answer(ASKED, judgement, "Ana", DAY, because, PUBLIC, mapping)
    judged = judged_by(one)
    assert [s.state for s in judged.standings] == [State.HOLDS]
    assert (one.by, one.on, one.because, one.mapping) == ("Ana", DAY, because, mapping)
    assert "lake/dep" not in asked(judged)
    assert ("lake/dep" in asked(judged, again=True)) is (judgement == "unsure")


def test_an_answer_is_stale_once_what_was_judged_has_changed() -> None:
    one = answer(ASKED, "accept", "Ana", DAY, "", PUBLIC)
    younger = spec("ridge", {"id": "dep", "title": "Screening for Depression, Youth"})
    assert judged_by(one, sets=(LAKE, younger)).standings[0].state is State.STALE


def test_a_rejection_says_why() -> None:
    with pytest.raises(ValueError, match="reject"):
        answer(ASKED, "reject", "Ana", DAY, "", PUBLIC)


def test_what_is_withheld_is_in_no_answer() -> None:
    secret = {"id": "dep", "title": "Depression Screening", "ages": "18-77",
              "visibility": {"ages": "withheld"}}  # fmt: skip
    sets = (spec("lake", secret), RIDGE)
    public = {m.ref: m for m in items(*(redact(s, "public") for s in sets))}
    one = answer(posed("lake/dep", *sets), "accept", "Ana", DAY, "", public)
    same = spec("lake", {"id": "dep", "title": "Depression Screening"})
    assert "18-77" not in repr(one)
    assert one == answer(posed("lake/dep", same, RIDGE), "accept", "Ana", DAY, "",
                         {m.ref: m for m in items(same, RIDGE)})  # fmt: skip


def test_an_answer_takes_the_place_of_the_last_one_in_its_file() -> None:
    left_open = decided(match("ridge/dep", "lake/dep", "unsure"))
    withdrawn = decided(match("lake/dep", "ridge/dep", withdrawn={"by": "Bo"}))
    others = decided(match("lake/tob", "ridge/tob"))
    one = answer(ASKED, "accept", "Ana", DAY, "", PUBLIC)
    every = (*left_open, *withdrawn, *others)
    assert beside(every, one, "decisions.yaml") == (*withdrawn, *others, one)
    assert beside(every, one, "another.yaml") == (*every, one)
