"""The report for notebooks: specs in, tidy pandas frames out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, Final

import pandas as pd

from harmonize import holdings, workspace
from harmonize.aliases import unnamed
from harmonize.audience import Published, publish, survey
from harmonize.columns import COLUMNS, PORTFOLIO, Column, Holds, column
from harmonize.decided import settled
from harmonize.evidence import MATCH_AT
from harmonize.fields import declared
from harmonize.figures import listed
from harmonize.marks import SEES, marked
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.page import page
from harmonize.render.glance import glance
from harmonize.render.text import visible
from harmonize.values import stated
from harmonize.views import Cell, Table, view

DTYPES: Final = {
    Holds.TEXT: "string",
    Holds.WHOLE: "Int64",
    Holds.NUMBER: "Float64",
    Holds.FLAG: "boolean",
}


def compare(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    *,
    reference: Iterable[str] = (),
    audience: str | None = None,
    knowledge: Iterable[str] = (),
    decisions: Iterable[str] = (),
    as_of: str = "",
    match_at: float | None = None,
) -> "Comparison":
    """The report on the specs under `paths`, by default for the public where anything is marked.

    `reference` are lists shown and never counted, `knowledge` files that add to what is known;
    pairs are matches from the probability `match_at` on, by default from the one that
    `harmonize.yaml` states, else 0.5.  `decisions` are files of decisions, by
    default those among or beside the specs; `as_of` is the day by which they expire, by default
    today, YYYY-MM-DD.

    Raises `harmonize.problems.SpecError` with every problem of every file, and `ValueError` for an
    audience that there is not.
    """
    _known(audience)
    found = workspace.load(
        _named(paths), references=reference, knowledge_files=knowledge, decisions=decisions
    )
    chosen = audience or ("public" if marked(found.sets) else "broker")
    agreed = found.settings.agreed
    lacking = unnamed(found.sets, known_as) if (known_as := agreed.known_as(chosen)) else ()
    if lacking:
        raise ValueError(f"no alias for {', '.join(lacking)}, and others have one")
    return Comparison(
        publish(
            found.sets,
            found.knowledge,
            audience or ("public" if marked(found.sets) else "broker"),
            workspace.standards(),
            match_at or found.settings.match_at or MATCH_AT,
            decisions=found.decisions,
            today=as_of or workspace.today(),
            agreed=agreed,
        )
    )


def portfolio(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    *,
    reference: Iterable[str] = (),
    audience: str | None = None,
    knowledge: Iterable[str] = (),
    decisions: Iterable[str] = (),
    as_of: str = "",
    match_at: float | None = None,
) -> dict[str, pd.DataFrame]:
    """Many lists at once, several years of one payer among them: a frame for each view.

    What is given is as in `compare`, and so is what is raised.
    """
    _known(audience)
    found = workspace.load(
        _named(paths),
        references=reference,
        knowledge_files=knowledge,
        decisions=decisions,
        editions=True,
    )
    chosen = audience or ("public" if marked(found.sets) else "broker")
    if found.settings.agreed.known_as(chosen) or found.settings.agreed.smallest(chosen):
        raise ValueError(f"a portfolio names payers: the audience {chosen} may not see it")
    surveyed = survey(
        found.sets,
        found.knowledge,
        chosen,
        match_at or found.settings.match_at or MATCH_AT,
        decisions=found.decisions,
        today=as_of or workspace.today(),
    )
    return {name: _framed(holdings.view(surveyed, name), PORTFOLIO[name]) for name in PORTFOLIO}


def _known(audience: str | None) -> None:
    if audience is not None and audience not in SEES:
        raise ValueError(f"no audience {audience!r}: there is {', '.join(SEES)}")


def _named(paths: str | PathLike[str] | Iterable[str | PathLike[str]]) -> list[str]:
    return [fspath(path) for path in ([paths] if isinstance(paths, str | PathLike) else paths)]


def frame(
    report: "Comparison | Published", name: str = "overlap", *, layout: str = "long",
    cell: str = "id",
) -> pd.DataFrame:  # fmt: skip
    """One view as a frame, wide too; a payer's column is text."""
    published = report.published if isinstance(report, Comparison) else report
    table = view(published, name, layout, cell)
    return _framed(table, {head: column(name, head) for head in table.columns})


def _framed(table: Table, columns: Mapping[str, Column]) -> pd.DataFrame:
    """A table with a type to each column; what is not stated is missing."""
    data = {}
    for i, head in enumerate(table.columns):
        holds = columns[head].holds
        dtype: Any = DTYPES[holds]
        data[head] = pd.Series([_value(row[i], holds) for row in table.rows], dtype=dtype)
    return pd.DataFrame(data, columns=list(table.columns))


def _value(value: Cell, holds: Holds) -> Any:
    if value is None or value == "":
        return pd.NA
    if holds is Holds.TEXT:
        return visible(str(value))
    if holds is Holds.FLAG:
        return value == "true"
    return float(value) if holds is Holds.NUMBER else int(value)


# --- the parts ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A frame of a report: a row for what, its columns, and how its rows are made."""

    row: str
    columns: Mapping[str, Column]
    rows: Callable[[Published], Iterable[tuple[Cell, ...]]]


def _of_view(name: str, row: str, layout: str = "long") -> Part:
    """A part that is a view, in the layout in which every row is one thing."""

    def rows(published: Published) -> Iterable[tuple[Cell, ...]]:
        return view(published, name, layout).rows

    heads = _HEADS.get(name, tuple(COLUMNS[name]))
    return Part(row, {head: COLUMNS[name][head] for head in heads}, rows)


def _divergence(published: Published) -> Iterable[tuple[Cell, ...]]:
    told = {(d.concept, d.attribute): d for d in published.report.divergences}
    for row in view(published, "divergence", "long").rows:
        one = told[str(row[0]), str(row[_HEADS["divergence"].index("attribute")])]
        counted = "true" if one.counted else "false"
        yield (*row, one.cause, counted, one.note, settled(one))


def _concepts(published: Published) -> Iterable[tuple[Cell, ...]]:
    table = view(published, "overlap", "wide")
    places = [table.columns.index(head) for head in _OF_A_CONCEPT]
    return (tuple(row[i] for i in places) for row in table.rows)


def _measures(published: Published) -> Iterable[tuple[Cell, ...]]:
    for row in sorted(published.report.rows, key=lambda r: r.concept.id):
        for m in row.concept.members:
            ids = "; ".join(f"{s} {v}" for s, vs in sorted((m.ids or {}).items()) for v in vs)
            fields = (stated(getattr(m, name)) if m.states(name) else None for name in _STATED)
            yield (m.payer, m.id, m.title, row.concept.id, m.rate_of, ids, *fields)


def _payers(published: Published) -> Iterable[tuple[Cell, ...]]:
    for p in published.report.payers:
        counted = "true" if p.counted else "false"
        names = p.payer, p.name or p.payer
        yield (*names, p.stands_as, counted, p.complete, listed(p), p.measurement_year)


_HEADS: Final = {
    "overlap": ("concept", "label", "payer", "measure", "title", "family", "domain", "role",
                "source", "decision"),
    "divergence": ("concept", "label", "dimension", "attribute", "severity", "payer", "value",
                   "source", "cause", "counted", "note", "decision"),
    "signals": ("rank", "concept", "label", "signal", "payer", "value", "source", "pull",
                "conflict", "family"),
}  # fmt: skip
_OF_A_CONCEPT: Final = (
    "concept", "label", "family", "domain", "used_by", "could_use", "differs", "decision",
)  # fmt: skip
_OF_AN_ITEM: Final = {
    "payer": COLUMNS["overlap"]["payer"],
    "measure": COLUMNS["overlap"]["measure"],
    "title": COLUMNS["overlap"]["title"],
    "concept": COLUMNS["overlap"]["concept"],
    "rate_of": Column("The measure of which it is a rate."),
    "ids": Column("Identifiers that are given, each with its system."),
}
_OF_A_PAYER: Final = {
    "payer": COLUMNS["overlap"]["payer"],
    "name": Column("Name of the payer's programme."),
    "role": COLUMNS["overlap"]["role"],
    "counted": Column("Whether it is in the figures.", Holds.FLAG),
    "complete": Column(
        "Whether the list says that it is whole; missing: it does not say.", Holds.FLAG
    ),
    "measures": Column("Printed lines, rates aside.", Holds.WHOLE),
    "measurement_year": Column("The year in which the care happens."),
}
_STATED: Final = tuple(
    name for name in ATTRIBUTES if name != "rates" and not declared(Measure)[name].hidden
)

PARTS: Final[Mapping[str, Part]] = {
    "overlap": _of_view("overlap", "a measure or rate in a list, with its concept"),
    "concepts": Part(
        "a concept: one measure as several payers hold it",
        {head: COLUMNS["overlap"][head] for head in _OF_A_CONCEPT},
        _concepts,
    ),
    "measures": Part(
        "a measure or rate in a list, with what the payer states",
        _OF_AN_ITEM | {name: Column(declared(Measure)[name].help) for name in _STATED},
        _measures,
    ),
    "payers": Part("a list", _OF_A_PAYER, _payers),
    "divergence": Part(
        "a value that a payer states where others state another",
        {h: COLUMNS["divergence"][h] for h in _HEADS["divergence"]},
        _divergence,
    ),
    "pairs": _of_view("pairs", "a pair that is one measure, or might be"),
    "related": _of_view("related", "a pair that looks alike and is not one measure"),
    "questions": _of_view("questions", "something that is not stated and would decide"),
    "decisions": _of_view("decisions", "a decision, and what has become of it"),
    "signals": _of_view("signals", "what a payer tells a practice where others tell too"),
    "addable": _of_view("addable", "two lists, or a measure that both ask for"),
    "withheld": _of_view("withheld", "a field that payers hold back from this reader"),
    "summary": _of_view("summary", "a figure"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """What `compare` found; each part is a frame, and `PARTS` says what its columns hold."""

    published: Published

    @property
    def report(self) -> Any:
        """The report from which the frames are made."""
        return self.published.report

    def part(self, name: str) -> pd.DataFrame:
        """One part by its name."""
        part = PARTS[name]
        heads = tuple(part.columns)
        return _framed(Table(heads, tuple(part.rows(self.published))), part.columns)

    @property
    def overlap(self) -> pd.DataFrame:
        """Every measure of every list, with its concept."""
        return self.part("overlap")

    @property
    def concepts(self) -> pd.DataFrame:
        """Every concept, with how many use it."""
        return self.part("concepts")

    @property
    def measures(self) -> pd.DataFrame:
        """Every measure with what its payer states."""
        return self.part("measures")

    @property
    def payers(self) -> pd.DataFrame:
        """The lists."""
        return self.part("payers")

    @property
    def divergence(self) -> pd.DataFrame:
        """What payers state differently."""
        return self.part("divergence")

    @property
    def pairs(self) -> pd.DataFrame:
        """Pairs that are one measure, or might be."""
        return self.part("pairs")

    @property
    def related(self) -> pd.DataFrame:
        """Look-alikes that are not one measure."""
        return self.part("related")

    @property
    def questions(self) -> pd.DataFrame:
        """What is not stated and would decide."""
        return self.part("questions")

    @property
    def decisions(self) -> pd.DataFrame:
        """What has been decided, and what has become of it."""
        return self.part("decisions")

    @property
    def signals(self) -> pd.DataFrame:
        """What a practice is told by whom, the hardest conflict first."""
        return self.part("signals")

    @property
    def addable(self) -> pd.DataFrame:
        """Whether the results of two payers could be added up."""
        return self.part("addable")

    @property
    def withheld(self) -> pd.DataFrame:
        """What payers hold back from this reader."""
        return self.part("withheld")

    @property
    def summary(self) -> pd.DataFrame:
        """The figures."""
        return self.part("summary")

    def __repr__(self) -> str:
        """The title of the page and its first figures."""
        found = page(self.published)
        return f"<{visible(found.title)}: {visible(found.figures[0])}>"

    def _repr_html_(self) -> str:
        """First figures and the table of the committee."""
        return glance(page(self.published))


def documented() -> str:
    """What every frame holds, as the tables of `docs/notebook.md`."""
    lines = []
    for name, part in PARTS.items():
        lines += ["", f"### `report.{name}`", "", f"A row is {part.row}.", "",
                  "| column | dtype | meaning |", "|---|---|---|"]  # fmt: skip
        lines += [
            f"| `{head}` | `{DTYPES[one.holds]}` | {one.means} |"
            for head, one in part.columns.items()
        ]
    return "\n".join(lines[1:]) + "\n"
