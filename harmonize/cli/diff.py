"""`harmonize diff`: what became of each measure between two states of the lists."""

import os.path
from typing import Final

import click

from harmonize import audience as audiences
from harmonize import git, workspace
from harmonize.cli.options import (
    audience_of,
    by_name,
    color_of,
    emit,
    form_of,
    note,
    of_states,
    width_of,
)
from harmonize.problems import SpecError

LEVELS: Final = {
    "error": ("major",),
    "warning": ("major", "minor"),
    "info": ("major", "minor", "info"),
    "never": (),
}
SUFFIXES: Final = {".txt": "table", ".csv": "csv", ".json": "json", ".md": "markdown"}


@click.command(epilog="Example: harmonize diff main:specs specs")
@click.argument("old")
@click.argument("new")
@click.option("-f", "--format", "form", type=click.Choice(tuple(SUFFIXES.values())))
@click.option("-o", "--output", metavar="FILE", help="Write a file; its suffix says the format.")
@click.option(
    "--fail-on",
    type=click.Choice(tuple(LEVELS)),
    default="never",
    show_default=True,
    help="Exit 1 if something changed: major is an error, minor a warning.",
)
@of_states
def diff(
    old: str,
    new: str,
    form: str | None,
    output: str | None,
    fail_on: str,
    payer: tuple[str, ...],
    audience: str | None,
    knowledge: tuple[str, ...],
    color: str,
    width: int | None,
    quiet: bool,
) -> int:
    """What became of each measure between OLD and NEW: kept, dropped, added, and what changed.

    Two files are two states of one list, whatever their payers are called; two folders are
    compared payer by payer. Either may be REF:path, as of a commit, branch or tag of git.
    """
    from harmonize.render import drift as render

    form = form or form_of(output, SUFFIXES)
    for one in (old, new):
        _meant(one)
    before, after = (
        workspace.load([one], beside_them=(), payers=payer, knowledge_files=knowledge)
        for one in (old, new)
    )
    for line in (*before.notes, *after.notes):
        note(line, quiet=quiet)
    every = (*before.sets, *after.sets)
    seen_by = audience_of(every, audience, quiet=quiet)
    by_name(after.settings.agreed, seen_by, "diff")
    found = audiences.drifted(
        before.sets,
        after.sets,
        after.knowledge,
        seen_by,
        workspace.standards(),
        one_list=workspace.is_one_file(old, before) and workspace.is_one_file(new, after),
        decisions=(before.decisions, after.decisions),
        today=workspace.today(),
    )
    if form == "csv":
        emit(render.as_csv(found), output)
    elif form == "json":
        emit(render.as_json(found), output)
    elif form == "markdown":
        emit(render.as_markdown(found), output)
    else:
        drawn = render.as_table(found, width_of(width, output), color=color_of(color, output))
        emit(drawn, output)
    return int(not found.drift.severities.isdisjoint(LEVELS[fail_on]))


def _meant(named: str) -> None:
    """A ref alone names no lists; people write one where two releases are compared."""
    if ":" in named or os.path.lexists(named):
        return
    try:
        is_ref = git.is_there(git.At(named, ""))
    except SpecError:
        return
    if is_ref:
        raise click.UsageError(
            f"{named!r} is a ref and no file: say where the lists are, such as {named}:specs."
        )
