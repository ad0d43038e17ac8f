"""A page as the tests read it: its tables by id as cells of text, its tags, and its figures."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from harmonize.audience import Published
from harmonize.document import document


@dataclass
class Cell:
    """A cell: its text, and whether a payer holds what it stands for."""

    text: str = ""
    held: bool = False


@dataclass
class Reader(HTMLParser):
    """Reads a page; a cell ends where the next one or its row does, as HTML allows."""

    tables: dict[str, list[list[Cell]]] = field(default_factory=dict)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self._rows: list[list[Cell]] | None = None
        self._cell: Cell | None = None
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self._within = tag
        if tag == "table":
            self._rows = self.tables.setdefault(given.get("id") or "", [])
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
            self._cell = None
        elif tag in ("td", "th") and self._rows is not None:
            self._cell = Cell(held="y" in (given.get("class") or "").split())
            self._rows[-1].append(self._cell)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._rows = self._cell = None
        elif tag in ("td", "th", "tr", "caption"):
            self._cell = None
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in ("style", "script"):
            self.raw[self._within] = self.raw.get(self._within, "") + data
            return
        self.texts.append(data)
        if self._cell is not None:
            self._cell.text += data

    def cells(self, table: str) -> list[list[str]]:
        """The cells of a table, spaces as they are seen."""
        return [[" ".join(c.text.split()) for c in row] for row in self.tables.get(table, [])]

    @property
    def text(self) -> str:
        """All that is shown, spaces as they are seen."""
        return " ".join(" ".join(self.texts).split())


def read(page: str) -> Reader:
    """A page, read."""
    found = Reader()
    found.feed(page)
    found.close()
    return found


def figures(page: Reader, found: Published) -> Iterator[tuple[str, str, str]]:
    """Every figure of a page: name, value and base."""
    for name, *told in page.cells("figures")[1:]:
        if not name.endswith("A|B"):
            yield name, told[0], told[1]
    payers = sorted(p.payer for p in found.report.counted)
    heads = {p.head: p.payer for p in found.report.counted}
    assert len(heads) == len(payers)
    for kind in ("jaccard", "containment"):
        head, *rows = page.cells(kind) or [[]]
        for left, *cells in rows:
            for right, cell in zip(head[1:], cells, strict=True):
                a, b = heads[left], heads[right]
                if a != b and (kind == "containment" or a < b):
                    value, base = cell.split("/")
                    yield f"{kind}:{a}|{b}", value, base


def promised(found: Published) -> set[tuple[str, str, str]]:
    """The same of the JSON."""
    return {
        (f["figure"], f"{f['value']:g}", "" if f["of"] is None else str(f["of"]))
        for f in document(found)["summary"]
    }


def overlap(page: Reader, found: Published) -> list[dict[str, Any]]:
    """The rows of all measures: what the JSON says of a concept, as far as a row shows it."""
    head, *rows = page.tables["matrix"]
    heads = {}
    for one in found.report.payers:
        partial = "~" if one.complete == "false" else ""
        heads[f"{one.head}{partial}{'' if one.counted else f' {one.role}'}"] = one.payer
    payers = [heads[" ".join(c.text.split())] for c in head[4:]]
    made = []
    for row in rows:
        used, could = row[1].text.split("/")
        cells = list(zip(payers, row[4:], strict=True))
        made.append(
            {
                "label": " ".join(row[0].text.split()),
                "used_by": int(used),
                "could_use": int(could),
                "domain": row[3].text.strip(),
                "payers": {payer for payer, cell in cells if cell.held},
                "out_of_scope": [p for p, c in sorted(cells, key=lambda x: x[0])
                                 if c.text.strip() == "x"],
            }
        )  # fmt: skip
    return made


def concepts(found: Published) -> list[dict[str, Any]]:
    """The same of the JSON, in the order of reading."""
    told = {c["id"]: c for c in document(found)["concepts"]}
    made = []
    for row in found.report.rows:
        one = told[row.concept.id]
        made.append(
            {
                "label": f"{one['label']} {row.concept.acronym or ''}".strip(),
                **{key: one[key] for key in ("used_by", "could_use", "domain", "out_of_scope")},
                "payers": {m["payer"] for m in one["members"]},
            }
        )
    return made
