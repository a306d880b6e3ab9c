"""Files dragged from the desktop onto the upload page, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from papers.models import Document
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = pytest.mark.django_db(transaction=True)


def drop(page: Any, files: list[Path]) -> None:
    """Drag the files over the page and let go, as the window system tells a browser."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": step, "x": 300, "y": 300, "data": data})


def test_dropped_files_are_uploaded_each_with_its_own_answer(
    chromium: Any, live_server: Any, account: Callable[..., Any], tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("exits.pdf", "gates.pdf", "notes.pdf")]
    for file in files[:2]:
        file.write_bytes(paper_pdf(f"A Paper on {file.stem.capitalize()} That Know When to Stop"))
    files[2].write_text("These are only my notes.")
    client = Client()
    client.force_login(account("ada"))
    context = chromium.new_context(base_url=live_server.url)
    cookie = client.cookies[site.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": site.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto("/upload/")

    drop(page, files)
    page.wait_for_selector("text=2 at work")
    refused = page.wait_for_selector("li:has-text('notes.pdf')").inner_text()

    assert {one.name for one in Document.objects.all()} == {"exits.pdf", "gates.pdf"}
    assert "not a PDF" in refused
    context.close()
