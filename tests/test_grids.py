"""Separated text as cells: every character kept, every cell in its place."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.grids import is_blank, split
from harmonize.problems import Place, SpecError


@pytest.mark.parametrize(
    ("text", "separator", "cells"),
    [
        ("a,b\n1,2\n", ",", [["a", "b"], ["1", "2"]]),
        ('"a, ""b""",c\r\n1,2', ",", [['a, "b"', "c"], ["1", "2"]]),
        ("\n\na\r1\n\n", ",", [[""], [""], ["a"], ["1"], [""]]),
        ('"x\ny",z', ",", [["x\ny", "z"]]),
        ("", ",", []),
        (" , \na", ",", [[" ", " "], ["a"]]),
        ("a;b,c;", ";", [["a", "b,c", ""]]),
        ("a\tb\n", "\t", [["a", "b"]]),
        ('a|"b|c"', "|", [["a", "b|c"]]),
    ],
)
def test_text_is_read_as_it_is_written(text: str, separator: str, cells: list[list[str]]) -> None:
    assert [[c.text for c in line] for line in split(text, "a.csv", separator)] == cells


@given(
    st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=3), min_size=1, max_size=4),
    st.sampled_from(",;\t|"),
)
def test_what_the_library_writes_is_read(rows: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, delimiter=separator).writerows(rows)
    found = split(out.getvalue(), "a.csv", separator)
    assert [[c.text for c in line] for line in found] == rows
    assert [is_blank(line) for line in found] == [
        not any(cell.strip() for cell in row) for row in rows
    ]


def test_a_cell_knows_its_place() -> None:
    first, second = split('a,"b\nc",d\n\u00e9,f', "a.csv")
    assert [c.place for c in first] == [
        Place("a.csv", 1, 1),
        Place("a.csv", 1, 3),
        Place("a.csv", 2, 4),
    ]
    assert [c.place for c in second] == [Place("a.csv", 3, 1), Place("a.csv", 3, 3)]


@pytest.mark.parametrize(("text", "column"), [('a,"b', 3), ('"a"b', 1)])
def test_a_quotation_mark_out_of_place_is_named(text: str, column: int) -> None:
    with pytest.raises(SpecError) as error:
        split(text, "a.csv")
    (problem,) = error.value.problems
    assert (problem.code, problem.place) == ("HZ401", Place("a.csv", 1, column))
