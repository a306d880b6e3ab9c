"""No form of organisers and list keepers fails on a text that is longer than it may be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from lxml import html

from community.moderation import transitions
from community.public_lists import taking_in
from papers.models import Workshop
from papers.workshops.blocks import BLOCKS
from tests import make
from tests.make import signed_in
from tests.public_lists import files
from tests.workshops.organising import edit, published

pytestmark = pytest.mark.django_db
LONG = "long words " * 600


def forms(client: Client, address: str) -> Iterator[html.FormElement]:
    page = client.get(address)
    assert page.status_code == 200, address
    for form in html.fromstring(page.content.decode()).forms:
        if form.method == "POST" and form.action not in ("/theme", "/accounts/logout/"):
            yield form


def overfull(form: html.FormElement) -> Iterator[tuple[str, dict[str, str]]]:
    """What the form sends with one box overfull, once for each box that is typed into."""
    typed = form.xpath(".//textarea|.//select|.//input[not(@type)]|.//input[@type='text']")
    typed += form.xpath(".//input[@type='url']|.//input[@type='email']")
    filled = {name: value for name, value in form.form_values() if not name.startswith("csrf")}
    buttons = form.xpath(".//button[@name]")
    press = {b.get("name"): b.get("value") or "" for b in buttons[:1]}
    for box in {box.get("name") for box in typed if box.get("name")}:
        row = box.rsplit("-", 1)[0] if box.startswith("row-") else ""
        more = {f"{row}-{n}": n for n in ("title", "name", "label")} if row else {}
        for text in (LONG, f"https://example.org/{'a' * 3000}"):
            yield box, press | more | filled | {box: text}


def answers(client: Client, address: str) -> None:
    for form in forms(client, address):
        for box, sent in overfull(form):
            response = client.post(form.action or address.split("?")[0], sent)
            assert response.status_code < 500, (address, box)


@pytest.mark.parametrize("code", list(BLOCKS))
def test_every_part_of_a_workshop_says_what_is_too_long(code: str) -> None:
    olga, workshop = published()
    answers(olga, f"/workshops/{workshop.slug}/edit/{code}/")


def test_the_pages_beside_the_parts() -> None:
    olga, workshop = published()
    edit(olga, workshop, "programme", {"start": "9:00", "end": "9:30", "title": "Opening"})
    edit(olga, workshop, "papers", {"id": "7", "title": "Leaving early", "authors": "Bo Li"})
    page = f"/workshops/{workshop.slug}"
    for address in (
        *("/workshops/new/", f"/workshops/new/?after={workshop.slug}", f"{page}/edit/"),
        *(f"{page}/board/", f"{page}/authors/", f"{page}/import/", f"{page}/history/"),
    ):
        answers(olga, address)
    assert Workshop.objects.filter(slug=workshop.slug).exists()


def test_the_pages_of_list_keepers() -> None:
    mia = make.member("mia")
    files.papers()
    chosen = taking_in.take_in(taking_in.read_texts({"a.md": files.SEED}), by=mia, slug="nets")
    transitions.submit(chosen, by=mia, trusted=True)
    section, entry = chosen.sections.first(), chosen.placements.first()
    client = signed_in(mia)
    for address in (
        *(f"entries/{entry.pk}/", f"sections/{section.pk}/"),
        *("edit/", "settings/", "keepers/", "sections/new/", "suggest/", "log/", "log/new/", ""),
    ):
        answers(client, f"/lists/nets/{address}")
    answers(client, "/lists/new/")
    answers(client, "/lists/import/")


def test_the_sentence_stands_at_the_box() -> None:
    olga, workshop = published()

    response = edit(olga, workshop, "programme", {"title": "x" * 600, "start": "9:00"})

    [line] = [line for line in response.context["sheet"].lines if line.title]
    told = {box.input.name: box.told for box in line.boxes if box.told}
    assert response.status_code == 422
    assert told == {"title": "This has 600 letters; at most 500 fit."}
    assert not workshop.schedule.exists()
