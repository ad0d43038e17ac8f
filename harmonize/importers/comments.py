"""Sheets of comments as the trees of comments."""

import re
from collections.abc import Iterable
from typing import Final

from harmonize.ballot import written
from harmonize.comments import Comment
from harmonize.fields import declared
from harmonize.importers.filled import files_of
from harmonize.problems import Problem
from harmonize.trees import Pairs, Scalar, Source

NEEDED: Final = (("measure",), ("role",), ("feasibility", "text"))


def comment_rows(
    sources: Iterable[Source], problems: list[Problem]
) -> tuple[tuple[Pairs, ...], tuple[str, ...], tuple[Problem, ...]]:
    """A tree for each row, what is to be said of the files, and warnings."""
    found, notes, warnings = [], list[str](), list[Problem]()
    for table in files_of(sources, declared(Comment), NEEDED, problems):
        notes += table.notes
        warnings += table.warnings
        for row in table.rows:
            cells = ((name, row.cells[name]) for name in declared(Comment) if row.text(name))
            pairs = tuple((Scalar(n, c.place), Scalar(_text(n, c.text), c.place)) for n, c in cells)
            found.append(Pairs(pairs, row.place))
    return tuple(found), tuple(notes), tuple(warnings)


def _text(name: str, text: str) -> str:
    """A number that a program has given blanks below it is the number."""
    found = written(text)
    return re.sub(r"\.0+\Z", "", found) if name == "feasibility" else found
