"""Corrections and alarms of the world, each state with words of its own."""

from __future__ import annotations

from typing import Any

from community.models import Alarm, Correction
from papers.models import Paper, Workshop
from tests.leaks.canaries import ADMIN, CURATOR, OWNER

PLURALS = ("papers", "papers", "papers", "papers", "people", "people", "venues", "workshops")
KEYS = ("open2018", "hidden2018", "withdrawn2018", "merged2018", "ada-open", "author-hidden2018")


def plant(world: Any) -> None:
    _corrections(world)
    alarm = Alarm.objects.create(account=world.owner, hour="2026-01-01T00:00:00Z", record_count=99)
    give = world.examples.give
    give("alarms/", "pk", alarm.pk)
    workshop = Workshop.objects.visible_to().values_list("slug", flat=True)[0]
    give("(?P<plural>", "plural", *PLURALS, "topics")
    give("(?P<plural>", "key", *KEYS, "iclr", workshop, "early-exiting")
    give("api/v1/history/", "plural", *PLURALS, "topics")
    give("api/v1/history/", "key", *KEYS, "iclr", workshop, "early-exiting")


def _corrections(world: Any) -> None:
    readers = (OWNER, CURATOR, ADMIN)
    paper = Paper.objects.get(key="open2018")
    pks = []
    for state in Correction.State.values:
        correction = Correction.objects.create(
            author=world.owner,
            state=state,
            record_kind="paper",
            record_id=paper.pk,
            base={"title": paper.title},
            proposed={"title": world.cage.plant(f"title of a {state} correction", *readers)},
            reason=world.cage.plant(f"reason of a {state} correction", *readers),
            source=world.cage.plant(f"source of a {state} correction", *readers),
            answer=world.cage.plant(f"answer to a {state} correction", *readers),
            fingerprint=state,
        )
        pks.append(correction.pk)
    for start in ("corrections/", "api/v1/corrections/"):
        world.examples.give(start, "pk", *pks)
