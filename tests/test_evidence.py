"""How alike two items look, and what forbids that they are one measure."""

import re
from itertools import combinations
from math import isclose
from typing import Any, Final

import pytest
from building import EXAMPLES, KNOWN, ROOT, Line, items, profiled, spec, staged, weighed
from hypothesis import example as tried
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.catalogue import entry_of
from harmonize.evidence import FEATURES, VETO, Verdict, probability, weigh
from harmonize.workspace import load

A1C_OVER_9: Final = "Diabetes: Hemoglobin A1c (HbA1c) Poor Control (>9%)"
CBP: Final = "Controlling High Blood Pressure"
FUH: Final = "Follow-Up After Hospitalization for Mental Illness"
CDF: Final = "Screening for Depression and Follow-Up Plan"
INJURY: Final = (
    "Proportion of Patients Sustaining a {} Injury at the Time of any Pelvic Organ Repair"
)
CAROTID: Final = (
    "Rate of Carotid {} for Asymptomatic Patients, Without Major Complications "
    "(Discharged to Home by Post-Operative Day #2)"
)
RESECTION: Final = (
    "{} Cancer Resection Pathology Reporting: pT Category (Primary Tumor) and pN Category "
    "(Regional Lymph Nodes) with Histologic Grade"
)
TUBERCULOSIS: Final = (
    "Tuberculosis Screening Prior to First Course of Biologic and/or Immune Response Modifier "
    "Therapy"
)

# Look-alikes that both name what parts them: left, right, names of the vetoes
VETOED: Final[list[tuple[str, str, set[str]]]] = [
    # Published look-alikes: MIPS 432/433/434, 217/218, 375/376, 260/344, 099/100
    (INJURY.format("Bladder"), INJURY.format("Bowel"), {"body site", "injury at surgery"}),
    (INJURY.format("Bladder"), INJURY.format("Ureter"), {"body site", "injury at surgery"}),
    (
        "Functional Status Change for Patients with Knee Impairments",
        "Functional Status Change for Patients with Hip Impairments",
        {"body site"},
    ),
    (
        "Functional Status Assessment for Total Knee Replacement",
        "Functional Status Assessment for Total Hip Replacement",
        {"body site", "procedure"},
    ),
    (
        CAROTID.format("Endarterectomy (CEA)"),
        CAROTID.format("Artery Stenting (CAS)"),
        {"procedure"},
    ),
    (RESECTION.format("Breast"), RESECTION.format("Colorectal"), {"cancer"}),
    # rates, steps and strata of one measure
    (f"{FUH} (7 Days)", f"{FUH} (30 Days)", {"time window"}),
    (f"{FUH} (7-Day)", f"{FUH} within thirty days", {"time window"}),
    (
        "Initiation of Substance Use Disorder Treatment",
        "Engagement of Alcohol and Other Drug Dependence Treatment",
        {"clinical pathway step"},
    ),
    (f"{CDF}: Ages 12 to 17", f"{CDF}: Age 18 and Older", {"age stratum"}),
    ("Depression screening (12-17)", "Depression screening (18 and older)", {"age stratum"}),
    ("Hemoglobin A1c Control (<8.0%)", "Hemoglobin A1c Poor Control (>9.0%)", {"cut"}),
    ("Hemoglobin A1c Control (<8%)", "Glycemic Status Assessment Greater Than 9%", {"cut"}),
    (
        "Childhood Immunization Status (Combo 3)",
        "Childhood Immunization Status: Combination 10",
        {"combination"},
    ),
    (
        "Contraceptive Care - Postpartum Women Ages 15 to 20",
        "Contraceptive Care - Postpartum Women Ages 21 to 44",
        {"age stratum"},
    ),
    ("Depression Remission at Six Months", "Depression Remission at Twelve Months",
     {"time window"}),
    # neighbours on a list
    (FUH, "Follow-Up After Emergency Department Visit for Mental Illness",
     {"setting", "follow-up after what"}),
    (
        "Follow-Up After Emergency Department Visit for Substance Use",
        "Follow-Up After Emergency Department Visit for Mental Illness",
        {"condition"},
    ),
    ("Breast Cancer Screening", "Colorectal Cancer Screening", {"cancer"}),
    ("Breast Cancer Screening", "Cervical Cancer Screening", {"cancer"}),
    (
        "Statin Therapy for Patients with Cardiovascular Disease",
        "Statin Therapy for Patients with Diabetes",
        {"statin indication"},
    ),
    (
        "Medication Adherence for Cholesterol (Statins)",
        "Medication Adherence for Hypertension (RAS Antagonists)",
        {"drug class"},
    ),
    ("Diabetes: Eye Exam", "Diabetes: Foot Exam", {"diabetes element"}),
    ("HIV Screening", "Hepatitis C Screening", {"screening for"}),
    (
        "Plan All-Cause Readmissions",
        "Hospital-Wide, 30-Day, All-Cause Unplanned Readmission",
        {"admission kind"},
    ),
    ("CAHPS Health Plan Survey", "CAHPS Clinician and Group Survey", {"instrument"}),
    (
        "Contraceptive Care - All Women Ages 21 to 44",
        "Contraceptive Care - Postpartum Women Ages 21 to 44",
        {"perinatal period"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "expected"), VETOED)
def test_look_alikes_are_vetoed(left: str, right: str, expected: set[str]) -> None:
    found = weighed(left, right)
    assert expected <= {veto.name for veto in found.vetoes}
    assert found.verdict is Verdict.NONMATCH


# Not one measure, though no word of theirs says the opposite of the other's
APART: Final[list[tuple[Line, Line]]] = [
    (
        "Diabetes Care for People with Serious Mental Illness: HbA1c Poor Control (>9.0%)",
        "Hemoglobin A1c (HbA1c) Poor Control (>9.0%)",
    ),
    ("Diabetes: Controlled Blood Pressure", CBP),
    (
        "PQI 05: Chronic Obstructive Pulmonary Disease (COPD) or Asthma in Older Adults Admissions",
        "PQI 15: Asthma in Younger Adults Admission Rate",
    ),
    ("PQI 08: Heart Failure Admission Rate", "PQI 01: Diabetes Short-Term Complications Admission"),
    ("Prenatal and Postpartum Care: Timeliness of Prenatal Care",
     "Prenatal and Postpartum Care: Postpartum Care"),
    ("Well-Child Visits in the First 15 Months", "Well-Child Visits for Age 15 to 30 Months"),
    ("Total Cost of Care", "Total Resource Use"),
    # a bare number means nothing outside its system
    ({"title": "Colorectal Cancer Screening", "ids": {"cmit": "139"}},
     {"title": "Falls: Screening for Future Fall Risk", "ids": {"cms": "CMS139"}}),
    ({"title": CBP, "ids": {"cmit": "167"}},
     {"title": "Coronary Artery Bypass: Postoperative Renal Failure", "ids": {"mips": "167"}}),
    ({"title": "Hemoglobin A1c Poor Control", "ids": {"cmit": "204"}},
     {"title": "Ischemic Vascular Disease: Use of Aspirin", "ids": {"mips": "204"}}),
    ({"title": "Breast Cancer Screening", "ids": {"cmit": "93"}},
     {"title": "Acute Otitis Externa: Topical Therapy", "ids": {"mips": "093"}}),
    # one number on three measures of falls
    ({"title": "Falls: Risk Assessment", "ids": {"cbe": "0101"}},
     {"title": "Falls: Plan of Care", "ids": {"cbe": "0101"}}),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), APART)
def test_look_alikes_do_not_match(left: Line, right: Line) -> None:
    assert weighed(left, right).verdict is Verdict.NONMATCH


RETITLED: Final = [
    (A1C_OVER_9, "Diabetes: Glycemic Status Assessment Greater Than 9%"),  # 001, 2024 to 2025
    ("HIV Medical Visit Frequency", "HIV Annual Retention in Care"),  # 340
    (
        "Rheumatoid Arthritis (RA): Tuberculosis Screening",  # 176
        TUBERCULOSIS,
    ),
    (CBP, "Hypertension: Controlling High BP"),
    (CBP, "Controlling Blood Pressure"),
    (
        "Preventive Care and Screening: Screening for Depression and Follow-Up Plan",
        "Preventive Care and Screening: Screening for Clinical Depression and Follow-Up Plan",
    ),
    ("Diabetes: Eye Exam", "Comprehensive Diabetes Care: Eye Exam"),
    ("Diabetes: Eye Exam", "Retinal eye exam for members with diabetes"),
    ("Colorectal Cancer Screening", "Colon Cancer Screening"),
    (
        "Initiation and Engagement of Alcohol and Other Drug Dependence Treatment",
        "Initiation and Engagement of Substance Use Disorder Treatment",
    ),
    (
        "Follow-Up After Emergency Department Visit for Alcohol and Other Drug Dependence",
        "Follow-Up after ED Visit for Substance Use",
    ),
    ("Falls: Screening for Future Fall Risk", "Screening for Future Fall Risk"),
    ("Preventive Care and Screening: Influenza Immunization", "Influenza Vaccination"),
    (
        "Ischemic Vascular Disease (IVD): Use of Aspirin or Another Antithrombotic",
        "Ischemic Vascular Disease (IVD): Use of Aspirin or Another Antiplatelet",
    ),
    ("ACO All-Cause Readmissions (HEDIS PCR)", "Plan All-Cause Readmissions"),
    (
        "Preventive Care and Screening: Body Mass Index (BMI) Screening and Follow-Up Plan",
        "BMI screening and follow-up",
    ),
    ("CCS: Cervical Cancer Screening", "Cervical Cancer Screening (CCS)"),
    ("Well-Child Visits in the First 30 Months of Life", "Well Child Visits First 30 Months"),
    ("Child and Adolescent Well-Care Visits 3-21", "Child and Adolescent Well-Care Visits"),
    (
        "Developmental Screening in the First Three Years of Life (CMS Child Core C-DEV)",
        "Developmental Screening in the First Three Years of Life",
    ),
    (f"{CDF}: Age 18 and Older", "Depression Screening and Follow-Up Plan (18 and older)"),
    (f"{FUH} (7 Days)", "FUH: Follow-up after hospitalization for mental illness, 7-day"),
    # one cut counted from its two sides, or with a side that is only said in words
    (A1C_OVER_9, "Blood Sugar Control (<=9%)"),
    (A1C_OVER_9, "Blood Sugar Control (\u22649.0 %)"),
    (A1C_OVER_9, "Diabetes: A1c under control (<9%)"),
    (A1C_OVER_9, "Diabetes: Hemoglobin A1c Control (>9%)"),
    # misspelt
    ("Colorectal Cancer Screning", "Colorectal Cancer Screening"),
    (
        "Follow Up after ED Visits for Patients with Mulitiple Chronic Conditions (HEDIS FMC)",
        "Follow-Up After ED Visit for People With Multiple High-Risk Chronic Conditions",
    ),
    # the words of a machine
    ("ControllingHighBloodPressureFHIR", CBP),
]


@pytest.mark.parametrize(("left", "right"), RETITLED)
def test_other_titles_of_one_measure_match(left: str, right: str) -> None:
    found = weighed(left, right)
    assert found.vetoes == ()
    assert found.verdict is Verdict.MATCH


DOUBTFUL: Final = [
    ("Proportion Not Admitted To Hospice",  # 456
     "Percentage of Patients Who Died from Cancer Not Admitted to Hospice (lower score - better)"),
    ("Breast Cancer Screening", "Mammography screening for breast cancer"),
    ("Controling High Blood Presure", CBP),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), DOUBTFUL)
def test_the_worst_titles_are_at_least_possible(left: str, right: str) -> None:
    assert weighed(left, right).verdict is not Verdict.NONMATCH


NO_VETO: Final[list[tuple[str, str]]] = [
    (A1C_OVER_9, "Hemoglobin A1c Control (<=9%)"),  # the same cut
    (A1C_OVER_9, "Hemoglobin A1c Poor Control"),  # one is silent
    (FUH, f"{FUH}, 7 days or 30 days"),
    (CDF, f"{CDF}: Ages 12 to 17"),
    (f"{CDF}: Ages 12 and older", f"{CDF}: Ages 12 to 17"),  # one contains the other
    ("Admission Rate for Multiple Chronic Conditions (18 and over)",
     "Admission Rate for Multiple Chronic Conditions (65+)"),
    ("Childhood Immunization Status", "Childhood Immunization Status (Combo 10)"),
    ("Cancer Screening", "Breast Cancer Screening"),  # the wider contains the narrower
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), NO_VETO)
def test_silence_and_what_contains_the_other_are_no_veto(left: str, right: str) -> None:
    ours = {"age stratum", "time window", "cut", "combination", "cancer", "body site"}
    assert {veto.name for veto in weighed(left, right).vetoes} & ours == set()


# Fields by which payers differ in one measure: they may never part it, nor bring it together.
ASKED: Final[list[tuple[dict[str, Any], dict[str, Any]]]] = [
    ({"ages": "18-85"}, {"ages": "65+"}),
    ({"ages": "<18"}, {"ages": "18+"}),
    ({"threshold": "> 9%"}, {"threshold": "< 8%"}),
    ({"improvement_notation": "increase"}, {"improvement_notation": "decrease"}),
    ({"follow_up": "7 days"}, {"follow_up": "30 days"}),
    ({"data_source": ["claims"]}, {"data_source": ["ehr"]}),
    ({"denominator_exclusions": "none"}, {"denominator_exclusions": ["hospice"]}),
]


@pytest.mark.parametrize(("here", "there"), ASKED)
def test_how_it_is_asked_for_is_no_evidence(here: dict[str, Any], there: dict[str, Any]) -> None:
    plain = weighed(CBP, CBP)
    assert weighed({"title": CBP, **here}, {"title": CBP, **there}) == plain
    assert weighed({"title": CBP, **here}, {"title": CBP, **here}) == plain


# --- identifiers --------------------------------------------------------------------------------


def _heard(left: Line, right: Line) -> dict[str, float]:
    return {e.name: e.weight for e in weighed(left, right).evidence}


def test_a_precise_identifier_in_common_says_the_same() -> None:
    one = {"title": CBP, "ids": {"cms": "CMS165v13"}}
    other = {"title": "Blood Pressure", "ids": {"cms": "CMS165v12"}}
    assert _heard(one, other)["same id"] > 0


def test_a_hedis_acronym_names_the_family() -> None:
    one = {"title": f"{FUH} (7 Days)", "ids": {"hedis": "FUH"}}
    other = {"title": FUH, "ids": {"hedis": "FUH"}}
    heard = _heard(one, other)
    assert heard["family id"] > 0
    assert "same id" not in heard
    assert "acronym" not in heard


def test_an_id_on_several_rows_of_a_list_names_the_family() -> None:
    sets = (
        spec(
            "one",
            {"id": "a", "title": "Medication Adherence: Statins", "ids": {"mips": "999"}},
            {"id": "b", "title": "Medication Adherence: Insulin", "ids": {"mips": "999"}},
        ),
        spec("two", {"id": "c", "title": "Medication Adherence", "ids": {"mips": "999"}}),
    )
    profiles, at = staged(*sets)
    heard = {e.name for e in weigh(profiles["one/a"], profiles["two/c"], at).evidence}
    assert "family id" in heard
    assert "same id" not in heard


def test_other_identifiers_of_one_system_speak_against() -> None:
    one = {"title": "Some Screening of Patients", "ids": {"mips": "801"}}
    other = {"title": "Some Screening of Patients", "ids": {"mips": "802"}}
    assert _heard(one, other)["other id"] < 0


# --- properties ---------------------------------------------------------------------------------


def _real() -> list[tuple[Any, Any, Any]]:
    """Every pair of two payers, of lists that people print."""
    sets = (
        *load([str(EXAMPLES / "onecare-vermont"), str(EXAMPLES / "rates")]).sets,
        *load([str(ROOT / "specs" / "uf-adult.yaml"), str(EXAMPLES / "a1c")]).sets,
    )
    profiles, at = staged(*sets)
    return [
        (profiles[a.ref], profiles[b.ref], at)
        for a, b in combinations(items(*sets), 2)
        if a.payer != b.payer
    ]


REAL: Final = _real()


def test_weighing_is_symmetric_and_sums_up() -> None:
    for left, right, at in REAL[::7]:
        found = weigh(left, right, at)
        back = weigh(right, left, at)
        assert {(e.name, e.weight) for e in back.evidence} == {
            (e.name, e.weight) for e in found.evidence
        }
        assert [(v.name, v.right, v.left) for v in back.vetoes] == [
            (v.name, v.left, v.right) for v in found.vetoes
        ]
        assert (back.confidence, back.likeness) == (found.confidence, found.likeness)
        assert 0 <= found.confidence <= 1
        assert 0 <= found.likeness <= 1 + 1e-9
        total = sum(e.weight for e in found.evidence) + VETO * len(found.vetoes)
        assert isclose(found.log_odds, total, abs_tol=1e-9)
        assert found.confidence == probability(total)
        names = [e.name for e in found.evidence]
        assert names[0] == "start"
        assert len(set(names)) == len(names)


def test_vetoes_mean_no_match() -> None:
    for left, right, at in REAL[::11]:
        found = weigh(left, right, at)
        if found.vetoes:
            assert found.verdict is Verdict.NONMATCH


def test_every_printed_item_matches_itself_in_another_list() -> None:
    titles = sorted({p.title for pair in REAL for p in pair[:2] if not p.is_rate})
    assert [t for t in titles if weighed(t, t).verdict is not Verdict.MATCH] == []


def test_silence_weighs_nothing() -> None:
    """A feature that finds a side silent gives no answer, rather than an answer of zero."""
    bare = {e.name for e in weighed("Xylograph Burnish", "Quilted Marmalade").evidence}
    assert bare <= {"start", "title", "spelling", "left over", "added", "replaced"}
    for extra in ({"steward": "NCQA"}, {"measure_type": "process"}, {"ids": {"cbe": "9999"}},
                  {"description": "Counts burnished xylographs."}, {"acronym": "XB"}):  # fmt: skip
        one_sided = weighed({"title": "Xylograph Burnish", **extra}, "Quilted Marmalade")
        assert one_sided.evidence == weighed("Xylograph Burnish", "Quilted Marmalade").evidence


WORDS: Final = re.findall(
    r"\S+",
    "screening cancer breast diabetes control follow-up after hospitalization adult 7 30 days >9% "
    "<8% ages 12-17 18+ (BCS) rate of care blood pressure depression HEDIS NQF#0018 ( 10 Combo",
)
TITLES: Final = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(TITLES, TITLES)
def test_any_pair_of_titles_can_be_weighed(left: str, right: str) -> None:
    found, back = weighed(left, right), weighed(right, left)
    assert 0 <= found.confidence <= 1
    assert found.confidence == back.confidence
    assert {v.name for v in found.vetoes} == {v.name for v in back.vetoes}
    assert {e.name for e in found.evidence} <= {"start", *(f.name for f in FEATURES)}


TOLD: Final = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@settings(deadline=None)
@given(TITLES, TITLES, TOLD, TOLD)
@tried(CDF, CDF, "Xylographs burnished by hand", "Cancer control after hospitalization")
def test_without_a_description_no_nonmatch_is_a_match(
    left: str, right: str, mine: str, theirs: str
) -> None:
    """Unless it took a veto with it, which names the description."""
    sides = [{"title": t, **({"description": d} if d else {})} for t, d in zip(
        (left, right), (mine, theirs), strict=True)]  # fmt: skip
    found = weighed(*sides)
    by_title = [v for v in found.vetoes if "by the description" not in v.name]
    bare = weighed(left, right)
    assert [str(v) for v in by_title] == [str(v) for v in bare.vetoes]
    if found.verdict is Verdict.NONMATCH and len(by_title) == len(found.vetoes):
        assert bare.verdict is not Verdict.MATCH


@pytest.mark.parametrize("said", ["told", "silent"])
def test_a_description_vetoes_by_its_name(said: str) -> None:
    title = "Metabolic Monitoring for Children and Adolescents on Antipsychotics"
    told = ("Members tested for blood glucose.", "Members tested for cholesterol.")
    sides = [{"title": title, **({"description": d} if said == "told" else {})} for d in told]
    found = weighed(*sides)
    names = [v.name for v in found.vetoes]
    assert names == (["metabolic test, by the description"] if said == "told" else [])


@settings(max_examples=30, deadline=None)
@given(TITLES)
def test_a_title_never_speaks_against_itself(title: str) -> None:
    found = weighed(title, title)
    assert found.vetoes == ()
    assert found.likeness in (0.0, 1.0)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("COL-E", "DSF-E"),
        ("Blood Pressure Control (BPD)", "Controlling High Blood Pressure (CBP)"),
        ("SPC received statin", "SPD received statin"),
        ("FUH 30 day", "FUM 30 day"),
        ("Type 1 Diabetes HbA1c Testing", "Type 2 Diabetes HbA1c Testing"),
        ("Unilateral Mastectomy Complications", "Bilateral Mastectomy Complications"),
        ("Early-Stage Breast Cancer Chemotherapy", "Late-Stage Breast Cancer Chemotherapy"),
        ("Pressure Ulcers, Short-Stay Residents", "Pressure Ulcers, Long-Stay Residents"),
        ("Wound infection in patients with BMI < 35", "Wound infection in patients with BMI >= 35"),
        ("Patient satisfaction after spinal fusion", "Readmission after spinal fusion"),
        ("Stress echo per ASE guidelines", "Transthoracic echo (TTE) per ASE guidelines"),
        ("AV Fistulae Thrombectomy Success", "AV Graft Thrombectomy Success"),
        ("Repeat CBC in stable patients", "Repeat blood chemistry panel in stable patients"),
    ],
)
def test_what_a_reviewer_saw_merged_is_not(left: str, right: str) -> None:
    assert weighed(left, right).verdict is not Verdict.MATCH


def test_titles_that_each_name_what_the_other_lacks_are_held_apart() -> None:
    apart = weighed("Kidney stones: alpha-blockers after lithotripsy", "Kidney stones: CT scan")
    assert "each alone" in {e.name for e in apart.evidence}
    one_sided = weighed("Kidney stones", "Kidney stones: CT scan")
    assert "each alone" not in {e.name for e in one_sided.evidence}
    known = weighed("Women who got a mammogram in the last 2 years", "Breast Cancer Screening")
    assert "each alone" not in {e.name for e in known.evidence}, "two names of one measure"


def test_acronyms_of_two_measures_veto_and_those_of_one_do_not() -> None:
    apart = weighed("SPC received statin", "SPD received statin")
    assert [str(v) for v in apart.vetoes if v.name == "acronym"] == ["acronym: SPC / SPD"]
    for left, right in (
        ("Breast Cancer Screening (BCS)", "Mammography (BCS-E)"),
        ("HCV: Screening", "STI: Screening"),  # words of the field, and no measures
        (f"{CBP} (CBP)", f"{CBP} (BPD)"),  # the words say one; the wrong code is no proof
    ):
        assert "acronym" not in {v.name for v in weighed(left, right).vetoes}


def test_a_name_does_not_go_before_an_identifier() -> None:
    known = entry_of(profiled("Statin Therapy (Quality ID #438)"), KNOWN)
    assert known is None or "438" in known[0].ids.get("mips", ())
