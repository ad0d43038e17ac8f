"""What payers leave unsaid: what their standard says there, and what to ask them.

What a standard says is for print alone: it is in no figure and in no difference, and a question
that it answers is not asked.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from harmonize.concepts import Crosswalk
from harmonize.knowledge import Entry, Knowledge
from harmonize.measures import Measure
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.slots import profile
from harmonize.standards import (
    Standard,
    Standards,
    called,
    cited,
    named_by,
    silent,
    standard_of,
)
from harmonize.values import Text, Threshold, stated

LONG: Final = 160  # characters of what others say
_WORDS: Final = {
    "ages": "Which ages are counted?",
    "threshold": "What is the cut?",
    "improvement_notation": "Is a higher or a lower score better?",
    "follow_up": "Within what time does it have to happen?",
    "lookback": "How far back does it count?",
    "events": "How often does it have to happen?",
    "combination": "Which combination is asked for?",
    "data_source": "From which data is it taken?",
    "denominator_exclusions": "Who is taken out?",
    "denominator_exceptions": "Who may be taken out?",
    "rates": "Which of the rates is asked for?",
    "follows": "Which specification is calculated?",
    "ids": "Which standard measure is it, by number?",
}
_ASKED: Final = ("ages", "threshold", "follow_up", "improvement_notation", "data_source")
_CLINICIAN: Final = frozenset(["mips", "cms"])
_SAYS_WHICH: Final = ("poor", "inadequate", "uncontrolled", "control", "not ")


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """What is not stated and would decide.

    `agreed` says that all who state it state the same, so that the specification which a list
    follows would answer it with all others of its kind.
    """

    payer: str
    measure: str
    attribute: str
    ask: str
    because: str
    agreed: bool = False

    @property
    def question(self) -> str:
        """The question as one text."""
        return f"{self.ask} {self.because}"


Known = Mapping[str, tuple[Standard, ...]]
"""What the standard says of each item where its payer is silent, by `payer/id`."""


def known_of(
    found: Crosswalk,
    sets: tuple[MeasureSet, ...],
    standards: Standards,
    knowledge: Knowledge,
) -> dict[str, tuple[Standard, ...]]:
    """The standard of every item that has one."""
    payers = {s.payer: s for s in sets}
    known = {}
    if not standards.facts:
        return {}
    for concept in found.concepts:
        for item in concept.members:
            payer = payers[item.payer]
            if payer.follows or item.follows or cited(item):
                told = standard_of(item, payer, concept.entry, standards, knowledge)
                if told:
                    known[item.ref] = told
    return known


def filled(found: Crosswalk, known: Known, sets: tuple[MeasureSet, ...]) -> Known:
    """The part of it that helps to read the table.

    Where others of the concept, or of one that might be the same, state what a payer does not, or
    go by a standard that says something else; and where a look-alike differs of which nothing
    that the titles name tells it apart.
    """
    counted = {s.payer for s in sets if s.counted}
    items = {m.ref: m for c in found.concepts for m in c.members}
    same = [(a.ref, b.ref) for c in found.concepts for a, b in combinations(c.members, 2)]
    same += [(p.left.ref, p.right.ref) for p in found.possible]
    alike = [
        (p.left.ref, p.right.ref)
        for p, relation in found.related
        if relation not in ("part-of", "sibling") and not p.vetoes
    ]
    kept: dict[str, set[Standard]] = {}
    for pairs, telling in ((same, _tells), (alike, _differs)):
        for left, right in pairs:
            for one, other in ((items[left], items[right]), (items[right], items[left])):
                if one.payer != other.payer and other.payer in counted:
                    own = known.get(one.ref, ())
                    told = {s for s in own if telling(s, other, known)}
                    if told:
                        kept.setdefault(one.ref, set()).update(told)
    return {ref: tuple(s for s in known[ref] if s in told) for ref, told in sorted(kept.items())}


def _tells(own: Standard, other: Measure, known: Known) -> bool:
    """Whether what another states, or its standard that differs, asks for one's own."""
    stated_too = other.states(own.attribute) and own.attribute != "data_source"
    return stated_too or _differs(own, other, known)


def _differs(own: Standard, other: Measure, known: Known) -> bool:
    name = own.attribute
    if other.states(name):
        return not alike_values(getattr(other, name), own.value)
    return any(s.attribute == name and not alike_values(s.value, own.value)
               for s in known.get(other.ref, ()))  # fmt: skip


def alike_values(left: Any, right: Any) -> bool:
    """Whether two values ask for the same; a cut without its unit does, and shared sources do."""
    if isinstance(left, Threshold) and isinstance(right, Threshold):
        bare = [[(c.operator, c.numbers, c.people) for c in one.cuts] for one in (left, right)]
        return bare[0] == bare[1]
    if isinstance(left, tuple) and isinstance(right, tuple):
        return bool(set(left) & set(right))
    return bool(left == right)


# --- questions ----------------------------------------------------------------------------------


def questions(
    rows: tuple[Row, ...],
    found: Crosswalk,
    sets: tuple[MeasureSet, ...],
    known: Known,
    standards: Standards,
    knowledge: Knowledge,
) -> tuple[Question, ...]:
    """One for each payer, measure and attribute."""
    counted = {s.payer for s in sets if s.counted}
    asked: dict[tuple[str, str, str], Question] = {}
    for row in rows:
        for one in (
            *_where_others_differ(row, known),
            *(_of_direction(m) for m in row.concept.members if _unclear(m, knowledge)),
            *_of_editions(row, counted, standards, knowledge),
        ):
            asked.setdefault((one.payer, one.measure, one.attribute), one)
    for one in _of_possible(found, counted, known):
        asked.setdefault((one.payer, one.measure, one.attribute), one)
    for one in (q for row in rows for q in _where_others_state(row, counted, known)):
        asked.setdefault((one.payer, one.measure, one.attribute), one)
    return tuple(sorted(asked.values()))


def _answered(item: Measure, attribute: str, known: Known) -> bool:
    return any(s.attribute == attribute for s in known.get(item.ref, ()))


def _ask(item: Measure, attribute: str, because: str, *, agreed: bool = False) -> Question:
    ask = _WORDS.get(attribute, f"What is its {attribute.replace('_', ' ')}?")
    return Question(item.payer, item.id, attribute, ask, because, agreed)


def _where_others_differ(row: Row, known: Known) -> list[Question]:
    """Silence on what others state in different ways."""
    found = []
    for one in row.differences:
        if one.severity == "info" or one.attribute.startswith("ids."):
            continue
        others = _short(" / ".join(p.value for p in one.positions))
        found += [
            _ask(item, one.attribute, f"Others ask {others}.")
            for payer in one.silent
            for item in row.held[payer]
            if not _answered(item, one.attribute, known)
        ]
    return found


def _where_others_state(row: Row, counted: AbstractSet[str], known: Known) -> list[Question]:
    """Silence on what others state, or on what the standards tell differently that they cite."""
    held = {p: own for p, own in row.held.items() if p in counted}
    found = []
    for name in _ASKED if len(held) > 1 else ():
        told = {
            stated(getattr(m, name))
            for own in held.values()
            for m in own
            if m.states(name) and not isinstance(getattr(m, name), Text)
        }
        values = [s.value for p in held for m in held[p] for s in known.get(m.ref, ())
                  if s.attribute == name]  # fmt: skip
        unlike = any(not alike_values(a, b) for a, b in combinations(values, 2))
        if not told and not unlike:
            continue
        others = f"Others ask {_short(' / '.join(sorted(told)))}."
        because = others if told else "The standards that others cite differ."
        for own in held.values():
            if any(not silent(m, name) or _answered(m, name, known) for m in own):
                continue
            found += [_ask(m, name, because, agreed=True) for m in own if _may_be_asked(m, name)]
    return found


def _may_be_asked(item: Measure, attribute: str) -> bool:
    """Whether a line of its own could answer, and its title has not said so in other words."""
    if item.rate_of is not None or item.part == "component" or item.rates:
        return False
    if attribute == "improvement_notation":
        says = any(word in item.title.lower() for word in _SAYS_WHICH)
        return not says and not silent(item, "threshold")
    return True


def _of_direction(item: Measure) -> Question:
    return _ask(item, "improvement_notation", "It says control, and counts what is above.")


def _unclear(item: Measure, knowledge: Knowledge) -> bool:
    """A title such as "Control (>9%)": its direction is a question, not a difference."""
    if item.rate_of is not None or item.improvement_notation or not profile(item, knowledge).cuts:
        return False
    title = item.title.lower()
    above = (
        ">" in title
        or "\u2265" in title
        or "greater than" in title
        or (
            isinstance(item.threshold, Threshold)
            and item.threshold.cuts[0].operator.startswith(">")
        )
    )
    poor = any(word in title for word in ("poor", "inadequate", "uncontrolled", "not "))
    return above and "control" in title and not poor


# --- which specification ------------------------------------------------------------------------


def _of_editions(
    row: Row, counted: AbstractSet[str], standards: Standards, knowledge: Knowledge
) -> list[Question]:
    """Lines that cite an older measure than others do, or its version for clinicians."""
    members = [m for m in row.concept.members if m.payer in counted]
    named: dict[str, tuple[dict[str, frozenset[str]], Entry]] = {}
    for item in members:
        ids = cited(item)
        entry = named_by(ids, knowledge) if ids else None
        if entry:
            named[item.ref] = ids, entry
    home = knowledge.family(row.concept.entry) if row.concept.entry else None
    at_home = [
        (m, named[m.ref][0])
        for m in members
        if m.ref in named and knowledge.family(named[m.ref][1]) == home
    ]
    found = []
    for item in members:
        if item.ref not in named or item.follows:
            continue
        ids, entry = named[item.ref]
        others = [theirs for m, theirs in at_home if m.payer != item.payer]
        if knowledge.family(entry) == home:
            others = [theirs for theirs in others if "hedis" in theirs and not
                      theirs.keys() & _CLINICIAN]  # fmt: skip
            why = "the version for clinicians" if ids.keys() <= _CLINICIAN else ""
        else:
            why = _gone(entry, standards, knowledge)
        if others and why:
            cites = " and ".join(sorted({_cites(theirs) for theirs in others}))
            found.append(
                _ask(item, "follows", f"It cites {_cites(ids)}, {why}; others cite {cites}.")
            )
    return found


def _gone(entry: Entry, standards: Standards, knowledge: Knowledge) -> str:
    """What became of a measure that others no longer cite."""
    for change in standards.changes_of.get(entry.key, ()):
        by = knowledge.by_key.get(change.by or "")
        if change.kind == "replaced" and by:
            return f"replaced in {change.year} by {by.acronym or by.name}"
        if change.kind == "retired":
            return f"retired in {change.year}"
    return "another measure by its number"


def _cites(ids: Mapping[str, Iterable[str]]) -> str:
    """`HEDIS FUA`, or the one identifier that says most."""
    order = ("hedis", "mips", "cms", "cbe")
    system = min(ids, key=lambda s: (order.index(s) if s in order else len(order), s))
    value = min(ids[system])
    return value if system == "cms" else f"{called(system)} {value}".strip()


# --- pairs that might be one measure ------------------------------------------------------------


def _of_possible(found: Crosswalk, counted: AbstractSet[str], known: Known) -> list[Question]:
    """What a pair that nobody has settled leaves unsaid on one side."""
    asked = []
    for pair in found.possible:
        if not {pair.left.payer, pair.right.payer} <= counted:
            continue
        for item, other in ((pair.left, pair.right), (pair.right, pair.left)):
            if item.rate_of is not None:
                continue
            if not cited(item) and cited(other):
                because = f"It may be {_cites(cited(other))}, which {other.payer} asks."
                asked.append(_ask(item, "ids", because))
            asked += [
                _ask(item, name, f"It may be one measure with that of {other.payer}: {told}.")
                for name in ("ages", "threshold", "follow_up")
                if silent(item, name)
                and not _answered(item, name, known)
                and other.states(name)
                and not isinstance(getattr(other, name), Text)
                and (told := _short(stated(getattr(other, name))))
            ]
    return asked


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."
