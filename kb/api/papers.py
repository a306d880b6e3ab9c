"""/papers/: the literature."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api import finding
from kb.api.machinery.paging import (
    FIRST,
    LARGEST_PAGE,
    USUAL_PAGE,
    Order,
    Page,
    bad_cursor,
    decode,
    encode,
    page_of,
)
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.schema import PageSchema
from kb.api.machinery.views import PageView, ReadView
from kb.api.paper_shapes import PaperSerializer
from kb.site.kept_parts import kept_of
from papers.models import Paper
from papers.models.asked_often import TEXT_STAND_IN, AskedOften
from papers.models.paper import PaperQuerySet
from papers.models.read_along import as_read, attach, left_as_read, read_along
from papers.search.facets import Facet
from papers.search.language.query import LAST_PAGE, PaperQuery
from papers.search.names import Choice

FACETS = Parameter("facets", "1 adds `facets`: counts of every value that could narrow.", "flag")
ORDERS = {
    "-year": Order("-year", ("-year", "title", "pk")),
    "year": Order("year", ("year", "title", "pk")),
    "title": Order("title", ("title", "pk")),
    "name": Order("name", ("title", "pk")),
    "updated": Order("updated", ("updated_at", "pk")),
}
SORT = Parameter(
    "sort",
    "Order: by relevance (default with words), newest first (default without), oldest first, by"
    " title, longest unchanged first.",
    choices=("relevance", *ORDERS),
)


FETCHED = {
    "authors": "authorships__person",
    "topics": "placements__topic",
    "versions": "versions__venue",
    "workshops": "accepted_at__workshop",
    "names": "names",
    "findings": "findings",
    "links": "links",
}


def with_fields(papers: QuerySet[Paper], selected: list[str]) -> QuerySet[Paper]:
    """What PaperSerializer shows of the selected fields (none: all), in one query."""
    return read_along(papers.select_related("venue"), *_relations(selected))


def _relations(selected: Collection[str]) -> list[str]:
    return [path for name, path in FETCHED.items() if not selected or name in selected]


@lru_cache(maxsize=64)
def _one_with(selected: frozenset[str]) -> AskedOften[Paper]:
    """A paper by its id with these fields, left as it is read."""
    return AskedOften(lambda pk: _left(selected).filter(pk=pk))


@lru_cache(maxsize=64)
def _public_with(selected: frozenset[str]) -> AskedOften[Paper]:
    """A public paper by its key with these fields, left as it is read."""
    return AskedOften(lambda key: _left(selected).visible_to().filter(key=key), TEXT_STAND_IN)


def _left(selected: frozenset[str]) -> PaperQuerySet:
    return left_as_read(Paper.objects.select_related("venue"), *_relations(selected)).order_by()


class PaperPageSchema(PageSchema):
    """Describes what a list of papers has beside its results."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        option = {
            "type": "object",
            "properties": {
                "value": {"type": "string"},
                "label": {"type": "string"},
                "count": {"type": "integer"},
            },
        }
        described["properties"] |= {
            "facets": {
                "type": "object",
                "description": "With facets=1.",
                "additionalProperties": {"type": "array", "items": option},
            },
            "did_you_mean": {"type": "string", "description": "The query, spelling corrected."},
            "choices": {
                "type": "array",
                "description": "What the words mean, where they are a name of several papers.",
                "items": {"type": "object"},
            },
            "notice": {"type": "string", "description": "When index or encoder were missing."},
        }
        return described


class PaperList(PageView):
    """Papers, with the query language, facets and order of the site's own search.

    With words in `q` the order is by relevance, and `match` says why each paper is there.
    """

    serializer_class = PaperSerializer
    pagination_class = PaperPageSchema

    def all_parameters(self) -> Sequence[Parameter]:
        return (*finding.parameters(), SORT, FACETS, *super().all_parameters())

    def get(self, request: Request) -> Response:
        query = finding.query_of(self.given)
        by_change = "updated_since" in self.given or self.given.get("sort") == "updated"
        if query.is_ranked and not by_change:
            return self._searched(query)
        papers = finding.listed(query, self.given, request.user)
        order = ORDERS["updated" if by_change and query.is_ranked else self._order]
        page = page_of(with_fields(papers, self.given.get("select", [])), order, self.given)
        return self.answer(page, **self._facets(query))

    @property
    def _order(self) -> str:
        """As asked for; newest first where there is no ranking to follow."""
        return sort if (sort := self.given.get("sort", "")) in ORDERS else "-year"

    def _searched(self, query: PaperQuery) -> Response:
        """A page of the ranking. Its cursor is a page's number: relevance has no keys."""
        number, size = place_in_ranking(self.given, query.order)
        results = finding.ranked(query, self.request.user, number, size)
        ids = [hit.paper.pk for hit in results.hits]
        fetched = with_fields(Paper.objects.filter(pk__in=ids), self.given.get("select", []))
        by_id = {paper.pk: paper for paper in fetched}
        rows = []
        for hit in results.hits:
            if paper := by_id.get(hit.paper.pk):
                paper.match = hit  # type: ignore[attr-defined]
                rows.append(paper)
        more = number * size < results.total and number < LAST_PAGE
        cursor = encode(query.order, (number + 1, size)) if more else None
        page = Page(rows, cursor, results.total if self.given.get("with_count") else None)
        notes = {"did_you_mean": results.did_you_mean, "notice": results.notice}
        facets: dict[str, Any] = {}
        if self.given.get("facets"):
            facets["facets"] = shown(results.facets)
        if results.choices:
            facets["choices"] = [_choice(choice) for choice in results.choices]
        return self.answer(page, **{name: text for name, text in notes.items() if text}, **facets)

    def _facets(self, query: PaperQuery) -> dict[str, Any]:
        if not self.given.get("facets"):
            return {}
        return {"facets": shown(finding.ranked(query, self.request.user, 1, 1).facets)}


def place_in_ranking(given: dict[str, Any], order: str) -> tuple[int, int]:
    """Number and size of the page that a cursor names. Raises InvalidParameters."""
    cursor = given.get("cursor", FIRST)
    if cursor == FIRST:
        return 1, given.get("per_page", USUAL_PAGE)
    number, size = decode(cursor, order, 2)
    if not (isinstance(number, int) and isinstance(size, int)):
        raise bad_cursor()
    if not (1 <= number <= LAST_PAGE and 1 <= size <= LARGEST_PAGE):
        raise bad_cursor()
    return number, size


def shown(facets: Iterable[Facet]) -> dict[str, list[dict[str, Any]]]:
    """Facets as JSON: for each the values with their names and counts."""
    return {
        facet.name: [
            {"value": option.value, "label": option.label, "count": option.count}
            for option in facet.options
        ]
        for facet in facets
    }


def _choice(choice: Choice) -> dict[str, Any]:
    """One meaning of a name as JSON."""
    return {
        "key": choice.named.key,
        "name": choice.named.name,
        "confirmed": choice.named.is_confirmed,
        "title": choice.named.title,
        "year": choice.named.year,
        "topic": choice.topic.slug if choice.topic else None,
        "method": choice.named.method.slug if choice.named.method else None,
    }


class PaperDetail(ReadView):
    """One paper, by its key or any identifier: /papers/1703.09844/, /papers/10.1145/3698767/.

    The key of a record that was merged answers with a permanent redirect, that of a withdrawn one
    with 410.
    """

    serializer_class = PaperSerializer

    def get(self, request: Request, identifier: str) -> HttpResponseBase:
        selected = frozenset(self.given.get("select", []))
        paper = _public_with(selected).first(identifier)
        if paper is None:
            chosen = finding.paper_by(identifier, request.user)
            if identifier != chosen.key and not finding.is_identifier_of(chosen, identifier):
                query = request.META.get("QUERY_STRING", "")
                address = reverse("api:paper", args=[chosen.key])
                return redirect(address + (f"?{query}" if query else ""), permanent=True)
            paper = _one_with(selected).first(chosen.pk)
            if paper is None:
                raise Http404("The paper went while it was read.")
        address = reverse("api:paper", args=[paper.key])
        values = as_read(paper)

        def record() -> object:
            return self.serialized(attach(paper), many=False)

        found = kept_of(request._request, "record of a paper", record, values, selected)
        return Response(found, headers={"Content-Location": address})
