"""The field as it is shipped, loaded once, and who opens its addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.crawl.readers import clients
from tests.crawl.visiting import Crawl, opener


@pytest.fixture(scope="package")
def whole_field(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Papers, numbers, programs and recorded runs, embedded and indexed."""
    from papers.data_files import load_catalogue

    with django_db_blocker.unblock():
        load_catalogue(settings.FIXTURES_DIR)
        for command in ("load_numbers", "embed", "index"):
            call_command(command, verbosity=0)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def crawl(whole_field: None, db: None, settings: Any) -> Crawl:
    """Opens addresses as nobody signed in, as a member and as a curator."""
    settings.KB_API_RATE = "1000000/s"
    return Crawl({role: opener(client) for role, client in clients().items()})
