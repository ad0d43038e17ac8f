"""The study of state measure sets of 2013, again: `python -m tests.benchmarks.study FOLDER`.

Kate Reinhalter Bazinsky and Michael Bailit, "The Significant Lack of Alignment Across State and
Regional Health Care Measure Sets", Buying Value, September 2013: what it published stands beside
what `harmonize portfolio FOLDER` makes of a folder of CSV lists, a file for each programme and
year.  Nothing of the folder stands in this repository.
"""

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from harmonize import workspace
from harmonize.audience import survey
from harmonize.figures import Figure
from harmonize.measures import Measure
from harmonize.parts import Edition, Part
from harmonize.render.text import md
from harmonize.sets import MeasureSet
from harmonize.sharing import definition, tell
from tests.benchmarks.tasks import paragraph

# Where a programme holds, by how the name of its file begins: the programmes of states, of payers
# in one state, and of regional collaboratives.  All others are national.
REGIONS: Final[Mapping[str, str]] = {
    "bcbsma_": "MA",
    "california_": "CA",
    "covered_california_": "CA",
    "ct_": "CT",
    "iha_": "CA",
    "ma_aligned_": "MA",
    "masshealth_": "MA",
    "mn_": "MN",
    "onecare_vt_": "VT",
    "oregon_": "OR",
    "ri_": "RI",
    "wa_": "WA",
    "wi_": "WI",
}
RECALLED: Final = "recalled"  # how the source of a line begins that nobody read in a document
# Figures that the study published: its number and, where it gave one, its base.
PUBLISHED: Final[Mapping[str, str]] = {
    "sets": "48",
    "measures_listed": "1,367",
    "distinct_measures": "509 (second-hand)",
    "shared_by_two_or_more": "20%",
    "most_used": "63%",
    "cbe_or_hedis": "59%, of uses or of measures",
    "cbe_or_hedis_asks": "59%, of uses or of measures",
    "sets_with_modified": "83%",
    "sets_half_modified": "6 programmes",
    "sets_all_modified": "2 programmes",
}
# Figures beside which nothing was published.
OURS: Final = ("asks", "overlap_of_two", "overlap_of_two_in_domains", "standard", "homegrown")


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of the lists, and what to call them."""

    name: str
    takes: Callable[[Edition], bool]


def is_recalled(one: Edition) -> bool:
    """Whether most lines of a list were written down from memory."""
    lines = one.list.measures or ()
    return 2 * sum((m.source or "").startswith(RECALLED) for m in lines) > len(lines)


SAMPLES: Final = (
    Sample("every list", lambda _: True),
    Sample("latest editions", lambda one: one.latest),
    Sample("latest, none recalled", lambda one: one.latest and not is_recalled(one)),
    Sample("states and regions, latest", lambda one: one.latest and bool(one.list.region)),
)
NEAREST: Final = SAMPLES[-1]


def placed(one: MeasureSet) -> MeasureSet:
    """A list with what the facts tell and no column of the format holds: region, modifications."""
    region = next((r for start, r in REGIONS.items() if one.payer.startswith(start)), None)
    items = tuple(map(_modified, one.measures or ()))
    return replace(one, region=one.region or region, measures=items or None)


def _modified(item: Measure) -> Measure:
    """A line whose note or steward says that the measure was modified, marked so."""
    said = next((t for t in (item.notes, item.steward) if t and "modif" in t.lower()), None)
    return replace(item, modified=item.modified or said)


def shown(told: Mapping[str, Figure], name: str) -> str:
    """A figure with its base, and as a percentage where it has one."""
    one, share = told.get(name), told.get(f"{name}_percent")
    if one is None:
        return "-"
    if one.unit.startswith("percent"):
        return f"{one.value:.1f}%"
    if share is None or one.of is None:
        of = f" of {one.of:,}" if one.of and name != "distinct_measures" else ""
        return f"{one.value:,}{of}"
    return f"{share.value:.1f}% ({one.value:,} of {one.of:,})"


def table(parts: Iterable[Part]) -> list[str]:
    """A row a figure: what was published, and ours for each sample."""
    told = [{one.figure: one for one in tell(part)} for part in parts]
    heads = ("figure", "2013", *(one.name for one in SAMPLES), "what is counted")
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for name in (*PUBLISHED, *OURS):
        cells = (shown(own, name) for own in told)
        row = (name, PUBLISHED.get(name, ""), *cells, definition(name).counts)
        lines.append(f"| {' | '.join(map(md, row))} |")
    return lines


def derived(parts: Iterable[Part]) -> list[str]:
    """What follows from the published figures by division, and the same of ours."""
    lines = ["| derived | 2013 | " + " | ".join(one.name for one in SAMPLES) + " |"]
    lines.append(f"|{'---|' * (2 + len(SAMPLES))}")
    uses, sizes, shared = [], [], []
    for part in parts:
        asks = [len(h.asks) for h in part.held]
        both = [n for n in asks if n > 1]
        sizes.append(f"{len(part.lines) / len(part.lists):.1f}")
        uses.append(f"{sum(asks) / len(asks):.2f}")
        shared.append(f"{sum(both) / len(both):.1f}" if both else "-")
    lines += [
        f"| lines per list | 28.5 | {' | '.join(sizes)} |",
        f"| lists per measure | 2.69 | {' | '.join(uses)} |",
        f"| lists per shared measure | about 9.4 | {' | '.join(shared)} |",
    ]
    return lines


def kinds(part: Part, of: str) -> list[str]:
    """Each type of payer, or each region: lists and how much each two of them share."""
    keys: dict[str, set[str]] = {}
    for one in part.lists:
        keys.setdefault(getattr(one.list, of) or "not stated", set()).add(one.key)
    spoken = of.replace("_", " ")
    lines = [f"| {spoken} | lists | measures | shared by two | overlap of two | in domains |"]
    lines.append(f"|{'---|' * 6}")
    names = ("sets", "distinct_measures", "shared_by_two_or_more", "overlap_of_two",
             "overlap_of_two_in_domains")  # fmt: skip
    for kind, own in sorted(keys.items()):
        told = {one.figure: one for one in tell(part.of(own))}
        lines.append(f"| {kind} | {' | '.join(shown(told, name) for name in names)} |")
    return lines


DIFFERENCES: Final = paragraph(
    "**Read with care.** The study had a convenience sample of 48 sets of 25 states and three",
    "regional collaboratives. The folder holds what could be found in public of federal",
    "programmes, states, payers and one vendor's catalogue: several years of one programme, lists",
    "recalled from memory, lists in part. Years of one programme repeat each other, which raises",
    "sharing, so the latest editions are counted apart. The sample nearest to the study's is the",
    "last one, and it is far smaller: nine states, five of its lists contracts of one ACO. The",
    "share of measures that two or more lists ask for grows with the number of lists, and shorter",
    "lists keep the common measures: its percentage is not that of 48 long sets. What is one",
    "measure is what our matcher takes for one, under any title; how the study joined them is not",
    "known to us. The study found a modified measure in 83% of sets; fact tables hold titles and",
    "numbers, and tell of a modification only where somebody wrote it down: ours is a floor and",
    "no estimate. Standard was NQF or HEDIS in 2013; ours is a CBE number or HEDIS acronym,",
    "whoever attached it, still endorsed or not. Nothing here says whether alignment is better or",
    "worse than in 2013.",
)


def sections(folder: Path) -> list[str]:
    """The whole study as Markdown."""
    start = time.perf_counter()
    found = workspace.load([str(folder)], editions=True)
    read = time.perf_counter()
    sets = tuple(map(placed, found.sets))
    whole = survey(sets, found.knowledge, "broker").portfolio.whole
    done = time.perf_counter()
    parts = [whole.of({one.key for one in whole.lists if s.takes(one)}) for s in SAMPLES]
    nearest = parts[SAMPLES.index(NEAREST)]
    return [
        "\n".join(table(parts)),
        "\n".join(derived(parts)),
        DIFFERENCES,
        "Latest editions by type of payer:",
        "\n".join(kinds(parts[1], "payer_type")),
        "States and regions, latest editions:",
        "\n".join(kinds(nearest, "region")),
        paragraph(
            f"{len(sets)} lists with {len(whole.lines):,} lines: read in {read - start:.1f} s,",
            f"compared and told in {done - read:.1f} s.",
        ),
    ]


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    click.echo("\n\n".join(sections(folder)))


if __name__ == "__main__":
    sys.exit(main())
