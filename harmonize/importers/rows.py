"""Which rows of a table are measures, and what the others are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from harmonize.grids import Cell, Grid, is_blank
from harmonize.headings import Headings, plain
from harmonize.importers.asking import Wanted
from harmonize.importers.cells import is_silent
from harmonize.importers.columns import Head, heads_again
from harmonize.problems import MOST, TOO_MANY, Place, Problem

_TOTAL: Final = re.compile(
    r"(?:(?:grand |sub ?)?totals?(?: (?:number(?: of)?|count|measures|of measures|used|lists))*"
    r"|(?:count|number|sum) of measures|measure count|counts?|sum|average|n)(?: [0-9]+)*"
    r"|(?:a )?total of [0-9]+ measures?|[0-9]+ (?:total )?measures?(?: (?:in )?total)?",
)
_FOOTNOTE: Final = re.compile(
    r"(?:foot)?(?:notes?|sources?|legend|key)\s*:.*|[*\u2020\u2021\u00a7].*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is a measure, and the heading of the section that it stands in."""

    cells: tuple[Cell, ...]
    section: str = ""
    is_domain: bool = False

    def under(self, at: int) -> Cell:
        """The cell of a column; an empty one where the row ends before it."""
        return self.cells[at] if at < len(self.cells) else Cell("", self.cells[-1].place)


@dataclass(slots=True)
class Sorted:
    """The rows of a table, each in one place."""

    above: int  # rows above the headings in which something stands
    lines: list[Line] = field(default_factory=list)
    blank: int = 0
    repeated: int = 0
    totals: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def passes(self, row: tuple[Cell, ...], *, again: bool) -> bool:
        """Counts a row of nothing, or of the headings again."""
        self.blank += is_blank(row)
        self.repeated += again
        return again or is_blank(row)

    def told(self) -> str:
        """What is no measure, by its number: every row is in this or in `lines`."""
        counted = (
            (self.above, "above the headings", ()),
            (self.repeated, "with the headings again", ()),
            (self.blank, "blank", ()),
            (len(self.totals), "of totals", self.totals),
            (len(self.sections), "of sections", self.sections),
            (len(self.footnotes), "of footnotes", self.footnotes),
        )
        parts = [f"{n} {what}{named(names)}" for n, what, names in counted if n]
        return f"besides the headings: {', '.join(parts)}" if parts else ""


def named(names: Sequence[str]) -> str:
    """Names in parentheses, each once, and not more than a handful."""
    shown = [repr(n[:40]) for n in dict.fromkeys(names)]
    more = [f"{len(shown) - 5} more"] if len(shown) > 6 else []
    listed = [*shown[:5], *more] if more else shown
    return f" ({', '.join(listed)})" if listed else ""


def sort_rows(grid: Grid, head: Head, wanted: Wanted) -> Sorted:
    """Each row below the headings told apart; rows without a title are problems.

    A title alone in its row that looks like a heading is one only where another row surely is.
    """
    found = Sorted(above=sum(not is_blank(row) for row in grid.rows[: head.row]))
    title = head.of("title")[0].at
    width = len(head.columns)
    names = [plain(cell.text) for cell in grid.rows[head.row]]
    headings = wanted.headings
    quiet = not _shouting(grid, head, title)
    section, is_domain = "", False
    found.problems += _above(grid, head, wanted)
    below = [(whole, _uncounted(whole, head.counting())) for whole in grid.rows[head.row + 1 :]]
    surely = any(_is_section(row, title, headings) for _, row in below)
    for whole, row in below:
        again = [plain(cell.text) for cell in whole] == names
        if not again and (others := heads_again(whole, wanted)):
            again = {(c.at, c.field) for c in others} <= {(c.at, c.field) for c in head.columns}
            if not again:
                found.problems.append(_other_table(others[0].place, head.columns[0].place))
                break
        if found.passes(row, again=again):
            continue
        filled = [cell for cell in row if cell.text.strip()]
        first = " ".join(filled[0].text.split())
        alone = width > 1 and _is_alone(filled)
        sure = alone and _is_section(row, title, headings)
        shout = quiet and " " in first and (first.isupper() or first.endswith(":"))
        doubtful = alone and shout and not sure
        stated = title < len(row) and not is_silent(row[title])
        if _is_total(filled):
            found.totals.append(first)
        elif alone and _FOOTNOTE.fullmatch(first):
            found.footnotes.append(first)
        elif sure or (doubtful and surely):
            section, is_domain = first, plain(first) in headings.sections
            found.sections.append(first)
            found.warnings += _unsure(filled[0], "the heading of a section") if doubtful else ()
        elif not stated:
            shown = f"{first[:60]!r} stands beside it" if len(filled) > 1 else f"{first[:60]!r}"
            message = f"no title under {grid.rows[head.row][title].text.strip()!r}: {shown}"
            place = row[title].place if title < len(row) else filled[0].place
            found.problems.append(Problem(place, "HZ403", message))
            if len(found.problems) >= MOST:
                found.problems.append(Problem(place, "HZ113", TOO_MANY))
                break
        else:
            found.warnings += _unsure(filled[0], "a measure") if doubtful else ()
            found.lines.append(Line(row, section, is_domain))
    return found


def _uncounted(row: tuple[Cell, ...], counting: frozenset[int]) -> tuple[Cell, ...]:
    """A row without what only counts it."""
    if not counting:
        return row
    return tuple(c._replace(text="") if at in counting else c for at, c in enumerate(row))


def _above(grid: Grid, head: Head, wanted: Wanted) -> Iterable[Problem]:
    """Why a table above the one that was found would be lost."""
    rows = [row for row in grid.rows[: head.row] if not is_blank(row)]
    for row in rows[:-1]:
        if others := heads_again(row, wanted):
            yield _other_table(head.columns[0].place, others[0].place)
            return


def _other_table(place: Place, first: Place) -> Problem:
    message = (
        f"another table begins here, headed otherwise than the one in line {first.line}: "
        "put it in a file or sheet of its own"
    )
    return Problem(place, "HZ413", message)


def _shouting(grid: Grid, head: Head, title: int) -> bool:
    """Whether titles themselves are in capitals, so that capitals say nothing."""
    below = [row[title].text for row in grid.rows[head.row + 1 :] if title < len(row)]
    titles = [text for text in below if text.strip()]
    return sum(text.isupper() for text in titles) * 2 > len(titles)


def _is_total(filled: list[Cell]) -> bool:
    """Whether a row adds up: a word that says so, and nothing beside it but numbers."""
    words = [c for c in filled if not re.fullmatch(r"[-+0-9.,%\s]*", c.text)]
    if len({plain(c.text) for c in words}) != 1:
        return False
    return _TOTAL.fullmatch(re.sub(r" +", " ", plain(words[0].text))) is not None


def _is_alone(filled: list[Cell]) -> bool:
    return len({cell.written for cell in filled}) == 1


def _is_section(row: tuple[Cell, ...], title: int, headings: Headings) -> bool:
    """Whether the one text of a row surely is a heading: a title may stand alone as well.

    It is one outside the column of titles, over several columns, or by the name of a domain.
    """
    filled = [cell for cell in row if cell.text.strip()]
    if not _is_alone(filled) or _is_total(filled) or _FOOTNOTE.fullmatch(filled[0].text.strip()):
        return False
    in_title = title < len(row) and bool(row[title].text.strip())
    name = plain(filled[0].text).removesuffix(" measures")
    return not in_title or len(filled) > 1 or name in headings.sections


def _unsure(cell: Cell, taken: str) -> tuple[Problem]:
    text = " ".join(cell.text.split())
    message = f"{text[:60]!r} stands alone in its row and was taken for {taken}"
    return (Problem(cell.place, "HZ416", message, "warning"),)
