"""What practices say of measures, read from the sheets in which they say it."""

from pathlib import Path

import pandas as pd
import pytest
from building import harmonize, text_of, written

from harmonize.comments import comments_of
from harmonize.hearing import hear
from harmonize.problems import SpecError

KNOWN = ("lake/bp", "lake/tob", "cbp")


def heard(path: Path, text: str) -> tuple[list[str], list[str]]:
    """What is said, and the warnings."""
    file = path / "said.csv"
    file.write_text(text, "utf-8")
    comments, warnings = hear([str(file)], KNOWN, ["lake"])
    told = [f"{one.measure} {one.told}" for one in comments]
    return told, [" ".join(str(w).removeprefix(f"{path}/").split()[:2]) for w in warnings]


def test_each_comment_stays_itself(tmp_path: Path) -> None:
    text = (
        "Role,measure,feasibility,text,practice,when\r\n"
        'nurse,lake/bp,2,"no staff, none",Hill,\r\n'
        ",,,,,\r\n"
        "coder,lake/bp,5.0,,,\r\n"
        "nurse,cbp,,'=all,,\r\n"
        "nurse,ridge/x,1,not here yet,,\r\n"
        "coder,lake/bp,5,,,\r\n"
    )
    told, warnings = heard(tmp_path, text)
    assert told == [
        "cbp nurse: =all",
        "lake/bp coder: feasibility 5 of 5",
        "lake/bp nurse, Hill: feasibility 2 of 5: no staff, none",
        "ridge/x nurse: feasibility 1 of 5: not here yet",
    ]
    assert warnings == []


def test_what_does_not_fit_is_told_at_its_cell(tmp_path: Path) -> None:
    head = "measure,role,feasibility,text\n"
    told, warnings = heard(tmp_path, f"{head}lake/pb,nurse,3,\nlake/bp,nurse,,\n")
    assert len(told) == 2
    assert warnings == ["said.csv:2:1: HZ517", "said.csv:3:1: HZ518"]
    with pytest.raises(SpecError) as error:
        heard(tmp_path, f"{head},nurse,3,a\nlake/bp,,6,b\nlake/bp,nurse,4.5,c\n")
    found = [str(p).removeprefix(f"{tmp_path}/").split(" ")[:2] for p in error.value.problems]
    assert found == [
        ["said.csv:2:1:", "HZ202"], ["said.csv:3:1:", "HZ202"],
        ["said.csv:3:10:", "HZ205"], ["said.csv:4:15:", "HZ205"],
    ]  # fmt: skip
    with pytest.raises(SpecError, match="HZ511"):
        heard(tmp_path, "measure,text\nlake/bp,x\n")


def test_comments_of_a_measure_or_its_concept(tmp_path: Path) -> None:
    (tmp_path / "said.csv").write_text("measure,role,text\nlake/bp,a,x\ncbp,b,y\n", "utf-8")
    comments, _ = hear([str(tmp_path / "said.csv")], KNOWN, ["lake"])
    assert [one.role for one in comments_of(comments, "lake/bp", "cbp")] == ["b", "a"]
    assert comments_of(comments, "lake/tob") == ()


def test_the_sheet_shows_them_beside_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "Controlling High Blood Pressure"
    specs = (text_of(payer, {"id": "bp", "title": title}) for payer in ("lake", "ridge"))
    written(tmp_path / "specs", *specs)
    monkeypatch.chdir(tmp_path)
    said = pd.DataFrame({"measure": ["lake/bp", "lake/pb"], "role": "nurse", "feasibility": [2, 4]})
    said.to_excel("said.xlsx", index=False)
    done = harmonize("review", "--export", "r.csv", "--comments", "said.xlsx")
    assert done.code == 0
    assert "HZ517 a comment on 'lake/pb', which is no measure and no concept here" in done.err
    assert pd.read_csv("r.csv")["comments"].tolist() == ["lake/bp: nurse: feasibility 2 of 5"]
    assert "in no row" not in done.err
    written(tmp_path / "specs", text_of("cove", {"id": "1", "title": "Statins"}), names=["c.yaml"])
    Path("alone.csv").write_text("measure,role,text\ncove/1,nurse,seldom asked\n", "utf-8")
    done = harmonize("review", "--export", "r.csv", "--comments", "alone.csv")
    assert "comments in no row, for nothing is asked about it: cove/1" in done.err
    assert harmonize("review", "--export", "r.txt").code == 2
    assert harmonize("review", "--export", "r.csv", "--comments", "none.csv").code == 2
