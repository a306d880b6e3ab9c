"""The entrance of the API, and the answer to addresses that it does not have."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.machinery.parameters import did_you_mean
from kb.api.machinery.views import ReadView

RESOURCES = (
    "papers",
    "people",
    "venues",
    "workshops",
    "topics",
    "methods",
    "labs",
    "organisations",
    "courses",
    "books",
    "timeline",
    "glossary",
    "paths",
    "numbers",
    "compare",
    "tables",
    "disagreements",
    "runs",
    "documents",
    "reviews",
    "tokens",
    "claims",
    "videos",
    "corrections",
    "waiting",
    "lists",
    "public-lists",
    "marks",
    "follows",
    "reports",
    "moderation",
)


class RootSerializer(serializers.Serializer):
    """Addresses of what there is."""

    papers = serializers.URLField()
    people = serializers.URLField()
    venues = serializers.URLField()
    workshops = serializers.URLField()
    topics = serializers.URLField()
    methods = serializers.URLField(help_text="Methods, with attributes and lineage.")
    labs = serializers.URLField(help_text="Labs, with members and works.")
    organisations = serializers.URLField(help_text="Companies, institutes and projects.")
    courses = serializers.URLField(help_text="Courses, with lectures, videos and papers.")
    books = serializers.URLField()
    timeline = serializers.URLField()
    glossary = serializers.URLField(help_text="Words of the field, English and Chinese.")
    paths = serializers.URLField(help_text="Reading paths.")
    numbers = serializers.URLField(help_text="Published numbers beside reproduced ones.")
    compare = serializers.URLField(help_text="Accuracy against cost, of comparable points.")
    tables = serializers.URLField(help_text="Survey tables with their versions.")
    disagreements = serializers.URLField(help_text="Where the sources disagree.")
    runs = serializers.URLField(help_text="Runs of reference programs.")
    documents = serializers.URLField(help_text="Uploaded PDFs; needs an account.")
    reviews = serializers.URLField(help_text="Public reviews of papers.")
    tokens = serializers.URLField(help_text="Your tokens; needs an account.")
    claims = serializers.URLField(help_text="Claims to be a person; needs an account.")
    videos = serializers.URLField(help_text="Talks, videos and slides.")
    corrections = serializers.URLField(help_text="Proposed corrections; needs an account.")
    waiting = serializers.URLField(help_text="What you sent and where it stands; needs an account.")
    lists = serializers.URLField(help_text="Your reading lists; needs an account.")
    public_lists = serializers.URLField(help_text="Lists that everybody reads.")
    marks = serializers.URLField(help_text="What you read or mean to; needs an account.")
    follows = serializers.URLField(help_text="What you follow; needs an account.")
    reports = serializers.URLField(help_text="POST reports something; needs an account.")
    moderation = serializers.URLField(help_text="What waits for moderators; for them alone.")
    schema = serializers.URLField(help_text="OpenAPI 3.1 description.")
    documentation = serializers.URLField(help_text="The same for people.")


class Root(ReadView):
    """The resources and where they are described."""

    serializer_class = RootSerializer

    def get(self, request: Request) -> Response:
        names = {name.replace("-", "_"): name for name in RESOURCES}
        names |= {"schema": "schema", "documentation": "docs"}
        addresses = {
            field: request.build_absolute_uri(reverse(f"api:{name}"))
            for field, name in names.items()
        }
        return Response(self.serialized(addresses, many=False))


@extend_schema(exclude=True)
class Nowhere(ReadView):
    """Any other address: the slash is added where only it was missing, else 404 as a problem."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        GenericAPIView.initial(self, request, *args, **kwargs)  # no parameters to check here

    def get(self, request: Request) -> HttpResponseBase:
        try:
            there = resolve(request.path + "/").func
        except Resolver404:
            there = None
        if there is None or getattr(there, "cls", None) is Nowhere:
            raise self._not_found(request.path)
        query = request.META.get("QUERY_STRING", "")
        address = request.path + "/" + (f"?{query}" if query else "")
        return HttpResponsePermanentRedirect(address)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        raise self._not_found(request.path)

    def _not_found(self, path: str) -> Http404:
        first = path.removeprefix(reverse("api:root")).split("/")[0]
        return Http404(f"There is no {path[:200]} here. {did_you_mean(first, RESOURCES)}")
