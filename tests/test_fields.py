"""Declarations: every field of every record says all that the other rooms read from it."""

import keyword
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any, Final, get_type_hints

import pytest
from conftest import measure

from harmonize.areas import Convening, Criterion, Feedback, Participant, Payment, Stream
from harmonize.fields import AUDIENCES, Info, Kind, Role, declared
from harmonize.measures import Measure
from harmonize.sets import MeasureSet
from harmonize.values import Nothing, Text


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


@pytest.mark.parametrize(("cls", "name", "info"), FIELDS)
def test_nothing_else_has_one(cls: type, name: str, info: Info) -> None:
    if info.role is not Role.ATTRIBUTE:
        assert info.dimension == info.severity == ""


def test_money_is_sensitive_and_in_no_output() -> None:
    for info in (declared(Measure)["incentive"], declared(Stream)["amount"]):
        assert info.sensitive
        assert info.hidden
    assert declared(MeasureSet)["payment"].sensitive


def test_values_cannot_be_filled_in_afterwards() -> None:
    one: Any = measure()
    with pytest.raises(FrozenInstanceError):
        one.title = "Another"
    assert all(not hasattr(cls, "__dict__") or "__slots__" in vars(cls) for cls in RECORDS)
    assert {f.name for f in fields(Measure)} >= {"payer", "minted", "rate_of", "context", "where"}


def test_who_may_see_what() -> None:
    assert AUDIENCES == ("public", "participants", "withheld")
