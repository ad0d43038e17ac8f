"""What is to be decided and what has been, question by question, with what is known of each.

A question is asked as a decision without its answer, pinned to what the specs say; whoever answers
fills it in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from harmonize.audience import Published
from harmonize.ballot import Written, about_of, cells_of, pins_of
from harmonize.comments import Comment, comments_of
from harmonize.concepts import Concept
from harmonize.decisions import ABOUT, Decision, Disputed
from harmonize.divergence import Divergence
from harmonize.measures import Measure
from harmonize.pinning import pinned
from harmonize.report import Report, matches
from harmonize.rulings import Standing, State
from harmonize.sets import MeasureSet

OPEN: Final = "open"
_JOINT: Final = " | "  # between what several say, in one cell


@dataclass(frozen=True, slots=True)
class Case:
    """One question; `recorded` is what has been decided of it, `comments` what practices say.

    `values` are who states what; `confidence` and `reason` are of a match.
    """

    asked: Decision
    recorded: Standing | None = None
    label: str = ""
    titles: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    confidence: float | None = None
    reason: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def state(self) -> str:
        """`open`, or what has become of the decision."""
        return str(self.recorded.state) if self.recorded else OPEN


def cases(
    published: Published,
    public: Iterable[MeasureSet],
    comments: Iterable[Comment] = (),
    *,
    matched: bool = False,
) -> tuple[Case, ...]:
    """Every decision, and every question that nobody has answered, in an order of their own.

    Asked are possible matches, with `matched` those too that evidence alone has made, open
    differences among payers that count, and what becomes of each concept that two or more of them
    share.  `public` are the sets as everybody may see them: what
    is pinned is made of nothing else.
    """
    report = published.report
    known = _Known(report, public)
    standings = report.rulings.standings
    found = [known.recorded(one) for one in standings]
    answered = {one.decision.key for one in standings if one.state is not State.WITHDRAWN}
    moved = {
        replace(one.decision, match=one.refs).key
        for one in standings
        if one.state is not State.WITHDRAWN and one.decision.about == "match"
    }
    asked = list(report.crosswalk.possible)
    if matched:
        asked += [pair for concept in report.crosswalk.concepts for pair in concept.links]
    for pair in asked:
        case = known.case(Decision(match=(pair.left.ref, pair.right.ref)))
        if not {case.asked.key} & (answered | moved):
            found.append(case)
    disputed = [s for s in standings if s.decision.difference and s.state is not State.WITHDRAWN]
    for one in report.divergences:
        refs = known.differing(one) if one.open else ()
        if len(refs) > 1 and not _is_settled(one.attribute, refs, disputed):
            differing = Disputed(measures=refs, attribute=one.attribute)
            found.append(known.case(Decision(difference=differing)))
    disposed = {one.decision.measure for one in standings if one.state is not State.WITHDRAWN}
    found += [
        known.case(Decision(measure=row.concept.id))
        for row in report.rows
        if row.used_by > 1 and row.concept.id not in disposed and not row.dispositions
    ]
    said = tuple(comments)
    return tuple(sorted((replace(c, comments=_said(c, known, said)) for c in found), key=_order))


def _said(case: Case, known: "_Known", comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    concept = known.concepts.get(case.asked.measure or "")
    members = [m.ref for m in concept.members] if concept else []
    return comments_of(comments, *case.asked.refs, *members)


def _order(case: Case) -> tuple[object, ...]:
    """By kind of question, concept and measures; nothing hangs on files or on other questions."""
    one = case.recorded.decision if case.recorded else case.asked
    about = ABOUT.index(one.about)
    return (about, case.label.casefold(), case.label, one.key, one.on or "", one.answer, repr(one))


def _is_settled(attribute: str, refs: tuple[str, ...], disputed: Iterable[Standing]) -> bool:
    """Whether a decision about the attribute names all of these measures."""
    return any(s.decision.attribute == attribute and {*refs} <= {*s.refs} for s in disputed)


class _Known:
    """What the report says of measures, concepts and pairs, by name."""

    def __init__(self, report: Report, public: Iterable[MeasureSet]) -> None:
        self.concepts: dict[str, Concept] = {c.id: c for c in report.crosswalk.concepts}
        self.items = {m.ref: m for c in self.concepts.values() for m in c.members}
        self.home = {m.ref: c for c in self.concepts.values() for m in c.members}
        self.public = {m.ref: m for one in public for m in one.measures or ()}
        self.counted = {p.payer for p in report.counted}
        told = (*matches(report), *(pair for pair, _ in report.crosswalk.related))
        self.pairs = {frozenset((p.left.ref, p.right.ref)): p for p in told}
        self.divergences = report.divergences

    def recorded(self, one: Standing) -> Case:
        """A decision, asked of the measures by the names that it gives them."""
        blank = Decision(
            match=one.decision.match,
            difference=one.decision.difference,
            measure=one.decision.measure,
        )
        here = dict(zip(one.decision.refs, one.refs, strict=True))
        found = self.case(blank, here)
        if found.asked.fingerprint is None:
            old = one.decision
            asked = replace(found.asked, fingerprint=old.fingerprint, judged=old.judged)
            found = replace(found, asked=asked)
        judged = one.decision.judged or {}
        before = (judged.get(ref, {}).get("title", "") for ref in one.decision.refs)
        titles = tuple(now or old for now, old in zip(found.titles, before, strict=True))
        return replace(found, recorded=one, titles=titles)

    def case(self, asked: Decision, here: Mapping[str, str] | None = None) -> Case:
        """A question with what is known; `here` are the ids that its measures have now."""
        now = {ref: (here or {}).get(ref, ref) for ref in asked.refs}
        concept = self.concepts.get(asked.measure or "") or next(
            (self.home[ref] for ref in now.values() if ref in self.home), None
        )
        pair = self.pairs.get(frozenset(now.values())) if asked.match else None
        return Case(
            asked=self._pinned(asked, now),
            label=concept.label if concept else "",
            titles=tuple(self._title(ref) for ref in now.values()),
            values=tuple(self._values(asked, tuple(now.values()))),
            confidence=pair.confidence if pair else None,
            reason=pair.reason if pair else "",
        )

    def differing(self, one: Divergence) -> tuple[str, ...]:
        """The measures of payers that count which state something of an attribute."""
        stated = {
            (payer, place)
            for position in one.positions
            for payer, place in position.places
            if payer in self.counted
        }
        # Rates that a payer asks for and another does not are concepts of their own.
        concepts = self.concepts.values() if one.attribute == "rates" else ()
        members = (m for c in concepts or (self.concepts[one.concept],) for m in c.members)
        places = ((m.ref, m.payer, {m.place, m.place_of(one.attribute)}) for m in members)
        return tuple(
            sorted(ref for ref, payer, own in places if any((payer, at) in stated for at in own))
        )

    def _pinned(self, asked: Decision, now: Mapping[str, str]) -> Decision:
        concept = self.concepts.get(asked.measure or "")
        if concept:
            own = [m.ref for m in concept.members if m.payer in self.counted] or [
                m.ref for m in concept.members
            ]
            now = {ref: ref for ref in own}
        judged = {ref: self.public[one] for ref, one in now.items() if one in self.public}
        return pinned(asked, judged) if judged and len(judged) == len(now) else asked

    def _title(self, ref: str) -> str:
        item: Measure | None = self.items.get(ref)
        if item is None:
            return self.concepts[ref].label if ref in self.concepts else ""
        return f"{item.context}: {item.title}" if item.context else item.title

    def _values(self, asked: Decision, refs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Who states what of a difference, and who asks for a measure."""
        concept = self.concepts.get(asked.measure or "")
        if concept:
            for payer in concept.payers:
                yield payer, "; ".join(m.id for m in concept.members if m.payer == payer)
        homes = {self.home[ref].id for ref in refs if ref in self.home}
        for one in self.divergences if asked.difference else ():
            if one.attribute == asked.attribute and one.concept in homes:
                payers = sorted({payer for p in one.positions for payer in p.payers})
                for payer in payers:
                    own = (p.of(payer) for p in one.positions if payer in p.payers)
                    yield payer, "; ".join(own)


# --- as a row -----------------------------------------------------------------------------------


def row_of(case: Case) -> dict[str, Written]:
    """The cells of one question, by column; those that would be empty are left out."""
    asked, titles = case.asked, case.titles
    title_a = titles[:1] if asked.about == "match" else dict.fromkeys(titles)
    found: dict[str, Written] = {
        "about": asked.about,
        **about_of(asked),
        "title_a": "; ".join(filter(None, title_a)),
        "title_b": "".join(titles[1:2]) if asked.about == "match" else "",
        "label": case.label,
        "values": _JOINT.join(f"{payer}: {value}" for payer, value in case.values),
        "confidence": "" if case.confidence is None else f"{case.confidence:.4f}",
        "reason": case.reason,
        "comments": _JOINT.join(f"{one.measure}: {one.told}" for one in case.comments),
        "state": case.state,
        **pins_of(asked),
    }
    if case.recorded:
        decided, own = cells_of(case.recorded.decision), pins_of(case.recorded.decision)
        differs = {"pins": own} if own != pins_of(asked) else {}
        found |= {**decided, "recorded": {**decided, **differs}}
    return {name: cell for name, cell in found.items() if cell}
