"""Filled sheets of decisions as the trees of decisions, each value with the place of its cell."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, TypeGuard

from harmonize.ballot import AGAIN, ANSWERS, COLUMNS, FILLED, parts, written
from harmonize.decisions import ABOUT
from harmonize.fields import Kind
from harmonize.importers.filled import Row, day, files_of
from harmonize.problems import Place, Problem
from harmonize.trees import Items, Node, Pairs, Scalar, Source

NEEDED: Final = (("a",), ANSWERS)
_FREELY: Final = ("by", "on", "meeting")  # filled down a column whether or not a row is decided
_PIN: Final = re.compile(r"[a-z][0-9]+-[0-9a-f]{16}")
_DAMAGED: Final = "clear 'fingerprint', 'judged' and 'recorded' in this row, or export it again"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that decides; `kept` says that nobody has changed what was recorded.

    `named` is where the measures stand; `recorded` are the cells of what was decided before.
    """

    node: Pairs
    named: Place
    kept: bool
    recorded: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ballots:
    """What the sheets hold: rows that decide, and how many hold a question without its answer."""

    entries: tuple[Entry, ...]
    blank: int
    notes: tuple[str, ...]
    warnings: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def rows(self) -> int:
        """How many rows came in."""
        return len(self.entries) + self.blank


def read_ballots(sources: Iterable[Source], filling: Mapping[str, str]) -> Ballots:
    """The rows of all sheets; `filling` is what stands where a decided row leaves a cell blank."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    notes: list[str] = []
    entries: list[Entry] = []
    blank = 0
    for table in files_of(sources, COLUMNS, NEEDED, problems):
        notes += table.notes
        warnings += table.warnings
        for row in table.rows:
            if any(row.text(name) for name in ANSWERS):
                before = len(problems)
                entry = _Reading(row, problems).entry(filling)
                if len(problems) == before:
                    entries.append(entry)
            else:
                blank += 1
                warnings += _idle(row)
    return Ballots(tuple(entries), blank, tuple(notes), tuple(warnings), tuple(problems))


def _idle(row: Row) -> list[Problem]:
    """What somebody wrote into a row without deciding anything."""
    said = [name for name in FILLED if row.text(name) and name not in _FREELY]
    if row.text("recorded"):
        message = (
            "the answer was taken out and stays recorded: a decision is withdrawn by filling "
            "'withdrawn.because' beside its answer"
        )
        return [Problem(row.at("judgement"), "HZ516", message, "warning")]
    if said:
        message = f"{', '.join(map(repr, said))} without an answer: nothing is decided here"
        return [Problem(row.at(said[0]), "HZ516", message, "warning")]
    return []


class _Reading:
    """One row that decides."""

    def __init__(self, row: Row, problems: list[Problem]) -> None:
        self.row = row
        self.problems = problems
        self.place = next(row.at(name) for name in ANSWERS if row.text(name))

    def wrong(self, name: str, code: str, message: str) -> None:
        self.problems.append(Problem(self.row.at(name), code, message))

    def entry(self, filling: Mapping[str, str]) -> Entry:
        recorded = self._map("recorded")
        cells = {name: self._cell(name) for name in FILLED if self.row.text(name)}
        before = {k: v for k, v in recorded.items() if isinstance(v, str)}
        kept = bool(recorded) and cells == before
        if not kept:
            cells = {**_missing(cells, filling), **cells}
        about = self._about()
        found = {**self._question(about), **self._answers(cells)}
        same = bool(recorded) and all(cells.get(name) == before.get(name) for name in AGAIN)
        found |= self._pins(recorded, about, same=same)
        pairs = tuple((Scalar(key, node.place), node) for key, node in found.items())
        return Entry(Pairs(pairs, self.place), self.row.at("a"), kept, before)

    def _cell(self, name: str) -> str:
        """A cell as we would have written it, so that it can be compared with what was."""
        cell = self.row.cells[name]
        if FILLED[name].info.kind is Kind.DATE:
            return day(cell)
        text = cell.text.strip().replace("\r\n", "\n")
        return re.sub(r"\A([0-9]+)\.0+\Z", r"\1", text)

    def _about(self) -> str:
        text = self.row.text("about")
        word = text.lower()
        if word in ABOUT:
            return word
        if text:
            near = get_close_matches(word[:60], ABOUT, 1, 0.6)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            message = f"'about' is {text[:60]!r}, wanted one of {', '.join(ABOUT)}{hint}"
            self.wrong("about", "HZ512", message)
        if self.row.text("attribute"):
            return "difference"
        return "measure" if self.row.text("disposition") else "match"

    def _question(self, about: str) -> dict[str, Node]:
        if not self.row.text("a"):
            self.wrong("a", "HZ512", "an answer without its question: 'a' names no measure")
            return {}
        first = self.row.at("a")
        a = Scalar(written(self.row.text("a")), first)
        if about == "measure":
            return {"measure": a}
        if about == "match":
            b = Scalar(written(self.row.text("b")), self.row.at("b"))
            return {"match": Items((a, b) if b.text else (a,), first)}
        names = (Scalar(text, first) for text in parts(self.row.text("a")))
        more = (Scalar(text, self.row.at("b")) for text in parts(self.row.text("b")))
        measures = Items((*names, *more), first)
        attribute = Scalar(written(self.row.text("attribute")), self.row.at("attribute"))
        asked = _pairs({"measures": measures, "attribute": attribute}, attribute.place)
        return {"difference": asked}

    def _answers(self, cells: Mapping[str, str]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        inner: dict[str, dict[str, Node]] = {}
        for name, text in cells.items():
            column = FILLED[name]
            place = self.row.at(name) if self.row.text(name) else self.place
            if column.info.kind is Kind.LINES:
                node: Node = Items(tuple(Scalar(one, place) for one in parts(text)), place)
            else:
                node = Scalar(written(text), place)
            key, *rest = column.keys
            if rest:
                inner.setdefault(key, {})[rest[0]] = node
            else:
                found[key] = node
        return found | {key: _pairs(own, self.place) for key, own in inner.items()}

    # --- pins ---

    def _pins(self, recorded: Mapping[str, Any], about: str, *, same: bool) -> dict[str, Node]:
        """What the sheet showed, or what a decision was pinned to that nobody has taken again."""
        pins = recorded.get("pins", {}) if same else {}
        if same and "pins" in recorded:
            hashed, judged = pins.get("fingerprint", ""), pins.get("judged", {})
        else:
            hashed, judged = self.row.text("fingerprint"), self._map("judged")
        name = "recorded" if pins else "fingerprint"
        found: dict[str, Node] = {}
        if hashed and not (isinstance(hashed, str) and _PIN.fullmatch(hashed)):
            self.wrong(name, "HZ513", f"no fingerprint that we make stands here: {_DAMAGED}")
        elif hashed:
            found["fingerprint"] = Scalar(hashed, self.row.at(name))
        if judged and not _is_map(judged):
            self.wrong("recorded", "HZ513", f"'recorded' was changed in the sheet: {_DAMAGED}")
        elif judged:
            self._of_this_row(judged, about)
            found["judged"] = _tree(judged, self.row.at("recorded" if pins else "judged"))
        return found

    def _of_this_row(self, judged: Mapping[str, Any], about: str) -> None:
        """That the pins are of the measures that the row names: rows may have been sorted apart."""
        a, b = self.row.text("a"), self.row.text("b")
        named = {written(a), written(b)} if about == "match" else {*parts(a), *parts(b)}
        if about == "measure" and "/" not in a:
            return
        named = {written(a)} if about == "measure" else named - {""}
        if {*judged} != named:
            told = " and ".join(sorted(judged))
            message = f"what was judged in this row was {told[:120]}: {_DAMAGED}"
            self.wrong("judged", "HZ513", message)

    def _map(self, name: str) -> dict[str, Any]:
        """A cell that holds a map of texts, or of maps of texts."""
        text = self.row.text(name)
        try:
            found = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            found = None
        if _is_map(found) and _is_map(found.get("pins", {})):
            return found
        self.wrong(name, "HZ513", f"{name!r} was changed in the sheet: {_DAMAGED}")
        return {}


def _missing(cells: Mapping[str, str], filling: Mapping[str, str]) -> dict[str, str]:
    """Who and when, of the decision and of what else is filled: a withdrawal has its own."""
    parts = {"", *(f"{name.split('.')[0]}." for name in cells if "." in name)}
    return {
        f"{part}{name}": text
        for part in parts
        for name, text in filling.items()
        if text and f"{part}{name}" in FILLED
    }


def _is_map(value: object, depth: int = 4) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a map of texts that a file can hold, or of such maps."""
    return (
        depth > 0
        and isinstance(value, dict)
        and all(map(_is_text, value))
        and all(_is_text(one) or _is_map(one, depth - 1) for one in value.values())
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not any("\ud800" <= c <= "\udfff" for c in value)


def _pairs(found: Mapping[str, Node], place: Place) -> Pairs:
    return Pairs(tuple((Scalar(key, node.place), node) for key, node in found.items()), place)


def _tree(value: Any, place: Place) -> Node:
    if isinstance(value, str):
        return Scalar(value, place)
    return Pairs(tuple((Scalar(k, place), _tree(v, place)) for k, v in value.items()), place)
