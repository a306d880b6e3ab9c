"""Merging people and papers, and undoing it as a whole."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from papers.curation.merging import CannotMerge, merge_papers
from papers.curation.people import merge_people
from papers.history import changes_of, undo_act
from papers.models import Document, Paper
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cam() -> User:
    return User.objects.create_user("cam")


def test_a_merge_of_people_is_undone_as_a_whole(cam: User) -> None:
    keeping, leaving = make.person("Gao Huang"), make.person("G. Huang")
    first = make.paper(authors=["Gao Huang"])
    second = make.paper(authors=["G. Huang"])
    merge_people(survivor=keeping, other=leaving, by=cam, reason="same home page")
    assert second.authorships.get().person == keeping

    count = undo_act(changes_of(leaving)[0], by=cam)

    keeping.refresh_from_db()
    leaving.refresh_from_db()
    assert (leaving.merged_into, keeping.sources, keeping.curated) == (None, [], False)
    assert first.authorships.get().person == keeping
    assert second.authorships.get().person == leaving
    assert [alias.name for alias in leaving.aliases.all()] == ["G. Huang"]
    assert count == 3


def test_a_merged_paper_answers_301_and_gives_what_the_other_lacks(
    cam: User, client: Client
) -> None:
    early, late = make.topic("Early exiting"), make.topic("Layer skipping")
    keeping = make.paper("Skip RNN", key="kept", topics=[early], doi="10.1/kept")
    leaving = make.paper(
        "Skip RNN.", key="gone", topics=[late, early], arxiv="1708.06834", tldr="Skips."
    )
    document = Document.objects.create(sha256="0" * 64, size_bytes=1, name="a.pdf", paper=leaving)

    merge_papers(survivor=keeping, other=leaving, by=cam)

    document.refresh_from_db()
    assert client.get("/papers/gone/").headers["Location"] == "/papers/kept/"
    assert client.get("/papers/gone/").status_code == 301
    assert (keeping.arxiv, keeping.doi, keeping.tldr) == ("1708.06834", "10.1/kept", "Skips.")
    assert [row.topic for row in keeping.placements.all()] == [early, late]
    assert document.paper == keeping


def test_an_identifier_that_stayed_with_the_merged_paper_leads_on(
    cam: User, client: Client
) -> None:
    keeping = make.paper("Skip RNN", key="kept", arxiv="1708.06834")
    leaving = make.paper("Skip RNN.", key="gone", arxiv="1708.99999")

    merge_papers(survivor=keeping, other=leaving, by=cam)

    assert client.get("/abs/1708.99999").headers["Location"] == "/papers/kept/"


def test_a_merge_of_papers_is_undone_as_a_whole(cam: User, client: Client) -> None:
    keeping = make.paper("Skip RNN", key="kept")
    leaving = make.paper("Skip RNN.", key="gone", arxiv="1708.06834", topics=[make.topic()])
    document = Document.objects.create(sha256="0" * 64, size_bytes=1, name="a.pdf", paper=leaving)
    merge_papers(survivor=keeping, other=leaving, by=cam)

    undo_act(changes_of(leaving)[0], by=cam)

    keeping.refresh_from_db()
    leaving.refresh_from_db()
    document.refresh_from_db()
    assert (keeping.arxiv, leaving.arxiv, leaving.state) == (None, "1708.06834", "public")
    assert (keeping.placements.count(), leaving.placements.count()) == (0, 1)
    assert document.paper == leaving
    assert client.get("/papers/gone/").status_code == 200


def test_a_paper_is_not_merged_into_itself_or_into_one_that_is_gone(cam: User) -> None:
    one, gone = make.paper("One"), make.paper("Gone", state=Paper.State.WITHDRAWN)

    for survivor in (one, gone):
        with pytest.raises(CannotMerge):
            merge_papers(survivor=survivor, other=one, by=cam)
