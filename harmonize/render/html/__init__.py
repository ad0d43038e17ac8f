"""The report as one page for a browser: a single file that asks nothing of anybody else."""

import base64
import hashlib
import re
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harmonize.audience import Published
from harmonize.between import alike, possible
from harmonize.figures import DEFINITIONS, FIRST, definition, listed
from harmonize.friction import friction
from harmonize.overlaps import alone, both_ways, pictured, shared
from harmonize.page import Page, matrix, page
from harmonize.render.html.picture import picture, shade
from harmonize.render.text import visible
from harmonize.sidebyside import side_by_side

PAIRWISE: Final = ("jaccard:", "containment:")  # figures of each two lists, in tables of their own


def html(published: Published, cell: str, provenance: dict[str, Any] | None) -> str:
    """The whole report; with hashes, versions and places only if they are handed in."""
    report = published.report
    found = page(published, cell)
    heads = {p.payer: p.head for p in report.counted}
    sides = side_by_side(published)
    sets = shared(report.units)
    drawn, left_out = pictured(sets)
    by_name = {f.figure: f for f in report.summary}
    return (
        _templates()
        .get_template("report.html")
        .render(
            page=found,
            measured=report.about_measures,
            first=[
                (by_name[n], by_name.get(f"{n}_percent"), told)
                for n, told in FIRST.items()
                if report.about_measures
            ],
            axes=friction(published),
            lists=report.payers,
            matrix=matrix(published, cell),
            homes={s.concept: n for n, side in enumerate(sides, start=1) for s in side.sheets},
            marked=_marked(found),
            heads=heads,
            all_heads={p.payer: p.head for p in report.payers},
            sets=sets,
            picture=picture(drawn, sets, heads),
            left_out=left_out,
            meetings=both_ways(heads, report.units),
            sides=sides,
            possible=possible(published),
            related=alike(published),
            unmatched=alone(report.rows),
            figures=[
                (f, definition(f.figure))
                for f in report.summary
                if not f.figure.startswith(PAIRWISE)
            ],
            pairwise=[d for d in DEFINITIONS if d.figure in PAIRWISE],
            audience=published.audience,
            provenance=provenance,
        )
    )


def _marked(found: Page) -> frozenset[str]:
    return frozenset(item.mark for _, items in found.sections for item in items if item.mark)


# --- templates ------------------------------------------------------------------------------------


@cache
def _templates() -> Environment:
    """The one place where text becomes markup: every value is made visible, then escaped."""
    found = Environment(
        loader=PackageLoader("harmonize.render.html", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {"calm": _calm, "brief": _brief, "listed": listed}
    own = {name: _source(found, f"report.{name}") for name in ("css", "js")}
    found.globals |= {
        "shade": shade,
        "style": Markup(own["css"]),  # noqa: S704 - our own files, nothing of a spec
        "script": Markup(own["js"]),  # noqa: S704
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"style-src {_hash(own['css'])}",
                f"script-src {_hash(own['js'])}",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
    }
    return found


def _source(found: Environment, name: str) -> str:
    if found.loader is None:
        raise LookupError(name)
    return found.loader.get_source(found, name)[0]


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else visible(_number(value))


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _calm(text: str) -> str:
    """A heading without its capitals: `TO SETTLE: vote` is `To settle: vote`."""
    loud = re.match(r"[A-Z][A-Z -]+(?![a-z])", text)
    return (
        text[: loud.end()].capitalize() + text[loud.end() :]
        if loud
        else text[:1].upper() + text[1:]
    )


def _brief(text: str) -> str:
    """A heading without what explains it."""
    return re.split(r"[:,\[]| that ", text)[0].strip()
