"""A measure spec, read into a `MeasureSet`: the field decides what a text means.

Nothing here knows a field by name beyond what the format says of the whole file; every field is
read by the row of `READERS` for the kind that its declaration names.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import Any, Final

from harmonize.measures import (
    AREAS,
    AUDIENCES,
    FREE,
    HIDEABLE,
    RESERVED,
    SLUG,
    SYSTEMS,
    Info,
    Kind,
    Measure,
    MeasureSet,
    Period,
    declared,
)
from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.reading.misnomers import is_title, meant, meant_field
from harmonize.reading.nodes import Items, Node, Pairs, Scalar, is_nothing, parse
from harmonize.reading.overlays import OpenBase, is_unclear, overlaid
from harmonize.values import (
    AGE_UNITS,
    NOTHING,
    Cut,
    Impossible,
    Text,
    Threshold,
    ages_between,
    read_ages,
    read_count,
    read_cut,
    read_duration,
    read_percentage,
    read_share,
    read_threshold,
)

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
    root = overlaid(parse(text, file), file, open_base, reader.problems)
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
            place = one.where["payer"]
            here = place if place.file == one.place.file else one.place
            errors.append(Problem(here, "HZ011", message))
    if errors:
        raise SpecError((*errors, *warnings))
    return tuple(sorted(sets, key=lambda s: s.payer)), tuple(sorted(set(warnings)))


# --- one file -----------------------------------------------------------------------------------


class _Reader:
    """Reads one file; gathers problems instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unquoted: frozenset[str] | None = frozenset()
        self.sealed = False

    @property
    def errors(self) -> bool:
        return any(p.severity == "error" for p in self.problems)

    def wrong(self, place: Place, code: str, message: str) -> None:
        self.tell(Problem(place, code, message))

    def warn(self, place: Place, code: str, message: str) -> None:
        self.tell(Problem(place, code, message, "warning"))

    def tell(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MOST:
            raise SpecError((*self.problems, Problem(problem.place, "HZ113", TOO_MANY)))

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
        return frozenset(names)

    def measure_set(self, node: Node) -> MeasureSet | None:
        if not isinstance(node, Pairs):
            self.wrong(node.place, "HZ204", f"{node.kind}, where a spec is a map of keys")
            return None
        self.unquoted = None if is_unclear(self.problems) else self.hide(node.get("visibility"))
        areas = [area for area in AREAS if node.get(area) is not None]
        if node.get("harmonize") is None:
            message = "no 'harmonize: 1' in this file: a spec begins with it"
            self.wrong(node.place, "HZ202", message)
            if not areas and node.get("payer") is None:
                return None  # no spec at all: its keys mean something else
        values, where = self.fields(MeasureSet, node, skip=("measures",))
        if values.get("harmonize", "1") != "1":
            version = values["harmonize"][:20]
            self.wrong(where["harmonize"], "HZ210", f"format {version!r}: this program reads 1")
        if not areas:
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
                self.unknown(key, infos, cls)
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

    def unknown(self, key: Scalar, known: Iterable[str], within: Any = "") -> None:
        """A key that there is not, with the one that was probably meant."""
        shown = "unknown key" if self.sealed else f"unknown key {key.text[:60]!r}"
        self.wrong(key.place, "HZ201", f"{shown}: {meant(key.text, sorted(known), within)}")

    def empty(self, name: str, info: Info, node: Node) -> bool:
        """Whether nothing stands behind a key, which is an error, not a way to be silent."""
        nothing = is_nothing(node)
        if nothing:
            how = "leave the key out, or write none" if info.none else "leave the key out"
            self.wrong(node.place, "HZ203", f"{name!r} has no value: {how} where nothing is stated")
        return nothing

    def value(self, info: Info, node: Node, name: str) -> Any:
        if isinstance(node, Scalar) and _is_none(node.text):
            return self.none(info, node, name)
        before = (self.unquoted, self.sealed)
        if info.kind is not Kind.VISIBILITY and (
            info.sensitive or self.unquoted is None or name in self.unquoted
        ):
            self.unquoted, self.sealed = None, True
        found = READERS[info.kind](self, info, node, name)
        self.unquoted, self.sealed = before
        return found

    def none(self, info: Info, node: Scalar, name: str) -> Any:
        """The statement that there is none, where it makes sense."""
        if info.none:
            return NOTHING
        if name in FREE:
            return node.text
        message = f"{name!r} is none: that says nothing here, so leave the key out"
        self.wrong(node.place, "HZ206", message)
        return None

    # --- kinds ---

    def line(self, info: Info, node: Node, name: str) -> str | None:  # noqa: ARG002 - see READERS
        if not isinstance(node, Scalar):
            how = ": a text with ': ' in it needs quotes" if isinstance(node, Pairs) else ""
            message = f"{name!r} holds {node.kind}, wanted a single value{how}"
            self.wrong(node.place, "HZ204", message)
            return None
        if name == "id" and not node.text.isprintable():
            self.wrong(node.place, "HZ207", "an id with unprintable characters")
            return None
        return node.text

    def lines(self, info: Info, node: Node, name: str) -> Any:
        nodes = node.items if isinstance(node, Items) else (node,)
        found: list[Any] = []
        for one in nodes:
            if self.empty(name, info, one):
                found.append(None)
            elif isinstance(one, Scalar) and _is_none(one.text):
                found.append(self.none(info, one, name))
            else:
                found.append(self.line(info, one, name))
        if None in found:
            return None
        if NOTHING in found:
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
            near = get_close_matches(_plain(text)[:60], words, 1, 0.6)
            hint = f"; did you mean {words[near[0]]!r}?" if near else ""
            wanted = f"one of {', '.join(info.choices)}"
            message = f"{name!r} is {self.quote(info, text)}, wanted {wanted}{hint}"
            self.wrong(node.place, "HZ205", message)
        return found

    def choices(self, info: Info, node: Node, name: str) -> tuple[str, ...] | None:
        nodes = node.items if isinstance(node, Items) else (node,)
        found = [self.choice(info, one, name) for one in nodes if not self.empty(name, info, one)]
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
        if not isinstance(node, Pairs):
            return self.grammar(read_ages, info, node, name, "18-85, 18+, <18 or under 18")
        parts = self.parts(info, node, ("min", "max", "unit", "as_of"), name)
        if parts is None:
            return None
        units = {form: unit for unit in AGE_UNITS for form in (unit, f"{unit}s")}
        unit = units.get(_plain(parts["unit"].text if "unit" in parts else "year"))
        as_of = _plain(parts["as_of"].text if "as_of" in parts else "end")
        if unit is None or as_of not in ("start", "end"):
            at = "unit" if unit is None else "as_of"
            wanted = "years, months, weeks or days" if unit is None else "start or end"
            text = self.quote(info, parts[at].text)
            self.wrong(parts[at].place, "HZ205", f"'{name}.{at}' is {text}, wanted {wanted}")
            return None
        low, high = (parts[k].text.strip() if k in parts else None for k in ("min", "max"))
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

    def parts(
        self, info: Info, node: Pairs, known: tuple[str, ...], name: str
    ) -> dict[str, Scalar] | None:
        """A small map of single values; `None` when something in it is wrong."""
        found: dict[str, Scalar] = {}
        for key, child in node.pairs:
            if key.text not in known:
                self.unknown(key, known, name)
            elif not self.empty(f"{name}.{key.text}", replace(info, none=False), child):
                text = self.line(info, child, f"{name}.{key.text}")
                if text is not None and isinstance(child, Scalar):
                    found[key.text] = child
        return found if len(found) == len(node.pairs) else None

    def threshold(self, info: Info, node: Node, name: str) -> Any:
        wanted = "an operator, a value and a unit, such as < 140/90 mm Hg"
        if isinstance(node, Scalar):
            return self.grammar(read_threshold, info, node, name, wanted)
        cuts: set[Cut] = set()
        texts: list[str] = []
        words = broken = False
        for one in node.items if isinstance(node, Items) else (node,):
            parts: dict[str, Scalar] | None = None
            if not isinstance(one, Pairs):
                self.wrong(one.place, "HZ204", f"{name!r} wants a list of {{for: ..., value: ...}}")
            else:
                parts = self.parts(info, one, ("for", "value"), name)
            if parts is not None and "value" not in parts:
                self.wrong(one.place, "HZ202", f"{name!r} has a part without 'value'")
            value = (parts or {}).get("value")
            people = parts["for"].text if parts and "for" in parts else None
            read = partial(read_cut, people=people)
            cut = value and self.grammar(read, info, value, name, wanted)
            if value is None or cut is None:
                broken = True
                continue
            texts.append(f"{people}: {value.text}" if people else value.text)
            if isinstance(cut, Cut):
                cuts.add(cut)
            else:
                words = True
        shown = "; ".join(sorted(texts))
        if broken or words:
            return None if broken else Text(shown)
        order = sorted(cuts, key=lambda c: (c.people or "", c.operator, c.numbers, c.unit or ""))
        return Threshold(tuple(order), shown)

    def duration(self, info: Info, node: Node, name: str) -> Any:
        wanted = "a number with its unit, such as 30 days"
        return self.grammar(read_duration, info, node, name, wanted)

    def count(self, info: Info, node: Node, name: str) -> Any:
        return self.grammar(read_count, info, node, name, "a whole number")

    def share(self, info: Info, node: Node, name: str) -> Any:
        return self.grammar(read_share, info, node, name, "a share such as 10%, or 3x")

    def rate(self, info: Info, node: Node, name: str) -> Any:
        return self.grammar(read_percentage, info, node, name, "a percentage such as 65%")

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
        code = "HZ206" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else "HZ207"
        try:
            day = date.fromisoformat(text if code == "HZ206" else "")
        except ValueError:
            message = f"{name!r} is {self.quote(info, text)}, wanted a day such as 2025-01-31"
            self.wrong(node.place, code, message)
            return None
        return day.isoformat()

    def ids(self, info: Info, node: Node, name: str) -> dict[str, tuple[str, ...]] | None:
        if not isinstance(node, Pairs):
            self.wrong(
                node.place, "HZ204", f"{name!r} holds {node.kind}, wanted cbe: ..., cms: ..."
            )
            return None
        found: dict[str, tuple[str, ...]] = {}
        for key, child in node.pairs:
            if key.text not in SYSTEMS and not re.fullmatch(r"x-[\w.-]+", key.text):
                self.unknown(key, (*SYSTEMS, "x-..."), "ids")
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
        found: tuple[str, ...] | None = self.lines(info, node, name)
        known = (*declared(Measure), *(f"ids.{s}" for s in SYSTEMS))
        nodes = node.items if isinstance(node, Items) else (node,)
        for one in nodes if found else ():
            text = one.text if isinstance(one, Scalar) else ""
            if text not in known and not re.fullmatch(r"ids\.x-[\w.-]+", text):
                shown = self.quote(info, text)
                hint = meant_field(text, known)
                self.wrong(one.place, "HZ205", f"{name!r} names no field: {shown}: {hint}")
                found = None
        return found

    def visibility(self, info: Info, node: Node, name: str) -> dict[str, str] | None:
        if not isinstance(node, Pairs):
            self.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted field: audience")
            return None
        found: dict[str, str] = {}
        for key, child in node.pairs:
            if key.text not in HIDEABLE:
                self.unknown(key, HIDEABLE, "visibility")
                continue
            word = self.choice(replace(info, choices=AUDIENCES), child, f"{name}.{key.text}")
            if word:
                found[key.text] = word
        return dict(sorted(found.items()))

    def slug(self, info: Info, node: Node, name: str) -> str | None:
        text = self.line(info, node, name)
        if text is None:
            return None
        if not re.fullmatch(SLUG, text):
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
        values, where = self.fields(cls, node)
        if any(info.required and info.name not in values for info in declared(cls).values()):
            return None
        if cls is Period and {"from_", "to"} <= set(values) and values["from_"] > values["to"]:
            self.wrong(node.place, "HZ206", f"{name!r} ends before it begins")
        places = {"where": {"": node.place, **where}} if hasattr(cls, "where") else {}
        return cls(**places, **values)

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
        if is_nothing(node):
            message = "'measures' has no value: give a list of measures or of titles"
            self.wrong(node.place, "HZ203", message)
            return ()
        if not isinstance(node, Items):
            message = f"'measures' holds {node.kind}, wanted a list: each behind a -"
            self.wrong(node.place, "HZ204", message)
            return ()
        found = [self.measure(one, payer) for one in node.items]
        kept = _minted([m for m in found if m is not None])
        flat = [m for one in kept for m in _with_rates(one)]
        self.unique(flat)
        self.rooted(flat)
        return tuple(sorted(flat, key=lambda m: m.id))

    def measure(self, node: Node, payer: str) -> Measure | None:
        if is_nothing(node):
            self.wrong(node.place, "HZ203", "a measure without a title")
            return None
        if isinstance(node, Scalar):
            where = {"": node.place, "title": node.place}
            return Measure(payer=payer, id="", minted=True, title=node.text, where=where)
        if not isinstance(node, Pairs):
            self.wrong(node.place, "HZ204", f"{node.kind}, where a measure or its title is wanted")
            return None
        first = node.pairs[0][0]
        if len(node.pairs) == 1 and is_title(first.text):
            shown = first.text if len(first.text) <= 80 else f"{first.text[:77]}..."
            self.wrong(first.place, "HZ104", f'a title with ": " needs quotes, - "{shown}: ..."')
            return None
        before = self.unquoted
        self.unquoted = self.hide(node.get("visibility"))
        values, where = self.fields(Measure, node)
        rates = values.pop("rates", None)
        if "part" in values and "part_of" not in values:
            message = "'part' says what kind of part this is: 'part_of' is missing, of what"
            self.warn(where["part"], "HZ211", message)
        measure = None
        if "title" in values:
            values.setdefault("id", "")
            where = {"": node.place, **where}
            minted = not values["id"]
            measure = Measure(payer=payer, minted=minted, where=where, **values)
            if rates is not None:
                if self.unquoted is None or "rates" in self.unquoted:
                    self.unquoted, self.sealed = None, True
                measure = replace(measure, rates=self.rates(rates, measure, values, where))
        self.unquoted, self.sealed = before, False
        return measure

    def rates(
        self, node: Node, whole: Measure, values: dict[str, Any], where: dict[str, Place]
    ) -> tuple[Measure, ...] | None:
        if not isinstance(node, Items):
            self.wrong(node.place, "HZ204", "'rates' wants a list of {id: ..., title: ...}")
            return None
        own = ("id", "title", "acronym", "part_of", "part", "any_of")
        inherited = {k: v for k, v in values.items() if k not in own}
        above = {k: v for k, v in where.items() if k not in own}
        before = self.unquoted
        found: list[Measure] = []
        for one in node.items:
            if not isinstance(one, Pairs):
                self.wrong(one.place, "HZ204", f"{one.kind}, where a rate has an id and a title")
                continue
            self.unquoted = None if before is None else self.hide(one.get("visibility"))
            mine, places = self.fields(Measure, one)
            self.unquoted = before
            if mine.pop("rates", None) is not None:
                self.wrong(places["rates"], "HZ204", "a rate has no rates of its own")
            if "title" not in mine:
                continue
            if "visibility" in mine:
                mine["visibility"] = {**inherited.get("visibility", {}), **mine["visibility"]}
            found.append(
                Measure(
                    payer=whole.payer,
                    rate_of=whole.id,
                    context=whole.title,
                    minted="id" not in mine,
                    where={**above, "": one.place, **places},
                    **{**inherited, "id": "", **mine},
                )
            )
        return tuple(sorted(_minted(found), key=lambda m: m.id)) or None

    def unique(self, measures: Iterable[Measure]) -> None:
        seen: dict[str, Measure] = {}
        for one in measures:
            other = seen.setdefault(one.id, one)
            if other is not one:
                where = f"first in line {other.place.line}"
                message = f"the measure id {one.id[:60]!r} stands here again, {where}"
                self.wrong(one.place_of("id"), "HZ208", f"{message}: give each its own")

    def rooted(self, measures: Iterable[Measure]) -> None:
        """Whether every part is part of something other than itself, near or far."""
        wholes = {m.id: m.part_of for m in measures}
        settled: set[str] = set()
        for one in measures:
            way: list[str] = []
            at: str | None = one.id
            while at in wholes and at not in settled:
                settled.add(at)
                way.append(at)
                at = wholes[at]
            if at in way:
                place = one.place_of("part_of")
                self.wrong(
                    place, "HZ211", "'part_of' leads back here: a measure cannot be part of itself"
                )


def _is_none(text: str) -> bool:
    return text.strip().lower() == "none"


def _with_rates(measure: Measure) -> tuple[Measure, ...]:
    """The measure and its rates, each rate named `measure/rate`."""
    if not measure.rates:
        return (measure,)
    rates = tuple(replace(r, id=f"{measure.id}/{r.id}", rate_of=measure.id) for r in measure.rates)
    return (replace(measure, rates=rates), *rates)


def _minted(measures: list[Measure]) -> list[Measure]:
    """Measures without an id get one from the title, which does not hang on the rest of the list.

    Only where two would be called the same does each carry a mark made from all that it states,
    and only where they state the same a number besides.
    """
    taken = {m.id for m in measures if not m.minted}
    slugs = Counter(_slug(m.title) for m in measures if m.minted)
    named: list[Measure] = []
    for one in measures:
        if not one.minted:
            named.append(one)
            continue
        name = _slug(one.title)
        if name in taken or slugs[name] > 1:
            stated = repr([(k, getattr(one, i.name)) for k, i in declared(Measure).items()])
            name = marked = f"{name}-{_mark(stated)}"
            more = 1
            while name in taken:
                more += 1
                name = f"{marked}-{more}"
        taken.add(name)
        named.append(replace(one, id=name))
    return named


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    signs = {"<=": " le ", ">=": " ge ", "<": " lt ", ">": " gt ", "%": " pct ", "+": " plus "}
    for sign, word in signs.items():
        plain = plain.replace(sign, word)
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    return slug or f"measure-{_mark(title)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:6]


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
    Kind.DURATION: _Reader.duration,
    Kind.COUNT: _Reader.count,
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
