"""The taxonomy as an instrument: the map of the field, and one page a topic."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.words import Words
from kb.pages.learning.lectures import lecture_of
from kb.pages.papers import record_data
from kb.pages.rendering import render_part
from kb.pages.sharing import cards
from kb.site.kept_parts import Later
from papers.models import Lecture, Paper, PaperTopic, Person, TimelineEvent
from papers.models.paper import PaperQuerySet
from papers.places.pointing import under_topic
from reproductions.ledger.summary import numbers_under
from taxonomy.models import Node, Topic, assemble
from taxonomy.tree import TopicTree

NAMES = ("both", "en", "zh")
VIEWS = ("map", "list", "table")
SURVEYS, NEWEST = 5, 9
LOWEST = 23
"""Height of a node of the map with few papers, in px: one line of its name."""
TALLEST = 3000
"""Height that the map does not much exceed, in px, however many papers there are."""


@dataclass(frozen=True)
class MapChoice:
    """What the reader asked of the map; anything odd falls back to the whole field."""

    until: int
    first: int
    last: int
    names: str
    view: str

    @classmethod
    def of(cls, request: HttpRequest, first: int, last: int) -> MapChoice:
        wanted = request.GET.get("until", "")
        until = min(max(int(wanted), first), last) if wanted.isdecimal() else last
        names, view = request.GET.get("names", "both"), request.GET.get("view", "map")
        return cls(
            until=until,
            first=first,
            last=last,
            names=names if names in NAMES else "both",
            view=view if view in VIEWS else "map",
        )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The map of the field up to a year, as icicle, list or table."""
    placements = list(
        PaperTopic.objects.filter(paper__in=Paper.objects.visible_to(request.user)).values_list(
            "topic_id", "paper_id", "paper__year"
        )
    )
    years = [year for _, _, year in placements] or [2000]
    choice = MapChoice.of(request, min(years), max(years))
    counted = [(topic, paper) for topic, paper, year in placements if year <= choice.until]
    forest = assemble(Topic.objects.select_related("parent"), counted)
    scale = min(1.0, TALLEST / max(1, sum(root.paper_count for root in forest)))
    for root in forest:
        for node in root.walk():
            node.height = max(LOWEST, round(9 + scale * node.paper_count))
    context = {
        "section": "topics",
        "choice": choice,
        "forest": forest,
        "rows": [node for root in forest for node in root.walk()],
        "paper_count": len({paper for _, paper in counted}),
        "placement_count": len(counted),
        "names_choices": (
            ("both", Words("English and 中文")),
            ("en", Words("English")),
            ("zh", "中文"),
        ),
        "view_choices": (("map", Words("Map")), ("list", Words("List")), ("table", Words("Table"))),
    }
    return render_part(
        request, page="topics/map.html", part="topics/_map.html", context=context, target="map"
    )


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: what it is, where it stands, how it grew, who works on it, what to read."""
    tree = TopicTree.read()
    topic = tree.by_slug.get(slug)
    if topic is None:
        raise Http404(gettext("There is no topic “{slug}”.").format(slug=slug))
    context = {
        "section": "topics",
        "topic": topic,
        "data": record_data.topic(request, topic),
        "text": request.GET.get("text", ""),
        "page": Later(lambda: _shown_of(request, topic, tree)),
    }
    return render(request, "topics/detail.html", context)


def _shown_of(request: HttpRequest, topic: Topic, tree: TopicTree) -> dict[str, Any]:
    """What a topic's page shows beside its name: read only where it is not kept."""
    papers = Paper.objects.visible_to(request.user).under(topic)
    rows = _rows(papers)
    years = Counter(row.year for row in rows)
    surveys, newest = _shown(rows)
    paper_count = sum(years.values())
    path = tree.upward([topic.pk])
    lecture = lecture_of(topic, request.user, request.GET.get("text", ""))
    return {
        "path": path,
        "children": _with_counts(rows, topic, tree),
        "siblings": [
            other
            for other in tree.by_id.values()
            if other.parent_id == topic.parent_id and other.pk != topic.pk
        ],
        "lecture": lecture,
        "told_at": None if lecture else _told_at(topic, path),
        "years": dict(years),
        "paper_count": paper_count,
        "card": cards.of_topic(topic, paper_count),
        "people": _key_people(papers),
        "mentions": under_topic(topic),
        "milestones": _milestones(rows),
        "surveys": surveys,
        "newest": newest,
        "most_surveys": SURVEYS,
        "all_surveys": f"topic:{topic.slug} is:survey",
        "seen_with": _seen_with(rows, topic, tree),
        **numbers_under(topic),
    }


def _told_at(topic: Topic, path: list[Topic]) -> Topic | None:
    """The nearest topic above that has a text; small topics are told of there."""
    above = sorted(
        (other for other in path if other.pk != topic.pk),
        key=lambda other: -other.depth,
    )
    with_text = set(Lecture.objects.filter(topic__in=above).values_list("topic", flat=True))
    return next((other for other in above if other.pk in with_text), None)


class _Row(NamedTuple):
    """A paper under the topic, with the ids of all topics at which it is placed.

    milestones: what of the field's history it took part in, each with id, year, title and why.
    """

    pk: int
    key: str
    year: int
    kind: str
    topics: list[int]
    milestones: list[dict[str, Any]]


def _rows(papers: PaperQuerySet) -> list[_Row]:
    """The papers, the newest first; one query, from which the page counts."""
    placed = PaperTopic.objects.filter(paper=OuterRef("pk")).order_by()
    topics = ArraySubquery(placed.values("topic"))
    steps = TimelineEvent.objects.filter(paper=OuterRef("pk"))
    step = JSONObject(id="id", year="year", title="title", why="why")
    milestones = ArraySubquery(steps.values(step=step))
    newest = papers.newest_first()
    columns = newest.values_list("pk", "key", "year", "kind", topics, milestones)
    return [_Row(*row) for row in columns]


def _milestones(rows: list[_Row]) -> list[dict[str, Any]]:
    """The steps in the field's history that papers of the topic took, each with its paper's key."""
    steps = [step | {"key": row.key} for row in rows for step in row.milestones]
    return sorted(steps, key=lambda step: (step["year"], step["id"]))


def _shown(rows: list[_Row]) -> tuple[list[Paper], list[Paper]]:
    """The newest surveys and the newest other papers, their cards read together."""
    surveys = [row.pk for row in rows if row.kind == Paper.Kind.SURVEY][:SURVEYS]
    others = [row.pk for row in rows if row.kind != Paper.Kind.SURVEY][:NEWEST]
    cards = Paper.objects.for_cards().in_bulk([*surveys, *others])
    return [cards[pk] for pk in surveys], [cards[pk] for pk in others]


def _with_counts(rows: list[_Row], topic: Topic, tree: TopicTree) -> list[Node]:
    below = [other for other in tree.by_id.values() if topic.slug in other.path_slugs]
    ids = {other.pk for other in below}
    placements = [(pk, row.pk) for row in rows for pk in row.topics if pk in ids]
    (node,) = assemble(below, placements)
    return node.children


def _key_people(papers: QuerySet[Paper]) -> QuerySet[Person]:
    """Those who wrote most of these papers, at least two each."""
    return (
        Person.objects.filter(authorships__paper__in=papers)
        .annotate(paper_count=Count("authorships__paper", distinct=True))
        .filter(paper_count__gte=2)
        .order_by("-paper_count", "name")[:12]
    )


def _seen_with(rows: list[_Row], topic: Topic, tree: TopicTree) -> list[Topic]:
    """Topics outside this branch under which the same papers stand, those of most papers first."""
    shared = Counter(pk for row in rows for pk in row.topics)
    outside = [
        other
        for other in tree.by_id.values()
        if other.pk in shared
        and topic.slug not in other.path_slugs
        and other.slug not in topic.path_slugs
    ]
    outside.sort(key=lambda other: (-shared[other.pk], other.position))
    shown = [copy(other) for other in outside[:10]]
    for other in shown:
        other.shared = shared[other.pk]  # type: ignore[attr-defined]
    return shown
