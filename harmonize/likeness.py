"""How alike two sets of telling words are, misspellings forgiven."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import fsum

from rapidfuzz import fuzz, process

from harmonize.knowledge import Knowledge
from harmonize.slots import Profile, weight

SPELT: int = 84  # letters in common, in percent, from which a long word is only misspelt


def dice(left: Profile, right: Profile, knowledge: Knowledge) -> float:
    """Weight of the words in both over the mean weight of each (Dice 1945)."""
    return overlap(left.bag, right.bag, knowledge)[0]


def letters(left: str, right: str) -> float:
    """Likeness letter by letter, whatever the order of the words, 0..1."""
    return fuzz.token_sort_ratio(left, right) / 100


def near(
    lefts: Sequence[str], rights: Sequence[str], least: float
) -> Iterator[tuple[int, int, float]]:
    """Which of two lists of texts are at least so alike, 0..1, letter by letter in their order."""
    for at, left in enumerate(lefts):
        found = process.extract(
            left, rights, scorer=fuzz.ratio, score_cutoff=100 * least, limit=None
        )
        yield from ((at, other, score / 100) for _, score, other in found)


@lru_cache(maxsize=200_000)
def overlap(
    left: frozenset[str], right: frozenset[str], knowledge: Knowledge
) -> tuple[float, float, float]:
    """Dice likeness, and what is left over on either side, all as shares of the weight."""
    if sorted(right) < sorted(left):  # whichever comes first, misspellings pair up alike
        left, right = right, left
    both = left & right
    mine, theirs = set(left - both), set(right - both)
    common = fsum(weight(w, knowledge) for w in both)
    for word in sorted(mine):
        near = [w for w in sorted(theirs) if _misspelt(word, w)]
        if near:
            theirs.discard(near[0])
            mine.discard(word)
            common += 0.9 * min(weight(word, knowledge), weight(near[0], knowledge))
    lone_left = fsum(weight(w, knowledge) for w in mine)
    lone_right = fsum(weight(w, knowledge) for w in theirs)
    total = 2 * common + lone_left + lone_right
    if not total:
        return 0.0, 0.0, 0.0
    return (
        2 * common / total,
        2 * min(lone_left, lone_right) / total,
        2 * max(lone_left, lone_right) / total,
    )


@lru_cache(maxsize=200_000)
def _misspelt(left: str, right: str) -> bool:
    return min(len(left), len(right)) >= 5 and fuzz.ratio(left, right, score_cutoff=SPELT) > 0
