"""JSON as nodes that know where they stand: every value is text, and no doubled key is lost.

The reader keeps a stack of its own, so that depth is a stated bound and no accident; a file that
breaks off is told once, and what can be told beside it is told in the same pass.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.trees import Items, Node, Pairs, Scalar, is_nothing

DEPTH: Final = 100  # nested objects and lists
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(
    r"""(?P<sign>[{}\[\]:,])
      | (?P<text>"(?:[^"\\\x00-\x1f]++|\\[^\x00-\x1f])*+")
      | (?P<word>[^\s{}\[\]:,"]++)
      | (?P<end>\Z)""",
    re.VERBOSE,
)
_CUT_OFF: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*+')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS: Final = ("true", "false", "null")
_NO_NUMBERS: Final = ("NaN", "Infinity", "-Infinity")
_HALVES: Final = re.compile("[\ud800-\udfff]")
# What may stand next, and how a person is told.
_VALUE: Final = "a value"
_FIRST: Final = "a value or ]"
_FIRST_KEY: Final = "a key in double quotes or }"
_KEY: Final = "a key in double quotes"
_COLON: Final = "a colon behind the key"
_NEXT: Final = "a comma or the closing sign"
_END: Final = "nothing more"


@dataclass(slots=True)
class _Open:
    """An object or a list whose end has not been seen."""

    place: Place
    closing: str
    items: list[Node] = field(default_factory=list)
    keys: dict[str, Scalar] = field(default_factory=dict)
    values: list[tuple[Scalar, Node]] = field(default_factory=list)
    key: Scalar | None = None
    size: int = 1


def decoded(data: bytes, file: str) -> str:
    """The text of a file; raises `SpecError` where it is none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "UTF-16, wanted UTF-8: save the file with the encoding UTF-8"
        raise SpecError((Problem(Place(file), "HZ005", message),))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"not UTF-8: byte 0x{data[error.start]:02x} here; save the file as UTF-8"
        raise SpecError((Problem(Place(file, line, column), "HZ005", message),)) from None


def parse(text: str, file: str) -> Node:
    """The one value of a text; raises `SpecError` with all that is wrong with its form."""
    return _Reader(text, file).root()


class _Reader:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.stack: list[_Open] = []
        self.found: Node | None = None
        self.wanted = _VALUE
        self.problems: list[Problem] = []

    def root(self) -> Node:
        for kind, token, place in self.tokens():
            if kind == "sign":
                self.sign(token, place)
            elif self.wanted in (_KEY, _FIRST_KEY) and kind == "text":
                self.key(Scalar(self.string(token, place), place))
            elif self.wanted not in (_VALUE, _FIRST):
                raise self.stop(place, self.unexpected(token))
            elif kind == "text":
                self.put(Scalar(self.string(token, place), place))
            else:
                self.put(self.word(token, place))
        if self.found is None:
            raise self.stop(Place(self.file, 1, 1), "nothing stands here", "HZ007")
        if self.problems:
            raise SpecError(tuple(self.problems))
        return self.found

    def tokens(self) -> Iterator[tuple[str, str, Place]]:
        """Every token with its kind and place; the text has to end where its value ends."""
        text, at, line, begun = self.text, 0, 1, 0
        while True:
            start = _BLANK.match(text, at).end()  # type: ignore[union-attr]  # matches always
            if breaks := text.count("\n", at, start):
                line, begun = line + breaks, text.rfind("\n", at, start) + 1
            place = Place(self.file, line, start - begun + 1)
            match = _TOKEN.match(text, start)
            if match is None:
                raise self.stop(place, self.unclosed(start))
            kind = str(match.lastgroup)
            if kind == "end":
                self.ended()
                return
            yield kind, match[kind], place
            at = match.end()

    def ended(self) -> None:
        if self.stack:
            opened = self.stack[-1]
            sign = "{" if opened.closing == "}" else "["
            raise self.stop(opened.place, f"the {sign} that opens here is never closed")

    def unclosed(self, start: int) -> str:
        """Why no token begins here: a text without an end, or with what it may not hold."""
        rest = _CUT_OFF.match(self.text, start)
        sign = self.text[rest.end() : rest.end() + 1] if rest else ""
        if sign and sign < " " and sign not in "\r\n":
            return f"a control character (U+{ord(sign):04X}) inside a text: write it as an escape"
        if rest:
            return "the quotation mark that opens here is not closed in its line"
        return "not readable as JSON here"

    # --- signs ---

    def sign(self, mark: str, place: Place) -> None:
        if mark in "{[" and self.wanted in (_VALUE, _FIRST):
            if len(self.stack) >= DEPTH:
                raise self.stop(place, f"nested more than {DEPTH} levels deep", "HZ110")
            self.stack.append(_Open(place, "}" if mark == "{" else "]"))
            self.wanted = _FIRST_KEY if mark == "{" else _FIRST
        elif mark in "}]" and self.wanted in (_NEXT, _FIRST, _FIRST_KEY) and self.closes(mark):
            done = self.stack.pop()
            closed = Pairs(tuple(done.values), done.place, done.size)
            self.put(closed if mark == "}" else Items(tuple(done.items), done.place, done.size))
        elif mark == ":" and self.wanted is _COLON:
            self.wanted = _VALUE
        elif mark == "," and self.wanted is _NEXT:
            self.wanted = _KEY if self.stack[-1].closing == "}" else _VALUE
        else:
            raise self.stop(place, self.unexpected(mark))

    def closes(self, mark: str) -> bool:
        return bool(self.stack) and self.stack[-1].closing == mark

    def key(self, key: Scalar) -> None:
        opened = self.stack[-1]
        first = opened.keys.setdefault(key.text, key)
        if first is not key:
            where = f"first in line {first.place.line}"
            self.wrong(key.place, f"the key {key.text[:60]!r} stands here again, {where}", "HZ105")
        opened.key = key
        self.wanted = _COLON

    def put(self, node: Node) -> None:
        """A whole value, into what is open."""
        if not self.stack:
            self.found = node
            self.wanted = _END
            return
        opened = self.stack[-1]
        opened.size += node.size
        if opened.key is None:
            opened.items.append(node)
        elif opened.keys[opened.key.text] is opened.key:
            opened.values.append((opened.key, node))
        self.wanted = _NEXT

    # --- single values ---

    def string(self, token: str, place: Place) -> str:
        if "\\" not in token:
            return token[1:-1]
        try:
            text = str(json.loads(token))
        except ValueError:
            self.wrong(place, "a backslash in a text begins no escape that JSON knows")
            return ""
        if _HALVES.search(text):
            self.wrong(place, "an escape in a text is half of a character: \\ud800 to \\udfff")
        return text

    def word(self, token: str, place: Place) -> Scalar:
        if token in _NO_NUMBERS:
            self.wrong(place, f"{token} is no number that JSON knows: write null, or quote it")
        elif token not in _WORDS and not _NUMBER.fullmatch(token):
            raise self.stop(place, self.unexpected(token))
        return Scalar(token, place, plain=True)

    # --- what is wrong ---

    def unexpected(self, token: str) -> str:
        shown = token if len(token) <= 30 else f"{token[:27]}..."
        return f"{shown!r} stands here, wanted {self.wanted}"

    def wrong(self, place: Place, message: str, code: str = "HZ451") -> None:
        self.problems.append(Problem(place, code, message))
        if len(self.problems) >= MOST:
            raise self.stop(place, TOO_MANY, "HZ113")

    def stop(self, place: Place, message: str, code: str = "HZ451") -> SpecError:
        return SpecError((*self.problems, Problem(place, code, message)))


# --- what a node says ---------------------------------------------------------------------------


def inside(node: Node | None, *keys: str) -> Node | None:
    """What stands under keys, one within the other; `None` where there is no such thing."""
    for key in keys:
        node = node.get(key) if isinstance(node, Pairs) else None
    return node


def each(node: Node | None, *keys: str) -> tuple[Node, ...]:
    """The same as a list: one value alone is a list of it."""
    found = inside(node, *keys)
    if isinstance(found, Items):
        return found.items
    return () if found is None or is_nothing(found) else (found,)


def said(node: Node | None, *keys: str) -> Scalar | None:
    """The same as one value that says something."""
    found = inside(node, *keys)
    return found if isinstance(found, Scalar) and not is_nothing(found) else None


def text(node: Node | None, *keys: str) -> str:
    """The same as a bare text; nothing where nothing is said."""
    found = said(node, *keys)
    return found.text.strip() if found else ""
