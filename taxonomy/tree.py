"""The taxonomy as a tree at hand: read once while none of its rows changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from taxonomy.models import Topic


@dataclass(frozen=True, eq=False)
class TopicTree:
    """The taxonomy by id: each topic with its ancestors, root first. What is worked out of a state
    of it can be kept by the tree itself.

    state: another one for each state of the taxonomy's rows.
    """

    by_id: dict[int, Topic]
    by_slug: dict[str, Topic]
    state: tuple[object, ...]

    @classmethod
    def read(cls) -> TopicTree:
        """All topics, in one query; in one that only compares while none of them has changed."""
        with connection.cursor() as cursor:
            cursor.execute(STATE_OF_TOPICS)
            return cls.as_of(cursor.fetchone())

    @classmethod
    def as_of(cls, told: Sequence[object]) -> TopicTree:
        """All topics. told: the row that STATE_OF_TOPICS gives; read if it is not as it was."""
        state = tuple(told)
        if (known := _trees.get(state)) is not None:
            return known
        topics = list(Topic.objects.all())
        by_slug = {topic.slug: topic for topic in topics}
        tree = cls({topic.pk: topic for topic in topics}, by_slug, state)
        _trees.clear()
        _trees[state] = tree
        return tree

    def below(self, topic: Topic) -> list[int]:
        """Ids of the topic and of all topics below it."""
        return [other.pk for other in self.by_id.values() if topic.slug in other.path_slugs]

    def upward(self, topic_ids: Iterable[int]) -> list[Topic]:
        """The topics with all their ancestors, each once, roots first."""
        slugs = {slug for pk in topic_ids if pk in self.by_id for slug in self.by_id[pk].path_slugs}
        topics = [self.by_slug[slug] for slug in slugs if slug in self.by_slug]
        return sorted(topics, key=lambda topic: topic.position)


# Every version of a row is told from every other by the command and transaction that wrote it.
STATE_OF_TOPICS = """
SELECT current_database()::text, count(*),
       sum(hashtextextended(concat_ws('.', id, xmin, cmin), 0)) FROM taxonomy_topic
"""
_trees: dict[tuple[object, ...], TopicTree] = {}


def topic_names(topic: Topic) -> list[str]:
    """Every name by which a topic is known."""
    return [topic.name, topic.slug.replace("-", " "), *map(str, topic.aliases)]
