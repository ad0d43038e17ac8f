"""The rules of the gate as people read them: a list, one explained, and a page for the docs."""

import json
import textwrap
from collections.abc import Iterable
from typing import Any, Final

from harmonize.fields import declared
from harmonize.policy import OFF
from harmonize.rules.case import FAMILIES, Rule

_TITLES = {
    "spec": "Single lists",
    "alignment": "The whole, and an adopted core",
    "divergence": "What payers ask differently",
    "decision": "What has been decided",
    "drift": "What got worse, told by check --against",
    "ignore": "Ignores themselves",
}

# Families whose rules a policy turns on and off.
POLICED: Final = ("spec", "alignment", "divergence", "decision")


def listed(rules: Iterable[Rule], width: int | None = None) -> str:
    """A line each: code, name, severity, and in a sentence what it finds."""
    rows = [(rule.code, rule.name, rule.severity, _sentence(rule.finds)) for rule in rules]
    wide = [max(len(row[i]) for row in rows) for i in range(3)]
    heads = ["  ".join(row[i].ljust(wide[i]) for i in range(3)) for row in rows]
    return "".join(
        _hanging(f"{head}  ", row[3], width) for head, row in zip(heads, rows, strict=True)
    )


def _sentence(text: str) -> str:
    head, _, _ = text.partition(". ")
    return head.removesuffix(".")


def _hanging(head: str, text: str, width: int | None) -> str:
    """A text beside its head, on as many lines as a terminal needs."""
    if width is None or len(head) + 24 > width:
        return f"{head}{text}\n"
    lines = textwrap.wrap(
        text, width - len(head), break_long_words=False, break_on_hyphens=False
    ) or [""]
    rest = "".join(f"{' ' * len(head)}{line}\n" for line in lines[1:])
    return f"{head}{lines[0]}\n{rest}"


def explained(rule: Rule, width: int | None = None) -> str:
    """All that there is to say of one rule."""
    parts = [
        f"{rule.code} {rule.name}: {_severity(rule)}, about {_TITLES[rule.family].lower()}",
        "",
        *(_hanging(f"{head + ':':<9}", told, width)[:-1] for head, told in _told(rule)),
    ]
    takes = _takes(rule)
    if takes:
        parts += ["takes:", *(_hanging(f"  {name}: ", told, width)[:-1] for name, told in takes)]
    if rule.family in POLICED:
        parts += ["harmonize.yaml:", *(f"  {line}" for line in _policy(rule))]
    return "\n".join((*parts, ""))


def as_json(rules: Iterable[Rule]) -> str:
    """The rules as one object, schema `harmonize.rules/1`."""
    found: list[dict[str, Any]] = [
        {
            "code": rule.code,
            "name": rule.name,
            "family": rule.family,
            "severity": rule.severity,
            **dict(_told(rule)),
            "takes": dict(_takes(rule)),
        }
        for rule in rules
    ]
    made = {"schema": "harmonize.rules/1", "rules": found}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def markdown(rules: Iterable[Rule]) -> str:
    """The rules as a page, family by family."""
    every = list(rules)
    out = [
        "# Rules",
        "",
        "What `harmonize check` may find; a policy says of each rule how severe it is. How to put",
        "it to use is told in [gate.md](gate.md); this page is `harmonize rules -f markdown`.",
        "",
    ]
    for family in FAMILIES:
        own = [rule for rule in every if rule.family == family]
        if own:
            out += [f"## {_TITLES[family]}", ""]
        for rule in own:
            out += [f"### {rule.name} ({rule.code})", "", f"{rule.finds} {rule.why}", ""]
            out += [f"- By default: {_severity(rule)}.", f"- Says: `{rule.example}`"]
            out += [f"- What to do: {rule.fix}"]
            out += [f"- `{name}`: {told}" for name, told in _takes(rule)]
            out += [""]
            if family in POLICED:
                out += ["```yaml", *_policy(rule), "```", ""]
    return "\n".join(out)


def _severity(rule: Rule) -> str:
    return "off, until a policy says what is wanted" if rule.severity == OFF else rule.severity


def _told(rule: Rule) -> tuple[tuple[str, str], ...]:
    return (("finds", rule.finds), ("why", rule.why), ("example", rule.example), ("fix", rule.fix))


def _takes(rule: Rule) -> tuple[tuple[str, str], ...]:
    infos = declared(rule.takes) if rule.takes else {}
    found = []
    for name, info in infos.items():
        needed = " (needed)" if info.required else ""
        found.append((name, f"{info.help}{needed}"))
        for inner, own in declared(info.record).items() if info.record else ():
            found.append((f"{name}.{inner}", own.help))
    return tuple(found)


def _policy(rule: Rule) -> tuple[str, ...]:
    """How a policy speaks of it."""
    severity = "error" if rule.severity == OFF else rule.severity
    own = f"{rule.name}: {severity}"
    if rule.sample:
        own = f"{rule.name}: {{severity: {severity}, {rule.sample}}}"
    return ("policy:", "  rules:", f"    {own}")
