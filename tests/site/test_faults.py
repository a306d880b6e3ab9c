"""The benchmark of faults: what it counts, finds again, and does to files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from benchmarks.faults import breaking, records, tallies
from benchmarks.faults.field import small_field
from benchmarks.faults.tallies import Kept, Reads, Row, Verdict
from benchmarks.faults.traffic import style_sheet
from community.models import Correction, ReadingList
from papers.models import Document
from tests import make


def test_an_answer_is_told_apart_by_whether_it_said_when_to_come_again() -> None:
    reads = Reads()
    reads.note("/", 200)
    reads.note("/papers/", 404)
    assert reads.last_failed_at == 0
    reads.note("/", 503, tells_when=True)
    reads.note("/lists/", 500)
    reads.note("/people/", tallies.NO_ANSWER)

    assert (reads.total, reads.failed, reads.said) == (5, 2, 1)
    assert reads.last_failed_at > 0
    assert set(reads.wrong) == {"500 /lists/", "no answer /people/"}


@pytest.mark.parametrize("untried", ["", "only root can"])
def test_each_row_has_a_cell_for_each_heading(untried: str) -> None:
    row = Row("worker, killed", Reads(), seconds=1.25, kept=3, untried=untried, said="nothing")

    assert row.cells().count("|") == tallies.HEADING.splitlines()[0].count("|")
    assert row.is_good


@pytest.mark.parametrize("name", ["lost", "doubled", "stuck"])
def test_anything_lost_doubled_or_stuck_makes_a_row_bad(name: str) -> None:
    verdict = Verdict(**{name: [Kept("list", "one", "mia")]})

    assert not Row("worker, killed", Reads(), seconds=1.0, verdict=verdict).is_good
    assert not Row("worker, killed", Reads()).is_good  # never well again


@pytest.mark.django_db
def test_what_was_acknowledged_is_looked_for() -> None:
    mia = make.member("mia")
    paper = make.paper(key="skip")
    ReadingList.objects.create(owner=mia, name="kept")
    for _ in range(2):
        ReadingList.objects.create(owner=mia, name="twice")
    Correction.objects.create(
        author=mia, kind="change", record_kind="paper", record_id=paper.pk, reason="so"
    )
    kept = [
        Kept("list", "kept", "mia"),
        Kept("list", "gone", "mia"),
        Kept("list", "twice", "mia"),
        Kept("correction", "so", "mia"),
        Kept("mark", "skip", "mia"),
    ]

    verdict = records.judge(kept)

    assert [one.mark for one in verdict.lost] == ["gone", "skip"]
    assert [one.mark for one in verdict.doubled] == ["twice"]
    assert verdict.stuck == []


@pytest.mark.django_db
def test_an_upload_needs_its_row_its_file_and_an_end() -> None:
    marks = {}
    for number, (name, state) in enumerate(
        [("done", "done"), ("at work", "reading"), ("without a file", "done")]
    ):
        marks[name] = f"{number}" * 64
        document = Document.objects.create(
            sha256=marks[name], size_bytes=3, name="a.pdf", state=state
        )
        if name != "without a file":
            default_storage.save(document.stored_as, ContentFile(b"pdf"))

    verdict = records.judge(Kept("upload", mark, "mia") for mark in marks.values())

    assert [one.mark for one in verdict.lost] == [marks["without a file"]]
    assert [one.mark for one in verdict.stuck] == [marks["at work"]]


def test_reviews_are_found_by_their_text(db: None) -> None:
    mia = make.member("mia")
    review = make.review(make.paper(), by=mia, state="pending", summary="mark-1")

    found = records.judge(
        [Kept("review", f"{review.pk} mark-1", "mia"), Kept("draft", f"{review.pk} mark-1", "mia")]
    )
    lost = records.judge([Kept("review", f"{review.pk} mark-2", "mia")])

    assert found.is_good
    assert len(lost.lost) == 1


def test_rubbish_is_written_over_every_file_and_some_are_shortened(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a", "b", "c")]
    for file in files:
        file.write_bytes(b"\0" * 4096)

    breaking.fill_with_rubbish(tmp_path)

    assert all(file.read_bytes().strip(b"\0") for file in files)
    assert {file.stat().st_size for file in files} == {100, 4096}


def test_the_small_field_has_some_papers_and_the_whole_taxonomy(tmp_path: Path) -> None:
    field = small_field(tmp_path / "field")

    assert len(list((field / "papers").iterdir())) == 60
    assert (field / "taxonomy").is_dir()


def test_the_style_sheet_of_a_page_is_found() -> None:
    page = '<link rel="stylesheet" href="/static/css/site.12ab.css">'

    assert style_sheet(page) == "/static/css/site.12ab.css"
    assert style_sheet("<p>bare</p>") == ""


def test_a_shifted_clock_is_read_by_other_programs_while_they_run(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    try:
        environment = os.environ | breaking.shifted(clock)
    except LookupError as error:
        pytest.skip(str(error))
    asks = "import sys, time\nfor line in sys.stdin: print(int(time.time()), flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", asks],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin and program.stdout
        told = []
        for shift in (0, breaking.DAY_SECONDS, -breaking.DAY_SECONDS):
            breaking.set_clock(clock, shift)
            program.stdin.write("\n")
            program.stdin.flush()
            told.append(int(program.stdout.readline()) - shift)

    assert max(told) - min(told) < breaking.DAY_SECONDS / 2
