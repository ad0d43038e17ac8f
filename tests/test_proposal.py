"""The core against every subset of small cases and the shipped specs; what cannot be met, named."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from building import ROOT, published, spec
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.audience import Published
from harmonize.candidates import Candidate
from harmonize.named import lost
from harmonize.problems import Place
from harmonize.proposal import Proposal, propose
from harmonize.render.proposal import as_csv, as_json, as_markdown, as_table, failures
from harmonize.sets import MeasureSet
from harmonize.values import read_duration
from harmonize.wishes import (
    NO_WISH,
    Domain,
    Excluded,
    Notice,
    Population,
    Required,
    Type,
    Wish,
)
from harmonize.workspace import load

# Standard measures that nobody takes for one another, with what a payer may state of each.
LISTED = {
    "cbp": {"title": "Controlling High Blood Pressure", "ids": {"cbe": "0018"}},
    "col": {"title": "Colorectal Cancer Screening", "ids": {"cbe": "0034"}},
    "bcs": {"title": "Breast Cancer Screening", "ids": {"cbe": "2372"}},
    "cis": {"title": "Childhood Immunization Status", "ids": {"cbe": "0038"}},
    "ppc": {"title": "Cesarean Birth", "ids": {"cbe": "0471"}},
    "hiv": {"title": "HIV Viral Load Suppression", "ids": {"cbe": "2082"}},
}
TYPES = ("process", "outcome")
AGES = ("18-64", "18-85", "<18")


def line(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, **LISTED[name], **more}


@st.composite
def lists(draw: st.DrawFn) -> tuple[MeasureSet, ...]:
    """Two to four lists of these measures, each stating as it likes."""
    found = []
    for payer in "abcd"[: draw(st.integers(2, 4))]:
        names = draw(st.sets(st.sampled_from(sorted(LISTED)), min_size=1))
        rows = []
        for name in sorted(names):
            more = draw(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "measure_type": st.sampled_from(TYPES),
                        "ages": st.sampled_from(AGES),
                        "data_source": st.sampled_from(["claims", "registry"]),
                    },
                )
            )
            if draw(st.booleans()):
                rate = draw(st.sampled_from(["50%", "96%"]))
                more |= {"performance": rate, "improvement_notation": "increase"}
            rows.append(line(name, **more))
        found.append(spec(payer, *rows))
    return tuple(found)


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """A wish of any sort."""
    many = st.none() | st.integers(1, 3)
    name = st.sampled_from(sorted(LISTED))
    because = {"because": "made up"}
    required = draw(st.sets(name, max_size=1))
    return Wish(
        at_most=draw(st.none() | st.integers(1, 4)),
        asked_by=draw(st.none() | st.integers(1, 3)),
        smallest=draw(st.none() | st.just("true")),
        domains=tuple(
            Domain(domain=one, at_least=draw(many))
            for one in draw(st.sets(st.sampled_from(["chronic conditions", "maternity"])))
        ),
        populations=tuple(
            Population(population=one, at_least=draw(many))
            for one in draw(st.sets(st.sampled_from(["children", "older adults"]), max_size=1))
        ),
        types=tuple(
            Type(type=(one,), at_least=draw(many))
            for one in draw(st.sets(st.sampled_from(TYPES), max_size=1))
        ),
        required=tuple(
            Required(measure=f"cbe:{LISTED[one]['ids']['cbe']}", **because)  # type: ignore[index]
            for one in sorted(required)
        ),
        excluded=tuple(
            Excluded(measure=f"cbe:{LISTED[one]['ids']['cbe']}", **because)  # type: ignore[index]
            for one in sorted(draw(st.sets(name, max_size=1)) - required)
        ),
    )


def meets(one: tuple[Candidate, ...], wish: Wish, numbers: Callable[[Candidate], set[str]]) -> bool:
    """Whether a set meets a wish, counted by hand."""

    def many(what: Callable[[Candidate], bool]) -> int:
        return len([c for c in one if what(c)])

    checks = [wish.at_most is None or len(one) <= wish.at_most]
    checks += [many(lambda c: len(c.has) < (wish.asked_by or 2)) == 0]
    for domain in wish.domains or ():
        checks.append(many(lambda c, d=domain: c.domain == d.domain) >= (domain.at_least or 1))  # type: ignore[misc]
    for people in wish.populations or ():
        least = people.at_least or 1
        checks.append(many(lambda c, p=people: p.population in c.populations) >= least)  # type: ignore[misc]
    for kind in wish.types or ():
        checks.append(many(lambda c, k=kind: c.types == k.type) >= (kind.at_least or 1))  # type: ignore[misc]
    for asked in wish.required or ():
        checks.append(many(lambda c, r=asked: r.measure in numbers(c)) == 1)  # type: ignore[misc]
    for barred in wish.excluded or ():
        checks.append(many(lambda c, x=barred: x.measure in numbers(c)) == 0)  # type: ignore[misc]
    return all(checks)


def numbers_of(told: Published) -> Callable[[Candidate], set[str]]:
    """The CBE numbers of a candidate."""
    held = {
        c.id: {f"cbe:{n}" for m in c.members for n in (m.ids or {}).get("cbe", ())}
        for c in told.report.crosswalk.concepts
    }
    return lambda one: set().union(*(held[name] for name in one.unit.concepts))


@settings(max_examples=60, deadline=None)
@given(lists(), wishes())
def test_the_best_sets_are_those_of_trying_every_subset(
    sets: tuple[MeasureSet, ...], wish: Wish
) -> None:
    told = published(*sets)
    found = propose(told, wish)
    numbers = numbers_of(told)
    every = [
        subset
        for size in range(len(found.every) + 1)
        for subset in combinations(found.every, size)
        if meets(subset, wish, numbers)
    ]
    assert bool(found.failures) == (not every)
    if not every:
        assert not found.lines
        return

    def worth(subset: tuple[Candidate, ...]) -> tuple[int, int]:
        return (-len(subset) if wish.smallest else 0, sum(c.score for c in subset))

    best = [subset for subset in every if worth(subset) == max(map(worth, every))]
    ids = {frozenset(c.id for c in subset) for subset in best}
    assert found.worth == worth(best[0])[1]
    assert len(found.sets) == len(set(map(frozenset, found.sets))) == min(len(best), 20)
    assert {frozenset(one) for one in found.sets} <= ids
    assert found.more == (len(best) > 20)
    standing = {one.candidate.id: one.standing for one in found.lines}
    assert {n for n, s in standing.items() if s == "proposed"} == frozenset.intersection(*ids)
    assert {n for n, s in standing.items() if s != "dropped"} == frozenset.union(*ids)
    assert standing.keys() == {c.id for c in found.every}


# --- the shipped specs --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Published:
    """What the shipped specs come to."""
    return published(*load([str(ROOT / "specs")]).sets)


WISH = Wish(
    at_most=10,
    domains=(Domain(domain="maternity"), Domain(domain="behavioral health", at_least=2)),
    populations=(Population(population="children", at_least=2), Population(population="women")),
    types=(Type(type=("intermediate outcome", "outcome"), at_least=2),),
    required=(Required(measure="cbe:0018", because="made up"),),
    excluded=(Excluded(measure="cbe:0034", because="made up"),),
)


def test_on_the_shipped_specs_every_row_and_every_set_meets_the_wish(shipped: Published) -> None:
    found = propose(shipped, WISH)
    report = shipped.report
    counted = {p.payer for p in report.payers if p.role in (None, "contract")}
    concepts = {c.id: c for c in report.crosswalk.concepts}
    lines = {one.candidate.id: one.candidate for one in found.lines}
    assert found.sets
    for chosen in found.sets:
        assert len(chosen) <= 10
        domains, people, types, numbers = list[str](), list[str](), list[str](), set[str]()
        for name in chosen:
            members = [m for c in lines[name].unit.concepts for m in concepts[c].members]
            own = [m for m in members if m.payer in counted]
            assert len({m.payer for m in own}) >= 2
            assert len(lines[name].has) >= 2
            assert {*lines[name].has, *lines[name].within} == {m.payer for m in own}
            domains.append(concepts[name].domain)
            people += lines[name].populations
            types += {m.measure_type for m in own if m.measure_type}
            numbers |= {n for m in members for n in (m.ids or {}).get("cbe", ())}
        assert domains.count("maternity") >= 1
        assert domains.count("behavioral health") >= 2
        assert people.count("children") >= 2
        assert people.count("women") >= 1
        assert types.count("intermediate outcome") + types.count("outcome") >= 2
        assert "0018" in numbers
        assert "0034" not in numbers


def test_without_a_cap_the_core_is_all_that_so_many_ask_for(shipped: Published) -> None:
    for many in (2, 3, 5):
        found = propose(shipped, Wish(asked_by=many))
        units = {u.concepts[0] for u in shipped.report.units if len(u.asks) >= many}
        assert {one.candidate.id for one in found.of("proposed")} == units
        assert not found.of("tied")


def test_a_fewest_set_is_smaller_and_meets_the_same(shipped: Published) -> None:
    wish = replace(WISH, at_most=None, smallest="true")
    found = propose(shipped, wish)
    assert {len(one) for one in found.sets} == {min(map(len, found.sets))}
    assert len(found.sets[0]) < len(propose(shipped, WISH).sets[0])
    assert all(one.least for one in found.met)


# --- payers, files and audiences ----------------------------------------------------------------

SETS = (
    spec("alpha", line("cbp", ages="18-85"), line("col"), line("cis"), payer_type="medicaid"),
    spec("bravo", line("cbp", ages="18-85"), line("col"), line("bcs"), line("cis")),
    spec("delta", line("cbp", ages="18-75"), line("bcs"), line("ppc")),
)


def renamed(name: str) -> str:
    return {"alpha": "zulu", "zulu": "alpha", "bravo": "delta", "delta": "bravo"}[name]


def test_swapped_payers_swap_their_labels_and_nothing_else() -> None:
    wish = Wish(at_most=2)
    one = propose(published(*SETS), wish)
    swapped = tuple(
        replace(
            s,
            payer=renamed(s.payer),
            measures=tuple(replace(m, payer=renamed(m.payer)) for m in s.measures or ()),
        )
        for s in SETS
    )
    other = propose(published(*sorted(swapped, key=lambda s: s.payer)), wish)
    assert other.sets == one.sets
    assert other.worth == one.worth
    for mine, theirs in zip(one.lines, other.lines, strict=True):
        left, right = mine.candidate, theirs.candidate
        assert (theirs.standing, theirs.reason) == (mine.standing, mine.reason)
        assert (right.id, right.label, right.parts) == (left.id, left.label, left.parts)
        assert right.has == tuple(sorted(map(renamed, left.has)))
        assert right.adopt == tuple(sorted(map(renamed, left.adopt)))
        assert [c.to for c in right.changes] == [c.to for c in left.changes]
    numbers = [(e.kind, e.unit, e.now, e.instead, e.added) for e in one.effects]
    theirs_too = [(e.kind, e.unit, e.now, e.instead, e.added) for e in other.effects]
    assert sorted(map(str, numbers)) == sorted(map(str, theirs_too))


@settings(max_examples=10, deadline=None)
@given(st.permutations(SETS), st.randoms(use_true_random=False))
def test_the_order_of_files_and_measures_changes_nothing(
    sets: list[MeasureSet], chance: Any
) -> None:
    def shuffled(one: MeasureSet) -> MeasureSet:
        measures = [*(one.measures or ())]
        chance.shuffle(measures)
        return replace(one, measures=tuple(measures))

    def bytes_of(own: Iterable[MeasureSet]) -> str:
        ordered = sorted(own, key=lambda s: s.payer)  # as the reader hands them over
        return as_json(propose(published(*ordered), Wish(at_most=2)), "broker")

    assert bytes_of(map(shuffled, sets)) == bytes_of(SETS)


def test_what_the_public_may_not_see_changes_nothing_for_it() -> None:
    def drawn(rate: str, weight: str, audience: str) -> list[str]:
        marks = {"performance": "withheld", "weight": "withheld"}
        told = {"improvement_notation": "increase", "weight": weight, "performance": rate}
        sets = (
            spec("alpha", line("cbp", **told), line("col"), visibility=marks),
            spec("bravo", line("cbp"), line("col")),
        )
        found = propose(published(*sets, audience=audience), Wish(at_most=1))
        return [
            as_csv(found),
            as_json(found, audience),
            as_markdown(found),
            as_table(found, 80, color=False),
        ]

    assert drawn("97.31%", "31.97%", "public") == drawn("12%", "9%", "public")
    assert "97.31" not in "".join(drawn("97.31%", "31.97%", "public"))
    assert drawn("97.31%", "9%", "broker") != drawn("12%", "9%", "broker")


def test_references_are_no_candidates_and_no_support() -> None:
    reference = spec("core", line("cbp"), line("hiv"), role="reference")
    with_it, without = (propose(published(*SETS, *more), NO_WISH) for more in ((reference,), ()))
    assert as_json(with_it, "broker") == as_json(without, "broker")


# --- what cannot be met -------------------------------------------------------------------------


def told(wish: Wish, earliest: dict[str, str] | None = None) -> list[str]:
    found: Proposal = propose(published(*SETS), wish, earliest)
    assert not found.lines
    return [*failures(found)]


LAW = (Required(measure="cbe:0018", because="by law"),)


@pytest.mark.parametrize(
    ("wish", "line_"),
    [
        (
            Wish(domains=(Domain(domain="maternity"),)),
            (
                "domain maternity: at least 1: 0 may come in, wanted 1; nearest: Cesarean Birth "
                "(asked by 1 payer, wanted 2)"
            ),
        ),
        (
            Wish(types=(Type(type=("outcome",)),)),
            (
                "type outcome: at least 1: 0 may come in, wanted 1; no other measure is of it; "
                "of 4 that may come in, 4 do not state it"
            ),
        ),
        (
            Wish(required=(Required(measure="delta/ppc", because="by law"),)),
            "required delta/ppc (by law): Cesarean Birth: asked by 1 payer, wanted 2",
        ),
        (
            Wish(required=(Required(measure="cbe:9999", because="by law"),)),
            "required cbe:9999 (by law): no payer that counts asks for it",
        ),
        (
            Wish(required=LAW, excluded=(Excluded(measure="alpha/cbp", because="too much"),)),
            "required cbe:0018 (by law): Controlling High Blood Pressure: excluded: too much",
        ),
        (
            Wish(
                at_most=1,
                required=LAW,
                populations=(Population(population="children"),),
                domains=(Domain(domain="chronic conditions"),),
            ),
            (
                "each can be met, but not together: population children: at least 1; required "
                "Controlling High Blood Pressure (cbp); at most 1 measure"
            ),
        ),
    ],
)
def test_a_wish_that_cannot_be_met_is_named_with_the_reason(wish: Wish, line_: str) -> None:
    assert told(wish) == [line_]


def test_a_required_measure_may_need_fewer_payers_than_the_others() -> None:
    law = Required(measure="cbe:0471", because="by law", asked_by=1)
    found = propose(published(*SETS), Wish(required=(law,)))
    (line_,) = [one for one in found.of("proposed") if one.because]
    assert line_.candidate.label == "Cesarean Birth"
    assert line_.reason == "in every best set; required"
    assert line_.candidate.has == ("delta",)


def test_a_change_that_comes_too_late_rules_a_measure_out() -> None:
    time = read_duration("12 months")
    wish = Wish(from_="2027-01-01", notice=(Notice(time=time),))  # type: ignore[arg-type]
    found = propose(published(*SETS), wish, {"delta": "2027-06-01", "alpha": "2026-12-31"})
    fate = {one.candidate.label: one.reason for one in found.lines}
    assert fate["Colorectal Cancer Screening"] == (
        "notice: delta can adopt it from 2027-06-01, the core holds from 2027-01-01"
    )
    assert fate["Controlling High Blood Pressure"] == (
        "notice: delta can respecify ages from 2027-06-01, the core holds from 2027-01-01"
    )
    assert fate["Breast Cancer Screening"] == "in every best set"
    assert not propose(published(*SETS), replace(wish, from_="2027-06-01"), {"delta": "2027-06-01"}
                       ).of("dropped")[1:]  # fmt: skip


def test_names_that_are_not_here_are_told_where_they_stand() -> None:
    at = {"": Place("harmonize.yaml", 3, 5)}
    wish = Wish(
        required=(Required(measure="alpha/cpb", because="x", where=at),),
        excluded=(Excluded(measure="hedis:ZZZ", because="x", where=at),),
        domains=(Domain(domain="maternty", where=at),),
        notice=(Notice(payer="zulu", where=at),),
    )
    found = [str(one) for one in lost(published(*SETS), wish)]
    assert found[0] == (
        "harmonize.yaml:3:5: HZ561 no measure here is 'alpha/cpb': did you mean 'alpha/cbp'?"
    )
    assert found[1].startswith("harmonize.yaml:3:5: HZ563 no domain is 'maternty'; there are")
    assert found[2] == ("harmonize.yaml:3:5: HZ010 no payer 'zulu'; here are alpha, bravo, delta")
    assert len(found) == 3


def test_a_name_of_several_measures_is_none() -> None:
    sets = (
        spec("one", {"id": "a", "title": "HIV Viral Load Suppression", "ids": {"x-own": "7"}}),
        spec("two", {"id": "b", "title": "Breast Cancer Screening", "ids": {"x-own": "7"}}),
    )
    wish = Wish(required=(Required(measure="x-own:7", because="x"),))
    (found,) = lost(published(*sets), wish)
    assert found.code == "HZ562"
    assert "may be any of" in found.message


# --- before and after ---------------------------------------------------------------------------


def test_the_numbers_before_and_after_add_up() -> None:
    found = propose(published(*SETS), NO_WISH)
    effects = {(e.about, e.unit): e for e in found.effects}
    asks = effects["3 payers together", "asks"]
    assert asks.now == 10
    assert asks.instead.told == "12"  # four measures that all three could ask for
    assert asks.added.told == "13"  # alpha: breast; delta: colorectal, immunization
    for payer, now, after in (("alpha", 3, 4), ("bravo", 4, 4), ("delta", 3, 5)):
        own = effects[payer, "asks"]
        assert (own.now, own.instead.most, own.added.most) == (now, 4, after)
    several = effects["a practice with all 3", "measures asked in several ways"]
    assert (several.now, several.instead.told) == (1, "1")
    domains = [e for e in found.effects if e.kind == "domain"]
    assert sum(e.now for e in domains) == len(found.every) == 5


def test_what_a_partial_list_asks_already_is_not_known() -> None:
    partial = spec("echo", line("hiv"), complete="false")
    found = propose(published(*SETS, partial), NO_WISH)
    line_ = next(one for one in found.lines if one.candidate.id == "cbp")
    assert line_.candidate.unknown == ("echo",)
    assert "echo" not in line_.candidate.adopt
    effect = next(e for e in found.effects if e.about == "echo")
    assert (effect.now, effect.added.told) == (1, "1-5")


def test_marks_change_the_score_only_by_the_weight_that_is_wished() -> None:
    from harmonize.scores import Marked
    from harmonize.wishes import Weights

    marks = {"cbp": Marked(4, 2, Fraction(9, 4))}
    base = propose(published(*SETS), NO_WISH, None, marks)
    weighed = propose(published(*SETS), Wish(weights=Weights(marks=10)), None, marks)
    before, after = (
        next(o.candidate.score for o in f.lines if o.candidate.id == "cbp") for f in (base, weighed)
    )
    assert (before, after) == (28, 28 + 22)
    assert "mean mark 2.25 of 3: 4 marks of 2 people" in as_markdown(base)


def test_ranges_hold_for_the_best_sets_that_are_not_told_too() -> None:
    titles = [
        "Controlling High Blood Pressure", "Colorectal Cancer Screening", "Breast Cancer Screening",
        "Cervical Cancer Screening", "Childhood Immunization Status", "Asthma Medication Ratio",
        "Plan All-Cause Readmissions", "Total Cost of Care",
    ]  # fmt: skip
    wish = Wish(at_most=4, domains=(Domain(domain="prevention and screening"),))
    found = propose(published(spec("one", *titles), spec("two", *titles)), wish)
    assert found.more  # 70 sets of four, but for those without screening
    held = {e.about: e.instead.told for e in found.effects if e.kind == "domain"}
    assert held["prevention and screening"] == "1-3"
    assert {told for name, told in held.items() if name.startswith(("chronic", "cost"))} <= {
        "0-1", "0-2"
    }  # fmt: skip
    assert [(one.least, one.most) for one in found.met] == [(1, 3)]
    assert (found.size.told, len(found.sets)) == ("4", 20)


@pytest.mark.parametrize(
    ("sets", "head", "about"),
    [
        ((spec("core", line("cbp"), role="reference"),), "0 payers ask for", "0 payers together"),
        ((spec("one", line("cbp")),), "1 payer asks for", "1 payer"),
    ],
)
def test_none_and_one_are_told_as_such(sets: tuple[MeasureSet, ...], head: str, about: str) -> None:
    found = propose(published(*sets), NO_WISH)
    assert head in as_table(found, 80, color=False)
    assert found.effects[0].about == about
