"""Search over papers: the query language, lexical and semantic ranks, their fusion, facets.

What the rest of the site calls is here; docs/search.md explains how it works.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import Visitor
    from papers.models import Paper
    from papers.search.language.query import PaperQuery
    from papers.search.meaning.similar import Similar
    from papers.search.results import Results
    from papers.search.suggestions import Suggestion

__all__ = [
    "PaperQuery",
    "encoder_health",
    "index_health",
    "matching",
    "search",
    "similar_papers",
    "suggest",
    "warm_up",
]


def __getattr__(name: str) -> Any:
    """`papers.search.PaperQuery`, loaded late: migrations import this package before models."""
    if name == "PaperQuery":
        from papers.search.language.query import PaperQuery

        return PaperQuery
    raise AttributeError(name)


def search(query: PaperQuery, *, user: Visitor = None, size: int | None = None) -> Results:
    """One page of results for a query, as `user` may see it; size: papers a page."""
    from papers.search import answer
    from papers.search.language.query import PAGE_SIZE

    return answer.search(query, user=user, size=PAGE_SIZE if size is None else size)


def matching(
    query: PaperQuery, user: Visitor = None, *, states: Sequence[str] = (), level: bool = False
) -> list[int]:
    """Ids of all papers that a query finds, as `user` may see them, in no order.

    states: of papers in these states instead. level: first have the index follow all that is
    committed. Raises papers.search.words.index.Unusable.
    """
    from papers.search import answer

    return answer.matching(query, user, states=states, level=level)


def in_order(query: PaperQuery, user: Visitor = None) -> list[int]:
    """Ids of all papers that a query finds, as `user` may see them, in the order of its pages.

    Raises papers.search.words.index.Unusable.
    """
    from papers.search import answer

    return answer.in_order(query, user)


def suggest(text: str, *, user: Visitor = None, most: int = 8) -> list[Suggestion]:
    """Completions for what is typed into the search box."""
    from papers.search import suggestions

    return suggestions.suggest(text, user=user, most=most)


def similar_papers(paper: Paper, *, user: Visitor = None, most: int = 6) -> list[Similar]:
    """Papers like this one, each with the reason."""
    from papers.search.meaning import similar

    return similar.similar_papers(paper, user=user, most=most)


def index_health() -> tuple[str, float | None, str]:
    """State of the lexical index, seconds since it last followed, a few words."""
    from papers.search.words import reader

    return reader.index_health()


def encoder_health() -> tuple[str, str]:
    """State of the encoder and a few words."""
    from papers.search.meaning import encoder

    return encoder.health()


def warm_up() -> threading.Thread:
    """Start following the database and load the encoder; for processes that serve. Returns the
    thread that loads."""
    from papers.search.meaning import encoder
    from papers.search.words import following

    following.start()
    return encoder.warm_up()
