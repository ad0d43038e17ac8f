"""How much of an adopted core each list uses, and what it asks for beside it."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.units import Unit

OF_THE_CORE: Final = (None, "core", "mandatory")
OF_THE_MENU: Final = ("menu", "voluntary")
Key = tuple[str, ...]
"""What is counted as one measure, by its concepts."""
Unseen = Mapping[str, AbstractSet[str]]
"""By item, the fields that the audience may not see."""


@dataclass(frozen=True, slots=True)
class Core:
    """An adopted core as it holds for one type of contract: its measures and those of its menu."""

    core: Mapping[Key, str]  # with their labels
    menu: Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A list held against a core: measures of the core, of its menu, and beside both.

    `asked` is how many measures the list asks for; `core` names the list that the core stands in.
    In part is what one asks for whole and the other as a rate: `partly` of those lacking, `near`
    of those beside the core; they count as lacking, and as beside it.
    """

    core: str
    payer: str
    asked: int
    used: Mapping[Key, str]
    lacking: Mapping[Key, str]
    menu: Mapping[Key, str]
    off: Mapping[Key, str]
    partly: AbstractSet[Key]
    near: AbstractSet[Key]

    @property
    def size(self) -> int:
        """Measures of the core."""
        return len(self.used) + len(self.lacking)


def adherence(
    sets: Iterable[MeasureSet], rows: tuple[Row, ...], units: tuple[Unit, ...], unseen: Unseen
) -> tuple[Kept, ...]:
    """Each list that counts held against each reference that holds for its type of contract.

    Who states no measures says nothing of a core.
    """
    lists = sorted(sets, key=lambda s: s.payer)
    found = []
    for reference in (s for s in lists if s.role == "reference"):
        for one in (s for s in lists if s.counted and s.measures):
            adopted = core_of([reference], one.contract_type, rows, units, unseen)
            if adopted.core:
                found.append(kept(reference.payer, one.payer, adopted, rows, units))
    return tuple(found)


def kept(
    core: str, payer: str, adopted: Core, rows: tuple[Row, ...], units: Iterable[Unit]
) -> Kept:
    """What a payer uses of a core and asks for beside it."""
    kin = _kin(rows)
    held = {row.concept.id for row in rows if payer in row.held}
    of_core = {name for key in adopted.core for name in key}
    asked = {unit.concepts: unit.label for unit in units if payer in unit.asks}
    inside = adopted.core.keys() | adopted.menu.keys()
    lacking = {key: label for key, label in adopted.core.items() if key not in asked}
    off = {key: label for key, label in asked.items() if key not in inside}
    return Kept(
        core,
        payer,
        len(asked),
        used={key: label for key, label in adopted.core.items() if key in asked},
        lacking=lacking,
        menu={key: label for key, label in adopted.menu.items() if key in asked},
        off=off,
        partly=frozenset(key for key in lacking if held & _with_kin(key, kin)),
        near=frozenset(key for key in off if of_core & _with_kin(key, kin)),
    )


def _kin(rows: Iterable[Row]) -> dict[str, set[str]]:
    """By concept, those of which it holds a rate or the whole."""
    found: dict[str, set[str]] = {}
    home = {m.ref: row.concept.id for row in rows for m in row.concept.members}
    for row in rows:
        for item in row.concept.members:
            whole = home.get(f"{item.payer}/{item.rate_of}") if item.rate_of else None
            if whole:
                found.setdefault(whole, set()).add(row.concept.id)
                found.setdefault(row.concept.id, set()).add(whole)
    return found


def _with_kin(key: Key, kin: Mapping[str, AbstractSet[str]]) -> set[str]:
    return {*key, *(name for concept in key for name in kin.get(concept, ()))}


def core_of(
    lists: Iterable[MeasureSet],
    kind: str | None,
    rows: tuple[Row, ...],
    units: tuple[Unit, ...],
    unseen: Unseen,
    *,
    decided: bool = False,
) -> Core:
    """The core and the menu that hold for a type of contract, by lists and, too, by decisions."""
    homes = {m.ref: row.concept for row in rows for m in row.concept.members}
    keys = {name: unit.concepts for unit in units for name in unit.concepts}
    core: dict[Key, str] = {}
    menu: dict[Key, str] = {}
    for one in lists:
        if not holds_for(one.contract_type, kind):
            continue
        for item in one.measures or ():
            if item.rate_of is None and item.status in (*OF_THE_CORE, *OF_THE_MENU):
                # Of a status that is not to be seen nobody knows whether it wants the measure.
                seen = "status" not in unseen.get(item.ref, ())
                concept = homes[item.ref]
                into = core if item.status in OF_THE_CORE and seen else menu
                into[keys.get(concept.id, (concept.id,))] = concept.label
    for row in rows if decided else ():
        for standing in row.dispositions:
            decision = standing.decision
            if holds_for(decision.contract_type, kind) and decision.disposition in _INTO:
                into = core if decision.disposition == "adopt" else menu
                into[keys.get(row.concept.id, (row.concept.id,))] = row.concept.label
    return Core(core, {key: label for key, label in menu.items() if key not in core})


_INTO: Final = ("adopt", "menu")


def holds_for(own: str | None, kind: str | None) -> bool:
    """Whether a core of one type of contract, or of all, is one for contracts of another."""
    return own is None or plain(own) == plain(kind)


def plain(text: str | None) -> str:
    """A type of contract as it is compared."""
    return " ".join((text or "").casefold().split())


def by_label(found: Mapping[Key, str]) -> list[Key]:
    """Measures by their names."""
    return sorted(found, key=lambda key: (found[key], key))


def labels(found: Mapping[Key, str]) -> list[str]:
    """Names of measures, in order."""
    return [found[key] for key in by_label(found)]
