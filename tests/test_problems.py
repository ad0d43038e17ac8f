"""One fault in one place: how it is written, and that every code is used and told."""

import re
from pathlib import Path
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from harmonize.problems import CODES, Place, Problem, SpecError

PACKAGE: Final = Path(__file__).parent.parent / "harmonize"
PROBLEMS: Final = st.builds(
    Problem,
    st.builds(Place, st.sampled_from(["a.yaml", "b.yaml"]), st.integers(0, 9), st.integers(0, 9)),
    st.sampled_from(sorted(CODES)),
    st.sampled_from(["one", "two"]),
)


def test_every_code_is_used_and_every_used_code_is_told() -> None:
    used = {
        code
        for path in PACKAGE.rglob("*.py")
        if path.name != "problems.py"
        for code in re.findall(r'"(HZ[0-5]\d{2})"', path.read_text("utf-8"))
    }
    assert used == set(CODES)
    assert all(CODES.values())
    assert list(CODES) == sorted(CODES)


def test_a_problem_is_one_line_that_editors_understand() -> None:
    here = Problem(Place("a.yaml", 4, 7), "HZ201", "unknown key")
    assert str(here) == "a.yaml:4:7: HZ201 unknown key"
    assert str(Problem(Place("a.yaml"), "HZ005", "x")) == "a.yaml:1:1: HZ005 x"
    assert here.severity == "error"


@given(st.lists(PROBLEMS))
def test_problems_are_told_once_and_in_order(problems: list[Problem]) -> None:
    told = SpecError(tuple(problems)).problems
    assert set(told) == set(problems)
    assert len(set(told)) == len(told)
    assert [p.place for p in told] == sorted(p.place for p in told)
    assert SpecError(tuple(problems[::-1])).problems == told
    assert str(SpecError(told)).count("HZ") == len(told)
