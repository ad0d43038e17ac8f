"""Workbooks: what stands in them is what the views say, and what people wrote stays."""

import datetime as dt
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from building import (
    KNOWN,
    ROOT,
    drawn,
    example,
    harmonize,
    process,
    published,
    raw,
    sheets,
    spec,
    text_of,
    written,
)
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from harmonize import books
from harmonize.audience import Published, publish
from harmonize.books import LONGEST, ROWS
from harmonize.columns import SHEETS, Holds, column, keys
from harmonize.document import document
from harmonize.figures import DEFINITIONS
from harmonize.page import page
from harmonize.problems import SpecError
from harmonize.reading import margins as reading
from harmonize.render import RENDERERS, Wanted, workbook
from harmonize.render.sheets import GONE, told
from harmonize.sets import MeasureSet
from harmonize.views import VIEWS, view
from harmonize.workspace import load

CBP: Final = "Controlling High Blood Pressure"
FUH: Final = "Follow-Up After Hospitalization for Mental Illness"


def _sets() -> tuple[MeasureSet, ...]:
    return (
        spec("alpha", {"id": "007", "title": CBP, "ages": "18-85", "status": "core"},
             {"id": "=FUH", "title": f"{FUH} (7 Days)"}),
        spec("bravo", {"id": "0018", "title": CBP, "ages": "18+"}, "Mammography"),
        spec("ref", {"id": "1", "title": CBP, "steward": "NCQA"}, role="reference"),
    )  # fmt: skip


def _book(found: Published, **wanted: Any) -> Workbook:
    return sheets(RENDERERS["xlsx"](found, Wanted(**wanted)))


# --- what stands in it --------------------------------------------------------------------------


SHIPPED: Final[dict[str, Callable[[], tuple[MeasureSet, ...]]]] = {
    "specs": lambda: load([str(ROOT / "specs")]).sets,
    "onecare-vermont": lambda: example("onecare-vermont"),
    "made up": _sets,
    "nothing": tuple,
}


@pytest.mark.parametrize("case", SHIPPED)
def test_sheets_hold_what_the_views_say(case: str) -> None:
    found = published(*SHIPPED[case]())
    book = _book(found)
    assert book.sheetnames == ["Committee", *(v.capitalize() for v in VIEWS), "Definitions"]
    for name in VIEWS:
        table = view(found, name)
        numbers = {h for h in table.columns if column(name, h).holds is Holds.NUMBER}
        rows = list(book[name.capitalize()].iter_rows(values_only=True))
        assert rows[0] == table.columns
        wanted = [
            tuple(
                float(v) if isinstance(v, str) and h in numbers else None if v == "" else v
                for h, v in zip(table.columns, row, strict=True)
            )
            for row in table.rows
        ]
        assert rows[1:] == wanted


def test_a_workbook_has_the_numbers_of_the_json() -> None:
    found = published(*SHIPPED["onecare-vermont"]())
    book, told_by_json = _book(found), document(found)
    rows = book["Summary"].iter_rows(min_row=2, values_only=True)
    assert [*rows] == [
        tuple(one[k] for k in ("figure", "value", "of", "unit")) for one in told_by_json["summary"]
    ]
    overlap = [*book["Overlap"].iter_rows(min_row=2, values_only=True)]
    assert [row[0] for row in overlap] == [one["id"] for one in told_by_json["concepts"]]
    pairs = book["Pairs"].iter_rows(min_row=2, values_only=True)
    possible = [row[6] for row in pairs if row[7] == "possible"]
    assert possible == [one["confidence"] for one in told_by_json["possible"]]


def test_the_committee_reads_the_page() -> None:
    found = published(*SHIPPED["onecare-vermont"]())
    shown = page(found)
    texts = {c.value for row in _book(found)["Committee"].iter_rows() for c in row}
    assert {shown.title, *shown.figures, *shown.notes, *shown.endings} <= texts
    for domain, lines in shown.blocks:
        assert domain in texts
        assert {line.label for line in lines} <= texts
        assert {line.concept for line in lines} <= texts
    for title, items in shown.sections:
        assert not items or title in texts
        assert {"\n".join(line.strip() for line in item.lines) for item in items} <= texts
    assert "3 of 4" in texts
    assert "CBE 0576; HEDIS FUH" in texts


def test_ids_are_text_and_numbers_are_numbers() -> None:
    overlap = _book(published(*_sets()))["Overlap"]
    heads = [c.value for c in overlap[1]]
    cbp = next(row for row in overlap.iter_rows(min_row=2) if row[0].value == "cbp")
    alpha, payers = cbp[heads.index("alpha")], cbp[heads.index("payers")]
    assert (alpha.value, alpha.data_type, alpha.number_format) == ("007", "s", "@")
    assert (payers.value, payers.data_type) == (2, "n")
    fuh = next(r for r in overlap.iter_rows() if r[heads.index("alpha")].value == "=FUH")
    cell = fuh[heads.index("alpha")]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_sheet_can_be_read_searched_and_printed() -> None:
    book = _book(published(*SHIPPED["onecare-vermont"]()))
    for sheet in book.worksheets:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        widths = {one.width for one in sheet.column_dimensions.values()}
        assert all(8 < width < 60 for width in widths)
        assert len(sheet.title) <= 31
    assert book["Committee"].column_dimensions["A"].hidden
    assert book["Divergence"].conditional_formatting
    assert book["Overlap"].conditional_formatting


def test_every_column_and_every_figure_is_defined() -> None:
    found = published(*SHIPPED["onecare-vermont"]())
    book = _book(found)
    defined = {row[:2] for row in book["Definitions"].iter_rows(min_row=2, values_only=True)}
    for name in VIEWS:
        heads = [c.value for c in book[name.capitalize()][1]]
        assert {(name.capitalize(), head) for head in heads} <= defined
    figures = {f.figure.split(":")[0] for f in found.report.summary}
    assert {("figures", name) for name in figures} <= defined
    assert {("figures", d.figure.removesuffix(":")) for d in DEFINITIONS} <= defined


def test_it_opens_on_the_view_that_was_asked_for() -> None:
    found = published(*_sets())
    assert _book(found).active.title == "Committee"
    for name in ("overlap", "summary"):
        assert _book(found, view=name).active.title == name.capitalize()


# --- the file -----------------------------------------------------------------------------------


def test_same_specs_give_the_same_bytes_without_clock_or_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text_of("alpha", CBP, "Mammography"), text_of("bravo", CBP)]
    folders = [
        written(tmp_path / "a", *texts, names=["x.yaml", "y.yaml"]),
        written(tmp_path / "b", *texts[::-1], names=["x.yaml", "y.yaml"]),
    ]
    made = []
    for folder in folders:
        monkeypatch.chdir(folder)
        files = ["x.yaml", "y.yaml"] if folder.name == "a" else ["y.yaml", "x.yaml"]
        found = publish(load(sorted(files)).sets, KNOWN, "broker")
        made.append(RENDERERS["xlsx"](found, Wanted(layout="wide")))
    one, other = (_without_places(book) for book in made)
    assert one == other
    again = RENDERERS["xlsx"](found, Wanted())
    assert again == made[1]
    assert isinstance(again, bytes)
    with zipfile.ZipFile(io.BytesIO(again)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    book = sheets(again)
    assert book.properties.creator == "harmonize"
    assert book.properties.lastModifiedBy is None
    assert book.properties.modified == book.properties.created


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.xlsx"
        done = process("compare", str(ROOT / "examples" / "a1c" / "specs"), "-o", str(path),
                       env={**os.environ, "PYTHONHASHSEED": seed})  # fmt: skip
        assert done.returncode == 0
        made.append(path.read_bytes())
    assert made[0] == made[1]


def _without_places(made: str | bytes) -> str:
    return raw(made).replace("x.yaml", "?.yaml").replace("y.yaml", "?.yaml")


def test_nothing_in_the_package_makes_excel_ask_for_a_repair() -> None:
    book = sheets(RENDERERS["xlsx"](published(*_sets()), Wanted()))
    made = raw(RENDERERS["xlsx"](published(*_sets()), Wanted()))
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames)
    assert "<f>" not in made
    assert "<tablePart" not in made
    for sheet in book.worksheets:
        ranges = [str(one) for one in sheet.merged_cells.ranges]
        assert len(set(ranges)) == len(ranges)
        assert all((row.height or 0) <= 409 for row in sheet.row_dimensions.values() if row.height)


def test_a_text_is_cut_where_a_cell_ends_and_says_so() -> None:
    shown = told("x" * (LONGEST + 1))
    assert len(shown) == LONGEST
    assert shown.endswith("[cut here: 32,768 characters]")
    assert told("x" * LONGEST) == "x" * LONGEST
    assert told("_x000A_") == "_x005F_x000A_"
    assert told("a\nb", "c") == "a\\nb\nc"


def test_rows_are_cut_where_a_sheet_ends_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 20)
    found = published(*SHIPPED["onecare-vermont"]())
    overlap = [*_book(found)["Overlap"].iter_rows(values_only=True)]
    rows = len(view(found, "overlap").rows)
    assert len(overlap) <= 20
    assert str(overlap[-1][0]).startswith(f"cut here: {rows - 16} more rows")


# --- what people wrote --------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    alpha = text_of("alpha", {"id": "1", "title": CBP, "ages": "18-85"}, "Mammography", FUH)
    bravo = text_of("bravo", {"id": "2", "title": CBP, "ages": "18+"}, "Mammography")
    written(tmp_path / "specs", alpha, bravo, names=["alpha.yaml", "bravo.yaml"])
    monkeypatch.chdir(tmp_path)
    assert harmonize("compare", "-o", "out.xlsx").code == 0
    return tmp_path


def _edited(path: Path, edit: Callable[[Workbook], None]) -> None:
    book = load_workbook(path)
    edit(book)
    book.save(path)


def _row(sheet: Worksheet, key: str) -> int:
    return next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == key)


def _voted(book: Workbook) -> None:
    committee, overlap, divergence = (book[n] for n in ("Committee", "Overlap", "Divergence"))
    last = committee.max_column + 1
    committee.cell(_row(committee, "row"), last, "vote")
    committee.cell(_row(committee, "cbp"), last, "keep 18-85")
    settle = next(r for r in range(1, 99) if committee.cell(r, 2).value == "D1")
    committee.cell(settle, last, "3 May")
    overlap.insert_cols(2)
    overlap.cell(1, 2, "owner")
    overlap.cell(_row(overlap, "cbp"), 2, "Ann")
    overlap.cell(_row(overlap, "fuh"), 2, "=not a formula").data_type = "s"
    last = overlap.max_column + 1
    overlap.cell(1, last, "when")
    due = overlap.cell(_row(overlap, "cbp"), last, dt.datetime(2027, 1, 31))  # noqa: DTZ001
    due.number_format = "yyyy-mm-dd"
    overlap.column_dimensions["B"].width = 33
    divergence.cell(1, divergence.max_column + 1, "note")
    divergence.cell(2, divergence.max_column, 5)
    votes = book.create_sheet("Votes")
    votes["A1"], votes["B2"] = "who", '=COUNTIF(Overlap!B:B,"Ann")'
    votes.column_dimensions["A"].width = 21


def _beside(sheet: Worksheet, head: str) -> dict[Any, Any]:
    """What stands in the last column of that name, by the first column."""
    at = next(row for row in sheet.iter_rows() if any(c.value == head for c in row))
    place = max(i for i, c in enumerate(at) if c.value == head)
    below = sheet.iter_rows(min_row=at[0].row + 1, values_only=True)
    return {row[0]: row[place] for row in below if row[place] is not None}


def test_columns_that_people_added_are_kept_by_concept(folder: Path) -> None:
    _edited(folder / "out.xlsx", _voted)
    more = text_of("zulu", "Asthma Medication Ratio", CBP)
    written(folder / "specs", more, names=["zulu.yaml"])
    for _ in range(2):  # and what was kept once is kept again
        done = harmonize("compare", "-o", "out.xlsx")
        assert done.code == 0
        assert done.err == (
            "out.xlsx: formulas of sheet 'Votes' are kept: columns that they name may move.\n"
        )
        book = load_workbook("out.xlsx")
        votes = _beside(book["Committee"], "vote")
        assert votes.pop("cbp") == "keep 18-85"
        assert [*votes.values()] == ["3 May"]
        assert _beside(book["Overlap"], "owner") == {"cbp": "Ann", "fuh": "=not a formula"}
        overlap = book["Overlap"]
        owner = next(c for row in overlap.iter_rows() for c in row if c.value == "=not a formula")
        assert owner.data_type == "s"
        assert overlap.column_dimensions[owner.column_letter].width == 33
        due = next(c for row in overlap.iter_rows() for c in row if c.is_date)
        assert (due.value.year, due.number_format) == (2027, "yyyy-mm-dd")
        assert _beside(book["Divergence"], "note")["cbp"] == 5
        assert book["Votes"]["B2"].value == '=COUNTIF(Overlap!B:B,"Ann")'
        assert book["Votes"].column_dimensions["A"].width == 21
        assert "zulu" in {c.value for c in overlap[1]}


def test_what_is_about_a_concept_that_is_gone_stands_below_until_it_is_back(folder: Path) -> None:
    _edited(folder / "out.xlsx", _voted)
    spec_of_alpha = (folder / "specs" / "alpha.yaml").read_text("utf-8")
    (folder / "specs" / "alpha.yaml").write_text(text_of("alpha", "Mammography"), "utf-8")
    assert harmonize("compare", "-o", "out.xlsx").code == 0
    book = load_workbook("out.xlsx")
    overlap = book["Overlap"]
    below = [row[0] for row in overlap.iter_rows(values_only=True)]
    assert below.index("fuh") == below.index(GONE) + 1
    label = overlap.cell(below.index("fuh") + 1, 2).value
    assert label == FUH
    assert _beside(overlap, "owner") == {"cbp": "Ann", "fuh": "=not a formula"}
    assert _beside(book["Divergence"], "note") == {"cbp": 5}
    committee = [row[2] for row in book["Committee"].iter_rows(values_only=True)]
    assert GONE in committee
    (folder / "specs" / "alpha.yaml").write_text(spec_of_alpha, "utf-8")
    assert harmonize("compare", "-o", "out.xlsx").code == 0
    again = load_workbook("out.xlsx")
    assert GONE not in {row[0] for row in again["Overlap"].iter_rows(values_only=True)}
    assert _beside(again["Overlap"], "owner") == {"cbp": "Ann", "fuh": "=not a formula"}


def test_without_additions_a_second_run_writes_the_same_bytes(folder: Path) -> None:
    first = (folder / "out.xlsx").read_bytes()
    assert harmonize("compare", "-o", "out.xlsx").code == 0
    assert (folder / "out.xlsx").read_bytes() == first


def test_a_formula_beside_a_row_becomes_what_it_is_and_that_is_said(folder: Path) -> None:
    def edit(book: Workbook) -> None:
        overlap = book["Overlap"]
        overlap.cell(1, overlap.max_column + 1, "sum")
        overlap.cell(2, overlap.max_column, "=C2+1")

    _edited(folder / "out.xlsx", edit)
    done = harmonize("compare", "-o", "out.xlsx")
    assert done.code == 0
    assert "formula Overlap!" in done.err
    assert "=C2+1" in _beside(load_workbook("out.xlsx")["Overlap"], "sum").values()
    assert "<f>" not in raw((folder / "out.xlsx").read_bytes())


def _no_definitions(book: Workbook) -> None:
    del book["Definitions"]


def _no_keys(book: Workbook) -> None:
    book["Overlap"].delete_cols(1)


@pytest.mark.parametrize(
    "other",
    [b"", b"PK\x03\x04 no workbook", b"plain text", _no_definitions, _no_keys, Workbook().save],
    ids=["empty", "half a file", "text", "no definitions", "no ids", "another workbook"],
)
def test_a_file_of_another_kind_is_refused_and_left_alone(folder: Path, other: Any) -> None:
    path = folder / "out.xlsx"
    if isinstance(other, bytes):
        path.write_bytes(other)
    elif other in (_no_definitions, _no_keys):
        _edited(path, other)
    else:
        other(path)
    before = path.read_bytes()
    done = harmonize("compare", "-o", "out.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("out.xlsx:1:1: HZ405 ")
    assert "-o" in done.err
    assert path.read_bytes() == before


def test_what_is_beside_hidden_rows_is_not_handed_on(folder: Path) -> None:
    _edited(folder / "out.xlsx", _voted)
    before = (folder / "out.xlsx").read_bytes()
    done = harmonize("compare", "-o", "out.xlsx", "--audience", "public")
    assert done.code == 2
    assert "HZ405" in done.err
    assert "it is for broker, not for public" in done.err
    assert (folder / "out.xlsx").read_bytes() == before
    assert harmonize("compare", "-o", "public.xlsx", "--audience", "public").code == 0
    assert harmonize("compare", "-o", "public.xlsx", "--audience", "broker").code == 0


def test_a_workbook_needs_a_file(folder: Path) -> None:
    done = harmonize("compare", "-f", "xlsx")
    assert (done.code, done.out) == (2, "")
    assert "-o" in done.err


def test_a_note_stays_with_its_row_where_a_key_repeats(folder: Path) -> None:
    one = {"id": "1", "title": CBP, "ages": "18-85"}
    other = {**one, "id": "1b", "part_of": "1", "part": "collection type"}
    written(folder / "specs", text_of("alpha", one, other), names=["alpha.yaml"])
    run = ("compare", "--layout", "long", "-o", "long.xlsx")
    assert harmonize(*run).code == 0
    sheet = load_workbook("long.xlsx")["Divergence"]
    alphas = [
        row[0].row for row in sheet.iter_rows() if {"ages", "alpha"} <= {c.value for c in row}
    ]
    assert len(alphas) == 2
    place = sheet.max_column + 1

    def edit(book: Workbook) -> None:
        book["Divergence"].cell(1, place, "note")
        book["Divergence"].cell(alphas[1], place, "on the second")

    _edited(folder / "long.xlsx", edit)
    for _ in range(2):
        assert harmonize(*run).code == 0
        sheet = load_workbook("long.xlsx")["Divergence"]
        assert [sheet.cell(row, place).value for row in alphas] == [None, "on the second"]


def test_what_people_note_of_a_difference_stays_beside_it(folder: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["Divergence"]
        place = sheet.max_column + 1
        sheet.cell(1, place, "our note")
        sheet.cell(_row(sheet, "cbp"), place, "18-85 for all")

    heads = [*(c.value for c in load_workbook("out.xlsx")["Divergence"][1]), "our note"]
    _edited(folder / "out.xlsx", edit)
    for layout in ("wide", "wide", "long", "wide"):
        assert harmonize("compare", "--layout", layout, "-o", "out.xlsx").code == 0
        sheet = load_workbook("out.xlsx")["Divergence"]
        told = {c.value for row in sheet.iter_rows() for c in row}
        assert "18-85 for all" in told
    assert _beside(sheet, "our note") == {"cbp": "18-85 for all"}
    assert [c.value for c in sheet[1]] == heads


def test_comments_and_hidden_sheets_are_kept_or_it_is_said_that_they_are_not(folder: Path) -> None:
    def edit(book: Workbook) -> None:
        _voted(book)
        overlap, votes = book["Overlap"], book["Votes"]
        own = overlap.cell(_row(overlap, "cbp"), 2)
        own.comment = Comment("since May", "Ann")
        own.hyperlink = "https://example.org/"
        overlap["A1"].comment = Comment("what is this?", "Ann")
        votes["A1"].comment = Comment("by hand", "Bob")
        votes.sheet_state = book["Pairs"].sheet_state = book["Committee"].sheet_state = "hidden"
        book.active = 1

    _edited(folder / "out.xlsx", edit)
    done = harmonize("compare", "-o", "out.xlsx")
    assert "out.xlsx: comments of sheet 'Overlap' are not kept: 1." in done.err
    assert "out.xlsx: links of sheet 'Overlap' are not kept: 1." in done.err
    again = harmonize("compare", "-o", "out.xlsx")
    assert "not kept" not in again.err
    book = load_workbook("out.xlsx")
    cells = [c for name in ("Overlap", "Votes") for row in book[name].iter_rows() for c in row]
    remarks = {c.value: (c.comment.text, c.comment.author) for c in cells if c.comment}
    assert remarks == {"Ann": ("since May", "Ann"), "who": ("by hand", "Bob")}
    assert {s.title for s in book if s.sheet_state == "hidden"} == {"Pairs", "Votes"}


def test_what_stands_far_outside_costs_nothing_or_is_refused(folder: Path) -> None:
    def edit(book: Workbook) -> None:
        book.create_sheet("Far").cell(ROWS, 300, "here")

    _edited(folder / "out.xlsx", edit)
    assert harmonize("compare", "-o", "out.xlsx").code == 0
    assert load_workbook("out.xlsx")["Far"].cell(ROWS, 300).value == "here"
    _edited(folder / "out.xlsx", lambda book: book["Overlap"].cell(ROWS, 300, "x") and None)
    before = (folder / "out.xlsx").read_bytes()
    done = harmonize("compare", "-o", "out.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"out.xlsx[Overlap]:{ROWS}:300: HZ008 ")
    assert (folder / "out.xlsx").read_bytes() == before


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "UNPACKED", 100)
    done = harmonize("compare", "-o", "out.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("out.xlsx:1:1: HZ008 ")


def test_what_reads_a_workbook_says_what_it_cannot() -> None:
    with pytest.raises(SpecError, match=r"report\.xlsx:1:1: HZ405 .*cannot be read"):
        reading.read(b"nothing", "report.xlsx")
    assert keys("divergence", ("concept", "label", "attribute")) == ("concept", "attribute")
    assert set(SHEETS) == {"committee", *VIEWS, "definitions"}
    assert "xlsx" not in drawn("csv")


# --- another program ----------------------------------------------------------------------------


@pytest.mark.browser
def test_libreoffice_converts_it_without_complaint(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("HARMONIZE_BROWSER") == "required":
            pytest.fail("LibreOffice is required and not here")
        pytest.skip("LibreOffice is not here")
    found = published(*SHIPPED["onecare-vermont"]())
    made = RENDERERS["xlsx"](found, Wanted())
    assert isinstance(made, bytes)
    (tmp_path / "report.xlsx").write_bytes(made)
    for form in ("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
                 "pdf"):  # fmt: skip
        done = subprocess.run(
            (office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
             "--convert-to", form, "--outdir", str(tmp_path), str(tmp_path / "report.xlsx")),
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0
        assert b"rror" not in done.stdout + done.stderr
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    summary = (tmp_path / "report-Summary.csv").read_text("utf-8").splitlines()
    table = view(found, "summary")
    assert summary[0] == ",".join(table.columns)
    assert len(summary) == len(table.rows) + 1
    assert "measures_listed,24,," in summary[1]
