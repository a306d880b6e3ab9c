"""A search of the test's own: an index folder, and following in the test's own transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from papers.models.change_triggers import create_sql
from papers.search import PaperQuery, search
from papers.search.meaning.embedding import embed_papers
from papers.search.results import Results
from papers.search.words import index, reader


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, with the triggers that write the change sequence."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(create_sql())


@pytest.fixture
def index_folder(own_index: Path) -> Path:
    """Where the test's own index is."""
    return own_index


@pytest.fixture
def unusable_index(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """An index that cannot be read and is not mended."""
    settings.KB_SEARCH_FOLLOW = "off"

    def missing() -> None:
        raise index.Unusable("there is no index yet")

    monkeypatch.setattr(reader, "view", missing)


Find = Callable[..., Results]


@pytest.fixture
def find() -> Find:
    """Embed what is new, then search: find("early exit", topic="early-exiting", user=staff)."""

    def ask(q: str = "", *, user: Any = None, size: int = 20, **params: Any) -> Results:
        embed_papers()
        return search(PaperQuery.from_params({"q": q, **params}), user=user, size=size)

    return ask


def titles(results: Results) -> list[str]:
    """Titles of the hits, in order."""
    return [hit.paper.title for hit in results.hits]


def counts(results: Results, facet: str) -> dict[str, int]:
    """Counts of a facet's options, by value."""
    found = next((one for one in results.facets if one.name == facet), None)
    return {option.value: option.count for option in found.options} if found else {}
