"""Payers under other names: who they are stands in nothing that is shown.

A list goes under its alias before anything is compared, so that every order is one of aliases.  Its
titles are what measures are matched by; they are replaced by the names of concepts afterwards, and
whatever names a payer by the payer's alias.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import Any, Final

from harmonize import rows
from harmonize.concepts import Pair
from harmonize.decisions import Decision
from harmonize.figures import Figure
from harmonize.knowledge import Entry
from harmonize.matters import Matter
from harmonize.measures import SYSTEMS, Measure
from harmonize.problems import Place
from harmonize.report import Report
from harmonize.rulings import Rulings, Standing
from harmonize.sets import MeasureSet

# What of a list, and of a measure, tells whose it is and is compared by nobody.
OF_A_LIST: Final = ("name", "short", "organization", "program", "sources", "notes", "members")
OF_A_MEASURE: Final = ("source", "notes", "description", "domain", "context")
SHORTEST: Final = 3  # characters of a name that is looked for within a text
HIDDEN: Final = "..."
ATOMS: Final = (bool, int, float, Enum, Fraction, Place, Entry, Figure)  # never looked into
_CALLED: Final = ("payer", "name", "short", "organization", "program")
_NUMBERED: Final = re.compile(rf"(?:{'|'.join(SYSTEMS)})-[^.]+")


@dataclass(frozen=True, slots=True)
class Disguise:
    """What payers are called here: `refs` by measure, `names` by whatever they are called."""

    aliases: frozenset[str]
    refs: Mapping[str, str]
    names: Mapping[str, str]


NO_DISGUISE: Final = Disguise(frozenset(), {}, {})


def unnamed(sets: Iterable[MeasureSet], aliases: Mapping[str, str]) -> tuple[str, ...]:
    """Payers that have no alias where others have one; references are published lists."""
    return tuple(s.payer for s in sets if s.payer not in aliases and s.role != "reference")


def disguised(
    sets: tuple[MeasureSet, ...], aliases: Mapping[str, str], like: Disguise | None = None
) -> tuple[tuple[MeasureSet, ...], Disguise]:
    """The lists under their aliases, by alias, and what was renamed.

    Of lists that hold more than others did, measures are renamed `like` theirs.
    """
    refs: dict[str, str] = {}
    names: dict[str, str] = {}
    made = []
    for one in sets:
        alias = aliases.get(one.payer)
        if alias is None:
            made.append(one)
            continue
        ids = _ids(one.measures or ()) if like is None else _like(one, like)
        refs |= {f"{one.payer}/{old}": f"{alias}/{new}" for old, new in ids.items()}
        called = (getattr(one, key) for key in _CALLED)
        names |= {text: alias for text in called if text}
        made.append(_renamed(one, alias, ids))
    ordered = tuple(sorted(made, key=lambda s: s.payer))
    return ordered, Disguise(frozenset(aliases.values()), refs, names)


def _ids(measures: tuple[Measure, ...]) -> dict[str, str]:
    """New ids: measures numbered by their titles, rates within their measure."""
    found: dict[str, str] = {}
    wholes = sorted((m for m in measures if m.rate_of is None), key=lambda m: (m.title, m.id))
    for i, one in enumerate(wholes, start=1):
        found[one.id] = f"m{i:03}"
        rates = sorted(one.rates or (), key=lambda m: (m.title, m.id))
        found |= {rate.id: f"m{i:03}/r{n}" for n, rate in enumerate(rates, start=1)}
    return found


def _like(one: MeasureSet, like: Disguise) -> dict[str, str]:
    refs = {m.id: like.refs.get(m.ref, f"{m.payer}/not shown/{m.id}") for m in one.measures or ()}
    return {old: ref.split("/", 1)[1] for old, ref in refs.items()}


def _renamed(one: MeasureSet, alias: str, ids: Mapping[str, str]) -> MeasureSet:
    measures = tuple(sorted(
        (_measure(m, alias, ids) for m in one.measures or ()), key=lambda m: m.id
    )) or None  # fmt: skip
    criteria = sorted(one.participation or (), key=lambda c: str(c.title))
    admitted = tuple(replace(c, id=f"c{i:02}") for i, c in enumerate(criteria, start=1)) or None
    gone: dict[str, Any] = dict.fromkeys(OF_A_LIST)
    found = replace(one, payer=alias, measures=measures, participation=admitted, **gone)
    placeless: MeasureSet = walked(found, _placeless)
    return placeless


def _measure(item: Measure, alias: str, ids: Mapping[str, str]) -> Measure:
    rates = tuple(_measure(rate, alias, ids) for rate in item.rates or ()) or None
    return replace(
        item,
        payer=alias,
        id=ids[item.id],
        rate_of=ids[item.rate_of] if item.rate_of else None,
        part_of=ids.get(item.part_of or "", item.part_of),
        any_of=tuple(ids.get(name, name) for name in item.any_of) if item.any_of else None,
        rates=rates,
    )


def _placeless(value: Any) -> Any:
    return replace(value, where={}) if getattr(value, "where", None) else value


# --- rulings ------------------------------------------------------------------------------------


def spoken_of(found: Rulings, under: Disguise) -> Rulings:
    """Rulings about measures by their new ids, without who said what and why."""

    def swapped(value: Any) -> Any:
        if isinstance(value, Decision):
            return Decision(
                match=value.match,
                difference=value.difference,
                measure=value.measure,
                judgement=value.judgement,
                relation=value.relation,
                mapping=value.mapping,
                disposition=value.disposition,
                on=value.on,
                expires=value.expires,
            )
        if isinstance(value, Standing):
            return replace(value, changes=(), missing=(), moved=())
        return under.refs.get(value, value) if type(value) is str else value

    renamed: Rulings = walked(found, swapped)
    judged = {(min(two), max(two)): one for two, one in renamed.judged.items()}
    return replace(renamed, judged=judged)


# --- the report ---------------------------------------------------------------------------------


def veiled(report: Report, under: Disguise) -> Report:
    """The report with the names of concepts for titles, and of aliases for payers."""
    homes = {m.ref: c for c in report.crosswalk.concepts for m in c.members}
    exact = {**_concepts(report, under), **_criteria(report.matters.matters, under)}
    items = [m for c in report.crosswalk.concepts for m in c.members]
    said = {m.ref: homes[m.ref].label for m in items if m.payer in under.aliases}
    printed = {m.title: said[m.ref] for m in items if m.ref in said}
    for matter in report.matters.matters:
        own = [t for t in matter.terms if t.payer in under.aliases and t.matter is None]
        said |= {t.ref: matter.label for t in own}
        printed |= {t.title: matter.label for t in own}
    kept = {p.payer for p in report.payers} | set(report.crosswalk.order_of_domains)
    kept |= {c.entry.name for c in homes.values() if c.entry}
    titles = {text: exact.get(name, name) for text, name in printed.items() if text not in kept}
    scrub = _scrubber({**titles, **under.names})

    def swapped(value: Any) -> Any:
        if isinstance(value, Measure) and value.payer in under.aliases:
            label = said[value.ref]
            home = homes.get(value.ref)
            return _veiled(value, exact.get(label, label), home.acronym if home else None)
        if isinstance(value, Pair) and {value.left.payer, value.right.payer} & under.aliases:
            return replace(value, reason="")
        if type(value) is not str or value in kept:
            return value
        return exact.get(value) or scrub(value)

    return _in_order(walked(report, swapped))


def _in_order(report: Report) -> Report:
    """What stood in the order of titles, in that of the new names."""
    families = tuple(sorted(report.crosswalk.families, key=lambda f: f.id))
    matters = report.matters
    areas = [m.area for m in matters.matters]
    by_name = sorted(
        matters.matters,
        key=lambda m: (areas.index(m.area), not m.is_whole, -m.used_by, m.label, m.id),
    )
    return replace(
        report,
        rows=rows.ordered(report.rows, report.crosswalk),
        crosswalk=replace(report.crosswalk, families=families),
        matters=replace(matters, matters=tuple(by_name)),
        signals=tuple(
            sorted(report.signals, key=lambda s: (s.rank is None, s.rank, s.concepts, s.about))
        ),
        sums=tuple(sorted(report.sums, key=lambda s: (s.payer_a, s.payer_b, s.concept))),
        withheld=tuple(sorted(report.withheld, key=lambda t: (t.concept, t.attribute))),
    )


def _veiled(item: Measure, label: str, acronym: str | None) -> Measure:
    ids = {s: values for s, values in (item.ids or {}).items() if s in SYSTEMS}
    gone: dict[str, Any] = dict.fromkeys(OF_A_MEASURE)
    return replace(item, title=label, acronym=acronym, ids=ids or None, **gone)


def _concepts(report: Report, under: Disguise) -> dict[str, str]:
    """New ids and labels of concepts and families that were made of titles as printed.

    They are numbered by the first of their members, whose id tells no title.
    """
    found: dict[str, str] = {}
    unlisted = 0
    mine = [c for c in report.crosswalk.concepts if under.aliases & {*c.payers}]
    for number, one in enumerate(sorted(mine, key=lambda c: c.members[0].ref), start=1):
        others = [m.title for m in one.members if m.payer not in under.aliases]
        known = one.entry is not None and one.label == one.entry.name
        plain = one.entry is not None and one.id == one.entry.key.lower()
        if not known:
            unlisted += not others
            other = f"not in the catalogue, {unlisted}"
            found[one.label] = min(others, key=lambda t: (len(t), t), default=other)
        if not plain and not _NUMBERED.fullmatch(one.id):
            found[one.id] = f"unlisted-{number:03}"
    for family in report.crosswalk.families:
        if all(c.id not in found and c.label not in found for c in family.concepts):
            continue
        first = min(family.concepts, key=lambda c: c.members[0].ref)
        if family.id not in {c.id for c in family.concepts}:
            found.setdefault(family.id, f"family of {found.get(first.id, first.id)}")
        if family.label not in {c.entry.name for c in family.concepts if c.entry}:
            found.setdefault(family.label, found.get(first.label, first.label))
    return found


def _criteria(matters: Iterable[Matter], under: Disguise) -> dict[str, str]:
    """The same of criteria, which no catalogue knows."""
    found: dict[str, str] = {}
    number = 0
    for one in sorted(matters, key=lambda m: m.terms[0].ref):
        if not one.links and not any(t.matter is None for t in one.terms):
            continue
        if not any(t.payer in under.aliases for t in one.terms):
            continue
        number += 1
        others = [t.title for t in one.terms if t.payer not in under.aliases]
        found[one.label] = min(others, key=lambda t: (len(t), t), default=f"criterion {number}")
        found[one.id] = f"participation/criterion-{number:02}"
    return found


def _scrubber(names: Mapping[str, str]) -> Callable[[str], str]:
    """Puts another text for each of these, wherever it stands as words of its own."""
    by_text = {text.casefold(): name for text, name in names.items() if len(text) >= SHORTEST}
    if not by_text:
        return str
    longest = sorted(by_text, key=lambda text: (-len(text), text))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda m: by_text.get(m[0].casefold(), HIDDEN), text)


# --- the walk -----------------------------------------------------------------------------------


def walked(value: Any, swap: Callable[[Any], Any]) -> Any:
    """A value with everything in it swapped, from the outside in; what is one stays one."""
    return _Walk(swap).walk(value)


class _Walk:
    def __init__(self, swap: Callable[[Any], Any]) -> None:
        self.swap = swap
        self.done: dict[int, tuple[Any, Any]] = {}  # what was walked is held, or its id is reused

    def walk(self, value: Any) -> Any:
        if value is None or isinstance(value, ATOMS):
            return value
        if id(value) not in self.done:
            self.done[id(value)] = (value, self._within(self.swap(value)))
        return self.done[id(value)][1]

    def _within(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {self.walk(k): self.walk(v) for k, v in value.items()}
        if isinstance(value, tuple | frozenset):
            return type(value)(self.walk(one) for one in value)
        if not is_dataclass(value):
            return value
        held = {f.name: getattr(value, f.name) for f in fields(value)}
        new = {name: self.walk(one) for name, one in held.items()}
        changed = {name: one for name, one in new.items() if one is not held[name]}
        record: Any = value  # no class of records stands anywhere in a report
        return replace(record, **changed) if changed else value
