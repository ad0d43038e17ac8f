"""Decisions in a file: what did not change keeps its bytes, whatever people made of the file."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from building import spec
from deciding import DAY, decided, decisions_text, match, pinned_to
from hypothesis import given
from hypothesis import strategies as st

from harmonize.decisions import (
    ABOUT,
    DISPOSITIONS,
    OF_A_DIFFERENCE,
    OF_A_MATCH,
    Decision,
    Withdrawn,
    ordered,
)
from harmonize.fields import Info, Kind, declared
from harmonize.problems import SpecError
from harmonize.reading.decisions import read_decisions, read_file
from harmonize.recording import recorded, renamed, withdrawn
from harmonize.rulings import State, rulings

FILE: Final = "decisions.yaml"
A, B, C = decided(match("a/1", "b/1"), match("b/1", "c/1"), match("c/1", "d/1"))
HEAD: Final = "harmonize: 1\ndecisions:\n"
TRACE: Final = Withdrawn(by="Bo", on="2026-12-01", because="we looked again")


def entry(one: str, other: str, indent: str = "  ", judgement: str = "accept") -> str:
    """An entry as the program writes it."""
    return (
        f"{indent}- match: [{one}, {other}]\n{indent}  judgement: {judgement}\n"
        f'{indent}  by: Ana\n{indent}  "on": {DAY}\n'
    )


def added(text: str | None, *decisions: Decision) -> str:
    return recorded(text, FILE, decisions)


OF_A: Final = entry("a/1", "b/1")
OF_B: Final = entry("b/1", "c/1")
OF_C: Final = entry("c/1", "d/1")
SCALAR: Final = (
    "  - match: [a/1, b/1]\n    judgement: accept\n    because: |-\n      one\n      # t\n"
)
UNSEEN: Final = "  # \u2028\x0c\x85\n"  # what no editor shows as a break is none
QUOTED: Final = "  - match: [a/1, b/1]\n    judgement: accept\n    because: 'one\n\n      # t'\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, HEAD + OF_B),
        ("", HEAD + OF_B),
        (HEAD, HEAD + OF_B),
        ("harmonize: 1\ndecisions: []\n", HEAD + OF_B),
        ("harmonize: 1\ndecisions: [\n  ]  # none\n", f"harmonize: 1\ndecisions:  # none\n{OF_B}"),
        ("harmonize: 1\ndecisions: # none\n", f"harmonize: 1\ndecisions: # none\n{OF_B}"),
        ("decisions:\nharmonize: 1\n", f"decisions:\n{OF_B}harmonize: 1\n"),
        (HEAD + OF_A, f"{HEAD}{OF_A}\n{OF_B}"),
        (HEAD + OF_C, f"{HEAD}{OF_B}\n{OF_C}"),
        (HEAD + OF_A + OF_C, HEAD + OF_A + OF_B + OF_C),
        (f"{HEAD}{OF_A}\n{OF_C}", f"{HEAD}{OF_A}\n{OF_B}\n{OF_C}"),
        (HEAD + OF_C + OF_A, HEAD + OF_B + OF_C + OF_A),
        (f"{HEAD}{OF_A}  # of May\n{OF_C}", f"{HEAD}{OF_A}{OF_B}  # of May\n{OF_C}"),
        (f"{HEAD}{OF_A}    # open\n{OF_C}", f"{HEAD}{OF_A}    # open\n{OF_B}{OF_C}"),
        (f"{HEAD}{OF_A}# end\n", f"{HEAD}{OF_A}\n{OF_B}# end\n"),
        (f"{HEAD}{OF_A}    # open\n\n# end\n", f"{HEAD}{OF_A}    # open\n\n{OF_B}\n# end\n"),
        (f"{HEAD}{OF_A}...\n", f"{HEAD}{OF_A}\n{OF_B}...\n"),
        (f"decisions:\n{OF_A}harmonize: 1\n", f"decisions:\n{OF_A}\n{OF_B}harmonize: 1\n"),
        (f"{HEAD}{SCALAR}{OF_C}", f"{HEAD}{SCALAR}{OF_B}{OF_C}"),
        (f"{HEAD}{SCALAR}", f"{HEAD}{SCALAR}\n{OF_B}"),
        (HEAD + QUOTED + OF_C, HEAD + QUOTED + OF_B + OF_C),
        (HEAD + OF_A + UNSEEN + OF_C, HEAD + OF_A + OF_B + UNSEEN + OF_C),
        (HEAD + entry("a/1", "b/1", ""),
         f"{HEAD}{entry('a/1', 'b/1', '')}\n{entry('b/1', 'c/1', '')}"),
        (HEAD + entry("a/1", "b/1", " " * 6),
         f"{HEAD}{entry('a/1', 'b/1', ' ' * 6)}\n{entry('b/1', 'c/1', ' ' * 6)}"),
        (f"{HEAD}  -\n    # why\n    {{match: [a/1, b/1],\n     judgement: accept}} # x\n",
         f"{HEAD}  -\n    # why\n    {{match: [a/1, b/1],\n     judgement: accept}} # x\n\n{OF_B}"),
        (f"{HEAD}{OF_A}"[:-1], f"{HEAD}{OF_A}\n{OF_B}"[:-1]),
        (f"{HEAD}{OF_C}"[:-1], f"{HEAD}{OF_B}\n{OF_C}"[:-1]),
        ("harmonize: 1\ndecisions:", f"{HEAD}{OF_B}"[:-1]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_entry_goes_where_the_order_says(before: str | None, after: str, end: str) -> None:
    given = before and before.replace("\n", end)
    wanted = after if not before or "\n" not in before else after.replace("\n", end)
    assert added(given, B) == wanted


def test_what_answers_the_same_question_is_replaced_and_the_rest_keeps_its_bytes() -> None:
    odd = "  # of May\n  - { judgement : 'accept' , match: [ d/1 , c/1 ] }  # as it was\n\n\n"
    (other,) = decided(match("c/1", "b/1", "reject"))
    before = f"# ours\n{HEAD}{odd}  # of June\n{OF_B}    # see above\n{OF_A}# end\n"
    after = added(before, other)
    made = entry("c/1", "b/1", judgement="reject") + "    because: as the test has it\n"
    assert after == before.replace(OF_B, made)


def test_of_several_answers_to_one_question_one_is_left() -> None:
    before = (
        HEAD
        + OF_A
        + OF_B
        + entry("b/1", "a/1", judgement="reject").replace("    by", "    because: x\n    by")
    )
    (new,) = decided(match("a/1", "b/1", "unsure"))
    assert added(before, new) == HEAD + entry("a/1", "b/1", judgement="unsure") + OF_B


def test_a_withdrawn_entry_stays_beside_its_successor() -> None:
    before = withdrawn(HEAD + OF_A, FILE, [A], TRACE)
    assert added(before, A).startswith(before)
    assert len(read_file(added(before, A), FILE)[0]) == 2


REFUSED: Final = [
    ("{harmonize: 1, decisions: []}", "1:1"),
    ("harmonize: 1\ndecisions: [{match: [a/1, b/1], judgement: accept}]\n", "2:12"),
    ('harmonize: 1\ndecisions: ""\n', "2:12"),
    ("harmonize: 1\ndecisions: &x []\n", "2:12"),
    ("harmonize: 1\ndecisions: [ # none\n]\n", "2:12"),
    (f"harmonize: 1\ndecisions: &all\n{OF_A}", "2:12"),
    (f"{HEAD}  - &one\n    {OF_A[4:]}  - *one\n", "3:5"),
]


@pytest.mark.parametrize(("text", "place"), REFUSED)
def test_a_list_that_is_none_of_lines_is_told(text: str, place: str) -> None:
    with pytest.raises(SpecError) as caught:
        added(text, B)
    assert f"{FILE}:{place}: HZ506" in str(caught.value)


def test_an_entry_that_others_refer_to_is_not_taken_from_them() -> None:
    text = (
        f"{HEAD}  - match: [a/1, b/1]\n    judgement: accept\n    because: &why seen\n"
        "  - match: [c/1, d/1]\n    judgement: accept\n    because: *why\n"
    )
    (other,) = decided(match("a/1", "b/1", "unsure"))
    with pytest.raises(SpecError, match="HZ109"):
        added(text, other)
    assert renamed(text, FILE, "a", "z").count("z/1") == 1


@pytest.mark.parametrize(("text", "code"), [("none", "HZ206"), (" ", "HZ203")])
def test_what_could_not_be_read_again_is_not_written(text: str, code: str) -> None:
    with pytest.raises(SpecError, match=f"^{FILE}:1:1: {code}"):
        added(None, Decision(match=("a/1", "b/1"), judgement="accept", because=text))


# --- all that can be said -----------------------------------------------------------------------

ODD: Final = st.sampled_from(
    ("NO", "0018", "2025-01-01", "~", "a: b", "a #b", "- x", "'q'", '"', "\\", "a\nb", "a\n#b",
     "a\n\nb", " a", "word " * 60, "\u202etxt", "\u2028", "\ufeff", "*a", "on", "{a}", "\0")
)  # fmt: skip
WORDS: Final = (st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | ODD).filter(
    lambda text: text.strip() and text.strip().lower() != "none"
)
SLUGS: Final = st.from_regex(r"[a-z][a-z0-9-]{0,6}[a-z0-9]", fullmatch=True)
REFS: Final = st.builds("{}/{}".format, SLUGS, WORDS)
SAID: Final = st.dictionaries(REFS, st.dictionaries(WORDS, WORDS | st.just("")), min_size=1)


def of_kind(info: Info) -> st.SearchStrategy[Any]:
    """What a field may hold."""
    found: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.LINE: WORDS,
        Kind.TEXT: WORDS,
        Kind.LINES: st.sets(WORDS, min_size=1, max_size=3).map(lambda s: tuple(sorted(s))),
        Kind.DATE: st.dates().map(str),
        Kind.FLAG: st.sampled_from(("true", "false")),
        Kind.CHOICE: st.sampled_from(info.choices or ("",)),
        Kind.REFS: st.lists(REFS, min_size=2, max_size=2, unique=True).map(tuple),
        Kind.JUDGED: SAID,
    }
    if info.record is None:
        return found[info.kind]
    fields = {own.name: of_kind(own) for own in declared(info.record).values()}
    if "attribute" in fields:
        fields["attribute"] = st.sampled_from(("ages", "ids.cbe"))
    if "to" in fields:
        fields["to"] = st.just("9999-12-31")
    needed = {
        own.name: fields.pop(own.name) for own in declared(info.record).values() if own.required
    }
    records = st.fixed_dictionaries(needed, optional=fields).filter(bool)
    return records.map(lambda values: info.record(**values))  # type: ignore[misc]


def about(name: str) -> st.SearchStrategy[Decision]:
    """Decisions about a match, a difference or a measure, with whatever else may be said."""
    infos = declared(Decision)
    key = "disposition" if name == "measure" else "judgement"
    words = {"match": OF_A_MATCH, "difference": OF_A_DIFFERENCE, "measure": DISPOSITIONS}[name]
    needed = {name: of_kind(infos[name]), key: st.sampled_from(words), "because": WORDS}
    rest = {
        info.name: of_kind(info)
        for own, info in infos.items()
        if own not in (*ABOUT, *needed, "judgement", "disposition")
    }
    return st.fixed_dictionaries(needed, optional=rest).map(lambda values: Decision(**values))


DECISIONS: Final = st.sampled_from(ABOUT).flatmap(about)


@given(DECISIONS, st.sampled_from(["", "  ", "    "]))
def test_what_is_written_is_read_as_the_same_decision(one: Decision, indent: str) -> None:
    assert read_file(added(None, one), FILE)[0] == (one,)
    there = HEAD + entry("a/1", "b/1", indent)
    assert set(map(repr, read_file(added(there, one), FILE)[0])) == {repr(one), repr(A)}


@given(DECISIONS)
def test_other_readers_of_yaml_see_the_same_keys(one: Decision) -> None:
    (found,) = yaml.safe_load(added(None, one))["decisions"]
    stated = {k for k, info in declared(Decision).items() if getattr(one, info.name) is not None}
    assert set(found) == stated


# --- any file, any order ------------------------------------------------------------------------

PAIRS: Final = [(f"{one}/1", f"{other}/1") for one in "abcd" for other in "efgh"]
MATCHES: Final = st.lists(st.sampled_from(PAIRS), unique=True, min_size=1).map(
    lambda pairs: decided(*(match(*pair) for pair in pairs))
)
BETWEEN: Final = st.sampled_from(["", "\n", "  # said\n", "# said\n\n", "      # - match: [x/1]\n"])


@given(MATCHES, st.randoms(use_true_random=False))
def test_one_at_a_time_in_any_order_comes_to_the_same_bytes(
    some: tuple[Decision, ...], random: Any
) -> None:
    text = None
    for one in random.sample(some, len(some)):
        text = added(text, one)
    assert text == added(None, *some)
    assert added(text) == text
    assert added(text, *some) == text


@given(st.permutations(PAIRS), st.lists(BETWEEN, min_size=16, max_size=16), st.integers(0, 15))
def test_no_line_of_a_file_is_changed_by_what_is_added(
    pairs: Sequence[tuple[str, str]], between: list[str], many: int
) -> None:
    styles = (lambda pair: entry(*pair), lambda pair: decisions_text(match(*pair))[24:])
    own = (b + styles[n % 2](pair) for n, (b, pair) in enumerate(zip(between, pairs, strict=True)))
    text = HEAD + "".join([*own][:many]) + "# end\n"
    new = decided(*(match(*pair) for pair in pairs[many:]))
    result = added(text, *new)
    lines = iter(result.splitlines(keepends=True))
    assert all(line in lines for line in text.splitlines(keepends=True))
    assert len(read_file(result, FILE)[0]) == 16


@given(MATCHES, st.integers(0, 15))
def test_in_how_many_files_it_stands_is_no_part_of_it(some: tuple[Decision, ...], at: int) -> None:
    parts = [("a.yaml", added(None, *some[at:])), ("b.yaml", added(None, *some[:at]))]
    assert read_decisions(parts)[0] == read_decisions([(FILE, added(None, *some))])[0]
    assert read_decisions(parts)[0] == ordered(some)


@pytest.mark.skipif(not shutil.which("git"), reason="no git here")
@pytest.mark.parametrize("at", range(6))
def test_two_branches_merge_or_conflict_and_break_nothing(tmp_path: Path, at: int) -> None:
    every = decided(*(match(*pair) for pair in PAIRS))
    base = every[at::3]
    ours = every[at + 1 : at + 9 : 4]
    theirs = every[(at * 5) % 11 + 1 :: 7]
    theirs = tuple(one for one in theirs if one not in ours)
    texts = [added(added(None, *base), *own) for own in ((), ours, theirs)]
    for name, text in zip(("base", "ours", "theirs"), texts, strict=True):
        (tmp_path / name).write_text(text, "utf-8")
    command = ("git", "merge-file", "-p", "ours", "base", "theirs")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if done.returncode:
        assert "<<<<<<<" in done.stdout
        with pytest.raises(SpecError):
            read_file(done.stdout, FILE)
    else:
        assert read_decisions([(FILE, done.stdout)])[0] == ordered((*base, *ours, *theirs))


# --- withdrawn, and renamed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OF_A, f"{OF_A}    {{}}\n"),
        (OF_A[:-1], f"{OF_A}    {{}}"),
        (f"{OF_A}    # open\n\n{OF_B}", f"{OF_A}    {{}}\n    # open\n\n{OF_B}"),
        ("  -   match: [a/1, b/1]\n      judgement: accept\n",
         "  -   match: [a/1, b/1]\n      judgement: accept\n      {}\n"),
        ("  - {match: [a/1, b/1], judgement: accept}  # }\n",
         "  - {match: [a/1, b/1], judgement: accept, {}}  # }\n"),
        ("  - {match: [a/1, b/1],\n     judgement: accept,\n    }\n",
         "  - {match: [a/1, b/1],\n     judgement: accept,\n    {}}\n"),
        ("  - {match: [a/1, b/1],\n     judgement: accept # ,\n    }\n",
         "  - {match: [a/1, b/1],\n     judgement: accept # ,\n, {}}\n"),
    ],
)  # fmt: skip
def test_a_withdrawn_entry_only_gets_more(before: str, after: str) -> None:
    trace = 'withdrawn: {by: Bo, "on": 2026-12-01, because: we looked again}'
    (one,) = (d for d in read_file(HEAD + before, FILE)[0] if d.key == A.key)
    made = withdrawn(HEAD + before, FILE, [one], TRACE)
    assert made == HEAD + after.replace("{}", trace)
    assert withdrawn(made, FILE, [one], TRACE) == made


@given(
    of_kind(declared(Decision)["withdrawn"]),
    st.sampled_from(
        [
            OF_A,
            "  - "
            + str({"match": ["a/1", "b/1"], "judgement": "accept", "by": "Ana", "on": DAY})
            + "\n",
        ]
    ),
)
def test_a_trace_is_read_as_it_was_said(trace: Withdrawn, text: str) -> None:
    made = withdrawn(HEAD + text + OF_B, FILE, [A], trace)
    assert [one.withdrawn for one in read_file(made, FILE)[0]] == [trace, None]


NAMES: Final = """\
harmonize: 1
decisions:  # of lake/bp
  - match: [ "lake/bp" , ridge/bp ]   # lake/bp
    judgement: accept
    because: lake/bp as it was
    judged: {lake/bp: {title: lake/bp}, 'ridge/bp': {title: BP}}
  - difference: {measures: [ridge/bp, lake/bp/r1, lakeside/bp], attribute: ages}
    judgement: resolved
  - measure: lake/bp
    disposition: adopt
  - measure: lake
    disposition: defer
  - match: [lake/bpx, ridge/bp]
    judgement: unsure
    withdrawn: {by: lake}
"""


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("lake", "tarn", [
            ('"lake/bp" ,', '"tarn/bp" ,'), ("{lake/bp:", "{tarn/bp:"),
            ("lake/bp/r1", "tarn/bp/r1"), ("measure: lake/bp", "measure: tarn/bp"),
            ("lake/bpx", "tarn/bpx"),
        ]),
        ("lake/bp", 'lake/c"b: #', [
            ('"lake/bp" ,', '"lake/c\\"b: #" ,'), ("{lake/bp:", '{"lake/c\\"b: #":'),
            ("lake/bp/r1", '"lake/c\\"b: #/r1"'), ("measure: lake/bp", 'measure: "lake/c\\"b: #"'),
        ]),
        ("ridge/bp", "ridge/c'p", [
            (", ridge/bp ]   #", ", ridge/c'p ]   #"), ("'ridge/bp'", "'ridge/c''p'"),
            ("[ridge/bp,", "[ridge/c'p,"), ("bpx, ridge/bp", "bpx, ridge/c'p"),
        ]),
        ("moon", "sun", []),
    ],
)  # fmt: skip
def test_names_are_changed_in_their_places(
    old: str, new: str, changed: list[tuple[str, str]]
) -> None:
    wanted = NAMES
    for before, after in changed:
        wanted = wanted.replace(before, after)
    assert renamed(NAMES, FILE, old, new) == wanted
    assert renamed(NAMES.replace("\n", "\r\n"), FILE, old, new) == wanted.replace("\n", "\r\n")


def test_a_judgement_still_holds_under_the_new_name() -> None:
    lake, ridge, tarn = (
        spec(name, {"id": "bp", "title": "BP"}) for name in ("lake", "ridge", "tarn")
    )
    text = added(None, pinned_to(decided(match("lake/bp", "ridge/bp"))[0], lake, ridge))
    found, _ = read_file(renamed(text, FILE, "lake", "tarn"), FILE)
    (standing,) = rulings(found, (tarn, ridge), DAY).standings
    assert (standing.state, standing.moved) == (State.HOLDS, ())


SHARED: Final = f"""\
{HEAD}  - match: [a/1, b/1]
    judgement: accept
    because: &name a/1
  - match: [*name, c/1]
    judgement: accept
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        (HEAD + OF_A, "a/1", "b/1", "HZ206"),
        (SHARED, "a", "z", "HZ506"),
        (f"{HEAD}  - match: [a/one\n      two, b/1]\n    judgement: accept\n", "a", "z", "HZ506"),
        (f"{HEAD}  - &one\n    {OF_A[4:]}  - *one\n", "a", "z", "HZ506"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_changed_is_told(text: str, old: str, new: str, code: str) -> None:
    with pytest.raises(SpecError, match=code):
        renamed(text, FILE, old, new)
