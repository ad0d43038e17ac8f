"""What the standard says of an item: through what it follows or cites, in its year, or nothing."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import pytest
from building import KNOWN, STANDARDS, items, spec
from hypothesis import given
from hypothesis import strategies as st

from harmonize.catalogue import entry_of
from harmonize.fields import declared
from harmonize.measures import Measure
from harmonize.reading import standards as reading
from harmonize.reading.knowledge import plain
from harmonize.reading.nodes import parse
from harmonize.sets import MeasureSet
from harmonize.slots import profile
from harmonize.standards import (
    ATTRIBUTES,
    KINDS,
    NO_STANDARDS,
    Change,
    Edition,
    Fact,
    Standard,
    Standards,
    cited,
    edition_of,
    named_by,
    standard_of,
    year_of,
)
from harmonize.values import Text, read_ages, read_threshold, stated

CBP: Final = "Controlling High Blood Pressure"


def facts(*rows: Mapping[str, Any], history: tuple[Mapping[str, Any], ...] = ()) -> Standards:
    """Standards of rows as the file has them."""
    whole = [{"from": "2015", "source": "a list", **row} for row in rows]
    changes = [{"source": "a list", **row} for row in history]
    return reading.made_of({"facts": whole, "history": changes})


SAMPLE: Final = facts(
    {"measure": "CBP", "spec": "hedis", "until": "2017", "ages": "18-59"},
    {"measure": "CBP", "spec": "hedis", "from": "2018", "ages": "18-85",
     "threshold": "< 140/90 mm Hg", "improvement_notation": "increase", "data_source": "claims"},
    {"measure": "CBP", "spec": "cms", "ages": "18-85", "data_source": ["ehr"]},
    {"measure": "COL", "spec": "hedis", "until": "2021", "ages": "50-75"},
    {"measure": "COL", "spec": "hedis", "from": "2022", "ages": "45-75"},
    {"measure": "COL", "spec": "cms", "until": "2022", "ages": "50-75"},
    {"measure": "COL", "spec": "cms", "from": "2023", "ages": "45-75"},
    {"measure": "FUH", "ages": "6+", "improvement_notation": "increase"},
    {"measure": "FUH", "spec": "medicaid adult", "ages": "18+"},
    {"measure": "FUH7", "follow_up": "7 days"},
    {"measure": "MCC_ADM_CLIN", "spec": "mips", "ages": "65+"},
)  # fmt: skip


def holds(
    line: Mapping[str, Any], standards: Standards = SAMPLE, **about: Any
) -> dict[str, tuple[str, str]]:
    """What holds for one line: attribute -> (value, edition)."""
    payer = spec("alpha", {"title": CBP, **line}, **{"measurement_year": "2024", **about})
    (item, *_) = items(payer)
    found = entry_of(profile(item, KNOWN), KNOWN)
    told = standard_of(item, payer, found[0] if found else None, standards, KNOWN)
    return {one.attribute: (stated(one.value), one.edition) for one in told}


# --- whose edition, of which year ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("HEDIS MY2024", ("hedis", 2024)),
        ("HEDIS MY 2024", ("hedis", 2024)),
        ("NCQA HEDIS 2023, Volume 2", ("hedis", 2023)),
        ("HEDIS 2019", ("hedis", 2018)),
        ("MIPS 2025", ("mips", 2025)),
        ("QPP 2024", ("mips", 2024)),
        ("Medicaid Adult Core Set 2025", ("medicaid adult", 2024)),
        ("Child Core Set 2025", ("medicaid child", 2024)),
        ("2025 Star Ratings", ("star", 2023)),
        ("CMS165v13", ("cms", None)),
        ("eCQM 2025", ("cms", 2025)),
        ("CBE 2605", ("cbe", None)),
        ("NQF #0018", ("cbe", None)),
        ("PQA 2024", ("pqa", 2024)),
        ("AHRQ v2024", ("ahrq", 2024)),
    ],
)
def test_editions_as_people_name_them(text: str, wanted: tuple[str, int | None]) -> None:
    found = edition_of(text)
    assert found is not None
    assert (found.spec, found.year) == wanted
    assert found.pinned is (text == "CMS165v13")


@pytest.mark.parametrize("text", ["", "our own specification", "2024", "as agreed", "customs"])
def test_what_names_no_edition(text: str) -> None:
    assert edition_of(text) is None


def test_an_edition_names_its_measure() -> None:
    assert edition_of("CMS165v13") == Edition("cms", None, (("cms", "CMS165"),), pinned=True)


@given(st.text(max_size=40))
def test_any_text_names_an_edition_or_none(text: str) -> None:
    found = edition_of(text)
    assert found is None or found.year is None or 1998 <= found.year <= 2099


@pytest.mark.parametrize(
    ("about", "year"),
    [
        ({"measurement_year": "2024", "reporting_year": "2026"}, 2024),
        ({"reporting_year": "2025"}, 2024),
        ({"effective": {"from": "2023-01-01", "to": "2023-12-31"}}, 2023),
        ({"effective": {"from": "2023-07-01", "to": "2024-06-30"}}, None),
        ({"effective": {"from": "2023-01-01"}}, None),
        ({}, None),
    ],
)
def test_the_year_of_a_list(about: dict[str, Any], year: int | None) -> None:
    assert year_of(spec("alpha", CBP, **about)) == year


# --- which measure ------------------------------------------------------------------------------


def test_only_what_the_payer_cites_is_cited() -> None:
    line = {"title": "Blood Pressure (NQF#0018)", "ids": {"hedis": "CBP", "mips": "236"},
            "assigned": ["ids.hedis"]}  # fmt: skip
    assert cited(items(spec("alpha", line))[0]) == {
        "cbe": frozenset({"0018"}),
        "mips": frozenset({"236"}),
    }
    all_ours = {**line, "assigned": ["ids"]}
    assert cited(items(spec("alpha", all_ours))[0]) == {"cbe": frozenset({"0018"})}


@pytest.mark.parametrize(
    ("ids", "key"),
    [
        ({"cbe": ["0018"]}, "CBP"),
        ({"cms": ["CMS165"], "mips": ["236"]}, "CBP"),
        ({"hedis": ["FUH"]}, "FUH"),  # names the family: the whole
        ({"cbe": ["0576"]}, "FUH"),
        ({"cbe": ["2605"]}, "FUA_2605"),  # not the rates that took its place
        ({"cbe": ["0018"], "cms": ["CMS130"]}, None),  # two measures
        ({"cbe": ["9999"]}, None),
        ({"x-own": ["17"]}, None),
        ({}, None),
    ],
)
def test_the_entry_that_identifiers_name(ids: dict[str, list[str]], key: str | None) -> None:
    found = named_by(ids, KNOWN)
    assert (found.key if found else None) == key


# --- what holds ---------------------------------------------------------------------------------

HEDIS: Final = {
    "ages": ("18-85", "HEDIS 2024"),
    "threshold": ("< 140/90 mm Hg", "HEDIS 2024"),
    "improvement_notation": ("increase", "HEDIS 2024"),
    "data_source": ("claims", "HEDIS 2024"),
}


@pytest.mark.parametrize("how", [
    {"line": {"ids": {"hedis": "CBP"}}},
    {"line": {"follows": "HEDIS MY2024"}, "measurement_year": "2019"},
    {"line": {}, "follows": "HEDIS MY2024"},
    {"line": {"title": f"{CBP} (HEDIS CBP)"}},
    {"line": {"ids": {"hedis": "CBP"}}, "measurement_year": "2024", "reporting_year": "2025"},
])  # fmt: skip
def test_through_what_is_followed_or_cited(how: dict[str, Any]) -> None:
    assert holds(how.pop("line"), **how) == HEDIS


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ({}, {}),  # neither follows nor cites anything
        ({"ids": {"hedis": "CBP"}, "assigned": ["ids.hedis"]}, {}),
        ({"follows": "HEDIS MY2024", "assigned": ["follows"]}, {}),
        ({"follows": "our own rules", "ids": {"hedis": "CBP"}}, {}),
        ({"ids": {"hedis": "CBP"}, "modified": "ages 40 and over"}, {}),
        ({"ids": {"hedis": "CBP"}, "any_of": ["CBP", "BPC"]}, {}),
        ({"title": "Breast Cancer Screening", "ids": {"cbe": "0018"}}, {}),  # contradicts itself
        ({"ids": {"hedis": "CBP"}}, {"measurement_year": "2014"}),  # before what is known
        ({"ids": {"cbe": "0018", "cms": "CMS130v12"}}, {}),  # numbers of two measures
        ({"ids": {"x-own": "17"}}, {}),
    ],
)
def test_where_nothing_is_said(line: dict[str, Any], about: dict[str, Any]) -> None:
    assert holds(line, **about) == {}


def test_without_a_year_nothing_is_said() -> None:
    payer = spec("alpha", {"title": CBP, "ids": {"hedis": "CBP"}})
    assert standard_of(items(payer)[0], payer, None, SAMPLE, KNOWN) == ()


def test_what_is_not_modified_is_as_the_standard() -> None:
    assert holds({"ids": {"hedis": "CBP"}, "modified": "none"}) == HEDIS


@pytest.mark.parametrize(
    ("year", "ages"), [("2017", "18-59"), ("2018", "18-85"), ("2024", "18-85")]
)
def test_the_year_decides(year: str, ages: str) -> None:
    assert holds({"ids": {"hedis": "CBP"}}, measurement_year=year)["ages"][0] == ages


def test_editions_that_disagree_say_nothing() -> None:
    both = {"ids": {"hedis": "CBP", "cms": "CMS165v12"}}
    found = holds(both)
    assert "data_source" not in found  # claims, or EHR
    assert found["ages"] == ("18-85", "2024")  # both say so
    col = {"title": "Colorectal Cancer Screening", "ids": {"hedis": "COL", "cms": "CMS130v11"}}
    assert holds(col, measurement_year="2022") == {}
    assert holds(col)["ages"] == ("45-75", "2024")


def test_a_registry_number_says_what_every_edition_says() -> None:
    assert holds({"ids": {"cbe": "0018"}}) == {"ages": ("18-85", "2024")}


def test_a_measure_of_mips_is_that_of_cms_where_no_more_is_known() -> None:
    assert holds({"ids": {"mips": "236"}})["data_source"] == ("ehr", "CMS 2024")


def test_a_version_without_its_year_says_what_has_never_changed() -> None:
    assert holds({"follows": "CMS165v9"})["ages"] == ("18-85", "CMS 2024")
    assert holds({"title": "Colorectal Cancer Screening", "follows": "CMS130v9"}) == {}


def test_a_core_set_is_an_edition_of_its_own() -> None:
    line = {"title": "Follow-Up After Hospitalization for Mental Illness", "ids": {"hedis": "FUH"}}
    assert holds(line)["ages"][0] == "6+"
    assert holds(line, program="Adult Core Set")["ages"] == ("18+", "Medicaid Adult 2024")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ({"title": "Follow-Up After Hospitalization for Mental Illness"},
         {"ages", "improvement_notation"}),
        ({"title": "Follow-Up After Hospitalization for Mental Illness (7 Days)"}, {"ages"}),
        ({"title": "Follow-Up After Hospitalization for Mental Illness: Ages 6 to 17"}, set()),
        ({"title": "Follow-Up After Hospitalization", "part_of": "FUH", "part": "stratum"}, set()),
        ({"title": "Follow-Up After Hospitalization", "part_of": "FUH", "part": "rate"}, {"ages"}),
    ],
)  # fmt: skip
def test_a_part_has_not_all_of_its_whole(line: dict[str, Any], kept: set[str]) -> None:
    assert set(holds({**line, "ids": {"hedis": "FUH"}})) == kept


def test_words_single_out_a_part_where_the_edition_is_followed() -> None:
    seven = "Follow-Up After Hospitalization for Mental Illness Within Seven Days"
    standards = facts(
        {"measure": "FUH", "ages": "6+", "follow_up": "30 days"},
        {"measure": "FUH7", "data_source": "claims"},
    )
    found = holds({"title": seven, "follows": "HEDIS MY2024"}, standards)
    assert set(found) == {"ages", "data_source"}  # the time is not that of the whole


STATED: Final = {
    "ages": "40-75", "threshold": "< 130/80 mm Hg", "improvement_notation": "decrease",
    "data_source": ["registry"],
}  # fmt: skip


@given(st.sets(st.sampled_from(sorted(STATED))))
def test_it_never_speaks_where_the_payer_does(said: set[str]) -> None:
    line = {"ids": {"hedis": "CBP"}, **{name: STATED[name] for name in said}}
    assert holds(line).keys() == HEDIS.keys() - said


def test_it_never_speaks_where_the_title_does() -> None:
    title = f"{CBP} (<140/90), ages 18 to 84"
    assert set(holds({"title": title, "ids": {"hedis": "CBP"}})) == {
        "improvement_notation", "data_source",
    }  # fmt: skip


@given(st.permutations(SAMPLE.facts))
def test_the_order_of_the_facts_does_not_matter(rows: list[Fact]) -> None:
    shuffled = Standards(facts=tuple(rows))
    for ids in ({"hedis": "CBP"}, {"cbe": "0018"}, {"mips": "236"}):
        assert holds({"ids": ids}, shuffled) == holds({"ids": ids})


def test_with_no_facts_nothing_holds() -> None:
    assert holds({"ids": {"hedis": "CBP"}}, NO_STANDARDS) == {}


def test_a_standard_names_its_edition() -> None:
    assert Standard("ages", None, "hedis", 2024, "a list").edition == "HEDIS 2024"
    assert Standard("ages", None, "", 2024, "a list").edition == "2024"


# --- the file -----------------------------------------------------------------------------------


def test_values_are_those_of_a_spec() -> None:
    cuts = [{"for": "with diabetes", "value": "< 140/90"}, {"for": "others", "value": "< 150/90"}]
    (ages, age_map, threshold) = facts(
        {"measure": "CBP", "ages": "18-85"},
        {"measure": "CBP", "ages": {"min": "3", "max": "35", "unit": "months"}},
        {"measure": "CBP", "threshold": cuts},
    ).facts
    own = items(spec("alpha", {"title": "T", "ages": "18-85", "threshold": cuts}))[0]
    other = items(spec("a", {"title": "T", "ages": {"min": "3", "max": "35", "unit": "months"}}))[0]
    assert ages.values["ages"] == own.ages == read_ages("18-85")
    assert age_map.values["ages"] == other.ages
    assert threshold.values["threshold"] == own.threshold
    one = facts({"measure": "CBP", "threshold": "> 9%"}).facts[0]
    assert one.values["threshold"] == read_threshold("> 9%")


@pytest.mark.parametrize("row", [
    {"ages": "grown up"}, {"threshold": "controlled"}, {"improvement_notation": "up"},
    {"data_source": ["claims", "gossip"]}, {"follow_up": "soon"}, {"events": "often"},
    {"threshold": [{"for": "some", "value": "good"}]},
])  # fmt: skip
def test_a_value_that_no_grammar_covers_is_no_fact(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no grammar"):
        facts({"measure": "CBP", **row})


def _rows(part: str) -> list[dict[str, Any]]:
    text = files("harmonize.data").joinpath(reading.FILE).read_text("utf-8")
    return list(plain(parse(text, reading.FILE))[part])


FACTS: Final = _rows("facts")
HISTORY: Final = _rows("history")


def test_the_shipped_file_knows_its_measures() -> None:
    assert len(STANDARDS.facts) == len(FACTS) > 500
    keys = {row["measure"] for row in (*FACTS, *HISTORY)} | {r["by"] for r in HISTORY if "by" in r}
    assert sorted(keys - KNOWN.by_key.keys()) == []


def test_the_shipped_file_has_only_what_it_may() -> None:
    fields = {"measure", "spec", "from", "until", "rates", "source", *ATTRIBUTES}
    assert [row for row in FACTS if not fields >= row.keys() or not row["source"].strip()] == []
    assert [row for row in FACTS if not row.keys() & {"rates", *ATTRIBUTES}] == []
    assert [f for f in STANDARDS.facts if f.last is not None and f.last < f.first] == []
    assert [v for f in STANDARDS.facts for v in f.values.values() if isinstance(v, Text)] == []
    assert {c.kind for c in STANDARDS.history} <= set(KINDS)
    assert [c for c in STANDARDS.history if not c.source or not 1999 < c.year < 2030] == []
    assert [c for c in STANDARDS.history if (c.kind == "replaced") != bool(c.by)] == []
    renamed = [c for c in STANDARDS.history if c.kind == "renamed"]
    assert [c for c in renamed if not (c.was or c.was_code) or not (c.now or c.now_code)] == []


def test_no_edition_says_two_things_of_one_year() -> None:
    doubled = [
        (a.measure, a.spec, name)
        for own in STANDARDS.facts_of.values()
        for i, a in enumerate(own)
        for b in own[i + 1 :]
        if a.spec == b.spec and a.first <= (b.last or 9999) and b.first <= (a.last or 9999)
        for name in a.values.keys() & b.values.keys()
        if a.values[name] != b.values[name]
    ]
    assert doubled == []


def test_what_a_standard_may_speak_about_are_fields_of_a_measure() -> None:
    assert set(ATTRIBUTES) <= declared(Measure).keys()
    assert isinstance(spec("alpha", CBP), MeasureSet)


def test_replacements_do_not_go_round() -> None:
    after = {c.measure: c.by for c in STANDARDS.history if c.kind == "replaced"}
    for start in after:
        seen, at = {start}, after.get(start)
        while at in after:
            assert at not in seen, start
            seen.add(at)
            at = after[at]


def test_changes_are_in_the_order_of_time() -> None:
    later = Change(measure="CBP", kind="retired", year=2030, source="b")
    first = Change(measure="CBP", kind="renamed", year=2020, source="a")
    assert Standards(history=(later, first)).changes_of["CBP"] == (first, later)


def test_compiled_facts_are_what_the_file_says(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, stale = tmp_path / "made.json", tmp_path / "stale.json"
    made.write_text(reading.compiled(), encoding="utf-8")
    stale.write_text('{"hash": "of another day", "contents": {}}', encoding="utf-8")
    for path in (tmp_path / "none.json", made, stale):
        monkeypatch.setattr(reading, "COMPILED", str(path))
        found = reading.shipped.__wrapped__()
        assert (found.facts, found.history) == (STANDARDS.facts, STANDARDS.history)
