"""A published number as one flat record, the same in CSV, JSON and the API."""

from __future__ import annotations

from typing import Any

from reproductions.judging.shown import spread
from reproductions.models import PublishedNumber
from reproductions.published import PLACEMENT

FIELDS = (
    "id",
    "paper",
    "title",
    "year",
    "setting",
    "metric",
    "value",
    "printed",
    "unit",
    "table",
    "source",
    "confirmed",
    "confidence",
    "second_hand",
    "table_of",
    "task",
    "data_set",
    "split",
    "measure",
    "backbone",
    "baseline",
    "point",
    "convention",
    "scale",
    "needs",
    "state",
    "measured",
    "spread",
    "seeds",
    "difference",
    "verdict_scale",
    "run",
    "program",
    "notes",
)


def as_row(number: PublishedNumber) -> dict[str, Any]:
    """Fields by name; `measured` in the printed unit, `difference` relative to the printed value.

    number: from `for_rows()`, or every row costs queries.
    """
    judgement = number.judgement
    claims = number.tested_by  # type: ignore[attr-defined]
    return {
        "id": number.slug,
        "paper": number.paper.key,
        "title": number.paper.title,
        "year": number.paper.year,
        "setting": number.setting,
        "metric": number.metric,
        "value": float(number.value),
        "printed": number.printed,
        "unit": number.unit,
        "table": number.table,
        "source": number.source,
        "confirmed": number.confirmed,
        "confidence": number.confidence,
        **{name: getattr(number, name) for name in PLACEMENT},
        "convention": number.convention,
        "scale": number.scale,
        "needs": number.needs,
        "state": number.state,
        "measured": judgement.measured if judgement else None,
        "spread": spread(judgement.values) if judgement else None,
        "seeds": len(judgement.values) if judgement else None,
        "difference": judgement.relative if judgement else None,
        "verdict_scale": judgement.run.scale if judgement else None,
        "run": judgement.run_id if judgement else None,
        "program": claims[0].program if claims else None,
        "notes": number.notes,
    }
