"""Proposing corrections and deciding about them through HTTP."""

from __future__ import annotations

from typing import Any

from django.test import Client

from community.corrections.comparing import rows_of, seen_of
from community.models import Correction
from tests.community.test_moderation import user
from tests.make import signed_in


def as_user(name: str, *groups: str, **fields: Any) -> Client:
    return signed_in(user(name, *groups, **fields))


def propose(client: Client, address: str, was: dict, now: dict, **more: str) -> Correction:
    sent = {f"was-{name}": text for name, text in was.items()}
    sent |= {f"field-{name}": text for name, text in (was | now).items()}
    answer = client.post(f"{address}correct/", {"reason": "as printed", **sent, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Correction.objects.latest("pk")


def decide(client: Client, correction: Correction, decision: str = "accept", **more: str) -> Any:
    sent = {"decision": decision, "seen": seen_of(rows_of(correction)), **more}
    return client.post(f"/corrections/{correction.pk}/decide", sent, follow=True)
