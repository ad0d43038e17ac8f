"""The walls: lint, format, types and import contracts run with every other test."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harmonize.reading import knowledge
from harmonize.slots import name_bags

ROOT = Path(__file__).parent.parent
HEAVY = {"pandas", "rich", "yaml", "rapidfuzz", "jinja2", "highspy", "numpy"}
GATES = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
}


@pytest.mark.parametrize("gate", GATES)
def test_gate(gate: str) -> None:
    done = subprocess.run(
        (sys.executable, "-m", *GATES[gate]), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_data_walks_one_way() -> None:
    code = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        (sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_waits_for_no_heavy_library() -> None:
    code = (
        "import sys; from harmonize.cli import run\n"
        "try:\n    run(['--help'])\n"
        "except SystemExit:\n"
        f"    print(sorted({HEAVY} & set(sys.modules)))"
    )
    done = subprocess.run(
        (sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_compiled_knowledge_is_what_the_files_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed, made = tmp_path / "none.json", tmp_path / "made.json"
    made.write_text(knowledge.compiled(), encoding="utf-8")
    found = []
    for path in (parsed, made):
        monkeypatch.setattr(knowledge, "COMPILED", str(path))
        found.append(knowledge.shipped.__wrapped__())
    assert found[0].entries
    read, made_of = ({**vars(one), "bags": ()} for one in found)
    assert read == made_of
    assert found[0].bags == ()
    assert found[1].bags == tuple(tuple(sorted(bag)) for bag in name_bags(found[0]))


def test_words_of_names_are_left_aside_when_the_code_that_reads_them_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made.json"
    made.write_text(knowledge.compiled(), encoding="utf-8")
    monkeypatch.setattr(knowledge, "COMPILED", str(made))
    monkeypatch.setattr(knowledge, "READERS", ("slots.py",))
    assert knowledge.shipped.__wrapped__().bags == ()


def test_other_knowledge_has_other_words_of_names() -> None:
    assert replace(knowledge.shipped(), synonyms={}).bags == ()


def test_compiled_knowledge_of_other_files_is_left_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = tmp_path / "stale.json"
    stale.write_text('{"hash": "of another day", "contents": []}', encoding="utf-8")
    monkeypatch.setattr(knowledge, "COMPILED", str(stale))
    assert knowledge.shipped.__wrapped__().entries


def test_the_page_on_the_design_knows_every_room_by_its_sentence() -> None:
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    for path in (ROOT / "harmonize").glob("*"):
        file = path / "__init__.py" if path.is_dir() else path
        if not file.is_file() or file.suffix != ".py" or path.name.startswith("__"):
            continue
        if path.name == "data":
            continue
        doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        sentence = " ".join(doc.split("\n\n")[0].split())
        assert f"| `{path.stem}` | {sentence} |" in page, path.name
