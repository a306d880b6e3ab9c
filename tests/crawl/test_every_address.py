"""Every address of the shipped field answers, with a page of a bearable size, in few queries.

Each pattern of `urls.py` is a test of its own, so that several processes share the work. Of a
pattern with very many addresses those at even distances are opened: 200 where CI is set, else 150;
with `CRAWL=all` every one. The same crawl as a benchmark: `python -m benchmarks.crawl`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.addresses import parameters
from tests.crawl.queries import QUERIES
from tests.crawl.sources import values_for
from tests.crawl.visiting import (
    ANONYMOUS,
    CURATOR,
    MOST_BYTES,
    MOST_QUERIES,
    VISITORS,
    WHOLE,
    Answer,
    Crawl,
    Visit,
    crawled_routes,
    next_of,
    own_queries,
)

ROUTES = crawled_routes()
# Patterns of what people write here, of which the shipped field has nothing: the matrix of leaks
# (tests/leaks) opens those with something of each kind.
UNFILLED = ("alarms", "claims", "conflicts", "corrections", "documents", "import", "replies")
UNFILLED += ("waiting", "reviews", "suggestions", "tokens", "upload", "videos", "appeal", "report")
UNFILLED += (
    "workshops/invitations",
    "lists/import",
    "lists/invitations",
    *("lists/<slug:slug>/suggestions", "lists/<slug:slug>/log/<int:pk>"),
    *("public-lists/<slug:slug>/suggestions", "public-lists/<slug:slug>/log/<int:pk>"),
    *("workshops/papers", "workshops/<slug:slug>/files", "workshops/<slug:slug>/import/<int:pk>"),
    "workshops/<slug:slug>/imports",
)
UNFILLED += ("papers/<slug:key>/read",)  # no PDF is shipped
UNFILLED += ("following/webhooks",)
UNFILLED += ("inbox", "sources")
UNFILLED += ("runners/<int:pk>", "hand-ins/<int:pk>")
UNFILLED += ("dumps", "moderation", "accounts", "account", "unsubscribe", "feeds/following")


@pytest.mark.parametrize("route", ROUTES)
def test_every_address_answers_soon_and_small(crawl: Crawl, route: str) -> None:
    visits = crawl.route(route)

    faults = [
        f"{visit.address} ({visit.role}) {', '.join(visit.faults)}"
        for visit in visits
        if visit.faults
    ]
    assert not faults, "\n".join([f"{len(faults)} of {len(visits)}:", *faults[:40]])
    assert visits or route.removeprefix("api/v1/").startswith(UNFILLED)


def test_every_pattern_has_a_source_for_its_parameters(db: None) -> None:
    for route in ROUTES:
        values_for(route)


def test_a_pattern_without_a_source_is_a_failure() -> None:
    with pytest.raises(KeyError, match="poems"):
        values_for("poems/<slug:poem>/")


def test_queries_stand_behind_addresses_that_exist() -> None:
    assert set(QUERIES) | set(VISITORS) | set(WHOLE) <= set(ROUTES)
    assert all(not parameters(route) for route in QUERIES)


PAGE = Visit("k", "/k/", ANONYMOUS, 200, "text/html", 10, 0.1, 3)


@pytest.mark.parametrize(
    ("visit", "faulty"),
    [
        (PAGE, False),
        (replace(PAGE, status=500), True),
        (replace(PAGE, status=404), True),
        (replace(PAGE, status=403), False),
        (replace(PAGE, status=403, role=CURATOR), True),
        (replace(PAGE, size=MOST_BYTES + 1), True),
        (replace(PAGE, size=MOST_BYTES + 1, media_type="text/csv"), False),
        (replace(PAGE, queries=MOST_QUERIES + 1), True),
        (replace(PAGE, kind="papers/<slug:key>/", queries=13), True),
        (replace(PAGE, kind="papers/<slug:key>/", queries=13, role=CURATOR), False),
    ],
)
def test_what_is_a_fault(visit: Visit, faulty: bool) -> None:
    assert bool(visit.faults) is faulty


@pytest.mark.parametrize(
    ("address", "media_type", "body", "following"),
    [
        ("/p/", "text/html", '<a class="b" rel="next" href="?a=1&amp;page=2">', "/p/?a=1&page=2"),
        ("/p/?page=2", "text/html", '<a rel="prev" href="?page=1">', ""),
        ("/api/", "application/json", '{"next": "http://x/api/?cursor=c"}', "/api/?cursor=c"),
        ("/f.atom", "application/atom+xml", '<link rel="next" href="http://x/f.atom?c=2"/>', "/f.atom?c=2"),
        (
            "/oai?verb=ListRecords&metadataPrefix=mods",
            "text/xml",
            '<resumptionToken cursor="0">abc</resumptionToken>',
            "/oai?verb=ListRecords&resumptionToken=abc",
        ),
    ],
)  # fmt: skip
def test_the_page_behind_is_found(address: str, media_type: str, body: str, following: str) -> None:
    assert next_of(address, Answer(200, media_type, body.encode(), 0, 0)) == following


def test_a_page_s_own_filters_are_found_once() -> None:
    body = b'<a href="?a=1&amp;b=2"><a href="?a=1&amp;b=2"><a href="?page=3"><a href="/x/?a=1">'

    assert own_queries("/p/?q=1", body) == ["/p/?a=1&b=2"]
