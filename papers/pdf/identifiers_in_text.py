"""DOIs, arXiv ids and years where a paper prints its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\u201c\u201d{}|\\^\[\]`]+", re.I)
ARXIV = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf)/|\s*[:.]?\s*(?:preprint\s*)?(?:arxiv)?\s*:?\s*)|abs/)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?",
    re.I,
)
_SPLIT_DOI = re.compile(r"(10\.\d{4,9}/)\s+(?=\S)")
YEAR = re.compile(r"(?<![\d.])(19[4-9]\d|20[0-4]\d)(?!\d|\.\d)")
_DATED = re.compile(
    r"(published|accepted|copyright|\u00a9|\(c\)|submitted|received|proceedings|conference|workshop"
    r"|journal|volume|vol\.|arxiv|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.I,
)
_PUBLISHED = re.compile(r"published|copyright|\u00a9|proceedings|conference", re.I)


def find_doi(text: str) -> str:
    """The first DOI in a text, lower case, without trailing punctuation; "" when none."""
    match = DOI.search(_SPLIT_DOI.sub(r"\1", text))
    return tidy_doi(match.group()) if match else ""


def tidy_doi(doi: str) -> str:
    """A DOI as it is registered: lower case, no sentence punctuation at the end."""
    doi = doi.rstrip(".,;:'\u2019*\u2020")
    while doi.endswith((")", "]", "}", ">")):
        closing = doi[-1]
        opening = {")": "(", "]": "[", "}": "{", ">": "<"}[closing]
        if doi.count(opening) >= doi.count(closing):
            break
        doi = doi[:-1].rstrip(".,;:")
    for tail in ("/pdf", ".pdf", "/full", "/abstract"):
        doi = doi.removesuffix(tail)
    return doi.lower()


def find_arxiv(text: str) -> str:
    """The first arXiv id in a text, without version; "" when none."""
    match = ARXIV.search(text)
    return match.group(1) if match else ""


def years_by_evidence(lines: Iterable[str]) -> list[tuple[int, float]]:
    """Years printed in lines with how well the line speaks for them, best first.

    A line that talks of publication counts most, one with any date word less.
    """
    weighed: list[tuple[int, float]] = []
    for line in lines:
        years = [int(year) for year in YEAR.findall(line)]
        if not years:
            continue
        # "Published" or "to appear" beats a date, which beats a bare year.
        weight = 0.9 if _PUBLISHED.search(line) else 0.6 if _DATED.search(line) else 0.2
        weighed.append((years[-1], weight))
    return sorted(weighed, key=lambda item: -item[1])
