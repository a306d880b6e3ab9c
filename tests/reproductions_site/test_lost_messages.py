"""A run whose message was lost with the queue's server is told of again at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from reproductions.models import Run
from reproductions.runs import recovery

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: Any) -> list[int]:
    told: list[int] = []
    monkeypatch.setattr("work.tell.send", lambda task, pk: told.append(pk))
    return told


def waiting(**fields: Any) -> Run:
    return Run.objects.create(program="skip_rnn", scale="exact", device="cpu", **fields)


def test_messages_are_sent_again_when_the_server_began_anew(told: list[int]) -> None:
    cache.clear()
    recovery.sweep()
    run = waiting(seed=1, sent_at=timezone.now())
    recovery.sweep()
    assert told == []  # the message may take its time behind long runs

    cache.clear()  # as after the death of a server that writes nothing to disk
    recovery.sweep()

    assert told == [run.pk]
    recovery.sweep()
    assert told == [run.pk]  # once


def test_without_a_cache_a_message_is_waited_for_as_ever(told: list[int], settings: Any) -> None:
    nowhere = {"BACKEND": "kb.site.cache.PatientCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": nowhere}
    waiting(seed=1, sent_at=timezone.now())
    old = waiting(seed=2, sent_at=timezone.now() - recovery.SEND_AGAIN - timedelta(seconds=1))

    recovery.sweep()

    assert told == [old.pk]
