"""Rules about an adopted core: who uses how much of it, what is used beside it, and how."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from harmonize.adherence import Core, Key, by_label, core_of, kept, labels, plain
from harmonize.fields import Kind, said, spoken
from harmonize.findings import Finding
from harmonize.pinning import compared
from harmonize.policy import Setting
from harmonize.problems import Place
from harmonize.rules.case import Case, listed, places_of
from harmonize.sets import MeasureSet
from harmonize.values import Share

DECISIONS: Final = "decisions"  # the core is what has been adopted, whatever lists say


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What contracts of one type have to keep to."""

    contract_type: str | None = said(
        Kind.LINE, "Type of contract, or a glob of types.", required=True
    )
    at_least: int | None = said(Kind.LIMIT, "The fewest core measures. Default: all.")
    share: Share | None = said(Kind.RATE, "The same as a share of the core, such as 75%.")
    at_most_off: int | None = said(Kind.LIMIT, "The most measures beside core and menu.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Which core is to be kept to, and how closely; bounds by type of contract go before."""

    core: tuple[str, ...] | None = said(
        Kind.LINES, "Slugs of reference lists, or globs; or the word decisions.", required=True
    )
    at_least: int | None = said(Kind.LIMIT, "The fewest core measures. Default: all.")
    share: Share | None = said(Kind.RATE, "The same as a share of the core, such as 75%.")
    at_most_off: int | None = said(Kind.LIMIT, "The most measures beside core and menu.")
    for_: tuple[Bounds, ...] | None = said(
        Kind.RECORDS, "Other bounds by type of contract.", record=Bounds
    )
    tell_kept: str | None = said(
        Kind.FLAG, "Whether contracts that keep to the core are told too, as info."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Respecified:
    """Whose specification is to be kept to."""

    core: tuple[str, ...] | None = said(
        Kind.LINES, "Slugs of reference lists, or globs.", required=True
    )
    may_differ: tuple[str, ...] | None = said(
        Kind.LINES, "Attributes in which a payer may differ from it."
    )


def core_adherence(case: Case, setting: Setting) -> Iterator[Finding]:
    """Contracts that use too little of the core of their type, or too much beside it."""
    wanted: Adherence = setting.parameters
    yield from _unfit(case, setting, [glob for glob in wanted.core or () if glob != DECISIONS])
    for one in case.report.counted:
        adopted = _adopted(case, wanted, one.contract_type)
        if adopted.core:
            yield from _kept(case, setting, one, adopted)
        elif one.contract_type is None and _typed(case, wanted):
            message = f"{one.payer} states no contract_type, so no core can be held against it"
            yield setting.found(
                message, (one.payer,), attribute="contract_type", places=(one.place,)
            )


def _kept(case: Case, setting: Setting, one: MeasureSet, adopted: Core) -> Iterator[Finding]:
    bounds = _bounds(setting.parameters, one.contract_type)
    asked = {unit.concepts: unit for unit in case.report.units if one.payer in unit.asks}
    named = ", ".join(setting.parameters.core or ())
    found = kept(named, one.payer, adopted, case.report.rows, case.report.units)
    used, lacking, off = found.used, found.lacking, found.off
    least = _least(bounds, len(adopted.core))
    most = bounds.at_most_off
    few, many = len(used) < least, most is not None and len(off) > most
    if not few and not many and setting.parameters.tell_kept != "true":
        return
    kind = f" ({one.contract_type})" if one.contract_type else ""
    told = [
        f"{one.payer}{kind}: core used {len(used)} of {len(adopted.core)}"
        + (f", wanted {least}" if few else ""),
        f"off-set {len(off)}" + (f", at most {most}" if many else ""),
    ]
    may_be = _may_be(case, one.payer, lacking)
    groups = (
        ("used", labels(used)),
        ("not used", [f"{lacking[k]}{may_be.get(k, '')}" for k in by_label(lacking)]),
        ("from the menu", labels(found.menu)),
        ("off-set", labels(off)),
    )
    parts = [f"{name}: {listed(own)}" for name, own in groups if own]
    how = "the list is partial" if one.is_partial else "it states no measures"
    partial = [f"{how}, so absence proves nothing"] if one.is_open and few else []
    beside = [m for key in off for m in case.held(asked[key], one.payer)]
    unsure = one.is_open and few and not many
    yield setting.found(
        ". ".join((", ".join(told), *parts, *partial)),
        (one.payer,),
        values=(
            *(f"not used {'+'.join(k)}" for k in lacking),
            *(f"off {'+'.join(k)}" for k in off),
        ),
        places=(one.place, *sorted(places_of(beside))) if many else (one.place,),
        severity="" if (few or many) and not unsure else "info",
    )


def _bounds(wanted: Adherence, kind: str | None) -> Adherence | Bounds:
    own = (b for b in wanted.for_ or () if fnmatchcase(plain(kind), plain(b.contract_type)))
    return next(own, wanted)


def _least(bounds: Adherence | Bounds, core: int) -> int:
    if bounds.at_least is not None:
        return min(bounds.at_least, core)
    if bounds.share is not None:
        return -int(-bounds.share.number * core // 100)  # rounded up
    return core


def _may_be(case: Case, payer: str, lacking: Mapping[Key, str]) -> dict[Key, str]:
    """For what is not used: what of the payer may be it, and nobody has said so."""
    home = {m.ref: row.concept.id for row in case.report.rows for m in row.concept.members}
    found: dict[Key, list[str]] = {}
    for pair in case.report.crosswalk.possible:
        for mine, theirs in ((pair.left, pair.right), (pair.right, pair.left)):
            for key in lacking:
                if mine.payer == payer and home[theirs.ref] in key:
                    found.setdefault(key, []).append(mine.ref)
    return {key: f" (may be {' or '.join(dict.fromkeys(refs))})" for key, refs in found.items()}


# --- the core -----------------------------------------------------------------------------------


def _adopted(case: Case, wanted: Adherence, kind: str | None) -> Core:
    """The core and the menu that hold for a type of contract."""
    named = wanted.core or ()
    lists, report = _lists(case, named), case.report
    by_decision = DECISIONS in named
    return core_of(lists, kind, report.rows, report.units, case.unseen, decided=by_decision)


def _typed(case: Case, wanted: Adherence) -> bool:
    """Whether some core holds for contracts of one type alone."""
    lists = any(one.contract_type for one in _lists(case, wanted.core or ()))
    decided = DECISIONS in (wanted.core or ()) and any(
        s.decision.contract_type for row in case.report.rows for s in row.dispositions
    )
    return lists or decided


def _lists(case: Case, globs: Iterable[str]) -> tuple[MeasureSet, ...]:
    named = tuple(globs)
    return tuple(
        one
        for one in case.report.payers
        if not one.counted and any(fnmatchcase(one.payer, glob) for glob in named)
    )


def _unfit(case: Case, setting: Setting, globs: Iterable[str]) -> Iterator[Finding]:
    """Names of cores that no list has: with nothing to hold against it every contract would pass.

    They are told where the policy states them.
    """
    known = [one.payer for one in case.report.payers if not one.counted]
    for glob in globs:
        if not any(fnmatchcase(name, glob) for name in known):
            here = f"here are {', '.join(known)}" if known else "no list here is a reference"
            message = f"no reference list fits core {glob!r}, so nothing is held against it: {here}"
            yield setting.found(message, values=(glob,), attribute="core")


# --- how it is used -----------------------------------------------------------------------------


def core_respecified(case: Case, setting: Setting) -> Iterator[Finding]:
    """Core measures that a contract asks for otherwise than the core specifies them."""
    wanted: Respecified = setting.parameters
    yield from _unfit(case, setting, wanted.core or ())
    cores = {one.payer for one in _lists(case, wanted.core or ())}
    counted = {one.payer for one in case.report.counted}
    rows = case.rows
    for one in case.report.divergences:
        if one.severity == "info" or one.justified:
            continue
        if any(fnmatchcase(one.attribute, glob) for glob in wanted.may_differ or ()):
            continue
        stance = {payer: p for p in one.positions for payer in p.payers}
        for core in sorted(cores & stance.keys()):
            for payer in sorted(counted & stance.keys()):
                if tuple(sorted((core, payer))) not in one.differing:
                    continue
                theirs, ours = stance[core].of(core), stance[payer].of(payer)
                held = rows[one.concept].held[payer]
                told = f"{payer} asks {ours}, and {core} says {theirs}"
                yield setting.found(
                    f"{one.label}: {spoken(one.attribute)}: {told}",
                    [m.ref for m in held],
                    attribute=one.attribute,
                    values=(
                        compared(held, one.attribute) or ours,
                        compared(rows[one.concept].held[core], one.attribute) or theirs,
                    ),
                    places=(
                        *_place(stance[payer].places, payer),
                        *_place(stance[core].places, core),
                    ),
                )


def _place(places: Iterable[tuple[str, Place]], payer: str) -> tuple[Place, ...]:
    return tuple(place for who, place in places if who == payer)
