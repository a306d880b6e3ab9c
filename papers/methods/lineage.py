"""How methods come from each other: what surrounds one, and what stands under one topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Visitor
from accounts.words import Words
from papers.models import Method, PaperTopic
from papers.models.method import read_papers
from taxonomy.models import Topic

KINDS = {"extends": "extends", "answers": "answers", "compared_with": Words("is compared with")}
MOST_AROUND = 22
"""Methods in the picture of one; more would be a hairball."""
MOST_UNDER_TOPIC = 60


@dataclass(frozen=True)
class Edge:
    """From the later method to what it extends, answers, or is compared with; by slug."""

    later: str
    earlier: str
    kind: str


@dataclass(frozen=True)
class Node:
    """A method in a picture, with the topic under which its paper stands."""

    method: Method
    topic: Topic | None

    @property
    def year(self) -> int:
        return self.method.year or 0


@dataclass(frozen=True)
class Picture:
    """Methods in time, with what joins them. left_out: how many more belong to it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0

    def told(self) -> list[tuple[Node, list[tuple[str, list[Method]]]]]:
        """For each method what it extends, answers and is compared with: the picture as a table."""
        by_slug = {node.method.slug: node.method for node in self.nodes}
        rows = []
        for node in self.nodes:
            own = [edge for edge in self.edges if edge.later == node.method.slug]
            kinds = [
                (text, [by_slug[edge.earlier] for edge in own if edge.kind == kind])
                for kind, text in KINDS.items()
            ]
            rows.append((node, [(text, methods) for text, methods in kinds if methods]))
        return rows


class Lineage:
    """All methods that a reader sees, and what joins them."""

    def __init__(self, user: Visitor = None) -> None:
        self._user = user
        methods = list(Method.objects.visible_to(user).joined())
        self.by_slug = {method.slug: method for method in methods}
        self.edges = [
            Edge(method.slug, other, kind)
            for method in methods
            for kind in KINDS
            for other in getattr(method, kind)
            if other in self.by_slug and other != method.slug
        ]

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Where each method stands, by its slug."""
        return self._topics_of(self.by_slug)

    def _topics_of(self, slugs: Iterable[str]) -> dict[str, Topic]:
        methods = [self.by_slug[slug] for slug in slugs]
        read_papers(methods, self._user)
        return _topics_of(methods)

    def around(self, slug: str) -> Picture:
        """What a method comes from, what came from it, and what it is compared with; the nearest
        first, so many at most. Topics are read of these alone."""
        order = dict.fromkeys(self._nearest(slug))
        kept = list(order)[:MOST_AROUND]
        return self._picture(kept, len(order) - len(kept), self._topics_of(kept))

    def has(self, topic: Topic) -> bool:
        """Whether a method stands at the topic or below it."""
        paths = {placed.path for placed in self.topics.values()}
        return any(path == topic.path or path.startswith(f"{topic.path}/") for path in paths)

    def under(self, topic: Topic) -> Picture:
        """Methods at a topic or below that come from each other, and what they come from."""
        below = f"{topic.path}/"
        own = {
            slug
            for slug, placed in self.topics.items()
            if placed.pk == topic.pk or placed.path.startswith(below)
        }
        near = [edge for edge in self._descent() if edge.later in own]
        joined = dict.fromkeys(slug for edge in near for slug in (edge.earlier, edge.later))
        kept = sorted(joined, key=self._in_time)[-MOST_UNDER_TOPIC:]
        picture = self._picture(kept, len(joined) - len(kept), self.topics)
        edges = tuple(edge for edge in picture.edges if edge.kind != "compared_with")
        return Picture(picture.nodes, edges, picture.left_out)

    def panels(self) -> list[tuple[Topic, Picture, int]]:
        """Topics with at least three methods that come from each other: the topic, its picture,
        and how many methods it has in all; those with most first."""
        by_topic: dict[int, list[str]] = defaultdict(list)
        for slug, topic in self.topics.items():
            by_topic[topic.pk].append(slug)
        topics = {topic.pk: topic for topic in self.topics.values()}
        panels = [
            (topics[pk], self.under(topics[pk]), len(slugs)) for pk, slugs in by_topic.items()
        ]
        shown = [panel for panel in panels if len(panel[1].nodes) >= 3]
        return sorted(shown, key=lambda panel: (-len(panel[1].nodes), panel[0].position))

    def _descent(self) -> list[Edge]:
        return [edge for edge in self.edges if edge.kind != "compared_with"]

    def _nearest(self, slug: str) -> Iterator[str]:
        """The method, then step by step what it comes from and what comes from it, then rivals."""
        yield slug
        up = down = [slug]
        seen = {slug}
        for _ in range(3):
            up = [e.earlier for e in self._descent() if e.later in up and e.earlier not in seen]
            down = [e.later for e in self._descent() if e.earlier in down and e.later not in seen]
            seen |= {*up, *down}
            yield from up
            yield from sorted(down, key=self._in_time)
        rivals = [e.earlier for e in self.edges if e.later == slug]
        yield from [*rivals, *(e.later for e in self.edges if e.earlier == slug)]

    def _picture(self, slugs: Iterable[str], left_out: int, topics: Mapping[str, Topic]) -> Picture:
        kept = sorted(set(slugs), key=self._in_time)
        nodes = tuple(Node(self.by_slug[slug], topics.get(slug)) for slug in kept)
        inside = set(kept)
        edges = [e for e in self.edges if e.later in inside and e.earlier in inside]
        return Picture(nodes, tuple(edges), left_out)

    def _in_time(self, slug: str) -> tuple[int, str]:
        return self.by_slug[slug].year or 0, self.by_slug[slug].name.casefold()


def _topics_of(methods: Iterable[Method]) -> dict[str, Topic]:
    """The first topic of the paper that introduces each method, leaving applications and the like
    aside where an axis is named too."""
    paper_of = {method.slug: papers[0].pk for method in methods if (papers := method.introduced_by)}
    rows = PaperTopic.objects.filter(paper__in=set(paper_of.values())).select_related("topic")
    placed: dict[int, list[Topic]] = defaultdict(list)
    for row in rows.order_by("position", "id"):
        placed[row.paper_id].append(row.topic)
    topic_of = {}
    for slug, paper in paper_of.items():
        topics = placed.get(paper, [])
        on_axis = [topic for topic in topics if topic.axis != Topic.Axis.FACET]
        if topics:
            topic_of[slug] = (on_axis or topics)[0]
    return topic_of
