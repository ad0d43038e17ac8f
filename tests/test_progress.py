"""A bar where somebody waits before a terminal, and nothing anywhere else."""

import os
import pty
import subprocess
import sys

import pytest
from building import EXAMPLES, KNOWN, example, process, to_the_end
from hypothesis import given
from hypothesis import strategies as st

from harmonize.audience import publish
from harmonize.cli.options import watching
from harmonize.pace import unwatched
from harmonize.render import progress

SPECS = str(EXAMPLES / "rates" / "specs")


def _before_a_terminal(*arguments: str, patience: float, **env: str) -> tuple[bytes, bytes]:
    """What a run writes to stdout, a pipe, and to stderr, a terminal."""
    leader, follower = pty.openpty()
    code = (
        "import harmonize.render.progress as p; from harmonize.cli import run\n"
        f"p.PATIENCE = {patience}; run({list(arguments)!r})"
    )
    running = subprocess.Popen(
        (sys.executable, "-c", code),
        stdout=subprocess.PIPE,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", **env},
    )
    os.close(follower)
    out = running.communicate(timeout=60)[0]
    seen = to_the_end(leader)
    assert running.returncode == 0
    return out, seen


def test_long_work_before_a_terminal_shows_how_far_it_is_and_cleans_up() -> None:
    plain = process("compare", SPECS)
    assert plain.stderr == b""
    out, seen = _before_a_terminal("compare", SPECS, patience=-1)
    assert out == plain.stdout
    assert b"reading titles" in seen
    assert b"working" in seen
    assert seen.endswith((b"\x1b[2K", b"\x1b[?25h", b"\r"))  # the line is cleared at the end


def test_short_work_shows_nothing() -> None:
    assert _before_a_terminal("compare", SPECS, patience=60)[1] == b""


@pytest.mark.parametrize(
    ("terminal", "quiet", "term", "shown"),
    [
        (True, False, "xterm", True),
        (True, False, None, True),
        (True, True, "xterm", False),
        (True, False, "dumb", False),
        (False, False, "xterm", False),
    ],
)
def test_a_bar_needs_a_terminal_and_somebody_who_wants_it(
    terminal: bool, quiet: bool, term: str | None, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setenv("TERM", term) if term else monkeypatch.delenv("TERM", raising=False)
    assert watching(quiet=quiet) is shown


@given(st.lists(st.integers(), max_size=300), st.booleans())
def test_a_walk_gives_what_it_was_given(things: list[int], shown: bool) -> None:
    with progress.watched(shown=shown) as pace:
        assert list(pace("walking", things)) == things
    assert unwatched("walking", things) is things


def test_a_watched_report_is_the_same_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", -1)
    sets = example("rates")
    with progress.watched(shown=True) as pace:
        assert publish(sets, KNOWN, "broker", pace=pace) == publish(sets, KNOWN, "broker")
