"""`harmonize import` and `harmonize sheet`: what is written, what is said, what is left alone."""

import json
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from building import harmonize

from harmonize.workspace import load

LIST = (
    "Measure Name,NQF #,Steward\n"
    "Controlling High Blood Pressure,18,NCQA\n"
    "Colorectal Cancer Screening (HEDIS COL),34,NCQA\n"
)
MATRIX = "Title,North,South\nFalls,X,\nFlu shots,X,7 days\n"


def called(*arguments: str) -> tuple[int, str, str]:
    """A command's exit code, and what it says on stdout and stderr."""
    done = harmonize(*arguments)
    return done.code, done.out, done.err


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_text(LIST, encoding="utf-8")
    Path("grid.csv").write_text(MATRIX, encoding="utf-8")


def test_one_list_goes_to_stdout() -> None:
    code, out, err = called("import", "csv", "list.csv")
    assert code == 0
    assert out.startswith("harmonize: 1\npayer: list\n\nmeasures:\n  - id: controlling-high")
    assert 'ids: {cbe: "0018"}  # read as 0018: a spreadsheet had dropped the zeros' in out
    assert err.splitlines() == [
        "list.csv:",
        "  Measure Name -> title",
        "  NQF #        -> ids.cbe",
        "  Steward      -> steward",
        "2 rows in; 2 measures out, 1 file; ids in titles: HEDIS 1; 0 dropped",
    ]
    assert called("import", "csv", "list.csv", "--quiet") == (0, out, "")


def test_what_is_written_can_be_read_and_is_not_overwritten() -> None:
    code, out, err = called("import", "csv", "list.csv", "-o", "new/specs/lake.yaml")
    assert (code, out) == (0, "")
    assert err.endswith("wrote new/specs/lake.yaml\n")
    assert [s.payer for s in load(["new/specs"]).sets] == ["lake"]
    before = Path("new/specs/lake.yaml").read_text("utf-8")
    code, out, err = called("import", "csv", "list.csv", "-o", "new/specs/lake.yaml")
    assert (code, out) == (2, "")
    assert "new/specs/lake.yaml is there already, and nothing was written" in err
    assert "--update" in err
    assert Path("new/specs/lake.yaml").read_text("utf-8") == before
    code, _, err = called("import", "csv", "list.csv", "-o", "new/specs/lake.yaml", "--update")
    assert code == 0
    assert "nothing changes" in err
    assert "wrote" not in err


def test_a_folder_gets_a_file_for_each_payer_or_none() -> None:
    code, _, err = called("import", "csv", "grid.csv", "--tick", "North,South")
    assert code == 2
    assert "2 payers are here (north, south): give -o FOLDER" in err
    asked = ("import", "csv", "grid.csv", "--tick", "North,South")
    code, out, _ = called(*asked, "-o", "specs", "--dry-run")
    assert code == 0
    assert out == (
        "would write specs/north.yaml: 2 measures, payer north\n"
        "would write specs/south.yaml: 1 measure, payer south\n"
    )
    assert not Path("specs").exists()
    Path("specs").mkdir()
    Path("specs/south.yaml").write_text("harmonize: 1\npayer: south\nmeasures: [Falls]\n", "utf-8")
    code, out, _ = called(*asked, "-o", "specs", "--dry-run")
    assert "would change specs/south.yaml, with --update: 2 measures" in out
    assert "+    follow_up: 7 days" in out
    assert called(*asked, "-o", "specs")[0] == 2
    assert not Path("specs/north.yaml").exists()
    assert called(*asked, "-o", "specs", "--update")[0] == 0
    assert {p.name for p in Path("specs").iterdir()} == {"north.yaml", "south.yaml"}
    south = Path("specs/south.yaml").read_text("utf-8")
    assert "title: Falls" in south
    assert "follow_up: 7 days" in south


def test_an_update_shows_the_difference_and_keeps_ids_and_comments() -> None:
    called("import", "csv", "list.csv", "-o", "lake.yaml")
    text = (
        Path("lake.yaml").read_text("utf-8").replace("NCQA\n", "NCQA\n    weight: 10%  # ours\n", 1)
    )
    Path("lake.yaml").write_text(text, "utf-8")
    first, second, third = LIST.splitlines()
    Path("list.csv").write_text("\n".join((first, third, second.replace("NCQA", "CMS"))), "utf-8")
    code, out, _ = called("import", "csv", "list.csv", "-o", "lake.yaml", "--update", "--dry-run")
    assert code == 0
    assert "-    steward: NCQA" in out
    assert Path("lake.yaml").read_text("utf-8") == text
    code, out, err = called("import", "csv", "list.csv", "-o", "lake.yaml", "--update")
    assert (code, out) == (0, "")
    assert "lake.yaml: changed" in err
    assert "+    steward: CMS" in err
    assert Path("lake.yaml").read_text("utf-8") == text.replace("steward: NCQA", "steward: CMS", 1)


def test_all_problems_of_a_folder_are_told_in_one_pass() -> None:
    Path("in").mkdir()
    for name, text in {
        "ragged": 'Measure,CBE\nFalls,18\n"Flu,34\n',
        "ages": "Measure,Ages,CBE\nFalls,85-18,\n,18+,34\nFlu,18-Mar,\n",
        "bare": "Measure Name,NQF #\n",
        "headless": "a,b\nc,d\n",
        "good": LIST,
    }.items():
        Path(f"in/{name}.csv").write_text(text, "utf-8")
    code, out, err = called("import", "csv", "in", "none.csv", "-o", "specs")
    assert code == 2
    assert not Path("specs").exists()
    told = [" ".join(line.split()[:2]) for line in (out + err).splitlines() if ": HZ" in line]
    assert told == [
        "in/ages.csv:2:7: HZ206",
        "in/ages.csv:3:1: HZ403",
        "in/ages.csv:4:5: HZ412",
        "in/bare.csv:1:1: HZ002",
        "in/headless.csv:1:1: HZ402",
        "in/ragged.csv:3:1: HZ401",
        "none.csv:1:1: HZ001",
    ]


def test_an_update_is_of_the_payer_that_stands_there() -> None:
    called("import", "csv", "list.csv", "-o", "lake.yaml")
    before = Path("lake.yaml").read_text("utf-8")
    for asked in ("--update", "--dry-run"):
        code, out, err = called(
            "import", "csv", "list.csv", "-o", "lake.yaml", "--as", "other", asked
        )
        assert (code, out) == (2, "")
        assert "--as 'other': lake.yaml is of payer 'lake'" in err
    assert Path("lake.yaml").read_text("utf-8") == before
    same = ("import", "csv", "list.csv", "-o", "lake.yaml", "--as", "lake", "--update")
    assert called(*same)[0] == 0


@pytest.mark.parametrize("text", [LIST, "a,Steward\nb,c\n"])
def test_a_mapped_heading_that_stands_nowhere_is_told_with_those_near(text: str) -> None:
    Path("list.csv").write_text(text, "utf-8")
    code, _, err = called("import", "csv", "list.csv", "--map", "Stewart=title")
    assert code == 2
    assert "HZ411 --map: no column 'Stewart'; did you mean 'Steward'?" in err
    code, _, err = called("import", "csv", "list.csv", "--map", "Nope=title")
    assert code == 2
    assert "HZ411 --map: no column 'Nope'; here are " in err
    assert "'Steward'" in err


def test_names_of_payers() -> None:
    assert "payer: north\n" in called("import", "csv", "list.csv", "--as", "north")[1]
    called("import", "csv", "list.csv", "-o", "A Plan.yaml")
    assert "payer: a-plan\n" in Path("A Plan.yaml").read_text("utf-8")
    Path("measure.csv").write_text(LIST, "utf-8")
    assert "payer: measure-list\n" in called("import", "csv", "measure.csv")[1]
    code, _, err = called("import", "csv", "list.csv", "measure.csv", "-o", "one.yaml")
    assert code == 2
    assert "need a folder" in err


def test_a_folder_of_lists_is_read() -> None:
    Path("in").mkdir()
    Path("in/a.csv").write_text(LIST, "utf-8")
    Path("in/b.csv").write_text(LIST.replace(",", ";"), "utf-8")
    Path("in/readme.md").write_text("no list", "utf-8")
    code, _, err = called("import", "csv", "in", "-o", "out")
    assert code == 0
    assert "in/a.csv: 2 rows in" in err
    assert "4 rows in; 4 measures out, 2 files" in err
    Path("none").mkdir()
    code, _, err = called("import", "csv", "none", "gone.csv")
    assert code == 2
    assert err.splitlines() == [
        "gone.csv:1:1: HZ001 no such file or folder",
        "none:1:1: HZ002 no .csv or .tsv file in this folder",
    ]


def test_a_mapping_is_saved_and_used_again() -> None:
    Path("own.csv").write_text("What,Votes,Num,Plan\nFalls,5,18,x\n", "utf-8")
    assert called("import", "csv", "own.csv")[0] == 2
    asked = ("--map", "What=title", "--map", "Num=ids.cbe", "--map", "Plan=drop")
    code, out, _ = called("import", "csv", "own.csv", *asked, "--save-mapping", "map.yaml")
    assert code == 0
    assert Path("map.yaml").read_text("utf-8") == (
        'mapping:\n  "What": title\n  "Votes": notes\n  "Num": ids.cbe\n  "Plan": drop\n'
    )
    assert called("import", "csv", "own.csv", "--mapping", "map.yaml")[1] == out
    assert 'cbe: "0018"' in out
    again = ("import", "csv", "own.csv", *asked)
    assert called(*again, "--save-mapping", "map.yaml")[0] == 0
    assert called(*again, "--map", "Votes=drop", "--save-mapping", "map.yaml")[0] == 2
    assert '"Votes": notes' in Path("map.yaml").read_text("utf-8")
    Path("there.yaml").write_text("# ours\n", "utf-8")
    refused = called(*again, "--save-mapping", "new.yaml", "-o", "there.yaml")
    assert (refused[0], Path("new.yaml").exists()) == (2, False)
    code, _, err = called(*again, "--save-mapping", "there.yaml", "-o", "made.yaml")
    assert (code, Path("made.yaml").exists()) == (2, False)
    assert "there.yaml' is there already" in err
    assert Path("there.yaml").read_text("utf-8") == "# ours\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list.csv",), "Did you mean harmonize import csv list.csv?"),
        (("csv",), "Missing argument"),
        (("csv", "list.csv", "--map", "title"), "wanted 'Their heading=field'"),
        (("csv", "list.csv", "--map", "Steward=nqf"), "ids.cbe"),
        (("csv", "list.csv", "--tick", "A", "--payer-column", "B"), "give one"),
        (("csv", "list.csv", "--update"), "give with -o"),
        (("csv", "grid.csv", "--tick", "North,South", "--as", "x", "-o", "o"), "2 payers are here"),
        (("csv", "list.csv", "--mapping", "none.yaml"), "HZ001"),
        (("csv", "grid.csv"), "--tick 'North,South'"),
    ],
)
def test_usage(arguments: tuple[str, ...], said: str) -> None:
    code, out, err = called("import", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_spreadsheet_stands_where_a_spec_can() -> None:
    Path("specs").mkdir()
    Path("specs/a.yaml").write_text(
        "harmonize: 1\npayer: a\nmeasures: [Colon cancer screening]\n", "utf-8"
    )
    code, out, err = called("compare", "list.csv", "specs", "--format", "json")
    assert code == 0
    assert '"list.csv:3"' in out
    assert "colon-cancer-screening" in out
    assert err.splitlines()[0].startswith("list.csv: Measure Name -> title; NQF # -> ids.cbe")
    code, out, _ = called("compare", "specs", "--reference", "list.csv", "--format", "csv",
                          "--view", "summary")  # fmt: skip
    assert code == 0
    assert called("validate", "list.csv", "specs")[0] == 0
    code, _, err = called("compare", "grid.csv", "specs")
    assert code == 2
    assert "--tick" in err


def test_a_spec_goes_through_a_workbook() -> None:
    called("import", "csv", "list.csv", "-o", "lake.yaml")
    assert called("sheet", "lake.yaml", "-o", "lake.xlsx")[0] == 0
    assert called("sheet", "lake.yaml", "-o", "lake.xlsx")[0] == 2
    assert called("sheet", "lake.yaml", "-o", "lake.txt")[0] == 2
    assert called("sheet", "gone.yaml", "-o", "gone.xlsx")[0] == 2
    assert called("import", "xlsx", "lake.xlsx", "-o", "again.yaml")[0] == 0
    (one,), (two,) = (load([p]).sets for p in ("lake.yaml", "again.yaml"))
    assert one == two
    code, _, err = called("import", "xlsx", "lake.xlsx", "-o", "lake.yaml", "--update")
    assert code == 0
    assert "nothing changes" in err
    book = openpyxl.load_workbook("lake.xlsx")
    book["measures"].delete_rows(3)
    book["measures"]["E2"] = None  # the steward
    book.save("lake.xlsx")
    code, _, err = called("import", "xlsx", "lake.xlsx", "-o", "lake.yaml", "--update")
    assert code == 0
    assert "  taken out: Colorectal Cancer Screening (HEDIS COL)" in err
    ((one,),) = (s.measures or () for s in load(["lake.yaml"]).sets)
    assert (one.title, one.ids, one.steward) == (
        "Controlling High Blood Pressure",
        {"cbe": ("0018",)},
        None,
    )


def test_two_sources_of_one_payer_are_refused() -> None:
    called("import", "csv", "list.csv", "-o", "lake.yaml")
    for name in ("a.xlsx", "b.xlsx"):
        assert called("sheet", "lake.yaml", "-o", name)[0] == 0
    for out in ("out/", "out.yaml"):
        code, _, err = called("import", "xlsx", "a.xlsx", "b.xlsx", "-o", out)
        assert code == 2
        assert "HZ011" in err
        assert "a.xlsx[payer]" in err
        assert "b.xlsx[payer]" in err
        assert not Path(out).exists()


def test_a_workbook_without_its_payer_is_told_of() -> None:
    called("import", "csv", "list.csv", "-o", "lake.yaml")
    called("sheet", "lake.yaml", "-o", "lake.xlsx")
    book = openpyxl.load_workbook("lake.xlsx")
    rows = [row[0].value for row in book["payer"].iter_rows()]
    book["payer"].delete_rows(rows.index("payer") + 1)
    book.save("lake.xlsx")
    for out in (("-o", "out/"), ("-o", "lake.yaml", "--update"), ()):
        code, _, err = called("import", "xlsx", "lake.xlsx", *out)
        assert (code, err.split()[1]) == (2, "HZ202")
        assert err.startswith("lake.xlsx[payer]:1:1:")


def test_a_file_that_changes_a_base_gets_no_advice_that_fails() -> None:
    called("import", "csv", "list.csv", "-o", "lake.yaml")
    Path("over.yaml").write_text("harmonize: 1\npayer: hill\nextends: lake.yaml\n", "utf-8")
    code, _, err = called("sheet", "over.yaml", "-o", "over.xlsx")
    assert code == 0
    assert "--update" not in err
    assert "over.yaml changes a base" in err


def test_a_broken_file_is_not_merged_into() -> None:
    Path("lake.yaml").write_text("harmonize: 1\npayer: lake\nmeasures: [", "utf-8")
    code, _, err = called("import", "csv", "list.csv", "-o", "lake.yaml", "--update")
    assert code == 2
    assert err.startswith("lake.yaml:3:")
    assert Path("lake.yaml").read_text("utf-8").endswith("[")
    for text, code in (("- a\n", "HZ204"), ("harmonize: 1\nextends: b.yaml\n", "HZ213")):
        Path("lake.yaml").write_text(text, "utf-8")
        done = called("import", "csv", "list.csv", "-o", "lake.yaml", "--update")
        assert done[0] == 2
        assert code in done[2]


def test_hostile_text_is_only_text() -> None:
    title = "=HYPERLINK(1) <script> \u202e\x07"
    Path("bad.csv").write_text(f"Title,{title}\n{title},x\n", "utf-8")
    code, out, err = called("import", "csv", "bad.csv")
    assert code == 0
    assert "\u202e" not in out + err
    assert "\x07" not in out + err
    assert "\\u202e" in out


# --- other kinds --------------------------------------------------------------------------------

MEASURE: Final = {
    "resourceType": "Measure",
    "title": "Made-Up Foot ExamFHIR",
    "status": "active",
    "effectivePeriod": {"start": "2026-01-01", "end": "2026-12-31"},
}
ROWS_OF_2031: Final = [
    {
        "category": "quality",
        "measureId": f"{n:03}",
        "title": f"Made-up measure {n}",
        "allowedPrograms": [program],
        "isInverse": False,
    }
    for n, program in enumerate(("mips", "mips", "pcf"), start=1)
] + [{"category": "ia", "measureId": "IA_1", "title": "Made-up activity"}]


def test_measures_of_a_package_become_one_spec() -> None:
    package = Path("package")
    package.mkdir()
    (package / "foot.json").write_text(json.dumps(MEASURE), encoding="utf-8")
    (package / "exam.json").write_text(json.dumps(MEASURE | {"title": "Eye"}), encoding="utf-8")
    (package / ".DS_Store").write_bytes(b"\x00")
    code, _, err = called("import", "fhir", "package", "-o", "ecqm.yaml")
    assert code == 0, err
    assert "measures out: 2" in err
    (read,) = load(["ecqm.yaml"]).sets
    titles = [m.title for m in read.measures or ()]
    assert (read.payer, titles) == ("ecqm", ["Eye", "Made-Up Foot Exam"])


def test_filters_choose_rows_and_the_rest_is_counted() -> None:
    Path("data-2031.json").write_text(json.dumps(ROWS_OF_2031), encoding="utf-8")
    code, out, err = called("import", "qpp", "data-2031.json", "--program", "mips")
    assert code == 0, err
    assert "measures out: 2, rows of other categories: 1, rows outside the filters: 1" in err
    assert out.count("  - id:") == 2
    code, _, err = called("import", "qpp", "data-2031.json", "--program", "mipz")
    assert (code, "mips" in err) == (2, True)


def test_what_a_folder_holds_beside_is_told() -> None:
    folder = Path("lists")
    folder.mkdir()
    (folder / "LAKE.CSV").write_text(LIST, encoding="utf-8")
    (folder / "notes.txt").write_text("by hand", encoding="utf-8")
    (folder / "~$lake.csv").write_bytes(b"\x00")
    code, _, err = called("import", "csv", "lists", "-o", "lake.yaml")
    assert code == 0, err
    assert "lists:1:1: HZ013 left aside, of another kind: notes.txt\n" in err
    assert "2 rows in; 2 measures out" in err


def test_a_cell_that_says_no_is_no_ask_and_one_that_decides_nothing_is_told() -> None:
    rows = "Measure,North,South\nFalls,not required,X\nFlu shots,proposed 2031,TBD\nGait,X,?\n"
    Path("grid.csv").write_text(rows, encoding="utf-8")
    code, _, err = called("import", "csv", "grid.csv", "--tick", "North,South", "-o", "specs")
    assert code == 0, err
    lists = {s.payer: [m.title for m in s.measures or ()] for s in load(["specs"]).sets}
    assert lists == {"north": ["Gait"], "south": ["Falls"]}
    told = [line for line in err.splitlines() if "HZ415" in line]
    assert [line.split(": ")[0] for line in told] == [
        "grid.csv:3:11", "grid.csv:3:25", "grid.csv:4:8",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "asked", "told"),
    [
        ("Payer,Measure\nBlue,Falls\nBlue+,Gait\nBLUE,Flu\n", ("--payer-column", "Payer"),
         "list.csv:3:1: HZ011 'Blue+' and 'Blue' (list.csv:2) would both be called 'blue'"),
        ("Measure,North,North\nFalls,X,\nGait,,X\n", ("--tick", "North"),
         "list.csv:1:15: HZ413 a second column is called 'North', as at list.csv:1"),
    ],
)  # fmt: skip
def test_payers_that_cannot_be_told_apart_are_refused(
    rows: str, asked: tuple[str, ...], told: str
) -> None:
    Path("list.csv").write_text(rows, encoding="utf-8")
    code, _, err = called("import", "csv", "list.csv", *asked, "-o", "specs")
    assert code == 2
    assert told in err
    assert not Path("specs").exists()


def test_the_hint_names_every_payer_among_the_ticks() -> None:
    rows = "Measure,North,Middle,South\n" + "".join(
        f"Measure {n},X,{'X' if n == 4 else f'as agreed {n}'},X\n" for n in range(5)
    )
    Path("grid.csv").write_text(rows, encoding="utf-8")
    code, _, err = called("import", "csv", "grid.csv")
    assert code == 2
    assert "--tick 'North,Middle,South'" in err


def test_cells_beyond_the_headings_are_kept() -> None:
    Path("list.csv").write_text("Measure,CBE\nFalls,0101,extra,more\nGait,0102\n", encoding="utf-8")
    code, out, err = called("import", "csv", "list.csv")
    assert code == 0, err
    assert "Column C: extra\n      Column D: more" in out
    assert "Column C -> notes" in err


def test_a_word_in_a_matrix_that_nobody_can_read_counts_and_that_is_told() -> None:
    Path("grid.csv").write_text(
        "Measure,North,South\nFalls,as agreed,X\nGait,X,X\n", encoding="utf-8"
    )
    code, _, err = called("import", "csv", "grid.csv", "--tick", "North,South", "-o", "specs")
    assert code == 0
    assert "grid.csv:2:7: HZ311 'North' holds 'as agreed'" in err
    assert "kept in notes, and counted as asked" in err
