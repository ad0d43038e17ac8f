"""What has been decided, in words: of a concept, of a difference, and why to look at it again."""

from harmonize.divergence import Divergence
from harmonize.fields import spoken
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.rulings import AGAIN, Rulings, Standing, State


def decided(row: Row, ref: str | None = None) -> str:
    """What has been decided about a concept in the set, and which of its members are one so.

    With `ref`, only what is about that item.
    """
    found = [one.told + _for(one) for one in row.dispositions]
    found += [
        f"{' = '.join(one.refs)} {one.told}"
        for one in row.rests_on
        if ref is None or ref in one.refs
    ]
    return "; ".join(found)


def _for(one: Standing) -> str:
    kind = one.decision.contract_type
    return f" for {kind}" if kind else ""


def settled(one: Divergence) -> str:
    """What has been decided about a difference, and whom that leaves out."""
    told = [standing.reason for standing in one.decided]
    if told and one.uncovered and any(s.decision.judgement == "justified" for s in one.decided):
        told.append(f"not for all that differ: {', '.join(one.uncovered)}")
    return "; ".join(told)


def again(one: Standing) -> str:
    """Why a decision has to be looked at again, in plain words; empty where it has not."""
    told = [f"{ref} is not here" for ref in one.missing]
    told += [
        f"{c.measure}: {spoken(c.attribute)} {c.old or 'not stated'} -> {c.new or 'not stated'}"
        for c in one.changes
    ]
    told += [f"{old} is now {new}" for old, new in one.moved]
    if one.state is State.EXPIRED:
        told.append(f"it held until {one.decision.expires}")
    if one.state is State.STALE and not one.changes:
        told.append("what was judged has changed")
    if one.state is State.OVERDUE:
        told.append(f"due {one.decision.due}, and still different")
    if one.state is State.MOOT:
        told.append("nothing differs any more")
    return "; ".join(told)


def applied(report: Report) -> tuple[tuple[Standing, tuple[str, ...]], ...]:
    """Every decision with the ids of the concepts to which it applies."""
    held = [
        (row.concept.id, (*row.dispositions, *row.rests_on, *of_differences(row)))
        for row in sorted(report.rows, key=lambda r: r.concept.id)
    ]
    held += [
        (m.id, tuple(s for d in m.divergences for s in d.decided)) for m in report.matters.matters
    ]
    resting = [(name, own) for name, own in held if own]
    return tuple(
        (one, tuple(name for name, own in resting if any(s is one for s in own)))
        for one in report.rulings.standings
    )


def of_differences(row: Row) -> tuple[Standing, ...]:
    """What has been decided about the differences of a concept."""
    return tuple(standing for one in row.differences for standing in one.decided)


def disposition(row: Row) -> str:
    """What becomes of a concept in the set, as short as a column needs it."""
    return ", ".join(dict.fromkeys(one.decision.answer + _for(one) for one in row.dispositions))


def tally(rulings: Rulings) -> str:
    """How many decisions there are, and what has become of them; empty where there are none."""
    states = [one.state for one in rulings.standings]
    force = sum(one.in_force for one in rulings.standings)
    again = [state for state in AGAIN if state in states]
    parts = [f"{_many(force)} in force"] if states else []
    if again:
        told = ", ".join(f"{states.count(state)} {state}" for state in again)
        parts.append(f"{sum(map(states.count, again))} to look at again ({told})")
    rest = (State.UNPINNED, State.MOOT, State.OUT_OF_SCOPE, State.WITHDRAWN)
    parts += [f"{states.count(state)} {state}" for state in rest if state in states]
    return "; ".join(parts)


def _many(number: int) -> str:
    return "1 decision" if number == 1 else f"{number} decisions"
