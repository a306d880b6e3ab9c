"""What goes out comes in again: as the data of a Jekyll site, and read by the importer."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from papers.curation.workshop_blocks import with_names
from papers.data_files.schema import SCHEMAS, with_defaults
from papers.importers.workshop_files.changes import merged
from papers.importers.workshop_files.folder import read_files
from papers.workshops.out.jekyll import jekyll
from tests.workshops.organising import body, edit, made, published

SHIPPED = sorted(Path("fixtures/workshops").glob("*.yaml"))
NOTHING = with_names(with_defaults({}, SCHEMAS["workshop"]))


def fields_of(file: Path) -> dict[str, Any]:
    return with_names(with_defaults(yaml.safe_load(file.read_text()), SCHEMAS["workshop"]))


def odd() -> dict[str, Any]:
    """A workshop whose words look like the marks of the format."""
    return with_names(
        NOTHING
        | {
            "name": "A & B: <less> is more",
            "summary": "First line.\n\nSecond line: with a colon.",
            "topics": ["early exits"],
            "people": [
                {"name": "Ada Byron", "role": "keynote", "biography": "One.\nTwo."},
                {"name": "Ann Byron", "role": "invited", "title": "Looms, and more"},
                {"name": "Li, Bo", "role": "reviewer", "affiliation": "X (Y), Z"},
                {"name": "Cy Day", "role": "pc", "url": "https://cy.example.org/"},
            ],
            "schedule": [
                {"start": "08:00", "end": "20:30", "title": "Byron", "speaker": "Ann Byron"},
                {"start": "23:00", "end": "01:00", "title": "Night (talk) show", "kind": "panel"},
                {"start": "09:00", "title": "Keynote talk) by nobody", "kind": "keynote"},
                {"title": "Some time", "label": "Invited", "room": "A", "day": "2027-07-24"},
                {
                    "title": "Seen again",
                    "links": [
                        {"label": "Slides", "url": "https://a.example/1.pdf", "kind": "slides"},
                        {
                            **{"label": "Video", "url": "https://v.example/1", "at": "1:02:30"},
                            **{"kind": "recording", "from": "2027-08-01", "until": "2028-08-01"},
                        },
                    ],
                },
            ],
            "accepted_papers": [
                {
                    "id": "7",
                    "title": "One <of> many",
                    "authors": ["Ada Byron"],
                    "author_affiliations": ["A, B and C"],
                    "presentation": "oral",
                    "pdf": "https://example.org/7.pdf",
                },
                {"id": "8", "title": "Two; three", "authors": ["Day; Cy", "Bo and Li"]},
            ],
            "important_dates": [
                {"label": "Deadline (papers)", "date": "2027-05-01", "zone": "AoE"},
                {"label": "Deadline (posters)", "date": "2027-05-01"},
                {"label": "Decisions", "date": "2027-06-01", "kind": "notification"},
            ],
            "competition": {"task": "Run far", "phases": [{"name": "Final", "to": "2027-06-01"}]},
            "news": [{"date": "2027-01-02", "title": "It begins", "text": "With *less*.\n\nAnd."}],
            "sponsors": ["Acme", {"name": "Bolts", "tier": "gold", "url": "https://b.example"}],
        }
    )


@pytest.mark.parametrize("fields", [*map(fields_of, SHIPPED), odd()])
def test_importing_what_was_exported_changes_nothing(fields: dict[str, Any]) -> None:
    read = read_files(jekyll(fields))
    written, changes = merged(fields, read)
    assert [change for change in changes if change.status != "same"] == [] and written == {}
    assert len(changes) == sum(
        len(fields[name])
        for name in (
            *("people", "schedule", "accepted_papers", "important_dates", "news", "sponsors"),
        )
    )


@pytest.mark.parametrize("fields", [*map(fields_of, SHIPPED), odd()])
def test_an_export_imported_into_nothing_is_exported_as_it_was(fields: dict[str, Any]) -> None:
    files = jekyll(fields)
    written, _ = merged(NOTHING, read_files(files))
    assert jekyll(with_names(NOTHING | written)) == files


def test_a_layout_of_such_a_site_reads_speakers_papers_and_the_programme() -> None:
    data = {
        name: yaml.safe_load(content)
        for name, content in jekyll(
            fields_of(Path("fixtures/workshops/dynn-icml-2022.yaml"))
        ).items()
    }
    speakers, schedule = data["_data/speakers.yml"], data["_data/schedule.yml"]
    assert speakers["Huang"]["name"] == "Gao Huang"
    keynote = next(item for item in schedule.values() if item["type"] == "Keynote")
    assert speakers[keynote["event"]]["name"] == "Gao Huang"
    assert keynote["start"] == "09:15 AM - 10:00 AM"
    assert len(data["_data/spotlight.yml"]) == 11 and len(data["_data/papers.yml"]) == 24
    assert data["_data/papers.yml"]["paper_poster_15"]["authors"].startswith("Tal Schuster (Google")
    assert "Canwen Xu, UC San Diego" in data["_data/pc.yml"]["people"]


@pytest.mark.django_db
def test_the_downloads_of_a_public_workshop_and_of_a_draft_for_its_organisers() -> None:
    olga, workshop = published()
    listed = {"id": "7", "title": "=Leaving early", "authors": "Ada Byron; Bo Li"}
    edit(olga, workshop, "papers", listed)
    edit(olga, workshop, "papers", listed | {"title": "Hidden words"}, state="draft")
    start = f"/workshops/{workshop.slug}/"

    bib = body(Client(), f"{start}proceedings.bib")
    assert "@inproceedings{frun-2027-7," in bib and "and Li, Bo" in bib
    assert "'=Leaving early" in body(Client(), f"{start}proceedings.csv")
    packed = zipfile.ZipFile(io.BytesIO(Client().get(f"{start}proceedings.zip").content))
    assert packed.namelist() == [
        f"{workshop.slug}/proceedings.{suffix}" for suffix in ("bib", "csv", "json")
    ]
    site = zipfile.ZipFile(io.BytesIO(Client().get(f"{start}jekyll.zip").content))
    texts = "".join(site.read(name).decode() for name in site.namelist())
    assert "Leaving early" in texts and "Hidden words" not in texts
    draft = made(olga)
    address = f"/workshops/{draft.slug}/jekyll.zip"
    assert (olga.get(address).status_code, Client().get(address).status_code) == (200, 404)
