"""The report as flat tables: the names and the order of their columns are promised to scripts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from harmonize import beside
from harmonize.audience import Published
from harmonize.columns import COLUMNS
from harmonize.concepts import Pair
from harmonize.decided import again, applied, decided, settled
from harmonize.divergence import Divergence
from harmonize.fields import spoken
from harmonize.measures import Measure
from harmonize.report import MEASURES, Report, is_match, matches
from harmonize.sets import Period
from harmonize.signals import Signal
from harmonize.terms import CLOSED, WITHHELD
from harmonize.values import Count, Duration, Share, Threshold, stated
from harmonize.wording import take_apart

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows; an empty cell means *not stated*, a number is a number."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


# --- cells of the overlap -----------------------------------------------------------------------


def cell_id(item: Measure) -> str:
    """The payer's own id."""
    return item.id


def cell_title(item: Measure) -> str:
    """The title as printed; a rate's with the measure that it belongs to."""
    return f"{item.context}: {item.title}" if item.context else item.title


def cell_status(item: Measure) -> str:
    """Standing and use, or that it is in the list."""
    if item.withheld & {"status", "use"}:
        return WITHHELD
    return ", ".join(filter(None, (item.status, *(item.use or ())))) or "yes"


def cell_ask(item: Measure) -> str:
    """What is asked, as short as a committee says it: `30d`, `<8 higher`, `18+`.

    What is not stated and only stands in the title is put in parentheses.
    """
    parts = []
    if item.rates:
        parts.append("both" if len(item.rates) == 2 else f"{len(item.rates)} rates")
    if isinstance(item.follow_up, Duration):
        parts.append(short_days(item.follow_up))
    if item.combination:
        parts.append(f"combo {item.combination.lower().removeprefix('combo').strip()}")
    if item.threshold:
        parts.append(short_threshold(item))
    if isinstance(item.events, Count) and item.events.number > 1:
        parts.append(f"{item.events.number}x")
    if item.ages:
        parts.append(short_ages(item))
    if isinstance(item.weight, Share) and item.weight.unit == "x" and item.weight.number != 1:
        parts.append(f"w{stated(item.weight)}")
    if item.incentive:  # there only where amounts are asked for
        parts.append(stated(item.incentive))
    parts += [f"{spoken(key)} {WITHHELD}" for key in SHORT if key in item.withheld]
    parts += [f"({text})" for key, text in _read(item.title) if getattr(item, key) is None]
    return ", ".join(parts) or "yes"


@lru_cache(maxsize=10_000)
def _read(title: str) -> tuple[tuple[str, str], ...]:
    return take_apart(title).shown


def short_ages(item: Measure) -> str:
    """Ages without what goes without saying."""
    text = stated(item.ages).replace(" at the start of the period", "@start")
    return text.replace(" years", "").replace(" ", "")


def short_days(value: Duration) -> str:
    """`30d`, or `12mo` where the days do not come out whole."""
    if value.days.denominator == 1:
        return f"{value.days}d"
    return value.text.replace(" months", "mo").replace(" month", "mo").replace(" years", "y")


def short_threshold(item: Measure) -> str:
    """The cut without its unit, and on which side better scores lie."""
    if not isinstance(item.threshold, Threshold) or len(item.threshold.cuts) != 1:
        return "by group" if isinstance(item.threshold, Threshold) else stated(item.threshold)
    cut = item.threshold.cuts[0]
    numbers = "/".join(f"{float(n):g}" for n in cut.numbers)
    better = {"increase": " higher", "decrease": " lower"}.get(item.improvement_notation or "", "")
    return f"{cut.operator}{numbers}{better}"


# Fields that `cell_ask` shows.
SHORT: Final = ("rates", "follow_up", "combination", "threshold", "events", "ages")
CELLS: Final[Mapping[str, Callable[[Measure], str]]] = {
    "ask": cell_ask,
    "id": cell_id,
    "title": cell_title,
    "status": cell_status,
}


def cell(
    items: Iterable[Measure],
    kind: str,
    joint: str = "; ",
    more: Callable[[Measure], str] | None = None,
) -> str:
    """What a payer's items in one concept come to; `more` is put behind what an item says."""
    texts: list[str] = []
    for item in items:
        text, added = CELLS[kind](item), more(item) if more else ""
        if added:
            text = added if text == "yes" else f"{text}, {added}"
        if text not in texts:
            texts.append(text)
    if kind == "ask" and len(texts) > 1 and "yes" in texts:
        texts.remove("yes")
    return joint.join(texts)


# --- the tables ---------------------------------------------------------------------------------


def overlap(report: Report, layout: str, kind: str) -> Table:
    """Every concept and who holds it."""
    rows = sorted(report.rows, key=lambda r: r.concept.id)
    if layout == "long":
        return Table(
            (
                "concept", "label", "payer", "measure", "title", "family", "domain", "role",
                "source", "decision",
            ),
            tuple(
                (
                    row.concept.id, row.concept.label, item.payer, item.id, item.title,
                    row.family.id, row.concept.domain, _role(report, item.payer), str(item.place),
                    decided(row, item.ref),
                )
                for row in rows
                for item in row.concept.members
            ),
        )  # fmt: skip
    slugs = tuple(p.payer for p in report.payers)
    return Table(
        (
            "concept",
            "label",
            "payers",
            *slugs,
            "family",
            "domain",
            "used_by",
            "could_use",
            "differs",
            "decision",
        ),
        tuple(
            (
                row.concept.id,
                row.concept.label,
                row.used_by,
                *(cell(row.held.get(slug, ()), kind) for slug in slugs),
                row.family.id,
                row.concept.domain,
                row.used_by,
                row.could_use,
                "; ".join(d.attribute for d in row.differences),
                decided(row),
            )
            for row in rows
        ),
    )


def _role(report: Report, payer: str) -> str:
    return next(p.stands_as for p in report.payers if p.payer == payer)


def divergence(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """Every attribute in which two or more different values are stated."""
    slugs = tuple(p.payer for p in report.payers)
    shut = {matter.id: matter.shut for matter in report.matters.matters}
    if layout == "long":
        return Table(
            ("concept", "label", "dimension", "attribute", "severity", "payer", "value", "source"),
            tuple(
                (
                    d.concept,
                    d.label,
                    d.dimension,
                    d.attribute,
                    d.severity,
                    payer,
                    value,
                    place,
                )
                for d in report.divergences
                for payer, value, place in _told(d)
            ),
        )
    return Table(
        (
            "concept", "label", "dimension", "attribute", "severity", *slugs,
            "cause", "silent", "decision", "sources", "note", "counted",
        ),
        tuple(
            (
                d.concept,
                d.label,
                d.dimension,
                d.attribute,
                d.severity,
                *(_value_of(d, slug, shut.get(d.concept, frozenset())) for slug in slugs),
                d.cause,
                "; ".join(d.silent),
                settled(d),
                "; ".join(
                    str(place) for _, place in sorted(x for p in d.positions for x in p.places)
                ),
                d.note,
                "true" if d.counted else "false",
            )
            for d in report.divergences
        ),
    )  # fmt: skip


def _told(one: Divergence) -> Iterator[tuple[str, str, str]]:
    """What each payer states, and where; of what is withheld, that it is stated."""
    for position in one.positions:
        for payer, place in position.places:
            yield payer, position.of(payer), str(place)
    for payer in one.withheld:
        yield payer, WITHHELD, ""


def _value_of(one: Divergence, payer: str, shut: AbstractSet[str]) -> str:
    if payer in one.withheld:
        return WITHHELD
    if payer in shut:
        return CLOSED
    return "; ".join(p.of(payer) for p in one.positions if payer in p.payers)


_PAIR: Final = (
    "payer_a", "measure_a", "title_a", "payer_b", "measure_b", "title_b",
    "confidence", "verdict", "relation", "reason", "decision",
)  # fmt: skip


def _pair_row(report: Report, pair: Pair, verdict: str, relation: str) -> tuple[Cell, ...]:
    left, right = pair.left, pair.right
    judged = report.rulings.of(left.ref, right.ref)
    ends = (left.payer, left.id, cell_title(left), right.payer, right.id, cell_title(right))
    answer = judged.decision.answer if judged else ""
    return (*ends, f"{pair.confidence:.4f}", verdict, relation, pair.reason, answer)


def pairs(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """Every pair inside one concept, and every pair that might be; never of one payer."""
    return Table(
        _PAIR,
        tuple(
            _pair_row(report, p, str(p.verdict), report.relation(p) if is_match(p) else "")
            for p in (*matches(report), *report.matters.links)
            if p.left.payer != p.right.payer
        ),
    )


def related(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """Look-alikes that are not one measure."""
    found = sorted(
        (r for r in report.crosswalk.related if r[0].left.payer != r[0].right.payer),
        key=lambda r: (r[0].left.payer, r[0].right.payer, r[0].left.id, r[0].right.id),
    )
    return Table(_PAIR, tuple(_pair_row(report, p, "nonmatch", relation) for p, relation in found))


def questions(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """What is not stated and would decide."""
    return Table(
        ("payer", "measure", "attribute", "question"),
        tuple(
            (q.payer, q.measure, q.attribute, q.question)
            for q in (*report.questions, *report.matters.questions)
        ),
    )


def signals(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """What a practice is told of each measure, the hardest conflict first."""
    if layout == "long":
        return Table(
            (
                "rank", "concept", "label", "signal", "payer", "value", "source", "pull",
                "conflict", "family",
            ),
            tuple(
                (
                    *_signal(one), told.payer, told.text, "; ".join(map(str, told.places)),
                    *_pull(one), one.family,
                )
                for one in report.signals
                for told in one.told
            ),
        )  # fmt: skip
    slugs = tuple(p.payer for p in report.payers)
    withheld = {
        (row.concept.id, payer): frozenset().union(*(item.withheld for item in items))
        for row in report.rows
        for payer, items in row.held.items()
    }
    return Table(
        ("rank", "concept", "label", "signal", *slugs, "pull", "conflict", "family", "sources"),
        tuple(
            (
                *_signal(one),
                *(_told_by(one, slug, withheld) for slug in slugs),
                *_pull(one),
                one.family,
                "; ".join(str(place) for told in one.told for place in told.places),
            )
            for one in report.signals
        ),
    )


# In which fields a payer states what it tells.
TOLD_IN: Final[Mapping[str, frozenset[str]]] = {
    "direction": frozenset({"improvement_notation"}),
    "use": frozenset({"use", "status"}),
}


def _told_by(one: Signal, payer: str, withheld: Mapping[tuple[str, str], AbstractSet[str]]) -> str:
    """What a payer tells, or that it withholds that."""
    if told := next((t.text for t in one.told if t.payer == payer), ""):
        return told
    names = TOLD_IN.get(one.about, frozenset({one.about}))
    hidden = (withheld.get((name, payer), frozenset()) for name in one.concepts)
    return WITHHELD if any(names & own for own in hidden) else ""


def _signal(one: Signal) -> tuple[Cell, ...]:
    return one.rank, "; ".join(one.concepts), one.label, one.about


def _pull(one: Signal) -> tuple[Cell, ...]:
    return (one.conflict.pull.number, one.conflict.words) if one.conflict else (None, "")


def addable(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """Whether results of two payers could be added up: their lists, then measure by measure."""
    return Table(
        tuple(COLUMNS["addable"]),
        tuple((s.payer_a, s.payer_b, s.concept, s.label, s.addable, s.reason) for s in report.sums),
    )


def summary(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """The figures, each with its base."""
    return Table(
        ("figure", "value", "of", "unit"),
        tuple((f.figure, f.value, f.of, f.unit) for f in report.summary),
    )


def decisions(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """Every decision, and what has become of it."""
    return Table(tuple(COLUMNS["decisions"]), tuple(
        (
            one.decision.about, "; ".join(one.decision.refs), one.decision.attribute,
            one.decision.contract_type or "", one.decision.answer, one.decision.mapping or "",
            str(one.state), again(one), "; ".join(homes),
            *(_stated(getattr(one.decision, name)) for name in _TOLD), str(one.decision.place),
        )
        for one, homes in applied(report)
    ))  # fmt: skip


def withheld(report: Report, layout: str, kind: str) -> Table:  # noqa: ARG001
    """What payers hold back from this reader, and who they are."""
    return Table(
        ("concept", "label", "dimension", "attribute", "count", "payers", "agreement"),
        tuple(
            (t.concept, t.label, t.dimension, t.attribute, len(t.payers), "; ".join(t.payers),
             t.agreement)
            for t in report.withheld
        ),
    )  # fmt: skip


_TOLD: Final = (
    "by", "on", "because", "effective", "expires", "owner", "due", "meeting", "votes", "dissent",
    "convener_is_payer",
)  # fmt: skip


def _stated(value: Any) -> str:
    if isinstance(value, Period):
        return " to ".join(filter(None, (value.from_, value.to)))
    return "" if value is None else stated(value)


# Views whose rows are of no one area.
OF_NO_AREA: Final = ("decisions", "summary")
VIEWS: Final[Mapping[str, Callable[[Report, str, str], Table]]] = {
    "overlap": overlap,
    "divergence": divergence,
    "pairs": pairs,
    "related": related,
    "questions": questions,
    "decisions": decisions,
    "signals": signals,
    "addable": addable,
    "withheld": withheld,
    "summary": summary,
}


def view(published: Published, name: str, layout: str = "wide", kind: str = "id") -> Table:
    """One view as a table; `kind` says what the cells of the overlap show."""
    return table_of(published.report, name, layout, kind)


def table_of(report: Report, name: str, layout: str = "wide", kind: str = "id") -> Table:
    """A view of a report; where it is about more than measures, each row says of which area it is.

    Those of other areas stand below, and fill a few columns that measures leave empty.
    """
    table = VIEWS[name](report, layout, kind)
    if report.areas == MEASURES or name in OF_NO_AREA:
        return table
    told = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    wide = name == "overlap" and layout == "wide"
    if name == "overlap":
        told += beside.overlap(report, layout, kind)
    area = beside.areas(report)
    columns = (*table.columns, *(beside.OWN if wide else ()), "area")
    rows = ({**row, "area": area(row)} for row in told)
    return Table(columns, tuple(tuple(row.get(c, "") for c in columns) for row in rows))
