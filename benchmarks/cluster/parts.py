"""The machines of a site by their names, and whether what runs there does its work."""

from __future__ import annotations

import secrets
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from benchmarks.cluster import configs
from benchmarks.cluster.machines import Machine, free_network

PATIENCE_SECONDS = 600.0
ASK_AGAIN_SECONDS = 0.5
VALKEY, RABBIT = "valkey", "rabbitmq"
NUMBERS = {
    "proxy": 1, "web1": 11, "web2": 12, "worker1": 21, "worker2": 22, "reproductions": 25,
    "scheduler": 29, "database1": 31, "database2": 32, "broker": 41, "cache": 42, "files": 51,
}  # fmt: skip
OF_DEBIAN = ("proxy", "database1", "database2", "broker", "cache")
OF_SITE = ("web1", "web2", "worker1", "worker2", "reproductions", "scheduler")


class NotWell(Exception):
    """A part did not come up within patience; the text says what it said."""


@dataclass
class Parts:
    """Every machine by its name. `broker` is VALKEY or RABBIT; `code` what the nodes run."""

    shared: Path
    debian: Path
    broker: str
    code: Path
    whole_field: bool = False
    encoders: Path | None = None
    machines: dict[str, Machine] = field(default_factory=dict)
    primary: str = "database1"
    passwords: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [name for name in NUMBERS if name != "cache" or self.broker == RABBIT]
        network = free_network(NUMBERS["database1"], configs.DATABASE_PORT)
        for name in names:
            root = self.debian if name in OF_DEBIAN else Path("/")
            self.machines[name] = Machine(
                name, NUMBERS[name], self.shared, debian=root, network=network
            )
        for name in ("survey", "replicator", "postgres", "broker", "key", "files"):
            self.passwords[name] = secrets.token_urlsafe(50).replace("-", "x")

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    @property
    def url(self) -> str:
        return f"https://{self['proxy'].address}:{configs.HTTPS_PORT}"

    def administer(self, name: str, database: str = "postgres") -> psycopg.Connection:
        """A connection of the database's administrator to one of its two servers."""
        return psycopg.connect(
            host=self[name].address,
            port=configs.DATABASE_PORT,
            user="postgres",
            password=self.passwords["postgres"],
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def answers(self, name: str) -> bool:
        """Whether the part does what it is there for; for workers: whether it runs."""
        machine = self[name]
        if name == "proxy":
            return self._gets(f"{self.url}/healthz?part=database")
        if name.startswith("web"):
            return self._gets(f"http://{machine.address}:{configs.WEB_PORT}/healthz?part=database")
        if name.startswith("database"):
            try:
                self.administer(name).close()
            except psycopg.Error:
                return False
            return True
        port = {
            "broker": configs.RABBIT_PORT if self.broker == RABBIT else configs.VALKEY_PORT,
            "cache": configs.VALKEY_PORT,
            "files": configs.S3_PORT,
        }.get(name)
        if port is None:
            return not machine.has_ended()
        try:
            socket.create_connection((machine.address, port), timeout=2).close()
        except OSError:
            return False
        return True

    def _gets(self, url: str) -> bool:
        try:
            return httpx.get(url, timeout=10).status_code == 200
        except (httpx.HTTPError, ssl.SSLError):
            return False

    def wait_for(self, name: str) -> None:
        self.wait_until(lambda: self.answers(name), f"{name} answers", name)

    def wait_until(self, holds: Callable[[], bool], what: str, name: str = "") -> None:
        """Ask until it holds. Raises NotWell after PATIENCE_SECONDS, or when the machine ended."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            ended = bool(name) and self[name].has_ended()
            if ended or time.monotonic() > end:
                said = self[name].said() if name else ""
                raise NotWell(f"Not within {PATIENCE_SECONDS:.0f} s: {what}\n{said}")
            time.sleep(ASK_AGAIN_SECONDS)

    def parts(self) -> dict[str, str]:
        """The state of every part by /healthz through the proxy; empty when there is no answer."""
        try:
            answer = httpx.get(f"{self.url}/healthz", timeout=15)
            return {name: part["state"] for name, part in answer.json()["parts"].items()}
        except (httpx.HTTPError, ValueError, KeyError):
            return {}

    def end(self) -> None:
        """Pull every plug."""
        for machine in self.machines.values():
            machine.kill()
