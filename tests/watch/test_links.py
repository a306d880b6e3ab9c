"""Outside links are looked at, and die after three failures; the page of the dead names where."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from papers.models import OutsideLink, PaperLink
from papers.watch import links
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(speaker):
    paper = make.paper("Sleeping Layers", key="sleep2026")
    hidden = make.paper("Hidden Layers", key="hidden2026", state="hidden")
    PaperLink.objects.create(paper=paper, kind="code", url=speaker.address("page"))
    PaperLink.objects.create(paper=hidden, kind="code", url=speaker.address("other"))
    links.collect()
    return paper


def due_again() -> None:
    OutsideLink.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))


def test_links_of_public_pages_are_known_and_those_that_go_are_forgotten(linked, speaker) -> None:
    assert [link.address for link in OutsideLink.objects.all()] == [speaker.address("page")]
    PaperLink.objects.all().delete()
    links.collect()
    assert not OutsideLink.objects.exists()


def test_one_that_answers_is_asked_by_head_once_and_again_in_a_month(
    linked, speaker, client
) -> None:
    assert links.check_some() == 1
    assert links.check_some() == 0
    link = OutsideLink.objects.get()
    assert (link.status, link.failures) == (200, 0)
    assert link.next_at > timezone.now() + dt.timedelta(days=29)
    assert len(speaker.asked) == 1
    assert "answered on" in client.get(linked.get_absolute_url()).content.decode()


def test_one_that_fails_thrice_is_dead_and_lives_again(linked, speaker, client) -> None:
    speaker.fault = "error"
    for failures in (1, 2, 3):
        due_again()
        links.check_some()
        assert OutsideLink.objects.get().failures == failures
    assert len(speaker.asked) == 6  # HEAD, then GET, each time
    page = client.get(reverse("dead-links")).content.decode()
    assert speaker.address("page") in page
    assert "Sleeping Layers" in page
    assert "does not answer" in client.get(linked.get_absolute_url()).content.decode()
    speaker.fault = ""
    due_again()
    links.check_some()
    assert not links.dead().exists()


def test_a_server_that_asks_to_wait_says_nothing_of_the_link(linked, speaker) -> None:
    speaker.fault = "busy"
    links.check_some()
    link = OutsideLink.objects.get()
    assert (link.failures, link.succeeded_at) == (0, None)


def test_two_workers_look_once(linked, speaker) -> None:
    link = OutsideLink.objects.get()
    assert links._check(link)
    assert not links._check(link)
    assert len(speaker.asked) == 1


def test_addresses_inside_this_network_are_not_asked(speaker, settings) -> None:
    settings.KB_WATCH_INSIDE = []
    status, problem = links.look("https://127.0.0.1/page")
    assert status == 0
    assert "inside this network" in problem
