"""/tables/: survey tables, their rows of today and of every version."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from reproductions.models import SurveyTable, SurveyTableVersion
from reproductions.survey_tables.answer import answer
from reproductions.survey_tables.definition import read_definition
from reproductions.survey_tables.versions import kept_answer


class TableSerializer(serializers.ModelSerializer[SurveyTable]):
    """A survey table in short."""

    url = PageAddress()
    version = serializers.IntegerField(source="newest", help_text="Number of the newest version.")
    made_at = serializers.DateTimeField(help_text="When that version was made.")

    class Meta:
        model = SurveyTable
        fields = ("slug", "title", "url", "version", "made_at")


class CellSerializer(serializers.Serializer):
    """What stands in a cell, where it leads, and what speaks against it."""

    text = serializers.CharField()
    href = serializers.CharField()
    doubt = serializers.CharField()


class RowSerializer(serializers.Serializer):
    """A row: the paper it is of, and its cells in the order of `heads`."""

    paper = serializers.CharField()
    cells = CellSerializer(many=True)


class TableDetailSerializer(serializers.Serializer):
    """A survey table with its rows: of today, or as they were when `version` was made."""

    slug = serializers.CharField()
    version = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    url = PageAddress(source="page")
    definition = serializers.DictField(help_text="What is asked and said, as curators write it.")
    heads = serializers.ListField(child=serializers.CharField())
    rows = RowSerializer(many=True)
    facts = serializers.ListField(
        child=serializers.CharField(), help_text="What can be said of the rows by counting."
    )


class TableList(ListView):
    """Survey tables by name."""

    serializer_class = TableSerializer
    order = Order("slug", ("slug",))

    def rows(self) -> QuerySet[SurveyTable]:
        last = SurveyTableVersion.objects.filter(table=OuterRef("pk")).order_by("-number")
        return SurveyTable.objects.annotate(
            newest=Subquery(last.values("number")[:1]), made_at=Subquery(last.values("made_at")[:1])
        ).exclude(newest=None)


class TableDetail(ReadView):
    """One survey table with its rows."""

    serializer_class = TableDetailSerializer
    parameters: ClassVar = (
        Parameter("version", "Number of a version, for its rows as they were.", "integer", least=1),
    )

    def get(self, request: Request, slug: str) -> Response:
        versions = SurveyTableVersion.objects.filter(table__slug=slug).select_related("table")
        number = self.given.get("version")
        if number:
            versions = versions.filter(number=number)
        version = versions.order_by("-number").first()
        if version is None:
            raise Http404(f"There is no table “{slug}”, or no such version of it.")
        definition = read_definition(version.definition)
        reply = kept_answer(version, request.user) if number else answer(definition, request.user)
        body: dict[str, Any] = {
            "slug": slug,
            "version": version.number,
            "made_at": version.made_at,
            "page": version if number else version.table,
            "definition": version.definition,
            "heads": reply.heads,
            "rows": reply.rows,
            "facts": reply.facts,
        }
        return Response(self.serialized(body, many=False))


urlpatterns = [
    path("tables/", TableList.as_view(), name="tables"),
    path("tables/<slug:slug>/", TableDetail.as_view(), name="table"),
]
