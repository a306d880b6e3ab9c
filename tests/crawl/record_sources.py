"""Of the records of the field, the forms they leave in, and the files of the site."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from django.db.models import Q, QuerySet

from kb.backup.dump import dates, manifest_of
from kb.feeds.sitemap import sections
from kb.figures import FIGURES
from kb.pages.places.views import SECTIONS, Section
from kb.pages.workshops.giving import TYPES as PROCEEDINGS
from kb.urls.records import PLURALS
from papers.formats.registry import FORMATS
from papers.models import (
    Method,
    PaperVersion,
    PathStep,
    ReadingPath,
    Venue,
    Workshop,
    WorkshopFile,
    WorkshopImport,
    WorkshopOrganiser,
)
from papers.workshops.blocks import BLOCKS
from reproductions.models import PublishedNumber, SurveyTable
from taxonomy.models import Topic
from tests.crawl.rows import LISTS, PAPERS, PEOPLE, Rows, column, columns, each, keys


def _identifiers() -> Rows:
    """Every key, arXiv id and DOI: what the API recognises without being told the kind."""
    names = ("key", "arxiv", "doi")
    for row in PAPERS.order_by("key").values_list(*names):
        yield from ((value,) for value in row if value)


def _with_pdf_somewhere() -> Rows:
    elsewhere = Q(arxiv__isnull=False) | Q(doi__isnull=False) | Q(openreview__isnull=False)
    rows = PAPERS.filter(elsewhere).order_by("key")
    return ((key, key) for key in rows.values_list("key", flat=True))


def _cards() -> Rows:
    """Kind and slug of all that can be framed elsewhere."""
    kinds: dict[str, QuerySet[Any]] = {
        "topics": Topic.objects.order_by("slug").values_list("slug", flat=True),
        "numbers": PublishedNumber.objects.visible_to(None).order_by("slug").values_list("slug", flat=True),
        "tables": SurveyTable.objects.order_by("slug").values_list("slug", flat=True),
    }  # fmt: skip
    yield from product(("papers",), keys())
    for kind, slugs in kinds.items():
        yield from product((kind,), slugs)


def _linksets() -> Rows:
    """Kind, slug and suffix of the link sets."""
    kinds = {
        "papers": keys(),
        "people": PEOPLE.order_by("slug").values_list("slug", flat=True),
        "workshops": Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True),
        "lists": LISTS.order_by("slug").values_list("slug", flat=True),
    }
    for kind, slugs in kinds.items():
        yield from ((kind, slug, "json") for slug in slugs)


def _editions() -> Rows:
    """Venue and year of every paper, and of every version of one."""
    own = PAPERS.exclude(venue=None).values_list("venue__slug", "year")
    versions = PaperVersion.objects.filter(paper__in=PAPERS).exclude(venue=None)
    return sorted({*own, *versions.values_list("venue__slug", "year")})


def _records() -> Rows:
    """(plural, key) of every record that has a history."""
    kinds = (
        ("papers", PAPERS, "key"),
        ("people", PEOPLE, "slug"),
        ("venues", Venue.objects.all(), "slug"),
        ("workshops", Workshop.objects.visible_to(), "slug"),
        ("topics", Topic.objects.all(), "slug"),
        ("methods", Method.objects.all(), "slug"),
        *((plural, of.model.objects.all(), "slug") for plural, of in SECTIONS.items()),
    )
    for plural, rows, name in kinds:
        yield from ((plural, key) for key in rows.order_by(name).values_list(name, flat=True))


def _files_of(section: Section) -> Callable[[], Rows]:
    rows = section.model._default_manager.order_by("slug")
    return lambda: product(rows.values_list("slug", flat=True), section.suffixes)


def _sitemaps() -> Rows:
    return ((name,) for name in sections())


def _dump_files() -> Rows:
    return ((date, name) for date in dates() for name in (manifest_of(date) or {})["files"])


SOURCES: dict[str, Callable[[], Rows]] = {
    "papers.<str:suffix>": each(*FORMATS),
    "papers/<slug:key>": column(PAPERS, "key"),
    "papers/<slug:key>.<str:suffix>": lambda: product(keys(), FORMATS),
    "papers/<slug:key>/<slug:name>.pdf": _with_pdf_somewhere,
    "papers/<path:identifier>": _identifiers,
    "topics/<slug:slug>": column(Topic.objects.all(), "slug"),
    "paths/<slug:slug>": column(ReadingPath.objects.all(), "slug"),
    "paths/<slug:slug>/<slug:step>/tick": columns(PathStep.objects, "path__slug", "slug"),
    "figures/<slug:slug>": lambda: ((slug,) for slug in FIGURES),
    "methods.<str:suffix>": each("csv", "json", "jsonld"),
    "methods/<slug:slug>": column(Method.objects.all(), "slug"),
    "methods/<slug:slug>.<str:suffix>": lambda: (
        (slug, "json") for (slug,) in column(Method.objects, "slug")()
    ),
    **{
        pattern: rows
        for plural, of in SECTIONS.items()
        for pattern, rows in (
            (f"{plural}.<str:suffix>", each(*of.suffixes)),
            (f"{plural}/<slug:slug>", column(of.model.objects.all(), "slug")),
            (f"{plural}/<slug:slug>.<str:suffix>", _files_of(of)),
        )
    },
    "people/<slug:slug>": column(PEOPLE, "slug"),
    "venues/<slug:slug>": column(Venue.objects.all(), "slug"),
    "venues/<slug:slug>/<int:year>": _editions,
    "workshops/<slug:slug>": column(Workshop.objects.visible_to(), "slug"),
    "workshops/<slug:slug>/proceedings.<str:suffix>": lambda: product(
        Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True), PROCEEDINGS
    ),
    "<slug:slug>/blocks/<slug:code>": lambda: product(
        Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True), BLOCKS
    ),
    "workshops/<slug:slug>/edit/<slug:code>": lambda: product(
        Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True), BLOCKS
    ),
    "workshops/papers/<str:token>": lambda: [],  # the links of authors are kept as hashes
    "workshops/papers/<str:token>/<str:name>": lambda: [],
    "workshops/<slug:slug>/files/<str:name>": columns(
        WorkshopFile.objects, "workshop__slug", "name"
    ),
    "workshops/<slug:slug>/import/<int:pk>": columns(
        WorkshopImport.objects, "workshop__slug", "pk"
    ),
    "workshops/invitations/<str:token>": column(
        WorkshopOrganiser.objects.filter(user=None), "token"
    ),
    "abs/(?P<identifier>.+?)": column(PAPERS.exclude(arxiv=None), "arxiv"),
    "doi/(?P<identifier>.+?)": column(PAPERS.exclude(doi=None), "doi"),
    "openreview/<str:identifier>": column(PAPERS.exclude(openreview=None), "openreview"),
    "acl/<str:identifier>": column(PAPERS.exclude(acl=None), "acl"),
    "papers/<slug:key>/v<int:version>": lambda: ((key, 1) for key in keys()),
    "badges/<slug:key>": column(PAPERS, "key"),
    "papers/<slug:key>/read/": lambda: [],  # no PDF is shipped
    "papers/<slug:key>/read/<str:name>": lambda: [],
    "documents/<int:pk>/read/<str:name>": lambda: [],
    "cards/<str:kind>/<slug:slug>": _cards,
    "pictures/<str:kind>/<slug:slug>.png": _cards,
    "linksets/<str:kind>/<slug:slug>.<str:suffix>": _linksets,
    "sitemaps/<slug:section>": _sitemaps,
    "<slug:plural>/<slug:key>": _records,
    f"(?P<plural>{PLURALS})/(?P<key>[-\\w]+)": _records,
    f"(?P<plural>{PLURALS})/(?P<key>[-\\w]+)/videos/add": lambda: (
        row for row in _records() if row[0] in ("papers", "workshops")
    ),
    "dumps/<str:date>/<path:name>": _dump_files,
}
