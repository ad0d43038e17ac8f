"""Files and folders as a person names them: walked, bounded and decoded, and no others opened."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from harmonize import git
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.nodes import SIZE
from harmonize.trees import Source

NOT_SPECS: Final = frozenset({"harmonize.yaml", "harmonize.yml", "action.yml", "action.yaml"})
OTHER_FILES: Final = ("decisions", "policy", "baseline", "mapping", "knowledge")
FEW: Final = 5  # files that a message names
SUFFIXES: Final = frozenset({".yaml", ".yml"})


def specs_in(
    named: str, stdin_filename: str, problems: list[Problem], others: dict[str, str]
) -> dict[str, str]:
    """Texts by the name that a person knows the file by; files that are no specs go to `others`."""
    if named == "-":
        if sys.stdin is None:
            problems.append(Problem(Place(stdin_filename), "HZ004", "standard input is closed"))
            return {}
        text = _decoded(sys.stdin.buffer.read(SIZE + 1), stdin_filename, problems)
        return {} if text is None else {stdin_filename: text}
    path = Path(named)
    if here := git.at(named):
        return _committed(here, problems, others)
    if is_folder(named):
        return _folder(path, named, problems, others)
    if not os.path.lexists(named):
        problems.append(Problem(Place(named), "HZ001", "no such file or folder"))
        return {}
    text = text_in(path, named, problems)
    if text is None or path.name in NOT_SPECS:
        return {}
    if is_other(text):
        others[named] = text
        return {}
    return {named: text}


def _folder(
    path: Path, named: str, problems: list[Problem], others: dict[str, str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    before = len(problems)
    for file in walk(path, problems):
        text = text_in(file, str(file), problems)
        if text is not None:
            (others if is_other(text) else found)[str(file)] = text
    if not found and len(problems) == before:
        message = (
            "no spec in this folder: a spec is a .yaml or .yml file that begins with 'harmonize: 1'"
        )
        problems.append(Problem(Place(named), "HZ002", message))
    return found


def _committed(here: git.At, problems: list[Problem], others: dict[str, str]) -> dict[str, str]:
    """The same of a commit."""
    found: dict[str, str] = {}
    before = len(problems)
    for name, raw in git.contents(here, SUFFIXES, problems).items():
        text = _decoded(raw, name, problems)
        if text is not None and Path(name.partition(":")[2]).name not in NOT_SPECS:
            (others if is_other(text) else found)[name] = text
    if not found and not others and len(problems) == before:
        problems.append(Problem(Place(str(here)), "HZ002", f"no spec there in {here.ref}"))
    return found


def is_there(named: str) -> bool:
    """Whether a path, or `REF:path`, names anything; raises `SpecError` for an unknown ref."""
    here = git.at(named)
    return git.is_there(here) if here else os.path.lexists(named)


def beside(paths: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Files of these names that stand beside the paths: next to a file, or next to a folder."""
    found: dict[str, None] = {}
    for named in paths:
        if here := git.at(named):
            around = (str(here.beside(name)) for name in names)
            found |= dict.fromkeys(name for name in around if is_there(name))
            continue
        path = Path(named)
        if named != "-" and path.name not in ("", ".."):
            near = (path.parent / name for name in names)
            found |= dict.fromkeys(str(one) for one in near if one.is_file())
    return tuple(found)


def above(name: str) -> str | None:
    """The nearest file of this name from the working folder up, as seen from there.

    A repository ends the search: what lies above it belongs to somebody else.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if os.path.isfile(folder / name):  # noqa: PTH113 - is_file() raises, as is_dir() does
            return os.path.relpath(folder / name, here)
        if os.path.lexists(folder / ".git"):
            return None
    return None


def named_texts(paths: Iterable[str], problems: list[Problem]) -> dict[str, str]:
    """Texts of the user's own knowledge files, by name."""
    found: dict[str, str] = {}
    for named in paths:
        if not is_there(named):
            problems.append(Problem(Place(named), "HZ001", "no such file"))
            continue
        text = text_in(Path(named), named, problems)
        if text is not None:
            found[named] = text
    return found


def texts(files: Iterable[Path], problems: list[Problem]) -> dict[str, str]:
    """What stands in files, by name."""
    found = {str(file): text_in(file, str(file), problems) for file in files}
    return {file: text for file, text in found.items() if text is not None}


def text_of(named: str) -> str:
    """The text of one file; raises `SpecError`."""
    problems: list[Problem] = []
    if not is_there(named):
        raise SpecError((Problem(Place(named), "HZ001", "no such file"),))
    text = text_in(Path(named), named, problems)
    if text is None:
        raise SpecError(tuple(problems))
    return text


def sources(
    paths: Iterable[str], suffixes: Iterable[str], problems: list[Problem]
) -> tuple[Source, ...]:
    """What is to be imported: files by name, and those of a folder by how their names end.

    What else a folder holds is a warning among the problems, so that nothing is left aside unsaid.
    """
    kinds = frozenset(suffixes)
    found: dict[str, Source] = {}
    for named in paths:
        if here := git.at(named):
            held = git.contents(here, kinds, problems)
            found |= {name: Source(name, data) for name, data in held.items()}
            continue
        path = Path(named)
        if not os.path.lexists(named):
            problems.append(Problem(Place(named), "HZ001", "no such file or folder"))
            continue
        files = list(walk(path, problems, kinds)) if is_folder(named) else [path]
        before = len(found)
        for file in files:
            data = _raw(file, str(file), problems)
            if data is not None:
                found[str(file)] = Source(str(file), data)
        if is_folder(named) and len(found) == before:
            told = " or ".join(sorted(kinds))
            problems.append(Problem(Place(named), "HZ002", f"no {told} file in this folder"))
        elif is_folder(named) and (others := _others(path, kinds)):
            told = f"left aside, of another kind: {others}"
            problems.append(Problem(Place(named), "HZ013", told, "warning"))
    return tuple(found.values())


def _others(folder: Path, kinds: frozenset[str]) -> str:
    """Files of a folder that an import of these kinds does not read, the first few by name."""
    names = sorted(
        str(file.relative_to(folder))
        for file in walk(folder, [], None)
        if file.suffix.lower() not in kinds
    )
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def open_base(file: str, named: str) -> tuple[str, str]:
    problems: list[Problem] = []
    if here := git.at(file):
        name = str(here.beside(named))
        return name, text_of(name)
    path = Path(file).parent / named
    if not os.path.lexists(path):
        raise SpecError((Problem(Place(str(path)), "HZ001", "no such file or folder"),))
    text = text_in(path, str(path), problems)
    if text is None:
        raise SpecError(tuple(problems))
    return os.path.normpath(path), text


def walk(
    top: Path, problems: list[Problem], suffixes: frozenset[str] | None = SUFFIXES
) -> Iterator[Path]:
    """Files of a kind below a folder, sorted; of any kind with `None`; no folder is walked twice.

    Names with a dot in front are left out, and what a spreadsheet keeps beside a file it has open.
    """
    ahead = [(top, frozenset({_identity(top)}))]
    seen: set[tuple[int, int]] = set()
    while ahead:
        at, above = ahead.pop()
        if not is_folder(at):
            yield at
            continue
        try:
            entries = sorted(at.iterdir(), key=lambda p: p.name, reverse=True)
        except OSError as error:
            told = f"cannot be opened: {error.strerror}"
            problems.append(Problem(Place(str(at)), "HZ004", told))
            continue
        for entry in entries:
            if entry.name.startswith((".", "~$")):
                continue
            if not is_folder(entry):
                # A spec is *.yaml or *.yml to the letter; what spreadsheets write may be LIST.CSV.
                end = entry.suffix if suffixes is SUFFIXES else entry.suffix.lower()
                fits = suffixes is None or end in suffixes
                if fits and entry.name not in NOT_SPECS:
                    ahead.append((entry, above))
                continue
            one = _identity(entry)
            if one in above:
                message = "this folder leads back to one that contains it"
                problems.append(Problem(Place(str(entry)), "HZ009", message))
            elif one not in seen:
                seen.add(one)
                ahead.append((entry, above | {one}))


def _identity(path: Path) -> tuple[int, int]:
    """What stays the same by whatever name a folder is reached."""
    found = path.stat()
    return (found.st_dev, found.st_ino)


def is_folder(path: Path | str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - is_dir() raises where a folder may not be entered


def text_in(path: Path, named: str, problems: list[Problem]) -> str | None:
    """The text of a regular file, or `None` and a problem."""
    raw = _raw(path, named, problems)
    return None if raw is None else _decoded(raw, named, problems)


def _raw(path: Path, named: str, problems: list[Problem]) -> bytes | None:
    """What stands in a regular file, or `None` and a problem; never waits for a pipe."""
    if here := git.at(named):
        return git.contents(here, frozenset(), problems).get(named)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        try:
            special = not stat.S_ISREG(path.stat().st_mode)
        except OSError:
            special = False
        code, reason = ("HZ003", "not a regular file") if special else ("HZ004", "cannot be opened")
        told = "" if special else f": {error.strerror}"
        problems.append(Problem(Place(named), code, f"{reason}{told}"))
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        message = "not a regular file: give a file, a folder, or - for standard input"
        problems.append(Problem(Place(named), "HZ003", message))
        return None
    with os.fdopen(handle, "rb") as file:
        try:
            raw = file.read(SIZE + 1)
        except OSError as error:
            told = f"cannot be read: {error.strerror}"
            problems.append(Problem(Place(named), "HZ004", told))
            return None
    return raw if _is_bounded(raw, named, problems) else None


def _is_bounded(raw: bytes, named: str, problems: list[Problem]) -> bool:
    if len(raw) > SIZE:
        message = f"larger than {SIZE >> 20} MiB, the most that a spec may be"
        problems.append(Problem(Place(named), "HZ008", message))
    return len(raw) <= SIZE


def _decoded(raw: bytes, named: str, problems: list[Problem]) -> str | None:
    if not _is_bounded(raw, named, problems):
        return None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "UTF-16, wanted UTF-8: save the file with the encoding UTF-8"
        problems.append(Problem(Place(named), "HZ005", message))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            problems.append(Problem(Place(named), "HZ006", "a binary file, not text"))
            return None
        before = raw[: error.start].decode("utf-8-sig", "replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        message = f"not UTF-8: byte 0x{raw[error.start]:02x} here; save the file as UTF-8"
        problems.append(Problem(Place(named, line, column), "HZ005", message))
        return None


def is_decisions(text: str) -> bool:
    """Whether a file is one of decisions."""
    return text.startswith("decisions:") or "\ndecisions:" in text


def is_other(text: str) -> bool:
    """Whether a file is a decisions, policy, baseline, mapping or knowledge file."""
    return any(text.startswith(f"{key}:") or f"\n{key}:" in text for key in OTHER_FILES)
