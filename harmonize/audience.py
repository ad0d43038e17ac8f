"""What a reader may see: renderers take only what has been published to an audience.

What an audience may not see is taken out before anything is compared, so that no figure, no
difference and no order of rows can tell of it; what is not known to be allowed is taken out too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from harmonize import drift, evaluation, explanation, portfolio, report
from harmonize.comments import Comment
from harmonize.decisions import Decision
from harmonize.drift import Drift
from harmonize.editions import keyed, of_each
from harmonize.evaluation import Evaluation, Gold, Task
from harmonize.evidence import MATCH_AT
from harmonize.explanation import Explanation
from harmonize.fields import declared
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure
from harmonize.pace import Pace, unwatched
from harmonize.portfolio import Portfolio
from harmonize.report import Report
from harmonize.rulings import Rulings, State, rulings
from harmonize.sets import MeasureSet
from harmonize.standards import NO_STANDARDS, Standards

# What each audience may see of fields that are marked; unmarked fields are public.
SEES: Final[Mapping[str, frozenset[str]]] = {
    "public": frozenset({"public"}),
    "participants": frozenset({"public", "participants"}),
    "broker": frozenset({"public", "participants", "withheld"}),
}


@dataclass(frozen=True, slots=True)
class Published:
    """A report that an audience may see; only `publish` makes one.

    `comments` are what practices say of what is in it.
    """

    report: Report
    audience: str
    comments: tuple[Comment, ...] = ()


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


def marked(sets: tuple[MeasureSet, ...]) -> bool:
    """Whether anything is marked as not for everybody."""
    marks = [s.visibility or {} for s in sets]
    marks += [m.visibility or {} for s in sets for m in s.measures or ()]
    return any(mark != "public" for one in marks for mark in one.values())


def redact(one: MeasureSet, audience: str) -> MeasureSet:
    """A measure set without what the audience may not see; hidden fields are never shown."""
    sees = SEES[audience]
    whole = one.visibility or {}
    barred = {name for name, mark in whole.items() if mark not in sees}
    own: dict[str, Any] = dict.fromkeys(barred & declared(MeasureSet).keys() - {"measures"})
    seen = [_redacted(m, barred, sees) for m in one.measures or ()]
    whole_rates = {rate.id for m in seen for rate in m.rates or ()}
    measures = tuple(m for m in seen if m.rate_of is None or m.id in whole_rates)
    return replace(one, **{**own, "measures": measures or None})


def _redacted(item: Measure, barred: set[str], sees: frozenset[str]) -> Measure:
    names = _unseen(item, barred, sees)
    names |= {name for name, info in declared(Measure).items() if info.hidden}
    gone: dict[str, Any] = dict.fromkeys(names & declared(Measure).keys())
    if item.rates and "rates" not in gone:
        gone["rates"] = tuple(_redacted(rate, barred, sees) for rate in item.rates)
    return replace(item, **gone)


def _unseen(item: Measure, barred: set[str], sees: frozenset[str]) -> set[str]:
    """Fields that are marked for others: what is not seen there is not known to be silence."""
    mine = item.visibility or {}
    names = {k for k in barred if mine.get(k, "withheld") not in sees or k not in mine}
    return names | {name for name, mark in mine.items() if mark not in sees}


def _sealed(one: MeasureSet, audience: str) -> dict[str, set[str]]:
    sees = SEES[audience]
    barred = {name for name, mark in (one.visibility or {}).items() if mark not in sees}
    found = {item.ref: _unseen(item, barred, sees) for item in one.measures or ()}
    return {ref: names for ref, names in found.items() if names}


def unseen(sets: tuple[MeasureSet, ...], audience: str) -> dict[str, frozenset[str]]:
    """What the audience may not see, by payer and by item: silence there is not known to be one."""
    found: dict[str, frozenset[str]] = {}
    for one in sets:
        marks = (one.visibility or {}).items()
        found[one.payer] = frozenset(name for name, mark in marks if mark not in SEES[audience])
        found |= {ref: frozenset(names) for ref, names in _sealed(one, audience).items()}
    return found


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
) -> Published:
    """The report that an audience may see; the standard fills in nothing that it may not see.

    `today` is the day by which it is judged which decisions have expired, YYYY-MM-DD.
    """
    seen = tuple(redact(s, audience) for s in sets)
    decided = _ruled(decisions, sets, audience, today)
    sealed = {ref: names for s in sets for ref, names in _sealed(s, audience).items()}
    found = report.compile_report(seen, knowledge, standards, sealed, match_at, pace, decided)
    return Published(found, audience)


def open_to_all(sets: tuple[MeasureSet, ...]) -> tuple[MeasureSet, ...]:
    """What everybody may see: what decisions are pinned to, whoever takes them."""
    return tuple(redact(one, "public") for one in sets)


def _ruled(
    decisions: Iterable[Decision], sets: tuple[MeasureSet, ...], audience: str, today: str
) -> Rulings:
    """Where decisions stand, by what everybody may see; those about what is hidden are left out."""
    sees = SEES[audience]
    seen: dict[str, frozenset[str]] = {}
    for one in sets:
        barred = {name for name, mark in (one.visibility or {}).items() if mark not in sees}
        for item in redact(one, audience).measures or ():
            seen[item.ref] = frozenset(_unseen(item, barred, sees))
    public = open_to_all(sets)
    every, open_ = ({m.ref for s in own for m in s.measures or ()} for own in (sets, public))
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
    sealed = {ref: names for one in every for ref, names in _sealed(one, audience).items()}
    decided = tuple(decisions)
    _ruled(decided, (), audience, today)  # tells of contradictions by the names that people gave
    here = _ruled(of_each(decided, sets), every, audience, today)
    good = [s for s in here.standings if s.state in (State.HOLDS, State.UNPINNED)]
    ruled = _ruled([s.decision for s in good], every, audience, today)
    told = [s for s in here.standings if s.state is not State.OUT_OF_SCOPE]
    held, named = ({s.decision.place for s in own} for own in (good, told))
    found = portfolio.portfolio(seen, knowledge, sealed, match_at, pace, ruled)
    withheld = any(unseen(sets, audience).values())
    return Surveyed(found, audience, (len(held), len(named)), withheld)
