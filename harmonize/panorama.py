"""A portfolio as the page that people read: figures with definitions first, then the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from harmonize.audience import Surveyed
from harmonize.columns import PORTFOLIO
from harmonize.figures import Figure
from harmonize.holdings import sets
from harmonize.parts import Held
from harmonize.portfolio import AXES, FACETS, NOT_STATED, SAMPLES, Portfolio, Sample
from harmonize.sharing import definition, histogram

TOP: Final = 10  # measures that the page shows as the most used ones
TIED: Final = 20  # the most that it shows where the last of them tie
PAIRS: Final = 30  # pairs of groups that the page has room for
YEAR: Final = "year"
OF_TWO: Final = ("shared_by_two_or_more", "most_used")  # nothing of one list alone
# What is not told where it is nothing.
QUIET: Final = (
    "without_measures", "origin_not_known", "sets_half_modified", "sets_all_modified",
    "members_stated",
)  # fmt: skip
STEPS: Final = (1, 2, 3, 4, 5, 10, 20)  # ends of the bars of the page's histogram
BAR: Final = 30  # marks of the longest bar
# What the page tells; a percentage stands beside its number.
FIRST: Final = (
    "sets", "programmes", "without_measures", "partial",
    "measures_listed", "distinct_measures", "asks",
    "shared_by_two_or_more", "shared_by_two_or_more_programmes", "asks_shared", "most_used",
    "overlap_of_two", "overlap_of_two_in_domains", "standard", "standard_asks", "cbe_or_hedis",
    "cbe_or_hedis_asks", "identified", "homegrown", "homegrown_known", "origin_not_known",
    "sets_with_modified", "sets_half_modified", "sets_all_modified", "members", "members_stated",
    "possible_matches",
)  # fmt: skip
OF_A_GROUP: Final = (
    "sets", "measures_listed", "distinct_measures", "shared_by_two_or_more", "most_used",
    "overlap_of_two", "overlap_of_two_in_domains", "standard", "sets_with_modified", "members",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the page; `numbers` are the places of columns that stand to the right."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """What people read: a title, what to know first, and sections."""

    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


def page(surveyed: Surveyed) -> Page:
    """The figures with their definitions first, then what is behind them."""
    found = surveyed.portfolio
    shown = found.samples[:1] if found.is_of_one_time else found.samples
    made = (
        _figures(shown),
        _histogram(shown),
        _most_used(found),
        *(_group(_for(axis.name, shown), axis.name, axis.help) for axis in AXES),
        *(_group(shown[-1], name, told) for name, told in FACETS.items()),
        _regions(shown[-1]),
        _years(found.samples[0]),
        *(_overlaps(shown[-1], axis.name) for axis in AXES if axis.name != YEAR),
        _lists(found),
    )
    return Page(_title(found), tuple(_notes(surveyed)), tuple(s for s in made if s and s.rows))


def _for(axis: str, samples: Sequence[Sample]) -> Sample:
    """The latest editions, but of a year every list: no programme is in a year twice."""
    return samples[0] if axis == YEAR else samples[-1]


def _title(found: Portfolio) -> str:
    lists = found.whole.lists
    years = sorted({one.year for one in lists if one.year})
    span = f", {years[0]} to {years[-1]}" if len(years) > 1 else f", {years[0]}" if years else ""
    programmes = len({one.payer for one in lists})
    return f"{_many(len(lists), 'list')} of {_many(programmes, 'programme')}{span}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _notes(surveyed: Surveyed) -> Iterable[str]:
    found = surveyed.portfolio
    if aside := [one.key for one in found.editions if not one.counted]:
        yield f"Shown and counted nowhere: {', '.join(aside)}."
    if not found.is_of_one_time:
        yield (
            "Several years of one programme share most of their measures, which says nothing of "
            "agreement: read the column of the latest editions for that."
        )
    if odd := [one.key for one in found.whole.lists if not one.year]:
        yield (
            f"No year is stated by {', '.join(odd)}: a list states it as measurement_year, a "
            "spreadsheet in a column of that name."
        )
    if surveyed.withheld:
        yield "Something is held back from this audience: it stands here as what is not stated."
    held, judged = surveyed.judged
    if judged:
        yield f"{_many(judged, 'judgement')} of matches: {held} hold for editions that are here."


def _figures(samples: Iterable[Sample]) -> Section:
    shown = tuple(samples)
    told = [{one.figure: one for one in sample.figures} for sample in shown]
    rows = []
    for name in FIRST:
        cells = [_value(own, name) for own in told]
        if any(cells) and not (name in QUIET and not any(_worth(own.get(name)) for own in told)):
            about = definition(name)
            of = f" (of {about.of})" if about.of else ""
            rows.append((_spoken(name), *cells, f"{about.counts}{of}"))
    heads = tuple(_HEADS[sample.name] for sample in shown)
    numbers = frozenset(range(1, len(heads) + 1))
    return Section("FIGURES", "", ("", *heads, "What is counted"), tuple(rows), numbers)


_HEADS: Final = {"all": "Every list", "latest": "Latest editions"}


def _value(told: Mapping[str, Figure], name: str) -> str:
    """A figure with its base and percentage; empty where it is not told."""
    one, share = told.get(name), told.get(f"{name}_percent")
    if one is None or one.of == 0:
        return ""
    if name.startswith("overlap_of_two"):
        return f"{one.value:.1f}%"
    number = (
        f"{one.value:,}"
        if one.of is None or name == "distinct_measures"
        else (f"{one.value:,} of {one.of:,}")
    )
    return f"{number} ({share.value:.1f}%)" if share else number


def _spoken(name: str) -> str:
    text = name.replace("cbe", "CBE").replace("hedis", "HEDIS").replace("_", " ")
    return text[:1].upper() + text[1:]


def _histogram(samples: Iterable[Sample]) -> Section:
    shown = tuple(samples)
    ends = [(low + 1, high) for low, high in zip((0, *STEPS), STEPS, strict=False)]
    bins = [*ends, (STEPS[-1] + 1, None)]
    counts = []
    for sample in shown:
        own = histogram(sample.part.held)
        counts.append([
            sum(many for n, many in own if low <= n and (high is None or n <= high))
            for low, high in bins
        ])  # fmt: skip
    most = max(counts[-1], default=0) or 1
    rows = [
        (
            f"{low}" if low == high else f"{low} to {high}" if high else f"{low} and more",
            *(str(own[at]) for own in counts),
            "=" * -(-BAR * counts[-1][at] // most),
        )
        for at, (low, high) in enumerate(bins)
        if any(own[at] for own in counts)
    ]
    heads = tuple(_HEADS[sample.name] for sample in shown)
    bar = f"{heads[-1]}, drawn" if len(heads) > 1 else ""
    note = "How many measures are in so many lists; one percentage hides this."
    numbers = frozenset(range(1, len(heads) + 1))
    return Section(
        "IN HOW MANY LISTS A MEASURE IS", note, ("Lists", *heads, bar), tuple(rows), numbers
    )


def top(held: Iterable[Held]) -> tuple[tuple[Held, ...], str]:
    """The most used measures with those that tie with the last of them; and what is left out."""
    ranked = sorted(
        (h for h in held if len(h.asks) >= 2), key=lambda h: (-len(h.asks), h.label, h.concept)
    )
    if len(ranked) <= TOP:
        return tuple(ranked), ""
    least = len(ranked[TOP - 1].asks)
    tied = [h for h in ranked if len(h.asks) >= least]
    if len(tied) <= TIED:
        return tuple(tied), ""
    above = [h for h in tied if len(h.asks) > least]
    return tuple(above), f"{len(tied) - len(above)} more are in {least} lists each."


def _most_used(found: Portfolio) -> Section:
    """By the latest editions, for years of one programme are no agreement."""
    every, last = found.whole, found.samples[-1].part
    shown, more = top(last.held)
    uses = {h.concept: len(h.asks) for h in every.held}
    lists, editions = len(every.lists), len(last.lists)
    one_time = found.is_of_one_time
    rows = tuple(
        (
            f"{len(h.asks)} of {editions} ({100 * len(h.asks) / editions:.0f}%)",
            *(() if one_time else (f"{uses[h.concept]} of {lists}",)),
            h.label,
            h.origin,
        )
        for h in shown
    )
    heads = ("Lists",) if one_time else (_HEADS["latest"], _HEADS["all"])
    return Section("MOST USED", more, (*heads, "Measure", "Origin"), rows)


_SHORT: Final[Mapping[str, str]] = {
    "sets": "Lists",
    "measures_listed": "Listed",
    "distinct_measures": "Distinct",
    "shared_by_two_or_more": "Shared",
    "most_used": "Most used",
    "overlap_of_two": "Overlap of two",
    "overlap_of_two_in_domains": "Overlap in domains",
    "standard": "Standard",
    "sets_with_modified": "Modified",
    "members": "Members",
}


def _group(sample: Sample, axis: str, told: str) -> Section | None:
    """The groups of one axis; none where no list says anything."""
    own = [group for group in sample.groups if group.axis == axis]
    if all(group.name == NOT_STATED for group in own):
        return None
    figures_ = [{one.figure: one for one in group.figures} for group in own]
    names = [n for n in OF_A_GROUP if any(_worth(f.get(n)) for f in figures_)]
    rows = tuple(
        (group.name, *("" if _is_of_two(n, f) else _value({n: f[n]}, n) for n in names))
        for group, f in zip(own, figures_, strict=True)
    )
    note = f"{told} {_whose(sample)}"
    heads = (_spoken(axis), *(_SHORT[n] for n in names))
    return Section(f"BY {axis.replace('_', ' ').upper()}", note, heads, rows, _all_but_first(heads))


def _is_of_two(name: str, told: Mapping[str, Figure]) -> bool:
    """Whether a figure is not told, or says nothing of one list alone."""
    return name not in told or (name in OF_TWO and told["sets"].value < 2)


def _worth(one: Figure | None) -> bool:
    return one is not None and bool(one.value)


def _whose(sample: Sample) -> str:
    return f"Of {SAMPLES[sample.name]}."


def _all_but_first(heads: tuple[str, ...]) -> frozenset[int]:
    return frozenset(range(1, len(heads)))


def _regions(sample: Sample) -> Section | None:
    own = [c for c in sample.cells if c.matrix == "region_by_payer_type"]
    if {c.row for c in own} <= {NOT_STATED}:
        return None
    note = f"Lines that the lists print, and in brackets how many lists these are. {_whose(sample)}"
    cells = {
        place: {c.figure.figure: c.figure.value for c in group}
        for place, group in groupby(own, key=lambda c: (c.row, c.column))
    }
    columns = _in_order(c.column for c in own)
    rows = tuple(
        (row, *(
            f"{f['measures_listed']} ({f['lists']})" if (f := cells.get((row, column))) else ""
            for column in columns
        ))
        for row in _in_order(c.row for c in own)
    )  # fmt: skip
    heads = ("Region", *columns)
    return Section("REGION BY PAYER TYPE", note, heads, rows, _all_but_first(heads))


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=lambda n: (n == NOT_STATED, n)))


def _years(sample: Sample) -> Section | None:
    own = [c for c in sample.cells if c.matrix == "payer_by_year"]
    cells: dict[tuple[str, str], dict[str, Figure]] = {}
    several = {c.row for c in own if c.figure.figure == "kept"}
    partial = (one for one in sample.part.lists if one.list.is_partial)
    marks = {(one.payer, one.year or NOT_STATED): "~" for one in partial}
    for c in own:
        cells.setdefault((c.row, c.column), {})[c.figure.figure] = c.figure
    columns = _in_order(column for row, column in cells if row in several)
    note = (
        "Lines that the list prints; behind them, how many measures of the edition before it "
        "keeps. ~: a list that says that it is not whole. Programmes with one edition are left out."
    )
    rows = tuple(
        (
            row,
            *(
                _edition(cells.get((row, column), {}), marks.get((row, column), ""))
                for column in columns
            ),
        )
        for row in _in_order(several)
    )
    return Section("PAYER BY YEAR", note, ("Payer", *columns), rows, _all_but_first(columns))


def _edition(told: Mapping[str, Figure], mark: str) -> str:
    if not told:
        return ""
    kept = told.get("kept")
    return f"{told['measures_listed'].value}{mark}" + (f" ({kept.value}/{kept.of})" if kept else "")


def _overlaps(sample: Sample, axis: str) -> Section | None:
    """Each two groups: measures that both ask for, and domains."""
    own = [c for c in sample.cells if c.matrix == f"overlap_by_{axis}"]
    if len(own) > 2 * PAIRS:
        return None
    rows = tuple(
        (one, other, *(_share(c.figure) for c in cells))
        for (one, other), cells in groupby(own, key=lambda c: (c.row, c.column))
    )
    spoken = axis.replace("_", " ")
    note = f"Of what either group asks for, what both ask for. {_whose(sample)}"
    heads = (_spoken(axis), "and", "Measures of both", "Domains of both")
    return Section(f"OVERLAP BY {spoken.upper()}", note, heads, rows, frozenset({2, 3}))


def _share(one: Figure) -> str:
    part = f" ({100 * one.value / one.of:.0f}%)" if one.of else ""
    return f"{one.value} of {one.of}{part}"


def _lists(found: Portfolio) -> Section:
    own = list(PORTFOLIO["sets"])
    names = ("measures_listed", "asks", "shared", "standard", "modified", "members")
    heads = ("List", "Listed", "Asks", "Shared", "Standard", "Modified", "Members")
    rows = []
    for row in sets(found):
        told = dict(zip(own, row, strict=True))
        role = "" if told["role"] == "contract" else f" ({told['role']})"
        partial = "~" if told["complete"] == "false" else ""
        cells = ("" if told[n] is None else f"{told[n]:,}" for n in names)
        rows.append((f"{told['key']}{partial}{role}", *cells))
    note = "Shared: asks that another programme has too. ~: a list that says that it is not whole."
    return Section("LISTS", note, heads, tuple(rows), _all_but_first(heads))
