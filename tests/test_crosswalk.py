"""Which items are one measure: expected partitions, and what must hold for any lists."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any, Final

import pytest
from building import (
    EXAMPLES,
    ROOT,
    Line,
    crossed,
    example,
    items,
    parted,
    plain_json,
    published,
    spec,
    staged,
)
from hypothesis import example as tried
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.concepts import Concept, Crosswalk
from harmonize.document import document
from harmonize.evidence import weigh
from harmonize.measures import Measure
from harmonize.sets import MeasureSet
from harmonize.workspace import load

FUH: Final = "Follow-Up After Hospitalization for Mental Illness"
CDF: Final = "Screening for Depression and Follow-Up Plan"
BCS: Final = "Breast Cancer Screening"
POOR: Final = "Diabetes: Hemoglobin A1c (HbA1c) Poor Control (>9%)"

# --- expected partitions ------------------------------------------------------------------------

# What stands together; everything else stands alone. `payer/id`.
CASES: Final[dict[str, tuple[dict[str, list[Line]], list[set[str]]]]] = {
    "titles alone": (
        {"a": ["Controlling High Blood Pressure"], "b": ["Hypertension: Controlling High BP"]},
        [{"a/controlling-high-blood-pressure", "b/hypertension-controlling-high-bp"}],
    ),
    "a whole and its two rates, as lines": (
        {
            "a": [{"id": "1", "title": FUH}],
            "b": [
                {"id": "1", "title": f"{FUH} (7 Days)"},
                {"id": "2", "title": f"{FUH} (30 Days)"},
            ],
            "c": [{"id": "1", "title": f"{FUH}: 7-day"}],
        },
        [{"b/1", "c/1"}],
    ),
    "rates of a measure and lines": (
        {
            "a": [
                {
                    "id": "FUH",
                    "title": FUH,
                    "rates": [
                        {"id": "r7", "title": "Within 7 days"},
                        {"id": "r30", "title": "Within 30 days"},
                    ],
                }
            ],
            "b": [{"id": "1", "title": f"{FUH} (7 Days)"}],
            "c": [{"id": "1", "title": f"{FUH}, 30 days"}],
        },
        [{"a/FUH/r7", "b/1"}, {"a/FUH/r30", "c/1"}],
    ),
    "a whole with rates is a whole without": (
        {
            "a": [{"id": "1", "title": FUH, "rates": [{"id": "r7", "title": "Within 7 days"}]}],
            "b": [{"id": "1", "title": FUH}],
        },
        [{"a/1", "b/1"}],
    ),
    "initiation and engagement": (
        {
            "a": [
                {"id": "i", "title": "Initiation of SUD Treatment", "ids": {"hedis": "IET"}},
                {"id": "e", "title": "Engagement of SUD Treatment", "ids": {"hedis": "IET"}},
            ],
            "b": [
                {"id": "e", "title": "Engagement of AOD Treatment", "ids": {"hedis": "IET"}},
                {"id": "i", "title": "Initiation of AOD Treatment", "ids": {"hedis": "IET"}},
            ],
        },
        [{"a/i", "b/i"}, {"a/e", "b/e"}],
    ),
    "strata by age": (
        {
            "a": [
                {"id": "ad", "title": f"{CDF}: Age 18 and Older"},
                {"id": "ch", "title": f"{CDF}: Ages 12 to 17"},
            ],
            "b": [{"id": "1", "title": f"{CDF} (12-17)"}],
        },
        [{"a/ch", "b/1"}],
    ),
    "one cut from its two sides, and another cut": (
        {
            "a": [{"id": "1", "title": POOR}],
            "b": [{"id": "1", "title": "Hemoglobin A1c Control (<=9%)"}],
            "c": [{"id": "1", "title": "Hemoglobin A1c Control (<8%)"}],
        },
        [{"a/1", "b/1"}],
    ),
    "ages and cuts in fields part nobody": (
        {
            "a": [{"id": "1", "title": BCS, "ages": "50-74", "threshold": "> 9%"}],
            "b": [{"id": "1", "title": BCS, "ages": "40-49", "threshold": "< 8%"}],
        },
        [{"a/1", "b/1"}],
    ),
    "ways of collecting": (
        {
            "a": [
                {"id": "001", "title": POOR, "ids": {"mips": "001"}},
                {"id": "001SSP", "title": POOR, "part_of": "001", "part": "collection type"},
            ],
            "b": [{"id": "1", "title": POOR}],
        },
        [{"a/001", "a/001SSP", "b/1"}],
    ),
    "ways of collecting, told by the data alone": (
        {
            "a": [
                {"id": "1", "title": BCS, "data_source": "claims"},
                {"id": "2", "title": BCS, "data_source": "ehr"},
            ],
            "b": [{"id": "1", "title": BCS}],
        },
        [{"a/1", "a/2", "b/1"}],
    ),
    "two lines of one list that differ in more than collecting": (
        {
            "a": [
                {"id": "1", "title": BCS, "ages": "40-74"},
                {"id": "2", "title": BCS, "ages": "50-74"},
            ],
            "b": [{"id": "1", "title": BCS}],
        },
        [],
    ),
    "a composite and its parts": (
        {
            "a": [
                {"id": "046", "title": "Diabetes Composite: A1c Poor Control and Eye Exam"},
                {"id": "001", "title": POOR},
                {"id": "117", "title": "Diabetes: Eye Exam"},
            ],
            "b": [{"id": "001", "title": POOR}, {"id": "117", "title": "Diabetes: Eye Exam"}],
        },
        [{"a/001", "b/001"}, {"a/117", "b/117"}],
    ),
    "one number, three measures": (
        {
            "a": [
                {"id": "1", "title": "Medication Adherence for Statins", "ids": {"cbe": "0541"}},
                {"id": "2", "title": "Medication Adherence for Diabetes", "ids": {"cbe": "0541"}},
            ],
            "b": [
                {"id": "1", "title": "Medication Adherence for Diabetes", "ids": {"cbe": "0541"}},
            ],
        },
        [{"a/2", "b/1"}],
    ),
    "a bare number means nothing": (
        {
            "a": [{"id": "204", "title": "A1c Poor Control", "ids": {"cmit": "204"}}],
            "b": [{"id": "204", "title": "IVD: Use of Aspirin", "ids": {"mips": "204"}}],
        },
        [],
    ),
    "versions of one eCQM": (
        {
            "a": [{"id": "1", "title": "Blood Pressure Measure", "ids": {"cms": "CMS165v13"}}],
            "b": [{"id": "1", "title": "BP Measure", "ids": {"cms": "CMS165v12"}}],
        },
        [{"a/1", "b/1"}],
    ),
    "unknown to the catalogue": (
        {"a": ["Xylograph Burnishing Rate"], "b": ["Rate of Xylograph Burnishing"]},
        [{"a/xylograph-burnishing-rate", "b/rate-of-xylograph-burnishing"}],
    ),
    "titles in other letters": (
        {
            "a": [{"id": "1", "title": "\u9ad8\u8840\u5727"}, {"id": "2", "title": "\u7cd6\u5c3f"}],
            "b": [{"id": "1", "title": "\u9ad8\u8840\u5727"}],
        },
        [{"a/1", "b/1"}],
    ),
    "readmission, plan and hospital": (
        {
            "a": ["Plan All-Cause Readmissions"],
            "b": ["Hospital-Wide, 30-Day, All-Cause Unplanned Readmission"],
        },
        [],
    ),
    "nobody": ({}, []),
    "an empty list": ({"a": [BCS], "b": []}, []),
}


def _sets(lists: dict[str, list[Line]]) -> tuple[MeasureSet, ...]:
    return tuple(
        spec(payer, *lines) if lines else spec(payer, convening={"convener": "us"})
        for payer, lines in lists.items()
    )


@pytest.mark.parametrize("name", CASES)
def test_partition(name: str) -> None:
    lists, together = CASES[name]
    sets = _sets(lists)
    found = {group for group in parted(*sets) if len(group) > 1}
    assert found == set(map(frozenset, together))
    assert {ref for group in parted(*sets) for ref in group} == {m.ref for m in items(*sets)}


# What the READMEs of the examples promise: items by a part of their id.
PROMISED: Final = [
    ("a1c", {"alpha/001", "bravo/blood-sugar", "charlie/diabetes-a1c"}, True),
    ("a1c", {"alpha/001", "delta/comprehensive-diabetes-care-hba1c"}, False),
    ("a1c", {"alpha/001", "delta/diabetes-care-for-people-with-serious"}, False),
    ("a1c", {"alpha/117", "bravo/diabetes-care-eye", "charlie/retinal"}, True),
    ("a1c", {"alpha/117", "delta/comprehensive-diabetes-care-eye"}, True),
    ("id-collisions", {"harbor/139", "prairie/113", "summit/130"}, True),
    ("id-collisions", {"harbor/167", "prairie/236", "summit/165"}, True),
    ("id-collisions", {"harbor/93", "prairie/112"}, True),
    ("id-collisions", {"harbor/204", "summit/122"}, True),
    ("id-collisions", {"harbor/93", "prairie/093"}, False),
    ("id-collisions", {"harbor/139", "summit/139"}, False),
    ("id-collisions", {"harbor/167", "prairie/167"}, False),
    ("id-collisions", {"harbor/167", "summit/167"}, False),
    ("id-collisions", {"prairie/167", "summit/167"}, False),
    ("id-collisions", {"harbor/204", "prairie/204"}, False),
    ("titles-only", {"lakeshore/breast", "ridge/mammography", "valley/breast"}, True),
    ("titles-only", {"lakeshore/cbp", "ridge/hypertension", "valley/controlling"}, True),
    ("titles-only", {"lakeshore/eye", "ridge/diabetes-eye", "valley/retinal"}, True),
    ("titles-only", {"ridge/preventive", "valley/depression"}, True),
    ("titles-only", {"lakeshore/child-and-adolescent-well", "valley/well-care"}, True),
    ("titles-only", {"ridge/developmental", "valley/dev-"}, True),
    ("titles-only", {"lakeshore/follow-up-after-hosp", "ridge/follow-up-after-hosp"}, False),
    ("titles-only", {"lakeshore/hemoglobin", "valley/hba1c-control-lt-8"}, False),
    ("titles-only", {"lakeshore/plan-all", "ridge/hospital-wide"}, False),
    ("titles-only", {"lakeshore/plan-all", "valley/all-cause"}, False),
    ("titles-only", {"ridge/hospital-wide", "valley/all-cause"}, False),
    ("rates", {"east/follow-up", "north/FUH/r30", "west/FUH-30"}, True),
    ("rates", {"south/follow-up", "north/FUH/r7", "west/FUH-7"}, True),
    ("rates", {"north/FUH", "west/FUH-7"}, False),
    ("rates", {"south/screening", "west/CDF-adult"}, True),
    ("rates", {"east/screening", "west/CDF-child"}, True),
    ("rates", {"south/screening", "east/screening"}, False),
    ("blood-pressure", {"acc-aha-2019/", "cms165v5-2017/", "hedis-2015/", "hedis-2019/",
                        "nqf-2011/"}, True),
    ("onecare-vermont", {"medicare/hospital-wide", "mvp-qhp/aco-all-cause"}, False),
    ("onecare-vermont", {"medicare/clinical-and-clin", "medicaid/risk-standardized"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "prefixes", "together"), PROMISED)
def test_examples_keep_their_promises(name: str, prefixes: set[str], together: bool) -> None:
    groups = parted(*example(name))
    exact = {ref for group in groups for ref in group}
    homes = set()
    for prefix in prefixes:
        fits = [g for g in groups if any(r == prefix or r.startswith(prefix) for r in g)]
        if prefix in exact:
            fits = [g for g in groups if prefix in g]
        assert len(fits) == 1, (prefix, fits)
        homes.add(fits[0])
    assert (len(homes) == 1) is together


# --- ties, families, labels, relations ----------------------------------------------------------


def test_a_tie_is_reported_and_nobody_wins() -> None:
    sets = (
        spec("a", {"id": "1", "title": BCS, "ages": "40-74"}, {"id": "2", "title": BCS,
                                                              "ages": "50-74"}),
        spec("b", {"id": "1", "title": BCS}),
    )  # fmt: skip
    found = crossed(*sets)
    assert {len(c.members) for c in found.concepts} == {1}
    assert {(p.left.ref, p.right.ref) for p in found.possible} == {("a/1", "b/1"), ("a/2", "b/1")}
    assert all("tie" in p.reason for p in found.possible)


def test_families_hold_a_whole_its_rates_and_strata() -> None:
    families = [{c.id for c in f.concepts} for f in crossed(*example("rates")).families]
    assert sorted(map(len, families)) == [3, 3]
    families = [{c.id for c in f.concepts} for f in crossed(*example("a1c")).families]
    assert {"hba1c_poor", "hba1c_lt8"} in families
    assert {"dm_eye"} in families


def test_an_acronym_or_a_shared_id_makes_a_family_and_no_concept() -> None:
    found = crossed(
        spec("a", {"id": "1", "title": "Xylograph Burnishing", "ids": {"x-state": "17"}}),
        spec("b", {"id": "1", "title": "Quilted Marmalade", "ids": {"x-state": "17"}}),
    )
    assert len(found.concepts) == 2
    assert len(found.families) == 1


def _labels(*sets: MeasureSet) -> set[str]:
    return {c.label for c in crossed(*sets).concepts}


def test_a_label_is_the_standards_current_name_and_no_typo() -> None:
    misspelt = spec("a", "Colorectal Cancer Screning"), spec("b", "Colon Cancer Screening")
    assert _labels(*misspelt) == {"Colorectal Cancer Screening"}
    labels = " ".join(_labels(*example("onecare-vermont")))
    assert "Clinican" not in labels
    assert "Mulitiple" not in labels


@pytest.mark.parametrize("title", ["Measure 1", "Rate 3", "1", "Screening", "Follow-Up", "Control"])
def test_a_title_that_says_little_is_not_taken_for_a_standard_measure(title: str) -> None:
    (concept,) = crossed(spec("a", title)).concepts
    assert concept.entry is None
    assert concept.label == title


RELATIONS: Final = [
    (FUH, f"{FUH} (7 Days)", "part-of"),
    (f"{FUH} (7 Days)", f"{FUH} (30 Days)", "sibling"),
    (f"{CDF}: Ages 12 to 17", f"{CDF}: Age 18 and Older", "sibling"),
    ("Plan All-Cause Readmissions", "Hospital-Wide All-Cause Unplanned Readmission",
     "related-focus"),
    # the same focus in other people
    ("Statin Therapy for Patients with Diabetes",
     "Statin Therapy for Patients with Cardiovascular Disease", "related-focus"),
    ("Functional Status Change for Patients with Knee Impairments",
     "Functional Status Change for Patients with Hip Impairments", "related-focus"),
    # the same people, another focus
    ("Diabetes: Eye Exam", "Diabetes: Foot Exam", "related-population"),
    ("Adult Immunization Status: Influenza", "Adult Immunization Status: Zoster", "sibling"),
    ("Breast Cancer Screening", "Diabetes: Foot Exam", None),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "relation"), RELATIONS)
def test_relation_between_concepts(one: str, other: str, relation: str | None) -> None:
    for left, right in ((one, other), (other, one)):
        found = crossed(spec("a", left), spec("b", right))
        assert len(found.concepts) == 2
        assert [r for _, r in found.related] == ([relation] if relation else [])


def test_a_concepts_links_are_all_its_pairs_of_two_payers() -> None:
    for concept in crossed(*example("onecare-vermont")).concepts:
        pairs = {
            frozenset((a.ref, b.ref))
            for a, b in combinations(concept.members, 2)
            if a.payer != b.payer
        }
        assert {frozenset((p.left.ref, p.right.ref)) for p in concept.links} == pairs
        assert all(p.left.payer < p.right.payer for p in concept.links)
        assert (concept.weakest is None) == (not concept.links)


# --- what holds for any lists -------------------------------------------------------------------

POOL: Final[tuple[dict[str, Any], ...]] = (
    {"title": FUH, "ids": {"hedis": "FUH"}},
    {"title": f"{FUH} (7 Days) (HEDIS FUH)"},
    {"title": f"FUH: {FUH}, 30-Day"},
    {"title": FUH.upper(), "rates": [{"id": "7", "title": "7 days"}, {"title": "30 days"}]},
    {"title": "Initiation of Substance Use Disorder Treatment (HEDIS IET- Medicaid, MVP, PHM)"},
    {"title": "Engagement of AOD Dependence Treatment (Quality ID# 305-Medicare"},
    {"title": "Initiation and Engagement of SUD Treatment", "acronym": "IET"},
    {"title": CDF, "ids": {"cbe": "0418"}},
    {"title": f"{CDF}: Ages 12 to 17", "ids": {"cbe": "0418"}, "ages": "12-17"},
    {"title": "Depression screening (18 and older)", "ages": "18+"},
    {"title": POOR, "ids": {"mips": "001"}, "improvement_notation": "decrease"},
    {"title": "Diabetes: Glycemic Status Assessment Greater Than 9%", "ids": {"cms": "CMS122v13"}},
    {"title": "Hemoglobin A1c Control (<8%)", "improvement_notation": "increase"},
    {"title": "Glycemic Status Assessment for Patients with Diabetes", "ids": {"hedis": "GSD"}},
    {"title": "Diabetes Care for People with Serious Mental Illness: HbA1c Poor Control (>9.0%)"},
    {"title": "Diabetes: Eye Exam", "description": "Retinal eye exam by an eye care professional"},
    {"title": "Eye Exam for Patients with Diabetes (EED)"},
    {"title": "Controlling High Blood Pressure", "ids": {"cbe": "0018"}, "threshold": "< 140/90"},
    {"title": "Hypertension: Controlling High BP", "ids": {"cms": "CMS165v12"}},
    {"title": "Blood Pressure", "ids": {"cms": "CMS165v13"}, "data_source": "ehr"},
    {"title": "Breast Cancer Screening", "ages": "50-74", "ids": {"mips": "112"}},
    {"title": "Mammography", "data_source": ["claims", "ehr"]},
    {"title": "Colorectal Cancer Screening", "steward": "NCQA"},
    {"title": "Colon Cancer Screening (COL-E)", "ages": "45-75"},
    {"title": "Cancer Screening"},
    {"title": "Plan All-Cause Readmissions"},
    {"title": "All-Cause Readmissions"},
    {"title": "Hospital-Wide, 30 Day, All Cause Unplanned Readmission (Quality ID#479)"},
    {"title": "Childhood Immunization Status (Combo 10)"},
    {"title": "Childhood Immunization Status: Combination 3"},
    {"title": "Childhood Immunization Status"},
    {"title": "Xylograph Burnishing Rate", "ids": {"x-state": "17"}},
    {"title": "Rate of Xylograph Burnishing"},
    {"title": "Xylograph Polishing Rate", "ids": {"x-state": "17"}},
    {"title": "Functional Status Change for Patients with Knee Impairments"},
    {"title": "Functional Status Change for Patients with Hip Impairments"},
    {"title": "CAHPS Clinician and Group Survey", "measure_type": "experience"},
    {"title": "CAHPS: Access to Care", "part_of": "CAHPS", "part": "component"},
    {"title": "CAHPS for MIPS", "acronym": "CAHPS"},
)  # fmt: skip
SLUGS: Final = ("north", "south", "east", "west")
Lists = dict[str, tuple[int, ...]]


@st.composite
def _lists(draw: st.DrawFn, most: int = 4) -> Lists:
    places = st.integers(0, len(POOL) - 1)
    return {
        slug: tuple(draw(st.lists(places, unique=True, min_size=1, max_size=8)))
        for slug in SLUGS[: draw(st.integers(2, most))]
    }


def _made(lists: Lists, **slugs: str) -> tuple[MeasureSet, ...]:
    """The lists as specs; a measure has an id of its own on every other line."""
    return tuple(
        spec(
            slugs.get(payer, payer),
            *(POOL[i] if i % 2 else {"id": f"m{i}", **POOL[i]} for i in places),
        )
        for payer, places in lists.items()
    )


def _refs(one: Concept) -> frozenset[str]:
    return frozenset(m.ref for m in one.members)


def _may_share(one: Measure, other: Measure) -> bool:
    return one.data_source != other.data_source or "collection type" in (one.part, other.part)


@settings(max_examples=25, deadline=None)
@given(_lists())
@tried({"north": (3,), "south": (1, 3)})  # a rate, and the same as a line and as a rate
def test_a_crosswalk_is_a_partition(lists: Lists) -> None:
    sets = _made(lists)
    found = crossed(*sets)
    refs = [m.ref for c in found.concepts for m in c.members]
    assert sorted(refs) == sorted(m.ref for m in items(*sets))
    ids = [c.id for c in found.concepts]
    assert len(set(ids)) == len(ids)
    within = [c.id for f in found.families for c in f.concepts]
    assert sorted(within) == sorted(ids)
    assert len({f.id for f in found.families}) == len(found.families)


@settings(max_examples=25, deadline=None)
@given(_lists())
def test_nothing_vetoed_stands_together(lists: Lists) -> None:
    sets = _made(lists)
    profiles, at = staged(*sets)
    for concept in crossed(*sets).concepts:
        for one, other in combinations(concept.members, 2):
            if one.payer == other.payer:
                assert _may_share(one, other)
            else:
                assert weigh(profiles[one.ref], profiles[other.ref], at).vetoes == ()


@settings(max_examples=25, deadline=None)
@given(_lists())
def test_what_is_possible_or_related_is_not_together(lists: Lists) -> None:
    found = crossed(*_made(lists))
    home = {m.ref: c.id for c in found.concepts for m in c.members}
    possible = [(p.left, p.right) for p in found.possible]
    related = [(p.left, p.right) for p, _ in found.related]
    for left, right in (*possible, *related):
        assert home[left.ref] != home[right.ref]
        assert left.payer < right.payer
    assert not {(a.ref, b.ref) for a, b in possible} & {(a.ref, b.ref) for a, b in related}
    confidences = [p.confidence for c in found.concepts for p in c.links]
    assert all(0 <= c <= 1 for c in (*confidences, *(p.confidence for p in found.possible)))


@settings(max_examples=20, deadline=None)
@given(_lists(), st.randoms(use_true_random=False))
def test_no_order_and_no_file_name_changes_anything(lists: Lists, dice: Any) -> None:
    before = plain_json(*_made(lists))
    shuffled = [spec(s.payer, *_lines(s, lists, dice), file=f"{dice.random()}.yaml")
                for s in _made(lists)]  # fmt: skip
    dice.shuffle(shuffled)
    assert plain_json(*shuffled) == before


def _lines(one: MeasureSet, lists: Lists, dice: Any) -> list[dict[str, Any]]:
    places = list(lists[one.payer])
    dice.shuffle(places)
    return [POOL[i] if i % 2 else {"id": f"m{i}", **POOL[i]} for i in places]


def _told(sets: Iterable[MeasureSet], back: dict[str, str]) -> dict[str, Any]:
    """What a report says, with payers under their old names and nothing in their order."""

    def old(text: str) -> str:
        for new, name in back.items():
            text = text.replace(new, name)
        return text

    def named(concept: str) -> str:
        """An id without the last mark of perfect equals, which only their payers tell apart."""
        return re.sub(r"([.-][0-9a-f]{6})\.[0-9a-f]{6}$", r"\1", concept)

    found = document(published(*sorted(sets, key=lambda s: s.payer)))
    ends = ("payer_a", "measure_a", "payer_b", "measure_b")

    def pair(row: dict[str, Any]) -> object:
        a, b, c, d = (row[key] for key in ends)
        rest = (row["confidence"], row["verdict"], row["relation"])
        return (frozenset(((old(a), b), (old(c), d))), rest)

    return {
        "concepts": {
            (named(c["id"]), named(c["family"]), c["label"], c["domain"],
             c["confidence"], c["relation"],
             frozenset((old(m["payer"]), m["measure"]) for m in c["members"]))
            for c in found["concepts"]
        },
        "families": {
            (named(f["id"]), f["label"], tuple(sorted(map(named, f["concepts"]))))
            for f in found["families"]
        },
        "divergences": {
            (named(d["concept"]), d["attribute"], d["severity"], d["cause"],
             frozenset((p["value"], frozenset(map(old, p["payers"]))) for p in d["positions"]),
             frozenset(map(old, d["silent"])))
            for d in found["divergences"]
        },
        "possible": set(map(pair, found["possible"])),
        "related": set(map(pair, found["related"])),
        "unmatched": set(map(old, found["unmatched"])),
        "summary": {
            ("|".join(sorted(old(f["figure"].split(":", 1)[-1]).split("|"))),
             f["figure"].split(":")[0] if "jaccard" in f["figure"] else old(f["figure"]),
             f["value"], f["of"])
            for f in found["summary"]
        },
    }  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(_lists(), st.permutations(("aaa", "mmm", "xxx", "zzz")))
@tried({"north": (0,), "south": (3,), "east": (1, 3)}, ["aaa", "mmm", "xxx", "zzz"])
def test_other_names_of_payers_change_only_the_names(lists: Lists, names: list[str]) -> None:
    slugs = dict(zip(lists, names, strict=False))
    back = {new: old for old, new in slugs.items()}
    assert _told(_made(lists, **slugs), back) == _told(_made(lists), {})


@settings(max_examples=20, deadline=None)
@given(_lists(most=3), st.sampled_from(["copy", "aardvark", "zebra"]))
def test_a_copy_of_a_payer_only_adds_its_members(lists: Lists, slug: str) -> None:
    sets = _made(lists)
    original = sets[0]
    before = {_refs(c) for c in crossed(*sets).concepts}
    copy = _renamed(original, slug)
    after = {_refs(c) for c in crossed(*sets, copy).concepts}
    assert {
        frozenset(r for r in group if not r.startswith(f"{slug}/")) for group in after
    } == before
    for group in after:
        for ref in group:
            if ref.startswith(f"{original.payer}/"):
                assert ref.replace(original.payer, slug, 1) in group


def _renamed(one: MeasureSet, slug: str) -> MeasureSet:
    def renamed(item: Measure) -> Measure:
        rates = item.rates and tuple(map(renamed, item.rates))
        return replace(item, payer=slug, rates=rates)

    return replace(one, payer=slug, measures=tuple(map(renamed, one.measures or ())))


UNRELATED: Final = (
    "Quilted Marmalade Inspection",
    "Velodrome Tarpaulin Count",
    {"id": "x", "title": "Bagpipe Tuning", "ids": {"x-pipes": "3"}},
)


@settings(max_examples=20, deadline=None)
@given(_lists(), st.sampled_from(["aaa", "mmm", "zzz"]))
def test_an_unrelated_payer_changes_no_concept(lists: Lists, slug: str) -> None:
    sets = _made(lists)
    before, after = crossed(*sets), crossed(*sets, spec(slug, *UNRELATED))
    assert _described(before) == {row for row in _described(after) if slug not in row[3]}
    assert {(p.left.ref, p.right.ref, p.confidence) for p in before.possible} == {
        (p.left.ref, p.right.ref, p.confidence) for p in after.possible
    }
    assert len(after.concepts) == len(before.concepts) + len(UNRELATED)


def _described(found: Crosswalk) -> set[tuple[str, str, str, tuple[str, ...], frozenset[str]]]:
    family = {c.id: f.id for f in found.families for c in f.concepts}
    return {(c.id, c.label, family[c.id], c.payers, _refs(c)) for c in found.concepts}


@settings(max_examples=20, deadline=None)
@given(_lists(most=3))
@tried({"north": (31,), "south": (0, 32)})
@tried({"north": (21,), "south": (20,)})
def test_a_concepts_id_does_not_move_when_a_payer_joins(lists: Lists) -> None:
    sets = _made(lists)
    before = {m.ref: c for c in crossed(*sets[:-1]).concepts for m in c.members}
    after = crossed(*sets).concepts
    entries = [c.entry.key for c in after if c.entry]
    for concept in after:
        olds = {before[m.ref].id for m in concept.members if m.ref in before}
        olds = {old for old in olds if _refs(_by_id(before, old)) <= _refs(concept)}
        # Two concepts that a newcomer brings together keep one id of the two; of two that are
        # one measure of the catalogue and were not merged, the larger has its plain name.
        alone = concept.entry is None or entries.count(concept.entry.key) == 1
        if len(olds) == 1 and alone:
            assert {concept.id} == olds


def _by_id(concepts: dict[str, Concept], name: str) -> Concept:
    return next(c for c in concepts.values() if c.id == name)


# --- the same on what people print --------------------------------------------------------------

PRINTED: Final = {
    "onecare-vermont": example("onecare-vermont"),
    "specs": load([str(ROOT / "specs")]).sets[::2],
}


@pytest.mark.parametrize("name", PRINTED)
def test_printed_lists_in_another_order_give_the_same_bytes(name: str) -> None:
    sets = PRINTED[name]
    turned = tuple(replace(s, measures=_turned(s)) for s in sets)
    assert plain_json(*turned) == plain_json(*sets)


def _turned(one: MeasureSet) -> tuple[Measure, ...]:
    return tuple(reversed(one.measures or ()))


@pytest.mark.parametrize("name", PRINTED)
def test_printed_lists_under_other_names_give_the_same_concepts(name: str) -> None:
    sets = PRINTED[name]
    slugs = [f"p{i:02}" for i in range(len(sets))][::-1]
    back = {slug: one.payer for slug, one in zip(slugs, sets, strict=True)}
    renamed = tuple(_renamed(one, slug) for slug, one in zip(slugs, sets, strict=True))
    named = {frozenset(_old(ref, back) for ref in group) for group in parted(*renamed)}
    assert named == parted(*sets)


def _old(ref: str, back: dict[str, str]) -> str:
    slug, _, rest = ref.partition("/")
    return f"{back[slug]}/{rest}"


@pytest.mark.parametrize("name", PRINTED)
def test_printed_lists_keep_their_ids_when_one_is_taken_away(name: str) -> None:
    sets = PRINTED[name]
    after = {_refs(c): c.id for c in crossed(*sets).concepts}
    gone = sets[len(sets) // 2]
    before = {_refs(c): c.id for c in crossed(*(s for s in sets if s is not gone)).concepts}
    moved = {
        (was, now)
        for refs, now in after.items()
        if (was := before.get(frozenset(r for r in refs if not r.startswith(f"{gone.payer}/"))))
        and was != now
    }
    assert moved == set()


def test_json_is_the_same_from_a_folder_and_from_files(tmp_path: Any) -> None:
    folder = EXAMPLES / "rates" / "specs"
    files = [str(p) for p in sorted(folder.iterdir())]
    for i, name in enumerate(reversed(files)):
        with open(name, encoding="utf-8") as source:  # noqa: PTH123
            (tmp_path / f"{i}.yml").write_text(source.read(), "utf-8")
    one, other, third = load([str(folder)]), load(files[::-1]), load([str(tmp_path)])
    assert plain_json(*one.sets) == plain_json(*other.sets) == plain_json(*third.sets)
    assert json.loads(plain_json(*one.sets))["schema"] == "harmonize.report/1"
