"""Mappings into decisions: which rows judge, which are left aside and why, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from building import harmonize
from exchanging import HEAD, given, mapping, table, taken

from harmonize.decisions import Decision
from harmonize.judgements import Asked, judged
from harmonize.reading.decisions import read_decisions

DAY = "2026-11-24"
AUTO = "semapv:LexicalMatching"


def one(**row: str) -> Decision:
    """The decision of one row."""
    (found,) = taken(given(table(mapping(**row))))
    return found


def why(asked: Asked = Asked(), **row: str) -> str:  # noqa: B008 - it is frozen
    """Why a row is left aside."""
    (found,) = judged(given(table(mapping(**row))), "m.tsv", asked).aside
    return found.why


@pytest.mark.parametrize(
    ("predicate", "mapping"),
    [
        ("skos:exactMatch", "exact"),
        ("skos:closeMatch", "close"),
        ("skos:broadMatch", "broad"),
        ("skos:narrowMatch", "narrow"),
        ("skos:relatedMatch", "related"),
        ("owl:equivalentClass", "exact"),
        ("rdfs:subClassOf", "broad"),
    ],
)
def test_what_a_person_curated_is_accepted_as_its_predicate_says(
    predicate: str, mapping: str
) -> None:
    for justification in ("semapv:ManualMappingCuration", "semapv:MappingReview"):
        found = one(predicate_id=predicate, mapping_justification=justification)
        assert (found.judgement, found.mapping) == ("accept", mapping)
        assert found.match == ("lake/1", "ridge/2")


def test_who_when_and_why_are_taken_over() -> None:
    found = one(author_label="Ana|Bo", mapping_date="2026-01-02", comment="they agree")
    assert (found.by, found.on, found.because) == ("Ana, Bo", "2026-01-02", "they agree")
    assert one(reviewer_label="Cy").by == "Cy"
    assert one(author_id="lake:ana").by == "lake:ana"


@pytest.mark.parametrize("justification", ["semapv:ManualMappingCuration", AUTO])
def test_not_is_a_rejection_with_a_reason(justification: str) -> None:
    row = {"predicate_modifier": "Not", "mapping_justification": justification}
    assert one(**row, comment="other people").because == "other people"
    found = one(**row)
    assert (found.judgement, found.mapping) == ("reject", None)
    assert found.because == "no reason given in m.tsv"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"object_id": "sssom:NoTermFound"}, "no counterpart was found"),
        ({"object_id": "", "object_type": "rdfs literal", "object_label": "x"}, "a text"),
        ({"object_id": "lake:1"}, "a measure mapped to itself"),
        ({"predicate_id": "rdfs:seeAlso"}, "rdfs:seeAlso is no mapping of measures"),
        ({"mapping_justification": AUTO}, "a suggestion that nobody has judged"),
        ({"mapping_justification": AUTO, "predicate_id": "skos:broadMatch"}, "skos:broadMatch"),
        ({"predicate_modifier": "Not", "predicate_id": "skos:broadMatch"}, "not skos:broadMatch"),
    ],
)
def test_what_is_left_aside_has_a_reason(row: dict[str, str], told: str) -> None:
    assert why(**row).startswith(told)


def test_a_suggestion_is_left_open_where_that_is_asked_for() -> None:
    rows = (
        mapping(mapping_justification=AUTO, confidence="0.75"),
        mapping(mapping_justification=AUTO, object_id="ridge:3"),
        mapping(object_id="ridge:3"),
    )
    found = judged(given(table(*rows)), "m.tsv", Asked(suggestions=True))
    (first, second) = taken(given(table(*rows)), suggestions=True)
    assert (first.judgement, second.judgement) == ("unsure", "accept")
    assert first.because == f"suggested in m.tsv by {AUTO}, confidence 0.75"
    assert [a.why for a in found.aside] == ["a suggestion for a pair that another row judges"]


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, *rows: dict[str, str], head: str = HEAD) -> None:
    (folder / "m.tsv").write_text(table(*rows, head=head), encoding="utf-8")


def read(folder: Path, name: str = "d.yaml") -> tuple[Decision, ...]:
    return read_decisions([(name, (folder / name).read_text("utf-8"))])[0]


ROWS: tuple[dict[str, Any], ...] = (
    mapping(author_label="Ana", mapping_date="2026-01-02"),
    mapping(object_id="ridge:3", predicate_modifier="Not"),
    mapping(object_id="sssom:NoTermFound"),
    mapping(object_id="ridge:4", mapping_justification=AUTO),
    mapping(reviewer_label="Bo", predicate_id="skos:closeMatch"),
)


def test_rows_in_are_rows_out_or_told(folder: Path) -> None:
    written(folder, *ROWS)
    done = harmonize("import", "sssom", "m.tsv", "-o", "d.yaml")
    assert (done.code, done.out) == (0, "")
    assert "m.tsv: 5 rows: 1 accepted, 1 rejected, 0 left open, 3 left aside\n" in done.err
    assert "  1 left aside: no counterpart was found (line 9)\n" in done.err
    assert "  1 left aside: judged alike in line 7 (line 11)\n" in done.err
    assert [d.judgement for d in read(folder)] == ["accept", "reject"]
    each = harmonize("import", "sssom", "m.tsv", "--rows", "--dry-run").err
    assert "m.tsv:10: a suggestion that nobody has judged\n" in each


def test_a_file_that_is_there_is_merged_into_and_twice_changes_nothing(folder: Path) -> None:
    there = "{measure: lake/1, disposition: adopt, by: Ana, on: 2026-01-01}"
    (folder / "d.yaml").write_text(f"harmonize: 1\ndecisions:\n  - {there}\n")
    written(folder, *ROWS)
    assert harmonize("import", "sssom", "m.tsv", "-o", "d.yaml").code == 0
    once = (folder / "d.yaml").read_bytes()
    assert len(read(folder)) == 3
    done = harmonize("import", "sssom", "m.tsv", "-o", "d.yaml")
    assert "nothing was written" in done.err
    assert (folder / "d.yaml").read_bytes() == once


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("judgement: accept, mapping: exact", "recorded alike in d.yaml:3, which stays"),
        ("judgement: accept, mapping: broad", "recorded otherwise in d.yaml:3, which stays"),
        ("judgement: reject, because: no", "recorded otherwise in d.yaml:3, which stays"),
    ],
)
def test_what_was_decided_before_stays_unless_it_is_to_be_replaced(
    folder: Path, own: str, told: str
) -> None:
    there = (
        f"harmonize: 1\ndecisions:\n  - {{match: [ridge/2, lake/1], {own}, by: Cy, on: {DAY}}}\n"
    )
    (folder / "d.yaml").write_text(there)
    written(folder, *ROWS[:1])
    done = harmonize("import", "sssom", "m.tsv", "-o", "d.yaml")
    assert told in done.err
    assert (folder / "d.yaml").read_text() == there
    assert harmonize("import", "sssom", "m.tsv", "-o", "d.yaml", "--replace").code == 0
    assert [d.by for d in read(folder)] == ["Ana"]


def test_without_a_file_decisions_go_to_stdout_and_a_dry_run_writes_none(folder: Path) -> None:
    written(folder, *ROWS)
    out = harmonize("import", "sssom", "m.tsv", "--quiet")
    assert (out.err, len(read_decisions([("-", out.out)])[0])) == ("", 2)
    shown = harmonize("import", "sssom", "m.tsv", "-o", "d.yaml", "--dry-run").out
    assert shown.startswith("--- /dev/null\n+++ d.yaml\n")
    assert not (folder / "d.yaml").exists()


def test_nothing_is_written_where_nobody_judged(folder: Path) -> None:
    written(folder, mapping(mapping_justification=AUTO))
    done = harmonize("import", "sssom", "m.tsv", "-o", "d.yaml")
    assert done.code == 0
    assert "nothing was written" in done.err
    assert not (folder / "d.yaml").exists()


def test_the_first_of_two_files_stays(folder: Path) -> None:
    written(folder, *ROWS[:1])
    (folder / "n.tsv").write_text(table(mapping(predicate_modifier="Not")))
    done = harmonize("import", "sssom", "m.tsv", "n.tsv", "-o", "d.yaml")
    assert "recorded otherwise in m.tsv:7, which stays (line 7)" in done.err
    assert [d.judgement for d in read(folder)] == ["accept"]


def test_a_prefix_is_a_payer_or_is_said_to_be_one(folder: Path) -> None:
    written(folder, mapping(subject_id="LK:a%20b"), head=HEAD.replace("lake:", "LK:"))
    done = harmonize("import", "sssom", "m.tsv", "-o", "d.yaml", "--map", "LK=lake")
    assert done.code == 0
    assert "prefixes taken for payers of that name: " in done.err
    assert "LK" not in done.err
    assert read(folder)[0].match == ("lake/a b", "ridge/2")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([mapping(object_id="globex:1")], "m.tsv:7:24: HZ524"),
        ([mapping(object_id="skos:Concept")], "m.tsv:7:24: HZ529"),
        ([mapping(subject_id="lake:")], "m.tsv:7:1: HZ207"),
        ([mapping(mapping_date="2026-02-31")], "m.tsv:7:61: HZ206"),
        ([mapping(predicate_modifier="NOT")], "m.tsv:7:61: HZ522"),
        (
            [mapping(predicate_id="skos:broadMatch"), mapping(predicate_id="skos:narrowMatch")],
            "m.tsv:8:1: HZ502",
        ),
        ([mapping(predicate_modifier=""), mapping(predicate_modifier="Not")], "m.tsv:8:1: HZ502"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    folder: Path, rows: list[dict[str, str]], told: str
) -> None:
    written(folder, *rows)
    done = harmonize("import", "sssom", "m.tsv", "-o", "d.yaml")
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert not (folder / "d.yaml").exists()


@pytest.mark.parametrize("mapped", ["LK", "=lake", "LK=", "LK=a b"])
def test_a_map_of_nothing_is_refused(folder: Path, mapped: str) -> None:
    written(folder, *ROWS)
    assert harmonize("import", "sssom", "m.tsv", "--map", mapped).code == 2


def test_a_file_where_a_kind_is_wanted_gets_a_hint() -> None:
    assert "harmonize import sssom a.sssom.tsv?" in harmonize("import", "a.sssom.tsv").err


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    done = harmonize("import", "sssom", "none.tsv")
    assert (done.code, done.err) == (2, "none.tsv:1:1: HZ001 no such file or folder\n")
