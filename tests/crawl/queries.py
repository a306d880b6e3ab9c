"""Addresses whose subject stands behind the question mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kb.feeds.oai.requests import PREFIXES
from kb.feeds.unapi import SUFFIXES
from papers.models import Venue
from reproductions.comparing.quantities import COSTS
from taxonomy.models import Topic
from tests.crawl.rows import keys


def _sets() -> list[str]:
    topics = Topic.objects.order_by("path").values_list("path", flat=True)
    venues = Venue.objects.order_by("slug").values_list("slug", flat=True)
    specs = [f"topic:{path.replace('/', ':')}" for path in topics]
    return ["topic", "venue", *specs, *(f"venue:{slug}" for slug in venues)]


def _oai() -> Iterable[str]:
    """All verbs; whole lists in all formats; every set and every record, its format by turns."""
    yield from ("verb=Identify", "verb=ListMetadataFormats", "verb=ListSets")
    for prefix in PREFIXES:
        yield f"verb=ListIdentifiers&metadataPrefix={prefix}"
        yield f"verb=ListRecords&metadataPrefix={prefix}"
    for place, spec in enumerate(_sets()):
        yield f"verb=ListRecords&metadataPrefix={PREFIXES[place % len(PREFIXES)]}&set={spec}"
    for place, key in enumerate(keys()):
        prefix = PREFIXES[place % len(PREFIXES)]
        yield f"verb=GetRecord&metadataPrefix={prefix}&identifier=oai:testserver:{key}"


def _unapi() -> Iterable[str]:
    yield ""
    for place, key in enumerate(keys()):
        yield f"id={key}"
        yield f"id={key}&format={list(SUFFIXES)[place % len(SUFFIXES)]}"


QUERIES: dict[str, Callable[[], Iterable[str]]] = {
    "oai": _oai,
    "unapi": _unapi,
    "papers/suggest/": lambda: ("q=skip", "q=author:hu", "q=skip&format=opensearch"),
    "oembed": lambda: (f"url=http%3A//testserver/papers/{key}/" for key in keys()[:50]),
    "disagreements/": lambda: ("", "page=2", "page=3", "kind=convention", "kind=none"),
    "compare/": lambda: (
        "",
        "second_hand=1&mix=1",
        "second_hand=1",
        *(f"cost={cost}&second_hand=1" for cost in COSTS if cost != "operations"),
        "data_set=nowhere&until=1990",
        "cost=weight&since=new",
    ),
    # Of the whole, only a started site can tell.
    "healthz": lambda: ("part=database", "part=index", "part=encoder"),
    "feeds/reviews.atom": lambda: ("", *(f"paper={key}" for key in keys())),
    "feeds/reviews.json": lambda: ("",),
}
