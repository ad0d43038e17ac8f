"""A question of a review, drawn for a terminal: both sides, what speaks for it, what came close."""

from collections.abc import Iterable
from typing import Any, Final

from harmonize.explanation import Rival
from harmonize.fields import spoken
from harmonize.measures import Measure
from harmonize.render.console import _draw, _text
from harmonize.review import DIFFER, Line, Question
from harmonize.views import cell_title

LONG: Final = 200  # characters of a text that a question shows
_NAME: Final = 14  # columns of an attribute's name, where the terminal is narrow
_RULE: Final = 80  # columns of the line above a question
_WIDE: Final = 120  # columns from which a name is not broken
_FATE: Final = {"match": ", one with it already", "possible": ", may be one with it too"}


def question(asked: Question, width: int | None, *, color: bool) -> str:
    """Both measures side by side and what helps to tell whether they are one."""
    parts: list[Any] = [
        "",
        _text("-" * min(width or _RULE, _RULE), "dim"),
        _table(asked, width),
        "",
    ]
    if asked.confidence is not None:
        sure = _text(f"{asked.confidence:.0%} sure that they are one: ", "bold")
        sure.append(_text(_short(asked.reason, 2 * LONG)))
        parts.append(sure)
        parts += _told("For it:", asked.speaks_for)
        parts += _told("Against it (here is a, there is b):", asked.speaks_against)
    parts += [_rival(one, asked) for one in asked.rivals]
    if not asked.rivals:
        parts.append("No other measure of either list comes near.")
    for line in asked.lines:
        if line.note:
            parts.append(_text(f"{spoken(line.attribute)}: {_short(line.note)}"))
    if asked.before:
        parts.append(_text(f"Judged before: {asked.before.reason}", "bold"))
    return _draw(parts, width, color=color)


def _table(asked: Question, width: int | None) -> Any:
    from rich.table import Table

    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    broken = width is not None and width < _WIDE
    grid.add_column("", style="dim", max_width=_NAME if broken else None, overflow="fold")
    for side, head in zip("ab", asked.heads, strict=True):
        grid.add_column(_text(f"{side}  {head}"), ratio=1 if width else None, overflow="fold")
    grid.add_column("", no_wrap=True)
    both = (asked.left, asked.right)
    grid.add_row("title", *(_text(cell_title(m), "bold") for m in both), "")
    grid.add_row("measure", *(_text(m.ref) for m in both), "")
    if any(asked.beside):
        grid.add_row("one with", *(_text(_listed(own)) for own in asked.beside), "")
    for line in asked.lines:
        grid.add_row(*_cells(line))
    return grid


def _cells(line: Line) -> Iterable[Any]:
    differs = line.means == DIFFER
    sides = (_text(_short(said)) if said else _text("-", "dim") for said in (line.left, line.right))
    return (_text(spoken(line.attribute)), *sides, _text(line.means, "red" if differs else "dim"))


def _listed(items: tuple[Measure, ...]) -> str:
    more = len(items) - 3
    shown = ", ".join(m.ref for m in items[:3])
    return f"{shown} and {more} more" if more > 0 else shown or "-"


def _told(head: str, lines: tuple[str, ...]) -> list[Any]:
    from rich.padding import Padding

    shown = [Padding(_text(_short(line)), (0, 0, 0, 2)) for line in lines]
    return [_text(head), *shown] if lines else []


def _rival(one: Rival, asked: Question) -> Any:
    """The measure that fits one side best beside the other."""
    sure = f" {one.confidence:.0%}" if asked.confidence is not None else ""
    told = f"{one.item.ref}  {_short(cell_title(one.item))}{_FATE.get(one.verdict, '')}"
    return _text(f"Runner-up for {one.of}:{sure} {told}")


def _short(text: str, most: int = LONG) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
