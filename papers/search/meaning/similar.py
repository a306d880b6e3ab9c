"""Papers like a given one, each with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import get_language, gettext

from accounts.models import Visitor
from papers.models import Authorship, Paper, PaperTopic, Person
from papers.search.meaning import nearest
from papers.search.plan import visible_states
from taxonomy.models import Topic

NEAR = 60
TOPIC_WORTH = 0.12
PERSON_WORTH = 0.05
MOST_AROUND = 400


@dataclass(frozen=True)
class Similar:
    """`nearness`: cosine of the two papers' vectors, None if either has none."""

    paper: Paper
    nearness: float | None
    shared_topics: tuple[Topic, ...]
    shared_people: tuple[Person, ...]

    @property
    def reason(self) -> str:
        """In words, strongest first."""
        parts = []
        if self.nearness is not None:
            parts.append(gettext("near in meaning ({value})").format(value=f"{self.nearness:.2f}"))
        if self.shared_topics:
            names = gettext(", ").join(_named(topic) for topic in self.shared_topics[:3])
            parts.append(gettext("both under {names}").format(names=names))
        if self.shared_people:
            names = gettext(", ").join(person.name for person in self.shared_people[:3])
            parts.append(gettext("also by {names}").format(names=names))
        line = gettext("; ").join(parts)
        return line[:1].upper() + line[1:]


def _named(topic: Topic) -> str:
    """The topic's name in the language that is spoken, where it has one."""
    return (
        topic.name_zh if (get_language() or "").startswith("zh") and topic.name_zh else topic.name
    )


def similar_papers(paper: Paper, *, user: Visitor = None, most: int = 6) -> list[Similar]:
    """Papers near in meaning, under the same topics, or by the same people; best first.

    A shared topic counts for more the fewer papers stand under it.
    """
    near = _near(paper, user)
    topics = _shared_topics(paper)
    people = _shared_people(paper)
    crowd = dict(
        PaperTopic.objects.filter(topic__in={t for own in topics.values() for t in own})
        .values_list("topic")
        .annotate(Count("paper"))
    )
    scores = {
        pk: near.get(pk, 0.0)
        + sum(TOPIC_WORTH / (1 + crowd.get(topic, 1)) ** 0.5 for topic in topics.get(pk, ()))
        + PERSON_WORTH * min(len(people.get(pk, ())), 2)
        for pk in near.keys() | topics.keys() | people.keys()
    }
    best = sorted(scores, key=lambda pk: (-scores[pk], pk))[: most + 10]
    cards = Paper.objects.visible_to(user).filter(pk__in=best).for_bylines()
    by_id = {card.pk: card for card in cards}
    shown = [by_id[pk] for pk in best if pk in by_id][:most]
    return [_explained(card, near, topics, people) for card in shown]


def _explained(
    card: Paper,
    near: dict[int, float],
    topics: dict[int, list[int]],
    people: dict[int, list[int]],
) -> Similar:
    """Names come from what the card has loaded."""
    placed = {placement.topic_id: placement.topic for placement in card.placements.all()}
    wrote = {row.person_id: row.person for row in card.authorships.all() if row.person}
    return Similar(
        paper=card,
        nearness=near.get(card.pk),
        shared_topics=tuple(placed[pk] for pk in topics.get(card.pk, ()) if pk in placed),
        shared_people=tuple(wrote[pk] for pk in people.get(card.pk, ()) if pk in wrote),
    )


def _near(paper: Paper, user: Visitor) -> dict[int, float]:
    vector = nearest.vector_of(paper.pk)
    if vector is None:
        return {}
    cosines = dict(nearest.nearest(vector, NEAR, visible_states(user)))
    cosines.pop(paper.pk, None)
    return cosines


def _shared_topics(paper: Paper) -> dict[int, list[int]]:
    own = PaperTopic.objects.filter(paper=paper).values("topic")
    rows = PaperTopic.objects.filter(topic__in=own).exclude(paper=paper)
    return _gathered(rows.order_by("-paper").values_list("paper", "topic")[:MOST_AROUND])


def _shared_people(paper: Paper) -> dict[int, list[int]]:
    own = Authorship.objects.filter(paper=paper).exclude(person=None).values("person")
    rows = Authorship.objects.filter(person__in=own).exclude(paper=paper)
    return _gathered(rows.order_by("-paper").values_list("paper", "person")[:MOST_AROUND])


def _gathered(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    values: dict[int, list[int]] = defaultdict(list)
    for key, value in pairs:
        values[key].append(value)
    return dict(values)
