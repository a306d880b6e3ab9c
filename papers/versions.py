"""The appearances of a paper, derived from its venue and identifiers."""

from __future__ import annotations

from papers.models import AcceptedPaper, Paper, PaperVersion
from papers.models.venue import Venue

_KIND = {
    Venue.Kind.CONFERENCE: PaperVersion.Kind.CONFERENCE,
    Venue.Kind.JOURNAL: PaperVersion.Kind.JOURNAL,
    Venue.Kind.WORKSHOP: PaperVersion.Kind.WORKSHOP,
    Venue.Kind.WEB: PaperVersion.Kind.WEB,
    Venue.Kind.PREPRINT: PaperVersion.Kind.PREPRINT,
}


def arxiv_year(arxiv: str) -> int:
    """The year in which an arXiv id was given: 1812.08928 → 2018, cs/9901001 → 1999."""
    digits = arxiv.rsplit("/", 1)[-1][:2]
    return (1900 if int(digits) > 90 else 2000) + int(digits)


def arxiv_month(arxiv: str) -> tuple[int, int] | None:
    """Year and month in which an arXiv id was given; None where it does not say."""
    digits = arxiv.rsplit("/", 1)[-1][2:4]
    month = int(digits) if digits.isdecimal() else 0
    return (arxiv_year(arxiv), month) if 1 <= month <= 12 else None


def refresh_versions(*papers: Paper) -> None:
    """Derive the papers' versions anew from their records and their workshop appearances.

    However many they are, in four queries.
    """
    arxiv = Venue.objects.filter(slug="arxiv").first()
    accepted: dict[int, list[AcceptedPaper]] = {paper.pk: [] for paper in papers}
    for entry in AcceptedPaper.objects.filter(paper__in=papers).select_related("workshop"):
        accepted[entry.paper_id or 0].append(entry)
    PaperVersion.objects.filter(paper__in=papers).delete()
    PaperVersion.objects.bulk_create(
        version
        for paper in papers
        for version in _from_record(paper, arxiv) + _from_workshops(paper, accepted[paper.pk])
    )


def _from_record(paper: Paper, arxiv: Venue | None) -> list[PaperVersion]:
    versions = []
    on_arxiv_only = bool(paper.venue and paper.venue.slug == "arxiv")
    if paper.arxiv:
        versions.append(
            PaperVersion(
                paper=paper,
                kind=PaperVersion.Kind.PREPRINT,
                year=arxiv_year(paper.arxiv),
                venue=paper.venue if on_arxiv_only else arxiv,
                identifier=f"arXiv:{paper.arxiv}",
                url=f"https://arxiv.org/abs/{paper.arxiv}",
                confirmed=not paper.arxiv_unconfirmed,
            )
        )
    if paper.venue and not (paper.arxiv and paper.venue.kind == Venue.Kind.PREPRINT):
        identifier, url = published_address(paper)
        versions.append(
            PaperVersion(
                paper=paper,
                kind=_KIND[Venue.Kind(paper.venue.kind)],
                year=paper.year,
                venue=paper.venue,
                identifier=identifier,
                url=url,
                confirmed=not paper.venue_unconfirmed,
            )
        )
    return versions


def _from_workshops(paper: Paper, accepted: list[AcceptedPaper]) -> list[PaperVersion]:
    return [
        PaperVersion(
            paper=paper,
            kind=PaperVersion.Kind.WORKSHOP,
            year=entry.workshop.year,
            venue_text=f"{entry.workshop.acronym} workshop, {entry.workshop.host_conference}",
            identifier=f"{entry.presentation} {entry.number}".strip(),
            url=entry.pdf if entry.pdf.startswith("http") else "",
        )
        for entry in accepted
    ]


def published_address(paper: Paper) -> tuple[str, str]:
    """Identifier and address of the published version, the best that is known; empty if none."""
    if paper.doi:
        return f"doi:{paper.doi}", f"https://doi.org/{paper.doi}"
    if paper.acl:
        return f"acl:{paper.acl}", f"https://aclanthology.org/{paper.acl}/"
    if paper.openreview:
        return (
            f"openreview:{paper.openreview}",
            f"https://openreview.net/forum?id={paper.openreview}",
        )
    return "", ""
