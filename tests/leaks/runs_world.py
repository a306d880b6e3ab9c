"""Runs in every state, runners of members, and the records that those handed in."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from reproductions.attested.shapes import written
from reproductions.models import Attestation, Run, Runner
from tests.leaks.canaries import ADMIN, CURATOR, OWNER

if TYPE_CHECKING:
    from tests.leaks.world import World


def plant(world: World) -> None:
    runs = [
        Run.objects.create(
            program="branchynet",
            scale="toy",
            seed=number,
            device="cpu",
            state=state,
            requested_by=world.owner,
            exit_cause="said so",
        ).pk
        for number, state in enumerate(Run.State.values)
    ]
    give = world.examples.give
    for start in ("runs/", "api/v1/runs/"):
        give(start, "pk", *runs)
        give(start, "first", runs[0])
        give(start, "second", runs[1])
        give(start, "name", "branchynet.svg")
        give(start, "claim", "small")
    _runners(world, runs)
    give("reproductions/", "slug", "branchynet")
    give("reproductions/", "file", "model.py")
    give("reproductions/", "name", "branchynet.svg")


def _runners(world: World, runs: list[int]) -> None:
    """A runner and a record in each state; what waits or was declined is between few."""
    readers = (OWNER, CURATOR, ADMIN)
    runners, records = [], []
    for number, state in enumerate(Runner.State.values):
        private = state not in ("trusted", "retired")
        name = world.cage.plant(f"{state} runner", *readers) if private else f"{state} machine"
        reason = world.cage.plant(f"reason about a {state} runner", *readers) if private else ""
        key = base64.b64encode(bytes([number]) * 32).decode()
        runner = Runner.objects.create(
            owner=world.owner, name=name[:80], public_key=key, state=state, reason=reason
        )
        runners.append(runner.pk)
    for state in Attestation.State.values:
        accepted = state == "accepted"
        text = "plain" if accepted else world.cage.plant(f"log of a {state} record", *readers)
        records.append(
            Attestation.objects.create(
                member=world.owner,
                run_id=runs[0] if accepted else None,
                program="branchynet",
                scale="toy",
                seed=1,
                record=record(text),
                record_sha256=state.ljust(64, "0"),
                state=state,
                reason=text if state == "refused" else "",
            ).pk
        )
    give = world.examples.give
    for start in ("runners/", "api/v1/runners/"):
        give(start, "pk", *runners)
        give(start, "run", runs[0])
    for start in ("hand-ins/", "api/v1/hand-ins/"):
        give(start, "pk", *records)


def record(text: str) -> str:
    """A record of a run that has this in its log and at its measurement."""
    return written(
        {
            **{"schema": 1, "program": "branchynet", "scale": "toy", "seed": 1, "device": "cpu"},
            "state": "finished",
            "code": dict.fromkeys(
                ("program_sha256", "protocol_sha256", "manifest_sha256"), "0" * 64
            ),
            "time": {
                "started": "2026-01-01T00:00:00+00:00",
                "finished": "2026-01-01T00:00:01+00:00",
                **{"wall_s": 1.0, "cpu_s": 1.0, "peak_memory_bytes": 1},
            },
            "measurements": [
                {"id": "a", "setting": text, "metric": "macs", "value": 1.0, "seed": 1}
            ],
            "log": [{"kind": "log", "text": text, "seconds": 0.0}],
        }
    )
