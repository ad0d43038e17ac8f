"""Lines of specs that may be shown beside a finding: never one with a value not for everybody.

Sealed is every line of a field that is sensitive or that a mark of its file names, in whichever
measure: sealing too much costs a line on a screen.  Of a key that there is not only the
key is shown, for its value may be meant for such a field.  What cannot be parsed is not shown.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from harmonize.areas import Convening, Criterion, Feedback, Participant, Payment, Stream
from harmonize.fields import declared
from harmonize.files import SUFFIXES, text_in
from harmonize.measures import Incentive, Measure
from harmonize.problems import Place, SpecError
from harmonize.reading.nodes import parse
from harmonize.sets import EVERYTHING, HIDEABLE, MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar

Lines = Mapping[str, Mapping[int, str]]
"""Lines by number, by file."""

MORE: Final = " \u2026"
_RECORDS: Final = (Measure, MeasureSet)
_SENSITIVE: Final = frozenset(
    name
    for record in (*_RECORDS, Incentive, Payment, Stream, Convening, Criterion, Feedback,
                   Participant)
    for name, info in declared(record).items()
    if info.sensitive or info.hidden
)  # fmt: skip


def quotable(files: Iterable[str], sets: Iterable[MeasureSet] | None = None) -> Lines:
    """Lines of these specs, where they are files and are there; `sets` is what was read of them.

    What a list marks may stand in its base: where there is one, every mark holds for every file.
    Where nothing could be read (`None`), the marks of a base are unknown: then no line is shown.
    """
    texts: dict[str, str] = {}
    for file in files:
        path = Path(file)
        text = text_in(path, file, []) if path.suffix.lower() in SUFFIXES else None
        if text is not None:
            texts[file] = text
    roots = {file: root for file, text in texts.items() if (root := _parsed(text, file))}
    named = {file: frozenset(_marks(root)) for file, root in roots.items()}
    every = frozenset(_marked(sets or ())).union(*named.values())
    based = any(root.get("extends") for root in roots.values())
    based = based or any(one.extends for one in sets or ())
    if not every.issubset(HIDEABLE) or EVERYTHING in every or (based and sets is None):
        return {}
    return {
        file: _lines(texts[file], root, _SENSITIVE | (every if based else named[file]))
        for file, root in roots.items()
    }


def _parsed(text: str, file: str) -> Pairs | None:
    try:
        root = parse(text, file)
    except SpecError:
        return None
    return root if isinstance(root, Pairs) else None


def _marked(sets: Iterable[MeasureSet]) -> Iterator[str]:
    for one in sets:
        for marks in (one.visibility, *(m.visibility for m in one.measures or ())):
            yield from (_key(name) for name, mark in (marks or {}).items() if mark != "public")


def _marks(node: Node) -> Iterator[str]:
    """Every field that a mark names, whatever the mark is; a mark that is no map names none."""
    if isinstance(node, Items):
        for one in node.items:
            yield from _marks(one)
    elif isinstance(node, Pairs):
        for key, value in node.pairs:
            if key.text == "visibility":
                own = value.pairs if isinstance(value, Pairs) else ((Scalar("", key.place), value),)
                yield from (_key(name.text) for name, _ in own)
            yield from _marks(value)


def _key(mark: str) -> str:
    """The key that a mark names, wherever it stands."""
    return mark.rpartition(".")[2]


def _texts(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Items):
        for one in node.items:
            yield from _texts(one)
    else:
        for key, value in node.pairs:
            yield key
            yield from _texts(value)


def _lines(text: str, root: Node, barred: frozenset[str]) -> dict[int, str]:
    """The lines of one spec that may be shown, and the beginning of those with an unknown key."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = sorted({s.place[1:] for s in _texts(root)})
    sealed: set[int] = set()
    ends: dict[int, int] = {}
    for place, end in _closed(root, barred, MeasureSet):
        at = bisect_right(starts, place[1:])
        after = starts[at] if at < len(starts) else (len(lines) + 1, 1)
        until = after[0]
        if until <= len(lines) and lines[until - 1][: after[1] - 1].strip(" \t-"):
            until += 1
        rest = range(place.line, max(until, place.line + 1))
        if end:
            ends[place.line] = min(end, ends.get(place.line, end))
            rest = range(place.line + 1, rest.stop)
        sealed.update(rest)
    shown = {n: line for n, line in enumerate(lines, 1) if n not in sealed}
    cut = {n: f"{shown[n][:end]}{MORE}" for n, end in ends.items() if n in shown}
    return shown | cut


def _closed(node: Node, barred: frozenset[str], cls: type | None) -> Iterator[tuple[Place, int]]:
    """Every text that is not shown; and where its line may be shown up to a column, that one."""
    if isinstance(node, Items):
        for one in node.items:
            yield from _closed(one, barred, cls)
    elif isinstance(node, Pairs):
        known = declared(cls) if cls else {}
        for key, value in node.pairs:
            info = known.get(key.text)
            if key.text in barred:
                yield key.place, 0
                yield from ((one.place, 0) for one in _texts(value))
            elif cls and info is None:
                line, end = key.place.line, key.place.column + len(key.text)
                yield key.place, end
                yield from ((s.place, end if s.place.line == line else 0) for s in _texts(value))
            else:
                yield from _closed(value, barred, info.record if info else None)
