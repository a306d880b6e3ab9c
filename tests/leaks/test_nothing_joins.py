"""Nothing joins an anonymous contribution with its author.

Two accounts write one signed and one anonymous review each, with an answer below each of them, at
hours of their own. Then the same world is made again with the anonymous contributions exchanged.
Whoever reads the site must not be able to tell the two worlds apart: every answer of every address
is the same, byte for byte.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from accounts.models import User
from community.models import Act, Reply, ReplyVersion, Review, ReviewVersion, State, review
from community.reviews import threads
from papers.models import Paper
from tests import make
from tests.addresses import LEFT_OUT, Examples, fill, routes

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
HOURS = {"ann": 9, "bob": 15}
# What an answer draws or counts anew each time, whoever wrote what.
CHANCE = re.compile(
    r"nonce-[\w+/=]+|nonce=\"[^\"]+\"|csrfmiddlewaretoken\"\s+value=\"\w+\"|csrftoken=\w+|"
    r"X-CSRFToken\W+\w+|\"age\w*\": \S+|generated\S* [\d:.TZ-]+|"
    r"<responseDate>[^<]+|DTSTAMP:\w+|<resumptionToken[^>]*>[^<]*|'RateLimit\S*', '[^']*'|"
    r"(?:[Ee]xpires|Date|Last-Modified)\W+[^']*GMT|'ETag', '[^']*'"
)


# One's own sessions, with their hours; pages that tell of nobody.
_NOT_READ = ("admin/", "accounts/", "healthz", "charts/")


@pytest.fixture
def papers() -> list[Paper]:
    made = [make.paper(f"Paper {n}", key=f"paper{n}", authors=["Ada Open"]) for n in range(4)]
    for name in HOURS:
        make.member(name)
    make.member("eve")
    return made


def contribute(papers: list[Paper], *, swapped: bool, monkeypatch: Any) -> None:
    """Ann writes first, then Bob; which of the two anonymous reviews is whose is `swapped`."""
    ann, bob = (User.objects.get(username=name) for name in HOURS)
    for by, signed_on, anonymous_on in (
        (ann, 0, 3 if swapped else 2),
        (bob, 1, 2 if swapped else 3),
    ):
        for place, signed in ((signed_on, True), (anonymous_on, False)):
            # Numbers are random; here they depend on the paper alone, so that worlds compare.
            monkeypatch.setattr(review.secrets, "randbelow", lambda most, at=place: at * 7919)
            made = make.review(papers[place], by=by, signed=signed)
            monkeypatch.setattr(review.secrets, "randbelow", lambda most, at=place: at * 7919 + 1)
            make.settle(threads.reply(made, "As its author: thank you.", by=by), State.PUBLISHED)
    for by in (ann, bob):
        _at(DAY.replace(hour=HOURS[by.username]), by)


def _at(moment: dt.datetime, by: User) -> None:
    """Everything of this account happened at its own hour."""
    reviews, replies = Review.objects.filter(author=by), Reply.objects.filter(author=by)
    own = {"created_at": moment, "state_since": moment}
    reviews.update(**own, published_at=moment, published_on=moment.date())
    replies.update(**own)
    ReviewVersion.objects.filter(review__in=reviews).update(at=moment)
    ReplyVersion.objects.filter(reply__in=replies).update(at=moment, shown_at=moment)
    Act.objects.filter(by=by).update(at=moment)


def addresses(papers: list[Paper]) -> list[str]:
    """Every address that these records fill, and questions about reviews."""
    examples = Examples()
    keys = [paper.key for paper in papers]
    pks = [str(number) for number in Review.objects.order_by("pk").values_list("pk", flat=True)]
    replies = [str(number) for number in Reply.objects.order_by("pk").values_list("pk", flat=True)]
    for start in ("papers/", "api/v1/papers/", "badges/"):
        examples.give(start, "key", *keys)
        examples.give(start, "identifier", *keys)
        examples.give(start, "name", *keys)
    for start in ("reviews/", "api/v1/reviews/"):
        examples.give(start, "pk", *pks)
        examples.give(start, "first", 1)
        examples.give(start, "second", 1)
    for start in ("replies/", "api/v1/replies/"):
        examples.give(start, "pk", *replies)
    for start in ("members/", "api/v1/members/"):
        examples.give(start, "name", *HOURS)
    for start in ("people/", "api/v1/people/", "feeds/people/"):
        examples.give(start, "slug", "ada-open")
    examples.give("sitemaps/", "section", "site", "papers-0", "people-0")
    filled = [
        address
        for route in routes()
        if not LEFT_OUT.match(route) and not route.startswith(_NOT_READ)
        for address in fill(route, examples)
    ]
    asked = [f"/api/v1/reviews/?paper={key}&with_count=1" for key in keys]
    asked += ["/api/v1/reviews/?per_page=1", "/papers/?q=has:review", "/feeds/reviews.atom?page=1"]
    asked += [f"/feeds/reviews.atom?paper={key}" for key in keys]
    return [*dict.fromkeys(filled), *asked]


def read(client: Client, address: str) -> list[str]:
    """What an address answers, and for lists of the API where their cursors lead."""
    cache.clear()
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    text = f"{response.status_code} {sorted(response.headers.items())} {body.decode('utf-8', 'replace')}"
    pages = [CHANCE.sub("…", text)]
    if address.startswith("/api/v1/reviews/?per_page") and (cursor := response.json()["next"]):
        pages += read(client, cursor)
    return pages


def answers(papers: list[Paper], *, swapped: bool, monkeypatch: Any) -> dict[str, list[str]]:
    """All answers of one of the two worlds, which is gone afterwards."""
    with transaction.atomic():
        contribute(papers, swapped=swapped, monkeypatch=monkeypatch)
        call_command("index", verbosity=0)
        told = {}
        for name in ("", "eve"):
            client = Client()
            if name:
                client.force_login(User.objects.get(username=name))
            for address in addresses(papers):
                told[f"{name} {address}"] = read(client, address)
        transaction.set_rollback(True)
    return told


def _first_difference(one: list[str], other: list[str]) -> str:
    """Where two answers part, with some words around it."""
    before, now = "\n".join(one), "\n".join(other)
    at = next((n for n, pair in enumerate(zip(before, now, strict=False)) if len(set(pair)) > 1), 0)
    return f"{before[max(0, at - 60) : at + 60]} / {now[max(0, at - 60) : at + 60]}"


def test_two_worlds_in_which_anonymous_authors_are_exchanged_look_the_same(
    papers: list[Paper], monkeypatch: Any
) -> None:
    one = answers(papers, swapped=False, monkeypatch=monkeypatch)
    other = answers(papers, swapped=True, monkeypatch=monkeypatch)

    differing = [address for address in one if one[address] != other[address]]
    first = [_first_difference(one[address], other[address]) for address in differing[:12]]
    assert not differing, (len(differing), list(zip(differing, first, strict=False)))
    assert len(one) > 300
    assert any("As its author" in "".join(pages) for pages in one.values())
