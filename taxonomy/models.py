"""The field's taxonomy: three axes of adaptation and the facets beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pghistory
from django.db import models
from django.urls import reverse

from accounts.words import Words


def remember(
    model: type[models.Model], *, belongs_to: str = "", leave_out: tuple[str, ...] = ()
) -> None:
    """Have the database keep every change of `model`'s rows; see papers/models/history.py.

    belongs_to: the foreign key by which events of this model are looked up.
    """
    name = model.__name__
    by_owner = [models.Index(fields=[belongs_to], name=f"past_{name}_of".lower())]
    track = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        exclude=list(leave_out) or None,
        obj_field=pghistory.ObjForeignKey(related_name="+"),
        model_name=f"{name}Event",
        meta={"indexes": by_owner} if belongs_to else None,
    )
    track(model)


class TopicQuerySet(models.QuerySet["Topic"]):
    def roots(self) -> TopicQuerySet:
        """The axes and facets, in the order of the survey."""
        return self.filter(parent=None)

    def under(self, topic: Topic) -> TopicQuerySet:
        """`topic` itself and everything below it."""
        return self.filter(models.Q(path=topic.path) | models.Q(path__startswith=topic.path + "/"))


class Topic(models.Model):
    """One node of the tree. A paper may stand under several nodes."""

    class Axis(models.TextChoices):
        """What adapts; `facet` for the nodes that say how, where or why instead."""

        INSTANCE = "instance", Words("instance-wise")
        SPATIAL = "spatial", Words("spatial-wise")
        TEMPORAL = "temporal", Words("temporal-wise")
        FACET = "facet", Words("facet")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    definition = models.TextField(blank=True)
    definition_zh = models.TextField(blank=True)
    in_survey = models.BooleanField(
        default=True, help_text="False where this project added the node to the survey's tree."
    )
    position = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=400, db_index=True, editable=False)
    axis = models.CharField(max_length=10, choices=Axis, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    @property
    def depth(self) -> int:
        """0 for a root."""
        return self.path.count("/")

    @property
    def root_slug(self) -> str:
        return self.path.split("/", 1)[0]

    @property
    def path_slugs(self) -> list[str]:
        """Slugs from the root down to this node."""
        return self.path.split("/")


remember(Topic)

AXIS_OF_ROOT = {
    "instance-wise": Topic.Axis.INSTANCE,
    "spatial-wise": Topic.Axis.SPATIAL,
    "temporal-wise": Topic.Axis.TEMPORAL,
}


@dataclass
class Node:
    """A topic in the assembled tree, with the number of papers at or below it."""

    topic: Topic
    children: list[Node] = field(default_factory=list)
    paper_ids: set[int | str] = field(default_factory=set)
    height: int = 0
    width: int = 1
    whole_row: bool = False

    @property
    def paper_count(self) -> int:
        """Papers at this node or below, each counted once."""
        return len(self.paper_ids)

    def walk(self) -> Iterable[Node]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def assemble(
    topics: Iterable[Topic],
    placements: Iterable[tuple[int, int]] = (),
    placed: Mapping[int, set[int | str]] | None = None,
) -> list[Node]:
    """The forest of `topics`, each node with the papers placed at or below it.

    topics: parents before children (the default order).
    placements: pairs (topic id, paper id). A paper placed at several nodes counts once in each
    common ancestor. placed: the same by topic.
    """
    at = placed or {}
    nodes = {topic.pk: Node(topic, paper_ids=set(at.get(topic.pk, ()))) for topic in topics}
    for topic_id, paper_id in placements:
        if topic_id in nodes:
            nodes[topic_id].paper_ids.add(paper_id)
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.topic.parent_id or 0)
        (parent.children if parent else roots).append(node)
    for node in reversed(list(nodes.values())):
        if parent := nodes.get(node.topic.parent_id or 0):
            parent.paper_ids |= node.paper_ids
    return roots
