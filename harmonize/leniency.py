"""What a repository lets pass, in files: its baseline, and its ignores where people wrote them."""

from collections.abc import Iterable
from pathlib import Path

from harmonize.baseline import Baseline, Known
from harmonize.composing import composed_list
from harmonize.files import SUFFIXES, text_in, text_of
from harmonize.ignores import Ignore
from harmonize.problems import NOWHERE, Problem, SpecError
from harmonize.reading.baseline import read_baseline
from harmonize.reading.ignores import read_comments, read_ignores
from harmonize.reading.nodes import parse
from harmonize.sets import MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar, stated
from harmonize.writing import write


def read(file: str) -> Baseline:
    """What a baseline file knows; raises `SpecError`."""
    return read_baseline(text_of(file), file)


def keep(file: str, known: Baseline) -> None:
    """Write a baseline file, a finding a line."""
    write(Path(file), composed(known))


def composed(known: Baseline) -> str:
    """The text of a baseline file."""
    return composed_list("baseline", map(_entry, known))


def _entry(one: Known) -> Pairs:
    measures = tuple(Scalar(ref, NOWHERE) for ref in one.measures or ())
    found: dict[str, Node | None] = {
        "fingerprint": Scalar(one.fingerprint, NOWHERE),
        "code": Scalar(one.code, NOWHERE),
        "measures": Items(measures, NOWHERE) if measures else None,
        "note": Scalar(one.note, NOWHERE) if one.note else None,
    }
    return stated(found, NOWHERE)


def ignores(
    config: str | None, files: Iterable[str], sets: Iterable[MeasureSet]
) -> tuple[Ignore, ...]:
    """Those of the configuration and those in the comments of specs; raises `SpecError` with all.

    `config` is the file of the configuration, if there is one.
    """
    read_sets = tuple(sets)
    found: list[Ignore] = []
    problems: list[Problem] = []
    try:
        found += _configured(config)
    except SpecError as error:
        problems += error.problems
    for file in sorted(set(files)):
        path = Path(file)
        text = text_in(path, file, []) if path.suffix.lower() in SUFFIXES else None
        try:
            found += read_comments(text or "", file, read_sets)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(tuple(problems))
    return tuple(found)


def _configured(config: str | None) -> tuple[Ignore, ...]:
    if config is None:
        return ()
    root = parse(text_of(config), config)
    listed = root.get("ignore") if isinstance(root, Pairs) else None
    return () if listed is None else read_ignores(listed)
