"""`harmonize rules`: the rules of the gate, listed and explained."""

from difflib import get_close_matches

import click

from harmonize.cli.options import emit, width_of
from harmonize.problems import CODES
from harmonize.rules import EVERY


@click.command(epilog="Example: harmonize rules core-adherence")
@click.argument("rule", required=False, metavar="[CODE|NAME]")
@click.option(
    "-f", "--format", "form", type=click.Choice(("table", "json", "markdown")), default="table"
)
def rules(rule: str | None, form: str) -> None:
    """List the rules that harmonize check runs, or explain one by its code or its name.

    The codes of the reader, such as HZ212, are told too; no policy turns them off.
    """
    from harmonize.render import rules as render

    if rule and rule.upper().startswith("HZ"):
        rule = rule.upper()
    if rule in CODES and form == "table":
        emit(f"{rule} {CODES[rule]}: told by the reader, whatever the policy\n", None)
        return
    found = [one for one in EVERY if rule in (None, one.code, one.name)]
    if not found:
        near = get_close_matches(str(rule).lower(), [one.name for one in EVERY], 1)
        hint = f"Did you mean {near[0]!r}?" if near else "harmonize rules lists them."
        raise click.UsageError(f"No rule {rule!r}. {hint}")
    if form == "json":
        emit(render.as_json(found), None)
    elif form == "markdown":
        emit(render.markdown(found), None)
    else:
        width = width_of(None, None)
        emit(render.explained(found[0], width) if rule else render.listed(found, width), None)
