"""The sheet for a practice: what to do, once; for whom, by when; and where its payers differ."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from harmonize.audience import Published
from harmonize.fields import DATA_SOURCES
from harmonize.figures import listed
from harmonize.measures import Measure
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.units import Unit
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
# Fields in the words of somebody who has to do it; others are called by their names.
_PLAIN: Final = {
    "ages": "who counts, by age",
    "sex": "who counts, by sex",
    "numerator": "what has to happen",
    "denominator": "who counts",
    "denominator_exclusions": "who is left out",
    "denominator_exceptions": "who may be left out",
    "events": "how often it has to happen",
    "follow_up": "the time allowed",
    "lookback": "how far back it counts",
    "threshold": "the value that counts",
    "improvement_notation": "whether high or low is good",
    "target": "the rate to reach",
    "data_source": "where the numbers come from",
    "measurement_period": "the period",
    "rates": "which parts are asked",
    "combination": "which combination is asked",
    "continuous_enrollment": "how long a patient has to be enrolled",
    "minimum_denominator": "how many patients it takes",
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


def sheet(published: Published) -> Sheet:
    """The sheet; references and internal lists have no part in it, for nobody is paid by them."""
    report = published.report
    rows = {r.concept.id: r for r in report.rows}
    places = {name: i for i, name in enumerate(rows)}
    heads = {p.payer: p.head for p in report.counted}
    units = sorted(report.units, key=lambda u: min(places[c] for c in u.concepts))
    shared: dict[str, list[Task]] = {}
    alone: dict[str, list[Task]] = {}
    for unit in units:
        task = _task(unit, rows, report, heads)
        if len(unit.asks) > 1:
            shared.setdefault(rows[unit.concepts[0]].concept.domain, []).append(task)
        else:
            alone.setdefault(heads[unit.asks[0]], []).append(task)
    several = [task for tasks in shared.values() for task in tasks]
    single = [task for tasks in alone.values() for task in tasks]
    payers = "one payer asks" if len(heads) == 1 else f"{len(heads)} payers ask"
    return Sheet(
        title=f"What {payers} of a practice: each measure once",
        figures=_figures(report, len(several)),
        shared=tuple((domain, tuple(tasks)) for domain, tasks in shared.items()),
        alone=tuple((head, tuple(tasks)) for head, tasks in sorted(alone.items())),
        ask=tuple(_ask(report, heads)),
        notes=tuple(_notes(report, several + single)),
    )


def _figures(report: Report, shared: int) -> tuple[str, ...]:
    asks = sum(len(u.asks) for u in report.units)
    pulled = sum(pulls(u, report) for u in report.units)
    counted = [m for p in report.counted for m in p.measures or () if m.rate_of is None]
    no_source = sum(not m.data_source for m in counted)
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


def _task(unit: Unit, rows: Mapping[str, Row], report: Report, heads: Mapping[str, str]) -> Task:
    own = [rows[name] for name in unit.concepts]
    members = [[m for m in row.concept.members if m.payer in unit.asks] for row in own]
    facts = [tuple(_facts(each, report)) for each in members]
    labels = {m.ref: r.concept.label for r in report.rows for m in r.concept.members}
    rates = [labels[rate.ref] for each in members for m in each for rate in m.rates or ()]
    parts = [row.concept.label for row in own if row.concept.label != unit.label]
    if len(set(facts)) == 1:
        told = facts[0]
        parts = [*rates, *(parts if len(own) > 1 else ())]
    else:
        told = tuple((row.concept.label.removeprefix(f"{unit.label}: "), _in_a_line(each))
                     for row, each in zip(own, facts, strict=True))  # fmt: skip
        parts = []
    if parts:
        names = dict.fromkeys(part.removeprefix(f"{unit.label}: ") for part in parts)
        told += (("Parts", "; ".join(names)),)
    differs = [
        d for row, each in zip(own, members, strict=True) for d in _differs(row, each, heads)
    ]
    return Task(
        short=own[0].concept.acronym or "",
        name=unit.label,
        payers=tuple(heads[p] for p in unit.asks),
        facts=told,
        differs=tuple(dict.fromkeys(differs)),
    )


def _in_a_line(facts: Iterable[tuple[str, str]]) -> str:
    return "; ".join(answer for _, answer in facts) or "nothing more is said"


def _facts(members: list[Measure], report: Report) -> Iterator[tuple[str, str]]:
    """What all who speak say, and what the standard says where nobody speaks."""
    for question, fields in ASKED.items():
        answers = [answer for name in fields if (answer := _answer(members, name, report))]
        if answers:
            yield question, ", ".join(answers)


def _answer(members: list[Measure], name: str, report: Report) -> str:
    said = _said(members, name)
    if said:
        if name == "data_source" and len(said) > 1:
            common = _common(members)
            return f"{spoken(name, common)} (all who say take it)" if common else ""
        return next(iter(said)) if len(said) == 1 else ""
    known = {
        spoken(name, one.value)
        for m in members
        for one in report.standard.get(m.ref, ())
        if one.attribute == name
    }
    return f"{next(iter(known))} ({STD})" if len(known) == 1 else ""


def _said(members: list[Measure], name: str) -> dict[str, list[str]]:
    """What is said of a field, and by which payers."""
    found: dict[str, list[str]] = {}
    if name == "data_source":
        for payer, sources in _sources(members).items():
            found.setdefault(spoken(name, sources), []).append(payer)
        return found
    for m in members:
        if (value := getattr(m, name)) is not None:
            who = found.setdefault(spoken(name, value), [])
            who += [m.payer] if m.payer not in who else []
    return found


def _sources(members: Iterable[Measure]) -> dict[str, tuple[str, ...]]:
    """The alternatives of each payer that names some; lines that only collect differently add."""
    found: dict[str, dict[str, None]] = {}
    for m in members:
        if m.data_source:
            found.setdefault(m.payer, {}).update(dict.fromkeys(m.data_source))
    return {payer: tuple(sorted(own, key=DATA_SOURCES.index)) for payer, own in found.items()}


def _common(members: list[Measure]) -> tuple[str, ...]:
    """The sources of data that everybody accepts who names some."""
    named = [*_sources(members).values()]
    return tuple(one for one in named[0] if all(one in other for other in named))


def _differs(row: Row, members: list[Measure], heads: Mapping[str, str]) -> Iterator[Differs]:
    """What payers say differently, whether or not somebody has to settle it."""
    notes = {d.attribute: d.note for d in row.differences}
    asked = [name for fields in ASKED.values() for name in fields]
    for name in asked:
        said = _said(members, name)
        if len(said) < 2 or (name == "data_source" and _common(members)):
            continue
        silent = {m.payer for m in members} - {p for who in said.values() for p in who}
        yield _each(name, said, silent, notes.get(name, ""), heads)
    for one in row.open:
        if one.attribute not in asked:
            said = {_short(p.words): [x for x in p.payers if x in heads] for p in one.positions}
            yield _each(one.attribute, said, set(one.silent) & heads.keys(), one.note, heads)


def _each(
    name: str,
    said: Mapping[str, list[str]],
    silent: AbstractSet[str],
    note: str,
    heads: Mapping[str, str],
) -> Differs:
    ordered = sorted(said.items(), key=lambda each: (-len(each[1]), each[0]))
    wants = [f"{', '.join(heads[p] for p in who)}: {text}" for text, who in ordered if who]
    if silent:
        wants.append(f"{', '.join(heads[p] for p in sorted(silent))}: does not say")
    what = _PLAIN.get(name, name.replace("_", " "))
    return Differs(f"{what} ({_short(note)})" if note else what, tuple(wants))


# --- plain words --------------------------------------------------------------------------------


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
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."


# --- pulls of data ------------------------------------------------------------------------------


def pulls(unit: Unit, report: Report) -> int:
    """The fewest pulls of data that serve all who ask for a measure.

    A pull is a measure, a source of data and a period.  Who states no source, or no period, is
    taken to be served by a pull that somebody else needs.
    """
    payers = {p.payer: p for p in report.counted}
    asked = [
        m
        for row in report.rows
        if row.concept.id in unit.concepts
        for m in row.concept.members
        if m.payer in unit.asks
    ]
    by_period: dict[str | None, list[Measure]] = {}
    for item in asked:
        by_period.setdefault(_period(item, payers[item.payer]), []).append(item)
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
    return item.measurement_period or payer.measurement_year


def _fewest(alternatives: set[frozenset[str]]) -> int:
    """The fewest sources of which everybody who names some accepts one; one where nobody does."""
    sources = sorted({source for one in alternatives for source in one})
    for number in range(1, len(sources) + 1):
        for chosen in combinations(sources, number):
            if all(one & set(chosen) for one in alternatives):
                return number
    return 1


# --- the rest -----------------------------------------------------------------------------------


def _ask(report: Report, heads: Mapping[str, str]) -> Iterator[str]:
    """What is worth a question first: one measure or two, and which specification is meant."""
    for pair in report.crosswalk.possible:
        if {pair.left.payer, pair.right.payer} <= heads.keys():
            yield (
                f"May be one measure: {heads[pair.left.payer]}: {_short(pair.left.title)} | "
                f"{heads[pair.right.payer]}: {_short(pair.right.title)}"
            )
    labels = {m.ref: r.concept.label for r in report.rows for m in r.concept.members}
    for one in report.questions:
        if one.attribute == "follows" and one.measure and one.payer in heads:
            label = labels[f"{one.payer}/{one.measure}"]
            yield f"{heads[one.payer]}, {_short(label)}: {_short(one.question)}"


def _notes(report: Report, tasks: Iterable[Task]) -> Iterator[str]:
    for payer in report.counted:
        year = f", care of {payer.measurement_year}" if payer.measurement_year else ""
        part = ", list not complete" if payer.is_partial else ""
        yield f"{payer.head}: {payer.name or payer.payer}{year}{part}"
    if any(STD in answer for task in tasks for _, answer in task.facts):
        yield f"({STD}): the payer does not say it, the standard that it cites does"
