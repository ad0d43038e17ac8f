"""What got worse: each difference, each lost ask and each lone measure once, at its line."""

from pathlib import Path
from typing import Final

import pytest
from building import KNOWN, STANDARDS, Line, example, harmonize, reported, spec
from deciding import DAY, decided, decisions_text
from repository import committed, repository

from harmonize.audience import publish
from harmonize.findings import Finding
from harmonize.report import Report
from harmonize.workspace import load
from harmonize.worsening import ALONE, DIVERGES, LOST, worse

CBP: Final = "Controlling High Blood Pressure"
BCS: Final = "Breast Cancer Screening"


def both(one: Line, other: Line, *more: Line) -> Report:
    return reported(spec("alpha", one, *more), spec("bravo", other))


def codes(found: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(f.code, f.severity, f.attribute) for f in found]


def line(**over: str) -> Line:
    return {"id": "CBP", "title": CBP, "ages": "18-85", **over}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (both(line(), line()), both(line(), line(ages="18-90")), [(DIVERGES, "error", "ages")]),
        (both(line(), line(data_source="ehr")),
         both(line(data_source="claims"), line(data_source="ehr")),
         [(DIVERGES, "warning", "data_source")]),
        (both(line(), line(ages="18-90")), both(line(), line(ages="18-90")), []),
        (both(line(), line(ages="18-90")), both(line(), line(ages="18 to 90 years")), []),
        (both(line(), line(ages="18-90")), both(line(), line(ages="18-95")),
         [(DIVERGES, "error", "ages")]),
        (both(line(), line(ages="18-90")), both(line(), line()), []),
        (both(line(), line(ages="18-90")), both(line(id="X"), line(ages="18-90")), []),
        (both(line(), line(weight="10%")), both(line(weight="5%"), line(weight="20%")), []),
        (both(line(), line()), both(line(), BCS), [(LOST, "error", ""), (ALONE, "error", "")]),
        (both(line(), line()), reported(spec("alpha", line())), [(LOST, "error", "")]),
        (both(line(), line()), both(line(), line(), BCS), [(ALONE, "error", "")]),
        (both(line(), line(), BCS), both(line(), line()), []),
        (reported(spec("alpha", line())), reported(spec("alpha", line(), BCS)), []),
    ],
)  # fmt: skip
def test_what_got_worse(before: Report, after: Report, wanted: list[tuple[str, str, str]]) -> None:
    assert sorted(codes(worse(before, after))) == sorted(wanted)


def test_a_third_payer_that_differs_is_told_with_those_it_differs_from() -> None:
    two = spec("alpha", line()), spec("bravo", line(ages="18-90"))
    before, after = reported(*two), reported(*two, spec("delta", line(ages="21+")))
    (one,) = worse(before, after)
    assert one.places[0].file == "delta.yaml"
    assert one.measures == ("alpha/CBP", "bravo/CBP", "delta/CBP")


@pytest.mark.parametrize("name", ["rates", "blood-pressure", "a1c", "onecare-vermont"])
def test_nothing_is_worse_than_itself(name: str) -> None:
    sets = example(name, "specs")
    assert worse(reported(*sets), reported(*sets)) == ()


def test_numbers_of_rows_that_move_make_nothing_worse() -> None:
    rows = (line(id="1", ages="18-80"), {"id": "2", "title": BCS, "ages": "50-74"})
    moved = tuple({**row, "id": number} for row, number in zip(rows[::-1], "12", strict=True))
    other = spec("bravo", line(), {"id": "b", "title": BCS, "ages": "40-74"})
    before, after = (reported(spec("alpha", *own), other) for own in (rows, moved))
    assert worse(before, after) == ()


def test_the_fingerprint_is_that_of_the_difference() -> None:
    base = both(line(), line())
    (one,), (same,), (other,) = (
        worse(base, both(first, second))
        for first, second in (
            (line(), line(ages="18-90")),
            (line(title="Controlling high blood pressure"), line(ages="18 to 90 years")),
            (line(), line(ages="18-95")),
        )
    )
    assert one.fingerprint == same.fingerprint != other.fingerprint


def test_a_pull_request_that_widens_one_age_band(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One finding at the line of the value, and none once somebody says why it stays."""
    folder = repository(tmp_path / "coalition")
    head = "harmonize: 1\npayer: {}\nmeasures:\n"
    files = {
        f"specs/{payer}.yaml": head.format(payer)
        + f"  - title: {BCS}\n    ages: {own}\n  - id: CBP\n    title: {CBP}\n    ages: 18-85\n"
        for payer, own in (("alpha", "50-74"), ("bravo", "40-74"))
    }
    committed(folder, files)
    monkeypatch.chdir(folder)
    changed = files["specs/bravo.yaml"].replace("18-85", "18-90")
    (folder / "specs/bravo.yaml").write_text(changed, "utf-8")

    def found() -> tuple[Finding, ...]:
        before, after = (
            publish(
                read.sets, KNOWN, "public", STANDARDS, decisions=read.decisions, today=DAY
            ).report
            for read in (load(["main:specs"]), load(["specs"]))
        )
        return worse(before, after)

    (one,) = found()
    assert (one.code, one.attribute) == (DIVERGES, "ages")
    assert str(one.place) == "specs/bravo.yaml:8"
    assert [str(place) for place in one.places] == ["specs/bravo.yaml:8", "specs/alpha.yaml:8"]
    why = {
        "difference": {"measures": ["alpha/CBP", "bravo/CBP"], "attribute": "ages"},
        "judgement": "justified",
        "by": "Ana",
        "on": DAY,
        "because": "bravo insures older people",
    }
    assert decided(why)
    (folder / "decisions.yaml").write_text(decisions_text(why), "utf-8")
    assert found() == ()


def test_a_decision_to_retire_a_measure_makes_that_fewer_ask_for_it_no_loss() -> None:
    before = both(line(), line(), BCS)
    after = spec("alpha", line(), BCS), spec("bravo", BCS)
    (one,) = (f for f in worse(before, reported(*after)) if f.code == LOST)
    assert "bravo" in one.message
    assert one.place.file == "bravo.yaml"
    told = decided({"measure": "alpha/CBP", "disposition": "retire", "because": "topped out"})
    made = publish(after, KNOWN, "broker", STANDARDS, decisions=told, today=DAY).report
    assert not [f for f in worse(before, made) if f.code == LOST]


def test_a_ref_that_is_empty_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of a CI that is not set must not turn the gate into another one."""
    committed(repository(tmp_path), {"specs/a.yaml": "harmonize: 1\npayer: a\nmeasures: [A]\n"})
    monkeypatch.chdir(tmp_path)
    assert harmonize("check", "--against", "").code == 2
