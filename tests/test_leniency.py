"""A repository that has findings already: a baseline, ignores, and a CI around `validate`."""

import json
from pathlib import Path
from typing import Final

import jsonschema
import pytest
from building import harmonize

from harmonize.cli.telling import recognised
from harmonize.render import FINDINGS, FINDINGS_SUFFIXES

LAKE: Final = """\
harmonize: 1
payer: lake
measures:
  - id: A
    title: Asthma
    ages: grown-ups
  - id: B
    title: Breast Cancer Screening
    ages: some people
"""
STRICT: Final = ("validate", "--fail-on", "warning")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "lake.yaml").write_text(LAKE)
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "specs" / "lake.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_baseline_lets_pass_what_is_known_and_only_shrinks(folder: Path) -> None:
    assert harmonize(*STRICT).code == 1
    first = harmonize(*STRICT, "--write-baseline", "base.yaml")
    assert (first.code, first.out) == (0, "")
    assert "2 known, 0 new, 0 fixed" in first.err
    text = (folder / "base.yaml").read_text()
    assert len(text.splitlines()) == 4

    change(folder, "some people", "others")
    done = harmonize(*STRICT, "--baseline", "base.yaml")
    assert done.code == 1
    assert "specs/lake.yaml:9:11: HZ301 'ages' is 'others'" in done.out
    assert "grown-ups" not in done.out
    assert "1 warning; 1 known, 1 new, 1 fixed" in done.err
    assert (folder / "base.yaml").read_text() == text

    again = harmonize(*STRICT, "--write-baseline", "base.yaml")
    assert again.code == 1
    assert "1 known, 1 new, 1 fixed" in again.err
    assert "others" not in (folder / "base.yaml").read_text()
    assert len((folder / "base.yaml").read_text().splitlines()) == 3

    taken = harmonize(*STRICT, "--write-baseline", "base.yaml", "--accept-new")
    assert taken.code == 0
    assert "others" in (folder / "base.yaml").read_text()


def test_another_file_is_no_way_around_the_baseline(folder: Path) -> None:
    (folder / "old.yaml").write_text("harmonize: 1\nbaseline: []\n")
    done = harmonize(*STRICT, "--baseline", "old.yaml", "--write-baseline", "new.yaml")
    assert done.code == 1
    assert (folder / "new.yaml").read_text() == "harmonize: 1\nbaseline: []\n"


def test_words_places_and_names_change_no_fingerprint_and_a_value_does(folder: Path) -> None:
    def prints() -> set[str]:
        found = json.loads(harmonize("validate", "-f", "json").out)["findings"]
        return {one["fingerprint"] for one in found}

    before = prints()
    first, second = LAKE.split("  - id: B")
    head, a = first.split("  - id: A")
    (folder / "specs" / "lake.yaml").unlink()
    moved = f"# a remark\n{head}  - id: B{second}  - id: A{a}"
    (folder / "specs" / "renamed.yaml").write_text(moved)
    assert prints() == before
    (folder / "specs" / "renamed.yaml").write_text(moved.replace("grown-ups", "adults"))
    assert len(prints() & before) == 1


def test_nothing_is_taken_up_where_a_spec_cannot_be_read(folder: Path) -> None:
    (folder / "specs" / "ridge.yaml").write_text("harmonize: 1\npayer: ridge\nmeasures: 3\n")
    done = harmonize(*STRICT, "--write-baseline", "base.yaml")
    assert done.code == 2
    assert "The baseline is not written" in done.err
    assert "ridge.yaml:3:11" in done.out
    assert not (folder / "base.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--baseline", "none.yaml"), "none.yaml:1:1: HZ001"),
        (("--accept-new",), "--accept-new says what --write-baseline does"),
        (("-o", "a.doc"), "No format for the suffix"),
    ],
)
def test_what_cannot_be_done_is_told(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    done = harmonize("validate", *arguments)
    assert done.code == 2
    assert said in done.err


def test_a_comment_ignores_with_a_reason(folder: Path) -> None:
    change(folder, "grown-ups", "grown-ups  # harmonize: ignore HZ301 because so it says")
    done = harmonize("validate", "-f", "json")
    found = json.loads(done.out)
    assert [f["measures"] for f in found["findings"]] == [["lake/B"]]
    assert found["summary"]["ignored"] == 1
    change(folder, "HZ301 because", "HZ303 because")
    assert "HZ691 this ignore of 'HZ303' of lake/A in ages" in harmonize("validate").out
    change(folder, "because so it says", "")
    done = harmonize("validate")
    assert (done.code, "lake.yaml:6:1: HZ548" in done.out) == (2, True)


def test_the_configuration_ignores_with_a_reason_until_a_day(folder: Path) -> None:
    (folder / "harmonize.yaml").write_text(
        "harmonize: 1\nignore:\n"
        "  - {rule: HZ301, measure: lake/*, because: B, by: Ana, expires: 2026-12-31}\n"
    )
    assert harmonize(*STRICT, "--as-of", "2026-12-31").out == ""
    late = harmonize(*STRICT, "--as-of", "2027-01-01")
    assert late.code == 1
    assert "harmonize.yaml:3:5: HZ692 this ignore of 'HZ301' of lake/* expired" in late.out
    (folder / "harmonize.yaml").write_text("harmonize: 1\nignore:\n  - {rule: a}\n")
    assert "harmonize.yaml:3:5: HZ548" in harmonize("validate").out


def test_an_ignore_is_of_both_commands_and_of_the_folders_below(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "harmonize.yaml").write_text(
        "harmonize: 1\nspecs: specs\nignore:\n"
        "  - {rule: missing-source, because: B, by: Ana}\n"
        "  - {rule: HZ602, because: B, by: Ana}\n"
        "  - {rule: HZ301, because: B, by: Ana}\n"
    )
    monkeypatch.chdir(folder / "specs")
    assert harmonize(*STRICT).out == ""
    assert harmonize("check", "--fail-on", "info").out == ""


# --- the language of where it runs --------------------------------------------------------------

GITHUB: Final = {"GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "CI"}


@pytest.mark.parametrize(
    ("env", "terminal", "form"),
    [
        (GITHUB, False, "github"),
        ({"GITHUB_ACTIONS": "true"}, False, "concise"),
        ({"GITLAB_CI": "true"}, True, "concise"),
        ({"TF_BUILD": "True"}, True, "concise"),
        ({}, True, "text"),
        ({}, False, "concise"),
    ],
)
def test_a_ci_is_recognised(env: dict[str, str], terminal: bool, form: str) -> None:
    assert recognised(env, "concise", terminal=terminal) == form


def test_on_github_there_are_annotations_and_a_step_summary(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**GITHUB, "GITHUB_STEP_SUMMARY": str(folder / "step.md"),
                        "GITHUB_WORKSPACE": str(folder)}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    (folder / "step.md").write_text("before\n")
    monkeypatch.chdir(folder / "specs")
    done = harmonize("validate", ".")
    first, _ = done.out.splitlines()
    assert first.startswith("::warning file=specs/lake.yaml,line=6,col=11,title=harmonize HZ301::")
    page = (folder / "step.md").read_text()
    assert page.startswith("before\n## harmonize validate\n\n2 warnings.\n")
    assert harmonize("validate", ".", "-f", "lines").out.startswith("lake.yaml:6:11: HZ301 ")


@pytest.mark.parametrize("suffix", FINDINGS_SUFFIXES)
def test_the_suffix_says_the_format(folder: Path, suffix: str) -> None:
    done = harmonize("validate", "-o", f"found{suffix}")
    assert done.out == ""
    wanted = harmonize("validate", "-f", FINDINGS_SUFFIXES[suffix]).out
    assert (folder / f"found{suffix}").read_text() == wanted


@pytest.mark.parametrize("form", FINDINGS)
def test_nothing_but_the_format_is_on_stdout(folder: Path, form: str) -> None:
    noted = harmonize("validate", "-f", form)
    assert harmonize("validate", "-f", form, "--quiet").out == noted.out
    assert "2 files" not in noted.out


def test_the_schema_of_findings_is_printed(folder: Path) -> None:
    schema = json.loads(harmonize("schema", "findings").out)
    jsonschema.validate(json.loads(harmonize("validate", "-f", "json").out), schema)
    assert harmonize("schema", "findings", "-f", "markdown").code == 2
