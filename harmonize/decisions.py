"""What people have decided: about a match, a difference or the set, with who, when and why.

A decision names measures as `payer/id`, or a concept by its id; never a place in an output.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from harmonize.fields import Kind, Role, declared, said
from harmonize.problems import NOWHERE, Place
from harmonize.sets import Period

ABOUT: Final = ("match", "difference", "measure")
OF_A_MATCH: Final = ("accept", "reject", "unsure")
OF_A_DIFFERENCE: Final = ("justified", "to-resolve", "resolved")
DISPOSITIONS: Final = ("adopt", "menu", "decline", "retire", "defer")
MAPPINGS: Final = ("exact", "close", "broad", "narrow", "related")
WITHIN: Final = ("identical", "harmonized", "modified", "undetermined")  # relations in a concept
BETWEEN: Final = ("part-of", "sibling", "related-focus", "related-population")
# Mappings of two measures that are kin and not one (SKOS: only exact and close may be taken for
# the same thing).
KIN: Final = ("broad", "narrow", "related")
REASONED: Final = ("reject", "justified")  # judgements that say why


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """Measures that ask differently, and in which attribute."""

    measures: tuple[str, ...] | None = said(
        Kind.REFS, "Measures that differ, as payer/id.", required=True
    )
    attribute: str | None = said(
        Kind.LINE, "The attribute in which they differ, by its key in the specs.", required=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """How a vote went: numbers, or the names of those who voted so."""

    for_: tuple[str, ...] | None = said(Kind.LINES, "Votes for it.")
    against: tuple[str, ...] | None = said(Kind.LINES, "Votes against it.")
    abstain: tuple[str, ...] | None = said(Kind.LINES, "Abstentions.")
    recused: tuple[str, ...] | None = said(Kind.LINES, "Who took no part.")

    @property
    def text(self) -> str:
        """`for 7, against: Lake, Ridge`."""
        found = ((name, getattr(self, info.name)) for name, info in declared(Votes).items())
        return ", ".join(_votes(name, own) for name, own in found if own)


def _votes(name: str, own: tuple[str, ...]) -> str:
    return f"{name} {own[0]}" if len(own) == 1 else f"{name}: {' and '.join(own)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """That a decision holds no longer; it stays in the file as a trace."""

    by: str | None = said(Kind.LINE, "Who withdrew it.")
    on: str | None = said(Kind.DATE, "When, YYYY-MM-DD.")
    because: str | None = said(Kind.TEXT, "Why.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision; exactly one of `match`, `difference` and `measure` says what it is about.

    `mapping` reads from the first measure to the second: with `broad` the second is the broader.
    `judged` is what the measures said when they were judged, and `fingerprint` a hash of it; a
    decision without one is honoured and told as not pinned.
    """

    where: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    match: tuple[str, ...] | None = said(
        Kind.REFS, "Two measures, as payer/id, that are or are not one.", Role.IDENTITY
    )
    difference: Disputed | None = said(
        Kind.RECORD, "A difference between measures.", Role.IDENTITY, record=Disputed
    )
    measure: str | None = said(
        Kind.LINE, "A measure as payer/id, or a concept by its id.", Role.IDENTITY
    )
    judgement: str | None = said(
        Kind.CHOICE,
        "Of a match: accept, reject, unsure; of a difference: justified, to-resolve, resolved.",
        choices=(*OF_A_MATCH, *OF_A_DIFFERENCE),
    )
    relation: str | None = said(
        Kind.CHOICE, "What the two measures are to each other.", choices=(*WITHIN, *BETWEEN)
    )
    mapping: str | None = said(
        Kind.CHOICE,
        "How the first maps to the second; broad: the second is the broader.",
        choices=MAPPINGS,
    )
    disposition: str | None = said(
        Kind.CHOICE, "What becomes of a measure in the set.", choices=DISPOSITIONS
    )
    contract_type: str | None = said(Kind.LINE, "Type of contract for which it is decided.")
    effective: Period | None = said(
        Kind.RECORD, "From when it holds, YYYY-MM-DD.", record=Period, shorthand="from"
    )
    by: str | None = said(Kind.LINE, "Who decided.")
    on: str | None = said(Kind.DATE, "When, YYYY-MM-DD.")
    because: str | None = said(Kind.TEXT, "Why; a rejection and a justification need it.")
    expires: str | None = said(Kind.DATE, "Last day on which it holds, YYYY-MM-DD.")
    owner: str | None = said(Kind.LINE, "Who has to resolve a difference.")
    due: str | None = said(Kind.DATE, "By when a difference is to be resolved, YYYY-MM-DD.")
    meeting: str | None = said(Kind.LINE, "The meeting at which it was decided.")
    votes: Votes | None = said(Kind.RECORD, "How the vote went.", record=Votes)
    dissent: str | None = said(Kind.TEXT, "What those say who were against it.")
    convener_is_payer: str | None = said(Kind.FLAG, "Whether the convener was a payer too.")
    withdrawn: Withdrawn | None = said(
        Kind.RECORD, "That it holds no longer, who withdrew it, when and why.", record=Withdrawn
    )
    fingerprint: str | None = said(Kind.LINE, "Hash of what was judged.")
    judged: Mapping[str, Mapping[str, str]] | None = said(
        Kind.JUDGED, "What each measure said when it was judged, of what everybody may see."
    )

    @property
    def about(self) -> str:
        """`match`, `difference` or `measure`."""
        return next(name for name in ABOUT if getattr(self, name) is not None)

    @property
    def refs(self) -> tuple[str, ...]:
        """The measures, or the concept, that it names."""
        if self.match is not None:
            return self.match
        if self.difference is not None:
            return self.difference.measures or ()
        return (self.measure,) if self.measure else ()

    @property
    def attribute(self) -> str:
        """The attribute of a difference; empty for anything else."""
        return (self.difference.attribute or "") if self.difference else ""

    @property
    def answer(self) -> str:
        """The judgement, or the disposition."""
        return self.judgement or self.disposition or ""

    @property
    def key(self) -> tuple[str, ...]:
        """What it is about, whichever side is named first; two of one key answer one question."""
        refs = self.refs if self.about == "measure" else tuple(sorted(self.refs))
        kind = f"{ABOUT.index(self.about)}"
        return (kind, *refs, "", self.attribute, self.contract_type or "")

    @property
    def one(self) -> bool:
        """Whether it says that two measures are one."""
        apart = self.mapping in KIN or self.relation in BETWEEN
        return self.judgement == "accept" and not apart

    @property
    def apart(self) -> bool:
        """Whether it says that two measures are not one, be they kin or not."""
        return self.judgement == "reject" or (self.judgement == "accept" and not self.one)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.where.get("", NOWHERE)

    @property
    def told(self) -> str:
        """`accepted by Ana on 2026-11-24, until 2027-12-31`."""
        who = f" by {self.by}" if self.by else ""
        when = f" on {self.on}" if self.on else ""
        until = f", until {self.expires}" if self.expires else ""
        return f"{SPOKEN.get(self.answer, self.answer)}{who}{when}{until}"

    @property
    def reason(self) -> str:
        """The same with why."""
        return f"{self.told}: {self.because}" if self.because else self.told


SPOKEN: Final[Mapping[str, str]] = {
    "accept": "accepted",
    "reject": "rejected",
    "unsure": "left open",
    "to-resolve": "marked as to resolve",
    "resolved": "marked as resolved",
    "adopt": "adopted",
    "menu": "put on the menu",
    "decline": "declined",
    "retire": "retired",
    "defer": "deferred",
}


def ordered(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Decisions by what they are about, then by when and what; files and places have no part."""
    return tuple(sorted(set_of(decisions), key=lambda d: (d.key, d.on or "", d.answer, repr(d))))


def set_of(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Each decision once: two files, or both sides of a merge, may hold the same one."""
    found: dict[str, Decision] = {}
    for one in decisions:
        before = found.setdefault(repr(one), one)
        if one.place < before.place:
            found[repr(one)] = one
    return tuple(found.values())
