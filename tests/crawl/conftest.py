"""The field as it is shipped, loaded once, and who opens its addresses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests import databases
from tests.crawl.readers import clients
from tests.crawl.visiting import Crawl, opener

AT_A_DESK = 150
"""So many addresses of a pattern are opened where nobody waits long."""
IN_CI = 200
"""And so many with CI set. The field has far over a hundred thousand addresses; `CRAWL=all` opens
each of them, which is done before a release."""


@pytest.fixture(scope="package")
def whole_field(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Papers, numbers, programs and recorded runs, embedded and indexed."""
    with django_db_blocker.unblock(), databases.whole_field():
        yield


@pytest.fixture(scope="package")
def signed_in(whole_field: None, django_db_blocker: Any) -> dict[str, Client]:
    """One client a role. Their accounts, lists and follows take as long to make as many a pattern
    to open; they stay in this copy of the field and go with it."""
    with django_db_blocker.unblock():
        return clients()


@pytest.fixture
def crawl(signed_in: dict[str, Client], db: None, settings: Any) -> Crawl:
    """Opens addresses as nobody signed in, as a member and as a curator."""
    settings.KB_API_RATE = "1000000/s"
    openers = {role: opener(client) for role, client in signed_in.items()}
    sample = IN_CI if os.environ.get("CI") else AT_A_DESK
    return Crawl(openers, sample=0 if os.environ.get("CRAWL") == "all" else sample)
