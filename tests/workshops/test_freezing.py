"""A frozen workshop is whole: every link among its files leads somewhere, and a browser opens it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kb.pages.workshops.freezing import broken_links, frozen
from papers.models import Workshop
from tests import make
from tests.pages import workshop_parts
from tests.workshops.organising import edit, published

pytestmark = pytest.mark.django_db


def full_workshop() -> Workshop:
    """A public workshop with a paper of the survey, a talk about it, people and dates."""
    olga, workshop = published()
    authors = ["Ada Byron"]
    make.paper("Leaving early", key="open2018", year=2026, authors=authors, tldr="It leaves.")
    edit(olga, workshop, "overview", summary="Networks that do with less.")
    edit(olga, workshop, "people", {"name": "Ada Byron", "role": "keynote", "title": "On engines"})
    edit(olga, workshop, "dates", {"label": "Submission deadline", "date": "2027-05-01"})
    listed = {"id": "7", "title": "Leaving early", "authors": "Ada Byron", "presentation": "oral"}
    edit(olga, workshop, "papers", listed, {"id": "8", "title": "Another", "authors": "Bo Li"})
    talk = {"start": "9:00", "end": "9:30", "title": "Leaving early", "paper": "7"}
    edit(olga, workshop, "programme", talk)
    assert workshop.accepted.get(number="7").paper.key == "open2018"
    return workshop


def test_all_pages_lead_to_each_other_and_the_rest_keeps_its_address(
    tmp_path: Path, settings: Any
) -> None:
    workshop = full_workshop()
    settings.ALLOWED_HOSTS = ["survey.example"]  # as on a real site, which knows no test server
    folder = tmp_path / "copy"

    call_command("freeze", workshop.slug, folder, site="https://survey.example", verbosity=0)

    index = (folder / "index.html").read_text()
    assert 'href="papers/open2018.html"' in index and 'href="programme.ics"' in index
    assert "https://survey.example/people/ada-byron/" in index
    assert 'href="/' not in index and 'src="/' not in index and "csrf" not in index
    assert 'href="../index.html#paper-7"' in (folder / "papers/open2018.html").read_text()
    facts = json.loads((folder / "workshop.json").read_text())
    assert facts["slug"] == workshop.slug and "testserver" not in json.dumps(facts)
    assert "@" in (folder / "papers.bib").read_text()
    with pytest.raises(CommandError, match="not empty"):
        call_command("freeze", workshop.slug, folder, verbosity=0)


def test_a_link_that_leads_nowhere_is_found() -> None:
    files = {
        "index.html": b'<a href="papers/a.html">A</a><a href="#here">x</a><p id="here">',
        "papers/a.html": b'<a href="../index.html#there">back</a><img src="b.png">',
    }

    assert broken_links(files) == ["papers/a.html: ../index.html#there", "papers/a.html: b.png"]


def test_a_draft_is_not_frozen_and_the_zip_holds_the_same(client: Client) -> None:
    workshop = workshop_parts.event(slug="dynn-2022")
    answer = client.get("/workshops/dynn-2022.zip")
    names = set(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())
    assert names == {f"dynn-2022/{name}" for name in frozen("dynn-2022")}

    Workshop.objects.filter(pk=workshop.pk).update(state=Workshop.State.DRAFT)
    assert client.get("/workshops/dynn-2022.zip").status_code == 404
    with pytest.raises(CommandError, match="no public workshop"):
        call_command("freeze", "dynn-2022", "/nonexistent/folder")


def test_a_browser_reads_it_from_the_disk(tmp_path: Path, chromium: Any) -> None:
    workshop = full_workshop()
    folder = tmp_path / "copy"
    call_command("freeze", workshop.slug, folder, verbosity=0)
    page = chromium.new_page()
    lost: list[str] = []
    page.on("requestfailed", lambda request: lost.append(request.url))

    page.goto((folder / "index.html").as_uri())
    assert page.locator("h1").inner_text() == workshop.name
    assert page.evaluate("document.styleSheets.length") == 3
    assert page.locator("#accepted").is_visible()
    page.click("#paper-7 a[href^='papers/']")
    assert page.locator("h1").inner_text() == "Leaving early"
    page.wait_for_load_state()
    page.click("nav.crumbs a")
    assert page.url.endswith("index.html#paper-7")
    assert lost == []
