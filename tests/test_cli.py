"""The command line's promises: exit codes, streams, files, and what a person is told."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
from building import EXAMPLES, ROOT, TEXTS, Done, harmonize, process, text_of, written

from harmonize.cli import COMMANDS
from harmonize.cli.compare import LEVELS
from harmonize.render import RENDERERS, SUFFIXES

CBP: Final = "Controlling High Blood Pressure"
RATES: Final = str(EXAMPLES / "rates" / "specs")
PROBLEM: Final = re.compile(r"\S+:\d+:\d+: HZ\d{3} .+")

NAMED: Final = """\
sssom:
  mapping_set_id: https://example.org/crosswalk
  license: https://example.org/licence
  base: https://example.org/specs/
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two specs that differ in one age."""
    alpha = text_of("alpha", {"id": "1", "title": CBP, "ages": "18-85"}, "Mammography")
    bravo = text_of("bravo", {"id": "2", "title": CBP, "ages": "18+"})
    written(tmp_path / "specs", alpha, bravo, names=["alpha.yaml", "bravo.yaml"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _problems(done: Done) -> list[str]:
    """The lines on stderr, each of which must be a problem and its place."""
    lines = done.err.splitlines()
    assert lines
    assert [line for line in lines if not PROBLEM.fullmatch(line)] == []
    return lines


def _refused(done: Done) -> Done:
    """A usage error, or input that cannot be read: nothing on stdout, no traceback."""
    assert done.code == 2
    assert done.out == ""
    assert done.err.strip()
    assert "Traceback" not in done.err
    return done


# --- exit codes and streams ---------------------------------------------------------------------


def test_a_result_is_on_stdout_and_ends_with_0(folder: Path) -> None:
    both = ("specs/alpha.yaml", "specs/bravo.yaml")
    for arguments in (("specs",), (), both, ("--view", "overlap")):
        done = harmonize("compare", *arguments)
        assert (done.code, done.err) == (0, "")
        assert "mammography" in done.out.lower() or "bcs" in done.out.lower()


@pytest.mark.parametrize(
    ("said", "asked", "code"),
    [
        (("18-85", "18+", None), "error", 1),
        (("18-85", "18+", None), "warning", 1),
        (("18-85", "18+", None), "info", 1),
        (("18-85", "18+", None), "never", 0),
        (("18-85", "18+", None), None, 0),
        ((None, None, "claims"), "error", 0),
        ((None, None, "claims"), "warning", 1),
        ((None, None, "claims"), "info", 1),
        ((None, None, None), "error", 0),
        ((None, None, None), "warning", 0),
        ((None, None, None), "info", 1),
    ],
)
def test_fail_on(
    tmp_path: Path, said: tuple[str | None, ...], asked: str | None, code: int
) -> None:
    """A difference in ages is major, in sources of data minor, in standing for information."""
    here: dict[str, Any] = {"title": CBP, "status": "core"}
    there: dict[str, Any] = {"title": CBP, "status": "menu"}
    if said[0]:
        here, there = {**here, "ages": said[0]}, {**there, "ages": said[1]}
    if said[2]:
        here, there = {**here, "data_source": said[2]}, {**there, "data_source": "ehr"}
    path = str(written(tmp_path, text_of("alpha", here), text_of("bravo", there)))
    done = harmonize("compare", path, *(("--fail-on", asked) if asked else ()))
    assert done.code == code
    assert done.out
    assert {*LEVELS, "never"} == {"error", "warning", "info", "never"}


def test_differences_of_references_do_not_fail_a_run(folder: Path) -> None:
    arguments = ("compare", "specs/alpha.yaml", "--reference", "specs/bravo.yaml")
    assert harmonize(*arguments, "--fail-on", "info").code == 0


BAD_ARGUMENTS: Final = [
    ("compar",),
    ("compare", "--fromat", "csv"),
    ("compare", "-f", "pdf"),
    ("compare", "--view", "all"),
    ("compare", "--layout", "tall"),
    ("compare", "--cell", "colour"),
    ("compare", "--audience", "everybody"),
    ("compare", "--fail-on", "major"),
    ("compare", "--width", "3"),
    ("compare", "-o"),
    ("compare", "no/such/folder"),
    ("compare", "specs", "no-such.yaml"),
    ("compare", "--payer", "zulu*"),
    ("compare", "--reference", "no-such"),
    ("compare", "--config", "no-such.yaml"),
    ("explain",),
    ("explain", "alpha/1"),
    ("explain", "alpha/1", "bravo/9"),
    ("explain", "alpha/1", "zulu/1"),
    ("explain", "alpha", "bravo"),
    ("explain", "alpha/1", "alpha/1"),
    ("schema", "report-of-something"),
    ("validate", "--fail-on", "fatal"),
]


@pytest.mark.parametrize("arguments", BAD_ARGUMENTS, ids=" ".join)
def test_what_cannot_be_done_ends_with_2_and_one_word_why(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    if arguments[0] == "validate" or arguments[:2] != ("compare", "no/such/folder"):
        _refused(harmonize(*arguments))
    else:
        assert len(_problems(_refused(harmonize(*arguments)))) == 1


@pytest.mark.parametrize(
    ("typed", "meant"), [("compar", "compare"), ("valdate", "validate"), ("explian", "explain")]
)
def test_an_unknown_command_has_a_suggestion(typed: str, meant: str) -> None:
    assert f"Did you mean '{meant}'?" in _refused(harmonize(typed)).err
    assert "No such command" in harmonize("zzz").err


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), *((name, "-h") for name in COMMANDS)])
def test_help_says_what_it_does_with_an_example(arguments: tuple[str, ...]) -> None:
    done = harmonize(*arguments)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: harmonize")
    assert max(map(len, done.out.splitlines())) <= 80
    if "schema" not in arguments:
        assert "Example: harmonize" in done.out


def test_version() -> None:
    done = harmonize("--version")
    assert done.code == 0
    assert re.fullmatch(r"harmonize \d+\.\d+\.\d+\n", done.out)


def test_a_bug_ends_with_3_and_shows_no_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(published: object, wanted: object) -> str:
        raise ZeroDivisionError("18-85")

    monkeypatch.setitem(RENDERERS, "csv", broken)
    done = harmonize("compare", "-f", "csv", "-o", "out.csv")
    assert (done.code, done.out) == (3, "")
    assert "Traceback" not in done.err
    assert "bug" in done.err
    assert "18-85" not in done.err
    assert not (folder / "out.csv").exists()
    told = harmonize("compare", "-f", "csv", "--traceback")
    assert told.code == 3
    assert "Traceback" in told.err
    assert "ZeroDivisionError" in told.err


# --- input --------------------------------------------------------------------------------------


def test_every_problem_of_every_file_in_one_pass_and_nothing_written(folder: Path) -> None:
    (folder / "out.csv").write_text("as it was")
    (folder / "specs" / "alpha.yaml").write_text("harmonize: 1\npayer: alpha\nmeasure: []\n")
    (folder / "specs" / "bravo.yaml").write_text(
        "harmonize: 1\npayer: bravo\nmeasures:\n  - title: A\n    ages: 85-18\n    cbe: 0018\n"
    )
    (folder / "specs" / "charlie.yaml").write_text("harmonize: [\n")
    done = harmonize("compare", "specs", "-o", "out.csv")
    files = [line.split(":")[0] for line in _problems(_refused(done))]
    assert files == sorted(files)
    assert set(files) == {f"specs/{name}.yaml" for name in ("alpha", "bravo", "charlie")}
    assert len([f for f in files if f == "specs/bravo.yaml"]) == 2
    assert (folder / "out.csv").read_text() == "as it was"


def test_two_files_of_one_payer_are_refused_and_both_named(folder: Path) -> None:
    written(folder / "specs", text_of("alpha", CBP), names=["again.yaml"])
    done = _refused(harmonize("compare"))
    assert "specs/alpha.yaml" in done.err
    assert "specs/again.yaml" in done.err
    assert "HZ011" in done.err


def test_folders_are_walked_and_other_files_left_alone(folder: Path) -> None:
    specs = folder / "specs"
    written(specs / "deep" / "er", text_of("charlie", CBP), names=["c.yml"])
    written(specs / ".hidden", "not: a spec\n")
    for name, text in {
        "harmonize.yaml": "specs: [x]\n",
        "action.yml": "name: x\n",
        "action.yaml": "name: x\n",
        "decided.yaml": "harmonize: 1\ndecisions: []\n",
        "policy.yaml": "harmonize: 1\npolicy: {}\n",
        "base.yaml": "baseline: []\n",
        "map.yaml": "mapping: {}\n",
        "known.yaml": "knowledge: {}\n",
        "notes.txt": "not yaml",
        ".dot.yaml": "not: a spec\n",
    }.items():
        (specs / name).write_text(text)
    done = harmonize("compare", "specs", "-f", "json")
    assert (done.code, done.err) == (0, "")
    assert [p["payer"] for p in json.loads(done.out)["payers"]] == ["alpha", "bravo", "charlie"]
    (specs / "other.yaml").write_text("name: something else\n")
    assert "specs/other.yaml" in _refused(harmonize("compare", "specs")).err


def test_an_empty_folder_and_no_folder_are_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert "specs" in _problems(_refused(harmonize("compare")))[0]
    (tmp_path / "specs").mkdir()
    assert "HZ002" in _problems(_refused(harmonize("compare")))[0]


def test_stdin_has_the_name_that_it_is_given(folder: Path) -> None:
    text = text_of("charlie", {"id": "c", "title": CBP}).encode()
    arguments = ("compare", "specs", "-", "--stdin-filename", "from-mail.yaml", "-f", "json")
    done = harmonize(*arguments, stdin=text)
    assert done.code == 0
    sources = {m["source"] for c in json.loads(done.out)["concepts"] for m in c["members"]}
    assert "from-mail.yaml:4" in sources
    bad = harmonize(*arguments, stdin=b"harmonize: 1\npayer: c\nmeasures: [{titel: x}]\n")
    assert _problems(_refused(bad))[0].startswith("from-mail.yaml:3:")


def test_one_payer_alone_is_told_that_there_is_nothing_to_compare(folder: Path) -> None:
    for arguments in (("specs/alpha.yaml",), ("--payer", "alpha")):
        done = harmonize("compare", *arguments, "-f", "json")
        assert done.code == 0
        assert "nothing to compare" in done.err
        assert {c["confidence"] for c in json.loads(done.out)["concepts"]} == {None}
        assert harmonize("compare", *arguments, "--quiet").err == ""


def test_payers_are_chosen_by_globs(folder: Path) -> None:
    written(
        folder / "specs", text_of("alto", CBP), text_of("or-1", CBP), names=["c.yaml", "d.yaml"]
    )

    def chosen(*globs: str) -> list[str]:
        arguments = [word for glob in globs for word in ("--payer", glob)]
        done = harmonize("compare", "-f", "json", *arguments)
        return [p["payer"] for p in json.loads(done.out)["payers"]]

    assert chosen("al*") == ["alpha", "alto"]
    assert chosen("al*", "or-?") == ["alpha", "alto", "or-1"]
    assert chosen("[!a]*") == ["bravo", "or-1"]
    err = _refused(harmonize("compare", "--payer", "al*", "--payer", "zulu")).err
    assert "zulu" in err
    assert "bravo" in err


def test_references_are_shown_and_never_counted(folder: Path) -> None:
    written(folder / "core", text_of("core", CBP, "Diabetes: Eye Exam"))
    found = json.loads(harmonize("compare", "specs", "--reference", "core", "-f", "json").out)
    alone = json.loads(harmonize("compare", "specs", "-f", "json").out)
    assert {p["payer"]: p["role"] for p in found["payers"]} == {
        "alpha": "contract", "bravo": "contract", "core": "reference",
    }  # fmt: skip
    of_the_core = ("core_used:core|", "off_set:core|")
    told = [f for f in found["summary"] if not f["figure"].startswith(of_the_core)]
    assert told == alone["summary"]
    assert len(found["summary"]) - len(told) == 4


def test_harmonize_yaml_is_honoured(folder: Path) -> None:
    written(folder / "lists" / "core", text_of("core", CBP))
    (folder / "specs").rename(folder / "lists" / "payers")
    (folder / "harmonize.yaml").write_text(
        "harmonize: 1\nspecs: lists/payers\nreference: [lists/core]\n"
    )
    roles = {"alpha": "contract", "bravo": "contract", "core": "reference"}

    def payers(*arguments: str) -> dict[str, str]:
        done = harmonize("compare", "-f", "json", *arguments)
        assert done.code == 0, done.err
        return {p["payer"]: p["role"] for p in json.loads(done.out)["payers"]}

    assert payers() == roles
    assert harmonize("validate").code == 0
    assert harmonize("explain", "alpha/1", "bravo/2").code == 0
    assert payers("lists/payers/alpha.yaml").keys() == {"alpha", "core"}
    (folder / "harmonize.yaml").rename(folder / "lists" / "other.yaml")
    text = (folder / "lists" / "other.yaml").read_text().replace("lists/", "")
    (folder / "lists" / "other.yaml").write_text(text)  # paths are seen from the file
    assert payers("--config", "lists/other.yaml") == roles


@pytest.mark.parametrize(
    "text", ["harmonize: 1\nspec: x\n", "specs: {a: b}\n", "- specs\n", "specs: []\n", "specs: [\n"]
)
def test_a_configuration_that_cannot_be_read_is_refused(folder: Path, text: str) -> None:
    (folder / "harmonize.yaml").write_text(text)
    assert _problems(_refused(harmonize("compare")))[0].startswith("harmonize.yaml:")


def test_the_order_of_paths_changes_nothing(folder: Path) -> None:
    files = ("specs/alpha.yaml", "specs/bravo.yaml")
    (folder / "harmonize.yaml").write_text(NAMED)
    for form in TEXTS:
        one = harmonize("compare", *files, "-f", form)
        assert one == harmonize("compare", *files[::-1], "-f", form)
        assert one == harmonize("compare", "specs", "-f", form)


# --- output -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [s for s, form in SUFFIXES.items() if form in RENDERERS])
def test_a_files_suffix_says_its_format(folder: Path, suffix: str) -> None:
    (folder / "harmonize.yaml").write_text(NAMED)
    done = harmonize("compare", "-o", f"out{suffix}")
    assert (done.code, done.out) == (0, "")
    made = (folder / f"out{suffix}").read_bytes()
    if SUFFIXES[suffix] in TEXTS:
        assert made.decode() == harmonize("compare", "-f", SUFFIXES[suffix]).out
    there = {p.name for p in folder.iterdir()}
    assert there == {"specs", "harmonize.yaml", f"out{suffix}"}
    again = harmonize("compare", "-o", f"out{suffix}", "--payer", "alpha")
    assert again.code == 0
    assert (folder / f"out{suffix}").read_bytes() != made


@pytest.mark.parametrize("name", ["out.docx", "out", "out.", ".csv.bak"])
def test_an_unknown_suffix_is_refused_before_anything_is_read(folder: Path, name: str) -> None:
    (folder / "specs" / "alpha.yaml").write_text("broken: [")
    err = _refused(harmonize("compare", "-o", name)).err
    assert ".csv" in err
    assert "HZ" not in err
    assert not (folder / name).exists()


def test_a_file_that_cannot_be_written_is_told(folder: Path) -> None:
    for name in ("no/such/folder/out.csv", "specs/alpha.yaml/out.csv"):
        assert len(_refused(harmonize("compare", "-o", name)).err.splitlines()) == 1
    (folder / "taken.csv").mkdir()
    _refused(harmonize("compare", "-o", "taken.csv"))
    assert sorted(p.name for p in folder.iterdir()) == ["specs", "taken.csv"]


def test_a_byte_order_mark_only_if_asked_for(folder: Path) -> None:
    assert not harmonize("compare", "-f", "csv").out.startswith("\ufeff")
    assert harmonize("compare", "-f", "csv", "--bom").out.startswith("\ufeffconcept,")
    harmonize("compare", "-o", "out.csv", "--bom")
    assert (folder / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfconcept,")
    assert not harmonize("compare", "-f", "json", "--bom").out.startswith("\ufeff")


def test_views_layouts_and_cells(folder: Path) -> None:
    done = harmonize("compare", "-f", "csv", "--view", "divergence")
    found = pd.read_csv(io.StringIO(done.out), dtype=str, keep_default_na=False)
    assert found[["alpha", "bravo"]].to_numpy().tolist() == [["18-85", "18+"]]
    assert "ages" in harmonize("compare", "--view", "divergence").out
    assert harmonize("compare", "-f", "csv", "--layout", "long").out.startswith(
        "concept,label,payer,measure,title"
    )
    assert "18-85" in harmonize("compare", "-f", "csv", "--cell", "ask").out
    for view in ("overlap", "divergence"):  # JSON is not changed by a view
        same = harmonize("compare", "-f", "json", "--view", view)
        assert same == harmonize("compare", "-f", "json")


def test_a_width_is_kept_even_in_a_pipe() -> None:
    done = harmonize("compare", str(EXAMPLES / "onecare-vermont"), "--width", "80")
    assert max(map(len, done.out.splitlines())) <= 80


def _piped(command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # a true shell, true pipes
        ("/bin/bash", "-o", "pipefail", "-c", f"{command}; echo ${{PIPESTATUS[*]}} >&2"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **env},
        cwd=ROOT,
    )


def test_head_ends_it_quietly() -> None:
    done = _piped(f"{sys.executable} -m harmonize compare specs -f json | head -1")
    assert done.stderr.splitlines()[-1] == "0 0"
    assert "rror" not in done.stderr
    assert done.stdout == "{\n"


def test_a_reader_that_is_gone_before_anything_is_said() -> None:
    done = _piped(f"{sys.executable} -m harmonize schema | true")
    assert done.stderr.splitlines()[-1].endswith("0 0")
    assert "Broken" not in done.stderr


def test_utf_8_whatever_the_locale(folder: Path) -> None:
    title = "Caf\u00e9 \u2265 \u9ad8"
    written(folder / "specs", text_of("charlie", title), names=["c.yaml"])
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    plain = {**env, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
             "PYTHONPATH": os.environ.get("PYTHONPATH", "")}  # fmt: skip
    done = process("compare", "specs", "-f", "csv", cwd=folder, env=plain)
    assert (done.returncode, done.stderr) == (0, b"")
    assert title.encode() in done.stdout
    wrong = process("explain", "charlie/\u9ad8", "alpha/1", cwd=folder, env=plain)
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr


# --- validate -----------------------------------------------------------------------------------


def test_validate_says_what_is_right(folder: Path) -> None:
    done = harmonize("validate")
    assert (done.code, done.out) == (0, "")
    assert "2 files, 3 measures, no errors" in done.err
    assert harmonize("validate", "--quiet").err == ""


def test_validate_puts_findings_on_stdout(folder: Path) -> None:
    (folder / "specs" / "alpha.yaml").write_text(
        "harmonize: 1\npayer: alpha\nmeasures:\n  - title: A\n    ages: 85-18\n    agess: 3\n"
    )
    done = harmonize("validate")
    assert done.code == 2
    assert [PROBLEM.fullmatch(line) is not None for line in done.out.splitlines()] == [True, True]
    assert "2 errors" in done.err
    found = json.loads(harmonize("validate", "-f", "json").out)
    assert list(found)[:3] == ["schema", "findings", "summary"]
    assert found["schema"] == "harmonize.findings/1"
    for one in found["findings"]:
        assert list(one)[:5] == ["code", "severity", "message", "fingerprint", "locations"]
        assert list(one["locations"][0])[:3] == ["file", "line", "column"]
        assert one["severity"] in ("error", "warning", "info")
    assert len({one["fingerprint"] for one in found["findings"]}) == 2
    text = (folder / "specs" / "alpha.yaml").read_text()
    (folder / "specs" / "alpha.yaml").write_text(f"# moved\n{text}")
    moved = json.loads(harmonize("validate", "-f", "json").out)
    assert [f["fingerprint"] for f in moved["findings"]] == [
        f["fingerprint"] for f in found["findings"]
    ]


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1),
                                             ("never", 0)])  # fmt: skip
def test_validate_fails_on_warnings_only_if_asked(folder: Path, level: str, code: int) -> None:
    text = text_of("alpha", {"title": CBP, "ages": "grown-ups"})
    written(folder / "specs", text, names=["alpha.yaml"])
    done = harmonize("validate", "--fail-on", level)
    assert done.code == code
    assert "HZ301" in done.out
    assert "1 warning:" in harmonize("compare").err


def test_validate_is_content_with_what_ships() -> None:
    assert harmonize("validate", str(ROOT / "specs")).code == 0
    for case in sorted(EXAMPLES.iterdir()):
        found = [path for path in (case / "specs", case / "2025", case / "2026") if path.exists()]
        if case.name not in {"bad-specs", "cpcplus-web-interface"}:
            assert all(harmonize("validate", str(path)).code == 0 for path in found), case


# --- explain ------------------------------------------------------------------------------------


def test_explain_a_match(folder: Path) -> None:
    done = harmonize("explain", "alpha/1", "bravo/2")
    assert (done.code, done.err) == (0, "")
    assert "match" in done.out
    found = json.loads(harmonize("explain", "alpha/1", "bravo/2", "-f", "json").out)
    assert {"a", "b", "slots", "evidence", "vetoes", "confidence", "verdict"} <= set(found)
    assert (found["a"], found["b"], found["verdict"]) == ("alpha/1", "bravo/2", "match")
    assert all(list(e)[:3] == ["name", "weight", "detail"] for e in found["evidence"])
    assert found["vetoes"] == []
    assert 0.5 <= found["confidence"] <= 1
    turned = json.loads(harmonize("explain", "bravo/2", "alpha/1", "-f", "json").out)
    assert (turned["a"], turned["confidence"]) == ("bravo/2", found["confidence"])


def test_explain_agrees_with_the_pairs() -> None:
    done = harmonize("compare", RATES, "-f", "csv", "--view", "pairs")
    pairs = pd.read_csv(io.StringIO(done.out), dtype=str, keep_default_na=False)
    for row in pairs.to_dict("records"):
        a, b = (f"{row[f'payer_{x}']}/{row[f'measure_{x}']}" for x in "ab")
        told = json.loads(harmonize("explain", a, b, RATES, "-f", "json").out)
        assert f"{told['confidence']:.4f}" == row["confidence"]
        assert told["verdict"] == row["verdict"]


def test_explain_a_veto() -> None:
    arguments = ("explain", "west/FUH-7", "north/FUH/r30", RATES)
    found = json.loads(harmonize(*arguments, "-f", "json").out)
    assert found["verdict"] == "nonmatch"
    assert "time window" in {veto["name"] for veto in found["vetoes"]}
    assert "VETO" in harmonize(*arguments).out
    assert found["runner_up"]


def test_explain_two_of_one_payer(folder: Path) -> None:
    written(folder / "specs", text_of("charlie", {"id": "x", "title": CBP}, {"id": "y", "title":
                                      "Mammography"}), names=["c.yaml"])  # fmt: skip
    done = harmonize("explain", "charlie/x", "charlie/y", "-f", "json")
    assert done.code == 0
    assert json.loads(done.out)["verdict"] == "nonmatch"


def test_explain_an_unknown_measure_suggests_known_ones(folder: Path) -> None:
    done = _refused(harmonize("explain", "alpha/mamography", "bravo/2"))
    assert "alpha/mammography" in done.err
    assert "HZ010" in done.err


# --- init and schema ----------------------------------------------------------------------------


def test_init_gives_a_first_result_and_overwrites_nothing(folder: Path) -> None:
    done = harmonize("init", "first")
    assert (done.code, done.out) == (0, "")
    assert "harmonize compare first/specs" in done.err
    before = {p: p.read_bytes() for p in (folder / "first").rglob("*") if p.is_file()}
    assert len(before) == 3
    shown = harmonize("compare", "first/specs")
    assert (shown.code, shown.err) == (0, "")
    assert "TO SETTLE" in shown.out
    assert harmonize("validate", "first/specs").out == ""
    next(iter(before)).write_text("mine now")
    again = harmonize("init", "first")
    assert again.code == 2
    assert "already" in again.err
    assert next(iter(before)).read_text() == "mine now"


def test_init_writes_nothing_where_one_of_its_files_is(folder: Path) -> None:
    (folder / "first").mkdir()
    (folder / "first" / "spec.schema.json").write_text("mine")
    assert harmonize("init", "first").code == 2
    assert [p.name for p in (folder / "first").iterdir()] == ["spec.schema.json"]


def test_schema_is_one_json_object() -> None:
    done = harmonize("schema", "spec")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["$schema"].startswith("https://json-schema.org/")
    assert harmonize("schema").out == done.out


def test_it_runs_as_a_module() -> None:
    done = process("--version")
    assert (done.returncode, done.stderr) == (0, b"")


# --- completion ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(shell: str) -> None:
    done = harmonize("completion", shell)
    assert done.code == 0
    assert "_HARMONIZE_COMPLETE" in done.out


def test_what_is_typed_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_HARMONIZE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "harmonize com")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert harmonize().out.split() == ["plain,compare", "plain,completion"]
