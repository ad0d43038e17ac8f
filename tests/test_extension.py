"""A user's own knowledge file: what it adds, and what is said of one that cannot be used."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from building import KNOWN, Line, harmonize, items, spec, text_of, written

from harmonize.explanation import explain
from harmonize.knowledge import Knowledge, words
from harmonize.problems import SpecError
from harmonize.reading.extension import SECTIONS, extended
from harmonize.slots import profile
from harmonize.spelling import spelled
from harmonize.tracing import Use, uses

WHOLE: Final = """\
harmonize: 1
knowledge:
  abbreviations:
    - {short: xqf, long: xylograph quality fund, source: minutes}
    - {short: dm, long: data mart, when: [warehouse], source: minutes}
    - {short: q-x, long: quilted xylograph, source: minutes}
  synonyms:
    - {say: prenatal care, for: [bright start, sunrise visit], source: handbook}
  boilerplate:
    - {text: quality star, source: letterhead}
  measures:
    - key: LOOP
      name: Closed-Loop Referral
      also: [Community Referral Completion]
      acronym: CLRX
      ids: {x-state: [S1], mips: [991]}
      ages: {min: 18, max: 64}
      domain: prevention and screening
      source: list of the state
    - {key: LOOP_FOOD, name: "Closed-Loop Referral: Food", whole: LOOP, part: rate, axis: need,
       source: list of the state}
  slots:
    - slot: kind of help
      help: Which need it answers.
      veto: title
      about: population
      values: {food: [food help], housing: [rent help, room help], shelter: [shelter help]}
      broader: {shelter: housing}
      source: platform
    - slot: body site
      values: {knee: [kneecap joint], antler: [antler]}
      source: platform
"""


def _with(text: str) -> Knowledge:
    return extended(KNOWN, [("own.yaml", text)])


OWN: Final = _with(WHOLE)


def _used(line: Line, knowledge: Knowledge = OWN) -> list[Use]:
    return [*uses(items(spec("one", line))[0], knowledge)]


# title, rule, what it reads, what it reads it as, line of the file
ADDED: Final[list[tuple[str, str, str, str, int]]] = [
    ("XQF Review", "abbreviation", "xqf", "xylograph quality fund", 4),
    ("Warehouse DM Review", "abbreviation", "dm", "data mart", 5),
    ("Q-X Review", "synonym", "q x", "quilted xylograph", 6),
    ("Bright Start Offered", "synonym", "bright start", "prenatal care", 8),
    ("Quality Star Review of Marmalade", "boilerplate", "quality star", "", 10),
    ("Closed Loop Referral", "measure", "Closed-Loop Referral", "Closed-Loop Referral", 12),
    ("Rent Help Given", "slot", "rent help", "kind of help: housing", 23),
    ("Antler Measured", "slot", "antler", "body site: antler", 30),
]


@pytest.mark.parametrize(("title", "rule", "read", "as_", "line"), ADDED)
def test_what_it_adds_is_used_and_named_as_the_users_own(
    title: str, rule: str, read: str, as_: str, line: int
) -> None:
    (use,) = [u for u in _used(title) if (u.rule, u.read, u.as_) == (rule, read, as_)]
    assert use.source.place == f"own.yaml:{line}"
    assert use.source.text
    assert use not in _used(title, KNOWN)


def test_what_ships_is_named_as_before() -> None:
    for title in ("Colon Cancer Screening", "ED Visit for DM Eye Exam", "BCS"):
        assert _used(title) == _used(title, KNOWN)


def test_what_is_known_stays_known() -> None:
    assert KNOWN.entries == tuple(e for e in OWN.entries if not e.key.startswith("LOOP"))
    assert OWN.synonyms.items() >= KNOWN.synonyms.items()
    assert {s.name for s in OWN.slots} == {s.name for s in KNOWN.slots} | {"kind of help"}
    assert OWN.coefficients is KNOWN.coefficients


def test_a_measure_of_ones_own_is_one_like_any_other() -> None:
    entry = OWN.by_key["LOOP"]
    assert (entry.ids, entry.ages) == ({"x-state": ("S1",), "mips": ("991",)}, (18, 64))
    assert OWN.family(OWN.by_key["LOOP_FOOD"]) == "LOOP"
    titles = {"one": "Closed-Loop Referrals", "two": "Community Referral Completion"}
    sets = tuple(spec(payer, {"id": "1", "title": title}) for payer, title in titles.items())
    own, bare = (explain(sets, "one/1", "two/1", k) for k in (OWN, KNOWN))
    assert own.log_odds > bare.log_odds
    assert "same measure" in {e.name for e in own.evidence}


def test_a_slot_of_ones_own_parts_and_contains() -> None:
    def names(*titles: str) -> list[str]:
        sets = [spec(p, {"id": "1", "title": t}) for p, t in zip(("a", "b"), titles, strict=True)]
        return [v.name for v in explain(tuple(sets), "a/1", "b/1", OWN).vetoes]

    assert names("Food Help Given", "Rent Help Given") == ["kind of help"]
    assert names("Shelter Help Given", "Rent Help Given") == []
    assert names("Shelter Help Given", "Food Help Given") == ["kind of help"]
    found = profile(items(spec("one", "Kneecap Joint Review"))[0], OWN)
    assert found.named["body site"] == {"knee"}


def test_several_files_are_one_and_their_order_is_none() -> None:
    files = [
        ("a.yaml", "knowledge: {synonyms: [{say: quilt, for: [xyl], source: s}]}"),
        ("b.yaml", "knowledge: {synonyms: [{say: quilt, for: [xyz], source: s}]}"),
    ]
    for order in (files, files[::-1]):
        found = extended(KNOWN, order)
        assert {spelled(words(w), found) for w in ("xyl", "xyz", "quilt")} == {("quilt",)}


def test_what_is_known_already_adds_nothing_and_is_no_problem() -> None:
    text = (
        "knowledge:\n"
        "  abbreviations: [{short: bp, long: blood pressure, source: s}]\n"
        "  synonyms: [{say: colorectal cancer, for: [colon cancer], source: s}]\n"
        "  boilerplate: [{text: percentage of people, source: s}]\n"
        "  slots: [{slot: cancer, values: {breast cancer: [breast cancer]}, source: s}]\n"
    )
    found = _with(text)
    assert (found.abbreviations, found.synonyms) == (KNOWN.abbreviations, KNOWN.synonyms)
    assert found.sources == KNOWN.sources


# --- what cannot be used ------------------------------------------------------------------------


def _problems(text: str) -> list[str]:
    with pytest.raises(SpecError) as raised:
        _with(text)
    return [str(p).removeprefix("own.yaml:") for p in raised.value.problems]


# rows under `knowledge:` (the first stands in line 2), and what is said
WRONG: Final[list[tuple[str, list[str]]]] = [
    ("abreviations: []", ["2:3: HZ201 unknown key 'abreviations': did you mean 'abbreviations'?"]),
    ("synonyms:", ["2:12: HZ203 'synonyms' has no value: leave the key out"]),
    ("synonyms: prenatal", ["2:13: HZ204 'synonyms' holds a single value, wanted a list of"]),
    ("boilerplate: [stars]",
     ["2:17: HZ204 an entry of 'boilerplate' is a single value, wanted a map of text, source"]),
    ("boilerplate: [{text: stars}]", ["2:17: HZ202 'source' is missing"]),
    ("boilerplate: [{text: '...', source: s}]", ["2:24: HZ206 'text' holds no word: '...'"]),
    ("boilerplate: [{text: [a, b], source: s}]",
     ["2:24: HZ204 'text' holds a list, wanted a single value"]),
    ("synonyms: [{say: quilt, foor: [x], source: s}]",
     ["2:14: HZ202 'for' is missing", "2:27: HZ201 unknown key 'foor': did you mean 'for'?"]),
    # what contradicts what is known
    ("abbreviations: [{short: ed, long: eating disorder, source: s}]",
     ["2:27: HZ214 'ed' stands for 'emergency department' already: say with 'when' beside which "]),
    ("abbreviations: [{short: ed, long: eating disorder, when: [eating disorder], source: s}]",
     ["2:61: HZ206 'when' wants single words, one an item"]),
    ("abbreviations: [{short: zq, long: zebra, source: s}, {short: zq, long: zinc, source: s}]",
     ["2:64: HZ214 'zq' stands for 'zebra' already: say with 'when'"]),
    ("synonyms: [{say: marmalade, for: [colon cancer], source: s}]",
     ["2:36: HZ214 'colon cancer' is read as 'colorectal cancer' already: say that instead"]),
    ("synonyms: [{say: quilted, for: [colorectal cancer], source: s}]",
     ["2:34: HZ214 'colorectal cancer' is what other entries say, and this would undo them"]),
    ("synonyms: [{say: zebra, for: [quilt], source: s}, {say: quilt, for: [zebra], source: s}]",
     ["2:71: HZ214 'zebra' is what other entries say, and this would undo them",
      "2:59: HZ214 'quilt' is itself read as 'zebra': say that instead"]),
    ("synonyms: [{say: colon cancer, for: [zebra], source: s}]",
     ["2:20: HZ214 'colon cancer' is itself read as 'colorectal cancer': say that instead"]),
    ("synonyms: [{say: ED visit quilt, for: [zebra], source: s}]",
     ["2:20: HZ214 'ed visit quilt' is itself read as 'emergency department visit quilt'"]),
    # measures
    ("measures: [{key: cbp, name: Quilt, source: s}]",
     ["2:20: HZ214 measure 'cbp' is there already, 'Controlling High Blood Pressure': choose "]),
    ("measures: [{key: Q1, name: Controlling High Blood Pressure, source: s}]",
     ["2:30: HZ214 'Controlling High Blood Pressure' is a name of CBP already"]),
    ("measures: [{key: Q1, name: Quilt, source: s}, {key: q1, name: Zebra, source: s}]",
     ["2:55: HZ214 measure 'q1' is there already, 'Quilt': choose another key, or write other "]),
    ("measures: [{key: Q1, name: Quilt, ids: {cbe: 18}, source: s}]",
     ["2:42: HZ214 cbe 0018 is an identifier of CBP already"]),
    ("measures: [{key: Q1, name: Quilt, ids: {nqf: 18}, source: s}]",
     ["2:43: HZ201 unknown key 'nqf': known here: cbe, cms, hedis, mips, cmit, star, x-..."]),
    ("measures: [{key: Q1, name: Quilt, whole: Q2, part: rate, axis: need, source: s}]",
     ["2:44: HZ214 'whole' is 'Q2': no measure has that key, or it is its own"]),
    ("measures: [{key: Q1, name: Quilt, whole: Q1, part: rate, axis: need, source: s}]",
     ["2:44: HZ214 'whole' is 'Q1': no measure has that key, or it is its own"]),
    ("measures: [{key: Q1, name: Quilt, whole: CBP, source: s}]",
     ["2:44: HZ214 'whole' wants 'part' and 'axis': what it is, and what tells it from others"]),
    ("measures: [{key: Q1, name: Quilt, axis: need, source: s}]",
     ["2:14: HZ214 'part' and 'axis' want 'whole', the key of a measure"]),
    ("measures: [{key: Q1, name: Quilt, part: piece, source: s}]",
     ["2:43: HZ205 'part' is 'piece', wanted one of rate, stratum, component"]),
    ("measures: [{key: Q1, name: Quilt, ages: 18-64, source: s}]",
     ["2:43: HZ204 'ages' holds a single value, wanted {min, max}"]),
    ("measures: [{key: Q1, name: Quilt, ages: {min: 64, max: 18}, source: s}]",
     ["2:43: HZ206 'ages' runs backwards: min is above max"]),
    ("measures: [{key: Q1, name: Quilt, ages: {min: old, from: 3}, source: s}]",
     ["2:49: HZ207 'ages.min' wants whole years",
      "2:54: HZ201 unknown key 'from': known here: min, max"]),
    # slots
    ("slots: [{slot: body part, values: {ear: [ear]}, source: s}]",
     ["2:18: HZ205 no slot 'body part': did you mean 'body site'? One of your own wants"]),
    ("slots: [{slot: body site, veto: none, values: {antler: [antler]}, source: s}]",
     ["2:35: HZ214 the slot 'body site' is there already and keeps its 'veto': leave it out"]),
    ("slots: [{slot: body site, values: {hip: [knee]}, source: s}]",
     ["2:37: HZ214 'knee' names 'knee' in the slot 'body site' already"]),
    ("measures: [{key: Z, name: Zoo, measure_type: zoological, source: s}]",
     ["2:48: HZ205 'measure_type' is 'zoological', wanted one of structure, process"]),
    ("slots: [{slot: zoo, help: h, veto: never, values: {a: [emu]}, source: s}]",
     ["2:38: HZ205 'veto' is 'never', wanted one of title, text, none"]),
    ("slots: [{slot: zoo, help: h, veto: title, values: {a: [emu]}, broader: {a: b}, source: s}]",
     ["2:74: HZ205 'b' is no value of the slot 'zoo'"]),
    ("slots: [{slot: z, help: h, veto: none, values: {a: x, b: y}, broader: {a: a}, source: s}]",
     ["2:73: HZ214 'a' would contain itself"]),
    ("slots: [{slot: zoo, help: h, veto: title, values: [emu], source: s}]",
     ["2:53: HZ204 'values' holds a list, wanted a map of names to lists"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), WRONG)
def test_what_cannot_be_used_is_told_with_its_place(rows: str, told: list[str]) -> None:
    found = sorted(_problems(f"knowledge:\n  {rows}\n"))
    assert len(found) == len(told)
    assert [a for a, b in zip(found, sorted(told), strict=True) if not a.startswith(b)] == []


TOPS: Final = [
    ("harmonize: 1\n", "1:1: HZ202 no 'knowledge:' in this file: a knowledge file has one"),
    ("[a]\n", "1:1: HZ202 no 'knowledge:' in this file: a knowledge file has one"),
    ("knowledge:\n", "1:11: HZ203 'knowledge' has no value: leave the key out"),
    ("knowledge: [a]\n", "1:12: HZ204 'knowledge' holds a list, wanted a map of "),
    ("harmonize: 2\nknowledge: {}\n", "1:12: HZ210 another format version: this program reads 1"),
    ("payer: a\nknowledge: {boilerplate: [{text: a b, source: s}]}\n", "1:1: HZ201 unknown key"),
    ("knowledge: {a: b: c}\n", "1:"),
]


@pytest.mark.parametrize(("text", "told"), TOPS)
def test_the_head_of_the_file(text: str, told: str) -> None:
    assert any(line.startswith(told) for line in _problems(text))


def test_all_problems_of_all_files_are_told_at_once() -> None:
    files = [
        ("a.yaml", "knowledge:\n  synonym: []\n  boilerplate: [{text: x, sorce: s}]\n"),
        ("b.yaml", "knowledge: {a: b: c}\n"),
        ("c.yaml", "knowledge: {measures: [{key: CBP, name: Quilt, source: s}]}\n"),
    ]
    with pytest.raises(SpecError) as raised:
        extended(KNOWN, files)
    assert {p.place.file for p in raised.value.problems} == {"a.yaml", "b.yaml", "c.yaml"}
    assert len(raised.value.problems) == 5


def test_a_row_of_every_section_is_known_by_the_keys_of_the_shipped_files() -> None:
    assert list(SECTIONS) == ["abbreviations", "synonyms", "boilerplate", "measures", "slots"]
    assert all(SECTIONS[name]["source"].required for name in SECTIONS)


# --- the command line ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two lists that only a file of the user's own brings together."""
    written(
        tmp_path / "specs",
        text_of("alpha", {"id": "1", "title": "Bright Start"}),
        text_of("bravo", {"id": "2", "title": "Timeliness of Prenatal Care"}),
        names=["alpha.yaml", "bravo.yaml"],
    )
    row = "{say: timeliness of prenatal care, for: [bright start], source: s}"
    own = f"knowledge: {{synonyms: [{row}]}}\n"
    (tmp_path / "specs" / "own.yaml").write_text(own, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _document(*arguments: str) -> dict[str, Any]:
    done = harmonize("compare", "-f", "json", *arguments)
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_a_knowledge_file_is_used_only_if_it_is_named(folder: Path) -> None:
    assert len(_document()["concepts"]) == 2
    assert len(_document("--knowledge", "specs/own.yaml")["concepts"]) == 1
    (folder / "harmonize.yaml").write_text("harmonize: 1\nknowledge: specs/own.yaml\n", "utf-8")
    assert len(_document()["concepts"]) == 1
    told = json.loads(harmonize("explain", "alpha/1", "bravo/2", "-f", "json").out)
    assert {use["own"] for use in told["knowledge"]} == {"", "specs/own.yaml:1"}


def test_it_is_part_of_the_provenance(folder: Path) -> None:
    files = _document("--provenance", "--knowledge", "specs/own.yaml")["provenance"]["files"]
    assert "specs/own.yaml" in {one["file"] for one in files}
    assert "specs/own.yaml" not in {one["file"] for one in _document("--provenance")["provenance"]
                                    ["files"]}  # fmt: skip


@pytest.mark.parametrize("command", ["compare", "validate"])
def test_its_problems_are_told_with_those_of_the_specs(folder: Path, command: str) -> None:
    (folder / "specs" / "own.yaml").write_text("knowledge: {synonyms: [{say: x}]}\n", "utf-8")
    (folder / "specs" / "alpha.yaml").write_text("harmonize: 1\npayer: alpha\n", "utf-8")
    done = harmonize(command, "--knowledge", "specs/own.yaml")
    assert done.code == 2
    told = done.out if command == "validate" else done.err
    assert {line.partition(":")[0] for line in told.splitlines()} >= {
        "specs/alpha.yaml",
        "specs/own.yaml",
    }


def test_a_knowledge_file_that_is_not_there(folder: Path) -> None:
    done = harmonize("compare", "--knowledge", "no-such.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err == "no-such.yaml:1:1: HZ001 no such file\n"
