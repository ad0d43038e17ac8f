"""`harmonize review`: settle the possible matches."""

from dataclasses import replace
from pathlib import Path

import click

from harmonize import workspace
from harmonize.audience import Published, publish, redact
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    compared,
    emit,
    inputs,
    load,
    note,
    today,
)
from harmonize.comments import Comment
from harmonize.docket import OPEN, cases
from harmonize.hearing import hear
from harmonize.render import findings
from harmonize.render.ballots import BALLOTS
from harmonize.rulings import rulings
from harmonize.sets import MeasureSet


@click.command(epilog="Example: harmonize review specs/ --export review.xlsx")
@inputs
@compared
@click.option("--export", "sheet", metavar="FILE", required=True, help="A .csv or .xlsx to fill.")
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, for old spreadsheets.")
@click.option("--comments", multiple=True, metavar="FILE", help="What practices say of measures.")
def review(given: Given, shown: Shown, sheet: str, *, bom: bool, comments: tuple[str, ...]) -> None:
    """Write what is to be decided as a sheet; fill it, and read it again with import review."""
    suffix = Path(sheet).suffix.lower()
    if suffix not in BALLOTS:
        raise click.UsageError(
            f"--export {sheet!r}: a sheet's name ends in {' or '.join(BALLOTS)}."
        )
    found = load(given, shown)
    seen_by = audience_of(found.sets, shown.audience, quiet=given.quiet)
    published = _ruled(
        publish(found.sets, found.knowledge, seen_by, workspace.standards()), found, today(given)
    )
    public = tuple(redact(one, "public") for one in found.sets)
    said = heard(comments, published, quiet=given.quiet)
    listed = cases(published, public, said)
    emit(BALLOTS[suffix](listed, sheet), sheet, bom=bom and suffix == ".csv")
    open_ = sum(case.state == OPEN for case in listed)
    unseen = published.report.rulings.unseen
    hidden = f"; not for this audience: {unseen} decisions" if unseen else ""
    told = f"{len(listed)} rows, {open_} of them open{hidden}"
    note(f"wrote {sheet}: {told}. Fill it, then: harmonize import review", quiet=given.quiet)


def heard(files: tuple[str, ...], published: Published, *, quiet: bool) -> tuple[Comment, ...]:
    """The comments of practices, held against what the audience may see."""
    if not files:
        return ()
    report = published.report
    concepts = report.crosswalk.concepts
    known = (*(c.id for c in concepts), *(m.ref for c in concepts for m in c.members))
    comments, warnings = hear(files, known, (p.payer for p in report.payers))
    note(findings(warnings, "lines").rstrip("\n"), quiet=quiet or not warnings)
    return comments


# Until `publish` takes decisions: it does the same, and this goes when it is merged.
def _ruled(published: Published, found: workspace.Inputs, today: str) -> Published:
    public = tuple(redact(one, "public") for one in found.sets)
    seen = _seen(found.sets, published.report.payers)
    ruled = rulings(found.decisions, public, today, seen)
    return replace(published, report=replace(published.report, rulings=ruled))


def _seen(
    whole: tuple[MeasureSet, ...], shown: tuple[MeasureSet, ...]
) -> dict[str, frozenset[str]]:
    every = {m.ref: m for s in whole for m in redact(s, "broker").measures or ()}
    return {
        m.ref: frozenset(
            name
            for name in every[m.ref].__dataclass_fields__
            if getattr(m, name) is None and getattr(every[m.ref], name) is not None
        )
        for s in shown
        for m in s.measures or ()
    }
