"""Families side by side: what each payer writes, and which words differ."""

from typing import Any

import pytest
from building import example, published, spec

from harmonize.sets import MeasureSet
from harmonize.sidebyside import Line, Sheet, side_by_side

CBP = "Controlling High Blood Pressure"


def _sheet(*sets: MeasureSet) -> Sheet:
    (side,) = side_by_side(published(*sets))
    (sheet,) = side.sheets
    return sheet


def _line(attribute: str, *sets: MeasureSet) -> Line:
    return next(line for line in _sheet(*sets).lines if line.attribute == attribute)


def _two(one: dict[str, Any], other: dict[str, Any]) -> tuple[MeasureSet, MeasureSet]:
    return spec("a", {"title": CBP, **one}), spec("b", {"title": CBP, **other})


@pytest.mark.parametrize(
    ("one", "other", "state", "groups"),
    [
        ({"ages": "18-85"}, {"ages": "18+"}, "settle", ["A", "B"]),
        ({"ages": "18-85"}, {"ages": "18-85"}, "", ["", ""]),
        ({"ages": "18-85"}, {}, "", ["", ""]),
        ({"steward": "X"}, {"steward": "Y"}, "known", ["A", "B"]),
        ({"status": "core"}, {"status": "menu"}, "standing", ["A", "B"]),
    ],
)
def test_a_line_says_whether_payers_differ(
    one: dict[str, Any], other: dict[str, Any], state: str, groups: list[str]
) -> None:
    line = _line(next(iter(one)), *_two(one, other))
    assert line.state == state
    assert [cell.group for cell in line.cells] == groups


def test_payers_that_ask_the_same_have_one_letter() -> None:
    line = _line("ages", *(spec(p, {"title": CBP, "ages": a}) for p, a in
                           (("a", "18+"), ("b", "18-85"), ("c", "18+"))))  # fmt: skip
    assert [cell.group for cell in line.cells] == ["A", "B", "A"]


def test_silence_is_told_and_what_we_attached_is_no_statement() -> None:
    one = {"steward": "NCQA", "assigned": ["steward"]}
    line = _line("steward", *_two(one, {}))
    assert [cell.kind for cell in line.cells] == ["attached", "silent"]
    assert line.state == ""


def test_what_the_standard_says_stands_with_its_source() -> None:
    cells = [
        cell
        for side in side_by_side(published(*example("onecare-vermont")))
        for sheet in side.sheets
        for line in sheet.lines
        for cell in line.cells
        if cell.kind == "standard"
    ]
    assert cells
    assert all(cell.text and cell.source for cell in cells)
    assert any("2024" in cell.source for cell in cells)


def test_words_are_told_beside_the_commonest_wording() -> None:
    texts = ("people seen twice", "people seen twice", "people seen once a year")
    sets = [spec(p, {"title": CBP, "denominator": t}) for p, t in zip("abc", texts, strict=True)]
    line = _line("denominator", *sets)
    told = [[(p.fate, p.text) for p in cell.pieces] for cell in line.cells]
    assert told[0] == told[1] == [("kept", texts[0])]
    assert told[2] == [("kept", "people seen"), ("out", "twice"), ("in", "once a year")]
    assert [cell.text for cell in line.cells] == list(texts)


@pytest.mark.parametrize(
    ("one", "other"), [("all in one", "quite other words"), ("x " * 700, "x " * 701)]
)
def test_texts_with_little_in_common_or_of_great_length_stand_whole(one: str, other: str) -> None:
    line = _line("denominator", *_two({"denominator": one.strip()}, {"denominator": other.strip()}))
    assert [p.fate for cell in line.cells for p in cell.pieces] == ["kept", "kept"]


def test_what_differs_comes_first_after_the_title() -> None:
    one = {"scoring": "ratio", "sex": "f", "steward": "X", "status": "core"}
    sheet = _sheet(*_two(one, {**one, "sex": "m", "steward": "Y", "status": "menu"}))
    assert [line.name for line in sheet.lines] == ["title", "sex", "steward", "scoring", "status"]


def test_families_of_one_list_are_left_out_and_nothing_else() -> None:
    found = published(*example("onecare-vermont"))
    holders: dict[str, set[str]] = {}
    for row in found.report.rows:
        holders.setdefault(row.family.id, set()).update(row.held)
    met = {family for family, payers in holders.items() if len(payers) > 1}
    sides = side_by_side(found)
    assert {side.family for side in sides} == met
    for side in sides:
        rows = [r for r in found.report.rows if r.family.id == side.family]
        assert [s.concept for s in side.sheets] == [r.concept.id for r in rows]
        for sheet, row in zip(side.sheets, rows, strict=True):
            assert len(sheet.columns) == len(row.concept.members)
            assert all(len(line.cells) == len(sheet.columns) for line in sheet.lines)


def test_what_is_paid_and_what_is_kept_beside_is_not_shown() -> None:
    one = {"incentive": {"amount": "USD 5"}, "notes": "n", "source": "s", "ages": "18+"}
    names = {line.attribute for line in _sheet(*_two(one, one)).lines}
    assert names == {"title", "ages"}
