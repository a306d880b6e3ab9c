"""Our own figures: all of them, and each as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kb.figures import FIGURES, figure_named
from kb.languages.offered import of_path
from papers.models import Lecture


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every figure with its caption and the topics that it opens."""
    lectures = Lecture.objects.exclude(figure="").select_related("topic")
    topics: dict[str, list[object]] = {}
    for lecture in lectures.order_by("topic__position"):
        topics.setdefault(lecture.figure, []).append(lecture.topic)
    shown = [(figure, topics.get(slug, [])) for slug, figure in FIGURES.items()]
    return render(request, "learning/figures.html", {"section": "learning", "figures": shown})


@require_safe
@cache_control(public=True, max_age=3600)
def drawing(request: HttpRequest, slug: str) -> HttpResponse:
    """One figure as an SVG file that stands alone. `?language=zh`: with Chinese words."""
    figure = figure_named(slug)
    if figure is None:
        raise Http404(gettext("There is no figure “{slug}”.").format(slug=slug))
    with override(of_path(request.GET.get("language", "")).code):
        svg = figure.svg(alone=True)
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
