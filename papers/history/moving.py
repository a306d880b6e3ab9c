"""What goes with a record when it is merged: everything that points to it, from every floor.

Tables with a history of their own are handled by who merges; the rest (documents, references,
numbers, reviews, talks, lists) is found by its foreign keys, and what was moved is written into
the act, so that undoing the merge brings it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from papers.history.shapes import OWNERS
from papers.models import TRACKED

Told = dict[str, Any]


def move_all(leaving: models.Model, keeping: models.Model, but: Collection[str] = ()) -> Told:
    """Point what points to `leaving` to `keeping`. A row that `keeping` has the like of stays.

    but: tables (as app.Model) that are left alone. Returns what was moved, for the act.
    """
    rows: dict[str, list[int]] = {}
    for model, column in _pointing_to(type(leaving), but):
        pointing = model._base_manager.filter(**{column: leaving.pk}).values_list("pk", flat=True)
        for pk in list(pointing):
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=pk).update(**{column: keeping.pk})
            except IntegrityError:
                continue
            rows.setdefault(f"{model._meta.label}.{column}", []).append(pk)
    return {"from": leaving.pk, "to": keeping.pk, "rows": rows}


@dataclass(frozen=True)
class Moved:
    """What a merge moved; `give_back` points it to where it came from."""

    told: Told

    def give_back(self) -> None:
        """Rows that were moved on since stay where they are."""
        for place, pks in self.told.get("rows", {}).items():
            label, _, column = place.rpartition(".")
            rows = apps.get_model(label)._base_manager.filter(pk__in=pks)
            rows.filter(**{column: self.told["to"]}).update(**{column: self.told["from"]})


def moved_rows(moved: Told) -> Moved:
    return Moved(moved)


def _pointing_to(
    model: type[models.Model], but: Collection[str]
) -> Iterator[tuple[type[models.Model], str]]:
    """Tables without a history and their columns that point to `model`."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.one_to_many and not relation.concrete):
            continue
        other: Any = relation.related_model
        past = other.__name__.endswith("Event") and hasattr(other, "pgh_tracked_model")
        if past or other._meta.label in but or other in TRACKED or other in OWNERS:
            continue
        yield other, relation.field.attname  # type: ignore[union-attr]
