"""`harmonize review`: possible matches settled, and decisions kept; a way to do so is a row."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import click

from harmonize import ledger
from harmonize.audience import open_to_all
from harmonize.cli.keeping import (
    Sitting,
    accept_above,
    export,
    pin,
    rename,
    renew,
    status,
    withdraw,
)
from harmonize.cli.options import (
    Given,
    Shown,
    color_of,
    compared,
    day,
    inputs,
    load,
    matched,
    today,
    width_of,
)
from harmonize.cli.session import Subject, settle
from harmonize.cli.voice import Voice
from harmonize.evidence import MATCH_AT
from harmonize.pairing import Lists
from harmonize.review import Sought


class Mode(NamedTuple):
    """One way to settle something: the option by which it is asked for, and what it does.

    `heeds` are options of no others' concern that say something here.
    """

    option: Callable[[Callable[..., Any]], Callable[..., Any]]
    run: Callable[[Sitting, Any], None]
    heeds: tuple[str, ...] = ()


def _two_names(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    value: str | None,
) -> tuple[str, str] | None:
    if value is None:
        return None
    old, _, new = (part.strip() for part in value.partition("="))
    if not old or not new or ("/" in old) != ("/" in new):
        raise click.BadParameter(f"{value!r}: wanted OLD=NEW, both a payer or both payer/id.")
    return old, new


# A way to settle something is a row here; at most one is asked for at a time.
MODES: Final[Mapping[str, Mode]] = {
    "export": Mode(
        click.option(
            "--export",
            metavar="FILE",
            help="Write a sheet to fill, .csv or .xlsx, for harmonize import review.",
        ),
        export,
        heeds=("comments", "matches", "bom"),
    ),
    "accept_above": Mode(
        click.option(
            "--accept-above",
            type=click.FloatRange(0, 1),
            metavar="P",
            help="Accept all possible matches from this confidence on that nobody has judged.",
        ),
        accept_above,
        heeds=("because", "expires", "dry_run"),
    ),
    "withdraw": Mode(
        click.option(
            "--withdraw",
            multiple=True,
            metavar="REF...",
            help="Withdraw the decision about these measures: A B, or one. Needs --because.",
        ),
        withdraw,
        heeds=("because", "only", "dry_run"),
    ),
    "renew": Mode(
        click.option(
            "--renew",
            multiple=True,
            metavar="REF...",
            help="Decide the same again of what the measures say now: A B, or one.",
        ),
        renew,
        heeds=("because", "expires", "only", "dry_run"),
    ),
    "pin": Mode(
        click.option(
            "--pin",
            is_flag=True,
            default=None,
            help="Add to decisions written by hand what the measures say now.",
        ),
        pin,
        heeds=("dry_run",),
    ),
    "status": Mode(
        click.option(
            "--status",
            is_flag=True,
            default=None,
            help="Where decisions stand: what holds, and what to look at again.",
        ),
        status,
    ),
    "rename": Mode(
        click.option(
            "--rename",
            metavar="OLD=NEW",
            callback=_two_names,
            help="Call a payer, or a payer/id, by its new name in every decision.",
        ),
        rename,
        heeds=("dry_run",),
    ),
}


def modes(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every mode."""
    for mode in reversed(tuple(MODES.values())):
        command = mode.option(command)
    return command


class _InSections(click.Command):
    """A command whose options are told in sections, what it does first."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections, each with its options in the order of the table."""
        options = (p for p in self.get_params(ctx) if isinstance(p, click.Option))
        params = {str(option.name): option for option in options}
        named = {name for names in SECTIONS.values() for name in names}
        rest = tuple(name for name in params if name not in named)
        for title, names in {**SECTIONS, "Input and screen": rest}.items():
            records = [told for x in names if (told := params[x].get_help_record(ctx))]
            with formatter.section(title):
                formatter.write_dl(records)


ASKING: Final = ("concept", "again", "hide_scores")  # what the session heeds

# Options by what they are for; what is not named here is input and screen.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Instead of asking one by one": tuple(MODES),
    "What is written": ("by", "because", "expires", "only", "dry_run"),
    "What is asked": (
        "concept",
        "payer",
        "match_at",
        "again",
        "hide_scores",
        "comments",
        "matches",
        "bom",
    ),
}


@click.command(
    cls=_InSections, epilog="Example: harmonize review specs/ --accept-above 0.4 --dry-run"
)
@inputs
@compared
@matched
@modes
@click.option("--by", metavar="NAME", envvar="HARMONIZE_BY", help="Who decides. Or HARMONIZE_BY.")
@click.option("--concept", metavar="TEXT", default="", help="Ask only about concepts called so.")
@click.option("--hide-scores", is_flag=True, help="Do not tell how sure the program is.")
@click.option("--again", is_flag=True, help="Ask again what was left open.")
@click.option("--because", metavar="TEXT", help="Why; it is written beside the decision.")
@click.option(
    "--expires", metavar="DATE", callback=day, help="Until when a decision made now holds."
)
@click.option(
    "--comments",
    multiple=True,
    metavar="FILE",
    help="In the sheet, what practices say: CSV or workbook.",
)
@click.option("--matches", is_flag=True, help="In the sheet, ask of matches by evidence, too.")
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, for old spreadsheets.")
@click.option(
    "--only",
    metavar="WORD",
    help="Renew or withdraw of several decisions the one with this answer, field or name.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def review(
    given: Given,
    shown: Shown,
    match_at: float | None,
    by: str | None,
    concept: str,
    hide_scores: bool,
    again: bool,
    because: str | None,
    expires: str | None,
    comments: tuple[str, ...],
    bom: bool,
    matches: bool,
    only: str | None,
    dry_run: bool,
    **asked: Any,
) -> None:
    """Settle the possible matches, and keep what has been decided.

    Without more it asks of each possible match, side by side, and saves each answer.

    Decisions are written to the file of --decisions, else to the one that is found with the
    specs, else to a new decisions.yaml there.
    """
    chosen = {n: value for n, value in asked.items() if value not in (None, ()) or value == 0}
    if len(chosen) > 1:
        told = " and ".join(map(_flag, sorted(chosen)))
        raise click.UsageError(f"{told}: one at a time.")
    _heeded(next(iter(chosen), ""))
    named = chosen.get("withdraw") or chosen.get("renew")
    if named:  # what stands behind it and is no path is a name, too
        more = tuple(path for path in given.paths if not _is_path(path))
        chosen = dict.fromkeys(chosen, (*named, *more))
        given = replace(given, paths=tuple(path for path in given.paths if _is_path(path)))
    found = load(given, shown)
    sought = Sought(shown.payer, concept, again, hide_scores)
    if not chosen and shown.payer:  # whom somebody asks about changes nobody's confidence
        shown = replace(shown, payer=())
        found = load(given, shown)
    sitting = Sitting(
        found,
        given,
        shown,
        match_at,
        by,
        because,
        expires,
        only,
        dry_run,
        today(given),
        comments,
        bom,
        matches,
    )
    if not chosen:
        _settle(sitting, sought)
    for name, value in chosen.items():
        MODES[name].run(sitting, value)


def _heeded(mode: str) -> None:
    """Raises for an option that would be passed over: a dry run that writes is none."""
    heeds = MODES[mode].heeds if mode else ASKING
    params = click.get_current_context().params
    for name in sorted({*ASKING, *(own for one in MODES.values() for own in one.heeds)}):
        if name in heeds or not params.get(name):
            continue
        homes = ["asking one by one"] if name in ASKING else []
        homes += [_flag(own) for own, one in MODES.items() if name in one.heeds]
        raise click.UsageError(f"{_flag(name)} goes with {' or '.join(homes)}.")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _settle(sitting: Sitting, sought: Sought) -> None:
    """Asks what nobody has settled, one question after the other."""
    published = sitting.published()
    match_at = sitting.match_at or MATCH_AT
    settle(
        Subject(
            published=published,
            lists=Lists(published.report.payers, sitting.found.knowledge, match_at),
            public=open_to_all(sitting.found.sets),
            decisions=sitting.found.decisions,
            file=ledger.target(sitting.found),
            by=(sitting.by or "").strip(),
            today=sitting.today,
            sought=sought,
            match_at=match_at,
            width=width_of(sitting.shown.width, None),
            color=color_of(sitting.shown.color, None),
        ),
        Voice(),
    )


def _is_path(named: str) -> bool:
    return named == "-" or os.path.lexists(named)
