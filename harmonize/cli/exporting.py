"""`harmonize review --export`: what is to be decided as a sheet to fill."""

import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from harmonize.audience import Published
from harmonize.cli.options import emit, note
from harmonize.comments import Comment
from harmonize.docket import OPEN, cases
from harmonize.hearing import hear
from harmonize.render import findings
from harmonize.render.ballots import BALLOTS
from harmonize.render.text import visible
from harmonize.sets import MeasureSet


def export(
    sheet: str,
    published: Published,
    public: Iterable[MeasureSet],
    comments: tuple[Comment, ...],
    *,
    matched: bool,
    bom: bool,
    quiet: bool,
    paths: tuple[str, ...] = (),
) -> None:
    """Writes the sheet; `public` are the sets as everybody may see them."""
    suffix = suffix_of(sheet)
    listed = cases(published, public, comments, matched=matched)
    emit(BALLOTS[suffix](listed, sheet), sheet, bom=bom and suffix == ".csv")
    beside = {one for case in listed for one in case.comments}
    apart = sorted({str(c.measure) for c in comments if c not in beside} & {*_named(published)})
    if apart:
        told = f"comments in no row, for nothing is asked about it: {', '.join(apart)}"
        note(visible(told), quiet=quiet)
    open_ = sum(case.state == OPEN for case in listed)
    unseen = published.report.rulings.unseen
    hidden = f"; not for this audience: {unseen} decisions" if unseen else ""
    told = f"{len(listed)} rows, {open_} of them open{hidden}"
    note(f"wrote {sheet}: {told}. Fill it, then: {_next(sheet, paths)}", quiet=quiet)


def _next(sheet: str, paths: tuple[str, ...]) -> str:
    """The command that takes the filled sheet."""
    where = [word for path in paths for word in ("--specs", path)]
    return f"{shlex.join(['harmonize', 'import', 'review', sheet, *where])} --by NAME"


def suffix_of(sheet: str) -> str:
    """How a sheet's name ends; refuses any other."""
    suffix = Path(sheet).suffix.lower()
    if suffix not in BALLOTS:
        known = " or ".join(BALLOTS)
        raise click.UsageError(f"--export {sheet!r}: a sheet's name ends in {known}.")
    return suffix


def heard(files: tuple[str, ...], published: Published, *, quiet: bool) -> tuple[Comment, ...]:
    """The comments of practices, held against what the audience may see."""
    if not files:
        return ()
    payers = (p.payer for p in published.report.payers)
    comments, warnings = hear(files, _named(published), payers)
    note(findings(warnings, "lines").rstrip("\n"), quiet=quiet or not warnings)
    return comments


def _named(published: Published) -> tuple[str, ...]:
    """Every concept and measure by the name under which a comment can be about it."""
    concepts = published.report.crosswalk.concepts
    return (*(c.id for c in concepts), *(m.ref for c in concepts for m in c.members))
