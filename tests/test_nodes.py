"""YAML as nodes: marks, quoting and bounds, and what YAML does to people explained to them."""

import re
import time
from typing import Final

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harmonize.problems import MOST, Place, Problem, SpecError
from harmonize.reading.nodes import DEPTH, EXPANSION, NODES, SCALAR, parse
from harmonize.trees import Items, Node, Pairs, Scalar, is_nothing

Plain = str | list["Plain"] | dict[str, "Plain"]


def plain(node: Node) -> Plain:
    """A node without its places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(one) for one in node.items]
    return {key.text: plain(value) for key, value in node.pairs}


def problems(text: str) -> list[str]:
    """What is wrong with a text, each problem as its line without the file's name."""
    with pytest.raises(SpecError) as caught:
        parse(text, "a.yaml")
    return [str(one).removeprefix("a.yaml:") for one in caught.value.problems]


# --- what is read -------------------------------------------------------------------------------

READ: Final[list[tuple[str, Plain]]] = [
    ("a: b", {"a": "b"}),
    ("a: 0034", {"a": "0034"}),
    ("a: NO", {"a": "NO"}),
    ("a: 1.10", {"a": "1.10"}),
    ("a: 18:55", {"a": "18:55"}),
    ("a: 2025-01-01", {"a": "2025-01-01"}),
    ("a: 0x1F", {"a": "0x1F"}),
    ("a: 1_000", {"a": "1_000"}),
    ("a: 1e3", {"a": "1e3"}),
    ("a: .inf", {"a": ".inf"}),
    ("a: =", {"a": "="}),
    ("a: ~", {"a": "~"}),
    ("a:", {"a": ""}),
    ("a: 'it''s'", {"a": "it's"}),
    ('a: "x\\ty"', {"a": "x\ty"}),
    ("[a, b]", ["a", "b"]),
    ("- a\n- b", ["a", "b"]),
    ("{a: b, c: [d]}", {"a": "b", "c": ["d"]}),
    ("a: b\n  c", {"a": "b c"}),
    ("a: |\n  b\n  c\n", {"a": "b\nc"}),
    ("a: >\n  b\n  c\n\n", {"a": "b c"}),
    ("a: b # a comment", {"a": "b"}),
    ("a: b#c", {"a": "b#c"}),
    ("a: 'b' #c", {"a": "b"}),
    ("# only a comment\na: b", {"a": "b"}),
    ("%YAML 1.2\n---\na: b\n...\n", {"a": "b"}),
    ("a: http://x.org/?a=b#c", {"a": "http://x.org/?a=b#c"}),
    ("\ufeffa: b", {"a": "b"}),
    ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
    ("a: &x b\nc: *x", {"a": "b", "c": "b"}),
    ("a: &x [b]\nc: *x", {"a": ["b"], "c": ["b"]}),
    ("a: !!str 1", {"a": "1"}),
    ('a: ! "1"', {"a": "1"}),
    ("'<<': b", {"<<": "b"}),
    ("<<a: b", {"<<a": "b"}),
    ("\u65e5\u672c: caf\u00e9 \U0001f600", {"\u65e5\u672c": "caf\u00e9 \U0001f600"}),
    ("a: b\u2028c\u2029d\u0085e\ufefff", {"a": "b\u2028c\u2029d\u0085e\ufefff"}),
    ("a: \ufffe\uffff\x7f\x07", {"a": "\ufffe\uffff\x7f\x07"}),
    ("a: \x0b\x0c\x1b[31m", {"a": "\x0b\x0c\x1b[31m"}),
    ("a: \U000f0007 \x07", {"a": "\U000f0007 \x07"}),
    ("a: \u202eb\u202c", {"a": "\u202eb\u202c"}),
]


@pytest.mark.parametrize(("text", "wanted"), READ, ids=[repr(text) for text, _ in READ])
def test_every_scalar_is_the_text_that_stands_there(text: str, wanted: Plain) -> None:
    assert plain(parse(text, "a.yaml")) == wanted


def test_nodes_know_where_they_stand() -> None:
    root = parse("a: b\nc:\n  - d\n  - {e: 'f'}\n", "x.yaml")
    assert isinstance(root, Pairs)
    items = root.get("c")
    assert isinstance(items, Items)
    inner = items.items[1]
    assert isinstance(inner, Pairs)
    assert root.place == Place("x.yaml", 1, 1)
    assert [key.place for key, _ in root.pairs] == [Place("x.yaml", 1, 1), Place("x.yaml", 2, 1)]
    assert items.place == Place("x.yaml", 3, 3)
    assert [one.place for one in items.items] == [Place("x.yaml", 3, 5), Place("x.yaml", 4, 5)]
    assert inner.get("e") == Scalar("f", Place("x.yaml", 4, 9), plain=False)
    assert root.get("nothing") is None


def test_characters_that_yaml_forbids_do_not_move_a_place() -> None:
    root = parse("a: \x07\u2028 b\nc: d", "x.yaml")
    assert isinstance(root, Pairs)
    assert root.pairs[1][1].place == Place("x.yaml", 2, 4)


@pytest.mark.parametrize("text", ["a:", "a: ~", "a: null", "a: NULL", "a: ''", "a: ' '", "a: []",
                                  "a: {}"])  # fmt: skip
def test_nothing(text: str) -> None:
    root = parse(text, "x.yaml")
    assert isinstance(root, Pairs)
    assert is_nothing(root.pairs[0][1])


@pytest.mark.parametrize("text", ["a: none", "a: 'null'", "a: '~'", "a: 0", "a: false", "a: ['']"])
def test_something(text: str) -> None:
    root = parse(text, "x.yaml")
    assert isinstance(root, Pairs)
    assert not is_nothing(root.pairs[0][1])


# --- what is caught -----------------------------------------------------------------------------

CUT: Final = "HZ102 the value ends before ' #', where YAML begins a comment: put it in quotes,"
BLOCK: Final = "turns into a block of text: put it in quotes,"
SECOND: Final = "HZ104 a second ': ' stands in this value: put it in quotes,"
QUOTES: Final = "a value with : # > | @ % * & ! [ ] { } in it needs quotes"
PLACE: Final = "HZ101 this is out of place: put keys, and the dashes of a list, under each other"
NO_COLON: Final = "HZ101 this line is no 'key: value': a colon and a blank are missing"
ESCAPE: Final = (
    "HZ101 a backslash in double quotes begins an escape: use single quotes, or write \\\\"
)
ABOVE: Final = (
    "HZ104 this line was taken as a part of the value above it: "
    "put keys exactly under each other, and a value with ': ' in quotes"
)
TWICE: Final = "(a ' inside it is written twice)"
TAB: Final = "HZ101 a tab stands where YAML takes only blanks"
TAG: Final = "HZ108 a tag stands here: take it out, or put a value that begins with ! in quotes"
NOTHING: Final = "HZ007 nothing stands here: a spec begins with 'harmonize: 1'"
MERGE: Final = "HZ107 a merge key stands here: write the keys out, or use 'extends'"
CAUGHT: Final[list[tuple[str, ...]]] = [
    # cut by #
    ("a: b #1", f'1:4: {CUT} a: "..."'),
    ("name: b #1", f'1:7: {CUT} name: "b #1"'),
    ('measures:\n  - title: St "x" (ID #438)', f'2:12: {CUT} title: "St \\"x\\" (ID #438)"'),
    ("measures:\n  - Statin #438", f'2:5: {CUT} - "Statin #438"'),
    ("a: #1", f'1:3: {CUT} a: "..."'),
    ("a: b\n  c #1", f'1:4: {CUT} a: "..."'),
    # a block that nobody meant
    ("a: > 9%", f'1:4: HZ103 a value that begins with > {BLOCK} a: "> ..."'),
    ("a: >9", f'1:4: HZ103 a value that begins with > {BLOCK} a: "> ..."'),
    ("a: >\nb: c", f'1:4: HZ103 a value that begins with > {BLOCK} a: "> ..."'),
    ("a: |x|", f'1:4: HZ103 a value that begins with | {BLOCK} a: "| ..."'),
    ("- >= 9%", f'1:3: HZ103 a value that begins with > {BLOCK} key: "> ..."'),
    # colons
    ("a: b: c", f'1:4: {SECOND} a: "..."'),
    ("name: b: c", f'1:7: {SECOND} name: "b: c"'),
    ("measures:\n  - title: Foo: bar", f'2:12: {SECOND} title: "Foo: bar"'),
    ("title: Foo:", f'1:8: {SECOND} title: "..."'),
    ("a: b\n  c: d", f"2:4: {ABOVE}"),
    ("a:b\nc: d", "1:2: HZ101 a blank is missing after this colon"),
    ("a: b\nc:d\ne: f", "2:2: HZ101 a blank is missing after this colon"),
    ("a: b\ncd\ne: f", f"2:1: {NO_COLON}"),
    # marks that open and do not close, and values that begin oddly
    ('a: "b\nc: d', "1:4: HZ101 the quotation mark that opens here is never closed"),
    ("a: 'it's'", f"1:8: HZ101 the value goes on after its closing ' {TWICE}: quote all of it"),
    ('a: "b" c', '1:8: HZ101 the value goes on after its closing ": quote all of it'),
    ('a: "C:\\dir"', f"1:7: {ESCAPE}"),
    ('a: "\\ud800"', f"1:7: {ESCAPE}"),
    ("a: [b, c\nd: e", "1:4: HZ101 the [ that opens here is not closed where it has to be"),
    ("a: {b: c\nd: e", "1:4: HZ101 the { that opens here is not closed where it has to be"),
    ("a: [b, [", "1:8: HZ101 the [ that opens here is not closed where it has to be"),
    ("a: {b: [c,\n\n", "1:8: HZ101 the [ that opens here is not closed where it has to be"),
    ("a: {b: c} d", '1:11: HZ101 the value goes on after its end: put it in quotes, a: "..."'),
    ("a: @b", f"1:4: HZ101 a value cannot begin like this: {QUOTES}"),
    ("a: %b", f"1:4: HZ101 a value cannot begin like this: {QUOTES}"),
    ("a: *", "1:4: HZ101 a value that begins with * needs quotes"),
    ("a: &", "1:4: HZ101 a value that begins with & needs quotes"),
    ("a: !<", "1:4: HZ101 a value that begins with ! needs quotes"),
    ("a: - b", "1:4: HZ101 a list begins in a line of its own"),
    ("a: }", f"1:4: HZ101 not readable as YAML here: {QUOTES}"),
    # lines in the wrong place
    ("a:\n  - b\n c: d", f"3:2: {PLACE}"),
    ("- a: b\n c: d", f"2:2: {PLACE}"),
    (" a: b\nc: d", f"2:1: {PLACE}"),
    ("a: b\n- c", f"2:1: {PLACE}"),
    ("\ta: b", f"1:1: {TAB}"),
    ("a:\n\tb: c", f"2:1: {TAB}"),
    ("a: b\n\tc: d", f"2:1: {TAB}"),
    ("a:\n- b\nc", f"3:1: {NO_COLON}"),
    # keys
    ("a: b\na: c", "2:1: HZ105 the key 'a' stands here again, first in line 1: keep one"),
    (
        "a: b\nc: {d: e, d: f}\na: g",
        "2:11: HZ105 this key stands here again, first in line 2: keep one",
        "3:1: HZ105 the key 'a' stands here again, first in line 1: keep one",
    ),
    ("{$25: a, $25: b}", "1:10: HZ105 this key stands here again, first in line 1: keep one"),
    ("<<: a", f"1:1: {MERGE}"),
    ("a: &x {b: c}\nd:\n  <<: *x", f"3:3: {MERGE}"),
    ("? [a]\n: b", "1:3: HZ204 a list as a key: a key is a word"),
    ("? {a: b}\n: c", "1:3: HZ204 a map as a key: a key is a word"),
    # tags, aliases, documents
    ("a: !!python/object/apply:os.system [ls]", f"1:4: {TAG}"),
    ("a: !!binary aGVsbG8=", f"1:4: {TAG}"),
    ("a: !important", f"1:4: {TAG}"),
    ("!!omap [a: b]", f"1:1: {TAG}"),
    ("a: *b", "1:4: HZ109 this alias refers to nothing: a value that begins with * needs quotes"),
    ("a: &b [*b]", "1:8: HZ109 this alias refers to what it stands in"),
    ("a: &b {c: {d: *b}}", "1:15: HZ109 this alias refers to what it stands in"),
    (
        "a: b\n---\nc: d",
        "2:1: HZ106 a second document begins here: one file holds one spec, so split it",
    ),
    # no text
    ("", f"1:1: {NOTHING}"),
    ("\n \n", f"1:1: {NOTHING}"),
    ("# a comment\n", f"1:1: {NOTHING}"),
    ("---\n", f"1:1: {NOTHING}"),
    ("a: b\nc\0d", "2:2: HZ006 a zero byte stands here: a binary file, not text"),
    ("a: \ud800", "1:1: HZ101 not readable as YAML text"),
]


@pytest.mark.parametrize("row", CAUGHT, ids=[repr(row[0]) for row in CAUGHT])
def test_what_yaml_does_to_people_is_explained(row: tuple[str, ...]) -> None:
    text, *wanted = row
    assert problems(text) == wanted


def test_all_is_told_up_to_where_it_cannot_be_read() -> None:
    assert [line.split()[1] for line in problems("a: b #1\na: !x c\nd: 'e'\nf: g: h")] == [
        "HZ102", "HZ108", "HZ104",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [
    "incentive: {amount: SECRET #1}",
    "incentive:\n  title: SECRET #1",
    "measures:\n  - {title: a,\n     id: b, incentive: SECRET #1}",
    "measures:\n  - title: a\n    rates: [{title: SECRET #1}]",
    "measures:\n  - title: a\n    weight: SECRET: 1",
    "measures:\n  - title: a\n    target:\n      title: SECRET: 1",
    "weight: >SECRET",
    "weight: 'SECRET' SECRET",
    'weight: "SECRET',
    'weight: "\\SECRET"',
    "weight: [SECRET",
    "weight: {SECRET",
    "weight: @SECRET",
    "weight: *SECRET",
    "weight: !SECRET",
    "weight: {SECRET: a, SECRET: b}",
    "weight: {SECRET}: a",
    "weight: {secret7: a, secret7: b}",
    "weight: {secret7: a #b}",
    "weight: {secret7: >9}",
    "weight:\n  secret7: a: b",
    "weight:\n  secret7: 'a' b",
    "weight: SECRET\n  SECRET: a",
    "weight: - SECRET",
    "weight: &SECRET a\nb: *SECRE",
])  # fmt: skip
def test_no_message_quotes_a_text_that_somebody_may_withhold(text: str) -> None:
    assert not [line for line in problems(text) if "SECRET" in line.upper()]


# --- bounds -------------------------------------------------------------------------------------

MANY: Final = 100_000
ALIASES: Final = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30)
)
TOO_DEEP: Final = f"HZ110 nested more than {DEPTH} levels deep"
BOUNDS: Final = {
    "brackets": ("[" * MANY, [f"1:{DEPTH + 1}: {TOO_DEEP}"]),
    "closed brackets": ("[" * MANY + "]" * MANY, [f"1:{DEPTH + 1}: {TOO_DEEP}"]),
    "braces": ("{" * MANY, [f"1:{DEPTH + 1}: {TOO_DEEP}"]),
    "dashes": ("- " * MANY, [f"1:{2 * DEPTH + 1}: {TOO_DEEP}"]),
    "question marks": ("? " * MANY, [f"1:{2 * DEPTH + 1}: {TOO_DEEP}"]),
    "indented keys": ("".join(f"{' ' * i}a:\n" for i in range(1000)),
                      [f"{DEPTH + 1}:{DEPTH + 1}: {TOO_DEEP}"]),
    "an alias bomb": (ALIASES, [f"5:45: HZ111 aliases expand to more than {EXPANSION:,} values"]),
    "a long value": ("a: " + "x" * (SCALAR + 1),
                     [f"1:4: HZ112 a value of more than {SCALAR:,} characters"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds(name: str) -> None:
    text, wanted = BOUNDS[name]
    began = time.process_time()
    assert problems(text) == wanted
    assert time.process_time() - began < 2


def test_the_promised_sizes_are_read() -> None:
    long = "x" * (64 << 10)
    root = parse(f"a: {'[' * (DEPTH - 1)}{'b'}{']' * (DEPTH - 1)}\nc: {long}\n", "x.yaml")
    assert isinstance(root, Pairs)
    assert root.get("c") == Scalar(long, Place("x.yaml", 2, 4), plain=True)
    assert NODES >= (16 << 20) / 10


def test_aliases_count_as_what_they_stand_for() -> None:
    text = f"a: &a [{'x, ' * 20_000}x]\nb: [*a, *a, *a, *a, *a]"
    (line,) = problems(text)
    assert re.fullmatch("2:[0-9]+: HZ111 aliases expand to more than 100,000 values", line)


def test_more_values_than_a_file_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.reading.nodes.NODES", 1000)
    assert problems("[" + "a," * 2000 + "]") == ["1:2000: HZ111 more than 1,000 values in one file"]


def test_a_file_full_of_problems_tells_many_and_ends() -> None:
    lines = problems("a: b\n" * (MOST + 10))
    assert len(lines) == MOST + 1
    assert lines[-1].endswith("HZ113 more than 2,000 problems in this file: the rest is not told")


# --- any text -----------------------------------------------------------------------------------

MARKS: Final = st.sampled_from(
    ["a", "b: ", ": ", ":", "- ", "-", "\n", "\n  ", "\n    ", " ", "#", " #", "[", "]", "{", "}",
     ",", "'", '"', "\\", "|", ">", "&a ", "*a", "!", "!!str ", "%", "@", "`", "?", "? ", "<<", "~",
     "---\n", "...\n", "\t", "\r", "\0", "\x07", "\x85", "\u2028", "\ufeff", "\U000f0007", "\ud800"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(MARKS, max_size=25).map("".join)))
@example("a: >\r")
@example("? ? ?\n: :")
@example("'\n'")
def test_any_text_is_read_or_told_what_is_wrong_and_soon(text: str) -> None:
    began = time.process_time()
    found = tried(text)
    assert time.process_time() - began < 1
    last = text.count("\n") + text.count("\r") + 2
    assert all(1 <= one.place.line <= last for one in found)
    assert all(one.message.isprintable() for one in found)


def tried(text: str) -> tuple[Problem, ...]:
    try:
        parse(text, "x.yaml")
    except SpecError as error:
        return error.problems
    return ()


VALUES: Final = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
TREES: Final = st.recursive(
    VALUES, lambda one: st.lists(one, max_size=4) | st.dictionaries(VALUES, one, max_size=4)
)


@given(TREES)
def test_what_a_yaml_writer_writes_is_read_as_it_was(tree: Plain) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_style='"')
    assert plain(parse(text, "x.yaml")) == tree


@given(st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"])))
def test_single_quotes_hold_any_character(text: str) -> None:
    quoted = text.replace("'", "''")
    assert plain(parse(f"a: '{quoted}'", "x.yaml")) == {"a": text}
