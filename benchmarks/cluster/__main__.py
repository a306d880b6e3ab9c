"""Build the site on several machines, as docs/operations.md tells it, and take them away in turn.

    python -m benchmarks.cluster                                # RabbitMQ, then Valkey as broker
    python -m benchmarks.cluster --debian /srv/debian13         # Debian's programs from a folder
    python -m benchmarks.cluster --broker valkey --only web1
    python -m benchmarks.cluster --database                     # the two database servers alone

Linux, as root. Each part is a machine of its own on this computer: a name, a user, a data folder,
processes that no other machine sees, and an address on the loopback interface; nothing listens
anywhere else. nginx before two web nodes, two workers, one for reproductions, a scheduler,
PostgreSQL with a standby that has every commit that is acknowledged, a broker, a cache, files in
S3. First the five trips are made, through the proxy. Then, while readers and members use the site,
each machine is switched off without warning (SIGKILL to all that runs there), stays away, and is
switched on again; the primary is replaced by its standby for good; and every node is taken to
another version of the code, one after the other. For each: answers of 5xx, requests without an
answer, for how long any of that was felt, and what became of every write that was acknowledged.

Everything ends with the command, also when it is interrupted. The exit code is 1 when a trip did
not arrive, or anything was lost, doubled or stuck.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from benchmarks.cluster import drills, failover, tallies, trips
from benchmarks.cluster.debian import reasons_against
from benchmarks.cluster.parts import RABBIT, VALKEY, NotWell
from benchmarks.cluster.site import Site
from benchmarks.faults.traffic import Account, Traffic

PATIENCE_SECONDS = 300.0
CODE = Path(__file__).resolve().parents[2]


def main() -> int:
    """Build, use, break, print; 0 when nothing was lost."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cluster",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--debian", type=Path, default=Path("/"), help="root of a Debian 13")
    parser.add_argument("--broker", choices=(RABBIT, VALKEY), help="default: one after the other")
    parser.add_argument("--whole-field", action="store_true", help="every paper of fixtures/")
    parser.add_argument(
        "--encoders", type=Path, help="`encoders` of a data folder on this computer"
    )
    parser.add_argument("--only", action="append", default=[], help="part of a drill's name")
    parser.add_argument("--database", action="store_true", help="only the two database servers")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    if reasons := reasons_against(wanted.debian):
        print(*reasons, sep="\n", file=sys.stderr)
        return 2
    if wanted.broker is None and not wanted.database:
        return _one_after_the_other()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="cluster-", dir="/tmp") as new:
        shared = Path(new)
        shared.chmod(0o755)
        site = Site(
            shared,
            wanted.debian,
            wanted.broker or VALKEY,
            CODE,
            wanted.whole_field,
            wanted.encoders,
        )
        try:
            if wanted.database:
                return failover.run(site, lambda text: print(text, flush=True))
            site.build(lambda text: print(text, flush=True))
            return _use(site, wanted.only, random.Random(wanted.seed))
        except (NotWell, RuntimeError) as problem:
            print(problem, file=sys.stderr)
            return 1
        finally:
            site.end()


def _one_after_the_other() -> int:
    """Each broker in a process of its own: Django reads its settings once."""
    return max(
        subprocess.run(
            [sys.executable, "-m", "benchmarks.cluster", *sys.argv[1:], "--broker", broker],
            check=False,
        ).returncode
        for broker in (RABBIT, VALKEY)
    )


def _use(site: Site, only: list[str], chance: random.Random) -> int:
    members, moderator, papers = _start_django(site)
    print(f"all parts: {site.parts()}", flush=True)
    with httpx.Client(base_url=site.url, timeout=300, follow_redirects=True) as client:
        arrivals = trips.make_all(
            trips.Traveller(client, members[0], members[1], moderator, chance)
        )
    print(trips.HEADING, *[arrival.cells() for arrival in arrivals], sep="\n", flush=True)
    traffic = Traffic(site.url, papers, members, chance)
    rows: list[tallies.Row] = []
    for drill in drills.drills(site.broker):
        if any(part in drill.name for part in only or [""]):
            rows.append(drills.do(site, drill, traffic, PATIENCE_SECONDS))
            _tell(rows[-1], site)
    print(f"\nbroker: {site.broker}", tallies.HEADING, *[row.cells() for row in rows], sep="\n")
    print(f"{len(traffic.refused)} writes refused (4xx)", *traffic.refused[:5], sep="\n  ")
    print(f"load of the machine (1 minute) {os.getloadavg()[0]:.2f}", flush=True)
    arrived = all(not arrival.problem for arrival in arrivals)
    return int(not (arrived and all(row.is_good for row in rows)))


def _tell(row: tallies.Row, site: Site) -> None:
    """The row, and what one needs to know where something went wrong."""
    print(row.cells(), flush=True)
    for answers in (row.reads, row.writes):
        for what, count in answers.wrong.most_common(5):
            print(f"  {count} × {what}", flush=True)
    for name in ("lost", "doubled", "stuck"):
        for kept in getattr(row.verdict, name)[:5]:
            print(f"  {name}: {kept}", flush=True)
    if row.problem:
        print(*(site[name].said(600) for name in site.machines), sep="\n", flush=True)


def _start_django(site: Site) -> tuple[list[Account], Account, list[str]]:
    """Have this process read the database and the files, and make the accounts of the load."""
    folder = site.shared / "operator"
    folder.mkdir()
    told = site.environment(folder, site.code)
    os.environ |= told | {"DATABASE_URL": site.database_address()}
    import django

    django.setup()
    from benchmarks.faults import records

    members = records.make_accounts()
    return members, records.make_moderator(), records.paper_keys()


if __name__ == "__main__":
    sys.exit(main())
