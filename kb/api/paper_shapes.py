"""Papers and what belongs to them as JSON; every field is named here."""

from __future__ import annotations

from django.urls import reverse
from rest_framework import serializers

from kb.api.machinery.links import PageAddress, address_of
from papers.formats.citation import author_of, one_line
from papers.models import AcceptedPaper, Authorship, Paper, PaperName, PaperTopic, PaperVersion
from papers.search.results import Hit


class PersonRef(serializers.Serializer):
    """The person that a printed name was taken for."""

    slug = serializers.CharField()
    name = serializers.CharField()
    orcid = serializers.CharField(help_text="Empty when it is not known.")
    url = PageAddress()


class VenueRef(serializers.Serializer):
    """A venue in short."""

    slug = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    kind = serializers.CharField()
    url = PageAddress()


class AuthorSerializer(serializers.ModelSerializer[Authorship]):
    """One printed name of an author list, in order, and its parts as they are cited."""

    name = serializers.CharField(source="printed_name")
    family = serializers.SerializerMethodField(help_text="Of a group its whole name.")
    given = serializers.SerializerMethodField()
    person = PersonRef(allow_null=True)

    class Meta:
        model = Authorship
        fields = ("name", "family", "given", "person", "affiliation")

    def get_family(self, row: Authorship) -> str:
        return author_of(one_line(row.printed_name)).family

    def get_given(self, row: Authorship) -> str:
        return author_of(one_line(row.printed_name)).given


class PlacementSerializer(serializers.ModelSerializer[PaperTopic]):
    """A place in the taxonomy, and who put the paper there: a curator, or a machine, whose word
    is a suggestion that no curator has looked at yet.
    """

    suggested = serializers.BooleanField(source="is_suggested")

    slug = serializers.CharField(source="topic.slug")
    name = serializers.CharField(source="topic.name")
    path = serializers.CharField(source="topic.path")

    class Meta:
        model = PaperTopic
        fields = ("slug", "name", "path", "origin", "suggested")


class VersionSerializer(serializers.ModelSerializer[PaperVersion]):
    """One appearance: preprint, workshop, conference or journal version."""

    venue = VenueRef(allow_null=True)
    url = serializers.CharField()

    class Meta:
        model = PaperVersion
        fields = ("kind", "year", "venue", "venue_text", "identifier", "url", "confirmed")


class FindingSerializer(serializers.Serializer):
    """One thing the paper found, in our words, with who says so."""

    text = serializers.CharField()
    origin = serializers.CharField()


class NameSerializer(serializers.ModelSerializer[PaperName]):
    """A name of what the paper introduces, where it comes from, and whether that confirms it."""

    confirmed = serializers.BooleanField(source="is_confirmed")

    class Meta:
        model = PaperName
        fields = ("name", "origin", "confirmed")


class LinkSerializer(serializers.Serializer):
    """Something outside that belongs to the paper."""

    kind = serializers.CharField()
    url = serializers.CharField()


class AppearanceSerializer(serializers.ModelSerializer[AcceptedPaper]):
    """An entry in a workshop's list of accepted papers."""

    workshop = serializers.CharField(source="workshop.slug")
    url = PageAddress(source="workshop")

    class Meta:
        model = AcceptedPaper
        fields = ("workshop", "presentation", "award", "url")


class MatchSerializer(serializers.Serializer):
    """Why a search found the paper; ranks count from 1, null where one side does not know it."""

    rank = serializers.IntegerField()
    lexical_rank = serializers.IntegerField(allow_null=True)
    semantic_rank = serializers.IntegerField(allow_null=True)
    cosine = serializers.FloatField(allow_null=True)
    fields_matched = serializers.ListField(source="fields", child=serializers.CharField())
    topics = serializers.SerializerMethodField(help_text="Slugs of topics that the query names.")
    name = serializers.SerializerMethodField(
        help_text="The paper's name that the query is, or null."
    )

    def get_topics(self, hit: Hit) -> list[str]:
        return [topic.slug for topic in hit.topics]

    def get_name(self, hit: Hit) -> str | None:
        return hit.named.name if hit.named else None


class PaperSerializer(serializers.ModelSerializer[Paper]):
    """A paper with all that the site shows of it.

    `texts_by` tells who wrote tldr, tldr_zh and contribution; `unconfirmed` names the fields that
    no stored source confirmed.
    """

    url = PageAddress(help_text="Page for people.")
    api_url = serializers.SerializerMethodField()
    venue = VenueRef(allow_null=True)
    authors = AuthorSerializer(source="authorships", many=True)
    topics = PlacementSerializer(source="placements", many=True)
    versions = VersionSerializer(many=True)
    names = NameSerializer(many=True)
    findings = FindingSerializer(many=True)
    links = LinkSerializer(many=True)
    workshops = AppearanceSerializer(source="accepted_at", many=True)
    awards = serializers.ListField(child=serializers.CharField())
    sources = serializers.ListField(child=serializers.CharField())
    unconfirmed = serializers.ListField(child=serializers.CharField())
    match = MatchSerializer(allow_null=True, default=None, help_text="In searches with words.")

    class Meta:
        model = Paper
        fields = (
            "key",
            "url",
            "api_url",
            "title",
            "names",
            "authors",
            "year",
            "month",
            "venue",
            "volume",
            "issue",
            "pages",
            "publisher",
            "published_month",
            "kind",
            "role",
            "arxiv",
            "doi",
            "openreview",
            "acl",
            "abstract",
            "tldr",
            "tldr_zh",
            "contribution",
            "texts_by",
            "findings",
            "topics",
            "versions",
            "links",
            "workshops",
            "awards",
            "unconfirmed",
            "sources",
            "created_at",
            "updated_at",
            "match",
        )

    def get_api_url(self, paper: Paper) -> str:
        return address_of(self, reverse("api:paper", args=[paper.key]))
