"""What reference managers keep of a paper: its type, its proceedings, its ids, no words of ours."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
import rispy
from django.test import Client

from benchmarks import zotero
from papers.formats import bibtex, coins, csl, highwire, mods, ris
from papers.formats.citation import Citation, Kind
from papers.formats.of_paper import citation_of
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db
SITE = "https://survey.example"


def conference_paper() -> Paper:
    return make.paper(
        "Leaving Early",
        key="huang2018leaving",
        authors=["Gao Huang", "Di Li", "Bo Xu"],
        arxiv="1703.09844",
        openreview="Hk2aImxAb",
        tldr="Our own sentence.",
        unconfirmed=["venue"],
    )


def preprint() -> Paper:
    return make.paper(venue=make.venue("arXiv", kind="preprint"), arxiv="1703.09845", month=5)


def test_the_title_of_the_proceedings_stands_before_the_conference() -> None:
    names = [name for name, _ in highwire.tags(conference_paper())]
    assert names.index("citation_inbook_title") < names.index("citation_conference_title")


def test_coins_of_a_conference_paper_is_a_proceeding_in_a_book() -> None:
    fields = parse_qs(coins.title_attribute(conference_paper(), SITE))
    assert fields["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:book"]
    assert fields["rft.btitle"][0].startswith("Proceedings of")
    assert "rft.jtitle" not in fields


def test_ris_names_the_proceedings_and_dates_every_work() -> None:
    (record,) = rispy.loads(ris.write([citation_of(conference_paper())]))
    assert record["custom3"] == record["secondary_title"]
    assert record["date"] == "2018///"
    (record,) = rispy.loads(ris.write([citation_of(preprint())]))
    assert (record["type_of_reference"], record["date"]) == ("MANSCPT", "2018/05//")


@pytest.mark.parametrize("code", ["UNPB", "UNPD", "MANSCPT"])
def test_unpublished_works_of_any_program_are_preprints(code: str) -> None:
    (citation,) = ris.read(f"TY  - {code}\r\nTI  - Leaving\r\nER  - \r\n").citations
    assert citation.kind is Kind.PREPRINT


@pytest.mark.parametrize(
    ("make_paper", "local"), [(conference_paper, "conferencePaper"), (preprint, "preprint")]
)
def test_mods_says_the_type_in_the_words_of_a_reference_manager(make_paper, local: str) -> None:
    text = mods.write([citation_of(make_paper())])
    assert f'<mods:genre authority="local">{local}<' in text


@pytest.mark.parametrize(
    ("make_paper", "repository", "number"),
    [(conference_paper, "", ""), (preprint, "arXiv", "arXiv:1703.09845")],
)
def test_mods_says_where_a_preprint_stands(make_paper, repository: str, number: str) -> None:
    text = mods.write([citation_of(make_paper())])
    assert text.count("<mods:publisher>arXiv</") == bool(repository)
    assert text.count(f"<mods:physicalLocation>{number}</") == bool(number)


@pytest.mark.parametrize("make_paper", [conference_paper, preprint])
def test_what_zotero_reads_in_mods_is_what_the_database_says(make_paper) -> None:
    citation = citation_of(make_paper())
    (item,) = zotero._by_rules(mods.write([citation]))
    assert item == zotero._expected(citation)
    assert item.abstract == "" and item.title == citation.title


def test_one_page_begins_and_ends_there() -> None:
    citation = Citation(key="k", kind=Kind.JOURNAL, title="T", container="J", pages="81")
    text = mods.write([citation])
    assert "<mods:start>81</mods:start>" in text and "<mods:end>81</mods:end>" in text


def test_only_preprints_are_archived_where_they_are() -> None:
    published, posted = citation_of(conference_paper()), citation_of(preprint())
    first, second = json.loads(csl.write([published, posted]))
    assert "archive" not in first and first["custom"]["arxiv"] == "1703.09844"
    assert second["archive_location"] == "1703.09845"
    assert csl.read(csl.write([published, posted])).citations == [published, posted]


@pytest.mark.parametrize("write", [bibtex.write, ris.write, csl.write, mods.write])
def test_no_doubt_and_no_words_of_ours_are_printed(write) -> None:
    text = write([citation_of(conference_paper())])
    assert "nconfirmed" not in text and "Our own sentence" not in text


@pytest.mark.parametrize("title", ["γ-Nets", "CO₂ and K² of Nets", "A − B", "α β Ω"])
def test_mathematics_is_written_as_readers_of_bibtex_know_it(title: str) -> None:
    text = bibtex.write([Citation(key="k", kind=Kind.PREPRINT, title=title)])
    assert "ensuremath" not in text
    assert bibtex.read(text).citations[0].title == title


def test_a_paper_page_carries_the_record_and_no_foreign_abstract(client: Client) -> None:
    paper = conference_paper()
    html = client.get(paper.get_absolute_url()).content.decode()
    assert f'class="unapi-id" title="{paper.key}"' in html
    assert 'name="description"' not in html and "og:description" not in html


@pytest.mark.parametrize(
    "address",
    [
        "/papers/huang-etal-2018-leaving/",
        "/openreview/Hk2aImxAb/",
        "/papers/HUANG2018leaving/",
        "/papers/huang2018leaving/v1/",
        "/abs/1703.09844v2",
    ],
)
def test_every_name_of_a_paper_leads_to_it(client: Client, address: str) -> None:
    paper = conference_paper()
    response = client.get(address, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0].split("#")[0] == paper.get_absolute_url()


@pytest.mark.parametrize(
    "address",
    ["/papers/nobody-etal-2018-leaving/", "/openreview/xxxx/", "/papers/huang2018leaving/v99/"],
)
def test_names_of_nothing_lead_nowhere(client: Client, address: str) -> None:
    conference_paper()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/papers.bib", "/feeds/papers.atom", "/oai?verb=Identify"])
def test_scripts_of_other_sites_read_what_anybody_may_read(client: Client, address: str) -> None:
    response = client.get(address, HTTP_ORIGIN="https://notebook.example")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("address", ["/api/v1/lists/", "/api/v1/papers/"])
def test_a_browser_may_ask_before_it_sends_a_token(client: Client, address: str) -> None:
    response = client.options(
        address,
        HTTP_ORIGIN="https://notebook.example",
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization",
    )
    assert response.status_code == 200
    assert "authorization" in response["Access-Control-Allow-Headers"]


def test_pages_of_an_account_are_for_this_site_alone(client: Client) -> None:
    response = client.get("/accounts/login/", HTTP_ORIGIN="https://notebook.example")
    assert "Access-Control-Allow-Origin" not in response
