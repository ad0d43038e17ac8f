"""Judgements of matches as mappings: a row for each, and of each row a judgement or why it is none.

What SSSOM has no slot for stands in extensions that the set defines, so that it comes back as it
was said; a row without them is judged by what it says in SSSOM's own words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from harmonize.decisions import BETWEEN, Decision
from harmonize.fields import Kind, declared
from harmonize.mappings import BUILT_IN, NO_TERM, NOT, MappingSet, Row, inverse, ref_of
from harmonize.problems import Place, Problem, SpecError
from harmonize.sets import SLUG
from harmonize.trees import Items, Node, Pairs, Scalar, stated

CURATED: Final = "semapv:ManualMappingCuration"
REVIEWED: Final = "semapv:MappingReview"
SAME: Final = "skos:closeMatch"  # the weakest that says that two are one
OPEN: Final = "skos:mappingRelation"  # says that there is a relation, and not which
BY_MAPPING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "exact": "skos:exactMatch",
        "close": SAME,
        "broad": "skos:broadMatch",
        "narrow": "skos:narrowMatch",
        "related": "skos:relatedMatch",
    }
)
# Absence is not agreement: what is undetermined is close.  Which is the part, a relation says not.
BY_RELATION: Final[Mapping[str, str]] = MappingProxyType(
    {
        "identical": "skos:exactMatch",
        "harmonized": "skos:exactMatch",
        "modified": SAME,
        "undetermined": SAME,
        **dict.fromkeys(BETWEEN, "skos:relatedMatch"),
    }
)
# What predicates of others come to.
MEANT: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{predicate: mapping for mapping, predicate in BY_MAPPING.items()},
        "owl:sameAs": "exact",
        "owl:equivalentClass": "exact",
        "rdfs:subClassOf": "broad",
    }
)
_ONE: Final = ("exact", "close")
JUDGEMENT: Final = "ext_judgement"
# Said in slots of SSSOM, or of no use without the lists that were judged.
_SAID: Final = ("match", "difference", "measure", "disposition", "by", "on", "because", "judged")
_WHO: Final = (
    "author_label", "reviewer_label", "creator_label", "author_id", "reviewer_id", "creator_id",
)  # fmt: skip
_WHEN: Final = ("mapping_date", "review_date")


def _extensions() -> Iterator[tuple[str, str, str, Kind]]:
    """Each extension: its name, the field, the field within, and the kind of value."""
    for key, info in declared(Decision).items():
        if key in _SAID:
            continue
        if info.record is None:
            yield f"ext_{key}", key, "", info.kind
        else:
            for inner, one in declared(info.record).items():
                yield f"ext_{key}_{inner}", key, inner, one.kind


EXTENSIONS: Final = tuple(sorted(_extensions()))
HINTS: Final = {
    name: "xsd:date" if kind is Kind.DATE else "xsd:string" for name, _, _, kind in EXTENSIONS
}


def predicate_of(one: Decision, between: str) -> str:
    """What a judgement says that the second is to the first; `between` where it does not say."""
    if one.judgement == "unsure":
        return OPEN
    if one.judgement == "reject":
        return SAME  # with Not: neither the same nor close
    if one.mapping:
        return BY_MAPPING[one.mapping]
    return BY_RELATION[one.relation] if one.relation not in (None, "part-of") else between


def facts(one: Decision) -> dict[str, tuple[str, ...]]:
    """What a row tells of a judgement beside the pair and the predicate."""
    is_open = one.judgement == "unsure"
    said: dict[str, Any] = {
        "predicate_modifier": NOT if one.judgement == "reject" else None,
        "mapping_justification": REVIEWED if is_open else CURATED,
        "reviewer_label" if is_open else "author_label": one.by,
        "mapping_date": one.on,
        "comment": one.because,
    }
    for name, key, inner, _ in EXTENSIONS:
        value = getattr(one, declared(Decision)[key].name)
        record: Any = declared(Decision)[key].record
        said[name] = getattr(value, declared(record)[inner].name) if value and inner else value
    return {
        name: value if isinstance(value, tuple) else (str(value),)
        for name, value in said.items()
        if value
    }


# --- and back -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Aside:
    """Where a row stands of which no judgement was made, and why."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rows of a set come to: entries as a decisions file has them, and rows left aside."""

    entries: tuple[Pairs, ...]
    aside: tuple[Aside, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How rows are to be read: which payer a prefix means, and whether suggestions are taken."""

    payers: Mapping[str, str] = field(default_factory=dict)
    suggestions: bool = False


def judged(found: MappingSet, file: str, asked: Asked) -> Judged:
    """Each row as a judgement, or why it is none; in the order of the file."""
    entries: list[Pairs] = []
    aside: list[Aside] = []
    own = JUDGEMENT in found.extensions
    judged_too = {_pair(row) for row in found.rows if _is_judged(row, own=own)}
    for row in found.rows:
        made = _entry(row, file, asked, judged_too, own=own)
        if isinstance(made, str):
            aside.append(Aside(row.place(), made))
        else:
            entries.append(made)
    return Judged(tuple(entries), tuple(aside))


def nameless(found: MappingSet, asked: Asked) -> tuple[Problem, ...]:
    """Names whose prefix means no payer."""
    problems = []
    for row in found.rows:
        for slot in ("subject_id", "object_id"):
            name = row.get(slot)
            prefix = name.partition(":")[0]
            payer = asked.payers.get(prefix, prefix.removeprefix("_"))
            taken = prefix in BUILT_IN and prefix not in asked.payers
            if name not in ("", NO_TERM) and (taken or not re.fullmatch(SLUG, payer)):
                told = f"the prefix of {name[:60]!r} names no payer: say which with --map"
                problems.append(Problem(row.place(slot), "HZ529", f"{told} {prefix}=payer"))
    return tuple(problems)


def settled(
    found: Iterable[Decision], there: Iterable[Decision] = ()
) -> tuple[tuple[Decision, ...], tuple[Aside, ...]]:
    """Decisions of which each answers a question of its own, and those that are left aside.

    What is `there` already stays.  Raises `SpecError` for two answers to one question.
    """
    known = {one.key: one for one in there if one.withdrawn is None}
    first: dict[tuple[str, ...], Decision] = {}
    aside: list[Aside] = []
    problems = []
    for one in found:
        before = first.setdefault(one.key, one)
        own = known.get(one.key)
        if before is not one and _answer(before) != _answer(one):
            told = f"{' and '.join(one.refs)}: {one.told} here, {before.told}"
            advice = f"in line {before.place.line}: take one out"
            problems.append(Problem(one.place, "HZ502", f"{told} {advice}"))
        elif before is not one:
            aside.append(Aside(one.place, f"judged alike in line {before.place.line}"))
        elif own is not None:
            alike = "alike" if _answer(own) == _answer(one) else "otherwise"
            aside.append(Aside(one.place, f"recorded {alike} in {own.place}, which stays"))
    if problems:
        raise SpecError(tuple(problems))
    return tuple(one for key, one in first.items() if key not in known), tuple(aside)


def _answer(one: Decision) -> tuple[str, str]:
    """What a judgement comes to, whichever side it names first."""
    if one.one or one.judgement != "accept":
        return one.answer, ""
    kin = BY_MAPPING.get(one.mapping or "", one.relation or "")
    return one.answer, kin if one.refs == tuple(sorted(one.refs)) else inverse(kin)


def _pair(row: Row) -> frozenset[str]:
    return frozenset((row.get("subject_id"), row.get("object_id")))


def _is_judged(row: Row, *, own: bool) -> bool:
    if own:
        return bool(row.get(JUDGEMENT))
    person = row.get("mapping_justification") in (CURATED, REVIEWED)
    return person or row.get("predicate_modifier") == NOT


def _entry(
    row: Row, file: str, asked: Asked, judged_too: set[frozenset[str]], *, own: bool
) -> Pairs | str:
    """One row as an entry of a decisions file, or why it is none."""
    if NO_TERM in _pair(row):
        return "no counterpart was found"
    if "" in _pair(row):
        return "a text and no measure"
    if len(_pair(row)) == 1:
        return "a measure mapped to itself"
    mapping = MEANT.get(row.get("predicate_id"))
    if _is_judged(row, own=own):
        return _ours(row, asked) if own else _theirs(row, file, asked, mapping)
    if mapping not in _ONE and row.get("predicate_id") != OPEN:
        return f"{row.get('predicate_id')} that nobody has judged"
    if _pair(row) in judged_too:
        return "a suggestion for a pair that another row judges"
    if not asked.suggestions:
        return "a suggestion that nobody has judged"
    sure = row.get("confidence")
    told = f", confidence {sure}" if sure else ""
    because = f"suggested in {file} by {row.get('mapping_justification')}{told}"
    return _made(row, asked, {"judgement": "unsure", "because": because}, who=False)


def _ours(row: Row, asked: Asked) -> Pairs:
    """A row that says in our own words what was judged."""
    said: dict[str, str] = {}
    within: dict[str, dict[str, Node]] = {}
    for name, key, inner, kind in EXTENSIONS:
        texts = row.values.get(name)
        if not texts:
            continue
        if inner:
            listed = tuple(Scalar(text, row.place(name)) for text in texts)
            many = kind is Kind.LINES and len(listed) > 1
            node = Items(listed, row.place(name)) if many else listed[0]
            within.setdefault(key, {})[inner] = node
        else:
            said[key] = row.get(name)
    said["because"] = row.get("comment")
    records = {key: stated(inner, row.place()) for key, inner in within.items()}
    return _made(row, asked, said, records)


def _theirs(row: Row, file: str, asked: Asked, mapping: str | None) -> Pairs | str:
    """A row in SSSOM's own words alone."""
    because = row.get("comment") or "; ".join(row.values.get("curation_rule_text", ()))
    if row.get("predicate_modifier") == NOT:
        if mapping not in _ONE:
            return f"not {row.get('predicate_id')}, which leaves open whether the two are one"
        said = {
            "judgement": "reject",
            "because": because or f"no reason given in {file.rpartition('/')[2]}",
        }
        return _made(row, asked, said)
    if mapping is None:
        return f"{row.get('predicate_id')} is no mapping of measures"
    return _made(row, asked, {"judgement": "accept", "mapping": mapping, "because": because})


def _made(
    row: Row,
    asked: Asked,
    said: Mapping[str, str],
    records: Mapping[str, Node] = MappingProxyType({}),
    *,
    who: bool = True,
) -> Pairs:
    sides = tuple(
        Scalar(ref_of(row.get(name), asked.payers), row.place(name))
        for name in ("subject_id", "object_id")
    )
    if who:
        own = {
            "by": next((row.get(name) for name in _WHO if row.get(name)), ""),
            "on": next((row.get(name) for name in _WHEN if row.get(name)), ""),
        }
        said = {**said, **own}
    texts = {
        key: Scalar(text, row.place(_SLOTS.get(key, ""))) for key, text in said.items() if text
    }
    return stated({"match": Items(sides, row.place("subject_id")), **texts, **records}, row.place())


# Where a problem with what a row says is told.
_SLOTS: Final = {"because": "comment", "mapping": "predicate_id", "on": "mapping_date"}
