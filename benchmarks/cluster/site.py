"""The site on its machines, built in the order in which docs/operations.md builds it."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import httpx
import psycopg
from botocore.config import Config

from benchmarks.cluster import configs
from benchmarks.cluster.debian import POSTGRES
from benchmarks.cluster.machines import Machine, free_network, write_names
from benchmarks.faults.field import FIXTURES, small_field

PATIENCE_SECONDS = 600.0
ASK_AGAIN_SECONDS = 0.5
BUCKET = "survey"
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
class Site:
    """Every machine by its name. `broker` is VALKEY or RABBIT; `code` what the nodes run."""

    shared: Path
    debian: Path
    broker: str
    code: Path
    whole_field: bool = False
    encoders: Path | None = None
    machines: dict[str, Machine] = field(default_factory=dict)
    primary: str = "database1"
    _passwords: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [name for name in NUMBERS if name != "cache" or self.broker == RABBIT]
        network = free_network(NUMBERS["database1"], configs.DATABASE_PORT)
        for name in names:
            root = self.debian if name in OF_DEBIAN else Path("/")
            self.machines[name] = Machine(
                name, NUMBERS[name], self.shared, debian=root, network=network
            )
        for name in ("survey", "replicator", "postgres", "broker", "key", "files"):
            self._passwords[name] = secrets.token_urlsafe(50).replace("-", "x")

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    @property
    def url(self) -> str:
        return f"https://{self['proxy'].address}:{configs.HTTPS_PORT}"

    # --- building ---

    def build(self, say: Callable[[str], None]) -> None:
        """All of it, from empty folders. Raises NotWell or RuntimeError."""
        self.build_servers(say)
        later = (self.build_broker, self.build_files, self.build_nodes, self.build_proxy)
        self._take(later, say)

    def build_servers(self, say: Callable[[str], None]) -> None:
        """The folders of all machines, and the two of the database."""
        (self.shared / "logs").mkdir()
        write_names(self.shared, list(self.machines.values()))
        for machine in self.machines.values():
            machine.make_folder()
        self._take((self.build_primary, self.build_replica), say)

    def _take(self, steps: Sequence[Callable[[], None]], say: Callable[[str], None]) -> None:
        for step in steps:
            began = time.monotonic()
            step()
            say(f"{step.__name__.removeprefix('build_')}: {time.monotonic() - began:.0f} s")

    def build_primary(self) -> None:
        """A database server with a user and a database of the site."""
        machine = self["database1"]
        password = configs.write(machine, "password", self._passwords["postgres"])
        data = machine.folder / "data"
        machine.run(
            *(f"{POSTGRES}/bin/initdb", "--pgdata", str(data), "--username", "postgres"),
            *("--auth", "scram-sha-256", "--pwfile", str(password), "--encoding", "UTF8"),
            *("--locale", "C.UTF-8"),
        )
        password.unlink()
        self._set_up_database(machine)
        machine.start()
        self.wait_for("database1")
        with self.administer("database1") as asked:
            for role, rights in (("survey", "LOGIN"), ("replicator", "LOGIN REPLICATION")):
                # No place for a parameter: the password is of letters and digits.
                asked.execute(f"CREATE ROLE {role} {rights} PASSWORD '{self._passwords[role]}'")
            asked.execute("CREATE DATABASE survey OWNER survey")
        with self.administer("database1", "survey") as asked:
            asked.execute("CREATE EXTENSION vector")

    def _set_up_database(self, machine: Machine) -> None:
        data = machine.folder / "data"
        configs.write(machine, "data/cluster.conf", configs.database(machine))
        configs.write(machine, "data/pg_hba.conf", configs.HOST_RULES)
        settings = (data / "postgresql.conf").read_text()
        if "cluster.conf" not in settings:
            configs.write(machine, "data/postgresql.conf", settings + "include 'cluster.conf'\n")
        machine.command = [f"{POSTGRES}/bin/postgres", "-D", str(data)]

    def build_replica(self, name: str = "database2") -> None:
        """A standby of the primary, from a base backup; the primary waits for it from then on."""
        machine, slot = self[name], f"of_{name}"
        shutil.rmtree(machine.folder / "data", ignore_errors=True)
        with self.administer(self.primary) as asked:
            asked.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
                "WHERE slot_name = %s AND NOT active", [slot],
            )  # fmt: skip
        machine.environment["PGPASSWORD"] = self._passwords["replicator"]
        source = (
            f"host={self.primary} port={configs.DATABASE_PORT} user=replicator "
            f"application_name={name} connect_timeout=5"
        )
        machine.run(
            *(f"{POSTGRES}/bin/pg_basebackup", "--pgdata", str(machine.folder / "data")),
            *("--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast"),
            *("--create-slot", "--slot", slot, "--dbname", source),
        )
        self._set_up_database(machine)
        machine.start()
        self.wait_for(name)
        self.wait_for_standby(name)

    def build_broker(self) -> None:
        """What carries the queues, and the cache: one Valkey for both, or RabbitMQ and a Valkey."""
        broker = self["broker"]
        if self.broker == RABBIT:
            broker.environment |= configs.rabbit_environment(broker)
            configs.write(
                broker, "rabbitmq.conf", configs.rabbit(broker, self._passwords["broker"])
            )
            broker.command = ["/usr/lib/rabbitmq/bin/rabbitmq-server"]
            self["cache"].command = configs.valkey(self["cache"])
            self["cache"].start()
            self.wait_for("cache")
        else:
            broker.command = configs.valkey(broker)
        broker.start()
        self.wait_for("broker")

    def build_files(self) -> None:
        """An S3 server with a bucket. It keeps files in memory, so it may be frozen, not killed."""
        machine = self["files"]
        machine.command = [
            *(sys.executable, "-m", "moto.server", "-H", machine.address),
            *("-p", str(configs.S3_PORT)),
        ]
        machine.start()
        self.wait_for("files")
        keys = self._s3_environment()
        boto3.client(
            "s3",
            endpoint_url=keys["S3_ENDPOINT_URL"],
            region_name=keys["S3_REGION"],
            aws_access_key_id=keys["S3_ACCESS_KEY"],
            aws_secret_access_key=keys["S3_SECRET_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        ).create_bucket(Bucket=BUCKET)

    def build_nodes(self) -> None:
        """The web nodes, workers and the scheduler; the first one prepares the database."""
        for name in OF_SITE:
            self.set_code(name, self.code)
        first = self["web1"]
        if self.encoders is not None:
            self._copy(self.encoders, first, "encoders")
        with ThreadPoolExecutor() as hands:  # a machine each
            ways = [hands.submit(self.manage, "web1", "prepare")]
            ways += [hands.submit(self.collect_static, name) for name in ("web1", "web2")]
            for way in ways:
                way.result()
        for name in ("web2", "worker1", "worker2"):
            self._copy(first.folder / "encoders", self[name], "encoders")
        for name in OF_SITE:
            self[name].start()
        for name in ("web1", "web2"):
            self.wait_for(name)

    def build_proxy(self) -> None:
        """nginx with a certificate for its address, which this process trusts from now on."""
        proxy = self["proxy"]
        text = configs.proxy(proxy, [self["web1"], self["web2"]])
        path = configs.write(proxy, "nginx.conf", text)
        proxy.run(*configs.certificate_command(proxy))
        proxy.command = ["/usr/sbin/nginx", "-e", "stderr", "-c", str(path)]
        proxy.start()
        os.environ["SSL_CERT_FILE"] = str(proxy.folder / "certificate.pem")
        self.wait_for("proxy")

    # --- what is asked of machines ---

    def manage(self, name: str, *command: str) -> str:
        """A command of manage.py on a node, in the version that the node runs."""
        return self[name].run(sys.executable, str(self._code_of(name) / "manage.py"), *command)

    def collect_static(self, name: str) -> None:
        self.manage(name, "collectstatic", "--noinput", "--verbosity", "0")

    def _code_of(self, name: str) -> Path:
        return Path(self[name].environment["PYTHONPATH"])

    def set_code(self, name: str, code: Path) -> None:
        """Which version a node runs when it is started next."""
        machine = self[name]
        machine.environment = self.environment(machine.folder, code)
        celery = [sys.executable, "-m", "celery", "--app", "kb"]
        waits = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        commands = {
            "web": [
                *(sys.executable, "-m", "gunicorn", "kb.wsgi"),
                *("--bind", f"{name}:{configs.WEB_PORT}", "--config", "python:kb.site.gunicorn"),
                *("--workers", "1", "--threads", "4"),
                *("--worker-class", "kb.site.patient_worker.PatientWorker"),
                *("--timeout", "120"),
            ],
            "worker": [*celery, "worker", "--queues", "celery", "--concurrency", "1", *waits],
            "reproductions": [
                *(*celery, "worker", "--queues", "reproductions", "--concurrency", "1", *waits)
            ],
            "scheduler": [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""],
        }
        machine.command = commands[name.rstrip("12")]

    def environment(self, folder: Path, code: Path) -> dict[str, str]:
        """What each node of the site is told."""
        address = self["proxy"].address
        hosts = f"database1:{configs.DATABASE_PORT},database2:{configs.DATABASE_PORT}"
        cache = "cache" if self.broker == RABBIT else "broker"
        queues = (
            f"amqp://survey:{self._passwords['broker']}@broker:{configs.RABBIT_PORT}//"
            if self.broker == RABBIT
            else f"redis://broker:{configs.VALKEY_PORT}/0"
        )
        field_of = self.shared / "field"
        if not field_of.exists():
            small_field(field_of)
        return {
            "KB_PRODUCTION": "1",
            "KB_BEHIND_PROXY": "1",
            "KB_STATIC": "hashed",
            "KB_SITE_URL": f"https://{address}:{configs.HTTPS_PORT}",
            "SECRET_KEY": self._passwords["key"],
            "ALLOWED_HOSTS": address,
            "DATABASE_URL": (
                f"postgresql://survey:{self._passwords['survey']}@{hosts}/survey"
                "?target_session_attrs=read-write&connect_timeout=5"
            ),
            "CACHE_URL": f"redis://{cache}:{configs.VALKEY_PORT}/1",
            "CELERY_BROKER_URL": queues,
            **self._s3_environment(),
            "KB_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "benchmarks.faults.settings",
            "SURVEY_TEST_FIELD": str(FIXTURES if self.whole_field else field_of),
            "PYTHONPATH": str(code),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
        }

    def _s3_environment(self) -> dict[str, str]:
        return {
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": f"http://{self['files'].address}:{configs.S3_PORT}",
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "survey",
            "S3_SECRET_KEY": self._passwords["files"],
        }

    def _copy(self, source: Path, machine: Machine, name: str) -> None:
        target = machine.folder / name
        shutil.copytree(source, target)
        for path in (target, *target.rglob("*")):
            os.chown(path, machine.user, machine.user)

    # --- the database ---

    def database_address(self) -> str:
        """Both servers, for whoever is none of the machines; it finds the one that takes writes."""
        hosts = ",".join(
            f"{self[name].address}:{configs.DATABASE_PORT}" for name in ("database1", "database2")
        )
        return (
            f"postgresql://survey:{self._passwords['survey']}@{hosts}/survey"
            "?target_session_attrs=read-write&connect_timeout=5"
        )

    def administer(self, name: str, database: str = "postgres") -> psycopg.Connection:
        """A connection of the database's administrator to one of its two servers."""
        return psycopg.connect(
            host=self[name].address,
            port=configs.DATABASE_PORT,
            user="postgres",
            password=self._passwords["postgres"],
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def wait_for_commits_of(self, standby: str) -> None:
        """From now on the primary acknowledges what this standby has; none: what it has alone."""
        with self.administer(self.primary) as asked:
            asked.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'")
            asked.execute("SELECT pg_reload_conf()")

    def wait_for_standby(self, name: str) -> None:
        """Until the standby has all that the primary has, and is waited for."""

        def follows() -> bool:
            with self.administer(self.primary) as asked:
                row = asked.execute(
                    "SELECT state FROM pg_stat_replication WHERE application_name = %s", [name]
                ).fetchone()
            return row is not None and row[0] == "streaming"

        self.wait_until(follows, f"{name} follows {self.primary}", name)
        self.wait_for_commits_of(name)

    def promote(self, name: str) -> None:
        """Make a standby the primary. The old one must be off, and come back as a standby."""
        with self.administer(name) as asked:
            asked.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
            asked.execute("SELECT pg_reload_conf()")
            asked.execute("SELECT pg_promote(true, 60)")
        self.primary = name

    # --- waiting ---

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
