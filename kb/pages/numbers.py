"""The ledger: every published number, its state, and files to take it away."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from accounts.words import Words
from kb.pages.papers import record_data
from kb.pages.rendering import render_part
from kb.pages.sharing import cards
from kb.site.kept_parts import Later
from papers.models import Paper
from reproductions.attested.standing import standings
from reproductions.ledger.export import FIELDS, as_row
from reproductions.ledger.query import FACETS, ORDERS, Facets, LedgerQuery, Links, count
from reproductions.ledger.rows import NumberRow, asked_rows
from reproductions.ledger.states import states
from reproductions.ledger.summary import judged_claims
from reproductions.models import Judgement, PublishedNumber, Run
from reproductions.models.number import STATES

PER_PAGE = 40
MOST_VALUES = 20
"""Values of one facet in a page; the rest are found by words."""
TITLES = {
    "state": Words("State"),
    "needs": Words("What a test needs"),
    "metric": Words("Metric"),
    "task": Words("Task"),
    "data_set": Words("Data set"),
    "topic": Words("Topic"),
    "paper": Words("Paper"),
    "program": Words("Program"),
    "source": Words("Source"),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All numbers with facets, orders and states."""
    query = LedgerQuery.from_params(request.GET)
    return render_part(
        request,
        page="numbers/index.html",
        part="numbers/_results.html",
        target="numbers",
        context={
            "section": "numbers",
            "query": query,
            "found": Later(lambda: _found(query, request)),
            "narrowing": Later(lambda: _narrowing(query, request.user)),
            "orders": [
                (name, label, query.address(order=name)) for name, (label, _) in ORDERS.items()
            ],
            "chosen": _chosen(query),
            "standing": Later(lambda: {"states": _states()}),
            "more": query.address(),
            "api_more": replace(query, order="paper").address(),
        },
    )


def _found(query: LedgerQuery, request: HttpRequest) -> dict[str, Any]:
    """A page of the numbers asked for. read: all that it shows."""
    places = Paginator(range(count(query, request.user)), PER_PAGE)
    page = places.get_page(request.GET.get("page"))
    rows = asked_rows(query, request.user, max(page.start_index() - 1, 0), PER_PAGE)
    return {
        "page": page,
        "numbers": [NumberRow.of(row) for row in rows],
        "read": (places.count, page.number, rows),
    }


def _narrowing(query: LedgerQuery, user: Visitor) -> dict[str, Any]:
    """The facets as they were counted, and as they are shown: put together when they are needed."""
    counted = Facets.read(query, user)
    return {"counted": counted.as_read, "facets": lambda: _facets(query, counted)}


def _facets(query: LedgerQuery, counted: Facets) -> list[dict[str, Any]]:
    shown = []
    for name, values in counted.offered().items():
        chosen, links = getattr(query, name), Links.of(query, name)
        without = query.without(name).address()
        shown.append(
            {
                "name": name,
                "title": TITLES[name],
                "most": max((value.count for value in values), default=0),
                "long": len(values) > 9,
                "more": max(len(values) - MOST_VALUES, 0),
                "total": len(values),
                "values": [
                    {
                        "label": value.label,
                        "count": value.count,
                        "axis": value.axis,
                        "current": value.value == chosen,
                        "href": without if value.value == chosen else links.taking(value.value),
                    }
                    for place, value in enumerate(values)
                    if place < MOST_VALUES or value.value == chosen
                ],
            }
        )
    return shown


def _chosen(query: LedgerQuery) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "title": TITLES[name],
            "value": getattr(query, name),
            "href": query.without(name).address(),
        }
        for name in FACETS
        if getattr(query, name)
    ]


def _states() -> list[dict[str, Any]]:
    counted = states()
    return [
        {"state": str(state), "word": label, "count": counted[state]}
        for state, label in STATES
        if counted.get(state)
    ]


@require_safe
def number(request: HttpRequest, slug: str) -> HttpResponse:
    """One number: where it stands, what tests it, every judgement on it."""
    chosen = PublishedNumber.objects.visible_to(request.user).for_rows().filter(slug=slug).first()
    if chosen is None:
        raise Http404
    judgements = (
        Judgement.objects.filter(claim__number=chosen)
        .exclude(run__origin=Run.Origin.ATTESTED)
        .select_related("run", "claim")
        .order_by("-run__finished_at", "-pk")
    )
    groups = [part.disagreement for part in chosen.disagreements.select_related("disagreement")]
    return render(
        request,
        "numbers/number.html",
        {
            "section": "numbers",
            "number": chosen,
            "card": cards.of_number(chosen),
            "data": record_data.number(request, chosen),
            "judgements": judgements,
            "standings": list(standings(judged_claims(number=chosen)).values()),
            "groups": groups,
            "beside": _beside(chosen, request.user),
            "owner": _owner(chosen, request.user),
        },
    )


def _beside(number: PublishedNumber, user: Visitor) -> list[PublishedNumber]:
    """The other numbers of its operating point."""
    if not number.point:
        return []
    same = PublishedNumber.objects.visible_to(user).filter(point=number.point)
    return list(same.exclude(pk=number.pk)[:12])


def _owner(number: PublishedNumber, user: Visitor) -> Paper | None:
    """The paper whose table prints it, where that is another one that is here."""
    if not number.table_of:
        return None
    return Paper.objects.visible_to(user).filter(key=number.table_of).first()


@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The numbers asked for as CSV, one row each."""
    query = LedgerQuery.from_params(request.GET)
    if query.problems:
        return HttpResponse("\n".join(query.problems), status=400, content_type="text/plain")

    class Line:
        def write(self, text: str) -> str:
            return text

    def lines() -> Iterator[str]:
        writer = csv.DictWriter(Line(), FIELDS)
        yield writer.writeheader()
        for row in query.numbers(request.user).for_rows():
            yield writer.writerow({name: _safe(value) for name, value in as_row(row).items()})

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="numbers.csv"'
    return response


def _safe(value: object) -> object:
    """Text that a spreadsheet will not take for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return value


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The numbers asked for as one JSON document."""
    query = LedgerQuery.from_params(request.GET)
    if query.problems:
        return HttpResponse("\n".join(query.problems), status=400, content_type="text/plain")
    rows = [as_row(row) for row in query.numbers(request.user).for_rows()]
    text = json.dumps({"count": len(rows), "numbers": rows}, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="numbers.json"'
    return response
