"""/labs/, /organisations/, /courses/ and /books/: where the field is worked on and taught."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.machinery.links import PageAddress
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import ListView, ReadView
from kb.api.methods import TextList
from papers.models import Book, Course, Lab, Organisation
from papers.models.place import Place
from papers.places.export import keys_in
from papers.places.pointing import papers_by_key, people_called, sponsorships

_FIRST = ("slug", "url", "name", "name_zh", "aliases")
_LAST = ("website", "topics", "from_memory", "unconfirmed", "sources", "updated_at")
_NAMES = ("leads", "members", "lecturers", "authors")


class PlaceNameSerializer(serializers.Serializer[Any]):
    """A printed name. `person` is the slug of who is printed so here, or null."""

    name = serializers.CharField()
    person = serializers.CharField(allow_null=True)


class ProductSerializer(serializers.Serializer[Any]):
    """A product that adapts its computation."""

    name = serializers.CharField()
    what = serializers.CharField(default="")
    year = serializers.IntegerField(default=None, allow_null=True)
    source = serializers.CharField(default="")  # type: ignore[assignment]


class SponsorshipSerializer(serializers.Serializer[Any]):
    """A workshop here that prints it among its sponsors."""

    workshop = serializers.CharField(source="workshop.slug")
    tier = serializers.CharField()


class CourseLectureSerializer(serializers.Serializer[Any]):
    """A lecture; `papers` are keys, `topics` slugs."""

    title = serializers.CharField()
    url = serializers.CharField(default="")
    video = serializers.CharField(default="")
    papers = TextList(default=list)
    topics = TextList(default=list)


class ChapterSerializer(serializers.Serializer[Any]):
    """A chapter; `topics` are slugs."""

    title = serializers.CharField()
    topics = TextList(default=list)


class PlaceSerializer(serializers.ModelSerializer[Any]):
    """What the four kinds share. `from_memory` names fields that rest on no stored source,
    `unconfirmed` the doubtful ones, with what of them is meant in brackets."""

    url = PageAddress(help_text="Page for people.")
    website = serializers.CharField(source="url", help_text="Its own page; may be empty.")
    aliases = TextList()
    topics = TextList()
    from_memory = TextList()
    unconfirmed = TextList()
    sources = TextList()

    def people(self, names: list[str]) -> list[dict[str, str | None]]:
        known = self.context["people"]
        return [
            {"name": name, "person": known[name].slug if name in known else None} for name in names
        ]

    def seen(self, keys: list[str]) -> list[str]:
        """Keys of papers that the reader may see, as they are called today."""
        papers = self.context["papers"]
        return [papers[key].key for key in keys if key in papers]


class LabSerializer(PlaceSerializer):
    """A lab: who leads it, members with works here, keys of works."""

    leads = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()
    papers = serializers.SerializerMethodField()

    class Meta:
        model = Lab
        fields = (*_FIRST, "affiliation", "country", "leads", "members", "papers", *_LAST)

    @extend_schema_field(PlaceNameSerializer(many=True))
    def get_leads(self, lab: Lab) -> list[dict[str, str | None]]:
        return self.people(lab.leads)

    @extend_schema_field(PlaceNameSerializer(many=True))
    def get_members(self, lab: Lab) -> list[dict[str, str | None]]:
        return self.people(lab.members)

    def get_papers(self, lab: Lab) -> list[str]:
        return self.seen(lab.papers)


class OrganisationSerializer(PlaceSerializer):
    """A company, institute or project: works, products, sponsorships of workshops here."""

    papers = serializers.SerializerMethodField()
    products = ProductSerializer(many=True)
    sponsored = serializers.SerializerMethodField()

    class Meta:
        model = Organisation
        fields = (*_FIRST, "kind", "country", "papers", "products", "sponsored", *_LAST)

    def get_papers(self, organisation: Organisation) -> list[str]:
        return self.seen(organisation.papers)

    @extend_schema_field(SponsorshipSerializer(many=True))
    def get_sponsored(self, organisation: Organisation) -> list[dict[str, str]]:
        rows = self.context["sponsorships"][organisation.pk]
        return [{"workshop": row.workshop.slug, "tier": row.tier} for row in rows]


class CourseSerializer(PlaceSerializer):
    """A course: who teaches it, when, and its lectures on the field."""

    lecturers = serializers.SerializerMethodField()
    lectures = serializers.SerializerMethodField()

    class Meta:
        model = Course
        fields = (*_FIRST, "provider", "term", "lecturers", "video", "lectures", *_LAST)

    @extend_schema_field(PlaceNameSerializer(many=True))
    def get_lecturers(self, course: Course) -> list[dict[str, str | None]]:
        return self.people(course.lecturers)

    @extend_schema_field(CourseLectureSerializer(many=True))
    def get_lectures(self, course: Course) -> list[dict[str, object]]:
        absent = {"url": "", "video": "", "papers": [], "topics": []}
        return [
            {**absent, **entry, "papers": self.seen(entry.get("papers", []))}
            for entry in course.lectures
        ]


class BookSerializer(PlaceSerializer):
    """A book: who wrote it, the edition, why it is listed, chapters on the field."""

    authors = serializers.SerializerMethodField()
    chapters = ChapterSerializer(many=True)

    class Meta:
        model = Book
        fields = (
            *(*_FIRST, "authors", "year", "publisher", "isbn", "relevant", "chapters"),
            *_LAST,
        )

    @extend_schema_field(PlaceNameSerializer(many=True))
    def get_authors(self, book: Book) -> list[dict[str, str | None]]:
        return self.people(book.authors)


class _Places(ReadView):
    """Looks up what the rows of an answer point to, in as many queries for one as for many."""

    model: ClassVar[type[Place]]
    pointed_to: dict[str, Any]

    def serialized(self, rows: object, *, many: bool) -> object:
        places: list[Place] = list(rows) if many else [rows]  # type: ignore[call-overload,list-item]
        user = self.request.user
        names = [name for p in places for field in _NAMES for name in getattr(p, field, [])]
        self.pointed_to = {
            "papers": papers_by_key([key for place in places for key in keys_in(place)], user),
            "people": people_called(names, user),
            "sponsorships": sponsorships([p for p in places if isinstance(p, Organisation)]),
        }
        return super().serialized(rows, many=many)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), **getattr(self, "pointed_to", {})}


class _PlaceList(_Places, ListView):
    order = Order("slug", ("slug",))
    parameters: ClassVar = (
        Parameter("q", "Words in the names."),
        Parameter("topic", "Slug of a topic it names."),
    )

    def rows(self) -> QuerySet[Any]:
        places = self.model._default_manager.all()
        for word in self.given.get("q", "").split():
            named = Q(name__icontains=word) | Q(name_zh__icontains=word)
            places = places.filter(named | Q(aliases__icontains=word))
        if topic := self.given.get("topic"):
            places = places.filter(topics__contains=[topic])
        return places


class _PlaceDetail(_Places):
    def get(self, request: Request, slug: str) -> Response:
        place = self.model._default_manager.filter(slug=slug).first()
        if place is None:
            raise Http404(f"There is no {self.model._meta.model_name} “{slug}”.")
        return Response(self.serialized(place, many=False))


class LabList(_PlaceList):
    """Labs and groups, by slug."""

    model, serializer_class = Lab, LabSerializer


class LabDetail(_PlaceDetail):
    """One lab."""

    model, serializer_class = Lab, LabSerializer


class OrganisationList(_PlaceList):
    """Companies, institutes and projects, by slug."""

    model, serializer_class = Organisation, OrganisationSerializer


class OrganisationDetail(_PlaceDetail):
    """One organisation."""

    model, serializer_class = Organisation, OrganisationSerializer


class CourseList(_PlaceList):
    """Courses, by slug."""

    model, serializer_class = Course, CourseSerializer


class CourseDetail(_PlaceDetail):
    """One course."""

    model, serializer_class = Course, CourseSerializer


class BookList(_PlaceList):
    """Books, by slug."""

    model, serializer_class = Book, BookSerializer


class BookDetail(_PlaceDetail):
    """One book."""

    model, serializer_class = Book, BookSerializer


urlpatterns = [
    path("labs/", LabList.as_view(), name="labs"),
    path("labs/<slug:slug>/", LabDetail.as_view(), name="lab"),
    path("organisations/", OrganisationList.as_view(), name="organisations"),
    path("organisations/<slug:slug>/", OrganisationDetail.as_view(), name="organisation"),
    path("courses/", CourseList.as_view(), name="courses"),
    path("courses/<slug:slug>/", CourseDetail.as_view(), name="course"),
    path("books/", BookList.as_view(), name="books"),
    path("books/<slug:slug>/", BookDetail.as_view(), name="book"),
]
