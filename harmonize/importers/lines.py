"""What one row of a table says of its measure and of its list; what no field can hold is noted."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from harmonize.grids import Cell
from harmonize.headings import is_of_list
from harmonize.importers.asking import Wanted
from harmonize.importers.cells import identified, is_silent, said, same_id, spoilt
from harmonize.importers.columns import Column, Head, letter
from harmonize.importers.rows import Line
from harmonize.problems import Problem
from harmonize.trees import Items, Node, Scalar
from harmonize.wording import printed_ids

_NAMES: Final = {"cbe": "NQF", "cms": "CMS", "hedis": "HEDIS", "mips": "MIPS"}
_OTHER: Final = {"status": "use", "use": "status"}  # one column often holds both


@dataclass(slots=True)
class Tally:
    """What is counted, and what was seen on the way; `odd` are words by heading and field."""

    rows: int = 0
    ticks: int = 0
    unticked: list[str] = field(default_factory=list)
    in_titles: Counter[str] = field(default_factory=Counter)
    odd: dict[tuple[str, str], list[Cell]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """A row as far as it has been read."""

    wanted: Wanted
    tally: Tally
    values: dict[str, Node] = field(default_factory=dict)
    about: dict[str, Node] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ends: dict[str, Cell] = field(default_factory=dict)
    assigned: bool = False

    def hear(self, column: Column, cell: Cell) -> None:
        """Takes what stands under one heading."""
        if column.field in ("tick", "payer", "drop") or is_silent(cell, column.field):
            return
        if problem := spoilt(cell, column.field):
            self.tally.problems.append(problem)
        elif column.field in ("ages.min", "ages.max"):
            self.ends[column.field] = cell
        elif column.field == "ids.assigned":
            self.assigned = cell.text.strip().lower() == "assigned"
        elif column.field in ("", "notes"):
            self.note(column, cell)
        else:
            self.value(column, cell)

    def note(self, column: Column, cell: Cell) -> None:
        """Keeps words as they are, behind their heading where that is not Notes itself."""
        if column.field == "notes" and column.how != "asked":
            self.notes.append(cell.text.strip())
        elif column.field or not self.wanted.drop_unmapped:
            self.notes.append(_noted(column, cell))

    def value(self, column: Column, cell: Cell) -> None:
        """Takes the value of a field, or notes the words that are none."""
        key = column.field
        if key.startswith("ids."):
            self.identifiers(column, cell)
            return
        node = said(key, cell, self.wanted.headings)
        if node is None and key in _OTHER and _OTHER[key] not in self.values:
            key = _OTHER[key]
            node = said(key, cell, self.wanted.headings)
        if node is None:
            self.odd(column, cell)
        elif key == "inverse":
            self.values.setdefault("improvement_notation", node)
        elif is_of_list(key):
            self.about[key] = node
        else:
            self.add(key, node)

    def identifiers(self, column: Column, cell: Cell) -> None:
        """Takes identifiers, each under its own system."""
        found = identified(column.field, cell)
        for key, node in found.items():
            self.add(key, node)
        if not found:
            self.odd(column, cell)

    def add(self, key: str, node: Node) -> None:
        """Adds texts to those that a field has."""
        self.values[key] = listed((*scalars(self.values.get(key)), *scalars(node)))

    def odd(self, column: Column, cell: Cell) -> None:
        """Keeps words that the field cannot hold in the notes, and tells of them."""
        self.tally.odd.setdefault((column.heading, column.field), []).append(cell)
        self.notes.append(_noted(column, cell))

    def finish(self, line: Line) -> None:
        """Adds what stands in several cells, above the row, or in its title."""
        if self.ends and "ages" not in self.values:
            self.values["ages"] = _between(self.ends)
        place = line.cells[0].place
        if line.section and not line.is_domain:
            self.notes.append(f"Section: {line.section}")
        elif line.section and "domain" not in self.values:
            self.values["domain"] = Scalar(line.section, place, remark="the section's heading")
        printed = self.from_title()
        own = [k for k in self.values if k.startswith("ids.") and k not in printed]
        if self.assigned and own:
            at = self.values["title"].place
            self.values["assigned"] = Items(tuple(Scalar(k, at) for k in sorted(own)), at)
        if self.notes:
            self.values["notes"] = Scalar("\n".join(self.notes), place)

    def from_title(self) -> set[str]:
        """Adds the identifiers that the title prints; returns their fields."""
        title = self.values["title"]
        printed = printed_ids(text_of(title))
        for system, one in printed:
            key = f"ids.{system}"
            known = scalars(self.values.get(key))
            if not any(same_id(system, one, other.text) for other in known):
                own = Scalar(one, title.place, remark=f"{one} from the title")
                self.values[key] = listed((*known, own))
        self.tally.in_titles.update(_NAMES.get(system, system) for system, _ in printed)
        return {f"ids.{system}" for system, _ in printed}


def read_line(
    line: Line, head: Head, wanted: Wanted, tally: Tally
) -> tuple[dict[str, Node], dict[str, Node]]:
    """What a row says of its measure and of its list, by field."""
    row = _Row(wanted, tally)
    for column in head.columns:
        row.hear(column, line.under(column.at))
    if "title" in row.values:  # what is not there has been told of
        row.finish(line)
    return row.values, row.about


def _noted(column: Column, cell: Cell) -> str:
    text = " ".join(cell.text.split())
    return f"{column.heading or letter(column.at)}: {text}"


def _between(ends: Mapping[str, Cell]) -> Scalar:
    """Ages from a column for each end."""
    low, high = (
        re.sub(r"\.0+$", "", ends[k].text.strip()) if k in ends else ""
        for k in ("ages.min", "ages.max")
    )
    cell = ends.get("ages.min") or ends["ages.max"]
    whole = f"{low}-{high}" if low and high else f"{low}+" if low else f"0-{high}"
    return Scalar(whole, cell.place, remark="" if low and high else "from one end only")


def listed(both: Iterable[Scalar]) -> Node:
    """One text as it is, several as a list, each once."""
    once = list({one.text: one for one in both}.values())
    return once[0] if len(once) == 1 else Items(tuple(once), once[0].place)


def scalars(node: Node | None) -> tuple[Scalar, ...]:
    """The texts of a value."""
    if isinstance(node, Scalar):
        return (node,)
    return tuple(n for n in node.items if isinstance(n, Scalar)) if isinstance(node, Items) else ()


def text_of(node: Node) -> str:
    """A value as one text."""
    return "; ".join(one.text for one in scalars(node))
