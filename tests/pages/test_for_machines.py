"""What pages say to reference managers, crawlers and harvesters."""

from __future__ import annotations

import pytest
from django.test import Client

from papers.formats import highwire
from papers.models import Finding, Paper, PaperLink
from tests import make
from tests.markup import flat

pytestmark = pytest.mark.django_db


def test_every_page_names_the_unapi_server(client: Client) -> None:
    page = flat(client.get("/about/").content.decode())

    assert '<link rel="unapi-server" type="application/xml" title="unAPI" href="/unapi">' in page


def test_a_line_of_a_list_carries_its_record(client: Client) -> None:
    paper = make.paper("Gates & <exits>", doi="10.1/abc")
    make.topic("Early exiting", slug="early-exiting")

    page = client.get(paper.venue.get_absolute_url()).content.decode()

    assert 'class="Z3988" title="ctx_ver=Z39.88-2004&amp;' in page
    assert "rft.atitle=Gates+%26+%3Cexits%3E&amp;" in page
    assert "rft_id=info%3Adoi%2F10.1%2Fabc" in page


def test_a_paper_page_has_typed_links_in_its_header(client: Client) -> None:
    paper = make.paper(doi="10.1/abc", key="campos2018skip")

    links = client.get(paper.get_absolute_url()).headers["Link"]

    assert '<https://doi.org/10.1/abc>; rel="cite-as"' in links
    assert '<http://testserver/people/gao-huang/>; rel="author"' in links
    assert '<http://testserver/papers/campos2018skip.bib>; rel="describedby"' in links
    assert 'rel="item"' not in links  # no PDF that anybody may have


def test_a_paper_without_a_doi_is_cited_by_its_page(client: Client) -> None:
    paper = make.paper(key="campos2018skip")

    links = client.get(paper.get_absolute_url()).headers["Link"]

    assert '<http://testserver/papers/campos2018skip/>; rel="cite-as"' in links


def test_the_pdf_is_named_only_where_there_is_one() -> None:
    paper = make.paper(key="campos2018skip")

    with_pdf = dict(highwire.tags(paper, "http://x", "/papers/campos2018skip/campos2018skip.pdf"))

    assert with_pdf["citation_pdf_url"] == "http://x/papers/campos2018skip/campos2018skip.pdf"
    assert "citation_pdf_url" not in dict(highwire.tags(paper, "http://x"))


CHANGES = {
    "an author": lambda paper: paper.authorships.update(printed_name="G. Huang"),
    "an author gone": lambda paper: paper.authorships.all().delete(),
    "a topic": lambda paper: paper.placements.create(topic=make.topic()),
    "a finding": lambda paper: Finding.objects.bulk_create(
        [Finding(paper=paper, position=0, text="It is so.")]
    ),
    "a link": lambda paper: PaperLink.objects.create(
        paper=paper, kind="code", url="https://example.org/code"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_paper_is_newer_when_anything_that_belongs_to_it_changes(change) -> None:
    paper, other = make.paper("One"), make.paper("Another")
    before = {p.pk: p.updated_at for p in Paper.objects.all()}

    change(paper)

    after = {p.pk: p.updated_at for p in Paper.objects.all()}
    assert after[paper.pk] > before[paper.pk]
    assert after[other.pk] == before[other.pk]
