"""`harmonize import`: specs made of what people have, one kind of source a command."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from harmonize import intake, workspace
from harmonize.cli import balloting, exchanging
from harmonize.cli.options import emit, note
from harmonize.composing import composed_mapping
from harmonize.files import sources, text_of
from harmonize.headings import is_target
from harmonize.importers import IMPORTERS
from harmonize.importers.asking import Wanted
from harmonize.importers.tables import slug_of, stem
from harmonize.problems import Problem, SpecError
from harmonize.reading.headings import TOP, read_mapping, unknown
from harmonize.render import findings
from harmonize.render.text import visible
from harmonize.trees import Imported, Source
from harmonize.writing import write


@dataclass(frozen=True, slots=True)
class Out:
    """Where the specs go, and how: what `written` asks for."""

    files: tuple[str, ...]
    output: str | None
    called: str | None
    update: bool
    dry_run: bool
    quiet: bool

    @property
    def is_file(self) -> bool:
        """Whether one file was asked for, rather than a folder of them."""
        return self.output is not None and Path(self.output).suffix.lower() in (".yaml", ".yml")

    def slug(self, sources: tuple[Source, ...]) -> str:
        """What the one list is to be called, if anybody said."""
        if self.called or not self.is_file or len(sources) > 1:
            return self.called or ""
        return slug_of(stem(str(self.output)))


def written(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every kind takes: the files, where specs go, and how; the command gets it as `out`."""
    names = ("files", "output", "called", "update", "dry_run", "quiet")

    @wraps(command)
    def made(**values: Any) -> Any:
        return command(out=Out(**{name: values.pop(name) for name in names}), **values)

    for option in reversed(
        (
            click.argument("files", nargs=-1, required=True, metavar="FILE..."),
            click.option(
                "-o",
                "--output",
                metavar="PATH",
                help="A .yaml file for one spec, or a folder for <payer>.yaml each. "
                "Default: one spec to stdout.",
            ),
            click.option(
                "--as", "called", metavar="SLUG", help="Call the payer so. Default: as the file."
            ),
            click.option(
                "--update",
                is_flag=True,
                help="Merge into files that are there: ids and what you added stay.",
            ),
            click.option("--dry-run", is_flag=True, help="Show what would be written, write none."),
            click.option("--quiet", is_flag=True, help="No notes on stderr."),
            click.option("--traceback", is_flag=True, expose_value=False, hidden=True),
        )
    ):
        made = option(made)
    return made


def columns(command: Callable[..., Any]) -> Callable[..., Any]:
    """What spreadsheets take beside."""
    for option in reversed(
        (
            click.option(
                "--map",
                "mapped",
                multiple=True,
                metavar="HEADING=FIELD",
                help="What a column says: a field such as ids.cbe, or notes, drop, tick.",
            ),
            click.option("--mapping", metavar="FILE", help="A saved mapping of columns."),
            click.option(
                "--save-mapping", metavar="FILE", help="Save how columns were read, in a new file."
            ),
            click.option(
                "--tick",
                "ticks",
                metavar="A,B,...",
                help="A matrix: the payers' columns, a spec of each.",
            ),
            click.option(
                "--payer-column", metavar="HEADING", help="A spec for each value of this column."
            ),
            click.option(
                "--drop-unmapped", is_flag=True, help="Leave unknown columns out, not in notes."
            ),
        )
    ):
        command = option(command)
    return command


class _Kinds(click.Group):
    """Kinds of sources; a file where a kind is wanted gets a hint."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            suffix = Path(args[0]).suffix.lower()
            kinds = [k for k, one in IMPORTERS.items() if suffix in one.suffixes]
            kinds = ["sssom"] if args[0].endswith(exchanging.SUFFIX) else kinds
            hint = f" Did you mean harmonize import {kinds[0]} {args[0]}?" if kinds else ""
            known = ", ".join(self.commands)
            ctx.fail(f"{args[0]!r} is no kind of source: {known}.{hint}")
        return super().resolve_command(ctx, args)


@click.group("import", cls=_Kinds, epilog="Example: harmonize import csv list.csv -o specs/")
def import_() -> None:
    """Make specs of what you have; say with -o where they go.

    What was understood is said on stderr, and rows in are rows out, counted.
    """


import_.add_command(balloting.review)
import_.add_command(exchanging.sssom)


@import_.command("csv", epilog="Example: harmonize import csv list.csv -o specs/lake.yaml")
@written
@columns
def csv(out: Out, **asked: Any) -> None:
    """Lists as separated text, whatever their headings.

    FILE is a file or a folder of them; comma, semicolon, tab or bar between the cells.
    """
    _spreadsheets("csv", out, sheet="", **asked)


@import_.command("xlsx", epilog="Example: harmonize import xlsx grid.xlsx --tick A,B -o specs/")
@written
@columns
@click.option("--sheet", default="", metavar="NAME", help="Default: the one that reads as a list.")
def xlsx(out: Out, **asked: Any) -> None:
    """Lists in workbooks, whatever their headings; or a spec that harmonize sheet has written."""
    _spreadsheets("xlsx", out, **asked)


@import_.command("fhir", epilog="Example: harmonize import fhir package/ -o specs/ecqm.yaml")
@written
@click.option("--no-text", is_flag=True, help="Leave the steward's texts and notices out.")
def fhir(out: Out, no_text: bool) -> None:
    """FHIR Measures as CMS publishes them: files, Bundles or a folder of a package.

    A direction whose code and words disagree is told and never guessed; no logic is read.
    """
    from harmonize.importers.fhir import FhirWanted

    found = read_sources("fhir", out)
    wanted = FhirWanted(
        payer=_slug(out, found),
        headings=workspace.headings(),
        texts=not no_text,
    )
    deliver(IMPORTERS["fhir"].read(found, wanted), out)


def _together(ctx: click.Context, param: click.Parameter, value: Any) -> tuple[str, ...]:  # noqa: ARG001
    return tuple(part.strip() for text in value for part in text.split(",") if part.strip())


def _filter(name: str, told: str, metavar: str) -> Callable[..., Any]:
    return click.option(
        f"--{name}", metavar=metavar, multiple=True, callback=_together, help=f"{told} Repeatable."
    )


@import_.command(
    "qpp", epilog="Example: harmonize import qpp data.json --program mips -o mips.yaml"
)
@written
@_filter("category", "ia, pi or cost as well as, or instead of, quality.", "NAME")
@_filter("program", "Only measures of this program, such as mips.", "NAME")
@_filter("mvp", "Only measures of this MIPS Value Pathway, such as M0005.", "ID")
@_filter("specialty", "Only measures of this specialty set, such as 'family medicine'.", "SET")
@_filter("collection", "Only measures that may be collected so, such as ehr.", "TYPE")
@click.option("--year", default="", metavar="YEAR", help="Default: as the data say.")
@click.option("--no-text", is_flag=True, help="Leave descriptions out.")
def qpp(out: Out, year: str, no_text: bool, category: tuple[str, ...], **filters: Any) -> None:
    """A year of CMS measures data: quality measures, unless other categories are asked for."""
    from harmonize.importers.qpp import QppWanted

    found = read_sources("qpp", out)
    wanted = QppWanted(
        payer=_slug(out, found),
        headings=workspace.headings(),
        year=year,
        texts=not no_text,
        categories=category or ("quality",),
        programs=filters["program"],
        mvps=filters["mvp"],
        specialties=filters["specialty"],
        collections=filters["collection"],
    )
    deliver(IMPORTERS["qpp"].read(found, wanted), out)


def _slug(out: Out, found: tuple[Source, ...]) -> str:
    """What the one list is called: as somebody said, or the file that is written, or is read."""
    if out.called:
        return out.called
    if out.is_file:
        return slug_of(stem(str(out.output)))
    named = Path(out.files[0])
    return slug_of(named.resolve().name if named.is_dir() else stem(found[0].name))


def _spreadsheets(
    kind: str,
    out: Out,
    *,
    mapped: tuple[str, ...],
    mapping: str | None,
    save_mapping: str | None,
    ticks: str | None,
    payer_column: str | None,
    drop_unmapped: bool,
    sheet: str,
) -> None:
    if ticks and payer_column:
        raise click.UsageError("--tick and --payer-column: a table has one form, give one.")
    sources_read, faults = _opened(kind, out)
    known = read_mapping(text_of(mapping), mapping) if mapping else {}
    wanted = Wanted(
        headings=workspace.headings(),
        mapping=known | dict(map(_mapped, mapped)),
        ticks=tuple(name.strip() for name in (ticks or "").split(",") if name.strip()),
        payer_column=payer_column or "",
        slug=out.slug(sources_read),
        sheet=sheet,
        drop_unmapped=drop_unmapped,
    )
    found = IMPORTERS[kind].read(sources_read, wanted)
    intake.refuse(replace(found, problems=(*faults, *found.problems)))
    saved = composed_mapping(TOP, found.mapping)
    if save_mapping and _is_other(save_mapping, saved):
        raise click.UsageError(
            f"--save-mapping {save_mapping!r} is there already and holds something else: "
            "nothing was written; name another file, or remove that one."
        )
    deliver(found, out)
    if save_mapping and not out.dry_run:
        write(Path(save_mapping), saved)


def _is_other(path: str, text: str) -> bool:
    """Whether a file is there that holds something else than it would be given."""
    if not Path(path).is_file():
        return False
    return Path(path).read_bytes() != text.encode()


def _mapped(text: str) -> tuple[str, str]:
    heading, _, field = (part.strip() for part in text.rpartition("="))
    if not heading:
        raise click.UsageError(f"--map {text!r}: wanted 'Their heading=field'.")
    if not is_target(field):
        raise click.UsageError(f"--map {text!r}: no field {unknown(field)}.")
    return heading, field


def read_sources(kind: str, out: Out) -> tuple[Source, ...]:
    """The files that were named, read; raises `SpecError`."""
    found, faults = _opened(kind, out)
    if faults:
        raise SpecError(faults)
    return found


def _opened(kind: str, out: Out) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """The files that were named, and why others cannot be read; what else was seen is said."""
    problems: list[Problem] = []
    found = sources(out.files, IMPORTERS[kind].suffixes, problems)
    faults = tuple(one for one in problems if one.severity == "error")
    if problems and not faults:
        note(findings(tuple(problems), "lines").rstrip("\n"), quiet=out.quiet)
    return found, tuple(problems) if faults else ()


def deliver(imported: Imported, out: Out) -> None:
    """What was imported goes where it was asked for, or is shown."""
    imported = _called(imported, out)
    paths = _paths(imported, out)
    taken = intake.take(imported, paths, update=out.update or out.dry_run)
    for draft in taken.drafts:
        _same_payer(draft, out)
    for line in imported.notes:
        note(visible(line), quiet=out.quiet)
    note(findings(taken.warnings, "lines").rstrip("\n"), quiet=out.quiet or not taken.warnings)
    for line in imported.counts:
        note(visible(line), quiet=out.quiet)
    for draft in taken.drafts:
        _merger(draft, out, whole=imported.whole)
    if out.dry_run:
        emit("".join(map(_preview, taken.drafts)), None)
        return
    for draft in taken.drafts:
        if draft.path is None:
            emit(draft.text, None)
        elif draft.before is not None and draft.changes:
            note(_seen(draft.diff), quiet=out.quiet)
    for path in intake.write(taken.drafts):
        note(f"wrote {path}", quiet=out.quiet)


def _called(imported: Imported, out: Out) -> Imported:
    payers = intake.payers_of(imported)
    if len(payers) > 1 and out.called:
        raise click.UsageError(f"--as {out.called!r}: {len(payers)} payers are here, not one.")
    if len(payers) > 1 and out.is_file:
        told = ", ".join(payers)
        raise click.UsageError(f"-o {out.output!r}: {len(payers)} payers ({told}) need a folder.")
    if len(payers) > 1 and out.output is None and not out.dry_run:
        told = ", ".join(payers)
        raise click.UsageError(f"{len(payers)} payers are here ({told}): give -o FOLDER.")
    return intake.renamed(imported, out.called) if out.called else imported


def _paths(imported: Imported, out: Out) -> list[Path | None]:
    """Where each spec goes; what is there is not overwritten."""
    payers = intake.payers_of(imported)
    if out.output is None:
        if out.update:
            raise click.UsageError("--update: give with -o what is to be updated.")
        return [None for _ in payers]
    whole = Path(out.output)
    paths = [whole if out.is_file else whole / f"{payer}.yaml" for payer in payers]
    there = [str(path) for path in paths if os.path.lexists(path)]
    if there and not out.update and not out.dry_run:
        is_are = "is" if len(there) == 1 else "are"
        raise click.UsageError(
            f"{', '.join(there)} {is_are} there already, and nothing was written: "
            "--update merges and shows the difference; --dry-run shows it and writes nothing."
        )
    return list(paths)


def _same_payer(draft: intake.Draft, out: Out) -> None:
    """An update keeps the payer of the file, so another cannot be asked for."""
    if out.called and draft.payer != out.called:
        raise click.UsageError(
            f"--as {out.called!r}: {draft.path} is of payer {draft.payer!r}, which an update "
            "keeps, and nothing was written: leave --as out, or name another file with -o."
        )


def _merger(draft: intake.Draft, out: Out, *, whole: bool) -> None:
    """What became of the measures of a file that was there."""
    if draft.merged is None:
        return
    told = [f"{draft.path}: {'changed' if draft.changes else 'nothing changes'}"]
    told += [f"  new: {title}" for title in draft.merged.added]
    told += [f"  title corrected: {old} -> {new}" for old, new in draft.merged.corrected]
    told += [f"  kept, though the source has it not: {one}" for one in draft.merged.kept]
    lost = "taken out" if whole else "kept, though the source has it no more"
    told += [f"  {lost}: {title}" for title in draft.merged.alone]
    for line in told:
        note(visible(line), quiet=out.quiet)


def _preview(draft: intake.Draft) -> str:
    """A file as it would be, or how an update would change it."""
    many = "1 measure" if draft.measures == 1 else f"{draft.measures} measures"
    told, where = f"{many}, payer {draft.payer}\n", draft.path or "to stdout"
    if draft.before is None:
        return f"would write {where}: {told}"
    if not draft.changes:
        return f"would leave {where} as it is: {told}"
    return f"would change {where}, with --update: {told}{_seen(draft.diff)}\n"


def _seen(text: str) -> str:
    return "\n".join(map(visible, text.rstrip("\n").split("\n")))
