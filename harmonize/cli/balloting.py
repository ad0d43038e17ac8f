"""`harmonize import review`: filled sheets into the decisions file."""

import datetime as dt
from difflib import unified_diff
from pathlib import Path
from typing import Final

import click

from harmonize import ledger, workspace
from harmonize.audience import open_to_all
from harmonize.cli.options import emit, note
from harmonize.files import SUFFIXES, sources, text_of
from harmonize.hearing import SHEETS
from harmonize.problems import Problem, SpecError
from harmonize.render import findings
from harmonize.render.text import visible
from harmonize.tally import Tally, take

DECISIONS: Final = "decisions.yaml"


@click.command("review", epilog="Example: harmonize import review review.xlsx --by Ana")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="The decisions file; what is there stays. Default: the one found with the specs, "
    "else decisions.yaml.",
)
@click.option(
    "--by", envvar="HARMONIZE_BY", default="", metavar="NAME", help="Who, where a row says nobody."
)
@click.option(
    "--on",
    type=click.DateTime(("%Y-%m-%d",)),
    metavar="DATE",
    help="When, where a row does not say. Default: today.",
)
@click.option("--specs", multiple=True, metavar="PATH", help="Look the measures up in these specs.")
@click.option("--config", metavar="FILE", help="Use this instead of harmonize.yaml.")
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("--quiet", is_flag=True, help="No notes on stderr.")
@click.option("--traceback", is_flag=True, expose_value=False, hidden=True)
def review(
    files: tuple[str, ...],
    output: str | None,
    by: str,
    on: dt.datetime | None,
    specs: tuple[str, ...],
    config: str | None,
    *,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Sheets of review --export, filled: each answered row becomes a decision.

    FILE is a .csv or .xlsx, or a folder of them.  Columns may be moved, added or left out; a row
    without an answer decides nothing, and one that is taken out changes nothing.
    """
    if output and Path(output).suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"-o {output!r}: a decisions file's name ends in .yaml.")
    today = workspace.today()
    filling = {"by": by.strip(), "on": on.date().isoformat() if on else today}
    problems: list[Problem] = []
    sheets = sources(files, SHEETS, problems)
    if any(one.severity == "error" for one in problems):
        raise SpecError(tuple(problems))
    known, found = _specs(specs, config, quiet=quiet, sought=output is None)
    if not output and len(found) > 1:
        raise click.UsageError(f"Several decisions files, {', '.join(found)}: name one with -o.")
    target = output or found[0]
    before = text_of(target) if Path(target).exists() else None
    tally = take(sheets, target, before, filling, today, known)
    warnings = (*problems, *tally.warnings)
    for line in tally.notes:
        note(visible(line), quiet=quiet)
    note(findings(tuple(warnings), "lines").rstrip("\n"), quiet=quiet or not warnings)
    note(tally.count, quiet=quiet)
    nameless = sum(one.code == "HZ501" for one in tally.warnings)
    if nameless and not by:
        note(f"{nameless} of them by nobody: say who with --by NAME, and import again", quiet=quiet)
    if not tally.changes:
        note(f"nothing changes in {target}", quiet=quiet)
    elif dry_run:
        emit(_difference(tally, target), None)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        emit(tally.text, target)
        note(f"wrote {target}", quiet=quiet)


def _specs(
    paths: tuple[str, ...], config: str | None, *, quiet: bool, sought: bool
) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """The measures of the specs by payer, if there are any specs, and their decisions files.

    Specs that cannot be read stop nobody who did not name them, unless what they say is `sought`:
    where the decisions are.
    """
    configured = bool(config) or Path(workspace.CONFIG).exists()
    if not paths and not configured and not Path("specs").exists():
        return {}, (DECISIONS,)
    try:
        found = workspace.load(paths, config=config)
    except SpecError:
        if paths or (configured and sought):
            raise
        told = "The specs cannot be read, so no measure is looked up: harmonize validate."
        note(told, quiet=quiet)
        return {}, (DECISIONS,)
    public = open_to_all(found.sets)
    known = {one.payer: frozenset(m.ref for m in one.measures or ()) for one in public}
    return known, found.decided_in or (ledger.target(found),)


def _difference(tally: Tally, target: str) -> str:
    """How the file changes, line by line."""
    old = (tally.before or "").splitlines()
    there = target if tally.before is not None else "/dev/null"
    lines = unified_diff(old, tally.text.splitlines(), there, target, lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)
