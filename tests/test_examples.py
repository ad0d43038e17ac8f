"""Every example on disk is run, in every format that it shows, and gives what stands beside it."""

import re
import runpy
import shlex
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from harmonize.cli import run

EXAMPLES = Path(__file__).parent.parent / "examples"
LINE = re.compile(r"(?:\[(?P<code>\d)\]\s+)?(?P<file>\S+)\s+(?P<command>(?:harmonize|python)\s+.+)")


def _runs() -> list[tuple[str, str, int, str]]:
    found = []
    for listing in sorted(EXAMPLES.glob("*/run.txt")):
        for line in listing.read_text(encoding="utf-8").splitlines():
            match = LINE.fullmatch(line.strip())
            assert match, f"{listing}: {line}"
            case = listing.parent.name
            found.append((case, match["file"], int(match["code"] or 0), match["command"]))
    return found


def _ran(program: str, *arguments: str) -> NoReturn:
    """A command line, or a Python file, here and now."""
    if program == "python":
        before, sys.argv = sys.argv, list(arguments)
        try:
            runpy.run_path(arguments[0], run_name="__main__")
        finally:
            sys.argv = before
        sys.exit(0)
    run(list(arguments))
    raise AssertionError(arguments)


@pytest.mark.parametrize(("case", "file", "code", "command"), _runs())
def test_an_example_gives_what_stands_beside_it(
    case: str,
    file: str,
    code: int,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    pytestconfig: pytest.Config,
) -> None:
    monkeypatch.chdir(EXAMPLES / case)
    with pytest.raises(SystemExit) as ended:
        _ran(*shlex.split(command))
    shown = capfdbinary.readouterr().out.decode()
    expected = EXAMPLES / case / file
    if pytestconfig.getoption("--write-examples"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(shown, encoding="utf-8", newline="")
    assert ended.value.code == code
    assert shown or not command.startswith("python")
    assert shown == expected.read_bytes().decode()


def test_every_example_says_what_it_shows_and_is_run() -> None:
    for case in EXAMPLES.iterdir():
        assert (case / "README.md").is_file(), case
        assert (case / "run.txt").is_file() or case.name == "bad-specs", case


def test_nothing_stands_beside_an_example_that_no_run_makes() -> None:
    made = {EXAMPLES / case / file for case, file, _, _ in _runs()}
    there = {
        path for path in EXAMPLES.glob("*/expected/*") if path.parent.parent.name != "bad-specs"
    }
    assert there <= made
