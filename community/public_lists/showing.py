"""Public lists in words: what moderators read, what is new for followers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Prefetch, QuerySet

from accounts.models import Visitor
from community.models import ListPlacement, PublicList, ReadingSession
from papers.models import Paper


def text_for_moderators(lists: Sequence[PublicList]) -> Mapping[int, str]:
    """Introduction, sections and the first entries of each list."""
    texts = {}
    for chosen in lists:
        titles = [row.title for row in chosen.sections.all()[:40]]
        entries = chosen.placements.visible_to(None).select_related("paper")[:40]
        shown = [row.title or (row.paper.title if row.paper else "") for row in entries]
        words = [chosen.introduction, f"Sections: {', '.join(titles) or 'none'}", *shown]
        texts[chosen.pk] = "\n".join(word for word in words if word)
    return texts


def public_lists() -> QuerySet[PublicList]:
    """Those that everybody sees, with the number of their sections."""
    rows = PublicList.objects.public().annotate(section_count=Count("sections", distinct=True))
    return rows.order_by("title", "pk")


def sizes(lists: Iterable[PublicList], viewer: Visitor) -> dict[int, int]:
    """How many entries of each list `viewer` may see, in one query."""
    rows = ListPlacement.objects.visible_to(viewer).filter(public_list__in=list(lists))
    counted = rows.order_by().values("public_list").annotate(size=Count("pk"))
    return dict(counted.values_list("public_list", "size"))


def added(
    lists: Iterable[int], since: dt.datetime, until: dt.datetime
) -> dict[int, list[ListPlacement]]:
    """What was put into public lists in a span, by list, the newest first; papers for cards."""
    papers = Paper.objects.visible_to(None).for_cards()
    rows = (
        ListPlacement.objects.visible_to(None)
        .filter(public_list__in=PublicList.objects.public().filter(pk__in=list(lists)))
        .filter(added_at__gte=since, added_at__lt=until)
        .order_by("-added_at", "-pk")[:500]
        .prefetch_related(Prefetch("paper", papers))
    )
    by_list: dict[int, list[ListPlacement]] = {}
    for row in rows:
        by_list.setdefault(row.public_list_id, []).append(row)
    return by_list


def logged(
    lists: Iterable[int], since: dt.datetime, until: dt.datetime
) -> dict[int, list[ReadingSession]]:
    """What came into the reading logs of public lists in a span, by list, the newest first."""
    rows = (
        ReadingSession.objects.public()
        .filter(public_list__in=PublicList.objects.public().filter(pk__in=list(lists)))
        .filter(public_at__gte=since, public_at__lt=until)
        .select_related("paper")
        .order_by("-public_at", "-pk")[:500]
    )
    by_list: dict[int, list[ReadingSession]] = {}
    for row in rows:
        by_list.setdefault(row.public_list_id, []).append(row)
    return by_list
