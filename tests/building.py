"""What the tests of the core and of the outputs build with: specs as values, read by the reader."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook

from harmonize.audience import Published, publish
from harmonize.cli import run
from harmonize.concepts import Crosswalk
from harmonize.crosswalk import build
from harmonize.divergence import Divergence
from harmonize.document import document
from harmonize.evidence import Scene, Weighed, scene, weigh
from harmonize.mappings import Exchange
from harmonize.measures import Measure
from harmonize.reading import standards
from harmonize.reading.knowledge import shipped
from harmonize.reading.specs import read_spec
from harmonize.render import FILES, RENDERERS, Wanted
from harmonize.report import Report, compile_report
from harmonize.sets import MeasureSet
from harmonize.slots import Profile, profile
from harmonize.views import Table, view
from harmonize.workspace import load

ROOT: Final = Path(__file__).parent.parent
EXAMPLES: Final = ROOT / "examples"
KNOWN: Final = shipped()
STANDARDS: Final = standards.shipped()
EXCHANGE: Final = Exchange(
    mapping_set_id="https://example.org/crosswalk",
    license="https://example.org/licence",
    base="https://example.org/specs/",
)
TEXTS: Final = tuple(form for form in RENDERERS if form not in FILES)  # formats that are text

Line = str | Mapping[str, Any]
"""A measure as a spec may give it: a bare title, or a map."""


def flow(value: object) -> str:
    """A value as YAML, every text in quotes and every odd character as an escape."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    escaped = (c if " " <= c <= "~" and c not in '"\\' else f"\\U{ord(c):08x}" for c in str(value))
    return f'"{"".join(escaped)}"'


def text_of(payer: str, *measures: Line, **about: Any) -> str:
    """A spec file's text: a key a line, a measure a line."""
    head = {"harmonize": "1", "payer": payer, **about}
    lines = [f"{key}: {flow(value)}" for key, value in head.items()]
    if measures:
        lines += ["measures:", *(f"  - {flow(one)}" for one in measures)]
    return "\n".join(lines) + "\n"


def spec(payer: str, *measures: Line, file: str | None = None, **about: Any) -> MeasureSet:
    """A measure set as the reader makes it of such a file."""
    text = text_of(payer, *measures, **about)
    return read_spec(text, file or f"{payer}.yaml", _no_base)[0]


def _no_base(file: str, named: str) -> tuple[str, str]:
    raise AssertionError((file, named))


def written(folder: Path, *specs: str, names: Iterable[str] = ()) -> Path:
    """A folder of spec files; the texts are those of `text_of`."""
    folder.mkdir(parents=True, exist_ok=True)
    given = [*names]
    for i, text in enumerate(specs):
        name = given[i] if i < len(given) else f"spec-{i}.yaml"
        (folder / name).write_text(text, "utf-8")
    return folder


def example(*parts: str) -> tuple[MeasureSet, ...]:
    """The measure sets of a shipped example."""
    return load([str(EXAMPLES.joinpath(*parts))]).sets


# --- evidence -----------------------------------------------------------------------------------


def profiled(line: Line, payer: str = "one") -> Profile:
    """What the words of one line say."""
    return profile(items(spec(payer, line))[0], KNOWN)


def items(*sets: MeasureSet) -> tuple[Measure, ...]:
    """All items of the sets, rates included."""
    return tuple(m for one in sets for m in one.measures or ())


def staged(*sets: MeasureSet) -> tuple[dict[str, Profile], Scene]:
    """Profiles by reference, and the scene that they make."""
    profiles = {m.ref: profile(m, KNOWN) for m in items(*sets)}
    return profiles, scene(profiles.values(), KNOWN)


def weighed(left: Line, right: Line) -> Weighed:
    """The evidence of two lines, each alone in its payer's list."""
    sets = spec("one", left), spec("two", right)
    profiles, at = staged(*sets)
    one, two = (items(s)[0].ref for s in sets)
    return weigh(profiles[one], profiles[two], at)


# --- crosswalk and report -----------------------------------------------------------------------


def crossed(*sets: MeasureSet) -> Crosswalk:
    """The crosswalk of the sets."""
    return build(sets, KNOWN)


def parted(*sets: MeasureSet) -> set[frozenset[str]]:
    """The partition that the sets come to, as sets of `payer/id`."""
    return {frozenset(m.ref for m in c.members) for c in crossed(*sets).concepts}


def reported(*sets: MeasureSet) -> Report:
    """The report on the sets."""
    return compile_report(sets, KNOWN, STANDARDS)


def figures(*sets: MeasureSet) -> dict[str, tuple[int | float, int | None]]:
    """The summary: value and base by figure."""
    return {f.figure: (f.value, f.of) for f in reported(*sets).summary}


def differences(*sets: MeasureSet) -> dict[str, Divergence]:
    """The divergences by attribute, of sets that come to one concept."""
    return {d.attribute: d for d in reported(*sets).divergences}


def stances(one: Divergence) -> set[tuple[str, tuple[str, ...]]]:
    """Who states what."""
    return {(p.value, p.payers) for p in one.positions}


# --- outputs ------------------------------------------------------------------------------------


def published(*sets: MeasureSet, audience: str = "broker") -> Published:
    """The report as an audience may see it."""
    return publish(sets, KNOWN, audience, STANDARDS)


def table(name: str, *sets: MeasureSet, layout: str = "wide", kind: str = "id") -> Table:
    """One view of the sets."""
    return view(published(*sets), name, layout, kind)


def drawn(form: str, *sets: MeasureSet, **wanted: Any) -> str:
    """The sets in one format."""
    made = RENDERERS[form](published(*sets), Wanted(**{"exchange": EXCHANGE, **wanted}))
    assert isinstance(made, str)
    return made


def raw(made: str | bytes) -> str:
    """All that is in a drawing: a text itself, the parts of a workbook."""
    if isinstance(made, str):
        return made
    with ZipFile(io.BytesIO(made)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def cells(made: str | bytes) -> str:
    """All that a person reads of a drawing: a text itself, the cells of a workbook."""
    if isinstance(made, str):
        return made
    rows = (row for sheet in sheets(made) for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def sheets(made: str | bytes) -> Workbook:
    """A workbook, read back."""
    assert isinstance(made, bytes)
    return load_workbook(io.BytesIO(made))


def plain_json(*sets: MeasureSet) -> str:
    """The JSON object without where things were read, to be compared byte by byte."""
    ordered = sorted(sets, key=lambda s: s.payer)  # as the reader hands them over
    return json.dumps(without_sources(document(published(*ordered))), ensure_ascii=False, indent=1)


def without_sources(value: Any) -> Any:
    """A JSON value without `source` and `sources`."""
    if isinstance(value, dict):
        return {k: without_sources(v) for k, v in value.items() if k not in ("source", "sources")}
    return [without_sources(one) for one in value] if isinstance(value, list) else value


# --- the command line ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def harmonize(*arguments: str, stdin: bytes = b"") -> Done:
    """The command line inside this process, through its one boundary."""
    raw = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(one, "utf-8", newline="") for one in raw)
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    code: object = None
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            run(list(arguments))
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdin = before
    for stream in (out, err):
        stream.flush()
    assert isinstance(code, int)
    return Done(code, *(one.getvalue().decode("utf-8") for one in raw))


def process(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The command line as a process of its own."""
    return subprocess.run(
        (sys.executable, "-m", "harmonize", *arguments),
        cwd=cwd,
        env=env,
        capture_output=True,
        check=False,
        timeout=60,
    )


def to_the_end(leader: int) -> bytes:
    """What was written to a terminal until its other end was closed; closes this end."""
    seen = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(leader)
    return seen
