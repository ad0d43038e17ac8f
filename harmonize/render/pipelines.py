"""What a check found, in the languages of services that run it on every change."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from harmonize.findings import Finding, at_least, worst_first
from harmonize.render.found import Told, spot
from harmonize.render.text import _dumped, md, visible

ROWS: Final = 200  # of a step summary, which must not be larger than a megabyte
LEVELS: Final = {"error": "error", "warning": "warning", "info": "notice"}
SARIF_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
GITLAB_LEVELS: Final = {"error": "major", "warning": "minor", "info": "info"}
SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


# --- GitHub -------------------------------------------------------------------------------------


def github(told: Told) -> str:
    """Annotations, the worst first, for only the first few are shown."""
    return "".join(f"{_annotation(one, told)}\n" for one in worst_first(told.counting))


def _annotation(one: Finding, told: Told) -> str:
    about = {"title": f"harmonize {told.named(one.code)}"}
    if one.place.line:
        about = {
            "file": told.path(one.place.file),
            "line": str(one.place.line),
            "col": str(max(one.place.column, 1)),
            **about,
        }
    elif one.place.file:
        about = {"file": told.path(one.place.file), **about}
    properties = ",".join(f"{key}={_property(value)}" for key, value in about.items())
    also = "".join(f"\nand {visible(spot(place))}" for place in one.places[1:])
    return f"::{LEVELS[one.severity]} {properties}::{_data(visible(one.message) + also)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def summary(told: Told) -> str:
    """A page for a step's summary: totals, then a table, the worst first."""
    found = worst_first(told.counting)
    out = [f"## harmonize {told.command}", "", f"{_capital(told.found.told)}.", ""]
    if found:
        out += ["| severity | rule | where | finding |", "|---|---|---|---|"]
    for one in found[:ROWS]:
        place = one.place
        where = f"{told.path(place.file)}:{max(place.line, 1)}" if place.file else ""
        cells = (one.severity, told.named(one.code), where, one.message)
        out.append(f"| {' | '.join(map(md, cells))} |")
    if len(found) > ROWS:
        out += ["", f"And {len(found) - ROWS} more, not listed here."]
    return "\n".join(out).rstrip("\n") + "\n"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


# --- fingerprints that have to be unique --------------------------------------------------------


def _numbered(told: Told) -> Iterator[tuple[Finding, str]]:
    """Findings with a fingerprint each: where one stands several times, it is counted."""
    seen: Counter[str] = Counter()
    for one in told.counting:
        seen[one.fingerprint] += 1
        again = seen[one.fingerprint]
        whole = one.fingerprint if again == 1 else f"{one.fingerprint}/{again}"
        yield one, whole


# --- GitLab -------------------------------------------------------------------------------------


def gitlab(told: Told) -> str:
    """A code quality report."""
    return _dumped(
        [
            {
                "description": one.message,
                "check_name": told.named(one.code),
                "fingerprint": sha256(whole.encode()).hexdigest(),
                "severity": GITLAB_LEVELS[one.severity],
                "location": {
                    "path": told.path(one.place.file),
                    "lines": {"begin": max(one.place.line, 1)},
                },
            }
            for one, whole in _numbered(told)
        ]
    )


# --- JUnit --------------------------------------------------------------------------------------


def junit(told: Told) -> str:
    """A test case for each measure or file that was checked, and for what else was found of."""
    cases: dict[str, list[Finding]] = {name: [] for name in told.checked}
    for one in told.counting:
        known = next((ref for ref in one.measures if ref in cases), None)
        cases.setdefault(known or one.place.file or one.code, []).append(one)
    failing = {name: at_least(found, told.failing) for name, found in cases.items()}
    suites = ET.Element("testsuites", name="harmonize")
    suite = ET.SubElement(
        suites,
        "testsuite",
        name=f"harmonize {told.command}",
        tests=str(len(cases)),
        failures=str(sum(map(bool, failing.values()))),
        errors="0",
        skipped="0",
    )
    for name, found in cases.items():
        case = ET.SubElement(
            suite, "testcase", classname=f"harmonize.{told.command}", name=visible(name)
        )
        if failing[name]:
            _fail(case, failing[name], told)
        rest = [one for one in found if one not in failing[name]]
        if rest:
            ET.SubElement(case, "system-out").text = _listed(rest, told)
    ET.indent(suites, " ")
    body = ET.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _fail(case: ET.Element, found: tuple[Finding, ...], told: Told) -> None:
    first = worst_first(found)[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    failure = ET.SubElement(
        case,
        "failure",
        type=told.named(first.code),
        message=f"{visible(first.message)}{more}",
    )
    failure.text = _listed(found, told)


def _listed(found: list[Finding] | tuple[Finding, ...], told: Told) -> str:
    return "\n".join(
        visible(f"{spot(one.place)}: {told.named(one.code)} [{one.severity}] {one.message}")
        for one in found
    )


# --- SARIF --------------------------------------------------------------------------------------


def sarif(told: Told) -> str:
    """SARIF 2.1.0: what counts, with fingerprints by which a service knows it again."""
    codes = sorted({one.code for one in told.counting})
    run = {
        "tool": {"driver": {"name": "harmonize", "rules": [_rule(code, told) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [
            {
                "ruleId": one.code,
                "ruleIndex": codes.index(one.code),
                "level": SARIF_LEVELS[one.severity],
                "message": {"text": one.message},
                "locations": [_location(p.file, p.line, p.column, told) for p in one.places[:1]
                              if p.file],
                **_related(one, told),
                "partialFingerprints": {"harmonize/v1": whole},
                "properties": {"measures": list(one.measures), "attribute": one.attribute},
            }
            for one, whole in _numbered(told)
        ],
        "properties": dict(told.found.counts),
    }  # fmt: skip
    return _dumped({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _related(one: Finding, told: Told) -> dict[str, Any]:
    found = [
        {"id": n, **_location(p.file, p.line, p.column, told)}
        for n, p in enumerate(one.places[1:], 1)
    ]
    return {"relatedLocations": found} if found else {}


def _rule(code: str, told: Told) -> dict[str, Any]:
    rule = told.rules.get(code)
    text = told.help(code) or code
    return {
        "id": code,
        **({"name": rule.name} if rule and rule.name else {}),
        "shortDescription": {"text": text},
        "help": {"text": (rule and rule.fix) or text},
    }


def _location(file: str, line: int, column: int, told: Told) -> dict[str, Any]:
    region = {"region": {"startLine": line, "startColumn": max(column, 1)}} if line else {}
    return {"physicalLocation": {"artifactLocation": _artifact(told.path(file)), **region}}


def _artifact(path: str) -> dict[str, str]:
    """Where a file is, relative to the repository; every odd character is escaped."""
    uri = quote(path.encode("utf-8", "surrogatepass"), safe="/")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}
