"""Following topics, methods, people, papers, lists and searches, and what is new among them.

"New" is a span of time: what became visible from `seen_at` up to a moment before which no more can
appear. Spans join without gap or overlap, so that nothing is told twice or missed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import User
from accounts.roles import NotPossible, is_member
from community.models import (
    Appearance,
    Follow,
    ListPlacement,
    PublicList,
    Review,
    Subscription,
    Video,
)
from community.public_lists.showing import added, logged
from papers.models import Method, MethodPaper, Paper, Person, Workshop, WorkshopNotice
from papers.search import PaperQuery, matching
from papers.survivors import survivor
from taxonomy.models import Topic

MOST_FOLLOWS = 300
MOST_NEW = 500  # papers of one span that are looked at
LONGEST_SEARCH = 2000  # characters of a query string, as the column holds
_Said = tuple[str, dt.datetime]


@dataclass
class News:
    """What is new of one follow."""

    follow: Follow
    title: str
    address: str
    papers: list[Paper] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return bool(self.papers or self.happened)

    @property
    def target(self) -> str:
        return target_of(self.follow)


def follow(by: User, kind: str, target: str) -> Follow:
    """Follow a topic, person, workshop or paper by its slug or key, or a search by its query.

    Followed again, it is the same follow. Raises NotPossible.
    """
    if not is_member(by):
        raise NotPossible(gettext("Sign in to follow."))
    values = _target(by, kind, target)
    known = Follow.objects.filter(user_id=by.pk, kind=kind, **values).first()
    if known:
        return known
    if Follow.objects.filter(user_id=by.pk).count() >= MOST_FOLLOWS:
        raise NotPossible(
            gettext("You follow {most_follows} things, which is the most there can be.").format(
                most_follows=MOST_FOLLOWS
            )
        )
    made, _ = Follow.objects.get_or_create(
        user_id=by.pk, kind=kind, **values, defaults={"seen_at": safe_moment()}
    )
    return made


def unfollow(by: User, kind: str, target: str) -> None:
    """Stop following; what is not followed stays so."""
    Follow.objects.filter(user_id=by.pk, kind=kind, **_target(by, kind, target)).delete()


def follows_of(user: User) -> QuerySet[Follow]:
    """What the member follows, without papers that they may not see any more."""
    seen = Q(paper=None) | Q(paper__in=Paper.objects.visible_to(user))
    public = Q(workshop=None) | Q(workshop__in=Workshop.objects.visible_to())
    readable = Q(public_list=None) | Q(public_list__in=PublicList.objects.visible_to(user))
    named = Q(method=None) | Q(method__in=Method.objects.visible_to(user))
    rows = Follow.objects.filter(seen, public, readable, named, user_id=user.pk)
    return rows.select_related("topic", "person", "paper", "workshop", "public_list", "method")


def followed(user: User) -> set[tuple[str, str]]:
    """Kind and target of everything the member follows, for the buttons of a page."""
    return {(follow.kind, target_of(follow)) for follow in follows_of(user)}


def target_of(follow: Follow) -> str:
    """What `follow` was given for it."""
    if follow.topic:
        return follow.topic.slug
    if follow.person:
        return follow.person.slug
    if follow.workshop:
        return follow.workshop.slug
    if follow.public_list:
        return follow.public_list.slug
    if follow.method:
        return follow.method.slug
    return follow.paper.key if follow.paper else follow.query


def search_key(query: PaperQuery) -> str:
    """A search as a follow keeps it: what is asked, without order and page."""
    return query.changed(sort="", page=1).url_query


def safe_moment() -> dt.datetime:
    """A moment of the database's clock before which nothing more can become visible.

    A transaction that is still open may have written with an earlier time: its beginning is the
    limit. The server's own housekeeping (autovacuum) writes nothing of ours and holds nothing up.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity"
            " WHERE backend_xid IS NOT NULL AND datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def news(user: User, *, until: dt.datetime, since: dt.datetime | None = None) -> list[News]:
    """What became visible of everything the member follows: from each follow's last look, or from
    `since`, up to `until`.

    A fixed number of queries, and one question for each saved search and method while anything
    is new at all.
    Raises index.Unusable while none can be made: what is new is told later then.
    """
    follows = list(follows_of(user))
    if not follows:
        return []
    start = since or min(follow.seen_at for follow in follows)
    arrived = _arrived(start, until)
    activity = _said_about(follows, start)
    notices = _notices(follows, start)
    papers = {
        paper.pk: paper
        for paper in Paper.objects.visible_to(None).filter(pk__in=arrived).for_cards()
    }
    lists = [follow.public_list_id for follow in follows if follow.public_list_id]
    placed = added(lists, start, until) if lists else {}
    log = logged(lists, start, until) if lists else {}
    items = []
    for follow in follows:
        begin = since or follow.seen_at
        if follow.public_list_id:
            item = _list_news(follow, begin, placed.get(follow.public_list_id, []))
            item.happened += [
                gettext("Reading log, {date}: {title}.").format(
                    date=f"{row.date:%Y-%m-%d}", title=row.shown_title
                )
                for row in log.get(follow.public_list_id, [])
                if row.public_at and row.public_at >= begin
            ]
            items.append(item)
            continue
        fresh = [papers[pk] for pk, at in arrived.items() if pk in papers and at >= begin]
        item = News(follow, title_of(follow), address_of(follow), _matching(follow, fresh))
        item.happened = _happened(follow, begin, until, activity)
        item.happened += [
            text for text, at in notices.get(follow.workshop_id or 0, []) if begin <= at < until
        ]
        items.append(item)
    return items


def _list_news(follow: Follow, begin: dt.datetime, rows: list[ListPlacement]) -> News:
    """What was put into a followed list: papers, and how many works that are not here yet."""
    item = News(follow, title_of(follow), address_of(follow))
    fresh = [row for row in rows if row.added_at >= begin]
    item.papers = list(dict.fromkeys(row.paper for row in fresh if row.paper))
    if absent := sum(row.paper is None for row in fresh):
        told = ngettext(
            "{count} work that is not in the survey yet.",
            "{count} works that are not in the survey yet.",
            absent,
        )
        item.happened = [told.format(count=absent)]
    return item


def _said_about(follows: list[Follow], start: dt.datetime) -> dict[int, list[_Said]]:
    """Public reviews, talks and videos of the followed papers since `start`."""
    papers = [follow.paper_id for follow in follows if follow.paper_id]
    activity: dict[int, list[_Said]] = {}
    if not papers:
        return activity
    reviews = Review.objects.public().filter(paper__in=papers, published_at__gte=start)
    videos = Video.objects.visible_to(None).filter(paper__in=papers, state_since__gte=start)
    for pk, published in reviews.values_list("paper", "published_at"):
        if published is not None:
            activity.setdefault(pk, []).append(("review", published))
    for pk, at in videos.values_list("paper", "state_since"):
        activity.setdefault(pk, []).append(("talk or video", at))
    return activity


def _notices(follows: list[Follow], start: dt.datetime) -> dict[int, list[_Said]]:
    """What changed on the followed workshops since `start`, the first change first."""
    reasons: dict[int, list[_Said]] = {}
    if workshops := [follow.workshop_id for follow in follows if follow.workshop_id]:
        rows = WorkshopNotice.objects.filter(workshop__in=workshops, at__gte=start)
        for pk, text, at in rows.order_by("at", "pk").values_list("workshop", "text", "at"):
            reasons.setdefault(pk, []).append((text, at))
    return reasons


def _happened(
    follow: Follow, begin: dt.datetime, until: dt.datetime, activity: dict[int, list[_Said]]
) -> list[str]:
    """What happened to a followed paper, in words."""
    if follow.paper is None:
        return []
    words = [gettext("The record changed.")] if begin <= follow.paper.updated_at < until else []
    spans = [what for what, at in activity.get(follow.paper.pk, []) if begin <= at < until]
    if number := spans.count("review"):
        told = ngettext("{count} new review.", "{count} new reviews.", number)
        words.append(told.format(count=number))
    if number := spans.count("talk or video"):
        told = ngettext("{count} new talk or video.", "{count} new talks or videos.", number)
        words.append(told.format(count=number))
    return words


def look(user: User, until: dt.datetime) -> None:
    """The member has seen everything up to `until`."""
    until = min(until, safe_moment())
    Follow.objects.filter(user_id=user.pk, seen_at__lt=until).update(seen_at=until)


def title_of(follow: Follow) -> str:
    """What is followed, in words."""
    if follow.kind == Follow.Kind.SEARCH:
        parts = PaperQuery.from_params(parse_qsl(follow.query)).parts
        return ", ".join(part.label for part in parts) or gettext("all papers")
    if follow.paper:
        return follow.paper.title
    named = (follow.topic, follow.person, follow.workshop, follow.public_list, follow.method)
    return str(next((record for record in named if record), ""))


def address_of(follow: Follow) -> str:
    """The page of what is followed."""
    records = (follow.topic, follow.person, follow.paper, follow.workshop, follow.public_list)
    target: Any = next((record for record in (*records, follow.method) if record), None)
    return target.get_absolute_url() if target else f"{reverse('papers')}?{follow.query}"


def subscription_of(user: User) -> Subscription:
    """How the member hears of it; made on first use."""
    return Subscription.objects.get_or_create(
        user_id=user.pk, defaults={"told_until": safe_moment()}
    )[0]


def _target(by: User, kind: str, target: str) -> dict[str, Any]:
    """Values of the follow's columns. Raises NotPossible for what does not exist."""
    rows: dict[str, QuerySet[Any]] = {
        "topic": Topic.objects.filter(slug=target),
        "person": Person.objects.living().filter(slug=target),
        "paper": Paper.objects.visible_to(by).filter(key=target),
        "workshop": Workshop.objects.visible_to().filter(slug=target),
        "list": PublicList.objects.visible_to(by).filter(slug=target),
        "method": Method.objects.visible_to(by).filter(slug=target),
    }
    if kind == Follow.Kind.SEARCH:
        query = PaperQuery.from_params(parse_qsl(target[: LONGEST_SEARCH + 1]))
        key = search_key(query)
        if max(len(target), len(key)) > LONGEST_SEARCH:
            raise NotPossible(gettext("This question is too long to be followed. Shorten it."))
        if query.is_empty:
            raise NotPossible(gettext("Search for something first; then it can be followed."))
        return {"query": key}
    if kind not in rows or (row := rows[kind].first()) is None:
        raise NotPossible(gettext("There is nothing like this to follow."))
    return {"public_list" if kind == Follow.Kind.LIST else kind: row}


def _arrived(since: dt.datetime, until: dt.datetime) -> dict[int, dt.datetime]:
    """Papers that became visible in the span, the newest first, with the moment."""
    rows = Appearance.objects.filter(at__gte=since, at__lt=until).order_by("-at", "-pk")
    return dict(rows.values_list("pk", "at")[:MOST_NEW])


def _matching(follow: Follow, fresh: list[Paper]) -> list[Paper]:
    if not fresh or follow.paper or follow.workshop:
        return []
    if follow.topic:
        path = follow.topic.path
        return [paper for paper in fresh if _is_under(paper, path)]
    if follow.method:
        named = MethodPaper.objects.filter(method=follow.method, paper__in=fresh)
        known = set(named.values_list("paper", flat=True))
        return [paper for paper in fresh if paper.pk in known]
    if follow.person:
        person = survivor(follow.person)
        return [
            paper
            for paper in fresh
            if any(row.person_id == person.pk for row in paper.authorships.all())
        ]
    ids = set(matching(PaperQuery.from_params(parse_qsl(follow.query)), level=True))
    return [paper for paper in fresh if paper.pk in ids]


def _is_under(paper: Paper, path: str) -> bool:
    paths = (row.topic.path for row in paper.placements.all())
    return any(above == path or above.startswith(f"{path}/") for above in paths)
