"""Nobody sees what is not for them: not in a format, a view, a figure, an order or a message."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from building import (
    EXCHANGE,
    KNOWN,
    TEXTS,
    Line,
    cells,
    flow,
    harmonize,
    items,
    plain_json,
    published,
    spec,
    text_of,
    without_sources,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.audience import Published, explain
from harmonize.document import document
from harmonize.fields import declared
from harmonize.marks import SEES, marked, redact
from harmonize.measures import Measure
from harmonize.notebook import PARTS, Comparison
from harmonize.render import FILES, PRACTICE, RENDERERS, Wanted, explanation
from harmonize.sets import HIDEABLE, MeasureSet
from harmonize.views import CELLS, VIEWS

MARK: Final = "Zyzzyva"  # in no word that the program or its knowledge says
TITLE: Final = "Controlling High Blood Pressure"

# A value for every field that a payer may hide, and what of it would tell.
VALUES: Final[Mapping[str, tuple[Any, str]]] = {
    "acronym": ("ZYZ", "ZYZ"),
    "ids": ({"cbe": "8765", "x-own": MARK}, "8765"),
    "assigned": (["steward"], ""),
    "follows": (f"{MARK} MY2024", MARK),
    "part_of": (MARK, MARK),
    "part": ("component", "component"),
    "any_of": ([MARK, "HWR"], MARK),
    "steward": (MARK, MARK),
    "version": (MARK, MARK),
    "measure_type": ("structure", "structure"),
    "domain": (MARK, MARK),
    "condition": ([MARK], MARK),
    "description": (f"Counts {MARK}.", MARK),
    "scoring": ("cohort", "cohort"),
    "scoring_unit": (f"per {MARK}", MARK),
    "improvement_notation": ("decrease", ""),
    "ages": ("47-53", "47-53"),
    "sex": (MARK, MARK),
    "initial_population": (f"Everybody but {MARK}", MARK),
    "denominator": (f"Everybody and {MARK}", MARK),
    "denominator_exclusions": ([MARK, "hospice"], MARK),
    "denominator_exceptions": ([MARK], MARK),
    "numerator": (f"Those with {MARK}", MARK),
    "numerator_exclusions": ([MARK], MARK),
    "events": ("8765", "8765"),
    "combination": ("8765", "8765"),
    "threshold": ("< 87/65 mm Hg", "87/65"),
    "follow_up": ("87 days", "87 days"),
    "lookback": ("8765 days", "8765"),
    "measurement_period": (MARK, MARK),
    "continuous_enrollment": ("8765 days", "8765"),
    "data_source": (["vital records"], "vital records"),
    "level": (["health home"], "health home"),
    "risk_adjusted": ("true", ""),
    "stratified_by": ([MARK], MARK),
    "minimum_denominator": ("8765", "8765"),
    "rates": ([{"id": "zyz", "title": f"Rate of {MARK}", "target": "87.65%"}], MARK),
    "modified": (f"{MARK} was changed", MARK),
    "status": ("on deck", "on deck"),
    "use": (["care gap"], "care gap"),
    "weight": ("87.65%", "87.65"),
    "target": ({"value": "87.65%", "basis": "gap closure"}, "87.65"),
    "incentive": ({"amount": f"${MARK}", "per": MARK}, MARK),
    "benchmark": ({"value": "87.65%", "percentile": "87", "product": MARK}, MARK),
    "performance": ({"value": "87.65%", "year": "2024"}, "87.65"),
    "source": (f"page {MARK}", MARK),
    "notes": (f"Remember {MARK}", MARK),
}
# What others say in its place, so that a value that leaked would make a difference somewhere.
OTHERS: Final[Mapping[str, Any]] = {
    "scoring": "ratio", "improvement_notation": "increase", "ages": "18-85", "sex": "all",
    "denominator_exclusions": "none", "denominator_exceptions": "none", "steward": "NCQA",
    "numerator_exclusions": "none", "events": "2", "combination": "10", "threshold": "< 140/90",
    "follow_up": "30 days", "lookback": "12 months", "measurement_period": "calendar year",
    "data_source": ["claims"], "level": ["plan"], "risk_adjusted": "false", "status": "core",
    "stratified_by": ["age"], "minimum_denominator": "30", "use": ["payment"], "weight": "10%",
    "target": "65%", "benchmark": "71%", "version": "MY2025", "measure_type": "outcome",
    "numerator": "Under control", "denominator": "Everybody", "initial_population": "Everybody",
    "follows": "HEDIS MY2024", "scoring_unit": "percent", "continuous_enrollment": "12 months",
    "ids": {"cbe": "0018"}, "description": "Counts blood pressure.", "acronym": "CBP",
}  # fmt: skip

NEEDED: Final[Mapping[str, Any]] = {"part": {"part_of": "CBP"}}


def test_every_field_that_can_be_hidden_is_tried() -> None:
    fields = set(HIDEABLE) & declared(Measure).keys()
    assert fields == VALUES.keys()


def _sets(name: str, mark: str, where: str = "measure") -> tuple[MeasureSet, ...]:
    value, _ = VALUES[name]
    line = {"id": "1", "title": TITLE, name: value, **NEEDED.get(name, {})}
    about: dict[str, Any] = {}
    if where == "measure":
        line["visibility"] = {name: mark}
    else:
        about["visibility"] = {name: mark}
    other = {"id": "2", "title": TITLE} | ({name: OTHERS[name]} if name in OTHERS else {})
    return (
        spec("alpha", line, "Breast Cancer Screening", **about),
        spec("bravo", other, "Mammography"),
        spec("charlie", {"id": "3", "title": f"Hypertension: {TITLE}"}),
    )


def _drawn(found: Published) -> Iterator[str]:
    """Everything that can be drawn of a report."""
    for form, view in product(RENDERERS, (None, *VIEWS)):
        if form in (*FILES, "sssom") and view:
            continue  # it holds all views
        several = view in (None, "overlap")
        for cell in CELLS if several else ("id",):
            for layout in ("wide", "long") if view in ("overlap", "divergence") else ("wide",):
                width = None if view else 80
                wanted = Wanted(view=view, layout=layout, cell=cell, width=width, exchange=EXCHANGE)
                yield cells(RENDERERS[form](found, wanted))
    for draw in PRACTICE.values():
        yield cells(draw(found, Wanted()))
    yield Comparison(found)._repr_html_()
    yield from (Comparison(found).part(name).to_csv() for name in PARTS)


def _sketched(found: Published) -> Iterator[str]:
    """What is drawn of every cell and every place, once each."""
    yield RENDERERS["json"](found, Wanted())
    yield RENDERERS["markdown"](found, Wanted(cell="ask"))
    for cell in CELLS:
        yield RENDERERS["csv"](found, Wanted(view="overlap", cell=cell))
    for view in VIEWS:
        yield RENDERERS["csv"](found, Wanted(view=view, layout="long"))


def _explained(sets: tuple[MeasureSet, ...], audience: str) -> Iterator[str]:
    told = explain(sets, "alpha/1", "bravo/2", KNOWN, audience)
    for as_json in (True, False):
        yield explanation(told, as_json=as_json, width=None, color=False)


HIDDEN: Final = [("withheld", "public"), ("withheld", "participants"), ("participants", "public")]


@pytest.mark.parametrize("name", VALUES)
def test_what_is_hidden_is_in_no_output(name: str) -> None:
    told = VALUES[name][1]
    for where, (mark, audience) in zip(("measure", "file", "measure"), HIDDEN, strict=True):
        sets = _sets(name, mark, where)
        texts = list(_sketched(published(*sets, audience=audience)))
        assert not any(told and told in text for text in texts), (mark, audience)
        assert not any(MARK in text for text in texts), (mark, audience)


@pytest.mark.parametrize(("mark", "audience"), HIDDEN)
def test_nothing_of_all_that_can_be_hidden_is_in_any_format(mark: str, audience: str) -> None:
    values = {name: value for name, (value, _) in VALUES.items() if name not in ("part", "rates")}
    line = {"id": "1", "title": TITLE, **values, "visibility": dict.fromkeys(values, mark)}
    other = {"id": "2", "title": TITLE, **OTHERS}
    sets = (spec("alpha", line), spec("bravo", other), spec("charlie", TITLE))
    texts = [*_drawn(published(*sets, audience=audience)), *_explained(sets, audience)]
    leaks = {name for name in values if any((VALUES[name][1] or MARK) in text for text in texts)}
    assert leaks == set()


@pytest.mark.parametrize("name", VALUES)
def test_what_is_hidden_might_as_well_not_be_there(name: str) -> None:
    """No figure, row, order or confidence tells of it."""
    hidden = _sets(name, "withheld", "measure")
    gone = (_without(hidden[0], name), *hidden[1:])
    assert _seen(hidden, "public") == _seen(gone, "public")
    assert next(_explained(hidden, "public")) == next(_explained(gone, "public"))


def _without(one: MeasureSet, name: str) -> MeasureSet:
    gone: dict[str, Any] = {name: None}
    measures = tuple(
        replace(m, **gone) for m in one.measures or () if name != "rates" or m.rate_of is None
    )
    return replace(one, measures=measures)


def _seen(sets: tuple[MeasureSet, ...], audience: str) -> object:
    """All that is seen but one thing: of what is withheld, that it is stated."""
    found = document(published(*sets, audience=audience))
    for one in found["addable"]:
        one["reason"] = one["reason"].replace("not stated, or withheld,", "not stated")
    return without_sources({key: told for key, told in found.items() if key != "withheld"})


SHOWN: Final = ("threshold", "target", "weight", "denominator_exclusions", "numerator", "status")


@pytest.mark.parametrize("name", SHOWN)
def test_who_may_see_it_sees_it(name: str) -> None:
    told = VALUES[name][1]
    for mark, audience in (("withheld", "broker"), ("participants", "participants"),
                           ("public", "public")):  # fmt: skip
        assert any(told in t for t in _sketched(published(*_sets(name, mark), audience=audience)))


def test_a_mark_at_a_measure_goes_before_that_of_the_file() -> None:
    line = {"id": "1", "title": TITLE, "target": "87.65%", "visibility": {"target": "public"}}
    other = {"id": "2", "title": "Breast Cancer Screening", "target": "76.54%"}
    one = spec("alpha", line, other, visibility={"target": "withheld"})
    targets = {m.id: m.target for m in redact(one, "public").measures or ()}
    assert targets["2"] is None
    assert targets["1"] is not None


def test_what_a_rate_inherits_is_hidden_with_it() -> None:
    whole = {
        "id": "1",
        "title": "Follow-Up After Hospitalization for Mental Illness",
        "target": "87.65%",
        "rates": [{"id": "7", "title": "Within 7 days"}, {"id": "30", "title": "Within 30 days"}],
        "visibility": {"target": "withheld"},
    }
    other = {"id": "2", "title": "Follow-Up After Hospitalization for Mental Illness (7 Days)",
             "target": "65%"}  # fmt: skip
    sets = (spec("alpha", whole), spec("bravo", other))
    assert not any("87.65" in text for text in _sketched(published(*sets, audience="public")))
    assert any("87.65" in text for text in _sketched(published(*sets, audience="broker")))


# --- never, for nobody --------------------------------------------------------------------------

MONEY: Final[tuple[tuple[Line, dict[str, Any]], ...]] = (
    ({"id": "1", "title": TITLE, "incentive": {"amount": f"${MARK}", "per": MARK}}, {}),
    (
        {"id": "1", "title": TITLE},
        {
            "payment": {
                "lan_categories": ["2C"],
                "streams": [{"kind": "other", "amount": f"${MARK} PBPM"}],
            }
        },
    ),
)


@pytest.mark.parametrize("audience", SEES)
@pytest.mark.parametrize("place", range(len(MONEY)))
def test_amounts_are_in_no_output_whoever_asks(place: int, audience: str) -> None:
    line, about = MONEY[place]
    sets = (spec("alpha", line, **about), spec("bravo", {"id": "2", "title": TITLE}))
    texts = [*_sketched(published(*sets, audience=audience)), *_explained(sets, audience)]
    assert not any(MARK in text for text in texts)


@pytest.mark.parametrize("field", ["members", "notes", "sources", "convening", "participation",
                                   "payment", "feedback"])  # fmt: skip
def test_areas_of_a_file_can_be_hidden(field: str) -> None:
    values: dict[str, Any] = {
        "members": "87654321",
        "notes": MARK,
        "sources": [{"title": MARK}],
        "convening": {"convener": MARK},
        "participation": [{"title": MARK}],
        "payment": {"lan_categories": ["4N"], "attribution": MARK},
        "feedback": [{"level": MARK}],
    }
    one = spec("alpha", TITLE, **{field: values[field], "visibility": {field: "participants"}})
    assert getattr(redact(one, "public"), field) is None
    assert getattr(redact(one, "participants"), field) is not None
    texts = "".join(_sketched(published(one, spec("bravo", TITLE), audience="public")))
    assert MARK not in texts
    assert "87654321" not in texts


# --- the command line ---------------------------------------------------------------------------


def _folder(tmp_path: Path, *marks: str) -> str:
    marked_line = {"id": "1", "title": TITLE, "target": "87.65%", "incentive": {"amount": MARK}}
    if marks:
        marked_line["visibility"] = {"target": marks[0]}
    other = {"id": "2", "title": TITLE, "target": "65%"}
    return str(written(tmp_path, text_of("alpha", marked_line), text_of("bravo", other)))


@pytest.mark.parametrize(
    ("marks", "arguments", "audience", "noted"),
    [
        ((), (), "broker", False),
        (("public",), (), "broker", False),
        (("withheld",), (), "public", True),
        (("participants",), (), "public", True),
        (("withheld",), ("--quiet",), "public", False),
        (("withheld",), ("--audience", "broker"), "broker", False),
        (("withheld",), ("--audience", "participants"), "participants", False),
        ((), ("--audience", "public"), "public", False),
    ],
)
def test_the_default_audience(
    tmp_path: Path, marks: tuple[str, ...], arguments: tuple[str, ...], audience: str, noted: bool
) -> None:
    folder = _folder(tmp_path, *marks)
    for form in ("json", "csv"):
        done = harmonize("compare", folder, "-f", form, "--view", "divergence", *arguments)
        assert done.code == 0
        assert ("public" in done.err) is noted
        if form == "json":
            assert json.loads(done.out)["audience"] == audience
        else:
            assert ("87.65" in done.out) is (audience == "broker" or not marks)
    assert marked((spec("alpha", TITLE),)) is False


@pytest.mark.parametrize("audience", ["public", "participants"])
def test_the_command_line_says_nothing_either(tmp_path: Path, audience: str) -> None:
    folder = _folder(tmp_path, "withheld")
    commands: list[tuple[str, ...]] = [
        ("compare", folder, "-f", form, "--audience", audience) for form in TEXTS
    ]
    commands += [("explain", "alpha/1", "bravo/2", folder, "--audience", audience)]
    commands += [("explain", "alpha/1", "bravo/9", folder, "--audience", audience)]
    commands += [("validate", folder), ("validate", folder, "-f", "json")]
    for command in commands:
        done = harmonize(*command)
        assert "87.65" not in done.out + done.err
        assert MARK not in done.out + done.err
        assert done.code in (0, 2)


# Broken values of fields that are hidden or that hold money: told, and never quoted.
BROKEN: Final[dict[str, str]] = {
    "a weight": f"weight: {MARK}%",
    "a target": f"target: {{value: 65%, basis: {MARK}}}",
    "an unknown key": f"target: {{value: 65%, basi: {MARK}}}",
    "a status": f"status: {MARK}",
    "ages": "ages: 8765-4321",
    "a threshold": f"threshold: '=> {MARK}'",
    "an incentive": f"incentive: {{amount: 25, perr: {MARK}}}",
    "an incentive's shape": f"incentive: [{MARK}]",
    "a value cut by #": f"steward: abc #{MARK}",
    "a colon": f"steward: abc: {MARK}",
    "a list": f"status: [{MARK}]",
    "a date": f"follow_up: -{MARK} days",
}
ALL_HIDDEN: Final = flow(dict.fromkeys(VALUES, "withheld"))


@pytest.mark.parametrize("name", BROKEN)
def test_messages_quote_nothing_that_is_hidden(tmp_path: Path, name: str) -> None:
    text = (
        f"harmonize: 1\npayer: alpha\nvisibility: {ALL_HIDDEN}\nmeasures:\n"
        f"  - title: {TITLE}\n    {BROKEN[name]}\n"
    )
    folder = str(written(tmp_path, text, text_of("bravo", TITLE)))
    for command in (("compare", folder), ("validate", folder), ("validate", folder, "-f", "json"),
                    ("explain", "a/1", "b/2", folder), ("compare", folder, "--audience",
                                                        "broker")):  # fmt: skip
        done = harmonize(*command)
        assert MARK not in done.out + done.err
        assert "8765" not in done.out + done.err


# --- non-interference on anything ---------------------------------------------------------------

FIELDS: Final = sorted(VALUES.keys() - {"part", "part_of"})  # these two need each other


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(FIELDS), unique=True, max_size=6),
    st.lists(st.sampled_from(FIELDS), unique=True, max_size=6),
    st.sampled_from(["withheld", "participants"]),
    st.booleans(),
)
def test_hiding_is_the_same_as_never_having_said(
    said: list[str], hidden: list[str], mark: str, in_file: bool
) -> None:
    values = {name: VALUES[name][0] for name in {*said, *hidden}}
    marks = dict.fromkeys(hidden, mark)
    line: dict[str, Any] = {"id": "1", "title": TITLE, **values}
    about: dict[str, Any] = {"visibility": marks} if marks and in_file else {}
    if marks and not in_file:
        line["visibility"] = marks
    kept = {k: v for k, v in line.items() if k not in hidden and k != "visibility"}
    other = spec("bravo", {"id": "2", "title": TITLE, **{k: OTHERS[k] for k in values
                                                         if k in OTHERS}})  # fmt: skip
    hiding, silent = spec("alpha", line, **about), spec("alpha", kept)
    assert _seen((hiding, other), "public") == _seen((silent, other), "public")
    assert _seen((hiding, other), "broker") == json.loads(
        plain_json(spec("alpha", {k: v for k, v in line.items() if k != "visibility"}), other)
    )
    assert {m.ref for m in items(redact(hiding, "public"))} == {m.ref for m in items(silent)}


def test_what_a_set_hides_is_hidden_of_the_set_too() -> None:
    one = MeasureSet(
        harmonize="1", payer="alpha", follows="HEDIS MY2024", visibility={"follows": "withheld"}
    )
    assert redact(one, "public").follows is None
    assert redact(one, "broker").follows == "HEDIS MY2024"
