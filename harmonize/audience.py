"""What a reader may see: renderers take only what has been published to an audience.

What an audience may not see is taken out before anything is compared, so that no figure, no
difference and no order of rows can tell of it; what is not known to be allowed is taken out too.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from harmonize import aliases, cells, drift, evaluation, explanation, portfolio, report
from harmonize.comments import Comment
from harmonize.confidential import NOTHING_AGREED, Confidential
from harmonize.decisions import Decision
from harmonize.drift import Drift
from harmonize.editions import keyed, of_each
from harmonize.evaluation import Evaluation, Gold, Task
from harmonize.evidence import MATCH_AT
from harmonize.explanation import Explanation
from harmonize.knowledge import Knowledge
from harmonize.marks import redact, sealed, unseen
from harmonize.pace import Pace, unwatched
from harmonize.portfolio import Portfolio
from harmonize.report import Report
from harmonize.rulings import Rulings, State, rulings
from harmonize.sets import AREAS, MeasureSet
from harmonize.standards import NO_STANDARDS, Standards
from harmonize.tallies import tallies
from harmonize.terms import named_terms


@dataclass(frozen=True, slots=True)
class Published:
    """A report that an audience may see; only `publish` makes one.

    `comments` are what practices say of what is in it; `unshown` says how much is not in it, for
    too few payers hold it.
    """

    report: Report
    audience: str
    comments: tuple[Comment, ...] = ()
    unshown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """Why two items are or are not one measure, as an audience may see it; `explain` makes it."""

    explanation: Explanation
    audience: str


@dataclass(frozen=True, slots=True)
class Drifted:
    """What became of measures, as an audience may see it; `drifted` makes it."""

    drift: Drift
    audience: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Many lists at once, as an audience may see them; `survey` makes it.

    `judged` counts the judgements of matches that hold for some of the editions that are here, of
    all that name payers that are here; `withheld` says whether anything is kept from the audience.
    """

    portfolio: Portfolio
    audience: str
    judged: tuple[int, int] = (0, 0)
    withheld: bool = False


def publish(
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    audience: str,
    standards: Standards = NO_STANDARDS,
    match_at: float = MATCH_AT,
    pace: Pace = unwatched,
    *,
    decisions: Iterable[Decision] = (),
    today: str = "",
    areas: tuple[str, ...] = report.MEASURES,
    amounts: bool = False,
    agreed: Confidential = NOTHING_AGREED,
) -> Published:
    """The report that an audience may see; the standard fills in nothing that it may not see.

    `today` is the day by which it is judged which decisions have expired, YYYY-MM-DD.  Amounts of
    money are in it only if somebody asked for them, and nobody withholds them.  `agreed` is what
    payers are called here, what too few of them hold, and whether withheld values may be tallied.
    """
    seen = tuple(redact(s, audience, amounts=amounts) for s in sets)
    decided = _ruled(decisions, sets, audience, today)
    closed = sealed(sets, audience)

    def compiled(some: tuple[MeasureSet, ...], gone: AbstractSet[str]) -> Report:
        ruled = decided.without(gone)
        return report.compile_report(
            some, knowledge, standards, closed, match_at, pace, ruled, AREAS
        )

    unshown = cells.NOTHING_UNSHOWN
    if fewest := agreed.smallest(audience):
        seen, unshown = cells.shown(seen, fewest, compiled)
        decided = decided.without(unshown.gone)
    under = aliases.NO_DISGUISE
    if known_as := agreed.known_as(audience):  # of what is shown alone: ids leave no gaps
        seen, under = aliases.disguised(seen, known_as)
        sets, _ = aliases.disguised(sets, known_as, under)
        decided = aliases.spoken_of(decided, under)
        closed = {under.refs.get(ref, ref): names for ref, names in closed.items()}
    found = report.compile_report(
        seen, knowledge, standards, closed, match_at, pace, decided, areas
    )
    told = tallies(found.rows, found.matters.matters, sets, knowledge, agreed.tell_agreement_from)
    found = replace(found, withheld=told)
    if known_as:
        found = aliases.veiled(found, under)
    return Published(found, audience, unshown=unshown.told)


def open_to_all(sets: tuple[MeasureSet, ...]) -> tuple[MeasureSet, ...]:
    """What everybody may see: what decisions are pinned to, whoever takes them."""
    return tuple(redact(one, "public") for one in sets)


def _ruled(
    decisions: Iterable[Decision], sets: tuple[MeasureSet, ...], audience: str, today: str
) -> Rulings:
    """Where decisions stand, by what everybody may see; those about what is hidden are left out."""
    redacted = tuple(redact(one, audience) for one in sets)
    here = {m.ref for one in redacted for m in one.measures or ()}
    seen = {ref: frozenset[str]() for ref in here}
    seen |= {ref: names for ref, names in sealed(sets, audience).items() if ref in here}
    seen |= {ref: term.withheld for ref, term in named_terms(redacted).items() if term.record}
    public = open_to_all(sets)
    every, open_ = (
        {*named_terms(own), *(m.ref for s in own for m in s.measures or ())}
        for own in (sets, public)
    )
    return rulings(decisions, public, today, seen, frozenset(every - open_))


def evaluate(
    tasks: Iterable[Task], knowledge: Knowledge, audience: str, match_at: float = MATCH_AT
) -> Evaluation:
    """How what an audience may see does against gold; what is hidden is no part of the gold."""
    return evaluation.evaluate([_seen(task, audience) for task in tasks], knowledge, match_at)


def _seen(task: Task, audience: str) -> Task:
    sets = tuple(redact(s, audience) for s in task.sets)
    there = {m.ref for s in sets for m in s.measures or ()}
    gold = Gold(
        {pair: note for pair, note in task.gold.same.items() if there.issuperset(pair)},
        {pair: kind for pair, kind in task.gold.different.items() if there.issuperset(pair)},
        frozenset(pair for pair in task.gold.ignored if there.issuperset(pair)),
    )
    return replace(task, sets=sets, gold=gold)


def explain(
    sets: tuple[MeasureSet, ...],
    left: str,
    right: str,
    knowledge: Knowledge,
    audience: str,
    match_at: float = MATCH_AT,
    *,
    decisions: Iterable[Decision] = (),
    today: str = "",
) -> Explained:
    """Why two items, given as `payer/id`, are or are not one measure, as an audience may see it."""
    seen = tuple(redact(s, audience) for s in sets)
    decided = _ruled(decisions, sets, audience, today)
    told = explanation.explain(seen, left, right, knowledge, match_at, decided)
    return Explained(told, audience)


def drifted(
    old: tuple[MeasureSet, ...],
    new: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    audience: str,
    standards: Standards = NO_STANDARDS,
    *,
    one_list: bool = False,
    decisions: tuple[Iterable[Decision], Iterable[Decision]] = ((), ()),
    today: str = "",
) -> Drifted:
    """What became of each measure; of what is or was hidden, nothing.

    `decisions` are those of old and of new.
    """
    before, after = (tuple(redact(s, audience) for s in sets) for sets in (old, new))
    ruled = (
        _ruled(decisions[0], old, audience, today),
        _ruled(decisions[1], new, audience, today),
    )
    found = drift.drift(
        before,
        after,
        knowledge,
        standards,
        one_list=one_list,
        sealed=(unseen(old, audience), unseen(new, audience)),
        rulings=ruled,
    )
    return Drifted(found, audience)


def survey(
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    audience: str,
    match_at: float = MATCH_AT,
    pace: Pace = unwatched,
    *,
    decisions: Iterable[Decision] = (),
    today: str = "",
) -> Surveyed:
    """Many lists at once, several of one payer among them.

    A judgement names measures without their year: it holds for every edition that says what was
    judged, and for all if it does not say what that was.
    """
    every = tuple(keyed(one) for one in sets)
    seen = tuple(redact(one, audience) for one in sets)
    closed = sealed(every, audience)
    decided = tuple(decisions)
    _ruled(decided, (), audience, today)  # tells of contradictions by the names that people gave
    here = _ruled(of_each(decided, sets), every, audience, today)
    good = [s for s in here.standings if s.state in (State.HOLDS, State.UNPINNED)]
    ruled = _ruled([s.decision for s in good], every, audience, today)
    told = [s for s in here.standings if s.state is not State.OUT_OF_SCOPE]
    held, named = ({s.decision.place for s in own} for own in (good, told))
    found = portfolio.portfolio(seen, knowledge, closed, match_at, pace, ruled)
    withheld = any(unseen(sets, audience).values())
    return Surveyed(found, audience, (len(held), len(named)), withheld)
