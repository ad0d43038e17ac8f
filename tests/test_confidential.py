"""What a payer holds back is in nothing that others get, whatever is marked and however."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from building import (
    EXCHANGE,
    KNOWN,
    STANDARDS,
    TEXTS,
    cells,
    flow,
    harmonize,
    raw,
    spec,
    text_of,
    written,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from repository import committed, repository
from withholding import SENTINEL, TITLE, Secretive

from harmonize.audience import Published, publish
from harmonize.columns import PORTFOLIO
from harmonize.disclosure import disclosed, idle
from harmonize.fields import AUDIENCES, declared
from harmonize.marks import SEES, redact
from harmonize.measures import Measure
from harmonize.notebook import PARTS, Comparison
from harmonize.reading.specs import read_spec
from harmonize.render import FILES, PRACTICE, RENDERERS, Wanted
from harmonize.sets import AREAS, EVERYTHING, HIDEABLE, MeasureSet
from harmonize.views import CELLS, VIEWS

HIDDEN: Final = (("withheld", "public"), ("withheld", "participants"), ("participants", "public"))
PLACE: Final = re.compile(r"(\.yaml)(?::\d+)+")


def _read(text: str, file: str) -> MeasureSet:
    return read_spec(text, file, lambda *_: ("", ""))[0]


@cache
def _others() -> tuple[MeasureSet, ...]:
    """Two payers that hold nothing back, of which one states all that can be stated."""
    open_ = Secretive({}, second=False, amounts=True).text("bravo")
    return (
        _read(open_.replace(SENTINEL, "plain"), "bravo.yaml"),
        spec("charlie", {"id": "3", "title": f"Hypertension: {TITLE}"}, "Breast Cancer Screening"),
    )


def _published(one: Secretive, audience: str) -> Published:
    own = _read(one.text("alpha"), "alpha.yaml")
    return publish((own, *_others()), KNOWN, audience, STANDARDS, areas=AREAS, amounts=one.amounts)


def _sketched(found: Published) -> Iterator[str]:
    yield RENDERERS["json"](found, Wanted())
    yield RENDERERS["markdown"](found, Wanted(cell="ask"))
    for cell in CELLS:
        yield RENDERERS["csv"](found, Wanted(view="overlap", cell=cell))
    for view in VIEWS:
        yield RENDERERS["csv"](found, Wanted(view=view, layout="long"))


def _drawn(found: Published) -> Iterator[str]:
    """Everything that can be drawn of a report."""
    yield from _sketched(found)
    for form, render in RENDERERS.items():
        yield cells(render(found, Wanted(exchange=EXCHANGE, width=None if form in FILES else 80)))
    for draw in PRACTICE.values():
        yield cells(draw(found, Wanted()))
    yield Comparison(found)._repr_html_()
    yield from (Comparison(found).part(name).to_csv() for name in PARTS)


def _same(marks: Any, audience: str, *, amounts: bool, draw: Any = _sketched) -> None:
    """Both values of all that is marked give the same bytes; lines aside, which values may fill."""
    told = [
        [PLACE.sub(r"\1", text) for text in draw(_published(one, audience))]
        for one in (Secretive(marks, second=s, amounts=amounts) for s in (False, True))
    ]
    assert told[0] == told[1]


@settings(max_examples=25)
@given(
    st.dictionaries(st.sampled_from(HIDEABLE), st.just(""), max_size=5),
    st.sampled_from(HIDDEN),
    st.booleans(),
)
@example({EVERYTHING: ""}, HIDDEN[0], True)
@example(dict.fromkeys(AREAS, ""), HIDDEN[2], True)
@example({}, HIDDEN[0], False)
def test_another_value_of_what_is_held_back_changes_no_byte(
    named: dict[str, str], seen: tuple[str, str], amounts: bool
) -> None:
    mark, audience = seen
    _same(dict.fromkeys(named, mark), audience, amounts=amounts)


@pytest.mark.parametrize("first", range(20))
def test_no_mark_leaves_a_trace_of_a_value(first: int) -> None:
    names = [name for name in HIDEABLE[first::20] if name not in (EVERYTHING, *AREAS)]
    _same(dict.fromkeys(names, "withheld"), "public", amounts=True)


@pytest.mark.parametrize("marks", ["withheld", dict.fromkeys(AREAS, "withheld")])
def test_in_no_format(marks: Any) -> None:
    _same(marks, "public", amounts=True, draw=_drawn)
    found = _published(Secretive(marks, second=False, amounts=True), "participants")
    assert not [text for text in _drawn(found) if SENTINEL in text]


def test_a_value_that_is_not_held_back_does_change_something() -> None:
    """The test above would notice."""
    texts = [
        next(_sketched(_published(Secretive({"weight": "withheld"}, second=s, amounts=True), b)))
        for s, b in ((False, "broker"), (True, "broker"))
    ]
    assert texts[0] != texts[1]


# --- every command ------------------------------------------------------------------------------

MARKED: Final[tuple[Any, ...]] = (
    "withheld",
    "participants",
    dict.fromkeys(AREAS, "withheld") | dict.fromkeys(("notes", "sources", "members"), "withheld"),
    dict.fromkeys([name for name in HIDEABLE if "." in name], "withheld")
    | dict.fromkeys([*declared(Measure).keys() & {*HIDEABLE}, "notes", "sources"], "withheld")
    | {
        "participation": "withheld",
        "convening.roles.who": "withheld",
        "feedback.level": "withheld",
    },
)
COMMANDS: Final = (
    *(("compare", "-f", form, "--area", "all", "--include-payment-amounts")
      for form in TEXTS),
    *(("compare", "-f", "csv", "--area", "all", "--view", v, "--layout", "long") for v in VIEWS),
    *(("compare", "-f", form, "--area", "all", "--provenance") for form in ("json", "html")),
    *(("compare", "--for", "practice", "-f", form) for form in PRACTICE),
    ("check",), ("check", "-f", "json"), ("check", "-f", "text"),
    *(("propose", "-f", form) for form in ("table", "csv", "json", "markdown")),
    *(("portfolio", "-f", form) for form in ("table", "csv", "json", "markdown")),
    *(("portfolio", "-f", "csv", "--view", view) for view in PORTFOLIO),
    ("compare", "--reference", "specs/bravo.yaml", "-f", "json"),
    ("review", "--status"), ("review", "--accept-above", "0", "--dry-run"),
    ("review", "--export", "sheet.csv", "--matches"),
    ("validate",), ("validate", "-f", "text"),
    ("explain", "alpha/2", "bravo/2"), ("explain", "alpha/2", "bravo/9"),
    ("explain", "alpha/2", "bravo/2", "--format", "json"),
)  # fmt: skip


@pytest.mark.parametrize("marks", MARKED)
def test_no_command_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marks: Any) -> None:
    """In no output, no message, no file and no name of one; nor the hash of a file."""
    one = Secretive(marks, second=False, amounts=True).text("alpha")
    open_ = Secretive({}, second=False, amounts=True).text("bravo").replace(SENTINEL, "plain")
    written(tmp_path / "specs", one, open_, names=("alpha.yaml", "bravo.yaml"))
    named = {key: getattr(EXCHANGE, key) for key in ("mapping_set_id", "license", "base")}
    (tmp_path / "harmonize.yaml").write_text(f"sssom: {flow(named)}\n")
    monkeypatch.chdir(tmp_path)
    digest = hashlib.sha256(one.encode()).hexdigest()
    leaks, ended = [], set()
    for command in COMMANDS:
        only = () if command[0] == "validate" else ("--audience", "public")
        done = harmonize(*command, *only)
        told = done.out + done.err
        ended.add(done.code)
        leaks += [command for word in (SENTINEL, digest) if word in told]
    harmonize("compare", "--area", "all", "-o", "book.xlsx", "--audience", "public")
    made = (tmp_path / "book.xlsx").read_bytes()
    leaks += [("xlsx",)] if SENTINEL in raw(made) else []
    sheet = tmp_path / "sheet.csv"
    leaks += [("sheet",)] if sheet.exists() and SENTINEL in sheet.read_text() else []
    assert leaks == []
    assert 3 not in ended


def test_neither_does_diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, second in (("old", False), ("new", True)):
        text = Secretive("withheld", second=second, amounts=True).text("alpha")
        other = text_of("bravo", {"id": "3", "title": TITLE})
        written(tmp_path / folder, text, other, names=("alpha.yaml", "bravo.yaml"))
    monkeypatch.chdir(tmp_path)
    for form in ("table", "csv", "json", "markdown"):
        done = harmonize("diff", "old", "new", "-f", form)
        assert done.code == 0
        assert SENTINEL not in done.out + done.err
        assert "respecified" not in done.out or form == "json"


def test_neither_does_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another value of what is withheld changes no figure of any release, and is in no output."""
    here = repository(tmp_path / "releases")
    marks = dict.fromkeys([n for n in HIDEABLE if n not in (EVERYTHING, *AREAS)], "withheld")
    other = text_of("bravo", {"id": "3", "title": TITLE})
    for tag, second in (("v1", False), ("v2", True)):
        text = Secretive(marks, second=second, amounts=True).text("alpha")
        committed(here, {"specs/alpha.yaml": text, "specs/bravo.yaml": other}, tag)
    monkeypatch.chdir(here)
    for form in ("table", "csv", "json"):
        done = harmonize("history", "v1", "v2", "-f", form, "--audience", "public")
        assert done.code == 0
        assert SENTINEL not in done.out + done.err
    told = harmonize("history", "v1", "v2", "-f", "csv").out.splitlines()
    first, then = ([row.partition(",")[2] for row in told if row.startswith(tag)]
                   for tag in ("v1,", "v2,"))  # fmt: skip
    assert len(first) > 2
    assert first == then


# --- what would be seen, told before ------------------------------------------------------------


@settings(max_examples=25)
@given(
    st.dictionaries(st.sampled_from(HIDEABLE), st.sampled_from(AUDIENCES), max_size=6),
    st.sampled_from(tuple(SEES)),
)
@example({"payment": "participants", "payment.streams.amount": "public"}, "public")
@example({"rates": "withheld"}, "public")
def test_what_is_told_to_be_seen_is_what_is_seen(marks: dict[str, str], audience: str) -> None:
    one = _read(Secretive(marks, second=False, amounts=True).text("alpha"), "alpha.yaml")
    told = {(s.area, s.field): s.seen for s in disclosed(one, audience) if s.seen}
    left = replace(redact(one, audience), visibility=None)
    bare = replace(left, measures=tuple(replace(m, visibility=None) for m in left.measures or ()))
    assert told == {(s.area, s.field): s.seen for s in disclosed(bare, "public") if s.seen}


def test_what_nobody_marks_and_what_a_mark_does_not_find() -> None:
    one = spec(
        "alpha",
        {"id": "1", "title": TITLE, "weight": "10%", "target": "65%"},
        payment={"lan_categories": ["3A"], "attribution": "visits"},
        visibility={"target": "withheld", "payment.minimum_panel": "withheld"},
    )
    bare = [s.field for s in disclosed(one, "public") if s.unmarked]
    assert bare == ["weight", "lan_categories", "attribution"]
    assert idle(one) == ("payment.minimum_panel",)
