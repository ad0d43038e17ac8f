"""The report as a committee reads it: first figures, one table, what to settle, what to ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from harmonize.agenda import (
    Item,
    alone,
    differences,
    from_the_standard,
    look_alikes,
    resting,
    to_ask,
    to_look_at,
    undecided,
)
from harmonize.audience import Published
from harmonize.committee import (
    JUDGED,
    STD,
    Head,
    Line,
    blocks_of,
    cells_of,
    chosen,
    heads_of,
    key,
    line_of,
    own_line,
)
from harmonize.decided import tally
from harmonize.fields import spoken
from harmonize.figures import Figure
from harmonize.measures import ATTRIBUTES
from harmonize.overview import cores, pulling
from harmonize.panels import panels, pointer
from harmonize.report import Report
from harmonize.sets import MeasureSet
from harmonize.terms import WITHHELD


@dataclass(frozen=True, slots=True)
class Page:
    """All of it, in the order of reading; `sections` are (title, items), `notes` the key."""

    title: str
    figures: tuple[str, ...]
    heads: tuple[Head, ...]
    blocks: tuple[tuple[str, tuple[Line, ...]], ...]
    notes: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Item, ...]], ...]
    endings: tuple[str, ...]
    subject: str = "Measure"  # what the rows of the table are

    @property
    def decides(self) -> bool:
        """Whether it has been decided of any row what becomes of it, so that a column says so."""
        return any(line.decided for _, lines in self.blocks for line in lines)


def page(published: Published, kind: str = "ask") -> Page:
    """The page; `kind` says what the cells show."""
    report, said = published.report, published.comments
    heads = heads_of(report)
    marks, settle, known = differences(report)
    shown, singles = chosen(report)
    cells = cells_of(report, kind)
    blocks = blocks_of(shown, heads, marks, cells)
    asked = report.about_measures
    other = panels(report, heads, len(settle), len(known), all_seen=not published.unshown)
    return Page(
        title=_title(report),
        figures=(*(_figures(report) if asked else ()), *other.figures),
        heads=heads,
        blocks=(*blocks, *other.blocks),
        notes=(*(key(blocks, heads) if asked else ()), *other.notes, *published.unshown),
        sections=(
            ("TO LOOK AT AGAIN: decided, and the ground has moved", to_look_at(report)),
            ("TO SETTLE: vote, or record why not", (*settle, *other.settle)),
            ("NO VOTE NEEDED: known, and no change of what is asked", (*known, *other.known)),
            (
                f"DECIDED: the set, and rows that rest on a decision ({JUDGED})",
                resting(report, said),
            ),
            ("PRACTICES SAY, of what is not decided", undecided(report, said)),
            ("TO ASK", (*to_ask(report), *other.ask)),
            (f"FROM THE STANDARD {STD}, not stated by the payer", from_the_standard(report)),
            ("ADHERENCE to a core: what lists use of it, and beside it (off-set)", cores(report)),
            ("WITHHELD, and told in one word", _tallied(report)),
            ("LOOK-ALIKES that are not one measure", look_alikes(report)),
            ("IN ONE LIST ONLY", alone(report, singles)),
        ),
        endings=tuple(filter(None, (*_endings(report), *_closed(report), pointer(report)))),
        subject="Measure" if asked else "Term",
    )


def _tallied(report: Report) -> tuple[Item, ...]:
    """What is told of values that nobody here sees."""
    told: dict[str, list[str]] = {}
    for one in report.withheld:
        if one.told:
            told.setdefault(one.label, []).append(f"{spoken(one.attribute)}: {one.told}")
    return tuple(Item("", name, tuple(lines)) for name, lines in told.items())


def matrix(published: Published, kind: str = "ask") -> tuple[Line, ...]:
    """Every concept as a row of the table, in the order of reading; `kind` as on the page."""
    report = published.report
    cells = cells_of(report, kind)
    marks, _, _ = differences(report)
    heads = heads_of(report)
    return tuple(line_of(row, heads, marks, cells) for row in report.rows)


def _closed(report: Report) -> tuple[str, ...]:
    """Payers of whose measures nothing is seen."""
    heads = [p.head for p in report.payers if "measures" in p.withheld]
    if not heads or "measures" not in report.areas:
        return ()
    return (f"List of measures {WITHHELD}: {', '.join(heads)}.",)


def _title(report: Report) -> str:
    counted = report.counted
    if not report.about_measures:
        count = "1 payer states" if len(counted) == 1 else f"{len(counted)} payers state"
        stated = [area for area in report.areas if area in report.matters.stated]
        return f"What {count} of {', '.join(stated or report.areas)}"
    drafts = any(p.status == "draft" for p in counted)
    partial = sum(p.is_partial for p in counted)
    tail = ", some still drafts" if drafts else ""
    tail += f"; {partial} of {len(counted)} partial" if partial else ""
    lists = "one payer list asks" if len(counted) == 1 else f"{len(counted)} payer lists ask"
    return f"What {lists} for{tail}"


def _value(report: Report, name: str) -> Figure:
    return next(f for f in report.summary if f.figure == name)


def _figures(report: Report) -> tuple[str, ...]:
    shared, asks = _value(report, "shared_by_two_or_more"), _value(report, "asks_shared")
    listed, distinct = _value(report, "measures_listed"), _value(report, "distinct_measures")
    same, settle = _value(report, "same_ask"), _value(report, "to_settle")
    everyone = _value(report, "shared_by_all_that_could")
    percent = _value(report, "shared_by_two_or_more_percent").value
    families = _value(report, "families_met")
    possible = _value(report, "possible_matches").value
    lines = [
        (
            f"{shared.value} of {shared.of} measures are in two or more lists ({percent:g}%); "
            f"{asks.value} of {asks.of} asks rest on them"
        ),
        f"of those {shared.value}: no difference seen in {same.value}, {settle.value} to settle",
        (
            f"{listed.value} printed lines = {asks.of} asks = {distinct.value} measures; "
            f"{everyone.value} of {everyone.of} asked by all that could"
        ),
        (
            f"{families.value} of {families.of} families (a measure with its rates and relatives) "
            "meet in two or more lists"
        ),
    ]
    if possible:
        matches = "1 possible match" if possible == 1 else f"{possible} possible matches"
        lines.append(f"{matches} that nobody has settled (not counted)")
    justified = _value(report, "justified").value
    if justified:
        lines[1] += f", {justified} justified"
    if told := tally(report.rulings):
        lines.append(told)
    domains = [f for f in report.summary if f.figure.startswith("domain:")]
    types = [f for f in report.summary if f.figure.startswith("type:")]
    if distinct.value:
        lines.append(f"By domain: {_spread(domains)}. By type: {_spread(types)}")
    return tuple(lines)


def _spread(figures: Iterable[Figure]) -> str:
    ordered = sorted(figures, key=lambda f: (-f.value, f.figure))
    return ", ".join(f"{f.figure.split(':', 1)[1]} {f.value}" for f in ordered)


def _endings(report: Report) -> tuple[str, ...]:
    if not report.about_measures:
        return ()
    endings = []
    for payer in report.payers:
        if payer.role == "reference":
            only = [
                r
                for r in report.rows
                if set(r.held) == {payer.payer} and any(own_line(m) for m in r.concept.members)
            ]
            if only:
                names = "; ".join(r.concept.acronym or r.concept.label for r in only[:6])
                more = f"; and {len(only) - 6} more" if len(only) > 6 else ""
                endings.append(f"Reference only, {payer.head}: {len(only)} ({names}{more})")
    parts = sum(m.part == "component" for p in report.counted for m in p.measures or ())
    if parts:
        endings.append(f"{parts} survey parts stand in the lists and are not counted.")
    standing = sum(any(d.standing for d in row.differences) for row in report.rows)
    if standing:
        endings.append(
            f"Standing, use or weight differs in {standing} rows: see the divergence view."
        )
    endings.append(pulling(report))
    endings.append(_not_stated(report.counted))
    years = sorted({y for p in report.payers if (y := p.measurement_year or p.reporting_year)})
    if len(years) > 1:
        endings.append(f"Years: {', '.join(years)}. Not one year.")
    return tuple(e for e in endings if e)


def _not_stated(counted: tuple[MeasureSet, ...]) -> str:
    measures = [m for p in counted for m in p.measures or () if m.rate_of is None]
    watched = (
        "denominator_exclusions",
        "lookback",
        "follow_up",
        "threshold",
        "ages",
        "data_source",
    )
    told = [(k, sum(m.states(k) for m in measures)) for k in watched if k in ATTRIBUTES]
    never = [k.replace("_", " ") for k, n in told if not n]
    some = [f"{k.replace('_', ' ')} {n} of {len(measures)} lines" for k, n in told if n]
    text = f"Not stated anywhere: {', '.join(never)}. " if never else ""
    return text + (f"Stated: {', '.join(some)}." if some else "")
