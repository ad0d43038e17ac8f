"""Sheets of decisions filled as spreadsheet users fill them, and read again through the command."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd
import pytest
from building import harmonize, text_of, written
from deciding import DAY, decisions_text

from harmonize.decisions import Decision, Withdrawn
from harmonize.grids import split
from harmonize.reading.decisions import read_file

LAKE: Final = text_of(
    "lake",
    {"id": "0018", "title": "Controlling High Blood Pressure", "ages": "18-85", "target": "60%"},
    {"id": "tob", "title": "Tobacco Cessation Counseling, Aid, or Quit"},
)
RIDGE: Final = text_of(
    "ridge",
    {"id": "bp", "title": "Controlling High Blood Pressure", "ages": "18-75"},
    {"id": "msc", "title": "Medical Assistance with Smoking and Tobacco Use Cessation"},
)
PAIR: Final = ("lake/tob", "ridge/msc")


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two specs, in which the commands run."""
    written(tmp_path / "specs", LAKE, RIDGE, names=("lake.yaml", "ridge.yaml"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARMONIZE_BY", raising=False)
    return tmp_path


def exported(name: str = "review.csv", *more: str) -> Path:
    done = harmonize("review", "--export", name, "--as-of", DAY, *more)
    assert (done.code, done.out) == (0, ""), done.err
    return Path(name)


def taken(*arguments: str, code: int = 0) -> str:
    """What the import says."""
    done = harmonize("import", "review", *arguments)
    assert done.code == code, done.err
    return done.err


def recorded(path: str = "specs/decisions.yaml") -> tuple[Decision, ...]:
    return read_file(Path(path).read_text("utf-8"), path)[0]


def frame(path: Path) -> pd.DataFrame:
    """A sheet as pandas reads it when nobody says how."""
    return pd.read_excel(path) if path.suffix == ".xlsx" else pd.read_csv(path)


def saved(found: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".xlsx":
        found.to_excel(path, index=False)
    else:
        found.to_csv(path, index=False)


def states() -> dict[str, str]:
    """What became of each question, by what it is about and its first measure."""
    found = pd.read_csv(exported("after.csv"))
    return {f"{one.about} {one.a}": one.state for one in found.itertuples()}


# --- as people fill it ----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_filled_with_pandas(at: Path, suffix: str) -> None:
    path = exported(f"review{suffix}")
    found = frame(path)
    assert found["about"].tolist() == ["match", "difference", "measure"]
    for name in ("judgement", "because", "on", "disposition", "expires", "votes.for", "notes"):
        found[name] = found[name].astype(object) if name in found else None
    day = pd.Timestamp(2026, 11, 20)
    found.loc[0, ["judgement", "because", "on"]] = ["Accept", "same counselling", day]
    found.loc[1, ["judgement", "because", "expires"]] = ["justified", "state law", "12/31/2027"]
    found.loc[2, ["disposition", "votes.for"]] = ["adopt", 7.0]
    found.loc[2, "notes"] = "mine"
    moved = found[[*reversed(found.columns)]].drop(columns=["title_a", "dissent", "state"])
    saved(moved, path)
    told = taken(str(path), "--by", "Ana", "--on", DAY)
    assert "left aside, no columns of ours: 'notes'" in told
    assert "3 rows in; decisions: 3 new, 0 changed, 0 unchanged; 0 blank" in told
    match, difference, measure = recorded()
    assert (match.match, match.judgement, match.on) == (PAIR, "accept", "2026-11-20")
    assert difference.refs == ("lake/0018", "ridge/bp")
    assert (difference.expires, difference.on, difference.by) == ("2027-12-31", DAY, "Ana")
    assert measure.votes is not None
    assert measure.votes.for_ == ("7",)
    # What was accepted is shared now, so that there is one more thing to decide.
    assert sorted(states().values()) == ["holds", "holds", "holds", "open"]
    assert "0 new, 0 changed, 3 unchanged" in taken(str(exported("after.csv")), "--by", "Bo")


def test_filled_with_openpyxl(at: Path) -> None:
    path = exported("review.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Review"]
    place = {cell.value: cell.column for cell in sheet[1]}

    def put(row: int, **cells: Any) -> None:
        for name, value in cells.items():
            sheet.cell(row, place[name]).value = value

    put(2, judgement="reject", because="other people", by="Ana", on=dt.date(2026, 11, 20))
    put(3, judgement="to-resolve", owner="Lake", due=46350, on=dt.datetime(2026, 11, 20, 0, 0))  # noqa: DTZ001
    sheet.cell(3, place["due"]).number_format = "General"
    sheet.cell(9, place["reason"]).value = " "
    book.save(path)
    taken(str(path), "--by", "Bo")
    match, difference = recorded()
    assert (match.told, match.because) == ("rejected by Ana on 2026-11-20", "other people")
    assert (difference.owner, difference.due, difference.by) == ("Lake", "2026-11-24", "Bo")


def test_the_workbook_helps_to_fill_it(at: Path) -> None:
    sheet = openpyxl.load_workbook(exported("review.xlsx"))["Review"]
    place = {cell.value: cell for cell in sheet[1]}
    assert sheet.freeze_panes == f"{place['label'].column_letter}2"
    hidden = {n for n, c in place.items() if sheet.column_dimensions[c.column_letter].hidden}
    folded = {n for n, c in place.items() if sheet.column_dimensions[c.column_letter].outlineLevel}
    assert hidden - folded == {"fingerprint", "judged", "recorded"}
    assert {"relation", "withdrawn.because", "comments"} < folded < hidden
    assert not folded & {"judgement", "disposition", "mapping", "because", "owner", "votes.for"}
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    letter = place["judgement"].column_letter
    assert lists[f"{letter}2"] == '"accept,reject,unsure"'
    assert lists[f"{letter}3"] == '"justified,to-resolve,resolved"'
    assert lists[f"{place['mapping'].column_letter}2:{place['mapping'].column_letter}4"]
    ids = sheet.cell(3, place["a"].column)
    assert (ids.value, ids.number_format) == ("lake/0018; ridge/bp", "@")


@pytest.mark.parametrize(
    ("encoding", "separator", "end"),
    [("utf-8-sig", ",", "\r\n"), ("cp1252", ";", "\r\n"), ("utf-16", "\t", "\n")],
)
def test_saved_by_another_spreadsheet(at: Path, encoding: str, separator: str, end: str) -> None:
    lines = (
        ("about", "a", "b", "JUDGEMENT", "Because", "on", "contract_type"),
        ("", "", "", "", "", "", ""),
        ("match", *PAIR, "accept", "caf\u00e9, all", "11/20/2026 0:00", "'=HMO"),
        ("", "", "", "", "", "", ""),
    )
    quoted = (separator.join(f'"{cell}"' for cell in line) for line in lines)
    Path("s.csv").write_bytes(end.join((*quoted, "")).replace(" 0:00", "").encode(encoding))
    told = taken("s.csv", "--by", "Ana")
    assert ("HZ312" in told) == (encoding == "cp1252")
    (one,) = recorded()
    assert (one.because, one.on, one.contract_type) == ("caf\u00e9, all", "2026-11-20", "=HMO")
    assert (one.fingerprint, states()["match lake/tob"]) == (None, "not pinned")


# --- what it is pinned to -------------------------------------------------------------------------


def _answer(path: Path, row: int, **cells: str) -> None:
    found = pd.read_csv(path, dtype=str)
    for name, text in cells.items():
        found.loc[row, name] = text
    found.to_csv(path, index=False)


def test_a_spec_that_changes_between_makes_the_decision_stale(at: Path) -> None:
    path = exported()
    _answer(path, 1, judgement="justified", because="state law")
    Path("specs/ridge.yaml").write_text(RIDGE.replace("18-75", "18-80"), "utf-8")
    taken(str(path), "--by", "Ana")
    assert states()["difference lake/0018; ridge/bp"] == "stale"
    # A typing error mended leaves it stale; another day says that somebody looked again.
    _answer(Path("after.csv"), 1, because="the state law")
    assert "1 changed" in taken("after.csv")
    assert states()["difference lake/0018; ridge/bp"] == "stale"
    _answer(Path("after.csv"), 1, on="2026-11-25")
    assert "1 changed" in taken("after.csv")
    assert states()["difference lake/0018; ridge/bp"] == "holds"


def test_a_sheet_is_merged_into_what_is_there(at: Path) -> None:
    before = decisions_text({"measure": "lake/tob", "disposition": "defer", "by": "Bo", "on": DAY})
    Path("specs/decisions.yaml").write_text(before, "utf-8")
    path = exported()
    _answer(path, 0, judgement="unsure")
    copy = Path("two.csv")
    copy.write_bytes(path.read_bytes())
    _answer(copy, 2, disposition="adopt")
    told = taken(str(path), str(copy), "--by", "Ana")
    assert "2 new, 0 changed, 1 unchanged" in told
    assert [one.answer for one in recorded()] == ["unsure", "adopt", "defer"]
    Path("other").mkdir()
    for one in (path, copy):
        one.rename(Path("other") / one.name)
    assert "nothing changes in specs/decisions.yaml" in taken("other", "--by", "Ana", "--dry-run")


def test_an_answer_is_withdrawn_and_not_taken_out(at: Path) -> None:
    path = exported()
    _answer(path, 0, judgement="unsure")
    taken(str(path), "--by", "Ana")
    _answer(exported(), 0, judgement="")
    assert "HZ516 the answer was taken out and stays recorded" in taken("review.csv")
    assert [one.answer for one in recorded()] == ["unsure"]
    _answer(exported(), 0, **{"withdrawn.because": "asked again"})
    taken("review.csv", "--by", "Bo", "--on", DAY)
    assert [one.by for one in recorded()] == ["Ana"]
    assert [one.withdrawn for one in recorded()] == [
        Withdrawn(by="Bo", on=DAY, because="asked again")
    ]
    found = pd.read_csv(exported())
    assert found["state"].tolist()[:2] == ["open", "withdrawn"]


def test_a_match_that_nobody_asked_about_is_rejected_by_a_row_of_ones_own(at: Path) -> None:
    Path("own.csv").write_text(
        "a,b,judgement,because\nlake/0018,ridge/bp,reject,other people\n", "utf-8"
    )
    taken("own.csv", "-o", "deep/own.yaml", "--by", "Ana", "--specs", "specs")
    assert [one.match for one in recorded("deep/own.yaml")] == [("lake/0018", "ridge/bp")]


def test_what_somebody_else_has_decided_since_is_not_undone(at: Path) -> None:
    _answer(exported(), 0, judgement="unsure")
    taken("review.csv", "--by", "Ana")
    exported("old.csv")
    _answer(exported("new.csv"), 0, judgement="accept")
    taken("new.csv")
    assert "nothing changes in specs/decisions.yaml" in taken("old.csv")
    _answer(Path("old.csv"), 0, judgement="reject", because="no")
    told = taken("old.csv", code=2)
    assert "HZ515 since this sheet was written it has been accepted by Ana on" in told
    _answer(Path("old.csv"), 0, recorded="")
    assert "HZ515 this takes the place of what was accepted" in taken("old.csv")
    assert [one.answer for one in recorded()] == ["reject"]


def test_a_decision_whose_measure_is_gone_is_kept(at: Path) -> None:
    _answer(exported(), 0, judgement="unsure")
    taken("review.csv", "--by", "Ana")
    Path("specs/ridge.yaml").write_text(RIDGE[: RIDGE.index('  - {"id": "msc"')], "utf-8")
    (one,) = (row for row in pd.read_csv(exported()).itertuples() if row.about == "match")
    assert one.state == "orphaned"
    assert one.title_b == "Medical Assistance with Smoking and Tobacco Use Cessation"
    assert "0 new, 0 changed, 1 unchanged" in taken("review.csv")
    Path("specs/ridge.yaml").unlink()
    assert set(states().values()) == {"out of scope"}


def test_where_the_decisions_go(at: Path) -> None:
    _answer(exported(), 0, judgement="unsure")
    assert "name ends in .yaml" in taken("review.csv", "-o", "review.csv", code=2)
    for name in ("one", "two"):
        Path(f"specs/{name}.yaml").write_text("harmonize: 1\ndecisions: []\n", "utf-8")
    assert "Several decisions files" in taken("review.csv", code=2)
    taken("review.csv", "-o", "specs/two.yaml", "--by", "Ana")
    assert len(recorded("specs/two.yaml")) == 1


def test_what_no_cell_of_a_workbook_holds_is_refused(at: Path) -> None:
    long = {"measure": "lake/tob", "disposition": "defer", "because": "a" * 33_000, "by": "A"}
    Path("specs/decisions.yaml").write_text(decisions_text({**long, "on": DAY}), "utf-8")
    done = harmonize("review", "--export", "review.xlsx")
    assert (done.code, Path("review.xlsx").exists()) == (2, False)
    assert "HZ112 'because' is longer than" in done.err
    assert "0 new, 0 changed, 1 unchanged" in taken(str(exported()))


def test_a_dry_run_writes_nothing(at: Path) -> None:
    _answer(exported(), 0, judgement="unsure")
    done = harmonize("import", "review", "review.csv", "--dry-run", "--by", "Ana")
    assert "+++ specs/decisions.yaml" in done.out
    assert not Path("specs/decisions.yaml").exists()


# --- what does not fit ----------------------------------------------------------------------------

BOTH: Final = "lake/tob,ridge/msc"
HEAD: Final = (
    "about,a,b,attribute,judgement,disposition,because,fingerprint,judged,expires,recorded"
)
PINNED: Final = '"{""lake/tob"":{},""ridge/msc"":{}}"'


def _refused(lines: Iterable[str], *arguments: str) -> list[str]:
    Path("bad.csv").write_text("\n".join((HEAD, *lines, "")), "utf-8")
    before = sorted(Path().rglob("*"))
    told = taken("bad.csv", "--by", "Ana", *arguments, code=2)
    assert sorted(Path().rglob("*")) == before
    return told.splitlines()


@pytest.mark.parametrize(
    ("line", "at_cell", "wanted"),
    [
        (f"match,{BOTH},,acept,,,,,,", 5,
         "HZ205 'judgement' is 'acept', wanted one of accept, reject, unsure, justified, to-res"),
        (f"match,{BOTH},,reject,,,,,,", 5, "HZ503 'reject' without 'because'"),
        (f"match,{BOTH},,resolved,,,,,,", 5, "HZ505"),
        ("match,lake/tob,,,accept,,,,,,", 2, "HZ204 'match' wants two measures"),
        ("match,tob,ridge/msc,,accept,,,,,,", 2, "HZ207 'match' is 'tob', wanted payer/id"),
        ("match,lake/tob,ridge/mcs,,accept,,,,,,", 2,
         "HZ514 no measure 'ridge/mcs' in the specs: did you mean 'ridge/msc'?"),
        ("match,lkae/tob,ridge/msc,,accept,,,,,,", 2, "HZ514 no payer 'lkae' in the specs: did"),
        (f"mtach,{BOTH},,accept,,,,,,", 1,
         "HZ512 'about' is 'mtach', wanted one of match, difference, measure; did you mean"),
        (",,ridge/msc,,accept,,,,,,", 2, "HZ512 an answer without its question"),
        ("difference,lake/tob; ridge/msc,,agess,justified,,x,,,,", 4, "HZ205 'attribute' is"),
        ("difference,lake/tob; ridge/msc,,,justified,,x,,,,", 4, "HZ203"),
        ("measure,ais,,,,adpot,,,,,", 6, "HZ205 'disposition' is 'adpot'"),
        (f"match,{BOTH},,accept,,,h1-4,,,", 8, "HZ513 no fingerprint that we make"),
        (f'match,{BOTH},,accept,,,,"{{""lake",,', 9, "HZ513 'judged' was changed"),
        (f'match,{BOTH},,accept,,,,"[1]",,', 9, "HZ513 'judged' was changed"),
        (f'match,{BOTH},,accept,,,,,,"{{""on"":1}}"', 11, "HZ513 'recorded' was changed"),
        (f"match,lake/0018,ridge/bp,,accept,,,,{PINNED},,", 9,
         "HZ513 what was judged in this row was lake/tob and ridge/msc"),
        (f"match,{BOTH},,accept,,,,,20/11/2026,", 10, "HZ207 'expires' is '20/11/2026"),
        (f"match,{BOTH},,accept,,,,,02/30/2026,", 10, "HZ206 'expires' is '2026-02-30"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit(at: Path, line: str, at_cell: int, wanted: str) -> None:
    told = [one for one in _refused([line]) if "HZ" in one]
    column = split(line, "")[0][at_cell - 1].place.column
    assert [one[: one.find(wanted) + len(wanted)] for one in told] == [
        f"bad.csv:2:{column}: {wanted}"
    ]


def test_a_wrong_word_gets_the_one_that_was_meant(at: Path) -> None:
    assert "did you mean 'accept'?" in "".join(_refused([f"match,{BOTH},,acept,,,,,,"]))
    assert "did you mean 'match'?" in "".join(_refused([f"mtach,{BOTH},,accept,,,,,,"]))


def test_all_is_told_in_one_pass(at: Path) -> None:
    rows = [
        "match,lake/tob,ridge/msc,,accept,,,,,,",
        "match,lake/tob,ridge/msc,,reject,,why,,,,",
        "match,a/1,b/1,,accept,,,,,,",
        "match,b/1,c/1,,accept,,,,,,",
        "match,c/1,a/1,,reject,,why,,,,",
        "match,d/1,e/1,,unsure,,one,,,,",
        "match,e/1,d/1,,unsure,,other,,,,",
        "match,d/1,e/1,,maybe,,,,,,",
    ]
    told = [one.split(" ")[:2] for one in _refused(rows) if "HZ5" in one or "HZ2" in one]
    wanted = [["bad.csv:3:27:", "HZ502"], ["bad.csv:8:16:", "HZ515"], ["bad.csv:9:16:", "HZ205"]]
    assert all(one in told for one in wanted), told
    assert "HZ519" in "\n".join(map(str, told))


def test_contradictions_name_their_rows_and_what_is_recorded(at: Path) -> None:
    Path("specs/decisions.yaml").write_text(
        decisions_text({"match": ["a/1", "b/1"], "judgement": "accept", "by": "A", "on": DAY}),
        "utf-8",
    )
    told = _refused(["match,b/1,c/1,,accept,,,,,,", "match,c/1,a/1,,reject,,why,,,,"])
    (line,) = (one for one in told if "HZ502" in one)
    assert line.startswith("bad.csv:3:16: HZ502 a/1 and c/1 are rejected")
    assert "a/1 = b/1 in specs/decisions.yaml:3; b/1 = c/1 in bad.csv:2" in line


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "HZ511"),
        ("about,b,judgement\nmatch,x/1,accept\n", "HZ511"),
        ("a,b,judgement,judgement\nx/1,y/1,accept,accept\n", "HZ511"),
        ('a,b,judgement\n"x/1,y/1,accept\n', "HZ401"),
        ("PK nothing", "HZ414"),
    ],
)
def test_a_file_that_is_no_sheet(at: Path, text: str, code: str) -> None:
    Path("bad.csv").write_text(text, "utf-8")
    assert f": {code} " in taken("bad.csv", code=2)


def test_words_without_an_answer_are_told(at: Path) -> None:
    _answer(exported(), 0, because="to be asked", by="Ana")
    told = taken("review.csv")
    assert "HZ516 'because' without an answer: nothing is decided here" in told
    assert "3 blank" in told


def test_without_specs_nothing_is_looked_up(at: Path) -> None:
    Path("specs").rename("gone")
    Path("own.csv").write_text("a,b,judgement\nx/1,y/1,accept\n", "utf-8")
    told = taken("own.csv")
    assert "HZ501 'by' not said" in told
    assert "1 of them by nobody: say who with --by NAME" in told
    Path("specs").mkdir()
    Path("specs/broken.yaml").write_text("harmonize: 1\npayer:\n", "utf-8")
    assert "no measure is looked up" in taken("own.csv")
    assert "HZ203" in taken("own.csv", "--specs", "specs", code=2)


def test_who_decides_may_stand_in_the_environment(
    at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMONIZE_BY", "Ana")
    _answer(exported(), 0, judgement="unsure")
    taken("review.csv")
    assert [one.by for one in recorded()] == ["Ana"]
