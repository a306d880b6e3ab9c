"""JSON Feed 1.1 beside every Atom feed, and the feed of what is gone."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from papers.models import AcceptedPaper, Paper
from tests import make

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def json_feed(answer):
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    return answer.json()


def test_an_item_tells_the_paper(get) -> None:
    make.paper(
        "Früh & <spät>",
        key="frueh",
        authors=["Gao Huang"],
        topics=[make.topic("Early exiting")],
        tldr="Leaves early.",
        arxiv="1703.09844",
    )

    feed = json_feed(get("/feeds/papers.json"))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://testserver/feeds/papers.json"
    assert feed["home_page_url"] == "http://testserver/papers/"
    (item,) = feed["items"]
    assert item["id"] == "tag:testserver,2026:papers/frueh"
    assert item["title"] == "Früh & <spät>"
    assert item["content_text"] == "Leaves early."
    assert item["url"] == "http://testserver/papers/frueh/"
    assert item["external_url"] == "https://arxiv.org/abs/1703.09844"
    assert item["authors"] == [{"name": "Gao Huang"}]
    assert item["tags"] == ["Early exiting"]
    assert item["date_published"].endswith("+00:00")


def test_both_forms_tell_the_same_entries_by_the_same_ids(get) -> None:
    topic = make.topic("Early exiting")
    paper = make.paper("Here", topics=[topic], authors=["Ada Lovelace"], venue=make.venue("ACL"))
    workshop = make.workshop(slug="dynn")
    AcceptedPaper.objects.create(workshop=workshop, position=0, title="x", paper=paper)
    places = ["topics/early-exiting", "people/ada-lovelace", "venues/acl", "workshops/dynn"]

    for place in [*places, "papers", "changes", "reviews", "gone", "workshops/dynn/news"]:
        atom = ElementTree.fromstring(get(f"/feeds/{place}.atom").content)
        told = json_feed(get(f"/feeds/{place}.json"))
        ids = [node.findtext("a:id", namespaces=ATOM) for node in atom.findall("a:entry", ATOM)]
        assert [item["id"] for item in told["items"]] == ids, place
    assert get("/feeds/topics/nowhere.json").status_code == 404


def test_pages_are_linked_and_mistakes_are_told(get) -> None:
    for number in range(3):
        make.paper(f"Paper {number}")

    first = json_feed(get("/feeds/papers.json?per_page=2"))
    second = json_feed(get(first["next_url"].removeprefix("http://testserver")))

    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert "next_url" not in second
    assert get("/feeds/papers.json?yeer=2018").status_code == 400


def test_what_went_is_told_by_key_and_what_was_never_public_is_not(get) -> None:
    here = make.paper("Kept", key="kept2018")
    merged = make.paper("Twice", key="twice2018")
    hidden = make.paper("Once shown", key="shown2019")
    make.paper("Canary", key="secret2019", state=Paper.State.HIDDEN)
    Paper.objects.filter(pk=merged.pk).update(state=Paper.State.MERGED, merged_into=here)
    Paper.objects.filter(pk=hidden.pk).update(state=Paper.State.HIDDEN)

    answer = get("/feeds/gone.json")

    titles = {item["title"] for item in json_feed(answer)["items"]}
    assert titles == {"twice2018: merged", "shown2019: gone"}
    assert b"Once shown" not in answer.content
    assert b"secret2019" not in answer.content


@pytest.mark.parametrize("place", ["/papers/", "/topics/early-exiting/", "/venues/acl/", "/workshops/dynn/"])  # fmt: skip
def test_pages_link_their_feeds_in_both_forms(get, place: str) -> None:
    make.paper(topics=[make.topic("Early exiting")], venue=make.venue("ACL"))
    make.workshop(slug="dynn")

    page = get(place).content.decode()

    assert 'type="application/atom+xml"' in page
    assert 'type="application/feed+json"' in page
