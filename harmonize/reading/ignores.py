"""Ignores read from a list of them, and from the comments of a spec."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Final

from harmonize.ignores import Ignore
from harmonize.measures import Measure
from harmonize.problems import Place, SpecError
from harmonize.reading.nodes import parse
from harmonize.reading.records import read_fields
from harmonize.reading.remarks import commented
from harmonize.reading.telling import Teller
from harmonize.sets import MeasureSet
from harmonize.trees import Items, Node, Pairs, Scalar, is_nothing

_REQUEST: Final = re.compile(r"harmonize:\s*ignore\b(.*)", re.IGNORECASE)
_SAID: Final = re.compile(
    r"\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)\s+because:?\s+(?P<because>\S.*?)"
    r"(?:\s+until\s+(?P<expires>[0-9]{4}-[0-9]{2}-[0-9]{2}))?\s*"
)
_HOW: Final = "# harmonize: ignore rule-name because ..."


def read_ignores(node: Node) -> tuple[Ignore, ...]:
    """What stands under `ignore:`; raises `SpecError` with all that is wrong."""
    teller = Teller()
    found: list[Ignore] = []
    if isinstance(node, Items):
        found = [one for item in node.items if (one := _ignore(teller, item)) is not None]
    elif not is_nothing(node):
        teller.wrong(node.place, "HZ204", f"'ignore' holds {node.kind}, wanted a list")
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return tuple(found)


def _ignore(teller: Teller, node: Node) -> Ignore | None:
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{node.kind}, where an ignore is a map of keys")
        return None
    before = len(teller.problems)
    values, where = read_fields(teller, Ignore, node)
    if len(teller.problems) > before:
        return None
    found = Ignore(where={"": node.place, **where}, **values)
    if (found.fingerprint is None) == (found.rule is None):
        told = "neither" if found.rule is None else "both"
        message = f"an ignore names a fingerprint or a rule: here is {told}"
        teller.wrong(node.place, "HZ549", message)
    unsaid = [name for name in ("because", "by") if getattr(found, name) is None]
    if unsaid:
        message = f"{' and '.join(map(repr, unsaid))} not said: why is it ignored, and who asks?"
        teller.wrong(node.place, "HZ548", message)
    return found


# --- comments -----------------------------------------------------------------------------------


def read_comments(text: str, file: str, sets: Iterable[MeasureSet]) -> tuple[Ignore, ...]:
    """The ignores in the comments of a spec; raises `SpecError` with all that is wrong.

    A comment is about what stands beside it or below it: the line where a measure begins is the
    whole measure, another line is its field.  Who asks for it, the history of the file knows.
    """
    if "ignore" not in text or _REQUEST.search(text) is None:
        return ()
    teller = Teller()
    root = parse(text, file)
    own = [s for s in sets if s.place.file == file]
    scene = _Scene(root, [m for s in own for m in s.measures or () if m.place.file == file])
    payers = [s.payer for s in own]
    found: list[Ignore] = []
    for line, about, said in commented(text):
        asked = _REQUEST.fullmatch(said.strip())
        if asked is None:
            continue
        place = Place(file, line, 1)
        match = _SAID.fullmatch(asked[1])
        if match is None:
            message = f"this ignore says no rule or no reason: write {_HOW}"
            teller.wrong(place, "HZ548", message)
            continue
        expires = _day(teller, place, match["expires"])
        said_of = {"because": match["because"], "expires": expires, **scene.about(about, payers)}
        rules = re.split(r"\s*,\s*", match["rules"])
        found.extend(Ignore(where={"": place}, rule=rule, **said_of) for rule in rules)
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return tuple(found)


def _day(teller: Teller, place: Place, text: str | None) -> str | None:
    if text is None:
        return None
    node = Pairs(((Scalar("expires", place), Scalar(text, place)),), place)
    expires: str | None = read_fields(teller, Ignore, node)[0].get("expires")
    return expires


class _Scene:
    """Where the measures of a file begin and end, and which key stands in which line."""

    def __init__(self, root: Node, measures: list[Measure]) -> None:
        self.measures = sorted(measures, key=lambda m: (m.place.line, m.rate_of is not None))
        self.starts = [m.place.line for m in self.measures]
        self.keys = dict(_keys(root))
        self.last = max((line for line in self.keys), default=0)

    def about(self, line: int, payers: list[str]) -> dict[str, Any]:
        """What an ignore is about that stands beside this line."""
        at = bisect_right(self.starts, line) - 1
        if at < 0:
            payer = payers[0] if len(payers) == 1 else ""
            return {"measure": payer, "attribute": self.keys.get(line), "lines": (line, line)}
        one = self.measures[at]
        if one.place.line == line:
            whole = self.measures[self.starts.index(line)]
            ends = (
                m.place.line
                for m in self.measures
                if m.place.line > line and (m.rate_of is None or whole.rate_of is not None)
            )
            until = next(ends, max(self.last, line) + 1) - 1
            return {"measure": whole.ref, "lines": (line, until)}
        return {"measure": one.ref, "attribute": self.keys.get(line), "lines": (line, line)}


def _keys(node: Node, within: str = "") -> Iterator[tuple[int, str]]:
    """The field that each line states: the innermost field of a measure or of the set."""
    if isinstance(node, Items):
        for one in node.items:
            yield from _keys(one, within)
    elif isinstance(node, Pairs):
        for key, value in node.pairs:
            name = within or key.text
            yield from _keys(value, "" if key.text in ("measures", "rates") else name)
            yield key.place.line, name
