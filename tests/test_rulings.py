"""Decisions laid on lists: what holds, what needs another look, what contradicts."""

from dataclasses import replace

import pytest
from building import spec
from deciding import DAY, decided, match, pinned_to

from harmonize.problems import SpecError
from harmonize.rulings import State, rulings

LAKE = spec("lake", {"id": "bp", "title": "Blood Pressure Control", "ages": "18-85"}, "Asthma")
RIDGE = spec("ridge", {"id": "bp", "title": "Controlling High BP", "ages": "18-75"})
SETS = (LAKE, RIDGE)


def state_of(entry: dict[str, object], *, sets: tuple[object, ...] = SETS, pin: bool = True) -> str:
    one = decided(entry)[0]
    one = pinned_to(one, *SETS) if pin else one
    return rulings((one,), sets, DAY).standings[0].state  # type: ignore[arg-type]


BOTH = match("lake/bp", "ridge/bp")


@pytest.mark.parametrize(
    ("entry", "sets", "pin", "state"),
    [
        (BOTH, SETS, True, State.HOLDS),
        (BOTH, SETS, False, State.UNPINNED),
        (BOTH, (LAKE,), True, State.OUT_OF_SCOPE),
        (BOTH, (LAKE, spec("ridge", "Asthma")), True, State.ORPHANED),
        ({**BOTH, "expires": "2026-11-23"}, SETS, True, State.EXPIRED),
        ({**BOTH, "expires": DAY}, SETS, True, State.HOLDS),
        ({**BOTH, "withdrawn": {"by": "Bo"}}, SETS, True, State.WITHDRAWN),
        ({"measure": "lake/bp", "disposition": "adopt"}, SETS, True, State.HOLDS),
        ({"measure": "lake/none", "disposition": "adopt"}, SETS, False, State.ORPHANED),
        ({"measure": "moon/none", "disposition": "adopt"}, SETS, False, State.OUT_OF_SCOPE),
    ],
)
def test_state(entry: dict[str, object], sets: tuple[object, ...], pin: bool, state: str) -> None:
    assert state_of(entry, sets=sets, pin=pin) == state


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ({"ages": "18-85"}, State.HOLDS),
        ({"ages": "18 - 85 years"}, State.HOLDS),
        ({"ages": "18-85", "weight": "3x"}, State.HOLDS),
        ({"ages": "18-85", "target": "65%"}, State.HOLDS),
        ({"ages": "18-85", "version": "MY2026"}, State.HOLDS),
        ({"ages": "18-75"}, State.STALE),
        ({}, State.STALE),
        ({"ages": "18-85", "ids": {"cbe": "0018"}}, State.STALE),
        ({"ages": "18-85", "title": "Blood Pressure Kept"}, State.STALE),
        ({"ages": "18-85", "title": "BLOOD pressure  control"}, State.HOLDS),
    ],
)
def test_only_what_was_judged_makes_stale(now: dict[str, object], state: str) -> None:
    changed = spec("lake", {"id": "bp", "title": "Blood Pressure Control", **now}, "Asthma")
    assert state_of(BOTH, sets=(changed, RIDGE)) == state


def test_what_changed_is_told() -> None:
    one = pinned_to(decided(BOTH)[0], *SETS)
    now = spec("lake", {"id": "bp", "title": "Blood Pressure Control", "ages": "18-75"})
    (found,) = rulings((one,), (now, RIDGE), DAY).standings[0].changes
    assert (found.measure, found.attribute, found.old, found.new) == (
        "lake/bp", "ages", "18-85", "18-75",
    )  # fmt: skip


def test_a_difference_is_stale_by_its_attribute_alone() -> None:
    entry = {
        "difference": {"measures": ["lake/bp", "ridge/bp"], "attribute": "ages"},
        "judgement": "justified", "because": "state law",
    }  # fmt: skip
    retitled = spec("lake", {"id": "bp", "title": "Otherwise", "ages": "18-85"})
    older = spec("lake", {"id": "bp", "title": "Blood Pressure Control", "ages": "18-80"})
    assert state_of(entry, sets=(retitled, RIDGE)) == State.HOLDS
    assert state_of(entry, sets=(older, RIDGE)) == State.STALE


def test_a_measure_under_another_id_is_found_by_what_it_says() -> None:
    one = pinned_to(decided(BOTH)[0], *SETS)
    renamed = spec("lake", {"id": "cbp", "title": "Blood Pressure Control", "ages": "18-85"})
    found = rulings((one,), (renamed, RIDGE), DAY)
    (standing,) = found.standings
    assert standing.state == State.HOLDS
    assert standing.refs == ("lake/cbp", "ridge/bp")
    assert standing.moved == (("lake/bp", "lake/cbp"),)
    assert found.bound("ridge/bp", "lake/cbp")


def test_of_two_that_say_the_same_neither_is_found() -> None:
    one = pinned_to(decided(BOTH)[0], *SETS)
    same = {"title": "Blood Pressure Control", "ages": "18-85"}
    doubled = spec("lake", {"id": "x", **same}, {"id": "y", **same})
    assert rulings((one,), (doubled, RIDGE), DAY).standings[0].state == State.ORPHANED


def test_contradictions_name_the_entries_and_their_lines() -> None:
    entries = decided(
        match("a/1", "b/1"), match("b/1", "c/1"), match("a/1", "c/1", "reject")
    )  # fmt: skip
    with pytest.raises(SpecError) as error:
        rulings(entries, SETS, DAY)
    (problem,) = error.value.problems
    assert str(problem).startswith("decisions.yaml:5:5: HZ502 a/1 and c/1 are rejected")
    assert "a/1 = b/1 in decisions.yaml:3" in problem.message
    assert "b/1 = c/1 in decisions.yaml:4" in problem.message


def test_two_answers_to_one_question_contradict() -> None:
    with pytest.raises(SpecError, match="HZ502"):
        rulings(decided(match("a/1", "b/1"), match("b/1", "a/1", "unsure")), SETS, DAY)


@pytest.mark.parametrize(
    ("refs", "mapping", "contrary"),
    [
        (("a/1", "b/1"), "narrow", True),
        (("b/1", "a/1"), "broad", True),
        (("b/1", "a/1"), "narrow", False),
        (("a/1", "b/1"), "broad", False),
        (("a/1", "b/1"), "related", False),
    ],
)
def test_broader_turns_with_the_sides(refs: tuple[str, str], mapping: str, contrary: bool) -> None:
    entries = decided(match("a/1", "b/1", mapping="broad"), match(*refs, mapping=mapping, by="Bo"))
    if contrary:
        with pytest.raises(SpecError, match="HZ502"):
            rulings(entries, SETS, DAY)
    else:
        assert rulings(entries, SETS, DAY).standings


def test_one_answer_given_twice_does_not() -> None:
    entries = decided(match("a/1", "b/1"), match("b/1", "a/1", because="otherwise told"))
    assert len(rulings(entries, SETS, DAY).standings) == 2


@pytest.mark.parametrize("mapping", ["broad", "narrow", "related"])
def test_kin_are_kept_apart(mapping: str) -> None:
    one = decided(match("lake/bp", "ridge/bp", mapping=mapping))
    found = rulings(one, SETS, DAY)
    assert not found.bound("lake/bp", "ridge/bp")
    assert found.refused("lake/bp", "ridge/bp")


def test_withdrawn_and_expired_contradict_nobody() -> None:
    entries = decided(
        match("lake/bp", "ridge/bp", "reject", expires="2026-01-01"),
        match("lake/bp", "ridge/bp", "unsure", withdrawn={"on": DAY}),
        match("lake/bp", "ridge/bp"),
    )
    assert rulings(entries, SETS, DAY).bound("lake/bp", "ridge/bp")


def test_what_an_audience_may_not_see_is_not_told() -> None:
    entry = {
        "difference": {"measures": ["lake/bp", "ridge/bp"], "attribute": "ages"},
        "judgement": "justified", "because": "a secret",
    }  # fmt: skip
    seen = {m.ref: frozenset({"ages"}) for s in SETS for m in s.measures or ()}
    found = rulings(decided(entry, BOTH), SETS, DAY, seen)
    assert [s.decision.about for s in found.standings] == ["match"]
    assert found.unseen == 1


def test_order_and_files_have_no_part() -> None:
    entries = decided(BOTH, {"measure": "lake/bp", "disposition": "adopt"})
    moved = tuple(replace(e, where={}) for e in reversed(entries))
    assert rulings(entries, SETS, DAY) == rulings(moved, SETS, DAY)
