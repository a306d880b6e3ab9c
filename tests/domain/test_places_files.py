"""The shipped labs, organisations, courses and books."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from papers.data_files import load_catalogue
from papers.data_files.checks import isbn
from papers.models import Lab, Organisation, Workshop
from papers.places.pointing import sponsorships
from tests import make

FIXTURES = Path("fixtures")


def records(folder: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text()) for path in (FIXTURES / folder).glob("*.yaml")]


@pytest.mark.parametrize(
    ("folder", "count"), [("labs", 32), ("organisations", 34), ("courses", 12), ("books", 9)]
)
def test_all_of_them_ship_each_with_its_sources(folder: str, count: int) -> None:
    shipped = records(folder)

    assert len(shipped) == count
    assert [record["slug"] for record in shipped if not record.get("sources")] == []


def test_every_work_of_a_lab_was_written_by_one_of_its_people() -> None:
    without = []
    for lab in records("labs"):
        people = {*lab["leads"], *lab.get("members", [])}
        for key in lab["papers"]:
            paper = yaml.safe_load((FIXTURES / "papers" / f"{key}.yaml").read_text())
            if not people & set(paper["authors"]):
                without.append((lab["slug"], key))

    assert without == []


@pytest.mark.django_db
def test_the_sponsors_that_workshops_print_are_known_organisations() -> None:
    for record in records("organisations"):
        Organisation.objects.create(
            slug=record["slug"], name=record["name"], aliases=record.get("aliases", [])
        )
    for record in records("workshops"):
        Workshop.objects.create(
            **{name: record[name] for name in ("slug", "name", "year", "series")},
            sponsors=record.get("sponsors", []),
        )

    sponsored = {
        organisation.slug: sorted(row.workshop.slug for row in rows)
        for organisation in Organisation.objects.all()
        if (rows := sponsorships([organisation])[organisation.pk])
    }

    haet = ["haet-iclr-2021", "haet-icml-2022", "haet-neurips-2023-proposal"]
    assert sponsored == {
        "apple": ["enlsp-neurips-2023"],
        "basf": ["enlsp-neurips-2023"],
        "biocomp": haet[2:],
        "deeplite": haet[:2],
        "huawei": ["enlsp-neurips-2023", *haet],
        "intel": haet[:1],
        "netmind": ["enlsp-neurips-2023"],
        "nvidia": haet[:2],
        "stellantis": haet[1:],
        "synsense": haet[2:],
    }


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("9780262035613", True),
        ("978-0-262-03561-3", True),
        ("0-8044-2957-X", True),
        ("", True),
        ("9780262035614", False),
        ("978026203561", False),
        ("nine", False),
        ("9780262035613 or so", False),
    ],
)
def test_an_isbn_is_checked_by_its_last_digit(written: str, fits: bool) -> None:
    assert (isbn(written) == "") is fits


@pytest.mark.django_db
def test_a_changed_file_changes_the_record_and_what_was_edited_here_stays(tmp_path: Path) -> None:
    make.topic("Early exiting", slug="early-exiting")
    folder = tmp_path / "labs"
    folder.mkdir()
    text = "slug: a-lab\nname: A Lab\nmembers: [Ann Author]\nsources: [its page]\n"
    (folder / "a-lab.yaml").write_text(text)
    load_catalogue(tmp_path)
    Lab.objects.update(members=["Ann Author", "Bo Builder"])

    (folder / "a-lab.yaml").write_text(text + "country: Italy\ntopics: [early-exiting]\n")
    report = load_catalogue(tmp_path)

    lab = Lab.objects.get()
    assert (lab.country, lab.members) == ("Italy", ["Ann Author", "Bo Builder"])
    assert report.kept == ["lab a-lab: members"]


@pytest.mark.django_db
def test_a_topic_that_is_not_here_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "labs").mkdir()
    text = "slug: a-lab\nname: A Lab\nsources: [its page]\ntopics:\n  - nowhere\n"
    (tmp_path / "labs" / "a-lab.yaml").write_text(text)

    report = load_catalogue(tmp_path)

    assert report.problems == ["labs/a-lab.yaml:5: there is no topic 'nowhere' here"]
    assert not Lab.objects.exists()
