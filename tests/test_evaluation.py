"""A crosswalk held against gold: the figures, what they are made of, and their files."""

import csv
import io
import json
import random
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from building import KNOWN, crossed, example, harmonize, spec, text_of, written
from hypothesis import given
from hypothesis import strategies as st

from harmonize.audience import evaluate as seen_by
from harmonize.evaluation import (
    BINS,
    THRESHOLDS,
    Counts,
    Evaluation,
    Figure,
    Gold,
    Judged,
    Scored,
    Task,
    calibration_error,
    counted,
    evaluate,
    expected,
    figures,
    key_of,
    levels,
    promised,
    reliability,
)
from harmonize.evidence import MATCH_AT, POSSIBLE_AT, Verdict
from harmonize.problems import Place, SpecError
from harmonize.reading.gold import read_lists, read_pairs
from harmonize.render.evaluation import VIEWS, as_csv, as_table, promise
from harmonize.sets import MeasureSet
from harmonize.workspace import gold

ONE = spec(
    "one",
    {"id": "a", "title": "Controlling High Blood Pressure"},
    {"id": "b", "title": "Colorectal Cancer Screening"},
    {"id": "c", "title": "Member Well-Being Snapshot"},
    {"id": "d", "title": "Avoidable Emergency Department Visits"},
)
TWO = spec(
    "two",
    {"id": "1", "title": "Hypertension: BP in control"},
    {"id": "2", "title": "Colon cancer screening"},
    {"id": "3", "title": "Healthy Days Check-In"},
    {"id": "4", "title": "Avoidable ED visits"},
)
SAME = {("one/a", "two/1"): "title_changed", ("one/b", "two/2"): "", ("one/c", "two/3"): ""}
TITLES = (
    *("Controlling High Blood Pressure", "Colorectal Cancer Screening", "Breast Cancer Screening"),
    *("HbA1c Poor Control (>9%)", "FUM 7-day", "FUM 30-day", "Asthma Medication Ratio"),
    *("Depression Screening and Follow-Up", "Member Snapshot", "Avoidable ED visits"),
)


def task(*sets: MeasureSet, **gold_: Any) -> Task:
    return Task("t", "t", sets, Gold(**{"same": SAME, **gold_}))


def judged(*sets: MeasureSet, match_at: float = MATCH_AT, **gold_: Any) -> Evaluation:
    return evaluate([task(*(sets or (ONE, TWO)), **gold_)], KNOWN, match_at)


def named(found: Evaluation) -> dict[str, Figure]:
    return {f.figure: f for f in figures(found)}


def refs(pairs: Iterable[Judged]) -> list[tuple[str, str]]:
    return [(p.left.ref, p.right.ref) for p in pairs]


def of(confidence: float, *, same: bool, verdict: Verdict = Verdict.MATCH) -> Judged:
    """A judged pair of which only what is counted matters."""
    left, right = (ONE.measures or ())[0], (TWO.measures or ())[0]
    return Judged("t", left, right, confidence, verdict, same, False, "", "")


def of_pairs(*pairs: Judged) -> Evaluation:
    return Evaluation((Scored("t", "t", False, pairs, 2, 8, 0, 0),), MATCH_AT)


# --- judging ------------------------------------------------------------------------------------


def test_what_is_right_what_is_wrong_and_what_is_missed() -> None:
    found = judged()
    assert found.tasks[0].counts == Counts(right=2, accepted=3, gold=3)
    assert refs(found.false_matches) == [("one/d", "two/4")]
    assert refs(found.missed) == [("one/c", "two/3")]
    assert found.missed[0].why == "not compared"


def test_ignored_pairs_are_judged_neither_way() -> None:
    pair = ("one/d", "two/4")
    found = judged(ignored=frozenset({pair}))
    assert found.false_matches == ()
    assert pair not in refs(found.pairs)


def test_a_look_alike_that_is_accepted_is_counted_and_named() -> None:
    pair = ("one/d", "two/4")
    found = judged(different={pair: "another count", ("one/a", "two/2"): "other"})
    assert found.false_matches[0].known
    assert found.false_matches[0].note == "another count"
    hard = named(found)["hard_negatives_accepted"]
    assert (hard.count, hard.of, hard.value) == (1, 2, 0.5)


def test_reworded_pairs_alone_with_every_false_match() -> None:
    one = named(judged())["f1_reworded"]
    assert (one.count, one.of) == (2, 3)  # one right, one false, none of the reworded missed
    unsaid = judged(same=dict.fromkeys(SAME, ""))
    assert "f1_reworded" not in named(unsaid)


def test_rates_count_only_where_the_gold_speaks_of_them() -> None:
    rates = [{"id": "7d", "title": "7 days"}, {"id": "30d", "title": "30 days"}]
    title = "Follow-Up After Emergency Department Visit for Mental Illness"
    sets = [spec(p, {"id": "FUM", "title": title, "rates": rates}) for p in ("one", "two")]
    whole = {("one/FUM", "two/FUM"): ""}
    assert judged(*sets, same=whole).tasks[0].counts == Counts(1, 1, 1)
    spoken = {**whole, ("one/FUM/7d", "two/FUM/7d"): ""}
    assert judged(*sets, same=spoken).tasks[0].counts == Counts(2, 3, 2)


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        (["Diabetes: Eye Exam"], ["Diabetes: Foot Exam"], "veto"),
        (["Member Snapshot"], ["Healthy Days"], "not compared"),
        (["Member Snapshot Asthma"], ["Knee Healthy Days"], "too little"),
        (
            ["Colorectal Cancer Screening", "Colorectal Cancer Screening in Adults"],
            ["Colorectal Cancer Screening"],
            "closer fit",
        ),
    ],
)
def test_why_a_pair_is_missed(left: list[str], right: list[str], why: str) -> None:
    lists = [
        spec(payer, *({"id": f"m{i}", "title": t} for i, t in enumerate(titles)))
        for payer, titles in (("one", left), ("two", right))
    ]
    pair = (f"one/m{len(left) - 1}", "two/m0")
    (missed,) = judged(*lists, same={pair: ""}).missed
    assert (missed.why, missed.verdict) == (why, Verdict.NONMATCH)
    assert missed.reason


def test_what_is_hidden_is_no_part_of_the_gold() -> None:
    hidden = spec("one", {"id": "a", "title": "A", "rates": [{"id": "r", "title": "Of 7 days"}],
                          "visibility": {"rates": "withheld"}})  # fmt: skip
    other = spec("two", {"id": "1", "title": "B"})
    tasks = [task(hidden, other, same={("one/a/r", "two/1"): "", ("one/a", "two/1"): ""})]
    for audience, gold_pairs in (("broker", 2), ("public", 1)):
        assert seen_by(tasks, KNOWN, audience).tasks[0].counts.gold == gold_pairs


@given(st.lists(st.lists(st.sampled_from(TITLES), min_size=1, unique=True), min_size=2, max_size=3))
def test_a_crosswalk_that_is_its_own_gold_is_right(lists: list[list[str]]) -> None:
    sets = [spec(f"p{i}", *titles) for i, titles in enumerate(lists)]
    own = {
        key_of(p.left.ref, p.right.ref): "title_changed"
        for c in crossed(*sets).concepts
        for p in c.links
    }
    found = judged(*sets, same=own)
    assert found.tasks[0].counts == Counts(len(own), len(own), len(own))
    if own:
        assert {named(found)[name].value for name in ("precision", "recall", "f1")} == {1.0}
    assert found.false_matches == found.missed == ()


@given(st.randoms(use_true_random=False))
def test_no_order_of_lists_measures_or_rows_changes_anything(chance: random.Random) -> None:
    texts = []
    for one in (ONE, TWO):
        lines = [{"id": m.id, "title": m.title} for m in one.measures or ()]
        chance.shuffle(lines)
        texts.append(spec(one.payer, *lines))
    chance.shuffle(texts)
    rows = [*SAME.items()]
    chance.shuffle(rows)
    told = [VIEWS[name](judged(*texts, same=dict(rows))) for name in VIEWS]
    assert told == [VIEWS[name](judged()) for name in VIEWS]


# --- figures ------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.sampled_from(Verdict))))
def test_figures_are_shares_of_their_counts(rows: list[tuple[float, bool, Verdict]]) -> None:
    found = of_pairs(*(of(c, same=s, verdict=v) for c, s, v in rows))
    counts = counted(found.pairs)
    for one in figures(found):
        assert 0 <= one.value <= (1 if one.figure != "same_list" else len(rows))
        if one.count is not None and one.of:
            assert one.value == pytest.approx(one.count / one.of) or one.figure == "same_list"
    assert counts.right <= min(counts.accepted, counts.gold)
    assert len(found.missed) == counts.gold - counts.right
    assert len(found.false_matches) == counts.accepted - counts.right


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_every_shown_pair_is_in_one_span(rows: list[tuple[float, bool]]) -> None:
    pairs = [of(c, same=s) for c, s in rows]
    spans = reliability([*pairs, of(0.3, same=True, verdict=Verdict.NONMATCH)])
    assert sum(s.pairs for s in spans) == len(rows)
    assert sum(s.same for s in spans) == sum(same for _, same in rows)
    for one in spans:
        assert one.low - 1e-9 <= one.confidence <= one.high + 1e-9
        assert one.high - one.low == pytest.approx(1 / BINS)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([], 0.0),
        ([(1.0, True)], 0.0),
        ([(1.0, False)], 1.0),
        ([(0.75, True), (0.75, True), (0.75, True), (0.75, False)], 0.0),
        ([(0.85, True), (0.25, False)], 0.2),
        ([(0.91, False), (0.99, True)], 0.45),  # one span: .95 said, .5 seen
    ],
)
def test_calibration_error(rows: list[tuple[float, bool]], error: float) -> None:
    pairs = [of(c, same=s) for c, s in rows]
    assert calibration_error(pairs) == pytest.approx(error)


def test_levels_accept_what_is_as_sure_and_keep_the_gold() -> None:
    unsure = of(0.3, same=True, verdict=Verdict.POSSIBLE)
    found = of_pairs(of(0.97, same=True), of(0.55, same=False), unsure)
    at = {one.expected.match_at: one for one in levels(found)}
    assert tuple(at) == THRESHOLDS
    assert at[0.1].counts == Counts(2, 3, 2)
    assert at[0.5].counts == Counts(1, 2, 2)
    assert at[0.95].counts == Counts(1, 1, 2)
    assert at[0.5].expected.precision == pytest.approx(0.76)


def test_means_over_tasks_count_each_once() -> None:
    right = Scored("a", "a", False, (of(1, same=True),) * 3, 2, 4, 0, 0)
    wrong = Scored("b", "b", False, (of(1, same=False),), 2, 4, 0, 0)
    both = named(Evaluation((right, wrong), MATCH_AT))
    assert both["macro_precision"].value == 0.5
    assert both["precision"].value == 0.75
    assert "macro_f1" not in named(Evaluation((right,), MATCH_AT))


# --- a threshold of one's own -------------------------------------------------------------------


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_higher_threshold_brings_no_new_match(one: float, other: float) -> None:
    low, high = sorted((one, other))
    fewer, more = (
        set(refs(p for p in judged(match_at=at).pairs if p.accepted)) for at in (high, low)
    )
    assert fewer <= more


def test_possible_pairs_reach_up_to_the_threshold() -> None:
    sets = example("titles-only")
    for at in (0.3, MATCH_AT, 0.995):
        found = crossed_at(at, sets)
        assert all(POSSIBLE_AT < p.confidence < at for p in found.possible)
    assert len(crossed_at(0.995, sets).possible) > len(crossed_at(0.3, sets).possible)


def crossed_at(at: float, sets: tuple[MeasureSet, ...]) -> Any:
    from harmonize.crosswalk import build

    return build(sets, KNOWN, at)


def test_what_matches_promise() -> None:
    told = expected([0.9, 1.0, 0.8], 0.85)
    assert (told.pairs, told.below) == (3, 1)
    assert told.wrong == pytest.approx(0.3)
    assert promise(told) == (
        "matches from 0.85 on: 3 pairs, expected precision 90.0% (mean confidence), "
        "0.3 expected wrong; 1 of them less sure, in a concept through others"
    )
    assert promise(expected([], 0.995)).startswith("matches from 0.995 on: 0 pairs")


def test_references_promise_nothing() -> None:
    shown = spec("shown", "Colorectal Cancer Screening", role="reference")
    sets = (spec("one", "Colorectal Cancer Screening"), shown)
    assert promised(crossed(*sets), sets, MATCH_AT).pairs == 0


# --- files --------------------------------------------------------------------------------------

GOLD = "payer_a,measure_a,payer_b,measure_b\n"


def lists(folder: Path) -> Path:
    texts = [
        text_of(one.payer, *({"id": m.id, "title": m.title} for m in one.measures or ()))
        for one in (ONE, TWO)
    ]
    return written(folder, *texts)


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8", newline="")
    return folder


def told(folder: Path, *more: str) -> tuple[int, list[str]]:
    """How it ends, and what is said of which place."""
    done = harmonize("evaluate", str(folder), *more)
    lines = [line.replace(f"{folder}/", "").replace(str(folder), ".")
             for line in done.err.splitlines()]  # fmt: skip
    return done.code, lines


def test_cells_know_their_place() -> None:
    text = 'id_a,list_a,"id_b",list_b\n"x\n1",one,y,two\n\nz,one,w,two\n'
    first, second = read_pairs(text, "gold.csv")
    assert (first.left, first.right) == ("one/x\n1", "two/y")
    assert first.places == (Place("gold.csv", 2, 1), Place("gold.csv", 3, 8))
    assert second.places == (Place("gold.csv", 5, 1), Place("gold.csv", 5, 7))


def test_bare_lists_are_read_by_the_reader_of_specs() -> None:
    text = (
        "List,local_id,Title,measure_type,inverse,steward\n"
        'one,1,"Blood  Pressure",intermediateOutcome,true,\ntwo,x,Falls,,,NCQA\n'
    )
    (one, two), warnings = read_lists([("a.csv", text)])
    (item,), (other,) = one.measures or (), two.measures or ()
    assert (item.ref, item.title, item.improvement_notation) == (
        "one/1",
        "Blood Pressure",
        "decrease",
    )
    assert (item.measure_type, item.steward) == ("intermediate outcome", None)
    assert (other.steward, other.improvement_notation) == ("NCQA", None)
    assert item.place == Place("a.csv", 2, 5)
    assert warnings == ()


def test_one_list_in_two_files_is_an_error() -> None:
    text = "payer,id,title\nOne,1,Falls\n"
    with pytest.raises(SpecError) as found:
        read_lists([("a.csv", text), ("b.csv", text.lower().replace("payer", "list"))])
    assert [p.code for p in found.value.problems] == ["HZ011"]


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    folder = put(
        lists(tmp_path),
        gold=f"{GOLD}one,a,two,9\none,zz,tow,1\none,a,one,b\n,a,two,1\n",
        ignore="payer_a,measure_a,payer_b\none,a,two\n",
        hard_negatives=f'{GOLD}one,"a,two,1\n',
    )
    code, lines = told(folder)
    assert code == 2
    assert [line.split(" ", 2)[:2] for line in lines] == [
        ["gold.csv:5:1:", "HZ403"],
        ["hard_negatives.csv:2:5:", "HZ401"],
        ["ignore.csv:1:1:", "HZ402"],
    ]
    assert "'payer_a' is empty" in lines[0]
    assert "a quotation mark that does not close" in lines[1]
    assert "no column 'measure_b' (or 'id_b'); here are 'payer_a'" in lines[2]


def test_names_that_no_list_has_are_told_with_what_was_meant(tmp_path: Path) -> None:
    folder = put(
        lists(tmp_path),
        gold=f"{GOLD}one,a,two,9\none,zz,tow,1\none,a,one,b\none,a,two,1\n",
        ignore=f"{GOLD}two,1,one,a\n",
    )
    assert told(folder) == (2, [
        "gold.csv:2:11: HZ010 no such measure: 'two' has no '9'; give the id of its list",
        "gold.csv:3:5: HZ010 no such measure: 'one' has no 'zz'; give the id of its list",
        "gold.csv:3:12: HZ010 no such measure: 'tow' is no list here; did you mean 'two'?",
        "gold.csv:4:11: HZ404 both of 'one': a pair is of two lists",
        "ignore.csv:2:5: HZ404 this pair stands in gold.csv as well: take it out of one",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({}, (".:1:1: HZ012 no gold.csv in this folder or one in it: "
             "give the folder that holds it")),
        ({"gold": GOLD}, (".:1:1: HZ002 no spec in this folder, and no CSV list with the columns "
                         "payer (or list), id (or local_id) and title")),
        ({"gold": GOLD, "a": "payer,title\none,Falls\n"},
         "a.csv:1:1: HZ402 no column 'id' (or 'local_id'); here are 'payer', 'title'"),
        ({"gold": GOLD, "a": "payer,id,title,inverse\none,1,Falls,maybe\n"},
         "a.csv:2:13: HZ205 'inverse' is 'maybe', wanted true, false or nothing"),
        ({"gold": GOLD, "a": "payer,id,title\none,1,Falls,more\n"},
         ("a.csv:2:13: HZ401 4 cells, where the header has 3: "
         "put a cell that holds a comma in quotes")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_folder(tmp_path: Path, files: dict[str, str], line: str) -> None:
    assert told(put(tmp_path / "task", **files)) == (2, [line])


def test_folders_of_folders_are_tasks_by_name(tmp_path: Path) -> None:
    for name in ("b", "a", "c/a"):
        put(lists(tmp_path / name), gold=GOLD)
    found = gold([str(tmp_path), str(tmp_path / "a"), str(tmp_path / "c")])
    names = sorted(t.name for t in found.tasks)
    assert names == sorted([str(tmp_path / "a"), "b", str(tmp_path / "c" / "a")])


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def settled(tmp_path: Path) -> Path:
    """A folder of bare lists with gold."""
    rows = "".join(f"{','.join((*a.split('/'), *b.split('/')))}\n" for a, b in SAME)
    bare = {
        s.payer: "payer,id,title\n"
        + "".join(f'{s.payer},{m.id},"{m.title}"\n' for m in s.measures or ())
        for s in (ONE, TWO)
    }
    return put(tmp_path / "bare lists", gold=GOLD + rows, notes="of,no,list\n", **bare)


def test_bare_lists_and_specs_come_to_the_same(settled: Path, tmp_path: Path) -> None:
    specs = lists(tmp_path / "specs")
    (specs / "gold.csv").write_text((settled / "gold.csv").read_text("utf-8"), "utf-8")
    views = [
        harmonize("evaluate", str(folder), "--view", "reliability", "-f", "csv").out
        for folder in (settled, specs)
    ]
    assert views[0] == views[1]
    assert len(views[0].splitlines()) > 1


def test_every_error_comes_with_a_command_that_runs(settled: Path, tmp_path: Path) -> None:
    specs = lists(tmp_path / "specs")
    (specs / "gold.csv").write_text((settled / "gold.csv").read_text("utf-8"), "utf-8")
    for folder in (settled, specs):
        done = harmonize("evaluate", str(folder), "--width", "50", "--match-at", "0.6")
        commands = [line for line in done.out.splitlines() if line.startswith("    harmonize ")]
        assert len(commands) == 2
        for command in commands:
            explained = harmonize(*shlex.split(command)[1:])
            assert explained.code == 0, explained.err
            assert all(word in explained.out for word in shlex.split(command) if word[:4] == "one/")


def test_formats_tell_the_same_figures(settled: Path) -> None:
    found = json.loads(harmonize("evaluate", str(settled), "-f", "json").out)
    rows = [*csv.DictReader(io.StringIO(harmonize("evaluate", str(settled), "-f", "csv").out))]
    assert found["schema"] == "harmonize.evaluation/1"
    assert {r["figure"]: r["value"] for r in rows} == {
        f["figure"]: f"{f['value']:g}" for f in found["figures"]
    }
    assert [*VIEWS] == [*found][-len(VIEWS) :]


@pytest.mark.parametrize(("least", "code"), [("0.5", 0), ("0.99", 1)])
def test_fail_under(settled: Path, least: str, code: int) -> None:
    assert harmonize("evaluate", str(settled), "--fail-under", least).code == code


@pytest.mark.parametrize("value", ["0", "1", "-1", "nan", "x"])
def test_a_threshold_is_a_probability(settled: Path, value: str) -> None:
    for arguments in (("evaluate", str(settled)), ("compare", str(settled))):
        done = harmonize(*arguments, f"--match-at={value}")
        assert done.code == 2
        assert "--match-at" in done.err


def test_compare_says_what_a_threshold_promises(tmp_path: Path) -> None:
    folder = str(lists(tmp_path))
    assert harmonize("compare", folder).err == ""
    done = harmonize("compare", folder, "--match-at", "0.99", "-f", "csv", "--view", "pairs")
    rows = [*csv.DictReader(io.StringIO(done.out))]
    sure = [float(r["confidence"]) for r in rows if r["verdict"] == "match"]
    assert done.err.startswith(f"matches from 0.99 on: {len(sure)} pairs, expected precision ")
    assert min(sure) >= 0.99
    assert harmonize("compare", folder, "--match-at", "0.99", "--quiet").err == ""


def test_no_width_cuts_a_title(settled: Path) -> None:
    found = gold([str(settled)])
    told = evaluate(found.tasks, KNOWN)
    assert "Avoidable Emergency Department Visits" in as_table(told, None, 10, None, color=False)
    assert as_table(told, None, 0, 80, color=False).count("harmonize evaluate") == 0
    assert "title_a" in as_csv(told, "errors")
