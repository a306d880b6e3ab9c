"""The doors of the front page, and where every word of its menu leads."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from papers.models import ReadingPath, TimelineEvent
from tests import make
from tests.pages.learning_parts import lecture, term

pytestmark = pytest.mark.django_db


def test_the_door_to_learning_leads_to_texts_paths_words_figures_and_steps(
    client: Client, path: ReadingPath
) -> None:
    lecture()
    term(usage_varies=True)
    TimelineEvent.objects.create(year=2018, domain="model", title="Exits begin", why="So.")

    html = " ".join(client.get("/learn/").content.decode().split())
    main = html.split("<main", 1)[1].split("</main", 1)[0]

    assert (
        '<a href="/topics/early-exiting/">Early exiting</a> <span class="tiny quiet" lang="zh">'
        in main
    )
    assert "1 text. 1 of them stand in Chinese too." in main
    assert '<a href="/paths/newcomer/">In an afternoon</a>' in main and "· 0 done" not in main
    assert 'href="/glossary/#early-exit"' in main and "Exits begin" in main
    assert main.count('class="drawing"') == 3
    assert 'href="/learn/" aria-current="page"' in html.split("<main", 1)[0]


def test_the_door_goes_on_where_a_member_stopped(client: Client, path: ReadingPath) -> None:
    client.force_login(make.member("mia"))
    client.post("/paths/newcomer/a/tick", {"done": "1"})

    main = client.get("/learn/").content.decode().split("<main", 1)[1]

    assert '<a href="/paths/newcomer/#b">Go on with In an afternoon</a>' in main
    assert "1 of 2 done" in main
    client.post("/paths/newcomer/b/tick", {"done": "1"})
    assert "Go on with" not in client.get("/learn/").content.decode()


def test_a_step_of_a_hidden_paper_stays_behind_the_door(client: Client) -> None:
    paper = make.paper("Secret", state="hidden")
    TimelineEvent.objects.create(year=2018, domain="model", title="Hush", why="So.", paper=paper)

    assert "Hush" not in client.get("/learn/").content.decode()


@pytest.mark.parametrize("door", ["learn", "decide", "contribute"])
def test_a_door_of_an_empty_site_opens_in_both_languages(client: Client, door: str) -> None:
    for prefix in ("", "/zh"):
        assert client.get(f"{prefix}/{door}/").status_code == 200


def test_every_word_of_the_menu_and_of_the_front_page_s_doors_leads_to_a_page(
    client: Client,
) -> None:
    make.topic("Early exiting")
    for home in ("/", "/zh/"):
        html = client.get(home).content.decode()
        menu = html.split("<nav aria-label", 1)[1].split("</nav>", 1)[0]
        parts = [menu, html.split('class="doors"', 1)[1].split("halves", 1)[0]]
        parts.append(html.split("<footer", 1)[1].split("</footer", 1)[0])
        addresses = {one for part in parts for one in re.findall(r'href="(/[^"?#]*)', part)}
        assert len(addresses) > 20
        answers = {address: client.get(address).status_code for address in addresses}
        assert {a for a, status in answers.items() if status not in (200, 302)} == set(), answers
