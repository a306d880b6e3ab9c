"""What a topic's page shows of its papers, in few questions whose answers are plain values.

A page of a topic counts hundreds of papers and shows a dozen. To make records of them, and to put
the questions together from models each time, takes several times as long as to ask them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse

from accounts.models import Visitor
from papers.search.plan import visible_states
from reproductions.ledger.summary import Tally

MOST_PEOPLE = 12
_UNDER = """
    p.id IN (SELECT paper_id FROM papers_papertopic WHERE topic_id = ANY(%(topics)s))
    AND (%(states)s::text[] IS NULL OR p.state = ANY(%(states)s))
"""
_PAPERS = f"""
SELECT p.id, p.key, p.year, p.kind,
       ARRAY(SELECT topic_id FROM papers_papertopic WHERE paper_id = p.id ORDER BY id),
       (SELECT json_agg(json_build_object('id', e.id, 'year', e.year, 'title', e.title,
                                          'why', e.why))::text
        FROM papers_timelineevent e WHERE e.paper_id = p.id)
FROM papers_paper p WHERE {_UNDER}
ORDER BY p.year DESC, p.month DESC NULLS LAST, p.id DESC
"""  # noqa: S608 - put together from constants
_PEOPLE = f"""
SELECT who.slug, who.name, written.papers FROM (
    SELECT a.person_id, count(DISTINCT a.paper_id) AS papers
    FROM papers_authorship a JOIN papers_paper p ON p.id = a.paper_id
    WHERE a.person_id IS NOT NULL AND {_UNDER}
    GROUP BY a.person_id HAVING count(DISTINCT a.paper_id) >= 2
) AS written JOIN papers_person who ON who.id = written.person_id
ORDER BY written.papers DESC, who.name, who.id LIMIT {MOST_PEOPLE}
"""  # noqa: S608
_NUMBERS = f"""
SELECT p.id, p.key, p.title, p.year, n.state, count(DISTINCT n.id),
       array_remove(array_agg(DISTINCT c.program), NULL)
FROM reproductions_publishednumber n
JOIN papers_paper p ON p.id = n.paper_id
LEFT JOIN reproductions_claim c ON c.number_id = n.id AND c.withdrawn_at IS NULL
WHERE n.withdrawn_at IS NULL AND p.state = 'public' AND {_UNDER}
GROUP BY p.id, n.state ORDER BY p.id, n.state
"""  # noqa: S608


class PaperUnder(NamedTuple):
    """A paper under the topic, with the ids of all topics at which it is placed.

    milestones: what of the field's history it took part in, each with id, year, title and why, as
    JSON; None without any.
    """

    pk: int
    key: str
    year: int
    kind: str
    topics: list[int]
    milestones: str | None


class OftenHere(NamedTuple):
    """Somebody who wrote several papers of the topic."""

    slug: str
    name: str
    paper_count: int

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])


@dataclass(frozen=True)
class TopicFacts:
    """The papers, the newest first; who wrote most of them; the numbers that they print."""

    papers: list[PaperUnder]
    people: list[OftenHere]
    numbers: list[tuple[Any, ...]]

    @classmethod
    def read(cls, topics: Sequence[int], user: Visitor) -> TopicFacts:
        """Of papers at any of these topics that `user` may see; numbers: of public papers. Three
        questions."""
        states = visible_states(user)
        asked = {"topics": list(topics), "states": None if states is None else list(states)}
        with connection.cursor() as cursor:
            cursor.execute(_PAPERS, asked)
            papers = [PaperUnder(*row) for row in cursor.fetchall()]
            cursor.execute(_PEOPLE, asked)
            people = [OftenHere(*row) for row in cursor.fetchall()]
            cursor.execute(_NUMBERS, asked)
            return cls(papers, people, cursor.fetchall())

    @cached_property
    def milestones(self) -> list[dict[str, Any]]:
        """The steps in the field's history that these papers took, each with its paper's key."""
        steps = [
            step | {"key": paper.key}
            for paper in self.papers
            if paper.milestones
            for step in json.loads(paper.milestones)
        ]
        return sorted(steps, key=lambda step: (step["year"], step["id"]))


@dataclass(frozen=True)
class PaperTally:
    """A paper, the states of its numbers, and the programs that test them."""

    key: str
    title: str
    year: int
    tally: Tally
    programs: list[str]

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.key])


def tallies(numbers: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """Papers with numbers, the most verified first, and all their numbers together."""
    papers: dict[int, tuple[str, str, int]] = {}
    states: defaultdict[int, Counter[str]] = defaultdict(Counter)
    programs: defaultdict[int, set[str]] = defaultdict(set)
    for pk, key, title, year, state, count, names in numbers:
        papers[pk] = (key, title, year)
        states[pk][state] += count
        programs[pk].update(names)
    rows = [
        PaperTally(*papers[pk], Tally(counts), sorted(programs[pk]))
        for pk, counts in states.items()
    ]
    rows.sort(key=lambda row: (-row.tally.verified, -row.tally.total, row.title))
    return {"papers": rows, "tally": Tally(sum((row.tally.counts for row in rows), Counter()))}
