"""The command `check`: what it reads, what it says, how it ends; and the rules as they are told."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from building import ROOT, Done, flow, harmonize, text_of, written

from harmonize.rules import EVERY, RULES

BP: Final = {"id": "bp", "title": "Controlling High Blood Pressure", "ages": "18-85"}
GIT: Final = shutil.which("git") or "git"
OLDER: Final = {**BP, "ages": "18-75"}
DIFFER: Final = {"unjustified-difference": "error", "missing-source": "off"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two lists that differ in ages, and a policy that forbids it."""
    written(
        tmp_path / "specs", text_of("lake", BP), text_of("ridge", OLDER),
        names=["lake.yaml", "ridge.yaml"],
    )  # fmt: skip
    configure(tmp_path, DIFFER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, rules: Mapping[str, Any], **more: Any) -> None:
    text = flow({"harmonize": "1", **more, "policy": {"rules": rules}})
    (folder / "harmonize.yaml").write_text(f"{text}\n", "utf-8")


def _codes(done: Done) -> list[str]:
    return [one["code"] for one in json.loads(done.out)["findings"]]


def test_a_finding_fails_and_names_the_line(folder: Path) -> None:
    done = harmonize("check")
    assert done.code == 1
    assert done.err == "1 error, 2 notes\n"
    (line,) = [one for one in done.out.splitlines() if "HZ632" in one]
    assert line.startswith("specs/ridge.yaml:4:")
    assert "[error] Controlling High Blood Pressure: payers differ in ages: ridge: 18-75" in line


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on", "never"), 0),
        (("--rule", "missing-identifier"), 0),
        (("--rule", "missing-identifier", "--fail-on", "info"), 1),
        (("--rule", "missing-identifier", "--fail-on", "warning"), 0),
        (("specs/lake.yaml",), 0),
        (("--rule", "HZ602"), 0),
        (("--rule", "no-such-rule"), 2),
        (("--config", "nowhere.yaml"), 2),
        (("nowhere",), 2),
    ],
)
def test_how_it_ends(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    assert harmonize("check", *arguments).code == code


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("missing-sorce", "No rule 'missing-sorce'. Did you mean 'missing-source'?"),
        ("HZ999", "No rule 'HZ999'. harmonize rules lists them."),
        ("lost-overlap", "lost-overlap is told by --against REF"),
        ("unused-ignore", "unused-ignore is told by every check"),
    ],
)
def test_a_rule_that_cannot_be_run_alone_is_told(folder: Path, named: str, said: str) -> None:
    done = harmonize("check", "--rule", named)
    assert (done.code, said in done.err) == (2, True)


def test_a_service_is_told_what_a_rule_finds_and_what_to_do(folder: Path) -> None:
    (run,) = json.loads(harmonize("check", "-f", "sarif").out)["runs"]
    (rule,) = [one for one in run["tool"]["driver"]["rules"] if one["id"] == "HZ632"]
    assert rule["shortDescription"]["text"].startswith("A difference in what payers ask")
    assert rule["help"]["text"].startswith("Ask for the same")


def test_an_ignore_of_a_rule_of_check_is_not_unused_where_specs_are_only_read(folder: Path) -> None:
    configure(
        folder, DIFFER, ignore=[{"rule": "unjustified-difference", "because": "so", "by": "A"}]
    )
    assert harmonize("check", "--fail-on", "warning").code == 0
    assert harmonize("validate").out == ""


def test_no_terminal_parts_a_finding_within_a_word(folder: Path) -> None:
    head, rest, *_ = harmonize("check", "-f", "text", "--width", "60", "--rule", "HZ632").out.split(
        "\n"
    )
    assert head == "error[HZ632 unjustified-difference]: Controlling High Blood"
    assert rest == "  Pressure: payers differ in ages: ridge: 18-75; lake: 18-85"
    assert "\n" not in harmonize("check", "-f", "concise", "--rule", "HZ632").out.strip("\n")


def test_a_justified_difference_passes(folder: Path) -> None:
    about = {"measures": ["lake/bp", "ridge/bp"], "attribute": "ages"}
    one = {"difference": about, "judgement": "justified", "because": "state law", "by": "A",
           "on": "2026-11-24"}  # fmt: skip
    text = f"harmonize: 1\ndecisions: [{flow(one)}]\n"
    (folder / "decisions.yaml").write_text(text, "utf-8")
    assert harmonize("check").code == 0


def test_what_cannot_be_read_is_a_finding_too(folder: Path) -> None:
    written(folder / "specs", "harmonize: 1\npayer: x\nmeasurs: []\n", names=["x.yaml"])
    done = harmonize("check", "-f", "json")
    assert done.code == 2
    assert "HZ201" in _codes(done)


def test_decisions_that_contradict_each_other_are_findings(folder: Path) -> None:
    both = [{"match": ["lake/bp", "ridge/bp"], "judgement": word, "because": "so", "by": "A",
             "on": "2026-11-24"} for word in ("accept", "reject")]  # fmt: skip
    (folder / "decisions.yaml").write_text(f"harmonize: 1\ndecisions: {flow(both)}\n", "utf-8")
    done = harmonize("check", "-f", "json")
    assert (done.code, set(_codes(done))) == (2, {"HZ502"})


def test_a_broken_lock_names_both_files_and_lines(folder: Path) -> None:
    base = (
        "harmonize: 1\npayer: base\nlocked: [ages]\nmeasures:\n  - {id: bp, title: T, ages: 18+}\n"
    )
    over = (
        "harmonize: 1\npayer: region\nextends: ../base.yaml\nmeasures:\n  - {id: bp, ages: 21+}\n"
    )
    written(folder, base, names=["base.yaml"])
    written(folder / "specs", over, names=["region.yaml"])
    done = harmonize("check", "-f", "json")
    (lock,) = json.loads(done.out)["findings"]
    assert (done.code, lock["code"]) == (2, "HZ212")
    assert [(at["file"], at["line"]) for at in lock["locations"]] == [
        ("specs/region.yaml", 5), ("base.yaml", 3),
    ]  # fmt: skip
    assert "base.yaml:3" in lock["message"]


def test_machine_output_is_the_object_and_nothing_else(folder: Path) -> None:
    done = harmonize("check", "-f", "json", "-o", "out.json")
    assert done.out == ""
    found = json.loads((folder / "out.json").read_text("utf-8"))
    assert found["schema"] == "harmonize.findings/1"
    rest = {"known": 0, "ignored": 0, "fixed": 0}
    assert found["summary"] == {"error": 1, "warning": 0, "info": 2, **rest}
    difference = next(one for one in found["findings"] if one["code"] == "HZ632")
    assert {"code", "severity", "message", "fingerprint", "locations"} <= difference.keys()
    assert [at["file"] for at in difference["locations"]] == ["specs/ridge.yaml", "specs/lake.yaml"]


def test_what_is_marked_is_not_told_to_the_public(folder: Path) -> None:
    secret = {**OLDER, "visibility": {"ages": "withheld"}}
    written(folder / "specs", text_of("ridge", secret), names=["ridge.yaml"])
    public = harmonize("check", "-f", "json")
    assert (public.code, "18-75" in public.out + public.err) == (0, False)
    assert harmonize("check", "--audience", "broker").code == 1


def test_control_characters_are_shown_as_escapes(folder: Path) -> None:
    bad = {"id": "bp", "title": "Controlling High \u202eBlood\x1b[2J Pressure"}
    written(folder / "specs", text_of("lake", bad, "Asthma"), names=["lake.yaml"])
    done = harmonize("check", "--fail-on", "never")
    assert not {"\x1b", "\u202e"} & set(done.out)


def test_a_rule_that_is_off_is_not_run_though_it_is_asked_for(folder: Path) -> None:
    done = harmonize("check", "--rule", "missing-source", "--fail-on", "info")
    assert (done.code, "off, and not run: missing-source" in done.err) == (0, True)


# --- settings -------------------------------------------------------------------------------------


def test_settings_say_where_they_come_from(folder: Path) -> None:
    (folder / "harmonize.yaml").write_text(
        "harmonize: 1\nspecs: specs\nmatch_at: 0.7\npolicy:\n  rules:\n"
        "    minimum-shared:\n      at_least: 3\n",
        "utf-8",
    )
    done = harmonize("check", "--show-settings", "--knowledge", "own.yaml")
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    for line in (
        "file = harmonize.yaml found upward",
        "specs = [specs] harmonize.yaml:2",
        "match_at = 0.7 harmonize.yaml:3",
        "knowledge = [own.yaml] --knowledge",
        "decisions = none default",
        "rules.minimum-shared = error harmonize.yaml:6",
        "rules.minimum-shared.at_least = 3 harmonize.yaml:7",
        "rules.missing-source = warning default",
    ):
        assert line in lines
    shown = harmonize("check", "--show-settings", "--match-at", "0.6").out
    assert any(line.endswith("--match-at") and "0.6" in line for line in shown.splitlines())


def test_the_threshold_of_matching_is_a_setting(folder: Path) -> None:
    written(folder / "specs", text_of("ridge", {"id": "bp", "title": "Hypertension control"}),
            names=["ridge.yaml"])  # fmt: skip

    def matched(*arguments: str) -> bool:
        done = harmonize("compare", "-f", "json", *arguments)
        return any(len(c["members"]) > 1 for c in json.loads(done.out)["concepts"])

    assert matched()
    configure(folder, {}, match_at="0.9999")
    assert not matched()
    assert matched("--match-at", "0.5")


# --- the rules as they are told -------------------------------------------------------------------


def test_rules_are_listed_and_explained() -> None:
    listed = harmonize("rules").out.splitlines()
    assert [line.split()[0] for line in listed] == [rule.code for rule in EVERY]
    for rule in EVERY:
        by_code, by_name = harmonize("rules", rule.code), harmonize("rules", rule.name)
        assert by_code == by_name
        assert all(told in by_name.out for told in (rule.finds, rule.why, rule.example, rule.fix))
    assert "locks" in harmonize("rules", "HZ212").out
    unknown = harmonize("rules", "minimum-sharing")
    assert (unknown.code, "minimum-shared" in unknown.err) == (2, True)


def test_rules_are_told_to_programs() -> None:
    found = json.loads(harmonize("rules", "-f", "json").out)
    assert found["schema"] == "harmonize.rules/1"
    assert [one["name"] for one in found["rules"]] == [rule.name for rule in EVERY]
    assert found["rules"][10]["takes"]["core"]


def test_the_page_on_the_rules_is_made_from_the_table(pytestconfig: pytest.Config) -> None:
    page, made = ROOT / "docs" / "rules.md", harmonize("rules", "-f", "markdown").out
    if pytestconfig.getoption("--write-examples"):
        page.write_text(made, "utf-8")
    assert page.read_text("utf-8") == made


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_rule_is_told_to_take_can_be_read(rule: Any, folder: Path) -> None:
    shown = harmonize("rules", rule.name).out
    text = "".join(
        line.removeprefix("  ") + "\n"
        for line in shown.split("harmonize.yaml:\n", 1)[1].split("\n")
    )
    (folder / "harmonize.yaml").write_text(f"harmonize: 1\n{text}", "utf-8")
    assert f"rules.{rule.name} = " in harmonize("check", "--show-settings").out


# --- our own specs --------------------------------------------------------------------------------


def test_our_own_specs_keep_to_their_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = harmonize("check", "--config", ".ci/harmonize.yaml", "--as-of", "2026-11-24")
    assert done.code == 0, done.out


# --- what is known, and what is worse -------------------------------------------------------------


def test_what_is_known_passes_and_the_file_only_shrinks(folder: Path) -> None:
    assert harmonize("check", "--write-baseline", "base.yaml").code == 0
    again = harmonize("check", "--baseline", "base.yaml")
    assert (again.code, again.err) == (0, "3 known, 0 new, 0 fixed\n")
    written(folder / "specs", text_of("ridge", {**OLDER, "ages": "18-85"}), names=["ridge.yaml"])
    fixed = harmonize("check", "--baseline", "base.yaml", "--write-baseline", "base.yaml")
    assert (fixed.code, fixed.err) == (0, "2 known, 0 new, 1 fixed\n")
    written(folder / "specs", text_of("ridge", OLDER), names=["ridge.yaml"])
    assert harmonize("check", "--baseline", "base.yaml").code == 1


def test_a_draft_only_warns(folder: Path) -> None:
    draft = text_of("ridge", OLDER, status="draft")
    written(folder / "specs", draft, names=["ridge.yaml"])
    same = (folder / "specs" / "lake.yaml").read_text("utf-8").replace("lake", "shore")
    written(folder / "specs", same, names=["shore.yaml"])
    assert harmonize("check", "--fail-on", "error").code == 0
    written(folder / "specs", text_of("ridge", OLDER), names=["ridge.yaml"])
    assert harmonize("check", "--fail-on", "error").code == 1


def test_a_pull_request_fails_on_what_it_makes_worse_alone(folder: Path) -> None:
    same = text_of("ridge", {**OLDER, "ages": "18-85"})
    written(folder / "specs", same, names=["ridge.yaml"])
    for command in (
        "init -q -b main", "add -A", "-c user.name=A -c user.email=a@b.example commit -qm first",
    ):  # fmt: skip
        subprocess.run((GIT, *command.split()), cwd=folder, check=True)
    assert harmonize("check", "--against", "main").code == 0
    written(folder / "specs", text_of("ridge", OLDER), names=["ridge.yaml"])
    done = harmonize("check", "--against", "main")
    (line,) = done.out.splitlines()
    assert done.code == 1
    assert line.startswith("specs/ridge.yaml:4:")
    assert "HZ661 [error]" in line
    about = {"measures": ["lake/bp", "ridge/bp"], "attribute": "ages"}
    law = {"difference": about, "judgement": "justified", "because": "state law", "by": "A",
           "on": "2026-11-24"}  # fmt: skip
    text = f"harmonize: 1\ndecisions:\n  - {flow(law)}\n"
    (folder / "decisions.yaml").write_text(text, "utf-8")
    assert harmonize("check", "--against", "main").code == 0
    unknown = harmonize("check", "--against", "no-such-branch")
    assert unknown.code == 2
    assert "HZ553" in unknown.out
