"""`harmonize catalog`: the standard measures, listed or looked up."""

import click

from harmonize import workspace
from harmonize.cli.options import color_of, emit, width_of
from harmonize.lookup import cards, nearest
from harmonize.render import catalogue


@click.command(epilog="Example: harmonize catalog CMS165v13")
@click.argument("text", nargs=-1, metavar="[TEXT|ID]")
@click.option(
    "-f", "--format", "form", type=click.Choice(("table", "json", "csv")), default="table"
)
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto")
@click.option(
    "--width", type=click.IntRange(40), metavar="N", help="Lay a table out for N columns."
)
@click.option(  # read at the boundary
    "--traceback", is_flag=True, expose_value=False, help="Show where a bug in harmonize is."
)
def catalog(
    text: tuple[str, ...],
    form: str,
    color: str,
    width: int | None,
) -> None:
    """The nationally used measures: names, numbers, dated facts, history, look-alikes.

    TEXT is a number such as 0018, CMS165v13 or mips 236, an acronym such as CBP, or words of the
    title; without it every measure is listed, a line each.
    """
    asked = " ".join(text)
    known = workspace.knowledge()
    found = cards(asked, known, workspace.standards())
    if not found:
        near = nearest(asked, known)
        hint = f"Near it: {'; '.join(near)}." if near else "Give a number, an acronym or words."
        raise click.UsageError(f"Nothing in the catalogue is called {asked!r}. {hint}")
    shown = catalogue(found, form, width=width_of(width, None), color=color_of(color, None))
    emit(shown, None)
