"""A Markdown table in the shape of the Chinese awesome list of dynamic networks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from papers.formats.citation import one_line
from papers.formats.of_paper import outside_address
from papers.models import Paper

_HEAD = "| **Date** | **Paper** | **Focused On** | **Notes** |\n| --- | --- | --- | --- |\n"


def write(papers: Iterable[Paper], base_url: str = "") -> str:
    """One line a paper, newest first: year and venue, title with links, what it is about, notes."""
    newest_first = sorted(papers, key=lambda paper: (-paper.year, paper.title))
    return _HEAD + "".join(_line(paper, base_url) for paper in newest_first)


def _line(paper: Paper, base_url: str) -> str:
    date = f"{paper.year} {paper.venue.name}" if paper.venue else str(paper.year)
    address = outside_address(paper) or base_url + paper.get_absolute_url()
    links = [f"[[paper]]({_address(address)})"]
    links += [f"[[{link.kind}]]({_address(link.url)})" for link in paper.links.all()]
    title = " ".join([_text(paper.title), *links])
    notes = [f"unconfirmed: {', '.join(paper.unconfirmed)}"] if paper.unconfirmed else []
    notes += paper.awards
    cells = (_text(date), title, _text(paper.tldr), _text("; ".join(notes)))
    return f"| {' | '.join(cells)} |\n"


def _text(text: str) -> str:
    """Plain text for a table cell: what Markdown or HTML would take for markup is escaped."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", one_line(text))


def _address(url: str) -> str:
    """An address for inside (…): brackets, spaces and bars percent-encoded."""
    return re.sub(r"[\s()<>|]", lambda match: f"%{ord(match[0]):02X}", url)
