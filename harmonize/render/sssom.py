"""A set of mappings drawn as SSSOM/TSV, in its canonical form: one way to write each set."""

import re
from collections.abc import Iterator
from typing import Final

from harmonize.mappings import (
    OF_A_MAPPING,
    OF_A_SET,
    SPREAD,
    MappingSet,
    Row,
    guarded,
    is_prose,
)
from harmonize.problems import SpecError
from harmonize.render.text import visible
from harmonize.strictness import faults

REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
# Texts that mean themselves in YAML without quotes.
_PLAIN: Final = re.compile(
    r"[A-Za-z](?:(?:[\w ./%+()~?=&;,'@-]|:(?=\S)|#(?<=\S#))*[\w./%+()~?=&;-])?"
)
_WORDS: Final = re.compile(r"true|false|null|yes|no|on|off|y|n", re.IGNORECASE)


def tsv(found: MappingSet) -> str:
    """The set as a file; a set that breaks a rule of SSSOM is a bug of ours and is not drawn."""
    if broken := faults(found):
        raise AssertionError(SpecError(broken))
    spread = {name: texts for name in SPREAD if (texts := _common(found, name))}
    about = {**found.about, **spread}
    columns = [
        *(name for name in OF_A_MAPPING if name not in spread and _is_filled(found, name)),
        *sorted(found.extensions),
    ]
    rows = sorted(tuple(_text(row, name) for name in columns) for row in found.rows)
    lines = [*_head(found, about), _line(columns), *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _common(found: MappingSet, name: str) -> tuple[str, ...] | None:
    """What every mapping has in a slot, if they have one thing."""
    texts = {row.values.get(name, ()) for row in found.rows}
    return texts.pop() if len(texts) == 1 else None


def _is_filled(found: MappingSet, name: str) -> bool:
    return name in REQUIRED or any(name in row.values for row in found.rows)


def _head(found: MappingSet, about: dict[str, tuple[str, ...]]) -> Iterator[str]:
    if found.prefixes:
        yield "#curie_map:"
        for prefix in sorted(found.prefixes):
            yield f"#  {_yaml(prefix)}: {_yaml(found.prefixes[prefix])}"
    for name, slot in OF_A_SET.items():
        if name in about:
            if slot.many:
                yield from (f"#{name}:", *(f"#  - {_yaml(text)}" for text in about[name]))
            else:
                yield f"#{name}: {_yaml(about[name][0])}"
    if found.extensions:
        yield "#extension_definitions:"
        for name, hint in sorted(found.extensions.items()):
            yield f"#  - slot_name: {_yaml(name)}"
            yield f"#    type_hint: {_yaml(hint)}"


def _yaml(text: str) -> str:
    """A text of the head: plain where it means itself, else in double quotes."""
    if _PLAIN.fullmatch(text) and not _WORDS.fullmatch(text):
        return text
    escaped = visible(text.replace("\\", "\\\\").replace('"', '\\"'))
    return f'"{escaped}"'


def _text(row: Row, name: str) -> str:
    """The cell of a slot, in which nothing hides and nothing runs as a formula."""
    slot = OF_A_MAPPING.get(name)
    many = slot is None or slot.many
    texts = [_shown(text) for text in row.values.get(name, ())]
    if many:
        texts = [text.replace("\\", "\\\\").replace("|", "\\|") for text in texts]
    joined = "|".join(texts)
    return guarded(joined) if is_prose(name) else joined


def _shown(text: str) -> str:
    """Lines may stand in a cell that is in quotes; nothing else may hide."""
    return "\n".join(map(visible, text.split("\n")))


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return "\t".join(map(_cell, cells))


def _cell(text: str) -> str:
    if not re.search(r'[\n"]', text):
        return text
    return '"{}"'.format(text.replace('"', '""'))
