"""Options that several commands take, and what they come to."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from harmonize import workspace
from harmonize.aliases import unnamed
from harmonize.audience import Published, publish
from harmonize.confidential import Confidential
from harmonize.evidence import MATCH_AT
from harmonize.marks import SEES, marked
from harmonize.pace import Pace
from harmonize.problems import NOWHERE, Place, Problem, SpecError
from harmonize.report import MEASURES
from harmonize.sets import MeasureSet

MOST_NOTES: Final = 10  # notes on how spreadsheets were understood that people read


@dataclass(frozen=True, slots=True)
class Given:
    """Which files to read, and how to speak: what `inputs` asks for."""

    paths: tuple[str, ...]
    config: str | None
    knowledge: tuple[str, ...]
    decisions: tuple[str, ...]
    as_of: str | None
    stdin_filename: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Which payers to compare, for whom and on what: what `compared` asks for."""

    reference: tuple[str, ...]
    payer: tuple[str, ...]
    audience: str | None
    color: str
    width: int | None


def together(command: Callable[..., Any], name: str, kind: type) -> Callable[..., Any]:
    """The command, handed what several options say as one value."""
    names = [one.name for one in fields(kind)]

    @wraps(command)
    def called(**values: Any) -> Any:
        return command(**{name: kind(**{n: values.pop(n) for n in names})}, **values)

    return called


def day(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    value: str | None,
) -> str | None:
    """A day as it is written in a decision."""
    import datetime as dt

    try:
        return value and dt.date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day: wanted YYYY-MM-DD.") from None


def inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which files to read, and how to speak; the command gets it as `given`."""
    command = together(command, "given", Given)
    for option in reversed(
        (
            click.argument("paths", nargs=-1, metavar="[PATH]..."),
            click.option("--config", metavar="FILE", help="Use this instead of harmonize.yaml."),
            click.option(
                "--knowledge",
                multiple=True,
                metavar="FILE",
                help="Add your own words, measures and slots to what is known.",
            ),
            click.option(
                "--decisions",
                multiple=True,
                metavar="FILE",
                help="Decisions to honour. Default: decisions.yaml among or beside the specs.",
            ),
            click.option(
                "--as-of",
                metavar="DATE",
                callback=day,
                help="Judge by this day what has expired, YYYY-MM-DD. Default: today.",
            ),
            click.option(
                "--stdin-filename", metavar="NAME", default="stdin.yaml", help="What to call -."
            ),
            click.option("--quiet", is_flag=True, help="No notes on stderr."),
            click.option(  # read at the boundary
                "--traceback",
                is_flag=True,
                expose_value=False,
                help="Show where a bug in harmonize is.",
            ),
        )
    ):
        command = option(command)
    return command


def compared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which payers to compare, and for whom; the command gets it as `shown`."""
    command = together(command, "shown", Shown)
    for option in reversed(
        (
            click.option(
                "--reference",
                multiple=True,
                metavar="PATH",
                help="Show these lists beside the others, never counted.",
            ),
            click.option(
                "--payer", multiple=True, metavar="GLOB", help="Only payers that fit, such as or-*."
            ),
            click.option(
                "--audience",
                type=click.Choice(tuple(SEES)),
                help="Show what this audience may see. Default: public, where anything is marked.",
            ),
            click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto"),
            click.option(
                "--width",
                type=click.IntRange(40),
                metavar="N",
                help="Lay a table out for N columns.",
            ),
        )
    ):
        command = option(command)
    return command


def _between(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    value: float | None,
) -> float | None:
    if value is not None and not 0 < value < 1:
        raise click.BadParameter(f"{value:g} is no threshold: wanted a number such as 0.8.")
    return value


def matched(command: Callable[..., Any]) -> Callable[..., Any]:
    """From which probability on pairs may be matches; `None` is the threshold that is shipped."""
    return click.option(
        "--match-at",
        type=float,
        metavar="P",
        callback=_between,
        help=f"Match pairs from this probability on, above 0 and below 1. Default: {MATCH_AT:g}.",
    )(command)


def of_states(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a command about several states of the lists takes, by whom and how it is seen."""
    for option in reversed(
        (
            click.option(
                "--payer", multiple=True, metavar="GLOB", help="Only payers that fit, as or-*."
            ),
            click.option("--audience", type=click.Choice(tuple(SEES)), help="As in compare."),
            click.option(
                "--knowledge", multiple=True, metavar="FILE", help="Add your own knowledge files."
            ),
            click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto"),
            click.option(
                "--width", type=click.IntRange(40), metavar="N", help="Lay out for N columns."
            ),
            click.option("--quiet", is_flag=True, help="No notes on stderr."),
            click.option(
                "--traceback", is_flag=True, expose_value=False, help="Show where a bug is."
            ),
        )
    ):
        command = option(command)
    return command


def load(
    given: Given,
    shown: Shown | None = None,
    beside_them: Iterable[str] | None = None,
    *,
    editions: bool = False,
) -> workspace.Inputs:
    """The files that the options name, read; how spreadsheets were understood is noted.

    With `editions` a payer may have a list for each year, and spreadsheets may be many.
    """
    found = workspace.load(
        given.paths,
        references=shown.reference if shown else (),
        beside_them=beside_them,
        payers=shown.payer if shown else (),
        config=given.config,
        knowledge_files=given.knowledge,
        decisions=given.decisions,
        stdin_filename=given.stdin_filename,
        editions=editions,
    )
    chosen = (shown and shown.audience) or _usual(found.sets)
    if found.settings.agreed.known_as(chosen):
        return found  # notes name files
    if editions and len(found.notes) > MOST_NOTES:
        told = (
            "Lists were read from spreadsheets: harmonize import csv tells how each is understood."
        )
        note(told, quiet=given.quiet)
        return found
    for line in found.notes:
        note(line, quiet=given.quiet)
    return found


def published_for(
    found: workspace.Inputs,
    seen_by: str,
    match_at: float | None,
    pace: Pace,
    now: str,
    *,
    areas: tuple[str, ...] = MEASURES,
    amounts: bool = False,
) -> Published:
    """The report on what was read, with all that is decided and agreed about who may see what.

    `match_at` is what somebody asked for, `now` the day by which decisions expire.
    """
    return publish(
        found.sets,
        found.knowledge,
        seen_by,
        workspace.standards(),
        match_at or found.settings.match_at or MATCH_AT,
        pace,
        decisions=found.decisions,
        today=now,
        areas=areas,
        amounts=amounts,
        agreed=found.settings.agreed,
    )


def today(given: Given) -> str:
    """The day by which is judged what has expired, YYYY-MM-DD."""
    return given.as_of or workspace.today()


def note(text: str, *, quiet: bool) -> None:
    """A word to the person, beside the data."""
    if not quiet:
        click.echo(text, err=True)


def audience_of(sets: tuple[MeasureSet, ...], chosen: str | None, *, quiet: bool) -> str:
    """Whom a report is for: where anything is marked, the public unless somebody says more."""
    if chosen:
        return chosen
    usual = _usual(sets)
    if usual == "public":
        note("Some terms are marked: shown is what the public may see (--audience).", quiet=quiet)
    return usual


def _usual(sets: tuple[MeasureSet, ...]) -> str:
    return "public" if marked(sets) else "broker"


def by_name(agreed: Confidential, seen_by: str, what: str) -> None:
    """Refuses what speaks of payers by their names, or of what one of them alone holds."""
    for why, barred in HIDING.items():
        if barred(agreed, seen_by):
            told = f"it names payers, and the audience {seen_by} {why}: say --audience broker"
            raise SpecError((Problem(Place(what), "HZ584", told),))


# Why something may be refused that speaks of every payer by its name.
HIDING: Final[Mapping[str, Callable[[Confidential, str], object]]] = {
    "sees aliases": Confidential.known_as,
    "sees nothing that few hold": Confidential.smallest,
}


def all_have_aliases(agreed: Confidential, seen_by: str, sets: tuple[MeasureSet, ...]) -> None:
    """Refuses to show a payer by its name beside others who have aliases."""
    known_as = agreed.known_as(seen_by)
    lacking = unnamed(sets, known_as) if known_as else ()
    taken = {s.payer.lower() for s in sets} & {alias.lower() for alias in known_as.values()}
    place = agreed.where.get("aliases", NOWHERE)
    problems = [
        Problem(place, "HZ583", f"{payer!r} has no alias, and others have one") for payer in lacking
    ] + [Problem(place, "HZ582", f"{name!r} is a payer here") for name in sorted(taken)]
    if problems:
        raise SpecError(tuple(problems))


def watching(*, quiet: bool) -> bool:
    """Whether somebody sees how far the work is: stderr is a terminal that can draw over a line."""
    return sys.stderr.isatty() and not quiet and os.environ.get("TERM") != "dumb"


def width_of(chosen: int | None, output: str | None) -> int | None:
    """Columns of the terminal; `None` for a pipe or a file, where nothing is wrapped."""
    if chosen:
        return chosen
    return shutil.get_terminal_size().columns if output is None and sys.stdout.isatty() else None


def color_of(chosen: str, output: str | None) -> bool:
    """Whether to colour; NO_COLOR (no-color.org) and a pipe say no, unless `--color always`."""
    if chosen != "auto":
        return chosen == "always"
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def emit(made: str | bytes, output: str | None, *, bom: bool = False) -> None:
    """To a file, whole or not at all, or to stdout: text as UTF-8 with LF, bytes as they are."""
    if output is not None:
        from harmonize.writing import write

        write(Path(output), made, bom=bom)
        return
    raw = made if isinstance(made, bytes) else made.encode("utf-8-sig" if bom else "utf-8")
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(raw.decode())
        return
    try:
        sys.stdout.flush()
        stream.write(raw)
        stream.flush()
    except BrokenPipeError:  # whoever read has gone: nothing more is written, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def form_of(output: str | None, suffixes: Mapping[str, str]) -> str:
    """The format that a file's suffix says; a table where no file is asked for."""
    if output is None:
        return "table"
    suffix = Path(output).suffix.lower()
    if suffix not in suffixes:
        known = ", ".join(suffixes)
        raise click.UsageError(f"No format for the suffix {suffix!r} of {output!r}: {known}.")
    return suffixes[suffix]
