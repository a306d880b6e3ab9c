"""schema.org's ScholarlyArticle as JSON-LD, for search engines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from papers.formats.citation import AND_MORE, Author, Citation, author_of, one_line, page_range
from papers.formats.of_paper import citation_of
from papers.identifiers import Identifier, Scheme
from papers.models import Authorship, Paper, Venue
from taxonomy.models import Topic

MANY_AUTHORS = 100
_PROPERTY_ID = {
    Scheme.ARXIV: "arXiv",
    Scheme.DOI: "doi",
    Scheme.OPENREVIEW: "openreview",
    Scheme.ACL: "acl",
}


def write(papers: Iterable[Paper], base_url: str = "") -> str:
    """A .jsonld file: one article, or a graph of several."""
    articles = [article(paper, base_url) for paper in papers]
    document = articles[0] if len(articles) == 1 else {"@graph": articles}
    return json.dumps({"@context": "https://schema.org"} | document, ensure_ascii=False, indent=2)


def script_text(paper: Paper, base_url: str = "") -> SafeString:
    """Content for <script type="application/ld+json">; no title can end the element early."""
    escapes = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
    return mark_safe(write([paper], base_url).translate(escapes))  # noqa: S308


def article(paper: Paper, base_url: str = "") -> dict[str, Any]:
    """The paper as a ScholarlyArticle; keys without a value are left out.

    Wants `versions` prefetched beside `for_cards()`.
    """
    citation = citation_of(paper)
    page = base_url + paper.get_absolute_url()
    identifiers = _identifiers(paper)
    fields: dict[str, Any] = {
        "@type": "ScholarlyArticle",
        "@id": page,
        "url": page,
        "headline": citation.title,
        "name": citation.title,
        "author": _authors(paper, base_url),
        "creditText": _credits(citation),
        "datePublished": f"{paper.year}-{citation.month:02}" if citation.month else str(paper.year),
        "pagination": page_range(citation.pages),
        "volumeNumber": citation.volume,
        "issueNumber": citation.issue,
        "publisher": _organisation(citation.publisher),
        "dateModified": paper.updated_at.isoformat() if paper.updated_at else "",
        "inLanguage": "en",
        "abstract": citation.abstract,
        "description": one_line(paper.tldr),
        "keywords": list(citation.keywords),
        "about": [_term(row.topic, base_url) for row in paper.placements.all()],
        "identifier": [
            {"@type": "PropertyValue", "propertyID": _PROPERTY_ID[each.scheme], "value": each.value}
            for each in identifiers
        ],
        "sameAs": [each.url for each in identifiers],
        "isPartOf": _container(paper, base_url),
        "award": list(paper.awards),
        "workExample": [
            {"@type": "SoftwareSourceCode", "codeRepository": link.url}
            for link in paper.links.all()
            if link.kind == "code"
        ],
    }
    return {name: value for name, value in fields.items() if value}


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name} if name else {}


def _identifiers(paper: Paper) -> list[Identifier]:
    pairs = ((scheme, getattr(paper, scheme.value)) for scheme in Scheme)
    return [Identifier(scheme, value) for scheme, value in pairs if value]


def _authors(paper: Paper, base_url: str) -> list[dict[str, Any]]:
    """Each with all that is known; of a list of hundreds only the names."""
    rows = list(paper.authorships.all())
    if len(rows) > MANY_AUTHORS:
        names = [(row.printed_name, author_of(row.printed_name)) for row in rows]
        return [{"@type": _type(author), "name": printed} for printed, author in names]
    return [_author(row, base_url) for row in rows]


def _credits(citation: Citation) -> str:
    """For a list that goes on, which has no other words here; "Gao Huang. The list … goes on."."""
    names = ", ".join(str(author) for author in citation.authors)
    return f"{names}. {AND_MORE}" if citation.and_others and names else ""


def _author(row: Authorship, base_url: str) -> dict[str, Any]:
    name = author_of(row.printed_name)
    author: dict[str, Any] = {
        "@type": _type(name),
        "@id": _person_id(row, base_url),
        "name": row.printed_name,
        "givenName": name.given,
        "familyName": name.family if name.given else "",
    }
    if row.affiliation:
        author["affiliation"] = {"@type": "Organization", "name": row.affiliation}
    return {key: value for key, value in author.items() if value}


def _type(author: Author) -> str:
    return "Person" if author.given else "Organization"


def _person_id(row: Authorship, base_url: str) -> str:
    if row.person is None:
        return ""
    if row.person.orcid:
        return f"https://orcid.org/{row.person.orcid}"
    return base_url + row.person.get_absolute_url()


def _term(topic: Topic, base_url: str) -> dict[str, str]:
    return {
        "@type": "DefinedTerm",
        "@id": base_url + topic.get_absolute_url(),
        "name": topic.name,
        "termCode": topic.slug,
        "inDefinedTermSet": base_url + reverse("topics"),
    }


def _container(paper: Paper, base_url: str) -> dict[str, str]:
    if paper.venue is None or paper.venue.kind == Venue.Kind.WEB:
        return {}
    is_journal = paper.venue.kind == Venue.Kind.JOURNAL
    return {
        "@type": "Periodical" if is_journal else "PublicationVolume",
        "@id": base_url + paper.venue.get_absolute_url(),
        "name": citation_of(paper).container or paper.venue.name,
    }
