"""SSSOM/TSV read into sets of mappings, and held to every rule: nothing is mended or dropped."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from harmonize.grids import Cell, split
from harmonize.mappings import (
    OF_A_MAPPING,
    OF_A_SET,
    SPREAD,
    Exchange,
    MappingSet,
    Row,
    is_prose,
    prefix_of,
    unguarded,
)
from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.reading.nodes import parse
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.strictness import faults
from harmonize.trees import Items, Node, Pairs, Scalar, Source

CURIE_MAP: Final = "curie_map"
DEFINITIONS: Final = "extension_definitions"
_PARTS: Final = ("slot_name", "property", "type_hint")
_ONE_OF_MANY: Final = re.compile(r"(?:[^|\\]|\\.?)+")
_ESCAPED: Final = re.compile(r"\\([|\\])")
# What slots were called before, and the words that they held.
_OLDER: Final[Mapping[str, tuple[str, ...]]] = {
    "match_type": ("mapping_justification",),
    "match_term_type": ("subject_type", "object_type"),
    "semantic_similarity_score": ("similarity_score",),
    "semantic_similarity_measure": ("similarity_measure",),
}
_OLDER_WORDS: Final[Mapping[str, str]] = {
    "Lexical": "semapv:LexicalMatching",
    "Logical": "semapv:LogicalReasoning",
    "HumanCurated": "semapv:ManualMappingCuration",
    "Complex": "semapv:CompositeMatching",
    "Unspecified": "semapv:UnspecifiedMatching",
    "SemanticSimilarity": "semapv:SemanticSimilarityThresholdMatching",
    "ConceptMatch": "skos concept",
    "ClassMatch": "owl class",
    "ObjectPropertyMatch": "owl object property",
    "IndividualMatch": "owl named individual",
    "DataPropertyMatch": "owl data property",
    "TermMatch": "rdfs literal",
}


def read_mappings(source: Source) -> MappingSet:
    """The set of one file; raises `SpecError` with everything that is wrong with it."""
    text = _text(source)
    lines = text.split("\n")
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    teller = Teller()
    about, prefixes, extensions, where = _about(lines[:head], source.name, teller)
    rows, columns = _rows(lines, head, source.name, extensions, teller)
    spread = {
        name: about.pop(name)
        for name in SPREAD
        if name in about and not any(name in row.values for row in rows)
    }
    rows = [Row({**spread, **row.values}, row.where) for row in rows]
    found = MappingSet(about, prefixes, tuple(rows), extensions, {**where, **columns})
    # A spread value that is wrong is wrong once, in the line in which it stands.
    checked = MappingSet({**about, **spread}, prefixes, found.rows, extensions, found.where)
    problems = (*teller.problems, *faults(checked))
    if len(problems) > MOST:
        problems = (*problems[:MOST], Problem(problems[MOST].place, "HZ113", TOO_MANY))
    if problems:
        raise SpecError(problems)
    return found


def _text(source: Source) -> str:
    place = Place(source.name, 1, 1)
    if source.data.startswith(b"\xef\xbb\xbf"):
        message = "a byte order mark stands before the first line: save it as UTF-8 without one"
        raise SpecError((Problem(place, "HZ528", message),))
    try:
        text = source.data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.data[: error.start].count(b"\n") + 1
        message = f"not UTF-8: byte 0x{source.data[error.start]:02x} in this line"
        raise SpecError((Problem(place._replace(line=line), "HZ005", message),)) from None
    if not text.strip():
        raise SpecError((Problem(place, "HZ007", "nothing stands here"),))
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- the lines that begin with # ----------------------------------------------------------------

_About = tuple[dict[str, tuple[str, ...]], dict[str, str], dict[str, str], dict[str, Place]]


def _about(lines: Iterable[str], file: str, teller: Teller) -> _About:
    about: dict[str, tuple[str, ...]] = {}
    prefixes: dict[str, str] = {}
    extensions: dict[str, str] = {}
    where = {"": Place(file, 1, 1)}
    text = "\n".join(f" {line[1:]}" for line in lines)  # so that every place stays as it is
    if not text:
        return about, prefixes, extensions, where
    root = _parsed(text, file)
    if not isinstance(root, Pairs):
        teller.wrong(root.place, "HZ528", f"{root.kind}, where the lines with # are a map of slots")
        return about, prefixes, extensions, where
    for key, node in root.pairs:
        where[key.text] = node.place
        if key.text == CURIE_MAP:
            for prefix, address in _texts_of(node, CURIE_MAP, teller):
                prefixes[prefix.text] = address.text
                where[f"{CURIE_MAP}.{prefix.text}"] = address.place
        elif key.text == DEFINITIONS:
            for name, hint, place in _definitions(node, teller):
                extensions[name] = hint
                where[f"{DEFINITIONS}.{name}"] = place
        else:
            texts = tuple(_listed(node, key.text, teller))
            for name in _names(key.text, OF_A_SET, root):
                about[name] = texts
                where[name] = node.place
    return {name: texts for name, texts in about.items() if texts}, prefixes, extensions, where


def _parsed(text: str, file: str) -> Node:
    try:
        return parse(text, file)
    except SpecError:
        margin = min(len(line) - len(line.lstrip(" ")) for line in text.split("\n"))
        for number, line in enumerate(text.split("\n"), 1):
            own = line[margin:].removeprefix(" ")
            if own.strip() and ":" not in own and own[0] not in " -":
                message = "a remark in the lines that begin with #, which hold slots alone"
                place = Place(file, number, 1)
                raise SpecError((Problem(place, "HZ528", message),)) from None
        raise


def _texts_of(node: Node, name: str, teller: Teller) -> Iterator[tuple[Scalar, Scalar]]:
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ528", f"{name!r} holds {node.kind}, wanted a map of texts")
        return
    for key, value in node.pairs:
        if isinstance(value, Scalar):
            yield key, value
        else:
            teller.wrong(value.place, "HZ528", f"'{name}.{key.text[:60]}' holds {value.kind}")


def _definitions(node: Node, teller: Teller) -> Iterator[tuple[str, str, Place]]:
    """Each extension with the type of its values."""
    for one in node.items if isinstance(node, Items) else (node,):
        parts = {key.text: value.text for key, value in _texts_of(one, DEFINITIONS, teller)}
        if "slot_name" not in parts or parts.keys() - set(_PARTS):
            message = f"an extension is defined by {', '.join(_PARTS)}, and has a 'slot_name'"
            teller.wrong(one.place, "HZ525", message)
        else:
            yield parts["slot_name"], parts.get("type_hint", ""), one.place


def _listed(node: Node, name: str, teller: Teller) -> Iterator[str]:
    for one in node.items if isinstance(node, Items) else (node,):
        if isinstance(one, Scalar):
            if one.text:
                yield one.text
        else:
            teller.wrong(one.place, "HZ528", f"{name[:60]!r} holds {one.kind}, wanted a text")


def _names(name: str, known: Mapping[str, object], stated: Pairs | list[str]) -> tuple[str, ...]:
    """What a slot is called now; nothing where the file says the same in newer words as well."""
    newer = _OLDER.get(name, (name,))
    if name in known or newer == (name,):
        return (name,)
    texts = [key.text for key, _ in stated.pairs] if isinstance(stated, Pairs) else stated
    return tuple(one for one in newer if one not in texts)


# --- the table ----------------------------------------------------------------------------------


def _rows(
    lines: list[str], head: int, file: str, extensions: Mapping[str, str], teller: Teller
) -> tuple[list[Row], dict[str, Place]]:
    """The mappings, and where their columns stand."""
    table = "\n" * head + "\n".join(lines[head:])
    try:
        found = split(table, file, "\t")[head:]
    except SpecError as error:
        for one in error.problems:
            teller.wrong(one.place, "HZ528", one.message)
        return [], {}
    if not found or not any(cell.text for cell in found[0]):
        message = "no line of columns, which follows the lines that begin with #"
        teller.wrong(Place(file, head + 1, 1), "HZ528", message)
        return [], {}
    columns = [cell.text for cell in found[0]]
    where: dict[str, Place] = {}
    for cell in found[0]:
        if f"column.{cell.text}" in where:
            teller.wrong(cell.place, "HZ528", f"the column {cell.text[:60]!r} stands here again")
        where[f"column.{cell.text}"] = cell.place
        if cell.text not in OF_A_MAPPING and cell.text not in (*_OLDER, *extensions):
            message = "no slot of a mapping, and no extension that the file defines"
            teller.wrong(cell.place, "HZ525", f"{cell.text[:60]!r} is {message}")
    names = [_names(name, OF_A_MAPPING, columns) for name in columns]
    rows = []
    for cells in found[1:]:
        if len(cells) != len(columns):
            message = f"{len(cells)} cells, where {len(columns)} columns have a name"
            teller.wrong(cells[0].place, "HZ528", message)
        else:
            rows.append(_row(cells, columns, names))
    return rows, where


def _row(cells: list[Cell], columns: list[str], names: list[tuple[str, ...]]) -> Row:
    values: dict[str, tuple[str, ...]] = {}
    where = {"": cells[0].place}
    for cell, column, slots in zip(cells, columns, names, strict=True):
        for name in slots:
            where[name] = cell.place
            if not cell.text:
                continue
            text = _OLDER_WORDS.get(cell.text, cell.text) if column in _OLDER else cell.text
            text = unguarded(text) if is_prose(name) else text
            slot = OF_A_MAPPING.get(name)
            values[name] = _many(text) if slot is None or slot.many else (text,)
    return Row(values, where)


def _many(text: str) -> tuple[str, ...]:
    return tuple(_ESCAPED.sub(r"\1", one) for one in _ONE_OF_MANY.findall(text))


# --- what a configuration says ------------------------------------------------------------------


def read_exchange(node: Node) -> Exchange:
    """What stands under `sssom:` in a configuration; raises `SpecError`."""
    teller = Teller()
    if not isinstance(node, Pairs):
        message = f"'sssom' holds {node.kind}, wanted a map of mapping_set_id, license, base, ..."
        raise SpecError((Problem(node.place, "HZ204", message),))
    values, where = read_fields(teller, Exchange, node)
    found = Exchange(where={"": node.place, **where}, **values)
    prefixes = {prefix_of(name): address for name, address in (found.curie_map or {}).items()}
    checked = MappingSet(found.about, prefixes, (), where={"": node.place, **where})
    # What is missing is asked for when a set is to be written, and for which payers.
    problems = [*teller.problems, *(p for p in faults(checked) if p.code != "HZ521")]
    if problems:
        raise SpecError(tuple(problems))
    return found
