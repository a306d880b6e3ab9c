"""The bibliographic record of a paper of ours."""

from __future__ import annotations

import re

from papers import names
from papers.formats.citation import Author, Citation, Kind, author_of, one_line
from papers.models import Paper, Venue
from papers.venue_lines import is_unpublished
from papers.versions import published_address

_KIND = {
    Venue.Kind.CONFERENCE: Kind.CONFERENCE,
    Venue.Kind.WORKSHOP: Kind.CONFERENCE,
    Venue.Kind.JOURNAL: Kind.JOURNAL,
    Venue.Kind.PREPRINT: Kind.PREPRINT,
    Venue.Kind.WEB: Kind.REPORT,
}
_MEETING = re.compile(
    r"\b(?:conference|symposium|workshop|meeting|proceedings|proc|congress)\b|会议", re.IGNORECASE
)
_OWN_KEY = re.compile(r"([a-z]+)(\d{4})([a-z0-9]+)")


def citation_of(paper: Paper) -> Citation:
    """What a bibliography says of `paper`: its published version, with the preprint's id kept.

    Doubts of ours are not in it: styles print every note that a record carries.

    Needs `for_cards()`; without it every access costs a query.
    """
    authors = tuple(author_of(one_line(row.printed_name)) for row in paper.authorships.all())
    kind = _kind(paper)
    is_printed = kind in (Kind.CONFERENCE, Kind.JOURNAL)
    return Citation(
        key=cite_key(paper.key, authors),
        kind=kind,
        title=one_line(paper.title),
        authors=authors,
        and_others=paper.authors_incomplete,
        year=paper.year,
        month=paper.month if kind is Kind.PREPRINT else paper.published_month,
        container=container(paper) if is_printed else "",
        publisher=one_line(paper.publisher) if is_printed else "",
        volume=one_line(paper.volume) if is_printed else "",
        issue=one_line(paper.issue) if is_printed else "",
        pages=paper.pages if is_printed else "",
        doi=(paper.doi or "").lower(),
        arxiv=paper.arxiv or "",
        openreview=paper.openreview or "",
        acl=paper.acl or "",
        url=outside_address(paper),
        abstract=one_line(paper.abstract),
        keywords=tuple(row.topic.name for row in paper.placements.all()),
    )


def cite_key(paper_key: str, authors: tuple[Author, ...]) -> str:
    """The cite key in the manner of the ACL Anthology: "huang-etal-2018-multi".

    Made from the paper's own key ("huang2018multi"), which is unique and never changes hands, so
    two papers cannot share one and no later paper can take it. Other keys are used as they are.
    """
    match = _OWN_KEY.fullmatch(paper_key)
    if not match:
        return paper_key
    surname, year, word = match.groups()
    second = ""
    if len(authors) > 2:
        second = "etal"
    elif len(authors) == 2:
        second = names.slug(authors[1].family).replace("-", "")
    return "-".join(part for part in (surname, second, year, word) if part)


def container(paper: Paper) -> str:
    """The journal or the proceedings in which the paper stands, as a bibliography names them."""
    if paper.venue is None:
        return "" if is_unpublished(paper.venue_line) else one_line(paper.venue_line)
    name = paper.venue.full_name or paper.venue.name
    if paper.venue.kind == Venue.Kind.JOURNAL or name.startswith(("Findings", "Proceedings")):
        return name
    if name.startswith("Workshops at"):
        return name
    return f"Proceedings of the {name}"


def outside_address(paper: Paper) -> str:
    """Where the work itself is found: the published version first, else the preprint."""
    _, url = published_address(paper)
    if not url and paper.arxiv:
        return f"https://arxiv.org/abs/{paper.arxiv}"
    return url


def _kind(paper: Paper) -> Kind:
    if paper.venue is None and container(paper):
        return Kind.CONFERENCE if _MEETING.search(paper.venue_line) else Kind.JOURNAL
    if paper.venue is None:
        return Kind.PREPRINT if paper.arxiv else Kind.OTHER
    return _KIND[Venue.Kind(paper.venue.kind)]
