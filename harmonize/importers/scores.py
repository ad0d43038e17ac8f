"""Sheets of marks as the trees of what each row marks."""

import re
from collections.abc import Iterable
from typing import Final

from harmonize.ballot import written
from harmonize.fields import declared
from harmonize.importers.filled import files_of
from harmonize.problems import Problem
from harmonize.scores import PRINCIPLES, Scored
from harmonize.trees import Pairs, Scalar, Source

NEEDED: Final = (("concept",), ("scorer",), PRINCIPLES)


def mark_rows(
    sources: Iterable[Source], problems: list[Problem]
) -> tuple[tuple[Pairs, ...], tuple[Problem, ...]]:
    """A tree for each row in which something is marked, and warnings."""
    found, warnings = [], list[Problem]()
    for table in files_of(sources, declared(Scored), NEEDED, problems):
        warnings += table.warnings
        for row in table.rows:
            if not any(row.text(name) for name in PRINCIPLES):
                continue
            cells = ((name, row.cells[name]) for name in declared(Scored) if row.text(name))
            pairs = tuple((Scalar(n, c.place), Scalar(_text(n, c.text), c.place)) for n, c in cells)
            found.append(Pairs(pairs, row.place))
    return tuple(found), tuple(warnings)


def _text(name: str, text: str) -> str:
    """A number that a program has given blanks below it is the number."""
    found = written(text)
    return re.sub(r"\.0+\Z", "", found) if name in PRINCIPLES else found
