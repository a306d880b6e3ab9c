"""The three doors of the front page, each with what is behind it: learn, decide, contribute."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.figures import FIGURES
from kb.pages.learning.paths import shown_paths
from papers.models import Book, Course, Lecture, Method, Paper, ReadingPath, Term, TimelineEvent
from reproductions import registry
from reproductions.ledger.standing import by_kind
from reproductions.models import SurveyTable
from taxonomy.models import Topic, assemble

NEWEST_STEPS = 6
DRAWINGS = 3
WORDS = 12


@dataclass(frozen=True)
class Branch:
    """A branch of the field with those of its topics that have a text, in the map's order."""

    root: Topic
    topics: list[Topic]


@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    """Texts by topic, reading paths with one's own progress, glossary, figures, timeline."""
    paths = shown_paths(ReadingPath.objects.all(), request.user)
    texts = dict(Lecture.objects.values_list("topic_id", "paragraphs"))
    visible = Q(paper=None) | Q(paper__in=Paper.objects.visible_to(request.user))
    steps = TimelineEvent.objects.filter(visible)
    context = {
        "section": "learning",
        "paths": paths,
        "begun": [path for path in paths if path.done_count and path.next_step],
        "branches": _branches(set(texts)),
        "text_count": len(texts),
        "with_chinese": {
            topic for topic, parts in texts.items() if any(part.get("zh") for part in parts)
        },
        "terms": Term.objects.filter(usage_varies=True)[:WORDS],
        "term_count": Term.objects.count(),
        "figures": list(FIGURES.values())[:DRAWINGS],
        "figure_count": len(FIGURES),
        "steps": steps.order_by("-year", "-pk")[:NEWEST_STEPS],
        "course_count": Course.objects.count(),
        "book_count": Book.objects.count(),
    }
    return render(request, "doors/learn.html", context)


def _branches(with_text: set[int]) -> list[Branch]:
    """Branches in which a topic has a text; one query."""
    branches = [
        Branch(root.topic, [node.topic for node in root.walk() if node.topic.pk in with_text])
        for root in assemble(Topic.objects.select_related("parent"))
    ]
    return [branch for branch in branches if branch.topics]


@require_safe
def decide(request: HttpRequest) -> HttpResponse:
    """What helps to choose: comparisons, survey tables, methods, numbers and their verdicts."""
    kinds = by_kind(request.user)
    context = {
        "section": "deciding",
        "tables": SurveyTable.objects.all(),
        "method_count": Method.objects.visible_to(request.user).count(),
        "number_count": kinds.costs.total + kinds.behaviour.total,
        "met_count": kinds.costs.met + kinds.behaviour.met,
        "missed_count": kinds.costs.outside + kinds.behaviour.outside,
        "program_count": len(registry.slugs()),
    }
    return render(request, "doors/decide.html", context)


@require_safe
def contribute(request: HttpRequest) -> HttpResponse:
    """Every way to add something or to put something right, and what becomes of it."""
    return render(request, "doors/contribute.html", {"section": "contributing"})
