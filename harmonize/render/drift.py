"""What became of measures, drawn: a page with the counts first, JSON, CSV and Markdown."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from harmonize.audience import Drifted
from harmonize.drift import LISTS, Became, Change, Drift
from harmonize.fields import spoken
from harmonize.render.console import _draw, _text
from harmonize.render.text import _dumped, guarded, md

SUFFIXES: Final = {".txt": "table", ".csv": "csv", ".json": "json", ".md": "markdown"}
COLUMNS: Final = ("list", "old", "new", "title", "attribute", "was", "now", "severity")
SAID: Final = {
    "dropped": "DROPPED",
    "added": "ADDED",
    "replaced": "REPLACED: dropped, and another in its place",
    "renamed": "RENAMED: the same measure under another id",
    "retitled": "RETITLED: the same measure under another title",
    "respecified": "RESPECIFIED: the same measure, asked for otherwise",
    "versioned": "ANOTHER VERSION: numbers that change with the year",
}
_STYLES: Final = {"major": "bold red", "minor": "bold yellow", "info": "dim"}
_RANKS: Final = ("major", "minor", "info")
_LONG: Final = 80  # characters from which a value is told by the words that differ
_ASKED: Final = "WHO ASKS: measures that more or fewer payers ask for"
_NOTHING: Final = "not stated"


def as_json(found: Drifted) -> str:
    """Everything as one object, `harmonize.diff/1`."""
    drift = found.drift
    lists = {name: [_entry(one) for one in getattr(drift, name)] for name in LISTS}
    payers = [
        {
            "old": one.old.payer if one.old else None,
            "new": one.new.payer if one.new else None,
            "changes": [_change(c) for c in one.changes],
        }
        for one in drift.lists
    ]
    holders = [{"label": h.label, "old": [*h.old], "new": [*h.new]} for h in drift.holders]
    tail = {"payers": payers, "holders": holders, "audience": found.audience}
    return _dumped({"schema": "harmonize.diff/1", **lists, **tail})


def _entry(one: Became) -> dict[str, Any]:
    return {
        "old": one.old.ref if one.old else None,
        "new": one.new.ref if one.new else None,
        "changes": [_change(c) for c in one.changes],
        "title": one.title,
    }


def _change(one: Change) -> dict[str, str | None]:
    return {
        "attribute": one.attribute,
        "old": one.old,
        "new": one.new,
        "severity": one.severity,
    }


def as_csv(found: Drifted) -> str:
    """A row a change, or a measure that has none: UTF-8, LF, header first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in LISTS:
        for one in getattr(found.drift, name):
            head = (name, one.old and one.old.ref, one.new and one.new.ref, one.title)
            told = () if name == "kept" else one.changes
            rows = [(c.attribute, c.old, c.new, c.severity) for c in told]
            for row in rows or [("", "", "", "")]:
                writer.writerow([guarded(cell) for cell in (*head, *row)])
    return out.getvalue()


# --- the page -----------------------------------------------------------------------------------


def counts(drift: Drift) -> str:
    """How many, in one line: what came of the list first, then of what was kept."""
    told = ", ".join(f"{len(getattr(drift, name))} {name}" for name in LISTS[:3])
    more = [
        f"{len(own)} {'with a new version' if name == 'versioned' else name}"
        for name in LISTS[3:]
        if (own := getattr(drift, name))
    ]
    return f"{told}{'; ' + ', '.join(more) if more else ''}"


def _heads(drift: Drift) -> Iterator[str]:
    """What a list says of itself, and payers that came or went."""
    for one in drift.lists:
        if one.old is None or one.new is None:
            payer = one.old or one.new
            yield f"{payer.payer if payer else ''}: {'a new payer' if one.new else 'gone'}"
        elif one.changes:
            lead = f"{one.new.payer}: " if len(drift.lists) > 1 else ""
            yield f"{lead}{'; '.join(map(_said, one.changes))}"


def _said(change: Change) -> str:
    """One change in words: `ages: 50-74 -> 40-74`."""
    name = _spoken(change.attribute)
    if change.note and max(len(change.old or ""), len(change.new or "")) > _LONG:
        return f"{name}: {change.note}"
    note = f" ({change.note})" if change.note and not change.note.startswith("[-") else ""
    if "{+" in change.note or "[-" in change.note:
        note = ""
    return f"{name}: {change.old or _NOTHING} -> {change.new or _NOTHING}{note}"


def _spoken(attribute: str) -> str:
    *path, name = attribute.split("/")
    return f"rate {path[-1]}, {spoken(name)}" if path else spoken(name)


def _what(name: str, one: Became, several: bool) -> str:
    """The measure in a line: what it is called by its payer, and its title."""
    old, new = ((item.ref if several else item.id) if item else "" for item in (one.old, one.new))
    if name == "replaced" and one.old and one.new:
        return f"{old}  {one.old.title}  ->  {new}  {one.new.title}"
    ids = f"{old} -> {new}" if old and new and old != new else old or new
    return f"{ids}  {one.title}"


def _lines(name: str, one: Became) -> Iterable[Change]:
    """The changes that a person has to be told one by one, the gravest first."""
    if name == "replaced":
        return ()
    return sorted(one.changes, key=lambda c: _RANKS.index(c.severity))


def _versions(drift: Drift) -> str:
    told = [
        f"{c.old} -> {c.new}" if c.attribute.startswith("ids.") else _said(c)
        for one in drift.versioned
        for c in one.changes
    ]
    return "; ".join(dict.fromkeys(told))


def as_table(found: Drifted, width: int | None, *, color: bool) -> str:
    """Counts first, then what came and went, then what changed; versions in one paragraph."""
    from rich.padding import Padding

    drift, parts = found.drift, list[Any]()
    several = len(drift.lists) > 1
    parts.append(_text(counts(drift), "bold"))
    parts += [Padding(_text(line), (0, 0, 0, 2)) for line in _heads(drift)]
    for name, title in SAID.items():
        own = getattr(drift, name)
        if not own:
            continue
        if name == "versioned":
            parts += ["", _text(f"{title} ({len(own)})", "bold")]
            parts.append(Padding(_text(_versions(drift)), (0, 0, 0, 2)))
            continue
        parts += ["", _text(f"{title} ({len(own)})", "bold")]
        for one in own:
            parts.append(Padding(_text(_what(name, one, several)), (0, 0, 0, 2)))
            for change in _lines(name, one):
                style = _STYLES[change.severity] if name == "respecified" else ""
                lead = f"{change.severity}  " if name == "respecified" else ""
                line = _text(lead, style)
                line.append_text(_text(_said(change)))
                parts.append(Padding(line, (0, 0, 0, 6)))
    if drift.holders:
        parts += ["", _text(f"{_ASKED} ({len(drift.holders)})", "bold")]
        parts += [Padding(_text(line), (0, 0, 0, 2)) for line in _holders(drift)]
    return _draw(parts, width, color=color)


def _holders(drift: Drift) -> Iterator[str]:
    for one in drift.holders:
        gone = sorted({*one.old} - {*one.new})
        come = sorted({*one.new} - {*one.old})
        moves = [*(f"+{payer}" for payer in come), *(f"-{payer}" for payer in gone)]
        yield f"{one.label}: {len(one.old)} -> {len(one.new)} ({', '.join(moves)})"


def as_markdown(found: Drifted) -> str:
    """The page for minutes and pull requests."""
    drift = found.drift
    several = len(drift.lists) > 1
    out = [f"**{md(counts(drift))}**", "", *(f"- {md(line)}" for line in _heads(drift))]
    for name, title in SAID.items():
        own = getattr(drift, name)
        if not own:
            continue
        out += ["", f"## {md(title)} ({len(own)})", ""]
        if name == "versioned":
            out.append(md(_versions(drift)))
            continue
        for one in own:
            out.append(f"- {md(_what(name, one, several))}")
            mark = name == "respecified"
            out += [
                f"    - {f'**{c.severity}** ' if mark else ''}{md(_said(c))}"
                for c in _lines(name, one)
            ]
    if drift.holders:
        out += ["", f"## {_ASKED} ({len(drift.holders)})", ""]
        out += [f"- {md(line)}" for line in _holders(drift)]
    return "\n".join(out) + "\n"
