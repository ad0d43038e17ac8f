"""Why two items are or are not one measure: what both say, weights that add up, what came of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from harmonize.concepts import Concept, Pair, Step
from harmonize.crosswalk import Trail, apart, beside_others, trail
from harmonize.evidence import MATCH_AT, POSSIBLE_AT, VETO, Evidence, Verdict, Weighed, weigh
from harmonize.grouping import surest
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure
from harmonize.pairing import Link, Lists
from harmonize.rulings import NO_RULINGS, Rulings
from harmonize.sets import MeasureSet
from harmonize.slots import Profile
from harmonize.tracing import Use, uses
from harmonize.vetoes import Veto, cut_texts, days, join

RIVALS: Final = 2  # runners-up that are told of either side
NEAR: Final = 0.01  # confidence from which a second one is worth a reader's look

AGREE: Final = "agree"
BARRED: Final = "differ: veto"
OPEN: Final = "differ: no veto"
ALONE: Final = {True: "only a says it", False: "only b says it"}
WIDER: Final = {True: "a is broader", False: "b is broader"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that either item names, what each says of it, and what that means."""

    name: str
    left: str
    right: str
    means: str


@dataclass(frozen=True, slots=True)
class Rival:
    """Another item of one side's list, as it fits the item of the other side (`of`, a or b)."""

    of: str
    item: Measure
    confidence: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two items are or are not one measure.

    The weights of the evidence and `veto` for each veto add up to `log_odds`; `steps` lead from
    there to `confidence`.  `uses` are the entries of the knowledge files with the sides on which
    they were used; `fate` says what came of both in the crosswalk.
    """

    left: Measure
    right: Measure
    rows: tuple[Row, ...]
    evidence: tuple[Evidence, ...]
    vetoes: tuple[Veto, ...]
    veto: float
    log_odds: float
    steps: tuple[Step, ...]
    confidence: float
    verdict: Verdict
    reason: str
    rivals: tuple[Rival, ...]
    uses: tuple[tuple[str, Use], ...]
    concepts: tuple[Concept, Concept]
    relation: str
    fate: tuple[str, ...]

    @property
    def shown_rivals(self) -> tuple[Rival, ...]:
        """What a reader needs of them: the closest of either side, and others that come near."""
        first = {one.of: one for one in reversed(self.rivals)}
        return tuple(r for r in self.rivals if r is first[r.of] or r.confidence >= NEAR)

    @property
    def shown_uses(self) -> tuple[tuple[str, Use], ...]:
        """What a reader needs of them: no stop words, and of descriptions only what vetoes."""
        barred = {v.name.partition(",")[0] for v in self.vetoes if "description" in v.name}
        return tuple(
            (side, use)
            for side, use in self.uses
            if use.rule != "stop"
            and (use.where == "title" or (use.rule == "slot" and use.as_.split(":")[0] in barred))
        )


def explain(
    sets: tuple[MeasureSet, ...],
    left: str,
    right: str,
    knowledge: Knowledge,
    match_at: float = MATCH_AT,
    ruled: Rulings = NO_RULINGS,
) -> Explanation:
    """Why two items, given as `payer/id`, are or are not one measure."""
    found = trail(Lists(sets, knowledge, match_at, rulings=ruled))
    lists = found.lists
    one, other = lists.profiles[left], lists.profiles[right]
    weighed = weigh(one, other, lists.scene)
    steps, decided = _steps(found, left, right)
    verdict = _verdict(found, left, right, decided)
    return Explanation(
        left=lists.measures[left],
        right=lists.measures[right],
        rows=tuple(_rows(lists, left, right, weighed)),
        evidence=weighed.evidence,
        vetoes=weighed.vetoes,
        veto=VETO,
        log_odds=round(weighed.log_odds, 4),
        steps=steps,
        confidence=steps[-1].confidence,
        verdict=verdict,
        reason=decided.reason if decided else _why_not(weighed, steps),
        rivals=(*_rivals(found, "a", left, right), *_rivals(found, "b", right, left)),
        uses=_uses(lists.measures[left], lists.measures[right], knowledge),
        concepts=(found.home[left], found.home[right]),
        relation=_relation(found, left, right),
        fate=tuple(_fate(found, left, right, verdict)),
    )


# --- what came of it ----------------------------------------------------------------------------


def _steps(found: Trail, left: str, right: str) -> tuple[tuple[Step, ...], Pair | None]:
    """From the pair's own confidence to that of the crosswalk, and the row that it has there."""
    lists = found.lists
    pair = lists.pair(left, right)
    decided = _row(found, left, right)
    if judged := lists.rulings.refused(left, right):
        return (*beside_others(lists, pair), Step("decision", 0.0, judged.reason)), decided
    if lists.measures[left].payer == lists.measures[right].payer:
        steps = _in_one_list(found, pair)
    elif found.home[left] is found.home[right]:
        steps = (*beside_others(lists, pair), *_through(found, pair))
    else:
        steps = apart(lists, pair, found.home, found.stood.get(pair))
        if steps[-1].confidence > POSSIBLE_AT and not decided:
            steps = (*steps, Step("not offered", POSSIBLE_AT, _not_offered(found, pair)))
    if decided and decided.confidence != steps[-1].confidence:
        steps = (*steps, Step("settled", decided.confidence, decided.reason))
    return steps, decided


def _row(found: Trail, left: str, right: str) -> Pair | None:
    """The row of the pair in the view `pairs`."""
    links = [link for c in found.crosswalk.concepts for link in c.links]
    both = (*links, *found.crosswalk.possible)
    return next((p for p in both if {p.left.ref, p.right.ref} == {left, right}), None)


def _in_one_list(found: Trail, pair: Link) -> tuple[Step, ...]:
    steps = beside_others(found.lists, pair)
    if found.home[pair[0]] is found.home[pair[1]]:
        detail = "lines of one payer that nothing but the way of collecting tells apart"
        return (*steps, Step("one list", 1.0, detail))
    if steps[-1].confidence > POSSIBLE_AT:
        detail = "two measures of one payer are never one"
        return (*steps, Step("one list", POSSIBLE_AT, detail))
    return steps


def _through(found: Trail, pair: Link) -> Iterator[Step]:
    """Where a way through others of the concept is surer than the pair itself."""
    lists = found.lists
    members = [m.ref for m in found.home[pair[0]].members]
    best, via = surest(lists, sorted(members, key=lambda r: lists.rank[r]))
    if pair in via:
        middle = via[pair]
        legs = " times ".join(f"{best[one, middle]:.4f}" for one in pair)
        detail = f"both are one with {middle}: {legs}"
        yield Step("through another", round(best[pair], 4), detail)


def _not_offered(found: Trail, pair: Link) -> str:
    """Why a pair that looks possible is not among those to be settled."""
    rates = [found.lists.measures[ref] for ref in pair]
    if all(rate.rate_of for rate in rates):
        return "rates: what their measures are to each other is the question"
    if pair not in found.worth:
        return "too few telling words, and no identifier, acronym or known measure, in common"
    return "not among those to be settled"


def _verdict(found: Trail, left: str, right: str, decided: Pair | None) -> Verdict:
    if found.home[left] is found.home[right]:
        return Verdict.MATCH
    return decided.verdict if decided else Verdict.NONMATCH


def _why_not(weighed: Weighed, steps: tuple[Step, ...]) -> str:
    """What parts two items, in one line."""
    if steps[-1].name == "decision":
        return steps[-1].detail
    if weighed.vetoes:
        more = len(weighed.vetoes) - 1
        others = f" (and {more} more veto{'es' if more > 1 else ''})" if more else ""
        return f"{_parted(weighed.vetoes[0])}{others}"
    if steps[-1].name in ("one list", "not offered", "settled elsewhere", "not merged"):
        return steps[-1].detail
    against = min(weighed.evidence[1:], key=lambda e: e.weight, default=None)
    return against.detail if against and against.weight < 0 else "too little speaks for it"


def _parted(veto: Veto) -> str:
    """A veto as a sentence."""
    values = f"{veto.left} / {veto.right}"
    if veto.name == "rate and whole":
        return f"one is a rate, the other the whole: {values}"
    if veto.name.startswith("part of"):
        return f"they are {veto.name.replace('part', 'parts', 1)}: {values}"
    name, _, described = veto.name.partition(", ")
    if described:
        return f"title or description of both name {name}, and differ: {values}"
    return f"both name {name}, and differ: {values}"


def _relation(found: Trail, left: str, right: str) -> str:
    """The relation under which the pair stands among the related ones, if it does."""
    rows = (r for p, r in found.crosswalk.related if {p.left.ref, p.right.ref} == {left, right})
    return next(rows, "")


def _fate(found: Trail, left: str, right: str, verdict: Verdict) -> Iterator[str]:
    """What came of both in the crosswalk, in plain words."""
    one, other = found.home[left], found.home[right]
    if one is other:
        others = [m.ref for m in one.members if m.ref not in (left, right)]
        beside = f", with {_listed(others)}" if others else ""
        yield f"one concept: {one.id}, {one.label}{beside}"
        return
    for side, ref, home in (("a", left, one), ("b", right, other)):
        others = [m.ref for m in home.members if m.ref != ref]
        beside = f"with {_listed(others)}" if others else "alone"
        yield f"{side} is in {home.id}, {home.label}, {beside}"
    family = {c.id: f for f in found.crosswalk.families for c in f.concepts}
    if family[one.id] is family[other.id]:
        yield f"both are in the family {family[one.id].id}, {family[one.id].label}"
    if verdict is Verdict.POSSIBLE:
        yield "the pair is shown as possible, to be settled"
    elif relation := _relation(found, left, right):
        yield f"the pair is shown as related: {relation}"


def _listed(refs: list[str]) -> str:
    shown = ", ".join(refs[:3])
    return f"{shown} and {len(refs) - 3} more" if len(refs) > 3 else shown


def _rivals(found: Trail, of: str, one: str, other: str) -> Iterator[Rival]:
    """The items of the other's list that fit an item best beside that other."""
    lists = found.lists
    payer = lists.measures[other].payer
    if payer == lists.measures[one].payer:
        return
    listed = [m for m in lists.items if m.payer == payer and m.ref != other]
    near = [(m, lists.weigh(one, m.ref)) for m in listed]
    near.sort(key=lambda n: (-n[1].log_odds, n[0].ref))
    for item, weighed in near[:RIVALS]:
        row = _row(found, one, item.ref)
        verdict = _verdict(found, one, item.ref, row)
        yield Rival(of, item, weighed.confidence, verdict)


def _uses(left: Measure, right: Measure, knowledge: Knowledge) -> tuple[tuple[str, Use], ...]:
    """Entries of the knowledge files in the order of reading, those of both sides once."""
    mine, theirs = uses(left, knowledge), uses(right, knowledge)
    both = {*mine} & {*theirs}
    found = [("both" if use in both else "a", use) for use in mine]
    return (*found, *(("b", use) for use in theirs if use not in both))


# --- what both say ------------------------------------------------------------------------------


def _rows(lists: Lists, left: str, right: str, weighed: Weighed) -> Iterator[Row]:
    """Everything that either names, with what it means that they agree or differ."""
    one, other = lists.profiles[left], lists.profiles[right]
    vetoes = {v.name: v for v in weighed.vetoes}
    yield from _slots(one, other, lists.knowledge, vetoes)
    for name, veto, said in _MARKS:
        mine, theirs = said(one), said(other)
        if mine or theirs:
            yield Row(name, mine, theirs, _means(mine, theirs, differ=_weighs(veto, vetoes)))
    yield from _packaging(lists, left, right, vetoes)
    a, b = lists.measures[left], lists.measures[right]
    mine, theirs = a.improvement_notation or "", b.improvement_notation or ""
    if mine or theirs:
        means = _means(mine, theirs, differ="differ: no evidence, shown as a difference")
        yield Row("direction, stated", mine, theirs, means)
    for system in sorted({*one.ids, *other.ids}):
        ids = one.ids.get(system, frozenset()), other.ids.get(system, frozenset())
        means = _means(*map(_comma, ids), agree=bool(ids[0] & ids[1]))
        yield Row(f"ids.{system}", _comma(ids[0]), _comma(ids[1]), means)
    if one.acronyms or other.acronyms:
        common = {x.removesuffix("-E") for x in one.acronyms} & {
            x.removesuffix("-E") for x in other.acronyms
        }
        codes = _comma(one.acronyms), _comma(other.acronyms)
        yield Row("acronym", *codes, _means(*codes, agree=bool(common)))
    yield from _known(lists, left, right)
    yield Row("telling words", " ".join(one.words), " ".join(other.words), "")


def _slots(
    one: Profile, other: Profile, knowledge: Knowledge, vetoes: dict[str, Veto]
) -> Iterator[Row]:
    for name in sorted({*one.named, *other.named}):
        mine = one.named.get(name, frozenset())
        theirs = other.named.get(name, frozenset())
        slot = knowledge.slot.get(name)
        if not mine or not theirs:
            means = ALONE[bool(mine)]
        elif mine & theirs:
            means = AGREE if mine == theirs else "agree in part"
        elif slot and any(slot.compatible(a, b) for a in mine for b in theirs):
            means = WIDER[any(a in slot.broader.get(b, ()) for a in mine for b in theirs)]
        else:
            means = _weighs(name, vetoes)
        yield Row(name, join(mine), join(theirs), means)
    for name, veto in vetoes.items():
        if name.endswith("by the description"):
            yield Row(name, veto.left, veto.right, BARRED)


def _packaging(lists: Lists, left: str, right: str, vetoes: dict[str, Veto]) -> Iterator[Row]:
    """Whether an item is a rate or part of another, or the whole."""
    told = [_part(lists, ref) for ref in (left, right)]
    if any(told):
        mine, theirs = (part or "a measure" for part in told)
        named = [n for n in vetoes if n == "rate and whole" or n.startswith("part of")]
        means = BARRED if named else AGREE if all(told) else "no veto"
        yield Row("rate or part", mine, theirs, means)


def _part(lists: Lists, ref: str) -> str:
    item, entry = lists.measures[ref], lists.scene.entries[ref]
    if item.rate_of:
        return f"rate of {item.rate_of}"
    if item.part and item.part_of:
        return f"{item.part} of {item.part_of}"
    if entry and entry.whole:
        return f"{entry.part or 'part'} of {entry.whole}"
    return ""


def _known(lists: Lists, left: str, right: str) -> Iterator[Row]:
    """What each is in the catalogue."""
    entries = lists.scene.entries[left], lists.scene.entries[right]
    if any(entries):
        mine, theirs = (f"{e.key}, {e.name}" if e else "" for e in entries)
        yield Row("in the catalogue", mine, theirs, _means(mine, theirs))


# What titles name beside slots: name of the row, name of its veto, and how it is said.
_MARKS: Final[tuple[tuple[str, str, Callable[[Profile], str]], ...]] = (
    ("ages", "age stratum", lambda p: p.ages.text.strip() if p.ages else ""),
    ("time window", "time window", lambda p: days(p.windows)),
    ("cut", "cut", lambda p: cut_texts(p.cuts)),
    ("people by a cut", "people by a cut", lambda p: join(p.strata)),
    ("combination", "combination", lambda p: p.combination or ""),
)


def _weighs(veto: str, vetoes: dict[str, Veto]) -> str:
    return BARRED if veto in vetoes else OPEN


def _means(mine: str, theirs: str, differ: str = "differ", *, agree: bool = False) -> str:
    if not mine or not theirs:
        return ALONE[bool(mine)]
    return AGREE if agree or mine == theirs else differ


def _comma(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
