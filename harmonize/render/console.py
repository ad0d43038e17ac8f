"""Pages and tables for a terminal, laid out by rich; text of a spec is text, never markup."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from harmonize.agenda import Item
from harmonize.audience import Explained, Published
from harmonize.books import letters
from harmonize.committee import SHORT_STD, STD, Head, Line
from harmonize.concepts import Step
from harmonize.explanation import Explanation, Rival
from harmonize.explanation import Row as SlotRow
from harmonize.lookup import Card
from harmonize.page import Page
from harmonize.page import page as make_page
from harmonize.practice import Sheet
from harmonize.register import Register
from harmonize.render.practice import Rank
from harmonize.render.practice import lines as practice_lines
from harmonize.render.text import visible
from harmonize.tracing import Use
from harmonize.views import Table, cell_title
from harmonize.views import view as make_view

if TYPE_CHECKING:
    from rich.text import Text

UNBOUNDED: Final = 10_000  # columns of a page that nobody wraps
# Ways to fit a page, widest first: blanks between columns, most for a cell, fewest for a name,
# and whether marks are short.
FITS: Final = (
    (2, UNBOUNDED, UNBOUNDED, False),
    (2, 16, 40, False),
    (2, 9, 24, True),
    (1, 6, 20, True),
    (1, 4, 20, True),
)
_WORD: Final = 12  # columns of a word that a table of a view does not break
HEAD: Final = 6  # columns of a payer's name that are not broken for want of room
# Of each rank of a practice's lines: indent, mark, style.
_RANKS: Final = {
    Rank.TITLE: (0, "", "bold"),
    Rank.SECTION: (0, "", "bold underline"),
    Rank.GROUP: (0, "", "bold"),
    Rank.NOTE: (2, "", ""),
    Rank.TASK: (2, "[ ] ", ""),
    Rank.FACT: (6, "", ""),
    Rank.DIFFERS: (6, "", "red"),
}
_STYLES: Final = {"D": "bold red", "L": "bold yellow", "N": "dim", "o": "green", "Q": "cyan"}


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


def _grid(blanks: int = 2) -> Any:
    from rich.table import Table

    return Table(
        box=None, padding=(0, blanks, 0, 0), pad_edge=False, show_edge=False, header_style="bold"
    )


def view(published: Published, name: str, layout: str, kind: str, width: int | None) -> str:
    """One view as a table."""
    return flat(make_view(published, name, layout, kind), width)


def flat(table: Table, width: int | None) -> str:
    """A flat table; on a screen too narrow for its columns, a block for each row."""
    rows = [
        tuple("" if c is None else f"{c:g}" if isinstance(c, float) else str(c) for c in row)
        for row in table.rows
    ]
    if width is not None and _least(table.columns, rows) > width:
        return _draw(_records(table.columns, rows), width, color=False)
    grid = _grid()
    for column in table.columns:
        grid.add_column(_text(column), no_wrap=width is None, overflow="fold")
    for row in rows:
        grid.add_row(*map(_text, row))
    return _draw([grid], width, color=False)


def _least(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> int:
    """The width below which a grid breaks words that people read whole."""
    words = (
        [word for cell in cells for word in cell.split()]
        for cells in zip(columns, *rows, strict=True)
    )
    longest = (max(map(_longest, own), default=0) for own in words)
    return sum(min(most, _WORD) + 2 for most in longest) - 2


def _records(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[Any]:
    """A block a row, a line a column, for a screen too narrow for all columns; blanks left out."""
    name = max(map(len, columns))
    for i, row in enumerate(rows):
        if i:
            yield ""
        grid = _grid()
        grid.show_header = False
        grid.add_column(no_wrap=True, min_width=name)
        grid.add_column(overflow="fold")
        for column, cell in zip(columns, row, strict=True):
            if cell:
                grid.add_row(_text(column), _text(cell))
        yield grid


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


def register(found: Register, width: int | None, *, color: bool) -> str:
    """Where decisions stand."""
    parts: list[Any] = [_text(found.title, "bold")]
    for title, items in found.sections:
        if items:
            parts += ["", _text(title, "bold"), *(_item(item) for item in items)]
    return _draw(parts, width, color=color)


def sheet(found: Sheet, width: int | None, *, color: bool) -> str:
    """The sheet for a practice, a line for each thing to know."""
    from rich.padding import Padding

    parts: list[Any] = []
    for rank, line in practice_lines(found):
        indent, mark, style = _RANKS[rank]
        parts += [""] if rank in (Rank.SECTION, Rank.GROUP) else []
        parts.append(Padding(_text(f"{mark}{line}", style), (0, 0, 0, indent)))
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
    """The table as wide as the page allows; a letter for each payer where nothing else fits."""
    shorter = _shorter(found)
    for blanks, cell, name, short in FITS:
        cells = [line.cells for line in _lines(shorter if short else found)]
        widths = _widths(found.heads, cells, cell)
        needed, label = _needed(found, widths, blanks)
        least = min(name, label)
        if width is None or needed + least <= width:
            room = label if width is None else min(label, width - needed)
            heads = [_text(_head(h)) for h in found.heads]
            columns = _columns(found.heads, heads, widths)
            rows = [[_text(c) for c in own] for own in cells]
            return [*_blocks(found, columns, rows, blanks, room), *_key(found, [])]
    names = [letters(i) for i in range(len(found.heads))]
    marks = _barred(found.heads, [_text(name) for name in names], "|")
    across = len(_joined(marks))
    needed, _ = _needed(found, [], 2)
    room = max(20, (width or UNBOUNDED) - needed - across - 2)
    columns = [(_joined(marks), across)]
    rows = [
        [_joined(_barred(found.heads, [_text(p) for p in line.plain], "|"))]
        for line in _lines(found)
    ]
    return [*_blocks(found, columns, rows, 2, room, barred=True), *_key(found, names)]


def _columns(heads: tuple[Head, ...], texts: list[Any], widths: list[int]) -> list[tuple[Any, int]]:
    """Heads with their widths, and a bar between payers that count and those only shown."""
    pairs = list(zip(texts, widths, strict=True))
    return _barred(heads, pairs, ("|", 1))


def _blocks(
    found: Page,
    columns: list[tuple[Any, int]],
    rows: list[list[Any]],
    blanks: int,
    label: int,
    *,
    barred: bool = False,
) -> list[Any]:
    """The head, and for each domain its name and a table of the same columns."""
    lines = _lines(found)
    acronym = max(_longest(line.acronym) for line in lines)
    used = max(4, *(len(line.used) for line in lines))
    mark = max(1, *(len(line.mark) for line in lines))
    decided = _deciding(found)
    ends = (acronym, label, used, mark, decided)
    top = _ruled(ends, [w for _, w in columns], blanks)
    last = ("", "Decided") if decided else ("",)
    top.add_row("", _text(found.subject, "bold"), *(head for head, _ in columns), "Used", *last)
    parts: list[Any] = [top]
    place = 0
    for domain, block in found.blocks:
        grid = _ruled(ends, [w for _, w in columns], blanks)
        for line in block:
            cells = rows[place] if barred else _barred(found.heads, rows[place], "|")
            place += 1
            grid.add_row(
                _text(line.acronym),
                _text(line.label),
                *cells,
                _text(line.used),
                _text(line.mark, _STYLES.get(line.mark[:1], "")),
                *([_text(line.decided)] if decided else []),
            )
        parts += [_text(domain, "bold"), grid]
    return parts


def _deciding(found: Page) -> int:
    """Columns for what becomes of a row, wrapped between words; 0 where nothing is decided."""
    if not found.decides:
        return 0
    words = [word for line in _lines(found) for word in line.decided.split()]
    return max(map(_longest, ("Decided", *words)))


def _ruled(ends: tuple[int, int, int, int, int], widths: list[int], blanks: int) -> Any:
    """A grid of given widths: acronym, name, cells, used by, mark, and what is decided, if any."""
    from rich.table import Table

    grid = Table(box=None, padding=(0, blanks, 0, 0), pad_edge=False, show_header=False)
    acronym, label, used, mark, decided = ends
    for width in (acronym, label, *widths):
        grid.add_column(width=width, overflow="fold")
    grid.add_column(width=used, justify="right")
    grid.add_column(width=mark)
    if decided:
        grid.add_column(width=decided)
    return grid


def _lines(found: Page) -> list[Line]:
    return [line for _, block in found.blocks for line in block]


def _shorter(found: Page) -> Page:
    """The page with short marks in its cells."""
    return replace(
        found,
        blocks=tuple(
            (
                domain,
                tuple(
                    replace(one, cells=tuple(c.replace(f" {STD}", SHORT_STD) for c in one.cells))
                    for one in lines
                ),
            )
            for domain, lines in found.blocks
        ),
    )


def _widths(heads: tuple[Head, ...], cells: list[tuple[str, ...]], most: int) -> list[int]:
    """Columns of each payer; a cell may wrap between words, never inside a number."""
    found = []
    for i, head in enumerate(heads):
        texts = [own[i] for own in cells]
        wanted = max(_longest(text) for text in (_head(head), *texts))
        word = max((_longest(word) for text in texts for word in text.split()), default=0)
        found.append(max(min(most, wanted), word, min(HEAD, _longest(_head(head)))))
    return found


def _head(head: Head) -> str:
    return f"{head.text}{'~' if head.partial else ''}"


def _longest(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(visible(text))


def _needed(found: Page, cells: list[int], blanks: int) -> tuple[int, int]:
    """Columns that a table takes beside the names of the measures, and those of the names."""
    lines = _lines(found)
    acronym = max(_longest(line.acronym) for line in lines)
    used = max(4, *(len(line.used) for line in lines))
    mark = max(1, *(len(line.mark) for line in lines))
    bars = len({h.group for h in found.heads}) - 1 if cells else 0
    decided = _deciding(found)
    columns = len(cells) + bars + 4 + bool(decided)
    needed = acronym + used + mark + decided + sum(cells) + bars + blanks * (columns - 1)
    return needed, max(_longest(line.label) for line in lines)


def _barred(heads: tuple[Head, ...], cells: list[Any], bar: Any) -> list[Any]:
    """Cells with a bar between payers that count and those that are only shown."""
    out: list[Any] = []
    last = None
    for head, cell in zip(heads, cells, strict=True):
        if last is not None and head.group != last:
            out.append(bar)
        last = head.group
        out.append(cell)
    return out


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
    """Verdict and why, what both say, weights that add up, what came of it, knowledge used."""
    told = found.explanation
    parts: list[Any] = [
        _text(f"a  {told.left.ref}  {cell_title(told.left)}"),
        _text(f"b  {told.right.ref}  {cell_title(told.right)}"),
        "",
        _text(f"{told.verdict}, {told.confidence:.4f}: {told.reason}", "bold"),
        "",
        _lines_of(("", "a", "b", "means"), told.rows, _slot_row),
        "",
        _weights(told),
        "",
        _lines_of(("confidence", "step", "why"), told.steps, _step),
        "",
        _text("In the crosswalk", "bold"),
    ]
    parts += [_hanging(line, "  ") for line in told.fate]
    if told.shown_rivals:
        heads = ("runner-up for", "confidence", "measure", "verdict")
        parts += ["", _lines_of(heads, told.shown_rivals, _rival)]
    if told.shown_uses:
        heads = ("used on", "rule", "reads", "source")
        parts += ["", _lines_of(heads, told.shown_uses, _use)]
    return _draw(parts, width, color=color)


def _lines_of(heads: tuple[str, ...], rows: Iterable[Any], cells: Callable[[Any], Any]) -> Any:
    """A table of rows, each as its cells."""
    grid = _grid()
    for head in heads:
        grid.add_column(head, overflow="fold")
    for row in rows:
        grid.add_row(*map(_text, cells(row)))
    return grid


def _slot_row(row: SlotRow) -> tuple[str, ...]:
    return row.name, row.left, row.right, row.means


def _step(one: Step) -> tuple[str, ...]:
    return f"{one.confidence:.4f}", one.name, one.detail


def _rival(one: Rival) -> tuple[str, ...]:
    told = f"{one.item.ref}  {cell_title(one.item)}"
    return one.of, f"{one.confidence:.4f}", told, str(one.verdict)


def _use(pair: tuple[str, Use]) -> tuple[str, ...]:
    side, use = pair
    read = f"{use.read} -> {use.as_}" if use.as_ else f"{use.read}: dropped"
    read += f" ({use.because})" if use.because else ""
    own = f"your own: {use.source.place}: " if use.source.place else ""
    return side, use.rule, read, f"{own}{use.source.text}"


def _weights(told: Explanation) -> Any:
    """Signed weights and their sum."""
    grid = _grid()
    for head, side in (("evidence", "left"), ("log-odds", "right"), ("what was heard", "left")):
        grid.add_column(head, justify=side, overflow="fold")
    for one in told.evidence:
        grid.add_row(_text(one.name), f"{one.weight:+.4f}", _text(one.detail))
    for veto in told.vetoes:
        detail = _text(f"{veto.left} / {veto.right}", "bold red")
        grid.add_row(_text(f"VETO {veto.name}", "bold red"), f"{told.veto:+.4f}", detail)
    grid.add_row("sum", f"{told.log_odds:+.4f}", "")
    return grid


# --- the catalogue --------------------------------------------------------------------------------


def catalogue(found: tuple[Card, ...], width: int | None, *, color: bool) -> str:
    """One card whole; of several a line each."""
    parts = _card(found[0]) if len(found) == 1 else _listed(found, width)
    return _draw(parts, width, color=color)


def _listed(found: tuple[Card, ...], width: int | None) -> list[Any]:
    """A line each below the name of its domain, cut where a terminal is too narrow."""
    from rich.table import Table

    code, name, numbers = (
        max(map(_longest, texts))
        for texts in zip(*((one.acronym, one.name, one.numbers) for one in found), strict=True)
    )
    if width and code + name + numbers + 4 > width:
        numbers = min(numbers, (width - code - 4) * 2 // 5)
        name = width - code - numbers - 4
    parts: list[Any] = []
    for domain in dict.fromkeys(one.domain for one in found):
        rows = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
        for columns in (code, name, numbers):
            rows.add_column(width=columns, no_wrap=True, overflow="ellipsis")
        for one in found:
            if one.domain == domain:
                rows.add_row(*map(_text, (one.acronym, one.name, one.numbers)))
        parts += [_text(domain.upper(), "bold"), rows]
    return parts


def _card(one: Card) -> list[Any]:
    head = f"{one.acronym}, {one.name}" if one.acronym else one.name
    about = _grid()
    about.show_header = False
    about.add_column(no_wrap=True, style="dim")
    about.add_column(overflow="fold")
    rows = [
        ("key", one.key),
        ("part of", one.whole),
        ("numbers", one.numbers),
        ("steward", one.steward),
        ("domain", one.domain),
        ("type", one.measure_type),
        ("also called", "; ".join(one.also)),
        ("parts", "; ".join(name for _, name in one.parts)),
        ("look-alikes", "; ".join(f"{name} ({key})" for key, name in one.alike)),
        ("read in", one.source),
    ]
    for name, text in rows:
        if text:
            about.add_row(name, _text(text))
    parts: list[Any] = [_text(head, "bold"), about]
    if one.facts:
        facts = _grid()
        for column in ("Edition", "Years", "What it says", "Read in"):
            facts.add_column(column, overflow="fold")
        for fact in one.facts:
            facts.add_row(*map(_text, (fact.edition, fact.years, fact.told, fact.source)))
        parts += ["", facts]
    if one.history:
        parts += ["", _text("History", "bold"), *map(_text, one.history)]
    return parts
