"""/numbers/: what papers print, beside what our runs measured."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.machinery.errors import InvalidParameters, ParameterError
from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from reproductions.ledger.query import SOURCES, LedgerQuery
from reproductions.models import PublishedNumber
from reproductions.models.number import STATES
from reproductions.published import PLACEMENT


class NumberSerializer(serializers.ModelSerializer[PublishedNumber]):
    """One published number. `measured` is ours, in the same unit, from `run`.

    Numbers with one `point` describe one network: what it reaches, and what it costs.
    `second_hand`: read in notes of third parties. `table_of`: another's table prints it, so it is
    not the method's own result. `scale` is where the number is stated, `verdict_scale` where the
    run that decided `state` ran.
    """

    id = serializers.CharField(source="slug", help_text="Stable.")
    url = PageAddress(help_text="Page for people.")
    paper = serializers.CharField(source="paper.key")
    value = serializers.FloatField()
    measured = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(
        allow_null=True, help_text="Standard deviation over seeds, in the unit."
    )
    seeds = serializers.IntegerField(allow_null=True, help_text="How many values were averaged.")
    difference = serializers.FloatField(
        source="judgement.relative",
        default=None,
        allow_null=True,
        help_text="(measured - value) / |value|",
    )
    run = serializers.IntegerField(source="judgement.run_id", default=None, allow_null=True)
    verdict_scale = serializers.CharField(
        source="judgement.run.scale", default=None, allow_null=True
    )
    reason = serializers.CharField(source="judgement.reason", default=None, allow_null=True)
    programs = serializers.SerializerMethodField()

    class Meta:
        model = PublishedNumber
        fields = (
            "id",
            "url",
            "paper",
            "setting",
            "metric",
            "value",
            "printed",
            "unit",
            "table",
            "source",
            "confirmed",
            "confidence",
            *PLACEMENT,
            "convention",
            "scale",
            "needs",
            "state",
            "measured",
            "spread",
            "seeds",
            "difference",
            "run",
            "verdict_scale",
            "reason",
            "programs",
            "notes",
            "updated_at",
        )

    def get_programs(self, number: PublishedNumber) -> list[str]:
        return sorted({claim.program for claim in number.tested_by})  # type: ignore[attr-defined]


class NumberList(ListView):
    """Published numbers with their states, by paper."""

    serializer_class = NumberSerializer
    order = Order("id", ("slug",))
    parameters: ClassVar = (
        Parameter("q", "Words in setting, paper, table or notes."),
        Parameter("paper", "Key of a paper."),
        Parameter("topic", "Slug of a topic; papers at it or below it."),
        Parameter("metric", "Metric, such as macs, params or accuracy."),
        Parameter("task", "Task, such as image classification."),
        Parameter("data_set", "Data set, such as ImageNet."),
        Parameter("state", "State of the number.", choices=tuple(str(s) for s, _ in STATES)),
        Parameter("needs", "What a test needs.", choices=tuple(PublishedNumber.Needs.values)),
        Parameter("source", "Seen in its own source or not.", choices=tuple(SOURCES)),
        Parameter("program", "Slug of a program that tests the number."),
        Parameter("updated_since", "Only numbers changed at this instant or later.", "time"),
    )

    def rows(self) -> QuerySet[PublishedNumber]:
        names = {field.name for field in dataclasses.fields(LedgerQuery)}
        wanted = {name: value for name, value in self.given.items() if name in names}
        query = LedgerQuery(text=self.given.get("q", ""), **wanted)
        numbers = query.numbers(self.request.user).for_rows()
        if since := self.given.get("updated_since"):
            numbers = numbers.filter(updated_at__gte=since)
        return numbers


class NumberDetail(ReadView):
    """One published number, by its stable id."""

    serializer_class = NumberSerializer

    def get(self, request: Request, slug: str) -> Response:
        numbers = PublishedNumber.objects.visible_to(request.user).for_rows()
        number = numbers.filter(slug=slug).first()
        if number is None:
            raise Http404(f"There is no number “{slug}”.")
        return Response(self.serialized(number, many=False))


def refused(parameter: str, message: str) -> InvalidParameters:
    """One value that cannot be taken, as a problem."""
    return InvalidParameters([ParameterError(parameter, "invalid_value", message)])


urlpatterns = [
    path("numbers/", NumberList.as_view(), name="numbers"),
    path("numbers/<slug:slug>/", NumberDetail.as_view(), name="number"),
]
