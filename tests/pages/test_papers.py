"""The paper page, its exports, and the addresses that lead to it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from papers.models import Finding, OldKey, PaperTopic
from papers.models.paper import AUTHORS_INCOMPLETE
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/abs/1703.09844",
        "/abs/1703.09844v5",
        "/abs/1703.09844/",
        "/doi/10.1/AbC",
        "/papers/oldkey/",
    ],
)
def test_identifiers_and_old_keys_lead_to_the_page(client: Client, address: str) -> None:
    paper = make.paper(key="huang2018multi", arxiv="1703.09844", doi="10.1/abc")
    OldKey.objects.create(key="oldkey", paper=paper)

    response = client.get(address)

    assert (response.status_code, response.headers["Location"]) == (301, "/papers/huang2018multi/")


def test_a_merged_paper_answers_301_and_a_withdrawn_one_410(client: Client) -> None:
    survivor = make.paper(key="survivor")
    make.paper("Twin", key="twin", state="merged", merged_into=survivor)
    make.paper("Gone", key="gone", state="withdrawn", tldr="secret text")

    merged, gone = client.get("/papers/twin/"), client.get("/papers/gone/")

    assert (merged.status_code, merged.headers["Location"]) == (301, "/papers/survivor/")
    assert gone.status_code == 410
    assert "secret text" not in gone.content.decode()


def test_a_hidden_paper_is_not_found_anywhere(client: Client) -> None:
    make.paper("Canary", key="hidden", arxiv="1703.09844", state="hidden")
    addresses = ["/papers/hidden/", "/papers/hidden.bib", "/abs/1703.09844"]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_the_page_shows_who_wrote_texts_and_what_is_unconfirmed(client: Client) -> None:
    paper = make.paper(
        key="p", tldr="It skips.", texts_by="curator", arxiv="1703.09844", unconfirmed=["arxiv"]
    )
    Finding.objects.create(paper=paper, position=0, text="Fewer updates.", origin="curator")

    html = client.get("/papers/p/").content.decode()

    assert "by a curator of this survey" in html
    assert "Fewer updates." in html
    assert html.count("unconfirmed</span>") == 1
    assert "Unconfirmed: arxiv" in html


def test_a_version_without_a_venue_is_shown_as_what_it_is(client: Client) -> None:
    paper = make.paper(key="skip2018")
    paper.versions.create(kind="workshop", year=2017, venue=None)

    response = client.get("/papers/skip2018/")

    assert response.status_code == 200
    assert "Workshop paper" in response.content.decode()


def test_empty_blocks_say_what_is_missing(client: Client) -> None:
    make.paper(key="p")
    html = client.get("/papers/p/").content.decode()
    for text in ("No public review yet", "No talk or video is known", "No code address is known"):
        assert text in html


def test_the_page_speaks_to_reference_managers(client: Client) -> None:
    make.paper("Skip RNN", key="p", authors=["Gao Huang", "Danlu Chen"], arxiv="1703.09844")

    html = client.get("/papers/p/").content.decode()

    assert html.count('name="citation_author"') == 2
    assert '<meta name="citation_title" content="Skip RNN">' in html
    assert html.count('name="citation_conference_title"') == 1
    block = html.split('<script type="application/ld+json"', 1)[1].split(">", 1)[1]
    assert json.loads(block.split("</script>")[0])["@type"] == "ScholarlyArticle"


@pytest.mark.parametrize("suffix", ["bib", "ris", "csl.json", "enw", "jsonld", "xml"])
def test_every_export_carries_the_title(client: Client, suffix: str) -> None:
    make.paper("Skip RNN", key="p")
    response = client.get(f"/papers/p.{suffix}")
    assert response.status_code == 200
    assert "RNN" in response.content.decode()


def test_an_unknown_export_names_the_known_ones(client: Client) -> None:
    make.paper(key="p")
    response = client.get("/papers/p.docx")
    assert response.status_code == 404
    assert ".bib" in response.content.decode()


def test_neighbours_share_a_topic_and_are_nearest_in_time(client: Client) -> None:
    exits = make.topic("Early exiting")
    make.paper("Here", key="here", year=2018, topics=[exits])
    make.paper("Near", key="near", year=2019, topics=[exits])
    for year in range(2001, 2006):
        make.paper(f"Far {year}", year=year, topics=[exits])

    aside = client.get("/papers/here/").content.decode().split("Neighbours", 1)[1]

    assert aside.index("Near") < aside.index("Far 2005")
    assert "Far 2001" not in aside


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_needs_the_same_queries_for_any_number(
    client: Client, number: int, django_assert_max_num_queries
) -> None:
    topics = [make.topic(f"Topic {one}") for one in range(number)]
    authors = [f"Author {one}" for one in range(number)]
    make.paper(key="p", authors=authors, topics=topics, code="https://example.org/")
    for one in range(number):
        make.paper(f"Other {one}", topics=topics)
    client.get("/papers/p/")
    with django_assert_max_num_queries(30):
        client.get("/papers/p/")


def test_a_suggested_topic_is_marked_on_page_list_and_api(client: Client) -> None:
    exits, skips = make.topic("Early exiting"), make.topic("Layer skipping")
    paper = make.paper("Skip RNN", key="p", topics=[exits])
    PaperTopic.objects.create(paper=paper, topic=skips, origin="machine", position=1)

    page = client.get("/papers/p/").content.decode()
    line = client.get("/topics/layer-skipping/").content.decode()
    told = client.get("/api/v1/papers/p/").json()["topics"]

    placed = page.split('id="taxonomy"', 1)[1].split("</ul>", 1)[0].split("</li>")
    assert ["suggested" in place for place in placed[:2]] == [False, True]
    chips = line.split('class="chips"', 1)[1].split("</ul>", 1)[0].split("</li>")
    assert ["suggested" in chip for chip in chips[:2]] == [False, True]
    assert [(topic["slug"], topic["suggested"]) for topic in told] == [
        ("early-exiting", False),
        ("layer-skipping", True),
    ]


def test_a_list_of_authors_that_was_cut_off_says_so_wherever_it_is_cited(client: Client) -> None:
    topic = make.topic("Early exiting")
    cut = [AUTHORS_INCOMPLETE]
    make.paper("Skip RNN", key="p", authors=["Ada Erste"], topics=[topic], unconfirmed=cut)

    page = client.get("/papers/p/").content.decode()
    line = client.get("/topics/early-exiting/").content.decode()
    bibtex = client.get("/papers/p.bib").content.decode()

    assert "More may follow" in page
    assert "Ada Erste</a> and others" in line
    assert "Erste, Ada and others" in bibtex


def test_neighbours_are_the_papers_of_a_topic_that_are_nearest_in_time(client: Client) -> None:
    topic = make.topic("Early exiting")
    for year in (2001, 2015, 2016, 2019, 2026, 2020):
        make.paper(f"Paper of {year}", year=year, topics=[topic])
    make.paper("Middle", key="p", year=2018, topics=[topic])

    page = client.get("/papers/p/").content.decode()

    shown = page.split("<h2>Neighbours</h2>", 1)[1].split("</section>", 1)[0]
    places = [shown.index(f"Paper of {year}") for year in (2019, 2016, 2020, 2015)]
    assert places == sorted(places)
    assert "Paper of 2001" not in shown


def test_hundreds_of_authors_make_no_page_of_hundreds_of_kilobytes(client: Client) -> None:
    make.paper("A report", key="p", authors=[f"Ada Number{n:03} Erste" for n in range(320)])

    html = client.get("/papers/p/").content

    assert len(html) < 100_000
    assert html.count(b"Ada Number319 Erste") >= 2  # in the list, and for search engines
    assert b"p.ris" in html
