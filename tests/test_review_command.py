"""`harmonize review` without its session: accepted at once, withdrawn, renamed, from the shell."""

from pathlib import Path
from typing import Any

import pytest
from building import Done, harmonize, text_of, written
from deciding import DAY, decisions_text, match

from harmonize.decisions import Decision
from harmonize.reading.decisions import read_file
from harmonize.workspace import load

LAKE = text_of("lake", "Fall Risk", "Statin Therapy")
RIDGE = text_of("ridge", "Falls Screening", "Statin Therapy for Heart Disease")
FALLS = ("lake/fall-risk", "ridge/falls-screening")
STATINS = ("lake/statin-therapy", "ridge/statin-therapy-for-heart-disease")
BY = ("--by", "Ana", "--as-of", DAY)


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "specs", LAKE, RIDGE, names=["lake.yaml", "ridge.yaml"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARMONIZE_BY", raising=False)


def review(*arguments: str) -> Done:
    return harmonize("review", "specs", *arguments)


def keep(*entries: dict[str, Any], file: str = "specs/decisions.yaml") -> str:
    text = decisions_text(*({"by": "Ana", "on": DAY, **entry} for entry in entries))
    Path(file).write_text(text, "utf-8")
    return text


def there(file: str = "specs/decisions.yaml") -> tuple[Decision, ...]:
    return read_file(Path(file).read_text("utf-8"), file)[0]


# --- accepted at once ---------------------------------------------------------------------------


def test_a_dry_run_lists_and_writes_nothing() -> None:
    done = review("--accept-above", "0.01", "--dry-run")
    assert (done.code, len(done.out.splitlines())) == (0, 2)
    assert f" {FALLS[0]} = {FALLS[1]}  Fall Risk | Falls Screening" in done.out
    assert "2 possible matches would be accepted in specs/decisions.yaml; none was." in done.err
    assert not Path("specs/decisions.yaml").exists()


def test_why_nothing_is_sure_enough_is_told() -> None:
    done = review("--accept-above", "0.9", "--dry-run")
    assert (done.code, done.out) == (0, "")
    assert "the surest possible match has 0.1" in done.err


def test_what_is_accepted_is_pinned_and_honoured_and_not_asked_again() -> None:
    done = review("--accept-above", "0.01", *BY, "--because", "as listed")
    assert (done.code, done.out) == (0, "")
    assert "wrote specs/decisions.yaml\n2 possible matches accepted.\n" in done.err
    for one, refs in zip(there(), (FALLS, STATINS), strict=True):
        assert (one.refs, one.by, one.on, one.because) == (refs, "Ana", DAY, "as listed")
        assert set(one.judged or {}) == set(refs)
        assert one.fingerprint
    assert load(["specs"]).decisions == there()
    before = Path("specs/decisions.yaml").read_bytes()
    assert "0 possible matches accepted." in review("--accept-above", "0.01", *BY).err
    assert Path("specs/decisions.yaml").read_bytes() == before


def test_what_was_judged_or_withdrawn_stays_as_it_is() -> None:
    before = keep(
        match(*FALLS, "reject"), match(*STATINS, withdrawn={"by": "Bo", "because": "a doubt"})
    )
    done = review("--accept-above", "0.01", *BY)
    assert "left for you: " in done.err
    assert "a decision about it is withdrawn" in done.err
    assert Path("specs/decisions.yaml").read_text("utf-8") == before


def test_who_decides_is_said_or_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    done = review("--accept-above", "0.01")
    assert (done.code, done.out) == (2, "")
    assert "Whose decision is it? Say --by NAME, or set HARMONIZE_BY." in done.err
    assert not Path("specs/decisions.yaml").exists()
    monkeypatch.setenv("HARMONIZE_BY", "Cleo")
    assert review("--accept-above", "0.01", "--as-of", DAY).code == 0
    assert {one.by for one in there()} == {"Cleo"}


def test_withheld_values_are_in_no_decision() -> None:
    secret = text_of(
        "lake", {"title": "Fall Risk", "ages": "65-99"}, visibility={"ages": "withheld"}
    )
    written(Path("specs"), secret, names=["lake.yaml"])
    review("--accept-above", "0.01", *BY, "--audience", "broker")
    assert there()
    assert "65-99" not in Path("specs/decisions.yaml").read_text("utf-8")


def test_titles_cannot_play_with_the_terminal() -> None:
    odd = text_of("lake", {"id": "x", "title": "Fall Risk\x1b[31m\u202e"})
    written(Path("specs"), odd, names=["lake.yaml"])
    done = review("--accept-above", "0.01", "--dry-run")
    assert "\\x1b[31m\\u202e" in done.out
    assert not {"\x1b", "\u202e"} & set(done.out + done.err)


def test_several_files_and_none_named() -> None:
    keep(match("a/1", "b/1"))
    keep(match("a/1", "c/1"), file="specs/more.yaml")
    done = review("--accept-above", "0.01", *BY)
    assert done.code == 2
    assert "HZ507 decisions stand in specs/decisions.yaml, specs/more.yaml: say with" in done.err
    done = review("--accept-above", "0.01", *BY, "--decisions", "specs/more.yaml")
    assert done.code == 0
    assert (len(there()), len(there("specs/more.yaml"))) == (1, 3)


# --- withdrawn ----------------------------------------------------------------------------------

WHY = ("--by", "Bo", "--because", "we looked again", "--as-of", "2026-12-01")
MEANT = "did you mean ridge/falls-screening?"
DIFFERENCE = {
    "difference": {"measures": FALLS, "attribute": "ages"}, "judgement": "resolved",
}  # fmt: skip
ADOPTED = {"measure": FALLS[0], "disposition": "adopt"}


@pytest.mark.parametrize(
    ("names", "only", "at"),
    [
        (STATINS, (), 1),
        (STATINS[::-1], (), 1),
        (FALLS[:1], (), 3),
        (FALLS, ("--only", "accept"), 0),
        (FALLS, ("--only", "ages"), 2),
    ],
)
def test_a_decision_is_withdrawn_and_stays(
    names: tuple[str, ...], only: tuple[str, ...], at: int
) -> None:
    keep(match(*FALLS), match(*STATINS), DIFFERENCE, ADOPTED)
    before = there()
    done = harmonize("review", "specs", "--withdraw", *names, *only, *WHY)
    assert (done.code, done.err) == (0, "wrote specs/decisions.yaml\n")
    found = there()
    assert [one.withdrawn is not None for one in found] == [n == at for n in range(4)]
    trace = found[at].withdrawn
    assert trace
    assert (trace.by, trace.on, trace.because) == ("Bo", "2026-12-01", "we looked again")
    assert [one.key for one in found] == [one.key for one in before]


def test_of_two_that_contradict_one_can_be_withdrawn() -> None:
    keep(match(*FALLS), match(*FALLS, "reject"))
    assert harmonize("review", "specs", "--withdraw", *FALLS, "--only", "reject", *WHY).code == 0
    assert [one.answer for one in there() if not one.withdrawn] == ["accept"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((*FALLS, *BY), "--withdraw: say --because TEXT"),
        ((*FALLS, "--because", "x"), "Whose decision is it?"),
        ((FALLS[0], "ridge/fals-screening", *WHY), f"HZ010 no decision names it; {MEANT}"),
        ((FALLS[0], STATINS[1], *WHY), f"no decision about {FALLS[0]} and {STATINS[1]} is left"),
        ((FALLS[1], *WHY), f"there is specs/decisions.yaml:3: {FALLS[0]} and {FALLS[1]}"),
        ((*FALLS, *WHY), "several decisions fit, say which with --only"),
        ((*STATINS, *WHY), "accepted by Ana on 2026-11-24, withdrawn"),
    ],
)  # fmt: skip
def test_what_cannot_be_withdrawn_is_told(arguments: tuple[str, ...], told: str) -> None:
    before = keep(match(*FALLS), match(*STATINS, withdrawn={"by": "Bo"}), DIFFERENCE)
    done = harmonize("review", "specs", "--withdraw", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert Path("specs/decisions.yaml").read_text("utf-8") == before


def test_a_dry_run_shows_the_difference() -> None:
    before = keep(match(*STATINS))
    done = harmonize("review", "specs", "--withdraw", *STATINS, *WHY, "--dry-run")
    assert '+  - {"by": "Ana"' in done.out
    assert "withdrawn: {by: Bo" in done.out
    assert Path("specs/decisions.yaml").read_text("utf-8") == before


# --- renamed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [("brook", "lake"), ("brook/fr", FALLS[0]), ("brook/fr/r1", FALLS[0])],
)
def test_names_are_carried_over_in_every_file(old: str, new: str) -> None:
    ref = {"lake": "brook/fall-risk"}.get(new, old)
    texts = [keep(match(ref, FALLS[1])), keep({**ADOPTED, "measure": ref}, file="specs/set.yaml")]
    done = review("--rename", f"{old}={new}")
    assert (done.code, done.err) == (0, "wrote specs/decisions.yaml\nwrote specs/set.yaml\n")
    files = (Path("specs/decisions.yaml"), Path("specs/set.yaml"))
    for text, file in zip(texts, files, strict=True):
        assert file.read_text("utf-8") == text.replace(ref, FALLS[0])


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("brok=lake", "HZ010 no decision names it; did you mean brook?"),
        ("brook=lak", "HZ010 the specs have no such name; did you mean lake?"),
        ("brook/x=lake", "wanted OLD=NEW, both a payer or both payer/id"),
        ("brook", "wanted OLD=NEW"),
    ],
)
def test_what_cannot_be_renamed_is_told(names: str, told: str) -> None:
    before = keep(match("brook/fall-risk", FALLS[1]))
    done = review("--rename", names)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert Path("specs/decisions.yaml").read_text("utf-8") == before


def test_one_thing_is_asked_for() -> None:
    done = review("--rename", "a=b", "--accept-above", "0")
    assert done.code == 2
    assert "--accept-above and --rename: one at a time." in done.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--dry-run",), "--dry-run goes with --accept-above or --withdraw or --renew or --pin"),
        (("--expires", "2027-01-01"), "--expires goes with --accept-above or --renew."),
        (("--comments", "said.csv"), "--comments goes with --export."),
        (("--status", "--because", "why"), "--because goes with --accept-above or --withdraw"),
        (("--export", "a.csv", "--dry-run"), "--dry-run goes with"),
        (("--pin", "--again"), "--again goes with asking one by one."),
    ],
)
def test_an_option_that_would_be_passed_over_is_refused(given: tuple[str, ...], told: str) -> None:
    done = review(*BY, *given)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert sorted(path.name for path in Path().rglob("*.*")) == ["lake.yaml", "ridge.yaml"]


def test_help_tells_each_option_in_one_section() -> None:
    from harmonize.cli.review import review as command

    out = harmonize("review", "--help").out
    options = [word for param in command.params for word in param.opts if word.startswith("--")]
    found = [line.split()[0] for line in out.splitlines() if line.startswith("  --")]
    assert sorted(found) == sorted(options)


def test_what_was_decided_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from harmonize.cli import keeping as command

    before = command.sweep

    def slow(*given: Any) -> Any:
        keep({**match(*FALLS, "reject"), "by": "Bo"})
        return before(*given)

    monkeypatch.setattr(command, "sweep", slow)
    done = review("--accept-above", "0.01", *BY)
    assert (
        "left as somebody else decided meanwhile: specs/decisions.yaml:3: rejected by Bo"
        in done.err
    )
    assert "1 possible match accepted." in done.err
    assert [(one.by, one.answer) for one in there()] == [("Bo", "reject"), ("Ana", "accept")]
