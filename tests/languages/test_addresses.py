"""Pages in each language: their addresses, what they say of each other, what is offered."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.translation import override

from kb.languages.addresses import stands_alone
from kb.languages.offered import ENGLISH, bare, languages, of_browser, of_code, path_in
from tests import make

pytestmark = pytest.mark.django_db
CHINESE = of_code("zh-hans")


def test_chinese_is_there_and_addresses_of_english_are_as_they_were():
    assert [one.prefix for one in languages()] == ["", "zh"]
    with override(ENGLISH.code):
        assert reverse("papers") == "/papers/"
        assert reverse("home") == "/"
    with override(CHINESE.code):
        assert reverse("papers") == "/zh/papers/"
        assert reverse("home") == "/zh/"
        assert reverse("paper-export", args=["a2020b", "bib"]) == "/papers/a2020b.bib"
        assert reverse("feed-papers") == "/feeds/papers.atom"


@pytest.mark.parametrize("name", ["home", "papers", "topics", "people", "about", "account_login"])
def test_a_page_names_itself_in_every_language(client: Client, name: str):
    english = reverse(name)
    for language in languages():
        body = client.get(path_in(language, english)).content.decode()
        assert f'<html lang="{language.tag}"' in body
        for other in languages():
            address = f"http://testserver{path_in(other, english)}"
            assert re.search(rf'hreflang="{other.tag}"\s+href="{address}"', body)
        assert re.search(rf'hreflang="x-default"\s+href="http://testserver{english}"', body)
        assert f'rel="canonical" href="http://testserver{path_in(language, english)}"' in re.sub(
            r"\s+", " ", body
        )


def test_the_switch_keeps_page_and_question(client: Client):
    english = client.get("/papers/?q=gate&sort=year").content.decode()
    assert re.search(r'<a href="/zh/papers/\?q=gate&amp;sort=year"\s+hreflang="zh-Hans"', english)
    chinese = client.get("/zh/papers/?q=gate&sort=year").content.decode()
    assert re.search(r'<a href="/papers/\?q=gate&amp;sort=year"\s+hreflang="en"', chinese)


def test_links_of_a_chinese_page_stay_chinese(client: Client):
    paper = make.paper("Multi-scale dense networks")
    body = client.get(f"/zh/papers/{paper.key}/").content.decode()
    inside = re.findall(r'<a [^>]*href="(/[^"]*)"', body)
    alone = ("/api/", "/feeds/", "/papers/", "/cards/")  # files, and the page in English
    wrong = [href for href in inside if not href.startswith(("/zh/", *alone))]
    assert not wrong
    assert f"/zh/papers/{paper.key}/cite/" in body


def test_what_stands_alone_is_reached_from_a_chinese_address(client: Client):
    answer = client.get("/zh/api/v1/papers/?q=x")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/papers/?q=x")
    assert client.get("/zh/zh/").status_code == 404
    assert client.get("/zh/nowhere-at-all/").status_code == 404
    assert client.get("/zh/papers")["Location"] == "/zh/papers/"


def test_a_browser_is_offered_its_language_and_not_forced(client: Client):
    asked = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}
    offered = client.get("/papers/", headers=asked)
    body = offered.content.decode()
    assert offered.status_code == 200 and '<html lang="en"' in body
    assert 'class="offered' in body
    assert "Accept-Language" in offered["Vary"]
    assert 'class="offered' not in client.get("/papers/").content.decode()
    answer = client.post("/choices/language", {"language": "en-gb", "next": "/papers/"})
    assert answer["Location"] == "/papers/"
    assert 'class="offered' not in client.get("/papers/", headers=asked).content.decode()


def test_an_account_chooses_before_the_browser(client: Client):
    user = make.member("meilin")
    client.force_login(user)
    client.post("/account/profile", {"name": "Mei", "language": "zh-hans"})
    user.refresh_from_db()
    assert user.language == "zh-hans"
    body = client.get("/papers/", headers={"Accept-Language": "en"}).content.decode()
    assert 'class="offered' in body and 'href="/zh/papers/"' in body


def test_browsers_say_chinese_in_many_ways():
    for header in ("zh", "zh-CN,en;q=0.5", "zh-Hant-TW;q=0.9,en;q=0.1"):
        assert of_browser(header) == CHINESE
    assert of_browser("en-US,zh;q=0.2") == ENGLISH
    assert of_browser("de,fr;q=0.5") is None
    assert bare("/zh/papers/?q=1") == "/papers/?q=1"
    assert bare("/zhong/") == "/zhong/"


def test_files_and_interfaces_stand_alone_and_pages_do_not():
    def routes(patterns, before=""):
        for pattern in patterns:
            route = before + str(pattern.pattern).removeprefix("^")
            if hasattr(pattern, "url_patterns"):
                yield from routes(pattern.url_patterns, route)
            else:
                yield route

    with override(ENGLISH.code):
        found = list(routes(get_resolver().url_patterns))
    assert stands_alone("papers/<slug:key>.<str:suffix>")
    assert stands_alone("accounts/orcid/login/callback/")
    pages = {route for route in found if not stands_alone(route)}
    assert {"", "papers/<slug:key>/", "accounts/login/", "reviews/<int:pk>/helpful"} <= pages
    assert not [route for route in pages if route.startswith(("api/", "feeds/", "admin/"))]
