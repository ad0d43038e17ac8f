"""How much lists share: the figures of a part of a portfolio, each with what it counts of what."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import combinations
from math import fsum
from typing import Final

from harmonize.figures import Definition, Figure, percent
from harmonize.parts import HOMEGROWN, STANDARD, UNKNOWN, Held, Part
from harmonize.values import Count

_DISTINCT: Final = "distinct measures"
LISTS: Final = "lists"
_STATING: Final = "lists that state measures"
_ASKS: Final = "asks"
_LINES: Final = "lines printed"
_SAME: Final = "the same as a percentage"
DEFINITIONS: Final = (
    Definition("sets", "lists that count: each a programme and year", ""),
    Definition("programmes", "payers' programmes, however many years of each are here", ""),
    Definition(
        "without_measures", "lists that state no measures, only another area or members", LISTS
    ),
    Definition(
        "partial", "lists that say that they are not whole: absence from them proves nothing",
        LISTS,
    ),
    Definition(
        "measures_listed",
        "lines that the lists print, repeats included; rates beside a measure are no lines",
        "",
    ),
    Definition(
        "distinct_measures",
        "measures after lines that mean the same are joined, over every list at once",
        _LINES,
    ),
    Definition("asks", "a list and a measure, once each: what distinct measures are uses of",
               _LINES),
    Definition("shared_by_two_or_more", "measures that two or more lists ask for", _DISTINCT),
    Definition("shared_by_two_or_more_percent", _SAME, _DISTINCT),
    Definition(
        "shared_by_two_or_more_programmes",
        "measures that two or more programmes ask for: years of one programme share nothing here",
        _DISTINCT,
    ),
    Definition("shared_by_two_or_more_programmes_percent", _SAME, _DISTINCT),
    Definition("asks_shared", "asks for measures that two or more lists ask for", _ASKS),
    Definition("asks_shared_percent", _SAME, _ASKS),
    Definition(
        "used_by:",
        "measures that exactly so many lists ask for, for one percentage hides the skew",
        _DISTINCT,
    ),
    Definition("most_used", "lists that ask for the measure that most lists ask for", _STATING),
    Definition("most_used_percent", _SAME, _STATING),
    Definition(
        "overlap_of_two",
        "of each two lists, the measures that both ask for as a percentage of those that either "
        "asks for; the mean over all pairs",
        "",
    ),
    Definition(
        "overlap_of_two_in_domains",
        "the same in domains of care: lists can share domains and not measures",
        "",
    ),
    Definition(
        "standard",
        "measures to which a list or the catalogue gives a standard identifier (CBE, CMS, HEDIS, "
        "MIPS, CMIT, Star)",
        _DISTINCT,
    ),
    Definition("standard_percent", _SAME, _DISTINCT),
    Definition("standard_asks", "asks for such measures", _ASKS),
    Definition("standard_asks_percent", _SAME, _ASKS),
    Definition(
        "cbe_or_hedis",
        "measures with a CBE (formerly NQF) number or of HEDIS: the standard of the 2013 study, "
        "whether or not they are still endorsed",
        _DISTINCT,
    ),
    Definition("cbe_or_hedis_percent", _SAME, _DISTINCT),
    Definition("cbe_or_hedis_asks", "asks for such measures", _ASKS),
    Definition("cbe_or_hedis_asks_percent", _SAME, _ASKS),
    Definition(
        "identified", "lines for which the list itself prints a standard identifier", _LINES
    ),
    Definition(
        "homegrown",
        "measures to which neither gives one: made by a programme as far as is known, which is no "
        "proof that no standard measure stands behind them",
        _DISTINCT,
    ),
    Definition(
        "homegrown_known",
        "of those, measures that the catalogue knows by name and steward, national ones among them",
        _DISTINCT,
    ),
    Definition("homegrown_asks", "asks for such measures", _ASKS),
    Definition(
        "origin_not_known", "measures whose identifiers are held back and that nothing else names",
        _DISTINCT,
    ),
    Definition(
        "sets_with_modified",
        "lists that say that they changed a standard measure; most lists say nothing either way",
        _STATING,
    ),
    Definition("sets_with_modified_percent", _SAME, _STATING),
    Definition("sets_half_modified", "lists that say so of half of their lines or more", _STATING),
    Definition("sets_all_modified", "lists that say so of every line", _STATING),
    Definition("modified", "lines of which the list says so", _LINES),
    Definition(
        "members",
        "sum of the members that lists state; not told where a programme is here with several "
        "years, and whoever is in two programmes is in it twice",
        "",
    ),
    Definition("members_stated", "lists that state how many members they cover", LISTS),
    Definition(
        "possible_matches",
        "pairs of lines of two lists that may be one measure; nobody has settled it, none counts",
        "",
    ),
    Definition("lists", "lists in the cell", ""),
    Definition("kept", "measures that the programme's edition before asked for too",
               "measures of that edition"),
    Definition("measures_of_both", "measures that lists of both groups ask for",
               "measures of either group"),
    Definition("domains_of_both", "domains of care in which both groups ask for measures",
               "domains of either group"),
)  # fmt: skip


def definition(figure: str) -> Definition:
    """What a figure of a portfolio counts."""
    kind, colon, _ = figure.partition(":")
    return next(d for d in DEFINITIONS if d.figure == kind + colon)


def tell(part: Part) -> tuple[Figure, ...]:
    """Every figure of some lists or measures, in the order of the definitions."""
    held, lines = part.held, part.lines
    number, distinct, printed = len(part.lists), len(held), len(lines)
    stating = len({line.key for line in lines})
    payer = {one.key: one.payer for one in part.lists}
    asks = sum(len(h.asks) for h in held)
    shared = [h for h in held if len(h.asks) >= 2]
    wider = sum(len({payer[key] for key in h.asks}) >= 2 for h in held)
    most = max((len(h.asks) for h in held), default=0)
    own = [h for h in held if h.origin == HOMEGROWN]
    unknown = sum(h.origin == UNKNOWN for h in held)
    says: dict[str, list[bool]] = {}
    for line in lines:
        says.setdefault(line.key, []).append(line.modified)
    changed = [flags for flags in says.values() if any(flags)]
    return (
        Figure("sets", number, None, LISTS),
        Figure("programmes", len(set(payer.values())), None, "programmes"),
        Figure("without_measures", number - stating, number, LISTS),
        Figure("partial", sum(one.list.is_partial for one in part.lists), number, LISTS),
        Figure("measures_listed", printed, None, f"lines printed in {number} lists"),
        Figure("distinct_measures", distinct, printed, "measures"),
        Figure("asks", asks, printed, "asks: a list and a measure"),
        *_share("shared_by_two_or_more", len(shared), distinct, "measures", _DISTINCT),
        *_share("shared_by_two_or_more_programmes", wider, distinct, "measures", _DISTINCT),
        *_share("asks_shared", sum(len(h.asks) for h in shared), asks, "asks", _ASKS),
        *(Figure(f"used_by:{n}", many, distinct, "measures") for n, many in histogram(held)),
        *_share("most_used", most, stating, LISTS, _STATING),
        *_overlap(part),
        *_of_origin("standard", [h for h in held if h.origin == STANDARD], distinct, asks),
        *_of_origin("cbe_or_hedis", [h for h in held if h.of_2013], distinct, asks),
        Figure("identified", sum(line.identified for line in lines), printed, "lines"),
        Figure("homegrown", len(own), distinct, "measures"),
        Figure("homegrown_known", sum(h.known for h in own), distinct, "measures"),
        Figure("homegrown_asks", sum(len(h.asks) for h in own), asks, "asks"),
        Figure("origin_not_known", unknown, distinct, "measures"),
        *_share("sets_with_modified", len(changed), stating, LISTS, _STATING),
        Figure("sets_half_modified", sum(2 * sum(x) >= len(x) for x in changed), stating, LISTS),
        Figure("sets_all_modified", sum(map(all, changed)), stating, LISTS),
        Figure("modified", sum(line.modified for line in lines), printed, "lines"),
        *_members(part),
        *_possible(part),
    )


def _possible(part: Part) -> Iterable[Figure]:
    if part.possible is not None:
        yield Figure("possible_matches", len(part.possible), None, "pairs that nobody has settled")


def _share(name: str, value: int, base: int, unit: str, of: str) -> tuple[Figure, Figure]:
    """A number with its base, and the same as a percentage."""
    return (
        Figure(name, value, base, unit),
        Figure(f"{name}_percent", percent(value, base), None, f"percent of {of}"),
    )


def _of_origin(name: str, own: list[Held], distinct: int, asks: int) -> tuple[Figure, ...]:
    """Measures of one origin, once each and as often as they are asked for."""
    uses = sum(len(h.asks) for h in own)
    return (
        *_share(name, len(own), distinct, "measures", _DISTINCT),
        *_share(f"{name}_asks", uses, asks, "asks", _ASKS),
    )


def histogram(held: Iterable[Held]) -> tuple[tuple[int, int], ...]:
    """How many measures so many lists ask for: (lists, measures)."""
    found: dict[int, int] = {}
    for one in held:
        found[len(one.asks)] = found.get(len(one.asks), 0) + 1
    return tuple(sorted(found.items()))


def _overlap(part: Part) -> Iterable[Figure]:
    """The mean overlap of each two lists, in measures and in domains."""
    keys = sorted({line.key for line in part.lines})
    pairs = list(combinations(keys, 2))
    unit = f"percent, mean of {len(pairs)} pairs of lists"
    if not pairs:
        return
    by = {"overlap_of_two": "concept", "overlap_of_two_in_domains": "domain"}
    if part.possible is None:  # some of the measures: of a domain, say
        del by["overlap_of_two_in_domains"]
    for name, of in by.items():
        has: dict[str, set[str]] = {key: set() for key in keys}
        for one in part.held:
            for key in one.asks:
                has[key].add(getattr(one, of))
        shares = [_jaccard(has[a], has[b]) for a, b in pairs]
        value = round(100 * fsum(shares) / len(shares), 1)
        yield Figure(name, value, None, unit)


def _jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    either = one | other
    return len(one & other) / len(either) if either else 0.0


def _members(part: Part) -> Iterable[Figure]:
    stated = [s.list.members.number for s in part.lists if isinstance(s.list.members, Count)]
    once = len({one.payer for one in part.lists}) == len(part.lists)
    if stated and once:
        yield Figure("members", sum(stated), None, f"members of {len(stated)} lists")
    yield Figure("members_stated", len(stated), len(part.lists), LISTS)
