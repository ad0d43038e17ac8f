"""`harmonize propose`: wishes typed and configured, formats, sheets of marks, and its page."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from building import ROOT, harmonize, process, text_of, to_the_end, written
from openpyxl import load_workbook

from harmonize import optimum
from harmonize.cli.propose import _after
from harmonize.fields import declared
from harmonize.scores import PRINCIPLES, Scored
from harmonize.values import read_duration
from harmonize.wishes import (
    Domain,
    Excluded,
    Notice,
    Population,
    Required,
    Type,
    Weights,
    Wish,
)  # fmt: skip

TITLES = {
    "cbp": "Controlling High Blood Pressure",
    "col": "Colorectal Cancer Screening",
    "bcs": "Breast Cancer Screening",
    "cis": "Childhood Immunization Status",
}


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three lists in `specs/` of a folder in which one stands."""
    held = {"lake": ("cbp", "col", "bcs"), "ridge": ("cbp", "col", "bcs"), "vale": ("cbp", "cis")}
    texts = [
        text_of(payer, *({"id": n, "title": TITLES[n]} for n in names))
        for payer, names in held.items()
    ]
    monkeypatch.chdir(tmp_path)
    return written(tmp_path / "specs", *texts)


def rows(*arguments: str) -> list[dict[str, str]]:
    """The CSV of a proposal."""
    done = harmonize("propose", *arguments, "-f", "csv")
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out)))


def standing(*arguments: str) -> dict[str, str]:
    return {row["concept"]: row["standing"] for row in rows(*arguments)}


def test_without_a_wish_it_is_what_two_payers_share(specs: Path) -> None:
    assert standing() == {
        "cbp": "proposed", "bcs": "proposed", "col": "proposed", "cis": "dropped",
    }  # fmt: skip


def test_a_cap_leaves_a_tie_that_nothing_breaks(specs: Path) -> None:
    assert standing("--at-most", "2") == {
        "cbp": "proposed", "bcs": "tied", "col": "tied", "cis": "dropped",
    }  # fmt: skip
    page = harmonize("propose", "--at-most", "2").out
    assert "2 sets are equally good, by our score (50)" in page
    assert "set 1: Breast Cancer Screening" in page


def test_what_is_typed_holds_in_place_of_what_is_configured(specs: Path) -> None:
    Path("harmonize.yaml").write_text("proposal: {at_most: 1, asked_by: 3}\n", "utf-8")
    assert [n for n, s in standing().items() if s == "proposed"] == ["cbp"]
    assert standing("--asked-by", "2", "--at-most", "3")["col"] == "proposed"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--domain", "maternity"], "domain maternity: at least 1: 0 may come in, wanted 1"),
        (["--population", "children=2"], "population children: at least 2: 0 may come in"),
        (["--type", "outcome|intermediate-outcome"], "type intermediate outcome or outcome"),
        (["--require", "vale/cis=by law"], "required vale/cis (by law): Childhood"),
        (["--require", "cbe:9999"], "required cbe:9999 (asked for by --require): no payer"),
        (["--require", "cbp", "--exclude", "cbp=costly"], "required cbp (asked for by --require)"),
        (
            ["--at-most", "1", "--require", "col", "--require", "bcs"],
            "each can be met, but not together: required Breast",
        ),
        (
            ["--require", "col", "--from", "2026-12-01", "--notice", "vale=6 months"],
            "Colorectal Cancer Screening: notice: vale can adopt it from 2027-03-01",
        ),
    ],
)
def test_a_wish_that_cannot_be_met_is_told_in_every_format(
    specs: Path, arguments: list[str], line: str
) -> None:
    given = ("propose", *arguments, "--as-of", "2026-09-01")
    for form in ("table", "markdown"):
        done = harmonize(*given, "-f", form)
        assert done.code == 1
        assert line.split(":", maxsplit=1)[0] in done.out
    told = json.loads(harmonize(*given, "-f", "json").out)
    assert told["schema"] == "harmonize.proposal/1"
    assert told["measures"] == []
    (failure,) = told["failures"]
    assert line in f"{'; '.join(failure['wishes'])}: {failure['reason']}" or line.startswith("each")
    done = harmonize(*given, "-f", "csv")
    assert done.code == 1
    assert len(done.out.splitlines()) == 1
    assert line in done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--require", "cpb"],
            "--require:1:1: HZ561 no measure here is 'cpb': did you mean 'cbp'?",
        ),
        (["--exclude", "lake/xyz"], "--exclude:1:1: HZ561 no measure here is 'lake/xyz'"),
        (["--domain", "maternty"], "--domain:1:1: HZ563 no domain is 'maternty'; there are"),
        (["--domain", "maternity=many"], "'maternity=many': wanted NAME or NAME=N"),
        (["--population", "dogs"], "--population: 'dogs' is none of children"),
        (["--type", "result"], "--type: 'result' is none of structure"),
        (["--notice", "soon"], "--notice 'soon': wanted a time such as 12 months"),
        (["--notice", "12"], "--notice '12': wanted a number with its unit"),
        (["--notice", "hill=1 month"], "--notice:1:1: HZ010 no payer 'hill'; here are lake"),
        (["--at-most", "0"], "Invalid value for '--at-most'"),
        (["--sheet", "x.ods"], "--sheet 'x.ods': a sheet's name ends in .csv or .xlsx"),
        (["-o", "x.pdf"], "No format for the suffix '.pdf'"),
        (["--scores", "none.csv"], "none.csv:1:1: HZ001"),
    ],
)
def test_what_cannot_be_understood_is_said(specs: Path, arguments: list[str], told: str) -> None:
    done = harmonize("propose", *arguments)
    assert done.code == 2
    assert told in done.err
    assert not done.out


def test_a_solver_without_an_answer_is_no_proposal(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: Any) -> None:
        raise optimum.Unsettled("the solver stopped without an answer: Time limit reached")

    monkeypatch.setattr("harmonize.proposal.best", nothing)
    done = harmonize("propose")
    assert done.code == 2
    assert "No proposal: the solver stopped without an answer" in done.err
    assert not done.out


def test_nothing_but_the_proposal_goes_to_standard_output(specs: Path) -> None:
    done = process("propose", "specs", "-f", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["schema"] == "harmonize.proposal/1"
    assert done.stderr == b""


def test_one_payer_has_nothing_to_share(specs: Path) -> None:
    done = harmonize("propose", "specs/spec-0.yaml")
    assert done.code == 0
    assert "A core of 0 measures" in done.out
    assert "asked by 1 payer, wanted 2 (3)" in done.out


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("6 months", "2027-02-28"), ("1 month", "2026-09-30"), ("12 months", "2027-08-31"),
        ("2 years", "2028-08-31"), ("90 days", "2026-11-29"), ("2 weeks", "2026-09-14"),
    ],
)  # fmt: skip
def test_months_of_notice_are_those_of_the_calendar(time: str, day: str) -> None:
    assert _after("2026-08-31", read_duration(time)) == day  # type: ignore[arg-type]


# --- marks --------------------------------------------------------------------------------------


def filled_csv(path: Path, marks: dict[str, dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        names, own = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows({**row, **marks.get(row["concept"], {})} for row in own)


def filled_xlsx(path: Path, marks: dict[str, dict[str, str]]) -> None:
    book = load_workbook(path)
    sheet = book["Marks"]
    heads = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for name, mark in marks.get(str(row[0].value), {}).items():
            value = int(mark) if mark.isdecimal() else mark  # as a person types it
            row[heads.index(name)].value = value
    book.save(path)


@pytest.mark.parametrize(("suffix", "fill"), [(".csv", filled_csv), (".xlsx", filled_xlsx)])
def test_a_sheet_goes_out_and_comes_back(specs: Path, suffix: str, fill: Any) -> None:
    sheet = f"marks{suffix}"
    done = harmonize("propose", "--sheet", sheet)
    assert (done.code, done.out) == (0, "")
    assert f"wrote {sheet}: 3 candidates to mark" in done.err
    again = harmonize("propose", "--sheet", sheet)
    assert again.code == 2
    assert "is there, and may hold marks" in again.err
    three = dict.fromkeys(PRINCIPLES, "3")
    fill(Path(sheet), {"bcs": {"scorer": "Ana", **three}, "col": {"scorer": "Ana", "burden": "1"}})
    told = {row["concept"]: row for row in rows("--scores", sheet, "--at-most", "2")}
    assert (told["bcs"]["marks"], told["bcs"]["mean_mark"]) == ("5", "3.00")
    assert (told["col"]["marks"], told["col"]["mean_mark"]) == ("1", "1.00")
    assert told["cbp"]["marks"] == ""
    assert told["bcs"]["standing"] == "tied"  # without a weight, marks are only told
    Path("harmonize.yaml").write_text("proposal: {weights: {marks: 1}}\n", "utf-8")
    weighed = {row["concept"]: row for row in rows("--scores", sheet, "--at-most", "2")}
    assert weighed["bcs"]["standing"] == "proposed"
    assert weighed["bcs"]["score"] == "23"
    assert weighed["col"]["standing"] == "dropped"


def test_several_people_mark_each_in_a_file_of_their_own(specs: Path) -> None:
    head = "concept,scorer,burden\n"
    Path("a.csv").write_text(f"{head}cbp,Ana,1\n", "utf-8")
    Path("b.csv").write_text(f"{head}cbp,Ben,2.0\ncol,,\n", "utf-8")
    told = {row["concept"]: row for row in rows("--scores", "a.csv", "--scores", "b.csv")}
    assert (told["cbp"]["marks"], told["cbp"]["mean_mark"]) == ("2", "1.50")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cbp,Ana,4\n", "m.csv:2:9: HZ205 'burden' is '4', wanted one of 0, 1, 2, 3"),
        ("cbp,,2\n", "m.csv:2:1: HZ202 'scorer' is missing"),
        (",Ana,2\n", "m.csv:2:1: HZ202 'concept' is missing"),
        (
            "cbp,Ana,2\ncbp,ana,3\n",
            "m.csv:3:1: HZ564 ana marks cbp a second time: first in m.csv:2",
        ),
    ],
)
def test_marks_that_cannot_be_are_told_at_their_cell(specs: Path, text: str, told: str) -> None:
    Path("m.csv").write_text(f"concept,scorer,burden\n{text}", "utf-8")
    done = harmonize("propose", "--scores", "m.csv")
    assert done.code == 2
    assert done.err.strip() == told


def test_a_file_without_our_columns_holds_no_marks(specs: Path) -> None:
    Path("m.csv").write_text("measure,points\ncbp,3\n", "utf-8")
    done = harmonize("propose", "--scores", "m.csv")
    assert done.code == 2
    assert "HZ511 no row of headings with the columns 'concept', 'scorer'" in done.err


def test_marks_of_what_is_no_candidate_are_told_and_count_for_nothing(specs: Path) -> None:
    Path("m.csv").write_text("concept,scorer,burden\nzzz,Ana,3\n", "utf-8")
    done = harmonize("propose", "--scores", "m.csv", "-f", "csv")
    assert done.code == 0
    assert "m.csv:2:1: HZ565 marks of 'zzz', which is no candidate here: not counted" in done.err


def test_nothing_in_a_sheet_or_a_row_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    titled = {"id": "x", "title": "=cmd|' /C calc'!A0 unheard of"}
    written(tmp_path / "specs", text_of("a", titled), text_of("b", titled))
    assert rows()[0]["label"].startswith("'=")
    harmonize("propose", "--sheet", "m.csv")
    harmonize("propose", "--sheet", "m.xlsx")
    assert "'=cmd" in Path("m.csv").read_text("utf-8")
    cell = load_workbook("m.xlsx")["Marks"]["B2"]
    assert cell.data_type == "s"


# --- what is drawn, and what is told of it ------------------------------------------------------


def test_a_page_keeps_to_its_width_and_a_pipe_cuts_nothing(specs: Path) -> None:
    shipped = str(ROOT / "specs")
    narrow = harmonize("propose", shipped, "--at-most", "5", "--width", "80").out
    assert max(map(len, narrow.splitlines())) <= 80
    piped = harmonize("propose", shipped, "--at-most", "5").out
    assert max(map(len, piped.splitlines())) > 200
    assert "\u2026" not in narrow + piped


def test_a_terminal_gets_a_page_of_its_size(specs: Path) -> None:
    import os
    import pty
    import subprocess
    import sys

    leader, follower = pty.openpty()
    env = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    command = (sys.executable, "-m", "harmonize", "propose", "specs")
    running = subprocess.Popen(command, stdout=follower, stderr=follower, env=env)
    os.close(follower)
    seen = to_the_end(leader).decode()
    assert running.wait(60) == 0
    assert "A core of 3 measures" in seen
    assert "\x1b[1m" in seen


def test_the_page_on_proposals_shows_what_the_program_does() -> None:
    page = (ROOT / "docs" / "propose.md").read_text("utf-8")
    for kind in (Wish, Domain, Population, Type, Required, Excluded, Notice, Weights):
        for name, info in declared(kind).items():
            assert f"| `{name}` | {info.help} |" in page, (kind, name)
    for name in PRINCIPLES:
        assert f"| `{name}` | {declared(Scored)[name].help} |" in page, name


def test_what_the_page_on_proposals_shows_is_what_the_example_gives() -> None:
    page = (ROOT / "docs" / "propose.md").read_text("utf-8")
    shown = re.findall(r"<!-- part: (\S+) -->\n```text\n(.*?)```\n", page, re.DOTALL)
    assert len(shown) == 2
    for file, body in shown:
        assert body in (ROOT / file).read_text("utf-8"), file


def test_the_page_on_proposals_names_every_column_and_option() -> None:
    from harmonize.render.proposal import COLUMNS

    page = (ROOT / "docs" / "propose.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in COLUMNS)
    options = {*re.findall(r"  (?:-\w, )?(--[\w-]+)", harmonize("propose", "--help").out)}
    common = {*re.findall(r"  (?:-\w, )?(--[\w-]+)", harmonize("compare", "--help").out)}
    assert all(f"`{name}" in page for name in options - common)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--asked-by", "99"), "payers are here that count"),
        (("--smallest",), "nothing is to be covered, so the smallest core is empty"),
    ],
)
def test_a_wish_that_nothing_can_meet_is_no_empty_core(
    specs: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = harmonize("propose", str(specs), *arguments)
    assert done.code == 1
    assert told in done.out
