"""How time and memory grow with the number of measures: `python -m tests.benchmarks.scale FOLDER`.

Twenty lists are made from the lists of the folder.  A measure is every wording that the tasks
know of it; each list takes one of them and alters it the way that lists do: small words left out,
typing errors, abbreviations, another order, a prefix, an age band.  The number of distinct measures
grows with the size as far as the folder has them, so that a measure stands in about as many lists.
"""

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from typing import Final

import click

from tests.benchmarks.tasks import Cost, Row, Task, load_tasks, paragraph, timed, write_specs

LISTS: Final = 20
SHARED: Final = 6  # lists that one measure stands in, on average
SIZES: Final = (500, 1000, 2500, 5000)
HEAD: Final = (
    "| measures | distinct | s | s of processors | MB |",
    "| ---: | ---: | ---: | ---: | ---: |",
)
SMALL: Final = frozenset(
    (
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "who",
        "with",
    )
)
SHORT: Final = {
    "percentage": "pct",
    "patients": "pts",
    "assessment": "assmt",
    "management": "mgmt",
    "follow-up": "f/u",
    "treatment": "tx",
    "blood pressure": "BP",
    "body mass index": "BMI",
    "emergency department": "ED",
    "chronic obstructive pulmonary disease": "COPD",
    "coronary artery disease": "CAD",
    "heart failure": "HF",
    "diabetes": "DM",
    "hemoglobin a1c": "HbA1c",
    "medication": "med",
    "screening": "scrn",
    "readmission": "readm",
    "surgery": "surg",
}
PREFIXES: Final = ("Quality Measure: ", "ACO: ", "P4P - ", "Adult: ", "(New) ", "2025 ")
AGES: Final = ("18+", "18-64", "18-75", "65 and older", "12+", "21-64")

Lists = dict[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Run:
    """One size and what it took."""

    measures: int
    distinct: int
    cost: Cost


def distinct(tasks: Sequence[Task]) -> tuple[tuple[Row, ...], ...]:
    """The wordings of each measure: rows of one title, or that the tasks know to be the same."""
    home: dict[str, str] = {}

    def root(key: str) -> str:
        while home.setdefault(key, key) != key:
            key = home[key]
        return key

    wordings: dict[str, Row] = {}
    for task in tasks:
        titles = {row.item: _plain(row.title) for row in task.rows}
        for row in task.rows:
            known = wordings.setdefault(titles[row.item], row)
            if len(row.description) > len(known.description):
                wordings[titles[row.item]] = row
        for one, other in task.gold:
            home[root(titles[one])] = root(titles[other])
    groups: dict[str, list[Row]] = {}
    for key, row in sorted(wordings.items()):
        groups.setdefault(root(key), []).append(row)
    return tuple(tuple(group) for group in sorted(groups.values(), key=lambda g: g[0].title))


def drawn(
    pool: Sequence[Sequence[Row]], measures: int, lists: int = LISTS, seed: int = 1
) -> tuple[Lists, int]:
    """Lists of equal length, and how many measures they were drawn from."""
    rng = random.Random(f"{seed} {measures} {lists}")  # noqa: S311 - chance, no secret
    each = measures // lists
    known = min(len(pool), max(each, measures // SHARED))
    some = rng.sample(range(len(pool)), known)
    made = {}
    for number in range(lists):
        name = f"list-{number + 1:02}"
        described = number % 2 == 0  # half of all lists have no more than titles
        rows = [rng.choice(pool[i]) for i in rng.sample(some, each)]
        made[name] = tuple(
            altered(row, name, f"{name}-{n:04}", described, rng) for n, row in enumerate(rows, 1)
        )
    return made, known


def copied(lists: Mapping[str, tuple[Row, ...]]) -> Lists:
    """The lists and an exact copy of each, under another payer's name."""
    copies = {
        f"copy-of-{name}": tuple(replace(row, list=f"copy-of-{name}") for row in rows)
        for name, rows in lists.items()
    }
    return {**lists, **copies}


def altered(row: Row, payer: str, ident: str, described: bool, rng: random.Random) -> Row:
    title = row.title
    for chance, edit in EDITS:
        if rng.random() < chance:
            title = edit(title, rng)
    description = _fewer(row.description, rng) if described else ""
    return replace(row, list=payer, id=ident, title=title, description=description)


def run(lists: Mapping[str, tuple[Row, ...]], options: Sequence[str] = ()) -> Cost:
    """One whole process of `harmonize compare`."""
    with TemporaryDirectory() as name:
        folder, out = Path(name, "specs"), Path(name, "out.csv")
        write_specs(lists, folder)
        shown = options or ("--view", "pairs", "--format", "csv")
        cost = timed("-m", "harmonize", "compare", str(folder), *shown, "--output", str(out))
    if cost.code:
        raise SystemExit(f"exit {cost.code}: {cost.told.strip()}")
    return cost


def exponent(runs: Sequence[Run], start_up: float = 0.0) -> float:
    """The slope of log seconds over log measures, without what a run costs before any.

    Seconds of processors: what else the machine does is not in them.
    """
    logs = [(math.log(r.measures), math.log(max(0.01, r.cost.cpu - start_up))) for r in runs]
    return linear_regression(*zip(*logs, strict=True)).slope


def measured(pool: Sequence[Sequence[Row]], sizes: Sequence[int]) -> list[Run]:
    runs = []
    for size in sizes:
        lists, known = drawn(pool, size)
        runs.append(Run(sum(map(len, lists.values())), known, run(lists)))
    return runs


def sections(folder: Path, sizes: Sequence[int] = SIZES) -> list[str]:
    """The table of sizes, the exponent and the price of exact duplicates, as markdown."""
    pool = distinct(load_tasks(folder))
    runs = measured(pool, sizes)
    two = {name: (replace(pool[0][0], list=name),) for name in ("one", "two")}
    start = min(run(two).cpu for _ in range(3))
    half, _ = drawn(pool, max(sizes) // 2, LISTS // 2)
    alone, doubled = run(half), run(copied(half))
    count = sum(map(len, half.values()))
    rows = [
        f"| {r.measures:,} | {r.distinct:,} | {r.cost.seconds:.1f} | {r.cost.cpu:.1f}"
        f" | {r.cost.megabytes:.0f} |"
        for r in runs
    ]
    built = (
        f"{LISTS} lists, made from those of the tasks: each takes one of the known wordings of a",
        "measure and alters it as lists do; half of them have no more than titles.",
        "Whole processes of `harmonize compare --view pairs`.",
    )
    slope = (
        "Seconds of processors grow with the number of measures to the power of",
        f"{exponent(runs):.2f}; without the {start:.1f} s that a run of two measures takes,",
        f"{exponent(runs, start):.2f}. The goal is 5,000 measures in 60 s and 1,024 MB.",
    )
    copies = (
        f"{LISTS // 2} lists with {count:,} measures take {alone.cpu:.1f} s of processors and",
        f"{alone.megabytes:.0f} MB; with an exact copy of each under another payer's name,",
        f"{2 * count:,} measures, {doubled.cpu:.1f} s and {doubled.megabytes:.0f} MB.",
    )
    return [
        paragraph(*built),
        "\n".join((*HEAD, *rows)),
        paragraph(*slope),
        paragraph(*copies),
    ]


def _plain(title: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", title.lower()))


def _fewer(text: str, rng: random.Random) -> str:
    return " ".join(w for w in text.split() if w.lower() not in SMALL or rng.random() < 0.6)


def _shorter(text: str, rng: random.Random) -> str:
    """One of the abbreviations that the text allows."""
    found = [long for long in SHORT if re.search(rf"\b{long}\b", text, re.IGNORECASE)]
    if not found:
        return text
    long = rng.choice(found)
    return re.sub(rf"\b{long}\b", SHORT[long], text, flags=re.IGNORECASE)


def _typed_wrongly(text: str, rng: random.Random) -> str:
    """One letter too few, two letters swapped or one doubled, in a long word."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) > 6 and w.isalpha()]
    if not long:
        return text
    at = rng.choice(long)
    word, cut = words[at], rng.randrange(1, len(words[at]) - 2)
    words[at] = rng.choice(
        (
            word[:cut] + word[cut + 1 :],
            word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :],
            word[:cut] + word[cut] + word[cut:],
        )
    )
    return " ".join(words)


def _turned(text: str, _rng: random.Random) -> str:
    """What stands after the colon or the dash first."""
    parts = re.split(r": | [-\u2013] ", text, maxsplit=1)
    return f"{parts[1]} - {parts[0]}" if len(parts) == 2 else text


def _prefixed(text: str, rng: random.Random) -> str:
    return rng.choice(PREFIXES) + text


def _aged(text: str, rng: random.Random) -> str:
    told = re.search(r"\bages?\b", text, re.IGNORECASE)
    return text if told else f"{text} (ages {rng.choice(AGES)})"


def _lowered(text: str, _rng: random.Random) -> str:
    return text[:1] + " ".join(w if w.isupper() else w.lower() for w in text[1:].split(" "))


EDITS: Final[tuple[tuple[float, Callable[[str, random.Random], str]], ...]] = (
    (0.15, _turned),
    (0.35, _fewer),
    (0.30, _shorter),
    (0.15, _typed_wrongly),
    (0.20, _lowered),
    (0.10, _aged),
    (0.10, _prefixed),
)


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--size", "sizes", type=int, multiple=True, default=SIZES, help="Measures in all.")
@click.option("--specs", type=click.Path(path_type=Path), help="Only write the lists of one size.")
def main(folder: Path, sizes: tuple[int, ...], specs: Path | None) -> None:
    if specs:
        lists, known = drawn(distinct(load_tasks(folder)), max(sizes))
        write_specs(lists, specs)
        click.echo(f"{sum(map(len, lists.values()))} measures from {known} into {specs}")
        return
    click.echo("\n\n".join(sections(folder, sizes)))


if __name__ == "__main__":
    main()
