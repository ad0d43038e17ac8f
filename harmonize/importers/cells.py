"""What one cell says under a heading: a value for the field, or words that are none for it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from harmonize.fields import Info, Kind
from harmonize.grids import Cell
from harmonize.headings import SILENT, Headings, info_of, plain, says_nothing
from harmonize.problems import Problem
from harmonize.trees import Items, Node, Scalar
from harmonize.values import Impossible, Text, read_ages, read_duration, read_threshold
from harmonize.wording import base_id, padded

_NO_ID: Final = frozenset(("no", "n"))
# What stands where an identifier is still to come, or is no more.
_NOT_YET: Final = frozenset(
    ("pending", "new", "tbd", "tba", "draft", "proposed", "retired", "removed", "yes", "no")
)
# What stands in front of an identifier and says whose it is.
_FRONTS: Final = {
    **dict.fromkeys(("nqf", "cbe"), "cbe"),
    **dict.fromkeys(("mips", "qpp", "pqrs", "quality"), "mips"),
    **{system: system for system in ("cms", "hedis", "cmit")},
}
_FRONT: Final = re.compile(
    rf"(?:({'|'.join(_FRONTS)})(?![a-z])[\s#:.-]*)?(?:(?:id|no|number)\b[\s#:.]*)?[\s#:]*",
    re.IGNORECASE,
)
_ID_FORM: Final = {
    "cbe": r"[0-9]{1,4}[a-z]?",
    "cms": r"[0-9]{1,4}(?:FHIR)?(?:v[0-9]+(?:\.[0-9.]+)?)?",
    "mips": r"[0-9]{1,3}(?:SSP)?|(?=\w*[0-9])[A-Z]+[A-Za-z0-9_]*",
    "hedis": r"(?=[0-9]*[A-Z])[A-Z0-9]{2,5}(?:-[A-Z]{1,2})?",
    "cmit": r"[0-9]{1,5}(?:-[0-9A-Za-z-]+)?",
}
_FLOAT: Final = re.compile(r"([0-9]+)\.0+")
_FLAGS: Final = {
    **dict.fromkeys(("yes", "y", "true", "1", "x"), "true"),
    **dict.fromkeys(("no", "n", "false", "0"), "false"),
}
_ERRORS: Final = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATED: Final = re.compile(rf"[0-9]{{1,2}}-(?:{_MONTHS})|(?:{_MONTHS})-[0-9]{{1,2}}", re.IGNORECASE)
_CHOICES_APART: Final = re.compile(r"\s*(?:[,;/\n|]|\band\b|\bor\b|&)\s*")
_CHECKS: Final = frozenset(("\u2713", "\u2714", "\u2611", "\u2705"))
_CROSSES: Final = frozenset(("\u2717", "\u2718", "\u274c"))  # no beside checks, else a tick
_MEMBER: Final = _CHECKS | frozenset(
    ("x", "yes", "y", "true", "1", "\u2612", "\u2022", "\u25cf", "\u25a0", "\u00fc",
     "included", "check", "checked"),
)  # fmt: skip
_ABSENT: Final = SILENT | frozenset(
    ("no", "n", "none", "0", "false", "not used", "not included", "excluded", "not required",
     "not applicable", "not in contract", "not collected", "not reported", "removed", "dropped",
     "deleted", "discontinued", "no longer used"),
)  # fmt: skip
# Words after which nobody has decided: no list asks for the measure yet.
_UNDECIDED: Final = frozenset(
    ("?", "??", "tbd", "pending", "maybe", "possibly", "unsure", "unknown", "unclear", "proposed",
     "tentative", "considering", "undecided", "under"),
)  # fmt: skip


def is_silent(cell: Cell, field: str = "") -> bool:
    """Whether nothing is said."""
    of_ids = field.startswith("ids.")
    if of_ids and cell.text.strip().lower() in _NO_ID:
        return True
    return says_nothing(cell.text, none=of_ids)


def looks_ticked(cells: Iterable[Cell], headings: Headings) -> bool:
    """Whether a column holds ticks, or what stands for them, and hardly any other words."""
    filled = [cell for cell in cells if not is_silent(cell)]
    found = [ticked(cell, headings) for cell in filled]
    words = sum(isinstance(one, str) and one != "" for one in found)
    return any(one is not None for one in found) and words * 4 <= len(filled)


def has_tick(cells: Iterable[Cell]) -> bool:
    """Whether a cell is ticked, and no more."""
    return any(_mark(cell) in _MEMBER | _CROSSES for cell in cells)


def checked(cells: Iterable[Cell]) -> bool:
    """Whether a check mark stands in a cell, so that a cross means no."""
    return any(_mark(cell) in _CHECKS for cell in cells)


def undecided(cell: Cell) -> bool:
    """Whether a cell says that nobody has decided: `TBD`, `proposed 2026`, `under review`."""
    return next(iter(_mark(cell).split()), "") in _UNDECIDED


def crossed(cell: Cell) -> bool:
    """Whether a cross stands in a cell."""
    return _mark(cell) in _CROSSES


def _mark(cell: Cell) -> str:
    """What stands in a cell, without what makes a picture of a sign."""
    return cell.text.strip().lower().replace("\ufe0f", "")


def said(field: str, cell: Cell, headings: Headings) -> Node | None:
    """The value of a field; `None` where the words are none that the field can hold.

    What its grammar reads and cannot be is handed over: whoever reads it names the cell.
    """
    if field == "inverse":
        found = headings.word(field, cell.text.strip())
        return _read(cell, found) if found in ("increase", "decrease") else None
    info = info_of(field)
    return READERS.get(info.kind, _line)(field, info, cell, headings)


def _scalar(cell: Cell, text: str, remark: str = "") -> Scalar:
    return Scalar(text, cell.place, remark=remark)


def _read(cell: Cell, text: str) -> Scalar:
    """A value in the format's words, with the list's own beside it where they are others."""
    own = " ".join(cell.text.split())
    return _scalar(cell, text, "" if plain(own) == plain(text) else f"read from {own[:80]!r}")


def _line(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    text = " ".join(cell.text.split())
    if field == "id" and (whole := _FLOAT.fullmatch(text)):
        text = whole[1]
    return _scalar(cell, text)


def _text(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    lines = (" ".join(line.split()) for line in cell.text.strip().splitlines())
    return _scalar(cell, "\n".join(line for line in lines if line))


def _lines(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    parts = [" ".join(p.split()) for p in re.split(r"[;\n]", cell.text)]
    return _listed(cell, [_scalar(cell, p) for p in dict.fromkeys(parts) if p])


def _listed(cell: Cell, nodes: list[Scalar]) -> Node | None:
    if len(nodes) > 1:
        return Items(tuple(nodes), cell.place)
    return nodes[0] if nodes else None


def _choice(field: str, info: Info, cell: Cell, headings: Headings) -> Scalar | None:
    found = _word(field, info, cell.text, headings)
    return None if found is None else _read(cell, found)


def _word(field: str, info: Info, text: str, headings: Headings) -> str | None:
    """The word of a closed vocabulary, or that before a parenthesis."""
    words = {plain(c): c for c in info.choices} | {plain(k): v for k, v in info.synonyms}
    for one in (text, re.sub(r"\(.*", "", text, flags=re.DOTALL)):
        found = words.get(plain(headings.word(field, one)))
        if found:
            return found
    return None


def _choices(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:
    whole = _word(field, info, cell.text, headings)
    if whole is not None:
        return _read(cell, whole)
    bare = re.sub(r"\(.*?\)", " ", cell.text)
    parts = [p for p in _CHOICES_APART.split(bare.strip()) if p]
    words = [_word(field, info, part, headings) for part in parts]
    found = [w for w in dict.fromkeys(words) if w is not None]
    if None in words or not found:
        return None
    if len(found) == 1:
        return _read(cell, found[0])
    own = " ".join(cell.text.split())
    same = {plain(p) for p in parts} == {plain(w) for w in found}
    remark = "" if same else f"read from {own[:80]!r}"
    return Items(
        tuple(_scalar(cell, w, "" if n else remark) for n, w in enumerate(found)), cell.place
    )


def _flag(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    found = _FLAGS.get(cell.text.strip().lower())
    return None if found is None else _read(cell, found)


def _ages(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    text = " ".join(cell.text.split())
    bare = re.sub(r"^(?:ages?|aged)\b[\s:]*", "", text, flags=re.IGNORECASE)
    bare = re.sub(r"^(?:>=|\u2265)\s*([0-9]+)$", r"\1+", bare)
    try:
        if bare != text and not isinstance(read_ages(bare), Text):
            return _scalar(cell, bare, f"read from {text[:80]!r}")
    except Impossible:
        pass
    return _scalar(cell, text)


def _number(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    text = cell.text.strip()
    whole = _FLOAT.fullmatch(text)
    text = whole[1] if whole else text
    return _scalar(cell, text) if info.text or re.fullmatch(r"-?[0-9][0-9,]*", text) else None


def _share(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    text = " ".join(cell.text.split())
    return _scalar(cell, text) if re.fullmatch(r"-?[0-9.]+\s*(?:%|[xX])", text) else None


def _rate(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    """A rate; that a target is to be reached goes without saying."""
    text = " ".join(cell.text.split())
    bare = re.sub(r"^(?:[<>]=?|[\u2264\u2265]|at (?:least|most))\s*", "", text, flags=re.IGNORECASE)
    if field == "target.value" and bare != text and re.fullmatch(r"[0-9.]+\s*%", bare):
        return _scalar(cell, bare, f"read from {text[:80]!r}")
    return _scalar(cell, text)


def _year(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    found = re.fullmatch(r"(?:MY|CY|RY|PY)?\s?((?:19|20|21)[0-9]{2})(?:\.0)?", cell.text.strip())
    return _read(cell, found[1]) if found else None


def _ids(field: str, info: Info, cell: Cell, headings: Headings) -> Node | None:  # noqa: ARG001
    """Identifiers, if all are of the one system."""
    found = identified(field, cell)
    return found.get(field) if len(found) == 1 else None


def identified(field: str, cell: Cell) -> Mapping[str, Node]:
    """The identifiers of a cell by field, with the zeros that a spreadsheet has eaten.

    One that names another system in front is that system's; nothing, where a part is none.
    """
    parts = re.split(r"\s*(?:[,;/&+\n]|\band\b)\s*", cell.text.strip())
    found: dict[str, list[Scalar]] = {}
    for part in filter(None, parts):
        key, one = _identifier(field, part, cell)
        if one is None:
            return {}
        found.setdefault(key, []).append(one)
    listed = ((key, _listed(cell, list(dict.fromkeys(ones)))) for key, ones in found.items())
    return {key: node for key, node in listed if node is not None}


def _identifier(field: str, part: str, cell: Cell) -> tuple[str, Scalar | None]:
    """One identifier and the field that it is of."""
    system = field.removeprefix("ids.")
    front = _FRONT.match(part) if system in _ID_FORM else None
    own = part[front.end() :] if front else part
    named = front[1] if front else None
    whose = _FRONTS[named.lower()] if named else system
    own = whole[1] if (whole := _FLOAT.fullmatch(own)) else own
    if own.lower() in _NOT_YET or not re.fullmatch(_ID_FORM.get(whose, r"\S+"), own):
        return field, None
    full = f"CMS{own}" if whose == "cms" else padded(whose, own)
    remark = ""
    if whose != system:
        remark = f"{part!r} stood under another system"
    elif whose == "cms" and not named:
        remark = f"read from {own!r}"
    elif whose != "cms" and full != own:
        remark = f"read as {full}: a spreadsheet had dropped the zeros"
    return f"ids.{whose}", _scalar(cell, full, remark)


READERS: Final[Mapping[Kind, Callable[[str, Info, Cell, Headings], Node | None]]] = {
    Kind.TEXT: _text,
    Kind.LINES: _lines,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.FLAG: _flag,
    Kind.AGES: _ages,
    Kind.COUNT: _number,
    Kind.SHARE: _share,
    Kind.RATE: _rate,
    Kind.YEAR: _year,
    Kind.IDS: _ids,
}


def ticked(
    cell: Cell, headings: Headings, *, cross: bool = True
) -> tuple[str, Scalar] | str | None:
    """What a cell below a payer says: a field with its value, words, or `None` for not in the list.

    Empty words are membership and no more; `cross` says whether a cross is, too.  A percentage may
    be a target, a weight or a result: nobody can tell, so it is words.
    """
    text = " ".join(cell.text.split())
    low = _mark(cell)
    if low in _ABSENT or undecided(cell) or (low in _CROSSES and not cross):
        return None
    if low in _MEMBER | _CROSSES:
        return ""
    for field, read in (("ages", read_ages), ("threshold", read_threshold)):
        if _reads(read, text):
            return field, _scalar(cell, text, "read from the payer's cell")
    is_time = re.fullmatch(r"[0-9]+[\s-]*(?:h|d|w|mo|mi)[a-z]*", low)  # years would be ages
    if is_time and _reads(read_duration, text):
        return "follow_up", _scalar(cell, text, "read from the payer's cell")
    for field in ("status", "use"):
        found = _choice(field, info_of(field), cell, headings)
        if found is not None:
            return field, found
    return text


def _reads(read: Callable[[str], object], text: str) -> bool:
    """Whether a grammar reads a text, even as something that cannot be."""
    try:
        return not isinstance(read(text), Text)
    except Impossible:
        return True


def spoilt(cell: Cell, field: str) -> Problem | None:
    """What a spreadsheet has made of a cell, so that nobody can tell what was written."""
    text = cell.text.strip()
    if text in _ERRORS:
        return Problem(cell.place, "HZ412", f"an error value, {text}")
    dated = cell.sort == "date" or _DATED.fullmatch(text)
    if dated and field.startswith(("ages", "id", "follow_up", "tick")):
        message = (
            f"a date, {text}, where {field!r} is wanted: a spreadsheet has turned what was "
            "typed into a date, so type it again as text"
        )
        return Problem(cell.place, "HZ412", message)
    return None


def same_id(system: str, one: str, other: str) -> bool:
    """Whether two identifiers of a system are one, versions aside."""
    return base_id(system, one) == base_id(system, other)
