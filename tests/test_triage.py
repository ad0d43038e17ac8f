"""What counts, what is known, what is ignored."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_findings import FINDINGS

from harmonize.baseline import shrunk
from harmonize.findings import Finding, Reach, ordered
from harmonize.ignores import Ignore
from harmonize.triage import OWN, PROBLEMS, Rule, apply, lowered

DAY = "2026-11-24"
RULES = {**PROBLEMS, "HZ601": Rule("missing-source", "no source")}
ONE = Finding("HZ601", "error", "x", ("lake/1",))
TWO = Finding("HZ602", "warning", "y", ("ridge/2",), "ages", ("18-85",))
GONE = Finding("HZ602", "warning", "z", ("ridge/3",))


def test_known_new_fixed_and_ignored_are_counted() -> None:
    ignore = Ignore(rule="missing-source", measure="lake/*", because="so", by="Ana")
    new = replace(TWO, values=("18-75",))
    done = apply((ONE, TWO, new), shrunk(None, (TWO, GONE)), (ignore,), DAY, RULES)
    assert (done.counting, done.known, done.ignored) == ((new,), (TWO,), (ONE,))
    assert [k.fingerprint for k in done.fixed] == [GONE.fingerprint]
    assert done.told == "1 warning; 1 known, 1 new, 1 fixed; 1 ignored"
    assert done.counts["warning"] == 1
    assert done.failing("error") == ()
    assert done.failing("warning") == (new,)


def test_without_baseline_nothing_is_new() -> None:
    assert apply((ONE,)).told == "1 error"
    assert apply(()).told == "nothing found"
    assert apply((ONE,), shrunk(None, (ONE,))).told == "1 known, 0 new, 0 fixed"


@pytest.mark.parametrize(
    ("ignore", "told"),
    [
        ({"expires": DAY}, []),
        ({"expires": "2026-11-23"}, ["HZ601", "HZ692"]),
        ({"measure": "ridge/*"}, ["HZ601", "HZ691"]),
        ({"measure": "ridge/*", "expires": "2026-11-23"}, ["HZ601", "HZ692"]),
        ({"rule": "no-such-rule"}, ["HZ601", "HZ691"]),
    ],
)
def test_an_ignore_that_is_expired_or_unused_is_a_finding(
    ignore: dict[str, str], told: list[str]
) -> None:
    one = Ignore(**{"rule": "missing-source", "because": "so", **ignore})
    found = apply((ONE,), None, (one,), DAY, RULES).counting
    assert sorted(f.code for f in found) == told
    assert all(f.severity == "warning" for f in found if f.code in OWN)


def test_rules_that_did_not_run_leave_no_unused_ignore_and_nothing_fixed() -> None:
    asked = (Ignore(rule="missing-source"), Ignore(fingerprint="f1-0"))
    done = apply((TWO,), shrunk(None, (ONE, TWO)), asked, DAY, RULES, Reach(frozenset(["HZ602"])))
    assert (done.counting, done.known, done.fixed) == ((), (TWO,), ())


def test_payers_that_are_not_there_leave_no_unused_ignore_and_nothing_fixed() -> None:
    both = Finding("HZ601", "error", "x", ("lake/1", "ridge/2"))
    asked = (Ignore(rule="missing-source", measure="ri*/2"),)
    known = shrunk(None, (TWO, both))
    lake, ridge = (Reach(payers=frozenset([payer])) for payer in ("lake", "ridge"))
    done = apply((), known, asked, DAY, RULES, lake)
    assert (done.counting, done.fixed) == ((), ())
    done = apply((), known, asked, DAY, RULES, ridge)
    assert [f.code for f in done.counting] == ["HZ691"]
    assert [k.measures for k in done.fixed] == [("ridge/2",)]


def test_an_ignore_of_a_rule_that_there_is_not_says_which_was_meant() -> None:
    ignore = Ignore(rule="missing-sorce", because="so", by="Ana")
    (one,) = apply((), None, (ignore,), DAY, RULES).counting
    assert one.message == (
        "this ignore names 'missing-sorce', and there is no such rule: "
        "did you mean 'missing-source'?"
    )


def test_a_run_on_some_payers_calls_no_ignore_unused() -> None:
    """What `lake` asks otherwise than `ridge` cannot be found without `ridge`."""
    asked = (Ignore(rule="missing-source", measure="lake/*"),)
    some = Reach(payers=frozenset(["lake"]), whole=False)
    assert apply((), None, asked, DAY, RULES, some).counting == ()


def test_an_unused_ignore_may_be_known() -> None:
    asked = (Ignore(rule="missing-source"),)
    before = apply((), None, asked, DAY, RULES)
    after = apply((), shrunk(None, before.counting), asked, DAY, RULES)
    assert (after.counting, after.known, after.fixed) == ((), before.counting, ())


@given(st.lists(FINDINGS, max_size=6), st.lists(FINDINGS, max_size=3))
def test_every_finding_is_in_one_part(found: list[Finding], known: list[Finding]) -> None:
    ignores = (Ignore(rule="HZ601"),)
    done = apply(found, shrunk(None, known), ignores, DAY)
    parts = [f for f in (*done.counting, *done.known, *done.ignored) if f.code not in OWN]
    assert sorted(map(repr, parts)) == sorted(map(repr, ordered(found)))
    assert all(f.code == "HZ601" for f in done.ignored)
    assert apply(found[::-1], shrunk(None, known[::-1]), ignores, DAY) == done


@pytest.mark.parametrize(
    ("measures", "severity"),
    [(("lake/1",), "warning"), (("lake",), "warning"), (("lake/1", "ridge/1"), "error"),
     ((), "error"), (("lakeside/1",), "error")],
)  # fmt: skip
def test_drafts_warn_only(measures: tuple[str, ...], severity: str) -> None:
    (one,) = lowered((replace(ONE, measures=measures),), {"lake"})
    assert one.severity == severity
    assert one.fingerprint == replace(ONE, measures=measures).fingerprint
    assert lowered((replace(ONE, severity="info"),), {"lake"})[0].severity == "info"
