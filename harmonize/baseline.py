"""What is known and has not been settled: findings that fail no longer, each by its fingerprint."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from harmonize.fields import Kind, Role, said
from harmonize.findings import EVERYTHING, Finding, Reach
from harmonize.problems import NOWHERE, Place

NOTE: Final = 80  # characters of a message that are kept, for people who read the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One finding that is known; all but the fingerprint is there to be read."""

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    fingerprint: str = said(Kind.LINE, "Fingerprint of the finding.", Role.IDENTITY, required=True)
    code: str = said(Kind.LINE, "Code of its rule.", required=True)
    measures: tuple[str, ...] | None = said(Kind.LINES, "What it is about.")
    note: str | None = said(Kind.LINE, "What it said when it was taken up.")

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.where.get("", NOWHERE)


Baseline = tuple[Known, ...]
"""Everything that is known, in order."""


def baseline(known: Iterable[Known]) -> Baseline:
    """Each finding once, in an order in which two versions of a file can be compared."""
    unique = {one.fingerprint: one for one in sorted(known, key=lambda k: k.note or "")}
    return tuple(
        sorted(unique.values(), key=lambda k: (k.code, k.measures or (), k.fingerprint)),
    )


def shrunk(
    before: Baseline | None,
    found: Iterable[Finding],
    *,
    accept_new: bool = False,
    reach: Reach = EVERYTHING,
) -> Baseline:
    """The next baseline: what is known and still found.

    What is new is taken up only where nothing was known (`before` is `None`), or on demand.  What
    is out of this run's reach stays.
    """
    listed = tuple(found)
    there = {one.fingerprint for one in listed}
    kept = [
        one
        for one in before or ()
        if one.fingerprint in there or not reach.finds(one.code, one.measures or ())
    ]
    if before is not None and not accept_new:
        return baseline(kept)
    known = {one.fingerprint for one in kept}
    return baseline((*kept, *(_known(f) for f in listed if f.fingerprint not in known)))


def _known(one: Finding) -> Known:
    note = " ".join(one.message.split())
    return Known(
        fingerprint=one.fingerprint,
        code=one.code,
        measures=tuple(sorted(set(one.measures))) or None,
        note=(note if len(note) <= NOTE else f"{note[: NOTE - 3]}...") or None,
    )
