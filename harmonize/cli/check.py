"""`harmonize check`: the policy gate for CI."""

from dataclasses import is_dataclass, replace
from difflib import get_close_matches

import click

from harmonize import leniency, rules, workspace
from harmonize.audience import Published
from harmonize.cli.options import (
    Given,
    Shown,
    audience_of,
    by_name,
    compared,
    emit,
    inputs,
    load,
    matched,
    note,
    published_for,
    today,
    watching,
)
from harmonize.cli.telling import Run, Telling, tell, told
from harmonize.evidence import MATCH_AT
from harmonize.fields import declared
from harmonize.findings import Finding, Reach, of_problem, ordered
from harmonize.git import as_of, was
from harmonize.marks import partly_seen
from harmonize.policy import OFF
from harmonize.problems import NOWHERE, Place, SpecError
from harmonize.render.progress import watched
from harmonize.render.text import visible
from harmonize.settings import Settings
from harmonize.triage import OWN, lowered
from harmonize.values import stated
from harmonize.worsening import worse


@click.command(epilog="Example: harmonize check specs/ --config policy/harmonize.yaml")
@inputs
@compared
@matched
@click.option(
    "--rule",
    "only",
    multiple=True,
    metavar="NAME",
    help="Run this rule only, by its name or code; harmonize rules lists them.",
)
@click.option(
    "--against",
    metavar="REF",
    help="Tell only what is worse than at this commit: new differences, less in common.",
)
@told
@click.option(
    "--show-settings", is_flag=True, help="Print every setting and where it comes from, and end."
)
def check(
    given: Given,
    shown: Shown,
    match_at: float | None,
    only: tuple[str, ...],
    against: str | None,
    telling: Telling,
    show_settings: bool,
) -> int:
    """Check the specs against the policy that harmonize.yaml states.

    PATH is a spec, a folder of specs, or - for standard input; without one, what harmonize.yaml
    names, else specs/. Without a policy the rules run as harmonize rules shows them. What may
    stay is ignored, with a reason: under ignore: in harmonize.yaml, or beside a line of a spec as
    "# harmonize: ignore RULE because WHY".
    """
    if show_settings:
        emit(_settings(workspace.configured(given.config), given, match_at), telling.output)
        return 0
    if against is not None and only:
        raise click.UsageError("--against and --rule: what is worse is told by rules of its own.")
    only = tuple(map(_rule, only))
    try:
        loaded = load(given, shown)
        published = _published(loaded, given, shown, match_at)
        ran, found = (
            _worse(published, against, loaded, given, shown, match_at)
            if against is not None
            else _ruled(loaded, published, only, quiet=given.quiet)
        )
        files = (file for file, _ in loaded.files)
        ignores = leniency.ignores(loaded.settings.file or None, files, loaded.sets)
    except SpecError as error:
        problems = ordered(map(of_problem, error.problems))
        unread = Run("check", None, width=shown.width)
        tell(problems, telling, unread, quiet=given.quiet)
        return 2
    drafts = {one.payer for one in loaded.sets if one.status == "draft"}
    return tell(
        lowered(found, drafts),
        telling,
        Run(
            "check",
            loaded.sets,
            checked=tuple(m.ref for p in published.report.payers for m in p.measures or ()),
            ignores=ignores,
            today=today(given),
            width=shown.width,
            reach=Reach(
                ran | OWN,
                frozenset(one.payer for one in loaded.sets),
                whole=not shown.payer,
            ),
        ),
        quiet=given.quiet,
    )


def _rule(named: str) -> str:
    """The name of the rule that a person names, or whose code a finding showed."""
    found = [one for one in rules.EVERY if named.lower() in (one.name, one.code.lower())]
    if not found:
        near = get_close_matches(named.lower(), rules.NAMED, 1)
        hint = f"Did you mean {near[0]!r}?" if near else "harmonize rules lists them."
        raise click.UsageError(f"No rule {named!r}. {hint}")
    (one,) = found
    if one.family == "drift":
        raise click.UsageError(f"{one.name} is told by --against REF, with all that is worse.")
    if one.name not in rules.NAMED:
        raise click.UsageError(f"{one.name} is told by every check: name another rule.")
    return one.name


def _published(
    loaded: workspace.Inputs, given: Given, shown: Shown, match_at: float | None
) -> Published:
    """The report as the audience of the findings may see it."""
    seen_by = audience_of(loaded.sets, shown.audience, quiet=given.quiet)
    by_name(loaded.settings.agreed, seen_by, "check")
    with watched(shown=watching(quiet=given.quiet)) as pace:
        return published_for(loaded, seen_by, match_at, pace, today(given))


def _ruled(
    loaded: workspace.Inputs, published: Published, only: tuple[str, ...], *, quiet: bool
) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """The codes of the rules that ran, and what they find in the specs."""
    if loaded.warnings and not partly_seen(loaded.sets, published.audience):
        many = len(loaded.warnings)
        warned = "1 warning" if many == 1 else f"{many} warnings"
        note(f"{warned} of the reader: harmonize validate shows more.", quiet=quiet)
    policy = loaded.settings.policy
    asked = [(r, s) for r, s in rules.settings(policy) if not only or r.name in only]
    off = [rule.name for rule, setting in asked if setting.severity == OFF]
    if off and only:
        note(f"off, and not run: {', '.join(off)} (see harmonize rules).", quiet=quiet)
    case = rules.case(published, loaded.sets, loaded.knowledge, workspace.standards())
    ran = frozenset(rule.code for rule, _ in asked if rule.name not in off)
    return ran, rules.run(case, policy, only)


def _worse(
    published: Published,
    against: str,
    loaded: workspace.Inputs,
    given: Given,
    shown: Shown,
    match_at: float | None,
) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """What is worse than it was at a commit; both are seen with the eyes of one audience."""
    paths = tuple(str(as_of(against, path)) for path in loaded.paths)
    named = (*shown.reference, *(loaded.settings.reference or ()))
    beside = tuple(was(against, path) for path in named)
    then = load(replace(given, paths=paths), replace(shown, reference=()), beside)
    shown = replace(shown, audience=published.audience)
    before = _published(then, given, shown, match_at)
    return frozenset(rules.DRIFT), worse(before.report, published.report)


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
        parts = ((key, getattr(value, info.name)) for key, info in infos.items())
        return f"{{{', '.join(f'{k}: {_shown(v)}' for k, v in parts if v is not None)}}}"
    return visible(stated(value))
