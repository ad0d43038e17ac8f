"""The list of measures in a spec: each has an id of its own, a rate has what its measure states."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from harmonize.fields import declared
from harmonize.marks import Marks
from harmonize.measures import Measure
from harmonize.problems import Place
from harmonize.reading.minting import minted
from harmonize.reading.misnomers import is_title
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.trees import Items, Node, Pairs, Scalar, is_nothing

_NOT_INHERITED: Final = ("id", "title", "acronym", "part_of", "part", "any_of")


def read_measures(teller: Teller, node: Node, payer: str, marks: Marks) -> tuple[Measure, ...]:
    """The measures and, beside them, their rates, by id; `marks` are those of the list."""
    if is_nothing(node):
        message = "'measures' has no value: give a list of measures or of titles"
        teller.wrong(node.place, "HZ203", message)
        return ()
    if not isinstance(node, Items):
        message = f"'measures' holds {node.kind}, wanted a list: each behind a -"
        teller.wrong(node.place, "HZ204", message)
        return ()
    found = [_entry(teller, one, payer, marks) for one in node.items]
    named = minted([m for m in found if m is not None], marks)
    flat = [m for one in named for m in _with_rates(one)]
    _unique(teller, flat)
    _rooted(teller, flat)
    return tuple(sorted(flat, key=lambda m: m.id))


def _entry(teller: Teller, node: Node, payer: str, marks: Marks) -> Measure | None:
    """One entry of the list: a measure, or nothing but its title."""
    if is_nothing(node):
        teller.wrong(node.place, "HZ203", "a measure without a title")
        return None
    if isinstance(node, Scalar):
        where = {"": node.place, "title": node.place}
        return Measure(payer=payer, id="", minted=True, title=node.text, where=where)
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{node.kind}, where a measure or its title is wanted")
        return None
    first = node.pairs[0][0]
    if len(node.pairs) == 1 and is_title(first.text):
        shown = first.text if len(first.text) <= 80 else f"{first.text[:77]}..."
        teller.wrong(first.place, "HZ104", f'a title with ": " needs quotes, - "{shown}: ..."')
        return None
    with teller.marked(node):
        return _measure(teller, node, payer, marks)


def _measure(teller: Teller, node: Pairs, payer: str, marks: Marks) -> Measure | None:
    values, where = read_fields(teller, Measure, node)
    rates = values.pop("rates", None)
    if "part" in values and "part_of" not in values:
        message = "'part' says what kind of part this is: 'part_of' is missing, of what"
        teller.warn(where["part"], "HZ211", message)
    if "title" not in values:
        return None
    values.setdefault("id", "")
    where = {"": node.place, **where}
    measure = Measure(payer=payer, minted=not values["id"], where=where, **values)
    if rates is None:
        return measure
    with teller.inside(declared(Measure)["rates"], "rates"):
        return replace(measure, rates=_rates(teller, rates, measure, values, marks))


def _rates(
    teller: Teller, node: Node, whole: Measure, values: Mapping[str, Any], marks: Marks
) -> tuple[Measure, ...] | None:
    if not isinstance(node, Items):
        teller.wrong(node.place, "HZ204", "'rates' wants a list of {id: ..., title: ...}")
        return None
    inherited = {k: v for k, v in values.items() if k not in _NOT_INHERITED}
    above = {k: v for k, v in whole.where.items() if k not in _NOT_INHERITED}
    found: list[Measure] = []
    for one in node.items:
        if not isinstance(one, Pairs):
            teller.wrong(one.place, "HZ204", f"{one.kind}, where a rate has an id and a title")
            continue
        with teller.marked(one):
            mine, places = read_fields(teller, Measure, one)
        if mine.pop("rates", None) is not None:
            teller.wrong(places["rates"], "HZ204", "a rate has no rates of its own")
        if "title" in mine:
            found.append(_rate(whole, inherited, mine, {**above, "": one.place, **places}))
    return tuple(sorted(minted(found, marks), key=lambda m: m.id)) or None


def _rate(
    whole: Measure,
    inherited: Mapping[str, Any],
    own: Mapping[str, Any],
    where: Mapping[str, Place],
) -> Measure:
    values = {**inherited, "id": "", **own}
    if "visibility" in own:
        values["visibility"] = {**inherited.get("visibility", {}), **own["visibility"]}
    return Measure(
        payer=whole.payer,
        rate_of=whole.id,
        context=whole.title,
        minted="id" not in own,
        where=where,
        **values,
    )


def _with_rates(measure: Measure) -> tuple[Measure, ...]:
    """The measure and its rates, each rate named `measure/rate`."""
    if not measure.rates:
        return (measure,)
    rates = tuple(replace(r, id=f"{measure.id}/{r.id}", rate_of=measure.id) for r in measure.rates)
    return (replace(measure, rates=rates), *rates)


def _unique(teller: Teller, measures: Iterable[Measure]) -> None:
    seen: dict[str, Measure] = {}
    for one in measures:
        other = seen.setdefault(one.id, one)
        if other is not one:
            where = f"first in line {other.place.line}"
            message = f"the measure id {one.id[:60]!r} stands here again, {where}"
            teller.wrong(one.place_of("id"), "HZ208", f"{message}: give each its own")


def _rooted(teller: Teller, measures: Iterable[Measure]) -> None:
    """Whether every part is part of something other than itself, near or far."""
    wholes = {m.id: m.part_of for m in measures}
    settled: set[str] = set()
    for one in measures:
        way: list[str] = []
        at: str | None = one.id
        while at in wholes and at not in settled:
            settled.add(at)
            way.append(at)
            at = wholes[at]
        if at in way:
            message = "'part_of' leads back here: a measure cannot be part of itself"
            teller.wrong(one.place_of("part_of"), "HZ211", message)
