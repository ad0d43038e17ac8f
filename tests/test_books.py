"""What a spreadsheet can hold; that workbooks are opened within bounds is seen where they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from harmonize.books import coded, decoded, letters


@given(st.integers(0, 16_383))
def test_columns_are_called_as_a_spreadsheet_calls_them(place: int) -> None:
    assert letters(place) == get_column_letter(place + 1)


@given(st.text(st.sampled_from("_x0041F"), max_size=24))
def test_a_text_that_is_coded_is_decoded_to_itself(text: str) -> None:
    assert decoded(coded(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("_x1_", "_x1_"),
    ],
)
def test_what_looks_like_an_escape_is_coded(text: str, written: str) -> None:
    assert coded(text) == written
