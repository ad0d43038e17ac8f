"""In a few lines: what lists use of a core, and how many signals pull apart, and how."""

from collections.abc import Mapping
from typing import Final

from harmonize.adherence import Kept, by_label
from harmonize.agenda import Item
from harmonize.pulls import PULLS
from harmonize.report import Report
from harmonize.sets import MeasureSet
from harmonize.signals import subjects

MORE: Final = 8  # names that a line gives


def cores(report: Report) -> tuple[Item, ...]:
    """By reference, and by list that counts: how much of the core it uses, and what beside it."""
    lists = {p.payer: p for p in report.payers}
    short = {r.concept.id: r.concept.acronym or r.concept.label for r in report.rows}
    told: dict[str, list[Kept]] = {}
    for one in report.adherence:
        told.setdefault(one.core, []).append(one)
    return tuple(
        Item(
            "",
            f"{lists[core].name or core}: a core of {found[0].size}",
            tuple(_kept(one, lists[one.payer], short) for one in found),
        )
        for core, found in told.items()
    )


def _kept(one: Kept, payer: MeasureSet, short: Mapping[str, str]) -> str:
    used = f"core used {len(one.used)} of {one.size}{_part(len(one.partly))}"
    parts = [f"{used}; off-set {len(one.off)} of {one.asked} measures{_part(len(one.near))}"]
    if one.menu:
        parts.append(f"from the menu {len(one.menu)}")
    names: dict[str, int] = {}
    asked = {short[key[0]] for key in (*one.used, *one.menu, *one.off)}
    for key in by_label(one.lacking):
        if key not in one.partly:
            # Measures of a family share an acronym: what is lacking is not called as what is asked.
            name = one.lacking[key] if short[key[0]] in asked else short[key[0]]
            names[name] = names.get(name, 0) + 1
    if names:
        told = [f"{name} ({n})" if n > 1 else name for name, n in names.items()]
        more = f" and {len(told) - MORE} more" if len(told) > MORE else ""
        parts.append(f"not used: {', '.join(told[:MORE])}{more}")
    partial = " (partial list)" if payer.is_partial else ""
    return f"{payer.head}{partial}: {'; '.join(parts)}"


def _part(number: int) -> str:
    return f" ({number} in part)" if number else ""


def pulling(report: Report) -> str:
    """How many signals pull apart, of what, and how; empty where none does."""
    found = subjects(report.signals)
    hardest = [pull for pull in found.values() if pull]
    if not hardest:
        return ""
    kinds = ", ".join(f"{pull.name} {n}" for pull in PULLS if (n := hardest.count(pull)))
    return (
        f"Signals pull apart in {len(hardest)} of {len(found)} measures, or families cut in "
        f"different places, of which two lists tell something ({kinds}): see the signals view."
    )
