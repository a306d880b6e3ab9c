"""What is done to the machines while the site is used, one drill after the other."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from benchmarks.cluster.parts import OF_SITE, RABBIT, NotWell
from benchmarks.cluster.site import Site, compile_code
from benchmarks.cluster.tallies import Row
from benchmarks.faults.traffic import Traffic

BEFORE_SECONDS, AWAY_SECONDS, AFTER_SECONDS = 5.0, 15.0, 8.0
WELL = ("ok", "starting", "catching up")
Act = Callable[[Site], str]


@dataclass(frozen=True)
class Drill:
    """`away` takes a machine away, `back` brings it or another one back; both tell what was done.
    The site is used before, between and after."""

    name: str
    away: Act
    back: Act


def _off(*names: str) -> Act:
    def act(site: Site) -> str:
        for name in names:
            site[name].kill()
        return ""

    return act


def _on(*names: str) -> Act:
    def act(site: Site) -> str:
        for name in names:
            site[name].start()
        for name in names:
            site.wait_for(name)
        return "switched on again"

    return act


def _with_an_empty_folder(name: str) -> Act:
    """A new machine in place of one whose disk is gone."""

    def act(site: Site) -> str:
        shutil.rmtree(site[name].folder)
        site[name].make_folder()
        site.collect_static(name)
        return f"{_on(name)(site)} with an empty data folder"

    return act


def freeze_files(site: Site) -> str:
    site["files"].freeze()
    return ""


def thaw_files(site: Site) -> str:
    site["files"].thaw()
    return "frozen (SIGSTOP) and thawed: this S3 server keeps files in memory"


def take_standby(site: Site) -> str:
    """Without its standby the primary acknowledges nothing, until somebody tells it to."""
    standby = other(site)
    site[standby].kill()
    time.sleep(AWAY_SECONDS / 3)
    site.wait_for_commits_of("")
    return f"{standby} off; {AWAY_SECONDS / 3:.0f} s later {site.primary} told not to wait for it;"


def bring_standby(site: Site) -> str:
    standby = other(site)
    site[standby].start()
    site.wait_for(standby)
    site.wait_for_standby(standby)
    return "on again, caught up, waited for again"


def fail_over(site: Site) -> str:
    """The primary falls for good; the standby takes its place."""
    old, new = site.primary, other(site)
    site[old].kill()
    time.sleep(AWAY_SECONDS / 3)  # somebody must see it and decide
    site.promote(new)
    return f"{old} off; {AWAY_SECONDS / 3:.0f} s later {new} promoted;"


def rebuild_standby(site: Site) -> str:
    """The machine that was the primary comes back as a standby, from a new base backup."""
    standby = other(site)
    site.build_replica(standby)
    return f"{standby} made anew as a standby"


def other(site: Site) -> str:
    return "database1" if site.primary == "database2" else "database2"


def _rolls(name: str) -> Act:
    """What can be done before is; then one node ends gracefully."""

    def act(site: Site) -> str:
        site.set_code(name, new_version(site))
        if name == "web1":  # the first one brings the tables up to date
            site.manage(name, "migrate", "--verbosity", "0")
        if name.startswith("web"):  # files of both versions lie beside each other
            site.collect_static(name)
        site[name].stop()
        return "stopped;"

    return act


def new_version(site: Site) -> Path:
    """The code in another folder; its style sheet differs, so its hashed name does, too."""
    folder = site.shared / "next"
    if not folder.exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=site.code, capture_output=True, check=True, text=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (site.code / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(site.code / name, folder / name)
        for sheet in (folder / "static").rglob("*.css"):
            with sheet.open("a") as file:
                file.write("\n/* the next version */\n")
        compile_code(folder)
    return folder


def _comes_back_new(name: str) -> Act:
    def act(site: Site) -> str:
        return _on(name)(site).replace("again", "with the next version")

    return act


def drills(broker: str) -> list[Drill]:
    """All of them, in the order in which they are done."""
    simple = [
        "web1", "web2", "worker1", "worker2", "reproductions", "scheduler", "proxy", "broker",
        *(["cache"] if broker == RABBIT else []),
    ]  # fmt: skip
    return [
        *(Drill(f"{name}, killed", _off(name), _on(name)) for name in simple),
        Drill("web2, killed, its disk lost", _off("web2"), _with_an_empty_folder("web2")),
        Drill("both workers, killed", _off("worker1", "worker2"), _on("worker1", "worker2")),
        Drill("files (S3), frozen", freeze_files, thaw_files),
        Drill("standby of the database, killed", take_standby, bring_standby),
        Drill("primary of the database, killed for good", fail_over, rebuild_standby),
        *(
            Drill(f"{name}, taken to the next version", _rolls(name), _comes_back_new(name))
            for name in OF_SITE
        ),
    ]


def do(site: Site, drill: Drill, traffic: Traffic, patience: float) -> Row:
    """Use the site, do the drill, use it on until nothing fails any more; look what came of it."""
    from benchmarks.faults import records

    if "next version" in drill.name:
        new_version(site)
    traffic.begin()
    time.sleep(BEFORE_SECONDS)
    began = time.monotonic()
    row = Row(drill.name, began, traffic.reads, traffic.writes)
    try:
        row.done = drill.away(site)
        time.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - began)))
        row.done = f"{row.done} {drill.back(site)}".strip()
        row.away_seconds = time.monotonic() - began
        _wait_until_quiet(site, traffic, patience)
    except (NotWell, RuntimeError, OSError, psycopg.Error, httpx.HTTPError) as problem:
        row.problem = f"{type(problem).__name__}: {str(problem)[-300:]}"
    finally:
        traffic.end()
    row.load, row.kept = os.getloadavg()[0], len(traffic.kept)
    records.settle(traffic.kept)
    row.verdict = records.judge(traffic.kept)
    return row


def _wait_until_quiet(site: Site, traffic: Traffic, patience: float) -> None:
    """Until all parts are well and for AFTER_SECONDS nothing has failed. Raises NotWell."""
    end, well_since = time.monotonic() + patience, 0.0
    parts: dict[str, str] = {}
    while time.monotonic() < end:
        with contextlib.suppress(httpx.HTTPError):
            parts = site.parts()
        if parts and all(state in WELL for state in parts.values()):
            well_since = well_since or time.monotonic()
        else:
            well_since = 0.0
        failed_at = max(traffic.reads.last_failed_at, traffic.writes.last_failed_at)
        if well_since and time.monotonic() - max(well_since, failed_at) > AFTER_SECONDS:
            return
        time.sleep(0.5)
    bad = [f"{name}: {state}" for name, state in parts.items() if state not in WELL]
    raise NotWell(f"not quiet within {patience:.0f} s ({', '.join(bad) or 'requests fail'})")
