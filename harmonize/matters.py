"""The other areas, matter by matter: who states what of it, and where payers differ.

Criteria are matched by the evidence that measures are matched by; of payment, feedback and
convening a payer says itself what each term is about.  A withheld value is neither silence nor
agreement, and is held against nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from harmonize.areas import LAN, step
from harmonize.concepts import Pair
from harmonize.criteria import Group, matched
from harmonize.divergence import Divergence
from harmonize.evidence import MATCH_AT
from harmonize.fields import Info, spoken
from harmonize.knowledge import Knowledge, words
from harmonize.positions import (
    Held,
    agrees,
    apart,
    key_of,
    pooled,
    positions,
    two_by_two,
    wording,
)
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import MeasureSet
from harmonize.settling import settled_in
from harmonize.terms import Term, attributes, fields_of, shown, stating, terms
from harmonize.unsaid import Question


@dataclass(frozen=True, slots=True)
class Point:
    """One attribute of a matter: who states what, by payer.

    `agree` says whether payers that count, two or more, state the same; `None` where fewer state
    anything that can be compared.  `silent` hold the matter and say nothing here.
    """

    attribute: str
    info: Info
    told: tuple[tuple[str, str], ...]
    withheld: tuple[str, ...]
    silent: tuple[str, ...]
    agree: bool | None
    divergence: Divergence | None


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that several payers may state terms of; `terms` are by payer.

    `used_by` counts payers that count and have such a term, `could_use` those that state the area.
    `shut` are payers that withhold so much of the area that nobody knows what they state of this.
    `links` say why criteria are one.
    """

    area: str
    id: str
    label: str
    terms: tuple[Term, ...]
    points: tuple[Point, ...]
    used_by: int
    could_use: int
    shut: frozenset[str] = frozenset()
    links: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is the area as such."""
        return self.id == self.area

    @property
    def titles_differ(self) -> bool:
        """Whether titles of what is one name other numbers, or not all say no to it.

        Nobody states that as a field.
        """
        return not self.is_whole and len({telling(one) for one in self.terms}) > 1

    @property
    def payers(self) -> tuple[str, ...]:
        """Who states it."""
        return tuple(sorted({one.payer for one in self.terms}))

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """Attributes in which different values are stated."""
        return tuple(p.divergence for p in self.points if p.divergence)

    def of(self, payer: str) -> tuple[Term, ...]:
        """A payer's terms of it."""
        return tuple(one for one in self.terms if one.payer == payer)


@dataclass(frozen=True, slots=True)
class Matters:
    """All matters, in the order of reading; `stated` are the payers by area, withheld included."""

    matters: tuple[Matter, ...] = ()
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    possible: tuple[Pair, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def divergences(self) -> tuple[Divergence, ...]:
        """All differences."""
        return tuple(d for matter in self.matters for d in matter.divergences)

    @property
    def homes(self) -> dict[str, str]:
        """The matter of each term."""
        return {t.ref: matter.id for matter in self.matters for t in matter.terms}

    def relation(self, pair: Pair) -> str:
        """What two criteria that are one are to each other, as of measures."""
        (matter,) = (m for m in self.matters if pair in m.links)
        if any((pair.left.payer, pair.right.payer) in d.differing for d in matter.divergences):
            return "modified"
        both = [t for t in matter.terms if t.ref in (pair.left.ref, pair.right.ref)]
        said = [{p.attribute for p in matter.points if (t.payer) in dict(p.told)} for t in both]
        if said[0] != said[1] or not said[0] or telling(both[0]) != telling(both[1]):
            return "undetermined"
        return "identical" if both[0].title == both[1].title else "harmonized"

    @property
    def links(self) -> tuple[Pair, ...]:
        """Pairs of criteria that are one, and those that may be."""
        links = [link for matter in self.matters for link in matter.links]
        both = (*links, *self.possible)
        return tuple(sorted(both, key=lambda p: (p.left.payer, p.right.payer, p.left.ref)))


NO_MATTERS: Final = Matters()


def compare(
    sets: tuple[MeasureSet, ...],
    knowledge: Knowledge,
    areas: Iterable[str],
    match_at: float = MATCH_AT,
    rulings: Rulings = NO_RULINGS,
) -> Matters:
    """What payers state in these areas, held against each other, and what has been decided."""
    counted = frozenset(s.payer for s in sets if s.counted)
    found: list[Matter] = []
    stated_in: dict[str, tuple[str, ...]] = {}
    possible: tuple[Pair, ...] = ()
    for area in areas:
        here = tuple(s for s in sets if stating(s, area))
        if not here:
            continue
        stated_in[area] = tuple(s.payer for s in here)
        own = {s.payer: terms(s, area) for s in here}
        together = {
            (area if one.id == area else one.matter): one.title
            for said in own.values()
            for one in said
            if one.matter
        }
        said = [one for told in own.values() for one in told]
        groups = tuple(
            Group(name, label, tuple(one for one in said if one.matter == name))
            for name, label in together.items()
            if name
        )
        if area == "participation":
            criteria = [one for one in said if one.matter is None]
            alike, possible = matched(criteria, here, knowledge, match_at, rulings)
            groups += alike
        shut = frozenset(s.payer for s in here if area in s.withheld)
        could = len(counted & own.keys())
        # Of what is withheld as a whole nobody knows which matters it is about.
        within = shut | {payer for payer, told in own.items() if told[0].withheld & _lists(area)}
        made = [
            _matter(area, one, shut if one.name == area else within, could, counted, knowledge)
            for one in groups
        ]
        found += sorted(made, key=lambda m: (not m.is_whole, -m.used_by, m.label, m.id))
    decided = (_decided(m, rulings, counted) for m in found)
    convened = _noted([*decided], sets)
    return Matters(convened, stated_in, possible, tuple(_questions(convened, counted)))


def _lists(area: str) -> set[str]:
    """Fields of an area that hold terms of their own."""
    return {name for name, info in fields_of(area).items() if info.record}


def _decided(matter: Matter, rulings: Rulings, counted: frozenset[str]) -> Matter:
    """A matter with what has been decided about each of its differences."""
    if not rulings.differences:
        return matter
    members = {t.ref: t.payer for t in matter.terms}
    points = tuple(
        replace(p, divergence=settled_in(p.divergence, members, rulings.differences, counted))
        if p.divergence
        else p
        for p in matter.points
    )
    return replace(matter, points=points)


def _matter(
    area: str,
    group: Group,
    shut: frozenset[str],
    could: int,
    counted: frozenset[str],
    knowledge: Knowledge,
) -> Matter:
    name, label = group.name, group.label
    said = tuple(sorted(group.terms, key=lambda t: (t.payer, t.id)))
    named = dict.fromkeys((*attributes(area), *sorted({n for t in said for n in t.withheld})))
    points = [_point(area, name, label, key, said, counted, knowledge) for key in named]
    return Matter(
        area=area,
        id=name,
        label=label,
        terms=said,
        points=tuple(p for p in points if p.told or p.withheld),
        used_by=len({t.payer for t in said} & counted),
        could_use=could,
        shut=shut if name == area else shut - {t.payer for t in said},
        links=group.links,
    )


def _point(
    area: str,
    name: str,
    label: str,
    key: str,
    said: tuple[Term, ...],
    counted: frozenset[str],
    knowledge: Knowledge,
) -> Point:
    info = fields_of(area)[key]
    held = [
        Held(one, value, key_of(info, key, value, knowledge))
        for one in said
        if (value := one.value(info)) is not None
    ]
    told = pooled(held) if info.alternatives else tuple(held)
    withheld = {one.payer for one in said if key in one.withheld}
    silent = {one.payer for one in said if one.record} - {h.item.payer for h in told} - withheld
    between = [
        agrees(info, a, b)
        for a, b in combinations(told, 2)
        if a.item.payer != b.item.payer and {a.item.payer, b.item.payer} <= counted
    ]
    answers = {answer for answer in between if answer is not None}
    return Point(
        attribute=key,
        info=info,
        told=tuple(sorted({(h.item.payer, shown(info, h.value)) for h in told})),
        withheld=tuple(sorted(withheld)),
        silent=tuple(sorted(silent)),
        agree=False not in answers if answers else None,
        divergence=_divergence(area, name, label, key, told, silent, withheld, counted),
    )


def _divergence(
    area: str,
    name: str,
    label: str,
    key: str,
    held: tuple[Held[Term], ...],
    silent: set[str],
    withheld: set[str],
    counted: frozenset[str],
) -> Divergence | None:
    info = fields_of(area)[key]
    pairs = apart(info, held)
    if not pairs:
        return None
    return Divergence(
        concept=name,
        label=label,
        dimension=area,
        attribute=key,
        severity=info.severity,
        cause="unknown",
        positions=positions(key, held),
        silent=tuple(sorted(silent)),
        counted=any({a.item.payer, b.item.payer} <= counted for a, b in pairs),
        note=NOTES[key](held) if key in NOTES else wording(info, held),
        differing=two_by_two(pairs),
        withheld=tuple(sorted(withheld)),
    )


def _categories(held: Iterable[Held[Term]]) -> str:
    """What contracts have in common, how far up the ladder each two payers are, and what is off it.

    A contract may hold several categories; its highest step is told.
    """
    own = {h.item.payer: set(h.value) for h in held}
    common = set.intersection(*own.values())
    top = {
        payer: max((s for c in mine if (s := step(c))), default=None) for payer, mine in own.items()
    }
    steps = {s: sorted(p for p, one in top.items() if one == s) for s in {*top.values()} if s}
    told = [f"in common: {', '.join(c for c in LAN if c in common) or 'none'}"]
    if len(steps) > 1:
        far = ", ".join(f"{s} ({', '.join(who)})" for s, who in sorted(steps.items()))
        told.append(f"highest step: {far}")
    if off := [c for c in LAN if step(c) is None and any(c in mine for mine in own.values())]:
        told.append(f"{', '.join(off)}: not linked to quality, off the ladder")
    return "; ".join(told)


# What can be said of a difference in words of its field.
NOTES: Final[Mapping[str, Callable[[Iterable[Held[Term]]], str]]] = {"lan_categories": _categories}


def telling(one: Term) -> frozenset[str]:
    """The numbers that the title of a term names, and whether it says no."""
    said = words(one.title)
    no = {"not"} if _NO.intersection(said) else set()
    return frozenset(word for word in said if word.isdecimal()) | no


_NO: Final = frozenset(["no", "non", "not", "never", "without"])


def _apart(matter: Matter) -> str:
    """In what titles of one criterion are apart."""
    no = len({"not" in telling(one) for one in matter.terms}) > 1
    return "some titles say no to it" if no else "others name another number"


def _worded(matter: Matter) -> tuple[str, ...]:
    """How payers word one criterion, where they do so differently."""
    if matter.area != "participation" or len({words(t.title) for t in matter.terms}) < 2:
        return ()
    return (f"worded: {' | '.join(f'{t.title}: {t.payer}' for t in matter.terms)}",)


def _noted(found: list[Matter], sets: tuple[MeasureSet, ...]) -> tuple[Matter, ...]:
    """Matters with what is to be known of them beside their attributes.

    Conveners that pay too are said to be: by what is stated, or because their list is here.
    """
    known = {
        words(name): one.payer
        for one in sets
        if one.payer_type or one.measures or one.payment
        for name in (one.payer, one.name, one.organization)
        if name
    }
    made = []
    for matter in found:
        notes = []
        for term in matter.terms if matter.id == "convening" else ():
            told = term.record
            if told is None or not told.convener:
                continue
            here = known.get(words(told.convener))
            if told.convener_is_payer == "true":
                notes.append(f"{term.payer}: {told.convener} convenes and pays")
            elif here:
                but = ", though it is said not to pay" if told.convener_is_payer else ""
                notes.append(f"{term.payer}: {told.convener} convenes, and is {here} here{but}")
        made.append(replace(matter, notes=(*_worded(matter), *notes)))
    return tuple(made)


def _questions(found: Iterable[Matter], counted: frozenset[str]) -> Iterable[Question]:
    """What somebody states of a matter and another that has it does not: it may differ."""
    for matter in found:
        for term in matter.terms if matter.titles_differ else ():
            if term.payer in counted and not getattr(term.record, "detail", None):
                ask = f"{matter.area}, {term.title}: detail?"
                yield Question(term.payer, term.id, "detail", ask, _apart(matter))
        for point in matter.points:
            others = [payer for payer, _ in point.told if payer in counted]
            if point.info.severity not in ("major", "minor") or not others:
                continue
            for payer in point.silent:
                mine = matter.of(payer)[0]
                if payer in counted and mine.record is not None:
                    name = spoken(point.attribute)
                    about = matter.area if matter.is_whole else f"{matter.area}, {matter.label}"
                    count = (
                        "1 other states it"
                        if len(others) == 1
                        else f"{len(others)} others state it"
                    )
                    yield Question(payer, mine.id, point.attribute, f"{about}: {name}?", count)
