"""What members say about a licence waits as well."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import User
from papers.curation import waiting
from papers.ingest.receive import receive
from papers.models import (
    WaitingWork,
)
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf
from tests.ingest_site.test_waiting import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked")]


Account = Callable[..., User]


def test_a_members_word_about_a_licence_hands_nothing_out_before_a_curator_confirms_it(
    client: Client, ada: User, cam: User
) -> None:
    paper = make.paper(
        "Gates That Know When to Stop", key="gates", authors=["Ada Example", "Ben Test"]
    )
    document = upload(ada, licence="CC-BY-4.0")
    address = "/papers/gates/gates.pdf"

    assert client.get(address).status_code == 404
    assert "citation_pdf_url" not in client.get("/papers/gates/").content.decode()
    client.force_login(ada)
    assert client.get(f"/documents/{document.pk}/file").status_code == 200
    client.post(f"/documents/{document.pk}/licence", {"licence": "CC-BY-4.0"})
    assert client.get(address).status_code == 404
    client.force_login(cam)
    client.post(f"/documents/{document.pk}/licence", {"licence": "CC-BY-4.0"})

    client.logout()
    assert client.get(address).status_code == 200
    document.refresh_from_db()
    assert (document.licence_by, document.licence_confirmed_by) == (ada, cam)
    assert paper.documents.get() == document


def test_a_second_sender_changes_no_licence_and_opens_no_file(ada: User, account: Account) -> None:
    document = receive(ContentFile(paper_pdf()), name="a.pdf", by=ada).document

    receive(ContentFile(paper_pdf()), name="a.pdf", by=account("eve"), licence="CC0-1.0")
    receive(ContentFile(paper_pdf()), name="a.pdf", by=account("mal"), licence="CC-BY-4.0")

    document.refresh_from_db()
    assert document.licence == "CC0-1.0"
    assert not document.may_be_handed_out


def test_accepting_confirms_the_licence_only_where_the_curator_says_so(
    ada: User, cam: User
) -> None:
    document = upload(ada, licence="CC-BY-4.0")
    work = WaitingWork.objects.get()

    waiting.accept(work, by=cam)
    document.refresh_from_db()
    assert not document.may_be_handed_out
    waiting.undo(work, by=cam)
    waiting.accept(work, by=cam, with_licence=True)

    document.refresh_from_db()
    assert document.may_be_handed_out
