"""The flat tables: names and order of columns, one row a fact, and JSON key by key."""

import csv
import io
import json
from typing import Any, Final

import pandas as pd
import pytest
from building import EXAMPLES, drawn, example, published, spec, table
from hypothesis import given, settings
from hypothesis import strategies as st

import harmonize
from harmonize.document import document
from harmonize.sets import MeasureSet
from harmonize.views import CELLS, VIEWS
from harmonize.workspace import load

FUH: Final = "Follow-Up After Hospitalization for Mental Illness"
CBP: Final = "Controlling High Blood Pressure"


def _sets() -> tuple[MeasureSet, ...]:
    return (
        spec(
            "alpha",
            {"id": "007", "title": CBP, "ages": "18-85", "threshold": "< 140/90", "status": "core",
             "use": ["payment"], "ids": {"cbe": "0018", "cms": ["CMS165v13", "CMS165v12"]}},
            {"id": "FUH", "title": FUH, "rates": [
                {"id": "7", "title": "Within 7 days", "follow_up": "7 days"},
                {"id": "30", "title": "Within 30 days", "follow_up": "30 days"}]},
            {"id": "1", "title": "Breast Cancer Screening", "data_source": "claims"},
            {"id": "2", "title": "Breast Cancer Screening", "data_source": "ehr"},
            name="Alpha Plan",
        ),
        spec(
            "bravo",
            {"id": "1e3", "title": "Hypertension: Controlling High BP", "ages": "18+",
             "threshold": "< 140/90"},
            {"id": "f7", "title": f"{FUH} (7 Days)"},
            {"id": "b", "title": "Breast Cancer Screening"},
            role="contract",
        ),
        spec("charlie", {"id": "0", "title": CBP}, {"id": "pcr", "title": "Plan All-Cause "
                                                    "Readmissions"}, complete="false"),
        spec("ref", {"id": "r", "title": CBP, "ages": "18-85"},
             {"id": "hwr", "title": "Hospital-Wide All-Cause Unplanned Readmission"},
             role="reference"),
    )  # fmt: skip


SLUGS: Final = ("alpha", "bravo", "charlie", "ref")
PAIR: Final = (
    "payer_a", "measure_a", "title_a", "payer_b", "measure_b", "title_b", "confidence", "verdict",
    "relation", "reason",
)  # fmt: skip
# The columns that are promised; more may stand behind them.
COLUMNS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("overlap", "wide"): ("concept", "label", "payers", *SLUGS, "family", "domain", "used_by",
                          "could_use", "differs"),
    ("overlap", "long"): ("concept", "label", "payer", "measure", "title"),
    ("divergence", "wide"): ("concept", "label", "dimension", "attribute", "severity", *SLUGS,
                             "cause", "silent", "decision", "sources"),
    ("divergence", "long"): ("concept", "label", "dimension", "attribute", "severity", "payer",
                             "value", "source"),
    ("pairs", "wide"): PAIR,
    ("related", "wide"): PAIR,
    ("questions", "wide"): ("payer", "measure", "attribute", "question"),
    ("signals", "wide"): ("rank", "concept", "label", "signal", *SLUGS, "pull", "conflict",
                          "family", "sources"),
    ("signals", "long"): ("rank", "concept", "label", "signal", "payer", "value", "source"),
    ("addable", "wide"): ("payer_a", "payer_b", "concept", "label", "addable", "reason"),
    ("decisions", "wide"): ("about", "measures", "attribute", "contract_type", "answer"),
    ("withheld", "wide"): ("concept", "label", "dimension", "attribute", "count", "payers",
                           "agreement"),
    ("summary", "wide"): ("figure", "value", "of", "unit"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "layout"), COLUMNS)
def test_columns(name: str, layout: str) -> None:
    promised = COLUMNS[name, layout]
    found = table(name, *_sets(), layout=layout)
    assert found.columns[: len(promised)] == promised
    assert len(set(found.columns)) == len(found.columns)
    assert all(len(row) == len(found.columns) for row in found.rows)
    header = drawn("csv", *_sets(), view=name, layout=layout).splitlines()[0]
    assert header == ",".join(found.columns)


@pytest.mark.parametrize(
    "name", ["pairs", "related", "questions", "decisions", "addable", "withheld", "summary"]
)
def test_views_of_one_layout_are_the_same_in_both(name: str) -> None:
    assert table(name, *_sets(), layout="long") == table(name, *_sets(), layout="wide")


def test_every_view_is_promised() -> None:
    assert {name for name, _ in COLUMNS} == set(VIEWS)


def _csv(name: str, *sets: MeasureSet, layout: str = "wide", kind: str = "id") -> Any:
    """A view as a spreadsheet reads it, all of it text."""
    text = drawn("csv", *sets, view=name, layout=layout, cell=kind)
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def test_ids_keep_their_zeros() -> None:
    found = _csv("overlap", *_sets()).set_index("concept")
    assert found.loc["cbp", ["alpha", "bravo", "charlie", "ref"]].tolist() == [
        "007", "1e3", "0", "r",
    ]  # fmt: skip
    long = _csv("overlap", *_sets(), layout="long")
    assert {"007", "1e3", "0"} <= set(long["measure"])
    assert "0018" in drawn("json", *_sets())


def test_overlap_counts_and_joins() -> None:
    found = _csv("overlap", *_sets()).set_index("concept")
    assert found.loc["cbp", ["payers", "used_by", "could_use"]].tolist() == ["3", "3", "3"]
    assert found.loc["cbp", "differs"] == "ages"
    assert found.loc["bcs", "alpha"] == "1; 2"
    assert found.loc["bcs", "charlie"] == ""
    assert found.loc["fuh7", ["alpha", "bravo", "family"]].tolist() == ["FUH/7", "f7", "fuh"]
    assert found.loc["hwr", ["payers", "ref"]].tolist() == ["0", "hwr"]


CELL: Final = [
    ("id", "007"),
    ("title", CBP),
    ("status", "core, payment"),
    ("ask", "18-85"),
]


@pytest.mark.parametrize(("kind", "text"), CELL)
def test_cells(kind: str, text: str) -> None:
    found = _csv("overlap", *_sets(), kind=kind).set_index("concept")
    assert text in found.loc["cbp", "alpha"]
    assert {kind for kind, _ in CELL} == set(CELLS)


ASKED: Final[list[tuple[dict[str, Any], str]]] = [
    ({"follow_up": "30 days"}, "30d"),
    ({"threshold": "< 8%", "improvement_notation": "increase"}, "<8 higher"),
    ({"threshold": "> 9%", "improvement_notation": "decrease"}, ">9 lower"),
    ({"ages": "18+"}, "18+"),
    ({"ages": "3-21"}, "3-21"),
    ({"combination": "10"}, "combo 10"),
    ({"rates": [{"title": "a"}, {"title": "b"}]}, "both"),
    ({"rates": [{"title": "a"}, {"title": "b"}, {"title": "c"}]}, "3 rates"),
    ({}, "yes"),
]


@pytest.mark.parametrize(("fields", "text"), ASKED)
def test_cells_say_what_is_asked(fields: dict[str, Any], text: str) -> None:
    one = spec("alpha", {"id": "1", "title": "Xylograph Burnishing", **fields})
    found = table("overlap", one, kind="ask")
    asked = {row[found.columns.index("alpha")] for row in found.rows}
    assert text in asked


def test_divergence_states_each_payers_value_as_stated() -> None:
    found = _csv("divergence", *_sets()).set_index("attribute").loc["ages"]
    assert found[["alpha", "bravo", "charlie", "ref"]].tolist() == ["18-85", "18+", "", "18-85"]
    assert found[["dimension", "severity", "cause", "silent", "decision"]].tolist() == [
        "denominator", "major", "population", "charlie", "",
    ]  # fmt: skip
    assert found["sources"] == "alpha.yaml:5; bravo.yaml:5; ref.yaml:5"
    long = _csv("divergence", *_sets(), layout="long")
    rows = {tuple(r) for r in long[["attribute", "payer", "value", "source"]].to_numpy().tolist()}
    assert rows == {
        ("ages", "alpha", "18-85", "alpha.yaml:5"),
        ("ages", "bravo", "18+", "bravo.yaml:5"),
        ("ages", "ref", "18-85", "ref.yaml:5"),
    }


def test_sources_are_where_the_field_stands(tmp_path: Any) -> None:
    for payer, ages in (("alpha", "18+"), ("bravo", "18-85")):
        text = f"harmonize: 1\npayer: {payer}\nmeasures:\n  - title: {CBP}\n    id: 1\n"
        (tmp_path / f"{payer}.yaml").write_text(f"{text}    ages: {ages}\n", "utf-8")
    found = _csv("divergence", *load([str(tmp_path)]).sets)
    assert found["sources"].tolist() == [f"{tmp_path}/alpha.yaml:6; {tmp_path}/bravo.yaml:6"]


def test_pairs_are_every_pair_of_two_payers_in_a_concept_and_every_possible_one() -> None:
    sets = (
        *_sets(),
        spec("tie", {"id": "x", "title": CBP, "ages": "1-2"}, {"id": "y", "title": CBP,
                                                              "ages": "3-4"}),
    )  # fmt: skip
    found = _csv("pairs", *sets)
    assert (found["payer_a"] < found["payer_b"]).all()
    assert set(found["verdict"]) == {"match", "possible"}
    assert set(found.loc[found["verdict"] == "possible", "relation"]) == {""}
    assert "" not in set(found.loc[found["verdict"] == "match", "relation"])
    assert found["confidence"].str.fullmatch(r"[01]\.[0-9]{4}").all()
    assert found["confidence"].astype(float).between(0, 1).all()
    assert (found["reason"] != "").all()
    matches = found[found["verdict"] == "match"]
    ends = {
        frozenset((f"{a}/{b}", f"{c}/{d}"))
        for a, b, c, d in matches[["payer_a", "measure_a", "payer_b", "measure_b"]].to_numpy()
    }
    wanted = {
        frozenset((m.ref, n.ref))
        for c in published(*sets).report.crosswalk.concepts
        for m in c.members
        for n in c.members
        if m.payer < n.payer
    }
    assert ends == wanted
    keys = ["payer_a", "payer_b", "measure_a", "measure_b"]
    assert found[keys].to_numpy().tolist() == sorted(found[keys].to_numpy().tolist())


def test_related_names_the_relation() -> None:
    found = _csv("related", *_sets())
    relations = found.set_index(["measure_a", "measure_b"])["relation"].to_dict()
    assert relations["FUH", "f7"] == "part-of"
    assert relations["FUH/30", "f7"] == "sibling"
    assert relations["pcr", "hwr"] == "related-focus"
    assert set(found["verdict"]) == {"nonmatch"}
    assert set(found["relation"]) <= {"part-of", "sibling", "related-focus", "related-population"}


def test_questions_and_summary() -> None:
    assert _csv("questions", *_sets()).columns.tolist() == [
        "payer", "measure", "attribute", "question",
    ]  # fmt: skip
    asked = _csv("questions", *_sets())
    assert ("charlie", "0", "ages") in set(
        asked[["payer", "measure", "attribute"]].itertuples(index=False, name=None)
    )
    found = _csv("summary", *_sets()).set_index("figure")
    assert found.loc["measures_listed", ["value", "of"]].tolist() == ["9", ""]
    assert found.loc["shared_by_two_or_more_percent", "unit"] == "percent of distinct measures"


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("layout", ["wide", "long"])
def test_csv_is_sorted_complete_and_says_neither_none_nor_nan(name: str, layout: str) -> None:
    for sets in (_sets(), example("rates"), ()):
        text = drawn("csv", *sets, view=name, layout=layout)
        rows = list(csv.reader(io.StringIO(text)))
        assert "\r" not in text
        assert text.endswith("\n")
        assert not text.startswith("\ufeff")
        assert len({len(row) for row in rows}) == 1
        cells = {cell for row in rows[1:] for cell in row}
        assert not cells & {"None", "nan", "NaN", "null"}
        if rows[0][0] == "concept":
            assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])


def test_csv_views_hold_no_line_that_says_everything_twice() -> None:
    report = published(*example("onecare-vermont")).report
    for name in VIEWS:
        for layout in ("wide", "long"):
            rows = VIEWS[name](report, layout, "id").rows
            assert len(set(rows)) == len(rows)


# --- JSON ---------------------------------------------------------------------------------------

KEYS: Final[dict[str, list[str]]] = {
    "": ["schema", "payers", "concepts", "families", "divergences", "possible", "related",
         "unmatched", "summary"],
    "payers": ["payer", "name", "role", "measures"],
    "concepts": ["id", "label", "family", "members", "confidence", "relation"],
    "families": ["id", "label", "concepts"],
    "divergences": ["concept", "label", "dimension", "attribute", "severity", "cause",
                    "positions", "silent"],
    "possible": list(PAIR),
    "related": list(PAIR),
    "summary": ["figure", "value", "of", "unit"],
}  # fmt: skip


def _json(*sets: MeasureSet) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(drawn("json", *sets))
    return found


@pytest.mark.parametrize("part", KEYS)
def test_json_keys_in_order(part: str) -> None:
    tie = spec("tie", {"id": "x", "title": CBP, "ages": "1-2"}, {"id": "y", "title": CBP,
                                                                "ages": "3-4"})  # fmt: skip
    found = _json(*_sets(), tie)
    rows = [found] if not part else found[part]
    assert rows
    for row in rows:
        assert list(row)[: len(KEYS[part])] == KEYS[part]


def test_json_says_what_the_contract_says() -> None:
    found = _json(*_sets())
    assert found["schema"] == "harmonize.report/1"
    assert [(p["payer"], p["name"], p["role"], p["measures"]) for p in found["payers"]] == [
        ("alpha", "Alpha Plan", "contract", 4),
        ("bravo", "bravo", "contract", 3),
        ("charlie", "charlie", "contract", 2),
        ("ref", "ref", "reference", 2),
    ]
    cbp = next(c for c in found["concepts"] if c["id"] == "cbp")
    assert cbp["members"][0] == {
        "payer": "alpha",
        "measure": "007",
        "title": CBP,
        "ids": {"cbe": ["0018"], "cms": ["CMS165v12", "CMS165v13"]},
        "source": "alpha.yaml:5",
    }
    assert 0 < cbp["confidence"] <= 1
    assert cbp["relation"] in ("identical", "harmonized", "modified", "undetermined")
    single = next(c for c in found["concepts"] if c["id"] == "hwr")
    assert (single["confidence"], single["relation"]) == (None, None)
    homes = {c["id"]: c["family"] for c in found["concepts"]}
    assert {name: f["id"] for f in found["families"] for name in f["concepts"]} == homes
    assert set(found["unmatched"]) == {
        "alpha/FUH", "alpha/FUH/30", "charlie/pcr", "ref/hwr",
    }  # fmt: skip
    (ages,) = found["divergences"]
    assert [list(p)[:3] for p in ages["positions"]] == [["value", "payers", "sources"]] * 2
    assert [p["payers"] for p in ages["positions"]] == [["bravo"], ["alpha", "ref"]]
    assert ages["silent"] == ["charlie"]


def test_json_has_the_csvs_numbers() -> None:
    found = _json(*_sets())
    assert [tuple(row[k] for k in KEYS["summary"]) for row in found["summary"]] == list(
        table("summary", *_sets()).rows
    )
    assert all(isinstance(row["value"], int | float) for row in found["summary"])
    pairs = {(row["payer_a"], row["measure_a"]) for row in found["related"]}
    assert pairs == {row[:2] for row in table("related", *_sets()).rows}


def test_json_of_nothing() -> None:
    found = _json()
    assert (found["payers"], found["concepts"], found["families"]) == ([], [], [])


# --- notebooks ----------------------------------------------------------------------------------


def test_a_notebook_gets_frames(tmp_path: Any) -> None:
    found = harmonize.compare(str(EXAMPLES / "rates"))
    frame = harmonize.frame(found)
    assert frame.columns[:5].tolist() == list(COLUMNS["overlap", "long"])
    assert len(frame) == sum(len(c.members) for c in found.report.crosswalk.concepts)
    assert harmonize.frame(found, "summary").set_index("figure")["value"]["measures_listed"] == 10
    with pytest.raises(AttributeError):
        harmonize.nothing_of_the_sort  # noqa: B018


# --- on anything --------------------------------------------------------------------------------

TITLES: Final = st.sampled_from([CBP, FUH, f"{FUH} (7 Days)", "Xylograph", "=1+1", "A|B", "\u00e9"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(TITLES, st.sampled_from(["18+", "18-85", "adults", ""])), min_size=1,
            max_size=4, unique_by=lambda line: line[0],
        ),
        min_size=1,
        max_size=3,
    )
)  # fmt: skip
def test_every_view_fits_its_columns(lists: list[list[tuple[str, str]]]) -> None:
    sets = tuple(
        spec(slug, *({"title": t, **({"ages": a} if a else {})} for t, a in lines))
        for slug, lines in zip(SLUGS, lists, strict=False)
    )
    found = published(*sets)
    for name in VIEWS:
        for layout in ("wide", "long"):
            for row in VIEWS[name](found.report, layout, "ask").rows:
                assert len(row) == len(VIEWS[name](found.report, layout, "ask").columns)
                assert all(cell is None or isinstance(cell, str | int | float) for cell in row)
    assert json.loads(json.dumps(document(found))) == document(found)
