"""A year of CMS measures data for the Quality Payment Program as the list of one programme."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from harmonize.fields import declared
from harmonize.headings import Headings
from harmonize.importers.jsonnodes import decoded, each, inside, parse, said, text
from harmonize.importers.prose import ages_told, widest, written
from harmonize.importers.terms import as_id, lined, term, unknown, worded, words
from harmonize.measures import Measure
from harmonize.problems import MOST, TOO_MANY, Place, Problem, SpecError
from harmonize.trees import Imported, Items, Node, Pairs, Scalar, Source, listed, stated
from harmonize.wording import padded

_TWIN: Final = re.compile(r"([0-9]{3})SSP", re.IGNORECASE)
_MVP: Final = re.compile(r"[GM][0-9]{4}", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_ADDRESS: Final = re.compile(r"/e[cp]/(20[0-9]{2})/|/(20[0-9]{2})_Measure_")
_SEPARATOR: Final = re.compile(r"[\\/]")
_WAYS: Final = {"true": "decrease", "false": "increase"}
# Kinds of metric whose score is a share; what the others are, CMS does not say.
_SHARES: Final = (
    "singlePerformanceRate", "multiPerformanceRate", "registrySinglePerformanceRate",
    "registryMultiPerformanceRate", "proportion",
)  # fmt: skip
_CARRIED: Final = frozenset({
    "category", "description", "eMeasureId", "isInverse", "isRiskAdjusted", "lastPerformanceYear",
    "measureId", "measureType", "metricType", "nationalQualityStrategyDomain", "nqfEMeasureId",
    "nqfId", "overallAlgorithm", "primarySteward", "strata", "submissionMethods", "title",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class QppWanted:
    """Who the list is of, and which rows are wanted: all that fit one of each filter that is given.

    `mvps` are ids such as M0005, `specialties` measure sets such as `familyMedicine`,
    `collections` ways of submitting such as `electronicHealthRecord` or `ehr`.
    """

    payer: str
    headings: Headings
    year: str = ""
    texts: bool = True
    categories: tuple[str, ...] = ("quality",)
    programs: tuple[str, ...] = ()
    mvps: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Filter:
    """One way of choosing rows: what a person asked for, and where a row says whether it fits."""

    name: str
    key: str
    asked: tuple[str, ...]
    headings: Headings

    def values(self, row: Node) -> list[str]:
        """What a row says, as CMS writes it."""
        found = [one.text.strip() for one in each(row, self.key) if isinstance(one, Scalar)]
        if self.key == "allowedPrograms":
            found = [one for one in found if bool(_MVP.fullmatch(one)) == (self.name == "MVP")]
        return found

    def meant(self, asked: str, known: Iterable[str]) -> set[str]:
        """The known values that somebody asked for: as CMS writes them, or else by another name."""
        same = {one for one in known if _folded(one) == _folded(asked)}
        if same or self.key != "submissionMethods":
            return same
        way = term(self.headings, "data_source", asked.lower())
        if way is None:
            return same
        return {one for one in known if term(self.headings, "data_source", one) == way}

    def known(self, rows: Iterable[Node]) -> list[str]:
        """What rows say."""
        return sorted({value for row in rows for value in self.values(row)})

    def chosen(self, rows: Sequence[Pairs], among: Sequence[Pairs]) -> list[Pairs]:
        """The rows with what was asked for, as `among` has it; all where nothing was."""
        known = self.known(among)
        meant = {value for asked in self.asked for value in self.meant(asked, known)}
        return [row for row in rows if not self.asked or meant.intersection(self.values(row))]


def read_qpp(sources: tuple[Source, ...], wanted: QppWanted) -> Imported:
    """A list for each file; raises `SpecError` with all that is wrong with any of them."""
    problems: list[Problem] = []
    read = [(source, _rows(source, problems)) for source in sources]
    filters = (
        _Filter("category", "category", wanted.categories, wanted.headings),
        _Filter("program", "allowedPrograms", wanted.programs, wanted.headings),
        _Filter("MVP", "allowedPrograms", wanted.mvps, wanted.headings),
        _Filter("specialty set", "measureSets", wanted.specialties, wanted.headings),
        _Filter("collection type", "submissionMethods", wanted.collections, wanted.headings),
    )
    if not sources:
        problems.append(Problem(Place(wanted.payer), "HZ452", "no measures data were given"))
    elif not problems:
        place = Place(sources[0].name)
        rows = [row for _, own in read for row in own]
        for one in filters:
            problems += [Problem(place, "HZ457", told) for told in _unfit(one, rows)]
    if problems:
        raise SpecError(tuple(problems))
    every = [row for _, own in read for row in own]
    specs: list[Pairs] = []
    counts: list[str] = []
    for source, rows in read:
        year = _year(source, rows, wanted.year, problems)
        slug = wanted.payer if len(sources) == 1 else _slug(wanted.payer, year, specs)
        kept = of_category = filters[0].chosen(rows, every)
        for one in filters[1:]:
            kept = one.chosen(kept, every)
        measures = [_measure(row, year, problems, wanted) for row in kept]
        if measures:
            specs.append(_spec(slug, source.name, year, measures, filters))
        counts += _counts(source.name, rows, len(rows) - len(of_category), kept, measures)
    if not specs:
        message = "no row fits all filters at once: give fewer"
        raise SpecError((Problem(Place(sources[0].name), "HZ457", message),))
    return Imported(tuple(specs), tuple(sorted(set(problems))), tuple(counts))


# --- rows ---------------------------------------------------------------------------------------


def _rows(source: Source, problems: list[Problem]) -> list[Pairs]:
    """The rows of a file, each with an id of its own and a title."""
    try:
        root = parse(decoded(source.data, source.name), source.name)
    except SpecError as error:
        problems += error.problems
        return []
    given = inside(root, "measures") or root
    if not isinstance(given, Items) or not given.items:
        kind = "an empty list" if isinstance(given, Items) else given.kind
        message = f"{kind}, where CMS measures data are a list of measures"
        problems.append(Problem(root.place, "HZ452", message))
        return []
    rows: list[Pairs] = []
    first: dict[str, Place] = {}
    wrong: list[Problem] = []
    for one in given.items:
        if len(wrong) >= MOST:
            wrong.append(Problem(one.place, "HZ113", TOO_MANY))
            break
        if not isinstance(one, Pairs):
            wrong.append(Problem(one.place, "HZ452", f"{one.kind}, where a measure is wanted"))
            continue
        missing = [key for key in ("measureId", "title") if worded(one, key) is None]
        wrong += [Problem(one.place, "HZ202", f"{key!r} is missing") for key in missing]
        name = _number(one).text
        other = first.setdefault(name, one.place)
        if other is not one.place and name:
            told = f"the measure {name[:60]!r} stands here again, first in line {other.line}"
            wrong.append(Problem(one.place, "HZ208", told))
        rows.append(one)
    problems += wrong
    return rows


def _unfit(one: _Filter, rows: Sequence[Node]) -> Iterator[str]:
    """What was asked for and stands in no row, with what is close to it."""
    known = one.known(rows)
    names = {_folded(value): value for value in known}
    for asked in one.asked:
        if one.meant(asked, known):
            continue
        near = get_close_matches(_folded(asked)[:60], names, 3, 0.6)
        close = list(dict.fromkeys(repr(names[name]) for name in near))
        there = f"the data name {', '.join(known[:60]) or 'none'}"
        hint = f"did you mean {' or '.join(close)}?" if close else there
        yield f"no {one.name} {asked[:60]!r}: {hint}"


def _folded(name: str) -> str:
    return words(name).replace(" ", "")


# --- the list -----------------------------------------------------------------------------------


def _year(
    source: Source, rows: Sequence[Node], wanted: str, problems: list[Problem]
) -> Scalar | None:
    """The year asked for, else that of the file's name, else that of the specifications cited."""
    place = rows[0].place if rows else Place(source.name)
    parts = reversed(_SEPARATOR.split(source.name))
    named = next((found[-1] for part in parts if (found := _YEAR.findall(part))), "")
    cited = Counter(
        match[1] or match[2]
        for row in rows
        for _, address in _members(inside(row, "measureSpecification"))
        if (match := _ADDRESS.search(text(address)))
    )
    data = max(cited, key=lambda year: (cited[year], year), default="")
    year = wanted or named or data
    for other, who in ((named, "the file is named"), (data, "most specifications cited are of")):
        if other and other != year:
            message = f"{year} was taken for the year of the data, but {who} {other}"
            problems.append(Problem(place, "HZ458", message, "warning"))
    if not year:
        return None
    from_name = f"read from the name of the file, {_SEPARATOR.split(source.name)[-1]}"
    remark = from_name if named else "read from the addresses of the specifications cited"
    return Scalar(year, place, remark="" if wanted else remark)


def _members(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.pairs if isinstance(node, Pairs) else ()


def _slug(payer: str, year: Scalar | None, specs: Sequence[Pairs]) -> str:
    """The payer and the year, for each file its own."""
    taken = {text(spec, "payer") for spec in specs}
    name = f"{payer}-{year.text}" if year else payer
    more = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (name, *more) if slug not in taken)


def _spec(
    slug: str, file: str, year: Scalar | None, measures: Sequence[Pairs], filters: Sequence[_Filter]
) -> Pairs:
    place = measures[0].place
    chosen = [f"{one.name} {' or '.join(one.asked)}" for one in filters if one.asked]
    programs = [one.asked for one in filters if one.key == "allowedPrograms" and one.asked]
    title = " ".join(filter(None, ("CMS Quality Payment Program measures data", text(year))))
    cited = Scalar(_SEPARATOR.split(file)[-1], place)
    fields: dict[str, Node | None] = {
        "harmonize": Scalar("1", place),
        "payer": Scalar(slug, place),
        "name": Scalar(title, place),
        "organization": Scalar("cms", place),
        "payer_type": Scalar("medicare", place),
        "program": Scalar(", ".join(programs[0]), place) if len(programs) == 1 else None,
        "measurement_year": year,
        "sources": Items((stated({"title": cited}, place),), place),
        "notes": Scalar(f"Rows taken: {'; '.join(chosen)}.", place) if chosen else None,
        "measures": Items(tuple(measures), place),
    }
    return stated(fields, place)


# --- one measure --------------------------------------------------------------------------------


def _measure(row: Pairs, year: Scalar | None, problems: list[Problem], wanted: QppWanted) -> Pairs:
    place = row.place
    own = _number(row)
    twin = _TWIN.fullmatch(own.text)
    category = text(row, "category")
    kind = worded(row, "measureType")
    known = (
        term(wanted.headings, "measure_type", kind.text)
        if kind
        else category
        if category == "cost"
        else None
    )
    if kind and not known:
        problems.append(unknown("measure_type", kind, own.text))
    inverse = said(row, "isInverse")
    way = _WAYS.get(inverse.text) if inverse else None
    metric = said(row, "metricType")
    last = said(row, "lastPerformanceYear")
    over = last and year and last.text.isdigit() and last.text < year.text
    cbe = [_full("cbe", found) for key in ("nqfId", "nqfEMeasureId") if (found := worded(row, key))]
    fields: dict[str, Node | None] = {
        "id": own,
        "title": lined(row, "title"),
        "ids": stated({"cbe": listed(cbe), "cms": worded(row, "eMeasureId"), "mips": own}, place),
        "part_of": own._replace(text=twin[1]) if twin else None,
        "part": Scalar("collection type", own.place) if twin else None,
        "steward": lined(row, "primarySteward"),
        "measure_type": Scalar(known, kind.place if kind else place) if known else None,
        "domain": lined(row, "nationalQualityStrategyDomain"),
        "description": worded(row, "description") if wanted.texts else None,
        "scoring": Scalar("proportion", metric.place, remark=metric.text)
        if metric and metric.text in _SHARES
        else None,
        "improvement_notation": Scalar(way, inverse.place) if inverse and way else None,
        "ages": _ages(worded(row, "description"), own.text, problems),
        "data_source": _collected(row, own.text, problems, wanted.headings),
        "risk_adjusted": _flag(said(row, "isRiskAdjusted")),
        "status": Scalar("retired", last.place, remark=f"last performance year {last.text}")
        if last and over
        else None,
        "rates": _rates(row, texts=wanted.texts),
        "notes": _overall(said(row, "overallAlgorithm")),
    }
    return stated({name: fields.get(name) for name in declared(Measure)}, place)


def _flag(found: Scalar | None) -> Scalar | None:
    return found if found and found.text in ("true", "false") else None


def _number(row: Pairs) -> Scalar:
    """By what CMS knows a row."""
    found = _full("mips", worded(row, "measureId") or Scalar("", row.place))
    return found._replace(text=as_id(found.text))


def _overall(found: Scalar | None) -> Scalar | None:
    """How the score of a measure of several rates is made."""
    return found and Scalar(f"Overall rate: {words(found.text)}.", found.place)


def _full(system: str, found: Scalar) -> Scalar:
    """A number as text; one that stood there as a bare number has lost its zeros."""
    full = padded(system, found.text) if found.plain else found.text
    remark = "" if full == found.text else f"a bare {found.text} in the data"
    return found._replace(text=full, plain=False, remark=remark or found.remark)


def _ages(found: Scalar | None, of: str, problems: list[Problem] | None = None) -> Node | None:
    """Ages as the description has them, with its words."""
    told = ages_told(found.text) if found else ()
    chosen = widest(told)
    if found is None or not told:
        return None
    if chosen is None:
        if problems is not None:
            shown = ", ".join(one.words for one in told)[:200]
            message = f"{of}: the description names several ages, none was taken: {shown}"
            problems.append(Problem(found.place, "HZ455", message, "warning"))
        return None
    return written(chosen, found.place, f'read from the description: "{chosen.words}"')


def _collected(row: Node, of: str, problems: list[Problem], headings: Headings) -> Node | None:
    found: dict[str, Scalar] = {}
    for one in each(row, "submissionMethods"):
        if not isinstance(one, Scalar):
            continue
        if known := term(headings, "data_source", one.text):
            found.setdefault(known, one._replace(text=known, plain=False))
        elif said(one):
            problems.append(unknown("data_source", one, of))
    return listed(list(found.values()))


def _rates(row: Node, *, texts: bool) -> Node | None:
    """Strata as rates; a single one is the measure itself."""
    strata = each(row, "strata")
    if len(strata) < 2:
        return None
    rates: dict[str, Node] = {}
    for at, one in enumerate(strata, start=1):
        name = worded(one, "name")
        told = worded(one, "description")
        title = (lined(told) if texts else None) or name
        own = as_id(name.text) if name else str(at)
        own = own if own not in rates else f"{own}-{at}"
        fields: dict[str, Node | None] = {
            "id": Scalar(own, name.place if name else one.place),
            "title": title or Scalar(f"Rate {at}", one.place),
            "ages": _ages(told, own),
        }
        rates[own] = stated(fields, one.place)
    return Items(tuple(rates.values()), inside(row, "strata").place)  # type: ignore[union-attr]


# --- what is said of it -------------------------------------------------------------------------


def _counts(
    file: str,
    rows: Sequence[Pairs],
    others: int,
    kept: Sequence[Pairs],
    measures: Sequence[Pairs],
) -> Iterator[str]:
    categories = Counter(as_id(text(row, "category"))[:60] or "no category" for row in rows)
    listed = ", ".join(f"{name} {number}" for name, number in categories.most_common())
    rates = sum(len(each(one, "rates")) for one in measures)
    single = sum(len(each(row, "strata")) for row in kept) - rates
    ages = sum(one.get("ages") is not None for one in measures)
    ways = sum(one.get("improvement_notation") is not None for one in measures)
    keys = sorted({as_id(key.text)[:40] for row in kept for key, _ in row.pairs} - _CARRIED)
    yield f"{_SEPARATOR.split(file)[-1]}: rows in: {len(rows)} ({listed})"
    yield (
        f"measures out: {len(measures)}, rows of other categories: {others}, "
        f"rows outside the filters: {len(rows) - others - len(measures)}"
    )
    yield f"strata as rates: {rates}, strata that are the whole measure: {single}"
    yield f"ages read from the texts: {ages}, directions stated: {ways}"
    yield f"keys not carried over: {len(keys)} ({', '.join(keys[:40])})"
