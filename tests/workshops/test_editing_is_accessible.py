"""Every page on which organisers work: axe finds nothing, nothing is too wide, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from community.workshops import author_links, programmes
from papers.models import Workshop
from papers.workshops.blocks import BLOCKS
from tests.browser.test_accessibility import AXE, TAGS
from tests.workshops.organising import edit, made, published

pytestmark = pytest.mark.django_db(transaction=True)
STATES = [("light", 1440), ("light", 360), ("dark", 360), ("dark", 1440)]
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags},
  resultTypes: ['violations']})
  .then(done => done.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)]))"""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
LONG = "Exits that know when to stop, when to go on, and when to ask somebody else about it"
ROWS: dict[str, dict[str, str]] = {
    "dates": {"label": "Submission", "date": "2027-05-10", "zone": "AoE", "kind": "submission"},
    "news": {"date": "2026-10-01", "title": LONG, "text": "With *words*."},
    "people": {"name": "Ada Byron", "role": "keynote", "biography": "Known for looms. " * 20},
    "programme": {
        **{"start": "9:00", "end": "9:45", "title": LONG, "speaker": "Ada Byron", "room": "A"},
        "links": "Slides | https://lab.example/a.pdf | slides | until 2027-12-31",
    },
    "papers": {"id": "7", "title": LONG, "authors": "Ada Byron; Grace Hopper"},
    "sponsors": {"name": "Acme", "tier": "gold", "url": "https://acme.example"},
    "competition": {"team": "Fast", "members": "Ada Byron", "accuracy": "91.2"},
    "related": {"name": "Another", "url": "https://other.example"},
}
FIELDS: dict[str, dict[str, str]] = {
    "overview": {"summary": "Networks that stop early. " * 10, "topics": "Early exits"},
    "call": {"submission_rules.page_limit": "4 pages"},
    "competition": {"competition.phases": "Final | 2027-03-01 | 2027-05-01"},
}


def filled(olga: Client, workshop: Workshop) -> None:
    """Something in every part; the programme with a version and a way in."""
    for code in BLOCKS:
        rows = [ROWS[code]] if code in ROWS else []
        answer = edit(olga, workshop, code, *rows, **FIELDS.get(code, {}))
        assert answer.status_code == 302, code


def pages_of(olga: Client, workshop: Workshop, draft: Workshop) -> list[str]:
    """The addresses on which organisers, invited ones and authors work."""
    start = f"/workshops/{workshop.slug}/"
    board = {"do": "name", "name": "As announced"}
    olga.post(f"{start}board/", board)
    olga.post(f"{start}organisers", {"who": "new@example.org"})
    letter = str(mail.outbox[-1].body)
    invitation = "/workshops/invitations/" + letter.split("/workshops/invitations/")[1].split()[0]
    by = User.objects.get(username="olga")
    _, token = author_links.make(workshop, "7", by=by, days=9)
    return [
        "/workshops/new/",
        f"/workshops/new/?after={workshop.slug}",
        *(f"{start}{part}" for part in ("edit/", "board/", "authors/", "import/", "")),
        *(f"{start}edit/{code}/" for code in BLOCKS),
        f"/workshops/{draft.slug}/edit/",
        f"/workshops/{draft.slug}/preview/",
        f"/workshops/papers/{token}/",
        invitation,
    ]


def faults(page: Any, address: str) -> list[Any]:
    """What axe finds on a page, and whether it is too wide, in every state of STATES."""
    found: list[Any] = []
    assert page.goto(address).ok, address
    page.evaluate(AXE.read_text() + "; 0")
    for theme, width in STATES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        found += [(address, theme, width, fault) for fault in page.evaluate(RUN, TAGS)]
        if page.evaluate(WIDE):
            found.append((address, theme, width, "too wide"))
    return found


def test_axe_finds_nothing_where_organisers_work(opened: Any) -> None:
    olga, workshop = published()
    filled(olga, workshop)
    addresses = pages_of(olga, workshop, made(olga, name="A draft", acronym="Dr"))
    assert programmes.versions(workshop)
    page = opened(User.objects.get(username="olga"), bypass_csp=True)

    assert [fault for address in addresses for fault in faults(page, address)] == []


def test_axe_finds_nothing_where_a_form_asks(opened: Any) -> None:
    olga, workshop = published()
    filled(olga, workshop)
    page = opened(User.objects.get(username="olga"), bypass_csp=True)
    page.remove_listener("console", page.complain)  # an answer that asks is no 200
    page.goto(f"/workshops/{workshop.slug}/edit/programme/")
    page.fill("[name=row-0-start]", "18.15 PM")
    page.fill("[name=row-0-links]", "Slides, somewhere")
    page.click("button.primary")
    page.evaluate(AXE.read_text() + "; 0")
    for theme, width in STATES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(RUN, TAGS) == [] and not page.evaluate(WIDE)
