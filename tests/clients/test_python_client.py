"""The Python client against the site: what it finds, how it pages, what it does when refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.test import Client
from living_survey import AsyncSurvey, Refused, Survey

from accounts.tokens import make_token
from community.models import Correction
from tests import make, notebooks
from tests.environment import ROOT

NOTEBOOK = ROOT / "clients" / "python" / "notebooks" / "tour.ipynb"


def from_the_site(request: httpx.Request) -> httpx.Response:
    """What the site answers, inside the transaction of the test."""
    headers = {name: value for name, value in request.headers.items() if name != "content-type"}
    answer = Client().generic(
        request.method,
        request.url.raw_path.decode(),
        request.content,
        request.headers.get("content-type", ""),
        headers=headers,
    )
    return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)


@pytest.fixture
def survey(db) -> Iterator[Survey]:
    transport = httpx.MockTransport(from_the_site)
    with Survey("http://testserver", transport=transport) as survey:
        yield survey


@pytest.fixture
def papers(db) -> None:
    topic = make.topic("Early exiting")
    make.paper(
        "Multi-Scale Dense Networks",
        key="huang2018multi",
        arxiv="1703.09844",
        authors=("Gao Huang", "Laurens van der Maaten"),
        year=2018,
        topics=[topic],
    )
    for number in range(5):
        make.paper(f"Early Exit Number {number}", key=f"early{number}", year=2020, topics=[topic])


def test_a_search_comes_page_by_page_and_counts_itself(papers, survey) -> None:
    rows = survey.search("topic:early-exiting", per_page=2)

    keys = [paper.key for paper in rows]

    assert len(keys) == len(set(keys)) == 6
    assert rows.count() == 6
    assert len(rows.first(3)) == 3


def test_a_paper_has_the_fields_that_people_use(papers, survey) -> None:
    paper = survey.paper("https://arxiv.org/abs/1703.09844v2")

    assert (paper.key, paper.year, paper.topics) == ("huang2018multi", 2018, ("early-exiting",))
    assert [author.family for author in paper.authors] == ["Huang", "van der Maaten"]
    assert paper.raw["api_url"].endswith("/api/v1/papers/huang2018multi/")
    assert survey.cite(paper.key, "acl").startswith("Gao Huang and Laurens van der Maaten. 2018.")
    assert survey.export(paper.key).startswith("@")


def test_many_papers_are_looked_up_at_once(papers, survey) -> None:
    found = survey.papers(["1703.09844", "nothing", "early3"])

    assert {name: paper and paper.key for name, paper in found.items()} == {
        "1703.09844": "huang2018multi",
        "nothing": None,
        "early3": "early3",
    }


def test_what_the_survey_refuses_is_said_in_its_own_words(survey) -> None:
    with pytest.raises(Refused, match="There is no parameter “yeer”") as refusal:
        survey.search("x", yeer=2018).first(1)

    assert refusal.value.status == 400
    assert refusal.value.errors[0]["code"] == "unknown_parameter"
    with pytest.raises(Refused, match="There is no paper"):
        survey.paper("nothing")


def test_a_busy_site_is_asked_again_after_the_time_it_names(monkeypatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("living_survey.synchronous.time.sleep", waits.append)
    answers = iter(
        [
            httpx.Response(429, headers={"Retry-After": "7"}),
            httpx.Response(503),
            httpx.Response(200, json={"slug": "a", "name": "A"}),
        ]
    )
    transport = httpx.MockTransport(lambda request: next(answers))

    topic = Survey("http://testserver", transport=transport).topic("a")

    assert topic.name == "A"
    assert waits == [7.0, 2.0]


def test_a_token_proposes_a_correction(papers) -> None:
    member = make.member("ada")
    _, secret = make_token(member, name="client", scopes=["read", "contribute"], days=7)
    transport = httpx.MockTransport(from_the_site)

    with Survey("http://testserver", secret, transport=transport) as survey:
        survey.propose("huang2018multi", {"title": "Another Title"}, "As published.")

    assert Correction.objects.get().author == member


@pytest.mark.django_db(transaction=True)
def test_the_asynchronous_client_does_the_same(live_server, papers) -> None:
    async def ask() -> Any:
        async with AsyncSurvey(live_server.url) as survey:
            rows = survey.search("topic:early-exiting", per_page=4)
            keys = [paper.key async for paper in rows]
            return keys, await rows.count(), await survey.cite("1703.09844"), await rows.first(2)

    keys, count, reference, first = ThreadPoolExecutor(1).submit(asyncio.run, ask()).result()

    assert len(set(keys)) == count == 6
    assert reference.startswith("Huang, G., & van der Maaten, L. (2018).")
    assert len(first) == 2


@pytest.mark.django_db(transaction=True)
def test_the_notebook_runs_against_the_site(live_server, papers, monkeypatch) -> None:
    monkeypatch.setenv("SURVEY", live_server.url)
    names, shown = notebooks.run(NOTEBOOK)

    assert list(names["frame"]["key"]) != []
    assert names["found"]["1703.09844"].key == "huang2018multi"
    shown = dict(zip((cell["id"] for cell in notebooks.cells(NOTEBOOK)), shown, strict=True))
    assert shown["cell-3"].splitlines()[0] == "6 papers on early exiting"
    assert "did you mean" in shown["cell-5"].lower() or "early-exiting" in shown["cell-5"]
    assert "HUANG G" in shown["cell-7"].upper() and "@" in shown["cell-7"]
    assert shown["cell-10"].strip("'") == "no numbers yet"
    assert len(notebooks.kept(NOTEBOOK)) == len(shown)
