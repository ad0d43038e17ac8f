"""Which words of a text another leaves out, puts in or keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.rewording import reworded

CASES = [
    ("a b c", "a b c", [("kept", "a b c")]),
    ("a b c", "a x c", [("kept", "a"), ("out", "b"), ("in", "x"), ("kept", "c")]),
    ("a b", "", [("out", "a b")]),
    ("", "a b", [("in", "a b")]),
    ("", "", []),
    ("Cancer Screening", "cancer screening", [("kept", "cancer screening")]),
    ("a a b", "a b", [("kept", "a"), ("out", "a"), ("kept", "b")]),
]


@pytest.mark.parametrize(("old", "new", "pieces"), CASES)
def test_words_are_kept_left_out_or_put_in(
    old: str, new: str, pieces: list[tuple[str, str]]
) -> None:
    found = [(p.fate, p.text) for p in reworded(old, new)]
    if old == "a a b":  # which of two equal words is left out says nothing
        assert sorted(found) == sorted([("kept", "a b"), ("out", "a")]) or found == pieces
    else:
        assert found == pieces


@given(st.text("ab \u0130\u00df", max_size=20), st.text("ab \u0130\u00df", max_size=20))
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    pieces = reworded(old, new)
    assert [w for p in pieces if p.fate != "out" for w in p.words] == new.split()
    before = [w.casefold() for p in pieces if p.fate != "in" for w in p.words]
    assert before == [w.casefold() for w in old.split()]
