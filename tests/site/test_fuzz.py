"""A sample of the fuzz benchmark: nonsense of every kind is refused, never answered with 5xx."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import fuzz

pytestmark = pytest.mark.django_db
CALLS = 1_300


def test_no_nonsense_breaks_any_address(settings: Any) -> None:
    settings.KB_API_RATE = "1000000/s"
    addresses, clients = fuzz.world()
    names = fuzz.body_fields(addresses)

    outcome = fuzz.fuzz(clients, fuzz.calls(addresses, names, CALLS, seed=2), seed=2)

    assert not outcome.failed, "\n".join(outcome.failed)
    assert len(outcome.kinds) == len(fuzz.KINDS)
    assert outcome.roles.keys() == clients.keys()
    assert outcome.methods.keys() == set(fuzz.METHODS)
    assert sum(len(fields) > 0 for fields in names.values()) > 20
