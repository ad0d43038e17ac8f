"""Which lines of a spec are shown: never one with a value that somebody may not see."""

from pathlib import Path
from typing import Final

import pytest
from conftest import indented, spec
from test_secrecy import SECRET, _wrong

from harmonize.fields import declared
from harmonize.measures import Measure
from harmonize.quoting import quotable
from harmonize.sets import HIDEABLE
from harmonize.workspace import load

TEXT: Final = """\
harmonize: 1
payer: acme
payment:
  streams:
    - {name: Bonus, amount: $77777}
visibility: {weight: withheld}
measures:
  - id: A
    title: First
    weight:
      77777%
    ages: 18-85
    incentive: {amount: $77777}
    wieght: 77777
  - {id: B, title: Second, weight: 77777%,
     ages: 18-75}
  - {id: C, title: Third}
"""


def shown(folder: Path, text: str, **more: str) -> dict[int, str]:
    path = str(spec(folder, text))
    others = [str(spec(folder, own, f"{name}.yaml")) for name, own in more.items()]
    return dict(quotable([path, *others], ()).get(path, {}))


def test_lines_without_secrets_are_shown(tmp_path: Path) -> None:
    found = shown(tmp_path, TEXT)
    assert not any("77777" in line for line in found.values())
    assert sorted(found) == [1, 2, 7, 8, 9, 12, 14, 16, 17, 18]
    assert found[12] == "    ages: 18-85"
    assert found[14] == "    wieght: \u2026"


@pytest.mark.parametrize(
    "keys",
    [
        f"weight: &w {SECRET}\nages: 18-85\ntarget: *w",
        f"ages: &w {SECRET}\nweight: *w",
        f"weight: >-\n  a\n  {SECRET}\n\n  {SECRET}\nages: 18",
        f"weight: [a,\n  {SECRET}, b\n  ]\nages: 18",
        f'weight: "a\n  {SECRET}"\nages: 18',
        f"weight: {{a: b,\n  c: {SECRET}}}",
        f"wait: {{a: b,\n  c: {SECRET}}}",
        f"wait:\n  - {SECRET}\n  - more: {SECRET}",
        f"weight:\n# a comment\n  {SECRET}\nages: 18",
    ],
)
def test_a_secret_in_several_lines_is_not(tmp_path: Path, keys: str) -> None:
    text = f"visibility: {{weight: withheld}}\nmeasures:\n  - title: T\n{indented(keys)}"
    found = shown(tmp_path, text)
    assert found[1] == "harmonize: 1"
    assert SECRET not in "".join(found.values())


def test_no_field_that_may_be_marked_is_shown_when_it_is(tmp_path: Path) -> None:
    for i, name in enumerate(n for n in HIDEABLE if n in declared(Measure)):
        for j, value in enumerate(_wrong(Measure, name)):
            keys = f"    {name}: {value}\n    visibility: {{{name}: participants}}\n"
            path = str(spec(tmp_path, f"measures:\n  - title: T\n{keys}", f"{i}-{j}.yaml"))
            lines = quotable([path], None).get(path, {})
            assert SECRET not in "".join(lines.values()), value
            assert "77777" not in "".join(lines.values())


@pytest.mark.parametrize(
    "marks", ["visibility: {wieght: withheld}", "visibility: withheld", "visibility: [weight]"]
)
def test_with_an_unclear_mark_nothing_is_shown(tmp_path: Path, marks: str) -> None:
    assert shown(tmp_path, f"{marks}\nmeasures:\n  - title: T\n    weight: {SECRET}\n") == {}


def test_a_base_marks_what_stands_above_it(tmp_path: Path) -> None:
    spec(tmp_path, "measures: [{id: A, title: A, visibility: {weight: withheld}}]\n", "base.yaml")
    text = (
        f"harmonize: 1\npayer: a\nextends: base.yaml\nmeasures:\n  - id: A\n    weight: {SECRET}\n"
    )
    path = str(spec(tmp_path, text, "a.yaml"))
    assert quotable([path], None) == {}
    spec(tmp_path, text.replace(SECRET, "10%"), "a.yaml")
    read = load([path]).sets
    assert 6 not in quotable([path], read)[path]
    assert quotable([path], read)[path][5] == "  - id: A"


def test_what_is_no_readable_spec_is_not_shown(tmp_path: Path) -> None:
    broken = spec(tmp_path, "measures: [\n", "broken.yaml")
    listed = spec(tmp_path, "harmonize,title\n1,T\n", "list.csv")
    assert quotable([str(broken), str(listed), "none.yaml", "--payer", ""], ()) == {}
