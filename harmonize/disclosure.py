"""What an audience would see of a list, field by field, before anybody is sent anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from harmonize.fields import AUDIENCES, declared
from harmonize.marks import SEES, Marks, mark_of, mark_on, names_of
from harmonize.measures import Measure
from harmonize.sets import AREAS, EVERYTHING, MeasureSet

ALWAYS: Final = ("id", "title")  # what a measure is known by
# What payers commonly hold back: seen by all where nobody marks it.  All of payment is.
DELICATE: Final = ("weight", "target", "benchmark")


@dataclass(frozen=True, slots=True)
class Shown:
    """How many values of a field an audience sees, how many it sees only to be stated.

    `hidden` are those that nobody sees unless amounts are asked for.  `unmarked` says that others
    commonly mark it and that here nothing does.
    """

    payer: str
    area: str
    field: str
    seen: int = 0
    withheld: int = 0
    hidden: int = 0
    unmarked: bool = False


def disclosed(one: MeasureSet, audience: str) -> tuple[Shown, ...]:
    """Every field that a list states, by area, in the order of their declarations."""
    marks, sees = one.visibility or {}, SEES[audience]
    counts: dict[tuple[str, str], list[int]] = {}
    for area, name, hidden, mark in _values(one, marks):
        count = counts.setdefault((area, name), [0, 0, 0])
        count[2 if hidden else 0 if mark in sees else 1] += 1
    named = {n for marks in _all_marks(one) for n in marks}
    return tuple(
        Shown(one.payer, area, name, seen, shut, hidden, seen > 0 and _bare(area, name, named))
        for (area, name), (seen, shut, hidden) in counts.items()
    )


def _bare(area: str, name: str, named: set[str]) -> bool:
    """Whether others commonly mark a field, and no mark here may mean it."""
    above = _above(f"{area}.{name}")
    means = {*above, *name.split("."), EVERYTHING}
    return (area == "payment" or name in DELICATE) and means.isdisjoint(named)


def _above(path: str) -> list[str]:
    """A path and all that it stands in."""
    parts = path.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _all_marks(one: MeasureSet) -> Iterator[Marks]:
    yield one.visibility or {}
    yield from (m.visibility or {} for m in one.measures or ())


def idle(one: MeasureSet) -> tuple[str, ...]:
    """Marks of a list that name nothing which it states."""
    stated = {EVERYTHING}
    for area, name, _, _ in _values(one, {}):
        stated |= {*_above(f"{area}.{name}"), *name.split(".")}
    return tuple(name for name in one.visibility or {} if name not in stated)


_Value = tuple[str, str, bool, str]


def _values(one: MeasureSet, marks: Marks) -> Iterator[_Value]:
    """Each stated value: area, field, whether it is an amount, and the mark that holds for it."""
    for area in AREAS:
        if area == "measures":
            yield from _of_measures(one, marks)
        elif (told := getattr(one, area)) is not None:
            shut = marks.get(area)
            for name, hidden, mark in _of_records(told, (area,), marks):
                yield area, name, hidden, max(mark, shut or mark, key=AUDIENCES.index)
    for name in ("follows", "members", "notes", "sources"):
        if getattr(one, name) is not None:
            yield "", name, False, mark_of(marks, name)


def _of_measures(one: MeasureSet, marks: Marks) -> Iterator[_Value]:
    listed = mark_of(marks, "measures")
    own = {m.id: m for m in one.measures or ()}
    for item in one.measures or ():
        above = own.get(item.rate_of or "")
        whole = (
            max(listed, mark_on(above, "rates", marks), key=AUDIENCES.index) if above else listed
        )
        for name, info in declared(Measure).items():
            if name == "visibility" or getattr(item, info.name) is None:
                continue
            mark = whole if name in ALWAYS else mark_on(item, name, marks)
            yield "measures", name, info.hidden, max(mark, whole, key=AUDIENCES.index)


def _of_records(told: Any, path: tuple[str, ...], marks: Marks) -> Iterator[tuple[str, bool, str]]:
    if isinstance(told, tuple):
        for one in told:
            yield from _of_records(one, path, marks)
        return
    cls: type = type(told)
    infos = declared(cls)
    whole = [mark_of(marks, *names_of((*path, n))) for n, i in infos.items() if i.required]
    for name, info in infos.items():
        held = getattr(told, info.name)
        if held is None:
            continue
        mark = max((*whole, mark_of(marks, *names_of((*path, name)))), key=AUDIENCES.index)
        if info.record:
            for inner, hidden, own in _of_records(held, (*path, name), marks):
                yield f"{name}.{inner}", hidden, max(mark, own, key=AUDIENCES.index)
        else:
            yield name, info.hidden, mark
