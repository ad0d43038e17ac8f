"""What the tests of the gate build with: a policy as the reader makes it, and its findings."""

from collections.abc import Iterable
from typing import Any

from building import KNOWN, STANDARDS, flow
from deciding import DAY

from harmonize import rules
from harmonize.audience import publish
from harmonize.decisions import Decision
from harmonize.findings import Finding
from harmonize.policy import Policy
from harmonize.reading.settings import read_settings
from harmonize.sets import MeasureSet


def _nothing(file: str) -> str:
    raise AssertionError(file)


def policy(**named: Any) -> Policy:
    """A policy of these rules, their names with `_` for `-`."""
    own = {name.replace("_", "-"): value for name, value in named.items()}
    text = f"policy:\n  rules: {flow(own)}\n"
    return read_settings(text, "harmonize.yaml", rules.TAKEN, _nothing).policy


def found(
    chosen: Policy,
    *sets: MeasureSet,
    decisions: Iterable[Decision] = (),
    only: Iterable[str] = (),
    audience: str = "broker",
) -> tuple[Finding, ...]:
    """What the rules find in the sets."""
    seen = publish(sets, KNOWN, audience, STANDARDS, decisions=decisions, today=DAY)
    return rules.run(rules.case(seen, sets, KNOWN, STANDARDS), chosen, only)
