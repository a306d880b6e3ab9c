"""The log of moderation: every act, and what it was about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import QuerySet

from accounts.models import User
from community.models import Act, Report
from community.moderation import queue
from community.moderation.access import decidable


@dataclass(frozen=True)
class Line:
    """One act, and what it was about."""

    act: queue.Step
    title: str
    summary: str
    url: str


def log(by: User) -> QuerySet[Act]:
    """Every act that `by` may know of, the newest first."""
    models = {
        kind.model: kind.rows() for kind in queue.kinds().values() if kind.model is not Report
    }
    acts = decidable(Act.objects.all(), by).select_related("by", "kind").order_by("-at", "-pk")
    return acts.prefetch_related(GenericPrefetch("contribution", list(models.values())))


def lines(acts: Iterable[Act]) -> list[Line]:
    """Acts as a page shows them."""
    kinds = {kind.model: kind for kind in reversed(queue.kinds().values())}  # the first of each
    lines_shown = []
    for act in acts:
        contribution = act.contribution
        kind = kinds.get(type(contribution)) if contribution is not None else None
        step = queue.Step.of(act, contribution)
        if kind is None:
            lines_shown.append(Line(step, act.kind.name, "", ""))
        else:
            lines_shown.append(
                Line(step, kind.title, kind.summary(contribution), kind.url(contribution))
            )
    return lines_shown
