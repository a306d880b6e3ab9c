"""The first rows of a survey table, for a frame in somebody else's page."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from reproductions.models import SurveyTable
from reproductions.survey_tables import versions
from reproductions.survey_tables.answer import answer
from reproductions.survey_tables.definition import read_definition

MOST_ROWS = 8


def framed_table(slug: str) -> dict[str, Any]:
    """Heads, rows and how many rows are left out, as anybody may see them today."""
    table = get_object_or_404(SurveyTable, slug=slug)
    reply = answer(read_definition(versions.newest(table).definition), None)
    shown = reply.rows[:MOST_ROWS]
    return {
        "heads": list(zip(reply.heads, reply.figures, strict=True)),
        "rows": [list(zip(row.cells, reply.figures, strict=True)) for row in shown],
        "more": len(reply.rows) - len(shown) + reply.left_out,
    }
