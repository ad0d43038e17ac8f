"""Decisions laid on the lists of a run: which hold, which need another look, what they force.

A decision is a hard constraint while it is in force.  A stale one still is: what was judged has
changed, and until somebody looks again the judgement stands and is told as stale.  An expired one
is not: those who decided said until when.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from harmonize.decisions import OF_A_MATCH, Decision, ordered
from harmonize.joining import Groups
from harmonize.pinning import (
    Change,
    Judged,
    Pins,
    changes,
    fingerprint,
    identity,
    pins,
    readable,
    shown,
)
from harmonize.problems import Problem, SpecError
from harmonize.sets import MeasureSet
from harmonize.terms import named_terms

Two = tuple[str, str]
"""Two items as `payer/id`, sorted."""


class State(StrEnum):
    """What has become of a decision, most urgent first."""

    EXPIRED = "expired"  # its own last day is past: no longer in force
    ORPHANED = "orphaned"  # a payer is here without the measure: nothing to apply it to
    STALE = "stale"  # what was judged has changed: in force until somebody looks again
    OVERDUE = "overdue"  # in force; the day by which it was to be resolved is past
    UNPINNED = "not pinned"  # in force; nobody can tell whether what was judged has changed
    HOLDS = "holds"
    MOOT = "moot"  # about a difference, and nothing differs any more
    OUT_OF_SCOPE = "out of scope"  # a payer is not here
    WITHDRAWN = "withdrawn"  # kept as a trace


IN_FORCE: Final = (State.HOLDS, State.UNPINNED, State.STALE, State.OVERDUE)
# What has to be looked at again.
AGAIN: Final = (State.EXPIRED, State.ORPHANED, State.STALE, State.OVERDUE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision and what has become of it.

    `refs` are the measures that it applies to now: one that was found by its content has another
    id than the decision names (`moved`: old and new).  `changes` say why it is stale.
    """

    decision: Decision
    state: State
    refs: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    moved: tuple[Two, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether it still decides."""
        return self.state in IN_FORCE

    @property
    def told(self) -> str:
        """Who decided what, when, until when, and whether it needs another look."""
        again = f" ({self.state})" if self.state in AGAIN else ""
        return f"{self.decision.told}{again}"

    @property
    def reason(self) -> str:
        """The same with why."""
        because = self.decision.because
        return f"{self.told}: {because}" if because else self.told


@dataclass(frozen=True, slots=True)
class Rulings:
    """Every decision with its standing, in order, and what those in force force.

    `judged` holds the decisive standing of each two items that somebody judged; `groups` gives
    items that are one by decision, directly or through others, the same number.  `unseen` counts
    decisions that the audience may not see.
    """

    standings: tuple[Standing, ...] = ()
    judged: Mapping[Two, Standing] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    unseen: int = 0

    def of(self, one: str, other: str) -> Standing | None:
        """What somebody judged of two items."""
        return self.judged.get((one, other) if one < other else (other, one))

    def bound(self, one: str, other: str) -> bool:
        """Whether two items are one by decision, directly or through others."""
        group = self.groups.get(one)
        return group is not None and group == self.groups.get(other)

    def apart(self, one: str, other: str) -> Standing | None:
        """The judgement that two items are not one, or that it is open whether they are."""
        found = self.of(one, other)
        if found is None or found.decision.one or self.bound(one, other):
            return None
        return found

    def refused(self, one: str, other: str) -> Standing | None:
        """The judgement that two items are not one."""
        found = self.apart(one, other)
        return found if found and found.decision.apart else None

    @property
    def together(self) -> tuple[tuple[str, ...], ...]:
        """Items that are one by decision."""
        found: dict[int, list[str]] = {}
        for ref, group in self.groups.items():
            found.setdefault(group, []).append(ref)
        return tuple(tuple(sorted(refs)) for _, refs in sorted(found.items()))

    @property
    def differences(self) -> tuple[Standing, ...]:
        """Those about differences that are in force."""
        return tuple(s for s in self.standings if s.in_force and s.decision.about == "difference")

    @property
    def dispositions(self) -> tuple[Standing, ...]:
        """Those about the set that are in force."""
        return tuple(s for s in self.standings if s.in_force and s.decision.about == "measure")

    def through(self, one: str, other: str) -> tuple[Standing, ...]:
        """The accepted matches that lead from one item to another of its group, fewest first."""
        return _way(self._accepted(), one, other)

    def without(self, gone: AbstractSet[str]) -> "Rulings":
        """Rulings of which none is about these measures or concepts."""
        kept = tuple(s for s in self.standings if gone.isdisjoint((*s.refs, *s.decision.refs)))
        judged = {two: s for two, s in self.judged.items() if gone.isdisjoint(two)}
        groups = {ref: group for ref, group in self.groups.items() if ref not in gone}
        return Rulings(kept, judged, groups, self.unseen)

    def among(self, here: AbstractSet[str]) -> "Rulings":
        """What is judged of these items; decisions about others force nothing among them."""
        judged = {two: s for two, s in self.judged.items() if here >= {*two}}
        groups = {ref: group for ref, group in self.groups.items() if ref in here}
        return replace(self, judged=judged, groups=groups)

    def _accepted(self) -> dict[Two, Standing]:
        return {two: s for two, s in self.judged.items() if s.decision.one}


NO_RULINGS: Final = Rulings()


def rulings(
    decisions: Iterable[Decision],
    sets: tuple[MeasureSet, ...],
    today: str,
    seen: Mapping[str, frozenset[str]] | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Rulings:
    """The standing of each decision; raises `SpecError` for decisions that contradict each other.

    `sets` hold what everybody may see.  `today` is the day on which it is asked, YYYY-MM-DD.
    `seen` says for each item that the audience may see which of its attributes it may not;
    `None`: everything may be seen.  `hidden` are items that are here and that not everybody may
    see: decisions about them hold, and nothing of them is held against what was judged.
    """
    every = ordered(decisions)
    _refuse(every, today)
    known = _Known.of(sets, hidden)
    found = tuple(_standing(one, known, today) for one in every)
    told = found
    if seen is not None:
        told = tuple(_as_seen(one, seen) for one in found if _may_see(one, seen, hidden))
    judged: dict[Two, Standing] = {}
    for one in sorted(told, key=lambda s: bool(s.moved)):  # what is named goes before what is found
        if one.in_force and one.decision.judgement in OF_A_MATCH:
            judged.setdefault(_two(one.refs), one)
    accepted = {two: s for two, s in judged.items() if s.decision.one}
    _agreeing(judged, accepted)
    return Rulings(told, judged, _groups(accepted), len(found) - len(told))


def _two(refs: Iterable[str]) -> Two:
    one, other = sorted(refs)
    return one, other


def _may_see(one: Standing, seen: Mapping[str, frozenset[str]], hidden: frozenset[str]) -> bool:
    """Whether an audience may know of a decision: all that it is about is seen, or is not here."""
    here = [ref for ref in one.refs if ref not in one.missing and "/" in ref]
    if one.state in (State.OUT_OF_SCOPE, State.WITHDRAWN):
        here = [ref for ref in here if ref in seen or ref in hidden]
    attribute = one.decision.attribute
    return all(ref in seen and attribute not in seen[ref] for ref in here)


def _as_seen(one: Standing, seen: Mapping[str, frozenset[str]]) -> Standing:
    """A standing without what was open when it was judged and is not any more."""
    now = dict(one.moved)

    def open_to(ref: str, attribute: str) -> bool:
        return attribute.partition(".")[0] not in seen.get(now.get(ref, ref), ())

    kept = tuple(c for c in one.changes if open_to(c.measure, c.attribute))
    judged = one.decision.judged and {
        ref: {name: text for name, text in own.items() if open_to(ref, name)}
        for ref, own in one.decision.judged.items()
    }
    return replace(one, decision=replace(one.decision, judged=judged), changes=kept)


# --- where each stands --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """The items of a run, and by what an item of a payer is found again under another id."""

    items: Mapping[str, Judged]
    payers: frozenset[str]
    named: Mapping[tuple[object, ...], tuple[str, ...]]
    hidden: frozenset[str]

    @classmethod
    def of(cls, sets: tuple[MeasureSet, ...], hidden: frozenset[str]) -> "_Known":
        items: dict[str, Judged] = {m.ref: m for one in sets for m in one.measures or ()}
        items |= named_terms(sets)
        named: dict[tuple[object, ...], tuple[str, ...]] = {}
        for ref, item in items.items():
            key = (item.payer, identity(shown(item)))
            named[key] = (*named.get(key, ()), ref)
        return cls(items, frozenset(one.payer for one in sets), named, hidden)

    def away(self, refs: Iterable[str]) -> tuple[str, ...]:
        """The payers of some measures that are not here."""
        found = {ref.split("/", 1)[0] for ref in refs} - self.payers
        return tuple(sorted(found))

    def find(self, ref: str, judged: Mapping[str, str] | None) -> str | None:
        """The item of a name, else the one item of its payer that is called what was judged."""
        if ref in self.items or ref in self.hidden:
            return ref
        if not judged or "title" not in judged:
            return None
        found = self.named.get((ref.split("/", 1)[0], identity(judged)), ())
        return found[0] if len(found) == 1 else None

    def pins(self, found: Mapping[str, str | None], attribute: str = "") -> dict[str, Pins]:
        """What everybody may see of the items that were found, by the names they were given."""
        here = {ref: self.items[one] for ref, one in found.items() if one and one in self.items}
        return {ref: pins(item, attribute) for ref, item in here.items()}


def _standing(one: Decision, known: _Known, today: str) -> Standing:
    if one.withdrawn is not None:
        return Standing(one, State.WITHDRAWN, one.refs)
    expired = bool(one.expires and one.expires < today)
    if one.about == "measure" and "/" not in (one.measure or ""):
        return _of_concept(one, known, expired=expired)
    away = known.away(one.refs)
    if away:
        return Standing(one, State.OUT_OF_SCOPE, one.refs, missing=away)
    judged = one.judged or {}
    found = {ref: known.find(ref, judged.get(ref)) for ref in one.refs}
    refs = tuple(found[ref] or ref for ref in one.refs)
    missing = tuple(ref for ref, here in found.items() if here is None)
    moved = tuple((ref, here) for ref, here in found.items() if here not in (None, ref))
    doubled = len(set(refs)) < len(refs)
    if missing or doubled:
        state = State.EXPIRED if expired else State.ORPHANED
        return Standing(one, state, one.refs, missing=missing or one.refs)
    now = known.pins(found, one.attribute)
    changed = _changed(one, now)
    state = State.EXPIRED if expired else _state(one, changed, now)
    if state is not State.EXPIRED and one.judgement == "to-resolve" and (one.due or today) < today:
        state = State.OVERDUE
    return Standing(one, state, refs, changed, moved)


def _state(one: Decision, changed: tuple[Change, ...], now: Mapping[str, Pins]) -> State:
    if not readable(one.fingerprint):
        return State.UNPINNED
    same = one.fingerprint == fingerprint(now.values())
    return State.HOLDS if same and not changed else State.STALE


def _changed(one: Decision, now: Mapping[str, Pins]) -> tuple[Change, ...]:
    """What is otherwise than it was judged; nothing while the fingerprint says that all is same."""
    if not readable(one.fingerprint) or one.fingerprint == fingerprint(now.values()):
        return ()
    judged = one.judged or {}
    found: list[Change] = []
    for ref in now.keys() & judged.keys():
        old = judged[ref]
        if one.attribute:
            old = {name: text for name, text in old.items() if name == one.attribute}
        found += changes(ref, old, now[ref])
    return tuple(sorted(found, key=lambda c: c.measure))


def _of_concept(one: Decision, known: _Known, *, expired: bool) -> Standing:
    """A decision about a concept: its members when it was judged, as far as they are here."""
    judged = one.judged or {}
    away = known.away(judged)
    if away:
        return Standing(one, State.OUT_OF_SCOPE, one.refs, missing=away)
    found = {ref: known.find(ref, own) for ref, own in judged.items()}
    missing = tuple(ref for ref, here in found.items() if here is None)
    moved = tuple((ref, here) for ref, here in found.items() if here not in (None, ref))
    now = known.pins(found)
    changed = _changed(one, now)
    state = State.ORPHANED if missing else _state(one, changed, now)
    return Standing(one, State.EXPIRED if expired else state, one.refs, changed, moved, missing)


# --- that they agree ----------------------------------------------------------------------------


def _refuse(every: tuple[Decision, ...], today: str) -> None:
    """Raises for two answers to one question."""
    first: dict[tuple[str, ...], Decision] = {}
    problems = []
    for one in every:
        if one.withdrawn is not None or (one.expires and one.expires < today):
            continue
        before = first.setdefault(one.key, one)
        if _contrary(before, one):
            told = f"{_named(one)} is {one.told} here and {before.told} in {before.place}"
            advice = "withdraw one of them"
            problems.append(Problem(one.place, "HZ502", f"{told}: {advice}"))
    if problems:
        raise SpecError(tuple(problems))
    # By name alone, so that it does not hang on what is loaded whether a file contradicts itself.
    named = {
        _two(one.refs): Standing(one, State.HOLDS, one.refs)
        for one in first.values()
        if one.judgement in OF_A_MATCH
    }
    _agreeing(named, {two: s for two, s in named.items() if s.decision.one})


def _contrary(one: Decision, other: Decision) -> bool:
    """Whether two answers to one question contradict each other; a mapping turns with its sides."""
    if (one.answer, one.one) != (other.answer, other.one):
        return True
    wide = ("broad", "narrow")
    same_way = one.refs == other.refs
    both = one.mapping in wide and other.mapping in wide
    return both and same_way is not (one.mapping == other.mapping)


def _named(one: Decision) -> str:
    attribute = f" in {one.attribute}" if one.attribute else ""
    return f"{' and '.join(one.refs)}{attribute}"


def _agreeing(judged: Mapping[Two, Standing], accepted: Mapping[Two, Standing]) -> None:
    """Raises for items that are one through others and that somebody judged not to be one."""
    groups = _groups(accepted)
    problems = []
    for (one, other), standing in judged.items():
        if standing.decision.apart and one in groups and groups[one] == groups.get(other):
            way = _way(accepted, one, other)
            steps = "; ".join(f"{' = '.join(s.refs)} in {s.decision.place}" for s in way)
            message = f"{one} and {other} are {standing.told} here, and one by {steps}"
            problems.append(
                Problem(standing.decision.place, "HZ502", f"{message}: withdraw one of them")
            )
    if problems:
        raise SpecError(tuple(problems))


def _groups(accepted: Mapping[Two, Standing]) -> dict[str, int]:
    groups = Groups({ref for two in accepted for ref in two})
    for one, other in sorted(accepted):
        groups.join(one, other)
    tops = sorted({groups.top(ref) for two in accepted for ref in two})
    return {ref: tops.index(groups.top(ref)) for two in sorted(accepted) for ref in two}


def _way(accepted: Mapping[Two, Standing], one: str, other: str) -> tuple[Standing, ...]:
    """The shortest way from one item to another over accepted pairs."""
    ways: dict[str, tuple[Standing, ...]] = {one: ()}
    ahead = [one]
    while ahead and other not in ways:
        here = ahead.pop(0)
        for two, standing in _beside(accepted, here):
            there = two[0] if two[1] == here else two[1]
            if there not in ways:
                ways[there] = (*ways[here], standing)
                ahead.append(there)
    return ways.get(other, ())


def _beside(accepted: Mapping[Two, Standing], here: str) -> Iterator[tuple[Two, Standing]]:
    return ((two, accepted[two]) for two in sorted(accepted) if here in two)
