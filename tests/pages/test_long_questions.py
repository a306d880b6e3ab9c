"""Pasted abstracts: a page of the usual size, whose buttons work without script."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from papers.search import PaperQuery
from tests import make

CHINESE = (
    "动态网络根据输入调整深度与宽度，在简单样本上提前退出，从而节省计算。难的样本走完全部的层。"
)
ENGLISH = (
    "Networks whose depth follows the input save work on easy samples, while hard ones go on. "
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _field() -> None:
    """Papers of enough topics, venues, people and years to fill the facets."""
    for number in range(30):
        topics = [make.topic(f"Topic {4 * number + more}") for more in range(4)]
        make.paper(
            f"Depth that follows the input {number}",
            year=1990 + number,
            topics=topics,
            venue=make.venue(f"Venue {number}"),
            authors=[f"Ada Byron {number}"],
            abstract="Networks whose depth follows the input.",
            tldr_zh="动态网络根据输入调整深度",
        )


def read(client: Client, address: str) -> str:
    """The page at the address, after redirects, as a reader of 2026 gets it."""
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


VARIED = "，".join(
    "".join(chr(0x4E00 + (number * number * 7919) % 3001) for number in range(start, start + 12))
    for start in range(0, 4000, 12)
)
"""Four thousand characters of a text that hardly packs."""


def test_a_question_that_hardly_packs_stands_in_its_page_four_times_at_most(client: Client) -> None:
    text = "深度随输入而变的网络。" + VARIED
    page = read(client, f"/zh/papers/?{urlencode({'q': text[:4000]})}")

    (packed,) = set(re.findall(r'<input type="hidden" name="text" value="([^"]+)"', page))
    assert len(packed) > 7500
    assert page.count(packed) <= 4
    assert not page.count("Z3988")


def test_its_language_and_theme_are_changed_without_losing_it(client: Client) -> None:
    page = read(client, f"/zh/papers/?{urlencode({'q': CHINESE + VARIED[:2000]})}")
    here = page[page.index('<form id="here"') :]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]+)"', here[: here.index("</form>")]))

    assert re.search(r'<button form="here"\s+formaction="/papers/"', page)
    english = client.get("/papers/", sent)
    assert english.status_code == 200 and CHINESE[:60] in unescape(english.content.decode())
    action = unescape(re.search(r'formaction="(/choices/theme[^"]*)"', page)[1])  # type: ignore[index]
    back = client.post(action, {**sent, "theme": "dark"})
    assert back["Location"] == f"/zh/papers/?{urlencode(sent)}"
    assert back.cookies["theme"].value == "dark"
    away = client.post("/choices/theme?back=https://example.org/", {"theme": "dark"})
    assert away["Location"] == "/"


@pytest.mark.parametrize("start", ["/papers/", "/zh/papers/"])
@pytest.mark.parametrize("text", [CHINESE * 7, CHINESE * 40, ENGLISH * 22])
def test_a_long_question_gives_a_page_of_the_usual_size(
    client: Client, start: str, text: str
) -> None:
    first = client.get(f"{start}?{urlencode({'q': text[:2000]})}")

    assert first.status_code == 302
    assert first["Location"].startswith(f"{start}?text=")
    assert len(first["Location"]) < 8000
    page = client.get(first["Location"])
    assert page.status_code == 200
    assert len(page.content) <= 100_000
    shown = unescape(page.content.decode())
    assert text[:60] in shown
    whole = " ".join(text[:2000].split())
    assert shown.count(whole) == 1  # in the box, and not once more in what was understood


def test_its_buttons_narrow_sort_turn_and_let_go(client: Client) -> None:
    page = read(client, f"/papers/?{urlencode({'q': ENGLISH * 8})}")
    sent = dict(re.findall(r'<input type="hidden" name="(text)" value="([^"]+)"', page))
    changes = [unescape(c) for c in re.findall(r'name="change"\s+value="([^"]+)"', page)]

    assert {"topic=topic-3", "sort=-year", "page=2"} <= set(changes)
    topic = client.get("/papers/", {**sent, "change": "topic=topic-3"})
    assert topic.status_code == 302
    narrowed = read(client, topic["Location"])
    assert "<b>1</b> paper" in narrowed
    again = [unescape(c) for c in re.findall(r'name="change"\s+value="([^"]+)"', narrowed)]
    assert "topic=" in again
    freed = client.get("/papers/", {**sent, "topic": "topic-3", "change": "topic="})
    assert freed["Location"] == f"/papers/?{urlencode(sent)}"


def test_without_the_words_the_conditions_stay(client: Client) -> None:
    page = read(client, f"/papers/?{urlencode({'q': ENGLISH * 4, 'topic': 'topic-3'})}")
    changes = [unescape(c) for c in re.findall(r'name="change"\s+value="([^"]+)"', page)]
    without = next(change for change in changes if change.startswith("without="))
    query = PaperQuery.from_params({"q": ENGLISH * 4, "topic": "topic-3"})

    assert query.with_change(without).url_query == "topic=topic-3"


def test_files_of_a_long_question_hold_what_the_page_shows(client: Client) -> None:
    page = read(client, f"/papers/?{urlencode({'q': ENGLISH * 8})}")
    sent = dict(re.findall(r'<input type="hidden" name="(text)" value="([^"]+)"', page))
    count = re.search(r"<b>(\d+)</b> paper", page)

    assert count
    address = re.search(r'formaction="([^"]+bib)"', page)
    assert address
    file = b"".join(client.get(address[1], sent).streaming_content)  # type: ignore[attr-defined]
    assert file.count(b"@") == int(count[1])


def test_typed_live_it_stays_one_answer_and_the_address_is_short(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "found"}
    answer = client.get("/papers/", {"q": CHINESE * 20}, headers=headers)

    assert answer.status_code == 200
    assert answer["HX-Push-Url"].startswith("/papers/?text=")
    assert "HX-Push-Url" not in client.get("/papers/", {"q": "depth"}, headers=headers)


def test_the_search_form_does_not_send_its_old_text_along(client: Client) -> None:
    page = read(client, f"/papers/?{urlencode({'q': ENGLISH * 8, 'topic': 'topic-3'})}")
    form = page[page.index('id="search"') : page.index("</form>", page.index('id="search"'))]

    assert 'name="topic"' in form
    assert 'name="text"' not in form


def test_short_questions_keep_links(client: Client) -> None:
    page = read(client, "/papers/?q=depth")

    assert 'href="?q=depth&amp;topic=topic-3"' in page
    assert 'form="change"' not in page
