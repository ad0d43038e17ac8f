"""`harmonize review`: settle the possible matches."""

from dataclasses import replace

import click

from harmonize import workspace
from harmonize.audience import Published, publish, redact
from harmonize.cli.exporting import export, heard, suffix_of
from harmonize.cli.options import Given, Shown, audience_of, compared, inputs, load, today
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
    suffix_of(sheet)
    found = load(given, shown)
    seen_by = audience_of(found.sets, shown.audience, quiet=given.quiet)
    published = _ruled(
        publish(found.sets, found.knowledge, seen_by, workspace.standards()), found, today(given)
    )
    public = tuple(redact(one, "public") for one in found.sets)
    said = heard(comments, published, quiet=given.quiet)
    export(sheet, published, public, said, bom=bom, quiet=given.quiet)


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
