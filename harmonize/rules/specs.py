"""Rules about single lists: what they should say of themselves, and what they say wrongly."""

from collections.abc import Callable, Iterable, Iterator

from harmonize.findings import Finding
from harmonize.measures import Measure
from harmonize.policy import Setting
from harmonize.rules.case import Case, measures, places_of
from harmonize.sets import MeasureSet


def missing_source(case: Case, setting: Setting) -> Iterator[Finding]:
    """Lists, or lines of them, that do not say where they were read."""
    for one in case.report.payers:
        if not one.sources and case.may_say(one.payer, "sources"):
            yield from _lacking(case, setting, one, "source", "say where it was read")


def missing_identifier(case: Case, setting: Setting) -> Iterator[Finding]:
    """Lines without any identifier."""
    for one in case.report.payers:
        yield from _lacking(case, setting, one, "ids", "give an identifier")


def _lacking(
    case: Case, setting: Setting, one: MeasureSet, key: str, told: str
) -> Iterator[Finding]:
    """One finding for a list of which no line has it, else one for each line that lacks it."""
    printed = [m for m in one.measures or () if m.rate_of is None]
    lacking = [m for m in printed if getattr(m, key) is None and case.may_say(m.ref, key)]
    if lacking and len(lacking) == len(printed):
        message = f"{one.payer} does not {told} ({measures(len(printed))})"
        yield setting.found(message, (one.payer,), attribute=key, places=(one.place,))
        return
    for item in lacking:
        message = f"{item.ref} does not {told}"
        yield setting.found(message, (item.ref,), attribute=key, places=(item.place,))


def draft_spec(case: Case, setting: Setting) -> Iterator[Finding]:
    """Lists that say that they are drafts."""
    for one in case.report.payers:
        if one.status == "draft":
            place = one.where.get("status", one.place)
            message = f"{one.payer} is a draft: what is compared with it may change"
            yield setting.found(message, (one.payer,), attribute="status", places=(place,))


def retired_measure(case: Case, setting: Setting) -> Iterator[Finding]:
    """Measures that were renamed, replaced or retired by the year of the list."""
    return _doubted(case, setting, "HZ305", "title", lambda m: (m.title,))


def contradicting_identifier(case: Case, setting: Setting) -> Iterator[Finding]:
    """Identifiers of another measure than the one that the title names."""
    return _doubted(case, setting, "HZ303", "ids", _identifiers)


def contradicting_label(case: Case, setting: Setting) -> Iterator[Finding]:
    """Acronyms of another measure than the one that the identifiers name."""
    return _doubted(
        case, setting, "HZ304", "acronym", lambda m: (m.acronym or "", *_identifiers(m))
    )


def _identifiers(item: Measure) -> tuple[str, ...]:
    return tuple(f"{system}:{one}" for system, own in (item.ids or {}).items() for one in own)


def _doubted(
    case: Case,
    setting: Setting,
    code: str,
    key: str,
    said: Callable[[Measure], Iterable[str]],
) -> Iterator[Finding]:
    """What the catalogue contradicts; lists that extend one base have their lines in common."""
    for doubt in case.doubts:
        if doubt.code != code:
            continue
        about = [m for m in case.items if m.place_of(key) == doubt.place]
        values = {" ".join(text.casefold().split()) for m in about for text in said(m)}
        refs = [m.ref for m in about]
        yield setting.found(
            f"{', '.join(refs)}: {doubt.message}",
            refs,
            attribute=key,
            values=sorted(values),
            places=(doubt.place, *places_of(about, key)),
        )
