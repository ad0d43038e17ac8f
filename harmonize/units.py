"""What is counted as one measure, and which of its rates each payer asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product

from harmonize.concepts import Concept, Crosswalk
from harmonize.divergence import Divergence
from harmonize.joining import Groups
from harmonize.measures import Measure
from harmonize.positions import Position
from harmonize.sets import MeasureSet


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted as one measure: a concept, or the concepts that some payer prints in parts.

    `asks` are the payers that count and ask for it.
    """

    label: str
    concepts: tuple[str, ...]
    asks: tuple[str, ...]


def _asks(one: MeasureSet, home: Mapping[str, str]) -> dict[str, tuple[str | None, set[str]]]:
    """What a payer asks for: name of the measure -> (acronym if it is not printed, concepts).

    Lines that are parts of a printed measure are not asked again; rates and components of one that
    the list does not print are one ask together, strata are asks of their own; another way of
    collecting is the same ask.
    """
    measures = [m for m in one.measures or () if m.rate_of is None]
    printed: dict[str, Measure] = {}
    for item in measures:
        if item.part_of is None:
            names = {item.id, item.acronym, *(item.ids or {}).get("hedis", ())}
            printed.update(dict.fromkeys((n for n in names if n), item))
    printed |= {item.id: item for item in measures}
    asks: dict[str, tuple[str | None, set[str]]] = {}
    for item in measures:
        whole: str | None = None
        if item.part_of is not None:
            if item.part_of in printed and printed[item.part_of] is not item:
                continue
            whole = None if item.part == "stratum" else item.part_of
        name = f"part of {whole}" if whole else home[item.ref]
        asks.setdefault(name, (whole, set()))[1].add(home[item.ref])
    return asks


def units(found: Crosswalk, sets: tuple[MeasureSet, ...]) -> tuple[Unit, ...]:
    """Concepts of which one ask holds several are one measure; by their concepts."""
    home = {m.ref: c.id for c in found.concepts for m in c.members}
    concepts = {c.id: c for c in found.concepts}
    family = {c.id: f for f in found.families for c in f.concepts}
    asks = [(s.payer, *ask) for s in sets if s.counted for ask in _asks(s, home).values()]
    groups = Groups({name for _, _, names in asks for name in names})
    for _, whole, names in asks:
        if whole is None:
            continue
        first, *rest = sorted(names)
        wholes = [
            name
            for name in groups.above
            if family[name] is family[first] and _is_whole(concepts[name], whole)
        ]
        for name in (*rest, *wholes):
            groups.join(first, name)
    together: dict[str, set[str]] = {}
    users: dict[str, set[str]] = {}
    for payer, _, names in asks:
        for name in names:
            together.setdefault(groups.top(name), set()).add(name)
            users.setdefault(groups.top(name), set()).add(payer)
    made = [
        Unit(
            label=concepts[min(names)].label if len(names) == 1 else family[name].label,
            concepts=tuple(sorted(names)),
            asks=tuple(sorted(users[name])),
        )
        for name, names in together.items()
    ]
    return tuple(sorted(made, key=lambda u: u.concepts))


def rates_asked(
    counted_as: tuple[Unit, ...], found: Crosswalk, sets: tuple[MeasureSet, ...]
) -> tuple[Divergence, ...]:
    """Measures of which one payer asks other rates than another, told at their first concept."""
    concepts = {c.id: c for c in found.concepts}
    counted = {s.payer for s in sets if s.counted}
    divergences = []
    for unit in counted_as:
        if len(unit.concepts) == 1:
            continue
        members = [m for name in unit.concepts for m in concepts[name].members]
        parts = {n for n in unit.concepts if not any(m.rates for m in concepts[n].members)}
        held: dict[str, set[str]] = {}
        for name in sorted(parts):
            for item in concepts[name].members:
                held.setdefault(item.payer, set()).add(name)
        positions = []
        for names in sorted({tuple(sorted(names)) for names in held.values()}):
            holders = tuple(sorted(p for p, own in held.items() if own == set(names)))
            places = [
                (m.payer, m.place) for n in names for m in concepts[n].members if m.payer in holders
            ]
            labels = [concepts[n].label.removeprefix(f"{unit.label}: ") for n in names]
            positions.append(Position("; ".join(labels), holders, tuple(sorted(places))))
        if len(positions) < 2:
            continue
        among = [p for p in positions if counted & set(p.payers)]
        divergences.append(
            Divergence(
                concept=unit.concepts[0],
                label=concepts[unit.concepts[0]].label,
                dimension="calculation",
                attribute="rates",
                severity="minor",
                cause="rate",
                positions=tuple(positions),
                silent=tuple(sorted({m.payer for m in members} - held.keys())),
                counted=len(among) >= 2,
                note=f"which rates of {unit.label} are asked",
                differing=_across(positions),
            )
        )
    return tuple(divergences)


def _across(positions: list[Position]) -> tuple[tuple[str, str], ...]:
    """Every two payers of different positions."""
    held = [p.payers for p in positions]
    two = {
        (min(a, b), max(a, b))
        for one, other in combinations(held, 2)
        for a, b in product(one, other)
        if a != b
    }
    return tuple(sorted(two))


def _is_whole(concept: Concept, acronym: str) -> bool:
    names = {concept.acronym, *(m.acronym for m in concept.members)}
    names |= {value for m in concept.members for value in (m.ids or {}).get("hedis", ())}
    part = any(m.part_of or m.rate_of for m in concept.members)
    return not part and acronym in {(n or "").removesuffix("-E") for n in names} | names
