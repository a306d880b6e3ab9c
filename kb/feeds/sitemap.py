"""The sitemap: an index, and files of at most 10,000 addresses cut by ranges of row ids.

`lastmod` is the last change of a paper, or of any paper that a page lists. Where the base does
not know when a page changed, none is given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from kb.feeds.xml import add, xml_response
from papers.models import Authorship, Paper, PaperTopic, Person, Venue, Workshop
from taxonomy.models import Topic

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROWS_A_FILE = 10_000
SITE_PAGES = ("home", "papers", "topics", "people", "venues", "workshops", "timeline", "api:docs")


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


def _workshops() -> QuerySet[Workshop]:
    return Workshop.objects.all()


KINDS: dict[str, Callable[[], QuerySet]] = {
    "papers": _papers,
    "topics": _topics,
    "people": _people,
    "venues": _venues,
    "workshops": _workshops,
}


@require_safe
@cache_control(no_cache=True)
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    """Which files there are."""
    root = Element("sitemapindex", {"xmlns": NAMESPACE})
    add(add(root, "sitemap"), "loc", request.build_absolute_uri(reverse("sitemap-site")))
    for kind, rows in KINDS.items():
        for number, changed in _files(kind, rows()):
            entry = add(root, "sitemap")
            address = reverse("sitemap-part", args=[kind, number])
            add(entry, "loc", request.build_absolute_uri(address))
            _add_lastmod(entry, changed)
    return xml_response(root, "application/xml")


@require_safe
@cache_control(no_cache=True)
@conditional_page
def site(request: HttpRequest) -> HttpResponse:
    """The pages that are not about one record."""
    return _urlset(request, ((reverse(name), None) for name in SITE_PAGES))


@require_safe
@cache_control(no_cache=True)
@conditional_page
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The records of one kind whose ids lie in the range of this number."""
    if kind not in KINDS:
        raise Http404(f"There is no sitemap of {kind}.")
    first = number * ROWS_A_FILE
    rows = KINDS[kind]().filter(pk__gte=first, pk__lt=first + ROWS_A_FILE).order_by("pk")
    addresses = [(row.get_absolute_url(), getattr(row, "changed", None)) for row in rows]
    if not addresses:
        raise Http404("This sitemap is empty.")
    return _urlset(request, addresses)


def _files(kind: str, rows: QuerySet) -> list[tuple[int, dt.datetime | None]]:
    """Numbers of the files that hold rows, each with its last change."""
    numbered = rows.order_by().annotate(number=F("pk") / ROWS_A_FILE).values("number").distinct()
    if kind == "papers":
        dated = numbered.annotate(last=Max("updated_at")).values_list("number", "last")
        return sorted(dated)
    return [(number, None) for number in sorted(numbered.values_list("number", flat=True))]


def _urlset(request: HttpRequest, places: Iterable[tuple[str, dt.datetime | None]]) -> HttpResponse:
    root = Element("urlset", {"xmlns": NAMESPACE})
    for address, changed in places:
        entry = add(root, "url")
        add(entry, "loc", request.build_absolute_uri(address))
        _add_lastmod(entry, changed)
    return xml_response(root, "application/xml")


def _add_lastmod(entry: Element, changed: dt.datetime | None) -> None:
    if changed:
        add(entry, "lastmod", changed.isoformat(timespec="seconds"))


def _last_change(rows: QuerySet) -> Subquery:
    """When the newest change of a visible paper among `rows` was."""
    visible = rows.filter(paper__in=Paper.objects.visible_to().values("pk"))
    return Subquery(visible.order_by("-paper__updated_at").values("paper__updated_at")[:1])
