"""Ignores: what they cover, and what may be wrong with one."""

import pytest
from conftest import warned

from harmonize.findings import Finding
from harmonize.ignores import Ignore
from harmonize.problems import Place, SpecError
from harmonize.reading.ignores import read_comments, read_ignores
from harmonize.reading.nodes import parse
from harmonize.trees import Node

ONE = Finding("HZ601", "error", "x", ("lake/1", "ridge/2"), "ids.cbe", places=(Place("a", 4),))


@pytest.mark.parametrize(
    ("ignore", "covered"),
    [
        (Ignore(fingerprint=ONE.fingerprint), True),
        (Ignore(fingerprint="f1-0"), False),
        (Ignore(rule="missing-source"), True),
        (Ignore(rule="HZ601"), True),
        (Ignore(rule="HZ602"), False),
        (Ignore(rule="HZ601", measure="lake/*"), True),
        (Ignore(rule="HZ601", measure="ridge/2"), True),
        (Ignore(rule="HZ601", measure="ridge/1"), False),
        (Ignore(rule="HZ601", attribute="ids"), True),
        (Ignore(rule="HZ601", attribute="ids.cbe"), True),
        (Ignore(rule="HZ601", attribute="ids.cms"), False),
        (Ignore(rule="HZ601", measure="x", lines=(3, 5), where={"": Place("a", 3)}), True),
        (Ignore(rule="HZ601", measure="x", lines=(5, 6), where={"": Place("a", 5)}), False),
        (Ignore(rule="HZ601", measure="x", lines=(3, 5), where={"": Place("b", 3)}), False),
    ],
)
def test_what_is_covered(ignore: Ignore, covered: bool) -> None:
    assert ignore.covers(ONE, "missing-source") is covered


def listed(text: str) -> Node:
    node = parse(f"ignore:\n{text}", "harmonize.yaml")
    return node.get("ignore")  # type: ignore[union-attr,return-value]


def test_a_list_is_read() -> None:
    (one,) = read_ignores(
        listed(
            "  - {rule: missing-source, measure: lake/*, because: B, by: Ana, expires: 2027-01-01}"
        )
    )
    assert (one.rule, one.measure, one.because, one.by, one.expires) == (
        "missing-source", "lake/*", "B", "Ana", "2027-01-01",
    )  # fmt: skip
    assert one.place == Place("harmonize.yaml", 2, 5)
    assert read_ignores(listed("  []")) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  - {rule: a, by: Ana}", "HZ548 'because' not said"),
        ("  - {rule: a, because: B}", "HZ548 'by' not said"),
        ("  - {because: B, by: Ana}", "HZ549 an ignore names a fingerprint or a rule: here is nei"),
        ("  - {rule: a, fingerprint: b, because: B, by: Ana}", "HZ549"),
        ("  - {rule: a, because: B, by: Ana, expires: soon}", "HZ207"),
        ("  - {rules: a, because: B, by: Ana}", "HZ201"),
        ("  - a", "HZ204"),
        ("  a: b", "HZ204"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(SpecError) as error:
        read_ignores(listed(text))
    assert f": {said}" in str(error.value)


SPEC = """\
harmonize: 1
payer: acme
# harmonize: ignore draft-spec because it is one
status: draft
measures:
  # harmonize: ignore missing-source, HZ303 because the contract says so until 2027-01-31
  # and another remark

  - id: A
    title: First  # no request
    ages: 18-85  # harmonize: ignore ages because: state law
    rates:
      # harmonize: ignore HZ301 because it is theirs
      - {id: A1, title: Rate}
  - id: B
    title: "harmonize: ignore x because y"
    ids:
      cbe: "0018"  # harmonize: ignore HZ303 because it is so
"""


def test_comments_are_about_what_they_stand_at() -> None:
    sets = (warned(SPEC)[0],)
    found = [(i.rule, i.measure, i.attribute, i.lines, i.because, i.expires)
             for i in read_comments(SPEC, "a.yaml", sets)]  # fmt: skip
    contract = "the contract says so"
    assert found == [
        ("draft-spec", "acme", "status", (4, 4), "it is one", None),
        ("missing-source", "acme/A", None, (9, 14), contract, "2027-01-31"),
        ("HZ303", "acme/A", None, (9, 14), contract, "2027-01-31"),
        ("ages", "acme/A", "ages", (11, 11), "state law", None),
        ("HZ301", "acme/A/A1", None, (14, 14), "it is theirs", None),
        ("HZ303", "acme/B", "ids", (18, 18), "it is so", None),
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ignore", "HZ548"),
        ("ignore missing-source", "HZ548"),
        ("ignore missing-source because", "HZ548"),
        ("ignore because of it", "HZ548"),
        ("ignore a because b until 2027-02-31", "HZ206"),
    ],
)
def test_a_comment_gives_a_rule_and_a_reason(said: str, code: str) -> None:
    text = f"harmonize: 1\npayer: acme\nmeasures:\n  # harmonize: {said}\n  - T\n"
    with pytest.raises(SpecError, match=code):
        read_comments(text, "a.yaml", (warned(text)[0],))
