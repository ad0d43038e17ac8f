"""What a practice is told by whom for one idea, and where that pulls apart."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from harmonize.concepts import Crosswalk, Family
from harmonize.divergence import Divergence
from harmonize.measures import Measure
from harmonize.problems import Place
from harmonize.pulls import (
    TELLERS,
    WAYS,
    Apart,
    Ground,
    Pull,
    Stance,
    comparable,
    cut,
    printed_cut,
    turned,
    wanted,
    way_to,
)
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.units import Unit

Subject = tuple[str, ...]
"""What is counted as one: a measure by its concepts, or the siblings of a family."""
Two = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What one payer tells a practice, and where it stands."""

    payer: str
    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """How payers that count pull apart: `pairs` of the `of` pairs of payers that tell something.

    `distance` is the widest between their numbers, as a share of the greater one, and 0 where
    they have none.
    """

    pull: Pull
    pairs: int
    of: int
    distance: Fraction
    words: str

    @property
    def order(self) -> tuple[int, int, Fraction]:
        """What ranks it: how hard they pull, then how many, then how far."""
        return -self.pull.number, -self.pairs, -self.distance


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that two or more payers tell of one measure, or of siblings of one family."""

    concepts: tuple[str, ...]
    label: str
    family: str
    about: str
    told: tuple[Told, ...]
    subject: Subject
    conflict: Conflict | None = None
    rank: int | None = None


def signals(
    found: Crosswalk, rows: tuple[Row, ...], units: tuple[Unit, ...], sets: Iterable[MeasureSet]
) -> tuple[Signal, ...]:
    """What two or more payers that count tell: first what pulls apart, the hardest first."""
    counted = frozenset(s.payer for s in sets if s.counted)
    known = _Known(rows, units)
    made = [
        one
        for row in rows
        if len(counted & row.held.keys()) >= 2
        for one in _of_a_measure(row, counted, known)
    ]
    made += [one for family in found.families for one in _of_siblings(family, counted)]
    return _ranked(made)


def subjects(found: Iterable[Signal]) -> dict[Subject, Pull | None]:
    """The hardest pull of each measure or family of siblings; `None` where nothing pulls apart."""
    told: dict[Subject, Pull | None] = {}
    for one in found:
        before = told.setdefault(one.subject, None)
        if one.conflict and (before is None or one.conflict.pull.number > before.number):
            told[one.subject] = one.conflict.pull
    return told


def _ranked(made: list[Signal]) -> tuple[Signal, ...]:
    """Conflicts by their order, equal ones on one rank; behind them the rest by name."""
    names = list(TELLERS)
    by_name = sorted(made, key=lambda s: (s.concepts, names.index(s.about)))
    orders = sorted(s.conflict.order for s in by_name if s.conflict)
    ranked = [
        replace(s, rank=1 + orders.index(s.conflict.order)) if s.conflict else s for s in by_name
    ]
    return tuple(sorted(ranked, key=lambda s: s.rank or len(ranked) + 1))


# --- one measure ----------------------------------------------------------------------------------


class _Known:
    """Where every item is at home, and as which measure it is counted."""

    def __init__(self, rows: tuple[Row, ...], units: tuple[Unit, ...]) -> None:
        self.items = {m.ref: m for row in rows for m in row.concept.members}
        self.home = {m.ref: row.concept.id for row in rows for m in row.concept.members}
        self.counted_as = {name: unit.concepts for unit in units for name in unit.concepts}

    def whole(self, item: Measure) -> Measure | None:
        """The measure that a rate is a rate of."""
        return self.items.get(f"{item.payer}/{item.rate_of}") if item.rate_of else None

    def subject(self, row: Row) -> Subject:
        """What a concept is counted as; a rate, as the whole."""
        wholes = sorted(self.home[m.ref] for item in row.concept.members if (m := self.whole(item)))
        names = (name for name in (row.concept.id, *wholes) if name in self.counted_as)
        name = next(names, "")
        return self.counted_as[name] if name else (row.concept.id,)

    def inherited(self, stances: Iterable[Stance], about: str) -> bool:
        """Whether all of it is said already of one measure, of which these are rates."""
        homes = set()
        for one in stances:
            whole = self.whole(one.item)
            said = TELLERS[about].tell(whole) if whole else None
            if whole is None or said is None or said.value != one.value:
                return False
            homes.add(self.home[whole.ref])
        return len(homes) == 1


def _of_a_measure(row: Row, counted: frozenset[str], known: _Known) -> list[Signal]:
    ground = _ground(row.differences)
    made = []
    for about, teller in TELLERS.items():
        held = {
            payer: told
            for payer, items in sorted(row.held.items())
            if (told := tuple(s for item in items if (s := teller.tell(item))))
        }
        tellers = sorted(counted & held.keys())
        if len(tellers) < 2 or known.inherited((s for p in tellers for s in held[p]), about):
            continue
        conflict = _conflict(about, held, tuple(combinations(tellers, 2)), ground)
        names, concept = (row.concept.id,), row.concept
        made.append(
            Signal(
                names, concept.label, row.family.id, about, _told(held), known.subject(row),
                conflict,
            )
        )  # fmt: skip
    return made


def _ground(differences: Iterable[Divergence]) -> Ground:
    found = {one.attribute: one for one in differences}
    sides = ("threshold", "improvement_notation")
    return Ground(
        {key: frozenset(one.differing) for key, one in found.items()},
        turned={key for key in sides if key in found and found[key].cause == "rate"},
    )


def _told(held: Mapping[str, tuple[Stance, ...]]) -> tuple[Told, ...]:
    return tuple(
        Told(
            payer,
            "; ".join(dict.fromkeys(s.text for s in own)),
            tuple(sorted({s.place for s in own})),
        )
        for payer, own in sorted(held.items())
    )


# --- siblings -------------------------------------------------------------------------------------


def _of_siblings(family: Family, counted: frozenset[str]) -> list[Signal]:
    """Measures of one family that cut in different places, each asked for by other payers.

    Payers that have one of the measures in common are compared there.
    """
    items: dict[str, list[Measure]] = {}
    homes: dict[str, set[str]] = {}
    for concept in family.concepts:
        for item in concept.members:
            if item.payer in counted and cut(item):
                items.setdefault(item.payer, []).append(item)
                homes.setdefault(item.payer, set()).add(concept.id)
    pairs = tuple(
        (a, b)
        for a, b in combinations(sorted(items), 2)
        if not homes[a] & homes[b] and _cut_apart(items[a], items[b])
    )
    own = {payer: items[payer] for payer in sorted({p for two in pairs for p in two})}
    if not own:
        return []
    held = {"direction": _directions(own), "threshold": _cuts(own)}
    names = {name for payer in own for name in homes[payer]}
    shown = [c for c in family.concepts if c.id in names]
    label = " / ".join(c.label for c in sorted(shown, key=lambda c: c.id))
    subject = tuple(sorted(names))
    ground = Ground({}, siblings=True)
    made = []
    for about, stances in held.items():
        telling = tuple(two for two in pairs if stances.keys() >= {*two})
        if telling:
            conflict = _conflict(about, stances, telling, ground)
            told = _told(stances)
            made.append(Signal(subject, label, family.id, about, told, subject, conflict))
    return made


def _cut_apart(mine: Iterable[Measure], theirs: Iterable[Measure]) -> bool:
    """Whether lines cut in different places of one scale; strata of a measure do not."""
    cuts = product(map(cut, mine), map(cut, theirs))
    return any(a and b and comparable(a, b) and a.numbers != b.numbers for a, b in cuts)


def _cuts(own: Mapping[str, list[Measure]]) -> dict[str, tuple[Stance, ...]]:
    """The cut of each line, stated or as its title prints it."""
    tell = TELLERS["threshold"].tell
    return {
        payer: tuple(
            tell(item) or Stance(item, f"{printed_cut(item)} (title)", None, item.place_of("title"))
            for item in items
        )
        for payer, items in own.items()
    }


def _directions(own: Mapping[str, list[Measure]]) -> dict[str, tuple[Stance, ...]]:
    """Which way each score is better, as stated, or by the side of its cut.

    The side is known where all who state a direction want people on the same side of their cut.
    """
    tell = TELLERS["direction"].tell
    items = [item for mine in own.values() for item in mine]
    sides = {wanted(item, told.value) for item in items if (told := tell(item))}
    found = {}
    for payer, mine in own.items():
        stances = [tell(item) or _by_its_cut(item, sides) for item in mine]
        if all(stances):
            found[payer] = tuple(one for one in stances if one)
    return found


def _by_its_cut(item: Measure, sides: set[str | None]) -> Stance | None:
    side = next(iter(sides)) if len(sides) == 1 else None
    way = way_to(item, side) if side else None
    if way is None:
        return None
    return Stance(item, f"{WAYS[way]} (by its cut)", way, item.place_of("threshold"))


# --- what pulls apart -----------------------------------------------------------------------------


def _conflict(
    about: str,
    held: Mapping[str, tuple[Stance, ...]],
    pairs: tuple[Two, ...],
    ground: Ground,
) -> Conflict | None:
    """The hardest pull among pairs of payers, and between how many of them it is."""
    found = [one for a, b in pairs if (one := _apart(about, held[a], held[b], ground))]
    if not found:
        return None
    pull = max((one for one, _ in found), key=lambda p: p.number)
    distances = [distance for one, distance in found if one is pull]
    parts = [f"{pull.name}: {_positions(held, {payer for two in pairs for payer in two})}"]
    if len(pairs) > 1:
        parts.append(f"{len(distances)} of {len(pairs)} pairs of payers")
    if max(distances):
        parts.append(f"the numbers {float(100 * max(distances)):.3g}% apart")
    if about == "target" and _turned(held, pairs, ground):
        parts.append("held against each other from one side of the cut")
    if ground.siblings:
        parts.append("measures of one family, not a match")
    return Conflict(pull, len(distances), len(pairs), max(distances), "; ".join(parts))


def _turned(held: Mapping[str, tuple[Stance, ...]], pairs: tuple[Two, ...], ground: Ground) -> bool:
    lines = ((x.item, y.item) for a, b in pairs for x, y in product(held[a], held[b]))
    return any(turned(mine, theirs, ground) for mine, theirs in lines)


def _positions(held: Mapping[str, tuple[Stance, ...]], tellers: AbstractSet[str]) -> str:
    """Who says what: what means the same is said once, and a mark stands beside who needs it."""
    groups: dict[frozenset[Any], list[Told]] = {}
    for told in _told(held):
        if told.payer in tellers:
            meant = frozenset(s.text if s.value is None else s.value for s in held[told.payer])
            groups.setdefault(meant, []).append(told)
    found = []
    for group in groups.values():
        text = min((told.text for told in group), key=lambda t: (len(t), t))
        marks = (
            (told.payer, told.text.removeprefix(text) if told.text.startswith(f"{text} (") else "")
            for told in group
        )
        found.append(f"{text}: {', '.join(f'{payer}{mark}' for payer, mark in marks)}")
    return " | ".join(sorted(found))


def _apart(
    about: str, mine: tuple[Stance, ...], theirs: tuple[Stance, ...], ground: Ground
) -> Apart | None:
    """How two payers pull apart: where some of their lines meet, they do not."""
    found = [TELLERS[about].apart(a, b, ground) for a, b in product(mine, theirs)]
    if not all(found):
        return None
    return min((one for one in found if one), key=lambda one: (one[0].number, one[1]))
