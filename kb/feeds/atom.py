"""Atom feeds (RFC 4287, paged after RFC 5005) of every list of papers, searches included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

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
from kb.feeds.xml import add, xml_response
from papers.identifiers import Identifier, Scheme
from papers.models import Paper, Person, Venue, Workshop
from taxonomy.models import Topic

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
MEDIA_TYPE = "application/atom+xml"
ADDED = Order("added", ("-created_at", "-pk"))
CHANGED = Order("changed", ("-updated_at", "-pk"))
_NEVER = "1970-01-01T00:00:00+00:00"
_TAG_YEAR = "2026"  # when the scheme of ids was fixed; part of every id, so never to be changed


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
    "workshops": Kind("New papers of {}", "workshop", Workshop.objects.all),
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
    site = f"{request.scheme}://{request.get_host()}"
    return xml_response(_document(request, site, page, title, alternate), MEDIA_TYPE)


def _document(request: HttpRequest, site: str, page: Page, title: str, alternate: str) -> Element:
    feed = Element("feed", {"xmlns": ATOM, "xmlns:opensearch": OPENSEARCH})
    add(feed, "id", tag(request, request.path))
    add(feed, "title", f"{title} · The Living Survey")
    add(feed, "updated", max((time_of(row.updated_at) for row in page.rows), default=_NEVER))
    add(feed, "author")
    add(feed[-1], "name", "The Living Survey of Dynamic Neural Networks")
    add(feed, "link", rel="self", type=MEDIA_TYPE, href=site + request.get_full_path())
    add(feed, "link", rel="alternate", type="text/html", href=site + alternate)
    if page.next_cursor:
        query = request.GET.copy()
        query["cursor"] = page.next_cursor
        href = f"{site}{request.path}?{query.urlencode()}"
        add(feed, "link", rel="next", type=MEDIA_TYPE, href=href)
    add(feed, "opensearch:totalResults", str(page.count))
    add(feed, "opensearch:itemsPerPage", str(len(page.rows)))
    for paper in page.rows:
        feed.append(entry_of(request, site, paper))
    return feed


def entry_of(request: HttpRequest, site: str, paper: Paper) -> Element:
    entry = Element("entry")
    add(entry, "id", tag(request, f"papers/{paper.key}"))
    add(entry, "title", paper.title)
    add(entry, "updated", time_of(paper.updated_at))
    add(entry, "published", time_of(paper.created_at))
    for row in paper.authorships.all():
        add(entry, "author")
        add(entry[-1], "name", row.printed_name)
    href = site + paper.get_absolute_url()
    add(entry, "link", rel="alternate", type="text/html", href=href)
    for scheme in Scheme:
        if value := getattr(paper, scheme.value):
            add(entry, "link", rel="related", href=Identifier(scheme, value).url)
    for placement in paper.placements.all():
        term, label = placement.topic.slug, placement.topic.name
        add(entry, "category", scheme=site + reverse("topics"), term=term, label=label)
    add(entry, "summary", paper.tldr or paper.abstract or paper.title, type="text")
    return entry


def tag(request: HttpRequest, place: str) -> str:
    """An id that outlives addresses (RFC 4151)."""
    return f"tag:{request.get_host().split(':')[0]},{_TAG_YEAR}:{place.strip('/')}"


def time_of(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")
