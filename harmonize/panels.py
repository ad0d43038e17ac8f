"""The other areas as a committee reads them: lines of its table, what to settle, what to know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harmonize.agenda import Item, position_lines
from harmonize.beside import cell
from harmonize.committee import IN, OUT, Blocks, Head, Line
from harmonize.fields import spoken
from harmonize.figures import Figure
from harmonize.matters import Matter, Point
from harmonize.report import Report
from harmonize.terms import CLOSED, WITHHELD

SUMS: Final = 10  # pairs of payers of which it is told whether their results add up
SAID: Final = 60  # characters of a value that a cell shows
ABOUT: Final = {
    "convening": "who convenes",
    "participation": "whom they admit",
    "payment": "how they pay",
    "feedback": "what they report back",
}


@dataclass(frozen=True, slots=True)
class Panels:
    """What the page says of the other areas, each part in the order of reading."""

    figures: tuple[str, ...]
    blocks: Blocks
    settle: tuple[Item, ...]
    known: tuple[Item, ...]
    ask: tuple[Item, ...]
    notes: tuple[str, ...]


def panels(
    report: Report,
    heads: tuple[Head, ...],
    settled: int = 0,
    told: int = 0,
    *,
    all_seen: bool = True,
) -> Panels:
    """The panels; marks go on from so many that are settled or told above.

    `all_seen` says that nothing was left out because few payers hold it.
    """
    names = {p.payer: p.head for p in report.payers}
    marks: dict[tuple[str, str], str] = {}
    settle: list[Item] = []
    known: list[Item] = []
    for matter in report.matters.matters:
        for one in matter.divergences:
            chosen, letter, before = (
                (settle, "D", settled) if one.open else (known, "N", told)
            )  # fmt: skip
            mark = f"{letter}{before + len(chosen) + 1}"
            marks[matter.id, one.attribute] = mark
            chosen.append(Item(mark, heading(matter), tuple(position_lines(one, names))))
    noted = (m for m in report.matters.matters if m.notes)
    known += [Item("", heading(matter), matter.notes) for matter in noted]
    known += _adding(report, names)
    blocks: dict[str, list[Line]] = {}
    for matter in report.matters.matters:
        blocks.setdefault(matter.area.upper(), []).extend(_lines(matter, heads, marks))
    return Panels(
        figures=tuple(_figures(report, all_seen=all_seen)),
        blocks=tuple((name, tuple(lines)) for name, lines in blocks.items()),
        settle=tuple(settle),
        known=tuple(known),
        ask=_ask(report, names),
        notes=_notes(report),
    )


def _adding(report: Report, names: Mapping[str, str]) -> list[Item]:
    """Whether results of those who report back could be added up, as far as their lists say."""
    here = report.matters.stated.get("feedback", ())
    found = [s for s in report.sums if not s.concept and {s.payer_a, s.payer_b} <= {*here}]
    if not found:
        return []
    lines = [f"{names[s.payer_a]} and {names[s.payer_b]}: {s.reason}" for s in found[:SUMS]]
    if len(found) > SUMS:
        lines.append(f"and {len(found) - SUMS} more pairs")
    lines.append("measure by measure: --view addable")
    return [Item("", "feedback: could results be added up?", tuple(lines))]


def heading(matter: Matter) -> str:
    """A matter by its area and its name."""
    return matter.area if matter.is_whole else f"{matter.area}: {matter.label}"


def _lines(
    matter: Matter, heads: tuple[Head, ...], marks: Mapping[tuple[str, str], str]
) -> Iterator[Line]:
    """A line for the matter and one for each attribute that somebody states.

    Whether a criterion is a condition stands in the line of the criterion itself.
    """
    asked = "required" if matter.area == "participation" else ""
    mark = marks.get((matter.id, asked), "")
    cells = tuple(cell(matter, h.payer, "ask") or OUT for h in heads)
    known = next((p for p in matter.points if p.attribute == asked), None)
    yield Line(
        concept=matter.id,
        domain=matter.area,
        acronym="",
        label="stated at all" if matter.is_whole else matter.label,
        cells=cells,
        plain=tuple(OUT if one == OUT else IN for one in cells),
        used=f"{matter.used_by}/{matter.could_use}",
        mark=mark or ("ok" if known and known.agree and not matter.titles_differ else ""),
        differs="; ".join(spoken(d.attribute) for d in matter.divergences),
    )
    for point in matter.points:
        if point.attribute != asked:
            yield _line(matter, point, heads, marks)


def _line(
    matter: Matter, point: Point, heads: tuple[Head, ...], marks: Mapping[tuple[str, str], str]
) -> Line:
    told: dict[str, list[str]] = {}
    for payer, value in point.told:
        told.setdefault(payer, []).append(value if len(value) <= SAID else f"{value[:SAID]}...")
    told |= {payer: [WITHHELD] for payer in point.withheld}
    own = {h.payer for h in heads if h.group == "contracts"} & told.keys()
    told |= {payer: [CLOSED] for payer in matter.shut}
    cells = tuple("; ".join(told.get(h.payer, ())) or OUT for h in heads)
    differs = point.divergence is not None
    return Line(
        concept=f"{matter.id}/{point.attribute}",
        domain=matter.area,
        acronym="",
        label=f"  - {spoken(point.attribute)}",
        cells=cells,
        plain=tuple(OUT if one == OUT else IN for one in cells),
        used=f"{len(own)}/{matter.used_by}",
        mark=marks.get((matter.id, point.attribute), "ok" if point.agree else ""),
        differs=spoken(point.attribute) if differs else "",
    )


def _ask(report: Report, names: Mapping[str, str]) -> tuple[Item, ...]:
    """What to ask each payer: what it leaves unsaid of terms that it has."""
    asked: dict[str, list[str]] = {}
    for one in report.matters.questions:
        asked.setdefault(names[one.payer], []).append(one.question)
    return tuple(Item("", head, tuple(lines)) for head, lines in asked.items())


def _figures(report: Report, *, all_seen: bool) -> Iterator[str]:
    values = {f.figure: f for f in report.summary}
    for area in report.matters.stated:
        stated, agree = values[f"stated:{area}"], values[f"agree:{area}"]
        differ, alone = values[f"differ:{area}"], values[f"one_sided:{area}"]
        withheld = values[f"withheld:{area}"]
        text = (
            f"{area}: {stated.value} of {stated.of} payers {_verb(stated, 'say')} {ABOUT[area]}; "
            f"of {agree.of} attributes that two or more state, {agree.value} "
            f"{_verb(agree, 'agree')} and {differ.value} {_verb(differ, 'differ')}; {alone.value} "
            f"of {alone.of} {'is' if alone.value == 1 else 'are'} stated by one alone"
        )
        yield text + (f"; {withheld.value} of {withheld.of} withheld" if withheld.value else "")
    for area in report.areas:
        if area != "measures" and area not in report.matters.stated:
            none = "no payer here states anything of it" if all_seen else "nothing to show of it"
            yield f"{area}: {none}"
    if count := len(report.matters.possible):
        pairs = "1 pair of criteria" if count == 1 else f"{count} pairs of criteria"
        yield f"{pairs} may be one and nobody has settled it (--view pairs)"


def _verb(count: Figure, verb: str) -> str:
    return f"{verb}s" if count.value == 1 else verb


def _notes(report: Report) -> tuple[str, ...]:
    if not report.matters.matters:
        return ()
    notes = [f"{OUT} not stated, which is neither no nor agreement"]
    if any(m.shut or any(p.withheld for p in m.points) for m in report.matters.matters):
        notes.append(f"{WITHHELD}: not for this reader, and held against nothing")
    if any(m.shut for m in report.matters.matters):
        notes.append(f"{CLOSED}: all of it is withheld, and what of it is stated is not told")
    return tuple(notes)


def pointer(report: Report) -> str:
    """Where to see the areas that are stated and that the report is not about; empty if none."""
    if not report.beside:
        return ""
    told = ", ".join(
        f"{area} by {n} {'payer' if n == 1 else 'payers'}" for area, n in report.beside.items()
    )
    one = next(iter(report.beside)) if len(report.beside) == 1 else "all"
    return f"Also stated: {told}; see --area {one}"
