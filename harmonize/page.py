"""The report as a committee reads it: first figures, one table, what to settle, what to ask."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from harmonize.audience import Published
from harmonize.divergence import Divergence
from harmonize.figures import Figure
from harmonize.measures import ATTRIBUTES, Measure
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.standards import Standard, called
from harmonize.unsaid import Question
from harmonize.values import stated
from harmonize.views import cell, cell_ask

ALL_ROWS: Final = 45  # up to so many rows the table shows what stands in one list only
LONG: Final = 160  # characters of a free text that a page shows

IN, OUT, OUTSIDE = "+", ".", "x"
STD: Final = "[std]"
SHORT_STD: Final = "^"  # the same in a narrow column
ELSEWHERE: Final = "*"  # cites another specification than others
MORE: Final = 8  # measures that a question names
PAIRS: Final = 60  # pairs of which is asked, one by one, whether they are one measure
FEW: Final = 3  # measures of which a payer is asked one by one; of more, for the specification


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the table: a payer; `group` says whether it counts."""

    payer: str
    text: str
    name: str
    group: str
    partial: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a concept, what each payer asks, and where its differences stand.

    `plain` holds for each payer only whether it is in the list, for pages with no room for more;
    `concept`, `cited` (identifiers) and `differs` (attributes) are for pages with room for more.
    """

    concept: str
    domain: str
    acronym: str
    label: str
    cells: tuple[str, ...]
    plain: tuple[str, ...]
    used: str
    mark: str
    cited: str = ""
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to settle, to know or to ask: a mark, a heading and its lines."""

    mark: str
    heading: str
    lines: tuple[str, ...]


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


def page(published: Published, kind: str = "ask") -> Page:
    """The page; `kind` says what the cells show."""
    report = published.report
    heads = _heads(report)
    marks, settle, known = _differences(report)
    shown, singles = _chosen(report)
    cells = partial(_cell, kind=kind, report=report, other=_elsewhere(report))
    blocks = _blocks(shown, heads, marks, cells)
    return Page(
        title=_title(report),
        figures=_figures(report),
        heads=heads,
        blocks=blocks,
        notes=_notes(blocks, heads),
        sections=(
            ("TO SETTLE: vote, or record why not", settle),
            ("NO VOTE NEEDED: known, and no change of what is asked", known),
            ("TO ASK", _to_ask(report)),
            (f"FROM THE STANDARD {STD}, not stated by the payer", _from_the_standard(report)),
            ("LOOK-ALIKES that are not one measure", _look_alikes(report)),
            ("IN ONE LIST ONLY", _alone(report, singles)),
        ),
        endings=_endings(report),
    )


def matrix(published: Published, kind: str = "ask") -> tuple[Line, ...]:
    """Every concept as a row of the table, in the order of reading; `kind` as on the page."""
    report = published.report
    cells = partial(_cell, kind=kind, report=report, other=_elsewhere(report))
    marks, _, _ = _differences(report)
    heads = _heads(report)
    return tuple(_line(row, heads, marks, cells) for row in report.rows)


def _heads(report: Report) -> tuple[Head, ...]:
    groups = {"contract": "contracts", "internal": "internal", "reference": "reference"}
    ordered = sorted(
        report.payers, key=lambda p: (list(groups).index(p.role or "contract"), p.payer)
    )
    return tuple(
        Head(
            payer=p.payer,
            text=p.head,
            name=p.name or p.payer,
            group=groups[p.role or "contract"],
            partial=p.complete == "false",
        )
        for p in ordered
    )


def _title(report: Report) -> str:
    counted = report.counted
    drafts = any(p.status == "draft" for p in counted)
    partial = sum(p.complete == "false" for p in counted)
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
    domains = [f for f in report.summary if f.figure.startswith("domain:")]
    types = [f for f in report.summary if f.figure.startswith("type:")]
    if distinct.value:
        lines.append(f"By domain: {_spread(domains)}. By type: {_spread(types)}")
    return tuple(lines)


def _spread(figures: Iterable[Figure]) -> str:
    ordered = sorted(figures, key=lambda f: (-f.value, f.figure))
    return ", ".join(f"{f.figure.split(':', 1)[1]} {f.value}" for f in ordered)


def _chosen(report: Report) -> tuple[list[Row], list[Row]]:
    """Rows of the table, and those that stand in one list only and are told below it."""
    printed = [r for r in report.rows if r.used_by and any(_own_line(m) for m in r.concept.members)]
    if len(printed) <= ALL_ROWS:
        return printed, []
    shared = [r for r in printed if r.used_by >= 2]
    families = {r.family.id for r in shared}
    shown = [r for r in printed if r.used_by >= 2 or (r.family.id in families)]
    chosen = {r.concept.id for r in shown}
    return shown, [r for r in printed if r.concept.id not in chosen]


def _own_line(item: Measure) -> bool:
    return item.rate_of is None and item.part != "component"


Blocks = tuple[tuple[str, tuple[Line, ...]], ...]


def _blocks(
    rows: list[Row], heads: tuple[Head, ...], marks: dict[str, str], told: Callable[[Row, str], str]
) -> Blocks:
    blocks: dict[str, list[Line]] = {}
    first: dict[str, str] = {}
    above = ""
    for row in rows:
        domain = first.setdefault(row.family.id, row.concept.domain)
        line = _line(row, heads, marks, told)
        if above and row.concept.label.startswith(f"{above}:"):
            part = row.concept.label.removeprefix(f"{above}:").strip()
            line = replace(line, label=f"  - {part}")
        else:
            above = row.concept.label
        blocks.setdefault(domain, []).append(line)
    return tuple((domain.upper(), tuple(lines)) for domain, lines in blocks.items())


def _line(
    row: Row, heads: tuple[Head, ...], marks: dict[str, str], told: Callable[[Row, str], str]
) -> Line:
    shared = len(row.held) >= 2
    return Line(
        concept=row.concept.id,
        domain=row.concept.domain,
        acronym=row.concept.acronym or "",
        label=row.concept.label,
        cells=tuple(told(row, h.payer) for h in heads),
        plain=tuple(_presence(row, h.payer) for h in heads),
        used=f"{row.used_by}/{row.could_use}",
        mark=marks.get(row.concept.id, "ok" if shared else ""),
        cited=_cited(row),
        differs=", ".join(dict.fromkeys(_named(d) for d in row.open or row.differences)),
    )


def _cited(row: Row) -> str:
    """The identifiers that the lines of a row give, each once."""
    found = {(s, v) for m in row.concept.members for s, own in (m.ids or {}).items() for v in own}
    return "; ".join(v if s == "cms" else f"{called(s)} {v}".strip() for s, v in sorted(found))


def _presence(row: Row, payer: str) -> str:
    if payer in row.held:
        return IN
    return OUTSIDE if payer in row.outside else OUT


def _elsewhere(report: Report) -> frozenset[str]:
    """Lines that cite another specification than others do."""
    return frozenset(
        f"{q.payer}/{q.measure}" for q in report.questions if q.attribute == "follows" and q.measure
    )


def _cell(row: Row, payer: str, kind: str, report: Report, other: frozenset[str]) -> str:
    """What a payer asks; what its standard adds, and that it cites another than others do."""
    items = row.held.get(payer)
    if not items:
        return _presence(row, payer)
    if kind != "ask":
        return cell(items, kind, ", ")
    mark = ELSEWHERE if any(item.ref in other for item in items) else ""
    return cell(items, kind, ", ", partial(_beside, report)) + mark


def _beside(report: Report, item: Measure) -> str:
    """What the standard says where an item is silent; ages last, as in any cell."""
    known = sorted(report.standard.get(item.ref, ()), key=lambda s: s.attribute == "ages")
    return ", ".join(f"{text} {STD}" for one in known if (text := _in_a_cell(item, one)))


def _in_a_cell(item: Measure, one: Standard) -> str:
    """A value as short as if the payer had stated it; empty where a cell does not show it."""
    if one.attribute == "improvement_notation":
        return {"increase": "higher", "decrease": "lower"}.get(one.value, "")
    alone = Measure(payer=item.payer, id=item.id, title="", **{one.attribute: one.value})
    return cell_ask(alone).removeprefix("yes")


def _differences(report: Report) -> tuple[dict[str, str], tuple[Item, ...], tuple[Item, ...]]:
    """Marks by concept, what is to settle, and what needs no vote.

    Rates that the table does not show are told with their measure: one mark for a family of them.
    Standing, use and weight are each programme's own affair and are told in one line at the end.
    """
    heads = {p.payer: p.head for p in report.payers}
    marks: dict[str, str] = {}
    settle: list[Item] = []
    known: list[Item] = []
    groups: dict[str, list[Row]] = {}
    for row in report.rows:
        own = any(_own_line(m) for m in row.concept.members)
        groups.setdefault(row.concept.id if own else f"rates of {row.family.id}", []).append(row)
    for rows in groups.values():
        open_ = [d for row in rows for d in row.open]
        told = open_ or [d for row in rows for d in row.differences if not d.standing]
        if not told:
            continue
        chosen, letter = (settle, "D") if open_ else (known, "N")
        mark = f"{letter}{len(chosen) + 1}"
        marks |= {row.concept.id: mark for row in rows}
        lines = list(
            dict.fromkeys(line for one in told for line in _difference(one, heads, report, rows))
        )
        left = {_named(d) for row in rows for d in row.differences if d not in told}
        if left:
            lines.append(f"also, no vote needed: {', '.join(sorted(left))}")
        alone = len(rows) == 1 and any(_own_line(m) for m in rows[0].concept.members)
        heading = _heading(rows[0]) if alone else f"{rows[0].family.label}, its rates"
        chosen.append(Item(mark, heading, tuple(lines)))
    return marks, tuple(settle), tuple(known)


def _heading(row: Row) -> str:
    return (
        f"{row.concept.acronym}, {row.concept.label}" if row.concept.acronym else row.concept.label
    )


def _named(one: Divergence) -> str:
    name = one.attribute.replace("_", " ")
    return f"{name} (a reference differs)" if not one.counted and one.severity != "info" else name


def _difference(
    one: Divergence, heads: dict[str, str], report: Report, rows: list[Row]
) -> list[str]:
    name = one.attribute.replace("_", " ")
    positions = sorted(one.positions, key=lambda p: (-len(p.payers), p.value))
    parts = [f"{_short(p.words)}: {', '.join(heads[x] for x in p.payers)}" for p in positions]
    row = next(r for r in rows if r.concept.id == one.concept)
    known = _standing_in(report, row, one.attribute)
    parts += [f"{text} {STD}: {', '.join(heads[x] for x in who)}" for text, who in known.items()]
    silent = [heads[x] for x in one.silent if not any(x in who for who in known.values())]
    parts += [f"silent: {', '.join(silent)}"] if silent else []
    why = "" if one.cause == "unknown" else f" [{one.cause}]"
    lines = [f"{name}{why}: {' | '.join(parts)}"]
    if one.note:
        lines.append(f"  {_short(one.note)}")
    return lines


def _standing_in(report: Report, row: Row, attribute: str) -> dict[str, list[str]]:
    """What the standard says of an attribute in a row, and of which payers."""
    found: dict[str, list[str]] = {}
    for payer, items in row.held.items():
        for item in items:
            for one in report.standard.get(item.ref, ()):
                if one.attribute == attribute and payer not in found.setdefault(
                    stated(one.value), []
                ):
                    found[stated(one.value)].append(payer)
    return found


def _from_the_standard(report: Report) -> tuple[Item, ...]:
    """By row what fills silent cells, beside what others state, and at the end where it is from."""
    told: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    read: dict[str, set[str]] = {}
    for row in report.rows:
        own = [s for m in row.concept.members for s in report.standard.get(m.ref, ())]
        for one in own:
            read.setdefault(one.source, set()).add(one.edition)
        names = dict.fromkeys(s.attribute for s in own)
        lines = tuple(_beside_others(report, row, name) for name in names)
        if lines:
            told.setdefault((row.family.id, lines), []).append(row)
    items = [
        Item("", _heading(rows[0]) if len(rows) == 1 else rows[0].family.label, lines)
        for (_, lines), rows in told.items()
    ]
    sources = sorted(f"{', '.join(sorted(editions))}: {where}" for where, editions in read.items())
    return (*items, Item("", "Read in", tuple(sources))) if items else ()


def _beside_others(report: Report, row: Row, attribute: str) -> str:
    """What is stated of an attribute in a row and in what may be one with it, and what is not."""
    heads = {p.payer: p.head for p in report.payers}
    refs = {m.ref for m in row.concept.members}
    maybe = [
        other
        for pair in report.crosswalk.possible
        for one, other in ((pair.left, pair.right), (pair.right, pair.left))
        if one.ref in refs and other.ref not in refs
    ]
    said: dict[str, list[str]] = {}
    for member in (*row.concept.members, *maybe):
        if member.states(attribute):
            said.setdefault(stated(getattr(member, attribute)), []).append(heads[member.payer])
    known = _standing_in(report, row, attribute)
    parts = [f"{text}: {', '.join(dict.fromkeys(who))}" for text, who in said.items()]
    parts += [f"{text} {STD}: {', '.join(heads[x] for x in who)}" for text, who in known.items()]
    return f"{attribute.replace('_', ' ')}: {' | '.join(parts)}"


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."


def _to_ask(report: Report) -> tuple[Item, ...]:
    """Questions by payer, each asked once of all its measures; then pairs that may be one."""
    heads = {p.payer: p.head for p in report.payers}
    counted = {p.payer for p in report.counted}
    labels = {m.ref: r.concept for r in report.rows for m in r.concept.members}
    own: dict[str, list[tuple[Question, str]]] = {}
    places = {ref: place for place, ref in enumerate(labels)}
    ordered = sorted(report.questions, key=lambda q: (q.payer, places[f"{q.payer}/{q.measure}"]))
    for one in ordered:
        if one.payer in counted:
            concept = labels[f"{one.payer}/{one.measure}"]
            name = concept.acronym or concept.label
            own.setdefault(heads[one.payer], []).append((one, name))
    alike: dict[tuple[str, ...], list[str]] = {}
    for head, asked in own.items():
        alike.setdefault(_asked(asked), []).append(head)
    items = [(", ".join(whom), lines) for lines, whom in alike.items()]
    maybe = [p for p in report.crosswalk.possible if {p.left.payer, p.right.payer} <= counted]
    for pair in maybe[:PAIRS]:
        left, right = heads[pair.left.payer], heads[pair.right.payer]
        lines = (f"{left}: {pair.left.title}", f"{right}: {pair.right.title}", pair.reason)
        items.append((f"{left} and {right}, is this one measure?", lines))
    if maybe[PAIRS:]:
        items.append((f"Of {len(maybe[PAIRS:])} more pairs: see the pairs view", ()))
    return tuple(Item(f"Q{i}", head, lines) for i, (head, lines) in enumerate(items, start=1))


def _asked(own: list[tuple[Question, str]]) -> tuple[str, ...]:
    """A line for each question, with the measures that it is asked of and why."""
    agreed = list(dict.fromkeys(name for one, name in own if one.agreed))
    asked: dict[str, list[str]] = {}
    if len(agreed) > FEW:
        silent_on = {q.attribute for q, _ in own if q.agreed}
        told = [name.replace("_", " ") for name in ATTRIBUTES if name in silent_on]
        because = (
            f"Others state their {' and '.join(filter(None, (', '.join(told[:-1]), told[-1])))}."
        )
        asked[f"Which specification do these lines follow? {because}"] = agreed
    for one, name in own:
        if not one.agreed or len(agreed) <= FEW:
            names = asked.setdefault(one.question, [])
            names += [name] if name not in names else []
    lines = [f"{_some(names)}: {question}" for question, names in asked.items()]
    return tuple(map(_short_question, lines))


def _some(names: list[str]) -> str:
    more = len(names) - MORE
    return ", ".join(names[:MORE]) + (f" and {more} more" if more > 0 else "")


def _short_question(text: str) -> str:
    return text if len(text) <= 2 * LONG else f"{text[: 2 * LONG - 3]}..."


def _look_alikes(report: Report) -> tuple[Item, ...]:
    """Families that look alike, together, with what parts them; their pairs are in a view."""
    families = {m.ref: r.family for r in report.rows for m in r.concept.members}
    counted = {p.payer for p in report.counted}
    groups: dict[str, set[str]] = {}
    reasons: dict[str, set[str]] = {}
    for pair, relation in report.crosswalk.related:
        if relation in ("part-of", "sibling") or not {pair.left.payer, pair.right.payer} <= counted:
            continue  # rows of one family stand together in the table
        if "component" in (pair.left.part, pair.right.part):
            continue
        ends = [families[pair.left.ref], families[pair.right.ref]]
        found = {f.label for f in ends}
        why = {pair.vetoes[0].split(":")[0]} if pair.vetoes else set()
        for name in sorted(found):
            found |= groups.get(name, set())
            why |= reasons.get(name, set())
        for name in found:
            groups[name], reasons[name] = found, why
    items = []
    for group in sorted({tuple(sorted(g)) for g in groups.values()}):
        why = reasons[group[0]]
        told = (
            f"named differently: {', '.join(sorted(why))}" if why else "other measures of a topic"
        )
        items.append(Item("", "; ".join(group), (told,)))
    return tuple(items)


def _alone(report: Report, rows: list[Row]) -> tuple[Item, ...]:
    found: dict[str, list[str]] = {}
    counted = {p.payer for p in report.counted}
    for row in rows:
        for payer in counted & row.held.keys():
            found.setdefault(payer, []).append(row.concept.acronym or row.concept.label)
    heads = {p.payer: p.head for p in report.payers}
    return tuple(
        Item("", f"{heads[payer]}: {len(names)}", ("; ".join(names),))
        for payer, names in sorted(found.items(), key=lambda f: heads[f[0]])
    )


def _notes(blocks: Blocks, heads: tuple[Head, ...]) -> tuple[str, ...]:
    cells = [c for _, lines in blocks for line in lines for c in line.cells]
    notes = [
        f"yes in the list, nothing more stated   {OUT} not in the list   {OUTSIDE} out of scope",
        "(30d) read from the title, not stated beside it",
        "n/m lists that ask, of those that could   D to settle   N no vote needed   ok none seen",
    ]
    if any(STD in c for c in cells):
        notes.append(f"{STD} {SHORT_STD} from the standard cited, not stated by the payer")
    if any(c.endswith(ELSEWHERE) for c in cells):
        notes.append(f"{ELSEWHERE} cites another specification than others do: see the questions")
    if any(h.partial for h in heads):
        notes.append(f"~ partial list: {OUT} may only mean not seen")
    if any("both" in c or "rates" in c for c in cells):
        notes.append("both, n rates: the whole measure with its rates, which are not counted again")
    if any(h.group != "contracts" for h in heads):
        notes.append("References and internal lists are shown, never counted.")
    return tuple(notes)


def _endings(report: Report) -> tuple[str, ...]:
    endings = []
    for payer in report.payers:
        if payer.role == "reference":
            only = [
                r
                for r in report.rows
                if set(r.held) == {payer.payer} and any(_own_line(m) for m in r.concept.members)
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
