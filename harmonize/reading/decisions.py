"""Decisions files read into decisions: each with its place, all of their problems at once."""

from collections.abc import Iterable
from typing import Final

from harmonize.decisions import (
    ABOUT,
    DISPOSITIONS,
    OF_A_DIFFERENCE,
    OF_A_MATCH,
    REASONED,
    Decision,
    ordered,
)
from harmonize.measures import ATTRIBUTES
from harmonize.problems import Problem, SpecError
from harmonize.reading.listing import listed
from harmonize.reading.nodes import parse
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.terms import OTHER_AREAS, attributes
from harmonize.trees import Node, Pairs

_ANSWERS: Final = {
    "match": ("judgement", OF_A_MATCH),
    "difference": ("judgement", OF_A_DIFFERENCE),
    "measure": ("disposition", DISPOSITIONS),
}


def read_decisions(
    documents: Iterable[tuple[str, str]],
) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """All files, given as (file, text): decisions in their own order, and warnings.

    In how many files they stand, and in which order, is no part of what is decided.  Raises
    `SpecError` with all problems of all files.
    """
    found: list[Decision] = []
    warnings: list[Problem] = []
    errors: list[Problem] = []
    for file, text in documents:
        try:
            own, noted = read_file(text, file)
        except SpecError as error:
            errors.extend(error.problems)
        else:
            found.extend(own)
            warnings.extend(noted)
    if errors:
        raise SpecError((*errors, *warnings))
    return ordered(found), tuple(sorted(set(warnings)))


def read_file(text: str, file: str) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """One file's decisions in the order of the file, and what deserves a warning."""
    return read_root(parse(text, file))


def read_root(root: Node) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """The same for a file that has been parsed."""
    teller = Teller()
    found = [_decision(teller, one) for one in listed(teller, root, "decisions")]
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return tuple(d for d in found if d is not None), tuple(sorted(teller.problems))


def read_nodes(nodes: Iterable[Node]) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """The same for entries that have been parsed, such as the rows of a sheet."""
    teller = Teller()
    found = [_decision(teller, one) for one in nodes]
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return tuple(d for d in found if d is not None), tuple(sorted(teller.problems))


def _decision(teller: Teller, node: Node) -> Decision | None:
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{node.kind}, where a decision is a map of keys")
        return None
    before = len(teller.problems)
    values, where = read_fields(teller, Decision, node)
    abouts = [name for name in ABOUT if node.get(name) is not None]
    if len(abouts) != 1:
        told = "several of them" if abouts else "none of them"
        message = f"a decision is about one of {', '.join(ABOUT)}: here is {told}"
        teller.wrong(node.place, "HZ504", message)
        return None
    if any(p.severity == "error" for p in teller.problems[before:]):
        return None
    found = Decision(where={"": node.place, **where}, **values)
    _answered(teller, found)
    match = found.match or ()
    if len(match) > 2:
        teller.wrong(where["match"], "HZ204", "'match' wants two measures: write a pair each")
    if found.answer in REASONED and not found.because:
        message = f"{found.answer!r} without 'because': say why, for others will ask"
        teller.wrong(node.place, "HZ503", message)
    unsaid = [name for name in ("by", "on") if getattr(found, name) is None]
    if unsaid:
        message = f"{' and '.join(map(repr, unsaid))} not said: who decided it, and when?"
        teller.warn(node.place, "HZ501", message)
    return found


def _answered(teller: Teller, found: Decision) -> None:
    """That the answer is one to the question, and no other question is answered beside it."""
    key, words = _ANSWERS[found.about]
    answer = getattr(found, key)
    other = "disposition" if key == "judgement" else "judgement"
    if answer is None:
        message = f"{key!r} is missing: one of {', '.join(words)}"
        teller.wrong(found.place, "HZ202", message)
    elif answer not in words:
        message = f"{key!r} of a {found.about} is {answer!r}, wanted one of {', '.join(words)}"
        teller.wrong(found.where[key], "HZ505", message)
    if getattr(found, other) is not None:
        message = f"{other!r} says nothing of a {found.about}: give {key!r} alone"
        teller.wrong(found.where[other], "HZ505", message)
    if found.about == "difference" and not _is_attribute(found.attribute):
        message = f"'attribute' is {found.attribute[:60]!r}: no field by which payers can differ"
        teller.wrong(found.where["difference"], "HZ205", message)


def _is_attribute(name: str) -> bool:
    return (
        name in ATTRIBUTES
        or name.startswith("ids.")
        or any(name in attributes(area) for area in OTHER_AREAS)
    )
