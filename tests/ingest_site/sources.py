"""Answers of the sources outside, written by hand in their shapes; nothing leaves this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.core.cache import cache

from papers.importers import arxiv, crossref, fetching, openreview

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <entry>
    <id>http://arxiv.org/abs/2301.01234v3</id>
    <published>2023-01-05T18:00:00Z</published>
    <title>Sleeping Layers That Wake
  for Hard Inputs</title>
    <summary>  Layers sleep
until an input needs them. </summary>
    <author><name>Chen Muster</name><arxiv:affiliation>Testing University</arxiv:affiliation></author>
    <author><name>Dóra Próba</name></author>
    <arxiv:doi>10.1234/Sleep.1</arxiv:doi>
  </entry>
  <entry><id>http://arxiv.org/api/errors#incorrect_id_format</id><title>Error</title></entry>
</feed>"""
WORK = {
    "status": "ok",
    "message": {
        "DOI": "10.18653/v1/2020.acl-main.1",
        "title": ["Exits &amp; Entrances"],
        "subtitle": ["a <i>Study</i>"],
        "container-title": ["Proceedings of the Testing Society"],
        "issued": {"date-parts": [[2020, 7]]},
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Networks <jats:italic>leave</jats:italic> early.</jats:p>",
        "author": [
            {"given": "Ada", "family": "Example", "affiliation": [{"name": "Testing University"}]},
            {"name": "The Exit Consortium"},
        ],
    },
}
NOTE = {
    "notes": [
        {
            "id": "AbCdEfGh12",
            "forum": "AbCdEfGh12",
            "cdate": 1506500000000,
            "content": {
                "title": {"value": "Forums for Layers"},
                "authors": {"value": ["Ada Example", "Ben Test"]},
                "abstract": {"value": "Layers talk."},
                "venue": {"value": "ICLR 2018 Poster"},
            },
        }
    ]
}
OLD_NOTE = {
    "notes": [
        {
            "id": "XyCdEfGh34",
            "forum": "XyCdEfGh34",
            "cdate": 1506500000000,
            "content": {"title": "An Older Forum", "authors": ["Ada Example"]},
        }
    ]
}

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[httpx.Request]]:
    """Requests that would have left; every source is away until `answer` says otherwise."""
    cache.clear()
    requests: list[httpx.Request] = []
    monkeypatch.setattr(fetching, "resolve", lambda host: ["93.184.216.34"])
    for source in (arxiv.SOURCE, crossref.SOURCE, openreview.SOURCE):
        object.__setattr__(source, "spacing_seconds", 0.0)

    def away(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        raise httpx.ConnectError("no route")

    monkeypatch.setattr(fetching, "transport", httpx.MockTransport(away))
    yield requests
    cache.clear()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, asked: list[httpx.Request]) -> Callable[..., None]:
    """answer("api.crossref.org", body): what a host says; hosts that are not named are away."""
    bodies: dict[str, httpx.Response] = {}

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = bodies.get(request.headers["Host"])
        if found is None:
            raise httpx.ConnectError("no route")
        return httpx.Response(found.status_code, content=found.content, headers=found.headers)

    monkeypatch.setattr(fetching, "transport", httpx.MockTransport(reply))

    def say(host: str, body: Any = b"", status: int = 200, **headers: str) -> None:
        content = body if isinstance(body, bytes) else str(body).encode()
        if isinstance(body, dict):
            content = json.dumps(body).encode()
        bodies[host] = httpx.Response(status, content=content, headers=headers)

    return say


# --- each source in its own shape ---
