"""The report as one object for programs: its keys are promised, as the columns of the views are."""

from typing import Any

from harmonize.adherence import Kept, labels
from harmonize.audience import Published
from harmonize.columns import COLUMNS
from harmonize.decided import applied, decided, settled
from harmonize.divergence import Divergence
from harmonize.figures import Figure, listed
from harmonize.report import Report
from harmonize.rows import Row
from harmonize.sets import MeasureSet
from harmonize.signals import Signal
from harmonize.values import stated
from harmonize.views import Cell, addable, decisions, pairs, related


def document(published: Published) -> dict[str, Any]:
    """The report as one JSON object, schema `harmonize.report/1`."""
    report = published.report
    concepts = {r.concept.id: r for r in report.rows}
    return {
        "schema": "harmonize.report/1",
        "payers": [_payer(p) for p in report.payers],
        "concepts": [_concept(report, concepts[name]) for name in sorted(concepts)],
        "families": [
            {"id": f.id, "label": f.label, "concepts": sorted(c.id for c in f.concepts)}
            for f in report.crosswalk.families
        ],
        "divergences": [_difference(d) for d in report.divergences],
        "possible": [_as_object(row) for row in pairs(report, "", "").rows if row[7] == "possible"],
        "related": [_as_object(row) for row in related(report, "", "").rows],
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
            for q in report.questions
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
