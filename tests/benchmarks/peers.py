"""What other tools make of a task: `python -m tests.benchmarks.peers NAME TASK FILE`.

Each is used the way its manual shows and in the way that did best here.  One run is one task in a
process of its own, so that its time and memory are those of a whole process, as harmonize's are.
It writes the pairs that are left of one-to-one between each two lists, by two rules: each the
other's best (`mutual`), and the surest pair first (`greedy`).  Its last line is the seconds that
comparing took, libraries loaded and lists read.
"""

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tests.benchmarks.tasks import Row, Task, load_task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

Compared = tuple[str, str, "Matrix"]
"""Two lists and how alike each of the first's rows is to each of the second's, 0 to 1."""

RULES: Final = ("mutual", "greedy")
COLUMNS: Final = ("list_a", "id_a", "list_b", "id_b", "score", *RULES)
DRAWN: Final = 1_000_000  # pairs from which Splink learns how often strangers agree
SHARES: Final = (0.99, 0.8, 0.65, 0.5, 0.35, 0.2)  # of two titles' words, levels of agreement
ALIKE: Final = 0.3  # share of words from which Splink learns how the same measures agree
RECALL: Final = 0.7  # share of the same measures that Splink is told have one title


def token_sort(task: Task) -> Iterator[Compared]:
    """rapidfuzz: titles with their words in order of the alphabet, by edit distance."""
    import numpy as np
    from rapidfuzz import fuzz, process, utils

    for one, other in combinations(task.lists, 2):
        titles = [[r.title for r in task.lists[name]] for name in (one, other)]
        likeness = process.cdist(
            *titles, scorer=fuzz.token_sort_ratio, processor=utils.default_process, dtype=np.float64
        )
        yield one, other, likeness / 100


def tf_idf(task: Task) -> Iterator[Compared]:
    """scikit-learn: cosines of characters and words; descriptions count where both have one."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    kinds = (
        (0.9, TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        (0.1, TfidfVectorizer(analyzer="word", ngram_range=(1, 2), sublinear_tf=True)),
    )
    described = np.array([bool(r.description.strip()) for r in task.rows])
    titles = [(share, kind.fit_transform(r.title for r in task.rows)) for share, kind in kinds]
    texts = [
        (share, kind.fit_transform(r.description for r in task.rows))
        for share, kind in (kinds if described.any() else ())
    ]
    places = _places(task)
    for one, other in combinations(task.lists, 2):
        here, there = places[one], places[other]
        told, more = (
            sum(share * (x[here] @ x[there].T).toarray() for share, x in spaces)
            for spaces in (titles, texts)
        )
        both = np.outer(described[here], described[there])
        yield one, other, np.where(both, (told + more) / 2, told)


def splink(task: Task) -> Iterator[Compared]:
    """Splink 4 on DuckDB: Fellegi and Sunter's model, its weights learnt by EM from the lists."""
    import logging

    import numpy as np
    import pandas as pd
    import splink.comparison_level_library as levels
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink.internals.exceptions import EMTrainingException

    logging.getLogger("splink").setLevel(logging.ERROR)
    tables = {name: pd.DataFrame(map(_record, rows)) for name, rows in task.lists.items()}
    share = _shared("words_l", "words_r")
    words = cl.CustomComparison(
        output_column_name="words",
        comparison_levels=[
            levels.NullLevel("words"),
            *(levels.CustomLevel(f"{share} >= {least}") for least in SHARES),
            levels.ElseLevel(),
        ],
    )
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        blocking_rules_to_generate_predictions=["1=1"],
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.95, 0.88, 0.8]),
            words,
            cl.JaccardAtThresholds("description", [0.9, 0.8, 0.7]),
        ],
    )
    linker = Linker(list(tables.values()), settings, DuckDBAPI(), input_table_aliases=list(tables))
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("title")], recall=RECALL)
    training.estimate_u_using_random_sampling(DRAWN, seed=1)
    # among all pairs, the same measures are too few for EM to find them
    learn = training.estimate_parameters_using_expectation_maximisation
    try:
        learn(f"{_shared('l.words', 'r.words')} >= {ALIKE}", fix_u_probabilities=True)
    except EMTrainingException:  # no pair is that alike
        learn("1=1", fix_u_probabilities=True)
    found = linker.inference.predict().as_pandas_dataframe()
    at = {row.item: place for rows in task.lists.values() for place, row in enumerate(rows)}
    made = {
        (one, other): np.zeros((len(task.lists[one]), len(task.lists[other])))
        for one, other in combinations(task.lists, 2)
    }
    columns = ("source_dataset_l", "id_l", "source_dataset_r", "id_r", "match_probability")
    for one, mine, other, theirs, sure in found[list(columns)].itertuples(index=False):
        if (one, other) in made:
            made[one, other][at[one, mine], at[other, theirs]] = sure
        else:
            made[other, one][at[other, theirs], at[one, mine]] = sure
    for (one, other), likeness in made.items():
        yield one, other, likeness


PEERS: Final[dict[str, Callable[[Task], Iterator[Compared]]]] = {
    "rapidfuzz": token_sort,
    "scikit-learn": tf_idf,
    "splink": splink,
}
"""By the name of the package."""
LIBRARIES: Final = {
    "rapidfuzz": ("numpy", "rapidfuzz.process"),
    "scikit-learn": ("sklearn.feature_extraction.text",),
    "splink": ("pandas", "splink", "splink.comparison_library"),
}
TITLES: Final = {
    "rapidfuzz": "rapidfuzz token_sort on titles",
    "scikit-learn": "TF-IDF, characters and words",
    "splink": "Splink 4, EM",
}


def kept(compared: Compared, task: Task) -> Iterator[dict[str, Any]]:
    """The pairs that either rule leaves between two lists, surest first."""
    import numpy as np

    one, other, likeness = compared
    rows, columns = likeness.argmax(axis=1), likeness.argmax(axis=0)
    order = np.argsort(-likeness, axis=None, kind="stable")
    here: set[int] = set()
    there: set[int] = set()
    for place in order.tolist():
        left, right = divmod(place, likeness.shape[1])
        sure = float(likeness[left, right])
        if sure <= 0 or len(here) == min(likeness.shape):
            return
        greedy = left not in here and right not in there
        mutual = bool(rows[left] == right and columns[right] == left)
        if greedy:
            here.add(left)
            there.add(right)
        if greedy or mutual:
            ends = (*task.lists[one][left].item, *task.lists[other][right].item)
            yield dict(zip(COLUMNS, (*ends, f"{sure:.9f}", +mutual, +greedy), strict=True))


def _shared(left: str, right: str) -> str:
    """The Jaccard index of two columns of words, in DuckDB's SQL."""
    both, either = f"list_intersect({left}, {right})", f"list_concat({left}, {right})"
    return f"len({both}) * 1.0 / greatest(1, len(list_distinct({either})))"


def _places(task: Task) -> dict[str, slice]:
    places, start = {}, 0
    for name, rows in task.lists.items():
        places[name] = slice(start, start := start + len(rows))
    return places


def _record(row: Row) -> dict[str, str | Sequence[str] | None]:
    """Silence is a null, from which Splink learns nothing."""
    title = " ".join("".join(c if c.isalnum() else " " for c in row.title.lower()).split())
    return {
        "id": row.id,
        "title": title,
        "words": sorted(set(title.split())),
        "description": row.description.lower() or None,
    }


@click.command(help=__doc__)
@click.argument("name", type=click.Choice(tuple(PEERS)))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
def main(name: str, folder: Path, output: Path) -> None:
    task = load_task(folder)
    for module in LIBRARIES[name]:
        import_module(module)
    start = time.perf_counter()
    rows = [row for compared in PEERS[name](task) for row in kept(compared, task)]
    seconds = time.perf_counter() - start
    with output.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    click.echo(f"{seconds:.3f}")


if __name__ == "__main__":
    main()
