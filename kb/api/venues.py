"""/venues/: series of conferences, journals and workshops."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import OuterRef, Q, QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from kb.api.counting import papers_of
from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from papers.models import Paper, Venue


class VenueSerializer(serializers.ModelSerializer[Venue]):
    """A series; `part_of` is the series to which its workshops or findings belong."""

    url = PageAddress(help_text="Page for people.")
    part_of = serializers.CharField(source="part_of.slug", default=None, allow_null=True)
    paper_count = serializers.IntegerField()

    class Meta:
        model = Venue
        fields = ("slug", "url", "name", "full_name", "kind", "part_of", "paper_count")


def with_counts(user: Visitor) -> QuerySet[Venue]:
    here = Paper.objects.filter(venue=OuterRef("pk"))
    return Venue.objects.select_related("part_of").annotate(
        paper_count=papers_of(here, user, column="pk")
    )


class VenueList(ListView):
    """Venues, by name."""

    serializer_class = VenueSerializer
    order = Order("name", ("name", "pk"))
    parameters: ClassVar = (
        Parameter("kind", "Kind of venue.", choices=tuple(Venue.Kind.values), many=True),
        Parameter("q", "Words in the short or full name."),
    )

    def rows(self) -> QuerySet[Venue]:
        venues = with_counts(self.request.user)
        if kinds := self.given.get("kind"):
            venues = venues.filter(kind__in=kinds)
        for word in self.given.get("q", "").split():
            venues = venues.filter(Q(name__icontains=word) | Q(full_name__icontains=word))
        return venues


class VenueDetail(ReadView):
    """One venue."""

    serializer_class = VenueSerializer

    def get(self, request: Request, slug: str) -> Response:
        venue = with_counts(request.user).filter(slug=slug).first()
        if venue is None:
            raise Http404(f"There is no venue “{slug}”.")
        return Response(self.serialized(venue, many=False))
