"""A repository of specs with a history, made by git itself."""

import os
import subprocess
from pathlib import Path
from typing import Final

_CONFIG: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": f"a{at}example.org" for who in ("AUTHOR", "COMMITTER")
       for what, at in (("NAME", "."), ("EMAIL", "@"))},
}  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    """One command of git, which has to succeed."""
    done = subprocess.run(
        ("git", "-c", "protocol.file.allow=always", *arguments),  # noqa: S607
        cwd=folder,
        env=os.environ | _CONFIG,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository(folder: Path) -> Path:
    """An empty repository with the branch main."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def committed(folder: Path, files: dict[str, str], tag: str = "") -> Path:
    """The files, written and committed; the commit tagged."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", tag or "change")
    if tag:
        git(folder, "tag", tag)
    return folder
