"""The sheet for a practice, drawn for a terminal, as Markdown and as one page to print."""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

from harmonize.practice import Sheet, Task
from harmonize.render.text import markup, md

SEVERAL: Final = "Do once, for several payers"
ALONE: Final = "For one payer"
ASK: Final = "Ask before the work starts"
DIFFER: Final = "Payers differ in"
WHO: Final = "The payers"


class Rank(IntEnum):
    """What a line of the sheet is."""

    TITLE = 0
    SECTION = 1
    GROUP = 2
    NOTE = 3
    TASK = 4
    FACT = 5
    DIFFERS = 6


def _name(task: Task) -> str:
    known = not task.short or f"({task.short})" in task.name
    return task.name if known else f"{task.name} ({task.short})"


def _group(name: str) -> str:
    return name[:1].upper() + name[1:]


def lines(sheet: Sheet) -> Iterator[tuple[Rank, str]]:
    """The sheet line by line."""
    yield Rank.TITLE, sheet.title
    yield from ((Rank.NOTE, line) for line in sheet.figures)
    for title, groups in ((SEVERAL, sheet.shared), (ALONE, sheet.alone)):
        if groups:
            yield Rank.SECTION, title
        for name, tasks in groups:
            yield Rank.GROUP, _group(name)
            for task in tasks:
                payers = f": {', '.join(task.payers)}" if title == SEVERAL else ""
                yield Rank.TASK, _name(task) + payers
                yield from ((Rank.FACT, f"{asked}: {told}") for asked, told in task.facts)
                for one in task.differs:
                    yield Rank.DIFFERS, f"{DIFFER} {one.what}: {' | '.join(one.wants)}"
    for title, notes in ((ASK, sheet.ask), (WHO, sheet.notes)):
        if notes:
            yield Rank.SECTION, title
            yield from ((Rank.NOTE, line) for line in notes)


def markdown(sheet: Sheet) -> str:
    """The sheet for a page or a message; a box to tick before each measure."""
    out: list[str] = []
    for rank, line in lines(sheet):
        if rank <= Rank.GROUP:
            out += [*([""] if out and out[-1] else []), f"{'#' * (rank + 1)} {md(line)}", ""]
        else:
            out.append({Rank.NOTE: "- ", Rank.TASK: "- [ ] "}.get(rank, "    - ") + md(line))
    return "\n".join(out) + "\n"


# --- a page to print ----------------------------------------------------------------------------

_STYLE: Final = """
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
body { max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem; table-layout: fixed; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; }
tr { border-bottom: 1px solid #999; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th:first-child:not([scope=row]) { width: 1.2rem; }
th:nth-child(2) { width: 34%; } th:nth-child(3) { width: 18%; }
.hidden { position: absolute; clip-path: inset(50%); }
th[scope=row] { font-weight: 600; }
dl { margin: 0; } dt { font-weight: 600; float: left; margin-right: .4rem; } dd { margin: 0; }
.differs { border-left: 3px solid currentColor; padding-left: .5rem; margin: .2rem 0; }
.box { display: inline-block; width: .8rem; height: .8rem; border: 1px solid currentColor; }
@media (max-width: 40rem) {
  thead { display: none; }
  tr, th, td { display: block; width: auto !important; }
}
@media print { body { max-width: none; margin: 0; font-size: 10pt; } }
"""


def html(sheet: Sheet) -> str:
    """One page that holds all it needs and runs nothing."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        (
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        ),
        f"<title>{markup(sheet.title)}</title><style>{_STYLE}</style></head>",
        f"<body><main><h1>{markup(sheet.title)}</h1>",
        *_list(sheet.figures),
    ]
    for title, groups in ((SEVERAL, sheet.shared), (ALONE, sheet.alone)):
        if groups:
            parts.append(f"<h2>{title}</h2>")
        for name, tasks in groups:
            parts += _table(name, tasks)
    for title, notes in ((ASK, sheet.ask), (WHO, sheet.notes)):
        if notes:
            parts += [f"<h2>{title}</h2>", *_list(notes)]
    return "\n".join((*parts, "</main></body></html>")) + "\n"


def _list(notes: Iterable[str]) -> list[str]:
    return ["<ul>", *(f"<li>{markup(line)}</li>" for line in notes), "</ul>"]


def _table(name: str, tasks: tuple[Task, ...]) -> list[str]:
    return [
        f"<table><caption>{markup(_group(name))}</caption>",
        (
            '<thead><tr><th scope="col"><span class="hidden">Done</span></th>'
            '<th scope="col">Measure</th><th scope="col">Payers</th>'
            '<th scope="col">What is asked</th></tr></thead><tbody>'
        ),
        *map(_row, tasks),
        "</tbody></table>",
    ]


def _row(task: Task) -> str:
    facts = "".join(f"<dt>{markup(q)}</dt><dd>{markup(a)}</dd>" for q, a in task.facts)
    differs = "".join(
        f'<p class="differs">{DIFFER} {markup(one.what)}: {markup(" | ".join(one.wants))}</p>'
        for one in task.differs
    )
    return (
        f'<tr><td><span class="box"></span></td><th scope="row">{markup(_name(task))}</th>'
        f"<td>{markup(', '.join(task.payers))}</td>"
        f"<td>{f'<dl>{facts}</dl>' if facts else ''}{differs}</td></tr>"
    )
