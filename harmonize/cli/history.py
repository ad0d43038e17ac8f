"""`harmonize history`: the summary figures of a repository, release by release."""

from typing import Final

import click

from harmonize import audience as audiences
from harmonize import git, workspace
from harmonize.cli.options import (
    all_have_aliases,
    audience_of,
    color_of,
    emit,
    form_of,
    matched,
    note,
    of_states,
    watching,
    width_of,
)
from harmonize.evidence import MATCH_AT
from harmonize.figures import DEFINITIONS, FIRST, Figure
from harmonize.problems import Place, Problem, SpecError
from harmonize.render.progress import watched

SUFFIXES: Final = {".txt": "table", ".csv": "csv", ".json": "json"}
USUAL: Final = ("measures_listed", "distinct_measures", *FIRST)
GLOB: Final = frozenset("*?[")


@click.command(epilog="Example: harmonize history v1 v2 main --path specs")
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="PATH",
    help="Where the specs are. Default: as compare.",
)
@click.option(
    "--figure",
    "chosen",
    multiple=True,
    metavar="NAME",
    help=f"A figure of compare --view summary. Default: {', '.join(USUAL)}.",
)
@click.option("-f", "--format", "form", type=click.Choice(tuple(SUFFIXES.values())))
@click.option("-o", "--output", metavar="FILE", help="Write a file; its suffix says the format.")
@matched
@of_states
def history(
    refs: tuple[str, ...],
    paths: tuple[str, ...],
    chosen: tuple[str, ...],
    form: str | None,
    output: str | None,
    payer: tuple[str, ...],
    match_at: float | None,
    audience: str | None,
    knowledge: tuple[str, ...],
    color: str,
    width: int | None,
    quiet: bool,
) -> int:
    """The summary figures of the specs as of each REF: commits, branches, tags, or a glob of tags.

    Rows are in the order given; the tags of a glob are in the order of their versions.
    """
    from harmonize.render import history as render

    form = form or form_of(output, SUFFIXES)
    known = tuple(d.figure for d in DEFINITIONS)
    wrong = [n for n in chosen if n not in known and n.partition(":")[0] + ":" not in known]
    if wrong:
        raise click.UsageError(f"No figure {', '.join(wrong)}: there is {', '.join(known)}.")
    settings = workspace.configured()
    read = {
        ref: workspace.load(
            [str(git.as_of(ref, path)) for path in paths or settings.specs or ("specs",)],
            beside_them=[git.was(ref, path) for path in settings.reference or ()],
            payers=payer,
            knowledge_files=knowledge,
        )
        for ref in dict.fromkeys(name for ref in refs for name in _named(ref))
    }
    every = tuple(s for one in read.values() for s in one.sets)
    seen_by = audience_of(every, audience, quiet=quiet)
    for one in read.values():
        all_have_aliases(settings.agreed, seen_by, one.sets)
    made: list[tuple[str, tuple[Figure, ...]]] = []
    with watched(shown=watching(quiet=quiet)) as pace:
        for ref, one in read.items():
            published = audiences.publish(
                one.sets,
                one.knowledge,
                seen_by,
                workspace.standards(),
                match_at or settings.match_at or MATCH_AT,
                pace,
                decisions=one.decisions,
                today=workspace.today(),
                agreed=settings.agreed,
            )
            told = {f.figure: f for f in published.report.summary}
            made.append((ref, tuple(told[n] for n in chosen or USUAL if n in told)))
    if form == "csv":
        emit(render.as_csv(made), output)
    elif form == "json":
        emit(render.as_json(made), output)
    else:
        columns, coloured = width_of(width, output), color_of(color, output)
        emit(render.as_table(made, chosen or USUAL, columns, color=coloured), output)
    if len(made) == 1:
        note("One release alone: name another to see what moved.", quiet=quiet)
    return 0


def _named(ref: str) -> tuple[str, ...]:
    """The ref itself, or the tags that fit."""
    if GLOB.isdisjoint(ref):
        return (ref,)
    found = git.tags(ref)
    if not found:
        raise SpecError((Problem(Place(ref), "HZ553", "no tag fits"),))
    return found
