"""All export formats by suffix: what the cite box, the downloads and the harvesters offer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent

from papers.formats import bibtex, csl, csv_table, endnote, jsonld, markdown, mods, ris
from papers.formats.citation import Citation
from papers.formats.of_paper import citation_of
from papers.models import Paper

Write = Callable[[Sequence[Paper], str], str]
Piece = Callable[[Paper, str], str]


@dataclass(frozen=True)
class Frame:
    """What stands before, between and after the pieces of a file of many papers."""

    head: str = ""
    between: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Format:
    """An export format. `write` takes papers (for_export) and the site's address.

    frame, piece: the same file, paper by paper; without a piece of its own, a paper is what
    `write` makes of it alone, without the head.
    """

    suffix: str
    name: str
    media_type: str
    write: Write
    frame: Frame = field(default=Frame())
    piece: Piece | None = None

    def stream(self, papers: Iterable[Paper], base_url: str = "") -> Iterator[str]:
        """The file of the papers, in their order, a paper at a time."""
        piece = self.piece or self._alone
        yield self.frame.head
        for place, paper in enumerate(papers):
            yield (self.frame.between if place else "") + piece(paper, base_url)
        yield self.frame.tail

    def _alone(self, paper: Paper, base_url: str) -> str:
        return self.write([paper], base_url).removeprefix(self.frame.head)


def _of_citations(write: Callable[[Iterable[Citation]], str]) -> Write:
    return lambda papers, base_url: write(citation_of(paper) for paper in papers)


def _in_json(value: object) -> str:
    return indent(json.dumps(value, ensure_ascii=False, indent=2), "  ")


_GRAPH = Frame('{\n"@context": "https://schema.org",\n"@graph": [\n', ",\n", "\n]}")

FORMATS = {
    format.suffix: format
    for format in (
        Format(
            "bib", "BibTeX", "application/x-bibtex", _of_citations(bibtex.write), Frame("", "\n")
        ),
        Format("ris", "RIS", "application/x-research-info-systems", _of_citations(ris.write)),
        Format(
            "csl.json",
            "CSL-JSON",
            "application/vnd.citationstyles.csl+json",
            _of_citations(csl.write),
            Frame("[\n", ",\n", "\n]"),
            lambda paper, base_url: _in_json(csl.item(citation_of(paper))),
        ),
        Format(
            "enw",
            "EndNote",
            "application/x-endnote-refer",
            _of_citations(endnote.write),
            Frame("", "\n"),
        ),
        Format(
            "xml",
            "MODS",
            "application/mods+xml",
            _of_citations(mods.write),
            Frame(mods.HEAD, "", mods.TAIL),
            lambda paper, base_url: mods.piece(citation_of(paper)),
        ),
        Format(
            "jsonld",
            "JSON-LD",
            "application/ld+json",
            jsonld.write,
            _GRAPH,
            lambda paper, base_url: _in_json(jsonld.article(paper, base_url)),
        ),
        Format("csv", "CSV", "text/csv", csv_table.write, Frame(csv_table.write([]))),
        Format("md", "Markdown", "text/markdown", markdown.write, Frame(markdown.write([]))),
    )
}


def export(papers: Iterable[Paper], suffix: str, base_url: str = "") -> str:
    """`papers` in the format of `suffix`; `base_url` is the site's address without a slash.

    Raises KeyError when there is no such format.
    """
    return FORMATS[suffix].write(list(papers), base_url)
