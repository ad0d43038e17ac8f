"""Candidates: what each is about, what would have to change, and our score part by part."""

from typing import Any

import pytest
from building import published, spec

from harmonize.candidates import Candidate, candidates
from harmonize.values import read_percentage
from harmonize.wishes import NO_WISH, Weights, Wish

BP = {"title": "Controlling High Blood Pressure", "ids": {"cbe": "0018"}}


def one(*lines: dict[str, Any], wish: Wish = NO_WISH, title: str = "", **about: Any) -> Candidate:
    """The candidate that these lines come to, a payer each."""
    named = {"title": title} if title else BP
    sets = (spec(f"p{i}", {**named, **line}, **about) for i, line in enumerate(lines))
    (found,) = candidates(published(*sets), wish)
    return found


@pytest.mark.parametrize(
    ("lines", "people"),
    [
        ([{"ages": "18-85"}], {"adults", "older adults"}),
        ([{"ages": "18-64"}], {"adults"}),
        ([{"ages": "12+"}], {"children", "adults", "older adults"}),
        ([{"ages": "3-21"}], {"children"}),
        ([{"ages": "16-24"}], {"children", "adults"}),
        ([{"ages": "18-20"}], {"adults"}),
        ([{"ages": "65+"}], {"older adults"}),
        ([{"ages": "those enrolled"}], set()),
        ([{}], set()),
        ([{"ages": "18-64"}, {"ages": "18-85"}], {"adults"}),  # what every payer says that says
        ([{"ages": "18-64"}, {}], {"adults"}),
        ([{"ages": "21-64", "sex": "female"}], {"adults", "women"}),
        ([{"ages": "21-64", "sex": "female"}, {"sex": "all"}], {"adults"}),
    ],
)
def test_whom_a_measure_is_about(lines: list[dict[str, Any]], people: set[str]) -> None:
    assert one(*lines).populations == people


def test_a_title_tells_of_whom_where_nothing_is_stated() -> None:
    assert one({}, title="Well-Child Visits of Children").populations == {"children"}
    assert "women" in one({}, title="Osteoporosis Management in Women").populations


@pytest.mark.parametrize(
    ("rates", "direction", "told"),
    [
        (["95%"], "increase", "topped out: 1 rate is 95%, at or above 95%"),
        (["94.9%"], "increase", ""),
        (["99%", "92%"], "increase", "topped out: the median of 2 rates is 95.5%, at or above 95%"),
        (["99%", "90%", "80%"], "increase", ""),
        (["4%"], "decrease", "topped out: 1 rate is 4%, at or below 5%, lower is better"),
        (["97%"], "decrease", ""),
        (["97%"], None, ""),  # on which side better lies is not stated
    ],
)
def test_a_measure_is_topped_out_as_far_as_payers_state_it(
    rates: list[str], direction: str | None, told: str
) -> None:
    way = {"improvement_notation": direction} if direction else {}
    found = one(*({"performance": rate, **way} for rate in rates))
    assert found.topped_out == told
    whole = 10 * len(rates)
    assert found.score == (whole // 2 if told else whole)


def test_the_score_is_the_sum_of_its_parts() -> None:
    lines = (
        {"ages": "18-85", "data_source": ["claims"], "performance": "97%"},
        {"ages": "18-75", "data_source": ["registry"], "performance": "96%"},
        {"ages": "18-85"},
    )
    way = {"improvement_notation": "increase"}
    found = one(*({**line, **way} for line in lines))
    assert [part.points for part in found.parts] == [30, -2, -1, -14]
    assert found.score == 13
    assert [part.told for part in found.parts][:3] == [
        "3 payers ask", "1 major difference: ages", "1 minor difference: data source",
    ]  # fmt: skip


def test_weights_are_what_the_wish_says_and_no_score_is_below_one() -> None:
    share = read_percentage("0%")
    weights = Weights(payer=1, major=5, minor=0, topped_out=share)  # type: ignore[arg-type]
    found = one({"ages": "18-85"}, {"ages": "18-75"}, wish=Wish(weights=weights))
    assert [(part.told, part.points) for part in found.parts] == [
        ("2 payers ask", 2), ("1 major difference: ages", -5), ("no measure has less than 1", 4),
    ]  # fmt: skip
    assert found.score == 1


def test_who_differs_from_most_would_have_to_respecify() -> None:
    (change,) = one({"ages": "18-85"}, {"ages": "18-75"}, {"ages": "18-85"}, {}).changes
    assert not change.tied
    assert change.to == ("18-85",)
    assert change.payers == (("p1", "18-75"),)


def test_where_positions_tie_nobody_is_told_to_give_way() -> None:
    (change,) = one({"ages": "18-85"}, {"ages": "18-75"}).changes
    assert change.tied
    assert change.to == ("18-75", "18-85")
    assert change.payers == (("p0", "18-85"), ("p1", "18-75"))


def test_types_that_tie_are_no_type() -> None:
    found = one({"measure_type": "process"}, {"measure_type": "outcome"})
    assert found.types == ("outcome", "process")
    assert found.type == ""
    more = one(
        {"measure_type": "process"}, {"measure_type": "outcome"}, {"measure_type": "outcome"}
    )
    assert more.type == "outcome"


def test_who_has_it_who_could_and_who_could_not() -> None:
    sets = (
        spec("a", {**BP, "ages": "18-85"}),
        spec("b", {"title": "Breast Cancer Screening"}),
        spec("c", {"title": "Breast Cancer Screening"}, complete="false"),
        spec("d", {"title": "Childhood Immunization Status"}, scope={"ages": "<18"}),
        spec("e", BP, role="reference"),
        spec("f", payment={"lan_categories": ["2A"]}),
    )
    found = next(c for c in candidates(published(*sets), NO_WISH) if c.id == "cbp")
    assert found.has == ("a",)
    assert found.adopt == ("b",)
    assert found.unknown == ("c", "f")  # f says how it pays, and of measures nothing
    assert found.outside == ("d",)
    assert found.could == ("a", "b", "c", "f")


def test_who_has_it_as_a_rate_or_one_of_its_family_is_told() -> None:
    rates = [{"id": "gt9", "title": "Glycemic Status >9.0%", "threshold": "> 9%"},
             {"id": "lt8", "title": "Glycemic Status <8.0%", "threshold": "< 8%"}]  # fmt: skip
    named = "Glycemic Status Assessment for Patients With Diabetes"
    whole = {"title": named, "ids": {"hedis": "GSD"}, "rates": rates}
    poor = {"title": "Glycemic Status Assessment Greater Than 9%", "ids": {"cbe": "0059"}}
    found = candidates(published(spec("a", poor), spec("b", whole), spec("c", poor)), NO_WISH)
    by_id = {c.id: c for c in found}
    assert by_id["hba1c_poor"].has == ("a", "c")
    assert by_id["hba1c_poor"].within == ("b",)
    assert by_id["hba1c_poor"].adopt == ()
    (other,) = (c for c in found if c.id != "hba1c_poor")
    assert other.adopt == ("a", "c")
    assert {ref.partition("/")[0] for ref in other.akin} == {"a", "c"}
