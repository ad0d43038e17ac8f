"""Decisions written into the text of a file: what did not change keeps its bytes."""

# A stand-in, to be replaced at the merge by the room of this name and signature: it knows only
# decisions about a match, and writes the whole file anew.

from collections.abc import Iterable, Mapping

from harmonize.decisions import Decision
from harmonize.fields import Kind, declared
from harmonize.reading.decisions import read_file


def recorded(text: str | None, file: str, decisions: Iterable[Decision]) -> str:
    """The text with each decision added, or in the place of the entry that answers its question."""
    found = {one.key: one for one in (read_file(text, file)[0] if text else ())}
    found |= {one.key: one for one in decisions}
    lines = ["harmonize: 1", "decisions:"]
    lines += [f"  - {_flow(_entry(one))}" for _, one in sorted(found.items())]
    return "\n".join(lines) + "\n"


def _entry(one: Decision) -> dict[str, object]:
    names = [key for key, info in declared(Decision).items() if info.kind is not Kind.RECORD]
    return {name: value for name in names if (value := getattr(one, name)) is not None}


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    escaped = (c if " " <= c <= "~" and c not in '"\\' else f"\\U{ord(c):08x}" for c in str(value))
    return f'"{"".join(escaped)}"'
