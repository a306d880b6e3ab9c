"""People, venues, workshops, topics, timeline; and constant numbers of queries everywhere."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    Finding,
    Paper,
    Person,
    ScheduleItem,
    TimelineEvent,
    WorkshopDate,
    WorkshopRole,
)
from papers.search.words import following
from tests import make

pytestmark = pytest.mark.django_db


def results(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def rich(number):
    """One of everything, tied together."""
    topic = make.topic(f"Topic {number}")
    author = f"Author Number{number}"
    paper = make.paper(f"Paper {number}", authors=[author, "Gao Huang"], topics=[topic], code=f"https://x.org/{number}")  # fmt: skip
    Finding.objects.create(paper=paper, position=0, text="It works.")
    person = make.person(author)
    workshop = make.workshop(slug=f"w{number}")
    WorkshopDate.objects.create(workshop=workshop, position=0, label="Submission")
    WorkshopRole.objects.create(workshop=workshop, position=0, role="keynote", printed_name=author, person=person)  # fmt: skip
    for place in range(number + 1):
        accepted = AcceptedPaper.objects.create(workshop=workshop, position=place, title=f"Accepted {place}", paper=paper)  # fmt: skip
        AcceptedAuthor.objects.create(accepted=accepted, position=0, printed_name=author, person=person)  # fmt: skip
        slot = ScheduleItem.objects.create(workshop=workshop, position=place, title="Talk", start=dt.time(9))  # fmt: skip
        make.talk(slot, author, accepted=accepted)
    TimelineEvent.objects.create(year=2000 + number, domain="model", title="Step", why="Why", paper=paper)  # fmt: skip
    return paper


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("papers/", 1),
        # Five of them read topics: whether those kept in the process are still true, and by key.
        ("papers/?with_count=1&topic=topic-0", 6),
        ("people/", 2),
        ("venues/", 1),
        ("topics/", 3),
        ("workshops/", 2),
        ("timeline/", 2),
    ],
)
def test_list_costs_the_same_number_of_queries_for_one_and_three(get, address, queries, settings):
    settings.KB_SEARCH_FOLLOW = "off"  # here the index is brought level by hand, uncounted
    rich(0)
    following.follow_inline()
    one = CaptureQueriesContext(connection)
    with one:
        get(address)
    for number in (2, 3, 4):
        rich(number)
    following.follow_inline()
    three = CaptureQueriesContext(connection)
    with three:
        assert len(results(get(address))) >= 1

    assert (len(one), len(three)) == (queries, queries)


@pytest.mark.parametrize(
    ("address", "queries"),
    [("papers/paper{}/", 1), ("people/author-number{}/", 5), ("workshops/w{}/", 9)],
)
def test_detail_costs_the_same_number_of_queries_for_little_and_much(get, address, queries):
    counts = []
    for number in (0, 3):
        paper = rich(number)
        Paper.objects.filter(pk=paper.pk).update(key=f"paper{number}")
        with CaptureQueriesContext(connection) as context:
            assert get(address.format(number)).status_code == 200
        counts.append(len(context))

    assert counts == [queries, queries]


def test_person_has_spellings_roles_and_talks(get):
    rich(0)

    body = get("people/author-number0/").json()

    assert (body["name"], body["aliases"], body["paper_count"], body["curated"]) == (
        "Author Number0",
        ["Author Number0"],
        1,
        False,
    )
    assert body["papers_url"] == "http://testserver/api/v1/papers/?author=author-number0"
    assert body["workshop_roles"][0]["role"] == "keynote"
    assert body["talks"][0]["title"] == "Talk"


def test_person_is_found_without_accents_and_by_chinese_name(get):
    make.paper(authors=["Bartosz Wójcik"])
    make.person("Gao Huang", name_zh="黄高")
    make.paper(authors=["Gao Huang"])

    assert [person["slug"] for person in results(get("people/?q=wojcik"))] == ["bartosz-wojcik"]
    assert [person["slug"] for person in results(get("people/?q=黄高"))] == ["gao-huang"]


def test_merged_person_redirects_for_good(get):
    survivor = make.person("Gao Huang")
    Person.objects.create(slug="g-huang", name="G. Huang", merged_into=survivor)

    answer = get("people/g-huang/")

    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/people/gao-huang/")


def test_topic_counts_papers_below_it_once(get):
    root = make.topic("Depth")
    one, other = make.topic("One", parent=root), make.topic("Other", parent=root)
    make.topic("Depthless")
    make.paper(topics=[one, other])

    counts = {topic["slug"]: topic["paper_count"] for topic in results(get("topics/"))}

    assert counts == {"depth": 1, "one": 1, "other": 1, "depthless": 0}
    assert [topic["slug"] for topic in results(get("topics/?parent=depth"))] == ["one", "other"]


def test_venues_are_filtered_by_kind_and_name(get):
    make.venue("ICLR", full_name="Learning Representations")
    make.venue("TPAMI", kind="journal")

    assert [venue["slug"] for venue in results(get("venues/?kind=journal"))] == ["tpami"]
    assert [venue["slug"] for venue in results(get("venues/?q=learning"))] == ["iclr"]


def test_sponsors_are_told_with_and_without_tiers(get):
    make.workshop(slug="dynn", sponsors=[{"name": "Acme", "tier": "gold"}, "Bolt"])

    told = get("workshops/dynn/").json()["sponsors"]

    assert told == [
        {"name": "Acme", "tier": "gold", "link": "", "logo": "", "logo_words": ""},
        {"name": "Bolt", "tier": "", "link": "", "logo": "", "logo_words": ""},
    ]


def test_workshop_shows_papers_only_to_those_who_may_see_them(get, staff_get):
    workshop = make.workshop(slug="dynn")
    hidden = make.paper("Canary", key="canary", state=Paper.State.HIDDEN)
    AcceptedPaper.objects.create(workshop=workshop, position=0, title="Poster", paper=hidden)
    TimelineEvent.objects.create(year=2001, domain="model", title="S", why="W", paper=hidden)

    assert get("workshops/dynn/").json()["accepted"][0]["paper"] is None
    assert results(get("timeline/"))[0]["paper"] is None
    assert staff_get("workshops/dynn/").json()["accepted"][0]["paper"] == "canary"


def test_timeline_is_narrowed_by_domain_and_year(get):
    for year, domain in ((2000, "model"), (2010, "system"), (2020, "model")):
        TimelineEvent.objects.create(year=year, domain=domain, title="Step", why="Why")

    assert [step["year"] for step in results(get("timeline/?domain=model&year_from=2005"))] == [
        2020
    ]
