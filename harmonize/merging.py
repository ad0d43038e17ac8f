"""An imported spec laid over the one that is there, so that ids and what people added stay."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from harmonize.sets import MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar

NEAR: Final = 0.8  # how alike a corrected title is to the one that it was
MINTED: Final = "minted from the title"


@dataclass(frozen=True, slots=True)
class Merged:
    """The spec to keep, and what became of its measures, by title."""

    root: Pairs
    added: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()  # (title that was, title that is)
    alone: tuple[str, ...] = ()  # in the file and not in the source: kept unless it is the whole


def with_ids(root: Pairs, found: MeasureSet) -> Pairs:
    """The spec with an id for each measure that has none, as the reader mints it."""
    ids: dict[tuple[object, str], list[str]] = {}
    for one in found.measures or ():
        if one.minted and one.rate_of is None:
            ids.setdefault((one.place, one.title), []).append(one.id)

    def named(node: Node) -> Node:
        title = _title(node)
        waiting = ids.get((node.place, title))
        if _text(node, "id") or not waiting:
            return node
        own = Scalar(waiting.pop(0), node.place, remark=MINTED)
        pairs = node.pairs if isinstance(node, Pairs) else ((_key("title", node), node),)
        return Pairs(((_key("id", node), own), *pairs), node.place)

    return _replaced(root, tuple(map(named, _measures(root))))


def merged(old: Pairs, new: Pairs, ids: Iterable[str], *, whole: bool = False) -> Merged:
    """The source's values over those of the file, measure by measure, in the file's order.

    `ids` are those of the file's measures in their order, minted ones too.  A measure is the same
    by its id, then by its title, then by its identifiers or by a title that is nearly the same.
    With `whole` what the source does not hold goes, and only comments stay.
    """
    ours, theirs = list(_measures(old)), list(_measures(new))
    names = list(ids)
    partner: dict[int, int] = {}  # of the file -> of the source
    _pair(_Sides(ours, theirs, names, [_text(one, "id") for one in theirs]), partner, _same)
    titles = [_title(one) for one in ours], [_title(one) for one in theirs]
    _pair(_Sides(ours, theirs, *titles), partner, _same_title)
    alike = ["any"] * len(ours), ["any"] * len(theirs)
    for same in (_same_numbers, _near_title):
        _pair(_Sides(ours, theirs, *alike), partner, same)
    corrected = []
    measures: list[Node] = []
    for at, one in enumerate(ours):
        if at not in partner:
            measures += [] if whole else [one]
            continue
        other = theirs[partner[at]]
        if _title(one) != _title(other):
            corrected.append((_title(one), _title(other)))
        mine = _as_pairs(one) if whole else _with_id(_as_pairs(one), names[at])
        measures.append(_over(mine, _as_pairs(other), () if whole else ("id",), whole=whole))
    fresh = [one for at, one in enumerate(theirs) if at not in partner.values()]
    both = _over(_without(old), _without(new), () if whole else ("payer",), whole=whole)
    root = _replaced(
        Pairs((*both.pairs, (_key("measures", old), _listed(old, new))), old.place),
        (*measures, *fresh),
    )
    return Merged(
        root=root,
        added=tuple(map(_title, fresh)),
        corrected=tuple(corrected),
        alone=tuple(_title(one) for at, one in enumerate(ours) if at not in partner),
    )


def plainly(node: Node) -> object:
    """What a node says, wherever it stands and whatever is said of it."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plainly(one) for one in node.items]
    return {key.text: plainly(one) for key, one in node.pairs}


# --- which measure is which ---------------------------------------------------------------------

Same = Callable[[Node, Node], float]
"""How surely the file's measure is the source's; 0 for not at all."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """The measures of both, and the keys by which some of them are worth comparing."""

    ours: list[Node]
    theirs: list[Node]
    our_keys: list[str]
    their_keys: list[str]

    def likely(self, partner: Mapping[int, int]) -> Iterable[tuple[int, int]]:
        """What is left and has the same key, by its numbers; an empty key is none."""
        taken = set(partner.values())
        by_key: dict[str, list[int]] = {}
        for at, key in enumerate(self.their_keys):
            if at not in taken and key:
                by_key.setdefault(key, []).append(at)
        for at, key in enumerate(self.our_keys):
            if at not in partner:
                yield from ((at, other) for other in by_key.get(key, ()))


def _pair(sides: _Sides, partner: dict[int, int], same: Same) -> None:
    """Pairs what is left, the surest first; of equals those that say the most of the same."""
    found = [
        (sure, _alike(sides.ours[a], sides.theirs[b]), a, b)
        for a, b in sides.likely(partner)
        if (sure := same(sides.ours[a], sides.theirs[b]))
    ]
    taken = set(partner.values())
    for _, _, a, b in sorted(found, key=lambda f: (-f[0], -f[1], abs(f[2] - f[3]), f[2])):
        if a not in partner and b not in taken:
            partner[a] = b
            taken.add(b)


def _same(one: Node, other: Node) -> float:  # noqa: ARG001 - the key has said it
    return 1


def _same_title(one: Node, other: Node) -> float:
    return float(_ids_agree(one, other))


def _same_numbers(one: Node, other: Node) -> float:
    """The same identifiers, and a title that is at least half the same."""
    mine, theirs = _numbers(one), _numbers(other)
    if not mine or mine != theirs or not _ids_agree(one, other):
        return 0
    near = _likeness(one, other)
    return near if near >= 0.5 else 0


def _near_title(one: Node, other: Node) -> float:
    mine, theirs = _numbers(one), _numbers(other)
    if not _ids_agree(one, other) or (mine and theirs and not mine & theirs):
        return 0
    # Numbers in a title are what rates differ in: 7 days is no misspelt 30 days.
    if re.findall(r"[0-9]+", _title(one)) != re.findall(r"[0-9]+", _title(other)):
        return 0
    near = _likeness(one, other)
    return near if near >= NEAR else 0


def _ids_agree(one: Node, other: Node) -> bool:
    """Whether not both have an own id, which then would be another."""
    mine = one.get("id") if isinstance(one, Pairs) else None
    minted = isinstance(mine, Scalar) and (mine.remark == MINTED or not mine.text)
    return not mine or minted or not _text(other, "id")


def _likeness(one: Node, other: Node) -> float:
    left, right = _title(one).casefold(), _title(other).casefold()
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= 0.5 else 0


def _numbers(node: Node) -> set[tuple[str, str]]:
    ids = node.get("ids") if isinstance(node, Pairs) else None
    if not isinstance(ids, Pairs):
        return set()
    return {(key.text, repr(plainly(one))) for key, one in ids.pairs}


def _alike(one: Node, other: Node) -> int:
    """How many values are the same, by which measures of one title are told apart."""
    if not isinstance(one, Pairs) or not isinstance(other, Pairs):
        return 0
    mine = {key.text: repr(plainly(node)) for key, node in one.pairs}
    return sum(mine.get(key.text) == repr(plainly(node)) for key, node in other.pairs)


# --- one over the other -------------------------------------------------------------------------


def _over(old: Pairs, new: Pairs, keep: tuple[str, ...] = (), *, whole: bool = False) -> Pairs:
    """The file's map with the source's values; what only the file has stays, or goes."""
    theirs = {key.text: node for key, node in new.pairs}
    pairs = []
    for key, node in old.pairs:
        other = theirs.pop(key.text, None)
        if other is None:
            pairs += [] if whole else [(key, node)]
        elif key.text in keep or plainly(node) == plainly(other):
            pairs.append((key, node))
        elif isinstance(node, Pairs) and isinstance(other, Pairs):
            pairs.append((key, _over(node, other, whole=whole)))
        elif (
            not whole
            and key.text == "notes"
            and isinstance(node, Scalar)
            and isinstance(other, Scalar)
        ):
            pairs.append((key, other._replace(text=_both_notes(node.text, other.text))))
        elif isinstance(node, Scalar) and isinstance(other, Scalar):
            pairs.append((key, other._replace(remark=other.remark or node.remark)))
        else:
            pairs.append((key, other))
    added = [(key, node) for key, node in new.pairs if key.text in theirs]
    return Pairs((*pairs, *added), old.place)


def _both_notes(old: str, new: str) -> str:
    """The source's lines, and those of the file that are no older form of one of them."""
    lines = new.split("\n")
    heads = {line.split(": ", 1)[0] for line in lines if ": " in line}
    own = [x for x in old.split("\n") if x not in lines and x.split(": ", 1)[0] not in heads]
    return "\n".join((*lines, *own))


def _with_id(node: Pairs, name: str) -> Pairs:
    if node.get("id") is not None:
        return node
    return Pairs(
        ((_key("id", node), Scalar(name, node.place, remark=MINTED)), *node.pairs), node.place
    )


def _as_pairs(node: Node) -> Pairs:
    """A measure that is nothing but its title, as a map."""
    if isinstance(node, Pairs):
        return node
    return Pairs(((_key("title", node), node),), node.place)


def _measures(root: Pairs) -> tuple[Node, ...]:
    listed = root.get("measures")
    return listed.items if isinstance(listed, Items) else ()


def _listed(old: Pairs, new: Pairs) -> Node:
    found = old.get("measures") or new.get("measures")
    return found if isinstance(found, Items) else Items((), old.place)


def _without(root: Pairs) -> Pairs:
    return Pairs(tuple(p for p in root.pairs if p[0].text != "measures"), root.place)


def _replaced(root: Pairs, measures: tuple[Node, ...]) -> Pairs:
    """The spec with other measures."""
    pairs: list[tuple[Scalar, Node]] = []
    for key, node in root.pairs:
        if key.text == "measures":
            if measures:
                pairs.append((key, Items(measures, node.place)))
        else:
            pairs.append((key, node))
    return Pairs(tuple(pairs), root.place)


def _key(name: str, node: Node) -> Scalar:
    return Scalar(name, node.place)


def _text(node: Node, key: str) -> str:
    found = node.get(key) if isinstance(node, Pairs) else None
    return found.text if isinstance(found, Scalar) else ""


def _title(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else _text(node, "title")
