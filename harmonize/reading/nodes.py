"""YAML as nodes that know where they stand: every scalar is text, and nothing is run or guessed.

Nodes are built from the event stream, and depth, size, aliases and expansion are checked while it
streams: a composer would have recursed, or expanded, before anybody could object.  Messages quote
no text but titles and ids, which nobody can withhold; what the parser itself says is not passed on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.trees import Items, Node, Pairs, Scalar

DEPTH: Final = 50  # nested collections
NODES: Final = 2_000_000  # scalars and collections in a file, aliases as what they stand for
EXPANSION: Final = 100_000  # nodes that aliases may add
SCALAR: Final = 1 << 20  # characters in one value
SIZE: Final = 16 << 20  # bytes in a file

_Loader: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS: Final = {f"tag:yaml.org,2002:{t}" for t in ("str", "seq", "map")} | {"!"}
_BREAK: Final = re.compile("\r\n|[\n\r]")
# Text may hold any character.  YAML 1.1 forbids some, and takes some for line breaks that no editor
# shows as such: those wait in a private plane while it parses.
_AWAY: Final = (*range(1, 9), 0xB, 0xC, *range(0xE, 0x20), *range(0x7F, 0xA0),
                0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)  # fmt: skip
_SPECIAL: Final = re.compile(f"[{''.join(map(chr, _AWAY))}]")
_PLANES: Final = (0xF0000, 0x100000)
_LINE: Final = re.compile(r"\s*(?:-\s+)*(?:(?P<key>[^\s:#'\"{\[-][^:#]*?):\s+)?(?P<value>\S.*)")
_CUT: Final = re.compile(r"[ \t]+#\S")
_COMMENT: Final = re.compile(r"[ \t]#\S")
_HEADER: Final = re.compile(r"[>|](?:[+-]?[1-9]?|[1-9][+-])\s*(?:#.*)?")
_GLUED: Final = re.compile(r"\s*(?:-\s+)*[A-Za-z_][\w.]*:(?=[^\s/])")
_WORD: Final = re.compile(r"[a-z][a-z0-9_.]{0,40}")
# Where the keys stand that are no values, and the values that no payer withholds without
# withholding its whole list: a message may show them.
_LEVELS: Final = {(), ("measures",)}
# Marks that close the whole list; looked for before anything is parsed, wherever they stand.
_CLOSING: Final = re.compile(
    r"""\b(?:visibility|measures|everything)["']?\s*:\s*["']?(?:participants|withheld)\b"""
)
_OPEN: Final = {("name",), ("measures",), ("measures", "id"), ("measures", "title")}


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
    return _Builder(text.removeprefix("\ufeff"), file).document()


class _Builder:
    """One pass over the events of one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = _BREAK.split(text)
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.stack: list[_Open] = []
        self.nodes = 0
        self.added = 0
        self.comments = _COMMENT.search(text) is not None
        self.closed = _CLOSING.search(text) is not None
        self.back: dict[int, str] = {}
        self.waiting: re.Pattern[str] | None = None

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def wrong(self, place: Place, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message))
        if len(self.problems) >= MOST:
            raise self.stop(place, "HZ113", TOO_MANY)

    def stop(self, place: Place, code: str, message: str) -> SpecError:
        return SpecError((*self.problems, Problem(place, code, message)))

    def document(self) -> Node:
        start = Place(self.file, 1, 1)
        at = self.text.find("\0")
        if at >= 0:
            before = _BREAK.split(self.text[:at])
            place = Place(self.file, len(before), len(before[-1]) + 1)
            raise self.stop(place, "HZ006", "a zero byte stands here: a binary file, not text")
        try:
            root = self.build(yaml.parse(self.accepted(), Loader=_Loader))
        except yaml.MarkedYAMLError as error:
            raise self.unreadable(error) from None
        except (yaml.YAMLError, UnicodeError):
            raise self.stop(start, "HZ101", "not readable as YAML text") from None
        if self.problems:
            raise SpecError(tuple(self.problems))
        if root is None or root == Scalar("", root.place, plain=True):
            message = "nothing stands here: a spec begins with 'harmonize: 1'"
            raise self.stop(start, "HZ007", message)
        return root

    def accepted(self) -> str:
        """The text with what YAML would not let through put away."""
        if not _SPECIAL.search(self.text):
            return self.text
        for plane in _PLANES:
            waiting = re.compile(f"[{''.join(chr(plane + code) for code in _AWAY)}]")
            if not waiting.search(self.text):
                break
        self.waiting = waiting
        self.back = {plane + code: chr(code) for code in _AWAY}
        return self.text.translate({code: chr(plane + code) for code in _AWAY})

    def build(self, events: Iterator[Any]) -> Node | None:
        stack = self.stack
        root: Node | None = None
        for event in events:
            node: Node | None = None
            anchor: str | None = None
            match event:
                case yaml.ScalarEvent():
                    anchor = event.anchor
                    node = self.scalar(event)
                case yaml.AliasEvent():
                    node = self.alias(event)
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    self.open(event)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    done = stack.pop()
                    anchor = done.anchor
                    node = self.close(done)
                case yaml.DocumentStartEvent() if root is not None:
                    message = "a second document begins here: one file holds one spec, so split it"
                    raise self.stop(self.place(event.start_mark), "HZ106", message)
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
            message = "a tag stands here: take it out, or put a value that begins with ! in quotes"
            self.wrong(self.place(event.start_mark), "HZ108", message)

    def open(self, event: Any) -> None:
        place = self.place(event.start_mark)
        self.count(place)
        self.tagged(event)
        if len(self.stack) >= DEPTH:
            raise self.deep(place)
        if event.anchor:
            self.anchors[event.anchor] = None
        mapping = isinstance(event, yaml.MappingStartEvent)
        self.stack.append(_Open(place, mapping, event.anchor, []))

    def alias(self, event: Any) -> Node:
        place = self.place(event.start_mark)
        node = self.anchors.get(event.anchor)
        if node is None:
            message = "this alias refers to nothing: a value that begins with * needs quotes"
            if event.anchor in self.anchors:
                message = "this alias refers to what it stands in"
            raise self.stop(place, "HZ109", message)
        self.added += node.size
        if self.added > EXPANSION:
            raise self.stop(place, "HZ111", f"aliases expand to more than {EXPANSION:,} values")
        self.count(place, node.size)
        return node

    def scalar(self, event: Any) -> Scalar:
        value: str = event.value
        place = self.place(event.start_mark)
        self.count(place)
        if event.tag:
            self.tagged(event)
        if len(value) > SCALAR:
            raise self.stop(place, "HZ112", f"a value of more than {SCALAR:,} characters")
        if self.waiting and self.waiting.search(value):
            value = value.translate(self.back)
        plain = not event.style
        if plain:
            if self.comments and not self.awaits_key():
                self.cut(event, value, place)
        elif event.style in ">|":
            header = self.lines[event.start_mark.line][event.start_mark.column :]
            if not value.strip() or re.match(r"[>|][+-]?[0-9]", header):
                self.wrong(place, "HZ103", _blocked(self.key(), header[0]))
            value = value.rstrip("\n")
        return Scalar(value, place, plain)

    def cut(self, event: Any, value: str, place: Place) -> None:
        end = event.end_mark
        if end.line >= len(self.lines) or not _CUT.match(self.lines[end.line], end.column):
            return
        whole = f"{value}{self.lines[end.line][end.column :]}"
        how = _quoted(self.key(), whole if self.is_open() else None)
        message = f"the value ends before ' #', where YAML begins a comment: {how}"
        self.wrong(place, "HZ102", message)

    def awaits_key(self) -> bool:
        stack = self.stack
        return bool(stack) and stack[-1].mapping and len(stack[-1].parts) % 2 == 0

    def path(self) -> tuple[str, ...]:
        """Keys above and before the value that was read last or is read now; lists have none."""
        keys = []
        for one in self.stack:
            if one.mapping and one.parts:
                key = one.parts[-1 if len(one.parts) % 2 else -2]
                keys.append(key.text if isinstance(key, Scalar) else "")
        return tuple(keys)

    def key(self) -> str:
        """The key of the value that is read now, where it can be no value itself."""
        path = self.path()
        within = bool(self.stack) and self.stack[-1].mapping and path[:-1] in _LEVELS
        return path[-1] if within and path and _WORD.fullmatch(path[-1]) else ""

    def is_open(self) -> bool:
        """Whether the value that is read now is one that is not withheld."""
        return self.path() in _OPEN and not self.closed

    def close(self, done: _Open) -> Node:
        if not done.mapping:
            return Items(tuple(done.parts), done.place, done.size)
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        for key, value in zip(done.parts[::2], done.parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.wrong(key.place, "HZ204", f"{key.kind} as a key: a key is a word")
            elif key.plain and key.text == "<<":
                message = "a merge key stands here: write the keys out, or use 'extends'"
                self.wrong(key.place, "HZ107", message)
            elif key.text in seen:
                is_key = self.path() in _LEVELS and _WORD.fullmatch(key.text)
                named = f"the key {key.text!r}" if is_key else "this key"
                where = f"first in line {seen[key.text].line}"
                self.wrong(key.place, "HZ105", f"{named} stands here again, {where}: keep one")
            else:
                seen[key.text] = key.place
                pairs.append((key, value))
        return Pairs(tuple(pairs), done.place, done.size)

    # --- what the parser could not read ---

    def unreadable(self, error: yaml.MarkedYAMLError) -> SpecError:
        mark: Any = error.problem_mark or error.context_mark
        if mark is None:
            return self.stop(Place(self.file, 1, 1), "HZ101", "not readable as YAML text")
        start: Any = error.context_mark or mark
        context, reason = error.context or "", error.problem or ""
        if "block scalar" in context:
            line = self.line(start)
            header = line[start.column :]
            if not _HEADER.fullmatch(header):
                message = _blocked(self.key(), line[start.column : start.column + 1])
                return self.stop(self.place(start), "HZ103", message)
        if "nesting depth" in reason:
            return self.too_deep(mark)
        if "mapping values are not allowed" in reason:
            return self.second_colon(mark)
        if "simple key" in context and (glued := _GLUED.match(self.line(start))):
            return self.stop(Place(self.file, start.line + 1, glued.end()), "HZ101", _NO_BLANK)
        if "node content" in reason and not any(map(str.strip, self.lines[mark.line :])):
            opened = self.stack[-1].place if self.stack else self.place(start)
            sign = self.sign(opened)
            if sign in ("[", "{"):
                return self.stop(opened, "HZ101", f"the {sign} {_UNCLOSED}")
        return self.by_reason(context, reason, start, mark)

    def too_deep(self, mark: yaml.Mark) -> SpecError:
        """A parser with a bound of its own looked ahead and stopped before we counted to ours."""
        depth = sum(self.sign(one.place) not in ("[", "{") for one in self.stack)
        for at, line in enumerate(self.lines[: mark.line + 1]):
            for column, sign in enumerate(line if at < mark.line else line[: mark.column]):
                depth += (sign in "[{") - (sign in "]}" and depth > 0)
                if depth > DEPTH:
                    return self.deep(Place(self.file, at + 1, column + 1))
        return self.deep(self.place(mark))

    def deep(self, place: Place) -> SpecError:
        return self.stop(place, "HZ110", f"nested more than {DEPTH} levels deep")

    def by_reason(self, context: str, reason: str, start: yaml.Mark, mark: yaml.Mark) -> SpecError:
        for in_context, in_reason, at_start, message in _REASONS:
            if in_context in context and in_reason in reason:
                place = self.place(start if at_start else mark)
                return self.stop(place, "HZ101", self.told(message, mark))
        return self.stop(self.place(mark), "HZ101", f"not readable as YAML here: {_QUOTES}")

    def sign(self, place: Place) -> str:
        """The character that stands at a place."""
        return self.lines[place.line - 1][place.column - 1 : place.column]

    def line(self, mark: yaml.Mark) -> str:
        return self.lines[min(mark.line, len(self.lines) - 1)]

    def told(self, message: str, mark: Any) -> str:
        """The message, or a better one where the line itself shows what happened."""
        line = self.line(mark)
        found = _LINE.match(line)
        if "\t" in line[: mark.column + 1] and not line[: mark.column].strip():
            return "a tab stands where YAML takes only blanks"
        if found and message is _MISPLACED and mark.column > found.start("value"):
            quote = found["value"][0]
            if quote in "'\"":
                twice = "" if quote == '"' else " (a ' inside it is written twice)"
                return f"the value goes on after its closing {quote}{twice}: quote all of it"
            return f"the value goes on after its end: {_quoted(self.key(), None)}"
        return message

    def second_colon(self, mark: Any) -> SpecError:
        """`title: Diabetes: A1c`, or a line that was taken as part of the value above it."""
        found = _LINE.match(self.line(mark))
        if found and found["key"] and mark.column >= found.start("value"):
            place = Place(self.file, mark.line + 1, found.start("value") + 1)
            known = self.path()
            is_open = known in _OPEN and known[-1] == found["key"] and not self.closed
            how = _quoted(self.key(), found["value"] if is_open else None)
            return self.stop(place, "HZ104", f"a second ': ' stands in this value: {how}")
        above = next((at for at in range(mark.line - 1, -1, -1) if self.lines[at].strip()), 0)
        glued = _GLUED.match(self.lines[above])
        if glued and mark.line:
            return self.stop(Place(self.file, above + 1, glued.end()), "HZ101", _NO_BLANK)
        message = (
            "this line was taken as a part of the value above it: "
            "put keys exactly under each other, and a value with ': ' in quotes"
        )
        return self.stop(self.place(mark), "HZ104", message)


_QUOTES: Final = "a value with : # > | @ % * & ! [ ] { } in it needs quotes"
_NO_BLANK: Final = "a blank is missing after this colon"
_UNCLOSED: Final = "that opens here is not closed where it has to be"
_MISPLACED: Final = "this is out of place: put keys, and the dashes of a list, under each other"
# What the context and the reason of the parser contain, whether its start is the place, and what
# we say.  Both parsers of pyyaml are understood, and neither is quoted: it may quote the text.
_REASONS: Final = (
    ("quoted scalar", "end of stream", True, "the quotation mark that opens here is never closed"),
    (
        "quoted scalar",
        "escape",
        False,
        "a backslash in double quotes begins an escape: use single quotes, or write \\\\",
    ),
    ("flow sequence", "", True, f"the [ {_UNCLOSED}"),
    ("flow mapping", "", True, f"the {{ {_UNCLOSED}"),
    ("", "tab character", False, "a tab stands where YAML takes only blanks"),
    ("", "cannot start any token", False, f"a value cannot begin like this: {_QUOTES}"),
    ("simple key", "", True, "this line is no 'key: value': a colon and a blank are missing"),
    ("block mapping", "", False, _MISPLACED),
    ("block collection", "", False, _MISPLACED),
    ("", "document start", False, _MISPLACED),
    ("", "sequence entries are not allowed", False, "a list begins in a line of its own"),
    ("alias", "", True, "a value that begins with * needs quotes"),
    ("anchor", "", True, "a value that begins with & needs quotes"),
    ("tag", "", True, "a value that begins with ! needs quotes"),
)


def _quoted(key: str, value: str | None) -> str:
    """How to write it, with the value where it may be shown."""
    if value is None:
        return f'put it in quotes, {key or "key"}: "..."'
    inner = value.strip().replace("\\", "\\\\").replace('"', '\\"')
    shown = inner if len(inner) <= 120 else f"{inner[:117]}..."
    return f'put it in quotes, {f"{key}:" if key else "-"} "{shown}"'


def _blocked(key: str, sign: str) -> str:
    return (
        f"a value that begins with {sign} turns into a block of text: "
        f'put it in quotes, {key or "key"}: "{sign} ..."'
    )
