"""The site on its machines, built in the order in which docs/operations.md builds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

from benchmarks.cluster import configs
from benchmarks.cluster.database import WithDatabase
from benchmarks.cluster.machines import Machine, write_names
from benchmarks.cluster.parts import OF_SITE, RABBIT
from benchmarks.faults.field import FIXTURES, small_field

BUCKET = "survey"


def compile_code(folder: Path) -> None:
    """Nodes cannot write to their code: uncompiled, it would be compiled at each start."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "-j", "0", str(folder)], check=True)


@dataclass
class Site(WithDatabase):
    """All of it, to be built and used."""

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

    def build_broker(self) -> None:
        """What carries the queues, and the cache: one Valkey for both, or RabbitMQ and a Valkey."""
        broker = self["broker"]
        if self.broker == RABBIT:
            broker.environment |= configs.rabbit_environment(broker)
            configs.write(broker, "rabbitmq.conf", configs.rabbit(broker, self.passwords["broker"]))
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
        packages = [folder for folder in self.code.iterdir() if (folder / "__init__.py").exists()]
        for folder in packages:
            compile_code(folder)
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
            f"amqp://survey:{self.passwords['broker']}@broker:{configs.RABBIT_PORT}//"
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
            "SECRET_KEY": self.passwords["key"],
            "ALLOWED_HOSTS": address,
            "DATABASE_URL": (
                f"postgresql://survey:{self.passwords['survey']}@{hosts}/survey"
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
            "S3_SECRET_KEY": self.passwords["files"],
        }

    def _copy(self, source: Path, machine: Machine, name: str) -> None:
        target = machine.folder / name
        shutil.copytree(source, target)
        for path in (target, *target.rglob("*")):
            os.chown(path, machine.user, machine.user)
