"""What breaks the rules of a set of mappings: everything that other readers drop or mend unsaid."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from harmonize.mappings import (
    BUILT_IN,
    LITERAL,
    OF_A_MAPPING,
    OF_A_SET,
    MappingSet,
    Row,
    Slot,
    Sort,
    is_iri,
)
from harmonize.problems import Place, Problem

_CURIE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*:(?!//)[^\s|<>\"{}\\^`]*")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DAY: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_OF_A_REVIEW: Final = ("review_date", "reviewer_agreement")
_NONE_TO_NONE: Final = ("0:0",)  # a cardinality of 1.1


def _choice(text: str, slot: Slot) -> bool:
    return text in slot.choices


def _number(text: str, slot: Slot) -> bool:
    return _NUMBER.fullmatch(text) is not None and slot.lowest <= float(text) <= 1.0


_FITS: Final[Mapping[Sort, tuple[str, Callable[[str, Slot], bool]]]] = MappingProxyType(
    {
        Sort.TEXT: ("HZ522", lambda _, __: True),
        Sort.CURIE: ("HZ523", lambda text, _: _CURIE.fullmatch(text) is not None),
        Sort.IRI: ("HZ523", lambda text, _: is_iri(text)),
        Sort.NUMBER: ("HZ527", _number),
        Sort.DATE: ("HZ527", lambda text, _: _DAY.fullmatch(text) is not None),
        Sort.CHOICE: ("HZ522", _choice),
    }
)


def faults(found: MappingSet) -> tuple[Problem, ...]:
    """Everything by which a set breaks the rules, in the order of its places."""
    latest = found.about.get("sssom_version") == ("1.1",)
    problems = [*_of_prefixes(found), *_of_extensions(found)]
    for name, slot in OF_A_SET.items():
        if slot.required and not found.about.get(name):
            told = f"no {name!r}: write '#{name}: https://...' in the lines that begin with #"
            problems.append(Problem(found.place(), "HZ521", told))
    for name, texts in found.about.items():
        if name in found.extensions:
            continue
        if name not in OF_A_SET:
            told = f"{name[:60]!r} is no slot of a set, and no extension that the file defines"
            problems.append(Problem(found.place(name), "HZ525", told))
        else:
            place = found.place(name)
            problems += _of_slot(name, OF_A_SET[name], texts, place, found, latest=latest)
    for row in found.rows:
        problems += _of_row(row, found, latest=latest)
    return tuple(sorted(set(problems)))


def _of_prefixes(found: MappingSet) -> Iterator[Problem]:
    meant: dict[str, str] = {}
    for prefix, address in found.prefixes.items():
        place = found.place(f"curie_map.{prefix}")
        if not _WORD.fullmatch(prefix) or not is_iri(address):
            wanted = "a prefix of letters, and an absolute address"
            yield Problem(place, "HZ523", f"{prefix[:60]!r} stands for {address[:60]!r}: {wanted}")
        if BUILT_IN.get(prefix, address) != address:
            told = f"the prefix {prefix!r} is SSSOM's own, for {BUILT_IN[prefix]}"
            yield Problem(place, "HZ524", told)
        other = meant.setdefault(address, prefix)
        if other != prefix:
            told = f"{prefix!r} and {other!r} stand for one address: give each its own"
            yield Problem(place, "HZ524", told)


def _of_extensions(found: MappingSet) -> Iterator[Problem]:
    for name, hint in found.extensions.items():
        place = found.place(f"extension_definitions.{name}")
        if not _WORD.fullmatch(name) or name in OF_A_MAPPING or name in OF_A_SET:
            yield Problem(place, "HZ525", f"{name[:60]!r} cannot be the name of an extension")
        if hint:
            yield from _undeclared(hint, "type_hint", place, found)


def _of_row(row: Row, found: MappingSet, *, latest: bool) -> Iterator[Problem]:
    for name, slot in OF_A_MAPPING.items():
        needed = slot.required or (
            name in ("subject_id", "object_id") and row.get(f"{name[:-3]}_type") != LITERAL
        )
        if needed and not row.get(name):
            yield Problem(row.place(name), "HZ521", f"{name!r} is empty: every mapping has one")
        if name.endswith("_type") and row.get(name) == LITERAL:
            side = name[:-5]
            if not row.get(f"{side}_label"):
                told = f"'{side}_label' is empty: of a literal it is what is mapped"
                yield Problem(row.place(), "HZ521", told)
    for name in _OF_A_REVIEW:
        if row.get(name) and not (row.get("reviewer_id") or row.get("reviewer_label")):
            told = f"{name!r} without 'reviewer_id' or 'reviewer_label': say who reviewed it"
            yield Problem(row.place(name), "HZ521", told)
    for name, texts in row.values.items():
        if name in OF_A_MAPPING:
            place = row.place(name)
            yield from _of_slot(name, OF_A_MAPPING[name], texts, place, found, latest=latest)
        elif name not in found.extensions:
            told = f"{name[:60]!r} is no slot of a mapping, and no extension that the file defines"
            yield Problem(found.place(f"column.{name}"), "HZ525", told)


def _of_slot(
    name: str,
    slot: Slot,
    texts: tuple[str, ...],
    place: Place,
    found: MappingSet,
    *,
    latest: bool,
) -> Iterator[Problem]:
    newer = slot.new or (name == "mapping_cardinality" and texts == _NONE_TO_NONE)
    if newer and not latest:
        told = f"{name!r} as it stands here is of SSSOM 1.1: say '#sssom_version: \"1.1\"', or"
        yield Problem(place, "HZ526", f"{told} leave it out")
        return
    if len(texts) > 1 and not slot.many:
        yield Problem(place, "HZ522", f"{name!r} holds {len(texts)} values, wanted one")
    for text in texts:
        code, fits = _FITS[slot.sort]
        if name == "mapping_cardinality" and latest and texts == _NONE_TO_NONE:
            continue
        if not fits(text, slot):
            yield Problem(place, code, f"{name!r} is {text[:60]!r}, wanted {_wanted(slot)}")
        elif slot.sort is Sort.CURIE:
            yield from _undeclared(text, name, place, found)


def _wanted(slot: Slot) -> str:
    if slot.sort is Sort.CHOICE:
        return f"one of {', '.join(slot.choices)}" if len(slot.choices) > 1 else slot.choices[0]
    return f"{slot.sort} from {slot.lowest:g} to 1" if slot.sort is Sort.NUMBER else slot.sort


def _undeclared(curie: str, name: str, place: Place, found: MappingSet) -> Iterator[Problem]:
    prefix = curie.partition(":")[0]
    if prefix not in found.prefixes and prefix not in BUILT_IN:
        told = f"{name!r} is {curie[:60]!r}, and no prefix {prefix[:40]!r} is in the curie_map"
        yield Problem(place, "HZ524", told)
