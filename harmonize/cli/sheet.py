"""`harmonize sheet`: a spec as a workbook, to edit and to import again."""

import os
from pathlib import Path

import click

from harmonize import workspace
from harmonize.cli.options import note
from harmonize.trees import Pairs
from harmonize.writing import write


@click.command(epilog="Example: harmonize sheet specs/lake.yaml -o lake.xlsx")
@click.argument("spec", metavar="SPEC")
@click.option("-o", "--output", required=True, metavar="FILE", help="The workbook, an .xlsx file.")
@click.option("--quiet", is_flag=True, help="No notes on stderr.")
def sheet(spec: str, output: str, quiet: bool) -> None:
    """Write a spec as a workbook: a row for each measure, a column for each field in use.

    Edit it and read it again: harmonize import xlsx FILE -o SPEC --update.  A workbook that is
    there is not overwritten.
    """
    from harmonize.importers.sheets import workbook_of

    if Path(output).suffix.lower() != ".xlsx":
        raise click.UsageError(f"-o {output!r}: a workbook's name ends in .xlsx.")
    if os.path.lexists(output):
        raise click.UsageError(f"{output} is there already, and nothing was written.")
    root = workspace.root_of(spec)
    assert isinstance(root, Pairs)  # noqa: S101 - it has been read as a spec
    write(Path(output), workbook_of(root))
    note(f"wrote {output}", quiet=quiet)
    if root.get("extends") is None:
        note(f"edit it, then: harmonize import xlsx {output} -o {spec} --update", quiet=quiet)
    else:
        told = f"{spec} changes a base, so no import can update it: edit {spec} itself"
        note(told, quiet=quiet)
