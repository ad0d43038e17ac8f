"""`harmonize validate`: read the specs, tell every problem at once."""

import click

from harmonize import workspace
from harmonize.cli.options import Given, emit, inputs, load, note
from harmonize.problems import Problem, SpecError
from harmonize.render import findings


@click.command(epilog="Example: harmonize validate specs/ --format json")
@inputs
@click.option("-f", "--format", "form", type=click.Choice(("lines", "json")), default="lines")
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "info", "never")),
    default="error",
    show_default=True,
    help="Exit 1 on a finding; what cannot be read always ends with 2.",
)
def validate(
    given: Given,
    form: str,
    fail_on: str,
) -> int:
    """Read the specs and tell every problem of every file, with its place and what was wanted."""
    unreadable = False
    found: tuple[Problem, ...]
    try:
        loaded = load(given)
    except SpecError as error:
        unreadable = True
        found = error.problems
        told = f"{_many(sum(p.severity == 'error' for p in found), 'error')}, "
    else:
        found = tuple(sorted({*loaded.warnings, *workspace.doubtful(loaded)}))
        measures = sum(m.rate_of is None for s in loaded.sets for m in s.measures or ())
        told = f"{_many(len(loaded.files), 'file')}, {_many(measures, 'measure')}, no errors, "
    emit(findings(found, form), None)
    warned = sum(p.severity == "warning" for p in found)
    note(f"{told}{_many(warned, 'warning')}", quiet=given.quiet)
    if unreadable:
        return 2
    return int(bool(found) and fail_on in ("warning", "info"))


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
