"""Which methods papers introduce, and which papers introduce methods of some kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from papers.methods import words
from papers.models import Method, MethodPaper

INTRODUCES = MethodPaper.Role.INTRODUCES


def introduced_methods() -> ArraySubquery:
    """For `annotate` on papers: slug and name of the methods that each introduces."""
    rows = MethodPaper.objects.filter(paper=OuterRef("pk"), role=INTRODUCES)
    named = rows.order_by("method__name", "pk")
    return ArraySubquery(named.values(row=JSONObject(slug="method__slug", name="method__name")))


def papers_with(attributes: Mapping[str, Collection[str]]) -> QuerySet[MethodPaper, int]:
    """Ids of papers that introduce a method with these attributes, to stand in a `filter(…__in=)`.

    attributes: by name, as in words.CHOICES and "batching": any of an attribute's words, and
    something of every attribute. Raises KeyError for an attribute that has no words.
    """
    wanted = Q()
    for name, values in attributes.items():
        if name == "batching":
            wanted &= Q(batching__in=values)
            continue
        known = words.CHOICES[name]
        either = Q(pk__in=())
        for value in values:
            either |= Q(**{f"{name}__contains": value}) if value in known else Q(pk__in=())
        wanted &= either
    methods = Method.objects.filter(wanted)
    return MethodPaper.objects.filter(method__in=methods, role=INTRODUCES).values_list(
        "paper", flat=True
    )
