"""Many lists at once: every figure counted by hand, whatever the order and the names."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from building import KNOWN, ROOT, harmonize, spec, text_of, without_sources, written
from deciding import decided, match, pinned_to
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize import notebook
from harmonize.audience import Surveyed, survey
from harmonize.columns import PORTFOLIO
from harmonize.editions import key_of, keyed, latest, year_of
from harmonize.figures import Figure
from harmonize.holdings import VIEWS, document
from harmonize.panorama import TIED, page, top
from harmonize.parts import Held
from harmonize.portfolio import AXES, SAMPLES, grouped
from harmonize.render import portfolio as render
from harmonize.sets import MeasureSet
from harmonize.sharing import DEFINITIONS, definition, histogram, tell

BP: Final = {"id": "bp", "title": "Controlling High Blood Pressure", "use": ["payment"]}
EYE: Final = {"id": "eye", "title": "Eye Exam for Patients with Diabetes"}
COL: Final = {"id": "col", "title": "Colorectal Cancer Screening", "measure_type": "process"}
BCS: Final = {"id": "bcs", "title": "Breast Cancer Screening", "ids": {"cbe": "2372"}}
OWN: Final = {"id": "own", "title": "Lakeside Welcome Calls Answered"}  # made up, as the payers are
SETS: Final = (
    spec("lake", BP, EYE, OWN, measurement_year="2024", payer_type="medicaid", region="OR"),
    spec("lake", BP, EYE, COL, measurement_year="2025", payer_type="medicaid", region="OR",
         members="1,000"),
    spec("ridge", {**BP, "modified": "the last reading of two"}, COL, reporting_year="2025",
         payer_type="commercial", region="or"),
    spec("mesa", BP, BCS, payer_type="medicaid", region="WA", members="500", complete="false"),
    spec("core", BP, EYE, COL, BCS, role="reference", measurement_year="2025"),
)  # fmt: skip
LATEST: Final = "lake@2025", "mesa", "ridge@2025"


def surveyed(*sets: MeasureSet, audience: str = "broker", **more: Any) -> Surveyed:
    return survey(sets, KNOWN, audience, **more)


def told(figures: Iterable[Figure]) -> dict[str, tuple[int | float, int | None]]:
    return {f.figure: (f.value, f.of) for f in figures}


def sampled(*sets: MeasureSet, **more: Any) -> list[dict[str, tuple[int | float, int | None]]]:
    return [told(s.figures) for s in surveyed(*sets, **more).portfolio.samples]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- counted by hand ----------------------------------------------------------------------------

BY_HAND: Final[dict[str, tuple[tuple[int | float, int | None] | None, ...]]] = {
    "sets": ((4, None), (3, None)),
    "programmes": ((3, None), (3, None)),
    "without_measures": ((0, 4), (0, 3)),
    "partial": ((1, 4), (1, 3)),
    "measures_listed": ((10, None), (7, None)),
    "distinct_measures": ((5, 10), (4, 7)),
    "asks": ((10, 10), (7, 7)),
    "shared_by_two_or_more": ((3, 5), (2, 4)),
    "shared_by_two_or_more_percent": ((60.0, None), (50.0, None)),
    "shared_by_two_or_more_programmes": ((2, 5), (2, 4)),
    "asks_shared": ((8, 10), (5, 7)),
    "used_by:1": ((2, 5), (2, 4)),
    "used_by:2": ((2, 5), (1, 4)),
    "used_by:3": (None, (1, 4)),
    "used_by:4": ((1, 5), None),
    "most_used": ((4, 4), (3, 3)),
    "most_used_percent": ((100.0, None), (100.0, None)),
    # of each two: 1/2, 1/4, 1/4, 2/3, 1/4, 1/3; the last three of them are of latest editions
    "overlap_of_two": ((37.5, None), (41.7, None)),
    "overlap_of_two_in_domains": ((66.7, None), (100.0, None)),
    "standard": ((4, 5), (4, 4)),
    "standard_asks": ((9, 10), (7, 7)),
    "cbe_or_hedis": ((4, 5), (4, 4)),
    "cbe_or_hedis_asks": ((9, 10), (7, 7)),
    "identified": ((1, 10), (1, 7)),
    "homegrown": ((1, 5), (0, 4)),
    "homegrown_known": ((0, 5), (0, 4)),
    "homegrown_asks": ((1, 10), (0, 7)),
    "origin_not_known": ((0, 5), (0, 4)),
    "sets_with_modified": ((1, 4), (1, 3)),
    "sets_half_modified": ((1, 4), (1, 3)),
    "sets_all_modified": ((0, 4), (0, 3)),
    "modified": ((1, 10), (1, 7)),
    "members": (None, (1500, None)),  # the members of two years of lake are the same people
    "members_stated": ((2, 4), (2, 3)),
    "possible_matches": ((0, None), (0, None)),
}


@pytest.mark.parametrize("figure", BY_HAND)
def test_a_figure_is_what_is_counted_by_hand(figure: str) -> None:
    assert tuple(own.get(figure) for own in sampled(*SETS)) == BY_HAND[figure]


def test_every_figure_is_counted_by_hand_and_told_with_its_definition() -> None:
    found = surveyed(*SETS).portfolio
    names = {f.figure for s in found.samples for f in s.figures}
    names |= {c.figure.figure for s in found.samples for c in s.cells}
    percentages = {n for n in names if n.endswith("_percent")}
    cells = {"lists", "kept", "measures_of_both", "domains_of_both"}
    assert names - percentages - cells <= BY_HAND.keys()
    assert {n.partition(":")[0] for n in names} == {d.figure.strip(":") for d in DEFINITIONS}
    assert all(definition(name).counts for name in names)


def group(axis: str, name: str, sample: int = 1) -> dict[str, tuple[int | float, int | None]]:
    found = surveyed(*SETS).portfolio.samples[sample].groups
    return told(next(g.figures for g in found if (g.axis, g.name) == (axis, name)))


@pytest.mark.parametrize(
    ("axis", "name", "sets", "listed", "distinct", "shared"),
    [
        ("payer_type", "medicaid", 2, 5, 4, 1),
        ("payer_type", "commercial", 1, 2, 2, 0),
        ("region", "OR", 2, 5, 3, 2),
        ("region", "WA", 1, 2, 2, 0),
        ("year", "2025", 2, 5, 3, 2),
        ("year", "not stated", 1, 2, 2, 0),
        ("use", "payment", 3, 7, 4, 2),
        ("contract_type", "not stated", 3, 7, 4, 2),
        ("domain", "chronic conditions", 3, 4, 2, 1),
        ("domain", "prevention and screening", 3, 3, 2, 1),
        ("measure_type", "process", 2, 2, 1, 1),
        ("measure_type", "not stated", 3, 5, 3, 1),
    ],
)
def test_groups(axis: str, name: str, sets: int, listed: int, distinct: int, shared: int) -> None:
    found = group(axis, name)
    assert found["sets"][0] == sets
    assert found["measures_listed"][0] == listed
    assert found["distinct_measures"] == (distinct, listed)
    assert found["shared_by_two_or_more"] == (shared, distinct)


def cells(matrix: str, sample: int = 0) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    found = surveyed(*SETS).portfolio.samples[sample].cells
    return {
        (c.row, c.column, c.figure.figure): (c.figure.value, c.figure.of)
        for c in found
        if c.matrix == matrix
    }


def test_a_matrix_of_regions_and_payer_types() -> None:
    found = cells("region_by_payer_type")
    assert found["OR", "medicaid", "measures_listed"] == (6, None)
    assert found["OR", "medicaid", "lists"] == (2, None)
    assert found["OR", "medicaid", "distinct_measures"] == (4, 6)
    assert found["OR", "commercial", "measures_listed"] == (2, None)
    assert ("WA", "commercial", "lists") not in found
    listed = [v for (*_, figure), (v, _) in found.items() if figure == "measures_listed"]
    assert sum(listed) == 10


def test_what_an_edition_keeps_of_the_one_before() -> None:
    found = cells("payer_by_year")
    assert found["lake", "2024", "measures_listed"] == (3, None)
    assert found["lake", "2025", "kept"] == (2, 3)
    assert found["mesa", "not stated", "measures_listed"] == (2, None)
    assert ("lake", "2024", "kept") not in found
    assert all(figure != "kept" for *_, figure in cells("payer_by_year", 1))


def test_an_edition_without_measures_drops_none() -> None:
    silent = spec("lake", measurement_year="2026", payment={"lan_categories": ["2A"]})
    later = spec("lake", BP, measurement_year="2027")
    kept = {
        c.column: (c.figure.value, c.figure.unit)
        for c in surveyed(*SETS, silent, later).portfolio.samples[0].cells
        if (c.row, c.figure.figure) == ("lake", "kept")
    }
    assert kept.keys() == {"2025", "2027"}
    assert kept["2027"] == (1, "measures asked for in 2025")


def test_what_a_list_in_part_leaves_out_may_be_there_and_is_marked() -> None:
    part = spec("lake", BP, measurement_year="2026", complete="false")
    found = surveyed(*SETS, part)
    (kept,) = (
        c.figure
        for c in found.portfolio.samples[0].cells
        if (c.column, c.figure.figure) == ("2026", "kept")
    )
    assert kept == Figure("kept", 1, 3, "measures asked for in 2025; this list is not whole")
    shown = next(s for s in page(found).sections if s.title == "PAYER BY YEAR")
    assert shown.rows == (("lake", "3", "3 (2/3)", "1~ (1/3)"),)


def test_groups_share_measures_and_domains_and_these_are_two_numbers() -> None:
    found = cells("overlap_by_payer_type", 1)
    assert found["commercial", "medicaid", "measures_of_both"] == (2, 4)
    assert found["commercial", "medicaid", "domains_of_both"] == (2, 2)
    assert not any("not stated" in key for key in cells("overlap_by_year"))


def test_a_group_that_says_nothing_agrees_with_nobody() -> None:
    silent = spec("dell", BP), spec("glen", BP)
    found = surveyed(*SETS, *silent).portfolio.samples[0].cells
    assert not [
        c for c in found if c.matrix.startswith("overlap") and "not stated" in (c.row, c.column)
    ]


def test_a_type_that_two_lists_state_otherwise_is_no_type() -> None:
    two = spec("a", COL), spec("b", {**COL, "measure_type": "outcome"})
    assert [h.kind for h in surveyed(*two).portfolio.whole.held] == [""]
    three = (*two, spec("c", COL))
    assert [h.kind for h in surveyed(*three).portfolio.whole.held] == ["process"]


# --- references, order, names -------------------------------------------------------------------


def test_references_are_shown_and_counted_nowhere() -> None:
    with_, without = surveyed(*SETS), surveyed(*SETS[:-1])
    assert with_.portfolio.samples == without.portfolio.samples
    shown = [r for r in rows(render.as_csv(with_, "sets")) if r["key"] == "core@2025"]
    assert shown[0]["role"] == "reference"
    assert shown[0]["measures_listed"] == "4"
    assert shown[0]["asks"] == shown[0]["shared"] == shown[0]["latest"] == ""
    assert "Shown and counted nowhere: core@2025." in page(with_).notes
    assert "core@" not in render.as_csv(with_, "measures")


@given(st.permutations(SETS))
@settings(max_examples=5, deadline=None)
def test_order_changes_nothing(sets: list[MeasureSet]) -> None:
    turned = (replace(s, measures=(s.measures or ())[::-1]) for s in sets)
    assert document(surveyed(*turned)) == document(surveyed(*SETS))


def test_other_names_of_payers_change_names_and_no_figure() -> None:
    names = {"lake": "ridge", "ridge": "zinc", "mesa": "lake", "core": "core"}

    def renamed(one: MeasureSet) -> MeasureSet:
        name = names[one.payer]
        own = tuple(replace(m, payer=name) for m in one.measures or ())
        return replace(one, payer=name, measures=own)

    before, after = surveyed(*SETS).portfolio, surveyed(*map(renamed, SETS)).portfolio
    assert [s.figures for s in before.samples] == [s.figures for s in after.samples]
    assert [s.groups for s in before.samples] == [s.groups for s in after.samples]
    order = [(h.concept, h.label) for h in before.whole.held]
    assert order == [(h.concept, h.label) for h in after.whole.held]


# --- properties ---------------------------------------------------------------------------------

TITLES: Final = ("Controlling High Blood Pressure", "Colorectal Cancer Screening",
                 "Breast Cancer Screening", "Eye Exam for Patients with Diabetes",
                 "Lakeside Welcome Calls Answered", "Plan All-Cause Readmissions")  # fmt: skip
LISTS: Final = st.lists(
    st.tuples(
        st.sampled_from(["lake", "ridge", "mesa"]),
        st.sampled_from(["", "2023", "2024", "2025"]),
        st.sets(st.sampled_from(TITLES), min_size=1),
        st.sampled_from(["", "medicaid", "commercial"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[:2],
)


def made(lists: Iterable[tuple[str, str, set[str], str]]) -> tuple[MeasureSet, ...]:
    return tuple(
        spec(
            payer,
            *sorted(titles),
            **({"measurement_year": year} if year else {}),
            **({"payer_type": kind} if kind else {}),
        )
        for payer, year, titles, kind in lists
    )


@given(LISTS)
@settings(max_examples=40, deadline=None)
def test_figures_hang_together(lists: list[tuple[str, str, set[str], str]]) -> None:
    found = surveyed(*made(lists)).portfolio
    every, last = (told(s.figures) for s in found.samples)
    for sample, figures in zip(found.samples, (every, last), strict=True):
        bars = histogram(sample.part.held)
        assert sum(many for _, many in bars) == figures["distinct_measures"][0]
        assert sum(n * many for n, many in bars) == figures["asks"][0]
        assert figures["asks"][0] == figures["measures_listed"][0]  # no parts, no doublings here
        assert figures["standard"][0] + figures["homegrown"][0] == figures["distinct_measures"][0]
        for axis in ("payer_type", "year", "domain", "measure_type"):
            own = [told(g.figures) for g in sample.groups if g.axis == axis]
            assert sum(g["measures_listed"][0] for g in own) == figures["measures_listed"][0]
        assert all(of is None or value <= of for value, of in figures.values())
    assert every["measures_listed"][0] == sum(len(titles) for *_, titles, _ in lists)
    assert last["sets"][0] == every["programmes"][0] == last["programmes"][0]
    assert all(
        last[name][0] <= every[name][0] for name in ("distinct_measures", "asks", "most_used")
    )
    keys = {h.concept: h.asks for h in found.whole.held}
    assert all(h.asks <= keys[h.concept] for h in found.samples[1].part.held)


@given(LISTS, st.sampled_from(AXES))
@settings(max_examples=40, deadline=None)
def test_every_list_is_in_a_group(lists: list[tuple[str, str, set[str], str]], axis: Any) -> None:
    found = surveyed(*made(lists)).portfolio
    groups = grouped(found.whole.lists, axis).values()
    assert {key for keys in groups for key in keys} == {one.key for one in found.whole.lists}


# --- editions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "year"),
    [
        ({"measurement_year": "2025", "reporting_year": "2026"}, "2025"),
        ({"reporting_year": "2026", "effective": {"from": "2024-07-01"}}, "2026"),
        ({"effective": {"from": "2024-07-01", "to": "2025-06-30"}}, "2024"),
        ({"effective": {"to": "2025-06-30"}}, ""),
        ({}, ""),
    ],
)
def test_the_year_of_a_list(about: dict[str, Any], year: str) -> None:
    one = spec("lake", BP, **about)
    assert year_of(one) == year
    assert key_of(one) == (f"lake@{year}" if year else "lake")


def test_a_list_and_all_its_items_go_by_its_key() -> None:
    rates = {"id": "fuh", "title": "Follow-Up", "rates": [{"id": "r7", "title": "Within 7 days"}]}
    one = keyed(spec("lake", rates, measurement_year="2025"))
    assert {m.payer for m in one.measures or ()} == {one.payer} == {"lake@2025"}
    assert [r.ref for m in one.measures or () for r in m.rates or ()] == ["lake@2025/fuh/r7"]


def test_any_year_is_later_than_none() -> None:
    assert latest([("a", ""), ("a", "2020"), ("b", "")]) == {("a", "2020"), ("b", "")}


def test_two_files_of_one_payer_and_year_are_refused_with_both_places(tmp_path: Path) -> None:
    twice = [
        text_of("lake", BP, measurement_year="2025"),
        text_of("LAKE", EYE, measurement_year="2025"),
    ]
    other = text_of("lake", BP, measurement_year="2024")
    folder = written(tmp_path / "specs", *twice, other)
    done = harmonize("portfolio", str(folder))
    assert (done.code, done.out) == (2, "")
    assert "spec-1.yaml:2:8: HZ571" in done.err
    assert "spec-0.yaml:1" in done.err
    assert done.err.count("HZ571") == 1


def test_two_lists_without_a_year_are_refused_too(tmp_path: Path) -> None:
    folder = written(tmp_path / "specs", text_of("lake", BP), text_of("lake", EYE))
    done = harmonize("portfolio", str(folder))
    assert done.code == 2
    assert "payer 'lake', no year, stands here and in" in done.err
    assert "HZ011" in harmonize("compare", str(folder)).err


def test_compare_points_to_portfolio_for_several_years(tmp_path: Path) -> None:
    years = (text_of("lake", BP, measurement_year=year) for year in ("2024", "2025"))
    err = harmonize("compare", str(written(tmp_path / "specs", *years))).err
    assert "HZ011" in err
    assert "for several years of one payer there is harmonize portfolio" in err


def test_a_judgement_holds_for_every_edition_that_says_what_was_judged() -> None:
    lake, ridge = spec("lake", OWN, measurement_year="2025"), spec("ridge", {**EYE, "id": "x"})
    before = spec("lake", OWN, measurement_year="2024")
    other = spec("lake", {**COL, "id": "own"}, measurement_year="2023")
    (judged,) = decided(match("lake/own", "ridge/x"))
    sets = lake, before, other, ridge
    loose = surveyed(*sets, decisions=[judged], today="2026-11-24")
    assert max(len(h.asks) for h in loose.portfolio.whole.held) == 4
    pinned = pinned_to(judged, lake, ridge)
    found = surveyed(*sets, decisions=[pinned], today="2026-11-24")
    assert {h.asks for h in found.portfolio.whole.held} == {
        frozenset({"lake@2024", "lake@2025", "ridge"}), frozenset({"lake@2023"}),
    }  # fmt: skip
    assert found.judged == (1, 1)
    assert "1 judgement of matches: 1 hold for editions that are here." in page(found).notes


# --- what is withheld ---------------------------------------------------------------------------


def test_what_is_withheld_is_in_no_output(tmp_path: Path) -> None:
    secret = {
        **OWN, "modified": "SECRET7", "use": ["gate"], "ids": {"cbe": "7777"},
        "measure_type": "efficiency", "domain": "SECRET7", "notes": "SECRET7",
        "visibility": dict.fromkeys(
            ("modified", "use", "ids", "measure_type", "domain", "notes"), "withheld"),
    }  # fmt: skip
    about = {"members": "777,777", "visibility": {"members": "withheld"}}
    folder = written(
        tmp_path / "specs",
        text_of("lake", BP, secret, **about, measurement_year="2024"),
        text_of("lake", BP, secret, **about, measurement_year="2025"),
        text_of("ridge", BP),
    )
    forms = [("table",), ("markdown",), ("json",), *(("csv", "--view", name) for name in VIEWS)]
    for form in forms:
        done = harmonize("portfolio", str(folder), "-f", *form)
        assert done.code == 0
        for word in ("SECRET7", "7777", "777,777", "gate", "efficiency"):
            assert word not in done.out + done.err, (form, word)
    told_so = "Something is held back from this audience"
    assert told_so in harmonize("portfolio", str(folder)).out
    assert told_so not in harmonize("portfolio", str(folder), "--audience", "broker").out
    seen = harmonize("portfolio", str(folder), "-f", "csv", "--audience", "broker")
    assert "777777" not in seen.out.split("latest")[0]  # two years: the same people
    assert "latest,members,777777" in seen.out


def test_with_identifiers_held_back_nobody_says_that_a_measure_is_homegrown() -> None:
    item = {**OWN, "ids": {"cbe": "7777"}, "visibility": {"ids": "withheld"}}
    sets = spec("lake", item), spec("ridge", BP)
    figures = sampled(*sets, audience="public")[0]
    assert (figures["homegrown"], figures["origin_not_known"]) == ((0, 2), (1, 2))
    assert sampled(*sets)[0]["standard"] == (2, 2)


def test_an_identifier_that_we_attached_is_none_that_the_list_prints() -> None:
    ids = {"cbe": "2372", "cms": "CMS125"}
    for assigned, printed in (
        (None, 1), (["ids"], 0), (["ids.cbe", "ids.cms"], 0), (["ids.cbe"], 1),
    ):  # fmt: skip
        item = {**BCS, "ids": ids, **({"assigned": assigned} if assigned else {})}
        assert sampled(spec("lake", item))[0]["identified"] == (printed, 1)


# --- drawings -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines: dict[str, Any] = {
        "lake-2024": text_of("lake", BP, EYE, OWN, measurement_year="2024", payer_type="medicaid"),
        "lake-2025": text_of("lake", BP, EYE, COL, measurement_year="2025", payer_type="medicaid"),
        "ridge": text_of("ridge", BP, "=HYPERLINK(1)\u202e", name="=1+1", region="=A1"),
    }
    return written(tmp_path / "specs", *lines.values(), names=[f"{n}.yaml" for n in lines])


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_its_columns_and_no_formula(name: str, folder: Path) -> None:
    done = harmonize("portfolio", str(folder), "-f", "csv", "--view", name)
    found = list(csv.reader(io.StringIO(done.out)))
    assert tuple(found[0]) == tuple(PORTFOLIO[name])
    assert len(found) > 1
    assert not [cell for row in found for cell in row if cell.startswith("=")]
    assert not {"None", "nan", "\u202e"} & {cell for row in found for cell in row}
    assert "\u202e" not in done.out
    table = harmonize("portfolio", str(folder), "--view", name)
    markdown = harmonize("portfolio", str(folder), "--view", name, "-f", "markdown")
    assert table.code == markdown.code == 0
    assert len(markdown.out.splitlines()) == len(found) + 1


def test_keys_of_views_name_their_rows() -> None:
    found = surveyed(*SETS).portfolio
    for name, columns in PORTFOLIO.items():
        places = [i for i, column in enumerate(columns.values()) if column.key]
        keys = [tuple(row[i] for i in places) for row in VIEWS[name](found)]
        assert len(set(keys)) == len(keys), name


def test_json_has_every_view(folder: Path) -> None:
    found = json.loads(harmonize("portfolio", str(folder), "-f", "json").out)
    assert found["schema"] == "harmonize.portfolio/1"
    assert found["samples"] == dict(SAMPLES)
    for name, columns in PORTFOLIO.items():
        assert [tuple(row) for row in found[name]] == [tuple(columns)] * len(found[name])
    first = found["measures"][0]
    assert first["label"] == "Controlling High Blood Pressure"
    assert first["asked_by"] == ["lake@2024", "lake@2025", "ridge"]
    assert (first["used_by"], first["of"]) == (3, 3)
    assert (first["used_by_latest"], first["of_latest"]) == (2, 2)


def test_same_specs_give_the_same_bytes_whatever_their_files(folder: Path, tmp_path: Path) -> None:
    texts = [file.read_text("utf-8") for file in sorted(folder.iterdir())]
    other = written(tmp_path / "other", *texts[::-1])
    made_ = [harmonize("portfolio", str(f), "-f", "json").out for f in (folder, other)]
    one, two = (without_sources(json.loads(text)) for text in made_)
    assert one == two


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_page_is_as_wide_as_it_may_be(width: int, folder: Path) -> None:
    done = harmonize("portfolio", str(folder), "--width", str(width))
    assert max(map(len, done.out.splitlines())) <= width
    assert "3 lists of 2 programmes, 2024 to 2025" in " ".join(done.out.split())
    for word in ("FIGURES", "MOST USED", "PAYER BY YEAR", "LISTS", "3 (2/3)"):
        assert word in done.out


def test_a_page_without_a_width_is_never_cut(folder: Path) -> None:
    done = harmonize("portfolio", str(folder))
    assert definition("homegrown").counts in done.out
    markdown = harmonize("portfolio", str(folder), "-f", "markdown")
    assert "## FIGURES" in markdown.out
    assert "=HYPERLINK" not in markdown.out.replace("\\", "") or "\\u202e" in markdown.out


def test_one_year_of_each_programme_has_one_column() -> None:
    shown = page(surveyed(*SETS[1:]))
    assert shown.sections[0].columns == ("", "Every list", "What is counted")
    assert not [note for note in shown.notes if "several years" in note.lower()]
    assert not [section for section in shown.sections if section.title == "PAYER BY YEAR"]


def test_one_list_alone_has_nothing_to_share(tmp_path: Path) -> None:
    folder = written(tmp_path / "specs", text_of("lake", BP, EYE))
    done = harmonize("portfolio", str(folder))
    assert done.code == 0
    assert "one list counts: there is nothing to share" in done.err
    assert harmonize("portfolio", str(folder), "--quiet").err == ""
    lone = written(tmp_path / "lone", text_of("core", BP, role="reference"))
    found = harmonize("portfolio", str(lone))
    assert (found.code, "no list counts" in found.err) == (0, True)


def _held(number: int, asks: int) -> Held:
    keys = frozenset(f"p{n}" for n in range(asks))
    return Held(f"c{number:03}", f"M{number:03}", "", "", "standard", True, True, keys, frozenset())


def test_ties_with_the_last_of_the_top_are_shown_or_told() -> None:
    few = [_held(n, 5) for n in range(9)] + [_held(n, 3) for n in range(9, 14)]
    shown, more = top(few)
    assert (len(shown), more) == (14, "")
    many = few + [_held(n, 3) for n in range(14, 14 + TIED)]
    shown, more = top(many)
    assert (len(shown), more) == (9, "25 more are in 3 lists each.")
    assert top([_held(0, 1)]) == ((), "")


def test_an_output_file_says_its_format(folder: Path, tmp_path: Path) -> None:
    for name, begins in (
        ("a.json", "{"),
        ("a.md", "# "),
        ("a.csv", "sample,figure"),
        ("a.txt", "3"),
    ):
        done = harmonize("portfolio", str(folder), "-o", str(tmp_path / name))
        assert (done.code, done.out) == (0, "")
        assert (tmp_path / name).read_text("utf-8").startswith(begins)
    assert harmonize("portfolio", str(folder), "-o", str(tmp_path / "a.doc")).code == 2
    assert harmonize("portfolio", str(folder), "-f", "csv", "--bom").out.startswith("\ufeff")


# --- spreadsheets -------------------------------------------------------------------------------

HEADER: Final = "program,year,title,cbe_id,id_source\n"


def _lists(folder: Path) -> Path:
    folder.mkdir()
    for year, titles in {2019: "CBP CBS", 2020: "CBP"}.items():
        lines = {
            "CBP": f"Lake,{year},Controlling High Blood Pressure,0018,assigned\n",
            "CBS": f"Lake,{year},Colorectal Cancer Screening,,none\n",
        }
        text = HEADER + "".join(lines[t] for t in titles.split())
        (folder / f"lake_{year}.csv").write_text(text, "utf-8")
    (folder / "README.md").write_text("made up", "utf-8")
    return folder


def test_a_folder_of_spreadsheets_is_a_portfolio(tmp_path: Path) -> None:
    done = harmonize("portfolio", str(_lists(tmp_path / "lists")), "-f", "json")
    found = json.loads(done.out)
    assert [(s["key"], s["payer"], s["latest"]) for s in found["sets"]] == [
        ("lake@2019", "lake", "false"), ("lake@2020", "lake", "true"),
    ]  # fmt: skip
    kept = [c for c in found["matrix"] if c["figure"] == "kept"]
    assert [(c["row"], c["column"], c["value"], c["of"]) for c in kept] == [("lake", "2020", 1, 2)]


def test_a_spec_beside_spreadsheets_is_what_a_folder_holds(tmp_path: Path) -> None:
    folder = _lists(tmp_path / "lists")
    (folder / "decisions.yaml").write_text("harmonize: 1\ndecisions: []\n", "utf-8")
    assert "lake@2019" in harmonize("portfolio", str(folder)).out
    written(folder, text_of("ridge", BP))
    assert "lake" not in harmonize("portfolio", str(folder), "-f", "csv", "--view", "sets").out
    assert harmonize("compare", str(tmp_path / "lists" / "lake_2019.csv")).code == 0


def test_a_year_in_a_slug_that_somebody_wrote_stays(tmp_path: Path) -> None:
    folder = written(tmp_path / "specs", text_of("lake-2020", BP, measurement_year="2020"))
    assert "lake-2020@2020" in harmonize("portfolio", str(folder)).out


def test_many_spreadsheets_are_noted_in_a_line(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    for n in range(12):
        text = f"{HEADER}P{n},2020,Colorectal Cancer Screening,,none\n"
        (folder / f"p{n}.csv").write_text(text, "utf-8")
    err = harmonize("portfolio", str(folder)).err
    assert err.count("\n") <= 2
    assert "harmonize import csv tells" in err


def test_the_study_prints_what_was_published_beside_ours(tmp_path: Path) -> None:
    folder = _lists(tmp_path / "lists")
    (folder / "lake_2019.csv").rename(folder / "oregon_lake_2019.csv")
    (folder / "lake_2020.csv").rename(folder / "oregon_lake_2020.csv")
    done = subprocess.run(
        (sys.executable, "-m", "tests.benchmarks.study", str(folder)),
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    table = {
        line.split(" | ")[0].strip("| "): line.split(" | ") for line in done.stdout.split("\n")
    }
    assert table["measures\\_listed"][1:6] == ["1,367", "3", "1", "1", "1"]
    assert table["shared\\_by\\_two\\_or\\_more"][1:3] == ["20%", "50.0% (1 of 2)"]
    assert table["OR"][1:3] == ["1", "1"]
    assert "**Read with care.**" in done.stdout
    assert "2 lists with 3 lines: read in" in done.stdout


# --- the notebook -------------------------------------------------------------------------------


def test_a_notebook_has_a_frame_for_each_view(folder: Path) -> None:
    frames = notebook.portfolio(folder)
    assert list(frames) == list(PORTFOLIO)
    figures = frames["figures"].set_index(["sample", "figure"])
    assert figures.loc[("all", "sets"), "value"] == 3
    assert frames["sets"]["latest"].tolist() == [False, True, True]
    assert frames["measures"]["used_by"].iloc[0] == 3
    with pytest.raises(ValueError, match="no audience 'nobody'"):
        notebook.portfolio(folder, audience="nobody")


# --- the page on portfolios ---------------------------------------------------------------------


def test_the_page_on_portfolios_has_the_definitions_of_the_code(
    pytestconfig: pytest.Config,
) -> None:
    path = ROOT / "docs" / "portfolio.md"
    text = path.read_text("utf-8")
    start, end = "<!-- definitions -->\n", "<!-- end of definitions -->\n"
    before, rest = text.split(start)
    _, after = rest.split(end)
    made_ = f"{before}{start}{render.definitions()}{end}{after}"
    if pytestconfig.getoption("--write-examples"):
        path.write_text(made_, "utf-8")
    assert path.read_text("utf-8") == made_
    for name in (*PORTFOLIO, *(axis.name for axis in AXES)):
        assert f"`{name}`" in text


def test_figures_of_a_part_are_those_of_its_lists() -> None:
    whole = surveyed(*SETS).portfolio.whole
    part = whole.of(frozenset(LATEST))
    assert told(tell(part)) == sampled(*SETS)[1]
