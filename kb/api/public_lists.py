"""/public-lists/: lists that everybody reads, with their sections and entries."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from community.models import ListPlacement, ListSection, PublicList
from community.public_lists.rights import names_of
from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from kb.api.timeline import PaperRef


class PublicListSerializer(serializers.ModelSerializer[PublicList]):
    """A public list. `entry_count` is of those that you may see."""

    url = PageAddress(help_text="Page for people.")
    entry_count = serializers.IntegerField()

    class Meta:
        model = PublicList
        fields = (
            *("slug", "url", "title", "title_zh", "introduction", "licence", "newest_first"),
            *("source", "state", "changed_at", "entry_count"),
        )


class NodeSerializer(serializers.Serializer):
    """A term of the list's own classification; `topic` is the slug of what it means here."""

    depth = serializers.IntegerField()
    text = serializers.CharField()
    topic = serializers.CharField(allow_blank=True)


class SectionSerializer(serializers.ModelSerializer[ListSection]):
    """A section; `parent` is the id of the one that it lies in."""

    parent = serializers.IntegerField(  # type: ignore[assignment]
        source="parent_id", allow_null=True
    )

    class Meta:
        model = ListSection
        fields = ("id", "parent", "position", "title", "title_zh", "introduction", "focus_name")


class PublicListDetailSerializer(PublicListSerializer):
    """A list with its sections, classification and keepers."""

    sections = SectionSerializer(many=True)
    classification = NodeSerializer(many=True)
    keepers = serializers.SerializerMethodField()

    class Meta(PublicListSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *PublicListSerializer.Meta.fields,
            *("sections", "classification", "keepers"),
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_keepers(self, row: PublicList) -> list[str]:
        return names_of(row)


class ListLinkSerializer(serializers.Serializer):
    """A link as the list prints it."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()


class ListPlacementSerializer(serializers.ModelSerializer[ListPlacement]):
    """An entry. `paper` is null while it is not in the survey; then title and authors are as
    printed. `section` is the id of a section, null before all of them."""

    paper = PaperRef(allow_null=True)
    section = serializers.IntegerField(source="section_id", allow_null=True)
    authors = serializers.ListField(child=serializers.CharField())
    links = ListLinkSerializer(many=True)
    date = serializers.CharField(source="date_text")

    class Meta:
        model = ListPlacement
        fields = (
            *("id", "section", "position", "paper", "title", "authors", "year", "venue", "date"),
            *("focus", "notes", "links", "added_at"),
        )


class PublicLists(ListView):
    """Public lists, and those that you keep."""

    serializer_class = PublicListSerializer
    order = Order("title", ("title", "pk"))

    def rows(self) -> QuerySet[PublicList]:
        return lists_for(self.request.user)


class PublicListDetail(ReadView):
    """One public list with its sections."""

    serializer_class = PublicListDetailSerializer

    def get(self, request: Request, slug: str) -> Response:
        return Response(self.serialized(the_list(request, slug), many=False))


class Placements(ListView):
    """The entries of a public list, in order."""

    serializer_class = ListPlacementSerializer
    order = Order("position", ("position", "pk"))
    parameters = (Parameter("section", "Id of a section.", "integer"),)

    def rows(self) -> QuerySet[ListPlacement]:
        chosen = the_list(self.request, self.kwargs["slug"])
        entries = chosen.placements.visible_to(self.request.user).select_related("paper")
        if "section" in self.given:
            entries = entries.filter(section=self.given["section"])
        return entries

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request)


def lists_for(user: Visitor) -> QuerySet[PublicList]:
    """What `user` may see, with the number of entries that they may see."""
    entries = ListPlacement.objects.filter(public_list=OuterRef("pk")).visible_to(user)
    counted = entries.order_by().values("public_list").annotate(size=Count("pk")).values("size")
    rows = PublicList.objects.visible_to(user)
    return rows.annotate(entry_count=Coalesce(Subquery(counted), 0))


def the_list(request: Request, slug: str) -> PublicList:
    """The list, or 404."""
    chosen = lists_for(request.user).filter(slug=slug).first()
    if chosen is None:
        raise Http404(f"There is no public list “{slug}”.")
    return chosen


urlpatterns = [
    path("public-lists/", PublicLists.as_view(), name="public-lists"),
]
