"""Arguments in, one report out, one exit code."""

import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any, Final

import click

# A command is loaded when it is called, so that `--help` waits for none of them.
COMMANDS: Final = {
    "compare": ("compare", "Specs in, overlap and divergence out."),
    "validate": ("validate", "Read the specs and tell every problem at once."),
    "check": ("check", "The policy gate for CI: what a coalition has decided to check."),
    "rules": ("rules", "List and explain the rules that check runs."),
    "explain": ("explain", "Why two measures were or were not matched."),
    "review": ("review", "Settle the possible matches, and keep the decisions."),
    "catalog": ("catalog", "Look up the standard measures."),
    "diff": ("diff", "What became of each measure between two states of the lists."),
    "portfolio": ("portfolio", "Many programmes, regions and years at once."),
    "history": ("history", "The summary figures of a repository, release by release."),
    "propose": ("propose", "A common core from what the payers already share."),
    "evaluate": ("evaluate", "How the matcher does on a gold crosswalk."),
    "import": ("importing", "Make specs of spreadsheets and downloads."),
    "sheet": ("sheet", "Write a spec as a workbook, to edit and to import again."),
    "schema": ("start", "Print the JSON Schema of a file that harmonize reads."),
    "completion": ("completion", "Print what a shell has to read to complete what you type."),
    "init": ("start", "Write a small folder that gives a first result."),
}


class _Commands(click.Group):
    """Commands by name, loaded on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"harmonize.cli.{COMMANDS[cmd_name][0]}")
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        return getattr(module, name)  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: harmonize compare specs/",
)
@click.version_option(package_name="harmonize", message="%(prog)s %(version)s")
def main() -> None:
    """Align what health-care payers measure.

    One YAML spec per payer goes in; out comes who uses which measure, and where payers that mean
    the same thing ask for it differently.
    """


def run(arguments: list[str] | None = None) -> None:
    """The one boundary: every way to end, as an exit code; a person never sees a traceback."""
    args = sys.argv[1:] if arguments is None else arguments
    try:
        code = main.main(args, prog_name="harmonize", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except Exception as error:  # noqa: BLE001 - the boundary: a bug must not look like a finding
        code = _failed(error, traceback="--traceback" in args)
    sys.exit(code if isinstance(code, int) else 0)


def _failed(error: Exception, *, traceback: bool) -> int:
    from harmonize.problems import SpecError

    if isinstance(error, SpecError):
        from harmonize.render import findings

        click.echo(findings(error.problems, "lines"), err=True, nl=False)
        return 2
    if isinstance(error, OSError):
        told = [str(part) for part in (error.filename, error.strerror) if part]
        click.echo(f"Error: {': '.join(told) or error}", err=True)
        return 2
    if traceback:
        import traceback as tracebacks

        click.echo("".join(tracebacks.format_exception(error)), err=True)
    click.echo(f"A bug in harmonize ({type(error).__name__}); --traceback shows where.", err=True)
    return 3
