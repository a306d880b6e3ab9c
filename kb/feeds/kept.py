"""Feeds of lists, and of all that one member follows: reached by unguessable addresses."""

from __future__ import annotations

import datetime as dt

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.following.follows import news, safe_moment
from community.lists import entries_for
from community.members.profiles import shown_name
from community.models import Appearance, PublicList, ReadingList, Subscription
from community.public_lists.rights import names_of
from community.public_lists.sessions import sessions_of
from kb.feeds.writing import NEVER, Feed, tag
from papers.formats.citation import one_line
from papers.models import Paper

SPAN = dt.timedelta(days=60)
NEWEST = 100


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
@cache_control(no_cache=True)
@conditional_page
def public_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What was put into a public list, the latest first; works that are not here yet as well."""
    chosen = get_object_or_404(PublicList.objects.public(), slug=slug)
    feed = Feed(
        request,
        chosen.title,
        chosen.get_absolute_url(),
        author_name=one_line(", ".join(names_of(chosen)) or "The Living Survey"),
        updated=chosen.changed_at,
    )
    papers = Paper.objects.visible_to(None).for_cards()
    rows = chosen.placements.visible_to(None).prefetch_related(Prefetch("paper", papers))
    for row in rows.order_by("-added_at", "-pk")[:NEWEST]:
        note = " · ".join(part for part in (row.focus, row.notes) if part)
        if row.paper:
            feed.add_paper(request, row.paper, row.added_at, note)
        elif row.title:
            feed.add_item(
                title=one_line(row.title),
                link=f"{feed.site}{chosen.get_absolute_url()}#e-{row.pk}",
                description=None,  # type: ignore[arg-type]  # the summary is written below
                unique_id=tag(request, f"lists/{chosen.slug}/{row.pk}"),
                pubdate=row.added_at.replace(microsecond=0),
                updateddate=row.added_at.replace(microsecond=0),
                authors=row.authors,
                summary=one_line(note or "Not in the survey yet."),
            )
    return feed.answer()


@require_safe
@cache_control(no_cache=True)
@conditional_page
def reading_log(request: HttpRequest, slug: str) -> HttpResponse:
    """The reading log of a public list, the latest written first."""
    chosen = get_object_or_404(PublicList.objects.public(), slug=slug)
    address = reverse("reading-log", args=[slug])
    rows = sessions_of(chosen, None).order_by("-public_at", "-pk")[:NEWEST]
    feed = Feed(
        request,
        f"{chosen.title}: reading log",
        address,
        author_name=one_line(", ".join(names_of(chosen)) or "The Living Survey"),
        updated=chosen.changed_at,
    )
    for row in rows:
        written = (row.public_at or row.made_at).replace(microsecond=0)
        parts = [f"{row.date:%Y-%m-%d}", row.presenter, row.notes]
        feed.add_item(
            title=one_line(row.shown_title),
            link=f"{feed.site}{address}#{row.anchor}",
            description=None,  # type: ignore[arg-type]  # the summary is written below
            unique_id=tag(request, f"lists/{slug}/log/{row.pk}"),
            pubdate=written,
            updateddate=written,
            summary=one_line(" · ".join(part for part in parts if part)),
        )
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
