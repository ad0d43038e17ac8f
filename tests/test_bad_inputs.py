"""Broken input of every kind gets its lines and exit 2: never a traceback, never a wait."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from building import harmonize
from conftest import HEAD, spec

from harmonize.problems import CODES
from harmonize.reading.nodes import SCALAR, SIZE

BAD: Final = Path(__file__).parent.parent / "examples" / "bad-specs"
KINDS: Final = [path.name for path in sorted(BAD.glob("*.yaml"))]
GOOD: Final = f"{HEAD}measures: [Controlling High Blood Pressure]\n"
NO_FILE: Final = "1:1: HZ001 no such file or folder"
IRREGULAR: Final = "HZ003 not a regular file: give a file, a folder, or - for standard input"
NO_SPEC: Final = (
    "HZ002 no spec in this folder: a spec is a .yaml or .yml file that begins with 'harmonize: 1'"
)
NO_HEAD: Final = "HZ202 no 'harmonize: 1' in this file: a spec begins with it"
NOTHING: Final = "HZ007 nothing stands here: a spec begins with 'harmonize: 1'"
UTF_16: Final = "HZ005 UTF-16, wanted UTF-8: save the file with the encoding UTF-8"
DEEP: Final = "HZ110 nested more than 50 levels deep"


@contextlib.contextmanager
def soon() -> Iterator[None]:
    """What is done inside takes less than five seconds of work."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 5


def refused(*arguments: str, stdin: bytes = b"") -> list[str]:
    """The lines that every command has for input that cannot be read, and nothing else."""
    with soon():
        validated = harmonize("validate", *arguments, stdin=stdin)
    assert validated.code == 2
    assert re.fullmatch(r"\d+ errors?, \d+ warnings?\n", validated.err)
    lines = validated.out.splitlines()
    assert lines
    for line in lines:
        found = re.fullmatch(r"[^:]*:[1-9]\d*:[1-9]\d*: (HZ\d{3}) \S.*", line)
        assert found, line
        assert found[1] in CODES
    compared = harmonize("compare", *arguments, stdin=stdin)
    assert (compared.code, compared.out) == (2, "")
    assert compared.err == validated.out
    return lines


# --- one mistake a file -------------------------------------------------------------------------


def told() -> str:
    """What is said of each bad spec, a line each."""
    return "".join(f"{line}\n" for name in KINDS for line in refused(name))


def test_the_readme_of_the_bad_specs_says_what_is_said_of_each(
    monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.chdir(BAD)
    readme = BAD / "README.md"
    before, _, rest = readme.read_text("utf-8").partition("```\n")
    _, _, after = rest.partition("```\n")
    fresh = f"{before}```\n{told()}```\n{after}"
    if pytestconfig.getoption("--write-examples"):
        readme.write_text(fresh, "utf-8")
    assert readme.read_text("utf-8") == fresh


@pytest.mark.parametrize("name", KINDS)
def test_a_bad_spec_holds_one_mistake_and_says_which(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BAD)
    why = (BAD / name).read_text("utf-8").splitlines()[0]
    assert re.fullmatch(r"# [A-Z].+\.", why)
    found = json.loads(harmonize("validate", name, "--format", "json").out)
    assert found["schema"] == "harmonize.findings/1"
    shown = [f"{f['code']} {f['message']}" for f in found["findings"]]
    assert shown == [line.split(": ", 1)[1] for line in refused(name)]
    own = [f for f in found["findings"] if f["locations"][0]["file"] == name]
    lines = {f["locations"][0]["line"] for f in own}
    assert len(lines) == (2 if name == "visibility-of-nothing.yaml" else 1)


def test_all_bad_specs_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    alone = {line for name in KINDS for line in refused(name)}
    assert set(refused(*KINDS)) == alone
    assert set(refused(".")) == alone


# --- files and folders --------------------------------------------------------------------------

MANY: Final = 100_000
PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
ALIASES: Final = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30)
)
WIDE: Final = "measures: &m [" + "T, " * 30_000 + "T]\n"
FILES: Final[dict[str, tuple[bytes | str, list[str]]]] = {
    "brackets": ("[" * MANY, [f"1:51: {DEEP}"]),
    "closed brackets": ("[" * MANY + "]" * MANY, [f"1:51: {DEEP}"]),
    "braces": ("{" * MANY, [f"1:51: {DEEP}"]),
    "braces with keys": ("{a: " * MANY, [f"1:201: {DEEP}"]),
    "dashes": ("- " * MANY, [f"1:101: {DEEP}"]),
    "question marks": ("? " * MANY, [f"1:101: {DEEP}"]),
    "indented keys": ("".join(f"{' ' * i}a:\n" for i in range(2000)), [f"51:51: {DEEP}"]),
    "brackets in a measure": (f"{HEAD}measures: [{{title: {'[' * MANY}", [f"3:67: {DEEP}"]),
    "colons": ("a: " * MANY,
               ["1:4: HZ104 a second ': ' stands in this value: put it in quotes, a: \"...\""]),
    "anchors": ("&a " * MANY, [("1:4: HZ101 the value goes on after its end: put it in quotes, "
                               'key: "..."')]),
    "documents": ("---\n" * MANY, [("2:1: HZ106 a second document begins here: "
                                   "one file holds one spec, so split it")]),
    "alias bomb": (ALIASES, ["5:45: HZ111 aliases expand to more than 100,000 values"]),
    "wide alias bomb": (f"{HEAD}{WIDE}participation: [*m, *m, *m, *m]\n",
                        ["4:29: HZ111 aliases expand to more than 100,000 values"]),
    "alias cycle": (f"{HEAD}measures: &m [{{title: T, rates: *m}}]\n",
                    ["3:33: HZ109 this alias refers to what it stands in"]),
    "alias as a key": (f"{HEAD}measures: &m [T]\n*m : a\n",
                       ["3:11: HZ204 a list as a key: a key is a word"]),
    "merge bomb": (f"{HEAD}measures: [T]\nnotes: &n {{a: b}}\n<<: [{', '.join(['*n'] * 10_000)}]\n",
                   ["5:1: HZ107 a merge key stands here: write the keys out, or use 'extends'"]),
    "huge value": (f"{HEAD}notes: {'x' * (SCALAR + 1)}\nmeasures: [T]\n",
                   ["3:8: HZ112 a value of more than 1,048,576 characters"]),
    "too large": (GOOD + " " * SIZE,
                  ["1:1: HZ008 larger than 16 MiB, the most that a spec may be"]),
    "many lines": ("#\n" * (SIZE >> 5), [f"1:1: {NOTHING}"]),
    "an open quote": (f'{HEAD}notes: "{"a: b" * MANY}',
                      ["3:8: HZ101 the quotation mark that opens here is never closed"]),
    "an unknown directive": ("%HARMONIZE 1\n---\na: b\n",
                             [("1:11: HZ101 not readable as YAML here: a value with : # > | @ % * "
                              "& ! [ ] { } in it needs quotes")]),
    "empty": ("", [f"1:1: {NOTHING}"]),
    "blank": (" \n\r\n ", [f"1:1: {NOTHING}"]),
    "a mark alone": (b"\xef\xbb\xbf", [f"1:1: {NOTHING}"]),
    "an open document": ("---\n", [f"1:1: {NOTHING}"]),
    "a null": ("~", ["1:1: HZ204 a single value, where a spec is a map of keys"]),
    "prose": ("We measure what matters.", [("1:1: HZ204 a single value, where a spec is a map of "
                                           "keys")]),
    "a list": ("- a\n- b\n", ["1:1: HZ204 a list, where a spec is a map of keys"]),
    "HTML": ("<!DOCTYPE html>\n<html><body>a</body></html>\n",
             ["1:1: HZ204 a single value, where a spec is a map of keys"]),
    "CSV": ("id,title\n1,a\n", ["1:1: HZ204 a single value, where a spec is a map of keys"]),
    "another file": ("services:\n  web:\n    image: a\n", [f"1:1: {NO_HEAD}"]),
    "an image": (PNG, ["1:1: HZ006 a binary file, not text"]),
    "zeros": (b"\0" * 1000, ["1:1: HZ006 a zero byte stands here: a binary file, not text"]),
    "UTF-16": (GOOD.encode("utf-16"), [f"1:1: {UTF_16}"]),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"),
                              ["1:2: HZ006 a zero byte stands here: a binary file, not text"]),
    "Latin-1": (f"{HEAD}name: Caf\xe9\nmeasures: [T]\n".encode("latin-1"),
                ["3:10: HZ005 not UTF-8: byte 0xe9 here; save the file as UTF-8"]),
    "half a character": (f"{HEAD}name: ".encode() + b"\xe2\x82",
                         ["3:7: HZ005 not UTF-8: byte 0xe2 here; save the file as UTF-8"]),
    "a surrogate": (f"{HEAD}name: ".encode() + b"\xed\xa0\x80\n",
                    ["3:7: HZ005 not UTF-8: byte 0xed here; save the file as UTF-8"]),
    "control characters in an id": (f'{HEAD}measures: [{{id: "a\x07b", title: T}}]\n',
                                    ["3:17: HZ207 an id with unprintable characters"]),
    "control characters in a slug": ("harmonize: 1\npayer: a\x1b[31m\nmeasures: [T]\n",
                                     [("2:8: HZ209 'payer' is 'a\\x1b[31m', wanted letters, "
                                       "digits, dots, dashes and underscores: did you mean "
                                       "'a-31m'?")]),
    "a key that hides": (f"{HEAD}payer\u202etype: a\nmeasures: [T]\n",
                         ["3:1: HZ201 unknown key 'payer\\u202etype': did you mean 'payer_type'?"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_spec(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, wanted = FILES[name]
    (tmp_path / "a.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.chdir(tmp_path)
    lines = [f"a.yaml:{line}" for line in wanted]
    assert refused("a.yaml") == lines
    assert refused("-", "--stdin-filename", "a.yaml", stdin=Path("a.yaml").read_bytes()) == lines


def a_folder_in_itself() -> list[str]:
    Path("specs/a").mkdir(parents=True)
    Path("specs/a/b").symlink_to("..")
    return ["specs/a/b:1:1: HZ009 this folder leads back to one that contains it"]


def a_link_to_itself() -> list[str]:
    Path("specs").mkdir()
    Path("specs/a.yaml").symlink_to("a.yaml")
    return ["specs/a.yaml:1:1: HZ004 cannot be opened: Too many levels of symbolic links"]


def a_link_to_nothing() -> list[str]:
    Path("specs").mkdir()
    Path("specs/a.yaml").symlink_to("b.yaml")
    return ["specs/a.yaml:1:1: HZ004 cannot be opened: No such file or directory"]


def a_pipe() -> list[str]:
    Path("specs").mkdir()
    os.mkfifo("specs/a.yaml")
    return [f"specs/a.yaml:1:1: {IRREGULAR}"]


def a_socket() -> list[str]:
    Path("specs").mkdir()
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("specs/a.yaml")
    return ["specs/a.yaml:1:1: HZ003 not a regular file"]


def a_link_to_endless_zeros() -> list[str]:
    Path("specs").mkdir()
    Path("specs/a.yaml").symlink_to("/dev/zero")
    return [f"specs/a.yaml:1:1: {IRREGULAR}"]


def an_empty_folder() -> list[str]:
    Path("specs").mkdir()
    return [f"specs:1:1: {NO_SPEC}"]


def a_folder_of_other_things() -> list[str]:
    for name, text in {
        "specs/harmonize.yaml": "specs: x\n",
        "specs/decisions.yaml": "harmonize: 1\ndecisions: []\n",
        "specs/policy.yml": "policy: []\n",
        "specs/action.yml": "runs: {}\n",
        "specs/.hidden/a.yaml": GOOD,
        "specs/.a.yaml": GOOD,
        "specs/a.txt": GOOD,
        "specs/a.YAML": GOOD,
    }.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [f"specs:1:1: {NO_SPEC}"]


def a_missing_folder() -> list[str]:
    return [f"specs:{NO_FILE}"]


def one_broken_among_sound_ones() -> list[str]:
    spec(Path("specs"), GOOD, "a.yaml")
    spec(Path("specs"), f"{HEAD}x: [\n", "b.yaml")
    spec(Path("specs"), "harmonize: 1\npayer: c\n", "c.yml")
    spec(Path("specs"), "harmonizer: {}\n", "d/e.yaml")
    return [
        "specs/b.yaml:3:4: HZ101 the [ that opens here is not closed where it has to be",
        (
            "specs/c.yml:1:1: HZ202 none of the areas stands here: give measures, convening, "
            "participation, payment or feedback"
        ),
        f"specs/d/e.yaml:1:1: {NO_HEAD}",
    ]


def one_payer_in_two_files() -> list[str]:
    spec(Path("specs"), GOOD, "a.yaml")
    spec(Path("specs"), GOOD, "b.yaml")
    message = "HZ011 payer 'acme' stands here and in specs/a.yaml:1: give each its own"
    return [f"specs/b.yaml:2:8: {message}"]


def names_that_hide() -> list[str]:
    for name in ("a\n\u202eb.yaml", os.fsdecode(b"\xff.yaml")):
        spec(Path("specs"), "harmonize", name)
    return [
        "specs/a\\n\\u202eb.yaml:1:1: HZ204 a single value, where a spec is a map of keys",
        "specs/\\udcff.yaml:1:1: HZ204 a single value, where a spec is a map of keys",
    ]


def a_base_that_never_ends() -> list[str]:
    spec(Path("specs"), f"{HEAD}extends: /dev/zero\nmeasures: [T]\n", "a.yaml")
    return [
        f"/dev/zero:1:1: {IRREGULAR}",
        "specs/a.yaml:3:10: HZ213 the base '/dev/zero' cannot be used",
    ]


def a_base_that_is_a_folder() -> list[str]:
    spec(Path("specs"), f"{HEAD}extends: .\nmeasures: [T]\n", "a.yaml")
    return [f"specs:1:1: {IRREGULAR}", "specs/a.yaml:3:10: HZ213 the base '.' cannot be used"]


def bases_in_a_circle() -> list[str]:
    spec(Path("specs"), f"{HEAD}extends: b.yaml\nmeasures: [T]\n", "a.yaml")
    spec(Path("specs"), "harmonize: 1\npayer: b\nextends: a.yaml\nmeasures: [T]\n", "b.yaml")
    circle = "HZ213 this base extends the file that extends it"
    return [
        "specs/a.yaml:3:10: HZ213 the base 'b.yaml' cannot be used",
        f"specs/a.yaml:3:10: {circle}",
        "specs/b.yaml:3:10: HZ213 the base 'a.yaml' cannot be used",
        f"specs/b.yaml:3:10: {circle}",
    ]


def settings_with_an_unknown_key() -> list[str]:
    Path("harmonize.yaml").write_text("specs: a\nspec: b\n", "utf-8")
    return ["harmonize.yaml:2:1: HZ201 unknown key 'spec': did you mean 'specs'?"]


def settings_that_are_no_map() -> list[str]:
    Path("harmonize.yaml").write_text("- specs\n", "utf-8")
    return ["harmonize.yaml:1:1: HZ204 a list, wanted a map"]


def settings_that_name_nothing() -> list[str]:
    Path("harmonize.yaml").write_text("specs: [a, b/c]\n", "utf-8")
    return [f"a:{NO_FILE}", f"b/c:{NO_FILE}"]


def binary_settings() -> list[str]:
    Path("harmonize.yaml").write_bytes(PNG)
    return ["harmonize.yaml:1:1: HZ006 a binary file, not text"]


def a_folder_that_may_not_be_entered() -> list[str]:
    spec(Path("specs/a"), GOOD)
    Path("specs/a").chmod(0)
    return ["specs/a:1:1: HZ004 cannot be opened: Permission denied"]


def a_file_that_may_not_be_read() -> list[str]:
    spec(Path("specs"), GOOD, "a.yaml").chmod(0)
    return ["specs/a.yaml:1:1: HZ004 cannot be opened: Permission denied"]


FOLDERS: Final[tuple[Callable[[], list[str]], ...]] = (
    a_folder_in_itself, a_link_to_itself, a_link_to_nothing, a_pipe, a_socket,
    a_link_to_endless_zeros, an_empty_folder, a_folder_of_other_things, a_missing_folder,
    one_broken_among_sound_ones, one_payer_in_two_files, names_that_hide, a_base_that_never_ends,
    a_base_that_is_a_folder, bases_in_a_circle, settings_with_an_unknown_key,
    settings_that_are_no_map, settings_that_name_nothing, binary_settings,
)  # fmt: skip


@pytest.mark.parametrize("make", FOLDERS)
def test_a_folder_that_holds_no_specs(
    make: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = make()
    assert refused() == wanted


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Whoever may do everything may read everything: for a while we are somebody else."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("make", [a_folder_that_may_not_be_entered, a_file_that_may_not_be_read])
def test_what_may_not_be_read(
    make: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert harmonize("compare", "-", stdin=GOOD.encode()).code == 0  # what is loaded late is loaded
    wanted = make()
    with as_nobody():
        lines = refused()
    next(Path("specs").iterdir()).chmod(0o700)
    assert lines == wanted


def test_many_links_to_one_folder_are_walked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec(Path("specs/0"), GOOD)
    for i in range(30):
        Path(f"specs/{i + 1}").mkdir()
        for name in "ab":
            Path(f"specs/{i + 1}/{name}").symlink_to(f"../{i}")
    with soon():
        assert harmonize("validate").code == 0


def test_a_folder_deeper_than_python_recurses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    deep = [Path("specs", *"d" * i) for i in range(1100)]
    for path in deep:
        path.mkdir()
    try:
        lines = refused()
    finally:
        for path in reversed(deep):
            path.rmdir()
    assert lines == [f"specs:1:1: {NO_SPEC}"]


PATHS: Final = [
    (("nowhere.yaml",), [f"nowhere.yaml:{NO_FILE}"]),
    (("",), [f":{NO_FILE}"]),
    (("x" * 5000,), [f"{'x' * 5000}:{NO_FILE}"]),
    (("a\0b",), [f"a\\x00b:{NO_FILE}"]),
    (("a.yaml/b",), [f"a.yaml/b:{NO_FILE}"]),
    (("/dev/zero",), [f"/dev/zero:1:1: {IRREGULAR}"]),
    (("/dev/null",), [f"/dev/null:1:1: {IRREGULAR}"]),
    (("decisions.yaml",), ["decisions.yaml:1:1: HZ002 no spec: it holds something else"]),
    (("--config", "nowhere.yaml"), ["nowhere.yaml:1:1: HZ001 no such file"]),
    (("a.yaml", "nowhere", "nowhere.yaml"), [f"nowhere:{NO_FILE}", f"nowhere.yaml:{NO_FILE}"]),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "wanted"), PATHS, ids=[p[0][-1][:20] for p in PATHS])
def test_a_path_that_leads_to_no_spec(
    arguments: tuple[str, ...], wanted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec(tmp_path, GOOD, "a.yaml")
    Path("decisions.yaml").write_text("harmonize: 1\ndecisions: []\n", "utf-8")
    assert refused(*arguments) == wanted


def test_a_file_whose_reading_fails() -> None:
    path = Path("/proc/self/mem")
    if not path.exists():
        pytest.skip("no such file here")
    assert refused(str(path)) == [f"{path}:1:1: HZ004 cannot be read: Input/output error"]


# --- as a process of its own --------------------------------------------------------------------


def ran(*arguments: str, cwd: Path, **how: object) -> subprocess.CompletedProcess[bytes]:
    """The command line as a process, which has to end soon and quietly."""
    done: subprocess.CompletedProcess[bytes] = subprocess.run(  # type: ignore[call-overload]
        (sys.executable, "-m", "harmonize", *arguments),
        cwd=cwd, capture_output=True, check=False, timeout=20, **how,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"Traceback" not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize(
    ("rubbish", "wanted"),
    [
        (b"", f"in.yaml:1:1: {NOTHING}"),
        (b"\xff\xfe\0\0", f"in.yaml:1:1: {UTF_16}"),
        (b"[" * MANY, f"in.yaml:1:51: {DEEP}"),
        (b"\x1f\x8b\x08\0\0", "in.yaml:1:1: HZ006 a binary file, not text"),
    ],
)
def test_rubbish_on_standard_input(rubbish: bytes, wanted: str, tmp_path: Path) -> None:
    done = ran("compare", "-", "--stdin-filename", "in.yaml", cwd=tmp_path, input=rubbish)
    assert done.stdout == b""
    assert done.stderr.decode() == f"{wanted}\n"


def test_standard_input_that_is_closed(tmp_path: Path) -> None:
    done = ran("validate", "-", cwd=tmp_path, preexec_fn=lambda: os.close(0))
    assert done.stdout == b"stdin.yaml:1:1: HZ004 standard input is closed\n"


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    done = ran("validate", "a.yaml", ".", "/dev/zero", cwd=tmp_path)
    assert done.stdout.decode().splitlines() == [
        f"/dev/zero:1:1: {IRREGULAR}",
        f"a.yaml:1:1: {IRREGULAR}",
    ]


def test_nothing_is_written_where_something_cannot_be_read(tmp_path: Path) -> None:
    spec(tmp_path, f"{HEAD}measures: [\n", "a.yaml")
    (tmp_path / "out.csv").write_text("as it was", "utf-8")
    ran("compare", "a.yaml", "-o", "out.csv", cwd=tmp_path)
    assert (tmp_path / "out.csv").read_text("utf-8") == "as it was"
    assert {path.name for path in tmp_path.iterdir()} == {"a.yaml", "out.csv"}
