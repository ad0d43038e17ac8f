"""What the tests of decisions build with: decisions as the reader makes them, pinned or not."""

from collections.abc import Mapping
from typing import Any

from building import flow, items

from harmonize.decisions import Decision
from harmonize.pinning import pinned
from harmonize.reading.decisions import read_decisions
from harmonize.sets import MeasureSet

DAY = "2026-11-24"


def decisions_text(*entries: Mapping[str, Any]) -> str:
    """A decisions file's text: an entry a line."""
    if not entries:
        return "harmonize: 1\ndecisions: []\n"
    return "\n".join(("harmonize: 1", "decisions:", *(f"  - {flow(e)}" for e in entries))) + "\n"


def decided(*entries: Mapping[str, Any], file: str = "decisions.yaml") -> tuple[Decision, ...]:
    """Decisions, by Ana on the day of the tests unless they say otherwise."""
    said = ({"by": "Ana", "on": DAY, **entry} for entry in entries)
    return read_decisions([(file, decisions_text(*said))])[0]


def match(
    one: str, other: str, judgement: str = "accept", because: str = "", **more: Any
) -> dict[str, Any]:
    """A judgement of a match."""
    why = {"because": because or "as the test has it"} if because or judgement == "reject" else {}
    return {"match": [one, other], "judgement": judgement, **why, **more}


def pinned_to(decision: Decision, *sets: MeasureSet) -> Decision:
    """A decision with what the sets say now."""
    known = {m.ref: m for m in items(*sets)}
    return pinned(decision, {ref: known[ref] for ref in decision.refs})
