"""Headings as people write them, and the file that knows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.headings import is_of_list, is_target, plain, targets
from harmonize.problems import SpecError
from harmonize.reading.headings import FILE, read_mapping, shipped, unknown
from harmonize.reading.nodes import parse
from harmonize.trees import Items, Pairs, Scalar

KNOWN = shipped()


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NQF #", "ids.cbe"),
        ("nqf", "ids.cbe"),
        ("CBE ID", "ids.cbe"),
        ("NQF No.", "ids.cbe"),
        ("NQF # (if endorsed)", "ids.cbe"),
        ("CMS eCQM ID", "ids.cms"),
        ("MIPS #", "ids.mips"),
        ("Quality ID", "ids.mips"),
        ("HEDIS", "ids.hedis"),
        ("Measure Name", "title"),
        ("QUALITY  MEASURE", "title"),
        ("measure_name", "title"),
        ("Age Range", "ages"),
        ("age_min", "ages.min"),
        ("Maximum age", "ages.max"),
        ("Steward", "steward"),
        ("Measure type", "measure_type"),
        ("Data source", "data_source"),
        ("Collection type", "data_source"),
        ("Benchmark", "benchmark.value"),
        ("Target", "target.value"),
        ("Weight", "weight"),
        ("Higher is better", "improvement_notation"),
        ("Lower is better", "inverse"),
        ("ids.x-state", None),
        ("ids.cbe", "ids.cbe"),
        ("target.basis", "target.basis"),
        ("Medicaid", None),
        ("Votes", None),
        ("", None),
    ],
)
def test_a_heading_means_its_field(heading: str, field: str | None) -> None:
    found = KNOWN.hear(heading)
    assert (found and found.field) == field
    assert not found or not found.like


@pytest.mark.parametrize(
    ("heading", "field"),
    [("Measure Nmae", "title"), ("Stewards", "steward"), ("Endorsement Numbers", "ids.cbe")],
)
def test_a_heading_that_is_nearly_known_is_taken_and_said(heading: str, field: str) -> None:
    found = KNOWN.hear(heading)
    assert found is not None
    assert found.field == field
    assert found.like


@given(st.text(max_size=30))
def test_any_heading_is_heard_or_not(heading: str) -> None:
    found = KNOWN.hear(heading)
    assert found is None or is_target(found.field)
    assert plain(plain(heading)) == plain(heading)


def test_every_entry_of_the_file_is_a_field_and_has_a_source() -> None:
    from importlib.resources import files

    root = parse(files("harmonize.data").joinpath(FILE).read_text("utf-8"), FILE)
    assert isinstance(root, Pairs)
    names: list[str] = []
    for section in ("headings", "words", "sections"):
        rows = root.get(section)
        assert isinstance(rows, Items)
        for row in rows.items:
            assert isinstance(row, Pairs)
            source, field, own = row.get("source"), row.get("field"), row.get("names")
            assert isinstance(source, Scalar)
            assert source.text
            assert section == "sections" or (isinstance(field, Scalar) and is_target(field.text))
            if section == "headings" and isinstance(own, Items):
                names += [plain(n.text) for n in own.items if isinstance(n, Scalar)]
    assert len(names) == len(set(names)), "a heading stands under two fields"


def test_every_word_of_the_file_is_one_of_its_field() -> None:
    for field, words in KNOWN.words.items():
        known = ("increase", "decrease") if field == "inverse" else targets()[field].choices
        assert set(words.values()) <= set(known), field


def test_of_a_list_is_what_no_measure_has() -> None:
    assert is_of_list("program")
    assert is_of_list("measurement_year")
    assert not is_of_list("status")
    assert not is_of_list("target.value")


def test_a_mapping_is_read_with_all_that_is_wrong() -> None:
    text = 'mapping:\n  "Their #": ids.cbe\n  Core: tick\n  Own: ids.x-state\n'
    assert read_mapping(text, "m.yaml") == {
        "Their #": "ids.cbe",
        "Core": "tick",
        "Own": "ids.x-state",
    }
    with pytest.raises(SpecError) as error:
        read_mapping("mapping:\n  A: nqf\n  B: [title]\n", "m.yaml")
    assert [str(p).split()[:2] for p in error.value.problems] == [
        ["m.yaml:2:6:", "HZ205"],
        ["m.yaml:3:6:", "HZ204"],
    ]
    with pytest.raises(SpecError):
        read_mapping("columns: {A: title}\n", "m.yaml")
    assert "ids.cbe" in unknown("nqf")
