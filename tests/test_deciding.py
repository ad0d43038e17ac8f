"""Decisions as hard constraints: a partition obeys any set of consistent ones."""

from collections.abc import Iterable
from itertools import combinations

import pytest
from building import KNOWN, crossed, spec
from deciding import DAY, decided, match
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.audience import Published, publish
from harmonize.concepts import Crosswalk
from harmonize.crosswalk import build
from harmonize.decisions import Decision
from harmonize.joining import Groups
from harmonize.problems import SpecError
from harmonize.rulings import Rulings, rulings
from harmonize.sets import MeasureSet

# Titles that match by themselves across lists.
TITLES = (
    "Colorectal Cancer Screening",
    "Controlling High Blood Pressure",
    "Asthma Medication Ratio",
)
LISTS = tuple(
    spec(payer, *({"id": str(i), "title": title} for i, title in enumerate(TITLES)))
    for payer in ("a", "b", "c")
)
REFS = tuple(m.ref for one in LISTS for m in one.measures or ())


def ruled(entries: Iterable[Decision], sets: tuple[MeasureSet, ...] = LISTS) -> Rulings:
    return rulings(entries, sets, DAY)


def homes(found: Crosswalk) -> dict[str, str]:
    return {m.ref: c.id for c in found.concepts for m in c.members}


def groups(found: Crosswalk) -> set[frozenset[str]]:
    return {frozenset(m.ref for m in c.members) for c in found.concepts}


PAIRS = st.sampled_from(list(combinations(REFS, 2)))
JUDGED = st.dictionaries(PAIRS, st.sampled_from(["accept", "reject", "unsure"]), max_size=8)


@given(JUDGED, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_crosswalk_obeys_every_consistent_set_of_decisions(
    judged: dict[tuple[str, str], str], random: object
) -> None:
    entries = decided(*(match(*two, answer) for two, answer in judged.items()))
    accepted = Groups(set(REFS))
    for two in (two for two, answer in judged.items() if answer == "accept"):
        accepted.join(*two)
    if any(a == "reject" and accepted.top(x) == accepted.top(y) for (x, y), a in judged.items()):
        with pytest.raises(SpecError, match="HZ502"):
            ruled(entries)
        return
    found = ruled(entries)
    crosswalk = build(LISTS, KNOWN, rulings=found)
    home = homes(crosswalk)
    assert sorted(home) == sorted(REFS)
    suggested = {(p.left.ref, p.right.ref) for p in crosswalk.possible}
    for two, answer in judged.items():
        together = home[two[0]] == home[two[1]]
        if answer == "accept":
            assert together
        elif answer == "reject":
            assert not together
            assert two not in suggested
        elif not found.bound(*two):
            assert not together
            assert two in suggested
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert groups(build(LISTS, KNOWN, rulings=ruled(shuffled))) == groups(crosswalk)


def test_without_decisions_nothing_is_otherwise() -> None:
    assert build(LISTS, KNOWN, rulings=ruled(())) == crossed(*LISTS)


def test_a_judged_match_is_certain_and_says_who() -> None:
    entries = decided(match("a/0", "b/1", because="the same for us", expires="2027-12-31"))
    links = [k for c in build(LISTS, KNOWN, rulings=ruled(entries)).concepts for k in c.links]
    link = next(k for k in links if (k.left.ref, k.right.ref) == ("a/0", "b/1"))
    assert link.confidence == 1.0
    assert link.reason == "accepted by Ana on 2026-11-24, until 2027-12-31: the same for us"


def test_what_is_one_through_others_says_through_which() -> None:
    entries = decided(match("a/0", "b/1"), match("b/1", "c/2"))
    found = build(LISTS, KNOWN, rulings=ruled(entries))
    concept = next(c for c in found.concepts if len(c.members) == 3)
    reason = next(p.reason for p in concept.links if p.right.ref == "c/2" and p.left.ref == "a/0")
    assert reason == (
        "a/0 = b/1 accepted by Ana on 2026-11-24; b/1 = c/2 accepted by Ana on 2026-11-24"
    )


def test_two_of_one_payer_are_one_by_decision_alone() -> None:
    entries = decided(match("a/0", "a/1"))
    assert frozenset({"a/0", "a/1"}) <= next(
        g for g in groups(build(LISTS, KNOWN, rulings=ruled(entries))) if "a/0" in g
    )


def test_lines_that_only_collecting_tells_apart_are_split_by_decision() -> None:
    twins = spec(
        "a", {"id": "1", "title": TITLES[1], "data_source": "claims"},
        {"id": "2", "title": TITLES[1], "data_source": "registry"},
    )  # fmt: skip
    assert any({"a/1", "a/2"} <= group for group in groups(crossed(twins, LISTS[1])))
    split = ruled(decided(match("a/1", "a/2", "reject")), (twins, LISTS[1]))
    home = homes(build((twins, LISTS[1]), KNOWN, rulings=split))
    assert home["a/1"] != home["a/2"]


def test_kin_stand_among_the_related_with_their_relation() -> None:
    entries = decided(match("a/0", "b/1", mapping="broad", because="b takes in more"))
    found = build(LISTS, KNOWN, rulings=ruled(entries))
    pair, relation = next(r for r in found.related if r[0].left.ref == "a/0")
    assert (pair.right.ref, relation) == ("b/1", "part-of")
    assert pair.reason.startswith("accepted by Ana")


def published(*entries: dict[str, object], sets: tuple[MeasureSet, ...]) -> Published:
    return publish(sets, KNOWN, "public", decisions=decided(*entries), today=DAY)


AGES = (
    spec("a", {"id": "1", "title": TITLES[0], "ages": "45-75"}),
    spec("b", {"id": "1", "title": TITLES[0], "ages": "50-75"}),
    spec("c", {"id": "1", "title": TITLES[0], "ages": "50-80"}),
)


def difference(*refs: str, judgement: str = "justified", **more: object) -> dict[str, object]:
    return {
        "difference": {"measures": list(refs), "attribute": "ages"},
        "judgement": judgement, "because": "state law", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "justified", "uncovered"),
    [
        ((difference("a/1", "b/1", "c/1"),), True, ()),
        ((difference("a/1", "b/1"),), False, ("a", "b", "c")),
        (
            (difference("a/1", "b/1"), difference("b/1", "c/1"), difference("a/1", "c/1")),
            True,
            (),
        ),
        ((difference("a/1", "b/1"), difference("a/1", "c/1")), False, ("b", "c")),
        ((difference("a/1", "b/1", "c/1", judgement="to-resolve"),), False, ("a", "b", "c")),
        ((difference("a/1", "b/1", "c/1", judgement="resolved"),), False, ("a", "b", "c")),
        ((difference("a/1", "b/1", "c/1", expires="2026-01-01"),), False, ()),
    ],
)
def test_a_difference_is_justified_for_all_that_differ_or_is_open(
    entries: tuple[dict[str, object], ...], justified: bool, uncovered: tuple[str, ...]
) -> None:
    report = published(*entries, sets=AGES).report
    (one,) = (d for d in report.divergences if d.attribute == "ages")
    assert one.justified is justified
    assert one.open is not justified
    assert one.uncovered == uncovered
    figures = {f.figure: f.value for f in report.summary}
    assert figures["to_settle"] == int(not justified)
    assert figures["justified"] == int(justified)
    assert figures["same_ask"] == 0


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (difference("a/1", "b/1"), "not pinned"),
        (difference("a/1", "b/1", judgement="to-resolve", due="2026-01-01"), "overdue"),
        (difference("a/1", "b/1", judgement="to-resolve", due=DAY), "not pinned"),
    ],
)
def test_a_difference_that_is_gone_leaves_its_decision_moot(
    entry: dict[str, object], state: str
) -> None:
    same = tuple(spec(p, {"id": "1", "title": TITLES[0], "ages": "45-75"}) for p in ("a", "b"))
    assert [s.state for s in published(entry, sets=AGES).report.rulings.standings] == [state]
    assert [s.state for s in published(entry, sets=same).report.rulings.standings] == ["moot"]


def test_a_disposition_reaches_its_concept_by_measure_and_by_id() -> None:
    by_measure = published({"measure": "a/1", "disposition": "adopt"}, sets=AGES).report.rows[0]
    name = by_measure.concept.id
    by_id = published({"measure": name, "disposition": "adopt"}, sets=AGES).report.rows[0]
    assert [s.decision.disposition for s in by_measure.dispositions] == ["adopt"]
    assert [s.decision.disposition for s in by_id.dispositions] == ["adopt"]


def test_a_concept_that_is_not_here_leaves_its_decision_orphaned() -> None:
    report = published({"measure": "no-such-concept", "disposition": "adopt"}, sets=AGES).report
    assert [s.state for s in report.rulings.standings] == ["orphaned"]
    assert {f.figure: f.value for f in report.summary}["decisions_to_look_at"] == 1
