"""The package's own knowledge files, read into a `Knowledge`."""

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from harmonize.knowledge import (
    Abbreviation,
    Entry,
    Knowledge,
    Phrase,
    Rule,
    Slot,
    Source,
    stem,
    words,
)
from harmonize.reading.nodes import parse
from harmonize.trees import Items, Node, Pairs, Scalar

FILES: Final = (
    *("catalog.yaml", "specialty.yaml"),
    *("words.yaml", "slots.yaml", "weights.yaml", "model.yaml"),
)
COMPILED: Final = "compiled.json"
READERS: Final = ("knowledge.py", "values.py", "wording.py", "spelling.py", "slots.py")


@cache
def shipped() -> Knowledge:
    """What comes with the program; read once."""
    (catalog, specialty, vocabulary, slots, weights, model), bags = _contents()
    rows = (*catalog["measures"], *specialty["measures"])
    entries = tuple(sorted(map(entry, rows), key=lambda e: e.key))
    sources: dict[Rule, Source] = {("measure", (e.key,), ()): Source(e.source) for e in entries}
    synonyms: dict[Phrase, Phrase] = {}
    for row in vocabulary["synonyms"]:
        source, new = Source(row["source"]), words(row["say"])
        for variant in row["for"]:
            old = words(variant)
            synonyms[old] = new
            sources["synonym", old, new] = source
    abbreviations: dict[str, tuple[Abbreviation, ...]] = {}
    for row in vocabulary["abbreviations"]:
        source, one = Source(row["source"]), abbreviation(row)
        for short in shorts(row):
            if len(short) > 1:
                synonyms.setdefault(short, one.long)
                sources.setdefault(("synonym", short, one.long), source)
            else:
                abbreviations[short[0]] = (*abbreviations.get(short[0], ()), one)
                sources["abbreviation", short, one.long] = source
    boilerplate = tuple(words(row["text"]) for row in vocabulary["boilerplate"])
    for phrase, row in zip(boilerplate, vocabulary["boilerplate"], strict=True):
        sources["boilerplate", phrase, ()] = Source(row["source"])
    for row in slots["slots"]:
        sources[f"slot {row['slot']}", (), ()] = Source(row["source"])
    found = Knowledge(
        entries=entries,
        domains=tuple(
            (row["domain"], int(row["check"]), tuple(row["words"])) for row in catalog["domains"]
        ),
        abbreviations=abbreviations,
        synonyms=synonyms,
        boilerplate=boilerplate,
        stop=frozenset(word for text in vocabulary["stop"] for word in words(text)),
        slots=tuple(map(slot, slots["slots"])),
        counts={word: int(count) for word, count in weights["words"].items()},
        titles=int(weights["titles"]),
        plain=frozenset(weights.get("plain", ())),
        coefficients={name: float(value) for name, value in model["coefficients"].items()},
        sources=sources,
        criteria_synonyms={
            words(variant): words(row["say"])
            for row in vocabulary["criteria_synonyms"]
            for variant in row["for"]
        },
        criteria_stop=frozenset(map(stem, vocabulary["criteria_stop"])),
    )
    object.__setattr__(found, "bags", bags)
    return found


def compiled() -> str:
    """The contents of the files as JSON, and what comes of them, with the hashes of both.

    By the hash of the files, and by that of the code that reads names, it is known whether what was
    compiled still holds.
    """
    from harmonize.slots import name_bags

    texts = _texts()
    made = {
        "hash": _hash(texts),
        "contents": [plain(parse(text, name)) for name, text in zip(FILES, texts, strict=True)],
        "code": _hash(_code()),
        "bags": [sorted(bag) for bag in name_bags(shipped.__wrapped__())],
    }
    return json.dumps(made, ensure_ascii=False)


def _contents() -> tuple[list[Any], tuple[Phrase, ...]]:
    """What the files hold, and the words of the names in them if those are known to hold.

    As compiled, if that is of these very files; else parsed.
    """
    texts = _texts()
    try:
        made = json.loads(files("harmonize.data").joinpath(COMPILED).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        made = {}
    if made.get("hash") == _hash(texts):
        bags = made["bags"] if made.get("code") == _hash(_code()) else ()
        return list(made["contents"]), tuple(map(tuple, bags))
    return [plain(parse(text, name)) for name, text in zip(FILES, texts, strict=True)], ()


def _texts() -> list[str]:
    return [files("harmonize.data").joinpath(name).read_text("utf-8") for name in FILES]


def _code() -> list[str]:
    """The code by which a name of the catalogue becomes telling words."""
    try:
        return [files("harmonize").joinpath(name).read_text("utf-8") for name in READERS]
    except FileNotFoundError:  # an installation without its source
        return []


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def shorts(row: dict[str, Any]) -> tuple[Phrase, ...]:
    """What a row of abbreviations shortens; one with marks between its letters is a phrase."""
    named = row["short"]
    return tuple(map(words, [named] if isinstance(named, str) else named))


def abbreviation(row: dict[str, Any]) -> Abbreviation:
    """What a row of abbreviations stands for."""
    return Abbreviation(long=words(row["long"]), when=frozenset(map(stem, row.get("when", ()))))


def entry(row: dict[str, Any]) -> Entry:
    """A row of the catalogue."""
    row = dict(row)
    ages = row.pop("ages", None)
    if ages is not None:
        low, high = ages.get("min"), ages.get("max")
        row["ages"] = (int(low) if low else None, int(high) if high else None)
    row["ids"] = {system: tuple(values) for system, values in row.get("ids", {}).items()}
    row["also"] = tuple(row.get("also", ()))
    return Entry(**row)


def slot(row: dict[str, Any]) -> Slot:
    """A row of the slots."""
    return Slot(
        name=row["slot"],
        help=row["help"],
        veto=row["veto"],
        about=row.get("about", "focus"),
        phrases={
            words(phrase): value for value, phrases in row["values"].items() for phrase in phrases
        },
        broader=closed(row.get("broader", {})),
    )


def closed(broader: dict[str, Any]) -> dict[str, frozenset[str]]:
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


def plain(node: Node) -> Any:
    """A node as texts, lists and maps."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs if isinstance(node, Pairs)}
