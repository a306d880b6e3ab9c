"""Venues: the index by kind, a series, one of its years."""

from __future__ import annotations

import pytest
from django.test import Client

from kb.pages import venues
from papers.models import PaperVersion
from tests import make
from tests.markup import flat

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return flat(response.content.decode())


def test_the_index_groups_by_kind_and_counts_public_papers(client: Client) -> None:
    journal = make.venue("TPAMI", kind="journal", full_name="Transactions")
    make.paper("One", venue=make.venue("CVPR"))
    make.paper("Two", venue=make.venue("CVPR"))
    make.paper("Hidden", venue=make.venue("CVPR"), state="hidden")
    make.paper("Three", venue=journal)

    html = read(client, "/venues/")

    cvpr = html.split('href="/venues/cvpr/"', 1)[1].split("</a>", 1)[0]
    assert '<span class="count">2</span>' in cvpr
    assert html.index("Conferences") < html.index("CVPR") < html.index("Journals")
    assert html.index("Journals") < html.index("TPAMI")


def test_a_series_tells_years_topics_people_parts_and_workshops(client: Client) -> None:
    icml = make.venue("ICML", full_name="International Conference on Machine Learning")
    make.venue("ICML Workshops", kind="workshop", part_of=icml)
    topic = make.topic("Early exiting")
    make.paper("Old", venue=icml, year=2019, authors=["Ada Byron"], topics=[topic])
    make.paper("New", venue=icml, year=2022, authors=["Ada Byron"], topics=[topic])
    make.workshop(host_conference="ICML 2022", slug="dynn-icml-2022")
    make.workshop(host_conference="ICMLA 2022", slug="elsewhere")

    html = read(client, "/venues/icml/")

    for address in ("2019/", "2022/"):
        assert f'href="/venues/icml/{address}"' in html
    for text in ("International Conference", "Early exiting", "Ada Byron", "ICML Workshops"):
        assert text in html
    assert "/workshops/dynn-icml-2022/" in html and "/workshops/elsewhere/" not in html
    assert html.index(">New<") < html.index(">Old<")


def test_a_year_lists_its_papers_and_leads_to_its_neighbours(client: Client) -> None:
    for year in (2017, 2019, 2022):
        make.paper(f"Of {year}", year=year)
    make.workshop(host_conference="ICLR 2019", year=2019, slug="haet")

    html = read(client, "/venues/iclr/2019/")

    assert "Of 2019" in html and "Of 2017" not in html
    assert "/workshops/haet/" in html
    assert 'rel="prev" href="/venues/iclr/2017/"' in html
    assert 'rel="next" href="/venues/iclr/2022/"' in html


def test_another_version_shows_in_the_year_where_it_appeared(client: Client) -> None:
    workshops = make.venue("ICLR Workshop", kind="workshop")
    paper = make.paper("Twice printed", venue=make.venue("TPAMI", kind="journal"), year=2021)
    PaperVersion.objects.create(paper=paper, kind="workshop", year=2019, venue=workshops)

    year = read(client, "/venues/iclr-workshop/2019/")
    series = read(client, "/venues/iclr-workshop/")

    assert "Also appeared here" in year and "Twice printed" in year
    assert "1 more had an earlier or later version here" in series
    assert client.get("/venues/iclr-workshop/2021/").status_code == 404


def test_a_year_without_anything_is_not_found(client: Client) -> None:
    make.paper("Hidden", year=2020, state="hidden")

    for address in ("/venues/iclr/2020/", "/venues/iclr/99999999/", "/venues/none/"):
        assert client.get(address).status_code == 404


def test_names_with_markup_stay_text(client: Client) -> None:
    make.venue("A", full_name="<b>bold</b>")

    assert "<b>bold</b>" not in read(client, "/venues/") + read(client, "/venues/a/")


@pytest.mark.parametrize(
    ("address", "queries"), [("/venues/", 1), ("/venues/iclr/", 8), ("/venues/iclr/2018/", 7)]
)
@pytest.mark.parametrize("number", [1, 3])
def test_pages_need_the_same_queries_for_any_number(
    client: Client, address: str, queries: int, number: int, django_assert_num_queries
) -> None:
    topic = make.topic()
    for one in range(number):
        make.paper(f"Paper {one}", authors=[f"Ada{one} Byron", "Jo March"], topics=[topic])
        make.workshop(host_conference="ICLR 2018", year=2018)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


def test_a_full_year_is_read_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(venues, "PAPERS_A_PAGE", 2)
    for letter in "ABCDE":
        make.paper(f"Paper {letter}", year=2019)

    first, last = read(client, "/venues/iclr/2019/"), read(client, "/venues/iclr/2019/?page=3")

    assert "5 papers of this survey" in first and "5 papers of this survey" in last
    assert "Paper A" in first and "Paper C" not in first
    assert "Paper E" in last and "Paper A" not in last
    assert 'href="?page=2"' in first
