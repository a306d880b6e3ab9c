"""/glossary/ and /paths/: words of the field, and orders in which to read."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from kb.api.timeline import PaperRef
from papers.models import Paper, PathStep, ReadingPath, Term


class TermSerializer(serializers.ModelSerializer[Term]):
    """A word of the field. `unconfirmed`: its meaning comes from knowledge without a source."""

    url = PageAddress(help_text="Its place in the glossary.")
    variants_zh = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Term
        fields = (
            *("slug", "url", "en", "zh", "meaning_en", "meaning_zh", "variants_zh", "note"),
            *("usage_varies", "unconfirmed"),
        )


class TermList(ListView):
    """Words of the glossary by their English name."""

    serializer_class = TermSerializer
    order = Order("en", ("en", "pk"))
    parameters: ClassVar = (Parameter("q", "Words in the English or Chinese name."),)

    def rows(self) -> QuerySet[Term]:
        terms = Term.objects.all()
        for word in self.given.get("q", "").split():
            terms = terms.filter(Q(en__icontains=word) | Q(zh__contains=word))
        return terms


class StepSerializer(serializers.ModelSerializer[PathStep]):
    """One thing to read or to try: a paper, a topic, or a page at `address`."""

    paper = PaperRef(allow_null=True)
    topic = serializers.CharField(source="topic.slug", default=None, allow_null=True)

    class Meta:
        model = PathStep
        fields = ("slug", "title", "why", "minutes", "paper", "topic", "address", "optional")


class PathSerializer(serializers.ModelSerializer[ReadingPath]):
    """An order in which to read."""

    url = PageAddress(help_text="Page for people.")
    steps = StepSerializer(many=True)

    class Meta:
        model = ReadingPath
        fields = ("slug", "url", "title", "title_zh", "audience", "outcome", "by", "steps")


def with_steps(user: Visitor) -> QuerySet[ReadingPath]:
    """Paths with their steps; papers only where this reader may see them."""
    papers = Prefetch("paper", Paper.objects.visible_to(user))
    steps = PathStep.objects.select_related("topic").prefetch_related(papers)
    return ReadingPath.objects.prefetch_related(Prefetch("steps", steps))


class PathList(ListView):
    """Reading paths."""

    serializer_class = PathSerializer
    order = Order("position", ("position", "pk"))

    def rows(self) -> QuerySet[ReadingPath]:
        return with_steps(self.request.user)


class PathDetail(ReadView):
    """One reading path."""

    serializer_class = PathSerializer

    def get(self, request: Request, slug: str) -> Response:
        path = with_steps(request.user).filter(slug=slug).first()
        if path is None:
            raise Http404(f"There is no path “{slug}”.")
        return Response(self.serialized(path, many=False))
