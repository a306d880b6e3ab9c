"""Does a site grow by being used? Its logs, the tables of its queues, and what waits in the broker.

    python -m benchmarks.long_life --site http://127.0.0.1:8000 --data data --pid 1234

For a site on this computer under `manage.py up` (its address, data folder and process). Asks for
many pages, one in ten of them never asked for before, and gives the workers many jobs: mails (to
the console), each a row and a message, and marks, lists and corrections that members send by the
API. Then waits until the queues are empty, and prints how long each log is and was, how many rows
and bytes each table of a queue has and had, and what is left in the broker. The exit code is 1 when
a log is longer than its limit, or a job or a message was left.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import redis

from benchmarks.load import keys_of, live_long, print_row

LOGS = ("postgres/log", "postgres/log.1", "valkey/log", "valkey/log.1")
TABLES = {
    "accounts_mail": "mails that wait",
    "accounts_idempotencykey": "answers to be repeated, kept for a day",
    "papers_paperchange": "changes that indexes follow",
    "public_change": "changes that kept answers follow",
    "community_delivery": "messages to webhooks",
    "community_digestmail": "digests",
}
PRIORITY = "\x06\x16"
QUEUES = ("celery", "reproductions")
PATIENCE_SECONDS, ASK_AGAIN_SECONDS = 600.0, 1.0


@dataclass(frozen=True)
class Sizes:
    """Bytes of each log; rows and bytes of each table; messages in each queue."""

    logs: dict[str, int]
    tables: dict[str, tuple[int, int]]
    queues: dict[str, int]


def sizes(data: Path, broker: str) -> Sizes:
    """As they are now. Needs Django with the site's database."""
    from django.db import connection

    logs = {name: (data / name).stat().st_size for name in LOGS if (data / name).exists()}
    tables = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*), pg_total_relation_size('{table}') FROM {table}")
            tables[table] = cursor.fetchone()
    server: Any = redis.from_url(broker)
    # Each priority of a queue is a list of its own.
    lists = {queue: [queue, *server.keys(f"{queue}{PRIORITY}*")] for queue in QUEUES}
    queues = {queue: sum(map(server.llen, names)) for queue, names in lists.items()}
    return Sizes(logs, tables, queues)


def give_jobs(site: str, jobs: int, chance: random.Random) -> int:
    """Half of them mails, half writes of members; returns how many were taken."""
    import httpx
    from django.core.mail import EmailMessage

    from benchmarks.faults import records
    from benchmarks.faults.traffic import Traffic

    traffic = Traffic(site, records.paper_keys(), records.make_accounts(), chance)
    for number in range(jobs // 2):
        EmailMessage("A letter", f"Number {number}.", to=["reader@example.org"]).send()
    with httpx.Client(base_url=site, timeout=60) as client:
        traffic.write(client, jobs - jobs // 2)
    return jobs // 2 + len(traffic.kept)


def wait_until_done(data: Path, broker: str) -> Sizes:
    """The sizes when nothing waits any more, or after PATIENCE_SECONDS."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        now = sizes(data, broker)
        if time.monotonic() > end or not (
            sum(now.queues.values()) or now.tables["accounts_mail"][0]
        ):
            return now
        time.sleep(ASK_AGAIN_SECONDS)


def print_sizes(before: Sizes, after: Sizes) -> bool:
    """A table; whether nothing is too long and nothing is left."""
    from kb.site.logs import LONGEST_BYTES

    print("\n| what grows | before | after | limit |\n|---|---|---|---|")
    for name, size in after.logs.items():
        print(f"| {name} | {before.logs.get(name, 0):,} B | {size:,} B | {LONGEST_BYTES:,} B |")
    for table, (rows, size) in after.tables.items():
        were, had = before.tables[table]
        print(
            f"| `{table}`: {TABLES[table]} | {were:,} rows, {had / 1024:,.0f} kB "
            f"| {rows:,} rows, {size / 1024:,.0f} kB | |"
        )
    for queue, length in after.queues.items():
        print(f"| messages in `{queue}` | {before.queues[queue]} | {length} | |")
    return (
        all(size <= LONGEST_BYTES for size in after.logs.values())
        and not sum(after.queues.values())
        and not after.tables["accounts_mail"][0]
    )


def _start_django(data: Path) -> str:
    """Have this process read the site's database and queue; returns the broker's address."""
    socket = (data / "postgres" / "postmaster.pid").read_text().splitlines()[4].strip()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    os.environ |= {
        "KB_DATA_DIR": str(data),
        "DATABASE_URL": f"postgresql://postgres@/postgres?host={socket}",
    }
    import django

    django.setup()
    from kb.site import valkey

    return f"unix://{quote(str(valkey.socket_path(data)))}?db={valkey.BROKER}"


def main() -> int:
    """Use it, and print what grew."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.long_life",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--site", required=True)
    parser.add_argument("--data", type=Path, required=True, help="the site's data folder")
    parser.add_argument("--pid", type=int, required=True, help="process of `up`")
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--jobs", type=int, default=1_000)
    wanted = parser.parse_args()
    broker = _start_django(wanted.data.resolve())
    before = sizes(wanted.data, broker)
    figures = live_long(wanted.site, keys_of(wanted.site), wanted.requests, wanted.pid)
    print_row(f"{wanted.requests:,} requests", figures)
    began = time.monotonic()
    taken = give_jobs(wanted.site, wanted.jobs, random.Random(1))
    after = wait_until_done(wanted.data, broker)
    print(f"\n{taken:,} jobs, done {time.monotonic() - began:.0f} s after the first")
    well = print_sizes(before, after)
    print(f"\nload of the machine (1 minute) {os.getloadavg()[0]:.1f}")
    return int(bool(figures.errors) or not well)


if __name__ == "__main__":
    sys.exit(main())
