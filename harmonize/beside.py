"""The other areas as rows of the views: under the columns of measures, and a few of their own."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from harmonize.matters import Matter
from harmonize.report import Report
from harmonize.terms import CLOSED, WITHHELD, Term

Value = str | int | float | None
# Columns that only rows of other areas fill.
OWN: Final = ("agrees", "not_stated")


def cell(matter: Matter, payer: str, kind: str) -> str:
    """What a payer has in a matter; `kind` as of the overlap's cells."""
    if payer in matter.shut:
        return WITHHELD if matter.is_whole else CLOSED
    return "; ".join(dict.fromkeys(filter(None, (CELLS[kind](one) for one in matter.of(payer)))))


def _asked(term: Term) -> str:
    told = {"true": "required", "false": "not required"}
    return told.get(getattr(term.record, "required", None) or "", "yes")


CELLS: Final[Mapping[str, Callable[[Term], str]]] = {
    "ask": _asked,
    "id": lambda term: term.id,
    "title": lambda term: term.title,
    "status": lambda term: "yes",  # noqa: ARG005 - a term has no status
}


def overlap(report: Report, layout: str, kind: str) -> Iterator[dict[str, Value]]:
    """Every matter and who states terms of it."""
    for matter in sorted(report.matters.matters, key=lambda m: m.id):
        row: dict[str, Value] = {
            "concept": matter.id,
            "label": matter.label,
            "family": matter.area,
            "domain": matter.area,
        }
        if layout == "long":
            for term in matter.terms:
                role = next(p.stands_as for p in report.payers if p.payer == term.payer)
                own = {"payer": term.payer, "measure": term.id, "title": term.title, "role": role}
                yield {**row, **own, "source": str(term.place)}
            continue
        agrees = [p.attribute for p in matter.points if p.agree]
        unsaid = [p.attribute for p in matter.points if p.silent]
        yield {
            **row,
            **{p.payer: cell(matter, p.payer, kind) for p in report.payers},
            "payers": matter.used_by,
            "used_by": matter.used_by,
            "could_use": matter.could_use,
            "differs": "; ".join(d.attribute for d in matter.divergences),
            "agrees": "; ".join(agrees),
            "not_stated": "; ".join(unsaid),
        }


def areas(report: Report) -> Callable[[Mapping[str, Value]], str]:
    """Tells of which area a row is, by its concept or else by the term that it names."""
    told = {m.id: m.area for m in report.matters.matters}
    terms = {(t.payer, t.id): m.area for m in report.matters.matters for t in m.terms}

    def area(row: Mapping[str, Value]) -> str:
        payer = str(row.get("payer") or row.get("payer_a") or "")
        measure = str(row.get("measure") or row.get("measure_a") or "")
        return told.get(str(row.get("concept"))) or terms.get((payer, measure)) or "measures"

    return area
