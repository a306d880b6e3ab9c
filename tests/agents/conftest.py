"""What the tests of the tools for agents share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    """A thread as a web server has it. The browser of other tests stays open for the session, and
    its loop runs in this thread, where nothing could be awaited then."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)
