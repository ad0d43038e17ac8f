"""Findings sorted: which count, which are known already and which somebody asked to ignore."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from harmonize.baseline import Baseline, Known
from harmonize.findings import EVERYTHING, SEVERITIES, Finding, Reach, at_least, ordered
from harmonize.ignores import Ignore
from harmonize.problems import CODES


class Rule(NamedTuple):
    """How a rule is called, what it finds and what to do about it.

    A name is empty where only the code is one, and what to do where the finding itself says it.
    """

    name: str
    help: str
    fix: str = ""


Rules = Mapping[str, Rule]
"""Rules by code."""

UNUSED: Final = "HZ691"  # an ignore that finds nothing to ignore
EXPIRED: Final = "HZ692"  # an ignore whose last day is past
OWN: Final = frozenset({UNUSED, EXPIRED})
PROBLEMS: Final[Rules] = {code: Rule("", told) for code, told in CODES.items()}


@dataclass(frozen=True, slots=True)
class Sorted:
    """What was found, in order: `counting` is told and may fail a build, the rest is counted only.

    `fixed` is what the baseline knows and nothing found; `compared` whether there is a baseline.
    """

    counting: tuple[Finding, ...]
    known: tuple[Finding, ...] = ()
    ignored: tuple[Finding, ...] = ()
    fixed: tuple[Known, ...] = ()
    compared: bool = False

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each severity, and how many are known, ignored and fixed."""
        found = {s: sum(one.severity == s for one in self.counting) for s in SEVERITIES}
        rest = {"known": self.known, "ignored": self.ignored, "fixed": self.fixed}
        return found | {name: len(those) for name, those in rest.items()}

    @property
    def told(self) -> str:
        """`1 error, 1 warning; 12 known, 2 new, 3 fixed; 1 ignored`."""
        counts = self.counts
        named = (("error", "errors"), ("warning", "warnings"), ("info", "notes"))
        parts = [
            f"{counts[name]} {many if counts[name] != 1 else many[:-1]}"
            for name, many in named
            if counts[name]
        ]
        out = [", ".join(parts)] if parts else []
        if self.compared:
            out.append(
                f"{counts['known']} known, {len(self.counting)} new, {counts['fixed']} fixed"
            )
        if self.ignored:
            out.append(f"{counts['ignored']} ignored")
        return "; ".join(out) or "nothing found"

    def failing(self, severity: str) -> tuple[Finding, ...]:
        """Those that fail a build that fails on this severity."""
        return at_least(self.counting, severity)


def apply(
    found: Iterable[Finding],
    baseline: Baseline | None = None,
    ignores: Iterable[Ignore] = (),
    today: str = "",
    rules: Rules = PROBLEMS,
    reach: Reach = EVERYTHING,
) -> Sorted:
    """Findings held against what is known and what is to be ignored.

    An ignore holds to the end of its last day; one that is expired, or that nothing needs, is a
    finding.  `rules` give the names of rules by code.  What is out of this run's `reach` is not
    fixed, and its ignore is not unused.
    """
    listed, asked = ordered(found), tuple(ignores)
    in_force = [one for one in asked if not _expired(one, today)]
    ignored: list[Finding] = []
    rest: list[Finding] = []
    used: set[int] = set()
    for one in listed:
        covering = [n for n, i in enumerate(in_force) if i.covers(one, _name(one.code, rules))]
        used.update(covering)
        (ignored if covering else rest).append(one)
    unused = [one for n, one in enumerate(in_force) if n not in used and _within(one, rules, reach)]
    expired = [one for one in asked if _expired(one, today)]
    rest = list(ordered((*rest, *(_unused(one, rules) for one in unused), *map(_expiry, expired))))
    known = {one.fingerprint for one in baseline or ()}
    there = {one.fingerprint for one in listed}
    return Sorted(
        counting=tuple(one for one in rest if one.fingerprint not in known),
        known=tuple(one for one in rest if one.fingerprint in known),
        ignored=tuple(ignored),
        fixed=tuple(_fixed(baseline or (), there | {f.fingerprint for f in rest}, reach)),
        compared=baseline is not None,
    )


def _fixed(baseline: Baseline, there: set[str], reach: Reach) -> Iterator[Known]:
    for one in baseline:
        if one.fingerprint not in there and reach.finds(one.code, one.measures or ()):
            yield one


def lowered(found: Iterable[Finding], drafts: AbstractSet[str]) -> tuple[Finding, ...]:
    """Findings with a warning for an error where there would be none without draft payers."""
    return tuple(
        replace(one, severity="warning") if one.severity == "error" and _draft(one, drafts) else one
        for one in found
    )


def _draft(one: Finding, drafts: AbstractSet[str]) -> bool:
    if one.between:
        return not any(drafts.isdisjoint(two) for two in one.between)
    return bool(one.measures) and all(ref.split("/", 1)[0] in drafts for ref in one.measures)


def _name(code: str, rules: Rules) -> str:
    return rules[code].name if code in rules else ""


def _expired(one: Ignore, today: str) -> bool:
    return bool(one.expires and today and one.expires < today)


def _within(one: Ignore, rules: Rules, reach: Reach) -> bool:
    """Whether this run could have found what an ignore is about; nobody finds an unknown rule's."""
    if not reach.whole:
        return False
    if one.measure and reach.payers is not None:
        glob = one.measure.split("/", 1)[0]
        if not any(fnmatchcase(payer, glob) for payer in reach.payers):
            return False
    if reach.codes is None:
        return True
    codes = {code for code, rule in rules.items() if one.rule in (code, rule.name)}
    return one.rule is not None and (not codes or not codes.isdisjoint(reach.codes))


def _unused(one: Ignore, rules: Rules) -> Finding:
    message = f"this ignore of {one.told} finds nothing to ignore: take it out"
    names = [*rules, *(rule.name for rule in rules.values() if rule.name)]
    if one.rule and one.rule not in names:
        near = get_close_matches(one.rule, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else "harmonize rules lists them"
        message = f"this ignore names {one.rule!r}, and there is no such rule: {hint}"
    return _of_ignore(UNUSED, one, message)


def _expiry(one: Ignore) -> Finding:
    message = (
        f"this ignore of {one.told} expired on {one.expires}: settle what it is about, or give "
        "another day and say why"
    )
    return _of_ignore(EXPIRED, one, message)


def _of_ignore(code: str, one: Ignore, message: str) -> Finding:
    values = (one.fingerprint or "", one.rule or "", one.measure or "", one.expires or "")
    return Finding(
        code,
        "warning",
        message,
        attribute=one.attribute or "",
        values=values,
        places=(one.place,),
    )
