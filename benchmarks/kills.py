"""Kill every process of a started site, one after the other, and say what the site did.

    python -m benchmarks.kills            # a new site in a new folder, with the whole field

Starts the site with `manage.py up` and, for each process, sends a PDF, kills the process with
SIGKILL, and sends another PDF until it is taken; the scheduler is also only stopped (SIGSTOP), so
that it lives and does nothing. Prints for each what the supervisor said, for how long pages did not
answer, after how many seconds all was well (database, broker, and a message that went from the
scheduler through the queue to the worker after the kill), how many processes of the killed one were
left, and how many of the two papers are missing in the end. The last row is the end of the site
itself, by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.upload_to_search import Paper
from tests.site.started_site import ROLES, Sender, StartedSite, lives, wait_until

OF_THE_SUPERVISOR = re.compile(
    r"^(?:The [A-Za-z ]+ (?:ended|gives)|PostgreSQL (?:ended|runs|is starting)).*$",
    re.MULTILINE,
)
PAUSE_SECONDS = 0.1
SHOWN_SECONDS = 5.0  # a fall of the pages shows by then


@dataclass
class Kill:
    """What came of one kill. Seconds since the kill."""

    role: str
    said: list[str]
    pages_away_until: float
    well_after: float
    left_behind: int
    papers: list[Paper]

    def row(self, lost: set[str]) -> str:
        missing = sum(paper.title in lost for paper in self.papers)
        words = " ".join(self.said) or "(nothing; its own parent started another)"
        return (
            f"{self.role:<26}{self.pages_away_until:>9.1f}{self.well_after:>9.1f}"
            f"{self.left_behind:>7}{missing:>4} of {len(self.papers)}  {words}"
        )


def main() -> int:
    """Start, kill, print; 0 when nothing was lost or left behind."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kills",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--folder", type=Path, help="a data folder to be used; default: a new one")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as new:
        site = StartedSite(wanted.folder or Path(new) / "data")
        site.start()
        print(f"{site.said().strip().splitlines()[-1]}", flush=True)
        try:
            return _kill_all(site)
        finally:
            site.stop()


def _kill_all(site: StartedSite) -> int:
    sender = Sender(site)
    kills = []
    rows = [(role, signal.SIGKILL) for role in ROLES]
    for role, number in [*rows, ("scheduler", signal.SIGSTOP)]:
        wait_until(lambda: site.is_well_since(0), "all is well")
        kills.append(_kill(site, sender, role, number))
        print(f"{role}: well after {kills[-1].well_after:.1f} s", flush=True)
    wait_until(lambda: len(sender.states()) >= len(sender.papers), "the papers are there", 1.0)
    lost = set(sender.lost())
    heading = f"{'killed':<26}{'pages s':>9}{'well s':>9}{'left':>7}{'lost':>9}  what the site said"
    print(f"\n{heading}")
    for kill in kills:
        print(kill.row(lost))
    alive = _end(site)
    print(f"load of the machine (1 minute) {os.getloadavg()[0]:.2f}")
    return int(bool(lost) or alive > 0 or any(kill.left_behind for kill in kills))


def _kill(site: StartedSite, sender: Sender, role: str, number: signal.Signals) -> Kill:
    papers = [sender.send()]
    mark = site.mark()
    victim = site.process_of(role)
    family = [victim, *victim.children(recursive=True)]
    began, moment = time.monotonic(), time.time()
    victim.send_signal(number)
    away_until, serves = 0.0, False
    while not serves or time.monotonic() < began + SHOWN_SECONDS:
        if not (serves := site.serves_pages()):
            away_until = time.monotonic() - began
        time.sleep(PAUSE_SECONDS)
    papers.append(sender.send())
    wait_until(lambda: site.is_well_since(moment), f"all is well after {role}", PAUSE_SECONDS)
    return Kill(
        role=role if number == signal.SIGKILL else f"{role}, {number.name}",
        said=OF_THE_SUPERVISOR.findall(site.said(mark)),
        pages_away_until=away_until,
        well_after=time.monotonic() - began,
        left_behind=sum(lives(process) for process in family),
        papers=papers,
    )


def _end(site: StartedSite) -> int:
    """Ctrl-C; how many processes are alive after it."""
    family = site.members()
    began = time.monotonic()
    code = site.stop(signal.SIGINT)
    psutil.wait_procs(family, timeout=5)
    alive = [process for process in family if lives(process)]
    print(
        f"{'Ctrl-C':<26}{'':>9}{time.monotonic() - began:>9.1f}{len(alive):>7}{'':>9}  "
        f"ended with code {code}; {len(family)} processes before, {len(alive)} after"
    )
    return len(alive)


if __name__ == "__main__":
    sys.exit(main())
