"""/disagreements/: one thing printed as several, written down by curators or found by a query."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reproductions.ledger.contradictions import Contradiction, disagreements
from reproductions.ledger.found import found_disagreements
from reproductions.models import Disagreement

A_PAGE = 12
MOST_FOUND = 60


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Those that curators explain, a page of them; and all that a query finds."""
    every = disagreements(request.user)
    kind = request.GET.get("kind", "")
    chosen = [item for item in every if not kind or item.group.kind == kind]
    by_query = found_disagreements(request.user)
    return render(
        request,
        "numbers/disagreements.html",
        {
            "section": "numbers",
            "page": Paginator(chosen, A_PAGE).get_page(_page_of(request, chosen)),
            "kinds": _kinds(every, kind),
            "kind": kind,
            "total": len(every),
            "found": by_query[:MOST_FOUND],
            "found_count": len(by_query),
        },
    )


def _page_of(request: HttpRequest, chosen: list[Contradiction]) -> str:
    """The page asked for, or that on which the disagreement named in the query stands."""
    for place, item in enumerate(chosen):
        if item.group.slug == request.GET.get("show"):
            return str(place // A_PAGE + 1)
    return request.GET.get("page", "1")


def _kinds(every: list[Contradiction], chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": str(value),
            "label": label,
            "count": sum(item.group.kind == value for item in every),
            "current": value == chosen,
        }
        for value, label in Disagreement.Kind.choices
    ]
