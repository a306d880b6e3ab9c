"""/workshops/: editions, their dates, people, programme and accepted papers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visitor
from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from kb.api.paper_shapes import PersonRef
from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    Paper,
    ScheduleItem,
    Talk,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)
from papers.workshops.programme import links_at


class WorkshopLinkSerializer(serializers.Serializer):
    """An address and what it is called."""

    label = serializers.CharField(default="")  # type: ignore[assignment]
    url = serializers.CharField(default="")


class ProgrammeLinkSerializer(WorkshopLinkSerializer):
    """A link of the programme that is valid now. `url` begins where the talk begins."""

    kind = serializers.CharField(default="", help_text="slides, recording, poster, paper, code …")
    until = serializers.CharField(default="", help_text="Its last day, in the workshop's zone.")


class RelatedVenueSerializer(serializers.Serializer):
    """A related venue that the workshop names."""

    name = serializers.CharField(default="")
    url = serializers.CharField(default="")


class PastSerializer(serializers.Serializer):
    """Something that changed at the workshop's own site."""

    date = serializers.CharField(default="")
    event = serializers.CharField(default="")


class DateSerializer(serializers.ModelSerializer[WorkshopDate]):
    """A date of the call; `ends_at` is the instant, where the time zone is known."""

    previous = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_null=True)),
        help_text="Dates announced before, oldest first.",
    )

    class Meta:
        model = WorkshopDate
        fields = ("code", "kind", "label", "date", "note", "ends_at", "previous")


class FileAddress(serializers.CharField):
    """An address; the full one of a file that lies here."""

    def to_representation(self, value: str) -> str:
        request = self.context.get("request")
        return request.build_absolute_uri(value) if request and value.startswith("/") else value


class SponsorSerializer(serializers.Serializer):
    """Who paid."""

    name = serializers.CharField()
    tier = serializers.CharField(default="")
    link = serializers.CharField(source="url", default="")
    logo = FileAddress(default="")
    logo_words = serializers.CharField(default="")


class NewsSerializer(serializers.Serializer):
    """Something that the organisers announced; `text` is Markdown."""

    date = serializers.CharField(default="")
    title = serializers.CharField(default="")
    text = serializers.CharField(default="")


class WorkshopSerializer(serializers.ModelSerializer[Workshop]):
    """One edition of a workshop series."""

    url = PageAddress(help_text="Page for people.")
    dates = DateSerializer(many=True)
    previous_edition = serializers.CharField(
        source="previous_edition.slug", default=None, allow_null=True
    )
    website = serializers.CharField()
    submission_portal = serializers.CharField()
    topics = serializers.ListField(child=serializers.CharField())
    sources = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Workshop
        fields = (
            "slug",
            "url",
            "name",
            "acronym",
            "series",
            "edition",
            "year",
            "date",
            "timezone",
            "format",
            "host_conference",
            "location",
            "website",
            "relation",
            "status",
            "summary",
            "topics",
            "submission_portal",
            "previous_edition",
            "dates",
            "sources",
        )


class WorkshopRoleSerializer(serializers.ModelSerializer[WorkshopRole]):
    """What a printed name did here."""

    name = serializers.CharField(source="printed_name")
    person = PersonRef(allow_null=True)
    photo = FileAddress()

    class Meta:
        model = WorkshopRole
        fields = (
            *("role", "name", "person", "affiliation", "affiliation_note", "url", "status"),
            *("biography", "photo", "photo_words"),
        )


class AcceptedAuthorSerializer(serializers.ModelSerializer[AcceptedAuthor]):
    """One printed name in the author list of an accepted paper."""

    name = serializers.CharField(source="printed_name")
    person = PersonRef(allow_null=True)

    class Meta:
        model = AcceptedAuthor
        fields = ("name", "person", "affiliation", "corresponding")


class AcceptedSerializer(serializers.ModelSerializer[AcceptedPaper]):
    """An entry of the list of accepted papers; `paper` is its key where we hold the paper."""

    authors = AcceptedAuthorSerializer(many=True)
    paper = serializers.CharField(source="shown_paper", allow_null=True)
    pdf = FileAddress()
    poster = FileAddress()

    class Meta:
        model = AcceptedPaper
        fields = (
            "number",
            "title",
            "authors",
            "presentation",
            "track",
            "award",
            "pdf",
            "poster",
            "video",
            "supplement",
            "paper",
        )


class ScheduleSerializer(serializers.ModelSerializer[ScheduleItem]):
    """An entry of the programme; times are local to the workshop's zone."""

    speakers = PersonRef(source="talk_or_none.speakers", many=True, default=[])
    link = serializers.CharField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = ScheduleItem
        fields = (
            *("code", "day", "start", "end", "room", "kind", "label", "title", "speaker"),
            *("speakers", "link", "links", "streamed", "abstract", "withdrawn"),
        )

    @extend_schema_field(ProgrammeLinkSerializer(many=True))
    def get_links(self, item: ScheduleItem) -> list[dict[str, str]]:
        valid = links_at(item.links, item.workshop, now())
        return [dict(link) for link in ProgrammeLinkSerializer(valid, many=True).data]


class TalkSerializer(serializers.ModelSerializer[Talk]):
    """A talk, in the programme or only announced; `paper` is its number among the accepted."""

    speakers = PersonRef(many=True)
    start = serializers.TimeField(allow_null=True)
    end = serializers.TimeField(allow_null=True)
    link = serializers.CharField()
    paper = serializers.CharField(source="accepted.number", default="")

    class Meta:
        model = Talk
        fields = ("kind", "title", "speaker", "speakers", "start", "end", "link", "paper")


class WorkshopDetailSerializer(WorkshopSerializer):
    """An edition with its people, programme, accepted papers and sponsors."""

    roles = WorkshopRoleSerializer(many=True)
    schedule = ScheduleSerializer(many=True)
    talks = TalkSerializer(many=True)
    accepted = AcceptedSerializer(many=True)
    sponsors = SponsorSerializer(many=True, source="sponsors_by_tier")
    news = NewsSerializer(many=True)
    links = WorkshopLinkSerializer(many=True)
    related_venues = RelatedVenueSerializer(many=True)
    submission_rules: Any = serializers.DictField(help_text="The call, question by question.")
    awards = serializers.ListField(child=serializers.CharField())
    competition: Any = serializers.DictField(help_text="Task, rules and results of a challenge.")
    history = PastSerializer(many=True)

    class Meta(WorkshopSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *WorkshopSerializer.Meta.fields,
            *("roles", "schedule", "talks", "accepted", "sponsors", "news", "links"),
            *("related_venues", "submission_rules", "awards", "competition", "history"),
        )


class WorkshopList(ListView):
    """Editions, newest first."""

    serializer_class = WorkshopSerializer
    order = Order("-year", ("-year", "slug"))
    parameters: ClassVar = (
        Parameter("series", "Slug of a series.", many=True),
        Parameter("year", "Year of the edition.", "integer", most=9999),
    )

    def rows(self) -> QuerySet[Workshop]:
        workshops = (
            Workshop.objects.visible_to()
            .select_related("previous_edition")
            .prefetch_related("dates")
        )
        if series := self.given.get("series"):
            workshops = workshops.filter(series__in=series)
        if "year" in self.given:
            workshops = workshops.filter(year=self.given["year"])
        return workshops


class WorkshopDetail(ReadView):
    """One edition with everything that is known of it."""

    serializer_class = WorkshopDetailSerializer

    def get(self, request: Request, slug: str) -> Response:
        workshop = complete(request.user).filter(slug=slug).first()
        if workshop is None:
            raise Http404(f"There is no workshop “{slug}”.")
        return Response(self.serialized(workshop, many=False))


def complete(user: Visitor) -> QuerySet[Workshop]:
    """With all that WorkshopDetailSerializer shows, in a fixed number of queries."""
    shown = Workshop.objects.visible_to(user).select_related("previous_edition")
    return shown.prefetch_related(
        "dates",
        Prefetch("roles", WorkshopRole.objects.select_related("person")),
        Prefetch("schedule", ScheduleItem.objects.select_related("talk")),
        "schedule__talk__speakers",
        Prefetch("talks", Talk.objects.select_related("slot", "accepted")),
        "talks__speakers",
        Prefetch("accepted", AcceptedPaper.objects.annotate(shown_paper=visible_key(user))),
        Prefetch("accepted__authors", AcceptedAuthor.objects.select_related("person")),
    )


def visible_key(user: Visitor) -> Subquery:
    """Key of the paper that an accepted paper is tied to, if `user` may see it."""
    return Subquery(Paper.objects.visible_to(user).filter(pk=OuterRef("paper")).values("key"))
