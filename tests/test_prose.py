"""Ages in sentences: what is called an age is found, and no other number."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.importers.prose import Told, ages_told, widest, written
from harmonize.problems import Place
from harmonize.trees import Pairs, Scalar
from harmonize.values import Ages, read_ages

PLACE = Place("a.json", 1, 1)


@pytest.mark.parametrize(
    ("sentence", "ages"),
    [
        ("Percentage of patients 18-75 years of age with diabetes", "18-75"),
        ("women 50 - 74 years of age", "50-74"),
        ("members 5\u201364 years old", "5-64"),
        ("patients aged 18--85 years", "18-85"),
        ("patients aged 18 through 50 years", "18-50"),
        ("ages 2 through 19", "2-19"),
        ("between 3 and 21 years of age", "3-21"),
        ("patients aged 18 years and older", "18+"),
        ("patients age 18 and older", "18+"),
        ("adults 18 years of age or older", "18+"),
        ("65 years and older", "65+"),
        ("individuals at least 18 years of age", "18+"),
        ("patients aged \u2265 18 years", "18+"),
        ("patients greater than or equal to 86 years of age", "86+"),
        ("patients aged < 18 years", "<18"),
        ("under 21 years of age", "<21"),
        ("children under age 3", "<3"),
        ("patients aged 3 months and older", "3+ months"),
        ("children 6 months - 17 years of age", "6 months-17 years"),
        ("ages 6 months through 64 years", "6 months-64 years"),
        ("patients of all ages", ""),
        ("regardless of age", ""),
        ("within 30-60 days", ""),
        ("LDL-C of 70-189 mg/dL", ""),
        ("two of 18-75", ""),
        ("patients 66 and older", ""),
        ("children 2 years of age", ""),
        ("aged 65-18", ""),
        ("stage 3-5 disease", ""),
        ("PHQ-9 > 9 and older records", ""),
    ],
)
def test_ages(sentence: str, ages: str) -> None:
    assert [told.ages for told in ages_told(sentence)] == ([ages] if ages else [])


def test_each_band_is_told_once_and_the_widest_is_the_one_that_holds_the_others() -> None:
    told = ages_told("Women 21-64 years of age: aged 21-64 by this, age 30-64 by that")
    assert told == (Told("21-64", "21-64 years of age"), Told("30-64", "age 30-64"))
    assert widest(told) == told[0]
    assert widest(ages_told("12 to 17 years of age and 18 years or older")) is None
    assert widest(()) is None


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("aged 12 years and older at the beginning of the measurement period", {"min": "12"}),
        ("aged 17-84 at the start of the performance year", {"min": "17", "max": "84"}),
        ("under 21 years of age on the first day of the measurement period", {"max": "20"}),
        (
            "aged 6-59 months at the start of the measurement period",
            {"min": "6", "max": "59", "unit": "months"},
        ),
    ],
)
def test_ages_at_the_start_of_the_period(sentence: str, parts: dict[str, str]) -> None:
    (told,) = ages_told(sentence)
    assert told.start
    found = written(told, PLACE, "why")
    assert isinstance(found, Pairs)
    assert {k.text: v.text for k, v in found.pairs if isinstance(v, Scalar)} == {
        **parts,
        "as_of": "start",
    }
    assert next(v.remark for _, v in found.pairs if isinstance(v, Scalar)) == "why"


def test_mixed_units_at_the_start_of_the_period_are_not_said_wrongly() -> None:
    (told,) = ages_told("aged 6 months to 5 years at the start of the measurement period")
    assert written(told, PLACE, "") is None


@given(st.text(alphabet="aged 0123456789-+years<of.older", max_size=60))
def test_what_is_told_is_what_the_format_reads(sentence: str) -> None:
    told = ages_told(f"Women aged 18-75 years, {sentence}")
    assert told
    assert all(isinstance(read_ages(one.ages), Ages) for one in told)


@pytest.mark.parametrize("piece", ["aged 18 ", " ", "18-", "1 years ", "aged ", "18 -- "])
def test_no_sentence_takes_long(piece: str) -> None:
    start = time.perf_counter()
    ages_told(f"aged 18{piece * 20_000}!")
    assert time.perf_counter() - start < 2
