"""Ages, thresholds, durations, counts and shares: what is read, what is words, what cannot be."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harmonize.values import (
    LONGEST,
    NOTHING,
    UNITS,
    Ages,
    Count,
    Cut,
    Duration,
    Impossible,
    Nothing,
    Share,
    Text,
    Threshold,
    ages_between,
    read_ages,
    read_count,
    read_cut,
    read_duration,
    read_percentage,
    read_share,
    read_threshold,
    stated,
)

READERS: Final[tuple[Callable[[str], object], ...]] = (
    read_ages,
    read_threshold,
    read_cut,
    read_duration,
    read_count,
    read_share,
    read_percentage,
)
WORDS: Final = ("", " ", "adults", "see the manual", "18-85" + " " * LONGEST, "\u0661\u0668+", "\0")


def no_age(text: str) -> Ages:
    value = read_ages(text)
    assert isinstance(value, Ages), text
    return value


def a_cut(text: str) -> Threshold:
    value = read_threshold(text)
    assert isinstance(value, Threshold), text
    return value


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", WORDS)
def test_what_no_grammar_covers_is_kept_as_it_is(read: Callable[[str], Any], text: str) -> None:
    assert read(text) == Text(text)


# --- ages ---------------------------------------------------------------------------------------

YEAR: Final = UNITS["year"]
AGES: Final = {
    "18-85": (18, 86),
    " 18 - 85 ": (18, 86),
    "18\u201385": (18, 86),
    "18\u00a0-\u00a085": (18, 86),
    "18 to 85": (18, 86),
    "18 through 85 years": (18, 86),
    "18-85 years of age": (18, 86),
    "18 years-85 years": (18, 86),
    "18-18": (18, 19),
    "0-17": (0, 18),
    "<18": (0, 18),
    "< 18": (0, 18),
    "under 18": (0, 18),
    "Under 18 years": (0, 18),
    "18+": (18, None),
    "18 +": (18, None),
    "18+ years": (18, None),
    "18 and older": (18, None),
    "18 years and over": (18, None),
    "1-2 years": (1, 3),
    "12-35 months": (1, 3),
    "12 to 35 months": (1, 3),
    "6 months-17 years": (Fraction(1, 2), 18),
    "6 mo - 17 yrs": (Fraction(1, 2), 18),
    "6+ months": (Fraction(1, 2), None),
    "6 months+": (Fraction(1, 2), None),
    "under 12 months": (0, 1),
    "12.5-13": (Fraction(25, 2), 14),
}


@pytest.mark.parametrize("text", AGES)
def test_ages(text: str) -> None:
    low, high = AGES[text]
    assert read_ages(text) == Ages(low * YEAR, None if high is None else high * YEAR, text)
    assert stated(read_ages(text)) == text


@pytest.mark.parametrize(
    "text", ["17", "adults 18-85", "18-", "-", "18--85", "18-85-90", "18-85\u017f"]
)
def test_words_about_ages(text: str) -> None:
    assert read_ages(text) == Text(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("85-18", "the lower age first, such as 18-85"),
        ("24 months-1 years", "the lower age first, such as 18-85"),
        ("36 months-1 years", "the lower age first, such as 18-85"),
        ("-5", "an age of 0 or more"),
        ("-5-10", "an age of 0 or more"),
        ("-5+", "an age of 0 or more"),
        ("under -5", "an age of 0 or more"),
        ("under 0", "an upper age above 0"),
    ],
)
def test_ages_that_cannot_be(text: str, wanted: str) -> None:
    with pytest.raises(Impossible, match=f"^{wanted}$"):
        read_ages(text)


def test_ages_at_the_start_of_the_period_are_a_year_older_at_its_end() -> None:
    assert ages_between("17", "84", as_of="start") == read_ages("18-85")
    assert ages_between("17", "84") != read_ages("18-85")
    assert ages_between("6", "18", "month", "start") == ages_between("18", "30", "month")


@pytest.mark.parametrize(
    ("text", "brief"),
    [
        ("18-85", "18-85"),
        ("18+", "18+"),
        ("0-17", "<18"),
        ("12-35 months", "1-2"),
        ("6+ months", ""),
    ],
)
def test_ages_in_brief(text: str, brief: str) -> None:
    assert no_age(text).brief == brief


def _ages() -> st.SearchStrategy[Ages]:
    months = st.integers(0, 1300).map(lambda n: n * UNITS["month"])
    spans = st.one_of(st.none(), st.integers(1, 1300).map(lambda n: n * UNITS["month"]))
    return st.builds(
        lambda low, span: Ages(low, None if span is None else low + span, ""), months, spans
    )


@given(_ages(), _ages())
def test_a_share_of_ages_lies_between_none_and_all_and_is_the_same_from_both_sides(
    one: Ages, other: Ages
) -> None:
    assert 0 <= one.share(other) <= 1
    assert one.share(other) == other.share(one)
    assert one.share(one) == 1
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) or one.share(other) == 0


@given(st.integers(0, 120), st.integers(0, 120), st.sampled_from(["year", "month", "week", "day"]))
def test_both_ends_are_included(low: int, more: int, unit: str) -> None:
    value = no_age(f"{low}-{low + more} {unit}s")
    assert value.low == low * UNITS[unit]
    assert value.high == (low + more + 1) * UNITS[unit]
    assert value == ages_between(str(low), str(low + more), unit)


# --- thresholds ---------------------------------------------------------------------------------

CUTS: Final = {
    "< 140/90 mm Hg": ("<", (140, 90), "mm hg"),
    "<140/90mmHg": ("<", (140, 90), "mm hg"),
    "< 140 / 90": ("<", (140, 90), None),
    "> 9%": (">", (9,), "%"),
    "> 9.0 %": (">", (9,), "%"),
    "> 9 percent": (">", (9,), "%"),
    ">= 0.50": (">=", (Fraction(1, 2),), None),
    "\u2265 80%": (">=", (80,), "%"),
    "\u2264 9%": ("<=", (9,), "%"),
    "= 3 doses": ("=", (3,), "doses"),
    "< 1,000 kg": ("<", (1000,), "kg"),
    ">= 25 kg/m\u00b2": (">=", (25,), "kg/m\u00b2"),
    "< 5 per 1000 member months": ("<", (5,), "per 1000 member months"),
}


@pytest.mark.parametrize("text", CUTS)
def test_cuts(text: str) -> None:
    operator, numbers, unit = CUTS[text]
    assert read_cut(text) == Cut(operator, tuple(map(Fraction, numbers)), unit)
    assert stated(read_threshold(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "140/90",
        "<",
        "< ninety",
        "> 9% poor control, lower is better",
        "< 5 and > 3",
        "between 5 and 9",
    ],
)
def test_words_about_a_threshold(text: str) -> None:
    assert read_threshold(text) == Text(text)


@pytest.mark.parametrize("text", ["=< 9%", "<> 9%", "~ 9%", "!= 9%", "\u2260 9%", "=> 9", "< -9%"])
def test_thresholds_that_cannot_be(text: str) -> None:
    with pytest.raises(Impossible):
        read_threshold(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("> 9%", "<= 9%", True),
        (">= 9%", "< 9%", True),
        ("> 9%", "< 9%", True),
        ("> 9.0%", "<= 9 %", True),
        ("> 9", "<= 9%", True),
        ("> 9%", "<= 8%", False),
        ("> 9%", ">= 9%", False),
        ("> 9%", "> 9%", False),
        ("> 9%", "<= 9 mmol", False),
    ],
)
def test_one_cut_reported_two_ways(one: str, other: str, same: bool) -> None:
    assert a_cut(one).complements(a_cut(other)) is same
    assert a_cut(other).complements(a_cut(one)) is same


def test_a_cut_for_some_is_not_the_cut_for_all() -> None:
    some = Threshold((Cut("<", (Fraction(9),), "%", "adults"),), "")
    assert some != a_cut("< 9%")
    assert not some.complements(a_cut(">= 9%"))


@given(
    st.sampled_from(["<", "<=", ">", ">=", "="]),
    st.decimals(0, 10**6, places=2),
    st.sampled_from(["", "%", "mm Hg", "days"]),
)
def test_the_writing_of_a_cut_does_not_matter(sign: str, number: Any, unit: str) -> None:
    assert read_cut(f"{sign}{number}{unit}") == read_cut(f" {sign}  {number}0 {unit} ")


# --- durations, counts, shares ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 days", 30),
        ("30-day", 30),
        ("30days", 30),
        ("1 Day", 1),
        ("2 weeks", 14),
        ("24 months", 2 * YEAR),
        ("2 years", 2 * YEAR),
        ("0 days", 0),
        ("48 hours", 2),
        ("1.5 d", Fraction(3, 2)),
    ],
)
def test_durations(text: str, days: int | Fraction) -> None:
    assert read_duration(text) == Duration(Fraction(days), text)


@pytest.mark.parametrize("text", ["30", " 30 ", "-30 days", "-1"])
def test_durations_that_cannot_be(text: str) -> None:
    with pytest.raises(Impossible) as caught:
        read_duration(text)
    assert str(caught.value) in ("a time of 0 or more", "a number with its unit, such as 30 days")


@pytest.mark.parametrize(
    "text", ["measurement year", "30 business days", "30 fortnights", "a month"]
)
def test_words_about_a_duration(text: str) -> None:
    assert read_duration(text) == Text(text)


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("030", 30), ("310000", 310000),
                                              ("310,000", 310000), (" 2 ", 2)])  # fmt: skip
def test_counts(text: str, number: int) -> None:
    assert read_count(text) == Count(number, text)


@pytest.mark.parametrize("text", ["0", "00", "-2"])
def test_counts_that_cannot_be(text: str) -> None:
    with pytest.raises(Impossible):
        read_count(text)


@pytest.mark.parametrize("text", ["twice", "1.5", "2+", "31,00", "1e3", "0x10"])
def test_words_about_a_count(text: str) -> None:
    assert read_count(text) == Text(text)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [("10%", 10, "%"), ("63.2 %", Fraction(316, 5), "%"), ("0%", 0, "%"), ("100%", 100, "%"),
     ("3x", 3, "x"), ("1.5X", Fraction(3, 2), "x")],
)  # fmt: skip
def test_shares(text: str, number: int | Fraction, unit: str) -> None:
    assert read_share(text) == Share(Fraction(number), unit, text)
    percentage = read_percentage(text)
    assert percentage == (read_share(text) if unit == "%" else Text(text))


@pytest.mark.parametrize("text", ["-1%", "100.1%", "-3x"])
def test_shares_that_cannot_be(text: str) -> None:
    with pytest.raises(Impossible):
        read_share(text)


@pytest.mark.parametrize("text", ["10", "ten percent", "3 times", "10%%"])
def test_words_about_a_share(text: str) -> None:
    assert read_share(text) == Text(text)


# --- all of them --------------------------------------------------------------------------------

PIECES: Final = st.sampled_from(
    ["18", "85", "0", "-", "+", "<", ">=", "=<", "under ", " to ", "%", "x", "/", ".", ",", " ",
     "years", "months", "day", "\u017f", "\u2013", "mm Hg", "\u00a0", "9" * 40, "and older"]
)  # fmt: skip


def tried(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except Impossible as error:
        return f"wanted {error}"


@given(st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join)))
def test_any_text_is_read_or_is_words_or_cannot_be(text: str) -> None:
    for read in READERS:
        value = tried(read, text)
        assert value == tried(read, text)
        assert hash(value) == hash(tried(read, text))
        assert isinstance(value, str | Cut) or stated(value) == text


@given(st.text(min_size=1), st.text(min_size=1))
def test_words_are_the_same_only_where_they_are(one: str, other: str) -> None:
    assume(one != other)
    assert Text(one) != Text(other)


def test_none_is_a_statement_whatever_its_letters() -> None:
    assert Nothing("NONE") == NOTHING
    assert stated(NOTHING) == "none"
    assert stated(("a", NOTHING, Text("b"))) == "a; none; b"
