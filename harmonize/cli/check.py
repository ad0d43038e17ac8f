"""`harmonize check`: the policy gate for CI."""

from collections.abc import Iterable
from dataclasses import is_dataclass
from typing import Final

import click

from harmonize import rules, workspace
from harmonize.audience import publish
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    compared,
    emit,
    inputs,
    load,
    matched,
    note,
    today,
    watching,
)
from harmonize.evidence import MATCH_AT
from harmonize.fields import declared
from harmonize.findings import SEVERITIES, Finding, at_least, of_problem, ordered
from harmonize.policy import OFF
from harmonize.problems import NOWHERE, Place, SpecError
from harmonize.render import checked
from harmonize.render.progress import watched
from harmonize.render.text import visible
from harmonize.settings import Settings
from harmonize.values import stated

FORMS: Final = ("lines", "json")


@click.command(epilog="Example: harmonize check specs/ --config policy/harmonize.yaml")
@inputs
@compared
@matched
@click.option("-f", "--format", "form", type=click.Choice(FORMS), default="lines")
@click.option("-o", "--output", metavar="FILE", help="Write a file instead.")
@click.option(
    "--rule",
    "only",
    multiple=True,
    type=click.Choice(tuple(rules.NAMED)),
    metavar="NAME",
    help="Run this rule only; harmonize rules lists them.",
)
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, "never")),
    default="error",
    show_default=True,
    help="Exit 1 on a finding of this severity or worse; what cannot be read ends with 2.",
)
@click.option(
    "--show-settings", is_flag=True, help="Print every setting and where it comes from, and end."
)
def check(
    given: Given,
    shown: Shown,
    match_at: float | None,
    form: str,
    output: str | None,
    only: tuple[str, ...],
    fail_on: str,
    show_settings: bool,
) -> int:
    """Check the specs against the policy that harmonize.yaml states.

    PATH is a spec, a folder of specs, or - for standard input; without one, what harmonize.yaml
    names, else specs/. Without a policy the rules run as harmonize rules shows them.
    """
    if show_settings:
        emit(_settings(workspace.configured(given.config), given, match_at), output)
        return 0
    unreadable = False
    try:
        found = _found(given, shown, match_at, only)
    except SpecError as error:
        unreadable, found = True, ordered(map(of_problem, error.problems))
    # A baseline, ignores and what got worse since a release go in here: findings in, findings out.
    emit(checked(found, form), output)
    note(_told(found), quiet=given.quiet)
    return 2 if unreadable else int(bool(at_least(found, fail_on)))


def _found(
    given: Given, shown: Shown, match_at: float | None, only: tuple[str, ...]
) -> tuple[Finding, ...]:
    """What the rules find in the specs; raises `SpecError` where there is nothing to check."""
    loaded = load(given, shown)
    if loaded.warnings:
        many = len(loaded.warnings)
        told = "1 warning" if many == 1 else f"{many} warnings"
        note(f"{told} of the reader: harmonize validate shows more.", quiet=given.quiet)
    settings = loaded.settings
    off = [
        r.name for r, s in rules.settings(settings.policy) if r.name in only and s.severity == OFF
    ]
    if off:
        note(f"off, and not run: {', '.join(off)} (see harmonize rules).", quiet=given.quiet)
    with watched(shown=watching(quiet=given.quiet)) as pace:
        published = publish(
            loaded.sets,
            loaded.knowledge,
            audience_of(loaded.sets, shown.audience, quiet=given.quiet),
            workspace.standards(),
            match_at or settings.match_at or MATCH_AT,
            pace,
            decisions=loaded.decisions,
            today=today(given),
        )
    case = rules.case(published, loaded.sets, loaded.knowledge, workspace.standards())
    return rules.run(case, settings.policy, only)


def _told(found: Iterable[Finding]) -> str:
    """`2 errors, 1 warning, no infos`."""
    severities = [one.severity for one in found]
    counts = [(severities.count(name), name) for name in SEVERITIES]
    return ", ".join(f"{n or 'no'} {name}{'' if n == 1 else 's'}" for n, name in counts)


# --- settings -----------------------------------------------------------------------------------


def _settings(found: Settings, given: Given, match_at: float | None) -> str:
    """One line a value: what it is and where it comes from."""
    default = {"specs": ("specs",), "match_at": MATCH_AT}
    typed = {
        "specs": (given.paths or None, "PATH"),
        "knowledge": (given.knowledge or None, "--knowledge"),
        "decisions": (given.decisions or None, "--decisions"),
        "match_at": (match_at, "--match-at"),
    }
    lines = [("file", found.file or "none", "--config" if given.config else "found upward")]
    if not found.file:
        lines = [("file", "none", "default")]
    for name in declared(Settings):
        own, option = typed.get(name, (None, ""))
        stated = getattr(found, name)
        value = own if own is not None else stated if stated is not None else default.get(name)
        origin = option if own is not None else "default"
        if own is None and stated is not None:
            origin = str(found.where[name])
        lines.append((name, _shown(value), origin))
    for rule, setting in rules.settings(found.policy):
        own_rule = found.policy.of(rule.name)
        lines.append((f"rules.{rule.name}", setting.severity, _from(own_rule.place)))
        for name, info in declared(rule.takes).items() if rule.takes else ():
            value = getattr(setting.parameters, info.name, None)
            if value is not None:
                place = own_rule.where.get(name, NOWHERE)
                lines.append((f"rules.{rule.name}.{name}", _shown(value), _from(place)))
    width = max(len(f"{name} = {value}") for name, value, _ in lines if len(value) < 40)
    return "".join(f"{f'{name} = {value}':<{width}}  {origin}\n" for name, value, origin in lines)


def _from(place: Place) -> str:
    return "default" if place == NOWHERE else str(place)


def _shown(value: object) -> str:
    """A value as it may be written again; a list of records by what it says."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    kind: type = type(value)
    infos = declared(kind) if is_dataclass(kind) else {}
    if infos:
        told = ((key, getattr(value, info.name)) for key, info in infos.items())
        return f"{{{', '.join(f'{k}: {_shown(v)}' for k, v in told if v is not None)}}}"
    return visible(stated(value))
