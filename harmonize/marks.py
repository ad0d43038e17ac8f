"""Who may see which field, by the marks that name it; what others may not see is taken out.

The nearest mark holds: the field within its area before the field wherever it stands, before the
area, before everything.  A measure's own marks go before those of its list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from harmonize.areas import NONE_WITHHELD
from harmonize.fields import AUDIENCES, declared
from harmonize.measures import Measure
from harmonize.sets import AREAS, EVERYTHING, HIDEABLE, MeasureSet

Marks = Mapping[str, str]

# What each audience may see of fields that are marked; unmarked fields are public.
SEES: Final[Mapping[str, frozenset[str]]] = {
    "public": frozenset({"public"}),
    "participants": frozenset({"public", "participants"}),
    "broker": frozenset({"public", "participants", "withheld"}),
}
# Keys of a list itself, its areas aside, that a mark may name.
OF_THE_LIST: Final = tuple(k for k in declared(MeasureSet) if k in HIDEABLE and k not in AREAS)
# What tells who a list is and how it counts; all else is not seen where everything is withheld.
WHO: Final = frozenset(
    {
        "harmonize", "payer", "name", "short", "organization", "role", "payer_type", "complete",
        "status", "visibility", "extends", "locked",
    }
)  # fmt: skip
OTHER_AREAS: Final = tuple(area for area in AREAS if area != "measures")


def marked(sets: Iterable[MeasureSet]) -> bool:
    """Whether anything is marked as not for everybody."""
    marks = [m for s in sets for m in (s.visibility, *(i.visibility for i in s.measures or ()))]
    return any(mark != "public" for one in marks for mark in (one or {}).values())


def mark_of(marks: Marks, *names: str) -> str:
    """The mark that holds for a field, given the names by which it may be meant, nearest first."""
    return next((marks[n] for n in (*names, EVERYTHING) if n in marks), "public")


def redact(one: MeasureSet, audience: str, *, amounts: bool = False) -> MeasureSet:
    """A measure set without what the audience may not see; `withheld` names what was stated there.

    Amounts of money are taken out as well, unless somebody asked for them.
    """
    sees, marks = SEES[audience], one.visibility or {}
    gone: dict[str, Any] = {}
    for name in (*OF_THE_LIST, *OTHER_AREAS):
        value = getattr(one, name)
        if value is None:
            continue
        if name in OTHER_AREAS:
            gone[name] = None if _shut(name, marks, sees) else _within(
                value, (name,), marks, sees, amounts=amounts
            )  # fmt: skip
        elif mark_of(marks, name) not in sees:
            gone[name] = None
    if marks.get(EVERYTHING, "public") not in sees:
        rest = (k for k in declared(MeasureSet) if k not in (*WHO, *HIDEABLE))
        gone |= {name: None for name in rest if getattr(one, name) is not None}
    if one.measures:
        gone["measures"] = _measures(one, sees, amounts=amounts)
    hidden = {name for name, value in gone.items() if value is None and getattr(one, name)}
    return replace(one, **gone, withheld=one.withheld | hidden)


def partly_seen(sets: Iterable[MeasureSet], audience: str) -> frozenset[str]:
    """Files of which this audience does not see all; where somebody sees everything, none.

    Their hashes are not for it: one tells of a short value to whoever has the rest of the file.
    """
    if audience == "broker":
        return frozenset()
    return frozenset(s.place.file for s in sets if redact(s, audience) != s)


def _shut(area: str, marks: Marks, sees: frozenset[str]) -> bool:
    """Whether an area is marked as a whole, whatever else is."""
    return area in marks and marks[area] not in sees


def _measures(
    one: MeasureSet, sees: frozenset[str], *, amounts: bool
) -> tuple[Measure, ...] | None:
    marks = one.visibility or {}
    if mark_of(marks, "measures") not in sees:
        return None
    seen = [_redacted(m, marks, sees, amounts=amounts) for m in one.measures or ()]
    rates = {rate.id for m in seen for rate in m.rates or ()}
    return tuple(m for m in seen if m.rate_of is None or m.id in rates) or None


def _redacted(item: Measure, marks: Marks, sees: frozenset[str], *, amounts: bool) -> Measure:
    infos = declared(Measure)
    names = _unseen(item, marks, sees) & infos.keys()
    hidden = set() if amounts else {name for name, info in infos.items() if info.hidden}
    gone: dict[str, Any] = dict.fromkeys(names | hidden)
    if item.rates and "rates" not in gone:
        gone["rates"] = tuple(_redacted(r, marks, sees, amounts=amounts) for r in item.rates)
    stated = {name for name in names - hidden if getattr(item, infos[name].name) is not None}
    return replace(item, **gone, withheld=item.withheld | stated)


def for_everybody(item: Measure, marks: Marks) -> Measure:
    """What everybody may see of an item in a list with these marks, and nothing of what is gone."""
    seen = _redacted(item, marks, SEES["public"], amounts=False)
    rates = tuple(replace(rate, withheld=NONE_WITHHELD) for rate in seen.rates or ()) or None
    return replace(seen, rates=rates, withheld=NONE_WITHHELD)


def _unseen(item: Measure, marks: Marks, sees: frozenset[str]) -> set[str]:
    """Fields that are marked for others: what is not seen there is not known to be silence."""
    if not marks and not item.visibility:  # nothing is marked, as in most lists
        return set()
    return {name for name in HIDEABLE if mark_on(item, name, marks) not in sees}


def mark_on(item: Measure, name: str, marks: Marks) -> str:
    """The mark that holds for a field; whoever marks what is within it means it as well."""
    own = item.visibility or {}
    here = declared(Measure)[name].record if name in declared(Measure) else None
    within = declared(here) if here and here is not Measure else ()
    inner = (mark_of(marks, key) for key in within if key in marks)
    if name in own or EVERYTHING in own:
        return max((mark_of(own, name), *inner), key=AUDIENCES.index)
    return max((mark_of(marks, name, "measures"), *inner), key=AUDIENCES.index)


def _within(
    value: Any, path: tuple[str, ...], marks: Marks, sees: frozenset[str], *, amounts: bool
) -> Any:
    """A record, or several, without what is marked within; `None` if nothing is left.

    A record that may not be named is gone as a whole.
    """
    if isinstance(value, tuple):
        found = [_within(one, path, marks, sees, amounts=amounts) for one in value]
        return tuple(one for one in found if one is not None) or None
    cls: type = type(value)
    infos = declared(cls)
    gone: dict[str, Any] = {}
    withheld: set[str] = set()
    for name, info in infos.items():
        held = getattr(value, info.name)
        if held is None:
            continue
        if info.hidden and not amounts:
            gone[info.name] = None
        elif mark_of(marks, *names_of((*path, name))) not in sees:
            if info.required:
                return None
            gone[info.name] = None
            withheld.add(name)
        elif info.record:
            kept = _within(held, (*path, name), marks, sees, amounts=amounts)
            gone[info.name] = kept
            if kept is None or (isinstance(held, tuple) and len(kept) < len(held)):
                withheld.add(name)
    if _empty(replace(value, **gone)):
        return None
    return replace(value, **gone, withheld=value.withheld | withheld)


def names_of(path: tuple[str, ...]) -> tuple[str, ...]:
    """The names by which a field may be marked: in its area, wherever it stands, its area."""
    above = (".".join(path[:end]) for end in range(len(path) - 1, 0, -1))
    return (".".join(path), path[-1], *above)


def _empty(value: Any) -> bool:
    cls: type = type(value)
    return all(getattr(value, info.name) is None for info in declared(cls).values())


def _sealed(one: MeasureSet, audience: str) -> dict[str, set[str]]:
    marks, sees = one.visibility or {}, SEES[audience]
    found = {item.ref: _unseen(item, marks, sees) for item in one.measures or ()}
    return {ref: names for ref, names in found.items() if names}


def sealed(sets: Iterable[MeasureSet], audience: str) -> dict[str, frozenset[str]]:
    """What of each item the audience may not see, whether it is stated or not."""
    own = ((ref, names) for s in sets for ref, names in _sealed(s, audience).items())
    return {ref: frozenset(names) for ref, names in own}


def unseen(sets: Iterable[MeasureSet], audience: str) -> dict[str, frozenset[str]]:
    """What the audience may not see, by payer and by item: silence there is not known to be one."""
    found: dict[str, frozenset[str]] = {}
    for one in sets:
        marks = one.visibility or {}
        shut = {name for name in HIDEABLE if mark_of(marks, name) not in SEES[audience]}
        found[one.payer] = frozenset(shut)
        found |= sealed((one,), audience)
    return found
