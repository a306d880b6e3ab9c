"""The taxonomy as an instrument: the map of the field, and one page a topic."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.words import Words
from kb.pages.learning.lectures import ShownLecture, read_of, shown, text_of
from kb.pages.papers import record_data
from kb.pages.rendering import render_part
from kb.pages.sharing import cards
from kb.pages.topic_facts import PaperUnder, TopicFacts, tallies
from kb.site.kept_parts import Later
from papers.models import Lecture, Paper, PaperTopic
from papers.places.pointing import under_topic
from papers.search.cards import cards as paper_cards
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
        "page": Later(lambda: {"shown": _Page(request, topic, tree)}),
    }
    return render(request, "topics/detail.html", context)


class _Page:
    """What a topic's page shows beside its name. Read are plain values; what takes longer is made
    of them only where the parts of the page that they make are not kept.

    read: all of it, as it was read.
    """

    most_surveys = SURVEYS

    def __init__(self, request: HttpRequest, topic: Topic, tree: TopicTree) -> None:
        self.user, self.topic, self.tree = request.user, topic, tree
        self.facts = TopicFacts.read(tree.below(topic), self.user)
        papers = self.facts.papers
        surveys = [row.pk for row in papers if row.kind == Paper.Kind.SURVEY][:SURVEYS]
        others = [row.pk for row in papers if row.kind != Paper.Kind.SURVEY][:NEWEST]
        lines = paper_cards([*surveys, *others], self.user, tree)
        self.surveys = [lines[pk] for pk in surveys if pk in lines]
        self.newest = [lines[pk] for pk in others if pk in lines]
        self.paper_count = len(papers)
        self.card = cards.of_topic(topic, len(papers))
        self.years = dict(Counter(paper.year for paper in papers))
        self.all_surveys = f"topic:{topic.slug} is:survey"
        self.mentions = under_topic(topic)
        self._text, self._language = text_of(topic), request.GET.get("text", "")
        self.has_lecture = self._text is not None
        self.lecture_read = read_of(self._text, self.user) if self._text else None
        self.told_at = None if self._text else _told_at(topic, tree.upward([topic.pk]))
        self.lecture = Later(lambda: {"lecture": self._lecture()})
        self.numbers = Later(lambda: tallies(self.facts.numbers))
        self.read = (
            *(tree.state, self.facts, self.mentions, self.lecture_read),
            self.told_at and self.told_at.pk,
            *(line.as_read for line in lines.values()),  # type: ignore[attr-defined]
        )

    def _lecture(self) -> ShownLecture | None:
        if self._text is None or self.lecture_read is None:
            return None
        _, basis = self.lecture_read
        return shown(self._text, basis, self.user, self._language)

    @cached_property
    def path(self) -> list[Topic]:
        return self.tree.upward([self.topic.pk])

    @cached_property
    def children(self) -> list[Node]:
        return _with_counts(self.facts.papers, self.topic, self.tree)

    @cached_property
    def siblings(self) -> list[Topic]:
        return [
            other
            for other in self.tree.by_id.values()
            if other.parent_id == self.topic.parent_id and other.pk != self.topic.pk
        ]

    @cached_property
    def seen_with(self) -> list[Topic]:
        return _seen_with(self.facts.papers, self.topic, self.tree)


def _told_at(topic: Topic, path: list[Topic]) -> Topic | None:
    """The nearest topic above that has a text; small topics are told of there."""
    above = sorted(
        (other for other in path if other.pk != topic.pk),
        key=lambda other: -other.depth,
    )
    with_text = set(Lecture.objects.filter(topic__in=above).values_list("topic", flat=True))
    return next((other for other in above if other.pk in with_text), None)


def _with_counts(rows: list[PaperUnder], topic: Topic, tree: TopicTree) -> list[Node]:
    below = [other for other in tree.by_id.values() if topic.slug in other.path_slugs]
    ids = {other.pk for other in below}
    placements = [(pk, row.pk) for row in rows for pk in row.topics if pk in ids]
    (node,) = assemble(below, placements)
    return node.children


def _seen_with(rows: list[PaperUnder], topic: Topic, tree: TopicTree) -> list[Topic]:
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
