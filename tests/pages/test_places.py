"""Labs, organisations, courses and books for readers: pages, files, API, search, corrections."""

from __future__ import annotations

import csv
import html
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from papers.models import Book, Course, Lab, OldKey, Organisation, Paper
from papers.search.suggestions import suggest
from tests import make
from tests.community.proposing import as_user, decide, propose

pytestmark = pytest.mark.django_db


def text_of(page: str) -> str:
    """What the main part of a page says, one space for all white space."""
    return " ".join(html.unescape(strip_tags(page[page.index("<main") :])).split())


@pytest.fixture
def lab() -> Lab:
    """A lab whose lead has a record here, with a public work and a hidden one."""
    make.topic("Early exiting", slug="early-exiting")
    make.paper("Scales", key="scales2018", authors=["Gao Huang"])
    make.paper("Secret scales", key="secret2019", authors=["Gao Huang"], state="hidden")
    return Lab.objects.create(
        slug="leap-lab", name="LEAP Lab", name_zh="清华实验室", aliases=["Perception Lab"],
        affiliation="Tsinghua University", country="China", leads=["Gao Huang"],
        members=["Nobody Known"], papers=["scales2018", "secret2019"],
        topics=["early-exiting"], unconfirmed=["members", "leads (since 2020)"],
        sources=["https://example.org (lead)"],
    )  # fmt: skip


def test_a_lab_leads_to_its_people_and_works_and_says_what_is_doubtful(
    client: Client, lab: Lab
) -> None:
    page = client.get("/labs/leap-lab/").content.decode()
    text = text_of(page)

    assert '<a href="/people/gao-huang/">Gao Huang</a>' in page
    assert "Nobody Known no record here" in text
    assert "Scales" in text
    assert "Secret" not in text
    assert "Led by unconfirmed: since 2020" in text
    assert "Members with works here unconfirmed" in text
    assert 'href="/topics/early-exiting/"' in page


def test_what_a_lab_points_to_points_back(client: Client, lab: Lab) -> None:
    for address in ("/people/gao-huang/", "/papers/scales2018/", "/topics/early-exiting/"):
        assert 'href="/labs/leap-lab/"' in client.get(address).content.decode()


def test_a_work_that_was_renamed_or_merged_stays_with_its_lab(client: Client, lab: Lab) -> None:
    paper = Paper.objects.get(key="scales2018")
    paper.key = "scales2019"
    paper.save()
    OldKey.objects.create(paper=paper, key="scales2018")

    assert 'href="/papers/scales2019/"' in client.get("/labs/leap-lab/").content.decode()
    assert 'href="/labs/leap-lab/"' in client.get("/papers/scales2019/").content.decode()


def test_an_organisation_has_people_and_sponsorships_of_public_workshops_only(
    client: Client,
) -> None:
    Organisation.objects.create(slug="deeplite", name="Deeplite", sources=["x"])
    for slug, state in (("open", "public"), ("kept", "draft")):
        workshop = make.workshop(
            slug=slug, state=state, sponsors=[{"name": "DEEPLITE", "tier": "gold"}]
        )
        workshop.roles.create(
            position=0, role="organizer", printed_name=f"Ann {slug}", affiliation="Deeplite Inc.",
            person=make.person(f"Ann {slug}"),
        )  # fmt: skip

    page = client.get("/organisations/deeplite/").content.decode()
    workshop_page = client.get("/workshops/open/").content.decode()

    assert "Ann open" in page
    assert 'href="/workshops/open/"' in page
    assert "Ann kept" not in page
    assert "/workshops/kept/" not in page
    assert '<a href="/organisations/deeplite/">DEEPLITE</a>' in workshop_page


def test_a_part_of_a_longer_word_is_no_affiliation(client: Client) -> None:
    Organisation.objects.create(slug="intel", name="Intel", sources=["x"])
    workshop = make.workshop(slug="open")
    for place, affiliation in enumerate(("Artificial Intelligence Lab", "Intel Labs")):
        workshop.roles.create(
            position=place, role="pc", printed_name=affiliation, affiliation=affiliation,
            person=make.person(f"Of {affiliation}"),
        )  # fmt: skip

    text = text_of(client.get("/organisations/intel/").content.decode())

    assert "Of Intel Labs" in text
    assert "Artificial" not in text


def test_a_course_has_lectures_with_videos_and_papers_and_a_book_its_chapters(
    client: Client,
) -> None:
    make.topic("Mixture of experts", slug="moe")
    make.paper("Switch", key="switch2022")
    lecture = {"title": "Experts", "video": "https://example.org/v", "papers": ["switch2022"]}
    Course.objects.create(slug="cs25", name="CS25", lectures=[lecture], sources=["x"])
    chapter = {"title": "Section 14.5", "topics": ["moe"]}
    Book.objects.create(
        slug="prml", name="Pattern", authors=["Ann Author"], year=2006, chapters=[chapter],
        isbn="9780387310732", sources=["x"],
    )  # fmt: skip

    course = client.get("/courses/cs25/").content.decode()
    book = client.get("/books/prml/").content.decode()
    bib = client.get("/books/prml.bib").content.decode()

    assert 'href="https://example.org/v"' in course
    assert 'href="/papers/switch2022/"' in course
    assert 'href="/courses/cs25/"' in client.get("/papers/switch2022/").content.decode()
    assert "Section 14.5" in text_of(book)
    assert 'href="/topics/moe/"' in book
    assert "isbn = {9780387310732}" in bib
    assert 'href="/books/prml/"' in client.get("/topics/moe/").content.decode()


@pytest.mark.parametrize("plural", ["labs", "organisations", "courses", "books"])
def test_an_empty_list_says_how_one_adds_to_it(client: Client, plural: str) -> None:
    text = text_of(client.get(f"/{plural}/").content.decode())

    assert "None is here yet" in text
    assert f"fixtures/{plural}/" in text


@pytest.mark.parametrize(
    ("typed", "shown"), [("huang", 1), ("清华", 1), ("perception tsing", 1), ("nothing", 0)]
)
def test_a_list_is_narrowed_by_any_of_its_words(
    client: Client, lab: Lab, typed: str, shown: int
) -> None:
    page = client.get("/labs/", {"q": typed})

    assert page.context["shown_count"] == shown


def test_files_and_api_name_the_same_and_no_hidden_work(client: Client, lab: Lab) -> None:
    of_file = json.loads(client.get("/labs/leap-lab.json").content)["labs"][0]
    of_table = next(csv.DictReader(io.StringIO(client.get("/labs.csv").content.decode())))
    of_api: Any = client.get("/api/v1/labs/?q=perception&topic=early-exiting").json()["results"][0]
    node = json.loads(client.get("/labs/leap-lab.jsonld").content)["@graph"][0]

    assert of_file["papers"] == of_api["papers"] == ["scales2018"]
    assert of_table["papers"] == "scales2018"
    assert of_api["leads"] == [{"name": "Gao Huang", "person": "gao-huang"}]
    assert of_api["unconfirmed"] == of_file["unconfirmed"] == ["members", "leads (since 2020)"]
    assert node["@type"] == "ResearchOrganization"
    assert client.get("/api/v1/labs/none/").status_code == 404


def test_lists_take_as_many_queries_for_three_as_for_one(
    client: Client, lab: Lab, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        Lab.objects.create(slug=f"lab-{number}", name=f"Lab {number}", topics=["early-exiting"])

    with django_assert_max_num_queries(8):
        client.get("/labs/")
    with django_assert_max_num_queries(8):
        client.get("/api/v1/labs/")


def test_who_types_a_name_is_led_to_it(client: Client, lab: Lab) -> None:
    page = text_of(client.get("/papers/", {"q": "leap lab"}).content.decode())
    offered = [(item.kind, item.label) for item in suggest("leap l")]

    assert "Lab: LEAP Lab" in page
    assert ("lab", "LEAP Lab") in offered


def test_a_confirmed_field_is_doubtful_no_longer(lab: Lab) -> None:
    mia, cam = as_user("mia"), as_user("cam", "curators")
    was, now = {"members": "Nobody Known"}, {"members": "Yizeng Han"}
    decide(cam, propose(mia, "/labs/leap-lab/", was, now, source="https://example.org/people"))

    lab.refresh_from_db()
    assert lab.members == ["Yizeng Han"]
    assert lab.unconfirmed == ["leads (since 2020)"]
    assert "Yizeng Han" in text_of(mia.get("/labs/leap-lab/history/").content.decode())


def test_a_work_that_is_not_here_cannot_be_proposed(lab: Lab) -> None:
    mia = as_user("mia")
    sent = {"reason": "x", "was-papers": "scales2018", "field-papers": "scales2018\nnone2020"}

    answer = mia.post("/labs/leap-lab/correct/", sent)

    assert answer.status_code == 422
    assert "none2020" in answer.content.decode()
