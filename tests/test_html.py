"""The page for a browser, as text: it says what the JSON says, and nothing of a spec runs in it."""

import base64
import hashlib
import re
from functools import cache
from typing import Final

import pytest
import webpage
from building import EXAMPLES, ROOT, drawn, example, harmonize, published, spec

from harmonize.audience import Published
from harmonize.document import document
from harmonize.figures import DEFINITIONS, FIRST, definition
from harmonize.overlaps import PICTURED, Shared
from harmonize.page import page
from harmonize.render import RENDERERS, Wanted
from harmonize.render.html.picture import SHADES, picture, shade
from harmonize.sets import MeasureSet
from harmonize.workspace import load

CBP: Final = "Controlling High Blood Pressure"
CASES: Final[dict[str, tuple[MeasureSet, ...]]] = {
    "specs": load([str(ROOT / "specs")]).sets,
    **{name: example(name) for name in ("onecare-vermont", "a1c", "rates")},
    "one list": (spec("alpha", CBP),),
    "nothing": (),
}
OURS: Final = frozenset([
    "html", "head", "meta", "title", "style", "script", "body", "a", "header", "nav", "main",
    "section", "footer", "h1", "h2", "h3", "p", "ul", "li", "strong", "span", "small", "b", "em",
    "code", "br", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
    "colgroup", "col", "wbr", "div", "details", "summary", "ins", "del", "form", "label", "input",
    "select", "option", "button", "output", "svg", "desc", "rect", "path", "text",
])  # fmt: skip


@cache
def _found(case: str) -> Published:
    return published(*CASES[case])


@pytest.mark.parametrize("case", CASES)
def test_every_number_is_that_of_the_json(case: str) -> None:
    found = _found(case)
    told = webpage.read(RENDERERS["html"](found, Wanted()))
    assert set(webpage.figures(told, found)) == webpage.promised(found)
    assert webpage.overlap(told, found) == webpage.concepts(found)
    made = document(found)
    heads = {p.payer: p.head for p in found.report.payers}
    assert sorted((row[0], row[1]) for row in told.cells("alone")[1:]) == sorted(
        (heads[ref.split("/", 1)[0]], ref.split("/", 1)[1]) for ref in made["unmatched"]
    )
    for table, key in (("possible-pairs", "possible"), ("related-pairs", "related")):
        assert sum(int(row[4]) for row in told.cells(table)[1:]) == len(made[key])
    assert [(row[1], row[3], int(row[4])) for row in told.cells("lists")[1:]] == [
        (p["payer"], p["role"], p["measures"]) for p in made["payers"]
    ]
    sets = [(int(row[1]), int(row[2])) for row in told.cells("sets")[1:]]
    distinct = next(f["value"] for f in made["summary"] if f["figure"] == "distinct_measures")
    assert sum(n for _, n in sets) == distinct


@pytest.mark.parametrize("case", CASES)
def test_the_table_and_the_sections_are_those_of_the_page(case: str) -> None:
    found = _found(case)
    made = page(found)
    told = webpage.read(RENDERERS["html"](found, Wanted()))
    rows = [row for row in told.cells("table")[1:] if len(row) > 1]
    assert rows == [
        [" ".join(f"{line.label} {line.acronym}".split()), line.used, line.mark, *line.cells]
        for _, lines in made.blocks
        for line in lines
    ]
    items = [item for _, items in made.sections for item in items]
    lines = [made.title, *made.figures[2:], *made.endings]
    lines += [text for item in items for text in (item.heading, *item.lines)]
    for line in lines:
        assert " ".join(line.split()) in told.text


def test_the_first_figures_are_told_first() -> None:
    found = _found("onecare-vermont")
    text = webpage.read(RENDERERS["html"](found, Wanted())).text
    begin = text.index("Figures", text.index("Skip to the report") + 60)
    assert "6 of 12 50% measures are in two or more lists 15 of 21 71.4%" in text[begin:]
    assert FIRST.keys() <= {d.figure for d in DEFINITIONS}


def test_every_figure_is_defined() -> None:
    for case in CASES:
        for figure in _found(case).report.summary:
            assert definition(figure.figure).counts
    assert len({d.figure for d in DEFINITIONS}) == len(DEFINITIONS)


# --- nothing runs, nothing is asked ---------------------------------------------------------------


def _policy(told: webpage.Reader) -> str:
    return next(
        given["content"] or ""
        for tag, given in told.tags
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy"
    )


def test_the_policy_lets_nothing_but_its_own_style_and_script() -> None:
    told = webpage.read(drawn("html", *CASES["rates"]))
    rules = dict(rule.split(" ", 1) for rule in _policy(told).split("; "))
    assert rules["default-src"] == "'none'"
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(told.raw[tag].encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
        assert "http" not in told.raw[tag]
        assert "url(" not in told.raw[tag]
        assert "@import" not in told.raw[tag]


@pytest.mark.parametrize("case", CASES)
def test_nothing_on_a_page_points_away_from_it(case: str) -> None:
    told = webpage.read(RENDERERS["html"](_found(case), Wanted()))
    ids = [given["id"] for _, given in told.tags if "id" in given]
    assert len(ids) == len(set(ids))
    for tag, given in told.tags:
        assert tag in OURS
        assert not given.keys() & {"src", "srcset", "style", "action", "data", "background"}
        assert not [name for name in given if name.startswith("on")]
        for name in ("aria-labelledby", "for"):
            assert set((given.get(name) or "").split()) <= set(ids)
        if "href" in given:
            assert (given["href"] or "").removeprefix("#") in ids


ODD: Final = [
    "<script>alert(1)</script>", "</style><b>", '"><img src=x onerror=alert(1)>', "'onclick='x",
    "{{ 7 * 7 }}", "{% raw %}", "&lt;b&gt;", "<!-- a -->", "a\u202eb\x1bc", "]]>", "<svg/onload=x>",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_what_a_spec_says_is_text_wherever_it_stands(odd: str) -> None:
    line = {"title": f"Odd {odd} title", "sex": odd, "steward": odd, "denominator": f"x {odd}",
            "numerator": odd, "status": "core", "acronym": odd, "ids": {"x-own": odd}}  # fmt: skip
    sets = (
        spec("alpha", {"id": "1", **line}, name=odd, short=odd),
        spec("bravo", {"id": "2", **line, "sex": "m", "denominator": "y", "status": "menu"}),
        spec("charlie", {"id": "3", "title": f"{odd} else"}, role="reference", name=odd),
    )
    made = {"harmonize": odd, "files": [{"file": odd, "sha256": odd}]}
    text = drawn("html", *sets, provenance=made)
    told = webpage.read(text)
    assert {tag for tag, _ in told.tags} <= OURS
    assert sum(tag == "script" for tag, _ in told.tags) == 1
    assert not [given for _, given in told.tags if any(n.startswith("on") for n in given)]
    assert "49" not in told.cells("matrix")[1][0]
    seen = odd.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b")
    assert told.cells("files")[1] == [seen, seen]
    assert f"Odd {seen} title" in told.text


@pytest.mark.parametrize("long", ["word " * 1000, "x" * 20_000])
def test_a_title_of_any_length_is_drawn(long: str) -> None:
    text = drawn("html", spec("alpha", {"title": long}), spec("bravo", {"title": long + "x"}))
    assert long.strip() in webpage.read(text).text


# --- what is asked for ----------------------------------------------------------------------------


def test_where_things_were_read_is_told_on_request(tmp_path: object) -> None:
    path = str(EXAMPLES / "a1c" / "specs")
    plain = harmonize("compare", path, "-f", "html").out
    assert ".yaml" not in plain
    assert 'id="provenance"' not in plain
    asked = harmonize("compare", path, "-f", "html", "--provenance").out
    told = webpage.read(asked)
    assert re.fullmatch(r"[0-9a-f]{64}", told.cells("files")[1][1])
    assert re.search(r"\.yaml:\d+", told.text)


def test_a_file_that_ends_in_html_is_a_page(tmp_path: object) -> None:
    path, target = str(EXAMPLES / "a1c" / "specs"), f"{tmp_path}/report.html"
    assert harmonize("compare", path, "-o", target).code == 0
    with open(target, encoding="utf-8") as file:  # noqa: PTH123
        assert file.read() == harmonize("compare", path, "-f", "html").out


def test_the_cells_show_what_was_asked_for() -> None:
    sets = (spec("alpha", {"id": "A-1", "title": CBP}), spec("bravo", {"id": "B-2", "title": CBP}))
    rows = webpage.read(drawn("html", *sets, cell="id")).cells("matrix")
    assert rows[1][4:] == ["A-1", "B-2"]


def test_without_scripts_all_is_shown_but_the_controls() -> None:
    told = webpage.read(drawn("html", *CASES["rates"]))
    hidden = [(tag, given.get("id")) for tag, given in told.tags if "hidden" in given]
    assert hidden == [("form", "filter"), ("p", None)]


# --- the picture ----------------------------------------------------------------------------------


def test_a_bar_is_as_high_as_its_number_and_stands_on_its_payers() -> None:
    sets = (Shared(("a", "b"), ("x", "y")), Shared(("a", "c"), ("z",)), Shared(("c",), ("w",)))
    made = picture(sets[:2], sets, {"a": "A", "b": "B", "c": "C"})
    assert [b.number for b in made.bars] == [2, 1]
    assert made.bars[0].height == 2 * made.bars[1].height
    assert [(one.head, one.size, one.alone) for one in made.lists] == [
        ("A", 3, 0), ("B", 2, 0), ("C", 2, 1)
    ]  # fmt: skip
    assert made.dots.count("M") == 4
    assert made.holes.count("M") == 2
    rows = {one.head: one.y for one in made.lists}
    assert [(b.first, b.last) for b in made.bars] == [
        (rows["A"], rows["B"]), (rows["A"], rows["C"])
    ]  # fmt: skip


def test_the_darkest_is_all_and_none_is_nothing() -> None:
    assert [shade(n, 10) for n in range(11)] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert (shade(0, 0), shade(1, 1000), shade(7, 7)) == (0, 1, SHADES)


# --- size -----------------------------------------------------------------------------------------


def test_many_lists_make_a_page_of_bearable_size() -> None:
    """What grows with payers times measures is one short tag a cell."""
    sets = [
        spec(f"p{i:02d}", *(f"Zyx{(i * 7 + j) % 90:02d} Wuvo" for j in range(6)), short=f"P{i}")
        for i in range(40)
    ]
    found = published(*sets)
    text = RENDERERS["html"](found, Wanted())
    told = webpage.read(text)
    cells = sum(map(len, told.tables["matrix"]))
    matrix = text[text.index('id="matrix"') : text.index('id="overlaps"')]
    assert len(matrix) < 14 * cells + 20_000
    assert len(told.tables["jaccard"]) == 41
    assert told.tags.count(("rect", {})) == 0
    assert PICTURED < 40
