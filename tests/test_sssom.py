"""The crosswalk as SSSOM: what each row says, its canonical form, and what others read of it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from building import EXCHANGE, KNOWN, ROOT, harmonize, published, spec, text_of, written
from deciding import decided, match
from exchanging import between, exported, given, mapped, taken
from hypothesis import given as tried
from hypothesis import strategies as st

from harmonize.audience import publish
from harmonize.decisions import BETWEEN, MAPPINGS, WITHIN, Decision
from harmonize.exchange import mapping_set
from harmonize.mappings import (
    MappingSet,
    curie_of,
    guarded,
    inverse,
    prefix_of,
    ref_of,
    unguarded,
)
from harmonize.render.sssom import tsv
from harmonize.sets import MeasureSet
from harmonize.workspace import load

BP: Final = {"id": "bp", "title": "Controlling High Blood Pressure", "ids": {"cbe": "0018"}}
SETS: Final = (
    spec("lake", BP, {"id": "a b/c", "title": "Asthma Medication Ratio"}, measurement_year="2026"),
    spec("ridge", BP, {"id": "eye", "title": "Eye Exam for Patients with Diabetes"}),
)
ASTHMA: Final = "lake:a%20b%2Fc"
HEAD: Final = """\
#curie_map:
#  lake: https://example.org/specs/lake/
#  ridge: https://example.org/specs/ridge/
#mapping_set_id: https://example.org/crosswalk
#license: https://example.org/licence
#mapping_tool: harmonize
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\t\
subject_source\tsubject_source_version\tobject_source\tobject_source_version\t\
mapping_cardinality\tconfidence\tcomment
"""


def facts(found: MappingSet) -> list[tuple[str, str, str]]:
    """What is said of what."""
    return sorted(
        (r.get("subject_id"), r.get("predicate_id"), r.get("object_id")) for r in found.rows
    )


def test_a_match_is_told_and_what_has_no_counterpart() -> None:
    assert facts(mapped(SETS)) == [
        (ASTHMA, "skos:closeMatch", "sssom:NoTermFound"),
        ("lake:bp", "skos:closeMatch", "ridge:bp"),
        ("ridge:eye", "skos:closeMatch", "sssom:NoTermFound"),
    ]


def test_the_form_is_canonical() -> None:
    text = exported(SETS)
    assert text.startswith(HEAD)
    rows = text.removeprefix(HEAD).splitlines()
    assert rows == sorted(rows)
    assert exported(SETS[::-1]) == text
    assert tsv(given(text)) == text


def test_only_payers_of_a_row_have_a_prefix_and_one_pair_of_lists_stands_above() -> None:
    text = exported((spec("lake", BP), spec("ridge", BP)))
    assert "\n#subject_source: " in text
    assert "\n#object_source: " in text
    lone = spec("lone", BP, complete="false")
    assert "#  moon" not in exported((*SETS, lone, spec("moon", convening={"convener": "us"})))


@pytest.mark.parametrize(
    ("one", "other", "justification", "slots"),
    [
        ("Asthma Care", "ASTHMA care", "LexicalMatching", {"subject_match_field": "rdfs:label",
                                                           "match_string": "asthma care"}),
        (BP, BP, "CompositeMatching", {"similarity_score": ""}),
        ("Breast Cancer Screening for Women", "Breast Cancer Screening",
         "LexicalSimilarityThresholdMatching", {"similarity_score": "0.", "match_string": ""}),
    ],
)  # fmt: skip
def test_evidence_is_justified_by_what_it_is(
    one: Any, other: Any, justification: str, slots: Mapping[str, str]
) -> None:
    rows = [
        r for r in mapped((spec("lake", one), spec("ridge", other))).rows if r.get("confidence")
    ]
    assert [r.get("mapping_justification") for r in rows] == [f"semapv:{justification}"]
    for name, text in slots.items():
        assert rows[0].get(name).startswith(text) if text else not rows[0].get(name)


def test_what_is_possible_is_not_said_to_be_the_same() -> None:
    sets = load([str(ROOT / "specs")]).sets
    found = published(*sets).report.crosswalk.possible
    rows = mapping_set(published(*sets), EXCHANGE).rows
    told = {(r.get("subject_id"), r.get("object_id")) for r in rows
            if r.get("predicate_id") == "skos:mappingRelation"}  # fmt: skip
    assert found
    assert told == {(curie_of(p.left.ref), curie_of(p.right.ref)) for p in found}
    absent = {(r.get("subject_id"), r.get("object_source")) for r in rows
              if r.get("object_id") == "sssom:NoTermFound"}  # fmt: skip
    assert not absent & {(one, f"{other.partition(':')[0]}:") for one, other in told}


def test_a_part_is_narrower_than_its_whole_whichever_side_it_is_on() -> None:
    rates = [{"id": "7", "title": "7 days"}, {"id": "30", "title": "30 days"}]
    whole = {"id": "f", "title": "Follow-Up After Hospitalization for Mental Illness"}
    whole |= {"rates": rates}
    part = {"id": "f7", "title": "Follow-Up After Hospitalization for Mental Illness: 7 days"}
    for one, other in ((whole, part), (part, whole)):
        found = mapped((spec("lake", one), spec("ridge", other)))
        said = {(r.get("subject_id"), r.get("object_id")): r.get("predicate_id")
                for r in found.rows}  # fmt: skip
        if one is whole:
            assert said["lake:f", "ridge:f7"] == "skos:narrowMatch"
        else:
            assert said["lake:f7", "ridge:f"] == "skos:broadMatch"


@pytest.mark.parametrize(("complete", "rows"), [("true", 1), ("false", 0)])
def test_a_partial_list_proves_no_absence(complete: str, rows: int) -> None:
    found = mapped((spec("lake", "Asthma Care"), spec("ridge", BP, complete=complete)))
    assert sum(r.get("subject_id").startswith("lake") for r in found.rows) == rows


def test_a_reference_has_rows_as_well() -> None:
    found = mapped((spec("lake", "Asthma Care"), spec("ridge", BP, role="reference")))
    assert len(found.rows) == 2


# --- judgements ---------------------------------------------------------------------------------

PAIR: Final = ("lake/a b/c", "ridge/eye")


@pytest.mark.parametrize(
    ("entry", "predicate", "modifier", "justification"),
    [
        (match(*PAIR), "skos:closeMatch", "", "ManualMappingCuration"),
        (match(*PAIR, mapping="exact"), "skos:exactMatch", "", "ManualMappingCuration"),
        (match(*PAIR, mapping="broad"), "skos:broadMatch", "", "ManualMappingCuration"),
        (match(*PAIR, relation="identical"), "skos:exactMatch", "", "ManualMappingCuration"),
        (match(*PAIR, relation="modified"), "skos:closeMatch", "", "ManualMappingCuration"),
        (match(*PAIR, relation="sibling"), "skos:relatedMatch", "", "ManualMappingCuration"),
        (match(*PAIR, "reject"), "skos:closeMatch", "Not", "ManualMappingCuration"),
        (match(*PAIR, "unsure"), "skos:mappingRelation", "", "MappingReview"),
    ],
)
def test_a_judgement_is_a_row(
    entry: dict[str, Any], predicate: str, modifier: str, justification: str
) -> None:
    found = mapped(SETS, *decided(entry))
    (row,) = between(found, ASTHMA, "ridge:eye")
    assert row.get("predicate_id") == predicate
    assert row.get("predicate_modifier") == modifier
    assert row.get("mapping_justification") == f"semapv:{justification}"
    assert "Ana" in (row.get("author_label"), row.get("reviewer_label"))
    assert row.get("mapping_date") == "2026-11-24"


def test_a_judged_match_has_a_row_for_each_justification() -> None:
    rows = between(mapped(SETS, *decided(match("lake/bp", "ridge/bp"))), "lake:bp", "ridge:bp")
    assert sorted(r.get("mapping_justification") for r in rows) == [
        "semapv:CompositeMatching", "semapv:ManualMappingCuration",
    ]  # fmt: skip
    assert len({r.get("predicate_id") for r in rows}) == 1


def test_what_is_left_open_is_not_said_to_be_absent() -> None:
    found = mapped(SETS, *decided(match(*PAIR, "unsure")))
    assert "sssom:NoTermFound" not in {r.get("object_id") for r in found.rows}


@pytest.mark.parametrize(
    "more", [{"expires": "2026-01-01"}, {"withdrawn": {"by": "Bo", "on": "2026-01-01"}}]
)
def test_what_is_not_in_force_is_no_row(more: dict[str, Any]) -> None:
    found = mapped(SETS, *decided(match(*PAIR, **more)))
    assert between(found, ASTHMA, "ridge:eye") == []


def test_a_judgement_of_what_is_not_here_is_no_row() -> None:
    entries = (match("lake/none", "ridge/eye"), match("lake/bp", "moon/bp"))
    assert facts(mapped(SETS, *decided(*entries))) == facts(mapped(SETS))


@tried(st.sampled_from(MAPPINGS), st.booleans())
def test_broad_and_narrow_change_places_with_the_sides(mapping: str, swapped: bool) -> None:
    other = {"broad": "narrow", "narrow": "broad"}.get(mapping, mapping)
    names = (ASTHMA, "ridge:eye")
    (row,) = between(mapped(SETS, *decided(match(*PAIR, mapping=mapping))), *names)
    (turned,) = between(mapped(SETS, *decided(match(*PAIR[::-1], mapping=other))), *names[::-1])
    assert turned.get("predicate_id") == inverse(row.get("predicate_id"))
    assert inverse(inverse(row.get("predicate_id"))) == row.get("predicate_id")


WORDS: Final = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"])
    | st.sampled_from("|\\\"'=+-@#:"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() and text.strip().lower() not in ("none", "~", "null"))
DAYS: Final = st.dates(min_value=date(2026, 11, 24)).map(str)
JUDGED: Final = st.fixed_dictionaries(
    {"judgement": st.sampled_from(["accept", "reject", "unsure"]), "because": WORDS},
    optional={
        "by": WORDS,
        "on": DAYS,
        "expires": DAYS,
        "mapping": st.sampled_from(MAPPINGS),
        "relation": st.sampled_from((*WITHIN, *BETWEEN)),
        "contract_type": WORDS,
        "meeting": WORDS,
        "dissent": st.tuples(WORDS, WORDS).map("\n".join),
        "convener_is_payer": st.sampled_from(["true", "false"]),
        "effective": st.just({"from": "2026-01-01"}),
        "votes": st.fixed_dictionaries({"for": st.lists(WORDS, min_size=1, max_size=3)}),
        "fingerprint": st.just("h1-0123456789abcdef"),
    },
)


@tried(JUDGED, st.booleans())
def test_a_judgement_comes_back_as_it_was(said: dict[str, Any], turned: bool) -> None:
    refs = PAIR[::-1] if turned else PAIR
    (one,) = decided({"match": list(refs), **said})
    assert taken(mapped(SETS, one)) == (one,)


# --- names --------------------------------------------------------------------------------------


@tried(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]*", fullmatch=True), st.text(min_size=1))
def test_a_name_is_a_curie_and_comes_back(payer: str, own: str) -> None:
    own = own.encode("utf-8", "replace").decode()
    name = curie_of(f"{payer}/{own}")
    assert name.isascii()
    assert not set(" |/\t\n") & set(name)
    assert ref_of(name) == f"{payer}/{own}"


@pytest.mark.parametrize(
    ("payer", "prefix"), [("lake", "lake"), ("2026-lake", "_2026-lake"), ("SKOS", "_SKOS")]
)
def test_a_prefix_begins_with_a_letter_and_is_nobody_elses(payer: str, prefix: str) -> None:
    assert prefix_of(payer) == prefix
    assert prefix in mapped((spec(payer, BP), spec("ridge", BP))).prefixes


@tried(st.text(st.sampled_from("'=+-@ \tab")))
def test_what_is_guarded_is_given_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@"))


# --- the command --------------------------------------------------------------------------------

SETTINGS: Final = """\
sssom:
  mapping_set_id: https://example.org/crosswalk
  license: https://example.org/licence
  base: https://example.org/specs
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "specs", text_of("lake", BP), text_of("ridge", BP))
    return tmp_path


def test_a_file_is_written_by_its_suffix(folder: Path) -> None:
    (folder / "harmonize.yaml").write_text(SETTINGS)
    assert harmonize("compare", "-o", "a.sssom.tsv").code == 0
    text = (folder / "a.sssom.tsv").read_text()
    assert text == harmonize("compare", "-f", "sssom").out
    assert "lake: https://example.org/specs/lake/" in text


def test_what_is_not_set_is_asked_for_with_the_line_to_write(folder: Path) -> None:
    done = harmonize("compare", "-f", "sssom", "-o", "a.tsv")
    assert done.code == 2
    lines = done.err.splitlines()
    assert all(line.startswith("harmonize.yaml:1:1: HZ530 ") for line in lines)
    asked = sorted(line.split("write '")[1].split(":")[0] for line in lines)
    assert asked == ["base", "license", "mapping_set_id"]
    assert not (folder / "a.tsv").exists()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            SETTINGS.replace("  base: https://example.org/specs\n", ""),
            "HZ530 the measures of lake,",
        ),
        (SETTINGS.replace("https://example.org/licence", "MIT"), "3:12: HZ207"),
        (SETTINGS + "  curie_map: {lake: there}\n", "5:21: HZ207"),
        (SETTINGS + "  mapping_title: x\n", "5:3: HZ201"),
        (SETTINGS + "  creator_id: orcid:0\n", "5:15: HZ524"),
        ("sssom: x\n", "1:8: HZ204"),
        (SETTINGS + "  curie_map: {lake: 'https://e.org/x', ridge: 'https://e.org/x'}\n", "HZ524"),
    ],
)
def test_settings_that_cannot_be_are_refused(folder: Path, settings: str, told: str) -> None:
    (folder / "harmonize.yaml").write_text(settings)
    done = harmonize("compare", "-f", "sssom")
    assert done.code == 2
    assert told in done.err


def test_an_address_of_its_own_beats_the_base(folder: Path) -> None:
    more = "  curie_map: {lake: 'https://lake.example/m/', orcid: 'https://orcid.org/'}\n"
    creator = "  creator_id: [orcid:0000-0001]\n"
    (folder / "harmonize.yaml").write_text(SETTINGS + more + creator)
    text = harmonize("compare", "-f", "sssom").out
    assert "#  lake: https://lake.example/m/\n" in text
    assert "#  orcid: https://orcid.org/\n" in text
    assert "#creator_id:\n#  - orcid:0000-0001\n" in text


def test_a_byte_order_mark_is_refused(folder: Path) -> None:
    (folder / "harmonize.yaml").write_text(SETTINGS)
    done = harmonize("compare", "-f", "sssom", "--bom")
    assert (done.code, done.out) == (2, "")


def test_the_version_is_told_only_if_asked_for(folder: Path) -> None:
    (folder / "harmonize.yaml").write_text(SETTINGS)
    assert "mapping_tool_version" not in harmonize("compare", "-f", "sssom").out
    assert "mapping_tool_version" in harmonize("compare", "-f", "sssom", "--provenance").out


def test_a_set_that_breaks_a_rule_is_not_drawn() -> None:
    found = replace(mapping_set(published(*SETS), EXCHANGE), about={})
    with pytest.raises(AssertionError, match="HZ521"):
        tsv(found)


def test_what_an_audience_may_not_see_is_in_no_row() -> None:
    hidden = {**BP, "ids": {"cbe": "0018", "x-own": "secret"}, "visibility": {"ids": "withheld"}}
    sets = (spec("lake", hidden), spec("ridge", BP))
    text = tsv(mapping_set(publish(sets, KNOWN, "public"), EXCHANGE))
    assert "0018" not in text


# --- what sssom-py reads ------------------------------------------------------------------------

READ: Final = """\
import json, sys, warnings
warnings.simplefilter("ignore")
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
from sssom.constants import SchemaValidationType
found = parse_sssom_table(sys.argv[1])
kinds = [SchemaValidationType.JsonSchema, SchemaValidationType.PrefixMapCompleteness,
         SchemaValidationType.StrictCurieFormat]
for kind in kinds:
    assert not validate(found, [kind], fail_on_error=True)[kind].results
names = ["subject_id", "predicate_id", "object_id", "mapping_justification"]
rows = found.df[names].fillna("").values.tolist()
about = {k: found.metadata[k] for k in ("license", "mapping_set_id")}
json.dump({"rows": rows, "about": about}, sys.stdout)
"""


@pytest.mark.sssom
@pytest.mark.parametrize("case", ["specs", "judged"])
def test_another_reader_loses_no_row(case: str, tmp_path: Path) -> None:
    if find_spec("sssom") is None:
        pytest.skip("the extra sssom is missing")
    text = exported(*CASES[case]())
    ours = given(text)
    path = tmp_path / "ours.sssom.tsv"
    path.write_text(text, encoding="utf-8", newline="")
    done = subprocess.run(
        (sys.executable, "-c", READ, str(path)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "not included in the mapping set" not in done.stderr
    theirs = json.loads(done.stdout)
    assert theirs["about"] == {name: "".join(ours.about[name]) for name in theirs["about"]}
    names = ("subject_id", "predicate_id", "object_id", "mapping_justification")
    assert sorted(theirs["rows"]) == sorted([r.get(name) for name in names] for r in ours.rows)
    program = shutil.which("sssom", path=str(Path(sys.executable).parent))
    assert program
    checked = subprocess.run((program, "validate", str(path)), capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def _all_kinds() -> tuple[tuple[MeasureSet, ...], *tuple[Decision, ...]]:
    """Every kind of row: evidence, possible, related, absent, and each judgement."""
    odd = spec("2026", {"id": "x|y \u2264 9", "title": 'A "quoted" | title\twith\nlines'}, BP)
    entries = (
        match("lake/bp", "ridge/bp", mapping="exact", because='say "yes"\nand | why'),
        match("lake/a b/c", "ridge/eye", "reject"),
        match("lake/a b/c", "2026/x|y \u2264 9", "unsure", expires="2027-01-01"),
        match("2026/x|y \u2264 9", "ridge/eye", mapping="broad", votes={"for": ["Ana", "Bo | Co"]}),
    )
    return (*SETS, odd), *decided(*entries)


CASES: Final[dict[str, Any]] = {
    "specs": lambda: (load([str(ROOT / "specs")]).sets,),
    "judged": _all_kinds,
}
