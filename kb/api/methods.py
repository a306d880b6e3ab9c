"""/methods/: what papers introduce, in controlled words."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from papers.methods.listing import FACETS, HAS, MethodQuery, list_methods
from papers.methods.wording import definition
from papers.models import Method
from reproductions.papers_with import having, programs_of

_FACETS = tuple(facet.name for facet in FACETS)
_NARROWING = {
    "task": "Task, such as translation.",
    "family": "Family of backbones.",
    "has": "What is known of it or here.",
}
"""Words for parameters that are no attribute of one list."""


class TextList(serializers.ListField):
    """A list of words."""

    child = serializers.CharField()


class MethodSerializer(serializers.ModelSerializer[Method]):
    """A method. Attributes are words of one list each; any of them may be empty.

    `from_memory` names the attributes that rest on knowledge of the papers and on no stored
    source, `unconfirmed` those of them that are doubtful. `extends`, `answers` and `compared_with`
    are slugs of methods; `introduced_by` and `improved_by` keys of papers.
    """

    url = PageAddress(help_text="Page for people.")
    definition = serializers.SerializerMethodField(help_text="One sentence from the attributes.")
    introduced_by = serializers.SerializerMethodField()
    improved_by = serializers.SerializerMethodField()
    families = TextList()
    aliases = TextList()
    adapts = TextList()
    granularity = TextList()
    decision = TextList()
    training = TextList()
    needs_training = TextList()
    needs_inference = TextList()
    backbones = TextList()
    tasks = TextList()
    code = TextList()
    extends = TextList()
    answers = TextList()
    compared_with = TextList()
    from_memory = TextList()
    unconfirmed = TextList()
    sources = TextList()
    programs = serializers.SerializerMethodField(help_text="Slugs of programs here.")

    class Meta:
        model = Method
        fields = (
            *("slug", "url", "name", "name_zh", "aliases", "year", "definition"),
            *("introduced_by", "improved_by", "adapts", "granularity", "decision", "training"),
            *("training_note", "needs_training", "needs_inference", "batching", "backbones"),
            *("families", "tasks", "code", "extends", "answers", "compared_with", "programs"),
            *("from_memory", "unconfirmed", "sources", "updated_at"),
        )

    def get_definition(self, method: Method) -> str:
        return definition(method)

    def get_introduced_by(self, method: Method) -> list[str]:
        return [paper.key for paper in method.introduced_by]

    def get_improved_by(self, method: Method) -> list[str]:
        return [paper.key for paper in method.improved_by]

    def get_programs(self, method: Method) -> list[str]:
        keys = {paper.key for paper in method.introduced_by}
        return [program.slug for program in programs_of(keys)]


class MethodList(ListView):
    """Methods, by slug. Of one parameter any value, of several all."""

    serializer_class = MethodSerializer
    order = Order("slug", ("slug",))
    parameters: ClassVar = (
        Parameter("q", "Words in name, backbone, task or title of a paper; part of a name."),
        *(
            Parameter(
                facet.name,
                _NARROWING.get(facet.name, f"{facet.title}."),
                choices=tuple(HAS) if facet.name == "has" else tuple(facet.known),
                many=facet.name != "task",
            )
            for facet in FACETS
        ),
    )

    def rows(self) -> QuerySet[Method]:
        user = self.request.user
        methods = Method.objects.visible_to(user).with_papers(user)
        parameters = {name: self.given[name] for name in ("q", *_FACETS) if name in self.given}
        if not parameters:
            return methods
        params = QueryDict(mutable=True)
        for name, value in parameters.items():
            params.setlist(name, value if isinstance(value, list) else [value])
        listing = list_methods(MethodQuery.from_params(params), user, having(user))
        return methods.filter(pk__in=[method.pk for method in listing.methods])


class MethodDetail(ReadView):
    """One method."""

    serializer_class = MethodSerializer

    def get(self, request: Request, slug: str) -> Response:
        methods = Method.objects.visible_to(request.user).with_papers(request.user)
        method = methods.filter(slug=slug).first()
        if method is None:
            raise Http404(f"There is no method “{slug}”.")
        return Response(self.serialized(method, many=False))


urlpatterns = [
    path("methods/", MethodList.as_view(), name="methods"),
    path("methods/<slug:slug>/", MethodDetail.as_view(), name="method"),
]
