"""Decisions as rows of a sheet and back: what stands in a cell, and that nothing is lost."""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

import pytest
from deciding import DAY, decided
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.ballot import COLUMNS, FILLED, cells_of, listed, parts, shown, written
from harmonize.books import FORMULA
from harmonize.decisions import (
    DISPOSITIONS,
    MAPPINGS,
    OF_A_DIFFERENCE,
    OF_A_MATCH,
    WITHIN,
    Decision,
    Disputed,
    Votes,
    Withdrawn,
    ordered,
)
from harmonize.docket import Case
from harmonize.fields import Kind, Role, declared
from harmonize.measures import ATTRIBUTES
from harmonize.problems import Problem, SpecError
from harmonize.reading.decisions import read_file
from harmonize.render.ballots import BALLOTS
from harmonize.rulings import Standing, State
from harmonize.sets import Period
from harmonize.tally import take
from harmonize.trees import Source

ODD: Final = (
    "=1+1", "'=1+1", "'tis", "-5", "@x", "+", " a ", "a\nb", "a\r\nb", "\u202eabc", "7.0", "007",
    "_x0041_", "\\u{41}", "\\\\u{41}", "a; b", "a;b", ";", "\uff1d1", "\t=1", "\x00\x1f", "é\xa0",
    '"', "a,b", "'", "''=1", "\u2028", "1e5", "TRUE", "11/24/2026", "-", "a'",
)  # fmt: skip

ANY: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@pytest.mark.parametrize("text", ODD)
def test_a_cell_hides_nothing_and_runs_nothing(text: str) -> None:
    for cell in (shown(text), listed((text, "z"))):
        assert cell.replace("\n", "").isprintable()
        assert not cell.startswith(FORMULA)
    assert written(shown(text)) == text
    assert parts(listed((text, "z", text))) == (text, "z", text)


@given(ANY, st.lists(ANY, min_size=1))
def test_any_text_comes_back(text: str, texts: list[str]) -> None:
    assert written(shown(text)) == text
    assert parts(listed(texts)) == tuple(texts)


def test_a_column_for_every_field_of_a_decision() -> None:
    keys = {column.keys[0] for column in FILLED.values()}
    about = {n for n, info in declared(Decision).items() if info.role is Role.IDENTITY}
    assert keys | about | {"fingerprint", "judged"} == set(declared(Decision))
    records = [n for n, i in declared(Decision).items() if i.kind is Kind.RECORD and n in keys]
    assert records
    assert all(help_.endswith((".", "?")) for help_ in COLUMNS.values())
    (one,) = decided({"measure": "ais", "disposition": "adopt", "effective": DAY,
                      "votes": {"for": ["Lake", "Ridge"], "against": "2"}})  # fmt: skip
    assert cells_of(one) == {
        "disposition": "adopt", "effective": DAY, "by": "Ana", "on": DAY,
        "votes.for": "Lake; Ridge", "votes.against": "2",
    }  # fmt: skip


# --- there and back -----------------------------------------------------------------------------

TEXTS: Final = (
    st.sampled_from(ODD) | ANY
).filter(lambda t: t.strip() and t.strip().lower() != "none")  # fmt: skip
DAYS: Final = st.dates().map(lambda day: day.isoformat())
LISTS: Final = st.lists(TEXTS, min_size=1, max_size=3).map(lambda t: tuple(sorted(set(t))))
HASHES: Final = st.from_regex(r"h1-[0-9a-f]{16}", fullmatch=True)


def _maybe(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | of


@st.composite
def decisions(draw: st.DrawFn) -> tuple[Decision, ...]:
    """Decisions that do not contradict: each about measures of its own."""
    return ordered(draw(_decision(at)) for at in range(draw(st.integers(1, 3))))


@st.composite
def _decision(draw: st.DrawFn, at: int) -> Decision:
    ids = draw(st.lists(TEXTS, min_size=2, max_size=2, unique=True))
    refs = tuple(f"p{at}/{name}" for name in ids)
    about = draw(st.sampled_from(["match", "difference", "measure"]))
    own: dict[str, Any] = {
        "match": {"match": refs, "judgement": draw(st.sampled_from(OF_A_MATCH)),
                  "mapping": draw(_maybe(st.sampled_from(MAPPINGS))),
                  "relation": draw(_maybe(st.sampled_from(WITHIN)))},
        "difference": {"judgement": draw(st.sampled_from(OF_A_DIFFERENCE)),
                       "difference": Disputed(measures=refs,
                                              attribute=draw(st.sampled_from(ATTRIBUTES)))},
        "measure": {"measure": refs[0], "disposition": draw(st.sampled_from(DISPOSITIONS))},
    }[about]  # fmt: skip
    span = sorted((draw(DAYS), draw(DAYS)))
    names = refs if about != "measure" else refs[:1]
    judged = {ref: draw(st.dictionaries(TEXTS, TEXTS, max_size=2)) for ref in names}
    return Decision(
        **own,
        because=draw(TEXTS),
        by=draw(_maybe(TEXTS)),
        on=draw(_maybe(DAYS)),
        expires=draw(_maybe(DAYS)),
        owner=draw(_maybe(TEXTS)),
        due=draw(_maybe(DAYS)),
        meeting=draw(_maybe(TEXTS)),
        contract_type=draw(_maybe(TEXTS)),
        dissent=draw(_maybe(TEXTS)),
        convener_is_payer=draw(_maybe(st.sampled_from(["true", "false"]))),
        effective=draw(_maybe(st.just(Period(from_=span[0], to=span[1])))),
        votes=draw(_maybe(st.builds(Votes, for_=LISTS, against=_maybe(LISTS)))),
        withdrawn=draw(_maybe(st.builds(Withdrawn, by=_maybe(TEXTS), because=TEXTS))),
        fingerprint=draw(_maybe(HASHES)),
        judged=draw(_maybe(st.just(judged))),
    )


def _cases(found: Iterable[Decision], fingerprint: str | None) -> list[Case]:
    """Their rows, in a sheet that shows what the specs say now."""
    return [
        Case(
            Decision(match=one.match, difference=one.difference, measure=one.measure,
                     fingerprint=fingerprint, judged={r: {"title": "now"} for r in one.refs}),
            Standing(one, State.STALE, one.refs),
        )
        for one in found
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", BALLOTS)
@settings(deadline=None, max_examples=40)
@given(found=decisions(), now=HASHES)
def test_written_and_read_again_it_is_the_same(
    suffix: str, found: tuple[Decision, ...], now: str
) -> None:
    name = f"review{suffix}"
    made = BALLOTS[suffix](_cases(found, now), name)
    data = made if isinstance(made, bytes) else made.encode()
    tally = take((Source(name, data),), "decisions.yaml", None, {"by": "Bo", "on": DAY}, DAY)
    assert tally.decisions == found
    again = take((Source(name, data),), "decisions.yaml", tally.text, {"by": "Bo"}, DAY)
    assert (again.new, again.changed, again.text) == (0, 0, tally.text)


SCRAPS: Final = ANY | st.sampled_from([
    "match", "difference", "measure", "accept", "reject", "adopt", "lake/a", "lake/a; ridge/b",
    "ages", DAY, "46350", "h1-0123456789abcdef", "{}", "[]", "{", '{"pins":"x"}', '{"pins":{}}',
    '{"judgement":"accept","pins":{"judged":"x"}}', '{"lake/a":{}}', '{"lake/a":"x"}',
    '{"lake/a":{"title":"\\ud800"}}', '{"a":' * 600 + "1" + "}" * 600, "[" * 5_000,
])  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from([*COLUMNS]), SCRAPS), st.sampled_from(["accept", "adopt"]))
def test_whatever_stands_in_a_row_it_is_read_or_told(row: dict[str, str], answer: str) -> None:
    name = "judgement" if answer == "accept" else "disposition"
    found = {"about": "match", "a": "lake/a", "b": "ridge/b", name: answer, **row}
    out = io.StringIO()
    csv.writer(out).writerows((found, found.values()))
    data = out.getvalue().encode()
    told: tuple[Problem, ...] = ()
    try:
        tally = take((Source("review.csv", data),), "decisions.yaml", None, {}, DAY)
    except SpecError as error:
        told = error.problems
    else:
        assert read_file(tally.text, "decisions.yaml")[0] == tally.decisions
    assert all(one.place.file == "review.csv" for one in told)
