"""What stands in a title beside its words: identifiers, acronyms, ages, windows, cuts."""

from fractions import Fraction
from typing import Final

import pytest
from building import profiled
from hypothesis import given
from hypothesis import strategies as st

from harmonize.values import read_ages
from harmonize.wording import base_id, names_apart, take_apart

# --- identifiers inside a title -----------------------------------------------------------------

# title, what is left to be read, identifiers as they are compared
IDS: Final = [
    (
        "Follow-Up after ED Visit for Substance Use - 30-Day (HEDIS FUA)",
        "Follow-Up after ED Visit for Substance Use - 30-Day",
        [("hedis", "FUA")],
    ),
    (
        "Follow-Up after discharge from the ED for Alcohol and Other Drug Dependence (NQF#2605)",
        "Follow-Up after discharge from the ED for Alcohol and Other Drug Dependence",
        [("cbe", "2605")],
    ),
    (
        "Initiation of Alcohol and Other Drug Dependence Treatment (Quality ID# 305-Medicare",
        "Initiation of Alcohol and Other Drug Dependence Treatment",
        [("mips", "305")],
    ),
    (
        "Engagement of Alcohol and Other Drug Dependence Treatment (Quality ID# 305-Medicare)",
        "Engagement of Alcohol and Other Drug Dependence Treatment",
        [("mips", "305")],
    ),
    (
        "Initiation of Substance Use Disorder Treatment (HEDIS IET- Medicaid, MVP, PHM)",
        "Initiation of Substance Use Disorder Treatment",
        [("hedis", "IET")],
    ),
    (
        "Engagement of Substance Use Disorder Treatment (HEDIS IET-Medicaid, MVP, PHM)",
        "Engagement of Substance Use Disorder Treatment",
        [("hedis", "IET")],
    ),
    ("Readmission (Quality ID#479)", "Readmission", [("mips", "479")]),
    ("Readmission (Quality ID # 479)", "Readmission", [("mips", "479")]),
    ("Readmission (MIPS 479)", "Readmission", [("mips", "479")]),
    ("Quality ID 236 Controlling High Blood Pressure", "Controlling High Blood Pressure",
     [("mips", "236")]),
    ("MIPS 112 Breast Cancer Screening", "Breast Cancer Screening", [("mips", "112")]),
    ("QPP 001SSP Diabetes", "Diabetes", [("mips", "001")]),
    ("HEDIS CBP Controlling High Blood Pressure", "Controlling High Blood Pressure",
     [("hedis", "CBP")]),
    ("HEDIS MY2025 COL-E Colon Screening", "Colon Screening", [("hedis", "COL")]),
    ("Breast Cancer Screening, HEDIS BCS-E", "Breast Cancer Screening,", [("hedis", "BCS")]),
    ("NQF 0018 Controlling High Blood Pressure", "Controlling High Blood Pressure",
     [("cbe", "0018")]),
    ("Controlling High Blood Pressure (CBE ID: 0018)", "Controlling High Blood Pressure",
     [("cbe", "0018")]),
    ("Controlling High Blood Pressure (NQF #0018e)", "Controlling High Blood Pressure",
     [("cbe", "0018")]),
    ("Controlling High Blood Pressure CMS165v13", "Controlling High Blood Pressure",
     [("cms", "CMS165")]),
    ("Controlling High Blood Pressure (CMS 165)", "Controlling High Blood Pressure",
     [("cms", "CMS165")]),
    ("CMS165FHIRv0.1 Controlling High Blood Pressure", "Controlling High Blood Pressure",
     [("cms", "CMS165")]),
    (
        "Controlling High Blood Pressure (NQF 0018) (CMS165v5) (Quality ID 236)",
        "Controlling High Blood Pressure",
        [("cbe", "0018"), ("mips", "236"), ("cms", "CMS165")],
    ),
    (
        "Controlling High Blood Pressure (Quality ID# 236, HEDIS CBP)",
        "Controlling High Blood Pressure",
        [("mips", "236"), ("hedis", "CBP")],
    ),
    # no identifiers
    ("CMS Child Core Set", "CMS Child Core Set", []),
    ("Follow-Up within 30 Days", "Follow-Up within 30 Days", []),
    ("HEDIS measures of behavioral health", "HEDIS measures of behavioral health", []),
    ("Combination 10 (2022)", "Combination 10 (2022)", []),
]  # fmt: skip


@pytest.mark.parametrize(("title", "rest", "ids"), IDS, ids=[row[0] for row in IDS])
def test_identifiers_in_titles(title: str, rest: str, ids: list[tuple[str, str]]) -> None:
    left, found, _ = names_apart(title)
    assert " ".join(left.split()) == rest
    assert list(found) == ids


ACRONYMS: Final = [
    ("Breast Cancer Screening (BCS)", ["BCS"], "Breast Cancer Screening"),
    ("Breast Cancer Screening (BCS-E)", ["BCS-E"], "Breast Cancer Screening"),
    ("CBP: Controlling High Blood Pressure", ["CBP"], "Controlling High Blood Pressure"),
    ("CBP - Controlling High Blood Pressure", ["CBP"], "Controlling High Blood Pressure"),
    ("CDF-CH: Screening for Depression", ["CDF-CH"], "Screening for Depression"),
    ("Statin Therapy (SPC) (HEDIS SPC)", ["SPC"], "Statin Therapy"),
    # not acronyms
    ("Diabetes: Eye Exam", [], "Diabetes: Eye Exam"),
    ("Hemoglobin A1c (HbA1c) Control", [], "Hemoglobin A1c (HbA1c) Control"),
    ("Follow-Up (within 30 days)", [], "Follow-Up (within 30 days)"),
]


@pytest.mark.parametrize(("title", "acronyms", "rest"), ACRONYMS, ids=[r[0] for r in ACRONYMS])
def test_acronyms_in_titles(title: str, acronyms: list[str], rest: str) -> None:
    left, _, found = names_apart(title)
    assert list(found) == acronyms
    assert " ".join(left.split()) == rest


@pytest.mark.parametrize("title", ["(CAHPS)", "CMS165v13", "NQF 0018", "HEDIS CBP", "Quality ID 1"])
def test_a_title_that_is_only_a_name_keeps_it_as_its_words(title: str) -> None:
    assert names_apart(title)[0].strip() == title
    assert profiled(title).words


# --- ages, windows, cuts ------------------------------------------------------------------------

AGES: Final = [
    ("Screening for Depression and Follow-Up Plan: Ages 12 to 17", "12-17"),
    ("Screening for Depression and Follow-Up Plan: Age 18 and Older", "18+"),
    ("Prenatal and Postpartum Care: Age 21 and Over", "21+"),
    ("Admission Rate for Multiple Chronic Conditions (18 and over)", "18+"),
    ("Depression screening (12-17)", "12-17"),
    ("Depression screening (18 and older)", "18+"),
    ("Depression screening, ages 18+", "18+"),
    ("Depression screening 18+", "18+"),
    ("Child and Adolescent Well-Care Visits 3-21 (HEDIS WCV)", "3-21"),
    ("Child and Adolescent Well-Care Visits (3-21 years)", "3-21"),
    ("Child and Adolescent Well-Care Visits, ages 3 through 21 years", "3-21"),
    ("Asthma Medication Ratio: Ages 19 to 64", "19-64"),
    ("Asthma Medication Ratio, aged 19\u201364", "19-64"),
    ("Influenza Vaccination, 6 months to 17 years", "6 months - 17 years"),
    ("Influenza Vaccination, ages 6 months through 17 years", "6 months - 17 years"),
    ("Fall Risk in adults aged 65 years and older", "65+"),
    ("Fall Risk in adults 65 years of age or older", "65+"),
    ("Dental Visits, under age 21", "<21"),
    ("Dental Visits, children under 21 years", "<21"),
]


@pytest.mark.parametrize(("title", "ages"), AGES)
def test_ages_named(title: str, ages: str) -> None:
    assert take_apart(title).ages == read_ages(ages)


@pytest.mark.parametrize(
    "title",
    [
        "Controlling High Blood Pressure",
        "Follow-Up After Hospitalization (7-30 days)",
        "Follow-Up After Hospitalization, 30-Day",
        "Hemoglobin A1c Control (<8.0%)",
        "Blood Pressure Control (<140/90)",
        "Childhood Immunization Status (Combo 10)",
        "Childhood Immunization Status - Combination 3",
        "PQI 08: Heart Failure Admission Rate",
        "CAHPS Health Plan Survey 5.1H",
        "HIV Viral Load Suppression",
    ],
)
def test_no_ages_named(title: str) -> None:
    assert take_apart(title).ages is None


WINDOWS: Final = [
    ("Follow-Up After Hospitalization for Mental Illness (7 Days)", [7]),
    ("Follow-Up After Hospitalization for Mental Illness - 30-Day", [30]),
    ("Follow-Up After ED Visit -30 Day", [30]),
    ("Follow-Up within seven days", [7]),
    ("Follow-Up within Thirty Days", [30]),
    ("Follow-Up after 7 and 30 days", [30]),
    ("Depression Remission at Twelve Months", [Fraction(1461, 4)]),
    ("Depression Remission at 12 Months", [Fraction(1461, 4)]),
    ("Follow-Up After 2 weeks", [14]),
    ("Hospital-Wide, 30 Day, All Cause Unplanned Readmission", [30]),
    ("Controlling High Blood Pressure", []),
    ("Depression Screening, ages 12 to 17 years", []),
    ("Adults 65 years and older", []),
]


@pytest.mark.parametrize(("title", "days"), WINDOWS)
def test_windows_named(title: str, days: list[Fraction | int]) -> None:
    assert take_apart(title).windows == frozenset(map(Fraction, days))


CUTS: Final = [
    ("Hemoglobin A1c Poor Control (>9%)", [(9,)]),
    ("Hemoglobin A1c Poor Control (>9.0%)", [(9,)]),
    ("Hemoglobin A1c Poor Control (> 9.0 %)", [(9,)]),
    ("Glycemic Status Assessment Greater Than 9%", [(9,)]),
    ("Blood Sugar Control (<=9%)", [(9,)]),
    ("Blood Sugar Control (\u22649%)", [(9,)]),
    ("Hemoglobin A1c Control (<8.0%)", [(8,)]),
    ("Hemoglobin A1c less than 8 percent", [(8,)]),
    ("Controlling Blood Pressure (<140/90 mm Hg)", [(140, 90)]),
    ("Controlling Blood Pressure < 130 / 80", [(130, 80)]),
    ("Hemoglobin A1c > or = 9%", [(9,)]),
    ("Hemoglobin A1c < or = to 9%", [(9,)]),
    ("Controlling High Blood Pressure", []),
    ("Diabetes: Eye Exam", []),
    ("Wound infection in patients with BMI < 35", []),
]


@pytest.mark.parametrize(("title", "cuts"), CUTS)
def test_cuts_named(title: str, cuts: list[tuple[int, ...]]) -> None:
    assert take_apart(title).cuts == {tuple(map(Fraction, cut)) for cut in cuts}


STRATA: Final = [
    ("Wound infection in patients with BMI < 35", {"<35"}),
    ("Wound infection among adults with BMI > or = to 35", {">=35"}),
    ("Percent of patients with HbA1c > 9%", set()),  # the result, not whom it is about
    ("HbA1c control for patients with diabetes (<8%)", set()),
]


@pytest.mark.parametrize(("title", "strata"), STRATA)
def test_a_cut_that_says_whom_a_measure_is_about_keeps_its_side(
    title: str, strata: set[str]
) -> None:
    assert take_apart(title).strata == strata


@pytest.mark.parametrize(
    ("title", "combination"),
    [
        ("Childhood Immunization Status (Combo 10)", "10"),
        ("Childhood Immunization Status: Combination 10", "10"),
        ("Childhood Immunization Status - Combination #3", "3"),
        ("Childhood Immunization Status COMBO #7", "7"),
        ("Childhood Immunization Status", None),
        ("A combination of 2 drugs", None),
    ],
)
def test_combinations_named(title: str, combination: str | None) -> None:
    assert take_apart(title).combination == combination


@pytest.mark.parametrize(
    ("title", "collection"),
    [
        ("Breast Cancer Screening eCQM", {"ecqm"}),
        ("Breast Cancer Screening ECDS", {"ecds"}),
        ("Breast Cancer Screening (MIPS CQM)", {"mips cqm"}),
        ("Breast Cancer Screening", set()),
    ],
)
def test_the_way_of_collecting_is_no_word_of_the_measure(title: str, collection: set[str]) -> None:
    assert take_apart(title).collection == collection
    assert profiled(title).words == profiled("Breast Cancer Screening").words


def test_a_rate_is_read_behind_its_measure() -> None:
    found = take_apart("Within 7 days", "Follow-Up After Hospitalization (HEDIS FUH)")
    assert found.windows == {7}
    assert found.rest.startswith("Follow-Up After Hospitalization")
    assert found.ids == ()


# --- what is written in other signs -------------------------------------------------------------

SAME_WORDS: Final = [
    ("Controlling\u00a0High\u00a0Blood\u00a0Pressure", "Controlling High Blood Pressure"),
    ("Controlling  High\tBlood Pressure", "Controlling High Blood Pressure"),
    ("CONTROLLING HIGH BLOOD PRESSURE", "Controlling High Blood Pressure"),
    ("Controlling High<br/>Blood Pressure", "Controlling High Blood Pressure"),
    ("Controlling High<br>Blood <b>Pressure</b>", "Controlling High Blood Pressure"),
    ("Controlling High Blood Pressure\u00ae", "Controlling High Blood Pressure"),
    ("Controlling High Blood Pressure\u2122 (\u00ae)", "Controlling High Blood Pressure"),
    ("Children\u2019s Eye Exam", "Children's Eye Exam"),
    ("\u201cEye\u201d Exam", '"Eye" Exam'),
    ("Follow\u2011Up After ED Visit", "Follow-Up After ED Visit"),
    ("Well\u2013Care Visits", "Well-Care Visits"),
    ("ControllingHighBloodPressure", "Controlling High Blood Pressure"),
    ("controllingHighBloodPressure", "Controlling High Blood Pressure"),
    ("ControllingHighBloodPressureFHIR", "Controlling High Blood Pressure"),
    ("FollowUpAfterEDVisit", "Follow Up After ED Visit"),
    ("Well-Care Visit", "Well-Care Visits"),
    ("Caf\u00e9", "Cafe"),
    ("Cafe\u0301", "Cafe"),
]


@pytest.mark.parametrize(("odd", "usual"), SAME_WORDS)
def test_other_signs_make_no_other_words(odd: str, usual: str) -> None:
    assert profiled(odd).words == profiled(usual).words


# --- identifiers as they are compared -----------------------------------------------------------

BASES: Final = [
    ("cms", "CMS165", ["CMS165v13", "CMS165v5", "165", "CMS0165", "cms 165 v5", "CMS165FHIR",
                       "CMS165FHIRv0.1.000", "CMS165v13.2.000"]),
    ("cms", "CMS2", ["CMS2v14", "2", "CMS002"]),
    ("cbe", "0018", ["0018", "18", "018", "NQF 0018", "NQF#18", "#0018", "0018e", "CBE 0018"]),
    ("mips", "001", ["001", "1", "01", "001SSP", "Quality ID #001", "Quality ID: 001"]),
    ("hedis", "BCS", ["BCS", "BCS-E", "bcs", " BCS "]),
    ("cmit", "167", ["167"]),
    ("star", "C01", ["C01", "c01"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("system", "base", "value"), [(s, base, v) for s, base, values in BASES for v in values]
)
def test_base_id(system: str, base: str, value: str) -> None:
    assert base_id(system, value) == base


@pytest.mark.parametrize(
    ("system", "one", "other"),
    [
        ("cms", "CMS165", "CMS16"),
        ("cms", "CMS165v1", "CMS1651"),
        ("cbe", "0018", "0180"),
        ("mips", "001", "100"),
        ("mips", "001", "dmComposite"),
        ("hedis", "IMA-CH", "IMA"),
        ("cmit", "167", "1670"),
        ("x-state", "1", "01"),
    ],
)
def test_other_ids_stay_apart(system: str, one: str, other: str) -> None:
    assert base_id(system, one) != base_id(system, other)


@given(st.sampled_from(["cms", "cbe", "mips", "hedis", "cmit", "star", "x-y"]), st.text(max_size=9))
def test_a_base_id_is_its_own_base(system: str, value: str) -> None:
    base = base_id(system, value)
    assert base_id(system, base) == base


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_title_can_be_taken_apart(title: str, context: str) -> None:
    found = take_apart(title, context)
    assert found.rest or not f"{context}{title}".strip()
