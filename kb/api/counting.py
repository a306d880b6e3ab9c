"""Counts of papers as columns of a query, so that a list costs one query however long it is."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Visitor
from papers.models import Paper


def papers_of(rows: QuerySet[Any], user: Visitor, column: str = "paper") -> Coalesce:
    """How many papers, visible to `user`, the `column` of `rows` names; each counts once.

    rows: refers to the outer row by OuterRef.
    """
    visible = rows.filter(**{f"{column}__in": Paper.objects.visible_to(user).values("pk")})
    together = visible.order_by().annotate(together=Value(1)).values("together")
    count = together.annotate(count=Count(column, distinct=True)).values("count")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)
