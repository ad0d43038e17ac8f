"""Why a pair is or is not one measure: numbers that add up, and the entries that were used."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pytest
from building import KNOWN, Line, example, harmonize, items, spec, table, text_of, written
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize import audience
from harmonize.evidence import Verdict, probability
from harmonize.explanation import Explanation, explain
from harmonize.knowledge import Knowledge
from harmonize.render import explanation
from harmonize.sets import MeasureSet
from harmonize.slots import names, profile
from harmonize.tracing import Use, uses

CBP: Final = "Controlling High Blood Pressure"
WRITTEN: Final = ("slip", "glued", "stop")  # rules that no entry with a source of its own is for


def _used(line: Line, knowledge: Knowledge = KNOWN) -> tuple[Use, ...]:
    return uses(items(spec("one", line))[0], knowledge)


# --- entries that were used ---------------------------------------------------------------------

# line, rule, what it reads, what it reads it as
USED: Final[list[tuple[Line, str, str, str]]] = [
    ("Controling High Blood Pressure", "slip", "controling", "controlling"),
    ("Controlling High BP", "abbreviation", "bp", "blood pressure"),
    ("Follow-Up After ED Visit", "abbreviation", "ed", "emergency department"),
    ("Hemoglobin A1c Testing", "synonym", "hemoglobin a1c", "hba1c"),
    ("Colon Cancer Screening", "synonym", "colon cancer", "colorectal cancer"),
    ("Colon Cancer Screening", "slot", "colorectal cancer", "cancer: colorectal cancer"),
    ("Functional Status for Knee Impairments", "slot", "knee", "body site: knee"),
    ("Percentage of Adults Screened", "boilerplate", "percentage of adult", ""),
    ("Use of Statins", "stop", "of", ""),
    ("BCS-E", "acronym", "BCS", "Breast Cancer Screening"),
    ("Breast Cancer Screening", "measure", "Breast Cancer Screening", "Breast Cancer Screening"),
    ({"title": "Care", "description": "Screened for breast cancer"}, "slot", "breast cancer",
     "cancer: breast cancer"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "rule", "read", "as_"), USED)
def test_an_entry_that_was_used_is_named(line: Line, rule: str, read: str, as_: str) -> None:
    found = [u for u in _used(line) if (u.rule, u.read, u.as_) == (rule, read, as_)]
    assert found, [u for u in _used(line) if u.rule == rule]
    assert all(u.source.place == "" for u in found)
    assert rule in WRITTEN or all(u.source.text for u in found)


UNUSED: Final = [
    ("Controlling High Blood Pressure", "abbreviation"),
    ("Quilted Marmalade", "synonym"),
    ("Quilted Marmalade", "measure"),
]


@pytest.mark.parametrize(("line", "rule"), UNUSED)
def test_what_was_not_used_is_not_named(line: str, rule: str) -> None:
    assert [u for u in _used(line) if u.rule == rule] == []


def test_the_words_are_named_but_for_which_an_abbreviation_stood_for_something_else() -> None:
    (one,) = (u for u in _used("DR Macular Edema") if u.rule == "abbreviation")
    assert one.read == "dr"
    assert set(one.because.split()) <= {"macular", "edema"}
    assert one.because


def test_a_measure_says_by_what_it_was_found() -> None:
    line = {"title": CBP, "ids": {"cms": "CMS165v13"}, "acronym": "CBP"}
    (one,) = (u for u in _used(line) if u.rule == "measure")
    assert one.because == "a name 100% alike, cms CMS165, acronym CBP"
    assert one.source.text


def test_a_description_is_told_from_a_title() -> None:
    line = {"title": "Mammography", "description": "Women with an ED visit"}
    places = {u.where for u in _used(line) if u.rule == "abbreviation"}
    assert places == {"description"}


def test_what_a_rate_names_itself_goes_before_its_measure_and_alone_is_named() -> None:
    rates = [{"id": "r", "title": "Breast"}]
    item = items(spec("one", {"id": "W", "title": "Knee and Hip Review", "rates": rates}))[1]
    assert profile(item, KNOWN).named["body site"] == {"breast"}
    assert {u.as_ for u in uses(item, KNOWN) if u.rule == "slot"} == {"body site: breast"}


def test_every_entry_behind_the_names_of_the_catalogue_has_its_source() -> None:
    lost = {
        (use.rule, use.read, use.as_)
        for _, name in names(KNOWN)[::5]
        for use in _used(name)
        if use.rule not in WRITTEN and not use.source.text
    }
    assert lost == set()


PIECES: Final = re.findall(
    r"\S+",
    "screening cancer breast diabetes control follow-up after hospitalization adult 7 30 days >9% "
    "<8% ages 12-17 18+ (BCS) rate of care BP A1c ED depresion HEDIS NQF#0018 percentage ( 10 FUH",
)
TITLES: Final = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map(" ".join)
LINES: Final = st.fixed_dictionaries(
    {"id": st.just("1"), "title": TITLES},
    optional={"description": TITLES, "acronym": st.sampled_from(["BCS", "FUH"])},
)


@given(LINES)
def test_listening_changes_nothing(line: dict[str, Any]) -> None:
    heard: list[object] = []
    (item,) = items(spec("one", line))
    listened = profile(item, KNOWN, {"title": heard.append, "description": heard.append})
    assert listened == profile(item, KNOWN)


# --- numbers that add up ------------------------------------------------------------------------


def _adds_up(told: Explanation) -> None:
    total = sum(e.weight for e in told.evidence) + told.veto * len(told.vetoes)
    assert total == pytest.approx(told.log_odds, abs=1e-3)
    assert told.steps[0].name == "by itself"
    assert told.steps[0].confidence == pytest.approx(probability(told.log_odds), abs=1e-4)
    assert told.steps[-1].confidence == told.confidence
    assert all(0 <= step.confidence <= 1 and step.detail for step in told.steps)
    changes = zip(told.steps, told.steps[1:], strict=False)
    assert [a for a, b in changes if b.name != "runner-up" and a.confidence == b.confidence] == []
    assert told.evidence[0].name == "start"
    assert told.reason


def _turned(told: Explanation) -> list[tuple[str, str, str]]:
    swap = str.maketrans("ab", "ba")
    sides = {"only a says it", "only b says it", "a is broader", "b is broader"}
    return [
        (r.name, r.right, r.left, r.means.translate(swap) if r.means in sides else r.means)[:3]
        for r in told.rows
    ]


def _symmetric(told: Explanation, back: Explanation) -> None:
    assert (told.confidence, told.verdict, told.log_odds) == (
        back.confidence,
        back.verdict,
        back.log_odds,
    )
    assert {(e.name, e.weight) for e in told.evidence} == {
        (e.name, e.weight) for e in back.evidence
    }
    assert _turned(told) == [(r.name, r.left, r.right) for r in back.rows]
    assert [s.confidence for s in told.steps] == [s.confidence for s in back.steps]
    assert {(r.item.ref, r.confidence) for r in told.rivals} == {
        (r.item.ref, r.confidence) for r in back.rivals
    }
    sides = {"a": "b", "b": "a", "both": "both"}
    assert {(sides[side], use) for side, use in told.uses} == set(back.uses)


@settings(max_examples=25)
@given(LINES, LINES, st.lists(TITLES, max_size=2))
def test_any_pair_adds_up_and_has_no_first_side(
    left: dict[str, Any], right: dict[str, Any], more: list[str]
) -> None:
    others = [{"id": f"x{i}", "title": title} for i, title in enumerate(more)]
    sets = spec("one", left), spec("two", right, *others)
    told = explain(sets, "one/1", "two/1", KNOWN)
    _adds_up(told)
    _symmetric(told, explain(sets, "two/1", "one/1", KNOWN))


@pytest.mark.parametrize("name", ["rates", "first"])
def test_pairs_of_the_examples_add_up(name: str) -> None:
    sets = example(name, "specs")
    refs = [m.ref for m in items(*sets)]
    for left, right in list(combinations(refs, 2))[::9]:
        _adds_up(explain(sets, left, right, KNOWN))


# --- what came of it ----------------------------------------------------------------------------

# Weights that stay as they are when the model is fitted again: these tests are about what follows.
FIXED: Final = replace(
    KNOWN,
    coefficients=defaultdict(
        float,
        {
            "start": -3.0, "title": 2.0, "same words": 1.5, "left over": -1.5, "added": -0.5,
            "spelling": 0.8, "acronym": 2.5, "description": 5.5,
        },
    ),
)  # fmt: skip
SKIN: Final = "Xerosis Screening and Emollient Counseling"


def _told(sets: tuple[MeasureSet, ...], left: str, right: str) -> Explanation:
    told = explain(sets, left, right, FIXED)
    _adds_up(told)
    _symmetric(told, explain(sets, right, left, FIXED))
    return told


def _steps(told: Explanation) -> list[str]:
    return [step.name for step in told.steps]


def test_alone_a_pair_is_as_sure_as_its_weights() -> None:
    told = _told((spec("one", SKIN), spec("two", SKIN)), *_refs(SKIN))
    assert (told.verdict, _steps(told)) == (Verdict.MATCH, ["by itself"])
    assert told.fate[0].startswith("one concept: ")


def _refs(title: str) -> tuple[str, str]:
    ids = [items(spec(payer, title))[0].ref for payer in ("one", "two")]
    return ids[0], ids[1]


def test_a_tie_is_a_runner_up_and_no_match() -> None:
    twice = spec("two", {"id": "1", "title": SKIN}, {"id": "2", "title": SKIN})
    told = _told((spec("one", {"id": "1", "title": SKIN}), twice), "one/1", "two/1")
    assert told.verdict is Verdict.POSSIBLE
    assert "runner-up" in _steps(told)
    assert "two/2" in told.steps[1].detail
    assert told.confidence < told.steps[0].confidence
    assert "tie with two/2" in told.reason
    assert told.fate[-1] == "the pair is shown as possible, to be settled"
    assert [(r.of, r.item.ref) for r in told.rivals] == [("a", "two/2")]


def test_what_has_its_partner_already_says_which() -> None:
    near = "Xerosis Screening and Emollient Counseling Plan"
    sets = (
        spec("one", {"id": "1", "title": SKIN}),
        spec("two", {"id": "1", "title": SKIN}, {"id": "2", "title": near}),
    )
    told = _told(sets, "one/1", "two/2")
    assert told.verdict is Verdict.NONMATCH
    assert _steps(told)[-1] == "settled elsewhere"
    assert "two/1" in told.reason
    best = max(told.rivals, key=lambda r: r.confidence)
    assert (best.of, best.item.ref, best.verdict) == ("a", "two/1", Verdict.MATCH)


def test_a_way_through_another_says_which_and_multiplies() -> None:
    titles = ("Emollient Use", "Emollient Use Xerosis Screening", "Xerosis Screening")
    payers = ("one", "two", "six")
    sets = tuple(
        spec(payer, {"id": "1", "title": title, "acronym": "XSE"})
        for payer, title in zip(payers, titles, strict=True)
    )
    told = _told(tuple(sorted(sets, key=lambda s: s.payer)), "one/1", "six/1")
    assert (told.verdict, _steps(told)[-1]) == (Verdict.MATCH, "through another")
    legs = [float(x) for x in re.findall(r"0\.\d{4}", told.steps[-1].detail)]
    assert "two/1" in told.steps[-1].detail
    assert legs[0] * legs[1] == pytest.approx(told.confidence, abs=2e-4)


def test_two_measures_of_one_payer_are_never_one() -> None:
    sets = (spec("one", {"id": "1", "title": SKIN}, {"id": "2", "title": SKIN}), spec("two", CBP))
    told = _told(sets, "one/1", "one/2")
    assert (told.verdict, _steps(told)) == (Verdict.NONMATCH, ["by itself", "one list"])
    assert told.rivals == ()


def test_two_ways_of_collecting_one_measure_are_one() -> None:
    twice = spec("one", {"id": "001", "title": SKIN, "data_source": "claims"},
                 {"id": "001SSP", "title": SKIN, "data_source": "registry", "part_of": "001",
                  "part": "collection type"})  # fmt: skip
    told = _told((twice, spec("two", CBP)), "one/001", "one/001SSP")
    assert (told.verdict, told.confidence) == (Verdict.MATCH, 1.0)


def test_rates_are_not_offered_by_themselves() -> None:
    def rated(payer: str, title: str) -> MeasureSet:
        return spec(
            payer,
            {"id": "W", "title": "Emollient", "rates": [{"id": "r", "title": title}]},
        )

    sets = (rated("one", "Skin Check Visit Held"), rated("two", "Skin Check Visit Made"))
    told = _told(sets, "one/W/r", "two/W/r")
    assert told.verdict is Verdict.NONMATCH
    assert [r.means for r in told.rows if r.name == "rate or part"] == ["agree"]


def test_a_description_that_parts_two_says_so_and_without_it_nothing_does() -> None:
    lines = [
        {"id": "1", "title": "Cancer Screening Rate", "description": f"Screened for {site} cancer"}
        for site in ("breast", "cervical")
    ]
    sets = spec("one", lines[0]), spec("two", lines[1])
    told = _told(sets, "one/1", "two/1")
    assert told.verdict is Verdict.NONMATCH
    assert "description" in told.reason
    parted = [r for r in told.rows if r.means == "differ: veto"]
    assert parted
    assert all("by the description" in r.name for r in parted)
    shown = {(use.where, use.rule) for _, use in told.shown_uses if use.where == "description"}
    assert shown == {("description", "slot")}
    bare = spec("one", {"id": "1", "title": "Cancer Screening Rate"}), sets[1]
    assert _told(bare, "one/1", "two/1").vetoes == ()


def test_too_little_in_common_is_said() -> None:
    """Descriptions that are not the same may speak for titles that nobody would look at."""
    same = "Emollient counseling of every xerotic patient during the whole measurement year"
    more = "by a dermatologist, nurse or pharmacist, with written handouts about bathing"
    sets = (
        spec("one", {"id": "1", "title": "Quilted Marmalade", "description": same}),
        spec("two", {"id": "1", "title": "Velvet Hubcap", "description": f"{same} {more}"}),
    )
    sure = replace(FIXED, coefficients=defaultdict(float, FIXED.coefficients | {"start": -1.0}))
    told = explain(sets, "one/1", "two/1", sure)
    _adds_up(told)
    assert told.verdict is Verdict.NONMATCH
    assert _steps(told)[-1] == "not offered"
    assert "too few telling words" in told.reason


# --- rows ---------------------------------------------------------------------------------------

# left, right, row, what it means
MEANT: Final[list[tuple[Line, Line, str, str]]] = [
    ("Breast Cancer Screening", "Colorectal Cancer Screening", "cancer", "differ: veto"),
    ("Breast Cancer Screening", "Mammography", "cancer", "agree"),
    ("Hip or Knee Pain", "Knee Pain", "body site", "agree in part"),
    ("Cancer Screening", "Breast Cancer Screening", "cancer", "a is broader"),
    ("Breast Cancer Screening", "Cancer Screening", "cancer", "b is broader"),
    ("Breast Cancer Screening", "Screening", "cancer", "only a says it"),
    ("Screening", "Breast Cancer Screening", "cancer", "only b says it"),
    ("Visits, ages 3-21", "Visits, ages 65+", "ages", "differ: veto"),
    ("Visits, ages 3-21", "Visits, ages 3-17", "ages", "differ: no veto"),
    ("Visit within 7 days", "Visit within 30 days", "time window", "differ: veto"),
    ("A1c (>9%)", "A1c (<8%)", "cut", "differ: veto"),
    ("A1c (>9%)", "A1c (<=9%)", "cut", "agree"),
    ("Immunization (Combo 3)", "Immunization (Combo 10)", "combination", "differ: veto"),
    ({"title": CBP, "ids": {"cbe": "0018"}}, {"title": CBP, "ids": {"cbe": "0018"}}, "ids.cbe",
     "agree"),
    ({"title": CBP, "ids": {"cbe": "0018"}}, {"title": CBP, "ids": {"cbe": "0059"}}, "ids.cbe",
     "differ"),
    (f"{CBP} (CBP)", f"{CBP} (CBP-E)", "acronym", "agree"),
    ({"title": CBP, "improvement_notation": "increase"},
     {"title": CBP, "improvement_notation": "decrease"}, "direction, stated",
     "differ: no evidence, shown as a difference"),
    (CBP, "Controlling High BP", "in the catalogue", "agree"),
    (CBP, "Controlling High BP", "telling words", ""),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "row", "means"), MEANT)
def test_rows_say_what_they_mean(left: Line, right: Line, row: str, means: str) -> None:
    one, two = spec("one", _with_id(left)), spec("two", _with_id(right))
    told = explain((one, two), "one/1", "two/1", KNOWN)
    assert [r.means for r in told.rows if r.name == row] == [means]


def _with_id(line: Line) -> Mapping[str, Any]:
    return {"id": "1", **({"title": line} if isinstance(line, str) else line)}


def test_ages_that_a_payer_states_are_no_row() -> None:
    stated = spec("one", {"id": "1", "title": CBP, "ages": "18-85"})
    told = explain((stated, spec("two", {"id": "1", "title": CBP})), "one/1", "two/1", KNOWN)
    assert "ages" not in {r.name for r in told.rows}


# --- drawn --------------------------------------------------------------------------------------

PAIR: Final = ("west/FUH-7", "north/FUH/r30")


@pytest.mark.parametrize("width", [80, 200])
def test_the_table_adds_up_and_fits(width: int) -> None:
    told = audience.explain(example("rates", "specs"), *PAIR, KNOWN, "broker")
    text = explanation(told, as_json=False, width=width, color=False)
    assert max(map(len, text.splitlines())) <= width
    block = text[text.index("\nevidence ") : text.index("\nconfidence ")]
    found = re.findall(r"^\S.*?\s([+-]\d+\.\d{4})(?:\s|$)", block, re.MULTILINE)
    weights = [float(number) for number in found]
    assert len(weights) > 3
    assert sum(weights[:-1]) == pytest.approx(weights[-1], abs=5e-4)
    assert "VETO time window" in " ".join(text.split())


def test_json_keeps_what_is_promised_and_adds_at_the_end() -> None:
    told = audience.explain(example("rates", "specs"), *PAIR, KNOWN, "broker")
    found = json.loads(explanation(told, as_json=True, width=None, color=False))
    promised = ["a", "b", "slots", "evidence", "vetoes", "confidence", "verdict"]
    assert [key for key in found if key in promised] == promised
    assert list(found)[-5:] == ["runner_up", "log_odds", "steps", "knowledge", "crosswalk"]
    total = sum(e["weight"] for e in (*found["evidence"], *found["vetoes"]))
    assert total == pytest.approx(found["log_odds"], abs=1e-3)
    assert found["steps"][-1]["confidence"] == found["confidence"]
    assert {one["side"] for one in found["knowledge"]} <= {"a", "b", "both"}
    assert [one["own"] for one in found["knowledge"] if one["own"]] == []


def test_explain_agrees_with_every_row_of_pairs() -> None:
    sets = example("rates", "specs")
    rows = table("pairs", *sets).rows
    assert rows
    for row in rows:
        told = explain(sets, f"{row[0]}/{row[1]}", f"{row[3]}/{row[4]}", KNOWN)
        assert (f"{told.confidence:.4f}", str(told.verdict)) == (row[6], row[7])


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    hidden = {
        "id": "W", "title": CBP, "visibility": {"rates": "withheld"},
        "rates": [{"id": "secret", "title": "Zyzzyva"}],
    }  # fmt: skip
    written(tmp_path / "specs", text_of("alpha", hidden), text_of("bravo", {"id": "2", "title":
                                        CBP}), names=["alpha.yaml", "bravo.yaml"])  # fmt: skip
    monkeypatch.chdir(tmp_path)
    return tmp_path


UNKNOWN: Final = [
    (("alpha/V", "bravo/2"), "specs/alpha.yaml:1:1: HZ010 no measure 'alpha/V': did you mean"),
    (("alpha/W", "bravo/zz9"), "specs/bravo.yaml:1:1: HZ010 no measure 'bravo/zz9': "),
    (("alpha/W", "zulu/2"), "B:1:1: HZ010 no payer 'zulu': here are alpha, bravo"),
    (("qqqqqqq", "bravo/2"), "A:1:1: HZ010 no measure 'qqqqqqq': give it as payer/id; here are "),
]


@pytest.mark.parametrize(("pair", "line"), UNKNOWN)
def test_an_unknown_measure_is_looked_for_where_it_should_be(
    folder: Path, pair: tuple[str, str], line: str
) -> None:
    done = harmonize("explain", *pair)
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith(line)


def test_what_is_hidden_is_not_there_to_be_explained(folder: Path) -> None:
    assert harmonize("explain", "alpha/W/secret", "bravo/2", "--audience", "broker").code == 0
    for asked in ("alpha/W/secret", "alpha/W/none"):
        done = harmonize("explain", asked, "bravo/2", "--audience", "public")
        assert done.code == 2
        assert "Zyzzyva" not in done.err


def test_what_is_looked_up_is_looked_up_in_what_the_audience_may_see(folder: Path) -> None:
    told = [
        harmonize("explain", asked, "bravo/2", "--audience", "public").err.replace(asked, "?")
        for asked in ("alpha/W/secret", "alpha/W/absent")
    ]
    assert told[0] == told[1]
