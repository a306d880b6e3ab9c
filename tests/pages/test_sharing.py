"""What a link to a page shows elsewhere: pictures, frames, oEmbed."""

from __future__ import annotations

import json
import struct
from urllib.parse import quote

import pytest
from django.test import Client

from kb.pages.sharing import pictures
from kb.pages.sharing.cards import Card
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return make.paper(
        "Gates & <exits>", key="open2018", topics=[make.topic("Early exiting")], tldr="It leaves."
    )


def test_a_page_names_its_picture_and_a_large_card(client: Client, paper: Paper) -> None:
    page = client.get(paper.get_absolute_url()).content.decode()

    assert 'property="og:title" content="Gates &amp; &lt;exits&gt;"' in page
    assert 'property="og:image" content="http://testserver/pictures/papers/open2018.png"' in page
    assert 'name="twitter:card" content="summary_large_image"' in page
    assert "pictures/site/survey.png" in client.get("/about/").content.decode()


def test_the_picture_is_a_png_of_the_size_that_is_named(client: Client, paper: Paper) -> None:
    answer = client.get("/pictures/papers/open2018.png")

    assert answer["Content-Type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    assert len(answer.content) <= pictures.MOST_BYTES
    assert "public" in answer["Cache-Control"]


def test_texts_stay_inside_the_picture_however_long() -> None:
    shown = Card(
        "papers", "x", "字" * 200 + " " + "w" * 300 + " end", "/x/", "a" * 500, ("b " * 900,)
    )

    drawn = pictures.svg(shown)

    lines = pictures.wrapped(shown.title, 46, most=3)
    assert len(lines) <= 3
    assert all(pictures._width(line, 46) <= 1200 - 2 * pictures.MARGIN for line in lines)
    assert drawn.count("<text") <= 12
    assert pictures.wrapped("one two", 30, most=2) == ["one two"]


@pytest.mark.parametrize("place", ["cards", "pictures"])
def test_what_is_not_public_has_no_card_for_anybody(place: str) -> None:
    make.paper("Canary", key="secret2018", state=Paper.State.HIDDEN)
    client = Client()
    client.force_login(make.member("cam", "curators"))
    ending = "/" if place == "cards" else ".png"

    assert client.get(f"/{place}/papers/secret2018{ending}").status_code == 404
    assert client.get(f"/{place}/people/gao-huang{ending}").status_code == 404


def test_a_card_may_be_framed_anywhere_and_nothing_else_may(client: Client, paper: Paper) -> None:
    card = client.get("/cards/papers/open2018/")
    page = client.get("/papers/open2018/")

    policy = card["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in card
    assert not card.cookies
    assert b"<script" not in card.content
    assert b"Gates &amp; &lt;exits&gt;" in card.content
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_oembed_is_discovered_and_answers_a_frame(client: Client, paper: Paper) -> None:
    page = client.get(paper.get_absolute_url()).content.decode()
    address = "http://testserver" + paper.get_absolute_url()

    assert 'type="application/json+oembed"' in page
    told = client.get(f"/oembed?url={quote(address)}&maxwidth=300").json()

    assert (told["version"], told["type"], told["width"]) == ("1.0", "rich", 300)
    assert told["title"] == "Gates & <exits>"
    assert 'src="http://testserver/cards/papers/open2018/"' in told["html"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in told["html"]
    assert "<exits>" not in told["html"]
    assert told["thumbnail_url"] == "http://testserver/pictures/papers/open2018.png"
    assert b"<oembed>" in client.get(f"/oembed?url={quote(address)}&format=xml").content


@pytest.mark.parametrize(
    "path", ["/zh/papers/open2018/", "/papers/open2018", "/zh/papers/open2018"]
)
def test_oembed_knows_a_page_in_any_language_and_without_its_slash(
    client: Client, paper: Paper, path: str
) -> None:
    answer = client.get(f"/oembed?url={quote(f'http://testserver{path}')}")

    assert "/cards/papers/open2018/" in answer.json()["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=http%3A//testserver/papers/open2018/&format=yaml", 501),
        ("url=http%3A//testserver/papers/open2018/&maxwidth=wide", 400),
        ("url=http%3A//elsewhere.example/papers/open2018/", 404),
        ("url=http%3A//testserver/about/", 404),
        ("url=http%3A//testserver/papers/nowhere/", 404),
        ("url=http%3A//[/", 404),
    ],
)
def test_oembed_refuses_in_words(client: Client, paper: Paper, query: str, status: int) -> None:
    answer = client.get(f"/oembed?{query}")

    assert answer.status_code == status
    assert answer.content


@pytest.mark.parametrize(
    ("accept", "leads_to"),
    [
        ("application/x-bibtex", "/papers/open2018.bib"),
        ("application/vnd.citationstyles.csl+json", "/papers/open2018.csl.json"),
        ("application/ld+json, text/html;q=0.5", "/papers/open2018.jsonld"),
        ("application/linkset+json", "/linksets/papers/open2018.json"),
        ("application/json", "/api/v1/papers/open2018/"),
        ("text/html, application/x-bibtex;q=0.9", ""),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""),
        ("*/*", ""),
        ("application/x-bibtex;q=0", ""),
        ("image/png", ""),
    ],
)
def test_accept_leads_to_the_form_that_is_asked_for(
    client: Client, paper: Paper, accept: str, leads_to: str
) -> None:
    answer = client.get("/papers/open2018/", headers={"accept": accept})

    assert answer.status_code == (303 if leads_to else 200)
    assert answer.headers.get("Location", "") == leads_to
    assert "Accept" in answer["Vary"]


def test_link_sets_name_records_people_and_what_leads_back(client: Client, paper: Paper) -> None:
    answer = client.get("/linksets/papers/open2018.json")

    assert answer["Content-Type"] == "application/linkset+json"
    page, *others = json.loads(answer.content)["linkset"]
    assert page["anchor"] == "http://testserver/papers/open2018/"
    assert page["cite-as"] == [{"href": "http://testserver/papers/open2018/"}]
    assert {"href": "http://testserver/people/gao-huang/"} in page["author"]
    bibtex = {"href": "http://testserver/papers/open2018.bib", "type": "application/x-bibtex"}
    assert bibtex in page["describedby"]
    back = {context["anchor"]: context for context in others}
    assert back[bibtex["href"]]["describes"][0]["href"] == page["anchor"]
    text = client.get("/linksets/papers/open2018.txt").content.decode()
    assert 'rel="cite-as"; anchor="http://testserver/papers/open2018/"' in text


def test_pages_lead_to_their_link_sets(client: Client, paper: Paper) -> None:
    make.workshop(slug="dynn")

    for page, kind in (("/papers/open2018/", "papers"), ("/people/gao-huang/", "people"), ("/workshops/dynn/", "workshops")):  # fmt: skip
        links = client.get(page)["Link"]
        address = next(
            part.split(">")[0].lstrip(" <") for part in links.split(",") if 'rel="linkset"' in part
        )
        assert address.startswith(f"http://testserver/linksets/{kind}/")
        assert client.get(address.removeprefix("http://testserver")).status_code == 200
    make.paper("Canary", key="secret2018", state=Paper.State.HIDDEN)
    assert client.get("/linksets/papers/secret2018.json").status_code == 404


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/", "WebSite"),
        ("/topics/", "DefinedTermSet"),
        ("/topics/early-exiting/", "DefinedTerm"),
        ("/venues/", "CollectionPage"),
        ("/venues/iclr/", "EventSeries"),
        ("/numbers/", "Dataset"),
        ("/reproductions/", "CollectionPage"),
        ("/papers/open2018/", "ScholarlyArticle"),
        ("/people/gao-huang/", "Person"),
        ("/about/", "WebPage"),
    ],
)
def test_every_kind_of_page_says_what_it_is(client: Client, paper: Paper, place: str, kind: str) -> None:  # fmt: skip
    page = client.get(place).content.decode()

    block = page.split('<script type="application/ld+json"', 1)[1].split(">", 1)[1]
    data = json.loads(block.split("</script>", 1)[0])
    assert data["@type"] == kind
    assert data["@context"] == "https://schema.org"
