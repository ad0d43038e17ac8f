"""What a rule may look at, and what a rule is: a row that says what it finds, why and how."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from harmonize.audience import Published
from harmonize.findings import Finding
from harmonize.measures import Measure
from harmonize.policy import Setting
from harmonize.problems import Place, Problem
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.units import Unit

FAMILIES: Final = ("spec", "alignment", "divergence", "decision", "drift", "ignore")
MOST: Final = 12  # names that a message gives of what is only counted


@dataclass(frozen=True, slots=True)
class Case:
    """What has been published to an audience, and what the catalogue contradicts of it.

    `unseen` says by payer and by item which fields the audience may not see: a rule says nothing
    of what is silent there.
    """

    published: Published
    doubts: tuple[Problem, ...]
    unseen: Mapping[str, frozenset[str]]
    rows: Mapping[str, Row]  # by the id of their concept

    @property
    def report(self) -> Report:
        """The report."""
        return self.published.report

    def may_say(self, name: str, key: str) -> bool:
        """Whether the audience would see the field of a payer or an item if it were stated."""
        return key not in self.unseen.get(name, frozenset())

    @property
    def items(self) -> tuple[Measure, ...]:
        """Every printed line of every list."""
        return tuple(m for s in self.report.payers for m in s.measures or () if m.rate_of is None)

    def held(self, unit: Unit, payer: str = "") -> tuple[Measure, ...]:
        """The items of a measure, or those of one payer."""
        found = (m for name in unit.concepts for m in self.rows[name].concept.members)
        return tuple(m for m in found if payer in ("", m.payer))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `find` yields what it finds.

    `takes` is the record of its parameters, and `sample` what a policy may say of them.
    """

    code: str
    name: str
    family: str
    severity: str
    finds: str
    why: str
    example: str
    fix: str
    find: Callable[[Case, Setting], Iterable[Finding]]
    takes: type | None = None
    sample: str = ""


def places_of(items: Iterable[Measure], key: str = "") -> tuple[Place, ...]:
    """Where items stand, or a field of them."""
    return tuple(m.place_of(key) if key else m.place for m in items)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence gives them, all of them."""
    return "; ".join(names)


def some(names: Iterable[str]) -> str:
    """The same, the first few of many."""
    every = list(names)
    more = f"; and {len(every) - MOST} more" if len(every) > MOST else ""
    return listed(every[:MOST]) + more


def measures(number: int) -> str:
    """`1 measure`, `8 measures`."""
    return "1 measure" if number == 1 else f"{number} measures"
