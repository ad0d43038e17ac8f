"""Every decision as a committee takes it up again: what holds, and what to look at first."""

from dataclasses import dataclass

from harmonize.agenda import Item, about, to_look_at
from harmonize.audience import Published
from harmonize.decided import again, tally
from harmonize.report import Report
from harmonize.rulings import State


@dataclass(frozen=True, slots=True)
class Register:
    """The state of all decisions; `sections` are (title, items) in the order of reading."""

    title: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]


def register(published: Published) -> Register:
    """What to look at again first, then what needs a hand, what holds, and what is not here."""
    report = published.report
    many = len(report.rulings.standings)
    told = tally(report.rulings)
    return Register(
        title=f"{many} recorded: {told}" if told else "no decision is recorded",
        sections=(
            ("TO LOOK AT AGAIN: decided, and the ground has moved", _again(report)),
            ("UNDER ANOTHER ID: found by what it says", _moved(report)),
            ("DIFFERENCES", _differences(report)),
            ("HOLDS: why, and how it was voted, is on the page", _held(report)),
            ("NO DIFFERENCE ANY MORE", _briefly(report, State.MOOT)),
            (
                "NOT PINNED: no telling what has changed; harmonize review --pin",
                _briefly(report, State.UNPINNED),
            ),
            (
                "NOT ABOUT WHAT IS HERE: a payer's new name is told by --rename OLD=NEW",
                _briefly(report, State.OUT_OF_SCOPE),
            ),
            ("WITHDRAWN", _briefly(report, State.WITHDRAWN)),
        ),
    )


def _again(report: Report) -> tuple[Item, ...]:
    found = to_look_at(report)
    told = "to settle: harmonize review --renew A B, or --withdraw A B --because WHY"
    return (*found, Item("", told, ())) if found else ()


def _moved(report: Report) -> tuple[Item, ...]:
    found = [two for one in report.rulings.standings if one.in_force for two in one.moved]
    lines = tuple(f"{old} is now {new}" for old, new in dict.fromkeys(found))
    return (Item("", "to carry over: harmonize review --rename OLD=NEW", lines),) if lines else ()


def _held(report: Report) -> tuple[Item, ...]:
    """What becomes of the set, and which measures are one or not, as short as it can be said."""
    groups: dict[str, list[str]] = {}
    for row in report.rows:
        for one in row.dispositions:
            kind = one.decision.contract_type
            told = f"{one.told} for {kind}" if kind else one.told
            groups.setdefault(told, []).append(row.concept.acronym or row.concept.label)
    for one in report.rulings.judged.values():
        groups.setdefault(one.told, []).append(about(one))
    return tuple(Item("", told, ("; ".join(names),)) for told, names in sorted(groups.items()))


def _differences(report: Report) -> tuple[Item, ...]:
    held = (State.HOLDS, State.UNPINNED)
    own = (s for s in report.rulings.differences if s.state in held)
    return tuple(Item("", about(one), (one.reason,)) for one in own)


def _briefly(report: Report, state: State) -> tuple[Item, ...]:
    """Decisions of one state, those with the same reason together, a line each."""
    groups: dict[str, list[str]] = {}
    for one in report.rulings.standings:
        if one.state is state:
            groups.setdefault(again(one), []).append(about(one))
    return tuple(
        Item("", why or "; ".join(names), tuple(names) if why else ())
        for why, names in sorted(groups.items())
    )
