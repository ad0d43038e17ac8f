"""What several tests share: the few factories, and how to look at what the reader says."""

import os
import re
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings

from harmonize.measures import Measure
from harmonize.problems import Place, Problem, SpecError
from harmonize.reading.specs import read_spec
from harmonize.sets import MeasureSet

# Every run tries the same examples; `--hypothesis-profile=default` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True, database=None, max_examples=40)
settings.load_profile("house")

HEAD: Final = "harmonize: 1\npayer: acme\n"
FULL: Final = (Path(__file__).parent / "full.yaml").read_text("utf-8")  # states every key


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-examples",
        action="store_true",
        help="write what the examples give now beside them; the git diff is the review",
    )


# Tests that need what not everybody has: who requires them forbids that they are skipped.
REQUIRED: Final = {
    "browser": "HARMONIZE_BROWSER",
    "hooks": "HARMONIZE_HOOKS",
    "sssom": "HARMONIZE_SSSOM",
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that needs another program may be skipped only where nobody requires it."""
    report = yield
    for marker, variable in REQUIRED.items():
        required = os.environ.get(variable) == "required"
        if report.skipped and required and item.get_closest_marker(marker):
            report.outcome = "failed"
    return report


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test runs in no CI, wherever it runs: a command speaks a CI's language in one."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "GITHUB_STEP_SUMMARY",
                 "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


def measure(**over: Any) -> Measure:
    """A measure of which only what matters is said."""
    return Measure(**{"payer": "acme", "id": "CBP", "title": "Blood Pressure", **over})


def measure_set(payer: str, *measures: Measure, **over: Any) -> MeasureSet:
    """A payer's measures."""
    own = tuple(replace(one, payer=payer) for one in measures)
    return MeasureSet(**{"harmonize": "1", "payer": payer, "measures": own or None, **over})


def spec(folder: Path, text: str, name: str = "acme.yaml") -> Path:
    """A spec file; a text that does not begin with `harmonize` gets a head."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if text.startswith("harmonize") else HEAD + text, "utf-8", newline="")
    return path


def read(text: str, bases: Mapping[str, str] | None = None) -> MeasureSet:
    """What the reader makes of a spec."""
    return warned(text, bases)[0]


def warned(
    text: str, bases: Mapping[str, str] | None = None
) -> tuple[MeasureSet, tuple[Problem, ...]]:
    """What the reader makes of a spec, and its warnings."""

    def opened(file: str, named: str) -> tuple[str, str]:
        name = os.path.normpath(Path(file).parent / named)
        if name not in (bases or {}):
            raise SpecError((Problem(Place(name), "HZ001", "no such file or folder"),))
        return name, (bases or {})[name]

    whole = text if text.startswith(("harmonize", '"harmonize', "#")) else HEAD + text
    return read_spec(whole, "a.yaml", opened)


def told(text: str, bases: Mapping[str, str] | None = None) -> list[str]:
    """Every problem of a spec, errors and warnings, each as its line without the file's name."""
    try:
        _, problems = warned(text, bases)
    except SpecError as error:
        problems = error.problems
    return [str(problem).removeprefix("a.yaml:") for problem in problems]


def items(text: str, bases: Mapping[str, str] | None = None) -> dict[str, Measure]:
    """The measures and rates of a spec, by id."""
    return {m.id: m for m in read(text, bases).measures or ()}


def item(keys: str) -> Measure:
    """The one measure of a spec that states these keys, one a line."""
    (one,) = items(f"measures:\n  - title: T\n{indented(keys)}").values()
    return one


def indented(keys: str) -> str:
    return "".join(f"    {line}\n" for line in keys.splitlines())


def of(keys: str) -> list[str]:
    """What is said of a measure with these keys, one a line; places from its first key on."""
    return [re.sub(r"^(\d+)", lambda m: str(int(m[1]) - 4), line)
            for line in told(f"measures:\n  - title: T\n{indented(keys)}")]  # fmt: skip


def about(keys: str) -> list[str]:
    """What is said of a spec with these keys, one a line; places from its first key on."""
    return [re.sub(r"^(\d+)", lambda m: str(int(m[1]) - 2), line)
            for line in told(f"{keys}\nmeasures: [T]\n")]  # fmt: skip
