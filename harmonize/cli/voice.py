"""Whoever answers, line by line: a person before a terminal, or a program at a pipe."""

import select
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

import click

from harmonize.decisions import MAPPINGS
from harmonize.render.text import visible

UNSEEN: Final = "\0"  # stands for what is no text
_NEAR: Final = 0.75  # how alike a word is to a mapping that it may be a slip for it
LETTERS: Final[Mapping[str, str]] = {
    "y": "accept",
    "n": "reject",
    "u": "unsure",
    "s": "skip",
    "b": "back",
    "c": "clear",
    "?": "help",
    "q": "quit",
}
WORDS: Final = {"yes": "y", "no": "n", "unsure": "u", "skip": "s", "back": "b", "clear": "c",
                "help": "?", "quit": "q"}  # fmt: skip


class Voice:
    """Whoever answers, line by line: a person before a terminal, or another program."""

    def __init__(self) -> None:
        self.terminal = sys.stdin is not None and sys.stdin.isatty()
        self.heard = False
        self.aside = self.terminal and not sys.stdout.isatty()  # speak where the person sees it
        if self.terminal and not self.aside:
            self._editing()

    def _editing(self) -> None:
        """Arrow keys edit the line, where the system can do it."""
        try:
            import readline  # noqa: F401 - `input` uses it once it is there
        except ImportError:
            return

    def silent(self) -> bool:
        """Whether it is sure that nobody will ever answer."""
        if sys.stdin is None:
            return True
        if self.terminal:
            return False
        try:
            ready = select.select([sys.stdin], [], [], 0)[0]
            return bool(ready) and not sys.stdin.buffer.peek(1)  # type: ignore[union-attr]
        except (OSError, ValueError):  # not something that can be waited for
            return False

    def ask(self, prompt: str) -> str | None:
        """A line, its blanks made one; `None` when there are no more."""
        while True:
            line = self._line(visible(prompt))
            if line is None or line.isprintable():
                return line
            self.tell("That line holds characters that nobody can see: write it again.")

    def _line(self, prompt: str) -> str | None:
        if self.terminal:
            try:
                if self.aside:
                    click.echo(prompt, nl=False, err=True)
                line = input("" if self.aside else prompt)
            except EOFError:
                self.show("")
                return None
            except UnicodeDecodeError:
                return UNSEEN
            self.heard = True
            return " ".join(line.split())
        click.echo(prompt, nl=False)
        raw = sys.stdin.buffer.readline()
        line = " ".join(raw.decode("utf-8", errors="replace").replace("\ufffd", UNSEEN).split())
        click.echo(visible(line))  # no terminal has echoed it
        self.heard |= bool(raw)
        return line if raw else None

    def tell(self, text: str) -> None:
        """Something to read, in which nothing hides."""
        self.show("\n".join(map(visible, text.split("\n"))))

    def show(self, drawn: str) -> None:
        """Something that has been drawn."""
        click.echo(drawn, err=self.aside)


class Reply(NamedTuple):
    """A line understood: what to do, and the mapping and reason that came with it."""

    do: str
    mapping: str | None = None
    because: str = ""


def understood(line: str) -> Reply | str:
    """What a line says, or why it cannot be understood."""
    first, _, rest = line.partition(" ")
    named = first.rstrip(":").casefold()
    letter = WORDS.get(named, named)
    if letter not in LETTERS:
        return f"{first!r} is none of {' '.join(LETTERS)}: ? tells more."
    do = LETTERS[letter]
    if do == "accept":
        word = rest.partition(" ")[0]
        mapping = word.rstrip(":,").casefold()
        if mapping in MAPPINGS and not first.endswith(":"):
            if word == rest or word.endswith((":", ",")):
                return Reply(do, mapping, rest[len(word) :].strip())
            return f"Is {mapping!r} a mapping or the reason? Write y {mapping}: WHY, or y: WHY."
        near = get_close_matches(mapping, MAPPINGS, 1, _NEAR)
        alone = word == rest or word.endswith((":", ","))
        if near and alone and not first.endswith(":"):  # a slip would make one of what is kin
            return f"{mapping!r} is no mapping; did you mean y {near[0]}? A reason goes y: WHY."
        return Reply(do, None, rest)
    if rest and do not in ("reject", "unsure"):
        return f"{first!r} stands alone: ? tells more."
    return Reply(do, None, rest)
