"""What the tests of imports build with: lists as text, workbooks as bytes, and what is made."""

import io
from collections.abc import Iterable
from typing import Any, Final

import openpyxl
import pytest

from harmonize.importers import IMPORTERS
from harmonize.importers.asking import Wanted
from harmonize.measures import Measure
from harmonize.problems import SpecError
from harmonize.reading.headings import shipped
from harmonize.reading.specs import read_root
from harmonize.sets import MeasureSet
from harmonize.trees import Imported, Source

KNOWN: Final = shipped()


def csv(text: str | bytes, name: str = "list.csv", **asked: Any) -> Imported:
    """A list as it comes of text."""
    data = text if isinstance(text, bytes) else text.encode()
    return whole(IMPORTERS["csv"].read((Source(name, data),), Wanted(KNOWN, **asked)))


def xlsx(data: bytes, name: str = "list.xlsx", **asked: Any) -> Imported:
    """The same of a workbook."""
    return whole(IMPORTERS["xlsx"].read((Source(name, data),), Wanted(KNOWN, **asked)))


def whole(found: Imported) -> Imported:
    """An import of which all can be written; raises `SpecError` for any other."""
    if found.problems:
        raise SpecError(found.problems)
    return found


def sets(found: Imported) -> tuple[MeasureSet, ...]:
    """The measure sets that the reader makes of an import."""
    return tuple(read_root(root)[0] for root in found.specs)


def measures(found: Imported) -> tuple[Measure, ...]:
    """The measures of the one list, in the order of the source."""
    (one,) = sets(found)
    return tuple(sorted(one.measures or (), key=lambda m: (m.place.line, m.place.column)))


def refused(found: Any) -> list[str]:
    """The problems that a call ends with, each as `file:line:col: CODE`."""
    with pytest.raises(SpecError) as error:
        found()
    return [" ".join(str(p).split()[:2]) for p in error.value.problems]


def workbook(*sheets: tuple[str, Iterable[Iterable[Any]]]) -> openpyxl.Workbook:
    """A workbook of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def packed(book: openpyxl.Workbook) -> bytes:
    """A workbook as its file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
