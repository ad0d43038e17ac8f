"""The frames of a notebook: what their documentation says of them is so, and nothing runs."""

import re
import subprocess
import sys

import pandas as pd
import pytest
from building import EXAMPLES, ROOT, published, spec
from pandas.api.types import is_string_dtype

import harmonize
from harmonize.columns import COLUMNS, column
from harmonize.notebook import DTYPES, PARTS, Comparison, documented, frame
from harmonize.views import VIEWS, view

CBP = "Controlling High Blood Pressure"
MARK = "<!-- frames -->\n"


@pytest.fixture(scope="module")
def found() -> Comparison:
    return harmonize.compare(str(EXAMPLES / "onecare-vermont" / "specs"))


@pytest.mark.parametrize("name", PARTS)
def test_a_part_has_the_columns_and_types_that_are_documented(found: Comparison, name: str) -> None:
    part = getattr(found, name)
    assert part.columns.tolist() == list(PARTS[name].columns)
    for head, one in PARTS[name].columns.items():
        assert part[head].dtype == DTYPES[one.holds]
        assert one.means.endswith(".")
    assert len(part) or name in ("decisions", "signals", "withheld")  # of which there are none here
    text = part.select_dtypes("string")
    assert not text.isin(["", "None", "nan"]).to_numpy().any()


@pytest.mark.parametrize("name", PARTS)
def test_a_report_on_nothing_has_frames_of_the_same_types(found: Comparison, name: str) -> None:
    empty = Comparison(published()).part(name)
    assert empty.dtypes.to_dict() == found.part(name).dtypes.to_dict()


def test_parts_say_what_the_views_say(found: Comparison) -> None:
    for name in ("overlap", "pairs", "related", "questions", "summary"):
        rows = view(found.published, name, "long").rows
        assert len(found.part(name)) == len(rows)
    assert found.pairs["confidence"].between(0, 1).all()
    summary = found.summary.set_index("figure")["value"]
    assert len(found.concepts) == len(found.report.rows)
    assert summary["shared_by_two_or_more"] == 6
    counted = found.payers.loc[found.payers["counted"], "measures"]
    assert counted.sum() == summary["measures_listed"]
    both = found.overlap.merge(found.measures, on=["payer", "measure", "concept", "title"])
    assert len(both) == len(found.measures) == len(found.overlap)
    values = found.divergence.groupby(["concept", "attribute"])["value"].nunique()
    assert (values >= 2).all()


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("layout", ["wide", "long"])
def test_every_column_of_every_view_is_known(found: Comparison, name: str, layout: str) -> None:
    one = frame(found, name, layout=layout)
    payers = set(found.payers["payer"])
    assert set(one.columns) - payers <= COLUMNS[name].keys()
    for head in one.columns:
        assert one[head].dtype == DTYPES[column(name, head).holds]
    assert frame(found.published, name, layout=layout).equals(one)


def test_what_is_not_stated_is_missing_and_ids_are_text() -> None:
    sets = (
        spec("alpha", {"id": "007", "title": CBP, "ages": "18+"}),
        spec("bravo", {"id": "2", "title": CBP, "ages": "18-85", "steward": "N\u202eQA"}),
    )
    report = Comparison(published(*sets))
    measures = report.measures.set_index("payer")
    assert measures.loc["alpha", "measure"] == "007"
    assert pd.isna(measures.loc["alpha", "steward"])
    assert measures.loc["bravo", "steward"] == "N\\u202eQA"
    assert report.divergence["value"].tolist() == ["18+", "18-85"]
    assert report.divergence["counted"].all()
    assert is_string_dtype(report.overlap["measure"])


def test_a_list_that_does_not_say_whether_it_is_whole_is_not_said_to_be() -> None:
    said = {"alpha": {"complete": True}, "bravo": {"complete": False}, "charlie": {}}
    sets = (spec(payer, CBP, **about) for payer, about in said.items())
    whole = Comparison(published(*sets)).payers.set_index("payer")["complete"]
    assert (whole["alpha"], whole["bravo"]) == (True, False)
    assert pd.isna(whole["charlie"])


def test_a_path_is_a_path_however_it_is_written() -> None:
    folder = EXAMPLES / "rates" / "specs"
    written = [harmonize.compare(one).summary for one in (folder, str(folder), [folder])]
    assert all(written[0].equals(one) for one in written[1:])


def test_an_audience_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"'publik': there is .*public, participants"):
        harmonize.compare(str(EXAMPLES / "rates" / "specs"), audience="publik")


def test_a_report_shows_itself(found: Comparison) -> None:
    assert repr(found).startswith("<What 4 payer lists ask for")
    assert "6 of 12 measures" in repr(found)
    tags = re.findall(r"<(\w+)", found._repr_html_())
    assert set(tags) <= {"div", "p", "strong", "ul", "li", "table", "thead", "tbody", "tr", "th",
                         "td"}  # fmt: skip
    assert tags.count("table") == 1


def test_the_page_on_notebooks_is_what_the_code_says(pytestconfig: pytest.Config) -> None:
    path = ROOT / "docs" / "notebook.md"
    text = path.read_text("utf-8")
    made = text.split(MARK)[0] + MARK + "\n" + documented()
    if pytestconfig.getoption("--write-examples"):
        path.write_text(made, "utf-8")
    assert made == path.read_text("utf-8")


def test_import_waits_for_no_pandas() -> None:
    code = "import sys, harmonize; print('pandas' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
    assert set(harmonize.__all__) == {"compare", "frame"}
