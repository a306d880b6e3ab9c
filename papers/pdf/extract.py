"""Extractions as JSON lines, without a database.

python -m papers.pdf.extract PDF... [--json] [--text] [--readers N]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from papers.pdf.confined.pool import ReaderPool
from papers.pdf.extraction import Extraction

Row = dict[str, Any]


def extract_files(
    paths: Iterable[str | os.PathLike[str]], *, readers: int = 2, with_text: bool = False
) -> Iterator[Row]:
    """One plain dictionary for each file, in order; folders stand for the PDFs in them.

    Keys: file, status, message, title, authors, abstract, year, venue, doi, arxiv, sections,
    captions, references, confidence, coverage, pages, warnings, seconds, isolation, and with
    with_text also text. A path that cannot be opened gets the status "missing".
    """
    with ReaderPool(readers) as pool:
        for path, result in pool.read_many(_files(paths)):
            yield _row(path, result, with_text=with_text)


def _files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() == ".pdf")
        else:
            yield path


def _row(path: str, result: Extraction | OSError, *, with_text: bool) -> Row:
    if isinstance(result, OSError):
        return {"file": path, "status": "missing", "message": str(result)}
    plain = result.to_json()
    row: Row = {"file": path}
    for key in ("status", "message", "title", "authors", "abstract", "year", "venue", "doi"):
        row[key] = plain[key]
    for key in ("arxiv", "sections", "captions", "references", "confidence", "coverage"):
        row[key] = plain[key]
    row["pages"] = plain["page_count"]
    for key in ("warnings", "seconds", "isolation", "source", "second_opinion"):
        row[key] = plain[key]
    if with_text:
        row["text"] = plain["text"]
    return row


def summary(row: Row) -> str:
    """One line for people."""
    if "title" not in row:
        return f"{row['status']:<17} {row['file']}: {row['message']}"
    names = ", ".join(author["name"] for author in row["authors"][:3])
    more = " et al." if len(row["authors"]) > 3 else ""
    return (
        f"{row['status']:<17} {row['title'] or row['file']} ({names}{more}, {row['year'] or '?'}; "
        f"{len(row['references'])} references, {row['coverage']:.0%} of the text)"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each file; returns 1 when any could not be read as a paper."""
    parser = argparse.ArgumentParser(description="Read papers without storing them.")
    parser.add_argument("paths", nargs="+", metavar="PDF", help="files or folders")
    parser.add_argument("--json", action="store_true", help="one JSON object on each line")
    parser.add_argument("--text", action="store_true", help="include the full text in the JSON")
    parser.add_argument("--readers", type=int, default=2, help="files read at once")
    options = parser.parse_args(arguments)
    failed = False
    for row in extract_files(options.paths, readers=options.readers, with_text=options.text):
        failed = failed or not row["status"].startswith("ok")
        print(json.dumps(row, ensure_ascii=False) if options.json else summary(row), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
