"""Atom feed of public reviews: of everything, or of one paper."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.reviews import pages, reading
from community.reviews.reading import ShownReview
from kb.feeds.atom import ATOM, MEDIA_TYPE
from kb.feeds.xml import add, xml_response
from papers.models import Paper

A_PAGE = 25
_NEVER = "1970-01-01T00:00:00+00:00"
_TAG_YEAR = "2026"  # part of every id, never to be changed


@require_safe
@cache_control(no_cache=True)
@conditional_page
def reviews(request: HttpRequest) -> HttpResponse:
    """Public reviews, the newest first; `paper` narrows to one. Anonymous ones name nobody."""
    rows, title, alternate = pages.newest(), "New reviews", reverse("reviews")
    if key := request.GET.get("paper", ""):
        paper = get_object_or_404(Paper.objects.visible_to(None), key=key)
        rows, title = rows.filter(paper=paper), f"Reviews of {paper.title}"
        alternate = reverse("paper-reviews", args=[paper.key])
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    site = f"{request.scheme}://{request.get_host()}"
    host = request.get_host().split(":")[0]
    feed = Element("feed", {"xmlns": ATOM})
    place = f"feeds/reviews/{key}" if key else "feeds/reviews"
    add(feed, "id", f"tag:{host},{_TAG_YEAR}:{place}")
    add(feed, "title", f"{title} · The Living Survey")
    shown = reading.shown(page, None)
    add(feed, "updated", max((_time(item) for item in shown), default=_NEVER))
    add(feed, "link", rel="self", type=MEDIA_TYPE, href=site + request.get_full_path())
    add(feed, "link", rel="alternate", type="text/html", href=site + alternate)
    if page.has_next():
        query = request.GET.copy()
        query["page"] = str(page.next_page_number())
        href = f"{site}{request.path}?{query.urlencode()}"
        add(feed, "link", rel="next", type=MEDIA_TYPE, href=href)
    for item in shown:
        feed.append(_entry(item, site, host))
    return xml_response(feed, MEDIA_TYPE)


def _entry(item: reading.ShownReview, site: str, host: str) -> Element:
    entry = Element("entry")
    add(entry, "id", f"tag:{host},{_TAG_YEAR}:reviews/{item.review.pk}")
    add(entry, "title", f"{item.heading}: {item.review.paper.title}")
    add(entry, "updated", _time(item))
    add(add(entry, "author"), "name", item.who.name)
    add(entry, "link", rel="alternate", href=site + item.review.get_absolute_url())
    for part in item.texts[:1]:
        add(entry, "summary", str(part.html), type="html")
    return entry


def _time(item: ShownReview) -> str:
    """The day, not the minute: when an anonymous member sits at the keyboard is theirs."""
    return f"{item.day.isoformat()}T00:00:00+00:00" if item.day else _NEVER
