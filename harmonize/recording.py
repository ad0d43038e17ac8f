"""Decisions put into the text of a decisions file.

A stand-in until the room of this name is merged: it writes every entry anew.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from harmonize.composing import code
from harmonize.decisions import Decision, Withdrawn, ordered
from harmonize.fields import declared
from harmonize.reading.decisions import read_file


def recorded(text: str | None, file: str, decisions: Iterable[Decision]) -> str:
    """The text of a file with these decisions in it, each in the place of the one of its key."""
    new = tuple(decisions)
    keys = {one.key for one in new if one.withdrawn is None}
    there = read_file(text, file)[0] if text else ()
    return _text((*(o for o in there if o.withdrawn or o.key not in keys), *new))


def withdrawn(text: str, file: str, keys: Collection[tuple[str, ...]], trace: Withdrawn) -> str:
    """The text with the entries of these keys marked as withdrawn."""
    return _text(
        replace(one, withdrawn=trace) if one.key in keys and one.withdrawn is None else one
        for one in read_file(text, file)[0]
    )


def _text(decisions: Iterable[Decision]) -> str:
    lines = [f"  - {_flow(dict(_stated(one)))}\n" for one in ordered(decisions)]
    return "".join(("harmonize: 1\n", "decisions:\n" if lines else "decisions: []\n", *lines))


def _stated(one: Any) -> Iterator[tuple[str, object]]:
    cls: type = type(one)
    for key, info in declared(cls).items():
        value = getattr(one, info.name)
        if value is not None:
            yield key, dict(_stated(value)) if info.record else value


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return '"' + "".join(c if _is_bare(c) else code(c) for c in str(value)) + '"'


def _is_bare(character: str) -> bool:
    return character.isprintable() and character not in '"\\'
