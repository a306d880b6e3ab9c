"""/sources/: the sources that are watched, how each is doing, and changing them; for curators."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.inbox import curator_of
from kb.api.machinery.errors import Refused
from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.views import SIGNED_IN, ListView, ReadView, StepView
from papers.models import Source, SourceAnswer
from papers.watch import making
from taxonomy.models import Topic

ANSWERS = 30
"""Of a source, the newest that are told."""


class SourceAnswerSerializer(serializers.ModelSerializer[SourceAnswer]):
    """One asking: what came, or why nothing did."""

    class Meta:
        model = SourceAnswer
        fields = (
            *("at", "seconds", "requests", "works", "fresh", "known", "refused", "is_whole"),
            "problem",
        )


class SourceSerializer(serializers.ModelSerializer[Source]):
    """A source that is watched. `succeeded_at`, `failures`, `problem`: how it is doing; `next_at`:
    when it is asked again, null for as soon as can be."""

    url = PageAddress(help_text="Page for people.")
    topic = serializers.SlugRelatedField(
        "slug", queryset=Topic.objects.all(), allow_null=True, required=False
    )
    address = serializers.CharField(max_length=500, allow_blank=True, required=False)
    every_minutes = serializers.IntegerField(
        min_value=making.SHORTEST_RHYTHM, max_value=making.LONGEST_RHYTHM, required=False
    )

    class Meta:
        model = Source
        fields = (
            *("slug", "url", "name", "kind", "query", "address", "topic", "every_minutes"),
            *("is_on", "state", "asked_at", "succeeded_at", "next_at", "failures", "problem"),
        )
        read_only_fields = (
            *("slug", "state", "asked_at", "succeeded_at", "next_at", "failures", "problem"),
        )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        asked = {
            name: str(given.get(name, getattr(self.instance, name, "")))
            for name in ("kind", "query", "address")
        }
        if wrong := making.faults(**asked):
            raise serializers.ValidationError(wrong)
        return given


class SourceWithAnswers(SourceSerializer):
    """The same with its newest answers and how many of its finds wait."""

    answers = serializers.SerializerMethodField()
    waiting = serializers.SerializerMethodField()

    class Meta(SourceSerializer.Meta):
        fields = (*SourceSerializer.Meta.fields, "waiting", "answers")  # type: ignore[assignment]

    @extend_schema_field(SourceAnswerSerializer(many=True))
    def get_answers(self, source: Source) -> list[dict[str, Any]]:
        return [dict(SourceAnswerSerializer(row).data) for row in source.answers.all()[:ANSWERS]]

    def get_waiting(self, source: Source) -> int:
        return source.finds.waiting().count()  # type: ignore[attr-defined, no-any-return]


class SourceList(ListView):
    """The sources that are watched. POST makes one; needs the scope `curate`."""

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = SourceSerializer
    order = Order("id", ("pk",))
    scope = "curate"

    def rows(self) -> QuerySet[Source]:
        curator_of(self.request)
        return Source.objects.select_related("topic")

    @extend_schema(request=SourceSerializer, responses={201: SourceSerializer})
    def post(self, request: Request) -> Response:
        """It is asked as soon as watching is on."""
        curator = curator_of(request)
        sent = SourceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        slug = making.free_slug(sent.validated_data["name"])
        source = sent.save(slug=slug, made_by=curator)
        return Response(self.serialized(source, many=False), status=status.HTTP_201_CREATED)


class SourceDetail(ReadView):
    """One source, with its newest answers. PATCH changes it; needs the scope `curate`."""

    http_method_names = ["get", "head", "options", "patch"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = SourceWithAnswers
    scope = "curate"

    def get(self, request: Request, slug: str) -> Response:
        curator_of(request)
        return Response(self.serialized(_source(slug), many=False))

    @extend_schema(request=SourceSerializer(partial=True), responses={200: SourceWithAnswers})
    def patch(self, request: Request, slug: str) -> Response:
        """Asked otherwise (`kind`, `query`, `address`), it is read anew from its beginning."""
        curator_of(request)
        source = _source(slug)
        sent = SourceSerializer(source, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        given = sent.validated_data
        changed = [name for name in given if getattr(source, name) != given[name]]
        if changed:
            making.change(source, {name: given[name] for name in changed}, changed)
        return Response(self.serialized(_source(slug), many=False))


class SourceAsk(StepView):
    """Have a source asked now, its time come or not."""

    serializer_class = SourceWithAnswers
    scope = "curate"

    @extend_schema(request=None, responses={202: SourceWithAnswers})
    def post(self, request: Request, slug: str) -> Response:
        """409 while it is switched off. What came stands among its answers soon after."""
        curator_of(request)
        source = _source(slug)
        if not making.ask_now(source):
            raise Refused("It is switched off: switch it on to have it asked.")
        body = self.serialized(_source(slug), many=False)
        return Response(body, status=status.HTTP_202_ACCEPTED)


def _source(slug: str) -> Source:
    source = Source.objects.select_related("topic").filter(slug=slug).first()
    if source is None:
        raise Http404(f"There is no source “{slug}”.")
    return source


urlpatterns = [
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/<slug:slug>/", SourceDetail.as_view(), name="source"),
    path("sources/<slug:slug>/ask/", SourceAsk.as_view(), name="source-ask"),
]
