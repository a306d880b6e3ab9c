"""Migrations in a tenth of their time: a step draws the model anew that it changes, and no other.

Django draws the models of a migration's history anew after every operation, with all that are
related to them, however far. Nearly all of ours are: an empty database takes 679 times forty
models, over nine tenths of what its tables cost. But what adds a table, a column, an index or a
trigger looks at its own model alone, and for code in migrations (RunPython) Django itself draws all
models anew where some were left.

A migration that does anything else (alters a key, renames, removes) is left to Django as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.operations import CreateExtension
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import operations
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger import migrations as triggers

OF_ONE_MODEL = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.AddConstraint,
    operations.RemoveIndex,
    operations.RemoveConstraint,
    operations.AlterUniqueTogether,
    operations.AlterModelOptions,
    operations.RunPython,
    triggers.AddTrigger,
    triggers.RemoveTrigger,
    CreateExtension,
)
"""Operations that look at the model that they change, and at the tables of those it refers to."""

_RELOAD = ProjectState.reload_model
_APPLY = Migration.apply


@contextmanager
def each_model_alone() -> Iterator[None]:
    """While it lasts, migrations draw models as told above."""
    Migration.apply = _apply  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Migration.apply = _APPLY  # type: ignore[method-assign]


def is_of_one_model(operation: Operation) -> bool:
    """Whether an operation needs no model drawn anew but the one that it changes."""
    if isinstance(operation, operations.AlterField):
        field = operation.field
        return not (field.primary_key or field.unique or field.is_relation)
    if isinstance(operation, operations.RunSQL):
        return not operation.state_operations
    return isinstance(operation, OF_ONE_MODEL)


def _apply(
    migration: Migration,
    state: ProjectState,
    editor: BaseDatabaseSchemaEditor,
    collect_sql: bool = False,
) -> ProjectState:
    """A migration in Django's own way, where one of its operations needs that, else in ours."""
    if not all(is_of_one_model(operation) for operation in migration.operations):
        state.clear_delayed_apps_cache()
        return _APPLY(migration, state, editor, collect_sql)
    ProjectState.reload_model = _reload  # type: ignore[assignment,method-assign]
    try:
        return _APPLY(migration, state, editor, collect_sql)
    finally:
        ProjectState.reload_model = _RELOAD  # type: ignore[method-assign]


def _reload(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    """Draw one model anew; whoever needs all of them draws all (`clear_delayed_apps_cache`)."""
    if "apps" not in vars(state):
        return
    state.is_delayed = True
    with state.apps.bulk_update():
        state.apps.unregister_model(app_label, model_name)
    state.apps.render_multiple([state.models[app_label, model_name]])
