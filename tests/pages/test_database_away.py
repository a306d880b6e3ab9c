"""While PostgreSQL is started again, pages and the API ask to come back; other errors stay errors."""

from __future__ import annotations

import django.db
import psycopg
import pytest
from django.test import Client

from kb.site.database_away import is_away
from papers.models import Paper


def lost(cause: Exception) -> Exception:
    error = django.db.OperationalError(str(cause))
    error.__cause__ = cause
    return error


AWAY = [
    lost(psycopg.OperationalError("connection failed: the database system is starting up")),
    lost(psycopg.errors.AdminShutdown("terminating connection due to administrator command")),
    lost(psycopg.errors.CannotConnectNow("the database system is in recovery mode")),
    lost(psycopg.errors.TooManyConnections("sorry, too many clients already")),
    psycopg.OperationalError("server closed the connection unexpectedly"),
    django.db.InterfaceError("connection already closed"),
]
WRONG = [
    lost(psycopg.errors.QueryCanceled("canceling statement due to statement timeout")),
    lost(psycopg.errors.DeadlockDetected("deadlock detected")),
    ValueError("no"),
]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Every question about papers fails."""

    def fail(*args: object, **kwargs: object) -> None:
        raise request.param

    monkeypatch.setattr(type(Paper.objects), "visible_to", fail)


@pytest.mark.django_db
@pytest.mark.parametrize("failing", AWAY, indirect=True, ids=lambda error: str(error)[:40])
def test_a_database_that_is_away_is_503_with_when_to_come_back(failing: None) -> None:
    client = Client(raise_request_exception=False)
    page = client.get("/about/")
    record = client.get("/api/v1/papers/")

    assert (page.status_code, record.status_code) == (503, 503)
    assert int(page["Retry-After"]) > 0
    assert int(record["Retry-After"]) > 0
    assert "The database is starting again" in page.content.decode()
    assert "starting again" in record.json()["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize("failing", WRONG, indirect=True, ids=lambda error: str(error)[:40])
def test_what_is_wrong_stays_an_error(failing: None) -> None:
    client = Client(raise_request_exception=False)

    assert client.get("/about/").status_code == 500
    assert client.get("/api/v1/papers/").status_code == 500


def test_an_error_that_came_from_a_lost_connection_counts_too() -> None:
    outer = RuntimeError("rendering failed")
    outer.__cause__ = AWAY[0]

    assert is_away(outer)
    assert not is_away(None)
