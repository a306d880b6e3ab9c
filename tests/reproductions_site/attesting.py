"""Machines of members for tests: keys, runners, what they have, and records that they sign."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from accounts.tokens import make_token
from reproductions import registry
from reproductions.attested import accepting, registering, shapes, signing, taking
from reproductions.attested.signing import RunnerKey
from reproductions.models import PublishedNumber, Run, Runner

HOST = "testserver"


def key_of(name: str) -> RunnerKey:
    return RunnerKey(name.encode().ljust(32, b"."))


def registered(owner: Any, name: str = "lab") -> Runner:
    key = key_of(f"{owner.username} {name}")
    proof = key.sign(signing.registration(HOST))
    runner, _ = registering.register(
        by=owner, name=name, public_key=key.public, proof=proof, host=HOST
    )
    return runner


def equipped(**given: Any) -> taking.Equipment:
    code = {program.slug: registry.hashes(program) for program in registry.programs()}
    return taking.Equipment(**{"scales": ("exact", "toy"), "code": code} | given)


def record_of(runner: Runner | None = None, run: Run | None = None, **changes: Any) -> str:
    now = datetime.now(UTC)
    program = changes.pop("program", "counting")
    cost = {"metric": "macs", "unit": "1", "convention": "mac:conv-fc", "seed": 0}
    measured = changes.pop("measured", {"small": 150.2e6, "large": 325.4e6})
    return shapes.written(
        {
            "schema": 1,
            "site": "https://survey.example" if run else None,
            "run": run.pk if run else None,
            "key": runner.public_key if runner else None,
            "program": program,
            "scale": "exact",
            "seed": 0,
            "device": "cpu",
            "state": "finished",
            "cause": "",
            "exit_code": 0,
            "code": registry.hashes(registry.program(program)),
            "environment": {"cpu": "another", "accelerator": None},
            "hardware": {"cores": 64},
            "isolation": {"network": "own namespace"},
            "time": {
                "started": shapes.stamp(now - timedelta(seconds=5)),
                "finished": shapes.stamp(now),
                "wall_s": 5.0,
                "cpu_s": 4.5,
                "peak_memory_bytes": 10**8,
                "limit_s": 80,
            },
            "output_sha256": "ab" * 32,
            "output_bytes": 100,
            "measurements": [
                {"id": name, "setting": name, "value": value, **cost}
                for name, value in measured.items()
            ],
            "curve": [{"curve": "loss", "x": 0.0, "y": 1.0, "label": "step 0"}],
            "log": [{"kind": "log", "text": "half way", "seconds": 1.0}],
            **changes,
        }
    )


def signed(runner: Runner, text: str) -> str:
    return key_of(f"{runner.owner.username} {runner.name}").sign(text)


def attested(runner: Runner, **changes: Any) -> Run:
    text = record_of(runner, **changes)
    made, _ = accepting.hand_in(by=runner.owner, text=text, signature=signed(runner, text))
    assert made.run is not None
    return made.run


def states() -> list[tuple[str, str]]:
    return list(PublishedNumber.objects.order_by("setting").values_list("setting", "state"))


def altered(text: str, **changes: Any) -> str:
    return json.dumps(json.loads(text) | changes)


def as_member(member: Any, *scopes: str) -> Client:
    _, text = make_token(member, name="runner", scopes=scopes, days=7)
    return Client(headers={"authorization": f"Bearer {text}"})


def page(user: Any, address: str, status: int = 200) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()
