"""The fenced process that reads, seen from the process that asks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.hostile_files import nested_forms
from benchmarks.hostile_objects import HELLO, assemble, page_with, stream
from papers.pdf.confined.pool import Reader, ReaderPool, read_pdf
from papers.pdf.extract import extract_files, summary
from papers.pdf.limits import ADVICE, Budget, Status
from tests.ingest import make_pdf


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(1) as made:
        yield made


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(make_pdf.one_column().to_bytes())
    return path


def test_paper_is_read_by_another_process_behind_fences(pool: ReaderPool, paper: Path) -> None:
    result = read_pdf(paper, pool=pool)

    assert result.status is Status.OK
    assert result.title.startswith("Gates That Know When to Stop")
    assert {"memory", "written files", "open files"} <= set(result.isolation)


def test_every_status_has_a_sentence_for_the_person(pool: ReaderPool) -> None:
    assert set(ADVICE) == set(Status)
    assert all(sentence.endswith(".") for sentence in ADVICE.values())


def test_reader_that_takes_too_long_is_replaced_and_the_next_file_is_read(
    tmp_path: Path, paper: Path
) -> None:
    endless = tmp_path / "endless.pdf"
    endless.write_bytes(dict(nested_forms())["2-to-the-40"])
    budget = Budget(wall_seconds=1.0, memory_bytes=4 << 30)

    with ReaderPool(1, budget) as pool:
        stuck, after = pool.read(endless), pool.read(paper)

        assert stuck.status is Status.OVER_BUDGET
        assert after.status is Status.OK
        assert pool.deaths == 1


def test_memory_is_limited_for_the_reader_alone(tmp_path: Path, paper: Path) -> None:
    hungry = tmp_path / "hungry.pdf"
    hungry.write_bytes(dict(nested_forms())["50-to-the-6"])

    with ReaderPool(1, Budget(memory_bytes=200 << 20)) as pool:
        assert pool.read(hungry).status is Status.OVER_BUDGET
        assert pool.read(paper).status is Status.OK


def test_killed_reader_costs_one_answer_and_leaves_no_process(paper: Path) -> None:
    budget = Budget()
    reader = Reader(budget)
    pid = reader.pid
    os.kill(pid, signal.SIGKILL)
    reader.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_files_read_by_several_threads_get_their_own_answers(tmp_path: Path) -> None:
    paths = []
    for number in range(6):
        pdf = make_pdf.Pdf().page()
        pdf.centred(90, f"Paper Number {number} of Several", size=17, font="bold")
        pdf.centred(120, "Ada Example and Ben Test", size=11)
        pdf.centred(150, "Abstract", size=12, font="bold")
        y = pdf.paragraph(90, 170, make_pdf.ABSTRACT)
        pdf.text(90, y + 15, "1 Introduction", size=12, font="bold")
        pdf.paragraph(90, y + 35, make_pdf.BODY)
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(pdf.to_bytes())

    rows = list(extract_files(paths, readers=2))

    assert [row["title"] for row in rows] == [f"Paper Number {n} of Several" for n in range(6)]


def test_row_of_an_extraction_has_the_promised_keys(paper: Path, tmp_path: Path) -> None:
    row, missing = extract_files([paper, tmp_path / "none.pdf"], readers=1)

    promised = "file status title authors abstract year doi arxiv sections references coverage"
    assert set(f"{promised} warnings seconds".split()) <= set(row)
    assert row["references"][0]["raw"].startswith("[1] A. Graves")
    assert missing["status"] == "missing"
    assert "Ada Example, Ben van der Test, Chen Muster" in summary(row)


def test_scripts_and_attachments_are_reported_not_run(pool: ReaderPool, tmp_path: Path) -> None:
    root = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(1)>>>>"
    path = tmp_path / "active.pdf"
    path.write_bytes(assemble(page_with(HELLO, o1=root)))

    result = pool.read(path)

    assert result.warnings == ["The PDF carries an action on opening; they were not run."]


def test_small_file_that_unpacks_to_a_lot_is_over_budget(pool: ReaderPool, tmp_path: Path) -> None:
    import zlib

    packed = stream(zlib.compress(bytes(64 << 20), 9), b"/Filter/FlateDecode")
    path = tmp_path / "bomb.pdf"
    path.write_bytes(assemble(page_with(HELLO) | dict.fromkeys(range(10, 16), packed)))

    result = pool.read(path)

    assert result.status is Status.OVER_BUDGET
    assert result.warnings == ["The file unpacks to more than 256 MiB."]


def test_collected_hostile_files_all_get_a_status(pool: ReaderPool, bench_folder: Path) -> None:
    results = {path.name: pool.read(path) for path in (bench_folder / "hostile").glob("*.pdf")}

    locked = {name for name, result in results.items() if result.status is Status.ENCRYPTED}
    assert locked == {
        "format-corpus__pdfCabinetOfHorrors_encryption_openpassword.pdf",
        "pypdf__resources_encryption_r6-both-passwords.pdf",
    }
    assert pool.deaths == 0


FENCE_CHECK = """
import os, socket, sys
sys.path.insert(0, {root!r})
from papers.pdf.confined.process import confine
fences = confine(1 << 30)
def refused(act):
    try:
        act()
    except OSError:
        return True
    return False
if "system calls" in fences:
    assert refused(lambda: socket.socket()), "socket"
    assert refused(os.fork), "fork"
    assert refused(lambda: os.kill({parent}, 0)), "kill"
    assert refused(lambda: os.memfd_create("x")), "memory without a name"
    assert refused(lambda: os.unshare(os.CLONE_NEWUSER)) if hasattr(os, "unshare") else True
if "file system" in fences:
    assert refused(lambda: open("/etc/passwd")), "read"
if "written files" in fences:
    assert refused(lambda: open("/tmp/ingest-fence-check", "w").write("x" * 9999)), "write"
if "unprivileged user" in fences:
    assert os.geteuid() != 0 and refused(lambda: os.setuid(0)), "user"
print("held")
"""


def test_fences_that_are_claimed_hold() -> None:
    root = str(Path(__file__).resolve().parents[2])
    code = FENCE_CHECK.format(root=root, parent=os.getpid())

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == ("held", "")


def test_closing_the_pool_while_idle_ends_its_reader(paper: Path) -> None:
    pool = ReaderPool(1)
    pool.read(paper)
    before = _children()

    pool.close()

    assert len(before - _children()) == 1


def _children() -> set[int]:
    mine = f"/proc/{os.getpid()}/task"
    found: set[int] = set()
    for task in Path(mine).iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def test_pool_is_safe_when_a_thread_that_started_a_reader_is_gone(paper: Path) -> None:
    with ReaderPool(1) as pool:
        thread = threading.Thread(target=pool.read, args=(paper,))
        thread.start()
        thread.join()
        time.sleep(0.05)

        assert pool.read(paper).status is Status.OK
        assert pool.deaths == 0
