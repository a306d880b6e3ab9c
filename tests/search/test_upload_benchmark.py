"""The command that measures how soon an upload is found, against the page that it reads."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client

from accounts.models import User
from benchmarks.upload_to_search import PUBLIC, WAITING, Place, Wait, titles_listed
from papers.ingest import trust
from papers.ingest.candidate import Candidate
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
        found = Wait(PUBLIC).finds(browser, question, TITLE)

    assert "Marble <mark>Funnels</mark>" in page
    assert found


def test_a_paper_that_the_search_does_not_give_is_not_found(client: Client) -> None:
    make.paper(TITLE, abstract="We study gates.")

    with _browser(client) as browser:
        found = Wait(PUBLIC).finds(browser, f'"{SENTENCE}"', TITLE)

    assert not found


@pytest.mark.parametrize("question", [SENTENCE, f'"{SENTENCE}"', f"“{SENTENCE.upper()}”"])
def test_what_a_member_sent_is_found_among_what_waits_and_not_in_public(
    client: Client, question: str
) -> None:
    member = User.objects.create_user("ada")
    abstract = f"We study gates.\n{SENTENCE}."
    trust.hold(Candidate(TITLE, "pdf", "a test", abstract=abstract), by=member)
    client.force_login(member)

    with _browser(client) as browser:
        wait = Wait(WAITING)
        assert wait.finds(browser, question, TITLE)
        assert not PUBLIC.lists(browser, question, TITLE)

    assert len(wait.searches) == 1


def test_other_words_find_nothing_among_what_waits(client: Client) -> None:
    member = User.objects.create_user("ada")
    trust.hold(Candidate(TITLE, "pdf", "a test", abstract=SENTENCE), by=member)
    client.force_login(member)

    with _browser(client) as browser:
        assert not WAITING.lists(browser, f'"{SENTENCE} and more"', TITLE)
        assert not WAITING.lists(browser, "onyx doorbells", TITLE)


@pytest.mark.parametrize("place", [PUBLIC, WAITING])
def test_a_refused_search_is_not_taken_for_a_paper_not_found(place: Place) -> None:
    refusing = httpx.MockTransport(lambda request: httpx.Response(429))

    with (
        httpx.Client(base_url="http://site", transport=refusing) as browser,
        pytest.raises(httpx.HTTPStatusError),
    ):
        Wait(place).finds(browser, SENTENCE, TITLE)


def test_titles_are_read_from_the_headings_of_papers_alone() -> None:
    page = (
        f'<input value="{TITLE}"><h3>Topics</h3><h3 class="title">Deep &amp; <mark>wide</mark></h3>'
    )

    assert titles_listed(page) == ["Deep & wide"]
