"""A reader kept for all tests of this folder, and accounts of three kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from papers.pdf.confined.pool import ReaderPool
from tests.ingest_site.sources import answer, asked

__all__ = ["answer", "asked"]  # fixtures of the tests that import


@pytest.fixture(scope="session")
def readers() -> Iterator[ReaderPool]:
    with ReaderPool(1) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are hints; these tests act on rows."""
    monkeypatch.setattr("work.tell.send", lambda task, document: None)


@pytest.fixture
def account(db: None, django_user_model: Any) -> Callable[..., Any]:
    """Make an account: account("ada"), account("cam", "curate"), account(staff=True)."""

    def make(name: str = "ada", *permissions: str, staff: bool = False) -> Any:
        user = django_user_model.objects.create_user(name, is_staff=staff)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        return django_user_model.objects.get(pk=user.pk)

    return make
