"""What became of each measure between two states of the lists, payer by payer.

Old and new are told to be one by their identifiers without versions, then by the payer's own id,
then by the crosswalk of the two lists, as any two payers would be.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from re import sub
from types import MappingProxyType
from typing import Any, Final

from harmonize import crosswalk
from harmonize.concepts import Concept, Crosswalk, Family
from harmonize.divergence import diverge
from harmonize.evidence import PRECISE, Verdict
from harmonize.fields import Info, Kind, declared
from harmonize.knowledge import Knowledge, words
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.pairing import Lists
from harmonize.sets import MeasureSet
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
ALIKE: Final = 0.3  # likeness of titles from which a payer's own id names one measure
_OLD, _NEW = "old.", "new."
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
) -> Drift:
    """Payers by slug; with `one_list` the one list of each side, whatever its slug.

    `sealed` are the fields by item that were and that are hidden: of them nobody can tell whether
    they have changed.
    """
    if one_list:
        pairs: list[tuple[MeasureSet | None, MeasureSet | None]] = [(old[0], new[0])]
    else:
        before, after = ({s.payer: s for s in sets} for sets in (old, new))
        pairs = [(before.get(p), after.get(p)) for p in sorted(before.keys() | after.keys())]
    parts = [_of_a_list(*two, knowledge, standards, sealed) for two in pairs]
    made = {name: tuple(one for part in parts for one in part[name]) for name in LISTS}
    lists = tuple(List(*two, _about(*two)) for two in pairs)
    several = len(pairs) > 1
    holders = _holders(old, new, knowledge, made["kept"]) if several else ()
    return Drift(lists, **made, holders=holders)


def _about(old: MeasureSet | None, new: MeasureSet | None) -> tuple[Change, ...]:
    """What a list says of itself and said otherwise."""
    if old is None or new is None:
        return ()
    found = []
    for name in ABOUT:
        own = declared(MeasureSet)[name]
        two = [_text(getattr(one, own.name)) for one in (old, new)]
        if two[0] != two[1]:
            found.append(Change(name, *two, "info"))
    return tuple(found)


def _text(value: Any) -> str | None:
    """A value as a text, a record by its parts."""
    if value is None:
        return None
    parts = declared(type(value)) if hasattr(value, "__dataclass_fields__") else {}
    if not parts or hasattr(value, "text"):
        return stated(value)
    given = {name: getattr(value, info.name) for name, info in parts.items()}
    return ", ".join(f"{name} {stated(one)}" for name, one in given.items() if one is not None)


def _of_a_list(
    old: MeasureSet | None,
    new: MeasureSet | None,
    knowledge: Knowledge,
    standards: Standards,
    sealed: Sealed,
) -> dict[str, list[Became]]:
    found: dict[str, list[Became]] = {name: [] for name in LISTS}
    before, after = _printed(old), _printed(new)
    if old is None or new is None:
        found["dropped"] = [Became(item, None) for item in before]
        found["added"] = [Became(None, item) for item in after]
        return found
    sides = _Sides(old, new, knowledge)
    pairs = sides.paired()
    changes = sides.changes(pairs, sealed)
    ways = {o.ref: n for o, n in pairs}
    for item in before:
        now = ways.get(item.ref)
        if now is None or item.rate_of:
            continue
        one = Became(item, now, changes[item.ref])
        found["kept"].append(one)
        for name, own in _sorted(one).items():
            found[name].append(one.only(own))
    gone = [item for item in before if item.ref not in ways]
    there = {n.ref for n in ways.values()}
    come = [item for item in after if item.ref not in there]
    found["dropped"] = [Became(item, None) for item in gone]
    found["added"] = [Became(None, item) for item in come]
    found["replaced"] = [Became(*two) for two in sides.successors(gone, come, standards)]
    return found


def _printed(one: MeasureSet | None) -> list[Measure]:
    return [m for m in (one.measures if one else None) or () if m.rate_of is None]


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
            two = [{base_id(system, v) for v in text.split("; ")} for text in (change.old, change.new)]
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


# --- which is which -----------------------------------------------------------------------------


class _Sides:
    """A list before and after, laid side by side as if they were two payers."""

    def __init__(self, old: MeasureSet, new: MeasureSet, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.old, self.new = _called(old, _OLD), _called(new, _NEW)
        self.own = {
            renamed.ref: plain
            for side, one in ((self.old, old), (self.new, new))
            for renamed, plain in zip(side.measures or (), one.measures or (), strict=True)
        }
        self.lists = Lists((self.old, self.new), knowledge)
        self.trail = crosswalk.trail(self.lists)
        self.lasting = False  # whether the payer's own ids are more than the numbers of rows

    def paired(self) -> list[tuple[Measure, Measure]]:
        """Old and new of what is one measure, printed ones first; as the lists call them."""
        taken: dict[str, str] = {}
        before, after = ([m for m in s.measures or () if not m.rate_of] for s in self._both)
        for tell in (self._by_number, self._by_crosswalk, self._by_family, self._by_own_id):
            self._take(product(before, after), tell, taken)
            self.lasting = self._last(taken)
        rates = [
            (o, n)
            for o, n in product(*(s.measures or () for s in self._both))
            if o.rate_of and n.rate_of and taken.get(_whole(o)) == _whole(n)
        ]
        for tell in (self._by_rate_id, self._by_crosswalk):
            self._take(rates, tell, taken)
        return [(self.own[o], self.own[n]) for o, n in taken.items() if o.startswith(_OLD)]

    @property
    def _both(self) -> tuple[MeasureSet, MeasureSet]:
        return self.old, self.new

    def _take(
        self,
        pairs: Iterable[tuple[Measure, Measure]],
        tell: Callable[[Measure, Measure], float | None],
        taken: dict[str, str],
    ) -> None:
        """The surest pairs of those that are told to be one, each item once."""
        free = ((o, n) for o, n in pairs if o.ref not in taken and n.ref not in taken)
        told = ((tell(o, n), o.id.casefold() == n.id.casefold(), o, n) for o, n in free)
        found = [(sure, same, o, n) for sure, same, o, n in told if sure is not None]
        odds = {(o.ref, n.ref): self.lists.weigh(o.ref, n.ref).log_odds for _, _, o, n in found}
        found.sort(key=lambda f: (-f[0], -f[1], -odds[f[2].ref, f[3].ref], f[2].ref, f[3].ref))
        for _, _, o, n in found:
            if o.ref not in taken and n.ref not in taken:
                taken[o.ref], taken[n.ref] = n.ref, o.ref

    def _by_number(self, old: Measure, new: Measure) -> float | None:
        """How many systems number both alike, less those that number them differently."""
        alike = other = precise = 0
        for system in (old.ids or {}).keys() & (new.ids or {}).keys():
            two = [{base_id(system, v) for v in (m.ids or {})[system]} for m in (old, new)]
            if two[0] & two[1]:
                alike += 1
                family = (
                    self.lists.scene.names_family(system, v, old.payer, new.payer)
                    for v in two[0] & two[1]
                )
                precise += not all(family)
            else:
                other += system in PRECISE
        if alike <= other or (not precise and self.lists.apart(old.ref, new.ref)):
            return None
        return float(alike - other)

    def _by_own_id(self, old: Measure, new: Measure) -> float | None:
        """The payer's own id, unless what it names looks like another measure."""
        same = self.lasting and old.id.casefold() == new.id.casefold()
        if not same or self.lists.apart(old.ref, new.ref):
            return None
        weighed = self.lists.weigh(old.ref, new.ref)
        alike = weighed.likeness >= ALIKE or weighed.verdict is not Verdict.NONMATCH
        return weighed.confidence if alike else None

    def _last(self, taken: Mapping[str, str]) -> bool:
        """Whether most measures that are found again by other means keep the payer's own id."""
        two = [(o.partition("/")[2], n.partition("/")[2]) for o, n in taken.items()]
        return 2 * sum(o.casefold() == n.casefold() for o, n in two) >= len(two)

    def _by_family(self, old: Measure, new: Measure) -> float | None:
        """The only line of a family in each list, the one an age group of the other."""
        one, other = (self.lists.scene.entries[item.ref] for item in (old, new))
        if not one or not other or self.knowledge.family(one) != self.knowledge.family(other):
            return None
        parts = [entry for entry in (one, other) if entry.whole]
        strata = len(parts) == 1 and parts[0].axis == "age"
        return 1.0 if strata and self._alone(old) and self._alone(new) else None

    def _alone(self, item: Measure) -> bool:
        """Whether its list prints nothing else of its family."""
        return self._kin[item.payer].count(self._family(item.ref)) == 1

    def _family(self, ref: str) -> str:
        entry = self.lists.scene.entries[ref]
        return self.knowledge.family(entry) if entry else ""

    @cached_property
    def _kin(self) -> dict[str, list[str]]:
        return {s.payer: [self._family(m.ref) for m in _printed(s)] for s in self._both}

    def _by_rate_id(self, old: Measure, new: Measure) -> float | None:
        return 1.0 if old.id.rpartition("/")[2] == new.id.rpartition("/")[2] else None

    def _by_crosswalk(self, old: Measure, new: Measure) -> float | None:
        home = self.trail.home
        return self.lists.sure(old.ref, new.ref) if home[old.ref] is home[new.ref] else None

    # --- what changed ---------------------------------------------------------------------------

    def changes(
        self, pairs: list[tuple[Measure, Measure]], sealed: Sealed
    ) -> dict[str, tuple[Change, ...]]:
        """What each measure says otherwise, and its rates after it, by its old reference."""
        names = {plain.ref: renamed for renamed, plain in self.own.items() if renamed.startswith(_OLD)}
        now = {plain.ref: renamed for renamed, plain in self.own.items() if renamed.startswith(_NEW)}
        items = {m.ref: m for side in self._both for m in side.measures or ()}
        linked = [(items[names[o.ref]], items[now[n.ref]]) for o, n in pairs]
        differing = self._differing(linked)
        found: dict[str, list[Change]] = {}
        for old, new in sorted(linked, key=lambda two: bool(two[0].rate_of)):
            plain = self.own[old.ref]
            closed = {*sealed[0].get(plain.ref, ()), *sealed[1].get(self.own[new.ref].ref, ())}
            own = [
                change
                for change in (*_named(old, new), *_stated(old, new, differing.get(old.ref, {})))
                if change.attribute.partition(".")[0] not in closed
            ]
            if old.rate_of is None:
                found[plain.ref] = own
                continue
            whole = self.own[_whole(old)].ref
            rate = old.id.rpartition("/")[2]
            found[whole] += [
                replace(one, attribute=f"rates/{rate}/{one.attribute}")
                for one in own
                if one.attribute != "id"
            ]
        return {ref: tuple(own) for ref, own in found.items()}

    def _differing(self, linked: list[tuple[Measure, Measure]]) -> dict[str, dict[str, Change]]:
        """By old reference and attribute: values that both state and that are not the same."""
        left = [m for side in self._both for m in side.measures or ()]
        concepts = [_concept(old.ref, old, new) for old, new in linked]
        held = {m.ref for c in concepts for m in c.members}
        concepts += [_concept(m.ref, m) for m in left if m.ref not in held]
        whole = Crosswalk((Family("all", "all", tuple(concepts)),), (), (), {})
        found: dict[str, dict[str, Change]] = {}
        for one in diverge(whole, self._both, self.knowledge).divergences:
            said = {payer: text for p in one.positions for payer, text in p.said}
            two = said[self.old.payer], said[self.new.payer]
            change = Change(one.attribute, *two, one.severity, one.note)
            found.setdefault(one.concept, {})[one.attribute] = change
        return found

    # --- what took whose place ------------------------------------------------------------------

    def successors(
        self, gone: list[Measure], come: list[Measure], standards: Standards
    ) -> list[tuple[Measure, Measure]]:
        """Of what went and what came: a known successor, one of its family, or one of its id."""
        here = {plain.ref: ref for ref, plain in self.own.items() if ref.startswith(_OLD)}
        there = {plain.ref: ref for ref, plain in self.own.items() if ref.startswith(_NEW)}
        return [
            (old, new)
            for old, new in product(gone, come)
            if self._follows(here[old.ref], there[new.ref], standards)
            or (self.lasting and old.id.casefold() == new.id.casefold() and not old.minted)
        ]

    def _follows(self, old: str, new: str, standards: Standards) -> bool:
        entries = self.lists.scene.entries
        was, now = entries[old], entries[new]
        if not was or not now:
            return False
        family = self.knowledge.family
        if family(was) == family(now):
            return self._alone(self.lists.measures[old]) and self._alone(self.lists.measures[new])
        return any(
            change.kind == "replaced" and change.by in (now.key, family(now))
            for key in (was.key, family(was))
            for change in standards.changes_of.get(key, ())
        )


def _called(one: MeasureSet, lead: str) -> MeasureSet:
    """A list under another slug, so that it can stand beside itself."""

    def called(item: Measure) -> Measure:
        rates = item.rates and tuple(called(rate) for rate in item.rates)
        return replace(item, payer=f"{lead}{one.payer}", rates=rates)

    measures = one.measures and tuple(called(m) for m in one.measures)
    return replace(one, payer=f"{lead}{one.payer}", measures=measures, role=None)


def _whole(rate: Measure) -> str:
    return f"{rate.payer}/{rate.rate_of}"


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


def _stated(old: Measure, new: Measure, differing: Mapping[str, Change]) -> list[Change]:
    """Identifiers and what is asked, field by field in the order of the format."""
    systems = sorted({*(old.ids or {}), *(new.ids or {})})
    found = []
    for name in (*(f"ids.{s}" for s in systems), *BESIDE, *ATTRIBUTES):
        two = [_said(item, name) for item in (old, new)]
        if two[0] == two[1]:
            continue
        if name in differing:
            found.append(differing[name])
        elif None in two:
            found.append(Change(name, *two, "info"))
        elif _is_other(name, old, new):
            info = declared(Measure).get(name)
            found.append(Change(name, *two, (info and info.severity) or "info"))
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
    old: tuple[MeasureSet, ...],
    new: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    kept: Iterable[Became],
) -> tuple[Holders, ...]:
    """Measures that several payers ask for, or asked for, and not the same as before."""
    before, after = (
        [c for c in crosswalk.build(sets, knowledge).concepts] for sets in (old, new)
    )
    home = {m.ref: place for place, c in enumerate(after) for m in c.members}
    moved = {o.ref: n.ref for one in kept if (o := one.old) and (n := one.new)}
    found = []
    met: set[int] = set()
    for concept in before:
        places = sorted({home[moved[m.ref]] for m in concept.members if m.ref in moved})
        same = [p for p in places if p not in met] or []
        now = max(same, key=lambda p: (len(set(after[p].payers) & set(concept.payers)), -p), default=None)
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
