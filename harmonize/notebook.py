"""The report for notebooks: specs in, tidy pandas frames out."""

from collections.abc import Iterable

import pandas as pd

from harmonize import workspace
from harmonize.audience import Published, marked, publish
from harmonize.views import view


def compare(
    paths: str | Iterable[str] = (),
    *,
    reference: Iterable[str] = (),
    audience: str | None = None,
    knowledge: Iterable[str] = (),
) -> Published:
    """The report on the specs under `paths`, by default for the public where anything is marked.

    `reference` are lists shown and never counted, `knowledge` files that add to what is known.

    Raises `harmonize.problems.SpecError` with every problem of every file.
    """
    named = [paths] if isinstance(paths, str) else list(paths)
    found = workspace.load(named, references=reference, knowledge_files=knowledge)
    chosen = audience or ("public" if marked(found.sets) else "broker")
    return publish(found.sets, found.knowledge, chosen, workspace.standards())


def frame(
    published: Published, name: str = "overlap", *, layout: str = "long", cell: str = "id"
) -> pd.DataFrame:
    """One view as a frame; all columns are text but the numbers of `summary` and `overlap`."""
    table = view(published, name, layout, cell)
    return pd.DataFrame(list(table.rows), columns=list(table.columns))
