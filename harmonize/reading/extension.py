"""A user's own knowledge file, held against what is known already and put on top of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from harmonize.fields import declared
from harmonize.knowledge import (
    DEFAULT_DOMAIN,
    Abbreviation,
    Entry,
    Knowledge,
    Phrase,
    Rule,
    Slot,
    Source,
    words,
)
from harmonize.measures import SYSTEMS, Measure
from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.reading.knowledge import abbreviation, closed, entry, shorts, slot
from harmonize.reading.misnomers import meant
from harmonize.reading.nodes import parse
from harmonize.spelling import spelled
from harmonize.trees import Items, Node, Pairs, Scalar, is_nothing
from harmonize.wording import base_id

KEY: Final = "knowledge"
PARTS: Final = ("rate", "stratum", "component")
VETOES: Final = ("title", "text", "none")
ABOUT: Final = ("population", "focus")


def extended(base: Knowledge, documents: Iterable[tuple[str, str]]) -> Knowledge:
    """What is known with what a user's own files, given as (file, text), add to it.

    Raises one `SpecError` with all problems of all files.
    """
    problems: list[Problem] = []
    rows: dict[str, list[_Row]] = {name: [] for name in SECTIONS}
    for file, text in documents:
        try:
            _Reader(problems, rows).read(parse(text, file))
        except SpecError as error:
            problems.extend(error.problems)
    own = _Own(base, problems)
    found = own.added(rows)
    if problems:
        raise SpecError(tuple(problems))
    return found


# --- rows ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry as the shipped files would have it, and where each of its keys stands."""

    values: Mapping[str, Any]
    where: Mapping[str, Place]

    @property
    def source(self) -> Source:
        return Source(self.values["source"], str(self.where[""]))


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a row: how its value is read, and whether it has to stand there."""

    read: Callable[["_Reader", str, Node], Any]
    required: bool = False


class _Reader:
    """Reads one file; gathers problems instead of stopping at the first."""

    def __init__(self, problems: list[Problem], rows: dict[str, list[_Row]]) -> None:
        self.problems = problems
        self.rows = rows

    def wrong(self, place: Place, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message))
        if len(self.problems) >= MOST:
            raise SpecError((Problem(place, "HZ113", TOO_MANY),))

    def read(self, root: Node) -> None:
        top = root.get(KEY) if isinstance(root, Pairs) else None
        if not isinstance(root, Pairs) or top is None:
            self.wrong(root.place, "HZ202", f"no '{KEY}:' in this file: a knowledge file has one")
            return
        version = root.get("harmonize")
        if version is not None and not (isinstance(version, Scalar) and version.text == "1"):
            self.wrong(version.place, "HZ210", "another format version: this program reads 1")
        for key, _ in root.pairs:
            if key.text not in ("harmonize", KEY):
                self.unknown(key, ("harmonize", KEY))
        if not self.empty(KEY, top):
            self.sections(top)

    def sections(self, top: Node) -> None:
        if not isinstance(top, Pairs):
            known = ", ".join(SECTIONS)
            self.wrong(top.place, "HZ204", f"'{KEY}' holds {top.kind}, wanted a map of {known}")
            return
        for key, node in top.pairs:
            if key.text not in SECTIONS:
                self.unknown(key, tuple(SECTIONS))
            elif not self.empty(key.text, node):
                self.section(key.text, node)

    def section(self, name: str, node: Node) -> None:
        if not isinstance(node, Items):
            self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted a list of entries")
            return
        for one in node.items:
            if isinstance(one, Pairs):
                self.row(name, one)
            else:
                known = ", ".join(SECTIONS[name])
                message = f"an entry of {name!r} is {one.kind}, wanted a map of {known}"
                self.wrong(one.place, "HZ204", message)

    def row(self, section: str, node: Pairs) -> None:
        keys = SECTIONS[section]
        before = len(self.problems)
        values: dict[str, Any] = {}
        where = {"": node.place}
        for key, child in node.pairs:
            where[key.text] = child.place
            if key.text not in keys:
                self.unknown(key, tuple(keys))
            elif not self.empty(key.text, child):
                values[key.text] = keys[key.text].read(self, key.text, child)
        for name, key_ in keys.items():
            if key_.required and name not in where:
                self.wrong(node.place, "HZ202", f"{name!r} is missing")
        if len(self.problems) == before:
            self.rows[section].append(_Row(values, where))

    def unknown(self, key: Scalar, known: tuple[str, ...]) -> None:
        message = f"unknown key {_short(key.text)}: {meant(key.text, known, '')}"
        self.wrong(key.place, "HZ201", message)

    def empty(self, name: str, node: Node) -> bool:
        nothing = is_nothing(node)
        if nothing:
            self.wrong(node.place, "HZ203", f"{name!r} has no value: leave the key out")
        return nothing

    # --- values ---

    def plain(self, name: str, node: Node) -> str:
        """A name, a code or a note, as it stands."""
        if isinstance(node, Scalar):
            return " ".join(node.text.split())
        self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted a single value")
        return ""

    def text(self, name: str, node: Node) -> str:
        """Words that are looked for or said."""
        found = self.plain(name, node)
        if found and not words(found):
            self.wrong(node.place, "HZ206", f"{name!r} holds no word: {_short(found)}")
        return found

    def texts(self, name: str, node: Node) -> list[str]:
        nodes = node.items if isinstance(node, Items) else (node,)
        return [self.text(name, one) for one in nodes if not self.empty(name, one)]

    def single(self, name: str, node: Node) -> list[str]:
        """Words of which each stands alone, as titles are read."""
        nodes = node.items if isinstance(node, Items) else (node,)
        found: list[str] = []
        for one in nodes:
            phrase = words(self.text(name, one)) if not self.empty(name, one) else ()
            if len(phrase) > 1:
                self.wrong(one.place, "HZ206", f"{name!r} wants single words, one an item")
            found.extend(phrase[:1])
        return found

    def choice(self, name: str, node: Node, known: tuple[str, ...]) -> str:
        text = self.plain(name, node)
        if text and text not in known:
            message = f"{name!r} is {_short(text)}, wanted one of {', '.join(known)}"
            self.wrong(node.place, "HZ205", message)
        return text

    def lists(self, name: str, node: Node) -> dict[str, list[str]]:
        """Texts by name."""
        if not isinstance(node, Pairs):
            message = f"{name!r} holds {node.kind}, wanted a map of names to lists"
            self.wrong(node.place, "HZ204", message)
            return {}
        return {
            " ".join(key.text.split()): self.texts(f"{name}.{key.text}", child)
            for key, child in node.pairs
            if not self.empty(f"{name}.{key.text}", child)
        }

    def ids(self, name: str, node: Node) -> dict[str, list[str]]:
        found = self.lists(name, node)
        for key, _ in node.pairs if isinstance(node, Pairs) else ():
            if key.text not in SYSTEMS and not re.fullmatch(r"x-[\w.-]+", key.text):
                self.unknown(key, (*SYSTEMS, "x-..."))
        return {
            system: sorted({base_id(system, v) for v in values}) for system, values in found.items()
        }

    def ages(self, name: str, node: Node) -> dict[str, str]:
        if not isinstance(node, Pairs):
            self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted {{min, max}}")
            return {}
        found: dict[str, str] = {}
        for key, child in node.pairs:
            text = child.text.strip() if isinstance(child, Scalar) else ""
            if key.text not in ("min", "max"):
                self.unknown(key, ("min", "max"))
            elif not re.fullmatch(r"[0-9]{1,3}", text):
                self.wrong(child.place, "HZ207", f"'{name}.{key.text}' wants whole years")
            else:
                found[key.text] = text
        if len(found) == 2 and int(found["min"]) > int(found["max"]):
            self.wrong(node.place, "HZ206", f"{name!r} runs backwards: min is above max")
        return found

    def veto(self, name: str, node: Node) -> str:
        return self.choice(name, node, VETOES)

    def about(self, name: str, node: Node) -> str:
        return self.choice(name, node, ABOUT)

    def measure_type(self, name: str, node: Node) -> str:
        return self.choice(name, node, declared(Measure)[name].choices)

    def part(self, name: str, node: Node) -> str:
        return self.choice(name, node, PARTS)


_SOURCE: Final = _Key(_Reader.plain, required=True)
# The rows of the shipped files, key by key.
SECTIONS: Final[Mapping[str, Mapping[str, _Key]]] = {
    "abbreviations": {
        "short": _Key(_Reader.texts, required=True),
        "long": _Key(_Reader.text, required=True),
        "when": _Key(_Reader.single),
        "source": _SOURCE,
    },
    "synonyms": {
        "say": _Key(_Reader.text, required=True),
        "for": _Key(_Reader.texts, required=True),
        "source": _SOURCE,
    },
    "boilerplate": {"text": _Key(_Reader.text, required=True), "source": _SOURCE},
    "measures": {
        "key": _Key(_Reader.plain, required=True),
        "name": _Key(_Reader.text, required=True),
        "also": _Key(_Reader.texts),
        "acronym": _Key(_Reader.plain),
        "whole": _Key(_Reader.plain),
        "part": _Key(_Reader.part),
        "axis": _Key(_Reader.plain),
        "topic": _Key(_Reader.plain),
        "ids": _Key(_Reader.ids),
        "steward": _Key(_Reader.plain),
        "domain": _Key(_Reader.plain),
        "measure_type": _Key(_Reader.measure_type),
        "ages": _Key(_Reader.ages),
        "source": _SOURCE,
    },
    "slots": {
        "slot": _Key(_Reader.plain, required=True),
        "help": _Key(_Reader.plain),
        "veto": _Key(_Reader.veto),
        "about": _Key(_Reader.about),
        "values": _Key(_Reader.lists, required=True),
        "broader": _Key(_Reader.lists),
        "source": _SOURCE,
    },
}


# --- what they add ------------------------------------------------------------------------------


class _Own:
    """What is known, growing row by row; what contradicts it is a problem and adds nothing."""

    def __init__(self, base: Knowledge, problems: list[Problem]) -> None:
        self.base = base
        self.problems = problems
        self.abbreviations = dict(base.abbreviations)
        self.synonyms = dict(base.synonyms)
        self.said = set(base.synonyms.values())
        self.boilerplate = list(base.boilerplate)
        self.entries = {e.key.lower(): e for e in base.entries}
        self.slots = {s.name: s for s in base.slots}
        self.sources: dict[Rule, Source] = dict(base.sources)

    def wrong(self, place: Place, message: str, code: str = "HZ214") -> None:
        self.problems.append(Problem(place, code, message))

    def added(self, rows: Mapping[str, list[_Row]]) -> Knowledge:
        for row in rows["abbreviations"]:
            self.abbreviation(row)
        for row in rows["synonyms"]:
            for variant in row.values["for"]:
                self.synonym(row, row.where["for"], words(variant), words(row.values["say"]))
        for row in rows["boilerplate"]:
            phrase = words(row.values["text"])
            if phrase not in self.boilerplate:
                self.boilerplate.append(phrase)
                self.sources["boilerplate", phrase, ()] = row.source
        self.measures(rows["measures"])
        for row in rows["slots"]:
            self.slot(row)
        found = replace(
            self.base,
            entries=tuple(sorted(self.entries.values(), key=lambda e: e.key)),
            abbreviations=self.abbreviations,
            synonyms=self.synonyms,
            boilerplate=tuple(self.boilerplate),
            slots=tuple(self.slots.values()),
            sources=self.sources,
        )
        for row in rows["synonyms"]:
            self.says(row, found)
        return found

    # --- words ---

    def abbreviation(self, row: _Row) -> None:
        one = abbreviation({**row.values})
        for short in shorts({**row.values}):
            if len(short) > 1:
                self.synonym(row, row.where["short"], short, one.long)
                continue
            others = self.abbreviations.get(short[0], ())
            rival = next((o for o in others if _ambiguous(one, o)), None)
            if rival:
                both = " or ".join(sorted(one.when & rival.when))
                beside = f" beside {both}" if both else ""
                message = (
                    f"{short[0]!r} stands for {_said(rival.long)} already{beside}: "
                    "say with 'when' beside which other words it stands for yours"
                )
                self.wrong(row.where["short"], message)
            elif one not in others:
                # What holds only beside certain words goes before what holds everywhere.
                order = (one, *others) if one.when else (*others, one)
                self.abbreviations[short[0]] = order
                self.sources["abbreviation", short, one.long] = row.source

    def synonym(self, row: _Row, place: Place, old: Phrase, new: Phrase) -> None:
        if old == new:
            return
        known = self.synonyms.get(old)
        if known is not None and known != new:
            self.wrong(place, f"{_said(old)} is read as {_said(known)} already: say that instead")
        elif known is None and old in self.said:
            message = (
                f"{_said(old)} is what other entries say, and this would undo them: "
                f"turn it round, with 'say: {' '.join(old)}' and 'for: [{' '.join(new)}]'"
            )
            self.wrong(place, message)
        elif known is None:
            self.synonyms[old] = new
            self.said.add(new)
            self.sources["synonym", old, new] = row.source

    def says(self, row: _Row, found: Knowledge) -> None:
        """Whether what is said stays as it is said, and every variant comes to it."""
        say = words(row.values["say"])
        read = spelled(say, found)
        if read != say:
            message = f"{_said(say)} is itself read as {_said(read)}: say that instead"
            self.wrong(row.where["say"], message)
            return
        for variant in map(words, row.values["for"]):
            came = spelled(variant, found)
            if came != say and self.synonyms.get(variant) == say:
                message = f"{_said(variant)} comes to {_said(came)}, for another entry reads it so"
                self.wrong(row.where["for"], message)

    # --- measures ---

    def measures(self, rows: list[_Row]) -> None:
        names = {words(n): e for e in self.base.entries for n in (e.name, *e.also)}
        added: list[tuple[_Row, Entry]] = []
        for row in rows:
            key = row.values["key"]
            there = self.entries.get(key.lower())
            if there:
                message = (
                    f"measure {_short(key)} is there already, {there.name!r}: choose another key, "
                    "or write other names of it as a synonym"
                )
                self.wrong(row.where["key"], message)
                continue
            one = entry(dict(row.values))
            for name in (one.name, *one.also):
                other = names.setdefault(words(name), one)
                if other is not one:
                    at = row.where["name" if name == one.name else "also"]
                    self.wrong(at, f"{_short(name)} is a name of {other.key} already")
            self.entries[key.lower()] = one
            self.sources["measure", (key,), ()] = row.source
            added.append((row, one))
        for row, one in added:
            self.measure(row, one)

    def measure(self, row: _Row, one: Entry) -> None:
        domains = (*(name for name, _, _ in self.base.domains), DEFAULT_DOMAIN)
        if one.domain not in domains:
            message = f"'domain' is {_short(one.domain)}, wanted one of {', '.join(domains)}"
            self.wrong(row.where["domain"], message, "HZ205")
        if not one.whole and (one.part or one.axis):
            self.wrong(row.where[""], "'part' and 'axis' want 'whole', the key of a measure")
        if one.whole and not (one.part and one.axis):
            message = "'whole' wants 'part' and 'axis': what it is, and what tells it from others"
            self.wrong(row.where["whole"], message)
        family = self.family(one)
        if one.whole and family is None:
            message = f"'whole' is {_short(one.whole)}: no measure has that key, or it is its own"
            self.wrong(row.where["whole"], message)
        for system, values in one.ids.items():
            for value in values:
                others = self.base.by_id.get((system, value), ())
                if others and family not in {self.family(o) for o in others}:
                    message = f"{system} {value} is an identifier of {others[0].key} already"
                    self.wrong(row.where["ids"], message)

    def family(self, one: Entry) -> str | None:
        """Key of the measure that an entry belongs to; `None` where its wholes lead nowhere."""
        seen = {one.key}
        while one.whole:
            above = self.entries.get(one.whole.lower())
            if above is None or above.key != one.whole or above.key in seen:
                return None
            seen.add(above.key)
            one = above
        return one.key

    # --- slots ---

    def slot(self, row: _Row) -> None:
        name = row.values["slot"]
        known = self.slots.get(name)
        if known is None and not {"help", "veto"} <= row.values.keys():
            near = get_close_matches(name, self.slots, 1, 0.5)
            hint = f"did you mean {near[0]!r}? " if near else ""
            message = f"no slot {_short(name)}: {hint}One of your own wants 'help' and 'veto'"
            self.wrong(row.where["slot"], message, "HZ205")
            return
        for key in ("help", "veto", "about") if known else ():
            if key in row.values:
                message = f"the slot {name!r} is there already and keeps its {key!r}: leave it out"
                self.wrong(row.where[key], message)
        one = slot({"help": "", "veto": "none", **row.values, "broader": {}})
        phrases = dict(known.phrases) if known else {}
        for value, texts in row.values["values"].items():
            for phrase in map(words, texts):
                other = phrases.setdefault(phrase, value)
                if other != value:
                    message = f"{_said(phrase)} names {other!r} in the slot {name!r} already"
                    self.wrong(row.where["values"], message)
                elif not (known and phrase in known.phrases):
                    self.sources[f"slot {name}", phrase, (value,)] = row.source
        if known is None:
            self.sources[f"slot {name}", (), ()] = row.source
        broader = self.broader(row, phrases.values(), known)
        self.slots[name] = replace(known or one, phrases=phrases, broader=broader)

    def broader(
        self, row: _Row, values: Iterable[str], known: Slot | None
    ) -> Mapping[str, frozenset[str]]:
        own: dict[str, list[str]] = row.values.get("broader", {})
        there = set(values)
        for value in sorted({*own, *(w for wider in own.values() for w in wider)} - there):
            message = f"{_short(value)} is no value of the slot {row.values['slot']!r}"
            self.wrong(row.where["broader"], message, "HZ205")
        both = {value: set(wider) for value, wider in (known.broader if known else {}).items()}
        for value, wider in own.items():
            both.setdefault(value, set()).update(wider)
        found = closed({value: sorted(wider) for value, wider in both.items()})
        for value in sorted(own):
            if value in found.get(value, ()):
                self.wrong(row.where["broader"], f"{_short(value)} would contain itself")
        return found


def _ambiguous(one: Abbreviation, other: Abbreviation) -> bool:
    """Whether both may hold at one place and stand for different things."""
    overlap = one.when & other.when or not (one.when or other.when)
    return one.long != other.long and bool(overlap)


def _said(phrase: Phrase) -> str:
    return _short(" ".join(phrase))


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
