"""What became of each measure: by its numbers, its id and what it says, never by its version."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from building import EXAMPLES, KNOWN, STANDARDS, Line, harmonize, spec, text_of, written
from deciding import DAY, decided, match

from harmonize.audience import drifted
from harmonize.drift import LISTS, Became, Drift, drift
from harmonize.reading.specs import read_spec
from harmonize.sets import MeasureSet
from harmonize.workspace import load

CPC: Final = {
    year: load([str(EXAMPLES / path)]).sets
    for year, path in {
        2017: "cpcplus-web-interface/specs/2017/cpcplus.yaml",
        2018: "cpcplus-web-interface/specs/2018/cpcplus.yaml",
        2019: "cpcplus-web-interface/specs/2019/cpcplus.yaml",
        2020: "cpcplus-drift/specs/cpcplus-2020.yaml",
    }.items()
}
CBP: Final = "Controlling High Blood Pressure"


def between(old: MeasureSet, new: MeasureSet) -> Drift:
    return drift((old,), (new,), KNOWN, STANDARDS, one_list=True)


def became(old: Line | Iterable[Line], new: Line | Iterable[Line]) -> Drift:
    """The drift of one list, a measure or several."""
    before, after = ([one] if isinstance(one, str | dict) else list(one) for one in (old, new))
    return between(spec("acme", *before), spec("acme", *after))


def told(found: Drift) -> dict[str, int]:
    """How many, of the lists that are not empty."""
    return {name: len(own) for name in LISTS if (own := getattr(found, name))}


def changes(found: Iterable[Became]) -> list[tuple[str, str | None, str | None, str]]:
    return [(c.attribute, c.old, c.new, c.severity) for one in found for c in one.changes]


def numbers(found: Iterable[Became]) -> set[str]:
    """CMS numbers without versions."""
    items = (one.new or one.old for one in found)
    return {v.partition("v")[0] for m in items if m for v in (m.ids or {}).get("cms", ())}


def nameless(one: MeasureSet, lead: str) -> MeasureSet:
    """A list of titles: no identifier, no acronym, ids that say nothing."""
    bare = (
        replace(m, ids=None, acronym=None, id=f"{lead}{place}", minted=True)
        for place, m in enumerate(one.measures or ())
    )
    return replace(one, measures=tuple(bare))


@pytest.mark.parametrize("named", [True, False], ids=["by number", "by title alone"])
@pytest.mark.parametrize(
    ("old", "kept", "dropped", "added"),
    [
        (2017, 12, {"CMS159", "CMS166"},
         {"CMS2", "CMS127", "CMS134", "CMS147", "CMS160", "CMS164", "CMS347"}),
        (2018, 18, {"CMS164"}, set()),
        (2019, 2, 16, set()),
    ],
)  # fmt: skip
def test_cpcplus(
    old: int, kept: int, dropped: set[str] | int, added: set[str], named: bool
) -> None:
    (before,), (after,) = CPC[old], CPC[old + 1]
    if named:
        found = between(before, after)
        assert numbers(found.dropped) == dropped or len(found.dropped) == dropped
        assert numbers(found.added) == added
        assert len(found.versioned) == kept
    else:
        found = between(nameless(before, "o"), nameless(after, "n"))
    many = dropped if isinstance(dropped, int) else len(dropped)
    assert (len(found.kept), len(found.dropped), len(found.added)) == (kept, many, len(added))


POOR: Final = "Diabetes: Hemoglobin A1c (HbA1c) Poor Control (>9%)"
GLYCEMIC: Final = "Diabetes: Glycemic Status Assessment Greater Than 9%"


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ({"id": "001", "title": POOR, "ids": {"cms": "CMS122v12", "mips": "001"}},
         {"id": "001", "title": GLYCEMIC, "ids": {"cms": "CMS122v13", "mips": "001"}},
         {"kept": 1, "retitled": 1, "versioned": 1}),
        (POOR, GLYCEMIC, {"kept": 1, "retitled": 1}),
        ({"id": "7", "title": CBP}, {"id": "9", "title": CBP}, {"kept": 1, "renamed": 1}),
        ({"title": CBP, "acronym": "CBP"}, {"title": CBP, "acronym": "HBP"},
         {"kept": 1, "renamed": 1}),
        (CBP, "Controlling high blood-pressure", {"kept": 1}),
        (CBP, "Breast Cancer Screening", {"dropped": 1, "added": 1}),
        ({"id": "1", "title": "Medical Attention for Nephropathy"},
         {"id": "2", "title": "Kidney Health Evaluation for Patients With Diabetes"},
         {"dropped": 1, "added": 1, "replaced": 1}),
        (["Follow-Up After Emergency Department Visit for Mental Illness"],
         ["Follow-Up After Emergency Department Visit for Mental Illness: Age 18 and Older"],
         {"kept": 1, "retitled": 1}),
    ],
)  # fmt: skip
def test_what_became_of_it(old: Line, new: Line, wanted: dict[str, int]) -> None:
    assert told(became(old, new)) == wanted


@pytest.mark.parametrize(
    ("key", "old", "new", "name", "change"),
    [
        ("ages", "18-75", "18-85", "respecified", ("ages", "18-75", "18-85", "major")),
        ("ages", "18-85", "18 to 85 years", "", None),
        ("ages", None, "18-85", "respecified", ("ages", None, "18-85", "info")),
        ("ages", "18-85", None, "respecified", ("ages", "18-85", None, "info")),
        ("data_source", ["claims", "ehr"], ["ehr"], "respecified",
         ("data_source", "claims; ehr", "ehr", "minor")),
        ("data_source", ["claims", "ehr"], ["ehr", "claims"], "", None),
        ("weight", "10%", "20%", "respecified", ("weight", "10%", "20%", "info")),
        ("version", "v5", "v6", "versioned", ("version", "v5", "v6", "info")),
        ("measurement_period", "January to December 2025", "January to December 2026", "versioned",
         ("measurement_period", "January to December 2025", "January to December 2026", "minor")),
        ("ids", {"cms": "CMS165v5"}, {"cms": "CMS165v6"}, "versioned",
         ("ids.cms", "CMS165v5", "CMS165v6", "info")),
        ("ids", {"cbe": "0018"}, {"cbe": "3700"}, "renamed", ("ids.cbe", "0018", "3700", "info")),
        ("ids", {"cbe": "0018"}, None, "respecified", ("ids.cbe", "0018", None, "info")),
        ("incentive", {"amount": "$5"}, {"amount": "$6"}, "", None),
    ],
)  # fmt: skip
def test_a_change_is_in_the_list_of_its_kind(
    key: str, old: object, new: object, name: str,
    change: tuple[str, str | None, str | None, str] | None,
) -> None:  # fmt: skip
    two = ({"id": "1", "title": CBP, **({key: v} if v is not None else {})} for v in (old, new))
    found = became(*two)
    assert told(found) == {"kept": 1, **({name: 1} if name else {})}
    assert changes(found.kept) == ([change] if change else [])


def test_a_cut_told_from_its_other_side_is_no_grave_change() -> None:
    ids = {"cms": "CMS122v5"}
    old = {"title": POOR, "ids": ids, "threshold": "> 9%", "improvement_notation": "decrease"}
    new = {"title": POOR, "ids": ids, "threshold": "<= 9%", "improvement_notation": "increase"}
    assert {c[3] for c in changes(became(old, new).respecified)} == {"info"}


def test_numbers_of_rows_that_moved_make_nothing_one_measure() -> None:
    titles = [CBP, "Breast Cancer Screening", "Cervical Cancer Screening", "Influenza Immunization"]
    old = [{"id": f"r{i}", "title": t} for i, t in enumerate(titles)]
    new = [{"id": f"r{i}", "title": t} for i, t in enumerate(["Tobacco Cessation", *titles[:3]])]
    found = became(old, new)
    assert told(found) == {"kept": 3, "dropped": 1, "added": 1, "renamed": 3}


def test_what_a_rate_asks_is_told_of_its_measure() -> None:
    title = "Follow-Up After Hospitalization for Mental Illness"
    old, new = (
        {"id": "FUH", "title": title, "rates": [{"id": "7", "title": "7 days", "ages": ages}]}
        for ages in ("6+", "18+")
    )
    found = became(old, new)
    assert told(found) == {"kept": 1, "respecified": 1}
    assert changes(found.respecified) == [("rates/7/ages", "6+", "18+", "major")]


def test_two_folders_are_compared_payer_by_payer() -> None:
    old = spec("a", CBP), spec("b", {"title": CBP, "ages": "18+"}), spec("gone", CBP)
    new = spec("a", CBP), spec("b", {"title": CBP, "ages": "21+"}), spec("new", CBP)
    found = drift(old, new, KNOWN)
    assert told(found) == {"kept": 2, "dropped": 1, "added": 1, "respecified": 1}
    assert [(x.old and x.old.payer, x.new and x.new.payer) for x in found.lists] == [
        ("a", "a"), ("b", "b"), ("gone", None), (None, "new")]  # fmt: skip
    assert [(h.old, h.new) for h in found.holders] == [(("a", "b", "gone"), ("a", "b", "new"))]


def test_who_asks_for_the_same_goes_by_decisions_too() -> None:
    lists = spec("a", {"id": "1", "title": CBP}), spec("b", {"id": "2", "title": "Blue Ribbon"})
    told = decided(match("a/1", "b/2"))
    found = drifted(lists, lists, KNOWN, "broker", decisions=((), told), today=DAY).drift
    assert [h.new for h in found.holders] == [("a", "b")]


def test_nothing_of_what_is_hidden_or_was() -> None:
    def one(ages: str, mark: str) -> MeasureSet:
        line = {"id": "1", "title": CBP, "ages": ages, "visibility": {"ages": mark}}
        return read_spec(text_of("acme", line), "a.yaml", lambda *_: ("", ""))[0]

    for marks in (("public", "withheld"), ("withheld", "public"), ("withheld", "withheld")):
        two = [(one(ages, mark),) for ages, mark in zip(("18+", "21+"), marks, strict=True)]
        assert not drifted(*two, KNOWN, "public", one_list=True).drift.respecified
        assert drifted(*two, KNOWN, "broker", one_list=True).drift.respecified


def test_nothing_of_what_a_list_hides_or_hid_of_itself() -> None:
    def one(follows: str, mark: str) -> MeasureSet:
        return spec("acme", CBP, follows=follows, visibility={"follows": mark})

    for marks in (("public", "withheld"), ("withheld", "public"), ("withheld", "withheld")):
        two = [(one(*said),) for said in zip(("HEDIS MY2023", "HEDIS MY2024"), marks, strict=True)]
        (told,) = drifted(*two, KNOWN, "public", one_list=True).drift.lists
        assert told.changes == ()


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    old = text_of("one", {"id": "1", "title": CBP, "ages": "18+", "sex": "a\u202eb"}, "=1+1")
    new = text_of("two", {"id": "1", "title": CBP, "ages": "21+", "sex": "\x1b[31m"})
    written(tmp_path, old, new, names=("old.yaml", "new.yaml"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_object_is_what_was_promised(two: Path) -> None:
    made = json.loads(harmonize("diff", "old.yaml", "new.yaml", "-f", "json").out)
    assert made["schema"] == "harmonize.diff/1"
    assert tuple(made)[1:9] == LISTS
    assert made["dropped"][0]["new"] is None
    (one,) = made["respecified"]
    assert (one["old"], one["new"]) == ("one/1", "two/1")
    wanted = {"attribute": "ages", "old": "18+", "new": "21+", "severity": "major"}
    assert one["changes"][0] == wanted


@pytest.mark.parametrize("form", ["table", "csv", "json", "markdown"])
def test_nothing_hides_and_nothing_runs(two: Path, form: str) -> None:
    out = harmonize("diff", "old.yaml", "new.yaml", "-f", form).out
    assert "\u202e" not in out
    assert "\x1b" not in out
    if form == "csv":
        rows = [*csv.reader(io.StringIO(out))]
        assert rows[0][:4] == ["list", "old", "new", "title"]
        assert any(row[3] == "'=1+1" for row in rows)


@pytest.mark.parametrize(
    ("change", "level", "code"),
    [
        ({"ages": "18-90"}, "error", 1),
        ({"ages": "18-90"}, "never", 0),
        ({"data_source": "ehr"}, "error", 0),
        ({"data_source": "ehr"}, "warning", 1),
        ({"weight": "20%"}, "warning", 0),
        ({"weight": "20%"}, "info", 1),
        ({}, "info", 0),
    ],
)
def test_fail_on(tmp_path: Path, change: dict[str, str], level: str, code: int) -> None:
    old = {"id": "1", "title": CBP, "ages": "18-85", "data_source": "claims", "weight": "10%"}
    for name, line in (("old", old), ("new", old | change)):
        written(tmp_path, text_of("acme", line), names=(f"{name}.yaml",))
    done = harmonize("diff", f"{tmp_path}/old.yaml", f"{tmp_path}/new.yaml", "--fail-on", level)
    assert done.code == code
    assert harmonize("diff", f"{tmp_path}/old.yaml", f"{tmp_path}/nope.yaml").code == 2


def test_what_a_configuration_refers_to_is_no_state_of_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("old", "new", "core"):
        written(tmp_path / name, text_of("acme" if name != "core" else "core", CBP))
    (tmp_path / "harmonize.yaml").write_text("harmonize: 1\nreference: core\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert harmonize("diff", "old", "new").out == "1 kept, 0 dropped, 0 added\n"
