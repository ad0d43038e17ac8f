"""What became of each measure between two states of the lists, payer by payer.

What old and new state is compared as of any two payers; only that a silence begins or ends, and
that an alternative is given up, is told beside it.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from re import sub
from types import MappingProxyType
from typing import Any, Final

from harmonize import crosswalk
from harmonize.concepts import Concept, Crosswalk, Family
from harmonize.counterparts import Sides, printed, whole
from harmonize.divergence import diverge
from harmonize.fields import Info, Kind, declared
from harmonize.knowledge import Knowledge, words
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import MeasureSet, Period, Scope
from harmonize.standards import NO_STANDARDS, Standards
from harmonize.values import stated
from harmonize.wording import base_id

LISTS: Final = ("kept", "dropped", "added", "retitled", "renamed", "replaced", "respecified",
                "versioned")  # fmt: skip
NAMES: Final = ("id", "acronym")
# Fields that change with the year and alone make nothing another measure.
OF_A_VERSION: Final = ("version", "follows")
# What nobody is asked for and yet says what is counted.
BESIDE: Final = ("description", "any_of", "modified")
ABOUT: Final = ("name", "role", "program", "measurement_year", "reporting_year", "effective",
                "region", "scope", "complete", "follows")  # fmt: skip
Sealed = tuple[Mapping[str, AbstractSet[str]], Mapping[str, AbstractSet[str]]]
NOTHING: Final[Mapping[str, AbstractSet[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """One field that says another thing than before; `None` where nothing is stated.

    A silence that begins or ends is for information: it is not known that another thing is asked.
    """

    attribute: str
    old: str | None
    new: str | None
    severity: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Became:
    """A measure before and after, as `payer/id`; `None` where it was not, or is not any more."""

    old: Measure | None
    new: Measure | None
    changes: tuple[Change, ...] = ()

    @property
    def title(self) -> str:
        """What it is called now, or was."""
        item = self.new or self.old
        return item.title if item else ""

    def only(self, changes: Iterable[Change]) -> "Became":
        """The same with some of the changes."""
        return replace(self, changes=tuple(changes))


@dataclass(frozen=True, slots=True)
class List:
    """A payer's list before and after, and what it says of itself that has changed."""

    old: MeasureSet | None
    new: MeasureSet | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Holders:
    """A measure whose payers have changed: who asks for it, before and after."""

    label: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """What became of everything; a changed measure is in `kept` and in the lists of its changes.

    What was replaced by another measure is dropped, and the other is added.
    """

    lists: tuple[List, ...]
    kept: tuple[Became, ...]
    dropped: tuple[Became, ...]
    added: tuple[Became, ...]
    retitled: tuple[Became, ...]
    renamed: tuple[Became, ...]
    replaced: tuple[Became, ...]
    respecified: tuple[Became, ...]
    versioned: tuple[Became, ...]
    holders: tuple[Holders, ...] = ()

    @property
    def severities(self) -> frozenset[str]:
        """How grave the changes of what is asked are; one that came or went is grave."""
        told = {c.severity for one in self.respecified for c in one.changes}
        return frozenset(told | ({"major"} if self.dropped or self.added else set()))


def drift(
    old: tuple[MeasureSet, ...],
    new: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    standards: Standards = NO_STANDARDS,
    *,
    one_list: bool = False,
    sealed: Sealed = (NOTHING, NOTHING),
    rulings: tuple[Rulings, Rulings] = (NO_RULINGS, NO_RULINGS),
) -> Drift:
    """Payers by slug; with `one_list` the one list of each side, whatever its slug.

    `sealed` are the fields by payer and by item that were and that are hidden: of them nobody can
    tell whether they have changed.  `rulings` are those of old and of new, by which payers ask for
    the same.
    """
    if one_list:
        pairs: list[tuple[MeasureSet | None, MeasureSet | None]] = [(old[0], new[0])]
    else:
        was, now = ({s.payer: s for s in sets} for sets in (old, new))
        pairs = [(was.get(p), now.get(p)) for p in sorted(was.keys() | now.keys())]
    parts = [_of_a_list(*two, knowledge, standards, sealed) for two in pairs]
    made = {name: tuple(one for part in parts for one in part[name]) for name in LISTS}
    lists = tuple(List(*two, _about(*two, sealed)) for two in pairs)
    holders: tuple[Holders, ...] = ()
    if len(pairs) > 1:
        before, after = (
            crosswalk.build(sets, knowledge, rulings=ruled).concepts
            for sets, ruled in zip((old, new), rulings, strict=True)
        )
        holders = _holders(before, after, made["kept"])
    return Drift(lists, **made, holders=holders)


def _about(old: MeasureSet | None, new: MeasureSet | None, sealed: Sealed) -> tuple[Change, ...]:
    """What a list says of itself and said otherwise."""
    if old is None or new is None:
        return ()
    closed = {*sealed[0].get(old.payer, ()), *sealed[1].get(new.payer, ())}
    found = []
    for name in (one for one in ABOUT if one not in closed):
        own = declared(MeasureSet)[name]
        two = [_text(getattr(one, own.name)) for one in (old, new)]
        if two[0] != two[1]:
            found.append(Change(name, two[0], two[1], "info"))
    return tuple(found)


def _text(value: Any) -> str | None:
    """A value as a text, a record by its parts."""
    if value is None:
        return None
    if not isinstance(value, Period | Scope):
        return stated(value)
    kind: type = type(value)
    given = {name: getattr(value, info.name) for name, info in declared(kind).items()}
    return ", ".join(f"{name} {stated(one)}" for name, one in given.items() if one is not None)


def _of_a_list(
    old: MeasureSet | None,
    new: MeasureSet | None,
    knowledge: Knowledge,
    standards: Standards,
    sealed: Sealed,
) -> dict[str, list[Became]]:
    found: dict[str, list[Became]] = {name: [] for name in LISTS}
    before, after = (printed(one) if one else [] for one in (old, new))
    if old is None or new is None:
        found["dropped"] = [Became(item, None) for item in before]
        found["added"] = [Became(None, item) for item in after]
        return found
    sides = Sides(old, new, knowledge)
    pairs = sides.paired()
    changes = _changes(sides, pairs, sealed)
    ways = {sides.own[o.ref].ref: (o.ref, sides.own[n.ref]) for o, n in pairs}
    for item in before:
        if item.ref in ways:
            ref, now = ways[item.ref]
            one = Became(item, now, tuple(changes[ref]))
            found["kept"].append(one)
            for name, own in _sorted(one).items():
                found[name].append(one.only(own))
    there = {now.ref for _, now in ways.values()}
    gone = [item for item in before if item.ref not in ways]
    come = [item for item in after if item.ref not in there]
    found["dropped"] = [Became(item, None) for item in gone]
    found["added"] = [Became(None, item) for item in come]
    found["replaced"] = [Became(*two) for two in sides.successors(gone, come, standards)]
    return found


def _sorted(one: Became) -> dict[str, list[Change]]:
    """Changes by the list in which they are told."""
    found: dict[str, list[Change]] = {}
    for change in one.changes:
        found.setdefault(_list_of(change), []).append(change)
    return found


def _list_of(change: Change) -> str:
    name = change.attribute.rpartition("/")[2]
    both = change.old is not None and change.new is not None
    if _only_years(change) or name in OF_A_VERSION:
        return "versioned"
    if name == "title":
        return "retitled" if "/" not in change.attribute else "respecified"
    if name in NAMES or (name.startswith("ids.") and both):
        system = name.removeprefix("ids.")
        if change.old and change.new and name.startswith("ids."):
            two = [
                {base_id(system, v) for v in text.split("; ")} for text in (change.old, change.new)
            ]
            if two[0] == two[1]:
                return "versioned"
        return "renamed" if both else "respecified"
    return "respecified"


def _only_years(change: Change) -> bool:
    """Whether nothing but the year is another: `January to December 2025`."""
    years = r"\b20[0-9]{2}\b"
    if change.old is None or change.new is None or sub(years, "", change.old) == change.old:
        return False
    return words(sub(years, "", change.old)) == words(sub(years, "", change.new))


# --- what changed -------------------------------------------------------------------------------


def _changes(
    sides: Sides, pairs: list[tuple[Measure, Measure]], sealed: Sealed
) -> dict[str, list[Change]]:
    """What each measure says otherwise, and its rates after it, by its reference in `sides`."""
    differing = _differing(sides, pairs)
    found: dict[str, list[Change]] = {}
    for old, new in sorted(pairs, key=lambda two: bool(two[0].rate_of)):
        was, now = sides.own[old.ref].ref, sides.own[new.ref].ref
        closed = {*sealed[0].get(was, ()), *sealed[1].get(now, ())}
        own = [
            change
            for change in (*_named(old, new), *_stated(old, new, differing.get(old.ref, {})))
            if change.attribute.partition(".")[0] not in closed
        ]
        if old.rate_of is None:
            found[old.ref] = own
            continue
        rate = old.id.rpartition("/")[2]
        found[whole(old)] += [
            replace(one, attribute=f"rates/{rate}/{one.attribute}")
            for one in own
            if one.attribute != "id"
        ]
    return found


def _differing(sides: Sides, pairs: list[tuple[Measure, Measure]]) -> dict[str, dict[str, Change]]:
    """By old reference and attribute: values that both state and that are not the same."""
    concepts = [_concept(old.ref, old, new) for old, new in pairs]
    held = {m.ref for c in concepts for m in c.members}
    every = (m for side in sides.both for m in side.measures or ())
    concepts += [_concept(m.ref, m) for m in every if m.ref not in held]
    together = Crosswalk((Family("all", "all", tuple(concepts)),), (), (), {})
    found: dict[str, dict[str, Change]] = {}
    for one in diverge(together, sides.both, sides.knowledge).divergences:
        said = {payer: text for p in one.positions for payer, text in p.said}
        was, now = said[sides.old.payer], said[sides.new.payer]
        change = Change(one.attribute, was, now, one.severity, one.note)
        found.setdefault(one.concept, {})[one.attribute] = change
    return found


def _concept(name: str, *members: Measure) -> Concept:
    return Concept(name, name, "", None, None, members, ())


# --- two items ----------------------------------------------------------------------------------


def _named(old: Measure, new: Measure) -> list[Change]:
    """Id, title and acronym, by their words."""
    found = []
    if old.id != new.id and not (old.minted and new.minted):
        found.append(Change("id", old.id, new.id, "info"))
    if words(old.title) != words(new.title):
        found.append(Change("title", old.title, new.title, "info"))
    if (old.acronym or "").casefold() != (new.acronym or "").casefold():
        found.append(Change("acronym", old.acronym, new.acronym, "info"))
    return found


# What is compared over time: amounts are not, for nobody is shown them.
_ASKED: Final = tuple(name for name in ATTRIBUTES if not declared(Measure)[name].hidden)


def _stated(old: Measure, new: Measure, differing: Mapping[str, Change]) -> list[Change]:
    """Identifiers and what is asked, field by field in the order of the format."""
    systems = sorted({*(old.ids or {}), *(new.ids or {})})
    found = []
    for name in (*(f"ids.{s}" for s in systems), *BESIDE, *_ASKED):
        two = [_said(item, name) for item in (old, new)]
        if two[0] == two[1]:
            continue
        if name in differing:
            found.append(differing[name])
        elif None in two:
            found.append(Change(name, two[0], two[1], "info"))
        elif _is_other(name, old, new):
            info = declared(Measure).get(name)
            found.append(Change(name, two[0], two[1], (info and info.severity) or "info"))
    return found


def _said(item: Measure, name: str) -> str | None:
    system = name.removeprefix("ids.")
    if system != name:
        values = (item.ids or {}).get(system)
        return "; ".join(values) if values else None
    if not item.states(name):
        return None
    value = getattr(item, _info(name).name)
    if name == "rates":
        return "; ".join(sorted(rate.title for rate in value))
    return stated(value)


def _is_other(name: str, old: Measure, new: Measure) -> bool:
    """Whether two stated values differ in what payers may well do and one payer changed.

    Payers that share an alternative agree; one that gives an alternative up has changed.
    """
    if name.startswith("ids."):
        system = name.removeprefix("ids.")
        two = [{v.upper() for v in (m.ids or {})[system]} for m in (old, new)]
        return two[0] != two[1]
    values = [getattr(m, _info(name).name) for m in (old, new)]
    if _info(name).kind in (Kind.CHOICES, Kind.LINES):
        return set(map(words, values[0])) != set(map(words, values[1]))
    return name in BESIDE and words(stated(values[0])) != words(stated(values[1]))


def _info(name: str) -> Info:
    return declared(Measure)[name]


# --- who asks for it ----------------------------------------------------------------------------


def _holders(
    before: tuple[Concept, ...], after: tuple[Concept, ...], kept: Iterable[Became]
) -> tuple[Holders, ...]:
    """Measures that several payers ask for, or asked for, and not the same as before."""
    home = {m.ref: place for place, c in enumerate(after) for m in c.members}
    moved = {o.ref: n.ref for one in kept if (o := one.old) and (n := one.new)}
    found = []
    met: set[int] = set()
    for concept in before:
        places = sorted({home[moved[m.ref]] for m in concept.members if m.ref in moved})
        same = [p for p in places if p not in met] or []
        now = max(
            same, key=lambda p: (len(set(after[p].payers) & set(concept.payers)), -p), default=None
        )
        if now is not None:
            met.add(now)
        payers = after[now].payers if now is not None else ()
        if payers != concept.payers and max(len(payers), len(concept.payers)) >= 2:
            label = after[now].label if now is not None else concept.label
            found.append(Holders(label, concept.payers, payers))
    found += [
        Holders(c.label, (), c.payers)
        for place, c in enumerate(after)
        if place not in met and len(c.payers) >= 2
    ]
    return tuple(sorted(found, key=lambda h: (h.label, h.old, h.new)))
