"""Separated text (CSV, TSV) as a grid: its encoding and its separator found."""

from collections import Counter
from typing import Final

from harmonize.grids import Grid, split
from harmonize.problems import Place, Problem, SpecError
from harmonize.trees import Source

SEPARATORS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 50  # lines by which the separator is found
_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_separated(source: Source) -> tuple[Grid, tuple[Problem, ...]]:
    """The grid of a file, and what deserves a warning; raises `SpecError`."""
    text, warnings = decoded(source)
    skipped, separator = _separator(text)
    rows = [tuple(row) for row in split(text, source.name, separator)]
    notes = (f"separated by {_NAMES[separator]}",) if separator != "," else ()
    return Grid(source.name, tuple(rows[skipped:]), notes), warnings


def decoded(source: Source) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file, in the encodings that spreadsheets save."""
    start = Place(source.name, 1, 1)
    for mark, encoding in _MARKS:
        if source.data.startswith(mark):
            try:
                return source.data.decode(encoding), ()
            except UnicodeDecodeError:
                message = f"not {encoding.upper().removesuffix('-SIG')}, as its first bytes say"
                raise SpecError((Problem(start, "HZ005", message),)) from None
    if b"\0" in source.data:
        message = "a binary file, not separated text: a workbook is imported with xlsx"
        raise SpecError((Problem(start, "HZ006", message),))
    try:
        return source.data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        place = _place(source, error.start)
    try:
        text = source.data.decode("cp1252")
    except UnicodeDecodeError as error:
        byte = source.data[error.start]
        message = f"neither UTF-8 nor Windows-1252: byte 0x{byte:02x} here; save it as UTF-8"
        raise SpecError((Problem(_place(source, error.start), "HZ005", message),)) from None
    message = "not UTF-8: read as Windows-1252; look at the letters with accents and the quotes"
    return text, (Problem(place, "HZ312", message, "warning"),)


def _place(source: Source, at: int) -> Place:
    before = source.data[:at].decode("latin-1")
    return Place(source.name, before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)


def _separator(text: str) -> tuple[int, str]:
    """How many lines only say the separator, and which it is."""
    first = text[:6].splitlines()[0] if text.strip() else ""
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] in SEPARATORS:
        return 1, first[4]
    head = "".join(text.splitlines(keepends=True)[:_LOOKED_AT])
    return 0, max(SEPARATORS, key=lambda one: _evenness(head, one))


def _evenness(head: str, separator: str) -> tuple[int, int]:
    """How many lines have as many cells as most, if they have more than one, and how many."""
    try:
        sizes = [len(row) for row in split(head, "", separator)]
    except SpecError:
        sizes = [line.count(separator) + 1 for line in head.splitlines()]
    widths = Counter(size for size in sizes if size > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda w: (w[1], w[0]))
    return count, width
