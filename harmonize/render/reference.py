"""The formats of files as pages for people, made from the declarations that the reader reads."""

from collections.abc import Callable, Mapping
from typing import Final

from harmonize.areas import Convening, Criterion, Feedback, Participant, Payment, Stream
from harmonize.comments import Comment
from harmonize.decisions import Decision, Disputed, Votes, Withdrawn
from harmonize.fields import Info, Kind, declared
from harmonize.measures import Benchmark, Incentive, Measure, Performance, Target
from harmonize.problems import CODES
from harmonize.sets import AREAS, MeasureSet, Period, Scope, Source

_KINDS = {
    Kind.LINE: "text",
    Kind.TEXT: "text",
    Kind.LINES: "text or list of texts",
    Kind.CHOICE: "one of",
    Kind.CHOICES: "one or several of",
    Kind.FLAG: "`true` or `false`",
    Kind.AGES: "`18-85`, `18+`, `<18`, or `{min, max, unit, as_of}`",
    Kind.THRESHOLD: '`"< 140/90 mm Hg"`, or a list of `{for, value}`',
    Kind.DURATION: "`30 days`, `24 months`",
    Kind.COUNT: "whole number",
    Kind.SHARE: "`10%` or `3x`",
    Kind.RATE: "`65%`",
    Kind.YEAR: "`2025`",
    Kind.DATE: "`2025-01-31`",
    Kind.IDS: "`{system: id}` or `{system: [ids]}`",
    Kind.FIELDS: "list of field names, `ids.cbe` for one system",
    Kind.VISIBILITY: "`{field or area: public, participants or withheld}`",
    Kind.SLUG: "letters, digits, `.`, `-`, `_`",
    Kind.REFS: "`[payer/id, payer/id]`",
    Kind.JUDGED: "`{payer/id: {field: text}}`, written by harmonize",
    Kind.RECORD: "map",
    Kind.RECORDS: "list",
}
_RECORDS = (
    ("A spec", MeasureSet),
    ("A measure", Measure),
    ("`effective`", Period),
    ("`scope`", Scope),
    ("`sources`", Source),
    ("`target`", Target),
    ("`benchmark`", Benchmark),
    ("`performance`", Performance),
    ("`incentive`", Incentive),
    ("`convening`", Convening),
    ("`convening.roles`", Participant),
    ("`participation`", Criterion),
    ("`payment`", Payment),
    ("`payment.streams`", Stream),
    ("`feedback`", Feedback),
)
_DECIDED = (
    ("A decision", Decision),
    ("`difference`", Disputed),
    ("`votes`", Votes),
    ("`effective`", Period),
    ("`withdrawn`", Withdrawn),
    ("Columns of a CSV or workbook for `--comments`", Comment),
)
_DECISIONS = """\
# The decisions file, format 1

Made by `harmonize schema decisions --format markdown`. The file begins with `harmonize: 1`; below
stands the list `decisions`. Each decision is about one of `match`, `difference` and `measure`:

```yaml
harmonize: 1
decisions:
  - match: [lake/1, ridge/7]
    judgement: accept
    by: Ana Ruiz
    on: 2025-02-11
  - difference: {measures: [lake/1, ridge/7], attribute: ages}
    judgement: to-resolve
    owner: Ridge
    due: 2025-09-01
    by: Measures work group
    on: 2025-03-04
  - measure: cbp
    disposition: adopt
    votes: {for: [lake], against: [ridge]}
    dissent: Ridge wants another cut
    by: Steering committee
    on: 2025-04-15
```

A concept's id, here `cbp`, stands in the column `concept` of `harmonize compare --view overlap
--format csv`; it is not the acronym that the page shows. `harmonize review --pin` writes
`fingerprint` and `judged`. Words of practices stand in a table of their own, see the end."""


def decisions_page() -> str:
    """Every key of a decision with its meaning, as Markdown."""
    lines = [_DECISIONS]
    for title, cls in _DECIDED:
        lines += ["", f"## {title}", "", "| key | value | meaning |", "|---|---|---|"]
        lines += [f"{_row(name, info).rsplit('|', 2)[0]}|" for name, info in declared(cls).items()]
    return "\n".join(lines) + "\n"


def spec_page() -> str:
    """Every key of the format with its meaning, and every code of a problem, as Markdown."""
    lines = [
        "# The measure spec, format 1",
        "",
        "Made by `harmonize schema spec --format markdown`; the reader, the JSON Schema and this",
        "page are made from the same declarations. A key that is absent is *not stated*; `none` is",
        f"a statement. A spec has at least one of {', '.join(f'`{a}`' for a in AREAS)}.",
    ]
    for title, cls in _RECORDS:
        lines += [
            "",
            f"## {title}",
            "",
            "| key | value | meaning | compared as |",
            "|---|---|---|---|",
        ]
        lines += [_row(name, info) for name, info in declared(cls).items()]
    lines += ["", "## Codes of problems", "", "| code | what is wrong |", "|---|---|"]
    lines += [f"| {code} | {told} |" for code, told in CODES.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, info: Info) -> str:
    value = _KINDS[info.kind]
    if info.choices:
        value = f"{value} {', '.join(f'`{c}`' for c in info.choices)}"
    if info.none:
        value = f"{value}, or `none`"
    if info.required:
        value = f"{value} (required)"
    compared = f"{info.dimension}, {info.severity}" if info.dimension else ""
    return f"| `{name}` | {value} | {info.help} | {compared} |"


# A page for each kind of file that has a schema.
PAGES: Final[Mapping[str, Callable[[], str]]] = {"spec": spec_page, "decisions": decisions_page}
