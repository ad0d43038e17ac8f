"""The package's own knowledge files, read into a `Knowledge`."""

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from harmonize.knowledge import Abbreviation, Entry, Knowledge, Slot, stem, words
from harmonize.reading.nodes import Items, Node, Pairs, Scalar, parse

FILES: Final = ("catalog.yaml", "words.yaml", "slots.yaml", "weights.yaml", "model.yaml")
COMPILED: Final = "compiled.json"


@cache
def shipped() -> Knowledge:
    """What comes with the program; read once."""
    catalog, vocabulary, slots, weights, model = _contents()
    abbreviations: dict[str, tuple[Abbreviation, ...]] = {}
    synonyms = {
        words(variant): words(row["say"])
        for row in vocabulary["synonyms"]
        for variant in row["for"]
    }
    for row in vocabulary["abbreviations"]:
        named = row["short"]
        one = Abbreviation(long=words(row["long"]), when=frozenset(map(stem, row.get("when", ()))))
        for short in map(words, [named] if isinstance(named, str) else named):
            if len(short) > 1:  # written with marks between its letters: a phrase
                synonyms.setdefault(short, one.long)
            else:
                abbreviations[short[0]] = (*abbreviations.get(short[0], ()), one)
    return Knowledge(
        entries=tuple(sorted(map(_entry, catalog["measures"]), key=lambda e: e.key)),
        domains=tuple(
            (row["domain"], int(row["check"]), tuple(row["words"])) for row in catalog["domains"]
        ),
        abbreviations=abbreviations,
        synonyms=synonyms,
        boilerplate=tuple(words(row["text"]) for row in vocabulary["boilerplate"]),
        stop=frozenset(word for text in vocabulary["stop"] for word in words(text)),
        slots=tuple(map(_slot, slots["slots"])),
        counts={word: int(count) for word, count in weights["words"].items()},
        titles=int(weights["titles"]),
        coefficients={name: float(value) for name, value in model["coefficients"].items()},
    )


def compiled() -> str:
    """The contents of the files as JSON, with the hash by which they are known to be the same."""
    texts = _texts()
    contents = [_plain(parse(text, name)) for name, text in zip(FILES, texts, strict=True)]
    return json.dumps({"hash": _hash(texts), "contents": contents}, ensure_ascii=False)


def _contents() -> list[Any]:
    """What the files hold: as compiled if that is of these very files, else parsed."""
    texts = _texts()
    try:
        made = json.loads(files("harmonize.data").joinpath(COMPILED).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        made = {}
    if made.get("hash") == _hash(texts):
        return list(made["contents"])
    return [_plain(parse(text, name)) for name, text in zip(FILES, texts, strict=True)]


def _texts() -> list[str]:
    return [files("harmonize.data").joinpath(name).read_text("utf-8") for name in FILES]


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _entry(row: dict[str, Any]) -> Entry:
    row = dict(row)
    ages = row.pop("ages", None)
    if ages is not None:
        low, high = ages.get("min"), ages.get("max")
        row["ages"] = (int(low) if low else None, int(high) if high else None)
    row["ids"] = {system: tuple(values) for system, values in row.get("ids", {}).items()}
    row["also"] = tuple(row.get("also", ()))
    return Entry(**row)


def _slot(row: dict[str, Any]) -> Slot:
    return Slot(
        name=row["slot"],
        help=row["help"],
        veto=row["veto"],
        about=row.get("about", "focus"),
        phrases={
            words(phrase): value for value, phrases in row["values"].items() for phrase in phrases
        },
        broader=_closed(row.get("broader", {})),
    )


def _closed(broader: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Each value with all that contain it, near and far."""
    near = {v: {w} if isinstance(w, str) else set(w) for v, w in broader.items()}
    found = {}
    for value, wider in near.items():
        above: set[str] = set()
        ahead = set(wider)
        while ahead:
            one = ahead.pop()
            if one not in above:
                above.add(one)
                ahead |= near.get(one, set())
        found[value] = frozenset(above)
    return found


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.pairs if isinstance(node, Pairs)}
