"""The report as one object for programs: its keys are promised, as the columns of the views are."""

from typing import Any

from harmonize.adherence import Kept, labels
from harmonize.audience import Published
from harmonize.beside import areas
from harmonize.columns import COLUMNS
from harmonize.concepts import by_refs
from harmonize.decided import applied, decided, settled
from harmonize.divergence import Divergence
from harmonize.figures import Figure, listed
from harmonize.matters import Matter
from harmonize.report import MEASURES, Report
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.signals import Signal
from harmonize.tallies import Tally
from harmonize.values import stated
from harmonize.views import VIEWS, Cell, addable, decisions


def document(published: Published) -> dict[str, Any]:
    """The report as one JSON object, schema `harmonize.report/1`."""
    report = published.report
    concepts = {r.concept.id: r for r in report.rows}
    area = areas(report)
    found: dict[str, Any] = {
        "schema": "harmonize.report/1",
        "payers": [_payer(p) for p in report.payers],
        "concepts": [
            *(_concept(report, concepts[name]) for name in sorted(concepts)),
            *map(_matter, sorted(report.matters.matters, key=lambda m: m.id)),
        ],
        "families": [
            {"id": f.id, "label": f.label, "concepts": sorted(c.id for c in f.concepts)}
            for f in report.crosswalk.families
        ],
        "divergences": [_difference(d) for d in report.divergences],
        "possible": [one for one in _objects(report, "pairs") if one["verdict"] == "possible"],
        "related": _objects(report, "related"),
        "unmatched": sorted(
            item.ref
            for row in report.rows
            if len(row.concept.payers) == 1
            for item in row.concept.members
        ),
        "summary": [_figure(f) for f in report.summary],
        "questions": [
            {
                "payer": q.payer,
                "measure": q.measure,
                "attribute": q.attribute,
                "question": q.question,
            }
            for q in (*report.questions, *report.matters.questions)
        ],
        "audience": published.audience,
        "decisions": [
            _decision(row, one.refs, homes)
            for row, (one, homes) in zip(
                decisions(report, "", "").rows, applied(report), strict=True
            )
        ],
        "standard": [
            {
                "payer": item.payer,
                "measure": item.id,
                "attribute": one.attribute,
                "value": stated(one.value),
                "edition": one.edition,
                "year": one.year,
                "cited": one.source,
            }
            for row in sorted(report.rows, key=lambda r: r.concept.id)
            for item in row.concept.members
            for one in report.standard.get(item.ref, ())
        ],
        "signals": [_signal(one) for one in report.signals],
        "addable": [
            dict(zip(COLUMNS["addable"], row, strict=True)) for row in addable(report, "", "").rows
        ],
        "adherence": [_adherence(one) for one in report.adherence],
    }
    if report.withheld:
        found["withheld"] = [_withheld(one) for one in report.withheld]
    if published.unshown:
        found["unshown"] = list(published.unshown)
    if report.areas == MEASURES:
        return found
    for key, name in (("concepts", "id"), ("divergences", "concept"), ("withheld", "concept")):
        if key in found:
            found[key] = [{**one, "area": area({"concept": one[name]})} for one in found[key]]
    for key in ("possible", "related", "questions"):
        found[key] = [{**one, "area": area(one)} for one in found[key]]
    return {**found, "areas": [_area(report, name) for name in report.areas]}


def _area(report: Report, name: str) -> dict[str, Any]:
    """Who states an area, and who of them withholds all of it."""
    whole = next((m for m in report.matters.matters if m.id == name), None)
    stated = [p.payer for p in report.payers if p.measures] if name == "measures" else ()
    return {
        "area": name,
        "stated": list(report.matters.stated.get(name, stated)),
        "withheld": sorted(whole.shut) if whole else [],
    }


def _matter(one: Matter) -> dict[str, Any]:
    weakest = min(one.links, key=lambda p: (p.confidence, by_refs(p)), default=None)
    return {
        "id": one.id,
        "label": one.label,
        "family": one.area,
        "members": [
            {"payer": t.payer, "measure": t.id, "title": t.title, "ids": {}, "source": str(t.place)}
            for t in one.terms
        ],
        "confidence": weakest.confidence if weakest else None,
        "relation": None,
        "domain": one.area,
        "used_by": one.used_by,
        "could_use": one.could_use,
        "out_of_scope": [],
        "decision": "",
        "attributes": [
            {
                "attribute": point.attribute,
                "stated": [{"payer": who, "value": told} for who, told in point.told],
                "withheld": list(point.withheld),
                "silent": list(point.silent),
                "agree": point.agree,
            }
            for point in one.points
        ],
        "notes": list(one.notes),
    }


def _withheld(one: Tally) -> dict[str, Any]:
    return {
        "concept": one.concept,
        "label": one.label,
        "dimension": one.dimension,
        "attribute": one.attribute,
        "payers": list(one.payers),
        "agreement": one.agreement,
    }


def _objects(report: Report, name: str) -> list[dict[str, Cell]]:
    return [_as_object(row) for row in VIEWS[name](report, "", "").rows]


def _payer(one: MeasureSet) -> dict[str, Any]:
    return {
        "payer": one.payer,
        "name": one.name or one.payer,
        "role": one.stands_as,
        "measures": listed(one),
        "complete": not one.is_partial,
    }


def _concept(report: Report, row: Row) -> dict[str, Any]:
    concept = row.concept
    weakest = concept.weakest
    return {
        "id": concept.id,
        "label": concept.label,
        "family": row.family.id,
        "members": [
            {
                "payer": m.payer,
                "measure": m.id,
                "title": m.title,
                "ids": {system: list(values) for system, values in (m.ids or {}).items()},
                "source": str(m.place),
            }
            for m in concept.members
        ],
        "confidence": weakest.confidence if weakest else None,
        "relation": report.relation(weakest) if weakest else None,
        "domain": concept.domain,
        "used_by": row.used_by,
        "could_use": row.could_use,
        "out_of_scope": sorted(row.outside),
        "decision": decided(row),
    }


def _difference(one: Divergence) -> dict[str, Any]:
    return {
        "concept": one.concept,
        "label": one.label,
        "dimension": one.dimension,
        "attribute": one.attribute,
        "severity": one.severity,
        "cause": one.cause,
        "positions": [
            {
                "value": p.value,
                "payers": list(p.payers),
                "sources": [str(place) for _, place in p.places],
            }
            for p in one.positions
        ],
        "silent": list(one.silent),
        "note": one.note,
        "counted": one.counted,
        "decision": settled(one),
        "withheld": list(one.withheld),
    }


def _signal(one: Signal) -> dict[str, Any]:
    found = one.conflict
    return {
        "rank": one.rank,
        "concepts": list(one.concepts),
        "label": one.label,
        "signal": one.about,
        "told": [
            {"payer": t.payer, "value": t.text, "sources": [str(place) for place in t.places]}
            for t in one.told
        ],
        "pull": found.pull.number if found else None,
        "conflict": found.words if found else "",
        "pairs": found.pairs if found else 0,
        "family": one.family,
    }


def _adherence(one: Kept) -> dict[str, Any]:
    return {
        "reference": one.core,
        "payer": one.payer,
        "core_used": len(one.used),
        "core": one.size,
        "off_set": len(one.off),
        "measures": one.asked,
        "used": labels(one.used),
        "not_used": labels(one.lacking),
        "in_part": labels({key: one.lacking[key] for key in one.partly}),
        "from_menu": labels(one.menu),
        "beside": labels(one.off),
    }


def _decision(
    row: tuple[Cell, ...], refs: tuple[str, ...], concepts: tuple[str, ...]
) -> dict[str, Any]:
    found: dict[str, Any] = dict(zip(COLUMNS["decisions"], row, strict=True))
    del found["concept"]
    return {**found, "measures": list(refs), "concepts": list(concepts)}


def _as_object(row: tuple[Cell, ...]) -> dict[str, Cell]:
    found = dict(zip(COLUMNS["pairs"], row, strict=True))
    return {**found, "confidence": float(str(found["confidence"]))}


def _figure(one: Figure) -> dict[str, Cell]:
    return {"figure": one.figure, "value": one.value, "of": one.of, "unit": one.unit}
