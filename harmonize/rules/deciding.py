"""Rules about what people have decided: nothing left open, stale, orphaned, expired or overdue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harmonize.concepts import Pair
from harmonize.decided import again
from harmonize.fields import Kind, said, spoken
from harmonize.findings import Finding
from harmonize.policy import Setting
from harmonize.rules.case import Case, places_of
from harmonize.rulings import Standing, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreviewed:
    """Of which matches somebody has to have taken a decision."""

    below: float | None = said(
        Kind.PROBABILITY, "Matches less sure than this have to be decided too."
    )


def unreviewed_match(case: Case, setting: Setting) -> Iterator[Finding]:
    """Possible matches that nobody has settled, and matches too unsure to go undecided."""
    counted = {one.payer for one in case.report.counted}
    below = setting.parameters.below if setting.parameters else None
    links = [pair for concept in case.report.crosswalk.concepts for pair in concept.links]
    unsure = [pair for pair in links if below is not None and pair.confidence < below]
    for pair, told in (
        *((pair, "may be one measure") for pair in case.report.crosswalk.possible),
        *((pair, "were taken for one measure") for pair in unsure),
    ):
        both = pair.left, pair.right
        judged = case.report.rulings.of(pair.left.ref, pair.right.ref)
        bound = case.report.rulings.bound(pair.left.ref, pair.right.ref)
        if not counted.issuperset(m.payer for m in both) or bound or (judged and not _open(judged)):
            continue
        yield setting.found(
            f"{pair.left.ref} ({pair.left.title}) and {pair.right.ref} ({pair.right.title}) {told} "
            f"({pair.confidence:.2f}), {_why(pair, judged)}",
            [m.ref for m in both],
            places=places_of(both),
            between=[(pair.left.payer, pair.right.payer)],
        )


def _open(judged: Standing) -> bool:
    return judged.decision.judgement == "unsure"


def _why(pair: Pair, judged: Standing | None) -> str:
    return judged.told if judged else f"and nobody has decided: {pair.reason}"


def _in(state: State, told: str) -> Callable[[Case, Setting], Iterator[Finding]]:
    """The rule that finds the decisions of one state."""

    def find(case: Case, setting: Setting) -> Iterator[Finding]:
        for one in case.report.rulings.standings:
            if one.state is not state:
                continue
            decision = one.decision
            what = f"{decision.about} {' and '.join(decision.refs)}"
            what += f", {spoken(decision.attribute)}" if decision.attribute else ""
            why = again(one)
            # The whole of the question, so that two decisions about one measure stay two findings.
            values = (decision.about, decision.answer, decision.on or "", *_otherwise(one))
            yield setting.found(
                f"{told}: {what} {decision.told}" + (f" ({why})" if why else ""),
                decision.refs,
                attribute=decision.attribute,
                values=(*values, decision.contract_type or ""),
                places=(decision.place, *(decision.where[k] for k in _KEYS if k in decision.where)),
            )

    return find


_KEYS = ("expires", "due")


def _otherwise(one: Standing) -> list[str]:
    """What has changed since, so that a further change is a new finding."""
    return [f"{c.measure} {c.attribute} {c.old} -> {c.new}" for c in one.changes]


stale_decision = _in(State.STALE, "what was judged has changed")
orphaned_decision = _in(State.ORPHANED, "what was judged is not here")
expired_decision = _in(State.EXPIRED, "a decision is past its last day")
overdue_decision = _in(State.OVERDUE, "a difference was to be resolved by now")
unpinned_decision = _in(State.UNPINNED, "a decision does not say what was judged")
moot_decision = _in(State.MOOT, "a decision is about a difference that is gone")
