"""The columns of a sheet of decisions, and how a decision stands in their cells and comes back.

A cell shows all that a text holds: what no cell shows, or what a program on the way would change,
stands as `\\u{202E}`, and an apostrophe stands before what a spreadsheet would run.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from harmonize.books import FORMULA
from harmonize.decisions import DISPOSITIONS, OF_A_DIFFERENCE, OF_A_MATCH, Decision
from harmonize.fields import Info, Kind, Role, declared

Written = str | Mapping[str, "Written"]
"""A cell: a text, or a map that stands there as one."""

JOINT: Final = "; "  # between the texts of a list
QUESTION: Final[Mapping[str, str]] = {
    "about": "match: are the two one measure? difference: is it justified? "
    "measure: what becomes of it in the set?",
    "a": "The first measure as payer/id, all measures of a difference, or the id of a concept.",
    "title_a": "Its title, or their titles.",
    "b": "The second measure of a match.",
    "title_b": "Its title.",
    "label": "The concept in which they stand.",
    "attribute": "In which field they differ, by its key in the specs.",
    "values": "Who states what.",
    "confidence": "Probability, 0 to 1, that the two are one measure.",
    "reason": "What speaks for and against it, strongest first.",
    "comments": "What practices say, each with its role and its number.",
}
STATE: Final = {"state": "open, or what has become of the decision that is recorded."}
PINS: Final[Mapping[str, str]] = {
    "fingerprint": "Hash of what the specs said when the sheet was written. Leave as it is.",
    "judged": "What the specs said. Leave as it is.",
    "recorded": "The decision that was recorded then. Leave as it is.",
}
_FIRST: Final = (
    "judgement", "disposition", "mapping", "relation", "by", "on", "because", "expires",
)  # fmt: skip
ANSWERS: Final = ("judgement", "disposition")
# What makes a decision another one, so that it is pinned to what the sheet showed.
AGAIN: Final = ("judgement", "disposition", "mapping", "relation", "on")
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "match": OF_A_MATCH,
    "difference": OF_A_DIFFERENCE,
    "measure": DISPOSITIONS,
}
# Columns that only some kinds of questions have.
ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "judgement": ("match", "difference"),
    "disposition": ("measure",),
    "mapping": ("match",),
    "relation": ("match",),
    "owner": ("difference",),
    "due": ("difference",),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A column that people fill: the keys under which a decision has it, and its declaration."""

    keys: tuple[str, ...]
    info: Info


def _filled() -> dict[str, Filled]:
    found: dict[str, Filled] = {}
    for key, info in declared(Decision).items():
        if info.role is Role.IDENTITY or key in PINS:
            continue
        if info.kind is not Kind.RECORD or info.record is None:
            found[key] = Filled((key,), info)
            continue
        for inner, one in declared(info.record).items():
            name = key if inner == info.shorthand else f"{key}.{inner}"
            found[name] = Filled((key, inner), one)
    return {name: found[name] for name in dict.fromkeys((*_FIRST, *found))}


FILLED: Final[Mapping[str, Filled]] = _filled()
COLUMNS: Final[Mapping[str, str]] = {
    **QUESTION,
    **{name: one.info.help for name, one in FILLED.items()},
    **STATE,
    **PINS,
}


# --- out ----------------------------------------------------------------------------------------


def cells_of(one: Decision) -> dict[str, str]:
    """What people decided, by column; what is not stated is left out."""
    found = {}
    for name, column in FILLED.items():
        value = _value(one, column)
        if value:
            found[name] = listed(value) if isinstance(value, tuple) else shown(value)
    return found


def _value(one: Decision, column: Filled) -> Any:
    value: Any = one
    for key in column.keys:
        cls: type = type(value)
        value = getattr(value, declared(cls)[key].name) if value is not None else None
    return value


def pins_of(one: Decision) -> dict[str, Written]:
    """What a decision is pinned to, as far as it is."""
    found: dict[str, Written] = {}
    if one.fingerprint:
        found["fingerprint"] = shown(one.fingerprint)
    if one.judged:
        found["judged"] = one.judged
    return found


def about_of(one: Decision) -> dict[str, str]:
    """What a decision is about: a measure a cell, those of a difference in one."""
    if one.about == "match":
        return dict(zip(("a", "b"), map(shown, one.refs), strict=False))
    if one.about == "difference":
        return {"a": listed(one.refs), "attribute": shown(one.attribute)}
    return {"a": shown(one.refs[0])}


def listed(texts: Iterable[str]) -> str:
    """A list as one cell."""
    return _guarded(JOINT.join(_bare(one).replace(";", _code(";")) for one in texts))


def shown(text: str) -> str:
    """A text as one cell."""
    return _guarded(_bare(text))


# What programs on the way take for something else: an escape of workbooks, a number with blanks.
_TAKEN: Final = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)|\A[0-9](?=[0-9]*\.0+\Z)|\A'|\\u(?=\{)")
_UNSEEN: Final = re.compile(r"\\u\{([0-9A-F]{1,6})\}")


def _bare(text: str) -> str:
    own = text.strip()
    start = len(text) - len(text.lstrip())
    ends = (text[:start], text[start + len(own) :])
    inner = _TAKEN.sub(lambda m: f"{m[0][:-1]}{_code(m[0][-1])}", own)
    inner = "".join(c if c.isprintable() or c == "\n" else _code(c) for c in inner)
    before, after = ("".join(map(_code, end)) for end in ends)
    return f"{before}{inner}{after}"


def _code(character: str) -> str:
    return f"\\u{{{ord(character):X}}}"


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


# --- back ---------------------------------------------------------------------------------------


def written(cell: str) -> str:
    """The text that a cell shows."""
    return _uncoded(_unguarded(cell))


def parts(cell: str) -> tuple[str, ...]:
    """The texts of a list that one cell shows."""
    return tuple(_uncoded(one.strip()) for one in _unguarded(cell).split(";") if one.strip())


def _unguarded(cell: str) -> str:
    """A cell as it was written, for a spreadsheet may show the apostrophe or take it for its own.

    Numbers with blanks below them come back as 7.0 from programs that have no whole numbers then.
    """
    text = cell.strip().replace("\r\n", "\n")
    if text.startswith("'") and text[1:].startswith(FORMULA):
        text = text[1:]
    return re.sub(r"\A([0-9]+)\.0+\Z", r"\1", text)


def _uncoded(text: str) -> str:
    return _UNSEEN.sub(lambda m: chr(int(m[1], 16)) if _is_character(int(m[1], 16)) else m[0], text)


def _is_character(number: int) -> bool:
    """Whether a file can hold it."""
    return number < 0xD800 or 0xDFFF < number < 0x110000
