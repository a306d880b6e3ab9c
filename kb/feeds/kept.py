"""Feeds of shared lists, and of all that one member follows: reached by unguessable addresses."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.following.follows import news, safe_moment
from community.lists import entries_for
from community.members.profiles import shown_name
from community.models import Appearance, ReadingList, Subscription
from kb.feeds.writing import NEVER, Feed
from papers.formats.citation import one_line
from papers.models import Paper

SPAN = dt.timedelta(days=60)


@require_safe
@cache_control(no_cache=True)
@conditional_page
def shared_list(request: HttpRequest, key: str) -> HttpResponse:
    """Papers of a shared list, the latest added first, with the owner's notes."""
    chosen = ReadingList.objects.shared_at(key).select_related("owner__profile").first()
    if chosen is None:
        raise Http404("There is no shared list here.")
    feed = Feed(
        request,
        chosen.name,
        chosen.shared_address,
        author_name=one_line(shown_name(chosen.owner)),
        updated=chosen.changed_at,
    )
    entries = sorted(entries_for(chosen, None), key=lambda entry: entry.added_at, reverse=True)
    for entry in entries:
        feed.add_paper(request, entry.paper, entry.added_at, entry.note)
    return feed.answer()


@require_safe
@cache_control(no_cache=True, private=True)
@conditional_page
def following(request: HttpRequest, token: str) -> HttpResponse:
    """What became visible in the last sixty days of what the token's owner follows."""
    subscription = (
        Subscription.objects.filter(feed_token=token, user__is_active=True)
        .select_related("user")
        .first()
    )
    if subscription is None:
        raise Http404("There is no feed here.")
    until = safe_moment()
    items = news(subscription.user, since=until - SPAN, until=until)
    papers: dict[int, Paper] = {paper.pk: paper for item in items for paper in item.papers}
    moments = dict(Appearance.objects.filter(pk__in=papers).values_list("pk", "at"))
    feed = Feed(
        request,
        "What you follow",
        reverse("following"),
        author_name="The Living Survey",
        updated=max(moments.values(), default=NEVER),
    )
    for pk in sorted(papers, key=lambda pk: moments[pk], reverse=True):
        feed.add_paper(request, papers[pk], moments[pk])
    return feed.answer()
