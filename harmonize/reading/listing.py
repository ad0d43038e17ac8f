"""A file that is one list under its key, read into the nodes of the list."""

from harmonize.reading.telling import Teller
from harmonize.trees import Items, Node, Pairs, Scalar


def listed(teller: Teller, root: Node, name: str) -> tuple[Node, ...]:
    """What stands in the list of a file such as that of decisions; an empty one is a list too."""
    if not isinstance(root, Pairs):
        teller.wrong(root.place, "HZ204", f"{root.kind}, where a {name} file is a map of keys")
        return ()
    known = ("harmonize", name)
    for key, _ in root.pairs:
        if key.text not in known:
            teller.unknown(key, known)
    if root.get("harmonize") is None:
        teller.wrong(root.place, "HZ202", "no 'harmonize: 1' in this file: it begins with it")
    teller.version(root)
    found = root.get(name)
    if found is None:
        teller.wrong(root.place, "HZ202", f"{name!r} is missing")
        return ()
    if isinstance(found, Scalar) and not found.text:
        return ()
    if not isinstance(found, Items):
        teller.wrong(found.place, "HZ204", f"{name!r} holds {found.kind}, wanted a list")
        return ()
    return found.items
