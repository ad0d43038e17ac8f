"""YAML as nodes that know where they stand: every scalar is text, and nothing is run or guessed.

Nodes are built from the event stream, and depth, size, aliases and expansion are checked while it
streams: a composer would have recursed, or expanded, before anybody could object.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from harmonize.problems import Place, Problem, SpecError

DEPTH: Final = 50  # nested collections
NODES: Final = 500_000  # scalars and collections in a file, aliases counted as what they stand for
EXPANSION: Final = 100_000  # nodes that aliases may add
SCALAR: Final = 1 << 20  # characters in one value
SIZE: Final = 16 << 20  # bytes in a file

_Loader: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS: Final = {f"tag:yaml.org,2002:{t}" for t in ("str", "seq", "map")} | {"!"}
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# Text may hold any character, and YAML forbids some: those wait in a private area while it parses.
_FORBIDDEN: Final = (*range(1, 9), 0xB, 0xC, *range(0xE, 0x20), *range(0x7F, 0x85),
                     *range(0x86, 0xA0), 0xFFFE, 0xFFFF)  # fmt: skip
_AWAY: Final = {code: chr(0xF0000 + code) for code in _FORBIDDEN}
_BACK: Final = {0xF0000 + code: chr(code) for code in _FORBIDDEN}
_WAITING: Final = re.compile(f"[{''.join(_AWAY.values())}]")
_KEY_VALUE: Final = re.compile(r"\s*(?:-\s+)*(?P<key>[^\s:#'\"{\[][^:#]*?):\s+(?P<value>\S.*)")
_CUT: Final = re.compile(r"[ \t]+#\S")
_OPEN_KEYS: Final = {"title", "id", "name"}  # whose values no payer can withhold


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text; `plain` if it stood without quotes."""

    text: str
    place: Place
    plain: bool = False

    kind = "a single value"
    size = 1


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place
    size: int = 1

    kind = "a list"


@dataclass(frozen=True, slots=True)
class Pairs:
    """A map, in the order of the file; keys are single texts and each stands once."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    place: Place
    size: int = 1

    kind = "a map"

    def get(self, key: str) -> "Node | None":
        """The value under a key, or `None`."""
        return next((node for name, node in self.pairs if name.text == key), None)


Node = Scalar | Items | Pairs


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen."""

    place: Place
    mapping: bool
    anchor: str | None
    parts: list[Node]
    size: int = 1


def parse(text: str, file: str) -> Node:
    """The one document of a text; raises `SpecError` with what is wrong and where."""
    return _Builder(text, file).document()


class _Builder:
    """One pass over the events of one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = _BREAK.split(text)
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.nodes = 0
        self.added = 0

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def stop(self, place: Place, code: str, message: str) -> SpecError:
        return SpecError((*self.problems, Problem(place, code, message)))

    def document(self) -> Node:
        at = self.text.find("\0")
        if at >= 0:
            before = _BREAK.split(self.text[:at])
            place = Place(self.file, len(before), len(before[-1]) + 1)
            raise self.stop(place, "HZ006", "a zero byte stands here: a binary file, not text")
        try:
            root = self.build(yaml.parse(self.text.translate(_AWAY), Loader=_Loader))
        except yaml.MarkedYAMLError as error:
            raise self.unreadable(error) from None
        except yaml.YAMLError:
            raise self.stop(Place(self.file, 1, 1), "HZ101", "not readable as YAML text") from None
        if root is None:
            raise self.stop(
                Place(self.file, 1, 1),
                "HZ007",
                "nothing stands here: a spec begins with 'harmonize: 1'",
            )
        if self.problems:
            raise SpecError(tuple(self.problems))
        return root

    def build(self, events: Iterator[Any]) -> Node | None:
        stack: list[_Open] = []
        root: Node | None = None
        for event in events:
            node: Node | None = None
            anchor: str | None = None
            match event:
                case yaml.ScalarEvent():
                    anchor = event.anchor
                    node = self.scalar(event, is_key=_awaits_key(stack))
                case yaml.AliasEvent():
                    node = self.alias(event)
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    self.open(event, stack)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    done = stack.pop()
                    anchor = done.anchor
                    node = self.close(done)
                case yaml.DocumentStartEvent() if root is not None:
                    raise self.stop(
                        self.place(event.start_mark),
                        "HZ106",
                        "a second document begins here: one file holds one spec, so split the file",
                    )
            if node is None:
                continue
            if anchor:
                self.anchors[anchor] = node
            if stack:
                stack[-1].parts.append(node)
                stack[-1].size += node.size
            else:
                root = node
        return root

    def count(self, place: Place, size: int = 1) -> None:
        self.nodes += size
        if self.nodes > NODES:
            raise self.stop(place, "HZ111", f"more than {NODES:,} values in one file")

    def tagged(self, event: Any) -> None:
        if event.tag and event.tag not in _PLAIN_TAGS:
            place = self.place(event.start_mark)
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")[:40]
            message = f"the tag {shown!r} stands here: specs have no tags, so take it out"
            self.problems.append(Problem(place, "HZ108", message))

    def open(self, event: Any, stack: list[_Open]) -> None:
        place = self.place(event.start_mark)
        self.count(place)
        self.tagged(event)
        if len(stack) >= DEPTH:
            raise self.stop(place, "HZ110", f"nested more than {DEPTH} levels deep")
        if event.anchor:
            self.anchors[event.anchor] = None
        stack.append(_Open(place, isinstance(event, yaml.MappingStartEvent), event.anchor, []))

    def alias(self, event: Any) -> Node:
        place = self.place(event.start_mark)
        node = self.anchors.get(event.anchor)
        if node is None:
            known = event.anchor in self.anchors
            reason = "refers to itself" if known else "refers to nothing"
            hint = "" if known else " (a text that begins with * needs quotes)"
            raise self.stop(place, "HZ109", f"the alias *{event.anchor[:40]} {reason}{hint}")
        self.added += node.size
        if self.added > EXPANSION:
            raise self.stop(place, "HZ111", f"aliases expand to more than {EXPANSION:,} values")
        self.count(place, node.size)
        return node

    def scalar(self, event: Any, *, is_key: bool) -> Scalar:
        place = self.place(event.start_mark)
        self.count(place)
        self.tagged(event)
        if len(event.value) > SCALAR:
            raise self.stop(place, "HZ112", f"a value of more than {SCALAR:,} characters")
        value = event.value
        if _WAITING.search(value):
            value = value.translate(_BACK)
        plain = event.style in (None, "")
        if plain and not is_key:
            self.cut(event, place)
        if event.style in (">", "|"):
            header = self.lines[event.start_mark.line][event.start_mark.column :]
            if not event.value.strip() or re.match(r"[>|][+-]?[0-9]", header):
                self.problems.append(Problem(place, "HZ103", _blocked(self.key(place), header)))
        return Scalar(value.rstrip("\n") if event.style in (">", "|") else value, place, plain)

    def cut(self, event: Any, place: Place) -> None:
        end = event.end_mark
        if end.line >= len(self.lines) or not _CUT.match(self.lines[end.line], end.column):
            return
        key = self.key(place)
        whole = f"{event.value}{self.lines[end.line][end.column :].rstrip()}"
        message = f"the value ends before ' #', where YAML begins a comment: {_quoted(key, whole)}"
        self.problems.append(Problem(place, "HZ102", message))

    def key(self, place: Place) -> str:
        """The key that stands before a value on its line, or nothing."""
        found = _KEY_VALUE.match(self.lines[place.line - 1])
        return found["key"].strip() if found else ""

    def close(self, done: _Open) -> Node:
        if not done.mapping:
            return Items(tuple(done.parts), done.place, done.size)
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        for key, value in zip(done.parts[::2], done.parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(
                    Problem(key.place, "HZ204", f"{key.kind} as a key: a key is a word")
                )
            elif key.plain and key.text == "<<":
                message = "a merge key stands here: write the keys out, or use 'extends'"
                self.problems.append(Problem(key.place, "HZ107", message))
            elif key.text in seen:
                message = f"the key {key.text[:80]!r} stands here again, first in line "
                self.problems.append(
                    Problem(key.place, "HZ105", f"{message}{seen[key.text].line}: keep one")
                )
            else:
                seen[key.text] = key.place
                pairs.append((key, value))
        return Pairs(tuple(pairs), done.place, done.size)

    def unreadable(self, error: yaml.MarkedYAMLError) -> SpecError:
        mark = error.problem_mark or error.context_mark
        start = error.context_mark or mark
        if mark is None:
            return self.stop(Place(self.file, 1, 1), "HZ101", "not readable as YAML text")
        reason = f"{error.problem or ''}"
        for at in (start, mark):
            line = self.lines[min(at.line, len(self.lines) - 1)]
            found = _KEY_VALUE.match(line)
            if found and found["value"][0] in ">|":
                place = Place(self.file, at.line + 1, found.start("value") + 1)
                return self.stop(place, "HZ103", _blocked(found["key"].strip(), found["value"]))
        line = self.lines[min(mark.line, len(self.lines) - 1)]
        place = self.place(mark)
        found = _KEY_VALUE.match(line)
        if "mapping values are not allowed" in reason and found:
            place = Place(self.file, mark.line + 1, found.start("value") + 1)
            how = _quoted(found["key"].strip(), found["value"].rstrip())
            return self.stop(place, "HZ104", f"a second ': ' stands in this value: {how}")
        if "\t" in line[: mark.column + 1]:
            return self.stop(place, "HZ101", "a tab stands where YAML takes only blanks")
        hint = "; a value with : # > | @ % * & ! [ ] { } needs quotes"
        reason = re.sub(r"\s+", " ", reason)
        return self.stop(place, "HZ101", f"not readable as YAML here ({reason}){hint}")


def _awaits_key(stack: list[_Open]) -> bool:
    return bool(stack) and stack[-1].mapping and len(stack[-1].parts) % 2 == 0


def _quoted(key: str, value: str) -> str:
    """How to write it; only of keys that nobody can withhold is the value shown."""
    if key not in _OPEN_KEYS:
        return f'put it in quotes, {key or "key"}: "..."'
    inner = value.strip().replace("\\", "\\\\").replace('"', '\\"')
    shown = inner if len(inner) <= 120 else f"{inner[:117]}..."
    return f'put it in quotes, {key}: "{shown}"'


def _blocked(key: str, header: str) -> str:
    return (
        f"a value that begins with {header[0]} turns into a block of text: "
        f'put it in quotes, {key or "key"}: "{header[0]} ..."'
    )
