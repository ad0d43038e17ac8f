"""`harmonize schema` and `harmonize init`: what helps people start."""

import json
from pathlib import Path
from typing import Final

import click

from harmonize.cli.options import emit, note
from harmonize.render import found
from harmonize.schema import decisions_schema, spec_schema

# A kind of file is a row here, and those that people write one in the pages of render/reference.py.
SCHEMAS: Final = {
    "spec": spec_schema,
    "decisions": decisions_schema,
    "findings": found.schema,
}

_HEADER: Final = "# yaml-language-server: $schema=../spec.schema.json\n"
_FILES: Final = {
    "specs/north-plan.yaml": f"""{_HEADER}# A made-up payer, to start from.
# Only harmonize, payer and titles are needed.
harmonize: 1
payer: north-plan
name: North Plan (made up)
short: North
payer_type: commercial
measurement_year: 2025

measures:
  - id: CBP
    title: Controlling High Blood Pressure
    ids: {{cbe: "0018", hedis: CBP}}
    ages: 18-85
    threshold: "< 140/90 mm Hg"
  - id: A1C9
    title: "Hemoglobin A1c Poor Control (>9%)"
    improvement_notation: decrease
    threshold: "> 9%"
  - id: COL
    title: Colorectal Cancer Screening
    ages: 45-75
  - id: DEP
    title: Screening for Depression and Follow-Up Plan
""",
    "specs/south-plan.yaml": f"""{_HEADER}# A made-up payer that asks for nearly the same.
harmonize: 1
payer: south-plan
name: South Plan (made up)
short: South
payer_type: medicaid
measurement_year: 2025

measures:
  - id: "236"
    title: "Hypertension: Controlling High BP"
    ids: {{mips: "236"}}
    ages: 18-85
    threshold: "< 130/80 mm Hg"
  - id: "001"
    title: "Diabetes: Glycemic Status Assessment Greater Than 9%"
    improvement_notation: decrease
    threshold: "> 9%"
  - id: "113"
    title: Colon Cancer Screening
    ages: 50-75
  - id: "112"
    title: Breast Cancer Screening
    ages: 40-74
""",
}


@click.command(epilog="Example: harmonize schema decisions -f markdown")
@click.argument("kind", type=click.Choice(tuple(SCHEMAS)), default="spec")
@click.option("-f", "--format", "form", type=click.Choice(("json", "markdown")), default="json")
def schema(kind: str, form: str) -> None:
    """Print the JSON Schema of a file that harmonize reads or writes, or a page for people."""
    if form == "markdown" and kind == "findings":
        raise click.UsageError("There is a page for people of spec and of decisions.")
    if form == "markdown":
        from harmonize.render.reference import PAGES

        emit(PAGES[kind](), None)
        return
    emit(json.dumps(SCHEMAS[kind](), indent=2, ensure_ascii=False) + "\n", None)


@click.command(epilog="Example: harmonize init first && harmonize compare first/specs")
@click.argument("folder", default=".", metavar="[FOLDER]")
@click.option("--quiet", is_flag=True, help="No notes on stderr.")
def init(folder: str, quiet: bool) -> None:
    """Write two small made-up specs and their schema; nothing that is there is overwritten."""
    from harmonize.writing import start

    text = json.dumps(spec_schema(), indent=2, ensure_ascii=False) + "\n"
    try:
        written = start(Path(folder), {**_FILES, "spec.schema.json": text})
    except FileExistsError as error:
        raise click.ClickException(f"{error} is there already: nothing was written.") from None
    for path in written:
        note(f"wrote {path}", quiet=quiet)
    note(f"now: harmonize compare {Path(folder) / 'specs'}", quiet=quiet)
