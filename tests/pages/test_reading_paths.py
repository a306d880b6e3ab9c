"""Reading paths: steps, time, ticks of members, and what is hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from community.models import StepDone
from papers.models import PathStep, ReadingPath
from tests import make

pytestmark = pytest.mark.django_db


def test_a_path_shows_steps_and_time_and_no_progress_to_visitors(
    client: Client, path: ReadingPath
) -> None:
    html = client.get("/paths/newcomer/").content.decode()

    assert 'href="/papers/first/"' in html and 'href="/topics/">The map' in html
    assert "about 1 h 20 min" in html
    assert "aria-pressed" not in html.split("<main", 1)[1].split("</main", 1)[0]
    assert "done" not in client.get("/paths/").content.decode().split("<main", 1)[1]


def test_a_member_ticks_a_step_and_takes_it_back(client: Client, path: ReadingPath) -> None:
    mia = make.member("mia")
    client.force_login(mia)

    for _ in range(2):
        response = client.post("/paths/newcomer/a/tick", {"done": "1"})
    assert response.headers["Location"] == "/paths/newcomer/#a"
    assert "1 done" in " ".join(client.get("/paths/").content.decode().split())
    other = make.member("bob")
    assert StepDone.objects.filter(user=mia).count() == 1
    assert not StepDone.objects.filter(user=other).exists()

    client.post("/paths/newcomer/a/tick", {"done": "0"})
    assert not StepDone.objects.exists()


def test_a_tick_says_how_far_one_is_and_what_comes_next(client: Client, path: ReadingPath) -> None:
    client.force_login(make.member("mia"))
    steps = list(path.steps.all())
    before = " ".join(client.get("/paths/newcomer/").content.decode().split())
    assert f"0 of {len(steps)} done. Begin with" in before and 'id="tick-a"' in before

    answers = [
        client.post(
            f"/paths/newcomer/{step.slug}/tick", {"done": "1"}, headers={"HX-Request": "true"}
        )
        for step in steps
    ]

    first, last = (" ".join(a.content.decode().split()) for a in (answers[0], answers[-1]))
    assert "<html" not in first and 'aria-pressed="true"' in first
    assert 'hx-swap-oob="true"' in first and f"1 of {len(steps)} done. Go on with" in first
    assert "That was all of it." in last
    assert "go on</a>" not in client.get("/paths/").content.decode()


def test_visitors_cannot_tick(client: Client, path: ReadingPath) -> None:
    response = client.post("/paths/newcomer/a/tick", {"done": "1"})

    assert response.headers["Location"].startswith("/accounts/login/")
    assert not StepDone.objects.exists()


def test_a_step_whose_paper_is_hidden_says_nothing_of_it(
    client: Client, path: ReadingPath, first: object
) -> None:
    first.state = "hidden"  # type: ignore[attr-defined]
    first.save()  # type: ignore[attr-defined]

    html = client.get("/paths/newcomer/").content.decode()

    assert "Exits" not in html and "A record that is not public" in html
    (told,) = client.get("/api/v1/paths/").json()["results"]
    assert told["steps"][0]["paper"] is None


def test_paths_cost_the_same_queries_for_any_number_of_steps(
    client: Client, path: ReadingPath, django_assert_num_queries: Any
) -> None:
    for place in range(2, 6):
        paper = make.paper(f"Paper {place}")
        PathStep.objects.create(
            path=path, slug=f"s{place}", position=place, why="So.", minutes=5, paper=paper
        )

    for address, number in (("/paths/", 3), ("/paths/newcomer/", 4), ("/api/v1/paths/", 3)):
        with django_assert_num_queries(number):
            client.get(address)
