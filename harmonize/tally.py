"""Filled sheets taken in: the decisions that they hold, and how these change what is recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from harmonize.ballot import cells_of
from harmonize.decisions import Decision, ordered
from harmonize.importers.ballots import Ballots, Entry, read_ballots
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.decisions import read_file, read_nodes
from harmonize.recording import recorded, withdrawn
from harmonize.rulings import rulings
from harmonize.trees import Source

Named = Mapping[str, frozenset[str]]
"""Payers, and the names of their measures as payer/id."""
NOTHING_KNOWN: Final[Named] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the sheets: every decision of theirs, and what it does to the file.

    `before` is the text that is there, `text` what it becomes.
    """

    decisions: tuple[Decision, ...]
    text: str
    before: str | None
    rows: int
    blank: int
    new: int
    changed: int
    warnings: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def count(self) -> str:
        """Rows in are decisions and blanks out."""
        unchanged = len(self.decisions) - self.new - self.changed
        told = f"{self.new} new, {self.changed} changed, {unchanged} unchanged"
        again = self.rows - self.blank - len(self.decisions)
        twice = f", {again} said by another row as well" if again else ""
        return f"{self.rows} rows in; decisions: {told}{twice}; {self.blank} blank"

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return self.new + self.changed > 0


def take(
    sources: Iterable[Source],
    file: str,
    before: str | None,
    filling: Mapping[str, str],
    today: str,
    known: Named = NOTHING_KNOWN,
) -> Tally:
    """The sheets held against the decisions file; raises `SpecError` with all that does not fit.

    `filling` is what stands where a decided row leaves a cell blank.  `known` are the measures of
    the specs, if there are any: names that nobody has recorded before are looked up in them.
    """
    ballots = read_ballots(sources, filling)
    problems, warnings = list(ballots.problems), list(ballots.warnings)
    there = _there(before, file, problems)
    found = _read(ballots, problems, warnings)
    fresh = [one for one, entry in found if not entry.kept]
    problems += _doubled(fresh)
    for one, entry in found:
        problems += _overtaken(one, entry, there)
    asked = [(one, entry.named) for one, entry in found if not entry.recorded]
    problems += [problem for one, place in asked for problem in _unknown(one, known, place)]
    warnings += [warning for one, place in asked for warning in _elsewhere(one, known, place)]
    # What nobody has touched says nothing against who has, here or in the file.
    answered = {one.key for one in fresh}
    untouched = [one for one, entry in found if entry.kept and one.key not in answered]
    decisions = ordered((*fresh, *untouched))
    holding = {one.key for one in there}
    news = ordered((*fresh, *(one for one in untouched if one.key not in holding)))
    news = tuple(one for one in news if one not in there)
    keys = {one.key for one in news}
    try:
        rulings((*(one for one in there if one.key not in keys), *news), (), today)
    except SpecError as error:
        problems += error.problems
    if any(one.severity == "error" for one in problems):
        raise SpecError((*problems, *warnings))
    warnings += [one for one in problems if one.severity != "error"]
    old = {one.key for one in there if one.withdrawn is None}
    return Tally(
        decisions=decisions,
        text=_written(before, file, there, news),
        before=before,
        rows=ballots.rows,
        blank=ballots.blank,
        new=sum(one.key not in old for one in news),
        changed=sum(one.key in old for one in news),
        warnings=tuple(sorted(set(warnings))),
        notes=ballots.notes,
    )


def _written(
    before: str | None, file: str, there: tuple[Decision, ...], news: tuple[Decision, ...]
) -> str:
    """The file with what is new in it; what is withdrawn stays as it was recorded, and says so."""
    holding = [one for one in there if one.withdrawn is None]
    gone = [one for one in news if one.withdrawn and any(d.key == one.key for d in holding)]
    added = tuple(one for one in news if one not in gone)
    text = recorded(before, file, added) if added or before is None else before
    for one in gone:
        if one.withdrawn:
            chosen = [d for d in holding if d.key == one.key]
            text = withdrawn(text, file, chosen, one.withdrawn)
    return text


def _there(before: str | None, file: str, problems: list[Problem]) -> tuple[Decision, ...]:
    try:
        return read_file(before, file)[0] if before is not None else ()
    except SpecError as error:
        problems.extend(error.problems)
        return ()


def _read(
    ballots: Ballots, problems: list[Problem], warnings: list[Problem]
) -> list[tuple[Decision, Entry]]:
    """The decisions of rows that fit, each with its row."""
    found = []
    for entry in ballots.entries:
        try:
            decisions, noted = read_nodes((entry.node,))
        except SpecError as error:
            problems.extend(error.problems)
            continue
        warnings += noted
        found += [(one, entry) for one in decisions]
    return found


def _doubled(fresh: list[Decision]) -> list[Problem]:
    """Rows that give one answer to one question in several ways; other answers contradict."""
    first: dict[tuple[str, ...], Decision] = {}
    found = []
    for one in sorted(fresh, key=lambda d: d.place):
        if one.withdrawn is not None:
            continue
        before = first.setdefault(one.key, one)
        if one != before and (one.answer, one.one) == (before.answer, before.one):
            message = f"this question is answered in {before.place} as well: keep one of the rows"
            found.append(Problem(one.place, "HZ515", message))
    return found


def _overtaken(one: Decision, entry: Entry, there: tuple[Decision, ...]) -> list[Problem]:
    """A row over an answer that the sheet did not show: somebody else has been there since."""
    holding = [d for d in there if d.key == one.key and d.withdrawn is None]
    if entry.kept or not holding or one in there or one.withdrawn is not None:
        return []
    (old, *_) = holding
    if entry.recorded and all(cells_of(d) != entry.recorded for d in holding):
        message = (
            f"since this sheet was written it has been {old.told}, in {old.place}: "
            "export it again, or clear 'recorded' in this row to put this in its place"
        )
        return [Problem(one.place, "HZ515", message)]
    if entry.recorded or old.answer == one.answer:
        return []
    message = f"this takes the place of what was {old.told}, in {old.place}"
    return [Problem(one.place, "HZ515", message, "warning")]


def _unknown(one: Decision, known: Named, place: Place) -> list[Problem]:
    """Names that no spec has, where the payer is here or is nearly called so."""
    found = []
    for ref in one.refs:
        payer, slash, _ = ref.partition("/")
        if not slash or not known or ref in known.get(payer, ()):
            continue
        names = known.get(payer)
        near = get_close_matches(ref, names, 1, 0.5) if names else ()
        if names is None:
            slug = get_close_matches(payer, known, 1, 0.75)
            if not slug:
                continue
            told, hint = f"no payer {payer!r} in the specs", f": did you mean {slug[0]!r}?"
        else:
            told = f"no measure {ref!r} in the specs"
            hint = f": did you mean {near[0]!r}?" if near else ": that payer has no such id"
        found.append(Problem(place, "HZ514", f"{told}{hint}"))
    return found


def _elsewhere(one: Decision, known: Named, place: Place) -> list[Problem]:
    """Payers that the specs do not have, so that nobody has looked the name up."""
    payers = {ref.partition("/")[0] for ref in one.refs if "/" in ref} - known.keys()
    if not known or not payers or _unknown(one, known, place):
        return []
    told = f"not looked up: no payer {' or '.join(map(repr, sorted(payers)))} in the specs"
    return [Problem(place, "HZ519", told, "warning")]
