"""The sheet for a practice: each measure once, plain words, no invented numbers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from building import EXAMPLES, ROOT, example, harmonize, published, reported, spec, written
from building import text_of as text
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harmonize.audience import Published
from harmonize.fields import DATA_SOURCES
from harmonize.measures import ATTRIBUTES
from harmonize.practice import ASKED, Sheet, Task, pulls, sheet, spoken
from harmonize.render import PRACTICE, RENDERERS, Wanted
from harmonize.sets import MeasureSet
from harmonize.values import read_ages, read_count, read_duration, read_threshold
from harmonize.workspace import load

CBP: Final = "Controlling High Blood Pressure"
GSD: Final = "Glycemic Status Assessment Greater Than 9%"


@cache
def _published(case: str) -> Published:
    return published(*SHIPPED[case])


def _tasks(found: Sheet) -> list[Task]:
    return [task for groups in (found.shared, found.alone) for _, tasks in groups for task in tasks]


def _sheet(*sets: MeasureSet) -> Sheet:
    return sheet(published(*sets))


def _one(*sets: MeasureSet) -> Task:
    (task,) = _tasks(_sheet(*sets))
    return task


SHIPPED: Final = {
    "specs": load([str(ROOT / "specs")]).sets,
    "onecare-vermont": example("onecare-vermont"),
    "rates": example("rates", "specs"),
}


@pytest.mark.parametrize("case", SHIPPED)
def test_each_measure_stands_once_and_names_all_who_ask(case: str) -> None:
    report = _published(case).report
    tasks = _tasks(sheet(_published(case)))
    heads = {p.payer: p.head for p in report.counted}
    assert len(tasks) == len(report.units)
    asked = sorted((u.label, tuple(heads[p] for p in u.asks)) for u in report.units)
    assert sorted((t.name, t.payers) for t in tasks) == asked
    shown = {p for t in tasks for p in t.payers}
    assert shown <= set(heads.values())


@pytest.mark.parametrize(
    ("year", "asks", "measures"), [("2017", 30, 22), ("2018", 35, 23), ("2019", 28, 19)]
)
def test_pulls_are_counted_without_duplicates(year: str, asks: int, measures: int) -> None:
    """CPC+ and the Web Interface: 8, 12 and 9 measures are in both (QPP)."""
    found = _sheet(*example("cpcplus-web-interface", "specs", year))
    assert f"{measures} pulls of data" in found.figures[1]
    assert f"{asks - measures} asks need no pull" in found.figures[1]
    assert "hour" not in " ".join(found.figures)


PULLS: Final[list[tuple[list[dict[str, Any]], int]]] = [
    ([{}, {}], 1),
    ([{"data_source": ["claims"]}, {}], 1),
    ([{"data_source": ["claims"]}, {"data_source": ["ehr"]}], 2),
    ([{"data_source": ["claims", "ehr"]}, {"data_source": ["ehr"]}, {"data_source": ["ehr"]}], 1),
    ([{"data_source": ["claims"]}, {"data_source": ["ehr"]},
      {"data_source": ["claims", "ehr"]}], 2),
    ([{"measurement_period": "2024"}, {"measurement_period": "2025"}], 2),
    ([{"measurement_period": "2024"}, {}, {"data_source": ["ehr"]}], 1),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "number"), PULLS)
def test_a_pull_is_a_measure_a_source_and_a_period(
    lines: list[dict[str, Any]], number: int
) -> None:
    sets = [
        spec(payer, {"title": CBP, **line})
        for payer, line in zip(("alpha", "bravo", "charlie"), lines, strict=False)
    ]
    report = reported(*sets)
    assert pulls(report) == (number,)


@given(st.lists(st.sets(st.sampled_from(DATA_SOURCES[:5])), min_size=1, max_size=4))
def test_pulls_are_never_more_than_asks_and_never_none(asks: list[set[str]]) -> None:
    sets = [
        spec(f"p{i}", {"title": CBP, **({"data_source": sorted(own)} if own else {})})
        for i, own in enumerate(asks)
    ]
    report = reported(*sets)
    assert 1 <= sum(pulls(report)) <= len(asks)


SPOKEN: Final = [
    ("ages", read_ages("18-85"), "18 to 85 years"),
    ("ages", read_ages("18+"), "18 years and older"),
    ("ages", read_ages("<18"), "under 18 years"),
    ("ages", read_ages("6 months - 2 years"), "6 months - 2 years"),
    ("ages", read_ages("all adults"), "all adults"),
    ("threshold", read_threshold("< 140/90 mm Hg"), "below 140/90 mm Hg"),
    ("threshold", read_threshold("> 9.0%"), "above 9%"),
    ("threshold", read_threshold(">= 0.5"), "at least 0.5"),
    ("follow_up", read_duration("30 days"), "within 30 days"),
    ("lookback", read_duration("24 months"), "counted if within the last 24 months"),
    ("events", read_count("2"), "2 times"),
    ("events", read_count("1"), "once"),
    ("data_source", ("claims",), "claims"),
    ("data_source", ("claims", "ehr", "hie"),
     "claims, the electronic record or the health information exchange"),
    ("improvement_notation", "decrease", "a lower rate is better"),
    ("numerator", "x" * 200, "x" * 157 + "..."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "words"), SPOKEN)
def test_values_are_told_in_plain_words(name: str, value: Any, words: str) -> None:
    assert spoken(name, value) == words


def test_what_all_say_is_a_fact_and_what_they_say_differently_names_who_wants_what() -> None:
    task = _one(
        spec("alpha", {"title": CBP, "ages": "18-85", "threshold": "< 140/90 mm Hg"}, short="A"),
        spec("bravo", {"title": CBP, "ages": "18+", "threshold": "< 140/90 mm Hg"}),
        spec("charlie", {"title": CBP, "target": "65%", "status": "core"}),
        spec("ref", {"title": CBP, "ages": "20+"}, role="reference"),
    )
    assert task.payers == ("A", "bravo", "charlie")
    assert ("Counted", "below 140/90 mm Hg") in task.facts
    assert ("Aim", "a rate of 65%") in task.facts
    (ages,) = task.differs
    assert ages.what == "ages counted"
    assert ages.wants == (
        "A: 18 to 85 years", "bravo: 18 years and older", "charlie: does not say",
    )  # fmt: skip


SAME: Final = [
    ("follow_up", "30 days", "30 day"),
    ("lookback", "12 months", "1 year"),
    ("numerator", "Most recent  reading below 140/90", "most recent reading below 140/90"),
    ("data_source", ["claims", "ehr"], ["ehr"]),
]


@pytest.mark.parametrize(("name", "one", "other"), SAME)
def test_two_ways_to_say_a_thing_are_no_difference(name: str, one: Any, other: Any) -> None:
    sets = spec("alpha", {"title": CBP, name: one}), spec("bravo", {"title": CBP, name: other})
    assert not reported(*sets).divergences
    task = _one(*sets)
    assert task.differs == ()
    assert len(task.facts) == 1


@pytest.mark.parametrize("case", SHIPPED)
def test_payers_differ_where_the_report_says_so_and_nowhere_else(case: str) -> None:
    found = _published(case)
    rows = {row.concept.id: row for row in found.report.rows}
    asked = {name for names in ASKED.values() for name in names}
    told = sum(len(task.differs) for task in _tasks(sheet(found)))
    assert told == sum(
        one.counted and (one.open or one.attribute in asked)
        for unit in found.report.units
        for name in unit.concepts
        for one in rows[name].differences
    )


def test_what_we_attached_is_not_said_to_be_the_payers() -> None:
    attached = {"title": CBP, "lookback": "1 year", "data_source": ["ehr"], "numerator": "A visit",
                "assigned": ["lookback", "data_source", "numerator"]}  # fmt: skip
    bravo = {"title": CBP, "lookback": "2 years", "data_source": ["claims"]}
    found = _sheet(spec("alpha", attached), spec("bravo", bravo))
    (task,) = _tasks(found)
    assert task.differs == ()
    assert task.facts == (
        ("By when", "counted if within the last 2 years"), ("Numbers from", "claims"),
    )  # fmt: skip
    assert found.figures[1].startswith("1 pulls of data")
    assert found.figures[2].startswith("1 of 2 lines do not say")


class _Counted(tuple[Any, ...]):
    """Rows that know how often somebody went through them all."""

    __slots__ = ()

    times = 0

    def __iter__(self) -> Iterator[Any]:
        type(self).times += 1
        return super().__iter__()


def test_the_rows_are_gone_through_as_often_for_many_measures_as_for_few() -> None:
    passes = []
    for case in ("rates", "specs"):
        found = _published(case)
        _Counted.times = 0
        sheet(replace(found, report=replace(found.report, rows=_Counted(found.report.rows))))
        passes.append(_Counted.times)
    assert passes[0] == passes[1]


def test_one_cut_from_two_sides_is_said_to_be_one() -> None:
    tasks = _tasks(_sheet(*example("a1c", "specs")))
    told = [one for task in tasks for one in task.differs if "same cut" in one.what]
    assert told
    assert told[0].what.startswith("the value that counts")
    assert {"above 9%", "at most 9%"} <= {want.split(": ")[1] for want in told[0].wants}


@pytest.mark.parametrize("case", SHIPPED)
@pytest.mark.parametrize("form", PRACTICE)
def test_no_scores_and_no_jargon(case: str, form: str) -> None:
    text_ = str(PRACTICE[form](_published(case), Wanted()))
    for word in ("confidence", "jaccard", "undetermined", "log-odds", "concept", "divergence",
                 "None", "numerator", "denominator", "data_source", "_notation"):  # fmt: skip
        assert word not in re.sub(r"<style>.*</style>", "", text_, flags=re.DOTALL)
    for task in _tasks(sheet(_published(case))):
        assert task.name.split(":")[0].split("&")[0].split("'")[0].split('"')[0] in text_


def test_every_question_asks_for_fields_that_there_are() -> None:
    assert {name for names in ASKED.values() for name in names} <= set(ATTRIBUTES)


def test_the_page_to_print_holds_all_it_needs() -> None:
    found = _published("onecare-vermont")
    text_ = str(PRACTICE["html"](found, Wanted()))
    tags: dict[str, list[dict[str, str | None]]] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.setdefault(tag, []).append(dict(attrs))

    Reader().feed(text_)
    assert not {"script", "link", "img", "iframe", "a", "form", "object"} & tags.keys()
    every = [attribute for own in tags.values() for one in own for attribute in one]
    assert not {"src", "href", "onclick", "style"} & set(every)
    assert tags["html"] == [{"lang": "en"}]
    assert len(tags["h1"]) == 1
    boxes = [one for one in tags["span"] if one.get("class") == "box"]
    assert len(boxes) == len(found.report.units)
    assert "@media print" in text_
    assert "default-src 'none'" in text_


def test_a_markdown_sheet_is_a_list_to_tick() -> None:
    found = _published("onecare-vermont")
    made = str(PRACTICE["markdown"](found, Wanted()))
    assert made.count("- [ ] ") == len(found.report.units)
    kinds = {token.type for token in MarkdownIt("commonmark").parse(made)}
    assert kinds <= {
        "heading_open", "heading_close", "inline", "bullet_list_open", "bullet_list_close",
        "list_item_open", "list_item_close", "paragraph_open", "paragraph_close",
    }  # fmt: skip


def test_the_command_line_makes_it(tmp_path: Path) -> None:
    folder = str(EXAMPLES / "rates" / "specs")
    shown = harmonize("compare", folder, "--for", "practice")
    assert shown.code == 0
    assert shown.out.startswith("What 4 payers ask of a practice: each measure once\n")
    for suffix in (".html", ".md", ".txt"):
        path = tmp_path / f"sheet{suffix}"
        assert harmonize("compare", folder, "--for", "practice", "-o", str(path)).code == 0
        assert path.stat().st_size
    of_a_committee = (("--view", "pairs"), ("--layout", "wide"), ("--cell", "id"),
                      ("--provenance",), ("--bom",))  # fmt: skip
    for wrong in (("-f", "csv"), ("-f", "xlsx", "-o", "x.xlsx"), *of_a_committee):
        done = harmonize("compare", folder, "--for", "practice", *wrong)
        assert (done.code, done.out) == (2, "")
        assert "practice" in done.err
        assert wrong not in of_a_committee or f"only: {wrong[0]}" in done.err
    wide = harmonize("compare", folder, "--for", "practice", "--width", "60").out
    assert max(map(len, wide.splitlines())) <= 60
    assert harmonize("compare", folder, "--for", "committee").out == str(
        RENDERERS["table"](published(*load([folder]).sets), Wanted())
    )


def test_nothing_to_do_is_a_sheet_too(tmp_path: Path) -> None:
    assert _tasks(_sheet()) == []
    for form in PRACTICE:
        assert PRACTICE[form](published(), Wanted())
    folder = written(tmp_path, text("alpha", CBP))
    done = harmonize("compare", str(folder), "--for", "practice", "--quiet")
    assert done.out.startswith("What one payer asks of a practice")


def test_a_text_of_several_lines_is_told_on_one() -> None:
    asked = {"id": "1", "title": "Foot Exam", "numerator": "One of\n- sight\n- pulse"}
    told = PRACTICE["table"](published(spec("a", asked), spec("b", asked)), Wanted())
    assert "One of - sight - pulse" in str(told)
