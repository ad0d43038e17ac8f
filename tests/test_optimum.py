"""The solver against every subset: the best value, the best choices in order, and conflicts."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize import optimum
from harmonize.optimum import Limit, Task, Unsettled, best, conflict

WEIGHTS = st.integers(-3, 6)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    size = draw(st.integers(0, 7))
    row = st.tuples(*[WEIGHTS] * size)
    bound = st.none() | st.integers(-4, 12)
    limits = draw(st.lists(st.builds(Limit, st.sampled_from("abc"), row, bound, bound), max_size=4))
    goals = draw(st.lists(row, min_size=1, max_size=2))
    return Task(size, tuple(goals), tuple(limits))


def within(task: Task) -> list[frozenset[int]]:
    """Every choice within the limits, an earlier thing chosen before a later one."""
    every = product((1, 0), repeat=task.size)
    choices = [frozenset(i for i, bit in enumerate(bits) if bit) for bits in every]
    return [
        one
        for one in choices
        if all(
            (limit.least is None or sum(limit.weights[i] for i in one) >= limit.least)
            and (limit.most is None or sum(limit.weights[i] for i in one) <= limit.most)
            for limit in task.limits
        )
    ]


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_the_best_are_those_of_trying_everything(task: Task) -> None:
    found = best(task, shown=4)
    possible = within(task)
    if not possible:
        assert found is None
        return
    worth = {one: tuple(sum(g[i] for i in one) for g in task.goals) for one in possible}
    expected = [one for one in possible if worth[one] == max(worth.values())]
    assert found is not None
    assert found.values == max(worth.values())
    assert list(found.choices) == expected[:4]
    assert found.more == (len(expected) > 4)
    assert found.always == frozenset.intersection(*expected)
    assert found.ever == frozenset.union(*expected)
    for weights in (*task.goals, *(limit.weights for limit in task.limits), (1,) * task.size):
        sums = [sum(weights[i] for i in one) for one in expected]
        assert found.span(weights) == (min(sums), max(sums))


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_a_conflict_cannot_be_met_and_every_part_of_it_is_needed(task: Task) -> None:
    def met(names: set[str]) -> bool:
        left = tuple(one for one in task.limits if one.name in names)
        return bool(within(Task(task.size, (), left)))

    names = set(conflict(task))
    assert bool(names) == (not within(task))
    if names:
        assert not met(names)
        assert all(met(names - {one}) for one in names)


def test_a_time_that_is_too_short_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "LONGEST", 0.0)
    weights = tuple(7 * i % 13 + 1 for i in range(40))
    with pytest.raises(Unsettled, match="Time limit"):
        best(Task(40, (weights,), (Limit("most", weights[::-1], None, 97),)))


def test_many_ties_are_told_in_order_and_soon() -> None:
    found = best(Task(120, ((10,) * 120,), (Limit("most", (1,) * 120, None, 12),)))
    assert found is not None
    assert found.values == (120,)
    assert found.more
    assert len(found.choices) == optimum.SHOWN
    assert found.choices[0] == frozenset(range(12))
    assert found.choices[1] == frozenset({*range(11), 12})
    assert found.always == frozenset()
    assert found.ever == frozenset(range(120))


def test_what_does_not_hold_in_whole_numbers_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "_NEAR", 0.0)  # nothing is nearer than that
    with pytest.raises(Unsettled, match="does not hold in whole numbers"):
        best(Task(2, ((1, 1),)))
