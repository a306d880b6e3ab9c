"""Atom feeds as feed readers see them."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papers.models import AcceptedPaper, Paper
from tests import make

pytestmark = pytest.mark.django_db
NAMES = {"a": "http://www.w3.org/2005/Atom"}


def feed(answer):
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def titles(answer):
    return [node.text for node in feed(answer).findall("a:entry/a:title", NAMES)]


def text(node, path):
    return node.findtext(path, namespaces=NAMES)


def test_entry_tells_the_paper(get):
    make.person("黄高", slug="huang-gao")
    paper = make.paper(
        "Früh & <spät>",
        key="frueh",
        authors=["Gao Huang", "黄高"],
        topics=[make.topic()],
        tldr="Leaves\x0b early.",
        arxiv="1703.09844",
    )

    root = feed(get("/feeds/papers.atom"))

    entry = root.find("a:entry", NAMES)
    assert text(entry, "a:id") == "tag:testserver,2026:papers/frueh"
    assert text(entry, "a:title") == "Früh & <spät>"
    assert text(entry, "a:summary") == "Leaves early."
    assert [one.text for one in entry.findall("a:author/a:name", NAMES)] == ["Gao Huang", "黄高"]
    assert entry.find("a:category", NAMES).get("term") == "early-exiting"
    assert [link.get("href") for link in entry.findall("a:link", NAMES)] == [
        "http://testserver/papers/frueh/",
        "https://arxiv.org/abs/1703.09844",
    ]
    paper.refresh_from_db()  # a trigger moved it when the authors came
    assert text(root, "a:updated") == paper.updated_at.isoformat(timespec="seconds")


def test_newest_comes_first_and_changes_have_their_own_feed(get):
    old, _new = make.paper("Old"), make.paper("New")
    old.save()

    assert titles(get("/feeds/papers.atom")) == ["New", "Old"]
    assert titles(get("/feeds/changes.atom")) == ["Old", "New"]


def test_every_subject_has_its_feed(get):
    topic = make.topic("Early exiting")
    paper = make.paper("Here", topics=[topic], authors=["Ada Lovelace"], venue=make.venue("ACL"))
    make.paper("Elsewhere")
    workshop = make.workshop(slug="dynn")
    AcceptedPaper.objects.create(workshop=workshop, position=0, title="x", paper=paper)

    for place in ("topics/early-exiting", "people/ada-lovelace", "venues/acl", "workshops/dynn"):
        assert titles(get(f"/feeds/{place}.atom")) == ["Here"]
        assert get(f"/feeds/{place}x.atom").status_code == 404


def test_saved_search_is_a_feed_and_mistakes_are_told(get):
    make.paper("Skip RNN", year=2018)
    make.paper("Other", year=2020)

    assert titles(get("/feeds/papers.atom?year=2018")) == ["Skip RNN"]
    wrong = get("/feeds/papers.atom?yeer=2018")
    assert (wrong.status_code, b"Did you mean" in wrong.content) == (400, True)


def test_two_searches_are_two_feeds_and_pages_and_orders_of_parameters_are_not(get):
    def id_of(asked):
        return feed(get(f"/feeds/papers.{asked}")).find("a:id", NAMES).text

    make.paper("Skip RNN", year=2018)

    plain = id_of("atom")
    searches = [id_of(f"atom?{asked}") for asked in ("year=2018", "year=2020", "q=skip")]
    assert len({plain, *searches}) == 4
    assert id_of("atom?per_page=1&q=") == plain
    assert id_of("atom?q=skip&year=2018") == id_of("atom?year=2018&per_page=1&q=skip")


def test_pages_are_linked_until_the_end(get):
    for number in range(3):
        make.paper(f"Paper {number}")

    first = feed(get("/feeds/papers.atom?per_page=2"))
    following = first.find("a:link[@rel='next']", NAMES).get("href")
    second = feed(get(following.removeprefix("http://testserver")))

    assert len(first.findall("a:entry", NAMES)) == 2
    assert len(second.findall("a:entry", NAMES)) == 1
    assert second.find("a:link[@rel='next']", NAMES) is None


def test_unchanged_feed_is_not_sent_again_and_changed_one_is(get):
    paper = make.paper("Skip RNN")
    first = get("/feeds/papers.atom")

    assert get("/feeds/papers.atom", if_none_match=first["ETag"]).status_code == 304
    paper.tldr = "Skips."
    paper.save()
    assert get("/feeds/papers.atom", if_none_match=first["ETag"]).status_code == 200


def test_hidden_papers_are_in_no_feed(get):
    make.paper("Canary", topics=[make.topic()], state=Paper.State.HIDDEN)

    for place in ("papers", "changes", "topics/early-exiting", "venues/iclr"):
        assert titles(get(f"/feeds/{place}.atom")) == []
    assert get("/feeds/people/gao-huang.atom").status_code == 404


def test_feed_costs_the_same_number_of_queries_for_one_and_three(get):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make.paper(topics=[make.topic(f"Topic {Paper.objects.count()}")], code="https://x.org")
        get("/feeds/papers.atom")  # reads the taxonomy, which has changed
        with CaptureQueriesContext(connection) as queries:
            get("/feeds/papers.atom")
        counts.append(len(queries))

    assert counts == [2, 2]
