"""Families side by side: what each payer writes of each attribute, and which words differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from harmonize.audience import Published
from harmonize.decided import settled
from harmonize.divergence import Divergence
from harmonize.fields import Info, Kind, Role, declared, spoken
from harmonize.measures import Measure
from harmonize.report import Report
from harmonize.rewording import Piece, reworded
from harmonize.rows import Row
from harmonize.standards import Standard
from harmonize.values import stated
from harmonize.views import cell_title

_TITLE: Final = "title"
_WORDY: Final = frozenset([Kind.LINE, Kind.TEXT, Kind.LINES, Kind.RECORDS])
_ALIKE: Final = 3  # texts are told word by word if at least one word in so many is kept
_LONGEST: Final = 600  # words of a text that is told word by word
_ORDER: Final = {"settle": 0, "known": 1, "": 2, "standing": 3}
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one line says of one attribute.

    `kind` is `stated`, `attached` (by us, not by the payer), `standard` (not stated; `source` says
    where the standard does) or `silent`.  `group` is a letter where payers differ: those with one
    letter ask the same.  `pieces` tell the words beside the commonest wording.
    """

    kind: str
    pieces: tuple[Piece, ...] = ()
    group: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        """What is written."""
        return " ".join(p.text for p in self.pieces if p.fate != "out")


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute across all columns.

    `state` says of a difference that it is to `settle`, `known` to change nothing of what is
    asked, or `standing`, each programme's own affair; it is empty where nothing differs.
    """

    attribute: str
    name: str
    state: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One line of one payer's list; `group` says whether the payer counts."""

    payer: str
    head: str
    measure: str
    counted: bool
    place: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One concept: its lines as columns, its attributes as lines, what differs first."""

    concept: str
    label: str
    acronym: str
    used: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A family in which two or more payers meet; `settle` and `known` count its differences."""

    family: str
    label: str
    domain: str
    payers: tuple[str, ...]
    settle: int
    known: int
    sheets: tuple[Sheet, ...]


def side_by_side(published: Published) -> tuple[Side, ...]:
    """Every family that two or more lists hold, in the order of reading."""
    report = published.report
    families: dict[str, list[Row]] = {}
    for row in report.rows:
        families.setdefault(row.family.id, []).append(row)
    heads = {p.payer: p.head for p in report.payers}
    found = []
    for rows in families.values():
        holders = {payer for row in rows for payer in row.held}
        if len(holders) < 2:
            continue
        told = [d for row in rows for d in row.differences if not d.standing]
        found.append(
            Side(
                family=rows[0].family.id,
                label=rows[0].family.label,
                domain=rows[0].concept.domain,
                payers=tuple(head for payer, head in heads.items() if payer in holders),
                settle=sum(d.open for d in told),
                known=sum(not d.open for d in told),
                sheets=tuple(_sheet(report, row) for row in rows),
            )
        )
    return tuple(found)


def _sheet(report: Report, row: Row) -> Sheet:
    items = [m for p in report.payers for m in row.held.get(p.payer, ())]
    payers = {p.payer: p for p in report.payers}
    differences = {d.attribute: d for d in row.differences}
    lines = [_line(report, key, items, differences.get(key)) for key in _keys(report, items)]
    return Sheet(
        concept=row.concept.id,
        label=row.concept.label,
        acronym=row.concept.acronym or "",
        used=f"{row.used_by}/{row.could_use}",
        columns=tuple(
            Column(m.payer, payers[m.payer].head, m.id, payers[m.payer].counted, str(m.place))
            for m in items
        ),
        lines=tuple(sorted(lines, key=lambda n: (n.attribute != _TITLE, _ORDER[n.state]))),
    )


def _keys(report: Report, items: list[Measure]) -> list[str]:
    """Attributes of which a line says something, or its standard; identifiers by system."""
    found = [_TITLE, *(f"ids.{name}" for name in sorted({s for m in items for s in m.ids or {}}))]
    for key, info in declared(Measure).items():
        told = any(getattr(m, info.name) is not None for m in items)
        known = any(s.attribute == key for m in items for s in report.standard.get(m.ref, ()))
        if _shown(key, info) and (told or known):
            found.append(key)
    return found


def _shown(key: str, info: Info) -> bool:
    """What is asked and how it is named; not what is only kept beside it."""
    if key in ("id", _TITLE, "ids"):
        return False
    return not info.hidden and (info.role is not Role.PROVENANCE or key == "modified")


def _line(report: Report, key: str, items: list[Measure], one: Divergence | None) -> Line:
    texts = [_text(m, key) for m in items]
    groups = _groups(one, items) if one else {}
    base = _commonest(texts) if _worded(key) else None
    cells = []
    for item, text in zip(items, texts, strict=True):
        standard = next((s for s in report.standard.get(item.ref, ()) if s.attribute == key), None)
        own = item.states(key.partition(".")[0]) and key not in (item.assigned or ())
        group = groups.get(item.payer, "") if own else ""
        cells.append(_cell(text, base, standard, group, own=own))
    return Line(
        attribute=key,
        name=spoken(key),
        state=_state(one),
        note=_noted(one, key) if one else "",
        cells=tuple(cells),
    )


def _noted(one: Divergence, key: str) -> str:
    """How the values compare, and what has been decided about it."""
    return "; ".join(filter(None, ("" if _worded(key) else one.note, settled(one))))


def _state(one: Divergence | None) -> str:
    if one is None:
        return ""
    return "standing" if one.standing else "settle" if one.open else "known"


def _cell(text: str, base: str | None, standard: Standard | None, group: str, *, own: bool) -> Cell:
    if text:
        return Cell("stated" if own else "attached", _pieces(base or text, text), group)
    if standard:
        text = stated(standard.value)
        return Cell(
            "standard", _pieces(text, text), source=f"{standard.edition}: {standard.source}"
        )
    return Cell("silent")


def _text(item: Measure, key: str) -> str:
    if key == _TITLE:
        return cell_title(item)
    if key.startswith("ids."):
        return "; ".join((item.ids or {}).get(key.removeprefix("ids."), ()))
    value: Any = getattr(item, declared(Measure)[key].name)
    if value is None:
        return ""
    if key == "rates":
        return "; ".join(rate.title for rate in value)
    return stated(value)


def _worded(key: str) -> bool:
    return not key.startswith("ids.") and declared(Measure)[key].kind in _WORDY


def _groups(one: Divergence, items: list[Measure]) -> Mapping[str, str]:
    """A letter for each position, in the order of the columns; by payer."""
    columns = {m.payer: place for place, m in reversed([*enumerate(items)])}
    ordered = sorted(
        one.positions, key=lambda p: min(columns.get(payer, len(columns)) for payer in p.payers)
    )
    found: dict[str, str] = {}
    for place, position in enumerate(ordered):
        letter = _LETTERS[place] if place < len(_LETTERS) else str(place + 1)
        for payer in position.payers:
            found[payer] = f"{found[payer]} {letter}" if payer in found else letter
    return found


def _commonest(texts: Iterable[str]) -> str | None:
    """The wording that most lines have; of equals, the one that is read first."""
    found = [text for text in texts if text]
    return max(found, key=found.count, default=None)


@lru_cache(maxsize=20_000)
def _pieces(base: str, text: str) -> tuple[Piece, ...]:
    """A text beside the commonest wording, or whole where they have too little in common."""
    words = text.split()
    whole = (Piece(tuple(words), "kept"),)
    if base == text or max(len(words), len(base.split())) > _LONGEST:
        return whole
    pieces = reworded(base, text)
    kept = sum(len(p.words) for p in pieces if p.fate == "kept")
    return pieces if kept * _ALIKE >= len(words) else whole
