"""The JSON Schema of a measure spec, made from the declarations that the reader reads."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from harmonize.decisions import ABOUT, Decision
from harmonize.fields import AUDIENCES, FREE, Info, Kind, declared
from harmonize.mappings import IRI
from harmonize.measures import SYSTEMS, Measure
from harmonize.sets import AREAS, HIDEABLE, RESERVED, SLUG, MeasureSet
from harmonize.values import AGE_UNITS

ID: Final = "https://harmonize.example/schema/spec-1.json"
DECISIONS_ID: Final = "https://harmonize.example/schema/decisions-1.json"
_BLANK: Final = r"^\s*$"
_OWN_SYSTEM: Final = r"x-[\w.-]+"


def spec_schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12; says what an editor can check, the reader says the rest."""
    whole = _object(MeasureSet)
    titled = {"if": {"type": "object"}, "then": {"required": _required(Measure)}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Measure spec, format 1",
        **whole,
        "required": ["harmonize"],
        # An overlay has from its base what it does not say itself.
        "if": {"required": ["extends"]},
        "else": {
            "required": _required(MeasureSet),
            "anyOf": [{"required": [area]} for area in AREAS],
            "properties": {"measures": {"items": titled}},
        },
        "$defs": {
            "measure": {"minProperties": 1, **_object(Measure)},
            "text": _stated(_BLANK),
            "statement": _stated(_BLANK, _any_case("none")),
            "audience": _words(AUDIENCES),
        },
    }


def decisions_schema() -> dict[str, Any]:
    """The same for a decisions file."""
    one = {**_object(Decision), "oneOf": [{"required": [name]} for name in ABOUT]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": DECISIONS_ID,
        "title": "Decisions, format 1",
        "type": "object",
        "additionalProperties": False,
        "required": ["harmonize", "decisions"],
        "properties": {
            "harmonize": {"enum": [1, "1"]},
            "decisions": {"anyOf": [{"type": "null"}, {"type": "array", "items": one}]},
        },
        "$defs": {"text": _stated(_BLANK), "statement": _stated(_BLANK, _any_case("none"))},
    }


def _object(cls: type) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _field(info) for name, info in declared(cls).items()},
    }


def _required(cls: type) -> list[str]:
    return [name for name, info in declared(cls).items() if info.required]


def _field(info: Info) -> dict[str, Any]:
    body = SHAPES[info.kind](info)
    if info.name == "harmonize":
        body = {"enum": [1, "1"]}
    if info.none:
        body = {"anyOf": [_words(["none"]), body]}
    return {"description": info.help, **body}


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": rf"^\s*(?:{pattern})\s*$"}


def _stated(*barred: str) -> dict[str, Any]:
    """One text; YAML tools hand over numbers and truth where people left the quotes out."""
    return {
        "type": ["string", "number", "boolean"],
        "not": {"type": "string", "pattern": "|".join(barred)},
    }


def _line(info: Info) -> dict[str, Any]:
    free = info.none or info.name in FREE
    return {"$ref": f"#/$defs/{'text' if free else 'statement'}"}


def _lines(info: Info) -> dict[str, Any]:
    return _list_of(_line(info))


def _list_of(one: dict[str, Any], *, single: bool = True) -> dict[str, Any]:
    many = {"type": "array", "minItems": 1, "items": one}
    return {"anyOf": [one, many]} if single else many


def _any_case(word: str) -> str:
    """A pattern for a word in any case, with any mark between its parts, as the reader takes it."""
    letters = (f"[{c}{c.upper()}]" if c.isalpha() else re.escape(c) for c in word.lower())
    return rf"^\s*{''.join(letters)}\s*$".replace("\\ ", r"[\s_-]+").replace("\\-", r"[\s_-]+")


def _words(words: Iterable[str]) -> dict[str, Any]:
    """A closed vocabulary: the words for an editor to offer, and the same in other spellings."""
    known = list(words)
    numbers = [int(word) for word in known if word.isdecimal()]
    spelled = {"type": "string", "pattern": "|".join(map(_any_case, known))}
    return {"anyOf": [{"enum": [*known, *numbers]}, spelled]}


def _choice(info: Info) -> dict[str, Any]:
    return _words((*info.choices, *(synonym for synonym, _ in info.synonyms)))


def _flag(_: Info) -> dict[str, Any]:
    return {"anyOf": [{"type": "boolean"}, _words(("true", "false"))]}


def _ages(info: Info) -> dict[str, Any]:
    age = {"anyOf": [{"type": "integer", "minimum": 0}, _text("[0-9]{1,6}")]}
    units = [form for unit in AGE_UNITS for form in (f"{unit}s", unit)]
    parts = {"min": age, "max": age, "unit": _words(units), "as_of": _words(("start", "end"))}
    return {
        "anyOf": [
            _line(info),
            {
                "type": "object",
                "additionalProperties": False,
                "properties": parts,
                "anyOf": [{"required": ["min"]}, {"required": ["max"]}],
            },
        ]
    }


def _threshold(info: Info) -> dict[str, Any]:
    cut = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"for": _line(info), "value": _line(info)},
        "required": ["value"],
    }
    return {"anyOf": [_line(info), cut, {"type": "array", "minItems": 1, "items": cut}]}


def _count(info: Info) -> dict[str, Any]:
    text = _line(info) if info.text else _text("[0-9]{1,12}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}")
    return {"anyOf": [{"type": "integer", "minimum": 1}, {**text, "type": "string"}]}


def _duration(info: Info) -> dict[str, Any]:
    return {**_line(info), "type": "string", "pattern": r"[^0-9.\s-]"}  # never a bare number


def _year(_: Info) -> dict[str, Any]:
    number = {"type": "integer", "minimum": 1900, "maximum": 2199}
    return {"anyOf": [number, {"type": "string", "pattern": "^(?:19|20|21)[0-9]{2}$"}]}


def _ids(info: Info) -> dict[str, Any]:
    return _map_of(SYSTEMS, _lines(info), patternProperties={f"^{_OWN_SYSTEM}$": _lines(info)})


def _fields(_: Info) -> dict[str, Any]:
    names = [*declared(Measure), *(f"ids.{system}" for system in SYSTEMS)]
    return _list_of({"anyOf": [{"enum": names}, _text(rf"ids\.{_OWN_SYSTEM}")]})


def _visibility(_: Info) -> dict[str, Any]:
    audience = {"$ref": "#/$defs/audience"}
    return {"anyOf": [audience, _map_of(HIDEABLE, audience)]}


def _slug(_: Info) -> dict[str, Any]:
    reserved = {"type": "string", "pattern": "|".join(map(_any_case, RESERVED))}
    return {"type": ["string", "integer"], "pattern": f"^{SLUG}$", "not": reserved}


def _refs(_: Info) -> dict[str, Any]:
    return {"type": "array", "minItems": 2, "uniqueItems": True, "items": _text(rf"{SLUG}/.+")}


def _judged(_: Info) -> dict[str, Any]:
    said = {"type": "object", "additionalProperties": {"$ref": "#/$defs/text"}}
    return {"type": "object", "additionalProperties": said}


def _prefixes(_: Info) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _text(IRI.pattern), "minProperties": 1}


def _aliases(_: Info) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _slug(_), "minProperties": 1}


def _record(info: Info) -> dict[str, Any]:
    if info.record is Measure:
        return {"$ref": "#/$defs/measure"}
    cls = info.record or object
    body = {**_object(cls), "minProperties": 1, "required": _required(cls)}
    return {"anyOf": [_line(info), body]} if info.shorthand else body


def _records(info: Info) -> dict[str, Any]:
    one = _record(info)
    if info.record is Measure and info.name == "measures":
        one = {"anyOf": [_line(declared(Measure)["title"]), one]}
    elif info.record is Measure:  # a rate, which has no rates of its own
        one = {**one, "required": _required(Measure), "properties": {"rates": False}}
    return _list_of(one, single=False)


def _map_of(names: tuple[str, ...], value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "properties": dict.fromkeys(names, value),
        "additionalProperties": False,
        **more,
    }


SHAPES: Final[Mapping[Kind, Callable[[Info], dict[str, Any]]]] = {
    Kind.LINE: _line,
    Kind.TEXT: _line,
    Kind.LINES: _lines,
    Kind.CHOICE: _choice,
    Kind.CHOICES: lambda info: _list_of(_choice(info)),
    Kind.FLAG: _flag,
    Kind.AGES: _ages,
    Kind.THRESHOLD: _threshold,
    Kind.DURATION: _duration,
    Kind.COUNT: _count,
    Kind.SHARE: lambda _: _text(r"[0-9]{1,12}(?:\.[0-9]{1,9})?\s*[%xX]"),
    Kind.RATE: _line,
    Kind.LIMIT: lambda _: {"type": "integer", "minimum": 0},
    Kind.PROBABILITY: lambda _: {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    Kind.YEAR: _year,
    Kind.DATE: lambda _: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    Kind.IDS: _ids,
    Kind.FIELDS: _fields,
    Kind.VISIBILITY: _visibility,
    Kind.SLUG: _slug,
    Kind.REFS: _refs,
    Kind.IRI: lambda _: _text(IRI.pattern),
    Kind.PREFIXES: _prefixes,
    Kind.ALIASES: _aliases,
    Kind.JUDGED: _judged,
    Kind.RECORD: _record,
    Kind.RECORDS: _records,
}
