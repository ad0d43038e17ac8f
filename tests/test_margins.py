"""What people wrote beside rows, and where it stands in the next workbook."""

from hypothesis import given
from hypothesis import strategies as st

from harmonize.margins import Line, Margin, Margins, Noted, numbered

KEYS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "_x005F_x0041_"])), max_size=8)


def _margin(keys: list[tuple[str, ...]], noted: set[int]) -> Margin:
    """A margin as the reader makes it: a line for each row beside which something is written."""
    counted = enumerate(zip(keys, numbered(keys), strict=True))
    lines = (Line(key, key[0], (Noted(i),), nth) for i, (key, (_, nth)) in counted if i in noted)
    return Margin(("vote",), (9.0,), tuple(lines))


@given(KEYS, st.sets(st.integers(0, 7)))
def test_what_stood_beside_a_row_stands_beside_it_again(
    keys: list[tuple[str, ...]], noted: set[int]
) -> None:
    margin = _margin(keys, noted)
    found, left = margin.beside(keys)
    assert {i: line.cells[0] for i, line in found.items()} == {
        i: Noted(i) for i in noted if i < len(keys)
    }
    assert left == ()
    assert margin.beside([]) == ({}, margin.lines)


def test_a_margin_finds_its_rows_whatever_their_order() -> None:
    margin = _margin([("a",), ("b",), ("a",), ("c",)], {0, 1, 2, 3})
    found, left = margin.beside([("c",), ("a",), ("x",), ("a",)])
    assert {i: line.cells[0] for i, line in found.items()} == {
        0: Noted(3), 1: Noted(0), 3: Noted(2),
    }  # fmt: skip
    assert [line.key for line in left] == [("b",)]
    assert Margins().of("overlap").beside([("a",)]) == ({}, ())


def test_a_row_that_is_gone_leaves_its_note_to_no_other() -> None:
    found, left = _margin([("a",), ("a",)], {1}).beside([("a",)])
    assert found == {}
    assert [line.cells for line in left] == [(Noted(1),)]
