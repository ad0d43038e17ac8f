"""`harmonize evaluate`: how the matcher does on a gold crosswalk."""

from typing import Final

import click

from harmonize import audience as audiences
from harmonize import marks, workspace
from harmonize.cli.options import (
    audience_of,
    color_of,
    emit,
    form_of,
    matched,
    note,
    width_of,
)
from harmonize.evaluation import Task
from harmonize.evidence import MATCH_AT
from harmonize.problems import Place, Problem, SpecError

SUFFIXES: Final = {".txt": "table", ".csv": "csv", ".json": "json"}
VIEWS: Final = ("figures", "tasks", "thresholds", "reliability", "errors")


@click.command(epilog="Example: harmonize evaluate crosswalk/ --match-at 0.8")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@matched
@click.option("-f", "--format", "form", type=click.Choice(tuple(SUFFIXES.values())))
@click.option("-o", "--output", metavar="FILE", help="Write a file; its suffix says the format.")
@click.option("--view", type=click.Choice(VIEWS), help="One part. Default for csv: figures.")
@click.option(
    "--worst",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="How many errors of each side the page tells.",
)
@click.option("--explain", "pair", nargs=2, metavar="A B", help="Tell why of one pair, payer/id.")
@click.option("--fail-under", type=click.FloatRange(0, 1), metavar="F1", help="Exit 1 below it.")
@click.option("--knowledge", multiple=True, metavar="FILE", help="Add your own knowledge files.")
@click.option("--audience", type=click.Choice(tuple(marks.SEES)), help="As in compare.")
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto")
@click.option("--width", type=click.IntRange(40), metavar="N", help="Lay out for N columns.")
@click.option("--quiet", is_flag=True, help="No notes on stderr.")
@click.option("--traceback", is_flag=True, expose_value=False, help="Show where a bug is.")
def evaluate(
    folders: tuple[str, ...],
    match_at: float | None,
    form: str | None,
    output: str | None,
    view: str | None,
    worst: int,
    pair: tuple[str, str] | None,
    fail_under: float | None,
    knowledge: tuple[str, ...],
    audience: str | None,
    color: str,
    width: int | None,
    quiet: bool,
) -> int:
    """How the matcher does on a gold crosswalk.

    FOLDER holds specs, or CSV lists with the columns payer, id and title, and gold.csv with
    payer_a, measure_a, payer_b and measure_b: a row for each pair that is one measure, in every
    two lists. Beside it may stand ignore.csv (judged neither way) and hard_negatives.csv
    (look-alikes known to differ). Or it holds several such folders.
    """
    from harmonize.render import evaluation as render
    from harmonize.render import explanation

    form = form or form_of(output, SUFFIXES)
    found = workspace.gold(folders, knowledge_files=knowledge)
    every = tuple(s for task in found.tasks for s in task.sets)
    seen_by = audience_of(every, audience, quiet=quiet)
    columns, coloured = width_of(width, output), color_of(color, output)
    at = match_at or MATCH_AT
    if pair:
        task = _task_of(found.tasks, pair, seen_by)
        told = audiences.explain(task.sets, *pair, found.knowledge, seen_by, at)
        text = explanation(told, as_json=form == "json", width=columns, color=coloured)
        emit(text, output)
        return 0
    judged = audiences.evaluate(found.tasks, found.knowledge, seen_by, at)
    if form == "csv":
        emit(render.as_csv(judged, view or "figures"), output)
    elif form == "json":
        emit(render.as_json(judged), output)
    else:
        emit(render.as_table(judged, view, worst, columns, color=coloured), output)
    if found.warnings:
        note(f"{len(found.warnings)} warnings about the lists.", quiet=quiet)
    return int(fail_under is not None and judged.f1 < fail_under)


def _task_of(tasks: tuple[Task, ...], pair: tuple[str, str], audience: str) -> Task:
    """The one task, or the first, that has both measures for whom it is explained."""
    if len(set(pair)) == 1:
        raise click.UsageError("A and B are one measure.")
    refs = {task.folder: _refs(task, audience) for task in tasks}
    for task in tasks:
        if refs[task.folder].issuperset(pair):
            return task
    known = set().union(*refs.values())
    message = "no such measure in the lists beside gold.csv: give it as payer/id"
    wrong = [ref for ref in pair if ref not in known] or [*pair]
    raise SpecError(tuple(Problem(Place(ref), "HZ010", message) for ref in wrong))


def _refs(task: Task, audience: str) -> set[str]:
    sets = (marks.redact(s, audience) for s in task.sets)
    return {m.ref for s in sets for m in s.measures or ()}
