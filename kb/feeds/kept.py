"""Feeds of shared lists, and of all that one member follows: reached by unguessable addresses."""

from __future__ import annotations

import datetime as dt
from xml.etree.ElementTree import Element

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.following.follows import news, safe_moment
from community.lists import entries_for
from community.members.profiles import shown_name
from community.models import Appearance, ReadingList, Subscription
from kb.feeds.atom import ATOM, MEDIA_TYPE, entry_of, tag, time_of
from kb.feeds.xml import add, xml_response
from papers.models import Paper

SPAN = dt.timedelta(days=60)
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@require_safe
@cache_control(no_cache=True)
@conditional_page
def shared_list(request: HttpRequest, key: str) -> HttpResponse:
    """Papers of a shared list, the latest added first, with the owner's notes."""
    chosen = ReadingList.objects.shared_at(key).select_related("owner__profile").first()
    if chosen is None:
        raise Http404("There is no shared list here.")
    feed = _head(request, chosen.name, shown_name(chosen.owner), chosen.shared_address)
    entries = sorted(entries_for(chosen, None), key=lambda entry: entry.added_at, reverse=True)
    add(feed, "updated", time_of(chosen.changed_at))
    for entry in entries:
        feed.append(
            _with(entry_of(request, _site(request), entry.paper), entry.added_at, entry.note)
        )
    return xml_response(feed, MEDIA_TYPE)


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
    feed = _head(request, "What you follow", "The Living Survey", reverse("following"))
    add(feed, "updated", time_of(max(moments.values(), default=_NEVER)))
    for pk in sorted(papers, key=lambda pk: moments[pk], reverse=True):
        feed.append(_with(entry_of(request, _site(request), papers[pk]), moments[pk], ""))
    return xml_response(feed, MEDIA_TYPE)


def _head(request: HttpRequest, title: str, author: str, alternate: str) -> Element:
    feed = Element("feed", {"xmlns": ATOM})
    add(feed, "id", tag(request, request.path))
    add(feed, "title", f"{title} · The Living Survey")
    add(feed, "author")
    add(feed[-1], "name", author)
    site = _site(request)
    add(feed, "link", rel="self", type=MEDIA_TYPE, href=site + request.path)
    add(feed, "link", rel="alternate", type="text/html", href=site + alternate)
    return feed


def _with(entry: Element, moment: dt.datetime, note: str) -> Element:
    """The entry, dated by when it came here, with the note before its summary."""
    for child in entry:
        if child.tag in ("updated", "published"):
            child.text = time_of(moment)
        elif child.tag == "summary" and note:
            child.text = f"{note} — {child.text}"
    return entry


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
