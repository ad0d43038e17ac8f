"""What a check has found: a fingerprint is of what was found, not of how or where it is told."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.findings import Finding, at_least, of_problem, ordered, worst_first
from harmonize.problems import Place, Problem

NAMES: Final = st.lists(st.text(max_size=4), max_size=3).map(tuple)
PLACES: Final = st.lists(
    st.builds(Place, st.text(max_size=5), st.integers(0, 9), st.integers(0, 9)), max_size=3
).map(tuple)
FINDINGS: Final = st.builds(
    Finding,
    st.sampled_from(["HZ601", "HZ602"]),
    st.sampled_from(["error", "warning", "info"]),
    st.text(max_size=9),
    measures=NAMES,
    attribute=st.sampled_from(["", "ages"]),
    values=NAMES,
    places=PLACES,
)


@given(FINDINGS, st.text(), PLACES, st.randoms(use_true_random=False))
def test_words_places_and_order_have_no_part(
    one: Finding, message: str, places: tuple[Place, ...], chance: object
) -> None:
    measures, values = list(one.measures), list(one.values)
    chance.shuffle(measures)  # type: ignore[attr-defined]
    chance.shuffle(values)  # type: ignore[attr-defined]
    told = replace(
        one, message=message, places=places, severity="info",
        measures=tuple(measures), values=tuple(values),
    )  # fmt: skip
    assert told.fingerprint == one.fingerprint


@given(FINDINGS, st.text(max_size=4))
def test_another_value_measure_attribute_or_rule_is_another_finding(one: Finding, new: str) -> None:
    for changed in (
        replace(one, values=(*one.values, new)),
        replace(one, measures=(*one.measures, new)),
        replace(one, attribute=f"{one.attribute}x"),
        replace(one, code="HZ699"),
    ):
        assert changed.fingerprint != one.fingerprint


SAID: Final = Problem(Place("a.yaml", 3, 5), "HZ301", "'ages' is 'adults', wanted 18-85", "warning")


@pytest.mark.parametrize(
    "problem",
    [
        replace(SAID, message="'ages' holds 'adults': better words, such as 'this'"),
        replace(SAID, place=Place("a.yaml", 90, 1)),
        replace(SAID, place=Place("renamed.yaml", 3, 5)),
    ],
)
def test_a_problem_is_what_it_quotes_of_its_measure(problem: Problem) -> None:
    before, after = (of_problem(p, ("lake/1",)) for p in (SAID, problem))
    assert before.fingerprint == after.fingerprint
    other = replace(problem, message=problem.message.replace("adults", "old people"))
    assert of_problem(other, ("lake/1",)).fingerprint != after.fingerprint
    assert of_problem(problem, ("lake/2",)).fingerprint != after.fingerprint


def test_a_problem_of_nobody_knows_what_is_one_of_its_file() -> None:
    moved = replace(SAID, place=Place("b.yaml", 3, 5))
    assert of_problem(SAID).fingerprint != of_problem(moved).fingerprint


@given(st.lists(FINDINGS, max_size=6))
def test_order(found: list[Finding]) -> None:
    told = ordered(found)
    assert ordered(found[::-1]) == told
    assert {f.message for f in told} == {f.message for f in found}
    worst = worst_first(found)
    assert sorted(map(repr, worst)) == sorted(map(repr, told))
    errors = [one.severity == "error" for one in worst]
    assert errors == sorted(errors, reverse=True)
    assert at_least(found, "info") == tuple(found)
    assert at_least(found, "never") == ()
