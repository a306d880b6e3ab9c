"""The database alone, without the site: a writer, and the two servers taken away in turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import psycopg

from benchmarks.cluster import drills
from benchmarks.cluster.site import Site

PAUSE_SECONDS, AGAIN_SECONDS, BEFORE_SECONDS = 0.02, 0.2, 3.0
HEADING = (
    "| what is done | s | written | longest pause s | tries that failed |\n|---|---|---|---|---|"
)


@dataclass
class Writer:
    """Writes one number after the other, each again and again until the commit is acknowledged."""

    address: str
    acknowledged: list[tuple[float, int]] = field(default_factory=list)
    """When (time.monotonic()), and which number."""
    failures: int = 0

    def __enter__(self) -> Writer:
        with psycopg.connect(self.address, autocommit=True) as first:
            first.execute("CREATE TABLE kept (number integer PRIMARY KEY)")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        connection: psycopg.Connection | None = None
        number = 1
        while not self._stop.is_set():
            try:
                if connection is None:
                    connection = psycopg.connect(self.address, autocommit=True)
                connection.execute("INSERT INTO kept VALUES (%s) ON CONFLICT DO NOTHING", [number])
            except psycopg.Error:
                self.failures += 1
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(AGAIN_SECONDS)
                continue
            self.acknowledged.append((time.monotonic(), number))
            number += 1
            time.sleep(PAUSE_SECONDS)
        if connection is not None:
            connection.close()

    def longest_pause(self, since: int) -> float:
        """Seconds between two acknowledgements, from the `since`-th on."""
        times = [at for at, _ in self.acknowledged[max(0, since - 1) :]]
        return max((b - a for a, b in pairwise(times)), default=0.0)

    def lost(self) -> list[int]:
        """What was acknowledged and is not there."""
        with psycopg.connect(self.address) as connection:
            there = {row[0] for row in connection.execute("SELECT number FROM kept")}
        return [number for _, number in self.acknowledged if number not in there]


STEPS: tuple[tuple[str, drills.Act], ...] = (
    ("the standby is killed, and told not to be waited for", drills.take_standby),
    ("the standby comes back", drills.bring_standby),
    ("the primary is killed, the standby promoted", drills.fail_over),
    ("the old primary is made anew as a standby", drills.rebuild_standby),
    ("and back: the new primary is killed", drills.fail_over),
    ("its machine is made anew as a standby", drills.rebuild_standby),
)


def run(site: Site, say: Callable[[str], None]) -> int:
    """All steps under a writer; prints a table; 0 when nothing acknowledged was lost."""
    site.build_servers(say)
    say(HEADING)
    with Writer(site.database_address()) as writer:
        for what, step in STEPS:
            time.sleep(BEFORE_SECONDS)
            mark, failed, began = len(writer.acknowledged), writer.failures, time.monotonic()
            step(site)
            seconds = time.monotonic() - began
            time.sleep(BEFORE_SECONDS)
            written = len(writer.acknowledged) - mark
            say(
                f"| {what} | {seconds:.1f} | {written} | {writer.longest_pause(mark):.1f} "
                f"| {writer.failures - failed} |"
            )
    lost = writer.lost()
    say(f"{len(writer.acknowledged):,} commits acknowledged, {len(lost)} lost")
    return int(bool(lost))
