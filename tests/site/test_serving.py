"""The processes of the web server: what they do when they begin."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from kb import LOOK_AFTER
from kb.site import gunicorn


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a web process, but without its encoder."""
    loading = threading.Thread(target=lambda: None)
    loading.start()
    monkeypatch.setattr("papers.search.warm_up", lambda: loading)
    gunicorn.post_worker_init(None)
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join()
    yield
    gc.unfreeze()
    connection_created.disconnect(dispatch_uid="limit_questions")


@pytest.mark.django_db(transaction=True)
def test_a_question_of_a_page_has_an_end(serving: None) -> None:
    connection.close()
    with connection.cursor() as cursor:
        in_a_page = cursor.execute("SHOW statement_timeout").fetchone()
    connection_created.disconnect(dispatch_uid="limit_questions")
    connection.close()
    with connection.cursor() as cursor:
        elsewhere = cursor.execute("SHOW statement_timeout").fetchone()

    assert (in_a_page, elsewhere) == (("30s",), ("0",))


def test_what_is_loaded_is_left_out_of_garbage_collection(serving: None) -> None:
    assert gc.get_freeze_count() > 100_000
    assert gc.get_threshold()[0] == LOOK_AFTER
