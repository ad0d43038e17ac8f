"""How a crosswalk does against gold, drawn: a page, tables and one object."""

import csv
import io
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from harmonize.evaluation import Evaluation, Expected, Judged, Scored, figures, levels, reliability
from harmonize.render.console import _draw, _grid, _text
from harmonize.render.text import _dumped, guarded, visible
from harmonize.views import Cell, Table, cell_title

_BAR: Final = 20  # columns of a bar that stands for all pairs
# How a person calls a figure, and how it is written.
_SHOWN: Final = {
    "macro_precision": ("precision, mean", "{:.1%}"),
    "macro_recall": ("recall, mean", "{:.1%}"),
    "macro_f1": ("F1, mean", "{:.3f}"),
    "macro_f1_reworded": ("F1 of re-worded pairs, mean", "{:.3f}"),
    "precision": ("precision", "{:.1%}"),
    "recall": ("recall", "{:.1%}"),
    "f1": ("F1", "{:.3f}"),
    "f1_reworded": ("F1 of re-worded pairs", "{:.3f}"),
    "hard_negatives_accepted": ("look-alikes accepted", "{:.1%}"),
    "calibration_error": ("calibration error", "{:.3f}"),
    "possible_cover": ("missed that stand as possible", "{:.1%}"),
    "possible_per_measure": ("possible pairs per measure", "{:.2f}"),
    "same_list": ("pairs inside one list", "{:.0f}"),
}


def _at(threshold: float) -> str:
    """A threshold with two digits, or as many as it has."""
    return max(f"{threshold:.2f}", f"{threshold:g}", key=len)


def promise(found: Expected) -> str:
    """What matches from a threshold on promise, as one line."""
    told = (
        f"matches from {_at(found.match_at)} on: {_count(found.pairs, 'pair')}, "
        f"expected precision {found.precision:.1%} (mean confidence), "
        f"{found.wrong:.1f} expected wrong"
    )
    if found.below:
        told += f"; {found.below} of them less sure, in a concept through others"
    return told


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def explain_line(found: Evaluation, pair: Judged) -> str:
    """The command that tells why."""
    task = next(t for t in found.tasks if t.name == pair.task)
    refs = (pair.left.ref, pair.right.ref)
    at = ("--match-at", f"{found.match_at:g}") if found.chosen else ()
    if task.bare:
        return shlex.join(("harmonize", "evaluate", task.folder, "--explain", *refs, *at))
    return shlex.join(("harmonize", "explain", *refs, task.folder, *at))


# --- tables -------------------------------------------------------------------------------------


def _figures(found: Evaluation) -> Table:
    rows = [(f.figure, round(f.value, 4), f.count, f.of, f.unit) for f in figures(found)]
    return Table(("figure", "value", "count", "of", "unit"), tuple(rows))


def _tasks(found: Evaluation) -> Table:
    columns = (
        *("task", "lists", "measures", "gold", "matches", "right", "precision", "recall", "f1"),
        *("f1_reworded", "hard_negatives", "hard_negatives_accepted", "calibration_error"),
        "possible",
    )
    return Table(columns, tuple(_task(one, found.match_at) for one in found.tasks))


def _task(one: Scored, match_at: float) -> tuple[Cell, ...]:
    values = {f.figure: f for f in figures(Evaluation((one,), match_at))}
    counts, hard = one.counts, values.get("hard_negatives_accepted")
    reworded = values.get("f1_reworded")
    return (
        *(one.name, one.lists, one.measures, counts.gold, counts.accepted, counts.right),
        *(round(v, 4) for v in (counts.precision, counts.recall, counts.f1)),
        round(reworded.value, 4) if reworded else None,
        *(one.different, hard.count if hard else 0),
        round(values["calibration_error"].value, 4),
        one.possible,
    )


def _thresholds(found: Evaluation) -> Table:
    columns = (
        *("threshold", "matches", "right", "precision", "expected_precision"),
        *("gold", "recall", "f1"),
    )
    rows = [
        (
            *(one.expected.match_at, one.counts.accepted, one.counts.right),
            *(round(one.counts.precision, 4), round(one.expected.precision, 4)),
            *(one.counts.gold, round(one.counts.recall, 4), round(one.counts.f1, 4)),
        )
        for one in levels(found)
    ]
    return Table(columns, tuple(rows))


def _reliability(found: Evaluation) -> Table:
    rows = [
        (b.low, b.high, b.pairs, round(b.confidence, 4), b.same, round(b.observed, 4))
        for b in reliability(found.pairs)
    ]
    return Table(("from", "to", "pairs", "mean_confidence", "same", "observed"), tuple(rows))


def _errors(found: Evaluation) -> Table:
    columns = (
        *("task", "error", "payer_a", "measure_a", "title_a", "payer_b", "measure_b", "title_b"),
        *("confidence", "verdict", "why", "reason", "note", "explain"),
    )
    both = (("false match", found.false_matches), ("missed", found.missed))
    rows = [
        (
            *(p.task, error),
            *(p.left.payer, p.left.id, cell_title(p.left)),
            *(p.right.payer, p.right.id, cell_title(p.right)),
            *(f"{p.confidence:.4f}", str(p.verdict), p.why, p.reason, p.note),
            explain_line(found, p),
        )
        for error, pairs in both
        for p in pairs
    ]
    return Table(columns, tuple(rows))


VIEWS: Final[Mapping[str, Callable[[Evaluation], Table]]] = {
    "figures": _figures,
    "tasks": _tasks,
    "thresholds": _thresholds,
    "reliability": _reliability,
    "errors": _errors,
}


def as_csv(found: Evaluation, name: str) -> str:
    """One view as CSV: UTF-8, LF, header first."""
    table = VIEWS[name](found)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([guarded(value) for value in row] for row in table.rows)
    return out.getvalue()


def as_json(found: Evaluation) -> str:
    """Everything as one object: `harmonize.evaluation/1`."""
    promised = found.expected
    head = {
        "schema": "harmonize.evaluation/1",
        "match_at": found.match_at,
        "expected": {
            "matches": promised.pairs,
            "precision": round(promised.precision, 4),
            "wrong": round(promised.wrong, 4),
            "below": promised.below,
        },
    }
    tables = {name: made(found) for name, made in VIEWS.items()}
    return _dumped(
        head
        | {
            name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for name, table in tables.items()
        }
    )


# --- the page -----------------------------------------------------------------------------------


def as_table(
    found: Evaluation, name: str | None, worst: int, width: int | None, *, color: bool
) -> str:
    """The page for a person, or one view; `worst` errors of each side."""
    if name:
        table = VIEWS[name](found)
        parts: list[Any] = [_columns(table.columns, table.rows)]
    else:
        parts = [*_head(found), *_levels(found), *_curve(found)]
        parts += _false(found, worst)
        parts += _missed(found, worst)
    out = ""
    for copied, group in groupby(parts, lambda part: isinstance(part, Command)):
        run = [*group]
        out += "".join(f"{one}\n" for one in run) if copied else _draw(run, width, color=color)
    return out


class Command(str):
    """A line to copy: it is never wrapped and never cut, whatever the width."""

    __slots__ = ()


def _columns(heads: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Any:
    """A grid in which numbers stand to the right."""
    cells = [*rows]
    grid = _grid()
    for place, head in enumerate(heads):
        number = all(isinstance(row[place], int | float | None) for row in cells) and cells
        grid.add_column(_text(head), justify="right" if number else "left", overflow="fold")
    for row in cells:
        grid.add_row(*(_text(guarded(cell)) for cell in row))
    return grid


def _plain_grid() -> Any:
    """A grid without a header."""
    grid = _grid()
    grid.show_header = False
    return grid


def _inset(part: Any, blanks: int = 2) -> Any:
    from rich.padding import Padding

    return Padding(part, (0, 0, 0, blanks))


def _section(title: str, told: str = "") -> list[Any]:
    return ["", _text(title, "bold"), *([_inset(_text(told))] if told else [])]


def _head(found: Evaluation) -> list[Any]:
    tasks = found.tasks
    gold = sum(t.counts.gold for t in tasks)
    measures = sum(t.measures for t in tasks)
    name = tasks[0].name if len(tasks) == 1 else _count(len(tasks), "task")
    lists = _count(sum(t.lists for t in tasks), "list")
    title = f"{name}: {_count(gold, 'gold pair')}, {lists}, {_count(measures, 'measure')}"
    grid = _plain_grid()
    for side in ("left", "right", "left"):
        grid.add_column(justify=side)
    for one in figures(found):
        label, form = _SHOWN[one.figure]
        base = "" if one.of is None else f"{one.of:,} {one.unit}"
        told = f"over {base}" if one.count is None else f"{one.count:,} of {base}"
        if one.figure == "possible_per_measure":
            told = f"{one.count:,} for {base}"
        grid.add_row(label, form.format(one.value) if one.of else "-", told)
    wrong = len(found.false_matches)
    right = sum(t.counts.right for t in tasks)
    measured = f"measured {right / (right + wrong):.1%}, {wrong} wrong" if right + wrong else ""
    line = f"{promise(found.expected)}{'; ' if measured else ''}{measured}"
    parts = [_text(title, "bold"), _inset(grid), "", _text(line)]
    if len(tasks) > 1:
        parts += [*_section("By task"), _inset(_by_task(tasks))]
    return parts


def _by_task(tasks: tuple[Scored, ...]) -> Any:
    grid = _grid()
    heads = ("", "gold", "precision", "recall", "F1", "re-worded", "alike")
    for head in heads:
        grid.add_column(head, justify="right" if head else "left", overflow="fold")
    for one in tasks:
        counts, reworded = one.counts, one.reworded
        hard = sum(p.accepted and p.known for p in one.pairs)
        grid.add_row(
            _text(one.name),
            str(counts.gold),
            f"{counts.precision:.3f}",
            f"{counts.recall:.3f}",
            f"{counts.f1:.3f}",
            f"{reworded.f1:.3f}" if reworded and reworded.gold else "-",
            f"{hard}/{one.different}" if one.different else "-",
        )
    return grid


def _levels(found: Evaluation) -> list[Any]:
    grid = _grid()
    for head in ("from", "accepted", "right", "precision", "expected", "recall", "F1"):
        grid.add_column(head, justify="right")
    for one in levels(found):
        counts = one.counts
        grid.add_row(
            _at(one.expected.match_at),
            str(counts.accepted),
            str(counts.right),
            f"{counts.precision:.1%}" if counts.accepted else "-",
            f"{one.expected.precision:.1%}" if counts.accepted else "-",
            f"{counts.recall:.1%}",
            f"{counts.f1:.3f}",
        )
    told = (
        "Matches and possible pairs as they stand in this crosswalk, by their confidence; "
        "--match-at builds it anew from another threshold on."
    )
    return [*_section("If pairs were accepted from a confidence on", told), _inset(grid)]


def _curve(found: Evaluation) -> list[Any]:
    grid = _grid()
    for head, side in (("confidence", "left"), ("pairs", "right"), ("mean", "right")):
        grid.add_column(head, justify=side)
    for head, side in (("one measure", "right"), ("share", "right"), ("", "left")):
        grid.add_column(head, justify=side)
    for one in reliability(found.pairs):
        grid.add_row(
            f"{one.low:.1f}-{one.high:.1f}",
            str(one.pairs),
            f"{one.confidence:.1%}",
            str(one.same),
            f"{one.observed:.1%}",
            _bar(one.observed, one.confidence),
        )
    told = "Matches and possible pairs; # is the share that are one measure, | the mean confidence."
    return [*_section("How sure, and how often right", told), _inset(grid)]


def _bar(share: float, mark: float) -> str:
    """A share as a bar, with a mark where it would end if it were as was said."""
    full = round(share * _BAR)
    bar = ["#" if place < full else "." for place in range(_BAR)]
    bar.insert(min(_BAR, round(mark * _BAR)), "|")
    return "".join(bar)


def _false(found: Evaluation, worst: int) -> list[Any]:
    pairs = found.false_matches
    matches = sum(t.counts.accepted for t in found.tasks)
    title = f"False matches: {len(pairs)} of {matches} accepted"
    return _worst(found, title, pairs, worst, "the surest first")


def _missed(found: Evaluation, worst: int) -> list[Any]:
    pairs = found.missed
    gold = sum(t.counts.gold for t in found.tasks)
    kinds = Counter(p.why for p in pairs)
    told = ", ".join(f"{n} {why}" for why, n in sorted(kinds.items(), key=lambda k: (-k[1], k[0])))
    title = f"Missed: {len(pairs)} of {_count(gold, 'gold pair')}{f' ({told})' if told else ''}"
    return _worst(found, title, pairs, worst, "the surest to differ first")


def _worst(
    found: Evaluation, title: str, pairs: tuple[Judged, ...], worst: int, order: str
) -> list[Any]:
    """Some errors, each with its titles, what decided, and the command that tells why."""
    shown = pairs[:worst]
    more = f"; {len(shown)} shown, --worst shows more" if len(shown) < len(pairs) else ""
    parts = _section(f"{title}{f', {order}{more}' if len(pairs) > 1 else ''}")
    for one in shown:
        parts += _error(found, one)
    return parts


def _error(found: Evaluation, one: Judged) -> list[Any]:
    unknown = "" if one.same else "look-alike known to differ" if one.known else "not in the gold"
    about = [one.why, unknown, one.note, one.task]
    if len(found.tasks) == 1:
        about.pop()
    head = f"{one.confidence:.4f}  {', '.join(part for part in about if part)}"
    sides = _plain_grid()
    for fold in (False, True):
        sides.add_column(no_wrap=not fold, overflow="fold")
    for side in (one.left, one.right):
        sides.add_row(_text(side.ref), _text(cell_title(side)))
    command = Command(f"    {visible(explain_line(found, one))}")
    return [_inset(_text(head)), _inset(sides, 4), _inset(_text(one.reason), 4), command]
