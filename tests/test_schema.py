"""The JSON Schema is valid, takes what the reader takes, and refuses what an editor can see."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from building import harmonize
from conftest import FULL, HEAD, told
from jsonschema import Draft202012Validator

from harmonize.decisions import Decision
from harmonize.fields import AUDIENCES, Info, Kind, declared
from harmonize.measures import SYSTEMS, Measure
from harmonize.reading.nodes import parse
from harmonize.schema import SHAPES, decisions_schema, spec_schema
from harmonize.sets import AREAS, HIDEABLE, RESERVED, MeasureSet
from harmonize.trees import Items, Node, Scalar

ROOT: Final = Path(__file__).parent.parent
SCHEMA: Final = spec_schema()
VALIDATOR: Final = Draft202012Validator(SCHEMA)
SPECS: Final = sorted(
    (*ROOT.glob("specs/*.yaml"), *ROOT.glob("examples/*/specs/**/*.yaml"), ROOT / "tests/full.yaml")
)


def as_text(node: Node) -> Any:
    """A spec as our reader sees it: every scalar is text."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [as_text(one) for one in node.items]
    return {key.text: as_text(value) for key, value in node.pairs}


def as_typed(node: Node) -> Any:
    """A spec as an editor sees it, which takes plain scalars for numbers and truth (YAML 1.2)."""
    if isinstance(node, Items):
        return [as_typed(one) for one in node.items]
    if not isinstance(node, Scalar):
        return {key.text: as_typed(value) for key, value in node.pairs}
    if not node.plain:
        return node.text
    if re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e[-+]?[0-9]+)?", node.text, re.IGNORECASE):
        return float(node.text)
    words = {"true": True, "false": False, "null": None, "~": None, "": None}
    return words.get(node.text.lower(), node.text)


def seen(text: str) -> tuple[Any, Any]:
    """A spec as both see it."""
    root = parse(text if text.startswith(("harmonize", "#")) else HEAD + text, "a.yaml")
    return as_text(root), as_typed(root)


def faults(value: Any) -> list[str]:
    """What the schema has against a value."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(value)]


def test_it_is_a_schema_of_its_draft() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SHAPES) == set(Kind)


def test_what_the_command_prints_is_the_schema() -> None:
    assert json.loads(harmonize("schema").out) == SCHEMA
    assert harmonize("schema", "spec").out == harmonize("schema").out


DECISIONS: Final = sorted(
    path
    for path in ROOT.glob("examples/**/*.yaml")
    if path.read_text("utf-8").startswith("harmonize: 1\ndecisions:")
)


@pytest.mark.parametrize("path", DECISIONS, ids=[str(p.relative_to(ROOT)) for p in DECISIONS])
def test_the_schema_of_decisions_takes_every_shipped_file(path: Path) -> None:
    schema = json.loads(harmonize("schema", "decisions").out)
    assert schema == decisions_schema()
    Draft202012Validator.check_schema(schema)
    found = [*Draft202012Validator(schema).iter_errors(as_text(parse(path.read_text(), "a.yaml")))]
    assert found == []


def test_the_page_of_decisions_names_every_key() -> None:
    page = harmonize("schema", "decisions", "-f", "markdown").out
    assert {f"| `{name}` |" for name in declared(Decision)} <= {
        f"{line.split(' | ')[0]} |" for line in page.splitlines()
    }


@pytest.mark.parametrize("path", SPECS, ids=[str(path.relative_to(ROOT)) for path in SPECS])
def test_it_takes_every_shipped_spec(path: Path) -> None:
    for value in seen(path.read_text("utf-8")):
        assert faults(value) == []


# --- keys and words, from the declarations ------------------------------------------------------


def _objects(cls: type, schema: dict[str, Any]) -> Iterator[tuple[type, dict[str, Any]]]:
    """Each record with the schema of its map."""
    yield cls, schema
    for name, info in declared(cls).items():
        if info.record and info.record is not Measure:
            yield from _objects(info.record, _map_in(schema["properties"][name]))


def _map_in(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a map, alone or among others or in a list; empty if there is none."""
    if "properties" in schema:
        return schema
    inside = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else [])]
    return next(filter(None, map(_map_in, inside)), {})


OBJECTS: Final = [
    *_objects(MeasureSet, SCHEMA),
    *_objects(Measure, SCHEMA["$defs"]["measure"]),
]


def test_every_key_of_every_record_and_no_other() -> None:
    records = {i.record for cls, _ in OBJECTS for i in declared(cls).values() if i.record}
    assert records <= {cls for cls, _ in OBJECTS}
    for cls, schema in OBJECTS:
        assert list(schema["properties"]) == list(declared(cls)), cls
        assert schema["additionalProperties"] is False
        for name, info in declared(cls).items():
            assert schema["properties"][name]["description"] == info.help


CLOSED: Final = [
    pytest.param(info, schema["properties"][name], id=f"{cls.__name__}.{name}")
    for cls, schema in OBJECTS
    for name, info in declared(cls).items()
    if info.kind in (Kind.CHOICE, Kind.CHOICES, Kind.FLAG)
]


@pytest.mark.parametrize(("info", "schema"), CLOSED)
def test_every_word_of_a_closed_vocabulary_and_no_other(info: Info, schema: dict[str, Any]) -> None:
    one = Draft202012Validator(schema)
    words = [*(info.choices or ("true", "false")), *(synonym for synonym, _ in info.synonyms)]
    for word in words:
        for way in (word, word.upper(), word.title(), word.replace(" ", "_"), f" {word} "):
            assert one.is_valid(way), way
        assert not one.is_valid(f"{word}x")
    assert not one.is_valid("zzz")
    assert not one.is_valid("none")
    assert one.is_valid(words[:2]) is (info.kind is Kind.CHOICES)
    assert not one.is_valid([])


@pytest.mark.parametrize("slug", [*RESERVED, "Concept", "-a", "a b", ""])
def test_slugs_that_cannot_be_used(slug: str) -> None:
    assert faults({"harmonize": 1, "payer": slug, "measures": ["T"]})


@pytest.mark.parametrize("area", AREAS)
def test_one_area_is_enough(area: str) -> None:
    spec = as_text(parse(FULL, "full.yaml"))
    assert faults({"harmonize": 1, "payer": "a", area: spec[area]}) == []
    assert faults({"harmonize": 1, "payer": "a"})


@pytest.mark.parametrize("name", HIDEABLE)
def test_what_may_be_hidden_and_from_whom(name: str) -> None:
    for who in AUDIENCES:
        assert (
            faults({"harmonize": 1, "payer": "a", "measures": ["T"], "visibility": {name: who}})
            == []
        )
    assert faults({"harmonize": 1, "payer": "a", "measures": ["T"], "visibility": {name: "me"}})


# --- the same as the reader ---------------------------------------------------------------------

GOOD: Final = [
    "measures: [T, {title: U}]",
    "measures: [{title: 2025}]",
    "measures: [{title: T, threshold: NONE}]",
    "measures: [{title: T, denominator_exclusions: [none]}]",
    "measures: [{title: T, denominator_exclusions: hospice}]",
    "measures: [{title: T, ids: {cbe: 0034, x-own: [1, a]}}]",
    "measures: [{title: T, ages: 17}]",
    "measures: [{title: T, ages: {min: 18, unit: Year, as_of: START}}]",
    'measures: [{title: T, threshold: {value: "< 9%"}}]',
    'measures: [{title: T, threshold: [{for: a, value: "< 9%"}, {value: 3}]}]',
    "measures: [{title: T, events: 2, minimum_denominator: 30}]",
    "measures: [{title: T, target: 65%, benchmark: 71%}]",
    "measures: [{title: T, weight: 1.5 X}]",
    "measures: [{title: T, assigned: ids.x-own}]",
    "measures: [{title: T, rates: [{title: U}]}]",
    "measures: [{title: T, notes: none, source: None}]",
    "members: 310,000\nmeasures: [T]",
    "locked: threshold\nmeasures: [T]",
    "payment: {lan_categories: [1, 2a]}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_both_take(text: str) -> None:
    assert not [line for line in told(text) if "HZ30" not in line]
    for value in seen(text):
        assert faults(value) == []


BAD: Final = [
    "- harmonize",
    "measures: []",
    "measures: T",
    "measures: [{}]",
    "measures: [[T]]",
    "measures: [{id: a}]",
    "measures: ['']",
    "harmonize: 2\npayer: a\nmeasures: [T]",
    "harmonize: 1\nmeasures: [T]",
    "harmonize: 1\npayer: a",
    "zzz: a\nmeasures: [T]",
    "measurement_year: 25\nmeasures: [T]",
    "effective: {from: 1/1/2025}\nmeasures: [T]",
    "effective: {}\nmeasures: [T]",
    "complete: maybe\nmeasures: [T]",
    "sources: {title: a}\nmeasures: [T]",
    "locked: [treshold]\nmeasures: [T]",
    "members: many\nmeasures: [T]",
    "visibility: {title: public}\nmeasures: [T]",
    "visibility: {}\nmeasures: [T]",
    "participation: [{id: a}]",
    "payment: {streams: [{amount: a}]}",
    "payment: {lan_categories: [5A]}",
    *(
        f"measures: [{{title: T, {keys}}}]"
        for keys in (
            "zzz: a",
            "sex: ''",
            "sex: none",
            "sex: [a]",
            "sex: {a: b}",
            "condition: []",
            "condition: [[a]]",
            "condition: [a, none]",
            "threshold: ''",
            "threshold: []",
            "threshold: [{for: a}]",
            "threshold: [{who: a, value: b}]",
            "ages: none",
            "ages: {}",
            "ages: {min: 1, unit: fortnights}",
            "ages: {min: 18.5}",
            "ages: {min: -1}",
            "ages: {unit: years}",
            "ages: {low: 1}",
            "follow_up: 30",
            "weight: 10",
            "weight: ten",
            "minimum_denominator: few",
            "minimum_denominator: -1",
            "ids: {}",
            "ids: {nqf: 1}",
            "ids: {cbe: none}",
            "ids: CMS165",
            "target: {}",
            "target: {amount: 1}",
            "incentive: $25",
            "benchmark: {value: 1%, year: 24}",
            "assigned: [zzz]",
            "rates: []",
            "rates: [a]",
            "rates: [{id: a}]",
            "rates: [{title: a, rates: [{title: b}]}]",
        )
    ),
]


@pytest.mark.parametrize("text", BAD)
def test_what_neither_takes(text: str) -> None:
    whole = f"# one\n{text}" if text.startswith("-") else text
    assert [line for line in told(whole) if "HZ2" in line]
    for value in seen(whole):
        assert faults(value)


def test_an_overlay_may_leave_to_its_base_what_is_required() -> None:
    overlay = "harmonize: 1\nextends: b.yaml\nmeasures: [{id: CBP, ages: 18+}]\n"
    for value in seen(overlay):
        assert faults(value) == []
        assert faults({**value, "measures": [{"id": "CBP", "rates": [{"id": "a"}]}]})
        del value["extends"]
        assert faults(value)


def test_every_identifier_system_is_offered() -> None:
    ids = SCHEMA["$defs"]["measure"]["properties"]["ids"]
    assert tuple(ids["properties"]) == SYSTEMS
