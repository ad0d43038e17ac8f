"""JSON read with its places: the same values as the standard library, and every fault told."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutations import ANY_JSON

from harmonize.importers.jsonnodes import DEPTH, decoded, each, inside, parse, said, text
from harmonize.problems import MOST, Place, SpecError
from harmonize.trees import Items, Node, Scalar


def plain(node: Node) -> Any:
    """A node as the value that the standard library makes of it."""
    if isinstance(node, Scalar):
        return json.loads(node.text) if node.plain else node.text
    if isinstance(node, Items):
        return [plain(one) for one in node.items]
    return {key.text: plain(value) for key, value in node.pairs}


def told(written: str) -> list[str]:
    """Every fault of a text, without the name of the file."""
    with pytest.raises(SpecError) as caught:
        parse(written, "a.json")
    return [str(problem).removeprefix("a.json:") for problem in caught.value.problems]


@given(ANY_JSON, st.sampled_from((None, 1)), st.booleans())
def test_values_are_those_of_the_standard_library(value: Any, indent: int, ascii_: bool) -> None:
    written = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    assert plain(parse(written, "a.json")) == json.loads(written)


def test_every_value_knows_its_place() -> None:
    root = parse('{"a": [1,\r\n  {"b": "x\\ny"}],\n\n "c": null}', "a.json")
    assert root.place == Place("a.json", 1, 1)
    found = each(root, "a")[1]
    assert found.place == Place("a.json", 2, 3)
    assert said(found, "b") == Scalar("x\ny", Place("a.json", 2, 9))
    assert inside(root, "c") == Scalar("null", Place("a.json", 4, 7), plain=True)
    assert root.size == 6


def test_what_a_node_says() -> None:
    root = parse('{"a": null, "b": "", "c": "null", "d": [], "e": {"f": 1}}', "a.json")
    assert [said(root, key) is None for key in "abcdex"] == [True, True, False, True, True, True]
    assert (text(root, "c"), text(root, "a"), text(None, "a")) == ("null", "", "")
    assert text(root, "e", "f") == "1"
    assert [len(each(root, key)) for key in "abcdex"] == [0, 0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("", "1:1: HZ007 nothing stands here"),
        (" \n ", "1:1: HZ007 nothing stands here"),
        ("{", "1:1: HZ451 the { that opens here is never closed"),
        ('{"a": [1, 2', "1:7: HZ451 the [ that opens here is never closed"),
        ("[1,]", "1:4: HZ451 ']' stands here, wanted a value"),
        ("[1\n 2]", "2:2: HZ451 '2' stands here, wanted a comma or the closing sign"),
        ('{"a":1,}', "1:8: HZ451 '}' stands here, wanted a key in double quotes"),
        ("{a: 1}", "1:2: HZ451 'a' stands here, wanted a key in double quotes or }"),
        ('{"a" 1}', "1:6: HZ451 '1' stands here, wanted a colon behind the key"),
        ("[1}", "1:3: HZ451 '}' stands here, wanted a comma or the closing sign"),
        ("[01]", "1:2: HZ451 '01' stands here, wanted a value or ]"),
        ("1 2", "1:3: HZ451 '2' stands here, wanted nothing more"),
        ("// words", "1:1: HZ451 '//' stands here, wanted a value"),
        ('"a', "1:1: HZ451 the quotation mark that opens here is not closed in its line"),
        ('"a\nb"', "1:1: HZ451 the quotation mark that opens here is not closed in its line"),
        (
            '["a\tb"]',
            "1:2: HZ451 a control character (U+0009) inside a text: write it as an escape",
        ),
        ('["\\q"]', "1:2: HZ451 a backslash in a text begins no escape that JSON knows"),
        (
            '["\\ud800"]',
            "1:2: HZ451 an escape in a text is half of a character: \\ud800 to \\udfff",
        ),
        ("[NaN]", "1:2: HZ451 NaN is no number that JSON knows: write null, or quote it"),
        ("[" * (DEPTH + 1), f"1:{DEPTH + 1}: HZ110 nested more than {DEPTH} levels deep"),
    ],
)
def test_faults(written: str, wanted: str) -> None:
    assert told(written) == [wanted]


def test_what_can_be_told_beside_a_fault_is_told_too() -> None:
    assert told('{"a": NaN, "a": 1, "b": }') == [
        "1:7: HZ451 NaN is no number that JSON knows: write null, or quote it",
        "1:12: HZ105 the key 'a' stands here again, first in line 1",
        "1:25: HZ451 '}' stands here, wanted a value",
    ]
    many = told(f"[{','.join(['NaN'] * (MOST + 5))}]")
    assert len(many) == MOST + 1
    assert "HZ113" in many[-1] or any("HZ113" in line for line in many)


def test_depth_up_to_the_bound_is_read() -> None:
    assert parse("[" * DEPTH + "]" * DEPTH, "a.json").size == DEPTH


def test_bytes_are_text_or_told() -> None:
    assert decoded("\ufeff[\u00e9]".encode(), "a.json") == "[\u00e9]"
    for data, wanted in (
        ("[]".encode("utf-16"), "a.json:1:1: HZ005 UTF-16, wanted UTF-8: save the file"),
        (b"[\n \xe9]", "a.json:2:2: HZ005 not UTF-8: byte 0xe9 here"),
    ):
        with pytest.raises(SpecError, match=wanted):
            decoded(data, "a.json")


@given(st.text())
def test_any_text_is_read_or_told(written: str) -> None:
    try:
        known = json.loads(written)
    except ValueError:
        assert told(written)
    else:
        assert plain(parse(written, "a.json")) == known
