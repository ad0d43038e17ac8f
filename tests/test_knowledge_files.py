"""The knowledge files hold together: sources, names, ladders and weights."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from itertools import chain, combinations
from typing import Any, Final

import pytest
from building import KNOWN

from harmonize.catalogue import entry_of
from harmonize.evidence import FEATURES
from harmonize.knowledge import DEFAULT_DOMAIN, Phrase, Slot, stem, words
from harmonize.reading.knowledge import closed, plain, shorts
from harmonize.reading.nodes import parse
from harmonize.slots import _named, name_profile, names
from harmonize.spelling import _spelled_out, mend, spelled, telling
from harmonize.vetoes import vetoes
from harmonize.wording import base_id


def _file(name: str) -> Any:
    text = files("harmonize.data").joinpath(f"{name}.yaml").read_text("utf-8")
    return plain(parse(text, name))


CATALOG: Final = _file("catalog")
VOCABULARY: Final = _file("words")
SLOTS: Final = _file("slots")
WEIGHTS: Final = _file("weights")
MODEL: Final = _file("model")
ENTRIES: Final = [*CATALOG["measures"], *_file("specialty")["measures"]]
MEASURE_TYPES: Final = {
    "structure", "process", "intermediate outcome", "outcome", "patient reported", "experience",
    "cost", "utilization", "efficiency", "composite",
}  # fmt: skip
ID_FORMS: Final = {
    "cbe": r"[0-9]{4}",
    "cms": r"CMS[0-9]{1,4}",
    "hedis": r"[A-Z0-9]{2,5}(-E)?",
    "mips": r"[0-9]{3}",
    "cmit": r"[0-9]{1,5}",
    "star": r"[CD][0-9]{2}",
}


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def _in_a_circle(ahead: Mapping[Any, Iterable[Any]]) -> list[Any]:
    """Those from which the arrows lead back to themselves."""
    found = []
    for start in ahead:
        seen: set[Any] = set()
        to_do = list(ahead[start])
        while to_do:
            one = to_do.pop()
            if one not in seen:
                seen.add(one)
                to_do.extend(ahead.get(one, ()))
        if start in seen:
            found.append(start)
    return found


# --- every file ---------------------------------------------------------------------------------

SOURCED: Final = {
    "catalog": ENTRIES,
    "abbreviations": VOCABULARY["abbreviations"],
    "synonyms": VOCABULARY["synonyms"],
    "boilerplate": VOCABULARY["boilerplate"],
    "slots": SLOTS["slots"],
}


@pytest.mark.parametrize("name", SOURCED)
def test_every_entry_says_where_it_was_read(name: str) -> None:
    assert [row for row in SOURCED[name] if not str(row.get("source", "")).strip()] == []


@pytest.mark.parametrize("name", ["catalog", "specialty", "words", "slots", "weights", "model"])
def test_every_file_says_in_its_head_where_it_comes_from(name: str) -> None:
    text = files("harmonize.data").joinpath(f"{name}.yaml").read_text("utf-8")
    head = "".join(line for line in text.splitlines() if line.startswith("#"))
    assert re.search("Where (it|the entries) comes? from", head)


# --- the catalogue ------------------------------------------------------------------------------


def test_keys_stand_once() -> None:
    assert _twice(row["key"].lower() for row in ENTRIES) == []


def test_nothing_is_lost_on_the_way_in() -> None:
    assert len(KNOWN.entries) == len(ENTRIES)
    assert KNOWN.by_key.keys() == {row["key"] for row in ENTRIES}


def test_no_two_entries_have_one_name() -> None:
    said = [(tuple(words(name)), e.key) for e in KNOWN.entries for name in (e.name, *e.also)]
    owners: dict[Phrase, set[str]] = {}
    for phrase, key in said:
        owners.setdefault(phrase, set()).add(key)
    assert {p: keys for p, keys in owners.items() if len(keys) > 1} == {}


def test_every_whole_is_an_entry() -> None:
    assert {e.whole for e in KNOWN.entries if e.whole} <= KNOWN.by_key.keys()


def test_wholes_do_not_go_round_in_circles() -> None:
    assert _in_a_circle({e.key: [e.whole] if e.whole else [] for e in KNOWN.entries}) == []


def test_a_part_says_what_it_is_and_has_another_family() -> None:
    parts = [e for e in KNOWN.entries if e.whole]
    assert [e.key for e in parts if e.part not in ("rate", "stratum", "component")] == []
    assert [e.key for e in parts if not e.axis or KNOWN.family(e) == e.key] == []


def test_only_parts_are_parts() -> None:
    assert [e.key for e in KNOWN.entries if not e.whole and (e.part or e.axis)] == []


def test_domains_are_closed_and_known() -> None:
    domains = [row["domain"] for row in CATALOG["domains"]]
    assert _twice(domains) == []
    assert {e.domain for e in KNOWN.entries} <= {*domains, DEFAULT_DOMAIN}
    assert set(domains) <= {e.domain for e in KNOWN.entries}
    assert list(KNOWN.order_of_domains) == [*domains, DEFAULT_DOMAIN]


def test_domains_are_tried_in_one_order() -> None:
    assert sorted(int(row["check"]) for row in CATALOG["domains"]) == list(
        range(1, len(CATALOG["domains"]) + 1)
    )


@pytest.mark.parametrize("system", ID_FORMS)
def test_identifiers_have_the_form_of_their_system(system: str) -> None:
    found = [v for e in KNOWN.entries for v in e.ids.get(system, ())]
    assert [v for v in found if not re.fullmatch(ID_FORMS[system], v)] == []
    compared = [v.removesuffix("-E") for v in found]
    assert [base_id(system, v) for v in found] == compared


def test_measure_types_are_those_of_the_format() -> None:
    assert {row["measure_type"] for row in ENTRIES if "measure_type" in row} <= MEASURE_TYPES


def test_no_other_system_stands_in_the_catalogue() -> None:
    assert {system for e in KNOWN.entries for system in e.ids} <= ID_FORMS.keys()


def test_ages_are_from_low_to_high() -> None:
    spans = [(e.key, *e.ages) for e in KNOWN.entries if e.ages]
    assert [key for key, low, high in spans if low is None and high is None] == []
    wrong = [k for k, low, high in spans if low is not None and high is not None and low > high]
    assert wrong == []


def test_every_name_of_the_catalogue_is_known_for_its_entry() -> None:
    wrong = []
    for place, (entry, name) in enumerate(names(KNOWN)):
        found = entry_of(name_profile(place, KNOWN), KNOWN)
        if found is None or found[0] is not entry:
            wrong.append((entry.key, name, found and found[0].key))
    assert wrong == []


def test_no_two_names_of_one_entry_contradict_each_other() -> None:
    places: dict[str, list[int]] = {}
    for place, (entry, _) in enumerate(names(KNOWN)):
        places.setdefault(entry.key, []).append(place)
    apart = [
        (names(KNOWN)[one][1], names(KNOWN)[other][1], found)
        for several in places.values()
        for one, other in combinations(several, 2)
        if (found := vetoes(name_profile(one, KNOWN), name_profile(other, KNOWN), KNOWN))
    ]
    assert apart == []


# --- words --------------------------------------------------------------------------------------


def test_a_phrase_has_one_synonym() -> None:
    said: dict[Phrase, set[Phrase]] = {}
    for row in VOCABULARY["synonyms"]:
        for variant in row["for"]:
            said.setdefault(words(variant), set()).add(words(row["say"]))
    assert {variant: to for variant, to in said.items() if len(to) > 1} == {}


def test_an_abbreviation_stands_for_one_thing_at_a_time() -> None:
    several = {
        (short, a.when & b.when)
        for short, found in KNOWN.abbreviations.items()
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a.long != b.long and (a.when & b.when or not a.when | b.when)
    }
    assert several == set()


def test_abbreviations_do_not_go_round_in_circles() -> None:
    ahead = {
        short: {word for one in found for word in one.long}
        for short, found in KNOWN.abbreviations.items()
    }
    assert _in_a_circle(ahead) == []


def test_synonyms_do_not_go_round_in_circles() -> None:
    ahead = {a: [b] for a, b in KNOWN.synonyms.items() if a != b}
    assert _in_a_circle(ahead) == []


def test_what_a_synonym_says_protects_its_words() -> None:
    said = {row["say"]: words(row["say"]) for row in VOCABULARY["synonyms"]}
    assert {say: got for say, own in said.items() if (got := spelled(own, KNOWN)) != own} == {}


def test_every_synonym_comes_to_what_it_says() -> None:
    wrong = [
        (variant, row["say"])
        for row in VOCABULARY["synonyms"]
        for variant in row["for"]
        if spelled(words(variant), KNOWN) != spelled(words(row["say"]), KNOWN)
    ]
    assert wrong == []


def _first(row: dict[str, Any]) -> str:
    """The first of the short forms of a row."""
    short = row["short"]
    return str(short if isinstance(short, str) else short[0])


def test_vocabulary_stands_in_order_and_once() -> None:
    for found in (
        [_first(row) for row in VOCABULARY["abbreviations"]],
        [row["say"] for row in VOCABULARY["synonyms"]],
        [row["text"] for row in VOCABULARY["boilerplate"]],
        VOCABULARY["stop"],
        [row["say"] for row in VOCABULARY["criteria_synonyms"]],
        VOCABULARY["criteria_stop"],
    ):
        assert found == sorted(found)
    assert _twice(row["say"] for row in VOCABULARY["synonyms"]) == []
    assert _twice(words(row["text"]) for row in VOCABULARY["boilerplate"]) == []
    assert _twice(VOCABULARY["stop"]) == []


def test_a_row_of_abbreviations_stands_once() -> None:
    rows = [
        (one, words(row["long"]), frozenset(map(stem, row.get("when", ()))))
        for row in VOCABULARY["abbreviations"]
        for one in shorts(row)
    ]
    assert _twice(rows) == []


def test_an_abbreviation_can_fire() -> None:
    """Beside each word of its `when`, or alone without one; an earlier row may not eat it."""
    dead = [
        (short, word)
        for short, found in KNOWN.abbreviations.items()
        for one in found
        for word in one.when or {"xylograph"}
        if _spelled_out((short, word), KNOWN, None)[: len(one.long)] != one.long
    ]
    assert dead == []


def test_an_abbreviation_without_context_comes_last() -> None:
    eaten = [s for s, found in KNOWN.abbreviations.items() if not all(a.when for a in found[:-1])]
    assert eaten == []


def test_a_synonym_changes_something() -> None:
    """A plural is its singular already; what comes to the same without a row needs none."""
    idle = [
        (variant, row["say"])
        for row in VOCABULARY["synonyms"]
        for variant in row["for"]
        if words(variant) == words(row["say"])
    ]
    assert idle == []


def test_boilerplate_goes_away() -> None:
    """A phrase that synonyms rewrite into something else would stay."""
    left = {
        row["text"]: said
        for row in VOCABULARY["boilerplate"]
        if (said := telling(spelled((*words(row["text"]), "xylograph"), KNOWN), KNOWN))
        != ("xylograph",)
    }
    assert left == {}


# --- slots --------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", SLOTS["slots"], ids=lambda row: row["slot"])
def test_a_phrase_stands_under_one_value_of_a_slot(row: dict[str, Any]) -> None:
    said: dict[Phrase, set[str]] = {}
    for value, phrases in row["values"].items():
        for phrase in phrases:
            said.setdefault(words(phrase), set()).add(value)
    assert {phrase: values for phrase, values in said.items() if len(values) > 1} == {}


@pytest.mark.parametrize("row", SLOTS["slots"], ids=lambda row: row["slot"])
def test_every_value_has_a_phrase(row: dict[str, Any]) -> None:
    assert [value for value, phrases in row["values"].items() if not phrases] == []


@pytest.mark.parametrize("row", SLOTS["slots"], ids=lambda row: row["slot"])
def test_broader_values_are_values(row: dict[str, Any]) -> None:
    broader = row.get("broader", {})
    above = {v: [w] if isinstance(w, str) else w for v, w in broader.items()}
    assert {*above, *chain.from_iterable(above.values())} <= row["values"].keys()
    assert _in_a_circle(above) == []


def test_slots_stand_once_and_say_what_a_difference_means() -> None:
    assert _twice(row["slot"] for row in SLOTS["slots"]) == []
    assert {row["veto"] for row in SLOTS["slots"]} <= {"title", "text", "none"}
    assert [row["slot"] for row in SLOTS["slots"] if not row["help"].strip()] == []


@pytest.mark.parametrize("slot", KNOWN.slots, ids=lambda slot: slot.name)
def test_a_phrase_names_its_value_after_rewriting(slot: Slot) -> None:
    """A phrase that synonyms or boilerplate rewrite away would stand here for nothing."""
    dead = [
        (" ".join(phrase), value)
        for phrase, value in slot.phrases.items()
        if value not in _named(spelled(phrase, KNOWN), KNOWN).get(slot.name, ())
    ]
    assert dead == []


@pytest.mark.parametrize("slot", KNOWN.slots, ids=lambda slot: slot.name)
def test_a_value_is_compatible_with_itself_and_what_contains_it(slot: Slot) -> None:
    for value, above in slot.broader.items():
        assert slot.compatible(value, value)
        assert all(slot.compatible(value, wide) and slot.compatible(wide, value) for wide in above)


@pytest.mark.parametrize("slot", KNOWN.slots, ids=lambda slot: slot.name)
def test_a_phrase_names_its_own_value_alone(slot: Slot) -> None:
    named = {
        phrase: set(_named(spelled(phrase, KNOWN), KNOWN).get(slot.name, ()))
        for phrase in slot.phrases
    }
    assert named == {phrase: {value} for phrase, value in slot.phrases.items()}


@pytest.mark.parametrize("row", SLOTS["slots"], ids=lambda row: row["slot"])
def test_no_phrase_of_a_value_says_what_another_says(row: dict[str, Any]) -> None:
    """Two phrases that normalisation makes one: the second can never be the one that is read."""
    for phrases in row["values"].values():
        assert _twice(spelled(words(phrase), KNOWN) for phrase in phrases) == []


@pytest.mark.parametrize("row", SLOTS["slots"], ids=lambda row: row["slot"])
def test_no_broader_value_follows_from_the_others(row: dict[str, Any]) -> None:
    near = {v: [w] if isinstance(w, str) else w for v, w in row.get("broader", {}).items()}
    idle = [
        (value, wide)
        for value, above in near.items()
        for wide in above
        if closed({**near, value: [w for w in above if w != wide]})[value] == closed(near)[value]
    ]
    assert idle == []


def test_no_two_slots_have_the_same_phrases() -> None:
    """Two such slots would count one thing twice."""
    said = [tuple(sorted((p, v) for p, v in slot.phrases.items())) for slot in KNOWN.slots]
    assert _twice(said) == []


# --- weights and model --------------------------------------------------------------------------


def test_counts_are_positive_and_no_more_than_the_titles() -> None:
    wrong = {w: n for w, n in KNOWN.counts.items() if not 0 < n <= KNOWN.titles}
    assert wrong == {}


def test_counted_words_are_words_as_titles_are_read() -> None:
    assert [word for word in WEIGHTS["words"] if stem(word) != word] == []


def test_the_model_weighs_every_feature_and_nothing_else() -> None:
    assert set(MODEL["coefficients"]) == {"start", *(f.name for f in FEATURES)}


def test_features_stand_once_and_are_explained() -> None:
    assert _twice(f.name for f in FEATURES) == []
    assert [f.name for f in FEATURES if not f.help.endswith(".")] == []


AGAINST: Final = {
    "start", "left over", "added", "other id", "other measure", "half known", "one-sided",
    "replaced", "sibling", "each alone", "ages named", "other people", "type",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(KNOWN.coefficients))
def test_a_coefficient_has_the_sign_of_what_it_means(name: str) -> None:
    assert KNOWN.coefficients[name] != 0
    assert (KNOWN.coefficients[name] < 0) == (name in AGAINST)


def test_no_known_word_is_mended_into_another() -> None:
    every = {w for e in KNOWN.entries for name in (e.name, *e.also) for w in words(name)}
    every |= {w for slot in KNOWN.slots for phrase in slot.phrases for w in phrase}
    assert {w: mend(w, KNOWN) for w in every if mend(w, KNOWN) != w} == {}
