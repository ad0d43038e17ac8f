"""Where the parts of the picture of overlaps stand, and how dark a cell of the heat map is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harmonize.overlaps import Shared

STEP: Final = 22  # from column to column, and from row to row
BARS: Final = 96  # height of the highest bar
WIDE: Final = 120  # length of the longest list's bar
LETTER: Final = 7.2  # width of a letter of a head
LONGEST: Final = 24  # letters of a head that fit
SHADES: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A set of payers: its bar, and from which row to which its line runs."""

    x: int
    height: float
    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class List:
    """A payer: its row, and the bars of all its measures and of those that only it asks for."""

    y: int
    head: str
    size: int
    alone: int
    length: float
    own: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Sets as columns, payers as rows; `dots` and `holes` are paths of dots, one to a move."""

    width: int
    height: int
    top: int
    left: int
    base: int
    bars: tuple[Bar, ...]
    lists: tuple[List, ...]
    dots: str
    holes: str


def picture(
    drawn: Iterable[Shared], everything: Iterable[Shared], heads: dict[str, str]
) -> Picture:
    """The picture of some sets of payers among all; `heads` are the column heads by payer."""
    shown, found = list(drawn), list(everything)
    sizes = {p: sum(len(s.measures) for s in found if p in s.payers) for p in heads}
    alone = {p: sum(len(s.measures) for s in found if s.payers == (p,)) for p in heads}
    ordered = sorted(heads, key=lambda p: (-sizes[p], p))
    base = round(min(max(map(len, heads.values()), default=0), LONGEST) * LETTER) + 12
    left, top = base + WIDE + 78, BARS + 24
    rows = {payer: top + STEP // 2 + place * STEP for place, payer in enumerate(ordered)}
    columns = [left + STEP // 2 + place * STEP for place in range(len(shown))]
    most = max((len(s.measures) for s in shown), default=1)
    longest = max(sizes.values(), default=0) or 1
    filled = [[rows[p] for p in ordered if p in s.payers] for s in shown]
    return Picture(
        width=left + len(shown) * STEP + 8,
        height=top + len(ordered) * STEP + 4,
        top=top,
        left=left,
        base=base,
        bars=tuple(
            Bar(x, round(BARS * len(s.measures) / most, 1), len(s.measures), ys[0], ys[-1])
            for x, s, ys in zip(columns, shown, filled, strict=True)
        ),
        lists=tuple(
            List(
                rows[p],
                _fitting(heads[p]),
                sizes[p],
                alone[p],
                round(WIDE * sizes[p] / longest, 1),
                round(WIDE * alone[p] / longest, 1),
            )
            for p in ordered
        ),
        dots="".join(f"M{x} {y}h0" for x, ys in zip(columns, filled, strict=True) for y in ys),
        holes="".join(
            f"M{x} {y}h0"
            for x, ys in zip(columns, filled, strict=True)
            for y in rows.values()
            if y not in ys
        ),
    )


def _fitting(head: str) -> str:
    return head if len(head) <= LONGEST else f"{head[: LONGEST - 3]}..."


def shade(part: int, base: int) -> int:
    """How dark a share is: none only where there is nothing, the darkest only for all."""
    return -(-part * SHADES // base) if base else 0
