"""Which decisions file a command writes to, and that nobody's decisions are lost in it."""

from pathlib import Path

import pytest
from building import text_of, written
from deciding import decided, decisions_text, match

from harmonize.ledger import edits, pin, public, record, save, target
from harmonize.pinning import readable
from harmonize.problems import SpecError
from harmonize.reading.decisions import read_file
from harmonize.workspace import load

LAKE = text_of("lake", {"id": "bp", "title": "BP", "ages": "18-85"})
RIDGE = text_of(
    "ridge", {"id": "bp", "title": "BP", "ages": "18-85"}, visibility={"ages": "withheld"}
)
ONE, OTHER, THIRD = (match("a/1", f"b/{n}") for n in (1, 2, 3))


def test_a_new_file_stands_with_the_specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "specs", LAKE, names=["lake.yaml"])
    monkeypatch.chdir(tmp_path)
    assert target(load(["specs"])) == "specs/decisions.yaml"
    assert target(load(["specs/lake.yaml"])) == "specs/decisions.yaml"
    assert target(load([])) == "specs/decisions.yaml"
    monkeypatch.chdir("specs")
    assert target(load(["lake.yaml"])) == "decisions.yaml"
    assert target(load(["."])) == "decisions.yaml"
    save(record(target(load(["lake.yaml"])), decided(ONE), ())[:1])
    assert load(["lake.yaml"]).decisions == load(["."]).decisions == decided(ONE)


def test_the_file_that_was_read_is_written(tmp_path: Path) -> None:
    folder = written(tmp_path, LAKE, decisions_text(ONE), names=["lake.yaml", "ours.yaml"])
    (tmp_path / "other.yml").write_text(decisions_text(), "utf-8")
    with pytest.raises(SpecError, match=r"HZ507 decisions stand in .*other.yml, .*ours.yaml: say"):
        target(load([str(folder)]))
    named = str(folder / "other.yml")
    assert target(load([str(folder)], decisions=[named])) == named


def test_what_is_pinned_is_what_everybody_may_see(tmp_path: Path) -> None:
    found = load([str(written(tmp_path, LAKE, RIDGE))])
    one = pin(decided(match("lake/bp", "ridge/bp"))[0], public(found))
    assert readable(one.fingerprint)
    assert one.judged == {
        "lake/bp": {"title": "BP", "ages": "18-85"},
        "ridge/bp": {"title": "BP"},
    }
    unknown = decided(match("lake/bp", "moon/bp"))[0]
    assert pin(unknown, public(found)) == unknown


def test_nobody_overwrites_another(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(decisions_text(ONE), "utf-8")
    known = read_file(path.read_text("utf-8"), "")[0]
    path.write_text(decisions_text(ONE, {**OTHER, "by": "Bo"}), "utf-8")
    mine = decided({**ONE, "judgement": "unsure"}, {**OTHER, "judgement": "unsure"}, THIRD)
    edit, met = record(str(path), mine, known)
    assert [(one.refs, one.by) for one in met] == [(("a/1", "b/2"), "Bo")]
    assert save([edit]) == (str(path),)
    there = read_file(path.read_text("utf-8"), "")[0]
    assert [(one.refs[1], one.answer) for one in there] == [
        ("b/1", "unsure"), ("b/2", "accept"), ("b/3", "accept"),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_bytes_of_a_file_stay_mark_and_breaks_and_all(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_bytes(mark + decisions_text(ONE).replace("\n", "\r\n").encode())
    before = path.read_bytes()
    save(edits([str(path)], lambda text, _: text or ""))
    assert path.read_bytes() == before
    save(record(str(path), decided(OTHER), ())[:1])
    assert path.read_bytes().startswith(before)
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_a_file_that_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for path in paths:
        path.write_text("harmonize: 1\ndecisions: {}\n", "utf-8")
    with pytest.raises(SpecError, match="HZ204"):
        record(str(paths[0]), decided(ONE), ())
