"""The figures, on lists small enough to be counted by hand and on published ones."""

from typing import Any, Final

import pytest
from building import Line, drawn, example, figures, reported, spec, table
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.divergence import OUR_DIMENSIONS
from harmonize.fields import declared
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.sets import MeasureSet

BCS: Final = "Breast Cancer Screening"
COL: Final = "Colorectal Cancer Screening"
CBP: Final = "Controlling High Blood Pressure"
WCV: Final[Line] = {"title": "Child and Adolescent Well-Care Visits", "ages": "3-21"}
FUH: Final = "Follow-Up After Hospitalization for Mental Illness"
COMPARED: Final = sum(declared(Measure)[a].dimension not in OUR_DIMENSIONS for a in ATTRIBUTES)


def _three(**about: Any) -> tuple[MeasureSet, ...]:
    return (
        spec("alpha", BCS, COL, CBP, **about),
        spec("bravo", BCS, "Colon Cancer Screening"),
        spec("charlie", BCS),
    )


def test_three_lists_counted_by_hand() -> None:
    found = figures(*_three())
    expected = {
        "measures_listed": (6, None),
        "rates_listed": (0, None),
        "distinct_measures": (3, 6),
        "shared_by_two_or_more": (2, 3),
        "shared_by_two_or_more_percent": (66.7, None),
        "shared_by_all_that_could": (1, 3),
        "asks": (6, 6),
        "asks_shared": (5, 6),
        "asks_shared_percent": (83.3, None),
        "same_ask": (2, 2),
        "to_settle": (0, 2),
        "specification_agreement": (0, 0),
        "specification_agreement_percent": (0.0, None),
        "not_comparable": (4 * COMPARED, 4 * COMPARED),  # BCS: 3 pairs, COL: 1
        "sets_with_modified": (0, 3),
        "possible_matches": (0, None),
        "families_met": (2, 3),
        "jaccard:alpha|bravo": (2, 3),
        "jaccard:alpha|charlie": (1, 3),
        "jaccard:bravo|charlie": (1, 2),
        "containment:alpha|bravo": (2, 3),
        "containment:bravo|alpha": (2, 2),
        "containment:alpha|charlie": (1, 3),
        "containment:charlie|alpha": (1, 1),
        "containment:bravo|charlie": (1, 2),
        "containment:charlie|bravo": (1, 1),
        "domain:prevention and screening": (2, 3),
        "domain:chronic conditions": (1, 3),
        "type:not stated": (3, 3),
    }
    assert {k: found[k] for k in expected} == expected


def test_the_promised_figures_are_there_and_stand_once() -> None:
    summary = reported(*_three()).summary
    names = [f.figure for f in summary]
    assert len(set(names)) == len(names)
    assert {
        "measures_listed", "distinct_measures", "shared_by_two_or_more",
        "shared_by_all_that_could", "asks", "same_ask", "to_settle", "specification_agreement",
        "not_comparable", "sets_with_modified", "possible_matches",
    } <= set(names)  # fmt: skip
    assert all(f.unit for f in summary)


def _of_lists(*sets: MeasureSet) -> dict[str, tuple[int | float, int | None]]:
    """The figures, without those that say what lists use of a reference."""
    of_a_core = ("core_used:", "off_set:")
    return {k: v for k, v in figures(*sets).items() if not k.startswith(of_a_core)}


@pytest.mark.parametrize("role", ["reference", "internal"])
def test_references_and_internal_lists_are_in_no_figure(role: str) -> None:
    shown = spec(
        "shown",
        BCS,
        {"title": CBP, "ages": "18-85", "modified": "much"},
        {"title": "Diabetes: Eye Exam"},
        {"title": FUH, "rates": [{"title": "Within 7 days"}, {"title": "Within 30 days"}]},
        role=role,
    )
    assert _of_lists(*_three(), shown) == _of_lists(*_three())
    rows = {r.concept.label: r for r in reported(*_three(), shown).rows}
    assert (rows[BCS].used_by, rows[BCS].could_use, len(rows[BCS].held)) == (3, 3, 4)
    assert rows["Eye Exam for Patients With Diabetes"].used_by == 0


def test_lists_that_are_all_references_have_empty_figures() -> None:
    found = figures(spec("alpha", BCS, role="reference"), spec("bravo", BCS, role="internal"))
    assert {value for value, _ in found.values()} == {0}


# --- what counts once ---------------------------------------------------------------------------

INITIATION: Final = {"title": "Initiation of SUD Treatment", "part_of": "IET", "part": "rate"}
ENGAGEMENT: Final = {"title": "Engagement of SUD Treatment", "part_of": "IET", "part": "rate"}
IET: Final[Line] = {
    "id": "IET",
    "title": "Initiation and Engagement of Substance Use Disorder Treatment",
}
SURVEY: Final = {"id": "CAHPS", "title": "CAHPS Clinician and Group Survey"}
PARTS: Final[list[Line]] = [
    {"title": f"CAHPS: {name}", "part_of": "CAHPS", "part": "component"}
    for name in ("Access to Care", "Provider Communication", "Care Coordination")
]
POOR: Final = "Diabetes: Hemoglobin A1c Poor Control (>9%)"

# lists -> lines printed, rates beside them, asks, measures, shared
ONCE: Final[dict[str, tuple[dict[str, list[Line]], tuple[int, int, int, int, int]]]] = {
    "two rates printed as two lines": (
        {"alpha": [INITIATION, ENGAGEMENT], "bravo": [INITIATION, ENGAGEMENT]},
        (4, 0, 2, 1, 1),
    ),
    "two rates as lines, and the whole": (
        {"alpha": [INITIATION, ENGAGEMENT], "bravo": [IET]},
        (3, 0, 2, 1, 1),
    ),
    "two rates as lines beside their whole": (
        {"alpha": [IET, INITIATION, ENGAGEMENT], "bravo": [IET]},
        (4, 0, 2, 1, 1),
    ),
    "one rate and the other": ({"alpha": [INITIATION], "bravo": [ENGAGEMENT]}, (2, 0, 2, 2, 0)),
    "a whole with its rates": (
        {
            "alpha": [{"title": FUH, "rates": [{"title": "7 days"}, {"title": "30 days"}]}],
            "bravo": [FUH],
        },
        (2, 2, 2, 1, 1),
    ),
    "a survey and its parts": ({"alpha": [SURVEY, *PARTS], "bravo": [SURVEY]}, (5, 0, 2, 1, 1)),
    "a survey whose whole is not printed": ({"alpha": PARTS, "bravo": PARTS}, (6, 0, 2, 1, 1)),
    "ways of collecting": (
        {
            "alpha": [
                {"id": "001", "title": POOR, "ids": {"mips": "001"}},
                {"id": "001SSP", "title": POOR, "part_of": "001", "part": "collection type"},
            ],
            "bravo": [{"id": "1", "title": POOR}],
        },
        (3, 0, 2, 1, 1),
    ),
    "strata are measures of their own": (
        {
            "alpha": [
                {"title": "Depression Screening: Age 18 and Older", "part_of": "CDF",
                 "part": "stratum"},
                {"title": "Depression Screening: Ages 12 to 17", "part_of": "CDF",
                 "part": "stratum"},
            ],
            "bravo": ["Depression Screening: Ages 12 to 17"],
        },
        (3, 0, 3, 2, 1),
    ),
    "a composite and its parts, all printed": (
        {
            "alpha": [
                {"id": "C", "title": "Diabetes Composite: Poor Control and Eye Exam"},
                {"title": POOR, "part_of": "C", "part": "component"},
            ],
            "bravo": [POOR],
        },
        (3, 0, 2, 2, 0),
    ),
    "one payer alone": ({"alpha": [BCS, COL]}, (2, 0, 2, 2, 0)),
    "nobody": ({}, (0, 0, 0, 0, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", ONCE)
def test_counted_once(name: str) -> None:
    lists, expected = ONCE[name]
    found = figures(*(spec(payer, *lines) for payer, lines in lists.items()))
    asked = ("measures_listed", "rates_listed", "asks", "distinct_measures",
             "shared_by_two_or_more")  # fmt: skip
    assert tuple(found[figure][0] for figure in asked) == expected
    if len(lists) == 2:
        assert found["jaccard:alpha|bravo"] == (expected[4], expected[3])


# --- scope and partial lists --------------------------------------------------------------------


def test_out_of_scope_is_not_unused() -> None:
    sets = (
        spec("alpha", WCV, BCS),
        spec("bravo", WCV, BCS),
        spec("medicare", BCS, scope={"ages": "65+"}),
    )
    found = figures(*sets)
    assert found["shared_by_all_that_could"] == (2, 2)
    rows = {r.concept.label: r for r in reported(*sets).rows}
    child = rows["Child and Adolescent Well-Care Visits"]
    assert (child.used_by, child.could_use, set(child.outside)) == (2, 2, {"medicare"})
    assert (rows[BCS].used_by, rows[BCS].could_use) == (3, 3)


def test_scope_is_also_read_from_a_title_about_children() -> None:
    sets = (spec("alpha", "Lead Screening in Children"), spec("bravo", BCS, scope={"ages": "65+"}))
    rows = {r.concept.label: r for r in reported(*sets).rows}
    assert rows["Lead Screening in Children"].outside == {"bravo"}


def test_who_asks_for_it_is_never_out_of_scope() -> None:
    sets = (spec("alpha", WCV, scope={"ages": "65+"}), spec("bravo", WCV))
    (row,) = reported(*sets).rows
    assert (row.used_by, row.could_use, row.outside) == (2, 2, frozenset())


def test_a_scope_that_touches_is_a_scope_that_could() -> None:
    sets = (spec("alpha", {"title": BCS, "ages": "50-74"}), spec("bravo", COL,
                                                                scope={"ages": "65+"}))  # fmt: skip
    rows = {r.concept.label: r for r in reported(*sets).rows}
    assert rows[BCS].could_use == 2


def test_a_partial_list_is_marked_wherever_it_is_shown() -> None:
    sets = (spec("alpha", BCS, COL, complete="false", short="A"), spec("bravo", BCS, short="B"))
    shown = drawn("table", *sets)
    assert "A~" in shown
    assert "B~" not in shown
    assert "partial" in shown
    assert "partial" in drawn("markdown", *sets)
    assert '"complete": false' in drawn("json", *sets)
    full = (spec("alpha", BCS, COL, complete="true"), spec("bravo", BCS))
    assert "partial" not in drawn("table", *full)
    assert figures(*sets) == figures(*full)


# --- differences and modifications --------------------------------------------------------------


def test_agreement_counts_pairs_and_what_both_state() -> None:
    sets = (
        spec("alpha", {"title": CBP, "ages": "18-85", "threshold": "< 140/90", "level": "plan"}),
        spec("bravo", {"title": CBP, "ages": "18-85", "threshold": "< 130/80"}),
        spec("charlie", {"title": CBP, "ages": "18+", "status": "core"}),
        spec("shown", {"title": CBP, "ages": "18-85"}, role="reference"),
    )
    found = figures(*sets)
    # ages: alpha-bravo agree, two others not; threshold: alpha-bravo differ
    assert found["specification_agreement"] == (1, 4)
    assert found["specification_agreement_percent"] == (25.0, None)
    assert found["not_comparable"] == (3 * COMPARED - 4, 3 * COMPARED)
    assert found["to_settle"] == (1, 1)
    assert found["same_ask"] == (0, 1)


def test_what_changes_no_ask_is_not_to_settle() -> None:
    sets = (
        spec("alpha", {"title": CBP, "status": "core", "ids": {"cms": "CMS165v13"}}),
        spec("bravo", {"title": CBP, "status": "menu", "ids": {"cms": "CMS165v12"}}),
    )
    found = figures(*sets)
    assert len(reported(*sets).divergences) == 2
    assert (found["to_settle"], found["same_ask"]) == ((0, 1), (1, 1))


def test_sets_with_a_modified_measure() -> None:
    changed = {"title": CBP, "modified": "look-back lengthened to 24 months"}
    sets = (
        spec("alpha", changed, {"title": BCS, "modified": "ages widened"}),
        spec("bravo", {"title": CBP, "modified": "none"}),
        spec("charlie", CBP),
        spec("shown", changed, role="reference"),
    )
    assert figures(*sets)["sets_with_modified"] == (1, 3)


def test_only_possible_matches_of_payers_that_count_are_counted() -> None:
    tie = spec("alpha", {"id": "1", "title": BCS, "ages": "40-74"}, {"id": "2", "title": BCS,
                                                                    "ages": "50-74"})  # fmt: skip
    assert figures(tie, spec("bravo", BCS))["possible_matches"] == (2, None)
    assert figures(tie, spec("bravo", BCS, role="reference"))["possible_matches"] == (0, None)


# --- questions ----------------------------------------------------------------------------------


def test_who_is_silent_where_others_differ_is_asked() -> None:
    sets = (
        spec("alpha", {"id": "1", "title": CBP, "threshold": "< 140/90"}),
        spec("bravo", {"id": "2", "title": CBP, "threshold": "< 130/80"}),
        spec("charlie", {"id": "3", "title": CBP}),
    )
    (one,) = reported(*sets).questions
    assert (one.payer, one.measure, one.attribute) == ("charlie", "3", "threshold")
    assert "130/80" in one.question
    assert "140/90" in one.question


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("HbA1c Control (>9%)", True),
        ("HbA1c Poor Control (>9%)", False),
        ("HbA1c Control (<=9%)", False),
        ("HbA1c Control (<8%)", False),
    ],
)
def test_a_title_that_contradicts_itself_is_a_question(title: str, asked: bool) -> None:
    questions = reported(spec("alpha", title), spec("bravo", POOR)).questions
    assert ("improvement_notation" in {q.attribute for q in questions}) is asked


# --- published lists ----------------------------------------------------------------------------

# year -> CPC+, Web Interface, in both, distinct (QPP measures data)
YEARS: Final = {"2017": (14, 16, 8, 22), "2018": (19, 16, 12, 23), "2019": (18, 10, 9, 19)}


@pytest.mark.parametrize("year", YEARS)
def test_cpcplus_and_the_web_interface(year: str) -> None:
    plus, web, both, either = YEARS[year]
    found = figures(*example("cpcplus-web-interface", "specs", year))
    assert found["measures_listed"] == (plus + web, None)
    assert found["distinct_measures"] == (either, plus + web)
    assert found["shared_by_two_or_more"] == (both, either)
    assert found["jaccard:cpcplus|web-interface"] == (both, either)
    assert found["containment:cpcplus|web-interface"] == (both, plus)
    assert found["containment:web-interface|cpcplus"] == (both, web)


def test_what_the_web_interface_of_2017_shares() -> None:
    rows = reported(*example("cpcplus-web-interface", "specs", "2017")).rows
    shared = {m.id for r in rows if r.used_by == 2 for m in r.held["web-interface"]}
    assert shared == {"001", "112", "113", "117", "226", "236", "318", "370"}
    (composite,) = [r for r in rows if any(m.id == "dmComposite" for m in r.concept.members)]
    assert composite.used_by == 1


def test_onecare_is_counted_as_a_committee_counts_it() -> None:
    found = figures(*example("onecare-vermont"))
    assert found["measures_listed"] == (24, None)
    assert found["asks"] == (21, 24)
    assert found["distinct_measures"] == (12, 24)
    assert found["shared_by_two_or_more"] == (6, 12)
    assert found["asks_shared"] == (15, 21)


# --- what holds for any lists -------------------------------------------------------------------

LINES: Final[tuple[Line, ...]] = (
    BCS, COL, CBP, WCV, FUH, POOR, IET, INITIATION, ENGAGEMENT, SURVEY, *PARTS,
    {"title": f"{FUH} (7 days)", "follow_up": "7 days"},
    {"id": "x", "title": CBP.upper(), "ages": "18-85", "modified": "ages"},
    {"id": "y", "title": FUH.upper(), "rates": [{"title": "7 days"}, {"title": "30 days"}]},
    {"title": "Xylograph Burnishing Rate", "measure_type": "outcome"},
)  # fmt: skip


@st.composite
def _lists(draw: st.DrawFn) -> tuple[MeasureSet, ...]:
    chosen = st.lists(st.integers(0, len(LINES) - 1), unique=True, min_size=1, max_size=8)
    about: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {},
        optional={
            "role": st.sampled_from(["contract", "reference", "internal"]),
            "scope": st.just({"ages": "65+"}),
            "complete": st.sampled_from(["true", "false"]),
        },
    )
    return tuple(
        spec(payer, *(LINES[i] for i in draw(chosen)), **draw(about))
        for payer in ("alpha", "bravo", "charlie")[: draw(st.integers(1, 3))]
    )


@settings(max_examples=20, deadline=None)
@given(_lists())
def test_figures_fit_together(sets: tuple[MeasureSet, ...]) -> None:
    found = figures(*sets)
    counted = [s for s in sets if s.counted]

    def value(name: str) -> float:
        return found[name][0]

    assert value("measures_listed") == sum(
        m.rate_of is None for s in counted for m in s.measures or ()
    )
    assert value("same_ask") + value("to_settle") == value("shared_by_two_or_more")
    assert value("shared_by_two_or_more") <= value("distinct_measures") <= value("asks")
    assert value("asks_shared") <= value("asks") <= value("measures_listed")
    for axis in ("domain", "type"):
        parts = sum(v for name, (v, _) in found.items() if name.startswith(f"{axis}:"))
        assert parts == value("distinct_measures")
    pairs = [name.split(":")[1].split("|") for name in found if name.startswith("jaccard:")]
    assert len(pairs) == len(counted) * (len(counted) - 1) // 2
    for a, b in pairs:
        both, either = found[f"jaccard:{a}|{b}"]
        assert found[f"containment:{a}|{b}"][0] == found[f"containment:{b}|{a}"][0] == both
        sizes = [found[f"containment:{x}|{y}"][1] for x, y in ((a, b), (b, a))]
        assert either == (sizes[0] or 0) + (sizes[1] or 0) - both
    for name, (number, base) in found.items():
        assert number >= 0
        if base is not None and name != "asks":
            assert number <= base


@settings(max_examples=20, deadline=None)
@given(_lists())
def test_rows_say_who_uses_and_who_could(sets: tuple[MeasureSet, ...]) -> None:
    report = reported(*sets)
    counted = {s.payer for s in sets if s.counted}
    assert sorted(r.concept.id for r in report.rows) == sorted(
        c.id for c in report.crosswalk.concepts
    )
    for row in report.rows:
        assert row.used_by == len(counted & row.held.keys()) <= row.could_use <= len(counted)
        assert not row.outside & row.held.keys()
        assert {m.ref for held in row.held.values() for m in held} == {
            m.ref for m in row.concept.members
        }
    overlap = table("overlap", *sets)
    place = overlap.columns.index("payers")
    assert {(r[0], r[place]) for r in overlap.rows} == {
        (r.concept.id, r.used_by) for r in report.rows
    }


@settings(max_examples=20, deadline=None)
@given(_lists(), st.lists(st.sampled_from(LINES[:6]), unique_by=str, min_size=1, max_size=4))
def test_a_reference_changes_no_figure(sets: tuple[MeasureSet, ...], lines: list[Line]) -> None:
    own = [{"title": one} if isinstance(one, str) else one for one in lines]
    told = [{**one, "id": f"r{i}", "measure_type": "outcome"} for i, one in enumerate(own)]
    assert _of_lists(*sets, spec("zulu", *told, role="reference")) == _of_lists(*sets)


def test_a_reference_parts_nobody() -> None:
    twice = spec("alpha", FUH, {"id": "y", "title": FUH.upper(), "rates": [{"title": "7 days"}]})
    sets = (twice, spec("bravo", FUH))
    assert _of_lists(*sets, spec("zulu", FUH, role="reference")) == _of_lists(*sets)


def test_a_reference_that_knows_two_families_does_not_join_them_for_others() -> None:
    alpha = spec("alpha", {"title": "Xylograph Burnishing", "ids": {"x-state": "1"}})
    bravo = spec("bravo", {"title": "Quilted Marmalade", "ids": {"x-state": "2"}})
    between = spec("zulu", {"title": "Velodrome", "ids": {"x-state": ["1", "2"]}}, role="reference")
    assert _of_lists(alpha, bravo, between) == _of_lists(alpha, bravo)
