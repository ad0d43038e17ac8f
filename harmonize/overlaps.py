"""Who asks for the same measures: the exact sets of payers, and each two lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from harmonize.rows import Row
from harmonize.units import Unit

PICTURED: Final = 24  # sets of payers that a picture has room for


@dataclass(frozen=True, slots=True)
class Shared:
    """The measures that exactly these payers ask for, and nobody else."""

    payers: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two lists: the measures of both, of either, and of each."""

    left: str
    right: str
    both: int
    either: int
    of_left: int
    of_right: int


def shared(units: Iterable[Unit]) -> tuple[Shared, ...]:
    """Every set of payers that some measure has for itself, those with the most measures first."""
    found: dict[tuple[str, ...], list[str]] = {}
    for unit in units:
        found.setdefault(unit.asks, []).append(unit.label)
    made = [Shared(payers, tuple(sorted(labels))) for payers, labels in found.items()]
    return tuple(sorted(made, key=lambda s: (-len(s.measures), -len(s.payers), s.payers)))


def alone(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that one list alone has, whether or not it counts."""
    return tuple(row for row in rows if len(row.concept.payers) == 1)


def pictured(found: Iterable[Shared]) -> tuple[tuple[Shared, ...], int]:
    """Sets of two and more payers that a picture shows, and how many it leaves out."""
    met = [one for one in found if len(one.payers) >= 2]
    return tuple(met[:PICTURED]), len(met[PICTURED:])


def meetings(payers: Iterable[str], units: Iterable[Unit]) -> tuple[Meeting, ...]:
    """Each two of the payers, in their order."""
    asked = list(units)
    own = {payer: {u.concepts for u in asked if payer in u.asks} for payer in sorted(payers)}
    return tuple(
        Meeting(
            a, b, len(own[a] & own[b]), len(own[a] | own[b]), len(own[a]), len(own[b])
        )
        for a, b in combinations(own, 2)
    )  # fmt: skip


def both_ways(
    payers: Iterable[str], units: Iterable[Unit]
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """For each list and each other: the measures of both, of either, and of the first."""
    found = {}
    for one in meetings(payers, units):
        found[one.left, one.right] = one.both, one.either, one.of_left
        found[one.right, one.left] = one.both, one.either, one.of_right
    return found
