"""The index of people: whom it lists, with how many papers, by what family name.

For readers without an account everybody is counted beforehand (`ListedPerson`). Whoever changed
since stands in `ListingChange`, written by triggers, and is counted when the index is read; so
it is never behind, and `fold` only keeps such readings short. Curators see more papers: for them
all is counted when they ask.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection, transaction
from django.urls import reverse

from accounts.models import Visitor
from papers.models import Paper
from papers.models.listing_triggers import EVERYBODY
from papers.names import fold as folded
from papers.search.plan import visible_states

FOLDING = 0x70656F706C65
"""Lock of the database under which changes are folded, by one process at a time."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
OTHER = "other"
Letter = tuple[str, str, int]
"""Value, label, and how many people there are under it."""

# As `Person.objects.visible_to`, with papers counted as `Paper.objects.visible_to`.
_COUNTED = """
SELECT p.id AS person_id,
       (SELECT count(DISTINCT a.paper_id)
        FROM papers_authorship a JOIN papers_paper w ON w.id = a.paper_id
        WHERE a.person_id = p.id
            AND (%(states)s::text[] IS NULL OR w.state = ANY(%(states)s))) AS papers,
       substring(own.folded from '[^ ]+$') AS family, own.folded
FROM papers_person p
JOIN papers_personalias own ON own.person_id = p.id AND own.name = p.name
WHERE p.merged_into_id IS NULL AND (
    p.curated
    OR EXISTS (SELECT FROM papers_authorship a JOIN papers_paper w ON w.id = a.paper_id
               WHERE a.person_id = p.id
                   AND (%(states)s::text[] IS NULL OR w.state = ANY(%(states)s)))
    OR NOT EXISTS (SELECT FROM papers_authorship a WHERE a.person_id = p.id)
    OR EXISTS (SELECT FROM papers_workshoprole r WHERE r.person_id = p.id)
    OR EXISTS (SELECT FROM papers_acceptedauthor r WHERE r.person_id = p.id)
    OR EXISTS (SELECT FROM papers_talk_speakers r WHERE r.person_id = p.id)
)
"""
_CHANGED = _COUNTED + " AND p.id = ANY(%(changed)s)"
_KEPT = "SELECT person_id, papers, family, folded FROM papers_listedperson"
_KEPT_AND_CHANGED = (
    f"{_KEPT} WHERE NOT person_id = ANY(%(changed)s)"  # noqa: S608 - constants of this file
    f" UNION ALL SELECT * FROM ({_CHANGED}) AS counted"
)
# Whose lines there are: people, and the authors of papers.
_WHO = """
SELECT person_id FROM papers_listingchange WHERE person_id IS NOT NULL
UNION SELECT a.person_id FROM papers_listingchange c
JOIN papers_authorship a ON a.paper_id = c.paper_id WHERE a.person_id IS NOT NULL
"""
_ORDERS = {"papers": "papers DESC, family, folded, person_id", "name": "family, folded, person_id"}
_PAGE = """
SELECT p.slug, p.name, p.name_zh, l.papers,
       (SELECT count(DISTINCT there.workshop_id) FROM (
            SELECT workshop_id FROM papers_workshoprole WHERE person_id = l.person_id
            UNION ALL SELECT w.workshop_id FROM papers_acceptedauthor a
            JOIN papers_acceptedpaper w ON w.id = a.accepted_id WHERE a.person_id = l.person_id
        ) AS there)
FROM (SELECT * FROM ({listed}) AS everybody {where} ORDER BY {order}
      LIMIT %(most)s OFFSET %(first)s) AS l
JOIN papers_person p ON p.id = l.person_id
ORDER BY {order}
"""


class Listed(NamedTuple):
    """A line of the index: works here, workshops in which they took part in any way."""

    slug: str
    name: str
    name_zh: str
    paper_count: int
    workshop_count: int

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])


class PeopleIndex:
    """The index as one reader sees it."""

    def __init__(self, user: Visitor = None) -> None:
        """Takes one query."""
        states = visible_states(user)
        self._given: dict[str, Any] = {"states": None if states is None else list(states)}
        changed = [] if states is None else self._changed()
        if states is None or EVERYBODY in changed:
            self._listed = _COUNTED
        elif changed:
            self._listed = _KEPT_AND_CHANGED
            self._given["changed"] = changed
        else:
            self._listed = _KEPT

    @staticmethod
    def _changed() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(_WHO)
            return [pk for (pk,) in cursor.fetchall()]

    def letters(self) -> list[Letter]:
        """Each first letter of a family name that occurs."""
        rows = self._rows(
            f"SELECT left(family, 1), count(*) FROM ({self._listed}) AS everybody GROUP BY 1"  # noqa: S608
        )
        counts = dict(rows)
        plain = [(x, x.upper(), counts[x]) for x in LETTERS if x in counts]
        other = sum(number for letter, number in rows if not letter or letter not in LETTERS)
        return [*plain, (OTHER, OTHER, other)] if other else plain

    def count(self, *, letter: str = "", words: str = "") -> int:
        """How many people there are under a letter, or with these words in a spelling."""
        where, given = _where(letter, words)
        question = f"SELECT count(*) FROM ({self._listed}) AS everybody {where}"  # noqa: S608
        return int(self._rows(question, **given)[0][0])

    def page(
        self, *, first: int, most: int, sort: str = "papers", letter: str = "", words: str = ""
    ) -> list[Listed]:
        """So many people from the `first` (from 0) on. sort: "papers" or "name"."""
        where, given = _where(letter, words)
        question = _PAGE.format(listed=self._listed, where=where, order=_ORDERS[sort])
        rows = self._rows(question, first=first, most=most, **given)
        return [Listed(*row) for row in rows]

    def _rows(self, question: str, **given: object) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(question, self._given | given)
            return cursor.fetchall()


def _where(letter: str, words: str) -> tuple[str, dict[str, object]]:
    """The condition of a question, and what it is given."""
    if letter == OTHER:
        return "WHERE family IS NULL OR family !~ '^[a-z]'", {}
    if letter:
        return "WHERE starts_with(family, %(letter)s)", {"letter": letter}
    if not words:
        return "", {}
    asked = folded(words).split()
    if not asked:
        return "WHERE false", {}
    given: dict[str, object] = {f"word{n}": _like(word) for n, word in enumerate(asked)}
    spelled = "person_id IN (SELECT person_id FROM papers_personalias WHERE folded LIKE %({})s)"
    return "WHERE " + " AND ".join(map(spelled.format, given)), given


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def fold() -> int:
    """Count anew whoever changed, for all readers to come; returns how many lines that took.

    A line is only seen once its transaction has ended, and what it tells of is counted after that:
    so nothing is missed, whoever writes meanwhile. Done twice at once, one of them waits.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLDING])
        cursor.execute(_TAKE)
        people, papers, lines = cursor.fetchone()
        if not lines:
            return 0
        given = {"states": [str(Paper.State.PUBLIC)], "changed": people, "papers": papers}
        everybody = EVERYBODY in people
        if not everybody:
            cursor.execute(_AUTHORS, given)
            given["changed"] = [*people, *(pk for (pk,) in cursor.fetchall())]
        whose = "" if everybody else " WHERE person_id = ANY(%(changed)s)"
        cursor.execute(f"DELETE FROM papers_listedperson{whose}", given)  # noqa: S608
        cursor.execute(
            "INSERT INTO papers_listedperson (person_id, papers, family, folded) "
            + (_COUNTED if everybody else _CHANGED),
            given,
        )
        return int(lines)


_TAKE = """
WITH taken AS (DELETE FROM papers_listingchange RETURNING person_id, paper_id)
SELECT coalesce(array_agg(DISTINCT person_id) FILTER (WHERE person_id IS NOT NULL), '{}'),
       coalesce(array_agg(DISTINCT paper_id) FILTER (WHERE paper_id IS NOT NULL), '{}'), count(*)
FROM taken
"""
_AUTHORS = """
SELECT DISTINCT person_id FROM papers_authorship
WHERE paper_id = ANY(%(papers)s) AND person_id IS NOT NULL
"""


def count_everybody_anew() -> None:
    """Have all be counted by the next `fold`: where rows came in by a way without triggers."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO papers_listingchange (person_id) VALUES (%s)", [EVERYBODY])


__all__ = ["Listed", "PeopleIndex", "count_everybody_anew", "fold"]
