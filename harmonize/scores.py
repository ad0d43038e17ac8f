"""What a work group marks: each candidate by published principles, from 0 to 3, and by whom.

The principles are those by which the Core Quality Measures Collaborative takes up a measure
(https://www.qualityforum.org/CQMC_Core_Sets.aspx), in our own short words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from harmonize.fields import Kind, Role, declared, said
from harmonize.problems import NOWHERE, Place

MARKS: Final = ("0", "1", "2", "3")


def _principle(told: str) -> Any:
    return said(Kind.CHOICE, f"{told} 0, not at all, to 3, fully.", choices=MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one person marks of one candidate."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    concept: str | None = said(
        Kind.LINE, "The candidate, by the id of its concept. Leave as it is.", Role.IDENTITY,
        required=True,
    )  # fmt: skip
    scorer: str | None = said(Kind.LINE, "Who marks.", Role.IDENTITY, required=True)
    priority: str | None = _principle("It serves what is to be improved and payers put first.")
    soundness: str | None = _principle("It rests on evidence, and measures reliably and validly.")
    burden: str | None = _principle("It is little work to collect and report.")
    control: str | None = _principle("It asks much, and providers can bring it about.")
    room: str | None = _principle("There is much left to improve.")
    note: str | None = said(Kind.TEXT, "Anything else.")

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.where.get("", NOWHERE)

    @property
    def marks(self) -> tuple[int, ...]:
        """The marks that were given."""
        found = (getattr(self, name) for name in PRINCIPLES)
        return tuple(int(mark) for mark in found if mark is not None)


PRINCIPLES: Final = tuple(name for name, info in declared(Scored).items() if info.choices == MARKS)


@dataclass(frozen=True, slots=True)
class Marked:
    """What was marked of a candidate: how many marks of how many people, and their mean."""

    marks: int
    scorers: int
    mean: Fraction

    @property
    def told(self) -> str:
        """`mean mark 2.25 of 3: 8 marks of 2 people`."""
        people = "1 person" if self.scorers == 1 else f"{self.scorers} people"
        marks = "1 mark" if self.marks == 1 else f"{self.marks} marks"
        return f"mean mark {float(self.mean):.2f} of 3: {marks} of {people}"


def marked(sheets: Iterable[Scored]) -> dict[str, Marked]:
    """What was marked of each candidate, every mark weighing the same."""
    own: dict[str, list[Scored]] = {}
    for one in sheets:
        if one.concept and one.marks:
            own.setdefault(one.concept, []).append(one)
    found = {}
    for name, rows in sorted(own.items()):
        marks = [mark for row in rows for mark in row.marks]
        mean = Fraction(sum(marks), len(marks))
        found[name] = Marked(len(marks), len({row.scorer for row in rows}), mean)
    return found
