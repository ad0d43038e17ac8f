"""What is to be settled, question by question, and what an answer comes to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from harmonize.audience import Published
from harmonize.concepts import Concept, Crosswalk, Family, Pair
from harmonize.decisions import REASONED, Decision
from harmonize.divergence import diverge
from harmonize.evidence import MATCH_AT, Verdict, weigh
from harmonize.explanation import AGREE, NEAR, Rival
from harmonize.fields import Role, declared
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure
from harmonize.pairing import Lists
from harmonize.pinning import fingerprint, pinned, pins
from harmonize.rulings import Rulings, Standing
from harmonize.values import Text, stated

TOLD: Final = 3  # pieces of evidence that are told for a pair, and as many against it
HEARD: Final = 0.2  # log-odds of evidence that is worth a reader's look
DIFFER: Final = "differ"
ATTACHED: Final = "attached"  # the same, but by us and not by the payer itself


@dataclass(frozen=True, slots=True)
class Sought:
    """Which questions somebody wants to be asked.

    `payers` are globs of which either side has to fit one; `concept` is the id of a concept, its
    acronym or words of its label.  With `again` comes what was left open before; `blind` hides how
    sure the program is, and asks in an order that does not tell of it.
    """

    payers: tuple[str, ...] = ()
    concept: str = ""
    again: bool = False
    blind: bool = False


EVERYTHING: Final = Sought()


@dataclass(frozen=True, slots=True)
class Line:
    """What both say of one attribute.

    `means` is empty where one of them is silent, or where nobody can tell; `note` says in plain
    words how they differ.
    """

    attribute: str
    left: str
    right: str
    means: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether two measures are one, with all that helps to tell; the left one is `a`.

    `beside` are the measures with which either is one already.  `rivals` are the other measures of
    one side's list that come near the other side.  `before` is what was judged of it last time.
    Of a blind question `confidence` is `None`, and evidence and reason are empty.
    """

    left: Measure
    right: Measure
    heads: tuple[str, str]
    labels: tuple[str, str]
    beside: tuple[tuple[Measure, ...], tuple[Measure, ...]]
    confidence: float | None
    reason: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    lines: tuple[Line, ...]
    rivals: tuple[Rival, ...]
    before: Standing | None = None

    @property
    def refs(self) -> tuple[str, str]:
        """Both as `payer/id`, in order."""
        return self.left.ref, self.right.ref


# --- which are asked ----------------------------------------------------------------------------


def to_settle(
    published: Published,
    judged: Rulings,
    items: Mapping[str, Measure],
    sought: Sought = EVERYTHING,
    match_at: float = MATCH_AT,
) -> tuple[Pair, ...]:
    """The possible matches that nobody has settled, the closest to the threshold first.

    Only of `items`, which everybody may see: of others it cannot be written down what was judged.
    """
    found = published.report.crosswalk
    home = _home(found)
    asked = [
        pair
        for pair in found.possible
        if items.keys() >= {pair.left.ref, pair.right.ref}
        and not settled(pair.left.ref, pair.right.ref, judged, again=sought.again)
        and _of_payers(pair, sought.payers)
        and (
            not sought.concept
            or any(is_called(home[m.ref], sought.concept) for m in (pair.left, pair.right))
        )
    ]
    if sought.blind:
        return tuple(sorted(asked, key=lambda p: (_by_content(p), p.left.ref, p.right.ref)))
    far = {id(p): round(abs(p.confidence - match_at), 4) for p in asked}
    return tuple(sorted(asked, key=lambda p: (far[id(p)], p.left.ref, p.right.ref)))


def settled(one: str, other: str, judged: Rulings, *, again: bool = False) -> bool:
    """Whether nobody has to ask: judged already, or one through others that were judged."""
    if judged.bound(one, other):
        return True
    found = judged.of(one, other)
    return found is not None and (found.decision.judgement != "unsure" or not again)


def is_called(concept: Concept, text: str) -> bool:
    """Whether a person means a concept: by its id, its acronym or words of its label."""
    names = {concept.id.casefold(), (concept.acronym or "").casefold()}
    words = _words(text)
    return text.casefold() in names or bool(words and words <= _words(concept.label))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _of_payers(pair: Pair, globs: tuple[str, ...]) -> bool:
    payers = (pair.left.payer, pair.right.payer)
    return not globs or any(fnmatchcase(p, glob) for p in payers for glob in globs)


def _by_content(pair: Pair) -> str:
    """An order of what both say, which tells nothing of how alike they are."""
    return fingerprint((pins(pair.left), pins(pair.right)))


# --- one question -------------------------------------------------------------------------------


def question(
    pair: Pair,
    published: Published,
    lists: Lists,
    judged: Rulings,
    *,
    blind: bool = False,
) -> Question:
    """A pair with what helps to tell whether it is one measure; `lists` weigh what is published."""
    left, right = pair.left, pair.right
    home = _home(published.report.crosswalk)
    heads = {p.payer: p.head for p in published.report.payers}
    weighed = weigh(lists.profiles[left.ref], lists.profiles[right.ref], lists.scene)
    heard = sorted(weighed.evidence[1:], key=lambda e: (-abs(e.weight), e.name))
    telling = [] if blind else [e for e in heard if abs(e.weight) >= HEARD]
    maybe = {frozenset((p.left.ref, p.right.ref)) for p in published.report.crosswalk.possible}
    return Question(
        left=left,
        right=right,
        heads=(heads[left.payer], heads[right.payer]),
        labels=(home[left.ref].label, home[right.ref].label),
        beside=(_beside(left, home), _beside(right, home)),
        confidence=None if blind else pair.confidence,
        reason="" if blind else pair.reason,
        speaks_for=_first(e.detail for e in telling if e.weight > 0),
        speaks_against=_first(e.detail for e in telling if e.weight < 0),
        lines=tuple(_lines(pair, published, home, lists.knowledge)),
        rivals=(
            *_rivals("a", left, right, lists, home, maybe),
            *_rivals("b", right, left, lists, home, maybe),
        ),
        before=judged.of(left.ref, right.ref),
    )


def _first(details: Iterable[str]) -> tuple[str, ...]:
    """What is told; two pieces of evidence may say the same."""
    return tuple(dict.fromkeys(details))[:TOLD]


def _home(found: Crosswalk) -> dict[str, Concept]:
    return {m.ref: concept for concept in found.concepts for m in concept.members}


def _beside(item: Measure, home: Mapping[str, Concept]) -> tuple[Measure, ...]:
    return tuple(m for m in home[item.ref].members if m.ref != item.ref)


def _rivals(
    of: str,
    one: Measure,
    other: Measure,
    lists: Lists,
    home: Mapping[str, Concept],
    maybe: set[frozenset[str]],
) -> Iterator[Rival]:
    """The measure of the other's list that fits one best beside that other, if it comes near."""
    if one.payer == other.payer:
        return
    listed = [m for m in lists.items if m.payer == other.payer and m.ref != other.ref]
    near = [(m, lists.weigh(one.ref, m.ref)) for m in listed]
    best = min(near, key=lambda n: (-n[1].log_odds, n[0].ref), default=None)
    if best and best[1].confidence >= NEAR:
        item, weighed = best
        verdict = Verdict.NONMATCH
        if home[item.ref] is home[one.ref]:
            verdict = Verdict.MATCH
        elif frozenset((one.ref, item.ref)) in maybe:
            verdict = Verdict.POSSIBLE
        yield Rival(of, item, weighed.confidence, verdict)


def _lines(
    pair: Pair, published: Published, home: Mapping[str, Concept], knowledge: Knowledge
) -> Iterator[Line]:
    """What either says, attribute by attribute; a programme's own affairs tell nothing here."""
    left, right = pair.left, pair.right
    differing = {
        d.attribute: d
        for d in diverge(_as_one(pair, home), published.report.payers, knowledge).divergences
    }
    for key in _keys(left, right):
        mine, theirs = _said(left, key), _said(right, key)
        if not mine and not theirs:
            continue
        found = differing.get(key)
        means = DIFFER if found else _agree(left, right, key) if mine and theirs else ""
        yield Line(key, mine, theirs, means, found.note if found else "")


def _as_one(pair: Pair, home: Mapping[str, Concept]) -> Crosswalk:
    """A crosswalk in which the two are one measure, so that it can be told in what they differ."""
    rates = [rate for m in (pair.left, pair.right) for rate in m.rates or ()]
    parts = [_concept(home[rate.ref].id, rate) for rate in rates]
    both = _concept("", pair.left, pair.right)
    return Crosswalk((Family("", "", (both, *parts)),), (), (), {})


def _concept(name: str, *members: Measure) -> Concept:
    return Concept(name, "", "", None, None, members, ())


def _keys(left: Measure, right: Measure) -> Iterator[str]:
    """The fields by which measures are told apart, identifiers by system first."""
    yield "acronym"
    yield from (f"ids.{name}" for name in sorted({*(left.ids or {}), *(right.ids or {})}))
    for key, info in declared(Measure).items():
        shown = info.role in (Role.EVIDENCE, Role.ATTRIBUTE) and info.dimension != "programme"
        if key in ("part_of", "any_of", "modified") or (shown and not info.hidden):
            yield key


def _said(item: Measure, key: str) -> str:
    name, _, system = key.partition(".")
    if system:
        return "; ".join((item.ids or {}).get(system, ()))
    value = getattr(item, declared(Measure)[name].name)
    if key == "rates":
        return "; ".join(rate.title for rate in value or ())
    return "" if value is None else stated(value)


def _agree(left: Measure, right: Measure, key: str) -> str:
    """That both say the same, as far as anybody can tell.

    Words that no grammar covers never agree; what a payer did not say itself is told as such.
    """
    field = key.partition(".")[0]
    info = declared(Measure)[field]
    if info.role is not Role.ATTRIBUTE and field != "ids":
        return AGREE if _said(left, key).casefold() == _said(right, key).casefold() else ""
    for one in (left, right):
        if isinstance(getattr(one, info.name), Text):
            return ""
        if {key, field} & {*(one.assigned or ())}:
            return ATTACHED if _said(left, key) == _said(right, key) else ""
    if left.payer == right.payer and _said(left, key) != _said(right, key):
        return DIFFER  # lines of one list are no divergence, but tell two measures apart
    return AGREE


# --- what an answer comes to --------------------------------------------------------------------


def answer(
    asked: Question,
    judgement: str,
    by: str,
    on: str,
    because: str,
    items: Mapping[str, Measure],
    mapping: str | None = None,
) -> Decision:
    """The decision that an answer is; `items` hold what everybody may see, by `payer/id`.

    `mapping` reads from `a` to `b`.  Raises `ValueError` for a judgement that has to say why.
    """
    if judgement in REASONED and not because:
        raise ValueError(judgement)
    made = Decision(
        match=asked.refs,
        judgement=judgement,
        mapping=mapping,
        by=by,
        on=on,
        because=because or None,
    )
    return pinned(made, {ref: items[ref] for ref in asked.refs})


def beside(decisions: Iterable[Decision], made: Decision, file: str) -> tuple[Decision, ...]:
    """All decisions with one more, which takes the place of what its file said of the question."""
    kept = (
        one
        for one in decisions
        if one.key != made.key or one.withdrawn is not None or one.place.file != file
    )
    return (*kept, made)
