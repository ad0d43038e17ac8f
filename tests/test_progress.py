"""A bar where somebody waits before a terminal, and nothing anywhere else."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from building import EXAMPLES, KNOWN, example, process
from hypothesis import given
from hypothesis import strategies as st

from harmonize.audience import publish
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
    seen = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(leader)
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


@pytest.mark.parametrize(
    ("more", "patience", "env"),
    [((), 60, {}), (("--quiet",), -1, {}), ((), -1, {"TERM": "dumb"})],
    ids=["short work", "quiet", "a dumb terminal"],
)
def test_nothing_is_shown_where_nobody_wants_it(
    more: tuple[str, ...], patience: float, env: dict[str, str]
) -> None:
    assert _before_a_terminal("compare", SPECS, *more, patience=patience, **env)[1] == b""


@given(st.lists(st.integers(), max_size=300), st.booleans())
def test_a_walk_gives_what_it_was_given(things: list[int], shown: bool) -> None:
    with progress.watched(shown=shown) as pace:
        assert list(pace("walking", things)) == things
    assert unwatched("walking", things) is things


def test_a_watched_report_is_the_same_report(tmp_path: Path) -> None:
    sets = example("rates")
    with progress.watched(shown=True) as pace:
        assert publish(sets, KNOWN, "broker", pace=pace) == publish(sets, KNOWN, "broker")
