"""Sets of mappings as SSSOM means them: their slots, and how measures are named in them.

Version 1.0 of the Simple Standard for Sharing Ontological Mappings; what 1.1 adds is known, so that
it can be refused where a set does not say that it is of 1.1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote

from harmonize.fields import Kind, declared, said
from harmonize.problems import NOWHERE, Place, Problem

NOT: Final = "Not"
NO_TERM: Final = "sssom:NoTermFound"
BUILT_IN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "linkml": "https://w3id.org/linkml/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "semapv": "https://w3id.org/semapv/vocab/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sssom": "https://w3id.org/sssom/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
JUSTIFICATIONS: Final = tuple(
    f"semapv:{name}"
    for name in (
        "BackgroundKnowledgeBasedMatching", "CompositeMatching", "InstanceBasedMatching",
        "LexicalMatching", "LexicalSimilarityThresholdMatching", "LogicalReasoning",
        "ManualMappingCuration", "MappingChaining", "MappingInversion", "MappingReview",
        "SemanticSimilarityThresholdMatching", "StructuralMatching", "UnspecifiedMatching",
    )
)  # fmt: skip
ENTITIES: Final = (
    "owl class", "owl object property", "owl data property", "owl annotation property",
    "owl named individual", "skos concept", "rdfs resource", "rdfs class", "rdfs literal",
    "rdfs datatype", "rdf property",
)  # fmt: skip
CARDINALITIES: Final = ("1:1", "1:n", "n:1", "n:n", "1:0", "0:1")
LITERAL: Final = "rdfs literal"
IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


class Sort(StrEnum):
    """What a slot holds; each has a row in `_FITS`."""

    TEXT = "text"
    CURIE = "a CURIE such as skos:exactMatch"
    IRI = "an absolute IRI such as https://example.org/a"
    NUMBER = "a number"
    DATE = "a day such as 2026-01-31"
    CHOICE = "a word of a closed vocabulary"


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a mapping or of a set.

    `spread` ones may be said once for all mappings of a set; `new` ones came with 1.1.
    """

    sort: Sort = Sort.TEXT
    many: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    lowest: float = 0.0
    spread: bool = False
    new: bool = False


_TEXT: Final = Slot()
_TEXTS: Final = Slot(many=True)
_NAME: Final = Slot(Sort.CURIE)
_NAMES: Final = Slot(Sort.CURIE, many=True)
_ADDRESS: Final = Slot(Sort.IRI)
_ADDRESSES: Final = Slot(Sort.IRI, many=True)
_DATE: Final = Slot(Sort.DATE)
_SHARE: Final = Slot(Sort.NUMBER)
_ENTITY: Final = Slot(Sort.CHOICE, choices=ENTITIES)


def _spread(slot: Slot) -> Slot:
    return replace(slot, spread=True)


def _new(slot: Slot) -> Slot:
    return replace(slot, new=True)


# Slots in the canonical order of columns.
OF_A_MAPPING: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "record_id": _new(_NAME),
        "subject_id": _NAME,
        "subject_label": _TEXT,
        "subject_category": _TEXT,
        "predicate_id": replace(_NAME, required=True),
        "predicate_label": _TEXT,
        "predicate_modifier": Slot(Sort.CHOICE, choices=(NOT,)),
        "object_id": _NAME,
        "object_label": _TEXT,
        "object_category": _TEXT,
        "mapping_justification": Slot(Sort.CHOICE, required=True, choices=JUSTIFICATIONS),
        "author_id": _NAMES,
        "author_label": _TEXTS,
        "reviewer_id": _NAMES,
        "reviewer_label": _TEXTS,
        "creator_id": _NAMES,
        "creator_label": _TEXTS,
        "license": _ADDRESS,
        "subject_type": _spread(_ENTITY),
        "subject_source": _spread(_NAME),
        "subject_source_version": _spread(_TEXT),
        "object_type": _spread(_ENTITY),
        "object_source": _spread(_NAME),
        "object_source_version": _spread(_TEXT),
        "predicate_type": _new(_spread(_ENTITY)),
        "mapping_provider": _spread(_ADDRESS),
        "mapping_source": _NAME,
        "mapping_cardinality": Slot(Sort.CHOICE, choices=CARDINALITIES),
        "cardinality_scope": _new(_spread(_TEXTS)),
        "mapping_tool": _spread(_TEXT),
        "mapping_tool_id": _new(_spread(_NAME)),
        "mapping_tool_version": _spread(_TEXT),
        "mapping_date": _spread(_DATE),
        "publication_date": _DATE,
        "review_date": _new(_DATE),
        "confidence": _SHARE,
        "reviewer_agreement": _new(Slot(Sort.NUMBER, lowest=-1.0)),
        "curation_rule": _NAMES,
        "curation_rule_text": _TEXTS,
        "subject_match_field": _spread(_NAMES),
        "object_match_field": _spread(_NAMES),
        "match_string": _TEXTS,
        "subject_preprocessing": _spread(_NAMES),
        "object_preprocessing": _spread(_NAMES),
        "similarity_score": _SHARE,
        "similarity_measure": _TEXT,
        "see_also": _ADDRESSES,
        "issue_tracker_item": _NAME,
        "other": _TEXT,
        "comment": _TEXT,
    }
)
SPREAD: Final = tuple(name for name, slot in OF_A_MAPPING.items() if slot.spread)
_LATER: Final = ("similarity_measure", "curation_rule", "curation_rule_text")  # of a set, in 1.1
# Slots of a set in their canonical order.
OF_A_SET: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "sssom_version": Slot(Sort.CHOICE, choices=("1.1",)),
        "mapping_set_id": replace(_ADDRESS, required=True),
        "mapping_set_version": _TEXT,
        "mapping_set_source": _ADDRESSES,
        "mapping_set_title": _TEXT,
        "mapping_set_description": _TEXT,
        "mapping_set_confidence": _new(_SHARE),
        "creator_id": _NAMES,
        "creator_label": _TEXTS,
        "license": replace(_ADDRESS, required=True),
        **{name: OF_A_MAPPING[name] for name in SPREAD if name != "mapping_date"
           and not name.endswith(("_match_field", "_preprocessing"))},
        "mapping_date": OF_A_MAPPING["mapping_date"],
        "publication_date": _DATE,
        **{name: OF_A_MAPPING[name] for name in SPREAD
           if name.endswith(("_match_field", "_preprocessing"))},
        **{name: _new(_spread(OF_A_MAPPING[name])) for name in _LATER},
        "see_also": _ADDRESSES,
        "issue_tracker": _ADDRESS,
        "other": _TEXT,
        "comment": _TEXT,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping: the texts of each slot that is filled; a slot of one value has one text."""

    values: Mapping[str, tuple[str, ...]]
    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def get(self, slot: str) -> str:
        """The value of a slot, several of them with commas; empty where none is stated."""
        return ", ".join(self.values.get(slot, ()))

    def place(self, slot: str = "") -> Place:
        """Where a slot stands, or the row."""
        return self.where.get(slot) or self.where.get("", NOWHERE)


@dataclass(frozen=True, slots=True)
class MappingSet:
    """Mappings, what is said of all of them, what their prefixes stand for, and slots of our own.

    `about` holds slots of the set by name, `extensions` the type of each slot that is defined
    beside the standard's.
    """

    about: Mapping[str, tuple[str, ...]]
    prefixes: Mapping[str, str]
    rows: tuple[Row, ...]
    extensions: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def place(self, name: str = "") -> Place:
        """Where a slot of the set stands, a prefix, a column, or the set."""
        return self.where.get(name) or self.where.get("", NOWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What a configuration says of the sets that are written, in SSSOM's own words."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    mapping_set_id: str | None = said(Kind.IRI, "Address by which the set is known.")
    license: str | None = said(Kind.IRI, "Address of the licence under which it is given.")
    base: str | None = said(
        Kind.IRI, "Address under which each payer's measures are named: base/payer/measure."
    )
    curie_map: Mapping[str, str] | None = said(
        Kind.PREFIXES, "Payer, or prefix of a creator -> address that its names stand under."
    )
    mapping_set_version: str | None = said(Kind.LINE, "Version of the set.")
    mapping_set_title: str | None = said(Kind.LINE, "Title of the set.")
    mapping_set_description: str | None = said(Kind.TEXT, "What the set is.")
    creator_id: tuple[str, ...] | None = said(Kind.LINES, "Who made it, such as orcid:0000-...")
    creator_label: tuple[str, ...] | None = said(Kind.LINES, "Who made it, by name.")
    publication_date: str | None = said(Kind.DATE, "When it was published, YYYY-MM-DD.")
    see_also: tuple[str, ...] | None = said(Kind.LINES, "Addresses with more about it.")
    issue_tracker: str | None = said(Kind.IRI, "Where to object.")
    comment: str | None = said(Kind.TEXT, "Anything else.")

    def address(self, payer: str) -> str | None:
        """What the names of a payer's measures stand under."""
        own = (self.curie_map or {}).get(payer)
        if own or self.base is None:
            return own
        return f"{self.base}{'' if self.base[-1] in '/#' else '/'}{quote(payer, safe='')}/"

    @property
    def about(self) -> dict[str, tuple[str, ...]]:
        """What it says of a set, by slot."""
        stated = {name: getattr(self, name) for name in declared(Exchange) if name in OF_A_SET}
        return {
            name: value if isinstance(value, tuple) else (value,)
            for name, value in stated.items()
            if value is not None
        }


NO_EXCHANGE: Final = Exchange()
CONFIG: Final = "harmonize.yaml"


def unsaid(found: Exchange, payers: tuple[str, ...]) -> tuple[Problem, ...]:
    """What has to be said before a set can be written, each with the line to write."""
    place = found.where.get("") or Place(CONFIG)
    wanted = {
        name: f"{name}: https://example.org/{told}"
        for name, told in (("mapping_set_id", "our-crosswalk"), ("license", "our-licence"))
        if getattr(found, name) is None
    }
    addresses: dict[str, str] = {}
    shared = [
        (payer, addresses[address])
        for payer in payers
        if (address := found.address(payer)) and addresses.setdefault(address, payer) != payer
    ]
    nameless = [payer for payer in payers if found.address(payer) is None]
    if nameless:
        wanted["base"] = "base: https://example.org/specs/"
    why = {
        "mapping_set_id": "SSSOM wants the address by which the set is known",
        "license": "SSSOM wants the address of the licence under which you give it away",
        "base": f"the measures of {', '.join(nameless)} have no address to stand under",
    }
    also = {"base": ", or an address for each payer under 'curie_map:'"}
    missing = (
        f"{why[name]}: write '{line}' under 'sssom:' in {place.file}, with your own address"
        f"{also.get(name, '')}"
        for name, line in wanted.items()
    )
    alike = (
        f"{one} and {other} stand under one address: give each its own" for one, other in shared
    )
    return (
        *(Problem(place, "HZ530", told) for told in missing),
        *(Problem(place, "HZ524", told) for told in alike),
    )


# --- names --------------------------------------------------------------------------------------


def is_iri(text: str) -> bool:
    """Whether a text is an absolute address."""
    return IRI.fullmatch(text) is not None


def prefix_of(payer: str) -> str:
    """The prefix of a payer's measures: a prefix begins with a letter, and some are taken."""
    plain = payer[0].isalpha() and payer.casefold() not in BUILT_IN
    return payer if plain else f"_{payer}"


def curie_of(ref: str) -> str:
    """The name of a measure, given as `payer/id`."""
    payer, _, own = ref.partition("/")
    return f"{prefix_of(payer)}:{quote(own, safe='')}"


def ref_of(curie: str, payers: Mapping[str, str] = MappingProxyType({})) -> str:
    """The `payer/id` of a name; `payers` says which payer a prefix means, if another than itself.

    No slug begins with the mark that `prefix_of` puts before some.
    """
    prefix, _, own = curie.partition(":")
    return f"{payers.get(prefix, prefix.removeprefix('_'))}/{unquote(own)}"


# What a spreadsheet takes for the beginning of a formula, and what is put before it.
_RUNS: Final = re.compile(r"'*\s*[=+@\t\r\uff1d\uff0b\uff0d\uff20-]")


def is_prose(name: str) -> bool:
    """Whether a slot holds words of people, or is an extension."""
    return name not in OF_A_MAPPING or OF_A_MAPPING[name].sort is Sort.TEXT


def guarded(text: str) -> str:
    """A text that no spreadsheet runs; `unguarded` gives it back."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """A text without the mark that `guarded` puts before some."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


# Predicates that say otherwise when the sides change places.
_INVERSE: Final = {
    "skos:broadMatch": "skos:narrowMatch",
    "skos:narrowMatch": "skos:broadMatch",
}


def inverse(predicate: str) -> str:
    """What the second is to the first, where the first is this to the second."""
    return _INVERSE.get(predicate, predicate)
