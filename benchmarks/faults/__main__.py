"""Break a site that is under load, in every way we know: what readers saw, and what was lost.

    python -m benchmarks.faults                        # some minutes: a site with 60 papers
    python -m benchmarks.faults --whole-field          # the same with every paper
    python -m benchmarks.faults --only index --only disk

Starts a site of its own with `manage.py up` in a new folder (a small file system of its own where
we are root). Readers without an account and members with tokens use it all the while: pages,
search, uploads, reviews, lists, marks, corrections, runs; members repeat a request with the same
`Idempotency-Key` until it is answered. For each fault: answers of 5xx, how many of these said when
to come again (Retry-After), requests without an answer, seconds from the fault (or from its
mending, where somebody must mend it) until every part is well and no reader fails, and what became
of every write that was acknowledged: lost, there twice, or at work for ever. What cannot be tried
here is said to be untried. The exit code is 1 when anything was lost, doubled, stuck, or never well
again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.faults.breaking import FAULTS, Fault, Patient, own_disk
from benchmarks.faults.field import FIXTURES, small_field
from benchmarks.faults.tallies import HEADING, Row
from benchmarks.faults.traffic import Traffic, style_sheet
from tests.site.started_site import StartedSite

BEFORE_SECONDS, AFTER_SECONDS, PATIENCE_SECONDS = 3.0, 4.0, 240.0
PAUSE_SECONDS = 0.2
SAID = re.compile(
    r"^(?:The [A-Za-z ]+ (?:ended|gives|are damaged)|PostgreSQL (?:ended|runs|is starting)"
    r"|They could).*$",
    re.MULTILINE,
)
WELL = ("ok", "starting", "catching up")


@dataclass
class Trial:
    """A site under load, and what is known of it."""

    patient: Patient
    traffic: Traffic
    last: str = ""
    """Which parts gave no sign when the others had."""

    def run(self, fault: Fault) -> Row:
        """Break it while it is used, and look what came of that."""
        from benchmarks.faults import records

        if reason := fault.untried(self.patient):
            return Row(fault.name, self.traffic.reads, untried=reason)
        if fault.before is not None:
            try:
                fault.before(self.patient)
            except LookupError as error:
                return Row(fault.name, self.traffic.reads, untried=str(error))
        mark = self.patient.site.mark()
        self.traffic.begin()
        row, states = Row(fault.name, self.traffic.reads), set[str]()
        try:
            time.sleep(BEFORE_SECONDS)
            row.seconds, states = self._wait(*self._break(fault))
        except LookupError as error:
            row.untried = str(error)
        except (RuntimeError, OSError, psutil.Error, subprocess.SubprocessError) as error:
            states.add(f"{type(error).__name__}: {str(error).strip()[-200:]}")
            self.patient.revive()
        finally:
            self.traffic.end()
        row.load, row.kept = os.getloadavg()[0], len(self.traffic.kept)
        records.settle(self.traffic.kept)
        row.verdict = records.judge(self.traffic.kept)
        row.said = self._said(mark, states)
        return row

    def _break(self, fault: Fault) -> tuple[float, float]:
        """Do it; returns since when it can be well again, by time.monotonic() and time.time()."""
        began = time.monotonic(), time.time()
        try:
            fault.act(self.patient)
        finally:
            if fault.mend is not None:
                fault.mend(self.patient)
                began = time.monotonic(), time.time()
        return began

    def _said(self, mark: int, states: set[str]) -> str:
        """What `up`, commands beside it, and /healthz said."""
        site = self.patient.site
        said = SAID.findall(site.said(mark if mark <= site.mark() else 0))
        told = [*dict.fromkeys(said), *self.patient.told, *sorted(states)]
        self.patient.told.clear()
        return " ".join(told).replace("|", "/").replace(str(site.folder), "…")

    def _wait(self, began: float, moment: float) -> tuple[float, set[str]]:
        """Seconds until every part was well and the last reader had failed; what parts said."""
        states: set[str] = set()
        self.last = ""
        end, well_at = began + PATIENCE_SECONDS, 0.0
        while time.monotonic() < end:
            failed_at = self.traffic.reads.last_failed_at
            if self._is_well(moment, states):
                well_at = well_at or time.monotonic()
            else:
                well_at = 0.0
            if well_at and time.monotonic() - max(well_at, failed_at) > AFTER_SECONDS:
                if self.last:
                    states.add(f"Last to be well: {self.last}.")
                return max(well_at, failed_at, began) - began, states
            time.sleep(PAUSE_SECONDS)
        return float("inf"), states

    def _is_well(self, moment: float, states: set[str]) -> bool:
        parts = self.patient.site.parts()
        bad = {
            f"{name}: {part['state']}." for name, part in parts.items() if part["state"] not in WELL
        }
        states |= bad
        if not parts or bad:
            return False
        if not self.patient.site.is_well_since(moment):
            self.last = ", ".join(self.patient.site.silent_since(moment)) or "a part"
            return False
        return self._is_styled()

    def _is_styled(self) -> bool:
        """Whether the front page comes with its style sheet."""
        with contextlib.suppress(httpx.HTTPError):
            page = httpx.get(self.patient.site.url, timeout=10)
            sheet = style_sheet(page.text)
            return bool(sheet) and httpx.get(self.patient.site.url + sheet).status_code == 200
        return False


def main() -> int:
    """Start, break, print; 0 when nothing was lost and all came back."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--whole-field", action="store_true", help="every paper of fixtures/")
    parser.add_argument("--only", action="append", default=[], help="part of a fault's name")
    parser.add_argument(
        "--encoders", type=Path, help="the folder of a site here that has converted its encoder"
    )
    parser.add_argument(
        "--data", type=Path, help="begin with a copy of the data folder of a site that is stopped"
    )
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    faults = [fault for fault in FAULTS if any(part in fault.name for part in wanted.only or [""])]
    with tempfile.TemporaryDirectory(prefix="faults-") as new:
        home = Path(new)
        home.chmod(0o755)
        with own_disk(home / "data") as has_own_disk:
            if wanted.data:  # with owners and all: PostgreSQL looks at them
                subprocess.run(["cp", "-a", f"{wanted.data}/.", str(home / "data")], check=True)
            if wanted.encoders:
                shutil.copytree(wanted.encoders, home / "data" / "encoders")
            site = StartedSite(home / "data", _environment(home, wanted.whole_field))
            site.start()
            print(site.said().strip().splitlines()[-1], flush=True)
            try:
                patient = Patient(site, has_own_disk, home / "clock")
                return _break_all(patient, faults, random.Random(wanted.seed))
            finally:
                site.stop()


def _environment(home: Path, whole: bool) -> dict[str, str]:
    field = FIXTURES if whole else small_field(home / "field")
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.faults.settings",
        "SURVEY_TEST_FIELD": str(field),
        "OMP_NUM_THREADS": "1",
        # As where it is installed: what is compiled once is kept.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
    }


def _break_all(patient: Patient, faults: list[Fault], chance: random.Random) -> int:
    _start_django(patient.site)
    from benchmarks.faults import records

    members, papers = records.make_accounts(), records.paper_keys()
    trial = Trial(patient, Traffic(patient.site.url, papers, members, chance))
    rows: list[Row] = []
    for fault in faults:
        rows.append(trial.run(fault))
        print(rows[-1].cells(), flush=True)
        for what, count in rows[-1].reads.wrong.most_common(5):
            print(f"  {count} × {what}", flush=True)
        for name in ("lost", "doubled", "stuck"):
            for kept in getattr(rows[-1].verdict, name)[:5]:
                print(f"  {name}: {kept}", flush=True)
    print(f"\n{HEADING}", *[row.cells() for row in rows], sep="\n")
    refused = trial.traffic.refused
    print(f"\n{len(refused)} writes refused (4xx)", *refused[:5], sep="\n  ")
    print(f"load of the machine (1 minute) {os.getloadavg()[0]:.2f}")
    return int(not all(row.is_good for row in rows))


def _start_django(site: StartedSite) -> None:
    """Have this process read the site's own database, beside the site."""
    lines = (site.folder / "postgres" / "postmaster.pid").read_text().splitlines()
    os.environ |= {
        **site.environment,
        "KB_DATA_DIR": str(site.folder),
        "DATABASE_URL": f"postgresql://postgres@/postgres?host={lines[4].strip()}",
    }
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
