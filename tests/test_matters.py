"""Terms of several payers about one matter: who states what, where they differ, what is silence."""

from typing import Any

import pytest
from building import KNOWN, flow, spec
from hypothesis import given
from hypothesis import strategies as st

from harmonize.areas import LAN, Feedback, step
from harmonize.audience import publish
from harmonize.matters import Matter, Matters
from harmonize.pinning import pinned
from harmonize.problems import SpecError
from harmonize.reading.decisions import read_decisions
from harmonize.report import Report
from harmonize.rulings import State
from harmonize.sets import AREAS, MeasureSet
from harmonize.terms import named_terms, terms
from harmonize.views import view

CMF = {"kind": "care management fee"}


def _report(*sets: MeasureSet, audience: str = "broker", area: str = "all") -> Report:
    areas = AREAS if area == "all" else (area,)
    return publish(tuple(sets), KNOWN, audience, areas=areas).report


def _matters(*sets: MeasureSet, audience: str = "broker") -> Matters:
    return _report(*sets, audience=audience).matters


def _matter(found: Matters, name: str) -> Matter:
    return next(m for m in found.matters if m.id == name)


def _differences(found: Matters) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (d.concept, d.attribute, [(p.value, ", ".join(p.payers)) for p in d.positions])
        for d in found.divergences
    ]


def _two(area: str, a: Any, b: Any) -> Matters:
    return _matters(spec("ash", **{area: a}), spec("birch", **{area: b}))


@pytest.mark.parametrize(
    ("area", "a", "b", "wanted"),
    [
        ("payment", {"lan_categories": ["2A", "3A"]}, {"lan_categories": ["3A", "2A"]}, []),
        ("payment", {"lan_categories": ["2A", "3A"]}, {"lan_categories": ["2A"]},
         [("payment", "lan_categories", [("2A", "birch"), ("2A; 3A", "ash")])]),
        ("payment", {"attribution": "Claims plurality"}, {"attribution": "claims-plurality"}, []),
        ("payment", {"minimum_panel": "150"}, {"minimum_panel": "1,500"},
         [("payment", "minimum_panel", [("1,500", "birch"), ("150", "ash")])]),
        ("payment", {"minimum_panel": "1500"}, {"minimum_panel": "1,500"}, []),
        ("payment", {"attribution": "prospective"}, {"minimum_panel": "150"}, []),
        ("payment", {"streams": [{**CMF, "quality_link": "gate"}]},
         {"streams": [{**CMF, "quality_link": "none"}, {"kind": "shared savings"}]},
         [("payment/care management fee", "quality_link", [("gate", "ash"), ("none", "birch")])]),
        ("payment", {"streams": [{"kind": "other", "quality_link": "gate"}]},
         {"streams": [{"kind": "other", "quality_link": "none"}]}, []),
        ("payment", {"streams": [{**CMF, "amount": "$5 PBPM"}]},
         {"streams": [{**CMF, "amount": "$50 PBPM"}]}, []),
        ("feedback", [{"level": "practice", "cadence": "quarterly", "attribution": "prospective"}],
         [{"level": "Practice", "cadence": "Quarterly", "attribution": "retrospective"}],
         [("feedback/practice", "attribution", [("prospective", "ash"),
                                                ("retrospective", "birch")])]),
        ("feedback", [{"level": "practice", "lag": "3 months"}],
         [{"level": "practice", "lag": "90 days"}],
         [("feedback/practice", "lag", [("3 months", "ash"), ("90 days", "birch")])]),
        ("feedback", [{"level": "practice", "lag": "12 months"}],
         [{"level": "practice", "lag": "1 year"}], []),
        ("feedback", [{"level": "practice", "cadence": "monthly"}],
         [{"level": "patient", "cadence": "quarterly"}], []),
        ("feedback", [{"level": "practice", "data_source": ["claims", "ehr"]}],
         [{"level": "practice", "data_source": ["ehr"]}], []),
        ("convening", {"convener": "The state", "decision_rule": "consensus"},
         {"convener": "The State", "decision_rule": "majority"},
         [("convening", "decision_rule", [("consensus", "ash"), ("majority", "birch")])]),
        ("convening", {"antitrust_protection": "none"}, {"antitrust_protection": "state action"},
         [("convening", "antitrust_protection", [("none", "ash"), ("state action", "birch")])]),
        ("convening", {"roles": [{"who": "Purchasers", "role": "purchaser"}]},
         {"roles": [{"who": "Practices", "role": "practice"}]},
         [("convening", "roles", [("Practices (practice)", "birch"),
                                  ("Purchasers (purchaser)", "ash")])]),
    ],
)  # fmt: skip
def test_where_two_differ(area: str, a: Any, b: Any, wanted: list[Any]) -> None:
    assert _differences(_two(area, a, b)) == wanted


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("PCMH recognition required", "Patient-centered medical home recognition", True),
        ("NCQA PCMH recognition", "Recognized as a Primary Care Home (PCPCH)", True),
        ("PCPCH recognition", "NCQA PCMH recognition", True),
        ("Certified EHR", "Uses a certified electronic health record", True),
        ("Certified EHR", "CEHRT in use at the practice site", True),
        ("Minimum panel of 150 patients", "At least 300 attributed members", True),
        ("Nurse care manager on staff", "Care coordinator", True),
        ("Primary care practice", "Specialty practice", False),
        ("Certified EHR", "Nurse care manager on staff", False),
        ("Accepts Medicaid patients", "Open to new patients", False),
    ],
)
def test_criteria_are_matched_by_what_they_say(one: str, other: str, is_one: bool) -> None:
    found = _two("participation", [{"title": one}], [{"title": other}])
    assert any(len(m.payers) == 2 for m in found.matters if not m.is_whole) is is_one


def test_how_a_criterion_is_asked_for_is_no_evidence_and_a_difference() -> None:
    title = "PCMH recognition"
    found = _two("participation", [{"title": title, "required": "false"}],
                 [{"title": title, "required": "true", "detail": "level 2"}])  # fmt: skip
    (difference,) = found.divergences
    assert (difference.attribute, difference.severity) == ("required", "major")
    assert [q.question for q in found.questions] == [
        "participation, medical home recognition: detail? 1 other states it"
    ]


def test_a_criterion_that_is_absent_is_not_stated_and_not_not_required() -> None:
    found = _two("participation", [{"title": "Certified EHR", "required": "true"}],
                 [{"title": "Open to new patients", "required": "true"}])  # fmt: skip
    assert found.divergences == ()
    points = [p for m in found.matters for p in m.points]
    assert all(p.agree is None for p in points)


def test_titles_of_one_criterion_that_name_other_numbers_are_asked_about() -> None:
    found = _two("participation", [{"title": "Panel size of 150"}], [{"title": "Panel size: 300"}])
    assert [(q.payer, q.attribute) for q in found.questions] == [
        ("ash", "detail"), ("birch", "detail"),
    ]  # fmt: skip
    matter = next(m for m in found.matters if not m.is_whole)
    assert matter.titles_differ
    assert matter.notes == ("worded: Panel size of 150: ash | Panel size: 300: birch",)
    assert found.relation(matter.links[0]) == "undetermined"


def test_no_two_criteria_of_a_payer_have_one_name() -> None:
    criteria = [
        {"title": "Certified EHR", "required": "true"},
        {"title": "Certified EHR", "required": "false"},
        {"title": "Certified EHR"},
        {"id": "certified-ehr 2", "title": "Care coordinator on staff"},
    ]
    names = [t.id for t in terms(spec("ash", participation=criteria), "participation")]
    assert len({*names}) == len(criteria) + 1  # the area itself too
    assert "participation/certified-ehr 2" in names
    found = _two("participation", criteria, [{"title": "Open to new patients"}])
    assert sum(len(m.of("ash")) for m in found.matters if not m.is_whole) == len(criteria)


def test_titles_of_one_criterion_that_say_no_are_asked_about() -> None:
    found = _two("participation", [{"title": "Accepting new patients", "required": "true"}],
                 [{"title": "Not accepting new patients", "required": "true"}])  # fmt: skip
    assert [(q.payer, q.attribute, q.because) for q in found.questions] == [
        ("ash", "detail", "some titles say no to it"),
        ("birch", "detail", "some titles say no to it"),
    ]
    assert found.relation(next(m for m in found.matters if m.links).links[0]) == "undetermined"


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("A1c < 8", "A1c > 8", True),
        ("A1c \u2264 8", "A1c <= 8", False),
        ("A1c <8", "A1c < 8", False),
        ("+", "-", True),
        ("-> gate", "gate", False),
    ],
)
def test_a_sign_before_a_number_turns_what_is_said(one: str, other: str, differ: bool) -> None:
    found = _two("participation", [{"title": "Certified EHR", "detail": one}],
                 [{"title": "Certified EHR", "detail": other}])  # fmt: skip
    assert bool(found.divergences) is differ


@pytest.mark.parametrize(
    ("category", "wanted"),
    [("1", 1), ("2A", 2), ("2C", 2), ("3A", 3), ("3N", None), ("4C", 4), ("4N", None)],
)
def test_the_ladder(category: str, wanted: int | None) -> None:
    assert category in LAN
    assert step(category) == wanted


def test_what_contracts_have_in_common_is_said() -> None:
    found = _two("payment", {"lan_categories": ["2A", "3N"]}, {"lan_categories": ["2A", "4B"]})
    assert found.divergences[0].note == (
        "in common: 2A; highest step: 2 (ash), 4 (birch); 3N: not linked to quality, off the ladder"
    )


@pytest.mark.parametrize(
    ("convening", "about", "wanted"),
    [
        ({"convener": "CMS", "convener_is_payer": "true"}, {}, "ash: CMS convenes and pays"),
        ({"convener": "Birch Health"}, {"name": "Birch Health"},
         "ash: Birch Health convenes, and is birch here"),
        ({"convener": "Birch Health", "convener_is_payer": "false"}, {"name": "Birch Health"},
         "ash: Birch Health convenes, and is birch here, though it is said not to pay"),
        ({"convener": "The state"}, {}, None),
    ],
)  # fmt: skip
def test_a_convener_that_pays_is_said_to(
    convening: dict[str, str], about: dict[str, str], wanted: str | None
) -> None:
    found = _matters(spec("ash", convening=convening), spec("birch", "CBP", **about))
    assert _matter(found, "convening").notes == ((wanted,) if wanted else ())


# --- withheld -----------------------------------------------------------------------------------

PAYS = {"attribution": "SECRET7", "minimum_panel": "150", "streams": [CMF]}


@pytest.mark.parametrize(
    "visibility",
    [
        {"payment": "withheld"}, {"attribution": "withheld"}, {"payment.attribution": "withheld"},
        {"everything": "withheld"}, "withheld", {"payment": "participants"},
    ],
)  # fmt: skip
def test_what_is_withheld_is_stated_and_held_against_nothing(visibility: Any) -> None:
    sets = (
        spec("ash", payment=PAYS, visibility=visibility),
        spec("birch", payment={**PAYS, "attribution": "other"}),
    )
    found = _matters(*sets, audience="public")
    assert "attribution" not in {d.attribute for d in found.divergences}
    assert "SECRET7" not in repr(found)
    assert not any(q.payer == "ash" and q.attribute == "attribution" for q in found.questions)
    whole = _matter(found, "payment")
    point = next(p for p in whole.points if p.attribute == "attribution")
    assert "ash" in point.withheld or "ash" in whole.shut
    assert point.agree is None
    assert "ash" in found.stated["payment"]


def test_a_withheld_weight_is_told_to_be_stated_among_the_signals() -> None:
    sets = tuple(
        spec(payer, {"title": "Controlling High Blood Pressure", "weight": weight},
             visibility={"weight": mark})
        for payer, weight, mark in (("ash", "10%", "public"), ("birch", "20%", "public"),
                                    ("cedar", "77%", "withheld"))
    )  # fmt: skip
    table = view(publish(sets, KNOWN, "public"), "signals")
    (row,) = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert (row["ash"], row["birch"], row["cedar"]) == ("10%", "20%", "stated (withheld)")


def test_terms_of_one_matter_stand_in_one_order_in_every_run() -> None:
    """Sets of texts are printed in another order in every run, as are these here."""

    class Forwards(frozenset[str]):
        def __repr__(self) -> str:
            return str(sorted(self))

    class Backwards(frozenset[str]):
        def __repr__(self) -> str:
            return str(sorted(self, reverse=True))

    found = []
    for kind in (Forwards, Backwards):
        hidden = ({"attribution", "lag"}, {"cadence", "format"})
        said = tuple(Feedback(level="practice", withheld=kind(names)) for names in hidden)
        own = terms(MeasureSet(payer="p", feedback=said), "feedback")
        found.append([one.withheld for one in own])
    assert found[0] == found[1]


def test_amounts_are_in_no_report_unless_asked_for() -> None:
    one = spec("ash", payment={"streams": [{**CMF, "amount": "SECRET7"}]})
    assert "SECRET7" not in repr(_report(one))
    asked = publish((one,), KNOWN, "public", areas=AREAS, amounts=True)
    assert "SECRET7" in repr(asked)
    shut = spec("ash", payment=one.payment and {"streams": [{**CMF, "amount": "SECRET7"}]},
                visibility={"payment.streams.amount": "withheld"})  # fmt: skip
    assert "SECRET7" not in repr(publish((shut,), KNOWN, "public", areas=AREAS, amounts=True))


# --- neutrality ---------------------------------------------------------------------------------

_LINE = st.sampled_from(["one way", "another way", "quarterly", "monthly"])
_AREAS = st.fixed_dictionaries(
    {},
    optional={
        "payment": st.fixed_dictionaries(
            {"attribution": _LINE},
            optional={
                "lan_categories": st.lists(st.sampled_from(LAN), min_size=1, unique=True),
                "streams": st.lists(
                    st.sampled_from([CMF, {"kind": "bundle"}, {**CMF, "quality_link": "gate"}]),
                    min_size=1,
                    max_size=2,
                ),
            },
        ),
        "feedback": st.lists(
            st.fixed_dictionaries({"level": _LINE}, optional={"cadence": _LINE}),
            min_size=1,
            max_size=2,
        ),
        "participation": st.lists(
            st.sampled_from(
                [
                    {"title": "PCMH recognition", "required": "true"},
                    {"title": "PCPCH recognition", "required": "false"},
                    {"title": "Certified EHR"},
                ]
            ),
            min_size=1,
            max_size=2,
            unique_by=str,
        ),
        "convening": st.fixed_dictionaries({"convener": _LINE}, optional={"facilitator": _LINE}),
    },
)


def _told(found: Report, names: dict[str, str]) -> Any:
    """All that a report says of terms, under other names for its payers."""
    summary = sorted((f.figure, f.value, f.of) for f in found.summary)
    matters = sorted(
        (
            m.label, m.used_by, m.could_use,
            sorted((p.attribute, p.agree, sorted((names[who], v) for who, v in p.told))
                   for p in m.points),
            sorted((d.attribute, d.severity, d.note if "step" not in d.note else "")
                   for d in m.divergences),
        )
        for m in found.matters.matters
    )  # fmt: skip
    return summary, matters


@given(st.lists(_AREAS, min_size=2, max_size=3))
def test_other_names_and_another_order_change_no_figure(stated: list[dict[str, Any]]) -> None:
    payers = ["ash", "birch", "cedar"][: len(stated)]
    others = ["zinnia", "yarrow", "aster"][: len(stated)]

    def report(named: list[str]) -> Report:
        sets = [spec(p, "CBP", **a) for p, a in zip(named, stated, strict=True)]
        areas = tuple(a for a in AREAS if a != "measures")
        return publish(tuple(sets), KNOWN, "broker", areas=areas).report

    same = {p: p for p in payers}
    back = dict(zip(others, payers, strict=True))
    assert _told(report(payers), same) == _told(report(others), back)


@given(st.lists(_AREAS, min_size=2, max_size=3))
def test_the_order_of_what_a_payer_states_changes_nothing(stated: list[dict[str, Any]]) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, list):
            return [turned(one) for one in reversed(value)]
        return {k: turned(v) for k, v in value.items()} if isinstance(value, dict) else value

    payers = ["ash", "birch", "cedar"][: len(stated)]
    same = {p: p for p in payers}
    told = [
        _told(_report(*(spec(p, **one) for p, one in zip(payers, found, strict=True) if one)), same)
        for found in (stated, [turned(one) for one in stated])
        if any(stated)
    ]
    assert all(one == told[0] for one in told)


# --- decided ------------------------------------------------------------------------------------

SIDES = (
    spec("ash", feedback=[{"level": "practice", "attribution": "prospective"}],
         participation=[{"id": "panel", "title": "Panel of 150 attributed patients"}]),
    spec("birch", feedback=[{"level": "practice", "attribution": "retrospective"}],
         participation=[{"id": "panel", "title": "Panel of 300 attributed patients"}]),
)  # fmt: skip
JUSTIFIED = {
    "difference": {
        "measures": ["ash/feedback/practice", "birch/feedback/practice"],
        "attribute": "attribution",
    },
    "judgement": "justified", "by": "Ana", "on": "2026-11-01", "because": "Members choose",
}  # fmt: skip
REJECTED = {
    "match": ["ash/participation/panel", "birch/participation/panel"],
    "judgement": "reject", "by": "Ana", "on": "2026-11-01", "because": "Other panels",
}  # fmt: skip


def _decided(*decisions: dict[str, Any], sets: tuple[MeasureSet, ...] = SIDES) -> Report:
    text = "harmonize: 1\ndecisions:\n" + "".join(f"  - {flow(one)}\n" for one in decisions)
    made, _ = read_decisions([("decisions.yaml", text)])
    kept = [pinned(d, {ref: named_terms(SIDES)[ref] for ref in d.refs}) for d in made]
    return publish(sets, KNOWN, "broker", decisions=kept, today="2026-12-01", areas=AREAS).report


def test_a_difference_of_an_area_is_justified_as_one_of_measures_is() -> None:
    found = _decided(JUSTIFIED)
    (one,) = found.matters.divergences
    assert one.justified
    assert not one.open
    assert [s.state for s in found.rulings.standings] == [State.HOLDS]


def test_criteria_that_somebody_parted_are_two() -> None:
    together = next(m for m in _matters(*SIDES).matters if m.label == "attributed panel")
    assert together.payers == ("ash", "birch")
    parted = [m for m in _decided(REJECTED).matters.matters if m.area == "participation"]
    assert all(len(m.terms) == 1 for m in parted if not m.is_whole)
    assert not _decided(REJECTED).matters.possible


def test_a_decision_about_a_term_is_stale_when_the_term_changes_and_moot_when_all_agree() -> None:
    panel = [{"id": "panel", "title": "Panel of 300 attributed patients"}]
    by_hand = [{"level": "practice", "attribution": "by hand"}]
    other = spec("birch", feedback=by_hand, participation=panel)
    found = _decided(JUSTIFIED, REJECTED, sets=(SIDES[0], other))
    states = {s.decision.about: s.state for s in found.rulings.standings}
    assert states == {"difference": State.STALE, "match": State.HOLDS}
    same = spec("birch", feedback=[{"level": "practice", "attribution": "prospective"}])
    (one,) = _decided(JUSTIFIED, sets=(SIDES[0], same)).rulings.standings
    assert one.state is State.MOOT


def test_decisions_about_measures_and_about_criteria_stand_beside_each_other() -> None:
    lines = ("Controlling High Blood Pressure", "Breast Cancer Screening")
    sets = tuple(
        spec(s.payer, *({"id": str(i), "title": t} for i, t in enumerate(lines)),
             participation=[{"id": "panel", "title": f"Panel of {n} attributed patients"}])
        for s, n in zip(SIDES, ("150", "300"), strict=True)
    )  # fmt: skip
    together = {**REJECTED, "judgement": "accept"}
    ones = {"match": ["ash/0", "birch/0"], **{k: REJECTED[k] for k in ("by", "on", "because")}}
    apart = {"match": ["ash/1", "birch/1"], **{k: REJECTED[k] for k in ("by", "on", "because")}}
    for judged in ("accept", "reject"):
        text = "".join(
            f"  - {flow(one)}\n"
            for one in (together, {**ones, "judgement": judged}, {**apart, "judgement": "reject"})
        )
        made, _ = read_decisions([("decisions.yaml", f"harmonize: 1\ndecisions:\n{text}")])
        found = publish(
            sets, KNOWN, "broker", decisions=made, today="2026-12-01", areas=AREAS
        ).report
        panel = next(m for m in found.matters.matters if m.label == "attributed panel")
        assert panel.payers == ("ash", "birch")
        shared = {row.concept.id for row in found.rows if len(row.held) == 2}
        assert shared == ({"cbp"} if judged == "accept" else set())


def test_decisions_about_terms_hold_where_only_measures_are_compared() -> None:
    text = f"harmonize: 1\ndecisions:\n  - {flow(JUSTIFIED)}\n"
    made, _ = read_decisions([("decisions.yaml", text)])
    found = publish(SIDES, KNOWN, "broker", decisions=made, today="2026-12-01").report
    assert [s.state for s in found.rulings.standings] == [State.UNPINNED]


def test_two_criteria_of_one_list_have_not_one_id() -> None:
    with pytest.raises(SpecError) as error:
        spec("ash", participation=[{"id": "a", "title": "PCMH"}, {"id": "a", "title": "EHR"}])
    assert [p.code for p in error.value.problems] == ["HZ208"]
    assert "first in line" in error.value.problems[0].message


def test_payers_that_list_no_measures_could_not_use_one() -> None:
    found = _report(spec("ash", "CBP"), spec("birch", "CBP"), spec("cedar", payment=PAYS))
    assert {(r.used_by, r.could_use) for r in found.rows} == {(2, 2)}
    values = {f.figure: (f.value, f.of) for f in found.summary}
    assert values["shared_by_all_that_could"] == (1, 1)
    assert values["stated:payment"] == (1, 3)
