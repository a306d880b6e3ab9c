"""Files taken into a workshop at its desk and by programs: looked at, then kept as drafts."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from papers.models import WorkshopBlock, WorkshopImport
from tests import make
from tests.make import signed_in
from tests.workshops.organising import body, edit, published

pytestmark = pytest.mark.django_db
PEOPLE = "K: {name: Ana Key, affiliation: X, email: ana@secret.example}\n"
PAGE = "<!-- draft words of ours, not shown -->\n**Papers due:** May 3, 2027 (AoE)\n"


def archive() -> SimpleUploadedFile:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("site/_data/speakers.yml", PEOPLE)
        packed.writestr("site/index.md", PAGE)
    return SimpleUploadedFile("site.zip", content.getvalue())


def test_a_zip_is_looked_at_and_kept_as_drafts_that_the_public_page_does_not_show() -> None:
    olga, workshop = published()
    edit(olga, workshop, "people", {"name": "Bo Li", "role": "keynote"})
    start = f"/workshops/{workshop.slug}/"

    sent = olga.post(f"{start}import/", {"files": archive()})
    page = body(olga, sent["Location"])

    assert "Ana Key" in page and "draft words of ours" in page
    assert not WorkshopBlock.objects.exclude(content=None).exists()
    assert "ana@secret" not in json.dumps(WorkshopImport.objects.get().read)
    taken = {"part": ["people", "dates"], "draft": ["0"]}
    assert olga.post(sent["Location"], taken)["Location"] == f"{start}edit/"
    form = body(olga, f"{start}edit/people/")
    assert "Ana Key" in form and "Bo Li" in form
    assert "draft words of ours" in body(olga, f"{start}edit/news/")
    public = body(Client(), start)
    assert "Bo Li" in public and "Ana Key" not in public and "Papers due" not in public
    assert "Ana Key" in body(olga, f"{start}preview/")


def test_taking_in_again_changes_nothing() -> None:
    olga, workshop = published()
    address = f"/workshops/{workshop.slug}/import/"
    taken = {"part": ["people", "dates", "details"], "draft": ["0"]}
    first = olga.post(address, {"files": archive()})
    olga.post(first["Location"], taken)
    before = list(WorkshopBlock.objects.order_by("code").values("code", "content"))

    again = olga.post(address, {"files": archive()})
    page = olga.get(again["Location"])
    assert page.context["counts"] == {"new": 0, "changed": 0, "same": 2, "conflict": 0}
    olga.post(again["Location"], taken)
    assert list(WorkshopBlock.objects.order_by("code").values("code", "content")) == before


def test_pasted_names_get_the_role_that_was_chosen_and_conflicts_keep_what_is_here() -> None:
    olga, workshop = published()
    edit(olga, workshop, "people", {"name": "Bo Li", "role": "reviewer", "affiliation": "Here"})
    sent = {"text": "Bo Li (Elsewhere)\nCy Day, Z", "role": "reviewer"}
    preview = olga.post(f"/workshops/{workshop.slug}/import/", sent)["Location"]
    assert olga.get(preview).context["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "conflict": 1,
    }
    olga.post(preview, {"part": ["people"]})
    [block] = WorkshopBlock.objects.filter(code="people")
    people = [(p["name"], p["affiliation"], p["role"]) for p in block.content["people"]]
    assert people == [("Bo Li", "Here", "reviewer"), ("Cy Day", "Z", "reviewer")]


def test_what_holds_no_workshop_is_refused_with_a_reason_and_others_find_nothing() -> None:
    olga, workshop = published()
    address = f"/workshops/{workshop.slug}/import/"
    for files, words in (
        ({}, "Choose a file"),
        ({"files": SimpleUploadedFile("a.zip", b"no zip")}, "cannot be read"),
        ({"files": SimpleUploadedFile("bomb.yml", bomb())}, "unfolds to more"),
    ):
        answer = olga.post(address, files)
        assert answer.status_code == 422 and words in answer.content.decode()
    sam = signed_in(make.member("sam"))
    sent = olga.post(address, {"files": archive()})["Location"]
    assert {sam.get(a).status_code for a in (address, sent)} == {404}
    assert sam.post(sent, {"part": ["people"]}).status_code == 404


def bomb() -> bytes:
    """A short YAML file that unfolds to a billion entries."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines).encode()


def test_a_program_sees_the_same_and_keeps_it_only_when_it_says_so() -> None:
    olga, workshop = published()
    address = f"/api/v1/workshops/{workshop.slug}/imports/"

    def send(client: Client, **fields: Any) -> Any:
        return client.post(address, json.dumps(fields), content_type="application/json")

    looked = send(olga, text=PAGE, name="index.md").json()
    assert [change["status"] for change in looked["changes"]] == ["new"]
    assert looked["drafts"][0]["text"] == "draft words of ours, not shown"
    by_form = olga.post(address, {"files": archive()}).json()
    assert by_form["people"]["invited"][0]["name"] == "Ana Key"
    assert not WorkshopBlock.objects.exclude(content=None).exists()
    kept = send(olga, text=PAGE, name="index.md", dry_run=False)
    assert kept.status_code == 200
    assert "Papers due" in body(olga, f"/workshops/{workshop.slug}/edit/dates/")
    assert send(olga, text=PAGE, name="index.md").json()["changes"][0]["status"] == "same"
    assert send(signed_in(make.member("sam")), text=PAGE).status_code == 404


def test_theirs_are_taken_where_that_is_ticked_and_nowhere_else() -> None:
    olga, workshop = published()
    here = {"role": "reviewer", "affiliation": "Here"}
    edit(olga, workshop, "people", {"name": "Bo Li", **here}, {"name": "Di Wu", **here})
    sent = {"text": "Bo Li (Elsewhere)\nDi Wu (Elsewhere)", "role": "reviewer"}
    address = olga.post(f"/workshops/{workshop.slug}/import/", sent)["Location"]
    page = olga.get(address)
    [(*_, rows)] = page.context["parts"]
    shown = page.content.decode()
    assert "here: Here" in " ".join(shown.split()) and "theirs: Elsewhere" in " ".join(
        shown.split()
    )

    olga.post(address, {"part": ["people"], "theirs": [rows[0].key]})

    [block] = WorkshopBlock.objects.filter(code="people")
    people = {p["name"]: p["affiliation"] for p in block.content["people"]}
    assert people == {"Bo Li": "Elsewhere", "Di Wu": "Here"}
