"""What was once a public address leads to the same kind of page, of the record as it is now."""

from __future__ import annotations

import pytest
from django.test import Client

from papers.models import OldKey
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged() -> None:
    survivor = make.paper("Survivor", key="survivor", authors=["Anna Erste"])
    make.paper("Twin", key="twin", state="merged", merged_into=survivor)
    OldKey.objects.create(key="elder", paper=survivor)
    person = make.person("Bo Zweite")
    make.person("B. Zweite", merged_into=person)


@pytest.mark.parametrize("old", ["twin", "elder", "SURVIVOR", "Twin"])
@pytest.mark.parametrize(
    "address",
    [
        "/papers/{}/",
        "/papers/{}.bib",
        "/papers/{}.ris",
        "/papers/{}.md",
        "/papers/{}/history/",
        "/papers/{}/reviews/",
        "/papers/{}/{}.pdf",
        "/papers/{}/cite/",
        "/papers/{}/similar/",
        "/papers/{}/read/",
        "/papers/{}/v1/",
        "/zh/papers/{}/",
        "/zh/papers/{}/history/",
        "/cards/papers/{}/",
        "/pictures/papers/{}.png",
        "/linksets/papers/{}.json",
        "/badges/{}.svg",
        "/feeds/reviews.atom?paper={}",
        "/feeds/reviews.json?paper={}",
        "/api/v1/papers/{}/",
        "/api/v1/history/papers/{}/",
    ],
)
def test_every_address_of_a_merged_paper_leads_to_its_like(
    client: Client, merged: None, address: str, old: str
) -> None:
    answer = client.get(address.replace("{}", old))

    now = address.replace("{}", "survivor")
    if answer.status_code == 200 and address.startswith("/api/"):
        assert answer.json()["key"] == "survivor"  # the API finds keys in any case
    else:
        assert (answer.status_code, answer.headers.get("Location")) == (301, now)


@pytest.mark.parametrize(
    "address",
    ["/people/{}/", "/people/{}/history/", "/feeds/people/{}.atom", "/api/v1/people/{}/"],
)
def test_every_address_of_a_merged_person_leads_to_its_like(
    client: Client, merged: None, address: str
) -> None:
    answer = client.get(address.replace("{}", "b-zweite"))

    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(address.replace("{}", "bo-zweite"))


@pytest.mark.parametrize(
    "address",
    [
        "/numbers/?paper={}",
        "/compare/?cost=macs&paper={}",
        "/api/v1/numbers/?paper={}",
        "/api/v1/reviews/?paper={}",
        "/api/v1/videos/?paper={}",
    ],
)
def test_lists_narrowed_to_a_merged_paper_are_those_of_the_survivor(
    client: Client, merged: None, address: str
) -> None:
    for old in ("twin", "elder"):
        answer = client.get(address.replace("{}", old))
        assert answer.status_code == 301
        assert answer.headers["Location"] == address.replace("{}", "survivor")

    assert client.get(address.replace("{}", "survivor")).status_code == 200


def test_what_frames_the_old_address_shows_the_survivor(client: Client, merged: None) -> None:
    for old in ("twin", "elder"):
        told = client.get("/oembed", {"url": f"http://testserver/papers/{old}/"}).json()
        assert told["title"] == "Survivor"


def test_a_suffix_in_capitals_is_the_same_file(client: Client, merged: None) -> None:
    assert client.get("/papers/survivor.BIB").headers["Location"] == "/papers/survivor.bib"


@pytest.mark.parametrize(
    "address", ["/papers/nobody/", "/people/nobody/", "/nothing/", "/papers/x.zip"]
)
def test_what_never_was_stays_not_found(client: Client, merged: None, address: str) -> None:
    assert client.get(address).status_code == 404
