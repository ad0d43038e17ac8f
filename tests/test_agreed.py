"""What a coalition agrees about confidential terms: a word on them, aliases, the smallest cell."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from building import KNOWN, STANDARDS, harmonize, raw, spec, text_of, written
from hypothesis import given, settings
from hypothesis import strategies as st
from test_settings import wrong
from withholding import SENTINEL

from harmonize.aliases import disguised
from harmonize.audience import Published, publish
from harmonize.confidential import NOTHING_AGREED, Confidential
from harmonize.document import document
from harmonize.marks import SEES
from harmonize.render import PRACTICE, RENDERERS, Wanted
from harmonize.report import compile_report
from harmonize.sets import AREAS, MeasureSet
from harmonize.views import VIEWS, view

TELL: Final = Confidential(tell_agreement_from=3)
PANELS: Final = ("visits", "enrolment", "geography")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{tell_agreement_from: 2}", "1:37: HZ581 'tell_agreement_from' is 2: among fewer than 3"),
        ("{minimum_cell: 1}", "1:30: HZ581"),
        ("{aliases: [a]}", "1:25: HZ204 'aliases' holds a list, wanted payer: alias"),
        ("{aliases: {a: x, b: x}}", "1:35: HZ582 'x' is another payer's alias, or a payer"),
        ("{aliases: {a: b, b: c}}", "1:29: HZ582 'b' is another payer's alias, or a payer"),
        ("{aliases: {a: payers}}", "1:29: HZ209 'payers' is the name of a CSV column"),
        ("{aliases: {a: x y}}", "1:29: HZ209"),
        ("{aliases_for: [broker]}", "1:30: HZ205"),
        ("{minimum_sell: 3}", "1:16: HZ201 unknown key 'minimum_sell': did you mean"),
    ],
)
def test_what_cannot_be_agreed(text: str, told: str) -> None:
    (line,) = wrong(f"confidential: {text}\n")
    assert line.startswith(told)


# --- a word on what is withheld -----------------------------------------------------------------


def _paying(payer: str, *, attribution: str | None, weight: str | None, shut: bool) -> MeasureSet:
    line: dict[str, Any] = {"id": "1", "title": "Breast Cancer Screening"}
    line |= {"weight": weight} if weight else {}
    payment: dict[str, Any] = {"lan_categories": ["3A"]}
    payment |= {"attribution": attribution} if attribution else {}
    marks = {"visibility": {"weight": "withheld", "attribution": "withheld"}} if shut else {}
    return spec(payer, line, payment=payment, **marks)


def _seen(*sets: MeasureSet, agreed: Confidential = TELL, audience: str = "public") -> Published:
    return publish(sets, KNOWN, audience, STANDARDS, areas=AREAS, agreed=agreed)


def _told(found: Published) -> dict[str, str]:
    return {one.attribute: one.told for one in found.report.withheld}


def _three(*values: str) -> list[MeasureSet]:
    return [
        _paying(f"p{i}", attribution=value, weight=f"{10 + PANELS.index(value)}%", shut=True)
        for i, value in enumerate(values)
    ]


def test_three_that_withhold_the_same_are_told_to_agree() -> None:
    same, other = _three("visits", "visits", "visits"), _three("visits", "visits", "geography")
    assert _told(_seen(*same)) == dict.fromkeys(("weight", "attribution"), "3 withheld: agree")
    assert _told(_seen(*other)) == dict.fromkeys(("weight", "attribution"), "3 withheld: differ")
    assert set(_told(_seen(*same, agreed=NOTHING_AGREED)).values()) == {""}
    assert set(_told(_seen(*same, agreed=Confidential(tell_agreement_from=4))).values()) == {""}
    assert _told(_seen(*same, audience="broker")) == {}


def test_nothing_is_told_where_a_value_is_in_view_be_it_a_reference() -> None:
    open_ = _paying("q", attribution="visits", weight="10%", shut=False)
    assert set(_told(_seen(*_three("visits", "visits", "visits"), open_)).values()) == {""}
    core = spec("q", {"id": "1", "title": "Breast Cancer Screening", "weight": "10%"},
                role="reference")  # fmt: skip
    told = _told(_seen(*_three("visits", "visits", "visits"), core))
    assert told == {"weight": "", "attribution": "3 withheld: agree"}


def test_it_stands_on_the_page_and_in_the_view() -> None:
    found = _seen(*_three("visits", "visits", "visits"))
    assert "attribution: 3 withheld: agree" in str(RENDERERS["table"](found, Wanted()))
    rows = {row[3]: row[4:] for row in view(found, "withheld").rows}
    assert rows["attribution"] == (3, "p0; p1; p2", "agree", "payment")


@settings(max_examples=25)
@given(
    st.tuples(st.sampled_from(PANELS), st.sampled_from(PANELS)),
    st.tuples(st.booleans(), st.booleans()),
    st.sampled_from([None, *PANELS]),
)
def test_of_two_payers_nothing_tells_one_withheld_value_from_another(
    values: tuple[str, str], shut: tuple[bool, bool], other: str | None
) -> None:
    """Whatever one of them shows, and a third that says nothing: all that is seen is the same."""
    third = _paying("r", attribution=None, weight=None, shut=False)
    texts = set()
    for secret in PANELS:
        both = [
            _paying(
                name,
                attribution=(secret if hidden else value) if other != value else None,
                weight=f"{1 + PANELS.index(secret if hidden else value)}0%",
                shut=hidden,
            )
            for name, value, hidden in zip("pq", values, shut, strict=True)
        ]
        found = _seen(*both, third)
        texts.add("".join(str(RENDERERS["csv"](found, Wanted(view=v))) for v in VIEWS))
        assert set(_told(found).values()) <= {""}
    assert len(texts) == 1


# --- the smallest cell --------------------------------------------------------------------------

POOL: Final = (
    "Breast Cancer Screening", "Colorectal Cancer Screening", "Controlling High Blood Pressure",
    "Childhood Immunization Status", "Chlamydia Screening", "Well-Child Visits",
    "Antidepressant Medication Management",
)  # fmt: skip
STREAMS: Final = ("shared savings", "bundle", "care management fee")


def _lists(held: list[tuple[list[int], list[int]]]) -> tuple[MeasureSet, ...]:
    return tuple(
        spec(
            f"p{i}",
            *({"id": str(n), "title": POOL[n]} for n in measures),
            payment={"streams": [{"kind": STREAMS[n]} for n in streams]},
        )
        for i, (measures, streams) in enumerate(held)
        if measures and streams
    )


HELD: Final = st.lists(
    st.tuples(
        st.lists(st.sampled_from(range(len(POOL))), unique=True, min_size=1),
        st.lists(st.sampled_from(range(len(STREAMS))), unique=True, min_size=1),
    ),
    min_size=3,
    max_size=5,
)


@settings(max_examples=25)
@given(HELD)
def test_what_few_hold_could_as_well_not_be_there(held: list[tuple[list[int], list[int]]]) -> None:
    """Every figure is of lists that never had it: the report on them is the same, number by number.

    So nothing that is shown, taken from anything else that is shown, gives it back; what is left is
    how many measures are not shown.
    """
    many = Counter(n for measures, _ in held for n in measures)
    paid = Counter(n for _, streams in held for n in streams)
    kept = [([n for n in m if many[n] >= 3], [n for n in s if paid[n] >= 3]) for m, s in held]
    lists = _lists(held)
    found = _seen(*lists, agreed=Confidential(minimum_cell=3))
    bare = tuple(
        spec(
            one.payer,
            *({"id": str(n), "title": POOL[n]} for n in measures),
            payment={"streams": [{"kind": STREAMS[n]} for n in streams]} if streams
            else {"lan_categories": ["3A"]},
        )
        for one, (measures, streams) in zip(lists, kept, strict=True)
    )  # fmt: skip
    without = compile_report(bare, KNOWN, STANDARDS, areas=AREAS)
    assert found.report.summary == without.summary or not all(s for _, s in kept)
    assert {(r.concept.id, r.used_by) for r in found.report.rows} == {
        (r.concept.id, r.used_by) for r in without.rows
    }
    few = sum(1 for n in many.values() if n < 3)
    assert (f"{few} measure" in " ".join(found.unshown)) is bool(few)
    titles = {POOL[n] for n, count in many.items() if count < 3}
    drawn = "".join(str(RENDERERS[f](found, Wanted())) for f in ("json", "markdown", "html"))
    assert not [title for title in titles if title in drawn]


def test_the_broker_sees_everything() -> None:
    lists = _lists([([0, 1], [0]), ([0], [0]), ([0], [1])])
    few = Confidential(minimum_cell=3)
    assert _seen(*lists, agreed=few, audience="broker").unshown == ()
    found = _seen(*lists, agreed=few)
    assert found.unshown == (
        "1 measure asked by fewer than 3 payers not shown",
        "2 terms of other areas stated by fewer than 3 not shown",
    )
    assert document(found)["unshown"] == list(found.unshown)


# --- aliases ------------------------------------------------------------------------------------

KNOWN_AS: Final = {"ridge": "payer-b", "lake": "payer-a"}
ALIASED: Final = Confidential(aliases=KNOWN_AS)
GIVES_AWAY: Final = re.compile(rf"ridge|lake|{SENTINEL}", re.IGNORECASE)


def _named(payer: str) -> tuple[str, str]:
    """A list that says in every place whose it is."""
    name = payer.capitalize()
    own = {
        "id": f"{name}-1",
        "title": f"{name} Welcome Visit {SENTINEL}",
        "ids": {f"x-{payer}": f"{name} 1"},
        "source": f"{name} page 3",
        "notes": f"as {name} says",
        "numerator": f"Members of {name} Health seen",
        "rates": [{"id": f"{payer}-a", "title": f"Seen by {name} {SENTINEL}"},
                  {"id": "b", "title": "Seen by anybody"}],
    }  # fmt: skip
    lines = ({"id": "2", "title": "Breast Cancer Screening", "ages": "50-74"}, own)
    about: dict[str, Any] = {
        "name": f"{name} Health",
        "short": name,
        "organization": f"{name} Holding",
        "program": f"{name} Rewards",
        "sources": [{"title": f"{name} manual"}],
        "notes": f"{name} sent it",
        "convening": {"convener": f"{name} Health", "roles": [{"who": name, "role": "payer"}]},
        "participation": [{"id": f"{payer}-x", "title": f"{name} recognition {SENTINEL}"}],
        "payment": {"attribution": f"by {name} Rewards", "lan_categories": ["3A"]},
    }
    return text_of(payer, *lines, **about), f"{payer}-2026.yaml"


def _aliased(*payers: str) -> tuple[MeasureSet, ...]:
    from harmonize.reading.specs import read_spec

    return tuple(
        read_spec(text, file, lambda *_: ("", ""))[0] for text, file in map(_named, payers)
    )


def test_who_a_payer_is_stands_in_nothing() -> None:
    found = _seen(*_aliased("lake", "ridge"), agreed=ALIASED)
    texts = [
        *(str(RENDERERS[f](found, Wanted(provenance={"harmonize": "0", "files": []})))
          for f in ("table", "json", "markdown", "html")),
        *(str(RENDERERS["csv"](found, Wanted(view=v, layout=way, cell=cell)))
          for v in VIEWS for way in ("wide", "long") for cell in ("id", "title", "ask")),
        *(str(draw(found, Wanted())) for draw in PRACTICE.values()),
    ]  # fmt: skip
    leaks = {match[0] for text in texts for match in GIVES_AWAY.finditer(text)}
    assert leaks == set()
    assert "payer-a" in texts[0]


def test_names_swapped_are_aliases_swapped_and_nothing_else() -> None:
    """Who is called how by whom changes nothing but by its alias."""
    one = _seen(*_aliased("lake", "ridge"), agreed=ALIASED)
    other = [text.replace("lake", "mesa").replace("Lake", "Mesa") for text, _ in [_named("lake")]]
    from harmonize.reading.specs import read_spec

    mesa = read_spec(other[0], "mesa-2026.yaml", lambda *_: ("", ""))[0]
    agreed = Confidential(aliases={"mesa": "payer-a", "ridge": "payer-b"})
    assert document(_seen(mesa, *_aliased("ridge"), agreed=agreed)) == document(one)


def test_aliases_are_for_those_who_see_them() -> None:
    sets = _aliased("lake", "ridge")
    for audience in SEES:
        slugs = {p.payer for p in _seen(*sets, agreed=ALIASED, audience=audience).report.payers}
        assert (slugs == {"payer-a", "payer-b"}) is (audience == "public")
    both = Confidential(aliases=KNOWN_AS, aliases_for=("participants", "public"))
    assert {p.payer for p in _seen(*sets, agreed=both, audience="participants").report.payers} == {
        "payer-a", "payer-b",
    }  # fmt: skip


def test_figures_are_those_of_the_payers_themselves() -> None:
    sets = _aliased("lake", "ridge")
    plain = {f.figure: (f.value, f.of) for f in _seen(*sets).report.summary}
    found = _seen(*sets, agreed=ALIASED).report.summary
    for one in found:
        name = one.figure.replace("payer-a", "lake").replace("payer-b", "ridge")
        assert (one.value, one.of) == plain[name]
    renamed, under = disguised(sets, KNOWN_AS)
    assert [s.payer for s in renamed] == ["payer-a", "payer-b"]
    assert under.refs["lake/2"] == "payer-a/m001"


def test_ids_leave_no_gap_where_something_is_not_shown() -> None:
    lists = _lists([([0, 1, 2], [0]), ([0, 2], [0]), ([0, 2], [0])])
    known_as = {f"p{i}": f"payer-{i}" for i in range(3)}
    found = _seen(*lists, agreed=Confidential(minimum_cell=3, aliases=known_as))
    assert found.unshown == ("1 measure asked by fewer than 3 payers not shown",)
    assert {m.id for p in found.report.payers for m in p.measures or ()} == {"m001", "m002"}


# --- the command line ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    texts = [_named(payer) for payer in ("lake", "ridge")]
    written(tmp_path / "specs", *(t for t, _ in texts), names=[name for _, name in texts])
    decisions = (
        "harmonize: 1\ndecisions:\n  - match: [lake/2, ridge/2]\n    judgement: accept\n"
        "    by: Ann of Ridge\n    on: 2026-01-01\n    because: Lake said so\n"
    )
    (tmp_path / "decisions.yaml").write_text(decisions)
    agreed = "confidential: {aliases: {ridge: payer-b, lake: payer-a}}\n"
    (tmp_path / "harmonize.yaml").write_text(
        f"specs: [specs]\ndecisions: [decisions.yaml]\n{agreed}"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_no_line_of_a_command_names_a_payer(folder: Path) -> None:
    for form in ("table", "csv", "json", "markdown", "html"):
        done = harmonize("compare", "--audience", "public", "--area", "all", "-f", form,
                         *(["--provenance"] if form in ("json", "html") else []))  # fmt: skip
        assert done.code == 0
        assert not GIVES_AWAY.search(done.out + done.err), form
    decided = json.loads(harmonize("compare", "--audience", "public", "-f", "json").out)
    assert decided["decisions"][0]["measures"] == ["payer-a/m001", "payer-b/m001"]
    book = harmonize("compare", "--audience", "public", "--area", "all", "-o", "x.xlsx")
    assert book.code == 0
    assert not GIVES_AWAY.search(raw((folder / "x.xlsx").read_bytes()) + book.out + book.err)


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("review", "--status"),
        ("explain", "lake/2", "ridge/2"),
        ("diff", "specs", "specs"),
        ("compare", "-f", "sssom"),
        ("compare", "--comments", "comments.csv"),
    ],
)
def test_what_names_payers_is_refused(folder: Path, command: tuple[str, ...]) -> None:
    done = harmonize(*command, "--audience", "public")
    assert done.code == 2
    assert "HZ584" in done.out + done.err


def test_a_payer_without_an_alias_is_shown_to_nobody(folder: Path) -> None:
    (folder / "harmonize.yaml").write_text("confidential: {aliases: {ridge: payer-b}}\n")
    done = harmonize("compare", "specs", "--audience", "public")
    assert (done.code, done.out) == (2, "")
    assert "HZ583 'lake' has no alias, and others have one" in done.err
    assert harmonize("compare", "specs", "--audience", "broker").code == 0
