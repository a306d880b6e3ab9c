"""Addresses for machines that follow the site: feeds, harvesting, discovery."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from kb.feeds import atom, discovery, gone, kept, news, reviews, sitemap
from kb.feeds.oai.views import oai
from kb.feeds.unapi import unapi

_ONE = {"topics": "topic", "people": "person", "venues": "venue", "workshops": "workshop"}


def _feed(
    place: str, view: Callable[..., HttpResponse], name: str, **given: str
) -> list[URLPattern]:
    """A feed as Atom and, beside it, as JSON Feed."""
    return [
        path(f"feeds/{place}.atom", view, given, name=f"feed-{name}"),
        path(f"feeds/{place}.json", view, given, name=f"json-feed-{name}"),
    ]


urlpatterns = [
    *(
        pattern
        for kind, one in _ONE.items()
        for pattern in _feed(f"{kind}/<slug:slug>", atom.of_one, one, kind=kind)
    ),
    *_feed("workshops/<slug:slug>/news", news.of_workshop, "workshop-news"),
    *_feed("papers", atom.papers, "papers"),
    *_feed("changes", atom.changes, "changes"),
    *_feed("gone", gone.gone, "gone"),
    *_feed("reviews", reviews.reviews, "reviews"),
    *_feed("lists/<str:key>", kept.shared_list, "list"),
    *_feed("public-lists/<slug:slug>", kept.public_list, "public-list"),
    *_feed("public-lists/<slug:slug>/log", kept.reading_log, "reading-log"),
    *_feed("following/<str:token>", kept.following, "following"),
    path("oai", oai, name="oai"),
    path("unapi", unapi, name="unapi"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemaps/<slug:section>.xml", sitemap.part, name="sitemap-part"),
    path("robots.txt", discovery.robots, name="robots"),
    path("llms.txt", discovery.llms, name="llms"),
    path("opensearch.xml", discovery.opensearch, name="opensearch"),
]
