"""What is known: a baseline shrinks, is read as it was written, and can be compared by line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_findings import FINDINGS

from harmonize.baseline import NOTE, shrunk
from harmonize.findings import Finding, Reach
from harmonize.leniency import composed
from harmonize.problems import SpecError
from harmonize.reading.baseline import read_baseline

ONE = Finding("HZ601", "error", "no source", measures=("lake/1",))
TWO = Finding("HZ602", "warning", "no number", measures=("lake/2",), values=("0018",))
NEW = Finding("HZ601", "error", "no source", measures=("lake/3",))


def codes(found: object) -> list[str]:
    return [one.measures[0] for one in found]  # type: ignore[attr-defined]


def test_a_first_baseline_takes_all_and_the_next_only_what_is_still_there() -> None:
    first = shrunk(None, (TWO, ONE))
    assert codes(first) == ["lake/1", "lake/2"]
    assert codes(shrunk(first, (ONE, NEW))) == ["lake/1"]
    assert codes(shrunk(first, (ONE, NEW), accept_new=True)) == ["lake/1", "lake/3"]
    assert shrunk((), (NEW,)) == ()


def test_what_is_out_of_reach_stays() -> None:
    first = shrunk(None, (ONE, TWO))
    assert shrunk(first, (), reach=Reach(frozenset(["HZ601"]))) == first[1:]
    assert shrunk(first, (), reach=Reach(payers=frozenset(["ridge"]))) == first
    assert shrunk(first, (), reach=Reach(payers=frozenset(["lake"]))) == ()


def test_what_is_known_keeps_its_words() -> None:
    first = shrunk(None, (ONE,))
    assert shrunk(first, (replace(ONE, message="said better"),)) == first
    (told,) = shrunk(None, (replace(ONE, message="long " * 99),))
    assert len(told.note or "") <= NOTE


@given(st.lists(FINDINGS, max_size=5), st.lists(FINDINGS, max_size=5))
def test_a_baseline_only_shrinks(before: list[Finding], found: list[Finding]) -> None:
    first = shrunk(None, before)
    assert set(shrunk(first, found)) <= set(first)


@given(st.lists(FINDINGS, max_size=5))
def test_a_file_is_read_as_it_was_written(found: list[Finding]) -> None:
    plain = [replace(f, measures=tuple(f"lake/{m}" for m in f.measures)) for f in found]
    text = composed(shrunk(None, plain))
    read = read_baseline(text, "base.yaml")
    assert [k.fingerprint for k in read] == [k.fingerprint for k in shrunk(None, plain)]
    assert text.isprintable() or set("".join(text.split())) <= {c for c in text if c.isprintable()}
    assert len(text.splitlines()) == 2 + len(read)
    assert composed(shrunk(None, plain[::-1])) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "1:1: HZ204"),
        ("baseline: []", "1:1: HZ202 no 'harmonize: 1'"),
        ("harmonize: 2\nbaseline: []", "1:12: HZ210"),
        ("harmonize: 1\n", "1:1: HZ202 'baseline' is missing"),
        ("harmonize: 1\nbaseline: a", "2:11: HZ204"),
        ("harmonize: 1\nbaseline: [a]", "2:12: HZ204"),
        ("harmonize: 1\nbaselines: []\nbaseline: []", "2:1: HZ201"),
        ("harmonize: 1\nbaseline: [{code: HZ601}]", "2:12: HZ202 'fingerprint' is missing"),
        ("harmonize: 1\nbaseline: [{fingerprint: x, code: HZ601}]", "2:26: HZ545"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str) -> None:
    with pytest.raises(SpecError) as error:
        read_baseline(text, "b.yaml")
    assert str(error.value.problems[0]).startswith(f"b.yaml:{said}")


def test_an_empty_baseline_is_one() -> None:
    assert read_baseline("harmonize: 1\nbaseline:\n", "b.yaml") == ()
    assert read_baseline(composed(()), "b.yaml") == ()
