"""A public Zotero library: its pages, its wishes for quiet, and what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from papers.importers import fetching, zotero
from papers.models import ImportBatch, Paper, SourceVisit
from tests import make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.ingest_site.urls"),
    pytest.mark.usefixtures("asked"),
]


def item(number: int, **fields: Any) -> dict[str, Any]:
    """A work as `format=csljson` gives it."""
    return {
        "id": f"4533895/ABCD{number:04}",
        "type": "paper-conference",
        "title": f"Layers That Sleep, Part {number}",
        "container-title": "Proceedings of the Testing Society",
        "author": [{"family": "Example", "given": "Ada"}],
        "issued": {"date-parts": [["2021", 7]]},
    } | fields


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[httpx.Request]]:
    """library([page, page], **headers): what Zotero answers, linked as it links its pages."""

    def say(pages: list[list[dict[str, Any]]], **headers: str) -> list[httpx.Request]:
        requests: list[httpx.Request] = []
        object.__setattr__(zotero.SOURCE, "spacing_seconds", 0.0)

        def reply(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            start = int(request.url.params.get("start", 0))
            place = start // zotero.A_PAGE
            linked = dict(headers)
            if place + 1 < len(pages):
                query = request.url.copy_merge_params({"start": str(start + zotero.A_PAGE)}).query
                address = f"https://api.zotero.org{request.url.path}?{query.decode()}"
                linked["Link"] = (
                    f'<https://www.zotero.org/x>; rel="alternate", <{address}>; rel="next"'
                )
            content = json.dumps({"items": pages[place]}).encode()
            return httpx.Response(200, content=content, headers=linked)

        monkeypatch.setattr(fetching, "transport", httpx.MockTransport(reply))
        return requests

    return say


@pytest.mark.parametrize(
    ("text", "owner", "collection"),
    [
        ("https://www.zotero.org/groups/4533895/dynn/library", "groups/4533895", ""),
        ("zotero.org/groups/4533895", "groups/4533895", ""),
        ("https://www.zotero.org/groups/4533895/dynn/collections/9KH9TNSJ/items/X/library", "groups/4533895", "9KH9TNSJ"),
        ("https://api.zotero.org/users/475425/collections/9KH9TNSJ/items", "users/475425", "9KH9TNSJ"),
        (" https://api.zotero.org/users/475425 \n", "users/475425", ""),
    ],
)  # fmt: skip
def test_addresses_of_libraries_are_known(text: str, owner: str, collection: str) -> None:
    found = zotero.recognise(text)

    assert found is not None
    assert (found.owner, found.collection, found.problem) == (owner, collection, "")


@pytest.mark.parametrize("text", ["1703.09844", "https://zotero.org.evil.example/groups/1", "see https://www.zotero.org/groups/1", "http://[", ""])  # fmt: skip
def test_other_texts_are_no_library(text: str) -> None:
    assert zotero.recognise(text) is None


def test_a_member_s_name_is_asked_for_as_a_number() -> None:
    found = zotero.recognise("https://www.zotero.org/ada/library")

    assert found is not None
    assert "https://api.zotero.org/users/<number>" in zotero.read(found).problems[0]


def test_all_pages_are_read_without_attachments(library: Callable[..., list[httpx.Request]]) -> None:  # fmt: skip
    requests = library([[item(1), item(2)], [item(3, DOI="10.1234/three")]])

    found = zotero.read(zotero.Library("groups/4533895"))

    assert [work.title[-1] for work in found.candidates] == ["1", "2", "3"]
    assert found.candidates[2].doi == "10.1234/three"
    assert found.candidates[0].year == 2021
    assert not found.problems
    assert [request.url.params.get("start", "") for request in requests] == ["", "100"]
    assert requests[0].url.params.get_list("itemType") == ["-attachment", "-note"]
    assert all(request.headers["Host"] == "api.zotero.org" for request in requests)
    assert "Authorization" not in requests[0].headers


def test_a_library_asks_for_quiet_and_is_let_alone(library: Callable[..., list[httpx.Request]]) -> None:  # fmt: skip
    library([[item(1)]], Backoff="600")

    zotero.read(zotero.Library("groups/1"))
    later = zotero.read(zotero.Library("groups/2"))

    visit = SourceVisit.objects.get(source="Zotero")
    assert visit.at is not None
    assert 500 < (visit.at - timezone.now()).total_seconds() <= 600
    assert "asks us to wait" in later.problems[0]
    assert not later.candidates


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "not public"), (404, "no such library"), (429, "asks us to wait"), (500, "(500)")],
)
def test_what_cannot_be_read_is_told(answer: Callable[..., None], status: int, said: str) -> None:
    answer("api.zotero.org", b"Forbidden", status=status)

    found = zotero.read(zotero.Library("groups/4533895"))

    assert said in found.problems[0]
    assert not found.candidates


def test_links_that_lead_elsewhere_are_not_followed() -> None:
    assert zotero.following('<https://evil.example/?start=100>; rel="next"') == ""
    assert zotero.following('<https://api.zotero.org/groups/1/items/top>; rel="next"') == ""
    assert zotero.following('<https://api.zotero.org/x?start=100>; rel="last"') == ""


def test_a_member_previews_a_library_and_nothing_is_written(
    library: Callable[..., list[httpx.Request]],
) -> None:
    library([[item(1), item(2)]])
    client = Client()
    client.force_login(make.member("mia"))

    answer = client.post(reverse("import"), {"asked": "https://www.zotero.org/groups/4533895/dynn"})

    batch = ImportBatch.objects.get()
    assert answer["Location"].endswith(f"/import/{batch.pk}/")
    assert len(batch.candidates) == 2
    assert not Paper.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    assert "Layers That Sleep, Part 1" in page
