"""What has been decided, as a committee, a practice and a program read it."""

import json
from pathlib import Path
from typing import Any

import pytest
from building import KNOWN, TEXTS, harmonize, spec, text_of, written
from deciding import DAY, decided, decisions_text, match, pinned_to

import harmonize as package
from harmonize.agenda import resting, to_look_at
from harmonize.audience import publish
from harmonize.decided import tally
from harmonize.page import page
from harmonize.sets import MeasureSet
from harmonize.views import view

LAKE = spec(
    "lake",
    {"id": "001", "title": "Controlling High Blood Pressure", "ages": "18-85"},
    {"id": "002", "title": "Colorectal Cancer Screening", "ages": "45-75"},
)
RIDGE = spec(
    "ridge",
    {"id": "cbp", "title": "Blood Pressure Control", "ages": "18-75"},
    {"id": "ked", "title": "Kidneys looked at", "ages": "18+"},
)
SETS = (LAKE, RIDGE)
BOTH = ["lake/001", "ridge/cbp"]
AGES: dict[str, Any] = {"difference": {"measures": BOTH, "attribute": "ages"}}
ADOPTED = {
    "measure": "lake/001", "disposition": "adopt", "meeting": "October",
    "votes": {"for": "7", "against": ["ridge"]}, "effective": "2027-01-01",
    "dissent": "too soon", "convener_is_payer": "true",
}  # fmt: skip


def drawn(*entries: dict[str, Any], sets: tuple[MeasureSet, ...] = SETS) -> Any:
    return publish(sets, KNOWN, "public", decisions=decided(*entries), today=DAY)


def told(items: Any) -> str:
    return "\n".join(line for item in items for line in (item.heading, *item.lines))


def test_a_disposition_is_told_with_its_vote_and_stands_in_the_table() -> None:
    found = drawn(ADOPTED)
    assert told(resting(found.report)) == (
        "CBP, Controlling High Blood Pressure\nadopted by Ana on 2026-11-24; from 2027-01-01; "
        "October; votes for 7, against ridge; dissent: too soon; the convener was a payer too"
    )
    lines = [line for _, block in page(found).blocks for line in block]
    assert [line.decided for line in lines if line.acronym == "CBP"] == ["adopt"]
    assert page(found).decides
    assert not page(drawn()).decides


def test_cells_that_rest_on_a_judgement_are_marked_and_told() -> None:
    found = drawn(match("lake/002", "ridge/ked", expires="2027-12-31", because="both ask it"))
    (line,) = [x for _, block in page(found).blocks for x in block if "=" in "".join(x.cells)]
    assert line.cells == ("45-75=", "18+=")
    assert told(resting(found.report)) == (
        "accepted by Ana on 2026-11-24, until 2027-12-31\nlake/002 = ridge/ked: both ask it"
    )


def test_a_justified_difference_needs_no_vote_and_stays_visible() -> None:
    law = {**AGES, "judgement": "justified", "because": "state law"}
    sections = dict(page(drawn(law)).sections)
    settle = next(items for title, items in sections.items() if title.startswith("TO SETTLE"))
    known = next(items for title, items in sections.items() if title.startswith("NO VOTE"))
    assert not settle
    assert "18-85: lake" in told(known)
    assert "justified by Ana on 2026-11-24: state law" in told(known)


def test_who_owes_the_end_of_a_difference_is_told() -> None:
    owed = {**AGES, "judgement": "to-resolve", "owner": "Ridge", "due": "2027-03-01"}
    sections = dict(page(drawn(owed)).sections)
    settle = next(items for title, items in sections.items() if title.startswith("TO SETTLE"))
    assert "(owner: Ridge, by 2027-03-01)" in told(settle)


def test_what_to_look_at_again_says_why() -> None:
    pinned = pinned_to(decided(match(*BOTH))[0], *SETS)
    older = spec("lake", {"id": "001", "title": "Controlling High Blood Pressure", "ages": "18+"})
    found = publish(
        (older, RIDGE),
        KNOWN,
        "public",
        decisions=(
            pinned,
            *decided(
                match("lake/002", "ridge/ked"),
                {"measure": "ridge/ked", "disposition": "menu", "expires": "2026-01-01"},
            ),
        ),
        today=DAY,
    )
    text = told(to_look_at(found.report))
    assert "lake/001: ages 18-85 -> 18+" in text
    assert "lake/002 is not here" in text
    assert "it held until 2026-01-01" in text
    assert tally(found.report.rulings) == (
        "1 decision in force; 3 to look at again (1 expired, 1 orphaned, 1 stale)"
    )


KIN = [
    ("broad", "lake/002 is narrower than ridge/ked"),
    ("narrow", "lake/002 is broader than ridge/ked"),
    ("related", "lake/002 is related to ridge/ked"),
]


@pytest.mark.parametrize(("mapping", "line"), KIN)
def test_kin_are_told_as_what_they_are(mapping: str, line: str) -> None:
    text = told(resting(drawn(match("lake/002", "ridge/ked", mapping=mapping)).report))
    assert text == f"accepted by Ana on 2026-11-24\n{line}"


def test_what_is_left_open_is_told_so() -> None:
    text = told(resting(drawn(match("lake/002", "ridge/ked", "unsure")).report))
    assert text.endswith("lake/002 may be ridge/ked")


def test_a_concept_by_its_acronym_is_told_its_id() -> None:
    text = told(to_look_at(drawn({"measure": "CBP", "disposition": "adopt"}).report))
    assert "CBP is not here; write it by its id: measure: cbp" in text


def test_the_command_line_finds_decisions_beside_the_specs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lake = {"id": "001", "title": "Controlling High Blood Pressure"}
    written(
        tmp_path / "specs", text_of("lake", lake), text_of("ridge", {"id": "x", "title": "Renal"})
    )
    text = decisions_text(match("lake/001", "ridge/x"))
    for place in ("decisions.yaml", "specs/decided.yaml", "elsewhere/mine.yaml"):
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        more = ["--decisions", place] if place.startswith("elsewhere") else []
        done = harmonize("compare", "--view", "pairs", "-f", "csv", "--as-of", DAY, *more)
        assert "lake,001,Controlling High Blood Pressure,ridge,x,Renal,1.0000,match" in done.out
        assert done.err.splitlines()[-1] == f"{place}: 1 decision in force; 1 not pinned."
        path.unlink()
    assert "1.0000" not in harmonize("compare", "--view", "pairs", "-f", "csv").out
    gone = harmonize("compare", "--decisions", "none.yaml")
    assert (gone.code, gone.err) == (2, "none.yaml:1:1: HZ001 no such file\n")


def test_a_justified_difference_fails_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    title = "Controlling High Blood Pressure"
    written(
        tmp_path / "specs",
        text_of("lake", {"id": "1", "title": title, "ages": "18-85"}),
        text_of("ridge", {"id": "1", "title": title, "ages": "18-75"}),
    )
    run = ("compare", "--fail-on", "error", "--as-of", DAY)
    assert harmonize(*run).code == 1
    law = {
        "difference": {"measures": ["lake/1", "ridge/1"], "attribute": "ages"},
        "judgement": "justified", "because": "state law", "expires": "2026-12-31",
    }  # fmt: skip
    (tmp_path / "decisions.yaml").write_text(decisions_text(law), "utf-8")
    assert harmonize(*run).code == 0
    assert harmonize("compare", "--fail-on", "error", "--as-of", "2027-01-01").code == 1


@pytest.mark.parametrize("audience", ["public", "participants"])
def test_decisions_about_what_is_hidden_are_in_no_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, audience: str
) -> None:
    monkeypatch.chdir(tmp_path)
    title = "Controlling High Blood Pressure"
    hidden = {"visibility": {"ages": "withheld"}}
    lake = {"id": "1", "title": title, "ages": "18-85"}
    pinned = pinned_to(decided(match("lake/1", "ridge/1"))[0], spec("lake", lake),
                       spec("ridge", {"id": "1", "title": title}))  # fmt: skip
    written(
        tmp_path / "specs",
        text_of("lake", {**lake, **hidden}),
        text_of("ridge", {"id": "1", "title": title, "ages": "18-75"}),
    )
    secret = {
        "difference": {"measures": ["lake/1", "ridge/1"], "attribute": "ages"},
        "judgement": "justified", "because": "Zyzzyva wants 18-85",
    }  # fmt: skip
    once_open = match(
        "lake/1", "ridge/1", fingerprint=pinned.fingerprint, judged=dict(pinned.judged or {})
    )
    (tmp_path / "decisions.yaml").write_text(decisions_text(secret, once_open), "utf-8")
    for form in TEXTS:
        done = harmonize("compare", "-f", form, "--audience", audience, "--as-of", DAY)
        assert "Zyzzyva" not in done.out + done.err
        assert "18-85" not in done.out + done.err
    broker = harmonize("compare", "-f", "json", "--audience", "broker", "--as-of", DAY)
    assert "Zyzzyva" in broker.out


def test_decisions_about_withheld_rates_hold_for_those_who_see_them_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    title = "Follow-Up After Hospitalization for Mental Illness"
    rate = {"id": "zyz30", "title": "Follow-up in 30 days", "follow_up": "30 days"}
    fuh = {"id": "fuh", "title": title, "visibility": {"rates": "withheld"}, "rates": [rate]}
    alike = {"id": "f30", "title": f"{title} 30 days", "follow_up": "30 days"}
    written(tmp_path / "specs", text_of("lake", fuh), text_of("ridge", alike))
    refused = match("lake/fuh/zyz30", "ridge/f30", "reject", because="Zyzzyva")
    gone = match("lake/fuh/zyz30", "ridge/f30", because="Zyzzyva", withdrawn={"by": "Ana"})
    (tmp_path / "decisions.yaml").write_text(decisions_text(refused, gone), "utf-8")
    asked = ("--as-of", DAY, "--audience")
    for form in TEXTS:
        done = harmonize("compare", "-f", form, *asked, "public")
        assert "zyz" not in (done.out + done.err).casefold()
    found = json.loads(harmonize("compare", "-f", "json", *asked, "broker").out)
    assert [one["state"] for one in found["decisions"]] == ["withdrawn", "not pinned"]
    homes = [{m["measure"] for m in one["members"]} for one in found["concepts"]]
    assert not any({"fuh/zyz30", "f30"} <= home for home in homes)
    assert not any("fuh/zyz30" in one.values() for one in found["possible"])


def test_a_sheet_tells_nothing_that_was_open_when_it_was_judged_and_is_hidden_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    title = "Controlling High Blood Pressure"
    lake = {"id": "1", "title": title, "ages": "18-85"}
    ridge = {"id": "1", "title": title}
    one = pinned_to(
        decided(match("lake/1", "ridge/1"))[0], spec("lake", lake), spec("ridge", ridge)
    )
    hidden = {**lake, "visibility": {"ages": "withheld"}}
    written(tmp_path / "specs", text_of("lake", hidden), text_of("ridge", ridge))
    entry = match("lake/1", "ridge/1", fingerprint=one.fingerprint, judged=dict(one.judged or {}))
    (tmp_path / "decisions.yaml").write_text(decisions_text(entry), "utf-8")
    assert "18 to 85" in decisions_text(entry) or "18-85" in decisions_text(entry)
    harmonize("review", "--export", "sheet.csv", "--as-of", DAY, "--audience", "public")
    text = (tmp_path / "sheet.csv").read_text("utf-8")
    assert "lake/1" in text
    assert "85" not in text


@pytest.mark.parametrize(
    "judged",
    [
        match("lake/001", "lake/002", "unsure"),
        match("lake/001", "lake/002", mapping="broad"),
        match("lake/001", "lake/002"),
    ],
)
def test_no_row_of_pairs_holds_two_measures_of_one_payer(judged: dict[str, Any]) -> None:
    found = drawn(judged)
    for name in ("pairs", "related"):
        assert all(row[0] != row[3] for row in view(found, name).rows)
    assert len([r for r in view(found, "decisions").rows if "lake/002" in r[1]]) == 1
    row = next(r for r in view(found, "summary").rows if r[0] == "possible_matches")
    rows = [r for r in view(found, "pairs").rows if r[7] == "possible"]
    assert int(row[1]) == len(rows)


def test_programs_read_decisions_as_an_object_and_as_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "specs", text_of("lake", "Kidneys"), text_of("ridge", "Renal"))
    entry = match("lake/kidneys", "ridge/renal")
    (tmp_path / "decisions.yaml").write_text(decisions_text(entry), "utf-8")
    (found,) = json.loads(harmonize("compare", "-f", "json").out)["decisions"]
    assert found["measures"] == ["lake/kidneys", "ridge/renal"]
    assert (found["answer"], found["state"]) == ("accept", "not pinned")
    (concept,) = found["concepts"]
    frame = package.compare("specs").decisions
    assert frame["concept"].tolist() == [concept]


def test_what_practices_say_stands_beside_what_is_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    title = "Controlling High Blood Pressure"
    written(
        tmp_path / "specs",
        text_of("lake", {"id": "1", "title": title}, {"id": "2", "title": "Kidneys"}),
        text_of("ridge", {"id": "1", "title": title}),
    )
    adopted = {"measure": "lake/1", "disposition": "adopt"}
    (tmp_path / "decisions.yaml").write_text(decisions_text(adopted), "utf-8")
    rows = ("lake/1,nurse,2,no cuffs", "ridge/1,coder,5,", "lake/2,nurse,3,[b]=1+1")
    (tmp_path / "said.csv").write_text("\n".join(("measure,role,feasibility,text", *rows)), "utf-8")
    page_ = harmonize("compare", "--comments", "said.csv").out
    decided_, rest = page_.split("DECIDED:")[1].split("PRACTICES SAY")
    assert "practice: nurse: feasibility 2 of 5: no cuffs" in decided_
    assert "practice: coder: feasibility 5 of 5" in decided_
    assert "practice: nurse: feasibility 3 of 5: [b]=1+1" in rest
    assert "3.5" not in page_
    wrong = harmonize("compare", "--comments", "none.csv")
    assert (wrong.code, "HZ001" in wrong.err) == (2, True)


def test_a_view_too_wide_for_the_screen_is_a_block_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lake = {"id": "001", "title": "Controlling High Blood Pressure"}
    written(
        tmp_path / "specs", text_of("lake", lake), text_of("ridge", {"id": "x", "title": "Renal"})
    )
    law = "a long reason that nobody wants to read two letters at a time"
    (tmp_path / "decisions.yaml").write_text(
        decisions_text(match("lake/001", "ridge/x", because=law)), "utf-8"
    )
    asked = ("compare", "--view", "decisions", "--as-of", DAY, "--quiet", "--width")
    narrow = [" ".join(line.split()) for line in harmonize(*asked, "80").out.splitlines()]
    assert "measures lake/001; ridge/x" in narrow
    assert f"because {law}" in narrow
    assert not any(line.startswith("votes") for line in narrow)  # nothing is said of them
    assert harmonize(*asked, "400").out.startswith("about  measures  ")
