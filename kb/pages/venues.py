"""Venues: all series by kind, one page a series, one page an edition."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.words import Words
from kb.pages.papers import record_data
from papers.models import Paper, Person, Venue, Workshop
from papers.models.paper import PaperQuerySet
from taxonomy.models import Topic

KINDS = (
    (Venue.Kind.CONFERENCE, Words("Conferences")),
    (Venue.Kind.JOURNAL, Words("Journals")),
    (Venue.Kind.WORKSHOP, Words("Workshops and small meetings")),
    (Venue.Kind.PREPRINT, Words("Preprints only")),
    (Venue.Kind.WEB, Words("Web pages and reports")),
)
NEWEST = 15
PAPERS_A_PAGE, ALSO_A_PAGE = 25, 60


@dataclass(frozen=True)
class Shelf:
    """Venues of one kind, those with most papers first."""

    title: str
    code: str
    venues: list[Any]
    most: int

    @property
    def paper_count(self) -> int:
        return sum(venue.paper_count for venue in self.venues)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every series with its number of papers here, grouped by kind."""
    visible = Q(papers__in=Paper.objects.visible_to(request.user))
    venues = list(
        Venue.objects.annotate(paper_count=Count("papers", visible))
        .select_related("part_of")
        .order_by("-paper_count", "name")
    )
    shelves = []
    for kind, title in KINDS:
        of_kind = [venue for venue in venues if venue.kind == kind]
        if of_kind:
            shelves.append(Shelf(title, kind.value, of_kind, of_kind[0].paper_count))
    context = {"section": "venues", "shelves": shelves, "venue_count": len(venues)}
    return render(request, "venues/index.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One series: papers by year, editions, what is published there and by whom."""
    venue = get_object_or_404(Venue.objects.select_related("part_of"), slug=slug)
    papers = Paper.objects.visible_to(request.user).filter(venue=venue)
    years = Counter(papers.order_by().values_list("year", flat=True))
    parts = venue.parts.annotate(
        paper_count=Count("papers", Q(papers__in=Paper.objects.visible_to(request.user)))
    )
    context = {
        "section": "venues",
        "venue": venue,
        "data": record_data.venue(request, venue),
        "years": dict(years),
        "editions": sorted(years.items(), reverse=True),
        "most": max(years.values(), default=0),
        "paper_count": sum(years.values()),
        "newest": papers.newest_first().for_cards()[:NEWEST],
        "parts": parts.order_by("name"),
        "topics": _topics(papers),
        "people": _people(papers),
        "workshops": _workshops(venue),
        "also_count": _also_here(request, venue).count(),
    }
    return render(request, "venues/detail.html", context)


@require_safe
def year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The papers of one series in one year."""
    venue = get_object_or_404(Venue.objects.select_related("part_of"), slug=slug)
    papers = Paper.objects.visible_to(request.user).filter(venue=venue, year=year).for_cards()
    also = _also_here(request, venue).filter(versions__venue=venue, versions__year=year)
    workshops = _workshops(venue).filter(year=year)
    shown, others = (
        Paginator(papers.order_by("title", "pk"), PAPERS_A_PAGE),
        Paginator(also.select_related("venue").order_by("title", "pk"), ALSO_A_PAGE),
    )
    if not (shown.count or others.count or workshops):
        raise Http404(
            gettext("No paper here appeared at {name} in {year}.").format(
                name=venue.name, year=year
            )
        )
    context = {
        "section": "venues",
        "venue": venue,
        "year": year,
        "papers": shown.get_page(request.GET.get("page")),
        "also": others.get_page(request.GET.get("also")),
        "workshops": workshops,
        "topics": _topics(Paper.objects.visible_to(request.user).filter(venue=venue, year=year)),
        "beside": _years_beside(request, venue, year),
    }
    return render(request, "venues/year.html", context)


def _topics(papers: QuerySet[Paper]) -> QuerySet[Topic]:
    """The topics under which most of these papers stand."""
    return (
        Topic.objects.filter(placements__paper__in=papers)
        .annotate(paper_count=Count("placements__paper", distinct=True))
        .order_by("-paper_count", "position")[:12]
    )


def _people(papers: QuerySet[Paper]) -> QuerySet[Person]:
    """Those who wrote at least two of these papers."""
    return (
        Person.objects.filter(authorships__paper__in=papers)
        .annotate(paper_count=Count("authorships__paper", distinct=True))
        .filter(paper_count__gte=2)
        .order_by("-paper_count", "name")[:12]
    )


def _workshops(venue: Venue) -> QuerySet[Workshop]:
    """Workshops held at a conference of this name; at its parent, for "Workshops at …"."""
    if venue.kind == Venue.Kind.WORKSHOP and venue.part_of is None:
        return Workshop.objects.none()
    host = venue.part_of if venue.kind == Venue.Kind.WORKSHOP and venue.part_of else venue
    named = Q(host_conference=host.name) | Q(host_conference__startswith=host.name + " ")
    return Workshop.objects.visible_to().filter(named)


def _also_here(request: HttpRequest, venue: Venue) -> PaperQuerySet:
    """Papers with a version here that are counted under another venue."""
    papers = Paper.objects.visible_to(request.user).exclude(venue=venue)
    return papers.filter(versions__venue=venue).distinct()


def _years_beside(request: HttpRequest, venue: Venue, year: int) -> dict[str, int | None]:
    """The nearest years before and after in which papers here appeared."""
    papers = Paper.objects.visible_to(request.user).filter(venue=venue).order_by()
    years = sorted(set(papers.values_list("year", flat=True)))
    return {
        "before": max((other for other in years if other < year), default=None),
        "after": min((other for other in years if other > year), default=None),
    }
