"""A crosswalk, and what people judged of it, as mappings: a row for each justification.

What is only possible is a row that says no more than that there may be a relation
(`skos:mappingRelation`), so that nobody takes it for accepted.  A look-alike is a row for what it
is: broader, narrower or related.  That nothing was found is said where it can be known: of a
measure, not of its rates; not of a list that is partial or has no measures; and not while a match
is possible.  References and internal lists have rows like all others: a mapping is no figure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harmonize.audience import Published
from harmonize.concepts import Concept, Pair
from harmonize.decisions import OF_A_MATCH, Decision
from harmonize.judgements import BY_RELATION, HINTS, OPEN, SAME, facts, predicate_of
from harmonize.kinship import is_part
from harmonize.mappings import (
    BUILT_IN,
    NO_TERM,
    OF_A_MAPPING,
    Exchange,
    MappingSet,
    Row,
    Sort,
    curie_of,
    prefix_of,
)
from harmonize.measures import SYSTEMS, Measure
from harmonize.report import Report
from harmonize.wording import base_id

TOOL: Final = "harmonize"
LEXICAL: Final = "semapv:LexicalMatching"
ALIKE: Final = "semapv:LexicalSimilarityThresholdMatching"
COMPOSED: Final = "semapv:CompositeMatching"
CHAINED: Final = "semapv:MappingChaining"
TITLE: Final = "rdfs:label"
IDENTIFIER: Final = "skos:notation"
NEAR: Final = 0.5  # likeness from which titles are said to be alike
MEASURE: Final = "Dice coefficient of the telling words of both titles"
BROADER: Final = "skos:broadMatch"
NARROWER: Final = "skos:narrowMatch"
_LETTERS: Final = re.compile(r"[^\W_]+")

Texts = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Lists:
    """What rows are made of: the report, by item and by payer."""

    report: Report
    items: Mapping[str, Measure]
    home: Mapping[str, Concept]
    versions: Mapping[str, str]
    tool: Texts

    @classmethod
    def of(cls, report: Report, version: str) -> "_Lists":
        return cls(
            report,
            {m.ref: m for s in report.payers for m in s.measures or ()},
            {m.ref: c for c in report.crosswalk.concepts for m in c.members},
            {s.payer: s.measurement_year for s in report.payers if s.measurement_year},
            {"mapping_tool": (TOOL,), **({"mapping_tool_version": (version,)} if version else {})},
        )

    def side(self, name: str, item: Measure) -> dict[str, tuple[str, ...]]:
        """One side of a row."""
        return {
            f"{name}_id": (curie_of(item.ref),),
            f"{name}_label": (item.title,),
            **self.source(name, item.payer),
        }

    def source(self, name: str, payer: str) -> dict[str, tuple[str, ...]]:
        """The list that one side stands in."""
        version = self.versions.get(payer)
        said = {f"{name}_source_version": (version,)} if version else {}
        return {f"{name}_source": (f"{prefix_of(payer)}:",), **said}

    def row(self, left: Measure, right: Measure, predicate: str, told: Texts) -> Row:
        """A mapping from one item to another."""
        sides = self.side("subject", left) | self.side("object", right)
        return Row({**sides, "predicate_id": (predicate,), **told})


def mapping_set(published: Published, exchange: Exchange, version: str = "") -> MappingSet:
    """All that is known of what is what; `version` is the program's, if it is to be told."""
    lists = _Lists.of(published.report, version)
    found = [
        *_matched(lists),
        *_possible(lists),
        *_related(lists),
        *_judged(lists),
        *_alone(lists),
    ]
    names = {name for row in found for name in row.values}
    named = (*(exchange.curie_map or {}), *(s.payer for s in published.report.payers))
    known = {prefix_of(name): address for name in named if (address := exchange.address(name))}
    used = {*_prefixes(found), *(text.partition(":")[0] for text in exchange.creator_id or ())}
    return MappingSet(
        about=exchange.about,
        prefixes={prefix: known[prefix] for prefix in sorted(used) if prefix in known},
        rows=tuple(found),
        extensions={name: hint for name, hint in HINTS.items() if name in names},
    )


def _prefixes(rows: Iterable[Row]) -> set[str]:
    """The prefixes of every name in the rows that is not SSSOM's own."""
    found = {
        text.partition(":")[0]
        for row in rows
        for name, texts in row.values.items()
        if name in OF_A_MAPPING and OF_A_MAPPING[name].sort is Sort.CURIE
        for text in texts
    }
    return found - BUILT_IN.keys()


# --- what the lists say -------------------------------------------------------------------------


def _matched(lists: _Lists) -> Iterator[Row]:
    """The links within concepts; of what somebody accepted, only what both sides say alike."""
    for link in (link for c in lists.report.crosswalk.concepts for link in c.links):
        judgement = lists.report.rulings.of(link.left.ref, link.right.ref)
        if judgement is not None and judgement.decision.judgement == "accept":
            predicate = _predicate(lists, judgement.decision, judgement.refs)
            told = _beside(link)
            if told:
                yield lists.row(link.left, link.right, predicate, {**told, **lists.tool})
            continue
        predicate = BY_RELATION[lists.report.relation(link)]
        if lists.report.rulings.bound(link.left.ref, link.right.ref):
            told = {"mapping_justification": (CHAINED,)}
        else:
            told = {**_justified(link), "confidence": (_share(link.confidence),)}
        yield lists.row(link.left, link.right, predicate, _why(link) | told | lists.tool)


def _possible(lists: _Lists) -> Iterator[Row]:
    for pair in lists.report.crosswalk.possible:
        told = {**_justified(pair), "confidence": (_share(pair.confidence),)}
        yield lists.row(pair.left, pair.right, OPEN, _why(pair) | told | lists.tool)


def _related(lists: _Lists) -> Iterator[Row]:
    """Look-alikes, unless somebody said what they are; which is the whole tells which is broad."""
    for pair, relation in lists.report.crosswalk.related:
        judgement = lists.report.rulings.of(pair.left.ref, pair.right.ref)
        if judgement is not None and judgement.decision.judgement == "accept":
            continue
        predicate = _between(lists, pair.left, pair.right, relation)
        told = {"mapping_justification": (COMPOSED,)}
        yield lists.row(pair.left, pair.right, predicate, _why(pair) | told | lists.tool)


def _between(lists: _Lists, left: Measure, right: Measure, relation: str) -> str:
    if relation != "part-of":
        return BY_RELATION[relation]
    here, there = (is_part(one, lists.home[one.ref]) for one in (left, right))
    if here == there:
        return BY_RELATION[relation]
    return BROADER if here else NARROWER


def _why(pair: Pair) -> Texts:
    return {"comment": (pair.reason,)}


def _justified(pair: Pair) -> Texts:
    """The kind of evidence: one field that says the same, titles alike, or all together."""
    title, ids = _same_title(pair), _same_ids(pair)
    if title and not ids:
        return _lexical(TITLE, title)
    if ids and not title and not pair.likeness:
        return _lexical(IDENTIFIER, ids)
    if title or ids or pair.likeness < NEAR:
        return {"mapping_justification": (COMPOSED,)}
    return {
        "mapping_justification": (ALIKE,),
        "similarity_score": (_share(pair.likeness),),
        "similarity_measure": (MEASURE,),
    }


def _beside(pair: Pair) -> Texts:
    """What both sides say alike, whoever accepted the pair; nothing where that is neither."""
    title, ids = _same_title(pair), _same_ids(pair)
    if title and ids:
        return {"mapping_justification": (COMPOSED,)}
    return _lexical(TITLE, title) if title else _lexical(IDENTIFIER, ids) if ids else {}


def _lexical(field: str, found: tuple[str, ...]) -> Texts:
    return {
        "mapping_justification": (LEXICAL,),
        "subject_match_field": (field,),
        "object_match_field": (field,),
        "match_string": found,
    }


def _same_title(pair: Pair) -> tuple[str, ...]:
    titles = {" ".join(_LETTERS.findall(m.title.casefold())) for m in (pair.left, pair.right)}
    return tuple(titles) if len(titles) == 1 else ()


def _same_ids(pair: Pair) -> tuple[str, ...]:
    return tuple(
        f"{system.upper()} {value}"
        for system in SYSTEMS
        for value in sorted(_ids(pair.left, system) & _ids(pair.right, system))
    )


def _ids(item: Measure, system: str) -> set[str]:
    return {base_id(system, value) for value in (item.ids or {}).get(system, ())}


def _share(number: float) -> str:
    """A share to three decimals, the last one rounded half up."""
    thousandths = int(number * 1000 + 0.5 + 1e-9)
    return f"{thousandths / 1000:.3f}".rstrip("0").rstrip(".")


# --- what people say ----------------------------------------------------------------------------


def _judged(lists: _Lists) -> Iterator[Row]:
    """Judgements of matches that are in force, the sides in the order that they name."""
    for one in lists.report.rulings.standings:
        if not one.in_force or one.decision.judgement not in OF_A_MATCH:
            continue
        left, right = (lists.items[ref] for ref in one.refs)
        yield lists.row(left, right, _predicate(lists, one.decision, one.refs), facts(one.decision))


def _predicate(lists: _Lists, one: Decision, refs: tuple[str, ...]) -> str:
    """What a judgement says, and where it does not, what the lists do."""
    left, right = (lists.items[ref] for ref in refs)
    if one.relation == "part-of":
        return predicate_of(one, _between(lists, left, right, one.relation))
    links = {(p.left.ref, p.right.ref): p for p in lists.home[left.ref].links}
    link = links.get((left.ref, right.ref)) or links.get((right.ref, left.ref))
    return predicate_of(one, BY_RELATION[lists.report.relation(link)] if link else SAME)


# --- what was not found -------------------------------------------------------------------------


def _alone(lists: _Lists) -> Iterator[Row]:
    """Each measure that another list has no counterpart of, as far as that can be known."""
    open_ = {
        (one.ref, other.payer)
        for pair in lists.report.crosswalk.possible
        for one, other in ((pair.left, pair.right), (pair.right, pair.left))
    }
    open_ |= {
        (one, other.split("/", 1)[0])
        for refs, standing in lists.report.rulings.judged.items()
        if standing.decision.judgement == "unsure"
        for one, other in (refs, refs[::-1])
    }
    for item in lists.items.values():
        if item.rate_of:
            continue
        found = set(lists.home[item.ref].payers)
        for payer in lists.report.payers:
            other = payer.payer
            silent = payer.is_partial or not payer.measures
            if other in found or silent or (item.ref, other) in open_:
                continue
            yield Row(
                {
                    **lists.side("subject", item),
                    "predicate_id": (SAME,),
                    "object_id": (NO_TERM,),
                    **lists.source("object", other),
                    "mapping_justification": (COMPOSED,),
                    "mapping_cardinality": ("1:0",),
                    **lists.tool,
                }
            )
