"""The page in a real browser: quiet, alone, usable by keyboard and by people who cannot see it.

Needs Chromium and the extra `browser`; without them these tests are skipped, or fail if the
environment says `HARMONIZE_BROWSER=required`.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import webpage
from building import EXAMPLES, ROOT, published

from harmonize.audience import Published
from harmonize.render import RENDERERS, Wanted
from harmonize.workspace import load

pytestmark = pytest.mark.browser

CHROMIUM: Final = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS: Final = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
FOLDERS: Final = {
    "specs": ROOT / "specs",
    "onecare-vermont": EXAMPLES / "onecare-vermont" / "specs",
}
WIDTHS: Final = (1280, 400)
SCHEMES: Final = ("light", "dark")
GRAVE: Final = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, started once."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the extra browser is missing")
    pytest.importorskip("axe_playwright_python", reason="the extra browser is missing")
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is missing")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=FOLDERS)
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Published, Path]:
    """A report and the file that it was written to."""
    found = published(*load([str(FOLDERS[request.param])]).sets)
    path = tmp_path_factory.mktemp("pages") / f"{request.param}.html"
    path.write_text(RENDERERS["html"](found, Wanted()), encoding="utf-8")
    return found, path


@pytest.fixture
def opened(browser: Any, case: tuple[Published, Path], request: pytest.FixtureRequest) -> Any:
    """The file in a window of its own; whatever the page says or asks for is kept."""
    given = getattr(request, "param", (WIDTHS[0], SCHEMES[0]))
    context = browser.new_context(
        viewport={"width": given[0], "height": 900}, color_scheme=given[1]
    )
    window = context.new_page()
    heard: list[str] = []
    window.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    window.on("pageerror", lambda error: heard.append(f"error: {error}"))
    window.on("request", lambda request: heard.append(f"request: {request.url}"))
    window.goto(case[1].as_uri())
    yield window
    assert heard == [f"request: {case[1].as_uri()}"]
    context.close()


def _tab_to(window: Any, selector: str, most: int = 400) -> None:
    """Go there by the tab key alone; where one is, one sees it."""
    for _ in range(most):
        window.keyboard.press("Tab")
        if window.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            outline = window.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(selector)


def _shown(window: Any) -> list[str]:
    """First cells of the rows that are shown, from above."""
    rows = "rows => rows.filter(r => !r.hidden).map(r => r.cells[0].textContent.trim())"
    return [*window.eval_on_selector_all("#matrix tbody tr", rows)]


def _column(window: Any, column: int) -> list[str]:
    cells = "(rows, at) => rows.filter(r => !r.hidden).map(r => r.cells[at].textContent.trim())"
    return [*window.eval_on_selector_all("#matrix tbody tr", cells, column)]


# --- what is seen ---------------------------------------------------------------------------------


def test_the_numbers_are_those_of_the_json(case: tuple[Published, Path], opened: Any) -> None:
    told = webpage.read(opened.content())
    assert set(webpage.figures(told, case[0])) == webpage.promised(case[0])
    assert webpage.overlap(told, case[0]) == webpage.concepts(case[0])


@pytest.mark.parametrize("opened", [(w, s) for w in WIDTHS for s in SCHEMES], indirect=True)
def test_everybody_can_read_it(opened: Any) -> None:
    """What axe calls serious or critical stands nowhere, every part opened."""
    from axe_playwright_python.sync_playwright import Axe

    opened.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = Axe().run(opened).response["violations"]
    assert [(one["id"], one["nodes"][:3]) for one in found if one["impact"] in GRAVE] == []


@pytest.mark.parametrize("opened", [(w, "light") for w in WIDTHS], indirect=True)
def test_a_wide_table_scrolls_by_itself(opened: Any) -> None:
    wide = opened.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    loose = "tables => tables.filter(t => !t.closest('.scroll, .axes')).length"
    assert opened.eval_on_selector_all("table", loose) == 0
    named = "all => all.every(one => one.tabIndex === 0 && one.getAttribute('aria-label'))"
    assert opened.eval_on_selector_all(".scroll", named)


@pytest.mark.parametrize("opened", [(1280, "dark")], indirect=True)
def test_print_is_light_and_without_controls(opened: Any) -> None:
    opened.emulate_media(media="print")
    assert (
        opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    )
    for selector in ("nav", "#filter", ".tools", ".skip"):
        assert not opened.is_visible(selector)
    assert opened.evaluate("getComputedStyle(document.querySelector('.tall')).maxHeight") == "none"
    shown = "getComputedStyle(document.querySelector('#matrix thead')).display"
    assert opened.evaluate(shown) == "table-header-group"
    assert opened.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_without_scripts_all_is_there(browser: Any, case: tuple[Published, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(case[1].as_uri())
    assert not window.is_visible("#filter")
    assert window.locator("#matrix tbody tr").count() == len(case[0].report.rows)
    assert window.locator("#matrix button").count() == 0
    assert webpage.read(window.content()).text == webpage.read(case[1].read_text("utf-8")).text
    context.close()


# --- by keyboard ----------------------------------------------------------------------------------


def test_the_first_key_leads_to_the_report(opened: Any) -> None:
    _tab_to(opened, ".skip", most=1)
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "main"


def test_the_table_is_filtered_by_keyboard(case: tuple[Published, Path], opened: Any) -> None:
    rows = case[0].report.rows
    everything = _shown(opened)
    assert opened.inner_text("#count") == f"{len(rows)} of {len(rows)} rows"

    _tab_to(opened, "input[name=text]")
    opened.keyboard.type("screening CANCER")
    wanted = [t for t in everything if "screening" in t.lower() and "cancer" in t.lower()]
    assert _shown(opened) == wanted != []
    assert opened.inner_text("#count") == f"{len(wanted)} of {len(rows)} rows"

    _tab_to(opened, "#filter button")
    opened.keyboard.press("Enter")
    opened.wait_for_function("() => !document.querySelector('#matrix tr[hidden]')")
    assert _shown(opened) == everything

    opened.keyboard.press("Shift+Tab")  # only what differs
    opened.keyboard.press("Space")
    marks = _column(opened, 2)
    assert all(mark[:1] in ("D", "N") for mark in marks)
    opened.keyboard.press("Space")

    opened.keyboard.press("Shift+Tab")  # used by at least
    opened.keyboard.press("ArrowUp")
    opened.keyboard.press("ArrowUp")
    assert len(_shown(opened)) == sum(row.used_by >= 2 for row in rows)
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowDown")

    opened.keyboard.press("Shift+Tab")  # payer
    opened.keyboard.press("ArrowDown")
    payer = opened.evaluate("document.activeElement.selectedOptions[0].text")
    slug = next(p.payer for p in case[0].report.payers if p.head == payer)
    assert len(_shown(opened)) == sum(slug in row.held for row in rows)
    opened.keyboard.press("ArrowUp")

    opened.keyboard.press("Shift+Tab")  # domain
    opened.keyboard.press("ArrowDown")
    assert len(set(_column(opened, 3))) == 1


def test_the_table_is_sorted_by_keyboard(opened: Any) -> None:
    begin = _shown(opened)
    _tab_to(opened, "#matrix th:nth-child(2) button")
    head = "#matrix th:nth-child(2)"
    for state in ("ascending", "descending", "none"):
        opened.keyboard.press("Enter")
        assert opened.get_attribute(head, "aria-sort") == state
        used = [int(cell.split("/")[0]) for cell in _column(opened, 1)]
        if state == "none":
            assert _shown(opened) == begin
        else:
            assert used == sorted(used, reverse=state == "descending")
    _tab_to(opened, "#matrix th:nth-child(3) button")
    opened.keyboard.press("Space")
    assert opened.get_attribute(head, "aria-sort") == "none"
    marks = [mark for mark in _column(opened, 2) if mark]
    assert marks == _column(opened, 2)[: len(marks)]  # what is empty comes last


def test_a_link_opens_what_it_leads_to(opened: Any) -> None:
    _tab_to(opened, "#table tbody a")
    target = opened.evaluate("document.activeElement.getAttribute('href')")
    opened.keyboard.press("Enter")
    opened.wait_for_function("id => document.querySelector(id).closest('details').open", arg=target)
    assert opened.is_visible(target)


def test_the_families_open_and_close_together(opened: Any) -> None:
    _tab_to(opened, "#open")
    opened.keyboard.press("Enter")
    assert opened.locator("details.side:not([open])").count() == 0
    _tab_to(opened, "#close", most=1)
    opened.keyboard.press("Enter")
    assert opened.locator("details.side[open]").count() == 0
