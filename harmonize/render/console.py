"""Pages and tables for a terminal, laid out by rich; text of a spec is text, never markup."""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from harmonize.audience import Explained, Published
from harmonize.page import Head, Item, Line, Page
from harmonize.page import page as make_page
from harmonize.render.text import visible
from harmonize.views import cell_title
from harmonize.views import view as make_view

if TYPE_CHECKING:
    from rich.text import Text

UNBOUNDED: Final = 10_000  # columns of a page that nobody wraps
LABEL: Final = 24  # fewest columns for the name of a measure
CELL: Final = 9  # columns of a cell that has to wrap
_STYLES: Final = {"D": "bold red", "N": "dim", "o": "green", "Q": "cyan"}


def _text(value: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(visible(value), style=style)


def _draw(parts: Iterable[Any], width: int | None, *, color: bool) -> str:
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=width or UNBOUNDED,
        color_system="standard" if color else None,
        force_terminal=color,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        soft_wrap=False,
    )
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _grid() -> Any:
    from rich.table import Table

    return Table(
        box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="bold"
    )


def view(published: Published, name: str, layout: str, kind: str, width: int | None) -> str:
    """One view as a table."""
    table = make_view(published, name, layout, kind)
    grid = _grid()
    for column in table.columns:
        grid.add_column(_text(column), no_wrap=width is None, overflow="fold")
    for row in table.rows:
        grid.add_row(
            *(_text("" if c is None else f"{c:g}" if isinstance(c, float) else str(c)) for c in row)
        )
    return _draw([grid], width, color=False)


# --- the page -----------------------------------------------------------------------------------


def page(published: Published, kind: str, width: int | None, *, color: bool) -> str:
    """First figures, the table, what to settle, what to ask."""
    found = make_page(published, kind)
    parts: list[Any] = [_text(found.title, "bold")]
    parts += [_hanging(line, "  ") for line in found.figures]
    if found.blocks:
        parts += ["", *_table(found, width)]
    for title, items in found.sections:
        if items:
            parts += ["", _text(title, "bold"), *(_item(item) for item in items)]
    if found.endings:
        parts += ["", *(_hanging(line, "") for line in found.endings)]
    return _draw(parts, width, color=color)


def _hanging(line: str, indent: str) -> Any:
    """A line that, when it wraps, goes on further in."""
    from rich.padding import Padding

    return Padding(_text(line), (0, 0, 0, len(indent)))


def _item(item: Item) -> Any:
    from rich.console import Group
    from rich.padding import Padding

    lead = f"{item.mark:<4}" if item.mark else ""
    style = _STYLES.get(item.mark[:1], "") if item.mark else ""
    head = _text(lead, style)
    head.append(visible(item.heading), style="bold" if item.mark else "")
    lines = [Padding(_text(line), (0, 0, 0, 4)) for line in item.lines]
    return Group(head, *lines)


def _table(found: Page, width: int | None) -> list[Any]:
    lines = [line for _, block in found.blocks for line in block]
    full = _width(
        found, lines, [max(_longest(c) for c in column) for column in _columns(found, lines)]
    )
    if width is None or full <= width:
        grid = _full(found, None)
        return [grid, *_key(found, [])]
    wrapped = [
        min(max(len(h.text) + h.partial, CELL), max(_longest(c) for c in column))
        for h, column in zip(found.heads, _columns(found, lines), strict=True)
    ]
    if _width(found, lines, wrapped, label=LABEL) <= width:
        grid = _full(found, wrapped)
        return [grid, *_key(found, [])]
    return [_marks(found), *_key(found, [_letter(i) for i in range(len(found.heads))])]


def _columns(found: Page, lines: list[Line]) -> list[list[str]]:
    return [
        [f"{h.text}{'~' if h.partial else ''}", *(line.cells[i] for line in lines)]
        for i, h in enumerate(found.heads)
    ]


def _longest(text: str) -> int:
    return len(visible(text))


def _width(found: Page, lines: list[Line], cells: list[int], label: int | None = None) -> int:
    """Columns that a table takes, two between each."""
    acronym = max(len(line.acronym) for line in lines)
    longest = label or max(_longest(line.label) for line in lines)
    used = max(4, *(len(line.used) for line in lines))
    bars = 2 * len({h.group for h in found.heads})
    return acronym + longest + used + 4 + sum(cells) + 2 * (len(cells) + 4) + bars


def _full(found: Page, widths: list[int] | None) -> Any:
    grid = _grid()
    grid.add_column("", no_wrap=True)
    grid.add_column("Measure", ratio=None, no_wrap=widths is None, overflow="fold")
    last = None
    for i, head in enumerate(found.heads):
        if last is not None and head.group != last:
            grid.add_column("|", no_wrap=True)
        last = head.group
        grid.add_column(
            _text(f"{head.text}{'~' if head.partial else ''}"),
            no_wrap=widths is None,
            width=widths[i] if widths else None,
            overflow="fold",
        )
    grid.add_column("Used", justify="right", no_wrap=True)
    grid.add_column("", no_wrap=True)
    for domain, lines in found.blocks:
        grid.add_row("", _text(domain, "bold"))
        for line in lines:
            grid.add_row(
                _text(line.acronym),
                _text(line.label),
                *_barred(found.heads, [_text(c) for c in line.cells]),
                _text(line.used),
                _text(line.mark, _STYLES.get(line.mark[:1], "")),
            )
    return grid


def _barred(heads: tuple[Head, ...], cells: list[Any]) -> list[Any]:
    """Cells with a bar between payers that count and those that are only shown."""
    out: list[Any] = []
    last = None
    for head, cell in zip(heads, cells, strict=True):
        if last is not None and head.group != last:
            out.append("|")
        last = head.group
        out.append(cell)
    return out


def _letter(place: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return (
        letters[place]
        if place < len(letters)
        else f"{letters[place // 26 - 1]}{letters[place % 26]}"
    )


def _marks(found: Page) -> Any:
    """The table for narrow pages: a letter for each payer, and whether it asks."""
    grid = _grid()
    grid.add_column("", no_wrap=True)
    grid.add_column("Measure", overflow="fold")
    row = [_text(_letter(i)) for i in range(len(found.heads))]
    grid.add_column(_joined(_barred(found.heads, row)), no_wrap=True)
    grid.add_column("Used", justify="right", no_wrap=True)
    grid.add_column("", no_wrap=True)
    for domain, lines in found.blocks:
        grid.add_row("", _text(domain, "bold"))
        for line in lines:
            plain = [_text(p) for p in line.plain]
            grid.add_row(
                _text(line.acronym),
                _text(line.label),
                _joined(_barred(found.heads, plain)),
                _text(line.used),
                _text(line.mark, _STYLES.get(line.mark[:1], "")),
            )
    return grid


def _joined(parts: list[Any]) -> "Text":
    from rich.text import Text

    joined = Text()
    for i, part in enumerate(parts):
        joined.append(" " if i else "")
        joined.append(part if isinstance(part, str) else part.plain)
    return joined


def _key(found: Page, letters: list[str]) -> list[Any]:
    notes = [_hanging(note, " ") for note in found.notes]
    if letters:
        names = "   ".join(
            f"{letter} {h.text}{'~' if h.partial else ''}"
            for letter, h in zip(letters, found.heads, strict=True)
        )
        notes.insert(0, _hanging(f"+ in the list   {names}", " "))
    return notes


# --- why ----------------------------------------------------------------------------------------


def explained(found: Explained, width: int | None, *, color: bool) -> str:
    """Slots of both sides in columns, evidence as signed weights, vetoes, runner-up, verdict."""
    verdict = f"{found.verdict} ({found.confidence:.4f}): {found.reason}"
    parts: list[Any] = [
        _text(f"a  {found.left.ref}  {cell_title(found.left)}"),
        _text(f"b  {found.right.ref}  {cell_title(found.right)}"),
        _text(verdict, "bold"),
        "",
    ]
    slots = _grid()
    for column in ("names", "a", "b"):
        slots.add_column(column, overflow="fold")
    for name, a, b in found.slots:
        slots.add_row(_text(name), _text(a), _text(b))
    evidence = _grid()
    for column, side in (("evidence", "left"), ("log-odds", "right"), ("what was heard", "left")):
        evidence.add_column(column, justify=side, overflow="fold")
    for one in found.evidence:
        evidence.add_row(_text(one.name), f"{one.weight:+.2f}", _text(one.detail))
    total = sum(e.weight for e in found.evidence)
    evidence.add_row("sum", f"{total:+.2f}", "before vetoes" if found.vetoes else "")
    parts += [slots, "", evidence]
    for veto in found.vetoes:
        parts.append(_text(f"VETO {veto}", "bold red"))
    if found.rivals:
        parts += ["", _text("Others in the list of b:")]
        parts += [_text(f"  {confidence:.4f}  {ref}") for ref, confidence in found.rivals]
    return _draw(parts, width, color=color)
