"""A measure spec, read into a `MeasureSet`: the field decides what a text means.

Nothing here knows a field by name beyond what the format says of the whole file; every field is
read by the row of `READERS` for the kind that its declaration names.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from harmonize.measures import (
    AREAS,
    AUDIENCES,
    HIDEABLE,
    SYSTEMS,
    Info,
    Kind,
    Measure,
    MeasureSet,
    declared,
)
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.nodes import Items, Node, Pairs, Scalar, parse
from harmonize.values import (
    NOTHING,
    Impossible,
    Text,
    Threshold,
    ages_between,
    read_ages,
    read_count,
    read_cut,
    read_duration,
    read_share,
    read_threshold,
)

OpenBase = Callable[[str, str], tuple[str, str]]
"""From the file that extends and the base that it names to the base's own name and text."""

# Columns of the CSV views: a payer may not be called by one of them.
RESERVED: Final = frozenset(
    [
        "concept",
        "label",
        "payers",
        "family",
        "domain",
        "used_by",
        "could_use",
        "differs",
        "dimension",
        "attribute",
        "severity",
        "cause",
        "silent",
        "decision",
        "sources",
    ]
)
SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NULLS: Final = {"", "~", "null", "Null", "NULL"}
_FREE: Final = {"id", "title", "notes", "source", "name", "payer"}  # where "none" is just a word
_ID_FORMS: Final = {
    "cbe": (r"[0-9]{4}[a-z]?", "four digits, such as 0018"),
    "cms": (r"CMS[0-9]{1,4}(FHIR)?(v[0-9]+(\.[0-9.]+)?)?", "such as CMS165v13"),
    "hedis": (r"[A-Z0-9]{2,5}(-[A-Z]{1,2})?", "such as CBP or BCS-E"),
    "mips": (r"[0-9]{3}(SSP)?|[A-Z]+[A-Za-z0-9_]*", "three digits, such as 001"),
    "cmit": (r"[0-9]{1,5}(-[0-9A-Z-]+)?", "digits, such as 167"),
    "star": (r"[CD][0-9]{2}", "such as C01"),
}


def read_spec(text: str, file: str, open_base: OpenBase) -> tuple[MeasureSet, tuple[Problem, ...]]:
    """One file's measure set and what deserves a warning; raises `SpecError` with all problems."""
    reader = _Reader()
    root = _overlaid(parse(text, file), file, open_base, (file,), reader.problems)
    found = reader.measure_set(root)
    if found is None or reader.errors:
        raise SpecError(tuple(reader.problems))
    return found, tuple(sorted(reader.problems))


def read_specs(
    documents: Iterable[tuple[str, str]], open_base: OpenBase
) -> tuple[tuple[MeasureSet, ...], tuple[Problem, ...]]:
    """All files, given as (file, text): sets by payer, and warnings; or one `SpecError` for all."""
    sets: list[MeasureSet] = []
    warnings: list[Problem] = []
    errors: list[Problem] = []
    for file, text in documents:
        try:
            found, noted = read_spec(text, file, open_base)
        except SpecError as error:
            errors.extend(error.problems)
        else:
            sets.append(found)
            warnings.extend(noted)
    first: dict[str, MeasureSet] = {}
    for one in sets:
        other = first.setdefault(one.payer.lower(), one)
        if other is not one:
            message = f"payer {one.payer!r} stands here and in {other.place}: give each its own"
            errors.append(Problem(one.where["payer"], "HZ011", message))
    if errors:
        raise SpecError((*errors, *warnings))
    return tuple(sorted(sets, key=lambda s: s.payer)), tuple(sorted(warnings))


# --- overlays -----------------------------------------------------------------------------------


def _overlaid(
    node: Node, file: str, open_base: OpenBase, chain: tuple[str, ...], problems: list[Problem]
) -> Node:
    """The node with what it extends put under it."""
    named = node.get("extends") if isinstance(node, Pairs) else None
    if not isinstance(node, Pairs) or not isinstance(named, Scalar) or named.text in _NULLS:
        return node
    try:
        base_file, text = open_base(file, named.text)
        if base_file in chain:
            problem = Problem(named.place, "HZ213", "this base extends the file that extends it")
            raise SpecError((problem,))
        base = _overlaid(
            parse(text, base_file), base_file, open_base, (*chain, base_file), problems
        )
    except SpecError as error:
        problems.append(Problem(named.place, "HZ213", f"the base {named.text!r} cannot be used"))
        problems.extend(error.problems)
        return node
    if not isinstance(base, Pairs):
        problems.append(Problem(named.place, "HZ213", f"the base {named.text!r} is not a spec"))
        return node
    names = base.get("locked")
    locked = (
        {n.text: n.place for n in names.items if isinstance(n, Scalar)}
        if isinstance(names, Items)
        else {}
    )
    return _merge_spec(base, node, locked, problems)


def _merge_spec(
    base: Pairs, over: Pairs, locked: Mapping[str, Place], problems: list[Problem]
) -> Pairs:
    kept = {k.text: (k, v) for k, v in base.pairs if k.text != "locked"}
    for key, value in over.pairs:
        if key.text == "measures":
            continue
        _unlocked(key, locked, problems)
        under = kept.get(key.text)
        if key.text == "visibility" and under and isinstance(under[1], Pairs):
            kept[key.text] = (key, _merged(under[1], value))
        else:
            kept[key.text] = (key, value)
    mine, theirs = over.get("measures"), base.get("measures")
    if isinstance(mine, Items) and isinstance(theirs, Items):
        key = next(k for k, _ in over.pairs if k.text == "measures")
        kept["measures"] = (key, _merge_measures(theirs, mine, locked, problems))
    elif mine is not None:
        kept["measures"] = next((k, v) for k, v in over.pairs if k.text == "measures")
    return Pairs(tuple(kept.values()), over.place)


def _merge_measures(
    base: Items, over: Items, locked: Mapping[str, Place], problems: list[Problem]
) -> Items:
    def known(node: Node) -> str | None:
        found = node.get("id") if isinstance(node, Pairs) else None
        return found.text if isinstance(found, Scalar) else None

    merged = {known(n) or f"\0{i}": n for i, n in enumerate(base.items)}
    for i, node in enumerate(over.items):
        name = known(node)
        under = merged.get(name) if name else None
        if isinstance(under, Pairs) and isinstance(node, Pairs):
            for key, _ in node.pairs:
                _unlocked(key, locked, problems)
            merged[name or ""] = _merged(under, node)
        else:
            merged[name or f"\1{i}"] = node
    return Items(tuple(merged.values()), over.place)


def _merged(base: Pairs, over: Node) -> Node:
    if not isinstance(over, Pairs):
        return over
    kept = {k.text: (k, v) for k, v in base.pairs} | {k.text: (k, v) for k, v in over.pairs}
    return Pairs(tuple(kept.values()), over.place)


def _unlocked(key: Scalar, locked: Mapping[str, Place], problems: list[Problem]) -> None:
    if key.text in locked:
        where = locked[key.text]
        message = f"{key.text!r} stands here, and the base locks it in {where}: take it out here"
        problems.append(Problem(key.place, "HZ212", message))


# --- one file -----------------------------------------------------------------------------------


class _Reader:
    """Reads one file; gathers problems instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unquoted: frozenset[str] | None = frozenset()

    @property
    def errors(self) -> bool:
        return any(p.severity == "error" for p in self.problems)

    def wrong(self, place: Place, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message))

    def warn(self, place: Place, code: str, message: str) -> None:
        self.problems.append(Problem(place, code, message, "warning"))

    def quote(self, info: Info, text: str) -> str:
        """A found text as a message may show it: never one that somebody may not see."""
        if info.sensitive or self.unquoted is None or info.name.rstrip("_") in self.unquoted:
            return "this value"
        return repr(text if len(text) <= 60 else f"{text[:57]}...")

    def hide(self, node: Node | None) -> frozenset[str] | None:
        """Names whose values no message quotes; `None`: quote nothing, the marks are unclear."""
        if node is None:
            return self.unquoted
        if self.unquoted is None or not isinstance(node, Pairs):
            return None
        names = set(self.unquoted)
        for key, value in node.pairs:
            if key.text not in HIDEABLE or not isinstance(value, Scalar):
                return None
            if value.text != "public":
                names.add(key.text)
        return None if names & set(AREAS) else frozenset(names)

    def measure_set(self, node: Node) -> MeasureSet | None:
        if not isinstance(node, Pairs):
            self.wrong(node.place, "HZ204", f"{node.kind}, where a spec is a map of keys")
            return None
        self.unquoted = self.hide(node.get("visibility"))
        if node.get("harmonize") is None:
            message = "no 'harmonize: 1' in this file: a spec begins with it"
            self.wrong(node.place, "HZ202", message)
        values, where = self.fields(MeasureSet, node, skip=("measures",))
        if values.get("harmonize", "1") != "1":
            version = values["harmonize"][:20]
            self.wrong(where["harmonize"], "HZ210", f"format {version!r}: this program reads 1")
        if not any(node.get(area) for area in AREAS):
            message = f"none of the areas stands here: give {', '.join(AREAS[:-1])} or {AREAS[-1]}"
            self.wrong(node.place, "HZ202", message)
        listed = node.get("measures")
        values["measures"] = (
            self.measures(listed, values.get("payer") or "") if listed is not None else None
        )
        if values.get("payer") is None or self.errors:
            return None
        return MeasureSet(where={"": node.place, **where}, **values)

    def fields(
        self, cls: type, node: Pairs, skip: tuple[str, ...] = ()
    ) -> tuple[dict[str, Any], dict[str, Place]]:
        """The declared fields of a map: values by attribute name, and places by key."""
        infos = declared(cls)
        values: dict[str, Any] = {}
        where: dict[str, Place] = {}
        for key, child in node.pairs:
            info = infos.get(key.text)
            if info is None:
                self.unknown(key, infos)
                continue
            where[key.text] = child.place
            if key.text in skip or self.empty(key.text, info, child):
                continue
            value = self.value(info, child, key.text)
            if value is not None:
                values[info.name] = value
        for name, info in infos.items():
            if info.required and node.get(name) is None and name != "harmonize":
                self.wrong(node.place, "HZ202", f"{name!r} is missing")
        return values, where

    def unknown(self, key: Scalar, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(key.text, names, 1, 0.6)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(names)}"
        self.wrong(key.place, "HZ201", f"unknown key {key.text[:60]!r}: {hint}")

    def empty(self, name: str, info: Info, node: Node) -> bool:
        """Whether nothing stands behind a key, which is an error, not a way to be silent."""
        nothing = (
            (node.text.strip() == "" or (node.plain and node.text in _NULLS))
            if isinstance(node, Scalar)
            else node.size == 1
        )
        if nothing:
            how = "leave the key out, or write none" if info.none else "leave the key out"
            self.wrong(node.place, "HZ203", f"{name!r} has no value: {how} where nothing is stated")
        return nothing

    def value(self, info: Info, node: Node, name: str) -> Any:
        if isinstance(node, Scalar) and node.text.strip().lower() == "none":
            if info.none:
                return NOTHING
            if name not in _FREE:
                message = f"{name!r} is none: that says nothing here, so leave the key out"
                self.wrong(node.place, "HZ206", message)
                return None
        return READERS[info.kind](self, info, node, name)

    # --- kinds ---

    def line(self, info: Info, node: Node, name: str) -> str | None:
        if not isinstance(node, Scalar):
            self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted a single value")
            return None
        if name == "id" and not node.text.isprintable():
            self.wrong(node.place, "HZ207", "an id with unprintable characters")
            return None
        return node.text

    def lines(self, info: Info, node: Node, name: str) -> Any:
        nodes = node.items if isinstance(node, Items) else (node,)
        found: list[str] = []
        for one in nodes:
            if isinstance(one, Scalar) and self.empty(name, info, one):
                return None
            text = self.line(info, one, name)
            if text is None:
                return None
            found.append(text)
        if info.none and any(t.strip().lower() == "none" for t in found):
            if len(found) > 1:
                self.wrong(node.place, "HZ206", f"{name!r} is none and more: one or the other")
            return NOTHING
        return tuple(sorted(set(found)))

    def choice(self, info: Info, node: Node, name: str) -> str | None:
        text = self.line(info, node, name)
        if text is None:
            return None
        words = {_plain(c): c for c in info.choices} | {_plain(v): c for v, c in info.synonyms}
        found = words.get(_plain(text))
        if found is None:
            near = get_close_matches(_plain(text), words, 1, 0.6)
            hint = f"; did you mean {words[near[0]]!r}?" if near else ""
            wanted = f"one of {', '.join(info.choices)}"
            message = f"{name!r} is {self.quote(info, text)}, wanted {wanted}{hint}"
            self.wrong(node.place, "HZ205", message)
        return found

    def choices(self, info: Info, node: Node, name: str) -> tuple[str, ...] | None:
        nodes = node.items if isinstance(node, Items) else (node,)
        found = [self.choice(info, one, name) for one in nodes]
        known = {word for word in found if word is not None}
        return tuple(c for c in info.choices if c in known) if known else None

    def flag(self, info: Info, node: Node, name: str) -> str | None:
        return self.choice(replace(info, choices=("true", "false")), node, name)

    def grammar(
        self, read: Callable[[str], Any], info: Info, node: Node, name: str, wanted: str
    ) -> Any:
        """A text read by its grammar; outside it, text with a warning or an error."""
        text = self.line(info, node, name)
        if text is None:
            return None
        try:
            value = read(text)
        except Impossible as error:
            message = f"{name!r} is {self.quote(info, text)}, wanted {error}"
            self.wrong(node.place, "HZ206", message)
            return None
        if isinstance(value, Text):
            message = f"{name!r} is {self.quote(info, text)}, wanted {wanted}"
            if not info.text:
                self.wrong(node.place, "HZ207", message)
                return None
            self.warn(node.place, "HZ301", f"{message}: kept as text, never taken as agreement")
        return value

    def ages(self, info: Info, node: Node, name: str) -> Any:
        wanted = "18-85, 18+, <18 or under 18"
        if not isinstance(node, Pairs):
            return self.grammar(read_ages, info, node, name, wanted)
        parts = self.parts(node, ("min", "max", "unit", "as_of"), name)
        if parts is None:
            return None
        unit = parts.get("unit", "years").lower().rstrip("s")
        as_of = parts.get("as_of", "end").lower()
        if unit not in ("year", "month", "week", "day") or as_of not in ("start", "end"):
            message = (
                f"{name!r} has an unknown unit or as_of: years, months, weeks, days; start, end"
            )
            self.wrong(node.place, "HZ205", message)
            return None
        low, high = parts.get("min"), parts.get("max")
        numbers = [n for n in (low, high) if n is not None]
        if not numbers or not all(re.fullmatch(r"-?[0-9]{1,6}", n) for n in numbers):
            self.wrong(node.place, "HZ207", f"{name!r} wants whole numbers for min, max or both")
            return None
        shown = f"{low or 0}-{high}" if high is not None else f"{low}+"
        shown += "" if unit == "year" else f" {unit}s"
        shown += " at the start of the period" if as_of == "start" else ""
        try:
            return ages_between(low, high, unit, as_of, shown)
        except Impossible as error:
            message = f"{name!r} is {self.quote(info, shown)}, wanted {error}"
            self.wrong(node.place, "HZ206", message)
            return None

    def parts(self, node: Pairs, known: tuple[str, ...], name: str) -> dict[str, str] | None:
        """A small map of single values; `None` when something in it is wrong."""
        found: dict[str, str] = {}
        for key, child in node.pairs:
            if key.text not in known:
                self.unknown(key, known)
                return None
            if not isinstance(child, Scalar) or not child.text.strip():
                self.wrong(child.place, "HZ204", f"{name}.{key.text} wants a single value")
                return None
            found[key.text] = child.text
        return found

    def threshold(self, info: Info, node: Node, name: str) -> Any:
        wanted = "an operator, a value and a unit, such as < 140/90 mm Hg"
        if isinstance(node, Scalar):
            return self.grammar(read_threshold, info, node, name, wanted)
        cuts, texts = [], []
        for one in node.items if isinstance(node, Items) else (node,):
            if not isinstance(one, Pairs):
                self.wrong(one.place, "HZ204", f"{name!r} wants a list of {{for: ..., value: ...}}")
                return None
            parts = self.parts(one, ("for", "value"), name)
            if parts is None:
                return None
            if "value" not in parts:
                self.wrong(one.place, "HZ202", f"{name!r} has a part without 'value'")
                return None
            child = Scalar(parts["value"], one.place)
            people = parts.get("for")
            cut = self.grammar(lambda text, p=people: read_cut(text, p), info, child, name, wanted)
            if cut is None:
                return None
            cuts.append(cut)
            texts.append(f"{people}: {parts['value']}" if people else parts["value"])
        shown = "; ".join(sorted(texts))
        if any(isinstance(cut, Text) for cut in cuts):
            return Text(shown)
        order = sorted(cuts, key=lambda c: (c.people or "", c.operator, c.numbers, c.unit or ""))
        return Threshold(tuple(order), shown)

    def share(self, info: Info, node: Node, name: str) -> Any:
        return self.grammar(read_share, info, node, name, "a share such as 10%, or 3x")

    def rate(self, info: Info, node: Node, name: str) -> Any:
        return self.grammar(read_share, info, node, name, "a percentage such as 65%")

    def year(self, info: Info, node: Node, name: str) -> str | None:
        text = self.line(info, node, name)
        if text is not None and not re.fullmatch(r"(19|20|21)[0-9]{2}", text):
            message = f"{name!r} is {self.quote(info, text)}, wanted a year such as 2025"
            self.wrong(node.place, "HZ207", message)
            return None
        return text

    def date(self, info: Info, node: Node, name: str) -> str | None:
        text = self.line(info, node, name)
        if text is None:
            return None
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError  # noqa: TRY301 - the two ways of being no date meet below
            date.fromisoformat(text)
        except ValueError:
            message = f"{name!r} is {self.quote(info, text)}, wanted a day such as 2025-01-31"
            self.wrong(node.place, "HZ207", message)
            return None
        return text

    def ids(self, info: Info, node: Node, name: str) -> dict[str, tuple[str, ...]] | None:
        if not isinstance(node, Pairs):
            self.wrong(
                node.place, "HZ204", f"{name!r} holds {node.kind}, wanted cbe: ..., cms: ..."
            )
            return None
        found: dict[str, tuple[str, ...]] = {}
        for key, child in node.pairs:
            if key.text not in SYSTEMS and not re.fullmatch(r"x-[\w.-]+", key.text):
                self.unknown(key, (*SYSTEMS, "x-..."))
                continue
            if self.empty(f"ids.{key.text}", info, child):
                continue
            values = self.lines(info, child, f"ids.{key.text}")
            if not values:
                continue
            found[key.text] = values
            form, wanted = _ID_FORMS.get(key.text, (".*", ""))
            for text in values:
                if not re.fullmatch(form, text):
                    message = f"ids.{key.text} is {self.quote(info, text)}, usually {wanted}"
                    self.warn(child.place, "HZ302", message)
        return dict(sorted(found.items())) or None

    def names(self, info: Info, node: Node, name: str) -> tuple[str, ...] | None:
        found = self.lines(replace(info, none=False), node, name)
        known = (*declared(Measure), *(f"ids.{s}" for s in SYSTEMS))
        for text in found or ():
            if text not in known and not text.startswith("ids.x-"):
                near = get_close_matches(text, known, 1, 0.6)
                hint = f": did you mean {near[0]!r}?" if near else ""
                self.wrong(node.place, "HZ205", f"{name!r} names no field: {text[:40]!r}{hint}")
                return None
        return found

    def visibility(self, info: Info, node: Node, name: str) -> dict[str, str] | None:
        if not isinstance(node, Pairs):
            self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted field: audience")
            return None
        found: dict[str, str] = {}
        for key, child in node.pairs:
            if key.text not in HIDEABLE:
                self.unknown(key, HIDEABLE)
                continue
            word = self.choice(replace(info, choices=AUDIENCES), child, f"{name}.{key.text}")
            if word:
                found[key.text] = word
        return dict(sorted(found.items()))

    def slug(self, info: Info, node: Node, name: str) -> str | None:
        text = self.line(info, node, name)
        if text is None:
            return None
        if not SLUG.fullmatch(text):
            near = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:40]
            hint = f": did you mean {near!r}?" if near else ""
            wanted = "letters, digits, dots, dashes and underscores"
            message = f"{name!r} is {self.quote(info, text)}, wanted {wanted}{hint}"
            self.wrong(node.place, "HZ209", message)
            return None
        if text.lower() in RESERVED:
            self.wrong(node.place, "HZ209", f"{text!r} is the name of a CSV column: take another")
            return None
        return text

    def record(self, info: Info, node: Node, name: str) -> Any:
        cls: Any = info.record
        if isinstance(node, Scalar) and info.shorthand:
            inner = declared(cls)[info.shorthand]
            value = self.value(replace(inner, sensitive=info.sensitive), node, name)
            return None if value is None else cls(**{inner.name: value})
        if not isinstance(node, Pairs):
            keys = ", ".join(declared(cls))
            self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted a map of {keys}")
            return None
        before = self.unquoted
        if info.sensitive or before is None or name in before:
            self.unquoted = None
        values, where = self.fields(cls, node)
        self.unquoted = before
        if any(info.required and info.name not in values for info in declared(cls).values()):
            return None
        return (
            cls(where={"": node.place, **where}, **values)
            if hasattr(cls, "where")
            else cls(**values)
        )

    def records(self, info: Info, node: Node, name: str) -> Any:
        if info.record is Measure:
            return node  # rates are read when the measure that they inherit from is known
        if not isinstance(node, Items):
            self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted a list")
            return None
        one = replace(info, kind=Kind.RECORD)
        found = [self.record(one, item, name) for item in node.items]
        return tuple(f for f in found if f is not None) or None

    # --- measures ---

    def measures(self, node: Node, payer: str) -> tuple[Measure, ...]:
        if not isinstance(node, Items) or not node.items:
            self.wrong(node.place, "HZ204", "'measures' wants a list of measures or of titles")
            return ()
        found = [self.measure(one, payer) for one in node.items]
        kept = _minted([m for m in found if m is not None])
        self.unique(kept)
        return tuple(sorted((m for one in kept for m in _with_rates(one)), key=lambda m: m.id))

    def measure(self, node: Node, payer: str) -> Measure | None:
        if isinstance(node, Scalar):
            if not node.text.strip() or (node.plain and node.text in _NULLS):
                self.wrong(node.place, "HZ203", "a measure without a title")
                return None
            where = {"": node.place, "title": node.place}
            return Measure(payer=payer, id="", minted=True, title=node.text, where=where)
        if not isinstance(node, Pairs):
            self.wrong(node.place, "HZ204", f"{node.kind}, where a measure or its title is wanted")
            return None
        first = node.pairs[0] if node.pairs else None
        if first and len(node.pairs) == 1 and first[0].text not in declared(Measure):
            after = first[1].text if isinstance(first[1], Scalar) else "..."
            message = f'a title with ": " needs quotes, - "{first[0].text[:80]}: {after[:80]}"'
            self.wrong(first[0].place, "HZ104", message)
            return None
        before = self.unquoted
        self.unquoted = self.hide(node.get("visibility"))
        values, where = self.fields(Measure, node)
        rates = values.pop("rates", None)
        if "part" in values and "part_of" not in values:
            self.wrong(where["part"], "HZ202", "'part_of' is missing, and 'part' says what kind")
        if "title" in values:
            values.setdefault("id", "")
            measure = Measure(
                payer=payer,
                minted=not values["id"],
                where={"": node.place, **where},
                **values,
            )
            if rates is not None:
                measure = replace(measure, rates=self.rates(rates, measure, values, where))
        self.unquoted = before
        return measure if "title" in values else None

    def rates(
        self, node: Node, whole: Measure, values: dict[str, Any], where: dict[str, Place]
    ) -> tuple[Measure, ...] | None:
        if not isinstance(node, Items):
            self.wrong(node.place, "HZ204", "'rates' wants a list of {id: ..., title: ...}")
            return None
        own = ("id", "title", "acronym", "part_of", "part", "any_of")
        inherited = {k: v for k, v in values.items() if k not in own}
        found: list[Measure] = []
        for one in node.items:
            if not isinstance(one, Pairs):
                self.wrong(one.place, "HZ204", f"{one.kind}, where a rate has an id and a title")
                continue
            mine, places = self.fields(Measure, one)
            if mine.pop("rates", None) is not None:
                self.wrong(places["rates"], "HZ204", "a rate has no rates of its own")
            if "title" not in mine:
                continue
            merged = inherited | mine
            merged.setdefault("id", _slug(mine["title"]))
            found.append(
                Measure(
                    payer=whole.payer,
                    rate_of=whole.id,
                    context=whole.title,
                    minted="id" not in mine,
                    where={**where, "": one.place, **places},
                    **merged,
                )
            )
        self.unique(found)
        return tuple(sorted(found, key=lambda m: m.id)) or None

    def unique(self, measures: Iterable[Measure]) -> None:
        seen: dict[str, Measure] = {}
        for one in measures:
            other = seen.setdefault(one.id, one)
            if other is not one:
                where = f"first in line {other.place.line}"
                message = f"the measure id {one.id[:60]!r} stands here again, {where}"
                self.wrong(one.place_of("id"), "HZ208", f"{message}: give each its own")
            if one.part_of == one.id:
                self.wrong(one.place_of("part_of"), "HZ211", "a measure cannot be part of itself")


def _with_rates(measure: Measure) -> tuple[Measure, ...]:
    """The measure and its rates, each rate named `measure/rate`."""
    rates = tuple(
        replace(r, id=f"{measure.id}/{r.id}", rate_of=measure.id) for r in measure.rates or ()
    )
    return (replace(measure, rates=rates or None), *rates)


def _minted(measures: list[Measure]) -> list[Measure]:
    """Measures without an id get one from the title, which does not hang on the rest of the list.

    Only where two would be called the same does each carry a mark made from all that it states.
    """
    taken = {m.id for m in measures if not m.minted}
    slugs = [_slug(m.title) for m in measures if m.minted]
    named: list[Measure] = []
    for one in measures:
        if not one.minted:
            named.append(one)
            continue
        slug = _slug(one.title)
        if slug in taken or slugs.count(slug) > 1:
            stated = repr([(k, getattr(one, i.name)) for k, i in declared(Measure).items()])
            slug = f"{slug}-{_mark(stated)}"
        named.append(replace(one, id=slug))
    return named


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    signs = {"<=": " le ", ">=": " ge ", "<": " lt ", ">": " gt ", "%": " pct ", "+": " plus "}
    for sign, word in signs.items():
        plain = plain.replace(sign, word)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    return slug or f"measure-{_mark(title)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word.strip().lower())


READERS: Final[Mapping[Kind, Callable[[_Reader, Info, Node, str], Any]]] = {
    Kind.LINE: _Reader.line,
    Kind.TEXT: _Reader.line,
    Kind.LINES: _Reader.lines,
    Kind.CHOICE: _Reader.choice,
    Kind.CHOICES: _Reader.choices,
    Kind.FLAG: _Reader.flag,
    Kind.AGES: _Reader.ages,
    Kind.THRESHOLD: _Reader.threshold,
    Kind.DURATION: lambda r, i, n, k: r.grammar(
        read_duration, i, n, k, "a number with its unit, such as 30 days"
    ),
    Kind.COUNT: lambda r, i, n, k: r.grammar(read_count, i, n, k, "a whole number"),
    Kind.SHARE: _Reader.share,
    Kind.RATE: _Reader.rate,
    Kind.YEAR: _Reader.year,
    Kind.DATE: _Reader.date,
    Kind.IDS: _Reader.ids,
    Kind.FIELDS: _Reader.names,
    Kind.VISIBILITY: _Reader.visibility,
    Kind.SLUG: _Reader.slug,
    Kind.RECORD: _Reader.record,
    Kind.RECORDS: _Reader.records,
}
