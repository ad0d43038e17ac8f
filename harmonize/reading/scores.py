"""Marks of a work group, read from the trees of their rows: each with its place."""

from collections.abc import Iterable

from harmonize.problems import SpecError
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.scores import Scored
from harmonize.trees import Pairs


def read_marks(nodes: Iterable[Pairs]) -> tuple[Scored, ...]:
    """What every row marks; raises `SpecError` with all problems.

    Who marks a candidate twice has not said what is meant.
    """
    teller = Teller()
    found: dict[tuple[str, str], Scored] = {}
    for node in nodes:
        before = len(teller.problems)
        values, where = read_fields(teller, Scored, node)
        if len(teller.problems) > before:
            continue
        one = Scored(where={"": node.place, **where}, **values)
        key = (str(one.concept), str(one.scorer).casefold())
        if key in found:
            message = f"{one.scorer} marks {one.concept} a second time: first in {found[key].place}"
            teller.wrong(node.place, "HZ564", message)
        found.setdefault(key, one)
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return tuple(found[key] for key in sorted(found))
