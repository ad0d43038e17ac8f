"""What an import comes to: the files that are to be written, and how they change what is there."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from harmonize.composing import composed
from harmonize.files import text_of
from harmonize.likeness import near
from harmonize.merging import Merged, merged, plainly, with_ids
from harmonize.problems import Problem, SpecError
from harmonize.reading.nodes import parse
from harmonize.reading.remarks import remarked
from harmonize.reading.specs import read_root
from harmonize.trees import Imported, Items, Pairs, Scalar, is_nothing


@dataclass(frozen=True, slots=True)
class Draft:
    """A spec that is to be written; `before` is the text that is there, `merged` what became of it.

    Without a path it is for standard output.
    """

    payer: str
    text: str
    measures: int
    path: Path | None = None
    before: str | None = None
    merged: Merged | None = None

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return self.text != self.before

    @property
    def diff(self) -> str:
        """What changes in the file, line by line."""
        name = str(self.path)
        lines = unified_diff(
            (self.before or "").splitlines(keepends=True),
            self.text.splitlines(keepends=True),
            name if self.before is not None else "/dev/null",
            name,
        )
        return "".join(lines)


@dataclass(frozen=True, slots=True)
class Taken:
    """The drafts, and what deserves a warning."""

    drafts: tuple[Draft, ...]
    warnings: tuple[Problem, ...]


def payers_of(imported: Imported) -> tuple[str, ...]:
    """The payers of the specs, in order, empty where none is named.

    Raises `SpecError` for two specs of one payer, of which one would be lost.
    """
    first: dict[str, Scalar] = {}
    names: list[str] = []
    problems = []
    for root in imported.specs:
        one = root.get("payer")
        names.append(one.text if isinstance(one, Scalar) else "")
        if not isinstance(one, Scalar):
            continue
        other = first.setdefault(one.text.lower(), one)
        if other is not one:
            message = f"payer {one.text!r} stands here and in {other.place}: give each its own"
            problems.append(Problem(one.place, "HZ011", message))
    if problems:
        raise SpecError(tuple(problems))
    return tuple(names)


def refuse(imported: Imported) -> None:
    """Raises `SpecError` if an import has problems: with them, and those of what could be read."""
    if not imported.problems:
        return
    problems = [*imported.problems, *imported.warnings]
    for root in imported.specs:
        try:
            read_root(root)
        except SpecError as error:
            problems.extend(error.problems)
    raise SpecError(tuple(problems))


def take(imported: Imported, paths: Iterable[Path | None], *, update: bool) -> Taken:
    """A draft for each spec and its path; raises `SpecError` with all that cannot be read.

    With `update` a file that is there is merged into; without, whoever calls has made sure that
    there is none.
    """
    errors: list[Problem] = []
    warnings = list(imported.warnings)
    drafts = []
    for root, path in zip(imported.specs, paths, strict=True):
        try:
            draft, noted = _draft(root, path, update=update, whole=imported.whole)
        except SpecError as error:
            errors.extend(error.problems)
        else:
            drafts.append(draft)
            warnings.extend(noted)
    if errors:
        raise SpecError((*errors, *warnings))
    return Taken(tuple(drafts), tuple(sorted(set(warnings))))


def _draft(
    root: Pairs, path: Path | None, *, update: bool, whole: bool
) -> tuple[Draft, tuple[Problem, ...]]:
    found, warnings = read_root(root)
    before = result = None
    if path is not None and update and os.path.lexists(path):
        before, old = _there(path)
        result = merged(old, root, _ids_of(old), near, whole=whole)
        found, _ = read_root(result.root)
        root = result.root
        if plainly(with_ids(root, found)) == plainly(old):
            measures = sum(m.rate_of is None for m in found.measures or ())
            return Draft(found.payer, before, measures, path, before, result), warnings
    text = composed(with_ids(root, found))
    measures = sum(m.rate_of is None for m in found.measures or ())
    return Draft(found.payer, text, measures, path, before, result), warnings


def _there(path: Path) -> tuple[str, Pairs]:
    """The file that an import is merged into, with its comments."""
    text = text_of(str(path))
    root = remarked(parse(text, str(path)), text)
    if not isinstance(root, Pairs):
        raise SpecError((Problem(root.place, "HZ204", f"{root.kind}, where a spec is a map"),))
    extends = root.get("extends")
    if extends is not None:
        message = "this file changes a base, so an import cannot tell what is its own: give another"
        raise SpecError((Problem(extends.place, "HZ213", message),))
    return text, root


def _ids_of(root: Pairs) -> list[str]:
    """The ids of the measures in their order, as the reader mints those that have none."""
    found, _ = read_root(root)
    named = with_ids(root, found).get("measures")
    if not isinstance(named, Items) or is_nothing(named):
        return []
    ids = (one.get("id") if isinstance(one, Pairs) else None for one in named.items)
    return [one.text if isinstance(one, Scalar) else "" for one in ids]


def write(drafts: Iterable[Draft]) -> tuple[Path, ...]:
    """Writes what changes, each file whole or not at all; the paths that were written."""
    from harmonize.writing import write as write_text

    written = []
    for draft in drafts:
        if draft.path is not None and draft.changes:
            draft.path.parent.mkdir(parents=True, exist_ok=True)
            write_text(draft.path, draft.text)
            written.append(draft.path)
    return tuple(written)


def renamed(imported: Imported, payer: str) -> Imported:
    """The one spec of an import, called as somebody asked."""
    (root,) = imported.specs
    pairs = tuple(
        (k, n._replace(text=payer) if k.text == "payer" and isinstance(n, Scalar) else n)
        for k, n in root.pairs
    )
    return replace(imported, specs=(Pairs(pairs, root.place),))
