"""FHIR Measures, bare, in Bundles and among other files, as specs: one for each year they need."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Final

from harmonize.headings import Headings
from harmonize.importers.ecqm import Entry, read_measure
from harmonize.importers.jsonnodes import decoded, each, inside, parse, text
from harmonize.importers.terms import as_id
from harmonize.problems import Place, Problem, SpecError
from harmonize.trees import Imported, Items, Node, Pairs, Scalar, Source, bare, stated

_STATUSES: Final = {"draft": "draft", "active": "final", "retired": "retired"}


@dataclass(frozen=True, slots=True)
class FhirWanted:
    """Who the list is of, and whether the steward's texts come along with it."""

    payer: str
    headings: Headings
    texts: bool = True


def read_fhir(sources: tuple[Source, ...], wanted: FhirWanted) -> Imported:
    """The Measures of all sources; raises `SpecError` with all that is wrong with any of them."""
    problems: list[Problem] = []
    aside: Counter[str] = Counter()
    entries: list[Entry] = []
    measures = 0
    for source in sources:
        for node in _measures(source, aside, problems):
            measures += 1
            found = read_measure(node, source.name, problems, wanted.headings, texts=wanted.texts)
            entries += [found] if found else []
    if not measures and not problems:
        place = Place(sources[0].name if sources else wanted.payer)
        there = f": {_listed(aside)}" if aside else ""
        problems.append(Problem(place, "HZ452", f"no FHIR Measure in {len(sources)} files{there}"))
    if any(problem.severity == "error" for problem in problems):
        raise SpecError(tuple(problems))
    kept = _distinct(entries)
    problems += _contrary(kept)
    named = _named(kept, problems)
    specs = tuple(_spec(payer, own) for payer, own in _by_year(wanted.payer, named))
    counts = _counts(len(sources), measures, aside, kept, specs)
    return Imported(specs, tuple(sorted(set(problems))), counts)


# --- what comes in ------------------------------------------------------------------------------


def _measures(source: Source, aside: Counter[str], problems: list[Problem]) -> Iterator[Pairs]:
    """The Measures of a file; all else is counted and left aside."""
    is_json = source.name.lower().endswith(".json")
    if not is_json and source.data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        aside["not JSON"] += 1
        return
    try:
        root = parse(decoded(source.data, source.name), source.name)
    except SpecError as error:
        problems += error.problems
        return
    yield from _resources(root, aside)


def _resources(node: Node, aside: Counter[str]) -> Iterator[Pairs]:
    if isinstance(node, Items):
        for one in node.items:
            yield from _resources(one, aside)
        return
    kind = text(node, "resourceType")
    if kind == "Measure" and isinstance(node, Pairs):
        yield node
    elif kind == "Bundle":
        for entry in each(node, "entry"):
            resource = inside(entry, "resource")
            if resource is None:
                aside["empty Bundle entry"] += 1
            else:
                yield from _resources(resource, aside)
    else:
        aside[as_id(kind)[:60] or "JSON of another kind"] += 1


# --- one list -----------------------------------------------------------------------------------


def _distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Measures without those that were given twice, word for word."""
    found: list[Entry] = []
    seen = set()
    for one in entries:
        fields = tuple(bare(node) for key, node in one.fields.items() if key != "source")
        said = (fields, one.period, one.status, one.notes)
        if said not in seen:
            seen.add(said)
            found.append(one)
    return found


def _contrary(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Directions of one measure that contradict each other from source to source."""
    first: dict[tuple[str, str], Scalar] = {}
    for one in entries:
        for rate, way in one.ways.items():
            other = first.setdefault((one.id.text, rate), way)
            if other.text != way.text:
                message = (
                    f"{one.id.text}: direction-conflict: {way.text!r} here, {other.text!r} in "
                    f"{other.place}; each was kept as it stands, the steward knows"
                )
                yield Problem(way.place, "HZ454", message, "warning")


def _named(entries: Iterable[Entry], problems: list[Problem]) -> list[Entry]:
    """Measures whose ids differ within a year: one that stands there again is told by version."""
    first: dict[tuple[str, str], Entry] = {}
    found = []
    for one in entries:
        names = chain((one.id.text,), _others(one))
        name = next(name for name in names if (one.years, name) not in first)
        if name != one.id.text:
            other = first[one.years, one.id.text]
            message = f"{one.id.text} stands also in {other.place}: this one is {name!r}"
            problems.append(Problem(one.place, "HZ208", message, "warning"))
        first[one.years, name] = one
        found.append(replace(one, id=one.id._replace(text=name)))
    return found


def _others(one: Entry) -> Iterator[str]:
    version = one.fields.get("version")
    if isinstance(version, Scalar):
        yield f"{one.id.text}-{as_id(version.text)}"
    for number in count(2):
        yield f"{one.id.text}-{number}"


def _by_year(payer: str, entries: Sequence[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """One list, or one for each year where an id stands in several years."""
    ids = {one.id.text for one in entries}
    if len(ids) == len(entries):
        yield payer, list(entries)
        return
    for years in sorted({one.years for one in entries}):
        yield f"{payer}-{years or 'undated'}", [one for one in entries if one.years == years]


def _spec(payer: str, entries: Sequence[Entry]) -> Pairs:
    place = entries[0].place
    periods = {one.period for one in entries}
    statuses = {one.status for one in entries}
    first, last = periods.pop() if len(periods) == 1 else ("", "")
    status = statuses.pop() if len(statuses) == 1 else ""
    year = first[:4] if first[:4] == last[:4] else ""
    effective: dict[str, Node | None] = {"from": Scalar(first, place), "to": Scalar(last, place)}
    known = _STATUSES.get(status)
    measures = [_item(one, of_year=bool(year), of_status=bool(known)) for one in entries]
    fields: dict[str, Node | None] = {
        "harmonize": Scalar("1", place),
        "payer": Scalar(payer, place),
        "measurement_year": Scalar(year, place) if year else None,
        "effective": stated(effective, place) if first else None,
        "status": Scalar(known, place, remark=f"every Measure is {status}") if known else None,
        "measures": Items(tuple(measures), place),
    }
    return stated(fields, place)


def _item(one: Entry, *, of_year: bool, of_status: bool) -> Pairs:
    """A measure as it stands in a list; it says itself what does not hold for the whole list."""
    status = () if of_status or not one.status else (f"FHIR status: {one.status}",)
    notes = "\n".join((*one.notes[:1], *status, *one.notes[1:]))
    period = one.fields["measurement_period"]
    if isinstance(period, Scalar) and period.remark and not of_year:
        period = period._replace(text=period.remark, remark="")
    own = {
        "id": one.id,
        "measurement_period": period,
        "notes": Scalar(notes, one.place) if notes else None,
    }
    return stated({**one.fields, **own}, one.place)


# --- what is said of it -------------------------------------------------------------------------


def _counts(
    files: int, measures: int, aside: Counter[str], kept: Sequence[Entry], specs: Sequence[Pairs]
) -> tuple[str, ...]:
    left = f"; left aside: {_listed(aside)}" if aside else ""
    rates = sum(len(each(one.fields["rates"])) for one in kept)
    ages = sum(one.fields["ages"] is not None for one in kept)
    ways = sum(bool(one.ways) for one in kept)
    return (
        f"files in: {files}, Measures in them: {measures}{left}",
        f"Measures given twice, word for word: {measures - len(kept)}",
        f"measures out: {len(kept)}, their rates: {rates}, lists: {len(specs)}",
        f"ages read from the texts: {ages}, directions stated: {ways}",
    )


def _listed(aside: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(aside.items()))
