"""The viewer in a real Chromium: search, keys, the layer of words."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kb.pages.reading import shown
from papers.ingest.storing import store
from papers.models import Document
from papers.pdf.confined.pool import ReaderPool
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(settings: Any, tmp_path: Path, readers: ReaderPool, monkeypatch: Any, live_server: Any) -> Iterator[str]:  # fmt: skip
    settings.KB_DATA_DIR = tmp_path
    monkeypatch.setattr(shown, "_pool", lambda: readers)
    content = paper_pdf()
    document = Document.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        name="gates.pdf",
        state=Document.State.DONE,
        paper=make.paper("Gates That Know When to Stop", key="gates2023"),
        licence="CC0-1.0",
        licence_confirmed_at=timezone.now(),
    )
    store(document, io.BytesIO(content))
    yield f"{live_server.url}/papers/gates2023/read/"


def opened(chromium: Any, address: str, **options: Any) -> tuple[Any, list[str]]:
    """The page, and what the browser complains of from then on."""
    page = chromium.new_context(**options).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector(".words span")
    site = address.split("/papers/")[0]
    complaints += [url for url in asked if not url.startswith((site, "data:"))]
    return page, complaints


def test_search_keys_and_layer_of_words(chromium: Any, address: str) -> None:
    page, complaints = opened(chromium, address)

    page.keyboard.press("/")
    page.keyboard.type("results")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit.now")
    word = page.locator(".hit.now").first
    picture = page.locator(".page").last.bounding_box()
    place = word.bounding_box()
    assert picture["x"] < place["x"] < picture["x"] + picture["width"]
    assert picture["y"] < place["y"] < picture["y"] + picture["height"]
    assert word.inner_text().strip() == "Results"
    assert page.locator("#hit-count").inner_text() == "1 of 1"
    page.locator("main").focus()
    page.keyboard.press("k")
    expect(page.locator("#page-now")).to_have_text("1")
    page.keyboard.press("j")
    expect(page.locator("#page-now")).to_have_text("2")
    assert complaints == []
