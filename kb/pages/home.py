"""The front page: what this field is, what is new, where to start, search."""

from __future__ import annotations

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from papers.models import Paper, PaperTopic, Person, TimelineEvent, Workshop
from papers.models.paper import PaperQuerySet
from taxonomy.models import Topic, assemble

AXES = ("instance-wise", "spatial-wise", "temporal-wise")
TAXONOMY_SURVEY = "han2022dynamic"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    papers = Paper.objects.visible_to(request.user)
    placements = PaperTopic.objects.filter(paper__in=papers).values_list("topic_id", "paper_id")
    forest = assemble(Topic.objects.select_related("parent"), placements)
    context = {
        "section": "home",
        "axes": [node for node in forest if node.topic.slug in AXES],
        "facets": [node for node in forest if node.topic.slug not in AXES],
        "counts": {
            "papers": papers.count(),
            "topics": Topic.objects.count(),
            "people": Person.objects.visible_to(request.user).count(),
            "workshops": Workshop.objects.count(),
        },
        "newest": _placed(papers).newest_first().select_related("venue")[:5],
        "surveys": _surveys(papers)[:5],
        "milestones": _spread(
            list(TimelineEvent.objects.filter(domain="model").select_related("paper")), 6
        ),
        "workshops": Workshop.objects.annotate(accepted_count=Count("accepted")).order_by(
            "-year", "-date"
        )[:5],
    }
    return render(request, "home.html", context)


def _placed(papers: PaperQuerySet) -> PaperQuerySet:
    """Papers that somebody found a topic for; uploads from outside the field have none."""
    return papers.filter(Exists(PaperTopic.objects.filter(paper=OuterRef("pk"))))


def _surveys(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Surveys, the one whose tree this taxonomy follows first, then the newest."""
    first = Case(When(key=TAXONOMY_SURVEY, then=0), default=1)
    return papers.filter(kind=Paper.Kind.SURVEY).order_by(first, "-year", "title")


def _spread(events: list[TimelineEvent], number: int) -> list[TimelineEvent]:
    """`number` events spread evenly over the whole history, first and last among them."""
    if len(events) <= number:
        return events
    return [events[round(i * (len(events) - 1) / (number - 1))] for i in range(number)]
