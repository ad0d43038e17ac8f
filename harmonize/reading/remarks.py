"""The comments of a YAML file put to the values beside which they stand, so that they can stay."""

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from harmonize.trees import Items, Node, Pairs, Scalar

_Loader: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Characters that YAML refuses, or takes for line breaks, and that our reader takes for text.
_ODD: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

_BREAK: Final = re.compile("\r\n|[\n\r]")


def remarked(root: Node, text: str) -> Node:
    """The tree of a text with its comments: beside a value, or on the key below them."""
    above, beside = _comments(text.removeprefix("\ufeff"))
    placing = _Placing(above, _owners(root, beside))
    found = placing.node(root)
    if not placing.above or not isinstance(found, Pairs) or not found.pairs:
        return found
    # What stands below everything goes above the last key: moved, and not lost.
    (key, node), rest = found.pairs[-1], [said for _, said in placing.above]
    key = key._replace(remark="\n".join((*((key.remark,) if key.remark else ()), *rest)))
    return found._replace(pairs=(*found.pairs[:-1], (key, node)))


def commented(text: str) -> list[tuple[int, int, str]]:
    """Each comment with its line and the line that it is about: its own, or what stands below."""
    text = text.removeprefix("\ufeff")
    lines = text.splitlines()
    above, beside = _comments(text)
    found = [(line, line, said) for line, said in beside.items()]
    for line, said in above:
        below = (
            n for n, own in enumerate(lines[line:], line + 1) if own.strip()[:1] not in ("", "#")
        )
        found.append((line, next(below, line), said))
    return sorted(found)


def _comments(text: str) -> tuple[list[tuple[int, str]], dict[int, str]]:
    """Comments in a line of their own, and those behind something, by line."""
    lines = _BREAK.split(text)
    try:
        ends, inside = _reach(text)
    except (yaml.YAMLError, UnicodeError):
        return [], {}
    above: list[tuple[int, str]] = []
    beside: dict[int, str] = {}
    for at, line in enumerate(lines):
        rest = line[ends.get(at, 0) :].strip()
        if not rest.startswith("#") or (at in inside and at not in ends):
            continue
        said = rest[1:].removeprefix(" ")
        if at in ends:
            beside[at + 1] = said
        else:
            above.append((at + 1, said))
    return above, beside


def ends(text: str) -> Mapping[int, int]:
    """For each line on which more than a comment stands, the column behind what is no comment.

    Lines and columns count from 1.  The text is one that the reader has read.
    """
    found, inside = _reach(text)
    lines = _BREAK.split(text)
    whole = {at: len(lines[at]) for at in inside if at < len(lines) and lines[at].strip()}
    return {at + 1: column + 1 for at, column in (whole | found).items()}


def _reach(text: str) -> tuple[dict[int, int], set[int]]:
    """Where what is no comment ends, by line, and the lines that a value goes on over."""
    ends: dict[int, int] = {}
    inside: set[int] = set()
    for token in yaml.scan(_ODD.sub("?", text), Loader=_Loader):
        start, end = token.start_mark, token.end_mark
        if (start.line, start.column) == (end.line, end.column):
            continue
        block = end.line > start.line and end.column == 0
        last = end.line - 1 if block else end.line
        inside.update(range(start.line + 1, last + 1))
        if not block:
            ends[end.line] = max(ends.get(end.line, 0), end.column)
    return ends, inside


def _owners(root: Node, beside: dict[int, str]) -> dict[tuple[int, int], str]:
    """The comments by the place of the last text that begins before them."""
    texts = sorted({(s.place.line, s.place.column) for s in _texts(root)})
    found: dict[tuple[int, int], str] = {}
    for line, said in beside.items():
        before = [at for at in texts if at[0] <= line]
        if before:
            found[before[-1]] = said
    return found


def _texts(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Items):
        return [s for one in node.items for s in _texts(one)]
    return [s for key, one in node.pairs for s in (key, *_texts(one))]


class _Placing:
    """One walk through a tree, in the order of the file."""

    def __init__(self, above: list[tuple[int, str]], beside: dict[tuple[int, int], str]) -> None:
        self.above = above
        self.beside = beside

    def node(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            return self.text(node)
        if isinstance(node, Items):
            return node._replace(items=tuple(map(self.node, node.items)))
        return node._replace(pairs=tuple((self.key(k), self.node(n)) for k, n in node.pairs))

    def key(self, key: Scalar) -> Scalar:
        waiting = []
        while self.above and self.above[0][0] < key.place.line:
            waiting.append(self.above.pop(0)[1])
        one = self.text(key)
        return one._replace(remark="\n".join((*waiting, *((one.remark,) if one.remark else ()))))

    def text(self, one: Scalar) -> Scalar:
        said = self.beside.get((one.place.line, one.place.column))
        return one if said is None else one._replace(remark=said)
