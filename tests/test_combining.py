"""The script that goes from downloads to one report, run on small lists of our own."""

import runpy
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "from-downloads"
HEAD = "program,title,cbe_id,ecqm_id,hedis,mips_id,steward,measure_type,age_min,age_max,data_source"
LISTS = {
    "lake": (
        'Lake (made up),"Diabetes: Foot Exam",0056,,,901,Made-Up Steward,process,18,75,claims',
        "Lake (made up),Colorectal Cancer Screening,0034,CMS130v12,COL,113,NCQA,process,45,75,ehr",
    ),
    "ridge": (
        "Ridge (made up),Colorectal Cancer Screening,0034,CMS130v12,COL,113,NCQA,process,45,75,ehr",
        "Ridge (made up),Controlling High Blood Pressure,0018,,CBP,236,NCQA,,18,85,hybrid",
        "Ridge (made up),Made-up happiness,,,,,,,,,",
    ),
}


def test_every_form_of_a_list_gives_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, out = tmp_path / "facts", tmp_path / "out"
    facts.mkdir()
    for name, rows in LISTS.items():
        (facts / f"{name}.csv").write_text("\n".join((HEAD, *rows, "")), encoding="utf-8")
    inputs = (facts, EXAMPLE / "package", EXAMPLE / "measures-2031.json", out)
    monkeypatch.setattr(sys, "argv", ["combine.py", *map(str, inputs)])
    runpy.run_path(str(EXAMPLE / "combine.py"), run_name="__main__")
    told = capsys.readouterr().out.splitlines()[-1]
    forms = {"csv": 5, "xlsx": 5, "renamed": 5, "matrix": 5}
    assert told == f"rows in: {{'csv': 5, 'matrix': 5}} measures out: {forms}"
    report = (out / "report.md").read_text(encoding="utf-8")
    assert report.startswith("# What 4 payer lists ask for")
    assert '"0034"' in (out / "specs" / "xlsx" / "ridge.yaml").read_text(encoding="utf-8")
