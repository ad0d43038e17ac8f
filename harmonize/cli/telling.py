"""How commands tell what they found: the format, the file, what is known and what is ignored."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from harmonize import leniency
from harmonize.baseline import shrunk
from harmonize.cli.options import emit, form_of, note, together, width_of
from harmonize.findings import EVERYTHING, SEVERITIES, Finding, Reach
from harmonize.ignores import Ignore
from harmonize.quoting import quotable
from harmonize.render import FINDINGS, FINDINGS_SUFFIXES
from harmonize.render.disclosed import Disclosed
from harmonize.render.found import Told
from harmonize.rules import EVERY
from harmonize.sets import MeasureSet
from harmonize.triage import PROBLEMS, Rule, Rules, Sorted, apply

# What every code means, whoever tells it: an ignore may name a rule of another command.
KNOWN: Final[Rules] = {
    **PROBLEMS,
    **{one.code: Rule(one.name, one.finds, one.fix) for one in EVERY},
}


@dataclass(frozen=True, slots=True)
class Telling:
    """How findings are told, and what is known of them: what `told` asks for."""

    form: str | None
    output: str | None
    fail_on: str
    baseline: str | None
    write_baseline: str | None
    accept_new: bool


@dataclass(frozen=True, slots=True)
class Run:
    """What a command looked at: the sets (`None`: unreadable), and names for what was checked.

    `reach` is what could be found.
    """

    command: str
    sets: tuple[MeasureSet, ...] | None
    checked: tuple[str, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    today: str = ""
    reach: Reach = EVERYTHING
    plain: str = "concise"
    width: int | None = None
    disclosed: Disclosed | None = None


def told(command: Callable[..., Any]) -> Callable[..., Any]:
    """How findings are told; the command gets it as `telling`."""
    command = together(command, "telling", Telling)
    for option in reversed(
        (
            click.option(
                "-f",
                "--format",
                "form",
                type=click.Choice(tuple(FINDINGS)),
                help="Default: text on a terminal, what a CI shows in a CI, else a line each.",
            ),
            click.option(
                "-o",
                "--output",
                metavar="FILE",
                help=f"Write there; {', '.join(FINDINGS_SUFFIXES)} say the format.",
            ),
            click.option(
                "--fail-on",
                type=click.Choice((*SEVERITIES, "never")),
                default="error",
                show_default=True,
                help="Exit 1 on a finding; what cannot be read always ends with 2.",
            ),
            click.option("--baseline", metavar="FILE", help="Let pass the findings known there."),
            click.option(
                "--write-baseline",
                metavar="FILE",
                help="Write down what is known and still found; all of it where FILE is new.",
            ),
            click.option(
                "--accept-new",
                is_flag=True,
                help="With --write-baseline: take up what is new as well.",
            ),
        )
    ):
        command = option(command)
    return command


def tell(found: Iterable[Finding], telling: Telling, run: Run, *, quiet: bool) -> int:
    """Sort findings and tell them; 0, or 1 if one of them fails the run."""
    listed = tuple(found)
    form = _form(telling, run.plain)
    done = _sorted(listed, telling, run)
    if telling.write_baseline and run.sets is None:
        note("The baseline is not written, for not every spec can be read.", quiet=quiet)
    shown = Told(
        found=done,
        rules=KNOWN,
        lines=_lines(done, run) if form == "text" else {},
        checked=run.checked,
        failing=telling.fail_on,
        command=run.command,
        width=width_of(run.width, telling.output),
        disclosed=run.disclosed if form in ("text", "json") or not telling.form else None,
        **_whereabouts(os.environ),
    )
    emit(FINDINGS[form](shown), telling.output)
    page = os.environ.get("GITHUB_STEP_SUMMARY")
    if page and _on_github(os.environ):
        with Path(page).open("a", encoding="utf-8", newline="") as file:
            file.write(FINDINGS["summary"](shown))
    plain = run.plain == "concise" and form in ("concise", "lines", "json")
    if plain or (form != "text" and (done.compared or done.ignored)):
        note(done.told, quiet=quiet)
    return int(bool(done.failing(telling.fail_on)))


def _sorted(listed: tuple[Finding, ...], telling: Telling, run: Run) -> Sorted:
    """Findings against the baseline, which is written first if that was asked for."""
    target = telling.write_baseline
    if telling.accept_new and not target:
        raise click.UsageError("--accept-new says what --write-baseline does: give both.")
    named = telling.baseline or (target if target and os.path.lexists(target) else None)
    known = leniency.read(named) if named else None
    done = apply(listed, known, run.ignores, run.today, KNOWN, run.reach)
    if not target or run.sets is None:
        return done
    there = (*done.counting, *done.known)
    kept = shrunk(known, there, accept_new=telling.accept_new, reach=run.reach)
    if kept != known or target != named:
        leniency.keep(target, kept)
    after = apply(listed, kept, run.ignores, run.today, KNOWN, run.reach)
    return Sorted(after.counting, after.known, after.ignored, done.fixed, compared=True)


def _lines(done: Sorted, run: Run) -> Mapping[str, Mapping[int, str]]:
    return quotable({one.place.file for one in done.counting if one.place.line}, run.sets)


def _form(telling: Telling, plain: str) -> str:
    """The format that was asked for, or that the suffix says, or that is read where this runs."""
    if telling.form:
        return telling.form
    if telling.output:
        return form_of(telling.output, FINDINGS_SUFFIXES)
    return recognised(os.environ, plain, terminal=sys.stdout.isatty())


def recognised(env: Mapping[str, str], plain: str, *, terminal: bool) -> str:
    """The format for the CI in which this runs, for a terminal, or for a pipe."""
    if _on_github(env):
        return "github"
    if env.get("GITLAB_CI") or env.get("TF_BUILD"):
        return plain
    return "text" if terminal else plain


def _on_github(env: Mapping[str, str]) -> bool:
    return bool(env.get("GITHUB_ACTIONS") and env.get("GITHUB_WORKFLOW"))


def _whereabouts(env: Mapping[str, str]) -> dict[str, str]:
    """The root of the repository, and where the working folder stands in it."""
    here = Path.cwd()
    roots = [Path(env[name]) for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR") if env.get(name)]
    roots += [one for one in (here, *here.parents) if os.path.lexists(one / ".git")][:1]
    root = next((one for one in roots if here.is_relative_to(one)), here)
    at = here.relative_to(root).as_posix()
    return {"root": str(root), "at": "" if at == "." else at}
