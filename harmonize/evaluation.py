"""A crosswalk's pairs held against a gold crosswalk: which are right, and whether it knew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import Final

from harmonize.concepts import Crosswalk, Pair, Step
from harmonize.crosswalk import Trail, apart, trail
from harmonize.evidence import MATCH_AT, POSSIBLE_AT, Verdict, weigh
from harmonize.knowledge import Knowledge
from harmonize.measures import Measure
from harmonize.pairing import Lists
from harmonize.sets import MeasureSet

BINS: Final = 10
THRESHOLDS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
REWORDED: Final = "title_changed"  # the wording of a gold pair whose titles differ

Key = tuple[str, str]
"""Two items as `payer/id`, in the order of their names."""


def key_of(one: str, other: str) -> Key:
    """A pair, whichever side comes first."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class Gold:
    """What people have settled: pairs that are one measure, and pairs that are not.

    `same` says how the wording of each pair goes, `different` what kind of look-alike each is;
    `ignored` are judged neither way.
    """

    same: Mapping[Key, str]
    different: Mapping[Key, str] = field(default_factory=dict)
    ignored: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Task:
    """Lists with the gold crosswalk about them; `bare` if they are CSV and no specs."""

    name: str
    folder: str
    sets: tuple[MeasureSet, ...]
    gold: Gold
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair that the crosswalk shows as match or possible, or that the gold has and it has not.

    `note` is what the gold files say of it; `known` is true of a look-alike that they name.  `why`
    says in a word or two why a pair of the gold is no match.
    """

    task: str
    left: Measure
    right: Measure
    confidence: float
    verdict: Verdict
    same: bool
    known: bool
    note: str
    reason: str
    why: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the crosswalk says that the two are one measure."""
        return self.verdict is Verdict.MATCH

    @property
    def shown(self) -> bool:
        """Whether the crosswalk shows the pair, with a confidence."""
        return self.verdict is not Verdict.NONMATCH


@dataclass(frozen=True, slots=True)
class Counts:
    """What was accepted of a gold crosswalk; a share of nothing is 0."""

    right: int
    accepted: int
    gold: int

    @property
    def precision(self) -> float:
        return self.right / self.accepted if self.accepted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both: of the pairs on either side, those that agree."""
        both = self.accepted + self.gold
        return 2 * self.right / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One task as judged; `possible` and `measures` count the ignored as well."""

    name: str
    folder: str
    bare: bool
    pairs: tuple[Judged, ...]
    lists: int
    measures: int
    possible: int
    different: int

    @property
    def counts(self) -> Counts:
        """All pairs."""
        return counted(self.pairs)

    @property
    def reworded(self) -> Counts | None:
        """Without the gold pairs whose titles go alike, every false match still counted."""
        if not any(p.same and p.note for p in self.pairs):
            return None
        return counted([p for p in self.pairs if not p.same or p.note == REWORDED])


@dataclass(frozen=True, slots=True)
class Expected:
    """What the confidences of matches promise, before anybody has looked.

    `below` are matches less sure than `match_at`: in a concept through others.
    """

    match_at: float
    pairs: int
    wrong: float
    below: int

    @property
    def precision(self) -> float:
        """Their mean confidence."""
        return 1 - self.wrong / self.pairs if self.pairs else 0.0


@dataclass(frozen=True, slots=True)
class Level:
    """What accepting from one confidence on comes to, and what the confidences promise."""

    counts: Counts
    expected: Expected


@dataclass(frozen=True, slots=True)
class Bin:
    """The pairs of one span of confidences: how sure they are, and how many are one measure."""

    low: float
    high: float
    pairs: int
    confidence: float
    same: int

    @property
    def observed(self) -> float:
        """The share that are one measure."""
        return self.same / self.pairs


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it is a part of, and what is counted; `None` where there is no count."""

    figure: str
    value: float
    count: int | None
    of: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every task as judged, at one threshold; tasks by name."""

    tasks: tuple[Scored, ...]
    match_at: float

    @property
    def chosen(self) -> bool:
        """Whether the threshold is another than the one that is shipped."""
        return self.match_at != MATCH_AT

    @property
    def pairs(self) -> tuple[Judged, ...]:
        """The judged pairs of all tasks."""
        return tuple(p for task in self.tasks for p in task.pairs)

    @property
    def false_matches(self) -> tuple[Judged, ...]:
        """Matches that the gold does not have, the surest first."""
        found = [p for p in self.pairs if p.accepted and not p.same]
        return tuple(sorted(found, key=lambda p: (-p.confidence, *_where(p))))

    @property
    def missed(self) -> tuple[Judged, ...]:
        """Pairs of the gold that are no match, the surest to differ first."""
        found = [p for p in self.pairs if p.same and not p.accepted]
        return tuple(sorted(found, key=lambda p: (p.confidence, *_where(p))))

    @property
    def expected(self) -> Expected:
        """What the confidences of the judged matches promise."""
        return expected((p.confidence for p in self.pairs if p.accepted), self.match_at)

    @property
    def f1(self) -> float:
        """The mean over the tasks."""
        return fsum(t.counts.f1 for t in self.tasks) / len(self.tasks)


def _where(pair: Judged) -> tuple[str, str, str]:
    return pair.task, pair.left.ref, pair.right.ref


def counted(pairs: Iterable[Judged]) -> Counts:
    """Right, accepted and gold among judged pairs."""
    judged = tuple(pairs)
    accepted = [p for p in judged if p.accepted]
    return Counts(sum(p.same for p in accepted), len(accepted), sum(p.same for p in judged))


def expected(confidences: Iterable[float], match_at: float) -> Expected:
    """What the confidences of matches promise."""
    sure = sorted(confidences)
    below = sum(c < match_at for c in sure)
    return Expected(match_at, len(sure), fsum(1 - c for c in sure), below)


def promised(found: Crosswalk, sets: tuple[MeasureSet, ...], match_at: float) -> Expected:
    """What a crosswalk's matches between payers that count promise."""
    ours = {s.payer for s in sets if s.counted}
    links = [p for c in found.concepts for p in c.links]
    return expected(
        (p.confidence for p in links if {p.left.payer, p.right.payer} <= ours), match_at
    )


# --- judging ------------------------------------------------------------------------------------


def evaluate(tasks: Iterable[Task], knowledge: Knowledge, match_at: float = MATCH_AT) -> Evaluation:
    """Every task matched and judged, each for itself."""
    scored = [_scored(task, knowledge, match_at) for task in tasks]
    return Evaluation(tuple(sorted(scored, key=lambda s: (s.name, s.folder))), match_at)


def _scored(task: Task, knowledge: Knowledge, match_at: float) -> Scored:
    trailed = trail(Lists(task.sets, knowledge, match_at))
    lists, found = trailed.lists, trailed.crosswalk
    gold = task.gold
    # A gold crosswalk of whole measures has nothing to say of their rates.
    of_rates = any(lists.measures[ref].rate_of for pair in gold.same for ref in pair)
    links = [p for c in found.concepts for p in c.links]
    shown = {
        key_of(p.left.ref, p.right.ref): p
        for p in (*links, *found.possible)
        if of_rates or not (p.left.rate_of or p.right.rate_of)
    }
    judged = [_judged(task, p) for key, p in shown.items() if key not in gold.ignored]
    judged += [_missed(task, trailed, key) for key in gold.same if key not in shown]
    return Scored(
        name=task.name,
        folder=task.folder,
        bare=task.bare,
        pairs=tuple(sorted(judged, key=_where)),
        lists=len(task.sets),
        measures=sum(m.rate_of is None for s in task.sets for m in s.measures or ()),
        possible=sum(p.verdict is Verdict.POSSIBLE for p in shown.values()),
        different=len(gold.different),
    )


def _judged(task: Task, pair: Pair) -> Judged:
    key = key_of(pair.left.ref, pair.right.ref)
    gold = task.gold
    return Judged(
        task=task.name,
        left=pair.left,
        right=pair.right,
        confidence=pair.confidence,
        verdict=pair.verdict,
        same=key in gold.same,
        known=key in gold.different,
        note=gold.same.get(key) or gold.different.get(key) or "",
        reason=pair.reason,
        why="possible" if key in gold.same and pair.verdict is Verdict.POSSIBLE else "",
    )


def _missed(task: Task, found: Trail, key: Key) -> Judged:
    lists = found.lists
    one, other = sorted(key, key=lambda ref: (lists.measures[ref].payer, ref))
    pair = lists.pair(one, other)
    steps = apart(lists, pair, found.home, found.stood.get(pair))
    why, reason = _why_missed(lists, one, other, steps)
    return Judged(
        task=task.name,
        left=lists.measures[one],
        right=lists.measures[other],
        confidence=steps[-1].confidence,
        verdict=Verdict.NONMATCH,
        same=True,
        known=False,
        note=task.gold.same[key],
        reason=reason,
        why=why,
    )


def _why_missed(lists: Lists, one: str, other: str, steps: tuple[Step, ...]) -> tuple[str, str]:
    """Why a pair is neither match nor possible: in a word or two, and in plain words."""
    weighed = weigh(lists.profiles[one], lists.profiles[other], lists.scene)
    if weighed.vetoes:
        return "veto", f"differ in {weighed.vetoes[0]}"
    last = steps[-1]
    if last.name == "settled elsewhere":
        return "closer fit", last.detail
    if last.confidence <= POSSIBLE_AT < weighed.confidence:
        return "closer fit", f"{lists.contest(one, other).rival} fits at least as well"
    if last.confidence <= POSSIBLE_AT:
        against = min(weighed.evidence[1:], key=lambda e: e.weight, default=None)
        told = against.detail if against and against.weight < 0 else "little was heard"
        return "too little", f"too little speaks for it: {told}"
    if lists.measures[one].rate_of and lists.measures[other].rate_of:
        return "measures apart", "their measures are not matched"
    return "not compared", "too few telling words in common to be compared"


# --- figures ------------------------------------------------------------------------------------


def figures(found: Evaluation) -> tuple[Figure, ...]:
    """The figures, those of all pairs pooled; of several tasks, their means first."""
    pairs = found.pairs
    all_ = counted(pairs)
    made = _means(found.tasks) if len(found.tasks) > 1 else []
    made += _rates("", all_)
    spoken = [task.reworded for task in found.tasks]
    reworded = [one for one in spoken if one]
    if reworded:
        made += _rates("_reworded", _sum(reworded))[2:]
    hard = sum(p.accepted and p.known for p in pairs)
    different = sum(task.different for task in found.tasks)
    if different:
        unit = "look-alikes known to differ"
        made.append(Figure("hard_negatives_accepted", hard / different, hard, different, unit))
    shown = [p for p in pairs if p.shown]
    made.append(
        Figure("calibration_error", calibration_error(shown), None, len(shown), "pairs shown")
    )
    missed = found.missed
    possible = sum(p.verdict is Verdict.POSSIBLE for p in missed)
    cover = possible / len(missed) if missed else 1.0
    made.append(Figure("possible_cover", cover, possible, len(missed), "missed gold pairs"))
    rows, measures = (sum(getattr(t, n) for t in found.tasks) for n in ("possible", "measures"))
    each = rows / measures if measures else 0.0
    made.append(Figure("possible_per_measure", each, rows, measures, "measures"))
    inside = sum(p.left.payer == p.right.payer for p in pairs)
    made.append(Figure("same_list", inside, inside, len(pairs), "pairs"))
    return tuple(made)


def _means(tasks: tuple[Scored, ...]) -> list[Figure]:
    """Means over the tasks, each task counted once."""
    every = [task.counts for task in tasks]
    reworded = [one for one in (task.reworded for task in tasks) if one]
    named = (
        ("macro_precision", [c.precision for c in every]),
        ("macro_recall", [c.recall for c in every]),
        ("macro_f1", [c.f1 for c in every]),
        ("macro_f1_reworded", [c.f1 for c in reworded if c.gold]),
    )
    return [
        Figure(name, fsum(values) / len(values), None, len(values), "tasks")
        for name, values in named
        if values
    ]


def _rates(suffix: str, one: Counts) -> list[Figure]:
    both = one.accepted + one.gold
    return [
        Figure(f"precision{suffix}", one.precision, one.right, one.accepted, "matches"),
        Figure(f"recall{suffix}", one.recall, one.right, one.gold, "gold pairs"),
        Figure(f"f1{suffix}", one.f1, 2 * one.right, both, "matches and gold pairs"),
    ]


def _sum(counts: Iterable[Counts]) -> Counts:
    columns = zip(*((c.right, c.accepted, c.gold) for c in counts), strict=True)
    right, accepted, gold = map(sum, columns)
    return Counts(right, accepted, gold)


def levels(found: Evaluation) -> tuple[Level, ...]:
    """What accepting from each of `THRESHOLDS` on comes to, of the pairs as they stand.

    The crosswalk is not built anew: below the threshold at which it was built, these are its
    possible pairs, each as sure as it is told to be.
    """
    gold = sum(p.same for p in found.pairs)
    shown = [p for p in found.pairs if p.shown]
    made = []
    for at in THRESHOLDS:
        taken = [p for p in shown if p.confidence >= at]
        counts = Counts(sum(p.same for p in taken), len(taken), gold)
        made.append(Level(counts, expected((p.confidence for p in taken), at)))
    return tuple(made)


def reliability(pairs: Iterable[Judged]) -> tuple[Bin, ...]:
    """Ten spans of equal width, those without a pair left out."""
    spans: dict[int, list[Judged]] = {}
    for pair in pairs:
        if pair.shown:
            spans.setdefault(min(BINS - 1, int(pair.confidence * BINS)), []).append(pair)
    return tuple(
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            pairs=len(span),
            confidence=fsum(p.confidence for p in span) / len(span),
            same=sum(p.same for p in span),
        )
        for place, span in sorted(spans.items())
    )


def calibration_error(pairs: Iterable[Judged]) -> float:
    """Mean distance of confidence and truth over the spans, by their pairs."""
    spans = reliability(pairs)
    total = sum(s.pairs for s in spans)
    apart = fsum(s.pairs * abs(s.confidence - s.observed) for s in spans)
    return apart / total if total else 0.0
