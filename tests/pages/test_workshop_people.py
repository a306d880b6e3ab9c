"""Papers, people and facts of a workshop."""

from __future__ import annotations

import pytest
from django.test import Client

from papers.workshops.topics import matched_topics
from taxonomy.models import Topic
from tests import make
from tests.pages.workshop_parts import accepted, event, item, read, role

pytestmark = pytest.mark.django_db


def test_a_missing_file_is_said_where_others_have_one(client: Client) -> None:
    workshop = event()
    accepted(workshop, "With", pdf="https://example.org/1.pdf", award="Best paper")
    accepted(workshop, "Without")

    html = read(client, workshop)

    assert html.count("PDF not provided") == 1 and "Video" not in html
    assert 'href=""' not in html and "Best paper" in html


def test_orals_come_before_posters_and_a_name_leads_where_there_is_more(client: Client) -> None:
    workshop = event()
    accepted(workshop, "A poster", "Only Here", presentation="poster")
    accepted(workshop, "An oral", "Known Author", presentation="oral")
    make.paper("Elsewhere", authors=["Known Author"])

    html = read(client, workshop)

    assert html.index("Oral papers") < html.index("An oral") < html.index("Poster papers")
    assert 'href="/people/known-author/"' in html
    assert "Only Here" in html and "/people/only-here/" not in html


def test_people_are_grouped_by_role_and_talks_know_their_time(client: Client) -> None:
    workshop = event()
    role(workshop, "Grace H", "pc", affiliation="Navy")
    role(workshop, "Ada Byron", "keynote", status="proposed")
    role(workshop, "Jo March", "organizer")
    role(workshop, "Amy March", "panelist")
    role(workshop, "Meg March", "tea_maker")
    item(workshop, "09:15", "10:00", "On engines", speaker="Ada Byron", kind="keynote")

    html = read(client, workshop)

    order = ["On engines", "Amy March", "Organizers", "Programme committee", "Tea maker"]
    assert [html.index(text) for text in order] == sorted(html.index(text) for text in order)
    talk = html.split('<ul class="plain talks">', 1)[1].split("</ul>", 1)[0]
    assert 'href="#item-1"' in talk and "09:15" in talk and "proposed" in talk


def test_personal_addresses_and_drafts_are_never_shown(client: Client) -> None:
    drafts = {"note": "Winner: Placeholder Name"}
    personal = event(contact="Ada Byron <ada@example.org>", draft_content=drafts)
    shared = event(contact="hello.dynn@example.org (role address of the workshop)")

    html = read(client, personal)
    assert "ada@example.org" not in html and "example.org" not in html and "Placeholder" not in html
    spelt = read(client, shared)
    assert "hello.dynn (at) example.org" in spelt and "mailto:" not in spelt


def test_sponsors_competition_history_and_links_are_told(client: Client) -> None:
    make.person("Omar Awad")
    workshop = event(
        sponsors=[{"name": "Acme", "tier": "gold"}, "Bolt"],
        competition={
            "task": "Ten minutes",
            "results": [
                {"rank": 1, "team": "T1", "members": ["Omar Awad", "X Y"], "accuracy": 88.04}
            ],
        },
        history=[{"date": "2022-04-15", "event": "site published"}],
        news=[{"date": "2022-05-01", "title": "Call is open"}],
        links=[{"label": "Replay", "url": "https://example.org/replay"}],
        sources=["github:a/b@abc123 (index.md)", "a letter"],
    )

    html = read(client, workshop)

    for text in ("Gold", "Acme", "Bolt", "Ten minutes", "88.0", "Site published", "Call is open"):
        assert text in html
    assert 'href="/people/omar-awad/"' in html
    assert 'Recordings: <a href="https://example.org/replay">' in html
    assert 'href="https://github.com/a/b/tree/abc123"' in html


def test_other_editions_and_workshops_with_the_same_people_are_found(client: Client) -> None:
    here = event(series="dynn", slug="dynn-2022")
    before = event(series="dynn", year=2021, slug="dynn-2021")
    near = event(series="haet", acronym="HAET", slug="haet-2022")
    far = event(series="want", acronym="WANT", slug="want-2022")
    for workshop in (here, before, near):
        role(workshop, "Ada Byron", "organizer")
    accepted(here, "Shared work", "Jo March")
    accepted(near, "Shared work", "Amy March")

    html = read(client, here)

    related = html.split("Workshops with people or papers in common", 1)[1]
    assert near.get_absolute_url() in related and "Shared work" in related
    assert "1 person:" in related and far.get_absolute_url() not in html
    assert before.get_absolute_url() not in related and before.get_absolute_url() in html


def test_listed_topics_lead_to_the_taxonomy_where_a_name_fits() -> None:
    root = make.topic("Instance-wise dynamic networks", slug="instance-wise")
    exits = make.topic("Early exiting", parent=root)
    experts = make.topic("Skipping branches: mixture of experts", parent=root)
    make.topic("Theory", parent=root)
    phrases = ["early-exit methods", "Mixture-of-Experts models", "data", "dynamic networks", ""]

    found = matched_topics(phrases, Topic.objects.all())

    assert [topic for _, topic in found] == [exits, experts, None, None, None]
