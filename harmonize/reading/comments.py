"""Comments of practices, read from the trees of their rows: each with its place."""

from collections.abc import Iterable

from harmonize.comments import Comment, in_order
from harmonize.problems import Problem, SpecError
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.trees import Pairs


def read_comments(
    nodes: Iterable[Pairs],
) -> tuple[tuple[Comment, ...], tuple[Problem, ...]]:
    """Comments in their own order, and warnings; raises `SpecError` with all problems."""
    teller = Teller()
    found = []
    for node in nodes:
        before = len(teller.problems)
        values, where = read_fields(teller, Comment, node)
        if any(p.severity == "error" for p in teller.problems[before:]):
            continue
        one = Comment(where={"": node.place, **where}, **values)
        if not one.feasibility and not one.text:
            message = "a comment with neither 'feasibility' nor 'text': it says nothing"
            teller.warn(node.place, "HZ518", message)
        found.append(one)
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return in_order(found), tuple(sorted(teller.problems))
