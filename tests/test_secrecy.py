"""No message ever quotes a value that is sensitive, or that a payer has marked."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from building import harmonize
from conftest import indented, of, spec, told

from harmonize.fields import Kind, declared
from harmonize.measures import Measure
from harmonize.render import FINDINGS
from harmonize.sets import HIDEABLE, MeasureSet

SECRET: Final = "SECRET7"  # noqa: S105 - no password, a word that must not be seen
# A value that is wrong for its field, for each field that may be marked.
WRONGS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.LINE: (f"[{SECRET}]", f"{{{SECRET}: a}}", f"{SECRET}: {SECRET}", f"{SECRET} #{SECRET}"),
    Kind.TEXT: (f"[{SECRET}]", f"{{{SECRET}: a}}"),
    Kind.LINES: (f"[[{SECRET}]]", f"[{{{SECRET}: {SECRET}}}]", f"[{SECRET} #{SECRET}]"),
    Kind.CHOICE: (SECRET, f"[{SECRET}]", f"{{{SECRET}: a}}"),
    Kind.CHOICES: (SECRET, f"[{SECRET}, {{{SECRET}: a}}]"),
    Kind.FLAG: (SECRET, f"{{{SECRET}}}"),
    Kind.AGES: (SECRET, f"{{{SECRET}: 1}}", f"{{min: {SECRET}}}", f"{{min: 1, unit: {SECRET}}}",
                f"{{min: 1, as_of: {SECRET}}}", "77777-7", "-77777"),
    Kind.THRESHOLD: (SECRET, f"=< 77777 {SECRET}", f"[{{for: {SECRET}}}]",
                     f"[{{for: {SECRET}, value: {SECRET}}}]", f"{{{SECRET}: < 9%}}",
                     f"[{{value: [{SECRET}]}}]"),
    Kind.DURATION: (SECRET, "77777", "-77777 days", f"[{SECRET}]"),
    Kind.COUNT: (SECRET, "-77777", f"{{{SECRET}: a}}"),
    Kind.SHARE: (SECRET, "77777%", "77777"),
    Kind.RATE: (SECRET, "77777%"),
    Kind.YEAR: (SECRET, "77777"),
    Kind.DATE: (SECRET,),
    Kind.IDS: (SECRET, f"{{{SECRET}: 1}}", f"{{cbe: {SECRET}}}", f"{{cbe: [[{SECRET}]]}}",
               f"{{cbe: {{{SECRET}: {SECRET}}}}}"),
    Kind.FIELDS: (SECRET, f"[{SECRET}]"),
    Kind.VISIBILITY: (),
    Kind.SLUG: (),
    Kind.RECORD: (),
    Kind.RECORDS: (SECRET, f"{{{SECRET}: a}}", f"[{SECRET}]", f"[{{{SECRET}: {SECRET}}}]",
                   f"[{{title: [{SECRET}]}}]", f"[{{id: a, title: a, {SECRET}: a}}]",
                   f"[{{title: a, weight: {SECRET}}}]", f"[{{title: {SECRET} #{SECRET}}}]"),
}  # fmt: skip


def _wrong(cls: type, name: str) -> Iterator[str]:
    """Values that are wrong for a field, the secret in each."""
    info = declared(cls)[name]
    yield from WRONGS[info.kind]
    if info.record and info.record is not Measure:
        yield f"[{SECRET}, [{SECRET}]]"
        if info.shorthand or info.kind is Kind.RECORD:
            yield SECRET
        yield f"{{{SECRET}: {SECRET}}}"
        for inner in declared(info.record):
            for value in _wrong(info.record, inner):
                one = f"{{{inner}: {value}}}"
                yield one if info.kind is Kind.RECORD else f"[{one}]"


def _quiet(text: str, bases: Mapping[str, str] | None = None) -> None:
    lines = told(text, bases)
    assert lines, text
    shown = [line for line in lines if SECRET in line or "77777" in line]
    assert not shown, text


@pytest.mark.parametrize("name", [n for n in HIDEABLE if n in declared(Measure)])
def test_no_message_quotes_a_marked_value_of_a_measure(name: str) -> None:
    for value in _wrong(Measure, name):
        row = f"measures:\n  - title: T\n    {name}: {value}\n    "
        for mark in ("withheld", "participants", SECRET):
            _quiet(f"visibility: {{{name}: {mark}}}\n{row}zzz: a\n".replace(
                f": {SECRET}}}\nmea", ": wthheld}\nmea"))  # fmt: skip
            _quiet(f"{row}visibility: {{{name}: withheld}}\n    zzz: a\n")
        # where the marks themselves are wrong, nothing is known to be allowed
        _quiet(f"{row}visibility: {{wieght: withheld}}\n")
        _quiet(f"{row}visibility: withheld\n")
        # in a rate, marked above it or by itself
        rate = f"rates:\n      - title: U\n        {name}: {value}\n"
        if name != "rates":
            _quiet(f"measures:\n  - title: T\n    visibility: {{{name}: withheld}}\n    {rate}"
                   "        zzz: a\n")  # fmt: skip
            _quiet(f"measures:\n  - title: T\n    {rate}        visibility: {{{name}: withheld}}\n"
                   "        zzz: a\n")  # fmt: skip
            _quiet(f"measures:\n  - title: T\n    visibility: {{rates: withheld}}\n    {rate}"
                   "        zzz: a\n")  # fmt: skip


@pytest.mark.parametrize("name", [n for n in HIDEABLE if n in declared(MeasureSet)])
def test_no_message_quotes_a_marked_value_of_a_spec(name: str) -> None:
    for value in _wrong(MeasureSet, name):
        _quiet(f"{name}: {value}\nvisibility: {{{name}: withheld}}\nzzz: a\nmeasures: [T]\n")


@pytest.mark.parametrize(
    "keys",
    [
        f"incentive: {SECRET}",
        f"incentive: [{SECRET}]",
        f"incentive: {{{SECRET}}}",
        f"incentive: {{amount: [{SECRET}], per: {{{SECRET}: {SECRET}}}}}",
        f"incentive: {{amount: {SECRET} #{SECRET}}}",
        f"incentive:\n  amount: {SECRET}: {SECRET}",
        f"incentive:\n  title: {SECRET}: {SECRET}",
        f"incentiv: {SECRET}",
        f"incentiv: {{{SECRET}: {SECRET}}}",
    ],
)
def test_no_message_quotes_what_is_always_sensitive(keys: str) -> None:
    _quiet(f"measures:\n  - title: T\n{indented(keys)}    zzz: a\n")


@pytest.mark.parametrize("value", [*_wrong(MeasureSet, "payment")])
def test_no_message_quotes_how_a_payer_pays(value: str) -> None:
    _quiet(f"payment: {value}\nzzz: a\nmeasures: [T]\n")


def test_no_message_quotes_what_a_base_marks() -> None:
    marks = (
        "harmonize: 1\npayer: b\nvisibility: {weight: withheld}\nmeasures: [{id: A, title: A}]\n"
    )
    text = f"harmonize: 1\npayer: a\nextends: b.yaml\nmeasures: [{{id: A, weight: {SECRET}}}]\n"
    _quiet(text, {"b.yaml": marks})
    _quiet(text, {"b.yaml": f"{marks}zzz: [\n"})
    _quiet(text)
    own = marks.replace("visibility: {weight: withheld}\n", "").replace(
        "title: A}", "title: A, visibility: {weight: withheld}}"
    )
    _quiet(text, {"b.yaml": own})
    _quiet(text.replace("]\n", ", visibility: {ages: withheld}}]\n").replace("}, vis", ", vis"),
           {"b.yaml": own})  # fmt: skip


@pytest.mark.parametrize("form", FINDINGS)
def test_no_output_of_validate_quotes_a_marked_value(tmp_path: Path, form: str) -> None:
    for i, name in enumerate(n for n in HIDEABLE if n in declared(Measure)):
        for j, value in enumerate(_wrong(Measure, name)):
            text = (
                f"visibility: {{{name}: withheld}}\nmeasures:\n  - title: T\n    {name}: {value}\n"
            )
            payer = text if j else f"harmonize: 1\npayer: p{i}\n{text}"
            spec(tmp_path, payer, f"{i}-{j}.yaml")
    done = harmonize("validate", str(tmp_path), "--format", form)
    assert done.code == 2
    assert "HZ" in done.out
    assert SECRET not in done.out + done.err
    assert "77777" not in done.out + done.err


def test_what_is_not_marked_is_quoted() -> None:
    assert "'10'" in of("weight: 10")[0]
    assert "'10'" in of("weight: 10\nvisibility: {weight: public}")[0]
    assert "'10'" in of("weight: 10\nvisibility: {target: withheld}")[0]
    assert "this value" in of("weight: 10\nvisibility: {weight: participants}")[0]
