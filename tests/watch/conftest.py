"""A speaking server, sources that are asked there, and nothing that leaves this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from papers.models import Source
from tests.watch.server import Speaker


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("work.tell.send", lambda task, job: None)


@pytest.fixture
def speaker(settings: Any) -> Iterator[Speaker]:
    cache.clear()
    server = Speaker()
    settings.KB_WATCH_INSIDE = [server.place]
    yield server
    server.stop()


@pytest.fixture
def source(speaker: Speaker, db: None) -> Callable[..., Source]:
    """source("arxiv", "arxiv"): a source of this kind that is asked at this path."""

    def make(kind: str, path: str, **more: Any) -> Source:
        more = {"slug": f"{kind}-{path}", "name": f"{kind} here", "query": "q"} | more
        return Source.objects.create(kind=kind, address=speaker.address(path), **more)

    return make
