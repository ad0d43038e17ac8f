"""Specs as they are read: every key, what is text and what is not, and what is said of mistakes."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from building import spec as made
from building import table
from conftest import FULL, HEAD, about, item, items, measure, of, read, told, warned
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.measures import (
    ATTRIBUTES,
    RESERVED,
    Kind,
    Measure,
    MeasureSet,
    declared,
)
from harmonize.problems import MOST, Place, SpecError
from harmonize.reading.misnomers import MISNOMERS
from harmonize.reading.specs import READERS, read_spec, read_specs
from harmonize.values import (
    NOTHING,
    Ages,
    Count,
    Cut,
    Duration,
    Share,
    Text,
    Threshold,
    read_ages,
    stated,
)
from harmonize.views import VIEWS

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


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["0034", "028", "1.10", "NO", "yes", "18:55", "2025-01-01", "1_000", "1e3", "0x1F", ".5"],
)
def test_everything_is_text_until_its_field_decides(text: str) -> None:
    one = item(f"ids: {{cbe: {text}}}\nversion: {text}\nnotes: {text}\nid: {text}")
    assert one.ids == {"cbe": (text,)}
    assert (one.version, one.notes, one.id) == (text, text, text)


def test_silence_is_not_none() -> None:
    assert item("").threshold is None
    assert item("threshold: none").threshold == NOTHING
    assert item("threshold: NONE").threshold == NOTHING
    assert item("target: None").target == NOTHING
    assert item("denominator_exclusions: [none]").denominator_exclusions == NOTHING
    assert item("notes: none").notes == "none"
    assert item("id: none").id == "none"


NOWHERE_NONE: Final = "is none: that says nothing here, so leave the key out"
OR_NONE: Final = "has no value: leave the key out, or write none where nothing is stated"


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("ages: none", [f"1:11: HZ206 'ages' {NOWHERE_NONE}"]),
        ("measure_type: none", [f"1:19: HZ206 'measure_type' {NOWHERE_NONE}"]),
        ("condition: [a, none]", [f"1:20: HZ206 'condition' {NOWHERE_NONE}"]),
        ("ids: {cbe: none}", [f"1:16: HZ206 'ids.cbe' {NOWHERE_NONE}"]),
        ("denominator_exclusions: [hospice, none]",
         ["1:29: HZ206 'denominator_exclusions' is none and more: one or the other"]),
        ("threshold:", [f"1:15: HZ203 'threshold' {OR_NONE}"]),
        ("threshold: ~", [f"1:16: HZ203 'threshold' {OR_NONE}"]),
        ("threshold: ''", [f"1:16: HZ203 'threshold' {OR_NONE}"]),
        ("target: null", [f"1:13: HZ203 'target' {OR_NONE}"]),
        ("denominator_exclusions: []", [f"1:29: HZ203 'denominator_exclusions' {OR_NONE}"]),
        ("numerator_exclusions: [a, ~]", [f"1:31: HZ203 'numerator_exclusions' {OR_NONE}"]),
        ("sex: ''", ["1:10: HZ203 'sex' has no value: leave the key out where nothing is stated"]),
        ("ids: {}", ["1:10: HZ203 'ids' has no value: leave the key out where nothing is stated"]),
        ("level: [practice, '']",
         ["1:23: HZ203 'level' has no value: leave the key out where nothing is stated"]),
        ("threshold: [{for: a, value: null}]",
         [("1:33: HZ203 'threshold.value' has no value: "
          "leave the key out where nothing is stated")]),
        ("ages: {min: 1, max: }",
         ["1:25: HZ203 'ages.max' has no value: leave the key out where nothing is stated"]),
    ],
)  # fmt: skip
def test_an_empty_value_is_no_way_to_be_silent(keys: str, wanted: list[str]) -> None:
    assert of(keys) == wanted


def test_ages_that_are_the_same_people() -> None:
    ways = (
        "ages: 18-85",
        "ages: {min: 18, max: 85}",
        "ages: {min: 17, max: 84, as_of: start}",
        "ages: {min: 216, max: 1031, unit: month}",
        "ages: {min: ' 18 ', max: '85', unit: Years, as_of: END}",
    )
    assert {item(way).ages for way in ways} == {read_ages("18-85")}
    assert item("ages: {min: 18}").ages == read_ages("18+")
    assert item("ages: {max: 17}").ages == read_ages("<18")
    assert item("ages: 1-2 years").ages == item("ages: 12-35 months").ages


def test_a_bare_value_stands_for_its_record() -> None:
    assert item("target: 65%").target == item("target: {value: 65%}").target
    assert item("benchmark: 71%").benchmark == item("benchmark: {value: 71%}").benchmark
    assert item("performance: 6%").performance == item("performance: {value: 6%}").performance


def test_a_list_of_one_is_that_one_and_order_and_repetition_do_not_matter() -> None:
    assert item("data_source: claims").data_source == item("data_source: [claims]").data_source
    assert item("data_source: [ehr, claims, ehr]").data_source == ("claims", "ehr")
    assert item("condition: a").condition == item("condition: [a, a]").condition == ("a",)
    cut = '{for: x, value: "< 9%"}'
    assert item(f"threshold: {cut}").threshold == item(f"threshold: [{cut}, {cut}]").threshold


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ("ages: adults", "adults"),
        ("ages: 17", "17"),
        ("threshold: per guideline", "per guideline"),
        ('threshold: [{for: a, value: per guideline}, {value: "< 9%"}]', "< 9%; a: per guideline"),
        ("follow_up: measurement year", "measurement year"),
        ("lookback: since birth", "since birth"),
        ("events: twice", "twice"),
        ("target: top decile", "top decile"),
        ("target: {value: 3x}", "3x"),
        ("benchmark: {value: n/a}", "n/a"),
    ],
)
def test_words_outside_a_grammar_are_kept_and_warned_of(keys: str, kept: str) -> None:
    name = keys.split(":", 1)[0]
    value = getattr(item(keys), name)
    assert stated(value) == kept
    assert isinstance(getattr(value, "value", value), Text)
    (line,) = of(keys)
    assert re.fullmatch(
        rf"1:\d+: HZ301 '(value|{name})' is '.+', wanted .+: kept as text, .+", line
    )


# --- mistakes -----------------------------------------------------------------------------------

TYPES: Final = ", ".join(declared(Measure)["measure_type"].choices)
WRONG: Final = [
    # cannot be
    ("ages: 85-18", "1:11: HZ206 'ages' is '85-18', wanted the lower age first, such as 18-85"),
    ("ages: -3+", "1:11: HZ206 'ages' is '-3+', wanted an age of 0 or more"),
    ("ages: {min: 85, max: 18}",
     "1:11: HZ206 'ages' is '85-18', wanted the lower age first, such as 18-85"),
    ("ages: {min: -1}", "1:11: HZ206 'ages' is '-1+', wanted an age of 0 or more"),
    ("threshold: =< 9%", ("1:16: HZ206 'threshold' is '=< 9%', wanted one of the operators "
                         "< <= > >= =")),
    ("follow_up: 30", ("1:16: HZ206 'follow_up' is '30', wanted a number with its unit, "
                      "such as 30 days")),
    ("lookback: -2 years", "1:15: HZ206 'lookback' is '-2 years', wanted a time of 0 or more"),
    ("events: 0", "1:13: HZ206 'events' is '0', wanted a whole number of 1 or more"),
    ("weight: 110%", ("1:13: HZ206 'weight' is '110%', wanted a share from 0% to 100%, "
                     "or a multiplier such as 3x")),
    ("target: -5%", "1:13: HZ206 'target' is '-5%', wanted a percentage from 0% to 100%"),
    # outside its grammar
    ("weight: 10", "1:13: HZ207 'weight' is '10', wanted a share such as 10%, or 3x"),
    ("minimum_denominator: few", ("1:26: HZ207 'minimum_denominator' is 'few', "
                                 "wanted a whole number")),
    ("benchmark: {value: 7%, year: 24}", "1:34: HZ207 'year' is '24', wanted a year such as 2025"),
    ("ages: {min: 18.5}", "1:11: HZ207 'ages' wants whole numbers for min, max or both"),
    ("ages: {unit: years}", "1:11: HZ207 'ages' wants whole numbers for min, max or both"),
    ('id: "a\\tb"', "1:9: HZ207 an id with unprintable characters"),
    # a closed vocabulary
    ("measure_type: proces", (f"1:19: HZ205 'measure_type' is 'proces', wanted one of {TYPES}; "
                             "did you mean 'process'?")),
    ("risk_adjusted: yes", "1:20: HZ205 'risk_adjusted' is 'yes', wanted one of true, false"),
    ("ages: {min: 1, unit: fortnights}", ("1:26: HZ205 'ages.unit' is 'fortnights', "
                                         "wanted years, months, weeks or days")),
    ("ages: {min: 1, as_of: middle}", ("1:27: HZ205 'ages.as_of' is 'middle', "
                                      "wanted start or end")),
    ("visibility: {weight: secret}", ("1:26: HZ205 'visibility.weight' is 'secret', "
                                     "wanted one of public, participants, withheld")),
    ("assigned: [ids.cbe, stewart]", ("1:25: HZ205 'assigned' names no field: 'stewart': "
                                     "did you mean 'steward'?")),
    ("assigned: cbe", "1:15: HZ205 'assigned' names no field: 'cbe': did you mean 'ids.cbe'?"),
    # another shape
    ("sex: [female]", "1:10: HZ204 'sex' holds a list, wanted a single value"),
    ("sex: {female: true}", ("1:10: HZ204 'sex' holds a map, wanted a single value: "
                            "a text with ': ' in it needs quotes")),
    ("condition: [[a]]", "1:17: HZ204 'condition' holds a list, wanted a single value"),
    ("ids: {cbe: }", ("1:16: HZ203 'ids.cbe' has no value: "
                      "leave the key out where nothing is stated")),
    ("ids: CMS165", "1:10: HZ204 'ids' holds a single value, wanted cbe: ..., cms: ..."),
    ("visibility: public", ("1:17: HZ204 'visibility' holds a single value, "
                           "wanted field: audience")),
    ("incentive: $25", ("1:16: HZ204 'incentive' holds a single value, "
                       "wanted a map of amount, per")),
    ('threshold: ["< 9%"]', "1:17: HZ204 'threshold' wants a list of {for: ..., value: ...}"),
    ("rates: a", "1:12: HZ204 'rates' wants a list of {id: ..., title: ...}"),
    ("rates: [a]", "1:13: HZ204 a single value, where a rate has an id and a title"),
    ("rates: [{title: a, rates: [{title: b}]}]", "1:31: HZ204 a rate has no rates of its own"),
    # something is missing
    ("threshold: [{for: a}]", "1:17: HZ202 'threshold' has a part without 'value'"),
    ("rates: [{id: a}]", "1:13: HZ202 'title' is missing"),
    # references
    ("id: a\npart_of: a\npart: rate", ("2:14: HZ211 'part_of' leads back here: "
                                      "a measure cannot be part of itself")),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "wanted"), WRONG, ids=[keys for keys, _ in WRONG])
def test_a_mistake_in_a_measure(keys: str, wanted: str) -> None:
    assert of(keys) == [wanted]


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


def test_all_mistakes_of_a_list_are_told() -> None:
    assert [line.split(":")[1] for line in of("condition: [[a], b, {c: d}, ~]")] == [
        "17",
        "25",
        "33",
    ]
    assert len(of("data_source: [clams, ehr, cart]")) == 2
    assert len(of("assigned: [a, b]")) == 2
    assert len(of("threshold: [{for: a}, {value: =< 9}, x]")) == 3


def test_a_part_without_a_whole_is_warned_of() -> None:
    assert of("part: rate") == [
        "1:11: HZ211 'part' says what kind of part this is: 'part_of' is missing, of what"
    ]
    assert item("part: rate").part == "rate"


def test_parts_in_a_circle() -> None:
    circle = "measures:\n" + "".join(
        f"  - {{id: {a}, title: T{a}, part_of: {b}}}\n" for a, b in ("xy", "yz", "zx", "wx")
    )
    assert told(circle) == [
        "4:33: HZ211 'part_of' leads back here: a measure cannot be part of itself"
    ]


def test_a_title_with_a_colon_in_a_plain_list() -> None:
    assert told("measures:\n  - Diabetes: A1c\n  - Cost\n") == [
        '4:5: HZ104 a title with ": " needs quotes, - "Diabetes: ..."'
    ]
    assert told("measures:\n  - ages: 18+\n") == ["4:5: HZ202 'title' is missing"]
    assert told("measures:\n  - name: a\n")[0] == (
        "4:5: HZ201 unknown key 'name': did you mean 'title'?"
    )


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


# --- identifiers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "warned_of"),
    [
        ("cbe: 0018", None),
        ("cbe: 0018e", None),
        ("cbe: 18", "ids.cbe is '18', usually four digits, such as 0018"),
        ("cms: CMS165v13", None),
        ("cms: CMS165", None),
        ("cms: 165", "ids.cms is '165', usually such as CMS165v13"),
        ("hedis: BCS-E", None),
        ("hedis: bcs", "ids.hedis is 'bcs', usually such as CBP or BCS-E"),
        ("mips: 001SSP", None),
        ("mips: 1", "ids.mips is '1', usually three digits, such as 001"),
        ("cmit: 00167-01-E-MIPS", None),
        ("star: C01", None),
        ("x-local: any thing", None),
    ],
)
def test_the_form_of_an_identifier_is_never_an_error(ids: str, warned_of: str | None) -> None:
    lines = of(f"ids: {{{ids}}}")
    assert lines == (
        [f"1:{13 + len(ids.split(':', maxsplit=1)[0])}: HZ302 {warned_of}"] if warned_of else []
    )


@pytest.mark.parametrize("name", ["CBP/AD", "a b", "#1: x", "\u65e5\u672c", "'\"", "None", "=1+1"])
def test_an_id_is_any_printable_text(name: str) -> None:
    quoted = json.dumps(name, ensure_ascii=False)
    (one,) = items(f"measures: [{{id: {quoted}, title: T}}]").values()
    assert one.ref == f"acme/{name}"
    assert not one.minted


def test_two_measures_with_one_id() -> None:
    text = "measures:\n  - {id: a, title: T}\n  - {title: U, id: a}\n"
    wanted = "5:20: HZ208 the measure id 'a' stands here again, first in line 4: give each its own"
    assert told(text) == [wanted]


def test_a_rate_and_a_measure_with_one_id() -> None:
    text = "measures:\n  - {id: a/b, title: T}\n  - {id: a, title: U, rates: [{id: b, title: V}]}\n"
    wanted = (
        "5:36: HZ208 the measure id 'a/b' stands here again, first in line 4: give each its own"
    )
    assert told(text) == [wanted]


def test_two_rates_with_one_id() -> None:
    lines = of("id: a\nrates: [{id: b, title: V}, {id: b, title: W}]")
    assert [line.split()[1] for line in lines] == ["HZ208"]


# --- minted ids ---------------------------------------------------------------------------------

TITLES: Final = (
    "Controlling High Blood Pressure", "A1c > 9%", "A1c < 8%", "Well-Child Visits (0\u201315 mo)",
    "\u65e5\u672c\u8a9e", "***", "A1c \u2265 9", "A1c \u2264 9", "x" * 500, "Cost/Use",
    "r\u00e9sum\u00e9",
)  # fmt: skip


def minted(*titles: str) -> dict[str, str]:
    """The ids that titles get, by title."""
    listed = "".join(f"  - {json.dumps(t, ensure_ascii=False)}\n" for t in titles)
    return {m.title: m.id for m in read(f"measures:\n{listed}").measures or ()}


def test_an_id_is_minted_from_the_title() -> None:
    ids = minted(*TITLES)
    assert ids["Controlling High Blood Pressure"] == "controlling-high-blood-pressure"
    assert ids["A1c > 9%"] == "a1c-gt-9-pct"
    assert ids["r\u00e9sum\u00e9"] == "resume"
    assert len(set(ids.values())) == len(TITLES)
    assert all(re.fullmatch("[a-z0-9-]+", one) for one in ids.values())
    assert all(m.minted for m in read(f"measures: [{', '.join('abc')}]").measures or ())


@given(st.lists(st.sampled_from(TITLES), unique=True, min_size=1))
def test_a_minted_id_stays_when_other_measures_come_and_go(titles: list[str]) -> None:
    some = minted(*titles)
    every = minted(*TITLES)
    marked = {
        "A1c \u2265 9",
        "A1c \u2264 9",
    }  # written alike, so each carries a mark beside the other
    assert all(some[t] == every[t] for t in titles if t not in marked)


def test_measures_with_one_title_are_told_apart_by_what_they_state() -> None:
    rows = ("{title: T, ages: 18+}", "{title: T, ages: <18}", "{title: U}")
    ids = {tuple(m.id for m in read(f"measures: [{', '.join(order)}]").measures or ())
           for order in (rows, rows[::-1])}  # fmt: skip
    assert len(ids) == 1
    (names,) = ids
    assert len(set(names)) == 3
    assert all(re.fullmatch("t-[0-9a-f]{6}|u", name) for name in names)


def test_measures_that_state_the_same_still_have_ids() -> None:
    ids = [m.id for m in read("measures: [T, T, T]").measures or ()]
    assert len(set(ids)) == 3
    assert [len(one) for one in ids] == [len("t-000000"), len("t-000000-2"), len("t-000000-2")]


def test_a_minted_id_makes_way_for_a_given_one() -> None:
    ids = items("measures: [T, {id: t, title: Another}]")
    assert ids["t"].title == "Another"
    assert not ids["t"].minted
    assert len(ids) == 2


def test_what_a_payer_states_does_not_hang_on_where_it_stands() -> None:
    one = read("measures:\n  - {title: T, ages: 18+}\n  - U\n")
    other = read("measures:\n\n  - U\n  - ages: 18+\n    title: T\n")
    assert one == other


# --- rates --------------------------------------------------------------------------------------


def test_a_rate_has_what_its_measure_states_and_it_does_not() -> None:
    found = items(
        "measures:\n"
        "  - id: FUH\n"
        "    title: Follow-Up\n"
        "    acronym: FUH\n"
        "    ages: 6+\n"
        "    follow_up: 30 days\n"
        "    visibility: {weight: withheld, target: withheld}\n"
        "    weight: 10%\n"
        "    rates:\n"
        "      - {id: r7, title: Within 7 days, follow_up: 7 days, visibility: {target: public}}\n"
        "      - title: Within 30 days\n"
    )
    assert list(found) == ["FUH", "FUH/r7", "FUH/within-30-days"]
    whole, seven, thirty = found.values()
    assert whole.rates == (seven, thirty)
    assert (seven.rate_of, seven.context, seven.acronym) == ("FUH", "Follow-Up", None)
    assert (seven.ages, thirty.ages) == (whole.ages, whole.ages)
    assert stated(seven.follow_up) == "7 days"
    assert thirty.follow_up == whole.follow_up
    assert (seven.minted, thirty.minted, whole.minted) == (False, True, False)
    assert seven.visibility == {"weight": "withheld", "target": "public"}
    assert seven.place_of("ages") == whole.place_of("ages")
    assert seven.place == Place("a.yaml", 12, 9)
    assert thirty.place_of("id") == thirty.place == Place("a.yaml", 13, 9)


def test_rates_with_one_title_get_ids_of_their_own() -> None:
    found = items("measures: [{id: a, title: T, rates: [{title: U}, {title: U, ages: 18+}]}]")
    assert len(found) == 3


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


@pytest.mark.parametrize("slug", ["a", "0", "or-cco", "A.b_c-2", "x" * 200])
def test_slugs(slug: str) -> None:
    assert read(f"harmonize: 1\npayer: {slug}\nmeasures: [T]").payer == slug


@pytest.mark.parametrize(
    ("slug", "hint"),
    [
        ("a b", ": did you mean 'a-b'?"),
        ("-a", ": did you mean 'a'?"),
        ("Acme, Inc.", ": did you mean 'Acme-Inc'?"),
        ("a/b", ": did you mean 'a-b'?"),
        ("\u65e5\u672c", ""),
    ],
)
def test_slugs_that_cannot_be_used(slug: str, hint: str) -> None:
    wanted = "letters, digits, dots, dashes and underscores"
    assert told(f"harmonize: 1\npayer: {slug}\nmeasures: [T]") == [
        f"2:8: HZ209 'payer' is {slug!r}, wanted {wanted}{hint}"
    ]


def test_a_slug_is_one_word() -> None:
    assert told("harmonize: 1\npayer: [a]\nmeasures: [T]") == [
        "2:8: HZ204 'payer' holds a list, wanted a single value"
    ]


@pytest.mark.parametrize("slug", [*RESERVED, "Concept", "USED_BY"])
def test_a_payer_is_not_called_like_a_column(slug: str) -> None:
    assert told(f"harmonize: 1\npayer: {slug}\nmeasures: [T]") == [
        f"2:8: HZ209 {slug!r} is the name of a CSV column: take another"
    ]


def test_every_column_is_reserved() -> None:
    sets = made("p1", "Blood Pressure"), made("p2", "Blood Pressure")
    for view in VIEWS:
        for layout in ("wide", "long"):
            columns = set(table(view, *sets, layout=layout).columns) - {"p1", "p2"}
            assert columns <= set(RESERVED), view


# --- vocabularies -------------------------------------------------------------------------------

CLOSED: Final = {
    "measure_type": "structure | process | intermediate outcome | outcome | patient reported | "
    "experience | cost | utilization | efficiency | composite",
    "part": "rate | stratum | component | collection type",
    "scoring": "proportion | ratio | continuous variable | cohort",
    "improvement_notation": "increase | decrease",
    "data_source": "claims | ehr | hybrid | registry | survey | ecds | chart | hie | "
    "vital records | web interface",
    "level": "clinician | practice | aco | health home | plan | hospital | system | state",
    "status": "core | menu | mandatory | voluntary | provisional | on deck | monitoring | retired",
    "use": "payment | reporting | public reporting | monitoring | gate | care gap",
    "risk_adjusted": "true | false",
}


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_vocabulary(name: str) -> None:
    words = CLOSED[name].split(" | ")
    part_of = "\npart_of: X" if name == "part" else ""
    for word in words:
        for way in (word, word.upper(), word.replace(" ", "_"), word.replace(" ", "-")):
            value = getattr(item(f"{name}: {way}{part_of}"), name)
            assert value in (word, (word,))
    assert of(f"{name}: zzz{part_of}")[0].endswith(f"wanted one of {', '.join(words)}")


def test_administrative_data_are_claims() -> None:
    assert item("data_source: Administrative").data_source == ("claims",)


@pytest.mark.parametrize("name", ["sex", "domain", "steward", "version", "scoring_unit"])
def test_an_open_vocabulary(name: str) -> None:
    assert getattr(item(f"{name}: zzz"), name) == "zzz"


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
    assert one.measures
    assert {p.code for p in problems} <= {"HZ302"}


def test_the_factory_makes_what_the_reader_makes() -> None:
    (one,) = read("measures: [{id: CBP, title: Blood Pressure, ages: 18-85}]").measures or ()
    ages = read_ages("18-85")
    assert isinstance(ages, Ages)
    assert one == measure(ages=ages)
    assert warned("measures: [T]")[1] == ()
    assert set(ATTRIBUTES) < set(declared(Measure))
