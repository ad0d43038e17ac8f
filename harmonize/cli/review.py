"""`harmonize review`: the possible matches settled, one after the other."""

# Minimal, to be replaced at the merge: only the call of `settle` is meant to stay.

from dataclasses import replace
from pathlib import Path

import click

from harmonize import workspace
from harmonize.audience import publish, redact
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    color_of,
    compared,
    inputs,
    load,
    matched,
    today,
    watching,
    width_of,
)
from harmonize.cli.session import Subject, settle
from harmonize.cli.voice import Voice
from harmonize.evidence import MATCH_AT
from harmonize.pairing import Lists
from harmonize.render.progress import watched
from harmonize.review import Sought


@click.command(epilog="Example: harmonize review specs/ --by Ana")
@inputs
@compared
@matched
@click.option("--by", metavar="NAME", envvar="HARMONIZE_BY", default="", help="Who answers.")
@click.option("--concept", metavar="TEXT", default="", help="Only of concepts called so.")
@click.option("--hide-scores", is_flag=True, help="Do not tell how sure the program is.")
@click.option("--again", is_flag=True, help="Ask again what was left open.")
def review(
    given: Given,
    shown: Shown,
    match_at: float | None,
    by: str,
    concept: str,
    hide_scores: bool,
    again: bool,
) -> None:
    """Settle the possible matches, one after the other."""
    load(given, shown)  # whether each --payer fits somebody
    found = load(given, replace(shown, payer=()))
    seen_by = audience_of(found.sets, shown.audience, quiet=given.quiet)
    with watched(shown=watching(quiet=given.quiet)) as pace:
        published = publish(
            found.sets, found.knowledge, seen_by, workspace.standards(), match_at or MATCH_AT, pace
        )
    settle(
        Subject(
            published=published,
            lists=Lists(published.report.payers, found.knowledge, match_at or MATCH_AT),
            public=tuple(redact(one, "public") for one in found.sets),
            decisions=found.decisions,
            file=_target(given, found),
            by=by.strip(),
            today=today(given),
            sought=Sought(shown.payer, concept, again, hide_scores),
            match_at=match_at or MATCH_AT,
            width=width_of(shown.width, None),
            color=color_of(shown.color, None),
        ),
        Voice(),
    )


def _target(given: Given, found: workspace.Inputs) -> str:
    known = given.decisions or found.decided_in
    if known:
        return known[0]
    path = Path(given.paths[0] if given.paths else "specs")
    return str((path if path.is_dir() else path.parent) / "decisions.yaml")
