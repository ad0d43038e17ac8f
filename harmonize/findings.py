"""What a check has found: each finding with its rule, its place and a fingerprint that lasts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from harmonize.problems import NOWHERE, Place, Problem

SEVERITIES: Final = ("error", "warning", "info")  # worst first
SCHEME: Final = "f1-"  # changes when the same finding would get another fingerprint
LENGTH: Final = 16
_QUOTED: Final = re.compile("'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    `measures` are what it is about, as `payer/id`, or payers, or nothing; `attribute` is the field,
    if it is about one.  `values` are what was found as it is compared: a withheld value is never
    among them.  `places` are where it stands, the first of them first; `message` says it to a
    person and is no part of what the finding is, nor is `between`: every two payers that it sets
    against each other.
    """

    code: str
    severity: str
    message: str
    measures: tuple[str, ...] = ()
    attribute: str = ""
    values: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    between: tuple[tuple[str, str], ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same finding, whatever its words, its place and any order."""
        counted = str(len(self.measures))
        about = (self.code, self.attribute, counted, *sorted(self.measures), *sorted(self.values))
        # Each with its length, so that no text can pass for two.
        told = "".join(f"{len(one)}:{one}" for one in about).encode("utf-8", "backslashreplace")
        return f"{SCHEME}{sha256(told).hexdigest()[:LENGTH]}"

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.places[0] if self.places else NOWHERE


def of_problem(problem: Problem, measures: tuple[str, ...] = ()) -> Finding:
    """What cannot be read, or deserves a warning, as a finding.

    What it quotes stands for it, with the measures that it is about; where they are not known, its
    file does.  Its other words have no part, so that they can be put better.
    """
    file = () if measures else (problem.place.file,)
    quoted = (text[1:-1] for text in _QUOTED.findall(problem.message)[:2])
    return Finding(
        problem.code,
        problem.severity,
        problem.message,
        measures=measures,
        values=(*file, *quoted),
        places=(problem.place, *problem.also),
    )


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by file and line, each once; of one line the worst first."""
    unique = {(one.fingerprint, one.places, one.message, one.severity): one for one in found}
    return tuple(sorted(unique.values(), key=_rank))


def _rank(one: Finding) -> tuple[Any, ...]:
    """Its place among others; the last parts decide only between findings that look alike."""
    worst = SEVERITIES.index(one.severity)
    alike = (one.fingerprint, one.places)
    return (one.place, worst, one.code, one.measures, one.message, *alike)


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same, the worst of all files first: a CI may show only the first few."""
    return tuple(sorted(ordered(found), key=lambda f: SEVERITIES.index(f.severity)))


def at_least(found: Iterable[Finding], severity: str) -> tuple[Finding, ...]:
    """Those of this severity or worse; none for `never`."""
    if severity not in SEVERITIES:
        return ()
    worst = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return tuple(one for one in found if one.severity in worst)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a run could have found: the codes of the rules that ran and the payers that were there.

    `None` is all of them.  What a run could not find is not gone because it was not found: nor is
    what one payer asks beside another, where the run is not of the `whole`.
    """

    codes: frozenset[str] | None = None
    payers: frozenset[str] | None = None
    whole: bool = True

    def finds(self, code: str, measures: Iterable[str]) -> bool:
        """Whether it could have found this of these measures."""
        there = (self.payers is None or ref.split("/", 1)[0] in self.payers for ref in measures)
        return (self.codes is None or code in self.codes) and all(there)


EVERYTHING: Final = Reach()
