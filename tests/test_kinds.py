"""One value of each kind: what is text and what is not, and what is said of a wrong one."""

import re
from typing import Final

import pytest
from conftest import item, of, read, told

from harmonize.fields import declared
from harmonize.measures import Measure
from harmonize.sets import RESERVED
from harmonize.values import NOTHING, Text, read_ages, stated

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
    ("visibility: [public]", ("1:17: HZ204 'visibility' holds a list, "
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


def test_all_mistakes_of_a_list_are_told() -> None:
    assert [line.split(":")[1] for line in of("condition: [[a], b, {c: d}, ~]")] == [
        "17",
        "25",
        "33",
    ]
    assert len(of("data_source: [clams, ehr, cart]")) == 2
    assert len(of("assigned: [a, b]")) == 2
    assert len(of("threshold: [{for: a}, {value: =< 9}, x]")) == 3


# --- vocabularies ---------------------------------------------------------------------------------


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


# --- identifiers ----------------------------------------------------------------------------------


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


# --- slugs ----------------------------------------------------------------------------------------


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
