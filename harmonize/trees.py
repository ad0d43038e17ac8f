"""A spec as a tree of texts that know where they stand, before any field has read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from harmonize.problems import Place, Problem


class Scalar(NamedTuple):
    """One text; `plain` if it stood without quotes, `remark` what is to be said beside it.

    A remark says what an importer inferred, and from what; writing makes it a comment.
    """

    text: str
    place: Place
    plain: bool = False
    remark: str = ""

    @property
    def kind(self) -> str:
        return "a single value"

    @property
    def size(self) -> int:
        return 1


class Items(NamedTuple):
    """A list."""

    items: tuple["Node", ...]
    place: Place
    size: int = 1

    @property
    def kind(self) -> str:
        return "a list"


class Pairs(NamedTuple):
    """A map, in the order of the file; keys are single texts and each stands once."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    place: Place
    size: int = 1

    @property
    def kind(self) -> str:
        return "a map"

    def get(self, key: str) -> "Node | None":
        """The value under a key, or `None`."""
        return next((node for name, node in self.pairs if name.text == key), None)


Node = Scalar | Items | Pairs
_NULLS: Final = ("~", "null", "Null", "NULL")


def is_nothing(node: Node) -> bool:
    """Whether nothing is said: no value, or a list or a map of nothing."""
    if isinstance(node, Scalar):
        return not node.text.strip() or (node.plain and node.text in _NULLS)
    return not (node.items if isinstance(node, Items) else node.pairs)


def bare(node: "Node | None") -> object:
    """What a node says, wherever it stands: to be compared, and to be found by."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return tuple(bare(one) for one in node.items)
    return node and tuple((key.text, bare(value)) for key, value in node.pairs)


def stated(found: Mapping[str, "Node | None"], place: Place) -> Pairs:
    """A map of what is stated, in the order given; what is `None` is left out."""
    pairs = ((Scalar(key, node.place), node) for key, node in found.items() if node is not None)
    return Pairs(tuple(pairs), place)


def listed(found: Sequence[Scalar]) -> Node | None:
    """Texts as a list; one alone needs none."""
    return (found[0] if len(found) == 1 else Items(tuple(found), found[0].place)) if found else None


@dataclass(frozen=True, slots=True)
class Source:
    """One file as an importer gets it: the name that a person knows it by, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Imported:
    """What an importer hands over.

    `specs` are the roots of whole specs (`harmonize`, `payer`, `measures`, ...), as a file of each
    would be parsed: whoever reads them tells their problems at the place in the source.
    `warnings` are what the importer saw and did not guess; `counts` says, a line each, what came
    in and what came out; `notes` how the source was understood, and `mapping` which of its columns
    is which field.  `whole` says that the source is the spec itself, so that what it does not hold
    is gone.  `problems` are why nothing of it may be written, where the rest could be read all the
    same, so that all problems are told in one pass; a source that yields nothing is a `SpecError`.
    """

    specs: tuple[Pairs, ...]
    warnings: tuple[Problem, ...] = ()
    counts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    problems: tuple[Problem, ...] = ()
