"""Atom feed of the news of one workshop."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.text.markdown import html
from kb.feeds.writing import NEVER, Feed, tag
from papers.formats.citation import one_line
from papers.models import Workshop
from papers.names import slug as slug_of


@require_safe
@cache_control(no_cache=True)
@conditional_page
def of_workshop(request: HttpRequest, slug: str) -> HttpResponse:
    """What its organisers announced, newest first."""
    workshop = get_object_or_404(Workshop.objects.visible_to(), slug=slug)
    items = sorted(workshop.news, key=lambda item: item.get("date") or "", reverse=True)
    feed = Feed(
        request,
        f"News of {workshop}",
        workshop.get_absolute_url(),
        author_name=str(workshop),
        updated=max((_moment(item) for item in items), default=NEVER),
    )
    for item in items:
        title = one_line(item.get("title") or "")
        name = f"{item.get('date') or ''}-{slug_of(title, longest=60)}"
        feed.add_item(
            title=title,
            link=f"{feed.site}{workshop.get_absolute_url()}#news",
            description=None,  # type: ignore[arg-type]  # the summary is written beside
            unique_id=tag(request, f"workshops/{workshop.slug}/news/{name}"),
            pubdate=_moment(item),
            updateddate=_moment(item),
            summary=str(html(item.get("text") or "")) or title,
            summary_type="html",
        )
    return feed.answer()


def _moment(item: dict[str, Any]) -> dt.datetime:
    day = item.get("date") or ""
    date = dt.date.fromisoformat(day) if day else NEVER.date()
    return dt.datetime.combine(date, dt.time(0), tzinfo=dt.UTC)
