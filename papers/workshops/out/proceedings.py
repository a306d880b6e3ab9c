"""The accepted papers of a workshop as BibTeX, CSV and JSON. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from papers.formats import bibtex
from papers.formats.citation import Citation, Kind, author_of, one_line
from papers.formats.csv_table import cell

Fields = dict[str, Any]
_TEXTS = ("presentation", "track", "award", "pdf", "poster", "video", "supplement")
COLUMNS = ("number", "title", "authors", "affiliations", *_TEXTS, "page")


def entries(fields: Mapping[str, Any], pages: Mapping[str, str]) -> list[Fields]:
    """One mapping a paper. pages: addresses here by the papers' numbers."""
    rows = []
    for paper in fields["accepted_papers"]:
        places = paper.get("author_affiliations") or []
        starred = paper.get("corresponding") or []
        authors = [
            {
                "name": name,
                "affiliation": (places[place] or "") if place < len(places) else "",
                "corresponding": name in starred,
            }
            for place, name in enumerate(paper.get("authors") or [])
        ]
        number = str(paper.get("id") or "")
        rows.append(
            {"number": number, "title": one_line(paper["title"]), "authors": authors}
            | {name: paper.get(name) or "" for name in _TEXTS}
            | {"page": pages.get(number, "")}
        )
    return rows


def as_json(fields: Mapping[str, Any], rows: list[Fields]) -> str:
    """The workshop's name and its papers."""
    names = ("slug", "name", "acronym", "year", "date", "host_conference", "website")
    whole = {"workshop": {name: fields.get(name) or "" for name in names}, "papers": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: list[Fields]) -> str:
    """RFC 4180 with a header line; lists inside a cell are separated by "; "."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for row in rows:
        authors = row["authors"]
        flat = row | {
            "authors": "; ".join(author["name"] for author in authors),
            "affiliations": "; ".join(author["affiliation"] for author in authors).strip("; "),
        }
        table.writerow([cell(str(flat[name])) for name in COLUMNS])
    return out.getvalue()


def as_bibtex(fields: Mapping[str, Any], rows: list[Fields]) -> str:
    """An `inproceedings` a paper, under the workshop's slug and the paper's number."""
    host = f" at {fields['host_conference']}" if fields.get("host_conference") else ""
    container = one_line(f"Proceedings of the {fields['name'].removeprefix('The ')}{host}")
    return bibtex.write(
        Citation(
            key=f"{fields['slug']}-{row['number'] or place + 1}".replace(" ", "-"),
            kind=Kind.CONFERENCE,
            title=row["title"],
            authors=tuple(author_of(one_line(author["name"])) for author in row["authors"]),
            year=fields["year"],
            container=container,
            url=row["pdf"] or row["page"],
        )
        for place, row in enumerate(rows)
    )
