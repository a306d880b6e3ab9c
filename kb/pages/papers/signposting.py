"""Signposting: typed links in the header of a paper's page, by which machines find what it is."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from kb.languages.middleware import in_english
from kb.pages.signposts import DESCRIBED_IN, JSON_TYPE, TEXT_TYPE
from papers.formats.registry import FORMATS
from papers.models import Paper

MOST_AUTHORS = 20  # a header has a limit of some kilobytes


@in_english
def signposts(paper: Paper, site: str, pdf: str) -> str:
    """Value of the Link header: what to cite, who wrote it, records of it, and the PDF.

    pdf: path of the PDF that anybody may have; empty if there is none.
    """
    return ", ".join(_links(paper, site, pdf))


def _links(paper: Paper, site: str, pdf: str) -> Iterator[str]:
    yield f'<{_lasting_address(paper, site)}>; rel="cite-as"'
    people = [row.person for row in paper.authorships.all() if row.person is not None]
    for person in people[:MOST_AUTHORS]:
        own = f"https://orcid.org/{person.orcid}" if person.orcid else ""
        yield f'<{own or site + person.get_absolute_url()}>; rel="author"'
    for suffix in DESCRIBED_IN:
        address = site + reverse("paper-export", args=[paper.key, suffix])
        yield f'<{address}>; rel="describedby"; type="{FORMATS[suffix].media_type}"'
    if pdf:
        yield f'<{site}{pdf}>; rel="item"; type="application/pdf"'
    for suffix, media_type in (("json", JSON_TYPE), ("txt", TEXT_TYPE)):
        address = site + reverse("linkset", args=["papers", paper.key, suffix])
        yield f'<{address}>; rel="linkset"; type="{media_type}"'
    yield '<https://schema.org/ScholarlyArticle>; rel="type"'
    yield '<https://schema.org/AboutPage>; rel="type"'


def _lasting_address(paper: Paper, site: str) -> str:
    """The DOI; else our own page, whose address never changes hands."""
    return f"https://doi.org/{paper.doi}" if paper.doi else site + paper.get_absolute_url()
