"""What became of measures, drawn: a page with the counts first, JSON, CSV and Markdown."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from harmonize.audience import Drifted
from harmonize.drift import LISTS, Became, Change, Drift
from harmonize.fields import spoken
from harmonize.measures import Measure
from harmonize.render.console import _draw, _grid, _text
from harmonize.render.text import _dumped, guarded, md

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


def _ids(one: Became, several: bool) -> str:
    """What its payer calls it, before and after; with the payer where there are several.

    An id that was minted from the title says no more than the title.
    """
    old, new = (_id(item, several) if item else "" for item in (one.old, one.new))
    return f"{old} -> {new}" if old and new and old != new else old or new


def _id(item: Measure, several: bool) -> str:
    if item.minted:
        return item.payer if several else ""
    return item.ref if several else item.id


def _lines(name: str, one: Became) -> Iterator[tuple[str, str]]:
    """What has to be told of it below its title, the gravest first: severity and words."""
    if name == "replaced" and one.old:
        yield "", f"was  {one.old.title}"
    for change in sorted(one.changes, key=lambda c: _RANKS.index(c.severity)):
        if name == "retitled":
            yield "", f"was  {change.old}"
        elif name == "respecified":
            yield change.severity, _said(change)
        elif change.attribute != "id":
            yield "", _said(change)


def _versions(drift: Drift) -> str:
    told = [
        f"{c.old} -> {c.new}" if c.attribute.startswith("ids.") else _said(c)
        for one in drift.versioned
        for c in one.changes
    ]
    return "; ".join(dict.fromkeys(told))


def as_table(found: Drifted, width: int | None, *, color: bool) -> str:
    """Counts first, then what came and went, then what changed; versions in one paragraph."""
    drift = found.drift
    several = len(drift.lists) > 1
    parts: list[Any] = [_text(counts(drift), "bold"), *map(_inset, _heads(drift))]
    for name, title in SAID.items():
        own = getattr(drift, name)
        if own:
            parts += ["", _text(f"{title} ({len(own)})", "bold")]
            parts.append(
                _inset(_versions(drift)) if name == "versioned" else _block(name, own, several)
            )
    if drift.holders:
        parts += ["", _text(f"{_ASKED} ({len(drift.holders)})", "bold")]
        parts += map(_inset, _holders(drift))
    return _draw(parts, width, color=color)


def _inset(line: str) -> Any:
    from rich.padding import Padding

    return Padding(_text(line), (0, 0, 0, 2))


def _block(name: str, own: Iterable[Became], several: bool) -> Any:
    """A line each: the ids to the left, the title and what changed to the right."""
    from rich.console import Group
    from rich.padding import Padding

    grid = _grid()
    grid.show_header = False
    for one in own:
        lines = []
        for severity, told in _lines(name, one):
            line = _text(f"{severity:<7}" if severity else "", _STYLES.get(severity, ""))
            lines.append(Padding(line.append_text(_text(told)), (0, 0, 0, 2)))
        grid.add_row(_text(_ids(one, several)), Group(_text(one.title), *lines))
    return Padding(grid, (0, 0, 0, 2))


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
            out.append(f"- {md(' '.join(filter(None, (_ids(one, several), one.title))))}")
            for severity, line in _lines(name, one):
                mark = f"**{severity}** " if severity else ""
                out.append(f"    - {mark}{md(line)}")
    if drift.holders:
        out += ["", f"## {_ASKED} ({len(drift.holders)})", ""]
        out += [f"- {md(line)}" for line in _holders(drift)]
    return "\n".join(out) + "\n"
