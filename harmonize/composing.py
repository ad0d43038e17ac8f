"""A spec's tree composed as format-1 YAML that a person would be glad to edit.

Keys stand in the order of their declaration, a text is in quotes where YAML, or a person who knows
YAML, would read something else, and what was inferred is said in a comment.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from harmonize.fields import Info, Kind, declared
from harmonize.measures import Measure
from harmonize.problems import NOWHERE
from harmonize.sets import MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar, is_nothing

WIDTH: Final = 100
# Kinds whose values are no words: a number or a date may stand there without quotes.
_BARE: Final = (Kind.YEAR, Kind.DATE, Kind.COUNT, Kind.FLAG, Kind.AGES)
# What other readers of YAML take for something else than text.
_NOT_TEXT: Final = re.compile(
    r"[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|[-+]?\.[0-9]+|0[xob][0-9a-f_]+"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|[-+]?\.(?:inf|nan)"
    r"|y|n|yes|no|true|false|on|off|null|~|=|<<",
    re.IGNORECASE,
)
_UNSAFE: Final = re.compile(r":(?:\s|$)|\s#")
_IN_FLOW: Final = re.compile(r"[\w .()/%+'\u2019-]*")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def composed(root: Pairs) -> str:
    """The text of a spec, which the reader reads as the same spec."""
    lines: list[str] = []
    for key, node in _in_order(root, MeasureSet):
        if key.text == "measures":
            lines += ["", *_above(key, ""), f"{_word(key.text)}:"]
            lines += _measures(node)
        else:
            lines += _pair(key, node, MeasureSet, "")
    return "\n".join(lines) + "\n"


def composed_mapping(top: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A map of texts under one key, a line each."""
    return "".join((f"{top}:\n", *(f"  {_quoted(key)}: {_word(value)}\n" for key, value in pairs)))


def composed_record(one: object, indent: str = "") -> list[str]:
    """The lines of a record of declared fields as one of a list, a key a line."""
    return _dashed(_tree(one), type(one), indent)


def composed_pair(cls: type, key: str, one: object, indent: str = "") -> list[str]:
    """The lines of a record under its key in a record of a class."""
    return _pair(Scalar(key, NOWHERE), _tree(one), cls, indent)


def composed_flow(key: str, one: object) -> str:
    """A record under its key as it stands between braces, in one line."""
    return f"{_word(key)}: {_flow(_tree(one), None, type(one))}"


def composed_text(text: str, style: str = "") -> str:
    """A text as it may stand anywhere, in the quotes in which another stood where that can be."""
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return _quoted(text) if style else _text(Scalar(text, NOWHERE), None, in_flow=True)


def _tree(one: Any) -> Pairs:
    """A record as a tree, without what it does not state."""
    stated = ((key, getattr(one, info.name)) for key, info in declared(one.__class__).items())
    return _pairs((key, value) for key, value in stated if value is not None)


def _pairs(found: Iterable[tuple[str, Any]]) -> Pairs:
    return Pairs(tuple((Scalar(k, NOWHERE), _node(value)) for k, value in found), NOWHERE)


def _node(value: Any) -> Node:
    if isinstance(value, str):
        return Scalar(value, NOWHERE)
    if isinstance(value, Mapping):
        return _pairs(value.items())
    if isinstance(value, tuple):
        texts = tuple(Scalar(text, NOWHERE) for text in value)
        return texts[0] if len(texts) == 1 else Items(texts, NOWHERE)
    return _tree(value)


def composed_list(top: str, entries: Iterable[Pairs]) -> str:
    """A file of one list of maps, each in one line, so that two versions of it can be compared."""
    lines = [f"  - {_flow(one, None)}\n" for one in entries]
    return "".join(("harmonize: 1\n", f"{top}:\n" if lines else f"{top}: []\n", *lines))


def _measures(node: Node) -> list[str]:
    if not isinstance(node, Items):
        return [f"  {_flow(node, None)}"]
    lines: list[str] = []
    for at, one in enumerate(node.items):
        if at and isinstance(one, Pairs):
            lines.append("")
        lines += _item(one, Measure, "  ")
    return lines


def _in_order(node: Pairs, cls: type | None) -> list[tuple[Scalar, Node]]:
    order = list(declared(cls)) if cls else []
    place = {name: at for at, name in enumerate(order)}
    return sorted(node.pairs, key=lambda p: place.get(p[0].text, len(order)))


def _pair(key: Scalar, node: Node, cls: type | None, indent: str) -> list[str]:
    """A key and its value, on one line where it fits."""
    info = declared(cls).get(key.text) if cls else None
    above = [*_above(key, indent), *(_noted(node, indent) if _is_block(node, info) else ())]
    head = f"{indent}{_word(key.text)}:"
    if isinstance(node, Scalar) and _is_block(node, info):
        return [*above, f"{head} |-", *(f"{indent}  {x}".rstrip() for x in node.text.split("\n"))]
    if isinstance(node, Scalar):
        return [*above, *_beside(_wrapped(head, _text(node, info), f"{indent}  "), node)]
    flow = _flow(node, info)
    if is_nothing(node) or (not _is_deep(node) and len(head) + 1 + len(flow) <= WIDTH):
        return [*above, *_beside([f"{head} {flow}"], node)]
    record = info.record if info else None
    inner = f"{indent}  "
    if isinstance(node, Pairs):
        pairs = _in_order(node, record)
        return [*above, head, *(x for k, n in pairs for x in _pair(k, n, record, inner))]
    return [*above, head, *(x for one in node.items for x in _item(one, record, inner, info))]


def _item(node: Node, cls: type | None, indent: str, info: Info | None = None) -> list[str]:
    """One of a list, behind its dash."""
    if isinstance(node, Scalar):
        return _beside(_wrapped(f"{indent}-", _text(node, info), f"{indent}  "), node)
    flow = _flow(node, info, cls)
    if (
        isinstance(node, Items)
        or not node.pairs
        or (cls is not Measure and _fits(node, flow, indent))
    ):
        return _beside([f"{indent}- {flow}"], node)
    if cls is Measure and len(indent) > 2 and _fits(node, flow, indent):
        return _beside([f"{indent}- {flow}"], node)
    return _dashed(node, cls, indent)


def _dashed(node: Pairs, cls: type | None, indent: str) -> list[str]:
    """A map behind the dash of a list, a key a line."""
    inner = f"{indent}  "
    lines: list[str] = []
    for at, (key, value) in enumerate(_in_order(node, cls)):
        made = _pair(key, value, cls, inner)
        if at == 0:
            first = next(n for n, x in enumerate(made) if not x.lstrip().startswith("#"))
            made[first] = f"{indent}- {made[first][len(inner) :]}"
            made[:first] = [x[2:] for x in made[:first]]
        lines += made
    return lines


def _fits(node: Pairs, flow: str, indent: str) -> bool:
    return not _is_deep(node) and len(indent) + 2 + len(flow) <= WIDTH


def _is_deep(node: Node) -> bool:
    """Whether it holds what is clearer in lines of its own: maps in a list, or long texts."""
    if isinstance(node, Scalar):
        return len(node.text) > WIDTH or "\n" in node.text
    if isinstance(node, Items):
        return any(isinstance(n, Pairs) or _is_deep(n) for n in node.items)
    return any(_is_deep(n) for _, n in node.pairs)


def _flow(node: Node, info: Info | None, cls: type | None = None) -> str:
    """A value in one line."""
    if isinstance(node, Scalar):
        return _text(node, info, in_flow=True)
    if isinstance(node, Items):
        return f"[{', '.join(_flow(one, info) for one in node.items)}]"
    record = cls or (info.record if info else None)
    parts = []
    for key, value in _in_order(node, record):
        inner = declared(record).get(key.text) if record else info
        parts.append(f"{_word(key.text)}: {_flow(value, inner)}")
    return f"{{{', '.join(parts)}}}"


# --- texts --------------------------------------------------------------------------------------


def _text(node: Scalar, info: Info | None, *, in_flow: bool = False) -> str:
    """A text plain, or in quotes where it would be read as something else."""
    text = node.text
    bare = info is not None and (info.kind in _BARE or info.name == "harmonize")
    is_number = bare and text[:1].isdigit() and text not in ("~", "null")
    if not _is_plain(text, in_flow=in_flow) or (_NOT_TEXT.fullmatch(text) and not is_number):
        bare_flag = bare and text in ("true", "false")
        return text if bare_flag else _quoted(text)
    return text


def _is_plain(text: str, *, in_flow: bool) -> bool:
    """Whether a text means itself without quotes."""
    if not text or not (text[0].isalnum() or text[0] in "($") or text[-1].isspace():
        return False
    if not text.isprintable() or _UNSAFE.search(text) or text[-1] == ":":
        return False
    return not in_flow or _IN_FLOW.fullmatch(text) is not None


def _quoted(text: str) -> str:
    return f'"{"".join(_ESCAPES.get(c) or (c if c.isprintable() else code(c)) for c in text)}"'


def code(character: str) -> str:
    """A character as the escape by which YAML, and everything that we print, names it."""
    number = ord(character)
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def _word(key: str) -> str:
    return (
        key
        if re.fullmatch(r"[A-Za-z][\w./-]*", key) and not _NOT_TEXT.fullmatch(key)
        else _quoted(key)
    )


def _is_block(node: Node, info: Info | None) -> bool:
    """Whether a text is one of several lines that may stand as they are."""
    if not isinstance(node, Scalar) or info is None or info.kind is not Kind.TEXT:
        return False
    lines = node.text.split("\n")
    return len(lines) > 1 and all(
        line and line.isprintable() and not line[0].isspace() and not line[-1].isspace()
        for line in lines
    )


def _wrapped(head: str, text: str, indent: str) -> list[str]:
    """A value behind its key, folded where single blanks stand in it."""
    whole = f"{head} {text}"
    if len(whole) <= WIDTH or "  " in text or "\\" in text:
        return [whole]
    lines, line = [], head
    for word in text.split(" "):
        if len(line) + 1 + len(word) > WIDTH and line != head and line.strip():
            lines.append(line)
            line = f"{indent}{word}"
        else:
            line = f"{line} {word}"
    return [*lines, line]


# --- comments -----------------------------------------------------------------------------------


def _above(key: Scalar, indent: str) -> list[str]:
    """What is said of a key, in lines above it."""
    return (
        [f"{indent}# {_plain(line)}".rstrip() for line in key.remark.split("\n")]
        if key.remark
        else []
    )


def _noted(node: Node, indent: str) -> list[str]:
    return [f"{indent}# {remark}" for remark in _remarks(node)]


def _beside(lines: list[str], node: Node) -> list[str]:
    """The lines of a value with what is said of it behind the last."""
    remarks = list(_remarks(node))
    return [*lines[:-1], f"{lines[-1]}  # {'; '.join(remarks)}"] if remarks else lines


def _remarks(node: Node) -> Iterable[str]:
    """What is said of a value and of all that stands in it, each once."""
    if isinstance(node, Scalar):
        if node.remark:
            yield _plain(node.remark)
        return
    if isinstance(node, Pairs):
        inner: Iterable[Node] = [one for pair in node.pairs for one in pair]
    else:
        inner = node.items
    yield from dict.fromkeys(remark for one in inner for remark in _remarks(one))


def _plain(remark: str) -> str:
    """A remark as one line of a comment."""
    return "".join(c if c.isprintable() else code(c) for c in " ".join(remark.split()))
