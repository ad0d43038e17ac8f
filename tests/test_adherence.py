"""What lists use of a core and ask for beside it: two figures, and the measures by name."""

from typing import Any, Final

import pytest
from building import drawn, figures, published, reported, spec

from harmonize.adherence import Kept, labels
from harmonize.document import document
from harmonize.sets import MeasureSet

BP: Final = {"id": "bp", "title": "Controlling High Blood Pressure"}
EYE: Final = {"id": "eye", "title": "Eye Exam for Patients with Diabetes"}
COL: Final = {"id": "col", "title": "Colorectal Cancer Screening"}
BCS: Final = {"id": "bcs", "title": "Breast Cancer Screening"}
FUH: Final = "Follow-Up After Hospitalization for Mental Illness"
CORE: Final = spec("core", BP, EYE, {**COL, "status": "menu"}, role="reference")


def _kept(*sets: MeasureSet) -> tuple[Kept, ...]:
    return reported(*sets).adherence


def test_core_menu_and_what_is_beside_them() -> None:
    (one,) = _kept(spec("lake", BP, COL, BCS), CORE)
    assert (one.core, one.payer, one.size, one.asked) == ("core", "lake", 2, 3)
    names = [labels(found) for found in (one.used, one.lacking, one.menu, one.off)]
    assert names == [
        ["Controlling High Blood Pressure"], ["Eye Exam for Patients With Diabetes"],
        ["Colorectal Cancer Screening"], ["Breast Cancer Screening"],
    ]  # fmt: skip


def test_two_figures_each_with_its_base() -> None:
    told = figures(spec("lake", BP, COL, BCS), spec("ridge", EYE, BP), CORE)
    assert told["core_used:core|lake"] == (1, 2)
    assert told["off_set:core|lake"] == (1, 3)
    assert told["core_used:core|ridge"] == (2, 2)
    assert told["off_set:core|ridge"] == (0, 2)
    assert "core_used:core|core" not in told


@pytest.mark.parametrize(
    ("own", "kind", "held"),
    [
        ({}, {}, True),
        ({}, {"contract_type": "hospital"}, True),
        ({"contract_type": "hospital"}, {"contract_type": "Hospital "}, True),
        ({"contract_type": "hospital"}, {"contract_type": "aco"}, False),
        ({"contract_type": "hospital"}, {}, False),
        ({"role": "internal"}, {}, False),
        ({"role": "contract"}, {}, False),
    ],
)
def test_a_core_is_a_reference_for_contracts_of_its_type(
    own: dict[str, Any], kind: dict[str, Any], held: bool
) -> None:
    core = spec("core", BP, **{"role": "reference", **own})
    assert bool(_kept(spec("lake", BP, **kind), core)) is held


def test_who_states_no_measures_is_held_to_no_core() -> None:
    silent = spec("lake", payment={"lan_categories": ["2A"]})
    hidden = spec("ridge", BP, visibility={"measures": "withheld"})
    assert published(silent, hidden, CORE, audience="public").report.adherence == ()


def test_an_empty_core_holds_nobody_to_anything() -> None:
    menu = spec("core", {**BP, "status": "menu"}, role="reference")
    assert _kept(spec("lake", BP), menu) == ()


def test_a_rate_of_what_the_core_wants_whole_is_used_in_part() -> None:
    rates = [{"id": "7", "title": "Within 7 days", "follow_up": "7 days"},
             {"id": "30", "title": "Within 30 days", "follow_up": "30 days"}]  # fmt: skip
    whole = {"id": "fuh", "title": FUH, "rates": rates}
    part = {"id": "f7", "title": f"{FUH} (7 Days)"}
    for mine, theirs in ((whole, part), (part, whole)):
        (one,) = _kept(spec("lake", mine), spec("core", theirs, role="reference"))
        assert (len(one.used), len(one.lacking), len(one.off)) == (0, 1, 1)
        assert one.partly == one.lacking.keys()
        assert one.near == one.off.keys()


def test_a_status_that_is_withheld_wants_nothing_of_anybody() -> None:
    core = spec("core", {**EYE, "status": "core", "visibility": {"status": "withheld"}}, BP,
                role="reference")  # fmt: skip
    seen = document(published(spec("lake", BP, EYE), core, audience="public"))["adherence"]
    assert [(a["core_used"], a["core"], a["off_set"]) for a in seen] == [(1, 1, 0)]


def test_the_page_says_it_in_a_line_for_each_list() -> None:
    lake = spec("lake", BP, COL, BCS, complete="false", short="Lake")
    told = drawn("markdown", lake, spec("ridge", EYE, BP, short="Ridge"), CORE)
    section = told.split("## ADHERENCE", 1)[1].split("## ")[0]
    assert "core: a core of 2" in section
    assert (
        "Lake (partial list): core used 1 of 2; off-set 1 of 3 measures; from the menu 1; "
        "not used: EED"
    ) in section
    assert "Ridge: core used 2 of 2; off-set 0 of 2 measures\n" in section
    assert "ADHERENCE" not in drawn("markdown", lake)


def test_names_of_payers_and_the_order_of_lists_change_no_figure() -> None:
    def told(*sets: MeasureSet) -> list[tuple[int, int, int]]:
        return sorted((len(k.used), len(k.off), k.asked) for k in _kept(*sets))

    one, other = (BP, COL, BCS), (EYE, BP)
    ours = told(spec("lake", *one), spec("ridge", *other), CORE)
    assert ours == told(CORE, spec("ridge", *one), spec("lake", *other))


def test_what_is_lacking_is_not_called_as_its_sibling_that_is_asked() -> None:
    under = {"id": "u", "title": "Diabetes: HbA1c control (<8%)"}
    over = {"id": "o", "title": "Diabetes: HbA1c poor control (>9%)"}
    core = spec("core", over, role="reference")
    assert "not used: Glycemic Status Assessment Greater" in drawn(
        "markdown", spec("a", under), core
    )
    assert "not used: GSD" in drawn("markdown", spec("a", BP), core)
