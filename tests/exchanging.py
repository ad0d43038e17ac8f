"""What the tests of the exchange build with: reports with judgements, and files of mappings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from building import EXCHANGE, published
from deciding import DAY

from harmonize.audience import Published
from harmonize.decisions import Decision
from harmonize.exchange import mapping_set
from harmonize.judgements import Asked, judged
from harmonize.mappings import MappingSet, Row
from harmonize.reading.decisions import read_nodes
from harmonize.reading.mappings import read_mappings
from harmonize.render.sssom import tsv
from harmonize.rulings import rulings
from harmonize.sets import MeasureSet
from harmonize.trees import Source

HEAD: Final = """\
#curie_map:
#  lake: https://example.org/lake/
#  ridge: https://example.org/ridge/
#mapping_set_id: https://example.org/theirs
#license: https://example.org/licence
"""


def ruled(sets: tuple[MeasureSet, ...], *decisions: Decision) -> Published:
    """The report on the sets with judgements laid on it."""
    found = published(*sets)
    report = replace(found.report, rulings=rulings(decisions, sets, DAY))
    return Published(report, found.audience)


def exported(sets: tuple[MeasureSet, ...], *decisions: Decision) -> str:
    """The same as a file."""
    return tsv(mapping_set(ruled(sets, *decisions), EXCHANGE))


def mapped(sets: tuple[MeasureSet, ...], *decisions: Decision) -> MappingSet:
    """The same read back."""
    return given(exported(sets, *decisions))


def given(text: str | bytes) -> MappingSet:
    """The mappings of a file."""
    data = text if isinstance(text, bytes) else text.encode()
    return read_mappings(Source("m.tsv", data))


def table(*rows: Mapping[str, str], head: str = HEAD) -> str:
    """A file of rows, the columns in the order in which they come up."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["\t".join(row.get(name, "") for name in columns) for row in rows]
    return head + "\n".join(("\t".join(columns), *lines)) + "\n"


def mapping(**over: str) -> dict[str, str]:
    """A row that a person curated, unless it says otherwise."""
    return {
        "subject_id": "lake:1",
        "predicate_id": "skos:exactMatch",
        "object_id": "ridge:2",
        "mapping_justification": "semapv:ManualMappingCuration",
        **over,
    }


def taken(found: MappingSet, **asked: Any) -> tuple[Decision, ...]:
    """The decisions that a set comes to."""
    return read_nodes(judged(found, "m.tsv", Asked(**asked)).entries)[0]


def between(found: MappingSet, one: str, other: str) -> list[Row]:
    """The rows from one name to another."""
    return [r for r in found.rows if (r.get("subject_id"), r.get("object_id")) == (one, other)]
