"""`harmonize explain`: the evidence of one pair, matched or not."""

from difflib import get_close_matches

import click

from harmonize import audience as audiences
from harmonize import marks
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    by_name,
    color_of,
    compared,
    emit,
    inputs,
    load,
    matched,
    today,
    width_of,
)
from harmonize.evidence import MATCH_AT
from harmonize.problems import Place, Problem, SpecError
from harmonize.render import explanation
from harmonize.sets import MeasureSet


@click.command(epilog="Example: harmonize explain medicaid-adult/CBP-AD mips-primary-care/236")
@click.argument("a")
@click.argument("b")
@inputs
@compared
@matched
@click.option("-f", "--format", "form", type=click.Choice(("table", "json")), default="table")
def explain(a: str, b: str, given: Given, shown: Shown, match_at: float | None, form: str) -> None:
    """Why the measures A and B, given as payer/id, were or were not matched."""
    found = load(given, shown)
    seen_by = audience_of(found.sets, shown.audience, quiet=given.quiet)
    by_name(found.settings.agreed, seen_by, "explain")
    _known(tuple(marks.redact(s, seen_by) for s in found.sets), A=a, B=b)
    told = audiences.explain(
        found.sets,
        a,
        b,
        found.knowledge,
        seen_by,
        match_at or found.settings.match_at or MATCH_AT,
        decisions=found.decisions,
        today=today(given),
    )
    emit(
        explanation(
            told,
            as_json=form == "json",
            width=width_of(shown.width, None),
            color=color_of(shown.color, None),
        ),
        None,
    )


def _known(sets: tuple[MeasureSet, ...], **wanted: str) -> None:
    """Whether both are there, for those who may see them."""
    refs = [m.ref for s in sets for m in s.measures or ()]
    absent = [(argument, name) for argument, name in wanted.items() if name not in refs]
    if absent:
        raise SpecError(tuple(_absent(sets, refs, *one) for one in absent))
    if len(set(wanted.values())) == 1:
        raise click.UsageError("A and B are one measure.")


def _absent(sets: tuple[MeasureSet, ...], refs: list[str], argument: str, name: str) -> Problem:
    """What is not there, told in the payer's file if that is known, else of the argument."""
    files = {s.payer: s.place for s in sets}
    payer, slash, _ = name.partition("/")
    if slash and payer not in files:
        message = f"no payer {payer!r}: here are {', '.join(files)}"
        return Problem(Place(argument), "HZ010", message)
    near = get_close_matches(name, [r for r in refs if r.startswith(f"{payer}/")] or refs, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "that payer has no such id"
    if not slash and not near:
        hint = f"give it as payer/id; here are {', '.join(files)}"
    place = files[payer] if payer in files else Place(argument)
    return Problem(place, "HZ010", f"no measure {name!r}: {hint}")
