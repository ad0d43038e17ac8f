"""`harmonize import sssom`: mappings that others judged, into the decisions file."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path
from typing import Final

import click

from harmonize.cli.options import emit, note
from harmonize.decisions import OF_A_MATCH, SPOKEN, Decision
from harmonize.files import sources, text_of
from harmonize.judgements import Aside, Asked, judged, nameless, settled
from harmonize.problems import Problem, SpecError
from harmonize.reading.decisions import read_file, read_nodes
from harmonize.reading.mappings import read_mappings
from harmonize.recording import recorded
from harmonize.render import findings
from harmonize.render.text import visible
from harmonize.sets import SLUG
from harmonize.trees import Source

SUFFIX: Final = ".sssom.tsv"
SUFFIXES: Final = (".tsv",)
FEW: Final = 8  # spans of lines that are named where not every row is told


@click.command("sssom", epilog="Example: harmonize import sssom theirs.sssom.tsv --map LK=lake")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o", "--output", metavar="FILE", help="The decisions file; what is there stays. Default: "
    "stdout.",
)  # fmt: skip
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="PREFIX=PAYER",
    help="Which payer a prefix means. Default: the payer of that name.",
)
@click.option(
    "--suggestions",
    is_flag=True,
    help="Take what nobody has judged as left open, which keeps it apart until it is settled.",
)
@click.option(
    "--replace", is_flag=True, help="Put what they say in place of what is recorded otherwise."
)
@click.option("--rows", is_flag=True, help="Tell of each row that is left aside.")
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("--quiet", is_flag=True, help="No notes on stderr.")
@click.option("--traceback", is_flag=True, expose_value=False, hidden=True)
def sssom(
    files: tuple[str, ...],
    output: str | None,
    mapped: tuple[str, ...],
    *,
    suggestions: bool,
    replace: bool,
    rows: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Mappings as SSSOM, ours or another tool's, into decisions about matches.

    FILE is a .sssom.tsv, or a folder of them.  A row with Not is a rejection, one that a person
    curated or reviewed an acceptance; all others suggest, and are left aside unless you ask for
    them.  A file that breaks a rule of SSSOM is refused with its lines.
    """
    asked = Asked(dict(map(_mapped, mapped)), suggestions)
    problems: list[Problem] = []
    given = sources(files, SUFFIXES, problems)
    before = text_of(output) if output and os.path.lexists(output) else None
    there = read_file(before, output or "")[0] if before and not replace else ()
    decisions: list[Decision] = []
    warnings: list[Problem] = []
    told: list[str] = []
    for source in given:
        try:
            own, aside, noted = _taken(source, asked, (*there, *decisions))
        except SpecError as error:
            problems.extend(error.problems)
        else:
            decisions += own
            warnings += noted
            told += _told(source, own, aside, each=rows)
    if any(one.severity == "error" for one in problems):
        raise SpecError(tuple(problems))
    for line in (
        findings(tuple(problems), "lines").rstrip("\n"),
        *told,
        *_doubts(warnings),
        _guessed(decisions, asked),
    ):
        note(visible(line), quiet=quiet or not line)
    made = recorded(before, output or "decisions.yaml", decisions)
    if dry_run:
        emit(_difference(before, made, output or "standard output"), None)
    elif not decisions:
        note("No new judgement is in it, and nothing was written.", quiet=quiet)
    elif output is None:
        emit(made, None)
    elif made == before:
        note(f"nothing changes in {output}", quiet=quiet)
    else:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        emit(made, output)
        note(f"wrote {output}", quiet=quiet)


def _mapped(text: str) -> tuple[str, str]:
    prefix, _, payer = (part.strip() for part in text.partition("="))
    if not prefix or not re.fullmatch(SLUG, payer):
        raise click.UsageError(f"--map {text!r}: wanted PREFIX=payer, such as LK=lake.")
    return prefix, payer


def _taken(
    source: Source, asked: Asked, there: Iterable[Decision]
) -> tuple[tuple[Decision, ...], tuple[Aside, ...], tuple[Problem, ...]]:
    """The decisions of one file, rows of which none was made, and what deserves a warning."""
    found = read_mappings(source)
    if problems := nameless(found, asked):
        raise SpecError(problems)
    rows = judged(found, source.name, asked)
    decisions, warnings = read_nodes(rows.entries)
    kept, again = settled(decisions, there)
    lines = {one.place.line for one in kept}
    return kept, (*rows.aside, *again), tuple(w for w in warnings if w.place.line in lines)


def _told(
    source: Source, kept: tuple[Decision, ...], aside: tuple[Aside, ...], *, each: bool
) -> Iterator[str]:
    """How many rows came in and what became of them, and why some are left aside."""
    whys: dict[str, list[int]] = {}
    for one in aside:
        whys.setdefault(one.why, []).append(one.place.line)
    answers = Counter(one.judgement for one in kept)
    parts = [f"{answers[word]:,} {told}" for word, told in _ANSWERS.items()]
    count = len(kept) + len(aside)
    many = "1 row" if count == 1 else f"{count:,} rows"
    yield f"{source.name}: {many}: {', '.join(parts)}, {len(aside):,} left aside"
    for why, lines in sorted(whys.items(), key=lambda w: (-len(w[1]), w[0])):
        if each:
            yield from (f"{source.name}:{line}: {why}" for line in sorted(lines))
        else:
            yield f"  {len(lines):,} left aside: {why} ({_spans(lines)})"


_ANSWERS: Final = {word: SPOKEN[word] for word in OF_A_MATCH}


def _spans(lines: Iterable[int]) -> str:
    """Lines as spans, the first few."""
    order = sorted(lines)
    starts = [order[0], *(b for a, b in pairwise(order) if b > a + 1)]
    ends = [*(a for a, b in pairwise(order) if b > a + 1), order[-1]]
    spans = [f"{a}-{b}" if a < b else f"{a}" for a, b in zip(starts, ends, strict=True)]
    more = " and more; --rows tells each" if len(spans) > FEW else ""
    word = "line" if len(order) == 1 else "lines"
    return f"{word} {', '.join(spans[:FEW])}{more}"


def _guessed(decisions: Iterable[Decision], asked: Asked) -> str:
    """Which prefixes were taken for payers of their name, for nobody said which they mean."""
    named = {ref.split("/", 1)[0] for one in decisions for ref in one.refs}
    guessed = sorted(named - {*asked.payers.values()})
    told = f"prefixes taken for payers of that name: {', '.join(guessed)}"
    return f"{told}; of another name: --map {guessed[0]}=PAYER" if guessed else ""


def _doubts(warnings: list[Problem]) -> list[str]:
    """The warnings, or how many there are."""
    if len(warnings) <= FEW:
        return findings(tuple(warnings), "lines").splitlines()
    return [f"{len(warnings):,} judgements do not say who decided, or when."]


def _difference(before: str | None, made: str, target: str) -> str:
    """How the file changes, line by line."""
    there = target if before is not None else "/dev/null"
    lines = unified_diff((before or "").splitlines(), made.splitlines(), there, target, lineterm="")
    return "".join(f"{visible(line)}\n" for line in lines)
