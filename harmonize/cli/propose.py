"""`harmonize propose`: a common core from what the payers already share."""

import datetime as dt
import os.path
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any, Final

import click

from harmonize.audience import Published
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    by_name,
    color_of,
    compared,
    day,
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
from harmonize.hearing import scored
from harmonize.named import lost
from harmonize.optimum import Unsettled
from harmonize.problems import Place, SpecError
from harmonize.proposal import Proposal
from harmonize.proposal import propose as proposed
from harmonize.render import findings
from harmonize.render.progress import watched
from harmonize.render.text import visible
from harmonize.scores import Marked, marked
from harmonize.values import UNITS, Duration, Impossible, read_duration
from harmonize.wishes import (
    NO_WISH,
    PAYER_TYPES,
    POPULATIONS,
    TYPES,
    Domain,
    Excluded,
    Notice,
    Population,
    Required,
    Type,
    Wish,
    notice_of,
)

SUFFIXES: Final = {".txt": "table", ".csv": "csv", ".json": "json", ".md": "markdown"}
SHEETS: Final = (".csv", ".xlsx")


@click.command(epilog="Example: harmonize propose specs/ --at-most 12 --domain maternity")
@inputs
@compared
@matched
@click.option("-f", "--format", "form", type=click.Choice(tuple(SUFFIXES.values())))
@click.option("-o", "--output", metavar="FILE", help="Write a file; its suffix says the format.")
@click.option("--at-most", type=click.IntRange(1), metavar="N", help="At most N measures.")
@click.option(
    "--asked-by",
    type=click.IntRange(1),
    metavar="K",
    help="Only measures that K payers ask for. Default: 2.",
)
@click.option("--smallest", is_flag=True, help="As few measures as meet the rest.")
@click.option(
    "--domain",
    "domains",
    multiple=True,
    metavar="NAME[=N]",
    help="At least N measures of a domain, or one.",
)
@click.option(
    "--population",
    "populations",
    multiple=True,
    metavar="NAME[=N]",
    help=f"At least N measures about them: {', '.join(POPULATIONS)}.",
)
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE[|TYPE][=N]",
    help="At least N measures of a type, or of any of several.",
)
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar="MEASURE[=WHY]",
    help="It has to be in: a concept by its id, payer/id, or system:number.",
)
@click.option(
    "--exclude",
    "excluded",
    multiple=True,
    metavar="MEASURE[=WHY]",
    help="It may not be in; named as for --require.",
)
@click.option("--from", "from_", metavar="DATE", callback=day, help="The core holds from this day.")
@click.option(
    "--notice",
    multiple=True,
    metavar="[WHO=]TIME",
    help="Payers have to be told so long before, such as '12 months'; WHO is a payer or a type.",
)
@click.option(
    "--scores", multiple=True, metavar="FILE", help="Marks of a work group: filled sheets."
)
@click.option(
    "--sheet", metavar="FILE", help="Write the candidates as a sheet to mark, and end: CSV or XLSX."
)
def propose(
    given: Given,
    shown: Shown,
    match_at: float | None,
    form: str | None,
    output: str | None,
    at_most: int | None,
    asked_by: int | None,
    smallest: bool,
    domains: tuple[str, ...],
    populations: tuple[str, ...],
    types: tuple[str, ...],
    required: tuple[str, ...],
    excluded: tuple[str, ...],
    from_: str | None,
    notice: tuple[str, ...],
    scores: tuple[str, ...],
    sheet: str | None,
) -> int:
    """A common core from what the payers already share.

    PATH is a spec, a folder of specs, or - for standard input; without one, what harmonize.yaml
    names, else specs/. What is wished stands under proposal: in harmonize.yaml; what is given here
    holds in its place. Exit 1 where no core meets the wishes: which of them fail is told.
    """
    form = form or form_of(output, SUFFIXES)
    suffix = _suffix_of(sheet) if sheet else ""
    found = load(given, shown)
    typed: dict[str, Any] = {
        "at_most": at_most,
        "asked_by": asked_by,
        "smallest": "true" if smallest else None,
        "domains": tuple(map(_domain, domains)) or None,
        "populations": tuple(map(_population, populations)) or None,
        "types": tuple(map(_type, types)) or None,
        "required": tuple(map(_required, required)) or None,
        "excluded": tuple(map(_excluded, excluded)) or None,
        "from_": from_,
        "notice": tuple(map(_notice, notice)) or None,
    }
    own = {name: value for name, value in typed.items() if value is not None}
    wish = replace(found.settings.proposal or NO_WISH, **own)
    seen_by = audience_of(found.sets, shown.audience, quiet=given.quiet)
    by_name(found.settings.agreed, seen_by, "propose")
    with watched(shown=watching(quiet=given.quiet)) as pace:
        seen = published_for(found, seen_by, match_at, pace, today(given))
        if problems := lost(seen, wish):
            raise SpecError(problems)
        made = _proposed(seen, wish, today(given), scores, quiet=given.quiet)
    if sheet:
        return _written(made, sheet, suffix, quiet=given.quiet)
    _tell(made, form, quiet=given.quiet)
    emit(_drawn(made, form, seen_by, shown, output), output)
    return int(bool(made.failures))


def _proposed(
    published: Published, wish: Wish, now: str, scores: tuple[str, ...], *, quiet: bool
) -> Proposal:
    """The proposal; its candidates are known before anybody's marks are read."""
    earliest = {
        payer.payer: _after(now, time)
        for payer in published.report.counted
        if (time := notice_of(wish, payer))
    }
    try:
        made = proposed(published, wish, earliest)
        if scores:
            marks = _marks(scores, made, quiet=quiet)
            made = proposed(published, wish, earliest, marks)
    except Unsettled as error:
        raise click.ClickException(f"No proposal: {error}. Wish for less, or for more.") from error
    return made


def _marks(files: tuple[str, ...], made: Proposal, *, quiet: bool) -> dict[str, Marked]:
    sheets, warnings = scored(files, (one.id for one in made.every))
    note(findings(warnings, "lines").rstrip("\n"), quiet=quiet or not warnings)
    return marked(sheets)


def _drawn(made: Proposal, form: str, audience: str, shown: Shown, output: str | None) -> str:
    from harmonize.render import proposal as render

    if form == "csv":
        return render.as_csv(made)
    if form == "json":
        return render.as_json(made, audience)
    if form == "markdown":
        return render.as_markdown(made)
    columns = width_of(shown.width, output)
    return render.as_table(made, columns, color=color_of(shown.color, output))


def _tell(made: Proposal, form: str, *, quiet: bool) -> None:
    """What has to be heard beside the data: rows of measures hold no wishes that fail."""
    from harmonize.render.proposal import failures

    for line in failures(made) if form == "csv" else ():
        note(visible(f"cannot be met: {line}"), quiet=quiet)
    if made.wish.notice and made.wish.from_ is None:
        note("notice periods say nothing without the day from which the core holds (--from).",
             quiet=quiet)  # fmt: skip


# --- the sheet ----------------------------------------------------------------------------------


def _suffix_of(sheet: str) -> str:
    suffix = Path(sheet).suffix.lower()
    if suffix not in SHEETS:
        raise click.UsageError(f"--sheet {sheet!r}: a sheet's name ends in {' or '.join(SHEETS)}.")
    if os.path.lexists(sheet):
        raise click.UsageError(f"--sheet {sheet!r} is there, and may hold marks: name another.")
    return suffix


def _written(made: Proposal, sheet: str, suffix: str, *, quiet: bool) -> int:
    from harmonize.render.scores import SHEETS as WRITERS

    emit(WRITERS[suffix](made.able), sheet)
    many = len(made.able)
    told = f"wrote {sheet}: {many} candidates to mark. Then: harmonize propose --scores {sheet}"
    note(told, quiet=quiet)
    return 0


# --- wishes as they are typed -------------------------------------------------------------------


def _numbered(text: str) -> tuple[str, int | None]:
    """`maternity=2` as a name and a number."""
    name, equals, number = text.rpartition("=")
    if not equals:
        return text, None
    if not number.isdecimal() or not 0 < int(number) < 10_000:
        raise click.UsageError(f"{text!r}: wanted NAME or NAME=N, N a whole number.")
    return name, int(number)


def _domain(text: str) -> Domain:
    name, many = _numbered(text)
    return Domain(domain=name, at_least=many, where={"": Place("--domain")})


def _population(text: str) -> Population:
    name, many = _numbered(text)
    (word,) = _known("--population", (name,), POPULATIONS)
    return Population(population=word, at_least=many)


def _type(text: str) -> Type:
    names, many = _numbered(text)
    return Type(type=_known("--type", names.split("|"), TYPES), at_least=many)


def _known(option: str, named: Iterable[str], words: tuple[str, ...]) -> tuple[str, ...]:
    found = [" ".join(name.lower().replace("-", " ").replace("_", " ").split()) for name in named]
    for name in found:
        if name not in words:
            raise click.UsageError(f"{option}: {name!r} is none of {', '.join(words)}.")
    return tuple(word for word in words if word in found)


def _because(option: str, text: str) -> dict[str, Any]:
    name, _, why = text.partition("=")
    because = why.strip() or f"asked for by {option}"
    return {"measure": name.strip(), "because": because, "where": {"": Place(option)}}


def _required(text: str) -> Required:
    return Required(**_because("--require", text))


def _excluded(text: str) -> Excluded:
    return Excluded(**_because("--exclude", text))


def _notice(text: str) -> Notice:
    who, _, told = text.rpartition("=")
    try:
        time = read_duration(told)
    except Impossible as error:
        raise click.UsageError(f"--notice {text!r}: wanted {error}.") from None
    if not isinstance(time, Duration):
        raise click.UsageError(f"--notice {text!r}: wanted a time such as 12 months.")
    name = who.strip()
    if name.lower() in PAYER_TYPES:
        return Notice(time=time, payer_type=name.lower())
    return Notice(time=time, payer=name or None, where={"": Place("--notice")})


# --- days ---------------------------------------------------------------------------------------


def _after(now: str, time: Duration) -> str:
    """The first day that is so long after a day: months as the calendar has them."""
    start = dt.date.fromisoformat(now)
    months = time.days / UNITS["month"]
    if months.denominator > 1:
        return (start + dt.timedelta(days=ceil(time.days))).isoformat()
    years, month = divmod(start.month - 1 + int(months), 12)
    year = min(start.year + years, dt.MAXYEAR)
    last = monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last)).isoformat()
