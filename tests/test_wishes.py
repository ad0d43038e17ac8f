"""What is wished of a core: read from the configuration, and which notice holds for whom."""

import pytest
from building import spec

from harmonize.problems import SpecError
from harmonize.reading.settings import read_settings
from harmonize.wishes import NO_WISH, Points, Wish, notice_of, points

WHOLE = """\
proposal:
  at_most: 12
  asked_by: 3
  smallest: true
  domains: [maternity, {domain: oral health, at_least: 2}]
  populations: [children]
  types: [{type: [outcome, intermediate outcome], at_least: 4}]
  required: [{measure: cbe:0018, because: "by law", asked_by: 1}]
  excluded: [{measure: cbp, because: "too much work"}]
  from: 2027-01-01
  notice: [90 days, {payer_type: medicaid, time: 6 months}, {payer: ridge, time: 12 months}]
  topped_out_at: 97%
  weights: {payer: 5, major: 1, minor: 0, topped_out: 25%, marks: 2}
"""


def read(text: str) -> Wish:
    found = read_settings(text, "harmonize.yaml", {}, str).proposal
    assert found is not None
    return found


def test_a_wish_is_read_whole() -> None:
    found = read(WHOLE)
    assert (found.at_most, found.asked_by, found.smallest) == (12, 3, "true")
    assert [(d.domain, d.at_least) for d in found.domains or ()] == [
        ("maternity", None), ("oral health", 2),
    ]  # fmt: skip
    assert [(t.type, t.at_least) for t in found.types or ()] == [
        (("intermediate outcome", "outcome"), 4)
    ]
    assert points(found) == Points(5, 1, 0, points(found).topped_out, 2)
    assert float(points(found).topped_out) == 0.25


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("at_most: few", "2:12: HZ207 'at_most' is 'few', wanted a whole number"),
        ("domain: maternity", "2:3: HZ201 unknown key 'domain': did you mean 'domains'?"),
        ("populations: [dogs]", "2:17: HZ205 'populations' is 'dogs', wanted one of children"),
        ("types: [result]", "2:11: HZ205 'types' is 'result', wanted one of"),
        ("required: [{measure: cbp}]", "2:14: HZ202 'because' is missing"),
        ("excluded: [cbp]", "2:14: HZ204 'excluded' holds a single value, wanted a map of"),
        ("notice: [soon]", "2:12: HZ207 'notice' is 'soon', wanted a number with its unit"),
        ("from: 2027-13-01", "2:9: HZ206 'from' is '2027-13-01', wanted a day"),
        ("topped_out_at: 3x", "2:18: HZ207 'topped_out_at' is '3x', wanted a percentage"),
        ("weights: {payers: 3}", "2:13: HZ201 unknown key 'payers'"),
    ],
)
def test_what_is_wrong_with_a_wish_is_told_where_it_stands(line: str, told: str) -> None:
    with pytest.raises(SpecError) as error:
        read(f"proposal:\n  {line}\n")
    assert str(error.value.problems[0]).removeprefix("harmonize.yaml:").startswith(told)


def test_what_is_not_weighed_weighs_as_we_have_it() -> None:
    assert points(NO_WISH) == Points(10, 2, 1, points(NO_WISH).topped_out, 0)
    assert float(points(NO_WISH).topped_out) == 0.5


@pytest.mark.parametrize(
    ("payer", "kind", "time"),
    [
        ("ridge", "medicaid", "12 months"),
        ("lake", "medicaid", "6 months"),
        ("lake", "commercial", "90 days"),
        ("lake", None, "90 days"),
    ],
)
def test_the_notice_said_of_a_payer_holds_before_that_of_its_type(
    payer: str, kind: str | None, time: str
) -> None:
    about = {"payer_type": kind} if kind else {}
    found = notice_of(read(WHOLE), spec(payer, "Breast Cancer Screening", **about))
    assert found is not None
    assert found.text == time


def test_without_a_notice_none_holds() -> None:
    assert notice_of(NO_WISH, spec("lake", "Breast Cancer Screening")) is None
