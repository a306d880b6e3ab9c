"""Nothing is lost and nothing is doubled while the worker is killed again and again.

    python -m benchmarks.kill_worker                 # 200 papers, a kill every two seconds or so
    python -m benchmarks.kill_worker --papers 20

A real Celery worker with its beat, a database and a broker of its own in a new folder. While it
takes in PDFs made for the purpose, its whole process group gets SIGKILL at random moments and a new
worker starts. In the end every document must be done, with exactly one paper, all of its authors
and all of its references. The log goes to standard output.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEASE_SECONDS, SWEEP_SECONDS = 10, 2
AUTHORS = ("Ada Example", "Ben Test", "Chen Muster")
GIVE_UP_SECONDS = 1800.0


def main() -> int:
    """Run it; 0 when everything came out exactly once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=2.0, help="mean seconds between kills")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-worker-") as folder:
        return _run(Path(folder), wanted.papers, random.Random(wanted.seed), wanted.pause)


def _run(folder: Path, papers: int, chance: random.Random, pause: float) -> int:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kb.settings",
        "KB_DATA_DIR": str(folder),
        "KB_ENCODER": "fake",
        "KB_INGEST_LEASE_SECONDS": str(LEASE_SECONDS),
        "KB_INGEST_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "KB_LOG_LEVEL": "ERROR",
        "OMP_NUM_THREADS": "1",
    }
    os.environ.pop("DATABASE_URL", None)
    from kb.site.postgres import embedded_database
    from kb.site.supervisor import Child
    from kb.site.valkey import answers, server_command

    database = embedded_database(folder=folder / "postgres")
    os.environ["DATABASE_URL"] = database.url
    broker = Child("Valkey", server_command(folder), is_ready=lambda: answers(folder))
    broker.start()
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        _send(papers)
        kills = _work_under_fire(folder, chance, pause)
        return _verdict(papers, kills)
    finally:
        broker.end()
        database.leave()


def _send(papers: int) -> None:
    from papers.ingest.receive import receive

    for number in range(papers):
        receive(io.BytesIO(_pdf(number)), name=f"paper-{number}.pdf")
    print(f"{papers} documents received", flush=True)


def _pdf(number: int) -> bytes:
    from tests.ingest_site.paper_pdf import paper_pdf

    words = ("Gates", "Layers", "Tokens", "Exits", "Routes", "Experts", "Masks", "Scales")
    first, second = words[number % 8], words[number // 8 % 8]
    title = f"Sleeping {first} and Waking {second}: Study {number + 1000} of a Long Series"
    return paper_pdf(title, AUTHORS)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "kb", "--quiet", "worker", "--beat"),
            *("--concurrency", "2", "--loglevel", "ERROR", "--without-mingle", "--without-gossip"),
            *("--schedule", str(folder / "beat"), "--queues", "celery"),
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kill(worker: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _work_under_fire(folder: Path, chance: random.Random, pause: float) -> int:
    """Kill and start workers until nothing is active; returns how many kills hit one at work."""
    from papers.models import Document

    began, hits = time.monotonic(), 0
    given_up: set[object] = set()
    worker = _start(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the worker ends with us
    try:
        while Document.objects.active().exists():
            if time.monotonic() - began > GIVE_UP_SECONDS:
                print("given up", flush=True)
                break
            _wait_until_busy(given_up)
            time.sleep(chance.expovariate(1 / pause))
            _kill(worker)
            in_hand = _in_hand(given_up)
            hits += bool(in_hand)
            given_up |= {lease for _, _, lease in in_hand}
            listed = ", ".join(f"{state} {pk}" for pk, state, _ in in_hand) or "rest"
            done = Document.objects.filter(state="done").count()
            seconds = time.monotonic() - began
            print(
                f"{seconds:7.1f} s  killed worker {worker.pid} at {listed}; {done} done", flush=True
            )
            worker = _start(folder)
    finally:
        _kill(worker)
    return hits


def _in_hand(given_up: set[object]) -> list[tuple[int, str, object]]:
    """Documents that the worker of this moment holds; dead ones leave their leases behind."""
    from papers.models import Document

    held = Document.objects.filter(state__in=Document.AT_WORK).values_list("pk", "state", "lease")
    return [row for row in held if row[2] not in given_up]


def _wait_until_busy(given_up: set[object], seconds: float = 60.0) -> None:
    """A worker takes seconds to start; killing it before that proves nothing."""
    from papers.models import Document

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if _in_hand(given_up) or not Document.objects.active().exists():
            return
        time.sleep(0.02)


def _verdict(papers: int, kills: int) -> int:
    from django.db.models import Count

    from papers.models import Authorship, Document, Paper, Reference

    states = dict(Document.objects.values_list("state").annotate(n=Count("pk")))
    attempts = dict(Document.objects.values_list("attempts").annotate(n=Count("pk")))
    blamed = Document.objects.filter(failures__gt=0).count()
    counts = {
        "documents done": (Document.objects.filter(state="done").count(), papers),
        "papers": (Paper.objects.count(), papers),
        "papers with a document": (
            Document.objects.filter(state="done").values("paper").distinct().count(),
            papers,
        ),
        "authorships": (Authorship.objects.count(), papers * len(AUTHORS)),
        "references": (Reference.objects.count(), papers * 2),
        "documents that made a new paper": (Document.objects.filter(effect="new").count(), papers),
    }
    print(f"\n{kills} kills hit a worker with a document in hand")
    print(f"states {states}; documents by tries {dict(sorted(attempts.items()))}; blamed {blamed}")
    for name, (counted, expected) in counts.items():
        print(f"{name:34} {counted:5} of {expected:5}  {'ok' if counted == expected else 'WRONG'}")
    return int(any(counted != expected for counted, expected in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
