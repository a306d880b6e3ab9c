"""Facets counted in the index: what is asked of it, and what its answers say. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from papers.search.fields import Field
from papers.search.words import columns

MOST_VALUES = 50_000  # of a facet; more than the marks of papers on any site

Counts = dict[str, dict[str, int]]
Buckets = dict[str, list[dict[str, Any]]]


def asked(facets: Iterable[Field]) -> dict[str, Any]:
    """The index's own question for how many papers have each text in each column of the facets."""
    return {
        name: {"terms": {"field": name, "size": MOST_VALUES}}
        for field in facets
        for name in _counted_in(field)
    }


def tallied(facets: Iterable[Field], parts: Sequence[Buckets]) -> Counts:
    """Papers under each value of each facet, from what was counted of parts of them, none of which
    share a paper: by column, "key" is a text and "doc_count" how many papers have it there."""
    return {
        field.name: _of_facet(field, [part[name] for part in parts for name in _counted_in(field)])
        for field in facets
    }


def _of_facet(field: Field, counted: Iterable[list[dict[str, Any]]]) -> dict[str, int]:
    if field.counted:
        return field.counted.tally(columns.papers_with(counted))
    papers: Counter[str] = Counter()
    for buckets in counted:
        for bucket in buckets:
            papers[_key(bucket["key"])] += bucket["doc_count"]
    return dict(papers)


def _counted_in(field: Field) -> tuple[str, ...]:
    """Names of what is counted in the index."""
    return field.counted.index_names if field.counted else (field.index_name,)


def _key(key: str | float) -> str:
    return str(int(key)) if isinstance(key, float | int) else str(key)
