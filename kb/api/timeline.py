"""/timeline/: steps in the field's history."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView
from papers.models import Paper, TimelineEvent


class PaperRef(serializers.Serializer):
    """A paper in short."""

    key = serializers.CharField()
    title = serializers.CharField()
    year = serializers.IntegerField()
    url = PageAddress()


class TimelineSerializer(serializers.ModelSerializer[TimelineEvent]):
    """A step that a curator picked, why, and the paper that took it."""

    paper = PaperRef(source="shown_paper", allow_null=True)

    class Meta:
        model = TimelineEvent
        fields = ("year", "domain", "title", "why", "paper")


class TimelineList(ListView):
    """Events, oldest first."""

    serializer_class = TimelineSerializer
    order = Order("year", ("year", "pk"))
    parameters: ClassVar = (
        Parameter("domain", "Kind of step.", choices=tuple(TimelineEvent.Domain.values), many=True),
        Parameter("year_from", "First year.", "integer", most=9999),
        Parameter("year_to", "Last year.", "integer", most=9999),
    )

    def rows(self) -> QuerySet[TimelineEvent]:
        ranges = {"domain": "domain__in", "year_from": "year__gte", "year_to": "year__lte"}
        conditions: dict[str, Any] = {
            ranges[name]: self.given[name] for name in ranges if name in self.given
        }
        shown = Prefetch(
            "paper", Paper.objects.visible_to(self.request.user), to_attr="shown_paper"
        )
        return TimelineEvent.objects.filter(**conditions).prefetch_related(shown)
