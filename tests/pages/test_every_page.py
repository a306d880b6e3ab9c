"""Rules that every page keeps: valid HTML, no inline code, nothing from elsewhere, light."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import html5lib
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from community.models import Review
from community.reviews import threads
from papers.models import Book, Course, Lab, Organisation
from tests import make
from tests.comparing import make_points

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/about/",
    "/papers/",
    "/papers/?q=early+exit&topic=early-exiting&has=code&sort=year",
    '/papers/?q="unfinished+year:x+AND+%3Cscript%3E',
    "/papers/skip2018/",
    "/topics/",
    "/topics/?view=table&until=2018",
    "/topics/?view=list&names=zh",
    "/topics/early-exiting/",
    "/people/",
    "/people/?q=gao",
    "/people/gao-huang/",
    "/venues/",
    "/venues/iclr/",
    "/venues/iclr/2018/",
    "/workshops/",
    "/workshops/dynn/",
    "/timeline/",
    "/methods/",
    "/methods/?adapts=nothing&q=%3Cscript%3E&page=zz",
    "/methods/lineage/",
    "/labs/",
    "/labs/?q=%3Cscript%3E",
    "/labs/odd/",
    "/organisations/",
    "/organisations/odd/",
    "/courses/",
    "/courses/odd/",
    "/books/",
    "/books/odd/",
    "/learn/",
    "/decide/",
    "/contribute/",
    "/glossary/",
    "/glossary/?q=%3Cscript%3E",
    "/paths/",
    "/paths/newcomer/",
    "/figures/",
    "/topics/early-exiting/?text=both",
    "/reviews/",
    "/papers/skip2018/reviews/",
    "/reviews/7/",
    "/numbers/",
    "/reproductions/",
    "/compare/",
    "/compare/?backbone=%3Cscript%3E&second_hand=1&mix=1",
    "/compare/?cost=%3Cscript%3E&since=x&under=y",
    "/tables/",
    "/disagreements/",
    "/accounts/login/",
    "/accounts/signup/",
    "/nothing-here/",
]
WEIGHT_LIMIT = 100_000
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def small_field() -> None:
    root = make.topic("Instance-wise dynamic networks", slug="instance-wise")
    exits = make.topic("Early exiting", parent=root, zh="早退机制")
    paper = make.paper(
        f"Skip RNN {HOSTILE}",
        key="skip2018",
        authors=["Gao Huang", HOSTILE],
        topics=[exits],
        code="https://example.org/code?a=1&b=2",
        tldr=f"Skips. {HOSTILE}",
        tldr_zh="跳过。",
        arxiv="1708.06834",
        unconfirmed=["arxiv", "venue", "authors"],
        awards=[HOSTILE],
    )
    hostile = {"backbone": HOSTILE, "table": HOSTILE, "data_set": HOSTILE}
    make_points.point(paper, HOSTILE, "71.0", "300", **hostile)
    review = make.review(paper, signed=True, by=make.member("mia"), summary=f"$x<y$ {HOSTILE}")
    threads.reply(review, HOSTILE, by=review.author)
    make.settle(review.replies.get(), "published")
    make.paper("A survey", kind="survey", topics=[exits])
    make.workshop(slug="dynn", summary=HOSTILE)
    make.learning(exits, paper, HOSTILE)
    _places()
    call_command("index", verbosity=0)


def _places() -> None:
    """One record of each kind with everything in it, nothing of which may be believed."""
    shared = {
        "slug": "odd", "name": HOSTILE, "name_zh": HOSTILE, "aliases": [HOSTILE],
        "topics": ["early-exiting"], "url": "https://example.org/?a=1&b=2",
        "unconfirmed": ["name", f"url {HOSTILE}"], "sources": [f"https://example.org/{HOSTILE}"],
    }  # fmt: skip
    entry = {"title": HOSTILE, "video": "https://example.org/v?a=1&b=2", "papers": ["skip2018"]}
    product = {"name": HOSTILE, "what": HOSTILE, "source": HOSTILE}
    names = [HOSTILE, "Gao Huang"]
    Lab.objects.create(**shared, leads=names, members=names, papers=["skip2018"], country=HOSTILE)
    Organisation.objects.create(**shared, products=[product], papers=["skip2018"])
    Course.objects.create(**shared, lectures=[entry], lecturers=names, term=HOSTILE)
    Book.objects.create(
        **shared, chapters=[{"title": HOSTILE}], authors=names, relevant=HOSTILE, year=2000
    )


@pytest.mark.parametrize("path", PAGES)
def test_page_is_valid_safe_and_light(client: Client, small_field: None, path: str) -> None:
    response = client.get(path.replace("/reviews/7/", f"/reviews/{Review.objects.get().pk}/"))

    html = response.content.decode()
    assert response.status_code in (200, 404)
    assert parse_errors(html) == []
    assert [name for name, count in Counter(ids(html)).items() if count > 1] == []
    assert re.findall(r"\s(?:style|on[a-z]+)=[\"']", html) == []
    assert "<script>alert" not in html
    assert foreign_resources(html) == []
    assert len(response.content) + own_files(html) < WEIGHT_LIMIT
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def parse_errors(html: str) -> list[str]:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    lines = html.splitlines()
    return [f"{code} at {place}: {lines[place[0] - 1][:120]}" for place, code, _ in parser.errors]


def ids(html: str) -> list[str]:
    return re.findall(r"\sid=\"([^\"]+)\"", html)


def foreign_resources(html: str) -> list[str]:
    loaded = re.findall(r"<(?:script|img|iframe|source)[^>]+src=\"([^\"]+)\"", html)
    loaded += re.findall(
        r"<link[^>]+rel=\"(?:stylesheet|icon|preload)\"[^>]+href=\"([^\"]+)\"", html
    )
    return [address for address in loaded if not address.startswith(("/static/", "/figures/"))]


def own_files(html: str) -> int:
    """Bytes of our own style sheets and scripts; htmx and other packages are not ours."""
    names = re.findall(r"(?:href|src)=\"/static/((?:css|js)/[^\"]+)\"", html)
    return sum(Path(finders.find(name)).stat().st_size for name in set(names))


def test_the_theme_is_chosen_by_post_and_never_leads_away(
    client: Client, small_field: None
) -> None:
    response = client.post("/choices/theme", {"theme": "dark", "next": "https://evil.example/"})

    assert response.headers["Location"] == "/"
    assert client.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    assert client.get("/choices/theme").status_code == 405


def test_an_unknown_theme_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/about/").content.decode()
