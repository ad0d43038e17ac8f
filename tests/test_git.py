"""REF:path: files and folders as of a commit, and the line to run where the commit is not here."""

import re
import shlex
from pathlib import Path

import pytest
from building import Done, harmonize, text_of
from repository import committed, git, repository

from harmonize import git as reading
from harmonize.problems import SpecError

CBP = "Controlling High Blood Pressure"
EXTENDING = "harmonize: 1\npayer: alpha\nextends: ../bases/a.yaml\n"
OLD = text_of("alpha", {"id": "CBP", "title": CBP, "ages": "18-85"})
NEW = text_of("alpha", {"id": "CBP", "title": CBP, "ages": "18-90"})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two releases; the files of the later one lie there."""
    folder = repository(tmp_path / "origin")
    bravo = text_of("bravo", {"title": CBP, "ages": "18-85"})
    committed(folder, {"specs/alpha.yaml": OLD, "specs/deep/b\u00e9 two.yaml": bravo}, "v1")
    committed(folder, {"specs/alpha.yaml": NEW, "specs/.hidden.yaml": "no spec"}, "v2")
    monkeypatch.chdir(folder)
    return folder


def ages(done: Done) -> bool:
    return "ages: 18-85 -> 18-90" in done.out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("v1:specs", "specs"),
        ("v1:specs/", "v2:./specs"),
        ("HEAD~1:specs/alpha.yaml", "HEAD:specs/alpha.yaml"),
        ("main~1:", "main:"),
        ("v1^{commit}:specs", "v2:specs/deep/../alpha.yaml"),
    ],
)
def test_a_file_or_a_folder_as_of_a_commit(here: Path, old: str, new: str) -> None:
    assert ages(harmonize("diff", old, new))


def test_it_works_wherever_a_path_does(here: Path) -> None:
    done = harmonize("compare", "v1:specs", "-f", "json")
    assert done.code == 0
    assert '"source": "v1:specs/deep/b\u00e9 two.yaml:' in done.out
    (here / "v1:specs").write_text(NEW, "utf-8")  # an existing path beats it
    assert "alpha" in harmonize("compare", "v1:specs").err
    assert harmonize("compare", "specs", "--reference", "v1:specs/nope").code == 2


def test_what_a_spec_extends_and_what_lies_beside_it_are_of_the_same_commit(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = OLD.replace('payer: "alpha"\n', "")
    committed(here, {"bases/a.yaml": base, "specs/alpha.yaml": EXTENDING}, "v3")
    (here / "bases/a.yaml").unlink()
    assert harmonize("validate", "v3:specs").code == 0
    moved = {"sub/bases/a.yaml": base, "sub/specs/alpha.yaml": EXTENDING, "bases/a.yaml": "no: 1"}
    committed(here, moved, "v3b")
    monkeypatch.chdir(here / "sub")
    assert harmonize("validate", "v3b:./specs").code == 0
    monkeypatch.chdir(here)
    committed(here, {"decisions.yaml": "decisions: 7\n"}, "v4")
    (here / "decisions.yaml").unlink()
    assert harmonize("compare", "v4:specs").code == 2
    assert harmonize("compare", "v2:specs").code == 0


def test_links_and_submodules_are_left_alone(here: Path) -> None:
    (here / "specs/link.yaml").symlink_to("/etc/passwd")
    head = git(here, "rev-parse", "HEAD").strip()
    git(here, "update-index", "--add", "--cacheinfo", f"160000,{head},specs/sub")
    git(here, "add", "specs/link.yaml")
    git(here, "commit", "-qm", "links")
    assert harmonize("validate", "HEAD:specs").code == 0
    assert "HZ003" in harmonize("validate", "HEAD:specs/link.yaml").out
    assert "HZ003" in harmonize("validate", "HEAD:specs/sub").out


def test_a_hostile_repository_runs_nothing_and_nothing_is_written(here: Path) -> None:
    trap = here / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {here}/sprung\n", "utf-8")
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "filter.x.smudge",
        "diff.external",
    ):
        git(here, "config", key, str(trap))
    (here / ".git/hooks").mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (here / f".git/hooks/{hook}").symlink_to(trap)
    (here / ".gitattributes").write_text("* filter=x diff=x\n", "utf-8")

    def state() -> dict[str, float]:
        return {str(p): p.stat().st_mtime_ns for p in (here / ".git").rglob("*") if p.is_file()}

    before = state()
    assert ages(harmonize("diff", "v1:specs", "v2:specs"))
    assert state() == before
    assert not (here / "sprung").exists()


def test_what_a_partial_clone_lacks_is_not_fetched_behind_our_back(here: Path) -> None:
    blob = git(here, "rev-parse", "v2:specs/alpha.yaml").strip()
    (here / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::sh -c 'touch {here}/sprung'",
        "protocol.ext.allow": "always",
    }.items():
        git(here, "config", key, value)
    done = harmonize("compare", "v2:specs")
    assert done.code == 2
    assert "HZ554" in done.err
    assert not (here / "sprung").exists()


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("mian:specs", "HZ553 no ref 'mian' in this repository; did you mean main?"),
        ("v1:nope", "HZ001 no such file or folder in v1"),
        ("v1:../specs", "HZ001 no such file or folder in v1"),
        ("v1:specs\\n", "HZ001 no such file or folder in v1"),
        ("v1:specs/deep\0", "HZ554"),
        (":specs", "HZ001"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(here: Path, named: str, told: str) -> None:
    done = harmonize("compare", named)
    assert done.code == 2
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_no_ref_is_an_option(here: Path) -> None:
    done = harmonize("diff", "--", "--output=x:specs", "specs")
    assert done.code == 2
    assert "begins with a dash" in done.err


def test_a_path_is_seen_from_the_top_or_with_a_dot_from_here(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here / "specs")
    assert harmonize("validate", "v1:./alpha.yaml").code == 0
    assert "give v1:./alpha.yaml" in harmonize("validate", "v1:alpha.yaml").out


def test_without_git_or_a_repository(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "HZ552" in harmonize("compare", "v1:specs").err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "HZ551 git is not installed" in harmonize("compare", "v1:specs").err


def test_bounds_hold(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SIZE", 20)
    assert "HZ008" in harmonize("validate", "v1:specs").out
    monkeypatch.setattr(reading, "SIZE", 1000)
    monkeypatch.setattr(reading, "MOST", 20)
    assert "HZ008" in harmonize("validate", "v1:specs").out


@pytest.mark.parametrize("named", ["v1:specs", "main~1:specs", "side:specs", "origin/side:specs"])
def test_the_line_that_is_told_in_a_shallow_clone_brings_what_was_missing(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    git(here, "branch", "side", "v1")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{here}", "shallow")
    clone = tmp_path / "shallow"
    monkeypatch.chdir(clone)
    done = harmonize("diff", named, "specs")
    assert done.code == 2
    line = re.search(r"run (git fetch [^;\n]+)", done.err)
    assert line, done.err
    git(clone, *shlex.split(line[1])[1:])
    assert ages(harmonize("diff", named, "specs"))


def test_tags_are_in_the_order_of_their_versions(here: Path) -> None:
    git(here, "tag", "v10")
    assert reading.tags("v*") == ("v1", "v2", "v10")
    with pytest.raises(SpecError):
        reading.contents(reading.At("nope", "specs"), None, [])


def test_figures_by_release(here: Path) -> None:
    done = harmonize("history", "v*", "--figure", "to_settle", "-f", "csv")
    assert done.out.splitlines() == [
        "release,figure,value,of,unit",
        "v1,to_settle,0,1,shared measures",
        "v2,to_settle,1,1,shared measures",
    ]
    table = harmonize("history", "v2", "v1").out.splitlines()
    assert [line.split()[0] for line in table] == ["release", "v2", "v1"]
    assert '"release": "v1"' in harmonize("history", "v1", "-f", "json").out
    assert harmonize("history", "v1", "v2", "--path", str(here / "specs")).out == (
        harmonize("history", "v1", "v2").out
    )
    assert harmonize("history", "x*").code == 2
    assert harmonize("history", "v1", "--figure", "nope").code == 2


def test_a_ref_without_a_path_is_told_how_to_go_on(here: Path) -> None:
    done = harmonize("diff", "v1", "v2")
    assert (done.code, "'v1' is a ref and no file" in done.err) == (2, True)
    assert "HZ001" in harmonize("diff", "nothing", "v2:specs").err


def test_releases_are_read_as_the_configuration_says(here: Path) -> None:
    """Where its specs are and how it matches; and nothing that stands beside them now."""
    core = text_of("core", CBP)
    config = "harmonize: 1\nspecs: lists\nreference: lists/core.yaml\nmatch_at: 0.99999\n"
    lists = {f"lists/{one}.yaml": text_of(one, {"title": f"{CBP} {one}"}) for one in ("x", "y")}
    committed(here, {"lists/core.yaml": core, "harmonize.yaml": config, **lists})
    unsure = harmonize("history", "HEAD", "--figure", "shared_by_two_or_more", "-f", "csv")
    assert "HEAD,shared_by_two_or_more,0," in unsure.out
    assert "HEAD,measures_listed,2," in harmonize("history", "HEAD", "-f", "csv").out
    (here / "lists" / "core.yaml").write_text(text_of("core", {"title": CBP, "ages": "18+"}))
    assert harmonize("diff", "HEAD:lists/core.yaml", "lists/core.yaml").code == 0
    two = harmonize("diff", "lists/x.yaml", "specs/alpha.yaml", "-f", "json").out
    assert '"new": "alpha/CBP"' in two
    assert "core/" not in two
    done = harmonize("check", "--against", "HEAD")
    assert (done.code, done.out) == (0, "")
