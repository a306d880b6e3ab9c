"""Of what comes in: documents, imports, works that wait, and what sources name."""

from __future__ import annotations

from collections.abc import Callable

from papers.models import (
    Conflict,
    Document,
    Find,
    ImportBatch,
    Source,
    TopicSuggestion,
    WaitingWork,
)
from taxonomy.models import Topic
from tests.crawl.rows import PAPERS, Rows, column

SOURCES: dict[str, Callable[[], Rows]] = {
    "documents/<int:pk>": column(Document.objects.all()),
    "upload/<int:pk>": column(Document.objects.all()),
    "conflicts/<int:pk>": column(Conflict.objects.all()),
    "suggestions/<int:pk>": column(TopicSuggestion.objects.all()),
    "import/<int:pk>": column(ImportBatch.objects.all()),
    "waiting/<int:pk>": column(WaitingWork.objects.all()),
    "inbox/<int:pk>": column(Find.objects.all()),
    "months/<int:year>/<int:month>": lambda: [(2026, 11), (2026, 10), (2018, 1)],
    "clock/<slug:slug>": column(Topic.objects.all(), "slug"),
    "years/<int:year>": lambda: PAPERS.order_by("year").values_list("year").distinct(),
    "inbox/undo/<uuid:batch>": lambda: [],  # only posted to
    "inbox/batches/<uuid:batch>": lambda: [],
    "sources/<slug:slug>": column(Source.objects.all(), "slug"),
}
