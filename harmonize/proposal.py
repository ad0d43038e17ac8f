"""The core that payers could agree on: the best sets under what is wished, and why the rest falls.

What cannot be met is said by name, and nothing is proposed then.  Between sets that are equally
good none is chosen: what all of them hold is proposed, what only some hold is tied.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harmonize.audience import Published
from harmonize.candidates import Candidate, candidates
from harmonize.effects import Effect, Span, Spanned, each, effects
from harmonize.fields import spoken
from harmonize.named import Names
from harmonize.optimum import SHOWN, Limit, Task, best, conflict
from harmonize.scores import Marked
from harmonize.wishes import ASKED_BY, Required, Wish

PROPOSED: Final = "proposed"
TIED: Final = "tied"
DROPPED: Final = "dropped"
STANDINGS: Final = (PROPOSED, TIED, DROPPED)
_NEAREST: Final = 3  # measures that are told where a wish has too few


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate, what becomes of it and why; `because` is why somebody requires it."""

    candidate: Candidate
    standing: str
    reason: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A wish that cannot be met, or several that cannot be met together, and why."""

    wishes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Met:
    """A wish, and how many measures of a best set meet it: the fewest and the most."""

    wish: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed under a wish.

    `every` are all candidates, `able` those that may come in.  `sets` are the first of the best
    sets, each as ids of candidates; `more` says that there are others.  `worth` is what each comes
    to, by our score, `size` how many measures one holds.  With `failures` nothing is proposed, and
    nothing has been dropped.
    """

    wish: Wish
    payers: int
    every: tuple[Candidate, ...]
    able: tuple[Candidate, ...]
    lines: tuple[Line, ...]
    sets: tuple[tuple[str, ...], ...]
    more: bool
    worth: int
    size: Span
    met: tuple[Met, ...]
    effects: tuple[Effect, ...]
    failures: tuple[Failure, ...] = ()

    def of(self, standing: str) -> tuple[Line, ...]:
        """The lines of one standing."""
        return tuple(one for one in self.lines if one.standing == standing)


# What a candidate is, by what a wish may ask for.
_FACETS: Final[Mapping[str, Callable[[Candidate], frozenset[str]]]] = {
    "domain": lambda one: frozenset({one.domain.casefold()}),
    "population": lambda one: one.populations,
    "type": lambda one: frozenset({one.type} - {""}),
}


@dataclass(frozen=True, slots=True)
class _Cover:
    """A wish for so many measures that are any of these."""

    facet: str
    any_of: tuple[str, ...]
    wanted: int

    @property
    def wish(self) -> str:
        """`domain maternity: at least 1`."""
        return f"{self.facet} {' or '.join(self.any_of)}: at least {self.wanted}"

    def fits(self, one: Candidate) -> bool:
        """Whether a candidate is any of these, as far as it is stated."""
        wanted = {name.casefold() for name in self.any_of}
        return not wanted.isdisjoint(_FACETS[self.facet](one))

    def untold(self, one: Candidate) -> bool:
        """Whether nothing is stated by which a candidate could be any."""
        return not _FACETS[self.facet](one)


def propose(
    published: Published,
    wish: Wish,
    earliest: Mapping[str, str] | None = None,
    marked: Mapping[str, Marked] | None = None,
) -> Proposal:
    """The best core; `earliest` is the day by payer from which it can change what it asks."""
    every = candidates(published, wish, marked)
    named = Names(published, every)
    required = {c.id: r for r in wish.required or () if (c := named.one(r.measure))}
    barred = {c.id: x.because or "" for x in wish.excluded or () if (c := named.one(x.measure))}
    enough = {name: r.asked_by for name, r in required.items() if r.asked_by is not None}
    why = {
        one.id: tuple(_against(one, wish, enough.get(one.id), barred, earliest or {}))
        for one in every
    }
    fit = tuple(one for one in every if not why[one.id])
    covers = tuple(_covers(wish))
    failures = (
        *_too_many(wish, len(published.report.counted)),
        *_of_nothing(wish, covers),
        *_unfit(wish, named, why),
        *_too_few(covers, every, why),
    )
    task = _task(fit, covers, wish, {*required})
    failures = failures or tuple(_joint(task))
    payers = len(published.report.counted)
    found = None if failures else best(task)
    if found is None:
        return Proposal(wish, payers, every, fit, (), (), False, 0, Span(0, 0), (), (), failures)
    sets = tuple(tuple(fit[i].id for i in sorted(one)) for one in found.choices)
    standing = {fit[i].id: PROPOSED if i in found.always else TIED for i in found.ever}

    def spanned(weigh: Callable[[Candidate], int]) -> Span:
        return Span(*found.span(tuple(map(weigh, fit))))

    return Proposal(
        wish=wish,
        payers=payers,
        every=every,
        able=fit,
        lines=_lines(every, standing, why, required, wish),
        sets=sets,
        more=found.more,
        worth=sum(fit[i].score for i in found.choices[0]),
        size=spanned(each),
        met=tuple(_met(covers, spanned)),
        effects=effects(published.report, every, spanned),
    )


def _too_many(wish: Wish, payers: int) -> Iterator[Failure]:
    """A wish for more payers behind each measure than there are."""
    wanted = asked_by(wish)
    if wish.asked_by is not None and wanted > payers:
        here = "1 payer is here" if payers == 1 else f"{payers} payers are here"
        yield Failure((f"asked by {_many(wanted, 'payer')}",), f"{here} that count")


def _of_nothing(wish: Wish, covers: tuple[_Cover, ...]) -> Iterator[Failure]:
    """A wish for the smallest core that meets nothing in particular: it would be empty."""
    if wish.smallest == "true" and not covers and not wish.required:
        told = "nothing is to be covered, so the smallest core is empty: wish for a domain or more"
        yield Failure(("as few measures as meet the rest",), told)


# --- what may come in ---------------------------------------------------------------------------


def _against(
    one: Candidate,
    wish: Wish,
    enough: int | None,
    barred: Mapping[str, str],
    earliest: Mapping[str, str],
) -> Iterator[str]:
    """Why a candidate may not come into the core."""
    wanted = enough if enough is not None else asked_by(wish)
    if len(one.has) < wanted:
        yield f"asked by {_many(len(one.has), 'payer')}, wanted {wanted}"
    if one.id in barred:
        yield f"excluded: {barred[one.id]}"
    for what, day, payers in _late(one, wish, earliest):
        yield f"notice: {', '.join(payers)} can {what} from {day}, the core holds from {wish.from_}"


def asked_by(wish: Wish) -> int:
    """How many payers have to ask for each measure."""
    return ASKED_BY if wish.asked_by is None else wish.asked_by


def _late(
    one: Candidate, wish: Wish, earliest: Mapping[str, str]
) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Changes that payers could not make in time: the change, its first day, and whose it is.

    A payer may answer a minor difference, or one whose positions tie, without a change of its own.
    """
    moves = {("adopt it", payer) for payer in one.adopt}
    moves |= {
        (f"respecify {spoken(change.attribute)}", payer)
        for change in one.changes
        if change.severity == "major" and not change.tied
        for payer, _ in change.payers
    }
    late: dict[tuple[str, str], list[str]] = {}
    for what, payer in sorted(moves):
        day = earliest.get(payer, "")
        if wish.from_ is not None and day > wish.from_:
            late.setdefault((what, day), []).append(payer)
    return tuple((what, day, tuple(payers)) for (what, day), payers in sorted(late.items()))


# --- what is wished -----------------------------------------------------------------------------


def _covers(wish: Wish) -> Iterator[_Cover]:
    kinds: tuple[tuple[str, tuple[str, ...], int | None], ...] = (
        *(("domain", (one.domain or "",), one.at_least) for one in wish.domains or ()),
        *(("population", (p.population or "",), p.at_least) for p in wish.populations or ()),
        *(("type", one.type or (), one.at_least) for one in wish.types or ()),
    )
    for facet, any_of, wanted in kinds:
        yield _Cover(facet, any_of, 1 if wanted is None else wanted)


def _task(
    fit: tuple[Candidate, ...], covers: Iterable[_Cover], wish: Wish, required: set[str]
) -> Task:
    """What is wished, as limits on what is chosen."""
    ones = (1,) * len(fit)
    limits = [
        Limit(one.wish, tuple(int(one.fits(c)) for c in fit), least=one.wanted) for one in covers
    ]
    limits += [
        Limit(_required_named(c), tuple(int(other is c) for other in fit), least=1)
        for c in fit
        if c.id in required
    ]
    if wish.at_most is not None:
        limits.append(Limit(f"at most {_many(wish.at_most, 'measure')}", ones, most=wish.at_most))
    score = tuple(c.score for c in fit)
    fewest = tuple(-1 for _ in fit)
    return Task(len(fit), (fewest, score) if wish.smallest == "true" else (score,), tuple(limits))


def _required_named(one: Candidate) -> str:
    return f"required {one.label} ({one.id})"


# --- what cannot be met -------------------------------------------------------------------------


def _unfit(wish: Wish, named: Names, why: Mapping[str, tuple[str, ...]]) -> Iterator[Failure]:
    """Required measures that may not come in."""
    for one in wish.required or ():
        found = named.one(one.measure)
        told = f"required {one.measure} ({one.because})"
        if found is None:
            yield Failure((told,), "no payer that counts asks for it")
        elif why[found.id]:
            yield Failure((told,), f"{found.label}: {'; '.join(why[found.id])}")


def _too_few(
    covers: Iterable[_Cover], every: Iterable[Candidate], why: Mapping[str, tuple[str, ...]]
) -> Iterator[Failure]:
    """Kinds of measures of which too few may come in, with those that come nearest."""
    able_at_all = [c for c in every if not why[c.id]]
    for cover in covers:
        able = [c for c in able_at_all if cover.fits(c)]
        if len(able) >= cover.wanted:
            continue
        barred = [c for c in every if why[c.id] and cover.fits(c)]
        near = sorted(barred, key=lambda c: (-len(c.has), c.label, c.id))[:_NEAREST]
        told = "; ".join(f"{c.label} ({'; '.join(why[c.id])})" for c in near)
        reason = f"{len(able)} may come in, wanted {cover.wanted}; "
        reason += f"nearest: {told}" if told else "no other measure is of it"
        if silent := sum(cover.untold(c) for c in able_at_all):
            verb = "does" if silent == 1 else "do"
            reason += f"; of {len(able_at_all)} that may come in, {silent} {verb} not state it"
        yield Failure((cover.wish,), reason)


def _joint(task: Task) -> Iterator[Failure]:
    """Wishes that can be met, but not together: leave any of them out, and the others can be."""
    if names := conflict(task):
        yield Failure(names, "each can be met, but not together")


# --- what comes of it ---------------------------------------------------------------------------


def _lines(
    every: Iterable[Candidate],
    standing: Mapping[str, str],
    why: Mapping[str, tuple[str, ...]],
    required: Mapping[str, Required],
    wish: Wish,
) -> tuple[Line, ...]:
    found = []
    for one in every:
        stands = standing.get(one.id, DROPPED)
        law = required[one.id].because or "" if one.id in required else ""
        reason = {PROPOSED: "in every best set", TIED: "in some of the best sets"}.get(stands)
        reason = reason or "; ".join(why[one.id]) or _over(one, wish)
        found.append(Line(one, stands, f"{reason}; required" if law else reason, law))
    return _ordered(found)


def _over(one: Candidate, wish: Wish) -> str:
    """Why a measure that may come in is in no best set."""
    if wish.smallest == "true":
        return f"score {one.score}: fewer measures meet the wishes without it"
    return f"score {one.score}: in no best set of at most {wish.at_most}"


def _ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What is proposed first, then the highest score; payers have no part in it."""
    return tuple(
        sorted(
            lines,
            key=lambda one: (
                STANDINGS.index(one.standing),
                -one.candidate.score,
                one.candidate.label,
                one.candidate.id,
            ),
        )
    )


def _met(covers: Iterable[_Cover], spanned: Spanned) -> Iterator[Met]:
    for cover in covers:
        found = spanned(cover.fits)
        yield Met(cover.wish, found.least, found.most)


def told_sets(found: Proposal) -> str:
    """How many best sets there are, in words."""
    if found.more:
        return f"more than {SHOWN} sets are equally good, the first {SHOWN} of which are told"
    if len(found.sets) == 1:
        return "1 set is best"
    return f"{len(found.sets)} sets are equally good"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
