"""The best choice under constraints, exactly; the only solver.

Things are chosen or not, whole numbers are added up, and what comes back has been checked in whole
numbers.  Which choices are found depends on the task alone, never on the way the solver took.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, Final

LONGEST: Final = 60.0  # seconds of work on one task; beyond them, it is said
SHOWN: Final = 20  # best choices that are told one by one
_NEAR: Final = 1e-6


class Unsettled(Exception):
    """The solver gave no answer that can be relied on; never half an answer instead."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on what the chosen things weigh together; limits of one name stand or fall as one."""

    name: str
    weights: tuple[int, ...]
    least: int | None = None
    most: int | None = None

    def holds(self, chosen: frozenset[int]) -> bool:
        """Whether a choice is within it."""
        weight = sum(self.weights[i] for i in chosen)
        return (self.least is None or self.least <= weight) and (
            self.most is None or weight <= self.most
        )


@dataclass(frozen=True, slots=True)
class Task:
    """So many things to choose from, the limits, and the goals, the first first.

    A goal says what each thing is worth; the sum is to be as large as possible.
    """

    size: int
    goals: tuple[tuple[int, ...], ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Best:
    """All best choices: what each comes to in every goal, and the first of them.

    They are in the order in which an earlier thing chosen comes before a later one; `more` says
    that there are others.  `always` are the things of all best choices, `ever` those of any.
    """

    values: tuple[int, ...]
    choices: tuple[frozenset[int], ...]
    more: bool
    always: frozenset[int]
    ever: frozenset[int]
    solver: "_Solver" = field(compare=False, repr=False)

    def span(self, weights: tuple[int, ...]) -> tuple[int, int]:
        """The least and the most that a best choice weighs, those that are not told included."""
        ends = self.choices
        if self.more:
            ends = tuple(self.solver.needed(tuple(w * s for w in weights)) for s in (-1, 1))
        found = [sum(weights[i] for i in one) for one in ends]
        return min(found), max(found)


def best(task: Task, shown: int = SHOWN) -> Best | None:
    """The best choices, or `None` where nothing is within all limits."""
    solver = _Solver(task)
    values: list[int] = []
    known: list[frozenset[int]] = []
    for goal in task.goals or ((0,) * task.size,):
        found = solver.solve(goal)
        if found is None:
            return None
        value = sum(goal[i] for i in found)
        values.append(value)
        solver.limit(Limit("goal", goal, value, value))
        known = [found]
    always, ever = _fixed(solver, task.size, known)
    free = sorted(ever - always)
    order = _in_order(solver, free, always, known)
    choices = tuple(one for one, _ in zip(order, range(shown + 1), strict=False))
    return Best(tuple(values), choices[:shown], len(choices) > shown, always, ever, solver)


def conflict(task: Task) -> tuple[str, ...]:
    """Names of limits that no choice meets together, of which none can be left out.

    Empty where they can be met.  Each limit in turn is left out, and stays out if it may.
    """
    if _Solver(task).solve((0,) * task.size) is not None:
        return ()
    kept = list(dict.fromkeys(one.name for one in task.limits))
    for name in tuple(kept):
        fewer = [one for one in kept if one != name]
        left = tuple(one for one in task.limits if one.name in fewer)
        if _Solver(Task(task.size, (), left)).solve((0,) * task.size) is None:
            kept = fewer
    return tuple(kept)


def _fixed(
    solver: "_Solver", size: int, known: list[frozenset[int]]
) -> tuple[frozenset[int], frozenset[int]]:
    """The things of all best choices and of any; what is found on the way is added to `known`."""
    always, ever = frozenset.intersection(*known), frozenset.union(*known)
    while always:  # the choice with the fewest of them: those that stay are in all
        found = solver.needed(tuple(-(i in always) for i in range(size)))
        known.append(found)
        if always <= found:
            break
        always &= found
    while len(ever) < size:  # the choice with the most others: if it has none, there are none
        found = solver.needed(tuple(int(i not in ever) for i in range(size)))
        known.append(found)
        if found <= ever:
            break
        ever |= found
    return always, ever


def _in_order(
    solver: "_Solver", free: list[int], always: frozenset[int], known: list[frozenset[int]]
) -> Iterator[frozenset[int]]:
    """Every best choice: thing by thing, with it before without it, where any choice goes on so."""
    seen = {tuple(int(i in one) for i in free) for one in known}
    ahead: list[tuple[int, ...]] = [()]
    while ahead:
        head = ahead.pop()
        if not any(one[: len(head)] == head for one in seen):
            found = solver.solve(None, dict(zip(free, head, strict=False)))
            if found is None:
                continue
            seen.add(tuple(int(i in found) for i in free))
        if len(head) == len(free):
            yield always | frozenset(compress(free, head))
            continue
        ahead += [(*head, 0), (*head, 1)]


class _Solver:
    """HiGHS with one task in it; every answer is rounded and checked in whole numbers."""

    def __init__(self, task: Task) -> None:
        import highspy

        self.highs: Any = highspy
        self.size = task.size
        self.limits: list[Limit] = []
        self.model = self.highs.Highs()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
            ("time_limit", LONGEST),
        ):
            self.model.setOptionValue(name, value)
        for column in range(task.size):
            self.model.addVar(0.0, 1.0)
            self.model.changeColIntegrality(column, self.highs.HighsVarType.kInteger)
        self.model.changeObjectiveSense(self.highs.ObjSense.kMaximize)
        for one in task.limits:
            self.limit(one)

    def limit(self, one: Limit) -> None:
        """One more limit."""
        import numpy as np

        self.limits.append(one)
        places = [i for i, weight in enumerate(one.weights) if weight]
        infinite = self.highs.kHighsInf
        self.model.addRow(
            -infinite if one.least is None else one.least,
            infinite if one.most is None else one.most,
            len(places),
            np.array(places, dtype=np.int32),
            np.array([one.weights[i] for i in places], dtype=np.float64),
        )

    def needed(self, goal: tuple[int, ...]) -> frozenset[int]:
        """A best choice where it is known that there is one."""
        found = self.solve(goal)
        if found is None:
            raise Unsettled("the solver lost what it had found")
        return found

    def solve(
        self, goal: tuple[int, ...] | None, fixed: Mapping[int, int] | None = None
    ) -> frozenset[int] | None:
        """A choice that is best in a goal, some things fixed; `None` where there is no choice."""
        if not self.size:
            return frozenset() if all(one.holds(frozenset()) for one in self.limits) else None
        wanted, told = goal or (0,) * self.size, fixed or {}
        for column in range(self.size):
            self.model.changeColCost(column, wanted[column])
            low, high = (told[column],) * 2 if column in told else (0, 1)
            self.model.changeColBounds(column, low, high)
        self.model.run()
        status = self.model.getModelStatus()
        statuses = self.highs.HighsModelStatus
        if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
            return None  # where everything is chosen or not, nothing is without bounds
        if status != statuses.kOptimal:
            named = self.model.modelStatusToString(status)
            raise Unsettled(f"the solver stopped without an answer: {named}")
        return self._checked(wanted, told)

    def _checked(self, goal: tuple[int, ...], fixed: Mapping[int, int]) -> frozenset[int]:
        values = list(self.model.getSolution().col_value)
        chosen = frozenset(i for i, value in enumerate(values) if value > 0.5)
        near = all(abs(value - (i in chosen)) < _NEAR for i, value in enumerate(values))
        kept = all((i in chosen) == bool(value) for i, value in fixed.items())
        bound = self.model.getInfo().mip_dual_bound
        proven = not any(goal) or abs(bound - sum(goal[i] for i in chosen)) < 0.5
        if not (near and kept and proven and all(one.holds(chosen) for one in self.limits)):
            raise Unsettled("what the solver found does not hold in whole numbers")
        return chosen
