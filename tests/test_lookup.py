"""The catalogue looked up by number, acronym and words, and how it reads."""

import csv
import io
import json
from typing import Final

import pytest
from building import KNOWN, STANDARDS, harmonize
from test_standards import facts

from harmonize.lookup import cards, nearest
from harmonize.measures import SYSTEMS
from harmonize.render import catalogue


def keys(text: str) -> list[str]:
    return [one.key for one in cards(text, KNOWN, STANDARDS)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0018", ["CBP"]),
        ("cbe 0018", ["CBP"]),
        ("NQF #0018", ["CBP"]),
        ("cbe 18", ["CBP"]),
        ("CMS165v13", ["CBP"]),
        ("cms165", ["CBP"]),
        ("cms 165", ["CBP"]),
        ("ecqm CMS165v12", ["CBP"]),
        ("mips 236", ["CBP"]),
        ("Quality ID: 236", ["CBP"]),
        ("236", ["CBP"]),
        ("hedis CBP", ["CBP"]),
        ("CBP", ["CBP"]),
        ("cbp", ["CBP"]),
        ("COL-E", ["COL"]),
        ("FUH7", ["FUH7"]),
        ("0576", ["FUH"]),  # a number of the family: the whole
        ("2605", ["FUA_2605", "FUA30"]),  # two builds of one idea
        ("controlling high blood pressure", ["CBP"]),
        ("Breast Cancer Screening", ["BCS"]),
        ("breast cancer screenings", ["BCS"]),
        ("zzzz", []),
        ("mips 9999", []),
        ("x" * 500, []),
        ("()", []),
    ],
)
def test_a_measure_is_found_however_it_is_called(text: str, wanted: list[str]) -> None:
    assert sorted(keys(text)) == sorted(wanted)


def test_words_find_every_measure_that_has_them() -> None:
    found = cards("blood pressure", KNOWN, STANDARDS)
    assert len(found) > 3
    assert "CBP" in [one.key for one in found]
    assert all("blood pressure" in f"{one.name} {one.also}".lower() or "BP" in f"{one.also}"
               or "hypertension" in one.name.lower() for one in found)  # fmt: skip


def test_without_a_text_every_whole_measure_is_there_once() -> None:
    found = cards("", KNOWN, STANDARDS)
    wholes = {e.key for e in KNOWN.entries if e.whole is None}
    assert wholes == {one.key for one in found}
    assert len(found) == len(wholes)
    order = [KNOWN.order_of_domains[one.domain] for one in found]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("glycemc status assesment", "Glycemic Status Assessment for Patients With Diabetes"),
        ("brest cancer screning", "Breast Cancer Screening"),
    ],
)
def test_what_is_near_is_offered(text: str, name: str) -> None:
    assert name in nearest(text, KNOWN)


SAMPLE: Final = facts(
    {"measure": "CBP", "spec": "hedis", "from": "2018", "ages": "18-85", "lookback": "1 year",
     "threshold": "< 140/90 mm Hg", "improvement_notation": "increase", "events": "2",
     "source": "list one"},
    {"measure": "CBP", "until": "2017", "events": "1", "rates": ["all", "some"],
     "source": "list two"},
    history=(
        {"measure": "CBP", "kind": "renamed", "year": "2010", "was": "Old", "was_code": "O",
         "now": "New", "now_code": "N", "source": "list three"},
        {"measure": "CBP", "kind": "renamed", "year": "2012", "was": "A", "was_code": "N",
         "now": "B", "now_code": "N"},
        {"measure": "CBP", "kind": "replaced", "year": "2030", "by": "COL"},
        {"measure": "CBP", "kind": "retired", "year": "2031"},
    ),
)  # fmt: skip


def test_a_card_tells_facts_and_history() -> None:
    (one,) = cards("CBP", KNOWN, SAMPLE)
    assert [(f.edition, f.years, f.told, f.source) for f in one.facts] == [
        ("every edition", "2015-2017", "once; rates: all, some", "list two"),
        ("HEDIS", "2018-",
         "ages 18-85; < 140/90 mm Hg; higher is better; look-back 1 year; 2 times", "list one"),
    ]  # fmt: skip
    assert one.history == (
        "2010 renamed from Old (O) to New (N) (list three)",
        "2012 renamed from A to B (a list)",
        "2030 replaced by Colorectal Cancer Screening (a list)",
        "2031 retired (a list)",
    )
    assert one.numbers == "CBE 0018, CMS165, HEDIS CBP, MIPS 236, CMIT 167"
    assert ("BPC", "Blood Pressure Control for Patients With Hypertension") in one.alike


def test_a_card_tells_its_parts_and_its_whole() -> None:
    (whole,) = cards("FUH", KNOWN, STANDARDS)
    assert ("FUH7", "7 Days") in whole.parts
    (part,) = cards("FUH7", KNOWN, STANDARDS)
    assert part.whole == whole.name
    assert part.parts == ()


@pytest.mark.parametrize("width", [40, 80, 200, None])
@pytest.mark.parametrize("text", ["", "CBP", "a1c", "HBA1C"])
def test_it_fits_the_page(text: str, width: int | None) -> None:
    found = cards(text, KNOWN, STANDARDS)
    shown = catalogue(found, "table", width=width, color=False)
    assert max(map(len, shown.splitlines())) <= (width or 10_000)
    assert "\x1b" not in shown
    if len(found) > 1:  # a line each, below the names of the domains
        assert len(shown.splitlines()) == len(found) + len({one.domain for one in found})
    if width is None:
        assert all(one.name in shown for one in found)


def test_json_and_csv_have_all_of_it() -> None:
    made = json.loads(harmonize("catalog", "CBP", "-f", "json").out)
    assert made["schema"] == "harmonize.catalog/1"
    (one,) = made["measures"]
    assert (one["key"], one["ids"]["cbe"]) == ("CBP", ["0018"])
    assert one["facts"]
    assert {"edition", "from", "until", "rates", "cited"} <= one["facts"][0].keys()
    rows = list(csv.DictReader(io.StringIO(harmonize("catalog", "-f", "csv").out)))
    assert len(rows) == len(cards("", KNOWN, STANDARDS))
    row = next(r for r in rows if r["key"] == "CBP")
    assert (row["cbe"], row["cms"], row["name"]) == ("0018", "CMS165", one["name"])
    assert set(SYSTEMS) <= row.keys()


def test_the_command_takes_words_as_they_come() -> None:
    done = harmonize("catalog", "mips", "236", "--width", "80")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("CBP, Controlling High Blood Pressure\n")


def test_what_is_not_there_is_a_mistake_with_what_is_near() -> None:
    done = harmonize("catalog", "glycemc statuss")
    assert (done.code, done.out) == (2, "")
    assert "Near it: Glycemic Status Assessment for Patients With Diabetes" in done.err
    assert "Give a number, an acronym or words" in harmonize("catalog", "qqqq").err
