"""A table of papers for spreadsheets: RFC 4180, UTF-8, a header line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from papers.formats.citation import one_line
from papers.models import Paper

COLUMNS = (
    "key", "title", "authors", "year", "venue", "kind", "arxiv", "doi", "openreview", "acl",
    "topics", "code", "tldr", "unconfirmed", "url",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@")


def write(papers: Iterable[Paper], base_url: str = "") -> str:
    """A .csv file; lists inside a cell are separated by "; "."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    table.writerows([cell(value) for value in _row(paper, base_url)] for paper in papers)
    return out.getvalue()


def _row(paper: Paper, base_url: str) -> list[str]:
    return [
        paper.key,
        paper.title,
        "; ".join([*(row.printed_name for row in paper.authorships.all()), *_others(paper)]),
        str(paper.year),
        paper.venue.name if paper.venue else "",
        paper.role or paper.kind,
        paper.arxiv or "",
        paper.doi or "",
        paper.openreview or "",
        paper.acl or "",
        "; ".join(row.topic.name for row in paper.placements.all()),
        "; ".join(link.url for link in paper.links.all() if link.kind == "code"),
        paper.tldr,
        "; ".join(paper.unconfirmed),
        base_url + paper.get_absolute_url(),
    ]


def _others(paper: Paper) -> list[str]:
    """For people: a list that goes on says so; programs find it in the column `unconfirmed`."""
    return ["et al."] if paper.authors_incomplete else []


def cell(value: str) -> str:
    """Spreadsheets run a cell that starts like a formula; an apostrophe makes it text."""
    value = one_line(value)
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
