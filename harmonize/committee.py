"""The committee's table: a head for each list, and for each concept what every list asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from harmonize.decided import disposition
from harmonize.divergence import Divergence
from harmonize.measures import Measure
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.standards import Standard, called
from harmonize.views import cell, cell_ask

ALL_ROWS: Final = 45  # up to so many rows the table shows what stands in one list only

IN, OUT, OUTSIDE = "+", ".", "x"
STD: Final = "[std]"
SHORT_STD: Final = "^"  # the same in a narrow column
ELSEWHERE: Final = "*"  # cites another specification than others
JUDGED: Final = "="  # stands in its row by a decision


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the table: a payer; `group` says whether it counts."""

    payer: str
    text: str
    name: str
    group: str
    partial: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a concept, what each payer asks, and where its differences stand.

    `plain` holds for each payer only whether it is in the list, for pages with no room for more;
    `concept`, `cited` (identifiers) and `differs` (attributes) are for pages with room for more.
    `decided` is what becomes of the concept in the set, if that has been decided.
    """

    concept: str
    domain: str
    acronym: str
    label: str
    cells: tuple[str, ...]
    plain: tuple[str, ...]
    used: str
    mark: str
    cited: str = ""
    differs: str = ""
    decided: str = ""


def heads_of(report: Report) -> tuple[Head, ...]:
    groups = {"contract": "contracts", "internal": "internal", "reference": "reference"}
    ordered = sorted(report.payers, key=lambda p: (list(groups).index(p.stands_as), p.payer))
    return tuple(
        Head(
            payer=p.payer,
            text=p.head,
            name=p.name or p.payer,
            group=groups[p.stands_as],
            partial=p.is_partial,
        )
        for p in ordered
    )


def chosen(report: Report) -> tuple[list[Row], list[Row]]:
    """Rows of the table, and those that stand in one list only and are told below it."""
    printed = [r for r in report.rows if r.used_by and any(own_line(m) for m in r.concept.members)]
    if len(printed) <= ALL_ROWS:
        return printed, []
    shared = [r for r in printed if r.used_by >= 2]
    families = {r.family.id for r in shared}
    shown = [r for r in printed if r.used_by >= 2 or (r.family.id in families)]
    chosen = {r.concept.id for r in shown}
    return shown, [r for r in printed if r.concept.id not in chosen]


def own_line(item: Measure) -> bool:
    return item.rate_of is None and item.part != "component"


Blocks = tuple[tuple[str, tuple[Line, ...]], ...]


def blocks_of(
    rows: list[Row], heads: tuple[Head, ...], marks: dict[str, str], told: Callable[[Row, str], str]
) -> Blocks:
    blocks: dict[str, list[Line]] = {}
    first: dict[str, str] = {}
    above = ""
    for row in rows:
        domain = first.setdefault(row.family.id, row.concept.domain)
        line = line_of(row, heads, marks, told)
        if above and row.concept.label.startswith(f"{above}:"):
            part = row.concept.label.removeprefix(f"{above}:").strip()
            line = replace(line, label=f"  - {part}")
        else:
            above = row.concept.label
        blocks.setdefault(domain, []).append(line)
    return tuple((domain.upper(), tuple(lines)) for domain, lines in blocks.items())


def line_of(
    row: Row, heads: tuple[Head, ...], marks: dict[str, str], told: Callable[[Row, str], str]
) -> Line:
    shared = len(row.held) >= 2
    return Line(
        concept=row.concept.id,
        domain=row.concept.domain,
        acronym=row.concept.acronym or "",
        label=row.concept.label,
        cells=tuple(told(row, h.payer) for h in heads),
        plain=tuple(_presence(row, h.payer) for h in heads),
        used=f"{row.used_by}/{row.could_use}",
        mark=marks.get(row.concept.id, "ok" if shared else ""),
        cited=_cited(row),
        differs=", ".join(dict.fromkeys(named(d) for d in row.open or row.differences)),
        decided=disposition(row),
    )


def _cited(row: Row) -> str:
    """The identifiers that the lines of a row give, each once."""
    found = {(s, v) for m in row.concept.members for s, own in (m.ids or {}).items() for v in own}
    return "; ".join(v if s == "cms" else f"{called(s)} {v}".strip() for s, v in sorted(found))


def _presence(row: Row, payer: str) -> str:
    if payer in row.held:
        return IN
    return OUTSIDE if payer in row.outside else OUT


def _elsewhere(report: Report) -> frozenset[str]:
    """Lines that cite another specification than others do."""
    return frozenset(
        f"{q.payer}/{q.measure}" for q in report.questions if q.attribute == "follows" and q.measure
    )


def cells_of(report: Report, kind: str) -> Callable[[Row, str], str]:
    """How a cell of a row and a payer is told; `kind` says what it shows."""
    return partial(_cell, kind=kind, report=report, other=_elsewhere(report))


def _cell(row: Row, payer: str, kind: str, report: Report, other: frozenset[str]) -> str:
    """What a payer asks; what its standard adds, and that it cites another than others do."""
    items = row.held.get(payer)
    if not items:
        return _presence(row, payer)
    judged = {ref for one in row.rests_on for ref in one.refs}
    mark = JUDGED if any(item.ref in judged for item in items) else ""
    if kind != "ask":
        return cell(items, kind, ", ") + mark
    mark += ELSEWHERE if any(item.ref in other for item in items) else ""
    return cell(items, kind, ", ", partial(_beside, report)) + mark


def _beside(report: Report, item: Measure) -> str:
    """What the standard says where an item is silent; ages last, as in any cell."""
    known = sorted(report.standard.get(item.ref, ()), key=lambda s: s.attribute == "ages")
    return ", ".join(f"{text} {STD}" for one in known if (text := _in_a_cell(item, one)))


def _in_a_cell(item: Measure, one: Standard) -> str:
    """A value as short as if the payer had stated it; empty where a cell does not show it."""
    if one.attribute == "improvement_notation":
        return {"increase": "higher", "decrease": "lower"}.get(one.value, "")
    alone = Measure(payer=item.payer, id=item.id, title="", **{one.attribute: one.value})
    return cell_ask(alone).removeprefix("yes")


def heading(row: Row) -> str:
    return (
        f"{row.concept.acronym}, {row.concept.label}" if row.concept.acronym else row.concept.label
    )


def named(one: Divergence) -> str:
    name = one.attribute.replace("_", " ")
    return f"{name} (a reference differs)" if not one.counted and one.severity != "info" else name


def key(blocks: Blocks, heads: tuple[Head, ...]) -> tuple[str, ...]:
    cells = [c for _, lines in blocks for line in lines for c in line.cells]
    notes = [
        f"yes in the list, nothing more stated   {OUT} not in the list   {OUTSIDE} out of scope",
        "(30d) read from the title, not stated beside it",
        "n/m lists that ask, of those that could   D to settle   N no vote needed   ok none seen",
    ]
    if any(STD in c for c in cells):
        notes.append(f"{STD} {SHORT_STD} from the standard cited, not stated by the payer")
    if any(c.endswith(ELSEWHERE) for c in cells):
        notes.append(f"{ELSEWHERE} cites another specification than others do: see the questions")
    if any(c.removesuffix(ELSEWHERE).endswith(JUDGED) for c in cells):
        notes.append(f"{JUDGED} stands in this row by a decision: see what has been decided")
    if any(h.partial for h in heads):
        notes.append(f"~ partial list: {OUT} may only mean not seen")
    if any("both" in c or "rates" in c for c in cells):
        notes.append("both, n rates: the whole measure with its rates, which are not counted again")
    if any(h.group != "contracts" for h in heads):
        notes.append("References and internal lists are shown, never counted.")
    return tuple(notes)
