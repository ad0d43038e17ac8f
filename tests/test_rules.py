"""Each rule has a case that trips it and one that does not, and says what it names."""

from dataclasses import dataclass
from typing import Any, Final

import pytest
from building import example, spec
from checking import found, policy
from deciding import decided, match, pinned_to

from harmonize.decisions import Decision
from harmonize.findings import Finding
from harmonize.policy import NO_POLICY, OFF
from harmonize.problems import CODES
from harmonize.rules import RULES
from harmonize.rules.case import FAMILIES
from harmonize.sets import MeasureSet

BP: Final = {"id": "bp", "title": "Controlling High Blood Pressure", "ages": "18-85"}
EYE: Final = {"id": "eye", "title": "Eye Exam for Patients with Diabetes"}
COL: Final = {"id": "col", "title": "Colorectal Cancer Screening"}
LAKE: Final = spec("lake", BP)
RIDGE: Final = spec("ridge", {**BP, "ages": "18-75"})
SAME: Final = (LAKE, spec("ridge", BP))
APART: Final = (LAKE, RIDGE)
CORE: Final = spec("core", BP, EYE, role="reference")


def year(measurement_year: str) -> MeasureSet:
    old = "Comprehensive Diabetes Care: Eye Exam"
    return spec("lake", {"title": old}, measurement_year=measurement_year)


def difference(judgement: str = "justified", **more: Any) -> dict[str, Any]:
    about = {"measures": ["lake/bp", "ridge/bp"], "attribute": "ages"}
    return {"difference": about, "judgement": judgement, "because": "state law", **more}


def held(entry: dict[str, Any], *sets: MeasureSet) -> tuple[Decision, ...]:
    return tuple(pinned_to(one, *sets) for one in decided(entry))


BOTH: Final = match("lake/bp", "ridge/bp")
HELD: Final = held(BOTH, *APART)
STATED: Final = held(difference(), *APART)


@dataclass(frozen=True)
class Case:
    """Sets and decisions that trip a rule and those that do not, under one setting of it."""

    trips: tuple[MeasureSet, ...]
    holds: tuple[MeasureSet, ...]
    setting: Any = "error"
    decisions: tuple[Decision, ...] = ()
    else_decisions: tuple[Decision, ...] | None = None  # those of the case that holds
    about: tuple[str, ...] = ()


def _typed(kind: str, *lines: Any) -> MeasureSet:
    return spec("ridge", *lines, contract_type=kind)


ADHERE: Final = {"core": "core", "at_most_off": "1"}
BY_TYPE: Final = {**ADHERE, "for": [{"contract_type": "primary *", "at_least": "1"}]}
CASES: Final = {
    "missing-source": (
        Case((spec("lake", BP),), (spec("lake", BP, sources=[{"title": "Manual"}]),)),
        Case(
            (spec("lake", {**BP, "source": "page 3"}, EYE),),
            (spec("lake", {**BP, "source": "page 3"}),),
            about=("lake/eye",),
        ),
    ),
    "missing-identifier": (
        Case(
            (spec("lake", {**BP, "ids": {"cbe": "0018"}}, EYE),),
            (spec("lake", {**BP, "ids": {"cbe": "0018"}}),),
            about=("lake/eye",),
        ),
    ),
    "draft-spec": (
        Case((spec("lake", BP, status="draft"),), (spec("lake", BP, status="final"),)),
    ),
    "retired-measure": (Case((year("2024"),), (year("2019"),)),),
    "contradicting-identifier": (
        Case(
            (spec("lake", {**BP, "ids": {"cbe": "0034"}}),),
            (spec("lake", {**BP, "ids": {"cbe": "0018"}}),),
            about=("lake/bp",),
        ),
    ),
    "contradicting-label": (
        Case(
            (spec("lake", {**BP, "acronym": "COL", "ids": {"cbe": "0018"}}),),
            (spec("lake", {**BP, "acronym": "CBP", "ids": {"cbe": "0018"}}),),
            about=("lake/bp",),
        ),
    ),
    "minimum-shared": (
        Case((LAKE, spec("ridge", EYE)), SAME, {"severity": "error", "at_least": "1"}),
    ),
    "minimum-shared-share": (
        Case((LAKE, spec("ridge", BP, EYE, COL)), SAME, {"severity": "error", "at_least": "34%"}),
    ),
    "minimum-agreement": (Case(APART, SAME, {"severity": "error", "at_least": "80%"}),),
    "minimum-payers": (
        Case(
            (LAKE, spec("ridge", BP, EYE)),
            SAME,
            {"severity": "error", "at_least": "2"},
            about=("ridge/eye",),
        ),
        Case(
            (LAKE, spec("ridge", BP, EYE)),
            (LAKE, spec("ridge", BP, COL)),
            {"at_least": "2", "except": "ridge/c*"},
        ),
        Case(  # nobody else has members of that age
            (spec("lake", "Asthma", scope={"ages": "1+"}), spec("ridge", BP)),
            (spec("lake", "Asthma", scope={"ages": "<18"}), spec("ridge", BP)),
            {"at_least": "2", "except": "lake/*"},
        ),
    ),
    "core-adherence": (
        Case((LAKE, CORE), (spec("lake", BP, EYE), CORE), ADHERE, about=("lake",)),
        Case((spec("lake", BP, EYE, COL, "Asthma"), CORE), (spec("lake", BP, EYE, COL), CORE),
             ADHERE),
        Case((_typed("specialty", BP), CORE), (_typed("Primary Care", BP), CORE), BY_TYPE),
        Case(  # of the menu, which is inside and not wanted
            (spec("lake", BP, COL), spec("core", BP, role="reference")),
            (spec("lake", BP, COL), spec("core", BP, {**COL, "status": "menu"}, role="reference")),
            {"core": "core", "at_most_off": "0"},
        ),
        Case(  # a core for one type of contract, and a payer that states none
            (spec("lake", BP), spec("core", BP, role="reference", contract_type="primary care")),
            (spec("lake", BP, contract_type="primary care"),
             spec("core", BP, role="reference", contract_type="primary care")),
            {"core": "core"},
        ),
        Case(
            (LAKE, spec("ridge", EYE)), SAME, {"core": "decisions"},
            decided({"measure": "lake/bp", "disposition": "adopt"}), about=("ridge",),
        ),
        Case((spec("lake", COL), CORE), (LAKE, CORE), {"core": "core", "share": "50%"}),
    ),
    "core-respecified": (
        Case((RIDGE, CORE), (LAKE, CORE), {"core": "core"}, about=("ridge/bp",)),
        Case((RIDGE, CORE), (RIDGE, spec("core", {**BP, "ages": "18-75"}, role="reference")),
             {"core": "c*", "may_differ": "threshold"}),
    ),
    "direction-conflict": (
        Case(
            (spec("lake", {**BP, "improvement_notation": "increase"}),
             spec("ridge", {**BP, "improvement_notation": "decrease"})),
            SAME, about=("lake/bp", "ridge/bp"),
        ),
    ),
    "unjustified-difference": (
        Case(APART, SAME, about=("lake/bp", "ridge/bp")),
        Case(APART, APART, decisions=(), else_decisions=STATED),
        Case(APART, SAME, {"allow": [{"attribute": "ages", "within": "5 years"}]}),
        Case(
            APART, (LAKE, spec("ridge", {**BP, "ages": "18-80"})),
            {"allow": [{"attribute": "ages", "within": "5 years"}]},
        ),
        Case(
            (spec("lake", {**BP, "threshold": "< 140/90"}),
             spec("ridge", {**BP, "threshold": "< 130/70"})),
            (spec("lake", {**BP, "threshold": "< 140/90"}),
             spec("ridge", {**BP, "threshold": "< 130/80"})),
            {"allow": [{"attribute": "thres*", "points": "10"}]},
        ),
        Case(APART, (spec("mere", BP), RIDGE), {"allow": [{"payers": "mere"}]}),
        Case(
            APART,
            (spec("lake", {**EYE, "ages": "18-75"}), spec("ridge", {**EYE, "ages": "18-85"})),
            {"allow": [{"measures": "*/eye"}]},
        ),
        Case(
            (spec("lake", {**BP, "follow_up": "7 days"}),
             spec("ridge", {**BP, "follow_up": "60 days"})),
            (spec("lake", {**BP, "follow_up": "7 days"}),
             spec("ridge", {**BP, "follow_up": "14 days"})),
            {"allow": [{"within": "7 days"}]},
        ),
        Case(
            (spec("lake", {**BP, "events": "1"}), spec("ridge", {**BP, "events": "4"})),
            (spec("lake", {**BP, "events": "1"}), spec("ridge", {**BP, "events": "2"})),
            {"allow": [{"attribute": "events", "points": "1"}]},
        ),
        Case(  # an open end is no distance away from any other
            (LAKE, spec("ridge", {**BP, "ages": "18+"})),
            (spec("lake", {**BP, "ages": "18+"}), spec("ridge", {**BP, "ages": "21+"})),
            {"allow": [{"within": "5 years"}]},
        ),
        Case(
            (spec("lake", {**BP, "level": "plan"}), spec("ridge", {**BP, "level": "practice"})),
            SAME, {"weight": "minor"},
        ),
    ),
    "unreviewed-match": (
        Case(
            (spec("lake", {"id": "a", "title": "Tobacco Cessation Counseling, Aid, or Quit"}),
             spec("ridge", {"id": "b", "title":
                  "Medical Assistance with Smoking and Tobacco Use Cessation"})),
            SAME, about=("lake/a", "ridge/b"),
        ),
        Case(
            (LAKE, spec("ridge", {"id": "bp", "title": "Hypertension control"})),
            (LAKE, spec("ridge", {"id": "bp", "title": "Hypertension control"})),
            {"below": "0.9999"}, else_decisions=decided(BOTH),
        ),
    ),
    "stale-decision": (
        Case((LAKE, spec("ridge", {**BP, "ages": "18-70"})), APART, decisions=HELD,
             about=("lake/bp", "ridge/bp")),
    ),
    "orphaned-decision": (Case((LAKE, spec("ridge", EYE)), APART, decisions=HELD),),
    "expired-decision": (
        Case(APART, APART, decisions=held({**BOTH, "expires": "2026-11-23"}, *APART),
             else_decisions=held({**BOTH, "expires": "2026-11-24"}, *APART)),
    ),
    "overdue-decision": (
        Case(APART, APART, decisions=held(difference("to-resolve", due="2026-11-23"), *APART),
             else_decisions=held(difference("to-resolve", due="2026-11-24"), *APART)),
    ),
    "unpinned-decision": (Case(APART, APART, decisions=decided(BOTH), else_decisions=HELD),),
    "moot-decision": (Case(SAME, APART, decisions=STATED),),
}  # fmt: skip
EVERY: Final = [(name, i) for name, cases in CASES.items() for i in range(len(cases))]


def _of(name: str, sets: tuple[MeasureSet, ...], case: Case, *, trips: bool) -> list[Finding]:
    decisions = case.decisions
    if not trips and case.else_decisions is not None:
        decisions = case.else_decisions
    chosen = policy(**{name: case.setting})
    return list(found(chosen, *sets, decisions=decisions, only=[name]))


@pytest.mark.parametrize(("name", "at"), EVERY)
def test_a_rule_finds_what_it_is_for_and_nothing_else(name: str, at: int) -> None:
    case = CASES[name][at]
    told = _of(name, case.trips, case, trips=True)
    assert told
    assert {one.severity for one in told} == {_severity(name, case)}
    assert {one.code for one in told} == {next(r.code for r in RULES if r.name == name)}
    if case.about:
        assert told[0].measures == case.about
    assert all(one.place.file for one in told)
    assert not _of(name, case.holds, case, trips=False)


def _severity(name: str, case: Case) -> str:
    if isinstance(case.setting, str):
        return case.setting
    own = next(r.severity for r in RULES if r.name == name)
    return str(case.setting.get("severity", "error" if own == OFF else own))


def test_every_rule_has_its_cases_and_says_everything() -> None:
    assert list(CASES) == [rule.name for rule in RULES]
    assert [rule.code for rule in RULES] == sorted({rule.code for rule in RULES})
    assert not {rule.code for rule in RULES} & CODES.keys()
    for rule in RULES:
        assert rule.family in FAMILIES
        assert all((rule.finds, rule.why, rule.example, rule.fix)), rule.name
        assert (rule.takes is not None) >= bool(rule.sample)


def test_without_a_policy_only_a_conflict_of_directions_is_an_error() -> None:
    assert {one.severity for one in found(NO_POLICY, *APART)} <= {"warning", "info"}
    assert [r.name for r in RULES if r.severity == "error"] == ["direction-conflict"]


# --- what is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "case"), [(n, c) for n, cases in CASES.items() for c in cases])
def test_files_and_order_change_no_fingerprint(name: str, case: Case) -> None:
    def prints(*sets: MeasureSet) -> set[str]:
        return {one.fingerprint for one in _of(name, sets, case, trips=True)}

    assert prints(*case.trips) == prints(*case.trips[::-1])


def test_the_words_of_a_value_change_no_fingerprint_and_the_value_does() -> None:
    def print_of(ages: str) -> str:
        (one,) = found(
            policy(), LAKE, spec("ridge", {**BP, "ages": ages}), only=["unjustified-difference"]
        )
        return one.fingerprint

    assert print_of("18-75") == print_of("18 - 75 years")
    assert print_of("18-75") != print_of("18-74")


def test_the_words_of_a_core_change_no_fingerprint() -> None:
    def print_of(ages: str) -> str:
        chosen = policy(core_respecified={"core": "core"})
        ridge = spec("ridge", {**BP, "ages": ages})
        (one,) = found(chosen, ridge, CORE, only=["core-respecified"])
        return one.fingerprint

    assert print_of("18-75") == print_of("18 - 75 years") != print_of("18-74")


@pytest.mark.parametrize("rule", ["core-adherence", "core-respecified"])
def test_a_core_that_is_not_here_is_told(rule: str) -> None:
    chosen = policy(**{rule.replace("-", "_"): {"core": ["core", "croe"]}})
    (one,) = found(chosen, spec("lake", BP, EYE), CORE, only=[rule])
    assert (one.severity, one.place.file) == ("error", "harmonize.yaml")
    assert "no reference list fits core 'croe'" in one.message


def test_what_has_been_adopted_holds_for_a_type_of_contract_in_any_case() -> None:
    lake = spec("lake", COL, contract_type="Primary  Care")
    ridge = spec("ridge", BP, contract_type="hospital")
    entry = {"measure": "ridge/bp", "disposition": "adopt", "contract_type": "primary care",
             "because": "so be it"}  # fmt: skip
    told = found(policy(core_adherence={"core": "decisions"}), lake, ridge,
                 decisions=held(entry, lake, ridge), only=["core-adherence"])  # fmt: skip
    assert [one.measures for one in told] == [("lake",)]


def test_what_an_audience_may_not_see_is_in_no_finding_and_is_not_taken_for_silence() -> None:
    hidden = spec(
        "lake",
        {**BP, "ids": {"cbe": "0034"}, "ages": "31-85", "visibility": {"ids": "withheld"}},
        visibility={"ages": "withheld", "sources": "withheld", "source": "withheld"},
        sources=[{"title": "A secret"}],
    )
    told = found(policy(), hidden, RIDGE, audience="public")
    assert not [one for one in told if "lake" in str(one)]
    assert not [one for one in told if {"0034", "31-85", "secret"} & {*str(one).split()}]
    assert [one for one in found(policy(), hidden, RIDGE) if "0034" in str(one)]


def test_adherence_names_every_measure() -> None:
    menu = {"id": "asthma", "title": "Asthma Medication Ratio", "status": "menu"}
    core = spec("core", BP, EYE, menu, role="reference")
    lake = spec("lake", BP, menu, COL, contract_type="primary care")
    (one,) = found(policy(core_adherence={"core": "core"}), lake, core, only=["core-adherence"])
    assert one.message == (
        "lake (primary care): core used 1 of 2, wanted 2, off-set 1. "
        "used: Controlling High Blood Pressure. "
        "not used: Eye Exam for Patients With Diabetes. "
        "from the menu: Asthma Medication Ratio. off-set: Colorectal Cancer Screening"
    )


def test_what_may_be_a_core_measure_is_named_beside_it() -> None:
    _, ridge = CASES["unreviewed-match"][0].trips
    core = spec("core", {"id": "c", "title": "Tobacco Cessation Counseling, Aid, or Quit"},
                role="reference")  # fmt: skip
    (one,) = found(policy(core_adherence={"core": "core"}), ridge, core, only=["core-adherence"])
    assert "not used: Tobacco Cessation Counseling, Aid, or Quit (may be ridge/b)" in one.message


@pytest.mark.parametrize("name", ["core-adherence", "core-respecified"])
def test_a_core_that_is_not_there_lets_nobody_pass(name: str) -> None:
    chosen = policy(**{name.replace("-", "_"): {"severity": "error", "core": ["cor", "co*"]}})
    (one,) = found(chosen, spec("lake", BP, EYE), CORE, only=[name])
    assert (one.severity, one.place.file) == ("error", "harmonize.yaml")
    assert one.message == (
        "no reference list fits core 'cor', so nothing is held against it: here are core"
    )


def test_a_partial_list_is_no_proof_of_absence() -> None:
    chosen = policy(core_adherence={"core": "core"})
    partial = spec("lake", BP, complete="false")
    (one,) = found(chosen, partial, CORE, only=["core-adherence"])
    assert one.severity == "info"
    assert "absence proves nothing" in one.message


def test_a_list_that_states_no_measures_breaks_no_core() -> None:
    chosen = policy(core_adherence={"core": "core"})
    silent = spec("lake", payment={"lan_categories": ["2A"]})
    (one,) = found(chosen, silent, CORE, only=["core-adherence"])
    assert one.severity == "info"
    assert "it states no measures, so absence proves nothing" in one.message


def test_who_keeps_to_the_core_is_told_where_that_is_asked() -> None:
    chosen = policy(core_adherence={"core": "core", "tell_kept": "true"})
    (one,) = found(chosen, spec("lake", BP, EYE), CORE, only=["core-adherence"])
    assert (one.severity, "core used 2 of 2" in one.message) == ("info", True)


def test_no_decision_and_no_policy_allows_opposite_directions() -> None:
    sets = CASES["direction-conflict"][0].trips
    about = {"measures": ["lake/bp", "ridge/bp"], "attribute": "improvement_notation"}
    entry = {"difference": about, "judgement": "justified", "because": "so be it"}
    told = found(policy(), *sets, decisions=held(entry, *sets), only=["direction-conflict"])
    assert len(told) == 1
    assert not found(policy(), *sets, only=["unjustified-difference"])


@pytest.mark.parametrize(("year", "shared"), [("2017", 8), ("2018", 12)])
def test_twelve_shared_are_in_one_year_and_not_in_the_other(year: str, shared: int) -> None:
    sets = example("cpcplus-web-interface", "specs", year)
    told = found(policy(minimum_shared={"at_least": "12"}), *sets, only=["minimum-shared"])
    assert [one.message.split(":")[0] for one in told] == (
        [] if shared >= 12 else ["8 measures shared by two or more payers, wanted 12"]
    )
