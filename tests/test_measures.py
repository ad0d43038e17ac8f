"""The nouns: every field is declared once, with all that the other rooms read from it."""

import keyword
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from typing import Any, Final, get_type_hints

import pytest
from conftest import measure, measure_set

from harmonize.measures import (
    AREAS,
    ATTRIBUTES,
    AUDIENCES,
    FREE,
    HIDEABLE,
    NOWHERE,
    RESERVED,
    Convening,
    Criterion,
    Feedback,
    Info,
    Kind,
    Measure,
    MeasureSet,
    Participant,
    Payment,
    Role,
    Stream,
    declared,
)
from harmonize.problems import Place
from harmonize.values import NOTHING, Nothing, Text, read_threshold

# The dimensions of CMS in which measures are harmonized, and two of our own.
DIMENSIONS: Final = {
    "identification", "programme", "numerator", "denominator", "denominator exclusions",
    "denominator exceptions", "numerator exclusions", "calculation", "direction", "period",
    "data source", "risk adjustment",
}  # fmt: skip


def _records(cls: type = MeasureSet) -> Iterator[type]:
    found = {cls}
    ahead = [cls]
    while ahead:
        for info in declared(ahead.pop()).values():
            if info.record and info.record not in found:
                found.add(info.record)
                ahead.append(info.record)
    return iter(sorted(found, key=lambda c: c.__name__))


RECORDS: Final = tuple(_records())
FIELDS: Final = [
    pytest.param(cls, name, info, id=f"{cls.__name__}.{name}")
    for cls in RECORDS
    for name, info in declared(cls).items()
]


def test_the_records_are_those_of_the_format() -> None:
    assert {Convening, Criterion, Feedback, Measure, MeasureSet, Participant, Payment, Stream} <= {
        *RECORDS
    }
    assert all(is_dataclass(cls) for cls in RECORDS)


@pytest.mark.parametrize(("cls", "name", "info"), FIELDS)
def test_a_field_says_what_it_is(cls: type, name: str, info: Info) -> None:
    assert info.help
    assert info.help[-1] == "."
    assert info.help[0].isupper() or info.help.startswith("false:")
    assert info.name == (f"{name}_" if keyword.iskeyword(name) else name)
    assert name == name.lower()
    hints = get_type_hints(cls)
    needed = cls in (Measure, MeasureSet) and name in ("id", "title", "harmonize", "payer")
    assert needed or type(None) in hints[info.name].__args__


@pytest.mark.parametrize(("cls", "name", "info"), FIELDS)
def test_a_field_holds_together(cls: type, name: str, info: Info) -> None:
    hints = get_type_hints(cls)
    assert (info.kind in (Kind.CHOICE, Kind.CHOICES)) == bool(info.choices)
    assert len(set(info.choices)) == len(info.choices)
    assert {canonical for _, canonical in info.synonyms} <= set(info.choices)
    assert (info.kind in (Kind.RECORD, Kind.RECORDS)) == (info.record is not None)
    assert not info.shorthand or info.shorthand in declared(info.record or object)
    kept = getattr(hints[info.name], "__args__", ())
    assert not info.none or Nothing in kept
    assert not info.text or Text in kept


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_what_payers_may_differ_in_has_a_dimension_and_a_severity(name: str) -> None:
    info = declared(Measure)[name]
    assert info.dimension in DIMENSIONS
    assert info.severity in ("major", "minor", "info")


@pytest.mark.parametrize(("cls", "name", "info"), FIELDS)
def test_nothing_else_has_one(cls: type, name: str, info: Info) -> None:
    if info.role is not Role.ATTRIBUTE:
        assert info.dimension == info.severity == ""


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
    one = measure_set("or-cco", measure())
    assert [m.ref for m in one.measures or ()] == ["or-cco/CBP"]
    assert one.head == "or-cco"
    assert replace(one, short="OR").head == "OR"


@pytest.mark.parametrize(
    ("role", "counted"),
    [(None, True), ("contract", True), ("reference", False), ("internal", False)],
)
def test_references_and_internal_lists_are_not_counted(role: str | None, counted: bool) -> None:
    assert measure_set("acme", role=role).counted is counted


def test_what_may_be_hidden() -> None:
    known = {*declared(Measure), *declared(MeasureSet)}
    assert {*HIDEABLE} <= known
    assert not {"id", "title", "visibility", "measures", "payer"} & {*HIDEABLE}
    assert {*AREAS} - {"measures"} < {*HIDEABLE}
    assert AUDIENCES == ("public", "participants", "withheld")


def test_money_is_sensitive_and_in_no_output() -> None:
    for info in (declared(Measure)["incentive"], declared(Stream)["amount"]):
        assert info.sensitive
        assert info.hidden
    assert declared(MeasureSet)["payment"].sensitive


def test_reserved_names_are_said_once() -> None:
    assert len(set(RESERVED)) == len(RESERVED)
    assert all(name == name.lower() for name in RESERVED)


def test_values_cannot_be_filled_in_afterwards() -> None:
    one: Any = measure()
    with pytest.raises(FrozenInstanceError):
        one.title = "Another"
    assert all(not hasattr(cls, "__dict__") or "__slots__" in vars(cls) for cls in RECORDS)
    assert {f.name for f in fields(Measure)} >= {"payer", "minted", "rate_of", "context", "where"}


def test_two_measures_that_state_the_same_are_equal() -> None:
    assert measure(threshold=read_threshold("< 140/90 mm Hg")) == measure(
        threshold=read_threshold("<140/90 mmHg")
    )
