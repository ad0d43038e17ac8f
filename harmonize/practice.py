"""The sheet for a practice: what to do, once; for whom, by when; and where its payers differ."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from harmonize.audience import Published
from harmonize.fields import DATA_SOURCES, declared
from harmonize.figures import listed
from harmonize.measures import Measure
from harmonize.positions import Position
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.units import Unit
from harmonize.unsaid import Known
from harmonize.values import Ages, Count, Duration, Text, Threshold, stated

LONG: Final = 160  # characters of a free text that a sheet shows
STD: Final = "by the standard"

# What a practice asks of a measure, and the fields that answer.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "Who": ("ages", "sex"),
    "What": ("numerator", "events"),
    "By when": ("follow_up", "lookback"),
    "Counted": ("threshold",),
    "Aim": ("improvement_notation", "target"),
    "Numbers from": ("data_source",),
}
# What the declarations say too tersely for a practice; the others are called as declared.
_PLAIN: Final = {
    "threshold": "the value that counts",
    "rates": "which parts are asked",
    "data_source": "where the numbers come from",
}
_SOURCES: Final = {
    "ehr": "the electronic record",
    "ecds": "electronic clinical data (ECDS)",
    "hybrid": "claims and chart review",
    "chart": "chart review",
    "registry": "a registry",
    "survey": "a survey",
    "hie": "the health information exchange",
}
_SIDES: Final = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "exactly"}
_BETTER: Final = {"increase": "a higher rate is better", "decrease": "a lower rate is better"}


@dataclass(frozen=True, slots=True)
class Differs:
    """Something in which payers differ, and what each of them wants."""

    what: str
    wants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A measure, once: what it is called, who asks, what is to be done, where payers differ.

    `facts` are (question, answer); what no payer states is left out.
    """

    short: str
    name: str
    payers: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    differs: tuple[Differs, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it, in the order of reading: first what several payers ask for."""

    title: str
    figures: tuple[str, ...]
    shared: tuple[tuple[str, tuple[Task, ...]], ...]  # by domain
    alone: tuple[tuple[str, tuple[Task, ...]], ...]  # by payer
    ask: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Maps:
    """What is looked up for every measure: rows by concept, payers by slug, labels by item."""

    rows: Mapping[str, Row]
    payers: Mapping[str, MeasureSet]
    labels: Mapping[str, str]
    standard: Known

    def head(self, payer: str) -> str:
        return self.payers[payer].head

    def asked(self, unit: Unit) -> list[tuple[Row, list[Measure]]]:
        """The rows of a measure, each with the items of those who ask for it."""
        own = (self.rows[name] for name in unit.concepts)
        return [(row, [m for m in row.concept.members if m.payer in unit.asks]) for row in own]


def _maps(report: Report) -> _Maps:
    return _Maps(
        rows={r.concept.id: r for r in report.rows},
        payers={p.payer: p for p in report.counted},
        labels={m.ref: r.concept.label for r in report.rows for m in r.concept.members},
        standard=report.standard,
    )


def sheet(published: Published) -> Sheet:
    """The sheet; references and internal lists have no part in it, for nobody is paid by them."""
    report = published.report
    maps = _maps(report)
    places = {name: i for i, name in enumerate(maps.rows)}
    units = sorted(report.units, key=lambda u: min(places[c] for c in u.concepts))
    shared: dict[str, list[Task]] = {}
    alone: dict[str, list[Task]] = {}
    for unit in units:
        task = _task(unit, maps)
        if len(unit.asks) > 1:
            shared.setdefault(maps.rows[unit.concepts[0]].concept.domain, []).append(task)
        else:
            alone.setdefault(maps.head(unit.asks[0]), []).append(task)
    several = [task for tasks in shared.values() for task in tasks]
    single = [task for tasks in alone.values() for task in tasks]
    payers = "one payer asks" if len(maps.payers) == 1 else f"{len(maps.payers)} payers ask"
    return Sheet(
        title=f"What {payers} of a practice: each measure once",
        figures=_figures(report, len(several)),
        shared=tuple((domain, tuple(tasks)) for domain, tasks in shared.items()),
        alone=tuple((head, tuple(tasks)) for head, tasks in sorted(alone.items())),
        ask=tuple(_ask(report, maps)),
        notes=tuple(_notes(report, several + single)),
    )


def _figures(report: Report, shared: int) -> tuple[str, ...]:
    asks = sum(len(u.asks) for u in report.units)
    pulled = sum(pulls(report))
    counted = [m for p in report.counted for m in p.measures or () if m.rate_of is None]
    no_source = sum(not m.states("data_source") for m in counted)
    lines = sum(map(listed, report.counted))
    return (
        (
            f"{lines} lines in their lists are {asks} asks, and {len(report.units)} measures: "
            f"{shared} for two or more payers, {len(report.units) - shared} for one"
        ),
        (
            f"{pulled} pulls of data (a measure, a source, a period) serve the {asks} asks: "
            f"{asks - pulled} asks need no pull of their own"
        ),
        (
            f"{no_source} of {lines} lines do not say where the numbers come from: "
            "there, one pull is taken to serve all who ask"
        ),
    )


# --- one measure --------------------------------------------------------------------------------


def _task(unit: Unit, maps: _Maps) -> Task:
    asked = maps.asked(unit)
    facts = [tuple(_facts(row, members, maps.standard)) for row, members in asked]
    rates = [maps.labels[r.ref] for _, members in asked for m in members for r in m.rates or ()]
    parts = [row.concept.label for row, _ in asked if row.concept.label != unit.label]
    if len(set(facts)) == 1:
        told = facts[0]
        parts = [*rates, *(parts if len(asked) > 1 else ())]
    else:
        told = tuple((row.concept.label.removeprefix(f"{unit.label}: "), _in_a_line(each))
                     for (row, _), each in zip(asked, facts, strict=True))  # fmt: skip
        parts = []
    if parts:
        names = dict.fromkeys(part.removeprefix(f"{unit.label}: ") for part in parts)
        told += (("Parts", "; ".join(names)),)
    differs = [one for row, _ in asked for one in _differs(row, maps)]
    return Task(
        short=asked[0][0].concept.acronym or "",
        name=unit.label,
        payers=tuple(map(maps.head, unit.asks)),
        facts=told,
        differs=tuple(dict.fromkeys(differs)),
    )


def _in_a_line(facts: Iterable[tuple[str, str]]) -> str:
    return "; ".join(answer for _, answer in facts) or "nothing more is said"


def _facts(row: Row, members: list[Measure], standard: Known) -> Iterator[tuple[str, str]]:
    """What all who speak say, and what the standard says where nobody speaks."""
    differ = {one.attribute for one in row.differences if one.counted}
    for question, fields in ASKED.items():
        answers = [_answer(members, name, standard) for name in fields if name not in differ]
        if any(answers):
            yield question, ", ".join(filter(None, answers))


def _answer(members: list[Measure], name: str, standard: Known) -> str:
    """The answer to what nobody answers differently."""
    said = [m for m in members if m.states(name)]
    if said and name == "data_source":
        return _common(members)
    if said:
        texts = [spoken(name, getattr(m, name)) for m in said]
        if len({m.payer for m in said}) == 1:
            return "; ".join(dict.fromkeys(texts))
        return min(texts, key=lambda text: (-texts.count(text), text))
    known = {
        spoken(name, one.value)
        for m in members
        for one in standard.get(m.ref, ())
        if one.attribute == name
    }
    return f"{next(iter(known))} ({STD})" if len(known) == 1 else ""


def _sources(members: Iterable[Measure]) -> dict[str, tuple[str, ...]]:
    """The alternatives of each payer that names some; lines that only collect differently add."""
    found: dict[str, dict[str, None]] = {}
    for m in members:
        if m.states("data_source"):
            found.setdefault(m.payer, {}).update(dict.fromkeys(m.data_source or ()))
    return {payer: tuple(sorted(own, key=DATA_SOURCES.index)) for payer, own in found.items()}


def _common(members: list[Measure]) -> str:
    """The sources of data that everybody accepts who names some."""
    named = [*dict.fromkeys(_sources(members).values())]
    common = [one for one in named[0] if all(one in other for other in named)]
    tail = " (all who say take it)" if len(named) > 1 else ""
    return f"{spoken('data_source', common)}{tail}" if common else ""


def _differs(row: Row, maps: _Maps) -> Iterator[Differs]:
    """What payers say differently: all that a practice asks, and what somebody has to settle."""
    asked = [name for fields in ASKED.values() for name in fields]
    counted = {one.attribute: one for one in row.differences if one.counted}
    settle = [name for name, one in counted.items() if one.asks and name not in asked]
    for name in (*(name for name in asked if name in counted), *settle):
        one = counted[name]
        said = [
            ([maps.head(p) for p in position.payers if p in maps.payers],
             _position(row, name, position) if name in asked else _short(position.words))
            for position in one.positions
        ]  # fmt: skip
        said.sort(key=lambda each: (-len(each[0]), each[1]))
        silent = [maps.head(p) for p in one.silent if p in maps.payers]
        said += [(silent, "does not say")]
        what = f"{_called(name)} ({_short(one.note)})" if one.note else _called(name)
        yield Differs(what, tuple(f"{', '.join(who)}: {text}" for who, text in said if who))


def _position(row: Row, name: str, position: Position) -> str:
    """A stance in plain words, as most of those who take it say it."""
    own = [m for m in row.concept.members if m.payer in position.payers and m.states(name)]
    if name == "data_source":
        return spoken(name, _sources(own)[position.payers[0]])
    said = (getattr(m, name) for m in own)
    return next(spoken(name, value) for value in said if stated(value) == position.value)


# --- plain words --------------------------------------------------------------------------------


def _called(name: str) -> str:
    """A field as it is declared, without what explains it."""
    said = re.split(r"[,:.]", declared(Measure)[name].help)[0]
    return _PLAIN.get(name, said[:1].lower() + said[1:])


def spoken(name: str, value: Any) -> str:
    """A value in the words of somebody who has to do it."""
    if isinstance(value, Ages):
        return _ages(value)
    if isinstance(value, Threshold):
        return " and ".join(_cut(cut) for cut in value.cuts)
    if isinstance(value, Duration):
        return f"{'within' if name == 'follow_up' else 'counted if within the last'} {value.text}"
    if isinstance(value, Count) and name == "events":
        return "once" if value.number == 1 else f"{value.number} times"
    if name == "data_source":
        return _or([_SOURCES.get(one, one) for one in value])
    if name == "improvement_notation":
        return _BETTER.get(value, stated(value))
    if name == "target":
        return f"a rate of {stated(value)}" if stated(value) != "none" else "no rate is set"
    if isinstance(value, Text):
        return _short(value.text)
    return _short(stated(value))


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _ages(value: Ages) -> str:
    brief = value.brief
    if brief.endswith("+"):
        return f"{brief[:-1]} years and older"
    if brief.startswith("<"):
        return f"under {brief[1:]} years"
    return f"{brief.replace('-', ' to ')} years" if brief else value.text


def _cut(cut: Any) -> str:
    numbers = "/".join(f"{float(n):g}" for n in cut.numbers)
    unit = {"%": "%", "mm hg": " mm Hg", None: ""}.get(cut.unit, f" {cut.unit}")
    people = f" for {cut.people}" if cut.people else ""
    return f"{_SIDES[cut.operator]} {numbers}{unit}{people}"


def _short(text: str) -> str:
    text = " ".join(text.split())  # on one line, whatever lines the payer wrote
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."


# --- pulls of data ------------------------------------------------------------------------------


def pulls(report: Report) -> tuple[int, ...]:
    """For each measure of a report the fewest pulls of data that serve all who ask for it.

    A pull is a measure, a source of data and a period.  Who states no source, or no period, is
    taken to be served by a pull that somebody else needs.
    """
    maps = _maps(report)
    return tuple(_pulls(unit, maps) for unit in report.units)


def _pulls(unit: Unit, maps: _Maps) -> int:
    asked = [m for _, members in maps.asked(unit) for m in members]
    by_period: dict[str | None, list[Measure]] = {}
    for item in asked:
        by_period.setdefault(_period(item, maps.payers[item.payer]), []).append(item)
    needs = {
        period: {frozenset(sources) for sources in _sources(own).values()}
        for period, own in by_period.items()
    }
    anywhen = needs.pop(None, set())
    if not needs:
        return _fewest(anywhen)
    first, *others = sorted(needs, key=str)
    return _fewest(needs[first] | anywhen) + sum(_fewest(needs[one]) for one in others)


def _period(item: Measure, payer: MeasureSet) -> str | None:
    own = item.measurement_period if item.states("measurement_period") else None
    return own or payer.measurement_year


def _fewest(alternatives: set[frozenset[str]]) -> int:
    """The fewest sources of which everybody who names some accepts one; one where nobody does."""
    sources = sorted({source for one in alternatives for source in one})
    for number in range(1, len(sources) + 1):
        for chosen in combinations(sources, number):
            if all(one & set(chosen) for one in alternatives):
                return number
    return 1


# --- the rest -----------------------------------------------------------------------------------


def _ask(report: Report, maps: _Maps) -> Iterator[str]:
    """What is worth a question first: one measure or two, and which specification is meant."""
    for pair in report.crosswalk.possible:
        if {pair.left.payer, pair.right.payer} <= maps.payers.keys():
            yield (
                f"May be one measure: {maps.head(pair.left.payer)}: {_short(pair.left.title)} | "
                f"{maps.head(pair.right.payer)}: {_short(pair.right.title)}"
            )
    for one in report.questions:
        if one.attribute == "follows" and one.measure and one.payer in maps.payers:
            label = maps.labels[f"{one.payer}/{one.measure}"]
            yield f"{maps.head(one.payer)}, {_short(label)}: {_short(one.question)}"


def _notes(report: Report, tasks: Iterable[Task]) -> Iterator[str]:
    for payer in report.counted:
        year = f", care of {payer.measurement_year}" if payer.measurement_year else ""
        part = ", list not complete" if payer.is_partial else ""
        yield f"{payer.head}: {payer.name or payer.payer}{year}{part}"
    if any(STD in answer for task in tasks for _, answer in task.facts):
        yield f"({STD}): the payer does not say it, the standard that it cites does"
