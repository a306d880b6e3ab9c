"""The field as it is shipped, loaded once, and who opens its addresses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests import databases
from tests.crawl.readers import clients
from tests.crawl.visiting import Crawl, opener

AT_A_DESK = 150
"""So many addresses of a pattern are opened where nobody waits long; with CI set, all of them."""


@pytest.fixture(scope="package")
def whole_field(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Papers, numbers, programs and recorded runs, embedded and indexed."""
    with django_db_blocker.unblock(), databases.whole_field():
        yield


@pytest.fixture
def crawl(whole_field: None, db: None, settings: Any) -> Crawl:
    """Opens addresses as nobody signed in, as a member and as a curator."""
    settings.KB_API_RATE = "1000000/s"
    openers = {role: opener(client) for role, client in clients().items()}
    return Crawl(openers, sample=0 if os.environ.get("CI") else AT_A_DESK)
