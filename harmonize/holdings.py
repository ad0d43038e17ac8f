"""A portfolio as flat tables for scripts; their columns are promised, as those of views are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from harmonize.audience import Surveyed
from harmonize.columns import PORTFOLIO
from harmonize.figures import Figure
from harmonize.parts import STANDARD
from harmonize.portfolio import SAMPLES, Portfolio, uses
from harmonize.sharing import definition
from harmonize.values import Count
from harmonize.views import Table


def _told(one: Figure) -> tuple[str, int | float, int | None, str]:
    return one.figure, one.value, one.of, one.unit


def figures(found: Portfolio) -> Iterable[tuple[Any, ...]]:
    """Every figure with its definition."""
    for sample in found.samples:
        for one in sample.figures:
            about = definition(one.figure)
            yield (sample.name, *_told(one), about.counts, about.of)


def groups(found: Portfolio) -> Iterable[tuple[Any, ...]]:
    """Every figure of every group."""
    for sample in found.samples:
        for group in sample.groups:
            for one in group.figures:
                yield (sample.name, group.axis, group.name, *_told(one))


def matrix(found: Portfolio) -> Iterable[tuple[Any, ...]]:
    """Every cell of every matrix."""
    for sample in found.samples:
        for cell in sample.cells:
            yield (sample.name, cell.matrix, cell.row, cell.column, *_told(cell.figure))


def measures(found: Portfolio) -> Iterable[tuple[Any, ...]]:
    """Every distinct measure, those that most lists ask for first."""
    lists = {one.key: one for one in found.whole.lists}
    last = {one.key for one in found.whole.lists if one.latest}
    for one in found.whole.held:
        yield (
            one.concept, one.label, one.domain, one.kind, one.origin,
            len(one.asks), len(lists), len(one.asks & last), len(last),
            len({lists[key].payer for key in one.asks}),
            tuple(sorted(one.modified)), tuple(sorted(one.asks)),
        )  # fmt: skip


def sets(found: Portfolio) -> Iterable[tuple[Any, ...]]:
    """Every list, those that are not counted too."""
    payer = {one.key: one.payer for one in found.whole.lists}
    for one in found.editions:
        own = [h for h in found.whole.held if one.key in h.asks]
        shared = sum(any(payer[key] != one.payer for key in h.asks) for h in own)
        lines = [line for line in found.whole.lines if line.key == one.key]
        said = one.list
        standard = sum(h.origin == STANDARD for h in own)
        numbers = (len(own), shared, standard, sum(line.modified for line in lines))
        yield (
            one.key, one.payer, said.name, one.year, _flag(one.latest) if one.counted else None,
            said.stands_as, said.complete, said.payer_type, said.line_of_business,
            said.contract_type, tuple(uses(one)),
            said.region, said.members.number if isinstance(said.members, Count) else None,
            sum(m.rate_of is None for m in said.measures or ()),
            *(numbers if one.counted else (None,) * 4), said.place.file,
        )  # fmt: skip


def _flag(value: object) -> str:
    return "true" if value else "false"


VIEWS: Final[Mapping[str, Callable[[Portfolio], Iterable[tuple[Any, ...]]]]] = {
    "figures": figures,
    "matrix": matrix,
    "measures": measures,
    "sets": sets,
    "groups": groups,
}


def view(surveyed: Surveyed, name: str) -> Table:
    """One view as a table of texts and numbers."""
    rows = (tuple(map(_joined, row)) for row in VIEWS[name](surveyed.portfolio))
    return Table(tuple(PORTFOLIO[name]), tuple(rows))


def _joined(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, tuple) else value


def document(surveyed: Surveyed) -> dict[str, Any]:
    """Every view in one object, schema `harmonize.portfolio/1`."""
    found = surveyed.portfolio
    made = {
        name: [
            {
                column: list(value) if isinstance(value, tuple) else value
                for column, value in zip(PORTFOLIO[name], row, strict=True)
            }
            for row in rows(found)
        ]
        for name, rows in VIEWS.items()
    }
    head = {
        "schema": "harmonize.portfolio/1",
        "audience": surveyed.audience,
        "samples": {**SAMPLES},
    }
    return {**head, **made}
