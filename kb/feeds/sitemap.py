"""The sitemap: an index, and files of at most 10,000 addresses cut by ranges of row ids.

`lastmod` is the last change of a paper, or of any paper that a page lists; of a run, when it ended.
Where the base does not know when a page changed, none is given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from community.models import PublicList
from papers.models import (
    Authorship,
    Book,
    Course,
    Lab,
    Method,
    Organisation,
    Paper,
    PaperTopic,
    Person,
    ReadingPath,
    Venue,
    Workshop,
)
from papers.models.place import Place
from reproductions import registry
from reproductions.models import PublishedNumber, Run, SurveyTable
from taxonomy.models import Topic

ROWS_A_FILE = 10_000
SITE_PAGES = (
    *("home", "papers", "topics", "people", "venues", "workshops", "timeline", "numbers"),
    *("compare", "tables", "disagreements", "reproductions", "reviews", "about", "api:docs"),
    *("glossary", "paths", "figures", "methods", "methods-lineage", "public-lists"),
    *("labs", "organisations", "courses", "books"),
    *("learn", "decide", "contribute"),
)


def _papers() -> QuerySet[Paper]:
    return Paper.objects.visible_to().annotate(changed=F("updated_at"))


def _topics() -> QuerySet[Topic]:
    inside = PaperTopic.objects.filter(
        Q(topic=OuterRef("pk")) | Q(topic__path__startswith=Concat(OuterRef("path"), Value("/")))
    )
    return Topic.objects.annotate(changed=_last_change(inside))


def _people() -> QuerySet[Person]:
    return Person.objects.visible_to().annotate(
        changed=_last_change(Authorship.objects.filter(person=OuterRef("pk")))
    )


def _venues() -> QuerySet[Venue]:
    newest = Paper.objects.visible_to().filter(venue=OuterRef("pk")).order_by("-updated_at")
    return Venue.objects.annotate(changed=Subquery(newest.values("updated_at")[:1]))


def _places(model: type[Place]) -> QuerySet[Any]:
    return model._default_manager.annotate(changed=F("updated_at"))


def _runs() -> QuerySet[Run]:
    ended = Run.objects.visible_to(None).exclude(finished_at=None)
    return ended.annotate(changed=F("finished_at"))


def _tables() -> QuerySet[SurveyTable]:
    return SurveyTable.objects.annotate(changed=Max("versions__made_at"))


KINDS: dict[str, Callable[[], QuerySet[Any]]] = {
    "papers": _papers,
    "topics": _topics,
    "people": _people,
    "venues": _venues,
    "workshops": Workshop.objects.visible_to,
    "methods": lambda: Method.objects.visible_to().annotate(changed=F("updated_at")),
    "paths": ReadingPath.objects.all,
    **{
        plural: partial(_places, model)
        for plural, model in (
            ("labs", Lab),
            ("organisations", Organisation),
            ("courses", Course),
            ("books", Book),
        )
    },
    "numbers": lambda: PublishedNumber.objects.visible_to(None),
    "tables": _tables,
    "runs": _runs,
    "lists": lambda: PublicList.objects.public().annotate(changed=F("changed_at")),
}


class Pages(Sitemap):
    """Pages that are not about one row of a table."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses

    def items(self) -> list[str]:
        return self.addresses

    def location(self, item: str) -> str:
        return item


class Rows(Sitemap):
    """Pages of rows of one kind whose ids lie in one range."""

    limit = 50_000  # a range holds fewer, so there is always one page

    def __init__(self, rows: QuerySet[Any], number: int, latest: dt.datetime | None) -> None:
        self.rows = rows.filter(pk__gte=number * ROWS_A_FILE, pk__lt=(number + 1) * ROWS_A_FILE)
        self.latest = latest

    def items(self) -> QuerySet[Any]:
        return self.rows.order_by("pk")

    def lastmod(self, item: Any) -> dt.datetime | None:
        changed = getattr(item, "changed", None)
        return changed.replace(microsecond=0) if changed else None

    def get_latest_lastmod(self) -> dt.datetime | None:
        """Known for papers without reading them all."""
        return self.latest


def sections() -> dict[str, type[Sitemap] | Sitemap]:
    """The files of the sitemap by name: `site`, `programs`, and `<kind>-<number of the range>`."""
    files: dict[str, type[Sitemap] | Sitemap] = {
        "site": Pages([reverse(name) for name in SITE_PAGES]),
        "programs": Pages([reverse("reproduction", args=[slug]) for slug in registry.slugs()]),
    }
    for kind, rows in KINDS.items():
        for number, latest in _ranges(kind, rows()):
            files[f"{kind}-{number}"] = Rows(rows(), number, latest)
    return files


def _ranges(kind: str, rows: QuerySet[Any]) -> list[tuple[int, dt.datetime | None]]:
    """Numbers of the ranges that hold rows, each with its last change."""
    numbered = rows.order_by().annotate(number=F("pk") / ROWS_A_FILE).values("number").distinct()
    if kind == "papers":
        dated = numbered.annotate(last=Max("updated_at")).values_list("number", "last")
        return [(number, last.replace(microsecond=0)) for number, last in sorted(dated)]
    return [(number, None) for number in sorted(numbered.values_list("number", flat=True))]


@require_safe
@cache_control(no_cache=True)
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    """Which files there are."""
    return django_views.index(
        request,
        sitemaps=sections(),
        template_name="feeds/sitemap_index.xml",
        sitemap_url_name="sitemap-part",
    )


@require_safe
@cache_control(no_cache=True)
@conditional_page
def part(request: HttpRequest, section: str) -> HttpResponse:
    """One file; Http404 when there is none of that name."""
    return django_views.sitemap(
        request, sitemaps=sections(), section=section, template_name="feeds/sitemap.xml"
    )


def _last_change(rows: QuerySet[Any]) -> Subquery:
    """When the newest change of a visible paper among `rows` was."""
    visible = rows.filter(paper__in=Paper.objects.visible_to().values("pk"))
    return Subquery(visible.order_by("-paper__updated_at").values("paper__updated_at")[:1])
