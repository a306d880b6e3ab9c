"""A reader kept for all tests of this folder, and accounts of three kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from papers.pdf.confined.pool import ReaderPool
from tests.ingest_site.sources import answer, asked
from tests.make import signed_in

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


@pytest.fixture
def ada(account: Callable[..., Any]) -> Any:
    """A member who sends works."""
    return account("ada")


@pytest.fixture
def cam(account: Callable[..., Any]) -> Any:
    """A curator by permission."""
    return account("cam", "curate")


@pytest.fixture
def sender(client: Client, ada: Any) -> Client:
    """The browser of the member who sends."""
    client.force_login(ada)
    return client


@pytest.fixture
def curator(account: Callable[..., Any]) -> Client:
    """The browser of a curator of the staff."""
    return signed_in(account("curator", staff=True))
