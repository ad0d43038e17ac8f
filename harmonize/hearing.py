"""What practices say and work groups mark, read from files and held against what is here."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from harmonize.comments import Comment
from harmonize.files import sources
from harmonize.importers.comments import comment_rows
from harmonize.importers.scores import mark_rows
from harmonize.problems import Problem, SpecError
from harmonize.reading.comments import read_comments
from harmonize.reading.scores import read_marks
from harmonize.scores import Scored

SHEETS: Final = (".csv", ".tsv", ".xlsx", ".xlsm")


def hear(
    paths: Iterable[str], known: Iterable[str], payers: Iterable[str]
) -> tuple[tuple[Comment, ...], tuple[Problem, ...]]:
    """The comments of all files, and warnings; raises `SpecError` with all problems.

    `known` are measures and concepts by name, `payers` those that are here: a comment on another
    payer's measure waits until it is, and one on nothing that is here is told.
    """
    problems: list[Problem] = []
    rows, _, warnings = comment_rows(sources(paths, SHEETS, problems), problems)
    comments: tuple[Comment, ...] = ()
    noted: tuple[Problem, ...] = ()
    try:
        comments, noted = read_comments(rows)
    except SpecError as error:
        problems.extend(error.problems)
    if any(one.severity == "error" for one in problems):
        raise SpecError((*problems, *warnings))
    lost = _lost(comments, tuple(known), frozenset(payers))
    return comments, tuple(sorted({*problems, *warnings, *noted, *lost}))


def _lost(
    comments: tuple[Comment, ...], known: tuple[str, ...], payers: frozenset[str]
) -> list[Problem]:
    found = []
    for one in comments:
        name = one.measure or ""
        payer, slash, _ = name.partition("/")
        if name in known or (slash and payer not in payers):
            continue
        near = get_close_matches(name, known, 1, 0.6)
        hint = f": did you mean {near[0]!r}?" if near else ""
        told = f"a comment on {name[:60]!r}, which is no measure and no concept here{hint}"
        found.append(Problem(one.where.get("measure", one.place), "HZ517", told, "warning"))
    return found


def scored(
    paths: Iterable[str], known: Iterable[str]
) -> tuple[tuple[Scored, ...], tuple[Problem, ...]]:
    """The marks of all files, and warnings; raises `SpecError` with all problems.

    `known` are the ids of the candidates: what is marked of others counts for nothing, and is told.
    """
    problems: list[Problem] = []
    rows, warnings = mark_rows(sources(paths, SHEETS, problems), problems)
    marks: tuple[Scored, ...] = ()
    try:
        marks = read_marks(rows)
    except SpecError as error:
        problems.extend(error.problems)
    if any(one.severity == "error" for one in problems):
        raise SpecError((*problems, *warnings))
    ids = frozenset(known)
    lost = [
        Problem(
            one.where.get("concept", one.place),
            "HZ565",
            f"marks of {str(one.concept)[:60]!r}, which is no candidate here: not counted",
            "warning",
        )
        for one in marks
        if one.concept not in ids
    ]
    return marks, tuple(sorted({*problems, *warnings, *lost}))
