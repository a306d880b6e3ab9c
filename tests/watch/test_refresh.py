"""News of papers that are here: published, retracted, cited, renamed; and asking about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from papers.curation import deciding
from papers.models import Conflict, Paper, Refreshed, Reported, Venue
from papers.watch import asking, refresh
from papers.watch.protocols import arxiv_query, crossref_venue
from tests import make
from tests.watch.server import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def preprint() -> Paper:
    arxiv = make.venue("arXiv", kind=Venue.Kind.PREPRINT)
    make.venue("ICLR")
    authors = ["Ada Example", "Ben Test"]
    title = "Sleeping Layers That Wake"
    paper = make.paper(title, arxiv="2611.00001", year=2026, authors=authors)
    Paper.objects.filter(pk=paper.pk).update(venue=arxiv)
    return Paper.objects.get(pk=paper.pk)


def work(**more) -> Work:
    return Work("Sleeping Layers That Wake", **({"arxiv": "2611.00001"} | more))


def test_a_preprint_that_was_accepted_gets_its_venue(preprint, source, speaker) -> None:
    speaker.works = [work(venue="ICLR 2026 poster", forum="AbCdEfGh12")]
    outcome = asking.ask(source("openreview", "notes").pk)
    assert (outcome.problem, outcome.known, outcome.fresh) == ("", 1, 0)
    preprint.refresh_from_db()
    assert (preprint.venue.slug, preprint.openreview) == ("iclr", "AbCdEfGh12")
    assert not Conflict.objects.exists()


def test_a_changed_title_and_a_retraction_go_to_the_desk(
    preprint, source, speaker, client, django_user_model
) -> None:
    notice = {"updated-by": [{"type": "retraction", "DOI": "10.1234/notice"}]}
    Paper.objects.update(doi="10.1234/wake.1")
    speaker.works = [work(doi="10.1234/wake.1", cited=7, venue="", more=notice)]
    speaker.works[0].title = "Layers That Wake and Sleep Again"
    asking.ask(source("crossref", "crossref").pk)
    conflicts = {row.field: row.there for row in Conflict.objects.all()}
    assert conflicts == {
        "title": "Layers That Wake and Sleep Again",
        "retracted": "retraction: https://doi.org/10.1234/notice",
    }
    assert Reported.objects.get().value == 7
    page = client.get(preprint.get_absolute_url()).content.decode()
    assert "Cited 7 times, says Crossref" in page
    assert "retraction" not in page
    cam = django_user_model.objects.create_user("cam")
    cam.user_permissions.set(Permission.objects.filter(codename="curate"))
    deciding.accept_conflict(conflict=Conflict.objects.get(field="retracted"), by=cam)
    page = client.get(preprint.get_absolute_url()).content.decode()
    assert "retraction: https://doi.org/10.1234/notice" in page


def test_papers_are_asked_about_once_a_month(preprint, speaker, monkeypatch) -> None:
    speaker.works = [work(version=3)]
    speaker.page = 100
    _here(monkeypatch, arxiv_query, speaker.address("byid"))
    looked = refresh.refresh_some()
    assert (looked.asked, looked.problems) == (1, [])
    assert Reported.objects.get(kind="version").value == 3
    assert Refreshed.objects.get().succeeded_at is not None
    assert refresh.refresh_some().asked == 0
    Refreshed.objects.update(asked_at=timezone.now() - dt.timedelta(days=31))
    assert refresh.refresh_some().asked == 1


def test_a_source_that_is_away_is_asked_the_next_day(preprint, speaker, monkeypatch) -> None:
    speaker.fault = "error"
    _here(monkeypatch, arxiv_query, speaker.address("byid"))
    assert refresh.refresh_some().problems
    assert Refreshed.objects.get().succeeded_at is None
    Refreshed.objects.update(asked_at=Refreshed.objects.get().asked_at - dt.timedelta(days=1))
    speaker.fault, speaker.works = "", [work()]
    assert refresh.refresh_some().asked == 1


def test_a_doi_that_is_not_known_is_noted(speaker, monkeypatch) -> None:
    make.paper("A Paper With a DOI", doi="10.1234/none", year=2026)
    _here(monkeypatch, crossref_venue, speaker.address("gone"))
    assert refresh.refresh_some().asked == 1
    assert Refreshed.objects.get().problem == "Crossref does not know its DOI."


def _here(monkeypatch, protocol, address: str) -> None:
    monkeypatch.setattr(protocol, "PROTOCOL", replace(protocol.PROTOCOL, address=address))
