"""Who asks for the same measures: exact sets of payers, and each two lists."""

from building import example, reported, spec

from harmonize.overlaps import PICTURED, Shared, alone, both_ways, meetings, pictured, shared
from harmonize.units import Unit

CBP, BCS, COL = (
    "Controlling High Blood Pressure",
    "Breast Cancer Screening",
    "Colorectal Cancer Screening",
)


def _unit(label: str, *asks: str) -> Unit:
    return Unit(label, (label,), asks)


def test_a_measure_counts_for_exactly_the_payers_that_ask_for_it() -> None:
    units = (_unit("x", "a", "b"), _unit("y", "a"), _unit("w", "a", "b"), _unit("z", "a", "b", "c"))
    assert shared(units) == (
        Shared(("a", "b"), ("w", "x")),
        Shared(("a", "b", "c"), ("z",)),
        Shared(("a",), ("y",)),
    )


def test_each_two_lists_are_told_once_with_their_bases() -> None:
    units = (_unit("x", "a", "b"), _unit("y", "a"), _unit("z", "c"))
    told = [(m.left, m.right, m.both, m.either, m.of_left, m.of_right)
            for m in meetings(["c", "a", "b"], units)]  # fmt: skip
    assert told == [("a", "b", 1, 2, 2, 1), ("a", "c", 0, 3, 2, 1), ("b", "c", 0, 2, 1, 1)]
    assert both_ways(["b", "a"], units) == {("a", "b"): (1, 2, 2), ("b", "a"): (1, 2, 1)}


def test_what_a_second_list_has_is_not_alone_even_if_that_is_a_reference() -> None:
    report = reported(spec("a", CBP, BCS), spec("b", CBP), spec("r", BCS, COL, role="reference"))
    assert [row.concept.label for row in alone(report.rows)] == [COL]
    assert alone(()) == ()


def test_a_picture_shows_who_meets_and_says_how_many_it_leaves_out() -> None:
    many = [Shared(("a", f"b{i}"), ("x",)) for i in range(PICTURED + 3)]
    drawn, more = pictured([Shared(("a",), ("y", "z")), *many])
    assert (len(drawn), more) == (PICTURED, 3)
    assert all(len(one.payers) >= 2 for one in drawn)
    assert pictured([Shared(("a",), ("y",))]) == ((), 0)


def test_the_sets_add_up_to_the_figures() -> None:
    for sets in (example("onecare-vermont"), (spec("a", CBP, BCS), spec("b", CBP), spec("c", COL))):
        report = reported(*sets)
        figures = {f.figure: f for f in report.summary}
        found = shared(report.units)
        assert sum(len(s.measures) for s in found) == figures["distinct_measures"].value
        met = sum(len(s.measures) for s in found if len(s.payers) >= 2)
        assert met == figures["shared_by_two_or_more"].value
        for one in meetings([p.payer for p in report.counted], report.units):
            both = figures[f"jaccard:{one.left}|{one.right}"]
            assert (one.both, one.either) == (both.value, both.of)
