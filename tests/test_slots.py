"""What an item's words name: slots, identifiers, ages inferred."""

from typing import Any, Final

import pytest
from building import KNOWN, items, profiled, spec
from hypothesis import given
from hypothesis import strategies as st

from harmonize.slots import inferred_ages, profile, weight
from harmonize.values import Ages, read_ages

# title, slot, what it names there; an empty set: nothing
NAMED: Final[list[tuple[str, str, set[str]]]] = [
    ("Functional Status Change for Patients with Knee Impairments", "body site", {"knee"}),
    ("Functional Status Change for Patients with Hip Impairments", "body site", {"hip"}),
    ("Total Hip or Total Knee Arthroplasty", "body site", {"hip", "knee"}),
    ("Lower Extremity except Knee Impairments", "body site", {"lower extremity"}),
    ("Hip impairments other than knee pain", "body site", {"hip"}),
    ("TRUS Biopsy Complications", "body site", {"prostate"}),
    ("Bladder Injury during Pelvic Organ Prolapse Repair", "body site", {"bladder"}),
    ("Bowel Injury during Pelvic Organ Prolapse Repair", "body site", {"bowel"}),
    ("Controlling High Blood Pressure", "body site", set()),
    ("Breast Cancer Screening", "cancer", {"breast cancer"}),
    ("Mammography Screening", "cancer", {"breast cancer"}),
    ("Colon Cancer Screening", "cancer", {"colorectal cancer"}),
    ("Colorectal Cancer Screening", "cancer", {"colorectal cancer"}),
    ("Hospice Use in Patients Who Died from Cancer", "cancer", {"any cancer"}),
    ("Diabetes: Eye Exam", "cancer", set()),
]


@pytest.mark.parametrize(("title", "slot", "values"), NAMED)
def test_titles_name(title: str, slot: str, values: set[str]) -> None:
    assert profiled(title).named.get(slot, frozenset()) == values


def test_a_title_names_and_a_description_tells() -> None:
    one = profiled({"title": "Cancer Screening", "description": "Women, breast cancer"})
    assert one.named["cancer"] == {"any cancer"}
    assert one.told["cancer"] == {"breast cancer"}


def test_what_a_rate_names_goes_before_what_its_measure_names() -> None:
    whole, rate = items(
        spec(
            "one",
            {
                "id": "PPC",
                "title": "Prenatal and Postpartum Care",
                "rates": [{"id": "post", "title": "Postpartum Care"}],
            },
        )
    )
    before, after = profile(whole, KNOWN), profile(rate, KNOWN)
    assert rate.ref == "one/PPC/post"
    slots = [s for s in before.named if before.named[s] != after.named[s]]
    assert slots
    assert all(after.named[s] <= before.named[s] for s in slots)
    assert after.is_rate
    assert after.beside == before.bag


SAME_WORDS: Final = [
    ("Hypertension: Controlling High BP", "Controlling High Blood Pressure (Hypertension)"),
    ("Follow-Up After ED Visit", "Follow-Up After Emergency Department Visits"),
    ("Alcohol and Other Drug Dependence Treatment", "Substance Use Disorder Treatment"),
    ("Diabetes: Hemoglobin A1c", "Diabetes: HbA1c"),
    ("Glycemic Status Assessment for Diabetes", "HbA1c Control in Diabetes"),
    ("Screening for Colorectal Cancer", "Colorectal Cancer Screening"),
]


@pytest.mark.parametrize(("one", "other"), SAME_WORDS)
def test_two_wordings_come_to_the_same_words(one: str, other: str) -> None:
    assert profiled(one).bag == profiled(other).bag


def test_a_title_of_nothing_but_stop_words_still_has_words() -> None:
    assert profiled("Of the").words


@pytest.mark.parametrize(("title", "stated"), [("BCS", {}), ("Screening (BCS-E)", {})])
def test_acronyms_come_from_the_title(title: str, stated: dict[str, str]) -> None:
    found = profiled({"title": f"Breast Cancer Screening: {title}", **stated})
    assert {a.removesuffix("-E") for a in found.acronyms} <= {"BCS"}


def test_acronyms_and_ids_are_put_together_from_title_and_fields() -> None:
    found = profiled(
        {
            "title": "Breast Cancer Screening (BCS) (Quality ID# 112)",
            "acronym": "bcs-e",
            "ids": {"mips": "112", "cms": ["CMS125v13", "CMS125v12"], "cbe": "2372"},
        }
    )
    assert found.acronyms == {"BCS", "BCS-E"}
    assert found.ids == {"mips": {"112"}, "cms": {"CMS125"}, "cbe": {"2372"}}


INFERRED: Final[list[tuple[str, str | None]]] = [
    ("Well-Care Visits, ages 3-21", "3-21"),
    ("Depression Screening: Age 18 and Older", "18+"),
    ("Lead Screening in Children", "<21"),
    ("Immunizations for Adolescents", "<21"),
    ("Newborn Hearing Screening", "<21"),
    ("Follow-Up Care for Children Prescribed ADHD Medication", "<21"),
    ("Controlling High Blood Pressure", None),
    ("Immunization of children and adults", None),
    ("Breast Cancer Screening in Women", None),
]


@pytest.mark.parametrize(("title", "ages"), INFERRED)
def test_ages_are_inferred_from_titles(title: str, ages: str | None) -> None:
    found = inferred_ages(items(spec("one", title))[0])
    assert found == (None if ages is None else read_ages(ages))


def test_a_words_weight_grows_with_its_rarity() -> None:
    assert weight("unheardof", KNOWN) > weight("endarterectomy", KNOWN) > weight("screening", KNOWN)
    assert weight("screening", KNOWN) > 0


# What a payer asks for is no evidence of what a measure is, and may not be read as if it were.
ASKED: Final[dict[str, Any]] = {
    "ages": "18-85",
    "threshold": "< 140/90 mm Hg",
    "improvement_notation": "increase",
    "follow_up": "30 days",
    "lookback": "24 months",
    "data_source": ["claims"],
    "denominator_exclusions": ["hospice"],
    "numerator": "Blood pressure under control",
    "weight": "10%",
    "target": "65%",
    "modified": "look-back lengthened",
    "incentive": {"amount": "$25"},
}


@pytest.mark.parametrize("field", ASKED)
def test_how_it_is_asked_for_is_no_part_of_a_profile(field: str) -> None:
    plain = profiled({"id": "1", "title": "Controlling High Blood Pressure"})
    asked = profiled({"id": "1", "title": "Controlling High Blood Pressure", field: ASKED[field]})
    assert plain == asked


@given(st.text(min_size=1, max_size=80).filter(lambda text: text.strip() and text.strip() != "~"))
def test_any_title_has_a_profile(title: str) -> None:
    found = profiled({"id": "1", "title": title})
    assert found.title == title
    assert found.ages is None or isinstance(found.ages, Ages)
    assert all(values for values in found.named.values())


MENDED: Final = [
    ("Controling High Blood Presure", "Controlling High Blood Pressure"),
    ("Colorectal Cancer Screning", "Colorectal Cancer Screening"),
    ("Hospitalizaton", "Hospitalization"),
    ("Mulitple", "Multiple"),
]


@pytest.mark.parametrize(("slip", "meant"), MENDED)
def test_a_slip_in_a_long_word_is_mended(slip: str, meant: str) -> None:
    assert profiled(slip).bag == profiled(meant).bag


UNMENDED: Final = [
    ("Hypotension", "Hypertension"),
    ("Hyperglycemia", "Hypoglycemia"),
    ("Prenatal", "Perinatal"),
    ("Preconception", "Contraception"),
    ("Cold", "Gold"),
]


@pytest.mark.parametrize(("one", "other"), UNMENDED)
def test_words_that_mean_another_thing_are_not_mended(one: str, other: str) -> None:
    assert profiled(one).bag != profiled(other).bag
