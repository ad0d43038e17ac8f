"""Files as they stood in a commit, read with git as `REF:path` and without a checkout.

Only objects are read: no hook, no filter and no helper runs, nothing is fetched and nothing is
written, whatever the configuration of the repository says.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from posixpath import normpath
from typing import Final, NamedTuple

from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.nodes import SIZE

SECONDS: Final = 60  # after which git is not waited for
MOST: Final = 64 << 20  # bytes that are read of one folder
_NAMED: Final = re.compile(r"((?:[^:{]|\{[^}]*\})+):(.*)", re.DOTALL)  # main@{10:00}:specs
_STEPS: Final = re.compile(r"(?:[~^]|@\{).*", re.DOTALL)  # main~2, main^{commit}
_COMMIT: Final = re.compile(r"[0-9a-f]{4,64}")
_WHOLE: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_RELEASE: Final = re.compile(r"v?[0-9]+(?:[._-][0-9a-z]+)*")
_REGULAR: Final = ("100644", "100755")
_TREE: Final = "040000"
_QUIET: Final = (
    "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "--no-pager",
    "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs",
)  # fmt: skip
_SETTINGS: Final = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone fetches nothing behind our back
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class At(NamedTuple):
    """A file or folder as of a commit; the path is seen from the top of the repository."""

    ref: str
    path: str

    def __str__(self) -> str:
        return f"{self.ref}:{self.path}"

    def beside(self, named: str) -> "At":
        """What a path names that is seen from the folder of this one."""
        folder = self.path.rstrip("/").rpartition("/")[0]
        path = normpath(f"{folder}/{named}" if folder else named)
        return self._replace(path=f"./{path}" if self.path.startswith("./") else path)


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    object: str
    size: int
    path: str


def at(named: str) -> At | None:
    """What `REF:path` names; a path that exists is never that."""
    if os.path.lexists(named):
        return None
    found = _NAMED.fullmatch(named)
    if not found or (os.name == "nt" and len(found[1]) == 1):  # C:\specs
        return None
    return At(found[1], found[2])


def as_of(ref: str, path: str) -> At:
    """What stands at a path of the working tree, as of a commit."""
    return At(ref, f"./{os.path.relpath(path)}")


def was(ref: str, path: str) -> str:
    """The same, or the path itself where it was not there or is kept elsewhere."""
    then = as_of(ref, path)
    return str(then) if is_there(then) else path


def is_there(here: At) -> bool:
    """Whether it is a file or folder of the commit; raises `SpecError` for an unknown ref."""
    return _entry(here, _tree(here)) is not None


def contents(
    here: At, suffixes: frozenset[str] | None, problems: list[Problem]
) -> dict[str, bytes]:
    """What stands in a file, or in those of a folder whose names end so, by name and sorted.

    Names with a dot in front, links and submodules are left alone, as in a folder on disk.
    """
    found = _entry(here, _tree(here))
    if found is None:
        problems.append(Problem(Place(str(here)), "HZ001", _absent(here)))
        return {}
    if found.mode == _TREE:
        files = {f"{here.ref}:{_joined(here.path, e.path)}": e for e in _below(found, suffixes)}
    elif found.mode in _REGULAR:
        files = {str(here): found}
    else:
        told = "a link or a submodule, wanted a file or a folder of the commit"
        problems.append(Problem(Place(str(here)), "HZ003", told))
        return {}
    for name in [n for n, entry in files.items() if entry.size > SIZE]:
        message = f"larger than {SIZE >> 20} MiB, the most that a spec may be"
        problems.append(Problem(Place(name), "HZ008", message))
        del files[name]
    if sum(entry.size for entry in files.values()) > MOST:
        message = f"more than {MOST >> 20} MiB in one folder: name one that holds less"
        problems.append(Problem(Place(str(here)), "HZ008", message))
        return {}
    return _read(here, files)


def tags(pattern: str) -> tuple[str, ...]:
    """Tags that fit a glob, in the order of their versions."""
    told = _git("for-each-ref", "--sort=version:refname", "--format=%(refname)", "refs/tags/")
    names = (line.removeprefix("refs/tags/") for line in _text(_checked(told)).splitlines())
    return tuple(name for name in names if fnmatchcase(name, pattern))


# --- objects ------------------------------------------------------------------------------------


def _tree(here: At) -> str:
    """The tree of the commit."""
    if here.ref.startswith("-"):
        message = f"{here.ref!r} begins with a dash, as no ref does"
        raise SpecError((Problem(Place(str(here)), "HZ553", message),))
    found = _git("rev-parse", "--verify", "--quiet", f"{here.ref}^{{tree}}")
    if found.returncode == 0:
        return _text(found.stdout).strip()
    _checked(_git("rev-parse", "--git-dir"), str(here))
    raise SpecError((Problem(Place(str(here)), "HZ553", _missing(here.ref)),))


def _entry(here: At, tree: str) -> _Entry | None:
    path = here.path
    if path.startswith("./") or path == ".":  # seen from here, as git has it
        prefix = _text(_checked(_git("rev-parse", "--show-prefix"))).rstrip("\n")
        path = prefix + path
    path = normpath(path) if path else "."
    if path == ".":
        return _Entry(_TREE, tree, 0, "")
    if path.startswith(("/", "..")):
        return None
    return next((e for e in _listed(tree, path) if e.path == path), None)


def _below(folder: _Entry, suffixes: frozenset[str] | None) -> Iterator[_Entry]:
    for entry in sorted(_listed(folder.object, recurse=True), key=lambda e: e.path.split("/")):
        names = entry.path.split("/")
        hidden = any(name.startswith((".", "~$")) for name in names)
        suffix = os.path.splitext(names[-1])[1]  # noqa: PTH122 - a name in a commit is no path
        fits = suffixes is None or suffix in suffixes
        if entry.mode in _REGULAR and fits and not hidden:
            yield entry


def _listed(tree: str, *paths: str, recurse: bool = False) -> Iterator[_Entry]:
    deep = ("-r",) if recurse else ()
    found = _checked(_git("ls-tree", "-z", "-l", "--full-tree", *deep, tree, "--", *paths))
    for line in found.split(b"\0"):
        about, tab, path = line.partition(b"\t")
        if tab:
            mode, _, name, size = _text(about).split()
            yield _Entry(mode, name, int(size) if size.isdigit() else 0, _text(path))


def _read(here: At, files: dict[str, _Entry]) -> dict[str, bytes]:
    asked = "".join(f"{entry.object}\n" for entry in files.values())
    rest = _checked(_git("cat-file", "--batch", told=asked.encode()), str(here))
    found = {}
    for name in files:
        head, _, rest = rest.partition(b"\n")
        if not head or head.endswith(b"missing"):
            line = "git fetch --refetch --no-filter " + shlex.quote(_remote(here.ref) or "origin")
            message = f"its contents are not in this clone, which is a partial one: run {line}"
            raise SpecError((Problem(Place(name), "HZ554", message),))
        size = int(head.split()[2])
        found[name], rest = rest[:size], rest[size + 1 :]
    return found


# --- what is not there --------------------------------------------------------------------------


def _absent(here: At) -> str:
    """That a path is not in the commit, and how it is called if it is meant from here."""
    message = f"no such file or folder in {here.ref}"
    prefix = _text(_checked(_git("rev-parse", "--show-prefix"))).strip()
    if prefix and not here.path.startswith("."):
        near = here._replace(path=f"./{here.path}")
        if is_there(near):
            return f"{message}, seen from the top of the repository: give {near}"
    return message


def _missing(ref: str) -> str:
    """That a ref is not in this clone, and the line that brings it."""
    told = f"no ref {ref!r} in this repository"
    known = _text(_checked(_git("for-each-ref", "--format=%(refname:short)"))).split()
    base = _STEPS.sub("", ref) or "HEAD"
    near = [f"{remote}/{ref}" for remote in _remotes() if f"{remote}/{ref}" in known]
    near = near or get_close_matches(ref, known, 2)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    line = _bringing(ref, base, there=_git("rev-parse", "-q", "--verify", base).returncode == 0)
    return f"{told}: run {line}{hint}" if line else f"{told}{hint}"


def _bringing(ref: str, base: str, *, there: bool) -> str:
    """The line after which the ref is there, as far as its shape tells; empty without a remote."""
    remote = _remote(ref)
    if not remote:
        return ""
    shallow = _text(_git("rev-parse", "--is-shallow-repository").stdout).strip() == "true"
    quoted = shlex.quote(remote)
    if there or (_COMMIT.fullmatch(base) and not _WHOLE.fullmatch(base)):
        return f"git fetch --unshallow {quoted}" if shallow else ""
    depth = "" if not shallow else "--unshallow " if ref != base else "--depth=1 "
    name = base.removeprefix(f"{remote}/")
    if _WHOLE.fullmatch(base):
        wanted = base
    elif _RELEASE.fullmatch(name) and name == base:
        wanted = f"tag {name}"
    else:
        wanted = shlex.quote(f"{name}:refs/remotes/{base}" if name != base else f"{name}:{name}")
    return f"git fetch {depth}{quoted} {wanted}"


def _remote(ref: str) -> str:
    """The remote that a ref names, else the first one."""
    found = _remotes()
    named = [one for one in found if ref.startswith(f"{one}/")]
    return next(iter([*named, *(one for one in found if one == "origin"), *found]), "")


def _remotes() -> list[str]:
    return _text(_git("remote").stdout).split("\n")[:-1]


# --- git itself ---------------------------------------------------------------------------------


def _git(*arguments: str, told: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    program = shutil.which("git")
    if program is None:
        message = "git is not installed, and REF:path is read with it"
        raise SpecError((Problem(Place("git"), "HZ551", message),))
    try:
        return subprocess.run(  # noqa: S603 - no shell; nothing that a person gives is an option
            (program, *_QUIET, *arguments),
            input=told,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env=os.environ | _SETTINGS,
        )
    except subprocess.TimeoutExpired:
        message = f"git took longer than {SECONDS} seconds"
    except (OSError, ValueError) as error:  # a name with a zero byte
        message = f"git cannot be run: {error}"
    raise SpecError((Problem(Place("git"), "HZ554", message),)) from None


def _checked(done: "subprocess.CompletedProcess[bytes]", named: str = "git") -> bytes:
    """What git wrote; raises `SpecError` with its own words where it refused."""
    if done.returncode == 0:
        return done.stdout
    said = next(iter(_text(done.stderr).splitlines()), "")
    if "not a git repository" in said:
        message = "no such file or folder, and no git repository here to read REF:path from"
        raise SpecError((Problem(Place(named), "HZ552", message),))
    told = f"git refused: {said.removeprefix('fatal: ')}"
    raise SpecError((Problem(Place(named), "HZ554", told),))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _joined(folder: str, path: str) -> str:
    return f"{folder.rstrip('/')}/{path}" if folder and folder != "." else path
