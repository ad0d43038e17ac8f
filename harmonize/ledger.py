"""The decisions file that a command writes to: which it is, read anew before each write."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Final

from harmonize.audience import open_to_all
from harmonize.decisions import Decision
from harmonize.files import is_folder, text_of
from harmonize.pinning import Judged, pinned
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.decisions import read_file
from harmonize.recording import recorded
from harmonize.rulings import Standing
from harmonize.terms import named_terms
from harmonize.workspace import DECISIONS, Inputs
from harmonize.writing import write

Members = Mapping[str, tuple[str, ...]]
"""The members of each concept, by its id."""
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Edit:
    """A file as it is, `None` where there is none, and as it is to be."""

    file: str
    before: str | None
    after: str

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return self.after != (self.before or "")

    @property
    def diff(self) -> str:
        """What changes, line by line."""
        old = (self.before or "").splitlines(keepends=True)
        name = self.file if self.before is not None else "/dev/null"
        return "".join(unified_diff(old, self.after.splitlines(keepends=True), name, self.file))


def target(found: Inputs) -> str:
    """The one file that decisions were read from, else a new one with the specs.

    Raises `SpecError` where there are several.
    """
    if len(found.decided_in) > 1:
        told = ", ".join(found.decided_in)
        message = f"decisions stand in {told}: say with --decisions which of them is written"
        raise SpecError((Problem(Place(found.decided_in[0]), "HZ507", message),))
    if found.decided_in:
        return found.decided_in[0]
    folder = next((path for path in found.paths if is_folder(path)), None)
    return str((Path(folder) if folder else Path(found.paths[0]).parent) / DECISIONS[0])


def public(found: Inputs) -> Mapping[str, Judged]:
    """Every item by `payer/id`, with what everybody may see: by this a decision is pinned."""
    sets = open_to_all(found.sets)
    items: dict[str, Judged] = {m.ref: m for one in sets for m in one.measures or ()}
    return {**items, **named_terms(sets)}


def pin(one: Decision, seen: Mapping[str, Judged]) -> Decision:
    """A decision with what is judged, if everybody may see all of the measures."""
    if not all(ref in seen for ref in one.refs):
        return one
    return pinned(one, {ref: seen[ref] for ref in one.refs})


def pinned_to(one: Decision, standing: Standing, found: Inputs, members: Members) -> Decision:
    """A decision with what it is about now; of a concept that is what its members say.

    Nothing that not everybody may see is pinned; without all of it a decision stays as it is.
    """
    seen = public(found)
    if one.about == "measure" and "/" not in (one.measure or ""):
        refs = {ref: ref for ref in members.get(one.measure or "", ())}
    else:
        refs = dict(zip(one.refs, standing.refs, strict=True))
    if not refs or not all(ref in seen for ref in refs.values()):
        return one
    return pinned(one, {name: seen[ref] for name, ref in refs.items()})


def edits(files: Iterable[str], how: Callable[[str | None, str], str]) -> tuple[Edit, ...]:
    """Files read now, each with what a change makes of its text; raises `SpecError` for any."""
    found = []
    for file in files:
        before = text_of(file) if os.path.lexists(file) else None
        found.append(Edit(file, before, how(before, file)))
    return tuple(found)


def save(made: Iterable[Edit]) -> tuple[str, ...]:
    """Writes what changes, each file whole or not at all; the files that were written."""
    written = []
    for one in made:
        if one.changes:
            there = one.before is not None
            bom = there and Path(one.file).read_bytes().startswith(_BOM)
            write(Path(one.file), one.after, bom=bom)
            written.append(one.file)
    return tuple(written)


def record(
    file: str, decisions: Iterable[Decision], known: Collection[Decision]
) -> tuple[Edit, tuple[Decision, ...]]:
    """Decisions put into a file as it is now, and what others have decided there meanwhile.

    `known` is what was read when they were made.  A question that somebody else has answered since
    is left as it was answered.
    """
    given = tuple(decisions)
    met: list[Decision] = []

    def put(text: str | None, named: str) -> str:
        here = read_file(text, named)[0] if text else ()
        met.extend(one for one in here if one.withdrawn is None and one not in known)
        answered = {one.key for one in met}
        return recorded(text, named, [one for one in given if one.key not in answered])

    (edit,) = edits((file,), put)
    asked = {one.key for one in given}
    return edit, tuple(one for one in met if one.key in asked and one not in given)
