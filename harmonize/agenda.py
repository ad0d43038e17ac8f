"""What is before a committee: what it has to settle, what it may know, and what it should ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from harmonize.comments import Comment, comments_of
from harmonize.committee import STD, heading, named, own_line
from harmonize.decided import again, settled
from harmonize.divergence import Divergence
from harmonize.fields import spoken
from harmonize.measures import ATTRIBUTES
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.rulings import AGAIN, Standing
from harmonize.terms import WITHHELD
from harmonize.unsaid import Question
from harmonize.values import stated

LONG: Final = 160  # characters of a free text that a page shows
MORE: Final = 8  # measures that a question names
PAIRS: Final = 60  # pairs of which is asked, one by one, whether they are one measure
# What kin are to each other, read from the first to the second.
_KIN: Final = {
    "broad": " is narrower than ",
    "narrow": " is broader than ",
    "related": " is related to ",
}
NO_STANDARD: Final[Mapping[str, Iterable[str]]] = MappingProxyType({})
FEW: Final = 3  # measures of which a payer is asked one by one; of more, for the specification


@dataclass(frozen=True, slots=True)
class Item:
    """Something to settle, to know or to ask: a mark, a heading and its lines."""

    mark: str
    heading: str
    lines: tuple[str, ...]


def differences(report: Report) -> tuple[dict[str, str], tuple[Item, ...], tuple[Item, ...]]:
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
        own = any(own_line(m) for m in row.concept.members)
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
        rest = [d for row in rows for d in row.differences if d not in told]
        lines += [f"{d.attribute.replace('_', ' ')}: {settled(d)}" for d in rest if d.decided]
        left = {named(d) for d in rest if not d.decided}
        if left:
            lines.append(f"also, no vote needed: {', '.join(sorted(left))}")
        single = len(rows) == 1 and any(own_line(m) for m in rows[0].concept.members)
        told_as = heading(rows[0]) if single else f"{rows[0].family.label}, its rates"
        chosen.append(Item(mark, told_as, tuple(lines)))
    return marks, tuple(settle), tuple(known)


def _difference(
    one: Divergence, heads: dict[str, str], report: Report, rows: list[Row]
) -> list[str]:
    row = next(r for r in rows if r.concept.id == one.concept)
    return position_lines(one, heads, _standing_in(report, row, one.attribute))


def position_lines(
    one: Divergence, heads: Mapping[str, str], known: Mapping[str, Iterable[str]] = NO_STANDARD
) -> list[str]:
    """Who stands where in a difference, and what is known of it; `known` is what the standard says.

    `heads` are the column heads by payer.
    """
    name = spoken(one.attribute)
    positions = sorted(one.positions, key=lambda p: (-len(p.payers), p.value))
    parts = [f"{_short(p.words)}: {', '.join(heads[x] for x in p.payers)}" for p in positions]
    parts += [f"{text} {STD}: {', '.join(heads[x] for x in who)}" for text, who in known.items()]
    silent = [heads[x] for x in one.silent if not any(x in who for who in known.values())]
    parts += [f"silent: {', '.join(silent)}"] if silent else []
    parts += [f"{WITHHELD}: {', '.join(heads[x] for x in one.withheld)}"] if one.withheld else []
    why = "" if one.cause == "unknown" else f" [{one.cause}]"
    lines = [f"{name}{why}: {' | '.join(parts)}"]
    if one.note:
        lines.append(f"  {_short(one.note)}")
    if one.decided:
        lines.append(f"  {settled(one)}{_owed(one)}")
    return lines


def _owed(one: Divergence) -> str:
    """Who has to resolve a difference, and by when."""
    owed = [(s.decision.owner, s.decision.due) for s in one.decided if s.decision.owner]
    told = [f"{owner}, by {due}" if due else str(owner) for owner, due in owed]
    return f" (owner: {'; '.join(told)})" if told else ""


def to_look_at(report: Report) -> tuple[Item, ...]:
    """Decisions whose ground has moved: what was decided, and why to look at it again."""
    found = (s for s in report.rulings.standings if s.state in AGAIN)
    return tuple(
        Item(f"L{i}", about(one), (one.reason, f"{again(one)}{_perhaps(one, report)}"))
        for i, one in enumerate(found, start=1)
    )


def _perhaps(one: Standing, report: Report) -> str:
    """What was meant, perhaps: a concept that is called so, or what the other side is one with."""
    if one.decision.about == "measure":
        called = {ref.casefold() for ref in one.missing}
        ids = [
            c.id
            for c in (row.concept for row in report.rows)
            if called & {c.id.casefold(), (c.acronym or "").casefold(), c.label.casefold()}
        ]
        return f"; write it by its id: measure: {' or '.join(ids)}" if ids else ""
    if one.decision.about != "match" or len(one.missing) != 1:
        return ""
    (gone,) = one.missing
    (here,) = (ref for ref in one.refs if ref != gone)
    home = next(
        (r.concept for r in report.rows if here in {m.ref for m in r.concept.members}), None
    )
    payer = gone.split("/", 1)[0]
    now = [m.ref for m in home.members if m.payer == payer] if home else []
    return f"; {here} is one with {' and '.join(now)} now" if now else ""


def about(one: Standing) -> str:
    """What a decision is about, in a line."""
    joint = " and " if one.decision.about == "difference" else _joint(one)
    attribute = f": {spoken(one.decision.attribute)}" if one.decision.attribute else ""
    return f"{joint.join(one.decision.refs)}{attribute}"


def _joint(one: Standing) -> str:
    """What a judgement makes of two measures, between their names."""
    decision = one.decision
    if decision.one:
        return " = "
    if decision.judgement == "accept":
        return _KIN.get(decision.mapping or "", " is kin to ")
    return " is not " if decision.apart else " may be "


def resting(report: Report, comments: Iterable[Comment] = ()) -> tuple[Item, ...]:
    """What has been decided about the set, by row, with what practices say of it; then matches."""
    said = tuple(comments)
    items = [
        Item(
            "",
            heading(row),
            (*(_disposed(one) for one in row.dispositions), *_said(row, said)),
        )
        for row in report.rows
        if row.dispositions
    ]
    groups: dict[str, list[str]] = {}
    for one in report.rulings.judged.values():
        why = f": {one.decision.because}" if one.decision.because else ""
        groups.setdefault(one.told, []).append(f"{_joint(one).join(one.refs)}{why}")
    return (*items, *(Item("", told, tuple(pairs)) for told, pairs in sorted(groups.items())))


def undecided(report: Report, comments: Iterable[Comment]) -> tuple[Item, ...]:
    """What practices say of rows about which nothing has been decided."""
    said = tuple(comments)
    found = ((row, _said(row, said)) for row in report.rows if not row.dispositions)
    return tuple(Item("", heading(row), lines) for row, lines in found if lines)


def _said(row: Row, comments: tuple[Comment, ...]) -> tuple[str, ...]:
    """Each comment on a row for itself: numbers of several people are never made into one."""
    names = (row.concept.id, *(m.ref for m in row.concept.members))
    return tuple(f"practice: {one.told}" for one in comments_of(comments, *names))


def _disposed(one: Standing) -> str:
    """What becomes of a measure in the set: from when, for which contracts, how it was voted."""
    decision = one.decision
    kind = f" for {decision.contract_type}" if decision.contract_type else ""
    start = decision.effective and decision.effective.from_
    parts = [
        f"{one.told}{kind}",
        f"from {start}" if start else "",
        decision.meeting or "",
        f"votes {decision.votes.text}" if decision.votes else "",
        decision.because or "",
        f"dissent: {decision.dissent}" if decision.dissent else "",
        "the convener was a payer too" if decision.convener_is_payer == "true" else "",
    ]
    return "; ".join(filter(None, parts))


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


def from_the_standard(report: Report) -> tuple[Item, ...]:
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
        Item("", heading(rows[0]) if len(rows) == 1 else rows[0].family.label, lines)
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


def to_ask(report: Report) -> tuple[Item, ...]:
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


def look_alikes(report: Report) -> tuple[Item, ...]:
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


def alone(report: Report, rows: list[Row]) -> tuple[Item, ...]:
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
