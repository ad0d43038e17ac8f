"""Tasks of a matching benchmark: how they are read, written as specs, run and scored."""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
JUDGED: Final = ("gold.csv", "ignore.csv", "hard_negatives.csv")
TYPES: Final = {
    "patientReportedOutcome": "patient reported",
    "patientEngagementExperience": "experience",
    "intermediateOutcome": "intermediate outcome",
}
BINS: Final = 10

Item = tuple[str, str]
"""A list's name and an item's id in it."""
Pair = tuple[Item, Item]
"""Two items, the lesser first: `pair` makes it."""
Scored = tuple[Pair, float]
"""A pair and how sure it is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one list; empty is not stated."""

    list: str
    id: str
    title: str
    description: str = ""
    measure_type: str = ""
    steward: str = ""
    inverse: str = ""

    @property
    def item(self) -> Item:
        return self.list, self.id


@dataclass(frozen=True, slots=True)
class Gold:
    """What is known of two items that are one measure."""

    cluster: str
    wording: str

    @property
    def reworded(self) -> bool:
        return self.wording == "title_changed"


@dataclass(frozen=True, slots=True)
class Task:
    """Lists and what is known of their pairs."""

    name: str
    lists: Mapping[str, tuple[Row, ...]]
    gold: Mapping[Pair, Gold]
    ignore: frozenset[Pair]
    hard: Mapping[Pair, str]
    alike: frozenset[Pair] = frozenset()  # of `ignore`: look-alikes that nobody has judged

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for rows in self.lists.values() for row in rows)

    @property
    def real_payers(self) -> bool:
        return self.name.startswith("t5_")

    @property
    def one_sided(self) -> bool:
        return "maxdrift" in self.name


@dataclass(frozen=True, slots=True)
class Score:
    """How one run of one task did; pairs that are judged neither way are in no figure."""

    task: Task
    accepted: frozenset[Pair]
    accepted_alike: frozenset[Pair]
    scored: tuple[tuple[float, bool], ...]
    possible: frozenset[Pair]
    same_list: int

    @property
    def true(self) -> int:
        return len(self.accepted & self.task.gold.keys())

    @property
    def false(self) -> int:
        return len(self.accepted) - self.true

    @property
    def missed(self) -> frozenset[Pair]:
        return frozenset(self.task.gold.keys() - self.accepted)

    @property
    def precision(self) -> float:
        return self.true / len(self.accepted) if self.accepted else 0.0

    @property
    def recall(self) -> float:
        return self.true / len(self.task.gold) if self.task.gold else 0.0

    @property
    def f1(self) -> float:
        return _f1(self.true, self.false, len(self.missed))

    @property
    def f1_reworded(self) -> float | None:
        """F1 where gold pairs of one wording count neither way and every false accept counts."""
        reworded = {pair for pair, gold in self.task.gold.items() if gold.reworded}
        found = len(self.accepted & reworded)
        return _f1(found, self.false, len(reworded) - found) if reworded else None

    @property
    def hard_accepted(self) -> int:
        return len(self.accepted & self.task.hard.keys())


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that the goals are set on, over all tasks of a run."""

    tasks: int
    precision: float
    recall: float
    f1: float
    f1_reworded: float | None
    f1_payers: float | None
    hard: float
    hard_one_sided: float | None
    ece: float | None
    possible_cover: float
    possible_per_measure: float
    same_list: int
    unjudged: float = 0.0  # share accepted of look-alikes across registries that nobody judged


@dataclass(frozen=True, slots=True)
class Cost:
    """What a whole process took."""

    seconds: float
    cpu: float
    megabytes: float
    code: int
    told: str


def pair(one: Item, other: Item) -> Pair:
    return (one, other) if one <= other else (other, one)


def load_tasks(folder: Path, only: Sequence[str] = ()) -> tuple[Task, ...]:
    """The tasks of a folder, by name; empty lists are left out as no payer would send one."""
    found = [p for p in sorted(folder.iterdir()) if (p / "gold.csv").is_file()]
    return tuple(load_task(p) for p in found if not only or p.name in only)


def load_task(folder: Path) -> Task:
    lists = {}
    for path in sorted(folder.glob("*.csv")):
        rows = () if path.name in JUDGED else tuple(_row(r) for r in read_csv(path))
        if rows:
            lists[rows[0].list] = rows
    gold, ignore, hard = (read_csv(folder / name) for name in JUDGED)
    return Task(
        folder.name,
        lists,
        {_pair(r): Gold(r.get("cluster", ""), r.get("wording", "")) for r in gold},
        frozenset(map(_pair, ignore)),
        {_pair(r): r.get("kind", "") for r in hard},
        frozenset(_pair(r) for r in ignore if "across registries" in r.get("why", "")),
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def write_specs(lists: Mapping[str, Sequence[Row]], folder: Path) -> None:
    """Each list as a spec of format 1."""
    folder.mkdir(parents=True, exist_ok=True)
    for payer, rows in lists.items():
        lines = [f"harmonize: 1\npayer: {_quoted(payer)}\nmeasures:"]
        lines += [line for row in rows for line in _lines(row)]
        (folder / f"{payer}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def score(
    task: Task,
    accepted: Iterable[Pair],
    scored: Iterable[Scored] = (),
    possible: Iterable[Pair] = (),
) -> Score:
    """`scored` are all the pairs that calibration is measured on, accepted or not."""
    every = list(accepted)
    across = {p for p in every if p[0][0] != p[1][0]}
    return Score(
        task=task,
        accepted=frozenset(across - task.ignore),
        accepted_alike=frozenset(across & task.alike),
        scored=tuple(
            (min(1.0, max(0.0, sure)), p in task.gold) for p, sure in scored if p not in task.ignore
        ),
        possible=frozenset(possible),
        same_list=sum(p[0][0] == p[1][0] for p in every),
    )


def figures(scores: Sequence[Score]) -> Figures:
    """Means are of figures to four places, so that they add up from what is printed."""
    payers = [s for s in scores if s.task.real_payers]
    one_sided = [s for s in scores if s.task.one_sided]
    missed = sum(len(s.missed) for s in scores)
    waiting = sum(len(s.missed & s.possible) for s in scores)
    reworded = [f for s in scores if (f := s.f1_reworded) is not None]
    return Figures(
        tasks=len(scores),
        precision=_mean(s.precision for s in scores),
        recall=_mean(s.recall for s in scores),
        f1=_mean(s.f1 for s in scores),
        f1_reworded=_mean(reworded) if reworded else None,
        f1_payers=_micro(payers) if payers else None,
        hard=_share(scores),
        hard_one_sided=_share(one_sided) if one_sided else None,
        ece=ece([row for s in scores for row in s.scored]),
        possible_cover=waiting / missed if missed else 1.0,
        possible_per_measure=sum(len(s.possible) for s in scores)
        / sum(len(s.task.rows) for s in scores),
        same_list=sum(s.same_list for s in scores),
        unjudged=sum(len(s.accepted_alike) for s in scores)
        / max(1, sum(len(s.task.alike) for s in scores)),
    )


def ece(rows: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten bins of equal width."""
    if not rows:
        return None
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for sure, right in rows:
        bins[min(BINS - 1, max(0, int(sure * BINS)))].append((sure, right))
    off = (abs(sum(s for s, _ in b) - sum(r for _, r in b)) for b in bins)
    return sum(off) / len(rows)


def harmonize(task: Task) -> tuple[Score, Cost]:
    """One whole process of the command at default settings, by the interpreter that runs this."""
    with TemporaryDirectory() as name:
        specs, out = Path(name, "specs"), Path(name, "pairs.csv")
        write_specs(task.lists, specs)
        options = ("--view", "pairs", "--format", "csv", "--output", str(out))
        cost = timed("-m", "harmonize", "compare", str(specs), *options)
        if cost.code:
            raise SystemExit(f"{task.name}: exit {cost.code}: {cost.told.strip()}")
        rows = read_csv(out)
    pairs = [pair((r["payer_a"], r["measure_a"]), (r["payer_b"], r["measure_b"])) for r in rows]
    told = list(zip(pairs, rows, strict=True))
    accepted = [p for p, r in told if r["verdict"] == "match"]
    scored = [(p, float(r["confidence"])) for p, r in told]
    possible = [p for p, r in told if r["verdict"] == "possible"]
    return score(task, accepted, scored, possible), cost


def timed(*arguments: str) -> Cost:
    """Runs this interpreter; time and peak memory are those of the whole process.

    A child's peak begins at its parent's size, so whoever calls this keeps small.  Bytecode is
    kept, as an installed package has it.
    """
    known = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as name:
        log = Path(name, "log")
        with log.open("wb") as told:
            start = time.perf_counter()
            running = subprocess.Popen(
                (sys.executable, *arguments), cwd=ROOT, env=known, stdout=told, stderr=told
            )
            _, status, used = os.wait4(running.pid, 0)
            seconds = time.perf_counter() - start
        running.returncode = os.waitstatus_to_exitcode(status)
        return Cost(
            seconds,
            used.ru_utime + used.ru_stime,
            used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2),
            running.returncode,
            log.read_text(encoding="utf-8", errors="replace"),
        )


def paragraph(*lines: str) -> str:
    """Markdown text, filled to the width of our pages."""
    return fill(" ".join(lines), 100, break_long_words=False, break_on_hyphens=False)


def _row(row: Mapping[str, str]) -> Row:
    return Row(
        row["list"],
        row["local_id"],
        row["title"],
        row["description"],
        row["measure_type"],
        row["steward"],
        row["inverse"],
    )


def _pair(row: Mapping[str, str]) -> Pair:
    return pair(
        (row["list_a"].strip(), row["id_a"].strip()), (row["list_b"].strip(), row["id_b"].strip())
    )


def _lines(row: Row) -> list[str]:
    ways = {"true": "decrease", "": ""}
    stated = {
        "title": row.title,
        "description": row.description.strip(),
        "steward": row.steward.strip(),
        "measure_type": TYPES.get(row.measure_type, row.measure_type),
        "improvement_notation": ways.get(row.inverse, "increase"),
    }
    told = [f"    {name}: {_quoted(value)}" for name, value in stated.items() if value]
    return [f"  - id: {_quoted(row.id)}", *told]


def _quoted(value: str) -> str:
    """A JSON string is a YAML scalar that is never taken for a number or a date."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)


def _f1(true: int, false: int, missed: int) -> float:
    return 2 * true / (2 * true + false + missed) if true else 0.0


def _mean(values: Iterable[float]) -> float:
    every = [round(v, 4) for v in values]
    return sum(every) / max(1, len(every))


def _share(scores: Sequence[Score]) -> float:
    return sum(s.hard_accepted for s in scores) / max(1, sum(len(s.task.hard) for s in scores))


def _micro(scores: Sequence[Score]) -> float:
    return _f1(
        sum(s.true for s in scores),
        sum(s.false for s in scores),
        sum(len(s.missed) for s in scores),
    )
