"""A regional overlay over its base: what it changes, what is locked, and bases that go wrong."""

from collections.abc import Mapping
from typing import Final

import pytest
from conftest import items, read, told

from harmonize.problems import Place
from harmonize.reading.overlays import BASES
from harmonize.values import read_ages, read_threshold

STATE: Final = """\
harmonize: 1
payer: state
follows: HEDIS MY2024
visibility: {weight: withheld}
locked: [threshold, improvement_notation, ids.cbe]
measures:
  - id: CBP
    title: Blood Pressure
    ids: {cbe: "0018"}
    ages: 18-85
    threshold: "< 140/90 mm Hg"
    visibility: {target: withheld}
    rates: [{id: a, title: A, ages: 18-44}, {id: b, title: B}]
  - Readmission
"""


def over(text: str, **bases: str) -> list[str]:
    """What is said of an overlay over `STATE`."""
    named = {f"{name}.yaml": base for name, base in bases.items()}
    return told(f"harmonize: 1\npayer: region\nextends: state.yaml\n{text}",
                {"state.yaml": STATE, **named})  # fmt: skip


def test_an_overlay_changes_what_it_states_and_keeps_the_rest() -> None:
    text = (
        "harmonize: 1\npayer: region\nextends: state.yaml\nvisibility: {ages: participants}\n"
        "measures:\n"
        "  - {id: CBP, ages: 18-75, weight: 10%, visibility: {ages: public}}\n"
        "  - {id: COL, title: Colorectal}\n"
    )
    whole = read(text, {"state.yaml": STATE})
    assert (whole.payer, whole.follows, whole.locked) == ("region", "HEDIS MY2024", None)
    assert whole.visibility == {"ages": "participants", "weight": "withheld"}
    found = {m.id: m for m in whole.measures or ()}
    assert list(found) == ["CBP", "CBP/a", "CBP/b", "COL", "readmission"]
    one = found["CBP"]
    assert one.ages == read_ages("18-75")
    assert one.threshold == read_threshold("< 140/90 mm Hg")
    assert one.visibility == {"ages": "public", "target": "withheld"}
    assert one.place_of("ages") == Place("a.yaml", 6, 21)
    assert one.place_of("threshold") == Place("state.yaml", 11, 16)
    assert all(m.payer == "region" for m in found.values())


def test_an_overlay_finds_a_measure_by_its_title_and_a_rate_by_its_id() -> None:
    text = (
        "harmonize: 1\npayer: region\nextends: state.yaml\nmeasures:\n"
        "  - {title: Readmission, ages: 18+}\n"
        "  - {id: CBP, rates: [{id: a, ages: 18-40}, {id: c, title: C}]}\n"
    )
    found = items(text, {"state.yaml": STATE})
    assert list(found) == ["CBP", "CBP/a", "CBP/b", "CBP/c", "readmission"]
    assert found["readmission"].ages == read_ages("18+")
    assert found["CBP/a"].ages == read_ages("18-40")
    assert found["CBP/a"].title == "A"


def test_an_overlay_needs_no_measures_and_no_payer_of_its_own() -> None:
    whole = read("harmonize: 1\nextends: state.yaml\n", {"state.yaml": STATE})
    assert whole.payer == "state"
    assert len(whole.measures or ()) == 4


LOCKED: Final = "stands here, and the base locks it in state.yaml:5: take it out here"


@pytest.mark.parametrize(
    ("measures", "wanted"),
    [
        ('{id: CBP, threshold: "< 130/80"}', [f"4:22: HZ212 'threshold' {LOCKED}"]),
        ("{id: CBP, threshold: none}", [f"4:22: HZ212 'threshold' {LOCKED}"]),
        ("{id: CBP, improvement_notation: increase}",
         [f"4:22: HZ212 'improvement_notation' {LOCKED}"]),
        ("{id: CBP, ids: {cbe: 19}}", [f"4:28: HZ212 'ids.cbe' {LOCKED}",
                                       ("4:33: HZ302 ids.cbe is '19', usually four digits, "
                                       "such as 0018")]),
        ('{id: CBP, rates: [{id: a, threshold: "< 130"}]}', [f"4:38: HZ212 'threshold' {LOCKED}"]),
        ('{title: Readmission, threshold: "< 3"}', []),
        ('{id: CBP, threshold: "< 140/90 mm Hg"}', []),
        ('{id: CBP, ids: {cbe: "0018", cms: CMS165}}', []),
        ('{id: NEW, title: New, threshold: "< 3"}', []),
    ],
)  # fmt: skip
def test_an_overlay_may_not_change_what_its_base_locks(measures: str, wanted: list[str]) -> None:
    assert over(f"measures: [{measures}]") == wanted


def test_a_lock_holds_through_a_chain_and_as_a_single_word() -> None:
    top = "harmonize: 1\npayer: top\nlocked: ages\nmeasures: [{id: A, title: A, ages: 18+}]\n"
    mid = "harmonize: 1\npayer: mid\nextends: top.yaml\nlocked: [sex]\n"
    text = "harmonize: 1\npayer: low\nextends: d/mid.yaml\nmeasures: [{id: A, ages: 19+, sex: f}]\n"
    assert told(text, {"d/mid.yaml": mid, "d/top.yaml": top}) == [
        "4:20: HZ212 'ages' stands here, and the base locks it in d/top.yaml:3: take it out here",
        "4:31: HZ212 'sex' stands here, and the base locks it in d/mid.yaml:4: take it out here",
    ]


def test_a_lock_on_what_the_whole_spec_says() -> None:
    base = "harmonize: 1\npayer: b\nfollows: X\nlocked: [follows]\nmeasures: [T]\n"
    assert told("harmonize: 1\npayer: a\nextends: b.yaml\nfollows: Y\n", {"b.yaml": base}) == [
        "4:1: HZ212 'follows' stands here, and the base locks it in b.yaml:4: take it out here"
    ]


@pytest.mark.parametrize(
    ("bases", "wanted"),
    [
        ({}, ["3:10: HZ213 the base 'b.yaml' cannot be used",
              "b.yaml:1:1: HZ001 no such file or folder"]),
        ({"b.yaml": "harmonize: 1\nextends: a.yaml\n"},
         ["b.yaml:2:10: HZ213 the base 'a.yaml' cannot be used",
          "b.yaml:2:10: HZ213 this base extends the file that extends it"]),
        ({"b.yaml": "- a list"}, ["3:10: HZ213 the base 'b.yaml' cannot be used",
                                  "b.yaml:1:1: HZ204 a list, where a spec is a map"]),
        ({"b.yaml": "a: ["}, ["3:10: HZ213 the base 'b.yaml' cannot be used",
                              ("b.yaml:1:4: HZ101 the [ that opens here is not closed "
                              "where it has to be")]),
    ],
)  # fmt: skip
def test_a_base_that_cannot_be_used(bases: Mapping[str, str], wanted: list[str]) -> None:
    lines = told("harmonize: 1\npayer: a\nextends: b.yaml\nmeasures: [T]\n",
                 {**bases, "a.yaml": "harmonize: 1\nextends: b.yaml\n"})  # fmt: skip
    assert lines == wanted


def test_a_file_that_extends_itself() -> None:
    text = "harmonize: 1\npayer: a\nextends: ./a.yaml\nmeasures: [T]\n"
    assert "3:10: HZ213 this base extends the file that extends it" in told(text, {"a.yaml": text})


def test_bases_without_end() -> None:
    bases = {
        f"{'d/' * i}b.yaml": f"harmonize: 1\npayer: a\nextends: d/b.yaml\nmeasures: [T{i}]\n"
        for i in range(100)
    }
    lines = told("harmonize: 1\npayer: a\nextends: b.yaml\nmeasures: [T]\n", bases)
    assert [line for line in lines if f"more than {BASES} bases" in line]
    assert len(lines) < 3 * BASES


def test_a_base_with_two_measures_of_one_name_keeps_both() -> None:
    base = "harmonize: 1\npayer: b\nmeasures: [T, T, {id: x, title: U}, {id: x, title: V}]\n"
    lines = told("harmonize: 1\npayer: a\nextends: b.yaml\nmeasures: [W]\n", {"b.yaml": base})
    again = "HZ208 the measure id 'x' stands here again, first in line 3: give each its own"
    assert lines == [f"b.yaml:3:42: {again}"]
