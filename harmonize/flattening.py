"""A spec as rows of single texts by the path of their keys, and such rows as a spec again.

A path is keys with dots between, `target.value`, and a number from 1 in brackets for one of a list,
`sources[1].title`.  A list of plain words is one text with `; ` between.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from harmonize.fields import Kind, declared
from harmonize.measures import Measure
from harmonize.problems import Place
from harmonize.sets import MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar

BETWEEN: Final = "; "
_LISTS: Final = (Kind.LINES, Kind.CHOICES, Kind.IDS, Kind.FIELDS)
_STEP: Final = re.compile(r"(?P<key>[A-Za-z_][\w-]*)|\[(?P<at>[1-9][0-9]{0,3})\]")
_IDS: Final = re.compile(r"(?P<above>(?:.*\.)?ids)\.(?P<system>[\w.-]+)(?P<rest>(?:\[[0-9]+\])?)")

Step = str | int
Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A measure, or a rate of the measure above it."""

    values: Mapping[str, Scalar]
    is_rate: bool = False


def steps_of(path: str) -> Steps | None:
    """`ids.cbe[1]` as its keys and numbers; `None` for what is no path."""
    found: list[Step] = []
    tail = ""
    if ids := _IDS.fullmatch(path):  # a system's own name may have a dot in it
        path, tail = ids["above"], ids["rest"]
    at = 0
    while at < len(path):
        if found and path[at] == ".":
            at += 1
        step = _STEP.match(path, at)
        if step is None:
            return None
        found.append(int(step["at"]) if step["at"] else step["key"])
        at = step.end()
    if ids:
        found.append(ids["system"])
        found += [int(tail[1:-1])] if tail else []
    return tuple(found)


def is_listed(steps: Steps, cls: type = Measure) -> bool:
    """Whether a path leads to a field that may hold several texts."""
    record: type | None = cls
    for step in steps:
        if isinstance(step, int):
            continue
        info = declared(record).get(step) if record else None
        if info is None:
            return False
        if info.kind in _LISTS:
            return not isinstance(steps[-1], int)
        record = info.record
    return False


def nested(values: Mapping[str, Node], place: Place) -> Pairs:
    """The map of maps that paths without numbers stand for, in the order of the paths."""
    return _built([(steps_of(path) or (path,), node) for path, node in values.items()], place)


def unflattened(values: Mapping[str, Scalar], place: Place, cls: type = Measure) -> Pairs:
    """The map that a row stands for, lists parted."""
    found: list[tuple[Steps, Node]] = []
    for path, one in values.items():
        steps = steps_of(path) or (path,)
        node: Node = one
        if is_listed(steps, cls) and BETWEEN in one.text:
            parts = one.text.split(BETWEEN)
            node = Items(tuple(one._replace(text=part) for part in parts), one.place)
        found.append((steps, node))
    return _built(found, place)


def _built(found: Iterable[tuple[Steps, Node]], place: Place) -> Pairs:
    groups: dict[Step, list[tuple[Steps, Node]]] = {}
    for steps, node in found:
        groups.setdefault(steps[0], []).append((steps[1:], node))
    pairs: list[tuple[Scalar, Node]] = []
    for key, inner in groups.items():
        node = _inner(inner)
        pairs.append((Scalar(str(key), node.place), node))
    return Pairs(tuple(pairs), place)


def _inner(inner: list[tuple[Steps, Node]]) -> Node:
    whole = [node for steps, node in inner if not steps]
    if whole:
        return whole[0]
    place = inner[0][1].place
    if not isinstance(inner[0][0][0], int):
        return _built(inner, place)
    items: dict[Step, list[tuple[Steps, Node]]] = {}
    for steps, node in inner:
        items.setdefault(steps[0], []).append((steps[1:], node))
    numbers = sorted(items, key=lambda n: n if isinstance(n, int) else 0)
    return Items(tuple(_inner(items[n]) for n in numbers), place)


def flattened(node: Pairs, cls: type = Measure, skip: tuple[str, ...] = ()) -> dict[str, Scalar]:
    """The texts of a map by their paths."""
    found: dict[str, Scalar] = {}
    for key, child in node.pairs:
        if key.text not in skip:
            _flatten(child, key.text, cls, found)
    return found


def _flatten(node: Node, path: str, cls: type, found: dict[str, Scalar]) -> None:
    if isinstance(node, Pairs):
        for key, child in node.pairs:
            _flatten(child, f"{path}.{key.text}", cls, found)
        return
    if is_listed(steps_of(path) or (), cls):
        each = node.items if isinstance(node, Items) else (node,)
        texts = [one.text for one in each if isinstance(one, Scalar)]
        if len(texts) == len(each) and not any(";" in t or not t.strip() for t in texts):
            found[path] = Scalar(BETWEEN.join(texts), node.place)
            return
        node = node if isinstance(node, Items) else Items((node,), node.place)
    if isinstance(node, Items):
        for at, child in enumerate(node.items, start=1):
            _flatten(child, f"{path}[{at}]", cls, found)
        return
    found[path] = node


def rows_of(root: Pairs) -> tuple[dict[str, Scalar], list[Row]]:
    """A spec as the texts of the list itself, and a row for each measure and each rate."""
    about = flattened(root, MeasureSet, skip=("measures",))
    rows: list[Row] = []
    listed = root.get("measures")
    for one in listed.items if isinstance(listed, Items) else ():
        if isinstance(one, Scalar):
            rows.append(Row({"title": one}))
            continue
        if not isinstance(one, Pairs):
            continue
        rows.append(Row(flattened(one, skip=("rates",))))
        rates = one.get("rates")
        inner = rates.items if isinstance(rates, Items) else ()
        rows += [Row(flattened(rate), is_rate=True) for rate in inner if isinstance(rate, Pairs)]
    return about, rows


def root_of(about: Mapping[str, Scalar], rows: Iterable[Row], place: Place) -> Pairs:
    """The spec of such rows."""
    measures: list[tuple[Pairs, list[Pairs]]] = []
    for row in rows:
        at = next(iter(row.values.values())).place
        one = unflattened(row.values, at)
        if row.is_rate and measures:
            measures[-1][1].append(one)
        else:
            measures.append((one, []))
    top = unflattened(about, place, MeasureSet)
    if not measures:
        return top
    items = tuple(_with_rates(one, rates) for one, rates in measures)
    listed = Items(items, items[0].place)
    return Pairs((*top.pairs, (Scalar("measures", listed.place), listed)), place)


def _with_rates(one: Pairs, rates: list[Pairs]) -> Pairs:
    if not rates:
        return one
    listed = Items(tuple(rates), rates[0].place)
    return Pairs((*one.pairs, (Scalar("rates", listed.place), listed)), one.place)
