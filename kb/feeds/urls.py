"""Addresses for machines that follow the site: feeds, harvesting, discovery."""

from django.urls import path

from kb.feeds import atom, discovery, kept, news, reviews, sitemap
from kb.feeds.oai.views import oai
from kb.feeds.unapi import unapi

_ONE = {"topics": "topic", "people": "person", "venues": "venue", "workshops": "workshop"}

urlpatterns = [
    *(
        path(f"feeds/{kind}/<slug:slug>.atom", atom.of_one, {"kind": kind}, name=f"feed-{one}")
        for kind, one in _ONE.items()
    ),
    path("feeds/workshops/<slug:slug>/news.atom", news.of_workshop, name="feed-workshop-news"),
    path("feeds/papers.atom", atom.papers, name="feed-papers"),
    path("feeds/changes.atom", atom.changes, name="feed-changes"),
    path("feeds/reviews.atom", reviews.reviews, name="feed-reviews"),
    path("feeds/lists/<str:key>.atom", kept.shared_list, name="feed-list"),
    path("feeds/public-lists/<slug:slug>.atom", kept.public_list, name="feed-public-list"),
    path("feeds/public-lists/<slug:slug>/log.atom", kept.reading_log, name="feed-reading-log"),
    path("feeds/following/<str:token>.atom", kept.following, name="feed-following"),
    path("oai", oai, name="oai"),
    path("unapi", unapi, name="unapi"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemaps/<slug:section>.xml", sitemap.part, name="sitemap-part"),
    path("robots.txt", discovery.robots, name="robots"),
    path("llms.txt", discovery.llms, name="llms"),
    path("opensearch.xml", discovery.opensearch, name="opensearch"),
]
