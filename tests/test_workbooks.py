"""Workbooks: values as a person sees them, merged cells, several sheets, and what is spoilt."""

import datetime as dt
import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from importing import csv, measures, packed, refused, sets, workbook, xlsx

from harmonize import books
from harmonize.importers import workbooks
from harmonize.trees import Source

HEAD = ("Measure Name", "NQF #", "Age Range", "Target", "Domain", "Medicaid", "Medicare")


def _matrix() -> openpyxl.Workbook:
    book = workbook(
        (
            "Measures",
            [
                ("Aligned set",),
                (),
                HEAD,
                ("BEHAVIORAL HEALTH",),
                ("Controlling \u201cHigh\u201d BP", 18, "18-85", 0.65, "chronic", "X", None),
                ("Glycemic Status", 59.0, None, 0.1234, None, "X", "yes"),
                ("Total", None, None, None, None, 2, 2),
            ],
        ),
        ("Read me", [("hello",)]),
    )
    sheet = book["Measures"]
    sheet["D5"].number_format = "0%"
    sheet["D6"].number_format = "0.00%"
    sheet.merge_cells("A4:G4")
    sheet.merge_cells("E5:E6")
    sheet.merge_cells("F5:G5")
    sheet.row_dimensions[6].hidden = True
    return book


def test_a_workbook_is_read_as_a_person_sees_it() -> None:
    found = xlsx(packed(_matrix()), ticks=("Medicaid", "Medicare"))
    medicaid, medicare = sets(found)
    for one in (medicaid, medicare):
        pressure, sugar = sorted(one.measures or (), key=lambda m: m.title)
        assert pressure.title == "Controlling \u201cHigh\u201d BP"
        assert (pressure.ids, sugar.ids) == ({"cbe": ("0018",)}, {"cbe": ("0059",)})
        assert [getattr(m.target, "text", "") for m in (pressure, sugar)] == ["65%", "12.34%"]
        assert [m.domain for m in (pressure, sugar)] == ["chronic", "chronic"]
        assert str(pressure.place_of("ages")) == "list.xlsx[Measures]:5"
        assert pressure.place_of("ages").column == 3
    assert found.counts[-1] == "2 rows, 4 ticks in; 4 measures out, 2 files; 0 dropped"
    assert "hidden and imported like the others: rows 1, columns 0" in "\n".join(found.notes)


def test_what_pandas_writes_is_what_stood_in_the_csv() -> None:
    text = (
        "title,cbe_id,mips_id,age_min,age_max,hedis,id_source\n"
        "Falls,0101,318,65,,,listed\nFlu,0041,,,17,AIS,assigned\nBP,,001,18,85,,\n"
    )
    out = io.BytesIO()
    pd.read_csv(io.StringIO(text)).to_excel(out, index=False)  # with the zeros eaten
    assert measures(xlsx(out.getvalue())) == measures(csv(text))


def test_numbers_dates_and_flags() -> None:
    book = workbook(
        ("S", [("Title", "A", "B", "C", "D", "E"), ("Falls", dt.date(2025, 1, 31), True, 0.1 + 0.2,
                                                    dt.time(3, 4), 18)]),
    )  # fmt: skip
    book["S"]["F2"].number_format = "0000"
    (one,) = measures(xlsx(packed(book)))
    assert one.notes == "A: 2025-01-31\nB: true\nC: 0.3\nD: 03:04:00\nE: 0018"


def test_the_sheet_that_reads_as_a_list_is_taken() -> None:
    rows = [("Title", "Steward"), ("Falls", "CMS")]
    two = packed(workbook(("One", rows), ("Notes", [("x",)]), ("Two", rows)))
    assert refused(lambda: xlsx(two)) == ["list.xlsx:1:1: HZ413"]
    assert refused(lambda: xlsx(two, sheet="Three")) == ["list.xlsx:1:1: HZ411"]
    assert measures(xlsx(two, sheet="Two"))[0].place.file == "list.xlsx[Two]"
    hidden = workbook(("One", rows), ("Two", rows))
    hidden["One"].sheet_state = "hidden"
    assert measures(xlsx(packed(hidden)))[0].place.file == "list.xlsx[Two]"
    none = packed(workbook(("One", [("x",)])))
    assert refused(lambda: xlsx(none)) == ["list.xlsx[One]:1:1: HZ402"]


def test_spoilt_cells_are_named() -> None:
    book = workbook(
        ("S", [("Title", "Ages"), ("A", "=1+1"), ("B", "#REF!"), ("C", dt.date(2025, 5, 11))]),
        ("Other", [("#REF!",)]),
    )
    assert refused(lambda: xlsx(packed(book))) == [
        "list.xlsx[S]:2:2: HZ412",
        "list.xlsx[S]:3:2: HZ412",
        "list.xlsx[S]:4:2: HZ412",
    ]


def test_results_of_formulas_are_read() -> None:
    raw = packed(workbook(("S", [("Title", "Steward"), ("A", "=1+1"), ("B", "=2+2")])))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
                text = text.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
            new.writestr(name, text)
    one, two = measures(xlsx(out.getvalue()))
    assert (one.steward, two.steward) == ("2", None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "HZ414"),
        (b"Title,Steward\n", "HZ414"),
        (b"\xd0\xcf\x11\xe0" + bytes(20), "HZ414"),
        (b"PK\x05\x06" + bytes(18), "HZ414"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, code: str) -> None:
    assert refused(lambda: xlsx(data)) == [f"list.xlsx:1:1: {code}"]


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    far = workbook(("S", [("Title",)]))
    far["S"]["XFD1048576"] = "x"
    assert refused(lambda: xlsx(packed(far))) == ["list.xlsx[S]:1048576:16384: HZ008"]
    monkeypatch.setattr(books, "UNPACKED", 100)
    assert refused(lambda: xlsx(packed(workbook(("S", [("Title",)]))))) == ["list.xlsx:1:1: HZ008"]


def test_nothing_that_is_written_is_a_formula() -> None:
    texts = [["=1+1", "+2", "#REF!", "0018", "_x0041_", " x "], ["a"]]
    data = workbooks.made([("S", texts)])
    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    assert {cell.data_type for cell in sheet[1]} == {"s"}
    ((grid,), _) = workbooks.read_workbook(Source("a.xlsx", data))
    assert [[c.text for c in row if c.text] for row in grid.rows] == texts
    assert grid.spoilt == ()
