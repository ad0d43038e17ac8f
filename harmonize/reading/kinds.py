"""One value of each kind of field, read from one node; `None` where it is wrong or not stated."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from typing import Any, Final, TypeGuard

from harmonize.fields import AUDIENCES, FREE, Info, declared
from harmonize.mappings import is_iri
from harmonize.measures import SYSTEMS, Measure
from harmonize.reading.misnomers import meant_field
from harmonize.reading.telling import Teller
from harmonize.sets import EVERYTHING, HIDEABLE, RESERVED, SLUG
from harmonize.trees import Items, Node, Pairs, Scalar
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

_A_CUT: Final = "an operator, a value and a unit, such as < 140/90 mm Hg"
_ID_FORMS: Final = {
    "cbe": (r"[0-9]{4}[a-z]?", "four digits, such as 0018"),
    "cms": (r"CMS[0-9]{1,4}(FHIR)?(v[0-9]+(\.[0-9.]+)?)?", "such as CMS165v13"),
    "hedis": (r"[A-Z0-9]{2,5}(-[A-Z]{1,2})?", "such as CBP or BCS-E"),
    "mips": (r"[0-9]{3}(SSP)?|[A-Z]+[A-Za-z0-9_]*", "three digits, such as 001"),
    "cmit": (r"[0-9]{1,5}(-[0-9A-Z-]+)?", "digits, such as 167"),
    "star": (r"[CD][0-9]{2}", "such as C01"),
}


def line(
    teller: Teller,
    info: Info,  # noqa: ARG001 - every row of READERS is called alike
    node: Node,
    name: str,
) -> str | None:
    if not isinstance(node, Scalar):
        how = ": a text with ': ' in it needs quotes" if isinstance(node, Pairs) else ""
        message = f"{name!r} holds {node.kind}, wanted a single value{how}"
        teller.wrong(node.place, "HZ204", message)
        return None
    if name == "id" and not node.text.isprintable():
        teller.wrong(node.place, "HZ207", "an id with unprintable characters")
        return None
    return node.text


def lines(teller: Teller, info: Info, node: Node, name: str) -> Any:
    found: list[Any] = []
    for one in _each(node):
        if teller.empty(name, info, one):
            found.append(None)
        elif is_none(one):
            found.append(none(teller, info, one, name))
        else:
            found.append(line(teller, info, one, name))
    if None in found:
        return None
    if NOTHING in found:
        if len(found) > 1:
            teller.wrong(node.place, "HZ206", f"{name!r} is none and more: one or the other")
        return NOTHING
    return tuple(sorted(set(found)))


def choice(teller: Teller, info: Info, node: Node, name: str) -> str | None:
    text = line(teller, info, node, name)
    if text is None:
        return None
    words = {_plain(c): c for c in info.choices} | {_plain(v): c for v, c in info.synonyms}
    found = words.get(_plain(text))
    if found is None:
        near = get_close_matches(_plain(text)[:60], words, 1, 0.6)
        hint = f"; did you mean {words[near[0]]!r}?" if near else ""
        wanted = f"one of {', '.join(info.choices)}"
        message = f"{name!r} is {teller.quote(info, text)}, wanted {wanted}{hint}"
        teller.wrong(node.place, "HZ205", message)
    return found


def choices(teller: Teller, info: Info, node: Node, name: str) -> tuple[str, ...] | None:
    stated = (one for one in _each(node) if not teller.empty(name, info, one))
    found = [choice(teller, info, one, name) for one in stated]
    known = {word for word in found if word is not None}
    return tuple(c for c in info.choices if c in known) if known else None


def flag(teller: Teller, info: Info, node: Node, name: str) -> str | None:
    return choice(teller, replace(info, choices=("true", "false")), node, name)


def year(teller: Teller, info: Info, node: Node, name: str) -> str | None:
    text = line(teller, info, node, name)
    if text is not None and not re.fullmatch(r"(19|20|21)[0-9]{2}", text):
        message = f"{name!r} is {teller.quote(info, text)}, wanted a year such as 2025"
        teller.wrong(node.place, "HZ207", message)
        return None
    return text


def date(teller: Teller, info: Info, node: Node, name: str) -> str | None:
    text = line(teller, info, node, name)
    if text is None:
        return None
    code = "HZ206" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else "HZ207"
    try:
        day = dt.date.fromisoformat(text if code == "HZ206" else "")
    except ValueError:
        message = f"{name!r} is {teller.quote(info, text)}, wanted a day such as 2025-01-31"
        teller.wrong(node.place, code, message)
        return None
    return day.isoformat()


def duration(teller: Teller, info: Info, node: Node, name: str) -> Any:
    wanted = "a number with its unit, such as 30 days"
    return _grammar(teller, read_duration, info, node, name, wanted)


def count(teller: Teller, info: Info, node: Node, name: str) -> Any:
    return _grammar(teller, read_count, info, node, name, "a whole number")


def share(teller: Teller, info: Info, node: Node, name: str) -> Any:
    return _grammar(teller, read_share, info, node, name, "a share such as 10%, or 3x")


def rate(teller: Teller, info: Info, node: Node, name: str) -> Any:
    return _grammar(teller, read_percentage, info, node, name, "a percentage such as 65%")


def limit(teller: Teller, info: Info, node: Node, name: str) -> int | None:
    text = line(teller, info, node, name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text.strip()):
        message = f"{name!r} is {teller.quote(info, text)}, wanted a whole number such as 12"
        teller.wrong(node.place, "HZ207", message)
        return None
    return int(text)


def probability(teller: Teller, info: Info, node: Node, name: str) -> float | None:
    text = line(teller, info, node, name)
    if text is None:
        return None
    number = float(text) if re.fullmatch(r"[0-9]{0,3}\.?[0-9]{1,9}", text.strip()) else 0.0
    if not 0 < number < 1:
        message = f"{name!r} is {teller.quote(info, text)}, wanted a number such as 0.8"
        teller.wrong(node.place, "HZ207", message)
        return None
    return number


def ages(teller: Teller, info: Info, node: Node, name: str) -> Any:
    if not isinstance(node, Pairs):
        return _grammar(teller, read_ages, info, node, name, "18-85, 18+, <18 or under 18")
    parts = _parts(teller, info, node, ("min", "max", "unit", "as_of"), name)
    if parts is None:
        return None
    terms = _age_terms(teller, info, parts, name)
    if terms is None:
        return None
    unit, as_of = terms
    low, high = (parts[k].text.strip() if k in parts else None for k in ("min", "max"))
    numbers = [n for n in (low, high) if n is not None]
    if not numbers or not all(re.fullmatch(r"-?[0-9]{1,6}", n) for n in numbers):
        teller.wrong(node.place, "HZ207", f"{name!r} wants whole numbers for min, max or both")
        return None
    shown = f"{low or 0}-{high}" if high is not None else f"{low}+"
    shown += "" if unit == "year" else f" {unit}s"
    shown += " at the start of the period" if as_of == "start" else ""
    try:
        return ages_between(low, high, unit, as_of, shown)
    except Impossible as error:
        message = f"{name!r} is {teller.quote(info, shown)}, wanted {error}"
        teller.wrong(node.place, "HZ206", message)
        return None


def _age_terms(
    teller: Teller, info: Info, parts: Mapping[str, Scalar], name: str
) -> tuple[str, str] | None:
    """The unit of ages given as a map, and the day at which they are counted."""
    units = {form: unit for unit in AGE_UNITS for form in (unit, f"{unit}s")}
    unit = units.get(_plain(parts["unit"].text if "unit" in parts else "year"))
    as_of = _plain(parts["as_of"].text if "as_of" in parts else "end")
    if unit is not None and as_of in ("start", "end"):
        return unit, as_of
    at = "unit" if unit is None else "as_of"
    wanted = "years, months, weeks or days" if unit is None else "start or end"
    text = teller.quote(info, parts[at].text)
    teller.wrong(parts[at].place, "HZ205", f"'{name}.{at}' is {text}, wanted {wanted}")
    return None


def threshold(teller: Teller, info: Info, node: Node, name: str) -> Any:
    if isinstance(node, Scalar):
        return _grammar(teller, read_threshold, info, node, name, _A_CUT)
    found = [_cut(teller, info, one, name) for one in _each(node)]
    read = [one for one in found if one is not None]
    if len(read) < len(found):
        return None
    shown = "; ".join(sorted(text for _, text in read))
    cuts = {cut for cut, _ in read if isinstance(cut, Cut)}
    if any(isinstance(cut, Text) for cut, _ in read):
        return Text(shown)
    order = sorted(cuts, key=lambda c: (c.people or "", c.operator, c.numbers, c.unit or ""))
    return Threshold(tuple(order), shown)


def _cut(teller: Teller, info: Info, node: Node, name: str) -> tuple[Cut | Text, str] | None:
    """One part of a threshold, and how it is shown."""
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{name!r} wants a list of {{for: ..., value: ...}}")
        return None
    parts = _parts(teller, info, node, ("for", "value"), name)
    if parts is None:
        return None
    if "value" not in parts:
        teller.wrong(node.place, "HZ202", f"{name!r} has a part without 'value'")
        return None
    value, people = parts["value"], parts["for"].text if "for" in parts else None
    cut = _grammar(teller, partial(read_cut, people=people), info, value, name, _A_CUT)
    shown = f"{people}: {value.text}" if people else value.text
    return None if cut is None else (cut, shown)


def ids(teller: Teller, info: Info, node: Node, name: str) -> dict[str, tuple[str, ...]] | None:
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted cbe: ..., cms: ...")
        return None
    found: dict[str, tuple[str, ...]] = {}
    for key, child in node.pairs:
        if key.text not in SYSTEMS and not re.fullmatch(r"x-[\w.-]+", key.text):
            teller.unknown(key, (*SYSTEMS, "x-..."), "ids")
            continue
        if teller.empty(f"ids.{key.text}", info, child):
            continue
        values = lines(teller, info, child, f"ids.{key.text}")
        if not values:
            continue
        found[key.text] = values
        form, wanted = _ID_FORMS.get(key.text, (".*", ""))
        for text in values:
            if not re.fullmatch(form, text):
                message = f"ids.{key.text} is {teller.quote(info, text)}, usually {wanted}"
                teller.warn(child.place, "HZ302", message)
    return dict(sorted(found.items())) or None


def names(teller: Teller, info: Info, node: Node, name: str) -> tuple[str, ...] | None:
    found: tuple[str, ...] | None = lines(teller, info, node, name)
    known = (*declared(Measure), *(f"ids.{s}" for s in SYSTEMS))
    for one in _each(node) if found else ():
        text = one.text if isinstance(one, Scalar) else ""
        if text not in known and not re.fullmatch(r"ids\.x-[\w.-]+", text):
            shown = teller.quote(info, text)
            hint = meant_field(text, known)
            teller.wrong(one.place, "HZ205", f"{name!r} names no field: {shown}: {hint}")
            found = None
    return found


def visibility(teller: Teller, info: Info, node: Node, name: str) -> dict[str, str] | None:
    if isinstance(node, Scalar):
        whole = choice(teller, replace(info, choices=AUDIENCES), node, name)
        return {EVERYTHING: whole} if whole else None
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted field: audience")
        return None
    found: dict[str, str] = {}
    for key, child in node.pairs:
        if key.text not in HIDEABLE:
            teller.unknown(key, HIDEABLE, "visibility")
            continue
        word = choice(teller, replace(info, choices=AUDIENCES), child, f"{name}.{key.text}")
        if word:
            found[key.text] = word
    return dict(sorted(found.items()))


def refs(
    teller: Teller,
    info: Info,
    node: Node,
    name: str,
) -> tuple[str, ...] | None:
    """Measures as payer/id in the order given, for some questions ask which is the first."""
    found = [
        None if teller.empty(name, info, n) else line(teller, info, n, name) for n in _each(node)
    ]
    texts = [text for text in found if text is not None]
    wrong = [n for n, text in zip(_each(node), found, strict=True) if text and not _is_ref(text)]
    for one in wrong:
        text = one.text if isinstance(one, Scalar) else ""
        message = f"{name!r} is {teller.quote(info, text)}, wanted payer/id"
        teller.wrong(one.place, "HZ207", message)
    doubled = len(set(texts)) < len(texts)
    if doubled:
        teller.wrong(node.place, "HZ206", f"{name!r} names one measure twice")
    if len(texts) < 2 and len(texts) == len(found):
        teller.wrong(node.place, "HZ204", f"{name!r} wants two measures, each as payer/id")
    if wrong or doubled or len(texts) < max(2, len(found)):
        return None
    return tuple(texts)


def _is_ref(text: str) -> bool:
    payer, slash, rest = text.partition("/")
    return bool(slash and rest.strip() and re.fullmatch(SLUG, payer))


def judged(teller: Teller, info: Info, node: Node, name: str) -> dict[str, dict[str, str]] | None:
    """What each measure said: payer/id -> field -> text."""
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted payer/id: a map")
        return None
    found: dict[str, dict[str, str]] = {}
    for key, child in node.pairs:
        if not isinstance(child, Pairs):
            message = f"'{name}.{key.text[:60]}' holds {child.kind}, wanted field: text"
            teller.wrong(child.place, "HZ204", message)
            continue
        said = {k.text: line(teller, info, v, f"{name}.{k.text[:60]}") for k, v in child.pairs}
        found[key.text] = {k: text for k, text in said.items() if text is not None}
    return found


def iri(teller: Teller, info: Info, node: Node, name: str) -> str | None:
    text = line(teller, info, node, name)
    if text is not None and not is_iri(text):
        message = f"{name!r} is {teller.quote(info, text)}, wanted an address: https://..."
        teller.wrong(node.place, "HZ207", message)
        return None
    return text


def prefixes(teller: Teller, info: Info, node: Node, name: str) -> dict[str, str] | None:
    """What names stand under: prefix -> address."""
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted payer: https://...")
        return None
    found = {
        key.text: iri(teller, info, child, f"{name}.{key.text[:60]}")
        for key, child in node.pairs
        if not teller.empty(f"{name}.{key.text[:60]}", info, child)
    }
    return {key: text for key, text in found.items() if text is not None} or None


def aliases(teller: Teller, info: Info, node: Node, name: str) -> dict[str, str] | None:
    """What payers go by: payer -> slug, each another one."""
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{name!r} holds {node.kind}, wanted payer: alias")
        return None
    found: dict[str, str] = {}
    for key, child in node.pairs:
        path = f"{name}.{key.text[:60]}"
        alias = None if teller.empty(path, info, child) else slug(teller, info, child, path)
        if alias is None:
            continue
        taken = {one.lower() for one in found.values()} | {k.text.lower() for k, _ in node.pairs}
        if alias.lower() in taken:
            message = f"{alias!r} is another payer's alias, or a payer: give each its own"
            teller.wrong(child.place, "HZ582", message)
        found[key.text] = alias
    return dict(sorted(found.items())) or None


def slug(teller: Teller, info: Info, node: Node, name: str) -> str | None:
    text = line(teller, info, node, name)
    if text is None:
        return None
    if not re.fullmatch(SLUG, text):
        near = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:40]
        hint = f": did you mean {near!r}?" if near else ""
        wanted = "letters, digits, dots, dashes and underscores"
        message = f"{name!r} is {teller.quote(info, text)}, wanted {wanted}{hint}"
        teller.wrong(node.place, "HZ209", message)
        return None
    if text.lower() in RESERVED:
        teller.wrong(node.place, "HZ209", f"{text!r} is the name of a CSV column: take another")
        return None
    return text


def none(teller: Teller, info: Info, node: Scalar, name: str) -> Any:
    """The statement that there is none, where it makes sense."""
    if info.none:
        return NOTHING
    if name in FREE:
        return node.text
    message = f"{name!r} is none: that says nothing here, so leave the key out"
    teller.wrong(node.place, "HZ206", message)
    return None


def _grammar(
    teller: Teller, read: Callable[[str], Any], info: Info, node: Node, name: str, wanted: str
) -> Any:
    """A text read by its grammar; outside it, text with a warning or an error."""
    text = line(teller, info, node, name)
    if text is None:
        return None
    try:
        value = read(text)
    except Impossible as error:
        message = f"{name!r} is {teller.quote(info, text)}, wanted {error}"
        teller.wrong(node.place, "HZ206", message)
        return None
    if isinstance(value, Text):
        message = f"{name!r} is {teller.quote(info, text)}, wanted {wanted}"
        if not info.text:
            teller.wrong(node.place, "HZ207", message)
            return None
        teller.warn(node.place, "HZ301", f"{message}: kept as text, never taken as agreement")
    return value


def _parts(
    teller: Teller, info: Info, node: Pairs, known: tuple[str, ...], name: str
) -> dict[str, Scalar] | None:
    """A small map of single values; `None` when something in it is wrong."""
    found: dict[str, Scalar] = {}
    for key, child in node.pairs:
        if key.text not in known:
            teller.unknown(key, known, name)
        elif not teller.empty(f"{name}.{key.text}", replace(info, none=False), child):
            text = line(teller, info, child, f"{name}.{key.text}")
            if text is not None and isinstance(child, Scalar):
                found[key.text] = child
    return found if len(found) == len(node.pairs) else None


def is_none(node: Node) -> TypeGuard[Scalar]:
    """Whether a node is the statement that there is none."""
    return isinstance(node, Scalar) and node.text.strip().lower() == "none"


def _each(node: Node) -> tuple[Node, ...]:
    """The nodes of a list; a single one is a list of one."""
    return node.items if isinstance(node, Items) else (node,)


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word.strip().lower())
