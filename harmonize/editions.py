"""Which edition of a programme a list is: its payer and its year, by which many are told apart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product

from harmonize.decisions import Decision
from harmonize.measures import Measure
from harmonize.sets import MeasureSet


def year_of(one: MeasureSet) -> str:
    """The year of the care, else of the report, else that in which it begins; empty: not stated."""
    began = one.effective.from_ if one.effective else None
    return one.measurement_year or one.reporting_year or (began or "")[:4]


def key_of(one: MeasureSet) -> str:
    """`payer@year`; the payer alone where no year is stated.  No slug of a payer holds an `@`."""
    year = year_of(one)
    return f"{one.payer}@{year}" if year else one.payer


def keyed(one: MeasureSet) -> MeasureSet:
    """The list under its key, so that the editions of one programme are lists of their own."""
    key = key_of(one)
    return replace(one, payer=key, measures=_under(key, one.measures))


def _under(key: str, items: tuple[Measure, ...] | None) -> tuple[Measure, ...] | None:
    return items and tuple(replace(m, payer=key, rates=_under(key, m.rates)) for m in items)


def latest(years: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Of each programme its last year, of (payer, year); any year is later than none."""
    last: dict[str, str] = {}
    for payer, year in years:
        last[payer] = max(last.get(payer, ""), year)
    return frozenset(last.items())


def of_each(decisions: Iterable[Decision], sets: Iterable[MeasureSet]) -> tuple[Decision, ...]:
    """Judgements of matches, as they read for every edition of the payers that they name."""
    keys: dict[str, list[str]] = {}
    for one in sets:
        keys.setdefault(one.payer, []).append(key_of(one))
    matches = (one for one in decisions if one.match and one.withdrawn is None)
    return tuple(made for one in matches for made in _of_each(one, keys))


def _of_each(one: Decision, keys: Mapping[str, list[str]]) -> Iterator[Decision]:
    named = [ref.split("/", 1) for ref in one.refs]
    for chosen in product(*(keys.get(payer, [payer]) for payer, _ in named)):
        new = {"/".join(old): f"{key}/{old[1]}" for old, key in zip(named, chosen, strict=True)}
        judged = one.judged and {new.get(ref, ref): own for ref, own in one.judged.items()}
        yield replace(one, match=tuple(new[ref] for ref in one.refs), judged=judged)
