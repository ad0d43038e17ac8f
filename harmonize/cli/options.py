"""Options that several commands take, and what they come to."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from harmonize.audience import SEES, marked
from harmonize.measures import MeasureSet


def inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which specs to read, and how to speak."""
    for option in reversed(
        (
            click.argument("paths", nargs=-1, metavar="[PATH]..."),
            click.option("--config", metavar="FILE", help="Use this instead of harmonize.yaml."),
            click.option(
                "--stdin-filename", metavar="NAME", default="stdin.yaml", help="What to call -."
            ),
            click.option("--quiet", is_flag=True, help="No notes on stderr."),
            click.option("--traceback", is_flag=True, help="Show where a bug in harmonize is."),
        )
    ):
        command = option(command)
    return command


def compared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which payers to compare, and for whom."""
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


def note(text: str, *, quiet: bool) -> None:
    """A word to the person, beside the data."""
    if not quiet:
        click.echo(text, err=True)


def audience_of(sets: tuple[MeasureSet, ...], chosen: str | None, *, quiet: bool) -> str:
    """Whom a report is for: where anything is marked, the public unless somebody says more."""
    if chosen:
        return chosen
    if not marked(sets):
        return "broker"
    note("Some terms are marked: shown is what the public may see (--audience).", quiet=quiet)
    return "public"


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


def emit(text: str, output: str | None, *, bom: bool = False) -> None:
    """To a file, whole or not at all, or to stdout as UTF-8 with LF."""
    if output is not None:
        from harmonize.writing import write

        write(Path(output), text, bom=bom)
        return
    raw = text.encode("utf-8-sig" if bom else "utf-8")
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(text)
        return
    try:
        sys.stdout.flush()
        stream.write(raw)
        stream.flush()
    except BrokenPipeError:  # whoever read has gone: nothing more is written, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
