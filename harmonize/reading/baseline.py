"""A baseline file read into what is known, all of its problems at once."""

from harmonize.baseline import Baseline, Known, baseline
from harmonize.findings import LENGTH, SCHEME
from harmonize.problems import SpecError
from harmonize.reading.listing import listed
from harmonize.reading.nodes import parse
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.trees import Node, Pairs


def read_baseline(text: str, file: str) -> Baseline:
    """What is known; raises `SpecError`."""
    teller = Teller()
    found = [_known(teller, one) for one in listed(teller, parse(text, file), "baseline")]
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return baseline(one for one in found if one is not None)


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
