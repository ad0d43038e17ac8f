"""The matcher's coefficients, fitted to a benchmark and cross-validated by family of measures.

    python -m tests.benchmarks.fit FOLDER [--write]

Prints the coefficients and both sorts of figures; `--write` puts the coefficients into
`harmonize/data/model.yaml`.  Nothing in it is random: the same folder gives the same file.
"""

import argparse
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import harmonize
from harmonize import crosswalk, pairing
from harmonize.evidence import FEATURES
from harmonize.joining import Groups
from harmonize.knowledge import Knowledge, words
from harmonize.pairing import Lists, candidates
from harmonize.reading.knowledge import shipped
from harmonize.sets import MeasureSet
from harmonize.workspace import load
from tests.benchmarks.tasks import (
    Figures,
    Item,
    Pair,
    Score,
    Task,
    figures,
    load_tasks,
    pair,
    score,
    write_specs,
)

DATA: Final = Path(harmonize.__file__).parent / "data"
FOLDS: Final = 5
RIDGE: Final = 0.5  # pull towards nothing, in pairs; chosen by the cross-validated likelihood
ROUNDS: Final = 3  # which pairs are beaten hangs on the coefficients; this often is enough
LEAST: Final = 0.1  # no feature is left without a word
# Judgement: what these pairs cannot teach, for they carry no identifier and hardly an acronym or
# an age that is not the standard's.
GIVEN: Final = {
    "same id": 5.0,
    "family id": 1.5,
    "other id": -2.5,
    "acronym": 1.5,
    "other people": -2.5,
    "steward": 0.1,
}
FOR: Final = frozenset(
    ["title", "same words", "spelling", "description", "same measure", "agreeing"]
)
# How far a feature may go: see what `evidence` says of descriptions; and two measures of which the
# catalogue knows both, or one, are held apart more than these lists, which it knows well, ask for.
BOUNDS: Final = {
    "description": (LEAST, 3.4),
    "other measure": (None, -3.4),
    "half known": (None, -1.6),
    "one-sided": (None, -0.5),
    "each alone": (None, -1.2),
}

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A pair that nothing forbids: the answers of the features, and whether it is one measure."""

    task: str
    left: Item
    right: Item
    answers: tuple[float, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """A task with its lists as the program reads them."""

    task: Task
    sets: tuple[MeasureSet, ...]


def opened(tasks: Iterable[Task]) -> tuple[Loaded, ...]:
    """Tasks as specs, read by the program's own reader."""
    found = []
    for task in tasks:
        with TemporaryDirectory() as name:
            write_specs(task.lists, Path(name))
            found.append(Loaded(task, load([name]).sets))
    return tuple(found)


def examples(loaded: Sequence[Loaded], knowledge: Knowledge) -> tuple[Example, ...]:
    """Every candidate pair that has no veto and is judged.

    A look-alike of another registry that nobody has judged is taken for another measure: of those
    that were judged later, hardly one was not.
    """
    found = []
    for one in loaded:
        lists = Lists(one.sets, knowledge)
        for here, there in candidates(lists):
            left, right = lists.measures[here], lists.measures[there]
            key = pair((left.payer, left.id), (right.payer, right.id))
            unjudged = key in one.task.ignore and key not in one.task.alike
            if unjudged or lists.weigh(here, there).vetoes:
                continue
            mine, theirs = lists.profiles[here], lists.profiles[there]
            heard = (f.compare(mine, theirs, lists.scene) for f in FEATURES)
            answers = tuple(answer[0] if answer else 0.0 for answer in heard)
            found.append(Example(one.task.name, *key, answers, key in one.task.gold))
    return tuple(found)


# --- folds --------------------------------------------------------------------------------------


def folds(tasks: Sequence[Task]) -> dict[tuple[str, Item], int]:
    """The fold of each item of each task; a family of measures is in one fold only.

    A family: what the benchmark calls one measure, and whatever is printed in the same words, in
    any task.
    """
    names = {(t.name, row.item): " ".join(words(row.title)) for t in tasks for row in t.rows}
    groups = Groups(set(names.values()))
    for task in tasks:
        for left, right in task.gold:
            groups.join(names[task.name, left], names[task.name, right])
    return {
        key: int(hashlib.sha256(groups.top(name).encode()).hexdigest(), 16) % FOLDS
        for key, name in names.items()
    }


# --- fitting ------------------------------------------------------------------------------------


def fit(rows: Sequence[Example], ridge: float = RIDGE) -> dict[str, float]:
    """Log-odds by feature: logistic regression in which each keeps the sign that it must have.

    Only pairs that no other pair of theirs beats are fitted to: what becomes of the others is
    decided by the contest, not by the weights (`pairing.Contest`).
    """
    names = [f.name for f in FEATURES]
    free = [i for i, name in enumerate(names) if name not in GIVEN]
    heard = np.array([row.answers for row in rows])
    same = np.array([row.same for row in rows], dtype=float)
    given = heard @ np.array([GIVEN.get(name, 0.0) for name in names])
    heard = heard[:, free]
    signs = [1.0 if names[i] in FOR else -1.0 for i in free]
    bounds = [
        BOUNDS.get(names[i], (LEAST, None) if sign > 0 else (None, -LEAST))
        for i, sign in zip(free, signs, strict=True)
    ]
    found = np.array([-2.0, *signs])
    for _ in range(ROUNDS):
        kept = _unbeaten(rows, given + found[0] + heard @ found[1:])
        loss = _loss(heard[kept], same[kept], given[kept], ridge)
        found = minimize(loss, found, jac=True, bounds=[(None, None), *bounds], method="L-BFGS-B").x
    weights = {names[i]: float(w) for i, w in zip(free, found[1:], strict=True)} | GIVEN
    return {
        "start": round(float(found[0]), 2),
        **{name: round(weights[name], 2) for name in names},
    }


def _loss(heard: Array, same: Array, given: Array, ridge: float) -> Callable[[Array], object]:
    def loss(at: Array) -> tuple[float, Array]:
        odds = given + at[0] + heard @ at[1:]
        off = 1 / (1 + np.exp(-odds)) - same
        value = np.sum(np.logaddexp(0, odds) - same * odds) + ridge / 2 * np.sum(at[1:] ** 2)
        return float(value), np.r_[off.sum(), heard.T @ off + ridge * at[1:]]

    return loss


def _unbeaten(rows: Sequence[Example], odds: Array) -> NDArray[np.bool_]:
    best: dict[tuple[str, Item, str], float] = {}
    for row, value in zip(rows, odds, strict=True):
        for here, there in ((row.left, row.right), (row.right, row.left)):
            key = (row.task, here, there[0])
            best[key] = max(best.get(key, value), value)
    return np.array(
        [
            value >= best[row.task, row.left, row.right[0]]
            and value >= best[row.task, row.right, row.left[0]]
            for row, value in zip(rows, odds, strict=True)
        ]
    )


# --- scoring ------------------------------------------------------------------------------------


def run(loaded: Loaded, knowledge: Knowledge) -> tuple[frozenset[Pair], dict[Pair, float]]:
    """The accepted pairs, and the confidence of each that is a match or possible."""
    found = crosswalk.build(loaded.sets, knowledge)
    links = [link for concept in found.concepts for link in concept.links]
    sure = {
        pair((p.left.payer, p.left.id), (p.right.payer, p.right.id)): p.confidence
        for p in (*links, *found.possible)
    }
    accepted = {pair((p.left.payer, p.left.id), (p.right.payer, p.right.id)) for p in links}
    return frozenset(accepted), sure


def scored(loaded: Sequence[Loaded], knowledge: Knowledge) -> tuple[Score, ...]:
    """All tasks, in this process."""
    found = []
    for one in loaded:
        accepted, sure = run(one, knowledge)
        found.append(score(one.task, accepted, sure.items(), sure.keys() - accepted))
    return tuple(found)


def cross_validated(loaded: Sequence[Loaded], knowledge: Knowledge) -> tuple[Score, ...]:
    """The same figures where each pair is judged by coefficients that never saw its family.

    Per fold the coefficients are fitted without any pair that touches the fold, all lists are
    matched with them, and only the pairs that touch the fold are kept: by the item that is first
    where the two are in different folds.
    """
    place = folds([one.task for one in loaded])
    rows = examples(loaded, knowledge)
    kept: list[dict[Pair, float]] = [{} for _ in loaded]
    accepted: list[set[Pair]] = [set() for _ in loaded]
    for fold in range(FOLDS):
        seen = [r for r in rows if fold not in (place[r.task, r.left], place[r.task, r.right])]
        with weighed_by(knowledge, fit(seen)) as fitted:
            for at, one in enumerate(loaded):
                matches, sure = run(one, fitted)
                mine = {p: s for p, s in sure.items() if place[one.task.name, p[0]] == fold}
                kept[at] |= mine
                accepted[at] |= matches & mine.keys()
    return tuple(
        score(one.task, accepted[at], kept[at].items(), kept[at].keys() - accepted[at])
        for at, one in enumerate(loaded)
    )


@contextmanager
def weighed_by(knowledge: Knowledge, coefficients: Mapping[str, float]) -> Iterator[Knowledge]:
    """The knowledge with other coefficients; the same value, so that its caches stay warm."""
    before = knowledge.coefficients
    object.__setattr__(knowledge, "coefficients", coefficients)
    try:
        yield knowledge
    finally:
        object.__setattr__(knowledge, "coefficients", before)


# --- ablations ----------------------------------------------------------------------------------


def without(knowledge: Knowledge) -> Iterator[tuple[str, Knowledge]]:
    """The knowledge with one part left out, by the name of the part."""
    yield "catalogue of measures", replace(knowledge, entries=())
    yield "abbreviations", replace(knowledge, abbreviations={})
    yield "synonyms", replace(knowledge, synonyms={})
    yield "boilerplate", replace(knowledge, boilerplate=())
    yield "all slots", replace(knowledge, slots=())
    yield "how telling a word is", replace(knowledge, counts={}, titles=1)
    vocabulary = replace(knowledge, abbreviations={}, synonyms={}, boilerplate=())
    yield "all vocabulary", vocabulary
    yield "all knowledge", replace(vocabulary, entries=(), slots=(), counts={}, titles=1)


def barring(loaded: Sequence[Loaded], knowledge: Knowledge) -> frozenset[str]:
    """Slots that bar a candidate pair which nothing else bars; the others can change no merger."""
    found = set()
    for one in loaded:
        lists = Lists(one.sets, knowledge)
        for link in candidates(lists):
            names = {veto.name.partition(",")[0] for veto in lists.barred(*link)}
            if len(names) == 1:
                found |= names
    return frozenset(found)


def ablated(loaded: Sequence[Loaded], knowledge: Knowledge) -> list[tuple[str, Figures]]:
    """Figures without each part of the knowledge, without the contest, and without single slots.

    The coefficients stay: what is told is what a part is worth to the program as it stands.
    """
    found = [("(nothing left out)", figures(scored(loaded, knowledge)))]
    found += [(name, figures(scored(loaded, less))) for name, less in without(knowledge)]
    with patch.object(pairing, "_contests", lambda *_: {}):
        found.append(("the contest", figures(scored(loaded, knowledge))))
    silent = tuple(
        Loaded(
            one.task,
            tuple(
                replace(s, measures=tuple(replace(m, description=None) for m in s.measures or ()))
                for s in one.sets
            ),
        )
        for one in loaded
    )
    found.append(("descriptions", figures(scored(silent, knowledge))))
    alone = barring(loaded, knowledge)
    for slot in (slot for slot in knowledge.slots if slot.name in alone):
        less = replace(knowledge, slots=tuple(s for s in knowledge.slots if s is not slot))
        found.append((f"slot: {slot.name}", figures(scored(loaded, less))))
    return found


# --- telling ------------------------------------------------------------------------------------


def table(rows: Sequence[tuple[str, Figures]]) -> str:
    """Figures as a table in Markdown."""
    shown = [f.name for f in fields(Figures) if f.name != "tasks"]
    lines = [f"| | {' | '.join(shown)} |", "|---" * (len(shown) + 1) + "|"]
    for name, one in rows:
        cells = (getattr(one, key) for key in shown)
        told = ("" if c is None else f"{c:.4f}" if isinstance(c, float) else str(c) for c in cells)
        lines.append(f"| {name} | {' | '.join(told)} |")
    return "\n".join(lines)


def sections(folder: Path) -> list[str]:
    """What the report of the benchmark says of fitting and of the parts."""
    knowledge = shipped()
    loaded = opened(load_tasks(folder))
    fitted, crossed = (
        figures(scored(loaded, knowledge)),
        figures(cross_validated(loaded, knowledge)),
    )
    parts = ablated(loaded, knowledge)
    whole = parts[0][1]
    silent = [name for name, one in parts[1:] if one == whole]
    told = [row for row in parts if row[0] not in silent]
    return [
        "## Fitted and cross-validated\n\n"
        f"The shipped coefficients, and {FOLDS} folds in which no coefficient has seen a pair of "
        "the family that it judges. The vocabulary is not refitted.\n\n"
        + table([("fitted", fitted), ("cross-validated", crossed)]),
        "## What each part is worth\n\nThe figures with one part left out, coefficients kept.\n\n"
        + table(told)
        + f"\n\nOf {len(knowledge.slots)} slots, those that alone part some candidate pair here "
        "were left out one by one. Without effect on any figure: "
        + (", ".join(name.removeprefix("slot: ") for name in silent) or "none")
        + ".",
    ]


HEAD: Final = """\
# How much each piece of evidence weighs.
#
# What it is: log-odds for one unit of each feature of evidence.py; `start` is what stands before
# anything is heard. A veto is not here: it is no matter of degree.
# How it is read: log-odds = start + sum of answer times coefficient.
# Where it comes from: `python -m tests.benchmarks.fit FOLDER --write`, logistic regression on pairs
# of public measure lists (MIPS 2017-2026, eCQMs, Medicaid core sets, state and programme lists)
# whose identity is known, each feature with the sign that it must have. The weights of identifiers
# and stewards are judgement, because those pairs carry none.
model: 1
coefficients:
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--write", action="store_true", help="rewrite harmonize/data/model.yaml")
    options = asked.parse_args()
    knowledge = shipped()
    loaded = opened(load_tasks(options.folder))
    found = fit(examples(loaded, knowledge))
    text = HEAD + "".join(f"  {name}: {weight}\n" for name, weight in found.items())
    if options.write:
        (DATA / "model.yaml").write_text(text, encoding="utf-8")
    print(text.removeprefix(HEAD))
    with weighed_by(knowledge, found):
        fitted = figures(scored(loaded, knowledge))
    crossed = figures(cross_validated(loaded, knowledge))
    print(table([("fitted", fitted), ("cross-validated", crossed)]))


if __name__ == "__main__":
    main()
