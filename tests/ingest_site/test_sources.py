"""Sources outside: what they answer, when they are away, and where they may not lead."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import httpx
import pytest
from django.db import connection

from papers.importers import arxiv, crossref, fetching, openreview
from papers.importers.fetching import NotThere, Source, SourceProblem
from tests.ingest_site.sources import ATOM, NOTE, OLD_NOTE, WORK

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.ingest_site.urls"),
    pytest.mark.usefixtures("asked"),
]


def test_arxiv_is_read_and_its_error_entry_is_passed_over(answer: Callable[..., None]) -> None:
    answer("export.arxiv.org", ATOM)

    found = arxiv.fetch(["2301.01234", "2301.99999"])

    assert list(found) == ["2301.01234"]
    work = found["2301.01234"]
    assert work.title == "Sleeping Layers That Wake for Hard Inputs"
    assert work.authors == ("Chen Muster", "Dóra Próba")
    assert work.affiliations == ("Testing University", "")
    assert (work.year, work.doi) == (2023, "10.1234/sleep.1")
    assert work.abstract == "Layers sleep until an input needs them."


def test_arxiv_is_asked_for_many_ids_in_one_request(
    answer: Callable[..., None], asked: list[httpx.Request]
) -> None:
    answer("export.arxiv.org", ATOM)

    arxiv.fetch(["2301.01234", "2301.99999", "hep-th/9901001"])

    assert len(asked) == 1
    assert asked[0].url.params["id_list"] == "2301.01234,2301.99999,hep-th/9901001"
    assert asked[0].url.host == "93.184.216.34"
    assert asked[0].extensions["sni_hostname"] == "export.arxiv.org"


@pytest.mark.parametrize(
    "body", [b"<html>", b"", b'<!DOCTYPE x [<!ENTITY a "b">]><feed>&a;</feed>', b"\xff\xfe"]
)
def test_an_answer_of_arxiv_that_is_no_feed_is_a_problem(
    answer: Callable[..., None], body: bytes
) -> None:
    answer("export.arxiv.org", body)

    with pytest.raises(SourceProblem, match="arXiv answered with something else"):
        arxiv.fetch(["2301.01234"])


def test_crossref_is_read_without_markup(answer: Callable[..., None]) -> None:
    answer("api.crossref.org", WORK)

    work = crossref.fetch("10.18653/v1/2020.acl-main.1")

    assert work.title == "Exits & Entrances: a Study"
    assert work.authors == ("Ada Example", "The Exit Consortium")
    assert (work.year, work.acl) == (2020, "2020.acl-main.1")
    assert work.abstract == "Networks leave early."


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"nonsense", b'{"message": []}', b'{"message": {}}']
)
def test_an_answer_of_crossref_that_is_no_work_is_a_problem(
    answer: Callable[..., None], body: bytes
) -> None:
    answer("api.crossref.org", body)

    with pytest.raises(SourceProblem, match="Crossref"):
        crossref.fetch("10.1234/x")


def test_openreview_is_read_in_both_shapes(answer: Callable[..., None]) -> None:
    answer("api2.openreview.net", NOTE)
    new = openreview.fetch("AbCdEfGh12")
    answer("api2.openreview.net", {"notes": []})
    answer("api.openreview.net", OLD_NOTE)
    old = openreview.fetch("XyCdEfGh34")

    assert (new.title, new.authors, new.year) == (
        "Forums for Layers",
        ("Ada Example", "Ben Test"),
        2018,
    )
    assert (old.title, old.year, old.openreview) == ("An Older Forum", 2017, "XyCdEfGh34")


def test_a_work_that_a_source_does_not_know_is_told_as_such(answer: Callable[..., None]) -> None:
    answer("api.crossref.org", b"Resource not found.", 404)

    with pytest.raises(NotThere, match=r"does not know the DOI 10\.1234/x"):
        crossref.fetch("10.1234/x")


# --- manners and safety ---


def test_an_answer_is_remembered(answer: Callable[..., None], asked: list[httpx.Request]) -> None:
    answer("api.crossref.org", WORK)

    crossref.fetch("10.1234/x")
    crossref.fetch("10.1234/x")

    assert len(asked) == 1


def test_an_unreachable_source_is_named_and_not_remembered(asked: list[httpx.Request]) -> None:
    for _ in range(2):
        with pytest.raises(
            SourceProblem, match=r"Crossref cannot be reached .* Nothing was changed"
        ):
            crossref.fetch("10.1234/x")
    assert len(asked) == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_that_leads_inside_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, asked: list[httpx.Request], address: str
) -> None:
    monkeypatch.setattr(fetching, "resolve", lambda host: ["93.184.216.34", address])

    with pytest.raises(SourceProblem, match="inside this network"):
        crossref.fetch("10.1234/x")
    assert asked == []


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "http://api.crossref.org/x",
        "https://api.crossref.org:8443/x",
        "https://127.0.0.1/x",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(
    answer: Callable[..., None], asked: list[httpx.Request], location: str
) -> None:
    answer("api.crossref.org", b"", 302, Location=location)

    with pytest.raises(SourceProblem, match="not asked"):
        crossref.fetch("10.1234/x")
    assert len(asked) == 1


def test_endless_redirects_and_endless_answers_end(
    answer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer("api.crossref.org", b"", 302, Location="https://api.crossref.org/again")
    with pytest.raises(SourceProblem, match="circles"):
        crossref.fetch("10.1234/x")

    monkeypatch.setattr(fetching, "LARGEST_BYTES", 1000)
    answer("api.crossref.org", b"x" * 5000)
    with pytest.raises(SourceProblem, match="more than we read"):
        crossref.fetch("10.1234/y")


@pytest.mark.django_db(transaction=True)
def test_visitors_of_one_source_take_turns_and_keep_their_distance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Source("Slow", ("slow.example",), spacing_seconds=0.3)
    visits: list[tuple[float, float]] = []

    def reply(request: httpx.Request) -> httpx.Response:
        begun = time.monotonic()
        time.sleep(0.05)
        visits.append((begun, time.monotonic()))
        return httpx.Response(200, content=b"ok")

    monkeypatch.setattr(fetching, "transport", httpx.MockTransport(reply))

    def visit(number: int) -> None:
        try:
            fetching.get(slow, f"https://slow.example/{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(visit, range(3)))

    assert len(visits) == 3
    assert all(later[0] - sooner[1] >= 0.29 for sooner, later in pairwise(sorted(visits)))


# --- what people paste ---
