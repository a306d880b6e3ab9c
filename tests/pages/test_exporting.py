"""All that a search found as one file: complete, in order, and refused where it is not understood."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from kb.pages.papers import exporting
from papers.formats import bibtex, csl, ris
from papers.formats.registry import FORMATS
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db
TITLES = [f"Gate number {number}" for number in range(7)]
COUNTS = {
    "bib": lambda text: len(bibtex.read(text).citations),
    "ris": lambda text: len(ris.read(text).citations),
    "csl.json": lambda text: len(csl.read(text).citations),
    "enw": lambda text: text.count("%T "),
    "xml": lambda text: len(ElementTree.fromstring(text)),
    "jsonld": lambda text: len(json.loads(text)["@graph"]),
    "csv": lambda text: len(list(csv.DictReader(io.StringIO(text)))),
    "md": lambda text: text.count("[[paper]]"),
}


def export_of(query: str, suffix: str = "csl.json") -> str:
    answer = Client().get(f"/papers.{suffix}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.getvalue().decode()


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[Paper]:
    monkeypatch.setattr(exporting, "BATCH", 3)
    return [make.paper(title) for title in TITLES]


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_paper_is_in_the_file_however_many_batches_it_takes(
    papers: list[Paper], suffix: str
) -> None:
    text = export_of("", suffix)

    assert COUNTS[suffix](text) == len(TITLES)
    assert all(title in text.replace("{", "").replace("}", "") for title in TITLES)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_of_nothing_can_be_read(papers: list[Paper], suffix: str) -> None:
    assert COUNTS[suffix](export_of("year_from=1900&year_to=1901", suffix)) == 0


def test_papers_come_in_the_order_of_the_list(papers: list[Paper]) -> None:
    assert [one["title"] for one in json.loads(export_of("sort=name"))] == TITLES
    ranked = [one["title"] for one in json.loads(export_of("q=gate+number+5"))]
    assert sorted(ranked) == TITLES
    assert ranked[0] == "Gate number 5"


@pytest.mark.parametrize(
    "query",
    ["q=year:abc", "q=topic:nothing-such", "sort=colour", "year_from=soon", "venue=nowhere"],
)
def test_what_is_not_understood_is_refused_alike(papers: list[Paper], query: str) -> None:
    answers = [
        Client().get(f"{address}?{query}")
        for address in ("/api/v1/papers/", "/feeds/papers.atom", "/papers.bib")
        if not (address == "/feeds/papers.atom" and query.startswith("sort"))
    ]
    page = Client().get(f"/papers/?{query}")

    assert {answer.status_code for answer in answers} == {400}
    assert all(answer.content.strip() for answer in answers)
    assert page.status_code == 200
    assert page.context["results"].problems
    assert "/papers.bib?" not in page.content.decode()
