"""The papers of a page of results, with all that a line in a list shows, in two questions.

The same as `for_cards()`, but read in one go, with the topics of the taxonomy that the search
has at hand anyway: a page is asked for at every keystroke, and the ORM's own compiling, loading
and prefetching take several times as long as PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from accounts.models import Visitor
from papers.models import Authorship, Paper, PaperLink, PaperTopic, Person, Venue
from papers.search.asking import asking, literal
from papers.search.plan import visible_states
from taxonomy.tree import TopicTree

Row = TypeVar("Row", bound=models.Model)


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


# Only names of tables and columns are put into these texts; values go as parameters.
_PAPERS = f"""
SELECT {_columns(Paper, "p")}, {_columns(Venue, "v")}
FROM papers_paper p LEFT JOIN papers_venue v ON v.id = p.venue_id
WHERE p.id = ANY(%(ids)s::bigint[]) AND (%(states)s::text[] IS NULL OR p.state = ANY(%(states)s))
"""  # noqa: S608 - the names are those of models
# One kind of row after another, each in the order of its model.
_AROUND = """
SELECT 1, a.paper_id, a.position, a.id, a.printed_name, a.affiliation,
       p.id, p.slug, p.name, p.name_zh
FROM papers_authorship a
LEFT JOIN LATERAL (SELECT * FROM papers_person WHERE id = a.person_id LIMIT 1) p ON true
WHERE a.paper_id = ANY(%(ids)s::bigint[])
UNION ALL
SELECT 2, paper_id, position, id, origin, NULL, topic_id, NULL, NULL, NULL
FROM papers_papertopic WHERE paper_id = ANY(%(ids)s::bigint[])
UNION ALL
SELECT 3, paper_id, 0, id, kind, url, NULL, NULL, NULL, NULL
FROM papers_paperlink WHERE paper_id = ANY(%(ids)s::bigint[])
ORDER BY 1, 2, 3, 4
"""
_AUTHORSHIP = ("id", "paper_id", "position", "printed_name", "person_id", "affiliation")
_PERSON = ("id", "slug", "name", "name_zh")
_PLACEMENT = ("id", "paper_id", "topic_id", "origin", "position")
_LINK = ("id", "paper_id", "kind", "url")

_PAPER, _VENUE = _names(Paper), _names(Venue)
_LOADED: dict[type[models.Model], tuple[tuple[int, Callable[..., Any]], ...]] = {
    model: tuple(
        (place, field.from_db_value)  # JSON comes as text
        for place, field in enumerate(model._meta.concrete_fields)
        if hasattr(field, "from_db_value")
    )
    for model in (Paper, Venue)
}

# What most lists and mappings are; to have them read as JSON takes longer than the row itself.
_EMPTY: dict[object, Callable[[], object]] = {"[]": list, "{}": dict}


class Rows(list[Any]):
    """Rows that `paper.<name>.all()` gives; a question with more to it fails instead of asking."""


Around = dict[str, dict[int, Rows]]


@dataclass(frozen=True)
class Read:
    """Rows of cards as PostgreSQL gave them. beside: the first row of each question asked along."""

    rows: list[Sequence[Any]]
    around: list[Sequence[Any]]
    beside: tuple[Sequence[Any], ...]

    def cards(self, tree: TopicTree) -> dict[int, Paper]:
        """The papers by id, with venue, authors, topics and links.

        Each says in `as_read` what was read of it: equal values make equal lines.
        """
        papers, around = _papers(self.rows), _around(self.around, tree)
        as_read: dict[int, list[Sequence[Any]]] = {row[0]: [row, tree.state] for row in self.rows}
        for row in self.around:
            if row[1] in as_read:
                as_read[row[1]].append(row)
        for pk, paper in papers.items():
            paper.as_read = as_read[pk]  # type: ignore[attr-defined]
            paper.__dict__["_prefetched_objects_cache"] = {
                name: rows.get(pk, Rows()) for name, rows in around.items()
            }
        return papers


def read_cards(
    paper_ids: Collection[int],
    user: Visitor,
    *,
    beside: Sequence[str] = (),
    meanwhile: Callable[[], object] | None = None,
) -> Read:
    """Rows of those of the papers that `user` may see.

    beside: questions of one row each without parameters, which need no round trip of their own.
    meanwhile: called while PostgreSQL works; must not use the database.
    """
    states = visible_states(user)
    parameters = {"ids": literal(paper_ids), "states": None if states is None else list(states)}
    asked = [(sql, parameters) for sql in (_PAPERS, _AROUND) if paper_ids]
    asked += [(sql, {}) for sql in beside]
    with asking() as ask:
        answers = [ask(sql, values) for sql, values in asked]
        if meanwhile:
            meanwhile()
        rows = [answer() for answer in answers]
    papers, around = rows[:2] if paper_ids else ([], [])
    return Read(papers, around, tuple(first for (first,) in rows[2 if paper_ids else 0 :]))


def cards(paper_ids: Collection[int], user: Visitor, tree: TopicTree) -> dict[int, Paper]:
    """Those of the papers that `user` may see, as `Read.cards` gives them."""
    return read_cards(paper_ids, user).cards(tree) if paper_ids else {}


def _papers(rows: Iterable[Sequence[Any]]) -> dict[int, Paper]:
    papers: dict[int, Paper] = {}
    venues: dict[int | None, Venue | None] = {None: None}
    for row in rows:
        paper = _loaded(Paper, _PAPER, row[: len(_PAPER)])
        if paper.venue_id not in venues:
            venues[paper.venue_id] = _loaded(Venue, _VENUE, row[len(_PAPER) :])
        paper._state.fields_cache["venue"] = venues[paper.venue_id]
        papers[paper.pk] = paper
    return papers


def _loaded(model: type[Row], names: Sequence[str], row: Sequence[Any]) -> Row:
    """A row of a model as its fields load it."""
    values = list(row)
    for place, load in _LOADED[model]:
        make = _EMPTY.get(values[place])
        values[place] = make() if make else load(values[place], None, connection)
    return _row_of(model, names, values)


def _around(rows: Iterable[Sequence[Any]], tree: TopicTree) -> Around:
    rows_by_table: Around = {
        name: defaultdict(Rows) for name in ("authorships", "placements", "links")
    }
    people: dict[int | None, Person | None] = {None: None}
    for kind, paper_id, position, pk, text, more, other, *person in rows:
        if kind == 1:
            written = (pk, paper_id, position, text, other, more)
            authorship = _row_of(Authorship, _AUTHORSHIP, written)
            if other not in people:
                people[other] = _row_of(Person, _PERSON, (other, *person))
            authorship._state.fields_cache["person"] = people[other]
            rows_by_table["authorships"][paper_id].append(authorship)
        elif kind == 2:
            placed = (pk, paper_id, other, text, position)
            placement = _row_of(PaperTopic, _PLACEMENT, placed)
            if topic := tree.by_id.get(other):
                placement._state.fields_cache["topic"] = topic
            rows_by_table["placements"][paper_id].append(placement)
        else:
            link = _row_of(PaperLink, _LINK, (pk, paper_id, text, more))
            rows_by_table["links"][paper_id].append(link)
    return rows_by_table


def _row_of(model: type[Row], names: Sequence[str], values: Sequence[Any]) -> Row:
    """A stored row, as `from_db` makes it, without the signals and checks of a constructor: there
    are two hundred on a page. Columns that are not given are read when they are asked for."""
    row = model.__new__(model)
    state = ModelState()
    state.__dict__.update(_STORED)
    row.__dict__.update(zip(names, values, strict=True), _state=state)
    return row


_STORED = {"adding": False, "db": DEFAULT_DB_ALIAS}
