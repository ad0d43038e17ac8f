"""`harmonize.yaml` read: every path as seen from where it stands, and the policy with it."""

import os.path
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harmonize.confidential import FEWEST, Confidential
from harmonize.fields import declared
from harmonize.mappings import Exchange
from harmonize.policy import NO_POLICY, Policy
from harmonize.problems import SpecError
from harmonize.reading.mappings import read_exchange
from harmonize.reading.nodes import parse
from harmonize.reading.policy import Known, read_file, read_policy
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.settings import PATHS, Settings
from harmonize.trees import Node, Pairs, Scalar, is_nothing

# Keys that are no declared fields of the settings.
OWN = ("harmonize", "policy", "sssom", "ignore")


def read_settings(text: str, file: str, known: Known, opened: Callable[[str], str]) -> Settings:
    """A configuration; `opened` gives the text of a policy that stands in a file of its own.

    Raises `SpecError` with all problems.
    """
    root = parse(text, file)
    teller = Teller()
    if not isinstance(root, Pairs):
        teller.wrong(root.place, "HZ204", f"{root.kind}, wanted a map")
        raise SpecError(tuple(teller.problems))
    for key, _ in root.pairs:
        if key.text not in (*OWN, *declared(Settings)):
            teller.unknown(key, (*OWN, *declared(Settings)))
    teller.version(root)
    own = tuple((k, v) for k, v in root.pairs if k.text in declared(Settings))
    values, where = read_fields(teller, Settings, Pairs(own, root.place))
    policy = _policy(teller, root.get("policy"), file, known, opened)
    _hiding(teller, values.get("confidential"))
    sssom = _exchange(teller, root.get("sssom"))
    if teller.errors:
        raise SpecError(tuple(teller.problems))
    return Settings(
        file=file,
        where=where,
        policy=policy,
        sssom=sssom,
        **{name: _placed(name, value, file) for name, value in values.items()},
    )


def _hiding(teller: Teller, agreed: Confidential | None) -> None:
    """Whether numbers of payers are large enough for one to be hidden among them."""
    for name in ("tell_agreement_from", "minimum_cell"):
        number = getattr(agreed, name, None)
        if agreed and number is not None and number < FEWEST:
            message = f"{name!r} is {number}: among fewer than {FEWEST} payers none is hidden"
            teller.wrong(agreed.where[name], "HZ581", message)


def _exchange(teller: Teller, node: Node | None) -> Exchange | None:
    """What is said of the mappings that are written."""
    if node is None:
        return None
    try:
        return read_exchange(node)
    except SpecError as error:
        teller.problems.extend(error.problems)
        return None


def _placed(name: str, value: Any, file: str) -> Any:
    """A path as the working folder sees it."""
    if name not in PATHS:
        return value
    return tuple(_beside(file, one) for one in value)


def _beside(file: str, named: str) -> str:
    return os.path.normpath(Path(file).parent / named)


def _policy(
    teller: Teller, node: Node | None, file: str, known: Known, opened: Callable[[str], str]
) -> Policy:
    """The policy that stands here, or in the file that is named here."""
    if node is None:
        return NO_POLICY
    if not isinstance(node, Scalar):
        return read_policy(teller, node, file, known)
    if is_nothing(node):
        teller.wrong(node.place, "HZ203", "'policy' has no value: leave the key out")
        return NO_POLICY
    named = _beside(file, node.text)
    try:
        return read_file(teller, opened(named), named, known)
    except SpecError as error:
        teller.problems.extend(error.problems)
        return NO_POLICY
