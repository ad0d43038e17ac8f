"""Specs as rows and as workbooks, and back: what comes back is equal."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from building import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import packed, refused, sets, xlsx
from test_composing import HERE, TEXTS, TRAPS, spec

from harmonize.flattening import root_of, rows_of, steps_of
from harmonize.importers.sheets import workbook_of
from harmonize.importers.workbooks import LONGEST
from harmonize.merging import plainly
from harmonize.problems import SpecError
from harmonize.reading.nodes import parse
from harmonize.reading.specs import read_root
from harmonize.trees import Pairs

WORDS = (
    TEXTS | TRAPS | st.sampled_from(["=1+1", "_x0041_", "\\u{41}", "a; b", "a;b", "#REF!", "x/y"])
)
RATES = st.fixed_dictionaries({"title": WORDS}, optional={"id": WORDS, "notes": WORDS})
MEASURES = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        "id": WORDS,
        "notes": WORDS,
        "condition": st.lists(WORDS, min_size=1, max_size=3),
        "ids": st.fixed_dictionaries(
            {"cbe": WORDS}, optional={"x-a.b": st.lists(WORDS, min_size=1)}
        ),
        "threshold": st.just([{"for": "60 and over", "value": "< 150/90 mm Hg"}]),
        "target": st.sampled_from(["65%", {"value": "65%", "basis": "attainment"}]),
        "ages": st.sampled_from(["18-85", {"min": "18", "max": "85", "as_of": "start"}]),
        "data_source": st.sampled_from(["claims", ["ehr", "claims"]]),
        "visibility": st.just({"target": "withheld"}),
        "rates": st.lists(RATES, min_size=1, max_size=2),
    },
)


def _back(root: Pairs) -> Any:
    (found,) = sets(xlsx(workbook_of(root)))
    return found


@given(st.lists(MEASURES, min_size=1, max_size=3), WORDS)
@settings(max_examples=40)
def test_a_spec_comes_back_from_its_rows_and_its_workbook(measures: list[Any], notes: str) -> None:
    root = spec(measures, notes=notes, sources=[{"title": notes}, {"url": notes}])
    try:
        before, _ = read_root(root)
    except SpecError:
        return  # two ids alike, or a text that says nothing
    assert read_root(root_of(*rows_of(root), HERE))[0] == before
    assert _back(root) == before


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_shipped_specs_come_back(path: Path) -> None:
    root = parse(path.read_text("utf-8"), str(path))
    assert isinstance(root, Pairs)
    assert _back(root) == read_root(root)[0]


def test_a_spec_with_everything_comes_back() -> None:
    path = ROOT / "tests" / "full.yaml"
    root = parse(path.read_text("utf-8"), str(path))
    assert isinstance(root, Pairs)
    assert plainly(root_of(*rows_of(root), HERE)) != plainly(root)  # another order of keys
    assert _back(root) == read_root(root)[0]


def test_a_workbook_can_be_edited() -> None:
    root = spec(
        [
            {
                "id": "CBP",
                "title": "BP",
                "ids": {"cbe": "0018"},
                "rates": [{"id": "r", "title": "R"}],
            },
            {"id": "COL", "title": "Colon"},
        ]
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(root)))
    sheet = book["measures"]
    assert [c.value for c in sheet[1]] == ["row", "id", "title", "ids.cbe"]
    assert [[c.value for c in row] for row in sheet.iter_rows(min_row=2)] == [
        ["measure", "CBP", "BP", "0018"],
        ["rate", "CBP/r", "R", None],
        ["measure", "COL", "Colon", None],
    ]
    sheet["D4"] = 34  # typed as a number
    sheet["E1"], sheet["E4"] = "Vote", "yes"
    sheet.append(["measure", None, "Falls"])
    found = xlsx(packed(book))
    (one,) = sets(found)
    held = {m.title: m for m in one.measures or ()}
    assert held["Colon"].ids == {"cbe": ("0034",)}
    assert held["Colon"].notes == "Vote: yes"
    assert held["R"].rate_of == "CBP"
    assert held["Falls"].minted
    assert found.counts == ("4 rows in; 3 measures and 1 rates out, 1 file; 0 dropped",)
    book["payer"]["A9"], book["payer"]["B9"] = "colour", "red"
    assert refused(lambda: xlsx(packed(book))) == ["list.xlsx[payer]:9:2: HZ201"]


def test_a_workbook_can_be_sorted() -> None:
    root = spec(
        [
            {"id": "CBP", "title": "BP", "rates": [{"id": "r", "title": "R"}]},
            {"id": "COL", "title": "Colon", "rates": [{"id": "a", "title": "A"}]},
        ]
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(root)))
    sheet = book["measures"]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
    for at, row in enumerate(sorted(rows, key=lambda r: (r[0] != "rate", r[1])), start=2):
        for column, text in enumerate(row, start=1):
            sheet.cell(at, column, text)
    (one,) = sets(xlsx(packed(book)))
    assert one == read_root(root)[0]


def test_a_text_that_no_cell_holds_is_refused() -> None:
    root = spec([{"title": "Falls", "notes": "x" * (LONGEST + 1)}])
    assert refused(lambda: workbook_of(root)) == ["a.csv:2:3: HZ112"]


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("title", ("title",)),
        ("ids.x-a.b", ("ids", "x-a.b")),
        ("ids.cbe[2]", ("ids", "cbe", 2)),
        ("sources[1].title", ("sources", 1, "title")),
        ("payment.streams[2].kind", ("payment", "streams", 2, "kind")),
        ("Votes cast", None),
        ("a[0]", None),
        ("", ()),
    ],
)
def test_paths(path: str, steps: Any) -> None:
    assert steps_of(path) == steps
