"""Measures: the role of every field, what is stated and what is silent, and where it stands."""

from dataclasses import replace
from typing import Final

import pytest
from conftest import measure

from harmonize.fields import FREE, Role, declared
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.problems import NOWHERE, Place
from harmonize.values import NOTHING, read_threshold

# The dimensions of CMS in which measures are harmonized, and two of our own.
DIMENSIONS: Final = {
    "identification", "programme", "numerator", "denominator", "denominator exclusions",
    "denominator exceptions", "numerator exclusions", "calculation", "direction", "period",
    "data source", "risk adjustment",
}  # fmt: skip


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_what_payers_may_differ_in_has_a_dimension_and_a_severity(name: str) -> None:
    info = declared(Measure)[name]
    assert info.dimension in DIMENSIONS
    assert info.severity in ("major", "minor", "info")


def test_every_field_of_a_measure_has_one_role() -> None:
    roles: dict[Role, set[str]] = {role: set() for role in Role}
    for name, info in declared(Measure).items():
        roles[info.role].add(name)
    assert roles[Role.IDENTITY] == {"id", "title", "acronym", "ids", "part_of", "part", "any_of"}
    assert roles[Role.EVIDENCE] == {"domain", "condition", "description"}
    assert roles[Role.ATTRIBUTE] == {*ATTRIBUTES}
    assert sum(map(len, roles.values())) == len(declared(Measure))


def test_every_difference_that_cms_names_is_compared() -> None:
    compared = {declared(Measure)[name].dimension for name in ATTRIBUTES}
    assert compared == DIMENSIONS


def test_how_a_measure_is_asked_for_is_never_evidence() -> None:
    """Were age evidence, payers with other ages would part, and the difference would be hidden."""
    for name in ("ages", "threshold", "improvement_notation", "denominator_exclusions"):
        assert declared(Measure)[name].role is Role.ATTRIBUTE


def test_silence_is_not_none() -> None:
    silent = measure()
    assert all(
        getattr(silent, info.name) is None
        for name, info in declared(Measure).items()
        if name not in ("id", "title")
    )
    assert not silent.states("threshold")
    assert measure(threshold=NOTHING).states("threshold")
    assert measure(threshold=NOTHING) != silent


def test_there_is_none_only_where_that_says_something() -> None:
    allowed = {name for name, info in declared(Measure).items() if info.none}
    assert {
        "denominator_exclusions", "denominator_exceptions", "numerator_exclusions", "threshold",
        "target",
    } <= allowed  # fmt: skip
    assert not allowed & {"id", "title", "ages", "measure_type", "data_source", "weight", *FREE}


def test_words_are_kept_where_a_payer_may_say_what_no_grammar_covers() -> None:
    kept = {name for name, info in declared(Measure).items() if info.text}
    assert {"ages", "threshold", "follow_up", "lookback", "events"} <= kept
    for name in ("target", "benchmark"):
        record = declared(Measure)[name].record
        assert record is not None
        assert declared(record)["value"].text


def test_what_we_attached_is_not_the_payers_statement() -> None:
    one = measure(steward="NCQA", assigned=("steward",))
    assert not one.states("steward")
    assert replace(one, assigned=None).states("steward")


def test_places_lead_to_the_field_and_else_to_the_measure() -> None:
    here, there = Place("a.yaml", 4, 5), Place("a.yaml", 6, 12)
    one = measure(where={"": here, "ages": there})
    assert (one.place, one.place_of("ages"), one.place_of("sex")) == (here, there, here)
    assert measure().place == NOWHERE
    assert (str(here), str(NOWHERE), str(Place("a.yaml"))) == ("a.yaml:4", "", "a.yaml")


def test_where_a_thing_stands_is_no_part_of_what_it_is() -> None:
    assert measure(where={"": Place("a.yaml", 4)}) == measure(where={"": Place("b.yaml", 9)})
    assert "a.yaml" not in repr(measure(where={"": Place("a.yaml", 4)}))


def test_a_name_that_people_and_files_use() -> None:
    assert measure(payer="or-cco", id="CBP/AD 1").ref == "or-cco/CBP/AD 1"


def test_two_measures_that_state_the_same_are_equal() -> None:
    assert measure(threshold=read_threshold("< 140/90 mm Hg")) == measure(
        threshold=read_threshold("<140/90 mmHg")
    )
