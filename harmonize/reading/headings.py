"""The package's file of headings, read into `Headings`; and a user's own mapping of columns."""

from functools import cache
from importlib.resources import files
from typing import Final

from harmonize.headings import SPECIAL, Headings, is_target, made_of, targets
from harmonize.problems import Problem, SpecError
from harmonize.reading.knowledge import plain
from harmonize.reading.knowledge import shipped as known
from harmonize.reading.misnomers import meant_field
from harmonize.reading.nodes import parse
from harmonize.trees import Pairs, Scalar

FILE: Final = "headings.yaml"
TOP: Final = "mapping"  # the key by which a mapping file is known


@cache
def shipped() -> Headings:
    """What comes with the program; read once."""
    text = files("harmonize.data").joinpath(FILE).read_text("utf-8")
    found = plain(parse(text, FILE))
    return made_of(
        ((name, row["field"]) for row in found["headings"] for name in row["names"]),
        ((row["field"], row["words"]) for row in found["words"]),
        (
            *(name for row in found["sections"] for name in row["names"]),
            *(name for name, _, _ in known().domains),
        ),
    )


def read_mapping(text: str, file: str) -> dict[str, str]:
    """Heading -> field, of a mapping file; raises `SpecError` with all that is wrong with it."""
    root = parse(text, file)
    problems: list[Problem] = []
    found: dict[str, str] = {}
    listed = root.get(TOP) if isinstance(root, Pairs) else None
    if not isinstance(listed, Pairs):
        message = f"no '{TOP}:' with a map of heading: field under it"
        raise SpecError((Problem(root.place, "HZ204", message),))
    for key, value in listed.pairs:
        if not isinstance(value, Scalar):
            message = f"{key.text[:60]!r} holds {value.kind}, wanted the name of a field"
            problems.append(Problem(value.place, "HZ204", message))
        elif not is_target(value.text):
            problems.append(Problem(value.place, "HZ205", f"no field: {unknown(value.text)}"))
        else:
            found[key.text] = value.text
    if problems:
        raise SpecError(tuple(problems))
    return found


def unknown(field: str) -> str:
    """What is said of a name that is no field."""
    return f"{field[:60]!r}: {meant_field(field, (*targets(), *SPECIAL))}"
