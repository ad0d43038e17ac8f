"""What people have, read into the roots of specs: every kind is one row of `IMPORTERS`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from harmonize.grids import Grid
from harmonize.importers.asking import Wanted
from harmonize.importers.columns import find_head
from harmonize.problems import Place, Problem, SpecError
from harmonize.trees import Imported, Source

if TYPE_CHECKING:
    from harmonize.importers.fhir import FhirWanted
    from harmonize.importers.qpp import QppWanted


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind: how its sources are read, and by what their names end where a folder is given.

    What `read` is handed beside the sources is the kind's own: `Wanted` for spreadsheets,
    `FhirWanted` and `QppWanted` for the others.
    """

    read: Callable[[tuple[Source, ...], Any], Imported]
    suffixes: tuple[str, ...]


def _csv(sources: tuple[Source, ...], wanted: Wanted) -> Imported:
    from harmonize.importers.separated import read_separated

    tables: list[tuple[Grid, tuple[Problem, ...]]] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            tables.append(read_separated(source))
        except SpecError as error:
            problems.extend(error.problems)
    return _with(problems, _tables(tables, wanted) if tables else together(()))


def _xlsx(sources: tuple[Source, ...], wanted: Wanted) -> Imported:
    from harmonize.importers.sheets import is_spec, read_sheets
    from harmonize.importers.workbooks import read_workbook

    specs: list[Imported] = []
    tables: list[tuple[Grid, tuple[Problem, ...]]] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            grids, hidden = read_workbook(source)
            if not wanted.sheet and is_spec(grids):
                specs.append(read_sheets(grids, source.name, wanted.headings))
            else:
                tables.append((_sheet(source.name, grids, hidden, wanted), ()))
        except SpecError as error:
            problems.extend(error.problems)
    return _with(problems, together([*specs, *([_tables(tables, wanted)] if tables else ())]))


def _sheet(file: str, grids: tuple[Grid, ...], hidden: tuple[str, ...], wanted: Wanted) -> Grid:
    """The sheet that was asked for, or the only one that reads as a list."""
    names = {grid.name.removeprefix(file)[1:-1]: grid for grid in grids}
    here = ", ".join(map(repr, names))
    start = Place(file, 1, 1)
    if wanted.sheet:
        if wanted.sheet in names:
            return names[wanted.sheet]
        message = f"no sheet {wanted.sheet!r}; here are {here}"
        raise SpecError((Problem(start, "HZ411", message),))
    lists = [n for n, g in names.items() if n not in hidden and find_head(g, wanted)]
    if len(lists) > 1:
        told = ", ".join(map(repr, lists))
        message = f"{len(lists)} sheets read as lists, {told}: name one with --sheet"
        raise SpecError((Problem(start, "HZ413", message),))
    if lists:
        return names[lists[0]]
    seen = [grid for name, grid in names.items() if name not in hidden and grid.rows]
    return seen[0] if seen else next(iter(names.values()))


def _tables(found: list[tuple[Grid, tuple[Problem, ...]]], wanted: Wanted) -> Imported:
    from harmonize.importers.tables import read_tables

    made = read_tables(tuple(grid for grid, _ in found), wanted)
    noted = tuple(problem for _, problems in found for problem in problems)
    return replace(made, warnings=(*noted, *made.warnings))


def _with(problems: list[Problem], made: Imported) -> Imported:
    return replace(made, problems=(*problems, *made.problems))


def _fhir(sources: tuple[Source, ...], wanted: "FhirWanted") -> Imported:
    from harmonize.importers.fhir import read_fhir

    return read_fhir(sources, wanted)


def _qpp(sources: tuple[Source, ...], wanted: "QppWanted") -> Imported:
    from harmonize.importers.qpp import read_qpp

    return read_qpp(sources, wanted)


def together(parts: Sequence[Imported]) -> Imported:
    """What several sources come to."""
    return Imported(
        specs=tuple(one for part in parts for one in part.specs),
        warnings=tuple(one for part in parts for one in part.warnings),
        counts=tuple(one for part in parts for one in part.counts),
        notes=tuple(one for part in parts for one in part.notes),
        mapping=tuple(one for part in parts for one in part.mapping),
        whole=bool(parts) and all(part.whole for part in parts),
        problems=tuple(one for part in parts for one in part.problems),
    )


IMPORTERS: Final[Mapping[str, Importer]] = {
    "csv": Importer(_csv, (".csv", ".tsv")),
    "xlsx": Importer(_xlsx, (".xlsx", ".xlsm")),
    "fhir": Importer(_fhir, (".json",)),
    "qpp": Importer(_qpp, (".json",)),
}
SPREADSHEETS: Final = ("csv", "xlsx")  # what stands where a spec can
