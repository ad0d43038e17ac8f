"""The JSON Schema of a measure spec, made from the declarations that the reader reads."""

from collections.abc import Callable, Mapping
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

ID: Final = "https://harmonize.example/schema/spec-1.json"
_TEXT: Final = {"type": "string", "minLength": 1}
# YAML tools hand over numbers, booleans and dates where people left the quotes out.
_SCALAR: Final = {"type": ["string", "number", "boolean"]}
_NONE: Final = {"type": "string", "pattern": "^[Nn][Oo][Nn][Ee]$"}
_SLUG: Final = "^[A-Za-z0-9][A-Za-z0-9._-]*$"


def spec_schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12; says what an editor can check, the reader says the rest."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Measure spec, format 1",
        **_object(MeasureSet),
        "anyOf": [{"required": [area]} for area in AREAS],
        "$defs": {"measure": _object(Measure)},
    }


def _object(cls: type) -> dict[str, Any]:
    infos = declared(cls)
    found: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _field(info) for name, info in infos.items()},
    }
    required = [name for name, info in infos.items() if info.required]
    return {**found, "required": required} if required else found


def _field(info: Info) -> dict[str, Any]:
    body = SHAPES[info.kind](info)
    if info.name == "harmonize":
        body = {"enum": [1, "1"]}
    if info.none:
        body = {"anyOf": [_NONE, body]}
    return {"description": info.help, **body}


def _list_of(one: dict[str, Any], *, single: bool = True) -> dict[str, Any]:
    many = {"type": "array", "minItems": 1, "items": one}
    return {"anyOf": [one, many]} if single else many


def _words(info: Info) -> dict[str, Any]:
    return {"enum": [*info.choices, *(synonym for synonym, _ in info.synonyms)]}


def _record(info: Info) -> dict[str, Any]:
    if info.record is Measure:
        return {"$ref": "#/$defs/measure"}
    body = _object(info.record or object)
    return {"anyOf": [_SCALAR, body]} if info.shorthand else body


def _records(info: Info) -> dict[str, Any]:
    one = _record(info)
    if info.record is Measure and info.name == "measures":
        one = {"anyOf": [_TEXT, one]}
    return _list_of(one, single=False)


def _map_of(names: tuple[str, ...], value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "properties": dict.fromkeys(names, value),
        "additionalProperties": False,
        **more,
    }


_AGES: Final = {
    "anyOf": [
        _SCALAR,
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "min": {"type": ["integer", "string"]},
                "max": {"type": ["integer", "string"]},
                "unit": {"enum": ["years", "months", "weeks", "days"]},
                "as_of": {"enum": ["start", "end"]},
            },
        },
    ]
}
_CUT: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"for": _TEXT, "value": _SCALAR},
    "required": ["value"],
}

SHAPES: Final[Mapping[Kind, Callable[[Info], dict[str, Any]]]] = {
    Kind.LINE: lambda _: _SCALAR,
    Kind.TEXT: lambda _: _SCALAR,
    Kind.LINES: lambda _: _list_of(_SCALAR),
    Kind.CHOICE: _words,
    Kind.CHOICES: lambda info: _list_of(_words(info)),
    Kind.FLAG: lambda _: {"enum": [True, False, "true", "false"]},
    Kind.AGES: lambda _: _AGES,
    Kind.THRESHOLD: lambda _: {"anyOf": [_SCALAR, _CUT, {"type": "array", "items": _CUT}]},
    Kind.DURATION: lambda _: _TEXT,
    Kind.COUNT: lambda _: {"type": ["integer", "string"]},
    Kind.SHARE: lambda _: {"type": "string", "pattern": "^[0-9.]+ *[%xX]$"},
    Kind.RATE: lambda _: _SCALAR,
    Kind.YEAR: lambda _: {"type": ["integer", "string"]},
    Kind.DATE: lambda _: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    Kind.IDS: lambda _: _map_of(
        SYSTEMS, _list_of(_SCALAR), patternProperties={"^x-": _list_of(_SCALAR)}
    ),
    Kind.FIELDS: lambda _: _list_of(_TEXT),
    Kind.VISIBILITY: lambda _: _map_of(HIDEABLE, {"enum": list(AUDIENCES)}),
    Kind.SLUG: lambda _: {"type": ["string", "integer"], "pattern": _SLUG},
    Kind.RECORD: _record,
    Kind.RECORDS: _records,
}
