"""/disagreements/: one thing printed as several, explained by curators or found by a query."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ReadView
from reproductions.ledger.contradictions import Contradiction, disagreements
from reproductions.ledger.found import Found, found_disagreements
from reproductions.models import Disagreement


class AlsoSerializer(serializers.Serializer):
    """A value that is no number of the ledger."""

    printed = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field's name, not its option


class ExplainedSerializer(serializers.Serializer):
    """A disagreement that curators wrote down. `numbers` are ids of numbers."""

    slug = serializers.CharField(source="group.slug")
    kind = serializers.CharField(source="group.kind")
    title = serializers.CharField(source="group.title")
    text = serializers.CharField(source="group.text")
    numbers = serializers.SerializerMethodField()
    also = AlsoSerializer(source="group.also", many=True)
    arithmetic = serializers.ListField(child=serializers.CharField())

    def get_numbers(self, item: Contradiction) -> list[str]:
        return [part.number.slug for part in item.rows]


class FoundSerializer(serializers.Serializer):
    """Values of one network that rounding does not explain, as a query finds them."""

    network = serializers.CharField(source="title")
    data_set = serializers.CharField()
    measure = serializers.CharField()
    numbers = serializers.SerializerMethodField()
    arithmetic = serializers.CharField()

    def get_numbers(self, item: Found) -> list[str]:
        return [reading.number.slug for reading in item.readings]


class DisagreementsSerializer(serializers.Serializer):
    """Both kinds."""

    explained = ExplainedSerializer(many=True)
    found = FoundSerializer(many=True)


class DisagreementList(ReadView):
    """Where the sources disagree."""

    serializer_class = DisagreementsSerializer
    parameters: ClassVar = (
        Parameter("kind", "Kind of those explained.", choices=tuple(Disagreement.Kind.values)),
    )

    def get(self, request: Request) -> Response:
        """Those that curators explain, and all that a query finds."""
        kind = self.given.get("kind")
        explained = disagreements(request.user)
        body: dict[str, Any] = {
            "explained": [item for item in explained if not kind or item.group.kind == kind],
            "found": found_disagreements(request.user),
        }
        return Response(self.serialized(body, many=False))


urlpatterns = [path("disagreements/", DisagreementList.as_view(), name="disagreements")]
