"""How the index is, for load balancers and operators."""

from __future__ import annotations

from papers.search import folder, reader
from papers.search.building import seconds_behind

LATE_SECONDS = 10.0


def index_health() -> tuple[str, float | None, str]:
    """State (ok, catching up, starting, damaged), seconds since it last followed, a few words."""
    try:
        view = reader.view()
    except folder.Unusable as reason:
        state = "damaged" if "damaged" in str(reason) else "starting"
        return state, None, f"{reason}; PostgreSQL answers meanwhile"
    behind = seconds_behind(view.where)
    age = None if behind is None else round(behind, 1)
    state = "ok" if behind is not None and behind < LATE_SECONDS else "catching up"
    return state, age, f"{view.searcher.num_docs} papers"
