"""Where it hurts: by attribute, by domain and by payer."""

from building import example, published, spec

from harmonize.friction import WORST, Spot, friction
from harmonize.sets import MeasureSet

CBP = "Controlling High Blood Pressure"


def _axes(*sets: MeasureSet) -> dict[str, tuple[Spot, ...]]:
    return {axis.name: axis.spots for axis in friction(published(*sets))}


def test_what_differs_is_told_by_attribute_domain_and_payer() -> None:
    found = _axes(
        spec("a", {"title": CBP, "ages": "18-85"}),
        spec("b", {"title": CBP, "ages": "18+"}, short="Bee"),
        spec("c", {"title": CBP}),
    )
    assert found["attribute"] == (Spot("ages", 1, 0, 1),)
    assert found["domain"] == (Spot("chronic conditions", 1, 0, 1),)
    assert found["payer"] == (Spot("Bee", 1, 0, 0), Spot("a", 1, 0, 0), Spot("c", 0, 0, 1))


def test_where_nothing_differs_nothing_hurts() -> None:
    line = {"title": CBP, "ages": "18-85", "status": "core"}
    found = _axes(spec("a", line), spec("b", {**line, "status": "menu"}))
    assert found == {"attribute": (), "domain": (), "payer": ()}
    assert _axes() == {"attribute": (), "domain": (), "payer": ()}


def test_a_difference_with_a_reference_is_no_sore_spot_of_payers() -> None:
    sets = (
        spec("a", {"title": CBP, "ages": "18-85"}),
        spec("b", {"title": CBP, "ages": "18-85"}),
        spec("r", {"title": CBP, "ages": "18+"}, role="reference"),
    )
    assert [(s.settle, s.known) for s in _axes(*sets)["attribute"]] == [(0, 1)]


def test_only_the_sorest_are_told_one_by_one() -> None:
    sets = [spec(f"p{i}", {"title": CBP, "ages": f"{i}+"}) for i in range(1, WORST + 4)]
    payers = next(a for a in friction(published(*sets)) if a.name == "payer")
    assert (len(payers.spots), payers.more) == (WORST, 3)


def test_the_domains_add_up_to_the_figures() -> None:
    for case in ("onecare-vermont", "a1c", "rates"):
        found = published(*example(case))
        settle = next(f.value for f in found.report.summary if f.figure == "to_settle")
        domains = next(a for a in friction(found) if a.name == "domain")
        assert not domains.more
        assert sum(s.settle for s in domains.spots) == settle
