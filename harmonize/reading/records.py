"""A map read into the declared fields of its record, each by the row of `READERS` for its kind."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from harmonize.fields import Info, Kind, declared
from harmonize.measures import Measure
from harmonize.problems import Place
from harmonize.reading import kinds
from harmonize.reading.telling import Teller
from harmonize.sets import Period
from harmonize.trees import Items, Node, Pairs, Scalar


def read_fields(
    teller: Teller, cls: type, node: Pairs, skip: tuple[str, ...] = ()
) -> tuple[dict[str, Any], dict[str, Place]]:
    """The declared fields of a map: values by attribute name, and places by key."""
    infos = declared(cls)
    values: dict[str, Any] = {}
    where: dict[str, Place] = {}
    for key, child in node.pairs:
        info = infos.get(key.text)
        if info is None:
            teller.unknown(key, infos, cls)
            continue
        where[key.text] = child.place
        if key.text in skip or teller.empty(key.text, info, child):
            continue
        value = _value(teller, info, child, key.text)
        if value is not None:
            values[info.name] = value
    for name, info in infos.items():
        if info.required and node.get(name) is None and name != "harmonize":
            teller.wrong(node.place, "HZ202", f"{name!r} is missing")
    return values, where


def _value(teller: Teller, info: Info, node: Node, name: str) -> Any:
    if kinds.is_none(node):
        return kinds.none(teller, info, node, name)
    with teller.inside(info, name):
        return READERS[info.kind](teller, info, node, name)


def _record(teller: Teller, info: Info, node: Node, name: str) -> Any:
    cls: Any = info.record
    if isinstance(node, Scalar) and info.shorthand:
        inner = declared(cls)[info.shorthand]
        value = _value(teller, replace(inner, sensitive=info.sensitive), node, name)
        return None if value is None else cls(**{inner.name: value})
    if not isinstance(node, Pairs):
        keys = ", ".join(declared(cls))
        teller.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted a map of {keys}")
        return None
    values, where = read_fields(teller, cls, node)
    if any(info.required and info.name not in values for info in declared(cls).values()):
        return None
    if cls is Period and {"from_", "to"} <= set(values) and values["from_"] > values["to"]:
        teller.wrong(node.place, "HZ206", f"{name!r} ends before it begins")
    places = {"where": {"": node.place, **where}} if hasattr(cls, "where") else {}
    return cls(**places, **values)


def _records(teller: Teller, info: Info, node: Node, name: str) -> Any:
    if info.record is Measure:
        return node  # rates are read when the measure that they inherit from is known
    if not isinstance(node, Items):
        teller.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted a list")
        return None
    one = replace(info, kind=Kind.RECORD)
    found = [_record(teller, one, item, name) for item in node.items]
    return tuple(f for f in found if f is not None) or None


READERS: Final[Mapping[Kind, Callable[[Teller, Info, Node, str], Any]]] = {
    Kind.LINE: kinds.line,
    Kind.TEXT: kinds.line,
    Kind.LINES: kinds.lines,
    Kind.CHOICE: kinds.choice,
    Kind.CHOICES: kinds.choices,
    Kind.FLAG: kinds.flag,
    Kind.AGES: kinds.ages,
    Kind.THRESHOLD: kinds.threshold,
    Kind.DURATION: kinds.duration,
    Kind.COUNT: kinds.count,
    Kind.SHARE: kinds.share,
    Kind.RATE: kinds.rate,
    Kind.LIMIT: kinds.limit,
    Kind.PROBABILITY: kinds.probability,
    Kind.YEAR: kinds.year,
    Kind.DATE: kinds.date,
    Kind.IDS: kinds.ids,
    Kind.FIELDS: kinds.names,
    Kind.VISIBILITY: kinds.visibility,
    Kind.SLUG: kinds.slug,
    Kind.REFS: kinds.refs,
    Kind.IRI: kinds.iri,
    Kind.PREFIXES: kinds.prefixes,
    Kind.ALIASES: kinds.aliases,
    Kind.JUDGED: kinds.judged,
    Kind.RECORD: _record,
    Kind.RECORDS: _records,
}
