"""A review as a person has it: in a terminal, over a pipe, with nobody there, and cut short."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from building import Done, harmonize, items, published, spec, text_of, to_the_end, written
from deciding import DAY, decided, decisions_text, match, pinned_to

from harmonize.cli.voice import Reply, understood
from harmonize.decisions import Decision
from harmonize.pairing import Lists
from harmonize.reading.decisions import read_file
from harmonize.render.question import question as drawn
from harmonize.review import question
from harmonize.rulings import NO_RULINGS
from harmonize.workspace import knowledge

PATIENCE: Final = 30  # seconds until a session that says nothing is taken for dead
PROMPT: Final = b"q] "
# Made-up payers; each two lines of one id may be one measure.
LAKE: Final = (
    {"id": "dep", "title": "Depression Screening", "ages": "18+"},
    {"id": "pcr", "title": "Plan All-Cause Readmissions (PCR)"},
    {"id": "spoons", "title": "Spoon Polishing Score"},
)
RIDGE: Final = (
    {"id": "dep", "title": "Screening for Depression, Youth", "ages": "12-17"},
    {"id": "pcr", "title": "all-cause readmissions"},
    {"id": "spoons", "title": "Polished Spoons"},
)
DEP, PCR, SPOONS = (("lake/" + name, "ridge/" + name) for name in ("dep", "pcr", "spoons"))


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two lists with three questions between them."""
    monkeypatch.delenv("HARMONIZE_BY", raising=False)
    return written(tmp_path / "specs", text_of("lake", *LAKE), text_of("ridge", *RIDGE))


def ledger(specs: Path) -> dict[tuple[str, ...], Decision]:
    """What stands in the decisions file, by the two measures."""
    file = specs / "decisions.yaml"
    found = read_file(file.read_text("utf-8"), "decisions.yaml")[0] if file.exists() else ()
    return {one.refs: one for one in found}


def answers(specs: Path) -> dict[tuple[str, ...], str]:
    return {refs: one.answer for refs, one in ledger(specs).items()}


def piped(specs: Path, *lines: str, by: str = "Ana", options: tuple[str, ...] = ()) -> Done:
    """A session whose answers come over a pipe."""
    stdin = "".join(f"{line}\n" for line in lines).encode()
    named = ("--by", by) if by else ()
    return harmonize("review", str(specs), *named, "--as-of", DAY, *options, stdin=stdin)


# --- over a pipe --------------------------------------------------------------------------------


def test_answers_come_line_by_line(specs: Path) -> None:
    done = piped(specs, "y", "n other people", "u who knows")
    assert done.code == 0
    assert done.err == ""
    assert answers(specs) == {DEP: "accept", PCR: "reject", SPOONS: "unsure"}
    assert ledger(specs)[PCR].because == "other people"
    assert {(one.by, one.on) for one in ledger(specs).values()} == {("Ana", DAY)}
    assert f"3 answered, saved in {specs / 'decisions.yaml'}; none remain." in done.out


def test_an_answer_is_pinned_to_what_was_judged(specs: Path) -> None:
    piped(specs, "y")
    wanted = pinned_to(
        decided(match(*DEP))[0], spec("lake", *LAKE), spec("ridge", *RIDGE)
    )  # fmt: skip
    found = ledger(specs)[DEP]
    assert (found.fingerprint, found.judged) == (wanted.fingerprint, wanted.judged)


def test_progress_is_told_with_each_question(specs: Path) -> None:
    out = piped(specs, "y", "s", "q").out
    told = re.findall(r"^\d of \d, \d answered", out, re.MULTILINE)
    assert told == ["1 of 3, 0 answered", "2 of 3, 1 answered", "3 of 3, 1 answered"]
    assert "1 answered" in out.splitlines()[-1]
    assert "2 remain" in out.splitlines()[-1]


def test_what_is_judged_is_not_asked_again_and_what_is_skipped_is(specs: Path) -> None:
    piped(specs, "y", "s", "u")
    out = piped(specs, "q").out
    assert "1 question for Ana" in out
    assert PCR[0] in out
    assert DEP[0] not in out
    assert "2 questions for Ana" in piped(specs, "q", options=("--again",)).out


def test_a_rejection_is_asked_why_and_a_letter_is_no_reason(specs: Path) -> None:
    out = piped(specs, "n", "y", "not the same people", "q").out
    assert "'y' is no reason" in out
    assert ledger(specs)[DEP].because == "not the same people"


@pytest.mark.parametrize("lines", [("n", ""), ("n",), ("n", "", "q"), ("s", "n", "")])
def test_a_rejection_without_a_reason_is_no_answer(specs: Path, lines: tuple[str, ...]) -> None:
    assert piped(specs, *lines).code == 0
    assert not (specs / "decisions.yaml").exists()


SAID: Final[list[tuple[str, Reply]]] = [
    ("y", Reply("accept")),
    ("Yes", Reply("accept")),
    ("y same cut", Reply("accept", None, "same cut")),
    ("y close", Reply("accept", "close")),
    ("y broad: the whole", Reply("accept", "broad", "the whole")),
    ("y narrow, a rate", Reply("accept", "narrow", "a rate")),
    ("y: close enough", Reply("accept", None, "close enough")),
    ("n", Reply("reject")),
    ("no other people", Reply("reject", None, "other people")),
    ("N broad terms", Reply("reject", None, "broad terms")),
    ("u", Reply("unsure")),
    ("u ask the actuary", Reply("unsure", None, "ask the actuary")),
    ("s", Reply("skip")),
    ("b", Reply("back")),
    ("c", Reply("clear")),
    ("?", Reply("help")),
    ("quit", Reply("quit")),
]


@pytest.mark.parametrize(("line", "reply"), SAID, ids=[line for line, _ in SAID])
def test_what_a_line_says(line: str, reply: Reply) -> None:
    assert understood(line) == reply


@pytest.mark.parametrize("line", ["x", "yy", "yn", "q now", "s later", "y close enough", "y narow",
                                  "y broader: the whole", "1", ":"])  # fmt: skip
def test_a_line_that_may_mean_several_things_is_no_answer(line: str, specs: Path) -> None:
    assert isinstance(understood(line), str)
    assert piped(specs, line, "").code == 0
    assert not (specs / "decisions.yaml").exists()


def test_a_mapping_of_kin_keeps_both_apart_and_says_so(specs: Path) -> None:
    out = piped(specs, "y broad: the whole").out
    assert "Saved: kin and kept apart, b the broader: the whole." in out
    assert ledger(specs)[DEP].mapping == "broad"
    assert ledger(specs)[DEP].apart


def test_back_changes_and_clears(specs: Path) -> None:
    out = piped(specs, "y", "n why not", "b", "u", "b", "b", "c", "c", "q").out
    assert answers(specs) == {PCR: "unsure"}
    assert "Your answer: not one measure: why not." in out
    assert "Cleared" in out
    assert "There is no answer to clear." in out
    assert "1 answered" in out.splitlines()[-1]


def test_back_from_the_first_question_stays_there(specs: Path) -> None:
    out = piped(specs, "b", "y", "b", "", "q").out
    assert "This is the first question." in out
    assert answers(specs) == {DEP: "accept"}  # an empty line keeps it


@pytest.mark.parametrize(
    "before", [None, "\ufeffharmonize: 1\r\n\r\ndecisions: []   # none yet\r\n"]
)
def test_a_cleared_answer_leaves_the_file_as_it_was(specs: Path, before: str | None) -> None:
    file = specs / "decisions.yaml"
    if before is not None:
        file.write_bytes(before.encode())
    piped(specs, "y", "y", "b", "c", "b", "c", "q")  # the last question is open still
    assert (file.read_bytes().decode() if file.exists() else None) == before
    assert {one.name for one in specs.iterdir()} <= {
        "decisions.yaml", "spec-0.yaml", "spec-1.yaml",
    }  # fmt: skip


def test_an_answer_that_contradicts_others_is_told_and_not_saved(specs: Path) -> None:
    written(specs, text_of("moon", {"id": "m", "title": "Something Else"}), names=["moon.yaml"])
    steps = (match(DEP[0], "moon/m"), match(DEP[1], "moon/m", "reject"))
    (specs / "decisions.yaml").write_text(decisions_text(*({**s, "by": "Bo"} for s in steps)))
    out = piped(specs, "y", "u", "q").out
    assert "Not saved: moon/m and ridge/dep are rejected by Bo" in out.replace(
        "ridge/dep and moon/m", "moon/m and ridge/dep"
    )
    assert answers(specs)[DEP] == "unsure"


def test_help_tells_each_letter_and_the_command_that_tells_more(specs: Path) -> None:
    out = piped(specs, "?", "q").out
    for letter in "ynusbq":
        assert f"\n  {letter}   " in out
    assert f"harmonize explain {DEP[0]} {DEP[1]}" in out


def test_a_blind_session_shows_no_scores(specs: Path) -> None:
    out = piped(specs, "s", "s", "s", options=("--hide-scores",)).out
    assert "%" not in out
    assert "For it" not in out
    assert "All-Cause" in out


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--concept", "spoon"), 1),
        (("--payer", "la*"), 3),
        (("--payer", "lake", "--concept", "PCR"), 1),
        (("--match-at", "0.3"), 1),
    ],
)
def test_only_what_is_sought(specs: Path, options: tuple[str, ...], count: int) -> None:
    assert f"{count} question" in piped(specs, "q", options=options).out


def test_letters_that_nobody_can_see_are_no_answer(specs: Path) -> None:
    done = harmonize(
        "review", str(specs), "--by", "Ana", stdin=b"n a\x1b[31mb\nn \xff\xfe\nn plain\tenough\n"
    )
    assert done.code == 0
    assert "\x1b" not in done.out
    assert ledger(specs)[DEP].because == "plain enough"


# --- nobody there, nothing to ask ---------------------------------------------------------------


@pytest.mark.parametrize("by", ["Ana", ""])
def test_without_input_it_says_what_is_missing(specs: Path, by: str) -> None:
    named = ("--by", by) if by else ()
    done = subprocess.run(
        (sys.executable, "-m", "harmonize", "review", str(specs), *named),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert done.stdout == b""
    assert all(word in done.stderr for word in (b"--by", b"--export", b"--decisions"))
    assert not (specs / "decisions.yaml").exists()


def test_an_empty_pipe_is_nobody(specs: Path) -> None:
    done = piped(specs)
    assert done.code == 2
    assert "--export" in done.err


def test_a_pipe_says_in_whose_name(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = piped(specs, "y", by="")
    assert (done.code, done.out) == (2, "")
    assert "--by" in done.err
    assert "HARMONIZE_BY" in done.err
    monkeypatch.setenv("HARMONIZE_BY", "Bo")
    assert piped(specs, "y", by="").code == 0
    assert ledger(specs)[DEP].by == "Bo"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--concept", "spoon", "--payer", "none*"), 2),
        (("--concept", "marmalade"), 2),
        (("--match-at", "0.03"), 0),
    ],
)
def test_nothing_to_ask(specs: Path, options: tuple[str, ...], code: int) -> None:
    done = piped(specs, by="", options=options)
    assert done.code == code
    assert ("Nothing is to be settled" in done.out) is (code == 0)


def test_all_settled_is_said(specs: Path) -> None:
    piped(specs, "y", "y", "y")
    done = piped(specs, by="")
    assert done.code == 0
    assert "Nothing is to be settled" in done.out


# --- cut short ----------------------------------------------------------------------------------


def test_a_write_that_is_cut_short_leaves_the_answers_before(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Path.replace
    writes: list[Path] = []

    def replace(self: Path, target: Path) -> Path:
        writes.append(target)
        if len(writes) > 1:
            raise KeyboardInterrupt
        return kept(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    done = piped(specs, "y", "y", "y")
    assert done.code == 130
    assert answers(specs) == {DEP: "accept"}
    assert "1 answered" in done.out.splitlines()[-1]
    assert [one.name for one in specs.iterdir() if one.name.startswith(".")] == []


def test_a_file_that_cannot_be_written_is_told(
    specs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", replace)
    done = piped(specs, "y")
    assert done.code == 2
    assert re.fullmatch(r"Error: .*decisions\.yaml: No space left on device\n", done.err)
    assert "Nothing answered" in done.out


# --- in a terminal ------------------------------------------------------------------------------


class Terminal:
    """A session before a terminal, and whoever types into it."""

    def __init__(self, specs: Path, *options: str, width: int = 80, by: str = "Ana") -> None:
        self.leader, follower = pty.openpty()
        named = ("--by", by) if by else ()
        arguments = ("review", str(specs), *named, "--width", str(width), *options)
        self.running = subprocess.Popen(
            (sys.executable, "-m", "harmonize", *arguments),
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env={**os.environ, "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(follower)
        self.seen = b""

    def until(self, wanted: bytes = PROMPT) -> str:
        """What is shown from here to the next prompt."""
        shown = b""
        while wanted not in shown:
            assert select.select([self.leader], [], [], PATIENCE)[0], shown
            piece = os.read(self.leader, 65536)
            assert piece, shown
            shown += piece
        return shown.decode()

    def says(self, line: str, wanted: bytes = PROMPT) -> str:
        """A line typed in, and what is shown then."""
        os.write(self.leader, f"{line}\n".encode())
        return self.until(wanted)

    def ends(self, line: str = "") -> tuple[int, str]:
        """A last line, the exit code, and the last words."""
        if line:
            os.write(self.leader, f"{line}\n".encode())
        patience = threading.Timer(PATIENCE, self.running.kill)
        patience.start()
        seen = to_the_end(self.leader).decode()
        patience.cancel()
        return self.running.wait(PATIENCE), seen

    def interrupted(self) -> tuple[int, str]:
        """The same after an interrupt, which is lost if it comes just before somebody waits."""
        time.sleep(0.5)
        self.running.send_signal(signal.SIGINT)
        return self.ends()


@pytest.fixture
def before(specs: Path) -> Iterator[Any]:
    """Opens sessions; none outlives its test."""
    opened: list[Terminal] = []

    def open_(*options: str, **more: Any) -> Terminal:
        opened.append(Terminal(specs, *options, **more))
        return opened[-1]

    yield open_
    for one in opened:
        if one.running.poll() is None:
            one.running.kill()
            one.running.wait()


def test_answer_back_change_quit_and_resume(specs: Path, before: Any) -> None:
    first = before()
    assert DEP[0] in first.until()
    assert "2 of 3, 1 answered" in first.says("y close: same people")
    assert answers(specs) == {DEP: "accept"}  # before the next question is answered
    assert "3 of 3, 2 answered" in first.says("n other days")
    assert answers(specs) == {DEP: "accept", PCR: "reject"}
    again = first.says("b")
    assert "Your answer: not one measure: other days." in again
    assert "3 of 3, 2 answered" in first.says("u")
    assert answers(specs) == {DEP: "accept", PCR: "unsure"}
    code, last = first.ends("q")
    assert code == 0
    assert "2 answered" in last
    assert "1 remains" in last

    second = before()
    shown = second.until()
    assert "1 of 1, 0 answered" in shown
    assert SPOONS[0] in shown
    assert second.ends("y")[0] == 0
    assert answers(specs) == {DEP: "accept", PCR: "unsure", SPOONS: "accept"}


def test_the_end_of_the_input_quits_and_the_name_is_asked_for(specs: Path, before: Any) -> None:
    session = before(by="")
    session.until(b"Who answers? ")
    session.says("Bo of the Lake")
    session.says("y")
    os.write(session.leader, b"\x04")
    assert session.ends()[0] == 0
    assert ledger(specs)[DEP].by == "Bo of the Lake"


def test_an_interrupt_leaves_every_answer(specs: Path, before: Any) -> None:
    session = before()
    session.until()
    session.says("y")
    session.says("n", b"no answer) ")
    code, last = session.interrupted()
    assert code == 130
    assert "1 answered" in last
    assert "Traceback" not in last
    assert answers(specs) == {DEP: "accept"}


def test_two_who_answer_at_once_do_not_overwrite_each_other(specs: Path, before: Any) -> None:
    session = before(by="Bo")
    session.until()
    session.says("y")
    piped(specs, "n other days", "q", by="Ana")
    assert "settled meanwhile: rejected by Ana" in " ".join(session.says("y").split())
    assert DEP[0] in session.says("b")  # what others have settled is passed over
    assert "withdraw" in session.says("c")
    session.says("")
    session.ends("y")
    assert {refs: one.by for refs, one in ledger(specs).items()} == {
        DEP: "Bo", PCR: "Ana", SPOONS: "Bo",
    }  # fmt: skip


# --- how it is drawn ----------------------------------------------------------------------------

ODD: Final = "[bold]Spoon[/bold] \x1b[31m\u202ePolishing Score"


def _drawn(width: int | None, color: bool, **more: Any) -> str:
    long = "the share of spoons that shine " * 30
    mine: Mapping[str, Any] = {"id": "s", "title": ODD, "denominator": long, "ages": "1-2", **more}
    sets = (spec("lake", mine), spec("ridge", {"title": "Polished Spoons", "denominator": "all",
                                               "ages": "3+"}))  # fmt: skip
    seen = published(*sets)
    (pair,) = seen.report.crosswalk.possible
    lists = Lists(seen.report.payers, knowledge())
    return drawn(question(pair, seen, lists, NO_RULINGS), width, color=color)


@pytest.mark.parametrize("width", [40, 80, 200, None])
def test_a_question_fits_its_terminal_and_hides_nothing(width: int | None) -> None:
    made = _drawn(width, color=False)
    assert all(len(line) <= (width or 10_000) for line in made.splitlines())
    flat = "".join(made.split())
    assert "\x1b" not in made
    assert "\u202e" not in made
    for part in ("[bold]", "\\x1b[31m", "\\u202e"):
        assert part in (flat if width is None or width > 80 else made + flat)
    assert "differ" in made
    assert len(made) < 6_000


def test_color_adds_nothing_but_color() -> None:
    colored = re.sub(r"\x1b\[[0-9;]*m", "", _drawn(80, color=True))
    plain = [line.rstrip() for line in _drawn(80, color=False).splitlines()]
    assert [line.rstrip() for line in colored.splitlines()] == plain
    assert items(spec("lake", ODD))[0].title == ODD
