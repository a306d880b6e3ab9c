"""Migrations draw each model alone, and all of them where something needs all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from pgvector.django import VectorExtension

from kb.site.migrating import each_model_alone, is_of_one_model

APP = "tried"
BOOKS = operations.CreateModel("Book", [("id", models.AutoField(primary_key=True))])
PAGES = operations.CreateModel(
    "Page",
    [
        ("id", models.AutoField(primary_key=True)),
        ("book", models.ForeignKey("tried.Book", models.CASCADE, related_name="pages")),
    ],
)
TITLES = operations.AddField("book", "title", models.TextField(default=""))
Apply = Callable[..., None]


@pytest.fixture
def apply(db: None) -> Iterator[Apply]:
    """Applies operations as one migration after the other, as `manage.py migrate` does."""
    state = ProjectState()
    assert state.apps  # drawn from the start, as where migrations are applied

    def apply_(*wanted: Operation) -> None:
        nonlocal state
        migration = Migration("0001", APP)
        migration.operations = list(wanted)
        with connection.schema_editor() as editor:
            state = migration.apply(state, editor)

    with each_model_alone():
        yield apply_


def type_of(table: str, column: str) -> str:
    sql = "SELECT data_type FROM information_schema.columns WHERE table_name=%s AND column_name=%s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [table, column])
        return str(cursor.fetchone()[0])


def test_what_is_added_draws_its_own_model_anew_and_no_other(
    apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(BOOKS, PAGES)
    drawn, render = [], ModelState.render
    monkeypatch.setattr(
        ModelState, "render", lambda state, apps: drawn.append(state.name) or render(state, apps)
    )

    apply(TITLES)

    assert drawn == ["Book"]
    assert type_of("tried_book", "title") == "text"


def test_a_key_is_altered_wherever_it_is_referred_to(apply: Apply) -> None:
    apply(BOOKS, PAGES)
    apply(TITLES)

    apply(operations.AlterField("book", "id", models.BigAutoField(primary_key=True)))

    assert type_of("tried_page", "book_id") == "bigint"


def test_code_in_a_migration_knows_every_relation(apply: Apply) -> None:
    seen = []

    def look(apps: Any, editor: Any) -> None:
        book = apps.get_model(APP, "Book").objects.create(title="One")
        apps.get_model(APP, "Page").objects.create(book=book)
        seen.append(book.pages.filter(book__title="One").count())

    apply(BOOKS, PAGES)
    apply(TITLES)
    apply(operations.RunPython(look))

    assert seen == [1]


@pytest.mark.parametrize(
    ("operation", "is_simple"),
    [
        (BOOKS, True),
        (operations.RunSQL("SELECT 1"), True),
        (operations.RunSQL("SELECT 1", state_operations=[TITLES]), False),
        (operations.AlterField("book", "title", models.CharField(max_length=9)), True),
        (operations.AlterField("book", "title", models.TextField(unique=True)), False),
        (operations.AlterField("page", "book", PAGES.fields[1][1]), False),
        (operations.RemoveField("book", "title"), False),
        (operations.RenameModel("Book", "Volume"), False),
        (operations.SeparateDatabaseAndState([TITLES]), False),
        (VectorExtension(), True),
    ],
)
def test_what_looks_at_one_model(operation: Operation, is_simple: bool) -> None:
    assert is_of_one_model(operation) is is_simple
