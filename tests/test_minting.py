"""Ids for measures without one: made from what each states, whatever else stands in the list."""

import json
import re
from typing import Final

from conftest import items, read
from hypothesis import given
from hypothesis import strategies as st

TITLES: Final = (
    "Controlling High Blood Pressure", "A1c > 9%", "A1c < 8%", "Well-Child Visits (0\u201315 mo)",
    "\u65e5\u672c\u8a9e", "***", "A1c \u2265 9", "A1c \u2264 9", "x" * 500, "Cost/Use",
    "r\u00e9sum\u00e9",
)  # fmt: skip


def minted(*titles: str) -> dict[str, str]:
    """The ids that titles get, by title."""
    listed = "".join(f"  - {json.dumps(t, ensure_ascii=False)}\n" for t in titles)
    return {m.title: m.id for m in read(f"measures:\n{listed}").measures or ()}


def test_an_id_is_minted_from_the_title() -> None:
    ids = minted(*TITLES)
    assert ids["Controlling High Blood Pressure"] == "controlling-high-blood-pressure"
    assert ids["A1c > 9%"] == "a1c-gt-9-pct"
    assert ids["r\u00e9sum\u00e9"] == "resume"
    assert len(set(ids.values())) == len(TITLES)
    assert all(re.fullmatch("[a-z0-9-]+", one) for one in ids.values())
    assert all(m.minted for m in read(f"measures: [{', '.join('abc')}]").measures or ())


@given(st.lists(st.sampled_from(TITLES), unique=True, min_size=1))
def test_a_minted_id_stays_when_other_measures_come_and_go(titles: list[str]) -> None:
    some = minted(*titles)
    every = minted(*TITLES)
    marked = {
        "A1c \u2265 9",
        "A1c \u2264 9",
    }  # written alike, so each carries a mark beside the other
    assert all(some[t] == every[t] for t in titles if t not in marked)


def test_measures_with_one_title_are_told_apart_by_what_they_state() -> None:
    rows = ("{title: T, ages: 18+}", "{title: T, ages: <18}", "{title: U}")
    ids = {tuple(m.id for m in read(f"measures: [{', '.join(order)}]").measures or ())
           for order in (rows, rows[::-1])}  # fmt: skip
    assert len(ids) == 1
    (names,) = ids
    assert len(set(names)) == 3
    assert all(re.fullmatch("t-[0-9a-f]{6}|u", name) for name in names)


def test_measures_that_state_the_same_still_have_ids() -> None:
    ids = [m.id for m in read("measures: [T, T, T]").measures or ()]
    assert len(set(ids)) == 3
    assert [len(one) for one in ids] == [len("t-000000"), len("t-000000-2"), len("t-000000-2")]


def test_a_minted_id_makes_way_for_a_given_one() -> None:
    ids = items("measures: [T, {id: t, title: Another}]")
    assert ids["t"].title == "Another"
    assert not ids["t"].minted
    assert len(ids) == 2
