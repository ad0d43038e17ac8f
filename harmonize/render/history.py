"""The figures of several releases, drawn: a row a release, JSON and CSV."""

import csv
import io
from collections.abc import Iterable

from harmonize.figures import Figure
from harmonize.render.console import _draw, _grid, _text
from harmonize.render.text import _dumped, guarded

Releases = Iterable[tuple[str, tuple[Figure, ...]]]


def as_json(found: Releases) -> str:
    """Everything as one object, `harmonize.history/1`."""
    releases = [
        {
            "release": ref,
            "summary": [
                {"figure": f.figure, "value": f.value, "of": f.of, "unit": f.unit} for f in own
            ],
        }
        for ref, own in found
    ]
    return _dumped({"schema": "harmonize.history/1", "releases": releases})


def as_csv(found: Releases) -> str:
    """A row a release and figure: UTF-8, LF, header first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("release", "figure", "value", "of", "unit"))
    for ref, own in found:
        for f in own:
            writer.writerow([guarded(cell) for cell in (ref, f.figure, f.value, f.of, f.unit)])
    return out.getvalue()


def as_table(found: Releases, names: Iterable[str], width: int | None, *, color: bool) -> str:
    """A row a release, a column a figure: its value, and of how many."""
    columns = tuple(names)
    grid = _grid()
    grid.add_column(_text("release"), overflow="fold")
    for name in columns:
        words = name.partition(":")[0].replace("_", " ") + "".join(name.partition(":")[1:])
        grid.add_column(_text(words), justify="right", overflow="fold")
    for ref, own in found:
        told = {f.figure: f for f in own}
        grid.add_row(_text(ref), *(_text(_cell(told.get(name))) for name in columns))
    return _draw([grid], width, color=color)


def _cell(one: Figure | None) -> str:
    if one is None:
        return "-"
    value = f"{one.value:g}"
    return value if one.of is None else f"{value} of {one.of}"
