"""The gate where others run it: the action's inputs are the command's options, the hooks run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import click
import pytest
import yaml
from building import ROOT, text_of, written

from harmonize.cli import COMMANDS
from harmonize.cli.check import check

ACTION: Final[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: Final = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
GIT: Final = shutil.which("git") or "git"
BASH: Final = shutil.which("bash") or "bash"
BP: Final = {"id": "bp", "title": "Controlling High Blood Pressure", "ages": "18-85"}


def _options() -> dict[str, click.Parameter]:
    """What the command takes, by the name that a person types."""
    return {max(p.opts, key=len).removeprefix("--"): p for p in check.params}


def _step() -> dict[str, Any]:
    (step,) = [one for one in ACTION["runs"]["steps"] if "harmonize check" in one.get("run", "")]
    return dict(step)


def test_the_inputs_of_the_action_are_the_options_of_the_command() -> None:
    assert list(ACTION["inputs"]) == list(_options())
    assert {one["default"] for one in ACTION["inputs"].values()} == {""}
    handed = {name.removeprefix("HARMONIZE_"): value for name, value in _step()["env"].items()}
    assert handed == {
        name.replace("-", "_"): f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]
    }
    assert "${{" not in _step()["run"]  # an input is never a part of the script


def test_the_action_hands_over_what_it_is_given(tmp_path: Path) -> None:
    stub = tmp_path / "harmonize"
    stub.write_text('#!/bin/sh\nfor one in "$@"; do printf "<%s>\\n" "$one"; done\nexit 7\n')
    stub.chmod(0o755)
    given = dict.fromkeys(ACTION["inputs"], "")
    for name, one in _options().items():
        given[name] = "true" if getattr(one, "is_flag", False) else f"{name} $(x)"
    given |= {"paths": "a b\nc;d\n", "payer": "or-*\nri-*"}
    env = {f"HARMONIZE_{k.replace('-', '_')}": v for k, v in given.items()}
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        (BASH, "-e", "-c", _step()["run"]),
        env={**env, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout.splitlines()
    assert done.returncode == 7
    assert said[-3:] == ["<-->", "<a b>", "<c;d>"]
    wanted = {f"<--{n}={v}>" for n, v in given.items() if v.endswith(" $(x)")}
    wanted |= {f"<--{n}>" for n, v in given.items() if v == "true"}
    assert said[0] == "<check>"
    assert {*said[1:-3]} == wanted | {"<--payer=or-*>", "<--payer=ri-*>"}
    nothing = subprocess.run(
        (BASH, "-e", "-c", _step()["run"]),
        env={**dict.fromkeys(env, ""), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert nothing.stdout == "<check>\n<-->\n"


def test_hooks_call_commands_that_there_are() -> None:
    assert [one["id"] for one in HOOKS] == ["harmonize-validate", "harmonize-check"]
    for one in HOOKS:
        program, command = one["entry"].split()
        assert (program, command in COMMANDS) == ("harmonize", True)
        assert one["pass_filenames"] is False


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A Test", "-c", "user.email=test@example.org")
    subprocess.run((GIT, *who, *arguments), cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.mark.hooks
@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_the_hooks_run_in_pre_commit(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    origin, work = tmp_path / "origin", tmp_path / "work"
    # A clone, so that what git ignores is not built into the hook's environment.
    subprocess.run((GIT, "clone", "-q", str(ROOT), str(origin)), check=True, capture_output=True)
    older = {**BP, "ages": "18-75"}
    written(
        work / "specs", text_of("lake", BP), text_of("ridge", older), names=["a.yaml", "b.yaml"]
    )
    policy = "harmonize: 1\npolicy: {rules: {unjustified-difference: error}}\n"
    (work / "harmonize.yaml").write_text(policy, "utf-8")
    _git(work, "init", "-q")
    _git(work, "add", ".")

    def tried(hook: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (sys.executable, "-m", "pre_commit", "try-repo", str(origin), hook, "--all-files"),
            cwd=work,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    fine, failed = tried("harmonize-validate"), tried("harmonize-check")
    assert fine.returncode == 0, fine.stdout + fine.stderr
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "HZ632 [error] Controlling High Blood Pressure: payers differ in ages" in failed.stdout
    _git(work, "rm", "-q", "--cached", "specs/b.yaml")
    (work / "specs" / "b.yaml").write_text(text_of("ridge", BP), "utf-8")
    _git(work, "add", ".")
    kept = tried("harmonize-check")
    assert kept.returncode == 0, kept.stdout + kept.stderr
