"""What has been published, drawn: every format is one function and one row of `RENDERERS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from harmonize.audience import Explained, Published
from harmonize.exchange import mapping_set
from harmonize.findings import of_problem
from harmonize.lookup import Card
from harmonize.mappings import NO_EXCHANGE, Exchange
from harmonize.margins import NO_MARGINS, Margins
from harmonize.practice import sheet as practice_sheet
from harmonize.problems import Problem
from harmonize.register import Register
from harmonize.render import console, found, pipelines, text
from harmonize.render import practice as practice_pages
from harmonize.render.found import Told
from harmonize.triage import apply


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked to see: one view or, with `None`, the whole; and on what.

    `width` is that of a terminal; `None` means that nothing is ever wrapped or cut.
    `provenance` are the program's version and the hashes of the files; `None` leaves them out.
    `margins` are what people wrote into the file that is to be replaced.  `exchange` is what a
    set of mappings says of itself.
    """

    view: str | None = None
    layout: str = "wide"
    cell: str | None = None
    width: int | None = None
    color: bool = False
    provenance: dict[str, Any] | None = None
    margins: Margins = NO_MARGINS
    exchange: Exchange = NO_EXCHANGE


Render = Callable[[Published, Wanted], str | bytes]


def _table(published: Published, wanted: Wanted) -> str:
    if wanted.view:
        return console.view(
            published, wanted.view, wanted.layout, wanted.cell or "id", wanted.width
        )
    return console.page(published, wanted.cell or "ask", wanted.width, color=wanted.color)


def _csv(published: Published, wanted: Wanted) -> str:
    return text.csv(published, wanted.view or "overlap", wanted.layout, wanted.cell or "id")


def _json(published: Published, wanted: Wanted) -> str:
    return text.json(published, wanted.provenance)


def _markdown(published: Published, wanted: Wanted) -> str:
    if wanted.view:
        return text.markdown_view(published, wanted.view, wanted.layout, wanted.cell or "id")
    return text.markdown_page(published, wanted.cell or "ask")


def _xlsx(published: Published, wanted: Wanted) -> bytes:
    from harmonize.render.workbook import workbook

    return workbook(published, wanted.layout, wanted.cell, wanted.view, wanted.margins)


def _practice_table(published: Published, wanted: Wanted) -> str:
    return console.sheet(practice_sheet(published), wanted.width, color=wanted.color)


def _practice_markdown(published: Published, wanted: Wanted) -> str:  # noqa: ARG001
    return practice_pages.markdown(practice_sheet(published))


def _practice_html(published: Published, wanted: Wanted) -> str:  # noqa: ARG001
    return practice_pages.html(practice_sheet(published))


def _html(published: Published, wanted: Wanted) -> str:
    from harmonize.render.html import html

    return html(published, wanted.cell or "ask", wanted.provenance)


def _sssom(published: Published, wanted: Wanted) -> str:
    from harmonize.render.sssom import tsv

    version = str((wanted.provenance or {}).get("harmonize", ""))
    return tsv(mapping_set(published, wanted.exchange, version))


RENDERERS: Final[Mapping[str, Render]] = {
    "table": _table,
    "csv": _csv,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "xlsx": _xlsx,
    "sssom": _sssom,
}
PRACTICE: Final[Mapping[str, Render]] = {
    "table": _practice_table,
    "markdown": _practice_markdown,
    "html": _practice_html,
}
READERS: Final[Mapping[str, Mapping[str, Render]]] = {
    "committee": RENDERERS,
    "practice": PRACTICE,
}
SUFFIXES: Final[Mapping[str, str]] = {
    ".txt": "table",
    ".csv": "csv",
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".xlsx": "xlsx",
    ".tsv": "sssom",
}
Telling = Callable[[Told], str]
# What a check found: `-f` of `check` and `validate`, its help and the suffixes of `-o` follow.
FINDINGS: Final[Mapping[str, Telling]] = {
    "text": found.text,
    "concise": found.concise,
    "lines": found.lines,
    "json": found.json,
    "github": pipelines.github,
    "summary": pipelines.summary,
    "sarif": pipelines.sarif,
    "junit": pipelines.junit,
    "gitlab": pipelines.gitlab,
}
FINDINGS_SUFFIXES: Final[Mapping[str, str]] = {
    ".txt": "concise",
    ".json": "json",
    ".md": "summary",
    ".sarif": "sarif",
    ".xml": "junit",
}
# Formats that no terminal shows: they need a file.
FILES: Final = frozenset(["xlsx"])


def explanation(told: Explained, *, as_json: bool, width: int | None, color: bool) -> str:
    """Why two items were or were not matched."""
    return text.explained(told) if as_json else console.explained(told, width, color=color)


def register(told: Register, *, width: int | None, color: bool) -> str:
    """Where all decisions stand."""
    return console.register(told, width, color=color)


def findings(problems: tuple[Problem, ...], form: str) -> str:
    """Problems in a format of `FINDINGS`."""
    return FINDINGS[form](Told(apply(map(of_problem, problems))))


def catalogue(cards: tuple[Card, ...], form: str, *, width: int | None, color: bool) -> str:
    """Cards of the catalogue: one whole, several a line each; or as JSON or CSV."""
    if form == "table":
        return console.catalogue(cards, width, color=color)
    return text.catalogue_json(cards) if form == "json" else text.catalogue_csv(cards)
