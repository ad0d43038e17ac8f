"""The other areas on the page, in the views and on the command line."""

import csv
import io
import json
from pathlib import Path

import pytest
from building import KNOWN, TEXTS, harmonize, spec, text_of, written

from harmonize.audience import publish
from harmonize.panels import panels
from harmonize.sets import AREAS
from harmonize.terms import CLOSED, WITHHELD

ASH = text_of(
    "ash",
    "Controlling High Blood Pressure",
    payment={"lan_categories": ["2A"], "attribution": "prospective", "minimum_panel": "150"},
    feedback=[{"level": "practice", "cadence": "quarterly", "attribution": "prospective"}],
    participation=[{"title": "PCMH recognition", "required": "true"}],
    visibility={"payment.minimum_panel": "withheld"},
)
BIRCH = text_of(
    "birch",
    "Controlling High Blood Pressure",
    payment={"lan_categories": ["2A"], "attribution": "retrospective", "minimum_panel": "200"},
    feedback=[{"level": "practice", "cadence": "quarterly", "attribution": "retrospective"}],
    participation=[{"title": "PCPCH recognition", "required": "false"}],
)
CEDAR = text_of("cedar", payment={"lan_categories": ["4B"]}, visibility={"payment": "withheld"})


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(written(tmp_path_factory.mktemp("areas"), ASH, BIRCH, CEDAR))


def _rows(specs: str, *args: str) -> list[dict[str, str]]:
    done = harmonize("compare", specs, "-f", "csv", "--quiet", *args)
    assert done.code == 0
    return list(csv.DictReader(io.StringIO(done.out)))


@pytest.mark.parametrize("area", [*AREAS, "all"])
def test_rows_are_of_the_areas_that_were_asked_for(specs: str, area: str) -> None:
    rows = _rows(specs, "--area", area)
    told = {row.get("area", "measures") for row in rows}
    if area == "all":
        assert told == {"measures", "payment", "feedback", "participation"}
    else:
        assert told <= {area}
    shared = [r for r in rows if r["used_by"] in ("2", "3")]
    assert bool(shared) is (area != "convening")


def test_the_columns_are_those_of_measures_and_more_at_the_end(specs: str) -> None:
    alone = list(_rows(specs)[0])
    beside = list(_rows(specs, "--area", "all")[0])
    assert beside == [*alone, "agrees", "not_stated", "area"]
    rows = _rows(specs, "--area", "all", "--view", "divergence")
    assert list(rows[0])[-1] == "area"
    assert {(r["area"], r["attribute"]) for r in rows} == {
        ("payment", "attribution"), ("feedback", "attribution"), ("participation", "required"),
    }  # fmt: skip


def test_what_is_withheld_stands_as_stated(specs: str) -> None:
    (whole,) = (r for r in _rows(specs, "--area", "payment") if r["concept"] == "payment")
    assert whole["cedar"] == WITHHELD
    page = harmonize("compare", specs, "--area", "payment", "--width", "200").out
    (panel,) = (line for line in page.splitlines() if "minimum panel" in line)
    assert panel.split() == ["-", "minimum", "panel", *WITHHELD.split(), "200", CLOSED, "2/3"]
    assert "150" not in page
    assert "4B" not in page


def test_the_broker_sees_what_others_do_not(specs: str) -> None:
    rows = _rows(specs, "--area", "payment", "--view", "divergence", "--audience", "broker")
    panel = next(r for r in rows if r["attribute"] == "minimum_panel")
    assert (panel["ash"], panel["birch"], panel["cedar"]) == ("150", "200", "")


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("area", ["payment", "all"])
def test_no_format_tells_what_is_withheld(specs: str, form: str, area: str, tmp_path: Path) -> None:
    config = tmp_path / "harmonize.yaml"
    config.write_text(
        "harmonize: 1\nsssom: {mapping_set_id: https://example.org/c, license: "
        "https://example.org/l, base: https://example.org/}\n"
    )
    done = harmonize("compare", specs, "--area", area, "-f", form, "--config", str(config))
    assert done.code == (2 if (form, area) == ("sssom", "payment") else 0)
    assert "4B" not in done.out + done.err


def test_the_object_says_of_which_area_each_thing_is(specs: str) -> None:
    found = json.loads(harmonize("compare", specs, "--area", "all", "-f", "json").out)
    assert [one["area"] for one in found["areas"]] == list(AREAS)
    for key in ("concepts", "divergences", "possible", "related", "questions"):
        assert all(one["area"] in AREAS for one in found[key])
    payment = next(c for c in found["concepts"] if c["id"] == "payment")
    said = {a["attribute"]: a for a in payment["attributes"]}
    assert said["lan_categories"]["agree"] is True
    assert said["minimum_panel"]["withheld"] == ["ash"]
    whole = next(a for a in found["areas"] if a["area"] == "payment")
    assert (whole["stated"], whole["withheld"]) == (["ash", "birch", "cedar"], ["cedar"])
    plain = json.loads(harmonize("compare", specs, "-f", "json").out)
    assert "areas" not in plain
    assert "area" not in plain["concepts"][0]


def test_figures_are_of_the_areas_and_say_of_what(specs: str) -> None:
    rows = {r["figure"]: (r["value"], r["of"])
            for r in _rows(specs, "--area", "payment", "--view", "summary")}  # fmt: skip
    assert rows == {
        "stated:payment": ("3", "3"),
        "matters:payment": ("1", "1"),
        "agree:payment": ("1", "2"),
        "differ:payment": ("1", "2"),
        "one_sided:payment": ("0", "3"),
        "withheld:payment": ("2", "7"),
    }


def test_one_line_points_to_the_other_areas(specs: str) -> None:
    told = "Also stated: participation by 2 payers, payment by 3 payers, feedback by 2 payers; see"
    page = harmonize("compare", specs, "--width", "200")
    assert page.out.count("Also stated") == 1
    assert f"{told} --area all" in page.out
    assert "Also stated" not in page.err
    rows = harmonize("compare", specs, "-f", "csv")
    assert "Also stated" not in rows.out
    assert f"{told} --area all." in rows.err
    every = harmonize("compare", specs, "--area", "all")
    assert "Also stated" not in every.out + every.err


def test_an_area_that_nobody_states_is_said_to_be(specs: str) -> None:
    page = harmonize("compare", specs, "--area", "convening", "--width", "200").out
    assert "convening: no payer here states anything of it" in page


def test_an_unknown_area_is_refused(specs: str) -> None:
    done = harmonize("compare", specs, "--area", "money")
    assert done.code == 2


def test_differences_of_other_areas_count_for_the_exit_code(specs: str) -> None:
    assert harmonize("compare", specs, "--fail-on", "error").code == 0
    assert harmonize("compare", specs, "--area", "payment", "--fail-on", "error").code == 1
    assert harmonize("compare", specs, "--area", "convening", "--fail-on", "info").code == 0


def test_an_area_of_which_nothing_may_be_seen_is_explained_too() -> None:
    hidden = spec("cedar", payment={"minimum_panel": "150"}, visibility={"payment": "withheld"})
    told = publish((hidden, spec("lake", "Cesarean Birth")), KNOWN, "public", areas=AREAS)
    assert any(note.startswith(WITHHELD) for note in panels(told.report, ()).notes)


def test_of_streams_that_are_withheld_nobody_is_told_which_there_are(tmp_path: Path) -> None:
    streams = [{"kind": "care management fee", "quality_link": "gate"}]
    one = text_of("ash", payment={"lan_categories": ["2A"], "streams": streams})
    other = text_of("birch", payment={"lan_categories": ["2A"], "streams": streams},
                    visibility={"payment.streams": "withheld"})  # fmt: skip
    folder = str(written(tmp_path, one, other, CEDAR))
    rows = {r["concept"]: r for r in _rows(folder, "--area", "payment")}
    fee = rows["payment/care management fee"]
    assert (fee["ash"], fee["birch"], fee["cedar"]) == (
        "payment/care management fee", CLOSED, CLOSED,
    )  # fmt: skip
    assert rows["payment"]["birch"] == "payment"
    page = harmonize("compare", folder, "--area", "payment", "--width", "200").out
    assert f"{CLOSED}: all of it is withheld, and what of it is stated is not told" in page
    assert page.splitlines()[3].split()[0] == "Term"


def test_a_withheld_list_of_measures_is_said_to_be(tmp_path: Path) -> None:
    one = text_of("ash", "Controlling High Blood Pressure", visibility={"measures": "withheld"})
    other = text_of("birch", "Controlling High Blood Pressure")
    page = harmonize("compare", str(written(tmp_path, one, other)), "--width", "200").out
    assert f"List of measures {WITHHELD}: ash." in page


def test_lists_of_which_none_counts_are_told(tmp_path: Path) -> None:
    folder = str(written(tmp_path, text_of("ash", "CBP", role="reference")))
    assert "No list here counts" in harmonize("compare", folder).err
