"""Specs as a whole: every key, keys that there are not, several files, and the way back to YAML."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from conftest import FULL, HEAD, about, measure, of, read, told, warned
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.fields import Kind, declared
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.problems import MOST, SpecError
from harmonize.reading.misnomers import MISNOMERS
from harmonize.reading.records import READERS
from harmonize.reading.specs import read_spec, read_specs
from harmonize.sets import AREAS, MeasureSet
from harmonize.values import (
    NOTHING,
    Ages,
    Count,
    Cut,
    Duration,
    Share,
    Threshold,
    read_ages,
    stated,
)

BASE: Final = "harmonize: 1\npayer: base\nmeasures: [A measure]\n"


# --- every key ----------------------------------------------------------------------------------


def _full() -> MeasureSet:
    return read(FULL, {"base.yaml": BASE})


def _records(value: object) -> Iterator[Any]:
    """A record and all records inside it."""
    if isinstance(value, tuple):
        for one in value:
            yield from _records(one)
    elif is_dataclass(value) and declared(type(value)):
        yield value
        for one in fields(value):
            yield from _records(getattr(value, one.name))


def test_every_key_of_the_format_is_read() -> None:
    stating: dict[type, set[str]] = {}
    for record in _records(_full()):
        names = {
            k for k, i in declared(type(record)).items() if getattr(record, i.name) is not None
        }
        stating.setdefault(type(record), set()).update(names)
    assert MeasureSet in stating
    for cls, names in stating.items():
        assert names == set(declared(cls)), cls
    records = {i.record for cls in stating for i in declared(cls).values() if i.record}
    assert records <= set(stating)


def test_what_every_key_comes_to() -> None:
    whole = _full()
    assert (whole.harmonize, whole.measurement_year, whole.complete) == ("1", "2025", "true")
    assert whole.members == Count(310000, "310000")
    assert whole.locked == ("ids.cbe", "threshold")
    assert whole.visibility == {"payment": "withheld", "weight": "participants"}
    assert whole.effective is not None
    assert (whole.effective.from_, whole.effective.to) == ("2025-01-01", "2025-12-31")
    assert whole.scope is not None
    assert whole.scope.ages == read_ages("18+")
    one = {m.id: m for m in whole.measures or ()}["CBP-AD"]
    assert one.ids == {
        "cbe": ("0018",), "cmit": ("167",), "cms": ("CMS165v13",), "hedis": ("CBP",),
        "mips": ("236", "236SSP"), "star": ("C01",), "x-local": ("B/7",),
    }  # fmt: skip
    assert one.ages == read_ages("18-85")
    assert stated(one.ages) == "17-84 at the start of the period"
    assert one.denominator_exclusions == ("end-stage renal disease", "hospice")
    assert one.denominator_exceptions == NOTHING
    assert one.threshold == Threshold(
        (
            Cut("<", (Fraction(150), Fraction(90)), "mm hg"),
            Cut("<", (Fraction(140), Fraction(90)), "mm hg", "adults"),
        ),
        "",
    )
    assert stated(one.threshold) == "< 150/90 mm Hg; adults: < 140/90 mm Hg"
    assert one.events == Count(2, "2")
    assert one.follow_up == Duration(Fraction(30), "30 days")
    assert one.data_source == ("claims", "ehr")
    assert one.risk_adjusted == "false"
    assert one.weight == Share(Fraction(10), "%", "10%")
    assert one.target is not None
    assert one.target != NOTHING
    assert stated(one.target) == "65% attainment"
    assert stated(one.benchmark) == "71%, percentile 90, medicaid, 2024"
    assert whole.payment is not None
    assert whole.payment.lan_categories == ("2A", "3A")


def test_every_kind_of_field_has_a_reader() -> None:
    assert set(READERS) == set(Kind)


def test_the_required_keys_are_enough() -> None:
    one = read("harmonize: 1\npayer: acme\nmeasures: [Controlling High Blood Pressure]\n")
    assert [m.title for m in one.measures or ()] == ["Controlling High Blood Pressure"]
    for area in ("convening: {convener: a}", "participation: [{title: a}]",
                 "payment: {attribution: a}", "feedback: [{level: a}]"):  # fmt: skip
        assert read(area).measures is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("harmonize: 1\nmeasures: [T]", ["1:1: HZ202 'payer' is missing"]),
        ("harmonize: 1\npayer: a", [("1:1: HZ202 none of the areas stands here: give measures, "
                                    "convening, participation, payment or feedback")]),
        ("# nothing\npayer: a\nmeasures: [T]",
         ["2:1: HZ202 no 'harmonize: 1' in this file: a spec begins with it"]),
        ("# another file\nversion: 3\nservices: {web: {image: nginx}}",
         ["2:1: HZ202 no 'harmonize: 1' in this file: a spec begins with it"]),
        ("measures:\n  - id: a", ["4:5: HZ202 'title' is missing"]),
        ("measures:\n  - {}", ["4:5: HZ203 a measure without a title"]),
        ("measures: []", [("3:11: HZ203 'measures' has no value: "
                          "give a list of measures or of titles")]),
        ("measures: T", [("3:11: HZ204 'measures' holds a single value, "
                         "wanted a list: each behind a -")]),
        ("measures: [[T]]", ["3:12: HZ204 a list, where a measure or its title is wanted"]),
        ("harmonize: 2\npayer: a\nmeasures: [T]", ["1:12: HZ210 format '2': this program reads 1"]),
        ("# a list\n- harmonize", ["2:1: HZ204 a list, where a spec is a map of keys"]),
        ("participation: [{id: a}]", ["3:17: HZ202 'title' is missing"]),
    ],
)  # fmt: skip
def test_what_is_required(text: str, wanted: list[str]) -> None:
    assert told(text) == wanted


# --- mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("effective: {from: 2025-12-31, to: 2025-01-01}",
         "1:12: HZ206 'effective' ends before it begins"),
        ("effective: {from: 2025-02-30}",
         "1:19: HZ206 'from' is '2025-02-30', wanted a day such as 2025-01-31"),
        ("effective: {from: 1/1/2025}",
         "1:19: HZ207 'from' is '1/1/2025', wanted a day such as 2025-01-31"),
        ("measurement_year: 25", ("1:19: HZ207 'measurement_year' is '25', "
                                 "wanted a year such as 2025")),
        ("measurement_year: [2025]",
         "1:19: HZ204 'measurement_year' holds a list, wanted a single value"),
        ("effective: {to: [2025-01-01]}", "1:17: HZ204 'to' holds a list, wanted a single value"),
        ("scope: {ages: [9]}", "1:15: HZ204 'ages' holds a list, wanted a single value"),
        ("role: payer", ("1:7: HZ205 'role' is 'payer', "
                        "wanted one of contract, reference, internal")),
        ("sources: {title: a}", "1:10: HZ204 'sources' holds a map, wanted a list"),
        ("locked: [treshold]", ("1:10: HZ205 'locked' names no field: 'treshold': "
                               "did you mean 'threshold'?")),
        ("scope: {ages: 9-1}", ("1:15: HZ206 'ages' is '9-1', "
                               "wanted the lower age first, such as 18-85")),
        ("payment: {streams: [{amount: a}]}", "1:21: HZ202 'kind' is missing"),
        ("payment: {lan_categories: [5A]}",
         ("1:28: HZ205 'lan_categories' is this value, "
         "wanted one of 1, 2A, 2B, 2C, 3A, 3B, 3N, 4A, 4B, 4C, 4N")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_spec(keys: str, wanted: str) -> None:
    assert about(keys) == [wanted]


# --- keys that there are not --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("improvment_notation", "did you mean 'improvement_notation'?"),
        ("Measure Type", "did you mean 'measure_type'?"),
        ("dataSource", "did you mean 'data_source'?"),
        ("direction", "did you mean 'improvement_notation'?"),
        ("nqf", "did you mean 'ids: {cbe: ...}'?"),
        ("cbe", "did you mean 'ids: {cbe: ...}'?"),
        ("age", "did you mean 'ages'?"),
        ("exclusions", "did you mean 'denominator_exclusions'?"),
        ("measure_id", "did you mean 'id'?"),
        ("payer_type", "this is a key of the spec, not of a measure"),
        ("zzz", f"known here: {', '.join(sorted(declared(Measure)))}"),
    ],
)
def test_an_unknown_key_of_a_measure(key: str, hint: str) -> None:
    assert of(f"{key}: a") == [f"1:5: HZ201 unknown key {key!r}: {hint}"]


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("payr_type", "did you mean 'payer_type'?"),
        ("lob", "did you mean 'line_of_business'?"),
        ("year", "did you mean 'measurement_year'?"),
        ("ages", "did you mean 'scope: {ages: ...}'?"),
        ("threshold", "this is a key of a measure, not of the spec"),
        ("exclusions", "this is a key of a measure, not of the spec"),
    ],
)
def test_an_unknown_key_of_a_spec(key: str, hint: str) -> None:
    assert about(f"{key}: a") == [f"1:1: HZ201 unknown key {key!r}: {hint}"]


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("ids: {nqf: 1}", "1:11: HZ201 unknown key 'nqf': did you mean 'cbe'?"),
        ("ids: {foo: 1}", ("1:11: HZ201 unknown key 'foo': "
                          "known here: cbe, cmit, cms, hedis, mips, star, x-...")),
        ("ages: {low: 1}", "1:12: HZ201 unknown key 'low': did you mean 'min'?"),
        ("target: {amount: 1}", "1:14: HZ201 unknown key 'amount': known here: basis, value"),
        ("threshold: [{who: a, value: < 9}]", ("1:18: HZ201 unknown key 'who': "
                                              "known here: for, value")),
        ("visibility: {wieght: public}", ("1:18: HZ201 unknown key 'wieght': "
                                         "did you mean 'weight'?")),
        ("rates: [{title: a, cbe: 1}]", ("1:24: HZ201 unknown key 'cbe': "
                                        "did you mean 'ids: {cbe: ...}'?")),
    ],
)  # fmt: skip
def test_an_unknown_key_of_a_small_map(keys: str, hint: str) -> None:
    assert of(keys) == [hint]


@pytest.mark.parametrize("cls", [Measure, MeasureSet])
def test_what_is_suggested_is_a_key_and_what_is_corrected_is_not(cls: type) -> None:
    known = declared(cls)
    for word, right in MISNOMERS[cls].items():
        assert word not in known
        assert right.split(":")[0] in known
        shown = of(f"{word}: a") if cls is Measure else about(f"{word}: a")
        assert f"did you mean {right!r}?" in shown[0]


def test_a_file_full_of_mistakes_tells_many_and_ends() -> None:
    keys = "\n".join(f"unknown{i}: a" for i in range(MOST + 10))
    lines = of(keys)
    assert len(lines) == MOST + 1
    assert sum("HZ113 more than 2,000 problems in this file" in line for line in lines) == 1


# --- several files ------------------------------------------------------------------------------


def _no_base(file: str, named: str) -> tuple[str, str]:
    raise SpecError(())


def test_two_files_for_one_payer_are_both_named() -> None:
    files = (("a.yaml", f"{HEAD}measures: [T]"), ("b/c.yaml", ("harmonize: 1\nnotes: x\n"
             "payer: ACME\nmeasures: [T]")))  # fmt: skip
    with pytest.raises(SpecError) as caught:
        read_specs(files, _no_base)
    assert [*map(str, caught.value.problems)] == [
        "b/c.yaml:3:8: HZ011 payer 'ACME' stands here and in a.yaml:1: give each its own"
    ]


def test_every_file_is_read_before_anything_is_said() -> None:
    files = [(f"{i}.yaml", f"harmonize: 1\npayer: p{i}\nmeasures: [{{id: x}}]") for i in range(3)]
    with pytest.raises(SpecError) as caught:
        read_specs(files, _no_base)
    assert [p.place.file for p in caught.value.problems] == ["0.yaml", "1.yaml", "2.yaml"]


def test_the_order_of_files_does_not_matter() -> None:
    files = [(f"{i}.yaml", f"harmonize: 1\npayer: p{i}\nmeasures: [T, U]") for i in range(3)]
    assert read_specs(files, _no_base) == read_specs(files[::-1], _no_base)


# --- YAML round trip ----------------------------------------------------------------------------

WORDS: Final = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda t: t.strip() and t.strip().lower() != "none")
NUMBERS: Final = st.integers(1, 120)


def _values(name: str) -> st.SearchStrategy[Any]:
    """What a spec may say in a field, as plain data."""
    info = declared(Measure)[name]
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.LINE: WORDS,
        Kind.TEXT: WORDS,
        Kind.LINES: st.lists(WORDS, min_size=1, max_size=3),
        Kind.CHOICE: st.sampled_from(info.choices or ("",)),
        Kind.CHOICES: st.lists(st.sampled_from(info.choices or ("",)), min_size=1, max_size=3),
        Kind.FLAG: st.sampled_from(["true", "false"]),
        Kind.AGES: st.builds(lambda a, b: f"{a}-{a + b}", NUMBERS, NUMBERS)
        | WORDS.map("q{}".format),
        Kind.THRESHOLD: st.builds("{} {}%".format, st.sampled_from(["<", ">="]), NUMBERS),
        Kind.DURATION: st.builds("{} {}".format, NUMBERS, st.sampled_from(["days", "months"])),
        Kind.COUNT: NUMBERS.map(str),
        Kind.SHARE: st.integers(0, 100).map("{}%".format) | NUMBERS.map("{}x".format),
        Kind.IDS: st.dictionaries(
            st.sampled_from(["cbe", "cms", "x-a"]), st.lists(WORDS, min_size=1, max_size=2),
            min_size=1,
        ),
    }  # fmt: skip
    found = by_kind[info.kind]
    return found | st.just("none") if info.none else found


PLAIN: Final = [
    name
    for name, info in declared(Measure).items()
    if info.kind not in (Kind.RECORD, Kind.RECORDS, Kind.FIELDS, Kind.VISIBILITY)
    and name not in ("id", "title", "part", "part_of")
]


def _measures() -> st.SearchStrategy[dict[str, Any]]:
    name = WORDS.filter(str.isprintable)
    return st.fixed_dictionaries(
        {"id": name, "title": WORDS}, optional={name: _values(name) for name in PLAIN}
    )


def as_data(one: Measure) -> dict[str, Any]:
    """A measure as the data of a spec."""
    found: dict[str, Any] = {}
    for name, info in declared(Measure).items():
        value = getattr(one, info.name)
        if isinstance(value, Mapping):
            found[name] = {system: list(ids) for system, ids in value.items()}
        elif isinstance(value, tuple):
            found[name] = list(value)
        elif value is not None:
            found[name] = stated(value)
    return found


def written(*rows: dict[str, Any]) -> str:
    """Rows as YAML, by another writer than ours."""
    whole = {"harmonize": "1", "payer": "acme", "measures": list(rows)}
    return yaml.safe_dump(whole, allow_unicode=True, default_style='"', sort_keys=False)


@settings(max_examples=60)
@given(_measures())
def test_a_measure_written_as_yaml_reads_back_equal(row: dict[str, Any]) -> None:
    (one,) = read(written(row)).measures or ()
    assert one.id == row["id"]
    assert one.title == row["title"]
    assert {k for k in row if one.states(k)} == set(row)
    (other,) = read(written(as_data(one))).measures or ()
    assert other == one


@settings(max_examples=25)
@given(st.lists(_measures(), min_size=2, max_size=3, unique_by=lambda row: row["id"]), st.randoms())
def test_the_order_of_measures_and_keys_does_not_matter(
    rows: list[dict[str, Any]], shuffle: Any
) -> None:
    turned = [dict(shuffle.sample([*row.items()], len(row))) for row in rows]
    shuffle.shuffle(turned)
    assert read(written(*turned)) == read(written(*rows))


def test_json_is_yaml() -> None:
    text = json.dumps(
        {"harmonize": 1, "payer": "acme", "measures": [{"title": 'T: \u00e9 " \\ #'}]}
    )
    (one,) = read_spec(text, "a.yaml", _no_base)[0].measures or ()
    assert one.title == 'T: \u00e9 " \\ #'


# --- the shipped specs --------------------------------------------------------------------------

ROOT: Final = Path(__file__).parent.parent
SHIPPED: Final = sorted((*ROOT.glob("specs/*.yaml"), *ROOT.glob("examples/*/specs/**/*.yaml")))


@pytest.mark.parametrize("path", SHIPPED, ids=[str(path.relative_to(ROOT)) for path in SHIPPED])
def test_a_shipped_spec_is_read_without_an_error(path: Path) -> None:
    one, problems = read_spec(path.read_text("utf-8"), path.name, _no_base)
    assert any(getattr(one, area) for area in AREAS)
    assert {p.code for p in problems} <= {"HZ302"}


def test_the_factory_makes_what_the_reader_makes() -> None:
    (one,) = read("measures: [{id: CBP, title: Blood Pressure, ages: 18-85}]").measures or ()
    ages = read_ages("18-85")
    assert isinstance(ages, Ages)
    assert one == measure(ages=ages)
    assert warned("measures: [T]")[1] == ()
    assert set(ATTRIBUTES) < set(declared(Measure))
