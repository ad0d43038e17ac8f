"""`harmonize validate`: read the specs, tell every problem at once."""

from bisect import bisect_right

import click

from harmonize import leniency, workspace
from harmonize.cli.options import Given, inputs, load, note, today
from harmonize.cli.telling import Run, Telling, tell, told
from harmonize.findings import Finding, Reach, of_problem
from harmonize.marks import SEES
from harmonize.problems import Place, Problem, SpecError
from harmonize.render.disclosed import of
from harmonize.sets import MeasureSet
from harmonize.triage import OWN, PROBLEMS


@click.command(epilog="Example: harmonize validate specs/ --format json")
@inputs
@told
@click.option(
    "--audience",
    type=click.Choice(tuple(SEES)),
    help="Tell as well, field by field, what this audience would see of the specs.",
)
def validate(given: Given, telling: Telling, audience: str | None) -> int:
    """Read the specs and tell every problem of every file, with its place and what was wanted."""
    try:
        loaded = load(given)
        names = tuple(name for name, _ in loaded.files)
        ignores = leniency.ignores(loaded.settings.file or None, names, loaded.sets)
    except SpecError as error:
        found = error.problems
        _note(_many(sum(p.severity == "error" for p in found), "error"), found, given)
        run = Run("validate", None, plain="lines")
        tell(map(of_problem, found), telling, run, quiet=given.quiet)
        return 2
    found = tuple(sorted({*loaded.warnings, *workspace.doubtful(loaded)}))
    measures = sum(m.rate_of is None for s in loaded.sets for m in s.measures or ())
    files = _many(len(loaded.files), "file")
    _note(f"{files}, {_many(measures, 'measure')}, no errors", found, given)
    reach = Reach(OWN | PROBLEMS.keys(), frozenset(one.payer for one in loaded.sets))
    run = Run(
        "validate",
        loaded.sets,
        names,
        ignores,
        today(given),
        reach=reach,
        plain="lines",
        disclosed=of(loaded.sets, audience) if audience else None,
    )
    return tell(located(found, loaded.sets), telling, run, quiet=given.quiet)


def _note(what: str, found: tuple[Problem, ...], given: Given) -> None:
    warnings = sum(p.severity == "warning" for p in found)
    note(f"{what}, {_many(warnings, 'warning')}", quiet=given.quiet)


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def located(problems: tuple[Problem, ...], sets: tuple[MeasureSet, ...]) -> tuple[Finding, ...]:
    """Warnings as findings of the measure in which they stand, or of the payer."""
    owners: dict[str, list[tuple[Place, str]]] = {}
    for one in sets:
        own = [(m.place, m.ref) for m in one.measures or ()]
        own += [(place, one.payer) for key, place in one.where.items() if key != "measures"]
        for place, ref in own:
            owners.setdefault(place.file, []).append((place, ref))
    for places in owners.values():
        places.sort()
    found = []
    for problem in problems:
        known = owners.get(problem.place.file, [])
        at = bisect_right(known, problem.place, key=lambda pair: pair[0])
        about = (known[at - 1][1],) if at else ()
        found.append(of_problem(problem, about))
    return tuple(found)
