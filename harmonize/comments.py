"""What practices say of measures: in which role, how feasible it is, and in what words.

Each comment stands for itself: numbers of several people are never made into one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from harmonize.fields import Kind, Role, declared, said
from harmonize.problems import NOWHERE, Place

FEASIBILITY: Final = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What one person of a practice says of one measure, or of a concept by its id."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    measure: str | None = said(
        Kind.LINE, "A measure as payer/id, or a concept by its id.", Role.IDENTITY, required=True
    )
    role: str | None = said(Kind.LINE, "Who says it, such as nurse or coder.", required=True)
    practice: str | None = said(Kind.LINE, "In which practice.")
    feasibility: str | None = said(
        Kind.CHOICE, "From 1, cannot be done, to 5, is done already.", choices=FEASIBILITY
    )
    text: str | None = said(Kind.TEXT, "In their own words.")

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.where.get("", NOWHERE)

    @property
    def told(self) -> str:
        """`nurse, Hill Clinic: feasibility 2 of 5: no staff for the calls`."""
        who = f"{self.role}, {self.practice}" if self.practice else f"{self.role}"
        number = f"feasibility {self.feasibility} of {FEASIBILITY[-1]}" if self.feasibility else ""
        return ": ".join(filter(None, (who, number, self.text)))


def in_order(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    """Each comment once, by what it is about and who says it; files have no part."""
    names = [info.name for info in declared(Comment).values()]

    def key(one: Comment) -> tuple[str, ...]:
        return tuple(getattr(one, name) or "" for name in names)

    return tuple(sorted({key(one): one for one in comments}.values(), key=key))


def comments_of(comments: Iterable[Comment], *names: str) -> tuple[Comment, ...]:
    """What is said of any of these measures or concepts."""
    return tuple(one for one in comments if one.measure in names)
