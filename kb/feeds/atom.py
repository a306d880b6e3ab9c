"""Atom feeds (RFC 4287, paged after RFC 5005) of every list of papers, searches included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from kb.api import finding
from kb.api.machinery import parameters
from kb.api.machinery.errors import InvalidParameters
from kb.api.machinery.paging import PARAMETERS as PAGING
from kb.api.machinery.paging import Order, Page, page_of
from kb.feeds.writing import NEVER, Feed, as_atom
from papers.models import Person, Venue, Workshop
from taxonomy.models import Topic

ADDED = Order("added", ("-created_at", "-pk"))
CHANGED = Order("changed", ("-updated_at", "-pk"))


@require_safe
@cache_control(no_cache=True)
@conditional_page
def papers(request: HttpRequest) -> HttpResponse:
    """Papers newest in the survey first; takes the parameters of the API's list."""
    return _feed(request, {}, "New papers", reverse("papers"), ADDED)


@require_safe
@cache_control(no_cache=True)
@conditional_page
def changes(request: HttpRequest) -> HttpResponse:
    """Papers changed last first."""
    return _feed(request, {}, "Changed papers", reverse("papers"), CHANGED)


@dataclass(frozen=True)
class Kind:
    """A kind of thing that has papers: the title of its feed, and what finds the papers."""

    title: str
    parameter: str
    rows: Callable[[], QuerySet[Any]]


KINDS = {
    "topics": Kind("New papers on {}", "topic", Topic.objects.all),
    "people": Kind("New papers by {}", "author", Person.objects.visible_to),
    "venues": Kind("New papers at {}", "venue", Venue.objects.all),
    "workshops": Kind("New papers of {}", "workshop", Workshop.objects.visible_to),
}


@require_safe
@cache_control(no_cache=True)
@conditional_page
def of_one(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Papers of one topic, person, venue or workshop, newest in the survey first."""
    chosen = KINDS[kind]
    subject = get_object_or_404(chosen.rows(), slug=slug)
    title = chosen.title.format(subject)
    return _feed(request, {chosen.parameter: [slug]}, title, subject.get_absolute_url(), ADDED)


def _feed(
    request: HttpRequest, fixed: dict[str, Any], title: str, alternate: str, order: Order
) -> HttpResponse:
    """The feed of the papers that the fixed and the given parameters find."""
    try:
        given = parameters.read(request.GET, (*finding.parameters(), *PAGING)) | fixed
        papers = finding.find_papers(given, None).for_cards()
        page = page_of(papers, order, {**given, "with_count": True})
    except InvalidParameters as error:
        text = "\n".join(part.message for part in error.errors)
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
    feed = Feed(
        request,
        title,
        alternate,
        place=_searched(request),
        author_name="The Living Survey of Dynamic Neural Networks",
        updated=max((row.updated_at for row in page.rows), default=NEVER),
        next_url=_behind(request, page),
        total=page.count,
    )
    for paper in page.rows:
        feed.add_paper(request, paper)
    return feed.answer()


def _searched(request: HttpRequest) -> str:
    """What the feed's id says: the path, and what narrows it. Two searches are two feeds to a
    reader; the pages of one search, and the order in which its parameters stand, are not."""
    paging = {parameter.name for parameter in PAGING}
    narrowed = sorted(
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if value and name not in paging
    )
    path = as_atom(request.path)
    return f"{path}?{urlencode(narrowed)}" if narrowed else path


def _behind(request: HttpRequest, page: Page) -> str:
    """The address of the next page, "" at the end."""
    if not page.next_cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = page.next_cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
