"""An imported spec laid over the one that is there, so that ids and what people added stay."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from harmonize.sets import MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar

NEAR: Final = 0.8  # how alike a corrected title is to the one that it was
_HALF: Final = 0.5  # the same of two measures with the same identifiers
MINTED: Final = "minted from the title"

Near = Callable[[Sequence[str], Sequence[str], float], Iterable[tuple[int, int, float]]]
"""From titles of both sides: which, by their numbers, are at least so alike, and how much."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The spec to keep, and what became of its measures, by title."""

    root: Pairs
    added: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()  # (title that was, title that is)
    kept: tuple[str, ...] = ()  # of a list, and not in the source's
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


def merged(
    old: Pairs, new: Pairs, ids: Iterable[str], near: Near, *, whole: bool = False
) -> Merged:
    """The source's values over those of the file, measure by measure, in the file's order.

    `ids` are those of the file's measures in their order, minted ones too.  A measure is the same
    by its id, then by its title, then by its identifiers or by a title that is nearly the same.
    With `whole` what the source does not hold goes, and only comments stay.
    """
    ours, theirs = list(_measures(old)), list(_measures(new))
    names = list(ids)
    sides = _Sides(ours, theirs)
    sides.same(names, [_text(one, "id") for one in theirs])
    sides.same(*sides.keys(_title), unless=_are_others)
    sides.alike(near, _HALF, *sides.keys(_numbers_key))
    sides.alike(near, NEAR, *sides.keys(_title_key))
    partner = sides.partner
    corrected = []
    kept: list[str] = []
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
        kept += (f"{_title(other)}: {told}" for told in _kept(measures[-1], other))
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
        kept=tuple(kept),
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


@dataclass(slots=True)
class _Sides:
    """The measures of both, and which of the file's is which of the source's, by their numbers."""

    ours: Sequence[Node]
    theirs: Sequence[Node]
    partner: dict[int, int] = field(default_factory=dict)

    def keys(self, key: Callable[[Node], str]) -> tuple[list[str], list[str]]:
        """What a key says of each of both."""
        return [key(one) for one in self.ours], [key(one) for one in self.theirs]

    def same(
        self,
        our_keys: Sequence[str],
        their_keys: Sequence[str],
        unless: Callable[[Node, Node], bool] = lambda _, __: False,
    ) -> None:
        """Pairs what has the same key; an empty one is none."""
        self._take(
            (1, a, b)
            for mine, others in self._left(our_keys, their_keys)
            for a, b in product(mine, others)
            if not unless(self.ours[a], self.theirs[b])
        )

    def alike(
        self, near: Near, least: float, our_keys: Sequence[str], their_keys: Sequence[str]
    ) -> None:
        """Pairs what has the same key, and titles that are nearly the same."""
        found = []
        for mine, others in self._left(our_keys, their_keys):
            left = [_title(self.ours[a]).casefold() for a in mine]
            right = [_title(self.theirs[b]).casefold() for b in others]
            found += [(sure, mine[i], others[j]) for i, j, sure in near(left, right, least)]
        self._take(
            (sure, a, b)
            for sure, a, b in found
            if not _are_others(self.ours[a], self.theirs[b])
            and not _contradict(self.ours[a], self.theirs[b])
        )

    def _left(
        self, our_keys: Sequence[str], their_keys: Sequence[str]
    ) -> Iterable[tuple[list[int], list[int]]]:
        """What has no partner yet, by the keys that stand on both sides."""
        taken = set(self.partner.values())
        groups: dict[str, tuple[list[int], list[int]]] = {}
        for at, key in enumerate(our_keys):
            if at not in self.partner and key:
                groups.setdefault(key, ([], []))[0].append(at)
        for at, key in enumerate(their_keys):
            if at not in taken and key in groups:
                groups[key][1].append(at)
        return [both for both in groups.values() if both[1]]

    def _take(self, found: Iterable[tuple[float, int, int]]) -> None:
        """Pairs the surest first; of equals those that say the most of the same."""
        sure = [(score, _alike(self.ours[a], self.theirs[b]), a, b) for score, a, b in found]
        taken = set(self.partner.values())
        for _, _, a, b in sorted(sure, key=lambda f: (-f[0], -f[1], abs(f[2] - f[3]), f[2])):
            if a not in self.partner and b not in taken:
                self.partner[a] = b
                taken.add(b)


def _numbers_key(node: Node) -> str:
    """The same for the same identifiers; empty for none."""
    found = sorted(_numbers(node))
    return repr(found) if found else ""


def _title_key(node: Node) -> str:
    """The numbers in a title, which rates differ in: 7 days is no misspelt 30 days."""
    return f"numbers {re.findall('[0-9]+', _title(node))}"


def _are_others(one: Node, other: Node) -> bool:
    """Whether both have an id of their own, which has been compared and is another."""
    mine = one.get("id") if isinstance(one, Pairs) else None
    minted = isinstance(mine, Scalar) and (mine.remark == MINTED or not mine.text)
    return bool(mine and not minted and _text(other, "id"))


def _contradict(one: Node, other: Node) -> bool:
    """Whether both have identifiers, and none in common."""
    mine, theirs = _numbers(one), _numbers(other)
    return bool(mine and theirs and not mine & theirs)


def _numbers(node: Node) -> set[tuple[str, str]]:
    ids = node.get("ids") if isinstance(node, Pairs) else None
    if not isinstance(ids, Pairs):
        return set()
    return {(key.text, repr(plainly(one))) for key, node in ids.pairs for one in _each(node)}


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
        else:
            pairs.append((key, _laid(key.text, node, other, whole=whole)))
    added = [(key, node) for key, node in new.pairs if key.text in theirs]
    return Pairs((*pairs, *added), old.place)


def _laid(name: str, old: Node, new: Node, *, whole: bool) -> Node:
    """A value of the source over another that the file has."""
    if isinstance(old, Pairs) and isinstance(new, Pairs):
        return _over(old, new, whole=whole)
    if isinstance(old, Scalar) and isinstance(new, Scalar):
        both = name == "notes" and not whole
        text = _both_notes(old.text, new.text) if both else new.text
        return new._replace(text=text, remark=new.remark or old.remark)
    if isinstance(old, Pairs) or isinstance(new, Pairs):
        return new
    own = list(_each(old))
    found = [_carried(one, own, whole=whole) for one in _each(new)]
    if isinstance(old, Items) and not whole:
        found += own  # nobody knows whether an earlier import or a person put them there
    alone = isinstance(new, Scalar) and len(found) == 1
    return found[0] if alone else Items(tuple(found), new.place)


def _carried(one: Node, own: list[Node], *, whole: bool) -> Node:
    """One of the source's list with what the file says of it, which is taken out of `own`."""
    at = next((n for n, mine in enumerate(own) if _name(mine) == _name(one)), None)
    if at is None:
        return one
    mine = own.pop(at)
    if isinstance(mine, Pairs) and isinstance(one, Pairs):
        return _over(mine, one, whole=whole)
    return mine if plainly(mine) == plainly(one) else one


def _kept(merged: Node, source: Node | None, path: str = "") -> Iterable[str]:
    """What stands in a list, and not in the source's, with its field."""
    if isinstance(merged, Pairs) and isinstance(source, Pairs):
        for key, node in merged.pairs:
            yield from _kept(node, source.get(key.text), f"{path}.{key.text}" if path else key.text)
    elif isinstance(merged, Items) and isinstance(source, Items | Scalar):
        names = [_name(one) for one in _each(source)]
        yield from (f"{path} {_name(one)}" for one in merged.items if _name(one) not in names)


def _each(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Items) else (node,)


def _name(node: Node) -> object:
    """By what one of a list is known."""
    return _text(node, "id") or _title(node) or repr(plainly(node))


def _both_notes(old: str, new: str) -> str:
    """The source's lines, and those of the file that are none of them."""
    lines = new.split("\n")
    return "\n".join((*lines, *(line for line in old.split("\n") if line not in lines)))


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
