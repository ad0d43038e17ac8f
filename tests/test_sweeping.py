"""Possible matches accepted at once: nothing that is against another, nothing that was judged."""

from typing import Any

import pytest
from building import published, spec
from deciding import DAY, decided, match

from harmonize.rulings import rulings
from harmonize.sets import MeasureSet
from harmonize.sweeping import sweep

LAKE = spec("lake", "Fall Risk")
RIDGE = spec("ridge", "Falls Screening")
TARN = spec("tarn", "Falls Screening")
BOTH = spec("ridge", "Falls Screening", "Falls Assessment")
RISK, SCREENING, ASSESSMENT = "lake/fall-risk", "ridge/falls-screening", "ridge/falls-assessment"


def swept(
    sets: tuple[MeasureSet, ...], *entries: dict[str, Any], at_least: float = 0.01
) -> tuple[set[str], dict[str, str]]:
    """What is accepted, and what is left with why, by the other measure's name."""
    standings = rulings(decided(*entries), sets, DAY).standings
    found = sweep(published(*sets), at_least, standings)
    return {p.right.ref for p in found.accepted}, {p.right.ref: why for p, why in found.left}


def test_what_is_sure_enough_is_accepted() -> None:
    assert swept((LAKE, RIDGE)) == ({SCREENING}, {})
    assert swept((LAKE, RIDGE), at_least=0.9) == (set(), {})
    assert swept((LAKE, RIDGE, TARN)) == ({SCREENING, "tarn/falls-screening"}, {})


def test_what_would_make_one_of_two_measures_of_a_payer_is_left_whole() -> None:
    accepted, left = swept((LAKE, BOTH))
    assert not accepted
    assert set(left) == {SCREENING, ASSESSMENT}
    assert set(left.values()) == {"measures that ridge keeps apart would be one"}
    assert swept((LAKE, BOTH), at_least=0.3) == ({ASSESSMENT}, {})


def test_two_that_somebody_made_one_are_no_two() -> None:
    accepted, _ = swept((LAKE, BOTH), match(SCREENING, ASSESSMENT))
    assert accepted == {SCREENING, ASSESSMENT}


@pytest.mark.parametrize("judgement", ["accept", "reject", "unsure"])
def test_what_somebody_judged_is_nobody_elses_to_accept(judgement: str) -> None:
    assert swept((LAKE, RIDGE), match(SCREENING, RISK, judgement)) == (set(), {})


@pytest.mark.parametrize(
    ("more", "state"),
    [({"withdrawn": {"by": "Bo"}}, "withdrawn"), ({"expires": "2026-01-01"}, "expired")],
)
def test_what_holds_no_longer_is_for_a_person(more: dict[str, Any], state: str) -> None:
    accepted, left = swept((LAKE, RIDGE, TARN), match(RISK, SCREENING, **more))
    assert accepted == {"tarn/falls-screening"}
    assert left == {SCREENING: f"a decision about it is {state}"}


@pytest.mark.parametrize("judgement", ["reject", "unsure"])
def test_nothing_is_accepted_round_a_judgement(judgement: str) -> None:
    accepted, left = swept((LAKE, RIDGE, TARN), match(RISK, SCREENING, judgement))
    assert not accepted
    assert list(left) == ["tarn/falls-screening"]
    assert f"{RISK} and {SCREENING} are" in left["tarn/falls-screening"]


def test_the_order_of_lists_has_no_part() -> None:
    assert swept((BOTH, LAKE)) == swept((LAKE, BOTH))
