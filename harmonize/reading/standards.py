"""The package's own dated facts about the standard measures, read into `Standards`."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final

from harmonize.fields import DATA_SOURCES
from harmonize.reading.knowledge import plain
from harmonize.reading.nodes import parse
from harmonize.standards import ATTRIBUTES, Change, Fact, Standards
from harmonize.values import (
    Ages,
    Cut,
    Text,
    Threshold,
    ages_between,
    read_ages,
    read_count,
    read_cut,
    read_duration,
    read_threshold,
)

FILE: Final = "standards.yaml"
COMPILED: Final = "standards.json"


@cache
def shipped() -> Standards:
    """What comes with the program; read once."""
    return made_of(_contents())


def made_of(contents: Mapping[str, Any]) -> Standards:
    """The facts and changes of a file; raises `ValueError` where a value has no grammar."""
    return Standards(
        facts=tuple(map(_fact, contents.get("facts", ()))),
        history=tuple(map(_change, contents.get("history", ()))),
    )


def compiled() -> str:
    """The contents of the file as JSON, with the hash by which it is known to be the same."""
    text = _text()
    contents = plain(parse(text, FILE))
    return json.dumps({"hash": _hash(text), "contents": contents}, ensure_ascii=False)


def _contents() -> Mapping[str, Any]:
    """What the file holds: as compiled if that is of this very file, else parsed."""
    text = _text()
    try:
        made = json.loads(files("harmonize.data").joinpath(COMPILED).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        made = {}
    found: Mapping[str, Any] = (
        made["contents"] if made.get("hash") == _hash(text) else plain(parse(text, FILE))
    )
    return found


def _text() -> str:
    return files("harmonize.data").joinpath(FILE).read_text("utf-8")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _fact(row: Mapping[str, Any]) -> Fact:
    return Fact(
        measure=row["measure"],
        spec=row.get("spec"),
        first=int(row["from"]),
        last=int(row["until"]) if "until" in row else None,
        values={name: _value(name, row[name]) for name in ATTRIBUTES if name in row},
        rates=tuple(row.get("rates", ())),
        source=row["source"],
    )


def _change(row: Mapping[str, Any]) -> Change:
    return Change(**{**row, "year": int(row["year"])})


def _value(name: str, given: Any) -> Any:
    value = _READERS[name](given)
    if isinstance(value, Text):
        raise ValueError(f"{FILE}: {name} {given!r} has no grammar")  # noqa: TRY004 - data, not code
    return value


def _ages(given: Any) -> Ages | Text:
    if isinstance(given, str):
        return read_ages(given)
    low, high, unit = given.get("min"), given.get("max"), given.get("unit", "year")
    span = f"{low or 0}-{high}" if high is not None else f"{low}+"
    unit = unit.removesuffix("s")
    as_of = given.get("as_of", "end")
    text = span + ("" if unit == "year" else f" {unit}s")
    text += " at the start of the period" if as_of == "start" else ""
    return ages_between(low, high, unit, as_of, text)


def _threshold(given: Any) -> Threshold | Text:
    if isinstance(given, str):
        return read_threshold(given)
    cuts = {read_cut(one["value"], one.get("for")) for one in given}
    text = "; ".join(f"{one['for']}: {one['value']}" for one in given)
    sure = [cut for cut in cuts if isinstance(cut, Cut)]
    if len(sure) < len(cuts):
        return Text(text)
    order = sorted(sure, key=lambda c: (c.people or "", c.operator, c.numbers, c.unit or ""))
    return Threshold(tuple(order), text)


def _one_of(words: tuple[str, ...], given: str) -> str | Text:
    return given if given in words else Text(given)


def _sources(given: Any) -> tuple[str, ...] | Text:
    named = [given] if isinstance(given, str) else given
    odd = set(named) - {*DATA_SOURCES}
    return Text("; ".join(sorted(odd))) if odd else tuple(s for s in DATA_SOURCES if s in named)


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "ages": _ages,
    "sex": str,
    "threshold": _threshold,
    "improvement_notation": partial(_one_of, ("increase", "decrease")),
    "follow_up": read_duration,
    "lookback": read_duration,
    "events": read_count,
    "data_source": _sources,
}
