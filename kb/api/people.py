"""/people/: who wrote, spoke and organised."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from kb.api.counting import papers_of
from kb.api.machinery.links import PageAddress, address_of
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from papers.models import (
    Authorship,
    Person,
    PersonAlias,
    Talk,
    WorkshopRole,
)
from papers.names import fold


class PersonSerializer(serializers.ModelSerializer[Person]):
    """A person. While `curated` is false, the record gathers all works under one spelling of a
    name and may hold namesakes."""

    url = PageAddress(help_text="Page for people.")
    website = serializers.CharField(source="url", help_text="The person's own; may be empty.")
    aliases: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    paper_count = serializers.IntegerField()
    papers_url = serializers.SerializerMethodField(help_text="The person's papers in this API.")
    sources = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Person
        fields = (
            "slug",
            "url",
            "name",
            "name_zh",
            "aliases",
            "affiliation",
            "website",
            "orcid",
            "curated",
            "paper_count",
            "papers_url",
            "sources",
        )

    def get_papers_url(self, person: Person) -> str:
        return address_of(self, f"{reverse('api:papers')}?author={person.slug}")


class RoleSerializer(serializers.ModelSerializer[WorkshopRole]):
    """What somebody did at a workshop."""

    workshop = serializers.CharField(source="workshop.slug")
    name = serializers.CharField(source="printed_name")

    class Meta:
        model = WorkshopRole
        fields = ("workshop", "role", "name", "affiliation", "status")


class GivenTalkSerializer(serializers.ModelSerializer[Talk]):
    """A talk at a workshop; `start` and `end` are local to its zone."""

    workshop = serializers.CharField(source="workshop.slug")
    start = serializers.TimeField(allow_null=True)
    end = serializers.TimeField(allow_null=True)
    link = serializers.CharField()

    class Meta:
        model = Talk
        fields = ("workshop", "kind", "title", "start", "end", "link")


class PersonDetailSerializer(PersonSerializer):
    """A person, with roles and talks at workshops."""

    workshop_roles = RoleSerializer(many=True)
    talks = GivenTalkSerializer(many=True)

    class Meta(PersonSerializer.Meta):
        fields = (*PersonSerializer.Meta.fields, "workshop_roles", "talks")  # type: ignore[assignment]


def with_counts(people: QuerySet[Person], user: Visitor) -> QuerySet[Person]:
    """With aliases and `paper_count`, in two queries."""
    mine = Authorship.objects.filter(person=OuterRef("pk"))
    return people.annotate(paper_count=papers_of(mine, user)).prefetch_related("aliases")


class PersonList(ListView):
    """People, by name."""

    serializer_class = PersonSerializer
    order = Order("name", ("name", "pk"))
    parameters: ClassVar = (
        Parameter("q", "Words in any spelling of the name; accents and case do not matter."),
        Parameter("workshop", "Slug of a workshop at which the person had a role.", many=True),
        Parameter("curated", "1: only records that a curator checked; 0: only others.", "flag"),
    )

    def rows(self) -> QuerySet[Person]:
        people = Person.objects.visible_to(self.request.user)
        for word in fold(self.given.get("q", "")).split():
            spelt = PersonAlias.objects.filter(folded__contains=word)
            people = people.filter(Q(pk__in=spelt.values("person")) | Q(name_zh__contains=word))
        if workshops := self.given.get("workshop"):
            roles = WorkshopRole.objects.filter(workshop__slug__in=workshops)
            people = people.filter(pk__in=roles.values("person"))
        if "curated" in self.given:
            people = people.filter(curated=self.given["curated"])
        return with_counts(people, self.request.user)


class PersonDetail(ReadView):
    """One person. The slug of a record that was merged answers with a permanent redirect."""

    serializer_class = PersonDetailSerializer

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        merged = Person.objects.filter(slug=slug).exclude(merged_into=None)
        if survivor := merged.values_list("merged_into__slug", flat=True).first():
            return redirect("api:person", survivor, permanent=True)
        people = with_counts(
            Person.objects.visible_to(request.user), request.user
        ).prefetch_related(
            Prefetch("workshop_roles", WorkshopRole.objects.select_related("workshop")),
            Prefetch("talks", Talk.objects.select_related("workshop", "slot")),
        )
        person = people.filter(slug=slug).first()
        if person is None:
            raise Http404(f"There is no person “{slug}”.")
        return Response(self.serialized(person, many=False))
