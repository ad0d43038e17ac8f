"""Files that we write: whole or not at all."""

import os
import tempfile
from pathlib import Path


def write(path: Path, text: str, *, bom: bool = False) -> None:
    """Put a text where `path` says; whoever looks sees the old file or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def start(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    """Write a new folder of files; raises `FileExistsError` for one that is already there."""
    there = [folder / name for name in files if (folder / name).exists()]
    if there:
        raise FileExistsError(str(there[0]))
    written = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, text)
        written.append(path)
    return tuple(written)
