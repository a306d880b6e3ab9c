"""The viewer: pages, words and search, for exactly those who may have the file."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kb.pages.reading import shown, views
from papers.ingest.storing import store
from papers.models import Document, Paper, Upload
from papers.pdf.confined.pool import ReaderPool
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path, readers: ReaderPool, monkeypatch: Any) -> None:
    settings.KB_DATA_DIR = tmp_path
    monkeypatch.setattr(shown, "_pool", lambda: readers)


def stored(content: bytes, **fields: Any) -> Document:
    document = Document.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        name="gates.pdf",
        state=Document.State.DONE,
        **fields,
    )
    store(document, io.BytesIO(content))
    return document


@pytest.fixture
def paper() -> Paper:
    return make.paper("Gates That Know When to Stop", key="gates2023")


@pytest.fixture
def open_file(paper: Paper) -> Document:
    return stored(
        paper_pdf(), paper=paper, licence="CC-BY-4.0", licence_confirmed_at=timezone.now()
    )


def test_anybody_reads_a_file_that_may_be_handed_out(client: Client, open_file: Document) -> None:
    answer = client.get("/papers/gates2023/read/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="page"') == 2
    assert 'id="page=2"' in page
    assert "/papers/gates2023/read/2-900.png" in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "/papers/gates2023/read/" in client.get("/papers/gates2023/").content.decode()


def test_a_page_is_a_picture_of_the_width_asked_for(client: Client, open_file: Document) -> None:
    answer = client.get("/papers/gates2023/read/1-900.png")

    assert answer["Content-Type"] == "image/png"
    width, height = struct.unpack(">II", answer.content[16:24])
    assert (width, answer.content[:4]) == (900, b"\x89PNG")
    assert height > width
    assert "public" in answer["Cache-Control"]
    for name in ("3-900.png", "0-900.png", "1-901.png", "1-900.gif", "x-900.png", "words.txt"):
        assert client.get(f"/papers/gates2023/read/{name}").status_code == 404, name


def test_words_lie_where_they_are_drawn(client: Client, open_file: Document) -> None:
    pages = client.get("/papers/gates2023/read/words.json").json()["pages"]

    words = pages[0]
    assert len(pages) == 2
    assert {"Gates", "Stop"} <= {word[4] for word in words}
    assert all(-0.05 <= part <= 1.05 for word in words for part in word[:4])
    heights = {word[4]: word[1] for word in words}
    assert heights["Gates"] < heights["Abstract"]


def test_search_without_scripts_names_page_and_passage(client: Client, open_file: Document) -> None:
    found = client.get("/papers/gates2023/read/?q=gates+THAT").content.decode()
    absent = client.get("/papers/gates2023/read/?q=zebra").content.decode()

    assert "<mark>Gates That</mark>" in found
    assert 'href="#page=1"' in found
    assert "does not stand in this PDF" in absent


def test_hits_are_counted_page_by_page() -> None:
    pages = [{"words": [[0, 0, 0, 0, word] for word in ["one", "two", "one"]]}, {"words": []}]

    hits = views.find(pages, " ONE ")

    assert [(hit["page"], hit["found"]) for hit in hits] == [(1, "one"), (1, "one")]
    assert views.find(pages, "   ") == []


@pytest.mark.parametrize("fields", [
    {"licence": ""},
    {"licence": "all-rights-reserved", "licence_confirmed_at": timezone.now()},
    {"licence": "CC-BY-4.0"},
])  # fmt: skip
def test_a_file_that_may_not_be_handed_out_is_read_by_nobody_else(client: Client, paper: Paper, fields: dict[str, Any]) -> None:  # fmt: skip
    document = stored(paper_pdf(), paper=paper, **fields)

    for place in ("", "1-900.png", "words.json"):
        assert client.get(f"/papers/gates2023/read/{place}").status_code == 404
        assert client.get(f"/documents/{document.pk}/read/{place}").status_code == 404


def test_the_sender_and_curators_read_an_upload_and_others_do_not(paper: Paper) -> None:
    document = stored(paper_pdf(), paper=paper)
    mia = make.member("mia")
    Upload.objects.create(document=document, by=mia, via="page", name="gates.pdf")
    asked = {}
    for who in (mia, make.member("cam", "curators"), make.member("bob")):
        client = Client()
        client.force_login(who)
        asked[who.username] = [
            client.get(f"/documents/{document.pk}/read/{place}")
            for place in ("", "1-900.png", "words.json")
        ]

    assert [answer.status_code for answer in asked["mia"]] == [200] * 3
    assert [answer.status_code for answer in asked["cam"]] == [200] * 3
    assert [answer.status_code for answer in asked["bob"]] == [404] * 3
    assert all(answer["Cache-Control"] == "private, no-store" for answer in asked["mia"])


def test_a_hidden_paper_s_file_is_not_read(client: Client, paper: Paper, open_file: Document) -> None:  # fmt: skip
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.HIDDEN)

    assert client.get("/papers/gates2023/read/").status_code == 404
    assert client.get("/papers/gates2023/read/1-900.png").status_code == 404


def test_a_damaged_or_lost_file_is_told_in_words(client: Client, paper: Paper) -> None:
    damaged = stored(b"%PDF-1.7 nothing", paper=paper, licence="CC0-1.0", licence_confirmed_at=timezone.now())  # fmt: skip

    assert "damaged" in client.get("/papers/gates2023/read/").content.decode()
    Document.objects.filter(pk=damaged.pk).update(size_bytes=1)
    assert "missing" in client.get("/papers/gates2023/read/").content.decode()


def test_what_was_made_is_kept_and_the_oldest_goes_first(client: Client, open_file: Document) -> None:  # fmt: skip
    client.get("/papers/gates2023/read/1-900.png")
    client.get("/papers/gates2023/read/words.json")

    kept = [path for path in shown._folder().rglob("*") if path.is_file()]
    assert {path.name for path in kept} == {"1-900.png", "contents.json"}
    assert shown.make_room(most=1) > 0
    assert not [path for path in shown._folder().rglob("*") if path.is_file()]
    assert client.get("/papers/gates2023/read/1-900.png").status_code == 200
