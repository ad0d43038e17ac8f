"""What was found, as those read it who show it: JSON, SARIF, JUnit, GitLab, GitHub, a terminal."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_findings import FINDINGS
from test_hostile import HOSTILE, INVISIBLE

from harmonize.baseline import shrunk
from harmonize.findings import Finding, ordered, worst_first
from harmonize.problems import Place
from harmonize.render import FINDINGS as FORMS
from harmonize.render.found import Told, schema
from harmonize.render.text import visible
from harmonize.triage import PROBLEMS, Rule, Sorted, apply

SARIF: Final = (
    Path(__file__).parent.parent.parent / "shared" / "data" / "schemas" / "sarif-schema-2.1.0.json"
)
RULES: Final = {
    **PROBLEMS,
    "HZ601": Rule("missing-source", "A measure says where it is from."),
    "HZ602": Rule("age-band", "Ages differ."),
}
GITLAB: Final = {  # docs.gitlab.com: Code Quality, "Code Quality report format"
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {"type": "object", "required": ["begin"],
                              "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}  # fmt: skip
NASTY: Final = {
    **HOSTILE,
    "command": "::error file=x::y\n::set-output name=a::b",
    "escaped": "100%0A %25 %3A,: %2C",
    "section": "]]> <![CDATA[",
    "cells": "a | b\n| c |",
    "zero": "a\0b",
    "half": "a\ud800b",
}


def told(*found: Finding, **more: Any) -> Told:
    return Told(apply(found), RULES, **more)


def nasty() -> list[Finding]:
    return [
        Finding(
            "HZ601", ("error", "warning", "info")[n % 3], text, (text,), "ages", (text,),
            (Place(f"{text[:99]}.yaml", n, n), Place("b.yaml", 3)),
        )
        for n, text in enumerate(NASTY.values())
    ]  # fmt: skip


ONE: Final = Finding(
    "HZ601", "warning", "no source", ("lake/1",), places=(Place("a b.yaml", 4, 7),)
)
TWO: Final = Finding("HZ602", "error", "18-85 and 18-75", ("lake/1", "ridge/2"), "ages",
                     ("18-75", "18-85"),
                     (Place("a b.yaml", 5, 11), Place("c.yaml", 2, 3)))  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_nothing_hides_in_any_format(form: str) -> None:
    made = FORMS[form](told(*nasty(), checked=tuple(NASTY.values())))
    made.encode()
    assert not INVISIBLE.search(made)
    assert FORMS[form](told(*nasty()[::-1])) == FORMS[form](told(*nasty()))
    assert FORMS[form](told()).strip() != "None"


# --- JSON ---------------------------------------------------------------------------------------


@given(st.lists(FINDINGS, max_size=4))
def test_json_is_what_its_schema_says(found: list[Finding]) -> None:
    made = json.loads(FORMS["json"](told(*found)))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(made, schema())
    assert [f["fingerprint"] for f in made["findings"]] == [f.fingerprint for f in ordered(found)]
    assert sum(made["summary"][s] for s in ("error", "warning", "info")) == len(made["findings"])


def test_json_says_what_is_known() -> None:
    done = apply((ONE, TWO), shrunk(None, (ONE,)))
    made = json.loads(FORMS["json"](Told(done, RULES)))
    assert [f["rule"] for f in made["findings"]] == ["age-band"]
    assert made["summary"] == {
        "error": 1, "warning": 0, "info": 0, "known": 1, "ignored": 0, "fixed": 0,
    }  # fmt: skip


# --- SARIF --------------------------------------------------------------------------------------


@pytest.mark.skipif(not SARIF.is_file(), reason="the official schema is not here")
@pytest.mark.parametrize("found", [[], [ONE, TWO], [ONE, ONE], nasty()])
def test_sarif_is_what_the_official_schema_says(found: list[Finding]) -> None:
    official = json.loads(SARIF.read_text("utf-8"))
    checker = jsonschema.FormatChecker()
    made = json.loads(FORMS["sarif"](told(*found)))
    jsonschema.Draft4Validator(official, format_checker=checker).validate(made)


def test_sarif_names_files_in_the_repository() -> None:
    made = json.loads(FORMS["sarif"](told(ONE, TWO, root="/repo", at="sub")))["runs"][0]
    first, second = made["results"]
    where = first["locations"][0]["physicalLocation"]
    assert where["artifactLocation"] == {"uri": "sub/a%20b.yaml", "uriBaseId": "%SRCROOT%"}
    assert where["region"] == {"startLine": 4, "startColumn": 7}
    assert second["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "sub/c.yaml"
    )
    rules = made["tool"]["driver"]["rules"]
    assert [rules[r["ruleIndex"]]["id"] for r in made["results"]] == ["HZ601", "HZ602"]
    assert rules[0]["name"] == "missing-source"
    assert rules[0]["help"]["text"] == "A measure says where it is from."


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("/repo/x/a.yaml", "x/a.yaml"),
        ("../a.yaml", "a.yaml"),
        ("../../a.yaml", "../a.yaml"),
        ("./x/../a:b.yaml", "sub/a%3Ab.yaml"),
        ("/other/a.yaml", "file:///other/a.yaml"),
        ("\u00e9#?%.yaml", "sub/%C3%A9%23%3F%25.yaml"),
    ],
)
def test_uris(file: str, uri: str) -> None:
    one = Finding("HZ601", "error", "x", places=(Place(file, 1),))
    made = json.loads(FORMS["sarif"](told(one, root="/repo", at="sub")))
    location = made["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("form", ["sarif", "gitlab"])
def test_fingerprints_are_unique_where_they_have_to_be(form: str) -> None:
    again = Finding("HZ601", "warning", "no source", ("lake/1",), places=(Place("z.yaml", 4),))
    made = json.loads(FORMS[form](told(ONE, again)))
    found = re.findall(r"'(?:fingerprint|harmonize/v1)': '([^']+)'", str(made))
    assert len(found) == len(set(found)) == 2


# --- GitLab and JUnit ---------------------------------------------------------------------------


@given(st.lists(FINDINGS, max_size=4))
def test_gitlab_is_what_its_page_says(found: list[Finding]) -> None:
    made = json.loads(FORMS["gitlab"](told(*found)))
    jsonschema.validate(made, GITLAB)
    assert len(made) == len(ordered(found))


def junit(of: Told) -> ET.Element:
    return ET.fromstring(FORMS["junit"](of).encode())  # noqa: S314 - our own


def test_junit_has_a_case_for_each_measure() -> None:
    of = told(ONE, TWO, checked=("lake/1", "lake/9", "ridge/2"))
    (suite,) = junit(of)
    cases = {case.get("name"): case for case in suite}
    assert list(cases) == ["lake/1", "lake/9", "ridge/2"]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    failure = cases["lake/1"].find("failure")
    assert failure is not None
    assert failure.get("type") == "HZ602 age-band"
    assert "no source" in (cases["lake/1"].findtext("system-out") or "")
    assert len(cases["lake/9"]) == 0
    warned = junit(told(ONE, failing="warning"))
    assert warned.find(".//failure") is not None


def test_junit_can_be_read_whatever_stands_in_it() -> None:
    (suite,) = junit(told(*nasty(), failing="info"))
    texts = [case.findtext("failure") or "" for case in suite]
    for text in NASTY.values():
        assert any(visible(text) in one for one in texts)


# --- GitHub -------------------------------------------------------------------------------------

_COMMAND: Final = re.compile(r"::(?P<name>error|warning|notice) (?P<about>.*?)::(?P<data>.*)")


def annotations(made: str) -> list[dict[str, str]]:
    """What the runner makes of lines: actions/runner ActionCommand.cs, TryParseV2."""
    found = []
    for line in made.splitlines():
        match = _COMMAND.fullmatch(line)
        assert match, line
        about = dict(pair.split("=", 1) for pair in match["about"].split(","))
        for coded, plain in (
            ("%3A", ":"),
            ("%2C", ","),
            ("%0D", "\r"),
            ("%0A", "\n"),
            ("%25", "%"),
        ):
            about = {key: value.replace(coded, plain) for key, value in about.items()}
        data = match["data"].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        found.append({"level": match["name"], "data": data, **about})
    return found


def test_annotations_say_what_where_and_the_worst_first() -> None:
    first, second = annotations(FORMS["github"](told(ONE, TWO, at="sub")))
    assert first == {
        "level": "error", "data": "18-85 and 18-75\nand c.yaml:2:3", "file": "sub/a b.yaml",
        "line": "5", "col": "11", "title": "harmonize HZ602 age-band",
    }  # fmt: skip
    assert second["level"] == "warning"


def test_no_text_becomes_a_command() -> None:
    found = annotations(FORMS["github"](told(*nasty())))
    wanted = worst_first(nasty())
    assert len(found) == len(wanted)
    for one, finding in zip(found, wanted, strict=True):
        assert one["data"] == f"{visible(finding.message)}\nand b.yaml:3:1"
        assert one["title"] == "harmonize HZ601 missing-source"
        assert one["file"] == visible(told().path(finding.place.file))
        assert {*one} <= {"level", "data", "title", "file", "line", "col"}


def table(made: str) -> list[list[str]]:
    """The cells of the one table of a page, by a reader of GitHub's tables."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(made):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            assert {child.type for child in token.children or ()} <= {"text", "text_special"}
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def test_a_step_summary_has_a_row_for_each() -> None:
    head, *rows = table(FORMS["summary"](told(ONE, TWO)))
    assert head == ["severity", "rule", "where", "finding"]
    assert rows == [
        ["error", "HZ602 age-band", "a b.yaml:5", "18-85 and 18-75"],
        ["warning", "HZ601 missing-source", "a b.yaml:4", "no source"],
    ]
    assert "\n\n1 error, 1 warning.\n\n" in FORMS["summary"](told(ONE, TWO))
    wanted = worst_first(nasty())
    _, *rows = table(FORMS["summary"](told(*nasty())))
    words = [" ".join(visible(f.message).split()) for f in wanted]
    assert [" ".join(row[3].split()) for row in rows] == words
    many = [Finding("HZ601", "error", str(n)) for n in range(203)]
    assert FORMS["summary"](told(*many)).endswith("And 3 more, not listed here.\n")


# --- lines --------------------------------------------------------------------------------------


def test_concise_and_lines() -> None:
    assert FORMS["concise"](told(TWO)) == "a b.yaml:5:11: HZ602 [error] 18-85 and 18-75\n"
    assert FORMS["lines"](told(TWO)) == "a b.yaml:5:11: HZ602 18-85 and 18-75\n"
    for form in ("concise", "lines"):
        assert len(FORMS[form](told(*nasty())).splitlines()) == len(nasty())


def test_text_shows_the_line_and_a_caret() -> None:
    lines = {"a b.yaml": {5: "    ages: 18-85"}}
    assert (
        FORMS["text"](told(ONE, TWO, lines=lines))
        == """\
warning[HZ601 missing-source]: no source
 --> a b.yaml:4:7

error[HZ602 age-band]: 18-85 and 18-75
 --> a b.yaml:5:11
  |
5 |     ages: 18-85
  |           ^
  = and c.yaml:2:3

1 error, 1 warning.
"""
    )
    assert FORMS["text"](told()) == "Nothing found.\n"


@pytest.mark.parametrize("line", ["\u7cd6\u5c3f\u75c5: X", "\tages: X", "a" * 500 + "X" + "b" * 500,
                                  "e\u0301: X", "\u202ea: X", "X" + "c" * 500])  # fmt: skip
def test_the_caret_stands_below_its_column(line: str) -> None:
    place = Place("a.yaml", 1, line.index("X") + 1)
    one = Finding("HZ601", "error", "x", places=(place,))
    made = FORMS["text"](told(one, lines={"a.yaml": {1: line}})).splitlines()
    shown, caret = made[3], made[4]
    before = shown[: shown.index("X")]
    columns = sum(0 if unicodedata.combining(c) else
                  2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before)  # fmt: skip
    assert caret.index("^") == columns
    assert len(shown) < 150


def test_a_place_outside_its_line_shows_none() -> None:
    one = Finding("HZ601", "error", "x", places=(Place("a.yaml", 1, 99),))
    assert "|" not in FORMS["text"](told(one, lines={"a.yaml": {1: "short"}}))


def test_what_is_known_is_in_no_format() -> None:
    done = Sorted((), known=(ONE,), ignored=(TWO,), compared=True)
    for form in FORMS:
        made = FORMS[form](Told(done, RULES))
        assert "18-85" not in unquote(made)
        assert "no source" not in made
