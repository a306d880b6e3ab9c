"""Papers of a collection as rows, with all that facets count, copied into PostgreSQL in bulk."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.db import connection, models

from benchmarks.search_collection import Collection, Document
from papers.models import Authorship, Paper, PaperLink, PaperTopic, Person, Venue
from taxonomy.models import AXIS_OF_ROOT, Topic

ROOT = Path(__file__).resolve().parent.parent
BATCH = 1000
VENUES, PEOPLE, SEED = 80, 5000, 7
_BEGINNINGS = ("Bel", "Dor", "Fin", "Gal", "Hum", "Jor", "Kel")
_ENDINGS = ("an", "ek", "is", "or", "um", "ath", "ivo", "esu", "yan", "ori")


def write_papers(collection: Collection) -> None:
    """Papers with years and, unless bare, with venues, people, topics and code, as evenly drawn as
    the site's are not. Numbered from 1 in the order of the documents; the database is empty.

    Triggers are asked for nothing: there is neither a history nor an index to follow.
    """
    draw = random.Random(SEED)
    topics = [] if collection.bare else _topics()
    venues = Venue.objects.bulk_create(
        Venue(slug=f"venue-{n}", name=f"Venue {n}", kind=Venue.Kind.CONFERENCE)
        for n in range(0 if collection.bare else VENUES)
    )
    people = Person.objects.bulk_create(
        Person(slug=f"person-{n}", name=f"{_name(n)} {_name(n // 70)}")
        for n in range(0 if collection.bare else PEOPLE)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for start in range(0, len(collection.documents), BATCH):
            batch = collection.documents[start : start + BATCH]
            _copy_papers(batch, start + 1, draw, venues)
            if not collection.bare:
                numbers = range(start + 1, start + 1 + len(batch))
                _copy_around(numbers, draw, people, topics)
        cursor.execute("RESET session_replication_role")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('papers_paper', 'id'), max(id)) FROM papers_paper"
        )


def _copy_papers(
    batch: Sequence[Document], first: int, draw: random.Random, venues: Sequence[Venue]
) -> None:
    columns = ("id", "key", "title", "abstract", "year", "venue_id")
    rows = (
        (
            first + place,
            f"paper-{first + place - 1}",
            (document.title or document.text)[:500],
            document.text,
            draw.randrange(1995, 2026),
            venues[min(int(draw.expovariate(0.08)), VENUES - 1)].pk if venues else None,
        )
        for place, document in enumerate(batch)
    )
    copy(Paper, columns, rows)


def _copy_around(
    numbers: range, draw: random.Random, people: Sequence[Person], topics: Sequence[Topic]
) -> None:
    """Three authors, one to three topics, and code for a quarter of the papers."""
    authors = [
        (pk, place, person.name, person.pk)
        for pk in numbers
        for place, person in enumerate(draw.sample(people, 3))
    ]
    copy(Authorship, ("paper_id", "position", "printed_name", "person_id"), authors)
    placed = [(pk, topic.pk) for pk in numbers for topic in draw.sample(topics, draw.randint(1, 3))]
    copy(PaperTopic, ("paper_id", "topic_id"), placed)
    links = [
        (pk, PaperLink.Kind.CODE.value, f"https://example.org/{pk}")
        for pk in numbers
        if draw.random() < 0.25
    ]
    copy(PaperLink, ("paper_id", "kind", "url"), links)


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows of a model in one COPY; columns that are not named get the model's own defaults."""
    others = {name: value for name, value in _defaults(model).items() if name not in columns}
    names = ", ".join(f'"{name}"' for name in (*columns, *others))
    question = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    rest = tuple(others.values())
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(question) as lines:
        for row in rows:
            lines.write_row((*row, *rest))


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """What Django would write of an object made without arguments, by column."""
    fresh = model()
    return {
        str(field.column): field.get_db_prep_save(field.pre_save(fresh, True), connection)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated and not field.has_db_default()
    }


def _name(number: int) -> str:
    """A made-up name of two syllables; 70 of them."""
    return _BEGINNINGS[number % 7] + _ENDINGS[number // 7 % 10]


def _topics() -> list[Topic]:
    """The field's own taxonomy."""
    made: dict[str, Topic] = {}
    for file in sorted((ROOT / "fixtures" / "taxonomy").glob("*.yaml")):
        for row in yaml.safe_load(file.read_text()):
            parent = made.get(row.get("parent") or "")
            path = f"{parent.path}/{row['slug']}" if parent else row["slug"]
            made[row["slug"]] = Topic.objects.create(
                slug=row["slug"],
                name=row["name"],
                name_zh=row.get("name_zh", ""),
                definition=row.get("definition", ""),
                parent=parent,
                path=path,
                axis=AXIS_OF_ROOT.get(path.split("/")[0], Topic.Axis.FACET),
                position=len(made),
            )
    return list(made.values())
