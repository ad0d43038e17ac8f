"""Files are written whole or not at all, and what was there stays until then."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmonize.writing import start, write


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_what_is_written_is_the_text_byte_by_byte(
    tmp_path_factory: pytest.TempPathFactory, text: str, bom: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "out.csv"
    write(path, text, bom=bom)
    assert path.read_bytes() == (b"\xef\xbb\xbf" if bom else b"") + text.encode()


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("as it was", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        write(path, "half \ud800")
    assert path.read_text("utf-8") == "as it was"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("name", ["nowhere/out.csv", "file/out.csv", "folder"])
def test_an_error_names_the_path_that_was_asked_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("a", "utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=f"{name}'$") as caught:
        write(tmp_path / name, "a")
    assert caught.value.filename == str(tmp_path / name)
    assert caught.value.strerror
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", "utf-8")
    path.chmod(0o600)
    link = tmp_path / "link.csv"
    link.symlink_to("out.csv")
    write(link, "new")
    assert link.is_symlink()
    assert path.read_text("utf-8") == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text("utf-8")), daemon=True)
    reader.start()
    write(pipe, "through\n")
    reader.join(5)
    assert heard == ["through\n"]
    assert pipe.is_fifo()


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    write(tmp_path / "ours", "a")
    (tmp_path / "theirs").write_text("a", "utf-8")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode


def test_a_folder_is_started_only_where_nothing_is_in_the_way(tmp_path: Path) -> None:
    files = {"specs/a.yaml": "a", "b.json": "b"}
    assert start(tmp_path / "new", files) == tuple(tmp_path / "new" / name for name in files)
    assert (tmp_path / "new/specs/a.yaml").read_text("utf-8") == "a"
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.json").symlink_to("nowhere")
    with pytest.raises(FileExistsError, match=r"b\.json"):
        start(other, files)
    assert not (other / "specs").exists()


@pytest.mark.parametrize(
    "step", ["tempfile.mkstemp", "os.fdopen", "pathlib.Path.chmod", "pathlib.Path.replace"]
)
def test_whatever_step_fails_the_old_file_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "decisions.yaml"
    path.write_text("as it was", "utf-8")
    monkeypatch.setattr(step, full)
    with pytest.raises(OSError, match=r"decisions\.yaml"):
        write(path, "new")
    monkeypatch.undo()
    assert path.read_text("utf-8") == "as it was"
    assert [*tmp_path.iterdir()] == [path]


# Ends itself at the step of that number: whatever the interpreter tells of is a step.
KILLED = """
import os, signal, sys
from pathlib import Path
from harmonize.writing import write
steps, last = 0, int(sys.argv[2])
def hook(event, args):
    global steps
    steps += 1
    if steps == last + 1:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
write(Path(sys.argv[1]), "new " * 10_000)
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("before", ["old " * 10_000, None])
def test_a_killed_process_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, before: str | None
) -> None:
    path = tmp_path / "decisions.yaml"
    found = []
    for last in range(50):
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_text(before, "utf-8")
        command = (sys.executable, "-c", KILLED, str(path), str(last))
        done = subprocess.run(command, check=False)
        found.append(path.read_text("utf-8") if path.exists() else None)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert len(found) > 3
    assert set(found) == {before, "new " * 10_000}
    assert found[-1] == "new " * 10_000
