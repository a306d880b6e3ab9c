"""The command that measures how soon an upload is found, against the page that it reads."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client

from benchmarks.upload_to_search import Wait, titles_listed
from tests import make

pytestmark = pytest.mark.django_db

SENTENCE = "In our trials onyx funnels rename ember hinges under garnet368600 light"
TITLE = "Notes on Marble Funnels & Gates, Part 7 of a Series"


def _browser(client: Client) -> httpx.Client:
    """The site, asked as the command asks it."""

    def answer(request: httpx.Request) -> httpx.Response:
        given = client.get(request.url.raw_path.decode())
        return httpx.Response(given.status_code, content=given.content)

    return httpx.Client(base_url="http://site", transport=httpx.MockTransport(answer))


@pytest.mark.parametrize("question", [SENTENCE, f'"{SENTENCE}"'])
def test_a_paper_is_found_though_words_of_its_title_are_marked(
    client: Client, question: str
) -> None:
    make.paper(TITLE, abstract=f"We study gates. {SENTENCE}.")

    with _browser(client) as browser:
        page = browser.get("/papers/", params={"q": question}).text
        found = Wait().finds(browser, question, TITLE)

    assert "Marble <mark>Funnels</mark>" in page
    assert found


def test_a_paper_that_the_search_does_not_give_is_not_found(client: Client) -> None:
    make.paper(TITLE, abstract="We study gates.")

    with _browser(client) as browser:
        found = Wait().finds(browser, f'"{SENTENCE}"', TITLE)

    assert not found


def test_a_refused_search_is_not_taken_for_a_paper_not_found() -> None:
    refusing = httpx.MockTransport(lambda request: httpx.Response(429))

    with (
        httpx.Client(base_url="http://site", transport=refusing) as browser,
        pytest.raises(httpx.HTTPStatusError),
    ):
        Wait().finds(browser, SENTENCE, TITLE)


def test_titles_are_read_from_the_headings_of_papers_alone() -> None:
    page = (
        f'<input value="{TITLE}"><h3>Topics</h3><h3 class="title">Deep &amp; <mark>wide</mark></h3>'
    )

    assert titles_listed(page) == ["Deep & wide"]
