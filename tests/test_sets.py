"""Measure sets: which are counted, what may be hidden in them, and how a payer is called."""

from dataclasses import replace

import pytest
from building import spec as made
from building import table
from conftest import measure, measure_set

from harmonize.areas import Convening, Criterion, Feedback, Participant, Payment, Stream
from harmonize.fields import declared
from harmonize.measures import Measure
from harmonize.sets import AREAS, EVERYTHING, HIDEABLE, RESERVED, MeasureSet
from harmonize.views import VIEWS


def test_a_column_is_headed_by_the_short_name() -> None:
    one = measure_set("or-cco", measure())
    assert [m.ref for m in one.measures or ()] == ["or-cco/CBP"]
    assert one.head == "or-cco"
    assert replace(one, short="OR").head == "OR"


@pytest.mark.parametrize(
    ("role", "counted"),
    [(None, True), ("contract", True), ("reference", False), ("internal", False)],
)
def test_references_and_internal_lists_are_not_counted(role: str | None, counted: bool) -> None:
    one = measure_set("acme", role=role)
    assert (one.counted, one.stands_as) == (counted, role or "contract")


@pytest.mark.parametrize(("complete", "partial"), [(None, False), ("true", False), ("false", True)])
def test_only_a_list_that_says_so_is_partial(complete: str | None, partial: bool) -> None:
    assert measure_set("acme", complete=complete).is_partial is partial


def test_what_may_be_hidden() -> None:
    plain = {name for name in HIDEABLE if "." not in name}
    inside = {name for area in (Convening, Criterion, Payment, Stream, Feedback, Participant)
              for name in declared(area)}  # fmt: skip
    assert plain <= {*declared(Measure), *declared(MeasureSet), *inside, EVERYTHING}
    assert {"payment.streams.amount", "feedback.lag", "convening.roles.who"} <= {*HIDEABLE}
    assert len({*HIDEABLE}) == len(HIDEABLE)
    assert not {"id", "title", "visibility", "payer"} & {*HIDEABLE}
    assert {*AREAS} < {*HIDEABLE}


def test_reserved_names_are_said_once() -> None:
    assert len(set(RESERVED)) == len(RESERVED)
    assert all(name == name.lower() for name in RESERVED)


def test_every_column_that_may_stand_beside_a_payers_is_reserved() -> None:
    sets = made("p1", "Blood Pressure"), made("p2", "Blood Pressure")
    beside = [v for v in VIEWS if {"p1", "p2"} <= set(table(v, *sets).columns)]
    assert {"overlap", "divergence"} <= set(beside)
    for view in (*beside, "pairs", "related", "questions", "summary"):
        for layout in ("wide", "long"):
            columns = set(table(view, *sets, layout=layout).columns) - {"p1", "p2"}
            assert columns <= set(RESERVED), view
