"""`harmonize compare`: the main job."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import click
from click.core import ParameterSource

from harmonize import workspace
from harmonize.audience import Published
from harmonize.cli.exporting import heard
from harmonize.cli.options import (
    Given,
    Shown,
    all_have_aliases,
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
    published_for,
    today,
    watching,
    width_of,
)
from harmonize.decided import tally
from harmonize.evaluation import promised
from harmonize.mappings import NO_EXCHANGE
from harmonize.margins import NO_MARGINS
from harmonize.marks import partly_seen
from harmonize.panels import pointer
from harmonize.problems import SpecError
from harmonize.reading.mappings import read_mappings
from harmonize.render import FILES, READERS, SUFFIXES, Wanted
from harmonize.render.evaluation import promise
from harmonize.render.progress import watched
from harmonize.sets import AREAS
from harmonize.trees import Source
from harmonize.views import CELLS, VIEWS

FORMS: Final = tuple(dict.fromkeys(form for forms in READERS.values() for form in forms))
OF_A_COMMITTEE: Final = ("view", "area", "layout", "cell", "provenance", "bom")
SECTIONED: Final = ("table", "markdown", "html", "xlsx")  # say themselves what stands beside
LEVELS: Final = {
    "error": ("major",),
    "warning": ("major", "minor"),
    "info": ("major", "minor", "info"),
}


@click.command(epilog="Example: harmonize compare specs/ --view divergence --format csv")
@inputs
@compared
@matched
@click.option("-f", "--format", "form", type=click.Choice(FORMS), help="Default: table.")
@click.option("-o", "--output", metavar="FILE", help="Write a file; its suffix says the format.")
@click.option(
    "--for",
    "reader",
    type=click.Choice(tuple(READERS)),
    default="committee",
    show_default=True,
    help="For a practice: each measure once, and where payers differ, in plain words.",
)
@click.option(
    "--view",
    type=click.Choice(tuple(VIEWS)),
    metavar="VIEW",
    help=f"One of {', '.join(VIEWS)}. Default: all for table and markdown, overlap for csv.",
)
@click.option(
    "--area",
    type=click.Choice((*AREAS, "all")),
    default="measures",
    show_default=True,
    help="What to compare: measures, how payers pay, whom they admit, what they report back, ...",
)
@click.option(
    "--include-payment-amounts",
    "amounts",
    is_flag=True,
    help="Show amounts of money where they are stated and not withheld.",
)
@click.option("--layout", type=click.Choice(("wide", "long")), default="wide", show_default=True)
@click.option(
    "--cell",
    type=click.Choice(tuple(CELLS)),
    help="What a cell of the overlap shows. Default: ask on the page, id in a view.",
)
@click.option(
    "--provenance",
    is_flag=True,
    help="Put the version and each file's hash into JSON and HTML, and places into HTML.",
)
@click.option(
    "--comments",
    multiple=True,
    metavar="FILE",
    help="What practices say of measures, for the page: CSV or XLSX.",
)
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, for old spreadsheets.")
@click.option(
    "--fail-on",
    type=click.Choice((*LEVELS, "never")),
    default="never",
    show_default=True,
    help="Exit 1 if payers that count differ: major is an error, minor a warning.",
)
def compare(
    given: Given,
    shown: Shown,
    match_at: float | None,
    form: str | None,
    reader: str,
    output: str | None,
    view: str | None,
    area: str,
    amounts: bool,
    layout: str,
    cell: str | None,
    provenance: bool,
    comments: tuple[str, ...],
    bom: bool,
    fail_on: str,
) -> int:
    """Who uses which measure, and where payers who mean the same ask for it differently.

    PATH is a spec, a folder of specs, or - for standard input; without one, what harmonize.yaml
    names, else specs/.
    """
    form = form or form_of(output, SUFFIXES)
    _possible(reader, form, output, area, bom=bom)
    found = load(given, shown)
    seen_by = audience_of(found.sets, shown.audience, quiet=given.quiet)
    known_as = _known_as(found, seen_by, form, comments)
    _greet(found, seen_by, known_as, quiet=given.quiet)
    named = tuple(s.payer for s in found.sets)
    exchange = workspace.exchange(given.config, named) if form == "sssom" else NO_EXCHANGE
    margins = workspace.margins(output, seen_by) if output and form in FILES else NO_MARGINS
    for lost in margins.lost:
        note(f"{output}: {lost}.", quiet=given.quiet)
    wanted = Wanted(
        view=view,
        layout=layout,
        cell=cell,
        width=width_of(shown.width, output),
        color=color_of(shown.color, output),
        provenance=_provenance(found, seen_by) if provenance else None,
        margins=margins,
        exchange=exchange,
    )
    with watched(shown=watching(quiet=given.quiet)) as pace:
        seen = published_for(
            found,
            seen_by,
            match_at,
            pace,
            today(given),
            areas=AREAS if area == "all" else (area,),
            amounts=amounts,
        )
        said = heard(comments, seen, quiet=given.quiet)
        seen = replace(seen, comments=said)
        drawn = READERS[reader][form](seen, wanted)
    report = seen.report
    if told := tally(report.rulings):
        whence = "decisions" if known_as else ", ".join(found.decided_in)
        note(f"{whence}: {told}.", quiet=given.quiet)
    if match_at:
        note(f"{promise(promised(report.crosswalk, report.payers, match_at))}.", quiet=given.quiet)
    if report.beside and (view or form not in SECTIONED):
        note(f"{pointer(report)}.", quiet=given.quiet)
    if seen.unshown and (view or form not in SECTIONED or reader != "committee"):
        note(f"{'; '.join(seen.unshown)}.", quiet=given.quiet)
    PROOFS.get(form, bool)(drawn)
    emit(drawn, output, bom=bom and form == "csv")
    return _exit_code(seen, fail_on)


def _possible(reader: str, form: str, output: str | None, area: str, *, bom: bool) -> None:
    """Refuses what cannot be had together."""
    vain = [] if reader == "committee" else _typed(OF_A_COMMITTEE)
    if form not in READERS[reader] or vain:
        known = f"For a {reader} there is {', '.join(READERS[reader])}"
        told = f"; for a committee only: {', '.join(vain)}" if vain else ""
        raise click.UsageError(f"{known}{told}.")
    if form in FILES and output is None:
        raise click.UsageError(f"{form} is written to a file: name one with -o.")
    if form == "sssom" and area not in ("measures", "all"):
        raise click.UsageError("sssom is a crosswalk of measures: leave out --area.")
    if bom and form == "sssom":
        raise click.UsageError("--bom: SSSOM begins with no byte order mark; leave it out.")


def _known_as(
    found: workspace.Inputs, seen_by: str, form: str, comments: tuple[str, ...]
) -> Mapping[str, str]:
    """What payers are called for an audience; refuses what would tell who they are."""
    agreed = found.settings.agreed
    all_have_aliases(agreed, seen_by, found.sets)
    known_as = agreed.known_as(seen_by)
    for what in (*(["sssom"] if form == "sssom" else []), *comments) if known_as else ():
        by_name(agreed, seen_by, what)
    return known_as


def _greet(
    found: workspace.Inputs, seen_by: str, known_as: Mapping[str, str], *, quiet: bool
) -> None:
    """What is to be known first; of values that could not be read, to whoever sees them all."""
    if found.warnings and not partly_seen(found.sets, seen_by):
        count = len(found.warnings)
        told = "1 warning" if count == 1 else f"{count} warnings"
        note(f"{told}: harmonize validate shows more.", quiet=quiet)
    if found.sets and not any(s.counted for s in found.sets):
        note("No list here counts: all are references or internal.", quiet=quiet)
    if sum(s.counted for s in found.sets) == 1 == len(found.sets):
        only = known_as.get(found.sets[0].payer, found.sets[0].payer)
        note(f"{only} is the only payer: there is nothing to compare.", quiet=quiet)


def _strictly(drawn: str | bytes) -> None:
    """Reads what is to be written as strictly as what others write; a fault in it is our bug."""
    data = drawn if isinstance(drawn, bytes) else drawn.encode()
    try:
        read_mappings(Source("export", data))
    except SpecError as error:
        raise AssertionError(str(error)) from error


# Formats that are read once more before they are written.
PROOFS: Final[Mapping[str, Callable[[str | bytes], object]]] = {"sssom": _strictly}


def _typed(names: Iterable[str]) -> list[str]:
    """The options that somebody typed, of these."""
    source = click.get_current_context().get_parameter_source
    return [f"--{name}" for name in names if source(name) is ParameterSource.COMMANDLINE]


def _provenance(found: workspace.Inputs, seen_by: str) -> dict[str, Any]:
    """The version and each file's hash, but of none of which this audience does not see all.

    Where it does not see all of the specs, it does not see all that is decided about them either.
    """
    from importlib.metadata import version

    if found.settings.agreed.known_as(seen_by):
        return {"harmonize": version("harmonize"), "files": []}  # their names tell of payers
    closed = partly_seen(found.sets, seen_by)
    if found.settings.agreed.smallest(seen_by):
        closed = frozenset(file for file, _ in found.files)
    closed |= {*found.decided_in} if closed else set()
    hashes = [
        {"file": file, "sha256": None if file in closed else digest} for file, digest in found.files
    ]
    return {"harmonize": version("harmonize"), "files": hashes}


def _exit_code(published: Published, fail_on: str) -> int:
    levels = LEVELS.get(fail_on, ())
    return int(
        any(
            d.counted and d.severity in levels and not d.justified
            for d in published.report.divergences
        )
    )
