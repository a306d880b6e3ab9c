"""`import_workshop`: preview, writing into a workshop that is here, and doing it twice."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(tmp_path: Path) -> Path:
    data = tmp_path / "_data"
    data.mkdir()
    (data / "speakers.yml").write_text("K: {name: Ana Key, affiliation: X}\n")
    (data / "papers.yml").write_text('paper_1: {title: Nets of Gates, authors: "Cy Day (Y)*"}\n')
    (data / "schedule.yml").write_text(
        "k: {event: K, title: Nets, start: '09:00 AM - 10:00 AM', type: Keynote}\n"
    )
    (tmp_path / "index.md").write_text(
        "<!-- draft words of ours -->\n**Deadline:** May 3, 2026 (AoE)\n"
    )
    return tmp_path


def run(site: Path, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_workshop", str(site), "--slug", "w-2026", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_a_preview_writes_nothing(site: Path) -> None:
    workshop = make.workshop(slug="w-2026", year=2026)
    told = run(site, "--dry-run")
    assert [person["name"] for person in told["people"]["keynote"]] == ["Ana Key"]
    assert told["papers"][0]["authors"] == [
        {"name": "Cy Day", "affiliation": "Y", "corresponding": True}
    ]
    assert [talk["title"] for talk in told["talks"]] == ["Nets"]
    assert [date["date"] for date in told["dates"]] == ["2026-05-03"]
    assert [draft["text"] for draft in told["drafts"]] == ["draft words of ours"]
    assert {change["status"] for change in told["changes"]} == {"new"}
    assert not workshop.roles.exists()


def test_importing_twice_changes_nothing(site: Path) -> None:
    workshop = make.workshop(slug="w-2026", year=2026)
    run(site, "--publish")
    rows = [list(getattr(workshop, name).values()) for name in ("roles", "dates", "schedule")]
    assert [talk.speaker for talk in workshop.talks.all()] == ["Ana Key"]
    again = run(site, "--publish")
    assert {change["status"] for change in again["changes"]} == {"same"}
    assert [
        list(getattr(workshop, name).values()) for name in ("roles", "dates", "schedule")
    ] == rows


def test_what_is_here_stays_where_the_files_say_otherwise(site: Path) -> None:
    workshop = make.workshop(slug="w-2026", year=2026)
    run(site, "--publish")
    (site / "_data/speakers.yml").write_text("K: {name: Ana Key, affiliation: Elsewhere}\n")
    told = run(site, "--publish")
    (conflict,) = [c for c in told["changes"] if c["status"] == "conflict"]
    assert conflict["fields"] == ["affiliation"]
    assert workshop.roles.get().affiliation == "X"


def test_a_workshop_that_is_not_here_is_refused(site: Path) -> None:
    with pytest.raises(CommandError, match="Make it first"):
        run(site)


def test_of_a_public_workshop_what_is_read_waits_as_drafts(site: Path) -> None:
    workshop = make.workshop(slug="w-2026", year=2026)
    run(site)
    assert not workshop.roles.exists()
    assert {block.state for block in workshop.blocks.all()} == {"draft"}
    assert {change["status"] for change in run(site)["changes"]} == {"same"}


def test_what_the_record_cannot_hold_is_left_out_and_told(site: Path) -> None:
    make.workshop(slug="w-2026", year=2026)
    (site / "_data/dates.yml").write_text(
        "- {label: Papers due, date: 2026-05-01, zone: Atlantis, code: due}\n"
        f"- {{label: {'x' * 300}, date: 2026-05-02}}\n"
    )
    told = run(site)
    assert {(d["label"], d["date"]) for d in told["dates"]} >= {("Papers due", "2026-05-01")}
    whys = " ".join(entry["why"] for entry in told["told"])
    assert "is no time zone" in whys and "at most 160 fit" in whys
    assert {change["status"] for change in run(site)["changes"]} == {"same"}
