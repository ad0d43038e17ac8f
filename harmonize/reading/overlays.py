"""A regional overlay put over its base, and what the base locks held against it."""

import os.path
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.nodes import parse
from harmonize.sets import EVERYTHING
from harmonize.trees import Items, Node, Pairs, Scalar, is_nothing

OpenBase = Callable[[str, str], tuple[str, str]]
"""From the file that extends and the base that it names to the base's own name and text."""

BASES: Final = 10  # one on the other
Locks = Mapping[str, Place]


def overlaid(node: Node, file: str, open_base: OpenBase, problems: list[Problem]) -> Node:
    """The node with what it extends put under it; what is wrong is added to the problems."""
    return _overlaid(node, open_base, (os.path.normpath(file),), problems)[0]


def is_unclear(problems: Iterable[Problem]) -> bool:
    """Whether a base could not be read, so that nobody knows which values it marks."""
    return any(p.code == "HZ213" for p in problems)


def _overlaid(
    node: Node, open_base: OpenBase, chain: tuple[str, ...], problems: list[Problem]
) -> tuple[Node, Locks]:
    """The node over its bases, and what they all lock."""
    named = node.get("extends") if isinstance(node, Pairs) else None
    if not isinstance(node, Pairs) or not isinstance(named, Scalar) or is_nothing(named):
        return node, {}
    try:
        base, locked = _base(named, open_base, chain, problems)
    except SpecError as error:
        message = f"the base {named.text!r} cannot be used"
        problems.append(Problem(named.place, "HZ213", message))
        problems.extend(error.problems)
        return node, {}
    locked = {**locked, **_locks(base)}
    return _merge_spec(base, node, locked, problems), locked


def _base(
    named: Scalar, open_base: OpenBase, chain: tuple[str, ...], problems: list[Problem]
) -> tuple[Pairs, Locks]:
    """What a file extends, with its own bases under it."""
    file, text = open_base(chain[-1], named.text)
    problem = None
    if file in chain:
        problem = Problem(named.place, "HZ213", "this base extends the file that extends it")
    elif len(chain) > BASES:
        problem = Problem(named.place, "HZ213", f"more than {BASES} bases, one on the other")
    if problem:
        raise SpecError((problem,))
    base, locked = _overlaid(parse(text, file), open_base, (*chain, file), problems)
    if not isinstance(base, Pairs):
        raise SpecError((Problem(base.place, "HZ204", f"{base.kind}, where a spec is a map"),))
    return base, locked


def _locks(base: Pairs) -> Locks:
    names = base.get("locked")
    nodes = names.items if isinstance(names, Items) else (names,)
    return {n.text: n.place for n in nodes if isinstance(n, Scalar)}


def _merge_spec(base: Pairs, over: Pairs, locked: Locks, problems: list[Problem]) -> Pairs:
    kept = {k.text: (k, v) for k, v in base.pairs if k.text != "locked"}
    for key, value in over.pairs:
        under = kept.get(key.text)
        if key.text != "measures":
            _unlocked(key, value, locked, problems, under and under[1])
            kept[key.text] = (key, _over(key.text, value, under and under[1]))
        elif under and isinstance(under[1], Items) and isinstance(value, Items):
            kept[key.text] = (key, _merge_measures(under[1], value, locked, problems))
        else:
            kept[key.text] = (key, value)
    return Pairs(tuple(kept.values()), over.place)


def _merge_measures(base: Items, over: Items, locked: Locks, problems: list[Problem]) -> Items:
    merged = _named(base.items)
    for name, node in _named(over.items, len(base.items)).items():
        under = merged.get(name)
        if isinstance(under, Pairs) and isinstance(node, Pairs):
            for key, value in node.pairs:
                _unlocked(key, value, locked, problems, under.get(key.text))
            merged[name] = _merged(under, node)
        else:
            merged[name] = node
    return Items(tuple(merged.values()), over.place)


def _named(nodes: Iterable[Node], start: int = 0) -> dict[tuple[str, str], Node]:
    """Measures or rates by what an overlay finds them by in its base: the id, or else the title."""
    found: dict[tuple[str, str], Node] = {}
    for i, node in enumerate(nodes, start):
        names = (node.get("id"), node.get("title")) if isinstance(node, Pairs) else (None, node)
        kinds = zip(("id", "title"), names, strict=True)
        name = next(((k, n.text) for k, n in kinds if isinstance(n, Scalar)), ("", str(i)))
        found[("", str(i)) if name in found else name] = node
    return found


def _merged(base: Pairs, over: Node) -> Node:
    if not isinstance(over, Pairs):
        return over
    kept = {k.text: (k, v) for k, v in base.pairs}
    for key, value in over.pairs:
        under = kept.get(key.text)
        kept[key.text] = (key, _over(key.text, value, under and under[1]))
    return Pairs(tuple(kept.values()), over.place)


def _marks(node: Node) -> Node:
    """Marks as a map, one for the whole file too."""
    if not isinstance(node, Scalar) or is_nothing(node):
        return node
    return Pairs(((Scalar(EVERYTHING, node.place), node),), node.place)


def _over(key: str, value: Node, under: Node | None) -> Node:
    """A value of an overlay; marks are added to those of the base, rates change one by one."""
    if key == "visibility" and under is not None:
        marks = _marks(under)
        return _merged(marks, _marks(value)) if isinstance(marks, Pairs) else value
    if key != "rates" or not isinstance(under, Items) or not isinstance(value, Items):
        return value
    rates = _named(under.items)
    for name, one in _named(value.items, len(under.items)).items():
        below = rates.get(name)
        rates[name] = _merged(below, one) if isinstance(below, Pairs) else one
    return Items(tuple(rates.values()), value.place)


def _unlocked(
    key: Scalar, value: Node, locked: Locks, problems: list[Problem], under: Node | None = None
) -> None:
    """Whether a base lets an overlay say this; a lock holds for the rates of a measure too."""
    same = isinstance(under, Scalar) and isinstance(value, Scalar) and under.text == value.text
    if key.text in locked and not same:
        where = locked[key.text]
        message = f"{key.text!r} stands here, and the base locks it in {where}: take it out here"
        problems.append(Problem(key.place, "HZ212", message, also=(where,)))
    elif key.text == "ids" and isinstance(value, Pairs):
        for system, one in value.pairs:
            below = under.get(system.text) if isinstance(under, Pairs) else None
            named = Scalar(f"ids.{system.text}", system.place)
            _unlocked(named, one, locked, problems, below)
    elif key.text == "rates" and isinstance(value, Items):
        for rate in value.items:
            for inner, one in rate.pairs if isinstance(rate, Pairs) else ():
                if inner.text not in ("id", "title"):
                    _unlocked(inner, one, locked, problems)
