"""A proposed core, drawn: a page with what is proposed first, JSON, CSV and Markdown."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, Final

from harmonize.candidates import Candidate, Change
from harmonize.effects import Effect, Span
from harmonize.fields import declared, spoken
from harmonize.proposal import DROPPED, PROPOSED, TIED, Line, Proposal, asked_by, told_sets
from harmonize.render.console import _draw, _grid, _text
from harmonize.render.text import _dumped, guarded, md
from harmonize.values import stated
from harmonize.views import Cell

_JOINT: Final = "; "
# A column each of the CSV, and how it is filled: its name is promised, and its place.
COLUMNS: Final[Mapping[str, Callable[[Line], Cell]]] = {
    "concept": lambda one: one.candidate.id,
    "label": lambda one: one.candidate.label,
    "standing": lambda one: one.standing,
    "used_by": lambda one: len(one.candidate.has),
    "could_use": lambda one: len(one.candidate.could),
    "score": lambda one: one.candidate.score,
    "reason": lambda one: one.reason,
    "has": lambda one: _JOINT.join(one.candidate.has),
    "has_as_rate": lambda one: _JOINT.join(one.candidate.within),
    "adopt": lambda one: _JOINT.join(one.candidate.adopt),
    "respecify": lambda one: _JOINT.join(map(_respecify, one.candidate.changes)),
    "justified": lambda one: _JOINT.join(one.candidate.justified),
    "not_known": lambda one: _JOINT.join(one.candidate.unknown),
    "out_of_scope": lambda one: _JOINT.join(one.candidate.outside),
    "may_have": lambda one: _JOINT.join(one.candidate.perhaps),
    "has_akin": lambda one: _JOINT.join(one.candidate.akin),
    "required": lambda one: one.because,
    "score_parts": lambda one: _points(one.candidate),
    "domain": lambda one: one.candidate.domain,
    "measure_type": lambda one: " or ".join(one.candidate.types),
    "populations": lambda one: _JOINT.join(sorted(one.candidate.populations)),
    "marks": lambda one: one.candidate.marked.marks if one.candidate.marked else None,
    "mean_mark": lambda one: (
        f"{float(one.candidate.marked.mean):.2f}" if one.candidate.marked else None
    ),
    "decision": lambda one: one.candidate.decision,
}
_TITLES: Final = {
    PROPOSED: "PROPOSED: in every best set",
    TIED: "TIED: in some of the best sets, and nothing chooses between them",
    DROPPED: "DROPPED: what some payer asks for and no best set holds",
}
_COLUMNS: Final = ("", "now", "core alone", "core added")
_ENDINGS: Final = (
    "core alone: in place of the lists, asked by all payers out of whose scope it is not;",
    "core added: the lists stay as they are. Asks are a payer and a measure, once each.",
    "A range stands where several sets are best, or where a list is not the whole.",
    "The score is ours: docs/propose.md says what makes it.",
)


# --- words --------------------------------------------------------------------------------------


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _points(one: Candidate) -> str:
    """`28 = 30 (3 payers ask) - 2 (1 major difference: ages)`."""
    told = ""
    for i, part in enumerate(one.parts):
        sign = ("-" if part.points < 0 else "") if not i else f" {'-' if part.points < 0 else '+'} "
        told += f"{sign}{abs(part.points)} ({part.told})"
    return f"{one.score} = {told}"


def _respecify(change: Change) -> str:
    """`ages: 18-75 -> 18-85 (ridge)`; of a tie, both sides."""
    name = spoken(change.attribute)
    if change.tied:
        sides = ", ".join(f"{payer} {value}" for payer, value in change.payers)
        return f"{name}: {sides}; as many stand for each"
    moves: dict[str, list[str]] = {}
    for payer, value in change.payers:
        moves.setdefault(value, []).append(payer)
    told = (f"{value} -> {change.to[0]} ({', '.join(own)})" for value, own in moves.items())
    return f"{name}: {'; '.join(told)}"


def _details(line: Line) -> Iterator[tuple[str, str]]:
    """What has to be told of a measure of the core: a word and what it is about."""
    one = line.candidate
    told = [
        ("has", ", ".join(one.has), ""),
        ("has a rate", ", ".join(one.within), ": as a rate of another measure, no ask of its own"),
        ("adopt", ", ".join(one.adopt), ""),
        ("may have it", ", ".join(one.perhaps), ": a possible match that nobody has settled"),
        ("has akin", ", ".join(one.akin), ": of the same family, another measure"),
    ]
    for change in one.changes:
        word = "settle" if change.tied else "respecify"
        told.append((word, _respecify(change), f"; or justify it ({change.severity})"))
    told += [
        ("justified", ", ".join(map(spoken, one.justified)), ""),
        ("not known", ", ".join(one.unknown), ": a list that is not the whole"),
        ("out of scope", ", ".join(one.outside), ""),
        ("required", line.because, ""),
        ("decided", one.decision, ""),
        ("marked", one.marked.told if one.marked else "", ""),
        ("score", _points(one), ""),
    ]
    yield from ((word, text + end) for word, text, end in told if text)


def _used(one: Candidate) -> str:
    return f"{len(one.has)} of {len(one.could)}"


def heads(found: Proposal) -> Iterator[str]:
    """The first lines: what was proposed of what, and what was wished."""
    asks = "asks" if found.payers == 1 else "ask"
    asked = f"{_many(len(found.every), 'measure')} that {_many(found.payers, 'payer')} {asks} for"
    told = f"of {asked}, {len(found.able)} may come in"
    if found.failures:
        yield "No core meets the wishes"
        yield told
        return
    size = found.size.told
    yield f"A core of {size} measure{'' if size == '1' else 's'}"
    yield told
    if size == "0" and not found.able:
        yield "nothing may come in: the reasons stand below"
        return
    yield f"{told_sets(found)}, by our score ({found.worth})"


def wished(found: Proposal) -> Iterator[str]:
    """What was wished and what came of it, a line each."""
    wish = found.wish
    wanted = asked_by(wish)
    fewer = any(r.asked_by is not None and r.asked_by < wanted for r in wish.required or ())
    end = ", but for what is required with fewer" if fewer else ""
    yield f"each asked by {_many(wanted, 'payer')} or more{end}"
    if wish.at_most is not None:
        yield f"at most {_many(wish.at_most, 'measure')}"
    for one in found.met:
        yield f"{one.wish}; {Span(one.least, one.most).told} proposed"
    if wish.from_:
        told = "" if wish.notice else "; no notice period is stated, so none is looked at"
        yield f"to hold from {wish.from_}{told}"
    if wish.smallest == "true":
        yield "as few measures as meet the wishes"


def _dropped(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Lines by why they fall, so that a reason is said once."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.reason, []).append(line)
    return found


def _sets(found: Proposal) -> Iterator[str]:
    """Each best set by what it holds beyond what all of them hold."""
    labels = {one.id: one.label for one in found.able}
    common = {line.candidate.id for line in found.of(PROPOSED)}
    for number, one in enumerate(found.sets, start=1):
        own = [labels[name] for name in one if name not in common]
        yield f"set {number}: {'; '.join(own) or 'nothing beyond what is proposed'}"


def _changes(found: Proposal) -> Iterator[tuple[str, ...]]:
    """The numbers before and after, under a heading each: a heading is a row of one cell."""
    last = ""
    for one in found.effects:
        own = one.kind in ("payer", "domain")
        heading = f"{one.unit}, by {one.kind}" if own else one.about
        if heading != last:
            yield (heading,)
        last = heading
        name = one.about if own else one.unit
        yield name, str(one.now), one.instead.told, one.added.told


def failures(found: Proposal) -> Iterator[str]:
    """What cannot be met, and why, a line each."""
    for one in found.failures:
        if len(one.wishes) == 1:
            yield f"{one.wishes[0]}: {one.reason}"
        else:
            yield f"{one.reason}: {'; '.join(one.wishes)}"


# --- for programs -------------------------------------------------------------------------------


def as_csv(found: Proposal) -> str:
    """A row a measure: UTF-8, LF, header first; where nothing is proposed, the header alone."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in found.lines:
        writer.writerow([guarded(column(line)) for column in COLUMNS.values()])
    return out.getvalue()


def as_json(found: Proposal, audience: str) -> str:
    """Everything as one object, `harmonize.proposal/1`."""
    return _dumped(
        {
            "schema": "harmonize.proposal/1",
            "payers": found.payers,
            "candidates": len(found.able),
            "asked": len(found.every),
            "wish": _plain(found.wish),
            "failures": [{"wishes": [*f.wishes], "reason": f.reason} for f in found.failures],
            "measures": [_measure(line) for line in found.lines],
            "sets": [list(one) for one in found.sets],
            "more_sets": found.more,
            "score": found.worth,
            "met": [{"wish": m.wish, "least": m.least, "most": m.most} for m in found.met],
            "effects": [_numbers(one) for one in found.effects],
            "audience": audience,
        }
    )


def _measure(line: Line) -> dict[str, Any]:
    one = line.candidate
    return {
        "concept": one.id,
        "concepts": list(one.unit.concepts),
        "label": one.label,
        "standing": line.standing,
        "reason": line.reason,
        "used_by": len(one.has),
        "could_use": len(one.could),
        "score": one.score,
        "score_parts": [{"told": p.told, "points": p.points} for p in one.parts],
        "has": list(one.has),
        "has_as_rate": list(one.within),
        "adopt": list(one.adopt),
        "respecify": [
            {
                "attribute": c.attribute,
                "severity": c.severity,
                "to": list(c.to),
                "tied": c.tied,
                "payers": [{"payer": payer, "value": value} for payer, value in c.payers],
            }
            for c in one.changes
        ],
        "justified": list(one.justified),
        "not_known": list(one.unknown),
        "out_of_scope": list(one.outside),
        "may_have": list(one.perhaps),
        "has_akin": list(one.akin),
        "required": line.because,
        "domain": one.domain,
        "measure_type": list(one.types),
        "populations": sorted(one.populations),
        "topped_out": one.topped_out,
        "marks": one.marked.marks if one.marked else 0,
        "mean_mark": round(float(one.marked.mean), 4) if one.marked else None,
        "decision": one.decision,
    }


def _numbers(one: Effect) -> dict[str, Any]:
    spans = (("instead", one.instead), ("added", one.added))
    return {
        "kind": one.kind,
        "about": one.about,
        "unit": one.unit,
        "now": one.now,
        **{name: {"least": span.least, "most": span.most} for name, span in spans},
    }


def _plain(value: Any) -> Any:
    """A record as an object of what it states."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    kind: type = type(value)
    infos = declared(kind) if is_dataclass(kind) else {}
    if not infos:
        return value if isinstance(value, int) else stated(value)
    told = ((name, getattr(value, info.name)) for name, info in infos.items())
    return {name: _plain(one) for name, one in told if one is not None}


# --- the page -----------------------------------------------------------------------------------


def as_table(found: Proposal, width: int | None, *, color: bool) -> str:
    """What is proposed, measure by measure; then what falls, and what would change."""
    first, *rest = heads(found)
    parts: list[Any] = [_text(first, "bold"), *map(_inset, (*rest, *wished(found)))]
    if found.failures:
        parts += ["", _text("CANNOT BE MET", "bold"), *map(_inset, failures(found))]
        return _draw(parts, width, color=color)
    for standing in (PROPOSED, TIED):
        if own := found.of(standing):
            parts += ["", _text(f"{_TITLES[standing]} ({len(own)})", "bold"), _block(own)]
    if len(found.sets) > 1:
        parts += ["", *map(_inset, _sets(found))]
    if own := found.of(DROPPED):
        parts += ["", _text(f"{_TITLES[DROPPED]} ({len(own)})", "bold")]
        for reason, lines in _dropped(own).items():
            labels = "; ".join(line.candidate.label for line in lines)
            parts.append(_inset(f"{reason} ({len(lines)}): {labels}"))
    parts += ["", _text("BEFORE AND AFTER", "bold"), _numbered(found), ""]
    parts += [_text(line, "dim") for line in _ENDINGS]
    return _draw(parts, width, color=color)


def _inset(line: str) -> Any:
    from rich.padding import Padding

    return Padding(_text(line), (0, 0, 0, 2))


def _block(own: Iterable[Line]) -> Any:
    """A measure each: who asks for it to the left, to the right its name and what is to be done."""
    from rich.console import Group
    from rich.padding import Padding

    grid = _grid()
    grid.show_header = False
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for line in own:
        inner = _grid()
        inner.show_header = False
        inner.add_column(no_wrap=True)
        inner.add_column(overflow="fold")
        for word, told in _details(line):
            inner.add_row(_text(word, "dim"), _text(told))
        head = _text(line.candidate.label, "bold")
        grid.add_row(_text(_used(line.candidate)), Group(head, Padding(inner, (0, 0, 0, 2))))
    return Padding(grid, (0, 0, 0, 2))


def _numbered(found: Proposal) -> Any:
    from rich.padding import Padding

    grid = _grid()
    for place, name in enumerate(_COLUMNS):
        grid.add_column(_text(name), justify="right" if place else "left", overflow="fold")
    for first, *numbers in _changes(found):
        about = _text(f"  {first}") if numbers else _text(first, "bold")
        grid.add_row(about, *map(_text, numbers))
    return Padding(grid, (0, 0, 0, 2))


def as_markdown(found: Proposal) -> str:
    """The page for minutes."""
    first, *rest = heads(found)
    out = [f"**{md(first)}**", "", *(f"- {md(line)}" for line in (*rest, *wished(found)))]
    if found.failures:
        out += ["", "## Cannot be met", "", *(f"- {md(line)}" for line in failures(found))]
        return "\n".join(out) + "\n"
    for standing in (PROPOSED, TIED):
        if own := found.of(standing):
            out += ["", f"## {_TITLES[standing]} ({len(own)})", ""]
            for line in own:
                out.append(f"- **{md(line.candidate.label)}**, asked by {_used(line.candidate)}")
                out += [f"    - {word}: {md(told)}" for word, told in _details(line)]
    if len(found.sets) > 1:
        out += ["", "## The best sets", "", *(f"- {md(line)}" for line in _sets(found))]
    if own := found.of(DROPPED):
        out += ["", f"## {_TITLES[DROPPED]} ({len(own)})", ""]
        for reason, lines in _dropped(own).items():
            labels = "; ".join(line.candidate.label for line in lines)
            out.append(f"- {md(reason)} ({len(lines)}): {md(labels)}")
    out += ["", "## Before and after", "", _row(_COLUMNS), _row(("---",) * len(_COLUMNS))]
    for first, *numbers in _changes(found):
        cells = (md(first), *numbers) if numbers else (f"**{md(first)}**", "", "", "")
        out.append(_row(cells))
    out += ["", *(f"{md(line)}  " for line in _ENDINGS)]
    return "\n".join(out).rstrip() + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
