"""Reference lists: stored once a paper, tied to the papers here, and what is cited but missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Length

from accounts.models import Visitor
from accounts.roles import is_curator
from papers import identifiers
from papers.models import Document, Paper, Reference
from papers.models.asked_often import AskedOften
from papers.pdf import extraction
from papers.pdf.text_cleaning import clean_text

MOST_REFERENCES = 3_000
TELLING_TITLE = 12
"""Letters below which a title alone names no work."""

# An identifier ties for certain. A title ties when it is long, or when the years agree; a reference
# to a preprint may be up to three years older than the published paper.
_TIE = """
UPDATE papers_reference AS r SET cited_id = found.paper
FROM (
    SELECT DISTINCT ON (r.id) r.id AS reference, coalesce(p.merged_into_id, p.id) AS paper
    FROM papers_reference r
    JOIN papers_paper p ON p.id <> r.paper_id AND (
        (r.arxiv <> '' AND p.arxiv = r.arxiv)
        OR (r.doi <> '' AND upper(p.doi) = upper(r.doi))
        OR (length(r.title_key) >= {telling} AND papers_fold_title(p.title) = r.title_key
            AND (length(r.title_key) >= 25 OR abs(r.year - p.year) <= 3)))
    WHERE r.cited_id IS NULL AND ({which})
    ORDER BY r.id, (r.arxiv <> '' AND p.arxiv = r.arxiv) DESC NULLS LAST, p.id
) AS found
WHERE r.id = found.reference AND found.paper <> r.paper_id
"""


@dataclass(frozen=True)
class MissingWork:
    """A work that papers here cite and that is not here itself."""

    title: str
    year: int | None
    authors: list[str]
    citing_count: int
    identifier: str
    raw: str


def write_references(
    paper: Paper, document: Document, entries: Sequence[extraction.Reference]
) -> int:
    """Make `entries` the paper's list, unless another of its documents gave a longer one.

    Returns how many lead to papers here. Doing it again changes nothing.
    """
    others = Reference.objects.filter(paper=paper).exclude(document=document)
    if others.count() >= len(entries) and others.exists():
        return Reference.objects.filter(paper=paper).exclude(cited=None).count()
    Reference.objects.filter(paper=paper).delete()
    Reference.objects.bulk_create(
        _row(paper, document, position, entry)
        for position, entry in enumerate(entries[:MOST_REFERENCES])
    )
    tie_references_of(paper)
    return Reference.objects.filter(paper=paper).exclude(cited=None).count()


def _row(paper: Paper, document: Document, position: int, entry: extraction.Reference) -> Reference:
    doi, arxiv = identifiers.doi(entry.doi), identifiers.arxiv(entry.arxiv)
    if doi and doi.scheme is identifiers.Scheme.ARXIV:
        doi, arxiv = None, doi
    year = entry.year if entry.year and 1500 <= entry.year <= 2100 else None
    return Reference(
        paper=paper,
        document=document,
        position=position,
        raw=clean_text(entry.raw)[:4000],
        title=clean_text(entry.title)[:500],
        authors=[clean_text(name)[:200] for name in entry.authors[:300]],
        year=year,
        venue=clean_text(entry.venue)[:300],
        doi=doi.value if doi and len(doi.value) <= 200 else "",
        arxiv=arxiv.value if arxiv else "",
        url=clean_text(entry.url)[:500],
    )


def tie_references_of(paper: Paper) -> int:
    """Tie this paper's own references to the papers here; returns how many were tied."""
    return _tie("r.paper_id = %s", paper.pk)


def tie_citations_to(paper: Paper) -> int:
    """Tie references of other papers that name this one; returns how many were tied."""
    return _tie(
        "p.id = %s AND (r.title_key = papers_fold_title(%s) OR r.arxiv = %s OR upper(r.doi) = %s)",
        *(paper.pk, paper.title, paper.arxiv or None, (paper.doi or "").upper() or None),
    )


def _tie(which: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TIE.format(which=which, telling=TELLING_TITLE), values)
        return int(cursor.rowcount)


def missing_works(most: int = 50, *, user: Visitor = None) -> list[MissingWork]:
    """Works that most visible papers cite and that are not here, by number of citing papers."""
    groups = (
        _loose(user)
        .annotate(title_length=Length("title_key"))
        .filter(title_length__gte=TELLING_TITLE)
        .values("title_key")
        .annotate(citing=Count("paper", distinct=True), example=Max("pk"))
        .order_by("-citing", "title_key")[:most]
    )
    keys = [group["title_key"] for group in groups]
    best = _best_entries(_loose(user).filter(title_key__in=keys))
    return [_missing(best[group["title_key"]], group["citing"]) for group in groups]


def _loose(user: Visitor) -> QuerySet[Reference]:
    visible = Paper.objects.visible_to(user)
    return Reference.objects.filter(cited=None, paper__in=visible)


def _best_entries(rows: QuerySet[Reference]) -> dict[str, Reference]:
    """For each title the entry that says most: with an identifier, then with a year."""
    best: dict[str, Reference] = {}
    for row in rows.order_by("pk"):
        other = best.get(row.title_key)
        if other is None or _tells(row) > _tells(other):
            best[row.title_key] = row
    return best


def _tells(row: Reference) -> tuple[bool, bool, int]:
    return bool(row.arxiv or row.doi), row.year is not None, len(row.authors)


def _missing(row: Reference, citing: int) -> MissingWork:
    identifier = f"arXiv:{row.arxiv}" if row.arxiv else f"doi:{row.doi}" if row.doi else ""
    return MissingWork(row.title, row.year, row.authors, citing, identifier, row.raw)


def cited_here(paper: Paper, *, user: Visitor = None) -> QuerySet[Paper]:
    """Papers here that `paper` cites and `user` may see."""
    visible = Paper.objects.visible_to(user)
    return visible.filter(Q(pk__in=paper.references.values("cited"))).order_by("-year", "title")


def citing_here(paper: Paper, *, user: Visitor = None) -> list[Paper]:
    """Papers here that cite `paper` and `user` may see."""
    if is_curator(user):
        return list(_citing(Paper.objects.all(), paper.pk))
    return _PUBLIC_CITING.of(paper.pk)


def _citing(visible: QuerySet[Paper], paper: int) -> QuerySet[Paper]:
    references = Reference.objects.filter(cited=paper).order_by()
    return visible.filter(pk__in=references.values("paper")).order_by("-year", "title")


_PUBLIC_CITING: AskedOften[Paper] = AskedOften(
    lambda paper: _citing(Paper.objects.visible_to(), paper)
)
