"""Where payers that mean the same ask for it differently: expected rows, causes and relations."""

from typing import Any, Final

import pytest
from building import differences, example, figures, published, reported, spec, stances
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.divergence import OUR_DIMENSIONS, RELATIONS, Divergence
from harmonize.document import document
from harmonize.fields import declared
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.sets import MeasureSet

TITLE: Final = "Controlling High Blood Pressure"
Said = dict[str, Any]

# The dimensions of CMS (MMS Hub, measure harmonization), and what this project adds.
DIMENSIONS: Final = {
    "numerator", "denominator", "numerator exclusions", "denominator exclusions",
    "denominator exceptions", "calculation", "data source", "risk adjustment", "direction",
    "period", "identification", "programme",
}  # fmt: skip


def _sets(*said: Said, title: str = TITLE) -> tuple[MeasureSet, ...]:
    """A payer for each, all with one title; keys with a capital are the payer's own."""
    names = ("alpha", "bravo", "charlie", "delta", "echo")
    return tuple(
        spec(
            payer,
            {"id": "1", "title": title, **{k: v for k, v in fields.items() if k.islower()}},
            **{k.lower(): v for k, v in fields.items() if not k.islower()},
        )
        for payer, fields in zip(names, said, strict=False)
    )


SAME: Final[dict[str, tuple[Said, Said]]] = {
    "ages, spelt otherwise": ({"ages": "18-85"}, {"ages": "18 - 85 years"}),
    "ages at the start and at the end of the period": (
        {"ages": {"min": "17", "max": "84", "as_of": "start"}},
        {"ages": "18-85"},
    ),
    "ages in months and in years": ({"ages": "12-35 months"}, {"ages": "1-2 years"}),
    "ages under and up to": ({"ages": "<18"}, {"ages": "0-17"}),
    "a threshold without its unit": ({"threshold": "< 140/90"}, {"threshold": "< 140/90 mm Hg"}),
    "units spelt otherwise": ({"threshold": "< 140/90 mmHg"}, {"threshold": "<140/90 mm Hg"}),
    "a cut with a zero behind": ({"threshold": "> 9.0%"}, {"threshold": ">9 percent"}),
    "subgroups in another order": (
        {"threshold": [{"for": "60+", "value": "< 150/90"}, {"for": "18-59", "value": "< 140/90"}]},
        {"threshold": [{"for": "18-59", "value": "< 140/90"}, {"for": "60+", "value": "< 150/90"}]},
    ),
    "alternatives that overlap": ({"data_source": ["claims", "ehr"]}, {"data_source": "ehr"}),
    "a synonym": ({"data_source": "administrative"}, {"data_source": "claims"}),
    "levels that overlap": ({"level": ["practice", "plan"]}, {"level": ["plan"]}),
    "durations in other units": ({"lookback": "12 months"}, {"lookback": "1 year"}),
    "weeks and days": ({"follow_up": "2 weeks"}, {"follow_up": "14 days"}),
    "lists in another order": (
        {"denominator_exclusions": ["Hospice", "ESRD"]},
        {"denominator_exclusions": ["end-stage renal disease", "hospice"]},
    ),
    "none and None": ({"denominator_exceptions": "none"}, {"denominator_exceptions": "None"}),
    "the same words": ({"numerator": "BP under control"}, {"numerator": "Blood pressure under "
                                                                        "control."}),
    "an id without its zeros": ({"ids": {"cbe": "0018"}}, {"ids": {"cbe": "18"}}),
    "an eCQM with and without its version": (
        {"ids": {"cms": "CMS165v13"}},
        {"ids": {"cms": "CMS165"}},
    ),
    "a result is no difference": ({"performance": "60%"}, {"performance": "70%"}),
    "notes are no difference": ({"notes": "one"}, {"notes": "another"}),
    "a minimum in other words": ({"minimum_denominator": "30"}, {"minimum_denominator": "30"}),
    "one is silent": ({"ages": "18-85", "threshold": "< 140/90", "risk_adjusted": "true"}, {}),
    "assigned is not stated": ({"ages": "18-85", "assigned": ["ages"]}, {"ages": "18+"}),
    "an assigned id is not stated": (
        {"ids": {"cbe": "0018"}, "assigned": ["ids.cbe"]},
        {"ids": {"cbe": "0019"}},
    ),
    "words that no grammar covers, the same": ({"ages": "adults"}, {"ages": "Adults"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_no_difference(name: str) -> None:
    sets = _sets(*SAME[name])
    assert len(reported(*sets).crosswalk.concepts) == 1
    assert differences(*sets) == {}


Expected = tuple[str, str, str, set[tuple[str, tuple[str, ...]]], tuple[str, ...]]

# what is said -> attribute, severity, cause, positions, silent
DIFFERENT: Final[dict[str, tuple[tuple[Said, ...], Expected]]] = {
    "ages": (
        ({"ages": "18-85"}, {"ages": "18+"}),
        ("ages", "major", "population", {("18-85", ("alpha",)), ("18+", ("bravo",))}, ()),
    ),
    "ages in words and in numbers": (
        ({"ages": "adults"}, {"ages": "18+"}),
        ("ages", "major", "population", {("adults", ("alpha",)), ("18+", ("bravo",))}, ()),
    ),
    "thresholds": (
        ({"threshold": "< 140/90 mm Hg"}, {"threshold": "< 130/80 mm Hg"}),
        ("threshold", "major", "unknown",
         {("< 140/90 mm Hg", ("alpha",)), ("< 130/80 mm Hg", ("bravo",))}, ()),
    ),
    "for everybody and by subgroup": (
        ({"threshold": "< 140/90"},
         {"threshold": [{"for": "18-59", "value": "< 140/90"}, {"for": "60+",
                                                               "value": "< 150/90"}]}),
        ("threshold", "major", "unknown",
         {("< 140/90", ("alpha",)), ("18-59: < 140/90; 60+: < 150/90", ("bravo",))}, ()),
    ),
    "none is a statement": (
        ({"denominator_exclusions": "none"}, {"denominator_exclusions": ["hospice"]}, {}),
        ("denominator_exclusions", "major", "unknown",
         {("none", ("alpha",)), ("hospice", ("bravo",))}, ("charlie",)),
    ),
    "exclusions that overlap are two lists": (
        ({"denominator_exclusions": ["hospice"]}, {"denominator_exclusions": ["hospice", "ESRD"]}),
        ("denominator_exclusions", "major", "unknown",
         {("hospice", ("alpha",)), ("hospice; ESRD", ("bravo",))}, ()),
    ),
    "exceptions": (
        ({"denominator_exceptions": ["medical reason"]}, {"denominator_exceptions": "none"}),
        ("denominator_exceptions", "major", "unknown",
         {("medical reason", ("alpha",)), ("none", ("bravo",))}, ()),
    ),
    "disjoint sources of data": (
        ({"data_source": ["claims"]}, {"data_source": ["ehr"]}),
        ("data_source", "minor", "unknown", {("claims", ("alpha",)), ("ehr", ("bravo",))}, ()),
    ),
    "versions of one eCQM": (
        ({"ids": {"cms": "CMS165v13"}}, {"ids": {"cms": "CMS165v12"}}),
        ("ids.cms", "info", "version",
         {("CMS165v13", ("alpha",)), ("CMS165v12", ("bravo",))}, ()),
    ),
    "two eCQMs without versions": (
        ({"ids": {"cms": "CMS165"}}, {"ids": {"cms": "CMS166"}}),
        ("ids.cms", "info", "version", {("CMS165", ("alpha",)), ("CMS166", ("bravo",))}, ()),
    ),
    "opposite directions": (
        ({"improvement_notation": "increase"}, {"improvement_notation": "decrease"}),
        ("improvement_notation", "major", "unknown",
         {("increase", ("alpha",)), ("decrease", ("bravo",))}, ()),
    ),
    "a look-back that the payer changed": (
        ({"lookback": "24 months", "modified": "look-back lengthened to 24 months"},
         {"lookback": "12 months"}),
        ("lookback", "major", "modified",
         {("24 months", ("alpha",)), ("12 months", ("bravo",))}, ()),
    ),
    "two editions, by year": (
        ({"ages": "50-74", "Measurement_year": "2024"},
         {"ages": "40-74", "Measurement_year": "2025"}),
        ("ages", "major", "version", {("50-74", ("alpha",)), ("40-74", ("bravo",))}, ()),
    ),
    "two editions, by what is followed": (
        ({"lookback": "12 months", "follows": "HEDIS MY2023", "Measurement_year": "2025"},
         {"lookback": "27 months", "Follows": "HEDIS MY2025", "Measurement_year": "2025"}),
        ("lookback", "major", "version",
         {("12 months", ("alpha",)), ("27 months", ("bravo",))}, ()),
    ),
    "one edition": (
        ({"ages": "50-74", "Measurement_year": "2025"},
         {"ages": "40-74", "Measurement_year": "2025"}),
        ("ages", "major", "population", {("50-74", ("alpha",)), ("40-74", ("bravo",))}, ()),
    ),
    "four payers, one row": (
        ({"threshold": "< 140/90 mm Hg"}, {"threshold": "< 130/80 mm Hg"},
         {"threshold": "< 140/90"}, {"threshold": "< 130/80 mmHg"}, {}),
        ("threshold", "major", "unknown",
         {("< 140/90 mm Hg", ("alpha", "charlie")), ("< 130/80 mm Hg", ("bravo", "delta"))},
         ("echo",)),
    ),
    "free text": (
        ({"numerator": "Under control at the last visit"},
         {"numerator": "Under control at any visit"}),
        ("numerator", "minor", "unknown",
         {("Under control at the last visit", ("alpha",)),
          ("Under control at any visit", ("bravo",))}, ()),
    ),
    "events": (
        ({"events": "2"}, {"events": "4"}),
        ("events", "major", "unknown", {("2", ("alpha",)), ("4", ("bravo",))}, ()),
    ),
    "risk adjustment": (
        ({"risk_adjusted": "true"}, {"risk_adjusted": "false"}),
        ("risk_adjusted", "major", "unknown", {("true", ("alpha",)), ("false", ("bravo",))}, ()),
    ),
    "scoring": (
        ({"scoring": "proportion"}, {"scoring": "ratio"}),
        ("scoring", "major", "unknown", {("proportion", ("alpha",)), ("ratio", ("bravo",))}, ()),
    ),
    "standing": (
        ({"status": "core"}, {"status": "menu"}),
        ("status", "info", "unknown", {("core", ("alpha",)), ("menu", ("bravo",))}, ()),
    ),
    "targets": (
        ({"target": "65%"}, {"target": "none"}, {}),
        ("target", "minor", "unknown", {("65%", ("alpha",)), ("none", ("bravo",))}, ("charlie",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference(name: str) -> None:
    said, (attribute, severity, cause, positions, silent) = DIFFERENT[name]
    found = differences(*_sets(*said))
    follows = {"follows"} if name == "two editions, by what is followed" else set()
    assert found.keys() - follows == {attribute}
    one = found[attribute]
    assert (one.severity, one.cause, one.silent) == (severity, cause, silent)
    assert {(_sorted(value), who) for value, who in stances(one)} == {
        (_sorted(value), who) for value, who in positions
    }
    assert one.label
    assert one.dimension in DIMENSIONS


def _sorted(value: str) -> str:
    return "; ".join(sorted(value.split("; ")))


# --- one cut from its two sides -----------------------------------------------------------------

A1C: Final = "Hemoglobin A1c Control"
COMPLEMENTS: Final[dict[str, tuple[Said, Said]]] = {
    "said with directions": (
        {"threshold": "> 9%", "improvement_notation": "decrease"},
        {"threshold": "<= 9%", "improvement_notation": "increase"},
    ),
    "said without": ({"threshold": "> 9%"}, {"threshold": "\u2264 9.0 %"}),
    "said without a unit": (
        {"threshold": "> 9", "improvement_notation": "decrease"},
        {"threshold": "<= 9%", "improvement_notation": "increase"},
    ),
}


@pytest.mark.parametrize("name", COMPLEMENTS)
def test_one_cut_reported_two_ways_is_told_and_needs_no_vote(name: str) -> None:
    sets = _sets(*COMPLEMENTS[name], title=A1C)
    found = differences(*sets)
    assert found.keys() == {"threshold"} | (
        {"improvement_notation"} if "improvement_notation" in COMPLEMENTS[name][0] else set()
    )
    for one in found.values():
        assert one.severity == "info"
        assert one.note == "same cut, reported the other way"
    assert figures(*sets)["to_settle"] == (0, 1)


NO_COMPLEMENTS: Final[dict[str, tuple[Said, Said]]] = {
    "another number": (
        {"threshold": "> 9%", "improvement_notation": "decrease"},
        {"threshold": "<= 8%", "improvement_notation": "increase"},
    ),
    "the same side": ({"threshold": "> 9%"}, {"threshold": ">= 9%"}),
    "the same direction for both": (
        {"threshold": "> 9%", "improvement_notation": "increase"},
        {"threshold": "<= 9%", "improvement_notation": "increase"},
    ),
}


@pytest.mark.parametrize("name", NO_COMPLEMENTS)
def test_what_looks_like_a_complement_is_to_settle(name: str) -> None:
    assert differences(*_sets(*NO_COMPLEMENTS[name], title=A1C))["threshold"].severity == "major"


def test_opposite_directions_under_one_id_are_told_as_such() -> None:
    said = (
        {"ids": {"cbe": "1789"}, "improvement_notation": "decrease"},
        {"ids": {"cbe": "1789"}, "improvement_notation": "increase"},
    )
    one = differences(*_sets(*said, title="Hospital-Wide All-Cause Readmission"))
    assert one["improvement_notation"].severity == "major"
    assert "opposite" in one["improvement_notation"].note


def test_poor_control_and_control_by_their_titles_are_one_cut() -> None:
    alpha = spec("alpha", {"title": "HbA1c Poor Control (>9%)", "improvement_notation": "decrease"})
    bravo = spec("bravo", {"title": "HbA1c Control (<=9%)", "improvement_notation": "increase"})
    assert differences(alpha, bravo)["improvement_notation"].severity == "info"


# --- references, rates, places ------------------------------------------------------------------


def test_a_reference_that_differs_is_told_and_not_counted() -> None:
    said = [{"ages": "18-85"}, {"ages": "18-85"}, {"ages": "18+", "Role": "reference"}]
    sets = _sets(*said)
    one = differences(*sets)["ages"]
    assert not one.counted
    assert stances(one) == {("18-85", ("alpha", "bravo")), ("18+", ("charlie",))}
    assert figures(*sets)["to_settle"] == (0, 1)
    assert figures(*sets)["specification_agreement"] == (1, 1)


def test_positions_say_where_they_stand() -> None:
    sets = _sets({"ages": "18-85"}, {"ages": "18+"})
    found = document(published(*sets))["divergences"][0]["positions"]
    assert [p["sources"] for p in found] == [["bravo.yaml:4"], ["alpha.yaml:4"]]
    assert [p["value"] for p in found] == ["18+", "18-85"]


def test_which_rates_are_asked_for_differs_by_rate() -> None:
    title = "Follow-Up After Hospitalization for Mental Illness"
    seven, thirty = {"id": "7", "title": "Within 7 days"}, {"id": "30", "title": "Within 30 days"}
    sets = (
        spec("alpha", {"id": "1", "title": title, "rates": [seven, thirty]}),
        spec("bravo", {"id": "1", "title": title, "rates": [seven]}),
        spec("charlie", {"id": "1", "title": title}),
    )
    one = differences(*sets)["rates"]
    assert (one.cause, one.silent) == ("rate", ("charlie",))
    assert stances(one) == {
        ("Within 30 days; Within 7 days", ("alpha",)),
        ("Within 7 days", ("bravo",)),
    }
    same = spec("bravo", {"id": "1", "title": title, "rates": [thirty, seven]})
    assert "rates" not in differences(sets[0], same)


def test_lines_of_one_payer_never_differ_among_themselves() -> None:
    two = spec(
        "alpha",
        {"id": "1", "title": "Breast Cancer Screening", "data_source": "claims"},
        {"id": "2", "title": "Breast Cancer Screening", "data_source": "ehr"},
    )
    assert differences(two) == {}
    assert differences(two, spec("bravo", {"id": "1", "title": "Breast Cancer Screening",
                                           "data_source": "ehr"})) == {}  # fmt: skip


def test_a_concept_of_one_payer_has_no_difference() -> None:
    assert differences(spec("alpha", {"title": TITLE, "ages": "18+"})) == {}


def test_five_publications_of_one_number() -> None:
    found = differences(*example("blood-pressure"))
    assert "ages" not in found
    assert found["threshold"].severity == "major"
    assert {p.value for p in found["threshold"].positions} >= {"< 140/90 mm Hg", "< 130 mm Hg"} or {
        who for p in found["threshold"].positions for who in p.payers
    } >= {"acc-aha-2019", "hedis-2015", "hedis-2019"}
    assert "denominator_exclusions" not in found
    assert "denominator_exceptions" not in found


# --- the relation of a pair ---------------------------------------------------------------------

RELATED: Final[dict[str, tuple[Said, Said, str]]] = {
    "nothing is stated": ({}, {}, "undetermined"),
    "one is silent": ({"ages": "18-85"}, {}, "undetermined"),
    "one is silent in one thing": (
        {"ages": "18-85", "threshold": "< 140/90"},
        {"ages": "18-85"},
        "undetermined",
    ),
    "words that no grammar covers": ({"ages": "adults"}, {"ages": "adults"}, "undetermined"),
    "assigned is silence": (
        {"ages": "18-85", "assigned": ["ages"]},
        {"ages": "18-85"},
        "undetermined",
    ),
    "all that is stated agrees": (
        {"ages": "18-85", "threshold": "< 140/90"},
        {"ages": "18-85", "threshold": "< 140/90 mm Hg"},
        "identical",
    ),
    "another title": (
        {"ages": "18-85"},
        {"ages": "18-85", "title": "Hypertension: Controlling High Blood Pressure"},
        "harmonized",
    ),
    "another version": (
        {"ages": "18-85", "ids": {"cms": "CMS165v13"}},
        {"ages": "18-85", "ids": {"cms": "CMS165v12"}},
        "harmonized",
    ),
    "another standing": (
        {"ages": "18-85", "status": "core"},
        {"ages": "18-85", "status": "menu"},
        "harmonized",
    ),
    "another age": ({"ages": "18-85"}, {"ages": "18+"}, "modified"),
    "another threshold": (
        {"ages": "18-85", "threshold": "< 140/90"},
        {"ages": "18-85", "threshold": "< 130/80"},
        "modified",
    ),
    "another exclusion, the rest silent": (
        {"denominator_exclusions": ["hospice"], "ages": "18+"},
        {"denominator_exclusions": "none"},
        "modified",
    ),
    "one cut reported the other way": (
        {"threshold": "> 9%", "improvement_notation": "decrease"},
        {"threshold": "<= 9%", "improvement_notation": "increase"},
        "harmonized",
    ),
}


@pytest.mark.parametrize("name", RELATED)
def test_relation(name: str) -> None:
    here, there, expected = RELATED[name]
    found = reported(*_sets(here, there))
    (relation,) = found.compared.relations.values()
    assert relation == expected
    assert relation in RELATIONS


# --- what holds for anything said ---------------------------------------------------------------

SAYINGS: Final[dict[str, tuple[Any, ...]]] = {
    "ages": ("18-85", "18+", "adults", {"min": "17", "max": "84", "as_of": "start"}),
    "threshold": ("< 140/90", "< 140/90 mm Hg", "> 9%", "<= 9%", "under control", "none"),
    "improvement_notation": ("increase", "decrease"),
    "data_source": (["claims"], ["claims", "ehr"], "registry"),
    "denominator_exclusions": ("none", ["hospice"], ["ESRD", "hospice"]),
    "follow_up": ("30 days", "1 month", "soon"),
    "numerator": ("Under control", "BP under control"),
    "ids": ({"cms": "CMS165v13"}, {"cms": "CMS165v12", "cbe": "0018"}, {"cbe": "18"}),
    "status": ("core", "menu"),
    "target": ("65%", "none", {"value": "70%", "basis": "improvement"}),
    "weight": ("10%", "3x"),
    "assigned": (["ages"], ["ids.cms", "threshold"]),
    "modified": ("look-back lengthened", "none"),
}
SAID: Final = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values) for key, values in SAYINGS.items()}
)
MANY: Final = st.lists(SAID, min_size=2, max_size=5)


def _stating(one: Divergence, sets: tuple[MeasureSet, ...]) -> set[str]:
    key = one.attribute.split(".")[0]
    items = [m for s in sets for m in s.measures or ()]
    return {m.payer for m in items if m.states(key)}


@settings(max_examples=30, deadline=None)
@given(MANY)
def test_every_row_is_a_difference_between_statements(said: list[Said]) -> None:
    sets = _sets(*said)
    found = reported(*sets)
    for one in found.divergences:
        assert len(one.positions) >= 2
        assert len({p.value for p in one.positions}) >= 2
        payers = [who for p in one.positions for who in p.payers]
        assert len(set(payers)) == len(payers) >= 2
        assert set(payers) <= _stating(one, sets)
        assert set(payers) | set(one.silent) == {s.payer for s in sets}
        assert not set(payers) & set(one.silent)
        assert one.severity in ("major", "minor", "info")
        assert one.cause in ("version", "rate", "population", "modified", "unknown")
        assert one.attribute in ATTRIBUTES or one.attribute.startswith("ids.")


@settings(max_examples=30, deadline=None)
@given(SAID, st.integers(2, 4))
def test_payers_that_say_the_same_differ_nowhere(said: Said, count: int) -> None:
    found = reported(*_sets(*[said] * count))
    assert found.divergences == ()
    assert set(found.compared.relations.values()) <= {"identical", "undetermined"}
    assert found.compared.agreement.agree == found.compared.agreement.comparable


@settings(max_examples=30, deadline=None)
@given(MANY)
def test_a_row_and_a_relation_never_contradict(said: list[Said]) -> None:
    """`modified` has a major or minor row that parts the two; `identical` has none at all."""
    found = reported(*_sets(*said))
    for (left, right), relation in found.compared.relations.items():
        here, there = left.split("/")[0], right.split("/")[0]
        parted = {
            one.severity
            for one in found.divergences
            if not any({here, there} <= set(p.payers) for p in one.positions)
            and {here, there}.isdisjoint(one.silent)
        }
        if relation == "modified":
            assert parted & {"major", "minor"}
        if relation == "identical":
            assert parted == set()


def test_every_attribute_has_a_dimension_and_a_severity() -> None:
    for name in ATTRIBUTES:
        info = declared(Measure)[name]
        assert info.dimension in DIMENSIONS
        assert info.severity in ("major", "minor", "info")
    assert set(OUR_DIMENSIONS) < DIMENSIONS


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("65%", {"value": "65%", "basis": "attainment"}, False),
        ("65%", "65.0%", False),
        ("65%", {"value": "70%", "basis": "attainment"}, True),
        ({"value": "65%", "basis": "improvement"}, {"value": "65%", "basis": "attainment"}, True),
        ("none", "65%", True),
    ],
)
def test_what_a_target_leaves_out_differs_from_nothing(one: Any, other: Any, differ: bool) -> None:
    sets = tuple(
        spec(payer, {"title": "Controlling High Blood Pressure", "target": target})
        for payer, target in (("ash", one), ("birch", other))
    )
    found = reported(*sets).divergences
    assert ("target" in {d.attribute for d in found}) is differ
