"""The papers of a page of results, with all that a line in a list shows, in two questions.

The same as `for_cards()`, but read in one go, with the topics of the taxonomy that the search
has at hand anyway: a page is asked for at every keystroke, and the ORM's own prefetching takes
several times as long as PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

from django.db import connection

from accounts.models import Visitor
from papers.models import Authorship, Paper, PaperLink, PaperTopic, Person
from taxonomy.tree import TopicTree

# One kind of row after another, each in the order of its model.
_AROUND = """
SELECT 1, a.paper_id, a.position, a.id, a.printed_name, a.affiliation,
       p.id, p.slug, p.name, p.name_zh
FROM papers_authorship a
LEFT JOIN LATERAL (SELECT * FROM papers_person WHERE id = a.person_id LIMIT 1) p ON true
WHERE a.paper_id = ANY(%(ids)s)
UNION ALL
SELECT 2, paper_id, position, id, origin, NULL, topic_id, NULL, NULL, NULL
FROM papers_papertopic WHERE paper_id = ANY(%(ids)s)
UNION ALL
SELECT 3, paper_id, 0, id, kind, url, NULL, NULL, NULL, NULL
FROM papers_paperlink WHERE paper_id = ANY(%(ids)s)
ORDER BY 1, 2, 3, 4
"""
_AUTHORSHIP = ("id", "paper_id", "position", "printed_name", "person_id", "affiliation")
_PERSON = ("id", "slug", "name", "name_zh")
_PLACEMENT = ("id", "paper_id", "topic_id", "origin", "position")
_LINK = ("id", "paper_id", "kind", "url")

_person = Authorship._meta.get_field("person").set_cached_value
_topic = PaperTopic._meta.get_field("topic").set_cached_value


class Rows(list[Any]):
    """Rows that `paper.<name>.all()` gives; a question with more to it fails instead of asking."""


Around = dict[str, dict[int, Rows]]


def cards(
    paper_ids: Collection[int],
    user: Visitor,
    tree: TopicTree,
    *,
    meanwhile: Callable[[], object] | None = None,
) -> dict[int, Paper]:
    """Those of the papers that `user` may see, by id, with venue, authors, topics and links.

    meanwhile: called while PostgreSQL works.
    """
    if not paper_ids:
        if meanwhile:
            meanwhile()
        return {}
    seen = Paper.objects.visible_to(user).filter(pk__in=list(paper_ids)).select_related("venue")
    connection.ensure_connection()
    with connection.connection.pipeline(), connection.cursor() as cursor:
        cursor.execute(_AROUND, {"ids": list(paper_ids)})
        if meanwhile:
            meanwhile()
        papers = {paper.pk: paper for paper in seen.order_by()}
        around = _around(cursor.fetchall(), tree)
    for pk, paper in papers.items():
        paper.__dict__["_prefetched_objects_cache"] = {
            name: rows.get(pk, Rows()) for name, rows in around.items()
        }
    return papers


def _around(rows: list[tuple[Any, ...]], tree: TopicTree) -> Around:
    found: Around = {name: defaultdict(Rows) for name in ("authorships", "placements", "links")}
    people: dict[int | None, Person | None] = {None: None}
    for kind, paper_id, position, pk, text, more, other, *person in rows:
        if kind == 1:
            authorship = Authorship.from_db(
                connection.alias, _AUTHORSHIP, (pk, paper_id, position, text, other, more)
            )
            if other not in people:
                people[other] = Person.from_db(connection.alias, _PERSON, (other, *person))
            _person(authorship, people[other])
            found["authorships"][paper_id].append(authorship)
        elif kind == 2:
            placement = PaperTopic.from_db(
                connection.alias, _PLACEMENT, (pk, paper_id, other, text, position)
            )
            if topic := tree.by_id.get(other):
                _topic(placement, topic)
            found["placements"][paper_id].append(placement)
        else:
            link = PaperLink.from_db(connection.alias, _LINK, (pk, paper_id, text, more))
            found["links"][paper_id].append(link)
    return found
