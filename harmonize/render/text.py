"""CSV, JSON and Markdown: tables and pages as text that other programs read."""

import csv as csv_writer
import io
import json as json_writer
import re
from html import escape
from typing import Any, Final

from harmonize.agenda import Item
from harmonize.audience import Explained, Published
from harmonize.books import FORMULA
from harmonize.composing import code
from harmonize.document import document
from harmonize.lookup import Card
from harmonize.measures import SYSTEMS
from harmonize.page import Page, page
from harmonize.views import Cell, Table, cell_title, view

# Control, bidirectional and other invisible characters: shown as escapes, never as themselves.
_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_SHORT: Final = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)%?")


def visible(text: str) -> str:
    """A text in which nothing hides."""
    return _INVISIBLE.sub(lambda m: _SHORT.get(m[0]) or code(m[0]), text)


def markup(text: str) -> str:
    """A text for HTML: nothing in it hides, and nothing is a tag."""
    return escape(visible(text))


def guarded(value: Cell) -> str:
    """A cell that no spreadsheet runs: an apostrophe stands before what would be a formula."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    shown = visible(value)
    runs = shown.lstrip().startswith(FORMULA) or shown.startswith(("\\t", "\\r"))
    return f"'{shown}" if runs and not _NUMBER.fullmatch(shown) else shown


def csv(published: Published, name: str, layout: str, kind: str) -> str:
    """One view as CSV: UTF-8, LF, header first."""
    table = view(published, name, layout, kind)
    out = io.StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([guarded(value) for value in row] for row in table.rows)
    return out.getvalue()


def json(published: Published, provenance: dict[str, Any] | None) -> str:
    """The report as one object; with hashes and versions only if they are handed in."""
    made = document(published)
    return _dumped(made if provenance is None else {**made, "provenance": provenance})


def _dumped(value: object) -> str:
    """JSON in which nothing hides."""
    return json_writer.dumps(_seen(value), ensure_ascii=False, indent=1) + "\n"


def _seen(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): _seen(one) for key, one in value.items()}
    return [_seen(one) for one in value] if isinstance(value, list) else value


def explained(found: Explained) -> str:
    """An explanation as one object."""
    told = found.explanation
    return _dumped(
        {
            "a": told.left.ref,
            "b": told.right.ref,
            "title_a": cell_title(told.left),
            "title_b": cell_title(told.right),
            "slots": [
                {"slot": row.name, "a": row.left, "b": row.right, "means": row.means}
                for row in told.rows
            ],
            "evidence": [
                {"name": e.name, "weight": e.weight, "detail": e.detail} for e in told.evidence
            ],
            "vetoes": [
                {"name": v.name, "a": v.left, "b": v.right, "weight": told.veto}
                for v in told.vetoes
            ],
            "confidence": told.confidence,
            "verdict": told.verdict,
            "reason": told.reason,
            "runner_up": [
                {
                    "measure": one.item.ref,
                    "confidence": one.confidence,
                    "of": one.of,
                    "title": cell_title(one.item),
                    "verdict": one.verdict,
                }
                for one in told.rivals
            ],
            "log_odds": told.log_odds,
            "steps": [
                {"name": step.name, "confidence": step.confidence, "detail": step.detail}
                for step in told.steps
            ],
            "knowledge": [
                {
                    "side": side,
                    "where": use.where,
                    "rule": use.rule,
                    "reads": use.read,
                    "as": use.as_,
                    "because": use.because,
                    "source": use.source.text,
                    "own": use.source.place,
                }
                for side, use in told.uses
            ],
            "crosswalk": {
                "concept_a": told.concepts[0].id,
                "concept_b": told.concepts[1].id,
                "relation": told.relation,
                "said": list(told.fate),
            },
        }
    )


# --- the catalogue --------------------------------------------------------------------------------


def catalogue_json(found: tuple[Card, ...]) -> str:
    """Cards as one object, schema `harmonize.catalog/1`."""
    return _dumped({"schema": "harmonize.catalog/1", "measures": [_of_card(one) for one in found]})


def _of_card(one: Card) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "acronym": one.acronym,
        "ids": {system: list(values) for system, values in one.ids.items()},
        "steward": one.steward,
        "domain": one.domain,
        "measure_type": one.measure_type,
        "part_of": one.whole,
        "also": list(one.also),
        "parts": [{"key": key, "name": name} for key, name in one.parts],
        "facts": [
            {
                "edition": fact.edition,
                "from": fact.first,
                "until": fact.last,
                **dict(fact.values),
                "rates": list(fact.rates),
                "cited": fact.source,
            }
            for fact in one.facts
        ],
        "history": list(one.history),
        "alike": [{"key": key, "name": name} for key, name in one.alike],
        "cited": one.source,
    }


def catalogue_csv(found: tuple[Card, ...]) -> str:
    """A row a measure."""
    out = io.StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    columns = ("key", "name", "acronym", *SYSTEMS, "steward", "domain", "measure_type", "part_of",
               "parts", "facts", "history", "alike", "cited")  # fmt: skip
    writer.writerow(columns)
    for one in found:
        row = (
            one.key,
            one.name,
            one.acronym,
            *("; ".join(one.ids.get(system, ())) for system in SYSTEMS),
            one.steward,
            one.domain,
            one.measure_type,
            one.whole,
            "; ".join(name for _, name in one.parts),
            " | ".join(f"{f.edition} {f.years}: {f.told}" for f in one.facts),
            " | ".join(one.history),
            "; ".join(name for _, name in one.alike),
            one.source,
        )
        writer.writerow([guarded(text) for text in row])
    return out.getvalue()


# --- markdown -----------------------------------------------------------------------------------


# What pages make links, people or formulas of by themselves.
_LINKED: Final = {"://": "&#58;//", "www.": "www&#46;", "@": "&#64;", "$": "&#36;"}


def md(text: str) -> str:
    """Spec text in Markdown: never markup, never a new cell."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = re.sub(r"([\\`*_\[\]|~#!])", r"\\\1", shown)
    for mark, entity in _LINKED.items():
        shown = shown.replace(mark, entity)
    return shown


def _md_table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    head = f"| {' | '.join(map(md, columns))} |"
    lines = [f"| {' | '.join(map(md, row))} |" for row in rows]
    return [head, f"|{'---|' * len(columns)}", *lines]


def markdown_view(published: Published, name: str, layout: str, kind: str) -> str:
    """One view as a Markdown table."""
    table: Table = view(published, name, layout, kind)
    rows = [tuple("" if c is None else str(c) for c in row) for row in table.rows]
    return "\n".join(_md_table(table.columns, rows)) + "\n"


def markdown_page(published: Published, kind: str) -> str:
    """The page for minutes and pull requests."""
    found = page(published, kind)
    out = [f"# {md(found.title)}", ""]
    out += [f"- {md(line)}" for line in found.figures]
    out += _md_rows(found)
    out += ["", *(f"- {md(note)}" for note in _notes(found))]
    for title, items in found.sections:
        if items:
            out += ["", f"## {md(title)}", ""]
            out += [line for item in items for line in _md_item(item)]
    if found.endings:
        out += ["", *(f"- {md(line)}" for line in found.endings)]
    return "\n".join(out) + "\n"


def _notes(found: Page) -> list[str]:
    return [*found.notes, *(f"{h.text}: {h.name} ({h.group})" for h in found.heads)]


def _md_rows(found: Page) -> list[str]:
    heads = tuple(f"{h.text}{'~' if h.partial else ''}" for h in found.heads)
    out: list[str] = []
    for domain, lines in found.blocks:
        rows = [
            (line.acronym, line.label, *line.cells, line.used, line.mark)
            + ((line.decided,) if found.decides else ())
            for line in lines
        ]
        last = ("Decided",) if found.decides else ()
        columns = ("", found.subject, *heads, "Used by", "Difference", *last)
        out += ["", f"## {md(domain)}", "", *_md_table(columns, rows)]
    return out


def _md_item(item: Item) -> list[str]:
    mark = f"**{md(item.mark)}** " if item.mark else ""
    return [f"- {mark}{md(item.heading)}", *(f"    - {md(line.strip())}" for line in item.lines)]
