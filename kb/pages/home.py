"""The front page: the map of the field, how it stands, where to go from here, what is new."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from kb.pages.papers import record_data
from kb.site.kept_parts import Later
from papers.models import Workshop
from papers.search.plan import visible_states
from reproductions.ledger.standing import by_kind
from taxonomy.models import Node, Topic, assemble
from taxonomy.tree import TopicTree

WIDTHS = 12
"""Classes of width in the map: `grow-1` to `grow-12` in the style sheet."""

FEW = 4
"""Children of a facet, up to which several facets share a row of the map."""


NEWEST, MILESTONES, WORKSHOPS = 7, 6, 5
_SEEN = "(%(states)s::text[] IS NULL OR p.state = ANY(%(states)s))"
_PLACED = f"""
SELECT t.topic_id, string_agg(t.paper_id::text, ',')
FROM papers_papertopic t JOIN papers_paper p ON p.id = t.paper_id WHERE {_SEEN} GROUP BY 1
"""  # noqa: S608 - put together from constants
_YEARS = f"SELECT p.year, count(*) FROM papers_paper p WHERE {_SEEN} GROUP BY 1 ORDER BY 1"  # noqa: S608
# Uploads from outside the field, which have no topic, are left out.
_NEWEST = f"""
SELECT p.key, p.title, p.year, p.month, v.name
FROM papers_paper p LEFT JOIN papers_venue v ON v.id = p.venue_id
WHERE {_SEEN} AND EXISTS (SELECT FROM papers_papertopic t WHERE t.paper_id = p.id)
ORDER BY p.year DESC, p.month DESC NULLS LAST, p.id DESC LIMIT {NEWEST}
"""  # noqa: S608
_PATHS = "SELECT slug, title, title_zh FROM papers_readingpath ORDER BY position, slug"
_STEPS = """
SELECT e.year, e.title, p.key FROM papers_timelineevent e
LEFT JOIN papers_paper p ON p.id = e.paper_id WHERE e.domain = 'model' ORDER BY e.year, e.id
"""
_WORKSHOPS = f"""
SELECT w.slug, w.acronym, w.name, w.year, w.host_conference,
       (SELECT count(*) FROM papers_acceptedpaper WHERE workshop_id = w.id)
FROM papers_workshop w WHERE w.state = '{Workshop.State.PUBLIC}'
ORDER BY w.year DESC, w.date DESC, w.slug LIMIT {WORKSHOPS}
"""  # noqa: S608


class NewPaper(NamedTuple):
    """A paper in a line. venue: its name, None without one."""

    key: str
    title: str
    year: int
    month: int | None
    venue: str | None

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.key])


class ShownPath(NamedTuple):
    """A reading path by its title."""

    slug: str
    title: str
    title_zh: str

    def get_absolute_url(self) -> str:
        return reverse("path", args=[self.slug])


class Step(NamedTuple):
    """A step in the field's history, with the key of the paper that took it."""

    year: int
    title: str
    key: str | None

    @property
    def paper(self) -> str:
        """Its address; "" without a paper."""
        return reverse("paper", args=[self.key]) if self.key else ""


class ShownWorkshop(NamedTuple):
    """A workshop in a line."""

    slug: str
    acronym: str
    name: str
    year: int
    host_conference: str
    accepted_count: int

    def get_absolute_url(self) -> str:
        return reverse("workshop", args=[self.slug])


@dataclass(frozen=True)
class Field:
    """The field as it stands, in plain values. placed: ids of papers by topic; years: papers of
    each; counts: of the first sentence."""

    taxonomy: tuple[object, ...]
    placed: dict[int, str]
    years: dict[int, int]
    counts: dict[str, int]
    newest: list[NewPaper]
    paths: list[ShownPath]
    milestones: list[Step]
    workshops: list[ShownWorkshop]

    @classmethod
    def read(cls, tree: TopicTree, user: Visitor) -> Field:
        """What `user` may see of it, in seven questions."""
        states = visible_states(user)
        asked = {"states": None if states is None else list(states)}
        with connection.cursor() as cursor:

            def rows(question: str) -> list[Any]:
                cursor.execute(question, asked)
                return cursor.fetchall()

            years = dict(rows(_YEARS))
            kinds = by_kind(user)
            return cls(
                taxonomy=tree.state,
                placed=dict(rows(_PLACED)),
                years=years,
                counts={
                    "papers": sum(years.values()),
                    "topics": len(tree.by_id),
                    "numbers": kinds.costs.total + kinds.behaviour.total,
                    "costs_met": kinds.costs.met,
                    "behaviour_met": kinds.behaviour.met,
                    "missed": kinds.costs.outside + kinds.behaviour.outside,
                },
                newest=[NewPaper(*row) for row in rows(_NEWEST)],
                paths=[ShownPath(*row) for row in rows(_PATHS)],
                milestones=_spread([Step(*row) for row in rows(_STEPS)], MILESTONES),
                workshops=[ShownWorkshop(*row) for row in rows(_WORKSHOPS)],
            )

    def forest(self, tree: TopicTree) -> list[Node]:
        """The map: topics with their papers."""
        placed: dict[int, set[int | str]] = {
            topic: set(ids.split(",")) for topic, ids in self.placed.items()
        }
        return with_widths(assemble(tree.by_id.values(), placed=placed))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; it is put together only of what is not kept of it."""
    context = {
        "section": "home",
        "data": record_data.website(request),
        "page": Later(lambda: _shown(request.user)),
    }
    return render(request, "home.html", context)


def _shown(user: Visitor) -> dict[str, Any]:
    tree = TopicTree.read()
    field = Field.read(tree, user)
    return {
        "field": field,
        "map_read": (field.taxonomy, field.placed),
        "map": Later(lambda: {"forest": field.forest(tree)}),
        "newest_month": month_of(field.newest),
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


def month_of(newest: list[NewPaper]) -> dt.date | None:
    """The first day of the newest paper's month; None where it is not known."""
    month = newest[0].month if newest else None
    return dt.date(newest[0].year, month, 1) if month else None


def _spread(events: list[Step], number: int) -> list[Step]:
    """`number` events spread evenly over the whole history, first and last among them."""
    if len(events) <= number:
        return events
    return [events[round(i * (len(events) - 1) / (number - 1))] for i in range(number)]
