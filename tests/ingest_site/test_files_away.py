"""While the storage of files is away, whoever needs a file is asked to come back, and no document
is blamed for it."""

from __future__ import annotations

import pytest
from botocore import exceptions
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import RequestFactory

from kb.api.machinery.errors import problem_response
from kb.middleware import IndexAwaited
from papers.ingest import files_away, pipeline
from papers.ingest.receive import receive
from papers.models import Document
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf


def refusal(status: int) -> exceptions.ClientError:
    answer = {"Error": {"Code": "x"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return exceptions.ClientError(answer, "GetObject")  # type: ignore[arg-type]


AWAY = [
    exceptions.EndpointConnectionError(endpoint_url="http://files"),
    exceptions.ConnectTimeoutError(endpoint_url="http://files"),
    exceptions.ReadTimeoutError(endpoint_url="http://files"),
    refusal(503),
]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_a_storage_that_is_not_reached_is_away(error: Exception) -> None:
    outer = RuntimeError("reading failed")
    outer.__cause__ = error

    assert files_away.is_away(outer)


@pytest.mark.parametrize("error", [refusal(403), refusal(404), OSError("no"), None])
def test_what_it_says_about_a_file_is_no_absence(error: Exception | None) -> None:
    assert not files_away.is_away(error)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file can be looked for or opened."""

    def fail(*args: object, **kwargs: object) -> None:
        raise AWAY[0]

    for name in ("exists", "open", "path"):
        monkeypatch.setattr(type(default_storage._wrapped), name, fail)  # type: ignore[attr-defined]


def test_what_needs_a_file_is_answered_503_with_when_to_come_back() -> None:
    page = IndexAwaited(lambda request: HttpResponse()).process_exception(
        RequestFactory().get("/"), AWAY[0]
    )
    problem = problem_response(AWAY[0], {})

    assert page is not None
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert (problem.status_code, problem["Retry-After"]) == (503, "10")


@pytest.mark.django_db(transaction=True)
def test_a_document_waits_for_its_file_and_is_not_set_aside(
    request: pytest.FixtureRequest,
) -> None:
    content = ContentFile(paper_pdf("A Paper That Waits", ("Ada Example",), abstract="We wait."))
    document = receive(content, name="paper.pdf", by=make.member("mia")).document
    request.getfixturevalue("away")

    for _ in range(Document.ATTEMPTS + 1):
        pipeline.ingest(document.pk)

    document.refresh_from_db()
    assert (document.state, document.failures) == (Document.State.QUEUED, 0)
