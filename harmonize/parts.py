"""Some of the lists of a portfolio, and what they ask for: of what every figure is told."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from harmonize.sets import MeasureSet

STANDARD: Final = "standard"
HOMEGROWN: Final = "homegrown"
UNKNOWN: Final = "not known"


@dataclass(frozen=True, slots=True)
class Edition:
    """One list: `payer` is the programme's slug, `key` that of the list (`payer@year`)."""

    key: str
    payer: str
    year: str
    latest: bool
    list: MeasureSet

    @property
    def counted(self) -> bool:
        """Whether it is in the figures."""
        return self.list.counted


@dataclass(frozen=True, slots=True)
class Held:
    """A distinct measure: the keys of the lists that ask for it, and of those that changed it.

    `origin` is `standard`, `homegrown` or, where identifiers are not to be seen, `not known`;
    `known` says whether the catalogue knows it, `of_2013` whether the study of 2013 would have
    called it standard.
    """

    concept: str
    label: str
    domain: str
    kind: str
    origin: str
    known: bool
    of_2013: bool
    asks: frozenset[str]
    modified: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a list prints, with the domain and type of the measure that it is.

    `identified` says whether the list itself prints a standard identifier for it.
    """

    key: str
    domain: str
    kind: str
    identified: bool
    modified: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the lists, or some of their measures: what every figure is told of.

    `possible` are pairs that may be one measure; of some of the measures it is not told.
    """

    lists: tuple[Edition, ...]
    lines: tuple[Line, ...]
    held: tuple[Held, ...]
    possible: tuple[tuple[str, str], ...] | None = None  # the two lists of each

    def of(self, keys: AbstractSet[str]) -> "Part":
        """The same with some of the lists."""
        return Part(
            tuple(one for one in self.lists if one.key in keys),
            tuple(one for one in self.lines if one.key in keys),
            tuple(
                replace(one, asks=one.asks & keys, modified=one.modified & keys)
                for one in self.held
                if one.asks & keys
            ),
            self.possible and tuple(two for two in self.possible if keys >= {*two}),
        )

    def about(self, held: Callable[[Held | Line], bool]) -> "Part":
        """The same with some of the measures, and the lists that have any of them."""
        lines = tuple(one for one in self.lines if held(one))
        own = tuple(one for one in self.held if held(one))
        keys = {line.key for line in lines}
        return Part(tuple(one for one in self.lists if one.key in keys), lines, own)
