"""The front page: the map of the field, how it stands, where to go from here, what is new."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from kb.pages.papers import record_data
from kb.site.kept_parts import Later
from papers.models import Paper, PaperTopic, ReadingPath, TimelineEvent, Workshop
from papers.models.paper import PaperQuerySet
from reproductions.ledger.standing import by_kind
from taxonomy.models import Node, Topic, assemble
from taxonomy.tree import TopicTree

WIDTHS = 12
"""Classes of width in the map: `grow-1` to `grow-12` in the style sheet."""


FEW = 4
"""Children of a facet, up to which several facets share a row of the map."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; the field as it stands is read only where its picture is not kept."""
    context = {
        "section": "home",
        "data": record_data.website(request),
        "field": Later(lambda: _field(request.user)),
    }
    return render(request, "home.html", context)


def _field(user: Visitor) -> dict[str, Any]:
    """What the front page shows of the field."""
    papers = Paper.objects.visible_to(user)
    rows = list(PaperTopic.objects.filter(paper__in=papers).values_list("topic_id", "paper_id"))
    forest = assemble(TopicTree.read().by_id.values(), rows)
    years = Counter(dict(papers.order_by().values_list("year").annotate(Count("pk"))))
    kinds = by_kind(user)
    newest = list(_newest(papers)[:7])
    return {
        "forest": with_widths(forest),
        "years": dict(years),
        "counts": {
            "papers": years.total(),
            "topics": sum(1 for root in forest for _ in root.walk()),
            "numbers": kinds.costs.total + kinds.behaviour.total,
            "costs_met": kinds.costs.met,
            "behaviour_met": kinds.behaviour.met,
            "missed": kinds.costs.outside + kinds.behaviour.outside,
        },
        "newest": newest,
        "newest_month": month_of(newest),
        "paths": ReadingPath.objects.all(),
        "milestones": _spread(
            list(TimelineEvent.objects.filter(domain="model").select_related("paper")), 6
        ),
        "workshops": Workshop.objects.visible_to()
        .annotate(accepted_count=Count("accepted"))
        .order_by("-year", "-date")[:5],
    }


def with_widths(forest: list[Node]) -> list[Node]:
    """Give each node a class of width among its siblings, by the square root of its papers.

    The square root, because one branch holds a hundred times what another does.
    """

    def widen(nodes: Iterable[Node]) -> None:
        nodes = list(nodes)
        most = max((node.paper_count for node in nodes), default=0) or 1
        for node in nodes:
            node.width = 1 + round((WIDTHS - 1) * math.sqrt(node.paper_count / most))
            widen(node.children)

    widen(forest)
    for root in forest:
        root.whole_row = root.topic.axis != Topic.Axis.FACET or len(root.children) > FEW
    return forest


def _newest(papers: PaperQuerySet) -> PaperQuerySet:
    """The newest first; uploads from outside the field, which have no topic, are left out."""
    placed = papers.filter(Exists(PaperTopic.objects.filter(paper=OuterRef("pk"))))
    return placed.newest_first().select_related("venue")


def month_of(newest: list[Paper]) -> dt.date | None:
    """The first day of the newest paper's month; None where it is not known."""
    month = newest[0].month if newest else None
    return dt.date(newest[0].year, month, 1) if month else None


def _spread(events: list[TimelineEvent], number: int) -> list[TimelineEvent]:
    """`number` events spread evenly over the whole history, first and last among them."""
    if len(events) <= number:
        return events
    return [events[round(i * (len(events) - 1) / (number - 1))] for i in range(number)]
