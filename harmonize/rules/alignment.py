"""Rules about the whole: how much payers share, how alike they ask, and how many share each."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from harmonize.fields import Kind, said
from harmonize.findings import Finding
from harmonize.policy import Setting
from harmonize.rules.case import Case, measures, places_of, some
from harmonize.units import Unit
from harmonize.values import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """How many are wanted."""

    at_least: int | None = said(Kind.LIMIT, "The fewest measures that is enough.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAtLeast:
    """Which share is wanted."""

    at_least: Share | None = said(Kind.RATE, "The smallest share, such as 30%.", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayersAtLeast:
    """How many payers each measure wants."""

    at_least: int | None = said(Kind.LIMIT, "The fewest payers of a measure.", required=True)
    except_: tuple[str, ...] | None = said(
        Kind.LINES, "Measures of which it is not asked: globs of payer/id or of concept ids."
    )


def minimum_shared(case: Case, setting: Setting) -> Iterator[Finding]:
    """Fewer measures shared by two or more payers than are wanted."""
    shared, wanted = _shared(case), setting.parameters.at_least
    if len(shared) < wanted:
        told = f"{measures(len(shared))} shared by two or more payers, wanted {wanted}"
        yield setting.found(_with(told, shared), values=(f"{len(shared)} of {wanted}",))


def minimum_shared_share(case: Case, setting: Setting) -> Iterator[Finding]:
    """A smaller share of the distinct measures shared by two or more payers than is wanted."""
    shared, every = _shared(case), len(case.report.units)
    wanted = setting.parameters.at_least
    if every and 100 * len(shared) < wanted.number * every:
        told = (
            f"{len(shared)} of {measures(every)} shared by two or more payers "
            f"({100 * len(shared) / every:.1f}%), wanted {wanted.text}"
        )
        values = (f"{len(shared)} of {every}", wanted.text)
        yield setting.found(_with(told, shared), values=values)


def minimum_agreement(case: Case, setting: Setting) -> Iterator[Finding]:
    """Less agreement on what shared measures ask than is wanted; silence is not compared."""
    found = case.report.compared.agreement
    wanted = setting.parameters.at_least
    if found.comparable and 100 * found.agree < wanted.number * found.comparable:
        message = (
            f"payers agree in {found.agree} of {found.comparable} attributes that both state "
            f"({100 * found.agree / found.comparable:.1f}%), wanted {wanted.text}"
        )
        values = (f"{found.agree} of {found.comparable}", wanted.text)
        yield setting.found(message, values=values)


def minimum_payers(case: Case, setting: Setting) -> Iterator[Finding]:
    """Measures of fewer payers than are wanted, of those that could use them."""
    rows = case.rows
    counted = {s.payer for s in case.report.counted}
    for unit in case.report.units:
        items = case.held(unit)
        globs = setting.parameters.except_ or ()
        names = (*unit.concepts, *(m.ref for m in items))
        outside = frozenset.intersection(*(rows[name].outside for name in unit.concepts))
        wanted = min(setting.parameters.at_least, len(counted - outside))
        if len(unit.asks) >= wanted or any(fnmatchcase(n, g) for n in names for g in globs):
            continue
        asking = [m for m in items if m.payer in unit.asks]
        message = f"{unit.label} is asked by {', '.join(unit.asks)} alone, wanted {wanted} payers"
        yield setting.found(
            message,
            sorted(m.ref for m in asking),
            values=(f"{len(unit.asks)} of {wanted}",),
            places=places_of(asking),
        )


def _shared(case: Case) -> tuple[Unit, ...]:
    return tuple(unit for unit in case.report.units if len(unit.asks) >= 2)


def _with(told: str, units: tuple[Unit, ...]) -> str:
    return f"{told}: {some(sorted(unit.label for unit in units))}" if units else told
