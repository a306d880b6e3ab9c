"""Addresses outside that pages here lead to: looked at now and then, by HEAD, then by GET.

One request a host and pass, seconds apart over all processes. An address that answers is looked at
again after a month; one that does not, after 1, 3 and 7 days. What cannot be told (a server that
refuses programs, or has no https) is no failure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from django.db.models import QuerySet
from django.utils import timezone

from papers.importers import fetching
from papers.importers.fetching import SourceProblem
from papers.models import Book, Course, Lab, Organisation, OutsideLink, Paper, PaperLink, Person
from papers.models import Workshop as Edition

AT_ONCE = 20
AGAIN = timedelta(days=30)
PAUSES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
HELD = timedelta(hours=1)
"""A worker that dies over an address leaves it to the next one after this time."""
SPACING_SECONDS = 2.0
_GONE = (404, 410)
_REFUSES_HEAD = (0, 400, 403, 404, 405, 429, 500, 501)
_TELLS_NOTHING = (401, 403, 406, 429, 451, 503, 999)
"""Answers to programs that say nothing of what a reader would see."""


@dataclass(frozen=True)
class Mention:
    """A page here that leads to an address outside."""

    address: str
    title: str
    page: str


def mentions(among: Collection[str] | None = None) -> Iterator[Mention]:
    """Every address outside that a public page prints, with that page; each as often as it is.

    among: addresses that are asked for; None for all.
    """

    def asked(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
        rows = rows.exclude(**{column: ""}).order_by("pk")
        return rows if among is None else rows.filter(**{f"{column}__in": among})

    links = PaperLink.objects.filter(paper__in=Paper.objects.visible_to(None))
    for link in asked(links, "url").select_related("paper").iterator(2000):
        yield Mention(link.url, link.paper.title, link.paper.get_absolute_url())
    for person in asked(Person.objects.visible_to(None), "url"):
        yield Mention(person.url, str(person), person.get_absolute_url())
    for edition in asked(Edition.objects.visible_to(None), "website"):
        yield Mention(edition.website, str(edition), edition.get_absolute_url())
    for model in (Lab, Organisation, Course, Book):
        for place in asked(model._default_manager.all(), "url"):
            yield Mention(place.url, str(place), place.get_absolute_url())


def collect() -> int:
    """Know every address that a page prints, and forget those that none does; returns how many."""
    addresses = {mention.address for mention in mentions()}
    known = set(OutsideLink.objects.values_list("address", flat=True))
    fresh = [OutsideLink(address=address, host=host_of(address)) for address in addresses - known]
    OutsideLink.objects.bulk_create(
        [link for link in fresh if link.host], ignore_conflicts=True, batch_size=1000
    )
    OutsideLink.objects.filter(address__in=known - addresses).delete()
    return len(addresses)


def host_of(address: str) -> str:
    """The host's name; empty for what is no address of the web."""
    try:
        parts = httpx.URL(address)
    except httpx.InvalidURL:
        return ""
    return parts.host[:255] if parts.scheme in ("http", "https") else ""


def check_some(most: int = AT_ONCE) -> int:
    """Look at addresses whose time has come, one of each host; returns how many."""
    due = OutsideLink.objects.filter(next_at__lte=timezone.now())
    first = due.order_by("host", "next_at", "pk").distinct("host")
    links = sorted(first, key=lambda link: link.next_at)[:most]
    return sum(_check(link) for link in links)


def dead() -> QuerySet[OutsideLink]:
    """Addresses that have not answered several times in a row."""
    return OutsideLink.objects.filter(failures__gte=OutsideLink.DEAD_AFTER)


def _check(link: OutsideLink) -> bool:
    """Look at one address, unless another worker does. Whether it was ours."""
    now = timezone.now()
    mine = OutsideLink.objects.filter(pk=link.pk, next_at=link.next_at)
    if not mine.update(next_at=now + HELD):
        return False
    status, problem = look(link.address)
    changes: dict[str, object] = {"checked_at": now, "status": status or None, "problem": problem}
    if 200 <= status < 400:
        changes |= {"succeeded_at": now, "failures": 0, "next_at": now + AGAIN}
    elif status in _TELLS_NOTHING or status < 0:
        changes |= {"next_at": now + AGAIN, "status": status if status > 0 else None}
    else:
        failures = OutsideLink.DEAD_AFTER if status == 410 else link.failures + 1
        changes |= {"failures": failures, "next_at": now + PAUSES[min(failures, 3) - 1]}
    OutsideLink.objects.filter(pk=link.pk).update(**changes)
    return True


def look(address: str) -> tuple[int, str]:
    """The status with which an address answers, and a sentence where it does not.

    0: nothing answers. -1: it cannot be told from here, as for a place without https.
    """
    target = httpx.URL(address)
    host = fetching.Source(target.host[:40], (target.host,), SPACING_SECONDS)
    inside = fetching.is_inside(target)
    if not inside and target.port not in (None, 80, 443):
        return -1, "It has a port of its own, which is not asked from here."
    url = str(target if inside else target.copy_with(scheme="https", port=None))
    status, problem = _ask(host, url, "HEAD")
    if status in _REFUSES_HEAD:
        status, problem = _ask(host, url, "GET")
    if status == 0 and target.scheme == "http" and not inside:
        return -1, "It has no https, which is all that is asked from here."
    return status, problem


def _ask(host: fetching.Source, address: str, method: str) -> tuple[int, str]:
    headers = {"Range": "bytes=0-2047"} if method == "GET" else {}
    try:
        return fetching.ask(host, address, headers, method=method).status, ""
    except SourceProblem as problem:
        return problem.status, "" if problem.status in range(200, 400) else problem.why[:300]
