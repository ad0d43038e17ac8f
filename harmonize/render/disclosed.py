"""What an audience would see of lists, as a table for people and as an object for programs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from harmonize.disclosure import Shown, disclosed, idle
from harmonize.render.text import visible
from harmonize.sets import MeasureSet
from harmonize.terms import WITHHELD

HEADS: Final = ("area", "field", "seen", WITHHELD, "never shown")


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What an audience would see of each list."""

    audience: str
    lists: tuple[MeasureSet, ...]


def text(found: Disclosed) -> str:
    """A table for each list, and what to think of before it is sent."""
    return "".join(f"\n{line}\n" if not i else f"{line}\n" for one in found.lists
                   for i, line in enumerate(_lines(one, found.audience)))  # fmt: skip


def _lines(one: MeasureSet, audience: str) -> Iterator[str]:
    fields = disclosed(one, audience)
    yield visible(f"What the audience {audience} would see of {one.payer}, values by field:")
    rows = [HEADS, *(_cells(field) for field in fields)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    for row in rows:
        padded = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        words = [row[i].ljust(widths[i]) for i in range(2)]
        yield f"  {'  '.join((*words, *padded[2:]))}"
    if bare := [f"{f.area}.{f.field}" for f in fields if f.unmarked]:
        yield f"  nothing marks what others commonly hold back: {', '.join(bare)}"
    if names := idle(one):
        yield f"  marked, and nothing is stated there: {', '.join(names)}"


def _cells(one: Shown) -> tuple[str, ...]:
    numbers = (str(n) if n else "." for n in (one.seen, one.withheld, one.hidden))
    return (one.area or "list", one.field, *numbers)


def as_object(found: Disclosed) -> dict[str, Any]:
    """The same under the key `seen`."""
    return {
        "audience": found.audience,
        "fields": [_field(one) for own in found.lists for one in disclosed(own, found.audience)],
        "idle": [{"payer": own.payer, "mark": name} for own in found.lists for name in idle(own)],
    }


def _field(one: Shown) -> dict[str, Any]:
    return {
        "payer": one.payer,
        "area": one.area,
        "field": one.field,
        "seen": one.seen,
        "withheld": one.withheld,
        "hidden": one.hidden,
        "unmarked": one.unmarked,
    }


def of(sets: Iterable[MeasureSet], audience: str) -> Disclosed:
    """What an audience would see of these lists."""
    return Disclosed(audience, tuple(sets))
