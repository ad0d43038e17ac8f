"""What one line tells a practice of its scores, and how hard two lines pull apart."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from harmonize.measures import Measure, Target
from harmonize.problems import Place
from harmonize.values import Cut, Share, Threshold, read_threshold, stated
from harmonize.wording import take_apart


@dataclass(frozen=True, slots=True)
class Pull:
    """One way in which two payers pull apart; the higher its number, the harder."""

    number: int
    name: str
    because: str


AGAINST: Final = Pull(
    7, "opposite directions", "What raises one score lowers the other: nobody can please both."
)
MIRRORED: Final = Pull(
    6,
    "scores run against each other",
    "The same care is wanted, and one score has to rise where the other has to fall: two reports "
    "that cannot be read side by side.",
)
RETIRED: Final = Pull(
    5, "paid and retired", "Money hangs on what the other says nobody should ask for any more."
)
CUT: Final = Pull(
    4, "another cut", "Work goes to other patients: who is near the one cut is not near the other."
)
UNPAID: Final = Pull(3, "paid and only reported", "The same work earns money here and none there.")
TARGET: Final = Pull(
    2, "targets apart", "The work is the same; what is enough for one is not for the other."
)
WEIGHT: Final = Pull(1, "weights apart", "The work is the same; it counts for more with one.")
PULLS: Final = (AGAINST, MIRRORED, RETIRED, CUT, UNPAID, TARGET, WEIGHT)  # the hardest first

# What a score is used for, as the format says it, and what that tells a practice; in this order.
USES: Final[Mapping[str, str]] = {
    "payment": "paid",
    "gate": "gate",
    "reporting": "reported",
    "public reporting": "reported",
    "monitoring": "monitored",
    "care gap": "monitored",
}
STANDINGS: Final[Mapping[str, str]] = {"monitoring": "monitored", "retired": "retired"}
PAYS: Final = frozenset(["paid", "gate"])  # money hangs on it

WAYS: Final = {"increase": "higher is better", "decrease": "lower is better"}


# --- what a line tells ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stance:
    """What one item tells of one thing: in words, as it is compared, and where."""

    item: Measure
    text: str
    value: Any
    place: Place


def _direction(item: Measure) -> Stance | None:
    way = _own(item, "improvement_notation")
    return way and Stance(item, WAYS[way], way, item.place_of("improvement_notation"))


def _use(item: Measure) -> Stance | None:
    """What hangs on a score; what is retired is retired, whatever it was used for."""
    uses = _own(item, "use") or ()
    standing = STANDINGS.get(_own(item, "status") or "")
    told = tuple(dict.fromkeys(USES[one] for one in USES if one in uses))
    if standing and (standing == "retired" or not told):
        return Stance(item, standing, frozenset([standing]), item.place_of("status"))
    return Stance(item, ", ".join(told), frozenset(told), item.place_of("use")) if told else None


def _stated(key: str) -> Callable[[Measure], Stance | None]:
    def tell(item: Measure) -> Stance | None:
        value = _own(item, key)
        return None if value is None else Stance(item, stated(value), value, item.place_of(key))

    return tell


def _own(item: Measure, key: str) -> Any:
    """What the payer itself states; what we attached is not its statement."""
    return getattr(item, key) if item.states(key) else None


def cut(item: Measure) -> Cut | None:
    """The one cut of an item, stated or as its title prints it."""
    value: object = _own(item, "threshold")
    if value is None:
        value = read_threshold(printed_cut(item))
    if not isinstance(value, Threshold) or len(value.cuts) != 1:
        return None
    (one,) = value.cuts
    return None if one.people or one.operator == "=" else one


def printed_cut(item: Measure) -> str:
    """The cut that stands in a title; empty where there is none, or several."""
    printed = [text for key, text in take_apart(item.title).shown if key == "threshold"]
    return printed[0] if len(printed) == 1 else ""


def wanted(item: Measure, way: str | None) -> str | None:
    """On which side of its cut people should be, if a score is better this way."""
    one = cut(item)
    if one is None or way is None:
        return None
    return "above" if (one.operator[0] == ">") == (way == "increase") else "below"


def way_to(item: Measure, side: str) -> str | None:
    """Which way a score is better if people should be on this side of its cut."""
    return next((way for way in WAYS if wanted(item, way) == side), None)


# --- two lines ------------------------------------------------------------------------------------

Apart = tuple[Pull, Fraction]
"""How two lines pull apart, and how far their numbers are: of the greater one, 0 without any."""


@dataclass(frozen=True, slots=True)
class Ground:
    """On what two lines are compared.

    `differing` holds for each attribute every two payers, sorted, that state another thing.
    `turned` are attributes of which all who differ tell one cut from its two sides; `siblings` says
    that the lines are two measures of one family.
    """

    differing: Mapping[str, AbstractSet[tuple[str, str]]]
    turned: AbstractSet[str] = frozenset()
    siblings: bool = False

    def differ(self, key: str, left: Stance, right: Stance) -> bool:
        """Whether two payers state another thing."""
        one, other = sorted((left.item.payer, right.item.payer))
        return (one, other) in self.differing.get(key, ())

    def mirrored(self, key: str, left: Measure, right: Measure) -> bool:
        """Whether two lines that differ are one cut told from its two sides, each its own way."""
        if key in self.turned:
            return True
        mine, theirs = cut(left), cut(right)
        ways = left.improvement_notation, right.improvement_notation
        if mine is None or theirs is None or (ways[0] and ways[0] == ways[1]):
            return False
        return Threshold((mine,), "").complements(Threshold((theirs,), ""))


def _directions(left: Stance, right: Stance, ground: Ground) -> Apart | None:
    if left.value == right.value or ground.mirrored("improvement_notation", left.item, right.item):
        return None
    sides = [wanted(one.item, one.value) for one in (left, right)]
    return (MIRRORED if sides[0] and sides[0] == sides[1] else AGAINST), Fraction(0)


def _thresholds(left: Stance, right: Stance, ground: Ground) -> Apart | None:
    mine, theirs = cut(left.item), cut(right.item)
    if ground.mirrored("threshold", left.item, right.item):
        return None
    if not ground.siblings:
        return (CUT, _between(mine, theirs)) if ground.differ("threshold", left, right) else None
    if not mine or not theirs or not comparable(mine, theirs) or _alike(mine, theirs):
        return None
    return CUT, _between(mine, theirs)


def _targets(left: Stance, right: Stance, ground: Ground) -> Apart | None:
    """Targets of one cut told from its two sides are held against each other from one side."""
    mine, theirs = _rate(left.value), _rate(right.value)
    if mine is None or theirs is None:
        return (TARGET, Fraction(0)) if ground.differ("target", left, right) else None
    if turned(left.item, right.item, ground):
        theirs = 100 - theirs
    bases = {left.value.basis, right.value.basis} - {None}  # a basis left out differs from none
    same = mine == theirs and len(bases) < 2
    return None if same else (TARGET, _far(mine, theirs))


def turned(left: Measure, right: Measure, ground: Ground) -> bool:
    """Whether what is much for one line is little for the other, of the same people."""
    ways = {left.improvement_notation, right.improvement_notation}
    way = "improvement_notation" if ways == WAYS.keys() else ""
    return ground.mirrored(way, left, right)


def _weights(left: Stance, right: Stance, ground: Ground) -> Apart | None:  # noqa: ARG001
    """Shares and multipliers have no common scale: neither is more than the other."""
    mine, theirs = left.value, right.value
    if mine.unit != theirs.unit or mine.number == theirs.number:
        return None
    return WEIGHT, _far(mine.number, theirs.number)


def _uses(left: Stance, right: Stance, ground: Ground) -> Apart | None:  # noqa: ARG001
    pays = [bool(one.value & PAYS) for one in (left, right)]
    if pays[0] == pays[1]:
        return None
    other = right.value if pays[0] else left.value
    return (RETIRED if "retired" in other else UNPAID), Fraction(0)


def _rate(value: object) -> Fraction | None:
    share = value.value if isinstance(value, Target) else None
    return share.number if isinstance(share, Share) and share.unit == "%" else None


def comparable(one: Cut, other: Cut) -> bool:
    """Whether two cuts are of one scale, as far as they say."""
    units = {one.unit, other.unit} - {None}
    return len(one.numbers) == len(other.numbers) and len(units) < 2


def _alike(one: Cut, other: Cut) -> bool:
    return (one.operator, one.numbers) == (other.operator, other.numbers)


def _between(one: Cut | None, other: Cut | None) -> Fraction:
    if not one or not other or not comparable(one, other):
        return Fraction(0)
    return max(_far(a, b) for a, b in zip(one.numbers, other.numbers, strict=True))


def _far(one: Fraction, other: Fraction) -> Fraction:
    return abs(one - other) / max(one, other) if one != other else Fraction(0)


@dataclass(frozen=True, slots=True)
class Teller:
    """One thing that a practice is told: what a line says of it, and how two lines pull apart.

    Two lines that do not pull apart come to `None`.
    """

    tell: Callable[[Measure], Stance | None]
    apart: Callable[[Stance, Stance, Ground], Apart | None]


# What a practice is told, in the order of reading.
TELLERS: Final[Mapping[str, Teller]] = {
    "direction": Teller(_direction, _directions),
    "threshold": Teller(_stated("threshold"), _thresholds),
    "target": Teller(_stated("target"), _targets),
    "weight": Teller(_stated("weight"), _weights),
    "use": Teller(_use, _uses),
}
