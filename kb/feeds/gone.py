"""Feed of deletions: papers that were here and are no more, for those who keep a copy."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.following.gone import gone_papers
from kb.feeds.writing import NEVER, Feed, tag
from papers.models import Paper

NEWEST = 200


@require_safe
@cache_control(no_cache=True)
@conditional_page
def gone(request: HttpRequest) -> HttpResponse:
    """What was merged, withdrawn or hidden, the last first. Says keys, never titles."""
    rows: QuerySet[Paper] = gone_papers().select_related("merged_into")
    papers = list(rows.order_by("-updated_at", "-pk")[:NEWEST])
    feed = Feed(
        request,
        "Papers that are gone",
        reverse("papers"),
        author_name="The Living Survey of Dynamic Neural Networks",
        updated=max((paper.updated_at for paper in papers), default=NEVER),
        total=rows.count(),
    )
    for paper in papers:
        moment: dt.datetime = paper.updated_at.replace(microsecond=0)
        survivor = paper.merged_into.key if paper.merged_into else ""
        reason = f"Merged into {survivor}." if survivor else "No longer in the survey."
        feed.add_item(
            title=f"{paper.key}: {'merged' if survivor else 'gone'}",
            link=feed.site + paper.get_absolute_url(),
            description=None,  # type: ignore[arg-type]  # the summary is written beside
            unique_id=tag(request, f"gone/{paper.key}"),
            pubdate=moment,
            updateddate=moment,
            summary=reason,
        )
    return feed.answer()
