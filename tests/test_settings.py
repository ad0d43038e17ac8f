"""`harmonize.yaml`: where it is looked for, what it says, and what is wrong with one."""

from pathlib import Path

import pytest
from building import harmonize, text_of, written

from harmonize.files import above
from harmonize.problems import SpecError
from harmonize.reading.settings import read_settings
from harmonize.rules import TAKEN


def wrong(text: str, **files: str) -> list[str]:
    """What is told of a configuration, a line each."""
    with pytest.raises(SpecError) as error:
        read_settings(text, "harmonize.yaml", TAKEN, lambda name: files[name.removesuffix(".yaml")])
    return [str(one).removeprefix("harmonize.yaml:") for one in error.value.problems]


def rules(text: str) -> list[str]:
    """What is told of the rules of a policy."""
    return wrong("policy:\n  rules:\n" + "".join(f"    {line}\n" for line in text.splitlines()))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- specs\n", "1:1: HZ204 a list, wanted a map"),
        ("spec: x\n", "1:1: HZ201 unknown key 'spec': did you mean 'specs'?"),
        ("specs: []\n", "1:8: HZ203 'specs' has no value"),
        ("harmonize: 2\n", "1:12: HZ210 another format: this program reads 1"),
        ("policy:\n", "1:8: HZ203 'policy' has no value: leave the key out"),
        ("specs: {a: b}\n", "1:8: HZ204 'specs' holds a map, wanted a single value"),
        ("match_at: 1.5\n", "1:11: HZ207 'match_at' is '1.5', wanted a number such as 0.8"),
        ("match_at: 0.0\n", "1:11: HZ207"),
        ("match_at: high\n", "1:11: HZ207"),
        ("policy: [x]\n", "1:9: HZ204 'policy' holds a list"),
        ("policy: {rule: {}}\n", "1:10: HZ201 unknown key 'rule': did you mean 'rules'?"),
        ("policy: {rules: [x]}\n", "1:17: HZ204 'rules' holds a list, wanted rule: severity"),
    ],
)
def test_what_is_wrong_with_a_configuration(text: str, told: str) -> None:
    (line,) = wrong(text)
    assert line.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("missing-sauce: error", "3:5: HZ546 no rule 'missing-sauce': did you mean"),
        ("zzz: error", "3:5: HZ546 no rule 'zzz': harmonize rules lists them"),
        ("missing-source: fatal", "3:21: HZ205 'missing-source' is 'fatal', wanted one of error"),
        ("missing-source: [error]", "3:21: HZ204 'missing-source' holds a list, wanted a severity"),
        ("missing-source: {severity: bad}", "3:32: HZ205 'severity' is 'bad'"),
        ("missing-source: {at_least: 3}", "3:22: HZ201 unknown key 'at_least'"),
        ("minimum-shared: error", "3:5: HZ547 'minimum-shared' does not say what is to hold"),
        ("minimum-shared: {severity: error}", "3:21: HZ202 'at_least' is missing"),
        ("minimum-shared: {at_least: many}", "3:32: HZ207 'at_least' is 'many', wanted a whole"),
        ("minimum-agreement: {at_least: 101%}", "3:35: HZ206 'at_least' is '101%'"),
        ("core-adherence: {core: c, for: [{at_least: 1}]}", "3:37: HZ202 'contract_type' is"),
        ("unjustified-difference: {allow: [{within: 5}]}", "3:47: HZ206 'within' is '5'"),
        ("unjustified-difference: {allow: [{attribute: agess}]}",
         "3:50: HZ205 'attribute' is 'agess', no field by which payers can differ: did you mean"),
        ("core-respecified: {core: c, may_differ: [ages, nonsense]}",
         "3:52: HZ205 'may_differ' is 'nonsense', no field by which payers can differ"),
        ("unjustified-difference: {weight: heavy}", "3:38: HZ205 'weight' is 'heavy'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_policy(text: str, told: str) -> None:
    (line,) = rules(text)
    assert line.startswith(told)


def test_a_rule_that_is_off_needs_no_parameters() -> None:
    text = "policy: {rules: {minimum-shared: {severity: off}}}\n"
    read = read_settings(text, "harmonize.yaml", TAKEN, str)
    assert read.policy.of("minimum-shared").severity == "off"


def test_all_problems_are_told_at_once() -> None:
    assert len(wrong("spec: x\nmatch_at: 9\npolicy: {rules: {x: error, y: error}}\n")) == 4


def test_a_policy_may_stand_in_a_file_of_its_own() -> None:
    text = "harmonize: 1\npolicy: {rules: {missing-source: error}}\n"
    read = read_settings(
        "policy: own.yaml\n", "sub/harmonize.yaml", TAKEN, {"sub/own.yaml": text}.__getitem__
    )
    assert read.policy.of("missing-source").severity == "error"
    assert str(read.policy.of("missing-source").place) == "sub/own.yaml:2"
    (line,) = wrong("policy: own.yaml\n", own="harmonize: 1\nrules: {}\npolicy: {}\n")
    assert line.startswith("own.yaml:2:1: HZ201")


@pytest.mark.parametrize("word", ["off", "OFF", "'off'", "Error", "warning", "info"])
def test_a_severity_is_a_word_in_any_case(word: str) -> None:
    text = f"policy: {{rules: {{missing-source: {word}}}}}\n"
    read = read_settings(text, "harmonize.yaml", TAKEN, str)
    assert read.policy.of("missing-source").severity == word.strip("'").lower()


def test_the_nearest_file_upward_is_taken_and_a_repository_ends_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "repo" / "specs" / "deep", text_of("lake", "Asthma"))
    (tmp_path / "repo" / "harmonize.yaml").write_text("specs: specs/deep\n", "utf-8")
    monkeypatch.chdir(tmp_path / "repo" / "specs" / "deep")
    assert above("harmonize.yaml") == "../../harmonize.yaml"
    done = harmonize("validate", "-f", "json")
    assert (done.code, "1 file, 1 measure," in done.err) == (0, True)
    (tmp_path / "repo" / "specs" / ".git").mkdir()
    assert above("harmonize.yaml") is None
    (tmp_path / "repo" / "specs" / "harmonize.yaml").write_text("specs: deep\n", "utf-8")
    assert above("harmonize.yaml") == "../harmonize.yaml"
