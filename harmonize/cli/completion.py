"""`harmonize completion`: the script by which a shell completes commands and options."""

from typing import Final

import click
from click.shell_completion import get_completion_class

from harmonize.cli.options import emit

SHELLS: Final = ("bash", "zsh", "fish")


@click.command(epilog="Example: harmonize completion bash >> ~/.bashrc")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what a shell has to read to complete what you type."""
    from harmonize.cli import main

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows each of SHELLS
    emit(kind(main, {}, "harmonize", "_HARMONIZE_COMPLETE").source() + "\n", None)
