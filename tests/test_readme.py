"""What the README shows is what the program does now."""

import re
import shlex
from pathlib import Path

import pytest

from harmonize.cli import run

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(
    r"<!-- (?P<kind>run|file|part)(?: in (?P<folder>\S+))?: (?P<what>.+?) -->\n"
    r"```\w*\n(?P<body>.*?)```\n",
    re.DOTALL,
)


def _blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(README.read_text(encoding="utf-8")))


def _shown(block: re.Match[str], capfdbinary: pytest.CaptureFixture[bytes]) -> str:
    if block["kind"] == "file":
        return (ROOT / block["what"]).read_text(encoding="utf-8")
    if block["kind"] == "part":
        assert block["body"] in (ROOT / block["what"]).read_text(encoding="utf-8")
        return block["body"]
    with pytest.raises(SystemExit):
        run(shlex.split(block["what"])[1:])
    return capfdbinary.readouterr().out.decode()


def test_blocks_are_what_the_program_gives(
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    pytestconfig: pytest.Config,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = README.read_text(encoding="utf-8")
    made, end = "", 0
    for block in _blocks():
        monkeypatch.chdir(ROOT / (block["folder"] or "."))
        shown = _shown(block, capfdbinary)
        assert shown, block["what"]
        made += text[end : block.start("body")] + shown
        end = block.end("body")
    made += text[end:]
    if pytestconfig.getoption("--write-examples"):
        README.write_text(made, encoding="utf-8")
    assert len(_blocks()) >= 6
    assert made == README.read_text(encoding="utf-8")


@pytest.mark.parametrize("heading", ["## Run it", "## Test it"])
def test_a_command_stands_alone_under_its_heading(heading: str) -> None:
    section = README.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1].split("\n## ")[0]
    blocks = re.findall(r"```\w*\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 1
    assert len(blocks[0].strip().splitlines()) == 1


def test_every_table_row_is_told() -> None:
    text = README.read_text(encoding="utf-8")
    for case in (ROOT / "examples").iterdir():
        assert f"(examples/{case.name})" in text, case.name
