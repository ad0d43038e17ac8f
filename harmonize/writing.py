"""Files that we write: whole or not at all."""

import errno
import os
import stat
import tempfile
from pathlib import Path


def write(path: Path, made: str | bytes, *, bom: bool = False) -> None:
    """Put a text or bytes where `path` says; whoever looks sees the old file or the new one.

    A link stays a link, and a file keeps its mode; a pipe or a device (`/dev/null`) is written to
    and not replaced.  An `OSError` names `path`.
    """
    target = Path(os.path.realpath(path))
    raw = made if isinstance(made, bytes) else made.encode("utf-8-sig" if bom else "utf-8")
    try:
        _replace(target, raw)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _replace(target: Path, raw: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.is_file():
        target.write_bytes(raw)
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".harmonize.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """The mode that a file has, or that a new one gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def start(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    """Write a new folder of files; raises `FileExistsError` for one that is already there."""
    there = [folder / name for name in files if os.path.lexists(folder / name)]
    if there:
        raise FileExistsError(str(there[0]))
    written = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, text)
        written.append(path)
    return tuple(written)
