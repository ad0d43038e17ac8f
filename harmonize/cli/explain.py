"""`harmonize explain`: the evidence of one pair, matched or not."""

from difflib import get_close_matches

import click

from harmonize import audience as audiences
from harmonize import workspace
from harmonize.cli.options import audience_of, color_of, compared, emit, inputs, width_of
from harmonize.measures import MeasureSet
from harmonize.problems import Place, Problem, SpecError
from harmonize.render import explanation


@click.command(epilog="Example: harmonize explain medicaid-adult/CBP-AD mips-primary-care/236")
@click.argument("a")
@click.argument("b")
@inputs
@compared
@click.option("-f", "--format", "form", type=click.Choice(("table", "json")), default="table")
def explain(
    a: str,
    b: str,
    paths: tuple[str, ...],
    config: str | None,
    stdin_filename: str,
    quiet: bool,
    traceback: bool,  # noqa: ARG001 - read at the boundary
    reference: tuple[str, ...],
    payer: tuple[str, ...],
    audience: str | None,
    color: str,
    width: int | None,
    form: str,
) -> None:
    """Why the measures A and B, given as payer/id, were or were not matched."""
    found = workspace.load(
        paths, references=reference, payers=payer, config=config, stdin_filename=stdin_filename
    )
    _known(found.sets, a, b)
    seen_by = audience_of(found.sets, audience, quiet=quiet)
    told = audiences.explain(found.sets, a, b, workspace.knowledge(), seen_by)
    emit(
        explanation(
            told,
            as_json=form == "json",
            width=width_of(width, None),
            color=color_of(color, None),
        ),
        None,
    )


def _known(sets: tuple[MeasureSet, ...], *wanted: str) -> None:
    refs = [m.ref for s in sets for m in s.measures or ()]
    problems = []
    for name in wanted:
        if name not in refs:
            near = get_close_matches(name, refs, 3, 0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "give it as payer/id"
            problems.append(Problem(Place(name), "HZ010", f"no such measure: {hint}"))
    if problems:
        raise SpecError(tuple(problems))
    if len(set(wanted)) == 1:
        raise click.UsageError("A and B are one measure.")
