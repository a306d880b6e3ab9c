"""The two database servers: a primary, and a standby that has every commit it acknowledges."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from benchmarks.cluster import configs
from benchmarks.cluster.debian import POSTGRES
from benchmarks.cluster.machines import Machine
from benchmarks.cluster.parts import Parts


@dataclass
class WithDatabase(Parts):
    """Machines of which two are PostgreSQL's."""

    # --- building ---

    def build_primary(self) -> None:
        """A database server with a user and a database of the site."""
        machine = self["database1"]
        password = configs.write(machine, "password", self.passwords["postgres"])
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
                asked.execute(f"CREATE ROLE {role} {rights} PASSWORD '{self.passwords[role]}'")
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
        machine.environment["PGPASSWORD"] = self.passwords["replicator"]
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

    # --- what an administrator does ---

    def database_address(self) -> str:
        """Both servers, for whoever is none of the machines; it finds the one that takes writes."""
        hosts = ",".join(
            f"{self[name].address}:{configs.DATABASE_PORT}" for name in ("database1", "database2")
        )
        return (
            f"postgresql://survey:{self.passwords['survey']}@{hosts}/survey"
            "?target_session_attrs=read-write&connect_timeout=5"
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
