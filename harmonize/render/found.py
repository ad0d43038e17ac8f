"""What a check found, in lines for people and as one object for programs."""

import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from harmonize.findings import SEVERITIES, Finding
from harmonize.problems import Place
from harmonize.render import disclosed
from harmonize.render.disclosed import Disclosed
from harmonize.render.text import _dumped, visible
from harmonize.triage import PROBLEMS, Rules, Sorted

SCHEMA: Final = "harmonize.findings/1"
QUOTED: Final = 120  # columns of a spec's line that are shown
_CUT: Final = "\u2026"


@dataclass(frozen=True, slots=True)
class Told:
    """What a check found, as a renderer gets it.

    `rules` are what the codes mean.  `lines` are those of the specs that may be shown, by file and
    number.  `checked` is what was looked at, as `payer/id` or as files.  `failing` is the severity
    from which on a finding fails.  `at` is where the working folder stands in the repository
    (`root`, absolute): services know files by their place in it.  `width` is that of a terminal.
    `disclosed` is what an audience would see of the specs, if that was asked.
    """

    found: Sorted
    rules: Rules = field(default_factory=lambda: PROBLEMS)
    lines: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    checked: tuple[str, ...] = ()
    failing: str = "error"
    command: str = "check"
    root: str = ""
    at: str = ""
    width: int | None = None
    disclosed: Disclosed | None = None

    @property
    def counting(self) -> tuple[Finding, ...]:
        """What is told, in order."""
        return self.found.counting

    def named(self, code: str) -> str:
        """`HZ601 missing-source`; a code alone where the rule has no name."""
        rule = self.rules.get(code)
        return f"{code} {rule.name}" if rule and rule.name else code

    def help(self, code: str) -> str:
        """What a rule finds."""
        rule = self.rules.get(code)
        return rule.help if rule else ""

    def path(self, file: str) -> str:
        """A file's place in the repository, with slashes; as it was given where it is elsewhere."""
        path = PurePath(file)
        if path.is_absolute():
            inside = bool(self.root) and path.is_relative_to(self.root)
            return (path.relative_to(self.root) if inside else path).as_posix()
        return _flat(f"{self.at}/{path.as_posix()}" if self.at else path.as_posix())


def _flat(path: str) -> str:
    """A relative path without steps that lead nowhere."""
    found: list[str] = []
    for part in path.split("/"):
        if part == ".." and found and found[-1] != "..":
            found.pop()
        elif part not in ("", "."):
            found.append(part)
    return "/".join(found)


def spot(place: Place) -> str:
    """`file:line:col`."""
    return f"{place.file}:{max(place.line, 1)}:{max(place.column, 1)}"


def lines(told: Told) -> str:
    """`file:line:col: CODE message`, a line each: what commands say of unreadable input."""
    found = "".join(
        visible(f"{spot(one.place)}: {one.code} {one.message}") + "\n" for one in told.counting
    )
    return found + (disclosed.text(told.disclosed) if told.disclosed else "")


def concise(told: Told) -> str:
    """`file:line:col: CODE [severity] message`, a line each."""
    return "".join(
        visible(f"{spot(one.place)}: {one.code} [{one.severity}] {one.message}") + "\n"
        for one in told.counting
    )


# --- text ---------------------------------------------------------------------------------------


def text(told: Told) -> str:
    """What was found, with the lines of the specs and a caret, and the counts at the end."""
    blocks = [_block(one, told) for one in told.counting]
    after = disclosed.text(told.disclosed) if told.disclosed else ""
    return "\n".join((*blocks, f"{told.found.told[0].upper()}{told.found.told[1:]}.\n")) + after


def _block(one: Finding, told: Told) -> str:
    head = f"{one.severity}[{told.named(one.code)}]: {one.message}"
    shown = _quoted(one.place, told)
    margin = " " * (len(str(one.place.line)) if shown else 1)
    out = _within(visible(head), told.width)
    if one.place.file:
        out.append(f"{margin}--> {visible(spot(one.place))}")
    if shown:
        line, caret = shown
        out += [f"{margin} |", f"{one.place.line} | {line}", f"{margin} | {caret}"]
    out += [f"{margin} = and {visible(spot(place))}" for place in one.places[1:]]
    return "".join(f"{row}\n" for row in out)


def _within(line: str, width: int | None) -> list[str]:
    """A line parted between words, so that no terminal parts it within one."""
    if width is None:
        return [line]
    return textwrap.wrap(
        line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _quoted(place: Place, told: Told) -> tuple[str, str] | None:
    """A line as it can be shown, and a caret below the column; a long one around the column."""
    line = told.lines.get(place.file, {}).get(place.line)
    if line is None or not line.strip() or not 1 <= place.column <= len(line):
        return None
    at = place.column - 1
    start = max(0, at - QUOTED // 2) if len(line) > QUOTED else 0
    end = start + QUOTED
    before = ("", _CUT)[start > 0] + visible(line[start:at].replace("\t", " "))
    rest = visible(line[at:end].replace("\t", " ")) + ("", _CUT)[end < len(line)]
    return before + rest, " " * _width(before) + "^"


def _width(text: str) -> int:
    """Columns of a terminal."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


# --- JSON ---------------------------------------------------------------------------------------


def json(told: Told) -> str:
    """One object, `harmonize.findings/1`."""
    return _dumped(
        {
            "schema": SCHEMA,
            "findings": [
                {
                    "code": one.code,
                    "severity": one.severity,
                    "message": one.message,
                    "fingerprint": one.fingerprint,
                    "locations": [_located(place) for place in one.places],
                    "rule": told.rules[one.code].name if one.code in told.rules else "",
                    "measures": list(one.measures),
                    "attribute": one.attribute,
                }
                for one in told.counting
            ],
            "summary": dict(told.found.counts),
            **({"seen": disclosed.as_object(told.disclosed)} if told.disclosed else {}),
        }
    )


def _located(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": max(place.line, 1), "column": max(place.column, 1)}


def schema() -> dict[str, Any]:
    """The JSON Schema of that object; keys may be added."""
    word, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    place = _object(
        {
            "file": {"description": "As it was named.", **word},
            "line": {"description": "From 1.", "type": "integer", "minimum": 1},
            "column": {"description": "From 1.", "type": "integer", "minimum": 1},
        }
    )
    one = _object(
        {
            "code": {"description": "The rule.", "type": "string", "pattern": "^HZ[0-9]{3}$"},
            "severity": {"enum": list(SEVERITIES)},
            "message": {"description": "For people; its wording may change.", **word},
            "fingerprint": {
                "description": "The same for the same finding, whatever its words and its place.",
                "type": "string",
                "pattern": "^f[0-9]+-[0-9a-f]+$",
            },
            "locations": {"description": "The first first.", "type": "array", "items": place},
            "rule": {"description": "Name of the rule, or empty.", **word},
            "measures": {"description": "payer/id, or payers.", "type": "array", "items": word},
            "attribute": {"description": "The field that it is about, or empty.", **word},
        }
    )
    summary = {**dict.fromkeys(SEVERITIES, count), "known": count, "ignored": count, "fixed": count}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Findings of harmonize, format 1",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "findings": {"type": "array", "items": one},
                "summary": _object(summary),
            }
        ),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
