"""Separated text in the encodings and with the separators that spreadsheets save."""

import pytest
from importing import csv, measures, refused

TITLE = "Patients\u2019 \u201cRating\u201d of caf\u00e9"
TEXT = f"Title,Steward\n{TITLE},NCQA\nFalls,CMS\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_with_a_mark_or_of_utf_8(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    found = csv(mark + TEXT.encode(encoding))
    assert [m.title for m in measures(found)] == [TITLE, "Falls"]
    assert found.warnings == ()


def test_windows_1252_is_read_and_said() -> None:
    found = csv(TEXT.encode("cp1252"))
    assert measures(found)[0].title == TITLE
    (warning,) = found.warnings
    assert (warning.code, warning.place.line, warning.place.column) == ("HZ312", 2, 9)
    assert warning.severity == "warning"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(separator: str) -> None:
    rows = [["Title", "Steward", "Notes"], ["Falls, flu; both", "NCQA", "a"], ["BP", "CMS", ""]]
    text = "\n".join(
        separator.join(f'"{c}"' if set(c) & set(",;") else c for c in row) for row in rows
    )
    found = csv(text)
    assert [(m.title, m.steward) for m in measures(found)] == [
        ("Falls, flu; both", "NCQA"),
        ("BP", "CMS"),
    ]
    assert any("separated by" in note for note in found.notes) == (separator != ",")


def test_a_line_that_says_the_separator_is_no_row() -> None:
    (one,) = measures(csv("sep=;\nTitle;Steward\nFalls, all;CMS\n"))
    assert (one.title, one.place.line) == ("Falls, all", 3)


def test_a_mark_of_inches_does_not_hide_the_separator() -> None:
    (one,) = measures(csv('Title;Notes\nWaist;40"\n'))
    assert one.notes == '40"'


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"Title\nF\x81lls\n", "list.csv:2:2: HZ005"),
        (b"PK\x03\x04\0\0", "list.csv:1:1: HZ006"),
        (b"\xff\xfea", "list.csv:1:1: HZ005"),
        (b"", "list.csv:1:1: HZ007"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, problem: str) -> None:
    assert refused(lambda: csv(data)) == [problem]
