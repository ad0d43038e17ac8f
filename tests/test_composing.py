"""YAML that a person would be glad to edit, and that the reader reads as the same spec."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from building import ROOT
from hypothesis import given
from hypothesis import strategies as st

from harmonize.composing import composed, composed_mapping
from harmonize.merging import plainly
from harmonize.problems import Place
from harmonize.reading.headings import read_mapping
from harmonize.reading.nodes import parse
from harmonize.reading.specs import read_root
from harmonize.trees import Items, Node, Pairs, Scalar

HERE = Place("a.csv", 2, 3)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
TRAPS = st.sampled_from(
    (
        *("NO", "0018", "1.10", "2025-01-01", "null", "~", "true", "12:30", "1e3", "="),
        *("a: b", "a #b", "> 9%", "- x", "'q'", '"', "\\", "{a}", "[b", "x,y", "a:", "#"),
        *("*a", "&a", "!t", "%x", "@x", "`x", "?", "| x", "a\nb", " a", "a ", "a  b"),
        *("\u202etxt", "\x07", "\u2028", "\ufeff", "\U000f0001", "word " * 60),
    )
)


def tree(value: Any, remark: str = "") -> Node:
    """A value as a tree."""
    if isinstance(value, dict):
        return Pairs(tuple((Scalar(k, HERE), tree(v, remark)) for k, v in value.items()), HERE)
    if isinstance(value, list):
        return Items(tuple(tree(v, remark) for v in value), HERE)
    return Scalar(value, HERE, remark=remark)


def spec(measures: list[Any], remark: str = "", **about: Any) -> Pairs:
    """The tree of a spec."""
    root = tree({"harmonize": "1", "payer": "lake", **about, "measures": measures}, remark)
    assert isinstance(root, Pairs)
    return root


@given(TEXTS | TRAPS, TEXTS | TRAPS, st.lists(TEXTS | TRAPS, min_size=1, max_size=3), st.text())
def test_what_is_written_is_read(title: str, notes: str, words: list[str], remark: str) -> None:
    one = {"id": "x", "title": title, "notes": notes, "any_of": words, "ids": {"x-a": words}}
    root = spec([one, title, {"title": title, "rates": [{"title": notes}]}], remark, notes=notes)
    again = parse(composed(root), "a.yaml")
    assert plainly(again) == plainly(root)


@given(TRAPS)
def test_other_readers_of_yaml_see_text(text: str) -> None:
    made = composed(spec([{"title": text, "condition": [text]}]))
    if text.isprintable():
        found = yaml.safe_load(made)["measures"][0]
        assert found == {"title": text, "condition": [text]}


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_shipped_specs_come_back(path: Path) -> None:
    root = parse(path.read_text("utf-8"), str(path))
    assert isinstance(root, Pairs)
    again = parse(composed(root), str(path))
    assert read_root(again) == read_root(root)
    assert isinstance(again, Pairs)
    assert composed(again) == composed(root)


def test_a_spec_as_a_person_would_write_it() -> None:
    root = spec(
        [
            {
                "threshold": "< 140/90 mm Hg",
                "ids": {"hedis": "CBP", "cbe": "0018"},
                "title": "Hypertension: Controlling High BP",
                "ages": "18-85",
                "notes": "One\nTwo",
                "id": "236",
                "denominator_exclusions": ["hospice", "palliative care"],
                "rates": [{"title": "Below 140", "threshold": "< 140 mm Hg"}],
            },
            {"title": "Falls", "target": {"value": "65%", "basis": "attainment"}},
            "Only a title",
        ],
        measurement_year="2025",
        sources=[{"title": "List", "url": "https://example.org/a"}],
        members="310000",
        complete="false",
    )
    assert composed(root) == (
        "harmonize: 1\n"
        "payer: lake\n"
        "measurement_year: 2025\n"
        "complete: false\n"
        "members: 310000\n"
        "sources:\n"
        '  - {title: List, url: "https://example.org/a"}\n'
        "\n"
        "measures:\n"
        '  - id: "236"\n'
        '    title: "Hypertension: Controlling High BP"\n'
        '    ids: {hedis: CBP, cbe: "0018"}\n'
        "    ages: 18-85\n"
        "    denominator_exclusions: [hospice, palliative care]\n"
        '    threshold: "< 140/90 mm Hg"\n'
        "    rates:\n"
        '      - {title: Below 140, threshold: "< 140 mm Hg"}\n'
        "    notes: |-\n"
        "      One\n"
        "      Two\n"
        "\n"
        "  - title: Falls\n"
        "    target: {value: 65%, basis: attainment}\n"
        "  - Only a title\n"
    )


def test_what_was_inferred_stands_beside_the_value() -> None:
    one = Pairs(
        (
            (Scalar("title", HERE, remark="above\ntwo lines"), Scalar("Falls", HERE)),
            (Scalar("id", HERE), Scalar("falls", HERE, remark="minted")),
            (Scalar("notes", HERE), Scalar("a\nb", HERE, remark="from\nthe \u202e cell")),
        ),
        HERE,
    )
    root = Pairs((*spec([])[0][:2], (Scalar("measures", HERE), Items((one,), HERE))), HERE)
    assert composed(root).split("measures:\n")[1] == (
        "  - id: falls  # minted\n"
        "    # above\n"
        "    # two lines\n"
        "    title: Falls\n"
        "    # from the \\u202e cell\n"
        "    notes: |-\n"
        "      a\n"
        "      b\n"
    )


@given(
    st.dictionaries(TEXTS, st.sampled_from(["title", "ids.cbe", "notes", "ids.x-a"]), max_size=4)
)
def test_a_mapping_is_read_again(mapping: dict[str, str]) -> None:
    text = composed_mapping("mapping", mapping.items())
    if mapping:
        assert read_mapping(text, "m.yaml") == mapping
