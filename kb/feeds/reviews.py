"""Atom feed of public reviews: of everything, or of one paper."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.models import Review
from community.reviews import pages, reading
from community.reviews.reading import ShownReview
from kb.feeds.writing import NEVER, Feed, tag
from papers.formats.citation import one_line
from papers.models import Paper

A_PAGE = 25


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
    shown = reading.shown(page, None)
    feed = Feed(
        request,
        title,
        alternate,
        place=f"feeds/reviews/{key}" if key else "feeds/reviews",
        updated=max((_day(item) for item in shown), default=NEVER),
        next_url=_behind(request, page),
    )
    for item in shown:
        feed.add_item(
            title=one_line(f"{item.heading}: {item.review.paper.title}"),
            link=feed.site + item.review.get_absolute_url(),
            description=None,  # type: ignore[arg-type]  # the summary is written below
            unique_id=tag(request, f"reviews/{item.review.pk}"),
            updateddate=_day(item),
            author_name=one_line(item.who.name),
            summary=one_line(str(item.texts[0].html)) if item.texts else "",
            summary_type="html",
        )
    return feed.answer()


def _behind(request: HttpRequest, page: Page[Review]) -> str:
    """The address of the next page, "" at the end."""
    if not page.has_next():
        return ""
    query = request.GET.copy()
    query["page"] = str(page.next_page_number())
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _day(item: ShownReview) -> dt.datetime:
    """The day, not the minute: when an anonymous member sits at the keyboard is theirs."""
    return dt.datetime.combine(item.day, dt.time(), tzinfo=dt.UTC) if item.day else NEVER
