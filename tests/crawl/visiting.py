"""Opening addresses and saying what is wrong with the answers."""

from __future__ import annotations

import html
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from django.db import connection
from django.test import Client

from tests.addresses import LEFT_OUT, filled, routes
from tests.crawl.queries import QUERIES
from tests.crawl.sources import values_for

MOST_BYTES = 100_000
"""Of our own HTML in one page: a phone on a slow line gets it in about a second."""
MOST_QUERIES = 25
WHOLE = {
    "workshops/<slug:slug>.zip": 50,
    "api/v1/workshops/<slug:slug>/blocks/": 50,
    "sitemap.xml": 50,
}
"""Queries of what gathers all parts of a workshop at once (a copy to take away, and what its
organisers have drafted), and of what counts every kind of record."""
VISITORS = {
    "": 12,
    "papers/<slug:key>/": 12,
    "topics/<slug:slug>/": 12,
    "papers/": 20,
    "people/": 20,
    "api/v1/papers/<path:identifier>/": 6,
}
"""What most readers open takes still fewer for those without an account."""
ANONYMOUS, MEMBER, CURATOR = ROLES = ("anonymous", "member", "curator")
COMPARED = 3
"""So many addresses of a pattern are opened in two roles, to see whether they differ."""
LARGEST, BUSIEST, SPREAD = 10, 10, 10
"""Who is signed in meets the same records with more around them: of a pattern with very many, they
open those that were largest to everybody, those that asked the database most, and some at even
distances."""
OF_A_FILTER = 5
"""And of a page's own links that differ in values alone, so many."""
TURNED = 3
"""In a sample, so many pages behind a first one are turned by who is signed in, and in lists of one
record's (a topic's feed): the list of all of that kind is turned to its end, and has each of them."""
LONG_FILE_BYTES = 500_000
"""Two roles are compared in one file of such a length: another format holds the same records."""
MOST_PAGES = 1_000

# Django's own pages for administrators, which the matrix of leaks opens; addresses that end or
# change what the crawl itself needs; and "anything else", which is a 404 on purpose.
_NOT_CRAWLED = re.compile(r"admin/|accounts/logout|api/v1/\.\*|.*/sessions/")
_PRIVATE = re.compile(
    r"(api/v1/)?(lists|marks|follows|members)/|accounts/|account/|"
    r"(api/v1/)?workshops/<slug:slug>/(blocks|edit|preview|organisers|requests?|news|people|board|authors|import|imports|files)\b"
)
_NEXT_LINK = re.compile(r'<(?:a|link)\b[^>]*\brel="next"[^>]*>')
_HREF = re.compile(r'\bhref="([^"]*)"')
_OWN_QUERY = re.compile(r'\bhref="(\?[^"]*)"')
_TOKEN = re.compile(r"<resumptionToken[^>]*>([^<]+)<")
_DATE = re.compile(rb"<responseDate>[^<]*<")
_VOLATILE = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|\?next=[^"]*')


@dataclass(frozen=True)
class Answer:
    """What came back: seconds until it was whole, queries of this process (-1 if unknown)."""

    status: int
    media_type: str
    body: bytes
    seconds: float
    queries: int
    location: str = ""

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 302 and self.location.startswith("/accounts/login/")


@dataclass(frozen=True)
class Visit:
    """One address opened as somebody; `kind` is the pattern that it belongs to."""

    kind: str
    address: str
    role: str
    status: int
    media_type: str
    size: int
    seconds: float
    queries: int

    @property
    def faults(self) -> list[str]:
        """In words, what must not be; empty for a good page."""
        faults = []
        if self.status >= 400 and self.status not in self._allowed:
            faults.append(f"answers {self.status}")
        if self.media_type == "text/html" and self.size > MOST_BYTES:
            faults.append(f"has {self.size:,} bytes")
        if self.queries > self._most_queries:
            faults.append(f"makes {self.queries} queries")
        return faults

    @property
    def _most_queries(self) -> int:
        usual = WHOLE.get(self.kind, MOST_QUERIES)
        return VISITORS.get(self.kind, usual) if self.role == ANONYMOUS else usual

    @property
    def _allowed(self) -> tuple[int, ...]:
        """405 where only something written is taken; 401 and 403 for those who may not; 404 for
        what is somebody else's."""
        if _PRIVATE.match(self.kind):
            return (401, 403, 404, 405)
        return (405,) if self.role == CURATOR else (401, 403, 405)


Open = Callable[[str], Answer]


def opener(client: Client) -> Open:
    """Opens addresses in this process, and counts the queries of each."""

    def open_(address: str) -> Answer:
        queries = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(sql, params, many, context)

        began = time.perf_counter()
        with connection.execute_wrapper(count):
            response = client.get(address)
            body = (
                b"".join(response.streaming_content)  # type: ignore[attr-defined]
                if response.streaming
                else response.content
            )
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        seconds = time.perf_counter() - began
        location = response.headers.get("Location", "")
        return Answer(response.status_code, media_type, body, seconds, queries, location)

    return open_


@dataclass
class Crawl:
    """A crawl of patterns of addresses, as anonymous and, where it differs, as others.

    everything: all addresses in all roles. sample: of each pattern only so many, 0 for all.
    """

    openers: dict[str, Open]
    everything: bool = False
    sample: int = 0
    visits: list[Visit] = field(default_factory=list)
    _answers: dict[tuple[str, str], Answer] = field(default_factory=dict, repr=False)
    """Of the pattern that is open: what each role met at the addresses that are compared, so that
    nothing is made twice for one role."""
    _compared: list[str] = field(default_factory=list, repr=False)

    def route(self, route: str) -> list[Visit]:
        """Opens the addresses of a pattern; returns the visits, which are also kept."""
        before = len(self.visits)
        addresses = list(addresses_of(route))
        if self.sample:
            addresses = _spread(addresses, self.sample)
        self._answers.clear()
        self._compared = addresses[:COMPARED]
        if self._asks_to_sign_in():
            self._all(route, self._compared, ANONYMOUS)
        else:
            self._all(route, addresses, ANONYMOUS)
        telling = addresses if self.everything else _telling(addresses, self.visits[before:])
        for role in (MEMBER, CURATOR):
            if role in self.openers and self._differs(role):
                self._all(route, telling, role)
        return self.visits[before:]

    def _asks_to_sign_in(self) -> bool:
        """Whether a pattern leads everybody who is not signed in to the form for that."""
        answers = (self._answer(ANONYMOUS, address) for address in self._compared)
        return bool(self._compared) and all(answer.asks_to_sign_in for answer in answers)

    def _all(self, route: str, addresses: Iterable[str], role: str) -> None:
        for address in addresses:
            answer = self._visit(route, address, role)
            if answer.status == 405:
                return  # a pattern that is only written to
            self._follow(route, address, answer, role)

    def _visit(self, route: str, address: str, role: str) -> Answer:
        answer = self._answer(role, address)
        self.visits.append(
            Visit(
                kind=route,
                address=address,
                role=role,
                status=answer.status,
                media_type=answer.media_type,
                size=len(answer.body),
                seconds=answer.seconds,
                queries=answer.queries,
            )
        )
        return answer

    def _follow(self, route: str, address: str, answer: Answer, role: str) -> None:
        """The pages behind a first one; of a list page also its filters, orders and views."""
        seen = {address}
        is_sample = bool(self.sample) and not self.everything
        is_repeated = is_sample and role != ANONYMOUS
        if "<" not in route and answer.media_type == "text/html":
            links = own_queries(address, answer.body)
            for link in _of_each_filter(links, OF_A_FILTER) if is_repeated else links:
                if link not in seen:
                    seen.add(link)
                    self._visit(route, link, role)
        following = next_of(address, answer)
        followed = set[str]()
        is_short = is_repeated or (is_sample and "<" in route)
        for turned in range(MOST_PAGES):
            if is_short and turned == TURNED:
                return
            is_elsewhere = urlsplit(following).path != urlsplit(address).path
            if not following or is_elsewhere or following in followed:
                return  # where two lists of a page turn by themselves, their links lead around
            followed.add(following)
            if following not in seen:
                seen.add(following)
                answer = self._visit(route, following, role)
            else:
                answer = self.openers[role](following)
            following = next_of(following, answer)
        raise AssertionError(f"{address} has more than {MOST_PAGES} pages")

    def _differs(self, role: str) -> bool:
        """Whether somebody in that role meets another page than the role before does."""
        before = ROLES[ROLES.index(role) - 1]
        for address in self._compared:
            answer = self._answer(before, address)
            if essence(answer) != essence(self._answer(role, address)):
                return True
            if len(answer.body) > LONG_FILE_BYTES:
                return False
        return False

    def _answer(self, role: str, address: str) -> Answer:
        """What a role meets there; where roles are compared, it is made once."""
        if address not in self._compared:
            return self.openers[role](address)
        if (role, address) not in self._answers:
            self._answers[role, address] = self.openers[role](address)
        return self._answers[role, address]


def _telling(addresses: list[str], visits: list[Visit]) -> list[str]:
    """The addresses nearest to a limit, of bytes or of queries, and others at even distances."""
    if len(addresses) <= LARGEST + BUSIEST + SPREAD:
        return addresses
    known = set(addresses)
    own = [visit for visit in visits if visit.address in known]
    largest = sorted(own, key=lambda visit: visit.size, reverse=True)[:LARGEST]
    busiest = sorted(own, key=lambda visit: visit.queries, reverse=True)[:BUSIEST]
    near = [visit.address for visit in (*largest, *busiest)]
    return list(dict.fromkeys([*near, *_spread(addresses, SPREAD)]))


def _of_each_filter(links: list[str], most: int) -> list[str]:
    """At most so many of those links that set the same parameters."""
    counted = Counter[tuple[str, ...]]()
    chosen = []
    for link in links:
        names = tuple(sorted({name for name, _ in parse_qsl(urlsplit(link).query, True)}))
        counted[names] += 1
        if counted[names] <= most:
            chosen.append(link)
    return chosen


def _spread(addresses: list[str], count: int) -> list[str]:
    """About so many of them, at even distances."""
    return addresses[:: max(1, len(addresses) // count)]


def crawled_routes() -> list[str]:
    """Every pattern of the site that the crawl opens."""
    return [
        route for route in routes() if not LEFT_OUT.match(route) and not _NOT_CRAWLED.match(route)
    ]


def addresses_of(route: str) -> Iterator[str]:
    """Every address of a pattern: its parameters filled, its queries behind it."""
    queries = QUERIES.get(route)
    for values in values_for(route):
        address = filled(route, [quote(str(value), safe="/:()") for value in values])
        for query in queries() if queries else ("",):
            yield f"{address}?{query}" if query else address


def essence(answer: Answer) -> object:
    """What of an answer is for the reader; without what every page says of who is signed in."""
    if answer.media_type != "text/html":
        return answer.status, _DATE.sub(b"", answer.body)
    text = answer.body.decode("utf-8", "replace")
    main = text.partition("<main")[2].partition("</main>")[0] or text
    return answer.status, _VOLATILE.sub("", main)


def own_queries(address: str, body: bytes) -> list[str]:
    """Links of a page to itself with another query."""
    text = body.decode("utf-8", "replace")
    path = address.partition("?")[0]
    found = [path + html.unescape(link) for link in _OWN_QUERY.findall(text)]
    return [link for link in dict.fromkeys(found) if "page=" not in link]


def next_of(address: str, answer: Answer) -> str:
    """The address of the page behind this one; "" at the end."""
    if answer.status != 200:
        return ""
    if answer.media_type == "application/json":
        link = _next_in_json(answer.body)
    elif answer.media_type == "text/xml":
        token = _TOKEN.search(answer.body.decode())
        verb = re.search(r"verb=\w+", address)
        link = f"?{verb[0]}&resumptionToken={token[1]}" if token and verb else ""
    else:
        tag = _NEXT_LINK.search(answer.body.decode("utf-8", "replace"))
        href = _HREF.search(tag[0]) if tag else None
        link = html.unescape(href[1]) if href else ""
    if not link:
        return ""
    parts = urlsplit(urljoin(address, link))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _next_in_json(body: bytes) -> str:
    document = json.loads(body)
    return str(document.get("next") or "") if isinstance(document, dict) else ""
