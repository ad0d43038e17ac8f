"""The codes of a FHIR element, in the element or in the extension by which an edition says it."""

import re
from dataclasses import dataclass
from typing import Final

from harmonize.importers.jsonnodes import each, inside, said, text
from harmonize.trees import Node, Scalar

# The base of an extension's address moves between editions, and so does its prefix.
_EXTENSION: Final = re.compile(r".*/(?:cqfm|crmi|cqf)-(\w+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code, and the words that stand beside it for people."""

    code: Scalar
    words: str


def codings(node: Node, name: str) -> tuple[Coding, ...]:
    """Every code that a node gives under a name."""
    found: list[Coding] = []
    for one in each(node, "extension"):
        match = _EXTENSION.fullmatch(text(one, "url"))
        if match and match[1].lower() == name.lower():
            found += _plain(inside(one, "valueCode")) or _concept(
                inside(one, "valueCodeableConcept")
            )
    for one in each(node, name):
        found += _plain(one) or _concept(one)
    return tuple(found)


def _plain(node: Node | None) -> list[Coding]:
    code = said(node)
    return [Coding(code, "")] if code else []


def _concept(node: Node | None) -> list[Coding]:
    whole = text(node, "text")
    pairs = [(said(one, "code"), text(one, "display")) for one in each(node, "coding")]
    return [Coding(code, f"{shown} {whole}".strip()) for code, shown in pairs if code]
