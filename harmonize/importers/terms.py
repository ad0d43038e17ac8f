"""How FHIR and CMS write the words of a closed vocabulary, and that there is nothing to say."""

import re

from harmonize.fields import declared
from harmonize.headings import Headings, says_nothing
from harmonize.importers.jsonnodes import said
from harmonize.measures import Measure
from harmonize.problems import Problem
from harmonize.trees import Node, Scalar


def term(headings: Headings, field: str, word: str) -> str | None:
    """A word of a measure's field as the format has it; `None` for one that it does not know."""
    found = headings.word(field, words(word))
    return found if found in declared(Measure)[field].choices else None


def unknown(field: str, word: Scalar, of: str) -> Problem:
    """The warning that a word was left out, where `term` knows none for it."""
    known = ", ".join(declared(Measure)[field].choices)
    message = f"{of}: {field!r} is {word.text[:60]!r}, left out: the format knows {known}"
    return Problem(word.place, "HZ456", message, "warning")


def words(code: str) -> str:
    """`intermediateOutcome`, `continuous-variable` as words with blanks."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code[:80])
    return " ".join(re.sub(r"[\s_-]+", " ", apart).lower().split())


def worded(node: Node | None, *keys: str) -> Scalar | None:
    """What stands under keys, without the blanks around it, if it says anything."""
    found = said(node, *keys)
    return (
        found._replace(text=found.text.strip())
        if found and not says_nothing(found.text, none=True)
        else None
    )


def lined(node: Node | None, *keys: str) -> Scalar | None:
    """The same in one line."""
    found = worded(node, *keys)
    return found and found._replace(text=" ".join(found.text.split()))


def as_id(text: str) -> str:
    """A text as an id, which stands in one line and hides nothing."""
    return "".join(c if c.isprintable() else "-" for c in " ".join(text.split()))
