"""What is drawn: nothing runs, nothing hides, nothing is cut, and no report is too odd to draw."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from building import (
    EXAMPLES,
    EXCHANGE,
    KNOWN,
    ROOT,
    TEXTS,
    drawn,
    example,
    harmonize,
    process,
    published,
    spec,
    text_of,
    to_the_end,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from harmonize.audience import Published, explain, publish
from harmonize.problems import Place, Problem
from harmonize.render import READERS, RENDERERS, SUFFIXES, Wanted, explanation, findings
from harmonize.render.text import guarded, markup, visible
from harmonize.sets import MeasureSet
from harmonize.views import CELLS, VIEWS
from harmonize.workspace import load

CBP: Final = "Controlling High Blood Pressure"
# C0 and C1 controls, bidirectional marks, invisible characters and lone line separators
INVISIBLE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)

# --- formulas -----------------------------------------------------------------------------------

FORMULAS: Final = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "=", "+", "-", "@", "-abc",
    '=HYPERLINK("http://x")', "\uff1d1+1", "+1 (802) 555",
]  # fmt: skip
PLAIN: Final = [
    "1", "-1", "+1", "-1.5", "+10%", "-10%", "1e3", "0018", "007", "a=b", "18-85", "18+", "<= 9%",
    "> 9%", "CMS165v13", "", "none", "'quoted'",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guarded(text).startswith("'")
    assert guarded(text)[1:] == visible(text)


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_and_other_text_are_left_alone(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(("value", "text"), [(None, ""), (3, "3"), (36.4, "36.4"), (50.0, "50")])
def test_numbers_are_numbers(value: float | None, text: str) -> None:
    assert guarded(value) == text


def test_formulas_are_guarded_wherever_a_spec_speaks() -> None:
    bad = "=1+1"
    sets = (
        spec("alpha", {"id": bad, "title": bad, "sex": bad, "status": "core"}, name=bad),
        spec("bravo", {"id": "@b", "title": bad, "sex": "-x", "status": "menu"}),
        spec("charlie", {"id": "+c", "title": bad}),
    )
    for view in VIEWS:
        for layout in ("wide", "long"):
            for cell in CELLS:
                text = drawn("csv", *sets, view=view, layout=layout, cell=cell)
                cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
                runs = [c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
                assert [c for c in runs if not re.fullmatch(r"[+-]?[0-9.]+%?", c)] == []


# --- what hides ---------------------------------------------------------------------------------

ODD: Final = {
    "a bell": ("\x07", "\\x07"),
    "an escape": ("\x1b[31m", "\\x1b[31m"),
    "a tab": ("\t", "\\t"),
    "a return": ("\r", "\\r"),
    "a line": ("\n", "\\n"),
    "a next line": ("\x85", "\\x85"),
    "delete": ("\x7f", "\\x7f"),
    "right to left": ("\u202e", "\\u202e"),
    "an isolate": ("\u2066", "\\u2066"),
    "an Arabic mark": ("\u061c", "\\u061c"),
    "a zero width space": ("\u200b", "\\u200b"),
    "a byte order mark": ("\ufeff", "\\ufeff"),
    "a line separator": ("\u2028", "\\u2028"),
    "a tag": ("\U000e0041", "\\U000e0041"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_characters_are_shown_as_escapes(name: str) -> None:
    char, escape = ODD[name]
    assert visible(f"a{char}b") == f"a{escape}b"
    assert markup(f"<{char}&>") == f"&lt;{escape}&amp;&gt;"


def _odd_sets() -> tuple[MeasureSet, ...]:
    every = "".join(char for char, _ in ODD.values())
    line = {"title": f"Odd{every}Title", "sex": f"f{every}", "numerator": f"n{every}",
            "steward": every + "s", "status": "core", "acronym": f"A{every}",
            "ids": {"x-own": f"i{every}"}, "modified": f"m{every}"}  # fmt: skip
    return (
        spec("alpha", {"id": "1", **line}, name=f"N{every}", short=f"S{every}", notes=every + "n"),
        spec("bravo", {"id": "2", **line, "sex": "m", "numerator": "x", "status": "menu"}),
        spec("charlie", {"id": "3", "title": f"Odd{every}Title"}, role="reference"),
    )


def _unseparated(form: str, text: str) -> str:
    """A text without the tabs that part its cells; no cell holds one."""
    return text.replace("\t", " ") if form == "sssom" else text


@pytest.mark.parametrize("form", TEXTS)
def test_nothing_hides_in_any_format(form: str) -> None:
    found = published(*_odd_sets())
    for view in (None, *VIEWS):
        for layout in ("wide", "long"):
            for width in (None, 80) if form == "table" else (None,):
                wanted = Wanted(view=view, layout=layout, width=width, exchange=EXCHANGE)
                text = RENDERERS[form](found, wanted)
                assert INVISIBLE.search(_unseparated(form, text)) is None
                if form == "json":
                    assert (
                        INVISIBLE.search(json.dumps(json.loads(text), ensure_ascii=False)) is None
                    )
                    told = json.loads(text)["concepts"][0]["members"][0]["title"]
                    assert "\\u202e" in told


def test_nothing_hides_in_an_explanation_or_a_finding() -> None:
    told = explain(_odd_sets(), "alpha/1", "bravo/2", KNOWN, "broker")
    texts = [explanation(told, as_json=j, width=None, color=False) for j in (True, False)]
    problems = (Problem(Place("a\u202e.yaml", 1, 1), "HZ201", "unknown key '\x1b[31m'"),)
    texts += [findings(problems, form) for form in ("lines", "json")]
    assert [t for t in texts if INVISIBLE.search(t)] == []


# --- markup -------------------------------------------------------------------------------------

MARKUP: Final = [
    "a|b", "*a*", "_a_", "**a**", "`a`", "[a](http://x)", "![a](b)", "<b>a</b>", "<script>", "&lt;",
    "&amp;", "# a", "~~a~~", "a\\|b", "\\*a*", "[bold]a[/bold]", "[/]", "[link=x]a", ":smile:",
    "[red]", "- a", "1. a", "<!-- a -->", "a\nb", "| - |", "<http://x>", "||",
]  # fmt: skip


def _cells(markdown: str) -> list[list[str]]:
    """Cells of the tables of a Markdown text, and no cell may hold anything but text."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    rows: list[list[str]] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline" and before and before.type in ("td_open", "th_open"):
            kinds = {child.type for child in token.children or ()}
            assert kinds <= {"text", "text_special"}, kinds
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


@pytest.mark.parametrize("title", MARKUP)
def test_markup_in_a_title_is_text_in_markdown(title: str) -> None:
    title = f"Xylograph {title}"
    sets = (spec("alpha", {"id": "1", "title": title, "ages": "18+"}),
            spec("bravo", {"id": "2", "title": title, "ages": "18-85"}))  # fmt: skip
    found = published(*sets)
    for view, layout in (("overlap", "wide"), ("overlap", "long"), ("divergence", "wide"),
                         ("pairs", "wide")):  # fmt: skip
        rows = _cells(RENDERERS["markdown"](found, Wanted(view=view, layout=layout, cell="title")))
        assert len({len(row) for row in rows}) == 1
        assert any(visible(title).strip() in [c.strip() for c in row] for row in rows[1:]) or (
            "\n" in title
        )
    page = RENDERERS["markdown"](found, Wanted())
    assert {len(row) for row in _cells(page)} == {6}
    kinds = {
        child.type
        for token in MarkdownIt("commonmark").parse(page)
        for child in token.children or ()
    }
    assert kinds <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}


@pytest.mark.parametrize("title", MARKUP)
@pytest.mark.parametrize("color", [False, True])
def test_markup_in_a_title_is_text_in_a_table(title: str, color: bool) -> None:
    title = f"Xylograph {title}"
    sets = (spec("alpha", {"id": "1", "title": title}), spec("bravo", {"id": "2", "title": title}))
    text = drawn("table", *sets, color=color)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert visible(" ".join(title.split())) in shown


# --- widths -------------------------------------------------------------------------------------

PRINTED: Final = {
    "specs": load([str(ROOT / "specs")]).sets,
    "onecare-vermont": example("onecare-vermont"),
}


def _widest(text: str) -> int:
    return max(map(cell_len, text.splitlines()), default=0)


@pytest.mark.parametrize("name", PRINTED)
def test_a_page_keeps_to_its_width_and_says_as_much_in_any(name: str) -> None:
    found = published(*PRINTED[name])
    for width in (80, 200):
        for color in (False, True):
            text = RENDERERS["table"](found, Wanted(width=width, color=color))
            plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
            assert _widest(plain) <= width
            assert ("\x1b[" in text) is color
            assert plain.splitlines()[0].startswith("What ")
            assert "\u2026" not in plain  # nothing is cut


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_keeps_to_its_width(view: str) -> None:
    found = published(*example("rates"))
    for width in (80, 200):
        text = RENDERERS["table"](found, Wanted(view=view, width=width))
        assert _widest(text) <= width


def test_without_a_width_nothing_is_wrapped() -> None:
    found = published(*PRINTED["onecare-vermont"])
    for view in VIEWS:
        table = VIEWS[view](found.report, "wide", "id")
        text = RENDERERS["table"](found, Wanted(view=view))
        assert len(text.splitlines()) == len(table.rows) + 1
    page = RENDERERS["table"](found, Wanted())
    for row in found.report.rows:
        if row.used_by >= 2:
            assert row.concept.label in page or row.family.label in page


def test_a_page_reads_from_the_figures_to_the_questions() -> None:
    text = drawn("table", *PRINTED["onecare-vermont"], *example("a1c"))
    parts = ["measures are in two or more lists", "TO SETTLE", "NO VOTE NEEDED", "TO ASK",
             "LOOK-ALIKES", "IN ONE LIST ONLY"]  # fmt: skip
    places = [text.index(part) for part in parts if part in text]
    assert places == sorted(places)
    assert len(places) >= 4


# --- the terminal -------------------------------------------------------------------------------


def test_piped_output_does_not_know_the_terminal() -> None:
    folder = str(EXAMPLES / "onecare-vermont" / "specs")
    shown = process("compare", folder, env={**os.environ, "COLUMNS": "40"}).stdout.decode()
    assert shown == drawn("table", *load([folder]).sets)
    assert "\x1b" not in shown


def _on_a_terminal(*arguments: str, **more: str) -> str:
    """What a person sees on a terminal of 80 columns."""
    leader, follower = pty.openpty()
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    running = subprocess.Popen(
        (sys.executable, "-m", "harmonize", *arguments),
        stdout=follower,
        stderr=subprocess.DEVNULL,
        env={**env, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", **more},
    )
    os.close(follower)
    text = to_the_end(leader)
    assert running.wait() == 0
    return text.decode().replace("\r\n", "\n")


def test_a_terminal_has_colour_and_a_width() -> None:
    folder = str(EXAMPLES / "rates" / "specs")
    text = _on_a_terminal("compare", folder)
    assert "\x1b[" in text
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert _widest(plain) <= 80
    assert _on_a_terminal("compare", folder, NO_COLOR="1") == plain


def test_colour_can_be_asked_for() -> None:
    folder = str(EXAMPLES / "rates" / "specs")
    assert "\x1b[" in harmonize("compare", folder, "--color", "always").out
    assert "\x1b[" not in harmonize("compare", folder).out


# --- formats ------------------------------------------------------------------------------------


def test_every_format_has_a_suffix_and_every_suffix_a_format() -> None:
    assert set(SUFFIXES.values()) <= {form for forms in READERS.values() for form in forms}
    assert {".csv", ".json", ".md"} <= set(SUFFIXES)
    assert {"table", "csv", "json", "markdown"} <= set(RENDERERS)


@pytest.mark.parametrize("form", TEXTS)
def test_same_specs_give_the_same_bytes(form: str, tmp_path: Path) -> None:
    texts = [text_of("alpha", CBP, {"title": "Mammography"}), text_of("bravo", CBP)]
    folders = [
        written(tmp_path / "a", *texts, names=["x.yaml", "y.yaml"]),
        written(tmp_path / "b", *texts[::-1], names=["1.yml", "2.yaml"]),
    ]
    one, other = (
        RENDERERS[form](publish(load([str(f)]).sets, KNOWN, "broker"), Wanted(exchange=EXCHANGE))
        for f in folders
    )
    assert re.sub(r"\S+\.ya?ml:\d+", "", one) == re.sub(r"\S+\.ya?ml:\d+", "", other)
    assert one.endswith("\n")
    assert "\r" not in one


# --- total --------------------------------------------------------------------------------------

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
    lambda t: t.strip() not in ("", "~", "null") and t.strip().lower() != "none"
)
NAMES: Final = st.sampled_from([CBP, "Follow-Up After Hospitalization for Mental Illness (7 Days)"])
FIELDS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "ages": st.one_of(st.sampled_from(["18+", "3-21", "<8"]), TEXT.filter(lambda t: "-" not in t)),
    "steward": TEXT,
    "sex": TEXT,
    "numerator": TEXT,
    "denominator_exclusions": st.lists(TEXT, min_size=1, max_size=3),
    "threshold": st.sampled_from(["< 140/90 mm Hg", "> 9%", "none", "good"]),
    "improvement_notation": st.sampled_from(["increase", "decrease"]),
    "weight": st.sampled_from(["10%", "3x", "1x"]),
    "status": st.sampled_from(["core", "menu"]),
    "follow_up": st.sampled_from(["7 days", "1 month", "36 hours", "soon"]),
    "target": st.sampled_from(["65%", "none"]),
    "rates": st.lists(st.fixed_dictionaries({"title": TEXT}), min_size=1, max_size=2,
                      unique_by=lambda rate: rate["title"]),
}  # fmt: skip


@st.composite
def _sets(draw: st.DrawFn) -> tuple[MeasureSet, ...]:
    sets = []
    for slug in ("alpha", "bravo", "charlie")[: draw(st.integers(0, 3))]:
        lines = draw(
            st.lists(st.fixed_dictionaries({"title": st.one_of(TEXT, NAMES)}, optional=FIELDS),
                     max_size=3)
        )  # fmt: skip
        numbered: list[dict[str, Any]] = [{"id": f"m{i}", **x} for i, x in enumerate(lines)]
        for line in numbered:
            if "rates" in line:
                line["rates"] = [{"id": f"r{i}", **rate} for i, rate in enumerate(line["rates"])]
        about: dict[str, Any] = draw(
            st.fixed_dictionaries(
                {"convening": st.just({"convener": "us"})},
                optional={
                    "name": TEXT,
                    "short": TEXT,
                    "role": st.sampled_from(["contract", "reference", "internal"]),
                    "complete": st.sampled_from(["true", "false"]),
                    "scope": st.just({"ages": "65+"}),
                },
            )
        )
        sets.append(spec(slug, *numbered, **about))
    return tuple(sets)


def _everything(found: Published) -> list[tuple[str, Wanted, str]]:
    wishes = [
        Wanted(view=v, layout=lay, exchange=EXCHANGE) for v in VIEWS for lay in ("wide", "long")
    ]
    wishes += [Wanted(cell=cell, width=width) for cell in CELLS for width in (None, 80)]
    return [
        (form, wanted, RENDERERS[form](found, wanted))
        for form in TEXTS
        for wanted in (wishes if form not in ("json", "sssom") else wishes[:1])
    ]


@settings(max_examples=15, deadline=None)
@given(_sets())
def test_every_renderer_is_total(sets: tuple[MeasureSet, ...]) -> None:
    for form, wanted, text in _everything(published(*sets)):
        assert INVISIBLE.search(_unseparated(form, text)) is None
        assert text.endswith("\n")
        if form == "json":
            json.loads(text)
        if form == "csv":
            assert len({len(row) for row in csv.reader(io.StringIO(text))}) == 1
        if form == "markdown" and wanted.view:
            assert len({len(row) for row in _cells(text)}) == 1
        if form == "table" and wanted.width:
            assert _widest(text) <= wanted.width
