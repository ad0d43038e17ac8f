"""A policy read: each rule that it names, with its severity and the parameters that it takes."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Final

from harmonize.fields import Info, Kind, Role, declared
from harmonize.measures import ATTRIBUTES
from harmonize.policy import OFF, SEVERE, Policy, Ruled
from harmonize.reading.kinds import choice
from harmonize.reading.nodes import parse
from harmonize.reading.records import read_fields
from harmonize.reading.telling import Teller
from harmonize.trees import Items, Node, Pairs, Scalar

Known = Mapping[str, type | None]
"""The rules that there are: name -> the record of its parameters, if it takes any."""

TOP: Final = ("harmonize", "policy")
KEYS: Final = ("rules",)
DIFFERING: Final = (*ATTRIBUTES, "ids")  # by which payers can differ
NAMING: Final = ("attribute", "may_differ")  # keys of parameters that name some of these
_SEVERITY: Final = Info(Kind.CHOICE, "How severe.", Role.PROVENANCE, choices=SEVERE)


def read_file(teller: Teller, text: str, file: str, known: Known) -> Policy:
    """A policy in a file of its own."""
    root = parse(text, file)
    if not isinstance(root, Pairs):
        teller.wrong(root.place, "HZ204", f"{root.kind}, where a policy file is a map of keys")
        return Policy(file=file)
    for key, _ in root.pairs:
        if key.text not in TOP:
            teller.unknown(key, TOP)
    teller.version(root)
    node = root.get("policy")
    if node is None:
        teller.wrong(root.place, "HZ202", "'policy' is missing")
        return Policy(file=file)
    return read_policy(teller, node, file, known)


def read_policy(teller: Teller, node: Node, file: str, known: Known) -> Policy:
    """What stands under `policy`."""
    if not isinstance(node, Pairs):
        teller.wrong(node.place, "HZ204", f"'policy' holds {node.kind}, wanted a map with 'rules'")
        return Policy(file=file)
    for key, _ in node.pairs:
        if key.text not in KEYS:
            teller.unknown(key, KEYS)
    rules = node.get("rules")
    if rules is None:
        return Policy(file=file)
    if not isinstance(rules, Pairs):
        teller.wrong(rules.place, "HZ204", f"'rules' holds {rules.kind}, wanted rule: severity")
        return Policy(file=file)
    found = [_ruled(teller, key, value, known) for key, value in rules.pairs]
    return Policy(tuple(one for one in found if one is not None), file)


def _ruled(teller: Teller, key: Scalar, node: Node, known: Known) -> Ruled | None:
    rule = key.text
    if rule not in known:
        near = get_close_matches(rule.lower().replace("_", "-")[:60], known, 1, 0.6)
        hint = f"did you mean {near[0]!r}?" if near else "harmonize rules lists them"
        teller.wrong(key.place, "HZ546", f"no rule {rule[:60]!r}: {hint}")
        return None
    if isinstance(node, Scalar):
        ruled = Ruled(rule, choice(teller, _SEVERITY, node, rule), place=node.place)
        _complete(teller, ruled, known[rule], key)
        return ruled
    if not isinstance(node, Pairs):
        message = f"{rule!r} holds {node.kind}, wanted a severity, or a map with 'severity'"
        teller.wrong(node.place, "HZ204", message)
        return None
    own = tuple((k, v) for k, v in node.pairs if k.text != "severity")
    given = node.get("severity")
    severity = None if given is None else choice(teller, _SEVERITY, given, "severity")
    ruled = Ruled(rule, severity, place=key.place)
    record = known[rule]
    if record is None:
        for name, _ in own:
            teller.unknown(name, ("severity",))
        return ruled
    if severity == OFF and not own:
        return ruled
    values, where = read_fields(teller, record, Pairs(own, node.place))
    ruled = replace(ruled, where=where)
    _attributes(teller, Pairs(own, node.place))
    if any(info.required and info.name not in values for info in declared(record).values()):
        return None if severity != OFF else ruled
    return replace(ruled, parameters=record(**values))


def _attributes(teller: Teller, node: Node, within: str = "") -> None:
    """Attributes that are named and that there are not: nothing would be tolerated for them."""
    if isinstance(node, Pairs):
        for key, value in node.pairs:
            _attributes(teller, value, key.text)
    elif isinstance(node, Items):
        for one in node.items:
            _attributes(teller, one, within)
    elif within in NAMING:
        glob = node.text.partition(".")[0]
        if not any(fnmatchcase(name, glob) for name in DIFFERING):
            near = get_close_matches(glob.lower().replace(" ", "_")[:60], DIFFERING, 1, 0.6)
            hint = f": did you mean {near[0]!r}?" if near else ""
            message = f"{within!r} is {node.text[:60]!r}, no field by which payers can differ{hint}"
            teller.wrong(node.place, "HZ205", message)


def _complete(teller: Teller, ruled: Ruled, record: type | None, key: Scalar) -> None:
    """A severity alone is enough for a rule that needs no more."""
    infos = declared(record) if record else {}
    lacking = [name for name, info in infos.items() if info.required]
    if lacking and ruled.severity not in (OFF, None):
        wanted = ", ".join(f"{name}: ..." for name in lacking)
        message = f"{ruled.rule!r} does not say what is to hold: {{severity: {ruled.severity}, "
        teller.wrong(key.place, "HZ547", f"{message}{wanted}}}")
