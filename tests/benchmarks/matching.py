"""Harmonize and other matchers on the same tasks: `python -m tests.benchmarks.matching FOLDER`.

Every figure is made anew in one run, by whole processes, and scored by the same functions.  The
other tools need the extra `benchmark`.  They are favoured: set-up, the better of two one-to-one
rules and the threshold with the best macro F1 are picked on the tasks that they are judged on.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click

from tests.benchmarks import scale
from tests.benchmarks.peers import PEERS, RULES, TITLES
from tests.benchmarks.tasks import (
    Cost,
    Figures,
    Score,
    Scored,
    Task,
    figures,
    harmonize,
    load_tasks,
    pair,
    paragraph,
    read_csv,
    score,
    timed,
)

STEPS: Final = 400  # thresholds that are tried, spread evenly over the scores
FIT: Final = "tests.benchmarks.fit"


@dataclass(frozen=True, slots=True)
class Result:
    """One tool on all tasks."""

    name: str
    title: str
    scores: tuple[Score, ...]
    costs: tuple[Cost, ...]
    setting: str = "default settings"
    comparing: float | None = None  # seconds without starting, loading and reading

    @property
    def figures(self) -> Figures:
        return figures(self.scores)

    @property
    def seconds(self) -> float:
        return sum(c.seconds for c in self.costs)

    @property
    def cpu(self) -> float:
        return sum(c.cpu for c in self.costs)

    @property
    def megabytes(self) -> float:
        return max(c.megabytes for c in self.costs)

    @property
    def errors(self) -> int:
        return sum(s.false + len(s.missed) for s in self.scores)

    @property
    def own(self) -> bool:
        return self.name == "harmonize"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of the table: its goal in words, whether it is met, and how it is written."""

    told: str
    goal: str
    value: Callable[[Result], float | None]
    met: Callable[[float], bool] = bool
    digits: str = ".3f"


ROWS: Final = (
    Row("macro F1", ">= 0.98", lambda r: r.figures.f1, lambda v: v >= 0.98),
    Row("macro precision", "", lambda r: r.figures.precision),
    Row("macro recall", "", lambda r: r.figures.recall),
    Row("macro F1, re-worded", ">= 0.95", lambda r: r.figures.f1_reworded, lambda v: v >= 0.95),
    Row("F1, real payer lists", ">= 0.96", lambda r: r.figures.f1_payers, lambda v: v >= 0.96),
    Row("hard accepted", "<= 0.5%", lambda r: r.figures.hard, lambda v: v <= 0.005, ".1%"),
    Row("hard accepted, one-sided", "<= 3%", lambda r: r.figures.hard_one_sided,
        lambda v: v <= 0.03, ".1%"),
    Row("unjudged look-alikes accepted", "", lambda r: r.figures.unjudged, digits=".1%"),
    Row("calibration error, pooled", "<= 0.02", lambda r: r.figures.ece, lambda v: v <= 0.02),
    Row("missed that stand as possible", ">= 60%",
        lambda r: r.figures.possible_cover if r.own else None, lambda v: v >= 0.6, ".1%"),
    Row("possible rows a measure", "<= 0.3",
        lambda r: r.figures.possible_per_measure if r.own else None, lambda v: v <= 0.3),
    Row("pairs inside one list", "0", lambda r: r.figures.same_list, lambda v: v == 0, ".0f"),
    Row("wrong and missed pairs", "", lambda r: r.errors, digits=".0f"),
    Row("seconds, all tasks", "< 15", lambda r: r.seconds, lambda v: v < 15, ".1f"),
    Row("seconds of processors", "", lambda r: r.cpu, digits=".1f"),
    Row("seconds comparing, libraries loaded", "", lambda r: r.comparing, digits=".1f"),
    Row("peak memory, MB", "< 300", lambda r: r.megabytes, lambda v: v < 300, ".0f"),
)  # fmt: skip


def run_harmonize(tasks: Sequence[Task]) -> Result:
    done = [harmonize(task) for task in tasks]
    title = f"harmonize {version('harmonize')}"
    return Result("harmonize", title, tuple(s for s, _ in done), tuple(c for _, c in done))


def run_peer(name: str, folder: Path, tasks: Sequence[Task]) -> Result:
    """A tool at the rule and the threshold that are best for it on these very tasks."""
    left: list[list[dict[str, str]]] = []
    costs = []
    with TemporaryDirectory() as made:
        for task in tasks:
            out = Path(made, f"{task.name}.csv")
            cost = timed(
                "-m", "tests.benchmarks.peers", name, str((folder / task.name).resolve()), str(out)
            )
            if cost.code:
                raise SystemExit(f"{name}, {task.name}: exit {cost.code}: {cost.told[-2000:]}")
            left.append(read_csv(out))
            costs.append(cost)
    best = max(
        (tuned(tasks, [_under(rule, rows) for rows in left], rule) for rule in RULES),
        key=lambda found: found[0],
    )
    title = f"{TITLES[name]} ({version(name)})"
    comparing = sum(float(c.told.split()[-1]) for c in costs)
    return Result(name, title, best[1], tuple(costs), best[2], comparing)


def tuned(
    tasks: Sequence[Task], found: Sequence[Sequence[Scored]], rule: str
) -> tuple[float, tuple[Score, ...], str]:
    """The best macro F1 over all thresholds, its scores, and the setting in words."""
    values = sorted({sure for pairs in found for _, sure in pairs})
    tried = values[:: max(1, len(values) // STEPS)] or [0.0]

    def at(threshold: float) -> tuple[Score, ...]:
        return tuple(
            score(task, (p for p, sure in pairs if sure >= threshold), pairs)
            for task, pairs in zip(tasks, found, strict=True)
        )

    best = max(tried, key=lambda threshold: figures(at(threshold)).f1)
    scores = at(best)
    told = "each the other's best" if rule == "mutual" else "the surest pair first"
    return figures(scores).f1, scores, f"{told}, from {best:.4g}"


def page(results: Sequence[Result], more: Iterable[str] = ()) -> str:
    """The figures as markdown."""
    parts = [
        "# How well it matches",
        paragraph(
            "Made by `python -m tests.benchmarks.matching FOLDER --write docs/matching.md`; the",
            "folder of tasks is no part of this repository. Every tool ran on the same tasks in",
            "the same run, one whole process a task, and the same functions scored them all.",
            "Harmonize ran at its default settings.",
        ),
        "## Figures and goals",
        _table(("figure", "goal", *(_short(r) for r in results)), _figures(results)),
        paragraph(
            "A goal that is missed is marked with `!`. F1 of re-worded pairs leaves out gold pairs",
            "of one title and keeps every false accept. *Hard* are look-alikes that are known to",
            "be different; *one-sided* are tasks where only re-worded measures have a partner;",
            "*unjudged* are look-alikes across registries that nobody has judged: the fit takes",
            "them for different measures, and no other figure counts them.",
            "Others have no rows that are possible; their calibration error takes the score of",
            "each pair that the one-to-one rule leaves as its probability, although only Splink",
            "means it as one.",
        ),
        "## Beside the others",
        _table(
            ("tool", "macro F1", "wrong and missed", "time", "time comparing", "memory"),
            _ratios(results),
        ),
        paragraph(
            "Macro F1 is ours over theirs; the rest is theirs over ours: 2.0 is twice as many",
            "errors, seconds or megabytes as harmonize. *Time comparing* sets what they take once",
            "their libraries are loaded against a whole process of ours. The others are favoured:",
            "their threshold and one-to-one rule, and how TF-IDF and Splink are set up, are what",
            "did best on the very tasks that are scored.",
        ),
        _table(("tool", "one-to-one rule and threshold"), [(r.title, r.setting) for r in results]),
        "## Task by task",
        _table(
            ("task", "gold", "precision", "recall", "F1", "re-worded", "hard", "s",
             *(f"F1, {r.name}" for r in results if not r.own)),
            _tasks(results),
        ),
        *more,
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts) + "\n"


def more_sections(folder: Path) -> list[str]:
    """What takes longer: how cost grows, and what `fit` has to say, where it is there."""
    grown = ["## How cost grows", *scale.sections(folder)]
    if find_spec(FIT) is None:
        return grown
    told: list[str] = import_module(FIT).sections(folder)
    return grown + told


def as_json(results: Sequence[Result]) -> dict[str, Any]:
    return {
        r.name: {
            "title": r.title,
            "setting": r.setting,
            "figures": {k: _rounded(v) for k, v in asdict(r.figures).items()},
            "seconds": round(r.seconds, 2),
            "cpu": round(r.cpu, 2),
            "comparing": _rounded(r.comparing),
            "megabytes": round(r.megabytes),
            "tasks": {s.task.name: _told(s, c) for s, c in zip(r.scores, r.costs, strict=True)},
        }
        for r in results
    }


def _under(rule: str, rows: Iterable[Mapping[str, str]]) -> list[Scored]:
    return [
        (pair((r["list_a"], r["id_a"]), (r["list_b"], r["id_b"])), float(r["score"]))
        for r in rows
        if r[rule] == "1"
    ]


def _figures(results: Sequence[Result]) -> list[tuple[str, ...]]:
    lines = []
    for row in ROWS:
        cells = []
        for result in results:
            value = row.value(result)
            missed = result.own and row.goal and value is not None and not row.met(value)
            cells.append("-" if value is None else f"{value:{row.digits}}{' !' if missed else ''}")
        lines.append((row.told, row.goal, *cells))
    return lines


def _ratios(results: Sequence[Result]) -> list[tuple[str, ...]]:
    ours, *others = results
    return [
        (
            _short(r),
            f"{ours.figures.f1 / r.figures.f1:.3f}",
            f"{r.errors / max(1, ours.errors):.1f}",
            f"{r.seconds / ours.seconds:.2f}",
            f"{(r.comparing or 0) / ours.seconds:.2f}",
            f"{r.megabytes / ours.megabytes:.2f}",
        )
        for r in others
    ]


def _tasks(results: Sequence[Result]) -> list[tuple[str, ...]]:
    ours, *others = results
    lines = []
    for place, (s, cost) in enumerate(zip(ours.scores, ours.costs, strict=True)):
        reworded = "-" if s.f1_reworded is None else f"{s.f1_reworded:.3f}"
        lines.append(
            (
                s.task.name,
                str(len(s.task.gold)),
                *(f"{v:.3f}" for v in (s.precision, s.recall, s.f1)),
                reworded,
                f"{s.hard_accepted}/{len(s.task.hard)}",
                f"{cost.seconds:.2f}",
                *(f"{r.scores[place].f1:.3f}" for r in others),
            )
        )
    return lines


def _told(one: Score, cost: Cost) -> dict[str, Any]:
    return {
        "gold": len(one.task.gold),
        "true": one.true,
        "false": one.false,
        "missed": len(one.missed),
        "f1": _rounded(one.f1),
        "f1_reworded": _rounded(one.f1_reworded),
        "hard_accepted": one.hard_accepted,
        "hard": len(one.task.hard),
        "seconds": round(cost.seconds, 2),
        "megabytes": round(cost.megabytes),
    }


def _rounded(value: float | None) -> float | None:
    return round(value, 4) if isinstance(value, float) else value


def _short(result: Result) -> str:
    return result.title.rsplit(" (", maxsplit=1)[0]


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    dashes = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, dashes, *lines))


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="Markdown, to keep.")
@click.option("--json", "data", type=click.Path(dir_okay=False, path_type=Path), help="Figures.")
@click.option("--only", multiple=True, metavar="TASK", help="Only this task; may be repeated.")
@click.option("--peer", "peers", multiple=True, type=click.Choice(tuple(PEERS)),
              help="Only this other tool; may be repeated.")  # fmt: skip
@click.option("--alone", is_flag=True, help="No other tool.")
@click.option("--quick", is_flag=True, help="Neither the growth of cost nor what fit adds.")
def main(
    folder: Path,
    write: Path | None,
    data: Path | None,
    only: tuple[str, ...],
    peers: tuple[str, ...],
    alone: bool,
    quick: bool,
) -> None:
    tasks = load_tasks(folder, only)
    if not tasks:
        raise click.UsageError(f"No task in {folder}: each is a folder with a gold.csv.")
    wanted = () if alone else peers or tuple(PEERS)
    missing = [name for name in wanted if find_spec(_module(name)) is None]
    if missing:
        raise click.UsageError(
            f"{', '.join(missing)} not installed: pip install 'harmonize[benchmark]', or use"
            " --alone --quick."
        )
    results = [run_harmonize(tasks), *(run_peer(name, folder, tasks) for name in wanted)]
    # last, as they may load heavy libraries: a child's peak memory begins at its parent's size
    text = page(results, () if quick else more_sections(folder))
    if write:
        write.write_text(text, encoding="utf-8")
    if data:
        data.write_text(json.dumps(as_json(results), indent=1) + "\n", encoding="utf-8")
    click.echo(text, nl=False)


def _module(package: str) -> str:
    return {"scikit-learn": "sklearn"}.get(package, package)


if __name__ == "__main__":
    main()
