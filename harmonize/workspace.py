"""Which files a run uses, read into one frozen value."""

import datetime as dt
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from harmonize.decisions import Decision
from harmonize.doubts import doubts
from harmonize.evaluation import Gold, Key, Task, key_of
from harmonize.files import (
    above,
    beside,
    is_decisions,
    is_folder,
    is_other,
    named_texts,
    open_base,
    sources,
    specs_in,
    text_of,
    texts,
    walk,
)
from harmonize.headings import Headings
from harmonize.importers import IMPORTERS, SPREADSHEETS, together
from harmonize.importers.asking import Wanted
from harmonize.importers.tables import slug_of, stem
from harmonize.knowledge import Knowledge
from harmonize.mappings import Exchange, unsaid
from harmonize.margins import NO_MARGINS, Margins
from harmonize.marks import SEES, redact
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading import extension
from harmonize.reading import gold as reading_gold
from harmonize.reading import headings as reading_headings
from harmonize.reading import knowledge as reading_knowledge
from harmonize.reading import margins as reading_margins
from harmonize.reading import standards as reading_standards
from harmonize.reading.decisions import read_decisions
from harmonize.reading.nodes import parse
from harmonize.reading.overlays import overlaid
from harmonize.reading.settings import read_settings
from harmonize.reading.specs import read_root, read_specs
from harmonize.rules import TAKEN
from harmonize.sets import MeasureSet
from harmonize.settings import NO_SETTINGS, Settings
from harmonize.standards import Standards
from harmonize.trees import Imported, Node, Pairs, Scalar, Source

CONFIG: Final = "harmonize.yaml"
DECISIONS: Final = ("decisions.yaml", "decisions.yml")  # found by themselves beside the specs
GOLD: Final = "gold.csv"
JUDGED: Final = (GOLD, "hard_negatives.csv", "ignore.csv")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run works on: measure sets by payer, what deserves a warning, and each file's hash.

    `extended` is what the field knows with what the user's own files add, if there are any; `notes`
    say how spreadsheets were understood.
    """

    sets: tuple[MeasureSet, ...]
    warnings: tuple[Problem, ...]
    files: tuple[tuple[str, str], ...]  # (file, SHA-256 of its text)
    extended: Knowledge | None = None
    notes: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    decided_in: tuple[str, ...] = ()  # the decisions files
    paths: tuple[str, ...] = ()  # as a person or the configuration named them
    settings: Settings = NO_SETTINGS

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


def configured(config: str | None = None) -> Settings:
    """What the file that somebody names says, or the nearest one upward; raises `SpecError`."""
    named = config or above(CONFIG)
    if named is None:
        return NO_SETTINGS
    return read_settings(text_of(named), named, TAKEN, text_of)


def today() -> str:
    """The day, YYYY-MM-DD."""
    return dt.datetime.now().astimezone().date().isoformat()


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
    beside_them: Iterable[str] | None = None,
    payers: Iterable[str] = (),
    config: str | None = None,
    knowledge_files: Iterable[str] = (),
    decisions: Iterable[str] = (),
    stdin_filename: str = "stdin.yaml",
    editions: bool = False,
) -> Inputs:
    """Every spec under the paths; raises `SpecError` with all problems of all files.

    Without paths, those that `harmonize.yaml` names, else `specs/`.  Files under `references` are
    shown and never counted, as are those under `beside_them`: without it, those that
    `harmonize.yaml` names, as they stand now.  `payers` are globs of which a payer has to fit one.
    Knowledge files add to what is known.  Decisions are read from the files given, else from those
    that `harmonize.yaml` names, else from those among the paths and from `decisions.yaml` beside
    them.  Other commands' files among the paths are left aside.  With `editions` a payer may have a
    list for each year, and a folder without a spec may hold its lists as spreadsheets.
    """
    settings = configured(config)
    named = list(paths) or list(settings.specs or ["specs"])
    problems: list[Problem] = []
    others: dict[str, str] = {}
    documents, sheets = _given(named, stdin_filename, problems, others, lists=editions)
    usual = settings.reference or ()
    referring = (*references, *(usual if beside_them is None else beside_them))
    shown, aside = _given(referring, stdin_filename, problems, {}, lists=editions)
    deciding = _deciding((*decisions,) or settings.decisions or (), named, others, problems)
    counted, referred = (_imported(own.values(), problems) for own in (sheets, aside))
    if editions:
        counted, referred = (
            replace(one, specs=tuple(map(_by_programme, one.specs))) for one in (counted, referred)
        )
    own = named_texts((*knowledge_files, *(settings.knowledge or ())), problems)
    extended = _extended(own, problems)
    decided, unsure = _decided(deciding, problems)
    try:
        sets, warnings = read_specs(
            (documents | shown).items(),
            open_base,
            (*counted.specs, *referred.specs),
            editions=editions,
        )
    except SpecError as error:
        raise SpecError((*problems, *error.problems)) from None
    if not sets and not problems:
        problems = [Problem(Place(p), "HZ002", "no spec: it holds something else") for p in named]
    if problems:
        raise SpecError((*problems, *warnings))
    aloof = {*shown, *(root.place.file for root in referred.specs)}
    sets = tuple(replace(s, role="reference") if s.place.file in aloof else s for s in sets)
    globs = tuple(payers)
    if globs:
        kept = tuple(
            s for s in sets if s.place.file in aloof or any(fnmatchcase(s.payer, g) for g in globs)
        )
        for glob in globs:
            if not any(fnmatchcase(s.payer, glob) for s in sets):
                known = ", ".join(s.payer for s in sets)
                message = f"no payer fits {glob!r}; here are {known}"
                raise SpecError((Problem(Place("--payer"), "HZ010", message),))
        sets = kept
    raw = {file: text.encode() for file, text in (documents | shown | own | deciding).items()}
    raw |= {file: source.data for file, source in (sheets | aside).items()}
    hashes = tuple((file, hashlib.sha256(data).hexdigest()) for file, data in sorted(raw.items()))
    noted = tuple(sorted({*warnings, *counted.warnings, *referred.warnings, *unsure}))
    notes = (*counted.notes, *counted.counts, *referred.notes, *referred.counts)
    return Inputs(
        sets, noted, hashes, extended, notes, decided, tuple(deciding), tuple(named), settings
    )


def _deciding(
    given: Iterable[str], paths: list[str], others: dict[str, str], problems: list[Problem]
) -> dict[str, str]:
    """Texts of decisions files: those that somebody named, or those that are found."""
    named = tuple(given)
    if named:
        return named_texts(named, problems)
    found = {file: text for file, text in others.items() if is_decisions(text)}
    known = {os.path.realpath(file) for file in found}
    near = (one for one in beside(paths, DECISIONS) if os.path.realpath(one) not in known)
    return found | named_texts(near, problems)


def _decided(
    documents: dict[str, str], problems: list[Problem]
) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    try:
        return read_decisions(documents.items())
    except SpecError as error:
        problems.extend(error.problems)
        return (), ()


def _given(
    paths: Iterable[str],
    stdin_filename: str,
    problems: list[Problem],
    others: dict[str, str],
    *,
    lists: bool = False,
) -> tuple[dict[str, str], dict[str, Source]]:
    """Texts of specs, and spreadsheets that stand where specs can, by name.

    With `lists` they can in a folder that has no spec.
    """
    documents: dict[str, str] = {}
    sheets: dict[str, Source] = {}
    for path in paths:
        if _is_spreadsheet(path):
            sheets |= {s.name: s for s in sources((path,), (), problems)}
        elif found := _lists_in(path) if lists else ():
            sheets |= {s.name: s for s in sources(found, (), problems)}
        else:
            documents |= specs_in(path, stdin_filename, problems, others)
    return documents, sheets


def _is_spreadsheet(named: str) -> bool:
    """Whether a file given by name is to be imported."""
    suffix = Path(named).suffix.lower()
    return any(suffix in IMPORTERS[k].suffixes for k in SPREADSHEETS) and not is_folder(named)


def _lists_in(named: str) -> tuple[str, ...]:
    """The spreadsheets of a folder that has no spec."""
    if not is_folder(named):
        return ()
    found = texts(walk(Path(named), []), [])
    if not all(map(is_other, found.values())):
        return ()
    suffixes = frozenset(suffix for kind in SPREADSHEETS for suffix in IMPORTERS[kind].suffixes)
    return tuple(str(file) for file in walk(Path(named), [], suffixes))


def _by_programme(root: Pairs) -> Pairs:
    """A list that is called by its file: the year in that name is no part of the programme's."""
    payer, year = root.get("payer"), root.get("measurement_year") or root.get("reporting_year")
    if not isinstance(payer, Scalar) or not isinstance(year, Scalar):
        return root
    bare = "".join(re.split(rf"(?:^|[._-]){re.escape(year.text)}(?=[._-]|$)", payer.text))
    bare = bare.strip("._-")
    if payer.text != slug_of(stem(payer.place.file)) or not bare:
        return root
    own = payer._replace(text=bare)
    return root._replace(pairs=tuple((k, own if v is payer else v) for k, v in root.pairs))


def _imported(found: Iterable[Source], problems: list[Problem]) -> Imported:
    """Spreadsheets that stand where specs can, imported as they are."""
    parts: list[Imported] = []
    for source in found:
        suffix = Path(source.name).suffix.lower()
        kind = next(k for k in SPREADSHEETS if suffix in IMPORTERS[k].suffixes)
        try:
            one = IMPORTERS[kind].read((source,), Wanted(headings()))
        except SpecError as error:
            problems.extend(error.problems)
            continue
        problems.extend(one.problems)
        first, *rest = (" ".join(line.split()) for line in one.notes or ("",))
        parts.append(replace(one, notes=(f"{first} {'; '.join(rest)}",)))
    return together(parts)


def is_one_file(named: str, found: Inputs) -> bool:
    """Whether what somebody named is the file of one list rather than a folder."""
    return len(found.sets) == 1 and (named == "-" or found.sets[0].place.file == named)


def headings() -> Headings:
    """What is known of the headings of lists."""
    return reading_headings.shipped()


def gold(named: Iterable[str], *, knowledge_files: Iterable[str] = ()) -> Golden:
    """Gold crosswalks with the lists that they are about.

    A folder has `gold.csv` beside or above its lists, or folders that have.  Raises `SpecError`
    with all problems of all files.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    extended = _extended(named_texts(knowledge_files, problems), problems)
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
    below = sorted(path.iterdir()) if is_folder(path) else []
    found = [p for p in below if (p / GOLD).is_file() and not p.name.startswith(".")]
    if not found:
        message = f"no {GOLD} in this folder or one in it: give the folder that holds it"
        problems.append(Problem(Place(str(path)), "HZ012", message))
    return found


def _task(folder: Path) -> tuple[Task, tuple[Problem, ...]]:
    """One gold crosswalk; its lists are specs, or CSV where there is no spec."""
    problems: list[Problem] = []
    found = texts(walk(folder, problems), problems)
    documents = {file: text for file, text in found.items() if not is_other(text)}
    others = (file for file in sorted(folder.glob("[!.]*.csv")) if file.name not in JUDGED)
    found = {} if documents else texts(others, problems)
    tables = {file: text for file, text in found.items() if reading_gold.is_list(text, file)}
    judged = texts((folder / n for n in JUDGED if os.path.lexists(folder / n)), problems)
    if problems:
        raise SpecError(tuple(problems))
    if not documents and not tables:
        message = (
            "no spec in this folder, and no CSV list with the columns payer (or list), id "
            "(or local_id) and title"
        )
        raise SpecError((Problem(Place(str(folder)), "HZ002", message),))
    sets, warnings = (
        read_specs(documents.items(), open_base)
        if documents
        else reading_gold.read_lists(tables.items())
    )
    name = folder.name or folder.resolve().name
    return Task(name, str(folder), sets, _gold(folder, judged, sets), not documents), warnings


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


def exchange(config: str | None, payers: tuple[str, ...]) -> Exchange:
    """What the configuration says of the mappings that are written; raises `SpecError` for less.

    Every payer's measures need an address.
    """
    settings = configured(config)
    found = settings.sssom or Exchange(where={"": Place(settings.file or config or CONFIG)})
    if missing := unsaid(found, payers):
        raise SpecError(missing)
    return found


def _extended(own: dict[str, str], problems: list[Problem]) -> Knowledge | None:
    """What is known with what the user's own files add, if there are any."""
    try:
        return extension.extended(knowledge(), own.items()) if own else None
    except SpecError as error:
        problems.extend(error.problems)
        return None


def root_of(named: str) -> Node:
    """The tree of one spec that can be read, over what it extends; raises `SpecError`."""
    problems: list[Problem] = []
    root = overlaid(parse(text_of(named), named), named, open_base, problems)
    read_root(root, problems)
    return root
