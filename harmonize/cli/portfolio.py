"""`harmonize portfolio`: many programmes, regions and years at once."""

from typing import Final

import click

from harmonize.audience import survey
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    by_name,
    color_of,
    compared,
    emit,
    form_of,
    inputs,
    load,
    matched,
    note,
    today,
    watching,
    width_of,
)
from harmonize.columns import PORTFOLIO
from harmonize.evidence import MATCH_AT
from harmonize.render.progress import watched

SUFFIXES: Final = {".txt": "table", ".csv": "csv", ".json": "json", ".md": "markdown"}


@click.command(epilog="Example: harmonize portfolio 2024/ 2025/ 2026/")
@inputs
@compared
@matched
@click.option(
    "-f", "--format", "form", type=click.Choice(tuple(SUFFIXES.values())), help="Default: table."
)
@click.option("-o", "--output", metavar="FILE", help="Write a file; its suffix says the format.")
@click.option(
    "--view",
    type=click.Choice(tuple(PORTFOLIO)),
    help="One view. Default: all for table and markdown, figures for csv; json has all.",
)
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, for old spreadsheets.")
def portfolio(
    given: Given,
    shown: Shown,
    match_at: float | None,
    form: str | None,
    output: str | None,
    view: str | None,
    bom: bool,
) -> int:
    """How much many lists share: by type of payer, region, year, domain; and over the years.

    PATH is as in compare, and a payer may have a list for each year. A folder without a spec may
    hold its lists as spreadsheets: each file is a list, and a year in its name that is the list's
    own is no part of the payer's. Every figure is told of all lists and of the latest edition of
    each programme.
    """
    from harmonize.render import portfolio as render

    form = form or form_of(output, SUFFIXES)
    found = load(given, shown, editions=True)
    if found.warnings:
        count = len(found.warnings)
        told = "1 warning" if count == 1 else f"{count} warnings"
        note(f"{told}: harmonize validate shows more.", quiet=given.quiet)
    counted = sum(s.counted for s in found.sets)
    if counted < 2:
        one = "one list counts" if counted else "no list counts"
        note(f"{one}: there is nothing to share.", quiet=given.quiet)
    seen_by = audience_of(found.sets, shown.audience, quiet=given.quiet)
    by_name(found.settings.agreed, seen_by, "portfolio")
    with watched(shown=watching(quiet=given.quiet)) as pace:
        surveyed = survey(
            found.sets,
            found.knowledge,
            seen_by,
            match_at or found.settings.match_at or MATCH_AT,
            pace,
            decisions=found.decisions,
            today=today(given),
        )
    if form == "csv":
        emit(render.as_csv(surveyed, view or "figures"), output, bom=bom)
    elif form == "json":
        emit(render.as_json(surveyed), output)
    elif form == "markdown":
        emit(render.as_markdown(surveyed, view), output)
    else:
        columns, coloured = width_of(shown.width, output), color_of(shown.color, output)
        emit(render.as_table(surveyed, view, columns, color=coloured), output)
    return 0
