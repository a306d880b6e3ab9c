"""Taking bytes in: identity by content, limits in words, files before rows."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from papers.ingest.receive import Refused, plain_name, receive
from papers.ingest.storing import FileLost, local_copy, store
from papers.models import Document, Upload
from tests.ingest_site.paper_pdf import paper_pdf


def pdf(title: str = "Gates That Know When to Stop") -> io.BytesIO:
    return io.BytesIO(paper_pdf(title))


def files_beside(document: Document) -> list[str]:
    """Names in the document's folder of the store that begin like its own."""
    folder = Path(document.stored_as).parent
    names = default_storage.listdir(str(folder))[1]
    return [name for name in names if name.startswith(document.sha256[:8])]


@pytest.mark.django_db
def test_second_upload_of_the_same_pdf_returns_the_first_document() -> None:
    first = receive(pdf(), name="one.pdf")
    second = receive(pdf(), name="two.pdf")

    assert (first.is_new, second.is_new) == (True, False)
    assert second.document == first.document
    assert Document.objects.get().name == "one.pdf"


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_uploads_of_the_same_bytes_give_one_document_and_equal_answers() -> None:
    content = paper_pdf("Fifty at Once")

    def send(number: int) -> tuple[int, str, str]:
        try:
            document = receive(io.BytesIO(content), name="paper.pdf").document
            return document.pk, document.sha256, document.state
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(send, range(50)))

    assert Document.objects.count() == 1
    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert len(files_beside(Document.objects.get())) == 1


@pytest.mark.django_db
def test_two_people_who_send_the_same_bytes_both_see_the_document(
    account: Callable[..., Any],
) -> None:
    ada, ben, chen = account("ada"), account("ben"), account("chen")
    receive(pdf(), name="a.pdf", by=ada, via=Upload.Via.PAGE)
    receive(pdf(), name="b.pdf", by=ben, via=Upload.Via.API)
    receive(pdf(), name="b.pdf", by=ben, via=Upload.Via.API)

    assert [Document.objects.visible_to(user).count() for user in (ada, ben, chen)] == [1, 1, 0]
    assert Upload.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "The file is empty"),
        (b"hello", "not-a-pdf", "The file is not a PDF"),
        (b"PK\x03\x04rest", "not-a-pdf", "a ZIP archive or an Office document, not a PDF"),
        (b"\x89PNG\r\n", "not-a-pdf", "a picture, not a PDF"),
        (b"<!doctype html>", "not-a-pdf", "a web page"),
        (b" " * 1030 + b"%PDF-1.7", "not-a-pdf", "not a PDF"),
        (b"%PDF-1.7" + b"0" * 2**20, "too-large", "larger than 1 MB"),
    ],
)
def test_what_cannot_be_a_paper_is_refused_in_words(
    content: bytes, code: str, words: str, settings: Any
) -> None:
    settings.KB_UPLOAD_MEGABYTES = 1

    with pytest.raises(Refused, match=words) as refused:
        receive(io.BytesIO(content), name="x.pdf")

    assert refused.value.code == code
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("paper.pdf", "paper.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\the paper.pdf", "the paper.pdf"),
        ("evil\u202efdp.exe\x00.pdf", "evilfdp.exe.pdf"),
        ("", "document.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_only_the_file_s_own_plain_name_is_kept(given: str, kept: str) -> None:
    assert plain_name(given) == kept


@pytest.mark.django_db
def test_a_torn_file_left_by_a_crash_is_written_anew() -> None:
    content = paper_pdf("Torn by a Crash")
    document = receive(io.BytesIO(content), name="a.pdf").document
    Path(default_storage.path(document.stored_as)).write_bytes(content[:100])
    with pytest.raises(FileLost), local_copy(document):
        pass

    store(document, io.BytesIO(content))

    with local_copy(document) as path:
        assert path.read_bytes() == content


@pytest.mark.django_db
def test_a_file_without_row_is_used_by_the_next_upload_of_its_bytes() -> None:
    content = paper_pdf("Orphan in the Store")
    orphan = receive(io.BytesIO(content), name="a.pdf").document
    Document.objects.all().delete()

    again = receive(io.BytesIO(content), name="a.pdf").document

    assert again.stored_as == orphan.stored_as
    assert files_beside(again) == [Path(again.stored_as).name]


@pytest.mark.django_db
def test_a_licence_is_learnt_from_a_later_upload_and_never_changed_by_one() -> None:
    receive(pdf(), name="a.pdf")
    receive(pdf(), name="a.pdf", licence="CC-BY-4.0")
    receive(pdf(), name="a.pdf", licence="all-rights-reserved")

    assert Document.objects.get().licence == "CC-BY-4.0"
