"""Which files a run uses, read into one frozen value; the only room that walks folders."""

import hashlib
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from harmonize.audience import SEES, redact
from harmonize.doubts import doubts
from harmonize.evaluation import Gold, Key, Task, key_of
from harmonize.knowledge import Knowledge
from harmonize.margins import NO_MARGINS, Margins
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading import extension
from harmonize.reading import gold as reading_gold
from harmonize.reading import knowledge as reading_knowledge
from harmonize.reading import margins as reading_margins
from harmonize.reading import standards as reading_standards
from harmonize.reading.nodes import SIZE, parse
from harmonize.reading.specs import read_specs
from harmonize.sets import MeasureSet
from harmonize.standards import Standards
from harmonize.trees import Items, Node, Pairs, Scalar

CONFIG: Final = "harmonize.yaml"
NOT_SPECS: Final = frozenset({CONFIG, "harmonize.yml", "action.yml", "action.yaml"})
OTHER_FILES: Final = ("decisions", "policy", "baseline", "mapping", "knowledge")
SETTINGS: Final = ("specs", "reference", "knowledge")  # keys of harmonize.yaml that name paths
SUFFIXES: Final = frozenset({".yaml", ".yml"})
GOLD: Final = "gold.csv"
JUDGED: Final = (GOLD, "hard_negatives.csv", "ignore.csv")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run works on: measure sets by payer, what deserves a warning, and each file's hash.

    `extended` is what the field knows with what the user's own files add, if there are any.
    """

    sets: tuple[MeasureSet, ...]
    warnings: tuple[Problem, ...]
    files: tuple[tuple[str, str], ...]  # (file, SHA-256 of its text)
    extended: Knowledge | None = None

    @property
    def knowledge(self) -> Knowledge:
        """What is known in this run."""
        return self.extended or knowledge()


@dataclass(frozen=True, slots=True)
class Golden:
    """What an evaluation works on; `extended` as in `Inputs`."""

    tasks: tuple[Task, ...]
    warnings: tuple[Problem, ...]
    extended: Knowledge | None = None

    @property
    def knowledge(self) -> Knowledge:
        """What is known in this run."""
        return self.extended or knowledge()


def knowledge() -> Knowledge:
    """What the field knows."""
    return reading_knowledge.shipped()


def standards() -> Standards:
    """What is known of the standard measures, by edition and year."""
    return reading_standards.shipped()


def margins(output: str, audience: str) -> Margins:
    """What people wrote into the workbook that is to be replaced, if there is one.

    What was written beside what others may not see is not handed on to them.
    """
    path = Path(output)
    if not path.is_file():
        return NO_MARGINS
    found = reading_margins.read(path.read_bytes(), output)
    if not SEES.get(found.audience, SEES["broker"]) <= SEES[audience]:
        raise reading_margins.refused(output, f"it is for {found.audience}, not for {audience}")
    return found


def doubtful(read: Inputs) -> tuple[Problem, ...]:
    """What the catalogue contradicts, of what everybody may see, for a warning quotes it."""
    seen = tuple(redact(one, "public") for one in read.sets)
    return doubts(seen, read.knowledge, standards())


def load(
    paths: Iterable[str],
    *,
    references: Iterable[str] = (),
    payers: Iterable[str] = (),
    config: str | None = None,
    knowledge_files: Iterable[str] = (),
    stdin_filename: str = "stdin.yaml",
) -> Inputs:
    """Every spec under the paths; raises `SpecError` with all problems of all files.

    Without paths, those that `harmonize.yaml` names, else `specs/`.  Files under `references` are
    shown and never counted.  `payers` are globs of which a payer has to fit one.  Knowledge files
    add to what is known; other commands' files among the paths are left aside.
    """
    settings = _settings(config)
    named = list(paths) or settings.get("specs") or ["specs"]
    problems: list[Problem] = []
    documents: dict[str, str] = {}
    for path in named:
        documents |= _documents(path, stdin_filename, problems)
    shown: dict[str, str] = {}
    for path in (*references, *settings.get("reference", ())):
        shown |= _documents(path, stdin_filename, problems)
    own = _own((*knowledge_files, *settings.get("knowledge", ())), problems)
    extended = _extended(own, problems)
    try:
        sets, warnings = read_specs((documents | shown).items(), _open_base)
    except SpecError as error:
        raise SpecError((*problems, *error.problems)) from None
    if not sets and not problems:
        problems = [Problem(Place(p), "HZ002", "no spec: it holds something else") for p in named]
    if problems:
        raise SpecError((*problems, *warnings))
    sets = tuple(replace(s, role="reference") if s.place.file in shown else s for s in sets)
    globs = tuple(payers)
    if globs:
        kept = tuple(
            s for s in sets if s.place.file in shown or any(fnmatchcase(s.payer, g) for g in globs)
        )
        for glob in globs:
            if not any(fnmatchcase(s.payer, glob) for s in sets):
                known = ", ".join(s.payer for s in sets)
                message = f"no payer fits {glob!r}; here are {known}"
                raise SpecError((Problem(Place("--payer"), "HZ010", message),))
        sets = kept
    hashes = tuple(
        (file, hashlib.sha256(text.encode()).hexdigest())
        for file, text in sorted((documents | shown | own).items())
    )
    return Inputs(sets, warnings, hashes, extended)


def gold(named: Iterable[str], *, knowledge_files: Iterable[str] = ()) -> Golden:
    """Gold crosswalks with the lists that they are about.

    A folder has `gold.csv` beside or above its lists, or folders that have.  Raises `SpecError`
    with all problems of all files.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    extended = _extended(_own(knowledge_files, problems), problems)
    folders = {folder for name in named for folder in _golden(Path(name), problems)}
    found = []
    for folder in sorted(folders):
        try:
            task, noted = _task(folder)
        except SpecError as error:
            problems.extend(error.problems)
        else:
            found.append(task)
            warnings.extend(noted)
    if problems:
        raise SpecError((*problems, *warnings))
    names = Counter(task.name for task in found)
    found = [t if names[t.name] == 1 else replace(t, name=t.folder) for t in found]
    return Golden(tuple(found), tuple(sorted(set(warnings))), extended)


def _golden(path: Path, problems: list[Problem]) -> list[Path]:
    """The folder itself, or those in it that hold a gold crosswalk."""
    if not os.path.lexists(path):
        problems.append(Problem(Place(str(path)), "HZ001", "no such file or folder"))
        return []
    if (path / GOLD).is_file():
        return [path]
    below = sorted(path.iterdir()) if _is_folder(path) else []
    found = [p for p in below if (p / GOLD).is_file() and not p.name.startswith(".")]
    if not found:
        message = f"no {GOLD} in this folder or one in it: give the folder that holds it"
        problems.append(Problem(Place(str(path)), "HZ012", message))
    return found


def _task(folder: Path) -> tuple[Task, tuple[Problem, ...]]:
    """One gold crosswalk; its lists are specs, or CSV where there is no spec."""
    problems: list[Problem] = []
    found = _texts(_walk(folder, problems), problems)
    documents = {file: text for file, text in found.items() if not _is_other(text)}
    others = (file for file in sorted(folder.glob("[!.]*.csv")) if file.name not in JUDGED)
    found = {} if documents else _texts(others, problems)
    tables = {file: text for file, text in found.items() if reading_gold.is_list(text, file)}
    judged = _texts((folder / n for n in JUDGED if os.path.lexists(folder / n)), problems)
    if problems:
        raise SpecError(tuple(problems))
    if not documents and not tables:
        message = (
            "no spec in this folder, and no CSV list with the columns payer (or list), id "
            "(or local_id) and title"
        )
        raise SpecError((Problem(Place(str(folder)), "HZ002", message),))
    sets, warnings = (
        read_specs(documents.items(), _open_base)
        if documents
        else reading_gold.read_lists(tables.items())
    )
    name = folder.name or folder.resolve().name
    return Task(name, str(folder), sets, _gold(folder, judged, sets), not documents), warnings


def _texts(files: Iterable[Path], problems: list[Problem]) -> dict[str, str]:
    """What stands in files, by name."""
    found = {str(file): _text(file, str(file), problems) for file in files}
    return {file: text for file, text in found.items() if text is not None}


def _gold(folder: Path, judged: dict[str, str], sets: tuple[MeasureSet, ...]) -> Gold:
    """What the gold files say, each pair of them in one file only and in two known lists."""
    problems: list[Problem] = []
    found: list[dict[Key, str]] = []
    for name in JUDGED:
        pairs: tuple[reading_gold.Named, ...] = ()
        file = str(folder / name)
        if file in judged:
            try:
                pairs = reading_gold.read_pairs(judged[file], file)
            except SpecError as error:
                problems.extend(error.problems)
        problems.extend(reading_gold.unknown(pairs, sets))
        own: dict[Key, str] = {}
        for pair in pairs:
            key = key_of(pair.left, pair.right)
            before = next((f for f, other in zip(JUDGED, found, strict=False) if key in other), "")
            if before:
                message = f"this pair stands in {before} as well: take it out of one"
                problems.append(Problem(pair.places[0], "HZ404", message))
            own.setdefault(key, pair.note)
        found.append(own)
    if problems:
        raise SpecError(tuple(problems))
    same, different, ignored = found
    return Gold(same, different, frozenset(ignored))


def _settings(config: str | None) -> dict[str, list[str]]:
    """Paths that the configuration names, made relative to the file that names them."""
    path = Path(config or CONFIG)
    if config is None and not path.is_file():
        return {}
    problems: list[Problem] = []
    text = _text(path, str(path), problems)
    if text is None:
        raise SpecError(tuple(problems))
    root = parse(text, str(path))
    if not isinstance(root, Pairs):
        raise SpecError((Problem(root.place, "HZ204", f"{root.kind}, wanted a map"),))
    found: dict[str, list[str]] = {}
    for key, value in root.pairs:
        if key.text == "harmonize":
            continue
        if key.text not in SETTINGS:
            message = f"unknown key {key.text[:60]!r}: known here: {', '.join(SETTINGS)}"
            problems.append(Problem(key.place, "HZ201", message))
            continue
        nodes: tuple[Node, ...] = value.items if isinstance(value, Items) else (value,)
        texts = [n.text for n in nodes if isinstance(n, Scalar) and n.text]
        if len(texts) != len(nodes) or not texts:
            problems.append(Problem(value.place, "HZ204", f"{key.text!r} wants a path, or a list"))
        found[key.text] = [str(path.parent / text) for text in texts]
    if problems:
        raise SpecError(tuple(problems))
    return found


# --- files --------------------------------------------------------------------------------------


def _documents(named: str, stdin_filename: str, problems: list[Problem]) -> dict[str, str]:
    """Texts by the name that a person knows the file by."""
    if named == "-":
        if sys.stdin is None:
            problems.append(Problem(Place(stdin_filename), "HZ004", "standard input is closed"))
            return {}
        text = _decoded(sys.stdin.buffer.read(SIZE + 1), stdin_filename, problems)
        return {} if text is None else {stdin_filename: text}
    path = Path(named)
    if _is_folder(named):
        return _folder(path, named, problems)
    if not os.path.lexists(named):
        problems.append(Problem(Place(named), "HZ001", "no such file or folder"))
        return {}
    text = _text(path, named, problems)
    return {} if text is None or path.name in NOT_SPECS or _is_other(text) else {named: text}


def _own(paths: Iterable[str], problems: list[Problem]) -> dict[str, str]:
    """Texts of the user's own knowledge files, by name."""
    found: dict[str, str] = {}
    for named in paths:
        if not os.path.lexists(named):
            problems.append(Problem(Place(named), "HZ001", "no such file"))
            continue
        text = _text(Path(named), named, problems)
        if text is not None:
            found[named] = text
    return found


def _extended(own: dict[str, str], problems: list[Problem]) -> Knowledge | None:
    """What is known with what the user's own files add, if there are any."""
    try:
        return extension.extended(knowledge(), own.items()) if own else None
    except SpecError as error:
        problems.extend(error.problems)
        return None


def _folder(path: Path, named: str, problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    before = len(problems)
    for file in _walk(path, problems):
        text = _text(file, str(file), problems)
        if text is not None and not _is_other(text):
            found[str(file)] = text
    if not found and len(problems) == before:
        message = (
            "no spec in this folder: a spec is a .yaml or .yml file that begins with 'harmonize: 1'"
        )
        problems.append(Problem(Place(named), "HZ002", message))
    return found


def _walk(top: Path, problems: list[Problem]) -> Iterator[Path]:
    """YAML files below a folder, sorted, without dot-names; no folder is walked twice."""
    ahead = [(top, frozenset({_identity(top)}))]
    seen: set[tuple[int, int]] = set()
    while ahead:
        at, above = ahead.pop()
        if not _is_folder(at):
            yield at
            continue
        try:
            entries = sorted(at.iterdir(), key=lambda p: p.name, reverse=True)
        except OSError as error:
            told = f"cannot be opened: {error.strerror}"
            problems.append(Problem(Place(str(at)), "HZ004", told))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if not _is_folder(entry):
                if entry.suffix in SUFFIXES and entry.name not in NOT_SPECS:
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


def _is_folder(path: Path | str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - is_dir() raises where a folder may not be entered


def _text(path: Path, named: str, problems: list[Problem]) -> str | None:
    """What stands in a regular file, or `None` and a problem; never waits for a pipe."""
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
        return _decoded(raw, named, problems)


def _decoded(raw: bytes, named: str, problems: list[Problem]) -> str | None:
    if len(raw) > SIZE:
        message = f"larger than {SIZE >> 20} MiB, the most that a spec may be"
        problems.append(Problem(Place(named), "HZ008", message))
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


def _is_other(text: str) -> bool:
    """Whether a file is a decisions, policy, baseline, mapping or knowledge file."""
    return any(text.startswith(f"{key}:") or f"\n{key}:" in text for key in OTHER_FILES)


def _open_base(file: str, named: str) -> tuple[str, str]:
    problems: list[Problem] = []
    path = Path(file).parent / named
    if not os.path.lexists(path):
        raise SpecError((Problem(Place(str(path)), "HZ001", "no such file or folder"),))
    text = _text(path, str(path), problems)
    if text is None:
        raise SpecError(tuple(problems))
    return os.path.normpath(path), text
