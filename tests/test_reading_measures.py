"""The list of measures in a spec: ids that are unique, rates that inherit, parts of a whole."""

import json

import pytest
from conftest import item, items, of, read, told

from harmonize.problems import Place
from harmonize.values import stated


def test_a_part_without_a_whole_is_warned_of() -> None:
    assert of("part: rate") == [
        "1:11: HZ211 'part' says what kind of part this is: 'part_of' is missing, of what"
    ]
    assert item("part: rate").part == "rate"


def test_parts_in_a_circle() -> None:
    circle = "measures:\n" + "".join(
        f"  - {{id: {a}, title: T{a}, part_of: {b}}}\n" for a, b in ("xy", "yz", "zx", "wx")
    )
    assert told(circle) == [
        "4:33: HZ211 'part_of' leads back here: a measure cannot be part of itself"
    ]


def test_a_title_with_a_colon_in_a_plain_list() -> None:
    assert told("measures:\n  - Diabetes: A1c\n  - Cost\n") == [
        '4:5: HZ104 a title with ": " needs quotes, - "Diabetes: ..."'
    ]
    assert told("measures:\n  - ages: 18+\n") == ["4:5: HZ202 'title' is missing"]
    assert told("measures:\n  - name: a\n")[0] == (
        "4:5: HZ201 unknown key 'name': did you mean 'title'?"
    )


@pytest.mark.parametrize("name", ["CBP/AD", "a b", "#1: x", "\u65e5\u672c", "'\"", "None", "=1+1"])
def test_an_id_is_any_printable_text(name: str) -> None:
    quoted = json.dumps(name, ensure_ascii=False)
    (one,) = items(f"measures: [{{id: {quoted}, title: T}}]").values()
    assert one.ref == f"acme/{name}"
    assert not one.minted


def test_two_measures_with_one_id() -> None:
    text = "measures:\n  - {id: a, title: T}\n  - {title: U, id: a}\n"
    wanted = "5:20: HZ208 the measure id 'a' stands here again, first in line 4: give each its own"
    assert told(text) == [wanted]


def test_a_rate_and_a_measure_with_one_id() -> None:
    text = "measures:\n  - {id: a/b, title: T}\n  - {id: a, title: U, rates: [{id: b, title: V}]}\n"
    wanted = (
        "5:36: HZ208 the measure id 'a/b' stands here again, first in line 4: give each its own"
    )
    assert told(text) == [wanted]


def test_two_rates_with_one_id() -> None:
    lines = of("id: a\nrates: [{id: b, title: V}, {id: b, title: W}]")
    assert [line.split()[1] for line in lines] == ["HZ208"]


def test_what_a_payer_states_does_not_hang_on_where_it_stands() -> None:
    one = read("measures:\n  - {title: T, ages: 18+}\n  - U\n")
    other = read("measures:\n\n  - U\n  - ages: 18+\n    title: T\n")
    assert one == other


def test_a_rate_has_what_its_measure_states_and_it_does_not() -> None:
    found = items(
        "measures:\n"
        "  - id: FUH\n"
        "    title: Follow-Up\n"
        "    acronym: FUH\n"
        "    ages: 6+\n"
        "    follow_up: 30 days\n"
        "    visibility: {weight: withheld, target: withheld}\n"
        "    weight: 10%\n"
        "    rates:\n"
        "      - {id: r7, title: Within 7 days, follow_up: 7 days, visibility: {target: public}}\n"
        "      - title: Within 30 days\n"
    )
    assert list(found) == ["FUH", "FUH/r7", "FUH/within-30-days"]
    whole, seven, thirty = found.values()
    assert whole.rates == (seven, thirty)
    assert (seven.rate_of, seven.context, seven.acronym) == ("FUH", "Follow-Up", None)
    assert (seven.ages, thirty.ages) == (whole.ages, whole.ages)
    assert stated(seven.follow_up) == "7 days"
    assert thirty.follow_up == whole.follow_up
    assert (seven.minted, thirty.minted, whole.minted) == (False, True, False)
    assert seven.visibility == {"weight": "withheld", "target": "public"}
    assert seven.place_of("ages") == whole.place_of("ages")
    assert seven.place == Place("a.yaml", 12, 9)
    assert thirty.place_of("id") == thirty.place == Place("a.yaml", 13, 9)


def test_rates_with_one_title_get_ids_of_their_own() -> None:
    found = items("measures: [{id: a, title: T, rates: [{title: U}, {title: U, ages: 18+}]}]")
    assert len(found) == 3
