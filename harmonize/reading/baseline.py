"""A baseline file read into what is known, all of its problems at once."""

from typing import Final

from harmonize.baseline import Baseline, Known, baseline
from harmonize.findings import LENGTH, SCHEME
from harmonize.problems import SpecError
from harmonize.reading.nodes import parse
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.trees import Items, Node, Pairs, Scalar

TOP: Final = ("harmonize", "baseline")


def read_baseline(text: str, file: str) -> Baseline:
    """What is known; raises `SpecError`."""
    teller = Teller()
    found = [_known(teller, one) for one in _entries(parse(text, file), teller)]
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return baseline(one for one in found if one is not None)


def _entries(root: Node, teller: Teller) -> tuple[Node, ...]:
    if not isinstance(root, Pairs):
        teller.wrong(root.place, "HZ204", f"{root.kind}, where a baseline file is a map of keys")
        return ()
    for key, _ in root.pairs:
        if key.text not in TOP:
            teller.unknown(key, TOP)
    if root.get("harmonize") is None:
        teller.wrong(root.place, "HZ202", "no 'harmonize: 1' in this file: it begins with it")
    teller.version(root)
    listed = root.get("baseline")
    if listed is None:
        teller.wrong(root.place, "HZ202", "'baseline' is missing")
        return ()
    if isinstance(listed, Scalar) and not listed.text:
        return ()
    if not isinstance(listed, Items):
        teller.wrong(listed.place, "HZ204", f"'baseline' holds {listed.kind}, wanted a list")
        return ()
    return listed.items


def _known(teller: Teller, node: Node) -> Known | None:
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"{node.kind}, where a known finding is a map of keys")
        return None
    before = len(teller.problems)
    values, where = read_fields(teller, Known, node)
    if len(teller.problems) > before:
        return None
    found = Known(where={"": node.place, **where}, **values)
    if not found.fingerprint.startswith(SCHEME) or len(found.fingerprint) != len(SCHEME) + LENGTH:
        message = f"no fingerprint of this program: one is {SCHEME} and {LENGTH} digits"
        teller.wrong(where["fingerprint"], "HZ545", message)
    return found
