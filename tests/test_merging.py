"""An import over the file that is there: ids, comments and what people added stay."""

import itertools
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_composing import spec

from harmonize.composing import composed
from harmonize.likeness import near
from harmonize.merging import Merged, merged, plainly, with_ids
from harmonize.reading.nodes import parse
from harmonize.reading.remarks import remarked
from harmonize.reading.specs import read_root
from harmonize.trees import Items, Pairs, Scalar

TITLES = ("Blood Pressure Control", "Colon Cancer Screening", "Falls: Plan of Care",
          "Follow-Up, 7 Days", "Follow-Up, 30 Days")  # fmt: skip


def _kept(root: Pairs) -> Pairs:
    return with_ids(root, read_root(root)[0])


def _ids(root: Pairs) -> dict[str, str]:
    listed = root.get("measures")
    assert isinstance(listed, Items)
    found: dict[str, str] = {}
    for one in listed.items:
        assert isinstance(one, Pairs)
        title, own = one.get("title"), one.get("id")
        assert isinstance(title, Scalar)
        found[title.text] = own.text if isinstance(own, Scalar) else ""
    return found


def _merge(old: Pairs, new: Pairs) -> Merged:
    return merged(old, new, list(_ids(old).values()), near)


@given(st.permutations(TITLES), st.sets(st.sampled_from(TITLES)))
def test_minted_ids_stay_in_any_order(order: list[str], typos: set[str]) -> None:
    old = _kept(spec(list(TITLES)))
    new = spec([{"title": f"{t}s" if t in typos else t, "steward": "CMS"} for t in order])
    found = _merge(old, new)
    before, after = _ids(old), _ids(_kept(found.root))
    assert after == {f"{t}s" if t in typos else t: one for t, one in before.items()}
    assert dict(found.corrected) == {t: f"{t}s" for t in typos}
    assert found.added == found.alone == ()


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ({"id": "A", "title": "One thing"}, {"id": "A", "title": "All new words"}, True),
        ({"id": "A", "title": "One thing"}, {"id": "B", "title": "One thing"}, False),
        ({"title": "Follow-Up, 7 Days"}, {"title": "Follow-Up, 30 Days"}, False),
        ({"title": "Statin Use", "ids": {"cbe": "0541"}}, {"title": "Statin Adherence Use",
                                                          "ids": {"cbe": "0541"}}, True),
        ({"title": "Statin Use", "ids": {"cbe": "0541"}}, {"title": "Statin Uses",
                                                          "ids": {"cbe": "0542"}}, False),
        ({"title": "Falls"}, {"title": "Colon cancer"}, False),
    ],
)  # fmt: skip
def test_which_measure_is_which(old: Any, new: Any, pairs: bool) -> None:
    found = _merge(_kept(spec([old])), spec([new]))
    assert (not found.added and not found.alone) == pairs


def test_values_of_the_source_win_and_what_people_added_stays() -> None:
    old = _kept(
        spec(
            [
                {
                    "title": "Falls",
                    "ids": {"cbe": "0101", "x-own": "7"},
                    "weight": "10%",
                    "ages": "65+",
                    "notes": "Rate: 5%\nours",
                },
                {"title": "Only ours"},
            ],
            region="OR",
        )
    )
    new = spec(
        [
            {"title": "New one"},
            {"title": "Falls", "ids": {"cbe": "0102"}, "ages": "60+", "notes": "Rate: 6%"},
        ],
        program="P",
    )
    found = _merge(old, new)
    assert plainly(found.root) == {
        "harmonize": "1",
        "payer": "lake",
        "region": "OR",
        "program": "P",
        "measures": [
            {
                "id": "falls",
                "title": "Falls",
                "ids": {"cbe": "0102", "x-own": "7"},
                "weight": "10%",
                "ages": "60+",
                "notes": "Rate: 6%\nRate: 5%\nours",
            },
            {"id": "only-ours", "title": "Only ours"},
            {"title": "New one"},
        ],
    }
    assert (found.added, found.alone) == (("New one",), ("Only ours",))


MINE = """\
harmonize: 1
payer: lake
measures:
  - id: a
    title: Falls
    ids: {cbe: ["0101", "9999"], hedis: FRM}
    data_source:
      - claims  # by contract
      - survey  # ours
    rates:
      - id: r1
        title: One  # agreed
      - title: Our own
    notes: |-
      Plan: not before 2027
      Steward: CMS
"""


@pytest.mark.parametrize("whole", [False, True])
def test_what_a_person_added_to_a_list_stays(whole: bool) -> None:
    old = remarked(parse(MINE, "a.yaml"), MINE)
    assert isinstance(old, Pairs)
    theirs = {
        "id": "a",
        "title": "Falls",
        "ids": {"cbe": "0101", "hedis": "FRM"},
        "data_source": ["ehr", "claims"],
        "rates": [{"id": "r1", "title": "One", "ages": "65+"}],
        "notes": "Plan: as agreed\nSteward: CMS",
    }
    found = merged(old, spec([theirs]), ["a"], near, whole=whole)
    listed = plainly(found.root)["measures"]  # type: ignore[index]
    added = {
        "ids": {"cbe": ["0101", "9999"], "hedis": "FRM"},
        "data_source": ["ehr", "claims", "survey"],
        "rates": [*theirs["rates"], {"title": "Our own"}],
        "notes": f"{theirs['notes']}\nPlan: not before 2027",
    }
    assert listed == [theirs if whole else theirs | added]
    ours = ("ids.cbe 9999", "data_source survey", "rates Our own")
    assert found.kept == (() if whole else tuple(f"Falls: {one}" for one in ours))
    made = composed(found.root)
    assert [told in made for told in ("by contract", "agreed", "ours")] == [True, True, not whole]


def test_many_corrected_titles_take_no_long_time() -> None:
    words = ("screening", "control", "follow-up", "assessment", "counseling", "treatment", "care")
    every = itertools.product(words, repeat=4)
    titles = [" ".join(one) for one in itertools.islice(every, 0, 2000, 2)]
    start = time.perf_counter()
    found = _merge(_kept(spec(titles)), spec([f"{title[::-1]}" for title in titles]))
    assert time.perf_counter() - start < 4
    assert len(found.added) > 500


def test_a_source_that_is_the_spec_itself_says_what_is_gone() -> None:
    text = (
        "harmonize: 1\npayer: lake\nregion: OR\nmeasures:\n  - id: a  # ours\n    title: Falls\n"
        "    weight: 10%\n  - Gone\n"
    )
    old = remarked(parse(text, "a.yaml"), text)
    assert isinstance(old, Pairs)
    new = spec([{"id": "b", "title": "Falls"}, {"title": "New"}])
    found = merged(old, new, ["a", "gone"], near, whole=True)
    assert plainly(found.root) == {
        "harmonize": "1",
        "payer": "lake",
        "measures": [{"id": "b", "title": "Falls"}, {"title": "New"}],
    }
    assert (found.added, found.alone) == (("Falls", "New"), ("Falls", "Gone"))
    same = merged(old, spec([{"id": "a", "title": "Falls"}]), ["a", "gone"], near, whole=True)
    assert "- id: a  # ours" in composed(same.root)
    assert same.alone == ("Gone",)
    assert "weight" not in composed(same.root)


def test_a_second_import_changes_nothing() -> None:
    new = spec([{"title": t, "ids": {"x-n": str(n)}} for n, t in enumerate((*TITLES, TITLES[0]))])
    old = _kept(new)
    named = old.get("measures")
    assert isinstance(named, Items)
    ids = [one.get("id") for one in named.items if isinstance(one, Pairs)]
    found = merged(old, new, [one.text for one in ids if isinstance(one, Scalar)], near)
    assert plainly(found.root) == plainly(old)


FILE = """\
# yaml-language-server: $schema=x
harmonize: 1
payer: lake  # ours
notes: some
  more words # of it

# the list
measures:
  # first
  - id: a
    title: "Falls # not a comment"  # beside
    # above ids
    # twice
    ids: {cbe: "0018", hedis: X}  # both
    notes: |-
      text
      # text too
    condition:
      - one  # each
      - two
    target:
      # as agreed
      value: 65%
  - Only a title  # bare
# the end
"""


def test_comments_stay() -> None:
    root = remarked(parse(FILE, "a.yaml"), FILE)
    assert isinstance(root, Pairs)
    made = composed(root)
    assert plainly(parse(made, "a.yaml")) == plainly(parse(FILE, "a.yaml"))
    for comment in (
        "# yaml-language-server: $schema=x\nharmonize",
        "payer: lake  # ours",
        "# of it",
        "# the list\n# the end",
        "  # first\n  - id: a",
        '"Falls # not a comment"  # beside',
        "    # above ids\n    # twice\n    ids:",
        "}  # both",
        "  - Only a title  # bare",
        "# each",
        "target: {value: 65%}  # as agreed",
        "# the end\nmeasures:",
    ):
        assert comment in made, comment
    again = remarked(parse(made, "a.yaml"), made)
    assert isinstance(again, Pairs)
    assert composed(again) == made
