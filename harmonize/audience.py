"""What a reader may see: renderers take only what has been published to an audience.

What an audience may not see is taken out before anything is compared, so that no figure, no
difference and no order of rows can tell of it; what is not known to be allowed is taken out too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from harmonize import crosswalk, report
from harmonize.concepts import Crosswalk, Pair
from harmonize.evidence import Evidence, Weighed
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure, MeasureSet, declared
from harmonize.report import Report
from harmonize.vetoes import Veto, cut_texts, days

# What each audience may see of fields that are marked; unmarked fields are public.
SEES: Final[Mapping[str, frozenset[str]]] = {
    "public": frozenset({"public"}),
    "participants": frozenset({"public", "participants"}),
    "broker": frozenset({"public", "participants", "withheld"}),
}


@dataclass(frozen=True, slots=True)
class Published:
    """A report that an audience may see; only `publish` makes one."""

    report: Report
    audience: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Why two items were or were not matched, as an audience may see it.

    `slots` has a row per thing that either names: its name and what either side says of it.
    """

    left: Measure
    right: Measure
    slots: tuple[tuple[str, str, str], ...]
    evidence: tuple[Evidence, ...]
    vetoes: tuple[Veto, ...]
    confidence: float
    verdict: str
    reason: str
    rivals: tuple[tuple[str, float], ...]


def marked(sets: tuple[MeasureSet, ...]) -> bool:
    """Whether anything is marked as not for everybody."""
    marks = [s.visibility or {} for s in sets]
    marks += [m.visibility or {} for s in sets for m in s.measures or ()]
    return any(mark != "public" for one in marks for mark in one.values())


def redact(one: MeasureSet, audience: str) -> MeasureSet:
    """A measure set without what the audience may not see; hidden fields are never shown."""
    sees = SEES[audience]
    whole = one.visibility or {}
    barred = {name for name, mark in whole.items() if mark not in sees}
    own: dict[str, Any] = dict.fromkeys(barred & declared(MeasureSet).keys() - {"measures"})
    seen = [_redacted(m, barred, sees) for m in one.measures or ()]
    whole_rates = {rate.id for m in seen for rate in m.rates or ()}
    measures = tuple(m for m in seen if m.rate_of is None or m.id in whole_rates)
    return replace(one, **{**own, "measures": measures or None})


def _redacted(item: Measure, barred: set[str], sees: frozenset[str]) -> Measure:
    mine = item.visibility or {}
    names = {k for k in barred if mine.get(k, "withheld") not in sees or k not in mine}
    names |= {name for name, mark in mine.items() if mark not in sees}
    names |= {name for name, info in declared(Measure).items() if info.hidden}
    gone: dict[str, Any] = dict.fromkeys(names & declared(Measure).keys())
    if item.rates and "rates" not in gone:
        gone["rates"] = tuple(_redacted(rate, barred, sees) for rate in item.rates)
    return replace(item, **gone)


def publish(sets: tuple[MeasureSet, ...], knowledge: Knowledge, audience: str) -> Published:
    """The report that an audience may see."""
    seen = tuple(redact(s, audience) for s in sets)
    return Published(report.compile_report(seen, knowledge), audience)


def explain(
    sets: tuple[MeasureSet, ...], left: str, right: str, knowledge: Knowledge, audience: str
) -> Explained:
    """Why two items, given as `payer/id`, were or were not matched."""
    seen = tuple(redact(s, audience) for s in sets)
    one, other, weighed, rivals = crosswalk.explain(seen, left, right, knowledge)
    items = {m.ref: m for s in seen for m in s.measures or ()}
    built = crosswalk.build(seen, knowledge)
    decided = next((p for p in _pairs(built) if {p.left.ref, p.right.ref} == {left, right}), None)
    names = sorted({*one.named, *other.named})
    rows = [
        (
            name,
            " and ".join(sorted(one.named.get(name, ()))),
            " and ".join(sorted(other.named.get(name, ()))),
        )
        for name in names
    ]
    rows += [
        (
            "ages",
            one.ages.text.strip() if one.ages else "",
            other.ages.text.strip() if other.ages else "",
        ),
        ("time window", days(one.windows), days(other.windows)),
        ("cut", cut_texts(one.cuts), cut_texts(other.cuts)),
        ("acronym", ", ".join(sorted(one.acronyms)), ", ".join(sorted(other.acronyms))),
        ("words", " ".join(one.words), " ".join(other.words)),
    ]
    systems = sorted({*one.ids, *other.ids})
    rows += [
        (f"ids.{s}", ", ".join(sorted(one.ids.get(s, ()))), ", ".join(sorted(other.ids.get(s, ()))))
        for s in systems
    ]
    return Explained(
        left=items[left],
        right=items[right],
        slots=tuple(row for row in rows if row[1] or row[2]),
        evidence=weighed.evidence,
        vetoes=weighed.vetoes,
        confidence=decided.confidence if decided else weighed.confidence,
        verdict=str(decided.verdict if decided else "nonmatch"),
        reason=decided.reason if decided else _why_not(weighed),
        rivals=tuple((ref, found.confidence) for ref, found in rivals),
    )


def _pairs(built: Crosswalk) -> tuple[Pair, ...]:
    links = tuple(link for c in built.concepts for link in c.links)
    return (*links, *built.possible)


def _why_not(weighed: Weighed) -> str:
    if weighed.vetoes:
        return f"both name it, and differ in {weighed.vetoes[0]}"
    against = min(weighed.evidence[1:], key=lambda e: e.weight, default=None)
    return against.detail if against and against.weight < 0 else "too little speaks for it"
